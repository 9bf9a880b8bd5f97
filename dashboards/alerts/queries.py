"""The parts' questions: what a store is asked for, with which of the part's thresholds.

A question's query returns a name, which becomes a label of the alert's instances, and numbers; see
dashboards/stores/common/judged. It leaves out the newest `delay`, and names with too little
traffic for the number to mean anything.
https://grafana.com/docs/grafana/latest/alerting/fundamentals/alert-rules/queries-conditions/
"""

from collections.abc import Callable, Iterable, Mapping
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
from dashboards.stores.common import judged
from dashboards.stores.common.judged import NEITHER, Kind
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
    """What a part asks: a kind of question, and what the part has of its own."""

    kind: Kind
    part: judged.Part
    span: int  # how far back it looks, in seconds before the delay


# All thresholds, the part's, for how long before the window a rule still goes on about it, and the
# question.
Ask = Callable[[Thresholds, Threshold, int, Question], Asked]


def longer(ask: Ask, threshold: Threshold) -> list[Threshold]:
    """Return the thresholds of a part's longer windows.

    Whether it still goes on is what the next shorter one says. A change needs as many requests in
    each window, so fewer in the baseline.
    """
    made, shorter = [], threshold.window
    for window in threshold.longer:
        fewer = threshold.window / window if ask in (change, served) else 1
        least = (threshold.min_requests or 0) * fewer
        short = shorter if ask in (shares, now) else 0
        each = replace(threshold, window=window, longer=(), short=short)
        made.append(replace(each, min_requests=round(least)))
        shorter = window
    return made


def alone(store: Store, asked: Asked) -> str:
    """Return the query of one part."""
    return asked.kind.query(store.queries, [asked.part])


def together(store: Store, parts: Iterable[Asked]) -> list[str]:
    """Return the queries of some parts: one of all that ask alike."""
    alike: dict[Kind, list[judged.Part]] = {}
    for each in parts:
        alike.setdefault(each.kind, []).append(each.part)
    return [kind.query(store.queries, members) for kind, members in alike.items()]


def by(question: Question) -> Dimension | None:
    """Return the dimension that a question tells apart."""
    return DIMENSIONS[question.dimension] if question.dimension else None


def share(question: Question) -> tuple[Predicate, Predicate | None]:
    """Return what a question about a share counts, and among what."""
    value = signal(question.signal).value
    assert isinstance(value, Share), f"{question.signal} is no share"
    return value.of, value.among


def shares(_: Thresholds, threshold: Threshold, past: int, question: Question) -> Asked:
    """Ask for a share of requests, judged by its lower bound."""
    part = judged.Part(
        dimension=by(question),
        min_requests=threshold.min_requests or 1,
        line=threshold.line,
        held=None if question.dimension else held(threshold, past),
    )
    kind = judged.Shares(*share(question), threshold.window, past, threshold.short)
    return Asked(kind, part, _reach(threshold, past))


def _reach(threshold: Threshold, past: int) -> int:
    """Return how far back the worst is looked for; see judged.lately."""
    return max(each.since for each in judged.lately(threshold.window, past))


def now(_: Thresholds, threshold: Threshold, past: int, question: Question) -> Asked:
    """Ask for a signal over the window."""
    past = past if question.dimension else 0
    asked = signal(question.signal)
    part = judged.Part(
        dimension=by(question),
        value=asked.value,
        gate=signal(question.gate).value,
        min_requests=threshold.min_requests or 0,
    )
    kind = judged.Numbers(threshold.window, past, asked.record, threshold.short)
    return Asked(kind, part, _reach(threshold, past))


def change(_: Thresholds, threshold: Threshold, __: int, question: Question) -> Asked:
    """Ask for the window in percent of what is usual."""
    part = judged.Part(
        dimension=by(question), min_requests=threshold.min_requests or 1, line=threshold.line
    )
    kind = judged.Change(
        signal(question.signal).value,
        threshold.window,
        threshold.baseline,
        falling=threshold.below is not None,
        short=threshold.short,
    )
    return Asked(kind, part, DAY + threshold.window)


def served(_: Thresholds, threshold: Threshold, __: int, question: Question) -> Asked:
    """Ask how much of what is usual for an edge's viewers is still served, by whichever edge."""
    part = judged.Part(
        dimension=by(question), min_requests=threshold.min_requests or 1, line=threshold.line
    )
    home = DIMENSIONS[question.home or ""]
    kind = judged.Served(home, threshold.window, threshold.baseline)
    return Asked(kind, part, DAY + threshold.window)


