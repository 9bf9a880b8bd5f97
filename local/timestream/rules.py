"""How a function rule is written: one row of a table, its signature in Timestream's own words.

    Rule("date_trunc", "varchar, timestamp -> timestamp", "...DuckDB template...")

In a template ``{0}``, ``{1}`` are the arguments, ``{*}`` all of them (or those from n on: ``{1*}``).
Aggregates mark where DISTINCT and OVER belong: ``{distinct}``, ``{over}``. A type of one capital
letter stands for any type; ``...`` after the last argument repeats it.
"""

import re
from dataclasses import dataclass, field
from functools import cache

from local.timestream import types
from local.timestream.types import Type


@dataclass(frozen=True, slots=True)
class Signature:
    """Argument types and the result's, of one overload."""

    arguments: tuple[Type, ...]
    result: Type
    variadic: bool = False


@dataclass(frozen=True, slots=True)
class Rule:
    """One overload of a function, an aggregate, a window function or an operator."""

    name: str
    signature: str
    template: str
    kind: str = "scalar"  # scalar, aggregate or window
    literal: tuple[int, ...] = field(default=())  # arguments that must be literals

    @property
    def types(self) -> Signature:
        """The parsed signature."""
        return parse_signature(self.signature)


@cache
def parse_signature(text: str) -> Signature:
    """Return the types of "T, bigint... -> array(T)"."""
    left, _, right = text.partition("->") if "->" in text else ("", "", text)

    arguments = left.strip()
    variadic = arguments.endswith("...")
    parts = split_top(arguments.removesuffix("...")) if arguments else []
    return Signature(tuple(parse_type(p) for p in parts), parse_type(right.strip()), variadic)


def split_top(text: str) -> list[str]:
    """Split at commas that are not inside parentheses."""
    return [p.strip() for p in re.split(r",(?![^()]*(?:\([^()]*\)[^()]*)*\))", text) if p.strip()]


@cache
def parse_type(text: str) -> Type:
    """Return the type a signature or a CAST names: "array(row(a bigint, varchar))".

    Raises ValueError for a name that is no Timestream type.
    """
    text = text.strip()
    if text.lower() in types.SCALARS:
        return types.SCALARS[text.lower()]
    if re.fullmatch(r"[A-Z]", text):
        return Type(text)
    if text.lower() == "int":
        return types.INTEGER
    match = re.fullmatch(r"(\w+)\((.*)\)", text, re.DOTALL)
    if match is None:
        raise ValueError(f"unknown type: {text}")
    name, inner = match[1].lower(), split_top(match[2])
    if name == "varchar":
        return types.VARCHAR
    if name == "row":
        return types.row(*(_row_field(part) for part in inner))
    if name in ("array", "timeseries", "function"):
        return Type(name, tuple(parse_type(part) for part in inner))
    raise ValueError(f"unknown type: {text}")


def _row_field(text: str) -> tuple[str | None, Type]:
    name, _, rest = text.partition(" ")
    if rest and text.lower() not in types.SCALARS and "(" not in name:
        return name.strip('"'), parse_type(rest)
    return None, parse_type(text)
