"""What changed against what is usual: the time just before, and the same time a day before."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from dashboards.signals.expressions import Count
from dashboards.stores.common.judged.parts import Counts, Part
from dashboards.stores.common.judged.words import (
    by_part,
    greatest,
    least,
    named,
    number,
    of,
    one,
    select,
)
from dashboards.stores.common.slices import DAY, Slice, Sliced

if TYPE_CHECKING:
    from dashboards.signals import Dimension
    from dashboards.signals.expressions import Aggregate


@dataclass(frozen=True, slots=True)
class Change:
    """Compare the window, per second, in percent of what is usual: the milder of two.

    Usual is the `baseline` before it, and the same window a day before; both need as many requests
    for their length as `min_requests` are for the baseline. By a dimension, what changes for the
    whole site is no change of a label. With `short` there have to be some requests in the newest
    part of the window. Lengths are in seconds.

    Parts have: dimension, min_requests.
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
        columns = {"amount": self.amount, "requests": Count()}
        counts = store.slices([Sliced(p.name, columns, slices, p.dimension) for p in parts])
        sums = select(
            [
                *named("c", ("part", "name")),
                f"1.0 * {of('now', 'amount')} / {window} AS now_rate",
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
        terms += ["100 * s.now_rate / nullif(s.past_rate, 0) AS past",
                  "100 * s.now_rate / nullif(s.day_rate, 0) AS day"]  # fmt: skip
        all_ = "OVER (PARTITION BY s.part)"
        for slice_ in ("past", "day"):
            site = f"sum(s.now_rate) {all_} / nullif(sum(s.{slice_}_rate) {all_}, 0)"
            said = by_part("s", parts, partial(_of_labels, site))
            terms.append(f"{said} AS {slice_}_site")
        ratios = select(terms, sums, "s")
        milder, clip = (greatest, least) if self.falling else (least, greatest)
        own = [
            f"r.{slice_} / nullif({clip(f'r.{slice_}_site', '1.0')}, 0)"
            for slice_ in ("past", "day")
        ]
        past = by_part("r", parts, lambda p: number(max(p.min_requests, 1)))
        day = by_part("r", parts, lambda p: number(p.min_requests * window / baseline))
        return one(
            milder(*own),
            ratios,
            "r",
            [
                f"r.requests >= {past}",
                f"r.day_requests >= {day}",
                *(["r.newest_requests > 0"] if short else []),
                *(f"{each} IS NOT NULL" for each in own),
            ],
        )


@dataclass(frozen=True, slots=True)
class Served:
    """Ask how much of its usual requests a label's viewers still make, in percent.

    Viewers are those of the same `home`: what a label loses and others of the same home gain is
    still served. Usual is the `baseline` before the window; if the label had as little at the same
    time a day before, that is usual, too. What changes for the whole site is no change. Lengths
    are in seconds.

    Parts have: dimension, min_requests.
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
                f"100 * (1 - sum({unserved}) / nullif(sum(e.expected), 0)) AS past",
                "100 * sum(e.now_requests) / nullif(sum(e.day_requests) * max(e.day_scale), 0)"
                " AS day",
            ],
            expected,
            "e",
            group=["e.part", "e.name"],
            having=[f"sum(e.past_requests) >= {past}", f"sum(e.day_requests) >= {day}"],
        )
        value = greatest("r.past", "r.day")
        return one(value, by_name, "r", ["r.past IS NOT NULL", "r.day IS NOT NULL"])


def _of_labels(text: str, part: Part) -> str:
    """Return how much all labels changed; nothing is taken off a change of the site itself."""
    return text if part.dimension else "1.0"


def _usual(window: int, baseline: int) -> tuple[Slice, ...]:
    return (
        Slice("now", window),
        Slice("past", window + baseline, window),
        Slice("day", DAY + window, DAY),
    )
