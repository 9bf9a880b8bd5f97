"""What flows between the parts of an alert rule.

A query returns frames. Grafana turns them into *values*: numbers or series that carry labels.
Expressions take values and give values; the condition's values become alert instances.
https://grafana.com/docs/grafana/latest/alerting/fundamentals/alert-rules/queries-conditions/
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

Labels = Mapping[str, str]


class EvaluationError(Exception):
    """A rule's query or expression failed, as it would in Grafana; the text is Grafana's.

    ``ref_id`` is set when a data source query (or the reading of its answer) is to blame: Grafana
    then puts it, with the data source, on the DatasourceError alert.
    """

    def __init__(self, message: str, ref_id: str = "") -> None:
        super().__init__(message)
        self.ref_id = ref_id


@dataclass(frozen=True, slots=True)
class Match:
    """The number that a classic condition computed from one value."""

    metric: str
    labels: Labels
    value: float | None


@dataclass(frozen=True, slots=True)
class Number:
    """One number with labels; ``None`` is null.

    ``name`` is the query's column, ``matches`` the numbers that classic conditions compared.
    """

    labels: Labels
    value: float | None
    name: str = field(default="", compare=False)
    matches: tuple[Match, ...] | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Scalar:
    """A number without labels, written in an expression."""

    value: float | None

    @property
    def labels(self) -> Labels:
        """A scalar has none."""
        return {}


@dataclass(frozen=True, slots=True)
class Series:
    """Points (nanoseconds since the epoch, value) with labels."""

    labels: Labels
    points: tuple[tuple[int, float | None], ...]
    name: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class NoData:
    """The query answered with nothing at all."""

    @property
    def labels(self) -> Labels:
        """Nothing has no labels."""
        return {}


Value = Number | Scalar | Series | NoData


@dataclass(frozen=True, slots=True)
class Capture:
    """The number that one query or expression has for an instance, with its labels."""

    ref_id: str
    labels: Labels
    value: float | None
    from_datasource: bool
    type: str = ""  # query, or the expression's

    @property
    def number(self) -> float:
        """The number as a template sees it: null is NaN."""
        return math.nan if self.value is None else self.value


def key(labels: Labels) -> tuple[tuple[str, str], ...]:
    """Return what identifies a set of labels."""
    return tuple(sorted(labels.items()))


def contains(outer: Labels, inner: Labels) -> bool:
    """Whether every label of ``inner`` is in ``outer`` with the same value."""
    return all(outer.get(name) == value for name, value in inner.items())


def text(labels: Labels) -> str:
    """Return labels as Grafana prints them: ``a=1, b=2``."""
    return ", ".join(f"{name}={value}" for name, value in sorted(labels.items()))


def is_number(value: float | None) -> bool:
    """Whether a value is neither null nor NaN nor infinite."""
    return value is not None and math.isfinite(value)
