"""What changed: the last hour beside the one before, or beside the same hour yesterday."""

from collections.abc import Sequence

from dashboards.grafana import figures
from dashboards.grafana.board import Board, Line, Outline
from dashboards.grafana.figures import Column
from dashboards.grafana.panels import Json, Panel
from dashboards.grafana.tables import column_width, table_height
from dashboards.signals import DIMENSIONS, SIGNALS, Signal
from dashboards.signals.comparisons import AGAINST, LONGEST, MEASURE, MEASURES

_MOST = 7
# Two in a line; URIs need one of their own.
_BY = (("edge", "country"), ("host", "behavior"), ("uri",))
_MORE = (("status", "detail"), ("origin",))
_SPAN = (
    f"Compared is the time range above, or its last {LONGEST} if it is longer, with the time just "
    "before it, as long, and with the same time a day earlier."
)


def _measures(board: Board) -> list[Signal]:
    return [SIGNALS[name] for name in MEASURES.values() if board.collected.available(SIGNALS[name])]


def in_all(board: Board) -> tuple[str, list[Line]]:
    """Compare everything at once."""
    measures = _measures(board)
    if len(measures) < 2:
        return "In all", []
    table = figures.ranking(
        **board.asking("totals", "In all", [board.ask.totals(measures, filters=board.filters)]),
        about="all measures, now, before and yesterday",
        description=_SPAN,
        reads=board.collected.fields_of(*measures),
        uses=board.chosen_by(),
        columns=[
            Column("title", "Measure", unit="string"),
            Column("amount_now", "Now", 130),
            Column("amount_before", "Before", 130),
            Column("since_before", "Since before", 130, "percent", decimals=0),
            Column("amount_yesterday", "Yesterday", 130),
            Column("since_yesterday", "Since yesterday", 150, "percent", decimals=0),
        ],
        width=24,
        height=max(table_height(len(measures)), 6),
    )
    return "In all", [[table]]


def by_dimension(board: Board) -> tuple[str, list[Line]]:
    """List who contributes most to the change of the chosen measure."""
    return "Where the change comes from", _lines(board, _BY)


def by_outcome(board: Board) -> tuple[str, list[Line]]:
    """List by what became of requests, and by origin."""
    return "By status, result and origin", _lines(board, _MORE)


def _lines(board: Board, by: Sequence[Sequence[str]]) -> list[Line]:
    measures = _measures(board)
    if len(measures) < 2:
        return []
    return [[_changed(board, name, measures) for name in names] for names in by]


def _changed(board: Board, name: str, measures: list[Signal]) -> Panel | None:
    dimension = DIMENSIONS[name]
    if not board.collected.available(dimension):
        return None
    query = board.ask.differences(dimension, measures, filters=board.filters, most=_MOST)
    return figures.ranking(
        **board.asking(f"changed-{name}", f"${{{MEASURE}:text}} by {name_of(name)}", [query]),
        about="the greatest changes of the chosen measure",
        description="Those that add most to the change, up or down. Share: their part of the sum "
        f"of all changes, whatever their sign. {_SPAN}",
        reads=board.collected.fields_of(dimension, *measures),
        uses=board.chosen_by() | {MEASURE, AGAINST},
        columns=[
            *compared(name, board.links_of(name)),
            Column("share", "Share", 72, "percent", decimals=0),
        ],
        nothing="Nothing to compare",
        width=12,
        height=table_height(_MOST),
    )


def name_of(name: str) -> str:
    """Return what a dimension is called within a title."""
    title = DIMENSIONS[name].title
    return title if title.isupper() else title[0].lower() + title[1:]


def compared(name: str, links: list[Json], unit: str = "short") -> list[Column]:
    """Return the columns of a label's amounts at three times, and its change."""
    amounts = {
        "amount_now": "Now",
        "amount_before": "Before",
        "amount_yesterday": "Yesterday",
        "change": "Change",
    }
    return [
        Column(name, DIMENSIONS[name].title, unit="string", links=links, label=True),
        *(Column(each, title, column_width(title, unit), unit) for each, title in amounts.items()),
    ]


OUTLINE = Outline(
    "changes",
    "CloudFront changes",
    "What is different now from before, and from yesterday? Who makes the difference?",
    (in_all, by_dimension),
    closed=(by_outcome,),
)