def slot(window: int) -> int:
    """Return the minutes of the clock by which a budget's long window is counted."""
    return next(minutes for longest, minutes in _SLOTS if window <= longest)


def held(threshold: Threshold, past: int) -> float | None:
    """Return the number with which a part begins no alert, and ends none.

    None where the rule does not go on about what it found.
    """
    if not past:
        return None
    recover = threshold.line if threshold.recover is None else threshold.recover
    return recover + NEITHER * (threshold.line - recover)


def burn(all_: Thresholds, threshold: Threshold, past: int, question: Question) -> Asked:
    """Ask how many times faster than allowed an error budget is spent, over two windows."""
    part = judged.Part(
        bad=Named(question.predicate or ""),
        objective=getattr(all_, question.objective or ""),
        window=threshold.window,
        short=threshold.short,
        min_requests=threshold.min_requests or 1,
        at_most=threshold.at_most,
        line=threshold.line,
        held=held(threshold, past),
    )
    kind = judged.Burns(slot(threshold.window), lasting=past > 0)
    return Asked(kind, part, threshold.window)


def silence(_: Thresholds, threshold: Threshold, __: int, question: Question) -> Asked:
    """Ask for the minutes since the last request, where there always were some before."""
    part = judged.Part(
        dimension=by(question),
        presence=threshold.presence or 100,
        min_requests=threshold.min_requests or 1,
        max_requests=threshold.max_requests,
    )
    kind = judged.Silence(threshold.window, SPAN_MINUTES, LEAST_SPANS, DAY_SPANS)
    return Asked(kind, part, DAY + DAY_SPANS * SPAN_MINUTES * 60)


def drop(_: Thresholds, threshold: Threshold, past: int, question: Question) -> Asked:
    """Ask how many points a share is below that of the same time a day before."""
    of, among = share(question)
    assert among is not None
    part = judged.Part(
        dimension=by(question),
        min_requests=threshold.min_requests or 1,
        usual=threshold.cached or 0,
        line=threshold.line,
        held=held(threshold, past),
    )
    kind = judged.Drops(of, among, threshold.window, threshold.short, lasting=past > 0)
    return Asked(kind, part, DAY + threshold.window)


def arrivals(_: Thresholds, threshold: Threshold, __: int, question: Question) -> Asked:
    """Ask how many lines arrived, over a longer window where the site is quiet.

    What the rule waits (`for`) is the newest part of its windows.
    """
    part = judged.Part(
        value=signal(question.signal).value, min_requests=threshold.min_requests or 0
    )
    window, short = (each - threshold.pending for each in (threshold.window, threshold.short))
    part = replace(part, min_requests=part.min_requests * short / threshold.short)
    kind = judged.Arrivals(window, short, threshold.baseline)
    return Asked(kind, part, threshold.baseline)


def muting(threshold: Threshold, ask: Ask, newest: int) -> Threshold:
    """Return a part's threshold for muting another rule, whose shortest window is `newest`.

    Of a budget it is the long window alone, and a share is looked at for as long as the other rule
    looks back: what it sees of a fault that is over is no news.
    """
    if ask is burn:
        return replace(threshold, short=threshold.window)
    return replace(threshold, window=max(threshold.window, newest)) if ask is shares else threshold


# The settings that a kind of question needs, and those it reads if they are given. Every part has a
# threshold.
_READS: Mapping[Ask, tuple[set[str], set[str]]] = {
    shares: ({"window"}, {"min_requests", "longer"}),
    now: ({"window"}, {"min_requests", "longer"}),
    change: ({"window", "baseline"}, {"min_requests", "longer", "short"}),
    served: ({"window", "baseline"}, {"min_requests", "longer"}),
    burn: ({"window", "short"}, {"min_requests", "at_most"}),
    silence: ({"window", "presence"}, {"min_requests", "max_requests"}),
    drop: ({"window", "short"}, {"min_requests", "cached"}),
    arrivals: ({"window", "short", "baseline"}, {"min_requests"}),
}


def reads(ask: Ask) -> tuple[set[str], set[str]]:
    """Return the settings that a part needs, and those it reads if they are given."""
    return _READS[ask]
