"""Requests that are alike, and what an expression of dashboards/signals/ says of them.

A *cell* is a kind of request: a value for each field that a rule looks at. Traffic is then how many
requests of each cell there were in each minute, and whatever a rule sums is a sum of weights.
"""

from collections.abc import Callable, Mapping
from typing import Any

from dashboards.signals import PREDICATES, Dimension
from dashboards.signals import expressions as x
from processor.catalog import FIELDS

# CloudFront's field, or a number the processor reports: its value. What is not there has none.
Cell = Mapping[str, str | int | float]
Test = Callable[[Cell], bool | None]  # None as in SQL: there is no value to ask about

_EVERY_FIELD = frozenset(field.name for field in FIELDS)
# The label of a request that has no value, as CloudFront writes it.
NONE = "-"


def resolved(expression: Any) -> Any:
    """Return an expression with the names of predicates replaced by what they stand for."""
    return x.resolve(expression, _EVERY_FIELD, PREDICATES)


def holds(predicate: Any, cell: Cell) -> bool | None:
    """Tell whether a resolved predicate holds for a cell."""
    match predicate:
        case None:
            return True
        case x.Named(of=of):
            return holds(of, cell)
        case x.Not(of=of):
            found = holds(of, cell)
            return None if found is None else not found
        case x.AllOf(of=terms):
            return _all([holds(each, cell) for each in terms])
        case x.AnyOf(of=terms):
            return _any([holds(each, cell) for each in terms])
        case x.Has(field=field):
            return field.name in cell
    value = cell.get(predicate.field.name)
    return None if value is None else _TESTS[type(predicate)](predicate, value)


def _all(found: list[bool | None]) -> bool | None:
    return False if False in found else None if None in found else True


def _any(found: list[bool | None]) -> bool | None:
    return True if True in found else None if None in found else False


_TESTS: dict[type, Callable[[Any, Any], bool]] = {
    x.Equals: lambda node, value: value == node.value,
    x.OneOf: lambda node, value: value in node.values,
    x.Between: lambda node, value: node.low <= value <= node.high,
    x.AtLeast: lambda node, value: value >= node.value,
    x.Contains: lambda node, value: node.text in value,
    x.StartsWith: lambda node, value: value.startswith(node.text),
}


# What requests are told apart by: a dimension, several, or nothing.
By = Dimension | tuple[Dimension, ...] | None


def label(dimension: By, cell: Cell) -> str:
    """Return the label that a cell has in a dimension; all have the same in none."""
    if dimension is None:
        return ""
    if isinstance(dimension, tuple):
        return "\0".join(label(each, cell) for each in dimension)
    assert isinstance(dimension.label, x.Field), f"no rule tells by {dimension.name} yet"
    return str(cell.get(dimension.label.name, NONE))


def weight(term: Any, cell: Cell) -> float:
    """Return what one request of a cell adds to a resolved count or sum."""
    match term:
        case x.Count(where=where):
            return float(holds(where, cell) is True)
        case x.CountValues(of=of):
            return float(of.name in cell)
        case x.Sum(of=x.Field(name=name) | x.Reported(name=name), where=where):
            return float(cell.get(name, 0)) if holds(where, cell) is True else 0.0
    raise TypeError(f"the drill does not sum {type(term).__name__} yet; teach it in drill/cells.py")
