"""Shares of requests that are held against a line by how sure they are."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from dashboards.signals.expressions import Count
from dashboards.stores.common.judged.parts import Counts, Part
from dashboards.stores.common.judged.words import by_part, least, named, number, of
from dashboards.stores.common.layout import select_from as select
from dashboards.stores.common.slices import DAY, Slice, Sliced

if TYPE_CHECKING:
    from dashboards.signals.expressions import Predicate

# How sure a share has to be over its line: four standard errors, because errors come together.
# https://en.wikipedia.org/wiki/Binomial_proportion_confidence_interval#Wilson_score_interval
SURE = 4
# As sure for a budget's long window, which has hours to count.
SURE_OF_BUDGETS = 2
# How sure the newest part has to be of being well, so that few requests without errors end nothing,
# and for how long a window (seconds) that is so: the end of a longer one would come too late.
PERHAPS, LONGEST = 2, 3600
# How much below its line a label's place is that is no worse than the others, by the percent that
# its share is below 100.
COMMON = 0.001
# How many times the share of all others a label's share is, if something is wrong with the label.
LIFT = 2


def bound(bad: str, requests: str, side: str = "-", sure: float = SURE) -> str:
    """Return Wilson's bound of a share, in percent: the lower one, or with "+" the upper one."""
    share, z = f"(1.0 * {bad} / {requests})", float(sure)
    middle = f"{share} + {z * z / 2} / {requests}"
    spread = f"{z} * sqrt({share} * (1 - {share}) / {requests}"
    spread += f" + {z * z / 4} / {requests} / {requests})"
    return f"100 * ({middle} {side} {spread}) / (1 + {z * z} / {requests})"


def _surely(source: str, parts: Sequence[Part]) -> str:
    """Return an answer that is beyond the line if `sure` is, and else what `number` is."""
    line = by_part("v", parts, lambda part: number(part.line))
    value = f"CASE WHEN v.sure > {line} THEN v.sure ELSE {least('v.number', line)} END"
    made = select([*named("v", ("part", "name", "number")), f"{value} AS judged"], source, "v")
    columns = [*named("u", ("part", "name", "number", "judged")), "u.judged AS place"]
    return select(columns, made, "u")


def _lastingly(source: str, parts: Sequence[Part]) -> str:
    """Return such an answer, whose place is in the same way that of the long window alone.

    That is of `long_sure` and `long_number`. Both are no more than the parts' `held` where there is
    not `enough`, and no less where `perhaps` is more.
    """
    few = least("v.perhaps", by_part("v", parts, lambda part: number(part.held or 0)))
    numbers = ("number", "sure", "long_number", "long_sure", "enough")
    held = select([*named("v", ("part", "name", *numbers)), f"{few} AS few"], source, "v")
    line = by_part("u", parts, lambda part: number(part.line))
    columns = named("u", ("part", "name", "number"))
    for column, prefix in (("judged", ""), ("place", "long_")):
        plainly, sure = f"u.{prefix}number", f"u.{prefix}sure"
        columns.append(
            f"CASE WHEN u.enough = 0 OR {plainly} <= u.few THEN u.few"
            f" WHEN {sure} > {line} THEN {sure}"
            f" WHEN {plainly} < {line} THEN {plainly} ELSE {line} END AS {column}"
        )
    return select(columns, held, "u")


