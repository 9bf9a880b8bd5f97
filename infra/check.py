"""Find out, before anything is deployed, whether this account can use Timestream."""

from argparse import ArgumentParser, Namespace
from typing import Any

from botocore.exceptions import ClientError

from infra import aws

HELP = "check that this account and region can have the stack, before deploying it"
# Where Timestream for LiveAnalytics is, outside government and isolated regions.
# https://docs.aws.amazon.com/general/latest/gr/timestream.html
REGIONS = (
    "ap-northeast-1",
    "ap-south-1",
    "ap-southeast-2",
    "eu-central-1",
    "eu-west-1",
    "us-east-1",
    "us-east-2",
    "us-west-2",
)
CLOSED = (
    "This account cannot use Amazon Timestream for LiveAnalytics: AWS closed it to new customers "
    "on 2025-06-20. The stack would fail, so nothing was deployed. Deploy in an account whose "
    "payer account used Timestream before that day, or ask AWS support; without either, "
    "`make demo` and `docker compose up` run everything on this machine (docs/deploy.md)."
)


def arguments(parser: ArgumentParser) -> None:
    """Add this verb's arguments."""
    aws.region_argument(parser)


def run(args: Namespace) -> int:
    """Check, and say what was found."""
    made = aws.session(args)
    who = aws.client(made, "sts").get_caller_identity()
    print(f"Account {who['Account']}, region {made.region_name}, as {who['Arn'].split(':', 5)[-1]}")
    timestream(made)
    print("Timestream for LiveAnalytics is open to this account.")
    return 0


def has_timestream(region: str) -> None:
    """Raise Problem for a region without Timestream, a misspelt one included."""
    if region not in REGIONS and not region.startswith(("us-gov-", "us-iso", "eusc-")):
        raise aws.Problem(
            f"Timestream for LiveAnalytics is not in {region}; take one of {', '.join(REGIONS)}. "
            "CloudFront is global: any of them can collect its logs."
        )


def timestream(made: Any) -> None:
    """Raise Problem unless this account can use Timestream in this region.

    DescribeEndpoints is the call that every other one begins with, it is free, and it is refused
    to accounts that Timestream is closed to.
    """
    region = made.region_name
    has_timestream(region)
    try:
        answer = aws.client(made, "timestream-write").describe_endpoints()
    except ClientError as error:
        text = aws.message_of(error)
        if aws.code_of(error) in aws.DENIED and "not authorized to perform" not in text:
            raise aws.Problem(f"{CLOSED} (AWS says: {text})") from None
        raise
    if not answer.get("Endpoints"):
        raise aws.Problem(
            f"Timestream named no endpoint in {region}; try again, or another region."
        )
