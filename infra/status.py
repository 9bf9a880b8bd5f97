"""Follow the log lines from the distribution to the rows, and show where they stop."""

import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError
from rich.table import Table
from rich.text import Text

from cli import aws, console, stack
from cli.errors import Problem
from infra import distribution, logconfig, stores
from infra.chain import Context, Link

HELP = "show the whole chain, and what to do about each red line"
WINDOW_MINUTES = 15
AGE_LIMIT_MS = 300_000  # as the stack's own alarm
# CloudWatch's metrics that are looked at: our name, namespace, metric, dimension, statistic.
METRICS = (
    ("incoming", "AWS/Kinesis", "IncomingRecords", "StreamName", "Sum"),
    ("refused", "AWS/Kinesis", "WriteProvisionedThroughputExceeded", "StreamName", "Sum"),
    ("age", "AWS/Lambda", "IteratorAge", "FunctionName", "Maximum"),
    ("errors", "AWS/Lambda", "Errors", "FunctionName", "Sum"),
    ("throttles", "AWS/Lambda", "Throttles", "FunctionName", "Sum"),
)


def arguments(parser: ArgumentParser) -> None:
    """Add this subcommand's arguments."""
    aws.stack_argument(parser)


def run(args: Namespace) -> int:
    """Print the chain; the exit status is 1 when a link is red."""
    made = aws.session(args.region)
    found = stack.read(aws.client(made, "cloudformation"), args.stack)

    @cache
    def client(service: str) -> Any:
        return aws.client(made, service)

    now = datetime.now(UTC)
    try:
        metrics = measure(client("cloudwatch"), found, now)
    except (BotoCoreError, ClientError) as error:
        metrics = {}
        print(f"CloudWatch's metrics are missing below: {aws.explain(error)}", file=sys.stderr)
    links = list(chain(Context(found, client, metrics, now)))
    console.put(console.output(), render(links))
    return 1 if any(link.red for link in links) else 0


def render(links: list[Link]) -> Table:
    """Return the chain as a table."""
    table = console.plain()
    table.add_column(min_width=2)
    table.add_column(no_wrap=True)
    table.add_column()
    for link in links:
        mark, color = link.mark
        table.add_row(Text(mark, style=color), Text(link.what), Text(link.found))
        if link.todo:
            table.add_row("", "", Text(f"-> {link.todo}"))
    return table


def chain(context: Context) -> Iterator[Link]:
    """Yield every link; one that cannot be looked at is red with the reason."""
    for what, look in checks(context.stack.store):
        try:
            found = look(context)
            yield from [found] if isinstance(found, Link) else found
        except (BotoCoreError, ClientError) as error:
            yield Link(what, "could not be looked at", aws.explain(error))
        except Problem as problem:
            yield Link(what, "could not be looked at", str(problem))


def measure(cloudwatch: Any, found: stack.Stack, now: datetime) -> dict[str, float | None]:
    """Return the last minutes' sums and maxima; None where CloudWatch has no datapoint."""
    names = {"StreamName": found.stream_name, "FunctionName": found.processor_name}
    answer = cloudwatch.get_metric_data(
        StartTime=now - timedelta(minutes=WINDOW_MINUTES),
        EndTime=now,
        MetricDataQueries=[
            {
                "Id": key,
                "MetricStat": {
                    "Metric": {
                        "Namespace": namespace,
                        "MetricName": metric,
                        "Dimensions": [{"Name": dimension, "Value": names[dimension]}],
                    },
                    "Period": 60,
                    "Stat": statistic,
                },
            }
            for key, namespace, metric, dimension, statistic in METRICS
        ],
    )
    combine = {key: max if statistic == "Maximum" else sum for key, *_, statistic in METRICS}
    return {
        item["Id"]: combine[item["Id"]](item["Values"]) if item["Values"] else None
        for item in answer["MetricDataResults"]
    }


def check_stack(context: Context) -> Link:
    """Look at the stack itself."""
    status = context.stack.status
    found = f"{context.stack.name}, {status}"
    if status in ("CREATE_COMPLETE", "UPDATE_COMPLETE"):
        return Link("stack", found)
    if status.endswith(stack.BUSY):
        return Link("stack", found, "CloudFormation is at work; look again when it is done.")
    return Link(
        "stack", found, "The last deployment failed; its events say why. `make deploy` tries again."
    )


