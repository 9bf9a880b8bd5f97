"""Least privilege: the roles allow what is called, on what it is called for, and nothing else."""

import base64
import json
import time
from collections.abc import Iterator
from typing import Any

import pytest

from tests.support.aws import FakeAws

pytest.importorskip("samtranslator", reason="SAM's transform does not run on this Python")

from infra import transform
from processor import handler
from processor.catalog import DEFAULT_FIELDS

KEY = "arn:aws:kms:us-east-1:123456789012:key/0a1b2c3d"
EVERYTHING = {"KmsKeyArn": KEY, "CreateGrafanaWorkspace": "true", "Tracing": "Active"}
# SQS checks SendMessage for both of its calls.
# https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonsqs.html
ACTIONS = {
    "WriteRecords": "timestream:WriteRecords",
    "DescribeEndpoints": "timestream:DescribeEndpoints",
    "SendMessage": "sqs:SendMessage",
    "SendMessageBatch": "sqs:SendMessage",
}
# What Lambda and Timestream do with the function's role, besides the function.
ON_ITS_BEHALF = {
    # https://docs.aws.amazon.com/lambda/latest/dg/services-kinesis-create.html
    "kinesis:DescribeStream",
    "kinesis:DescribeStreamSummary",
    "kinesis:GetRecords",
    "kinesis:GetShardIterator",
    "kinesis:ListShards",
    "kinesis:SubscribeToShard",
    # https://docs.aws.amazon.com/lambda/latest/dg/lambda-intro-execution-role.html
    "logs:CreateLogStream",
    "logs:PutLogEvents",
    # Reports on late rows, with the permission of whoever wrote them.
    "s3:PutObject",
}


@pytest.fixture(scope="module")
def template() -> dict[str, Any]:
    return transform.translate()


def statements(stack: dict[str, Any], name: str) -> Iterator[dict[str, Any]]:
    """Yield the statements of a role's, or managed policy's, own policies."""
    found = stack["Resources"][name]["Properties"]
    documents = [found["PolicyDocument"]] if "PolicyDocument" in found else []
    documents += [policy["PolicyDocument"] for policy in found.get("Policies", [])]
    for document in documents:
        yield from document["Statement"]


def listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def allowed(stack: dict[str, Any], name: str) -> dict[str, list[Any]]:
    """Return {action: resources}."""
    found: dict[str, list[Any]] = {}
    for statement in statements(stack, name):
        assert statement["Effect"] == "Allow"
        for action in listed(statement["Action"]):
            found.setdefault(action, []).extend(listed(statement["Resource"]))
    return found


def arn_of(name: str) -> dict[str, Any]:
    return {"Fn::GetAtt": [name, "Arn"]}


