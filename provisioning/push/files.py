"""Provisioning files, parsed into what a bundle wants in a Grafana.

https://grafana.com/docs/grafana/latest/administration/provisioning/
https://grafana.com/docs/grafana/latest/alerting/set-up/provision-alerting-resources/file-provisioning/
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import PurePath
from typing import Any

from provisioning.push import ownership, reading, rules
from provisioning.push.errors import PushError
from provisioning.push.expand import Expander
from provisioning.push.model import (
    ContactPoint,
    Dashboard,
    Datasource,
    Desired,
    Folder,
    MuteTiming,
    RuleGroup,
    Template,
)
from provisioning.push.secrets import Secrets

Json = Any

_DATASOURCE_FIELDS = ("type", "access", "url", "user", "database", "basicAuth", "basicAuthUser")
# Grafana evaluates in steps of this many seconds.
_BASE_INTERVAL = 10
_LONGEST_NAME = 190
# What a push leaves to the user, whatever a file says.
_POLICIES = ("policies", "resetPolicies")


def parse(files: Mapping[str, str], name: str, expander: Expander, secrets: Secrets) -> Desired:
    """Return what the bundle `name` wants, from {path under provisioning/: text}.

    Folders become uids of ours, `$VAR` is expanded where Grafana would expand it in a file, and
    values of secret settings are remembered in `secrets`. Raises PushError for what Grafana would
    refuse or silently ignore.
    """
    desired = Desired(name=name)
    for path, text in sorted(files.items()):
        room = path.split("/", 1)[0]
        if room == "datasources":
            content = reading.yaml_text(path, text)
            found = _datasources(content, name, path, expander, secrets)
            desired = replace(desired, datasources=desired.datasources + tuple(found))
        elif room == "alerting":
            desired = _with_alerting(
                desired, reading.yaml_text(path, text), path, expander, secrets
            )
    desired = _with_dashboards(desired, files, expander)
    _check_uids(desired)
    return desired


def _datasources(
    content: Mapping[str, Json], name: str, path: str, expander: Expander, secrets: Secrets
) -> Iterator[Datasource]:
    for entry in reading.entries(content, "datasources", path):
        where = f"Data source {entry.get('name', '?')}"
        title, _ = expander.expand(reading.text(entry, "name", where), where)
        uid, _ = expander.expand(reading.text(entry, "uid", where), where)
        body: dict[str, Json] = {
            key: expander.expand(reading.text(entry, key, where, default=""), where)[0]
            for key in _DATASOURCE_FIELDS
            if key in entry and key != "basicAuth"
        }
        if "basicAuth" in entry:
            body["basicAuth"] = reading.flag(entry, "basicAuth", where)
        plain = reading.mapping(entry.get("jsonData") or {}, f"{where} jsonData")
        json_data, _ = expander.tree(plain, f"{where} jsonData")
        assert isinstance(json_data, dict)
        secure = {
            key: expander.expand(value, f"{where} secureJsonData {key}")[0]
            for key, value in reading.texts(entry, "secureJsonData", where).items()
        }
        body.setdefault("access", "proxy")
        body["jsonData"] = json_data | {"managedBy": ownership.managed_by(name)}
        yield Datasource(uid, title, body, {key: secrets.add(v) for key, v in secure.items()})


def _with_dashboards(desired: Desired, files: Mapping[str, str], expander: Expander) -> Desired:
    """Add the dashboards, each in the folder that their provider or their directory names."""
    sources = {path: text for path, text in files.items() if path.startswith("dashboards/")}
    providers = [
        provider
        for path, text in sorted(sources.items())
        if path.endswith((".yaml", ".yml"))
        for provider in reading.entries(reading.yaml_text(path, text), "providers", path)
    ]
    specs = {path: text for path, text in sorted(sources.items()) if path.endswith(".json")}
    if not specs:
        return desired
    if len(providers) != 1:
        raise PushError("dashboards/ must have exactly one provider, which names their folder.")
    where = "The dashboards' provider"
    options = reading.mapping(providers[0].get("options") or {}, f"{where} options")
    by_directory = reading.flag(options, "foldersFromFilesStructure", where)
    title = reading.text(providers[0], "folder", where, default="")
    if not title and not by_directory:
        raise PushError("The dashboards' provider names no folder; give it one.")
    if title:
        title, _ = expander.expand(title, f"{where} folder")
    dashboards = []
    for path, text in specs.items():
        if by_directory:
            title = PurePath(path).parent.name
            if len(PurePath(path).parts) < 3:
                raise PushError(f"{path} is in no folder; put it into dashboards/FOLDER/.")
        desired, folder = _folder(desired, title)
        spec = reading.json_text(path, text)
        named = isinstance(spec, dict) and all(
            isinstance(spec.get(key), str) and spec[key] for key in ("uid", "title")
        )
        if not named or not isinstance(spec.get("tags") or [], list):
            raise PushError(f"{path} is no dashboard with a uid and a title; build it again.")
        spec = {key: value for key, value in spec.items() if key not in ("id", "version")}
        tag = ownership.dashboard_tag(desired.name)
        spec["tags"] = [*(t for t in spec.get("tags") or () if t != tag), tag]
        dashboards.append(Dashboard(spec["uid"], spec["title"], folder.uid, spec))
    return replace(desired, dashboards=tuple(dashboards))


def _folder(desired: Desired, title: str) -> tuple[Desired, Folder]:
    folder = Folder(ownership.folder_uid(desired.name, title), title)
    if folder in desired.folders:
        return desired, folder
    return replace(desired, folders=(*desired.folders, folder)), folder


def _folder_title(path: str, where: str) -> str:
    """Return the title that an alerting file's folder stands for; an escaped slash is a slash."""
    parts = path.replace("\\/", "\0").split("/")
    if len([part for part in parts if part]) != 1:
        raise PushError(
            f"{where} is in the folder {path!r}, which is one folder in another; a push makes "
            "folders at the top only, so name a single one."
        )
    return path.replace("\\/", "/") if len(parts) == 1 else path.strip("/").replace("\\/", "/")


