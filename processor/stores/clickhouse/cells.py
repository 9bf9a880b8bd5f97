"""Columns: which of a field's values are sent as they came, and what the others are sent as.

https://clickhouse.com/docs/interfaces/formats/TabSeparated
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from processor import values
from processor.catalog import Field
from processor.config import Config
from processor.stores.clickhouse.columns import ABSENT
from processor.values import Malformed

# Any integer of 18 digits is a BIGINT.
_NUMBERS = {
    "BIGINT": rf"(?:[0-9]{{1,18}}+|{ABSENT})",
    "DOUBLE": rf"(?:[0-9]{{1,15}}+(?:\.[0-9]{{1,15}}+)?|{ABSENT})",
}
_PRINTABLE = [chr(code) for code in range(32, 127) if chr(code) != "\\"]


@dataclass(slots=True)
class Cells:
    """A column of some rows."""

    texts: Sequence[str]
    odd: list[int] = field(default_factory=list)  # rows whose number is none
    cut: list[int] = field(default_factory=list)  # rows that lost text to the field's limit


class Column:
    """One stored field: turns values into tab-separated text."""

    def __init__(self, field: Field, position: int, config: Config) -> None:
        self.field = field
        self.position = position  # among the values of a line
        self._clean = values.cleaner(field, config)
        # Of the values that are sent as they came.
        self.pattern = _NUMBERS.get(field.type) or _texts(field, values.changed_by(field, config))
        self.as_it_is = re.compile(self.pattern).fullmatch

    def encode(self, given: Sequence[str]) -> Cells | None:
        """Encode a column's values, one a row; None if all are absent."""
        texts = dict.fromkeys(values.ABSENT, ABSENT)
        distinct = set(given).difference(texts)
        if not distinct:
            return None
        odd: set[str] = set()
        cut: set[str] = set()
        for value in distinct:
            texts[value] = value if self.as_it_is(value) else self._text(value, odd, cut)
        return Cells(
            list(map(texts.__getitem__, given)),
            [row for row, value in enumerate(given) if value in odd] if odd else [],
            [row for row, value in enumerate(given) if value in cut] if cut else [],
        )

    def _text(self, value: str, odd: set[str], cut: set[str]) -> str:
        try:
            text = self._clean(value)
        except Malformed:  # a player's or an origin's: not worth the row
            odd.add(value)
            return ABSENT
        if self.field.type == "VARCHAR":
            fitted = values.cut(text, self.field.bytes)
            if fitted is not text:
                cut.add(value)
                text = fitted
        return escape(text) or ABSENT


def _texts(field: Field, changed_by: str | None) -> str:
    """Return the pattern of texts that need no change: printable ASCII that is not too long."""
    if changed_by is None:
        return "(?!)"
    letters = "".join(re.escape(each) for each in _PRINTABLE if each not in changed_by)
    return rf"[{letters}]{{1,{field.bytes}}}+"


def escape(text: str) -> str:
    """Return a text as a value of TabSeparated."""
    if text.isprintable() and "\\" not in text:
        return text
    return (
        text.replace("\\", "\\\\")
        .replace("\t", "\\t")
        .replace("\n", "\\n")
        .replace("\r", "\\r")
        .replace("\0", "\\0")
    )
