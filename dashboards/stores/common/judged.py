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
# How sure the newest part has to be of being well, so that few requests without errors end nothing,
# and for how long a window that is so: its own end comes soon enough.
PERHAPS, LONGEST = 2, 3600
# How many times the share of all others a label's share is, if something is wrong with the label.
LIFT = 2
# How many requests a viewer makes at a time, so that a count can as well mean some such times more.
TOGETHER = 15
# How bad is what is neither beyond its line nor has recovered.
NEITHER = 0.5
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


def at_most(count: str) -> str:
    """Return the most that a count can well mean: the mean that it is one standard error below.

    Requests come TOGETHER, so that their variance is as many times their number.
    """
    half = TOGETHER / 2
    return f"({count} + {half} + sqrt({float(TOGETHER)} * {count} + {half * half}))"


@dataclass(frozen=True, slots=True)
class Asked:
    """One part of a family: its question's query, and its lines."""

    name: str
    query: str
    line: float
    recover: float
    turn: int = 0  # it does not begin to fire while one of a lower turn is beyond its line
    whole: bool = False  # about all requests, so that there is one answer
    lately: bool = True  # its newest window is as short as any of the family's

    def score(self, column: str) -> str:
        """Return how bad a number is: 1 at the line, 0 where it has recovered."""
        span = number(self.line - self.recover)
        # Rounded, because a number at its line is not beyond it.
        return f"round((1.0 * asked.{column} - {number(self.recover)}) / ({span}), 9)"


def _surely_below(source: str, line: float) -> str:
    """Return an answer that is below the line if `sure` is, and else what `number` is."""
    capped = _greatest("v.number", number(line))
    value = f"CASE WHEN v.sure < {number(line)} THEN v.sure ELSE {capped} END"
    columns = ["v.name AS name", "v.number AS number"]
    return select([*columns, f"{value} AS judged", f"{value} AS place"], source, "v")


def _one(value: str, source: str, name: str, where: Iterable[str] = ()) -> str:
    """Return an answer whose number is what it is judged and placed by."""
    one = select([f"{name}.name AS name", f"{value} AS number"], source, name, where)
    columns = ["v.name AS name", "v.number AS number", "v.number AS judged", "v.number AS place"]
    return select(columns, one, "v")


def _surely(source: str, line: float, held: float | None) -> str:
    """Return an answer that is beyond the line if `sure` is, and else what `number` is.

    With `held`, it is no more than that where there is not `enough`, and no less where `perhaps` is
    more. Then its place is that of the long window alone: of `long_sure` and `long_number`.
    """
    columns = ["v.name AS name", "v.number AS number"]
    for column, prefix in (("judged", ""), ("place", "" if held is None else "long_")):
        plain_, sure = f"v.{prefix}number", f"v.{prefix}sure"
        capped = _least(plain_, number(line))
        value = f"CASE WHEN {sure} > {number(line)} THEN {sure} ELSE {capped} END"
        if held is not None:
            few = _least("v.perhaps", number(held))
            value = f"CASE WHEN v.enough = 1 AND {plain_} > {few} THEN {value} ELSE {few} END"
        columns.append(f"{value} AS {column}")
    return select(columns, source, "v")


def plain(query: str) -> str:
    """Return a question's number alone."""
    return select(["asked.number AS value"], query, "asked")


