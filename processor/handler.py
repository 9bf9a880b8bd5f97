"""The Lambda's entry: read, encode, write, dead-letter, report.

    Kinesis event --read--> lines --split--> rows --encode--> parts --write--> outcome --> report
                      |               |                 |                |
           unreadable +     malformed +       malformed +       rejected +-> dead letters
                                                              unfinished +-> checkpoint

The answer names the first record that is not finished. Lambda delivers it and all that follow
again; everything before it is in the store or in the dead-letter queue.
https://docs.aws.amazon.com/lambda/latest/dg/services-kinesis-batchfailurereporting.html
"""

import gc
import os
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from processor import report, stores
from processor.aws import Aws
from processor.config import Config
from processor.dead_letters import DeadLetter, DeadLetters
from processor.lines import Batch, read
from processor.report import Report, count
from processor.split import Rows, Splitter
from processor.stores import Outcome

# Of an invocation's time: writes end when this share is left, dead letters at half of it.
RESERVE_SHARE = 0.2
RESERVE_SECONDS = 6.0
DEFAULT_SECONDS = 60.0  # where there is no Lambda to say
ANNOUNCE_SECONDS = 3.0  # Lambda's start may take ten


class Processor:
    """Handles events with one configuration. Keep it: its connections are reused."""

    def __init__(self, config: Config) -> None:
        self.config = config
        self.writes_records = True  # pipeline records; False while a past is back-filled
        self.report = Report()  # of the latest event
        aws = Aws(config.region)
        self._splitter = Splitter(config.fields)
        self._store = stores.of(config.store).connect(config, aws)
        self._dead_letters = DeadLetters(config.queue_url, aws) if config.queue_url else None

    def prepare(self) -> None:
        """Do beforehand what the first event would have to wait for."""
        self._store.prepare()
        if self._dead_letters is not None:
            self._dead_letters.prepare()

    def announce(self) -> None:
        """Have the store create every column, so that no query names an unknown one."""
        if code := self._store.announce(ANNOUNCE_SECONDS):
            report.log("WARNING", "the store was not made ready for queries", code=code)

    def handle(self, event: dict[str, Any], context: Any = None) -> dict[str, Any]:
        """Process one Kinesis event; return Lambda's partial batch response."""
        with _uncollected():
            return self._handle(event, context)

    def _handle(self, event: dict[str, Any], context: Any) -> dict[str, Any]:
        started = time.monotonic()
        end = started + _seconds_left(context)
        reserve = min(RESERVE_SECONDS, (end - started) * RESERVE_SHARE)

        batch = read(event)
        rows = self._splitter.split(batch)
        # Parts are encoded as they are asked for: writing begins meanwhile.
        outcome = self._store.write(self._store.encode(rows), end - reserve)
        dead_letters = _dead_letters_of(batch, rows, outcome)
        checkpoint = self._dead_letter(dead_letters, batch, outcome, end - reserve / 2)
        self.report = count(batch, rows, outcome, dead_letters, checkpoint)
        self.report.duration_ms = round((time.monotonic() - started) * 1000, 3)
        self._tell(self.report, end)

        if checkpoint is None:
            return {"batchItemFailures": []}
        return {"batchItemFailures": [{"itemIdentifier": batch.sequence_numbers[checkpoint]}]}

    def _dead_letter(
        self, dead_letters: list[DeadLetter], batch: Batch, outcome: Outcome, deadline: float
    ) -> int | None:
        """Send the dead letters; return the first record that is not finished, or None.

        Dead letters of later records wait until it is delivered again, so that each is sent once.
        """
        checkpoint = min((batch.records[line] for line in outcome.unfinished), default=None)
        due = [each for each in dead_letters if checkpoint is None or each.record < checkpoint]
        if self._dead_letters is None:
            _log_where_they_are(due, batch)
            return checkpoint
        undelivered = self._dead_letters.send(due, batch, deadline)
        return checkpoint if undelivered is None else undelivered

    def _tell(self, summary: Report, end: float) -> None:
        """Print metrics and the log line, write the store's record; none can fail the batch."""
        report.emit_metrics(summary, self.config)
        if self.writes_records:
            # Half of what is left: the answer to Lambda matters more.
            code = self._store.write_report(summary, (end - time.monotonic()) / 2)
            if code:
                report.log("WARNING", "pipeline record not written", code=code)
        report.log_batch(summary)


@contextmanager
def _uncollected() -> Iterator[None]:
    """Switch Python's cyclic garbage collector off: a batch's objects all live until its end.

    It would scan them dozens of times, which takes a tenth of the batch's time.
    """
    collects = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collects:
            gc.enable()


def _dead_letters_of(batch: Batch, rows: Rows, outcome: Outcome) -> list[DeadLetter]:
    """Return the dead letters: all lines and records that can never be written."""
    malformed = [batch.dead_letter(each, "malformed") for each in rows.malformed]
    malformed += [batch.dead_letter(each, "malformed") for each in outcome.malformed]
    rejected = [batch.dead_letter(each, "rejected") for each in outcome.rejected]
    return batch.unreadable + malformed + rejected


def _log_where_they_are(dead_letters: list[DeadLetter], batch: Batch) -> None:
    """Without a queue, log where on the stream the lines are, while it keeps them."""
    for dead_letter in dead_letters:
        report.log(
            "WARNING",
            "line not written and no dead-letter queue is set",
            kind=dead_letter.kind,
            code=dead_letter.code,
            shard=batch.shards[dead_letter.record],
            sequence_number=batch.sequence_numbers[dead_letter.record],
            line=dead_letter.line,
        )


def _seconds_left(context: Any) -> float:
    remaining = getattr(context, "get_remaining_time_in_millis", None)
    return remaining() / 1000 if remaining else DEFAULT_SECONDS


_processor: Processor | None = None


def build(env: Mapping[str, str] = os.environ) -> Processor:
    """Return a processor configured by the environment; raise ConfigError when it cannot work."""
    return Processor(Config.from_env(env))


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """Lambda's entry point. The environment is read at the first event."""
    global _processor
    if _processor is None:
        _processor = build()
    return _processor.handle(event, context)


if "AWS_LAMBDA_RUNTIME_API" in os.environ:
    # Lambda gives the start of a function more CPU than its events: load and check it all now.
    _processor = build()
    _processor.prepare()
    _processor.announce()
