"""What a rule's question answers, at every tick at once: the counterpart of a store's queries.

    signal ─▶ sums over windows ─▶ a number a tick and label ─▶ gates ─▶ rows

A kind of question is one function of ASKED. Its meaning is that of dashboards/alerts/queries.py;
tests/drill/ holds it to what the embedded store answers on the same requests, row by row.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dashboards.alerts import queries
from dashboards.alerts.knobs import Threshold, Thresholds
from dashboards.alerts.queries import Ask, Question
from dashboards.signals import DIMENSIONS, Dimension, Signal
from dashboards.signals import expressions as x
from drill.cells import resolved
from drill.tape import Index, Numbers, Records, Tape

Flags = NDArray[np.bool_]  # tick, label


@dataclass(frozen=True)
class Rows:
    """What a question answers: at each tick a number by label; NaN is NULL."""

    labels: tuple[str, ...]
    values: Numbers
    there: Flags  # whether the label has a row at all
    ranks: Numbers  # what they are ordered by, the worst first
    ascending: bool = False
    limit: int | None = None

    def at(self, tick: int) -> list[tuple[str, float]]:
        """Return the rows of a tick as the store orders and cuts them."""
        sign = 1 if self.ascending else -1
        found = [
            (sign * float(self.ranks[tick, column]), self.labels[column], column)
            for column in np.flatnonzero(self.there[tick])
        ]
        # NULL comes last, whichever way.
        found.sort(key=lambda row: (row[0] != row[0], row))
        return [(label, float(self.values[tick, at])) for _, label, at in found[: self.limit]]


@dataclass(frozen=True)
class Range:
    """A rule's time range, at every tick, in minutes of a tape: from `low` up to `high`.

    `shown` is where the records end that are in the table by then.
    """

    low: Index
    high: Index
    shown: Index

    @property
    def seconds(self) -> Numbers:
        """How long it is; a column."""
        return (self.high - self.low)[:, None] * 60.0

    def inside(self, records: Records, term: Any, dimension: Dimension | None) -> Numbers:
        """Return a sum over the range."""
        return self.part(records, term, dimension, self.low, self.high)

    def part(
        self, records: Records, term: Any, dimension: Dimension | None, low: Index, high: Index
    ) -> Numbers:
        """Return a sum over another part of what is in the table."""
        return records.sums(term, dimension).between(self.cut(low), self.cut(high))

    def cut(self, minute: Index) -> Index:
        """Return the minute, or the nearest one that the table has."""
        return np.clip(minute, 0, self.shown)


@dataclass(frozen=True)
class Asking:
    """One question to one tape, with all that a kind of question may read."""

    tape: Tape
    ticks: Index  # the minutes in whose first moment the rule is evaluated
    limits: Thresholds
    threshold: Threshold
    question: Question

    def __post_init__(self) -> None:
        """Refuse what cannot be told from whole minutes."""
        knobs = self.threshold
        lengths = (knobs.window, knobs.short, knobs.baseline, knobs.pending, knobs.keep_firing_for)
        for length in (self.limits.delay, *lengths):
            if length % 60:
                raise ValueError(f"{length} s: the drill only knows whole minutes")

    @property
    def dimension(self) -> Dimension | None:
        """What the question tells apart."""
        return DIMENSIONS[self.question.dimension] if self.question.dimension else None

    def records(self, signal: Signal) -> Records:
        """Return the records that a signal is about."""
        return self.tape.requests if signal.record == "request" else self.tape.pipeline

    def range(self, seconds: int, signal: Signal | None = None, before: int = 0) -> Range:
        """Return the range of that length that ends where the delay begins, or `before` that."""
        high = self.ticks - (self.limits.delay + before) // 60
        whole = signal is not None and signal.record != "request"
        shown = self.ticks if whole else self.tape.seen[self.ticks]
        return Range(high - seconds // 60, high, shown)

    def number(self, signal: Signal, span: Range) -> Numbers:
        """Return a signal's number at every tick, by label."""
        return _number(resolved(signal.value), self.records(signal), self.dimension, span)

    def enough(self, gate: Signal, span: Range) -> Flags:
        """Tell where there are enough logged lines; sampling scales both sides, so neither here."""
        least = self.threshold.min_requests
        found = self.number(gate, span)
        return np.full(found.shape, True) if least is None else found >= least

    def rows(
        self, signal: Signal, values: Numbers, there: Flags, ranks: Numbers | None = None
    ) -> Rows:
        """Return the answer: by a dimension the worst few, else one row."""
        by = self.dimension
        labels = self.records(signal).sums(x.Count(), by).labels
        ranks = values if ranks is None else ranks
        limit = self.threshold.limit if by else None
        return Rows(labels, values, there, ranks, self.threshold.below is not None, limit)


