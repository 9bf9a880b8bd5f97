"""Why an incident is told of late, not at all, or in many messages: a clause for each kind."""

from collections.abc import Collection
from dataclasses import dataclass

UNSEEN, LATE, MANY = "unseen", "late", "many messages"
_QUIET = ("small", "middle, 5 % logged")
_FEW = (
    "the lower bound of a share of so few requests crosses the line only when more of them "
    "have come"
)
_ERRORS = (
    "origin down",
    "bad deploy on one path",
    "one edge",
    "certificate of an origin",
    "slow database",
    "traffic storm",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """A clause, and what it is the reason of; nothing stands for all."""

    what: str
    why: str
    incidents: Collection[str] = ()
    sites: Collection[str] = ()
    sizes: Collection[str] = ()

    def holds(self, what: str, incident: str, site: str, size: str) -> bool:
        """Tell whether it is the reason of this."""
        return what == self.what and all(
            not wanted or found in wanted
            for wanted, found in (
                (self.incidents, incident),
                (self.sites, site),
                (self.sizes, size),
            )
        )


# The first one that holds is the reason.
REASONS = (
    Reason(
        what=UNSEEN,
        incidents=("a country's provider",),
        why="the country has fewer requests than the 4000 in two hours that can say what is usual, "
        "and some come still, or it has too few for an hour of silence to be surprising",
    ),
    Reason(
        what=UNSEEN,
        incidents=("one edge",),
        sizes=("large",),
        why="the edge has fewer requests than the 4000 in two hours that can say what is usual",
    ),
    Reason(
        what=UNSEEN,
        incidents=("one edge",),
        sites=("middle, 5 % logged",),
        why="the edge has now and then too few requests to be judged, and meanwhile holds the site "
        "back",
    ),
    Reason(
        what=UNSEEN,
        incidents=_ERRORS,
        why="fewer requests of what fails come in the window than the 30 or 100 that are judged, "
        "or so few that the lower bound of their share stays below the line",
    ),
    Reason(
        what=UNSEEN,
        incidents=("cache key that turns hits into misses",),
        why="an hour has so few requests of a behavior that the upper bound of its hit ratio stays "
        "within 30 points of the day before",
    ),
    Reason(
        what=UNSEEN,
        sites=_QUIET,
        why="so few requests come in the window that their bound stays below the line",
    ),
    Reason(
        what=LATE,
        incidents=("log pipeline stopped", "log configuration detached"),
        sites=("small",),
        why="where lines are so few, it takes 30 minutes without any to be silence, and the rule "
        "waits 5 more",
    ),
    Reason(
        what=LATE,
        incidents=("a country's provider", "one edge", "log configuration detached"),
        why="some requests still come, so that the window has to lie wholly behind the beginning",
    ),
    Reason(
        what=LATE,
        sites=(*_QUIET, "large, 5 % logged"),
        incidents=("certificate of an origin",),
        why=_FEW,
    ),
    Reason(what=LATE, sites=_QUIET, why=_FEW),
    Reason(
        what=LATE,
        incidents=("slow database", "traffic storm"),
        why="errors grow over some minutes, and the window has to hold enough of them",
    ),
    Reason(
        what=MANY,
        incidents=("slow database",),
        why="two rules are right: slow first bytes warn, and the errors that they end in page",
    ),
    Reason(
        what=MANY,
        incidents=("traffic storm",),
        sizes=("middle",),
        sites=("middle",),
        why="two rules are right: the spike of bytes warns, and the errors that it ends in page",
    ),
    Reason(
        what=MANY,
        incidents=("log configuration detached",),
        why="two rules are right: lost traffic pages, and the host that has none is named after "
        "40 minutes",
    ),
    Reason(
        what=MANY,
        incidents=("some errors all day",),
        why="few errors come and go in the windows, so that the site and its budgets of an hour, "
        "six hours and three days take turns",
    ),
    Reason(
        what=MANY,
        why="two labels or parts of a rule tell of it, such as a path and then the site, which "
        "begin and end further apart than the 5 minutes that a message waits for news",
    ),
)


def find(what: str, incident: str, site: str, size: str) -> Reason | None:
    """Return the reason of something; None if there is none yet."""
    return next((each for each in REASONS if each.holds(what, incident, site, size)), None)
