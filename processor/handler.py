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
from collections.abc import Mapping
from typing import Any

from processor import lines, report
from processor.config import Config
from processor.letters import Letters
from processor.lines import Batch, Letter
from processor.report import Report
from processor.shape import Shaped, Shaper
from processor.transport import Transport
from processor.writer import CONNECTIONS, Outcome, Writer

# Of an invocation's time: writes end when this share is left, dead letters at half of it.
RESERVE_SHARE = 0.2
RESERVE_SECONDS = 6.0
DEFAULT_SECONDS = 60.0  # where there is no Lambda to say


class Processor:
    """Handles events with one configuration. Keep it: its connections are reused."""

    def __init__(self, config: Config) -> None:
        self.config = config
        self.report = Report()  # of the latest event
        self._shaper = Shaper(config)
        self._transport = Transport(config.region, CONNECTIONS)
        self._writer = Writer(self._transport)
        self._letters = Letters(config.queue_url, config.region) if config.queue_url else None

    def prepare(self) -> None:
        """Do what the first event would have to wait for."""
        self._transport.prepare()

    def handle(self, event: dict[str, Any], context: Any = None) -> dict[str, Any]:
        """Process one Kinesis event; return Lambda's partial batch response."""
        started = time.monotonic()
        end = started + _seconds_left(context)
        reserve = min(RESERVE_SECONDS, (end - started) * RESERVE_SHARE)
        batch = lines.read(event)
        shaped = self._shaper.shape(batch)
        outcome = self._writer.write(self._shaper.calls(shaped), end - reserve)
        for line, code, reason in outcome.rejected:
            batch.letters.append(_letter(batch, line, code, reason))
        checkpoint = self._first_unfinished(batch, shaped, outcome)
        due = [each for each in batch.letters if checkpoint is None or each.record < checkpoint]
        if due:
            undelivered = self._deliver(due, batch, end - reserve / 2)
            if undelivered is not None:
                checkpoint = undelivered
        self.report = _count(batch, shaped, outcome, checkpoint)
        self.report.duration_ms = round((time.monotonic() - started) * 1000, 3)
        self._tell(end)
        failures = []
        if checkpoint is not None:
            failures = [{"itemIdentifier": batch.sequence_numbers[checkpoint]}]
        return {"batchItemFailures": failures}

    @staticmethod
    def _first_unfinished(batch: Batch, shaped: Shaped, outcome: Outcome) -> int | None:
        return min((batch.records[line] for line in outcome.unfinished), default=None)

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

    def _tell(self, end: float) -> None:
        """Metrics, the log line and the pipeline record; none of them can fail the batch."""
        summary = self.report
        left = end - time.monotonic()
        if left > 0.1:
            answer = self._transport.post(report.pipeline_body(summary, self.config), left / 2)
            if answer.status != 200:
                report.log("WARNING", "pipeline record not written", code=answer.code)
        report.emit_metrics(summary, self.config)
        level = "WARNING" if summary.unfinished or summary.reasons else "INFO"
        report.log(
            level,
            "batch",
            **summary.values(),
            reasons={f"{kind}/{code}": n for (kind, code), n in summary.reasons.items()},
            trouble=summary.trouble,
        )


def _seconds_left(context: Any) -> float:
    remaining = getattr(context, "get_remaining_time_in_millis", None)
    return remaining() / 1000 if remaining else DEFAULT_SECONDS


def _letter(batch: Batch, line: int, code: str, reason: str) -> Letter:
    return Letter(
        batch.records[line],
        batch.numbers[line],
        "rejected",
        code,
        reason,
        batch.texts[line].encode(),
    )


def _count(batch: Batch, shaped: Shaped, outcome: Outcome, checkpoint: int | None) -> Report:
    records = batch.records

    def done(found: list[int]) -> int:
        if checkpoint is None:
            return len(found)
        return sum(records[line] < checkpoint for line in found)

    summary = Report(
        written=done(outcome.written),
        duplicates=done(outcome.present) + done([line for line, _ in shaped.duplicates]),
        trimmed=done(list(shaped.trimmed)),
        retried=outcome.retried,
        write_ms=round(outcome.seconds * 1000, 3),
        bytes_sent=outcome.bytes_sent,
        write_units=outcome.write_units,
        trouble=outcome.trouble,
    )
    for letter in batch.letters:
        if checkpoint is None or letter.record < checkpoint:
            setattr(summary, letter.kind, getattr(summary, letter.kind) + 1)
            key = (letter.kind, letter.code)
            summary.reasons[key] = summary.reasons.get(key, 0) + 1
    counted = summary.written + summary.duplicates + summary.malformed + summary.rejected
    summary.received = counted
    undecodable = sum(each.code in _NOT_IN_TEXTS for each in batch.letters)
    summary.unfinished = len(batch.texts) + undecodable - counted
    if outcome.lags:
        lags = sorted(outcome.lags)
        summary.lag_p50_ms = float(lags[len(lags) // 2])
        summary.lag_max_ms = float(lags[-1])
    return summary


_NOT_IN_TEXTS = {lines.EMPTY[0], lines.NOT_BASE64[0], lines.NOT_UTF8[0]}
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
