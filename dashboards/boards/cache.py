"""Cache and origin: what the cache answers, what it does not, and what that costs the origin."""

from dashboards.grafana.board import Board, Line, Outline


def hits(board: Board) -> tuple[str, list[Line]]:
    """Draw the cache hit ratio."""
    return "Cache", [
        [
            board.series(
                "hit-ratio", "Cache hit ratio", ["hit_ratio", "byte_hit_ratio"], day_before=True
            ),
            board.top("results", "Requests per second by result", "request_rate", "result"),
            board.series("shield", "Origin Shield hits", ["shield_hit_share"]),
        ],
        [
            board.top("hit-behavior", "Hit ratio by cache behavior", "hit_ratio", "behavior"),
            board.top("hit-type", "Hit ratio by content type", "hit_ratio", "content_type"),
            board.top("hit-edge", "Hit ratio by edge", "hit_ratio", "edge"),
        ],
    ]


def origin(board: Board) -> tuple[str, list[Line]]:
    """Draw what reaches the origin, and how much of it fails."""
    return "Origin", [
        [
            board.series("origin-rate", "Origin requests per second", ["origin_request_rate"]),
            board.series("origin-share", "Share that reaches the origin", ["origin_share"]),
            board.series(
                "origin-errors",
                "Errors at the origin and for viewers",
                ["origin_error_rate", "error_rate_5xx"],
            ),
        ],
        [
            board.top(
                "origin-details",
                "Origin errors by kind",
                "requests",
                "detail",
                where=["origin_error"],
            ),
            board.top(
                "origins",
                "Origin requests per second by origin",
                "origin_request_rate",
                "origin",
                where=["origin_request"],
            ),
            board.series("failovers", "Origin failovers", ["failovers"]),
        ],
    ]


def misses(board: Board) -> tuple[str, list[Line]]:
    """List what the cache did not have."""
    return "Misses", [
        [
            board.table(
                "missed-uris",
                "Most missed URIs",
                ["misses", "missed_bytes", "origin_fbl"],
                ["uri", "behavior"],
                where=["miss"],
                width=12,
                height=12,
            ),
            board.table(
                "missed-bytes",
                "URIs with most bytes of misses",
                ["missed_bytes", "misses", "origin_fbl"],
                ["uri", "behavior"],
                where=["miss"],
                width=12,
                height=12,
            ),
        ],
        [
            board.table(
                "behaviors",
                "Cache behaviors in numbers",
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


OUTLINE = Outline(
    "cache",
    "CloudFront cache and origin",
    "What the cache answers, what it does not, and what that costs the origin.",
    (hits, origin, misses),
)
