"""Reading thresholds.toml, strictly: a knob nobody reads is an error, not a surprise at night."""

import difflib
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from dashboards.alerts.durations import seconds

DEFAULT = Path(__file__).with_name("thresholds.toml")

_SPELLED = {"for": "pending"}


class ThresholdError(ValueError):
    """thresholds.toml says something that cannot work; the message names the line to change."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Threshold:
    """One rule's knobs; thresholds.toml says what each means. Times are in seconds."""

    above: float | None = None
    below: float | None = None
    recover: float | None = None
    window: int = 0
    past: int = 0  # what the window is compared with, before it
    short: int = 0  # the shorter window of a burn rate
    pending: int = 0
    keep: int = 0
    requests: int | None = None
    worst: int | None = None
    presence: float | None = None
    cached: float | None = None

    @property
    def line(self) -> float:
        """The line itself, above or below."""
        return self.above if self.above is not None else self.below or 0.0


@dataclass(frozen=True, slots=True)
class Thresholds:
    """The whole file."""

    delay: int
    availability: float
    latency: float
    rules: Mapping[str, Threshold]


_TIMES = frozenset({"window", "past", "short", "pending", "keep"})
_KNOBS = {each.name for each in fields(Threshold)}


def load(path: Path = DEFAULT) -> Thresholds:
    """Read the file; raises ThresholdError that says what to change where."""
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise ThresholdError(f"{path}: {error}") from None
    slo = raw.pop("slo", {})
    delay = _seconds(raw.pop("delay", None), f"{path}: delay")
    for name in slo:
        if name not in ("availability", "latency"):
            raise ThresholdError(f"{path}: [slo] {name}: there are availability and latency")
    rules = {name: _threshold(table, f"{path}: [{name}]") for name, table in raw.items()}
    return Thresholds(
        delay,
        _objective(slo.get("availability"), f"{path}: [slo] availability"),
        _objective(slo.get("latency"), f"{path}: [slo] latency"),
        rules,
    )


def _seconds(value: object, where: str) -> int:
    try:
        length = seconds(str(value))
    except ValueError:
        raise ThresholdError(f"{where}: {value!r} is no duration such as 90s, 5m or 2h") from None
    if length != int(length):
        raise ThresholdError(f"{where}: {value!r} must be whole seconds")
    return int(length)


def _objective(value: object, where: str) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value < 100:
        raise ThresholdError(f"{where}: {value!r} must be a percentage below 100, such as 99.9")
    return float(value)


def _threshold(table: object, where: str) -> Threshold:
    if not isinstance(table, dict):
        raise ThresholdError(f"{where} must be a table of knobs, such as above = 5")
    known: dict[str, Any] = {}
    for spelled, value in table.items():
        name = _SPELLED.get(spelled, spelled)
        if name not in _KNOBS or spelled == "pending":
            near = difflib.get_close_matches(spelled, [*_KNOBS, "for"], n=1)
            hint = f"; did you mean {near[0]!r}?" if near else ""
            raise ThresholdError(f"{where} {spelled}: no rule has such a knob{hint}")
        if name in _TIMES:
            known[name] = _seconds(value, f"{where} {spelled}")
        elif isinstance(value, bool) or not isinstance(value, int | float):
            raise ThresholdError(f"{where} {spelled}: {value!r} must be a number")
        else:
            known[name] = value
    made = Threshold(**known)
    if made.above is not None and made.below is not None:
        raise ThresholdError(f"{where}: give above or below, not both")
    if made.recover is not None:
        healthy = made.recover < made.above if made.above is not None else made.recover > made.line
        if not healthy:
            raise ThresholdError(
                f"{where} recover: {made.recover} must be on the healthy side of {made.line}"
            )
    if made.worst is not None and not 1 <= made.worst == int(made.worst):
        raise ThresholdError(f"{where} worst: {made.worst} must be a whole number, at least 1")
    return made
