"""Timestream's data types, their conversions, and how DuckDB stores each.

https://docs.aws.amazon.com/timestream/latest/developerguide/supported-data-types.html

Timestream counts in nanoseconds, but DuckDB's intervals and most of its timestamp functions count
in microseconds. So DuckDB stores a number, and the type here says what it means:

    timestamp                  BIGINT    nanoseconds since 1970-01-01 00:00:00 UTC
    time                       BIGINT    nanoseconds since midnight
    interval day to second     BIGINT    nanoseconds
    interval year to month     INTEGER   months
    array(T), row(T, U ...)    T[], STRUCT(f0 T, f1 U ...)
    timeseries(T)              as array(row(time timestamp, value T)), in order of time
"""

from dataclasses import dataclass
from typing import TypeVar

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Type:
    """A Timestream type; array, timeseries, row and function types have `args`."""

    name: str
    args: tuple["Type", ...] = ()
    fields: tuple[str | None, ...] = ()  # a row's field names

    def __str__(self) -> str:
        if not self.args:
            return self.name
        if self.fields:
            inner = ", ".join(
                f"{field} {arg}" if field else str(arg)
                for field, arg in zip(self.fields, self.args, strict=True)
            )
            return f"{self.name}({inner})"
        return f"{self.name}({', '.join(map(str, self.args))})"

    @property
    def is_variable(self) -> bool:
        """Whether this stands for any type in a signature: T, U, V."""
        return len(self.name) == 1


BOOLEAN = Type("boolean")
INTEGER = Type("integer")
BIGINT = Type("bigint")
DOUBLE = Type("double")
VARCHAR = Type("varchar")
TIMESTAMP = Type("timestamp")
DATE = Type("date")
TIME = Type("time")
INTERVAL_DAY = Type("interval day to second")
INTERVAL_MONTH = Type("interval year to month")
UNKNOWN = Type("unknown")

SCALARS = {
    t.name: t
    for t in (
        BOOLEAN,
        INTEGER,
        BIGINT,
        DOUBLE,
        VARCHAR,
        TIMESTAMP,
        DATE,
        TIME,
        INTERVAL_DAY,
        INTERVAL_MONTH,
        UNKNOWN,
    )
}

# The type's name in the protocol's ColumnInfo, and its type in DuckDB.
PROTOCOL_NAME = {
    BOOLEAN: "BOOLEAN",
    INTEGER: "INTEGER",
    BIGINT: "BIGINT",
    DOUBLE: "DOUBLE",
    VARCHAR: "VARCHAR",
    TIMESTAMP: "TIMESTAMP",
    DATE: "DATE",
    TIME: "TIME",
    INTERVAL_DAY: "INTERVAL_DAY_TO_SECOND",
    INTERVAL_MONTH: "INTERVAL_YEAR_TO_MONTH",
    UNKNOWN: "UNKNOWN",
}
_DUCKDB_NAME = {
    BOOLEAN: "BOOLEAN",
    INTEGER: "INTEGER",
    BIGINT: "BIGINT",
    DOUBLE: "DOUBLE",
    VARCHAR: "VARCHAR",
    TIMESTAMP: "BIGINT",
    DATE: "DATE",
    TIME: "BIGINT",
    INTERVAL_DAY: "BIGINT",
    INTERVAL_MONTH: "INTEGER",
    UNKNOWN: "INTEGER",
}

# Implicit conversions: (from, to) -> (cost, template). The cheapest overload wins.
COERCIONS: dict[tuple[Type, Type], tuple[int, str]] = {
    (INTEGER, BIGINT): (1, "CAST({0} AS BIGINT)"),
    (INTEGER, DOUBLE): (3, "CAST({0} AS DOUBLE)"),
    (BIGINT, DOUBLE): (2, "CAST({0} AS DOUBLE)"),
    (DATE, TIMESTAMP): (1, "epoch_ns(CAST({0} AS TIMESTAMP))"),
}


