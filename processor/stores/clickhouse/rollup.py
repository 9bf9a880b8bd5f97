"""The rollups: what panels and rules ask most, summed up by minute and by hour as rows come in.

A rollup's row is about the requests of a minute, or an hour, that are alike in DIMENSIONS. Whatever
can be decided by these, such as what is a hit or an error, needs no column of its own: the sums and
digests of the rows for which it holds are what the requests themselves would give. Counts and sums
are exact; a digest gives percentiles within its error, as it does over the requests. A request that
is in the table twice until ClickHouse merges it (replacingmergetree) is counted twice here.

https://clickhouse.com/docs/materialized-view/incremental-materialized-view
https://clickhouse.com/docs/engines/table-engines/mergetree-family/aggregatingmergetree
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from processor.catalog import BY_NAME
from processor.stores.clickhouse.columns import TIME, Column, column

if TYPE_CHECKING:
    from processor.stores.clickhouse.schema import Place

# CloudFront's fields by which requests are told apart, in the order of the sorting key.
DIMENSIONS = (
    "x-host-header",
    "cs-host",
    "c-country",
    "x-edge-location",
    "cache-behavior-path-pattern",
    "sc-status",
    "x-edge-result-type",
    "x-edge-detailed-result-type",
)
# What is kept of the other fields: the column, by the field's name. No name is one of a signal.
REQUESTS = "sum_requests"
LATEST = "latest_timestamp"
SUMS = {name: f"sum_{BY_NAME[name].column}" for name in ("sc-bytes", "cs-bytes")}
COUNTS = {"origin-fbl": "count_origin_fbl"}  # requests that have a value
AT_LEAST = {  # requests whose number is that or more
    ("time-taken", 1): "count_time_taken_1",
    ("time-to-first-byte", 1): "count_time_to_first_byte_1",
}
# The percentiles that are asked for together, from one digest; any other can be asked for, too.
DIGEST, LEVELS = "quantilesTDigest", "0.5, 0.95, 0.99"
DIGESTS = {
    name: f"digest_{BY_NAME[name].column}"
    for name in ("time-to-first-byte", "time-taken", "origin-fbl", "origin-lbl")
}


@dataclass(frozen=True, slots=True)
class Summed:
    """A column of a rollup, and what it is made of."""

    name: str
    type: str
    of: str  # SQL about rows of the table of requests, which is called `logs` there


def _summed() -> Iterator[Summed]:
    total = "SimpleAggregateFunction(sum, UInt64)"
    yield Summed(REQUESTS, total, "count()")
    yield Summed(LATEST, "SimpleAggregateFunction(max, DateTime64(3, 'UTC'))", f"max(logs.{TIME})")
    for name, made in SUMS.items():
        # NULL where no request has a value, as the sum of the requests themselves is.
        kind = "SimpleAggregateFunction(sum, Nullable(Int64))"
        yield Summed(made, kind, f"sum(logs.{BY_NAME[name].column})")
    for name, made in COUNTS.items():
        yield Summed(made, total, f"count(logs.{BY_NAME[name].column})")
    for (name, least), made in AT_LEAST.items():
        yield Summed(made, total, f"countIf(logs.{BY_NAME[name].column} >= {least})")
    for name, made in DIGESTS.items():
        value = f"logs.{BY_NAME[name].column}"
        # Digests of Nullable cannot be merged with another percentile than they were made with.
        digest = f"{DIGEST}StateIf({LEVELS})(assumeNotNull({value}), {value} IS NOT NULL)"
        yield Summed(made, f"AggregateFunction({DIGEST}({LEVELS}), Float64)", digest)


SUMMED: dict[str, Summed] = {each.name: each for each in _summed()}
KEYS: tuple[Column, ...] = tuple(column(BY_NAME[name]) for name in DIMENSIONS)


@dataclass(frozen=True, slots=True)
class Level:
    """A rollup: how long the time is that a row is about."""

    unit: str  # also the column of the time's start
    length: int  # milliseconds
    start: str  # ClickHouse's function that gives it


MINUTES = Level("minute", 60_000, "toStartOfMinute")
HOURS = Level("hour", 3_600_000, "toStartOfHour")


def statements(place: "Place", on: str) -> Iterator[str]:
    """Yield what makes the tables and the views that fill them; ``on`` names the cluster, if any.

    A view fills its table from the moment it is made, so it comes with the table of requests.
    """
    for level, table, view in (
        (MINUTES, place.minutes, place.to_minutes),
        (HOURS, place.hours, place.to_hours),
    ):
        yield _table(place, on, level, table)
        yield _view(place, on, level, table, view)


def _table(place: "Place", on: str, level: Level, table: str) -> str:
    from processor.stores.clickhouse.schema import DEDUPLICATION_WINDOW, VERSION, engine

    columns = [
        f"  {level.unit} DateTime('UTC') CODEC(Delta(4), ZSTD(1))",
        *(f"  {key.name} {key.type}" for key in KEYS),
        *(f"  {each.name} {each.type} CODEC(ZSTD(1))" for each in SUMMED.values()),
    ]
    order = ", ".join([level.unit, *(key.name for key in KEYS)])
    # A status is a number that can be missing.
    settings = ["ttl_only_drop_parts = 1", "allow_nullable_key = 1"]
    if not place.cluster:
        settings.append(f"non_replicated_deduplication_window = {DEDUPLICATION_WINDOW}")
    body = ",\n".join(columns)
    return (
        f"CREATE TABLE IF NOT EXISTS {table}{on} (\n{body}\n)\n"
        f"ENGINE = {engine('AggregatingMergeTree', place)}\n"
        f"PARTITION BY toYYYYMM({level.unit})\n"
        f"PRIMARY KEY ({level.unit}, x_host_header, cs_host)\n"
        f"ORDER BY ({order})\n"
        f"TTL {level.unit} + INTERVAL {place.rollup_days} DAY DELETE\n"
        f"SETTINGS {', '.join(settings)}\n"
        f"COMMENT 'schema {VERSION}'"
    )


def _view(place: "Place", on: str, level: Level, table: str, view: str) -> str:
    columns = [
        f"  {level.start}(logs.{TIME}) AS {level.unit}",
        *(f"  logs.{key.name} AS {key.name}" for key in KEYS),
        *(f"  {each.of} AS {each.name}" for each in SUMMED.values()),
    ]
    group = ", ".join([level.unit, *(f"logs.{key.name}" for key in KEYS)])
    body = ",\n".join(columns)
    return (
        f"CREATE MATERIALIZED VIEW IF NOT EXISTS {view}{on} TO {table} AS\nSELECT\n{body}\n"
        f"FROM {place.requests} AS logs\nGROUP BY {group}"
    )
