"""The tree of notification policies: which contact point gets an alert.

https://grafana.com/docs/grafana/latest/alerting/fundamentals/notifications/notification-policies/
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from ruletest import durations
from ruletest.gotemplate.regex import compile_pattern, full
from ruletest.gotemplate.types import TemplateError
from ruletest.yamlfile import (
    FileError,
    a_list,
    check_keys,
    expand,
    kind,
    line_of,
    located,
    strings,
    texts,
)

GROUP_BY = ("grafana_folder", "alertname")
DEFAULT_RECEIVER = "grafana-default-email"
_KEYS = {
    "orgId", "receiver", "group_by", "match", "match_re", "matchers", "object_matchers",
    "mute_time_intervals", "active_time_intervals", "continue", "routes", "group_wait",
    "group_interval", "repeat_interval", "provenance",
}  # fmt: skip

_TESTS: dict[str, Callable[[str, str], bool]] = {
    "=": lambda value, wanted: value == wanted,
    "!=": lambda value, wanted: value != wanted,
    "=~": lambda value, wanted: full(wanted, value),
    "!~": lambda value, wanted: not full(wanted, value),
}
Env = Mapping[str, str] | None


@dataclass(frozen=True, slots=True)
class Matcher:
    """One condition on a label; a missing label counts as an empty one."""

    name: str
    operator: str
    wanted: str

    def matches(self, labels: Mapping[str, str]) -> bool:
        """Whether the labels meet it."""
        return _TESTS[self.operator](labels.get(self.name, ""), self.wanted)


@dataclass(frozen=True, slots=True)
class Route:
    """One policy with those below it."""

    receiver: str
    group_by: tuple[str, ...]
    matchers: tuple[Matcher, ...]
    routes: tuple["Route", ...]

    def find(
        self,
        labels: Mapping[str, str],
        above: tuple[str, tuple[str, ...]] = (DEFAULT_RECEIVER, GROUP_BY),
    ) -> tuple[str, tuple[str, ...]]:
        """Return the first match at every depth; ``continue`` is not followed."""
        here = (self.receiver or above[0], self.group_by or above[1])
        for child in self.routes:
            if all(matcher.matches(labels) for matcher in child.matchers):
                return child.find(labels, here)
        return here


def read(raw: object, env: Env = None, *, root: bool = True) -> Route:
    """Read a policy tree; raises FileError for what Grafana would refuse."""
    with located(raw):
        route = check_keys(raw, _KEYS, "policy")
        matchers = tuple(_matchers(route, env))
        if root and matchers:
            raise FileError("root route must not have any matchers")
        receiver = route.get("receiver")
        if not isinstance(receiver, str | None):
            raise FileError(
                f"receiver must be text, not {kind(receiver)}", line_of(raw, "receiver")
            )
        if root and not receiver:
            raise FileError("root route must specify a default receiver")
        for name in ("group_wait", "group_interval", "repeat_interval"):
            _duration(route, name, env)
        goes_on = route.get("continue")
        if not isinstance(goes_on, bool | None):
            raise FileError("continue must be true or false", line_of(raw, "continue"))
        return Route(
            expand(receiver or "", env),
            strings(route, "group_by", "policy", env),
            matchers,
            tuple(read(each, env, root=False) for each in a_list(route, "routes", "policy")),
        )


def _duration(route: Mapping[str, Any], name: str, env: Env) -> None:
    if route.get(name) is None:
        return
    try:
        durations.seconds(expand(str(route[name]), env))
    except ValueError as error:
        raise FileError(f"{name}: {error}", line_of(route, name)) from None


def _matchers(route: Mapping[str, Any], env: Env) -> list[Matcher]:
    found = [
        Matcher(name, operator, expand(text, env))
        for key, operator in (("match", "="), ("match_re", "=~"))
        for name, text in texts(route, key, "policy").items()
    ]
    for text in strings(route, "matchers", "policy", env):
        with located(route, name="matchers"):
            found.extend(parse_matchers(text))
    for each in a_list(route, "object_matchers", "policy"):
        if (
            not isinstance(each, list)
            or len(each) != 3
            or not all(isinstance(part, str) for part in each)
        ):
            raise FileError(
                "an object_matchers entry is a list of three texts: label, operator, value",
                line_of(each) or line_of(route, "object_matchers"),
            )
        name, operator, wanted = (expand(part, env) for part in each)
        if operator not in _TESTS:
            raise FileError(
                f"unsupported match operator {operator!r}; use one of {', '.join(_TESTS)}",
                line_of(each),
            )
        found.append(Matcher(name, operator, wanted.removeprefix('"').removesuffix('"')))
    for matcher in found:
        if matcher.operator in ("=~", "!~"):
            try:
                compile_pattern(f"^(?:{matcher.wanted})$")
            except TemplateError as error:
                raise FileError(f"matcher on {matcher.name!r}: {error}", line_of(route)) from None
    return found


_ONE = re.compile(
    r"""\s*([a-zA-Z_:][a-zA-Z0-9_:]*|"(?:\\.|[^"\\])*"|[^\s{}!=~,\\"'`]+)\s*(=~|!~|!=|=)\s*"""
    r"""("(?:\\.|[^"\\])*"|[^\s{},"][^,{}"]*|)\s*"""
)


def parse_matchers(text: str) -> list[Matcher]:
    """Return the matchers of a text such as ``{severity="critical", team=~"a|b"}``.

    https://prometheus.io/docs/alerting/latest/configuration/#label-matchers
    """
    inner = text.strip()
    if inner.startswith("{") != inner.endswith("}"):
        raise FileError(f"bad matcher format: {text}")
    inner = inner[1:-1] if inner.startswith("{") else inner
    found, at = [], 0
    while at < len(inner):
        one = _ONE.match(inner, at)
        if not one or inner[one.end() : one.end() + 1] not in ("", ","):
            raise FileError(f"bad matcher format: {text}")
        name, operator, value = one.groups()
        found.append(Matcher(_text(name), operator, _text(value.strip())))
        at = one.end() + 1
    return found


_ESCAPES = {"n": "\n", '"': '"', "\\": "\\"}


def _text(word: str) -> str:
    if word.startswith('"'):
        return re.sub(r"\\(.)", lambda found: _ESCAPES.get(found[1], f"\\{found[1]}"), word[1:-1])
    return word
