"""Provisioning files, parsed into what a bundle wants in a Grafana.

https://grafana.com/docs/grafana/latest/administration/provisioning/
https://grafana.com/docs/grafana/latest/alerting/set-up/provision-alerting-resources/file-provisioning/
"""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any

import yaml

from provisioning import ownership, rules
from provisioning.errors import PushError
from provisioning.expand import Expander
from provisioning.model import (
    ContactPoint,
    Dashboard,
    Datasource,
    Desired,
    Folder,
    MuteTiming,
    RuleGroup,
    Template,
)
from provisioning.secrets import Secrets

Json = Any

# The same safe loader, in C where PyYAML has it.
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

_DATASOURCE_FIELDS = ("type", "access", "url", "user", "database", "basicAuth", "basicAuthUser")
# What may stand in an alerting file and is for Grafana's own start only.
_FILE_ONLY = ("apiVersion", "resetPolicies", "policies")


def parse(files: Mapping[str, str], name: str, expander: Expander, secrets: Secrets) -> Desired:
    """Return what the bundle `name` wants, from {path under provisioning/: text}.

    Folders become uids of ours, `$VAR` is expanded where Grafana would expand it in a file, and
    what lands in a secret place is remembered in `secrets`. Raises PushError for what Grafana would
    refuse or quietly ignore.
    """
    desired = Desired(name=name)
    for path, text in sorted(files.items()):
        room = path.split("/", 1)[0]
        if room == "datasources":
            found = _datasources(_yaml(path, text), name, expander, secrets)
            desired = replace(desired, datasources=desired.datasources + tuple(found))
        elif room == "alerting":
            desired = _with_alerting(desired, _yaml(path, text), expander, secrets)
    desired = _with_dashboards(desired, files)
    _check_uids(desired)
    return desired


def _yaml(path: str, text: str) -> dict[str, Json]:
    try:
        content = yaml.load(text, Loader=_LOADER) or {}  # noqa: S506 - a safe loader
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = f" at line {mark.line + 1}" if mark else ""
        raise PushError(f"{path} is not YAML{line}; build the files anew.") from None
    if not isinstance(content, dict):
        raise PushError(f"{path} holds no settings; build the files anew.")
    return content


def _datasources(
    content: Mapping[str, Json], name: str, expander: Expander, secrets: Secrets
) -> Iterator[Datasource]:
    for entry in content.get("datasources") or ():
        where = f"Data source {entry.get('name', '?')}"
        if not entry.get("uid") or not entry.get("name"):
            raise PushError(f"{where} needs a name and a uid.")
        plain = {key: entry[key] for key in _DATASOURCE_FIELDS if key in entry}
        body, _ = expander.tree(plain, where)
        json_data, _ = expander.tree(entry.get("jsonData") or {}, f"{where} jsonData")
        secure, _ = expander.tree(entry.get("secureJsonData") or {}, f"{where} secureJsonData")
        assert isinstance(body, dict)
        assert isinstance(json_data, dict)
        assert isinstance(secure, dict)
        body.setdefault("access", "proxy")
        body["jsonData"] = json_data | {"managedBy": ownership.managed_by(name)}
        uid, _ = expander.expand(entry["uid"], where)
        title, _ = expander.expand(entry["name"], where)
        yield Datasource(uid, title, body, {key: secrets.add(str(v)) for key, v in secure.items()})


def _with_dashboards(desired: Desired, files: Mapping[str, str]) -> Desired:
    """Add the dashboards, in the folder that their provider names."""
    sources = {path: text for path, text in files.items() if path.startswith("dashboards/")}
    providers = [
        provider
        for path, text in sorted(sources.items())
        if path.endswith((".yaml", ".yml"))
        for provider in _yaml(path, text).get("providers") or ()
    ]
    specs = {path: text for path, text in sorted(sources.items()) if path.endswith(".json")}
    if not specs:
        return desired
    if len(providers) != 1:
        raise PushError("dashboards/ must have exactly one provider, which names their folder.")
    title = providers[0].get("folder")
    if not title:
        raise PushError("The dashboards' provider names no folder; give it one.")
    desired, folder = _folder(desired, title)
    dashboards = []
    for path, text in specs.items():
        try:
            spec = json.loads(text)
        except json.JSONDecodeError as error:
            raise PushError(f"{path} is not JSON at line {error.lineno}; build it anew.") from None
        if not isinstance(spec, dict) or not spec.get("uid") or not spec.get("title"):
            raise PushError(f"{path} is no dashboard with a uid and a title; build it anew.")
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


