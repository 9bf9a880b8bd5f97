"""What the panels have to show, computed from the generated requests in plain Python.

Nothing here reads the signals' SQL: each metric is written down a second time.
"""

import json
import math
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from local.traffic import Request
from processor.catalog import Field

Rows = Sequence[Request]


@dataclass(frozen=True)
class Quantile:
    """A percentile, which the service only approximates: near in rank is near enough."""

    values: tuple[float, ...]  # sorted
    p: float

    def admits(self, got: float | None) -> bool:
        """Tell whether a value is a percentile within one in a hundred, or one place, of it."""
        if not self.values:
            return got is None
        assert got is not None
        slack = max(1.0, 0.01 * len(self.values))
        place = self.p * (len(self.values) - 1)
        low = self.values[max(0, math.floor(place - slack))]
        high = self.values[min(len(self.values) - 1, math.ceil(place + slack))]
        return low - 1e-9 <= got <= high + 1e-9


@dataclass(frozen=True)
class Distinct:
    """A count of different values, approximated with a standard error of 2.3 %."""

    count: int

    def admits(self, got: float | None) -> bool:
        """Tell whether a value is within five standard errors."""
        assert got is not None
        return abs(got - self.count) <= max(1, 0.115 * self.count)


Expected = float | None | Quantile | Distinct


def agrees(got: float | None, expected: Expected) -> bool:
    """Compare a result with what was computed: exactly, but for rounding and approximations."""
    if isinstance(expected, Quantile | Distinct):
        return expected.admits(got)
    if expected is None or got is None:
        return got is expected
    return math.isclose(got, expected, rel_tol=1e-9, abs_tol=1e-9)


def _number(text: str) -> float | None:
    return None if text == "-" else float(text)


def _status(r: Request) -> int:
    return int(r["sc-status"])


def _result(r: Request) -> str:
    return r["x-edge-result-type"]


def _detail(r: Request) -> str:
    return r["x-edge-detailed-result-type"]


def client_error(r: Request) -> bool:
    return 400 <= _status(r) < 500


def server_error(r: Request) -> bool:
    return 500 <= _status(r) < 600


def hit(r: Request) -> bool:
    return _result(r) in {"Hit", "RefreshHit"} or _detail(r) == "OriginShieldHit"


def answerable(r: Request) -> bool:
    return _result(r) not in {"LimitExceeded", "CapacityExceeded"}


def miss(r: Request) -> bool:
    return _result(r) == "Miss" and _detail(r) != "OriginShieldHit"


def origin_error(r: Request) -> bool:
    return "Origin" in _detail(r) and _detail(r) != "OriginShieldHit"


def origin_request(r: Request) -> bool:
    return (miss(r) and _detail(r) != "MissGeneratedResponse") or origin_error(r)


CONDITIONS: dict[str, Callable[[Request], bool]] = {
    "client_error": client_error,
    "server_error": server_error,
    "failed": lambda r: 400 <= _status(r) < 600 or _result(r) == "Error",
    "miss": miss,
    "origin_error": origin_error,
    "origin_request": origin_request,
    "slow_first_byte": lambda r: (_number(r["time-to-first-byte"]) or 0) >= 1,
    "declared_bot": lambda r: any(
        word in unquote(r["cs-user-agent"]) for word in ("bot", "Bot", "crawl", "Crawl", "spider")
    ),
    "hot_link": lambda r: (
        r["cs-referer"] != "-"
        and r["cs-host"].count(".") > 0
        and ".".join(r["cs-host"].split(".")[-2:]) not in r["cs-referer"]
        and r["sc-content-type"].startswith(("image/", "video/", "audio/"))
    ),
    "media": lambda r: r["cmcd-session-id"] != "-",
}


def _lower_bound(rows: Rows, of: Callable[[Request], bool]) -> float | None:
    """Wilson's interval at 95 %, as textbooks have it: its lower end, in percent; 0 of few."""
    if not rows:
        return None
    if sum(map(of, rows)) < 3:
        return 0.0
    n, p, z = len(rows), sum(map(of, rows)) / len(rows), 1.96
    middle = p + z * z / (2 * n)
    half = z * math.sqrt(p * (1 - p) / n + z * z / (4 * n * n))
    return 100 * (middle - half) / (1 + z * z / n)


def _share(rows: Iterable[Request], of: Callable[[Request], bool]) -> float | None:
    answers = [of(r) for r in rows]
    return 100 * sum(answers) / len(answers) if answers else None


def _bytes(rows: Iterable[Request]) -> int:
    return sum(int(r["sc-bytes"]) for r in rows)


def _quantile(rows: Iterable[Request], name: str, p: float) -> Quantile:
    values = (_number(r[name]) for r in rows)
    return Quantile(tuple(sorted(v for v in values if v is not None)), p)


