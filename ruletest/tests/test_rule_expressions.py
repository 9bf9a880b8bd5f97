"""Expressions as Grafana computes them: pkg/expr is what the expectations were read from."""

import math

import pytest

from dashboards.stores.timestream.frames import Field, Frame
from ruletest import arithmetic, expressions
from ruletest.expressions import Context
from ruletest.frames import to_values
from ruletest.values import EvaluationError, NoData, Number, Scalar, Series, key

NAN, INF = math.nan, math.inf
BR, DE = {"country": "BR"}, {"country": "DE"}


def run(model: dict, vars_: dict, **context: object) -> list:
    return expressions.parse(model).run(Context(vars_, 0, 0, **context))  # type: ignore[arg-type]


def series(*points: float | None, labels: dict | None = None) -> Series:
    return Series(labels or {}, tuple((n, x) for n, x in enumerate(points)))


def same(a: float | None, b: float | None) -> bool:
    return a == b or (a is not None and b is not None and math.isnan(a) and math.isnan(b))


class TestReduce:
    @pytest.mark.parametrize(
        ("reducer", "points", "mode", "expected"),
        [
            ("sum", (1, 2, 3), None, 6),
            ("mean", (1, 2, 3), None, 2),
            ("min", (3, 1, 2), None, 1),
            ("max", (3, 1, 2), None, 3),
            ("count", (3, None, 2), None, 3),
            ("last", (3, 1, 2), None, 2),
            ("median", (4, 1, 3, 2), None, 2.5),
            ("Last", (3, 1, 2), None, 2),
            ("sum", (1, None, 3), None, NAN),
            ("max", (1, NAN, 3), None, NAN),
            ("last", (1, None), None, None),
            ("sum", (), None, 0),
            ("mean", (), None, NAN),
            ("last", (), None, NAN),
            ("sum", (1, None, NAN, INF, 3), "dropNN", 4),
            ("last", (1, None), "dropNN", 1),
            ("last", (None,), "dropNN", None),
            ("mean", (1, None), "replaceNN", 4),
            ("last", (), "replaceNN", 7),
        ],
    )
    def test_a_series_becomes_one_number(
        self, reducer: str, points: tuple, mode: str | None, expected: float | None
    ) -> None:
        settings = {"mode": mode, "replaceWithValue": 7} if mode == "replaceNN" else {"mode": mode}
        model = {"type": "reduce", "expression": "A", "reducer": reducer, "settings": settings}
        [number] = run(model, {"A": [series(*points, labels=BR)]})
        assert number.labels == BR
        assert same(number.value, expected)

    def test_a_number_stays_what_it_is(self) -> None:
        """The Timestream plugin's number tables need no reduce; it only applies its mode."""
        model = {"type": "reduce", "expression": "$A", "reducer": "sum"}
        assert run(model, {"A": [Number(BR, 3.0)]}) == [Number(BR, 3.0)]
        dropping = {**model, "settings": {"mode": "dropNN"}}
        assert run(dropping, {"A": [Number(BR, NAN), Number(DE, 1.0)]}) == [Number(DE, 1.0)]

    @pytest.mark.parametrize(
        ("change", "says"),
        [
            ({"reducer": "p95"}, "reduction p95 not implemented"),
            ({"settings": {"mode": "strict"}}, "reducer mode 'strict' is not supported"),
            ({"settings": {"mode": "replaceNN"}}, "replaceWithValue must be specified"),
            ({"settings": {"mod": "dropNN"}}, "does not read 'mod'; did you mean 'mode'"),
            ({"reduce": "last"}, "does not read 'reduce'"),
            ({"expression": ""}, "no variable specified"),
        ],
    )
    def test_what_grafana_refuses_is_refused_with_its_words(self, change: dict, says: str) -> None:
        model = {"type": "reduce", "expression": "A", "reducer": "last", **change}
        with pytest.raises(EvaluationError, match=says):
            expressions.parse(model)


