"""CloudFront's list prices by the price region of an edge, for an estimate of its bill.

AWS says which countries a region has, and not which edges. So an edge is in the region of the
country of the airport that its name begins with; the sources are in cloudfront_prices.json.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from dashboards.signals.expressions import PriceRegion

_LISTED = json.loads(Path(__file__).with_name("cloudfront_prices.json").read_text("utf-8"))


def _region(listed: Mapping[str, Any]) -> PriceRegion:
    airports = " ".join(listed.get("airports", {}).values())
    return PriceRegion(listed["title"], tuple(airports.split()), listed["gb"], listed["https_10k"])


MILLION_LINES: float = _LISTED["million_log_lines"]  # of real-time logs, in USD
AS_OF: str = _LISTED["as_of"]
# How an edge's price is known, for whoever reads an estimate.
BY_AIRPORT = (
    "AWS publishes no list of edges by price region: an edge has the price of the country of the "
    "airport in its name"
)
# The last one is of every edge that is in no other.
REGIONS: tuple[PriceRegion, ...] = (
    *map(_region, _LISTED["regions"]),
    _region(_LISTED["elsewhere"]),
)
