"""`python -m dashboards test-rules FILE...`: run tests of alert rules."""

import argparse
import contextlib
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError, HTTPClientError

from dashboards.stores.timestream import frames
from ruletest import rows
from ruletest.cases import Case, Outcome, load_tests, run_test
from ruletest.query import Timestream
from ruletest.versions import Version, version
from ruletest.yamlfile import FileError

DATABASE = "alerttests"
# Rows of any year can be written: a test's times are its own.
_RETENTION = {
    "MemoryStoreRetentionPeriodInHours": 8_766,
    "MagneticStoreRetentionPeriodInDays": 73_000,
}


class EndpointError(ValueError):
    """What was given for an endpoint's URL is none."""


class Endpoint:
    """A Timestream endpoint to run tests on; every test gets a table of its own."""

    def __init__(self, url: str, database: str = DATABASE) -> None:
        if urlsplit(url).scheme not in ("http", "https") or not urlsplit(url).hostname:
            raise EndpointError(f"{url!r} is no URL such as http://127.0.0.1:8080")
        self.url = url
        self.database = database
        settings: dict[str, Any] = {
            "endpoint_url": url,
            "region_name": "us-east-1",
            "aws_access_key_id": "test",
            "aws_secret_access_key": "test",
            "config": Config(retries={"max_attempts": 1}),
        }
        self._write = boto3.client("timestream-write", **settings)
        self.client = boto3.client("timestream-query", **settings)
        self.rows = rows.Writer(url)
        self._tables = 0
        with contextlib.suppress(self._write.exceptions.ConflictException):
            self._write.create_database(DatabaseName=database)

    def create(self) -> str:
        """Return the name of a new table."""
        self._tables += 1
        name = f"test_{time.time_ns():x}_{self._tables}"
        self._write.create_table(
            DatabaseName=self.database,
            TableName=name,
            RetentionProperties=_RETENTION,
            MagneticStoreWriteProperties={"EnableMagneticStoreWrites": True},
        )
        return name

    def delete(self, table: str) -> None:
        """Delete a table."""
        self._write.delete_table(DatabaseName=self.database, TableName=table)

    @contextlib.contextmanager
    def table(self) -> Iterator[str]:
        """Yield the name of a new table, for as long as the block lasts."""
        name = self.create()
        try:
            yield name
        finally:
            self.delete(name)

    def run(self, test: Case, *, show: bool = False) -> Outcome:
        """Write the test's rows into a new table and run it there."""
        with self.table() as table:
            self.rows.write(self.database, table, test.records())
            names = frames.Source(database=f'"{self.database}"', table=f'"{table}"')
            return run_test(test, Timestream(self.client, names), show=show)


@contextlib.contextmanager
def endpoint(url: str | None) -> Iterator[Endpoint]:
    """Yield the endpoint at ``url``, or an embedded one for as long as the block lasts."""
    if url:
        yield Endpoint(url)
        return
    from timestream_local import Server

    with Server() as server:
        yield Endpoint(server.url)


def _arguments() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m dashboards test-rules",
        description="Test Grafana alert rules against made-up traffic. "
        "docs/testing-rules.md describes the format of a test file.",
    )
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE", help="a test file (YAML)")
    parser.add_argument(
        "--rules", action="append", type=Path, default=[], metavar="FILE",
        help="a file of rules, contact points or templates, instead of those the tests name",
    )  # fmt: skip
    parser.add_argument(
        "--endpoint", metavar="URL", help="a running local Timestream endpoint; default: its own"
    )
    parser.add_argument(
        "--grafana", type=_version, metavar="VERSION",
        help="whose rules hold, such as 12.2 or 13; default: what the tests say, else the latest",
    )  # fmt: skip
    parser.add_argument(
        "--show", action="store_true", help="print every instance at every evaluation"
    )
    return parser


def _version(text: str) -> Version:
    try:
        return version(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None


def main(argv: list[str]) -> int:
    """Run the command line: 0 when every test passes, 1 when one fails, 2 for bad input."""
    given = _arguments().parse_args(argv)
    try:
        tests = [
            test for path in given.files for test in load_tests(path, given.rules, given.grafana)
        ]
    except FileError as error:
        print(f"test-rules: {error}", file=sys.stderr)
        return 2
    try:
        return _run(tests, given.endpoint, show=given.show)
    except (BotoCoreError, ClientError, HTTPClientError, EndpointError) as error:
        print(f"test-rules: the Timestream endpoint does not answer: {error}", file=sys.stderr)
        return 2


def _run(tests: list[Case], url: str | None, *, show: bool) -> int:
    failed = 0
    with endpoint(url) as where:
        for test in tests:
            try:
                outcome = where.run(test, show=show)
            except (rows.RowError, FileError) as error:
                print(f"test-rules: {test.path}, {test.name!r}: {error}", file=sys.stderr)
                return 2
            failed += not outcome.ok
            print(report(outcome))
    print(f"{len(tests) - failed} of {len(tests)} tests passed")
    return 1 if failed else 0


def report(outcome: Outcome) -> str:
    """Return a test's result for the terminal."""
    test = outcome.test
    lines = [f"{'ok  ' if outcome.ok else 'FAIL'} {test.rule.uid}: {test.name}"]
    for text in (*outcome.seen, *outcome.problems):
        lines.extend(f"     {line}" for line in text.splitlines())
    return "\n".join(lines)
