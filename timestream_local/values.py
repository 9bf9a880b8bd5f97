"""A compiled expression and its place; matching the types of arguments with a signature's."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Protocol

from sqlglot import exp

from timestream_local import types
from timestream_local.types import Type

NOW = "$now"


@dataclass(frozen=True, slots=True)
class Text:
    """The value of a number or a text in the query, and its node."""

    text: str
    node: exp.Literal


@dataclass(frozen=True, slots=True)
class Value:
    """A compiled expression."""

    sql: str
    type: Type
    free: exp.Column | None = None  # a column outside of any aggregate and group key
    aggregate: bool = False
    window: bool = False
    literal: bool = False
    said: Text | None = None  # a literal's; None for NULL, TRUE, FALSE and intervals
    parameter: str | None = None  # the name of a parameter, @name

    @property
    def text(self) -> str | None:
        """The value of a number or a text in the query."""
        return None if self.said is None else self.said.text

    @property
    def texts(self) -> tuple[Text, ...]:
        """The text, if the value is a text literal; see joint."""
        return (self.said,) if self.said is not None and self.type is types.VARCHAR else ()

    def over(self, *parts: Value, sql: str, type: Type) -> Value:  # noqa: A002
        """Return a value made of this and other values."""
        every = (self, *parts)
        return Value(
            sql,
            type,
            free=next((v.free for v in every if v.free is not None), None),
            aggregate=any(v.aggregate for v in every),
            window=any(v.window for v in every),
        )


EMPTY = Value("", types.UNKNOWN)


@dataclass(frozen=True, slots=True)
class Over:
    """The OVER clause of a window function's call, and how it treats NULLs."""

    sql: str
    nulls: str = ""  # " IGNORE NULLS" or " RESPECT NULLS"


@dataclass(slots=True)
class Place:
    """The place of an expression in a SELECT, which decides what it may contain."""

    clause: str
    aggregates: bool = False
    windows: bool = False
    groups: frozenset[str] = frozenset()


def string(text: str) -> str:
    """Return a DuckDB string literal."""
    return "'" + text.replace("'", "''") + "'"


class Typed(Protocol):
    """Something with a type; its texts, if it can only be one of some text literals."""

    @property
    def type(self) -> Type:
        """The type by itself."""

    @property
    def texts(self) -> tuple[Text, ...]:
        """The text literals that it can be, if it can be nothing but these and NULL."""


def joint(*parts: Typed) -> Type | None:
    """Return the type to which values that are combined are converted, or None if there is none.

    A text literal becomes a timestamp beside one, in operators, IN, BETWEEN, CASE, set operations
    and functions alike. A column of texts does not, and a text becomes no number and no date.
    https://github.com/awslabs/aws-athena-query-federation/pull/1888
    """
    kind: Type | None = None
    texts = False
    for part in parts:
        if part.texts:
            texts = True
            continue
        kind = part.type if kind is None else types.common(kind, part.type)
        if kind is None:
            return None
    if kind is None:
        return types.VARCHAR if texts else types.UNKNOWN
    return types.common(kind, types.VARCHAR) if texts and kind is not types.TIMESTAMP else kind


def joint_texts(*parts: Typed) -> tuple[Text, ...]:
    """Return the texts of combined values, if they are nothing but text literals and NULLs."""
    if all(part.texts or part.type == types.UNKNOWN for part in parts):
        return tuple(text for part in parts for text in part.texts)
    return ()


def time_text(want: Type, value: Value) -> Text | None:
    """Return the value's text, if it is a text literal and a timestamp is expected."""
    return value.said if want is types.TIMESTAMP and value.type is types.VARCHAR else None


def fill(template: str, arguments: list[Value], words: Mapping[str, str]) -> str:
    """Return a rule's template with its arguments in place, and the words of its marks."""
    texts = [argument.sql for argument in arguments]
    template = template.replace("{*}", ", ".join(texts).replace("{", "{{").replace("}", "}}"))
    if "{0:type}" in template:
        return template.replace("{0:type}", str(arguments[0].type))
    return template.format(*texts, **words, now=NOW)


def double(number: float) -> str:
    """Return a DuckDB literal of type DOUBLE."""
    text = repr(number)
    return text if "e" in text else f"{text}e0"


# Constants that DuckDB would take for a column number in ORDER BY, or refuse there.
_BARE = re.compile(r"[(-]*(?:[\d.]+(?:e[+-]?\d+)?|NULL|TRUE|FALSE|'(?:[^']|'')*')\)*")


def sorts_nothing(value: Value) -> bool:
    """Whether a sort key is a constant and can be left out."""
    return value.literal or _BARE.fullmatch(value.sql) is not None


def direction(item: exp.Ordered) -> str:
    """Return the direction of a sort key; NULLs come last unless said otherwise."""
    nulls = "FIRST" if item.args.get("nulls_first") else "LAST"
    return f" {'DESC' if item.args.get('desc') else 'ASC'} NULLS {nulls}"


def unify(want: Type, have: Type, bound: dict[str, Type]) -> int | None:
    """Match a type against a signature's, noting what its variables stand for."""
    if want.is_variable:
        known = bound.get(want.name)
        if known is None:
            bound[want.name] = have
            return 0
        joint = types.common(known, have)
        if joint is None:
            return None
        bound[want.name] = joint
        return 0 if joint == known == have else 1
    if want.args and want.name == have.name and len(want.args) == len(have.args):
        pairs = zip(want.args, have.args, strict=True)
        costs = types.every([unify(w, h, bound) for w, h in pairs])
        return None if costs is None else sum(costs)
    if want.args:
        return 1 if have == types.UNKNOWN else None
    return types.coercion_cost(have, want)


def substitute(want: Type, bound: dict[str, Type]) -> Type:
    """Return a signature's type with its variables replaced."""
    if want.is_variable:
        return bound.get(want.name, types.UNKNOWN)
    if want.args:
        return replace(want, args=tuple(substitute(arg, bound) for arg in want.args))
    return want
