"""What alert rules make of counts: SQL that every store reads, around its own `slices`.

    slices: counts by label in parts of time ─▶ a question: name, number, judged, place
    questions ─▶ a family: part, name, value

`number` is what a message says, `judged` what is held against the line, and `place` what the worst
are found by: those that are it now or were a moment ago. All three are in the unit of the line.

Only words that all stores know stand here: CASE, coalesce, nullif, sums, and sums over a window.
Every column is written with the name of what it comes from, because a store may take a bare one
for an alias. Whole numbers are multiplied by 1.0 before they are divided.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from textwrap import indent
from typing import TYPE_CHECKING, Protocol

from dashboards.signals.expressions import Count, SecondsSinceLatest
from dashboards.stores.common.slices import DAY, Slice

if TYPE_CHECKING:
    from dashboards.signals import Dimension
    from dashboards.signals.expressions import Aggregate, Predicate

# How sure a share has to be over its line: four standard errors, because errors come together.
# https://en.wikipedia.org/wiki/Binomial_proportion_confidence_interval#Wilson_score_interval
SURE = 4
# As sure for a budget's long window, which has hours to count.
SURE_OF_BUDGETS = 2
# How many times the share of all others a label's share is, if something is wrong with the label.
LIFT = 2
# How bad is what neither begins to fire nor has recovered: as bad as a number at its line. What is
# less is within its line, and a message may say that it recovers.
NEITHER = 1.0
_LAST_TURN = 1000


def number(value: float) -> str:
    """Return a number without exponent, and whole where it is."""
    return f"{value:.10f}".rstrip("0").rstrip(".")


def select(
    columns: Iterable[str],
    source: str,
    name: str,
    where: Iterable[str] = (),
    group: Iterable[str] = (),
    having: Iterable[str] = (),
    order: str = "",
    limit: int | None = None,
) -> str:
    """Lay out a SELECT from another one, which has a name in it."""
    lines = ["SELECT\n  " + ",\n  ".join(columns), f"FROM (\n{indent(source, '  ')}\n) AS {name}"]
    for keyword, terms, join in (
        ("WHERE", where, "\n  AND "),
        ("GROUP BY", group, ", "),
        ("HAVING", having, "\n  AND "),
    ):
        if text := join.join(terms):
            lines.append(f"{keyword} {text}")
    if order:
        lines.append(f"ORDER BY {order}")
    if limit is not None:
        lines.append(f"LIMIT {limit}")
    return "\n".join(lines)


def _least(one: str, other: str) -> str:
    """Return the lesser of two; with NULL, the other (as `least` is not, in every store)."""
    return f"CASE WHEN {one} < {other} THEN {one} ELSE {other} END"


def _greatest(one: str, other: str) -> str:
    return f"CASE WHEN {one} > {other} THEN {one} ELSE {other} END"


def _of(part: str, column: str, source: str = "c") -> str:
    """Return a sum of the rows of one part of time."""
    return f"sum(CASE WHEN {source}.slice = '{part}' THEN {source}.{column} ELSE 0 END)"


def bound(bad: str, requests: str, side: str = "-", sure: float = SURE) -> str:
    """Return Wilson's bound of a share, in percent: the lower one, or with "+" the upper one."""
    share, z = f"(1.0 * {bad} / {requests})", float(sure)
    middle = f"{share} + {z * z / 2} / {requests}"
    spread = f"{z} * sqrt({share} * (1 - {share}) / {requests}"
    spread += f" + {z * z / 4} / {requests} / {requests})"
    return f"100 * ({middle} {side} {spread}) / (1 + {z * z} / {requests})"


@dataclass(frozen=True, slots=True)
class Asked:
    """One part of a family: its question's query, and its lines."""

    name: str
    query: str
    line: float
    recover: float
    turn: int = 0  # it does not begin to fire while one of a lower turn is beyond its line

    def score(self, column: str) -> str:
        """Return how bad a number is: 1 at the line, 0 where it has recovered."""
        span = number(self.line - self.recover)
        # Rounded, because a number at its line is not beyond it.
        return f"round((1.0 * asked.{column} - {number(self.recover)}) / ({span}), 9)"


