"""Runbook: the entry for each alert, in the Grafana that sent it.

An alert links its entry here, so the link works in any Grafana, without a site to publish it on;
`runbook_url` in config.py leads elsewhere. Entries are written in alerts/runbook.toml.

The query that confirms an alert is a panel, too, because people who are not signed in cannot use
Explore. It shows the edge, country, host or behavior that the alert's link names.
"""

import re

from dashboards.alerts.knobs import Thresholds
from dashboards.alerts.runbook import NAME, Entry, key, load, markdown
from dashboards.config import Bundle
from dashboards.grafana import panels
from dashboards.grafana.board import Board, Line, Outline, RowOf
from dashboards.grafana.panels import Panel, panel_id
from dashboards.stores import Format, Store

_CHARACTERS_A_LINE = 180
_LINES_A_UNIT = 1.6  # of the grid's height


def outline(bundle: Bundle, store: Store, limits: Thresholds) -> Outline:
    """Return the dashboard's outline, without the entries of rules that are off."""
    rules = limits.rules
    chapters: dict[str, dict[str, Entry]] = {}
    for name, entry in load().items():
        if name not in rules or rules[name].enabled:
            chapters.setdefault(entry.chapter, {})[name] = entry
    return Outline(
        NAME,
        "CloudFront runbook",
        "What each alert means, what causes it, how to confirm it, what to do.",
        tuple(_row(bundle, store, title, entries) for title, entries in chapters.items()),
        chain=(),
        text_boxes=True,
    )


def _row(bundle: Bundle, store: Store, title: str, entries: dict[str, Entry]) -> RowOf:
    def row(_: Board) -> tuple[str, list[Line]]:
        lines: list[Line] = []
        for rule, entry in entries.items():
            answer = _answer(bundle, store, rule)
            lines.append([_entry(bundle, store, rule, entry, answer)])
            lines.append([answer])
        return title, lines

    row.__name__ = re.sub(r"\W+", "-", title.lower())
    return row


def _entry(bundle: Bundle, store: Store, rule: str, entry: Entry, answer: Panel | None) -> Panel:
    after = ""
    if answer is not None:
        chosen = "".join(f"&${{{name}:queryparam}}" for name in answer.chosen)
        # Grafana adds its own path to a link that begins with a slash; its sanitizer removes a link
        # that begins otherwise.
        there = f"/d/{bundle.uid(NAME)}?viewPanel={panel_id(answer.key)}{chosen}"
        after = f"\n**[The answer to this query, now]({there})**\n"
    content = markdown(entry, store.confirm(rule), store.settings.LANGUAGE, after)
    if answer is None and (why := store.confirm_refused()):
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


def _answer(bundle: Bundle, store: Store, rule: str) -> Panel | None:
    """Return the query that confirms an alert as a panel; None where its fields are missing."""
    answer = store.confirm_answer(rule)
    if answer is None:
        return None
    return panels.answer(
        targets=[store.target(answer.query, Format.TABLE)],
        plugin=store.settings.PLUGIN,
        uses=frozenset({"datasource", *answer.variables}),
        chosen=answer.variables,
        key=f"{NAME}-answer-{rule}",
        title=f"{rule}: what to look at",
        description=f"The query of the entry {rule}, for what its alert names; "
        "for everything when nothing is chosen above.",
        reads=answer.reads,
        timeFrom=answer.span,
        interval=bundle.min_interval,
        width=24,
        height=9,
    )
