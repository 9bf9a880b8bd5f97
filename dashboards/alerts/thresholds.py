"""Read thresholds.toml strictly: a rule that would never fire is an error when the file is read.

The file (UTF-8, TOML), each setting, and each rule's settings together are checked. A rule must
have the settings that its question reads, and a threshold that a number can cross.
"""

import math
import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, NoReturn

from dashboards import text
from dashboards.alerts import queries
from dashboards.alerts.knobs import OF_RULES, Threshold, Thresholds
from dashboards.alerts.rules import MOVED, PARTS, RULE_OF, RULES, SECTIONS, Part, Rule
from dashboards.config import BuildError, Bundle, nearest
from ruletest.durations import seconds

__all__ = ["DEFAULT", "Threshold", "ThresholdError", "Thresholds", "check_retention", "load"]

DEFAULT = Path(__file__).with_name("thresholds.toml")

_SPELLED = {"for": "pending"}
_TOML = {name: spelled for spelled, name in _SPELLED.items()}
_TIMES = frozenset({"window", "baseline", "short", "pending", "keep_firing_for"})
_WHOLE = frozenset({"min_requests", "max_requests", "limit"})
_PERCENT = frozenset({"presence", "cached"})
_KNOBS = frozenset(_TOML.get(each.name, each.name) for each in fields(Threshold))
# The names that the first version had.
_RENAMED = {
    "keep": "keep_firing_for",
    "past": "baseline",
    "requests": "min_requests",
    "worst": "limit",
}
_OBJECTIVES = ("availability", "latency")


class ThresholdError(BuildError):
    """thresholds.toml says something that cannot work; the message names the line to change."""


@dataclass(frozen=True)
class _File:
    """The text of the file, to say where in it something is wrong."""

    path: Path
    text: str

    def refuse(self, what: str, *place: str) -> NoReturn:
        """Raise ThresholdError for what is at a place: section, then setting."""
        lines = dict(reversed([(found, n) for n, found in self._places()]))
        number = lines.get(place) or lines.get(place[:-1])  # a setting may be in an inline table
        line = f" line {number}" if number else ""
        said = what.replace("\n", " ")  # a name or value can hold one
        raise ThresholdError(f"{text.shown(self.path)}{line}: {said}")

    def _places(self) -> Iterator[tuple[int, tuple[str, ...]]]:
        """Yield each line that begins a section or a setting; tomllib keeps no lines."""
        section: tuple[str, ...] = ()
        for number, line in enumerate(self.text.split("\n"), start=1):
            if found := re.match(r"\s*\[+([^\]]+)\]", line):
                section = _key(found[1])
                yield number, section
            elif found := re.match(r"\s*([^#=]+)=", line):
                yield number, section + _key(found[1])
                if len(_key(found[1])) > 1:  # a dotted key begins its section, too
                    yield number, section + _key(found[1])[:-1]


def _key(text: str) -> tuple[str, ...]:
    return tuple(part.strip().strip("\"'") for part in text.split("."))


def load(path: Path | None = None) -> Thresholds:
    """Read the file; raises ThresholdError that says what to change, and in which line.

    Without a path it is the project's own.
    """
    path = path or DEFAULT
    file = _File(path, _read(path))
    raw = _parsed(file)
    for name in raw:
        if name in MOVED:
            file.refuse(f"[{name}] is called [{MOVED[name]}] now; change it there", name)
        near = nearest(name, ("delay", "slo", *SECTIONS)) if name not in SECTIONS else ""
        if any(repr(lost) in near for lost in ("delay", "slo") if lost not in raw):
            file.refuse(f"nothing is called {name!r}{near}", name)
    sections = {name: each for name, each in raw.items() if name not in ("delay", "slo")}
    rules = {name: _threshold(file, name, section) for name, section in sections.items()}
    delay = _time(file, raw.get("delay"), "delay")
    made = Thresholds(delay, **_objectives(file, raw.get("slo")), rules=rules)
    for name in rules:
        if name not in SECTIONS:
            file.refuse(f"there is no alert rule [{name}]{nearest(name, SECTIONS)}", name)
    for name in SECTIONS:
        if name not in rules:
            file.refuse(
                f"the section [{name}] is missing; to go without it, keep the section and "
                "say enabled = false in it"
            )
        if rules[name].enabled:
            _Check(file, name, made).all()
    return made


def check_retention(bundle: Bundle, limits: Thresholds) -> None:
    """Raise ThresholdError for a rule that looks back further than the bundle keeps records."""
    kept = bundle.retention * 86400
    for name, threshold in limits.rules.items():
        looks = max(threshold.window, threshold.baseline, *threshold.longer)
        if threshold.enabled and looks > kept:
            _File(DEFAULT, _read(DEFAULT)).refuse(
                f"[{name}] looks back further than the {bundle.retention} days that records are "
                "kept (retention in dashboards/config.py); shorten its window or say "
                "enabled = false",
                name,
                "window",
            )


