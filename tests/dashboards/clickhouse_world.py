"""Generated traffic with a known answer, written to ClickHouse's engine by the real processor."""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import urllib3
from dash_world import BAD_LINES, DAY, END, FILTERS, START, event, requests_between
from usual import Bundle

from dashboards.stores import Format
from dashboards.stores.clickhouse import frames
from dashboards.stores.clickhouse.frames import All, Choice, Range, interpolate, substitute
from local.stores.clickhouse import make_table
from local.stores.clickhouse.server import Server
from local.traffic import Request, line
from processor.catalog import DEFAULT_FIELDS
from processor.config import Config
from processor.handler import Processor
from ruletest.frames import Frame

SPAN = Range(start=START * 1000, end=END * 1000, interval=60_000)
CHOICES: dict[str, Choice | All] = {
    **dict.fromkeys(FILTERS, All()),
    "top": "10",
    "percentile": "0.95",
}
_POOL = urllib3.PoolManager(retries=False)


@dataclass
class Asked:
    """A database at an endpoint, asked as Grafana's data source asks."""

    url: str
    database: str

    def run(self, sql: str, user: str = "default", password: str = "") -> bytes:
        """Return the answer to a statement as it is."""
        answer = _POOL.request(
            "POST",
            f"{self.url}/?database={self.database}&default_format=JSONCompact",
            body=sql.encode(),
            headers={"X-ClickHouse-User": user, "X-ClickHouse-Key": password},
        )
        assert answer.status == 200, f"{answer.data.decode()}\n{sql}"
        return answer.data

    def frame(
        self,
        sql: str,
        shape: Format | int = Format.TABLE,
        span: Range = SPAN,
        **chosen: Choice | All,
    ) -> Frame:
        """Run a panel's SQL and return the frame Grafana makes of the answer.

        Every variable is at All, top 10 and p95.
        """
        text = interpolate(substitute(sql, {**CHOICES, **chosen}), span)
        return frames.frame(self.run(text), shape)


@dataclass
class World(Asked):
    """The traffic, and where it is."""

    today: list[Request]
    yesterday: list[Request]
    lines: int  # handed to the processor
    batches: int


def bundle(**knobs: Any) -> Bundle:
    """Return the bundle whose dashboards are tested."""
    return Bundle(store="clickhouse", personal=True, **knobs)


@contextmanager
def environment(**variables: str) -> Iterator[None]:
    """Set variables of the processor's for as long as the block lasts."""
    kept = dict(os.environ)
    os.environ.update(
        POWERTOOLS_METRICS_DISABLED="true",
        LOG_LEVEL="CRITICAL",
        NO_PROXY="127.0.0.1",
        AWS_ACCESS_KEY_ID="test",
        AWS_SECRET_ACCESS_KEY="test",  # noqa: S106 - it opens nothing
        AWS_REGION="us-east-1",
        **variables,
    )
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(kept)


def processor(url: str, database: str) -> Processor:
    """Return a processor that writes to a database there."""
    told: Mapping[str, str] = {
        "STORE": "clickhouse",
        "CLICKHOUSE_URL": url,
        "CLICKHOUSE_DATABASE": database,
        "CLICKHOUSE_USER": "default",
    }
    return Processor(Config.from_env(told))


@contextmanager
def running_world(server: Server) -> Iterator[World]:
    """Fill a database of an endpoint through the real processor; yield it with what went in."""
    with environment():
        today = requests_between(START, END, rps=2.5, seed=7)
        yesterday = requests_between(START - DAY, END - DAY, rps=1, seed=8)
        lines = [line(request, DEFAULT_FIELDS) for request in [*yesterday, *today]]
        # The stream delivers at least once, and not everything on it is a log line.
        lines += [*lines[:5], *BAD_LINES]
        batches = [lines[n : n + 1000] for n in range(0, len(lines), 1000)]
        make_table(server.url, "cloudfront", "realtime_logs")
        writes = processor(server.url, "cloudfront")
        for batch in batches:
            assert writes.handle(event(batch)) == {"batchItemFailures": []}
        yield World(server.url, "cloudfront", today, yesterday, len(lines), len(batches))
