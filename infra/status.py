"""Follow the log lines from the distribution to Timestream, and say where they stop."""

import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from infra import aws, distribution, logconfig, stack

HELP = "show the whole chain, and what to do about each red line"
WINDOW_MINUTES = 15
AGE_LIMIT_MS = 300_000  # as the stack's own alarm
LAG_LIMIT = timedelta(minutes=10)
# CloudWatch's metrics that are looked at: our name, namespace, metric, dimension, statistic.
METRICS = (
    ("incoming", "AWS/Kinesis", "IncomingRecords", "StreamName", "Sum"),
    ("refused", "AWS/Kinesis", "WriteProvisionedThroughputExceeded", "StreamName", "Sum"),
    ("age", "AWS/Lambda", "IteratorAge", "FunctionName", "Maximum"),
    ("errors", "AWS/Lambda", "Errors", "FunctionName", "Sum"),
    ("throttles", "AWS/Lambda", "Throttles", "FunctionName", "Sum"),
)


@dataclass(frozen=True, slots=True)
class Line:
    """One link of the chain: how it is, and what to do when it is not well."""

    what: str
    found: str
    todo: str = ""  # empty when all is well
    warning: bool = False  # it may be meant so

    @property
    def red(self) -> bool:
        """Whether something is wrong."""
        return bool(self.todo) and not self.warning

    @property
    def mark(self) -> tuple[str, int]:
        """The line's sign and the color that a terminal gives it."""
        return ("ok", 32) if not self.todo else ("!!", 31) if self.red else ("! ", 33)


@dataclass(frozen=True, slots=True)
class Asked:
    """What a check needs: the stack, how to make clients, the metrics and the time."""

    stack: stack.Stack
    client: Callable[[str], Any]
    metrics: dict[str, float | None]
    now: datetime


def arguments(parser: ArgumentParser) -> None:
    """Add this verb's arguments."""
    aws.stack_argument(parser)


def run(args: Namespace) -> int:
    """Print the chain; the exit status is 1 when a line is red."""
    made = aws.session(args)
    found = stack.read(aws.client(made, "cloudformation"), args.stack)

    def client(service: str) -> Any:
        return aws.client(made, service)

    now = datetime.now(UTC)
    try:
        metrics = measure(client("cloudwatch"), found, now)
    except (BotoCoreError, ClientError) as error:
        metrics = {}
        print(f"CloudWatch's metrics are missing below: {aws.explain(error)}", file=sys.stderr)
    asked = Asked(found, client, metrics, now)
    lines = list(chain(asked))
    print("\n".join(render(lines, color=sys.stdout.isatty())))
    return 1 if any(line.red for line in lines) else 0


def render(lines: list[Line], color: bool) -> Iterator[str]:
    """Yield the lines for a terminal."""
    width = max(len(line.what) for line in lines)
    for line in lines:
        mark, shade = line.mark
        if color:
            mark = f"\033[{shade}m{mark}\033[0m"
        yield f"{mark}  {line.what:<{width}}  {line.found}"
        if line.todo:
            yield f"    {'':<{width}}  -> {line.todo}"


def chain(asked: Asked) -> Iterator[Line]:
    """Yield every link; one that cannot be looked at is red with the reason."""
    for what, check in CHECKS:
        try:
            yield check(asked)
        except (BotoCoreError, ClientError) as error:
            yield Line(what, "could not be looked at", aws.explain(error))


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


def check_stack(asked: Asked) -> Line:
    """Look at the stack itself."""
    status = asked.stack.status
    found = f"{asked.stack.name}, {status}"
    if status in ("CREATE_COMPLETE", "UPDATE_COMPLETE"):
        return Line("stack", found)
    if status.endswith(stack.BUSY):
        return Line("stack", found, "CloudFormation is at work; look again when it is done.")
    return Line(
        "stack", found, "The last deployment failed; its events say why. `make deploy` tries again."
    )


def check_attached(asked: Asked) -> Line:
    """Look for distributions that have the log config."""
    cloudfront = asked.client("cloudfront")
    arn = asked.stack.realtime_log_config_arn
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
        return Line(
            "attached",
            "to no distribution",
            f"`make attach DISTRIBUTION=E... STACK={asked.stack.name}`",
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
            f"`make attach STACK={asked.stack.name} DISTRIBUTION={','.join(partial)}`, with "
            "REPLACE=1 where another log config is named."
        )
    return Line("attached", text, " ".join(todos), warning=not (off or waiting))


