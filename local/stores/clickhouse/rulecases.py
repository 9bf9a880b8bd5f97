"""Data for tests of alert rules: log lines, through the processor into ClickHouse's engine.

    traffic: fields ─▶ log lines ─▶ the processor ─┐
    pipeline: measures ─▶ the processor's report ──┴▶ tables ◀─ the rules' queries

docs/testing-rules.md describes what a test says of its traffic.
"""

import argparse
import contextlib
import os
from collections.abc import Collection, Iterable, Iterator
from datetime import datetime
from itertools import islice
from pathlib import Path

from dashboards.stores.clickhouse.dialect import table
from local.aws import LocalError
from local.rulecases import KEYS, LINES_PER_BATCH, Data, event, quiet, read
from local.stores.clickhouse import place
from local.stores.clickhouse.client import Client
from local.stores.clickhouse.rulequeries import RuleQueries, check
from local.stores.clickhouse.server import Server
from processor.config import Config
from processor.handler import Processor
from processor.stores.clickhouse import pipeline, rollup, schema
from processor.stores.clickhouse.settings import Settings
from ruletest.cases import Case, Outcome, load_tests
from ruletest.command import run
from ruletest.datasource import SourceError
from ruletest.given import Given
from ruletest.rulefile import AlertRule
from ruletest.versions import Version

DATABASE = "alerttests"
TABLE = "realtime_logs"  # as the rules' queries call it


class Endpoint:
    """A ClickHouse server to run tests on, one after another, in tables of their own."""

    def __init__(self, url: str, database: str = DATABASE, table: str = TABLE) -> None:
        self.url = url
        self.database = database
        self.client = Client(url)
        self._place = place(database, table)
        self._tables = (
            self._place.requests,
            *map(self._place.rollup, rollup.ROLLUPS),
            self._place.pipeline,
        )
        os.environ["NO_PROXY"] = ",".join(
            filter(None, [os.environ.get("NO_PROXY"), self.client.host])
        )
        with _answering():
            for statement in schema.statements(self._place):
                self.client.run(statement)

    def write(self, data: Data, start: datetime, until: int | None = None) -> None:
        """Write a test's data; raises SourceError for what the tables do not take.

        Nothing is there before: what an earlier test wrote is deleted.
        """
        for name in self._tables:
            self.client.run(f"TRUNCATE TABLE {name}")
        with quiet():
            processor = self._processor(data)
            lines = data.lines(start, until)
            while some := list(islice(lines, LINES_PER_BATCH)):
                processor.handle(event(some))
                if processor.report.written != len(some):
                    reasons = sorted({code for _, code in processor.report.reasons})
                    raise SourceError(f"the processor did not write the lines: {reasons}")
            rows = [
                row
                for report, at in data.batches(start, until)
                for row in pipeline.pipeline_rows(report, processor.config.function_name, at)
            ]
        if rows:
            into = f"INSERT INTO {self._place.pipeline} ({pipeline.NAMES}) FORMAT TabSeparated\n"
            self.client.run(into + "\n".join(rows) + "\n")

    def source(self) -> RuleQueries:
        """Return what answers rules."""
        return RuleQueries(self.client, self.database)

    @contextlib.contextmanager
    def prepared(self, data: Data, start: datetime) -> Iterator[RuleQueries]:
        """Yield what answers rules about a test's data."""
        with _answering():
            self.write(data, start)
            yield self.source()

    def run(self, test: Case, *, show: bool = False) -> Outcome:
        """Run a test."""
        return run(test, self, show=show)

    def _processor(self, data: Data) -> Processor:
        """Return a new one: what it has written before is gone."""
        settings = Settings(
            url=self.client.url,
            database=self.database,
            table=self._place.table,
            user=self.client.user,
            password=self.client.password,
        )
        found = Processor(Config(store="clickhouse", settings=settings, fields=data.fields))
        found.writes_records = False
        found.prepare()
        return found


@contextlib.contextmanager
def _answering() -> Iterator[None]:
    try:
        yield
    except LocalError as error:
        raise SourceError(str(error)) from None


class Traffic:
    """The source of `python -m dashboards test-rules --store clickhouse`."""

    keys: Collection[str] = KEYS

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Add --endpoint."""
        parser.add_argument(
            "--endpoint",
            metavar="URL",
            help=f"a ClickHouse server, whose database {table(DATABASE)} is used; default: its own",
        )

    @contextlib.contextmanager
    def opened(self, options: argparse.Namespace) -> Iterator[Endpoint]:
        """Yield the server at --endpoint, or one of its own for as long as the block lasts."""
        with endpoint(options.endpoint) as running:
            yield running

    def read(self, given: Given, rule: AlertRule) -> Data:
        """Return a test's traffic, every field and query of it checked."""
        return read(given, rule, check)


TRAFFIC = Traffic()


@contextlib.contextmanager
def endpoint(url: str | None) -> Iterator[Endpoint]:
    """Yield the server at ``url``, or one of its own for as long as the block lasts."""
    if url:
        yield Endpoint(url)
        return
    try:
        with Server() as server:
            yield Endpoint(server.url)
    except OSError as error:  # the engine is not installed, for one
        raise SourceError(str(error)) from None


def load(path: Path, rules: Iterable[Path] = (), grafana: Version | None = None) -> list[Case]:
    """Read a test file about traffic; see ruletest.cases.load_tests."""
    return load_tests(path, TRAFFIC, rules, grafana)
