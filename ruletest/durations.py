"""Durations as Grafana's alert files and test files write them: ``5m``, ``1h30m``, ``0s``."""

import re

_UNITS = {"ms": 0.001, "s": 1, "m": 60, "h": 3600, "d": 86400, "w": 604800, "y": 31536000}
_PROMETHEUS = re.compile(
    r"(?:(\d+)y)?(?:(\d+)w)?(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?(?:(\d+)ms)?"
)


def seconds(text: str) -> float:
    """Return a Prometheus duration in seconds; raises ValueError as Grafana would refuse it.

    https://prometheus.io/docs/prometheus/latest/configuration/configuration/
    """
    found = _PROMETHEUS.fullmatch(text)
    if text == "0":
        return 0
    if not text or not found:
        raise ValueError(f'not a valid duration string: "{text}"')
    units = ("y", "w", "d", "h", "m", "s", "ms")
    return sum(int(n) * _UNITS[unit] for n, unit in zip(found.groups(), units, strict=True) if n)


def offset(text: str) -> float:
    """Return a duration with an optional sign, such as ``-90s``, in seconds."""
    sign = -1 if text.startswith("-") else 1
    return sign * seconds(text.lstrip("+-"))
