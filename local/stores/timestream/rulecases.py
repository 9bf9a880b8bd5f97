"""Data for tests of alert rules: log lines, through the processor into the embedded Timestream.

    traffic: fields ─▶ log lines ─▶ the processor ─┐
    pipeline: measures ─▶ the processor's report ──┴▶ a table ◀─ the rules' queries

docs/testing-rules.md describes what a test says of its traffic.
"""

import argparse
import base64
import contextlib
import json
import os
import time
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import count, islice
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from botocore.exceptions import BotoCoreError, ClientError, HTTPClientError

from dashboards.stores.timestream import frames
from local.aws import client, use
from local.stores.timestream import LONGEST_MAGNETIC_DAYS, LONGEST_MEMORY_HOURS
from local.stores.timestream.rulequeries import Timestream, check
from processor import catalog
from processor.config import Config
from processor.handler import Processor
from processor.report import MEASURES, Report
from processor.stores.timestream.pipeline import pipeline_body
from processor.stores.timestream.settings import LAYOUTS, Settings
from ruletest.cases import Case, Outcome, load_tests
from ruletest.command import run
from ruletest.datasource import SourceError
from ruletest.given import Given
from ruletest.rulefile import Rule
from ruletest.values import EvaluationError
from ruletest.versions import Version
from ruletest.yamlfile import FileError, check_keys, kind, line_of, located, texts
from timestream_local import Server

DATABASE = "alerttests"
LINES_PER_BATCH = 2000
NANOSECONDS = 1_000_000_000
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

    layout: str = "multi"
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


class Endpoint:
    """A Timestream endpoint to run tests on; every test gets a table of its own."""

    def __init__(self, url: str, database: str = DATABASE) -> None:
        if urlsplit(url).scheme not in ("http", "https") or not urlsplit(url).hostname:
            raise SourceError(f"{_SILENT}: {url!r} is no URL such as http://127.0.0.1:8080")
        self.url = url
        self.database = database
        self._write = client("timestream-write", url, patient=False)
        self.client = client("timestream-query", url, patient=False)
        self._free: list[str] = []  # names of deleted tables; their processors are kept
        self._numbers = count(1)
        self._processors: dict[tuple[object, ...], Processor] = {}
        with _answering(), contextlib.suppress(self._write.exceptions.ConflictException):
            self._write.create_database(DatabaseName=database)

    def create(self) -> str:
        """Return the name of a new table."""
        name = self._free.pop() if self._free else f"test_{time.time_ns():x}_{next(self._numbers)}"
        self._write.create_table(
            DatabaseName=self.database,
            TableName=name,
            RetentionProperties={  # rows of any year can be written: a test's times are its own
                "MemoryStoreRetentionPeriodInHours": LONGEST_MEMORY_HOURS,
                "MagneticStoreRetentionPeriodInDays": LONGEST_MAGNETIC_DAYS,
            },
            MagneticStoreWriteProperties={"EnableMagneticStoreWrites": True},
        )
        return name

    def delete(self, table: str) -> None:
        """Delete a table."""
        self._write.delete_table(DatabaseName=self.database, TableName=table)
        self._free.append(table)

    @contextlib.contextmanager
    def table(self) -> Iterator[str]:
        """Yield the name of a new table, for as long as the block lasts."""
        name = self.create()
        try:
            yield name
        finally:
            self.delete(name)

    def write(self, table: str, data: Data, start: datetime, until: int | None = None) -> None:
        """Write a test's data; raises SourceError for what the table does not take."""
        with self._environment():
            processor = self._processor(table, data)
            if data.columns:
                processor.announce()
            lines = data.lines(start, until)
            while some := list(islice(lines, LINES_PER_BATCH)):
                processor.handle(_event(some))
                if processor.report.written != len(some):
                    reasons = sorted({code for _, code in processor.report.reasons})
                    raise SourceError(f"the processor did not write the lines: {reasons}")
            records = [
                record
                for report, at in data.batches(start, until)
                for record in json.loads(pipeline_body(report, processor.config, at))["Records"]
            ]
        for first in range(0, len(records), 100):
            self._write.write_records(
                DatabaseName=self.database, TableName=table, Records=records[first : first + 100]
            )

    def source(self, table: str) -> Timestream:
        """Return the data source of a table, for rules."""
        names = frames.Source(database=f'"{self.database}"', table=f'"{table}"')
        return Timestream(self.client, names)

    @contextlib.contextmanager
    def prepared(self, data: Data, start: datetime) -> Iterator[Timestream]:
        """Yield the data source of a new table that has a test's data."""
        with _answering(), self.table() as table:
            self.write(table, data, start)
            yield self.source(table)

    def run(self, test: Case, *, show: bool = False) -> Outcome:
        """Run a test."""
        return run(test, self, show=show)

    def _processor(self, table: str, data: Data) -> Processor:
        key = table, data.layout, data.fields
        if key not in self._processors:
            settings = Settings(self.database, table, data.layout)
            config = Config(settings=settings, fields=data.fields)
            self._processors[key] = Processor(config)
            self._processors[key].writes_records = False
            self._processors[key].prepare()
        return self._processors[key]

    @contextlib.contextmanager
    def _environment(self) -> Iterator[None]:
        """Have the processor write here, and say nothing on standard output, meanwhile."""
        kept = dict(os.environ)
        use({"TIMESTREAM_WRITE": self.url})
        os.environ.update(POWERTOOLS_METRICS_DISABLED="true", LOG_LEVEL="CRITICAL")
        try:
            yield
        finally:
            os.environ.clear()
            os.environ.update(kept)


