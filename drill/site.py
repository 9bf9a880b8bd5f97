"""A site's traffic, drawn minute by minute from a seed: who asks for what, and how it is answered.

    country, edge ─▶ behavior ─▶ how it was answered: a cell ─▶ requests a minute
    effects change the rates before they are drawn: launches and purges, and all that goes wrong

Countries, edges and behaviors are those of the sample site (local/sample_site.py). What makes real
traffic uneven is there on purpose, because a rule that is only held against even traffic never
cries wolf: nights, weekends, days that differ, viewers who come with a whole page of requests at
once, errors that come in clumps, and sizes of which a few make most of the bytes.
"""

import hashlib
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from drill.cells import Cell
from drill.tape import Counts, Index, Tape, tape
from local.sample_site import BEHAVIORS, COUNTRIES, Behavior, Country

DAY = 1440  # minutes
Rates = NDArray[np.float64]  # requests a minute: minute, cell

HIT, MISS, SLOW_HIT, SLOW_MISS = "hit", "miss", "slow hit", "slow miss"
REDIRECT, NOT_FOUND, BAD_GATEWAY, TIMEOUT = "redirect", "404", "502", "504"
# What can be lost when something fails: all that is answered well.
WELL = (HIT, MISS, SLOW_HIT, SLOW_MISS)
FROM_ORIGIN = (MISS, SLOW_MISS)

# Shares of all requests of a behavior that are answered without content.
_SHARES = {REDIRECT: 0.0075, NOT_FOUND: 0.004, BAD_GATEWAY: 0.0005}
# How first bytes spread: times the usual, and which share of the requests.
_HITS = ((0.5, 0.55), (1.5, 0.38), (4.0, 0.065), (15.0, 0.005))
_MISSES = ((0.8, 0.5), (1.5, 0.41), (4.0, 0.09))
_SLOW = {SLOW_HIT: 0.0002, SLOW_MISS: 0.003}
_SLOW_SECONDS = 3.0
_TIMEOUT_SECONDS = 10.0
_EDGE_SECONDS = 0.02  # until the first byte of a hit
_LARGE = 500_000  # bytes: objects like that are a few sizes, and not one
_PIECE = 1_000_000  # what a player or a download asks for at a time
_TIMES = ((0.25, 0.4), (1.0, 0.4), (2.5, 0.2))  # the median size, and which share of the requests
_SESSION = 15  # requests that a viewer makes at a time, on average
_CLUMP = {NOT_FOUND: 4, BAD_GATEWAY: 2}  # errors that come together
_MOST_EDGES = 2  # of a country
_SMALLEST = 4.0  # weight of a country that is there, beside those that are named
_KEPT = ("NZ", "NG")  # few viewers: their nights are quiet


@dataclass(frozen=True)
class Site:
    """A site, and how much of its traffic is logged."""

    name: str
    rps: float  # viewer requests a second, the mean of a week
    sampling: int = 100  # percent
    countries: tuple[str, ...] = ()  # nothing for all
    behaviors: tuple[tuple[str, float], ...] = ()  # with their weights; nothing for the usual
    sleepers: tuple[str, ...] = ()  # countries of which hardly anybody is awake at night

    @property
    def logged(self) -> float:
        """Log lines a minute."""
        return self.rps * 60 * self.sampling / 100


SITES = (
    Site("small", 0.2),
    Site("middle", 20),
    Site("middle, 5 % logged", 20, 5),
    Site("large", 200),
    Site("large, 5 % logged", 200, 5),
)


