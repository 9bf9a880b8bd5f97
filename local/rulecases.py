"""What a test of a rule says of its data: requests and batches that are alike, over a time.

docs/testing-rules.md describes it. A store makes rows of it, through the processor, and brings what
answers the rules' queries about them (local/stores/).
"""

import base64
import contextlib
import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import count
from typing import Any

from processor import catalog
from processor.report import MEASURES, Report
from ruletest.given import Given
from ruletest.rulefile import AlertRule
from ruletest.values import EvaluationError
from ruletest.yamlfile import FileError, check_keys, kind, line_of, located, texts

LINES_PER_BATCH = 2000
NANOSECONDS = 1_000_000_000
# Of a test, or of its file for all its tests.
KEYS = frozenset({"traffic", "pipeline", "columns"})
# The request that a test says nothing about: a hit, fast and small, from Germany at Frankfurt.
# Fields that are not here are absent, unless a test names them.
USUAL: Mapping[str, str] = {
    "time-to-first-byte": "0.02",
    "sc-status": "200",
    "sc-bytes": "1000",
    "cs-method": "GET",
    "cs-host": "www.example.com",
    "cs-uri-stem": "/index.html",
    "x-edge-location": "FRA56-P1",
    "x-host-header": "d111111abcdef8.cloudfront.net",
    "time-taken": "0.03",
    "x-edge-result-type": "Hit",
    "x-edge-detailed-result-type": "Hit",
    "c-country": "DE",
    "cache-behavior-path-pattern": "*",
}
_ABSENT = ("-", "")
_ENTRY = {"from", "to", "requests", "fields"}
_SPAN = {"from", "to", "batches"}


@dataclass(frozen=True, slots=True)
class Entry:
    """Requests or batches that are alike, at times (nanoseconds) after the test's start."""

    times: tuple[int, ...]
    values: Mapping[str, Any]  # fields of a log line, or measures of the pipeline's record


