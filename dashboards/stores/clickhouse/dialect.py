"""ClickHouse's SQL for expressions: columns, predicates, aggregates, labels, filters.

Two ways to ask: of the requests (`Dialect`), and of the rollups (`Rolled`), which says so where
something is not in them. A row of either is called `logs` in every query, and each column is
written `logs.name`: a bare name would mean the alias of a result, such as `asn`, where there is
one. A text that a request does not have is "-", a number is NULL.

https://clickhouse.com/docs/sql-reference/functions
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from dashboards.config import Bundle
from dashboards.signals import (
    CHOICES,
    DIMENSIONS,
    EVERY,
    ONLY,
    Collected,
    Dimension,
    NotCollected,
    Signal,
)
from dashboards.signals import expressions as x
from dashboards.stores import Having
from dashboards.stores.clickhouse import UNREPORTED
from processor import catalog
from processor.stores.clickhouse import rollup, schema
from processor.stores.clickhouse.columns import ABSENT, TIME

# What Grafana puts where a reader chose "All": of characters that no version of it encodes.
ALL = "_all_"
WINDOW_SECONDS = "(dateDiff('millisecond', $__fromTime_ms, $__toTime_ms) / 1000.0)"


class NotRolledUp(LookupError):
    """A question that the rollups cannot answer."""


def column(name: str) -> str:
    """Return a column of the rows that a query is about."""
    return f"logs.{name}"


def table(name: str) -> str:
    """Return a database's or table's name, in backquotes where it needs them."""
    return name if re.fullmatch(r"[A-Za-z_]\w*", name) else schema.quoted(name)


def quoted(text: str) -> str:
    """Return a text as a string literal."""
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"


def number(value: float) -> str:
    """Return a number without exponent, and whole where it is."""
    return f"{value:.10f}".rstrip("0").rstrip(".")


def chosen(name: str) -> str:
    """Return what a reader chose in a dashboard variable, as an array of texts.

    In the format `percentencode` nothing but letters, digits and -._~% gets into the query's text:
    no quote, no backslash, and no dollar sign, by which the data source knows its macros. One value
    is itself, several are {a,b}: a value with a comma in it can be chosen alone, not among others.
    https://grafana.com/docs/grafana/latest/dashboards/variables/variable-syntax/#percentencode
    """
    text = f"decodeURLComponent('${{{name}:percentencode}}')"
    listed = "splitByChar(',', substring(text, 2, length(text) - 2))"
    several = f"if(startsWith(text, '{{') AND endsWith(text, '}}'), {listed}, [text])"
    return f"arrayFlatten(arrayMap(text -> {several}, [{text}]))"


def chosen_number(name: str, function: str) -> str:
    """Return the one number a reader chose: digits and a point, which percent-encoding leaves."""
    return f"{function}('${{{name}:percentencode}}')"


# Operations that are one function or operator around what they are about.
_SIMPLE: dict[type, str] = {
    x.Max: "max({of})",
    x.Divided: "{of} / {by}",
    x.OrZero: "ifNull({of}, 0)",
    # Of no rows at all, max is 1970.
    x.SecondsSinceLatest: f"age('second', maxOrNull({column(TIME)}), $__toTime_ms)",
    x.Equals: "{field} = {value}",
    x.OneOf: "{field} IN ({values})",
    x.Between: "{field} BETWEEN {low} AND {high}",
    x.AtLeast: "{field} >= {value}",
    x.Contains: "position({field}, {text}) > 0",
    x.StartsWith: "startsWith({field}, {text})",
    x.Prefix: "substringUTF8({field}, 1, {length})",
    x.Before: "substringIndex({field}, {separator}, 1)",
    x.Site: f"ifNull(nullIf(extract({{field}}, '//([^/]*)'), ''), '{ABSENT}')",
    x.OtherSite: r"position({field}, extract({host}, '[^.]+\\.[^.]+\\z')) = 0",
    x.AsText: "toString({field})",
    x.Hundreds: "toString(intDiv({field}, 100))",
}


@dataclass(frozen=True, slots=True)
class Filter:
    """What a dashboard variable sets."""

    begin: str  # an item of the query's WITH
    holds: Callable[[], str]  # makes the condition on a row, which asks for columns
    free: str  # the condition that it filters nothing
    about: Dimension | None = None


class Dialect:
    """How the requests of one bundle are asked: its fields, its sampling."""

    def __init__(self, bundle: Bundle) -> None:
        self.collected = Collected(bundle.fields, UNREPORTED)
        self.scale = _scale(bundle.sampling)

    # -- expressions -----------------------------------------------------------------------------

    def column(self, name: str) -> str:
        """Return a log field as a typed column. Raises NotCollected."""
        return column(self._field(name).column)

    def _field(self, name: str) -> catalog.Field:
        if name not in self.collected.fields:
            raise NotCollected(f"{name} is not among the collected log fields")
        return catalog.BY_NAME[name]

    def sql(self, node: Any, seconds: str = WINDOW_SECONDS) -> str:
        """Return a resolved expression as SQL; `seconds` is the length of the step or range."""
        if pattern := _SIMPLE.get(type(node)):
            names = node.__dataclass_fields__
            return pattern.format_map({name: self._term(getattr(node, name)) for name in names})
        compile_one: Callable[..., str] | None = _OTHERS.get(type(node))
        if compile_one is None:
            raise TypeError(f"ClickHouse is not asked for {type(node).__name__}")
        return compile_one(self, node, seconds)

    def _term(self, value: Any) -> str:
        if isinstance(value, str):
            return quoted(value)
        if isinstance(value, tuple):
            return ", ".join(map(self._term, value))
        return number(value) if isinstance(value, int | float) else self.sql(value)

    def _not(self, node: x.Not, _: str) -> str:
        """Return the opposite, of a request that has a value: "-" is none."""
        values = node.of.values if isinstance(node.of, x.OneOf) else (node.of.value,)
        if self._is_text(node.of.field):
            values = (*values, ABSENT)
        return f"{self.sql(node.of.field)} NOT IN ({self._term(tuple(values))})"

    def _is_text(self, value: x.Value) -> bool:
        return isinstance(value, x.Field) and catalog.BY_NAME[value.name].type == "VARCHAR"

    def _all(self, node: x.AllOf, _: str) -> str:
        return f"({' AND '.join(map(self.sql, node.of))})"

    def _any(self, node: x.AnyOf, _: str) -> str:
        # AND binds tighter: what holds together needs no brackets here.
        terms = (
            " AND ".join(map(self.sql, term.of)) if isinstance(term, x.AllOf) else self.sql(term)
            for term in node.of
        )
        return f"({' OR '.join(terms)})"

    def _has(self, node: x.Has, _: str) -> str:
        there = f"<> '{ABSENT}'" if self._is_text(node.field) else "IS NOT NULL"
        return f"{self.sql(node.field)} {there}"

    def _classes(self, node: x.Classes, _: str) -> str:
        """Look at each different text once: texts such as user agents repeat."""
        text = f"toLowCardinality({self.sql(node.field)})"
        cases = "".join(
            f"match({text}, {quoted(f'(?i){pattern}')}), {quoted(label)}, "
            for pattern, label in node.patterns
        )
        return f"multiIf({text} = '{ABSENT}', '{ABSENT}', {cases}{quoted(node.other)})"

    def count(self, where: x.Predicate | None = None) -> str:
        """Return how many requests there are for which a resolved predicate holds."""
        return f"countIf({self.sql(where)})" if where else "count()"

    def _count_values(self, node: x.CountValues, _: str) -> str:
        if isinstance(node.of, x.Field) and self._is_text(node.of):
            return self.count(x.Has(node.of))
        return f"count({self.sql(node.of)})"

    def _distinct(self, node: x.Distinct, _: str) -> str:
        value = self.sql(node.of)
        return (
            f"uniqIf({value}, {value} <> '{ABSENT}')"
            if self._is_text(node.of)
            else (f"uniq({value})")
        )

    def _sum(self, node: x.Sum, _: str) -> str:
        """Return NULL for nothing to sum, and 0 where `where` holds for none, as sumIf does not."""
        value = self.sql(node.of)
        return f"sum(if({self.sql(node.where)}, {value}, 0))" if node.where else f"sum({value})"

    def _balance(self, node: x.Balance, _: str) -> str:
        added = " + ".join(map(self.sql, node.add))
        return added + "".join(f" - {self.sql(each)}" for each in node.less)

    def _percentile(self, node: x.Percentile, _: str) -> str:
        """Return NULL for nothing, not NaN; and a digest's Float32 as the number it stands for.

        Percentiles that are asked for together come from one digest, which is made once.
        """
        levels, place = rollup.LEVELS, 1
        if isinstance(node.fraction, x.Chosen):
            levels = chosen_number("percentile", "toFloat64OrZero")
        elif (fraction := f"{node.fraction:g}") in levels.split(", "):
            place += levels.split(", ").index(fraction)
        else:
            levels = fraction
        digest = self.digest(node.of, levels, self.sql(node.where) if node.where else "")
        return f"round(ifNotFinite(toFloat64({digest}[{place}]), NULL), 6)"

    def digest(self, of: x.Value, levels: str, where: str) -> str:
        """Return percentiles as a digest gives them, an array."""
        value = self.sql(of)
        if where:
            return f"{rollup.DIGEST}If({levels})({value}, {where})"
        return f"{rollup.DIGEST}({levels})({value})"

    def _share(self, node: x.Share, _: str) -> str:
        among = f"nullIf({self.count(node.among)}, 0)" if node.among else self.count()
        return f"100.0 * {self.count(node.of)} / {among}"

    def _lower_bound(self, node: x.LowerBound, _: str) -> str:
        """Return Wilson's bound of `hits` in `all`; nothing of none."""
        hits, every = self.count(node.of.of), f"nullIf({self.count(node.of.among)}, 0)"
        square = x.SCORE**2
        spread = f"1.0 * {hits} * ({every} - {hits}) / {every} + {number(square / 4)}"
        low = f"{hits} + {number(square / 2)} - {number(x.SCORE)} * sqrt({spread})"
        return f"100.0 * ({low}) / ({every} + {number(square)})"

    def _ratio(self, node: x.Ratio, _: str) -> str:
        return f"100.0 * {self.sql(node.part)} / nullIf({self.sql(node.whole)}, 0)"

    def _linear(self, node: x.Linear, _: str) -> str:
        first = f"{number(node.offset)} + " if node.offset else ""
        return f"{first}{number(node.factor)} * ({self.sql(node.of)})"

    def _by_region(self, edge: x.Field, of: Mapping[x.PriceRegion, str]) -> str:
        """Return what is said of an edge's price region; the last region is the rest."""
        *known, rest = of.items()
        cases = "".join(
            f"substring({self.sql(edge)}, 1, 3) IN ({self._term(region.airports)}), {text}, "
            for region, text in known
        )
        return f"multiIf({cases}{rest[1]})"

    def _in_region(self, node: x.InRegion, _: str) -> str:
        return self._by_region(node.field, {each: quoted(each.title) for each in node.regions})

    def _sent_and_requests(self, sent: x.Field) -> tuple[str, str]:
        """Return the bytes and the number of requests of a row."""
        return self.sql(sent), "1"

    def _priced(self, node: x.Priced, _: str) -> str:
        sent, requests = self._sent_and_requests(node.sent)
        prices = {
            each: f"{number(each.gigabyte)} * ifNull({sent}, 0)"
            f" + {number(each.requests * 1e5)} * {requests}"
            for each in node.regions
        }
        return f"sum({self._by_region(node.edge, prices)}) / 1000000000.0"

    def _per_second(self, node: x.PerSecond, seconds: str) -> str:
        return f"{self.sql(node.of)} / {seconds}"

    # -- signals, dimensions and predicates ------------------------------------------------------

    def signal(self, signal: Signal, seconds: str = WINDOW_SECONDS) -> str:
        """Return a signal's aggregate, scaled by sampling where it has to be."""
        text = self.sql(self.collected.resolve(signal), seconds)
        return f"{self.scale} * {text}" if signal.scaled and self.scale else text

    def predicate(self, predicate: x.Predicate | str) -> str:
        """Return a predicate, or one of PREDICATES by its name. Raises NotCollected."""
        return self.sql(self.collected.resolve(predicate))

    def label(self, dimension: Dimension) -> str:
        """Return a dimension's text; "-" where a request has none, as CloudFront writes it."""
        label = self.collected.resolve(dimension)
        text = self.sql(label)
        if isinstance(label, x.Field | x.Reported) or self._is_text(label.field):
            return self.sql(label.field) if isinstance(label, x.AsText) else text
        return f"ifNull({text}, '{ABSENT}')"

    def filter(self, dimension: Dimension) -> str:
        """Return the condition that a dimension's dashboard variable sets; see `choice`."""
        chosen_ones = _choice_name(dimension)
        return f"({self.free(dimension)} OR {self.label(dimension)} IN {chosen_ones})"

    def group(self, dimension: Dimension) -> str:
        """Return what to group by for a label: the number itself where its text is the label."""
        label = self.collected.resolve(dimension)
        return self.sql(label.field) if isinstance(label, x.AsText) else self.label(dimension)

    def free(self, dimension: Dimension) -> str:
        """Return the condition that this variable filters nothing; see `choice`."""
        if dimension.box:
            return f"{_choice_name(dimension)}[1] = ''"
        return f"has({_choice_name(dimension)}, '{ALL}')"

    def choice(self, dimension: Dimension) -> str:
        """Return what a query with that condition has to begin with, as an item of its WITH."""
        return f"{chosen(dimension.variable or dimension.name)} AS {_choice_name(dimension)}"

    def filters(self, names: Sequence[str]) -> list[Filter]:
        """Return what these dashboard variables set.

        Names are those of dimensions, or ONLY; what is not collected is left out.
        """
        found = []
        for name in names:
            if name == ONLY:
                free = f"has(chosen_{ONLY}, {quoted(EVERY)})"
                found.append(Filter(f"{chosen(ONLY)} AS chosen_{ONLY}", self._only, free))
            elif self.collected.available(DIMENSIONS[name]):
                dimension = DIMENSIONS[name]
                holds = partial(self.box if dimension.box else self.filter, dimension)
                free = self.free(dimension)
                found.append(Filter(self.choice(dimension), holds, free, dimension))
        return found

    def _only(self) -> str:
        """Return the condition that the predicate holds which the reader chose, if any."""
        either = [f"has(chosen_{ONLY}, {quoted(EVERY)})"]
        for name in CHOICES.values():
            if name != EVERY and self.collected.available(name):
                either.append(f"has(chosen_{ONLY}, {quoted(name)}) AND {self.predicate(name)}")
        return f"({' OR '.join(either)})"

    def box(self, dimension: Dimension) -> str:
        """Return the condition that a dimension's text box sets; an empty one is for all."""
        typed = f"{_choice_name(dimension)}[1]"
        if dimension.box != "pattern":
            return f"({typed} = '' OR {self.label(dimension)} = {typed})"
        pattern = rf"concat('^', replaceAll(regexpQuoteMeta({typed}), '\\*', '.*'), '\\z')"
        return f"({typed} = '' OR match({self.label(dimension)}, {pattern}))"

    def having(self, gates: Sequence[Having]) -> list[str]:
        """Return conditions that keep those with enough of a signal."""
        return [f"{self.signal(signal)} {op} {number(bound)}" for signal, op, bound in gates]


