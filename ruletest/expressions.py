"""Grafana's server-side expressions, from their models: reduce, math, threshold, resample, classic.

A model may hold keys that the editor writes and the expression does not read, such as the
conditions of a reduce. A key that looks misspelled is an error here. In Grafana a misspelled
``unloadEvaluator`` makes a rule without hysteresis, and nothing says so.
https://grafana.com/docs/grafana/latest/alerting/fundamentals/alert-rules/queries-conditions/#advanced-options-expressions
"""

import difflib
import functools
import math
import operator
import re
import statistics
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeGuard

from ruletest import arithmetic
from ruletest.arithmetic import Vars
from ruletest.classic import classic_conditions, kind_of, numbers
from ruletest.values import (
    EvaluationError,
    NoData,
    Number,
    Scalar,
    Series,
    Value,
    is_number,
    key,
)

Key = tuple[tuple[str, str], ...]
Predicate = Callable[[float], bool]

_RESAMPLERS = frozenset({"sum", "mean", "min", "max", "last"})
_UPSAMPLERS = frozenset({"pad", "backfilling", "fillna"})


@dataclass(frozen=True, slots=True)
class Context:
    """What an expression may read besides its inputs."""

    vars: Vars
    start: int  # nanoseconds; the node's own time range, which resample fills
    end: int
    loaded: frozenset[Key] = frozenset()  # label sets that fire now: the recovery threshold holds


@dataclass(frozen=True, slots=True)
class Command:
    """One expression node, ready to run."""

    needs: tuple[str, ...]
    run: Callable[[Context], list[Value]]
    hysteresis: bool = False
    type: str = ""


def parse(model: Mapping[str, Any]) -> Command:
    """Return the expression of a model, or raise EvaluationError with what is wrong in it."""
    kind = model.get("type")
    if kind == "sql":
        raise EvaluationError("SQL expressions are not supported by the tester")
    build = _COMMANDS.get(kind) if isinstance(kind, str) else None
    if build is None:
        raise EvaluationError(f"'{kind}' is not a recognized expression type")
    return replace(build(model), type=str(kind))


def check_order(commands: Mapping[str, Command | None], condition: str) -> None:
    """Raise EvaluationError for expressions that Grafana could never evaluate.

    ``commands`` has None for the queries of data sources.
    """
    for name, command in commands.items():
        if command is not None and (wrong := _misplaced(name, command, commands, condition)):
            raise EvaluationError(wrong, name)
    order(commands)


def _misplaced(
    name: str, command: Command, commands: Mapping[str, Command | None], condition: str
) -> str:
    """Return why an expression cannot be where it is, or nothing."""
    if command.hysteresis and name != condition:
        return f"recovery threshold '{name}' is only allowed to be the alert condition"
    for need in command.needs:
        if need not in commands:
            return f"unable to find dependent node '{need}'"
        if need == name:
            return (
                f"expression '{name}' cannot reference itself. Must be query or another expression"
            )
        needed = commands[need]
        if needed and command.type == "classic_conditions":
            return (
                "only data source queries may be inputs to a classic condition, "
                f"{need} is a Expression"
            )
        if needed and needed.type == "classic_conditions":
            return (
                "classic conditions may not be the input for other expressions, "
                f"but {need} is the input for {name}"
            )
    return ""


def order(commands: Mapping[str, Command | None]) -> list[str]:
    """Return the expressions in an order in which each comes after its inputs."""
    done: list[str] = []

    def visit(name: str, path: tuple[str, ...]) -> None:
        command = commands[name]
        if command is None or name in done:
            return
        if name in path:
            raise EvaluationError(f"cyclic reference: {' -> '.join([*path, name])}", name)
        for need in command.needs:
            visit(need, (*path, name))
        done.append(name)

    for name in commands:
        visit(name, ())
    return done


def _check(mapping: Mapping[str, Any], what: str, *names: str) -> None:
    """Refuse a key that looks like a misspelled one of ``names``."""
    for name in mapping:
        near = difflib.get_close_matches(str(name), names, n=1, cutoff=0.75)
        if name not in names and near:
            raise EvaluationError(f"{what} does not read {name!r}; did you mean {near[0]!r}?")


def mapping(value: object, what: str) -> Mapping[str, Any]:
    """Return a mapping, empty for null; raises EvaluationError for anything else."""
    if value is None:
        return {}
    if not isinstance(value, Mapping):
        raise EvaluationError(f"{what} must be a mapping")
    return value


def _input(model: Mapping[str, Any]) -> str:
    expression = model.get("expression")
    if not isinstance(expression, str) or not expression:
        raise EvaluationError(f"no variable specified to reference for refId {model.get('refId')}")
    return expression


# --- reduce ----------------------------------------------------------------------------------


def _total(points: Sequence[float | None]) -> float:
    if any(not _real(x) for x in points):
        return math.nan
    return functools.reduce(operator.add, points, 0.0)  # in the order of the points, as Go adds


