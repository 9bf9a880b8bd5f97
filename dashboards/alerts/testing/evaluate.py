"""One evaluation of one rule: queries and expressions in order, then a result per instance."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol

from dashboards.alerts.testing import expressions
from dashboards.alerts.testing.frames import to_values
from dashboards.alerts.testing.gotext.format import float_text
from dashboards.alerts.testing.rulefile import Query, Rule
from dashboards.alerts.testing.values import (
    EvaluationError,
    Labels,
    NoData,
    Number,
    Scalar,
    Series,
    Value,
    contains,
    key,
    text,
)
from dashboards.frames import Frame

NORMAL, ALERTING, NO_DATA, ERROR = "Normal", "Alerting", "NoData", "Error"


class DataSource(Protocol):
    """Whatever answers a rule's queries; see query.Timestream."""

    def run(self, model: Mapping[str, object], start: datetime, end: datetime) -> list[Frame]:
        """Return the frames of a query over a time range, or raise EvaluationError."""
        ...


@dataclass(frozen=True, slots=True)
class Capture:
    """The number that one query or expression has for an instance, with its labels."""

    ref_id: str
    labels: Labels
    value: float | None
    from_datasource: bool


@dataclass(frozen=True, slots=True)
class Result:
    """What one evaluation says about one instance."""

    state: str
    labels: Labels = field(default_factory=dict)
    values: Mapping[str, Capture] = field(default_factory=dict)
    error: EvaluationError | None = None

    @property
    def text(self) -> str:
        """Grafana's evaluation string: every captured number with its labels."""
        parts = []
        for name in sorted(self.values):
            capture = self.values[name]
            number = "null" if capture.value is None else float_text(capture.value)
            parts.append(f"[ var='{name}' labels={{{text(capture.labels)}}} value={number} ]")
        return ", ".join(parts)


def evaluate(
    rule: Rule,
    at: datetime,
    sources: Mapping[str, DataSource],
    loaded: frozenset[expressions.Key] = frozenset(),
) -> list[Result]:
    """Evaluate a rule as of ``at``.

    ``sources`` answers by data source uid; ``loaded`` are the label sets that fire now, which a
    recovery threshold treats differently. A failure is a result too, as in Grafana.
    """
    try:
        outcomes = _run(rule, at, sources, loaded)
    except EvaluationError as error:
        return [Result(ERROR, error=error)]
    condition = outcomes[rule.condition]
    if isinstance(condition, EvaluationError):
        return [Result(ERROR, error=condition)]
    empty = [
        query
        for query in rule.data
        if not query.is_expression and _is_no_data(outcomes[query.ref_id])
    ]
    if empty:
        uids: dict[str, list[str]] = {}
        for query in sorted(empty, key=lambda each: each.ref_id):
            uids.setdefault(query.datasource, []).append(query.ref_id)
        return [
            Result(NO_DATA, {"datasource_uid": uid, "ref_id": ",".join(refs)})
            for uid, refs in uids.items()
        ]
    if not condition:
        return [Result(NO_DATA)]
    return _results(rule, condition, outcomes)


Outcome = list[Value] | EvaluationError


def _run(
    rule: Rule,
    at: datetime,
    sources: Mapping[str, DataSource],
    loaded: frozenset[expressions.Key],
) -> dict[str, Outcome]:
    commands = {q.ref_id: expressions.parse(q.model) for q in rule.data if q.is_expression}
    for name, command in commands.items():
        if command.hysteresis and name != rule.condition:
            raise EvaluationError(
                f"recovery threshold '{name}' is only allowed to be the alert condition"
            )
    outcomes: dict[str, Outcome] = {}
    for query in rule.data:
        if not query.is_expression:
            outcomes[query.ref_id] = _ask(query, at, sources)
    ranges = {query.ref_id: query for query in rule.data}
    for name in _order(commands, outcomes):
        command = commands[name]
        failed = [need for need in command.needs if isinstance(outcomes[need], EvaluationError)]
        if failed:  # Grafana reports the failure that started it
            outcomes[name] = outcomes[failed[0]]
            continue
        start, end = _range(ranges[name], at)
        held = {need: outcomes[need] for need in command.needs}
        try:
            outcomes[name] = command.run(
                expressions.Context(held, _nanoseconds(start), _nanoseconds(end), loaded)  # type: ignore[arg-type]
            )
        except EvaluationError as error:
            outcomes[name] = error
    return outcomes