class Asked(Dialect):
    """How the requests are asked in one query, of which it knows the columns that are read."""

    def __init__(self, of: Dialect) -> None:
        self.collected, self.scale = of.collected, of.scale
        self.asked: dict[str, None] = {}  # columns, in the order in which they were asked for
        self._fields: set[str] = set()  # that the result needs,
        self._filters: set[str] = set()  # or only the reader's choice

    def column(self, name: str) -> str:
        """Return a log field as a typed column. Raises NotCollected."""
        field = self._field(name)
        self.asked[field.column] = None
        self._fields.add(name)
        return column(field.column)

    def sql(self, node: Any, seconds: str = WINDOW_SECONDS) -> str:
        """Return an expression; times are columns that have to be read, too."""
        if isinstance(node, x.SecondsSinceLatest):
            return f"age('second', maxOrNull({self.latest()}), $__toTime_ms)"
        return super().sql(node, seconds)

    def latest(self) -> str:
        """Return the time of a row's only request."""
        self.asked[TIME] = None
        return column(TIME)

    def condition(self, make: Callable[[], str]) -> str:
        """Return what is made, a condition on a row as it is read: no result needs its fields."""
        asked, fields = self.asked, self._fields
        self.asked, self._fields = {}, set()
        text = make()
        self._filters |= self._fields
        self.asked, self._fields = asked, fields
        return text


