"""The chain from distribution to Timestream: green when all is well, red with what to do."""

import base64
import re
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

import boto3
import pytest

from processor.catalog import DEFAULT_FIELDS
from processor.config import Config
from processor.handler import Processor
from processor.stores.timestream.settings import Settings
from tests.support.aws import (
    ARN,
    OTHER_ARN,
    STREAM_ARN,
    AwsError,
    FakeAws,
    FakeCloudFormation,
    FakeCloudFront,
)
from timestream_local import Server

Infra = Callable[..., tuple[int, str]]
Put = Callable[[str, str, str, float], None]
MAPPING = {"UUID": "1", "State": "Enabled", "LastModified": "2026-11-01T00:00:00Z"}
FIELDS = [field.name for field in DEFAULT_FIELDS]
DIMENSIONS = {"AWS/Kinesis": ("StreamName", "stream"), "AWS/Lambda": ("FunctionName", "processor")}


@cache
def client(service: str, url: str) -> Any:
    """A client of moto's; to make one takes longer than to ask it."""
    return boto3.client(service, endpoint_url=url)


@pytest.fixture
def put(moto: str) -> Callable[[str, str, float], None]:
    """Put one datapoint of a metric, of a minute ago."""
    metrics = client("cloudwatch", moto)

    def put_metric(namespace: str, metric: str, value: float) -> None:
        name, dimension = DIMENSIONS[namespace]
        data = {
            "MetricName": metric,
            "Dimensions": [{"Name": name, "Value": dimension}],
            "Timestamp": datetime.now(UTC) - timedelta(minutes=1),
            "Value": value,
        }
        metrics.put_metric_data(Namespace=namespace, MetricData=[data])

    return put_metric


def rows(*values: str | None) -> dict[str, object]:
    """A query's answer with one column."""
    data = [{"ScalarValue": value} if value else {"NullValue": True} for value in values]
    return {
        "QueryId": "AAAA",
        "Rows": [{"Data": [item]} for item in data],
        "ColumnInfo": [{"Name": "_col0", "Type": {"ScalarType": "TIMESTAMP"}}],
    }


def seconds_ago(seconds: float) -> str:
    """A time as Timestream writes it."""
    when = datetime.now(UTC) - timedelta(seconds=seconds)
    return f"{when:%Y-%m-%d %H:%M:%S.%f}000"


@pytest.fixture(autouse=True)
def healthy(
    moto: str,
    aws: FakeAws,
    cloudfront: FakeCloudFront,
    cloudformation: FakeCloudFormation,
    outputs: dict[str, str],
    put: Put,
) -> None:
    """A stack that collects, and has nothing to say."""
    cloudfront.add("E1", {"/api/*": ARN, "default": ARN}, [])
    cloudfront.add_log_config(ARN, FIELDS, 5, STREAM_ARN)
    client("kinesis", moto).create_stream(StreamName="stream", ShardCount=2)
    client("s3", moto).create_bucket(Bucket="rejected")
    queue = client("sqs", moto).create_queue(QueueName="letters")["QueueUrl"]
    cloudformation.add("cloudfront-grafana", outputs | {"DeadLetterQueueUrl": queue})
    aws.on("lambda", ListEventSourceMappings={"EventSourceMappings": [MAPPING]})
    aws.on("timestream-query", Query=rows(seconds_ago(12)))
    client("cloudwatch", moto).put_metric_alarm(
        AlarmName="cloudfront-grafana-ErrorsAlarm-1A2B",
        AlarmDescription="Invocations fail.",
        Namespace="AWS/Lambda",
        MetricName="Errors",
        Statistic="Sum",
        Period=60,
        EvaluationPeriods=1,
        Threshold=0,
        ComparisonOperator="GreaterThanThreshold",
    )
    put("AWS/Kinesis", "IncomingRecords", 4200)
    put("AWS/Lambda", "IteratorAge", 1500)


