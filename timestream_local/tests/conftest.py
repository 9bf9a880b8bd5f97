"""The embedded Timestream, in this process and running, for the tests beside this file."""

import itertools
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from timestream_local import Server
from timestream_local.engine import Engine
from timestream_local.store import Store
from timestream_local.tests.support import (
    clients,
    sampled,
)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """An empty store in memory."""
    opened = Store(None)
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def samples() -> Iterator[Engine]:
    """An engine over the sample tables."""
    with sampled(Store(None)) as engine:
        yield engine


@pytest.fixture(scope="session")
def compressed_samples() -> Iterator[Engine]:
    """The same, when DuckDB has compressed them."""
    with sampled(Store(None)) as engine:
        engine.store.flush()
        engine.store.compress()
        yield engine


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    """A running endpoint, shared: tests make databases of their own."""
    with Server(first_answer=0.5) as running:
        yield running


@pytest.fixture(scope="session")
def pair(server: Server) -> tuple[Any, Any]:
    """boto3's write and query clients of the running endpoint."""
    return clients(server.url)


@pytest.fixture
def table(pair: tuple[Any, Any]) -> Iterator[dict[str, str]]:
    """A database and table of the test's own, as keyword arguments; magnetic writes are off."""
    names = {"DatabaseName": f"db{next(_numbers)}", "TableName": "records"}
    write, _ = pair
    write.create_database(DatabaseName=names["DatabaseName"])
    write.create_table(**names)
    yield names
    for name in write.list_tables(DatabaseName=names["DatabaseName"])["Tables"]:
        write.delete_table(DatabaseName=names["DatabaseName"], TableName=name["TableName"])
    write.delete_database(DatabaseName=names["DatabaseName"])


_numbers = itertools.count()
