"""The settings (knobs) of thresholds.toml, after they were read and checked."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Threshold:
    """One section: a rule's settings, a part's, or both. Times are in seconds.

    thresholds.toml says what each means.
    """

    enabled: bool = True
    # Of a part.
    above: float | None = None
    below: float | None = None
    recover: float | None = None
    window: int = 0
    longer: tuple[int, ...] = ()  # windows for what the window has too few requests to be sure of
    baseline: int = 0  # what the window is compared with, before it
    short: int = 0  # the newest part of the window
    min_requests: int | None = None
    max_requests: int | None = None
    presence: float | None = None
    cached: float | None = None
    at_most: float | None = None
    # Of a rule.
    pending: int = 0
    keep_firing_for: int = 0
    limit: int | None = None

    @property
    def line(self) -> float:
        """The threshold itself, above or below."""
        return self.above if self.above is not None else self.below or 0.0

    @property
    def newest(self) -> int:
        """The shortest window that is looked at."""
        return self.short or self.window


# The settings that are a rule's and not a part's.
OF_RULES = frozenset({"pending", "keep_firing_for", "limit"})


@dataclass(frozen=True, slots=True)
class Thresholds:
    """The whole file."""

    delay: int
    availability: float
    latency: float
    rules: Mapping[str, Threshold]
