"""The data of message templates: labels and annotations, alerts, their links.

https://grafana.com/docs/grafana/latest/alerting/configure-notifications/template-notifications/reference/
"""

import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode

from ruletest.gotemplate import (
    GoMap,
    GoObject,
    GoTime,
    Run,
    Templates,
    UnsupportedError,
)
from ruletest.gotemplate.builtins import BUILTINS
from ruletest.gotemplate.clock import go_time
from ruletest.gotemplate.functions import message_functions
from ruletest.gotemplate.parse import parse
from ruletest.gotemplate.types import Function, GoInt, GoList, GoNil
from ruletest.state import Instance
from ruletest.values import text

# The annotation in which Grafana says why a state differs from the evaluation's result.
STATE_REASON = "grafana_state_reason"


def rendered(template: str, data: GoObject, templates: Templates, at: datetime) -> str:
    """Render a setting; Grafana's own default templates are not known here."""
    runs: list[Run] = []
    functions = {**BUILTINS, **message_functions(lambda: runs[0], at)}
    nodes, defined = parse(template, dict(templates), functions)
    runs.append(Run(functions, defined))
    return runs[0].text(nodes, data)


class KV(GoMap):
    """Labels or annotations in a message: a map with the methods Alertmanager gives it."""

    def __init__(self, items: Mapping[str, str]) -> None:
        shown = {n: v for n, v in items.items() if not (n.startswith("__") and n.endswith("__"))}

        def joined() -> str:
            return _joined(shown)

        def without(names: list[str] | None) -> KV:
            return KV({n: v for n, v in shown.items() if n not in (names or ())})

        super().__init__(shown, zero="", type_name="template.KV", text=joined)
        pairs = _pairs(shown)
        self.methods = {
            "SortedPairs": Function(lambda: pairs),
            "Names": pairs.methods["Names"],
            "Values": pairs.methods["Values"],
            "String": Function(joined),
            "Remove": Function(without, ("[]string",)),
        }


def _sorted_names(items: Mapping[str, str]) -> list[str]:
    return sorted(items, key=lambda name: (name != "alertname", name))


def _joined(items: Mapping[str, str]) -> str:
    return ", ".join(f"{name}={items[name]}" for name in _sorted_names(items))


def _texts(items: Iterable[str]) -> GoList:
    return GoList(items, type_name="[]string")


def _pairs(items: Mapping[str, str]) -> GoList:
    names = _sorted_names(items)
    return GoList(
        [GoObject("template.Pair", {"Name": name, "Value": items[name]}) for name in names],
        {
            "Names": Function(lambda: _texts(names)),
            "Values": Function(lambda: _texts(items[name] for name in names)),
            "String": Function(lambda: _joined(items)),
        },
        type_name="template.Pairs",
        text=lambda: _joined(items),
    )


# The names that encoding/json writes; those with a ? only when they are not empty.
ALERT_JSON = {
    "Status": "status", "Labels": "labels", "Annotations": "annotations", "StartsAt": "startsAt",
    "EndsAt": "endsAt", "GeneratorURL": "generatorURL", "Fingerprint": "fingerprint",
    "SilenceURL": "silenceURL", "DashboardURL": "dashboardURL", "PanelURL": "panelURL",
    "RuleUID": "ruleUID?", "Values": "values", "ValueString": "valueString",
    "ImageURL": "imageURL?", "EmbeddedImage": "embeddedImage?", "OrgID": "orgId?",
    "ExtraData": "enrichments?",
}  # fmt: skip
DATA_JSON = {
    "Receiver": "receiver", "Status": "status", "Alerts": "alerts", "GroupLabels": "groupLabels",
    "CommonLabels": "commonLabels", "CommonAnnotations": "commonAnnotations",
    "ExternalURL": "externalURL", "AppVersion": "appVersion?", "GroupKey": "groupKey",
    "TruncatedAlerts": "truncatedAlerts?", "Vars": "-",
}  # fmt: skip


ALERTS = "[]templates.ExtendedAlert"


