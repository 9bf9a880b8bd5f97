"""What Grafana does with a query: replace variables and macros, and make frames of the answer.

Ported from the browser's variable formats, and from the Timestream data source's macros and its
conversion of results. So tests and the rule tester see what a panel or an alert rule would see.
https://github.com/grafana/timestream-datasource/blob/main/pkg/timestream/macros.go
https://github.com/grafana/timestream-datasource/blob/main/pkg/timestream/helper.go
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from dashboards.stores import Format
from dashboards.stores.timestream.query import FORMATS
from ruletest.frames import Field, Frame, wide

# What a reader can choose in a variable: one value or several; All has its own type below.
Choice = str | Sequence[str]

_REFERENCE = re.compile(r"\$\{(\w+):(\w+)\}")


@dataclass(frozen=True)
class All:
    """The choice "All" of a variable that has its own text for it."""

    text: str


@dataclass(frozen=True, kw_only=True)
class Range:
    """The time range and step of a query, in milliseconds."""

    start: int
    end: int
    interval: int = 60_000

    def __post_init__(self) -> None:
        """Refuse what the data source refuses."""
        if self.interval <= 0:
            raise ValueError(f"invalid interval: {self.interval}ms")


@dataclass(frozen=True, kw_only=True)
class Source:
    """The data source's defaults; database and table with their double quotes."""

    database: str = '"cloudfront"'
    table: str = '"realtime_logs"'
    measure: str = "request"


def substitute(sql: str, choices: Mapping[str, Choice | All]) -> str:
    """Return the SQL as the browser sends it, for what the reader chose.

    Only the format `sqlstring` is known, which quotes each value and doubles its quotes; the text
    of All is put in as it is. Raises KeyError for a variable without a choice and ValueError for
    another format.
    https://grafana.com/docs/grafana/latest/dashboards/variables/variable-syntax/
    """

    def put(match: re.Match[str]) -> str:
        name, style = match.groups()
        if style != "sqlstring":
            raise ValueError(f"variable {name} is formatted as {style}, not as sqlstring")
        choice = choices[name]
        if isinstance(choice, All):
            return choice.text
        values = [choice] if isinstance(choice, str) else choice
        return ",".join("'" + value.replace("'", "''") + "'" for value in values)

    return _REFERENCE.sub(put, sql)


def interpolate(sql: str, span: Range, source: Source | None = None, now: int = 0) -> str:
    """Return the SQL with the data source's macros replaced, longest name first.

    Macros take no arguments and are replaced wherever their text stands. `now` is in milliseconds.
    """
    source = source or Source()
    macros = {
        "timeFilter": f"time BETWEEN from_milliseconds({span.start})"
        f" AND from_milliseconds({span.end})",
        "timeFrom": str(span.start),
        "timeTo": str(span.end),
        "interval": f"{span.interval}ms",
        "interval_ms": f"{span.interval}ms",
        "interval_raw_ms": str(span.interval),
        "now_ms": str(now or span.end),
        "database": source.database,
        "table": source.table,
        "measure": source.measure,
    }
    for name in sorted(macros, key=len, reverse=True):
        sql = sql.replace(f"$__{name}", macros[name])
    return sql


def run(client: Any, sql: str) -> dict[str, Any]:
    """Return the answer of a boto3 timestream-query client with the rows of all its pages."""
    pages = list(client.get_paginator("query").paginate(QueryString=sql))
    return {
        "ColumnInfo": pages[0]["ColumnInfo"],
        "Rows": [row for page in pages for row in page["Rows"]],
    }


def frames(answer: Mapping[str, Any], shape: Format | int = Format.TABLE) -> list[Frame]:
    """Return the frames the data source makes of a Query answer.

    A row with a time series becomes a frame of its own, labeled by its scalar columns. Anything
    else is one frame; for the time series format it is turned from long to wide if it has rows.
    Raises FrameError where the data source gives an error.
    """
    columns = answer["ColumnInfo"]
    rows = [row["Data"] for row in answer["Rows"]]
    series = [n for n, column in enumerate(columns) if _is_series(column)]
    if series:
        return _series_frames(columns, rows, series)
    found = Frame(
        [
            Field(
                column["Name"],
                _kind(column["Type"]),
                [_scalar(column["Type"], row[n]) for row in rows],
            )
            for n, column in enumerate(columns)
        ]
    )
    pivoted = shape in (Format.SERIES, FORMATS[Format.SERIES])
    if pivoted and rows and found.shape == "long":
        return [wide(found)]
    return [found]


_KINDS = {
    "BIGINT": "number",
    "BOOLEAN": "boolean",
    "DATE": "time",
    "DOUBLE": "number",
    "INTEGER": "number",
    "TIME": "time",
    "TIMESTAMP": "time",
}


def _is_series(column: Mapping[str, Any]) -> bool:
    return "TimeSeriesMeasureValueColumnInfo" in column["Type"]


def _kind(kind: Mapping[str, Any]) -> str:
    """Intervals, arrays and rows are shown as text."""
    return _KINDS.get(kind.get("ScalarType", ""), "string")


def _scalar(kind: Mapping[str, Any], datum: Mapping[str, Any]) -> Any:
    if datum.get("NullValue"):
        return None
    value = datum.get("ScalarValue")
    if value is None:
        return str(datum)
    match kind.get("ScalarType"):
        case "BIGINT" | "INTEGER":
            return int(value)
        case "DOUBLE":
            return float(value)
        case "BOOLEAN":
            return value == "true"
        case "TIMESTAMP":
            return nanoseconds(value)
    return value


def nanoseconds(text: str) -> int:
    """Return epoch nanoseconds of Timestream's "2020-08-08 01:00:00.000000000"."""
    whole, _, part = text.partition(".")
    at = datetime.strptime(whole, "%Y-%m-%d %H:%M:%S").replace(tzinfo=UTC)
    return int(at.timestamp()) * 1_000_000_000 + int(part.ljust(9, "0")[:9] or 0)


def _series_frames(
    columns: Sequence[Mapping[str, Any]], rows: Sequence[Any], series: Sequence[int]
) -> list[Frame]:
    found = []
    for n in series:
        inner = columns[n]["Type"]["TimeSeriesMeasureValueColumnInfo"]["Type"]
        for row in rows:
            labels = {
                column["Name"]: row[m]["ScalarValue"]
                for m, column in enumerate(columns)
                if m not in series and row[m].get("ScalarValue") is not None
            }
            points = row[n].get("TimeSeriesValue", [])
            times = Field("time", "time", [nanoseconds(point["Time"]) for point in points])
            values = [_scalar(inner, point["Value"]) for point in points]
            found.append(Frame([times, Field(columns[n]["Name"], _kind(inner), values, labels)]))
    return found
