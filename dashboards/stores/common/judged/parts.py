"""A part of a rule, as its question knows it, and what a kind of question is."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from dashboards.stores.common.slices import Sliced

if TYPE_CHECKING:
    from dashboards.signals import Dimension
    from dashboards.signals.expressions import Aggregate, Predicate


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """What a part has of its own. Each kind of question says which settings it reads."""

    name: str = ""
    dimension: "Dimension | None" = None  # whose labels are told apart
    line: float = 0.0
    min_requests: float = 1
    max_requests: float | None = None
    value: "Aggregate | None" = None
    gate: "Aggregate | None" = None
    bad: "Predicate | None" = None
    objective: float = 0.0  # percent
    window: int = 0  # seconds, as `short`
    short: int = 0
    at_most: float | None = None  # times too fast
    presence: float = 100.0  # percent
    usual: float = 0.0  # percent
    # The number with which it begins no alert and ends none; None if it does not go on that long.
    held: float | None = None


class Counts(Protocol):
    """Asks a store for numbers of slices of time; see stores.Queries."""

    def slices(
        self, asked: Sequence[Sliced], *, record: str = "request", slot: int | None = None
    ) -> str:
        """Return a query: part, name, slice, slot, numbers."""


class Kind(Protocol):
    """A kind of question with its settings. Parts that ask the same are asked together."""

    def query(self, store: Counts, parts: Sequence[Part]) -> str:
        """Return the query about these parts: part, name, number, judged, place."""
