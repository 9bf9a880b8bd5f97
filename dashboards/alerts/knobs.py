"""The settings (knobs) of thresholds.toml, after they were read and checked."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Threshold:
    """One rule's settings; thresholds.toml says what each means. Times are in seconds."""

    enabled: bool = True
    above: float | None = None
    below: float | None = None
    recover: float | None = None
    window: int = 0
    baseline: int = 0  # what the window is compared with, before it
    short: int = 0  # the shorter window of a burn rate
    pending: int = 0
    keep_firing_for: int = 0
    min_requests: int | None = None
    limit: int | None = None
    presence: float | None = None
    cached: float | None = None

    @property
    def line(self) -> float:
        """The threshold itself, above or below."""
        return self.above if self.above is not None else self.below or 0.0


@dataclass(frozen=True, slots=True)
class Thresholds:
    """The whole file."""

    delay: int
    availability: float
    latency: float
    rules: Mapping[str, Threshold]
