"""All dashboards of a bundle, made once."""

from dashboards import stores
from dashboards.alerts import thresholds
from dashboards.alerts.knobs import Thresholds
from dashboards.alerts.rule_lines import rule_lines
from dashboards.boards import (
    cache,
    changes,
    countries,
    edges,
    errors,
    home,
    latency,
    overview,
    pipeline,
    request,
    requests,
    runbook,
    slo,
    traffic,
    viewers,
)
from dashboards.config import Bundle
from dashboards.grafana.board import Board, Dashboard

_OUTLINES = tuple(
    module.OUTLINE
    for module in (
        overview,
        edges,
        countries,
        latency,
        errors,
        cache,
        viewers,
        traffic,
        changes,
        requests,
        request,
        pipeline,
    )
)


def boards(bundle: Bundle, limits: Thresholds | None = None) -> tuple[Dashboard, ...]:
    """Return the dashboards that have a panel, in the order a reader meets them."""
    store = stores.of(bundle)
    limits = limits or thresholds.load()
    watched = rule_lines(limits)
    others = (*_OUTLINES, slo.outline(bundle, limits), runbook.outline(bundle, store, limits))
    outlines = (home.outline(bundle, limits, others), *others)
    made = frozenset(outline.name for outline in outlines)
    while True:  # again, without the links to those that have no panel
        found = [
            Board(bundle, store, outline, made, watched).finished()
            for outline in outlines
            if outline.name in made
        ]
        there = frozenset(each.name for each in found if each.placed)
        if there == made:
            return tuple(found)
        made = there
