"""Runbook: the entry of docs/alerts.md for each alert, where the person it woke already is.

An alert links its entry here, so the link works in any Grafana, without a site to publish it on;
`runbook_url` in config.py leads elsewhere. The page is the one place where entries are written.

The query that confirms an alert is a panel as well, about the edge, country, host or behavior that
the alert's link names: Explore is closed to whoever is not signed in.
"""

import re
from collections.abc import Container
from pathlib import Path

from dashboards import panels, text
from dashboards.alerts import thresholds
from dashboards.board import Board, Line, RowOf
from dashboards.config import Bundle
from dashboards.panels import Panel, panel_id
from dashboards.words import variable
from processor.catalog import BY_NAME

NAME = "runbook"
_USUAL = "http://localhost:3000"  # of a Grafana whose address is not given
PAGE = Path(__file__).resolve().parent.parent / "docs" / "alerts.md"
_SECTION = re.compile(r"^## ([^\n]+)\n(.*?)(?=^#{1,2} |\Z)", re.MULTILINE | re.DOTALL)
_HIDE = "<!-- enabled = false in dashboards/alerts/thresholds.toml"
_HIDDEN = re.compile(rf"^{re.escape(_HIDE)}\n(.*?\n)-->\n", re.MULTILINE | re.DOTALL)
_ENTRY = re.compile(r"^### (\S+)\n(.*?)(?=^#|\Z)", re.MULTILINE | re.DOTALL)
# The table that the page's queries name.
_TABLE = '"cloudfront"."realtime_logs"'
_CHARACTERS_A_LINE = 180
_LINES_A_UNIT = 1.6  # of the grid's height
_SQL = re.compile(r"```sql\n(.*?)```\n", re.DOTALL)
# What a query of the page looks at, and how far back.
_SPAN = re.compile(r"time > ago\((\w+)\)")
_CHOSEN = re.compile(r"(substr\((\w+), 1, 3\)|\w+) = '[^']*'")
# What an alert can name, by the column it is in; the page's queries have an example value.
_NAMED = {
    BY_NAME[field].column: variable
    for field, variable in (
        ("x-edge-location", "edge"),
        ("c-country", "country"),
        ("cache-behavior-path-pattern", "behavior"),
        ("cs-host", "host"),
    )
}
_AND = re.compile(r"(?<!BETWEEN \d\d\d) AND ")
_COLUMNS = {field.column: field.name for field in BY_NAME.values()}


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


def link(bundle: Bundle, rule: str, root: str = "", chosen: str = "") -> str:
    """Return the address of a rule's entry.

    ``root`` is what it begins with, up to Grafana's path, and ``chosen`` what the alert names, as
    parameters. Without them it is an address as it stands, for pages that show a rule.
    """
    if bundle.runbook_url:
        return f"{bundle.runbook_url.partition('#')[0]}#{rule}"
    root = root or f"{bundle.grafana_url.rstrip('/') or _USUAL}/"
    return f"{root}d/{bundle.uid(NAME)}?viewPanel={panel_id(_key(rule))}{chosen}"


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
        text_boxes=True,
    )


def _key(rule: str) -> str:
    return f"{NAME}-{rule}"


def _row(bundle: Bundle, title: str, section: dict[str, str]) -> RowOf:
    def row(board: Board) -> tuple[str, list[Line]]:
        lines: list[Line] = []
        for rule, entry in section.items():
            answer = _answer(bundle, rule, entry)
            lines.append([_entry(bundle, rule, entry, answer)])
            lines.append([answer])
        return title, lines

    row.__name__ = re.sub(r"\W+", "-", title.lower())
    return row


def _entry(bundle: Bundle, rule: str, entry: str, answer: Panel | None) -> Panel:
    content = entry.replace(_TABLE, f'"{bundle.database}"."{bundle.table}"')
    if answer is not None:
        chosen = "".join(f"&${{{name}:queryparam}}" for name in _variables(answer))
        # Grafana takes a link that begins with a slash for one of its own, below a path too; one
        # that begins otherwise does not get past its sanitizer.
        there = f"/d/{bundle.uid(NAME)}?viewPanel={panel_id(answer.key)}{chosen}"
        link = f"**[The answer to this query, now]({there})**"
        content = _SQL.sub(lambda query: f"{query[0]}\n{link}\n", content)
    elif bundle.layout != "multi":
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


def _answer(bundle: Bundle, rule: str, entry: str) -> Panel | None:
    """Return the entry's query as a panel; None where its columns are not there to ask.

    It looks back from the end of the dashboard's range as far as the query does.
    """
    query = _SQL.search(entry)
    if query is None or bundle.layout != "multi":
        return None
    reads = {_COLUMNS[word] for word in re.findall(r"\w+", query[1]) if word in _COLUMNS}
    if not reads <= set(bundle.fields):
        return None
    sql = query[1].strip().replace(_TABLE, "$__database.$__table")
    [span] = _SPAN.findall(sql)
    sql = _AND.sub("\n  AND ", _CHOSEN.sub(_as_chosen, _SPAN.sub("$__timeFilter", sql)))
    return panels.answer(
        sql,
        key=f"{NAME}-answer-{rule}",
        title=f"{rule}: what to look at",
        description=f"The query of the entry {rule}, about what its alert names; "
        "about everything when nothing is named above.",
        reads=tuple(sorted(reads)),
        timeFrom=span,
        interval=bundle.min_interval,
        width=24,
        height=9,
    )


def _as_chosen(example: re.Match[str]) -> str:
    """Put the dashboard's variable in the place of an example value; empty means all."""
    left, column = example[1], example[2] or example[1]
    if column not in _NAMED:
        return example[0]
    name = variable(_NAMED[column])
    same = f"{left} = {left.replace(column, name)}" if left != column else f"{left} IN ({name})"
    return f"({same} OR '' IN ({name}))"


def _variables(panel: Panel) -> list[str]:
    [target] = panel.targets
    return [name for name in _NAMED.values() if variable(name) in target.sql]