def message_data(
    receiver: str,
    group: Mapping[str, str],
    instances: Sequence[Instance],
    grafana_url: str,
    at: datetime,
) -> GoObject:
    """Return what ``.`` is in a message template.

    https://grafana.com/docs/grafana/latest/alerting/configure-notifications/template-notifications/reference/
    """
    alerts = [_alert(each, grafana_url, at) for each in instances]
    firing = [each for each in alerts if each.fields["Status"] == "firing"]
    resolved = [each for each in alerts if each.fields["Status"] == "resolved"]
    labels = [each.alert_labels for each in instances]
    annotations = [_annotations(each) for each in instances]
    return GoObject(
        "templates.ExtendedData",
        {
            "Receiver": re.sub(r"[\\.+*?()|\[\]{}^$]", r"\\\g<0>", receiver),
            "Status": "firing" if firing else "resolved",
            "Alerts": GoList(
                alerts,
                {
                    "Firing": Function(lambda: GoList(firing, type_name=ALERTS)),
                    "Resolved": Function(lambda: GoList(resolved, type_name=ALERTS)),
                },
                type_name="templates.ExtendedAlerts",
            ),
            "GroupLabels": KV(group),
            "CommonLabels": KV(_common(labels)),
            "CommonAnnotations": KV(_common(annotations)),
            "ExternalURL": grafana_url.rstrip("/") + "/",
            "AppVersion": "",
            "GroupKey": "",
            "TruncatedAlerts": GoNil("*int"),
            "Vars": GoMap({}, zero=""),
        },
        json=DATA_JSON,
    )


def _annotations(instance: Instance) -> dict[str, str]:
    """Return the annotations that are sent: the rule's, and the state's reason if it has one."""
    reason = {STATE_REASON: instance.reason} if instance.reason else {}
    return {**instance.annotations, **reason}


def _common(maps: Sequence[Mapping[str, str]]) -> dict[str, str]:
    first, *rest = maps
    return {n: v for n, v in first.items() if all(each.get(n) == v for each in rest)}


def _alert(instance: Instance, grafana_url: str, at: datetime) -> GoObject:
    base = grafana_url.rstrip("/")
    labels = instance.alert_labels
    status = "resolved" if instance.resolved and not instance.firing else "firing"
    starts = _time(instance.fired or instance.since)
    ends = _time(at) if status == "resolved" else GoTime(1, 1, 1, tzinfo=UTC)
    dashboard = panel = ""
    if uid := instance.annotations.get("__dashboardUid__"):
        since = starts - timedelta(hours=1)
        span = {"from": _milliseconds(since), "orgId": "1", "to": _milliseconds(at)}
        dashboard = f"{base}/d/{uid}?{urlencode(span)}"
        if view := instance.annotations.get("__panelId__"):
            panel = f"{dashboard}&{urlencode({'viewPanel': view})}"
    rule_uid = instance.rule.uid
    matchers = [f"__alert_rule_uid__={rule_uid}"] + [
        f"{name}={value}"
        for name, value in sorted(labels.items())
        if not name.startswith("__") and name not in ("alertname", "grafana_folder")
    ]
    silence = urlencode(
        [("alertmanager", "grafana"), *(("matcher", each) for each in matchers), ("orgId", "1")]
    )
    values = dict(instance.values.items())
    return GoObject(
        "templates.ExtendedAlert",
        {
            "Status": status,
            "Labels": KV(labels),
            "Annotations": KV(_annotations(instance)),
            "StartsAt": starts,
            "EndsAt": ends,
            "GeneratorURL": f"{base}/alerting/grafana/{rule_uid}/view?orgId=1",
            "Fingerprint": hashlib.sha256(text(labels).encode()).hexdigest()[:16],
            "SilenceURL": f"{base}/alerting/silence/new?{silence}",
            "DashboardURL": dashboard,
            "PanelURL": panel,
            "RuleUID": rule_uid,
            "Values": GoMap(values, zero=0.0, element=0.0, type_name="map[string]float64"),
            "ValueString": instance.text,
            "ImageURL": "",
            "EmbeddedImage": "",
            "OrgID": GoInt(1, "*int64", _address),
            "ExtraData": None,
        },
        json=ALERT_JSON,
    )


def _address() -> str:
    raise UnsupportedError(".OrgID is a pointer: Go prints its address in memory")


def _milliseconds(at: datetime) -> str:
    return str(round(at.timestamp() * 1000))


def _time(at: datetime) -> GoTime:
    return go_time(at)
