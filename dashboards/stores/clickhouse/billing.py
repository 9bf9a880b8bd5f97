"""What a ClickHouse server costs: it is paid by the hour, whatever is written and asked."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

_LISTED = json.loads(Path(__file__).with_name("prices.json").read_text(encoding="utf-8"))
PRICES: Mapping[str, Mapping[str, Any]] = _LISTED["prices"]
AS_OF: str = _LISTED["as_of"]


def price(name: str, region: str = "us-east-1") -> float:
    """Return a list price in USD; that of us-east-1 where there is none for the region."""
    regions = PRICES[name]["regions"]
    return float(regions.get(region, regions["us-east-1"]))
