"""Reading Grafana's provisioning files as Grafana does, but strictly.

Grafana ignores a key it does not know, so a misspelt one does nothing, silently; here it is an
error. Environment variables are expanded in the fields that Grafana expands, by its rules:
https://grafana.com/docs/grafana/latest/administration/provisioning/#using-environment-variables
"""

import difflib
import os
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import yaml


class FileError(ValueError):
    """A provisioning file that Grafana would refuse, or understand differently than it reads."""


class _Loader(yaml.SafeLoader):
    """YAML as Go's yaml.v3 reads it: only true and false are booleans, no key may be double."""


_Loader.yaml_implicit_resolvers = {
    first: [
        (tag, pattern) for tag, pattern in resolvers if not tag.endswith((":bool", ":timestamp"))
    ]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
_Loader.add_implicit_resolver(
    "tag:yaml.org,2002:bool", re.compile(r"true|True|TRUE|false|False|FALSE"), list("tTfF")
)


def _mapping(loader: yaml.SafeLoader, node: yaml.MappingNode) -> dict[Any, Any]:
    seen: set[str] = set()
    for key, _ in node.value:
        if key.value in seen:
            raise FileError(f"line {key.start_mark.line + 1}: mapping key {key.value!r} is double")
        seen.add(key.value)
    loader.flatten_mapping(node)
    return loader.construct_mapping(node, deep=True)


_Loader.add_constructor("tag:yaml.org,2002:map", _mapping)


def load(path: Path) -> dict[str, Any]:
    """Return a YAML file's top-level mapping; raises FileError that names the file."""
    try:
        return parse(path.read_text(encoding="utf-8"), str(path))
    except OSError as error:
        raise FileError(f"{path}: cannot be read: {error.strerror}") from None
    except UnicodeDecodeError as error:
        raise FileError(f"{path}: is no UTF-8 text: {error.reason}") from None


def parse(text: str, where: str) -> dict[str, Any]:
    """Return the top-level mapping of YAML text; raises FileError that names ``where``."""
    try:
        content = yaml.load(text, Loader=_Loader)  # noqa: S506 - a SafeLoader of our own
    except (yaml.YAMLError, FileError) as error:
        raise FileError(f"{where}: is no valid YAML: {error}") from None
    if not isinstance(content, dict):
        raise FileError(f"{where}: holds no mapping at its top")
    return content


def check_keys(
    mapping: object, known: Iterable[str], where: str, reader: str = "Grafana"
) -> dict[str, Any]:
    """Return the mapping when it has known keys only; the message names the nearest known one."""
    if not isinstance(mapping, dict):
        raise FileError(f"{where}: expected a mapping, got {type(mapping).__name__}")
    known = sorted(known)
    for name in mapping:
        if name not in known:
            near = difflib.get_close_matches(str(name), known, n=1, cutoff=0.5)
            hint = f"; did you mean {near[0]!r}?" if near else f"; known are {', '.join(known)}"
            raise FileError(f"{where}: {reader} does not read {name!r}{hint}")
    return mapping


_NAME = re.compile(r"\$([A-Za-z_][A-Za-z0-9_]*)")


def expand(text: str, env: Mapping[str, str] | None = None) -> str:
    """Expand ``$NAME``, ``${NAME}`` and ``$__env{NAME}``; unset is empty; ``$$`` is a dollar."""
    env = os.environ if env is None else env

    def braces(found: re.Match[str]) -> str:
        return env.get(found[1], "")

    parts = []
    for part in text.split("$$"):
        part = re.sub(r"\$__env\{([^}]+)\}", braces, part)
        part = re.sub(r"\$\{([^}]*)\}", braces, part)
        part = _NAME.sub(braces, part)
        parts.append(re.sub(r"\$[0-9*#@!?-]", "", part))  # Go takes these for shell's specials
    return "$".join(parts)


def string(value: object, where: str, env: Mapping[str, str] | None) -> str:
    """Return an expanded string field; numbers and booleans are written out as YAML has them."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return str(value)
    if not isinstance(value, str):
        raise FileError(f"{where}: expected text, got {type(value).__name__}")
    return expand(value, env)


def plain(value: object, where: str) -> str:
    """Return a string field that Grafana leaves as it is written."""
    if isinstance(value, str):
        return value
    if value is None or isinstance(value, list | dict):
        raise FileError(f"{where}: expected text, got {type(value).__name__}")
    return string(value, where, {})
