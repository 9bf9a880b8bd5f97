"""Contact points: one receiver each, secrets written and never read.

The mark in a receiver's uid also holds a fingerprint of its secrets, so a rotated secret is another
receiver of the same contact point: created first, and then the old one is removed.
https://grafana.com/docs/grafana/latest/developers/http_api/alerting_provisioning/
"""

from dataclasses import dataclass
from functools import partial

from provisioning.push import ownership
from provisioning.push.client import Json, segment
from provisioning.push.compare import differences, shortened
from provisioning.push.errors import PushError
from provisioning.push.expand import Unset
from provisioning.push.model import ContactPoint
from provisioning.push.notifiers import Catalog, flattened
from provisioning.push.plan import Action, Change, Context, keep_used, used
from provisioning.push.resources.templates import delete_unless_used, listed
from provisioning.push.secrets import fingerprint
from provisioning.push.users import Users

KIND = "contact point"
_PATH = "/api/v1/provisioning/contact-points"


@dataclass(frozen=True)
class Live:
    """Every receiver (an older one may have no uid), and the types this Grafana offers."""

    receivers: tuple[Json, ...]
    catalog: Catalog


def live(context: Context) -> Live:
    """Every receiver of the organization."""
    catalog = Catalog.read(context.client.find("/api/alert-notifiers"))
    return Live(tuple(listed(context, _PATH)), catalog)


def changes(context: Context, found: Live, users: Users) -> list[Change]:
    """Create, correct or remove our receivers; those of others, in whatever contact point, stay.

    A contact point that goes and that somebody else sends to stays whole.
    """
    name = context.desired.name
    wanted: dict[str, tuple[ContactPoint, dict[str, Json]]] = {}
    result = []
    for point in () if context.remove else context.desired.contact_points:
        title = _title(point)
        try:
            settings = found.catalog.fitted(point)
        except PushError as error:
            result.append(Change(KIND, title, Action.BLOCKED, why=str(error)))
            continue
        uid = _uid(name, point, settings, found)
        wanted[uid] = (point, settings)
        namesakes = [r for r in found.receivers if r["name"] == point.name]
        if namesakes and not any(ownership.owns_receiver(name, r["uid"]) for r in namesakes):
            why = "there is one of this name already that is not from this tool"
            result.append(Change(KIND, title, Action.BLOCKED, why=why))
        else:
            result.append(_change(context, found, uid, point, settings))
    names = {point.name for point, _ in wanted.values()}
    for there in found.receivers:
        uid = there["uid"]
        if not ownership.owns_receiver(name, uid) or uid in wanted:
            continue
        title = f"{there['name']} ({there['type']})"
        goes = there["name"] not in names
        if goes and (sending := users.of_contact_point(there["name"])):
            result.append(Change(KIND, title, Action.KEEP, why=used(sending)))
            continue
        rotated = any(ownership.same_receiver(uid, other) for other in wanted)
        why = "its secret was replaced" if rotated else ""
        remove = partial(_remove, context, there, goes=goes)
        result.append(Change(KIND, title, Action.DELETE, why=why, run=remove))
    return result


def _remove(context: Context, there: Json, *, goes: bool) -> None:
    if goes:
        keep_used(Users(context.client).of_contact_point(there["name"]))
    delete_unless_used(context, f"{_PATH}/{segment(there['uid'])}")


def _title(point: ContactPoint) -> str:
    return f"{point.name} ({point.type})"


def _uid(name: str, point: ContactPoint, settings: dict[str, Json], found: Live) -> str:
    secure = found.catalog.secure(point.type)
    secrets = {key: value for key, value in flattened(settings) if key in secure and value}
    mark = fingerprint({key: str(value) for key, value in secrets.items()}, point.uid)
    uid = ownership.receiver_uid(name, point.uid, mark)
    if any(isinstance(value, Unset) for value in secrets.values()):
        # Nobody knows the secret that is wanted: whatever is there is right.
        for there in found.receivers:
            if ownership.owns_receiver(name, there["uid"]) and ownership.same_receiver(
                there["uid"], uid
            ):
                return str(there["uid"])
    return uid


def _change(
    context: Context, found: Live, uid: str, point: ContactPoint, settings: dict[str, Json]
) -> Change:
    body = {
        "uid": uid,
        "name": point.name,
        "type": point.type,
        "settings": settings,
        "disableResolveMessage": point.disable_resolve_message,
    }
    there = next((r for r in found.receivers if r["uid"] == uid), None)
    title = _title(point)
    if there is None:
        return Change(KIND, title, Action.CREATE, run=lambda: _create(context, uid, body))
    secure = found.catalog.secure(point.type)
    hidden = frozenset({f"settings.{key}" for key in secure | point.outside})
    compared = ("name", "type", "disableResolveMessage", "settings")
    lines = differences(
        {key: there.get(key) for key in compared}, {key: body[key] for key in compared}, hidden
    )
    return Change(
        KIND,
        title,
        Action.UPDATE if lines else Action.SAME,
        shortened(lines),
        run=lambda: context.client.put(f"{_PATH}/{segment(uid)}", body),
    )


def _create(context: Context, uid: str, body: dict[str, Json]) -> None:
    context.client.create(
        _PATH,
        body,
        there=lambda: next((r for r in listed(context, _PATH) if r["uid"] == uid), None),
    )
