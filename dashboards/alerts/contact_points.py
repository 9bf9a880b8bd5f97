"""Contact points: one for each severity, with every configured channel in it.

Grafana does not start on a contact point with an empty setting, so a channel that is not
configured is not written. Secrets come from Grafana's environment when it reads the file.
https://grafana.com/docs/grafana/latest/alerting/set-up/provision-alerting-resources/file-provisioning/#import-contact-points
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from dashboards.alerts import messages
from dashboards.alerts.rules import SEVERITIES
from dashboards.config import Bundle
from dashboards.grafana.yaml_files import Variable

Json = dict[str, Any]

# The environment variable that holds the address of each of config.CHANNELS, for files;
# `python -m provisioning` hands in the address itself.
VARIABLES: Mapping[str, str] = {
    "sns": "ALERTS_TOPIC_ARN",
    "slack": "SLACK_WEBHOOK_URL",
    "email": "ALERTS_EMAIL",
    "pagerduty": "PAGERDUTY_INTEGRATION_KEY",
    "webhook": "ALERTS_WEBHOOK_URL",
}
# A pager is for what has to wake somebody.
_ONLY_CRITICAL = frozenset({"pagerduty"})

# How SNS is set up: Grafana's own receiver (11.1 and later), that of Amazon Managed Grafana 12 and
# later, and that of its versions before. GET /api/alert-notifiers tells which one a workspace has.
SNS_SHAPES = ("oss", "amg", "amg-legacy")


@dataclass(frozen=True, slots=True)
class Timing:
    """How fast and how often a severity's messages go out."""

    group_wait: str
    group_interval: str
    repeat_interval: str


# Waiting puts what breaks together into one message; repeating reminds people while it fires.
TIMINGS: Mapping[str, Timing] = {
    "critical": Timing("30s", "10m", "4h"),
    "warning": Timing("2m", "15m", "1d"),
    "info": Timing("10s", "1m", "1d"),
}


def name(bundle: Bundle, severity: str) -> str:
    """Return the contact point's name."""
    return f"{bundle.name}-{severity}"


def contact_points(
    bundle: Bundle, addresses: Mapping[str, str] | None = None, sns: str = "oss"
) -> list[Json]:
    """Return the contact points as a provisioning file has them; none without channels.

    ``addresses`` gives a channel's address instead of the variable that holds it, ``sns`` one of
    SNS_SHAPES.
    """
    points = []
    for severity in SEVERITIES:
        receivers = [
            {
                "uid": bundle.uid(f"{severity}-{channel}"),
                "type": channel,
                "disableResolveMessage": not _resolves(severity, channel),
                "settings": settings(
                    bundle,
                    channel,
                    (addresses or {}).get(channel, Variable(f"${VARIABLES[channel]}")),
                    sns,
                ),
            }
            for channel in bundle.channels
            if severity == "critical" or channel not in _ONLY_CRITICAL
        ]
        if receivers:
            points.append({"orgId": 1, "name": name(bundle, severity), "receivers": receivers})
    return points


def _resolves(severity: str, channel: str) -> bool:
    """Whether a channel is told that an alert is over: who was woken is, and every program."""
    return severity == "critical" or channel == "webhook"


def _variable(channel: str) -> str:
    return Variable(f"${VARIABLES[channel]}")


def settings(bundle: Bundle, channel: str, address: str, sns: str = "oss") -> Json:
    """Return a channel's settings, by Grafana's names for them."""
    title, message = messages.title(bundle), messages.message(bundle, channel)
    if channel == "email":
        return {"addresses": address, "singleEmail": True, "subject": title, "message": message}
    if channel == "slack":
        return {"url": address, "title": title, "text": message}
    if channel == "pagerduty":
        # PagerDuty shows the details as a table; ours are in place of Grafana's own.
        return {
            "integrationKey": address,
            "severity": "critical",
            "summary": title,
            "source": bundle.title,
            "component": bundle.name,
            "class": "{{ .CommonLabels.alertname }}",
            "details": {"firing": message, "resolved": ""},
        }
    if channel == "webhook":
        return {"url": address, "httpMethod": "POST", "title": title, "message": message}
    if sns == "oss":
        # Without keys Grafana uses the credentials it runs with.
        return {
            "topic_arn": address,
            "sigv4": {"region": Variable("$AWS_REGION")},
            "subject": title,
            "message": message,
        }
    if sns == "amg":
        return {"topic_arn": address, "subject": title}
    return {"topic": address, "authProvider": "default", "messageFormat": "text", "subject": title}


def notification_settings(bundle: Bundle, severity: str) -> Json | None:
    """Return a rule's own notification settings; the user's policy tree stays as it is.

    https://grafana.com/docs/grafana/latest/alerting/fundamentals/notifications/notification-policies/
    Grafana 11 and later. Alerts of one rule share a message.
    """
    known = {point["name"] for point in contact_points(bundle)}
    if name(bundle, severity) not in known:
        return None
    timing = TIMINGS[severity]
    return {
        "receiver": name(bundle, severity),
        "group_by": ["grafana_folder", "alertname"],
        "group_wait": timing.group_wait,
        "group_interval": timing.group_interval,
        "repeat_interval": timing.repeat_interval,
    }


def mute_times(bundle: Bundle) -> list[Json]:
    """Return an example of a mute timing; nothing uses it until you name it in a rule."""
    return [
        {
            "orgId": 1,
            "name": f"{bundle.name}-weekends",
            "time_intervals": [
                {
                    "times": [{"start_time": "00:00", "end_time": "24:00"}],
                    "weekdays": ["saturday", "sunday"],
                    "location": "UTC",
                }
            ],
        }
    ]