def array(element: Type) -> Type:
    """Return the type of arrays of an element."""
    return Type("array", (element,))


def timeseries(value: Type) -> Type:
    """Return the type of time series of a value."""
    return Type("timeseries", (value,))


def row(*columns: tuple[str | None, Type]) -> Type:
    """Return a row type of (name or None, type) columns."""
    return Type("row", tuple(t for _, t in columns), tuple(name for name, _ in columns))


def duckdb_name(t: Type) -> str:
    """Return the DuckDB type that keeps a Timestream type."""
    if t.name == "array":
        return f"{duckdb_name(t.args[0])}[]"
    if t.name == "timeseries":
        return f"STRUCT(f0 BIGINT, f1 {duckdb_name(t.args[0])})[]"
    if t.name == "row":
        inner = ", ".join(f"f{i} {duckdb_name(arg)}" for i, arg in enumerate(t.args))
        return f"STRUCT({inner})"
    return _DUCKDB_NAME[t]


def every(parts: list[T | None]) -> list[T] | None:
    """Return the parts if none of them is None, else None."""
    found = [part for part in parts if part is not None]
    return found if len(found) == len(parts) else None


def coercion_cost(have: Type, want: Type) -> int | None:
    """Return the cost of passing a `have` where a `want` is expected; None if it is impossible."""
    if have is want or have == want:
        return 0
    if have == UNKNOWN:
        return 1
    if (have, want) in COERCIONS:
        return COERCIONS[have, want][0]
    if have.name == want.name and have.args and len(have.args) == len(want.args):
        costs = every([coercion_cost(h, w) for h, w in zip(have.args, want.args, strict=True)])
        return None if costs is None else 1 + sum(costs)
    return None


def common(left: Type, right: Type) -> Type | None:
    """Return the type both convert to, or None: what CASE, IN, UNION and comparisons need."""
    if left is right or left == right or right == UNKNOWN:
        return left
    if left == UNKNOWN:
        return right
    if coercion_cost(left, right) is not None:
        return right
    if coercion_cost(right, left) is not None:
        return left
    if left.name == right.name and left.args and len(left.args) == len(right.args):
        args = every([common(a, b) for a, b in zip(left.args, right.args, strict=True)])
        if args is not None:
            fields = left.fields if left.fields == right.fields else tuple(None for _ in args)
            return Type(left.name, tuple(args), fields if left.fields else ())
    return None


def coerce(sql: str, have: Type, want: Type) -> str:
    """Return `sql` of type `have` converted to `want`, which coercion_cost has allowed."""
    if have == want:
        return sql
    if (have, want) in COERCIONS:
        return COERCIONS[have, want][1].format(sql)
    if _has_date(have, want):
        return _by_parts(sql, have, want)
    return f"CAST({sql} AS {duckdb_name(want)})"


def _has_date(have: Type, want: Type) -> bool:
    """Whether a date inside becomes a timestamp: DuckDB cannot cast that by itself."""
    return (have, want) == (DATE, TIMESTAMP) or any(map(_has_date, have.args, want.args))


def _by_parts(sql: str, have: Type, want: Type) -> str:
    """Return an array, a series or a row made of its coerced parts."""
    part = f"e{str(have).count('(')}"  # each level has a name of its own
    if have.name == "array":
        return f"list_transform({sql}, lambda {part}: {coerce(part, *have.args, *want.args)})"
    if have.name == "timeseries":
        value = coerce(f"{part}.f1", *have.args, *want.args)
        point = f"struct_pack(f0 := {part}.f0, f1 := {value})"
        return f"list_transform({sql}, lambda {part}: {point})"
    fields = ", ".join(
        f"f{i} := {coerce(f'({sql}).f{i}', a, b)}"
        for i, (a, b) in enumerate(zip(have.args, want.args, strict=True))
    )
    return f"CASE WHEN {sql} IS NOT NULL THEN struct_pack({fields}) END"
