"""ClickHouse's lines of the bill: machines of your own, or ClickHouse Cloud's smaller tiers.

What a row takes on disk was measured once, on the real engine; for other lists of fields it is
scaled by how well their columns compress.
"""

import math
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from dashboards.stores.clickhouse import billing
from infra.cost import GB, HOURS, Item, Prices, Workload
from infra.sample import sample
from processor import catalog

COLUMNS: Sequence[str] = ("machines", "Cloud Basic", "Cloud Scale")
PRICES: Mapping[str, Mapping[str, Any]] = billing.PRICES
AS_OF: str = billing.AS_OF
# Of 1.26 million generated requests with 69 fields in ClickHouse 26.9.
ROW_BYTES = 83.7  # of the table of requests, compressed
SUM_BYTES = 4.3  # of the sums by minute, for each request that is in them
# What nobody can know beforehand; said with every answer.
MACHINE_LINES = 300  # a second that a machine of 2 vCPU takes, with rules and readers beside them
VOLUME_SHARE = 0.5  # of a volume that is filled; merges and growth need the rest
VOLUME_LEAST_GB = 30
BACKUPS = 1  # copies of the data that ClickHouse Cloud keeps and bills by default
BASIC_UNITS = 1
SCALE_UNITS = 2  # replicas of one unit each, the fewest there are


@dataclass(frozen=True, slots=True)
class Sizes:
    """The size of one log line, on average."""

    line_bytes: float  # on the stream
    row_bytes: float  # on disk


def measured(workload: Workload, batch: int) -> tuple[Sizes, ...]:
    """Return the size of a line, the same in each column; ``batch`` does not matter here."""
    texts = sample(workload.fields)
    share = compressed(workload.fields, workload.drop) / compressed(catalog.DEFAULT_FIELDS)
    line_bytes = sum(len(text.encode()) for text in texts) / len(texts)
    return (Sizes(line_bytes, ROW_BYTES * share),) * len(COLUMNS)


@cache
def compressed(fields: tuple[catalog.Field, ...], drop: tuple[str, ...] = ()) -> int:
    """Return the bytes of a sample's columns, each compressed by itself as a column store does."""
    columns = zip(*(text.rstrip("\n").split("\t") for text in sample(fields)), strict=True)
    return sum(
        len(zlib.compress("\n".join(column).encode(), 1))
        for field, column in zip(fields, columns, strict=True)
        if field.name not in drop
    )


def stored(workload: Workload, sizes: Sizes) -> float:
    """Return the gigabytes of a full table with its sums by minute."""
    daily = workload.lines * 86_400 / GB
    kept = workload.retention
    return daily * (sizes.row_bytes * kept["days"] + SUM_BYTES * kept["rollup_days"])


def items(
    workload: Workload, sizes: tuple[Sizes, ...], item: Callable[..., Item]
) -> Iterator[Item]:
    """Yield machines and their volumes, compute units and what they store."""
    machines = max(1, math.ceil(workload.lines / MACHINE_LINES))
    gigabytes = stored(workload, sizes[0])
    volume = machines * max(VOLUME_LEAST_GB, gigabytes / VOLUME_SHARE)
    cloud = gigabytes * (1 + BACKUPS)
    yield item(
        "EC2: machines",
        f"{machines} x {HOURS:.0f} h",
        "clickhouse_machine_hour",
        *(machines * HOURS, 0, 0),
    )
    yield item("EC2: volumes", f"{volume:,.0f} GB", "clickhouse_volume_gb_month", *(volume, 0, 0))
    basic, scale = BASIC_UNITS * HOURS, SCALE_UNITS * HOURS
    yield item("Cloud Basic: compute", f"{basic:.0f} h", "clickhouse_basic_unit_hour", 0, basic, 0)
    yield item("Cloud Scale: compute", f"{scale:.0f} h", "clickhouse_scale_unit_hour", 0, 0, scale)
    yield item(
        "Cloud: data and backup", f"{cloud:,.0f} GB", "clickhouse_cloud_gb_month", 0, cloud, cloud
    )


def choices(workload: Workload) -> Iterator[Sequence[Sequence[str]]]:
    """Yield nothing: how often rules and people ask costs nothing."""
    yield from ()


def notes(
    workload: Workload, sizes: tuple[Sizes, ...], prices: Prices, batch: int
) -> Iterator[str]:
    """Yield how rows were measured, what a machine takes, and what is not counted."""
    gigabytes = stored(workload, sizes[0])
    yield (
        f"- {sizes[0].row_bytes:.0f} bytes a row, kept {workload.retention['days']:g} days, and "
        f"{SUM_BYTES:g} bytes a request in the sums by minute, kept "
        f"{workload.retention['rollup_days']:g} days: {gigabytes:,.1f} GB when full, as one copy."
    )
    yield (
        f"- A machine is an m7g.large and takes {MACHINE_LINES} lines a second on average; more "
        "machines are replicas that have all of the data. One machine alone is down while it is "
        "repaired: lines wait on the stream."
    )
    yield (
        "- Cloud Basic is one replica of 8 GiB, Cloud Scale two, and neither idles: rows come all "
        "the time. Queries cost nothing more anywhere."
    )
    yield (
        "- Not counted: in a VPC, its endpoints or NAT gateway; a load balancer; Cloud's egress "
        "(what Grafana reads)."
    )
