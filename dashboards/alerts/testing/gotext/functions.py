"""Go's built-in template functions, and those that Grafana adds."""

import html
import math
import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote_plus
from zoneinfo import ZoneInfo

from dashboards.alerts.testing.gotext.format import float_text, sprint, sprintf, value_text
from dashboards.alerts.testing.gotext.parse import TemplateError
from dashboards.alerts.testing.gotext.types import GoMap, GoObject, go_date, no_value


def truth(value: object) -> bool:
    """Return Go's truth: false, 0, nil, and empty strings, lists and maps are not."""
    if isinstance(value, GoObject):
        return True
    if isinstance(value, datetime):
        return True
    return bool(value)


class Lazy:
    """A function that evaluates its arguments only as far as it needs them."""

    def __init__(self, *, stop: bool) -> None:
        self._stop = stop

    def __call__(self, thunks: list[Callable[[], object]]) -> object:
        """Return the first value that decides, or the last."""
        if not thunks:
            raise TemplateError("wrong number of args for and/or: want at least 1 got 0")
        value: object = None
        for thunk in thunks:
            value = thunk()
            if truth(value) is self._stop:
                break
        return value


def _basic(value: object) -> str:
    for kind, name in ((bool, "bool"), (int, "int"), (float, "float"), (str, "string")):
        if isinstance(value, kind):
            return name
    raise TemplateError(f"invalid type for comparison: {value_text(value)}")


def _same(a: object, b: object) -> bool:
    if a is None or b is None:
        return a is b
    if _basic(a) != _basic(b):
        raise TemplateError(
            f"incompatible types for comparison: {_basic(a)} and {_basic(b)}; "
            "Go does not compare an integer with a float: write 1.0 for a float"
        )
    return a == b


def _eq(first: object, *others: object) -> bool:
    if not others:
        raise TemplateError("missing argument for comparison")
    return any(_same(first, other) for other in others)


def _lt(a: Any, b: Any) -> bool:
    if "bool" in (_basic(a), _basic(b)):
        raise TemplateError("invalid type for comparison: bool")
    return not _same(a, b) and a < b


def _index(value: Any, *keys: Any) -> object:
    for each in keys:
        if isinstance(value, dict):
            value = value.get(each, getattr(value, "element", no_value))
        elif isinstance(value, list | tuple | str):
            if not isinstance(each, int) or isinstance(each, bool):
                raise TemplateError(f"cannot index slice/array with type {type(each).__name__}")
            if not 0 <= each < len(value):
                raise TemplateError(f"index out of range: {each}")
            value = value[each]
        else:
            raise TemplateError(f"can't index item of type {type(value).__name__}")
    return value


def _len(value: Any) -> int:
    if isinstance(value, str):
        return len(value.encode())
    if value is no_value or not hasattr(value, "__len__"):
        raise TemplateError(f"len of type {type(value).__name__}")
    return len(value)


def _slice(value: Any, *bounds: int) -> object:
    if len(bounds) > 2:
        raise TemplateError("slice with three indexes is not supported here")
    start, end = (*bounds, 0)[:1][0], bounds[1] if len(bounds) == 2 else len(value)
    if not 0 <= start <= end <= len(value):
        raise TemplateError(f"index out of range: {end}")
    return value[start:end]


def _shown(values: tuple[object, ...]) -> list[object]:
    """Return what html and urlquery print: a missing value is ``<no value>`` to them."""
    return ["<no value>" if value is None else value for value in values]


def _html(*values: object) -> str:
    escaped = html.escape(sprint(*_shown(values)))
    return escaped.replace("&quot;", "&#34;").replace("&#x27;", "&#39;")


BUILTINS: dict[str, Callable[..., Any]] = {
    "and": Lazy(stop=False),
    "or": Lazy(stop=True),
    "not": lambda x: not truth(x),
    "eq": _eq,
    "ne": lambda a, b: not _same(a, b),
    "lt": _lt,
    "le": lambda a, b: _lt(a, b) or _same(a, b),
    "gt": lambda a, b: not (_lt(a, b) or _same(a, b)),
    "ge": lambda a, b: not _lt(a, b),
    "len": _len,
    "index": _index,
    "slice": _slice,
    "print": sprint,
    "println": lambda *values: " ".join(value_text(value) for value in values) + "\n",
    "printf": sprintf,
    "html": _html,
    "urlquery": lambda *values: quote_plus(sprint(*_shown(values))),
}


