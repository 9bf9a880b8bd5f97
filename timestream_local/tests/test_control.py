"""Databases, tables and tags, by boto3."""

import re
import time
from typing import Any

import boto3
import botocore.session
import pytest
import requests
from botocore import UNSIGNED, xform_name
from botocore.config import Config
from botocore.exceptions import ClientError

from timestream_local import Server
from timestream_local.tests.support import clients, rows

Pair = tuple[Any, Any]
Names = dict[str, str]


def code(caught: pytest.ExceptionInfo[ClientError]) -> tuple[str, int]:
    """Return an error's code and HTTP status."""
    response = caught.value.response
    return response["Error"]["Code"], response["ResponseMetadata"]["HTTPStatusCode"]


@pytest.mark.slow
def test_a_database_lives_from_create_to_delete(pair: Pair) -> None:
    """Create, describe, list, update and delete answer as documented."""
    write, _ = pair
    made = write.create_database(DatabaseName="lifecycle")["Database"]
    assert made["DatabaseName"] == "lifecycle"
    assert made["TableCount"] == 0
    assert made["Arn"].endswith(":database/lifecycle")
    write.update_database(DatabaseName="lifecycle", KmsKeyId="alias/other")
    seen = write.describe_database(DatabaseName="lifecycle")["Database"]
    assert seen["KmsKeyId"] == "alias/other"
    assert seen["LastUpdatedTime"] >= made["CreationTime"]
    assert "lifecycle" in [d["DatabaseName"] for d in write.list_databases()["Databases"]]
    write.delete_database(DatabaseName="lifecycle")
    with pytest.raises(ClientError) as caught:
        write.describe_database(DatabaseName="lifecycle")
    assert code(caught) == ("ResourceNotFoundException", 404)


def test_a_table_lives_from_create_to_delete(pair: Pair, table: Names) -> None:
    """A table has the documented defaults, and what an update changes."""
    write, _ = pair
    seen = write.describe_table(**table)["Table"]
    assert seen["TableStatus"] == "ACTIVE"
    assert seen["RetentionProperties"] == {
        "MemoryStoreRetentionPeriodInHours": 6,
        "MagneticStoreRetentionPeriodInDays": 73000,
    }
    assert seen["MagneticStoreWriteProperties"] == {"EnableMagneticStoreWrites": False}
    retention = {"MemoryStoreRetentionPeriodInHours": 24, "MagneticStoreRetentionPeriodInDays": 7}
    write.update_table(
        **table,
        RetentionProperties=retention,
        MagneticStoreWriteProperties={"EnableMagneticStoreWrites": True},
    )
    seen = write.describe_table(**table)["Table"]
    assert seen["RetentionProperties"] == retention
    assert seen["MagneticStoreWriteProperties"]["EnableMagneticStoreWrites"] is True
    listed = write.list_tables(DatabaseName=table["DatabaseName"])["Tables"]
    assert [t["TableName"] for t in listed] == ["records"]
    database = write.describe_database(DatabaseName=table["DatabaseName"])["Database"]
    assert database["TableCount"] == 1


def test_lists_come_in_pages(pair: Pair, table: Names) -> None:
    """ListTables gives MaxResults at a time and a token for the rest."""
    write, _ = pair
    for i in range(4):
        write.create_table(DatabaseName=table["DatabaseName"], TableName=f"table{i}")
    first = write.list_tables(DatabaseName=table["DatabaseName"], MaxResults=3)
    rest = write.list_tables(
        DatabaseName=table["DatabaseName"], MaxResults=3, NextToken=first["NextToken"]
    )
    names = [t["TableName"] for t in first["Tables"] + rest["Tables"]]
    assert names == ["records", "table0", "table1", "table2", "table3"]
    assert "NextToken" not in rest


def test_what_exists_conflicts(pair: Pair, table: Names) -> None:
    """A name that is taken is refused with 409, a database that is not empty with 400."""
    write, _ = pair
    with pytest.raises(ClientError) as caught:
        write.create_database(DatabaseName=table["DatabaseName"])
    assert code(caught) == ("ConflictException", 409)
    with pytest.raises(ClientError) as caught:
        write.create_table(**table)
    assert code(caught) == ("ConflictException", 409)
    with pytest.raises(ClientError) as caught:
        write.delete_database(DatabaseName=table["DatabaseName"])
    assert code(caught) == ("ValidationException", 400)


@pytest.mark.parametrize("name", ["ab", "a b c", "a/b/c", "x" * 257, "ünï"])
def test_names_follow_the_rules(pair: Pair, name: str) -> None:
    """A database's name is 3 to 256 of letters, digits, dash, dot and underscore."""
    write, _ = pair
    with pytest.raises(ClientError) as caught:
        write.create_database(DatabaseName=name)
    assert code(caught) == ("ValidationException", 400)