class Rolled(Asked):
    """How the rollups of one bundle are asked. Raises NotRolledUp for what is in none of them."""

    def column(self, name: str) -> str:
        """Return one of the fields that tell rows of a rollup apart."""
        if name not in rollup.DIMENSIONS:
            raise NotRolledUp(name)
        return super().column(name)

    def by_dimensions(self, level: rollup.Level) -> rollup.Rollup | None:
        """Return the rollup of this level that can be filtered, if it has all that was asked."""
        return self._having(f"{level.unit}s")

    def total(self, level: rollup.Level) -> rollup.Rollup | None:
        """Return the one with few rows, if it has all that was asked, whatever filters need."""
        return self._having(f"total_{level.unit}s") if self._fields <= {*rollup.OUTCOME} else None

    def _having(self, name: str) -> rollup.Rollup | None:
        found = rollup.ROLLUP[name]
        keys = {catalog.BY_NAME[each].column for each in self._fields}
        return found if self.asked.keys() - keys <= found.summed.keys() else None

    def is_outcome(self, dimension: Dimension) -> bool:
        """Whether every rollup can be filtered by it."""
        return set(self.collected.fields_of(dimension)) <= set(rollup.OUTCOME)

    def keys(self) -> list[str]:
        """Return the columns that were asked for and tell rows apart."""
        return [name for name in self.asked if name not in rollup.TOTAL_SUMMED]

    def made(self) -> list[str]:
        """Return all that was asked for, made of requests."""
        return [
            rollup.TOTAL_SUMMED[name].of if name in rollup.TOTAL_SUMMED else column(name)
            for name in self.asked
        ]

    def _made(self, table: dict[Any, str], key: Any) -> str:
        if key not in table:
            raise NotRolledUp(str(key))
        self.asked[table[key]] = None
        return column(table[key])

    def sql(self, node: Any, seconds: str = WINDOW_SECONDS) -> str:
        """Return an expression; one that looks at single requests is not in the rollups."""
        if isinstance(node, x.Max | x.Reported):
            raise NotRolledUp(type(node).__name__)
        return super().sql(node, seconds)

    def count(self, where: x.Predicate | None = None) -> str:
        """Return a sum of counts."""
        bare = where.of if isinstance(where, x.Named) else where
        for table, key in (
            (rollup.AT_LEAST, _at_least(bare)),
            (rollup.COUNTED, _counted(bare)),
        ):
            if key in table:
                return f"sum({self._made(table, key)})"
        requests = self._made({"": rollup.REQUESTS}, "")
        return f"sum(if({self.sql(where)}, {requests}, 0))" if where else f"sum({requests})"

    def _sent_and_requests(self, sent: x.Field) -> tuple[str, str]:
        """Return the bytes and the number of requests of a row."""
        return self._made(rollup.SUMS, sent.name), self._made({"": rollup.REQUESTS}, "")

    def _count_values(self, node: x.CountValues, _: str) -> str:
        return f"sum({self._made(rollup.COUNTS, node.of.name)})"

    def _distinct(self, node: x.Distinct, _: str) -> str:
        return f"uniqMerge({self._made(rollup.DISTINCT, node.of.name)})"

    def _sum(self, node: x.Sum, _: str) -> str:
        value = self._made(rollup.SUMS, getattr(node.of, "name", ""))
        return f"sum(if({self.sql(node.where)}, {value}, 0))" if node.where else f"sum({value})"

    def digest(self, of: x.Value, levels: str, where: str) -> str:
        """Return percentiles of merged digests."""
        value = self._made(rollup.DIGESTS | rollup.MEDIA_DIGESTS, of.name)
        if where:
            return f"{rollup.DIGEST}MergeIf({levels})({value}, {where})"
        return f"{rollup.DIGEST}Merge({levels})({value})"

    def latest(self) -> str:
        """Return the time of the latest request of a row."""
        self.asked[rollup.LATEST] = None
        return column(rollup.LATEST)


