"""Split lines into the values of the configured fields.

Lines with another number of fields are set aside, and so are batches whose fields are not the
configured ones: see drift.py. A line that is there twice becomes one row.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from processor.catalog import Field
from processor.drift import Gate
from processor.lines import Batch, Failed

DRIFTED = "drifted"
DRIFT_REASON = (
    "most lines of the batch have something else where {} is configured: compare the fields of the "
    "real-time log configuration with the stack's LogFields"
)


@dataclass(slots=True)
class Rows:
    """The lines that a store is to write, as parallel lists, and those that it is not."""

    lines: list[int]  # index into Batch.texts
    batch: Batch
    duplicates: list[int] = field(default_factory=list)  # lines equal to an earlier one
    malformed: list[Failed] = field(default_factory=list)

    @property
    def texts(self) -> list[str]:
        """The batch's lines, as they came."""
        return self.batch.texts

    @property
    def values(self) -> "Values":
        """The values of each line, in the order of the configured fields."""
        return Values([self.texts[line] for line in self.lines])


class Values(Sequence[list[str]]):
    """Lines as lists of values; each is split when it is asked for."""

    def __init__(self, texts: Sequence[str]) -> None:
        self._texts = texts

    def __len__(self) -> int:
        return len(self._texts)

    def __getitem__(self, at: Any) -> Any:
        """Return the values of one line."""
        return self._texts[at].split("\t")


class Splitter:
    """Splits batches of one configuration. It remembers earlier batches, so keep it."""

    def __init__(self, fields: Sequence[Field]) -> None:
        self._width = len(fields)
        self._gate, self._redriven_gate = Gate(fields), Gate(fields)

    def split(self, batch: Batch) -> Rows:
        """Split a batch's lines; each of them is in one of the lists."""
        rows = split(batch, self._width)
        if drifted := self._drifted(batch, rows):
            _set_drifted_aside(rows, drifted)
        return rows

    def _drifted(self, batch: Batch, rows: Rows) -> dict[int, str]:
        """Return the lines whose fields are not the configured ones, with the reason.

        Lines that were dead letters before are judged by themselves: among many new lines they
        would be too few to be noticed.
        """
        parts = [(self._gate, rows.lines)]
        if batch.redriven:
            back = [line for line in rows.lines if batch.records[line] in batch.redriven]
            new = sorted(set(rows.lines) - set(back))
            parts = [(self._gate, new), (self._redriven_gate, back)]
        found: dict[int, str] = {}
        for gate, chosen in parts:
            misfit = gate.first_misfit(Values([rows.texts[line] for line in chosen]))
            if misfit:
                reason = DRIFT_REASON.format(misfit.name)
                found |= dict.fromkeys(chosen, reason)
        return found


def split(batch: Batch, width: int) -> Rows:
    """Split a batch's lines, and set those with another number of fields aside."""
    lines, duplicates = _distinct(batch.texts)
    rows = Rows(lines, batch, duplicates)
    widths = [batch.texts[line].count("\t") + 1 for line in lines]
    if set(widths) - {width}:
        found = list(zip(lines, widths, strict=True))
        rows.malformed = [
            Failed(line, "field_count", f"the line has {each} fields where {width} are configured")
            for line, each in found
            if each != width
        ]
        rows.lines = [line for line, each in found if each == width]
    return rows


def _distinct(texts: list[str]) -> tuple[list[int], list[int]]:
    """Divide lines into the first of each and those equal to an earlier one."""
    if len(set(texts)) == len(texts):
        return list(range(len(texts))), []
    seen: set[str] = set()
    first: list[int] = []
    equal: list[int] = []
    for line, text in enumerate(texts):
        (equal if text in seen else first).append(line)
        seen.add(text)
    return first, equal


def _set_drifted_aside(rows: Rows, drifted: dict[int, str]) -> None:
    """Every copy of a drifted line is a dead letter: which of them is put back is not known."""
    reasons = {rows.texts[line]: reason for line, reason in drifted.items()}
    copies = [line for line in rows.duplicates if rows.texts[line] in reasons]
    rows.malformed += [
        Failed(line, DRIFTED, reasons[rows.texts[line]]) for line in [*drifted, *copies]
    ]
    rows.lines = [line for line in rows.lines if line not in drifted]
    rows.duplicates = [line for line in rows.duplicates if rows.texts[line] not in reasons]
