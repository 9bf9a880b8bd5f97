"""A deployed stack, read from its CloudFormation outputs."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

from botocore.exceptions import ClientError

from cli.aws import code_of, message_of
from cli.errors import Problem

BUSY = "_IN_PROGRESS"
ADDRESSES = frozenset({"c-ip", "x-forwarded-for"})
# Outputs that the template names after the store; all others have their field's name, in CamelCase.
STORE_OUTPUTS = {"database": "TimestreamDatabase", "table": "TimestreamTable"}


@dataclass(frozen=True, slots=True)
class Stack:
    """One stack's outputs; a field is the output that `output_of` names."""

    name: str
    status: str
    region: str
    database: str
    table: str
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
            hidden |= ADDRESSES
        return tuple(name for name in self.collected_fields if name not in hidden)

    @property
    def bundle(self) -> dict[str, Any]:
        """The settings of a dashboards.config.Bundle that the stack decides, by name."""
        return {
            "layout": self.record_layout,
            "fields": self.stored_fields,
            "sampling": self.sampling_percentage,
            "database": self.database,
            "table": self.table,
        }


def output_of(field: str) -> str:
    """Return the name of the output that a field is read from."""
    return STORE_OUTPUTS.get(field) or "".join(word.capitalize() for word in field.split("_"))


def describe(cloudformation: Any, name: str) -> dict[str, Any]:
    """Return what CloudFormation says of the stack.

    Raises Problem when there is none of that name in the client's region.
    """
    try:
        found: dict[str, Any] = cloudformation.describe_stacks(StackName=name)["Stacks"][0]
        return found
    except ClientError as error:
        if code_of(error) == "ValidationError" and "does not exist" in message_of(error):
            region = cloudformation.meta.region_name
            raise Problem(
                f"There is no stack {name!r} in {region}; deploy it with `make deploy "
                f"STACK={name}`, or name its own region (AWS_REGION, --region)."
            ) from None
        raise


def read(cloudformation: Any, name: str) -> Stack:
    """Return the stack of that name.

    Raises Problem when there is none, when it is not this project's, or when it is not finished.
    """
    description = describe(cloudformation, name)
    outputs = {item["OutputKey"]: item["OutputValue"] for item in description.get("Outputs", [])}
    return from_outputs(name, description["StackStatus"], outputs)


def from_outputs(name: str, status: str, outputs: Mapping[str, str]) -> Stack:
    """Return the stack that has these outputs, {key: value}; raises Problem as `read` does."""
    values: dict[str, Any] = {"name": name, "status": status}
    for attribute in (field.name for field in fields(Stack)):
        if attribute in values:
            continue
        key = output_of(attribute)
        if outputs.get(key):
            values[attribute] = outputs[key]
        elif attribute.startswith("grafana_workspace"):
            continue
        elif status.endswith(BUSY):
            raise Problem(f"Stack {name!r} is not finished yet ({status}); wait until it is.")
        else:
            raise Problem(
                f"Stack {name} has no output {key}: it is another project's, its deployment failed "
                f"({status}), or it is older than this tool. Its events in the CloudFormation "
                "console say which; `make deploy` brings it up to date."
            )
    for field in ("collected_fields", "drop_fields"):
        names = values[field].split(",")
        values[field] = tuple(item.strip() for item in names if item.strip() not in ("", "-"))
    sampling = values["sampling_percentage"]
    if not re.fullmatch(r"[0-9]+(\.0+)?", sampling):
        raise Problem(
            f"Stack {name} samples {sampling} percent, and CloudFront wants a whole number; "
            "deploy it anew with one."
        )
    values["sampling_percentage"] = int(sampling.partition(".")[0])
    return Stack(**values)
