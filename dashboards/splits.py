"""Splits: what a signal can be told apart by, such as edge, country or cache behavior.

``sql`` is written as a signal's is (see signals.py) and gives text. Where a request has no value
the label is "-", which is also what CloudFront writes.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Split:
    """One way to tell requests apart."""

    name: str  # also the column's name in results
    title: str
    plural: str
    sql: str
    variable: str | None = None  # the dashboard variable that filters by it
    width: int | None = None  # of its column in a table, in pixels, where the usual is no good


_DEVICE = (
    "CASE WHEN regexp_like({cs-user-agent}, '(?i)bot|crawl|spider|slurp') THEN 'bot'"
    " WHEN regexp_like({cs-user-agent}, '(?i)ipad|tablet') THEN 'tablet'"
    " WHEN regexp_like({cs-user-agent}, '(?i)mobi|iphone|android') THEN 'mobile'"
    " WHEN regexp_like({cs-user-agent}, '(?i)smart-?tv|appletv|roku|web0s|tizen|aftt') THEN 'tv'"
    " WHEN regexp_like({cs-user-agent}, '(?i)mozilla|opera') THEN 'desktop'"
    " WHEN {has:cs-user-agent} THEN 'other' END"
)

SPLITS: dict[str, Split] = {
    split.name: split
    for split in (
        Split("edge", "Edge", "edges", "{x-edge-location}", "edge"),
        # IATA code of the airport next to the edge: the part of the name before its number.
        Split("pop", "Edge city", "edge cities", "substr({x-edge-location}, 1, 3)"),
        Split("country", "Country", "countries", "{c-country}", "country", 100),
        Split(
            "behavior",
            "Cache behavior",
            "cache behaviors",
            "{cache-behavior-path-pattern}",
            "behavior",
            150,
        ),
        Split("host", "Host", "hosts", "{cs-host}", "host", 170),
        Split("distribution", "Distribution", "distributions", "{x-host-header}", "distribution"),
        Split("status", "Status", "status codes", "{text:sc-status}", width=90),
        # "2" for 200 to 299; integer division truncates.
        Split(
            "status_class",
            "Status class",
            "status classes",
            "cast({sc-status} / 100 AS varchar)",
            "status",
        ),
        Split("result", "Result", "result types", "{x-edge-result-type}"),
        Split("detail", "Detailed result", "detailed results", "{x-edge-detailed-result-type}"),
        Split("method", "Method", "methods", "{cs-method}"),
        Split("uri", "URI", "URIs", "{cs-uri-stem}", width=260),
        Split(
            "content_type", "Content type", "content types", "split_part({sc-content-type}, ';', 1)"
        ),
        Split("referrer", "Referrer", "referrers", "{cs-referer}", width=260),
        Split("http_version", "HTTP version", "HTTP versions", "{cs-protocol-version}"),
        Split("tls_version", "TLS version", "TLS versions", "{ssl-protocol}"),
        Split("cipher", "TLS cipher", "TLS ciphers", "{ssl-cipher}"),
        Split("ip_version", "IP version", "IP versions", "{c-ip-version}"),
        Split("device", "Device class", "device classes", _DEVICE),
        Split("asn", "Network (ASN)", "networks", "{text:asn}"),
        Split("origin", "Origin", "origins", "{r-host}"),
        Split("reason", "Origin choice", "reasons", "{sr-reason}"),
        Split("viewer", "Viewer address", "viewer addresses", "{c-ip}", width=260),
        Split("query_string", "Query string", "query strings", "{cs-uri-query}"),
        Split("content", "Content id", "contents", "{cmcd-content-id}"),
        Split(
            "streaming_format", "Streaming format", "streaming formats", "{cmcd-streaming-format}"
        ),
        Split("object_type", "Object type", "object types", "{cmcd-object-type}"),
        # A dimension of the processor's own records.
        Split("field", "Field", "fields", "field"),
    )
}
