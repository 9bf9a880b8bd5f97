"""Overview: is the site well, and if not, where to look."""

from dashboards.board import Board, Line
from dashboards.config import Bundle


def edges_and_countries(board: Board) -> tuple[str, list[Line]]:
    """Answer the three questions this all began with."""
    return "Traffic, errors, latency", [
        [board.top("bytes-by-edge", "Bytes per second by edge", "byte_rate", "edge", width=24)],
        [
            board.top("errors-by-country", "5xx rate by country", "error_rate_5xx", "country"),
            board.series(
                "ttfb", "Time to first byte", ["ttfb_p50", "ttfb_p95", "ttfb_p99"], day_before=True
            ),
        ],
    ]


def board(bundle: Bundle) -> Board:
    """Return the dashboard."""
    return Board(
        bundle,
        "overview",
        "CloudFront overview",
        "Is the site well, and if not, where to look.",
        [edges_and_countries],
    )
