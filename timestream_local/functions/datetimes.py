"""Date and time functions."""

import re

from timestream_local.overloads import Family, Overload, words

_DAY, _MONTH = "interval day to second", "interval year to month"
_UNITS = ("second", "minute", "hour", "day", "week", "month", "quarter", "year")


def unit(text: str) -> str:
    """Return a unit of date_trunc, date_add and date_diff; raises ValueError."""
    if text.lower() not in _UNITS:
        raise ValueError(f"'{text}' is not a valid unit; it is one of {', '.join(_UNITS)}")
    return text.lower()


# MySQL's specifiers, as Trino takes them, and DuckDB's.
# https://trino.io/docs/current/functions/datetime.html#mysql-date-functions
_MYSQL = {
    "a": "%a",
    "b": "%b",
    "c": "%-m",
    "d": "%d",
    "e": "%-d",
    "f": "%f",
    "H": "%H",
    "h": "%I",
    "I": "%I",
    "i": "%M",
    "j": "%j",
    "k": "%-H",
    "l": "%-I",
    "M": "%B",
    "m": "%m",
    "p": "%p",
    "r": "%I:%M:%S %p",
    "S": "%S",
    "s": "%S",
    "T": "%H:%M:%S",
    "v": "%V",
    "W": "%A",
    "x": "%G",
    "Y": "%Y",
    "y": "%y",
    "%": "%%",
}


def mysql_format(text: str) -> str:
    """Return date_format's and date_parse's pattern for DuckDB; raises ValueError."""

    def specifier(match: re.Match[str]) -> str:
        letter = match[1]
        if letter in "DUuVwX":
            raise ValueError(f"the date format specifier %{letter} is not supported")
        return _MYSQL.get(letter, letter)

    return re.sub(r"%(.)", specifier, text)


# Joda's pattern letters: (letter, least count) to DuckDB's specifier, longest first.
# https://www.joda.org/joda-time/apidocs/org/joda/time/format/DateTimeFormat.html
_JODA = (
    ("y", 3, "%Y"),
    ("y", 2, "%y"),
    ("y", 1, "%Y"),
    ("Y", 1, "%Y"),
    ("u", 1, "%Y"),
    ("x", 1, "%G"),
    ("M", 4, "%B"),
    ("M", 3, "%b"),
    ("M", 2, "%m"),
    ("M", 1, "%-m"),
    ("L", 4, "%B"),
    ("L", 3, "%b"),
    ("L", 2, "%m"),
    ("L", 1, "%-m"),
    ("d", 2, "%d"),
    ("d", 1, "%-d"),
    ("D", 3, "%j"),
    ("D", 1, "%-j"),
    ("w", 2, "%V"),
    ("e", 1, "%u"),
    ("E", 4, "%A"),
    ("E", 1, "%a"),
    ("a", 1, "%p"),
    ("H", 2, "%H"),
    ("H", 1, "%-H"),
    ("h", 2, "%I"),
    ("h", 1, "%-I"),
    ("m", 2, "%M"),
    ("m", 1, "%-M"),
    ("s", 2, "%S"),
    ("s", 1, "%-S"),
    ("S", 9, "%n"),
    ("S", 6, "%f"),
    ("S", 3, "%g"),
)


def joda_format(text: str) -> str:
    """Return format_datetime's pattern for DuckDB; raises ValueError."""
    out = []
    for match in re.finditer(r"''|'((?:[^']|'')*)'|([A-Za-z])\2*|[^A-Za-z']+", text):
        run, quoted, letter = match[0], match[1], match[2]
        if run == "''":
            out.append("'")
        elif quoted is not None:
            out.append(quoted.replace("''", "'").replace("%", "%%"))
        elif letter is None:
            out.append(run.replace("%", "%%"))
        elif letter in "zZ":
            out.append("UTC" if letter == "z" else "+00:00" if len(run) == 2 else "+0000")
        else:
            out.append(_joda_run(letter, len(run), text))
    if any("%n" in part for part in out[:-1]):
        raise ValueError(f"nine S in '{text}' are supported at its end only")
    return "".join(out)


def _joda_run(letter: str, count: int, text: str) -> str:
    for known, least, specifier in _JODA:
        if known == letter and count >= least and not (letter == "S" and count != least):
            return specifier
    raise ValueError(f"the pattern letters '{letter * count}' in '{text}' are not supported")


def joda_parse(text: str) -> str:
    """Return parse_datetime's pattern: a zone, if any, is cut off the text and read apart."""
    zone = re.search(r"\s*[zZ]+$", text)
    body = text[: zone.start()] if zone else text
    return joda_format(body)