def _paths(item: dict[str, Any], arn: str) -> str:
    return ", ".join(
        path
        for path, behavior in distribution.behaviours(item)
        if behavior.get("RealtimeLogConfigArn") == arn
    )


def _others(item: dict[str, Any], arn: str) -> Iterator[str]:
    """Yield the cache behaviors without the log config, and which one they have instead."""
    for path, behavior in distribution.behaviours(item):
        other = behavior.get("RealtimeLogConfigArn") or ""
        if other != arn:
            yield f"{path}: {distribution.short(other)}" if other else path


def check_log_config(asked: Asked) -> Line:
    """Compare CloudFront's log config with the stack's fields, sampling and stream."""
    cloudfront = asked.client("cloudfront")
    arn = asked.stack.realtime_log_config_arn
    config = logconfig.read(cloudfront, arn)
    if config is None:
        return Line(
            "log config",
            f"{distribution.short(arn)} is not there",
            "Somebody deleted it, and CloudFormation cannot bring it back by itself: "
            "docs/troubleshooting.md has the way.",
        )
    differences = list(logconfig.differences(config, asked.stack))
    if differences:
        found, todos = zip(*differences, strict=True)
        return Line("log config", "; ".join(found), " ".join(todos))
    found = f"{len(config['Fields'])} fields, {config['SamplingRate']} % of requests"
    try:
        others = logconfig.intruders(cloudfront, asked.stack)
    except (BotoCoreError, ClientError) as error:
        return Line("log config", f"{found}; others not looked at", aws.explain(error), True)
    if others:
        return Line(
            "log config",
            f"{found}; but {', '.join(others)} sends to this stream too",
            "Its lines are read by this stack's list of fields. Give that log config a stream of "
            "its own; a stream takes one list.",
        )
    return Line("log config", found)


def check_stream(asked: Asked) -> Line:
    """Look at the stream, and at what CloudFront puts on it."""
    answer = asked.client("kinesis").describe_stream_summary(StreamName=asked.stack.stream_name)
    summary = answer["StreamDescriptionSummary"]
    incoming, refused = asked.metrics.get("incoming"), asked.metrics.get("refused")
    found = (
        f"{summary['StreamStatus']}, {summary['OpenShardCount']} shards, "
        f"{incoming or 0:.0f} lines in {WINDOW_MINUTES} minutes"
    )
    if summary["StreamStatus"] != "ACTIVE":
        return Line("stream", found, "Wait until the stream is ACTIVE.")
    if refused:
        return Line(
            "stream",
            f"{found}, {refused:.0f} refused",
            "The stream is too small and lines may be lost: raise KinesisStreamShards, lower the "
            "sampling, or set KinesisStreamMode=ON_DEMAND.",
        )
    if not incoming:
        percent = asked.stack.sampling_percentage
        return Line(
            "stream",
            found,
            f"No line came. Only {percent} % of requests are logged: send some through the "
            "distribution, and look at the line above.",
        )
    return Line("stream", found)


def check_processor(asked: Asked) -> Line:
    """Look at the function, its event source and its failures."""
    client = asked.client("lambda")
    mappings = client.list_event_source_mappings(FunctionName=asked.stack.processor_name)
    states = [mapping["State"] for mapping in mappings["EventSourceMappings"]]
    errors, throttles = asked.metrics.get("errors") or 0, asked.metrics.get("throttles") or 0
    found = (
        f"event source {', '.join(states) or 'missing'}, {errors:.0f} errors and "
        f"{throttles:.0f} throttles in {WINDOW_MINUTES} minutes"
    )
    if states != ["Enabled"]:
        return Line(
            "processor",
            found,
            "The function is not fed: enable the event source mapping in the Lambda console, or "
            "deploy again.",
        )
    if errors:
        return Line(
            "processor",
            found,
            "The log group says why (output LogProcessorLogGroup); nothing is lost while it is "
            "tried again.",
        )
    if throttles:
        return Line(
            "processor", found, "The account's Lambda concurrency is used up; raise that quota."
        )
    return Line("processor", found)


