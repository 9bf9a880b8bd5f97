"""Edges: which edge serves how much, how well and how fast."""

from dashboards.grafana.board import Board, Line, Outline


def traffic(board: Board) -> tuple[str, list[Line]]:
    """Draw what each edge sends; the edges beyond the chosen number are summed up."""
    return "Traffic", [
        [board.top("bytes", "Bytes per second by edge", "byte_rate", "edge", width=24, height=9)],
        [
            board.top("requests", "Requests per second by edge", "request_rate", "edge", width=14),
            board.map(
                "map",
                "Edge locations",
                ["bytes", "requests", "error_rate_5xx", "ttfb_p95", "hit_ratio"],
                "pop",
                "error_rate_5xx",
                width=10,
                description=(
                    "Edges at the airport in their name: size by bytes sent, color by 5xx rate."
                ),
            ),
        ],
    ]


def health(board: Board) -> tuple[str, list[Line]]:
    """Draw errors, latency and cache hits of the busiest edges."""
    return "Health of the busiest edges", [
        [
            board.top("error-rate-5xx", "5xx rate by edge", "error_rate_5xx", "edge", width=12),
            board.top("error-rate-4xx", "4xx rate by edge", "error_rate_4xx", "edge", width=12),
        ],
        [
            board.top("ttfb", "Time to first byte by edge", "ttfb", "edge", width=12),
            board.top("hit-ratio", "Cache hit ratio by edge", "hit_ratio", "edge", width=12),
        ],
    ]


def list_of_edges(board: Board) -> tuple[str, list[Line]]:
    """List the edges with all signals of each."""
    return "Edges in numbers", [
        [
            board.table(
                "table",
                "Edges by bytes",
                [
                    "bytes",
                    "requests",
                    "error_rate_4xx",
                    "error_rate_5xx",
                    "ttfb_p50",
                    "ttfb_p95",
                    "ttfb_p99",
                    "hit_ratio",
                ],
                ["edge"],
                width=24,
                height=12,
            )
        ]
    ]


OUTLINE = Outline(
    "edges",
    "CloudFront edges",
    "Which edge serves how much, how well and how fast.",
    (traffic, health, list_of_edges),
)
