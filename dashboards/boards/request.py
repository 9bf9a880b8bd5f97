"""Request: all that CloudFront logged of one, by the id that a viewer quotes."""

from dashboards.grafana.board import Board, Line, Outline


def sheet(board: Board) -> tuple[str, list[Line]]:
    """List its fields."""
    return "One request", [[board.log_line("sheet", "The request with this id", width=24)]]


OUTLINE = Outline(
    "request",
    "CloudFront request",
    "All fields of one request, by its X-Amz-Cf-Id.",
    (sheet,),
    chain=(),
    time_range="24h",
)