@pytest.fixture
def called(aws: FakeAws, monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """The operations that the function calls, of all of AWS, on a batch with everything in it."""
    monkeypatch.setenv("AWS_ENDPOINT_URL", aws.url)
    monkeypatch.setenv("POWERTOOLS_METRICS_DISABLED", "true")
    monkeypatch.setenv("LOG_LEVEL", "CRITICAL")
    monkeypatch.setenv("DEAD_LETTER_QUEUE_URL", f"{aws.url}/123456789012/letters")
    ingested = {"RecordsIngested": {"Total": 1, "MemoryStore": 1, "MagneticStore": 0}}
    aws.on("timestream-write", WriteRecords=ingested)
    aws.on(
        "sqs",
        SendMessageBatch=lambda asked: {
            "Successful": [
                {"Id": entry["Id"], "MessageId": "1", "MD5OfMessageBody": "0" * 32}
                for entry in asked["Entries"]
            ],
            "Failed": [],
        },
    )
    values = {"timestamp": f"{time.time():.3f}", "x-edge-request-id": "a", "sc-bytes": "7"}
    good = "\t".join(values.get(field.name, "-") for field in DEFAULT_FIELDS)
    event = {
        "Records": [
            {
                "eventID": f"shardId-000000000000:{number}",
                "kinesis": {
                    "sequenceNumber": str(number),
                    "data": base64.b64encode(line.encode()).decode(),
                    "approximateArrivalTimestamp": time.time(),
                },
            }
            for number, line in enumerate([good, "not a line"])
        ]
    }
    assert handler.build().handle(event) == {"batchItemFailures": []}
    return {name for name, _ in aws.calls}


def test_the_function_may_do_what_it_and_its_services_call_and_nothing_else(
    template: dict[str, Any], called: set[str]
) -> None:
    own = {ACTIONS[name] for name in called}
    assert own == {"timestream:WriteRecords", "timestream:DescribeEndpoints", "sqs:SendMessage"}
    assert set(allowed(transform.resolve(template), "ProcessorRole")) == own | ON_ITS_BEHALF


def test_the_function_may_do_it_to_its_own_resources_only(template: dict[str, Any]) -> None:
    found = allowed(transform.resolve(template), "ProcessorRole")
    stream, queue = [arn_of("LogStream")], [arn_of("DeadLetterQueue")]
    group = [arn_of("ProcessorLogGroup")]
    for action, resources in found.items():
        if action.startswith("kinesis:"):
            assert resources == stream, action
        if action.startswith("logs:"):
            assert resources == group, action
    assert found["sqs:SendMessage"] == queue
    assert found["timestream:WriteRecords"] == [arn_of("LogTable")]
    assert found["s3:PutObject"] == [{"Fn::Sub": "${RejectedDataBucket.Arn}/*"}]
    assert found["timestream:DescribeEndpoints"] == ["*"]


def test_tracing_and_a_key_add_what_they_need_and_no_more(template: dict[str, Any]) -> None:
    plain = set(allowed(transform.resolve(template), "ProcessorRole"))
    full = allowed(transform.resolve(template, **EVERYTHING), "ProcessorRole")
    assert set(full) - plain == {
        "kms:Decrypt",
        "kms:GenerateDataKey",
        "xray:PutTelemetryRecords",
        "xray:PutTraceSegments",
    }
    assert set(full["kms:Decrypt"] + full["kms:GenerateDataKey"]) == {KEY}


def test_cloudfront_may_write_to_the_stream_as_its_documentation_says(
    template: dict[str, Any],
) -> None:
    """https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/real-time-logs.html"""
    found = allowed(transform.resolve(template), "DeliveryRole")
    assert set(found) == {
        "kinesis:DescribeStream",
        "kinesis:DescribeStreamSummary",
        "kinesis:PutRecord",
        "kinesis:PutRecords",
        "kms:GenerateDataKey",
    }
    for action, resources in found.items():
        if action.startswith("kinesis:"):
            assert resources == [arn_of("LogStream")]


def test_cloudfront_may_use_one_key_and_only_through_kinesis(template: dict[str, Any]) -> None:
    def key_statement(**options: str) -> dict[str, Any]:
        stack = transform.resolve(template, **options)
        (found,) = (
            each
            for each in statements(stack, "DeliveryRole")
            if each["Action"] == "kms:GenerateDataKey"
        )
        return found

    via = {"kms:ViaService": "kinesis.us-east-1.amazonaws.com"}
    managed = key_statement()
    assert managed["Condition"] == {
        "StringEquals": via,
        "ForAnyValue:StringEquals": {"kms:ResourceAliases": "alias/aws/kinesis"},
    }
    own = key_statement(KmsKeyArn=KEY)
    assert (own["Resource"], own["Condition"]) == (KEY, {"StringEquals": via})


def test_grafana_may_read_this_table_and_what_it_cannot_ask_without(
    template: dict[str, Any],
) -> None:
    """The plugin's calls: Query (SELECT, SHOW, DESCRIBE), CancelQuery, DescribeEndpoints.

    https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazontimestream.html
    """
    found = allowed(transform.resolve(template), "GrafanaReadPolicy")
    table, database, anything = [arn_of("LogTable")], [arn_of("LogDatabase")], ["*"]
    assert found == {
        "timestream:Select": table,
        "timestream:DescribeTable": table,
        "timestream:ListMeasures": table,
        "timestream:DescribeDatabase": database,
        "timestream:ListTables": database,
        "timestream:ListDatabases": anything,
        "timestream:SelectValues": anything,
        "timestream:CancelQuery": anything,
        "timestream:DescribeEndpoints": anything,
    }


def test_the_workspace_may_publish_to_the_topic(template: dict[str, Any]) -> None:
    stack = transform.resolve(template, CreateGrafanaWorkspace="true")
    assert allowed(stack, "WorkspaceRole") == {"sns:Publish": [{"Ref": "AlertTopic"}]}


@pytest.mark.parametrize(
    ("role", "service", "condition"),
    [
        ("ProcessorRole", "lambda.amazonaws.com", None),
        (
            "DeliveryRole",
            "cloudfront.amazonaws.com",
            {"StringEquals": {"aws:SourceAccount": "123456789012"}},
        ),
        (
            "WorkspaceRole",
            "grafana.amazonaws.com",
            {
                "StringEquals": {"aws:SourceAccount": "123456789012"},
                "StringLike": {
                    "aws:SourceArn": "arn:aws:grafana:us-east-1:123456789012:/workspaces/*"
                },
            },
        ),
    ],
)
def test_a_role_trusts_one_service_for_this_account(
    template: dict[str, Any], role: str, service: str, condition: dict[str, Any] | None
) -> None:
    stack = transform.resolve(template, **EVERYTHING)
    (trust,) = stack["Resources"][role]["Properties"]["AssumeRolePolicyDocument"]["Statement"]
    assert trust["Principal"] == {"Service": service}
    assert trust["Action"] == "sts:AssumeRole"
    assert trust.get("Condition") == condition


def test_alarms_of_this_account_are_the_only_ones_let_in_from_outside(
    template: dict[str, Any],
) -> None:
    stack = transform.resolve(template)
    for name, resource in stack["Resources"].items():
        document = resource["Properties"].get("PolicyDocument")
        if resource["Type"].endswith(("TopicPolicy", "QueuePolicy", "BucketPolicy")):
            for statement in document["Statement"]:
                if statement["Effect"] == "Allow":
                    assert name == "AlertTopicPolicy"
                    assert statement["Principal"] == {"Service": "cloudwatch.amazonaws.com"}
                    assert statement["Condition"]["StringEquals"] == {
                        "aws:SourceAccount": "123456789012"
                    }


def test_no_action_has_a_star_and_every_star_resource_is_accounted_for(
    template: dict[str, Any],
) -> None:
    stack = transform.resolve(template, **EVERYTHING)
    stars = set()
    for name, resource in stack["Resources"].items():
        if not resource["Type"].startswith("AWS::IAM::"):
            continue
        for statement in statements(stack, name):
            for action in listed(statement["Action"]):
                assert "*" not in action, json.dumps(statement)
                if "*" in listed(statement["Resource"]):
                    stars.add((name, action))
    assert stars == {
        ("ProcessorRole", "timestream:DescribeEndpoints"),
        ("ProcessorRole", "xray:PutTelemetryRecords"),
        ("ProcessorRole", "xray:PutTraceSegments"),
        ("GrafanaReadPolicy", "timestream:CancelQuery"),
        ("GrafanaReadPolicy", "timestream:DescribeEndpoints"),
        ("GrafanaReadPolicy", "timestream:ListDatabases"),
        ("GrafanaReadPolicy", "timestream:SelectValues"),
    }