def check_age(asked: Asked) -> Line:
    """Look at how far behind the processor is."""
    age = asked.metrics.get("age")
    if age is None:
        return Line("iterator age", "no invocation yet" if asked.metrics else "unknown")
    found = f"{age / 1000:.1f} s at most"
    if age > AGE_LIMIT_MS:
        return Line(
            "iterator age",
            found,
            "The processor cannot keep up: raise ParallelizationFactor first, then "
            "MemoryMegabytes, then KinesisStreamShards.",
        )
    return Line("iterator age", found)


def check_rows(asked: Asked) -> Line:
    """Look for the newest row."""
    measure_name = "request" if asked.stack.record_layout == "multi" else "sc_bytes"
    answer = asked.client("timestream-query").query(
        QueryString=(
            f'SELECT max(time) FROM "{asked.stack.timestream_database}".'
            f"\"{asked.stack.timestream_table}\" WHERE measure_name = '{measure_name}' "
            "AND time > ago(24h)"
        )
    )
    newest = next((row["Data"][0].get("ScalarValue") for row in answer["Rows"]), None)
    if newest is None:
        return Line(
            "Timestream",
            "no row in 24 hours",
            "Begin with the first red line above; when there is none, read the processor's log.",
        )
    when = datetime.fromisoformat(newest.split(".")[0]).replace(tzinfo=UTC)
    behind = asked.now - when
    found = (
        f"newest row of {when:%Y-%m-%d %H:%M:%S} UTC, {max(behind.total_seconds(), 0):.0f} s ago"
    )
    if behind > LAG_LIMIT:
        return Line(
            "Timestream",
            found,
            "Nothing newer came: with traffic on the distribution, begin with the first red line "
            "above.",
        )
    return Line("Timestream", found)


def check_dead_letters(asked: Asked) -> Line:
    """Look at the dead-letter queue."""
    attributes = asked.client("sqs").get_queue_attributes(
        QueueUrl=asked.stack.dead_letter_queue_url,
        AttributeNames=["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"],
    )["Attributes"]
    count = sum(int(value) for value in attributes.values())
    if count:
        return Line(
            "dead letters",
            f"{count} waiting",
            f"`make redrive STACK={asked.stack.name} ARGS=--dry-run` shows them and why; without "
            "--dry-run it puts them back.",
        )
    return Line("dead letters", "none")


def check_reports(asked: Asked) -> Line:
    """Look for late rows that Timestream rejected afterwards."""
    bucket = asked.stack.rejected_data_bucket_name
    answer = asked.client("s3").list_objects_v2(Bucket=bucket, MaxKeys=1000)
    count = answer["KeyCount"]
    if count:
        more = " or more" if answer.get("IsTruncated") else ""
        return Line(
            "late rows",
            f"{count}{more} reports of rejected rows",
            f"The reasons are in s3://{bucket}; older than 30 days they are deleted.",
        )
    return Line("late rows", "none rejected")


def check_alarms(asked: Asked) -> Line:
    """Look at the stack's alarms."""
    cloudwatch = asked.client("cloudwatch")
    pages = cloudwatch.get_paginator("describe_alarms").paginate(
        AlarmNamePrefix=f"{asked.stack.name}-"
    )
    alarms = [alarm for page in pages for alarm in page["MetricAlarms"]]
    ringing = [alarm for alarm in alarms if alarm["StateValue"] == "ALARM"]
    if ringing:
        names = ", ".join(
            alarm["AlarmName"].removeprefix(f"{asked.stack.name}-") for alarm in ringing
        )
        return Line(
            "alarms", f"{names} of {len(alarms)}", ringing[0].get("AlarmDescription", "See above.")
        )
    return Line("alarms", f"none of {len(alarms)}")


CHECKS: tuple[tuple[str, Callable[[Asked], Line]], ...] = (
    ("stack", check_stack),
    ("log config", check_log_config),
    ("attached", check_attached),
    ("stream", check_stream),
    ("processor", check_processor),
    ("iterator age", check_age),
    ("Timestream", check_rows),
    ("dead letters", check_dead_letters),
    ("late rows", check_reports),
    ("alarms", check_alarms),
)