def _real(x: float | None) -> TypeGuard[float]:
    return x is not None and not math.isnan(x)


def _strict(function: Callable[[Sequence[float]], float]) -> Callable[..., float | None]:
    """Make a reducer that gives NaN for no points, and when any point is null or NaN."""

    def reduce(points: Sequence[float | None]) -> float:
        real = [x for x in points if _real(x)]
        if not points or len(real) < len(points):
            return math.nan
        return function(real)

    return reduce


REDUCERS: dict[str, Callable[[Sequence[float | None]], float | None]] = {
    "sum": _total,
    "mean": lambda points: _total(points) / len(points) if points else math.nan,
    "min": _strict(min),
    "max": _strict(max),
    "count": lambda points: float(len(points)),
    "last": lambda points: points[-1] if points else math.nan,
    "median": _strict(statistics.median),
}


def _reduce(model: Mapping[str, Any]) -> Command:
    _check(model, "a reduce expression", "expression", "reducer", "settings")
    source = _input(model).removeprefix("$")
    name = model.get("reducer")
    if not isinstance(name, str):
        raise EvaluationError("no reducer specified")
    if name.lower() not in REDUCERS:
        raise EvaluationError(f"reduction {name.lower()} not implemented")
    reducer = REDUCERS[name.lower()]
    mode, replacement = _mode(model.get("settings", {}))

    def keep(points: Sequence[float | None]) -> list[float | None]:
        if mode == "dropNN":
            return [x for x in points if is_number(x)]
        if mode == "replaceNN":
            return [x if is_number(x) else replacement for x in points]
        return list(points)

    def run(context: Context) -> list[Value]:
        result: list[Value] = []
        for value in context.vars[source]:
            if isinstance(value, Series):
                number = reducer(keep([x for _, x in value.points]))
                if mode and number is not None and math.isnan(number):
                    number = replacement  # None for dropNN
                result.append(Number(value.labels, number))
            elif isinstance(value, Number):  # already reduced: only the mode applies
                result.extend(Number(value.labels, x) for x in keep([value.value]))
            elif isinstance(value, NoData):
                result.append(value)
            else:
                raise EvaluationError("can only reduce type series, got type scalar")
        return result

    return Command((source,), run)


def _mode(settings: object) -> tuple[str, float | None]:
    if not isinstance(settings, Mapping):
        raise EvaluationError(f"field settings must be an object, got {type(settings).__name__}")
    _check(settings, "a reduce expression's settings", "mode", "replaceWithValue")
    mode = settings.get("mode") or ""
    if mode not in ("", "dropNN", "replaceNN"):
        raise EvaluationError(
            f"reducer mode '{mode}' is not supported. Supported only: [dropNN,replaceNN]"
        )
    if mode != "replaceNN":
        return mode, None
    if "replaceWithValue" not in settings:
        raise EvaluationError("setting replaceWithValue must be specified when mode is 'replaceNN'")
    replacement = settings["replaceWithValue"]
    if isinstance(replacement, bool) or not isinstance(replacement, int | float):
        raise EvaluationError("setting replaceWithValue must be a number")
    return mode, float(replacement)


# --- threshold -------------------------------------------------------------------------------

_ONE: dict[str, Callable[[float, float], bool]] = {
    "gt": lambda x, a: x > a,
    "lt": lambda x, a: x < a,
    "eq": lambda x, a: x == a,
    "ne": lambda x, a: x != a,
    "gte": lambda x, a: x >= a,
    "lte": lambda x, a: x <= a,
}
_TWO: dict[str, Callable[[float, float, float], bool]] = {
    "within_range": lambda x, a, b: a < x < b,
    "outside_range": lambda x, a, b: x < a or x > b,
    "within_range_included": lambda x, a, b: a <= x <= b,
    "outside_range_included": lambda x, a, b: x <= a or x >= b,
}


def predicate(evaluator: Mapping[str, Any]) -> Predicate:
    """Return the test of one evaluator, such as ``{type: gt, params: [80]}``."""
    _check(evaluator, "an evaluator", "type", "params")
    kind, params = kind_of(evaluator), numbers(evaluator.get("params"))
    needed = 1 if kind in _ONE else 2 if kind in _TWO else 0
    if not needed:
        known = ", ".join([*_ONE, *_TWO])
        raise EvaluationError(f"expected threshold function to be one of [{known}], got {kind}")
    if len(params) < needed:
        raise EvaluationError(
            f"incorrect number of arguments for threshold function '{kind}': "
            f"got {len(params)} but need {needed}"
        )
    if needed == 1:
        return lambda x: _ONE[kind](x, params[0])
    return lambda x: _TWO[kind](x, params[0], params[1])


