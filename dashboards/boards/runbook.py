"""Runbook: what fires now and what it has in common, and the entry for each alert.

An alert links its entry here, so the link works in any Grafana, without a site to publish it on;
`runbook_url` in config.py leads elsewhere. Entries are written in alerts/runbook.toml. Each is in a
closed row of its own. A link to an entry shows it alone.

The query that confirms an alert is a panel, too, because people who are not signed in cannot use
Explore. It shows the edge, country, host or behavior that the alert's link names.
"""

import re
from collections.abc import Container

from dashboards.alerts.knobs import Thresholds
from dashboards.alerts.runbook import NAME, Entry, key, load, markdown
from dashboards.config import Bundle
from dashboards.grafana import panels, tables
from dashboards.grafana.board import Board, Line, Outline, RowOf
from dashboards.grafana.panels import Panel, panel_id
from dashboards.grafana.variables import available
from dashboards.signals import DIMENSIONS
from dashboards.stores import Format, Store
from dashboards.stores.common.cause import Sought

_CHARACTERS_A_LINE = 180
_LINES_A_UNIT = 1.6  # of the grid's height
_PAGE = re.compile(r"\[[^]]+\]\((\w+\.md)[^)]*\)")  # a link to another page of docs/
# What is bad about requests, as the rules ask it.
_BAD = {
    "5xx errors": "server_error",
    "4xx errors": "client_error",
    "slow first bytes": "slow_first_byte",
}


def outline(bundle: Bundle, store: Store, limits: Thresholds) -> Outline:
    """Return the dashboard's outline, without the entries of rules that are off."""
    rules = limits.rules
    entries = {
        name: entry
        for name, entry in load(bundle.store).items()
        if name not in rules or rules[name].enabled
    }
    rows = [_row(bundle, store, name, entry, entries) for name, entry in entries.items()]
    return Outline(
        NAME,
        "CloudFront runbook",
        "What fires now and what it has in common. What each alert means, what causes it, how to "
        "confirm it, what to do.",
        (_now(bundle, store),) if rows else (),
        chain=(),
        text_boxes=True,
        closed=rows,
    )


def _now(bundle: Bundle, store: Store) -> RowOf:
    def now(board: Board) -> tuple[str, list[Line]]:
        firing: Line = [
            board.alerts(
                f"{NAME}-{name}", f"What fires: {name}", severity=name, width=12, height=11
            )
            for name in ("critical", "warning")
        ]
        return "Now", [firing, [_causes(bundle, store)]]

    return now


def _causes(bundle: Bundle, store: Store) -> Panel | None:
    """Return the sentences of the messages, about the range and what is chosen above."""
    known = store.collected.available
    bad = {noun: of for noun, of in _BAD.items() if known(of)}
    if not bad:
        return None
    # The boxes of what an alert can name.
    named = ("host", "country", "edge", "behavior")
    boxes = [DIMENSIONS[name] for name in available(store.collected) if name in named]
    query = store.queries.cause([Sought(noun, of, part=noun) for noun, of in bad.items()], boxes)
    uses = frozenset({"datasource", *(each.variable or each.name for each in boxes)})
    return tables.causes(
        targets=[store.target(query, Format.TABLE)],
        plugin=store.settings.PLUGIN,
        uses=uses,
        key=f"{NAME}-causes",
        title="What bad requests have in common",
        description="For the range, and for what is chosen above; everything when nothing is. What "
        "holds more than half of the bad requests, and a clearly smaller share of all requests: "
        "the same sentence as in the messages, which are about the alert's own requests.",
        reads=store.collected.fields_of(*bad.values(), *boxes),
        interval=bundle.min_interval,
        width=24,
        height=6,
    )


def _row(bundle: Bundle, store: Store, rule: str, entry: Entry, entries: Container[str]) -> RowOf:
    def row(_: Board) -> tuple[str, list[Line]]:
        answer = _answer(bundle, store, rule)
        lines: list[Line] = [[_entry(bundle, store, rule, entry, answer, entries)], [answer]]
        return f"{entry.chapter}: {rule}", lines

    row.__name__ = rule
    return row


def _there(bundle: Bundle, panel: str, chosen: str) -> str:
    """Return the address of one panel of this dashboard alone.

    Grafana adds its own path to a link that begins with a slash; its sanitizer removes a link that
    begins otherwise.
    """
    return f"/d/{bundle.uid(NAME)}?viewPanel={panel_id(panel)}{chosen}&${{__url_time_range}}"


def _entry(
    bundle: Bundle,
    store: Store,
    rule: str,
    entry: Entry,
    answer: Panel | None,
    entries: Container[str],
) -> Panel:
    chosen = "".join(f"&${{{name}:queryparam}}" for name in answer.chosen) if answer else ""
    after = ""
    if answer is not None:
        after = f"\n**[The answer to this query, now]({_there(bundle, answer.key, chosen)})**"
        if chosen:
            after += ", for what the alert names; the names above are examples."
        after += "\n"
    content = markdown(entry, store.confirm(rule), store.settings.LANGUAGE, after)
    if answer is None and (why := store.confirm_refused()):
        content += f"\n\n{why}"

    def linked(found: re.Match[str]) -> str:
        there = found[1] in entries and found[1] != rule
        return f"[{found[0]}]({_there(bundle, key(found[1]), chosen)})" if there else found[0]

    content = re.sub(r"`([a-z0-9-]+)`", linked, content)
    content = _PAGE.sub(r"`docs/\1`", content)  # Grafana has no such page to link
    page = f"/d/{bundle.uid(NAME)}?${{__url_time_range}}{chosen}"
    content += f"\n\n**[What fires now, and what bad requests have in common]({page})**"
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
    return tables.answer(
        columns=answer.columns,
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
