"""Which messages alerts become: Alertmanager's groups, which wait, gather, and say what is new.

https://prometheus.io/docs/alerting/latest/configuration/#route
"""

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from ruletest.durations import seconds

# What Grafana does where a policy says nothing.
_USUAL = {"group_wait": "30s", "group_interval": "5m", "repeat_interval": "4h"}


@dataclass(frozen=True)
class Alert:
    """One alert of a rule; times are in seconds from the tape's beginning."""

    rule: str
    severity: str
    part: str  # of the rule
    label: str  # the edge, country ... it is about
    start: int
    group: tuple[object, ...]  # what it shares a message with: receiver, and the labels grouped by
    timings: Mapping[str, str] = field(default_factory=dict, compare=False)
    end: float = math.inf
    resolves: bool = True  # whether there is a message when it is over
    window: int = field(default=0, compare=False)  # how much was looked at, in seconds


@dataclass(frozen=True)
class Message:
    """One message: when, and what it tells of."""

    at: float
    fresh: tuple[Alert, ...]  # what fires, and no message before told of it
    resolved: tuple[Alert, ...]

    @property
    def reminder(self) -> bool:
        """Whether it only repeats what still fires."""
        return not self.fresh and not self.resolved


def messages(alerts: Iterable[Alert], until: float) -> list[Message]:
    """Return the messages of some alerts up to a time, in order."""
    groups: dict[tuple[object, ...], list[Alert]] = {}
    for alert in alerts:
        groups.setdefault(alert.group, []).append(alert)
    found = [message for members in groups.values() for message in _group(members, until)]
    return sorted(found, key=lambda each: each.at)


def _group(alerts: list[Alert], until: float) -> Iterator[Message]:
    waiting = sorted(alerts, key=lambda each: each.start)
    times = {name: seconds(text) for name, text in {**_USUAL, **alerts[0].timings}.items()}
    while waiting:
        # A group is made by its first alert, and is gone when all of it is told to be over.
        at = waiting[0].start + times["group_wait"]
        told: frozenset[Alert] = frozenset()
        last = -math.inf
        while at <= until:
            known = [alert for alert in waiting if alert.start <= at]
            if not known:
                break
            firing = frozenset(alert for alert in known if alert.end > at)
            over = [alert for alert in known if alert.end <= at]
            ended = tuple(alert for alert in over if alert in told and alert.resolves)
            due = bool(firing) and at - last >= times["repeat_interval"]
            if firing - told or ended or due:
                yield Message(at, _ordered(firing - told), ended)
                last = at
            told = firing
            waiting = [alert for alert in waiting if alert not in over]
            if not firing:
                break
            at += times["group_interval"]
        else:
            return


def _ordered(alerts: Iterable[Alert]) -> tuple[Alert, ...]:
    return tuple(sorted(alerts, key=lambda each: (each.start, each.label)))
