"""Believable CloudFront real-time log traffic, the same for the same seed.

A request is a mapping of all 71 fields to the text CloudFront would write; `line` renders any
configured subset of them. Whoever needs a known answer computes it from the requests::

    traffic = Traffic(seed=7, incidents=[Incident("5xx", {"c-country": "BR"}, start=end - 600)])
    requests = list(traffic.between(end - 3600, end, rps=10))
    sent = sum(int(request["sc-bytes"]) for request in requests)
    lines = [line(request, DEFAULT_FIELDS) for request in requests]

An incident has its own random numbers: with or without it, all requests that it does not touch
are the same. Only differences of time matter, so a run is the same at whatever time it ends.
"""

import math
import random
from base64 import urlsafe_b64encode
from bisect import bisect
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Generic, TypeVar
from urllib.parse import quote
from uuid import UUID

from local.incidents import Incident
from local.sample_site import (
    BEHAVIORS,
    BITRATES,
    CLIENT_ERRORS,
    CONTENT_TYPES,
    COUNTRIES,
    DISTRIBUTIONS,
    SEGMENT_MS,
    SERVER_ERRORS,
    USER_AGENTS,
    Behavior,
    Country,
)
from processor.catalog import BY_NAME, FIELDS, Field

Request = dict[str, str]
T = TypeVar("T")

NAMES: tuple[str, ...] = tuple(BY_NAME)
# The 40 fields of 2020, which the original solution of that year was configured with.
ORIGINAL_FIELDS: tuple[Field, ...] = tuple(
    field for field in FIELDS[: BY_NAME["cs-headers-count"].position + 1] if field.name != "s-ip"
)
BLANK: Request = dict.fromkeys(NAMES, "-")
VIEWERS_PER_WEIGHT = 12  # viewers of a country, for each unit of its weight
LOG_TEXT_LIMIT = 800  # bytes that CloudFront keeps of cookies and of the headers
SLOT = 300.0  # seconds for which the time of day is taken as constant

# What CloudFront percent-encodes in a log, beside control and non-ASCII characters:
# < > " # % { } | \ ^ ~ [ ] ` ' and the space.
_KEPT = "!$&()*+,-./:;=?@_"


def encode(text: str) -> str:
    """Percent-encode text the way CloudFront does in its logs."""
    return quote(text, safe=_KEPT).replace("~", "%7E")


def line(request: Mapping[str, str], fields: Sequence[Field] = FIELDS) -> str:
    """Render the request as CloudFront's log line of these fields, newline included.

    ``fields`` are in delivery order, as `processor.catalog.resolve` returns them.
    """
    return "\t".join([request[field.name] for field in fields]) + "\n"


class Weighted(Generic[T]):
    """Things to pick from by weight."""

    def __init__(self, items: Iterable[tuple[T, float]]):
        pairs = list(items)
        self.items = [item for item, _ in pairs]
        self.sums = list(accumulate(weight for _, weight in pairs))

    def pick(self, rng: random.Random) -> T:
        """Return one of the things."""
        return self.items[bisect(self.sums, rng.random() * self.sums[-1])]


@dataclass(slots=True)
class Viewer:
    """Someone who asks, and what all their requests have in common."""

    country: Country
    agent: str
    throughput: float  # bytes a second
    rtt: float  # seconds to the edge and back
    session: str  # of the video player
    common: Request


@dataclass(frozen=True, slots=True)
class Thing:
    """An object behind a cache behavior."""

    path: str
    type: str  # content type
    size: int  # bytes of the body