def family(
    parts: Sequence[Asked],
    limit: int,
    *,
    muted: Asked | None = None,
    goes_on: bool = False,
    numbers: bool = False,
) -> str:
    """Return the worst few of some questions: part, name, value.

    The value is how bad it is (see Asked.score), or with `numbers` the number that a message says.
    Where something is or was beyond its line, no later turn begins to fire: its value is no more
    than NEITHER, and so is that of a name that cannot be judged now. An alert that fires goes on
    with it, and none begins. Until the number of `muted` has recovered there is no answer at all;
    where an alert `goes_on`, the same holds for all. Nor does a part about all requests recover
    while another such one that looks at the newest minutes has not: so what began one by one is
    over at once.
    """
    lasting = len(parts) > 1 and any(part.whole for part in parts)
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
            *([f"{int(part.whole)} AS whole", f"{int(part.lately)} AS lately"] if lasting else []),
        ]
        there = f"(asked.judged IS NOT NULL OR {part.score('place')} > 1)"
        rows.append(select(columns, part.query, "asked", [there]))
    union = "\nUNION ALL\n".join(rows)
    names = ["part", "name", "turn", "number", "score", "rank_score"]
    names += ["whole", "lately"] if lasting else []
    columns = [f"e.{name} AS {name}" for name in names]
    where: list[str] = []
    held = "rated.turn > rated.first_turn"
    first = f"CASE WHEN e.rank_score > 1 AND e.part <> '' THEN e.turn ELSE {_LAST_TURN} END"
    columns.append(f"min({first}) OVER () AS first_turn")
    if muted:
        mute = "CASE WHEN e.part = '' AND e.score > 0 THEN 1 ELSE 0 END"
        columns.append(f"max({mute}) OVER () AS muted")
        where = ["rated.part <> ''", *([] if goes_on else ["rated.muted = 0"])]
        held = f"({held} OR rated.muted = 1)" if goes_on else held
    union = select(columns, union, "e")
    if lasting:
        names += ["first_turn", *(["muted"] if muted else [])]
        columns = [f"t.{name} AS {name}" for name in names if name not in ("score", "rank_score")]
        over = "t.score > 0 AND t.part <> '' AND (t.lately = 1 OR t.turn <= t.first_turn)"
        over = f"CASE WHEN {over} THEN 1 ELSE 0 END"
        on = f"t.whole = 1 AND max({over}) OVER (PARTITION BY t.whole) = 1"
        columns += [
            f"CASE WHEN {on} AND t.{name} < {NEITHER} THEN {NEITHER} ELSE t.{name} END AS {name}"
            for name in ("score", "rank_score")
        ]
        union = select(columns, union, "t")
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
        held: float | None = None,
    ) -> str:
        """Ask for a share of requests. It is beyond the line if its lower bound is.

        Else it is judged by the share itself, and as no more than the line: so it does not begin to
        fire on a few requests, nor recover because there are few. With `held`, fewer than
        `min_requests` are judged by the share, too, and as no more than that.

        By a dimension, only what is worse than all others together is: LIFT times their share. The
        `past` is the time before the window in which it may have been worst. What had enough
        requests then and has too few now is not judged (NULL), and keeps its place.
        """
        least = max(min_requests, 1)
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
                *(["w.requests AS requests"] if held is not None else []),
            ],
            whole,
            "w",
            [f"w.requests >= {number(least if held is None else 1)}"],
        )
        sure = f"r.low > {number(line)} AND r.low > r.least_low"
        low = f"CASE WHEN {sure} THEN r.low ELSE {_least('r.rate', number(line))} END"
        place = f"CASE WHEN r.low > r.least_low THEN r.low ELSE {_least('r.low', number(line))} END"
        if held is not None:
            few = f"CASE WHEN r.requests < {number(least)} THEN"
            low = f"{few} {_least('r.rate', number(held))} ELSE {low} END"
            place = f"{few} {_least('r.low', number(held))} ELSE {place} END"
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
        """Ask for any number of the window, where the gate's is enough."""
        counts = self._counts(
            {"measured": value, "gate": gate}, _lately(window, past), dimension, record=record
        )
        now = "max(CASE WHEN c.slice = 'now' THEN c.measured END)"
        return select(
            [
                "c.name AS name",
                f"{now} AS number",
                f"{now} AS judged",
                "max(c.measured) AS place",
            ],
            counts,
            "c",
            [f"c.gate >= {number(min_requests)}"] if min_requests else [],
            ["c.name"],
            ["max(CASE WHEN c.slice = 'now' THEN 1 ELSE 0 END) = 1"],
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
        held: float | None = None,
    ) -> str:
        """Ask how many times too fast an error budget is spent: the lesser of two windows.

        There is no answer while less than half of the window's slots (minutes) have requests.
        With `most`, a slot counts in the long window as that many times too fast, and no more. It
        is beyond the line if the long window's lower bound is; see `shares`.

        With `held`, fewer than `min_requests`, or none in the short window, are judged as no more
        than that; and a short window of so few requests that its share may as well be higher
        (PERHAPS) as no less. The place is that of the long window: the short one only says whether
        it still goes on.
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
        rates = {
            "rate": "s.bad / s.requests",
            "short": "s.short_bad / nullif(s.short_requests, 0)",
            "low": f"{low} / 100",
        }
        if held is not None:
            newest = bound("s.short_bad", "nullif(s.short_requests, 0)", "+", PERHAPS)
            rates["high"] = f"{newest} / 100" if window <= LONGEST else rates["short"]
        terms = [f"{each} / {number(budget)} AS {name}" for name, each in rates.items()]
        gates = [f"s.requests >= {number(max(min_requests, 1))}", "s.short_requests > 0"]
        where = [f"s.slots >= {number(window / 60 / slot / 2)}"]
        if held is None:
            where = gates + where
        else:
            where.append("s.requests > 0")
            terms.append(f"CASE WHEN {' AND '.join(gates)} THEN 1 ELSE 0 END AS enough")
        rated = select(["'' AS name", *terms], sums, "s", where)
        # Where the newest part has no request, the long window alone is told.
        columns = [
            "'' AS name",
            f"{_least('b.short', 'b.rate')} AS number",
            f"{_least('b.short', 'b.low')} AS sure",
        ]
        if held is not None:
            columns += ["b.rate AS long_number", "b.low AS long_sure", "b.enough AS enough"]
            columns.append(f"{_least('b.high', 'b.rate')} AS perhaps")
        return _surely(select(columns, rated, "b"), line, held)

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
        line: float = 0,
    ) -> str:
        """Compare the window, per second, in percent of what is usual: the milder of two.

        Usual is the `baseline` before it, and the same window a day before; both need as many
        requests for their length as `min_requests` are for the baseline. By a dimension, what
        changes for the whole site is no change of a label. With `short` there have to be some
        requests in the newest part of the window. What is `falling` is below the line if the most
        that its count can mean is; else it is judged by the count, and as no less than the line.
        """
        spans = _usual(window, baseline) + ([Slice("newest", short)] if short else [])
        counts = self._counts({"amount": amount, "requests": Count()}, spans, dimension)
        sums = select(
            [
                "c.name AS name",
                f"1.0 * {_of('now', 'amount')} / {window} AS now_rate",
                *([f"{at_most(_of('now', 'amount'))} / {window} AS sure_rate"] if falling else []),
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
        rates = {"": "now_rate", **({"sure_": "sure_rate"} if falling else {})}
        for prefix, rate in rates.items():
            terms += [
                f"100 * s.{rate} / nullif(s.{part}_rate, 0) AS {prefix}{part}"
                for part in ("past", "day")
            ]
        for part in ("past", "day"):
            site = f"sum(s.now_rate) OVER () / nullif(sum(s.{part}_rate) OVER (), 0)"
            terms.append(f"{site if dimension else '1.0'} AS {part}_site")
        ratios = select(terms, sums, "s")
        milder, clip = (_greatest, _least) if falling else (_least, _greatest)
        own, sure = (
            [
                f"r.{prefix}{part} / nullif({clip(f'r.{part}_site', '1.0')}, 0)"
                for part in ("past", "day")
            ]
            for prefix in ("", "sure_")
        )
        where = [
            f"r.requests >= {number(max(min_requests, 1))}",
            f"r.day_requests >= {number(min_requests * window / baseline)}",
            *(["r.newest_requests > 0"] if short else []),
            *(f"{each} IS NOT NULL" for each in own),
        ]
        if not falling:
            return _one(milder(*own), ratios, "r", where)
        columns = ["r.name AS name", f"{milder(*own)} AS number", f"{milder(*sure)} AS sure"]
        return _surely_below(select(columns, ratios, "r", where), line)

    def served(
        self,
        dimension: "Dimension",
        home: "Dimension",
        *,
        window: int,
        baseline: int,
        min_requests: float,
        line: float = 0,
    ) -> str:
        """Ask how much of its usual requests a label's viewers still make, in percent.

        Viewers are those of the same `home`: what a label loses and others of the same home gain is
        still served. Usual is the `baseline` before the window; if the label had as little at the
        same time a day before, that is usual, too. What changes for the whole site is no change.
        It is below the line if the most that its count can mean is; see `change`.
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
        now, day = "sum(e.now_requests)", "nullif(sum(e.day_requests) * max(e.day_scale), 0)"
        served_ = f"sum(e.expected) - sum({unserved})"
        by_name = select(
            [
                "e.name AS name",
                f"100 * ({served_}) / nullif(sum(e.expected), 0) AS past",
                f"100 * {now} / {day} AS day",
                f"100 * ({served_} + {at_most(now)} - {now}) / nullif(sum(e.expected), 0)"
                " AS sure_past",
                f"100 * {at_most(now)} / {day} AS sure_day",
            ],
            expected,
            "e",
            group=["e.name"],
            having=[
                f"sum(e.past_requests) >= {number(max(min_requests, 1))}",
                f"sum(e.day_requests) >= {number(min_requests * window / baseline)}",
            ],
        )
        columns = [
            "r.name AS name",
            f"{_greatest('r.past', 'r.day')} AS number",
            f"{_greatest('r.sure_past', 'r.sure_day')} AS sure",
        ]
        where = ["r.past IS NOT NULL", "r.day IS NOT NULL"]
        return _surely_below(select(columns, by_name, "r", where), line)

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
        held: float | None = None,
    ) -> str:
        """Ask how many points a share is below that of the same window a day before.

        It is the lesser of the window and its newest part. More requests than a day before do not
        lower a share: they are somebody new, such as a crawler. It is beyond the line if the upper
        bound of the share is; see `shares`. What had less than `usual` percent is left out. With
        `held`, the newest part only says if it still goes on, as for `burns`.
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
        columns = [
            "k.name AS name",
            f"{_least(*reversed(plain_))} AS number",
            f"{_least(*reversed(sure))} AS sure",
        ]
        if held is not None:
            newest = bound(parts["short"], asked["short"], "-", PERHAPS)
            columns += [f"{plain_[0]} AS long_number", f"{sure[0]} AS long_sure", "1 AS enough"]
            columns.append(f"{_least(f'k.usual - {newest}', plain_[0])} AS perhaps")
        both = select(columns, capped, "k", [f"k.usual >= {number(usual)}"])
        return _surely(both, line, held)

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
    return [Slice("now", window), *([Slice("past", window + past, window)] if past else [])]


def _usual(window: int, baseline: int) -> list[Slice]:
    return [
        Slice("now", window),
        Slice("past", window + baseline, window),
        Slice("day", DAY + window, DAY),
    ]
