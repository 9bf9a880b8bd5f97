"""Look at a Grafana, and work out the plan that makes it hold what a bundle wants."""

import re
from dataclasses import dataclass
from pathlib import Path

from provisioning.client import Client, Json
from provisioning.errors import PushError
from provisioning.kinds import (
    alert_rules,
    contact_points,
    dashboards,
    datasources,
    folders,
    policies,
    templates,
)
from provisioning.model import Desired
from provisioning.plan import Context, Plan, ordered
from provisioning.secrets import Secrets

OLDEST = (10, 4)
NEWEST = 13


@dataclass(frozen=True)
class Grafana:
    """Which Grafana this is: its version as text and numbers, and its settings."""

    text: str
    version: tuple[int, int]
    settings: Json


def identify(client: Client) -> Grafana:
    """Ask for the version; refuse one that this tool was not made for.

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
    if version < OLDEST:
        raise PushError(
            f"{client.url} is Grafana {text}; the Timestream plugin needs 10.4. Upgrade it first."
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
) -> Plan:
    """Return the plan that makes `grafana` hold what `desired` says; with `remove`, none of it.

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
    uids = [*ours.ours, *(f.uid for f in desired.folders if f.uid not in ours.ours)]
    kinds = [
        datasources.changes(context, datasources.live(context)),
        folders.changes(context, ours),
        templates.template_changes(context, templates.live_templates(context)),
        templates.mute_timing_changes(context, templates.live_mute_timings(context)),
        contact_points.changes(context, contact_points.live(context)),
        policies.changes(context, policies.live(context), routes, backups),
        dashboards.changes(context, dashboards.live(context), uids),
        alert_rules.changes(context, alert_rules.live(context, list(ours.ours)), uids),
    ]
    return ordered(kinds, notes)
