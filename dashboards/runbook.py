"""Runbook: the entry of docs/alerts.md for each alert, where the person it woke already is.

An alert links its entry here, so the link works in any Grafana, without a site to publish it on;
`runbook_url` in config.py leads elsewhere. The page is the one place where entries are written.
"""

import re
from collections.abc import Container
from pathlib import Path

from dashboards import panels, text
from dashboards.alerts import thresholds
from dashboards.board import Board, Line, RowOf
from dashboards.config import Bundle
from dashboards.panels import Panel, panel_id

NAME = "runbook"
PAGE = Path(__file__).resolve().parent.parent / "docs" / "alerts.md"
_SECTION = re.compile(r"^## ([^\n]+)\n(.*?)(?=^#{1,2} |\Z)", re.MULTILINE | re.DOTALL)
_HIDE = "<!-- enabled = false in dashboards/alerts/thresholds.toml"
_HIDDEN = re.compile(rf"^{re.escape(_HIDE)}\n(.*?\n)-->\n", re.MULTILINE | re.DOTALL)
_ENTRY = re.compile(r"^### (\S+)\n(.*?)(?=^#|\Z)", re.MULTILINE | re.DOTALL)
# The table that the page's queries name.
_TABLE = '"cloudfront"."realtime_logs"'
_CHARACTERS_A_LINE = 180
_LINES_A_UNIT = 1.6  # of the grid's height


def entries(page: str) -> dict[str, dict[str, str]]:
    """Return the runbook's entries, hidden ones too: section, rule, Markdown."""
    found = {
        section: {name: entry.strip() for name, entry in _ENTRY.findall(body)}
        for section, body in _SECTION.findall(_HIDDEN.sub(r"\1", page))
    }
    return {section: each for section, each in found.items() if each}


def names(page: str) -> list[str]:
    """Return the rules that have an entry, in the page's order; one with two entries twice."""
    return [name for name, _ in _ENTRY.findall(_HIDDEN.sub(r"\1", page))]


def hide(page: str, rules: Container[str]) -> str:
    """Return the page with the entries of these rules, and of no other, as comments.

    A rule that is off has no entry to be read, and its words are there when it is on again.
    """

    def hidden(entry: re.Match[str]) -> str:
        if entry[1] not in rules:
            return entry[0]
        return f"{_HIDE}\n{entry[0].rstrip()}\n-->\n\n"

    return _ENTRY.sub(hidden, _HIDDEN.sub(r"\1", page))


def link(bundle: Bundle, rule: str) -> str:
    """Return the address of a rule's entry."""
    if bundle.runbook_url:
        return f"{bundle.runbook_url.partition('#')[0]}#{rule}"
    board = f"{bundle.grafana_url.rstrip('/')}/d/{bundle.uid(NAME)}"
    return f"{board}?viewPanel={panel_id(_key(rule))}"


def board(bundle: Bundle) -> Board:
    """Return the dashboard."""
    rules = thresholds.load().rules
    sections = {
        title: {n: entry for n, entry in section.items() if n not in rules or rules[n].enabled}
        for title, section in entries(text.read(PAGE)).items()
    }
    return Board(
        bundle,
        NAME,
        "CloudFront runbook",
        "What each alert means, what causes it, how to confirm it, what to do.",
        [_row(bundle, title, section) for title, section in sections.items() if section],
        chain=(),
    )


def _key(rule: str) -> str:
    return f"{NAME}-{rule}"


def _row(bundle: Bundle, title: str, section: dict[str, str]) -> RowOf:
    def row(board: Board) -> tuple[str, list[Line]]:
        return title, [[_panel(bundle, rule, entry)] for rule, entry in section.items()]

    row.__name__ = re.sub(r"\W+", "-", title.lower())
    return row


def _panel(bundle: Bundle, rule: str, entry: str) -> Panel:
    content = entry.replace(_TABLE, f'"{bundle.database}"."{bundle.table}"')
    if bundle.layout != "multi":
        content += "\n\nThe query is for the `multi` layout; this bundle's rows are `classic`."
    lines = sum(len(line) // _CHARACTERS_A_LINE + 1 for line in content.splitlines())
    return panels.text(
        content,
        key=_key(rule),
        title=rule,
        description=f"Runbook entry of the alert {rule}.",
        width=24,
        height=round(lines / _LINES_A_UNIT) + 2,
    )