class TestThreshold:
    @pytest.mark.parametrize(
        ("kind", "params", "fires"),
        [
            ("gt", [2], [3]), ("lt", [2], [1]), ("eq", [2], [2]), ("ne", [2], [1, 3]),
            ("gte", [2], [2, 3]), ("lte", [2], [1, 2]), ("within_range", [1, 3], [2]),
            ("outside_range", [1, 2], [3]), ("within_range_included", [1, 2], [1, 2]),
            ("outside_range_included", [1, 3], [1, 3]),
        ],
    )  # fmt: skip
    def test_every_operator(self, kind: str, params: list, fires: list) -> None:
        model = {
            "type": "threshold",
            "expression": "A",
            "conditions": [{"evaluator": {"type": kind, "params": params}}],
        }
        results = run(model, {"A": [Number({"n": str(n)}, float(n)) for n in (1, 2, 3)]})
        assert [int(r.labels["n"]) for r in results if r.value] == fires

    def test_null_stays_null_and_nan_does_not_fire(self) -> None:
        model = {
            "type": "threshold",
            "expression": "A",
            "conditions": [{"evaluator": {"type": "gt", "params": [0]}}],
        }
        null, nan = run(model, {"A": [Number(BR, None), Number(DE, NAN)]})
        assert (null.value, nan.value) == (None, 0.0)

    def test_what_fires_faces_the_recovery_line(self) -> None:
        model = {
            "type": "threshold",
            "expression": "A",
            "conditions": [
                {
                    "evaluator": {"type": "gt", "params": [80]},
                    "unloadEvaluator": {"type": "lt", "params": [75]},
                }
            ],
        }
        numbers = {"A": [Number(BR, 77.0), Number(DE, 77.0)]}
        assert [n.value for n in run(model, numbers)] == [0, 0]
        assert [n.value for n in run(model, numbers, loaded=frozenset({key(BR)}))] == [1, 0]

    @pytest.mark.parametrize(
        ("conditions", "says"),
        [
            ([], "exactly one condition"),
            ([{"evaluator": {"type": "above", "params": [1]}}], "to be one of"),
            ([{"evaluator": {"type": "gt", "params": []}}], "got 0 but need 1"),
            ([{"evaluator": {"type": "within_range", "params": [1]}}], "got 1 but need 2"),
            ([{"evaluator": {"type": "gt", "params": ["80"]}}], "must be numbers"),
            ([{"evaluator": {"type": "gt", "params": [1]}, "unloadEval": {}}], "'unloadEval'"),
        ],
    )
    def test_a_condition_that_cannot_be_is_refused(self, conditions: list, says: str) -> None:
        with pytest.raises(EvaluationError, match=says):
            expressions.parse({"type": "threshold", "expression": "A", "conditions": conditions})


class TestMath:
    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            ("1 + 2 * 3", 7), ("(1 + 2) * 3", 9), ("2 ** 3", 8), ("7 % 3", 1), ("-3 + 5", 2),
            ("1 / 0", INF), ("-1 / 0", -INF), ("0 / 0", NAN), ("1 > 0 && 2 > 3", 0),
            ("0 && nan()", 0), ("1 || nan()", 1), ("nan() || 1", 1), ("!3", 0), ("!0", 1),
            ("abs(-2)", 2), ("round(2.5)", 3), ("round(-2.5)", -3), ("ceil(1.2)", 2),
            ("floor(-1.2)", -2), ("log(0)", -INF), ("is_nan(nan())", 1), ("is_inf(infn())", 1),
            ("010 + 08", 16), ("0 ** -2", INF), ("-0 ** -1", -INF), ("10 ** 400", INF),
            ("(-10) ** 401", -INF), ("(-8) ** 0.5", NAN),
            ("is_null(null())", 1), ("is_number(inf())", 0), ("1 + null()", None), ("0x10", 16),
            ("1.5e1", 15), ("3 >= 3", 1), ("3 != 3", 0), ("2 == 2", 1),
        ],
    )  # fmt: skip
    def test_scalars(self, text: str, expected: float | None) -> None:
        [value] = arithmetic.parse(text).run({})
        assert same(value.value, expected)

    def test_operands_join_by_labels(self) -> None:
        """Equal sets join, and one within the other; the larger set stays."""
        inner, outer = Number(BR, 2.0), Number({**BR, "edge": "GRU1"}, 10.0)
        both = {"A": [outer, Number(DE, 5.0)], "B": [inner]}
        assert arithmetic.parse("$A / $B").run(both) == [Number(outer.labels, 5.0)]

    def test_two_lone_numbers_join_whatever_their_labels(self) -> None:
        lone = {"A": [Number(BR, 4.0)], "B": [Number(DE, 2.0)]}
        assert arithmetic.parse("${A} / $B").run(lone) == [Number({}, 2.0)]

    def test_no_data_on_one_side_is_no_data(self) -> None:
        none = {"A": [NoData()], "B": [Number(DE, 2.0)]}
        assert arithmetic.parse("$A + $B").run(none) == [NoData()]

    def test_series_join_by_time(self) -> None:
        a, b = series(1, 2, 3), Series({}, ((1, 10.0), (2, None)))
        [joined] = arithmetic.parse("$A + $B").run({"A": [a], "B": [b]})
        assert joined.points == ((1, 12.0), (2, None))
        assert arithmetic.parse("$A > 1").run({"A": [a]})[0].points == ((0, 0), (1, 1), (2, 1))

    @pytest.mark.parametrize(
        ("text", "says"),
        [("$A +", "EOF"), ("foo($A)", "non existent function foo"), ("1 ; 2", "invalid character"),
         ("$A *-1", r"unexpected \*-"), ("(1", "EOF"), ("1 2", "unexpected 2")],
    )  # fmt: skip
    def test_what_does_not_parse_is_refused(self, text: str, says: str) -> None:
        with pytest.raises(EvaluationError, match=says):
            arithmetic.parse(text)

    def test_it_needs_what_it_names(self) -> None:
        assert arithmetic.parse("$A + ${B} * $A").needs == ("A", "B")


