"""What can go wrong with generated traffic, as data: Incident("5xx", {"c-country": "BR"}, ...)."""

import difflib
import random
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from processor.catalog import resolve

KINDS: dict[str, str] = {
    "5xx": "answers become 502 and 503, as if the origin failed",
    "4xx": "answers become 404",
    "slow": "first bytes come two to five seconds later, from the cache too: the edge is slow",
    "slow-origin": "the origin takes two to five seconds longer, so only misses are slow",
    "miss": "answers from the cache become misses",
    "silence": "requests stay away: their lines do not exist",
    "surge": "more requests; a share of 2 means two further ones for each",
}
# What people call the fields one would break traffic by.
ALIASES: dict[str, str] = {
    "country": "c-country",
    "edge": "x-edge-location",
    "host": "cs-host",
    "behavior": "cache-behavior-path-pattern",
    "behaviour": "cache-behavior-path-pattern",
}
LONGEST_MINUTES = 24 * 60


@dataclass(frozen=True, slots=True)
class Incident:
    """A period in which matching requests go wrong.

    >>> Incident("5xx", {"c-country": "BR"}, start=1_790_000_000, minutes=10, share=0.4)
    """

    kind: str  # a key of KINDS
    where: Mapping[str, str] = field(default_factory=dict)  # CloudFront field: its whole value
    start: float = 0.0  # epoch seconds
    minutes: float = 10.0
    share: float = 1.0  # of the matching requests, 0 to 1

    @property
    def end(self) -> float:
        """Epoch seconds at which it is over."""
        return self.start + self.minutes * 60

    def hits(self, at: float, request: Mapping[str, str]) -> bool:
        """Whether the request, answered at ``at``, is one that may go wrong."""
        return self.start <= at < self.end and all(
            request[name] == value for name, value in self.where.items()
        )

    def __str__(self) -> str:
        """``5xx for 40 % of c-country=BR``, for people."""
        where = ", ".join(f"{name}={value}" for name, value in self.where.items()) or "everything"
        share = "" if self.share == 1 else f"{self.share * 100:.0f} % of "
        return f"{self.kind} for {share}{where}"

    def strikes(self, rng: random.Random) -> bool:
        """Whether a matching request is one of the share that goes wrong."""
        return self.share >= 1 or rng.random() < self.share


def parse(words: Iterable[str], now: float) -> Incident:
    """Make an incident out of ``country=BR kind=5xx minutes=10 share=0.5``, starting ``now``.

    Every other key is a field, by its CloudFront name or an alias. Raises ValueError with a
    sentence for what cannot be understood.
    """
    where: dict[str, str] = {}
    kind, numbers = "5xx", {"minutes": 10.0, "share": 1.0}
    for word in words:
        key, equals, value = word.partition("=")
        if not equals or not value:
            raise ValueError(f"{word!r} is not of the form key=value, such as country=BR")
        if key == "kind":
            kind = value
        elif key in numbers:
            try:
                numbers[key] = float(value)
            except ValueError:
                raise ValueError(f"{key} must be a number, not {value!r}") from None
        else:
            where[resolve([ALIASES.get(key, key)])[0].name] = value
    if kind not in KINDS:
        near = difflib.get_close_matches(kind, KINDS, n=1, cutoff=0.4)
        hint = f"; did you mean {near[0]}?" if near else ""
        raise ValueError(
            f"there is no incident of kind {kind!r}{hint}; known are {', '.join(KINDS)}"
        )
    if not 0 < numbers["minutes"] <= LONGEST_MINUTES:
        raise ValueError(f"minutes must be above 0 and at most {LONGEST_MINUTES}")
    if not (0 < numbers["share"] <= 1 or (kind == "surge" and 0 < numbers["share"] <= 100)):
        raise ValueError("share must be above 0 and at most 1 (100 for a surge)")
    return Incident(kind, where, now, numbers["minutes"], numbers["share"])


def default_incidents(end: float) -> tuple[Incident, ...]:
    """Return what the demo shows: two faults that begin shortly before ``end`` (epoch seconds).

    They go on for a while after it, for people who look a little later. The slow edge is first: it
    is judged over ten minutes.
    """
    start = end - 600
    return (
        Incident("5xx", {"c-country": "BR"}, start, 20, 0.08),
        Incident("slow", {"x-edge-location": "FRA56-P12"}, start - 180, 23, 0.6),
    )