class Traffic:
    """The viewers and the content of one seed, and the requests they make.

    ``incidents`` may be added to while requests are drawn. ``midnight`` is the time, in epoch
    seconds, at which a day begins in UTC: traffic follows the time of day of each country.
    """

    def __init__(
        self, seed: int = 0, incidents: Iterable[Incident] = (), midnight: float = 0.0
    ) -> None:
        self.incidents = list(incidents)
        self.midnight = midnight
        self._rng = random.Random(seed)
        self._mishaps = random.Random(f"incidents {seed}")
        self._behaviors = Weighted((behavior, behavior.weight) for behavior in BEHAVIORS)
        self._things = {behavior.pattern: self._stock(behavior) for behavior in BEHAVIORS}
        self._agents = Weighted(USER_AGENTS.items())
        self._client_errors = Weighted((row[:2], row[2]) for row in CLIENT_ERRORS)
        self._server_errors = Weighted((row[:2], row[2]) for row in SERVER_ERRORS)
        self._methods = {b.pattern: Weighted(b.methods.items()) for b in BEHAVIORS}
        self._viewers = {country.code: self._crowd(country) for country in COUNTRIES}
        self._slots: dict[int, tuple[float, Weighted[Country]]] = {}

    def reseed(self, seed: str) -> None:
        """Go on with other requests of the same viewers for the same content."""
        self._rng.seed(seed)
        self._mishaps.seed(f"incidents {seed}")

    def between(self, start: float, end: float, rps: float) -> Iterator[Request]:
        """Yield the requests finished from ``start`` up to ``end`` (epoch seconds), in order.

        ``rps`` is the mean over a day; the hour of ``start`` decides whether there are more
        or fewer.
        """
        offset, length = 0.0, end - start
        while True:
            activity, countries = self._time_of_day(start + offset)
            offset += self._rng.expovariate(rps * activity)
            if offset >= length:
                return
            at = start + math.floor(offset * 1000) / 1000
            viewer = self._viewers[countries.pick(self._rng).code].pick(self._rng)
            yield from self._suffer(at, self._request(at, viewer), viewer)

    # -- the sample site of this seed

    def _stock(self, behavior: Behavior) -> Weighted[Thing]:
        """Make the behavior's objects; the n-th is asked for about 1/n as often as the first."""
        things = []
        for rank in range(behavior.objects):
            path = behavior.paths[rank % len(behavior.paths)].format(n=1000 + rank)
            name = path.rpartition("/")[2]
            ending = name.rpartition(".")[2] if "." in name else ""
            kind = CONTENT_TYPES.get(ending, "text/html; charset=utf-8")
            if behavior.host.startswith("api."):
                kind = "application/json"
            median, sigma = behavior.size
            size = min(4_000_000_000, int(self._rng.lognormvariate(math.log(median), sigma)))
            things.append((Thing(path, kind, size), 1 / (rank + 2) ** 1.1))
        return Weighted(things)

    def _crowd(self, country: Country) -> Weighted[Viewer]:
        count = max(5, int(country.weight * VIEWERS_PER_WEIGHT))
        return Weighted((self._viewer(country), 1 / (n + 3)) for n in range(count))

    def _viewer(self, country: Country) -> Viewer:
        rng = self._rng
        agent = self._agents.pick(rng)
        robot = not agent.startswith("Mozilla") or "bot" in agent
        v6 = rng.random() < 0.4
        if v6:
            ip = f"2001:db8:{rng.randrange(1, 65536):x}:{rng.randrange(1, 65536):x}::1"
            server = f"2600:9000:{rng.randrange(0x2000, 0x2800):x}:{rng.randrange(1, 65536):x}::1"
        else:
            ip = f"198.{rng.choice((18, 19))}.{rng.randrange(256)}.{rng.randrange(1, 255)}"
            server = f"18.{rng.randrange(160, 173)}.{rng.randrange(256)}.{rng.randrange(1, 255)}"
        old = robot and rng.random() < 0.4
        common = {
            "c-ip": ip,
            "s-ip": server,
            "c-ip-version": "IPv6" if v6 else "IPv4",
            "c-country": country.code,
            "asn": str(rng.choice(country.asns)),
            "x-edge-location": Weighted(country.edges.items()).pick(rng),
            "cs-user-agent": encode(agent),
            "cs-protocol-version": "HTTP/1.1" if old else rng.choice(("HTTP/2.0", "HTTP/3.0")),
            "ssl-protocol": "TLSv1.2" if old else "TLSv1.3",
            "ssl-cipher": "ECDHE-RSA-AES128-GCM-SHA256" if old else "TLS_AES_128_GCM_SHA256",
            "cs-accept-encoding": "gzip" if robot else encode("gzip, deflate, br, zstd"),
            "cs-accept": "*/*",
        }
        if rng.random() < 0.02:
            common["x-forwarded-for"] = f"198.18.{rng.randrange(256)}.9,%20198.19.0.1"
        return Viewer(
            country,
            agent,
            rng.lognormvariate(math.log(2_500_000), 0.9),
            rng.lognormvariate(math.log(0.018), 0.6),
            str(UUID(int=rng.getrandbits(128), version=4)),
            common,
        )

    def _time_of_day(self, at: float) -> tuple[float, Weighted[Country]]:
        """Return how busy the moment is (1 is the mean of a day), and who is awake."""
        slot = math.floor((at - self.midnight) / SLOT + 1e-6)
        if slot not in self._slots:
            hour = slot * SLOT / 3600
            awake = [
                # Each country peaks at eight in the evening and is quiet at eight in the morning.
                (country, country.weight * (1 + 0.6 * math.cos((hour + country.utc - 20) / 3.82)))
                for country in COUNTRIES
            ]
            busy = sum(weight for _, weight in awake) / sum(c.weight for c in COUNTRIES)
            self._slots = {slot: (busy, Weighted(awake))}
        return self._slots[slot]

    # -- one request

    def _request(self, at: float, viewer: Viewer) -> Request:
        rng = self._rng
        behavior = self._behaviors.pick(rng)
        thing = self._things[behavior.pattern].pick(rng)
        method = self._methods[behavior.pattern].pick(rng)
        distribution, distribution_id = DISTRIBUTIONS[behavior.host]
        request = {
            **BLANK,
            **viewer.common,
            "timestamp": f"{at:.3f}",
            "cs-method": method,
            "cs-protocol": "https",
            "cs-host": behavior.host,
            "x-host-header": distribution,
            "primary-distribution-id": distribution_id,
            "primary-distribution-dns-name": distribution,
            "cache-behavior-path-pattern": behavior.pattern,
            "c-port": str(rng.randrange(1024, 65536)),
            "fle-encrypted-fields": "0",
            "cs-bytes": str(rng.randrange(120, 900) + (method in ("POST", "PUT")) * 700),
            "x-edge-request-id": urlsafe_b64encode(rng.randbytes(40)).decode(),
            "sc-content-type": encode(thing.type),
        }
        path, query, size = thing.path, "", thing.size
        if behavior.pattern == "/video/*":
            path, query, size = self._watch(request, viewer, path)
        elif behavior.queries and rng.random() < 0.35:
            query = rng.choice(behavior.queries)
        if query:
            request["cs-uri-query"] = query
        request["cs-uri-stem"] = f"{path}?{query}" if query else path
        if behavior.pattern in ("*", "/assets/*") and rng.random() < 0.6:
            request["cs-referer"] = f"https://www.example.com/products/{rng.randrange(1000, 1600)}"
        if behavior.host == "www.example.com" and rng.random() < 0.3:
            request["cs-cookie"] = f"session={rng.getrandbits(64):016x};%20theme=dark"
        self._headers(request, viewer)
        self._answer(request, viewer, behavior, size)
        return request

    def _watch(self, request: Request, viewer: Viewer, title: str) -> tuple[str, str, int]:
        """Make it a video player's request: fill the CMCD fields (CTA-5004)."""
        rng = self._rng
        rate = rng.choice(BITRATES)
        startup = rng.random() < 0.06
        starved = rng.random() < 0.01
        manifest = startup and rng.random() < 0.5
        number = rng.randrange(1, 900)
        measured = int(viewer.throughput * 8 / 1000)
        content = title.strip("/").rpartition("/")[2]
        values = {
            "cmcd-encoded-bitrate": str(rate),
            "cmcd-buffer-length": str(0 if starved else rng.randrange(1, 300) * 100),
            "cmcd-content-id": content,
            "cmcd-object-duration": str(SEGMENT_MS),
            "cmcd-measured-throughput": str(measured // 100 * 100),
            "cmcd-object-type": "m" if manifest else "v",
            "cmcd-playback-rate": "0" if startup else "1",
            "cmcd-streaming-format": "h",
            "cmcd-session-id": viewer.session,
            "cmcd-stream-type": "l" if content.endswith("0") else "v",
            "cmcd-top-bitrate": str(BITRATES[-1]),
            "cmcd-version": "1",
        }
        if starved:
            values["cmcd-buffer-starvation"] = "true"
        if startup:
            values["cmcd-startup"] = "true"
        if manifest:
            name, size = "index.m3u8", 3000
            request["sc-content-type"] = CONTENT_TYPES["m3u8"]
        else:
            name = f"{rate}k/{number}.ts"
            values["cmcd-next-object-request"] = f"{number + 1}.ts"
            size = int(rate * SEGMENT_MS / 8 * rng.lognormvariate(0, 0.15))
            request["sc-content-type"] = CONTENT_TYPES["ts"]
        request.update(values)
        return title + name, f"CMCD=br%3D{rate}%2Ccid%3D%22{content}%22%2Cot%3Dv", size

    def _headers(self, request: Request, viewer: Viewer) -> None:
        headers = {
            "host": request["cs-host"],
            "user-agent": viewer.agent,
            "accept": "*/*",
            "cloudfront-viewer-country": viewer.country.code,
            "cloudfront-is-mobile-viewer": str("Mobile" in viewer.agent).lower(),
        }
        request["cs-headers"] = encode("".join(f"{k}:{v}\n" for k, v in headers.items()))[
            :LOG_TEXT_LIMIT
        ]
        request["cs-header-names"] = "%0A".join([*headers, ""])
        request["cs-headers-count"] = str(len(headers))

    def _answer(self, request: Request, viewer: Viewer, behavior: Behavior, size: int) -> None:
        """Fill in how the request was answered: status, result, sizes, times."""
        rng = self._rng
        method = request["cs-method"]
        roll = rng.random()
        if roll < 0.004:
            self._fail(request, *self._client_errors.pick(rng), rng)
            return
        if roll < 0.0045:
            self._fail(request, *self._server_errors.pick(rng), rng)
            return
        if roll < 0.012:  # plain http, sent on to https
            request.update({"cs-protocol": "http", "ssl-protocol": "-", "ssl-cipher": "-"})
            if request["cs-protocol-version"] != "HTTP/1.1":
                request["cs-protocol-version"] = "HTTP/1.1"
            self._finish(request, 301, "Redirect", "Redirect", 183, self._edge_time(viewer, rng))
            request["time-taken"] = request["time-to-first-byte"]
            return
        cacheable = method in ("GET", "HEAD")
        status, body = 200, size
        if method == "HEAD":
            body = 0
        elif method == "OPTIONS":
            status, body = 204, 0
        elif cacheable and behavior.pattern in ("/assets/*", "*") and roll < 0.09:
            status, body = 304, 0
        elif behavior.pattern == "/downloads/*" and body > 1_000_000:
            first = rng.randrange(0, body, 1_000_000)
            last = min(body, first + 1_000_000) - 1
            status, body = 206, last - first + 1
            request.update({"sc-range-start": str(first), "sc-range-end": str(last)})
        result = detailed = "Miss"
        if cacheable and rng.random() < behavior.hit:
            kind = rng.random()
            result = "RefreshHit" if kind < 0.04 else "Hit"
            detailed = "OriginShieldHit" if kind > 0.94 else result
        first_byte = self._edge_time(viewer, rng)
        if result == "Miss":
            first_byte += self._ask_origin(request, viewer.country, behavior, rng)
        elif result == "RefreshHit":
            first_byte += viewer.country.rtt + behavior.think / 2
        elif detailed == "OriginShieldHit":
            first_byte += viewer.country.rtt * 0.8
        compressed = body and request["sc-content-type"].startswith(("text/html", "application/js"))
        if body and not compressed:
            request["sc-content-len"] = str(body)
        self._finish(request, status, result, detailed, body, first_byte)
        taken = first_byte + body / viewer.throughput
        request["time-taken"] = f"{taken:.3f}"

    @staticmethod
    def _edge_time(viewer: Viewer, rng: random.Random) -> float:
        return rng.lognormvariate(math.log(0.004 + viewer.rtt / 3), 0.55)

    @staticmethod
    def _behavior(request: Request) -> Behavior:
        pattern = request["cache-behavior-path-pattern"]
        return next(behavior for behavior in BEHAVIORS if behavior.pattern == pattern)

    @staticmethod
    def _ask_origin(
        request: Request, country: Country, behavior: Behavior, rng: random.Random
    ) -> float:
        """Fill in the origin's fields; return the seconds until its first byte."""
        first = country.rtt + rng.lognormvariate(math.log(behavior.think), 0.6)
        request["origin-fbl"] = f"{first:.3f}"
        request["origin-lbl"] = f"{first + rng.expovariate(1 / 0.03):.3f}"
        request["r-host"] = behavior.origin
        return first

    @staticmethod
    def _finish(
        request: Request, status: int, result: str, detailed: str, body: int, first_byte: float
    ) -> None:
        request.update(
            {
                "sc-status": str(status),
                "sc-bytes": str(body + 420 + len(request["cs-uri-stem"]) % 90),
                "time-to-first-byte": f"{first_byte:.3f}",
                "x-edge-result-type": result,
                "x-edge-response-result-type": result,
                "x-edge-detailed-result-type": detailed,
            }
        )

    def _fail(self, request: Request, status: int, detailed: str, rng: random.Random) -> None:
        """Turn the answer into an error, whatever it was."""
        for name in ("origin-fbl", "origin-lbl", "sc-range-start", "sc-range-end"):
            request[name] = "-"
        # An origin that fails is named, though it gave no answer.
        at_origin = detailed.startswith("Origin")
        request["r-host"] = self._behavior(request).origin if at_origin else "-"
        body = rng.randrange(500, 1300)
        request["sc-content-type"] = "text/html"
        request["sc-content-len"] = str(body)
        first_byte = rng.lognormvariate(math.log(0.06), 0.5)
        self._finish(request, status, "Error", detailed, body, first_byte)
        request["time-taken"] = f"{first_byte + 0.001:.3f}"

    # -- incidents

    def _suffer(self, at: float, request: Request, viewer: Viewer) -> Iterator[Request]:
        """Yield the request as the incidents leave it: changed, missing, or several times."""
        copies = 0.0
        for incident in self.incidents:
            if not incident.hits(at, request):
                continue
            if incident.kind == "surge":
                copies += incident.share
            elif incident.strikes(self._mishaps):
                if incident.kind == "silence":
                    return
                self._break(incident.kind, request, viewer)
        yield request
        for _ in range(int(copies) + (self._mishaps.random() < copies % 1 if copies else 0)):
            fresh = urlsafe_b64encode(self._mishaps.randbytes(40)).decode()
            yield {**request, "x-edge-request-id": fresh}

    def _break(self, kind: str, request: Request, viewer: Viewer) -> None:
        rng = self._mishaps
        if kind == "5xx":
            self._fail(request, *self._server_errors.pick(rng), rng)
        elif kind == "4xx":
            self._fail(request, 404, "Error", rng)
        elif kind == "miss":
            self._miss(request, viewer)
        elif kind == "slow" or request["x-edge-result-type"] == "Miss":
            late = rng.uniform(2, 5)
            names = ["time-to-first-byte", "time-taken"]
            if kind == "slow-origin":
                names += ["origin-fbl", "origin-lbl"]
            for name in names:
                request[name] = f"{float(request[name]) + late:.3f}"

    def _miss(self, request: Request, viewer: Viewer) -> None:
        if request["x-edge-result-type"] not in ("Hit", "RefreshHit"):
            return
        behavior = self._behavior(request)
        late = self._ask_origin(request, viewer.country, behavior, self._mishaps)
        for name in ("time-to-first-byte", "time-taken"):
            request[name] = f"{float(request[name]) + late:.3f}"
        for name in (
            "x-edge-result-type",
            "x-edge-response-result-type",
            "x-edge-detailed-result-type",
        ):
            request[name] = "Miss"
