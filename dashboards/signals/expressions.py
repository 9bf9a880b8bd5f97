"""Expressions over requests, as data: predicates about one, aggregates over many, labels.

A field is named as CloudFront names it. A value in the processor's reports about itself is a
`Reported`. A store turns expressions into its own language (dashboards/stores/); nothing here
depends on one. The fields that an expression needs follow from its structure.
"""

from collections.abc import Container, Iterator
from dataclasses import dataclass, fields, is_dataclass, replace
from typing import Any, Final


class NotCollected(LookupError):
    """A log field is needed that the bundle's log configuration does not send."""


@dataclass(frozen=True)
class Field:
    """A log field's value; as a label, its text."""

    name: str


@dataclass(frozen=True)
class Reported:
    """A value that the processor reports about itself, by the report's name for it."""

    name: str


Value = Field | Reported


# -- predicates: a question with yes or no about one request --------------------


@dataclass(frozen=True)
class Named:
    """One of PREDICATES, by its name; once resolved, with what the name stands for."""

    name: str
    of: "Predicate | None" = None


@dataclass(frozen=True)
class Equals:
    """A field is this text or number."""

    field: Field
    value: str | int


@dataclass(frozen=True)
class OneOf:
    """A field is one of these texts."""

    field: Field
    values: tuple[str, ...]


@dataclass(frozen=True)
class Between:
    """A number is from `low` to `high`, both included."""

    field: Field
    low: int
    high: int


@dataclass(frozen=True)
class AtLeast:
    """A number is as much as this, or more."""

    field: Field
    value: float


@dataclass(frozen=True)
class Contains:
    """A text holds another."""

    field: Field
    text: str


@dataclass(frozen=True)
class StartsWith:
    """A text begins with another."""

    field: Field
    text: str


@dataclass(frozen=True)
class OtherSite:
    """An address is of another site than a host: the last two parts of the host are not in it."""

    field: Field
    host: Field


@dataclass(frozen=True)
class Has:
    """A request has a value for a field."""

    field: Field


@dataclass(frozen=True)
class Not:
    """The opposite, for a request that has the value."""

    of: Equals | OneOf


@dataclass(frozen=True)
class AllOf:
    """Every one of these holds."""

    of: tuple["Predicate", ...]


@dataclass(frozen=True)
class AnyOf:
    """One of these holds, or more."""

    of: tuple["Predicate", ...]


Predicate = (
    Named | Equals | OneOf | Between | AtLeast | Contains | StartsWith | OtherSite | Has | Not
    | AllOf | AnyOf
)  # fmt: skip


# -- aggregates: a number over many requests --------------------


@dataclass(frozen=True)
class Count:
    """How many there are, of those for which `where` holds."""

    where: Predicate | None = None


@dataclass(frozen=True)
class CountValues:
    """How many have a value for a field."""

    of: Value


@dataclass(frozen=True)
class Sum:
    """The sum of a number, of those for which `where` holds."""

    of: "Value | Balance"
    where: Predicate | None = None


@dataclass(frozen=True)
class Balance:
    """The sum of some reported numbers less that of others."""

    add: tuple[Reported, ...]
    less: tuple[Reported, ...] = ()


@dataclass(frozen=True)
class Max:
    """The greatest of a number."""

    of: Value


class Chosen:
    """The percentile that the reader of a dashboard chose."""


CHOSEN: Final = Chosen()


@dataclass(frozen=True)
class Percentile:
    """The value that a fraction of all do not exceed, of those for which `where` holds."""

    of: Value
    fraction: float | Chosen
    where: Predicate | None = None


@dataclass(frozen=True)
class Distinct:
    """How many different values there are, approximately."""

    of: Value


@dataclass(frozen=True)
class Share:
    """Percentage for which `of` holds, among all or those for which `among` holds."""

    of: Predicate
    among: Predicate | None = None


# How sure a LowerBound is: the standard score of a 95 % interval.
SCORE = 1.96
# Of fewer than these a LowerBound is 0: one or two in a minute are chance, however few requests.
FEWEST = 3


@dataclass(frozen=True)
class LowerBound:
    """A share in percent, as little as it may well be: the lower end of Wilson's score interval.

    Three errors in 24 requests are a share of 12.5 %, and a bound of 4.3 %: so few say little.
    Fewer than FEWEST say nothing.
    https://en.wikipedia.org/wiki/Binomial_proportion_confidence_interval
    """

    of: Share


@dataclass(frozen=True)
class Ratio:
    """One sum in percent of another; nothing where the other is 0."""

    part: Sum
    whole: Sum