def _at_least(node: Any) -> tuple[str, float] | None:
    return (node.field.name, node.value) if isinstance(node, x.AtLeast) else None


def _counted(node: Any) -> tuple[str, str, Any] | None:
    """Return a predicate as COUNTED has it."""
    if not isinstance(node, x.Equals | x.StartsWith | x.Has):
        return None
    value = getattr(node, "value", getattr(node, "text", ""))
    return type(node).__name__, node.field.name, value


_OTHERS: dict[type, Callable[..., str]] = {
    x.Field: lambda dialect, node, _: dialect.column(node.name),
    x.Reported: lambda _, node, __: column(node.name),
    x.Named: lambda dialect, node, _: dialect.sql(node.of),
    x.Not: lambda dialect, *given: dialect._not(*given),
    x.AllOf: lambda dialect, *given: dialect._all(*given),
    x.AnyOf: lambda dialect, *given: dialect._any(*given),
    x.Has: lambda dialect, *given: dialect._has(*given),
    x.Classes: lambda dialect, *given: dialect._classes(*given),
    x.Count: lambda dialect, node, _: dialect.count(node.where),
    x.CountValues: lambda dialect, *given: dialect._count_values(*given),
    x.Distinct: lambda dialect, *given: dialect._distinct(*given),
    x.Sum: lambda dialect, *given: dialect._sum(*given),
    x.Balance: lambda dialect, *given: dialect._balance(*given),
    x.Percentile: lambda dialect, *given: dialect._percentile(*given),
    x.Share: lambda dialect, *given: dialect._share(*given),
    x.LowerBound: lambda dialect, *given: dialect._lower_bound(*given),
    x.Ratio: lambda dialect, *given: dialect._ratio(*given),
    x.PerSecond: lambda dialect, *given: dialect._per_second(*given),
    x.Linear: lambda dialect, *given: dialect._linear(*given),
    x.InRegion: lambda dialect, *given: dialect._in_region(*given),
    x.Priced: lambda dialect, *given: dialect._priced(*given),
}


def _choice_name(dimension: Dimension) -> str:
    return f"chosen_{dimension.variable or dimension.name}"


def _scale(sampling: int) -> str:
    """Return what counts and bytes are multiplied by; empty when every request is logged."""
    if sampling == 100:
        return ""
    return str(100 // sampling) if 100 % sampling == 0 else f"100.0 / {sampling}"