# EXTRACT(field FROM x) is the function of that name.
EXTRACT = {
    name: name
    for name in words(
        "year quarter month week day day_of_month day_of_week dow day_of_year doy "
        "year_of_week yow hour minute second"
    )
}


def _field(names: str, template: str) -> tuple[Overload, ...]:
    """Return the rules of a field of a timestamp; a date becomes a timestamp by itself."""
    return tuple(Overload(n, "timestamp -> bigint", template) for n in names.split())


def _clock(name: str, size: int, wrap: int) -> tuple[Overload, ...]:
    """Return the rules of a field of the clock: `size` nanoseconds, counted up to `wrap`."""
    sql = f"(ts_floor_div({{0}}, {size}) % {wrap})" if size > 1 else f"({{0}} % {wrap})"
    floor = f"ts_floor_mod(ts_floor_div({{0}}, {size}), {wrap})"
    return (
        Overload(name, "timestamp -> bigint", floor),
        Overload(name, "time -> bigint", sql),
        Overload(name, f"{_DAY} -> bigint", f"(divide({{0}}, {size}) % {wrap})"),
    )


_SECOND, _HOUR, _WHOLE_DAY = 1_000_000_000, 3_600_000_000_000, 86_400_000_000_000

RULES = (
    # general and conversion
    Overload("current_date", "-> date", "ts_date({now})"),
    Overload("current_time", "-> time", f"ts_floor_mod({{now}}, {_WHOLE_DAY})"),
    Overload("localtime", "-> time", f"ts_floor_mod({{now}}, {_WHOLE_DAY})"),
    *(
        Overload(name, "-> timestamp", "{now}")
        for name in ("now", "current_timestamp", "localtimestamp")
    ),
    Overload("current_timezone", "-> varchar", "'UTC'"),
    Overload("date", "timestamp -> date", "ts_date({0})"),
    Overload("date", "date -> date", "{0}"),
    Overload("date", "varchar -> date", "ts_to_date({0})"),
    Overload("last_day_of_month", "timestamp -> date", "last_day(ts_utc({0}))"),
    Overload("from_iso8601_timestamp", "varchar -> timestamp", "ts_from_iso({0})"),
    Overload("from_iso8601_date", "varchar -> date", "ts_to_date({0})"),
    Overload("to_iso8601", "timestamp -> varchar", "ts_to_iso({0})"),
    Overload("to_iso8601", "date -> varchar", "CAST({0} AS VARCHAR)"),
    Overload("from_milliseconds", "bigint -> timestamp", "({0} * 1000000)"),
    Overload("from_nanoseconds", "bigint -> timestamp", "{0}"),
    Overload("from_unixtime", "double -> timestamp", "(CAST(round({0} * 1e6) AS BIGINT) * 1000)"),
    Overload("to_milliseconds", "timestamp -> bigint", "ts_floor_div({0}, 1000000)"),
    Overload("to_milliseconds", f"{_DAY} -> bigint", "divide({0}, 1000000)"),
    Overload("to_nanoseconds", "timestamp -> bigint", "{0}"),
    Overload("to_nanoseconds", f"{_DAY} -> bigint", "{0}"),
    Overload("to_unixtime", "timestamp -> double", "({0} / 1e9)"),
    Overload(
        "date_trunc",
        "varchar, timestamp -> timestamp",
        "ts_date_trunc({0}, {1})",
        constant={0: unit},
    ),
    # interval and duration
    Overload(
        "date_add",
        "varchar, bigint, timestamp -> timestamp",
        "ts_date_add({0}, {1}, {2})",
        constant={0: unit},
    ),
    Overload(
        "date_add",
        "varchar, bigint, date -> date",
        "ts_add_to_date({0}, {1}, {2})",
        constant={0: unit},
    ),
    Overload(
        "date_add",
        "varchar, bigint, time -> time",
        f"ts_floor_mod({{2}} + ts_clock_unit({{0}}) * {{1}}, {_WHOLE_DAY})",
        constant={0: unit},
    ),
    Overload(
        "date_diff",
        "varchar, timestamp, timestamp -> bigint",
        "ts_date_diff({0}, {1}, {2})",
        constant={0: unit},
    ),
    Overload(
        "date_diff",
        "varchar, time, time -> bigint",
        "divide({2} - {1}, ts_clock_unit({0}))",
        constant={0: unit},
    ),
    Overload("parse_duration", f"varchar -> {_DAY}", "ts_parse_duration({0})"),
    Overload("bin", f"timestamp, {_DAY} -> timestamp", "ts_bin({0}, {1})"),
    Overload("ago", f"{_DAY} -> timestamp", "({now} - {0})"),
    Overload("ago", f"{_MONTH} -> timestamp", "ts_add_months({now}, -({0}))"),
    # formatting and parsing
    Overload(
        "date_format",
        "timestamp, varchar -> varchar",
        "strftime(ts_utc({0}), {1})",
        constant={1: mysql_format},
    ),
    Overload(
        "date_parse",
        "varchar, varchar -> timestamp",
        "epoch_ns(strptime({0}, {1}))",
        constant={1: mysql_format},
    ),
    Overload(
        "format_datetime",
        "timestamp, varchar -> varchar",
        "strftime(make_timestamp_ns({0}), {1})",
        constant={1: joda_format},
    ),
    Overload(
        "parse_datetime",
        "varchar, varchar -> timestamp",
        "ts_parse_datetime({0}, {1})",
        constant={1: joda_parse},
    ),
    # extraction
    *_field("year", "year(ts_utc({0}))"),
    *_field("quarter", "quarter(ts_utc({0}))"),
    *_field("month", "month(ts_utc({0}))"),
    *_field("week week_of_year", "week(ts_utc({0}))"),
    *_field("day day_of_month", "day(ts_utc({0}))"),
    *_field("day_of_week dow", "isodow(ts_utc({0}))"),
    *_field("day_of_year doy", "dayofyear(ts_utc({0}))"),
    *_field("year_of_week yow", "isoyear(ts_utc({0}))"),
    *(
        Overload(name, f"{_DAY} -> bigint", f"divide({{0}}, {_WHOLE_DAY})")
        for name in ("day", "day_of_month")
    ),
    Overload("year", f"{_MONTH} -> bigint", "CAST(divide({0}, 12) AS BIGINT)"),
    Overload("month", f"{_MONTH} -> bigint", "CAST({0} % 12 AS BIGINT)"),
    *_clock("hour", _HOUR, 24),
    *_clock("minute", 60 * _SECOND, 60),
    *_clock("second", _SECOND, 60),
    *_clock("millisecond", 1_000_000, 1_000),
    *_clock("nanosecond", 1, _SECOND),
)

