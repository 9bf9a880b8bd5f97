"""Timestream's SQL for log lines themselves: the newest that match, and one with all its fields."""

from collections.abc import Sequence
from textwrap import indent

from dashboards.signals import DIMENSIONS
from dashboards.signals import expressions as x
from dashboards.stores import LINES_SPAN, meaning
from dashboards.stores.timestream.dialect import NONE, Dialect, quoted, variable
from dashboards.stores.timestream.select import select
from processor.catalog import Field
from ruletest.durations import milliseconds

_TIME = "timestamp"  # CloudFront's name for the field that is the record's time


def newest(sql: Dialect, fields: Sequence[Field], filters: Sequence[str], most: int) -> str:
    """Return the newest requests for which the filters hold: a column a field, newest first."""
    columns = [f"{_value(sql, field)} AS {_name(field)}" for field in fields]
    recent = f"time >= from_milliseconds($__timeTo - {milliseconds(LINES_SPAN)})"
    conditions = [sql.measure("request"), "$__timeFilter", recent, *sql.filters(filters)]
    order = ["time DESC"]
    if "x-edge-request-id" in sql.collected.fields:  # which of two of one millisecond is first
        order.append(sql.column("x-edge-request-id"))
    return select(columns, where=conditions, order=", ".join(order), limit=most)


def one(sql: Dialect, fields: Sequence[Field]) -> str:
    """Return one request's fields in rows: log_field, value, meaning; those with a value first."""
    columns = [f"{_text(sql, field)} AS {_name(field)}" for field in fields]
    request = DIMENSIONS["request"]
    typed = variable(request.variable or request.name)
    found = select(
        columns,
        where=[
            sql.measure("request"),
            "$__timeFilter",
            f"{sql.sql(sql.collected.resolve(request))} IN ({typed})",
        ],
        limit=1,
    )
    rows = ",\n  ".join(
        f"({place}, {quoted(field.name)}, {quoted(meaning(field))})"
        for place, field in enumerate(fields)
    )
    cases = "\n    ".join(f"WHEN {place} THEN {_name(field)}" for place, field in enumerate(fields))
    value = f"coalesce(CASE place\n    {cases}\n  END, '{NONE}')"
    return select(
        ["log_field", f"{value} AS value", "meaning"],
        f"(\n{indent(found, '  ')}\n) AS request\n"
        f"CROSS JOIN (VALUES\n  {rows}\n) AS fields (place, log_field, meaning)",
        order=f"IF({value} = '{NONE}', 1, 0), place",
    )


def _name(field: Field) -> str:
    return "time" if field.name == _TIME else field.column


def _value(sql: Dialect, field: Field) -> str:
    return "time" if field.name == _TIME else sql.column(field.name)


def _text(sql: Dialect, field: Field) -> str:
    if field.name == _TIME:
        return "cast(time AS varchar)"
    if field.type == "VARCHAR":  # column knows where a query string has to be cut off
        return sql.column(field.name)
    return sql.sql(x.AsText(x.Field(field.name)))
