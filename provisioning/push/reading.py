"""Reads files as Grafana does: text in YAML stays text, and wrong types are reported.

Grafana's YAML library is Go's yaml.v3: `22:00`, `yes` and `2026-01-01` are text, `1e5` is a number,
and a field that wants text takes a number as it was written (`1.50` stays `1.50`).
"""

import json
import math
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from provisioning.push.errors import PushError

Json = Any

# The safe loader, in C where PyYAML has it.
_BASE: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_KINDS = {dict: "a mapping", list: "a list", str: "text", bool: "true or false", int: "a number"}


class _Int(int):
    text: str


class _Float(float):
    text: str


class _Loader(_BASE):  # type: ignore[misc] # which of the two is known at run time
    """Resolves words without quotes as yaml.v3 does, and refuses a key that is there twice."""

    yaml_implicit_resolvers: dict[str, list[tuple[str, re.Pattern[str]]]] = {}  # noqa: RUF012

    def construct_mapping(self, node: Any, deep: bool = False) -> Any:
        """Construct a mapping as usual, after a look at its keys."""
        seen = set()
        for key, _ in node.value:
            if key.tag == "tag:yaml.org,2002:str":
                if key.value in seen:
                    raise yaml.constructor.ConstructorError(
                        None, None, f"the key {key.value!r} is there twice", key.start_mark
                    )
                seen.add(key.value)
        return super().construct_mapping(node, deep)


def _resolve(tag: str, pattern: str, first: str) -> None:
    _Loader.add_implicit_resolver(
        f"tag:yaml.org,2002:{tag}", re.compile(rf"(?:{pattern})\Z"), list(first)
    )


_resolve("bool", "true|True|TRUE|false|False|FALSE", "tTfF")
_resolve("null", "~|null|Null|NULL|", "~nN\0")
_Loader.add_implicit_resolver("tag:yaml.org,2002:null", re.compile(r"\Z"), [""])
_resolve("merge", "<<", "<")
_resolve(
    "int", r"[-+]?(0b[01_]+|0o[0-7_]+|0x[0-9a-fA-F_]+|0|0[0-7_]+|[1-9][0-9_]*)", "-+0123456789"
)
_resolve(
    "float",
    r"[-+]?(\.[0-9]+|[0-9][0-9_]*(\.[0-9_]*)?)([eE][-+]?[0-9]+)?|[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)",
    "-+0123456789.",
)


def _int(_loader: Any, node: Any) -> _Int:
    plain = node.value.replace("_", "").lower()
    sign = -1 if plain.startswith("-") else 1
    digits = plain.lstrip("+-")
    octal = len(digits) > 1 and digits[0] == "0" and digits.isdigit()
    made = _Int(sign * (int(digits, 8) if octal else int(digits, 0)))
    made.text = node.value
    return made


def _float(_loader: Any, node: Any) -> _Float:
    text = node.value.replace("_", "").lower()
    made = _Float(text.replace(".inf", "inf").replace(".nan", "nan"))
    if not math.isfinite(made):
        raise yaml.constructor.ConstructorError(
            None, None, f"{node.value} is no number that Grafana's API takes", node.start_mark
        )
    made.text = node.value
    return made


_Loader.add_constructor("tag:yaml.org,2002:int", _int)
_Loader.add_constructor("tag:yaml.org,2002:float", _float)


def file(path: Path) -> str:
    """Return the text of a file; raises PushError for one that cannot be read."""
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise PushError(f"{path} is not UTF-8 text; save it as UTF-8.") from None
    except OSError as error:
        raise PushError(f"{path} cannot be read: {error.strerror}.") from None


def yaml_text(path: str, text: str) -> dict[str, Json]:
    """Return the mapping that a YAML file holds; raises PushError with the line of a mistake."""
    try:
        content = yaml.load(text, Loader=_Loader)  # noqa: S506 - a safe loader
        json.dumps(content)  # what refers to itself, or has other keys than text and numbers
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = f" at line {mark.line + 1}" if mark else ""
        problem = getattr(error, "problem", None) or "it holds a character that YAML forbids"
        raise PushError(f"{path} is not YAML{line}: {problem}.") from None
    except (ValueError, TypeError, RecursionError):
        raise PushError(
            f"{path} refers to itself, or to what JSON cannot hold; undo that."
        ) from None
    if content is None:
        return {}
    return mapping(content, path)


def json_text(path: str, text: str) -> Json:
    """Return what a JSON file holds; raises PushError with the line of a mistake."""

    def constant(word: str) -> Json:
        raise PushError(f"{path} holds {word}, which is no JSON; write a number or null.")

    try:
        return json.loads(text, parse_constant=constant)
    except json.JSONDecodeError as error:
        raise PushError(f"{path} is not JSON at line {error.lineno}; build it again.") from None
    except RecursionError:
        raise PushError(f"{path} is nested too deeply to be a dashboard.") from None


def mapping(value: Json, where: str) -> dict[str, Json]:
    """Return `value`, which must be a mapping with text for keys."""
    return {str(key): item for key, item in _as(value, dict, where).items()}


def entries(content: Mapping[str, Json], key: str, where: str) -> list[dict[str, Json]]:
    """Return the mappings in the list `key`; nothing where there is none."""
    found = _as([] if content.get(key) is None else content[key], list, f"{where} {key}".strip())
    return [mapping(item, f"{where} {key}[{n}]".strip()) for n, item in enumerate(found)]


def text(content: Mapping[str, Json], key: str, where: str, default: str | None = None) -> str:
    """Return the text `key`; a number as it was written. Raises PushError when there is none."""
    value = content.get(key)
    if value is None or value == "":
        if default is None:
            raise PushError(f"{where} has no {key}; give it one.")
        return default
    if isinstance(value, _Int | _Float):
        return value.text
    return str(_as(value, str, f"{where} {key}"))


def texts(content: Mapping[str, Json], key: str, where: str) -> dict[str, str]:
    """Return the mapping `key`, whose values are texts."""
    found = mapping(content.get(key) or {}, f"{where} {key}")
    return {name: text(found, name, f"{where} {key}", default="") for name in found}


def flag(content: Mapping[str, Json], key: str, where: str) -> bool:
    """Return the true or false `key`; false when it is not there."""
    value = content.get(key)
    return bool(value is not None and _as(value, bool, f"{where} {key}"))


def _as(value: Json, kind: type, where: str) -> Any:
    if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
        shown = repr(value) if len(repr(value)) < 60 else type(value).__name__
        raise PushError(f"{where} must be {_KINDS[kind]}, and is {shown}.")
    return value
