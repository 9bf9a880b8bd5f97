"""The function may do what it calls, with ClickHouse as with Timestream, and nothing else."""

from datetime import UTC, datetime
from typing import Any

import pytest

pytest.importorskip("samtranslator", reason="SAM's transform does not run on this Python")

from infra import transform
from infra.stores.clickhouse import tables
from infra.stores.clickhouse.server import Server
from processor.catalog import DEFAULT_FIELDS
from processor.config import Config
from processor.handler import Processor
from processor.stores.clickhouse import schema
from processor.stores.clickhouse.schema import Place
from tests.infra.clickhouse.conftest import WRITING
from tests.support.aws import FakeAws
from tests.support.log_lines import event

SECRET = "arn:aws:secretsmanager:us-east-1:123456789012:secret:clickhouse-AbCdEf"
PARAMETER = "arn:aws:ssm:us-east-1:123456789012:parameter/clickhouse"
VALUE = f'{{"username": "default", "password": "{WRITING}"}}'
# What Lambda does with the role, besides the function.
ON_ITS_BEHALF = {
    *("kinesis:DescribeStream", "kinesis:DescribeStreamSummary", "kinesis:GetRecords"),
    *("kinesis:GetShardIterator", "kinesis:ListShards", "kinesis:SubscribeToShard"),
    *("logs:CreateLogStream", "logs:PutLogEvents"),
}
ACTIONS = {
    "GetSecretValue": "secretsmanager:GetSecretValue",
    "GetParameter": "ssm:GetParameter",
    "SendMessageBatch": "sqs:SendMessage",
}


@pytest.mark.slow
@pytest.mark.parametrize("arn", [SECRET, PARAMETER])
def test_it_calls_what_its_role_allows(
    aws: FakeAws,
    settings: dict[str, str],
    server: Server,
    place: Place,
    monkeypatch: pytest.MonkeyPatch,
    arn: str,
) -> None:
    """A batch with a line to write, and one that is none: rows, a dead letter, the secret."""
    for statement in schema.statements(place):
        server.run(statement)
    monkeypatch.setenv("AWS_ENDPOINT_URL", aws.url)
    monkeypatch.setenv("POWERTOOLS_METRICS_DISABLED", "true")
    monkeypatch.setenv("LOG_LEVEL", "CRITICAL")
    aws.calls.clear()
    aws.on("secretsmanager", GetSecretValue={"ARN": SECRET, "Name": "s", "SecretString": VALUE})
    aws.on("ssm", GetParameter={"Parameter": {"Name": "clickhouse", "Value": VALUE}})
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
    chosen: dict[str, Any] = {**settings, "ClickHouseSecretArn": arn}
    made = transform.resolve(transform.translate(), **chosen)["Resources"]
    told = made["Processor"]["Properties"]["Environment"]["Variables"]
    queue = {"DEAD_LETTER_QUEUE_URL": f"{aws.url}/123456789012/letters"}
    config = Config.from_env({**told, **queue})
    values = {"timestamp": f"{datetime.now(UTC).timestamp():.3f}", "sc-status": "200"}
    good = "\t".join(values.get(field.name, "-") for field in DEFAULT_FIELDS)
    assert Processor(config).handle(event([good, "not a line"])) == {"batchItemFailures": []}
    assert tables.look(server, place).rows[place.requests] == 1

    allowed = {
        action
        for policy in made["ProcessorRole"]["Properties"]["Policies"]
        for each in policy["PolicyDocument"]["Statement"]
        for action in ([each["Action"]] if isinstance(each["Action"], str) else each["Action"])
    }
    assert {ACTIONS[name] for name, _ in aws.calls} | ON_ITS_BEHALF == allowed
    asked = {"SecretId", "Name"}
    (named,) = (value for _, sent in aws.calls for key, value in sent.items() if key in asked)
    assert named == arn