def _one(value: str, source: str, name: str, where: Iterable[str] = ()) -> str:
    """Return an answer whose number is what it is judged and placed by."""
    one = select([f"{name}.name AS name", f"{value} AS number"], source, name, where)
    columns = ["v.name AS name", "v.number AS number", "v.number AS judged", "v.number AS place"]
    return select(columns, one, "v")


def _surely(source: str, line: float) -> str:
    """Return an answer that is beyond the line if `sure` is, and else what `number` is."""
    capped = _least("v.number", number(line))
    value = f"CASE WHEN v.sure > {number(line)} THEN v.sure ELSE {capped} END"
    columns = ["v.name AS name", "v.number AS number"]
    return select([*columns, f"{value} AS judged", f"{value} AS place"], source, "v")


def plain(query: str) -> str:
    """Return a question's number alone."""
    return select(["asked.number AS value"], query, "asked")


def family(
    parts: Sequence[Asked], limit: int, *, muted: Asked | None = None, numbers: bool = False
) -> str:
    """Return the worst few of some questions: part, name, value.

    The value is how bad it is (see Asked.score), or with `numbers` the number that a message says.
    Where something is or was beyond its line, no later turn begins to fire: its value is no more
    than NEITHER, and so is that of a name that cannot be judged now. An alert that fires goes on
    with it, and none begins. Until the number of `muted` has recovered there is no answer at all.
    """
    rows = []
    for part in [*parts, *([muted] if muted else [])]:
        mutes = part is muted
        columns = [
            f"'{'' if mutes else part.name}' AS part",
            "asked.name AS name",
            f"{part.turn} AS turn",
            "1.0 * asked.number AS number",
            f"coalesce({part.score('judged')}, {NEITHER}) AS score",
            f"{part.score('place')} AS rank_score",
        ]
        there = f"(asked.judged IS NOT NULL OR {part.score('place')} > 1)"
        rows.append(select(columns, part.query, "asked", [there]))
    union = "\nUNION ALL\n".join(rows)
    names = ("part", "name", "turn", "number", "score", "rank_score")
    columns = [f"e.{name} AS {name}" for name in names]
    where: list[str] = []
    held = "rated.turn > rated.first_turn"
    first = f"CASE WHEN e.rank_score > 1 AND e.part <> '' THEN e.turn ELSE {_LAST_TURN} END"
    columns.append(f"min({first}) OVER () AS first_turn")
    if muted:
        mute = "CASE WHEN e.part = '' AND e.score > 0 THEN 1 ELSE 0 END"
        columns.append(f"max({mute}) OVER () AS muted")
        where = ["rated.part <> ''", "rated.muted = 0"]
    union = select(columns, union, "e")
    score = f"CASE WHEN {held} AND rated.score > {NEITHER} THEN {NEITHER} ELSE rated.score END"
    return select(
        [
            "rated.part AS part",
            "rated.name AS name",
            f"{'rated.number' if numbers else score} AS value",
        ],
        union,
        "rated",
        where,
        order="CASE WHEN rated.turn <= rated.first_turn AND rated.rank_score > 1 THEN 0 ELSE 1 END"
        " ASC, rated.rank_score DESC, rated.turn ASC, rated.name ASC, rated.part ASC",
        limit=limit,
    )


class Counts(Protocol):
    """Asks a store for numbers of parts of time; see stores.Queries."""

    def slices(
        self,
        columns: "Mapping[str, Aggregate]",
        slices: Sequence[Slice],
        dimensions: "Mapping[str, Dimension]",
        *,
        record: str = "request",
        slot: int | None = None,
    ) -> str:
        """Return a query: labels, slice, slot, numbers."""


