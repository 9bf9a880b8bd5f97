"""Which signals, dimensions and predicates there are when only some log fields are collected."""

from collections.abc import Iterable
from typing import Any

from dashboards.signals.dimensions import Dimension
from dashboards.signals.expressions import Aggregate, NotCollected, Predicate, needed, resolve
from dashboards.signals.predicates import PREDICATES
from dashboards.signals.signals import Signal
from processor import catalog

# A string names a predicate.
Need = Signal | Dimension | Aggregate | Predicate | str


class Collected:
    """A bundle's log fields, and what can be computed from them. Each need is resolved once."""

    def __init__(self, fields: Iterable[str], unreported: Iterable[str] = ()) -> None:
        """`unreported` are values of the processor's reports that say nothing of this store."""
        self.fields = frozenset(fields)
        self.unreported = frozenset(unreported)
        self._resolved: dict[Need, Any] = {}

    def resolve(self, need: Need) -> Any:
        """Return the expression, names and fallbacks replaced. Raises NotCollected."""
        if need not in self._resolved:
            try:
                self._resolved[need] = resolve(
                    _expression(need), self.fields, PREDICATES, self.unreported
                )
            except NotCollected as error:
                self._resolved[need] = error
        found = self._resolved[need]
        if isinstance(found, NotCollected):
            raise NotCollected(*found.args)
        return found

    def available(self, *needs: Need) -> bool:
        """Tell whether the fields that signals, dimensions and predicates need are there."""
        try:
            for need in needs:
                self.resolve(need)
        except NotCollected:
            return False
        return True

    def fields_of(self, *needs: Need) -> tuple[str, ...]:
        """Return the log fields that these read, in CloudFront's order. Raises NotCollected."""
        found = {name for need in needs for name in needed(self.resolve(need))}
        return tuple(field.name for field in catalog.FIELDS if field.name in found)


def _expression(need: Need) -> Any:
    match need:
        case Signal():
            return need.value
        case Dimension():
            return need.label
        case str():
            return PREDICATES[need]
    return need
