"""The functions that Grafana gives to rules and to messages, besides Go's own.

Prometheus's template functions: https://prometheus.io/docs/prometheus/latest/configuration/template_reference/
"""

import ipaddress
import json
import math
import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote_plus, urlsplit

from ruletest import durations
from ruletest.gotemplate import gojson
from ruletest.gotemplate.builtins import ANY, Functions
from ruletest.gotemplate.clock import GoDuration, GoTime, go_date, go_time, in_zone
from ruletest.gotemplate.format import float_text, quote, value_text
from ruletest.gotemplate.regex import replace_all, search
from ruletest.gotemplate.run import Run
from ruletest.gotemplate.types import (
    Function,
    GoHTML,
    GoInt,
    GoList,
    GoMap,
    GoObject,
    Method,
    TemplateError,
    UnsupportedError,
    no_value,
    stringer,
    type_of,
)

LABELS, VALUES, TIME = "template.Labels", "map[string]template.Value", "time.Time"
_SAMPLES, _SAMPLE = "template.queryResult", "*template.sample"


def _number(value: object) -> float:
    """Return a value as a number, as Prometheus does; strconv.ParseFloat reads texts."""
    if isinstance(value, GoDuration):
        return int(value) / 1e9
    if type(value) is float or type(value) is int:
        return float(value)
    if isinstance(value, GoInt) and value.type_name in ("int64", "uint64"):
        return float(value)
    if type(value) is not str:
        raise TemplateError(f"can't convert {type_of(value)} to float")
    try:
        if value != value.strip():
            raise ValueError
        return float.fromhex(value) if re.match(r"[+-]?0[xX].*[pP]", value) else float(value)
    except (ValueError, OverflowError):
        raise TemplateError(f"strconv.ParseFloat: parsing {quote(value)}: invalid syntax") from None


def _short(x: float) -> str:
    return float_text(x, "g", 4)


_BIG, _SMALL = tuple("kMGTPEZY"), tuple("munpfazy")


def _humanize(value: object) -> str:
    x = _number(value)
    if not x or not math.isfinite(x):
        return _short(x)
    prefix = ""
    if abs(x) >= 1:
        for each in _BIG:
            if abs(x) < 1000:
                break
            prefix, x = each, x / 1000
    else:
        prefix, x = _below_one(x)
    return _short(x) + prefix


def _below_one(x: float) -> tuple[str, float]:
    prefix = ""
    for each in _SMALL:
        if abs(x) >= 1:
            break
        prefix, x = each, x * 1000
    return prefix, x


def _humanize1024(value: object) -> str:
    x = _number(value)
    prefix = ""
    if abs(x) > 1 and math.isfinite(x):
        for each in _BIG:
            if abs(x) < 1024:
                break
            prefix, x = f"{each}i", x / 1024
    return _short(x) + prefix


def _humanize_duration(value: object) -> str:
    x = _number(value)
    if not math.isfinite(x):
        return _short(x)
    if not x:
        return "0s"
    if abs(x) < 1:
        prefix, x = _below_one(x)
        return f"{_short(x)}{prefix}s"
    sign, whole = ("-" if x < 0 else ""), int(abs(x))
    over = whole >= 2**63  # Go's int64 turns negative
    whole = 2**63 if over else whole
    parts = [whole // 86400, whole // 3600 % 24, whole // 60 % 60, whole % 60]
    parts = [-part for part in parts] if over else parts
    units = ["d", "h", "m", "s"]
    first = next((at for at, part in enumerate(parts[:3]) if part), 3)
    if first == 3:
        return f"{sign}{_short(abs(x))}s"
    shown = zip(parts[first:], units[first:], strict=True)
    return sign + " ".join(f"{part}{unit}" for part, unit in shown)


def _instant(x: float) -> GoTime:
    if not -(2**63) <= x * 1e9 <= 2**63:
        raise TemplateError(
            f"{float_text(x)} cannot be represented as a nanoseconds timestamp "
            "since it overflows int64"
        )
    milliseconds = math.trunc(int(x * 1e9) / 1_000_000)
    return go_time(datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=milliseconds))


def _humanize_timestamp(value: object) -> str:
    x = _number(value)
    return value_text(_instant(x)) if math.isfinite(x) else _short(x)


def _to_time(value: object) -> GoTime:
    x = _number(value)
    if not math.isfinite(x):
        raise TemplateError("value is NaN or Inf")
    made = _instant(x)
    made.type_name = "*time.Time"
    return made


def _parse_duration(text: str) -> float:
    try:
        return durations.seconds(text)
    except ValueError:
        shown = quote(text)
        if not text:
            raise TemplateError("empty duration string") from None
        raise TemplateError(f"not a valid duration string: {shown}") from None


# A word of a title: letters and digits, joined by what does not break a word (UAX 29). An
# ideograph is a word of its own.
_IDEOGRAPH = r"[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]"
_LETTER = rf"(?:(?!{_IDEOGRAPH})\w)"
_WORD = re.compile(
    rf"{_IDEOGRAPH}|{_LETTER}"
    rf"(?:{_LETTER}|[\u00ad\u0300-\u036f\u200d\ufe0f]|['.:\u00b7\u2018\u2019\u2024](?={_LETTER}))*"
)
_CASED = re.compile(r"[^\W\d_]")


