"""Compare what a test expects with what there is, and show the difference as text.

README.md says what is compared.
"""

import difflib
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

import yaml

from ruletest.delivery import Delivery
from ruletest.state import PENDING, Instance
from ruletest.yamlfile import FileError

# Labels that Grafana adds and a test need not repeat.
_OWN_LABELS = ("alertname", "grafana_folder")


def differences(
    wanted: Mapping[str, Any],
    instances: list[Instance],
    touched: list[Instance],
    delivery: Delivery,
    start: datetime,
    when: datetime,
) -> Iterator[str]:
    """Yield what differs at ``when`` from what a test wants; ``touched`` is what just changed."""
    firing = [each for each in instances if each.firing]
    if "alerts" in wanted:
        yield from _differs(wanted, "alerts", wanted["alerts"], firing, start)
    if "pending" in wanted:
        waiting = [each for each in instances if each.state == PENDING]
        yield from _differs(wanted, "pending", wanted["pending"], waiting, start)
    if "messages" in wanted:
        resolved = [each for each in touched if each.resolved]
        try:
            messages = delivery.messages([*firing, *resolved], when)
        except FileError as error:
            yield f"at {wanted['at']}, messages: {error}"
            return
        got = [
            {"to": each.contact_point, "type": each.type, "title": each.title,
             "text": each.message}
            for each in messages
        ]  # fmt: skip
        expected = wanted["messages"]
        named = [
            {name: one.get(name) for name in each} for one, each in zip(got, expected, strict=False)
        ] + got[len(expected) :]
        if named != expected:
            yield _diff(f"at {wanted['at']}, messages", expected, named)


def _differs(
    wanted: Mapping[str, Any],
    what: str,
    expected: list[Any],
    instances: list[Instance],
    zero: datetime,
) -> Iterator[str]:
    instances = sorted(instances, key=lambda each: sorted(each.alert_labels.items()))
    expected = sorted(
        expected, key=lambda each: sorted((str(k), str(v)) for k, v in each["labels"].items())
    )
    got = [_described(each, zero) for each in instances]
    shown = []
    for position, each in enumerate(got):
        like = expected[position] if position < len(expected) else {"labels": {}, "annotations": {}}
        shown.append(_as_asked(each, like))
    if shown != expected:
        yield _diff(f"at {wanted['at']}, {what}", expected, shown)


def _as_asked(got: Mapping[str, Any], like: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a test compares of an alert: all labels, and the annotations that it names."""
    labels = {
        name: value
        for name, value in got["labels"].items()
        if name not in _OWN_LABELS or name in like.get("labels", {})
    }
    shown: dict[str, Any] = {"labels": labels}
    for name in ("state", "since"):
        if name in like:
            shown[name] = got[name]
    if "annotations" in like:
        asked = like["annotations"] or ["summary", "description"]
        shown["annotations"] = {
            name: value for name, value in got["annotations"].items() if name in asked
        }
    return shown


def _described(instance: Instance, zero: datetime) -> dict[str, Any]:
    since = (instance.fired or instance.since) - zero
    return {
        "labels": {
            name: value
            for name, value in sorted(instance.alert_labels.items())
            if not name.startswith("__")
        },
        "state": instance.state,
        "since": clock(since.total_seconds()),
        "annotations": dict(sorted(instance.annotations.items())),
    }


def _diff(title: str, expected: object, got: object) -> str:
    lines = difflib.unified_diff(
        _text(expected).splitlines(), _text(got).splitlines(), "expected", "got", lineterm="", n=5
    )
    return "\n".join([f"{title}:", *(f"  {line}" for line in lines)])


def _text(value: object) -> str:
    return (
        yaml.safe_dump(value, sort_keys=True, allow_unicode=True, width=1000) if value else "none"
    )


def shown(at: str, instances: list[Instance]) -> str:
    """Return every instance for the terminal."""
    lines = [f"at {at}: {'nothing' if not instances else ''}".rstrip()]
    for each in instances:
        labels = ", ".join(
            f"{name}={value}"
            for name, value in sorted(each.alert_labels.items())
            if not name.startswith("__") and name not in _OWN_LABELS
        )
        values = ", ".join(f"{name}={value:g}" for name, value in sorted(each.values.items()))
        reason = f" ({each.reason})" if each.reason else ""
        lines.append(f"  {each.state}{reason}: {labels}  [{values}]")
        lines.append(f"    {each.annotations.get('summary', '')}")
        if each.annotations.get("description"):
            lines.append(f"    {each.annotations['description']}")
        if each.error:
            lines.append(f"    {each.error}")
    return "\n".join(lines)


def clock(seconds: float) -> str:
    """Return seconds after the start as a test writes them: 90s, 5m, -120m."""
    sign, length = ("-" if seconds < 0 else ""), abs(int(seconds))
    return f"{sign}{length}s" if length % 60 else f"{sign}{length // 60}m"