def check_attached(context: Context) -> Link:
    """Look for distributions that have the log config."""
    cloudfront = context.client("cloudfront")
    arn = context.stack.realtime_log_config_arn
    items: list[dict[str, Any]] = []
    marker: dict[str, str] = {}
    while True:
        answer = cloudfront.list_distributions_by_realtime_log_config(
            RealtimeLogConfigArn=arn, **marker
        )["DistributionList"]
        items += answer.get("Items", [])
        if not answer.get("IsTruncated"):
            break
        marker = {"Marker": answer["NextMarker"]}
    if not items:
        return Link(
            "attached",
            "to no distribution",
            f"`make attach DISTRIBUTION=E... STACK={context.stack.name}`",
        )
    text = "to " + "; ".join(f"{item['Id']} ({_paths(item, arn)})" for item in items)
    off = [item["Id"] for item in items if not item.get("Enabled", True)]
    waiting = [item["Id"] for item in items if item["Status"] != "Deployed"]
    partial = {item["Id"]: list(_others(item, arn)) for item in items}
    partial = {name: others for name, others in partial.items() if others}
    todos = []
    if off:
        todos.append(f"{', '.join(off)} is disabled and serves nothing; enable it.")
    if waiting:
        todos.append(f"{', '.join(waiting)} is still on its way to the edges; wait.")
    if partial:
        text += "; not " + "; not ".join(
            f"{name} ({', '.join(others)})" for name, others in partial.items()
        )
        todos.append(
            "Requests of those behaviors are not collected. Unless that is meant: "
            f"`make attach STACK={context.stack.name} DISTRIBUTION={','.join(partial)}`, with "
            "REPLACE=1 where another log config is named."
        )
    return Link("attached", text, " ".join(todos), warning=not (off or waiting))


def _paths(item: dict[str, Any], arn: str) -> str:
    return ", ".join(
        path
        for path, behavior in distribution.behaviors(item)
        if behavior.get("RealtimeLogConfigArn") == arn
    )


def _others(item: dict[str, Any], arn: str) -> Iterator[str]:
    """Yield the cache behaviors without the log config, and which one they have instead."""
    for path, behavior in distribution.behaviors(item):
        other = behavior.get("RealtimeLogConfigArn") or ""
        if other != arn:
            yield f"{path}: {distribution.short(other)}" if other else path


def check_log_config(context: Context) -> Link:
    """Compare CloudFront's log config with the stack's fields, sampling and stream."""
    cloudfront = context.client("cloudfront")
    arn = context.stack.realtime_log_config_arn
    config = logconfig.read(cloudfront, arn)
    if config is None:
        return Link(
            "log config",
            f"{distribution.short(arn)} is not there",
            "Somebody deleted it, and CloudFormation cannot bring it back by itself: "
            "docs/troubleshooting.md has the way.",
        )
    differences = list(logconfig.differences(config, context.stack))
    if differences:
        what, todos = zip(*differences, strict=True)
        return Link("log config", "; ".join(what), " ".join(todos))
    found = f"{len(config['Fields'])} fields, {config['SamplingRate']} % of requests"
    try:
        others = logconfig.intruders(cloudfront, context.stack)
    except (BotoCoreError, ClientError) as error:
        return Link("log config", f"{found}; others not looked at", aws.explain(error), True)
    if others:
        return Link(
            "log config",
            f"{found}; but {', '.join(others)} sends to this stream too",
            "Its lines are read by this stack's list of fields. Give that log config a stream of "
            "its own; a stream takes one list.",
        )
    return Link("log config", found)


