"""The functions and operators of Timestream, each a row: name, signature, DuckDB template.

https://docs.aws.amazon.com/timestream/latest/developerguide/reference.html
"""

from collections import defaultdict

from local.timestream.rules import Rule

A, W = "aggregate", "window"

OPERATORS = (
    *(
        Rule(op, f"{t}, {t} -> {t}", f"({{0}} {op} {{1}})")
        for op in "+-*"
        for t in ("integer", "bigint", "double")
    ),
    *(Rule("/", f"{t}, {t} -> {t}", "divide({0}, {1})") for t in ("integer", "bigint")),
    Rule("/", "double, double -> double", "({0} / {1})"),
    *(Rule("%", f"{t}, {t} -> {t}", "({0} % {1})") for t in ("integer", "bigint")),
    Rule("%", "double, double -> double", "({0} % {1})"),
    *(Rule("negate", f"{t} -> {t}", "(-{0})") for t in ("integer", "bigint", "double")),
    *(
        Rule("negate", f"{t} -> {t}", "(-{0})")
        for t in ("interval day to second", "interval year to month")
    ),
    # date and time: https://docs.aws.amazon.com/timestream/latest/developerguide/date-time-operators.html
    Rule("+", "timestamp, interval day to second -> timestamp", "({0} + {1})"),
    Rule("+", "interval day to second, timestamp -> timestamp", "({0} + {1})"),
    Rule("-", "timestamp, interval day to second -> timestamp", "({0} - {1})"),
    Rule("+", "timestamp, interval year to month -> timestamp", "ts_add_months({0}, {1})"),
    Rule("+", "interval year to month, timestamp -> timestamp", "ts_add_months({1}, {0})"),
    Rule("-", "timestamp, interval year to month -> timestamp", "ts_add_months({0}, -{1})"),
    Rule("+", "date, interval day to second -> date", "ts_date_add_ns({0}, {1})"),
    Rule("+", "interval day to second, date -> date", "ts_date_add_ns({1}, {0})"),
    Rule("-", "date, interval day to second -> date", "ts_date_add_ns({0}, -{1})"),
    Rule("+", "date, interval year to month -> date", "ts_date_add_months({0}, {1})"),
    Rule("+", "interval year to month, date -> date", "ts_date_add_months({1}, {0})"),
    Rule("-", "date, interval year to month -> date", "ts_date_add_months({0}, -{1})"),
    Rule("+", "time, interval day to second -> time", "ts_time_add({0}, {1})"),
    Rule("+", "interval day to second, time -> time", "ts_time_add({1}, {0})"),
    Rule("-", "time, interval day to second -> time", "ts_time_add({0}, -{1})"),
    *(
        Rule(op, f"{t}, {t} -> {t}", f"({{0}} {op} {{1}})")
        for op in "+-"
        for t in ("interval day to second", "interval year to month")
    ),
    Rule("*", "interval day to second, bigint -> interval day to second", "({0} * {1})"),
    Rule("*", "bigint, interval day to second -> interval day to second", "({0} * {1})"),
    Rule("/", "interval day to second, bigint -> interval day to second", "divide({0}, {1})"),
    Rule("*", "interval year to month, integer -> interval year to month", "({0} * {1})"),
    Rule("*", "integer, interval year to month -> interval year to month", "({0} * {1})"),
    # strings and arrays
    Rule("||", "varchar, varchar -> varchar", "({0} || {1})"),
    Rule("||", "array(T), array(T) -> array(T)", "ts_concat({0}, {1})"),
    Rule("||", "array(T), T -> array(T)", "list_append({0}, {1})"),
    Rule("||", "T, array(T) -> array(T)", "list_prepend({0}, {1})"),
    Rule("LIKE", "varchar, varchar -> boolean", "({0} LIKE {1})"),
    Rule("LIKE", "varchar, varchar, varchar -> boolean", "({0} LIKE {1} ESCAPE {2})"),
    Rule("[]", "array(T), bigint -> T", "ts_subscript({0}, {1})"),
)

