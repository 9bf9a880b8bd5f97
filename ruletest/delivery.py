"""Notifications: contact points, routing and the text of messages, from provisioning files.

https://grafana.com/docs/grafana/latest/alerting/fundamentals/notifications/
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ruletest import policies
from ruletest.gotemplate import (
    GoObject,
    TemplateError,
    Templates,
)
from ruletest.gotemplate.builtins import BUILTINS
from ruletest.gotemplate.functions import MESSAGE_NAMES
from ruletest.gotemplate.parse import parse
from ruletest.notification import message_data, rendered
from ruletest.rulefile import AlertFile
from ruletest.state import RECOVERING, Instance
from ruletest.yamlfile import (
    FileError,
    a_list,
    boolean,
    check_keys,
    expand,
    line_of,
    located,
    of_file,
    string,
    written,
)

# Which of a receiver's settings are templates, title first. A setting that is left out is Grafana's
# own default template, which is not rendered here; DEFAULT_TEXT stands for it.
MESSAGE_SETTINGS = {
    "email": ("subject", "message"),
    "slack": ("title", "text"),
    "sns": ("subject", "message"),
    "pagerduty": ("summary", "details"),
    "webhook": ("title", "message"),
    "teams": ("title", "message"),
    "opsgenie": ("message", "description"),
    "dingding": ("title", "message"),
    "discord": ("title", "message"),
    "googlechat": ("title", "message"),
    "jira": ("summary", "description"),
    "kafka": ("description", "details"),
    "line": ("title", "description"),
    "mqtt": ("", "message"),
    "oncall": ("title", "message"),
    "pushover": ("title", "message"),
    "sensugo": ("", "message"),
    "telegram": ("", "message"),
    "threema": ("title", "description"),
    "victorops": ("title", "description"),
    "webex": ("", "message"),
    "wecom": ("title", "message"),
    "prometheus-alertmanager": ("", ""),
}
DEFAULT_TEXT = "(Grafana's own text)"
_REQUIRED = {
    "email": ("addresses",),
    "slack": ("url", "recipient"),
    "sns": ("topic_arn", "target_arn", "phone_number", "topic"),
    "pagerduty": ("integrationKey",),
    "webhook": ("url",),
    "teams": ("url",),
    "opsgenie": ("apiKey",),
}
_GROUP_BY = policies.GROUP_BY


class AnySetting(dict[str, str]):
    """An environment in which every variable is set; no message depends on their values."""

    def get(self, name: str, default: object = None) -> str:
        """Return a placeholder that has the variable's name in it."""
        return f"the {name}"


@dataclass(frozen=True, slots=True)
class Receiver:
    """One receiver of a contact point: its type and settings."""

    uid: str
    type: str
    settings: Mapping[str, Any]
    resolves: bool


@dataclass(frozen=True, slots=True)
class Message:
    """The texts of one notification."""

    contact_point: str
    type: str
    title: str
    message: str
    alerts: tuple[Instance, ...]


@dataclass(frozen=True, slots=True)
class Delivery:
    """Contact points by name, message templates and the policy tree of a set of files."""

    contact_points: Mapping[str, tuple[Receiver, ...]]
    templates: Templates
    root: policies.Route | None
    grafana_url: str = "http://localhost:3000"

    def contact_point(self, instance: Instance) -> tuple[str, tuple[str, ...]]:
        """Return the contact point an alert goes to, and the labels it is grouped by.

        A rule's own receiver goes before the policy tree. Without either, Grafana's default
        receiver gets it.
        """
        settings = instance.rule.settings
        if settings:
            extra = sorted(set(settings.group_by) - set(_GROUP_BY))
            by = ("...",) if "..." in extra else (*_GROUP_BY, *extra)
            return settings.receiver, by if settings.group_by else _GROUP_BY
        if not self.root:
            return policies.DEFAULT_RECEIVER, _GROUP_BY
        return self.root.find(instance.alert_labels)

    def messages(self, instances: Iterable[Instance], at: datetime) -> list[Message]:
        """Return the messages about these alerts, grouped as Grafana groups them.

        Firing and resolved alerts of a group share a message. A receiver that does not want
        resolved ones gets only the firing ones. Raises FileError for a template that fails.
        """
        groups: dict[tuple[str, tuple[tuple[str, str], ...]], list[Instance]] = {}
        for instance in instances:
            name, by = self.contact_point(instance)
            labels = instance.alert_labels
            names = labels if by == ("...",) else by
            group = tuple(sorted((each, labels.get(each, "")) for each in names))
            groups.setdefault((name, group), []).append(instance)
        messages = []
        for (name, group), members in sorted(groups.items(), key=lambda item: item[0]):
            for receiver in self.contact_points.get(name, ()):
                told = [each for each in members if each.firing or receiver.resolves]
                if told:
                    messages.append(self._message(name, receiver, dict(group), told, at))
        return messages

    def _message(
        self,
        name: str,
        receiver: Receiver,
        group: Mapping[str, str],
        instances: Sequence[Instance],
        at: datetime,
    ) -> Message:
        data = message_data(name, group, instances, self.grafana_url, at)
        texts = []
        for setting in MESSAGE_SETTINGS.get(receiver.type, ("title", "message")):
            try:
                texts.append(self._text(receiver.settings, setting, data, at))
            except TemplateError as error:
                raise FileError(
                    f"contact point {name!r}, {receiver.type} {setting}: {error}"
                ) from None
        return Message(name, receiver.type, texts[0], texts[1], tuple(instances))

    def _text(self, settings: Mapping[str, Any], name: str, data: GoObject, at: datetime) -> str:
        """Return a setting's text; each template of a mapping becomes one line."""
        template = settings.get(name) if name else ""
        if name and (template is None or template == ""):
            return DEFAULT_TEXT
        if isinstance(template, dict):
            return "\n".join(
                f"{each}: {rendered(str(text), data, self.templates, at)}"
                for each, text in template.items()
            )
        return rendered(str(template), data, self.templates, at)