def red(said: str, mark: str = "!!") -> dict[str, str]:
    """Return {name of a line with this mark: what to do}."""
    lines = said.splitlines()
    return {
        line[4:].split("  ")[0].strip(): lines[at + 1].partition("-> ")[2]
        for at, line in enumerate(lines)
        if line.startswith(f"{mark:<4}")
    }


def found(said: str, what: str) -> str:
    """Return what a line of the chain found."""
    return next(
        line[4:].removeprefix(what).strip()
        for line in said.splitlines()
        if line[4:].startswith(what)
    )


def test_a_healthy_stack_is_all_green(infra: Infra) -> None:
    status, said = infra("status")
    assert red(said) == {}
    assert status == 0
    assert red(said, "!") == {}
    assert "ok  attached      to E1 (/api/*, default)" in said
    assert f"ok  log config    {len(FIELDS)} fields, 5 % of requests" in said
    assert "ok  stream        ACTIVE, 2 shards, 4200 lines in 15 minutes" in said
    assert "ok  iterator age  1.5 s at most" in said
    assert "ok  dead letters  none" in said
    assert "ok  alarms        none of 1" in said
    age = re.search(r"newest row of .* UTC, (\d+) s ago", said)
    assert age
    assert int(age[1]) >= 12


def test_the_query_asks_for_the_layouts_own_rows(
    infra: Infra, aws: FakeAws, cloudformation: FakeCloudFormation, outputs: dict[str, str]
) -> None:
    infra("status")
    cloudformation.add("classic", outputs | {"RecordLayout": "classic"})
    infra("status", "--stack", "classic")
    multi, classic = (call["QueryString"] for call in aws.called("Query"))
    assert 'FROM "cloudfront-grafana"."realtime_logs" WHERE measure_name = \'request\'' in multi
    assert "measure_name = 'sc_bytes'" in classic


def test_without_a_distribution_the_command_to_attach_is_given(
    infra: Infra, cloudfront: FakeCloudFront
) -> None:
    cloudfront.change("E1", "/api/*", None)
    cloudfront.change("E1", "default", None)
    status, said = infra("status")
    assert status == 1
    assert red(said) == {"attached": "`make attach DISTRIBUTION=E... STACK=cloudfront-grafana`"}


def test_an_attachment_to_some_behaviors_is_a_warning_that_names_the_others(
    infra: Infra, cloudfront: FakeCloudFront
) -> None:
    cloudfront.add("E2", {"/api/*": ARN, "/img/*": OTHER_ARN, "default": None}, [])
    status, said = infra("status")
    assert status == 0
    assert red(said) == {}
    assert found(said, "attached") == (
        "to E1 (/api/*, default); E2 (/api/*); not E2 (/img/*: somebody-elses, default)"
    )
    todo = red(said, "!")["attached"]
    assert "`make attach STACK=cloudfront-grafana DISTRIBUTION=E2`" in todo
    assert "REPLACE=1" in todo


def test_a_partial_attachment_does_not_hide_that_a_distribution_is_disabled(
    infra: Infra, cloudfront: FakeCloudFront
) -> None:
    cloudfront.add("E2", {"/api/*": ARN, "default": None}, [])
    cloudfront.configs["E1"]["Enabled"] = False
    status, said = infra("status")
    assert status == 1
    assert "E1 is disabled" in red(said)["attached"]
    assert "not E2 (default)" in found(said, "attached")


def test_a_field_swapped_outside_the_stack_is_named_by_its_position(
    infra: Infra, cloudfront: FakeCloudFront, cloudformation: FakeCloudFormation, outputs: dict
) -> None:
    cloudformation.stacks.clear()
    fields = [name for name in FIELDS if name != "asn"]
    queue = boto3.client("sqs").get_queue_url(QueueName="letters")["QueueUrl"]
    described = outputs | {"CollectedFields": ",".join(fields), "DeadLetterQueueUrl": queue}
    cloudformation.add("cloudfront-grafana", described)
    swapped = [name for name in FIELDS if name != "cs-referer"]
    cloudfront.log_configs[ARN]["Fields"] = swapped
    status, said = infra("status")
    assert status == 1
    assert list(red(said)) == ["log config"]
    at = fields.index("cs-referer") + 1
    assert found(said, "log config") == (
        f"field {at} is {swapped[at - 1]}, the stack reads cs-referer there"
    )
    assert "add cs-referer and remove asn" in red(said)["log config"]


