"""When it was calm and when something was wrong, told by what alerts did."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

HOUR = 3_600_000
MINUTE = 60_000
# An alert fires some minutes after what it is about began, and its effects pass some minutes after.
_BEFORE = 15 * MINUTE
_AFTER = 10 * MINUTE
# How far apart two alerts may be to belong to one incident.
_APART = 30 * MINUTE


@dataclass(frozen=True)
class Range:
    """A time range, each end as Grafana takes it in an address: epoch milliseconds, or "now-1h"."""

    start: str
    end: str


@dataclass(frozen=True)
class Firing:
    """When one alert fired, in epoch milliseconds; one that still does has no end."""

    start: int
    end: int | None


def firings(changes: Iterable[Mapping[str, Any]]) -> list[Firing]:
    """Return when alerts fired, earliest first, from Grafana's annotations of type alert.

    An alert is one instance of a rule, which its text names in braces.
    https://grafana.com/docs/grafana/latest/developers/http_api/annotations/
    """
    found: list[Firing] = []
    open_: dict[tuple[Any, str], int] = {}
    for change in sorted(changes, key=lambda each: (int(each["time"]), int(each["id"]))):
        labels = re.search(r"\{.*\}", str(change.get("text", "")))
        alert = (change.get("alertId"), labels[0] if labels else "")
        # With its reason, as in "Alerting (NoData)".
        if str(change.get("newState", "")).startswith("Alerting"):
            open_.setdefault(alert, int(change["time"]))
        elif alert in open_:
            found.append(Firing(open_.pop(alert), int(change["time"])))
    found += [Firing(start, None) for start in open_.values()]
    return sorted(found, key=lambda each: each.start)


def incident(fired: list[Firing], now: int) -> Range | None:
    """Return the hour of the newest incident; None when no alert fired.

    One that goes on ends now: tiles and tables show the last minutes, whatever the range.
    """
    if not fired:
        return None
    if any(each.end is None for each in fired):
        return Range("now-1h", "now")
    end = min(_onset(fired) + _AFTER, now)
    return Range(str(end - HOUR), str(end))


def calm(fired: list[Firing], now: int) -> Range:
    """Return the newest hour in which no alert fired, nor soon before or after it."""
    end = now
    for each in sorted(fired, key=lambda each: each.start, reverse=True):
        over = now if each.end is None else each.end
        if over + _AFTER > end - HOUR:
            end = min(end, each.start - _BEFORE)
    return Range("now-1h", "now") if end == now else Range(str(end - HOUR), str(end))


def parsed(text: str) -> Range:
    """Make a range of "now-2h/now-1h" or "2026-11-26T14:00/2026-11-26T15:00" (local time).

    Raises ValueError with a sentence.
    """
    start, slash, end = text.partition("/")
    try:
        if slash:
            return Range(_moment(start), _moment(end))
    except (ValueError, OverflowError, OSError):
        pass
    raise ValueError(
        f"{text!r} is no time range; write it as now-2h/now-1h, or as "
        "2026-11-26T14:00/2026-11-26T15:00."
    )


def _onset(fired: list[Firing]) -> int:
    """Return when the first alert of the newest incident fired."""
    onset = fired[-1].start
    for each in reversed(fired):
        if onset - each.start > _APART:
            break
        onset = each.start
    return onset


def _moment(text: str) -> str:
    text = text.strip()
    if re.fullmatch(r"now(-\d+[smhdw])?", text):
        return text
    return str(round(datetime.fromisoformat(text).timestamp() * 1000))
