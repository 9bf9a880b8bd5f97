"""A stack that writes to ClickHouse: the real engine on loopback, its secret in moto."""

import itertools
from collections.abc import Callable, Iterator

import boto3
import pytest

from infra.stores.clickhouse.place import place_of, server_of
from infra.stores.clickhouse.server import Login, Server
from processor.stores.clickhouse.schema import Place
from tests.support.aws import FakeCloudFormation

WRITING, READING = "writ'ing", "reading"
_count = itertools.count()


@pytest.fixture(scope="session")
def engine() -> Iterator[str]:
    """The address of the engine, whose user `default` stands for the writer and the administrator.

    The stand-in has no other users but the reader.
    """
    pytest.importorskip("chdb", reason="ClickHouse's engine is not installed")
    from local.stores.clickhouse.server import Server as Engine

    with Engine(reader=f"cloudfront_reader:{READING}", password=WRITING) as running:
        yield running.url


@pytest.fixture
def secret(moto: str) -> str:
    """The ARN of the secret with the writer's password."""
    value = f'{{"username": "default", "password": "{WRITING}"}}'
    client = boto3.client("secretsmanager")
    made = client.create_secret(Name="clickhouse", SecretString=value)
    return str(made["ARN"])


@pytest.fixture
def settings(engine: str, secret: str, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """The parameters of a stack whose database is not there yet."""
    for name in ("ADMIN_USER", "ADMIN_PASSWORD", "READER_PASSWORD", "CA_FILE", "CLUSTER"):
        monkeypatch.delenv(f"CLICKHOUSE_{name}", raising=False)
    return {
        "Store": "clickhouse",
        "ClickHouseUrl": engine,
        "ClickHouseSecretArn": secret,
        "ClickHouseDatabase": f"db{next(_count)}",
        "ClickHouseTable": "realtime_logs",
        "RecordLayout": "multi",
    }


@pytest.fixture
def place(settings: dict[str, str]) -> Place:
    """Where its tables are."""
    return place_of(settings)


@pytest.fixture
def server(settings: dict[str, str]) -> Server:
    """The engine, as one who may do everything."""
    return server_of(settings, Login("default", WRITING))


@pytest.fixture
def administrator(settings: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    """The environment of whoever may make tables."""
    monkeypatch.setenv("CLICKHOUSE_ADMIN_PASSWORD", WRITING)


@pytest.fixture
def outputs(outputs: dict[str, str], settings: dict[str, str]) -> dict[str, str]:
    """The outputs of such a stack."""
    timestreams = {
        *("TimestreamDatabase", "TimestreamTable"),
        *("RejectedDataBucketName", "GrafanaReadPolicyArn"),
    }
    kept = {name: value for name, value in outputs.items() if name not in timestreams}
    return kept | {name: value for name, value in settings.items() if name != "RecordLayout"}


@pytest.fixture
def stack(
    cloudformation: FakeCloudFormation, outputs: dict[str, str], settings: dict[str, str]
) -> Callable[..., None]:
    """Make the stack stand, with other outputs or parameters where they are given."""

    def stand(parameters: dict[str, str] | None = None, **more: str) -> None:
        listed = [
            {"ParameterKey": key, "ParameterValue": value}
            for key, value in {**settings, **(parameters or {})}.items()
        ]
        cloudformation.add("cloudfront-grafana", outputs | more, Parameters=listed)

    stand()
    return stand


@pytest.fixture
def of_parameters(settings: dict[str, str]) -> list[str]:
    """The parameters as a command line gives them."""
    return [word for pair in settings.items() for word in ("--parameter", "=".join(pair))]