def _read(path: Path) -> str:
    try:
        return text.read(path)
    except BuildError as error:
        raise ThresholdError(str(error)) from None


def _parsed(file: _File) -> dict[str, Any]:
    try:
        return tomllib.loads(file.text)
    except RecursionError:
        raise ThresholdError(f"{text.shown(file.path)}: this is nested too deep") from None
    except ValueError as error:  # tomllib passes on those of int() and of dates, too
        said = str(error)
    reason, _, place = said.partition(" (at ")
    if "integer string conversion" in reason:
        reason = "a number has thousands of digits"
    if twice := re.search(r"\(((?:'[^']*'(?:, )?)+),?\) twice", reason):
        section = ".".join(re.findall(r"'([^']*)'", twice[1]))
        raise ThresholdError(
            f"{text.shown(file.path)}{_at(place)}: [{section}] is there twice; keep one"
        )
    if "overwrite" in reason:
        raise ThresholdError(f"{text.shown(file.path)}{_at(place)}: this is there twice; keep one")
    raise ThresholdError(f"{text.shown(file.path)}{_at(place)}: this is no TOML: {reason}")


def _at(place: str) -> str:
    line = re.match(r"line (\d+)", place)
    return f" line {line[1]}" if line else " at its end" if place else ""


def _time(file: _File, value: object, *place: str) -> int:
    knob = place[-1]
    where = f"[{place[0]}] {knob}" if len(place) > 1 else knob
    if value is None:
        file.refuse(f'{where} is missing; give a duration such as {knob} = "60s"')
    try:
        if not isinstance(value, str):
            raise ValueError
        length = seconds(value)
    except ValueError:
        file.refuse(f'{where} {_toml(value)} is no duration such as "90s", "5m" or "2h"', *place)
    if length != int(length):
        file.refuse(f"{where} {_toml(value)} must be whole seconds", *place)
    return int(length)


def _objectives(file: _File, slo: object) -> dict[str, float]:
    if not isinstance(slo, dict):
        file.refuse(f"the section [slo] must give {' and '.join(_OBJECTIVES)}", "slo")
    for name in slo:
        if name not in _OBJECTIVES:
            file.refuse(f"[slo] has no {name!r}{nearest(name, _OBJECTIVES)}", "slo", name)
    for name in _OBJECTIVES:
        if name not in slo:
            file.refuse(f"[slo] lacks {name}; give a percentage such as {name} = 99.9", "slo")
        if not _number(slo[name]) or not 0 < slo[name] < 100:
            said = f"{name} {_toml(slo[name])}"
            file.refuse(f"[slo] {said} must be a percentage below 100, such as 99.9", "slo", name)
    return {name: float(slo[name]) for name in _OBJECTIVES}


def _number(value: object) -> bool:
    """Whether a value is a number that can be compared: no truth value, infinity or nan."""
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def _toml(value: object) -> str:
    """Return a value as the file spells it."""
    if isinstance(value, bool):
        return str(value).lower()
    spelled = f'"{value}"' if isinstance(value, str) else str(value)
    return spelled if len(spelled) <= 60 else f"{spelled[:60]}…"


def _threshold(file: _File, section: str, table: object) -> Threshold:
    """Check each setting by itself."""
    if not isinstance(table, dict):
        near = "" if section in SECTIONS else nearest(section, ("delay", "slo", *SECTIONS))
        file.refuse(f"{section} must be a table of settings, such as above = 5{near}", section)
    given: dict[str, Any] = table
    known: dict[str, Any] = {}
    for knob, value in given.items():
        place = section, knob
        name = _SPELLED.get(knob, knob)
        said = f"[{section}] {knob} {_toml(value)}"
        if knob in _RENAMED:
            file.refuse(
                f"[{section}] {knob} is called {_RENAMED[knob]} now; rename it in every section",
                *place,
            )
        if knob not in _KNOBS:
            file.refuse(
                f"[{section}] no rule has a setting {knob!r}{nearest(knob, _KNOBS)}", *place
            )
        if name == "enabled":
            if not isinstance(value, bool):
                file.refuse(f"{said} must be true or false", *place)
        elif name == "longer":
            if not isinstance(value, list):
                file.refuse(f'{said} must be a list of durations such as ["20m", "1h"]', *place)
            value = tuple(_time(file, each, *place) for each in value)
        elif name in _TIMES:
            value = _time(file, value, *place)
        elif not _number(value):
            file.refuse(f"{said} must be a number, and finite", *place)
        elif name in _WHOLE:
            least = 1 if name == "limit" else 0
            if value != int(value) or value < least:
                file.refuse(f"{said} must be a whole number, at least {least}", *place)
            value = int(value)
        elif name in _PERCENT and not 0 < value <= 100:
            file.refuse(f"{said} must be a percentage above 0", *place)
        elif value < 0:
            file.refuse(f"{said} must not be negative: nothing that is measured is", *place)
        known[name] = value
    made = Threshold(**known)
    if made.above is not None and made.below is not None:
        file.refuse(f"[{section}] give above or below, not both", section, "below")
    part = PARTS.get(section)
    if part and (other := "below" if part.side == "above" else "above") in table:
        file.refuse(
            f"[{section}] fires {part.side} its threshold: say that, not {other}", section, other
        )
    if made.recover is not None:
        well = made.recover < made.above if made.above is not None else made.recover > made.line
        if not well:
            file.refuse(
                f"[{section}] recover {made.recover:g} must be on the healthy side of the "
                f"threshold {made.line:g}",
                section,
                "recover",
            )
    return made


