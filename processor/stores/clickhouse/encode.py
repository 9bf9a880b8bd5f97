"""From rows to tab-separated text.

A log line is tab-separated already, and most of a usual one goes to ClickHouse as it came: see
usual.py. Its other columns, and lines that are not usual, are gone through column by column, each
distinct value once.

https://clickhouse.com/docs/interfaces/formats/TabSeparated
"""

import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import blake2b
from struct import unpack

from processor import values
from processor.config import Config
from processor.lines import Failed
from processor.split import Rows
from processor.stores.clickhouse.cells import Cells, Column
from processor.stores.clickhouse.columns import ABSENT, HASH, TIME
from processor.stores.clickhouse.usual import Usual
from processor.values import Malformed

_ABSENT = frozenset(values.ABSENT)
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


class Encoder:
    """Encodes rows for one configuration. Keep it: it learns which columns have values."""

    def __init__(self, config: Config) -> None:
        stored = set(config.stored)
        self._time_at = [each.role for each in config.fields].index("time")
        self._columns = [
            Column(each, position, config) if each in stored and each.role != "time" else None
            for position, each in enumerate(config.fields)
        ]
        # Positions of columns that have had a value, and of texts that had to be changed.
        self._having: set[int] = set()
        self._changing: set[int] = set()
        self._usual = Usual(self._columns)

    def encode(self, rows: Rows) -> Iterator[Encoded]:
        """Encode rows, all together: what goes in at once is there as a whole, or not at all.

        A number that is none is left out: malformed is only a line without a time.
        """
        if rows.lines:
            yield self._encode(rows)

    def _encode(self, rows: Rows) -> Encoded:
        lines, batch = rows.lines, rows.batch
        malformed: list[Failed] = []
        stamps, moments = self._times(lines, batch.texts, malformed)
        rejected = _ahead(lines, moments)
        if malformed or rejected:
            bad = {each.line for each in (*malformed, *rejected)}
            kept = [at for at, line in enumerate(lines) if line not in bad]
            lines = [lines[at] for at in kept]
            stamps, moments = [stamps[at] for at in kept], [moments[at] for at in kept]
        texts = [batch.texts[line] for line in lines]
        encoded = Encoded(
            columns="",
            lines=lines,
            milliseconds=moments,
            shard=batch.shards[batch.records[lines[0]]] if lines else "",
            records=[batch.sequence_numbers[batch.records[line]] for line in lines],
            hashes=line_hashes(texts),
            rows=[],
            malformed=malformed,
            rejected=rejected,
        )
        if lines:
            self._fill(encoded, stamps, self._divided(texts, encoded))
        return encoded

    def _fill(
        self, encoded: Encoded, stamps: Sequence[str], pieces: Sequence[Sequence[str]]
    ) -> None:
        """Add the rows. A column that none of them has a value for is left to its default."""
        names, across = [], []
        for piece, texts in zip(self._usual.pieces, pieces, strict=True):
            if piece.changes:
                cells = piece.columns[0].encode(texts)
                if cells is None:
                    continue
                _note(piece.columns[0], cells, encoded.lines, encoded)
                texts = cells.texts
            names += [column.field.column for column in piece.columns]
            across.append(texts)
        # What no two rows have alike comes last, so that those of a viewer can stand together.
        names += [TIME, HASH]
        across += [stamps, encoded.hashes]
        encoded.columns = ", ".join(names)
        encoded.rows = list(map("\t".join, zip(*across, strict=True)))

    def _divided(self, texts: list[str], encoded: Encoded) -> list[Sequence[str]]:
        """Divide lines into pieces; return each piece's texts, one a row.

        What may need a change in any line is yet to be encoded. The rest is.
        """
        found = list(map(self._usual.match, texts))
        odd = [row for row, match in enumerate(found) if match is None]
        by_column: Iterator[tuple[str, ...]] = iter(())
        if odd:
            across = list(zip(*[texts[row].split("\t") for row in odd], strict=True))
            if self._learn(across):
                return self._divided(texts, encoded)
            lines = [encoded.lines[row] for row in odd]
            by_column = zip(*self._encoded(across, lines, encoded), strict=True)
        rows = [match.groups() if match else next(by_column, ()) for match in found]
        return list(zip(*rows, strict=True))

    def _learn(self, across: Sequence[Sequence[str]]) -> bool:
        """Say whether lines that were not usual have shown what others will be like."""
        known = len(self._having), len(self._changing)
        for column in filter(None, self._columns):
            if found := set(across[column.position]) - _ABSENT:
                self._having.add(column.position)
                if column.field.type == "VARCHAR" and not all(map(column.as_it_is, found)):
                    self._changing.add(column.position)
        if known == (len(self._having), len(self._changing)):
            return False
        self._usual = Usual(self._columns, self._having, self._changing)
        return True

    def _encoded(
        self, across: Sequence[Sequence[str]], lines: Sequence[int], encoded: Encoded
    ) -> Iterator[Sequence[str]]:
        """Yield the pieces of lines that are not usual, of their values column by column."""
        for piece in self._usual.pieces:
            if piece.changes:
                yield across[piece.columns[0].position]
                continue
            texts = []
            for column in piece.columns:
                cells = column.encode(across[column.position]) or Cells([ABSENT] * len(lines))
                _note(column, cells, lines, encoded)
                texts.append(cells.texts)
            yield list(map("\t".join, zip(*texts, strict=True)))

    def _times(
        self, lines: list[int], texts: list[str], malformed: list[Failed]
    ) -> tuple[list[str], list[int]]:
        """Return the rows' times, as text and as milliseconds.

        Of ten digits they go as they are; ClickHouse reads "1.5" as the first of May.
        """
        at = self._time_at
        stamps = [texts[line].split("\t", at + 1)[at] for line in lines]
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


def _note(column: Column, cells: Cells, lines: Sequence[int], encoded: Encoded) -> None:
    """Add what a column's rows have lost."""
    if cells.odd:
        encoded.left_out[column.field.name] = {lines[row] for row in cells.odd}
    encoded.trimmed.update([lines[row] for row in cells.cut])


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
