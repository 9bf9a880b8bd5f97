"""The stores that one suite of tests runs over: each a way to keep the same traffic, and to ask.

A way is a store, and of Timestream each layout. To add a store, add its way here.
"""

import os
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from typing import Any, Protocol

import requests

from dashboards import stores
from dashboards.stores import Format, Queries
from dashboards.stores.clickhouse import frames as clickhouse_frames
from dashboards.stores.timestream import frames
from dashboards.stores.timestream.dialect import ALL
from local.aws import client
from local.stores import clickhouse
from local.stores.clickhouse import server
from local.stores.timestream import make_table
from processor.config import Config
from processor.handler import Processor
from processor.stores.clickhouse import settings as clickhouse_settings
from processor.stores.timestream.settings import Settings
from tests.support.usual import Bundle
from timestream_local import Server

Frame = frames.Frame
Range = frames.Range
Choice = frames.Choice
# Set while a way runs; whoever starts one takes them away again.
ENVIRONMENT = {
    "AWS_ACCESS_KEY_ID": "test",
    "AWS_SECRET_ACCESS_KEY": "test",
    "AWS_REGION": "us-east-1",
    "POWERTOOLS_METRICS_DISABLED": "true",
    "LOG_LEVEL": "CRITICAL",
    "NO_PROXY": "127.0.0.1",
}


class Running(Protocol):
    """A store that runs, with any number of databases."""

    def processor(self, database: str) -> Processor:
        """Return what writes into an empty table of a new database."""

    def frame(
        self,
        query: Any,
        database: str,
        *,
        shape: Format,
        span: Range,
        chosen: Mapping[str, Choice],
    ) -> Frame:
        """Ask a panel's or variable's query as Grafana would; return the frame it makes.

        Dashboard variables that are not chosen are at All.
        """


class Way(Protocol):
    """A store, and how its rows are laid out where that can be chosen."""

    def bundle(self, **knobs: Any) -> Bundle:
        """Return the bundle whose dashboards and rules are asked."""

    def running(self) -> AbstractContextManager[Running]:
        """Run the store."""


class Timestream:
    """The embedded Timestream."""

    def __init__(self, layout: str) -> None:
        self._layout = layout

    def bundle(self, **knobs: Any) -> Bundle:
        """Return a bundle of the layout."""
        return Bundle(layout=self._layout, **{"personal": True, **knobs})

    @contextmanager
    def running(self) -> Iterator["_RunningTimestream"]:
        """Run an endpoint."""
        with Server() as server:
            yield _RunningTimestream(server.url, self._layout)


class _RunningTimestream:
    def __init__(self, url: str, layout: str) -> None:
        self._url = url
        self._layout = layout
        self._client = client("timestream-query", url)

    def processor(self, database: str) -> Processor:
        make_table(self._url, database, "realtime_logs")
        # The client reads its endpoint when the processor is made.
        os.environ["AWS_ENDPOINT_URL_TIMESTREAM_WRITE"] = self._url
        made = Processor(Config(settings=Settings(database, layout=self._layout)))
        made.prepare()
        return made

    def frame(
        self,
        query: Any,
        database: str,
        *,
        shape: Format,
        span: Range,
        chosen: Mapping[str, Choice],
    ) -> Frame:
        sql = frames.substitute(query, _Unless(chosen, frames.All(f"'{ALL}'")))
        source = frames.Source(database=f'"{database}"')
        answer = frames.run(self._client, frames.interpolate(sql, span, source))
        (found,) = frames.frames(answer, shape)
        return found


class ClickHouse:
    """The engine of ClickHouse, behind its HTTP interface."""

    def bundle(self, **knobs: Any) -> Bundle:
        """Return a bundle of this store."""
        return Bundle(store="clickhouse", **{"personal": True, **knobs})

    @contextmanager
    def running(self) -> Iterator["_RunningClickHouse"]:
        """Run an endpoint."""
        with server.Server() as running:
            yield _RunningClickHouse(running.url)


class _RunningClickHouse:
    def __init__(self, url: str) -> None:
        self._url = url

    def processor(self, database: str) -> Processor:
        clickhouse.make_table(self._url, database, "realtime_logs")
        settings = clickhouse_settings.Settings(self._url, database, user="default")
        made = Processor(Config(store="clickhouse", settings=settings))
        made.prepare()
        return made

    def frame(
        self,
        query: Any,
        database: str,
        *,
        shape: Format,
        span: Range,
        chosen: Mapping[str, Choice],
    ) -> Frame:
        text = query["rawSql"] if isinstance(query, dict) else query
        asked = clickhouse_frames.Range(start=span.start, end=span.end, interval=span.interval)
        sql = clickhouse_frames.interpolate(
            clickhouse_frames.substitute(text, _Unless(chosen, clickhouse_frames.All())), asked
        )
        answer = requests.post(
            self._url,
            params={"database": database, "readonly": "2", "default_format": "JSONCompact"},
            data=sql.encode(),
            timeout=60,
        )
        assert answer.status_code == 200, f"{answer.text}\n{sql}"
        return clickhouse_frames.frame(answer.content, shape)


class _Unless(dict[str, Any]):
    """What a reader chose, and what everything else is."""

    def __init__(self, chosen: Mapping[str, Any], otherwise: Any) -> None:
        super().__init__(chosen)
        self._otherwise = otherwise

    def __missing__(self, name: str) -> Any:
        return self._otherwise


WAYS: dict[str, Way] = {
    "timestream": Timestream("multi"),
    "timestream-classic": Timestream("classic"),
    "clickhouse": ClickHouse(),
}


def queries(way: str, **knobs: Any) -> Queries:
    """Return the queries of a way's bundle."""
    return stores.of(WAYS[way].bundle(**knobs)).queries
