"""The sample site whose traffic is generated: its viewers' countries, edges and content.

All of it is data. Addresses come from the ranges set aside for benchmarks and documentation
(RFC 2544, RFC 3849), so that no generated line points at a real viewer.
"""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Country:
    """A country with viewers, and the edge locations that serve them."""

    code: str  # ISO 3166-1 alpha-2
    utc: float  # hours ahead of UTC
    weight: float  # share of all viewers, relative to the other countries
    rtt: float  # seconds from one of its edges to the origin and back
    edges: dict[str, float]  # edge location: weight
    asns: tuple[int, ...]


# Edge locations are named after a nearby airport, so the code names the city.
COUNTRIES: tuple[Country, ...] = (
    Country(
        "US",
        -6,
        30,
        0.03,
        {
            "IAD89-C1": 4,
            "IAD12-P4": 3,
            "JFK50-P6": 3,
            "ORD58-P1": 3,
            "DFW57-P3": 3,
            "LAX50-C2": 3,
            "SFO53-P2": 2,
            "MIA3-P1": 1,
        },
        (7922, 7018, 701, 21928),
    ),
    Country("IN", 5.5, 9, 0.21, {"BOM78-P6": 5, "DEL54-C4": 3, "MAA50-P2": 2}, (55836, 45609)),
    Country("DE", 1, 9, 0.09, {"FRA56-P12": 7, "MUC50-P3": 2, "TXL50-P2": 1}, (3320, 3209, 6805)),
    Country("BR", -3, 13, 0.12, {"GRU3-P5": 7, "GIG51-C2": 2, "FOR50-P1": 1}, (28573, 26599)),
    Country("GB", 0, 8, 0.08, {"LHR50-P4": 7, "MAN51-P1": 2}, (2856, 5089, 5607)),
    Country("JP", 9, 7, 0.16, {"NRT57-C1": 6, "KIX56-P1": 2}, (4713, 2516, 17676)),
    Country("FR", 1, 6, 0.08, {"CDG52-P4": 6, "MRS52-C1": 1}, (3215, 12322, 15557)),
    Country("CA", -5, 4, 0.03, {"YUL62-C2": 2, "YTO50-C3": 3}, (577, 812, 852)),
    Country("AU", 11, 3, 0.2, {"SYD62-P1": 4, "MEL52-C2": 2}, (1221, 4804)),
    Country("ES", 1, 3, 0.1, {"MAD53-P1": 1}, (3352, 12479)),
    Country("IT", 1, 3, 0.1, {"MXP64-P3": 2, "FCO50-P1": 1}, (3269, 30722)),
    Country("KR", 9, 3, 0.18, {"ICN54-C1": 1}, (4766, 9318)),
    Country("MX", -6, 3, 0.06, {"QRO50-P2": 2, "DFW57-P3": 1}, (8151, 13999)),
    Country("NL", 1, 3, 0.09, {"AMS58-P2": 1}, (1136, 33915)),
    Country("SG", 8, 2.5, 0.23, {"SIN52-P3": 1}, (9506, 3758)),
    Country("PL", 1, 2, 0.11, {"WAW51-P3": 1}, (5617, 12741)),
    Country("ID", 7, 2, 0.24, {"CGK51-P1": 2, "SIN52-P3": 1}, (7713, 23693)),
    Country("ZA", 2, 1.5, 0.23, {"JNB50-C1": 2, "CPT52-C1": 1}, (3741, 37457)),
    Country("AR", -3, 1.5, 0.14, {"EZE50-P1": 2, "GRU3-P5": 1}, (7303, 22927)),
    Country("SE", 1, 1.5, 0.1, {"ARN56-P1": 1}, (3301, 1257)),
    Country("NZ", 13, 0.8, 0.21, {"AKL50-C1": 2, "SYD62-P1": 1}, (4771, 9500)),
    Country("NG", 1, 0.6, 0.2, {"LOS50-C1": 1, "JNB50-C1": 0.2}, (37148, 29465)),
)


@dataclass(frozen=True, slots=True)
class Behavior:
    """A cache behavior of the distribution, and how its content behaves."""

    pattern: str  # CloudFront's path pattern
    host: str
    weight: float  # share of all requests, relative to the other behaviors
    hit: float  # share of cacheable requests answered from a cache
    origin: str
    paths: tuple[str, ...]  # {n} is replaced, per object, by a number
    objects: int  # how many objects; the requests for them are heavy-tailed
    size: tuple[float, float]  # of a body: median in bytes, and sigma of its logarithm
    think: float = 0.04  # seconds of the origin's own work
    methods: dict[str, float] = field(default_factory=lambda: {"GET": 98, "HEAD": 2})
    queries: tuple[str, ...] = ()


