"""Reading Grafana's provisioning files as Grafana does, but strictly.

Grafana ignores a key that it does not know, so a misspelled one does nothing. Here it is an
error. Environment variables are expanded in the fields that Grafana expands, by its rules:
https://grafana.com/docs/grafana/latest/administration/provisioning/#using-environment-variables
"""

import contextlib
import difflib
import math
import os
import re
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml


class FileError(ValueError):
    """A file that Grafana would refuse, or understand differently than it reads.

    ``line`` is where in the file, from 1; 0 when it is about the whole file.
    """

    def __init__(self, message: str, line: int = 0) -> None:
        super().__init__(message)
        self.line = line


class Entries(dict[str, Any]):
    """A mapping that knows the lines of its keys, and its scalars as they were written."""

    def __init__(self, line: int = 0) -> None:
        super().__init__()
        self.line = line
        self.lines: dict[str, int] = {}
        self.written: dict[str, str] = {}


class Items(list[Any]):
    """A sequence that knows its line, and its scalars as they were written."""

    def __init__(self, line: int = 0) -> None:
        super().__init__()
        self.line = line
        self.written: dict[int, str] = {}


def line_of(raw: object, name: str = "") -> int:
    """Return the line of a mapping's key, or of the mapping or sequence itself; 0 for unknown."""
    if name and isinstance(raw, Entries):
        return raw.lines.get(name, raw.line)
    return raw.line if isinstance(raw, Entries | Items) else 0


@contextlib.contextmanager
def located(raw: object, where: str = "", name: str = "") -> Iterator[None]:
    """Give a FileError from the block the line of ``raw`` if it has none, and say ``where``."""
    try:
        yield
    except FileError as error:
        prefix = f"{where}: " if where else ""
        raise FileError(f"{prefix}{error}", error.line or line_of(raw, name)) from None


@contextlib.contextmanager
def of_file(path: object) -> Iterator[None]:
    """Put a file's name and line in front of a FileError from the block."""
    try:
        yield
    except FileError as error:
        place = f"{path}: line {error.line}" if error.line else str(path)
        raise FileError(f"{place}: {error}") from None


# Plain scalars as Go's yaml.v3 resolves them. Anything else is text, such as `12:30:45` and `yes`.
# Dates are text here, too; yaml.v3 makes times of them, but no model of Grafana's has a time.
_NULLS = frozenset({"", "~", "null", "Null", "NULL"})
_BOOLEANS = dict.fromkeys(("true", "True", "TRUE"), True) | dict.fromkeys(
    ("false", "False", "FALSE"), False
)
_WHOLE = re.compile(
    r"([-+]?)(?:0[xX]([0-9a-fA-F]+)|0[oO]([0-7]+)|0[bB]([01]+)|(0|[1-9][0-9]*)|0([0-7]+))"
)
_BASES = (16, 8, 2, 10, 8)
_FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?")
_NOT_FINITE = {
    f"{sign}{name}": float(f"{sign}{value}")
    for sign in ("", "+", "-")
    for name, value in ((".inf", "inf"), (".Inf", "inf"), (".INF", "inf"))
} | dict.fromkeys((".nan", ".NaN", ".NAN"), float("nan"))


def plain_value(text: str) -> object:
    """Return what a scalar without quotes is: null, a boolean, a number, or text."""
    if text in _NULLS:
        return None
    if text in _BOOLEANS:
        return _BOOLEANS[text]
    if text in _NOT_FINITE:
        return _NOT_FINITE[text]
    if text[0] not in "+-.0123456789":
        return text
    bare = text.replace("_", "")
    if found := _WHOLE.fullmatch(bare):
        digits = next(
            (each, base) for each, base in zip(found.groups()[1:], _BASES, strict=True) if each
        )
        number = int(*digits) * (-1 if found[1] == "-" else 1)
        return number if -(2**63) <= number < 2**64 else float(number)
    if _FLOAT.fullmatch(bare) and math.isfinite(float(bare)):
        return float(bare)
    return text


_MERGE = "<<"
_NUMBERS = tuple(f"tag:yaml.org,2002:{name}" for name in ("int", "float", "bool", "null"))
_TEXT = "tag:yaml.org,2002:str"


