"""ClickHouse's SQL for log lines themselves: the newest that match, and one with all its fields."""

from collections.abc import Sequence

from dashboards.signals import DIMENSIONS
from dashboards.stores import LINES_SPAN, meaning
from dashboards.stores.clickhouse.dialect import Dialect, column, quoted
from dashboards.stores.clickhouse.scan import RANGE, Scan, Span
from dashboards.stores.common.layout import nested, select
from processor.catalog import Field
from processor.stores.clickhouse.columns import ABSENT, TIME
from ruletest.durations import milliseconds

_TIME = "timestamp"  # CloudFront's name of the field


def newest(
    sql: Dialect, table: str, fields: Sequence[Field], filters: Sequence[str], most: int
) -> str:
    """Return the newest requests for which the filters hold: a column a field, newest first.

    Requests lie by minute, so with the minute first in the order, older ones are not read when
    there are enough newer ones.
    """
    scan = Scan(sql, table)
    day = f"$__toTime_ms - INTERVAL {milliseconds(LINES_SPAN)} millisecond"
    span = Span(since=f"greatest($__fromTime_ms, {day})")
    order = [f"toStartOfMinute({scan.time}) DESC", f"{scan.time} DESC"]
    if "x-edge-request-id" in sql.collected.fields:  # which of two of one millisecond is first
        order.append(sql.column("x-edge-request-id"))
    conditions = scan.where(span, (), filters)
    return scan.text(
        select(
            [f"{_value(sql, field)} AS {_name(field)}" for field in fields],
            scan.source(span),
            where=conditions,
            order=", ".join(order),
            limit=most,
        )
    )


def one(sql: Dialect, table: str, fields: Sequence[Field]) -> str:
    """Return one request's fields in rows: log_field, value, meaning; those with a value first."""
    scan = Scan(sql, table)
    request = DIMENSIONS["request"]
    conditions = scan.where(RANGE, (), ())
    scan.begins[sql.choice(request)] = None
    names, values, meanings = (
        f"[{', '.join(texts)}]"
        for texts in (
            [quoted(field.name) for field in fields],
            [f"ifNull(toString({_value(sql, field)}), '{ABSENT}')" for field in fields],
            [quoted(meaning(field)) for field in fields],
        )
    )
    found = select(
        [f"{names} AS names", f"{values} AS contents", f"{meanings} AS meanings"],
        scan.source(RANGE),
        where=[*conditions, f"{sql.label(request)} IN chosen_{request.variable}"],
        limit=1,
    )
    return scan.text(
        select(
            ["log_field", "content AS value", "meaning"],
            f"{nested(found, 'request')}\n"
            "ARRAY JOIN names AS log_field, contents AS content, meanings AS meaning,"
            " arrayEnumerate(names) AS place",
            order=f"content = '{ABSENT}', place",
        )
    )


def _name(field: Field) -> str:
    return "time" if field.name == _TIME else field.column


def _value(sql: Dialect, field: Field) -> str:
    return column(TIME) if field.name == _TIME else sql.column(field.name)
