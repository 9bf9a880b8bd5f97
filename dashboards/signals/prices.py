"""CloudFront's list prices by the price region of an edge, for an estimate of its bill."""

import json
from pathlib import Path

from dashboards.signals.expressions import PriceRegion

_LISTED = json.loads(Path(__file__).with_name("cloudfront_prices.json").read_text("utf-8"))


def _region(listed: dict[str, object]) -> PriceRegion:
    return PriceRegion(
        str(listed["title"]),
        tuple(str(listed.get("edges", "")).split()),
        float(str(listed["gb"])),
        float(str(listed["https_10k"])),
    )


MILLION_LINES: float = _LISTED["million_log_lines"]  # of real-time logs, in USD
AS_OF: str = _LISTED["as_of"]
# The last one is of every edge that is in no other.
REGIONS: tuple[PriceRegion, ...] = (
    *map(_region, _LISTED["regions"]),
    _region(_LISTED["elsewhere"]),
)
