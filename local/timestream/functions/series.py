"""Time series views and functions.

What the pages leave open is settled so: an interpolation has a point for each timestamp asked for
that lies within the series (from its first point on, for locf; always, for fill); a derivative has
a point for each point of the series but the first.
"""

from local.timestream.rules import Family, Rule, words

_SERIES = "timeseries(double)"
_DAY = "interval day to second"


RULES = (
    Rule(
        "create_time_series",
        "timestamp, T -> timeseries(T)",
        "CASE WHEN bool_or({1} IS NULL) "
        "THEN ts_error('the value of a time series cannot be null') "
        "ELSE list(struct_pack(f0 := {0}, f1 := {1}) ORDER BY {0}) "
        "FILTER ({0} IS NOT NULL) END",
        "aggregate",
    ),
    *(
        rule
        for name, macro, extra in (
            ("interpolate_linear", "ts_linear", ""),
            ("interpolate_locf", "ts_locf", ""),
            ("interpolate_spline_cubic", "ts_spline", ""),
            ("interpolate_fill", "ts_fill", ", {2}"),
        )
        for rule in (
            Rule(
                name,
                f"{_SERIES}, array(timestamp){', double' if extra else ''} -> {_SERIES}",
                f"{macro}_all({{0}}, {{1}}{extra})",
            ),
            Rule(
                name,
                f"{_SERIES}, timestamp{', double' if extra else ''} -> double",
                f"{macro}({{0}}, {{1}}{extra})",
            ),
        )
    ),
    Rule("derivative_linear", f"{_SERIES}, {_DAY} -> {_SERIES}", "ts_derivative({0}, {1})"),
    Rule(
        "non_negative_derivative_linear",
        f"{_SERIES}, {_DAY} -> {_SERIES}",
        "list_filter(ts_derivative({0}, {1}), lambda p: p.f1 >= 0)",
    ),
    Rule("integral_trapezoidal", f"{_SERIES} -> double", "ts_integral({0}, 1000000000)"),
    Rule("integral_trapezoidal", f"{_SERIES}, {_DAY} -> double", "ts_integral({0}, {1})"),
    Rule(
        "correlate_pearson",
        f"{_SERIES}, {_SERIES} -> double",
        "ts_pearson(ts_paired({0}, {1}), ts_values({1}))",
    ),
    Rule(
        "correlate_spearman",
        f"{_SERIES}, {_SERIES} -> double",
        "ts_pearson(ts_ranks(ts_paired({0}, {1})), ts_ranks(ts_values({1})))",
    ),
    Rule(
        "filter",
        "timeseries(T), function(row(time timestamp, value T), boolean) -> timeseries(T)",
        "list_filter({0}, {1})",
    ),
    Rule(
        "reduce",
        "timeseries(T), S, function(S, row(time timestamp, value T), S), function(S, R) -> R",
        "list_transform([list_reduce({0}, {2}, {1})], {3})[1]",
    ),
)

