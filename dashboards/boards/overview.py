"""Overview: is the site healthy, and if not, where to look."""

from dashboards.grafana.board import Board, Line, Outline
from dashboards.grafana.panels import Panel
from dashboards.signals import SIGNALS

# The worst places are those of the last minutes, and only among those with some traffic.
NOW = "10m"
ENOUGH = ((SIGNALS["requests"], ">=", 20),)
_WORST = ["error_rate_5xx", "error_rate_4xx", "requests", "ttfb", "hit_ratio"]


def vital_signs(board: Board) -> tuple[str, list[Line]]:
    """Show every vital sign at a glance."""
    return "Right now", [
        [
            board.stat(
                "now-traffic",
                "Traffic and cache now",
                ["request_rate", "byte_rate", "hit_ratio", "byte_hit_ratio"],
                width=8,
                height=6,
            ),
            board.stat(
                "now-errors",
                "Errors and latency now",
                ["error_rate_4xx", "error_rate_5xx", "ttfb_p50", "ttfb_p95", "ttfb_p99"],
                width=10,
                height=6,
            ),
            board.alerts("alerts", "Firing alerts", width=6, height=6),
        ]
    ]


def against_yesterday(board: Board) -> tuple[str, list[Line]]:
    """Draw the vital signs against the day before."""
    return "Against the day before", [
        [
            board.series("request-rate", "Requests per second", ["request_rate"], day_before=True),
            board.series("byte-rate", "Bytes per second", ["byte_rate"], day_before=True),
            board.series(
                "hit-ratio", "Cache hit ratio", ["hit_ratio", "byte_hit_ratio"], day_before=True
            ),
        ],
        [
            board.series("error-rate-4xx", "4xx rate", ["error_rate_4xx"], day_before=True),
            board.series("error-rate-5xx", "5xx rate", ["error_rate_5xx"], day_before=True),
            board.series(
                "ttfb", "Time to first byte", ["ttfb_p50", "ttfb_p95", "ttfb_p99"], day_before=True
            ),
        ],
    ]


def worst(board: Board) -> tuple[str, list[Line]]:
    """List where most of the requests fail."""

    def panel(by: str) -> Panel | None:
        return board.table(
            f"worst-{by}",
            f"Worst now by {by}",
            _WORST,
            [by],
            having=ENOUGH,
            timeFrom=NOW,
            width=12,
            height=7,
            description=(
                f"Highest 5xx rate over the last {NOW} among those with at least "
                f"{ENOUGH[0][2]} requests in that time."
            ),
        )

    return "Where to look", [[panel("edge"), panel("country")], [panel("behavior"), panel("host")]]


OUTLINE = Outline(
    "overview",
    "CloudFront overview",
    "Is the site healthy, and if not, where to look.",
    (vital_signs, against_yesterday, worst),
)
