"""Grafana's classic conditions: several tests in one, one result, no labels.

They exist for rules brought over from old Grafanas; new ones are better written with a threshold,
which keeps an instance per label set.
"""

import math
import statistics
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from dashboards.alerts.testing.values import EvaluationError, Number, Series, Value

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
_DIFFERENCES: dict[str, Callable[[float, float], float]] = {
    "diff": lambda new, old: new - old,
    "diff_abs": lambda new, old: abs(new - old),
    "percent_diff": lambda new, old: (new - old) / abs(old) * 100 if old else math.nan,
    "percent_diff_abs": lambda new, old: abs((new - old) / old * 100) if old else math.nan,
}
_PLAIN: dict[str, Callable[[list[float]], float]] = {
    "avg": lambda real: math.fsum(real) / len(real),
    "sum": math.fsum,
    "min": min,
    "max": max,
    "last": lambda real: real[-1],
    "median": statistics.median,
    "count_non_null": lambda real: float(len(real)),
}


def classic_conditions(
    conditions: Sequence[Mapping[str, Any]],
) -> tuple[tuple[str, ...], Callable[[Vars], Number]]:
    """Return what the conditions need and how to run them; raises EvaluationError on a bad one."""
    parsed = []
    for position, condition in enumerate(conditions, start=1):
        operator = (condition.get("operator") or {}).get("type")
        if position > 1 and operator not in ("and", "or", "logic-or"):
            raise EvaluationError(
                f"condition {position} operator must be `and`, `or` or `logic-or`"
            )
        params = (condition.get("query") or {}).get("params") or [""]
        if not params[0]:
            raise EvaluationError(f"condition {position} is missing the query RefID argument")
        reducer = (condition.get("reducer") or {}).get("type", "")
        if reducer != "count" and reducer not in _PLAIN and reducer not in _DIFFERENCES:
            raise EvaluationError(f"invalid reducer '{reducer}' in condition {position}")
        evaluator = condition.get("evaluator") or {}
        parsed.append((operator, params[0], reducer, evaluator.get("type"), _evaluator(evaluator)))

    def run(held: Vars) -> Number:
        firing = no_data = False
        for position, (operator, source, reducer, kind, test) in enumerate(parsed):
            if firing and operator == "logic-or":
                break
            fires, empty = _one(held[source], reducer, kind, test)
            if position == 0:
                firing, no_data = fires, empty
            elif operator == "and":
                firing, no_data = firing and fires, no_data and empty
            else:
                firing, no_data = firing or fires, no_data or empty
        return Number({}, None if no_data else float(firing))

    return tuple(source for _, source, *_ in parsed), run


def _evaluator(evaluator: Mapping[str, Any]) -> Callable[[float], bool]:
    kind, params = evaluator.get("type"), evaluator.get("params") or []
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


def _one(
    values: Sequence[Value], reducer: str, kind: str, test: Callable[[float], bool]
) -> tuple[bool, bool]:
    """Return whether one condition fires, and whether it saw nothing."""
    if not values and kind == "no_value":
        return True, False
    firing, empty = False, 0
    for value in values:
        number = _reduce(reducer, value) if isinstance(value, Series) else None
        if isinstance(value, Number):
            number = value.value
        if number is None:
            firing = firing or kind == "no_value"
            empty += kind != "no_value"
        else:
            firing = firing or test(number)
    return firing, empty == len(values)


def _reduce(reducer: str, series: Series) -> float | None:
    if not series.points:
        return None
    if reducer == "count":
        return float(len(series.points))
    real = [x for _, x in series.points if x is not None and not math.isnan(x)]
    if not real:
        return None
    if reducer in _DIFFERENCES:
        return _DIFFERENCES[reducer](real[-1], real[0]) if len(series.points) > 1 else 0.0
    return _PLAIN[reducer](real)