def _title(text: str, *, lower: bool) -> str:
    def word(found: re.Match[str]) -> str:
        own = found[0]
        first = _CASED.search(own)
        if not first:
            return own
        at = first.start()
        rest = own[at + 1 :]
        return own[:at] + own[at].title() + (rest.lower() if lower else rest)

    return _WORD.sub(word, text)


def split_host_port(text: str) -> tuple[str, str] | None:
    """Return host and port as Go's net.SplitHostPort does, or nothing where it fails."""
    colon = text.rfind(":")
    if colon < 0:
        return None
    if text.startswith("["):
        end = text.find("]")
        if end < 0 or end + 1 != colon:
            return None
        host = text[1:end]
        if "[" in text[1:] or "]" in text[end + 1 :]:
            return None
    else:
        host = text[:colon]
        if ":" in host or "[" in text or "]" in text:
            return None
    return host, text[colon + 1 :]


def _strip_port(text: str) -> str:
    split = split_host_port(text)
    return split[0] if split else text


def _strip_domain(text: str) -> str:
    host, port = split_host_port(text) or (text, "")
    try:
        if "%" not in host:
            ipaddress.ip_address(host)
            return text
    except ValueError:
        pass
    host = host.split(".")[0]
    if not port:
        return host
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def _filtered(labels: Mapping[str, Any] | None, keep: Callable[[str], bool]) -> GoMap:
    return labels_map({name: value for name, value in (labels or {}).items() if keep(name)})


def labels_map(labels: Mapping[str, Any]) -> GoMap:
    """Return labels as a rule's templates have them; they print as ``a=1, b=2``."""
    return GoMap(
        labels,
        type_name=LABELS,
        text=lambda: ", ".join(f"{name}={value}" for name, value in sorted(labels.items())),
    )


def _merge_label_values(values: Mapping[str, GoObject] | None) -> GoMap:
    found: dict[str, set[str]] = {}
    for value in (values or {}).values():
        labels = value.fields["Labels"]
        if isinstance(labels, GoMap):
            for name, text in labels.items():
                found.setdefault(name, set()).add(str(text))
    return labels_map({name: ", ".join(sorted(texts)) for name, texts in found.items()})


def _link(*, instant: bool) -> Callable[[str], str]:
    def link(data: str) -> str:
        try:
            query = json.loads(data)
        except ValueError:
            return ""
        fields = query if isinstance(query, dict) else {} if query is None else None
        texts = ["", ""]
        for at, name in enumerate(("datasource", "expr")):
            value = next((v for k, v in (fields or {}).items() if k.lower() == name), "")
            if fields is None or not isinstance(value, str | None):
                return ""
            texts[at] = quote(quote_plus(value or ""))
        source, expr = texts
        kind = f'"instant":{str(instant).lower()},"range":{str(not instant).lower()}'
        return (
            f'/explore?left={{"datasource":{source},"queries":[{{"datasource":{source},'
            f'"expr":{expr},{kind},"refId":"A"}}],"range":{{"from":"now-1h","to":"now"}}}}'
        )

    return link


def _first(samples: list[Any] | None) -> object:
    if not samples:
        raise TemplateError("first() called on vector with no elements")
    return samples[0]


def _no_sample(*_: object) -> object:
    raise TemplateError("runtime error: invalid memory address or nil pointer dereference")


def _args(*values: object) -> GoMap:
    return GoMap(
        {f"arg{at}": value for at, value in enumerate(values)},
        element=None,
        type_name="map[string]interface {}",
    )


_COMMON: Functions = {
    "toUpper": Function(lambda text: text.upper(), ("string",)),
    "toLower": Function(lambda text: text.lower(), ("string",)),
    "match": Function(search, ("string", "string")),
    "reReplaceAll": Function(replace_all, ("string", "string", "string")),
    "safeHtml": Function(GoHTML, ("string",)),
}


