"""The stand-in for a ClickHouse server, and whoever asks it."""

from collections.abc import Callable, Iterator
from urllib.parse import urlencode

import pytest
import urllib3

from local.stores.clickhouse.server import Server

READER = {"X-ClickHouse-User": "reader", "X-ClickHouse-Key": "secret"}
Ask = Callable[..., urllib3.BaseHTTPResponse]


def asker(url: str) -> Ask:
    """Return what sends a statement to an endpoint; settings go into the URL."""
    pool = urllib3.PoolManager(retries=False)

    def ask(body=b"", method="POST", headers=None, path="/", **settings: object):
        query = f"?{urlencode(settings)}" if settings else ""
        return pool.request(method, url + path + query, body=body or None, headers=headers)

    return ask


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    """A stand-in with a reader beside the user who may do anything."""
    pytest.importorskip("chdb", reason="ClickHouse's engine is not installed")
    with Server(reader="reader:secret") as running:
        yield running


@pytest.fixture(scope="session")
def ask(server: Server) -> Ask:
    """Ask the stand-in."""
    return asker(server.url)


@pytest.fixture
def table(ask: Ask, request: pytest.FixtureRequest) -> Iterator[str]:
    """An empty table of numbers and texts, and sums of it by a view."""
    name = "d.t"
    for statement in (
        "CREATE DATABASE IF NOT EXISTS d",
        f"CREATE TABLE {name} (n Int64, s String) ENGINE = MergeTree ORDER BY n"
        " SETTINGS non_replicated_deduplication_window = 100",
        f"CREATE TABLE {name}_sums (total UInt64) ENGINE = SummingMergeTree ORDER BY tuple()"
        " SETTINGS non_replicated_deduplication_window = 100",
        f"CREATE MATERIALIZED VIEW {name}_to_sums TO {name}_sums AS"
        f" SELECT count() AS total FROM {name}",
    ):
        assert ask(statement).status == 200
    yield name
    for kind, each in (("VIEW", f"{name}_to_sums"), ("TABLE", f"{name}_sums"), ("TABLE", name)):
        assert ask(f"DROP {kind} {each} SYNC").status == 200
