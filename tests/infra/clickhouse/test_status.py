"""status, env and destroy of a stack that writes to ClickHouse, on the real engine."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import boto3
import pytest
import yaml

from cli import stack as stacks
from infra import env, redrive
from infra.chain import Context, Link
from infra.deploy import ROOT
from infra.stores.clickhouse import status, tables
from infra.stores.clickhouse.server import Server
from processor.catalog import DEFAULT_FIELDS
from processor.config import Config
from processor.handler import Processor
from processor.stores.clickhouse.schema import Place
from tests.support.aws import (
    ARN,
    STREAM_ARN,
    FakeAws,
    FakeCloudFormation,
    FakeCloudFront,
)
from tests.support.clickhouse_http import Answer, fake
from tests.support.log_lines import event

Infra = Callable[..., tuple[int, str]]
Stand = Callable[..., None]


@pytest.fixture
def made(infra: Infra, administrator: None, stack: Stand) -> None:
    """The tables are there."""
    assert infra("schema", "--yes")[0] == 0


@pytest.fixture
def links(stack: Stand) -> Callable[[], dict[str, Link]]:
    """Look at ClickHouse's links of the chain."""

    def look() -> dict[str, Link]:
        found = stacks.read(boto3.client("cloudformation"), "cloudfront-grafana")
        context = Context(found, boto3.client, {}, datetime.now(UTC))
        return {link.what: link for link in status.ROWS[1](context)}  # type: ignore[union-attr]

    return look


