"""Pipeline: are the other dashboards complete? What came in, what was written, how late."""

from dashboards.grafana.board import Board, Line, Outline


def totals(board: Board) -> tuple[str, list[Line]]:
    """Show whether the counts add up."""
    return "Do the counts add up?", [
        [
            board.total(
                "totals",
                "Over the whole range",
                [
                    "received",
                    "written",
                    "duplicates",
                    "malformed",
                    "rejected",
                    "trimmed",
                    "unaccounted",
                    "lost_share",
                ],
                width=18,
                height=5,
            ),
            board.total("silence", "Since the last batch", ["silence"], width=6, height=5),
        ]
    ]


def flow(board: Board) -> tuple[str, list[Line]]:
    """Draw what came in and what became of it."""
    return "Lines", [
        [
            board.series("lines", "Lines received and written", ["received", "written"]),
            board.series(
                "trouble", "Lines with trouble", ["malformed", "rejected", "trimmed", "duplicates"]
            ),
            board.series("lost", "Lines not written", ["lost_share"]),
        ],
        [board.top("left-out", "Values left out", "left_out", "field", most=10, width=24)],
    ]


def speed(board: Board) -> tuple[str, list[Line]]:
    """Draw how late and how fast the pipeline is, and what it costs."""
    return "Lag, speed and cost", [
        [
            board.series("lag", "Lag", ["lag_p50", "lag_max"]),
            board.series("durations", "Time of a batch", ["write_time_p95", "duration_p95"]),
            board.series("batches", "Batches and retries", ["invocations", "retried"]),
        ],
        [
            board.series("written-bytes", "Bytes written", ["bytes_written"], width=12),
            board.series("write-units", "Write units", ["write_units"], width=12),
        ],
    ]


OUTLINE = Outline(
    "pipeline",
    "CloudFront pipeline",
    "Are the other dashboards complete? What came in, what was written, how late.",
    (totals, flow, speed),
    chain=(),
)
