"""Latency: how long viewers wait, and whether for the edge or for the origin."""

from dashboards.boards.edges import ENOUGH
from dashboards.grafana.board import Board, Line, Outline
from dashboards.grafana.panels import Panel

# Upper bounds in seconds: fine where hits are, coarse where people have left.
BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)

_TAKEN = ["time_taken_p50", "time_taken_p95", "time_taken_p99"]
_SLOW = ["slow_share", "slow_first_byte_share"]
_HIT = ["ttfb_hit_p50", "ttfb_hit_p95", "ttfb_hit_p99"]
_MISS = ["ttfb_miss_p50", "ttfb_miss_p95", "ttfb_miss_p99"]
_FIRST_BYTE = ["origin_fbl_p50", "origin_fbl_p95", "origin_fbl_p99"]
_LAST_BYTE = ["origin_lbl_p50", "origin_lbl_p95", "origin_lbl_p99"]
_ASKS = [*_TAKEN, *_SLOW, *_HIT, *_MISS, *_FIRST_BYTE, *_LAST_BYTE]


def viewers(board: Board) -> tuple[str, list[Line]]:
    """Draw how long viewers wait."""
    return "What viewers wait for", [
        [
            board.series(
                "ttfb",
                "Time to first byte",
                ["ttfb_p50", "ttfb_p95", "ttfb_p99"],
                day_before=True,
                asks=_ASKS,
            ),
            board.series("time-taken", "Time taken", _TAKEN, of="ttfb"),
            board.series("slow", "Requests of 1 s or more", _SLOW, of="ttfb"),
        ],
        [
            board.heatmap(
                "ttfb-heatmap",
                "Requests by time to first byte",
                "time-to-first-byte",
                BUCKETS,
                "s",
                width=24,
                description="Number of requests by time to first byte; buckets by upper bound.",
            )
        ],
    ]


def by_place(board: Board) -> tuple[str, list[Line]]:
    """Draw who waits: by country, edge, behavior, host and result."""

    def panel(key: str, by: str, of: str) -> Panel | None:
        return board.strip(
            key,
            f"TTFB p95 of the {of} with most slow first bytes",
            "ttfb_p95",
            by,
            having=ENOUGH,
            width=12,
        )

    return "Who waits?", [
        [
            panel("ttfb-country", "country", "countries"),
            panel("ttfb-edge", "edge", "edges"),
        ],
        [
            panel("ttfb-behavior", "behavior", "cache behaviors"),
            panel("ttfb-host", "host", "hosts"),
        ],
        [
            board.top(
                "ttfb-result",
                "Time to first byte by result",
                "ttfb",
                "result",
                width=24,
            ),
        ],
    ]


def edge_or_origin(board: Board) -> tuple[str, list[Line]]:
    """Draw the time spent at the edge and the time spent at the origin."""
    return "Edge or origin?", [
        [
            board.series("ttfb-hit", "Time to first byte of hits", _HIT, of="ttfb", width=12),
            board.series("ttfb-miss", "Time to first byte of misses", _MISS, of="ttfb", width=12),
        ],
        [
            board.series("origin-fbl", "Origin first byte", _FIRST_BYTE, of="ttfb", width=12),
            board.series("origin-lbl", "Origin last byte", _LAST_BYTE, of="ttfb", width=12),
        ],
    ]


def details(board: Board) -> tuple[str, list[Line]]:
    """Draw waits by HTTP version, origin and URI."""
    return "By HTTP version, origin and URI", [
        [
            board.top(
                "ttfb-protocol",
                "Time to first byte by HTTP version",
                "ttfb",
                "http_version",
                width=12,
            ),
            board.top(
                "origin-fbl-origin",
                "Origin first byte of the busiest origins",
                "origin_fbl",
                "origin",
                width=12,
            ),
        ],
        [
            board.table(
                "slow-uris",
                "Most missed URIs, and their wait",
                ["misses", "origin_fbl_p95", "ttfb_miss_p95"],
                ["uri"],
                where=["miss"],
                width=24,
            ),
        ],
    ]


OUTLINE = Outline(
    "latency",
    "CloudFront latency",
    "How long viewers wait, and whether for the edge or for the origin.",
    (viewers, by_place, edge_or_origin),
    closed=(details,),
)
