"""Numbers as they are: of a signal, of the minutes since the last request, of lines that came."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from dashboards.signals.expressions import Count, SecondsSinceLatest
from dashboards.stores.common.judged.parts import Counts, Part
from dashboards.stores.common.judged.shares import lately
from dashboards.stores.common.judged.words import by_part, least, named, number, of, one
from dashboards.stores.common.layout import select_from as select
from dashboards.stores.common.slices import DAY, Slice, Sliced

if TYPE_CHECKING:
    from dashboards.signals.expressions import Aggregate


@dataclass(frozen=True, slots=True)
class Numbers:
    """Ask for any number of the window, where the gate's is enough.

    With `past`, what has too little for the gate now is not judged, and keeps its place; see
    Shares. With `short` it is the lesser of the window and that newest part, if that has a number.

    Parts have: dimension, value, gate, min_requests.
    """

    window: int
    past: int = 0
    record: str = "request"
    short: int = 0

    def query(self, store: Counts, parts: Sequence[Part]) -> str:
        """Return the query about these parts."""
        slices = lately(self.window, self.past)
        if self.short:
            slices += (Slice("short", self.short),)
        counts = store.slices(
            [Sliced(p.name, _measured(p), slices, p.dimension) for p in parts], record=self.record
        )
        now = "max(CASE WHEN c.slice = 'now' THEN c.measured END)"
        gate = by_part("c", parts, lambda part: number(part.min_requests))
        if self.short:
            return self._lesser(counts, now, gate)
        return select(
            [
                *named("c", ("part", "name")),
                f"coalesce({now}, max(c.measured)) AS number",
                f"{now} AS judged",
                "max(c.measured) AS place",
            ],
            counts,
            "c",
            [f"c.gate >= {gate}"] if any(part.min_requests for part in parts) else [],
            ["c.part", "c.name"],
        )

    @staticmethod
    def _lesser(counts: str, now: str, gate: str) -> str:
        newest = "max(CASE WHEN c.slice = 'short' THEN c.measured END)"
        enough = f"max(CASE WHEN c.slice = 'now' AND c.gate >= {gate} THEN 1 ELSE 0 END)"
        columns = [f"{now} AS now_number", f"{newest} AS newest", f"{enough} AS enough"]
        both = [*named("c", ("part", "name")), *columns]
        numbers = select(both, counts, "c", group=["c.part", "c.name"])
        return one(least("b.newest", "b.now_number"), numbers, "b", ["b.enough = 1"])


@dataclass(frozen=True, slots=True)
class Silence:
    """Ask for the minutes since the last request of what always had some before it.

    Counted back from the newest request of all, so that nothing is silent when all is. "Always" is
    in `presence` % of the spans of so many minutes up to its own last request, and in at least
    `least_spans` of them; and in the `day_spans` at the same time a day before, which have no more
    than `max_requests` together. The window is in seconds.

    Parts have: dimension, presence, min_requests, max_requests.
    """

    window: int
    span_minutes: int
    least_spans: int
    day_spans: int

    def query(self, store: Counts, parts: Sequence[Part]) -> str:
        """Return the query about these parts."""
        day = Slice("day", DAY + self.day_spans * self.span_minutes * 60, DAY)
        slices = (Slice("now", self.window), day)
        columns: Mapping[str, Aggregate] = {"requests": Count(), "since": SecondsSinceLatest()}
        counts = store.slices(
            [Sliced(p.name, columns, slices, p.dimension) for p in parts], slot=self.span_minutes
        )

        def now(column: str) -> str:
            return f"CASE WHEN c.slice = 'now' THEN c.{column} END"

        sums = select(
            [
                *named("c", ("part", "name")),
                f"sum({now('requests')}) AS requests",
                f"count({now('slot')}) AS spans",
                f"max({now('slot')}) - min({now('slot')}) + 1 AS until_last",
                f"min({now('since')}) AS since",
                "count(CASE WHEN c.slice = 'day' THEN c.slot END) AS day_spans",
                f"{of('day', 'requests')} AS day_requests",
            ],
            counts,
            "c",
            group=["c.part", "c.name"],
        )
        names = ("part", "name", "requests", "spans", "until_last", "since")
        newest = select(
            [
                *named("s", (*names, "day_spans", "day_requests")),
                "min(s.since) OVER (PARTITION BY s.part) AS newest",
            ],
            sums,
            "s",
        )
        return one(
            "(n.since - n.newest) / 60.0",
            newest,
            "n",
            [
                f"n.spans >= {self.least_spans}",
                f"100 * n.spans >= {by_part('n', parts, lambda p: number(p.presence))}"
                " * n.until_last",
                f"n.requests >= {by_part('n', parts, lambda p: number(p.min_requests))}",
                *_at_most("n.day_requests", parts),
                f"n.day_spans >= {self.day_spans}",
            ],
        )


@dataclass(frozen=True, slots=True)
class Arrivals:
    """Ask how many lines arrived: in the `short` part where that usually has enough of them.

    Where it usually has less than `min_requests`, in the whole window. What is usual is the mean of
    the `baseline`. Lengths are in seconds.

    Parts have: value, min_requests.
    """

    window: int
    short: int
    baseline: int

    def query(self, store: Counts, parts: Sequence[Part]) -> str:
        """Return the query about these parts."""
        slices = (
            Slice("now", self.window),
            Slice("short", self.short),
            Slice("usual", self.baseline),
        )
        counts = store.slices(
            [Sliced(p.name, {"lines": _given(p.value)}, slices) for p in parts], record="pipeline"
        )
        sums = select(
            [
                *named("c", ("part", "name")),
                *(f"coalesce({of(each.name, 'lines')}, 0) AS {each.name}_lines" for each in slices),
            ],
            counts,
            "c",
            group=["c.part", "c.name"],
        )
        enough = f"{number(self.short / self.baseline)} * s.usual_lines"
        gate = by_part("s", parts, lambda part: number(part.min_requests))
        value = f"CASE WHEN {enough} >= {gate} THEN s.short_lines ELSE s.now_lines END"
        return one(value, sums, "s")


def _given(aggregate: "Aggregate | None") -> "Aggregate":
    assert aggregate is not None
    return aggregate


def _measured(part: Part) -> "Mapping[str, Aggregate]":
    return {"measured": _given(part.value), "gate": _given(part.gate)}


def _at_most(column: str, parts: Sequence[Part]) -> list[str]:
    """Return the condition that a number is no more than its part's `max_requests`, if any."""
    if all(part.max_requests is None for part in parts):
        return []
    free = [part.name for part in parts if part.max_requests is None]
    bounded = [part for part in parts if part.max_requests is not None]
    source = column.partition(".")[0]
    most = by_part(source, bounded, lambda part: number(part.max_requests or 0))
    either = [f"{source}.part = '{name}'" for name in free]
    return [f"({' OR '.join([*either, f'{column} <= {most}'])})"]
