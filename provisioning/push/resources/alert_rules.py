"""Alert rules: whole groups, each put at once, so that a group is never half new.

https://grafana.com/docs/grafana/latest/developers/http_api/alerting_provisioning/
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial

from provisioning.push import ownership, rules
from provisioning.push.client import Json, segment
from provisioning.push.compare import differences, shortened
from provisioning.push.model import RuleGroup
from provisioning.push.plan import Action, Change, Context
from provisioning.push.resources.templates import listed

KIND = "alert rules"
_RULES = "/api/v1/provisioning/alert-rules"


@dataclass(frozen=True)
class Live:
    """Every rule by uid, and {(folder uid, group): seconds} of the groups in our folders."""

    rules: dict[str, Json]
    intervals: dict[tuple[str, str], int]


def group_path(folder_uid: str, group: str) -> str:
    """Return the path of a rule group."""
    return f"/api/v1/provisioning/folder/{segment(folder_uid)}/rule-groups/{segment(group)}"


def live(context: Context, folder_uids: list[str]) -> Live:
    """Every rule of the organization: a uid may be taken anywhere."""
    found = {rule["uid"]: rule for rule in listed(context, _RULES)}
    keys = {(rule["folderUID"], rule["ruleGroup"]) for rule in found.values()}
    intervals = {}
    for folder_uid, group in sorted(keys):
        if folder_uid in folder_uids:
            answer = context.client.find(group_path(folder_uid, group)) or {}
            intervals[folder_uid, group] = int(answer.get("interval") or 0)
    return Live(found, intervals)


def changes(context: Context, found: Live, folder_uids: list[str]) -> list[Change]:
    """Put the groups that are new or differ, remove our rules that are not built any more."""
    wanted = () if context.remove else context.desired.groups
    fitted = []
    result = []
    for group in wanted:
        pairs = [rules.fitted(rule, context.version) for rule in group.rules]
        fitted.append((replace(group, rules=tuple(rule for rule, _ in pairs)), pairs))
    uids = {rule["uid"] for group, _ in fitted for rule in group.rules}
    titles = {(rule["folderUID"], rule["title"]) for group, _ in fitted for rule in group.rules}
    keys = {(group.folder_uid, group.title) for group, _ in fitted}
    for group, pairs in fitted:
        left_out = sorted({key for _, keys in pairs for key in keys})
        why = f"without {', '.join(left_out)}, which needs Grafana 12" if left_out else ""
        result.append(_change(context, found, group, folder_uids, why))
    for uid, there in found.rules.items():
        # Putting a group removes what is not in it any more.
        goes = (there["folderUID"], there["ruleGroup"]) in keys
        if uid not in uids and not goes and _ours(context, there, folder_uids):
            result.append(
                Change(
                    KIND,
                    f"{there['ruleGroup']} / {there['title']}",
                    Action.DELETE,
                    # A folder has one rule of a title.
                    first=(there["folderUID"], there["title"]) in titles,
                    run=partial(context.client.delete, f"{_RULES}/{segment(uid)}"),
                )
            )
    return result


def ours(context: Context, found: Live, folder_uids: list[str]) -> set[str]:
    """Return the uids of the live rules that are ours."""
    return {uid for uid, there in found.rules.items() if _ours(context, there, folder_uids)}


def _ours(context: Context, there: Mapping[str, Json], folder_uids: list[str]) -> bool:
    return (
        there["folderUID"] in folder_uids
        and there.get("provenance") == "api"
        and ownership.prefixed(there["uid"], context.desired.name)
    )


def _change(
    context: Context, found: Live, group: RuleGroup, folder_uids: list[str], why: str
) -> Change:
    title = f"{group.title} ({len(group.rules)} rules)"
    uids = {rule["uid"] for rule in group.rules}
    for uid in uids:
        there = found.rules.get(uid)
        if there is not None and there["folderUID"] not in folder_uids:
            why = f"the rule {there['title']!r} in another folder has the uid {uid}"
            return Change(KIND, title, Action.BLOCKED, why=why)
        if there is not None and there.get("provenance") == "file":
            why = f"the rule {there['title']!r} is provisioned from files there"
            return Change(KIND, title, Action.BLOCKED, why=why)
    members = {
        uid: rule
        for uid, rule in found.rules.items()
        if (rule["folderUID"], rule["ruleGroup"]) == (group.folder_uid, group.title)
    }
    for uid, rule in members.items():
        # Putting a group removes what is not in it.
        if uid not in uids and not _ours(context, rule, folder_uids):
            why = f"the rule {rule['title']!r} in it is not from this tool; move it elsewhere"
            return Change(KIND, title, Action.BLOCKED, why=why)
    lines = _differences(found, group, members)
    there = bool(members)
    action = Action.UPDATE if there else Action.CREATE
    return Change(
        KIND,
        title,
        action if lines else Action.SAME,
        shortened(lines) if there else (),
        why=why,
        run=lambda: context.client.put(
            group_path(group.folder_uid, group.title),
            {
                "title": group.title,
                "folderUid": group.folder_uid,
                "interval": group.interval,
                "rules": [dict(rule) for rule in group.rules],
            },
        ),
    )


def _differences(found: Live, group: RuleGroup, members: dict[str, Json]) -> list[str]:
    lines = []
    interval = found.intervals.get((group.folder_uid, group.title), 0)
    if interval != group.interval:
        lines.append(f"interval: {interval}s → {group.interval}s")
    for rule in group.rules:
        there = found.rules.get(rule["uid"])
        if there is None:
            lines.append(f"{rule['title']}: added")
            continue
        lines += [
            f"{rule['title']}: {line}" if not line.startswith("    ") else line
            for line in differences(rules.comparable(there), rules.comparable(rule))
        ]
    uids = {rule["uid"] for rule in group.rules}
    lines += [f"{rule['title']}: removed" for uid, rule in members.items() if uid not in uids]
    return lines
