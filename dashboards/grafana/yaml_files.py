"""Provisioning files as text: data in, YAML out, so that Grafana reads what was meant.

Grafana replaces `$NAME` in most of what it reads from YAML, and takes `$$` for a dollar sign. So
every `$` is doubled here, except in a `Variable`, which is a reference on purpose, and in the keys
that Grafana does not expand (`RAW`).
https://grafana.com/docs/grafana/latest/administration/provisioning/#using-environment-variables
"""

import re
from typing import Any

import yaml

# Where Grafana expands nothing (pkg/services/provisioning/alerting, 10.4 to 12.4; in 13 `${NAME}`
# in annotations only): the keys on the way, without the lists between.
RAW = frozenset(
    {
        ("groups", "rules", "annotations"),
        ("groups", "rules", "data", "model"),
        ("templates",),
        ("muteTimes",),
    }
)
# What Grafana's YAML library takes for a number and PyYAML does not: 1e5, 1.5e3, 08, 0o17.
_NUMBER = re.compile(r"[-+]?(0o[0-7_]+|(\.[0-9]+|[0-9][0-9_]*(\.[0-9_]*)?)([eE][-+]?[0-9]+)?)")

_NO_FOLDING = 2**31 - 1  # characters a line: the most that libyaml takes


class Variable(str):
    """Text with references such as `$AWS_REGION`, which Grafana replaces as it reads the file."""

    __slots__ = ()


# libyaml writes the same ten times as fast; PyYAML has it wherever its wheels are installed.
_Base: Any = getattr(yaml, "CSafeDumper", yaml.SafeDumper)


class _Dumper(_Base):  # type: ignore[misc]  # which of two it is shows at run time
    """YAML with SQL in blocks, so that a person can read it, and no text that reads as a number."""


class _Indented(yaml.SafeDumper):
    """The same, with the items of a list below its key indented; libyaml knows no such layout."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        """Indent, always."""
        super().increase_indent(flow, False)


def _scalar(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    style = None
    if not all(part.isprintable() for part in text.split("\n")):
        style = '"'  # with escapes: tabs, line separators, invisible characters
    elif "\n" in text:
        style = "|" if _readable(text) else '"'
    elif _NUMBER.fullmatch(text):
        style = "'"
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


def _readable(text: str) -> bool:
    """Whether a block shows `text` as it is: no blanks at its beginning or before a line's end."""
    return not re.search(r"^[ \n]| (\n|$)", text)


for _each in (_Dumper, _Indented):
    _each.add_representer(str, _scalar)


def escaped(value: Any, path: tuple[str, ...] = ()) -> Any:
    """Return `value` with every `$` doubled that Grafana would expand; Variables become text."""
    if path in RAW:
        return value
    if isinstance(value, Variable):
        return str(value)
    if isinstance(value, str):
        return value.replace("$", "$$")
    if isinstance(value, dict):
        return {key: escaped(item, (*path, key)) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [escaped(item, path) for item in value]
    return value


def render(header: str, content: dict[str, Any], *, indented: bool = False) -> str:
    """Return the file: `header` as comment lines, and `content`, escaped for Grafana, as YAML."""
    comment = "".join(f"# {line}\n" for line in header.splitlines())
    return comment + yaml.dump(
        escaped(content),
        Dumper=_Indented if indented else _Dumper,
        sort_keys=False,
        width=_NO_FOLDING,
        allow_unicode=True,
    )
