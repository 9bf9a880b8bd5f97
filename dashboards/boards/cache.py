"""Cache and origin: what the cache answers, what it does not, and what that costs the origin."""

from dashboards.boards.edges import ENOUGH
from dashboards.grafana.board import Board, Line, Outline
from dashboards.grafana.panels import Panel


def hits(board: Board) -> tuple[str, list[Line]]:
    """Draw the cache hit ratio."""

    def panel(key: str, by: str, of: str) -> Panel | None:
        return board.strip(
            key, f"Cache hit ratio of the busiest {of}", "hit_ratio", by, having=ENOUGH, width=12
        )

    return "Cache", [
        [
            board.series(
                "hit-ratio",
                "Cache hit ratio",
                ["hit_ratio", "byte_hit_ratio"],
                day_before=True,
                asks=[
                    "shield_hit_share",
                    "origin_request_rate",
                    "origin_share",
                    "origin_error_share",
                    "error_rate_5xx",
                    "failovers",
                ],
                width=12,
                height=10,
            ),
            board.top(
                "results",
                "Requests per second by result",
                "request_rate",
                "result",
                width=12,
                height=10,
            ),
        ],
        [
            panel("hit-behavior", "behavior", "cache behaviors"),
            panel("hit-host", "host", "hosts"),
        ],
        [panel("hit-type", "content_type", "content types"), panel("hit-edge", "edge", "edges")],
    ]


def origin(board: Board) -> tuple[str, list[Line]]:
    """Draw what reaches the origin, and how much of it fails."""
    return "Origin", [
        [
            board.series(
                "origin-rate", "Origin requests per second", ["origin_request_rate"], of="hit-ratio"
            ),
            board.series(
                "origin-share",
                "Share that reaches the origin",
                ["origin_share", "shield_hit_share"],
                of="hit-ratio",
            ),
            board.series(
                "origin-errors",
                "5xx, and failed at the origin",
                ["error_rate_5xx", "origin_error_share"],
                of="hit-ratio",
            ),
        ],
        [
            board.top(
                "origin-details",
                "Origin errors by kind",
                "requests",
                "detail",
                where=["origin_error"],
                width=12,
            ),
            board.series("failovers", "Origin failovers", ["failovers"], of="hit-ratio", width=12),
        ],
        [
            board.top(
                "origins",
                "Origin requests per second by origin",
                "origin_request_rate",
                "origin",
                where=["origin_request"],
                width=24,
            ),
        ],
    ]


def behaviors(board: Board) -> tuple[str, list[Line]]:
    """List the cache behaviors."""
    return "Cache behaviors", [
        [
            board.table(
                "behaviors",
                "Cache behaviors by requests",
                [
                    "requests",
                    "bytes",
                    "hit_ratio",
                    "byte_hit_ratio",
                    "misses",
                    "missed_bytes",
                    "origin_error_rate",
                ],
                ["behavior", "host"],
                width=24,
            )
        ],
    ]


def misses(board: Board) -> tuple[str, list[Line]]:
    """List what the cache did not have."""
    return "URIs that the cache misses most", [
        [
            board.table(
                "missed-uris",
                "Most missed URIs",
                ["misses", "missed_bytes"],
                ["uri"],
                where=["miss"],
                width=12,
            ),
            board.table(
                "missed-bytes",
                "URIs with most bytes of misses",
                ["missed_bytes", "misses"],
                ["uri"],
                where=["miss"],
                width=12,
            ),
        ],
    ]


OUTLINE = Outline(
    "cache",
    "CloudFront cache and origin",
    "What the cache answers, and what its misses cost the origin.",
    (hits, origin, behaviors),
    closed=(misses,),
)