def _with_alerting(
    desired: Desired, content: Mapping[str, Json], path: str, expander: Expander, secrets: Secrets
) -> Desired:
    readers: dict[str, Callable[..., Desired]] = {
        "contactPoints": _contact_points,
        "templates": _templates,
        "muteTimes": _mute_timings,
        "groups": _groups,
    }
    for key in content:
        if key in readers:
            found = reading.entries(content, key, path)
            desired = readers[key](desired, found, expander, secrets)
        elif key in _POLICIES and content[key]:
            raise PushError(
                f"{path} has {key!r}, but a push leaves the notification policies alone; name the "
                "receiver in each rule (notification_settings), or set them in Grafana."
            )
        elif key not in ("apiVersion", *_POLICIES) and not key.startswith("delete"):
            raise PushError(f"{path} has {key!r}, which Grafana would ignore.")
    return desired


def _contact_points(
    desired: Desired, entries: list[dict[str, Json]], expander: Expander, secrets: Secrets
) -> Desired:
    found = []
    for entry in entries:
        title = reading.text(entry, "name", "A contact point")
        title, _ = expander.expand(title, "A contact point's name")
        for receiver in reading.entries(entry, "receivers", f"Contact point {title}"):
            where = f"Contact point {title} ({receiver.get('type', '?')})"
            kind, _ = expander.expand(reading.text(receiver, "type", where), where)
            uid, _ = expander.expand(reading.text(receiver, "uid", where), where)
            plain = reading.mapping(receiver.get("settings") or {}, f"{where} settings")
            settings, outside = expander.tree(plain, where)
            assert isinstance(settings, dict)
            for value in outside.values():
                secrets.add(value)
            found.append(
                ContactPoint(
                    uid=uid,
                    name=title,
                    type=kind,
                    settings=settings,
                    disable_resolve_message=reading.flag(receiver, "disableResolveMessage", where),
                    outside=frozenset(outside),
                )
            )
    return replace(desired, contact_points=desired.contact_points + tuple(found))


def _templates(desired: Desired, entries: list[dict[str, Json]], *_: object) -> Desired:
    comment = ownership.template_comment(desired.name)
    found = []
    for entry in entries:
        name = reading.text(entry, "name", "A template")
        body = reading.text(entry, "template", f"Template {name}").strip()
        found.append(Template(name, f"{comment}\n{body}"))
    _once("Template", [one.name for one in (*desired.templates, *found)])
    return replace(desired, templates=(*desired.templates, *found))


def _mute_timings(desired: Desired, entries: list[dict[str, Json]], *_: object) -> Desired:
    found = []
    for entry in entries:
        name = reading.text(entry, "name", "A mute timing")
        intervals = reading.entries(entry, "time_intervals", f"Mute timing {name}")
        if not ownership.prefixed(name, desired.name):
            raise PushError(
                f"Mute timing {name!r} must begin with {desired.name!r}: "
                "the next push recognizes it by that."
            )
        found.append(MuteTiming(name, tuple(intervals)))
    _once("Mute timing", [one.name for one in (*desired.mute_timings, *found)])
    return replace(desired, mute_timings=(*desired.mute_timings, *found))


