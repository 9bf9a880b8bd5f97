"""From rows to tab-separated text, column by column.

A log line is tab-separated already, so most of it goes to ClickHouse as it came: a column that
holds nothing unusual, which one look at all of it shows, is not touched. Only a column that does
is gone through, each distinct value once.

https://clickhouse.com/docs/interfaces/formats/TabSeparated
"""

import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import blake2b
from struct import unpack

from processor import values
from processor.catalog import Field
from processor.config import Config
from processor.lines import Failed
from processor.split import Rows
from processor.stores.clickhouse.columns import ABSENT, HASH, TIME
from processor.values import Malformed

NULL = "\\N"
INTEGER_DIGITS = 18  # any integer of so many is a BIGINT
AHEAD_MS = 24 * 3600 * 1000
AHEAD = "the timestamp is more than a day ahead of the clock"


@dataclass(slots=True)
class Encoded:
    """Some rows as parallel lists, and what was found on the way."""

    columns: str  # of the rows, as INSERT takes them
    lines: list[int]  # index into the batch's lines
    milliseconds: list[int]
    shard: str
    records: list[str]  # sequence numbers
    hashes: list[str]
    rows: list[str]  # tab-separated, without an end
    malformed: list[Failed] = field(default_factory=list)
    rejected: list[Failed] = field(default_factory=list)
    trimmed: set[int] = field(default_factory=set)  # lines that lost text to a limit
    left_out: dict[str, set[int]] = field(default_factory=dict)  # field -> lines, see Report


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
        self._absent = ABSENT if field.type == "VARCHAR" else NULL
        self._clean = values.cleaner(field, config)
        self._is_usual = {"BIGINT": _are_integers, "VARCHAR": self._are_texts}.get(
            field.type, _are_decimals
        )
        self._changed_by = values.changed_by(field, config)

    def encode(self, given: Sequence[str]) -> Cells | None:
        """Encode a column's values, one a row; None if all are absent."""
        if given[0] in values.ABSENT and given.count(given[0]) == len(given):
            return None
        rest = set(given)
        absent = rest.intersection(values.ABSENT)
        rest -= absent
        if not rest:
            return None
        if self._is_usual(rest):
            return Cells(self._with_absent(given, absent))
        texts = dict.fromkeys(values.ABSENT, self._absent)
        odd: set[str] = set()
        cut: set[str] = set()
        for value in rest:
            texts[value] = self._text(value, odd, cut)
        return Cells(
            list(map(texts.__getitem__, given)),
            [row for row, value in enumerate(given) if value in odd] if odd else [],
            [row for row, value in enumerate(given) if value in cut] if cut else [],
        )

    def _with_absent(self, given: Sequence[str], absent: set[str]) -> Sequence[str]:
        for each in absent - {self._absent}:
            given = [self._absent if value == each else value for value in given]
        return given

    def _text(self, value: str, odd: set[str], cut: set[str]) -> str:
        try:
            text = self._clean(value)
        except Malformed:  # a player's or an origin's: not worth the row
            odd.add(value)
            return self._absent
        if self.field.type == "VARCHAR":
            fitted = values.cut(text, self.field.bytes)
            if fitted is not text:
                cut.add(value)
                text = fitted
        return escape(text) or self._absent

    def _are_texts(self, given: set[str]) -> bool:
        """Whether all are stored as they come."""
        if self._changed_by is None:
            return False
        joined = "".join(given)
        return (
            joined.isascii()
            and joined.isprintable()
            and "\\" not in joined
            and not any(each in joined for each in self._changed_by)
            and max(map(len, given)) <= self.field.bytes
        )


def _are_integers(given: set[str]) -> bool:
    joined = "".join(given)
    return joined.isascii() and joined.isdigit() and max(map(len, given)) <= INTEGER_DIGITS


def _are_decimals(given: set[str]) -> bool:
    return values.USUAL["DOUBLE"]("\t".join(given)) is not None


