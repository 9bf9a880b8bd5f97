"""Which of the shipped alert rules fire on the rows in the table, as in Grafana.

The rule files themselves are evaluated, by the evaluator behind `python -m dashboards test-rules`.
"""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from local.stores import Store

SEVERITIES = ("critical", "warning", "info")


@dataclass(frozen=True, slots=True)
class Alert:
    """One alert that fires."""

    severity: str
    title: str
    says: tuple[str, ...]  # the sentences of its message
    told: str  # the contact point that gets the message
    since: float  # epoch seconds


def firing(store: Store, endpoint: str, start: float, end: float) -> list[Alert]:
    """Evaluate the rules from ``start`` to ``end`` (epoch seconds), each as often as Grafana does.

    Rules about the pipeline itself are left out: a batch is counted when it is processed, so a
    back-filled past has none.
    """
    from ruletest.rulefile import load_file

    rules = [
        rule
        for rule in load_file(store.RULES).rules
        if not any(store.about_the_pipeline(query.model) for query in rule.data)
    ]
    source = store.source(endpoint)
    with ThreadPoolExecutor(4) as pool:  # rules are independent
        found = pool.map(lambda rule: list(_alerts(rule, source, start, end)), rules)
        alerts = [alert for each in found for alert in each]
    return sorted(alerts, key=lambda a: (SEVERITIES.index(a.severity), a.since, a.title, a.says))


def _alerts(rule: Any, source: Any, start: float, end: float) -> Iterator[Alert]:
    from ruletest.engine import Run

    run = Run([rule], {query.datasource: source for query in rule.data})
    at = end - (end - start) // rule.interval * rule.interval
    while at <= end:
        run.evaluate(datetime.fromtimestamp(at, UTC))
        at += rule.interval
    for instance in run.instances:
        if instance.firing:
            labels = instance.alert_labels
            yield Alert(
                labels.get("severity", SEVERITIES[-1]),
                rule.title,
                _failure(instance.error) if instance.error else _says(instance.annotations),
                rule.settings.receiver if rule.settings else "by your policies",
                (instance.fired or instance.since).timestamp(),
            )


def _says(annotations: dict[str, str]) -> tuple[str, ...]:
    """Return the measured number with its line, and what the requests have in common."""
    texts = (annotations.get(name, "") for name in ("summary", "description"))
    return tuple(line for text in texts for line in text.strip().splitlines() if line)


def _failure(error: str) -> tuple[str, ...]:
    """Return the service's own words of a failed query."""
    return ("Its query fails: " + error.rpartition("Exception: ")[2],)