@dataclass(frozen=True, slots=True)
class Data:
    """What is in the table when a test's rule is evaluated."""

    layout: str = ""  # of records, where the store has several
    traffic: tuple[Entry, ...] = ()
    pipeline: tuple[Entry, ...] = ()
    columns: bool = True  # whether the table has had every field before

    @property
    def fields(self) -> tuple[catalog.Field, ...]:
        """The log configuration: the default, and what else the traffic names."""
        named = {name for entry in self.traffic for name in entry.values}
        others = [each for each in catalog.FIELDS if each.name in named]
        return tuple(dict.fromkeys((*catalog.DEFAULT_FIELDS, *others)))

    def lines(self, start: datetime, until: int | None = None) -> Iterator[str]:
        """Yield the log lines; each has a request id of its own.

        ``until`` leaves out what is later, in epoch nanoseconds.
        """
        zero = _nanoseconds(start)
        serial = count(1)
        for entry in self.traffic:
            values = {**USUAL, **entry.values}
            for at in entry.times:
                if until is None or zero + at <= until:
                    whole, part = divmod((zero + at) // 1_000_000, 1000)
                    values["timestamp"] = f"{whole}.{part:03d}"
                    values["x-edge-request-id"] = f"test-{next(serial):019d}"
                    yield "\t".join(values.get(field.name, "-") for field in self.fields)

    def batches(self, start: datetime, until: int | None = None) -> Iterator[tuple[Report, int]]:
        """Yield the processor's reports about itself, with their times in nanoseconds."""
        zero = _nanoseconds(start)
        for entry in self.pipeline:
            for at in entry.times:
                if until is None or zero + at <= until:
                    yield _report(entry.values), zero + at


def _nanoseconds(start: datetime) -> int:
    return round(start.timestamp()) * NANOSECONDS


def _report(measures: Mapping[str, Any]) -> Report:
    """Return a batch's report; other measures are 0, and lines that are not lost are written."""
    lost = sum(measures.get(name, 0) for name in ("malformed", "rejected", "duplicates"))
    told = {"lag_p50_ms": 0.0, "lag_max_ms": 0.0, "written": measures.get("received", 0) - lost}
    return Report(**{**told, **measures})


def read(
    given: Given, rule: AlertRule, check: Callable[[Mapping[str, Any]], None], layout: str = ""
) -> Data:
    """Return a test's traffic, every field of it checked, and by `check` each query's model.

    `check` raises EvaluationError for a query that the store's data source cannot ask.
    """
    _check_queries(given, rule, check)
    return Data(
        layout=layout,
        traffic=tuple(_request(given, own, raw) for own, raw in _entries(given, "traffic")),
        pipeline=tuple(_batch(given, own, raw) for own, raw in _entries(given, "pipeline")),
        columns=given.boolean("columns"),
    )


@contextlib.contextmanager
def quiet() -> Iterator[None]:
    """Have a processor say nothing on standard output; afterwards the environment is as it was."""
    kept = dict(os.environ)
    os.environ.update(POWERTOOLS_METRICS_DISABLED="true", LOG_LEVEL="CRITICAL")
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(kept)


def event(lines: Iterable[str]) -> dict[str, Any]:
    """Return lines as Kinesis hands them to the processor, in one record."""
    data = base64.b64encode("\n".join(lines).encode()).decode()
    return {"Records": [{"eventID": "shard-0:1", "kinesis": {"sequenceNumber": "1", "data": data}}]}


def _check_queries(
    given: Given, rule: AlertRule, check: Callable[[Mapping[str, Any]], None]
) -> None:
    for query in rule.data:
        if query.is_expression:
            continue
        try:
            check(query.model)
        except EvaluationError as error:
            raise FileError(
                f"{given.where}: rule {rule.title!r}, query {query.ref_id!r}: {error}",
                given.line("rule"),
            ) from None


def _entries(given: Given, name: str) -> Iterator[tuple[int, Mapping[str, Any]]]:
    """Yield the mappings of a list, numbered."""
    for own, raw in enumerate(given.entries(name)):
        with located(raw):
            if not isinstance(raw, dict):
                raise FileError(f"{given.where}: {name}: expected a mapping, got {kind(raw)}")
            yield own, raw


def _times(given: Given, raw: Mapping[str, Any], what: str, own: int) -> tuple[int, ...]:
    """Return an entry's times, evenly spread; a nanosecond tells them from the next entry's."""
    for name in ("from", "to"):
        if name not in raw:
            raise FileError(f"{given.where}: {what} lacks `{name}`")
    start, end = given.offset(raw, "from"), given.offset(raw, "to")
    number = raw.get(what, 1)
    if isinstance(number, bool) or not isinstance(number, int) or number < 0 or end < start:
        raise FileError(
            f"traffic from {raw['from']} to {raw['to']}: {what} must be a count, "
            "and to must not be before from"
        )
    step = (end - start) / max(number, 1)
    return tuple(int((start + (n + 0.5) * step) * 1_000_000) * 1000 + own for n in range(number))


def _request(given: Given, own: int, raw: Mapping[str, Any]) -> Entry:
    with located(raw):
        check_keys(raw, _ENTRY, f"{given.where}: traffic", "the tester")
        times = _times(given, raw, "requests", own)
        values = texts(raw, "fields", f"{given.where}: traffic")
        with located(raw, given.where, "fields"):
            for name, value in values.items():
                _check_field(name, value)
        return Entry(times, values)


def _check_field(name: str, value: str) -> None:
    """Raise FileError for what no log line can hold; the processor would leave it out."""
    try:
        [field] = catalog.resolve([name])
    except catalog.UnknownField as error:
        raise FileError(str(error)) from None
    number = {"BIGINT": int, "DOUBLE": float}.get(field.type)
    if number and value not in _ABSENT:
        try:
            number(value)
        except ValueError:
            raise FileError(f"{name}: {value!r} is no {field.type}") from None


def _batch(given: Given, own: int, raw: Mapping[str, Any]) -> Entry:
    with located(raw):
        times = _times(given, raw, "batches", own)
        values = {name: value for name, value in raw.items() if name not in _SPAN}
        for name, value in values.items():
            where = f"{given.where}: pipeline"
            if name not in MEASURES:
                raise FileError(
                    f"{where}: the record has no {name!r}; it has {', '.join(MEASURES)}",
                    line_of(raw, name),
                )
            whole = MEASURES[name][0] == "BIGINT"
            if isinstance(value, bool) or not isinstance(value, int if whole else int | float):
                wanted = "a whole number" if whole else "a number"
                raise FileError(f"{where}: {name} must be {wanted}", line_of(raw, name))
        return Entry(times, values)
