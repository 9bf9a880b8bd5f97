"""Days of traffic as counts a minute, and sums over any stretch of them in one subtraction."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from drill import cells as of_cells
from drill.cells import Cell

Counts = NDArray[np.unsignedinteger[Any]]  # cell, minute
Index = NDArray[np.int64]  # minutes of a tape, one a tick
Numbers = NDArray[np.floating[Any]]  # tick, label


@dataclass(frozen=True)
class Sums:
    """A sum by the labels of a dimension, from the beginning of the tape up to each minute."""

    labels: tuple[str, ...]
    until: Numbers  # (minutes + 1, labels)

    def between(self, low: Index, high: Index) -> Numbers:
        """Return the sums from `low` up to `high`, a row a tick."""
        return self.until[high] - self.until[low]

    @cached_property
    def present(self) -> NDArray[np.bool_]:
        """Whether there was anything, by minute and label."""
        return np.diff(self.until, axis=0) > 0

    @cached_property
    def first_from(self) -> Index:
        """The first minute with anything at or after each minute; (minutes + 1, labels)."""
        size = len(self.present)
        at = np.where(self.present, np.arange(size)[:, None], size)
        padded = np.vstack([at, np.full((1, at.shape[1]), size)])
        return np.minimum.accumulate(padded[::-1])[::-1]

    @cached_property
    def last_before(self) -> Index:
        """The last minute with anything before each minute, or -1; (minutes + 1, labels)."""
        at = np.where(self.present, np.arange(len(self.present))[:, None], -1)
        padded = np.vstack([np.full((1, at.shape[1]), -1), at])
        return np.maximum.accumulate(padded)


@dataclass(frozen=True, eq=False)
class Records:
    """Records of a kind: which cells there are, and how many of each in every minute."""

    cells: Sequence[Cell]
    counts: Counts
    _made: dict[Any, Any] = field(default_factory=dict, repr=False)

    def sums(self, term: Any, dimension: of_cells.By = None) -> Sums:
        """Return a resolved count or sum by a dimension's labels."""
        key = term, dimension
        if key not in self._made:
            weights = [of_cells.weight(term, cell) for cell in self.cells]
            columns: dict[str, list[int]] = {}
            for at, cell in enumerate(self.cells):
                columns.setdefault(of_cells.label(dimension, cell), []).append(at)
            labels = tuple(sorted(columns))
            self._made[key] = Sums(
                labels, self._accumulated([columns[each] for each in labels], weights)
            )
        made: Sums = self._made[key]
        return made

    def histogram(
        self, value: Any, where: Any, dimension: of_cells.By = None
    ) -> dict[str, tuple[Numbers, Numbers]]:
        """Return, by label, the values there are of a field, ascending, and each one's counts.

        The counts are from the beginning of the tape up to each minute: (minutes + 1, values).
        """
        key = value, where, dimension
        if key not in self._made:
            found: dict[str, dict[float, list[int]]] = {}
            for at, cell in enumerate(self.cells):
                values = found.setdefault(of_cells.label(dimension, cell), {})
                if value.name in cell and of_cells.holds(where, cell) is True:
                    values.setdefault(float(cell[value.name]), []).append(at)
            ones = [1.0] * len(self.cells)
            made = {
                label: (
                    np.array(sorted(values)),
                    self._accumulated([values[each] for each in sorted(values)], ones),
                )
                for label, values in found.items()
            }
            self._made[key] = made
        histogram: dict[str, tuple[Numbers, Numbers]] = self._made[key]
        return histogram

    def _accumulated(self, columns: Sequence[Sequence[int]], weights: Sequence[float]) -> Numbers:
        """Return, for each list of cells, their weighted sum up to each minute.

        The shape is (minutes + 1, columns).
        """
        until = np.zeros((len(columns), self.counts.shape[1] + 1))
        for column, cells in zip(until, columns, strict=True):
            for weight in {weights[at] for at in cells} - {0.0}:
                rows = self.counts[[at for at in cells if weights[at] == weight]]
                column[1:] += weight * rows.sum(axis=0, dtype=np.uint64)
        return np.cumsum(until, axis=1).T


@dataclass(frozen=True, eq=False)
class Tape:
    """Some days of one site.

    `arrived` says, for every minute of requests, in which minute its lines were written; never
    earlier than those of the minute before. A minute's records can be asked for from the next on.
    """

    start: int  # the first minute, counted from 1970
    requests: Records
    arrived: Index
    pipeline: Records

    def __len__(self) -> int:
        """Return how many minutes there are."""
        return int(self.requests.counts.shape[1])

    @cached_property
    def seen(self) -> Index:
        """How many minutes of requests are in the table at the beginning of each minute."""
        return np.searchsorted(self.arrived, np.arange(len(self) + 1), side="left")


# What the processor says of itself, a cell each, and the lags it can tell of, in milliseconds.
REPORTED = ("received", "malformed", "rejected")
LAGS_MS = (2_000, 62_000, 122_000, 182_000, 242_000, 302_000, 602_000, 1_802_000, 7_202_000)


def tape(start: int, cells: Sequence[Cell], counts: Counts, arrived: Index | None = None) -> Tape:
    """Return the tape of requests, and what the processor reports of them: a batch a minute.

    Without `arrived` the lines of a minute are written within it.
    """
    size = counts.shape[1]
    if arrived is None:
        arrived = np.arange(size)
    lines = counts.sum(axis=0, dtype=np.int64)
    batches = [*({name: 1} for name in REPORTED), *({"lag_p50_ms": lag} for lag in LAGS_MS)]
    received = np.zeros(size, np.int64)
    inside = arrived < size
    np.add.at(received, arrived[inside], lines[inside])
    batch = np.flatnonzero(received)
    middle = np.cumsum(received)[batch] - received[batch] / 2
    written = np.searchsorted(np.cumsum(lines), middle)  # the minute of a batch's median line
    lag = np.searchsorted(LAGS_MS, (batch - written) * 60_000 + LAGS_MS[0])
    told = np.zeros((len(batches), size), np.uint32)
    told[0] = received
    told[len(REPORTED) + np.minimum(lag, len(LAGS_MS) - 1), batch] = 1
    return Tape(start, Records(cells, counts), arrived, Records(batches, told))
