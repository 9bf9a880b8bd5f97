"""The Lambda's entry: decode, split, shape, write, report.

    Kinesis event --read--> lines --shape--> pieces --calls--> WriteRecords x n, side by side
                      |              |                              |
                      +- malformed --+--------- dead letters -------+ rejected
                                                                    + unfinished -> checkpoint

The answer names the first record that is not finished. Lambda delivers it and all that follow
again; everything before it is in the table or in the dead-letter queue.
https://docs.aws.amazon.com/lambda/latest/dg/services-kinesis-batchfailurereporting.html
"""

import os
import time
from collections.abc import Iterator, Mapping
from concurrent.futures import Future
from typing import Any

from processor import lines as log_lines
from processor import report
from processor.call import Call
from processor.config import Config
from processor.letters import Letters
from processor.lines import Batch, Letter
from processor.report import Report, count
from processor.schema import schema_body
from processor.shape import Shaper, distinct
from processor.transport import Aws, Transport
from processor.writer import THREADS, Started, Writer

# Of an invocation's time: writes end when this share is left, dead letters at half of it.
RESERVE_SHARE = 0.2
RESERVE_SECONDS = 6.0
SLICE = 500  # lines shaped at a time
DEFAULT_SECONDS = 60.0  # where there is no Lambda to say
SCHEMA_SECONDS = 3.0  # for the record that shows the columns; Lambda's start may take ten


class Processor:
    """Handles events with one configuration. Keep it: its connections are reused."""

    def __init__(self, config: Config) -> None:
        self.config = config
        self.writes_records = True  # pipeline records, that is; False while a past is filled in
        self.report = Report()  # of the latest event
        self._latency = 0.0  # seconds of the slowest call of the latest event
        self._shaper = Shaper(config)
        aws = Aws(config.region, THREADS)
        self._transport = Transport(aws)
        self._writer = Writer(self._transport)
        self._letters = Letters(config.queue_url, aws) if config.queue_url else None

    def prepare(self) -> None:
        """Do what the first event would have to wait for."""
        self._transport.prepare()
        if self._letters is not None:
            self._letters.prepare()

    def announce(self) -> None:
        """Show Timestream every column, so that no query names one it does not know."""
        answer = self._transport.post(schema_body(self.config), SCHEMA_SECONDS)
        if answer.status != 200:
            report.log("WARNING", "schema records not written", code=answer.code)

    def handle(self, event: dict[str, Any], context: Any = None) -> dict[str, Any]:
        """Process one Kinesis event; return Lambda's partial batch response."""
        started = time.monotonic()
        end = started + _seconds_left(context)
        reserve = min(RESERVE_SECONDS, (end - started) * RESERVE_SHARE)
        batch = log_lines.read(event)
        once, again = distinct(batch)
        trimmed: set[int] = set()
        under_way = self._writer.start(self._calls(batch, once, trimmed), end - reserve)
        ahead = self._send_ahead(batch, under_way, trimmed, again, started, end - reserve)
        outcome = self._writer.finish(under_way)
        for line, code, reason in outcome.rejected:
            batch.rejected(line, code, reason)
        checkpoint = min((batch.records[line] for line in outcome.unfinished), default=None)
        due = [each for each in batch.letters if checkpoint is None or each.record < checkpoint]
        if due:
            undelivered = self._deliver(due, batch, end - reserve / 2)
            if undelivered is not None:
                checkpoint = undelivered
        self.report = count(batch, outcome, trimmed, again, checkpoint)
        self.report.duration_ms = _milliseconds(started)
        self._latency = outcome.slowest
        self._tell(ahead, end)
        failures = []
        if checkpoint is not None:
            failures = [{"itemIdentifier": batch.sequence_numbers[checkpoint]}]
        return {"batchItemFailures": failures}

    def _calls(self, batch: Batch, lines: list[int], trimmed: set[int]) -> Iterator[Call]:
        """Shape some lines, give their calls, then shape the next: writes begin meanwhile."""
        for start in range(0, len(lines), SLICE):
            shaped = self._shaper.shape(batch, lines[start : start + SLICE])
            trimmed |= shaped.trimmed
            yield from self._shaper.calls(shaped)

    def _deliver(self, letters: list[Letter], batch: Batch, deadline: float) -> int | None:
        if self._letters is not None:
            return self._letters.send(letters, batch, deadline)
        for letter in letters:  # no queue: say where to find them while the stream keeps them
            report.log(
                "WARNING",
                "line not written and no dead-letter queue is set",
                kind=letter.kind,
                code=letter.code,
                shard=batch.shards[letter.record],
                sequence_number=batch.sequence_numbers[letter.record],
                line=letter.line,
            )
        return None

    def _send_ahead(
        self,
        batch: Batch,
        under_way: Started,
        trimmed: set[int],
        again: list[int],
        started: float,
        deadline: float,
    ) -> Future[Report] | None:
        """Write the pipeline record beside the batch, for when all goes well.

        It would be a second round trip after the batch's. What it says of time supposes that
        calls take as long as they last did; `_tell` puts it right if anything came otherwise.
        """
        if not self._latency or not self.writes_records:
            return None
        expected = count(batch, under_way.expected, trimmed, again, None)
        soon = self._latency * 1000
        expected.write_ms = round((time.monotonic() - under_way.at) * 1000 + soon, 3)
        expected.duration_ms = round(_milliseconds(started) + soon, 3)
        return self._writer.submit(self._write_report, expected, deadline)

    def _write_report(self, summary: Report, deadline: float) -> Report:
        left = deadline - time.monotonic()
        if left > 0:
            body = report.pipeline_body(summary, self.config)
            summary.stored = self._transport.post(body, left).status == 200
        return summary

    def _tell(self, ahead: Future[Report] | None, end: float) -> None:
        """Metrics, the log line and the pipeline record; none of them can fail the batch."""
        summary = self.report
        report.emit_metrics(summary, self.config)
        early = ahead.result() if ahead else None
        settled = early is not None and early.stored and early.agrees(summary)
        if self.writes_records and not settled:
            if early is not None:
                summary.time, summary.version = early.time, 2
            # Half of what is left: the answer to Lambda matters more.
            now = time.monotonic()
            if not self._write_report(summary, now + (end - now) / 2).stored:
                report.log("WARNING", "pipeline record not written")
        level = "WARNING" if summary.unfinished or summary.reasons else "INFO"
        report.log(
            level,
            "batch",
            **summary.values(),
            reasons={f"{kind}/{code}": n for (kind, code), n in summary.reasons.items()},
            trouble=summary.trouble,
        )


def _milliseconds(since: float) -> float:
    return round((time.monotonic() - since) * 1000, 3)


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
