"""Data for tests of alert rules: log lines, through the processor into the embedded Timestream.

    traffic: fields ─▶ log lines ─▶ the processor ─┐
    pipeline: measures ─▶ the processor's report ──┴▶ a table ◀─ the rules' queries

docs/testing-rules.md describes what a test says of its traffic.
"""

import argparse
import contextlib
import json
import time
from collections.abc import Collection, Iterable, Iterator
from datetime import datetime
from itertools import count, islice
from pathlib import Path
from urllib.parse import urlsplit

from botocore.exceptions import BotoCoreError, ClientError, HTTPClientError

from dashboards.stores.timestream import frames
from local.aws import client, use
from local.rulecases import KEYS, LINES_PER_BATCH, USUAL, Data, Entry, event, quiet, read
from local.stores.timestream import LONGEST_MAGNETIC_DAYS, LONGEST_MEMORY_HOURS
from local.stores.timestream.rulequeries import RuleQueries, check
from processor.config import Config
from processor.handler import Processor
from processor.stores.timestream.pipeline import pipeline_body
from processor.stores.timestream.settings import LAYOUTS, Settings
from ruletest.cases import Case, Outcome, load_tests
from ruletest.command import run
from ruletest.datasource import SourceError
from ruletest.given import Given
from ruletest.rulefile import AlertRule
from ruletest.versions import Version
from timestream_local import Server

__all__ = ["TRAFFIC", "USUAL", "Data", "Endpoint", "Entry", "endpoint", "load"]

DATABASE = "alerttests"


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
                processor.handle(event(some))
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

    def source(self, table: str) -> RuleQueries:
        """Return the data source of a table, for rules."""
        names = frames.Source(database=f'"{self.database}"', table=f'"{table}"')
        return RuleQueries(self.client, names)

    @contextlib.contextmanager
    def prepared(self, data: Data, start: datetime) -> Iterator[RuleQueries]:
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
            settings = Settings(self.database, table, data.layout or LAYOUTS[0])
            config = Config(settings=settings, fields=data.fields)
            self._processors[key] = Processor(config)
            self._processors[key].writes_records = False
            self._processors[key].prepare()
        return self._processors[key]

    @contextlib.contextmanager
    def _environment(self) -> Iterator[None]:
        """Have the processor write here, and say nothing on standard output, meanwhile."""
        with quiet():
            use({"TIMESTREAM_WRITE": self.url})
            yield


_SILENT = "the Timestream endpoint does not answer"


@contextlib.contextmanager
def _answering() -> Iterator[None]:
    try:
        yield
    except (BotoCoreError, ClientError, HTTPClientError) as error:
        raise SourceError(f"{_SILENT}: {error}") from None


class Traffic:
    """The source of `python -m dashboards test-rules`."""

    keys: Collection[str] = KEYS | {"layout"}

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

    def read(self, given: Given, rule: AlertRule) -> Data:
        """Return a test's traffic, every field and query of it checked."""
        return read(given, rule, check, given.one_of("layout", LAYOUTS, LAYOUTS[0]))


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
