"""Grafana's math expressions: ``$A / $B * 100 > 5 && !is_nan($A)``.

Operands join by labels: equal ones, or one set within the other (the larger set stays).
https://grafana.com/docs/grafana/latest/panels-visualizations/query-transform-data/expression-queries/#math
"""

import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from ruletest.values import (
    EvaluationError,
    NoData,
    Number,
    Scalar,
    Series,
    Value,
    contains,
    key,
)

Vars = Mapping[str, Sequence[Value]]

_TOKEN = re.compile(
    r"\s*(?:(?P<var>\$\{[\w ]+\}|\$\w+)"
    r"|(?P<number>0[xX][0-9a-fA-F]+|\d+\.?\d*(?:[eE][+-]?\d+)?|\.\d+(?:[eE][+-]?\d+)?)"
    r"|(?P<name>[^\W\d_][^\W\d]*)|(?P<symbol>[!<>=&|+\-*/%]+)|(?P<bracket>[(),]))"
)
_LEVELS = (
    ("||",),
    ("&&",),
    ("==", "!=", ">", ">=", "<", "<="),
    ("+", "-"),
    ("*", "/", "%"),
    ("**",),
)


@dataclass(frozen=True, slots=True)
class Math:
    """A parsed expression: what it needs, and how to run it."""

    needs: tuple[str, ...]
    run: Callable[[Vars], list[Value]]


def parse(expression: str) -> Math:
    """Return the parsed expression; raises EvaluationError where Grafana refuses it."""
    parser = _Parser(expression)
    run = parser.level(0)
    if parser.peek() is not None:
        raise EvaluationError(f"expr: unexpected {parser.peek()} in root input")
    return Math(tuple(dict.fromkeys(parser.names)), run)


class _Parser:
    def __init__(self, text: str) -> None:
        self.names: list[str] = []
        self._tokens: list[tuple[str, str]] = []
        self._at = 0
        position = 0
        while text[position:].strip():
            found = _TOKEN.match(text, position)
            if not found:
                raise EvaluationError(f"expr: invalid character: {text[position:].strip()[0]}")
            kind = found.lastgroup or ""
            word = found[kind]
            self._tokens.append((kind, _operator(word) if kind == "symbol" else word))
            position = found.end()

    def peek(self) -> str | None:
        return self._tokens[self._at][1] if self._at < len(self._tokens) else None

    def _next(self) -> tuple[str, str]:
        if self._at >= len(self._tokens):
            raise EvaluationError("expr: unexpected EOF in input: F()")
        self._at += 1
        return self._tokens[self._at - 1]

    def level(self, depth: int) -> Callable[[Vars], list[Value]]:
        if depth == len(_LEVELS):
            return self._factor()
        left = self.level(depth + 1)
        while self.peek() in _LEVELS[depth] and self._tokens[self._at][0] == "symbol":
            left = _binary_node(self._next()[1], left, self.level(depth + 1))
        return left

    def _factor(self) -> Callable[[Vars], list[Value]]:
        kind, word = self._next()
        if kind == "var":
            name = word.removeprefix("$").removeprefix("{").removesuffix("}")
            self.names.append(name)
            return lambda held: list(held[name])
        if kind == "number":
            number = _number(word)
            return lambda held: [Scalar(number)]
        if kind == "symbol" and word in ("!", "-"):
            inner = self._factor()
            return lambda held: [_map(v, lambda x: _unary(word, x)) for v in inner(held)]
        if word == "(":
            inner = self.level(0)
            self._expect(")")
            return inner
        if kind == "name":
            return self._function(word)
        raise EvaluationError(f"expr: unexpected {word} in input: F()")

    def _expect(self, word: str) -> None:
        if self.peek() != word:
            raise EvaluationError(f"expr: unexpected {self.peek() or 'EOF'} in input: F()")
        self._at += 1

    def _function(self, name: str) -> Callable[[Vars], list[Value]]:
        if name not in _FUNCTIONS and name not in _CONSTANTS:
            raise EvaluationError(f"expr: non existent function {name}")
        self._expect("(")
        if name in _CONSTANTS:
            self._expect(")")
            return lambda held: [Scalar(_CONSTANTS[name])]
        inner = self.level(0)
        self._expect(")")
        return lambda held: [_map(value, _FUNCTIONS[name]) for value in inner(held)]


def _number(word: str) -> float:
    """Return a number as Go reads it: 0x1F is hexadecimal, and 010 octal."""
    if word[:2].lower() == "0x":
        return float(int(word, 16))
    octal = len(word) > 1 and word[0] == "0" and all(digit in "01234567" for digit in word)
    return float(int(word, 8)) if octal else float(word)


def _operator(word: str) -> str:
    """Return the operator. A run of symbols is one word, so ``*-1`` has an unknown operator."""
    known = {operator for level in _LEVELS for operator in level} | {"!"}
    if word not in known:
        raise EvaluationError(f"expr: unexpected {word} in input: F()")
    return word


def _map(value: Value, function: Callable[[float | None], float | None]) -> Value:
    if isinstance(value, Series):
        return Series(value.labels, tuple((at, function(x)) for at, x in value.points))
    if isinstance(value, Number):
        return Number(value.labels, function(value.value))
    if isinstance(value, Scalar):
        return Scalar(function(value.value))
    return NoData()


