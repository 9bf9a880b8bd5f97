"""What changed against what is usual: the time just before, and the same time a day before."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from dashboards.signals.expressions import Count
from dashboards.stores.common.judged.parts import Counts, Part
from dashboards.stores.common.judged.words import by_part, greatest, least, named, number, of, one
from dashboards.stores.common.layout import select_from as select
from dashboards.stores.common.slices import DAY, Slice, Sliced

if TYPE_CHECKING:
    from dashboards.signals import Dimension
    from dashboards.signals.expressions import Aggregate


# How many requests a viewer makes at a time, so that a count can as well mean some such times more.
TOGETHER = 15


def at_most(count: str) -> str:
    """Return the most that a count can well mean: the mean that it is one standard error below.

    Requests come TOGETHER, so that their variance is as many times their number.
    """
    half = TOGETHER / 2
    return f"({count} + {half} + sqrt({float(TOGETHER)} * {count} + {half * half}))"


def _surely_below(source: str, parts: Sequence[Part]) -> str:
    """Return an answer that is below the line if `sure` is, and else what `number` is."""
    line = by_part("v", parts, lambda part: number(part.line))
    value = f"CASE WHEN v.sure < {line} THEN v.sure ELSE {greatest('v.number', line)} END"
    made = select([*named("v", ("part", "name", "number")), f"{value} AS judged"], source, "v")
    columns = [*named("u", ("part", "name", "number", "judged")), "u.judged AS place"]
    return select(columns, made, "u")


@dataclass(frozen=True, slots=True)
class Change:
    """Compare the window, per second, in percent of what is usual: the milder of two.

    Usual is the `baseline` before it, and the same window a day before; both need as many requests
    for their length as `min_requests` are for the baseline. By a dimension, what changes for the
    whole site is no change of a label. With `short` there have to be some requests in the newest
    part of the window. What is `falling` is below the line if the most that its count can mean is;
    else it is judged by the count, and as no less than the line. Lengths are in seconds.

    Parts have: dimension, min_requests, line.
    """

    amount: "Aggregate"
    window: int
    baseline: int
    falling: bool
    short: int = 0

    def query(self, store: Counts, parts: Sequence[Part]) -> str:
        """Return the query about these parts."""
        window, baseline, short = self.window, self.baseline, self.short
        slices = _usual(window, baseline) + ((Slice("newest", short),) if short else ())
        columns, now = {"amount": self.amount, "requests": Count()}, of("now", "amount")
        counts = store.slices([Sliced(p.name, columns, slices, p.dimension) for p in parts])
        sums = select(
            [
                *named("c", ("part", "name")),
                f"1.0 * {now} / {window} AS now_rate",
                *([f"{at_most(now)} / {window} AS sure_rate"] if self.falling else []),
                f"1.0 * {of('past', 'amount')} / {baseline} AS past_rate",
                f"1.0 * {of('day', 'amount')} / {window} AS day_rate",
                f"{of('past', 'requests')} AS requests",
                f"{of('day', 'requests')} AS day_requests",
                *([f"{of('newest', 'requests')} AS newest_requests"] if short else []),
            ],
            counts,
            "c",
            group=["c.part", "c.name"],
        )
        names = ["part", "name", "requests", "day_requests"]
        terms = named("s", [*names, *(["newest_requests"] if short else [])])
        usual = ("past", "day")
        for prefix, rate in {
            "": "now_rate",
            **({"sure_": "sure_rate"} if self.falling else {}),
        }.items():
            terms += [f"100 * s.{rate} / nullif(s.{u}_rate, 0) AS {prefix}{u}" for u in usual]
        all_ = "OVER (PARTITION BY s.part)"
        for slice_ in ("past", "day"):
            site = f"sum(s.now_rate) {all_} / nullif(sum(s.{slice_}_rate) {all_}, 0)"
            said = by_part("s", parts, partial(_of_labels, site))
            terms.append(f"{said} AS {slice_}_site")
        ratios = select(terms, sums, "s")
        milder, clip = (greatest, least) if self.falling else (least, greatest)
        own, sure = (
            [f"r.{prefix}{u} / nullif({clip(f'r.{u}_site', '1.0')}, 0)" for u in usual]
            for prefix in ("", "sure_")
        )
        past = by_part("r", parts, lambda p: number(max(p.min_requests, 1)))
        day = by_part("r", parts, lambda p: number(p.min_requests * window / baseline))
        where = [
            f"r.requests >= {past}",
            f"r.day_requests >= {day}",
            *(["r.newest_requests > 0"] if short else []),
            *(f"{each} IS NOT NULL" for each in own),
        ]
        if not self.falling:
            return one(milder(*own), ratios, "r", where)
        numbers = [f"{milder(*own)} AS number", f"{milder(*sure)} AS sure"]
        made = select([*named("r", ("part", "name")), *numbers], ratios, "r", where)
        return _surely_below(made, parts)


@dataclass(frozen=True, slots=True)
class Served:
    """Ask how much of its usual requests a label's viewers still make, in percent.

    Viewers are those of the same `home`: what a label loses and others of the same home gain is
    still served. Usual is the `baseline` before the window; if the label had as little at the same
    time a day before, that is usual, too. What changes for the whole site is no change. It is below
    the line if the most that its count can mean is, see Change, and if less than half is left of
    what is left of its homes: else they are what has changed. Lengths are in seconds.

    Parts have: dimension, min_requests, line.
    """

    home: "Dimension"
    window: int
    baseline: int

    def query(self, store: Counts, parts: Sequence[Part]) -> str:
        """Return the query about these parts."""
        slices = _usual(self.window, self.baseline)
        columns = {"requests": Count()}
        counts = store.slices(
            [Sliced(p.name, columns, slices, p.dimension, self.home) for p in parts]
        )
        sums = select(
            [
                *named("c", ("part", "name", "home")),
                *(f"1.0 * {of(s, 'requests')} AS {s}_requests" for s in ("now", "past", "day")),
            ],
            counts,
            "c",
            group=["c.part", "c.name", "c.home"],
        )
        share = number(self.window / self.baseline)
        numbers = ("now_requests", "past_requests", "day_requests")
        of_part = "OVER (PARTITION BY s.part)"
        of_home = "OVER (PARTITION BY s.part, s.home)"
        site = f"sum(s.now_requests) {of_part}"
        whole = select(
            [
                *named("s", ("part", "name", "home", *numbers)),
                f"sum(s.now_requests) {of_home} AS home_now",
                f"sum(s.past_requests) {of_home} AS home_past",
                f"{site} / nullif({share} * sum(s.past_requests) {of_part}, 0) AS past_site",
                f"{site} / nullif(sum(s.day_requests) {of_part}, 0) AS day_site",
            ],
            sums,
            "s",
        )
        scale = least("w.past_site", "1.0")
        expected = select(
            [
                *named("w", ("part", "name", *numbers)),
                f"{least('w.day_site', '1.0')} AS day_scale",
                f"{share} * w.past_requests * ({scale}) AS expected",
                f"{share} * w.past_requests * ({scale}) - w.now_requests AS lost",
                f"{share} * w.home_past * ({scale}) - w.home_now AS home_lost",
                "1.0 * w.past_requests * w.home_now / nullif(w.home_past, 0) AS alike",
            ],
            whole,
            "w",
            ["w.day_site > 0"],
        )
        unserved = greatest(f"({least('e.lost', 'e.home_lost')})", "0")
        past = by_part("e", parts, lambda p: number(max(p.min_requests, 1)))
        day = by_part("e", parts, lambda p: number(p.min_requests * self.window / self.baseline))
        by_name = select(
            [
                *named("e", ("part", "name")),
                f"sum(e.expected) - sum({unserved}) AS served",
                "sum(e.expected) AS expected",
                "sum(e.alike) AS alike",
                "sum(e.now_requests) AS now_requests",
                "sum(e.day_requests) * max(e.day_scale) AS day",
            ],
            expected,
            "e",
            group=["e.part", "e.name"],
            having=[f"sum(e.past_requests) >= {past}", f"sum(e.day_requests) >= {day}"],
        )
        now, most = "r.now_requests", at_most("r.now_requests")
        left = greatest("100 * r.served / r.expected", f"100 * {now} / r.day")
        more = f"100 * (r.served + {most} - {now}) / r.expected"
        sure = greatest(more, f"100 * {most} / r.day")
        sure = f"CASE WHEN 2 * {now} < r.alike THEN {sure} END"
        columns_ = [*named("r", ("part", "name")), f"{left} AS number", f"{sure} AS sure"]
        made = select(columns_, by_name, "r", ["r.expected > 0", "r.day > 0"])
        return _surely_below(made, parts)


def _of_labels(text: str, part: Part) -> str:
    """Return how much all labels changed; nothing is taken off a change of the site itself."""
    return text if part.dimension else "1.0"


def _usual(window: int, baseline: int) -> tuple[Slice, ...]:
    return (
        Slice("now", window),
        Slice("past", window + baseline, window),
        Slice("day", DAY + window, DAY),
    )
