"""What colors mean, by name: one thing has one color on every board.

Red and orange are trouble: errors of the server, and what is beyond a rule's line. Everything else
is neutral: shades of blue for what the edge answers, purple for what goes to the origin, gray for
the rest and for the past. The names are Grafana's, which fit its dark and its light theme.
"""

from collections.abc import Iterable

from dashboards.signals import Signal

GRAY = "#8e8e8e"
NEUTRAL = "text"  # of a number
BACKGROUND = "rgba(128, 128, 128, 0.15)"  # of a cell that is fine
SHADES = "blue"  # what has no color of its own, such as edges: shades of one color
NONE = "transparent"
MORE = "continuous-blues"  # Grafana's scale from little to much, of what no rule has a line for

# Beyond the line of a rule of that severity.
SEVERITY = {"critical": "red", "warning": "orange"}

# By the label that is shown.
MEANINGS = {
    "Hit": "blue",
    "RefreshHit": "light-blue",
    "OriginShieldHit": "super-light-blue",
    "Miss": "purple",
    "Redirect": "light-purple",
    "Error": "red",
    "LimitExceeded": "orange",
    "CapacityExceeded": "dark-orange",
    "other": GRAY,
}
# Of status codes, by their first digit; 000 is a viewer that left before there was a response.
STATUS_CLASSES = {"2": "blue", "3": "light-purple", "4": "yellow", "5": "red", "0": GRAY}
PREVIOUS_DAY = GRAY

_SIGNALS = {
    "byte_hit_ratio": "light-blue",
    "misses": "purple",
    "missed_bytes": "purple",
    "shield_hit_share": "super-light-blue",
    "origin_request_rate": "purple",
    "origin_share": "purple",
    "origin_error_rate": "dark-red",
    "origin_error_share": "dark-red",
    "origin_errors": "dark-red",
    "failovers": "light-purple",
    "aborted_rate": "light-purple",
    "written": "light-blue",
    "written_bytes": "light-blue",
    "duplicates": GRAY,
    "trimmed": "light-purple",
    "malformed": "yellow",
    "malformed_share": "yellow",
    "rejected": "red",
    "rejected_share": "red",
    "lost_share": "red",
    "unaccounted": "red",
    "retried": "light-purple",
    "media_throughput": "light-blue",
    "http3_share": "light-blue",
    "plain_http_share": "purple",
    "slow_first_byte_share": "purple",
    "lag_max": "light-purple",
    "write_time_p95": "light-purple",
}
_PERCENTILES = {"_p50": "light-blue", "_p95": "blue", "_p99": "purple"}
_MISS_PERCENTILES = {"_p50": "light-purple", "_p95": "purple", "_p99": "dark-purple"}

# Counts of failures, and predicates that say that a request failed.
ERRORS = {"errors_4xx", "errors_5xx", "origin_errors"}
_FAILING = {"failed", "server_error", "origin_error"}

# Every color that a dashboard may have.
ALL = {
    GRAY, NEUTRAL, BACKGROUND, SHADES, NONE, PREVIOUS_DAY,
    *SEVERITY.values(), *MEANINGS.values(), *STATUS_CLASSES.values(), *_SIGNALS.values(),
    *_PERCENTILES.values(), *_MISS_PERCENTILES.values(),
}  # fmt: skip


def of(signal: Signal) -> str:
    """Return the color of a signal's line or bar."""
    name = signal.of or signal.name
    if name in _SIGNALS:
        return _SIGNALS[name]
    for kind in ("4", "5"):
        if name.endswith(f"{kind}xx"):
            return STATUS_CLASSES[kind]
    ways = _MISS_PERCENTILES if "_miss" in name or name.startswith("origin") else _PERCENTILES
    return next((color for end, color in ways.items() if name.endswith(end)), SHADES)


def among(where: Iterable[str]) -> str:
    """Return the color of what is made of requests for which these predicates hold."""
    return "red" if _FAILING.intersection(where) else SHADES


def fixed(color: str) -> dict[str, str]:
    """Return Grafana's setting for one color."""
    return {"fixedColor": color, "mode": "fixed"}


def shades(color: str = SHADES) -> dict[str, str]:
    """Return Grafana's setting for shades of one color, one for each line."""
    return {"fixedColor": color, "mode": "shades"}
