"""Data in the test file itself: what each query answers, as tables or as series.

README.md describes the notation; that of values follows promtool's.
https://prometheus.io/docs/prometheus/latest/configuration/unit_testing_rules/#series
"""

import argparse
import contextlib
import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ruletest.frames import Field, Frame
from ruletest.given import Given
from ruletest.rulefile import AlertRule
from ruletest.values import EvaluationError
from ruletest.yamlfile import FileError, a_list, check_keys, line_of, located, texts, written

KEY = "data"
_TABLE, _SERIES, _ERROR = {"from", "rows"}, {"from", "series", "every", "values"}, {"from", "error"}
_READER = "the tester"
_NUMBER = r"(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?"
_WORD = re.compile(
    rf"(?:(_|null)|([-+]?(?:{_NUMBER}|Inf)|NaN)([-+]{_NUMBER}(?=x))?)(?:x(\d{{1,9}}))?"
)
_MOST_VALUES = 100_000
_LONG_AGO = -math.inf
Cell = str | float | bool | None


@dataclass(frozen=True, slots=True)
class Table:
    """The answer from a time on, until the query's next entry: rows, or an error."""

    start: float  # seconds after the test's
    rows: tuple[Mapping[str, Cell], ...] = ()
    error: str = ""

    def frame(self) -> Frame:
        """Return a field for each column, in the order in which the rows name them."""
        names = dict.fromkeys(name for row in self.rows for name in row)
        return Frame([_column(name, [row.get(name) for row in self.rows]) for name in names])


@dataclass(frozen=True, slots=True)
class Points:
    """A series. A query gets the points in its time range."""

    labels: Mapping[str, str]
    points: tuple[tuple[float, float | None], ...]  # seconds after the test's start, value

    def frame(self, zero: float, start: float, end: float) -> Frame:
        """Return times (nanoseconds) and values from ``start`` to ``end`` (seconds after zero)."""
        kept = [(at, value) for at, value in self.points if start <= at <= end]
        times = [round((zero + at) * 1000) * 1_000_000 for at, _ in kept]
        values = Field("value", "number", [value for _, value in kept], dict(self.labels))
        return Frame([Field("time", "time", times), values])


Answers = Mapping[str, Sequence[Table | Points]]  # by the query's refId


@dataclass(frozen=True, slots=True)
class Told:
    """A data source that answers with the test's own data."""

    answers: Answers
    zero: float  # the test's start, epoch seconds

    def run(self, model: Mapping[str, Any], start: datetime, end: datetime) -> list[Frame]:
        """Return the table that holds at the range's end, or the series' points in the range."""
        first, last = start.timestamp() - self.zero, end.timestamp() - self.zero
        entries = self.answers[model["refId"]]
        series = [each for each in entries if isinstance(each, Points)]
        if series:
            frames = [each.frame(self.zero, first, last) for each in series]
            return [frame for frame in frames if len(frame)]
        tables = [each for each in entries if isinstance(each, Table) and each.start <= last]
        if not tables:
            return []
        if tables[-1].error:
            raise EvaluationError(tables[-1].error)
        return [tables[-1].frame()]


class Static:
    """The default source of `python -m ruletest`."""

    keys = frozenset({KEY})

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """There are no options."""

    @contextlib.contextmanager
    def opened(self, options: argparse.Namespace) -> Iterator["Static"]:
        """Nothing has to be started."""
        yield self

    @contextlib.contextmanager
    def prepared(self, data: Answers, start: datetime) -> Iterator[Told]:
        """Yield what answers with the test's own data."""
        yield Told(data, start.timestamp())

    def read(self, given: Given, rule: AlertRule) -> Answers:
        """Return the answers to each query of the rule; raises FileError if a query has none."""
        queries = sorted(query.ref_id for query in rule.data if not query.is_expression)
        found: dict[str, list[Table | Points]] = {}
        for mapping in (given.file, given.test):  # a test's own replace the file's
            entries = mapping.get(KEY) or {}
            with located(mapping, name=KEY):
                # The file's entries may be for another test's rule.
                known = queries if mapping is given.test else [*queries, *entries]
                check_keys(entries, known, f"{given.where}: {KEY}", f"rule {rule.uid!r}")
                for ref in entries:
                    found[ref] = _entries(given, entries, ref)
        for ref in queries:
            if ref not in found:
                raise FileError(
                    f"{given.where}: {KEY} lacks query {ref!r} of the rule; `{ref}: []` is no data",
                    given.line(KEY),
                )
        return found


