"""The columns of the table of requests, by CloudFront's catalog of fields.

The table has a column for every field CloudFront can send, whatever a stack collects: one that is
not sent takes no room, and a change of the log fields needs no change of the table. Column names
are the catalog's, CloudFront's with underscores.
"""

from dataclasses import dataclass

from processor.catalog import FIELDS, Field

TIME = "timestamp"
# Two different lines are two rows, the same line delivered twice is one: the table's sorting key
# ends in this, a hash of the line as CloudFront wrote it.
HASH = "line_hash"
ABSENT = "-"  # as CloudFront writes it: labels, filters and `Has` are then the bare column

# Texts with nearly as many values as there are requests; the others repeat, and are kept once.
_VARIED = {
    "c-ip", "cs-uri-stem", "x-edge-request-id", "cs-referer", "cs-cookie",
    "cs-uri-query", "x-forwarded-for", "cs-headers", "cmcd-content-id",
    "cmcd-next-object-request", "cmcd-next-range-request", "cmcd-session-id", "connection-id",
    "viewer-request-log-data", "viewer-response-log-data",
}  # fmt: skip
_NUMBERS = {"BIGINT": "Nullable(Int64)", "DOUBLE": "Nullable(Float64)"}


@dataclass(frozen=True, slots=True)
class Column:
    """A column as CREATE TABLE and ALTER TABLE take it."""

    name: str
    type: str
    more: str  # default and codec

    @property
    def sql(self) -> str:
        """The column's definition."""
        return f"{self.name} {self.type} {self.more}"


def column(field: Field) -> Column:
    """Return the column of a field. A number that a request does not have is NULL."""
    if field.role == "time":
        return Column(TIME, "DateTime64(3, 'UTC')", "CODEC(Delta(8), ZSTD(1))")
    if field.type in _NUMBERS:
        return Column(field.column, _NUMBERS[field.type], "CODEC(ZSTD(1))")
    if field.name in _VARIED:
        return Column(field.column, "String", f"DEFAULT '{ABSENT}' CODEC(ZSTD(1))")
    return Column(field.column, "LowCardinality(String)", f"DEFAULT '{ABSENT}'")


COLUMNS: tuple[Column, ...] = (
    *map(column, FIELDS),
    Column(HASH, "UInt64", "CODEC(NONE)"),
)

# What ClickHouse itself makes of a row. A whole minute is a number that repeats, where times of
# requests are nearly all different: reading it costs next to nothing.
MINUTE = "minute"
DERIVED = (
    Column(MINUTE, "DateTime('UTC')", f"MATERIALIZED toStartOfMinute({TIME}) CODEC(Delta(4), LZ4)"),
)