class _Builder:
    """From yaml's nodes to values. An alias is the very node of its anchor."""

    def __init__(self) -> None:
        self._open: list[yaml.Node] = []

    def value(self, node: yaml.Node) -> Any:
        if isinstance(node, yaml.ScalarNode):
            plain = node.tag in _NUMBERS or not _is_text(node)
            return plain_value(node.value) if plain else node.value
        if node in self._open:
            raise FileError("an anchor contains itself", _line(node))
        self._open.append(node)
        try:
            if isinstance(node, yaml.SequenceNode):
                return self._items(node)
            assert isinstance(node, yaml.MappingNode)  # YAML has no fourth kind
            return self._entries(node)
        finally:
            self._open.pop()

    def _items(self, node: yaml.SequenceNode) -> Items:
        items = Items(_line(node))
        for position, each in enumerate(node.value):
            items.append(self.value(each))
            if isinstance(each, yaml.ScalarNode):
                items.written[position] = each.value
        return items

    def _entries(self, node: yaml.MappingNode) -> Entries:
        entries = Entries(_line(node))
        merged: list[yaml.Node] = []
        for key, each in node.value:
            if not isinstance(key, yaml.ScalarNode):
                raise FileError("a key must be text", _line(key))
            if key.value == _MERGE and not _is_text(key):
                merged.extend(each.value if isinstance(each, yaml.SequenceNode) else [each])
                continue
            if key.value in entries:
                raise FileError(f"mapping key {key.value!r} is double", _line(key))
            entries[key.value] = self.value(each)
            entries.lines[key.value] = _line(key)
            if isinstance(each, yaml.ScalarNode):
                entries.written[key.value] = each.value
        for each in merged:
            if not isinstance(each, yaml.MappingNode):
                raise FileError("<< takes a mapping, or a list of them", _line(each))
            for name, value in (under := self._entries(each)).items():
                if name not in entries:
                    entries[name] = value
                    entries.lines[name] = under.lines[name]
                    if name in under.written:
                        entries.written[name] = under.written[name]
        return entries


def _is_text(node: yaml.ScalarNode) -> bool:
    return bool(node.style) or node.tag == _TEXT  # libyaml says "" of a plain one


def _line(node: yaml.Node) -> int:
    return node.start_mark.line + 1


# libyaml reads the same several times as fast; PyYAML has it wherever its wheels are installed.
_Base: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _Loader(_Base):  # type: ignore[misc]  # which of two it is shows at run time
    """Only makes nodes; plain_value decides what a plain scalar is."""


_Loader.yaml_implicit_resolvers = {None: [("plain", re.compile(""))]}


def load(path: Path) -> Entries:
    """Return a YAML file's top-level mapping, not to be changed; raises FileError that names it.

    UTF-8, or UTF-16 with a byte order mark, as Grafana reads them.
    """
    return _parsed(contents(path), str(path))


def contents(path: Path) -> bytes:
    """Return a file's bytes; raises FileError that names it."""
    try:
        return path.read_bytes()
    except OSError as error:
        raise FileError(f"{path}: cannot be read: {error.strerror}") from None


@lru_cache(maxsize=16)
def _parsed(text: bytes, where: str) -> Entries:
    """Parse a text once: many test files name the same files of rules."""
    return parse(text, where)


def parse(text: str | bytes, where: str) -> Entries:
    """Return the top-level mapping of YAML text; raises FileError that names ``where``."""
    with of_file(where):
        try:
            node = yaml.compose(text, Loader=_Loader)
            content = _Builder().value(node) if node else None
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            reason = error.problem or error.context or "cannot be read"
            raise FileError(f"is no valid YAML: {reason}", mark.line + 1 if mark else 0) from None
        except yaml.reader.ReaderError as error:
            raise FileError(
                f"is no text that YAML allows ({error.reason} at position {error.position}); "
                "save it as UTF-8"
            ) from None
        except FileError as error:
            raise FileError(f"is no valid YAML: {error}", error.line) from None
        except (RecursionError, ValueError) as error:
            raise FileError(f"is no valid YAML: {error or 'too deep'}") from None
        if not isinstance(content, Entries):
            raise FileError("holds no mapping at its top")
        return content


