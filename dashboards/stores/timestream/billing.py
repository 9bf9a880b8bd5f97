"""What Timestream costs: the compute units that its queries keep busy, its writes, its stores.

Units are billed by the second, and for 30 seconds at least from when they are taken. The fewest
are four. So what is asked within half a minute of a first query costs nothing more.
https://docs.aws.amazon.com/timestream/latest/developerguide/tcu.html
"""

import json
import math
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

_LISTED = json.loads(Path(__file__).with_name("prices.json").read_text(encoding="utf-8"))
PRICES: Mapping[str, Mapping[str, Any]] = _LISTED["prices"]
AS_OF: str = _LISTED["as_of"]
UNITS = 4
LEAST_SECONDS = 30
MONTH_HOURS = 730.0  # AWS's month

Span = tuple[float, float]  # when a query began and ended, in seconds


def billed(spans: Iterable[Span]) -> int:
    """Return the seconds that are billed for these queries, whatever their order."""
    total, until = 0, -math.inf
    for start, end in sorted(spans):
        if start >= until:
            total, until = total + LEAST_SECONDS, start + LEAST_SECONDS
        if end > until:
            more = math.ceil(end - until)
            total, until = total + more, until + more
    return total


def seconds_an_hour(intervals: Sequence[float]) -> float:
    """Return the seconds an hour that are billed for groups of rules, by their intervals.

    Grafana spreads the rules that it evaluates at one moment over ten seconds, so a group is one
    round of at least 30. When it evaluates a group comes from the group's name and folder; so two
    groups are taken to be apart.
    """
    return min(sum(3600 / each * LEAST_SECONDS for each in intervals), 3600.0)


def dollars(seconds: float, region: str) -> float:
    """Return what so many billed seconds an hour come to in a month."""
    return seconds / 3600 * UNITS * MONTH_HOURS * price("timestream_tcu_hour", region)


def price(name: str, region: str = "us-east-1") -> float:
    """Return a list price in USD; that of us-east-1 where there is none for the region."""
    regions = PRICES[name]["regions"]
    return float(regions.get(region, regions["us-east-1"]))