def _only(rows: Rows, of: Callable[[Request], bool]) -> list[Request]:
    return [r for r in rows if of(r)]


def _count(of: Callable[[Request], bool]) -> Callable[[Rows, float], Expected]:
    return lambda rows, _: sum(map(of, rows))


_PRICES = json.loads(Path("dashboards/signals/cloudfront_prices.json").read_text("utf-8"))
_BY_AIRPORT = {
    airport: region
    for region in _PRICES["regions"]
    for airports in region["airports"].values()
    for airport in airports.split()
}


def _priced(r: Request) -> dict[str, Any]:
    region: dict[str, Any] = _BY_AIRPORT.get(r["x-edge-location"][:3], _PRICES["elsewhere"])
    return region


def _bill(rows: Rows) -> float:
    return math.fsum(
        int(r["sc-bytes"]) / 1e9 * _priced(r)["gb"] + _priced(r)["https_10k"] / 1e4 for r in rows
    )


def _bot(r: Request) -> str:
    agent = unquote(r["cs-user-agent"]).lower()
    if agent == "-":
        return "-"
    for name in ("Googlebot", "bingbot", "GPTBot", "ClaudeBot", "AhrefsBot", "facebookexternalhit"):
        if name.lower() in agent:
            return name
    return "another bot"


Metric = Callable[[Rows, float], Expected]

METRICS: dict[str, Metric] = {
    "requests": lambda rows, _: len(rows),
    "request_rate": lambda rows, seconds: len(rows) / seconds,
    "bytes": lambda rows, _: _bytes(rows),
    "bill": lambda rows, _: _bill(rows),
    "bill_month": lambda rows, seconds: _bill(rows) / seconds * 730 * 3600,
    "refused": _count(lambda r: _status(r) in (403, 429)),
    "forbidden_share": lambda rows, _: _share(rows, lambda r: _status(r) == 403),
    "throttled_share": lambda rows, _: _share(rows, lambda r: _status(r) == 429),
    "megabytes": lambda rows, _: _bytes(rows) / 1e6,
    "byte_rate": lambda rows, seconds: _bytes(rows) / seconds,
    "viewers": lambda rows, _: Distinct(len({r["c-ip"] for r in rows})),
    "error_rate_4xx": lambda rows, _: _share(rows, client_error),
    "error_rate_5xx": lambda rows, _: _share(rows, server_error),
    "errors_4xx": _count(client_error),
    "errors_5xx": _count(server_error),
    "aborted_rate": lambda rows, _: _share(
        rows, lambda r: _detail(r) in {"ClientCommError", "ClientHungUpRequest"}
    ),
    "error_rate_4xx_bound": lambda rows, _: _lower_bound(rows, client_error),
    "error_rate_5xx_bound": lambda rows, _: _lower_bound(rows, server_error),
    "slow_first_bytes": _count(lambda r: (_number(r["time-to-first-byte"]) or 0) >= 1),
    "origin_errors": _count(origin_error),
    "origin_error_share": lambda rows, _: _share(rows, origin_error),
    "hit_ratio": lambda rows, _: _share(_only(rows, answerable), hit),
    "byte_hit_ratio": lambda rows, _: (
        100 * _bytes(_only(rows, hit)) / _bytes(_only(rows, answerable))
        if _only(rows, answerable)
        else None
    ),
    "misses": _count(miss),
    "missed_bytes": lambda rows, _: _bytes(_only(rows, miss)),
    "shield_hit_share": lambda rows, _: _share(rows, lambda r: _detail(r) == "OriginShieldHit"),
    "origin_request_rate": lambda rows, seconds: len(_only(rows, origin_request)) / seconds,
    "origin_share": lambda rows, _: _share(rows, origin_request),
    "origin_error_rate": lambda rows, _: _share(_only(rows, origin_request), origin_error),
    "failovers": _count(lambda r: r["sr-reason"].startswith("Failover")),
    "slow_share": lambda rows, _: _share(rows, lambda r: float(r["time-taken"]) >= 1),
    "slow_first_byte_share": lambda rows, _: _share(
        rows, lambda r: (_number(r["time-to-first-byte"]) or 0) >= 1
    ),
    "slow_first_byte_bound": lambda rows, _: _lower_bound(
        rows, lambda r: (_number(r["time-to-first-byte"]) or 0) >= 1
    ),
    "ipv6_share": lambda rows, _: _share(rows, lambda r: r["c-ip-version"] == "IPv6"),
    "http3_share": lambda rows, _: _share(rows, lambda r: r["cs-protocol-version"] == "HTTP/3.0"),
    "plain_http_share": lambda rows, _: _share(rows, lambda r: r["cs-protocol"] == "http"),
    "media_sessions": lambda rows, _: Distinct(
        len({r["cmcd-session-id"] for r in rows if r["cmcd-session-id"] != "-"})
    ),
    "starved_share": lambda rows, _: _share(
        _only(rows, CONDITIONS["media"]), lambda r: r["cmcd-buffer-starvation"] != "-"
    ),
    "starved_requests": _count(lambda r: r["cmcd-buffer-starvation"] != "-"),
    "media_bitrate": lambda rows, _: _quantile(rows, "cmcd-encoded-bitrate", 0.5),
    "media_throughput": lambda rows, _: _quantile(rows, "cmcd-measured-throughput", 0.5),
    "media_buffer": lambda rows, _: _quantile(rows, "cmcd-buffer-length", 0.5),
}


