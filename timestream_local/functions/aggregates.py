"""Aggregate functions."""

from timestream_local.overloads import Family, Overload, words

A = "aggregate"
_BY_TYPE = ("integer", "bigint", "double")


def _double(name: str, duck: str, arguments: int = 1) -> Overload:
    """Return the rule of a statistic of doubles."""
    inner = ", ".join(f"{{{i}}}" for i in range(arguments))
    return Overload(
        name, f"{', '.join(['double'] * arguments)} -> double", f"{duck}({inner}){{over}}", A
    )


def error_bound(text: str) -> str:
    """Check approx_distinct's standard error; raises ValueError."""
    if not 0.0040625 <= float(text) <= 0.26:
        raise ValueError(f"Standard error must be between 0.0040625 and 0.26: {text}")
    return text


def fraction(text: str) -> str:
    """Check approx_percentile's percentage; raises ValueError."""
    if not 0 <= float(text) <= 1:
        raise ValueError(f"Percentile must be between 0 and 1: {text}")
    return text


_WEIGHTED = (
    "list(struct_pack(x := {0}, w := {1}) ORDER BY {0}) "
    "FILTER ({0} IS NOT NULL AND {1} IS NOT NULL){over}"
)

RULES = (
    Overload("arbitrary", "T -> T", "any_value({0}){over}", A),
    Overload("array_agg", "T -> array(T)", "list({distinct}{0}{order}){over}", A),
    Overload("avg", "double -> double", "avg({distinct}{0}){over}", A),
    *(
        Overload(name, "boolean -> boolean", f"{duck}({{0}}){{over}}", A)
        for name, duck in (("bool_and", "bool_and"), ("every", "bool_and"), ("bool_or", "bool_or"))
    ),
    Overload("count", "-> bigint", "count(*){over}", A),
    Overload("count", "T -> bigint", "count({distinct}{0}){over}", A),
    Overload(
        "count_if", "boolean -> bigint", "coalesce(CAST(count_if({0}){over} AS BIGINT), 0)", A
    ),
    Overload("geometric_mean", "double -> double", "geomean({0}){over}", A),
    *(
        rule
        for name, duck in (("max_by", "arg_max"), ("min_by", "arg_min"))
        for rule in (
            Overload(name, "T, U -> T", f"{duck}_null({{0}}, {{1}}){{over}}", A),
            Overload(name, "T, U, bigint -> array(T)", f"{duck}({{0}}, {{1}}, {{2}})", A),
        )
    ),
    *(
        rule
        for name in ("max", "min")
        for rule in (
            Overload(name, "T -> T", f"{name}({{distinct}}{{0}}){{over}}", A),
            Overload(name, "T, bigint -> array(T)", f"{name}({{0}}, {{1}})", A),
        )
    ),
    Overload("sum", "bigint -> bigint", "CAST(sum({distinct}{0}){over} AS BIGINT)", A),
    Overload("sum", "double -> double", "sum({distinct}{0}){over}", A),
    *(
        Overload("sum", f"interval {t} -> interval {t}", f"CAST(sum({{0}}){{over}} AS {duck})", A)
        for t, duck in (("day to second", "BIGINT"), ("year to month", "INTEGER"))
    ),
    Overload("bitwise_and_agg", "bigint -> bigint", "bit_and({0}){over}", A),
    Overload("bitwise_or_agg", "bigint -> bigint", "bit_or({0}){over}", A),
    Overload("approx_distinct", "T -> bigint", "approx_count_distinct({0}){over}", A),
    Overload(
        "approx_distinct",
        "T, double -> bigint",
        "approx_count_distinct({0}){over}",
        A,
        constant={1: error_bound},
    ),
    *(
        rule
        for t in _BY_TYPE
        for rule in (
            Overload(
                "approx_percentile",
                f"{t}, double -> {t}",
                "quantile_disc({0}, {1}){over}",
                A,
                convert={1: fraction},
                listed=1,
            ),
            Overload(
                "approx_percentile",
                f"{t}, array(double) -> array({t})",
                "quantile_disc({0}, {1}){over}",
                A,
            ),
            Overload(
                "approx_percentile",
                f"{t}, bigint, double -> {t}",
                f"ts_weighted({_WEIGHTED}, {{2}})",
                A,
                convert={2: fraction},
            ),
            Overload(
                "approx_percentile",
                f"{t}, bigint, array(double) -> array({t})",
                f"ts_weighted_all({_WEIGHTED}, {{2}})",
                A,
            ),
            Overload(
                "approx_percentile",
                f"{t}, bigint, double, double -> {t}",
                f"ts_weighted({_WEIGHTED}, {{2}})",
                A,
                convert={2: fraction, 3: fraction},
            ),
        )
    ),
    _double("corr", "corr", 2),
    _double("covar_pop", "covar_pop", 2),
    _double("covar_samp", "covar_samp", 2),
    _double("regr_intercept", "regr_intercept", 2),
    _double("regr_slope", "regr_slope", 2),
    # DuckDB's skewness is corrected for the sample, Trino's is not
    Overload(
        "skewness",
        "double -> double",
        "(skewness({0}){over} * (count({0}){over} - 2) "
        "/ sqrt(count({0}){over} * (count({0}){over} - 1.0e0)))",
        A,
    ),
    _double("stddev_pop", "stddev_pop"),
    _double("stddev_samp", "stddev_samp"),
    _double("stddev", "stddev_samp"),
    _double("var_pop", "var_pop"),
    _double("var_samp", "var_samp"),
    _double("variance", "var_samp"),
)

MACROS = r"""
CREATE OR REPLACE MACRO ts_weighted(a, p) AS
  list_reduce(a, lambda s, e: CASE
      WHEN s.x IS NOT NULL THEN s
      WHEN e.w < 1 THEN ts_error('percentile weight must be > 0')
      WHEN s.w + e.w >= p * list_sum(list_transform(a, lambda i: i.w))
      THEN struct_pack(x := e.x, w := s.w)
      ELSE struct_pack(x := NULL, w := s.w + e.w) END,
    struct_pack(x := CASE WHEN FALSE THEN a[1].x END, w := CAST(0 AS BIGINT))).x;
CREATE OR REPLACE MACRO ts_weighted_all(a, ps) AS
  CASE WHEN a IS NOT NULL THEN list_transform(ps, lambda p: ts_weighted(a, p)) END;
"""

FAMILY = Family(
    "Aggregate functions",
    "aggregate-functions",
    words(
        "arbitrary array_agg avg bool_and every bool_or count count_if geometric_mean max_by "
        "min_by max min sum bitwise_and_agg bitwise_or_agg approx_distinct approx_percentile corr "
        "covar_pop covar_samp regr_intercept regr_slope skewness stddev_pop stddev_samp stddev "
        "var_pop var_samp variance"
    ),
    RULES,
    MACROS,
    refused=dict.fromkeys(
        words("approx_set histogram map_agg multimap_agg checksum kurtosis listagg any_value"),
        "Trino has it, the Timestream documentation does not",
    ),
    notes={
        "approx_percentile": "exact here: the smallest value with at least that share at or below "
        "it; the service may be off by its rank error",
        "approx_distinct": "HyperLogLog; the error asked for is checked, not used",
    },
)
