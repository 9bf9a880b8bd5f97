"""Look at a Grafana, and plan what has to change so that it has what a bundle wants."""

import re
from dataclasses import dataclass, replace
from pathlib import Path

from provisioning.push import ownership, stores
from provisioning.push.client import Client, Json
from provisioning.push.errors import PushError
from provisioning.push.model import Desired
from provisioning.push.plan import Action, Context, Plan, ordered
from provisioning.push.resources import (
    alert_rules,
    contact_points,
    dashboards,
    datasources,
    folders,
    policies,
    templates,
)
from provisioning.push.secrets import Secrets
from provisioning.push.users import Users

NEWEST = 13
# What happens to a dashboard that will not ask afterwards what it asks now.
_GOES = (Action.SAME, Action.UPDATE, Action.DELETE)


@dataclass(frozen=True)
class Grafana:
    """Which Grafana this is: its version as text and numbers, and its settings."""

    text: str
    version: tuple[int, int]
    settings: Json


def identify(client: Client, store: stores.Store | None = None) -> Grafana:
    """Ask for the version; refuse one that this tool, or the store's plugin, was not made for.

    Raises PushError with the reason, ApiError when the token is not accepted.
    """
    health = client.get("/api/health") or {}
    settings = client.get("/api/frontend/settings") or {}
    text = str(health.get("version") or (settings.get("buildInfo") or {}).get("version") or "")
    match = re.match(r"(\d+)\.(\d+)", text)
    if match is None:
        raise PushError(
            f"{client.url} does not say which version it is; give the token the role Admin."
        )
    version = (int(match[1]), int(match[2]))
    store = store or stores.of()
    if stores.plugin_for(store, version) is None:
        oldest = ".".join(map(str, store.PLUGINS[-1].grafana))
        raise PushError(
            f"{client.url} is Grafana {text}; the {store.NAME} plugin needs {oldest}. Upgrade it "
            "first."
        )
    if version[0] > NEWEST:
        raise PushError(
            f"{client.url} is Grafana {text}; this tool knows the API up to {NEWEST}. Update this "
            "repository, or go without the push: provisioning/ holds the same as files."
        )
    return Grafana(text, version, settings)


def plan(
    client: Client,
    grafana: Grafana,
    desired: Desired,
    secrets: Secrets,
    *,
    backups: Path,
    overwrite: bool = False,
    remove: bool = False,
    quota: int | None = None,
) -> Plan:
    """Return the plan that gives `grafana` what is `desired`; with `remove`, takes all of it away.

    `quota` is how many alert rules this Grafana takes, if that is limited.

    Reads only. Raises ApiError or Unreachable when the Grafana cannot be read.
    """
    notes = []
    routes = policies.Routes()
    if not policies.rules_name_receivers(grafana.version, grafana.settings):
        desired, routes = policies.routed(desired)
        notes.append(
            "This Grafana's rules cannot name a receiver (11 can): our routes are merged into the "
            "notification policies."
        )
    context = Context(client, desired, secrets, grafana.version, overwrite, remove)
    ours = folders.live(context)
    desired = folders.adopted(desired, ours)
    context = replace(context, desired=desired)
    uids = [*ours.ours, *(f.uid for f in desired.folders if f.uid not in ours.ours)]
    boards = dashboards.changes(context, dashboards.live(context), uids)
    live_rules = alert_rules.live(context, list(ours.ours))
    our_rules = alert_rules.ours(context, live_rules, uids)
    live_templates = templates.live_templates(context)
    users = Users(
        client,
        dashboards={change.uid for change in boards if change.action in _GOES},
        rules=our_rules,
        templates={
            name
            for name, there in live_templates.items()
            if there["template"].startswith(ownership.template_comment(desired.name))
        },
        receivers=lambda uid: ownership.owns_receiver(desired.name, uid),
        route=lambda route: policies.ours(desired.name, route),
    )
    resources = [
        datasources.changes(context, datasources.live(context), users),
        folders.changes(context, ours),
        templates.template_changes(context, live_templates, users),
        templates.mute_timing_changes(context, templates.live_mute_timings(context), users),
        contact_points.changes(context, contact_points.live(context), users),
        policies.changes(context, policies.live(context), routes, backups),
        boards,
        alert_rules.changes(context, live_rules, uids),
    ]
    if quota is not None:
        wanted = set() if remove else {r["uid"] for group in desired.groups for r in group.rules}
        others = set(live_rules.rules) - our_rules - wanted
        notes.append(_quota(quota, len(wanted), len(others)))
    return ordered(resources, notes)


def _quota(quota: int, ours: int, others: int) -> str:
    """Say what is left of a workspace's quota of alert rules after the push."""
    count = f"{ours} of this bundle and {others} others, of a quota of {quota}"
    left = quota - ours - others
    if left >= 0:
        return f"alert rules in this workspace afterwards: {count}: {left} left"
    return (
        f"warning: alert rules in this workspace afterwards: {count}: {-left} too many; remove "
        "some, or ask AWS for more"
    )
