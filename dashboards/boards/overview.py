"""Overview: is the site healthy, and if not, where to look."""

from dashboards.grafana.board import Board, Line, Outline
from dashboards.grafana.panels import Panel
from dashboards.signals import SIGNALS

# The worst places are those of the last minutes, and only among those with some traffic.
NOW = "10m"
ENOUGH = ((SIGNALS["requests"], ">=", 20),)
_WORST = [
    "errors_5xx",
    "error_rate_5xx",
    "error_rate_5xx_bound",
    "requests",
]
# The first one asks for all of them, and for those of a day ago.
_TILES = {
    "error_rate_5xx_bound": ("5xx rate, at least", "5xx"),
    "error_rate_4xx_bound": ("4xx rate, at least", "4xx"),
    "ttfb_p95_enough": ("TTFB p95", "p95"),
    "ttfb_p99_enough": ("TTFB p99", "p99"),
    "hit_ratio": ("Cache hit ratio", "Hits"),
    "request_rate": ("Requests", "Requests"),
}
_ASKS = [
    *_TILES,
    "error_rate_5xx",
    "error_rate_4xx",
    "ttfb_p50",
    "ttfb_p95",
    "ttfb_p99",
    "byte_rate",
    "byte_hit_ratio",
]


def _shown(board: Board) -> tuple[list[str], str]:
    """Return the tiles' signals, and the key of the first tile, which asks for everything."""
    names = [name for name in _TILES if board.collected.available(SIGNALS[name])]
    return names, f"now-{names[0]}"


def vital_signs(board: Board) -> tuple[str, list[Line]]:
    """Show every vital sign at a glance, what it was yesterday, and what is firing."""
    names, first = _shown(board)
    return "Right now", [
        [
            board.tile(
                f"now-{name}", _TILES[name][0], name, of=first, asks=_ASKS, width=4, height=4
            )
            for name in names
        ],
        [
            # A phone shows them one below the other: each says of what it is.
            board.tile(
                f"before-{name}",
                f"{_TILES[name][1]} yesterday",
                name,
                of=first,
                day_before=True,
                width=4,
                height=2,
            )
            for name in names
        ],
        [board.alerts("alerts", "Firing: critical", severity="critical", width=24, height=9)],
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
            most=5,
            timeFrom=NOW,
            quiet_range=True,
            width=12,
            description=(
                f"Most 5xx responses over the last {NOW}, among those with at least "
                f"{ENOUGH[0][2]} requests in that time. The bar is what the 5xx rate is at least, "
                "however few the requests; it has a color beyond the line of the rule."
            ),
        )

    return "Where to look: the last 10 minutes", [
        [panel("country"), panel("edge")],
        [panel("behavior"), panel("host")],
    ]


def over_time(board: Board) -> tuple[str, list[Line]]:
    """Draw the vital signs, and those of the day before."""
    _, first = _shown(board)

    def panel(key: str, title: str, *names: str) -> Panel | None:
        return board.series(key, title, names, of=first, day_before=True)

    return "Over time (dashed: the day before)", [
        [
            panel("error-rate-5xx", "5xx rate", "error_rate_5xx"),
            panel("error-rate-4xx", "4xx rate", "error_rate_4xx"),
            panel("ttfb", "Time to first byte", "ttfb_p50", "ttfb_p95", "ttfb_p99"),
        ],
        [
            panel("request-rate", "Requests per second", "request_rate"),
            panel("byte-rate", "Bytes per second", "byte_rate"),
            panel("hit-ratio", "Cache hit ratio", "hit_ratio", "byte_hit_ratio"),
        ],
    ]


def less_urgent(board: Board) -> tuple[str, list[Line]]:
    """List what can wait, and what may fire soon."""
    return "Less urgent alerts", [
        [
            board.alerts("warnings", "Firing: warning", severity="warning", width=12, height=9),
            board.alerts("pending", "Pending", firing=False, width=12, height=9),
        ],
    ]


OUTLINE = Outline(
    "overview",
    "CloudFront overview",
    "Is the site healthy, and if not, where to look.",
    (vital_signs, worst, over_time, less_urgent),
)
