"""Compares CloudFront's log config with what the stack made.

Lines carry no field names: the processor reads them by the stack's list. The log config is a
resource that anybody with the right can edit (console, Terraform), and CloudFormation does not
notice. https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_GetRealtimeLogConfig.html
"""

from collections.abc import Iterator
from typing import Any

from botocore.exceptions import ClientError

from cli import aws
from cli.stack import Stack
from processor.catalog import BY_NAME

WHERE = "in the CloudFront console (Logs, Real-time log configurations)"


def read(cloudfront: Any, arn: str) -> dict[str, Any] | None:
    """Return the log config as CloudFront has it, or None when it is gone."""
    try:
        found: dict[str, Any] = cloudfront.get_realtime_log_config(ARN=arn)["RealtimeLogConfig"]
        return found
    except ClientError as error:
        if aws.code_of(error) == "NoSuchRealtimeLogConfig":
            return None
        raise


def delivered(names: list[str]) -> list[str]:
    """Return fields in the order that they have on a line.

    That is CloudFront's own order, whatever the config's; the API gives them in it. A field that
    is newer than our catalog can only be placed by the API's order.
    """
    if all(name in BY_NAME for name in names):
        return sorted(set(names), key=lambda name: BY_NAME[name].position)
    return names


def differences(config: dict[str, Any], stack: Stack) -> Iterator[tuple[str, str]]:
    """Yield each difference between the log config and the stack, with what to do about it."""
    ours, theirs = delivered(list(stack.collected_fields)), delivered(config.get("Fields", []))
    if ours != theirs:
        yield _fields(ours, theirs)
    if config["SamplingRate"] != stack.sampling_percentage:
        yield (
            f"samples {config['SamplingRate']} %, not the stack's {stack.sampling_percentage} %",
            f"Dashboards scale counts by the stack's percentage. Set it back {WHERE}, or keep it: "
            f"`make deploy ARGS='--parameter RealtimeLogsSamplingPercentage="
            f"{config['SamplingRate']}'`, then build the dashboards again (`make env`, "
            "`make push`).",
        )
    targets = [
        endpoint.get("KinesisStreamConfig", {}).get("StreamARN", "nowhere")
        for endpoint in config.get("EndPoints", [])
    ]
    if not targets or not all(is_ours(target, stack) for target in targets):
        yield (
            f"sends to {', '.join(targets) or 'no stream'}",
            f"The stack reads stream {stack.stream_name} in {stack.region}: point the log config "
            f"back at it {WHERE}.",
        )


def _fields(ours: list[str], theirs: list[str]) -> tuple[str, str]:
    at = next(
        (n for n, (one, other) in enumerate(zip(ours, theirs, strict=False)) if one != other),
        min(len(ours), len(theirs)),
    )
    wanted = ours[at] if at < len(ours) else "the end of the line"
    found = theirs[at] if at < len(theirs) else "the end of the line"
    steps = [
        f"{what} {', '.join(names)}"
        for what, names in (
            ("add", [name for name in ours if name not in theirs]),
            ("remove", [name for name in theirs if name not in ours]),
        )
        if names
    ]
    counts = f" ({len(theirs)} fields, not {len(ours)})" if len(theirs) != len(ours) else ""
    return (
        f"field {at + 1} is {found}, the stack reads {wanted} there{counts}",
        f"From there on values land in the wrong columns. Put the fields back {WHERE}: "
        f"{' and '.join(steps)}. docs/troubleshooting.md says what to do about the lines that came "
        "meanwhile.",
    )


def is_ours(stream_arn: str, stack: Stack) -> bool:
    """Whether the ARN is that of the stack's stream."""
    parts = stream_arn.split(":", 5)
    return len(parts) == 6 and (parts[3], parts[5]) == (
        stack.region,
        f"stream/{stack.stream_name}",
    )


def intruders(cloudfront: Any, stack: Stack) -> list[str]:
    """Return the names of other log configs that send to the stack's stream."""
    found: list[str] = []
    marker: dict[str, str] = {}
    while True:
        answer = cloudfront.list_realtime_log_configs(**marker)["RealtimeLogConfigs"]
        found += [
            config["Name"]
            for config in answer.get("Items", [])
            if config["ARN"] != stack.realtime_log_config_arn
            and any(
                is_ours(endpoint.get("KinesisStreamConfig", {}).get("StreamARN", ""), stack)
                for endpoint in config.get("EndPoints", [])
            )
        ]
        if not answer.get("IsTruncated"):
            return found
        marker = {"Marker": answer["NextMarker"]}
