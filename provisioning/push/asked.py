"""Which data sources a bundle asks, and how another one is put in their place."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from provisioning.push.client import Client
from provisioning.push.errors import PushError
from provisioning.push.model import Desired
from provisioning.push.stores import plugins

Json = Any

# What Grafana answers itself.
_BUILT_IN = frozenset(
    {
        "",
        "__expr__",
        "-100",
        "default",
        "grafana",
        "-- Grafana --",
        "-- Mixed --",
        "-- Dashboard --",
        "-- Public --",
    }
)


def uids(desired: Desired) -> dict[str, str]:
    """Return the data sources that rules and panels ask: {uid or old-style name: who asks it}."""
    found: dict[str, str] = {}
    for group in desired.groups:
        for rule in group.rules:
            for query in rule["data"]:
                found.setdefault(query["datasourceUid"], f"alert rule {rule['title']!r}")
    for dashboard in desired.dashboards:
        for uid in _references(dict(dashboard.spec)):
            found.setdefault(uid, f"dashboard {dashboard.title!r}")
    return {
        uid: asker
        for uid, asker in found.items()
        if uid not in _BUILT_IN and not uid.startswith("$")
    }


def instead(desired: Desired, chosen: str) -> Desired:
    """Return `desired` asking `chosen` instead of its own data source, which is then not made.

    Raises PushError when there are several and it is not clear which one is meant.
    """
    own = {d.uid for d in desired.datasources} | {d.name for d in desired.datasources}
    if len(desired.datasources) > 1:
        listed = ", ".join(d.uid for d in desired.datasources)
        raise PushError(
            f"The files bring several data sources ({listed}); --datasource can stand for one only."
        )
    if not own:
        asked = sorted(uids(desired))
        if len(asked) > 1:
            raise PushError(
                f"The files ask several data sources ({', '.join(asked)}) and bring none; "
                "--datasource can stand for one only."
            )
        own = set(asked)

    def put(uid: Json) -> Json:
        return chosen if isinstance(uid, str) and uid in own else uid

    def rule(one: Mapping[str, Json]) -> dict[str, Json]:
        queries = [
            {**q, "datasourceUid": put(q["datasourceUid"]), "model": _with(q["model"], put)}
            for q in one["data"]
        ]
        return {**one, "data": queries}

    return replace(
        desired,
        datasources=(),
        dashboards=tuple(replace(d, spec=_with(dict(d.spec), put)) for d in desired.dashboards),
        groups=tuple(replace(g, rules=tuple(rule(r) for r in g.rules)) for g in desired.groups),
    )


def check(client: Client, desired: Desired, chosen: str | None) -> None:
    """Look up every data source that is asked and not made.

    Raises PushError for one that is not there, and for a chosen one that is of another type or
    reads from elsewhere than the dashboards are made for.
    """
    there = client.get("/api/datasources")
    known = {one["uid"]: one for one in there} | {one["name"]: one for one in there}
    made = {d.uid for d in desired.datasources} | {d.name for d in desired.datasources}
    if chosen is not None:
        _check_chosen(known, chosen, desired)
    for uid, asker in uids(desired).items():
        if uid not in made and uid not in known:
            raise PushError(
                f"The {asker} asks the data source {uid!r}, which is neither in the files nor in "
                "this Grafana; correct it, or choose one with --datasource."
            )


def _check_chosen(known: Mapping[str, Json], chosen: str, desired: Desired) -> None:
    there = known.get(chosen)
    if there is None or there["uid"] != chosen:
        named = f"; the one of that name has the uid {there['uid']}" if there else ""
        raise PushError(
            f"There is no data source with the uid {chosen} in this Grafana{named}; leave "
            "--datasource out to have one made."
        )
    store = desired.store
    if there["type"] != store.PLUGIN:
        raise PushError(
            f"The data source {chosen} ({there['name']!r}) is of type {there['type']}, and the "
            f"dashboards ask {store.PLUGIN}; choose another, or leave --datasource out."
        )
    wanted = dict(zip(("database", "table"), desired.place, strict=True))
    for what, found in store.place(there.get("jsonData") or {}).items():
        if found != wanted[what]:
            reads = f"reads from the {what} {found!r}" if found else f"names no {what}"
            raise PushError(
                f"The data source {chosen} ({there['name']!r}) {reads}, and the dashboards ask "
                f"{wanted[what]!r}; choose another, set it there, or say --{what}."
            )


def _references(value: Json) -> Iterator[str]:
    """Yield what panels, queries, annotations and data source variables ask."""
    if isinstance(value, dict):
        source = value.get("datasource")
        if isinstance(source, dict):
            source = source.get("uid")
        if isinstance(source, str):
            yield source
        if _is_variable(value):
            current = (value.get("current") or {}).get("value")
            yield from [one for one in _list(current) if isinstance(one, str)]
        for item in value.values():
            yield from _references(item)
    elif isinstance(value, list):
        for item in value:
            yield from _references(item)


def _with(value: Json, put: Callable[[Json], Json]) -> Json:
    """Return `value` with other data sources wherever `_references` finds one."""
    if isinstance(value, list):
        return [_with(item, put) for item in value]
    if not isinstance(value, dict):
        return value
    result = {key: _with(item, put) for key, item in value.items()}
    source = result.get("datasource")
    if isinstance(source, dict) and "uid" in source:
        result["datasource"] = {**source, "uid": put(source["uid"])}
    elif isinstance(source, str):
        result["datasource"] = put(source)
    if _is_variable(result) and isinstance(result.get("current"), dict):
        current = result["current"].get("value")
        chosen = [put(one) for one in current] if isinstance(current, list) else put(current)
        result["current"] = {**result["current"], "value": chosen}
    return result


def _is_variable(value: Mapping[str, Json]) -> bool:
    return value.get("type") == "datasource" and value.get("query") in plugins()


def _list(value: Json) -> list[Json]:
    return value if isinstance(value, list) else [value]