SOURCE = Static()


def _entries(given: Given, mapping: Mapping[str, Any], ref: str) -> list[Table | Points]:
    where = f"{given.where}: {KEY}: {ref}"
    found = [_entry(given, raw, where) for raw in a_list(mapping, ref, where)]
    if len({isinstance(each, Points) for each in found}) > 1:
        raise FileError(f"{where}: a query answers tables or series, not both", line_of(mapping))
    tables = [each.start for each in found if isinstance(each, Table)]
    if tables != sorted(set(tables)):
        raise FileError(
            f"{where}: write the entries in the order of their `from`, each with another",
            line_of(mapping, ref),
        )
    return found


def _entry(given: Given, raw: object, where: str) -> Table | Points:
    with located(raw):
        kinds = [
            name for name in ("rows", "series", "error") if isinstance(raw, dict) and name in raw
        ]
        if len(kinds) != 1:
            if isinstance(raw, dict):
                for name in raw:
                    if name not in _TABLE | _SERIES | _ERROR:
                        check_keys(raw, _TABLE | _SERIES | _ERROR, where, _READER)
            raise FileError(f"{where}: an entry has one of `rows`, `series` and `error`")
        known = {"rows": _TABLE, "series": _SERIES, "error": _ERROR}[kinds[0]]
        entry = check_keys(raw, known, where, _READER)
        start = given.offset(entry, "from") if "from" in entry else _LONG_AGO
        if kinds == ["rows"]:
            return Table(start, tuple(_row(each, where) for each in a_list(entry, "rows", where)))
        if kinds == ["error"]:
            text = written(entry, "error", where)
            if not text:
                raise FileError(f"{where}: error must be the text of the error")
            return Table(start, error=text)
        for name in ("from", "every", "values"):
            if name not in entry:
                raise FileError(f"{where}: a series lacks `{name}`")
        every = given.offset(entry, "every", signed=False)
        if every <= 0:
            raise FileError(f"{where}: every must be longer than 0s", line_of(entry, "every"))
        labels = texts(entry, "series", where)
        with located(entry, where, "values"):
            values = list(_values(written(entry, "values", where)))
        return Points(labels, tuple((start + n * every, v) for n, v in values))


def _row(raw: object, where: str) -> Mapping[str, Cell]:
    with located(raw):
        if not isinstance(raw, dict) or not raw:
            raise FileError(f"{where}: a row is a mapping of column and value, such as {{n: 5}}")
        for name, value in raw.items():
            if isinstance(value, list | dict):
                raise FileError(f"{where}: {name} must be a number, text, true, false or null")
        return dict(raw)


def _values(text: str) -> Iterator[tuple[int, float | None]]:
    """Yield index and value of each point; ``_`` is a missing point, ``null`` one without value."""
    place = 0
    for word in text.split():
        found = _WORD.fullmatch(word)
        if not found:
            raise FileError(f"{word!r} is no value; write numbers, 5x3, 0+2x10, null or _")
        special, first, step, times = found.groups()
        count = int(times or 0) + (special is None or times is None)
        if place + count > _MOST_VALUES:
            raise FileError(f"{word!r} makes more than {_MOST_VALUES} values")
        for n in range(count):
            if special != "_":
                yield place, None if special else float(first) + n * float(step or 0)
            place += 1


def _column(name: str, values: list[Cell]) -> Field:
    """Return a field of its values' type; values of several types become text."""
    kinds = {type(value) for value in values if value is not None}
    if kinds == {bool}:
        return Field(name, "boolean", values)
    if kinds <= {int, float}:
        return Field(name, "number", values)
    return Field(name, "string", [None if value is None else str(value) for value in values])
