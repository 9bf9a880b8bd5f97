from collections.abc import Iterator

import clickhouse_world
import pytest
from dash_world import World, running_world

from local.stores.clickhouse.server import Server


@pytest.fixture(scope="session")
def world() -> Iterator[World]:
    """Generated traffic of today and yesterday in the embedded Timestream, in both layouts."""
    with running_world() as found:
        yield found


@pytest.fixture(scope="session")
def clickhouse_server() -> Iterator[Server]:
    """ClickHouse's engine behind its HTTP interface, with a reader who cannot write."""
    with Server(reader="reader:secret") as running:
        yield running


@pytest.fixture(scope="session")
def clickhouse(clickhouse_server: Server) -> Iterator[clickhouse_world.World]:
    """The same traffic in ClickHouse."""
    with clickhouse_world.running_world(clickhouse_server) as found:
        yield found
