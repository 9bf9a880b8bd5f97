"""What the processor says of itself: metrics, a log line, a ``pipeline`` record.

Nothing personal is in any of them.

Metrics are CloudWatch EMF in the namespace of POWERTOOLS_METRICS_NAMESPACE (default
CloudFrontRealtimeLogs), dimension ``service`` = the function's name; ``malformed`` and
``rejected`` come a second time with the dimension ``reason``, ``left_out`` with ``field``.
https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format.html
"""

import json
import os
import sys
import time
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any

from processor import lines as log_lines
from processor.config import Config
from processor.lines import Batch
from processor.writer import Outcome

NAMESPACE = "CloudFrontRealtimeLogs"
LEVELS = {"DEBUG": 10, "INFO": 20, "WARNING": 30, "WARN": 30, "ERROR": 40, "CRITICAL": 50}

_NOT_IN_TEXTS = {
    code
    for code, _ in (
        log_lines.EMPTY,
        log_lines.NOT_BASE64,
        log_lines.NOT_UTF8,
        log_lines.NOT_TEXT,
        log_lines.AGGREGATED,
    )
}
LEFT_OUT = "left_out"  # measure name of the records that say which fields' values

# name of the measure -> (Timestream type, CloudWatch unit)
MEASURES: dict[str, tuple[str, str]] = {
    "received": ("BIGINT", "Count"),
    "written": ("BIGINT", "Count"),
    "duplicates": ("BIGINT", "Count"),
    "malformed": ("BIGINT", "Count"),
    "rejected": ("BIGINT", "Count"),
    "trimmed": ("BIGINT", "Count"),
    "left_out": ("BIGINT", "Count"),
    "retried": ("BIGINT", "Count"),
    "unfinished": ("BIGINT", "Count"),
    "lag_p50_ms": ("DOUBLE", "Milliseconds"),
    "lag_max_ms": ("DOUBLE", "Milliseconds"),
    "write_ms": ("DOUBLE", "Milliseconds"),
    "duration_ms": ("DOUBLE", "Milliseconds"),
    "bytes_sent": ("BIGINT", "Bytes"),
    "write_units": ("BIGINT", "Count"),
}


@dataclass(slots=True)
class Report:
    """One invocation in numbers.

    The lines counted are those before the checkpoint: what comes back with the next delivery is
    counted then, so that sums over invocations are right. ``unfinished`` counts those.
    received = written + duplicates + malformed + rejected.
    """

    received: int = 0
    written: int = 0
    duplicates: int = 0
    malformed: int = 0
    rejected: int = 0
    trimmed: int = 0
    left_out: int = 0  # values: numbers that are none, of lines that are written without them
    retried: int = 0  # write calls made again
    unfinished: int = 0
    lag_p50_ms: float | None = None  # from log timestamp to write
    lag_max_ms: float | None = None
    write_ms: float = 0.0
    duration_ms: float = 0.0
    bytes_sent: int = 0
    write_units: int = 0
    reasons: dict[tuple[str, str], int] = field(default_factory=dict)  # (kind, code) -> lines
    fields: dict[str, int] = field(default_factory=dict)  # CloudFront's name -> values left out
    trouble: dict[str, int] = field(default_factory=dict)  # error codes of calls -> calls
    time: int = field(default_factory=time.time_ns)  # of the pipeline record
    version: int = 1
    stored: bool = False

    def values(self) -> dict[str, int | float]:
        """Return the measures that have a value."""
        found = {name: getattr(self, name) for name in MEASURES}
        return {name: value for name, value in found.items() if value is not None}

    def agrees(self, other: "Report") -> bool:
        """Whether counts are the same and times alike: within 50 ms, or a fifth."""
        mine, theirs = self.values(), other.values()
        alike = mine.keys() == theirs.keys() and self.fields == other.fields
        return alike and all(
            abs(value - theirs[name]) <= max(50, theirs[name] / 5)
            if name.endswith("_ms")
            else value == theirs[name]
            for name, value in mine.items()
        )


@dataclass(slots=True)
class Notes:
    """What was noticed of a batch's lines while they were shaped."""

    again: list[int]  # lines equal to an earlier one
    trimmed: set[int] = field(default_factory=set)  # lines that lost text to a limit
    left_out: dict[str, set[int]] = field(default_factory=dict)  # field -> lines, see Report

    def add(self, trimmed: set[int], left_out: dict[str, set[int]]) -> None:
        """Take in what some more lines came to."""
        self.trimmed |= trimmed
        for name, found in left_out.items():
            self.left_out.setdefault(name, set()).update(found)


