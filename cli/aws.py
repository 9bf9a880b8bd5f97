"""What the commands need of AWS: options, sessions, clients and the text of errors."""

import os
import re
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    EndpointConnectionError,
    HTTPClientError,
    NoCredentialsError,
    NoRegionError,
    PartialCredentialsError,
    ProfileNotFound,
    TokenRetrievalError,
    UnauthorizedSSOTokenError,
)

from cli.errors import Problem

# The name that `make deploy` gives a stack.
USUAL_STACK = "cloudfront-grafana"
EXPIRED = {
    "ExpiredToken",
    "ExpiredTokenException",
    "InvalidClientTokenId",
    "RequestExpired",
    "UnrecognizedClientException",
}
DENIED = {"AccessDenied", "AccessDeniedException", "UnauthorizedOperation", "AuthorizationError"}
_LOGIN_ERRORS = (
    NoCredentialsError,
    PartialCredentialsError,
    TokenRetrievalError,
    UnauthorizedSSOTokenError,
)


def region_argument(parser: ArgumentParser) -> None:
    """Add --region, for a subcommand that calls a regional service."""
    parser.add_argument(
        "--region", help="AWS region; the default is what the AWS CLI would use (AWS_REGION)"
    )


def stack_argument(parser: ArgumentParser) -> None:
    """Add --stack and --region."""
    parser.add_argument("--stack", default=USUAL_STACK, help="name of the stack (%(default)s)")
    region_argument(parser)


def yes_argument(parser: ArgumentParser) -> None:
    """Add --yes, for a subcommand that changes something."""
    parser.add_argument("--yes", action="store_true", help="do not ask")


def session(region: str | None = None) -> boto3.session.Session:
    """Return a session in this region, or in the one that the AWS CLI would use.

    Raises Problem when there is no region, or no such profile.
    """
    # AWS_REGION is what the AWS CLI and Lambda read; boto3 by itself knows AWS_DEFAULT_REGION only.
    region = region or os.environ.get("AWS_REGION")
    for name in ("AWS_CA_BUNDLE", "REQUESTS_CA_BUNDLE"):
        path = os.environ.get(name)
        if path and not Path(path).exists():
            raise Problem(f"{name} names {path}, which is not there; correct it or unset it.")
    try:
        made = boto3.session.Session(region_name=region or None)
    except ProfileNotFound as error:
        raise Problem(f"{error}; name one from ~/.aws/config in AWS_PROFILE.") from None
    if not made.region_name:
        raise Problem("No AWS region is set; give --region or set AWS_REGION.")
    return made


def client(made: boto3.session.Session, service: str) -> Any:
    """Return a client with few retries and short timeouts, because somebody waits for it."""
    config = Config(
        retries={"mode": "standard", "total_max_attempts": 4},
        connect_timeout=10,
        read_timeout=30,
    )
    try:
        return made.client(service, config=config)
    except ValueError as error:  # of an address in AWS_ENDPOINT_URL or the profile
        raise Problem(f"{error}; look at AWS_ENDPOINT_URL and at your profile.") from None


def read_text(path: Path) -> str:
    """Return a file's text; raise Problem for one that is not UTF-8, or cannot be read."""
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise Problem(f"{path} is not UTF-8; save it as UTF-8 or remove it.") from None
    except OSError as error:
        raise Problem(f"{path} cannot be read: {error.strerror}.") from None


def code_of(error: ClientError) -> str:
    """Return the service's name of the error."""
    return str(error.response.get("Error", {}).get("Code", ""))


def message_of(error: ClientError) -> str:
    """Return the service's text of the error."""
    return str(error.response.get("Error", {}).get("Message", ""))


def explain(
    error: BotoCoreError | ClientError, doing: str = "", page: str = "docs/permissions.md"
) -> str:
    """Return one or a few sentences for an AWS error that no subcommand handles itself.

    ``doing`` is what was tried, such as "create a token"; ``page`` lists the permissions for it.
    """
    if isinstance(error, ClientError):
        code, message, operation = code_of(error), message_of(error), error.operation_name
        if code in EXPIRED:
            return (
                f"The AWS credentials have expired, or are no longer valid ({code}); log in again."
            )
        if code in DENIED:
            named = re.search(r"perform: ([\w:-]+)", message)
            action = named.group(1) if named else f"what {operation} needs"
            return (
                f"AWS does not allow {f'you to {doing}' if doing else action}: your role lacks the "
                f"permission for {operation}; {page} lists what is needed."
                f"{f' ({message})' if message else ''}"
            )
        return f"AWS refused {operation}: {message or code} ({code})."
    if isinstance(error, _LOGIN_ERRORS):
        return "There are no usable AWS credentials; log in with the AWS CLI or set AWS_PROFILE."
    if isinstance(error, NoRegionError):
        return "No AWS region is set; give --region or set AWS_REGION."
    if isinstance(error, EndpointConnectionError | HTTPClientError):
        return f"AWS cannot be reached: {error}"
    return f"The call to AWS failed: {error}"