MACROS = r"""
-- division truncates toward zero; this is quicker to plan and to run than a CASE
CREATE OR REPLACE MACRO ts_bin(t, n) AS (t // n - CAST(t % n < 0 AS BIGINT)) * n;
CREATE OR REPLACE MACRO ts_date(t) AS CAST(ts_utc(t) AS DATE);
CREATE OR REPLACE MACRO ts_date_trunc(unit, t) AS
  CASE unit WHEN 'second' THEN ts_bin(t, 1000000000)
            WHEN 'minute' THEN ts_bin(t, 60000000000)
            WHEN 'hour' THEN ts_bin(t, 3600000000000)
            WHEN 'day' THEN ts_bin(t, 86400000000000)
            ELSE epoch_ns(CAST(date_trunc(unit, ts_utc(t)) AS TIMESTAMP)) END;
CREATE OR REPLACE MACRO ts_clock_unit(unit) AS
  CASE unit WHEN 'second' THEN 1000000000 WHEN 'minute' THEN 60000000000
            WHEN 'hour' THEN 3600000000000
            ELSE ts_error('''' || unit || ''' is not a valid unit of a time') END;
CREATE OR REPLACE MACRO ts_unit_months(unit) AS
  CASE unit WHEN 'month' THEN 1 WHEN 'quarter' THEN 3 WHEN 'year' THEN 12 END;
CREATE OR REPLACE MACRO ts_unit_size(unit) AS
  CASE unit WHEN 'second' THEN 1000000000 WHEN 'minute' THEN 60000000000
            WHEN 'hour' THEN 3600000000000 WHEN 'day' THEN 86400000000000
            WHEN 'week' THEN 604800000000000 END;
CREATE OR REPLACE MACRO ts_date_add(unit, n, t) AS
  CASE WHEN ts_unit_size(unit) IS NOT NULL THEN t + n * ts_unit_size(unit)
       ELSE ts_add_months(t, n * ts_unit_months(unit)) END;
CREATE OR REPLACE MACRO ts_add_to_date(unit, n, d) AS
  CASE WHEN unit IN ('second', 'minute', 'hour')
       THEN ts_error('''' || unit || ''' is not a valid DATE field')
       WHEN unit IN ('day', 'week')
       THEN d + CAST(n * CASE unit WHEN 'week' THEN 7 ELSE 1 END AS INTEGER)
       ELSE ts_date_add_months(d, n * ts_unit_months(unit)) END;
CREATE OR REPLACE MACRO ts_date_diff(unit, a, b) AS
  CASE WHEN ts_unit_size(unit) IS NOT NULL THEN divide(b - a, ts_unit_size(unit))
       ELSE date_sub(unit, ts_utc(a), ts_utc(b)) END;
CREATE OR REPLACE MACRO ts_parse_duration(s) AS
  CASE WHEN NOT regexp_full_match(s, '\s*\d+(\.\d+)?\s*(ns|us|ms|s|m|h|d'
              '|nanosecond|microsecond|millisecond|second|minute|hour|day)\s*')
       THEN ts_error('duration is not a valid data duration string: ' || s)
       ELSE CAST(round(CAST(regexp_extract(s, '[0-9.]+') AS DECIMAL(38, 9))
         * CASE regexp_extract(s, '[a-z]+')
             WHEN 'ns' THEN 1 WHEN 'nanosecond' THEN 1
             WHEN 'us' THEN 1000 WHEN 'microsecond' THEN 1000
             WHEN 'ms' THEN 1000000 WHEN 'millisecond' THEN 1000000
             WHEN 's' THEN 1000000000 WHEN 'second' THEN 1000000000
             WHEN 'm' THEN 60000000000 WHEN 'minute' THEN 60000000000
             WHEN 'h' THEN 3600000000000 WHEN 'hour' THEN 3600000000000
             ELSE 86400000000000 END) AS BIGINT) END;
CREATE OR REPLACE MACRO ts_offset(z) AS
  CASE WHEN z IN ('', 'Z', 'UTC', 'GMT', 'z') THEN 0
       WHEN z IN ('EST', 'CDT') THEN -18000 WHEN z = 'EDT' THEN -14400
       WHEN z IN ('CST', 'MDT') THEN -21600 WHEN z IN ('MST', 'PDT') THEN -25200
       WHEN z = 'PST' THEN -28800
       WHEN regexp_full_match(z, '[+-]\d\d(:?\d\d)?')
       THEN CASE z[1] WHEN '-' THEN -1 ELSE 1 END
            * (CAST(z[2:3] AS INTEGER) * 3600
               + CAST(coalesce(nullif(replace(z[4:], ':', ''), ''), '0') AS INTEGER) * 60)
       ELSE ts_error('Invalid time zone: ' || z) END * CAST(1000000000 AS BIGINT);
CREATE OR REPLACE MACRO ts_from_iso(s) AS
  CASE WHEN NOT regexp_full_match(s, '\d{4}-\d\d-\d\d(T\d\d(:\d\d(:\d\d([.,]\d{1,9})?)?)?'
              '(Z|[+-]\d\d(:?\d\d)?)?)?')
       THEN ts_error('Invalid format: "' || s || '"')
       ELSE epoch_ns(CAST(
              regexp_extract(s, '^\d{4}-\d\d-\d\d') || ' '
              || coalesce(nullif(regexp_extract(s, 'T(\d\d)', 1), ''), '00') || ':'
              || coalesce(nullif(regexp_extract(s, 'T\d\d:(\d\d)', 1), ''), '00') || ':'
              || coalesce(nullif(replace(
                   regexp_extract(s, 'T\d\d:\d\d:([0-9.,]+)', 1), ',', '.'), ''), '00')
              AS TIMESTAMP_NS)) - ts_offset(regexp_extract(s, 'T.*?(Z|[+-][0-9:]+)$', 1)) END;
CREATE OR REPLACE MACRO ts_to_iso(t) AS
  strftime(make_timestamp_ns(t), '%Y-%m-%dT%H:%M:%S.%n') || 'Z';
CREATE OR REPLACE MACRO ts_parse_datetime(s, f) AS
  epoch_ns(strptime(regexp_replace(s, '\s*(Z|[A-Z]{3}|[+-]\d\d:?\d\d)$', ''), f))
  - ts_offset(regexp_extract(s, '(Z|[A-Z]{3}|[+-]\d\d:?\d\d)$', 1));
"""

FAMILY = Family(
    "Date / time functions",
    "date-time-functions",
    words(
        "current_date current_time current_timestamp now current_timezone date last_day_of_month "
        "from_iso8601_timestamp from_iso8601_date to_iso8601 from_milliseconds from_nanoseconds "
        "from_unixtime localtime localtimestamp to_milliseconds to_nanoseconds to_unixtime "
        "date_trunc date_add date_diff parse_duration bin ago date_format date_parse "
        "format_datetime parse_datetime extract day day_of_month day_of_week day_of_year dow doy "
        "hour millisecond minute month nanosecond quarter second week week_of_year year "
        "year_of_week yow"
    ),
    RULES,
    MACROS,
    notes={
        "extract": "a syntax: `extract(field FROM x)`",
        "date_format": "the format must be a literal",
        "date_parse": "the format must be a literal",
        "format_datetime": "the format must be a literal",
        "parse_datetime": "the format must be a literal; zones by offset, UTC, GMT, US short names",
    },
)
