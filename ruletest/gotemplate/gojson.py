"""Go's encoding/json of the values that templates have.

https://pkg.go.dev/encoding/json#Marshal
"""

import json
import math
from typing import Any

from ruletest.gotemplate.clock import GoTime, go_date
from ruletest.gotemplate.format import float_text
from ruletest.gotemplate.types import GoNil, GoObject, TemplateError, no_value

_LINE = {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"}


def marshal(value: object, indent: str | None = None, depth: int = 0) -> str:
    """Return the JSON text; with ``indent`` one value a line."""
    if value is None or value is no_value or isinstance(value, GoNil):
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return _string(value)
    if isinstance(value, int):
        return str(int(value))
    if isinstance(value, float):
        return _float(value)
    if isinstance(value, GoTime):
        return _string(go_date("2006-01-02T15:04:05.999999999Z07:00", value))
    if isinstance(value, dict):
        members = [(name, value[name]) for name in sorted(value)]
        return _joined("{}", [_member(*each, indent, depth) for each in members], indent, depth)
    if isinstance(value, list | tuple):
        items = [marshal(each, indent, depth + 1) for each in value]
        return _joined("[]", items, indent, depth)
    if isinstance(value, GoObject):
        return _joined("{}", _fields(value, indent, depth), indent, depth)
    raise TemplateError(f"json: unsupported type: {type(value).__name__}")


def _fields(value: GoObject, indent: str | None, depth: int) -> list[str]:
    written = []
    for name, each in value.fields.items():
        tag = value.json.get(name, name)
        if tag == "-" or (tag.endswith("?") and not each):
            continue
        written.append(_member(tag.removesuffix("?"), each, indent, depth))
    return written


def _member(name: str, value: object, indent: str | None, depth: int) -> str:
    colon = ":" if indent is None else ": "
    return f"{_string(name)}{colon}{marshal(value, indent, depth + 1)}"


def _joined(brackets: str, parts: list[str], indent: str | None, depth: int) -> str:
    if not parts:
        return brackets
    if indent is None:
        return f"{brackets[0]}{','.join(parts)}{brackets[1]}"
    inner, outer = f"\n{indent * (depth + 1)}", f"\n{indent * depth}"
    return f"{brackets[0]}{inner}{f',{inner}'.join(parts)}{outer}{brackets[1]}"


def _string(text: str) -> str:
    quoted = json.dumps(text, ensure_ascii=False)
    for char, escaped in _LINE.items():
        quoted = quoted.replace(char, escaped)
    return quoted


def _float(value: float) -> str:
    if not math.isfinite(value):
        raise TemplateError(f"json: unsupported value: {float_text(value)}")
    if value and not 1e-6 <= abs(value) < 1e21:
        mantissa, _, exponent = float_text(value, "e").partition("e")
        sign = exponent[0]
        return f"{mantissa}e{sign}{exponent[1:].lstrip('0')}"
    return float_text(value, "f")


def load(text: str) -> Any:
    """Return the values of a JSON or YAML text, as data.JSON does."""
    import yaml

    from ruletest.gotemplate.types import GoList, GoMap

    def built(value: object) -> object:
        if isinstance(value, dict):
            items = {str(name): built(each) for name, each in value.items()}
            return GoMap(items, element=None, type_name="map[string]interface {}")
        if isinstance(value, list):
            return GoList([built(each) for each in value])
        return value

    try:
        return built(yaml.safe_load(text))
    except yaml.YAMLError as error:
        raise TemplateError(f"unable to unmarshal object {text}: {error}") from None
