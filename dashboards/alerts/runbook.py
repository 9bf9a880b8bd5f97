"""The runbook's entries, one for each alert, read from runbook.toml, and their addresses."""

import re
import tomllib
from collections.abc import Collection, Container, Mapping
from dataclasses import dataclass, fields
from pathlib import Path

from dashboards import stores, text
from dashboards.config import BuildError, Bundle, nearest
from dashboards.grafana.panels import panel_id

NAME = "runbook"  # of the dashboard that shows them
FILE = Path(__file__).with_name("runbook.toml")
_USUAL = "http://localhost:3000"  # where no address of Grafana is given
HIDE = "<!-- enabled = false in dashboards/alerts/thresholds.toml"


@dataclass(frozen=True, kw_only=True)
class Entry:
    """What somebody needs whom an alert woke; all but `chapter` is Markdown."""

    chapter: str
    meaning: str
    causes: str
    confirm: str = ""  # empty where a query of the store's confirms it
    do: str


_PARTS = tuple(field.name for field in fields(Entry))


def load(store: str = stores.DEFAULT_NAME) -> dict[str, Entry]:
    """Return the entries by their rules' names, in order, as they are for a store.

    Raises BuildError with what is wrong.
    """
    source = text.read(FILE)
    try:
        raw = tomllib.loads(source)
    except tomllib.TOMLDecodeError as error:
        twice = re.search(r"\('([^']+)',\) twice \(at line (\d+)", str(error))
        if twice:
            raise _wrong(twice[2], f"the entry {twice[1]} is there already; keep one") from None
        raise BuildError(f"{text.shown(FILE)}: this is no TOML: {error}") from None
    return {name: _entry(source, name, table, store) for name, table in raw.items()}


def _entry(source: str, name: str, table: object, store: str) -> Entry:
    if not isinstance(table, dict):
        raise _wrong(_line(source, name), f"{name} must be a table with {', '.join(_PARTS)}")
    own = {key: table.pop(key) for key in stores.STORES if isinstance(table.get(key), dict)}
    for heading, texts in {name: table, **{f"{name}.{key}": own[key] for key in own}}.items():
        _check_texts(source, heading, texts)
    for part in ("chapter", "meaning", "causes", "do"):
        if part not in table:
            raise _wrong(_line(source, name), f"[{name}] lacks {part}")
    texts = {**table, **own.get(store, {})}
    title = stores.STORES[store].TITLE
    return Entry(**{part: said.replace("{store}", title) for part, said in texts.items()})


def _check_texts(source: str, heading: str, texts: Mapping[str, object]) -> None:
    for part, value in texts.items():
        if part not in _PARTS:
            said = f"an entry has no {part!r}{nearest(part, (*_PARTS, *stores.STORES))}"
            raise _wrong(_line(source, heading), f"[{heading}] {said}")
        if not isinstance(value, str) or not value.strip():
            raise _wrong(_line(source, heading), f"[{heading}] {part} must be text")


def check(entries: Mapping[str, Entry], rules: Collection[str]) -> None:
    """Raise BuildError for a rule without an entry, or an entry about no rule."""
    for name in rules:
        if name not in entries:
            raise BuildError(
                f"{text.shown(FILE)} has no entry for the rule {name}; write one, under [{name}]"
            )
    for name, entry in entries.items():
        said = ""
        if name not in rules:
            said = f"the entry {name} is about no rule{nearest(name, rules)}"
        elif not entry.confirm:
            lacking = [key for key, each in stores.STORES.items() if each.confirm(name) is None]
            if lacking:
                files = " and ".join(f"dashboards/stores/{key}/confirm.toml" for key in lacking)
                said = f"[{name}] lacks confirm; write a query for it into {files}, or say here "
                said += "what to look at"
        if said:
            raise _wrong(_line(text.read(FILE), name), said)


def _line(source: str, name: str) -> str:
    heading = re.search(rf"^\[?\"?{re.escape(name)}\b", source, re.MULTILINE)
    return str(source.count("\n", 0, heading.start()) + 1) if heading else "1"


def _wrong(line: str, said: str) -> BuildError:
    return BuildError(f"{text.shown(FILE)} line {line}: {said}")


def markdown(entry: Entry, query: str | None, language: str, after: str = "") -> str:
    """Return an entry for reading; `query` confirms it, `after` is put behind that."""
    confirm = f" {entry.confirm}"
    if query is not None:
        confirm = f"\n\n```{language}\n{query}```\n{after}"
    return "\n\n".join(
        [
            f"**Meaning.** {entry.meaning}",
            f"**Likely causes.** {entry.causes}",
            f"**Confirm.**{confirm}".rstrip("\n"),
            f"**Do.** {entry.do}",
        ]
    )


def page(entries: Mapping[str, tuple[str, str]], off: Container[str]) -> str:
    """Return the entries, each a chapter and Markdown, under their chapters; those off as comments.

    The entry of a rule that is off is not shown, and its text is kept for when it is on again.
    """
    lines: list[str] = []
    for name, (chapter, entry) in entries.items():
        if f"## {chapter}" not in lines:
            lines.append(f"## {chapter}")
        shown = f"### {name}\n\n{entry}"
        lines.append(f"{HIDE}\n{shown}\n-->" if name in off else shown)
    return "\n\n".join(lines)


def link(bundle: Bundle, rule: str, root: str = "", chosen: str = "") -> str:
    """Return the address of a rule's entry.

    ``root`` is Grafana's own address, and ``chosen`` are parameters for what the alert names. In
    an annotation both are templates; without them the address has none.
    """
    if bundle.runbook_url:
        return f"{bundle.runbook_url.partition('#')[0]}#{rule}"
    root = root or f"{bundle.grafana_url.rstrip('/') or _USUAL}/"
    return f"{root}d/{bundle.uid(NAME)}?viewPanel={panel_id(key(rule))}{chosen}"


def key(rule: str) -> str:
    """Return the key of the panel that shows a rule's entry."""
    return f"{NAME}-{rule}"