def _number(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise TemplateError(f"can't convert {type(value).__name__} to float")
    try:
        return float(value)
    except ValueError:
        raise TemplateError(f"can't convert {value!r} to float") from None


def _humanize(value: object) -> str:
    x = _number(value)
    prefix = ""
    if x and math.isfinite(x):
        big = abs(x) >= 1
        for each in ("k", "M", "G", "T", "P", "E", "Z", "Y") if big else tuple("munpfazy"):
            if (abs(x) < 1000) if big else (abs(x) >= 1):
                break
            prefix, x = each, (x / 1000 if big else x * 1000)
    return float_text(x, "g", 4) + prefix


def _humanize1024(value: object) -> str:
    x = _number(value)
    prefix = ""
    if abs(x) > 1 and math.isfinite(x):
        for each in ("ki", "Mi", "Gi", "Ti", "Pi", "Ei", "Zi", "Yi"):
            if abs(x) < 1024:
                break
            prefix, x = each, x / 1024
    return float_text(x, "g", 4) + prefix


def _humanize_duration(value: object) -> str:
    x = _number(value)
    if not math.isfinite(x):
        return float_text(x, "g", 4)
    if x == 0:
        return "0s"
    if abs(x) >= 1:
        sign, whole = ("-" if x < 0 else ""), int(abs(x))
        days, hours, minutes, seconds = (
            whole // 86400, whole // 3600 % 24, whole // 60 % 60, whole % 60,
        )  # fmt: skip
        if days:
            return f"{sign}{days}d {hours}h {minutes}m {seconds}s"
        if hours:
            return f"{sign}{hours}h {minutes}m {seconds}s"
        if minutes:
            return f"{sign}{minutes}m {seconds}s"
        return float_text(x, "g", 4) + "s"
    prefix = ""
    for each in ("m", "u", "n", "p", "f", "a", "z", "y"):
        if abs(x) >= 1:
            break
        prefix, x = each, x * 1000
    return f"{float_text(x, 'g', 4)}{prefix}s"


def _title(text: str, *, lower: bool) -> str:
    return re.sub(
        r"[^\W_]+(?:'[^\W_]+)*",
        lambda word: word[0][:1].upper() + (word[0][1:].lower() if lower else word[0][1:]),
        text,
    )


def _filter(labels: GoMap, test: Callable[[str], bool]) -> GoMap:
    return GoMap({name: value for name, value in labels.items() if test(name)}, labels.zero)


_COMMON: dict[str, Callable[..., Any]] = {
    "toUpper": lambda text: text.upper(),
    "toLower": lambda text: text.lower(),
    "match": lambda pattern, text: bool(re.search(pattern, text)),
    "reReplaceAll": lambda pattern, new, text: re.sub(
        pattern, re.sub(r"\$\{?(\w+)\}?", r"\\g<\1>", new.replace("\\", "\\\\")), text
    ),
    "safeHtml": lambda text: text,
}

# https://grafana.com/docs/grafana/latest/alerting/alerting-rules/templates/reference/
RULE_FUNCTIONS: dict[str, Callable[..., Any]] = {
    **_COMMON,
    "title": lambda text: _title(text, lower=False),
    "humanize": _humanize,
    "humanize1024": _humanize1024,
    "humanizeDuration": _humanize_duration,
    "humanizePercentage": lambda x: float_text(_number(x) * 100, "g", 4) + "%",
    "humanizeTimestamp": lambda x: datetime.fromtimestamp(_number(x), UTC).strftime(
        "%Y-%m-%d %H:%M:%S +0000 UTC"
    ),
    "filterLabels": lambda labels, name: _filter(labels, lambda each: each == name),
    "filterLabelsRe": lambda labels, p: _filter(labels, lambda each: bool(re.search(p, each))),
    "removeLabels": lambda labels, name: _filter(labels, lambda each: each != name),
    "removeLabelsRe": lambda labels, p: _filter(labels, lambda each: not re.search(p, each)),
}

# https://grafana.com/docs/grafana/latest/alerting/configure-notifications/template-notifications/reference/
MESSAGE_FUNCTIONS: dict[str, Callable[..., Any]] = {
    **_COMMON,
    "title": lambda text: _title(text, lower=True),
    "trimSpace": lambda text: text.strip(),
    "join": lambda separator, items: separator.join(items),
    "stringSlice": lambda *items: list(items),
    "date": go_date,
    "tz": lambda name, at: at.astimezone(ZoneInfo(name)),
    "humanizeDuration": _humanize_duration,
}
