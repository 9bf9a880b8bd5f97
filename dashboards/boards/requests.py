"""Requests: the log lines themselves, behind every number of the other boards."""

from dashboards.grafana.board import Board, Line, Outline
from dashboards.grafana.log_lines import LISTED
from dashboards.grafana.variables import BOXES
from dashboards.signals import ONLY


def matching(board: Board) -> tuple[str, list[Line]]:
    """Count what matches, over time and in all, and list the newest."""
    return "Requests that match what is chosen above", [
        [
            board.top(
                "counts",
                "How many, by status class",
                "requests",
                "status_class",
                most=5,
                bars=True,  # what is chosen may be a few requests, a moment ago
                width=20,
                height=7,
            ),
            board.tile("matching", "In all", "requests", whole=True, width=4, height=7),
        ],
        [board.log_lines("newest", "The newest", LISTED, width=24, height=22)],
    ]


OUTLINE = Outline(
    "requests",
    "CloudFront requests",
    "The log lines themselves: which requests are behind a number?",
    (matching,),
    extra=(*BOXES, ONLY),
)