_SILENT = "the Timestream endpoint does not answer"


@contextlib.contextmanager
def _answering() -> Iterator[None]:
    try:
        yield
    except (BotoCoreError, ClientError, HTTPClientError) as error:
        raise SourceError(f"{_SILENT}: {error}") from None


def _event(lines: Iterable[str]) -> dict[str, Any]:
    """Return lines as Kinesis hands them to the processor, in one record."""
    data = base64.b64encode("\n".join(lines).encode()).decode()
    return {"Records": [{"eventID": "shard-0:1", "kinesis": {"sequenceNumber": "1", "data": data}}]}


class Traffic:
    """The source of `python -m dashboards test-rules`."""

    keys: Collection[str] = frozenset({"layout", "traffic", "pipeline", "columns"})

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Add --endpoint."""
        parser.add_argument(
            "--endpoint", metavar="URL", help="a local Timestream endpoint; default: its own"
        )

    @contextlib.contextmanager
    def opened(self, options: argparse.Namespace) -> Iterator[Endpoint]:
        """Yield the endpoint at --endpoint, or an embedded one for as long as the block lasts."""
        with endpoint(options.endpoint) as running:
            yield running

    def read(self, given: Given, rule: Rule) -> Data:
        """Return a test's traffic, every field and query of it checked."""
        _check_queries(given, rule)
        return Data(
            layout=given.one_of("layout", LAYOUTS, "multi"),
            traffic=tuple(_request(given, own, raw) for own, raw in _entries(given, "traffic")),
            pipeline=tuple(_batch(given, own, raw) for own, raw in _entries(given, "pipeline")),
            columns=given.boolean("columns"),
        )


TRAFFIC = Traffic()


@contextlib.contextmanager
def endpoint(url: str | None) -> Iterator[Endpoint]:
    """Yield the endpoint at ``url``, or an embedded one for as long as the block lasts."""
    if url:
        yield Endpoint(url)
        return
    with Server() as server:
        yield Endpoint(server.url)


def load(path: Path, rules: Iterable[Path] = (), grafana: Version | None = None) -> list[Case]:
    """Read a test file about traffic; see ruletest.cases.load_tests."""
    return load_tests(path, TRAFFIC, rules, grafana)


def _check_queries(given: Given, rule: Rule) -> None:
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