def _latency(name: str, field: str, p: float, of: Callable[[Request], bool]) -> None:
    METRICS[name] = lambda rows, _: _quantile(_only(rows, of), field, p)


for _name, _field, _of in (
    ("ttfb", "time-to-first-byte", lambda r: True),
    ("ttfb_hit", "time-to-first-byte", hit),
    ("ttfb_miss", "time-to-first-byte", miss),
    ("time_taken", "time-taken", lambda r: True),
    ("time_taken_hit", "time-taken", hit),
    ("time_taken_miss", "time-taken", miss),
    ("origin_fbl", "origin-fbl", lambda r: True),
    ("origin_lbl", "origin-lbl", lambda r: True),
):
    for _suffix, _p in (("", 0.95), ("_p50", 0.5), ("_p95", 0.95), ("_p99", 0.99)):
        _latency(_name + _suffix, _field, _p, _of)


for _p, _least in ((0.95, 40), (0.99, 200)):
    METRICS[f"ttfb_p{_p * 100:.0f}_enough"] = lambda rows, _, p=_p, least=_least: (  # type: ignore[misc]
        _quantile(rows, "time-to-first-byte", p) if len(rows) >= least else None
    )


def _device(r: Request) -> str:
    agent = unquote(r["cs-user-agent"]).lower()
    if agent == "-":
        return "-"
    for label, words in (
        ("bot", "bot|crawl|spider|slurp"),
        ("tablet", "ipad|tablet"),
        ("mobile", "mobi|iphone|android"),
        ("tv", "smart-?tv|appletv|roku|web0s|tizen|aftt"),
        ("desktop", "mozilla|opera"),
    ):
        if re.search(words, agent):
            return label
    return "other"


LABELS: dict[str, Callable[[Request], str]] = {
    "edge": lambda r: r["x-edge-location"],
    "pop": lambda r: r["x-edge-location"][:3],
    "country": lambda r: r["c-country"],
    "behavior": lambda r: r["cache-behavior-path-pattern"],
    "host": lambda r: r["cs-host"],
    "distribution": lambda r: r["x-host-header"],
    "status": lambda r: str(_status(r)),
    "status_class": lambda r: str(_status(r) // 100),
    "result": _result,
    "detail": _detail,
    "method": lambda r: r["cs-method"],
    "uri": lambda r: r["cs-uri-stem"].partition("?")[0],
    "content_type": lambda r: unquote(r["sc-content-type"]).partition(";")[0],
    "referrer": lambda r: r["cs-referer"],
    "http_version": lambda r: r["cs-protocol-version"],
    "tls_version": lambda r: r["ssl-protocol"],
    "cipher": lambda r: r["ssl-cipher"],
    "ip_version": lambda r: r["c-ip-version"],
    "device": _device,
    "asn": lambda r: r["asn"],
    "bot": _bot,
    "agent": lambda r: unquote(r["cs-user-agent"]),
    "referring_site": lambda r: r["cs-referer"].partition("//")[2].partition("/")[0] or "-",
    "price_region": lambda r: _priced(r)["title"],
    "origin": lambda r: r["r-host"],
    "viewer": lambda r: r["c-ip"],
    "query_string": lambda r: r["cs-uri-query"],
    "content": lambda r: r["cmcd-content-id"],
}


def typed(r: Request, field: Field, way: str) -> float | int | str | None:
    """Return a log line's value as a table holds it: decoded, typed, without a query string.

    A text that is not there is NULL in Timestream, and "-" in its classic layout and elsewhere.
    """
    text = r[field.name]
    if text == "-":
        return None if way == "timestream" or field.type in ("BIGINT", "DOUBLE") else "-"
    if field.type == "BIGINT":
        return int(text)
    if field.type == "DOUBLE":
        return float(text)
    if field.name == "cs-uri-stem":
        return text.partition("?")[0]
    return unquote(text) if field.decode and way != "timestream-classic" else text
