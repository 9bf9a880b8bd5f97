"""A part of time, counted back from the end of a query's range."""

from dataclasses import dataclass

DAY = 86400  # seconds


@dataclass(frozen=True, slots=True)
class Slice:
    """A part of time before the end of a query's range, in seconds."""

    name: str
    since: int
    until: int = 0
