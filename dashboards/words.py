"""The words of Timestream's SQL for one bundle: columns, conditions, labels, filters, signals.

This module and timestream.py, which makes queries of the words, are the only ones that know
Timestream's dialect and both record layouts.
https://docs.aws.amazon.com/timestream/latest/developerguide/reference.html
"""

import re
from collections.abc import Callable, Sequence
from string import Formatter

from dashboards.conditions import CONDITIONS
from dashboards.config import Bundle
from dashboards.signals import Signal
from dashboards.splits import SPLITS, Split
from processor import catalog

# What "All" in a variable stands for, instead of a list of everything. No host, path pattern,
# country or edge holds brackets, so it cannot be a value.
ALL = "(all)"
# The label of a request that has no value, as CloudFront writes it.
NONE = "-"

_NUMERIC = ("BIGINT", "DOUBLE")
WINDOW_SECONDS = "(($__timeTo - $__timeFrom) / 1000.0)"

Having = tuple[Signal, str, float]  # such as (SIGNALS["requests"], ">=", 500)


class NotCollected(LookupError):
    """A log field is needed that the bundle's log configuration does not send."""


def variable(name: str) -> str:
    """Return a dashboard variable as a list of quoted SQL strings, whatever it holds."""
    return f"${{{name}:sqlstring}}"


def number(value: float) -> str:
    """Return a number as Timestream reads it: without exponent, and whole where it is."""
    return f"{value:.10f}".rstrip("0").rstrip(".")


class Words:
    """What a bundle's layout, fields and sampling make of signals, conditions and splits."""

    def __init__(self, bundle: Bundle) -> None:
        self._bundle = bundle
        self._classic = bundle.layout == "classic"
        self._fields = frozenset(bundle.fields)

    # -- words -----------------------------------------------------------------------------------

    def column(self, name: str) -> str:
        """Return a CloudFront field as a typed column. Raises NotCollected.

        In the classic layout all fields are text but sc-bytes, which is also the one measure;
        try_cast makes NULL of the "-" of a missing number, and the query string, which CloudFront
        puts behind the path, is cut off as it is in the other layout.
        """
        field = self._field(name)
        if not self._classic:
            return field.column
        if name == "sc-bytes":
            return "measure_value::bigint"
        if name == "cs-uri-stem":
            return f"split_part({field.column}, '?', 1)"
        if field.type in _NUMERIC:
            return f"try_cast({field.column} AS {field.type.lower()})"
        return field.column

    def _field(self, name: str) -> catalog.Field:
        field = catalog.BY_NAME[name]
        if name not in self._fields:
            raise NotCollected(f"{name} is not among the collected log fields")
        return field

    def _text(self, name: str) -> str:
        """Return a field as text, which in the classic layout it is already."""
        field = self._field(name)
        if self._classic or field.type == "VARCHAR":
            return field.column
        return f"cast({field.column} AS varchar)"

    def _has(self, name: str) -> str:
        """Return the question whether a request has a value for a field."""
        field = self._field(name)
        return f"{field.column} <> '{NONE}'" if self._classic else f"{field.column} IS NOT NULL"

    def _expand(self, template: str, seconds: str = WINDOW_SECONDS) -> str:
        """Put columns, conditions and numbers into a signal's text. Raises NotCollected."""
        words: dict[str, Callable[[str], str]] = {
            "has": self._has,
            "text": self._text,
            "seconds": lambda _: seconds,
            "percentile": lambda _: f"cast({variable('percentile')} AS double)",
        }
        parts = []
        for literal, name, argument, _ in Formatter().parse(template):
            parts.append(literal)
            if name in words:
                parts.append(words[name](argument or ""))
            elif name in CONDITIONS:
                parts.append(self.condition(name))
            elif name is not None:
                parts.append(self.column(name))
        return "".join(parts)

    def condition(self, name: str) -> str:
        """Return one of CONDITIONS as SQL. Raises NotCollected."""
        condition = CONDITIONS[name]
        try:
            return self._expand(condition.sql)
        except NotCollected:
            if condition.fallback is None:
                raise
            return self._expand(condition.fallback)

    def signal(self, signal: Signal, seconds: str = WINDOW_SECONDS) -> str:
        """Return a signal's aggregate, scaled by sampling where it has to be."""
        text = self._expand(signal.sql, seconds)
        return f"{self._bundle.scale} * {text}" if signal.scaled and self._bundle.scale else text

    def label(self, split: Split) -> str:
        """Return a split's text; "-" where a request has none, as CloudFront writes it."""
        text = self._expand(split.sql)
        plain = re.fullmatch(r"\{(text:)?[a-z-]+\}", split.sql)
        return text if self._classic and plain else f"coalesce({text}, '{NONE}')"

    def available(self, *needs: Signal | Split | str) -> bool:
        """Tell whether the fields that signals, splits and conditions (by name) need are there."""
        try:
            for need in needs:
                self.condition(need) if isinstance(need, str) else self._expand(need.sql)
        except NotCollected:
            return False
        return True

    def fields_of(self, *needs: Signal | Split | str) -> tuple[str, ...]:
        """Return the CloudFront fields that signals, splits and conditions read, in order."""
        probe = _Probe(self._bundle)
        probe.available(*needs)
        return tuple(field.name for field in catalog.FIELDS if field.name in probe.seen)

    # -- where -----------------------------------------------------------------------------------

    @property
    def measure_name(self) -> str:
        """The measure name of request records."""
        return "sc_bytes" if self._classic else "request"

    def _where(
        self,
        record: str,
        where: Sequence[str],
        filters: Sequence[str],
        time: Sequence[str] = ("$__timeFilter",),
    ) -> list[str]:
        name = self.measure_name if record == "request" else record
        terms = [f"measure_name = '{name}'", *time]
        terms += [self.condition(term) for term in where]
        terms += [self.filter(SPLITS[term]) for term in filters if self.available(SPLITS[term])]
        return terms

    def filter(self, split: Split) -> str:
        """Return the predicate of the split's dashboard variable.

        "All" is one constant that is compared with itself, so that neither a long list is sent nor
        a value has to be looked at. Anything else is compared with the bare column, because a
        function around it would keep Timestream from skipping what cannot match.
        https://docs.aws.amazon.com/timestream/latest/developerguide/queries.html
        """
        values = variable(split.variable or split.name)
        text = self._expand(split.sql)
        either = [f"'{ALL}' IN ({values})", f"{text} IN ({values})"]
        if text != self.label(split) and re.fullmatch(r"\w+", text):
            either.append(f"'{NONE}' IN ({values}) AND {text} IS NULL")
        return f"({' OR '.join(either)})"

    def _having(self, having: Sequence[Having], seconds: str = WINDOW_SECONDS) -> list[str]:
        return [f"{self.signal(sig, seconds)} {op} {number(bound)}" for sig, op, bound in having]


class _Probe(Words):
    """Words that remember which fields they were asked for and had."""

    def __init__(self, bundle: Bundle) -> None:
        super().__init__(bundle)
        self.seen: set[str] = set()

    def _field(self, name: str) -> catalog.Field:
        field = super()._field(name)
        self.seen.add(name)
        return field
