"""Folders: everything of ours lives in one that is ours.

https://grafana.com/docs/grafana/latest/developers/http_api/folder/
"""

from dataclasses import dataclass, replace
from functools import partial

from provisioning.push import ownership
from provisioning.push.client import Json, segment
from provisioning.push.model import Desired, Folder
from provisioning.push.plan import Action, Change, Context, Kept
from provisioning.push.resources.templates import listed

KIND = "folder"

# From 11 on, two folders may have the same title.
_SAME_TITLE_SINCE = (11, 0)
_SETTLE_TRIES = 4
_KINDS = {"dash-db": "dashboard", "dash-folder": "folder"}


@dataclass(frozen=True)
class Folders:
    """Our folders that exist, by uid, and the titles of the others at the root."""

    ours: dict[str, Json]
    titles: frozenset[str]


def live(context: Context) -> Folders:
    """Our folders, at the root or wherever they were moved to."""
    name = context.desired.name
    root = context.client.get("/api/folders", limit=1000)
    found = {f["uid"]: f for f in root if ownership.owns_folder(name, f["uid"])}
    for folder in context.desired.folders:
        if folder.uid not in found:
            there = _find(context, folder.uid)
            if there is not None:
                found[folder.uid] = there
    return Folders(found, frozenset(f["title"] for f in root if f["uid"] not in found))


def adopted(desired: Desired, found: Folders) -> Desired:
    """`desired` with the uids of our folders that are there already under another one.

    An earlier version made other uids of some titles; what is in such a folder stays where it is.
    """
    taken = {folder.uid for folder in desired.folders}
    uids = {}
    for folder in desired.folders:
        there = sorted(
            uid
            for uid, one in found.ours.items()
            if one["title"] == folder.title and uid not in taken
        )
        if folder.uid not in found.ours and there:
            uids[folder.uid] = there[0]
    if not uids:
        return desired

    def moved(uid: str) -> str:
        return uids.get(uid, uid)

    return replace(
        desired,
        folders=tuple(replace(f, uid=moved(f.uid)) for f in desired.folders),
        dashboards=tuple(replace(d, folder_uid=moved(d.folder_uid)) for d in desired.dashboards),
        groups=tuple(
            replace(
                group,
                folder_uid=moved(group.folder_uid),
                rules=tuple(
                    {**rule, "folderUID": moved(rule["folderUID"])} for rule in group.rules
                ),
            )
            for group in desired.groups
        ),
    )


def changes(context: Context, found: Folders) -> list[Change]:
    """Create, rename or remove our folders; one that holds anything of others is kept."""
    result = []
    wanted = {} if context.remove else {folder.uid: folder for folder in context.desired.folders}
    for uid, folder in wanted.items():
        there = found.ours.get(uid)
        taken = folder.title in found.titles
        if there is None and taken and context.version < _SAME_TITLE_SINCE:
            why = "there is a folder of this title that this tool did not make"
            result.append(Change(KIND, folder.title, Action.BLOCKED, why=why))
        elif there is None:
            why = "beside another of the same title" if taken else ""
            result.append(
                Change(
                    KIND,
                    folder.title,
                    Action.CREATE,
                    why=why,
                    run=partial(_create, context, folder),
                )
            )
        elif there["title"] != folder.title:
            diff = (f"title: {there['title']!r} → {folder.title!r}",)
            result.append(
                Change(
                    KIND,
                    folder.title,
                    Action.UPDATE,
                    diff,
                    run=partial(_rename, context, folder),
                )
            )
        else:
            result.append(Change(KIND, folder.title, Action.SAME))
    for uid, there in found.ours.items():
        if uid not in wanted:
            result.append(
                Change(
                    KIND,
                    there["title"],
                    Action.DELETE,
                    why="unless something else is in it",
                    run=partial(_remove, context, uid, there["title"]),
                )
            )
    return result


def _find(context: Context, uid: str) -> Json | None:
    return context.client.find(f"/api/folders/{segment(uid)}")


def _create(context: Context, folder: Folder) -> None:
    context.client.create(
        "/api/folders",
        {"uid": folder.uid, "title": folder.title},
        there=lambda: _find(context, folder.uid),
    )


def _rename(context: Context, folder: Folder) -> None:
    context.client.put(
        f"/api/folders/{segment(folder.uid)}", {"title": folder.title, "overwrite": True}
    )


def _inside(context: Context, uid: str) -> dict[str, int]:
    """Count what is in the folder, by kind; nothing for a folder that is not there."""
    counts = context.client.find(f"/api/folders/{segment(uid)}/counts")
    if counts is None:
        # No such path in this Grafana. Of rules it takes care itself: it keeps a folder with any.
        hits = context.client.get("/api/search", folderUIDs=uid, limit=5000)
        counts = {"things": len(hits)}
    return {kind: count for kind, count in counts.items() if count}


def _names(context: Context, uid: str) -> list[str]:
    """Name the dashboards, folders and alert rules in the folder."""
    hits = context.client.get("/api/search", folderUIDs=uid, limit=5000)
    rules = listed(context, "/api/v1/provisioning/alert-rules")
    return [
        *(f"{_KINDS.get(hit['type'], 'thing')} {hit['title']!r}" for hit in hits),
        *(f"alert rule {rule['title']!r}" for rule in rules if rule["folderUID"] == uid),
    ]


def _remove(context: Context, uid: str, title: str) -> None:
    """Remove the folder if it is empty: Grafana would remove what is in it as well."""
    for attempt in range(_SETTLE_TRIES):
        inside = _inside(context, uid)
        if not inside:
            context.client.delete(f"/api/folders/{segment(uid)}")
            return
        # Grafana 12 counts in a search index, which may lag behind what was just removed.
        context.client.pause(0.2 * attempt)
    listing = ", ".join(f"{count} {kind}" for kind, count in sorted(inside.items()))
    raise Kept(
        f"folder {title!r} stays: there is {listing} in it that this push did not make",
        _names(context, uid),
    )
