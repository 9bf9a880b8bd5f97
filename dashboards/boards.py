"""All dashboards of a bundle."""

from dashboards import (
    cache,
    countries,
    edges,
    errors,
    latency,
    overview,
    pipeline,
    runbook,
    viewers,
)
from dashboards.board import Board
from dashboards.config import Bundle

_DASHBOARDS = (overview, edges, countries, latency, errors, cache, viewers, pipeline, runbook)


def boards(bundle: Bundle) -> list[Board]:
    """Return the dashboards that have a panel, in the order a reader meets them."""
    found = [board for module in _DASHBOARDS if (board := module.board(bundle)).panels()]
    for board in found:
        board.siblings = frozenset(other.name for other in found)
    return found
