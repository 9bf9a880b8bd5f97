"""Arithmetic, date and time, string and array operators."""

from timestream_local.overloads import Family, Overload

_NUMBERS = ("integer", "bigint", "double")
_DAY, _MONTH = "interval day to second", "interval year to month"

RULES = (
    *(Overload(op, f"{t}, {t} -> {t}", f"({{0}} {op} {{1}})") for op in "+-*%" for t in _NUMBERS),
    *(Overload("/", f"{t}, {t} -> {t}", "divide({0}, {1})") for t in ("integer", "bigint")),
    Overload("/", "double, double -> double", "({0} / {1})"),
    *(Overload("negate", f"{t} -> {t}", "(-{0})") for t in (*_NUMBERS, _DAY, _MONTH)),
    # beside an interval, what has no type yet (NULL, a parameter) is a timestamp
    Overload("+", f"timestamp, {_DAY} -> timestamp", "({0} + {1})"),
    Overload("+", f"{_DAY}, timestamp -> timestamp", "({0} + {1})"),
    Overload("-", f"timestamp, {_DAY} -> timestamp", "({0} - {1})"),
    # The page refuses it; the performance suite of AWS's ODBC driver subtracts LAG(time) from time.
    # https://github.com/awslabs/amazon-timestream-odbc-driver/tree/main/performance
    Overload("-", f"timestamp, timestamp -> {_DAY}", "({0} - {1})"),
    Overload("+", f"timestamp, {_MONTH} -> timestamp", "ts_add_months({0}, {1})"),
    Overload("+", f"{_MONTH}, timestamp -> timestamp", "ts_add_months({1}, {0})"),
    Overload("-", f"timestamp, {_MONTH} -> timestamp", "ts_add_months({0}, -({1}))"),
    *(
        Overload(op, f"{t}, {t} -> {t}", f"({{0}} {op} {{1}})")
        for op in "+-"
        for t in (_DAY, _MONTH)
    ),
    Overload("+", f"date, {_DAY} -> date", "ts_date_add_days({0}, {1})"),
    Overload("+", f"{_DAY}, date -> date", "ts_date_add_days({1}, {0})"),
    Overload("-", f"date, {_DAY} -> date", "ts_date_add_days({0}, -({1}))"),
    Overload("+", f"date, {_MONTH} -> date", "ts_date_add_months({0}, {1})"),
    Overload("+", f"{_MONTH}, date -> date", "ts_date_add_months({1}, {0})"),
    Overload("-", f"date, {_MONTH} -> date", "ts_date_add_months({0}, -({1}))"),
    Overload("+", f"time, {_DAY} -> time", "ts_floor_mod({0} + {1}, 86400000000000)"),
    Overload("+", f"{_DAY}, time -> time", "ts_floor_mod({1} + {0}, 86400000000000)"),
    Overload("-", f"time, {_DAY} -> time", "ts_floor_mod({0} - {1}, 86400000000000)"),
    Overload("||", "varchar, varchar -> varchar", "({0} || {1})"),
    Overload("||", "array(T), array(T) -> array(T)", "ts_array_concat([{*}])"),
    Overload("||", "array(T), T -> array(T)", "ts_array_concat([{0}, [{1}]])"),
    Overload("||", "T, array(T) -> array(T)", "ts_array_concat([[{0}], {1}])"),
    Overload("LIKE", "varchar, varchar -> boolean", "({0} LIKE {1})"),
    Overload("LIKE", "varchar, varchar, varchar -> boolean", "({0} LIKE {1} ESCAPE {2})"),
    Overload("[]", "array(T), bigint -> T", "ts_subscript({0}, {1})"),
)

MACROS = r"""
CREATE OR REPLACE MACRO ts_floor_mod(a, b) AS ((a % b) + b) % b;
CREATE OR REPLACE MACRO ts_floor_div(a, b) AS divide(a - ((a % b) + b) % b, b);
CREATE OR REPLACE MACRO ts_utc(t) AS make_timestamp(ts_floor_div(t, 1000));
CREATE OR REPLACE MACRO ts_add_months(t, n) AS
  epoch_ns(ts_utc(t) + to_months(CAST(n AS INTEGER))) + ts_floor_mod(t, 1000);
CREATE OR REPLACE MACRO ts_date_add_days(d, n) AS
  CASE WHEN n % 86400000000000 <> 0
       THEN ts_error('Cannot add hour, minutes or seconds to a date')
       ELSE d + CAST(divide(n, 86400000000000) AS INTEGER) END;
CREATE OR REPLACE MACRO ts_date_add_months(d, n) AS CAST(d + to_months(CAST(n AS INTEGER)) AS DATE);
CREATE OR REPLACE MACRO ts_array_concat(a) AS
  CASE WHEN len(list_filter(a, lambda x: x IS NULL)) > 0 THEN NULL ELSE flatten(a) END;
CREATE OR REPLACE MACRO ts_subscript(a, i) AS
  CASE WHEN i = 0 THEN ts_error('SQL array indices start at 1')
       WHEN i < 0 THEN ts_error('Array subscript is negative: ' || i)
       WHEN i > len(a) THEN ts_error('Array subscript must be less than or equal to array length: '
                                  || i || ' > ' || len(a))
       ELSE a[i] END;
"""

FAMILY = Family(
    "Operators",
    "mathematical-operators",
    ("+", "-", "*", "/", "%", "||", "[]", "LIKE"),
    RULES,
    MACROS,
    notes={
        "/": "integer division truncates",
        "-": "the page does not subtract timestamps; a test suite of AWS's does",
        "LIKE": "with ESCAPE; shown in the documentation's samples and SHOW statements",
    },
)