DATE_TIME = (
    Rule("now", "timestamp", "{now}"),
    Rule("current_timestamp", "timestamp", "{now}"),
    Rule("ago", "interval day to second -> timestamp", "({now} - {0})"),
    Rule("ago", "interval year to month -> timestamp", "ts_add_months({now}, -{0})"),
    Rule("bin", "timestamp, interval day to second -> timestamp", "ts_bin({0}, {1})"),
    Rule("bin", "timestamp, interval year to month -> timestamp", "ts_bin_months({0}, {1})"),
    Rule("from_milliseconds", "bigint -> timestamp", "({0} * 1000000)"),
    Rule("from_nanoseconds", "bigint -> timestamp", "{0}"),
    Rule("to_milliseconds", "timestamp -> bigint", "ts_floor_div({0}, 1000000)"),
    Rule("to_milliseconds", "interval day to second -> bigint", "divide({0}, 1000000)"),
    Rule("to_nanoseconds", "timestamp -> bigint", "{0}"),
    Rule("to_nanoseconds", "interval day to second -> bigint", "{0}"),
    Rule("to_unixtime", "timestamp -> double", "({0} / 1e9)"),
    Rule("date_trunc", "varchar, timestamp -> timestamp", "ts_date_trunc({0}, {1})"),
    Rule("date_diff", "varchar, timestamp, timestamp -> bigint", "ts_date_diff({0}, {1}, {2})"),
    Rule("date", "timestamp -> date", "ts_date({0})"),
)

AGGREGATES = (
    Rule("count", "bigint", "count(*){over}", A),
    Rule("count", "T -> bigint", "count({distinct}{0}){over}", A),
    Rule("count_if", "boolean -> bigint", "count(CASE WHEN {0} THEN 1 END){over}", A),
    Rule("sum", "bigint -> bigint", "CAST(sum({distinct}{0}){over} AS BIGINT)", A),
    Rule("sum", "double -> double", "sum({distinct}{0}){over}", A),
    Rule("avg", "double -> double", "avg({distinct}{0}){over}", A),
    Rule("min", "T -> T", "min({distinct}{0}){over}", A),
    Rule("max", "T -> T", "max({distinct}{0}){over}", A),
    Rule("max_by", "T, U -> T", "arg_max_null({0}, {1}){over}", A),
    Rule("min_by", "T, U -> T", "arg_min_null({0}, {1}){over}", A),
    Rule("arbitrary", "T -> T", "any_value({0}){over}", A),
    Rule("approx_distinct", "T -> bigint", "approx_count_distinct({0}){over}", A),
    Rule(
        "approx_percentile",
        "bigint, double -> bigint",
        "quantile_disc({0}, {1}){over}",
        A,
    ),
    Rule(
        "approx_percentile",
        "double, double -> double",
        "quantile_disc({0}, {1}){over}",
        A,
    ),
    Rule(
        "approx_percentile",
        "double, array(double) -> array(double)",
        "quantile_disc({0}, {1}){over}",
        A,
    ),
    Rule("stddev", "double -> double", "stddev_samp({0}){over}", A),
    Rule("variance", "double -> double", "var_samp({0}){over}", A),
    Rule(
        "create_time_series",
        "timestamp, T -> timeseries(T)",
        "list(struct_pack(f0 := {0}, f1 := {1}) ORDER BY {0}) FILTER ({0} IS NOT NULL)",
        A,
    ),
    Rule("array_agg", "T -> array(T)", "list({distinct}{0}{order}){over}", A),
)