def read(
    files: Iterable[AlertFile],
    env: Mapping[str, str] | None = None,
    grafana_url: str = "http://localhost:3000",
) -> Delivery:
    """Read the delivery part of provisioning files; raises FileError for what Grafana refuses."""
    points: dict[str, tuple[Receiver, ...]] = {}
    templates: Templates = {}
    root = None
    for file in files:
        with of_file(file.path):
            for raw in a_list(file.content, "contactPoints", "the file"):
                name, receivers = _contact_point(raw, env)
                points[name] = points.get(name, ()) + receivers
            for raw in a_list(file.content, "templates", "the file"):
                with located(raw):
                    _template(raw, templates)
            for raw in a_list(file.content, "policies", "the file"):
                with located(raw, "notification policy"):
                    root = policies.read(raw, env)
    return Delivery(points, templates, root, grafana_url)


def _contact_point(raw: object, env: Mapping[str, str] | None) -> tuple[str, tuple[Receiver, ...]]:
    with located(raw):
        point = check_keys(raw, {"orgId", "name", "receivers"}, "contact point")
        name = string(point, "name", "contact point", env)
        if not name:
            raise FileError("contact point has no name set")
        where = f"contact point {name!r}"
        receivers = a_list(point, "receivers", where)
        return name, tuple(_receiver(each, where, env) for each in receivers)


def _receiver(raw: object, where: str, env: Mapping[str, str] | None) -> Receiver:
    with located(raw):
        each = check_keys(raw, {"uid", "type", "settings", "disableResolveMessage"}, where)
        kind = string(each, "type", where, env)
        uid = string(each, "uid", where, env)
        if not re.fullmatch(r"[A-Za-z0-9_-]{1,40}", uid):
            raise FileError(f"{where}: receiver uid {uid!r} must be 1 to 40 of A-Z a-z 0-9 _ -")
        settings = _expanded(each.get("settings") or {}, env)
        if not isinstance(settings, dict):
            raise FileError(f"{where}: settings must be a mapping", line_of(each, "settings"))
        needed = _REQUIRED.get(kind, ())
        if needed and not any(settings.get(setting) for setting in needed):
            raise FileError(
                f"{where}: could not find {' or '.join(needed)} in settings of the {kind} "
                "receiver; with an empty one Grafana does not start"
            )
        silent = boolean(each, "disableResolveMessage", env)
        return Receiver(uid, kind, settings, not silent)


def _expanded(value: Any, env: Mapping[str, str] | None) -> Any:
    if isinstance(value, dict):
        return {name: _expanded(each, env) for name, each in value.items()}
    if isinstance(value, list):
        return [_expanded(each, env) for each in value]
    return expand(value, env) if isinstance(value, str) else value


_KNOWN = frozenset({*BUILTINS, *MESSAGE_NAMES})


def _template(raw: object, templates: Templates) -> None:
    entry = check_keys(raw, {"orgId", "name", "template"}, "template")
    name = written(entry, "name", "template")
    content = written(entry, "template", f"template {name!r}")
    if not content.strip():
        raise FileError(f"template {name!r} has no text")
    if not re.search(r"\{\{\s*define", content):  # as Grafana tests it: not `{{- define`
        content = f'{{{{ define "{name}" }}}}\n{content}\n{{{{ end }}}}'
    try:
        _, defined = parse(content, {}, _KNOWN)
    except TemplateError as error:
        raise FileError(f"template {name!r}: {error}", line_of(entry, "template")) from None
    templates.update(defined)


__all__ = ["RECOVERING", "Delivery", "Message", "Receiver", "message_data", "read"]