@dataclass(frozen=True)
class Plan:
    """The cells of a site, and how often each is on average: a share of all requests."""

    cells: tuple[Cell, ...]
    kinds: tuple[str, ...]
    pairs: NDArray[np.int64]  # by cell: which country and edge
    share: NDArray[np.float64]  # of the pair's requests
    weights: NDArray[np.float64]  # of the pairs
    countries: tuple[Country, ...]  # of the pairs

    def where(self, kinds: Sequence[str] = WELL, **fields: str | Sequence[str]) -> Index:
        """Return the cells of these kinds whose fields are these; ``c_country="BR"``."""
        wanted = {
            name.replace("_", "-"): (value,) if isinstance(value, str) else tuple(value)
            for name, value in fields.items()
        }
        return np.array(
            [
                at
                for at, (cell, kind) in enumerate(zip(self.cells, self.kinds, strict=True))
                if kind in kinds and all(cell.get(name) in v for name, v in wanted.items())
            ],
            dtype=np.int64,
        )

    @cached_property
    def _by_kind(self) -> dict[tuple[Any, ...], int]:
        return {
            self._place(cell, kind): at
            for at, (cell, kind) in reversed(
                list(enumerate(zip(self.cells, self.kinds, strict=True)))
            )
        }

    @staticmethod
    def _place(cell: Cell, kind: str, edge: str | None = None) -> tuple[Any, ...]:
        where = cell["c-country"], edge or cell["x-edge-location"]
        return (*where, cell["cache-behavior-path-pattern"], kind)

    def as_kind(self, cells: Iterable[int], kind: str) -> Index:
        """Return, for each cell, the one that is the same request answered as another kind."""
        found = [self._by_kind[self._place(self.cells[at], kind)] for at in cells]
        return np.array(found, dtype=np.int64)

    def at_edge(self, cells: Iterable[int], edge: str) -> Index:
        """Return, for each cell, one like it at another edge of its country."""
        found = [self._by_kind[self._place(self.cells[at], self.kinds[at], edge)] for at in cells]
        return np.array(found, dtype=np.int64)


def plan(site: Site) -> Plan:
    """Return the cells of a site."""
    countries = [
        each
        for each in COUNTRIES
        if (each.code in site.countries if site.countries else each.weight >= _SMALLEST)
        or (not site.countries and each.code in _KEPT)
    ]
    usual = {behavior.pattern: behavior.weight for behavior in BEHAVIORS}
    parts = dict(site.behaviors) or usual
    behaviors = [each for each in BEHAVIORS if each.pattern in parts]
    whole = sum(parts.values())
    cells: list[Cell] = []
    kinds: list[str] = []
    pairs: list[int] = []
    share: list[float] = []
    weights: list[float] = []
    homes: list[Country] = []
    for country in countries:
        edges = sorted(country.edges.items(), key=lambda item: -item[1])[:_MOST_EDGES]
        for edge, weight in edges:
            for behavior in behaviors:
                for kind, part, cell in _answers(country, edge, behavior):
                    cells.append(cell)
                    kinds.append(kind)
                    pairs.append(len(weights))
                    share.append(part * parts[behavior.pattern] / whole)
            weights.append(country.weight * weight / sum(each for _, each in edges))
            homes.append(country)
    return Plan(
        tuple(cells),
        tuple(kinds),
        np.array(pairs),
        np.array(share),
        np.array(weights) / sum(weights),
        tuple(homes),
    )


