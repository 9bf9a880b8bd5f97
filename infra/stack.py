"""A deployed stack, as its outputs describe it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import ClientError

from infra.aws import Problem, code_of, message_of

BUSY = "_IN_PROGRESS"


@dataclass(frozen=True, slots=True)
class Stack:
    """One stack's outputs; each field is the output of that name, in CamelCase, in the template."""

    name: str
    status: str
    region: str
    timestream_database: str
    timestream_table: str
    sampling_percentage: int
    record_layout: str
    collected_fields: tuple[str, ...]
    drop_fields: tuple[str, ...]
    viewer_ip: str
    realtime_log_config_arn: str
    stream_name: str
    processor_name: str
    dead_letter_queue_url: str
    rejected_data_bucket_name: str
    alert_topic_arn: str
    grafana_read_policy_arn: str
    grafana_workspace_id: str | None = None
    grafana_workspace_endpoint: str | None = None

    @property
    def stored_fields(self) -> tuple[str, ...]:
        """The log fields that reach the table."""
        hidden = set(self.drop_fields)
        if self.viewer_ip == "drop":
            hidden |= {"c-ip", "x-forwarded-for"}
        return tuple(name for name in self.collected_fields if name not in hidden)


def describe(cloudformation: Any, name: str) -> dict[str, Any]:
    """Return what CloudFormation says of the stack.

    Raises Problem when there is none of that name in the client's region.
    """
    try:
        return cloudformation.describe_stacks(StackName=name)["Stacks"][0]
    except ClientError as error:
        if code_of(error) == "ValidationError" and "does not exist" in message_of(error):
            region = cloudformation.meta.region_name
            raise Problem(
                f"There is no stack {name!r} in {region}; deploy it with `make deploy "
                f"STACK={name}`, or name another with STACK= and AWS_REGION."
            ) from None
        raise


def outputs_of(description: Mapping[str, Any]) -> dict[str, str]:
    """Return the outputs by key."""
    return {item["OutputKey"]: item["OutputValue"] for item in description.get("Outputs", [])}


def read(cloudformation: Any, name: str) -> Stack:
    """Return the stack of that name.

    Raises Problem when there is none, when it is not this project's, or when it is not finished.
    """
    description = describe(cloudformation, name)
    status = description["StackStatus"]
    found = outputs_of(description)
    values: dict[str, Any] = {"name": name, "status": status}
    missing = []
    for field in Stack.__dataclass_fields__:
        if field in values:
            continue
        key = "".join(word.capitalize() for word in field.split("_"))
        if key in found:
            values[field] = found[key]
        elif not field.startswith("grafana_workspace"):
            missing.append(key)
    if missing and status.endswith(BUSY):
        raise Problem(f"Stack {name!r} is not finished yet ({status}); wait until it is.")
    if missing:
        raise Problem(
            f"Stack {name!r} ({status}) has no output {missing[0]}: it is another project's, or "
            "its deployment failed; look at its events in the CloudFormation console."
        )
    for field in ("collected_fields", "drop_fields"):
        names = values[field].split(",")
        values[field] = tuple(item.strip() for item in names if item.strip() not in ("", "-"))
    values["sampling_percentage"] = int(float(values["sampling_percentage"]))
    return Stack(**values)
