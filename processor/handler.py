"""The Lambda's entry: decode, split, shape, write, report.

    Kinesis event --read--> lines --shape--> pieces --calls--> WriteRecords x n, side by side
                      |      |       |                              |
           malformed -+ drift+       +-------- dead letters --------+ rejected
                                                                    + unfinished -> checkpoint

The answer names the first record that is not finished. Lambda delivers it and all that follow
again; everything before it is in the table or in the dead-letter queue.
https://docs.aws.amazon.com/lambda/latest/dg/services-kinesis-batchfailurereporting.html
"""

import os
import time
from collections.abc import Iterator, Mapping
from concurrent.futures import Future
from dataclasses import replace
from typing import Any

from processor import lines as log_lines
from processor import report
from processor.call import Call
from processor.config import Config
from processor.drift import Gate
from processor.letters import Letters
from processor.lines import Batch, Letter
from processor.report import Notes, Report, count
from processor.schema import schema_body
from processor.shape import Shaper, distinct
from processor.transport import Aws, Transport
from processor.writer import THREADS, Started, Writer

# Of an invocation's time: writes end when this share is left, dead letters at half of it.
RESERVE_SHARE = 0.2
RESERVE_SECONDS = 6.0
SLICE = 500  # lines shaped at a time
DEFAULT_SECONDS = 60.0  # where there is no Lambda to say
DRIFTED = "drifted"
DRIFT_REASON = (
    "most lines of the batch have something else where {} is configured: compare the fields of the "
    "real-time log configuration with the stack's LogFields"
)
SCHEMA_SECONDS = 3.0  # for the record that shows the columns; Lambda's start may take ten


class Processor:
    """Handles events with one configuration. Keep it: its connections are reused."""

    def __init__(self, config: Config) -> None:
        self.config = config
        self.writes_records = True  # pipeline records, that is; False while a past is filled in
        self.report = Report()  # of the latest event
        self._latency = 0.0  # seconds of the slowest call of the latest event
        self._shaper = Shaper(config)
        self._gate, self._redriven_gate = Gate(config.fields), Gate(config.fields)
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
        lines, rows = self._shaper.split(batch, once)
        drifted = self._drifted(batch, lines, rows)
        if drifted:
            texts = {batch.texts[line]: reason for line, reason in drifted.items()}
            for line in again:
                if batch.texts[line] in texts:
                    drifted[line] = texts[batch.texts[line]]
            for line, reason in drifted.items():
                batch.malformed(line, DRIFTED, reason)
            kept = [at for at, line in enumerate(lines) if line not in drifted]
            lines, rows = [lines[at] for at in kept], [rows[at] for at in kept]
            again = [line for line in again if line not in drifted]
        notes = Notes(again)
        under_way = self._writer.start(self._calls(batch, lines, rows, notes), end - reserve)
        ahead = self._send_ahead(batch, under_way, notes, started, end - reserve)
        outcome = self._writer.finish(under_way)
        for line, code, reason in outcome.rejected:
            batch.rejected(line, code, reason)
        checkpoint = min((batch.records[line] for line in outcome.unfinished), default=None)
        due = [each for each in batch.letters if checkpoint is None or each.record < checkpoint]
        if due:
            undelivered = self._deliver(due, batch, end - reserve / 2)
            if undelivered is not None:
                checkpoint = undelivered
        self.report = count(batch, outcome, notes, checkpoint)
        self.report.duration_ms = _milliseconds(started)
        self._latency = outcome.slowest
        self._tell(ahead, end)
        failures = []
        if checkpoint is not None:
            failures = [{"itemIdentifier": batch.sequence_numbers[checkpoint]}]
        return {"batchItemFailures": failures}

    def _drifted(self, batch: Batch, lines: list[int], rows: list[list[str]]) -> dict[int, str]:
        """Return the lines whose fields are not the configured ones, with the reason.

        Lines that come from the dead letters are judged by themselves: among new ones they would
        be few, and pass.
        """
        everything = list(range(len(lines)))
        parts = [(self._gate, everything)]
        if batch.redriven:
            back = [at for at in everything if batch.records[lines[at]] in batch.redriven]
            new = sorted(set(everything) - set(back))
            parts = [(self._gate, new), (self._redriven_gate, back)]
        found = {}
        for gate, chosen in parts:
            part = rows if len(chosen) == len(rows) else [rows[at] for at in chosen]
            if misfit := gate.first_misfit(part):
                found |= dict.fromkeys(
                    [lines[at] for at in chosen], DRIFT_REASON.format(misfit.name)
                )
        return found

    def _calls(
        self, batch: Batch, lines: list[int], rows: list[list[str]], notes: Notes
    ) -> Iterator[Call]:
        """Shape some lines, give their calls, then shape the next: writes begin meanwhile."""
        for part in self._shaper.slices(lines, rows, SLICE):
            shaped = self._shaper.shape(batch, *part)
            notes.add(shaped.trimmed, shaped.left_out)
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
        notes: Notes,
        started: float,
        deadline: float,
    ) -> Future[Report] | None:
        """Write the pipeline record beside the batch, for when all goes well.

        It would be a second round trip after the batch's. What it says of time supposes that
        calls take as long as they last did; `_tell` puts it right if anything came otherwise.
        """
        if not self._latency or not self.writes_records:
            return None
        expected = count(batch, under_way.expected, notes, None)
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
            # What was told of a field and is not so is put right, too.
            fields = dict.fromkeys(early.fields if early else (), 0) | summary.fields
            told = replace(summary, fields=fields)
            if not self._write_report(told, now + (end - now) / 2).stored:
                report.log("WARNING", "pipeline record not written")
        level = "WARNING" if summary.unfinished or summary.reasons else "INFO"
        report.log(
            level,
            "batch",
            **summary.values(),
            reasons={f"{kind}/{code}": n for (kind, code), n in summary.reasons.items()},
            fields=summary.fields,
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