DISTRIBUTIONS: dict[str, tuple[str, str]] = {  # host: (x-host-header, distribution id)
    "www.example.com": ("d111111abcdef8.cloudfront.net", "EDFDVBD6EXAMPLE"),
    "api.example.com": ("d111111abcdef8.cloudfront.net", "EDFDVBD6EXAMPLE"),
    "video.example.com": ("d222222abcdef8.cloudfront.net", "E2QWRUHEXAMPLE"),
}

BEHAVIORS: tuple[Behavior, ...] = (
    Behavior(
        "/assets/*",
        "www.example.com",
        44,
        0.96,
        "site-assets.s3.us-east-1.amazonaws.com",
        (
            "/assets/js/app.{n}.js",
            "/assets/css/site.{n}.css",
            "/assets/img/{n}.webp",
            "/assets/img/{n}.jpg",
            "/assets/fonts/{n}.woff2",
        ),
        400,
        (18_000, 1.1),
        0.02,
    ),
    Behavior(
        "*",
        "www.example.com",
        24,
        0.82,
        "web.origin.example.com",
        ("/", "/products/{n}", "/blog/post-{n}.html", "/search"),
        600,
        (14_000, 0.7),
        0.09,
        queries=("q=running%20shoes", "utm_source=mail&utm_campaign=spring", "page=2", "lang=pt"),
    ),
    Behavior(
        "/video/*",
        "video.example.com",
        18,
        0.91,
        "media.origin.example.com",
        ("/video/title-{n}/",),
        40,
        (900_000, 0.25),
        0.05,
        {"GET": 1},
    ),
    Behavior(
        "/v1/*",
        "api.example.com",
        11,
        0.92,
        "api.origin.example.com",
        ("/v1/items/{n}", "/v1/stock/{n}", "/v1/session", "/v1/recommendations"),
        200,
        (2_400, 0.8),
        0.06,
        {"GET": 92, "POST": 5, "PUT": 1, "OPTIONS": 2},
        ("fields=id%2Cname%2Cprice", "limit=50"),
    ),
    # Little traffic that matters much: its total loss hardly moves the site-wide rates.
    Behavior(
        "/checkout/*",
        "www.example.com",
        1.6,
        0.0,
        "web.origin.example.com",
        ("/checkout/cart", "/checkout/address", "/checkout/pay", "/checkout/done"),
        4,
        (5_000, 0.4),
        0.16,
        {"GET": 55, "POST": 45},
    ),
    Behavior(
        "/downloads/*",
        "www.example.com",
        1.4,
        0.88,
        "site-assets.s3.us-east-1.amazonaws.com",
        ("/downloads/manual-{n}.pdf", "/downloads/app-{n}.zip"),
        60,
        (3_000_000, 1.8),
        0.03,
    ),
)

CONTENT_TYPES: dict[str, str] = {  # by extension; a path without one is a page
    "js": "application/javascript",
    "css": "text/css",
    "webp": "image/webp",
    "jpg": "image/jpeg",
    "woff2": "font/woff2",
    "html": "text/html; charset=utf-8",
    "pdf": "application/pdf",
    "zip": "application/zip",
    "m3u8": "application/vnd.apple.mpegurl",
    "ts": "video/mp2t",
}

BITRATES: tuple[int, ...] = (700, 1500, 3000, 5000, 8000)  # of the videos, kbit/s
SEGMENT_MS = 4000

USER_AGENTS: dict[str, float] = {
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko)"
    " Chrome/142.0.0.0 Safari/537.36": 30,
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15"
    " (KHTML, like Gecko) Version/18.6 Mobile/15E148 Safari/604.1": 22,
    "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko)"
    " Chrome/142.0.0.0 Mobile Safari/537.36": 24,
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15"
    " (KHTML, like Gecko) Version/18.6 Safari/605.1.15": 8,
    "Mozilla/5.0 (X11; Linux x86_64; rv:144.0) Gecko/20100101 Firefox/144.0": 4,
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:144.0) Gecko/20100101 Firefox/144.0": 6,
    "Mozilla/5.0 (compatible; examplebot/2.1; +https://bot.example.com/about)": 3,
    "ExampleShop/7.4.1 (Android 15; pt-BR)": 3,
    "curl/8.14.1": 1,
}

# Client errors that a site always sees: status, detailed result type, weight.
CLIENT_ERRORS: tuple[tuple[int, str, float], ...] = (
    (404, "Error", 7),
    (403, "ClientGeoBlocked", 1),
    (400, "InvalidRequest", 1),
    (429, "Error", 1),
)
# What a failing origin looks like from the edge; a 503 comes from the origin itself.
SERVER_ERRORS: tuple[tuple[int, str, float], ...] = (
    (502, "OriginConnectError", 5),
    (503, "OriginError", 4),
    (502, "OriginCommError", 1),
)
