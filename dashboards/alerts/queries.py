"""The rules' questions: which query of the store, with which of the rule's thresholds.

A question's query returns text columns, which become the labels of the alert's instances, and one
number named `value`; no time. It leaves out the newest `delay`, and labels with too little traffic
for the number to mean anything.
https://grafana.com/docs/grafana/latest/alerting/fundamentals/alert-rules/queries-conditions/
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from dashboards.alerts.knobs import Threshold, Thresholds
from dashboards.config import Bundle
from dashboards.signals import DIMENSIONS, SIGNALS, Dimension, Signal
from dashboards.signals.expressions import (
    Aggregate,
    Count,
    CountValues,
    Divided,
    Field,
    Named,
    OrZero,
    Percentile,
    Ratio,
    Reported,
    Sum,
)
from dashboards.stores import Having, Store

# The spans by which a country "always has some traffic" is judged, and how many it must have had.
SPAN_MINUTES = 10
LEAST_SPANS = 12


def _pipeline(name: str, value: Aggregate) -> Signal:
    return Signal(name, name, "", "", value, record="pipeline")


# Numbers that only rules ask for; panels show the signals they are made of.
_OWN: dict[str, Signal] = {
    signal.name: signal
    for signal in (
        Signal("hits", "Hits", "short", "", Count(Named("hit")), scaled=True),
        Signal("origin_timed", "Timed", "short", "", CountValues(Field("origin-fbl")), scaled=True),
        _pipeline("lines", OrZero(Sum(Reported("received")))),
        _pipeline("lag", Divided(Percentile(Reported("lag_p50_ms"), 0.5), 1000)),
        _pipeline("malformed_share", Ratio(Sum(Reported("malformed")), Sum(Reported("received")))),
        _pipeline("rejected_share", Ratio(Sum(Reported("rejected")), Sum(Reported("received")))),
    )
}


def signal(name: str) -> Signal:
    """Return a signal of panels, or one that only rules ask for."""
    return _OWN.get(name) or SIGNALS[name]


@dataclass(frozen=True, slots=True)
class Question:
    """What a rule measures, the same for every bundle and all thresholds."""

    signal: str
    dimension: str | None = None
    gate: str = "requests"  # the signal that `min_requests` in thresholds.toml counts
    beside: str | None = None  # of a change: the signal that has to have changed, too
    predicate: str | None = None  # for burn rates: what spends the budget
    objective: str | None = None  # the objective in [slo] that has this budget


@dataclass(frozen=True, slots=True)
class Asked:
    """A question's query, and how far back it looks, in seconds before the delay."""

    query: str
    span: int


Ask = Callable[[Store, Bundle, Thresholds, Threshold, Question], Asked]


def _gate(bundle: Bundle, threshold: Threshold, question: Question) -> list[Having]:
    """Enough logged lines: the counts are scaled up by sampling, so the bound is, too."""
    if threshold.min_requests is None:
        return []
    gate = signal(question.gate)
    scale = 100 / bundle.sampling if gate.scaled else 1
    return [(gate, ">=", threshold.min_requests * scale)]


def _least(bundle: Bundle, threshold: Threshold) -> float:
    return (threshold.min_requests or 1) * 100 / bundle.sampling


def _dimension(question: Question) -> Dimension | None:
    return DIMENSIONS[question.dimension] if question.dimension else None


def now(
    store: Store, bundle: Bundle, _: Thresholds, threshold: Threshold, question: Question
) -> Asked:
    """Ask for a signal over the window, worst first."""
    having = _gate(bundle, threshold, question)
    if threshold.cached is not None:
        having.append((signal(question.signal), ">=", threshold.cached))
    below = threshold.below is not None
    dimension = _dimension(question)
    if not dimension:
        query = store.queries.instant(signal(question.signal), having=having, value="value")
        return Asked(query, threshold.window)
    query = store.queries.lately(
        signal(question.signal),
        dimension,
        recent=f"{threshold.window}s",
        having=having,
        ascending=below,
        limit=threshold.limit,
    )
    # What was bad a moment ago stays in the answer for as long as the rule goes on about it.
    return Asked(query, threshold.window + threshold.pending + threshold.keep_firing_for)


def change(
    store: Store, bundle: Bundle, _: Thresholds, threshold: Threshold, question: Question
) -> Asked:
    """Ask for the window in percent of the past before it, worst first."""
    query = store.queries.change(
        signal(question.signal),
        _dimension(question),
        recent=f"{threshold.window}s",
        beside=SIGNALS[question.beside] if question.beside else None,
        min_requests=_least(bundle, threshold),
        ascending=threshold.below is not None,
        limit=threshold.limit,
    )
    return Asked(query, threshold.window + threshold.baseline)


def burn(
    store: Store, bundle: Bundle, all_: Thresholds, threshold: Threshold, question: Question
) -> Asked:
    """Ask how many times faster than allowed an error budget is spent, over two windows."""
    query = store.queries.burn(
        question.predicate or "",
        objective=getattr(all_, question.objective or ""),
        short=f"{threshold.short}s",
        min_requests=_least(bundle, threshold),
    )
    return Asked(query, threshold.window)


def silence(
    store: Store, bundle: Bundle, _: Thresholds, threshold: Threshold, question: Question
) -> Asked:
    """Ask for the minutes since the last request, where there always were some before."""
    query = store.queries.silence(
        DIMENSIONS[question.dimension or ""],
        span_minutes=SPAN_MINUTES,
        least_spans=LEAST_SPANS,
        presence=threshold.presence or 100,
        min_requests=_least(bundle, threshold),
        limit=threshold.limit,
    )
    return Asked(query, threshold.window)


# The settings that a kind of question needs, and those it reads if they are given. Every rule has a
# threshold, `for` and `keep_firing_for`.
_READS: Mapping[Ask, tuple[set[str], set[str]]] = {
    now: ({"window"}, {"min_requests", "cached"}),
    change: ({"window", "baseline"}, {"min_requests"}),
    burn: ({"window", "short"}, {"min_requests"}),
    silence: ({"window", "presence"}, {"min_requests"}),
}


def reads(ask: Ask | None, question: Question) -> tuple[set[str], set[str]]:
    """Return the settings that a rule needs, and those it reads if they are given."""
    if ask is None:
        return set(), set()
    needs, may = _READS[ask]
    return (needs | {"limit"} if question.dimension else needs), may