@dataclass(frozen=True, slots=True)
class Shares:
    """Ask for a share of requests. It is beyond the line if its lower bound is.

    Else it is judged by the share itself, and as no more than the line: so it does not begin to
    fire on a few requests, nor recover because there are few.

    By a dimension, only what is worse than all others together is: LIFT times their share. The
    `past` is the time before the window, in seconds, in which it may have been worst. What had
    enough requests then, or in twice the window, and has too few now is not judged (NULL), and
    keeps its place. Fewer than `min_requests` of a part with `held` are judged by their share, and
    as no more than that. With `short`, that newest part says whether it still goes on: what has
    some requests there and none of them bad is well. Lengths are in seconds.

    Parts have: dimension, min_requests, line, held.
    """

    bad: "Predicate"
    among: "Predicate | None"
    window: int
    past: int = 0
    short: int = 0

    def query(self, store: Counts, parts: Sequence[Part]) -> str:
        """Return the query about these parts."""
        columns = {"bad": Count(self.bad), "requests": Count(self.among)}
        slices = lately(self.window, self.past)
        still = []
        if self.short:
            slices += (Slice("short", self.short),)
            still = [
                f"max(CASE WHEN c.slice = 'short' THEN c.{name} ELSE 0 END)"
                f" OVER (PARTITION BY c.part, c.name) AS newest_{name}"
                for name in columns
            ]
        counts = store.slices([Sliced(p.name, columns, slices, p.dimension) for p in parts])
        whole = select(
            [
                *named("c", ("part", "name", "slice", "bad", "requests")),
                "sum(c.bad) OVER (PARTITION BY c.part, c.slice) AS all_bad",
                "sum(c.requests) OVER (PARTITION BY c.part, c.slice) AS all_requests",
                *still,
            ],
            counts,
            "c",
        )
        # The middle of what the others' counts can mean: of a few, it is high.
        others = f"(w.all_bad - w.bad + {number(SURE**2 / 2)})"
        others += f" / (w.all_requests - w.requests + {SURE**2})"
        least_low = by_part(
            "w", parts, lambda p: f"{LIFT} * 100.0 * {others}" if p.dimension else "0"
        )
        gate = by_part(
            "w", parts, lambda p: number(max(p.min_requests, 1) if p.held is None else 1)
        )
        rated = select(
            [
                *named("w", ("part", "name", "slice", "requests")),
                "100.0 * w.bad / w.requests AS rate",
                f"{bound('w.bad', 'w.requests')} AS low",
                f"{least_low} AS least_low",
                *named("w", ["newest_bad", "newest_requests"] if still else []),
            ],
            whole,
            "w",
            [f"w.requests >= {gate}", *(["w.slice <> 'short'"] if still else [])],
        )
        line = by_part("r", parts, lambda p: number(p.line))
        sure = f"r.low > {line} AND r.low > r.least_low"
        low = f"CASE WHEN {sure} THEN r.low ELSE {least('r.rate', line)} END"
        if still:
            few = f"CASE WHEN r.newest_requests > 0 THEN 0 ELSE {least('r.rate', line)} END"
            low = f"CASE WHEN r.newest_bad > 0 THEN {low} ELSE {few} END"
        # What is no worse than the others is below the line, the worst of it first.
        common = least("r.low", f"{line} - {number(COMMON)} * (100 - r.low)")
        place = f"CASE WHEN r.low > r.least_low THEN r.low ELSE {common} END"
        if any(p.held is not None for p in parts):
            enough = by_part("r", parts, lambda p: number(0 if p.held is None else p.min_requests))
            held = by_part("r", parts, lambda p: number(p.held or 0))
            few = f"CASE WHEN r.requests < {enough} THEN"
            low = f"{few} {least('r.rate', held)} ELSE {low} END"
            place = f"{few} {least('r.low', held)} ELSE {place} END"
        return select(
            [
                *named("r", ("part", "name")),
                "coalesce(max(CASE WHEN r.slice = 'now' THEN r.rate END), max(r.rate)) AS number",
                f"max(CASE WHEN r.slice = 'now' THEN {low} END) AS judged",
                f"max({place}) AS place",
            ],
            rated,
            "r",
            group=["r.part", "r.name"],
        )


@dataclass(frozen=True, slots=True)
class Burns:
    """Ask how many times too fast an error budget is spent: the lesser of two windows.

    There is no answer while less than half of the window's slots (minutes) have requests. With
    `at_most`, a slot counts in the long window as that many times too fast, and no more. It is
    beyond the line if the long window's lower bound is; see Shares.
    https://sre.google/workbook/alerting-on-slos/

    If it is `lasting`, fewer than `min_requests`, or none in the short window, are judged as no
    more than `held`; and a short window of so few requests that its share may as well be higher
    (PERHAPS) as no less. Its place is that of the long window: the short one only says whether it
    still goes on.

    Parts have: bad, objective, window, short, min_requests, at_most, line, held.
    """

    slot: int
    lasting: bool = False

    def query(self, store: Counts, parts: Sequence[Part]) -> str:
        """Return the query about these parts."""
        counts = store.slices([self._sliced(part) for part in parts], slot=self.slot)

        def clipped(part: Part) -> str:
            if part.at_most is None:
                return "1.0 * c.bad"
            return least("1.0 * c.bad", f"{number(part.at_most * _budget(part))} * c.requests")

        sums = select(
            [
                "c.part AS part",
                f"sum(CASE WHEN c.slice = 'whole' THEN {by_part('c', parts, clipped)} ELSE 0 END)"
                " AS bad",
                f"{of('whole', 'requests')} AS requests",
                f"1.0 * {of('short', 'bad')} AS short_bad",
                f"{of('short', 'requests')} AS short_requests",
                "sum(CASE WHEN c.slice = 'whole' THEN 1 ELSE 0 END) AS slots",
            ],
            counts,
            "c",
            group=["c.part"],
        )
        budget = by_part("s", parts, lambda part: number(_budget(part)))
        gate = by_part("s", parts, lambda part: number(max(part.min_requests, 1)))
        half = by_part("s", parts, lambda part: number(part.window / 60 / self.slot / 2))
        low = bound("s.bad", "s.requests", sure=SURE_OF_BUDGETS)
        asked = "nullif(s.short_requests, 0)"
        columns = [
            "s.part AS part",
            f"s.bad / s.requests / {budget} AS rate",
            f"s.short_bad / {asked} / {budget} AS short",
            f"{low} / 100 / {budget} AS low",
        ]
        gates = [f"s.requests >= {gate}", "s.short_requests > 0"]
        where = ["s.requests > 0"] if self.lasting else gates
        if self.lasting:
            high = f"{bound('s.short_bad', asked, '+', PERHAPS)} / 100"
            newest = by_part(
                "s", parts, lambda p: high if p.window <= LONGEST else f"s.short_bad / {asked}"
            )
            columns.append(f"{newest} / {budget} AS high")
            columns.append(f"CASE WHEN {' AND '.join(gates)} THEN 1 ELSE 0 END AS enough")
        rates = select(columns, sums, "s", [*where, f"s.slots >= {half}"])
        # Where the newest part has no request, the long window alone is told.
        columns = [
            "b.part AS part",
            "'' AS name",
            f"{least('b.short', 'b.rate')} AS number",
            f"{least('b.short', 'b.low')} AS sure",
        ]
        if not self.lasting:
            return _surely(select(columns, rates, "b"), parts)
        columns += ["b.rate AS long_number", "b.low AS long_sure", "b.enough AS enough"]
        columns.append(f"{least('b.high', 'b.rate')} AS perhaps")
        return _lastingly(select(columns, rates, "b"), parts)

    @staticmethod
    def _sliced(part: Part) -> Sliced:
        columns = {"bad": Count(part.bad), "requests": Count()}
        return Sliced(part.name, columns, (Slice("whole", part.window), Slice("short", part.short)))


