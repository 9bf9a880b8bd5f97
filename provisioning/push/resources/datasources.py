"""The data source: created beside others, never made the default, its secrets written only.

https://grafana.com/docs/grafana/latest/developers/http_api/data_source/
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

from provisioning.push import asked, ownership
from provisioning.push.client import Json, segment
from provisioning.push.compare import differences, shortened
from provisioning.push.expand import Unset
from provisioning.push.model import Datasource
from provisioning.push.plan import Action, Change, Context, keep_used, used
from provisioning.push.secrets import fingerprint
from provisioning.push.users import Users

KIND = "data source"
_COMPARED = ("name", "type", "access", "url", "user", "database", "basicAuth", "basicAuthUser")


@dataclass(frozen=True)
class Datasources:
    """Every data source, by uid (as the list gives them)."""

    all: dict[str, Json]


def live(context: Context) -> Datasources:
    """Every data source of the organization: names and uids are unique over all of them."""
    return Datasources({item["uid"]: item for item in context.client.get("/api/datasources")})


def changes(context: Context, found: Datasources, users: Users) -> list[Change]:
    """Create, correct or remove our data sources; one that somebody else asks is kept."""
    result = []
    wanted = () if context.remove else context.desired.datasources
    for datasource in wanted:
        result.append(_change(context, found, datasource))
    for uid, there in found.all.items():
        if _ours(context, there) and uid not in {d.uid for d in wanted}:
            chosen = not context.remove and uid in asked.uids(context.desired)
            if there.get("readOnly") or chosen:
                continue
            if asking := users.of_datasource(there):
                result.append(Change(KIND, there["name"], Action.KEEP, why=used(asking)))
            else:
                remove = partial(_remove, context, there)
                result.append(Change(KIND, there["name"], Action.DELETE, run=remove))
    return result


def _remove(context: Context, there: Mapping[str, Json]) -> None:
    """Remove the data source, unless somebody has begun to ask it."""
    keep_used(Users(context.client).of_datasource(there))
    context.client.delete(f"/api/datasources/uid/{segment(there['uid'])}")


def _ours(context: Context, there: Mapping[str, Json]) -> bool:
    mine = ownership.managed_by(context.desired.name)
    return (there.get("jsonData") or {}).get("managedBy") == mine


def _change(context: Context, found: Datasources, wanted: Datasource) -> Change:
    body = _body(wanted)
    there = found.all.get(wanted.uid)
    namesake = next((d for d in found.all.values() if d["name"] == wanted.name), None)
    for other in (there, namesake):
        if other is not None and other.get("readOnly"):
            why = f"{other['uid']} is provisioned from files there, which the API cannot change"
            return Change(KIND, wanted.name, Action.BLOCKED, why=why)
        if other is not None and not _ours(context, other):
            why = f"{other['name']!r} ({other['uid']}) is there already and not from this tool"
            return Change(KIND, wanted.name, Action.BLOCKED, why=why)
    if there is None:
        return Change(
            KIND, wanted.name, Action.CREATE, run=lambda: _create(context, wanted.uid, body)
        )
    # The list leaves secureJsonFields out; only the single one has them.
    there = context.client.get(f"/api/datasources/uid/{segment(wanted.uid)}")
    kept = {"isDefault": there.get("isDefault", False)}
    stale = {key for key, is_set in _secure(there).items() if is_set and key not in wanted.secrets}
    lines = differences(
        {key: there.get(key) for key in (*_COMPARED, "jsonData")},
        {key: body.get(key) for key in (*_COMPARED, "jsonData")},
    )
    lines += [f"secureJsonData.{key}: (secret) → nothing" for key in sorted(stale)]
    lines += [
        f"secureJsonData.{key}: nothing → (secret)"
        for key in sorted(wanted.secrets)
        if not _secure(there).get(key) and not isinstance(wanted.secrets[key], Unset)
    ]
    if not lines:
        return Change(KIND, wanted.name, Action.SAME)
    cleared = {"secureJsonData": {**dict.fromkeys(stale, ""), **wanted.secrets}}
    return Change(
        KIND,
        wanted.name,
        Action.UPDATE,
        shortened(lines),
        run=lambda: context.client.put(
            f"/api/datasources/uid/{segment(wanted.uid)}", body | kept | cleared
        ),
    )


def _secure(there: Mapping[str, Json]) -> dict[str, bool]:
    return there.get("secureJsonFields") or {}


def _body(wanted: Datasource) -> dict[str, Json]:
    json_data = dict(wanted.body["jsonData"])
    if any(isinstance(value, Unset) for value in wanted.secrets.values()):
        json_data["secretsMark"] = Unset()
    elif mark := fingerprint(wanted.secrets, wanted.uid):
        json_data["secretsMark"] = mark
    return {
        **wanted.body,
        "uid": wanted.uid,
        "name": wanted.name,
        "jsonData": json_data,
        "secureJsonData": dict(wanted.secrets),
        # The organization's default is the user's choice.
        "isDefault": False,
    }


def _create(context: Context, uid: str, body: dict[str, Json]) -> None:
    context.client.create(
        "/api/datasources",
        body,
        there=lambda: context.client.find(f"/api/datasources/uid/{segment(uid)}"),
    )