@pytest.mark.parametrize(
    ("fields", "first", "mend"),
    [
        (FIELDS[:-1], f"field {len(FIELDS)} is the end of the line", f"add {FIELDS[-1]}"),
        (FIELDS[1:], "field 1 is c-ip, the stack reads timestamp", "add timestamp"),
        ([*FIELDS, "cs-headers"], "is cs-headers, the stack reads", "remove cs-headers"),
        ([*FIELDS, "new-one"], "is new-one, the stack reads the end", "remove new-one"),
    ],
)
def test_other_fields_than_the_stacks(
    infra: Infra, cloudfront: FakeCloudFront, fields: list[str], first: str, mend: str
) -> None:
    cloudfront.log_configs[ARN]["Fields"] = fields
    said = infra("status")[1]
    assert first in found(said, "log config")
    assert f"({len(fields)} fields, not {len(FIELDS)})" in found(said, "log config")
    assert mend in red(said)["log config"]


def test_the_order_in_the_config_says_nothing_for_cloudfront_has_its_own(
    infra: Infra, cloudfront: FakeCloudFront
) -> None:
    cloudfront.log_configs[ARN]["Fields"] = FIELDS[::-1]
    assert red(infra("status")[1]) == {}


def test_another_sampling_than_the_stacks(infra: Infra, cloudfront: FakeCloudFront) -> None:
    cloudfront.log_configs[ARN]["SamplingRate"] = 50
    status, said = infra("status")
    assert status == 1
    assert found(said, "log config") == "samples 50 %, not the stack's 5 %"
    assert "RealtimeLogsSamplingPercentage=50" in red(said)["log config"]


@pytest.mark.parametrize(
    "stream",
    [
        STREAM_ARN.replace("us-east-1", "eu-west-1"),
        f"{STREAM_ARN}-2",
    ],
)
def test_lines_that_go_to_another_stream(
    infra: Infra, cloudfront: FakeCloudFront, stream: str
) -> None:
    cloudfront.add_log_config(ARN, FIELDS, 5, stream)
    said = infra("status")[1]
    assert found(said, "log config") == f"sends to {stream}"
    assert "stream stream in us-east-1" in red(said)["log config"]


def test_every_difference_is_told_at_once(infra: Infra, cloudfront: FakeCloudFront) -> None:
    cloudfront.add_log_config(ARN, FIELDS[:-1], 6, "arn:aws:kinesis:us-east-1:1:stream/x")
    said = infra("status")[1]
    for words in ("the end of the line", "samples 6 %", "sends to arn:aws:kinesis"):
        assert words in found(said, "log config")


def test_a_log_config_that_was_deleted(infra: Infra, cloudfront: FakeCloudFront) -> None:
    cloudfront.log_configs.clear()
    status, said = infra("status")
    assert status == 1
    assert found(said, "log config") == "cloudfront-grafana-us-east-1 is not there"
    assert "docs/troubleshooting.md" in red(said)["log config"]


def test_another_log_config_that_sends_to_the_same_stream(
    infra: Infra, cloudfront: FakeCloudFront
) -> None:
    cloudfront.add_log_config(OTHER_ARN, ["timestamp", "c-ip"], 100, STREAM_ARN)
    status, said = infra("status")
    assert status == 1
    assert "somebody-elses sends to this stream too" in found(said, "log config")


def test_whoever_may_not_list_log_configs_still_sees_this_one(infra: Infra, aws: FakeAws) -> None:
    denied = "User: x is not authorized to perform: cloudfront:ListRealtimeLogConfigs"
    aws.on("cloudfront", ListRealtimeLogConfigs=AwsError("AccessDenied", denied))
    status, said = infra("status")
    assert status == 0
    assert "cloudfront:ListRealtimeLogConfigs" in red(said, "!")["log config"]


