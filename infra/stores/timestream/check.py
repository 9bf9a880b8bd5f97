"""Whether this account and region can use Timestream."""

from collections.abc import Iterator, Mapping
from typing import Any

from botocore.exceptions import ClientError

from cli import aws
from cli.errors import Problem

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
    "payer account used Timestream before that day, or take the store that any account can have "
    "(docs/stores.md); `make demo` and `docker compose up` need no account."
)


def region(name: str) -> None:
    """Raise Problem for a region without Timestream, a misspelled one included."""
    if name not in REGIONS and not name.startswith(("us-gov-", "us-iso", "eusc-")):
        raise Problem(
            f"Timestream for LiveAnalytics is not in {name}; take one of {', '.join(REGIONS)}. "
            "CloudFront is global: any of them can collect its logs."
        )


def account(session: Any, settings: Mapping[str, str]) -> Iterator[str]:
    """Yield a sentence, or raise Problem when this account cannot use Timestream in this region.

    DescribeEndpoints is the call that every other one begins with, it is free, and it is refused
    to accounts that Timestream is closed to.
    """
    region(session.region_name)
    try:
        answer = aws.client(session, "timestream-write").describe_endpoints()
    except ClientError as error:
        text = aws.message_of(error)
        if aws.code_of(error) in aws.DENIED and "not authorized to perform" not in text:
            raise Problem(f"{CLOSED} (AWS says: {text})") from None
        raise
    if not answer.get("Endpoints"):
        raise Problem(
            f"Timestream named no endpoint in {session.region_name}; try again, or another region."
        )
    yield "Timestream for LiveAnalytics is open to this account."