def _groups(
    desired: Desired, entries: list[dict[str, Json]], expander: Expander, *_rest: object
) -> Desired:
    """Add the groups; those of one name and folder are one, as they are to Grafana's files."""
    for entry in entries:
        title, _ = expander.expand(
            reading.text(entry, "name", "A rule group"), "A rule group's name"
        )
        where = f"Rule group {title}"
        folder_path, _ = expander.expand(reading.text(entry, "folder", where), f"{where} folder")
        desired, folder = _folder(desired, _folder_title(folder_path, where))
        interval = rules.seconds(reading.text(entry, "interval", where), f"{where} interval")
        if interval <= 0 or interval % _BASE_INTERVAL:
            raise PushError(f"{where} has the interval {interval}s; give a multiple of 10s.")
        made = [
            _rule(rule, folder.uid, title, expander)
            for rule in reading.entries(entry, "rules", where)
        ]
        groups = {(group.folder_uid, group.title): group for group in desired.groups}
        before = groups.get((folder.uid, title))
        if before is not None and before.interval != interval:
            raise PushError(
                f"{where} has the interval {before.interval}s in one place and {interval}s in "
                "another, and Grafana would take the last; give one group one interval."
            )
        together = (*(before.rules if before else ()), *made)
        groups[folder.uid, title] = RuleGroup(folder.uid, title, interval, together)
        desired = replace(desired, groups=tuple(groups.values()))
    _once_a_folder(desired)
    return desired


def _rule(rule: dict[str, Json], folder_uid: str, group: str, expander: Expander) -> Json:
    where = f"Alert rule {rule.get('uid') or rule.get('title') or f'in {group}'}"
    checked = dict(rule)
    for key in ("uid", "title"):
        checked[key] = reading.text(rule, key, where)
    for key in ("condition", "noDataState", "execErrState"):
        if key in rule:
            checked[key] = reading.text(rule, key, where)
    for key in ("labels", "annotations"):
        checked[key] = reading.texts(rule, key, where)
    if "isPaused" in rule:
        checked["isPaused"] = reading.flag(rule, "isPaused", where)
    if rule.get("notification_settings") is not None:
        checked["notification_settings"] = reading.mapping(
            rule["notification_settings"], f"{where} notification_settings"
        )
    checked["data"] = queries = reading.entries(rule, "data", where)
    if not queries:
        raise PushError(f"{where} has no data; give it a query.")
    for query in queries:
        asks = f"{where} query {query.get('refId', '?')}"
        query["refId"] = reading.text(query, "refId", asks)
        query["model"] = reading.mapping(query.get("model") or {}, f"{asks} model")
        uid = reading.text(query, "datasourceUid", asks)
        query["datasourceUid"], _ = expander.expand(uid, f"{where} datasourceUid")
        query["relativeTimeRange"] = reading.mapping(
            query.get("relativeTimeRange") or {}, f"{asks} relativeTimeRange"
        )
    api = rules.from_file(checked, folder_uid, group)
    # As in a file: everything but annotations and query models is expanded.
    for key, value in api.items():
        if key not in ("annotations", "data", "folderUID", "ruleGroup"):
            api[key], _ = expander.tree(value, f"{where} {key}")
    if len(api["title"]) > _LONGEST_NAME:
        raise PushError(f"{where} has a title of more than {_LONGEST_NAME} characters.")
    return api


def _once(kind: str, names: list[str]) -> None:
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise PushError(f"{kind} {twice[0]!r} is there twice; rename one of them.")


def _once_a_folder(desired: Desired) -> None:
    """Refuse two rules of one title in a folder: Grafana before 12 does, links use it."""
    for folder in desired.folders:
        _once(
            f"In the folder {folder.title!r} the alert rule",
            [
                rule["title"]
                for group in desired.groups
                if group.folder_uid == folder.uid
                for rule in group.rules
            ],
        )


def _check_uids(desired: Desired) -> None:
    """Refuse a uid that some Grafana refuses, or that the next push would not recognize as ours."""
    uids = {
        "Data source": [d.uid for d in desired.datasources],
        "Dashboard": [d.uid for d in desired.dashboards],
        "Contact point": [c.uid for c in desired.contact_points],
        "Alert rule": [rule["uid"] for group in desired.groups for rule in group.rules],
    }
    for kind, values in uids.items():
        for uid in values:
            # A data source's is the user's choice; it is never part of a name in Kubernetes.
            if kind == "Data source":
                if not ownership.grafana_uid(uid):
                    raise PushError(
                        f"{kind} uid {uid!r} must be at most 40 letters, digits, dashes and "
                        "underscores."
                    )
            elif not ownership.valid_uid(uid):
                raise PushError(
                    f"{kind} uid {uid!r} must be at most 40 lower-case letters, digits and dashes."
                )
            if kind in ("Dashboard", "Alert rule") and not ownership.prefixed(uid, desired.name):
                raise PushError(f"{kind} uid {uid!r} must begin with {desired.name!r}.")
        twice = sorted({uid for uid in values if values.count(uid) > 1})
        if twice:
            raise PushError(f"{kind} uid {twice[0]!r} is used twice.")