WINDOW = (
    Rule("row_number", "bigint", "row_number(){over}", W),
    Rule("rank", "bigint", "rank(){over}", W),
    Rule("dense_rank", "bigint", "dense_rank(){over}", W),
    Rule("lag", "T -> T", "lag({0}){over}", W),
    Rule("lag", "T, bigint -> T", "lag({0}, {1}){over}", W),
    Rule("lag", "T, bigint, T -> T", "lag({0}, {1}, {2}){over}", W),
    Rule("lead", "T -> T", "lead({0}){over}", W),
    Rule("lead", "T, bigint -> T", "lead({0}, {1}){over}", W),
    Rule("lead", "T, bigint, T -> T", "lead({0}, {1}, {2}){over}", W),
    Rule("first_value", "T -> T", "first_value({0}){over}", W),
    Rule("last_value", "T -> T", "last_value({0}){over}", W),
)

CONDITIONAL = (
    Rule("if", "boolean, T -> T", "(CASE WHEN {0} THEN {1} END)"),
    Rule("if", "boolean, T, T -> T", "(CASE WHEN {0} THEN {1} ELSE {2} END)"),
    Rule("coalesce", "T, T... -> T", "coalesce({*})"),
    Rule("nullif", "T, T -> T", "nullif({0}, {1})"),
    Rule("try", "T -> T", "TRY({0})"),
    Rule("greatest", "T, T... -> T", "ts_greatest([{*}])"),
    Rule("least", "T, T... -> T", "ts_least([{*}])"),
)

MATH = (
    *(Rule("abs", f"{t} -> {t}", "abs({0})") for t in ("integer", "bigint", "double")),
    Rule("ceil", "double -> double", "ceil({0})"),
    Rule("floor", "double -> double", "floor({0})"),
    Rule("round", "double -> double", "round({0})"),
    Rule("round", "double, integer -> double", "round({0}, {1})"),
    Rule("sqrt", "double -> double", "sqrt({0})"),
    Rule("power", "double, double -> double", "pow({0}, {1})"),
    Rule("log10", "double -> double", "log10({0})"),
    Rule("ln", "double -> double", "ln({0})"),
)

STRING = (
    Rule("concat", "varchar, varchar... -> varchar", "ts_concat_strings([{*}])"),
    Rule("length", "varchar -> bigint", "length({0})"),
    Rule("lower", "varchar -> varchar", "lower({0})"),
    Rule("upper", "varchar -> varchar", "upper({0})"),
    Rule("substr", "varchar, bigint -> varchar", "substr({0}, {1})"),
    Rule("substr", "varchar, bigint, bigint -> varchar", "substr({0}, {1}, {2})"),
    Rule("split_part", "varchar, varchar, bigint -> varchar", "ts_split_part({0}, {1}, {2})"),
    Rule("split", "varchar, varchar -> array(varchar)", "string_split({0}, {1})"),
    Rule("replace", "varchar, varchar, varchar -> varchar", "replace({0}, {1}, {2})"),
    Rule("strpos", "varchar, varchar -> bigint", "strpos({0}, {1})"),
    Rule("trim", "varchar -> varchar", "trim({0})"),
    Rule("regexp_like", "varchar, varchar -> boolean", "regexp_matches({0}, {1})"),
    Rule("regexp_extract", "varchar, varchar -> varchar", "ts_regexp_extract({0}, {1}, 0)"),
    Rule(
        "regexp_extract",
        "varchar, varchar, bigint -> varchar",
        "ts_regexp_extract({0}, {1}, {2})",
        literal=(2,),
    ),
    Rule(
        "regexp_replace",
        "varchar, varchar, varchar -> varchar",
        "regexp_replace({0}, {1}, {2}, 'g')",
    ),
)

ALL = (*OPERATORS, *DATE_TIME, *AGGREGATES, *WINDOW, *CONDITIONAL, *MATH, *STRING)

RULES: dict[str, list[Rule]] = defaultdict(list)
for _rule in ALL:
    RULES[_rule.name].append(_rule)

# EXTRACT(field FROM x) is the function of that name.
EXTRACT = {
    name: name
    for name in [
        "year",
        "quarter",
        "month",
        "week",
        "day",
        "day_of_month",
        "day_of_week",
        "dow",
        "day_of_year",
        "doy",
        "year_of_week",
        "yow",
        "hour",
        "minute",
        "second",
    ]
}