def _answers(
    country: Country, edge: str, behavior: Behavior
) -> Iterable[tuple[str, float, dict[str, str | int | float]]]:
    """Yield how a behavior's requests are answered: the kind, its share, the cell."""
    asked: dict[str, str | int | float] = {
        "c-country": country.code,
        "x-edge-location": edge,
        "cs-host": behavior.host,
        "cache-behavior-path-pattern": behavior.pattern,
    }

    def answer(
        status: int, result: str, detail: str, first: float, size: float, origin: bool = False
    ) -> dict[str, str | int | float]:
        made = {
            **asked,
            "sc-status": status,
            "x-edge-result-type": result,
            "x-edge-detailed-result-type": detail,
            "time-to-first-byte": _rounded(first),
            "sc-bytes": round(size) + 420,
        }
        if origin:
            made["origin-fbl"] = _rounded(first - _EDGE_SECONDS / 2)
        return made

    content = 1 - sum(_SHARES.values())
    sizes = _sizes(behavior)
    mean = sum(size * part for size, part in sizes)
    hits, misses = behavior.hit * content, (1 - behavior.hit) * content
    quick = {kind: 1 - part for kind, part in _SLOW.items()}
    origin = country.rtt + behavior.think
    for times, part in _HITS:
        first = _EDGE_SECONDS * times
        for size, of_size in sizes if part > 0.1 else [(mean, 1.0)]:
            yield (
                HIT,
                hits * quick[SLOW_HIT] * part * of_size,
                answer(200, "Hit", "Hit", first, size),
            )
    for times, part in _MISSES:
        first = _EDGE_SECONDS + origin * times
        yield (
            MISS,
            misses * quick[SLOW_MISS] * part,
            answer(200, "Miss", "Miss", first, mean, origin=True),
        )
    yield SLOW_HIT, hits * _SLOW[SLOW_HIT], answer(200, "Hit", "Hit", _SLOW_SECONDS, mean)
    slow = answer(200, "Miss", "Miss", _SLOW_SECONDS + origin, mean, origin=True)
    yield SLOW_MISS, misses * _SLOW[SLOW_MISS], slow
    yield REDIRECT, _SHARES[REDIRECT], answer(301, "Redirect", "Redirect", _EDGE_SECONDS, 183)
    yield NOT_FOUND, _SHARES[NOT_FOUND], answer(404, "Error", "Error", 0.06, 900)
    yield BAD_GATEWAY, _SHARES[BAD_GATEWAY], answer(502, "Error", "OriginConnectError", 0.06, 900)
    yield TIMEOUT, 0.0, answer(504, "Error", "OriginCommError", _TIMEOUT_SECONDS, 900)


def _sizes(behavior: Behavior) -> list[tuple[float, float]]:
    median, sigma = behavior.size
    if median < _LARGE:
        return [(median * math.exp(sigma**2 / 2), 1.0)]
    return [(min(median, _PIECE) * times, part) for times, part in _TIMES]


def _rounded(seconds: float) -> float:
    """Return seconds on a scale of steps of an eighth, so that there are few different ones."""
    return float(f"{1.125 ** round(math.log(seconds, 1.125)):.3g}")


# -- effects: what changes the rates -------------------------------------------------------------


@dataclass(frozen=True)
class Effect:
    """Something that happens from one minute up to another; the base of what there is."""

    start: int
    end: int
    rise: int = 0  # minutes until it is wholly there
    fall: int = 0  # minutes, behind the end, until nothing is left of it

    def strength(self, minutes: Index) -> NDArray[np.float64]:
        """Return how much of it is there: 0 to 1."""
        up = np.clip((minutes - self.start + 1) / (self.rise + 1), 0, 1)
        down = np.clip((self.end + self.fall - minutes) / (self.fall + 1), 0, 1)
        return np.minimum(up, down)

    def change(self, rates: Rates, minutes: Index, plan: Plan) -> None:
        """Change the rates of these minutes in place."""

    def late(self, minutes: Index) -> Index:
        """Return by how many minutes the lines of each minute come late."""
        return np.zeros(len(minutes), dtype=np.int64)


@dataclass(frozen=True)
class More(Effect):
    """Times as many requests: less than 1 is fewer."""

    times: float = 1.0
    where: Mapping[str, Any] | None = None

    def change(self, rates: Rates, minutes: Index, plan: Plan) -> None:
        """Multiply."""
        found = plan.where(_EVERY_KIND, **(self.where or {}))
        rates[:, found] *= 1 + (self.times - 1) * self.strength(minutes)[:, None]


@dataclass(frozen=True)
class Turn(Effect):
    """A share of the requests is answered as another kind."""

    into: str = BAD_GATEWAY
    share: float = 1.0
    kinds: tuple[str, ...] = WELL
    where: Mapping[str, Any] | None = None

    def change(self, rates: Rates, minutes: Index, plan: Plan) -> None:
        """Move the share over."""
        found = plan.where(self.kinds, **(self.where or {}))
        moved = rates[:, found] * (self.share * self.strength(minutes))[:, None]
        rates[:, found] -= moved
        np.add.at(rates.T, plan.as_kind(found, self.into), moved.T)


