"""What is asked of the Grafana itself: its dashboards, and what its alerts did."""

from collections.abc import Mapping
from typing import Any

from cli.errors import Problem
from provisioning.push.client import Client
from provisioning.push.errors import ApiError
from shots.moments import HOUR

HISTORY = 24 * HOUR
_MOST = 5000


def boards(client: Client, name: str) -> Mapping[str, str]:
    """Return the dashboards of a bundle: {the end of its uid: its uid}, in the order of the menu.

    Raises Problem when there are none.
    """
    try:
        found = client.get("/api/search", type="dash-db", tag=name, limit=_MOST)
    except ApiError as error:
        if error.status in (401, 403):
            raise Problem(
                f"Grafana at {client.url} lets nobody look who has not signed in; put a service "
                "account's token (role Viewer) into $GRAFANA_TOKEN."
            ) from None
        raise
    uids = sorted(each["uid"] for each in found if each["uid"].startswith(f"{name}-"))
    if not uids:
        raise Problem(
            f"Grafana at {client.url} has no dashboards with the tag {name}; push them, or say "
            "--name."
        )
    return {uid.removeprefix(f"{name}-"): uid for uid in uids}


def changes(client: Client, now: int) -> list[dict[str, Any]]:
    """Return how alerts changed within the last day, as Grafana's annotations of type alert."""
    found: list[dict[str, Any]] = client.get(
        "/api/annotations", type="alert", limit=_MOST, **{"from": now - HISTORY, "to": now}
    )
    return found
