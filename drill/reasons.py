"""Why an incident is told of late, not at all, or in many messages: a clause for each kind."""

from collections.abc import Collection
from dataclasses import dataclass

UNSEEN, LATE, MANY = "unseen", "late", "many messages"
_QUIET = ("small", "middle, 5 % logged")
_FEW = (
    "the lower bound of a share of so few requests crosses the line of the short window only when "
    "chance adds some, and that of the longer ones not before"
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
        incidents=("bad deploy on one path",),
        sites=("small",),
        why="the path has some 9 requests in 45 minutes, or 23 in two hours, a viewer or two; 30 "
        "in an hour are judged",
    ),
    Reason(
        what=UNSEEN,
        incidents=("a country's provider",),
        sites=("small",),
        why="the country has some 15 viewers in two hours, half of what it takes to say what is "
        "usual even for an hour and a half",
    ),
    Reason(
        what=UNSEEN,
        incidents=("one edge",),
        sizes=("large",),
        why="the edge has fewer requests than the 4000 in two hours that can say what is usual; "
        "with longer windows for edges, quiet nights paged",
    ),
    Reason(
        what=UNSEEN,
        incidents=("a country's provider",),
        why="what still comes of the country is, in 90 minutes of so few lines, not surely below "
        "the line",
    ),
    Reason(
        what=UNSEEN,
        sites=_QUIET,
        why="so few requests come in the windows that their bound stays below the line",
    ),
    Reason(
        what=LATE,
        incidents=("a country's provider", "one edge"),
        why="some requests still come, so that the window has to lie wholly behind the beginning",
    ),
    Reason(what=LATE, sites=_QUIET, why=_FEW),
    Reason(
        what=LATE,
        incidents=("certificate of an origin",),
        sites=("large, 5 % logged",),
        why=_FEW,
    ),
    Reason(
        what=LATE,
        incidents=("slow database", "traffic storm"),
        why="errors grow over some minutes, and the window has to hold enough of them",
    ),
    Reason(
        what=MANY,
        incidents=("slow database",),
        why="two rules are right, slow first bytes and the errors that they end in; and these "
        "begin on one path, and later elsewhere",
    ),
    Reason(
        what=MANY,
        incidents=("some errors all day",),
        why="few errors come and go in the windows, so that the site and its budgets of an hour, "
        "six hours and three days take turns",
    ),
    Reason(
        what=MANY,
        incidents=("a country's provider", "log configuration detached"),
        why="two rules are right: a country or host that lost most, and later one that has none; "
        "or what is usual is forgotten meanwhile, and the alert ends and begins again",
    ),
    Reason(
        what=MANY,
        why="two labels or parts of a rule tell of it, such as a path and then the site, which "
        "begin further apart than the 10 minutes that a message waits for news; of so few "
        "requests, one may be forgotten before all are well",
    ),
)


def find(what: str, incident: str, site: str, size: str) -> Reason | None:
    """Return the reason of something; None if there is none yet."""
    return next((each for each in REASONS if each.holds(what, incident, site, size)), None)
