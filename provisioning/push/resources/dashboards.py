"""Dashboards: pushed with a message that says what was pushed, so that an edit is noticed.

Every save makes a version with a message; ours names the digest of the content. When the latest
version's message is ours, nobody has saved since; when its digest is the built one's, nothing is to
do. No content is compared for that: Grafana migrates dashboards as it pleases.
https://grafana.com/docs/grafana/latest/developers/http_api/dashboard/
https://grafana.com/docs/grafana/latest/developers/http_api/dashboard_versions/
"""

import hashlib
import json
import re
from dataclasses import dataclass, replace

from provisioning.push import ownership
from provisioning.push.client import Json, segment
from provisioning.push.compare import differences, shortened
from provisioning.push.errors import ApiError, PushError
from provisioning.push.model import Dashboard
from provisioning.push.plan import Action, Change, Context

KIND = "dashboard"
_MESSAGE = re.compile(rf"Pushed by {ownership.PRODUCT}, content ([0-9a-f]{{16}})\b")
# What Grafana keeps beside the content.
_BESIDE = ("id", "uid", "version", "iteration")


@dataclass(frozen=True)
class Live:
    """A dashboard as it is: its content, place and version, and the digest of our last push.

    `pushed` is None when somebody saved it after us, and "" when Grafana does not say. `version` is
    None when somebody saved it in a schema that this API does not show.
    """

    uid: str
    title: str
    folder_uid: str
    version: int | None
    spec: dict[str, Json]
    provisioned: bool
    pushed: str | None