@dataclass(frozen=True)
class _Check:
    """Checks the settings of a section together."""

    file: _File
    name: str
    limits: Thresholds

    @property
    def knobs(self) -> Threshold:
        return self.limits.rules[self.name]

    @property
    def rule(self) -> Rule:
        """The rule that it is, or is a part of."""
        return RULES.get(self.name) or RULE_OF[self.name]

    def refuse(self, what: str, knob: str | None = None) -> NoReturn:
        """Raise ThresholdError for a setting of the section, or for a missing one."""
        place = (self.name, knob) if knob else (self.name,)
        self.file.refuse(f"[{self.name}] {what}", *place)

    def all(self) -> None:
        """Raise ThresholdError for the first thing that cannot work."""
        part = PARTS.get(self.name)
        self._reads(part)
        if self.name in RULES:
            self._waits()
        if part:
            self._looks_back(part)
            self._can_be_crossed(part)

    def _reads(self, part: Part | None) -> None:
        """Refuse a setting that nothing reads, and a missing one that is needed."""
        needs: set[str] = set()
        may = {"enabled"}
        if part:
            wanted, read = queries.reads(part.ask)
            needs |= {part.side, *wanted}
            (needs if self.rule.family else may).add("recover")
            may |= read
        if self.name in RULES:
            may |= {"pending", "keep_firing_for"}
            if self.rule.family:
                needs.add("limit")
        given = {each.name for each in fields(Threshold) if self._given(each.name, each.default)}
        for name in sorted(needs - given):
            self.refuse(f"lacks {name}, without which it cannot be judged")
        for name in sorted(given - needs - may):
            spelled = _TOML.get(name, name)
            if part and name in OF_RULES and self.rule.family:
                self.refuse(f"{spelled} is a setting of [{self.rule.name}]; say it there", spelled)
            self.refuse(f"{spelled} is not read here; take it out", spelled)

    def _given(self, name: str, default: object) -> bool:
        return bool(getattr(self.knobs, name) != default)

    def _waits(self) -> None:
        every = seconds(self.rule.every)
        if 0 < self.knobs.pending < every:
            self.refuse(
                f'for is shorter than the {self.rule.every} between two evaluations; say "0s" or '
                "more than that",
                "for",
            )

    def _looks_back(self, part: Part) -> None:
        if self.knobs.window < seconds(self.rule.every):
            self.refuse(
                f"window is shorter than the {self.rule.every} between two evaluations: what falls "
                "between them would never be seen",
                "window",
            )
        if self.knobs.short >= self.knobs.window:
            self.refuse("short must be shorter than window", "short")
        windows = [self.knobs.window, *self.knobs.longer]
        if windows != sorted(set(windows)):
            self.refuse("longer must be longer than window, the shorter one first", "longer")
        if part.ask is queries.arrivals and self.knobs.short <= self.knobs.pending:
            self.refuse("for is the newest part of short and window: make it shorter", "for")
        if part.ask is queries.silence:
            before = queries.LEAST_SPANS * queries.SPAN_MINUTES
            if self.knobs.line + before >= self.knobs.window / 60:
                self.refuse(
                    f"window must be longer than the {before} minutes of traffic and the "
                    f"{self.knobs.line:g} of silence that it has to hold",
                    "window",
                )

    def _can_be_crossed(self, part: Part) -> None:
        """Refuse a threshold that no number crosses, or that every number does."""
        knobs, side = self.knobs, part.side
        most = math.inf
        if part.ask in (queries.now, queries.shares, queries.drop) and part.unit in _PARTS_OF_100:
            most = 100.0
        if objective := part.question.objective:
            most = 100 / (100 - getattr(self.limits, objective))
            if knobs.at_most is not None and knobs.at_most <= knobs.line:
                self.refuse(
                    f"at_most {knobs.at_most:g} must be more than above {knobs.line:g}, or nothing "
                    "ever fires",
                    "at_most",
                )
        if side == "above" and knobs.line >= most:
            self.refuse(f"above {knobs.line:g} is never exceeded: {most:g} is the most", "above")
        if side == "below" and not 0 < knobs.line <= most:
            ceiling = f" and at most {most:g}" if most < math.inf else ""
            self.refuse(f"below {knobs.line:g} must be more than 0{ceiling}", "below")
        if knobs.recover is not None and not 0 < knobs.recover < most:
            self.refuse(f"recover {knobs.recover:g} is never reached", "recover")


# The units of what is at most 100.
_PARTS_OF_100 = ("%", "points")
