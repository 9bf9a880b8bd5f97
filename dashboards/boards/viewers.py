"""Viewers and content: who asks for what, and how."""

from dashboards.grafana.board import Board, Line, Outline


def content(board: Board) -> tuple[str, list[Line]]:
    """List the content that is requested most."""
    return "Content", [
        [
            board.table(
                "uris-requests",
                "URIs by requests",
                ["requests", "bytes", "hit_ratio", "error_rate_5xx", "error_rate_4xx"],
                ["uri"],
                width=24,
            )
        ],
        [
            board.top(
                "content-types",
                "Bytes per second by content type",
                "byte_rate",
                "content_type",
                width=12,
                height=10,
            ),
            board.bars(
                "types", "Requests by content type", "requests", "content_type", width=12, height=10
            ),
        ],
    ]


def more_content(board: Board) -> tuple[str, list[Line]]:
    """List the content that is largest, and the pages that lead to it."""
    return "URIs by bytes, and referrers", [
        [
            board.table(
                "uris-bytes",
                "URIs by bytes",
                ["bytes", "requests", "hit_ratio"],
                ["uri"],
                width=24,
            )
        ],
        [
            board.table(
                "referrers",
                "Referrers by requests",
                ["requests", "bytes"],
                ["referrer"],
                width=24,
            )
        ],
    ]


def protocols(board: Board) -> tuple[str, list[Line]]:
    """Draw by which protocols viewers come."""
    return "Protocols", [
        [
            board.top(
                "http",
                "Requests per second by HTTP version",
                "request_rate",
                "http_version",
                width=24,
            ),
        ],
        [
            board.series(
                "shares",
                "IPv6, HTTP/3, unencrypted",
                ["ipv6_share", "http3_share", "plain_http_share"],
                asks=["viewers"],
                width=12,
            ),
            board.series(
                "viewers", "Different viewer addresses", ["viewers"], of="shares", width=12
            ),
        ],
    ]


def devices(board: Board) -> tuple[str, list[Line]]:
    """Count requests by device, method and encryption."""
    return "Devices, methods and TLS", [
        [
            board.bars("devices", "Requests by device class", "requests", "device"),
            board.bars("methods", "Requests by method", "requests", "method"),
        ],
        [
            board.bars("tls", "Requests by TLS version", "requests", "tls_version", width=8),
            board.bars("ciphers", "Requests by TLS cipher", "requests", "cipher", width=16),
        ],
    ]


def media(board: Board) -> tuple[str, list[Line]]:
    """Draw what video players say of their experience (CMCD)."""
    return "Video quality of experience (CMCD)", [
        [
            board.series(
                "sessions",
                "Playback sessions",
                ["media_sessions"],
                asks=["starved_share", "media_bitrate", "media_throughput", "media_buffer"],
                width=12,
            ),
            board.series(
                "stalls", "Requests after a stall", ["starved_share"], of="sessions", width=12
            ),
        ],
        [
            board.series(
                "bitrates",
                "Bitrate and throughput",
                ["media_bitrate", "media_throughput"],
                of="sessions",
                width=12,
            ),
            board.series("buffer", "Buffer length", ["media_buffer"], of="sessions", width=12),
        ],
        [
            board.table(
                "stalls-country",
                "Countries with most stalls",
                ["starved_requests", "starved_share", "media_sessions"],
                ["country"],
                where=["media"],
                width=12,
            ),
            board.table(
                "contents",
                "Contents with most stalls",
                ["starved_requests", "starved_share", "media_sessions"],
                ["content"],
                where=["media"],
                width=12,
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
                width=12,
            ),
            board.table(
                "query-strings",
                "Query strings by requests",
                ["requests"],
                ["query_string"],
                width=12,
            ),
        ]
    ]


OUTLINE = Outline(
    "viewers",
    "CloudFront viewers and content",
    "Who asks for what, and how.",
    (content, protocols),
    closed=(more_content, devices, media, personal),
)