def count(batch: Batch, outcome: Outcome, notes: Notes, checkpoint: int | None) -> Report:
    """Count how the lines before the checkpoint, a record's index, ended; None is all lines."""
    records = batch.records

    def done(found: Collection[int]) -> int:
        if checkpoint is None:
            return len(found)
        return sum(records[line] < checkpoint for line in found)

    summary = Report(
        written=done(outcome.written),
        duplicates=done(outcome.present) + done(notes.again),
        trimmed=done(notes.trimmed),
        retried=outcome.retried,
        write_ms=round(outcome.seconds * 1000, 3),
        bytes_sent=outcome.bytes_sent,
        write_units=outcome.write_units,
        trouble=outcome.trouble,
    )
    summary.fields = {
        name: number for name, found in sorted(notes.left_out.items()) if (number := done(found))
    }
    summary.left_out = sum(summary.fields.values())
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


def pipeline_body(report: Report, config: Config) -> bytes:
    """Return the WriteRecords body of the invocation's ``pipeline`` record.

    Beside it, in the same call, is one ``left_out`` record for each field that lost values.
    """
    function = {"Name": "function_name", "Value": config.function_name}

    def record(name: str, measures: dict[str, int | float], **dimensions: str) -> dict[str, Any]:
        own = [{"Name": key, "Value": value} for key, value in dimensions.items()]
        return {
            "Dimensions": [function, *own],
            "MeasureName": name,
            "MeasureValueType": "MULTI",
            "MeasureValues": [
                {"Name": key, "Value": str(value), "Type": MEASURES[key][0]}
                for key, value in measures.items()
            ],
            "Time": str(report.time),
            "TimeUnit": "NANOSECONDS",
            "Version": report.version,
        }

    records = [record("pipeline", report.values())]
    records += [
        record(LEFT_OUT, {LEFT_OUT: number}, field=name) for name, number in report.fields.items()
    ]
    body = {"DatabaseName": config.database, "TableName": config.table, "Records": records}
    return json.dumps(body, separators=(",", ":")).encode()


def emit_metrics(report: Report, config: Config) -> None:
    """Print the metrics; nothing when POWERTOOLS_METRICS_DISABLED is true."""
    if os.environ.get("POWERTOOLS_METRICS_DISABLED", "").lower() == "true":
        return  # Powertools heeds it in Metrics, but not in single_metric
    from aws_lambda_powertools.metrics import Metrics, single_metric

    namespace = os.environ.get("POWERTOOLS_METRICS_NAMESPACE", NAMESPACE)
    service = os.environ.get("POWERTOOLS_SERVICE_NAME", config.function_name)
    metrics = Metrics(namespace=namespace, service=service)
    metrics.clear_metrics()
    for name, value in report.values().items():
        metrics.add_metric(name, unit=MEASURES[name][1], value=value)
    metrics.flush_metrics()
    for (kind, code), count in sorted(report.reasons.items()):
        with single_metric(kind, unit="Count", value=count, namespace=namespace) as metric:
            metric.add_dimension("service", service)
            metric.add_dimension("reason", code)
    for name, count in report.fields.items():
        with single_metric(LEFT_OUT, unit="Count", value=count, namespace=namespace) as metric:
            metric.add_dimension("service", service)
            metric.add_dimension("field", name)


def log(level: str, message: str, **about: Any) -> None:
    """Print one JSON line, unless LOG_LEVEL (default INFO) is above ``level``."""
    least = os.environ.get("LOG_LEVEL") or os.environ.get("AWS_LAMBDA_LOG_LEVEL") or "INFO"
    if LEVELS[level] >= LEVELS.get(least.upper(), 20):
        line = {"timestamp": _now(), "level": level, "message": message} | about
        print(json.dumps(line, default=str), file=sys.stdout, flush=True)


def _now() -> str:
    seconds, millis = divmod(int(time.time() * 1000), 1000)
    return f"{time.strftime('%Y-%m-%dT%H:%M:%S', time.gmtime(seconds))}.{millis:03d}Z"
