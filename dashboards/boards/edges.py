"""Edges: which edge serves how much, how well and how fast."""

from dashboards.grafana.board import Board, Line, Outline
from dashboards.signals import SIGNALS

# A percentile or a ratio of fewer requests in a step is chance.
ENOUGH = ((SIGNALS["requests"], ">=", 40),)


def health(board: Board) -> tuple[str, list[Line]]:
    """Draw errors, latency and cache hits of the edges with most trouble."""
    return "Edges with most trouble", [
        [
            board.strip(
                "error-rate-5xx",
                "5xx rate of the edges with most errors",
                "error_rate_5xx_bound",
                "edge",
                width=12,
            ),
            board.strip(
                "ttfb",
                "TTFB p95 of the edges with most slow first bytes",
                "ttfb_p95",
                "edge",
                having=ENOUGH,
                width=12,
            ),
        ],
        [
            board.strip(
                "error-rate-4xx",
                "4xx rate of the edges with most errors",
                "error_rate_4xx_bound",
                "edge",
                width=12,
            ),
            board.strip(
                "hit-ratio",
                "Cache hit ratio of the busiest edges",
                "hit_ratio",
                "edge",
                having=ENOUGH,
                width=12,
            ),
        ],
    ]


def traffic(board: Board) -> tuple[str, list[Line]]:
    """Draw what each edge sends; the edges beyond the chosen number are summed up."""
    return "Traffic", [
        [
            board.top(
                "bytes",
                "Bytes per second of the busiest edges",
                "byte_rate",
                "edge",
                width=12,
                height=10,
            ),
            board.top(
                "requests",
                "Requests per second of the busiest edges",
                "request_rate",
                "edge",
                width=12,
                height=10,
            ),
        ],
    ]


def list_of_edges(board: Board) -> tuple[str, list[Line]]:
    """List the edges with all signals of each, and show where they are."""
    return "Edges in numbers", [
        [
            board.table(
                "table",
                "Edges by bytes sent",
                [
                    "bytes",
                    "requests",
                    "errors_5xx",
                    "error_rate_5xx",
                    "error_rate_5xx_bound",
                    "error_rate_4xx",
                    "ttfb_p50",
                    "ttfb_p95",
                    "ttfb_p99",
                    "hit_ratio",
                ],
                ["edge"],
                width=24,
            )
        ],
        [
            board.map(
                "map",
                "Where edges fail",
                [
                    "error_rate_5xx_bound",
                    "error_rate_5xx",
                    "requests",
                    "bytes",
                    "ttfb_p95",
                    "hit_ratio",
                ],
                "pop",
                width=24,
                height=14,
                description=(
                    "Edges at the airport in their name. The bigger a circle, the more of its "
                    "requests fail; it has a color beyond the line of the rule edge-5xx."
                ),
            ),
        ],
    ]


OUTLINE = Outline(
    "edges",
    "CloudFront edges",
    "Which edge serves how much, how well and how fast.",
    (health, traffic, list_of_edges),
)
