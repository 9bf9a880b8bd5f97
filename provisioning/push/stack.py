"""A stack's outputs, as settings of a bundle: what is deployed is what is shown."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import boto3
from botocore.exceptions import BotoCoreError, ClientError

from provisioning.push.errors import PushError

# What infra/template.yaml must put out for a push.
_NEEDED = (
    "Region",
    "TimestreamDatabase",
    "TimestreamTable",
    "SamplingPercentage",
    "RecordLayout",
    "CollectedFields",
)
# The name that `make deploy` gives a stack: its bundle has the usual name, too.
USUAL = "cloudfront-grafana"
_ADDRESSES = frozenset({"c-ip", "x-forwarded-for"})


@dataclass(frozen=True)
class Stack:
    """What a push needs to know of a deployed stack."""

    region: str
    bundle: Mapping[str, Any]  # settings for dashboards.config.Bundle
    topic: str | None = None  # ARN of the SNS topic for alerts
    workspace_id: str | None = None


def read(name: str, region: str | None) -> Stack:
    """Read the outputs of the CloudFormation stack `name`.

    Raises PushError when there is no such stack, or it is not one of this project's template.
    """
    try:
        client = boto3.client("cloudformation", region_name=region)
        stacks = client.describe_stacks(StackName=name)["Stacks"]
    except ClientError as error:
        text = error.response.get("Error", {}).get("Message", "")
        if "does not exist" in text:
            raise PushError(
                f"There is no stack {name!r} in {region or 'the default region'}; "
                "name its region with --region."
            ) from None
        raise PushError(aws_sentence(error, f"read the stack {name}")) from None
    except (BotoCoreError, ValueError, OSError) as error:
        raise PushError(aws_sentence(error, f"read the stack {name}")) from None
    return from_outputs(
        name, {o["OutputKey"]: o["OutputValue"] for o in stacks[0].get("Outputs", ())}
    )


def from_outputs(name: str, outputs: Mapping[str, str]) -> Stack:
    """Turn the outputs {key: value} of the stack `name` into settings."""
    missing = [key for key in _NEEDED if not outputs.get(key)]
    if missing:
        raise PushError(
            f"Stack {name} has no output {missing[0]}; deploy it anew with `make deploy`."
        )
    dropped = set(outputs.get("DropFields", "-").split(","))
    if outputs.get("ViewerIp") == "drop":
        dropped |= _ADDRESSES
    fields = [field.strip() for field in outputs["CollectedFields"].split(",")]
    sampling = outputs["SamplingPercentage"]
    if not re.fullmatch(r"[0-9]+(\.0+)?", sampling):
        raise PushError(
            f"Stack {name} samples {sampling} percent, and CloudFront wants a whole number; "
            "deploy it anew with one."
        )
    return Stack(
        region=outputs["Region"],
        bundle={
            "layout": outputs["RecordLayout"],
            "sampling": int(sampling.partition(".")[0]),
            "database": outputs["TimestreamDatabase"],
            "table": outputs["TimestreamTable"],
            "fields": tuple(field for field in fields if field and field not in dropped),
        },
        topic=outputs.get("AlertTopicArn"),
        workspace_id=outputs.get("GrafanaWorkspaceId"),
    )


def aws_sentence(error: Exception, doing: str) -> str:
    """Say what AWS refused, and what would help."""
    if isinstance(error, ClientError):
        code = error.response.get("Error", {}).get("Code", "")
        operation = error.operation_name
        if code in ("AccessDenied", "AccessDeniedException", "UnauthorizedOperation"):
            return (
                f"AWS does not let you {doing}: your role lacks the permission for {operation} "
                "(docs/push.md lists what is needed)."
            )
        if code in ("ExpiredToken", "ExpiredTokenException", "UnrecognizedClientException"):
            return f"AWS does not let you {doing}: your credentials have expired; log in again."
        return f"AWS cannot {doing}: {code} from {operation}."
    if type(error).__name__ in ("NoCredentialsError", "PartialCredentialsError"):
        return f"No AWS credentials to {doing} with; log in, or set AWS_PROFILE."
    if type(error).__name__ == "NoRegionError":
        return f"No AWS region to {doing} in; give --region."
    words = " ".join(str(error).split()).rstrip(".")
    return f"AWS cannot {doing}: {words or type(error).__name__}."
