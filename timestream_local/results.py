"""Results in the protocol's form: every scalar is text, every column has a type.

https://docs.aws.amazon.com/timestream/latest/developerguide/API_query_Datum.html
"""

from __future__ import annotations

import json
import math
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from json.encoder import encode_basestring_ascii as quoted
from typing import Any

from timestream_local import types
from timestream_local.types import Type

NULL = '{"NullValue":true}'
# Makes the JSON of a column's values, one text for each value.
Writer = Callable[[Sequence[Any]], list[str]]


@dataclass(frozen=True, slots=True)
class Rows:
    """A page's rows: the JSON text that is sent, a list of Row."""

    json: str

    def decoded(self) -> list[dict[str, Any]]:
        """Return the rows as a client reads them."""
        rows: list[dict[str, Any]] = json.loads(self.json)
        return rows


def column_info(name: str | None, kind: Type) -> dict[str, Any]:
    """Return the protocol's ColumnInfo."""
    info: dict[str, Any] = {"Type": type_info(kind)}
    if name is not None:
        info["Name"] = name
    return info


def type_info(kind: Type) -> dict[str, Any]:
    """Return the protocol's Type."""
    if kind.name == "array":
        return {"ArrayColumnInfo": column_info(None, kind.args[0])}
    if kind.name == "timeseries":
        return {"TimeSeriesMeasureValueColumnInfo": column_info(None, kind.args[0])}
    if kind.name == "row":
        return {
            "RowColumnInfo": [
                column_info(name, arg) for name, arg in zip(kind.fields, kind.args, strict=True)
            ]
        }
    return {"ScalarType": types.PROTOCOL_NAME[kind]}


def timestamp_text(nanoseconds: int) -> str:
    """Return 2020-08-08 01:00:00.000000000."""
    seconds, rest = divmod(nanoseconds, 1_000_000_000)
    day, second = divmod(seconds, 86_400)
    return f"{_DATES[day]} {_CLOCK[second]}.{rest:09}"


class _Dates(dict[int, str]):
    """The date of a day since 1970."""

    def __missing__(self, day: int) -> str:
        if len(self) > 50_000:
            self.clear()
        moment = time.gmtime(day * 86_400)
        text = f"{moment.tm_year:04}-{moment.tm_mon:02}-{moment.tm_mday:02}"
        self[day] = text
        return text


class _Clock(dict[int, str]):
    """The time of a second of the day."""

    def __missing__(self, second: int) -> str:
        text = f"{second // 3600:02}:{second // 60 % 60:02}:{second % 60:02}"
        self[second] = text
        return text


_DATES, _CLOCK = _Dates(), _Clock()


def time_text(nanoseconds: int) -> str:
    """Return 01:00:00.000000000."""
    seconds, rest = divmod(nanoseconds, 1_000_000_000)
    return f"{_CLOCK[seconds]}.{rest:09}"


def interval_text(nanoseconds: int) -> str:
    """Return 1 21:00:00.000000000: days, then a time."""
    sign = "-" if nanoseconds < 0 else ""
    days, rest = divmod(abs(nanoseconds), 86_400_000_000_000)
    return f"{sign}{days} {time_text(rest)}"


def months_text(months: int) -> str:
    """Return 2-7: years and months."""
    sign = "-" if months < 0 else ""
    return f"{sign}{abs(months) // 12}-{abs(months) % 12}"


def double_text(number: float) -> str:
    """Return a double as Java writes it: 0.5, 1.0E7, NaN, Infinity."""
    if math.isnan(number):
        return "NaN"
    if math.isinf(number):
        return "Infinity" if number > 0 else "-Infinity"
    size = abs(number)
    if size == 0 or 1e-3 <= size < 1e7:
        text = repr(number)
        return text if "e" not in text else f"{number:.20f}".rstrip("0")
    digits, _, exponent = f"{number!r}".partition("e")
    if not exponent:
        sign = "-" if number < 0 else ""
        whole, _, fraction = digits.lstrip("-").partition(".")
        plain = (whole + fraction).lstrip("0").rstrip("0") or "0"
        power = len(whole) - 1 if whole != "0" else -(len(fraction) - len(fraction.lstrip("0")) + 1)
        digits, exponent = f"{sign}{plain[0]}.{plain[1:] or '0'}", str(power)
    if "." not in digits:
        digits += ".0"
    return f"{digits}E{int(exponent)}"


