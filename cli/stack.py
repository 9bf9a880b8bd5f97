"""A deployed stack, read from its CloudFormation outputs."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any

from botocore.exceptions import ClientError

from cli.aws import code_of, message_of
from cli.errors import Problem

BUSY = "_IN_PROGRESS"
ADDRESSES = frozenset({"c-ip", "x-forwarded-for"})
# Outputs that only a stack with this store has; all others have their field's name, in CamelCase.
# The first is the store of a stack that does not say.
STORE_OUTPUTS: dict[str, dict[str, str]] = {
    "timestream": {
        "database": "TimestreamDatabase",
        "table": "TimestreamTable",
        "rejected_data_bucket_name": "RejectedDataBucketName",
        "grafana_read_policy_arn": "GrafanaReadPolicyArn",
    },
    "clickhouse": {
        "database": "ClickHouseDatabase",
        "table": "ClickHouseTable",
        "url": "ClickHouseUrl",
        "secret_arn": "ClickHouseSecretArn",
    },
}
USUAL_STORE = next(iter(STORE_OUTPUTS))


@dataclass(frozen=True, slots=True)
class Stack:
    """One stack's outputs, each in the field that `outputs_of` names, and its parameters."""

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
    alert_topic_arn: str
    grafana_workspace_id: str | None = None
    grafana_workspace_endpoint: str | None = None
    store: str = USUAL_STORE
    # "" in stacks whose store has no such thing.
    rejected_data_bucket_name: str = ""
    grafana_read_policy_arn: str = ""
    url: str = ""
    secret_arn: str = ""
    parameters: Mapping[str, str] = field(default_factory=dict)  # by the template's names

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
        store = {} if self.store == USUAL_STORE else {"store": self.store}
        return {
            **store,
            "layout": self.record_layout,
            "fields": self.stored_fields,
            "sampling": self.sampling_percentage,
            "database": self.database,
            "table": self.table,
        }


def outputs_of(store: str) -> dict[str, str]:
    """Return the fields of a stack with this store, and the output that each is read from."""
    own = STORE_OUTPUTS[store]
    others = {name for outputs in STORE_OUTPUTS.values() for name in outputs} - set(own)
    found = {
        each.name: "".join(word.capitalize() for word in each.name.split("_"))
        for each in fields(Stack)
        if each.name not in {"name", "status", "parameters", *others}
    }
    return found | own


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
    return from_outputs(name, description["StackStatus"], outputs, parameters_of(description))


def parameters_of(description: Mapping[str, Any]) -> dict[str, str]:
    """Return the parameters that CloudFormation says a stack has."""
    return {
        item["ParameterKey"]: item.get("ParameterValue", "")
        for item in description.get("Parameters", [])
    }


def from_outputs(
    name: str, status: str, outputs: Mapping[str, str], parameters: Mapping[str, str] | None = None
) -> Stack:
    """Return the stack that has these outputs, {key: value}; raises Problem as `read` does."""
    values: dict[str, Any] = {"name": name, "status": status, "parameters": parameters or {}}
    store = outputs.get("Store", USUAL_STORE)
    if store not in STORE_OUTPUTS:
        raise Problem(
            f"Stack {name} writes to {store!r}, which this version does not know; take a newer one."
        )
    for attribute, key in outputs_of(store).items():
        if outputs.get(key):
            values[attribute] = outputs[key]
        elif attribute == "store" or attribute.startswith("grafana_workspace"):
            continue
        elif status.endswith(BUSY):
            raise Problem(f"Stack {name!r} is not finished yet ({status}); wait until it is.")
        else:
            raise Problem(
                f"Stack {name} has no output {key}: it is another project's, its deployment failed "
                f"({status}), or it is older than this tool. Its events in the CloudFormation "
                "console say which; `make deploy` brings it up to date."
            )
    for attribute in ("collected_fields", "drop_fields"):
        names = values[attribute].split(",")
        values[attribute] = tuple(item.strip() for item in names if item.strip() not in ("", "-"))
    sampling = values["sampling_percentage"]
    if not re.fullmatch(r"[0-9]+(\.0+)?", sampling):
        raise Problem(
            f"Stack {name} samples {sampling} percent, and CloudFront wants a whole number; "
            "deploy it again with one."
        )
    values["sampling_percentage"] = int(sampling.partition(".")[0])
    return Stack(**values)
