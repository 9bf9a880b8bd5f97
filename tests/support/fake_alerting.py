"""The alerting provisioning API of the fake Grafana: provenance, redaction and all.

https://grafana.com/docs/grafana/latest/developers/http_api/alerting_provisioning/
"""

import copy
import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

if TYPE_CHECKING:
    from tests.support.fake_grafana import FakeGrafana

Json = Any

_ROOT = "/api/v1/provisioning"
_UID = re.compile(r"[a-zA-Z0-9_-]{1,40}")
_DURATION = re.compile(r"(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?(?:(\d+)ms)?")
_UNITS = (86400, 3600, 60, 1, 0.001)
_LETTERS = ("d", "h", "m", "s", "ms")
_SINCE_12 = ("keep_firing_for", "missingSeriesEvalsToResolve")

# type: {setting: (required, secret)}
_TYPES: dict[str, dict[str, tuple[bool, bool]]] = {
    "slack": {"url": (True, True), "token": (False, True), "title": (False, False)},
    "pagerduty": {"integrationKey": (True, True), "severity": (False, False)},
    "webhook": {"url": (True, False), "password": (False, True)},
    "email": {"addresses": (True, False)},
    "sns": {"topic_arn": (True, False), "subject": (False, False), "message": (False, False)},
    "opsgenie": {"apiKey": (True, True)},
    "victorops": {"url": (True, True)},
}
_MANAGED = ("sns", "opsgenie", "pagerduty", "slack", "victorops")
_MANAGED_OLD_SNS = {
    "topic": (True, False),
    "authProvider": (True, False),
    "subject": (False, False),
    "body": (False, False),
    "messageFormat": (False, False),
    "accessKey": (False, True),
    "secretKey": (False, True),
}


@dataclass
class Answer:
    """One HTTP answer."""

    status: int
    body: Json = None
    headers: dict[str, str] = field(default_factory=dict)