MACROS = r"""
CREATE OR REPLACE MACRO ts_last_before(s, moment) AS list_filter(s, lambda p: p.f0 <= moment)[-1];
CREATE OR REPLACE MACRO ts_first_after(s, moment) AS list_filter(s, lambda p: p.f0 >= moment)[1];
CREATE OR REPLACE MACRO ts_between(a, b, moment) AS
  CASE WHEN a.f0 = b.f0 THEN a.f1
       ELSE a.f1 + (b.f1 - a.f1) * (CAST(moment - a.f0 AS DOUBLE) / (b.f0 - a.f0)) END;
CREATE OR REPLACE MACRO ts_linear(s, moment) AS
  ts_between(ts_last_before(s, moment), ts_first_after(s, moment), moment);
CREATE OR REPLACE MACRO ts_locf(s, moment) AS ts_last_before(s, moment).f1;
CREATE OR REPLACE MACRO ts_fill(s, moment, x) AS
  coalesce(list_filter(s, lambda p: p.f0 = moment)[1].f1, x);
CREATE OR REPLACE MACRO ts_instants(a) AS list_sort(list_distinct(a));
CREATE OR REPLACE MACRO ts_known(points) AS list_filter(points, lambda p: p.f1 IS NOT NULL);
CREATE OR REPLACE MACRO ts_linear_all(s, a) AS
  ts_known(list_transform(ts_instants(a),
                          lambda moment: struct_pack(f0 := moment, f1 := ts_linear(s, moment))));
CREATE OR REPLACE MACRO ts_locf_all(s, a) AS
  ts_known(list_transform(ts_instants(a),
                          lambda moment: struct_pack(f0 := moment, f1 := ts_locf(s, moment))));
CREATE OR REPLACE MACRO ts_fill_all(s, a, x) AS
  ts_known(list_transform(ts_instants(a),
                          lambda moment: struct_pack(f0 := moment, f1 := ts_fill(s, moment, x))));
CREATE OR REPLACE MACRO ts_values(s) AS list_transform(s, lambda p: p.f1);
CREATE OR REPLACE MACRO ts_pairs(s) AS
  list_transform(range(2, len(s) + 1), lambda i: struct_pack(a := s[i - 1], b := s[i]));
CREATE OR REPLACE MACRO ts_derivative(s, unit) AS
  list_transform(ts_pairs(s), lambda p: struct_pack(
    f0 := p.b.f0, f1 := (p.b.f1 - p.a.f1) / (CAST(p.b.f0 - p.a.f0 AS DOUBLE) / unit)));
CREATE OR REPLACE MACRO ts_integral(s, unit) AS
  CASE WHEN s IS NOT NULL THEN coalesce(list_sum(list_transform(ts_pairs(s), lambda p:
    (p.a.f1 + p.b.f1) / 2 * (CAST(p.b.f0 - p.a.f0 AS DOUBLE) / unit))), 0.0e0) END;
CREATE OR REPLACE MACRO ts_paired(a, b) AS
  CASE WHEN list_transform(a, lambda p: p.f0) = list_transform(b, lambda p: p.f0) THEN ts_values(a)
       ELSE ts_error('the time series must have the same timestamps') END;
CREATE OR REPLACE MACRO ts_centred(v) AS list_transform(v, lambda x: x - list_avg(v));
CREATE OR REPLACE MACRO ts_product(v, w) AS
  list_sum(list_transform(list_zip(v, w), lambda z: z[1] * z[2]));
CREATE OR REPLACE MACRO ts_pearson(v, w) AS
  ts_product(ts_centred(v), ts_centred(w))
  / sqrt(ts_product(ts_centred(v), ts_centred(v)) * ts_product(ts_centred(w), ts_centred(w)));
CREATE OR REPLACE MACRO ts_ranks(v) AS
  list_transform(v, lambda x: len(list_filter(v, lambda y: y < x))
                              + (len(list_filter(v, lambda y: y = x)) + 1) / 2.0e0);
-- natural cubic spline: second derivatives m by elimination, then back substitution;
-- times are in seconds since the first point
CREATE OR REPLACE MACRO ts_seconds(s) AS
  list_transform(s, lambda p: struct_pack(x := CAST(p.f0 - s[1].f0 AS DOUBLE) / 1e9, y := p.f1));
CREATE OR REPLACE MACRO ts_sweep(k) AS
  list_reduce(range(2, len(k)), lambda acc, i: list_append(acc, struct_pack(
      c := (k[i + 1].x - k[i].x)
           / (2 * (k[i + 1].x - k[i - 1].x) - (k[i].x - k[i - 1].x) * acc[-1].c),
      d := (6 * ((k[i + 1].y - k[i].y) / (k[i + 1].x - k[i].x)
                 - (k[i].y - k[i - 1].y) / (k[i].x - k[i - 1].x))
            - (k[i].x - k[i - 1].x) * acc[-1].d)
           / (2 * (k[i + 1].x - k[i - 1].x) - (k[i].x - k[i - 1].x) * acc[-1].c))),
    [struct_pack(c := 0.0e0, d := 0.0e0)]);
CREATE OR REPLACE MACRO ts_bends(sweep) AS
  list_reverse(list_reduce(
    list_reverse(sweep), lambda acc, e: list_append(acc, e.d - e.c * acc[-1]), [0.0e0]));
CREATE OR REPLACE MACRO ts_cubic(k, m, i, x) AS
  m[i] * pow(k[i + 1].x - x, 3) / (6 * (k[i + 1].x - k[i].x))
  + m[i + 1] * pow(x - k[i].x, 3) / (6 * (k[i + 1].x - k[i].x))
  + (k[i].y / (k[i + 1].x - k[i].x) - m[i] * (k[i + 1].x - k[i].x) / 6) * (k[i + 1].x - x)
  + (k[i + 1].y / (k[i + 1].x - k[i].x) - m[i + 1] * (k[i + 1].x - k[i].x) / 6) * (x - k[i].x);
CREATE OR REPLACE MACRO ts_segment(k, x) AS
  greatest(least(len(list_filter(k, lambda p: p.x <= x)), len(k) - 1), 1);
CREATE OR REPLACE MACRO ts_spline_at(k, m, x) AS
  CASE WHEN x < 0 OR x > k[-1].x THEN NULL
       WHEN len(k) = 1 THEN k[1].y
       ELSE ts_cubic(k, m, ts_segment(k, x), x) END;
CREATE OR REPLACE MACRO ts_spline_points(start, k, m, a) AS
  ts_known(list_transform(a, lambda moment: struct_pack(
    f0 := moment, f1 := ts_spline_at(k, m, CAST(moment - start AS DOUBLE) / 1e9))));
CREATE OR REPLACE MACRO ts_spline_all(s, a) AS
  ts_spline_points(s[1].f0, ts_seconds(s), ts_bends(ts_sweep(ts_seconds(s))), ts_instants(a));
CREATE OR REPLACE MACRO ts_spline(s, moment) AS ts_spline_all(s, [moment])[1].f1;
"""

FAMILY = Family(
    "Time series",
    "timeseries-specific-constructs",
    words(
        "create_time_series UNNEST interpolate_linear interpolate_spline_cubic interpolate_locf "
        "interpolate_fill derivative_linear non_negative_derivative_linear integral_trapezoidal "
        "correlate_pearson correlate_spearman filter reduce"
    ),
    RULES,
    MACROS,
    notes={
        "create_time_series": "of any type: the page names four, the suite of AWS's JDBC "
        "driver has intervals, arrays and rows",
        "UNNEST": "a syntax: `CROSS JOIN UNNEST(series) AS t (time, value)`",
        "interpolate_linear": "no point outside of the series",
        "interpolate_spline_cubic": "natural spline; no point outside of the series",
        "interpolate_locf": "no point before the series",
        "derivative_linear": "no point at the series' first timestamp",
    },
)
