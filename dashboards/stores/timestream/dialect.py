"""Timestream's SQL for expressions: columns, predicates, aggregates, labels, filters.

https://docs.aws.amazon.com/timestream/latest/developerguide/reference.html
"""

import re
from collections.abc import Callable, Mapping, Sequence
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
from processor import catalog

# What "All" in a variable stands for, instead of a list of everything. No host, path pattern,
# country or edge holds brackets, so it cannot be a value.
ALL = "(all)"
# The label of a request that has no value, as CloudFront writes it.
NONE = "-"

_NUMERIC = ("BIGINT", "DOUBLE")
WINDOW_SECONDS = "(($__timeTo - $__timeFrom) / 1000.0)"


def variable(name: str) -> str:
    """Return a dashboard variable as a list of quoted SQL strings, whatever it holds."""
    return f"${{{name}:sqlstring}}"


def number(value: float) -> str:
    """Return a number as Timestream reads it: without exponent, and whole where it is."""
    return f"{value:.10f}".rstrip("0").rstrip(".")


# Operations that are one function or operator around what they are about.
_SIMPLE: dict[type, str] = {
    x.CountValues: "count({of})",
    x.Max: "max({of})",
    x.Distinct: "approx_distinct({of})",
    x.Divided: "{of} / {by}",
    x.OrZero: "coalesce({of}, 0)",
    x.SecondsSinceLatest: "date_diff('second', max(time), from_milliseconds($__timeTo))",
    x.Equals: "{field} = {value}",
    x.OneOf: "{field} IN ({values})",
    x.Between: "{field} BETWEEN {low} AND {high}",
    x.AtLeast: "{field} >= {value}",
    x.Contains: "strpos({field}, {text}) > 0",
    x.Prefix: "substr({field}, 1, {length})",
    x.Before: "split_part({field}, {separator}, 1)",
    x.Site: "nullif(split_part(split_part({field}, '//', 2), '/', 1), '')",
    x.OtherSite: r"strpos({field}, regexp_extract({host}, '[^.]+\.[^.]+\z')) = 0",
    x.Hundreds: "cast({field} / 100 AS varchar)",  # integer division truncates
}
# The operators that say the opposite.
_OPPOSITE: dict[type, str] = {x.Equals: "{field} <> {value}", x.OneOf: "{field} NOT IN ({values})"}


