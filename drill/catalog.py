"""The labelled days: calm months, in which no message is right, and incidents, which want one.

An incident has the shape of one that was told in public; its address says where. It is not a copy:
what stands there in words becomes shares and minutes here, in three sizes.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from drill.site import (
    DAY,
    FROM_ORIGIN,
    HIT,
    MISS,
    NOT_FOUND,
    SLOW_HIT,
    SLOW_MISS,
    TIMEOUT,
    Effect,
    Late,
    More,
    Move,
    Site,
    Turn,
    Visit,
)

# Monday, 16 March 2026, in minutes since 1970: four weeks from there hold the end of a month.
MONDAY = 29_560_320
WEEKS = 4
HOUR = 60


# -- calm ----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Calm:
    """Four weeks in which nothing is wrong: a site as it is, or with what is usual for it."""

    name: str
    site: Callable[[Site], Site] = lambda site: site
    week: Callable[[Site, int], Sequence[Effect]] = lambda site, monday: ()

    def effects(self, site: Site) -> list[Effect]:
        """Return what happens in the four weeks."""
        return [each for n in range(WEEKS) for each in self.week(site, n * 7 * DAY)]


def _at(monday: int, day: int, hour: int) -> int:
    return monday + day * DAY + hour * HOUR


def _launches(_: Site, monday: int) -> Sequence[Effect]:
    starts = (_at(monday, 2, 10), _at(monday, 5, 18))
    return [More(start, start + 3 * HOUR, 60, 180, times=3) for start in starts]


def _purge(_: Site, monday: int) -> Sequence[Effect]:
    start = _at(monday, 0, 14)
    return [Turn(start, start + 3, 0, 40, into=MISS, share=0.9, kinds=(HIT,))]


def _crawler(site: Site, monday: int) -> Sequence[Effect]:
    rate = (site.rps * 0.1 + 0.3) * 60 * site.sampling / 100
    starts = (_at(monday, 1, 3), _at(monday, 4, 13))
    return [Visit(start, start + 3 * HOUR, 10, 10, rate=rate) for start in starts]


def _maintenance(_: Site, monday: int) -> Sequence[Effect]:
    brazil, germany = _at(monday, 1, 12), _at(monday, 3, 9)
    return [
        Move(brazil, brazil + 3 * HOUR, 5, 5, edge="GRU3-P5", to="GIG51-C2"),
        Move(germany, germany + 3 * HOUR, 5, 5, edge="FRA56-P12", to="MUC50-P3"),
    ]


def _lag(_: Site, monday: int) -> Sequence[Effect]:
    start = _at(monday, 2, 11)
    return [Late(start, start + 2 * HOUR, by=3)]


def _gap(_: Site, monday: int) -> Sequence[Effect]:
    start = _at(monday, 3, 15)
    return [Late(start, start + 10, until_end=True)]


_VIDEO = (("/video/*", 80.0), ("*", 12.0), ("/assets/*", 8.0))
CALM = (
    Calm("days, nights and weekends"),
    Calm("one country", lambda site: replace(site, countries=("DE",))),
    Calm("a video site", lambda site: replace(site, behaviors=_VIDEO)),
    Calm("launches: three times the traffic in an hour", week=_launches),
    Calm("a cache purge every Monday", week=_purge),
    Calm("a crawler, three hours twice a week", week=_crawler),
    Calm("countries that sleep", lambda site: replace(site, sleepers=("JP", "BR", "IN", "NZ"))),
    Calm("an edge that CloudFront moves for maintenance", week=_maintenance),
    Calm("lines three minutes late, for two hours a week", week=_lag),
    Calm("no lines for ten minutes a week, then all of them", week=_gap),
)


# -- incidents -----------------------------------------------------------------------------------

SIZES = ("small", "middle", "large")
CRITICAL, WARNING = "critical", "warning"
Shape = Callable[[int, int], Sequence[Effect]]
Where = Mapping[str, str | tuple[str, ...]]
_EVERYWHERE: Where = {}


@dataclass(frozen=True)
class Size:
    """How bad an incident is: what it wants to be, and what happens."""

    severity: str  # of the rule that should tell of it; a critical one does for a warning, too
    minutes: int
    effects: Shape  # from its first minute, up to its last


@dataclass(frozen=True)
class Incident:
    """Something that goes wrong, in three sizes."""

    name: str
    after: str  # the address of the post-mortem whose shape it has
    sizes: Mapping[str, Size]


def _sizes(*sizes: tuple[str, int, Shape]) -> Mapping[str, Size]:
    return {name: Size(*each) for name, each in zip(SIZES, sizes, strict=True)}


def _fails(share: float, expiring: float = 0.0, where: Where = _EVERYWHERE) -> Shape:
    """Fail a share of what goes to the origin, and of the cached as much as expires meanwhile."""

    def effects(start: int, end: int) -> Sequence[Effect]:
        failing = [Turn(start, end, share=share, kinds=FROM_ORIGIN, where=where)]
        if expiring:
            kinds = (HIT, SLOW_HIT)
            rise = min(30, end - start)
            failing.append(Turn(start, end, rise, share=expiring, kinds=kinds, where=where))
        return failing

    return effects


def _all_fail(share: float, where: Where = _EVERYWHERE) -> Shape:
    return lambda start, end: [Turn(start, end, share=share, where=where)]


def _gone(share: float, where: Where = _EVERYWHERE) -> Shape:
    return lambda start, end: [More(start, end, times=1 - share, where=where)]


def _slow(share: float, timeouts: float = 0.0, where: Where = _EVERYWHERE) -> Shape:
    return lambda start, end: [
        Turn(start, end, 10, into=SLOW_MISS, share=share, kinds=(MISS,), where=where),
        Turn(start, end, 10, into=TIMEOUT, share=timeouts, kinds=(SLOW_MISS,), where=where),
    ]


def _missing(share: float, where: Where = _EVERYWHERE) -> Shape:
    return lambda start, end: [
        Turn(start, end, 5, into=MISS, share=share, kinds=(HIT,), where=where)
    ]


def _lost(share: float) -> Shape:
    assets = {"cache_behavior_path_pattern": "/assets/*"}
    return lambda start, end: [Turn(start, end, 5, into=NOT_FOUND, share=share, where=assets)]


def _storm(times: float, fails: float) -> Shape:
    return lambda start, end: [
        More(start, end, 3, 10, times=times),
        Turn(start + 2, end, 5, share=fails, kinds=FROM_ORIGIN),
    ]


def _stopped(start: int, end: int) -> Sequence[Effect]:
    return [Late(start, end, until_end=True)]


_BRAZIL: Where = {"c_country": "BR"}
_EDGE: Where = {"x_edge_location": "GRU3-P5"}
_API: Where = {"cs_host": "api.example.com"}
_CHECKOUT: Where = {"cache_behavior_path_pattern": "/checkout/*"}
_V1: Where = {"cache_behavior_path_pattern": "/v1/*"}
_WIKI = "https://wikitech.wikimedia.org/wiki/"

INCIDENTS = (
    Incident(
        "origin down",
        "https://aws.amazon.com/message/41926/",
        _sizes(
            (CRITICAL, 20, _fails(0.1)),
            (CRITICAL, 60, _fails(0.6, 0.05)),
            (CRITICAL, 180, _fails(1.0, 0.5)),
        ),
    ),
    Incident(
        "bad deploy on one path",
        "http://blog.npmjs.org/post/74949623024/2014-01-28-outage-postmortem",
        _sizes(
            (CRITICAL, 15, _all_fail(0.2, _CHECKOUT)),
            (CRITICAL, 45, _all_fail(0.6, _CHECKOUT)),
            (CRITICAL, 120, _all_fail(1.0, _CHECKOUT)),
        ),
    ),
    Incident(
        "a country's provider",
        "https://www.kentik.com/blog/a-deeper-dive-into-the-rogers-outage/",
        _sizes(
            (WARNING, 40, _gone(0.3, _BRAZIL)),
            (WARNING, 120, _gone(0.85, _BRAZIL)),
            (WARNING, 360, _gone(1.0, _BRAZIL)),
        ),
    ),
    Incident(
        "one edge",
        "https://blog.cloudflare.com/cloudflare-outage-on-july-17-2020/",
        _sizes(
            (WARNING, 20, _all_fail(0.1, _EDGE)),
            (CRITICAL, 45, _all_fail(0.6, _EDGE)),
            (CRITICAL, 90, _gone(1.0, _EDGE)),
        ),
    ),
    Incident(
        "certificate of an origin",
        "https://azure.microsoft.com/en-us/blog/"
        "summary-of-windows-azure-service-disruption-on-feb-29th-2012/",
        _sizes(
            (CRITICAL, 30, _fails(1.0, where=_API)),
            (CRITICAL, 90, _fails(1.0, 0.4, where=_API)),
            (CRITICAL, 240, _fails(1.0, 0.9, where=_API)),
        ),
    ),
    Incident(
        "slow database",
        "https://gitlab.com/gitlab-com/gl-infra/production/-/issues/6295",
        _sizes(
            (WARNING, 30, _slow(0.3, where=_V1)),
            (WARNING, 106, _slow(0.7)),
            (CRITICAL, 120, _slow(1.0, 0.3)),
        ),
    ),
    Incident(
        "cache key that turns hits into misses",
        f"{_WIKI}Incident_documentation/20140905-BitsVarnishMobileApp",
        _sizes(
            (WARNING, 60, _missing(0.2, where=_V1)),
            (WARNING, 120, _missing(0.5)),
            (WARNING, 240, _missing(0.95)),
        ),
    ),
    Incident(
        "expired objects answered with 404",
        f"{_WIKI}Incidents/2017-02-22_www-portals",
        _sizes((WARNING, 30, _lost(0.05)), (WARNING, 70, _lost(0.25)), (WARNING, 120, _lost(0.7))),
    ),
    Incident(
        "traffic storm",
        "https://allegro.tech/2018/08/postmortem-why-allegro-went-down.html",
        _sizes(
            (WARNING, 30, _storm(2, 0.0)),
            (CRITICAL, 45, _storm(5, 0.2)),
            (CRITICAL, 60, _storm(12, 0.6)),
        ),
    ),
    Incident(
        "some errors all day",
        "https://blog.cloudflare.com/partial-cloudflare-outage-on-october-25-2022/",
        _sizes(
            (WARNING, DAY, _all_fail(0.003)),
            (CRITICAL, DAY, _all_fail(0.01)),
            (CRITICAL, DAY, _all_fail(0.05)),
        ),
    ),
    Incident(
        "log pipeline stopped",
        "https://aws.amazon.com/message/11201/",
        _sizes((CRITICAL, 15, _stopped), (CRITICAL, 60, _stopped), (CRITICAL, 240, _stopped)),
    ),
    Incident(
        "log configuration detached",
        "https://blog.cloudflare.com/cloudflare-incident-on-november-14-2024-resulting-in-lost-logs",
        _sizes(
            (WARNING, 60, _gone(1.0, _V1)),
            (WARNING, 120, _gone(1.0, {"cs_host": ("www.example.com", "api.example.com")})),
            (CRITICAL, 210, _gone(1.0)),
        ),
    ),
)
