"""Delete the stack and the data in it."""

import time
from argparse import ArgumentParser, Namespace
from collections.abc import Callable
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from cli import aws, console, stack
from cli.errors import Cancelled, Problem
from infra import stores
from infra.deploy import STORE

HELP = "delete the stack, with the data in it (says what goes, and asks)"
POLL_SECONDS = 10.0
PATIENCE_SECONDS = 3600.0


def arguments(parser: ArgumentParser) -> None:
    """Add this subcommand's arguments."""
    aws.stack_argument(parser)
    aws.yes_argument(parser)
    for name in stores.STORES:
        stores.of(name).destroy.arguments(parser)


def run(args: Namespace) -> int:
    """Say what is deleted, ask, empty the bucket, delete and wait."""
    made = aws.session(args.region)
    cloudformation = aws.client(made, "cloudformation")
    description = stack.describe(cloudformation, args.stack)
    resources = resources_of(cloudformation, args.stack)
    refuse_attached(aws.client(made, "cloudfront"), args.stack, resources)
    settings = stack.parameters_of(description)
    store = stores.of(settings.get(STORE, stores.DEFAULT)).destroy
    print(f"Deleting stack {args.stack} in {made.region_name} deletes for good:")
    for line in store.losses(args, resources, settings):
        print(f"  - {line}")
    for line in losses(lambda service: aws.client(made, service), resources):
        print(f"  - {line}")
    for sentence in store.stays(args, settings):
        print(sentence)
    ask(args)
    finish = store.begin(args, made, settings)
    for bucket in store.BUCKETS:
        if bucket in resources:
            empty(aws.client(made, "s3"), resources[bucket])
    cloudformation.delete_stack(StackName=args.stack)
    with console.Waiting() as progress:
        wait(cloudformation, description["StackId"], progress)
    finish()
    return 0


def resources_of(cloudformation: Any, name: str) -> dict[str, str]:
    """Return the physical ids of the stack's resources, by logical id."""
    pages = cloudformation.get_paginator("list_stack_resources").paginate(StackName=name)
    return {
        item["LogicalResourceId"]: item["PhysicalResourceId"]
        for page in pages
        for item in page["StackResourceSummaries"]
        if item.get("PhysicalResourceId") and item["ResourceStatus"] != "DELETE_COMPLETE"
    }


def refuse_attached(cloudfront: Any, name: str, resources: dict[str, str]) -> None:
    """Raise Problem while a distribution still writes to the stack: CloudFront would refuse."""
    arn = resources.get("RealtimeLogConfig")
    if not arn:
        return
    answer = cloudfront.list_distributions_by_realtime_log_config(RealtimeLogConfigArn=arn)
    ids = [item["Id"] for item in answer["DistributionList"].get("Items", [])]
    if ids:
        raise Problem(
            f"Still attached to {', '.join(ids)}, and CloudFront keeps a log config that is in "
            f"use. Run this first: `make detach STACK={name} DISTRIBUTION={','.join(ids)}`."
        )


def losses(client: Callable[[str], Any], resources: dict[str, str]) -> list[str]:
    """Return what is lost besides the store; with amounts, where asking for them is free."""
    lines = []
    if stream := resources.get("LogStream"):
        lines.append(f"Kinesis stream {stream}: lines not processed yet")
    if queue := resources.get("DeadLetterQueue"):
        try:
            attributes = client("sqs").get_queue_attributes(
                QueueUrl=queue, AttributeNames=["ApproximateNumberOfMessages"]
            )["Attributes"]
            count = f"{attributes['ApproximateNumberOfMessages']} dead letters"
        except (BotoCoreError, ClientError):
            count = "its dead letters (not allowed to count them)"
        lines.append(f"SQS queue {queue.rsplit('/', 1)[-1]}: {count}")
    if group := resources.get("ProcessorLogGroup"):
        lines.append(f"log group {group}")
    if workspace := resources.get("GrafanaWorkspace"):
        lines.append(f"Grafana workspace {workspace}: every dashboard, rule and user setting in it")
    lines.append(f"and the other {len(resources)} resources' settings: role, alarms, topic, policy")
    return lines


def ask(args: Namespace) -> None:
    """Ask for the stack's name; raise Cancelled for any other answer."""
    question = f"Type the stack's name ({args.stack}) to delete it: "
    if not args.yes and console.answer(question) != args.stack:
        raise Cancelled("Nothing was deleted.")


def empty(s3: Any, bucket: str) -> None:
    """Delete what is in the bucket: CloudFormation deletes only empty ones."""
    for page in s3.get_paginator("list_objects_v2").paginate(Bucket=bucket):
        keys = [{"Key": item["Key"]} for item in page.get("Contents", [])]
        if keys:
            answer = s3.delete_objects(Bucket=bucket, Delete={"Objects": keys, "Quiet": True})
            for error in answer.get("Errors", []):
                raise Problem(
                    f"s3://{bucket}/{error['Key']} cannot be deleted ({error['Code']}); nothing "
                    "else was deleted. See docs/permissions.md."
                )


def wait(
    cloudformation: Any,
    stack_id: str,
    progress: console.Waiting,
    *,
    poll: float = POLL_SECONDS,
    patience: float = PATIENCE_SECONDS,
    clock: Callable[[], float] = time.monotonic,
    sleep: Callable[[float], None] = time.sleep,
) -> None:
    """Wait until the stack is gone; raise Problem with CloudFormation's reasons when it stays."""
    began = clock()
    while True:
        # By its id: a deleted stack cannot be found by its name.
        status = cloudformation.describe_stacks(StackName=stack_id)["Stacks"][0]["StackStatus"]
        took = clock() - began
        if status == "DELETE_COMPLETE":
            progress.done("Deleted. Only samconfig.toml in this folder is left; keep or delete it.")
            return
        if status == "DELETE_FAILED":
            events = cloudformation.describe_stack_events(StackName=stack_id)["StackEvents"]
            reasons = [
                f"{event['LogicalResourceId']}: {event.get('ResourceStatusReason', 'no reason')}"
                for event in events
                if event["ResourceStatus"] == "DELETE_FAILED"
            ]
            raise Problem(f"CloudFormation could not delete all of it. {'; '.join(reasons)}")
        if took >= patience:
            raise Problem(
                f"Still {status} after {took / 60:.0f} minutes; CloudFormation goes on by itself."
            )
        progress.update("Deleting", f" ({took:.0f} s)")
        sleep(poll)