def _threshold(model: Mapping[str, Any]) -> Command:
    _check(model, "a threshold expression", "expression", "conditions")
    source = _input(model)
    conditions = model.get("conditions") or []
    if not isinstance(conditions, list) or len(conditions) != 1:
        raise EvaluationError("threshold expression requires exactly one condition")
    condition = mapping(conditions[0], "a threshold's condition")
    _check(condition, "a threshold's condition", "evaluator", "unloadEvaluator")
    fire = predicate(mapping(condition.get("evaluator"), "an evaluator"))
    unload = condition.get("unloadEvaluator")
    recover = None if unload is None else predicate(mapping(unload, "an unloadEvaluator"))

    def test(value: Value, loaded: frozenset[Key]) -> Value:
        if isinstance(value, NoData):
            return value
        line = fire
        if recover and key(value.labels) in loaded:
            line = _inverse(recover)
        if isinstance(value, Series):
            return Series(value.labels, tuple((at, _bit(line, x)) for at, x in value.points))
        return replace(value, value=_bit(line, value.value))

    def run(context: Context) -> list[Value]:
        values = context.vars[source]
        if recover and all(isinstance(value, NoData) for value in values):
            return [NoData()]
        return [test(value, context.loaded) for value in values]

    return Command((source,), run, hysteresis=recover is not None)


def _inverse(line: Predicate) -> Predicate:
    return lambda x: not line(x)


def _bit(line: Predicate, x: float | None) -> float | None:
    return None if x is None else float(line(x))


# --- resample, math, classic -----------------------------------------------------------------


def _resample(model: Mapping[str, Any]) -> Command:
    _check(model, "a resample expression", "expression", "window", "downsampler", "upsampler")
    source = _input(model).removeprefix("$")
    for name in ("window", "downsampler", "upsampler"):
        if not isinstance(model.get(name), str):
            raise EvaluationError(f"no {name} specified in resample command")
    down, up = model["downsampler"], model["upsampler"]
    if down not in _RESAMPLERS:
        raise EvaluationError(f"downsampling {down} not implemented")
    if up not in _UPSAMPLERS:
        raise EvaluationError(f"upsampling {up} not implemented")
    step = _window(model["window"])

    def run(context: Context) -> list[Value]:
        result: list[Value] = []
        for value in context.vars[source]:
            if isinstance(value, NoData):
                return [*result, value]
            if not isinstance(value, Series):
                raise EvaluationError("can only resample type series, got type number")
            result.append(_resampled(value, step, down, up, context.start, context.end))
        return result

    return Command((source,), run)


_UNITS = {
    "ns": 1, "us": 10**3, "µs": 10**3, "ms": 10**6, "s": 10**9, "m": 60 * 10**9, "h": 3600 * 10**9,
}  # fmt: skip
_DAYS = {"d": 1, "w": 7, "M": 365.25 / 12, "y": 365.25}


def _window(text: str) -> int:
    """Return a duration such as ``10s``, ``1h30m`` or ``1d`` in nanoseconds."""
    total = 0.0
    if found := re.fullmatch(r"(\d+)([dwMy])", text):
        total = int(found[1]) * _DAYS[found[2]] * 24 * _UNITS["h"]
    elif re.fullmatch(r"(?:(?:\d+\.?\d*|\.\d+)(?:ns|us|µs|ms|s|m|h))+", text):
        for number, unit in re.findall(r"([\d.]+)(ns|us|µs|ms|s|m|h)", text):
            total += float(number) * _UNITS[unit]
    if total <= 0:
        raise EvaluationError(f'failed to parse resample "window" duration field {text!r}')
    return int(total)


def _resampled(series: Series, step: int, down: str, up: str, start: int, end: int) -> Series:
    if (end - start) // step <= 0:
        raise EvaluationError(
            "the series cannot be sampled further; the time range is shorter than the interval"
        )
    points, seen, last = [], 0, None
    for stamp in range(start, end + 1, step):
        bucket: list[float | None] = []
        while seen < len(series.points) and series.points[seen][0] <= stamp:
            last = series.points[seen][1]
            bucket.append(last)
            seen += 1
        if len(bucket) == 1:
            value = bucket[0]
        elif bucket:
            value = REDUCERS[down](bucket)
        elif up == "pad":
            value = last
        elif up == "backfilling":
            value = series.points[seen][1] if seen < len(series.points) else None
        else:
            value = None
        points.append((stamp, value))
    return Series(series.labels, tuple(points))


def _math(model: Mapping[str, Any]) -> Command:
    _check(model, "a math expression", "expression")
    parsed = arithmetic.parse(_input(model))
    return Command(parsed.needs, lambda context: parsed.run(context.vars))


def _classic(model: Mapping[str, Any]) -> Command:
    _check(model, "a classic condition", "conditions")
    needs, run = classic_conditions(model.get("conditions") or [])
    return Command(needs, lambda context: [run(context.vars)])


_COMMANDS: dict[str, Callable[[Mapping[str, Any]], Command]] = {
    "reduce": _reduce,
    "threshold": _threshold,
    "resample": _resample,
    "math": _math,
    "classic_conditions": _classic,
}

__all__ = ["REDUCERS", "Command", "Context", "Scalar", "parse", "predicate"]
