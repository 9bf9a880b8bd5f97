"""What a rule's question answers, at every tick at once: the counterpart of a store's queries.

    sums over windows ─▶ a number a tick and label ─▶ gates ─▶ answers of parts ─▶ rows of a rule

A kind of question is one function of ASKED. It means what dashboards/stores/common/judged.py says;
tests/drill/ holds it to what the embedded store answers on the same requests, row by row.
"""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dashboards.alerts import queries
from dashboards.alerts.knobs import Threshold, Thresholds
from dashboards.alerts.queries import Ask, Question
from dashboards.alerts.rules import PARTS, Part, Rule
from dashboards.signals import DIMENSIONS, Dimension
from dashboards.signals import expressions as x
from dashboards.stores.common.judged import (
    COMMON,
    LASTING,
    LATER,
    LIFT,
    LONGEST,
    NEITHER,
    PERHAPS,
    SURE,
    SURE_OF_BUDGETS,
    TOGETHER,
)
from dashboards.stores.common.slices import DAY
from drill.cells import By, resolved
from drill.tape import Index, Numbers, Records, Sums, Tape

Flags = NDArray[np.bool_]  # tick, label
Label = tuple[str, str]  # an instance's part and name
_LAST = 1000  # behind the turn of every part


@dataclass(frozen=True)
class Answer:
    """What a part's question answers: at each tick a row by name, in the unit of its line."""

    names: tuple[str, ...]
    judged: Numbers
    place: Numbers
    there: Flags
    quiet: Flags | None = None  # where the whole window was looked at, and not its short part


@dataclass(frozen=True)
class Rows:
    """What a rule's query answers: at each tick a number by label; NaN is NULL."""

    labels: tuple[Label, ...]
    values: Numbers
    there: Flags  # whether the label has a row at all
    ranks: Numbers  # what they are ordered by, the worst first
    turns: NDArray[np.int64]  # what comes first of all that is beyond its line
    windows: NDArray[np.int64]  # how much was looked at, in seconds
    whole: tuple[bool, ...]  # whether it is about all requests, beside others
    usual: tuple[bool, ...]  # whether it is held against what is usual
    lately: tuple[bool, ...]  # whether its newest window is as short as any of the rule
    budget: tuple[bool, ...]  # whether it is an error budget
    unjudged: Flags | None = None  # what has a row and cannot be judged now
    regardless: tuple[float, ...] = ()  # beyond which score it begins whatever comes first
    limit: int | None = None
    together: bool = False  # whether nothing recovers while something is beyond its line
    muted: NDArray[np.bool_] | None = None  # at which ticks no alert begins
    goes_on: bool = False  # whether there are answers meanwhile

    def at(self, tick: int) -> list[tuple[Label, float]]:
        """Return the rows of a tick as the store orders and cuts them."""
        found = []
        if not self.labels[0][0]:
            return [(("", ""), float(self.values[tick, 0]))] if self.there[tick, 0] else []
        first = _LAST
        for column in map(int, np.flatnonzero(self.there[tick])):
            rank, turn = float(self.ranks[tick, column]), int(self.turns[tick, column])
            part, name = self.labels[column]
            found.append((-rank, turn, name, part, column))
            # What cannot be judged now may never have fired, so it holds nothing back.
            if rank > 1 and not (self.unjudged is not None and self.unjudged[tick, column]):
                first = min(first, turn)
        scores = {column: float(self.values[tick, column]) for *_, column in found}
        bad = [
            (rank, turn <= first or not self.budget[column], column)
            for rank, turn, *_, column in found
            if (turn <= first or self.lately[column]) and scores[column] > 0
        ]
        # What began one by one is over at once.
        lasting = self.together and any(
            mine and (-rank > 1 or self.usual[column]) for rank, mine, column in bad
        )
        wholly = any(self.whole[column] for *_, column in bad)
        for at, (rank, turn, name, part, column) in enumerate(found):
            if self.whole[column] and (lasting or wholly):
                found[at] = (min(rank, -NEITHER), turn, name, part, column)
            if self.whole[column] and wholly:
                scores[column] = max(scores[column], NEITHER)
            elif lasting:
                scores[column] = max(scores[column], LASTING)
        muted = self.muted is not None and bool(self.muted[tick])
        if muted and not self.goes_on:
            return []
        rows = []

        def later(row: tuple[float, int, str, str, int]) -> bool:
            *_, column = row
            return row[1] > first and not scores[column] > self.regardless[column]

        for row in sorted(found, key=lambda row: (later(row) or row[0] >= -1, row)):
            *_, column = row
            score = scores[column]
            held = muted or later(row)
            rows.append((self.labels[column], min(score, NEITHER) if held else score))
        return rows[: self.limit]

    def window(self, tick: int, labels: Mapping[str, str]) -> int:
        """Return how much was looked at for an instance at a tick, in seconds."""
        label = labels.get("part", ""), labels.get("name", "")
        # An alert about no data has no label of a row.
        column = self.labels.index(label) if label in self.labels else 0
        return int(self.windows[tick, column])


