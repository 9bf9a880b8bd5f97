"""How a function's rule is written: a row of a table, its signature in Timestream's type names.

    Overload("date_trunc", "varchar, timestamp -> timestamp", "...DuckDB template...")

In a template ``{0}``, ``{1}`` are the arguments, ``{*}`` all of them, ``{0:type}`` the name of the
first one's type and ``{now}`` the time of the query. Aggregates and window functions mark where
DISTINCT, ORDER BY, IGNORE NULLS and OVER belong: ``{distinct}``, ``{order}``, ``{nulls}``,
``{over}``; without the mark the word is refused. In a
signature a type of one capital letter stands for any type, ``...`` repeats the last argument.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache

from timestream_local import types
from timestream_local.types import Type

# Turns the text of a literal argument into DuckDB text; raises ValueError with the reason.
Converter = Callable[[str], str]
# Says of the text of a literal argument whether an overload is for it.
Test = Callable[[str], bool]


@dataclass(frozen=True, slots=True)
class Signature:
    """Argument types and the result's, of one overload."""

    arguments: tuple[Type, ...]
    result: Type
    variadic: bool = False

    def wanted(self, count: int) -> tuple[Type, ...] | None:
        """Return the types of `count` arguments; None where there cannot be as many."""
        if self.variadic and count >= len(self.arguments) - 1:
            *first, last = self.arguments
            return (*first, *[last] * (count - len(first)))
        return self.arguments if len(self.arguments) == count else None


@dataclass(frozen=True, slots=True)
class Overload:
    """One overload of a function, an aggregate, a window function or an operator."""

    name: str
    signature: str
    template: str
    kind: str = "scalar"  # scalar, aggregate or window
    constant: Mapping[int, Converter] = field(
        default_factory=dict
    )  # arguments that must be literal
    convert: Mapping[int, Converter] = field(default_factory=dict)  # converted where literal
    only: Mapping[int, Test] = field(default_factory=dict)  # literals the overload is for
    # An argument for which DuckDB also takes a list: calls that differ in it alone become one.
    listed: int | None = None

    @property
    def types(self) -> Signature:
        """The parsed signature."""
        return parse_signature(self.signature)


@dataclass(frozen=True, slots=True)
class Family:
    """The functions of one page of the documentation."""

    title: str
    page: str  # https://docs.aws.amazon.com/timestream/latest/developerguide/<page>.html
    documented: tuple[str, ...]
    rules: tuple[Overload, ...]
    macros: str = ""
    refused: Mapping[str, str] = field(default_factory=dict)
    notes: Mapping[str, str] = field(default_factory=dict)


def words(text: str) -> tuple[str, ...]:
    """Return the words of a text, so that long lists of names are easy to read."""
    return tuple(text.split())


@cache
def parse_signature(text: str) -> Signature:
    """Return the types of "T, bigint... -> array(T)"."""
    left, _, right = text.rpartition("->")
    arguments = left.strip()
    variadic = arguments.endswith("...")
    parts = split_top(arguments.removesuffix("..."))
    return Signature(tuple(parse_type(p) for p in parts), parse_type(right.strip()), variadic)


def split_top(text: str) -> list[str]:
    """Split at the commas that are not inside parentheses."""
    parts, depth, start = [], 0, 0
    for i, sign in enumerate(text):
        depth += (sign == "(") - (sign == ")")
        if sign == "," and depth == 0:
            parts.append(text[start:i])
            start = i + 1
    parts.append(text[start:])
    return [part.strip() for part in parts if part.strip()]


@cache
def parse_type(text: str) -> Type:
    """Return the type a signature or a CAST names: "array(row(a bigint, varchar))".

    Raises ValueError for a name that is no Timestream type.
    """
    text = text.strip()
    if text.lower() in types.SCALARS:
        return types.SCALARS[text.lower()]
    if text.lower() == "int":
        return types.INTEGER
    if re.fullmatch(r"[A-Z]", text):
        return Type(text)
    match = re.fullmatch(r"(\w+)\s*\((.*)\)", text, re.DOTALL)
    if match is None or match[1].lower() not in ("array", "timeseries", "row", "function"):
        raise ValueError(f"Unknown type: {text}")
    name, inner = match[1].lower(), split_top(match[2])
    if name == "row":
        return types.row(*(_row_field(part) for part in inner))
    return Type(name, tuple(parse_type(part) for part in inner))


def _row_field(text: str) -> tuple[str | None, Type]:
    name, _, rest = text.partition(" ")
    if rest and text.lower() not in types.SCALARS and "(" not in name:
        return name.strip('"'), parse_type(rest)
    return None, parse_type(text)
