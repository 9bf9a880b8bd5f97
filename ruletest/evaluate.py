"""One evaluation of one rule: queries and expressions in order, then a result per instance."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from ruletest import expressions
from ruletest.datasource import DataSource
from ruletest.frames import to_values
from ruletest.gotemplate.format import float_text
from ruletest.rulefile import AlertRule, Query
from ruletest.values import (
    Capture,
    EvaluationError,
    Labels,
    NoData,
    Number,
    Scalar,
    Series,
    Value,
    contains,
    key,
)
from ruletest.values import (
    text as labels_text,
)
from ruletest.versions import LATEST, Version

NORMAL, ALERTING, NO_DATA, ERROR = "Normal", "Alerting", "NoData", "Error"


@dataclass(frozen=True, slots=True)
class Result:
    """What one evaluation says about one instance; ``text`` is Grafana's evaluation string."""

    state: str
    labels: Labels = field(default_factory=dict)
    values: Mapping[str, Capture] = field(default_factory=dict)
    error: EvaluationError | None = None
    text: str = ""


@dataclass(frozen=True, slots=True)
class Evaluation:
    """One evaluation of a rule: a result per instance, and everything that went wrong."""

    results: list[Result]
    errors: tuple[str, ...] = ()


def evaluate(
    rule: AlertRule,
    at: datetime,
    sources: Mapping[str, DataSource],
    loaded: frozenset[expressions.Key] = frozenset(),
    grafana: Version = LATEST,
) -> Evaluation:
    """Evaluate a rule as of ``at``.

    ``sources`` answers by data source uid; ``loaded`` are the label sets that fire now, which a
    recovery threshold treats differently. A failure is a result, too, as in Grafana. It is in
    ``errors`` even where the state does not show it.
    """
    try:
        outcomes = _run(rule, at, sources, loaded)
    except EvaluationError as error:
        return Evaluation([Result(ERROR, error=error)], (str(error),))
    results = _all_results(rule, outcomes, grafana)
    failed = [each for each in outcomes.values() if isinstance(each, EvaluationError)]
    failed += [each.error for each in results if each.error]
    return Evaluation(results, tuple(dict.fromkeys(map(str, failed))))


Outcome = list[Value] | EvaluationError


def _all_results(
    rule: AlertRule, outcomes: Mapping[str, Outcome], grafana: Version
) -> list[Result]:
    condition = outcomes[rule.condition]
    if isinstance(condition, EvaluationError):
        return [Result(ERROR, error=condition)]
    # A query that failed has no frames; a condition that does not need it takes it as no data.
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
    return _results(rule, condition, outcomes, grafana)


def _run(
    rule: AlertRule,
    at: datetime,
    sources: Mapping[str, DataSource],
    loaded: frozenset[expressions.Key],
) -> dict[str, Outcome]:
    outcomes: dict[str, Outcome] = {}
    for query in rule.data:
        if not query.is_expression:
            outcomes[query.ref_id] = _ask(query, at, sources)
    queries = {query.ref_id: query for query in rule.data}
    for name in expressions.order({ref: query.command for ref, query in queries.items()}):
        command = queries[name].command
        assert command is not None  # `order` gives expressions only
        start, end = _range(queries[name], at)
        try:
            held = {need: _held(outcomes[need]) for need in command.needs}
            outcomes[name] = command.run(
                expressions.Context(held, _nanoseconds(start), _nanoseconds(end), loaded)
            )
        except EvaluationError as error:
            outcomes[name] = error
    return outcomes


def _held(outcome: Outcome) -> list[Value]:
    """Return an input of an expression; raise the input's own error when it failed."""
    if isinstance(outcome, EvaluationError):
        raise outcome
    return outcome


def _range(query: Query, at: datetime) -> tuple[datetime, datetime]:
    return at - timedelta(seconds=query.start), at - timedelta(seconds=query.end)


def _nanoseconds(at: datetime) -> int:
    return round(at.timestamp() * 1000) * 1_000_000


def _ask(query: Query, at: datetime, sources: Mapping[str, DataSource]) -> Outcome:
    if query.datasource not in sources:
        raise EvaluationError(f"failed to build query '{query.ref_id}': data source not found")
    try:
        model = {**query.model, "refId": query.ref_id}
        frames = sources[query.datasource].run(model, *_range(query, at))
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
        return True
    return not outcome or (len(outcome) == 1 and isinstance(outcome[0], NoData))


def _results(
    rule: AlertRule, condition: list[Value], outcomes: Mapping[str, Outcome], grafana: Version
) -> list[Result]:
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
            results.append(_result(rule, state, value, captures, grafana))
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
                        f"labels {{{labels_text(result.labels)}}}"
                    ),
                )
            ]
        seen.add(key(result.labels))
    return results


def _result(
    rule: AlertRule,
    state: str,
    value: Number | Scalar,
    captures: Mapping[str, list[Capture]],
    grafana: Version,
) -> Result:
    matches = value.matches if isinstance(value, Number) else None
    if matches is None:
        found = _of_instance(value.labels, captures)
        text = ", ".join(_text(found[name], grafana) for name in sorted(found))
        return Result(state, value.labels, found, text=text)
    # Classic conditions give the values that they compared instead, numbered: C0, C1 and so on.
    own = {
        f"{rule.condition}{at}": Capture(
            rule.condition, match.labels, match.value, from_datasource=False
        )
        for at, match in enumerate(matches)
    }
    kind = "type='classic_conditions' " if grafana.tells_types else ""
    text = ", ".join(
        f"[ var='{name}' metric='{match.metric}' labels={{{labels_text(match.labels)}}} "
        f"{kind}value={_number_text(match.value)} ]"
        for name, match in zip(own, matches, strict=True)
    )
    return Result(state, value.labels, own, text=text)


def _text(capture: Capture, grafana: Version) -> str:
    kind = f"type='{capture.type}' " if capture.type and grafana.tells_types else ""
    return (
        f"[ var='{capture.ref_id}' labels={{{labels_text(capture.labels)}}} "
        f"{kind}value={_number_text(capture.value)} ]"
    )


def _number_text(value: float | None) -> str:
    return "null" if value is None else float_text(value)


def _captures(rule: AlertRule, outcomes: Mapping[str, Outcome]) -> dict[str, list[Capture]]:
    """Return the numbers of every query and expression, by refId."""
    kinds = {query.ref_id: query.command.type if query.command else "query" for query in rule.data}
    return {
        name: [
            Capture(name, value.labels, value.value, kinds[name] == "query", kinds[name])
            for value in outcome
            if isinstance(value, Number | Scalar)
        ]
        for name, outcome in outcomes.items()
        if not isinstance(outcome, EvaluationError)
    }


def _of_instance(labels: Labels, captures: Mapping[str, list[Capture]]) -> dict[str, Capture]:
    """Return the numbers that belong to an instance.

    Those with the same labels; else those whose labels include its own, or are included in them.
    So a second query can bring words into an annotation, and they are not part of the instance's
    identity.
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