def test_a_distribution_on_its_way_to_the_edges(infra: Infra, cloudfront: FakeCloudFront) -> None:
    cloudfront.statuses["E1"] = ["InProgress"]
    assert "E1 is still on its way" in red(infra("status")[1])["attached"]


def test_a_disabled_distribution(infra: Infra, cloudfront: FakeCloudFront) -> None:
    cloudfront.configs["E1"]["Enabled"] = False
    assert "E1 is disabled" in red(infra("status")[1])["attached"]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("stack_status", "todo"),
    [
        ("UPDATE_ROLLBACK_COMPLETE", "`make deploy` tries again"),
        ("UPDATE_IN_PROGRESS", "CloudFormation is at work"),
    ],
)
def test_a_stack_that_is_not_complete(
    infra: Infra,
    cloudformation: FakeCloudFormation,
    stack_status: str,
    todo: str,
) -> None:
    cloudformation.stacks["cloudfront-grafana"]["StackStatus"] = stack_status
    assert todo in red(infra("status")[1])["stack"]


def test_refused_lines_ask_for_shards(infra: Infra, put: Put) -> None:
    put("AWS/Kinesis", "WriteProvisionedThroughputExceeded", 7)
    _, said = infra("status")
    assert "4200 lines in 15 minutes, 7 refused" in said
    assert "raise KinesisStreamShards" in red(said)["stream"]


def test_no_lines_may_be_the_sampling(
    infra: Infra, cloudformation: FakeCloudFormation, outputs: dict[str, str], moto: str
) -> None:
    cloudformation.add("quiet", outputs | {"StreamName": "quiet"})
    client("kinesis", moto).create_stream(StreamName="quiet", ShardCount=1)
    assert (
        "Only 5 % of requests are logged" in red(infra("status", "--stack", "quiet")[1])["stream"]
    )


@pytest.mark.slow
@pytest.mark.parametrize("mappings", [[], [MAPPING | {"State": "Disabled"}]])
def test_a_function_that_is_not_fed(infra: Infra, aws: FakeAws, mappings: list[dict]) -> None:
    aws.on("lambda", ListEventSourceMappings={"EventSourceMappings": mappings})
    assert "enable the event source mapping" in red(infra("status")[1])["processor"]


@pytest.mark.parametrize(
    ("metric", "todo"), [("Errors", "log group says why"), ("Throttles", "concurrency")]
)
def test_failing_invocations(infra: Infra, put: Put, metric: str, todo: str) -> None:
    put("AWS/Lambda", metric, 3)
    assert todo in red(infra("status")[1])["processor"]


def test_an_old_iterator_age_says_what_to_raise_first(infra: Infra, put: Put) -> None:
    put("AWS/Lambda", "IteratorAge", 300_001)
    _, said = infra("status")
    assert "300.0 s at most" in said
    assert red(said)["iterator age"].startswith("The processor cannot keep up: raise Parallel")


def test_no_row_at_all(infra: Infra, aws: FakeAws) -> None:
    aws.on("timestream-query", Query=rows(None))
    assert "Begin with the first red line" in red(infra("status")[1])["Timestream"]


def test_an_old_row(infra: Infra, aws: FakeAws) -> None:
    aws.on("timestream-query", Query=rows(seconds_ago(601)))
    assert "Nothing newer came" in red(infra("status")[1])["Timestream"]


def test_dead_letters_name_the_redrive(infra: Infra, cloudformation: FakeCloudFormation) -> None:
    client = boto3.client("sqs")
    queue = client.get_queue_url(QueueName="letters")["QueueUrl"]
    client.send_message(QueueUrl=queue, MessageBody="{}")
    _, said = infra("status")
    assert "1 waiting" in said
    assert "make redrive STACK=cloudfront-grafana" in red(said)["dead letters"]