def check_stream(context: Context) -> Link:
    """Look at the stream, and at what CloudFront puts on it."""
    answer = context.client("kinesis").describe_stream_summary(StreamName=context.stack.stream_name)
    summary = answer["StreamDescriptionSummary"]
    incoming, refused = context.metrics.get("incoming"), context.metrics.get("refused")
    found = (
        f"{summary['StreamStatus']}, {summary['OpenShardCount']} shards, "
        f"{incoming or 0:.0f} lines in {WINDOW_MINUTES} minutes"
    )
    if summary["StreamStatus"] != "ACTIVE":
        return Link("stream", found, "Wait until the stream is ACTIVE.")
    if refused:
        return Link(
            "stream",
            f"{found}, {refused:.0f} refused",
            "The stream is too small and lines may be lost: raise KinesisStreamShards, lower the "
            "sampling, or set KinesisStreamMode=ON_DEMAND.",
        )
    if not incoming:
        percent = context.stack.sampling_percentage
        return Link(
            "stream",
            found,
            f"No line came. Only {percent} % of requests are logged: send some through the "
            "distribution, and look at the line above.",
        )
    return Link("stream", found)


def check_processor(context: Context) -> Link:
    """Look at the function, its event source and its failures."""
    client = context.client("lambda")
    mappings = client.list_event_source_mappings(FunctionName=context.stack.processor_name)
    states = [mapping["State"] for mapping in mappings["EventSourceMappings"]]
    errors, throttles = context.metrics.get("errors") or 0, context.metrics.get("throttles") or 0
    found = (
        f"event source {', '.join(states) or 'missing'}, {errors:.0f} errors and "
        f"{throttles:.0f} throttles in {WINDOW_MINUTES} minutes"
    )
    # Two, where the stack also reads another one's stream.
    if set(states) != {"Enabled"}:
        return Link(
            "processor",
            found,
            "The function gets no lines: enable the event source mapping in the Lambda console, or "
            "deploy again.",
        )
    if errors:
        return Link(
            "processor",
            found,
            "The log group says why (output LogProcessorLogGroup); nothing is lost while it is "
            "tried again.",
        )
    if throttles:
        return Link(
            "processor", found, "The account's Lambda concurrency is used up; raise that quota."
        )
    return Link("processor", found)


def check_age(context: Context) -> Link:
    """Look at how far behind the processor is."""
    age = context.metrics.get("age")
    if age is None:
        return Link("iterator age", "no invocation yet" if context.metrics else "unknown")
    found = f"{age / 1000:.1f} s at most"
    if age > AGE_LIMIT_MS:
        return Link(
            "iterator age",
            found,
            "The processor cannot keep up: raise ParallelizationFactor first, then "
            "MemoryMegabytes, then KinesisStreamShards.",
        )
    return Link("iterator age", found)


def check_dead_letters(context: Context) -> Link:
    """Look at the dead-letter queue."""
    attributes = context.client("sqs").get_queue_attributes(
        QueueUrl=context.stack.dead_letter_queue_url,
        AttributeNames=["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"],
    )["Attributes"]
    count = sum(int(value) for value in attributes.values())
    if count:
        return Link(
            "dead letters",
            f"{count} waiting",
            f"`make redrive STACK={context.stack.name} ARGS=--dry-run` shows them and why; without "
            "--dry-run it puts them back.",
        )
    return Link("dead letters", "none")


def check_alarms(context: Context) -> Link:
    """Look at the stack's alarms."""
    cloudwatch = context.client("cloudwatch")
    pages = cloudwatch.get_paginator("describe_alarms").paginate(
        AlarmNamePrefix=f"{context.stack.name}-"
    )
    alarms = [alarm for page in pages for alarm in page["MetricAlarms"]]
    ringing = [alarm for alarm in alarms if alarm["StateValue"] == "ALARM"]
    if ringing:
        names = ", ".join(
            alarm["AlarmName"].removeprefix(f"{context.stack.name}-") for alarm in ringing
        )
        return Link(
            "alarms", f"{names} of {len(alarms)}", ringing[0].get("AlarmDescription", "See above.")
        )
    return Link("alarms", f"none of {len(alarms)}")


def checks(name: str = stores.DEFAULT) -> tuple[tuple[str, stores.Look], ...]:
    """Return what is looked at, in the order of the chain, with this store in it."""
    store = stores.of(name).status
    return (
        ("stack", check_stack),
        ("log config", check_log_config),
        ("attached", check_attached),
        ("stream", check_stream),
        ("processor", check_processor),
        ("iterator age", check_age),
        store.ROWS,
        ("dead letters", check_dead_letters),
        store.LATE,
        ("alarms", check_alarms),
    )