@dataclass(frozen=True)
class Move(Effect):
    """An edge's requests go to another edge of the country, which has to fill its cache first."""

    edge: str = ""
    to: str = ""

    def change(self, rates: Rates, minutes: Index, plan: Plan) -> None:
        """Move them."""
        found = plan.where(_EVERY_KIND, x_edge_location=self.edge)
        moved = rates[:, found] * self.strength(minutes)[:, None]
        rates[:, found] -= moved
        cold = Turn(self.start, self.start, fall=20, into=MISS, kinds=(HIT,), share=0.5)
        beside = np.zeros_like(rates)
        np.add.at(beside.T, plan.at_edge(found, self.to), moved.T)
        cold.change(beside, minutes, plan)
        rates += beside


@dataclass(frozen=True)
class Visit(Effect):
    """Somebody asks for much, as a crawler does: so many requests a minute, hardly any cached."""

    rate: float = 0.0
    country: str = "US"
    missing: float = 0.05  # of them ask for what is not there

    def change(self, rates: Rates, minutes: Index, plan: Plan) -> None:
        """Add them, at one edge."""
        pages = {"c_country": self.country, "cache_behavior_path_pattern": "*"}
        edge = plan.cells[plan.where((MISS,), **pages)[0]]["x-edge-location"]
        added = self.rate * self.strength(minutes)[:, None]
        for kind, share in ((MISS, 0.7), (HIT, 0.3 - self.missing), (NOT_FOUND, self.missing)):
            found = plan.where((kind,), **pages, x_edge_location=str(edge))
            rates[:, found] += added * share / len(found)


@dataclass(frozen=True)
class Late(Effect):
    """Lines come some minutes late; with `until_end` all of them when it is over."""

    by: int = 0
    until_end: bool = False

    def late(self, minutes: Index) -> Index:
        """Return by how many minutes."""
        within = (minutes >= self.start) & (minutes < self.end)
        by = self.end - minutes if self.until_end else self.by
        return np.where(within, by, 0)


_EVERY_KIND = (*WELL, REDIRECT, NOT_FOUND, BAD_GATEWAY, TIMEOUT)


# -- drawing -------------------------------------------------------------------------------------


def generator(*names: object) -> np.random.Generator:
    """Return random numbers that are the same for the same names."""
    digest = hashlib.sha256(" ".join(map(str, names)).encode()).digest()
    return np.random.default_rng(int.from_bytes(digest[:8], "big"))


def draw(
    site: Site, start: int, minutes: int, effects: Sequence[Effect], seed: str, whole: Plan
) -> Counts:
    """Draw the logged requests of every minute; `start` is in minutes since 1970."""
    drawn = np.zeros((len(whole.cells), minutes), np.uint16)
    rng = generator(seed)
    noise = _Noise.of(whole, minutes, rng)
    # Of errors that come together a sample has one at most.
    clumps = np.array([_CLUMP.get(kind, 1) if site.sampling == 100 else 1 for kind in whole.kinds])
    for first in range(0, minutes, DAY):
        block = np.arange(first, min(first + DAY, minutes))
        rates = _rates(site, start, block, whole, noise, rng)
        for effect in effects:
            if effect.start < block[-1] + 1 and block[0] < effect.end + effect.fall:
                effect.change(rates, block, whole)
        drawn[:, block] = (rng.poisson(rates / clumps) * clumps).T
    return drawn


def arrivals(minutes: int, effects: Iterable[Effect]) -> Index:
    """Return the minute in which the lines of each minute are written."""
    every = np.arange(minutes)
    late = np.max([np.zeros(minutes, np.int64), *(each.late(every) for each in effects)], axis=0)
    return np.maximum.accumulate(every + late)


def record(
    site: Site, start: int, minutes: int, effects: Sequence[Effect] = (), seed: str = ""
) -> Tape:
    """Draw a tape of a site's traffic."""
    whole = plan(site)
    counts = draw(site, start, minutes, effects, seed, whole)
    return tape(start, whole.cells, counts, arrivals(minutes, effects))


