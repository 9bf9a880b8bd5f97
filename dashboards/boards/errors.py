"""Errors: what fails, for whom, and on whose side."""

from dashboards.grafana.board import Board, Line, Outline
from dashboards.grafana.panels import Panel


def over_time(board: Board) -> tuple[str, list[Line]]:
    """Draw failing requests by status and by what CloudFront says of them."""
    return "What fails", [
        [
            board.series(
                "rates",
                "Error rates",
                ["error_rate_4xx", "error_rate_5xx"],
                day_before=True,
                asks=["aborted_rate", "origin_error_share", "errors_4xx", "errors_5xx"],
                width=8,
            ),
            board.series("counts", "Failed responses", ["errors_4xx", "errors_5xx"], of="rates"),
            board.series(
                "sides",
                "Aborted, or failed at the origin",
                ["aborted_rate", "origin_error_share"],
                of="rates",
            ),
        ],
        [
            board.top(
                "statuses",
                "Requests per second by status",
                "request_rate",
                "status",
                width=12,
                height=10,
            ),
            board.top(
                "details",
                "Detailed results of failed requests",
                "requests",
                "detail",
                where=["failed"],
                width=12,
                height=10,
            ),
        ],
    ]


def where(board: Board) -> tuple[str, list[Line]]:
    """Draw error rates by country, edge, behavior, host and method."""

    def panel(key: str, kind: str, by: str, of: str) -> Panel | None:
        return board.strip(
            key,
            f"{kind} rate of the {of} with most errors",
            f"error_rate_{kind}_bound",
            by,
            width=12,
        )

    return "Where it fails", [
        [
            panel("5xx-country", "5xx", "country", "countries"),
            panel("5xx-edge", "5xx", "edge", "edges"),
        ],
        [
            panel("5xx-behavior", "5xx", "behavior", "cache behaviors"),
            panel("4xx-behavior", "4xx", "behavior", "cache behaviors"),
        ],
        [
            panel("5xx-host", "5xx", "host", "hosts"),
            panel("5xx-method", "5xx", "method", "methods"),
        ],
        [
            board.table(
                "behaviors",
                "Cache behaviors by 5xx responses",
                [
                    "errors_5xx",
                    "error_rate_5xx",
                    "error_rate_5xx_bound",
                    "errors_4xx",
                    "error_rate_4xx",
                    "requests",
                    "ttfb_p95",
                ],
                ["behavior", "host"],
                width=24,
            )
        ],
    ]


def what(board: Board) -> tuple[str, list[Line]]:
    """List the URIs that fail most."""

    def panel(kind: str, predicate: str) -> Panel | None:
        return board.table(
            f"uris-{kind}",
            f"URIs with most {kind}",
            [f"errors_{kind}", "ttfb_p95"],
            ["uri"],
            where=[predicate],
            width=12,
            description=(
                f"{kind} responses by URI, whatever their status, edge and country; and how long "
                "these took to their first byte: 30 s is an origin that does not answer."
            ),
        )

    return "Failing URIs", [[panel("5xx", "server_error"), panel("4xx", "client_error")]]


OUTLINE = Outline(
    "errors",
    "CloudFront errors",
    "What fails, for whom, and on whose side.",
    (over_time, where, what),
)