@dataclass(frozen=True)
class Range:
    """A part of time, at every tick, in minutes of a tape: from `low` up to `high`.

    `shown` is where the records end that are in the table by then.
    """

    low: Index
    high: Index
    shown: Index

    @property
    def seconds(self) -> Numbers:
        """How long it is; a column."""
        return (self.high - self.low)[:, None] * 60.0

    def inside(self, records: Records, term: Any, by: By) -> Numbers:
        """Return a sum over it."""
        return records.sums(term, by).between(self.cut(self.low), self.cut(self.high))

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
    past: int = 0  # seconds for which the rule goes on about what it found

    def __post_init__(self) -> None:
        """Refuse what cannot be told from whole minutes."""
        knobs = self.threshold
        lengths = (knobs.window, knobs.short, knobs.baseline, self.past)
        for length in (self.limits.delay, *lengths):
            if length % 60:
                raise ValueError(f"{length} s: the drill only knows whole minutes")

    @property
    def dimension(self) -> Dimension | None:
        """What the question tells apart."""
        return DIMENSIONS[self.question.dimension] if self.question.dimension else None

    def records(self, record: str = "request") -> Records:
        """Return the records of a kind."""
        return self.tape.requests if record == "request" else self.tape.pipeline

    def range(self, since: int, until: int = 0, record: str = "request") -> Range:
        """Return a part of time, in seconds before where the delay begins."""
        end = self.ticks - self.limits.delay // 60
        shown = self.ticks if record != "request" else self.tape.seen[self.ticks]
        return Range(end - since // 60, end - until // 60, shown)

    def sum(self, term: Any, since: int, until: int = 0, by: By = None) -> Numbers:
        """Return a sum of requests over a part of time."""
        return self.range(since, until).inside(self.records(), term, by)

    def names(self, by: By, record: str = "request") -> tuple[str, ...]:
        """Return the labels there are."""
        return self.records(record).sums(x.Count(), by).labels

    def answer(self, judged: Numbers, there: Flags, place: Numbers | None = None) -> Answer:
        """Return the answer: what is NULL has no row."""
        place = judged if place is None else place
        return Answer(self.names(self.dimension), judged, place, there & ~np.isnan(judged))


def _number(node: Any, records: Records, by: By, span: Range) -> Numbers:
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


# -- the kinds of questions ---------------------------------------------------------------------


def _least_requests(asking: Asking) -> float:
    return max(asking.threshold.min_requests or 1, 1)


def bound(bad: Numbers, requests: Numbers, sign: int = -1, sure: int = SURE) -> Numbers:
    """Return Wilson's bound of a share, in percent, as in judged.bound."""
    share, z = bad / requests, sure
    spread = z * np.sqrt(share * (1 - share) / requests + z * z / 4 / requests / requests)
    found: Numbers = 100 * (share + z * z / 2 / requests + sign * spread) / (1 + z * z / requests)
    return found


def _surely(
    plain: Numbers,
    sure: Numbers,
    line: float,
    held: float | None,
    perhaps: Numbers,
    enough: Flags | bool = True,
) -> Numbers:
    """Return what is surely beyond the line, and else the plain number, as in judged._surely."""
    found = np.asarray(np.where(sure > line, sure, np.minimum(plain, line)))
    if held is None:
        return found
    few = np.minimum(perhaps, held)
    return np.asarray(np.where(enough & (plain > few), found, few))


def shares(asking: Asking) -> Answer:
    """Answer for Questions.shares."""
    of, among = (
        x.Count(resolved(each) if each else None) for each in queries.share(asking.question)
    )
    by, window = asking.dimension, asking.threshold.window
    held = queries.held(asking.threshold, asking.past) if by is None else None

    def rated(since: int, until: int) -> tuple[Numbers, Numbers, Flags]:
        bad, requests = (asking.sum(term, since, until, by) for term in (of, among))
        rest = requests.sum(axis=1, keepdims=True) - requests
        others = bad.sum(axis=1, keepdims=True) - bad + SURE**2 / 2
        others = others / (rest + SURE**2) if by else np.zeros_like(rest)
        low = bound(bad, _not_zero(requests))
        line = asking.threshold.line
        worse = low > LIFT * 100 * others
        share = np.minimum(100 * bad / _not_zero(requests), line)
        enough = requests >= _least_requests(asking)
        judged = np.where(worse & (low > line), low, share)
        if asking.threshold.short:
            newest_bad, newest = (asking.sum(t, asking.threshold.short, 0, by) for t in (of, among))
            judged = np.where(newest_bad > 0, judged, np.where(newest > 0, 0, share))
        place = np.where(worse, low, np.minimum(low, line - COMMON * (100 - low)))
        if held is None:
            return np.where(enough, judged, np.nan), place, enough
        judged = np.where(enough, judged, np.minimum(share, held))
        return judged, np.where(enough, place, np.minimum(low, held)), requests >= 1

    judged, place, there = rated(window, 0)
    place = np.where(there, place, np.nan)
    for since, until in _before(asking):
        _, before, was_there = rated(since, until)
        place, there = np.fmax(place, np.where(was_there, before, np.nan)), there | was_there
    return Answer(asking.names(by), judged, place, there)


def _before(asking: Asking) -> list[tuple[int, int]]:
    """Return the times beside the window in which the worst is looked for, as judged._lately."""
    window = asking.threshold.window
    if not (past := asking.past):
        return []
    return [(2 * window, 0), (window + past, window), (3 * window + past, past)]


def now(asking: Asking) -> Answer:
    """Answer for Questions.numbers."""
    knobs, signal = asking.threshold, queries.signal(asking.question.signal)
    gate = resolved(queries.signal(asking.question.gate).value)
    records, by = asking.records(signal.record), asking.dimension

    def part(since: int, until: int) -> tuple[Numbers, Flags]:
        span = asking.range(since, until, signal.record)
        found = _number(resolved(signal.value), records, by, span)
        there = np.full(found.shape, True)
        if by:  # a group without records has no row; without groups there is always one
            there &= span.inside(records, x.Count(), by) > 0
        if knobs.min_requests:
            there &= _number(gate, records, by, span) >= knobs.min_requests
        return found, there

    judged, there = part(knobs.window, 0)
    if knobs.short:
        span = asking.range(knobs.short, 0, signal.record)
        judged = np.fmin(judged, _number(resolved(signal.value), records, by, span))
    names = asking.names(by, signal.record)
    judged = place = np.where(there, judged, np.nan)
    for since, until in _before(asking) if by else []:
        before, was_there = part(since, until)
        place = np.fmax(place, np.where(was_there, before, np.nan))
        there = there | was_there
    return Answer(names, judged, place, there)


def at_most(count: Numbers) -> Numbers:
    """Return the most that a count can well mean, as in judged.at_most."""
    half = TOGETHER / 2
    return np.asarray(count + half + np.sqrt(TOGETHER * count + half * half))


def _surely_below(plain: Numbers, sure: Numbers, line: float) -> Numbers:
    return np.asarray(np.where(sure < line, sure, np.maximum(plain, line)))


def change(asking: Asking) -> Answer:
    """Answer for Questions.change: the window in percent of what is usual."""
    knobs, by = asking.threshold, asking.dimension
    term = resolved(queries.signal(asking.question.signal).value)
    window, baseline = knobs.window, knobs.baseline
    recent = asking.sum(term, window, 0, by) / window
    past = asking.sum(term, window + baseline, window, by) / baseline
    day = asking.sum(term, DAY + window, DAY, by) / window
    falling = knobs.below is not None
    milder, clip = (np.maximum, np.minimum) if falling else (np.minimum, np.maximum)
    ratios, sure = [], []
    most = at_most(recent * window) / window if falling else recent
    for usual in (past, day):
        site = recent.sum(axis=1, keepdims=True) / _not_zero(usual.sum(axis=1, keepdims=True))
        scale = clip(site, 1.0) if by else np.ones_like(site)
        ratios.append(100 * recent / _not_zero(usual) / _not_zero(scale))
        sure.append(100 * most / _not_zero(usual) / _not_zero(scale))
    least = _least_requests(asking)
    enough = asking.sum(x.Count(), window + baseline, window, by) >= least
    enough &= asking.sum(x.Count(), DAY + window, DAY, by) >= least * window / baseline
    if knobs.short:
        enough &= asking.sum(x.Count(), knobs.short, 0, by) > 0
    if falling:
        return asking.answer(_surely_below(milder(*ratios), milder(*sure), knobs.line), enough)
    return asking.answer(milder(*ratios), enough)


def served(asking: Asking) -> Answer:
    """Answer for Questions.served: what is left of the usual requests of an edge's viewers."""
    knobs, question = asking.threshold, asking.question
    pair = (DIMENSIONS[question.dimension or ""], DIMENSIONS[question.home or ""])
    window, share = knobs.window, knobs.window / knobs.baseline
    count = x.Count()
    recent = asking.sum(count, window, 0, pair)
    past = asking.sum(count, window + knobs.baseline, window, pair)
    day = asking.sum(count, DAY + window, DAY, pair)
    labels = [tuple(each.split("\0")) for each in asking.names(pair)]
    names, homes = asking.names(pair[0]), asking.names(pair[1])
    of_name = np.array([[label[0] == name for name in names] for label in labels], float)
    of_home = np.array([[label[1] == home for home in homes] for label in labels], float)
    site = recent.sum(axis=1, keepdims=True)
    past_site = site / _not_zero(share * past.sum(axis=1, keepdims=True))
    day_site = site / _not_zero(day.sum(axis=1, keepdims=True))
    scale, day_scale = np.minimum(past_site, 1.0), np.minimum(day_site, 1.0)
    expected = share * past * scale
    home_lost = (share * past @ of_home * scale - recent @ of_home) @ of_home.T
    unserved = np.maximum(np.minimum(expected - recent, home_lost), 0)
    now = recent @ of_name
    home_past = past @ of_home
    alike = (past * (recent @ of_home / _not_zero(home_past) @ of_home.T)) @ of_name

    def left(count: Numbers) -> Numbers:
        usual = expected @ of_name
        past_left = 100 * (usual - unserved @ of_name + count - now) / _not_zero(usual)
        day_left = 100 * count / _not_zero(day @ of_name * day_scale)
        return np.asarray(np.maximum(past_left, day_left))

    enough = (past @ of_name >= _least_requests(asking)) & (day_site > 0)
    enough &= day @ of_name >= _least_requests(asking) * share
    sure = np.where(2 * now < np.nan_to_num(alike), left(at_most(now)), np.inf)
    return asking.answer(_surely_below(left(now), sure, knobs.line), enough)


@dataclass(frozen=True)
class Slots:
    """Stretches of so many minutes of the clock, of which each one counts once."""

    start: int  # of the tape
    minutes: int

    def ends(self, low: Index, high: Index) -> tuple[Index, Index]:
        """Return where the first whole stretch of a range begins, and where the last one ends.

        In a range without a whole one both are where its last minutes begin.
        """
        first = -(-(low + self.start) // self.minutes) * self.minutes - self.start
        last = (high + self.start) // self.minutes * self.minutes - self.start
        return np.minimum(first, high), np.minimum(np.maximum(last, first), high)

    def total(
        self, until: Numbers, low: Index, high: Index, of: Callable[[Numbers], Numbers]
    ) -> Numbers:
        """Return the sum over the stretches of what `of` makes of the sums in each.

        `until` has sums up to each minute, and may have several in its last place.
        """
        offset = self.start % self.minutes
        size = len(until) - 1
        edges = np.arange(-offset, size + self.minutes, self.minutes)
        whole = of(np.diff(until[np.clip(edges, 0, size)], axis=0))
        above = np.concatenate([np.zeros_like(whole[:1]), np.cumsum(whole, axis=0)])
        first, last = self.ends(low, high)
        begin, end = (np.clip(each + offset, 0, None) // self.minutes for each in (first, last))
        middle = np.where(
            _like(last > first, above), above[np.maximum(end, begin)] - above[begin], 0
        )
        head = of(until[first] - until[low])
        tail = of(until[high] - until[last])
        return middle + head + tail


def _like(flags: NDArray[np.bool_], shape: Numbers) -> NDArray[np.bool_]:
    return flags.reshape(len(flags), *([1] * (shape.ndim - 1)))


def burn(asking: Asking) -> Answer:
    """Answer for Questions.burns: how many times too fast a budget is spent."""
    knobs, question = asking.threshold, asking.question
    bad = x.Count(resolved(x.Named(question.predicate or "")))
    budget = (100 - getattr(asking.limits, question.objective or "")) / 100
    records, minutes = asking.records(), queries.slot(knobs.window)
    sums = [records.sums(each).until[:, 0] for each in (bad, x.Count())]
    both = np.stack(sums, axis=-1)
    span, slots = asking.range(knobs.window), Slots(asking.tape.start, minutes)
    low, high = span.cut(span.low), span.cut(span.high)

    def clipped(found: Numbers) -> Numbers:
        errors, requests = found[..., 0], found[..., 1]
        if knobs.at_most is not None:
            errors = np.minimum(errors, knobs.at_most * budget * requests)
        return np.stack([errors, requests, requests > 0], axis=-1)

    errors, requests, filled = np.moveaxis(slots.total(both, low, high, clipped), -1, 0)
    short = [asking.sum(each, knobs.short) for each in (bad, x.Count())]
    rate = errors / _not_zero(requests) / budget
    least = bound(errors, _not_zero(requests), sure=SURE_OF_BUDGETS) / 100 / budget
    newest = (short[0] / _not_zero(short[1]))[:, 0] / budget
    enough = (requests >= _least_requests(asking)) & ~np.isnan(newest)
    there = (filled >= knobs.window / 60 / minutes / 2) & (requests > 0)
    held = queries.held(knobs, asking.past)

    high = bound(short[0], _not_zero(short[1]), 1, PERHAPS)[:, 0] / 100 / budget

    perhaps = np.fmin(high if knobs.window <= LONGEST else newest, rate)

    def judged(plain: Numbers, surely: Numbers) -> Numbers:
        return _surely(plain, surely, knobs.line, held, perhaps, enough)

    # Where the newest part has no request, the long window alone is judged.
    now = judged(np.fmin(rate, newest), np.fmin(least, newest))
    if held is None:
        return asking.answer(now[:, None], (there & enough)[:, None])
    return asking.answer(now[:, None], there[:, None], judged(rate, least)[:, None])


def _spans(sums: Sums, slots: Slots, low: Index, high: Index) -> Numbers:
    """Return in how many stretches there was anything."""
    return slots.total(sums.until, low, high, lambda found: (found > 0).astype(float))


def silence(asking: Asking) -> Answer:
    """Answer for Questions.silence: minutes since the last request of what always had some."""
    knobs, length = asking.threshold, queries.SPAN_MINUTES
    sums = asking.records().sums(x.Count(), asking.dimension)
    slots = Slots(asking.tape.start, length)
    span = asking.range(knobs.window)
    low, high = span.cut(span.low), span.cut(span.high)
    first, last = sums.first_from[low], sums.last_before[high]
    there = (first < high[:, None]) & (last >= low[:, None])
    spans = _spans(sums, slots, low, high)
    begin, end = ((each + asking.tape.start) // length for each in (first, last))
    requests = sums.between(low, high)
    there &= spans >= queries.LEAST_SPANS
    there &= 100 * spans >= (knobs.presence or 100) * (end - begin + 1)
    there &= requests >= _least_requests(asking)
    yesterday = asking.range(DAY + queries.DAY_SPANS * length * 60, DAY)
    begun, ended = yesterday.cut(yesterday.low), yesterday.cut(yesterday.high)
    there &= _spans(sums, slots, begun, ended) >= queries.DAY_SPANS
    if knobs.max_requests is not None:
        there &= sums.between(begun, ended) <= knobs.max_requests
    newest = np.where(last >= low[:, None], last, -1).max(axis=1, keepdims=True)
    return asking.answer((newest - last).astype(float), there)


def drop(asking: Asking) -> Answer:
    """Answer for Questions.drops: points below the same time a day before."""
    knobs, by = asking.threshold, asking.dimension
    terms = [x.Count(resolved(each)) for each in queries.share(asking.question)]
    recent, short, day = (
        [asking.sum(term, since, until, by) for term in terms]
        for since, until in ((knobs.window, 0), (knobs.short, 0), (DAY + knobs.window, DAY))
    )
    usual = 100 * day[0] / _not_zero(day[1])
    there = (recent[1] >= _least_requests(asking)) & (day[1] >= _least_requests(asking))
    there &= usual >= (knobs.cached or 0)
    held, plain, sure, perhaps = queries.held(knobs, asking.past), [], [], []
    for found, part in ((recent, 1.0), (short, knobs.short / knobs.window)):
        requests = _not_zero(np.minimum(found[1], part * day[1]))
        hits = np.minimum(found[0], requests)
        plain.append(usual - 100 * hits / requests)
        sure.append(usual - bound(hits, requests, 1))
        perhaps.append(usual - bound(hits, requests, sure=PERHAPS))
    # Where the newest part has no request, the window alone is judged.
    most = np.fmin(perhaps[1], plain[0])
    judged = _surely(np.fmin(*plain), np.fmin(sure[0], plain[1]), knobs.line, held, most)
    lasting = judged if held is None else _surely(plain[0], sure[0], knobs.line, held, most)
    return asking.answer(judged, there, lasting)


def arrivals(asking: Asking) -> Answer:
    """Answer for Questions.arrivals: lines of the short window, or of the long one."""
    knobs = asking.threshold
    records = asking.records("pipeline")
    term = resolved(queries.signal(asking.question.signal).value)
    window, newest = knobs.window - knobs.pending, knobs.short - knobs.pending
    recent, short, usual = (
        _number(term, records, None, asking.range(length, 0, "pipeline"))
        for length in (window, newest, knobs.baseline)
    )
    enough = newest / knobs.baseline * usual >= (knobs.min_requests or 0) * newest / knobs.short
    found = np.where(enough, short, recent)
    return Answer(("",), found, found, np.full(found.shape, True), ~enough)


ASKED: Mapping[Ask, Callable[[Asking], Answer]] = {
    queries.shares: shares,
    queries.now: now,
    queries.change: change,
    queries.served: served,
    queries.burn: burn,
    queries.silence: silence,
    queries.drop: drop,
    queries.arrivals: arrivals,
}


# -- a rule -------------------------------------------------------------------------------------


def _ask(
    tape: Tape, ticks: Index, limits: Thresholds, knobs: Threshold, part: Part, past: int = 0
) -> Answer:
    asking = Asking(tape, ticks, limits, knobs, part.question, past)
    with np.errstate(divide="ignore", invalid="ignore"):
        return ASKED[part.ask](asking)


def _scores(limits: Thresholds, part: Part, numbers: Numbers) -> Numbers:
    recover, span = _scale(limits, part)
    return np.asarray(np.round((numbers - recover) / span, 9))  # as the store does: ties are ties


def _score(limits: Thresholds, part: Part, number: float) -> float:
    recover, span = _scale(limits, part)
    return (number - recover) / span


def _scale(limits: Thresholds, part: Part) -> tuple[float, float]:
    knobs = limits.rules[part.name]
    recover = knobs.line if knobs.recover is None else knobs.recover
    return recover, knobs.line - recover


@dataclass(frozen=True)
class _Scored:
    """How bad what a part asks about is, as judged.family has it before anything is held back."""

    names: tuple[str, ...]
    scores: Numbers  # NaN where it cannot be judged
    ranks: Numbers
    there: Flags
    turns: NDArray[np.int64]
    windows: NDArray[np.int64]


def _scored(tape: Tape, ticks: Index, limits: Thresholds, part: Part, past: int) -> _Scored:
    """Answer for a part: by its window, and where that is not sure by the longer ones."""
    knobs = limits.rules[part.name]

    def scored(knobs: Threshold, past: int) -> _Scored:
        answer = _ask(tape, ticks, limits, knobs, part, past)
        scores, ranks = (
            np.where(answer.there, _scores(limits, part, each), np.nan)
            for each in (answer.judged, answer.place)
        )
        turns, windows = np.full(answer.there.shape, part.turn), _windows(knobs, answer)
        return _Scored(answer.names, scores, ranks, answer.there, turns, windows)

    made = own = scored(knobs, past)
    whole = part.question.dimension is None
    for wider in queries.longer(part.ask, knobs):
        long = scored(wider, 0)
        with np.errstate(invalid="ignore"):
            surer = (made.scores > 0) & (made.scores <= 1) & (long.scores > 1)
            longer = np.isnan(made.scores) | surer
            seen = np.minimum(long.ranks, NEITHER)
            made = _Scored(
                own.names,
                np.where(longer, long.scores, made.scores),
                np.fmax(made.ranks, np.where(longer | whole, long.ranks, seen)),
                made.there | long.there,
                np.where(longer & ~(own.ranks > 1), part.turn + LATER, made.turns),
                np.where(longer & ~np.isnan(long.scores), long.windows, made.windows),
            )
    return made


def _windows(knobs: Threshold, answer: Answer) -> NDArray[np.int64]:
    looked = np.full(answer.judged.shape, knobs.window)
    return looked if answer.quiet is None else np.where(answer.quiet, looked, knobs.short)


def rows(tape: Tape, ticks: Index, limits: Thresholds, rule: Rule) -> Rows:
    """Return what a rule's query answers at each tick, as judged.family and judged.plain do."""
    knobs = limits.rules[rule.name]
    past = knobs.pending + knobs.keep_firing_for
    parts = [part for part in rule.parts if limits.rules[part.name].enabled]
    if not rule.family:
        [part] = parts
        only = _ask(tape, ticks, limits, limits.rules[part.name], part, past)
        windows = _windows(limits.rules[part.name], only)
        turns, no = np.zeros_like(windows), (False,)
        alone = only.judged, only.there, only.place, turns, windows, no, no, (True,), no
        return Rows((("", ""),), *alone)
    found = [(part, _scored(tape, ticks, limits, part, past)) for part in parts]
    labels, whole, usual, lately, budget, regardless = [], [], [], [], [], []
    newest = limits.rules[parts[0].name].newest
    beside = sum(part.question.dimension is None for part in parts) > 1
    for part, answer in found:
        labels += [(part.name, name) for name in answer.names]
        usual += [part.usual] * len(answer.names)
        whole += [part.question.dimension is None and beside] * len(answer.names)
        free = math.inf if part.regardless is None else _score(limits, part, part.regardless)
        regardless += [free] * len(answer.names)
        lately += [limits.rules[part.name].newest <= newest] * len(answer.names)
        budget += [part.budget] * len(answer.names)
    scores, ranks, there, turns, windows = (
        np.hstack([getattr(each, name) for _, each in found])
        for name in ("scores", "ranks", "there", "turns", "windows")
    )
    with np.errstate(invalid="ignore"):
        there &= ~np.isnan(scores) | (ranks > 1)
    is_muted = None
    if rule.muted and limits.rules[rule.muted].enabled:
        part = PARTS[rule.muted]
        muting = queries.muting(limits.rules[part.name], part.ask, newest)
        mute = _ask(tape, ticks, limits, muting, part)
        with np.errstate(invalid="ignore"):
            muted = mute.there & (_scores(limits, part, mute.judged) > 0)
        is_muted = np.asarray(muted.any(axis=1))
    unjudged = np.isnan(scores)
    scores = np.where(unjudged, NEITHER, scores)
    return Rows(
        tuple(labels),
        scores,
        there,
        ranks,
        turns,
        windows,
        tuple(whole),
        tuple(usual),
        tuple(lately),
        tuple(budget),
        unjudged,
        tuple(regardless),
        knobs.limit,
        (knobs.limit or 1) > 1 or beside,
        is_muted,
        not knobs.pending,
    )