def _floats(function: Callable[[float], float]) -> Callable[[float | None], float | None]:
    """Null becomes NaN before most functions."""
    return lambda x: math.nan if x is None else function(x)


def _round(x: float) -> float:
    """Go rounds half away from zero."""
    return math.copysign(math.floor(abs(x) + 0.5), x) if math.isfinite(x) else x


def _whole(function: Callable[[float], int]) -> Callable[[float], float]:
    return lambda x: float(function(x)) if math.isfinite(x) else x


def _log(x: float) -> float:
    if x == 0:
        return -math.inf
    return math.log(x) if x > 0 else math.nan


_CONSTANTS = {"nan": math.nan, "inf": math.inf, "infn": -math.inf, "null": None}
_FUNCTIONS: dict[str, Callable[[float | None], float | None]] = {
    "abs": _floats(abs),
    "log": _floats(_log),
    "round": _floats(_round),
    "ceil": _floats(_whole(math.ceil)),
    "floor": _floats(_whole(math.floor)),
    "is_nan": _floats(lambda x: float(math.isnan(x))),
    "is_inf": _floats(lambda x: float(math.isinf(x))),
    "is_null": lambda x: float(x is None),
    "is_number": lambda x: float(x is not None and math.isfinite(x)),
}


def _unary(operator: str, x: float | None) -> float | None:
    if x is None or math.isnan(x):
        return x
    return float(x == 0) if operator == "!" else -x


def _divide(a: float, b: float) -> float:
    if b:
        return a / b
    return math.nan if a == 0 else math.copysign(math.inf, a) * math.copysign(1, b)


def _power(a: float, b: float) -> float:
    odd = math.isfinite(b) and b % 2 == 1
    try:
        return math.pow(a, b)
    except OverflowError:
        return -math.inf if a < 0 and odd else math.inf
    except ValueError:  # Python has no infinity for 0 ** -1, as Go has
        if a:
            return math.nan
        return math.copysign(math.inf, a) if odd else math.inf


_OPERATORS: dict[str, Callable[[float, float], float]] = {
    "+": lambda a, b: a + b,
    "-": lambda a, b: a - b,
    "*": lambda a, b: a * b,
    "/": _divide,
    "%": lambda a, b: math.fmod(a, b) if b and math.isfinite(a) else math.nan,
    "**": _power,
    "==": lambda a, b: float(a == b),
    "!=": lambda a, b: float(a != b),
    ">": lambda a, b: float(a > b),
    ">=": lambda a, b: float(a >= b),
    "<": lambda a, b: float(a < b),
    "<=": lambda a, b: float(a <= b),
    "||": lambda a, b: float(bool(a or b)),
    "&&": lambda a, b: float(bool(a and b)),
}


def _binary(operator: str, a: float | None, b: float | None) -> float | None:
    if a is None or b is None:
        return None
    if operator == "||" and a != 0:  # short circuits come before NaN
        return 1.0
    if operator == "&&" and a == 0:
        return 0.0
    if math.isnan(a) or math.isnan(b):
        return math.nan
    return _OPERATORS[operator](a, b)


def _binary_node(
    operator: str, left: Callable[[Vars], list[Value]], right: Callable[[Vars], list[Value]]
) -> Callable[[Vars], list[Value]]:
    def run(held: Vars) -> list[Value]:
        return [_apply(operator, labels, a, b) for labels, a, b in _union(left(held), right(held))]

    return run


def _union(left: list[Value], right: list[Value]) -> list[tuple[Mapping[str, str], Value, Value]]:
    if not left or not right:
        return []
    if (len(left) == 1 or len(right) == 1) and (
        isinstance(left[0], NoData) or isinstance(right[0], NoData)
    ):
        return [({}, left[0], right[0])]
    joined: list[tuple[Mapping[str, str], Value, Value]] = []
    for a in left:
        for b in right:
            if key(a.labels) == key(b.labels) or not b.labels:
                joined.append((a.labels, a, b))
            elif not a.labels:
                joined.append((b.labels, a, b))
            elif len(a.labels) != len(b.labels):
                outer, inner = sorted((a.labels, b.labels), key=len, reverse=True)
                if contains(outer, inner):
                    joined.append((outer, a, b))
    if not joined and len(left) == len(right) == 1:
        return [({}, left[0], right[0])]
    return joined


def _apply(operator: str, labels: Mapping[str, str], a: Value, b: Value) -> Value:
    if isinstance(a, NoData) or isinstance(b, NoData):
        return NoData()
    if isinstance(a, Series):
        if isinstance(b, Series):
            other = dict(b.points)
            return Series(
                labels,
                tuple((at, _binary(operator, x, other[at])) for at, x in a.points if at in other),
            )
        return Series(labels, tuple((at, _binary(operator, x, b.value)) for at, x in a.points))
    if isinstance(b, Series):
        return Series(labels, tuple((at, _binary(operator, a.value, x)) for at, x in b.points))
    result = _binary(operator, a.value, b.value)
    if isinstance(a, Scalar) and isinstance(b, Scalar):
        return Scalar(result)
    return Number(labels, result)
