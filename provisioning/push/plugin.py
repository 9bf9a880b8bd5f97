"""The store's plugin in a Grafana: whether it is there, how to get it, and its installation.

https://docs.aws.amazon.com/grafana/latest/userguide/v12-Grafana-API-Plugin.html
https://grafana.com/docs/grafana/latest/administration/plugin-management/
"""

import re
import time
from collections.abc import Callable

from provisioning.push import amg
from provisioning.push.client import Client
from provisioning.push.console import Report
from provisioning.push.errors import ApiError, PushError, Unreachable
from provisioning.push.stores import Plugin, Store, Version

_WAIT_SECONDS = 600
# Where an administrator of a workspace finds its plugins, and what lets them be installed.
_CATALOG = "https://docs.aws.amazon.com/grafana/latest/userguide/grafana-plugins.html"
_MANAGEMENT = "https://docs.aws.amazon.com/grafana/latest/userguide/AMG-configure-workspace.html"


def version(client: Client, store: Store) -> str | None:
    """Return the installed plugin's version, "" if it does not say; None when it is not there."""
    answer = client.find(f"/api/plugins/{store.PLUGIN}/settings")
    return None if answer is None else str((answer.get("info") or {}).get("version") or "")


def wrong(store: Store, wanted: Plugin, found: str | None, grafana: str) -> str:
    """Return why the installed plugin cannot be used, without a full stop; "" when it can."""
    if found is None:
        return f"the plugin {store.PLUGIN} is not installed"
    numbers = _numbers(found)
    if not numbers:
        return ""  # built by somebody, who knows
    if numbers < wanted.oldest:
        return f"the plugin {store.PLUGIN} is {found}, and the dashboards need {_range(wanted)}"
    if wanted.below and numbers >= wanted.below:
        return (
            f"the plugin {store.PLUGIN} is {found}, and Grafana {grafana} runs {_range(wanted)} "
            "only"
        )
    return ""


def advice(store: Store, wanted: Plugin, *, workspace: bool) -> str:
    """Return sentences on how to get the plugin without this tool."""
    named = f"{store.PLUGIN} {wanted.install}".rstrip()
    if workspace:
        return (
            f"A workspace's administrator installs {named} from its plugin catalog ({_CATALOG}), "
            f"for which plugin management has to be on ({_MANAGEMENT})."
        )
    return (
        f"Install it yourself (grafana cli plugins install {named}) and restart Grafana, or list "
        f"{named.replace(' ', '@')} in $GF_PLUGINS_PREINSTALL_SYNC."
    )


def offered(client: Client, store: Store) -> bool | None:
    """Whether this Grafana's catalog has the plugin; None when that cannot be found out."""
    try:
        client.request("GET", f"/api/gnet/plugins/{store.PLUGIN}", repeatable=False)
    except ApiError as error:
        return False if error.status == 404 else None
    except Unreachable:
        return None
    return True


def install(
    client: Client,
    store: Store,
    wanted: Plugin,
    report: Report,
    *,
    workspace: bool,
    sleep: Callable[[float], None] = time.sleep,
) -> None:
    """Install the plugin, or another version of it, and wait for it; at most ten minutes."""
    report(f"installing the {store.NAME} plugin, which takes a few minutes")
    body = {"version": wanted.install} if wanted.install else {}
    how = advice(store, wanted, workspace=workspace)
    try:
        client.post(f"/api/plugins/{store.PLUGIN}/install", body, repeatable=True)
    except ApiError as error:
        if error.status == 404:
            raise PushError(
                "This Grafana does not let the plugin be installed through its API"
                f"{_said(error)}. {how} Then push again."
            ) from None
        if error.status == 403:  # a role Admin is of an organization, and plugins are the server's
            raise PushError(
                f"The token may not install plugins, which needs plugins:install. {how} Then push "
                "again."
            ) from None
        if error.status != 409:
            raise
        # It is there already; or it is, in a version that may not be changed so.
        if wrong(store, wanted, version(client, store), ""):
            raise PushError(
                f"The plugin cannot be changed through the API{_said(error)}. {how}"
            ) from None
    for _ in range(int(_WAIT_SECONDS / amg.POLL_SECONDS)):
        try:
            found = version(client, store)
            if found is not None and not wrong(store, wanted, found, ""):
                return
        except Unreachable:
            pass  # a workspace may restart for it
        except ApiError as error:
            if error.status < 500:
                raise
        sleep(amg.POLL_SECONDS)
    raise PushError(
        f"The {store.NAME} plugin is still not there after ten minutes; try again later."
    )


def _said(error: ApiError) -> str:
    usual = error.detail.lower() in ("", "not found")
    return "" if usual else f" ({error.detail.rstrip('.')})"


def _numbers(text: str) -> Version:
    match = re.match(r"(\d+)\.(\d+)(?:\.(\d+))?", text)
    return tuple(int(part or 0) for part in match.groups()) if match else ()


def _range(wanted: Plugin) -> str:
    """Return the versions as words: 4.0.3 or later, 4.0.3 up to before 4.15."""
    oldest, below = (".".join(map(str, one)) for one in (wanted.oldest, wanted.below))
    return f"{oldest} or later" if not below else f"{oldest} up to before {below}"