def rule_functions(external_url: str = "http://localhost:3000/") -> Functions:
    """Return the functions of a rule's labels and annotations.

    https://grafana.com/docs/grafana/latest/alerting/alerting-rules/templates/reference/
    """
    return {
        **_COMMON,
        "query": Function(lambda query: GoList([], type_name=_SAMPLES), ("string",)),
        "first": Function(_first, (_SAMPLES,)),
        "label": Function(_no_sample, ("string", _SAMPLE)),
        "value": Function(_no_sample, (_SAMPLE,)),
        "strvalue": Function(_no_sample, (_SAMPLE,)),
        "sortByLabel": Function(lambda label, samples: samples, ("string", _SAMPLES)),
        "args": Function(_args, (), ANY),
        "title": Function(lambda text: _title(text, lower=False), ("string",)),
        "stripPort": Function(_strip_port, ("string",)),
        "stripDomain": Function(_strip_domain, ("string",)),
        "humanize": Function(_humanize, (ANY,)),
        "humanize1024": Function(_humanize1024, (ANY,)),
        "humanizeDuration": Function(_humanize_duration, (ANY,)),
        "humanizePercentage": Function(lambda x: _short(_number(x) * 100) + "%", (ANY,)),
        "humanizeTimestamp": Function(_humanize_timestamp, (ANY,)),
        "toTime": Function(_to_time, (ANY,)),
        "parseDuration": Function(_parse_duration, ("string",)),
        "pathPrefix": Function(lambda: urlsplit(external_url).path),
        "externalURL": Function(lambda: external_url),
        "graphLink": Function(_link(instant=False), ("string",)),
        "tableLink": Function(_link(instant=True), ("string",)),
        "filterLabels": Function(
            lambda labels, name: _filtered(labels, lambda each: each == name), (LABELS, "string")
        ),
        "filterLabelsRe": Function(
            lambda labels, pattern: _filtered(labels, lambda each: search(pattern, each)),
            (LABELS, "string"),
        ),
        "removeLabels": Function(
            lambda labels, name: _filtered(labels, lambda each: each != name), (LABELS, "string")
        ),
        "removeLabelsRe": Function(
            lambda labels, pattern: _filtered(labels, lambda each: not search(pattern, each)),
            (LABELS, "string"),
        ),
        "mergeLabelValues": Function(_merge_label_values, (VALUES,)),
    }


RULE_FUNCTIONS = rule_functions()


def _text_of(value: object) -> str:
    """Return a key as text, as coll.Dict does."""
    if value is None:
        return "nil"
    text = stringer(value)
    return text() if text else value_text(value)


def _dict(*values: object) -> GoMap:
    found = {
        _text_of(values[at]): values[at + 1] if at + 1 < len(values) else ""
        for at in range(0, len(values), 2)
    }
    return GoMap(found, element=None, type_name="map[string]interface {}")


def _append(value: object, items: object) -> GoList:
    if not isinstance(items, list | tuple):
        raise TemplateError("expected an array or slice, but got a reflect.Value")
    return GoList([*items, value])


def _namespace(name: str, methods: Mapping[str, Method]) -> Function:
    made = GoObject(f"*gomplate.{name}", {}, methods=methods)
    return Function(lambda: made)


def _only_in_cloud(name: str) -> Function:
    def refuse(*_: object) -> object:
        raise UnsupportedError(f"{name} is not supported by the tester")

    return Function(refuse, (), ANY)


def _pretty(indent: str, value: object) -> str:
    return gojson.marshal(value, indent)


MESSAGE_FUNCTIONS: Functions = {
    **_COMMON,
    "title": Function(lambda text: _title(text, lower=True), ("string",)),
    "trimSpace": Function(lambda text: text.strip(), ("string",)),
    "join": Function(lambda separator, items: separator.join(items or []), ("string", "[]string")),
    "stringSlice": Function(lambda *items: GoList(items, type_name="[]string"), (), "string"),
    "date": Function(go_date, ("string", TIME)),
    "tz": Function(in_zone, ("string", TIME)),
    "coll": _namespace(
        "CollFuncs",
        {
            "Dict": Function(_dict, (), ANY),
            "Slice": Function(lambda *items: GoList(items), (), ANY),
            "Append": Function(_append, (ANY, ANY)),
        },
    ),
    "data": _namespace(
        "DataFuncs",
        {
            "JSON": Function(lambda text: gojson.load(_text_of(text)), (ANY,)),
            "ToJSON": Function(gojson.marshal, (ANY,)),
            "ToJSONPretty": Function(_pretty, ("string", ANY)),
        },
    ),
    "tenantID": _only_in_cloud("tenantID"),
    "grafanaExploreURL": _only_in_cloud("grafanaExploreURL"),
    "queryFromGeneratorURL": _only_in_cloud("queryFromGeneratorURL"),
}


def message_functions(run: Callable[[], Run], now: datetime) -> Functions:
    """Return the functions of messages; some of them render templates or need the time.

    https://grafana.com/docs/grafana/latest/alerting/configure-notifications/template-notifications/reference/
    """

    def executed(name: str, *data: object) -> str:
        if not name:
            raise TemplateError("template name is required")
        return run().named(name, data[0] if len(data) == 1 and data[0] is not None else no_value)

    def inline(*given: object) -> str:
        if len(given) != 2:
            raise TemplateError(f"wrong number of args for tpl: want 2 - got {len(given)}")
        if type(given[0]) is not str:
            raise TemplateError(f"wrong input: first arg must be string, got {type_of(given[0])}")
        return run().inline(given[0], given[1])

    return {
        **MESSAGE_FUNCTIONS,
        "tmpl": _namespace(
            "TmplFuncs",
            {
                "Exec": Function(executed, ("string",), ANY),
                "Inline": Function(inline, (), ANY),
            },
        ),
        "time": _namespace("TimeFuncs", {"Now": Function(lambda: go_time(now))}),
    }


MESSAGE_NAMES = frozenset({*MESSAGE_FUNCTIONS, "tmpl", "time"})