class Refusal(Exception):
    """Answered with `answer`."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.answer = Answer(status, {"message": message})


def deprecated(path: str) -> bool:
    """Whether Grafana 13 warns about `path`."""
    rest = path.removeprefix(_ROOT)
    return rest != path and rest.startswith(
        ("/contact-points", "/policies", "/templates", "/mute-timings")
    )


def seconds(text: str) -> float:
    """The seconds of a Prometheus duration; Refusal for anything else."""
    match = _DURATION.fullmatch(text)
    if text == "0":
        return 0
    if match is None or not any(match.groups()):
        raise Refusal(400, "bad request data")
    return sum(int(n or 0) * unit for n, unit in zip(match.groups(), _UNITS, strict=True))


def duration(text: str) -> str:
    """As Go prints it: 90s is 1m30s."""
    left, parts = round(seconds(text) * 1000), []
    for unit, letter in zip(_UNITS, _LETTERS, strict=True):
        count, left = divmod(left, round(unit * 1000))
        if count:
            parts.append(f"{count}{letter}")
    return "".join(parts) or "0s"


class Alerting:
    """Rules, contact points, templates, mute timings and the policy tree of one organisation."""

    def __init__(self, grafana: "FakeGrafana", *, routing: bool, managed: bool) -> None:
        self.grafana = grafana
        self.routing = routing
        self.types = {name: dict(options) for name, options in _TYPES.items()}
        if managed:
            self.types = {name: self.types[name] for name in _MANAGED}
            if grafana.major < 12:
                self.types["sns"] = dict(_MANAGED_OLD_SNS)
            else:
                del self.types["opsgenie"]
        self.rules: dict[str, Json] = {}
        self.points: list[Json] = []
        self.templates: dict[str, Json] = {}
        self.timings: dict[str, Json] = {}
        self.tree: Json = {
            "receiver": "grafana-default-email",
            "group_by": ["grafana_folder", "alertname"],
        }
        self.tree_provenance = ""
        # As Grafana makes it: a receiver without a uid.
        self.points.append(
            {
                "uid": "",
                "name": "grafana-default-email",
                "type": "email",
                "settings": {"addresses": "<example@email.com>"},
                "secrets": {},
                "disableResolveMessage": False,
                "provenance": "",
            }
        )

    def state(self) -> Json:
        """Everything, by reference."""
        return {
            "rules": self.rules,
            "points": self.points,
            "templates": self.templates,
            "timings": self.timings,
            "tree": self.tree,
            "tree_provenance": self.tree_provenance,
        }

    def load(self, state: Json) -> None:
        for key, value in state.items():
            setattr(self, key, value)

    def rules_in(self, folder: str) -> list[str]:
        return [uid for uid, rule in self.rules.items() if rule["folderUID"] == folder]

    def drop_rules(self, uids: list[str]) -> None:
        for uid in uids:
            del self.rules[uid]

    def handle(self, method: str, path: str, body: Json, provenance: str) -> Answer | None:
        """Carry a request out; None when it is not of the alerting API."""
        if (method, path) == ("GET", "/api/alert-notifiers"):
            return Answer(200, self._notifiers())
        for verb, pattern, handler in self._routes():
            match = re.fullmatch(_ROOT + pattern, path)
            if verb == method and match:
                try:
                    return handler(
                        *(unquote(part) for part in match.groups()),
                        body=body,
                        provenance=provenance,
                    )
                except Refusal as refusal:
                    return refusal.answer
        return None

    def _routes(self) -> list[tuple[str, str, Callable[..., Answer]]]:
        one = "/([^/]+)"
        return [
            ("GET", "/alert-rules", self._list_rules),
            ("DELETE", f"/alert-rules{one}", self._delete_rule),
            ("GET", f"/folder{one}/rule-groups{one}", self._get_group),
            ("PUT", f"/folder{one}/rule-groups{one}", self._put_group),
            ("GET", "/contact-points", self._list_points),
            ("POST", "/contact-points", self._post_point),
            ("PUT", f"/contact-points{one}", self._put_point),
            ("DELETE", f"/contact-points{one}", self._delete_point),
            ("GET", "/templates", self._list_templates),
            ("PUT", f"/templates{one}", self._put_template),
            ("DELETE", f"/templates{one}", self._delete_template),
            ("GET", "/mute-timings", self._list_timings),
            ("GET", f"/mute-timings{one}", self._get_timing),
            ("POST", "/mute-timings", self._post_timing),
            ("PUT", f"/mute-timings{one}", self._put_timing),
            ("DELETE", f"/mute-timings{one}", self._delete_timing),
            ("GET", "/policies", self._get_tree),
            ("PUT", "/policies", self._put_tree),
        ]

    def _notifiers(self) -> Json:
        return [
            {
                "type": kind,
                "options": [
                    {"propertyName": name, "required": required, "secure": secret}
                    for name, (required, secret) in options.items()
                ],
            }
            for kind, options in self.types.items()
        ]

    # Rules

    def _list_rules(self, **_: Json) -> Answer:
        return Answer(200, [self._shown(rule) for rule in self.rules.values()])

    def _shown(self, rule: Json) -> Json:
        shown = {key: value for key, value in rule.items() if key != "interval"}
        return {"record": None, **shown, "orgID": 1, "updated": "2026-01-01T00:00:00Z"}

    def _delete_rule(self, uid: str, *, provenance: str, **_: Json) -> Answer:
        stored = self.rules.get(uid, {}).get("provenance", "")
        if stored not in ("", provenance):
            raise Refusal(
                409, f"cannot delete with provided provenance '{provenance}', needs '{stored}'"
            )
        self.rules.pop(uid, None)
        return Answer(204)

    def _members(self, folder: str, group: str) -> dict[str, Json]:
        return {
            uid: rule
            for uid, rule in self.rules.items()
            if (rule["folderUID"], rule["ruleGroup"]) == (folder, group)
        }

    def _get_group(self, folder: str, group: str, **_: Json) -> Answer:
        members = list(self._members(folder, group).values())
        if not members:
            return Answer(404, {"message": "NotFound"})
        rules = [{**self._shown(rule), "provenance": ""} for rule in members]
        interval = members[0]["interval"]
        return Answer(
            200, {"title": group, "folderUid": folder, "interval": interval, "rules": rules}
        )

    def _put_group(self, folder: str, group: str, *, body: Json, provenance: str) -> Answer:
        interval = body.get("interval")
        if not isinstance(interval, int) or interval <= 0 or interval % 10:
            raise Refusal(400, f"invalid alert rule: interval ({interval}s) should be non-zero")
        fresh = [self._checked_rule(rule, folder, group, interval) for rule in body["rules"]]
        uids = {rule["uid"] for rule in fresh}
        before = self._members(folder, group)
        gone = {uid: rule for uid, rule in before.items() if uid not in uids}
        for rule in [*gone.values(), *(self.rules[uid] for uid in uids if uid in self.rules)]:
            stored = rule["provenance"]
            if stored != provenance and stored and not (provenance == "" and stored == "api"):
                raise Refusal(
                    409, f"cannot update with provided provenance '{provenance}', needs '{stored}'"
                )
        others = {
            (rule["folderUID"], rule["title"])
            for uid, rule in self.rules.items()
            if uid not in uids and uid not in gone
        }
        # From 12 on, a folder may hold two rules of a title.
        if self.grafana.major < 12 and any((folder, rule["title"]) in others for rule in fresh):
            raise Refusal(
                409,
                "Failed to save alert rule due to conflict: rule title under the "
                "same organisation and folder should be unique",
            )
        for uid in gone:
            del self.rules[uid]
        for rule in fresh:
            self.rules[rule["uid"]] = rule | {"provenance": provenance}
        return Answer(200, body)

    def _checked_rule(self, rule: Json, folder: str, group: str, interval: int) -> Json:
        result = {
            key: copy.deepcopy(value)
            for key, value in rule.items()
            if not (key in _SINCE_12 and self.grafana.major < 12)
        }
        uid = result.setdefault("uid", f"generated-{self.grafana.next_id()}")
        if not _UID.fullmatch(uid):
            raise Refusal(400, f'invalid alert rule: cannot create rule with UID "{uid}"')
        if not result.get("title") or not result.get("data"):
            raise Refusal(400, "invalid alert rule: title is empty")
        if result.get("noDataState") not in ("NoData", "OK", "Alerting", "KeepLast"):
            raise Refusal(400, "invalid alert rule: unknown NoData state option")
        if result.get("execErrState") not in ("Error", "OK", "Alerting", "KeepLast"):
            raise Refusal(400, "invalid alert rule: unknown Error state option")
        for query in result["data"]:
            if query["datasourceUid"] != "__expr__":
                span = query["relativeTimeRange"]
                if span["from"] <= span["to"]:
                    raise Refusal(400, "Invalid alert rule query: invalid relative time range")
            query.setdefault("queryType", "")
            query["model"].setdefault("intervalMs", 1000)
            query["model"].setdefault("maxDataPoints", 43200)
        result["for"] = duration(result.get("for") or "0s")
        if self.grafana.major >= 12:
            result["keep_firing_for"] = duration(result.get("keep_firing_for") or "0s")
        result["notification_settings"] = self._checked_settings(
            result.get("notification_settings")
        )
        return result | {"folderUID": folder, "ruleGroup": group, "interval": interval}

    def _checked_settings(self, settings: Json) -> Json:
        if not settings or not self.routing:
            return None
        if settings["receiver"] not in {point["name"] for point in self.points}:
            raise Refusal(
                400, f"invalid alert rule\nreceiver {settings['receiver']} does not exist"
            )
        for name in settings.get("mute_time_intervals") or ():
            if name not in self.timings:
                raise Refusal(400, f"invalid alert rule\ntime interval {name} does not exist")
        for key in ("group_wait", "group_interval", "repeat_interval"):
            if settings.get(key):
                settings[key] = duration(settings[key])
        return settings

    def _used(self, key: str, name: str) -> bool:
        for rule in self.rules.values():
            value = (rule.get("notification_settings") or {}).get(key) or ()
            if name == value or name in value:
                return True
        return False

    def _routed(self, key: str, name: str, route: Json = None) -> bool:
        route = self.tree if route is None else route
        value = route.get(key) or ()
        if name == value or (key != "receiver" and name in value):
            return True
        return any(self._routed(key, name, child) for child in route.get("routes") or ())

    # Contact points

    def _list_points(self, **_: Json) -> Answer:
        shown = []
        for point in sorted(self.points, key=lambda p: (p["name"], p["uid"])):
            settings = {**point["settings"], **dict.fromkeys(point["secrets"], "[REDACTED]")}
            plain = {key: value for key, value in point.items() if key != "secrets"}
            shown.append({**plain, "settings": settings})
        return Answer(200, shown)

    def _checked_point(self, body: Json, known: Json) -> Json:
        kind = body["type"]
        if kind not in self.types:
            raise Refusal(400, f"invalid object specification: notifier {kind} is not supported")
        options = self.types[kind]
        settings = {
            key: known.get(key) if value == "[REDACTED]" else value
            for key, value in body["settings"].items()
        }
        for name, (required, _) in options.items():
            if required and not settings.get(name):
                # As some releases do, with everything that was sent.
                raise Refusal(
                    400, f"invalid object specification: required field '{name}' in {settings}"
                )
        secret = {name for name, (_, is_secret) in options.items() if is_secret}
        return {
            "name": body["name"],
            "type": kind,
            "settings": {key: value for key, value in settings.items() if key not in secret},
            "secrets": {key: value for key, value in settings.items() if key in secret and value},
            "disableResolveMessage": bool(body.get("disableResolveMessage")),
        }

    def _post_point(self, *, body: Json, provenance: str) -> Answer:
        uid = body.get("uid") or f"generated-{self.grafana.next_id()}"
        point = self._checked_point(body, {})
        if not _UID.fullmatch(uid):
            raise Refusal(400, f"invalid object specification: UID '{uid}'")
        if uid in {point["uid"] for point in self.points}:
            message = f"Receiver configuration with UID '{uid}' already exists in contact point"
            raise Refusal(409 if self.grafana.major > 10 else 500, message)
        self.points.append({"uid": uid, **point, "provenance": provenance})
        return Answer(202, {**body, "uid": uid, "settings": {}})

    def _put_point(self, uid: str, *, body: Json, provenance: str) -> Answer:
        there = next((point for point in self.points if point["uid"] == uid), None)
        if there is None:
            raise Refusal(404, f"object not found: contact point with uid '{uid}' not found")
        fresh = self._checked_point(body, there["secrets"])
        if there["provenance"] not in ("", provenance):
            raise Refusal(
                500, f"cannot change provenance from '{there['provenance']}' to '{provenance}'"
            )
        there |= {**fresh, "provenance": provenance}
        return Answer(202, {"message": "contactpoint updated"})

    def _delete_point(self, uid: str, **_: Json) -> Answer:
        there = next((point for point in self.points if point["uid"] == uid), None)
        if there is None:
            return Answer(202, {"message": "contactpoint deleted"})
        last = sum(point["name"] == there["name"] for point in self.points) == 1
        if last and self._routed("receiver", there["name"]):
            raise Refusal(409, "Contact point is currently referenced by a notification policy.")
        if last and self._used("receiver", there["name"]):
            raise Refusal(
                409,
                "Contact point is currently used in the notification settings of "
                "one or many alert rules.",
            )
        self.points.remove(there)
        return Answer(202, {"message": "contactpoint deleted"})

    # Templates

    def _relaxed(self, stored: str, provenance: str) -> None:
        if stored and not provenance:
            raise Refusal(
                403,
                f"Resource with provenance status '{stored}' cannot be managed via "
                "API that handles resources with provenance status 'none'.",
            )

    def _list_templates(self, **_: Json) -> Answer:
        if not self.templates:
            return Answer(200, None)
        return Answer(
            200, [{"name": name, **self.templates[name]} for name in sorted(self.templates)]
        )

    def _put_template(self, name: str, *, body: Json, provenance: str) -> Answer:
        text = (body.get("template") or "").strip()
        opened, closed = (
            len(re.findall(rf"{{{{-?\s*{word}\b", text))
            for word in ("(?:define|range|if|with)", "end")
        )
        if not text or opened != closed:
            raise Refusal(400, "Template is in invalid format. Correct the payload and try again.")
        self._relaxed(self.templates.get(name, {}).get("provenance", ""), provenance)
        if not re.search(r"\{\{\s*define", text):
            text = f'{{{{ define "{name}" }}}}\n  {text}\n{{{{ end }}}}'
        version = hashlib.sha256(text.encode()).hexdigest()[:16]
        self.templates[name] = {"template": text, "provenance": provenance, "version": version}
        return Answer(202, {"name": name, **self.templates[name]})

    def _delete_template(self, name: str, *, provenance: str, **_: Json) -> Answer:
        self._relaxed(self.templates.get(name, {}).get("provenance", ""), provenance)
        self.templates.pop(name, None)
        return Answer(204)

    # Mute timings

    def _list_timings(self, **_: Json) -> Answer:
        return Answer(200, [{"name": name, **self.timings[name]} for name in sorted(self.timings)])

    def _get_timing(self, name: str, **_: Json) -> Answer:
        if name not in self.timings:
            raise Refusal(404, "NotFound")
        return Answer(200, {"name": name, **self.timings[name]})

    def _post_timing(self, *, body: Json, provenance: str) -> Answer:
        if body["name"] in self.timings:
            raise Refusal(400, "Time interval with this name already exists.")
        intervals = body["time_intervals"]
        self.timings[body["name"]] = {"time_intervals": intervals, "provenance": provenance}
        return Answer(201, body)

    def _put_timing(self, name: str, *, body: Json, provenance: str) -> Answer:
        if name not in self.timings:
            raise Refusal(404, "NotFound")
        self._relaxed(self.timings[name]["provenance"], provenance)
        intervals = body["time_intervals"]
        self.timings[name] = {"time_intervals": intervals, "provenance": provenance}
        return Answer(202, body)

    def _delete_timing(self, name: str, *, provenance: str, **_: Json) -> Answer:
        if name not in self.timings:
            return Answer(204)
        self._relaxed(self.timings[name]["provenance"], provenance)
        if self._routed("mute_time_intervals", name) or self._used("mute_time_intervals", name):
            raise Refusal(409, "Conflict")
        del self.timings[name]
        return Answer(204)

    # The policy tree

    def _get_tree(self, **_: Json) -> Answer:
        shown = dict(self.tree)
        if self.tree_provenance:
            shown["provenance"] = self.tree_provenance
        return Answer(200, shown)

    def _put_tree(self, *, body: Json, provenance: str) -> Answer:
        fresh = copy.deepcopy({key: v for key, v in body.items() if key != "provenance"})
        self._check_route(fresh)
        self._relaxed(self.tree_provenance, provenance)
        self.tree, self.tree_provenance = fresh, provenance
        return Answer(202, {"message": "policies updated"})

    def _check_route(self, route: Json) -> None:
        if route.get("receiver") and route["receiver"] not in {p["name"] for p in self.points}:
            message = f"receiver '{route['receiver']}' does not exist"
            raise Refusal(400, f"Invalid format of the submitted route: {message}.")
        for name in route.get("mute_time_intervals") or ():
            if name not in self.timings:
                raise Refusal(400, f"Invalid format of the submitted route: {name}.")
        for key in ("group_wait", "group_interval", "repeat_interval"):
            if route.get(key):
                route[key] = duration(route[key])
        for child in route.get("routes") or ():
            self._check_route(child)
