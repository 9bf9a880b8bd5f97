"""Fixtures for the processor's tests: log lines, events, and a server to write to."""

from collections.abc import Iterator

import pytest

from processor.config import Config
from processor.handler import Processor
from tests.support import clickhouse_wire
from tests.support.wire import Wire

SHARD = "shardId-000000000000"


@pytest.fixture(autouse=True)
def quiet(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LOG_LEVEL", "CRITICAL")
    monkeypatch.setenv("POWERTOOLS_METRICS_DISABLED", "true")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "not-a-secret")
    monkeypatch.setenv("AWS_CONFIG_FILE", "/dev/null")
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", "/dev/null")


@pytest.fixture
def wire(monkeypatch: pytest.MonkeyPatch) -> Iterator[Wire]:
    with Wire() as server:
        monkeypatch.setenv("AWS_ENDPOINT_URL_TIMESTREAM_WRITE", server.url)
        monkeypatch.setenv("AWS_ENDPOINT_URL_SQS", server.url)
        yield server


@pytest.fixture(scope="session")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[clickhouse_wire.Engine]:
    with clickhouse_wire.running(tmp_path_factory.mktemp("clickhouse") / "tables") as running:
        yield running


@pytest.fixture
def site(engine: clickhouse_wire.Engine) -> Iterator[clickhouse_wire.Site]:
    """A database of the test's own, with all its tables, and the way to it."""
    with clickhouse_wire.Wire(engine) as server:
        yield clickhouse_wire.Site(server)


@pytest.fixture
def processor(wire: Wire) -> Processor:
    return Processor(Config(queue_url=wire.queue_url))
