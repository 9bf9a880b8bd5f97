"""The runbook's entries: one for each alert, written in docs/alerts.md, and their addresses."""

import re
from collections.abc import Container
from pathlib import Path

from dashboards import text
from dashboards.config import Bundle
from dashboards.grafana.panels import panel_id

NAME = "runbook"  # of the dashboard that shows them
_USUAL = "http://localhost:3000"  # of a Grafana whose address is not given
PAGE = Path(__file__).resolve().parents[2] / "docs" / "alerts.md"
_SECTION = re.compile(r"^## ([^\n]+)\n(.*?)(?=^#{1,2} |\Z)", re.MULTILINE | re.DOTALL)
_HIDE = "<!-- enabled = false in dashboards/alerts/thresholds.toml"
_HIDDEN = re.compile(rf"^{re.escape(_HIDE)}\n(.*?\n)-->\n", re.MULTILINE | re.DOTALL)
_ENTRY = re.compile(r"^### (\S+)\n(.*?)(?=^#|\Z)", re.MULTILINE | re.DOTALL)


def page() -> str:
    """Return the page."""
    return text.read(PAGE)


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
    return f"{root}d/{bundle.uid(NAME)}?viewPanel={panel_id(key(rule))}{chosen}"


def key(rule: str) -> str:
    """Return the key of the panel that shows a rule's entry."""
    return f"{NAME}-{rule}"
