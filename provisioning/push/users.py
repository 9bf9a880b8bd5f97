"""Who uses a thing of ours: what is removed must not be missing to somebody else.

Grafana itself refuses to delete a contact point or a mute timing that is used, at least its last
receiver. It does not check who asks a data source or calls a notification template.
"""

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from provisioning.push.client import Client, Json, segment
from provisioning.push.errors import ApiError

_RULES = "/api/v1/provisioning/alert-rules"
_POINTS = "/api/v1/provisioning/contact-points"
_TEMPLATES = "/api/v1/provisioning/templates"
_POLICIES = "/api/v1/provisioning/policies"
_MOST_NAMED = 5
_PAGE = 1000
_DEFINED = re.compile(r"\{\{-?\s*define\s+[\"`]([^\"`]+)[\"`]")
_CALLED = re.compile(r"\{\{-?\s*(?:template|block)\s+[\"`]([^\"`]+)[\"`]")


def some(names: Collection[str]) -> str:
    """`names` as one text: the first few, and how many more there are."""
    listed = list(names)
    shown = ", ".join(listed[:_MOST_NAMED])
    more = len(listed) - _MOST_NAMED
    return f"{shown} and {more} more" if more > 0 else shown


@dataclass
class Users:
    """Everything in one Grafana that can use a thing, except what is ours and is being removed.

    `dashboards` and `rules` are the uids of what is removed, `templates` the names of templates
    that are; `receivers` tells by a receiver's uid whether it is. Each kind is read on first use.
    """

    client: Client
    dashboards: Collection[str] = ()
    rules: Collection[str] = ()
    templates: Collection[str] = ()
    receivers: Callable[[str], bool] = field(default=lambda _uid: False)
    route: Callable[[Mapping[str, Json]], bool] = field(default=lambda _route: False)

    def of_datasource(self, there: Mapping[str, Json]) -> list[str]:
        """Name the rules, dashboards and library panels that ask the data source."""
        found = [
            f"alert rule {rule['title']!r}"
            for rule in self._rules
            if there["uid"] in _asked_by_rule(rule)
        ]
        found += [f"dashboard {title!r}" for title, spec in self._dashboards if _asks(spec, there)]
        return found + [
            f"library panel {panel['name']!r}"
            for panel in self._panels
            if _asks({"panels": [panel.get("model") or {}]}, there)
        ]

    def of_contact_point(self, name: str) -> list[str]:
        """Name the rules and notification policies that send to the contact point."""
        return self._sending(lambda settings: settings.get("receiver") == name)

    def of_mute_timing(self, name: str) -> list[str]:
        """Name the rules and notification policies that the timing mutes, or lets through."""
        keys = ("mute_time_intervals", "active_time_intervals")
        return self._sending(lambda settings: any(name in (settings.get(k) or ()) for k in keys))

    def of_template(self, text: str) -> list[str]:
        """Name the contact points and templates that call what the template `text` defines."""
        others = [
            one for one in _listed(self.client, _TEMPLATES) if one["name"] not in self.templates
        ]
        defined = set(_DEFINED.findall(text))
        for one in others:
            defined -= set(_DEFINED.findall(one.get("template") or ""))
        found = {
            f"contact point {point['name']!r}"
            for point in self._points
            if defined & set(_CALLED.findall(" ".join(_texts(point.get("settings")))))
        }
        found |= {
            f"template {one['name']!r}"
            for one in others
            if defined & set(_CALLED.findall(one.get("template") or ""))
        }
        return sorted(found)

    def _sending(self, uses: Callable[[Mapping[str, Json]], bool]) -> list[str]:
        found = [
            f"alert rule {rule['title']!r}"
            for rule in self._rules
            if uses(rule.get("notification_settings") or {})
        ]
        tree = self.client.find(_POLICIES) or {}
        return found + [
            f"a notification policy ({_matchers(route)})"
            for route in _routes(tree)
            if uses(route) and not self.route(route)
        ]

    @cached_property
    def _rules(self) -> list[Json]:
        return [rule for rule in _listed(self.client, _RULES) if rule["uid"] not in self.rules]

    @cached_property
    def _points(self) -> list[Json]:
        return [p for p in _listed(self.client, _POINTS) if not self.receivers(p.get("uid") or "")]

    @cached_property
    def _dashboards(self) -> list[tuple[str, Json]]:
        """Every dashboard that stays: (title, spec); True for one that cannot be read."""
        found = []
        for hit in _hits(self.client):
            if hit["uid"] in self.dashboards:
                continue
            try:
                answer = self.client.find(f"/api/dashboards/uid/{segment(hit['uid'])}")
            except ApiError as error:
                if error.status != 406:
                    raise
                # Saved in the schema of 13, which this API does not show.
                found.append((hit["title"], True))
                continue
            if answer is not None:
                found.append((hit["title"], answer["dashboard"]))
        return found

    @cached_property
    def _panels(self) -> list[Json]:
        answer = self.client.find("/api/library-elements", kind=1, perPage=5000) or {}
        found = (answer.get("result") or {}).get("elements") or []
        return [panel for panel in found if isinstance(panel, dict)]


def _listed(client: Client, path: str) -> list[Json]:
    return client.find(path) or []


def _hits(client: Client) -> Iterator[Json]:
    page = 1
    while True:
        found = client.get("/api/search", type="dash-db", limit=_PAGE, page=page)
        yield from found
        if len(found) < _PAGE:
            return
        page += 1


def _asked_by_rule(rule: Mapping[str, Json]) -> set[str]:
    asked: set[Json] = {query.get("datasourceUid") for query in rule.get("data") or ()}
    record = rule.get("record") or {}
    asked |= {record.get("target_datasource_uid"), record.get("targetDatasourceUid")}
    return asked


def _asks(spec: Json, there: Mapping[str, Json]) -> bool:
    """Whether a dashboard asks a data source: by uid, by name, by type as a variable, by default.

    One that cannot be read (True) may ask it.
    """
    if spec is True:
        return True
    names = {there["uid"], there["name"]}
    for node in _nodes(spec):
        source = node.get("datasource")
        if isinstance(source, dict):
            source = source.get("uid")
        if source in names:
            return True
        if node.get("type") == "datasource" and "query" in node:
            current = (node.get("current") or {}).get("value")
            if names & set(current if isinstance(current, list) else [current]):
                return True
    panels = [node for node in _nodes(spec) if node.get("targets")]
    return bool(there.get("isDefault")) and any(
        panel.get("datasource") in (None, "default", {}) for panel in panels
    )


def _nodes(value: Json) -> Iterator[Mapping[str, Json]]:
    if isinstance(value, dict):
        yield value
        for item in value.values():
            yield from _nodes(item)
    elif isinstance(value, list):
        for item in value:
            yield from _nodes(item)


def _texts(value: Json) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        yield from (text for item in value.values() for text in _texts(item))
    elif isinstance(value, list):
        yield from (text for item in value for text in _texts(item))


def _routes(route: Mapping[str, Json]) -> Iterator[Mapping[str, Json]]:
    yield route
    for child in route.get("routes") or ():
        yield from _routes(child)


def _matchers(route: Mapping[str, Json]) -> str:
    matchers: Iterable[Iterable[str]] = route.get("object_matchers") or ()
    return ", ".join("".join(matcher) for matcher in matchers) or "at the root"