@dataclass(frozen=True, slots=True)
class Drops:
    """Ask how many points a share is below that of the same window a day before.

    It is the lesser of the window and its newest part. More requests than a day before do not lower
    a share: they are somebody new, such as a crawler. It is beyond the line if the upper bound of
    the share is; see Shares. What had less than `usual` percent is left out. If it is `lasting`,
    the newest part only says whether it still goes on, as for Burns.

    Parts have: dimension, min_requests, usual, line, held.
    """

    good: "Predicate"
    among: "Predicate"
    window: int
    short: int
    lasting: bool = False

    def query(self, store: Counts, parts: Sequence[Part]) -> str:
        """Return the query about these parts."""
        window = self.window
        slices = (Slice("now", window), Slice("short", self.short), Slice("day", DAY + window, DAY))
        columns = {"good": Count(self.good), "requests": Count(self.among)}
        counts = store.slices([Sliced(p.name, columns, slices, p.dimension) for p in parts])
        sums = select(
            [
                *named("c", ("part", "name")),
                *(
                    f"1.0 * {of(slice_, column)} AS {slice_}_{column}"
                    for slice_ in ("now", "short", "day")
                    for column in columns
                ),
            ],
            counts,
            "c",
            group=["c.part", "c.name"],
        )
        share = number(self.short / window)
        gate = by_part("s", parts, lambda part: number(max(part.min_requests, 1)))
        capped = select(
            [
                *named("s", ("part", "name")),
                "100 * s.day_good / nullif(s.day_requests, 0) AS usual",
                *named("s", ("now_good", "short_good")),
                f"{least('s.now_requests', 's.day_requests')} AS now_requests",
                f"{least('s.short_requests', f'{share} * s.day_requests')} AS short_requests",
            ],
            sums,
            "s",
            [f"s.now_requests >= {gate}", f"s.day_requests >= {gate}"],
        )
        good = {p: f"({least(f'k.{p}_good', f'k.{p}_requests')})" for p in ("now", "short")}
        # Where the newest part has no request, the window alone is judged.
        asked = {p: f"nullif(k.{p}_requests, 0)" for p in good}
        plainly = [f"k.usual - 100 * {each} / {asked[p]}" for p, each in good.items()]
        sure = [f"k.usual - {bound(each, asked[p], '+')}" for p, each in good.items()]
        columns_ = [
            *named("k", ("part", "name")),
            f"{least(*reversed(plainly))} AS number",
            f"{least(plainly[1], sure[0])} AS sure",
        ]
        if self.lasting:
            newest = f"k.usual - {bound(good['short'], asked['short'], sure=PERHAPS)}"
            columns_ += [f"{plainly[0]} AS long_number", f"{sure[0]} AS long_sure"]
            columns_ += ["1 AS enough", f"{least(newest, plainly[0])} AS perhaps"]
        where = [f"k.usual >= {by_part('k', parts, lambda part: number(part.usual))}"]
        made = _lastingly if self.lasting else _surely
        return made(select(columns_, capped, "k", where), parts)


def lately(window: int, past: int) -> tuple[Slice, ...]:
    """Return the window, and where what was bad is looked for.

    Twice the window shows a label that has its requests now and then: a minute ago it had enough of
    them. In the long time before, a fault that has just begun is lost, and so is the end of one
    that the rule is about to take back: it has its own part. A rule goes on for `past` after it
    found a window well, which takes a window and an evaluation or two from the fault's end on.
    """
    before = (
        Slice("wide", 2 * window),
        Slice("past", window + past, window),
        Slice("old", 3 * window + past, past),
    )
    return (Slice("now", window), *(before if past else ()))


def _budget(part: Part) -> float:
    return (100 - part.objective) / 100
