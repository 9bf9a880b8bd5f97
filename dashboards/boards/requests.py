"""Requests: the log lines themselves, behind every number of the other boards."""

from dashboards.grafana.board import Board, Line, Outline
from dashboards.grafana.lines import LISTED
from dashboards.grafana.variables import BOXES
from dashboards.signals import ONLY


def over_time(board: Board) -> tuple[str, list[Line]]:
    """Count what matches, over time and in all."""
    return "How many, and when", [
        [
            board.top(
                "counts",
                "Matching requests by status class",
                "requests",
                "status_class",
                width=20,
                height=6,
            ),
            board.total("matching", "Matching requests", ["requests"], width=4, height=6),
        ]
    ]


def newest(board: Board) -> tuple[str, list[Line]]:
    """List the newest that match."""
    return "The newest", [
        [board.lines("newest", "Newest matching requests", LISTED, width=24, height=22)]
    ]


OUTLINE = Outline(
    "requests",
    "CloudFront requests",
    "The log lines themselves: which requests are behind a number?",
    (over_time, newest),
    extra=(*BOXES, ONLY),
)
