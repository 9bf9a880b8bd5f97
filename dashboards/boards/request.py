"""Request: all that CloudFront logged of one, by the id that a viewer quotes."""

from dashboards.grafana import panels
from dashboards.grafana.board import Board, Line, Outline

_HOW = (
    "Put the id above: it is what the viewer got as the response header `X-Amz-Cf-Id`. If nothing "
    "is listed below, no request in the time range has it: widen the range, or the id is not whole."
)


def sheet(board: Board) -> tuple[str, list[Line]]:
    """Say what to put in, and list the request's fields."""
    listed = board.log_line("sheet", "The request with this id", width=24)
    if listed is None:
        return "One request", []
    how = panels.text(
        _HOW,
        key="how",
        title="Which request",
        description="Where the id comes from, and what to do when nothing is found.",
        reads=listed.reads,
        width=24,
        height=3,
    )
    return "One request", [[how], [listed]]


OUTLINE = Outline(
    "request",
    "CloudFront request",
    "All fields of one request, by its X-Amz-Cf-Id.",
    (sheet,),
    chain=(),
    time_range="24h",
)
