"""Columns: a field's values as pieces of JSON, each with its size beside it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from json.encoder import encode_basestring as quote

from processor import values
from processor.catalog import Field
from processor.config import Config
from processor.stores.timestream.layout import LAYOUTS, cleaner
from processor.values import Malformed

NUMBER_BYTES = 8


@dataclass(slots=True)
class Cells:
    """A column of some rows: JSON and, as Timestream counts them, bytes of name and value."""

    json: list[str]  # "" where the row has no value
    sizes: list[int]
    size: int | None  # of every row, where all are alike; ``sizes`` is empty then
    odd: list[int]  # rows whose value is not a number
    cut: list[int]  # rows that lost text to the field's own limit

    def size_at(self, row: int) -> int:
        """Return the bytes of the column in a row."""
        return self.sizes[row] if self.size is None else self.size

    def put(self, row: int, json: str, size: int) -> None:
        """Replace a row's value in the column."""
        if self.size is not None:
            self.sizes, self.size = [self.size] * len(self.json), None
        self.json[row], self.sizes[row] = json, size


class Column:
    """One stored field: turns values into pieces of JSON."""

    def __init__(self, field: Field, position: int, config: Config) -> None:
        self.field = field
        self.position = position  # among the values of a line
        raw = config.settings.layout == "classic"
        self.is_dimension = raw or field.role == "dimension"
        self.is_number = field.type != "VARCHAR"
        self.clean = cleaner(field, config)
        self._plain = values.is_plain(field, config, raw=raw)
        self._usual = values.USUAL.get(field.type, values.USUAL["DOUBLE"])
        self._reprinted = raw and field.type != "BIGINT"  # numbers as Python prints them
        self._decoded = field.decode and not raw
        self._absent = LAYOUTS[config.settings.layout].absent
        self._head = f'{{"Name":"{field.column}","Value":'
        self._tail = "}," if self.is_dimension else f',"Type":"{field.type}"}},'
        self._name_bytes = len(field.column)
        self._is_binary = self.is_number and not self.is_dimension  # whatever its digits

    def piece(self, text: str) -> str:
        """Return the JSON for a clean text; "" when there is none."""
        return f"{self._head}{quote(text)}{self._tail}" if text else ""

    def size(self, text: str) -> int:
        """Return the bytes of a record that a clean text takes, with the column's name."""
        if not text:
            return 0
        return self._name_bytes + (NUMBER_BYTES if self._is_binary else len(text.encode()))

    def encode(self, given: Sequence[str]) -> Cells:
        """Encode a column's values, one a row."""
        first = given[0]
        count = len(given)
        same = given.count(first) == count
        pieces, sizes, odd, cut = self._table({first} if same else set(given))
        found = set(sizes.values())
        return Cells(
            [pieces[first]] * count if same else list(map(pieces.__getitem__, given)),
            [] if len(found) == 1 else list(map(sizes.__getitem__, given)),
            found.pop() if len(found) == 1 else None,
            [row for row, value in enumerate(given) if value in odd] if odd else [],
            [row for row, value in enumerate(given) if value in cut] if cut else [],
        )

    def _table(
        self, distinct: set[str]
    ) -> tuple[dict[str, str], dict[str, int], set[str], set[str]]:
        """Return each value's piece and size, the values that are not numbers, the texts cut."""
        head, tail, name = self._head, self._tail, self._name_bytes
        rest = distinct.difference(values.ABSENT)
        absent = distinct.intersection(values.ABSENT)
        pieces = dict.fromkeys(absent, self.piece(self._absent))
        sizes = dict.fromkeys(absent, self.size(self._absent))
        odd: set[str] = set()
        cut: set[str] = set()
        if not rest:
            return pieces, sizes, odd, cut
        # The whole column is checked at once: few columns hold anything unusual.
        if self._is_usual(rest):
            if self._reprinted and self.is_number:
                printed = {value: str(float(value)) for value in rest}
                pieces |= {value: f'{head}"{text}"{tail}' for value, text in printed.items()}
                sizes |= {value: name + len(text) for value, text in printed.items()}
                return pieces, sizes, odd, cut
            pieces |= {value: f'{head}"{value}"{tail}' for value in rest}
            if self._is_binary:
                sizes |= dict.fromkeys(rest, name + NUMBER_BYTES)
            else:
                sizes |= {value: name + len(value) for value in rest}
            return pieces, sizes, odd, cut
        for value in rest:
            try:
                text = self.clean(value)
            except Malformed:  # from a player or an origin: the row is written without it
                odd.add(value)
                text = self._absent
            if not self.is_number:
                fitted = values.cut(text, self.field.bytes)
                if fitted is not text:
                    cut.add(value)
                    text = fitted
            pieces[value] = f"{head}{quote(text)}{tail}" if text else ""
            sizes[value] = self.size(text)
        return pieces, sizes, odd, cut

    def _is_usual(self, given: set[str]) -> bool:
        """Whether all values are stored as they come, and are their own JSON."""
        if self.is_number:
            return self._usual("\t".join(given)) is not None
        if not self._plain:
            return False
        joined = "".join(given)
        return (
            joined.isascii()
            and joined.isprintable()
            and '"' not in joined
            and "\\" not in joined
            and not (self._decoded and "%" in joined)
            and max(map(len, given)) <= self.field.bytes
        )


def total_sizes(columns: Iterable[Cells], count: int) -> list[int]:
    """Return the bytes of all columns together, for each row."""
    alike = 0
    varying = []
    for cells in columns:
        if cells.size is None:
            varying.append(cells.sizes)
        else:
            alike += cells.size
    if not varying:
        return [alike] * count
    return [alike + size for size in map(sum, zip(*varying, strict=True))]


def by_row(columns: list[Cells], count: int) -> list[tuple[str, ...]]:
    """Return the JSON of the columns, for each row."""
    return list(zip(*[each.json for each in columns], strict=True)) if columns else [()] * count
