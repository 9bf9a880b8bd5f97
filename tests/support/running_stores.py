"""The store behind a running Grafana, which STORE names, and tables beside its usual ones."""

import os
import re
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import Any, Protocol

import pytest

from dashboards.stores.clickhouse import frames as clickhouse_frames
from dashboards.stores.timestream import frames as timestream_frames
from local.rulecases import Data
from local.stores import clickhouse, timestream
from local.stores.clickhouse import rulecases as clickhouse_cases
from local.stores.timestream import rulecases as timestream_cases
from processor.stores.clickhouse.rollup import ROLLUPS
from ruletest.cases import Case
from ruletest.frames import Frame

Json = dict[str, Any]


class Tables(Protocol):
    """Tables of a test's own, which Grafana's data source can read. They answer the rule tester."""

    def write(self, data: Data, start: datetime, until: int | None = None) -> None:
        """Write a case's data, as of a start, without what is later than epoch nanoseconds."""

    def asked(self, model: Mapping[str, Any]) -> Json:
        """Return a rule's query about these tables instead of the usual ones."""

    def anything(self) -> Json:
        """Return a query that these tables answer, and no others."""

    def run(self, model: Mapping[str, Any], start: datetime, end: datetime) -> list[Frame]:
        """Return the frames of a rule's query about these tables."""

    def delete(self) -> None:
        """Remove them."""


class Store(Protocol):
    """A store as tests of a running Grafana need it."""

    name: str
    variable: str  # of the environment, that holds the URL of its endpoint
    url: str  # as seen from here
    rules: Path  # as they are provisioned

    def tables(self) -> Tables:
        """Make empty tables."""

    def cases(self, path: Path) -> list[Case]:
        """Read a file of cases about the provisioned rules."""

    def all_of(self, variable: Json) -> Any:
        """Return the choice "All" of a dashboard's variable."""

    def sent(self, model: Json, choices: Json) -> Json:
        """Return a panel's query as the browser sends it."""


class Timestream:
    """Timestream's endpoint at TIMESTREAM_URL."""

    name = "timestream"
    variable = "TIMESTREAM_URL"
    rules = timestream.RULES

    def __init__(self) -> None:
        self.url = os.environ.get(self.variable, "http://127.0.0.1:8086")

    @cached_property
    def _endpoint(self) -> timestream_cases.Endpoint:
        """Keep what writes: it is made for a table once, and a table's name is used again."""
        database = os.environ.get("TIMESTREAM_DATABASE", "cloudfront")
        return timestream_cases.Endpoint(self.url, database)

    def tables(self) -> "_TimestreamTable":
        return _TimestreamTable(self._endpoint)

    def cases(self, path: Path) -> list[Case]:
        return timestream_cases.load(path, [self.rules])

    def all_of(self, variable: Json) -> timestream_frames.All:
        return timestream_frames.All(variable["allValue"])

    def sent(self, model: Json, choices: Json) -> Json:
        text = timestream_frames.substitute(model["rawQuery"], choices)
        return {**model, "rawQuery": text, "waitForResult": True}


class _TimestreamTable:
    def __init__(self, endpoint: timestream_cases.Endpoint) -> None:
        self._endpoint = endpoint
        self._name = endpoint.create()
        self._source = endpoint.source(self._name)
        self._names = {"database": f'"{endpoint.database}"', "table": f'"{self._name}"'}

    def write(self, data: Data, start: datetime, until: int | None = None) -> None:
        self._endpoint.write(self._name, data, start, until)

    def asked(self, model: Mapping[str, Any]) -> Json:
        return {**model, **self._names}

    def anything(self) -> Json:
        text = "SELECT count(*) AS n FROM $__database.$__table"
        return self.asked({"rawQuery": text, "format": 0})

    def run(self, model: Mapping[str, Any], start: datetime, end: datetime) -> list[Frame]:
        return self._source.run(model, start, end)

    def delete(self) -> None:
        self._endpoint.delete(self._name)


class ClickHouse:
    """The server at CLICKHOUSE_URL, which has the name and password of who may make tables there.

    A test's tables are in the database that Grafana's reader may read, under a name of their own.
    """

    name = "clickhouse"
    variable = "CLICKHOUSE_URL"
    rules = clickhouse.RULES

    def __init__(self) -> None:
        usual = "http://default:cloudfront@127.0.0.1:8123"  # docker-compose.yml's
        self.url = os.environ.get(self.variable, usual)
        self._database = os.environ.get("CLICKHOUSE_DATABASE", clickhouse.DATABASE)

    def tables(self) -> "_ClickHouseTables":
        return _ClickHouseTables(self.url, self._database)

    def cases(self, path: Path) -> list[Case]:
        return clickhouse_cases.load(path, [self.rules])

    def all_of(self, variable: Json) -> clickhouse_frames.All:
        return clickhouse_frames.All()

    def sent(self, model: Json, choices: Json) -> Json:
        return {**model, "rawSql": clickhouse_frames.substitute(model["rawSql"], choices)}


class _ClickHouseTables:
    def __init__(self, url: str, database: str) -> None:
        self._name = f"e2e_{uuid.uuid4().hex[:12]}"
        self._place = clickhouse.place(database, self._name)
        self._endpoint = clickhouse_cases.Endpoint(url, database, self._name)
        self._source = self._endpoint.source()

    def write(self, data: Data, start: datetime, until: int | None = None) -> None:
        self._endpoint.write(data, start, until)

    def asked(self, model: Mapping[str, Any]) -> Json:
        named = re.sub(rf"\b{clickhouse.TABLE}(?=\b|_)", self._name, model["rawSql"])
        return {**model, "rawSql": named}

    def anything(self) -> Json:
        return self.asked({"rawSql": f"SELECT count() AS n FROM {clickhouse.TABLE}", "format": 1})

    def run(self, model: Mapping[str, Any], start: datetime, end: datetime) -> list[Frame]:
        return self._source.run(self.asked(model), start, end)

    def delete(self) -> None:
        here = self._place
        for view in map(here.view, ROLLUPS):
            self._endpoint.client.run(f"DROP VIEW IF EXISTS {view}")
        for table in (here.requests, *map(here.rollup, ROLLUPS), here.pipeline):
            self._endpoint.client.run(f"DROP TABLE IF EXISTS {table}")


STORES = {each.name: each for each in (Timestream, ClickHouse)}


def named() -> str:
    """Return the name of the store that STORE asks for; raises UsageError for no store's name."""
    name = os.environ.get("STORE") or "timestream"
    if name not in STORES:
        raise pytest.UsageError(f"STORE={name}: there is no such store; use {' or '.join(STORES)}")
    return name


@contextmanager
def filled(store: Store) -> Iterator[Tables]:
    """Yield tables for as long as the block lasts."""
    made = store.tables()
    try:
        yield made
    finally:
        made.delete()