class Dialect:
    """Turns expressions into SQL for one bundle: its layout, its fields, its sampling."""

    def __init__(self, bundle: Bundle) -> None:
        self.classic = bundle.layout == "classic"
        self.collected = Collected(bundle.fields)
        self.scale = _scale(bundle.sampling)

    # -- expressions -----------------------------------------------------------------------------

    def column(self, name: str) -> str:
        """Return a log field as a typed column. Raises NotCollected.

        In the classic layout all fields are text except sc-bytes, the one measure. There try_cast
        makes NULL of the "-" of a missing number. The query string that CloudFront puts behind the
        path is cut off; the other layout does not store it there.
        """
        field = self._field(name)
        if not self.classic:
            return field.column
        if name == "sc-bytes":
            return "measure_value::bigint"
        if name == "cs-uri-stem":
            return f"split_part({field.column}, '?', 1)"
        if field.type in _NUMERIC:
            return f"try_cast({field.column} AS {field.type.lower()})"
        return field.column

    def _field(self, name: str) -> catalog.Field:
        if name not in self.collected.fields:
            raise NotCollected(f"{name} is not among the collected log fields")
        return catalog.BY_NAME[name]

    def sql(self, node: Any, seconds: str = WINDOW_SECONDS) -> str:
        """Return a resolved expression as SQL; `seconds` is the length of the step or range."""
        if pattern := _SIMPLE.get(type(node)):
            return self._fill(pattern, node)
        compile_one: Callable[..., str] | None = _OTHERS.get(type(node))
        if compile_one is None:
            raise TypeError(f"Timestream is not asked for {type(node).__name__}")
        return compile_one(self, node, seconds)

    def _fill(self, pattern: str, node: Any) -> str:
        return pattern.format_map({name: self._term(getattr(node, name)) for name in _names(node)})

    def _term(self, value: Any) -> str:
        if isinstance(value, str):
            return quoted(value)
        if isinstance(value, tuple):
            return ", ".join(map(self._term, value))
        return number(value) if isinstance(value, int | float) else self.sql(value)

    def _not(self, node: x.Not, _: str) -> str:
        return self._fill(_OPPOSITE[type(node.of)], node.of)

    def _all(self, node: x.AllOf, _: str) -> str:
        return f"({' AND '.join(map(self.sql, node.of))})"

    def _any(self, node: x.AnyOf, _: str) -> str:
        # AND binds tighter: what holds together needs no brackets here.
        terms = (
            " AND ".join(map(self.sql, term.of)) if isinstance(term, x.AllOf) else self.sql(term)
            for term in node.of
        )
        return f"({' OR '.join(terms)})"

    def _starts(self, node: x.StartsWith, _: str) -> str:
        return f"substr({self.sql(node.field)}, 1, {len(node.text)}) = {quoted(node.text)}"

    def _has(self, node: x.Has, _: str) -> str:
        column = self._field(node.field.name).column
        return f"{column} <> '{NONE}'" if self.classic else f"{column} IS NOT NULL"

    def _as_text(self, node: x.AsText, _: str) -> str:
        """In the classic layout a field is text already."""
        field = self._field(node.field.name)
        if self.classic or field.type == "VARCHAR":
            return field.column
        return f"cast({field.column} AS varchar)"

    def _classes(self, node: x.Classes, seconds: str) -> str:
        text = self.sql(node.field)
        cases = " ".join(
            f"WHEN regexp_like({text}, {quoted(f'(?i){pattern}')}) THEN {quoted(label)}"
            for pattern, label in node.patterns
        )
        there = self._has(x.Has(node.field), seconds)
        return f"CASE {cases} WHEN {there} THEN {quoted(node.other)} END"

    def _count(self, node: x.Count, _: str) -> str:
        return f"count_if({self.sql(node.where)})" if node.where else "count(*)"

    def _sum(self, node: x.Sum, _: str) -> str:
        value = self.sql(node.of)
        return f"sum(IF({self.sql(node.where)}, {value}, 0))" if node.where else f"sum({value})"

    def _balance(self, node: x.Balance, _: str) -> str:
        added = " + ".join(each.name for each in node.add)
        return added + "".join(f" - {each.name}" for each in node.less)

    def _percentile(self, node: x.Percentile, _: str) -> str:
        value = self.sql(node.of)
        if node.where:
            value = f"IF({self.sql(node.where)}, {value})"
        if isinstance(node.fraction, x.Chosen):
            return f"approx_percentile({value}, cast({variable('percentile')} AS double))"
        return f"approx_percentile({value}, {node.fraction:g})"

    def _share(self, node: x.Share, _: str) -> str:
        among = f"nullif({self.sql(x.Count(node.among))}, 0)" if node.among else "count(*)"
        return f"100.0 * {self.sql(x.Count(node.of))} / {among}"

    def _lower_bound(self, node: x.LowerBound, _: str) -> str:
        """Return Wilson's bound of `hits` in `every`; 0 of few hits, nothing of no requests."""
        hits, every = (
            self.sql(x.Count(node.of.of)),
            f"nullif({self.sql(x.Count(node.of.among))}, 0)",
        )
        square = x.SCORE**2
        spread = f"1.0 * {hits} * ({every} - {hits}) / {every} + {number(square / 4)}"
        low = f"{hits} + {number(square / 2)} - {number(x.SCORE)} * sqrt({spread})"
        bound = f"100.0 * ({low}) / ({every} + {number(square)})"
        return f"CASE WHEN {hits} >= {x.FEWEST} THEN {bound} WHEN {every} > 0 THEN 0 END"

    def _enough(self, node: x.Enough, seconds: str) -> str:
        return f"IF({self.sql(x.Count())} >= {node.least}, {self.sql(node.of, seconds)})"

    def _ratio(self, node: x.Ratio, _: str) -> str:
        return f"100.0 * {self.sql(node.part)} / nullif({self.sql(node.whole)}, 0)"

    def _linear(self, node: x.Linear, _: str) -> str:
        first = f"{number(node.offset)} + " if node.offset else ""
        return f"{first}{number(node.factor)} * ({self.sql(node.of)})"

    def _by_region(self, edge: x.Field, of: Mapping[x.PriceRegion, str]) -> str:
        """Return what is said of an edge's price region; the last region is the rest."""
        *known, rest = of.items()
        cases = " ".join(
            f"WHEN substr({self.sql(edge)}, 1, 3) IN ({self._term(region.airports)}) THEN {text}"
            for region, text in known
        )
        return f"CASE {cases} ELSE {rest[1]} END"

    def _in_region(self, node: x.InRegion, _: str) -> str:
        return self._by_region(node.field, {each: quoted(each.title) for each in node.regions})

    def _priced(self, node: x.Priced, _: str) -> str:
        sent = f"coalesce({self.sql(node.sent)}, 0)"
        prices = {
            each: f"{number(each.gigabyte)} * {sent} + {number(each.requests * 1e5)}"
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
        text = self.sql(self.collected.resolve(dimension))
        plain = isinstance(dimension.label, x.Field | x.AsText)
        return text if self.classic and plain else f"coalesce({text}, '{NONE}')"

    def filter(self, dimension: Dimension) -> str:
        """Return the condition that a dimension's dashboard variable sets.

        "All" is one constant that is compared with itself, so that no long list is sent and no
        value is read. Anything else is compared with the bare column, because with a function
        around it Timestream could not skip data that cannot match.
        https://docs.aws.amazon.com/timestream/latest/developerguide/queries.html
        """
        values = variable(dimension.variable or dimension.name)
        text = self.sql(self.collected.resolve(dimension))
        either = [f"'{ALL}' IN ({values})", f"{text} IN ({values})"]
        if text != self.label(dimension) and re.fullmatch(r"\w+", text):
            either.append(f"'{NONE}' IN ({values}) AND {text} IS NULL")
        return f"({' OR '.join(either)})"

    def filters(self, names: Sequence[str]) -> list[str]:
        """Return the conditions that these dashboard variables set; see Queries.

        Names are those of dimensions, or ONLY.
        """
        found = []
        for name in names:
            if name == ONLY:
                found.append(self._only())
            elif self.collected.available(DIMENSIONS[name]):
                dimension = DIMENSIONS[name]
                found.append(self.box(dimension) if dimension.box else self.filter(dimension))
        return found

    def _only(self) -> str:
        """Return the condition that the predicate holds which the reader chose, if any."""
        chosen = variable(ONLY)
        either = [f"'{EVERY}' IN ({chosen})"]
        for name in CHOICES.values():
            if name != EVERY and self.collected.available(name):
                either.append(f"'{name}' IN ({chosen}) AND {self.predicate(name)}")
        return f"({' OR '.join(either)})"

    def box(self, dimension: Dimension) -> str:
        """Return the condition that a dimension's text box sets; an empty one is for all.

        A pattern is a regular expression in which all but * is quoted. LIKE's ESCAPE is not
        documented, so there would be no way to look for % and _.
        """
        typed = variable(dimension.variable or dimension.name)
        text = self.sql(self.collected.resolve(dimension))
        if dimension.box != "pattern":
            return f"('' IN ({typed}) OR {self.label(dimension)} IN ({typed}))"
        text_of = typed
        for found, put in ((r"\E", r"\E\\E\Q"), ("*", r"\E.*\Q")):
            text_of = f"replace({text_of}, {quoted(found)}, {quoted(put)})"
        pattern = rf"'\A\Q' || {text_of} || '\E\z'"
        return f"('' IN ({typed}) OR regexp_like({text}, {pattern}))"

    def having(self, gates: Sequence[Having]) -> list[str]:
        """Return conditions that keep those with enough of a signal."""
        return [f"{self.signal(signal)} {op} {number(bound)}" for signal, op, bound in gates]

    def measure(self, record: str) -> str:
        """Return the condition that picks the records of a kind; see Signal.record."""
        if record == "request":
            record = "sc_bytes" if self.classic else "request"
        return f"measure_name = '{record}'"


_OTHERS: dict[type, Callable[..., str]] = {
    x.Field: lambda dialect, node, _: dialect.column(node.name),
    x.Reported: lambda _, node, __: node.name,
    x.Named: lambda dialect, node, _: dialect.sql(node.of),
    x.Not: Dialect._not,
    x.AllOf: Dialect._all,
    x.AnyOf: Dialect._any,
    x.StartsWith: Dialect._starts,
    x.Has: Dialect._has,
    x.AsText: Dialect._as_text,
    x.Classes: Dialect._classes,
    x.Count: Dialect._count,
    x.Sum: Dialect._sum,
    x.Balance: Dialect._balance,
    x.Percentile: Dialect._percentile,
    x.Share: Dialect._share,
    x.LowerBound: Dialect._lower_bound,
    x.Enough: Dialect._enough,
    x.Ratio: Dialect._ratio,
    x.PerSecond: Dialect._per_second,
    x.Linear: Dialect._linear,
    x.InRegion: Dialect._in_region,
    x.Priced: Dialect._priced,
}


def _names(node: Any) -> tuple[str, ...]:
    return tuple(node.__dataclass_fields__)


def quoted(text: str) -> str:
    """Return a text as a string literal."""
    return "'" + text.replace("'", "''") + "'"


def _scale(sampling: int) -> str:
    """Return what counts and bytes are multiplied by; empty when every request is logged."""
    if sampling == 100:
        return ""
    return str(100 // sampling) if 100 % sampling == 0 else f"100.0 / {sampling}"