def _number(node: Any, records: Records, by: Dimension | None, span: Range) -> Numbers:
    with np.errstate(divide="ignore", invalid="ignore"):
        match node:
            case x.Count() | x.CountValues() | x.Sum():
                return span.inside(records, node, by)
            case x.Share(of=of, among=among):
                part = span.inside(records, x.Count(of), by)
                return 100 * part / _not_zero(span.inside(records, x.Count(among), by))
            case x.Ratio(part=part, whole=whole):
                found = span.inside(records, part, by)
                return 100 * found / _not_zero(span.inside(records, whole, by))
            case x.PerSecond(of=of):
                return _number(of, records, by, span) / span.seconds
            case x.Divided(of=of, by=divisor):
                return _number(of, records, by, span) / divisor
            case x.OrZero(of=of):
                return np.nan_to_num(_number(of, records, by, span))
            case x.Percentile(of=of, fraction=float(fraction), where=where):
                return _percentile(records.histogram(of, where, by), fraction, span)
    raise TypeError(f"the drill does not know {type(node).__name__}; teach it in drill/asked.py")


def _not_zero(number: Numbers) -> Numbers:
    return np.where(number == 0, np.nan, number)


def _percentile(
    histogram: Mapping[str, tuple[Numbers, Numbers]], fraction: float, span: Range
) -> Numbers:
    """Return the least value that a fraction of all do not exceed; NaN of none."""
    exact = Fraction(str(fraction))
    columns = []
    for label in sorted(histogram):
        values, until = histogram[label]
        if not len(values):
            columns.append(np.full(len(span.low), np.nan))
            continue
        below = np.cumsum(until[span.cut(span.high)] - until[span.cut(span.low)], axis=1)
        total = below[:, -1].astype(np.int64)
        rank = -(-total * exact.numerator // exact.denominator)
        place = (below < rank[:, None]).sum(axis=1)
        columns.append(np.where(total, values[np.minimum(place, len(values) - 1)], np.nan))
    return np.column_stack(columns)


def now(asking: Asking) -> Rows:
    """Answer for queries.now: a signal over the window.

    By a dimension those are worst that are it now, or were while the rule still goes on about it.
    """
    knobs, signal = asking.threshold, queries.signal(asking.question.signal)
    values, there = _part(asking, signal, asking.range(knobs.window, signal))
    before = knobs.pending + knobs.keep_firing_for
    if not asking.dimension or not before:
        return asking.rows(signal, values, there)
    earlier, was_there = _part(asking, signal, asking.range(before, signal, knobs.window))
    worse = np.fmax if knobs.below is None else np.fmin
    now_, then = np.where(there, values, np.nan), np.where(was_there, earlier, np.nan)
    return asking.rows(signal, values, there, worse(now_, then))


def _part(asking: Asking, signal: Signal, span: Range) -> tuple[Numbers, Flags]:
    """Return a signal over a part of the range, and which labels have enough there."""
    values = asking.number(signal, span)
    there = asking.enough(queries.signal(asking.question.gate), span)
    if asking.dimension:  # a group without records has no row; without groups there is always one
        there &= span.inside(asking.records(signal), x.Count(), asking.dimension) > 0
    if asking.threshold.cached is not None:
        there &= values >= asking.threshold.cached
    return values, there


def change(asking: Asking) -> Rows:
    """Answer for queries.change: the window in percent of the baseline before it."""
    threshold, signal = asking.threshold, queries.signal(asking.question.signal)
    records, by = asking.records(signal), asking.dimension
    span = asking.range(threshold.window + threshold.baseline, signal)
    border = span.high - threshold.window // 60
    # Where records begin within the range, the baseline begins there.
    first = records.sums(x.Count()).first_from[span.cut(span.low), 0]
    rest = (border - first)[:, None] * 60.0

    def ratio(name: str) -> Numbers:
        term = resolved(queries.signal(name).value)
        with np.errstate(divide="ignore", invalid="ignore"):
            before = span.part(records, term, by, span.low, border) / rest
            recent = span.part(records, term, by, border, span.high) / threshold.window
            return 100 * recent / _not_zero(before)

    values = ratio(asking.question.signal)
    if asking.question.beside:  # the milder one of the two: both have to have changed
        milder = np.maximum if threshold.below is not None else np.minimum
        values = milder(values, ratio(asking.question.beside))
    there = span.part(records, x.Count(), by, span.low, border) >= (threshold.min_requests or 1)
    return asking.rows(signal, values, there & (rest >= threshold.window))


def burn(asking: Asking) -> Rows:
    """Answer for queries.burn: how many times too fast a budget is spent, the lesser of two."""
    threshold, question = asking.threshold, asking.question
    signal = queries.signal(question.signal)
    records = asking.records(signal)
    bad = x.Count(resolved(x.Named(question.predicate or "")))
    shares = []
    for length in (threshold.window, threshold.short):
        span = asking.range(length)
        with np.errstate(divide="ignore", invalid="ignore"):
            shares.append(
                span.inside(records, bad, None) / _not_zero(span.inside(records, x.Count(), None))
            )
    budget = (100 - getattr(asking.limits, question.objective or "")) / 100
    span = asking.range(threshold.window)
    requests = span.inside(records, x.Count(), None)
    # A day's burn is not judged on an hour: some request has to be as old as half the window.
    first = records.sums(x.Count()).first_from[span.cut(span.low)]
    old = first < ((span.low + span.high) // 2)[:, None]
    return asking.rows(
        signal, np.minimum(*shares) / budget, old & (requests >= (threshold.min_requests or 1))
    )


def silence(asking: Asking) -> Rows:
    """Answer for queries.silence: minutes since the last request of what always had some."""
    threshold, signal = asking.threshold, queries.signal(asking.question.signal)
    sums = asking.records(signal).sums(x.Count(), asking.dimension)
    span, length = asking.range(threshold.window, signal), queries.SPAN_MINUTES
    low, high = span.cut(span.low), span.cut(span.high)
    first, last = sums.first_from[low], sums.last_before[high]
    there = (first < high[:, None]) & (last >= low[:, None])
    # Spans are those of the clock, so the first one may be cut.
    offset = asking.tape.start % length
    size = -(-(len(asking.tape) + offset) // length)
    full = np.zeros((size * length, len(sums.labels)), bool)
    full[offset : offset + len(asking.tape)] = sums.present
    busy = np.vstack(
        [np.zeros((1, full.shape[1])), full.reshape(size, length, -1).any(axis=1).cumsum(axis=0)]
    )
    begin, end = (np.clip(each + offset, 0, len(full) - 1) // length for each in (first, last))
    column = np.arange(full.shape[1])
    spans = 1 + busy[end + 1, column] - busy[begin + 1, column]
    until_last = (last + offset - begin * length) // length + 1
    there &= spans >= queries.LEAST_SPANS
    there &= 100 * spans >= (threshold.presence or 100) * until_last
    there &= sums.between(low, high) >= (threshold.min_requests or 1)
    # Of the minute of the last request only its middle is known.
    return asking.rows(signal, span.high[:, None] - last - 0.5, there)


ASKED: Mapping[Ask, Callable[[Asking], Rows]] = {
    queries.now: now,
    queries.change: change,
    queries.burn: burn,
    queries.silence: silence,
}
