"""What Grafana makes of a query: its text before it is sent, and the frame of the answer.

Ported from the browser's variable formats, the ClickHouse data source's macros and its conversion
of results, so that tests and the rule tester see what a panel or an alert rule would see.
https://github.com/grafana/scenes/blob/main/packages/scenes/src/variables/interpolation/formatRegistry.ts
https://github.com/grafana/clickhouse-datasource/tree/main/pkg/macros
"""

import json
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

from dashboards.stores import Format
from dashboards.stores.clickhouse.dialect import ALL
from dashboards.stores.clickhouse.query import FORMATS
from ruletest.frames import Field, Frame, wide

# What a reader can choose in a variable: one value or several; All has its own type below.
Choice = str | Sequence[str]

_REFERENCE = re.compile(r"\$\{(\w+):(\w+)\}")
_MACRO = re.compile(r"\$__(\w+)")
_FORM = "FORMAT JSONCompact"  # what an answer has to be asked as


@dataclass(frozen=True)
class All:
    """The choice "All" of a variable."""


@dataclass(frozen=True, kw_only=True)
class Range:
    """The time range and step of a query, in milliseconds."""

    start: int
    end: int
    interval: int = 60_000


def substitute(sql: str, choices: Mapping[str, Choice | All]) -> str:
    """Return the SQL as the browser sends it, for what the reader chose.

    Only the format `percentencode` is known. Raises KeyError for a variable without a choice and
    ValueError for another format.
    """

    def put(match: re.Match[str]) -> str:
        name, style = match.groups()
        choice = choices[name]
        if style != "percentencode":
            raise ValueError(f"variable {name} is formatted as {style}, which is not safe in SQL")
        if isinstance(choice, All):
            choice = ALL
        # As JavaScript's encodeURIComponent does, with !'()* encoded, too.
        text = choice if isinstance(choice, str) else f"{{{','.join(choice)}}}"
        return quote(text, safe="-_.~")

    return _REFERENCE.sub(put, sql)


def interpolate(sql: str, span: Range) -> str:
    """Return the SQL with the data source's macros replaced, wherever their text stands.

    Raises ValueError for a macro without its argument, as the data source gives an error.
    """
    sql = _MACRO.sub(lambda match: _constant(match[1], span) or match[0], sql)
    sql = re.sub(
        r"\$__timeInterval\(\s*([\w.]+)\s*\)",
        rf"toStartOfInterval(toDateTime(\1), INTERVAL {max(span.interval // 1000, 1)} second)",
        sql,
    )
    sql = re.sub(
        r"\$__timeFilter_ms\(\s*([\w.]+)\s*\)",
        rf"\1 >= {_milliseconds(span.start)} AND \1 <= {_milliseconds(span.end)}",
        sql,
    )
    if left := re.search(r"\$__time(Filter|Interval)\w*", sql):
        raise ValueError(f"{left[0]}: expected 1 argument(s), received 0")
    return sql


def _constant(name: str, span: Range) -> str:
    return {
        "fromTime_ms": _milliseconds(span.start),
        "toTime_ms": _milliseconds(span.end),
        "interval_ms": str(span.interval),
        "interval_s": str(max(span.interval // 1000, 1)),
    }.get(name, "")


def _milliseconds(at: int) -> str:
    return f"fromUnixTimestamp64Milli({at})"


def frame(answer: str | bytes, shape: Format | int = Format.TABLE) -> Frame:
    """Return the frame the data source makes of an answer in ClickHouse's JSONCompact.

    It is turned from long to wide for the time series format if it has rows. Raises FrameError
    where the data source gives an error.
    """
    given = json.loads(answer)
    columns = given["meta"]
    found = Frame(
        [
            Field(
                each["name"],
                _kind(each["type"]),
                [_value(each["type"], row[place]) for row in given["data"]],
            )
            for place, each in enumerate(columns)
        ]
    )
    series = shape in (Format.SERIES, FORMATS[Format.SERIES])
    if series and len(found) and found.shape == "long":
        return wide(found)
    return found


_WRAPPED = re.compile(r"(?:Nullable|LowCardinality|SimpleAggregateFunction)\((?:\w+, )?(.*)\)")


def _bare(kind: str) -> str:
    while match := _WRAPPED.fullmatch(kind):
        kind = match[1]
    return kind


def _kind(kind: str) -> str:
    bare = _bare(kind)
    if bare.startswith("Date"):
        return "time"
    if re.match(r"U?Int|Float|Decimal", bare):
        return "number"
    return "boolean" if bare == "Bool" else "string"


def _value(kind: str, value: Any) -> Any:
    bare = _bare(kind)
    if value is None:
        # JSON has no NaN and no infinity; only a column that holds no NULL can mean them by it.
        return math.nan if bare.startswith("Float") and "Nullable" not in kind else None
    if bare.startswith("Date"):
        return nanoseconds(value)
    if re.match(r"U?Int", bare):
        return int(value)
    return float(value) if re.match(r"Float|Decimal", bare) else value


def nanoseconds(text: str) -> int:
    """Return epoch nanoseconds of ClickHouse's "2020-08-08 01:00:00.000", in UTC."""
    whole, _, part = text.partition(".")
    at = datetime.strptime(whole, "%Y-%m-%d %H:%M:%S").replace(tzinfo=UTC)
    return int(at.timestamp()) * 1_000_000_000 + int(part.ljust(9, "0")[:9] or 0)