@dataclass(frozen=True, slots=True)
class Questions:
    """The questions of alert rules to what a store counts: name, number, judged, place."""

    store: Counts

    def _counts(
        self,
        columns: "Mapping[str, Aggregate]",
        slices: Sequence[Slice],
        dimension: "Dimension | None",
        slot: int | None = None,
        record: str = "request",
    ) -> str:
        by = {"name": dimension} if dimension else {}
        counts = self.store.slices(columns, slices, by, record=record, slot=slot)
        if dimension:
            return counts
        names = ["slice", *(["slot"] if slot else []), *columns]
        return select(["'' AS name", *(f"n.{name} AS {name}" for name in names)], counts, "n")

    def shares(
        self,
        of: "Predicate",
        among: "Predicate | None",
        dimension: "Dimension | None",
        *,
        window: int,
        past: int,
        min_requests: float,
        line: float,
    ) -> str:
        """Ask for a share of requests. It is beyond the line if its lower bound is.

        Else it is judged by the share itself, and as no more than the line: so it does not begin to
        fire on a few requests, nor recover because there are few.

        By a dimension, only what is worse than all others together is: LIFT times their share. The
        `past` is the time before the window in which it may have been worst. What had enough
        requests then, or in twice the window, and has too few now is not judged (NULL), and keeps
        its place.
        """
        counts = self._counts(
            {"bad": Count(of), "requests": Count(among)}, _lately(window, past), dimension
        )
        every = [f"c.{name} AS {name}" for name in ("name", "slice", "bad", "requests")]
        whole = select(
            [
                *every,
                "sum(c.bad) OVER (PARTITION BY c.slice) AS all_bad",
                "sum(c.requests) OVER (PARTITION BY c.slice) AS all_requests",
            ],
            counts,
            "c",
        )
        # The middle of what the others' counts can mean: of a few, it is high.
        others = f"(w.all_bad - w.bad + {number(SURE**2 / 2)})"
        others += f" / (w.all_requests - w.requests + {SURE**2})"
        rated = select(
            [
                "w.name AS name",
                "w.slice AS slice",
                "100.0 * w.bad / w.requests AS rate",
                f"{bound('w.bad', 'w.requests')} AS low",
                f"{f'{LIFT} * 100.0 * {others}' if dimension else '0'} AS least_low",
            ],
            whole,
            "w",
            [f"w.requests >= {number(max(min_requests, 1))}"],
        )
        sure = f"r.low > {number(line)} AND r.low > r.least_low"
        low = f"CASE WHEN {sure} THEN r.low ELSE {_least('r.rate', number(line))} END"
        place = "CASE WHEN r.low > r.least_low THEN r.low ELSE 0 END"
        return select(
            [
                "r.name AS name",
                "coalesce(max(CASE WHEN r.slice = 'now' THEN r.rate END), max(r.rate)) AS number",
                f"max(CASE WHEN r.slice = 'now' THEN {low} END) AS judged",
                f"max({place}) AS place",
            ],
            rated,
            "r",
            group=["r.name"],
        )

    def numbers(
        self,
        value: "Aggregate",
        gate: "Aggregate",
        dimension: "Dimension | None",
        *,
        window: int,
        past: int,
        min_requests: float,
        record: str = "request",
    ) -> str:
        """Ask for any number of the window, where the gate's is enough.

        With `past`, what has too little for the gate now is not judged, and keeps its place; see
        `shares`.
        """
        counts = self._counts(
            {"measured": value, "gate": gate}, _lately(window, past), dimension, record=record
        )
        now = "max(CASE WHEN c.slice = 'now' THEN c.measured END)"
        return select(
            [
                "c.name AS name",
                f"coalesce({now}, max(c.measured)) AS number",
                f"{now} AS judged",
                "max(c.measured) AS place",
            ],
            counts,
            "c",
            [f"c.gate >= {number(min_requests)}"] if min_requests else [],
            ["c.name"],
        )

    def burns(
        self,
        bad: "Predicate",
        *,
        objective: float,
        window: int,
        short: int,
        min_requests: float,
        slot: int,
        most: float | None,
        line: float,
    ) -> str:
        """Ask how many times too fast an error budget is spent: the lesser of two windows.

        There is no answer while less than half of the window's slots (minutes) have requests.
        With `most`, a slot counts in the long window as that many times too fast, and no more. It
        is beyond the line if the long window's lower bound is; see `shares`.
        https://sre.google/workbook/alerting-on-slos/
        """
        budget = (100 - objective) / 100
        spans = [Slice("whole", window), Slice("short", short)]
        counts = self._counts({"bad": Count(bad), "requests": Count()}, spans, None, slot)
        clipped = "1.0 * c.bad"
        if most is not None:
            clipped = _least(clipped, f"{number(most * budget)} * c.requests")
        whole = f"sum(CASE WHEN c.slice = 'whole' THEN {clipped} ELSE 0 END)"
        sums = select(
            [
                "'' AS name",
                f"{whole} AS bad",
                f"{_of('whole', 'requests')} AS requests",
                f"1.0 * {_of('short', 'bad')} AS short_bad",
                f"{_of('short', 'requests')} AS short_requests",
                "sum(CASE WHEN c.slice = 'whole' THEN 1 ELSE 0 END) AS slots",
            ],
            counts,
            "c",
        )
        low = bound("s.bad", "s.requests", sure=SURE_OF_BUDGETS)
        terms = [
            f"{each} / {number(budget)} AS {name}"
            for name, each in (
                ("rate", "s.bad / s.requests"),
                ("short", "s.short_bad / s.short_requests"),
                ("low", f"{low} / 100"),
            )
        ]
        rates = select(
            ["'' AS name", *terms],
            sums,
            "s",
            [
                f"s.requests >= {number(max(min_requests, 1))}",
                "s.short_requests > 0",
                f"s.slots >= {number(window / 60 / slot / 2)}",
            ],
        )
        both = select(
            [
                "'' AS name",
                f"{_least('b.rate', 'b.short')} AS number",
                f"{_least('b.low', 'b.short')} AS sure",
            ],
            rates,
            "b",
        )
        return _surely(both, line)

    def change(
        self,
        amount: "Aggregate",
        dimension: "Dimension | None",
        *,
        window: int,
        baseline: int,
        min_requests: float,
        falling: bool,
        short: int = 0,
    ) -> str:
        """Compare the window, per second, in percent of what is usual: the milder of two.

        Usual is the `baseline` before it, and the same window a day before; both need as many
        requests for their length as `min_requests` are for the baseline. By a dimension, what
        changes for the whole site is no change of a label. With `short` there have to be some
        requests in the newest part of the window.
        """
        spans = _usual(window, baseline) + ([Slice("newest", short)] if short else [])
        counts = self._counts({"amount": amount, "requests": Count()}, spans, dimension)
        sums = select(
            [
                "c.name AS name",
                f"1.0 * {_of('now', 'amount')} / {window} AS now_rate",
                f"1.0 * {_of('past', 'amount')} / {baseline} AS past_rate",
                f"1.0 * {_of('day', 'amount')} / {window} AS day_rate",
                f"{_of('past', 'requests')} AS requests",
                f"{_of('day', 'requests')} AS day_requests",
                *([f"{_of('newest', 'requests')} AS newest_requests"] if short else []),
            ],
            counts,
            "c",
            group=["c.name"],
        )
        names = ["name", "requests", "day_requests", *(["newest_requests"] if short else [])]
        terms = [f"s.{name} AS {name}" for name in names]
        terms += ["100 * s.now_rate / nullif(s.past_rate, 0) AS past",
                  "100 * s.now_rate / nullif(s.day_rate, 0) AS day"]  # fmt: skip
        for part in ("past", "day"):
            site = f"sum(s.now_rate) OVER () / nullif(sum(s.{part}_rate) OVER (), 0)"
            terms.append(f"{site if dimension else '1.0'} AS {part}_site")
        ratios = select(terms, sums, "s")
        milder, clip = (_greatest, _least) if falling else (_least, _greatest)
        own = {
            part: f"r.{part} / nullif({clip(f'r.{part}_site', '1.0')}, 0)"
            for part in ("past", "day")
        }
        value = milder(*own.values())
        return _one(
            value,
            ratios,
            "r",
            [
                f"r.requests >= {number(max(min_requests, 1))}",
                f"r.day_requests >= {number(min_requests * window / baseline)}",
                *(["r.newest_requests > 0"] if short else []),
                *(f"{each} IS NOT NULL" for each in own.values()),
            ],
        )

    def served(
        self,
        dimension: "Dimension",
        home: "Dimension",
        *,
        window: int,
        baseline: int,
        min_requests: float,
    ) -> str:
        """Ask how much of its usual requests a label's viewers still make, in percent.

        Viewers are those of the same `home`: what a label loses and others of the same home gain is
        still served. Usual is the `baseline` before the window; if the label had as little at the
        same time a day before, that is usual, too. What changes for the whole site is no change.
        """
        counts = self.store.slices(
            {"requests": Count()}, _usual(window, baseline), {"name": dimension, "home": home}
        )
        sums = select(
            [
                "c.name AS name",
                "c.home AS home",
                f"1.0 * {_of('now', 'requests')} AS now_requests",
                f"1.0 * {_of('past', 'requests')} AS past_requests",
                f"1.0 * {_of('day', 'requests')} AS day_requests",
            ],
            counts,
            "c",
            group=["c.name", "c.home"],
        )
        share = number(window / baseline)
        every = [
            f"s.{name} AS {name}"
            for name in ("name", "home", "now_requests", "past_requests", "day_requests")
        ]
        site = "sum(s.now_requests) OVER ()"
        whole = select(
            [
                *every,
                "sum(s.now_requests) OVER (PARTITION BY s.home) AS home_now",
                "sum(s.past_requests) OVER (PARTITION BY s.home) AS home_past",
                f"{site} / nullif({share} * sum(s.past_requests) OVER (), 0) AS past_site",
                f"{site} / nullif(sum(s.day_requests) OVER (), 0) AS day_site",
            ],
            sums,
            "s",
        )
        scale = _least("w.past_site", "1.0")
        expected = select(
            [
                *(f"w.{name} AS {name}" for name in ("name", "now_requests", "past_requests")),
                "w.day_requests AS day_requests",
                f"{_least('w.day_site', '1.0')} AS day_scale",
                "w.day_site AS day_site",
                f"{share} * w.past_requests * ({scale}) AS expected",
                f"{share} * w.past_requests * ({scale}) - w.now_requests AS lost",
                f"{share} * w.home_past * ({scale}) - w.home_now AS home_lost",
            ],
            whole,
            "w",
            ["w.day_site > 0"],
        )
        unserved = _greatest(f"({_least('e.lost', 'e.home_lost')})", "0")
        by_name = select(
            [
                "e.name AS name",
                f"100 * (1 - sum({unserved}) / nullif(sum(e.expected), 0)) AS past",
                "100 * sum(e.now_requests) / nullif(sum(e.day_requests) * max(e.day_scale), 0)"
                " AS day",
            ],
            expected,
            "e",
            group=["e.name"],
            having=[
                f"sum(e.past_requests) >= {number(max(min_requests, 1))}",
                f"sum(e.day_requests) >= {number(min_requests * window / baseline)}",
            ],
        )
        value = _greatest("r.past", "r.day")
        return _one(
            value,
            by_name,
            "r",
            ["r.past IS NOT NULL", "r.day IS NOT NULL"],
        )

    def silence(
        self,
        dimension: "Dimension",
        *,
        window: int,
        span_minutes: int,
        least_spans: int,
        presence: float,
        min_requests: float,
        max_requests: float | None,
        day_spans: int,
    ) -> str:
        """Ask for the minutes since the last request of what always had some before it.

        Counted back from the newest request of all, so that nothing is silent when all is. "Always"
        is in `presence` % of the spans of so many minutes up to its own last request, and in at
        least `least_spans` of them; and in the `day_spans` at the same time a day before, which
        have no more than `max_requests` together.
        """
        spans = [Slice("now", window), Slice("day", DAY + day_spans * span_minutes * 60, DAY)]
        columns: dict[str, Aggregate] = {"requests": Count(), "since": SecondsSinceLatest()}
        counts = self._counts(columns, spans, dimension, span_minutes)

        def now(column: str) -> str:
            return f"CASE WHEN c.slice = 'now' THEN c.{column} END"

        sums = select(
            [
                "c.name AS name",
                f"sum({now('requests')}) AS requests",
                f"count({now('slot')}) AS spans",
                f"max({now('slot')}) - min({now('slot')}) + 1 AS until_last",
                f"min({now('since')}) AS since",
                "count(CASE WHEN c.slice = 'day' THEN c.slot END) AS day_spans",
                f"{_of('day', 'requests')} AS day_requests",
            ],
            counts,
            "c",
            group=["c.name"],
        )
        names = (
            *("name", "requests", "spans", "until_last", "since", "day_spans", "day_requests"),
        )
        newest = select(
            [*(f"s.{name} AS {name}" for name in names), "min(s.since) OVER () AS newest"],
            sums,
            "s",
        )
        value = "(n.since - n.newest) / 60.0"
        most = [] if max_requests is None else [f"n.day_requests <= {number(max_requests)}"]
        return _one(
            value,
            newest,
            "n",
            [
                f"n.spans >= {least_spans}",
                f"100 * n.spans >= {number(presence)} * n.until_last",
                f"n.requests >= {number(min_requests)}",
                *most,
                f"n.day_spans >= {day_spans}",
            ],
        )

    def drops(
        self,
        of: "Predicate",
        among: "Predicate",
        dimension: "Dimension",
        *,
        window: int,
        short: int,
        min_requests: float,
        usual: float,
        line: float,
    ) -> str:
        """Ask how many points a share is below that of the same window a day before.

        It is the lesser of the window and its newest part. More requests than a day before do not
        lower a share: they are somebody new, such as a crawler. It is beyond the line if the upper
        bound of the share is; see `shares`. What had less than `usual` percent is left out.
        """
        spans = [Slice("now", window), Slice("short", short), Slice("day", DAY + window, DAY)]
        counts = self._counts({"part": Count(of), "requests": Count(among)}, spans, dimension)
        sums = select(
            [
                "c.name AS name",
                *(
                    f"1.0 * {_of(part, column)} AS {part}_{column}"
                    for part in ("now", "short", "day")
                    for column in ("part", "requests")
                ),
            ],
            counts,
            "c",
            group=["c.name"],
        )
        share = number(short / window)
        capped = select(
            [
                "s.name AS name",
                "100 * s.day_part / nullif(s.day_requests, 0) AS usual",
                "s.now_part AS now_part",
                "s.short_part AS short_part",
                f"{_least('s.now_requests', 's.day_requests')} AS now_requests",
                f"{_least('s.short_requests', f'{share} * s.day_requests')} AS short_requests",
            ],
            sums,
            "s",
            [
                f"s.now_requests >= {number(max(min_requests, 1))}",
                f"s.day_requests >= {number(max(min_requests, 1))}",
            ],
        )
        parts = {p: f"({_least(f'k.{p}_part', f'k.{p}_requests')})" for p in ("now", "short")}
        # Where the newest part has no request, the window alone is judged.
        asked = {p: f"nullif(k.{p}_requests, 0)" for p in parts}
        plain_ = [f"k.usual - 100 * {of_} / {asked[p]}" for p, of_ in parts.items()]
        sure = [f"k.usual - {bound(of_, asked[p], '+')}" for p, of_ in parts.items()]
        both = select(
            [
                "k.name AS name",
                f"{_least(*reversed(plain_))} AS number",
                f"{_least(*reversed(sure))} AS sure",
            ],
            capped,
            "k",
            [f"k.usual >= {number(usual)}"],
        )
        return _surely(both, line)

    def arrivals(
        self,
        lines: "Aggregate",
        *,
        window: int,
        short: int,
        baseline: int,
        min_requests: float,
    ) -> str:
        """Ask how many lines arrived: in the `short` part where that usually has enough of them.

        Where it usually has less than `min_requests`, in the whole window. What is usual is the
        mean of the `baseline`.
        """
        spans = [Slice("now", window), Slice("short", short), Slice("usual", baseline)]
        counts = self._counts({"lines": lines}, spans, None, record="pipeline")
        sums = select(
            [
                "'' AS name",
                *(
                    f"coalesce({_of(p, 'lines')}, 0) AS {p}_lines"
                    for p in ("now", "short", "usual")
                ),
            ],
            counts,
            "c",
        )
        enough = f"{number(short / baseline)} * s.usual_lines >= {number(min_requests)}"
        value = f"CASE WHEN {enough} THEN s.short_lines ELSE s.now_lines END"
        return _one(value, sums, "s")


def _lately(window: int, past: int) -> list[Slice]:
    """Return the window, and where what was bad is looked for.

    Twice the window shows a label that has its requests now and then: a minute ago it had enough of
    them. In the long time before, a fault that has just begun is lost, and so is the end of one
    that the rule is about to take back: it has its own part. A rule goes on for `past` after it
    found a window well, which takes a window and an evaluation or two from the fault's end on.
    """
    before = [
        Slice("wide", 2 * window),
        Slice("past", window + past, window),
        Slice("old", 3 * window + past, past),
    ]
    return [Slice("now", window), *(before if past else [])]


def _usual(window: int, baseline: int) -> list[Slice]:
    return [
        Slice("now", window),
        Slice("past", window + baseline, window),
        Slice("day", DAY + window, DAY),
    ]