def check_keys(
    mapping: object, known: Iterable[str], where: str, reader: str = "Grafana"
) -> dict[str, Any]:
    """Return the mapping when it has known keys only; the message names the nearest known one."""
    if not isinstance(mapping, dict):
        raise FileError(f"{_at(where)}expected a mapping, got {kind(mapping)}", line_of(mapping))
    known = sorted(known)
    for name in mapping:
        if name not in known:
            raise FileError(
                f"{_at(where)}{reader} does not read {name!r}{hint(str(name), known)}",
                line_of(mapping, name),
            )
    return mapping


def _at(where: str) -> str:
    return f"{where}: " if where else ""


def hint(name: str, known: Iterable[str]) -> str:
    """Return ``; did you mean 'x'?``, or the list of what is known."""
    known = sorted(known)
    near = difflib.get_close_matches(name, known, n=1, cutoff=0.5)
    return f"; did you mean {near[0]!r}?" if near else f"; known are {', '.join(known)}"


def kind(value: object) -> str:
    """Return what a value is, in YAML's words."""
    if value is None:
        return "nothing"
    names = ((bool, "true or false"), (int | float, "a number"), (str, "text"), (list, "a list"))
    return next((name for each, name in names if isinstance(value, each)), "a mapping")


def a_list(mapping: Mapping[str, Any], name: str, where: str) -> list[Any]:
    """Return a key's list, empty when there is none."""
    value = mapping.get(name)
    if value is None:
        return Items(line_of(mapping, name))
    if not isinstance(value, list):
        raise FileError(
            f"{_at(where)}{name} must be a list, not {kind(value)}", line_of(mapping, name)
        )
    return value


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


def written(mapping: Mapping[str, Any], name: str, where: str) -> str:
    """Return a scalar as text, as it is written in the file; null and a missing one are empty.

    That is what Go makes of any scalar that it reads into a string: ``1.50`` stays ``1.50``.
    """
    value = mapping.get(name)
    if value is None:
        return ""
    if isinstance(value, list | dict):
        raise FileError(
            f"{_at(where)}{name}: expected text, got {kind(value)}", line_of(mapping, name)
        )
    if isinstance(mapping, Entries) and name in mapping.written:
        return mapping.written[name]
    return str(value)


def string(mapping: Mapping[str, Any], name: str, where: str, env: Mapping[str, str] | None) -> str:
    """Return a field in which Grafana expands variables."""
    return expand(written(mapping, name, where), env)


def strings(
    mapping: Mapping[str, Any], name: str, where: str, env: Mapping[str, str] | None
) -> tuple[str, ...]:
    """Return a list of fields in which Grafana expands variables."""
    items = a_list(mapping, name, where)
    texts = []
    for position, each in enumerate(items):
        if isinstance(each, list | dict):
            raise FileError(f"{_at(where)}{name} must be a list of text", line_of(each))
        own = getattr(items, "written", {}).get(position, "" if each is None else str(each))
        texts.append(expand("" if each is None else own, env))
    return tuple(texts)


def texts(mapping: Mapping[str, Any], name: str, where: str) -> dict[str, str]:
    """Return a mapping of text to text, such as labels, as it is written."""
    value = mapping.get(name)
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise FileError(
            f"{_at(where)}{name}: expected a mapping, got {kind(value)}", line_of(mapping, name)
        )
    return {key: written(value, key, f"{_at(where)}{name}") for key in value}


_TRUE, _FALSE = ("1", "t", "T", "TRUE", "true", "True"), ("0", "f", "F", "FALSE", "false", "False")


def boolean(mapping: Mapping[str, Any], name: str, env: Mapping[str, str] | None) -> bool:
    """Return a field that Grafana reads as text and takes for true or false; none is false."""
    text = string(mapping, name, "", env) or "false"
    if text not in (*_TRUE, *_FALSE):
        raise FileError(f"{name} must be true or false, not {text!r}", line_of(mapping, name))
    return text in _TRUE
