"""The processor's report about itself: counts, as metrics and as a log line. Stores keep it, too.

Nothing personal is in it.

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

from processor.config import Config
from processor.dead_letters import DeadLetter
from processor.lines import Batch
from processor.split import Rows
from processor.stores import Outcome

NAMESPACE = "CloudFrontRealtimeLogs"
LEVELS = {"DEBUG": 10, "INFO": 20, "WARNING": 30, "WARN": 30, "ERROR": 40, "CRITICAL": 50}

LEFT_OUT = "left_out"  # has the dimension ``field``, too

# name -> (SQL type, CloudWatch unit)
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
    left_out: int = 0  # values that are not numbers; their lines are written without them
    retried: int = 0  # write requests made again
    unfinished: int = 0
    lag_p50_ms: float | None = None  # from log timestamp to write
    lag_max_ms: float | None = None
    write_ms: float = 0.0
    duration_ms: float = 0.0
    bytes_sent: int = 0
    write_units: int = 0
    reasons: dict[tuple[str, str], int] = field(default_factory=dict)  # (kind, code) -> lines
    fields: dict[str, int] = field(default_factory=dict)  # CloudFront's name -> values left out
    trouble: dict[str, int] = field(default_factory=dict)  # error codes of requests -> requests

    def values(self) -> dict[str, int | float]:
        """Return the numbers that are known."""
        found = {name: getattr(self, name) for name in MEASURES}
        return {name: value for name, value in found.items() if value is not None}


def count(
    batch: Batch,
    rows: Rows,
    outcome: Outcome,
    dead_letters: list[DeadLetter],
    checkpoint: int | None,
) -> Report:
    """Count how the lines before the checkpoint, a record's index, ended; None is all lines."""
    records = batch.records

    def done(found: Collection[int]) -> int:
        if checkpoint is None:
            return len(found)
        return sum(records[line] < checkpoint for line in found)

    summary = Report(
        written=done(outcome.written),
        duplicates=done(outcome.duplicates) + done(rows.duplicates),
        trimmed=done(outcome.trimmed),
        retried=outcome.retried,
        write_ms=round(outcome.seconds * 1000, 3),
        bytes_sent=outcome.bytes_sent,
        write_units=outcome.write_units,
        trouble=outcome.trouble,
    )
    summary.fields = {
        name: number for name, found in sorted(outcome.left_out.items()) if (number := done(found))
    }
    summary.left_out = sum(summary.fields.values())
    for dead_letter in dead_letters:
        if checkpoint is None or dead_letter.record < checkpoint:
            key = (dead_letter.kind, dead_letter.code)
            summary.reasons[key] = summary.reasons.get(key, 0) + 1
    for (kind, _), number in summary.reasons.items():
        setattr(summary, kind, getattr(summary, kind) + number)
    counted = summary.written + summary.duplicates + summary.malformed + summary.rejected
    summary.received = counted
    summary.unfinished = len(batch.texts) + len(batch.unreadable) - counted
    if outcome.lags:
        lags = sorted(outcome.lags)
        summary.lag_p50_ms = float(lags[len(lags) // 2])
        summary.lag_max_ms = float(lags[-1])
    return summary


def emit_metrics(report: Report, config: Config) -> None:
    """Print the metrics; nothing when POWERTOOLS_METRICS_DISABLED is true."""
    if os.environ.get("POWERTOOLS_METRICS_DISABLED", "").lower() == "true":
        return  # Powertools obeys the variable in Metrics, but not in single_metric
    from aws_lambda_powertools.metrics import Metrics, MetricUnit, single_metric

    namespace = os.environ.get("POWERTOOLS_METRICS_NAMESPACE", NAMESPACE)
    service = os.environ.get("POWERTOOLS_SERVICE_NAME", config.function_name)
    metrics = Metrics(namespace=namespace, service=service)
    metrics.clear_metrics()
    for name, value in report.values().items():
        metrics.add_metric(name, unit=MEASURES[name][1], value=value)
    metrics.flush_metrics()
    for (kind, code), count in sorted(report.reasons.items()):
        with single_metric(kind, MetricUnit.Count, count, namespace=namespace) as metric:
            metric.add_dimension("service", service)
            metric.add_dimension("reason", code)
    for name, count in report.fields.items():
        with single_metric(LEFT_OUT, MetricUnit.Count, count, namespace=namespace) as metric:
            metric.add_dimension("service", service)
            metric.add_dimension("field", name)


def log_batch(report: Report) -> None:
    """Print the batch's log line; a warning, when somebody should look at it."""
    log(
        "WARNING" if report.unfinished or report.reasons else "INFO",
        "batch",
        **report.values(),
        reasons={f"{kind}/{code}": number for (kind, code), number in report.reasons.items()},
        fields=report.fields,
        trouble=report.trouble,
    )


def log(level: str, message: str, **about: Any) -> None:
    """Print one JSON line, unless LOG_LEVEL (default INFO) is above ``level``."""
    least = os.environ.get("LOG_LEVEL") or os.environ.get("AWS_LAMBDA_LOG_LEVEL") or "INFO"
    if LEVELS[level] >= LEVELS.get(least.upper(), 20):
        line = {"timestamp": _now(), "level": level, "message": message} | about
        print(json.dumps(line, default=str), file=sys.stdout, flush=True)


def _now() -> str:
    seconds, millis = divmod(int(time.time() * 1000), 1000)
    return f"{time.strftime('%Y-%m-%dT%H:%M:%S', time.gmtime(seconds))}.{millis:03d}Z"