def _order(commands: Mapping[str, expressions.Command], given: Mapping[str, Outcome]) -> list[str]:
    """Return the expressions so that each comes after what it needs."""
    order: list[str] = []

    def visit(name: str, path: tuple[str, ...]) -> None:
        if name in given or name in order:
            return
        if name not in commands:
            raise EvaluationError(f"unable to find dependent node '{name}'")
        if name in path:
            raise EvaluationError(f"cyclic reference: {' -> '.join([*path, name])}")
        for need in commands[name].needs:
            visit(need, (*path, name))
        order.append(name)

    for name in commands:
        visit(name, ())
    return order


def _range(query: Query, at: datetime) -> tuple[datetime, datetime]:
    return at - timedelta(seconds=query.start), at - timedelta(seconds=query.end)


def _nanoseconds(at: datetime) -> int:
    return round(at.timestamp() * 1000) * 1_000_000


def _ask(query: Query, at: datetime, sources: Mapping[str, DataSource]) -> Outcome:
    if query.datasource not in sources:
        raise EvaluationError(f"failed to build query '{query.ref_id}': data source not found")
    try:
        frames = sources[query.datasource].run(query.model, *_range(query, at))
    except EvaluationError as error:
        return EvaluationError(
            f"[sse.dataQueryError] failed to execute query [{query.ref_id}]: {error}", query.ref_id
        )
    try:
        return to_values(frames)
    except EvaluationError as error:
        return EvaluationError(
            f"[sse.readDataError] [{query.ref_id}] got error: {error}", query.ref_id
        )


def _is_no_data(outcome: Outcome) -> bool:
    if isinstance(outcome, EvaluationError):
        return False
    return not outcome or (len(outcome) == 1 and isinstance(outcome[0], NoData))


def _results(rule: Rule, condition: list[Value], outcomes: Mapping[str, Outcome]) -> list[Result]:
    captures = _captures(rule, outcomes)
    results: list[Result] = []
    for value in condition:
        if isinstance(value, Series):
            results.append(
                Result(
                    ERROR,
                    error=EvaluationError(
                        f"invalid format of evaluation results for the alert definition "
                        f"{rule.condition}: looks like time series data, only reduced data "
                        "can be alerted on."
                    ),
                )
            )
        elif isinstance(value, NoData):
            results.append(Result(NO_DATA))
        else:
            state = NO_DATA if value.value is None else ALERTING if value.value else NORMAL
            results.append(Result(state, value.labels, _of_instance(value.labels, captures)))
    seen: set[tuple[tuple[str, str], ...]] = set()
    for result in results:
        if key(result.labels) in seen:
            return [
                Result(
                    ERROR,
                    result.labels,
                    error=EvaluationError(
                        "invalid format of evaluation results for the alert definition : frame "
                        "cannot uniquely be identified by its labels: has duplicate results with "
                        f"labels {{{text(result.labels)}}}"
                    ),
                )
            ]
        seen.add(key(result.labels))
    return results


def _captures(rule: Rule, outcomes: Mapping[str, Outcome]) -> dict[str, list[Capture]]:
    """Every single number of every query and expression, by reference."""
    own = {query.ref_id for query in rule.data if not query.is_expression}
    return {
        name: [
            Capture(name, value.labels, value.value, name in own)
            for value in outcome
            if isinstance(value, Number | Scalar)
        ]
        for name, outcome in outcomes.items()
        if not isinstance(outcome, EvaluationError)
    }


def _of_instance(labels: Labels, captures: Mapping[str, list[Capture]]) -> dict[str, Capture]:
    """Return the numbers that belong to an instance.

    Those with the same labels; else those whose labels include its own, or are included in them.
    That is what lets a second query bring words into an annotation without being part of the
    instance's identity.
    """
    found: dict[str, Capture] = {}
    for name, candidates in captures.items():
        exact = [each for each in candidates if key(each.labels) == key(labels)]
        related = [
            each
            for each in candidates
            if contains(labels, each.labels) or contains(each.labels, labels)
        ]
        for each in exact or related:
            found[name] = each
    return found


def number(capture: Capture) -> float:
    """Return the captured number as a template sees it: null is NaN."""
    return math.nan if capture.value is None else capture.value
