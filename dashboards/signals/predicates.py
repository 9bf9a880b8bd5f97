"""Predicates: questions with yes or no about one request, from which signals are made."""

from dashboards.signals.expressions import (
    AllOf,
    AnyOf,
    AtLeast,
    Between,
    Contains,
    Equals,
    Fallback,
    Field,
    Has,
    Named,
    Not,
    OneOf,
    OtherSite,
    Predicate,
    StartsWith,
)

_STATUS = Field("sc-status")
_RESULT = Field("x-edge-result-type")
_DETAIL = Field("x-edge-detailed-result-type")

_FAILED_STATUS = Between(_STATUS, 400, 599)
_HIT_RESULT = OneOf(_RESULT, ("Hit", "RefreshHit"))
_MISS_RESULT = Equals(_RESULT, "Miss")
_AGENT = Field("cs-user-agent")
_TYPE = Field("sc-content-type")
_REFERRER = Field("cs-referer")
_SHIELD_HIT = Equals(_DETAIL, "OriginShieldHit")

# Result types: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/real-time-logs.html
# The list of detailed types is open, so those about the origin are recognized by their name.
PREDICATES: dict[str, Predicate | Fallback] = {
    "client_error": Between(_STATUS, 400, 499),
    # 000 (the viewer left before there was a response) is neither kind of error.
    "server_error": Between(_STATUS, 500, 599),
    "no_status": Equals(_STATUS, 0),
    "failed": Fallback(AnyOf((_FAILED_STATUS, Equals(_RESULT, "Error"))), _FAILED_STATUS),
    "hit": Fallback(AnyOf((_HIT_RESULT, _SHIELD_HIT)), _HIT_RESULT),
    # What the cache had a chance to answer: requests cut off by a limit are left out.
    "answerable": Not(OneOf(_RESULT, ("LimitExceeded", "CapacityExceeded"))),
    "miss": Fallback(AllOf((_MISS_RESULT, Not(_SHIELD_HIT))), _MISS_RESULT),
    "shield_hit": _SHIELD_HIT,
    "refresh_hit": Equals(_RESULT, "RefreshHit"),
    # Errors on the origin's side: OriginError, OriginConnectError, AbortedOrigin and so on.
    "origin_error": AllOf((Contains(_DETAIL, "Origin"), Not(_SHIELD_HIT))),
    # The viewer went away: its side of the connection broke or it hung up.
    "aborted": OneOf(_DETAIL, ("ClientCommError", "ClientHungUpRequest")),
    # A response made by a function at the edge is a miss that never saw the origin.
    "origin_request": Fallback(
        AnyOf(
            (
                AllOf((Named("miss"), Not(Equals(_DETAIL, "MissGeneratedResponse")))),
                Named("origin_error"),
            )
        ),
        Named("miss"),
    ),
    "slow": AtLeast(Field("time-taken"), 1),
    "slow_first_byte": AtLeast(Field("time-to-first-byte"), 1),
    "failover": StartsWith(Field("sr-reason"), "Failover"),
    "ipv6": Equals(Field("c-ip-version"), "IPv6"),
    "http3": Equals(Field("cs-protocol-version"), "HTTP/3.0"),
    "plain_http": Equals(Field("cs-protocol"), "http"),
    "starved": Has(Field("cmcd-buffer-starvation")),
    "forbidden": Equals(_STATUS, 403),
    "throttled": Equals(_STATUS, 429),
    "refused": AnyOf((Equals(_STATUS, 403), Equals(_STATUS, 429))),
    # What says of itself that it is one, in the words that crawlers use.
    "declared_bot": AnyOf(
        tuple(Contains(_AGENT, word) for word in ("bot", "Bot", "crawl", "Crawl", "spider"))
    ),
    # Pictures, video and sound on the pages of another site.
    "hot_link": AllOf(
        (
            Has(_REFERRER),
            OtherSite(_REFERRER, Field("cs-host")),
            AnyOf(tuple(StartsWith(_TYPE, kind) for kind in ("image/", "video/", "audio/"))),
        )
    ),
    "media": Has(Field("cmcd-session-id")),
}

# The choices of the dashboard variable `only`, by what a reader reads: each is a predicate's name.
ONLY = "only"
EVERY = "all"
CHOICES: dict[str, str] = {
    "all requests": EVERY,
    "failed": "failed",
    "slow first byte": "slow_first_byte",
    "missed by the cache": "miss",
}
