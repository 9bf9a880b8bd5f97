"""Writes a batch as one insert, and knows for every line how it ended.

An insert is all or nothing, and has a token: what is sent again with the same one adds nothing, to
the table or to its views. So a line is never half written, and an answer that was lost is asked
for again. https://clickhouse.com/docs/guides/developer/deduplicating-inserts-on-retries
"""

import random
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from itertools import islice

from processor.lines import Failed
from processor.report import log
from processor.stores import Outcome
from processor.stores.clickhouse.client import Client
from processor.stores.clickhouse.encode import Encoded
from processor.stores.clickhouse.table import look
from processor.stores.clickhouse.trouble import Trouble, Verdict

BACKOFF_SECONDS = (0.05, 2.0)
DAY_MS = 24 * 3600 * 1000
# Of one insert: a server's usual limit of partitions, which are days.
# https://clickhouse.com/docs/operations/settings/settings#max_partitions_per_insert_block
DAYS_AT_ONCE = 100
REMEMBERED = 20_000  # lines
EXPIRED = "the line is older than the {} days that the table keeps rows for"


@dataclass(slots=True)
class Insert:
    """Rows that go in together, as parallel lists."""

    columns: str
    lines: list[int]
    milliseconds: list[int]
    shard: str
    records: list[str]  # sequence numbers
    hashes: list[str]
    rows: list[str]

    def only(self, chosen: Sequence[int]) -> "Insert":
        """Return an insert of some of the rows."""
        return Insert(
            columns=self.columns,
            shard=self.shard,
            lines=[self.lines[at] for at in chosen],
            milliseconds=[self.milliseconds[at] for at in chosen],
            records=[self.records[at] for at in chosen],
            hashes=[self.hashes[at] for at in chosen],
            rows=[self.rows[at] for at in chosen],
        )

    def token(self) -> str:
        """Name the rows: their shard, the first and last record, and a digest of their lines.

        The digest is for streams that number their records alike: another one, or one made anew.
        """
        digest = blake2b(",".join(self.hashes).encode(), digest_size=8).hexdigest()
        return f"{self.shard}:{self.records[0]}-{self.records[-1]}:{digest}"

    def days(self) -> list[int]:
        """Return each row's day."""
        return [each // DAY_MS for each in self.milliseconds]


class Writer:
    """Writes what an encoder makes. Keep it: it knows what it wrote last."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self._table = client.settings.place.requests
        # Lines that are there, by hash, and the record of each: a batch that comes back from
        # somewhere in its middle is another insert, of which the rollup would count lines twice.
        self._there: dict[str, str] = {}
        # Inserts that may have been carried out though no answer came, by their lines' hashes.
        self._uncertain: list[list[str]] = []

    def write(self, parts: Iterable[Encoded], deadline: float) -> Outcome:
        """Write until ``deadline`` on time.monotonic()'s clock; say how every line ended."""
        began = time.monotonic()
        total = Outcome()
        for part in parts:
            total.add(
                Outcome(
                    malformed=part.malformed,
                    rejected=part.rejected,
                    trimmed=part.trimmed,
                    left_out=part.left_out,
                )
            )
            insert = Insert(
                part.columns,
                part.lines,
                part.milliseconds,
                part.shard,
                part.records,
                part.hashes,
                part.rows,
            )
            insert = self._new(insert, total)
            insert = self._kept(insert, total, deadline)
            for each in self._divided(insert):
                self._finish(each, total, deadline)
        total.seconds = time.monotonic() - began
        return total

    def _new(self, insert: Insert, outcome: Outcome) -> Insert:
        """Return the lines that are not there yet, as far as this copy of the function knows.

        Those whose record came back were not counted when they were written.
        """
        there = self._there
        if not there or there.keys().isdisjoint(insert.hashes):
            return insert
        new = []
        for at, (each, record) in enumerate(zip(insert.hashes, insert.records, strict=True)):
            if each not in there:
                new.append(at)
            elif there[each] == record:
                _written(outcome, insert, [at])
            else:
                outcome.duplicates.append(insert.lines[at])
        return insert.only(new)

    def _divided(self, insert: Insert) -> Iterator[Insert]:
        """Divide lines into inserts: those that were uncertain as they were, then the rest."""
        if not self._uncertain:
            yield from _by_days(insert)
            return
        at = {each: row for row, each in enumerate(insert.hashes)}
        rest = set(range(len(insert.lines)))
        for hashes in list(self._uncertain):
            if at.keys() >= set(hashes):
                again = [at.pop(each) for each in hashes]
                self._uncertain.remove(hashes)
                rest.difference_update(again)
                yield insert.only(again)
        yield from _by_days(insert.only(sorted(rest)))

    def _kept(self, insert: Insert, outcome: Outcome, deadline: float) -> Insert:
        """Return the lines that the table keeps: it would take older ones, and drop them."""
        now = int(time.time() * 1000)
        if not insert.lines or min(insert.milliseconds) > now - DAY_MS:
            return insert
        table = None
        for left in self._attempts(outcome, deadline):
            table, trouble = look(self._client, left)
            if trouble is None or not self._passes(trouble, outcome):
                break
        if table is None:
            outcome.unfinished += insert.lines
            return insert.only(())
        if table.days is None:
            return insert
        first = now - table.days * DAY_MS
        kept = [at for at, moment in enumerate(insert.milliseconds) if moment >= first]
        if len(kept) == len(insert.lines):
            return insert
        reason = EXPIRED.format(table.days)
        outcome.rejected += [
            Failed(line, "outside_time_range", reason)
            for line, moment in zip(insert.lines, insert.milliseconds, strict=True)
            if moment < first
        ]
        return insert.only(kept)

    def _finish(self, insert: Insert, outcome: Outcome, deadline: float) -> None:
        """Make an insert, and those that it leads to, until all its lines have ended."""
        waiting = [insert]
        while waiting:
            insert = waiting.pop()
            body, token = self._client.body(insert.rows), insert.token()
            trouble: Trouble | None = _OUT_OF_TIME
            for left in self._attempts(outcome, deadline):
                outcome.bytes_sent += len(body)
                trouble = self._client.insert(self._table, insert.columns, body, token, left)
                if trouble is None or not self._passes(trouble, outcome):
                    break
            everything = range(len(insert.lines))
            if trouble is None:
                _written(outcome, insert, everything)
                self._remember(insert)
            elif trouble.verdict is Verdict.DATA and len(insert.lines) == 1:
                reason = trouble.reason or trouble.code
                outcome.rejected.append(Failed(insert.lines[0], "refused", reason))
            elif trouble.verdict is Verdict.DATA:
                half = len(insert.lines) // 2
                waiting += [insert.only(everything[half:]), insert.only(everything[:half])]
            elif trouble.verdict is Verdict.DAYS and len(set(insert.days())) > 1:
                waiting += reversed(list(_by_days(insert, len(set(insert.days())) // 2)))
            else:
                outcome.unfinished += insert.lines
                if trouble is not _OUT_OF_TIME:
                    self._doubt(insert)

    def _attempts(self, outcome: Outcome, deadline: float) -> Iterator[float]:
        """Yield the seconds left, at once and after growing pauses, while there are any."""
        first, most = BACKOFF_SECONDS
        attempt = 0
        while (left := deadline - time.monotonic()) > 0:
            yield left
            pause = random.uniform(0, min(most, first * 2 ** min(attempt, 30)))
            if time.monotonic() + pause >= deadline:
                return
            time.sleep(pause)
            outcome.retried += 1
            attempt += 1

    def _passes(self, trouble: Trouble, outcome: Outcome) -> bool:
        """Count a failure, log it once a batch, and say whether to try again."""
        if trouble.code not in outcome.trouble:
            log("WARNING", trouble.sentence, code=trouble.code)
        outcome.trouble[trouble.code] = outcome.trouble.get(trouble.code, 0) + 1
        return trouble.verdict is Verdict.PASSES

    def _remember(self, insert: Insert) -> None:
        there = self._there
        there.update(zip(insert.hashes, insert.records, strict=True))
        for each in list(islice(there, max(len(there) - REMEMBERED, 0))):
            del there[each]

    def _doubt(self, insert: Insert) -> None:
        self._uncertain.append(insert.hashes)
        while sum(map(len, self._uncertain)) > REMEMBERED:
            del self._uncertain[0]


_OUT_OF_TIME = Trouble("OutOfTime", Verdict.PASSES, "")


def _by_days(insert: Insert, most: int = DAYS_AT_ONCE) -> Iterator[Insert]:
    """Divide rows so that no insert has more days; usually there is one, of all."""
    if not insert.lines:
        return
    if max(insert.milliseconds) - min(insert.milliseconds) < (most - 1) * DAY_MS:
        yield insert
        return
    days = insert.days()
    distinct = sorted(set(days))
    most = max(most, 1)
    for first in range(0, len(distinct), most):
        chosen = set(distinct[first : first + most])
        yield insert.only([at for at, day in enumerate(days) if day in chosen])


def _written(outcome: Outcome, insert: Insert, chosen: Sequence[int]) -> None:
    now = int(time.time() * 1000)
    outcome.written += [insert.lines[at] for at in chosen]
    outcome.lags += [now - insert.milliseconds[at] for at in chosen]
