"""Time series functions against their definitions, written down plainly, and how they grow."""

import re
from fractions import Fraction
from itertools import pairwise
from operator import itemgetter
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from timestream_local import macros
from timestream_local.engine import Engine

SECOND = 1_000_000_000

# (second, value) points, one a second at most, and the seconds asked for
SERIES = st.lists(
    st.tuples(st.integers(0, 40), st.integers(-50, 50)),
    min_size=1,
    max_size=8,
    unique_by=itemgetter(0),
).map(sorted)
ASKED = st.lists(st.integers(-5, 45), min_size=1, max_size=12)


def points(engine: Engine, sql: str) -> dict[int, Any]:
    """Return the series a query gives, by second."""
    compiled, parameters = engine.plan(sql)
    ((series,),) = engine.store.cursor().execute(compiled.sql, parameters).fetchall()
    return {point["f0"] // SECOND: point["f1"] for point in series}


def ask(engine: Engine, function: str, series: list[tuple[int, int]], asked: list[int]) -> Any:
    """Interpolate at the seconds asked for."""
    rows = ", ".join(f"(from_unixtime({at}), {value}.0e0)" for at, value in series)
    at = ", ".join(f"from_unixtime({second})" for second in asked)
    call = function.format("create_time_series(t, v)", f"ARRAY[{at}]")
    return points(engine, f"SELECT {call} FROM (VALUES {rows}) AS x(t, v)")


def bends(series: list[tuple[int, int]]) -> list[Fraction]:
    """Return a natural spline's second derivatives, by Gauss's elimination of the whole matrix."""
    n = len(series)
    matrix = [[Fraction(int(i == j)) for j in range(n)] + [Fraction(0)] for i in range(n)]
    for i in range(1, n - 1):
        (a, ya), (b, yb), (c, yc) = series[i - 1 : i + 2]
        matrix[i][i - 1 : i + 2] = Fraction(b - a), Fraction(2 * (c - a)), Fraction(c - b)
        matrix[i][n] = 6 * (Fraction(yc - yb, c - b) - Fraction(yb - ya, b - a))
    for i in range(n):
        row = matrix[i] = [x / matrix[i][i] for x in matrix[i]]
        for j in range(n):
            if j != i:
                matrix[j] = [x - matrix[j][i] * y for x, y in zip(matrix[j], row, strict=True)]
    return [row[n] for row in matrix]


def spline(series: list[tuple[int, int]], x: int) -> Fraction | None:
    """Return the natural spline's value, or None outside of the series."""
    if len(series) == 1:
        return Fraction(series[0][1]) if series[0][0] == x else None
    m = bends(series)
    for i, ((a, ya), (b, yb)) in enumerate(pairwise(series)):
        if a <= x <= b:
            h = b - a
            return (
                m[i] * (b - x) ** 3 / (6 * h)
                + m[i + 1] * (x - a) ** 3 / (6 * h)
                + (Fraction(ya, h) - m[i] * h / 6) * (b - x)
                + (Fraction(yb, h) - m[i + 1] * h / 6) * (x - a)
            )
    return None


@pytest.mark.slow
@settings(max_examples=20, deadline=None)
@given(series=SERIES, asked=ASKED)
def test_spline_is_the_natural_one(
    samples: Engine, series: list[tuple[int, int]], asked: list[int]
) -> None:
    """Every value is that of the spline whose ends do not bend; outside there is none."""
    found = ask(samples, "interpolate_spline_cubic({}, {})", series, asked)
    wanted = {x: spline(series, x) for x in sorted(set(asked))}
    assert list(found) == [x for x, y in wanted.items() if y is not None]
    for x, y in found.items():
        assert y == pytest.approx(float(wanted[x]), rel=1e-9, abs=1e-9)


@pytest.mark.slow
@settings(max_examples=20, deadline=None)
@given(series=SERIES, asked=ASKED)
def test_line_last_and_constant(
    samples: Engine, series: list[tuple[int, int]], asked: list[int]
) -> None:
    """Linear, locf and fill, each point looked up one by one."""
    wanted: dict[str, dict[int, float]] = {"linear": {}, "locf": {}, "fill": {}}
    for x in sorted(set(asked)):
        before = [p for p in series if p[0] <= x]
        after = [p for p in series if p[0] >= x]
        wanted["fill"][x] = float(dict(series).get(x, 77))
        if before:
            wanted["locf"][x] = float(before[-1][1])
        if before and after:
            (a, ya), (b, yb) = before[-1], after[0]
            wanted["linear"][x] = ya + (yb - ya) * ((x - a) / (b - a)) if b > a else float(ya)
    for name, expected in wanted.items():
        extra = ", 77.0" if name == "fill" else ""
        found = ask(samples, f"interpolate_{name}({{}}, {{}}{extra})", series, asked)
        assert found == pytest.approx(expected)
        assert list(found) == list(expected)


@settings(max_examples=20, deadline=None)
@given(pairs=st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4)), min_size=2, max_size=9))
def test_ranks_are_shared(samples: Engine, pairs: list[tuple[int, int]]) -> None:
    """Spearman's correlation is Pearson's of the ranks, equal values having the mean of theirs."""

    def ranks(values: list[int]) -> list[float]:
        return [sum(w < v for w in values) + (values.count(v) + 1) / 2 for v in values]

    columns = [[p[i] for p in pairs] for i in (0, 1)]
    rows = ", ".join(
        f"(from_unixtime({i}), {a}, {b}, {c}e0, {d}e0)"
        for i, (a, b, c, d) in enumerate(zip(*columns, *map(ranks, columns), strict=True))
    )
    sql = (
        "SELECT correlate_spearman(create_time_series(t, a), create_time_series(t, b)), "
        "correlate_pearson(create_time_series(t, c), create_time_series(t, d)) "
        f"FROM (VALUES {rows}) AS x(t, a, b, c, d)"
    )
    compiled, parameters = samples.plan(sql)
    ((spearman, pearson),) = samples.store.cursor().execute(compiled.sql, parameters).fetchall()
    assert spearman == pytest.approx(pearson, nan_ok=True)