class Encoder:
    """Encodes rows for one configuration."""

    def __init__(self, config: Config) -> None:
        stored = set(config.stored)
        self._time_at = [each.role for each in config.fields].index("time")
        self._columns = [
            Column(each, position, config)
            for position, each in enumerate(config.fields)
            if each in stored and each.role != "time"
        ]

    def encode(self, rows: Rows) -> Iterator[Encoded]:
        """Encode rows, all together: what goes in at once is there as a whole, or not at all.

        A number that is none is left out: malformed is only a line without a time.
        """
        if rows.lines:
            yield self._encode(rows)

    def _encode(self, rows: Rows) -> Encoded:
        lines, given, batch = rows.lines, rows.values, rows.batch
        malformed: list[Failed] = []
        stamps, moments = self._times(lines, given, malformed)
        rejected = _ahead(lines, moments)
        if malformed or rejected:
            bad = {each.line for each in (*malformed, *rejected)}
            kept = [at for at, line in enumerate(lines) if line not in bad]
            lines, given = [lines[at] for at in kept], [given[at] for at in kept]
            stamps, moments = [stamps[at] for at in kept], [moments[at] for at in kept]
        encoded = Encoded(
            columns="",
            lines=lines,
            milliseconds=moments,
            shard=batch.shards[batch.records[lines[0]]] if lines else "",
            records=[batch.sequence_numbers[batch.records[line]] for line in lines],
            hashes=line_hashes([batch.texts[line] for line in lines]),
            rows=[],
            malformed=malformed,
            rejected=rejected,
        )
        if lines:
            self._fill(encoded, stamps, list(zip(*given, strict=True)))
        return encoded

    def _fill(
        self, encoded: Encoded, stamps: Sequence[str], across: Sequence[Sequence[str]]
    ) -> None:
        """Add the rows. A column that none of them has a value for is left to its default."""
        lines = encoded.lines
        names = [TIME, HASH]
        texts: list[Sequence[str]] = [stamps, encoded.hashes]
        for column in self._columns:
            cells = column.encode(across[column.position])
            if cells is None:
                continue
            names.append(column.field.column)
            texts.append(cells.texts)
            if cells.odd:
                encoded.left_out[column.field.name] = {lines[row] for row in cells.odd}
            if cells.cut:
                encoded.trimmed.update([lines[row] for row in cells.cut])
        encoded.columns = ", ".join(names)
        encoded.rows = list(map("\t".join, zip(*texts, strict=True)))

    def _times(
        self, lines: list[int], given: list[list[str]], malformed: list[Failed]
    ) -> tuple[list[str], list[int]]:
        """Return the rows' times, as text and as milliseconds.

        Of ten digits they go as they are; ClickHouse reads "1.5" as the first of May.
        """
        stamps = [row[self._time_at] for row in given]
        if values.usual_times("\t".join(stamps)):
            return stamps, [int(stamp[:10] + stamp[11:]) for stamp in stamps]
        moments = []
        for line, stamp in zip(lines, stamps, strict=True):
            try:
                moments.append(values.milliseconds(stamp))
            except Malformed as problem:
                malformed.append(Failed(line, problem.code, problem.reason))
                moments.append(0)
        return list(map(moment_text, moments)), moments


def _ahead(lines: list[int], moments: list[int]) -> list[Failed]:
    """Return the lines of a time to come: no table keeps them rightly."""
    latest = int(time.time() * 1000) + AHEAD_MS
    if max(moments) <= latest:
        return []
    return [
        Failed(line, "outside_time_range", AHEAD)
        for line, moment in zip(lines, moments, strict=True)
        if moment > latest
    ]


def line_hashes(texts: Iterable[str]) -> list[str]:
    """Return what tells lines from all others: the first 8 bytes of their BLAKE2b, in decimal."""
    digests = b"".join([blake2b(text.encode()).digest()[:8] for text in texts])
    return list(map(str, unpack(f">{len(digests) // 8}Q", digests)))


def moment_text(milliseconds: int) -> str:
    """Return a time as ClickHouse reads it in any year, in UTC."""
    seconds, rest = divmod(milliseconds, 1000)
    return f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%d %H:%M:%S}.{rest:03d}"


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