@dataclass(frozen=True)
class _Noise:
    """What wanders slowly: factors for every minute."""

    site: NDArray[np.float64]
    country: NDArray[np.float64]  # minute, pair
    cell: NDArray[np.float64]  # minute, group of cells that wander together
    which: NDArray[np.int64]  # by cell: its group

    @classmethod
    def of(cls, whole: Plan, minutes: int, rng: np.random.Generator) -> "_Noise":
        """Draw it."""
        groups: dict[tuple[str, str], int] = {}
        which = []
        for cell, kind in zip(whole.cells, whole.kinds, strict=True):
            by = "c-country" if kind == NOT_FOUND else "cache-behavior-path-pattern"
            which.append(groups.setdefault((kind, str(cell[by])), len(groups)))
        sigma = [_WANDERS.get(kind, (0.0, 60)) for kind, _ in groups]
        codes = [country.code for country in whole.countries]
        own = {code: _wandering(minutes, 0.1, 60, rng) for code in dict.fromkeys(codes)}
        return cls(
            _wandering(minutes, 0.06, DAY, rng) * _wandering(minutes, 0.04, 30, rng),
            np.column_stack([own[code] for code in codes]),
            np.column_stack([_wandering(minutes, s, every, rng) for s, every in sigma]),
            np.array(which),
        )


# By kind: how much a share wanders (sigma of its logarithm), and in how many minutes.
_WANDERS: Mapping[str, tuple[float, int]] = {
    MISS: (0.06, 60),
    SLOW_MISS: (0.7, 60),
    SLOW_HIT: (0.7, 60),
    NOT_FOUND: (0.5, 45),
    BAD_GATEWAY: (0.8, 30),
}


def _wandering(
    minutes: int, sigma: float, every: int, rng: np.random.Generator
) -> NDArray[np.float64]:
    """Return a factor that wanders around 1, from one value to the next in `every` minutes."""
    knots = rng.normal(0, sigma, minutes // every + 2)
    path = np.interp(np.arange(minutes), np.arange(len(knots)) * every, knots)
    return np.exp(path - sigma**2 / 2)


# The amplitude of a day, and of one of a country that sleeps.
_RHYTHM, _SLEEP = 0.6, 0.995
_WEEKEND = 0.8


def _rates(
    site: Site, start: int, block: Index, whole: Plan, noise: _Noise, rng: np.random.Generator
) -> Rates:
    """Return the requests a minute of every cell."""
    hours = (start + block) / 60
    # 1970 began on a Thursday.
    day = ((start + block) // DAY + 3) % 7
    weekend = np.where(day >= 5, _WEEKEND, (7 - 2 * _WEEKEND) / 5)
    awake = np.empty((len(block), len(whole.countries)))
    for at, country in enumerate(whole.countries):
        # As in local/traffic.py: everybody peaks at eight in the evening.
        swing = _SLEEP if country.code in site.sleepers else _RHYTHM
        awake[:, at] = 1 + swing * np.cos((hours + country.utc - 20) * 2 * np.pi / 24)
    pairs = awake * whole.weights * noise.country[block] * noise.site[block, None]
    pairs *= site.logged * weekend[:, None]
    pairs *= _sessions(pairs * 100 / site.sampling, rng)
    return np.asarray(pairs[:, whole.pairs] * whole.share * noise.cell[block][:, noise.which])


def _sessions(rates: Rates, rng: np.random.Generator) -> Rates:
    """Return by which factor a minute has more or fewer requests, because viewers come and go.

    A viewer asks for a page with all that is on it, and for the next one a minute later.
    """
    begun = rng.poisson(rates / _SESSION)
    padded = np.vstack([begun[:1], begun[:1], begun])
    lasting = padded[2:] * 0.5 + padded[1:-1] * 0.3 + padded[:-2] * 0.2
    expected = np.maximum(rates / _SESSION, 1e-12)
    return np.asarray(lasting / expected)