def _with_alerting(
    desired: Desired, content: Mapping[str, Json], expander: Expander, secrets: Secrets
) -> Desired:
    readers: dict[str, Callable[..., Desired]] = {
        "contactPoints": _contact_points,
        "templates": _templates,
        "muteTimes": _mute_timings,
        "groups": _groups,
    }
    for key, entries in content.items():
        if key in readers:
            desired = readers[key](desired, entries or (), expander, secrets)
        elif key not in _FILE_ONLY and not key.startswith("delete"):
            raise PushError(f"An alerting file has {key!r}, which Grafana would ignore.")
    return desired


def _contact_points(
    desired: Desired, entries: Json, expander: Expander, secrets: Secrets
) -> Desired:
    found = []
    for entry in entries:
        title, _ = expander.expand(entry["name"], "A contact point's name")
        for receiver in entry.get("receivers") or ():
            uid = receiver.get("uid")
            where = f"Contact point {title} ({receiver.get('type', '?')})"
            if not uid:
                raise PushError(f"{where} has a receiver without a uid; give it one.")
            settings, outside = expander.tree(receiver.get("settings") or {}, where)
            assert isinstance(settings, dict)
            for value in outside.values():
                secrets.add(value)
            found.append(
                ContactPoint(
                    uid=uid,
                    name=title,
                    type=receiver["type"],
                    settings=settings,
                    disable_resolve_message=bool(receiver.get("disableResolveMessage", False)),
                    outside=frozenset(outside),
                )
            )
    return replace(desired, contact_points=desired.contact_points + tuple(found))


def _templates(desired: Desired, entries: Json, *_: object) -> Desired:
    comment = ownership.template_comment(desired.name)
    found = tuple(
        Template(entry["name"], f"{comment}\n{entry['template'].strip()}") for entry in entries
    )
    return replace(desired, templates=desired.templates + found)


def _mute_timings(desired: Desired, entries: Json, *_: object) -> Desired:
    found = tuple(MuteTiming(entry["name"], tuple(entry["time_intervals"])) for entry in entries)
    for timing in found:
        if not ownership.prefixed(timing.name, desired.name):
            raise PushError(
                f"Mute timing {timing.name!r} must begin with {desired.name!r}: "
                "that is how it is known again."
            )
    return replace(desired, mute_timings=desired.mute_timings + found)


def _groups(desired: Desired, entries: Json, expander: Expander, *_rest: object) -> Desired:
    for entry in entries:
        title, _ = expander.expand(entry["name"], "A rule group's name")
        folder_title, _ = expander.expand(entry["folder"], f"Rule group {title} folder")
        desired, folder = _folder(desired, folder_title)
        converted = []
        for rule in entry.get("rules") or ():
            api = rules.from_file(rule, folder.uid, title)
            # As in a file: everything but annotations and query models is expanded.
            for key, value in api.items():
                if key not in ("annotations", "data"):
                    api[key], _ = expander.tree(value, f"Alert rule {rule.get('uid', '?')} {key}")
            for query in api.get("data") or ():
                query["datasourceUid"], _ = expander.expand(
                    query["datasourceUid"], f"Alert rule {rule.get('uid', '?')} datasourceUid"
                )
            converted.append(api)
        group = RuleGroup(
            folder.uid,
            title,
            rules.seconds(entry.get("interval"), f"Rule group {title} interval"),
            tuple(converted),
        )
        desired = replace(desired, groups=(*desired.groups, group))
    return desired


def _check_uids(desired: Desired) -> None:
    """Refuse a uid that some Grafana would refuse, or that would not be known as ours again."""
    uids = {
        "Data source": [d.uid for d in desired.datasources],
        "Dashboard": [d.uid for d in desired.dashboards],
        "Contact point": [c.uid for c in desired.contact_points],
        "Alert rule": [rule.get("uid", "") for group in desired.groups for rule in group.rules],
    }
    for kind, values in uids.items():
        for uid in values:
            if not ownership.valid_uid(uid):
                raise PushError(
                    f"{kind} uid {uid!r} must be at most 40 lower-case letters, digits and dashes."
                )
            if kind in ("Dashboard", "Alert rule") and not ownership.prefixed(uid, desired.name):
                raise PushError(f"{kind} uid {uid!r} must begin with {desired.name!r}.")
        twice = sorted({uid for uid in values if values.count(uid) > 1})
        if twice:
            raise PushError(f"{kind} uid {twice[0]!r} is used twice.")
