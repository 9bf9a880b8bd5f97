"""Alert rules: from the form of provisioning files to that of the HTTP API, and to one to compare.

https://grafana.com/docs/grafana/latest/developers/http_api/alerting_provisioning/
"""

from collections.abc import Mapping
from typing import Any

from provisioning.push.errors import PushError
from ruletest import durations

Json = Any
Version = tuple[int, int]

# File key -> API key. What is in neither column of any Grafana is refused: Grafana itself would
# ignore it without a word.
_FIELDS = {
    "uid": "uid",
    "title": "title",
    "condition": "condition",
    "data": "data",
    "noDataState": "noDataState",
    "execErrState": "execErrState",
    "for": "for",
    "keepFiringFor": "keep_firing_for",
    "missing_series_evals_to_resolve": "missingSeriesEvalsToResolve",
    "annotations": "annotations",
    "labels": "labels",
    "isPaused": "isPaused",
    "notification_settings": "notification_settings",
}
# The API has no fields for these: Grafana derives them from the annotations.
_LINKS = {"dashboardUid": "__dashboardUid__", "panelId": "__panelId__"}

# API key -> the first Grafana that has it.
_SINCE: dict[str, Version] = {
    "keep_firing_for": (12, 0),
    "missingSeriesEvalsToResolve": (12, 0),
}

# What Grafana writes into a query model that leaves them out (models.AlertQuery.PreSave).
_MODEL_DEFAULTS = {"intervalMs": 1000, "maxDataPoints": 43200}


def duration(text: str | int | None, where: str) -> int:
    """Return the nanoseconds of a duration such as 1m30s; a number is seconds already.

    Raises PushError for what is none.
    """
    if text is None or text == "":
        return 0
    if isinstance(text, int) and not isinstance(text, bool):
        return text * 10**9
    try:
        total = durations.nanoseconds(text) if isinstance(text, str) else -1
    except ValueError:
        total = -1
    if total < 0 or total % 10**6:
        raise PushError(f"{where} is {text!r}, which is no duration such as 90s, 5m or 1h.")
    return total


def seconds(text: str | int | None, where: str) -> int:
    """Return a duration that must be whole seconds; raises PushError otherwise."""
    total = duration(text, where)
    if total % 10**9:
        raise PushError(f"{where} is {text!r}; give whole seconds.")
    return total // 10**9


def from_file(rule: Mapping[str, Json], folder_uid: str, group: str) -> dict[str, Json]:
    """Return the rule of a file, in the API's form.

    Raises PushError for a key that no Grafana knows.
    """
    where = f"Alert rule {rule.get('uid', '?')}"
    unknown = set(rule) - set(_FIELDS) - set(_LINKS)
    if unknown:
        raise PushError(f"{where} has {sorted(unknown)[0]!r}, which Grafana would ignore.")
    result = {_FIELDS[key]: value for key, value in rule.items() if key in _FIELDS}
    annotations = dict(result.get("annotations") or {})
    for key, annotation in _LINKS.items():
        if rule.get(key) is not None:
            annotations.setdefault(annotation, str(getattr(rule[key], "text", rule[key])))
    result["annotations"] = annotations
    result["folderUID"] = folder_uid
    result["ruleGroup"] = group
    result.setdefault("noDataState", "NoData")
    result.setdefault("execErrState", "Alerting")
    result.setdefault("labels", {})
    result.setdefault("isPaused", False)
    for key in ("for", "keep_firing_for"):
        result[key] = durations.spelled(duration(result.get(key), f"{where} {key}"))
    return result


def fitted(rule: Mapping[str, Json], version: Version) -> tuple[dict[str, Json], tuple[str, ...]]:
    """Return the rule as Grafana `version` can hold it, and the fields left out for that."""
    left_out = tuple(
        key
        for key, since in _SINCE.items()
        if version < since and rule.get(key) not in (None, "", "0s", 0)
    )
    too_new = {key for key, since in _SINCE.items() if version < since}
    return {key: value for key, value in rule.items() if key not in too_new}, left_out


def comparable(rule: Mapping[str, Json]) -> dict[str, Json]:
    """Return the rule with durations as numbers and without what Grafana adds, to compare."""
    kept = {
        key: rule.get(key)
        for key in (*_FIELDS.values(), "folderUID", "ruleGroup")
        if key not in ("data", "notification_settings")
    }
    for key in ("for", "keep_firing_for"):
        kept[key] = durations.comparable(kept[key])
    settings = dict(rule.get("notification_settings") or {})
    for key in ("group_wait", "group_interval", "repeat_interval"):
        settings[key] = durations.comparable(settings.get(key))
    kept["notification_settings"] = settings
    kept["data"] = [_comparable_query(query) for query in rule.get("data") or ()]
    return kept


def _comparable_query(query: Mapping[str, Json]) -> dict[str, Json]:
    model = {
        key: value
        for key, value in (query.get("model") or {}).items()
        if key not in _MODEL_DEFAULTS or value != _MODEL_DEFAULTS[key]
    }
    span = query.get("relativeTimeRange") or {}
    return {
        "refId": query.get("refId"),
        "queryType": query.get("queryType") or model.get("queryType"),
        "datasourceUid": query.get("datasourceUid"),
        "relativeTimeRange": {"from": span.get("from", 0), "to": span.get("to", 0)},
        "model": model,
    }
