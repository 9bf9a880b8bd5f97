"""Parts of time, counted back from the end of a query's range, and what is asked of them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dashboards.signals import Dimension
    from dashboards.signals.expressions import Aggregate

DAY = 86400  # seconds


@dataclass(frozen=True, slots=True)
class Slice:
    """A part of time before the end of a query's range, in seconds."""

    name: str
    since: int
    until: int = 0


@dataclass(frozen=True, slots=True)
class Sliced:
    """What one part of a rule asks for: numbers of some slices, by label or of the whole site."""

    part: str
    columns: "Mapping[str, Aggregate]"  # the same names for all that is asked for together
    slices: tuple[Slice, ...]
    dimension: "Dimension | None" = None  # whose label is `name`
    home: "Dimension | None" = None  # whose label is `home`, which is no column without one