@pytest.mark.parametrize(
    "retention",
    [
        {"MemoryStoreRetentionPeriodInHours": 8767, "MagneticStoreRetentionPeriodInDays": 7},
        {"MemoryStoreRetentionPeriodInHours": 24, "MagneticStoreRetentionPeriodInDays": 73001},
    ],
)
def test_retention_has_bounds(pair: Pair, table: Names, retention: dict[str, int]) -> None:
    """At most 8,766 hours in memory and 73,000 days on magnetic disks."""
    write, _ = pair
    with pytest.raises(ClientError) as caught:
        write.update_table(**table, RetentionProperties=retention)
    assert code(caught) == ("ValidationException", 400)


def test_tags_come_and_go(pair: Pair, table: Names) -> None:
    """Tags can be given at creation, added, replaced, removed and listed."""
    write, _ = pair
    made = write.create_table(
        DatabaseName=table["DatabaseName"],
        TableName="tagged",
        Tags=[{"Key": "a", "Value": "1"}, {"Key": "b", "Value": "2"}],
    )
    arn = made["Table"]["Arn"]
    write.tag_resource(ResourceARN=arn, Tags=[{"Key": "a", "Value": "3"}])
    write.untag_resource(ResourceARN=arn, TagKeys=["b"])
    assert write.list_tags_for_resource(ResourceARN=arn)["Tags"] == [{"Key": "a", "Value": "3"}]


@pytest.mark.slow
def test_dropping_a_table_drops_its_rows(pair: Pair, table: Names) -> None:
    """A table of the same name starts empty, and takes the old records again."""
    write, query = pair
    record = {
        "Dimensions": [{"Name": "d", "Value": "1"}],
        "MeasureName": "m",
        "MeasureValue": "1",
        "Time": str(_now_ms()),
    }
    write.write_records(**table, Records=[record])
    write.delete_table(**table)
    with pytest.raises(ClientError) as caught:
        write.write_records(**table, Records=[record])
    assert code(caught) == ("ResourceNotFoundException", 404)
    write.create_table(**table)
    write.write_records(**table, Records=[record])
    sql = f'SELECT count(*) FROM "{table["DatabaseName"]}"."records"'
    answer = query.query(QueryString=sql)
    assert answer["Rows"] == [{"Data": [{"ScalarValue": "1"}]}]


def _now_ms() -> int:
    return time.time_ns() // 1_000_000


