"""Durations as Grafana's files and API write them: Prometheus' 1d12h or 500ms, Go's 1m30.5s.

https://prometheus.io/docs/prometheus/latest/configuration/configuration/
https://pkg.go.dev/time#ParseDuration
"""

import re
from fractions import Fraction

_NANOSECONDS = {
    "y": 365 * 86400 * 10**9,
    "w": 7 * 86400 * 10**9,
    "d": 86400 * 10**9,
    "h": 3600 * 10**9,
    "m": 60 * 10**9,
    "s": 10**9,
    "ms": 10**6,
    "us": 10**3,
    "µs": 10**3,
    "μs": 10**3,
    "ns": 1,
}
_UNITS = ("y", "w", "d", "h", "m", "s", "ms")  # of Prometheus, each once, in this order
_PROMETHEUS = re.compile("".join(rf"(?:(\d+){unit})?" for unit in _UNITS), re.ASCII)
_GO_PART = re.compile(r"(\d+\.?\d*|\.\d+)(h|ms|m|s|us|µs|μs|ns)", re.ASCII)
_GO = re.compile(rf"[-+]?(?:{_GO_PART.pattern})+", re.ASCII)
# Both keep a duration in 64 bits of nanoseconds, some 292 years.
_LONGEST = 2**63 - 1


def seconds(text: str) -> float:
    """Return a Prometheus duration in seconds; raises ValueError as Grafana would refuse it."""
    if text == "0":
        return 0
    total = _prometheus(text)
    if total is None:
        raise ValueError(f'not a valid duration string: "{text}"')
    return total / 10**9


def milliseconds(text: str) -> int:
    """Return a Prometheus duration in milliseconds; raises ValueError like `seconds`."""
    return round(seconds(text) * 1000)


def offset(text: str) -> float:
    """Return a duration with an optional sign, such as ``-90s``, in seconds."""
    sign = -1 if text.startswith("-") else 1
    return sign * seconds(text.lstrip("+-"))


def nanoseconds(text: str) -> int:
    """Return the nanoseconds of a duration of either kind; raises ValueError for other text."""
    if text in ("0", "+0", "-0"):
        return 0
    total = _prometheus(text)
    if total is None and _GO.fullmatch(text):
        parts = _GO_PART.findall(text)
        total = int(sum(Fraction(_dotted(n)) * _NANOSECONDS[unit] for n, unit in parts))
        total = -total if text.startswith("-") else total
    if total is None:
        raise ValueError(f"{text!r} is no duration")
    if abs(total) > _LONGEST:
        raise ValueError(f"{text!r} is longer than a duration can be")
    return total


def _prometheus(text: str) -> int | None:
    """Return the nanoseconds of a Prometheus duration, or None."""
    found = _PROMETHEUS.fullmatch(text)
    if not text or not found:
        return None
    return sum(
        int(n) * _NANOSECONDS[unit] for n, unit in zip(found.groups(), _UNITS, strict=True) if n
    )


def _dotted(number: str) -> str:
    return f"0{number}0" if number.startswith(".") or number.endswith(".") else number


def spelled(total: int) -> str:
    """Return whole nanoseconds as Prometheus writes them: 300s, or 1500ms below the second."""
    if total % 10**9 == 0:
        return f"{total // 10**9}s"
    return f"{total // 10**6}ms"


def comparable(value: object) -> object:
    """Return a duration's nanoseconds, so that 90s equals 1m30s; nothing for nothing.

    What is no duration, in somebody else's settings, is only equal to itself.
    """
    if value is None or value == "":
        return 0
    if isinstance(value, int) and not isinstance(value, bool):
        return value * 10**9
    try:
        return nanoseconds(str(value))
    except ValueError:
        return value
