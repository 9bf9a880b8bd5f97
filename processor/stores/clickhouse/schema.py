"""The statements that make the tables, safe to run any number of times.

    TABLE            a row a request
    TABLE_minutes    what panels and rules ask most, summed up by minute as rows come in (rollup.py)
    TABLE_hours      the same by hour, for long ranges
    TABLE_total_minutes, TABLE_total_hours   the same of all requests, which is few rows
    TABLE_pipeline   a row an invocation of the processor, and a row a field that lost values

https://clickhouse.com/docs/engines/table-engines/mergetree-family/replacingmergetree
"""

from collections.abc import Iterator
from dataclasses import dataclass

from processor.report import MEASURES
from processor.stores.clickhouse import rollup
from processor.stores.clickhouse.columns import ABSENT, COLUMNS, DERIVED, HASH, TIME, Column
from processor.stores.clickhouse.rollup import Rollup

VERSION = 2  # of the schema; in each table's comment
# How far back a batch that is delivered again is recognized, in inserts.
DEDUPLICATION_WINDOW = 10_000
DEDUPLICATION_SECONDS = 7 * 86_400  # on a cluster, also in time: as long as a stream keeps a record
LONGEST_DAYS = 20_000  # a TTL that reached beyond 2106 would begin anew in 1970, and delete all
_TYPES = {"BIGINT": "Nullable(Int64)", "DOUBLE": "Nullable(Float64)"}

PIPELINE_COLUMNS: tuple[Column, ...] = (
    Column(TIME, "DateTime64(3, 'UTC')", "CODEC(Delta(8), ZSTD(1))"),
    Column("function_name", "LowCardinality(String)", ""),
    # "-" in the row of an invocation; else CloudFront's name of a field that lost values.
    Column("field", "LowCardinality(String)", f"DEFAULT '{ABSENT}'"),
    *(Column(name, _TYPES[kind], "") for name, (kind, _) in MEASURES.items()),
)


@dataclass(frozen=True, slots=True)
class Place:
    """Where the tables are, and on what kind of server."""

    database: str = "cloudfront"
    table: str = "realtime_logs"
    # "" on one machine and on ClickHouse Cloud, which shares the data by itself; the name of the
    # cluster where tables are replicated.
    cluster: str = ""
    days: int = 30  # that requests are kept
    rollup_days: int = 400

    def __post_init__(self) -> None:
        """Refuse what would delete rows as they come in."""
        for days in (self.days, self.rollup_days):
            if not 1 <= days <= LONGEST_DAYS:
                raise ValueError(f"rows can be kept for 1 to {LONGEST_DAYS} days, not {days}")

    @property
    def requests(self) -> str:
        """The table of requests, quoted."""
        return self._named(self.table)

    def rollup(self, which: Rollup) -> str:
        """Return a rollup's table."""
        return self._named(f"{self.table}_{which.name}")

    def view(self, which: Rollup) -> str:
        """Return the view that fills it."""
        return self._named(f"{self.table}_to_{which.name}")

    @property
    def minutes(self) -> str:
        """The table of the rollup."""
        return self._named(f"{self.table}_minutes")

    @property
    def to_minutes(self) -> str:
        """The view that fills it."""
        return self._named(f"{self.table}_to_minutes")

    @property
    def hours(self) -> str:
        """The table of the rollup for long ranges."""
        return self._named(f"{self.table}_hours")

    @property
    def to_hours(self) -> str:
        """The view that fills it."""
        return self._named(f"{self.table}_to_hours")

    @property
    def pipeline(self) -> str:
        """The table of the processor's own reports."""
        return self._named(f"{self.table}_pipeline")

    def _named(self, table: str) -> str:
        return f"{quoted(self.database)}.{quoted(table)}"


def quoted(name: str) -> str:
    """Return an identifier in backquotes."""
    return "`" + name.replace("\\", "\\\\").replace("`", "\\`") + "`"


def statements(place: Place) -> Iterator[str]:
    """Yield what makes everything, in order; each can be run again, beside a running processor."""
    on = f" ON CLUSTER {quoted(place.cluster)}" if place.cluster else ""
    yield f"CREATE DATABASE IF NOT EXISTS {quoted(place.database)}{on}"
    yield _table(
        place.requests,
        (*COLUMNS, *DERIVED),
        on,
        place,
        order=f"toStartOfMinute({TIME}), x_host_header, cs_host, {TIME}, {HASH}",
        primary="toStartOfMinute(timestamp), x_host_header, cs_host",
        days=place.days,
        indexes=("INDEX by_request_id x_edge_request_id TYPE bloom_filter(0.01) GRANULARITY 4",),
    )
    yield _table(
        place.pipeline,
        PIPELINE_COLUMNS,
        on,
        place,
        order=f"{TIME}, function_name, field",
        primary=TIME,
        days=place.rollup_days,
        # Nothing is replaced: copies of the function end invocations in one millisecond.
        kind="MergeTree",
    )
    yield from rollup.statements(place, on)


def adding(place: Place, column: Column) -> str:
    """Return the statement that adds a column to the table of requests."""
    on = f" ON CLUSTER {quoted(place.cluster)}" if place.cluster else ""
    return f"ALTER TABLE {place.requests}{on} ADD COLUMN IF NOT EXISTS {column.sql}"


def _table(
    name: str,
    columns: tuple[Column, ...],
    on: str,
    place: Place,
    *,
    order: str,
    primary: str,
    days: int,
    indexes: tuple[str, ...] = (),
    kind: str = "ReplacingMergeTree",
) -> str:
    body = ",\n".join(f"  {each}" for each in (*(each.sql for each in columns), *indexes))
    replicas = "replicated" if place.cluster else "non_replicated"
    settings = [
        "ttl_only_drop_parts = 1",
        f"{replicas}_deduplication_window = {DEDUPLICATION_WINDOW}",
    ]
    if place.cluster:
        settings.append(f"replicated_deduplication_window_seconds = {DEDUPLICATION_SECONDS}")
    return (
        f"CREATE TABLE IF NOT EXISTS {name}{on} (\n{body}\n)\n"
        f"ENGINE = {engine(kind, place)}\n"
        f"PARTITION BY toDate({TIME})\n"
        f"PRIMARY KEY ({primary})\n"
        f"ORDER BY ({order})\n"
        f"TTL toDateTime({TIME}) + INTERVAL {days} DAY DELETE\n"
        f"SETTINGS {', '.join(settings)}\n"
        f"COMMENT 'schema {VERSION}'"
    )


def engine(name: str, place: Place) -> str:
    """Return the engine; on a cluster, the replicated one of its kind."""
    return f"Replicated{name}" if place.cluster else name