def _by(text: Callable[[Any], str]) -> Writer:
    """Return a writer of scalars whose texts, made by `text`, need no escapes."""
    return lambda column: [
        NULL if value is None else f'{{"ScalarValue":"{text(value)}"}}' for value in column
    ]


def _plain(column: Sequence[Any]) -> list[str]:
    return [NULL if value is None else f'{{"ScalarValue":"{value}"}}' for value in column]


def _varchars(column: Sequence[str | None]) -> list[str]:
    return [NULL if value is None else f'{{"ScalarValue":{quoted(value)}}}' for value in column]


def _doubles(column: Sequence[float | None]) -> list[str]:
    return [
        NULL
        if value is None
        else f'{{"ScalarValue":"{value!r}"}}'
        if 1e-3 <= value < 1e7  # where Python writes a double as Java does
        else f'{{"ScalarValue":"{double_text(value)}"}}'
        for value in column
    ]


_SCALARS: dict[Type, Writer] = {
    types.BOOLEAN: _by(lambda value: "true" if value else "false"),
    types.INTEGER: _plain,
    types.BIGINT: _plain,
    types.DOUBLE: _doubles,
    types.VARCHAR: _varchars,
    types.TIMESTAMP: _by(timestamp_text),
    types.DATE: _plain,
    types.TIME: _by(time_text),
    types.INTERVAL_DAY: _by(interval_text),
    types.INTERVAL_MONTH: _by(months_text),
    types.UNKNOWN: _plain,
}


def writer(kind: Type) -> Writer:
    """Return the function that writes a column of DuckDB's values, of a type, as Datum objects."""
    if kind.name == "array":
        return _arrays(writer(kind.args[0]))
    if kind.name == "timeseries":
        return _series(writer(kind.args[0]))
    if kind.name == "row":
        return _rows([writer(arg) for arg in kind.args])
    return _SCALARS[kind]


def _arrays(inner: Writer) -> Writer:
    return lambda column: [
        NULL if value is None else f'{{"ArrayValue":[{",".join(inner(value))}]}}'
        for value in column
    ]


def _series(inner: Writer) -> Writer:
    def write(points: list[dict[str, Any]]) -> str:
        values = inner([point["f1"] for point in points])
        return ",".join(
            f'{{"Time":"{timestamp_text(point["f0"])}","Value":{value}}}'
            for point, value in zip(points, values, strict=True)
        )

    return lambda column: [
        NULL if value is None else f'{{"TimeSeriesValue":[{write(value)}]}}' for value in column
    ]


def _rows(fields: list[Writer]) -> Writer:
    def write(column: Sequence[dict[str, Any] | None]) -> list[str]:
        columns = zip(*(value.values() for value in column if value is not None), strict=True)
        texts = [inner(values) for inner, values in zip(fields, columns, strict=False)]
        data = map(",".join, zip(*texts, strict=True))
        return [
            NULL if value is None else f'{{"RowValue":{{"Data":[{next(data)}]}}}}'
            for value in column
        ]

    return write


def row_texts(writers: list[Writer], rows: list[tuple[Any, ...]]) -> list[str]:
    """Return the JSON of each row, made column by column."""
    columns = zip(*rows, strict=True)
    texts = [write(column) for write, column in zip(writers, columns, strict=False)]
    return [f'{{"Data":[{",".join(cells)}]}}' for cells in zip(*texts, strict=True)]
