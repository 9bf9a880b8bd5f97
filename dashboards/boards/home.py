"""Home: what each dashboard answers, and how things stand; the first thing that a newcomer sees."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

from dashboards.alerts.knobs import Thresholds
from dashboards.config import Bundle
from dashboards.grafana import colors, figures, panels
from dashboards.grafana.board import Board, Line, Outline, RowOf
from dashboards.grafana.panels import Panel
from dashboards.signals import DIMENSIONS, SIGNALS

NAME = "home"
_NOW = "10m"
_SENTENCE = re.compile(r"(?<=[.?]) ")  # where one ends: a line has room for the first
_ENOUGH = 50  # logged requests, for a place to be called the worst


@dataclass(frozen=True)
class State:
    """How things stand on one dashboard, in one number."""

    title: str
    signal: str
    by: str = ""  # the worst of a dimension
    about: str = ""


# By the dashboard's name; one that is not here has a line without a number.
_STATES: Mapping[str, State] = {
    "overview": State("Requests per second", "request_rate"),
    "errors": State("5xx rate, at least", "error_rate_5xx_bound"),
    "countries": State("Worst country, 5xx", "error_rate_5xx_bound", "country"),
    "edges": State("Worst edge, 5xx", "error_rate_5xx_bound", "edge"),
    "latency": State("TTFB p95", "ttfb_p95_enough"),
    "cache": State("Cache hit ratio", "hit_ratio"),
    "viewers": State("IPv6 share", "ipv6_share"),
    "traffic": State("Bill of a month", "bill_month"),
    "requests": State("Requests", "requests"),
    "changes": State("4xx rate, at least", "error_rate_4xx_bound"),
    "slo": State("Slow, at least", "slow_first_byte_bound"),
    "pipeline": State("Since the last batch", "silence"),
}


def outline(bundle: Bundle, limits: Thresholds, others: Sequence[Outline]) -> Outline:
    """Return the dashboard's outline; `others` are the dashboards that it leads to."""
    return Outline(
        NAME,
        "CloudFront home",
        "Where to look first: what each dashboard answers, and how things stand.",
        (_welcome(bundle), _list(others)),
        chain=(),
    )


def _welcome(bundle: Bundle) -> RowOf:
    def welcome(board: Board) -> tuple[str, list[Line]]:
        return "Start here", [
            [
                # First, which on a phone is above.
                board.alerts("firing", "Firing now", width=12, height=9),
                panels.text(
                    _text(bundle, board),
                    key="welcome",
                    title="What this is",
                    description="What these dashboards show, and where to begin.",
                    width=12,
                    height=12,
                ),
            ]
        ]

    return welcome


def _text(bundle: Bundle, board: Board) -> str:
    overview = f"[Overview](/d/{bundle.uid('overview')})"
    said = (
        "Each request that CloudFront answers is a log line, which is here within seconds. These "
        "dashboards count the lines.\n\n"
        f"- **Is something wrong?** *Firing now* lists the alerts. Then {overview}: is it an "
        "edge, a country, a path or the origin?\n"
        "- **Click a name**, wherever it is: the next dashboard shows that alone, and at last the "
        "requests themselves.\n"
    )
    if bundle.billed:
        return said
    return said + (
        "\nOn one machine the traffic is made up, and yours to break. In the checkout:\n\n"
        f"    {board.store.settings.INCIDENT}\n\n"
        "Within three minutes an alert fires here and a mail is in "
        "[the mailbox](http://localhost:8025). Which country is it, through which edges? "
        "`incident stop` ends it.\n"
    )


def _list(others: Sequence[Outline]) -> RowOf:
    def dashboards(board: Board) -> tuple[str, list[Line]]:
        there = [each for each in others if board.siblings is None or each.name in board.siblings]
        pairs: list[Line] = []
        for each in there:
            state = _state(board, each.name)
            entry = _entry(board, each, width=8 if state else 12)
            pairs.append([entry, state])
        lines: list[Line] = [list(chain(*pairs[n : n + 2])) for n in range(0, len(pairs), 2)]
        return "All dashboards, last 10 minutes", lines

    return dashboards


def _entry(board: Board, of: Outline, width: int) -> Panel:
    name = of.title.removeprefix("CloudFront ")
    link = f"/d/{board.bundle.uid(of.name)}"
    return panels.text(
        f"**[{name[0].upper()}{name[1:]}]({link})** · {_SENTENCE.split(of.description)[0]}",
        key=f"entry-{of.name}",
        title="",
        description=of.description,
        width=width,
        height=2,
        transparent=True,
    )


def _state(board: Board, name: str) -> Panel | None:
    state = _STATES.get(name)
    if state is None or not board.collected.available(SIGNALS[state.signal]):
        return None
    signal = SIGNALS[state.signal]
    dimension = DIMENSIONS[state.by] if state.by else None
    if dimension is None:
        query = board.ask.instant([signal])
    elif board.collected.available(dimension):
        query = board.ask.instant(
            [signal],
            dimension,
            having=[(SIGNALS["requests"], ">=", _ENOUGH * 100 / board.bundle.sampling)],
            limit=1,
        )
    else:
        return None
    line = board.rule_lines.of(signal, state.by or None)
    return figures.tile(
        **board.asking(f"state-{name}", state.title, [query]),
        about=signal.title.lower(),
        description=f"{signal.described(board.store.settings.TITLE)} Of the last {_NOW}.",
        reads=board.collected.fields_of(signal, *filter(None, [dimension])),
        uses=frozenset({"datasource"}),
        number=signal.name,
        unit=signal.unit,
        beyond=((line.value, line.color),) if line and not line.below else (),
        calm=colors.NEUTRAL,
        timeFrom=_NOW,
        quiet_range=True,
        small=True,
        decimals=2 if signal.unit == "percent" else None,
        width=4,
        height=2,
    )
