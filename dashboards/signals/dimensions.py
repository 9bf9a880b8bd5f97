"""Dimensions: what signals can be grouped by, such as edge, country or cache behavior.

Where a request has no value the label is "-", which is also what CloudFront writes.
"""

from dataclasses import dataclass
from typing import Literal

from dashboards.signals.expressions import (
    AsText,
    Before,
    Classes,
    Field,
    Hundreds,
    InRegion,
    Label,
    Prefix,
    Reported,
    Site,
)
from dashboards.signals.prices import REGIONS


@dataclass(frozen=True, slots=True)
class Dimension:
    """One way to group requests."""

    name: str  # also the column's name in results
    title: str
    plural: str
    label: Label
    variable: str | None = None  # the dashboard variable that filters by it
    width: int | None = None  # of its column in a table, in pixels; None is the usual
    # Whether its labels are shown on request only, as those of personal fields are.
    personal: bool = False
    # Its variable is a text box, which is empty for everything: what is typed is the label itself,
    # or one in which * stands for any text, as in a cache behavior's path pattern.
    box: Literal["", "exact", "pattern"] = ""


# The first that matches; names of browsers last, because everything claims to be one.
_DEVICES = (
    ("bot|crawl|spider|slurp", "bot"),
    ("ipad|tablet", "tablet"),
    ("mobi|iphone|android", "mobile"),
    ("smart-?tv|appletv|roku|web0s|tizen|aftt", "tv"),
    ("mozilla|opera", "desktop"),
)

# Who crawls, by the name it gives; the others are found by the words they use for themselves.
_BOTS = tuple(
    (name.lower(), name)
    for name in (
        "Googlebot", "bingbot", "YandexBot", "Baiduspider", "DuckDuckBot", "Applebot", "GPTBot",
        "OAI-SearchBot", "ChatGPT-User", "ClaudeBot", "PerplexityBot", "CCBot", "Bytespider",
        "Amazonbot", "meta-externalagent", "facebookexternalhit", "AhrefsBot", "SemrushBot",
        "MJ12bot", "DotBot", "PetalBot",
    )
)  # fmt: skip

DIMENSIONS: dict[str, Dimension] = {
    dimension.name: dimension
    for dimension in (
        Dimension("edge", "Edge", "edges", Field("x-edge-location"), "edge"),
        # IATA code of the airport next to the edge: the part of the name before its number.
        Dimension("pop", "Edge city", "edge cities", Prefix(Field("x-edge-location"), 3)),
        Dimension("country", "Country", "countries", Field("c-country"), "country", 100),
        Dimension(
            "behavior",
            "Cache behavior",
            "cache behaviors",
            Field("cache-behavior-path-pattern"),
            "behavior",
            150,
        ),
        Dimension("host", "Host", "hosts", Field("cs-host"), "host", 170),
        Dimension(
            "distribution", "Distribution", "distributions", Field("x-host-header"), "distribution"
        ),
        Dimension(
            "status",
            "Status",
            "status codes",
            AsText(Field("sc-status")),
            "code",
            width=90,
            box="pattern",
        ),
        Dimension(
            "status_class", "Status class", "status classes", Hundreds(Field("sc-status")), "status"
        ),
        Dimension("result", "Result", "result types", Field("x-edge-result-type")),
        Dimension(
            "detail", "Detailed result", "detailed results", Field("x-edge-detailed-result-type")
        ),
        Dimension("method", "Method", "methods", Field("cs-method")),
        Dimension("uri", "URI", "URIs", Field("cs-uri-stem"), "uri", width=260, box="pattern"),
        Dimension(
            "request", "Request id", "requests", Field("x-edge-request-id"), "request", box="exact"
        ),
        Dimension(
            "content_type", "Content type", "content types", Before(Field("sc-content-type"), ";")
        ),
        Dimension("referrer", "Referrer", "referrers", Field("cs-referer"), width=260),
        Dimension("http_version", "HTTP version", "HTTP versions", Field("cs-protocol-version")),
        Dimension("tls_version", "TLS version", "TLS versions", Field("ssl-protocol")),
        Dimension("cipher", "TLS cipher", "TLS ciphers", Field("ssl-cipher")),
        Dimension("ip_version", "IP version", "IP versions", Field("c-ip-version")),
        Dimension(
            "device",
            "Device class",
            "device classes",
            Classes(Field("cs-user-agent"), _DEVICES, "other"),
        ),
        Dimension("bot", "Bot", "bots", Classes(Field("cs-user-agent"), _BOTS, "another bot")),
        Dimension(
            "agent", "User agent", "user agents", Field("cs-user-agent"), width=260, personal=True
        ),
        Dimension("referring_site", "Referring site", "referring sites", Site(Field("cs-referer"))),
        Dimension(
            "price_region",
            "Price region",
            "price regions",
            InRegion(Field("x-edge-location"), REGIONS),
        ),
        Dimension("asn", "Network (ASN)", "networks", AsText(Field("asn"))),
        Dimension("origin", "Origin", "origins", Field("r-host")),
        Dimension("reason", "Origin choice", "reasons", Field("sr-reason")),
        Dimension("viewer", "Viewer address", "viewer addresses", Field("c-ip"), width=260),
        Dimension("query_string", "Query string", "query strings", Field("cs-uri-query")),
        Dimension("content", "Content id", "contents", Field("cmcd-content-id")),
        Dimension(
            "streaming_format",
            "Streaming format",
            "streaming formats",
            Field("cmcd-streaming-format"),
        ),
        Dimension("object_type", "Object type", "object types", Field("cmcd-object-type")),
        # A dimension of the processor's own records.
        Dimension("field", "Field", "fields", Reported("field")),
    )
}
