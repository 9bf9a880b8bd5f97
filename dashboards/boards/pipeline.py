"""Pipeline: are the other dashboards complete? What came in, what was written, how late."""

from dashboards.grafana.board import Board, Line, Outline

_TOTALS = {
    "received": "Lines received",
    "written": "Rows written",
    "duplicates": "Duplicates",
    "malformed_share": "Malformed",
    "rejected_share": "Rejected",
    "trimmed": "Trimmed",
    "unaccounted": "Unaccounted for",
    "silence": "Since last batch",
}
_FIRST = "total-received"
# Batches bring what waited, such as after an outage: then a hundred times as much as usual.
_TWOFOLD, _TENFOLD = 2, 10


def totals(board: Board) -> tuple[str, list[Line]]:
    """Show whether the counts add up."""
    return "Do the counts add up? Over the whole range", [
        [
            board.tile(
                f"total-{name}",
                title,
                name,
                of=_FIRST,
                asks=list(_TOTALS),
                whole=True,
                width=3,
                height=4,
            )
            for name, title in _TOTALS.items()
        ]
    ]


def flow(board: Board) -> tuple[str, list[Line]]:
    """Draw what came in and what became of it."""
    return "Lines", [
        [
            board.series(
                "lines",
                "Lines received and written",
                ["received", "written"],
                asks=[
                    "malformed",
                    "rejected",
                    "trimmed",
                    "duplicates",
                    "malformed_share",
                    "rejected_share",
                    "lag_p50",
                    "lag_max",
                    "write_time_p95",
                    "duration_p95",
                    "invocations",
                    "retried",
                    "bytes_written",
                    "write_units",
                ],
                logarithmic=_TWOFOLD,
            ),
            board.series(
                "trouble",
                "Lines with trouble",
                ["malformed", "rejected", "trimmed", "duplicates"],
                of="lines",
            ),
            board.series(
                "lost", "Lines not written", ["malformed_share", "rejected_share"], of="lines"
            ),
        ],
        [board.top("left-out", "Values left out", "left_out", "field", most=10, width=24)],
    ]


def speed(board: Board) -> tuple[str, list[Line]]:
    """Draw how late and how fast the pipeline is, and what it costs."""
    return "Lag, speed and cost", [
        [
            board.series("lag", "Lag", ["lag_p50", "lag_max"], of="lines", logarithmic=_TENFOLD),
            board.series(
                "durations",
                "Time of a batch",
                ["write_time_p95", "duration_p95"],
                of="lines",
            ),
            board.series("batches", "Batches and retries", ["invocations", "retried"], of="lines"),
        ],
        [
            board.series(
                "written-bytes",
                "Bytes written",
                ["bytes_written"],
                of="lines",
                logarithmic=_TWOFOLD,
                width=12,
            ),
            board.series(
                "write-units",
                "Write units",
                ["write_units"],
                of="lines",
                logarithmic=_TWOFOLD,
                width=12,
            ),
        ],
    ]


OUTLINE = Outline(
    "pipeline",
    "CloudFront pipeline",
    "Are the other dashboards complete? What came in, what was written, how late.",
    (totals, flow, speed),
    chain=(),
)