def test_reports_of_rejected_late_rows(infra: Infra) -> None:
    boto3.client("s3").put_object(Bucket="rejected", Key="rejected/1.json", Body=b"{}")
    _, said = infra("status")
    assert "1 reports of rejected rows" in said
    assert "s3://rejected" in red(said)["late rows"]


def test_a_ringing_alarm_brings_its_own_advice(infra: Infra) -> None:
    boto3.client("cloudwatch").set_alarm_state(
        AlarmName="cloudfront-grafana-ErrorsAlarm-1A2B", StateValue="ALARM", StateReason="test"
    )
    _, said = infra("status")
    assert "!!  alarms        ErrorsAlarm-1A2B of 1" in said
    assert red(said)["alarms"] == "Invocations fail."


def test_one_link_that_may_not_be_looked_at_does_not_hide_the_others(
    infra: Infra, aws: FakeAws
) -> None:
    denied = "User: x is not authorized to perform: cloudfront:ListDistributionsByRealtimeLogConfig"
    aws.on("cloudfront", ListDistributionsByRealtimeLogConfig=AwsError("AccessDenied", denied))
    status, said = infra("status")
    assert status == 1
    assert list(red(said)) == ["attached"]
    assert "does not allow cloudfront:ListDistributionsByRealtimeLogConfig" in said


@pytest.mark.slow
def test_without_metrics_the_rest_is_shown_all_the_same(
    infra: Infra, monkeypatch: pytest.MonkeyPatch, aws: FakeAws
) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL_CLOUDWATCH", aws.url)
    aws.on("cloudwatch", GetMetricData=AwsError("AccessDenied", "no"))
    _, said = infra("status")
    assert "CloudWatch's metrics are missing below" in said
    assert "ok  dead letters  none" in said


@pytest.fixture(scope="module")
def timestream() -> Iterator[str]:
    """The embedded Timestream, which refuses what Timestream would refuse."""
    with Server() as server:
        yield server.url


@pytest.mark.slow
@pytest.mark.parametrize("layout", ["multi", "classic"])
def test_the_newest_row_is_found_among_those_the_processor_wrote(
    infra: Infra,
    timestream: str,
    cloudformation: FakeCloudFormation,
    outputs: dict[str, str],
    monkeypatch: pytest.MonkeyPatch,
    layout: str,
) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL_TIMESTREAM_WRITE", timestream)
    monkeypatch.setenv("AWS_ENDPOINT_URL_TIMESTREAM_QUERY", timestream)
    monkeypatch.setenv("POWERTOOLS_METRICS_DISABLED", "true")
    monkeypatch.setenv("LOG_LEVEL", "CRITICAL")
    write = boto3.client("timestream-write")
    database = f"stack-{layout}"
    write.create_database(DatabaseName=database)
    write.create_table(DatabaseName=database, TableName="realtime_logs")
    described = outputs | {"TimestreamDatabase": database, "RecordLayout": layout}
    cloudformation.add(database, described)
    assert "no row in 24 hours" in infra("status", "--stack", database)[1]
    processor = Processor(Config(settings=Settings(database, layout=layout)))
    values = {"sc-bytes": "7", "x-edge-request-id": "a", "x-edge-location": "FRA56-P1"}
    values["timestamp"] = f"{time.time() - 42:.3f}"
    text = "\t".join(values.get(field.name, "-") for field in processor.config.fields)
    kinesis = {
        "sequenceNumber": "1",
        "data": base64.b64encode(text.encode()).decode(),
        "approximateArrivalTimestamp": time.time(),
    }
    event = {"Records": [{"eventID": "shardId-000000000000:1", "kinesis": kinesis}]}
    assert processor.handle(event) == {"batchItemFailures": []}
    _, said = infra("status", "--stack", database)
    ago = int(said.partition(" UTC, ")[2].split()[0])
    assert 41 <= ago < 600
    assert "ok  Timestream" in said
