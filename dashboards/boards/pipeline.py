"""Pipeline: are the other dashboards complete? What came in, what was written, how late."""

from dashboards.grafana import figures
from dashboards.grafana.board import Board, Line, Outline
from dashboards.grafana.panels import Panel
from dashboards.signals import Signal
from dashboards.signals.expressions import Count, Linear, PerSecond, Reported, Sum
from dashboards.signals.prices import MILLION_LINES
from dashboards.stores import Cost

_TOTALS = {
    "received": "Lines received",
    "written": "Rows written",
    "duplicates": "Duplicates",
    "malformed_share": "Malformed",
    "rejected_share": "Rejected",
    "trimmed": "Trimmed",
    "unaccounted": "Unaccounted for",
    "silence": "Since last batch",
}
_FIRST = "total-received"
# Batches bring what waited, such as after an outage: then a hundred times as much as usual.
_TWOFOLD, _TENFOLD = 2, 10


def totals(board: Board) -> tuple[str, list[Line]]:
    """Show whether the counts add up."""
    return "Do the counts add up? Over the whole range", [
        [
            board.tile(
                f"total-{name}",
                title,
                name,
                of=_FIRST,
                asks=list(_TOTALS),
                whole=True,
                width=3,
                height=4,
            )
            for name, title in _TOTALS.items()
        ]
    ]


def flow(board: Board) -> tuple[str, list[Line]]:
    """Draw what came in and what became of it."""
    return "Lines", [
        [
            board.series(
                "lines",
                "Lines received and written",
                ["received", "written"],
                asks=[
                    "malformed",
                    "rejected",
                    "trimmed",
                    "duplicates",
                    "malformed_share",
                    "rejected_share",
                    "lag_p50",
                    "lag_max",
                    "write_time_p95",
                    "duration_p95",
                    "invocations",
                    "retried",
                    "bytes_written",
                    "write_units",
                ],
                logarithmic=_TWOFOLD,
            ),
            board.series(
                "trouble",
                "Lines with trouble",
                ["malformed", "rejected", "trimmed", "duplicates"],
                of="lines",
            ),
            board.series(
                "lost", "Lines not written", ["malformed_share", "rejected_share"], of="lines"
            ),
        ],
        [
            board.top(
                "left-out", "Values left out", "left_out", "field", most=10, bars=True, width=24
            )
        ],
    ]


def speed(board: Board) -> tuple[str, list[Line]]:
    """Draw how late and how fast the pipeline is, and what it costs."""
    return "Lag, speed and cost", [
        [
            board.series("lag", "Lag", ["lag_p50", "lag_max"], of="lines", logarithmic=_TENFOLD),
            board.series(
                "durations",
                "Time of a batch",
                ["write_time_p95", "duration_p95"],
                of="lines",
            ),
            board.series("batches", "Batches and retries", ["invocations", "retried"], of="lines"),
        ],
        [
            board.series(
                "written-bytes",
                "Bytes written",
                ["bytes_written"],
                of="lines",
                logarithmic=_TWOFOLD,
                width=12,
            ),
            board.series(
                "write-units",
                "Write units",
                ["write_units"],
                of="lines",
                logarithmic=_TWOFOLD,
                width=12,
            ),
        ],
    ]


def money(board: Board) -> tuple[str, list[Line]]:
    """Show what a day costs, at what was measured in the range."""
    bundle, settings = board.bundle, board.store.settings
    lines = Cost(
        "lines",
        "Log lines",
        "What CloudFront asks for the log lines it delivers, at as many a day as in the range.",
        Linear(PerSecond(Sum(Reported("received"))), 86_400 / 1e6 * MILLION_LINES),
    )
    costs = [*settings.daily(bundle.retention, bundle.interval), lines]
    return "What a day costs (list prices, us-east-1; estimates)", [
        [_daily(board, cost) for cost in costs]
    ]


def _daily(board: Board, cost: Cost) -> Panel:
    rest = "`make cost` has all that the pipeline costs, for your region and traffic."
    value = Linear(Count(), 0, cost.of) if isinstance(cost.of, float) else cost.of
    signal = Signal("dollars", "", "currencyUSD", "", value, record="pipeline")
    return figures.tile(
        **board.asking(f"cost-{cost.name}", cost.title, [board.ask.instant([signal])]),
        about="USD a day",
        description=f"USD a day. {cost.description} {rest}",
        reads=(),
        uses=frozenset({"datasource"}),
        number="dollars",
        unit="currencyUSD",
        width=6,
        height=4,
    )


OUTLINE = Outline(
    "pipeline",
    "CloudFront pipeline",
    "Are the other dashboards complete? What came in, what was written, how late.",
    (totals, flow, speed, money),
    chain=(),
)