def test_the_environment_route_works(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    """Discovery gives an address that clients reach, so the standard variables suffice."""
    monkeypatch.setenv("AWS_ENDPOINT_URL_TIMESTREAM_QUERY", server.url)
    monkeypatch.setenv("AWS_ENDPOINT_URL_TIMESTREAM_WRITE", server.url)
    keys = {"region_name": "us-east-1", "aws_access_key_id": "a", "aws_secret_access_key": "b"}
    query = boto3.client("timestream-query", **keys)
    assert query.query(QueryString="SELECT 1")["Rows"] == [{"Data": [{"ScalarValue": "1"}]}]
    write = boto3.client("timestream-write", **keys)
    assert "Databases" in write.list_databases()
    assert write.describe_endpoints()["Endpoints"][0]["Address"] == server.url


def test_an_unsigned_request_is_refused(server: Server) -> None:
    """Without a signature the answer is 403."""
    client = boto3.client(
        "timestream-query",
        endpoint_url=server.url,
        region_name="us-east-1",
        config=Config(signature_version=UNSIGNED),
    )
    with pytest.raises(ClientError) as caught:
        client.query(QueryString="SELECT 1")
    assert code(caught) == ("MissingAuthenticationTokenException", 403)


@pytest.mark.slow
def test_no_auth_takes_it() -> None:
    """With auth off, an unsigned request is answered."""
    with Server(auth=False) as server:
        client = boto3.client(
            "timestream-query",
            endpoint_url=server.url,
            region_name="us-east-1",
            config=Config(signature_version=UNSIGNED),
        )
        assert client.query(QueryString="SELECT 1")["Rows"]


def operations() -> list[Any]:
    """Return every operation of both services, as botocore's models have them."""
    session = botocore.session.get_session()
    return [
        pytest.param(service, model.operation_model(name), id=f"{service}.{name}")
        for service in ("timestream-write", "timestream-query")
        for model in [session.get_service_model(service)]
        for name in model.operation_names
    ]


def least(shape: Any) -> Any:
    """Return the smallest value a shape allows."""
    if shape.type_name == "structure":
        return {name: least(shape.members[name]) for name in shape.required_members}
    if shape.type_name == "list":
        return [least(shape.member)] * shape.metadata.get("min", 0)
    if shape.type_name == "string":
        text = "SELECT 1" if shape.name == "QueryString" else "NOTHING"
        return shape.enum[0] if shape.enum else text
    return {"timestamp": 0, "integer": 1, "long": 1, "boolean": True}[shape.type_name]


@pytest.mark.parametrize(("service", "operation"), operations())
def test_every_operation_is_known(pair: Pair, service: str, operation: Any) -> None:
    """It is carried out, or refused by a sentence and with an error that the model gives it."""
    client = pair[service == "timestream-query"]
    call = getattr(client, xform_name(operation.name))
    try:
        answer = call(**least(operation.input_shape))
    except ClientError as error:
        said = error.response["Error"]
        assert said["Code"] in {shape.name for shape in operation.error_shapes}
        assert said["Code"] != "InternalServerException"
        assert re.fullmatch(r"['A-Z].* .*\.", said["Message"])
        return
    known = set(operation.output_shape.members) if operation.output_shape else set()
    assert set(answer) - {"ResponseMetadata"} <= known
    if operation.name == "CreateDatabase":
        client.delete_database(DatabaseName="NOTHING")


def test_what_there_is_none_of(pair: Pair) -> None:
    """Scheduled queries and batch loads: no lists, nothing under any name, and a way instead."""
    write, query = pair
    for call, arguments, expected, part in (
        (query.list_scheduled_queries, {}, "ValidationException", "no scheduled queries"),
        (
            query.describe_scheduled_query,
            {"ScheduledQueryArn": "arn:aws:timestream:us-east-1:1:scheduled-query/q"},
            "ResourceNotFoundException",
            "scheduled-query/q' does not exist",
        ),
        (write.list_batch_load_tasks, {}, "ValidationException", "WriteRecords"),
        (
            write.describe_batch_load_task,
            {"TaskId": "TASK"},
            "ResourceNotFoundException",
            "'TASK' does not exist",
        ),
        (
            query.list_tags_for_resource,
            {"ResourceARN": "arn:aws:timestream:us-east-1:1:scheduled-query/q"},
            "ResourceNotFoundException",
            "databases and tables have tags",
        ),
    ):
        with pytest.raises(ClientError) as caught:
            call(**arguments)
        assert code(caught)[0] == expected
        assert part in str(caught.value)


def test_the_account_has_settings(pair: Pair) -> None:
    """Those of a new account, which cannot be changed."""
    _, query = pair
    settings = query.describe_account_settings()
    assert settings["QueryPricingModel"] == "COMPUTE_UNITS"
    assert settings["MaxQueryTCU"] == 200
    with pytest.raises(ClientError) as caught:
        query.update_account_settings(MaxQueryTCU=4)
    assert code(caught) == ("ValidationException", 400)


def test_a_refused_operation_is_checked_first(server: Server) -> None:
    """A member that is missing is named, as it would be there."""
    query = clients(server.url, parameter_validation=False)[1]
    with pytest.raises(ClientError, match="scheduleConfiguration"):
        query.create_scheduled_query(Name="n", QueryString="SELECT 1")


def test_an_operation_of_another_service_is_not_known(server: Server) -> None:
    """What neither model has is refused by name."""
    headers = {
        "X-Amz-Target": "Timestream_20181101.Nope",
        "Authorization": "AWS4-HMAC-SHA256 Credential=a/b Signature=c",
    }
    answer = requests.post(server.url, headers=headers, data="{}", timeout=10)
    assert answer.status_code == 400
    assert answer.json()["__type"].endswith("#UnknownOperationException")
    assert "Nope" in answer.json()["message"]


@pytest.mark.slow
def test_a_port_in_use_is_said_so(server: Server) -> None:
    """The message names the port and --port."""
    port = int(server.url.rpartition(":")[2])
    with pytest.raises(OSError, match=f"Port {port} is in use; choose another with --port"):
        Server(port=port).__enter__()


@pytest.mark.slow
def test_rows_of_a_time_can_be_deleted_and_written_anew() -> None:
    """What is before, after and in other tables stays; nothing remembers what went."""
    now = time.time_ns() // 10**9

    def records(*ages: int) -> list[dict[str, Any]]:
        return [
            {
                "Dimensions": [{"Name": "host", "Value": "a"}],
                "MeasureName": "m",
                "MeasureValueType": "BIGINT",
                "MeasureValue": str(age),
                "Time": str(now - age),
                "TimeUnit": "SECONDS",
            }
            for age in ages
        ]

    with Server() as server:
        write, query = clients(server.url)
        write.create_database(DatabaseName="one")
        for table in ("t1_", "t2_"):
            write.create_table(DatabaseName="one", TableName=table)
            names = {"DatabaseName": "one", "TableName": table}
            write.write_records(**names, Records=records(10, 20, 30))

        def ages(table: str) -> list[str]:
            sql = f'SELECT measure_value::bigint FROM "one"."{table}" ORDER BY time DESC'
            return [age for (age,) in rows(query, sql)]

        server.delete_rows("one", "t1_", now - 30, now - 10)  # without its end
        server.delete_rows("one", "none", 0, now)
        deadline = time.monotonic() + 20
        while ages("t1_") != ["10"]:
            assert time.monotonic() < deadline
        assert ages("t2_") == ["10", "20", "30"]
        write.write_records(DatabaseName="one", TableName="t1_", Records=records(20))
        assert ages("t1_") == ["10", "20"]
