"""The words of these queries: selects, numbers, CASE, sums of slices."""

from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar

from dashboards.stores.common.judged.parts import Part
from dashboards.stores.common.layout import select_from as select

_P = TypeVar("_P", bound=Part)


def number(value: float) -> str:
    """Return a number without exponent, and whole where it is."""
    return f"{value:.10f}".rstrip("0").rstrip(".")


def named(source: str, names: Iterable[str]) -> list[str]:
    """Return columns of a source, under their own names."""
    return [f"{source}.{name} AS {name}" for name in names]


def least(one: str, other: str) -> str:
    """Return the lesser of two; with NULL, the other (as `least` is not, in every store)."""
    return f"CASE WHEN {one} < {other} THEN {one} ELSE {other} END"


def greatest(one: str, other: str) -> str:
    """Return the greater of two; with NULL, the other."""
    return f"CASE WHEN {one} > {other} THEN {one} ELSE {other} END"


def literals(texts: Iterable[str]) -> str:
    """Return names as a list of string literals."""
    return ", ".join(f"'{text}'" for text in texts)


def by_part(source: str, parts: Sequence[_P], text: Callable[[_P], str]) -> str:
    """Return what is said of the part that a row is of: one text, or a CASE of several."""
    said: dict[str, list[str]] = {}
    for part in parts:
        said.setdefault(text(part), []).append(part.name)
    *others, (last, _) = said.items()
    cases = "".join(
        f"WHEN {source}.part IN ({literals(names)}) THEN {one} " for one, names in others
    )
    return f"CASE {cases}ELSE {last} END" if cases else last


def of(slice_: str, column: str, source: str = "c") -> str:
    """Return a sum of the rows of one slice of time."""
    return f"sum(CASE WHEN {source}.slice = '{slice_}' THEN {source}.{column} ELSE 0 END)"


def one(value: str, source: str, name: str, where: Iterable[str] = ()) -> str:
    """Return an answer whose number is what it is judged and placed by."""
    made = select([*named(name, ("part", "name")), f"{value} AS number"], source, name, where)
    columns = [*named("v", ("part", "name", "number")), "v.number AS judged", "v.number AS place"]
    return select(columns, made, "v")
