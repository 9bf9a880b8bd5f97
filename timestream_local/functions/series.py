"""Time series views and functions.

The pages leave some things open. Here an interpolation has a point for each requested timestamp
within the series; locf also has those after its end, and fill has all. A derivative has a point
for each point of the series but the first.
"""

from timestream_local.overloads import Family, Overload, words

_SERIES = "timeseries(double)"
_DAY = "interval day to second"


RULES = (
    Overload(
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
        for name, value, macro in (
            ("interpolate_linear", "double", "ts_linear"),
            ("interpolate_locf", "T", "ts_locf"),
            ("interpolate_spline_cubic", "double", "ts_spline"),
        )
        for rule in (
            Overload(
                name,
                f"timeseries({value}), array(timestamp) -> timeseries({value})",
                f"{macro}_all({{0}}, {{1}})",
            ),
            Overload(name, f"timeseries({value}), timestamp -> {value}", f"{macro}({{0}}, {{1}})"),
        )
    ),
    Overload(
        "interpolate_fill",
        "timeseries(T), array(timestamp), T -> timeseries(T)",
        "ts_fill_all({0}, {1}, {2})",
    ),
    Overload("interpolate_fill", "timeseries(T), timestamp, T -> T", "ts_fill({0}, {1}, {2})"),
    Overload("derivative_linear", f"{_SERIES}, {_DAY} -> {_SERIES}", "ts_derivative({0}, {1})"),
    Overload(
        "non_negative_derivative_linear",
        f"{_SERIES}, {_DAY} -> {_SERIES}",
        "list_filter(ts_derivative({0}, {1}), lambda p: p.f1 >= 0)",
    ),
    Overload("integral_trapezoidal", f"{_SERIES} -> double", "ts_integral({0}, 1000000000)"),
    Overload("integral_trapezoidal", f"{_SERIES}, {_DAY} -> double", "ts_integral({0}, {1})"),
    Overload("correlate_pearson", f"{_SERIES}, {_SERIES} -> double", "ts_pearson({0}, {1})"),
    Overload("correlate_spearman", f"{_SERIES}, {_SERIES} -> double", "ts_spearman({0}, {1})"),
    Overload(
        "filter",
        "timeseries(T), function(row(time timestamp, value T), boolean) -> timeseries(T)",
        "list_filter({0}, {1})",
    ),
    Overload(
        "reduce",
        "timeseries(T), S, function(S, row(time timestamp, value T), S), function(S, R) -> R",
        "list_transform([list_reduce({0}, {2}, {1})], {3})[1]",
    ),
)

