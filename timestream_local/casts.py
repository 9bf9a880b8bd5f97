"""CAST and TRY_CAST between types, and interval literals.

https://docs.aws.amazon.com/timestream/latest/developerguide/conversion-functions.html
"""

import re
from datetime import UTC, datetime, timedelta

from timestream_local import types
from timestream_local.types import (
    BIGINT,
    BOOLEAN,
    DATE,
    DOUBLE,
    INTEGER,
    INTERVAL_DAY,
    INTERVAL_MONTH,
    TIME,
    TIMESTAMP,
    UNKNOWN,
    VARCHAR,
    Type,
)

# (from, to): template. Where only the second is given, TRY_CAST wraps the first in TRY.
CASTS: dict[tuple[Type, Type], str] = {
    (VARCHAR, BOOLEAN): "ts_to_boolean({0})",
    (VARCHAR, INTEGER): "ts_to_integer({0})",
    (VARCHAR, BIGINT): "ts_to_bigint({0})",
    (VARCHAR, DOUBLE): "ts_to_double({0})",
    (VARCHAR, TIMESTAMP): "ts_to_timestamp({0})",
    (VARCHAR, DATE): "ts_to_date({0})",
    (VARCHAR, TIME): "ts_to_time({0})",
    (BOOLEAN, VARCHAR): "CAST({0} AS VARCHAR)",
    (INTEGER, VARCHAR): "CAST({0} AS VARCHAR)",
    (BIGINT, VARCHAR): "CAST({0} AS VARCHAR)",
    (DOUBLE, VARCHAR): "ts_double_text({0})",
    (TIMESTAMP, VARCHAR): "ts_timestamp_text({0})",
    (DATE, VARCHAR): "CAST({0} AS VARCHAR)",
    (TIME, VARCHAR): "ts_time_text({0})",
    (INTERVAL_DAY, VARCHAR): "ts_interval_text({0})",
    (INTERVAL_MONTH, VARCHAR): "ts_months_text({0})",
    (BOOLEAN, INTEGER): "CAST({0} AS INTEGER)",
    (BOOLEAN, BIGINT): "CAST({0} AS BIGINT)",
    (BOOLEAN, DOUBLE): "CAST({0} AS DOUBLE)",
    (INTEGER, BOOLEAN): "({0} <> 0)",
    (BIGINT, BOOLEAN): "({0} <> 0)",
    (DOUBLE, BOOLEAN): "({0} <> 0)",
    (INTEGER, BIGINT): "CAST({0} AS BIGINT)",
    (INTEGER, DOUBLE): "CAST({0} AS DOUBLE)",
    (BIGINT, INTEGER): "CAST({0} AS INTEGER)",
    (BIGINT, DOUBLE): "CAST({0} AS DOUBLE)",
    (DOUBLE, INTEGER): "CAST(round({0}) AS INTEGER)",
    (DOUBLE, BIGINT): "CAST(round({0}) AS BIGINT)",
    (TIMESTAMP, DATE): "ts_date({0})",
    (TIMESTAMP, TIME): "ts_floor_mod({0}, 86400000000000)",
    (DATE, TIMESTAMP): "epoch_ns(CAST({0} AS TIMESTAMP))",
}


def quiet(sql: str) -> str:
    """Return a template whose macros return NULL instead of raising."""
    return sql.replace("ts_", "tsn_")


def template(have: Type, want: Type, safe: bool) -> str | None:
    """Return the DuckDB template of a cast, or None where Timestream has no such cast."""
    if have == want:
        return "{0}"
    if have == UNKNOWN:
        return f"CAST({{0}} AS {types.duckdb_name(want)})"
    if (have, want) in CASTS:
        plain = CASTS[have, want]
        return f"TRY({quiet(plain)})" if safe else plain
    if have.name == want.name and have.args and len(have.args) == len(want.args):
        inner = _nested(have, want)
        return inner and (f"TRY({quiet(inner)})" if safe else inner)
    if {have.name, want.name} == {"timeseries", "array"}:
        return _nested(_as_array(have), _as_array(want))
    return None


_WHOLE = {BIGINT: 1 << 63, INTEGER: 1 << 31}


def literal(text: str | None, want: Type) -> str | None:
    """Return a text cast to a number or timestamp, in DuckDB's words; None to leave it to CASTS."""
    if text is not None and want == TIMESTAMP:
        nanoseconds = timestamp(text)
        return None if nanoseconds is None else f"CAST({nanoseconds} AS BIGINT)"
    if text is None or not re.fullmatch(r"[+-]?\d+(\.\d+)?", text):
        return None
    if want == DOUBLE:
        return f"CAST('{text}' AS DOUBLE)"
    if want in _WHOLE and "." not in text and -_WHOLE[want] <= int(text) < _WHOLE[want]:
        return f"CAST({int(text)} AS {types.duckdb_name(want)})"
    return None