class TestResample:
    @pytest.mark.parametrize(
        ("down", "up", "expected"),
        [
            ("mean", "fillna", [1, None, 3, None]),
            ("sum", "pad", [1, 1, 6, 4]),
            ("last", "backfilling", [1, 2, 4, None]),
        ],
    )
    def test_a_series_is_put_on_even_steps(self, down: str, up: str, expected: list) -> None:
        model = {
            "type": "resample", "expression": "A", "window": "1s", "downsampler": down,
            "upsampler": up,
        }  # fmt: skip
        second = 1_000_000_000
        points = Series({}, ((0, 1.0), (second + 1, 2.0), (2 * second, 4.0)))
        context = Context({"A": [points]}, 0, 3 * second)
        [made] = expressions.parse(model).run(context)
        assert [value for _, value in made.points] == expected


class TestClassicConditions:
    def condition(self, operator: str, reducer: str, kind: str, *params: float) -> dict:
        return {
            "evaluator": {"type": kind, "params": list(params)},
            "operator": {"type": operator},
            "query": {"params": ["A"]},
            "reducer": {"type": reducer},
        }

    @pytest.mark.parametrize(
        ("conditions", "points", "expected"),
        [
            ([("and", "avg", "gt", 1)], (1, None, 3), 1),
            ([("and", "diff", "lt", 0)], (5, 2), 1),
            ([("and", "percent_diff_abs", "gt", 50)], (4, 1), 1),
            ([("and", "count_non_null", "lt", 2)], (None, 1), 1),
            ([("and", "last", "gt", 9), ("or", "max", "gt", 4)], (5, 1), 1),
            ([("and", "last", "gt", 0), ("and", "max", "gt", 9)], (5, 1), 0),
            ([("and", "last", "gt", 0)], (None,), None),
            ([("and", "last", "no_value")], (None,), 1),
        ],
    )
    def test_they_come_to_one_result_without_labels(
        self, conditions: list, points: tuple, expected: float | None
    ) -> None:
        model = {
            "type": "classic_conditions",
            "conditions": [self.condition(*each) for each in conditions],
        }
        assert run(model, {"A": [series(*points, labels=BR)]}) == [Number({}, expected)]

    def test_a_reducer_that_there_is_none_of_is_refused(self) -> None:
        model = {
            "type": "classic_conditions",
            "conditions": [self.condition("and", "p95", "gt", 1)],
        }
        with pytest.raises(EvaluationError, match="invalid reducer 'p95' in condition 1"):
            expressions.parse(model)


def test_an_expression_that_there_is_none_of_is_refused() -> None:
    with pytest.raises(EvaluationError, match="'sqrt' is not a recognized expression type"):
        expressions.parse({"type": "sqrt"})


class TestFrames:
    def frame(self, **columns: tuple[str, list]) -> Frame:
        return Frame([Field(name, kind, values) for name, (kind, values) in columns.items()])

    def test_one_number_and_texts_are_numbers_with_labels(self) -> None:
        made = self.frame(country=("string", ["BR", None]), value=("number", [1, None]))
        one, other = to_values([made])
        assert one == Number(BR, 1.0)
        assert other.labels == {"country": ""}
        assert math.isnan(other.value)

    def test_no_rows_are_no_values(self) -> None:
        assert to_values([self.frame(value=("number", []))]) == []
        assert to_values([Frame([])]) == [NoData()]

    @pytest.mark.parametrize(
        ("columns", "kind"),
        [
            ({"a": ("number", [1]), "b": ("number", [2])}, "not"),
            ({"a": ("boolean", [True]), "b": ("number", [2])}, "not"),
            ({"time": ("time", [0]), "c": ("string", ["x"]), "b": ("number", [2])}, "long"),
            ({"time": ("time", []), "c": ("string", []), "b": ("number", [])}, "long"),
        ],
    )
    def test_anything_else_has_to_be_wide(self, columns: dict, kind: str) -> None:
        with pytest.raises(EvaluationError, match=f"wide series but got type {kind}"):
            to_values([self.frame(**columns)])

    def test_time_and_numbers_are_series(self) -> None:
        made = self.frame(time=("time", [0, 1]), a=("number", [1, None]), b=("number", [3, 4]))
        assert [s.points for s in to_values([made])] == [
            ((0, 1.0), (1, None)),
            ((0, 3.0), (1, 4.0)),
        ]

    def test_a_scalar_has_no_labels(self) -> None:
        assert Scalar(1.0).labels == NoData().labels == {}