# DuckDB evaluates a macro's argument wherever it is named, inside a lambda once for each element.
# So an argument that is named twice is bound first, by list_transform([it], lambda w: ...)[1].
# Without that, the work grows with the square of the points.
MACROS = r"""
CREATE OR REPLACE MACRO ts_times(s) AS list_transform(s, lambda p: p.f0);
CREATE OR REPLACE MACRO ts_values(s) AS list_transform(s, lambda p: p.f1);
CREATE OR REPLACE MACRO ts_instants(a) AS list_sort(list_distinct(a));
CREATE OR REPLACE MACRO ts_known(points) AS list_filter(points, lambda p: p.f1 IS NOT NULL);
-- of points of one time, the last
CREATE OR REPLACE MACRO ts_single(s) AS
  list_filter(s, lambda p, i: s[i + 1].f0 IS DISTINCT FROM p.f0);
-- for each of some numbers, sorted and distinct, how many of others are not above it
CREATE OR REPLACE MACRO ts_upto(others, numbers) AS
  list_transform(
    list_filter(
      list_transform(
        list_sort(list_concat(
          list_transform(others, lambda x: struct_pack(x := x, k := 0)),
          list_transform(numbers, lambda x: struct_pack(x := x, k := 1)))),
        lambda e, i: CASE WHEN e.k = 1 THEN i END),
      lambda i: i IS NOT NULL),
    lambda i, j: i - j);
-- (moment, how many of the points are not after it)
CREATE OR REPLACE MACRO ts_placed(s, m) AS list_zip(m, ts_upto(ts_times(s), m));
CREATE OR REPLACE MACRO ts_between(a, b, moment) AS
  CASE WHEN a.f0 = moment THEN a.f1
       ELSE a.f1 + (b.f1 - a.f1) * (CAST(moment - a.f0 AS DOUBLE) / (b.f0 - a.f0)) END;
CREATE OR REPLACE MACRO ts_linear_all(s, a) AS
  list_transform([struct_pack(s := s, m := ts_instants(a))], lambda w:
    CASE WHEN w.s IS NOT NULL AND w.m IS NOT NULL THEN
      ts_known(list_transform(ts_placed(w.s, w.m), lambda z: struct_pack(
        f0 := z[1], f1 := ts_between(w.s[z[2]], w.s[z[2] + 1], z[1])))) END)[1];
CREATE OR REPLACE MACRO ts_locf_all(s, a) AS
  list_transform([struct_pack(s := s, m := ts_instants(a))], lambda w:
    CASE WHEN w.s IS NOT NULL AND w.m IS NOT NULL THEN
      ts_known(list_transform(ts_placed(w.s, w.m), lambda z: struct_pack(
        f0 := z[1], f1 := w.s[z[2]].f1))) END)[1];
CREATE OR REPLACE MACRO ts_fill_all(s, a, x) AS
  list_transform([struct_pack(s := s, m := ts_instants(a), x := x)], lambda w:
    CASE WHEN w.s IS NOT NULL AND w.m IS NOT NULL THEN
      ts_known(list_transform(ts_placed(w.s, w.m), lambda z: struct_pack(
        f0 := z[1],
        f1 := CASE WHEN w.s[z[2]].f0 = z[1] THEN w.s[z[2]].f1 ELSE w.x END))) END)[1];
CREATE OR REPLACE MACRO ts_linear(s, moment) AS ts_linear_all(s, [moment])[1].f1;
CREATE OR REPLACE MACRO ts_locf(s, moment) AS ts_locf_all(s, [moment])[1].f1;
CREATE OR REPLACE MACRO ts_fill(s, moment, x) AS ts_fill_all(s, [moment], x)[1].f1;
CREATE OR REPLACE MACRO ts_pairs(s) AS
  list_transform(range(2, len(s) + 1), lambda i: struct_pack(a := s[i - 1], b := s[i]));
CREATE OR REPLACE MACRO ts_derivative(s, unit) AS
  list_transform(list_transform([s], lambda w: ts_single(w)), lambda w:
    list_transform(ts_pairs(w), lambda p: struct_pack(
      f0 := p.b.f0, f1 := (p.b.f1 - p.a.f1) / (CAST(p.b.f0 - p.a.f0 AS DOUBLE) / unit))))[1];
CREATE OR REPLACE MACRO ts_integral(s, unit) AS
  list_transform([s], lambda w: CASE WHEN w IS NOT NULL THEN
    coalesce(list_sum(list_transform(ts_pairs(w), lambda p:
      (p.a.f1 + p.b.f1) / 2 * (CAST(p.b.f0 - p.a.f0 AS DOUBLE) / unit))), 0.0e0) END)[1];
CREATE OR REPLACE MACRO ts_centred(v) AS
  list_transform([struct_pack(v := v, mean := list_avg(v))], lambda w:
    list_transform(w.v, lambda x: x - w.mean))[1];
CREATE OR REPLACE MACRO ts_product(v, w) AS
  list_sum(list_transform(list_zip(v, w), lambda z: z[1] * z[2]));
CREATE OR REPLACE MACRO ts_correlation(v, w) AS
  list_transform([struct_pack(v := ts_centred(v), w := ts_centred(w))], lambda c:
    ts_product(c.v, c.w) / sqrt(ts_product(c.v, c.v) * ts_product(c.w, c.w)))[1];
CREATE OR REPLACE MACRO ts_aligned(a, b) AS
  list_transform([struct_pack(a := a, b := b)], lambda w:
    CASE WHEN ts_times(w.a) = ts_times(w.b)
         THEN struct_pack(v := ts_values(w.a), w := ts_values(w.b))
         WHEN w.a IS NOT NULL AND w.b IS NOT NULL
         THEN ts_error('the time series must have the same timestamps') END);
CREATE OR REPLACE MACRO ts_pearson(a, b) AS
  list_transform(ts_aligned(a, b), lambda p: ts_correlation(p.v, p.w))[1];
-- ranks from 1; equal values share the middle one of theirs
CREATE OR REPLACE MACRO ts_ranks(v) AS
  list_transform([struct_pack(upto := ts_upto(v, ts_instants(v)),
                              place := list_grade_up(list_grade_up(v)))], lambda w:
    list_select(
      flatten(list_transform(w.upto, lambda n, j:
        list_transform(range(coalesce(w.upto[j - 1], 0), n), lambda i:
          (coalesce(w.upto[j - 1], 0) + n + 1) / 2.0e0))),
      w.place))[1];
CREATE OR REPLACE MACRO ts_spearman(a, b) AS
  list_transform(
    list_transform(ts_aligned(a, b), lambda p: struct_pack(v := ts_ranks(p.v), w := ts_ranks(p.w))),
    lambda p: ts_correlation(p.v, p.w))[1];
-- Natural cubic spline: second derivatives by elimination, then back substitution. Times are in
-- seconds since the first point. The two passes go by blocks of points: DuckDB copies a list to
-- append to it, and so copies short ones.
CREATE OR REPLACE MACRO ts_knots(s, start) AS
  list_transform(s, lambda p: struct_pack(
    f0 := p.f0, x := CAST(p.f0 - start AS DOUBLE) / 1e9, y := p.f1));
CREATE OR REPLACE MACRO ts_equations(k) AS
  list_transform(range(2, len(k)), lambda i: struct_pack(
    h := k[i].x - k[i - 1].x,
    g := k[i + 1].x - k[i].x,
    w := 2 * (k[i + 1].x - k[i - 1].x),
    r := 6 * ((k[i + 1].y - k[i].y) / (k[i + 1].x - k[i].x)
              - (k[i].y - k[i - 1].y) / (k[i].x - k[i - 1].x))));
CREATE OR REPLACE MACRO ts_blocks(l) AS
  list_transform([l], lambda w:
    list_transform(range(0, len(w), 100), lambda i: w[i + 1:i + 100]))[1];
CREATE OR REPLACE MACRO ts_sweep(equations) AS
  list_reduce(ts_blocks(equations), lambda done, block: list_concat(done, list_reduce(
    block, lambda u, e: list_append(u, struct_pack(
      c := e.g / (e.w - e.h * u[-1].c),
      d := (e.r - e.h * u[-1].d) / (e.w - e.h * u[-1].c))),
    [done[-1]])[2:]), [struct_pack(c := 0.0e0, d := 0.0e0)]);
CREATE OR REPLACE MACRO ts_bends(sweep) AS
  list_reverse(list_reduce(
    ts_blocks(list_reverse(sweep)), lambda done, block: list_concat(done, list_reduce(
      block, lambda u, e: list_append(u, e.d - e.c * u[-1]), [done[-1]])[2:]), [0.0e0]));
CREATE OR REPLACE MACRO ts_cubic(a, b, m, n, x) AS
  m * pow(b.x - x, 3) / (6 * (b.x - a.x)) + n * pow(x - a.x, 3) / (6 * (b.x - a.x))
  + (a.y / (b.x - a.x) - m * (b.x - a.x) / 6) * (b.x - x)
  + (b.y / (b.x - a.x) - n * (b.x - a.x) / 6) * (x - a.x);
-- w: k knots, b bends, m moments, start
CREATE OR REPLACE MACRO ts_spline_points(w) AS
  list_transform(ts_placed(w.k, w.m), lambda z: struct_pack(
    f0 := z[1],
    f1 := CASE WHEN z[2] = 0 OR z[1] > w.k[-1].f0 THEN NULL
               WHEN z[1] = w.k[z[2]].f0 THEN w.k[z[2]].y
               ELSE ts_cubic(w.k[z[2]], w.k[z[2] + 1], w.b[z[2]], w.b[z[2] + 1],
                             CAST(z[1] - w.start AS DOUBLE) / 1e9) END));
CREATE OR REPLACE MACRO ts_spline_all(s, a) AS
  list_transform(list_transform(list_transform(
    [struct_pack(s := s, m := ts_instants(a))],
    lambda w: struct_pack(k := ts_knots(ts_single(w.s), w.s[1].f0), m := w.m, start := w.s[1].f0)),
    lambda w: struct_pack(
      k := w.k, m := w.m, start := w.start, b := ts_bends(ts_sweep(ts_equations(w.k))))),
    lambda w: CASE WHEN w.k IS NOT NULL AND w.m IS NOT NULL
                   THEN ts_known(ts_spline_points(w)) END)[1];
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
        "create_time_series": "of any type: the page names four, the test suite of AWS's JDBC "
        "driver uses intervals, arrays and rows",
        "UNNEST": "a syntax: `CROSS JOIN UNNEST(series) AS t (time, value)`",
        "interpolate_linear": "no point outside of the series",
        "interpolate_spline_cubic": "natural spline; no point outside of the series",
        "interpolate_locf": "no point before the series; keeps the series' type",
        "interpolate_fill": "keeps the series' type; a double fills a series of whole numbers as "
        "doubles",
        "derivative_linear": "no point at the series' first timestamp",
    },
)