# A timestamp as text: a date; a clock, to the minute, second or up to nine digits of it; an offset.
# ISO 8601's T is not among it, as it is not in Presto: from_iso8601_timestamp reads that.
# https://prestodb.io/docs/current/language/types.html#date-and-time
_CLOCK = r"(?:[01]?\d|2[0-3]):[0-5]?\d(?::[0-5]?\d(?:\.\d{1,9})?)?"
_ZONE = r" ?(?:[+-]\d\d(?::?\d\d)?|Z|UTC|GMT)"
_DAY = r"\d{4}-\d{1,2}-\d{1,2}"
_TIMESTAMP = re.compile(rf"\s*({_DAY})(?: ({_CLOCK})({_ZONE})?)?\s*", re.ASCII)


def timestamp(text: str) -> int | None:
    """Return a text's timestamp, nanoseconds since 1970; None where it is no timestamp.

    It reads what ts_to_timestamp reads; DuckDB plans better with a number than with a macro.
    """
    match = _TIMESTAMP.fullmatch(text)
    if match is None:
        return None
    clock, _, fraction = (match[2] or "0:0").partition(".")
    year, month, day = map(int, match[1].split("-"))
    hour, minute, second = map(int, f"{clock}:0".split(":")[:3])
    try:
        moment = datetime(year, month, day, hour, minute, second, tzinfo=UTC)
    except ValueError:
        return None
    seconds = (moment - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(seconds=1)
    nanoseconds = (seconds - _offset(match[3] or "")) * 1_000_000_000 + int(fraction.ljust(9, "0"))
    return nanoseconds if -(1 << 63) < nanoseconds < 1 << 63 else None


def no_timestamp(text: str) -> str:
    """Return the error for a text that is no timestamp."""
    if re.search(r"\dT\d", text):
        hint = "from_iso8601_timestamp('…') reads texts with a T"
    else:
        hint = "write 'YYYY-MM-DD hh:mm:ss.sssssssss'; what follows the date may be left out"
    return f"'{text}' is not a timestamp; {hint}"


def _offset(zone: str) -> int:
    """Return the seconds east of Greenwich of +01:00, +0100, +01, Z, UTC, GMT or nothing."""
    zone = zone.strip()
    if zone[:1] not in ("+", "-"):
        return 0
    digits = zone[1:].replace(":", "").ljust(4, "0")
    seconds = int(digits[:2]) * 3600 + int(digits[2:]) * 60
    return -seconds if zone[0] == "-" else seconds


def _as_array(t: Type) -> Type:
    if t.name == "timeseries":
        return types.array(types.row(("time", TIMESTAMP), ("value", t.args[0])))
    return t


def _nested(have: Type, want: Type) -> str | None:
    """Return a cast of each element of an array or each field of a row."""
    if have == want:
        return "{0}"
    if have.name in ("array", "timeseries"):
        element = template(_as_array(have).args[0], _as_array(want).args[0], safe=False)
        return element and f"list_transform({{0}}, lambda e: {element.format('e')})"
    if have.name == "row":
        fields = []
        for i, (a, b) in enumerate(zip(have.args, want.args, strict=True)):
            field = template(a, b, safe=False)
            if field is None:
                return None
            fields.append(f"f{i} := " + field.format(f"struct_extract({{0}}, 'f{i}')"))
        return f"struct_pack({', '.join(fields)})"
    return None


_DAY_UNITS = {"week": 604_800, "day": 86_400, "hour": 3_600, "minute": 60, "second": 1}


def interval_literal(text: str, unit: str) -> tuple[Type, int]:
    """Return the type and the amount (nanoseconds or months) of INTERVAL 'text' unit.

    Raises ValueError with a readable reason.
    """
    sign = -1 if text.startswith("-") else 1
    number = text.lstrip("+-")
    if unit in ("year", "month") and number.isdigit():
        return INTERVAL_MONTH, sign * int(number) * (12 if unit == "year" else 1)
    if unit in _DAY_UNITS and re.fullmatch(r"\d+(\.\d{1,9})?", number):
        whole, _, fraction = number.partition(".")
        if fraction and unit != "second":
            raise ValueError(f"Invalid INTERVAL {unit} value: {text}")
        nanos = int(whole) * _DAY_UNITS[unit] * 1_000_000_000 + int(fraction.ljust(9, "0") or 0)
        return INTERVAL_DAY, sign * nanos
    raise ValueError(
        f"Invalid interval: INTERVAL '{text}' {unit}; write a number in quotes, then year, month, "
        "day, hour, minute or second"
    )


_SCRIPT = r"""
CREATE OR REPLACE MACRO ts_cast_error(s, t) AS ts_error('Cannot cast ''' || s || ''' to ' || t);
CREATE OR REPLACE MACRO ts_to_boolean(s) AS
  CASE WHEN lower(s) IN ('true', 't', '1') THEN TRUE WHEN lower(s) IN ('false', 'f', '0') THEN FALSE
       WHEN s IS NOT NULL THEN ts_cast_error(s, 'BOOLEAN') END;
CREATE OR REPLACE MACRO ts_to_bigint(s) AS
  CASE WHEN regexp_full_match(s, '[+-]?[0-9]+') THEN CAST(s AS BIGINT)
       WHEN s IS NOT NULL THEN ts_cast_error(s, 'BIGINT') END;
CREATE OR REPLACE MACRO ts_to_integer(s) AS
  CASE WHEN regexp_full_match(s, '[+-]?[0-9]+') THEN CAST(s AS INTEGER)
       WHEN s IS NOT NULL THEN ts_cast_error(s, 'INT') END;
CREATE OR REPLACE MACRO ts_to_double(s) AS
  CASE WHEN regexp_full_match(s, '\s*[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?[dDfF]?\s*')
       THEN CAST(rtrim(s, 'dDfF ') AS DOUBLE)
       WHEN s IN ('NaN', 'Infinity', '+Infinity', '-Infinity') THEN CAST(s AS DOUBLE)
       WHEN s IS NOT NULL THEN ts_cast_error(s, 'DOUBLE') END;
CREATE OR REPLACE MACRO ts_clock(s) AS
  CASE WHEN s = '' THEN '0:0:0' WHEN s LIKE '%:%:%' THEN s ELSE s || ':0' END;
CREATE OR REPLACE MACRO ts_to_timestamp(s) AS
  CASE WHEN regexp_full_match(s, '\s*<day>(?: <clock>(?:<zone>)?)?\s*')
       THEN epoch_ns(CAST(regexp_extract(s, '<day>') || ' '
                          || ts_clock(regexp_extract(s, ' (<clock>)', 1)) AS TIMESTAMP_NS))
            - ts_offset(trim(regexp_extract(s, ' <clock>(<zone>)\s*$', 1)))
       WHEN s IS NOT NULL THEN ts_cast_error(s, 'TIMESTAMP') END;
CREATE OR REPLACE MACRO ts_to_date(s) AS
  CASE WHEN regexp_full_match(s, '\s*\d{4,}-\d{1,2}-\d{1,2}\s*') THEN CAST(s AS DATE)
       WHEN s IS NOT NULL THEN ts_cast_error(s, 'DATE') END;
CREATE OR REPLACE MACRO ts_to_time(s) AS
  CASE WHEN regexp_full_match(s, '\d{1,2}:\d\d(:\d\d(\.\d{1,9})?)?')
       THEN ts_floor_mod(ts_to_timestamp('1970-01-01 ' || s), 86400000000000)
       WHEN s IS NOT NULL THEN ts_cast_error(s, 'TIME') END;
CREATE OR REPLACE MACRO ts_timestamp_text(t) AS
  strftime(make_timestamp_ns(t), '%Y-%m-%d %H:%M:%S.%n');
CREATE OR REPLACE MACRO ts_time_text(t) AS strftime(make_timestamp_ns(t), '%H:%M:%S.%n');
CREATE OR REPLACE MACRO ts_interval_text(i) AS
  CASE WHEN i < 0 THEN '-' ELSE '' END || divide(abs(i), 86400000000000) || ' '
  || ts_time_text(abs(i) % 86400000000000);
CREATE OR REPLACE MACRO ts_months_text(i) AS
  CASE WHEN i < 0 THEN '-' ELSE '' END || divide(abs(i), 12) || '-' || (abs(i) % 12);
-- a double as Java writes it: 0.5, 1.0E10, 1.0E-5, NaN, Infinity
CREATE OR REPLACE MACRO ts_scientific(plain, power) AS
  plain[1] || '.' || coalesce(nullif(rtrim(plain[2:], '0'), ''), '0') || 'E' || power;
CREATE OR REPLACE MACRO ts_plain_digits(s) AS
  ltrim(replace(split_part(s, 'e', 1), '.', ''), '0');
CREATE OR REPLACE MACRO ts_power(s) AS
  CASE WHEN contains(s, 'e')
       THEN CAST(split_part(s, 'e', 2) AS INTEGER)
            + length(split_part(split_part(s, 'e', 1), '.', 1)) - 1
       WHEN s LIKE '0.%'
       THEN -(length(split_part(s, '.', 2)) - length(ltrim(split_part(s, '.', 2), '0')) + 1)
       ELSE length(split_part(s, '.', 1)) - 1 END;
CREATE OR REPLACE MACRO ts_double_text(x) AS
  CASE WHEN isnan(x) THEN 'NaN'
       WHEN isinf(x) THEN CASE WHEN x > 0 THEN 'Infinity' ELSE '-Infinity' END
       WHEN x = 0 OR (abs(x) >= 1e-3 AND abs(x) < 1e7) THEN CAST(x AS VARCHAR)
       ELSE CASE WHEN x < 0 THEN '-' ELSE '' END
            || ts_scientific(ts_plain_digits(CAST(abs(x) AS VARCHAR)),
                             ts_power(CAST(abs(x) AS VARCHAR))) END;
"""

MACROS = _SCRIPT.replace("<day>", _DAY).replace("<clock>", _CLOCK).replace("<zone>", _ZONE)
