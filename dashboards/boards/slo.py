"""Error budgets: how much is left, how fast it is spent, and who spends it.

The objectives and the lines are those of the alert rules, in alerts/thresholds.toml, and so are the
queries of the burns over their windows.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from dashboards.alerts import cadence
from dashboards.alerts import queries as asked
from dashboards.alerts.knobs import Threshold, Thresholds
from dashboards.alerts.rules import RULES, Part, Rule
from dashboards.config import Bundle
from dashboards.grafana import colors, figures
from dashboards.grafana.board import Board, Line, Outline, RowOf
from dashboards.grafana.figures import Column
from dashboards.grafana.panels import Panel
from dashboards.grafana.tables import table_height
from dashboards.signals import DIMENSIONS, Signal
from dashboards.signals.expressions import Linear, Named, Share
from dashboards.stores import Format
from dashboards.stores.common import judged

PERIOD = 30  # days
_SPAN = 5  # minutes, by which breaches are counted: the shorter window of the fastest rule
_MOST = 7
_SPENDERS = ("country", "host", "behavior")


@dataclass(frozen=True)
class Budget:
    """An objective, and what spends its budget."""

    name: str  # as thresholds.toml has it
    title: str
    short: str  # where there is little room
    bad: str  # a predicate
    unit: str  # what it is that is bad, of many
    chosen: Mapping[str, str]  # variables of the board of requests that leave these
    color: str


BUDGETS = (
    Budget(
        name="availability",
        title="Availability",
        short="5xx",
        bad="server_error",
        unit="5xx responses",
        chosen={"status": "5"},
        color="red",
    ),
    Budget(
        name="latency",
        title="Latency",
        short="Slow",
        bad="slow_first_byte",
        unit="slow first bytes",
        chosen={"only": "slow_first_byte"},
        color="purple",
    ),
)


def duration(seconds: int) -> str:
    """Return a window as rules write it: 5m, 6h, 3d."""
    for unit, length in (("d", 86_400), ("h", 3600), ("m", 60)):
        if seconds % length == 0:
            return f"{seconds // length}{unit}"
    return f"{seconds}s"


def outline(bundle: Bundle, limits: Thresholds) -> Outline:
    """Return the dashboard's outline: the lines on it are the rules'."""
    limits = cadence.at(limits, bundle)
    days = min(PERIOD, bundle.retention)
    return Outline(
        "slo",
        "CloudFront error budgets",
        "How much of the budgets is left, how fast it goes, and who spends it.",
        (_left(limits, days), _now(limits), _spenders(limits, days)),
        chain=(),
        time_range="24h",
    )


def _allowed(limits: Thresholds, budget: Budget) -> float:
    """Return the percentage of requests that may be bad."""
    return 100 - float(getattr(limits, budget.name))


@dataclass(frozen=True)
class Burn:
    """A part of an alert rule that watches how fast a budget is spent."""

    rule: Rule
    part: Part
    threshold: Threshold

    @property
    def color(self) -> str:
        """The color of what is beyond its line."""
        return colors.SEVERITY[self.rule.severity]


def _burns(limits: Thresholds, budget: Budget) -> list[Burn]:
    """Return what watches a budget, the shortest window first."""
    found = [
        Burn(rule, part, limits.rules[part.name])
        for rule in RULES.values()
        for part in rule.parts
        if part.ask is asked.burn and part.question.objective == budget.name
        if limits.rules[rule.name].enabled and limits.rules[part.name].enabled
    ]
    return sorted(found, key=lambda burn: burn.threshold.window)


def _fast(limits: Thresholds, budget: Budget) -> Threshold | None:
    return next((burn.threshold for burn in _burns(limits, budget)), None)


def _row(name: str, make: RowOf) -> RowOf:
    make.__name__ = name
    return make


def _left(limits: Thresholds, days: int) -> RowOf:
    def row(board: Board) -> tuple[str, list[Line]]:
        found: list[Panel | None] = []
        for budget in BUDGETS:
            if board.collected.available(budget.bad):
                found += [_rest(board, limits, budget, days), _breach(board, limits, budget, days)]
        return f"The last {days} days", [found]

    return _row("left", row)


def _rest(board: Board, limits: Thresholds, budget: Budget, days: int) -> Panel:
    allowed = _allowed(limits, budget)
    signal = Signal(
        "budget_left", "", "percent", "", Linear(Share(Named(budget.bad)), -100 / allowed, 100)
    )
    return figures.tile(
        **board.asking(
            f"left-{budget.name}", f"{budget.title} budget left", [board.ask.instant([signal])]
        ),
        about="budget left",
        description=f"Of the requests of {days} days {100 - allowed:g} % must be good, so "
        f"{allowed:g} % may be {budget.unit}: this much of that is left. Below 0 the objective is "
        f"missed. Every request that there is of these days counts.",
        reads=board.collected.fields_of(budget.bad),
        uses=frozenset({"datasource"}),
        number="budget_left",
        unit="percent",
        beyond=((0, "orange"), (20, colors.NEUTRAL)),
        calm="red",
        decimals=1,
        timeFrom=f"{days}d",
        quiet_range=True,
        width=6,
        height=4,
    )


def _breach(board: Board, limits: Thresholds, budget: Budget, days: int) -> Panel | None:
    fast = _fast(limits, budget)
    if fast is None:
        return None
    rate = fast.line * _allowed(limits, budget)
    least = (fast.min_requests or 1) * _SPAN * 60 / fast.window
    query = board.ask.breach(budget.bad, rate=rate, minutes=_SPAN, least=least)
    return figures.tile(
        **board.asking(f"breach-{budget.name}", f"{budget.title}, minutes of breach", [query]),
        about="minutes of breach",
        description=f"Minutes of {days} days in which {rate:.3g} % or more of the requests were "
        f"{budget.unit}: the budget was spent {fast.line:g} times too fast, the line of the "
        f"fastest rule. Judged by spans of {_SPAN} minutes with {least:.0f} logged requests "
        "at least.",
        reads=board.collected.fields_of(budget.bad),
        uses=frozenset({"datasource"}),
        number="minutes",
        unit="m",
        timeFrom=f"{days}d",
        quiet_range=True,
        width=6,
        height=4,
    )


def _now(limits: Thresholds) -> RowOf:
    def row(board: Board) -> tuple[str, list[Line]]:
        budgets = [each for each in BUDGETS if board.collected.available(each.bad)]
        tiles = [
            [_burn(board, limits, budget, burn) for burn in _burns(limits, budget)]
            for budget in budgets
        ]
        title = (
            f"How many times too fast they are spent, by the rules' lines (1 lasts {PERIOD} days)"
        )
        return title, [*tiles, [_curve(board, limits, budget) for budget in budgets]]

    return _row("now", row)


def _burn(board: Board, limits: Thresholds, budget: Budget, burn: Burn) -> Panel:
    threshold = burn.threshold
    found = burn.part.ask(limits, threshold, 0, burn.part.question)
    query = judged.plain(asked.alone(board.store, found))
    window, short = duration(threshold.window), duration(threshold.short)
    clipped = (
        f" A span of {asked.slot(threshold.window)} minutes counts as {threshold.at_most:g} times "
        "too fast and no more: the faster rule has told of it."
        if threshold.at_most
        else ""
    )
    return figures.tile(
        **board.asking(f"burn-{burn.part.name}", f"{budget.short}, {window}", [query]),
        about=f"the number of {burn.part.name} in the alert rule {burn.rule.name}",
        description=f"How many times too fast the budget is spent over {window} and {short}: the "
        f"lesser of both, as the rule {burn.rule.name} asks. It alerts above {threshold.line:g}."
        f"{clipped} No number: less than half of the window has requests, or there are too few.",
        reads=board.collected.fields_of(budget.bad),
        uses=frozenset({"datasource"}),
        number="value",
        unit=f"suffix: / {threshold.line:g}",
        beyond=((threshold.line, burn.color),),
        nothing="not yet",
        titled=True,
        decimals=1,
        timeFrom=duration(found.span),
        timeShift=duration(limits.delay),
        quiet_range=True,
        width=6,
        height=3,
    )


def _curve(board: Board, limits: Thresholds, budget: Budget) -> Panel:
    share = Linear(Share(Named(budget.bad)), 1 / _allowed(limits, budget))
    signal = Signal("burn", "", "short", "", share)
    burns = _burns(limits, budget)
    lines = sorted((burn.threshold.line, burn.color) for burn in burns)
    said = ", ".join(
        f"{burn.threshold.line:g} over {duration(burn.threshold.window)}" for burn in burns
    )
    common = board.asking(
        f"curve-{budget.name}",
        f"{budget.title} budget: times too fast",
        [board.ask.series([signal])],
        Format.SERIES,
    )
    return figures.curve(
        **common | {"interval": f"{_SPAN}m"},
        about="burn over time, with the rules' lines",
        description=f"Percentage of {budget.unit} by the percentage that may be, at each step. "
        f"Lines are the rules': {said}. A rule looks at a whole window, so one high step need not "
        "alert; over long windows it counts no step as faster than a faster rule's line.",
        reads=board.collected.fields_of(budget.bad),
        uses=frozenset({"datasource"}),
        names=[("burn", "times too fast", budget.color)],
        unit="short",
        lines=lines,
        least_max=max([line for line, _ in lines], default=1) * 1.1,
        width=12,
        height=8,
    )


def _spenders(limits: Thresholds, days: int) -> RowOf:
    def row(board: Board) -> tuple[str, list[Line]]:
        budgets = [each for each in BUDGETS if board.collected.available(each.bad)]
        found: list[Line] = [
            [_table(board, limits, budget, name, days) for budget in budgets] for name in _SPENDERS
        ]
        return f"Who spent it, over {days} days", found

    return _row("spenders", row)


def _table(board: Board, limits: Thresholds, budget: Budget, name: str, days: int) -> Panel | None:
    dimension = DIMENSIONS[name]
    if not board.collected.available(dimension):
        return None
    objective = 100 - _allowed(limits, budget)
    links = board.requests_of([name], budget.chosen, own=name)
    query = board.ask.spent(budget.bad, dimension, objective=objective, most=_MOST)
    return figures.ranking(
        **board.asking(f"spent-{budget.name}-{name}", f"{budget.title} by {name}", [query]),
        about=f"who spent the {budget.name} budget",
        description=f"Budget: the share of the site's budget of {days} days that this "
        f"{dimension.title.lower()} spent; together they spent what is gone of it. Rate: the "
        f"percentage of {budget.unit} among its own requests.",
        reads=board.collected.fields_of(budget.bad, dimension),
        uses=frozenset({"datasource"}),
        columns=[
            Column(
                name, dimension.title, unit="string", links=[links] if links else (), label=True
            ),
            Column("spent", "Budget", 90, "percent", decimals=1),
            Column("bad", "Bad", 75),
            Column("rate", "Rate", 80, "percent", decimals=2),
        ],
        nothing="Nothing was spent",
        timeFrom=f"{days}d",
        quiet_range=True,
        width=12,
        height=table_height(_MOST),
    )
