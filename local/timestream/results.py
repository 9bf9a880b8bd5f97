"""Results as the protocol writes them: every scalar is text, every column has a type.

https://docs.aws.amazon.com/timestream/latest/developerguide/API_query_Datum.html
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from typing import Any

from local.timestream import types
from local.timestream.types import Type

NULL: dict[str, Any] = {"NullValue": True}
Encoder = Callable[[Any], dict[str, Any]]


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
    return f"{_second(seconds)}.{rest:09}"


_seconds: dict[int, str] = {}


def _second(seconds: int) -> str:
    text = _seconds.get(seconds)
    if text is None:
        if len(_seconds) > 50_000:
            _seconds.clear()
        moment = time.gmtime(seconds)
        text = _seconds[seconds] = (
            f"{moment.tm_year:04}-{moment.tm_mon:02}-{moment.tm_mday:02} "
            f"{moment.tm_hour:02}:{moment.tm_min:02}:{moment.tm_sec:02}"
        )
    return text


def time_text(nanoseconds: int) -> str:
    """Return 01:00:00.000000000."""
    seconds, rest = divmod(nanoseconds, 1_000_000_000)
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}.{rest:09}"


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


_SCALARS: dict[Type, Callable[[Any], str]] = {
    types.BOOLEAN: lambda v: "true" if v else "false",
    types.INTEGER: str,
    types.BIGINT: str,
    types.DOUBLE: double_text,
    types.VARCHAR: lambda v: v,
    types.TIMESTAMP: timestamp_text,
    types.DATE: str,
    types.TIME: time_text,
    types.INTERVAL_DAY: interval_text,
    types.INTERVAL_MONTH: months_text,
    types.UNKNOWN: str,
}


def encoder(kind: Type) -> Encoder:
    """Return what makes a Datum of a value DuckDB returned for a type."""
    if kind.name == "array":
        inner = encoder(kind.args[0])
        return lambda v: NULL if v is None else {"ArrayValue": [inner(item) for item in v]}
    if kind.name == "timeseries":
        inner = encoder(kind.args[0])
        return lambda v: (
            NULL
            if v is None
            else {
                "TimeSeriesValue": [
                    {"Time": timestamp_text(p["f0"]), "Value": inner(p["f1"])} for p in v
                ]
            }
        )
    if kind.name == "row":
        fields = [encoder(arg) for arg in kind.args]
        return lambda v: (
            NULL
            if v is None
            else {
                "RowValue": {
                    "Data": [encode(item) for encode, item in zip(fields, v.values(), strict=True)]
                }
            }
        )
    text = _SCALARS[kind]
    return lambda v: NULL if v is None else {"ScalarValue": text(v)}


def size(datum: dict[str, Any]) -> int:
    """Return about how many bytes a Datum takes on the wire."""
    if "ScalarValue" in datum:
        return len(datum["ScalarValue"]) + 19
    if "ArrayValue" in datum:
        return 18 + sum(map(size, datum["ArrayValue"]))
    if "TimeSeriesValue" in datum:
        return 22 + sum(60 + size(point["Value"]) for point in datum["TimeSeriesValue"])
    if "RowValue" in datum:
        return 24 + sum(map(size, datum["RowValue"]["Data"]))
    return 18
