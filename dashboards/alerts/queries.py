"""The parts' questions: what a store is asked for, with which of the part's thresholds.

A question's query returns a name, which becomes a label of the alert's instances, and numbers; see
dashboards/stores/common/judged.py. It leaves out the newest `delay`, and names with too little
traffic for the number to mean anything.
https://grafana.com/docs/grafana/latest/alerting/fundamentals/alert-rules/queries-conditions/
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from dashboards.alerts.knobs import Threshold, Thresholds
from dashboards.signals import DIMENSIONS, SIGNALS, Dimension, Signal
from dashboards.signals.expressions import (
    Aggregate,
    AnyOf,
    Count,
    CountValues,
    Divided,
    Field,
    Named,
    OrZero,
    Percentile,
    Predicate,
    Ratio,
    Reported,
    Share,
    Sum,
)
from dashboards.stores import Store
from dashboards.stores.common.judged import Questions
from dashboards.stores.common.slices import DAY

# The spans by which a label "always has some traffic" is judged, how many it must have had, and how
# many at the same time a day before.
SPAN_MINUTES = 10
LEAST_SPANS = 12
DAY_SPANS = 6
# The minutes of the clock in which a budget's long window is counted, by the longest such window.
_SLOTS = ((6 * 3600, 10), (DAY * 100, 60))


def _pipeline(name: str, value: Aggregate) -> Signal:
    return Signal(name, name, "", "", value, record="pipeline")


# Numbers that only rules ask for; panels show the signals they are made of.
_OWN: dict[str, Signal] = {
    signal.name: signal
    for signal in (
        Signal(
            "hit_share",
            "Hits",
            "percent",
            "",
            Share(Named("hit"), AnyOf((Named("hit"), Named("miss")))),
        ),
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
    """What a part measures, the same for every bundle and all thresholds."""

    signal: str
    dimension: str | None = None
    gate: str = "requests"  # the signal that `min_requests` in thresholds.toml counts
    home: str | None = None  # of an edge: the dimension whose others may take its place
    predicate: str | None = None  # for burn rates: what spends the budget
    objective: str | None = None  # the objective in [slo] that has this budget


@dataclass(frozen=True, slots=True)
class Asked:
    """A question's query, and how far back it looks, in seconds before the delay."""

    query: str
    span: int


# The store, all thresholds, the part's, for how long before the window a rule still goes on about
# it, and the question.
Ask = Callable[[Store, Thresholds, Threshold, int, Question], Asked]


def by(question: Question) -> Dimension | None:
    """Return the dimension that a question tells apart."""
    return DIMENSIONS[question.dimension] if question.dimension else None


def share(question: Question) -> tuple[Predicate, Predicate | None]:
    """Return what a question about a share counts, and among what."""
    value = signal(question.signal).value
    assert isinstance(value, Share), f"{question.signal} is no share"
    return value.of, value.among


def shares(
    store: Store, _: Thresholds, threshold: Threshold, past: int, question: Question
) -> Asked:
    """Ask for a share of requests, judged by its lower bound."""
    query = Questions(store.queries).shares(
        *share(question),
        by(question),
        window=threshold.window,
        past=past,
        min_requests=threshold.min_requests or 1,
        line=threshold.line,
    )
    return Asked(query, _reach(threshold, past))


def _reach(threshold: Threshold, past: int) -> int:
    """Return how far back the worst is looked for; see judged._lately."""
    return 3 * threshold.window + past if past else threshold.window


def now(store: Store, _: Thresholds, threshold: Threshold, past: int, question: Question) -> Asked:
    """Ask for a signal over the window."""
    past = past if question.dimension else 0
    asked = signal(question.signal)
    query = Questions(store.queries).numbers(
        asked.value,
        signal(question.gate).value,
        by(question),
        window=threshold.window,
        past=past,
        min_requests=threshold.min_requests or 0,
        record=asked.record,
    )
    return Asked(query, _reach(threshold, past))


