"""Countries: where viewers see errors or wait, and through which networks they come."""

from dashboards.grafana.board import Board, Line, Outline

_NUMBERS = [
    "requests",
    "bytes",
    "error_rate_4xx",
    "error_rate_5xx",
    "ttfb_p50",
    "ttfb_p95",
    "ttfb_p99",
]


def errors(board: Board) -> tuple[str, list[Line]]:
    """Draw error rates of the countries with most requests."""
    return "Errors", [
        [
            board.top("error-rate-5xx", "5xx rate by country", "error_rate_5xx", "country"),
            board.top("error-rate-4xx", "4xx rate by country", "error_rate_4xx", "country"),
        ],
        [
            board.map(
                "map",
                "Viewers by country",
                ["requests", "bytes", "error_rate_5xx", "error_rate_4xx", "ttfb_p95"],
                "country",
                "error_rate_5xx",
                width=10,
                height=12,
                description="Countries of viewers: size by requests, color by 5xx rate.",
            ),
            board.table(
                "table", "Countries in numbers", _NUMBERS, ["country"], width=14, height=12
            ),
        ],
    ]


def traffic(board: Board) -> tuple[str, list[Line]]:
    """Draw latency and traffic of the greatest countries."""
    return "Latency and traffic", [
        [
            board.top("ttfb", "Time to first byte by country", "ttfb", "country"),
            board.top("bytes", "Bytes per second by country", "byte_rate", "country"),
            board.top("requests", "Requests per second by country", "request_rate", "country"),
        ]
    ]


def networks(board: Board) -> tuple[str, list[Line]]:
    """List the networks viewers come through."""
    return "Viewer networks", [
        [
            board.table(
                "networks", "Networks (ASN) in numbers", _NUMBERS, ["asn", "country"], width=12
            ),
            board.top("ttfb-network", "Time to first byte by network", "ttfb", "asn", width=12),
        ]
    ]


OUTLINE = Outline(
    "countries",
    "CloudFront countries",
    "Where viewers see errors or wait, and through which networks they come.",
    (errors, traffic, networks),
)
