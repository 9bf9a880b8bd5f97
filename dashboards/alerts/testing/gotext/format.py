"""Go's fmt: how values print, and the printf verbs that alert templates use."""

import math
import re
from collections.abc import Sequence
from datetime import datetime

from dashboards.alerts.testing.gotext.parse import TemplateError
from dashboards.alerts.testing.gotext.types import GoObject, no_value

_VERB = re.compile(r"%([-+# 0]*)(\d+)?(?:\.(\d+))?([a-zA-Z%])")


def float_text(x: float, verb: str = "g", precision: int | None = None) -> str:
    """Format a float with Go's f, e or g; no precision means the shortest that reads back."""
    if math.isnan(x):
        return "NaN"
    if math.isinf(x):
        return "+Inf" if x > 0 else "-Inf"
    if precision is not None:
        return f"{x:.{precision or 1}g}" if verb == "g" else f"{x:.{precision}{verb}}"
    # repr has the shortest digits; Go differs only in when it turns to an exponent.
    digits = len(repr(abs(x)).partition("e")[0].replace(".", "").strip("0"))
    exponent = int(f"{x:e}".partition("e")[2])
    if verb == "g" and x and (exponent < -4 or exponent >= 6):
        return f"{x:.{max(digits - 1, 0)}e}"
    return f"{x:.{max(digits - 1 - exponent, 0)}f}"


def value_text(value: object) -> str:
    """Return how Go prints a value: %v."""
    if value is None:
        return "<nil>"
    if value is no_value:
        return "<no value>"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return float_text(value)
    if isinstance(value, str | int):
        return str(value)
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d %H:%M:%S +0000 UTC")
    if isinstance(value, GoObject):
        if value.text is None:
            raise TemplateError(f"printing a {value.type_name} is not supported here")
        return value.text()
    if hasattr(value, "go_text"):
        return value.go_text()
    if isinstance(value, dict):
        return "map[" + " ".join(f"{k}:{value_text(v)}" for k, v in sorted(value.items())) + "]"
    if isinstance(value, list | tuple):
        return "[" + " ".join(value_text(item) for item in value) + "]"
    raise TemplateError(f"cannot print a {type(value).__name__}")


def sprint(*values: object) -> str:
    """Return Go's fmt.Sprint: a space between operands when neither is a string."""
    out = ""
    for position, value in enumerate(values):
        if position and not isinstance(value, str) and not isinstance(values[position - 1], str):
            out += " "
        out += value_text(value)
    return out


def sprintf(template: str, *values: object) -> str:
    """Return Go's fmt.Sprintf for the verbs v s q d f e g x t and %%."""
    used = 0

    def one(found: re.Match[str]) -> str:
        nonlocal used
        flags, width, precision, verb = found.groups()
        if verb == "%":
            return "%"
        if used >= len(values):
            return f"%!{verb}(MISSING)"
        text = _verb(verb, values[used], None if precision is None else int(precision), flags)
        used += 1
        return _pad(text, flags, int(width or 0), values[used - 1])

    text = _VERB.sub(one, template)
    if used < len(values):
        text += "%!(EXTRA " + _extra(values[used:]) + ")"
    return text


def _extra(values: Sequence[object]) -> str:
    return ", ".join(f"{_type(value)}={value_text(value)}" for value in values)


def _type(value: object) -> str:
    names = {bool: "bool", int: "int", float: "float64", str: "string"}
    return names.get(type(value), type(value).__name__)


def _verb(verb: str, value: object, precision: int | None, flags: str) -> str:
    if isinstance(value, float) and verb in "feg":
        text = float_text(value, verb, 6 if precision is None and verb in "fe" else precision)
        return f"+{text}" if "+" in flags and value >= 0 else text
    if verb == "v":
        if isinstance(value, float) and precision is not None:
            return float_text(value, "g", precision)
        return value_text(value)
    if verb == "s" and not isinstance(value, float | int | bool):
        text = value_text(value)
        return text if precision is None else text[:precision]
    if verb == "d" and isinstance(value, int) and not isinstance(value, bool):
        return f"{value:+d}" if "+" in flags else str(value)
    if verb == "x" and isinstance(value, int) and not isinstance(value, bool):
        return f"{value:x}"
    if verb == "t" and isinstance(value, bool):
        return value_text(value)
    if verb == "q" and isinstance(value, str):
        escaped = value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
        return f'"{escaped}"'
    if value is None:
        return f"%!{verb}(<nil>)"
    return f"%!{verb}({_type(value)}={value_text(value)})"


def _pad(text: str, flags: str, width: int, value: object) -> str:
    if "-" in flags:
        return text.ljust(width)
    if "0" in flags and isinstance(value, int | float):
        sign = text[:1] if text[:1] in "+-" else ""
        return sign + text.removeprefix(sign).rjust(width - len(sign), "0")
    return text.rjust(width)
