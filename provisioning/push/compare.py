"""Differences between what is wanted and what is live, as lines a person can read."""

import difflib
import json
from collections.abc import Iterator
from typing import Any

from provisioning.push.expand import Unset
from provisioning.push.secrets import SHOWN

Json = Any

REDACTED = "[REDACTED]"

_WIDTH = 110
_MOST_LINES = 40
# Fields that tell the items of a list apart, so that a moved panel is not a hundred differences.
_IDENTITIES = ("uid", "refId", "id", "name", "title")


def empty(value: Json) -> bool:
    """Whether `value` says nothing: Grafana leaves such fields out, or fills them in."""
    return value is None or value in ("", False) or value == [] or value == {}


def differences(live: Json, wanted: Json, hidden: frozenset[str] = frozenset()) -> list[str]:
    """Say what differs, one line each: `path: live → wanted`. Empty means the same.

    An absent field equals an empty one. The values of the paths in `hidden` are never shown. A
    value that Grafana redacts equals any wanted one, and any value equals one that is wanted from a
    variable that is not set.
    """
    return list(_walk(live, wanted, "", hidden))


def shortened(lines: list[str]) -> tuple[str, ...]:
    """`lines`, or the first of them and how many more there are."""
    if len(lines) <= _MOST_LINES:
        return tuple(lines)
    return (*lines[:_MOST_LINES], f"… and {len(lines) - _MOST_LINES} more differences")


def _walk(live: Json, wanted: Json, path: str, hidden: frozenset[str]) -> Iterator[str]:
    if isinstance(wanted, Unset) or live == wanted or (empty(live) and empty(wanted)):
        return
    if live == REDACTED and not empty(wanted):
        return
    if isinstance(live, dict) and isinstance(wanted, dict):
        for key in sorted({*live, *wanted}, key=str):
            yield from _walk(live.get(key), wanted.get(key), f"{path}.{key}".lstrip("."), hidden)
    elif isinstance(live, list) and isinstance(wanted, list):
        yield from _walk_list(live, wanted, path, hidden)
    elif path in hidden:
        yield f"{path}: {SHOWN} → {SHOWN}"
    elif _is_text(live) and _is_text(wanted):
        yield f"{path}:"
        for line in difflib.unified_diff(live.split("\n"), wanted.split("\n"), n=1, lineterm=""):
            if not line.startswith(("---", "+++", "@@")):
                yield f"    {_cut(line)}"
    else:
        yield f"{path}: {_shown(live)} → {_shown(wanted)}"


def _walk_list(
    live: list[Json], wanted: list[Json], path: str, hidden: frozenset[str]
) -> Iterator[str]:
    identity = _identity(live, wanted)
    if identity is None:
        for n in range(max(len(live), len(wanted))):
            one = live[n] if n < len(live) else None
            other = wanted[n] if n < len(wanted) else None
            yield from _walk(one, other, f"{path}[{n}]", hidden)
        return
    before = {item[identity]: item for item in live}
    after = {item[identity]: item for item in wanted}
    for key in [*before, *(key for key in after if key not in before)]:
        item = f"{path}[{_called(before.get(key) or after[key], identity)}]"
        if key not in after:
            yield f"{item}: removed"
        elif key not in before:
            yield f"{item}: added"
        else:
            yield from _walk(before[key], after[key], item, hidden)
    if list(before) != list(after) and set(before) == set(after):
        yield f"{path}: another order"


def _identity(live: list[Json], wanted: list[Json]) -> str | None:
    if not live or not wanted or not all(isinstance(item, dict) for item in [*live, *wanted]):
        return None
    for key in _IDENTITIES:
        if all(
            len({str(item.get(key)) for item in items if not empty(item.get(key))}) == len(items)
            for items in (live, wanted)
        ):
            return key
    return None


def _called(item: dict[str, Json], identity: str) -> str:
    title = item.get("title") or item.get("name")
    if title and identity not in ("title", "name"):
        return f"{item[identity]} {title!r}"
    return str(item[identity])


def _is_text(value: Json) -> bool:
    return isinstance(value, str) and "\n" in value


def _shown(value: Json) -> str:
    return "nothing" if empty(value) else _cut(json.dumps(value, ensure_ascii=False))


def _cut(text: str) -> str:
    return text if len(text) <= _WIDTH else f"{text[: _WIDTH - 1]}…"
