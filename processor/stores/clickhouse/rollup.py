"""The rollups: what panels and rules ask most, summed up by minute and by hour as rows come in.

A rollup's row is about the requests of a minute, or an hour, that are alike in some fields:

    minutes, hours               DIMENSIONS, by which a reader filters
    total_minutes, total_hours   OUTCOME: few rows, for what is asked of all requests

Whatever can be decided by the fields of a row, such as what is a hit or an error, needs no column
of its own: the sums and digests of the rows for which it holds are what the requests themselves
would give. Counts and sums are exact; a digest gives percentiles within its error, as it does over
the requests. A request that is in the table twice until ClickHouse merges it (replacingmergetree)
is counted twice here.

https://clickhouse.com/docs/materialized-view/incremental-materialized-view
https://clickhouse.com/docs/engines/table-engines/mergetree-family/aggregatingmergetree
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from processor.catalog import BY_NAME
from processor.stores.clickhouse.columns import ABSENT, TIME, Column, column

if TYPE_CHECKING:
    from processor.stores.clickhouse.schema import Place

# CloudFront's fields that say what became of a request.
OUTCOME = ("sc-status", "x-edge-result-type", "x-edge-detailed-result-type")
# CloudFront's fields by which requests are told apart, in the order of the sorting key.
DIMENSIONS = (
    "x-host-header",
    "cs-host",
    "c-country",
    "x-edge-location",
    "cache-behavior-path-pattern",
    *OUTCOME,
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
# What totals keep besides: requests for which something holds that no field of a row tells,
COUNTED = {
    ("Equals", "c-ip-version", "IPv6"): "count_ipv6",
    ("Equals", "cs-protocol-version", "HTTP/3.0"): "count_http3",
    ("Equals", "cs-protocol", "http"): "count_plain_http",
    ("StartsWith", "sr-reason", "Failover"): "count_failover",
    ("Has", "cmcd-buffer-starvation", ""): "count_starved",
    ("Has", "cmcd-session-id", ""): "count_media",
}
# more digests,
MEDIA_DIGESTS = {
    name: f"digest_{BY_NAME[name].column}"
    for name in ("cmcd-encoded-bitrate", "cmcd-measured-throughput", "cmcd-buffer-length")
}
# and different values: as hashes, so only by the minute, which is kept no longer than requests.
DISTINCT = {name: f"uniq_{BY_NAME[name].column}" for name in ("c-ip", "cmcd-session-id")}


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
        yield _digest(name, made)


def _digest(name: str, made: str) -> Summed:
    value = f"logs.{BY_NAME[name].column}"
    # Digests of Nullable cannot be merged with another percentile than they were made with.
    number = f"assumeNotNull({value})"
    if BY_NAME[name].type == "BIGINT":
        number = f"toFloat64({number})"
    return Summed(
        made,
        f"AggregateFunction({DIGEST}({LEVELS}), Float64)",
        f"{DIGEST}StateIf({LEVELS})({number}, {value} IS NOT NULL)",
    )


def _total() -> Iterator[Summed]:
    """Yield what only totals have."""
    tests = {
        "Equals": "{} = '{}'",
        "StartsWith": "startsWith({}, '{}')",
        "Has": f"{{}} <> '{ABSENT}'",
    }
    for (test, name, value), made in COUNTED.items():
        condition = tests[test].format(f"logs.{BY_NAME[name].column}", value)
        yield Summed(made, "SimpleAggregateFunction(sum, UInt64)", f"countIf({condition})")
    for name, made in MEDIA_DIGESTS.items():
        yield _digest(name, made)
    for name, made in DISTINCT.items():
        value = f"logs.{BY_NAME[name].column}"
        different = f"uniqStateIf({value}, {value} <> '{ABSENT}')"
        yield Summed(made, "AggregateFunction(uniq, String)", different)


SUMMED: dict[str, Summed] = {each.name: each for each in _summed()}
TOTAL_SUMMED = SUMMED | {each.name: each for each in _total()}
KEYS: tuple[Column, ...] = tuple(column(BY_NAME[name]) for name in DIMENSIONS)
OUTCOME_KEYS: tuple[Column, ...] = tuple(column(BY_NAME[name]) for name in OUTCOME)


@dataclass(frozen=True, slots=True)
class Level:
    """A rollup: how long the time is that a row is about."""

    unit: str  # also the column of the time's start
    length: int  # milliseconds
    start: str  # ClickHouse's function that gives it


MINUTES = Level("minute", 60_000, "toStartOfMinute")
HOURS = Level("hour", 3_600_000, "toStartOfHour")


@dataclass(frozen=True, slots=True)
class Rollup:
    """A table of sums, and the view that fills it."""

    name: str  # what the table's name ends in; the view's ends in to_ and the same
    level: Level
    fields: tuple[Column, ...]  # by which rows are told apart, in the order of the sorting key
    summed: dict[str, Summed]
    by_day: bool = False  # kept as long as requests

    @property
    def keys(self) -> tuple[str, ...]:
        """The columns of the sorting key."""
        return (self.level.unit, *(each.name for each in self.fields))


_LASTING = {name: each for name, each in TOTAL_SUMMED.items() if name not in DISTINCT.values()}
ROLLUPS = (
    Rollup("minutes", MINUTES, KEYS, SUMMED),
    Rollup("hours", HOURS, KEYS, SUMMED),
    Rollup("total_minutes", MINUTES, OUTCOME_KEYS, TOTAL_SUMMED, by_day=True),
    Rollup("total_hours", HOURS, OUTCOME_KEYS, _LASTING),
)
TOTALS = tuple(rollup for rollup in ROLLUPS if rollup.fields == OUTCOME_KEYS)
ROLLUP = {rollup.name: rollup for rollup in ROLLUPS}


def statements(place: "Place", on: str) -> Iterator[str]:
    """Yield what makes the tables and the views that fill them; ``on`` names the cluster, if any.

    A view fills its table from the moment it is made, so it comes with the table of requests.
    """
    for rollup in ROLLUPS:
        yield _table(place, on, rollup)
        yield (
            f"CREATE MATERIALIZED VIEW IF NOT EXISTS {place.view(rollup)}{on} "
            f"TO {place.rollup(rollup)} AS\n{select(place, rollup)}"
        )


def _table(place: "Place", on: str, rollup: Rollup) -> str:
    from processor.stores.clickhouse.schema import DEDUPLICATION_WINDOW, VERSION, engine

    unit = rollup.level.unit
    known = {
        unit: "DateTime('UTC') CODEC(Delta(4), ZSTD(1))",
        **{key.name: key.type for key in KEYS},
    }
    columns = [
        *(f"  {name} {known[name]}" for name in rollup.keys),
        *(f"  {each.name} {each.type} CODEC(ZSTD(1))" for each in rollup.summed.values()),
    ]
    # A status is a number that can be missing.
    settings = ["ttl_only_drop_parts = 1", "allow_nullable_key = 1"]
    if not place.cluster:
        settings.append(f"non_replicated_deduplication_window = {DEDUPLICATION_WINDOW}")
    body = ",\n".join(columns)
    return (
        f"CREATE TABLE IF NOT EXISTS {place.rollup(rollup)}{on} (\n{body}\n)\n"
        f"ENGINE = {engine('AggregatingMergeTree', place)}\n"
        f"PARTITION BY {'toDate' if rollup.by_day else 'toYYYYMM'}({unit})\n"
        f"PRIMARY KEY ({', '.join(rollup.keys[:3])})\n"
        f"ORDER BY ({', '.join(rollup.keys)})\n"
        f"TTL {unit} + INTERVAL {place.days if rollup.by_day else place.rollup_days} DAY DELETE\n"
        f"SETTINGS {', '.join(settings)}\n"
        f"COMMENT 'schema {VERSION}'"
    )


def select(place: "Place", rollup: Rollup, where: str = "") -> str:
    """Return what makes a rollup's rows of requests, of those for which `where` holds."""
    unit = rollup.level.unit
    keys = {name: f"logs.{name}" for name in rollup.keys}
    keys[unit] = f"{rollup.level.start}(logs.{TIME})"
    columns = [
        *(f"  {made} AS {name}" for name, made in keys.items()),
        *(f"  {each.of} AS {each.name}" for each in rollup.summed.values()),
    ]
    group = ", ".join((keys | {unit: unit}).values())
    body = ",\n".join(columns)
    among = f"\nWHERE {where}" if where else ""
    return f"SELECT\n{body}\nFROM {place.requests} AS logs{among}\nGROUP BY {group}"
