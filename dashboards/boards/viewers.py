"""Viewers and content: who asks for what, and how."""

from dashboards.grafana.board import Board, Line, Outline


def content(board: Board) -> tuple[str, list[Line]]:
    """List the content that is requested most."""
    return "Content", [
        [
            board.table(
                "uris-requests",
                "URIs by requests",
                ["requests", "bytes", "hit_ratio", "error_rate_4xx", "ttfb"],
                ["uri"],
                width=12,
                height=12,
            ),
            board.table(
                "uris-bytes",
                "URIs by bytes",
                ["bytes", "requests", "hit_ratio"],
                ["uri"],
                width=12,
                height=12,
            ),
        ],
        [
            board.top("content-types", "Bytes per second by type", "byte_rate", "content_type"),
            board.bars("types", "Requests by content type", "requests", "content_type"),
            board.table("referrers", "Referrers", ["requests", "bytes"], ["referrer"]),
        ],
    ]


def technology(board: Board) -> tuple[str, list[Line]]:
    """Draw by which protocols and devices viewers come."""
    return "Protocols and devices", [
        [
            board.top(
                "http", "Requests per second by HTTP version", "request_rate", "http_version"
            ),
            board.series(
                "shares",
                "IPv6, HTTP/3, unencrypted",
                ["ipv6_share", "http3_share", "plain_http_share"],
            ),
            board.bars("devices", "Requests by device class", "requests", "device"),
        ],
        [
            board.bars("tls", "Requests by TLS version", "requests", "tls_version"),
            board.bars("ciphers", "Requests by TLS cipher", "requests", "cipher"),
            board.bars("methods", "Requests by method", "requests", "method"),
            board.series("viewers", "Different viewer addresses", ["viewers"]),
        ],
    ]


def media(board: Board) -> tuple[str, list[Line]]:
    """Draw what video players say of their experience (CMCD)."""
    return "Video quality of experience (CMCD)", [
        [
            board.series("sessions", "Playback sessions", ["media_sessions"]),
            board.series("stalls", "Requests after a stall", ["starved_share"]),
            board.series(
                "bitrates", "Bitrate and throughput", ["media_bitrate", "media_throughput"]
            ),
        ],
        [
            board.series("buffer", "Buffer length", ["media_buffer"]),
            board.top(
                "stalls-country",
                "Requests after a stall by country",
                "starved_share",
                "country",
                where=["media"],
            ),
            board.table(
                "contents",
                "Contents with most stalls",
                ["starved_share", "media_sessions", "media_throughput"],
                ["content"],
                where=["media"],
            ),
        ],
    ]


def personal(board: Board) -> tuple[str, list[Line]]:
    """List what can tell one viewer from another; only on request of the operator."""
    return "Personal data", [
        [
            board.table(
                "viewer-addresses",
                "Viewer addresses by requests",
                ["requests", "bytes", "error_rate_4xx"],
                ["viewer", "country"],
            ),
            board.table("query-strings", "Query strings", ["requests"], ["query_string"]),
        ]
    ]


OUTLINE = Outline(
    "viewers",
    "CloudFront viewers and content",
    "Who asks for what, and how.",
    (content, technology, media, personal),
)
