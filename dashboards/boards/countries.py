"""Countries: where viewers see errors or wait, and through which networks they come."""

from dashboards.boards.edges import ENOUGH
from dashboards.grafana.board import Board, Line, Outline

_NUMBERS = [
    "errors_5xx",
    "error_rate_5xx",
    "error_rate_5xx_bound",
    "error_rate_4xx",
    "ttfb_p95",
    "requests",
    "bytes",
]


def errors(board: Board) -> tuple[str, list[Line]]:
    """Draw error rates of the countries with most errors."""
    return "Countries with most trouble", [
        [
            board.strip(
                "error-rate-5xx",
                "5xx rate of the countries with most errors",
                "error_rate_5xx_bound",
                "country",
                width=12,
            ),
            board.strip(
                "error-rate-4xx",
                "4xx rate of the countries with most errors",
                "error_rate_4xx_bound",
                "country",
                width=12,
            ),
        ],
        [
            board.table("table", "Countries by 5xx responses", _NUMBERS, ["country"], width=24),
        ],
        [
            board.map(
                "map",
                "Where viewers see errors",
                ["error_rate_5xx_bound", "error_rate_5xx", "error_rate_4xx", "requests", "bytes"],
                "country",
                width=24,
                height=14,
                description=(
                    "Countries of viewers. The bigger a circle, the more of its requests fail; it "
                    "has a color beyond the line of the rule country-5xx."
                ),
            ),
        ],
    ]


def traffic(board: Board) -> tuple[str, list[Line]]:
    """Draw latency of the slowest and traffic of the busiest countries."""
    return "Latency and traffic", [
        [
            board.strip(
                "ttfb",
                "TTFB p95 of the countries with most slow first bytes",
                "ttfb_p95",
                "country",
                having=ENOUGH,
                width=24,
            ),
        ],
        [
            board.top(
                "bytes", "Bytes per second of the busiest countries", "byte_rate", "country",
                width=12, height=10,
            ),
            board.top(
                "requests", "Requests per second of the busiest countries", "request_rate",
                "country", width=12, height=10,
            ),
        ],
    ]  # fmt: skip


def networks(board: Board) -> tuple[str, list[Line]]:
    """List the networks viewers come through."""
    return "Viewer networks", [
        [
            board.table(
                "networks",
                "Networks (ASN) by 5xx responses",
                _NUMBERS,
                ["asn", "country"],
                width=24,
            ),
        ],
    ]


def slow_networks(board: Board) -> tuple[str, list[Line]]:
    """Draw which networks wait."""
    return "Slow viewer networks", [
        [
            board.strip(
                "ttfb-network",
                "TTFB p95 of the networks with most slow first bytes",
                "ttfb_p95",
                "asn",
                having=ENOUGH,
                width=24,
            ),
        ],
    ]


OUTLINE = Outline(
    "countries",
    "CloudFront countries",
    "Where viewers see errors or wait, and through which networks they come.",
    (errors, traffic, networks),
    closed=(slow_networks,),
)
