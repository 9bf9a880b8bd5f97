"""Pipeline: are the other dashboards complete? What came in, what was written, how late."""

from dashboards.grafana import figures, panels
from dashboards.grafana.board import Board, Line, Outline
from dashboards.grafana.panels import Panel
from dashboards.signals import Signal
from dashboards.signals.expressions import Linear, PerSecond, Reported, Sum
from dashboards.signals.prices import MILLION_LINES
from dashboards.stores import Cost


def totals(board: Board) -> tuple[str, list[Line]]:
    """Show whether the counts add up."""
    return "Do the counts add up?", [
        [
            board.total(
                "totals",
                "Over the whole range",
                [
                    "received",
                    "written",
                    "duplicates",
                    "malformed",
                    "rejected",
                    "trimmed",
                    "unaccounted",
                    "lost_share",
                ],
                width=18,
                height=5,
            ),
            board.total("silence", "Since the last batch", ["silence"], width=6, height=5),
        ]
    ]


def flow(board: Board) -> tuple[str, list[Line]]:
    """Draw what came in and what became of it."""
    return "Lines", [
        [
            board.series("lines", "Lines received and written", ["received", "written"]),
            board.series(
                "trouble", "Lines with trouble", ["malformed", "rejected", "trimmed", "duplicates"]
            ),
            board.series("lost", "Lines not written", ["lost_share"]),
        ],
        [board.top("left-out", "Values left out", "left_out", "field", most=10, width=24)],
    ]


def speed(board: Board) -> tuple[str, list[Line]]:
    """Draw how late and how fast the pipeline is, and what it costs."""
    return "Lag, speed and cost", [
        [
            board.series("lag", "Lag", ["lag_p50", "lag_max"]),
            board.series("durations", "Time of a batch", ["write_time_p95", "duration_p95"]),
            board.series("batches", "Batches and retries", ["invocations", "retried"]),
        ],
        [
            board.series("written-bytes", "Bytes written", ["bytes_written"], width=12),
            board.series("write-units", "Write units", ["write_units"], width=12),
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
    common = {
        "description": f"USD a day. {cost.description} {rest}",
        "shows": "USD a day",
        "width": 6,
        "height": 4,
    }
    if isinstance(cost.of, float):
        return panels.text(
            f"## ${cost.of:.2f}", key=f"cost-{cost.name}", title=cost.title, **common
        )
    signal = Signal("dollars", "", "currencyUSD", "", cost.of, record="pipeline")
    return figures.tile(
        **board.asking(f"cost-{cost.name}", cost.title, [board.ask.instant([signal])]),
        **common,
        uses=frozenset({"datasource"}),
        unit="currencyUSD",
        decimals=2,
    )


OUTLINE = Outline(
    "pipeline",
    "CloudFront pipeline",
    "Are the other dashboards complete? What came in, what was written, how late.",
    (totals, flow, speed, money),
    chain=(),
)
