"""Split lines into the values of the configured fields.

Lines with another number of fields are set aside, and so are batches whose fields are not the
configured ones: see drift.py. A line that is there twice becomes one row.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

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
    values: list[list[str]]  # of each line, in the order of the configured fields
    batch: Batch
    duplicates: list[int] = field(default_factory=list)  # lines equal to an earlier one
    malformed: list[Failed] = field(default_factory=list)

    @property
    def texts(self) -> list[str]:
        """The batch's lines, as they came."""
        return self.batch.texts


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
        everything = list(range(len(rows.lines)))
        parts = [(self._gate, everything)]
        if batch.redriven:
            back = [at for at in everything if batch.records[rows.lines[at]] in batch.redriven]
            new = sorted(set(everything) - set(back))
            parts = [(self._gate, new), (self._redriven_gate, back)]
        found: dict[int, str] = {}
        for gate, chosen in parts:
            all_of_them = len(chosen) == len(everything)
            misfit = gate.first_misfit(
                rows.values if all_of_them else [rows.values[at] for at in chosen]
            )
            if misfit:
                reason = DRIFT_REASON.format(misfit.name)
                found |= dict.fromkeys([rows.lines[at] for at in chosen], reason)
        return found


def split(batch: Batch, width: int) -> Rows:
    """Split a batch's lines, and set those with another number of fields aside."""
    lines, duplicates = _distinct(batch.texts)
    values = [batch.texts[line].split("\t") for line in lines]
    rows = Rows(lines, values, batch, duplicates)
    if set(map(len, values)) - {width}:
        given = list(zip(lines, values, strict=True))
        rows.malformed = [
            Failed(
                line,
                "field_count",
                f"the line has {len(found)} fields where {width} are configured",
            )
            for line, found in given
            if len(found) != width
        ]
        kept = [each for each in given if len(each[1]) == width]
        rows.lines, rows.values = [line for line, _ in kept], [found for _, found in kept]
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
    kept = [at for at, line in enumerate(rows.lines) if line not in drifted]
    rows.lines, rows.values = [rows.lines[at] for at in kept], [rows.values[at] for at in kept]
    rows.duplicates = [line for line in rows.duplicates if rows.texts[line] not in reasons]
