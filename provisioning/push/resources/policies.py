"""Notification policies: an organization has one tree, which is changed only where it has to be.

From Grafana 11 on a rule names its receiver and the tree stays as it is. On 10.4 without that
feature our routes are merged in, each with a reserved matcher for a label that only our rules
have. The tree is backed up first, and everything else in it is sent back unchanged.
https://grafana.com/docs/grafana/latest/alerting/configure-notifications/create-notification-policy/
"""

import hashlib
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import yaml

from provisioning.push import ownership
from provisioning.push.client import Json
from provisioning.push.compare import differences, shortened
from provisioning.push.errors import PushError
from provisioning.push.model import Desired
from provisioning.push.plan import Action, Change, Context
from ruletest import durations

KIND = "notification policy"
_PATH = "/api/v1/provisioning/policies"
_RULES_NAME_RECEIVERS = (11, 0)
_DURATIONS = ("group_wait", "group_interval", "repeat_interval")
_TIMINGS = ("group_by", "group_wait", "group_interval", "repeat_interval", "mute_time_intervals")


@dataclass(frozen=True)
class Routes:
    """The routes a bundle needs in the tree; none where its rules name their receivers."""

    routes: tuple[Mapping[str, Json], ...] = ()


def rules_name_receivers(version: tuple[int, int], settings: Json) -> bool:
    """Whether a rule can name its receiver; `settings` is GET /api/frontend/settings."""
    if version >= _RULES_NAME_RECEIVERS:
        return True
    toggles = (settings or {}).get("featureToggles") or {}
    return bool(toggles.get("alertingSimplifiedRouting"))


def routed(desired: Desired) -> tuple[Desired, Routes]:
    """`desired` with its rules' receivers turned into labels, and the routes for these labels."""
    routes: dict[str, dict[str, Json]] = {}
    groups = []
    for group in desired.groups:
        labeled = []
        for rule in group.rules:
            settings = rule.get("notification_settings")
            plain = {key: value for key, value in rule.items() if key != "notification_settings"}
            if settings:
                value = _value(desired.name, settings)
                plain["labels"] = {**(plain.get("labels") or {}), ownership.ROUTE_LABEL: value}
                routes[value] = _route(value, settings)
            labeled.append(plain)
        groups.append(replace(group, rules=tuple(labeled)))
    ordered = tuple(routes[value] for value in sorted(routes))
    return replace(desired, groups=tuple(groups)), Routes(ordered)


def live(context: Context) -> Json | None:
    """Read the tree as it is, with its provenance; None where there is none."""
    return context.client.find(_PATH)


def changes(context: Context, tree: Json | None, wanted: Routes, backups: Path) -> list[Change]:
    """Merge our routes in, or take them out; nothing when they are as they should be."""
    name = context.desired.name
    routes = [] if context.remove else [dict(route) for route in wanted.routes]
    if tree is None:
        return []
    mine = [route for route in tree.get("routes") or () if ours(name, route)]
    lines = differences([_comparable(r) for r in mine], [_comparable(r) for r in routes])
    if not lines:
        return [Change(KIND, f"{len(routes)} routes", Action.SAME)] if routes else []
    title = f"{len(routes) or len(mine)} routes"
    if tree.get("provenance") == "file":
        snippet = yaml.safe_dump({"routes": routes}, sort_keys=False).rstrip()
        why = "the tree is provisioned from files there, which the API cannot change; " + (
            f"add to its file:\n{snippet}" if routes else "take our routes out of its file"
        )
        return [Change(KIND, title, Action.BLOCKED, why=why)]
    action = Action.CREATE if not mine else Action.UPDATE if routes else Action.DELETE
    return [
        Change(
            KIND,
            title,
            action,
            shortened(lines),
            why=f"the rest of the tree stays; a copy goes to {backups}",
            run=lambda: _merge(context, routes, backups),
        )
    ]


def _comparable(route: Mapping[str, Json]) -> dict[str, Json]:
    """Return the route with durations as numbers: Grafana writes 90s as 1m30s."""
    result = {**route, "routes": [_comparable(child) for child in route.get("routes") or ()]}
    for key in _DURATIONS:
        result[key] = durations.comparable(route.get(key))
    return result


def _value(name: str, settings: Mapping[str, Json]) -> str:
    timings = {key: settings[key] for key in sorted(settings) if key != "receiver"}
    receiver = ownership.slug(settings["receiver"])
    text = json.dumps([settings["receiver"], timings], sort_keys=True)
    return ownership.route_value(
        name, f"{receiver}-{hashlib.sha256(text.encode()).hexdigest()[:6]}"
    )


def _route(value: str, settings: Mapping[str, Json]) -> dict[str, Json]:
    return {
        "receiver": settings["receiver"],
        "object_matchers": [[ownership.ROUTE_LABEL, "=", value]],
        **{key: settings[key] for key in _TIMINGS if settings.get(key)},
    }


def ours(name: str, route: Mapping[str, Json]) -> bool:
    """Whether a push of the bundle `name` made the route."""
    start = ownership.route_value(name, "")
    return any(
        matcher[0] == ownership.ROUTE_LABEL and matcher[2].startswith(start)
        for matcher in route.get("object_matchers") or ()
    )


def _merge(context: Context, routes: list[dict[str, Json]], backups: Path) -> None:
    """Read the tree again, keep a copy, put ours first in it, and check that it was saved."""
    tree = context.client.get(_PATH)
    _back_up(tree, backups)
    others = [route for route in tree.get("routes") or () if not ours(context.desired.name, route)]
    provenance = tree.pop("provenance", "")
    merged = {key: value for key, value in tree.items() if key != "routes"}
    if routes or others:
        merged["routes"] = [*routes, *others]
    # Without the header a tree that is edited by hand would become read-only there.
    headers = {} if provenance else {"X-Disable-Provenance": "true"}
    context.client.put(_PATH, merged, headers)
    after = context.client.get(_PATH)
    after.pop("provenance", None)
    if differences(_comparable(after), _comparable(merged)):
        raise PushError(
            f"The notification policies were changed by somebody else just now; the copy from "
            f"before is in {backups}. Look at them and push again."
        )


def _back_up(tree: Json, backups: Path) -> None:
    backups.mkdir(parents=True, exist_ok=True)
    stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%S.%fZ")
    path = backups / f"notification-policies-{stamp}.json"
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        json.dump(tree, file, indent=2)
        file.write("\n")