def change(store: Store, _: Thresholds, threshold: Threshold, __: int, question: Question) -> Asked:
    """Ask for the window in percent of what is usual."""
    query = Questions(store.queries).change(
        signal(question.signal).value,
        by(question),
        window=threshold.window,
        baseline=threshold.baseline,
        min_requests=threshold.min_requests or 1,
        falling=threshold.below is not None,
        short=threshold.short,
    )
    return Asked(query, DAY + threshold.window)


def served(store: Store, _: Thresholds, threshold: Threshold, __: int, question: Question) -> Asked:
    """Ask how much of what is usual for an edge's viewers is still served, by whichever edge."""
    query = Questions(store.queries).served(
        DIMENSIONS[question.dimension or ""],
        DIMENSIONS[question.home or ""],
        window=threshold.window,
        baseline=threshold.baseline,
        min_requests=threshold.min_requests or 1,
    )
    return Asked(query, DAY + threshold.window)


def slot(window: int) -> int:
    """Return the minutes of the clock by which a budget's long window is counted."""
    return next(minutes for longest, minutes in _SLOTS if window <= longest)


def burn(store: Store, all_: Thresholds, threshold: Threshold, _: int, question: Question) -> Asked:
    """Ask how many times faster than allowed an error budget is spent, over two windows."""
    query = Questions(store.queries).burns(
        Named(question.predicate or ""),
        objective=getattr(all_, question.objective or ""),
        window=threshold.window,
        short=threshold.short,
        min_requests=threshold.min_requests or 1,
        slot=slot(threshold.window),
        most=threshold.at_most,
        line=threshold.line,
    )
    return Asked(query, threshold.window)


def silence(
    store: Store, _: Thresholds, threshold: Threshold, __: int, question: Question
) -> Asked:
    """Ask for the minutes since the last request, where there always were some before."""
    query = Questions(store.queries).silence(
        DIMENSIONS[question.dimension or ""],
        window=threshold.window,
        span_minutes=SPAN_MINUTES,
        least_spans=LEAST_SPANS,
        presence=threshold.presence or 100,
        min_requests=threshold.min_requests or 1,
        max_requests=threshold.max_requests,
        day_spans=DAY_SPANS,
    )
    return Asked(query, DAY + DAY_SPANS * SPAN_MINUTES * 60)


def drop(store: Store, _: Thresholds, threshold: Threshold, __: int, question: Question) -> Asked:
    """Ask how many points a share is below that of the same time a day before."""
    of, among = share(question)
    assert among is not None
    query = Questions(store.queries).drops(
        of,
        among,
        DIMENSIONS[question.dimension or ""],
        window=threshold.window,
        short=threshold.short,
        min_requests=threshold.min_requests or 1,
        usual=threshold.cached or 0,
        line=threshold.line,
    )
    return Asked(query, DAY + threshold.window)


def arrivals(
    store: Store, _: Thresholds, threshold: Threshold, __: int, question: Question
) -> Asked:
    """Ask how many lines arrived, over a longer window where the site is quiet."""
    query = Questions(store.queries).arrivals(
        signal(question.signal).value,
        window=threshold.window,
        short=threshold.short,
        baseline=threshold.baseline,
        min_requests=threshold.min_requests or 0,
    )
    return Asked(query, threshold.baseline)


def muting(threshold: Threshold) -> Threshold:
    """Return a part's threshold for muting another rule: a budget's long window alone."""
    return replace(threshold, short=threshold.window) if threshold.short else threshold


# The settings that a kind of question needs, and those it reads if they are given. Every part has a
# threshold.
_READS: Mapping[Ask, tuple[set[str], set[str]]] = {
    shares: ({"window"}, {"min_requests"}),
    now: ({"window"}, {"min_requests"}),
    change: ({"window", "baseline"}, {"min_requests", "short"}),
    served: ({"window", "baseline"}, {"min_requests"}),
    burn: ({"window", "short"}, {"min_requests", "at_most"}),
    silence: ({"window", "presence"}, {"min_requests", "max_requests"}),
    drop: ({"window", "short"}, {"min_requests", "cached"}),
    arrivals: ({"window", "short", "baseline"}, {"min_requests"}),
}


def reads(ask: Ask) -> tuple[set[str], set[str]]:
    """Return the settings that a part needs, and those it reads if they are given."""
    return _READS[ask]