@pytest.mark.slow
def test_all_is_well_with_rows_that_the_processor_wrote(
    made: None,
    links: Callable[[], dict[str, Link]],
    settings: dict[str, str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("POWERTOOLS_METRICS_DISABLED", "true")
    monkeypatch.setenv("LOG_LEVEL", "CRITICAL")
    monkeypatch.setenv("CLICKHOUSE_READER_PASSWORD", "reading")
    config = Config.from_env(
        {
            "STORE": "clickhouse",
            "CLICKHOUSE_URL": settings["ClickHouseUrl"],
            "CLICKHOUSE_DATABASE": settings["ClickHouseDatabase"],
            "CLICKHOUSE_SECRET_ARN": settings["ClickHouseSecretArn"],
        }
    )
    values = {"timestamp": f"{datetime.now(UTC).timestamp() - 42:.3f}", "sc-status": "200"}
    line = "\t".join(values.get(field.name, "-") for field in DEFAULT_FIELDS)
    assert Processor(config).handle(event([line])) == {"batchItemFailures": []}
    found = links()
    assert list(found) == ["server", "schema", "writer", "rollup", "disk", "reader", "ClickHouse"]
    assert [link for link in found.values() if link.red and link.what != "disk"] == []
    assert "version 26." in found["server"].found
    assert found["schema"].found == "version 2, requests kept for 30 days"
    assert found["rollup"].found.endswith("sums of 1 requests")
    assert found["reader"].found == "cloudfront_reader may read, and nothing else"
    seconds = int(found["ClickHouse"].found.split(", ")[1].split(" s")[0])
    assert 40 <= seconds < 120


@pytest.mark.slow
def test_no_row_and_an_old_row(
    made: None, links: Callable[[], dict[str, Link]], server: Server, place: Place
) -> None:
    assert links()["ClickHouse"].found == "no row in 24 hours"
    server.run(f"INSERT INTO {place.requests} (timestamp) VALUES (now() - INTERVAL 1 HOUR)")
    late = links()["ClickHouse"]
    assert "Nothing newer came" in late.todo
    assert late.red


@pytest.mark.slow
def test_what_is_missing_is_named(
    made: None, links: Callable[[], dict[str, Link]], server: Server, place: Place
) -> None:
    server.run(f"ALTER TABLE {place.requests} DROP COLUMN c_port")
    found = links()
    assert "ClickHouse lacks c_port of" in found["schema"].todo
    assert "`make schema`" in found["schema"].todo
    assert "No such column c_port" in found["writer"].todo
    server.run(f"DROP TABLE {place.to_minutes}")
    assert found["rollup"].todo == ""
    assert "without db" in links()["rollup"].found
    for name in tables.names(place):
        server.run(f"DROP TABLE IF EXISTS {name}")
    found = links()
    assert "ClickHouse lacks" in found["schema"].todo
    assert "has no such table" in found["writer"].todo
    assert "has no such table" in found["ClickHouse"].todo


def test_a_reader_that_is_no_reader(
    made: None, links: Callable[[], dict[str, Link]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CLICKHOUSE_READER_PASSWORD", "wrong")
    assert "does not take the password of user cloudfront_reader" in links()["reader"].todo


class Disks:
    """Answers of a server with this disk, where all else is well."""

    def __init__(self, free: int, whole: int) -> None:
        self.disk = [["default", str(free), str(whole)]]

    def __call__(self, query: str) -> Answer:
        if "version()" in query:
            return [["26.9.2.1"]]
        if "system.disks" in query:
            return self.disk
        if "count()" in query:
            return [[0, 0]]
        return []


@pytest.mark.slow
@pytest.mark.parametrize(
    ("free", "whole", "todo"),
    [
        (50 << 30, 100 << 30, ""),
        (5 << 30, 100 << 30, "Make the disk larger, or keep requests for fewer days"),
        (1 << 62, 1 << 62, ""),
        (0, 0, ""),
    ],
)
def test_a_disk_that_fills_up(
    stack: Stand, links: Callable[[], dict[str, Link]], free: int, whole: int, todo: str
) -> None:
    with fake(Disks(free, whole)) as (url, _):
        stack(ClickHouseUrl=url)
        assert todo in links()["disk"].todo
        assert links()["disk"].red == bool(todo)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("code", "link", "todo"),
    [
        (243, "writer", "The disk of 127.0.0.1 is full; make room"),
        (242, "writer", "its replica has lost its Keeper"),
        (164, "writer", "may only read"),
        (497, "writer", "The writer's rights are in `make schema ARGS=--print`"),
        (60, "writer", "`make schema` makes what is missing"),
    ],
)
def test_a_writer_that_cannot_write(
    stack: Stand, links: Callable[[], dict[str, Link]], code: int, link: str, todo: str
) -> None:
    usual = Disks(1 << 40, 1 << 41)
    with fake(lambda query: code if query.startswith("INSERT") else usual(query)) as (url, _):
        stack(ClickHouseUrl=url)
        assert todo in links()[link].todo


@pytest.mark.slow
def test_a_writer_that_may_not_see_the_tables_is_no_missing_table(
    stack: Stand, links: Callable[[], dict[str, Link]]
) -> None:
    usual = Disks(1 << 40, 1 << 41)
    with fake(usual) as (url, _):
        stack(ClickHouseUrl=url)
        found = links()
        assert found["schema"].warning
        assert "`make schema` gives it that right" in found["schema"].todo
        assert "rollup" not in found
    with fake(lambda query: 60 if query.startswith("INSERT") else usual(query)) as (url, _):
        stack(ClickHouseUrl=url)
        assert "ClickHouse lacks" in links()["schema"].todo


@pytest.mark.slow
def test_a_writer_as_reader_is_told_so(
    stack: Stand, links: Callable[[], dict[str, Link]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CLICKHOUSE_READER_PASSWORD", "any")
    usual = Disks(1 << 40, 1 << 41)
    with fake(lambda query: 497 if "c_ip" in query else usual(query)) as (url, _):
        stack(ClickHouseUrl=url)
        assert "a writer is no reader" in links()["reader"].todo
    with fake(usual) as (url, _):
        stack(ClickHouseUrl=url)
        assert links()["reader"].found == "cloudfront_reader may write"


@pytest.mark.parametrize(
    ("answer", "todo"),
    [
        (516, "does not take the password of user default"),
        ([["24.3.18.7"]], "and 24.8 or newer is needed"),
    ],
)
def test_a_server_that_will_not_do_is_one_red_line(
    stack: Stand, links: Callable[[], dict[str, Link]], answer: Answer, todo: str
) -> None:
    with fake(lambda _: answer) as (url, _):
        stack(ClickHouseUrl=url)
        (link,) = links().values()
    assert todo in link.todo
    assert link.red


def test_a_server_out_of_reach_is_a_warning_where_a_vpc_may_reach_it(
    stack: Stand, links: Callable[[], dict[str, Link]]
) -> None:
    stack(ClickHouseUrl="http://127.0.0.1:1")
    (link,) = links().values()
    assert link.red
    assert "Nothing answers at http://127.0.0.1:1" in link.todo
    stack({"VpcSubnetIds": "subnet-0a"}, ClickHouseUrl="http://127.0.0.1:1")
    (link,) = links().values()
    assert link.warning
    assert "which may reach it" in link.todo


class TestVerbs:
    """The verbs as a user types them."""

    @pytest.fixture(autouse=True)
    def _around(
        self,
        aws: FakeAws,
        stack: Stand,
        cloudfront: FakeCloudFront,
        moto: str,
        cloudformation: FakeCloudFormation,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        monkeypatch.setattr(redrive, "WAIT_SECONDS", 0)
        cloudfront.add("E1", {"default": ARN}, [])
        cloudfront.add_log_config(ARN, [field.name for field in DEFAULT_FIELDS], 5, STREAM_ARN)
        boto3.client("kinesis").create_stream(StreamName="stream", ShardCount=1)
        queue = boto3.client("sqs").create_queue(QueueName="letters")["QueueUrl"]
        stack(DeadLetterQueueUrl=queue)
        mapping = {"UUID": "1", "State": "Enabled", "LastModified": "2026-11-01T00:00:00Z"}
        aws.on("lambda", ListEventSourceMappings={"EventSourceMappings": [mapping]})

    @pytest.mark.slow
    def test_status_shows_the_whole_chain(
        self, infra: Infra, made: None, server: Server, place: Place
    ) -> None:
        server.run(f"INSERT INTO {place.requests} (timestamp) VALUES (now())")
        _, said = infra("status")
        order = [
            "processor",
            "server",
            "schema",
            "writer",
            "rollup",
            "disk",
            "ClickHouse  ",
            "dead",
        ]
        places = [said.index(f"  {each}") for each in order]
        assert places == sorted(places)
        assert "writ'ing" not in said
        assert "late rows" not in said

    def test_status_of_a_secret_that_is_gone(self, infra: Infra, secret: str) -> None:
        boto3.client("secretsmanager").delete_secret(
            SecretId=secret, ForceDeleteWithoutRecovery=True
        )
        status, said = infra("status")
        assert status == 1
        assert "There is no secret arn:aws:secretsmanager" in said
        assert "dead letters" in said

    def test_env_writes_what_the_compose_file_reads(
        self, infra: Infra, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(env, "ROOT", tmp_path)
        file = tmp_path / ".env"
        file.write_text("GRAFANA_STACK_PLUGIN=grafana-timestream-datasource@2.14.6\n")
        status, said = infra("env", "--out", str(file))
        assert status == 0, said
        found = env.parse(file.read_text())
        assert found["CLICKHOUSE_HOST"] == "127.0.0.1"
        assert found["CLICKHOUSE_SECURE"] == "false"
        assert found["CLICKHOUSE_READER"] == "cloudfront_reader"
        assert "Fill in CLICKHOUSE_READER_PASSWORD" in said
        compose = (ROOT / "docker-compose.yml").read_text()
        assert all(f"${{{name}" in compose for name in found)
        assert f"GF_PLUGINS_PREINSTALL_SYNC: {found['GRAFANA_STACK_PLUGIN']}\n" in compose
        example = env.parse((ROOT / ".env.example").read_text())
        assert set(found) <= set(example)
        (source,) = (tmp_path / "build/grafana/cloudfront-grafana/datasources").glob("*.yaml")
        (datasource,) = yaml.safe_load(source.read_text())["datasources"]
        assert datasource["type"] == "grafana-clickhouse-datasource"

    def test_env_takes_the_password_from_the_environment_when_asked(
        self, infra: Infra, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(env, "ROOT", tmp_path)
        file = tmp_path / ".env"
        status, said = infra("env", "--out", str(file), "--with-keys")
        assert status == 1
        assert "CLICKHOUSE_READER_PASSWORD is not set" in said
        monkeypatch.setenv("CLICKHOUSE_READER_PASSWORD", "p$w'd")
        status, said = infra("env", "--out", str(file), "--with-keys")
        assert status == 0
        assert env.parse(file.read_text())["CLICKHOUSE_READER_PASSWORD"] == "p$w'd"
        assert "p$w" not in said

    def test_redrive_is_the_same_with_every_store(self, infra: Infra) -> None:
        (queue,) = boto3.client("sqs").list_queues()["QueueUrls"]
        letter = {"kind": "rejected", "reason": "too old", "line": "a line"}
        boto3.client("sqs").send_message(QueueUrl=queue, MessageBody=json.dumps(letter))
        assert "would be put back" in infra("redrive", "--dry-run")[1]

    def test_a_batch_of_another_stacks_stream_is_read_from_there(self, infra: Infra) -> None:
        kinesis, sqs = boto3.client("kinesis"), boto3.client("sqs")
        kinesis.create_stream(StreamName="theirs", ShardCount=1)
        put = kinesis.put_record(StreamName="theirs", Data=b"a line of theirs", PartitionKey="1")
        (queue,) = sqs.list_queues()["QueueUrls"]
        about = {
            "shardId": put["ShardId"],
            "startSequenceNumber": put["SequenceNumber"],
            "endSequenceNumber": put["SequenceNumber"],
            "streamArn": "arn:aws:kinesis:us-east-1:123456789012:stream/theirs",
        }
        message = {"requestContext": {"condition": "RetryAttemptsExhausted"}}
        sqs.send_message(
            QueueUrl=queue, MessageBody=json.dumps(message | {"KinesisBatchInfo": about})
        )
        status, said = infra("redrive", "--yes")
        assert status == 0, said
        iterator = kinesis.get_shard_iterator(
            StreamName="stream",
            ShardId="shardId-000000000000",
            ShardIteratorType="TRIM_HORIZON",
        )["ShardIterator"]
        (record,) = kinesis.get_records(ShardIterator=iterator)["Records"]
        assert record["Data"].rstrip() == b"a line of theirs"

    @pytest.mark.slow
    @pytest.mark.parametrize(
        ("states", "red"),
        [
            (["Enabled", "Enabled"], False),
            (["Enabled", "Disabled"], True),
            (["Disabled"], True),
            ([], True),
        ],
    )
    def test_both_sources_of_lines_have_to_be_on(
        self, infra: Infra, aws: FakeAws, states: list[str], red: bool
    ) -> None:
        mappings = [
            {"UUID": str(at), "State": state, "LastModified": "2026-11-01T00:00:00Z"}
            for at, state in enumerate(states)
        ]
        aws.on("lambda", ListEventSourceMappings={"EventSourceMappings": mappings})
        assert ("The function gets no lines" in infra("status")[1]) == red

    def test_destroy_leaves_the_tables(
        self,
        infra: Infra,
        made: None,
        cloudfront: FakeCloudFront,
        cloudformation: FakeCloudFormation,
        server: Server,
        place: Place,
    ) -> None:
        cloudformation.resources = {"LogStream": "stream"}
        cloudformation.deleting = ["DELETE_COMPLETE"]
        status, said = infra("destroy", "--yes")
        assert status == 0, said
        assert "What stays: ClickHouse's tables at http://127.0.0.1" in said
        assert f"{place.database}.realtime_logs," in said
        assert "Timestream" not in said
        assert tables.look(server, place).complete

    def test_destroy_drops_them_when_asked_and_nothing_else(
        self,
        infra: Infra,
        made: None,
        cloudformation: FakeCloudFormation,
        server: Server,
        place: Place,
    ) -> None:
        other = f"`{place.database}`.theirs"
        server.run(f"CREATE TABLE {other} (x Int8) ENGINE = Memory")
        cloudformation.deleting = ["DELETE_COMPLETE"]
        status, said = infra("destroy", "--yes", "--drop-tables")
        assert status == 0, said
        assert f"every row of {place.database}.realtime_logs," in said
        assert tables.look(server, place).empty
        assert server.ask(
            f"SELECT name FROM system.tables WHERE database = '{place.database}'"
        ) == [["theirs"]]

    def test_destroy_finds_out_before_anything_is_deleted(
        self,
        infra: Infra,
        made: None,
        cloudformation: FakeCloudFormation,
        aws: FakeAws,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        monkeypatch.setenv("CLICKHOUSE_ADMIN_PASSWORD", "wrong")
        status, said = infra("destroy", "--yes", "--drop-tables")
        assert status == 1
        assert "does not take the password of user default" in said
        assert not aws.called("DeleteStack")


def test_a_stack_of_a_store_that_this_version_does_not_know(
    infra: Infra, cloudformation: FakeCloudFormation, outputs: dict[str, str]
) -> None:
    cloudformation.add("newer", outputs | {"Store": "athena"})
    status, said = infra("status", "--stack", "newer")
    assert status == 1
    assert "writes to 'athena', which this version does not know" in said


def test_a_stack_that_says_nothing_of_a_store_has_the_first(outputs: dict[str, Any]) -> None:
    from tests.infra.conftest import OUTPUTS

    found = stacks.from_outputs("s", "CREATE_COMPLETE", OUTPUTS)
    assert (found.store, found.url, found.secret_arn) == ("timestream", "", "")
    assert "store" not in found.bundle
    clickhouse = stacks.from_outputs("s", "CREATE_COMPLETE", outputs)
    assert clickhouse.store == "clickhouse"
    assert clickhouse.bundle["store"] == "clickhouse"
    assert (clickhouse.rejected_data_bucket_name, clickhouse.grafana_read_policy_arn) == ("", "")
    assert json.dumps(clickhouse.bundle["fields"])
