"""Latency: how long viewers wait, and whether for the edge or for the origin."""

from dashboards.grafana.board import Board, Line, Outline

# Upper bounds in seconds: fine where hits are, coarse where people have left.
BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)


def viewers(board: Board) -> tuple[str, list[Line]]:
    """Draw how long viewers wait."""
    return "What viewers wait for", [
        [
            board.series(
                "ttfb", "Time to first byte", ["ttfb_p50", "ttfb_p95", "ttfb_p99"], day_before=True
            ),
            board.series(
                "time-taken", "Time taken", ["time_taken_p50", "time_taken_p95", "time_taken_p99"]
            ),
            board.series(
                "slow", "Requests of 1 s or more", ["slow_share", "slow_first_byte_share"]
            ),
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


def edge_or_origin(board: Board) -> tuple[str, list[Line]]:
    """Draw the time spent at the edge and the time spent at the origin."""
    return "Edge or origin?", [
        [
            board.series(
                "ttfb-hit-miss",
                "Time to first byte, hits against misses",
                ["ttfb_hit_p50", "ttfb_hit_p95", "ttfb_miss_p50", "ttfb_miss_p95"],
            ),
            board.series(
                "time-taken-hit-miss",
                "Time taken, hits against misses",
                [
                    "time_taken_hit_p50",
                    "time_taken_hit_p95",
                    "time_taken_miss_p50",
                    "time_taken_miss_p95",
                ],
            ),
            board.series(
                "origin-fbl",
                "Origin first byte",
                ["origin_fbl_p50", "origin_fbl_p95", "origin_fbl_p99"],
            ),
            board.series(
                "origin-lbl",
                "Origin last byte",
                ["origin_lbl_p50", "origin_lbl_p95", "origin_lbl_p99"],
            ),
        ],
        [
            board.top("origin-fbl-origin", "Origin first byte by origin", "origin_fbl", "origin"),
            board.table(
                "slow-uris",
                "Waiting for the origin by URI",
                ["misses", "origin_fbl_p95", "ttfb_miss_p95"],
                ["uri"],
                where=["miss"],
                width=16,
            ),
        ],
    ]


def by_place(board: Board) -> tuple[str, list[Line]]:
    """Draw the chosen percentile by edge, host, behavior and protocol."""
    return "Time to first byte by ...", [
        [
            board.top("ttfb-edge", "Time to first byte by edge", "ttfb", "edge"),
            board.top("ttfb-country", "Time to first byte by country", "ttfb", "country"),
            board.top("ttfb-host", "Time to first byte by host", "ttfb", "host"),
        ],
        [
            board.top("ttfb-behavior", "Time to first byte by behavior", "ttfb", "behavior"),
            board.top(
                "ttfb-protocol", "Time to first byte by HTTP version", "ttfb", "http_version"
            ),
            board.top("ttfb-result", "Time to first byte by result", "ttfb", "result"),
        ],
    ]


OUTLINE = Outline(
    "latency",
    "CloudFront latency",
    "How long viewers wait, and whether for the edge or for the origin.",
    (viewers, edge_or_origin, by_place),
)