@dataclass(frozen=True)
class PriceRegion:
    """Edges at which CloudFront's prices are the same, in USD."""

    title: str
    airports: tuple[str, ...]  # with which the names of its edges begin
    gigabyte: float  # sent to viewers
    requests: float  # ten thousand, by HTTPS


@dataclass(frozen=True)
class Priced:
    """The list price of requests and of what was sent, by the edge; the last region is the rest."""

    edge: Field
    sent: Field
    regions: tuple[PriceRegion, ...]


@dataclass(frozen=True)
class PerSecond:
    """A count or sum by the length in seconds of the step or range that it is over."""

    of: Count | Sum | Priced


@dataclass(frozen=True)
class Divided:
    """A number in a larger unit, such as seconds for milliseconds."""

    of: "Aggregate"
    by: int


@dataclass(frozen=True)
class Linear:
    """A number times a factor, and some more."""

    of: "Aggregate"
    factor: float
    offset: float = 0


@dataclass(frozen=True)
class OrZero:
    """A number, and 0 where there is no data for it."""

    of: "Aggregate"


@dataclass(frozen=True)
class Enough:
    """A number of at least so many requests, and nothing of fewer: one would decide it."""

    of: "Aggregate"
    least: int


@dataclass(frozen=True)
class SecondsSinceLatest:
    """Seconds from the latest record to the end of the range."""


Aggregate = (
    Count | CountValues | Sum | Max | Percentile | Distinct | Share | LowerBound | Ratio | PerSecond
    | Divided | Linear | OrZero | Enough | Priced | SecondsSinceLatest
)  # fmt: skip


# -- labels: a text by which requests are grouped --------------------


@dataclass(frozen=True)
class AsText:
    """A number as text."""

    field: Field


@dataclass(frozen=True)
class Prefix:
    """The first few characters of a text."""

    field: Field
    length: int


@dataclass(frozen=True)
class Before:
    """A text up to a separator, or all of it where there is none."""

    field: Field
    separator: str


@dataclass(frozen=True)
class Site:
    """The host in an address: what is between its two slashes and the next one."""

    field: Field


@dataclass(frozen=True)
class InRegion:
    """The title of the price region that an edge is in; the last region is the rest."""

    field: Field
    regions: tuple[PriceRegion, ...]


@dataclass(frozen=True)
class Hundreds:
    """The hundreds of a number: "2" for 200 to 299."""

    field: Field


@dataclass(frozen=True)
class Classes:
    """The label of the first pattern that is found in a text, whatever its case.

    Patterns are regular expressions. A text in which none is found is `other`.
    """

    field: Field
    patterns: tuple[tuple[str, str], ...]  # pattern, label
    other: str


Label = Field | Reported | AsText | Prefix | Before | Site | InRegion | Hundreds | Classes


# -- what needs which fields --------------------


@dataclass(frozen=True)
class Fallback:
    """A predicate, and the one asked instead where a field of the first is not collected."""

    first: Predicate
    otherwise: Predicate


Expression = Predicate | Aggregate | Label | Fallback


def parts(node: Any) -> Iterator[Any]:
    """Yield an expression and everything in it, from the outside in."""
    yield node
    for each in fields(node) if is_dataclass(node) else ():
        value = getattr(node, each.name)
        for part in value if isinstance(value, tuple) else (value,):
            if is_dataclass(part):
                yield from parts(part)


def needed(node: Any) -> set[str]:
    """Return the log fields that a resolved expression reads."""
    return {part.name for part in parts(node) if isinstance(part, Field)}


def resolve(
    node: Any, collected: Container[str], predicates: Any, unreported: Container[str] = ()
) -> Any:
    """Return an expression with names and fallbacks replaced by what can be asked.

    `predicates` are those that names stand for, `unreported` are values that the processor has
    nothing to say about. Raises NotCollected.
    """
    if isinstance(node, Field):
        if node.name not in collected:
            raise NotCollected(f"{node.name} is not among the collected log fields")
        return node
    if isinstance(node, Reported) and node.name in unreported:
        raise NotCollected(f"{node.name} is not among what the processor reports")
    if isinstance(node, Named):
        return replace(node, of=resolve(predicates[node.name], collected, predicates, unreported))
    if isinstance(node, Fallback):
        try:
            return resolve(node.first, collected, predicates, unreported)
        except NotCollected:
            return resolve(node.otherwise, collected, predicates, unreported)
    changed = {}
    for each in fields(node):
        value = getattr(node, each.name)
        if isinstance(value, tuple):
            new = tuple(
                resolve(part, collected, predicates, unreported) if is_dataclass(part) else part
                for part in value
            )
        elif is_dataclass(value):
            new = resolve(value, collected, predicates, unreported)
        else:
            continue
        if new != value:
            changed[each.name] = new
    return replace(node, **changed) if changed else node
