"""destroy says what goes, asks for the stack's name, and leaves nothing behind."""

from collections.abc import Callable

import boto3
import pytest

from cli.console import Waiting
from cli.errors import Problem
from infra import destroy
from tests.support.aws import ARN, FakeAws, FakeCloudFormation, FakeCloudFront

Infra = Callable[..., tuple[int, str]]
RESOURCES = {
    "LogTable": "cloudfront-grafana|realtime_logs",
    "LogStream": "stream",
    "RejectedDataBucket": "rejected",
    "ProcessorLogGroup": "/aws/lambda/cloudfront-grafana-processor",
    "RealtimeLogConfig": ARN,
    "GrafanaWorkspace": "g-0123456789",
}


@pytest.fixture(autouse=True)
def _ready(moto: str, cloudfront: FakeCloudFront, cloudformation: FakeCloudFormation) -> None:
    boto3.client("s3").create_bucket(Bucket="rejected")
    boto3.client("s3").put_object(Bucket="rejected", Key="rejected/1.json", Body=b"{}")
    queue = boto3.client("sqs").create_queue(QueueName="letters")["QueueUrl"]
    boto3.client("sqs").send_message(QueueUrl=queue, MessageBody="{}")
    cloudformation.resources = RESOURCES | {"DeadLetterQueue": queue}
    cloudformation.deleting = ["DELETE_COMPLETE"]


def reports() -> int:
    return boto3.client("s3").list_objects_v2(Bucket="rejected")["KeyCount"]


@pytest.mark.slow
def test_it_says_what_goes_and_deletes_after_the_name_is_typed(
    infra: Infra, aws: FakeAws, answers: Callable[..., list[str]]
) -> None:
    asked = answers("cloudfront-grafana")
    status, said = infra("destroy")
    assert status == 0
    assert asked == ["Type the stack's name (cloudfront-grafana) to delete it: "]
    for loss in (
        "Timestream table cloudfront-grafana.realtime_logs: every row",
        "SQS queue letters: 1 dead letters",
        "Kinesis stream stream",
        "S3 bucket rejected",
        "log group /aws/lambda/cloudfront-grafana-processor",
        "Grafana workspace g-0123456789",
    ):
        assert loss in said
    assert aws.called("DeleteStack") == [{"StackName": "cloudfront-grafana"}]
    assert reports() == 0
    assert "Deleted." in said


@pytest.mark.parametrize("answer", ["", "y", "cloudfront"])
def test_anything_but_the_name_deletes_nothing(
    infra: Infra, aws: FakeAws, answers: Callable[..., list[str]], answer: str
) -> None:
    answers(answer)
    status, said = infra("destroy")
    assert status == 1
    assert "Nothing was deleted." in said
    assert not aws.called("DeleteStack")
    assert reports() == 1


def test_without_a_terminal_it_needs_yes(
    infra: Infra, aws: FakeAws, answers: Callable[..., list[str]]
) -> None:
    answers()
    assert "add --yes" in infra("destroy")[1]
    assert not aws.called("DeleteStack")
    assert infra("destroy", "--yes")[0] == 0


def test_an_attached_stack_is_kept_and_the_command_to_detach_given(
    infra: Infra, aws: FakeAws, cloudfront: FakeCloudFront
) -> None:
    cloudfront.add("E1", {"default": ARN}, [])
    status, said = infra("destroy", "--yes")
    assert status == 1
    assert "Run this first: `make detach STACK=cloudfront-grafana DISTRIBUTION=E1`" in said
    assert not aws.called("DeleteStack")


def test_what_is_left_of_a_failed_deployment_is_deleted_too(
    infra: Infra, aws: FakeAws, cloudformation: FakeCloudFormation
) -> None:
    cloudformation.add("broken", {}, status="ROLLBACK_COMPLETE")
    cloudformation.resources = {}
    assert infra("destroy", "--stack", "broken", "--yes")[0] == 0
    assert aws.called("DeleteStack") == [{"StackName": "broken"}]


def test_a_stack_that_is_not_there(infra: Infra) -> None:
    status, said = infra("destroy", "--stack", "nope", "--yes")
    assert status == 1
    assert "There is no stack 'nope'" in said


def test_what_cloudformation_could_not_delete_is_named(
    infra: Infra, cloudformation: FakeCloudFormation
) -> None:
    cloudformation.deleting = ["DELETE_FAILED"]
    cloudformation.events = [
        {
            "StackId": "x",
            "EventId": "1",
            "StackName": "cloudfront-grafana",
            "Timestamp": "2026-11-01T00:00:00Z",
            "LogicalResourceId": "LogTable",
            "ResourceStatus": "DELETE_FAILED",
            "ResourceStatusReason": "Access denied",
        }
    ]
    status, said = infra("destroy", "--yes")
    assert status == 1
    assert "could not delete all of it. LogTable: Access denied" in said


@pytest.mark.slow
def test_it_waits_until_the_stack_is_gone(cloudformation: FakeCloudFormation) -> None:
    cloudformation.deleting = ["DELETE_IN_PROGRESS", "DELETE_IN_PROGRESS", "DELETE_COMPLETE"]
    stack_id = cloudformation.stacks["cloudfront-grafana"]["StackId"]
    pauses: list[float] = []
    destroy.wait(
        boto3.client("cloudformation"),
        stack_id,
        Waiting(),
        sleep=pauses.append,
    )
    assert pauses == [destroy.POLL_SECONDS] * 2


def test_its_patience_ends(cloudformation: FakeCloudFormation) -> None:
    cloudformation.deleting = ["DELETE_IN_PROGRESS"]
    stack_id = cloudformation.stacks["cloudfront-grafana"]["StackId"]
    ticks = iter([0.0, 7200.0])
    with pytest.raises(Problem, match="Still DELETE_IN_PROGRESS after 120 minutes"):
        destroy.wait(
            boto3.client("cloudformation"),
            stack_id,
            Waiting(),
            clock=lambda: next(ticks),
        )
