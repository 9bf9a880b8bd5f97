"""Grafana's classic conditions: several tests in one, one result, no labels.

They exist for rules brought over from old Grafanas; new ones are better written with a threshold,
which keeps an instance per label set.
"""

import functools
import math
import operator
import statistics
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ruletest.values import (
    EvaluationError,
    Labels,
    Match,
    NoData,
    Number,
    Series,
    Value,
)

Vars = Mapping[str, Sequence[Value]]

_ONE: dict[str, Callable[[float, float], bool]] = {
    "gt": lambda x, a: x > a,
    "lt": lambda x, a: x < a,
    "eq": lambda x, a: x == a,
    "ne": lambda x, a: x != a,
    "gte": lambda x, a: x >= a,
    "lte": lambda x, a: x <= a,
}
_TWO: dict[str, Callable[[float, float, float], bool]] = {
    "within_range": lambda x, a, b: min(a, b) < x < max(a, b),
    "outside_range": lambda x, a, b: x < min(a, b) or x > max(a, b),
    "within_range_included": lambda x, a, b: min(a, b) <= x <= max(a, b),
    "outside_range_included": lambda x, a, b: x <= min(a, b) or x >= max(a, b),
}


def _percent(change: float, old: float) -> float:
    """From nothing to something is infinite, as in Go."""
    if old:
        return change / old * 100
    return change * math.inf if change else math.nan


_DIFFERENCES: dict[str, Callable[[float, float], float]] = {
    "diff": lambda new, old: new - old,
    "diff_abs": lambda new, old: abs(new - old),
    "percent_diff": lambda new, old: _percent(new - old, abs(old)),
    "percent_diff_abs": lambda new, old: abs(_percent(new - old, old)),
}


def _total(real: Sequence[float]) -> float:
    return functools.reduce(operator.add, real, 0.0)  # in the order of the points, as Go adds


_PLAIN: dict[str, Callable[[list[float]], float]] = {
    "avg": lambda real: _total(real) / len(real),
    "sum": _total,
    "min": lambda real: min(*real, sys.float_info.max),
    "max": lambda real: max(*real, -sys.float_info.max),
    "last": lambda real: real[-1],
    "median": statistics.median,
    "count_non_null": lambda real: float(len(real)),
}


@dataclass(frozen=True, slots=True)
class _Condition:
    operator: str
    source: str
    reducer: str
    kind: str
    test: Callable[[float], bool]


def classic_conditions(
    conditions: object,
) -> tuple[tuple[str, ...], Callable[[Vars], Number]]:
    """Return what the conditions need and how to run them; raises EvaluationError on a bad one."""
    if not isinstance(conditions, list):
        raise EvaluationError("classic conditions must be a list")
    parsed = [_condition(each, position) for position, each in enumerate(conditions, start=1)]

    def run(held: Vars) -> Number:
        firing = no_data = False
        matches: list[Match] = []
        for position, condition in enumerate(parsed):
            if firing and condition.operator == "logic-or":
                break
            fires, empty = _one(held[condition.source], condition, matches)
            if position == 0:
                firing, no_data = fires, empty
            elif condition.operator == "and":
                firing, no_data = firing and fires, no_data and empty
            else:
                firing, no_data = firing or fires, no_data or empty
        return Number({}, None if no_data else float(firing), matches=tuple(matches))

    return tuple(condition.source for condition in parsed), run


def _condition(raw: object, position: int) -> _Condition:
    condition = _mapping(raw, position)
    joined = kind_of(_mapping(condition.get("operator"), position))
    if position > 1 and joined not in ("and", "or", "logic-or"):
        raise EvaluationError(f"condition {position} operator must be `and`, `or` or `logic-or`")
    params = _mapping(condition.get("query"), position).get("params") or [""]
    if not isinstance(params, list) or not isinstance(params[0], str) or not params[0]:
        raise EvaluationError(f"condition {position} is missing the query RefID argument")
    reducer = kind_of(_mapping(condition.get("reducer"), position))
    if reducer != "count" and reducer not in _PLAIN and reducer not in _DIFFERENCES:
        raise EvaluationError(f"invalid reducer '{reducer}' in condition {position}")
    evaluator = _mapping(condition.get("evaluator"), position)
    return _Condition(joined, params[0], reducer, kind_of(evaluator), _evaluator(evaluator))


def _mapping(value: object, position: int) -> Mapping[str, Any]:
    if not isinstance(value, Mapping | None):
        raise EvaluationError(f"condition {position} has {value!r} where a mapping belongs")
    return value or {}


def _evaluator(evaluator: Mapping[str, Any]) -> Callable[[float], bool]:
    kind, params = kind_of(evaluator), numbers(evaluator.get("params"))
    if kind in _ONE:
        if not params:
            raise EvaluationError(f"evaluator '{kind}' is missing the threshold parameter")
        return lambda x: _ONE[kind](x, params[0])
    if kind in _TWO:
        if len(params) != 2:
            raise EvaluationError("ranged evaluator requires 2 parameters")
        return lambda x: _TWO[kind](x, params[0], params[1])
    if kind == "no_value":
        return lambda x: False
    raise EvaluationError(f"evaluator invalid evaluator type: {kind}")


def kind_of(model: Mapping[str, Any]) -> str:
    """Return a part's type, empty for none."""
    kind = model.get("type") or ""
    if not isinstance(kind, str):
        raise EvaluationError(f"a type must be text, got {kind!r}")
    return kind


def numbers(params: object) -> list[float]:
    """Return an evaluator's params; null is 0, as in Go."""
    if params is None:
        return []
    if not isinstance(params, list) or any(
        isinstance(p, bool) or not isinstance(p, int | float | None) for p in params
    ):
        raise EvaluationError(f"an evaluator's params must be numbers, got {params}")
    return [0.0 if p is None else float(p) for p in params]


def _one(values: Sequence[Value], condition: _Condition, matches: list[Match]) -> tuple[bool, bool]:
    """Return whether one condition fires, and whether it had no data; add to ``matches``."""
    wants_none = condition.kind == "no_value"
    if not values and wants_none:
        matches.append(Match("", {}, None))
        return True, False
    firing, empty = False, 0
    for value in values:
        name, labels, number = _seen(value, condition.reducer)
        if wants_none if number is None else condition.test(number):
            firing = True
            matches.append(Match(name, labels, number))
        elif number is None:
            empty += 1
    if empty == len(values):
        matches.append(Match("NoData", {}, None))
    return firing, empty == len(values)


def _seen(value: Value, reducer: str) -> tuple[str, Labels, float | None]:
    if isinstance(value, Series):
        return value.name, value.labels, _reduce(reducer, value)
    if isinstance(value, Number):
        return value.name, value.labels, value.value
    if isinstance(value, NoData):
        return "", {}, None
    raise EvaluationError("can only reduce type series, got type scalar")


def _reduce(reducer: str, series: Series) -> float | None:
    if not series.points:
        return None
    if reducer == "count":
        return float(len(series.points))
    present = [
        (at, x) for at, (_, x) in enumerate(series.points) if x is not None and not math.isnan(x)
    ]
    if not present:
        return None
    real = [x for _, x in present]
    if reducer in _DIFFERENCES:  # of the newest and the oldest, if the newest is not the first
        return _DIFFERENCES[reducer](real[-1], real[0]) if present[-1][0] else 0.0
    return _PLAIN[reducer](real)