SEVERAL = """
  SELECT create_time_series(from_unixtime(i), CAST(i * 7919 % 1000 AS DOUBLE)) AS ts,
    from_unixtime(min(i)) AS a, from_unixtime(max(i)) AS b
  FROM (SELECT 100 * j + k AS i FROM UNNEST(sequence(0, {0} / 100 - 1)) AS x(j)
        CROSS JOIN UNNEST(sequence(0, 99)) AS y(k))
"""


@pytest.mark.slow
@pytest.mark.parametrize(
    "call",
    [
        "interpolate_linear(ts, sequence(a, b, 1s))",
        "interpolate_locf(ts, sequence(a, b, 1s))",
        "interpolate_fill(ts, sequence(a, b, 1s), 0.0)",
        "interpolate_spline_cubic(ts, sequence(a, b, 1s))",
        "interpolate_spline_cubic(ts, a + 1500ms)",
        "derivative_linear(ts, 1s)",
        "non_negative_derivative_linear(ts, 1s)",
        "integral_trapezoidal(ts)",
        "correlate_pearson(ts, ts)",
        "correlate_spearman(ts, ts)",
        "filter(ts, x -> x.value > 500)",
        "reduce(ts, DOUBLE '0.0', (s, x) -> x.value * x.value + s, s -> s)",
        "interpolate_locf(interpolate_linear(ts, sequence(a, b, 2s)), sequence(a, b, 1s))",
    ],
)
def test_ten_thousand_points_are_no_trouble(samples: Engine, call: str) -> None:
    """Work that grew with their square would not end; how long it takes, `make bench` says."""
    compiled, parameters = samples.plan(f"SELECT {call} FROM ({SEVERAL.format(10_000)})")
    [row] = samples.store.cursor().execute(compiled.sql, parameters).fetchall()
    assert row[0] is not None


def test_no_macro_hides_another() -> None:
    """DuckDB replaces a macro by a later one of the same name without a word."""
    names = re.findall(r"CREATE OR REPLACE MACRO (\w+)", macros.text())
    assert sorted(set(names)) == sorted(names)