def digest(dashboard: Dashboard) -> str:
    """Sixteen hex digits that stand for the content of `dashboard`."""
    text = json.dumps(dashboard.spec, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def live(context: Context) -> dict[str, Live]:
    """Read the dashboards under our uids, and what else carries our tag: {uid: Live}."""
    name = context.desired.name
    uids = {dashboard.uid for dashboard in context.desired.dashboards}
    tagged = context.client.get(
        "/api/search", type="dash-db", tag=ownership.dashboard_tag(name), limit=5000
    )
    # A copy that a user made has the tag, and a uid of its own.
    uids |= {hit["uid"] for hit in tagged if ownership.prefixed(hit["uid"], name)}
    found = {uid: _read(context, uid) for uid in sorted(uids)}
    return {uid: there for uid, there in found.items() if there is not None}


def changes(context: Context, found: dict[str, Live], folder_uids: list[str]) -> list[Change]:
    """Push what is new or built differently, keep what a user edited, remove what is not built."""
    wanted = {} if context.remove else {d.uid: d for d in context.desired.dashboards}
    result = [
        replace(_change(context, dashboard, found.get(uid), folder_uids), uid=uid)
        for uid, dashboard in wanted.items()
    ]
    for uid, there in found.items():
        if uid not in wanted and _ours(context, there, folder_uids):
            result.append(replace(_removal(context, uid, there), uid=uid))
    return result


def _tagged(name: str, thing: dict[str, Json]) -> bool:
    return ownership.dashboard_tag(name) in (thing.get("tags") or ())


def _ours(context: Context, there: Live, folder_uids: list[str]) -> bool:
    if there.provisioned:
        return False
    if there.folder_uid in folder_uids or _tagged(context.desired.name, there.spec):
        return True
    # Moved away and without its tags: only its first version can tell.
    return bool(_pushed(context, there.uid, 1))


def _read(context: Context, uid: str) -> Live | None:
    try:
        answer = context.client.find(f"/api/dashboards/uid/{segment(uid)}")
    except ApiError as error:
        if error.status != 406:
            raise
        return _read_newer(context, uid)
    if answer is None:
        return None
    meta, spec = answer["meta"], answer["dashboard"]
    version = int(meta.get("version") or spec.get("version") or 0)
    return Live(
        uid=uid,
        title=spec.get("title", uid),
        folder_uid=meta.get("folderUid") or "",
        version=version,
        spec=spec,
        provisioned=bool(meta.get("provisioned")),
        pushed=_pushed(context, uid, version),
    )


def _read_newer(context: Context, uid: str) -> Live | None:
    """Read what can be read of a dashboard that somebody saved in the schema of 13.

    This API refuses to show it; the search still knows its place and tags.
    """
    hits = context.client.get("/api/search", dashboardUIDs=uid)
    hit = next((hit for hit in hits if hit["uid"] == uid), None)
    if hit is None:
        return None
    return Live(
        uid=uid,
        title=hit.get("title", uid),
        folder_uid=hit.get("folderUid") or "",
        version=None,
        spec={"title": hit.get("title"), "tags": hit.get("tags")},
        provisioned=False,
        pushed=None,
    )


def _pushed(context: Context, uid: str, version: int) -> str | None:
    """Return the digest of our push of `version`; None when it is not ours, "" when unknown."""
    path = f"/api/dashboards/uid/{segment(uid)}/versions/{version}"
    try:
        message = (context.client.get(path) or {}).get("message")
    except ApiError as error:
        if error.status in (401, 403):
            raise
        return ""
    match = _MESSAGE.match(message or "")
    return match[1] if match else None


def _change(
    context: Context, wanted: Dashboard, there: Live | None, folder_uids: list[str]
) -> Change:
    if there is None:
        return Change(KIND, wanted.title, Action.CREATE, run=lambda: _save(context, wanted))
    if not _ours(context, there, folder_uids):
        how = "provisioned from files there" if there.provisioned else "not from this tool"
        why = f"{there.title!r} has the uid {there.uid} and is {how}"
        return Change(KIND, wanted.title, Action.BLOCKED, why=why)
    lines = differences(_content(there.spec), _content(dict(wanted.spec)))
    moved = there.folder_uid != wanted.folder_uid
    if moved:
        lines.insert(0, f"folder: {there.folder_uid or 'the root'} → {wanted.folder_uid}")
    # Without a history there is only the content to tell an edit by.
    edited = there.pushed is None or moved or (there.pushed == "" and bool(lines))
    if not edited and (there.pushed == digest(wanted) or not lines):
        return Change(KIND, wanted.title, Action.SAME)
    if edited and not lines and there.pushed != "":
        # Saved by somebody with our very content: take it back as ours.
        return Change(
            KIND,
            wanted.title,
            Action.UPDATE,
            ("saved since the last push, with the same content",),
            run=lambda: _save(context, wanted, there),
        )
    if edited and not context.overwrite:
        why = "edited since the last push; --overwrite replaces it"
        return Change(KIND, wanted.title, Action.KEEP, shortened(lines), why=why)
    return Change(
        KIND,
        wanted.title,
        Action.UPDATE,
        shortened(lines),
        why="edited since the last push" if edited else "",
        run=lambda: _save(context, wanted, there),
    )


def _removal(context: Context, uid: str, there: Live) -> Change:
    if there.pushed is None and not context.overwrite:
        why = "edited since the last push; --overwrite removes it all the same"
        return Change(KIND, there.title, Action.KEEP, why=why)
    return Change(
        KIND,
        there.title,
        Action.DELETE,
        run=lambda: context.client.delete(f"/api/dashboards/uid/{segment(uid)}"),
    )


def _content(spec: dict[str, Json]) -> dict[str, Json]:
    return {key: value for key, value in spec.items() if key not in _BESIDE}


def _save(context: Context, wanted: Dashboard, there: Live | None = None) -> None:
    """Save a new one, or over `there`; refuse if somebody saved it in between."""
    spec = {**wanted.spec, "id": None}
    if there is not None and there.version is not None:
        spec["version"] = there.version
    body = {
        "dashboard": spec,
        "folderUid": wanted.folder_uid,
        "message": f"Pushed by {ownership.PRODUCT}, content {digest(wanted)}",
        "overwrite": there is not None and there.version is None,
    }
    try:
        context.client.post("/api/dashboards/db", body, repeatable=True)
    except ApiError as error:
        if error.status != 412:
            raise
        # A repeated request finds what the first one left behind: that is as good.
        now = _read(context, wanted.uid)
        if now is None or now.pushed != digest(wanted):
            raise PushError(
                f"Dashboard {wanted.title!r} was changed by somebody else just now, or one in the "
                "same folder has its title; look at it and push again."
            ) from None
