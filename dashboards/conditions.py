"""Conditions: questions with yes or no about one request, from which signals are made.

Their SQL is written as that of signals is; see signals.py.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Condition:
    """A question with yes or no about one request."""

    sql: str
    # Asked instead where a field that `sql` needs is not collected.
    fallback: str | None = None


# Result types: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/real-time-logs.html
# The list of detailed types is open, so what happened at the origin is told by its name.
CONDITIONS: dict[str, Condition] = {
    "client_error": Condition("{sc-status} BETWEEN 400 AND 499"),
    # 000 (the viewer left before there was a response) is neither kind of error.
    "server_error": Condition("{sc-status} BETWEEN 500 AND 599"),
    "no_status": Condition("{sc-status} = 0"),
    "failed": Condition(
        "({sc-status} BETWEEN 400 AND 599 OR {x-edge-result-type} = 'Error')",
        "{sc-status} BETWEEN 400 AND 599",
    ),
    "hit": Condition(
        "({x-edge-result-type} IN ('Hit', 'RefreshHit')"
        " OR {x-edge-detailed-result-type} = 'OriginShieldHit')",
        "{x-edge-result-type} IN ('Hit', 'RefreshHit')",
    ),
    # What the cache had a chance to answer: requests cut off by a limit are left out.
    "answerable": Condition("{x-edge-result-type} NOT IN ('LimitExceeded', 'CapacityExceeded')"),
    "miss": Condition(
        "({x-edge-result-type} = 'Miss' AND {x-edge-detailed-result-type} <> 'OriginShieldHit')",
        "{x-edge-result-type} = 'Miss'",
    ),
    "shield_hit": Condition("{x-edge-detailed-result-type} = 'OriginShieldHit'"),
    "refresh_hit": Condition("{x-edge-result-type} = 'RefreshHit'"),
    # Errors on the origin's side: OriginError, OriginConnectError, AbortedOrigin and so on.
    "origin_error": Condition(
        "(strpos({x-edge-detailed-result-type}, 'Origin') > 0"
        " AND {x-edge-detailed-result-type} <> 'OriginShieldHit')"
    ),
    # The viewer went away: its side of the connection broke or it hung up.
    "aborted": Condition(
        "{x-edge-detailed-result-type} IN ('ClientCommError', 'ClientHungUpRequest')"
    ),
    # A response made by a function at the edge is a miss that never saw the origin.
    "origin_request": Condition(
        "({miss} AND {x-edge-detailed-result-type} <> 'MissGeneratedResponse' OR {origin_error})",
        "{miss}",
    ),
    "slow": Condition("{time-taken} >= 1"),
    "slow_first_byte": Condition("{time-to-first-byte} >= 1"),
    "failover": Condition("substr({sr-reason}, 1, 8) = 'Failover'"),
    "ipv6": Condition("{c-ip-version} = 'IPv6'"),
    "http3": Condition("{cs-protocol-version} = 'HTTP/3.0'"),
    "plain_http": Condition("{cs-protocol} = 'http'"),
    "starved": Condition("{has:cmcd-buffer-starvation}"),
    "media": Condition("{has:cmcd-session-id}"),
}
