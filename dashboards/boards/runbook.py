"""Runbook: the entry of docs/alerts.md for each alert, where the person it woke already is.

An alert links its entry here, so the link works in any Grafana, without a site to publish it on;
`runbook_url` in config.py leads elsewhere. The page is the one place where entries are written.

The query that confirms an alert is a panel as well, about the edge, country, host or behavior that
the alert's link names: Explore is closed to whoever is not signed in.
"""

import re

from dashboards.alerts.knobs import Thresholds
from dashboards.alerts.runbook import NAME, entries, key, page
from dashboards.config import Bundle
from dashboards.grafana import panels
from dashboards.grafana.board import Board, Line, Outline, RowOf
from dashboards.grafana.panels import Panel, panel_id
from dashboards.stores import Format, Store

_CHARACTERS_A_LINE = 180
_LINES_A_UNIT = 1.6  # of the grid's height
_QUERY = re.compile(r"```\w+\n(.*?)```\n", re.DOTALL)


def outline(bundle: Bundle, store: Store, limits: Thresholds) -> Outline:
    """Return the dashboard's outline, without the entries of rules that are off."""
    rules = limits.rules
    sections = {
        title: {n: entry for n, entry in section.items() if n not in rules or rules[n].enabled}
        for title, section in entries(page()).items()
    }
    return Outline(
        NAME,
        "CloudFront runbook",
        "What each alert means, what causes it, how to confirm it, what to do.",
        tuple(
            _row(bundle, store, title, section) for title, section in sections.items() if section
        ),
        chain=(),
        text_boxes=True,
    )


def _row(bundle: Bundle, store: Store, title: str, section: dict[str, str]) -> RowOf:
    def row(_: Board) -> tuple[str, list[Line]]:
        lines: list[Line] = []
        for rule, entry in section.items():
            answer = _answer(bundle, store, rule, entry)
            lines.append([_entry(store, rule, entry, answer)])
            lines.append([answer])
        return title, lines

    row.__name__ = re.sub(r"\W+", "-", title.lower())
    return row


def _entry(store: Store, rule: str, entry: str, answer: Panel | None) -> Panel:
    content = store.page_text(entry)
    if answer is not None:
        chosen = "".join(f"&${{{name}:queryparam}}" for name in answer.chosen)
        link = f"**[The answer to this query, now](?viewPanel={panel_id(answer.key)}{chosen})**"
        content = _QUERY.sub(lambda query: f"{query[0]}\n{link}\n", content)
    elif why := store.page_refused():
        content += f"\n\n{why}"
    lines = sum(len(line) // _CHARACTERS_A_LINE + 1 for line in content.splitlines())
    return panels.text(
        content,
        key=key(rule),
        title=rule,
        description=f"Runbook entry of the alert {rule}.",
        width=24,
        height=round(lines / _LINES_A_UNIT) + 2,
    )


def _answer(bundle: Bundle, store: Store, rule: str, entry: str) -> Panel | None:
    """Return the entry's query as a panel; None where it cannot be asked."""
    query = _QUERY.search(entry)
    answer = store.page_answer(query[1]) if query else None
    if answer is None:
        return None
    return panels.answer(
        targets=[store.target(answer.query, Format.TABLE)],
        plugin=store.settings.PLUGIN,
        uses=frozenset({"datasource", *answer.variables}),
        chosen=answer.variables,
        key=f"{NAME}-answer-{rule}",
        title=f"{rule}: what to look at",
        description=f"The query of the entry {rule}, about what its alert names; "
        "about everything when nothing is named above.",
        reads=answer.reads,
        timeFrom=answer.span,
        interval=bundle.min_interval,
        width=24,
        height=9,
    )
