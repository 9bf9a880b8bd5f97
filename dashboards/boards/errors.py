"""Errors: what fails, for whom, and on whose side."""

from dashboards.grafana.board import Board, Line, Outline


def over_time(board: Board) -> tuple[str, list[Line]]:
    """Draw failing requests by status and by what CloudFront says of them."""
    return "What fails", [
        [
            board.series(
                "rates", "Error rates", ["error_rate_4xx", "error_rate_5xx"], day_before=True
            ),
            board.top("statuses", "Requests per second by status", "request_rate", "status"),
            board.top(
                "details",
                "Detailed results of failed requests",
                "requests",
                "detail",
                where=["failed"],
            ),
        ],
        [
            board.series(
                "sides",
                "Aborted by viewers or failed at the origin",
                ["aborted_rate", "origin_error_share"],
            ),
            board.series("counts", "Failed responses", ["errors_4xx", "errors_5xx"]),
        ],
    ]


def what(board: Board) -> tuple[str, list[Line]]:
    """List the URIs that fail most."""
    numbers = ["requests"]
    return "Top failing URIs", [
        [
            board.table(
                "uris-5xx",
                "URIs with most 5xx",
                numbers,
                ["uri", "status", "edge", "country"],
                where=["server_error"],
                width=12,
                height=12,
            ),
            board.table(
                "uris-4xx",
                "URIs with most 4xx",
                numbers,
                ["uri", "status", "edge", "country"],
                where=["client_error"],
                width=12,
                height=12,
            ),
        ]
    ]


def where(board: Board) -> tuple[str, list[Line]]:
    """Draw error rates by behavior, host and method."""
    return "Where it fails", [
        [
            board.top("5xx-behavior", "5xx rate by cache behavior", "error_rate_5xx", "behavior"),
            board.top("5xx-host", "5xx rate by host", "error_rate_5xx", "host"),
            board.top("5xx-method", "5xx rate by method", "error_rate_5xx", "method"),
        ],
        [
            board.top("4xx-behavior", "4xx rate by cache behavior", "error_rate_4xx", "behavior"),
            board.top("5xx-edge", "5xx rate by edge", "error_rate_5xx", "edge"),
            board.top("5xx-country", "5xx rate by country", "error_rate_5xx", "country"),
        ],
        [
            board.table(
                "behaviors",
                "Cache behaviors by 5xx rate",
                [
                    "error_rate_5xx",
                    "error_rate_4xx",
                    "errors_5xx",
                    "errors_4xx",
                    "requests",
                    "ttfb",
                ],
                ["behavior", "host"],
                width=24,
            )
        ],
    ]


OUTLINE = Outline(
    "errors",
    "CloudFront errors",
    "What fails, for whom, and on whose side.",
    (over_time, what, where),
)
