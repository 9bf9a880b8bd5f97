"""What every verb shares: clients, questions, and errors said in one sentence."""

import os
import re
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Callable
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

EXPIRED = {"ExpiredToken", "ExpiredTokenException", "RequestExpired", "InvalidClientTokenId"}
DENIED = {"AccessDenied", "AccessDeniedException", "UnauthorizedOperation", "AuthorizationError"}
_LOGIN_ERRORS = (
    NoCredentialsError,
    PartialCredentialsError,
    TokenRetrievalError,
    UnauthorizedSSOTokenError,
)


class Problem(Exception):
    """Something the user can put right; the message says what is wrong and what to do."""


class Cancelled(Problem):
    """The user answered no."""


def region_argument(parser: ArgumentParser) -> None:
    """Add --region, which every verb that calls a regional service has."""
    parser.add_argument(
        "--region", help="AWS region; the default is what the AWS CLI would use (AWS_REGION)"
    )


def stack_argument(parser: ArgumentParser) -> None:
    """Add --stack and --region."""
    parser.add_argument(
        "--stack", default="cloudfront-grafana", help="name of the stack (%(default)s)"
    )
    region_argument(parser)


def yes_argument(parser: ArgumentParser) -> None:
    """Add --yes, which every verb that changes something has."""
    parser.add_argument("--yes", action="store_true", help="do not ask")


def session(args: Namespace) -> boto3.session.Session:
    """Return a session in the asked-for region.

    Raises Problem when there is no region, or no such profile.
    """
    # AWS_REGION is what the AWS CLI and Lambda read; boto3 by itself knows AWS_DEFAULT_REGION only.
    region = getattr(args, "region", None) or os.environ.get("AWS_REGION")
    for name in ("AWS_CA_BUNDLE", "REQUESTS_CA_BUNDLE"):
        path = os.environ.get(name)
        if path and not Path(path).exists():
            raise Problem(f"{name} names {path}, which is not there; mend it or unset it.")
    try:
        made = boto3.session.Session(region_name=region or None)
    except ProfileNotFound as error:
        raise Problem(f"{error}; name one from ~/.aws/config in AWS_PROFILE.") from None
    if not made.region_name:
        raise Problem("No AWS region is set; give --region or set AWS_REGION.")
    return made


def client(made: boto3.session.Session, service: str) -> Any:
    """Return a client that retries what is worth it, and gives up while someone still waits."""
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


def explain(error: BotoCoreError | ClientError) -> str:
    """Return one sentence, or a few, for an error of AWS that no verb expected."""
    if isinstance(error, ClientError):
        code, message = code_of(error), message_of(error)
        if code in EXPIRED:
            return f"The AWS credentials are no longer valid ({code}); log in again."
        if code in DENIED:
            named = re.search(r"perform: ([\w:-]+)", message)
            action = named.group(1) if named else f"what {error.operation_name} needs"
            return (
                f"AWS does not allow {action} with these credentials; "
                f"docs/permissions.md lists what each verb needs. ({message})"
            )
        return f"AWS refused {error.operation_name}: {message or code} ({code})."
    if isinstance(error, _LOGIN_ERRORS):
        return "There are no usable AWS credentials; log in with the AWS CLI or set AWS_PROFILE."
    if isinstance(error, NoRegionError):
        return "No AWS region is set; give --region or set AWS_REGION."
    if isinstance(error, EndpointConnectionError | HTTPClientError):
        return f"AWS cannot be reached: {error}"
    return f"AWS cannot be asked: {error}"


def confirm(question: str, args: Namespace, read: Callable[[str], str] | None = None) -> None:
    """Ask a yes-or-no question, unless --yes was given.

    Raises Cancelled for any answer but yes, and Problem where nobody can answer.
    """
    if args.yes:
        return
    try:
        answer = (read or input)(f"{question} [y/N] ")
    except EOFError:
        raise Problem("Nobody is here to answer; add --yes to go on without asking.") from None
    if answer.strip().lower() not in ("y", "yes"):
        raise Cancelled("Nothing was changed.")


class Progress:
    """One line that is kept up to date on a terminal, and printed when it changes elsewhere."""

    def __init__(self) -> None:
        self.live = sys.stdout.isatty()
        self.last = ""

    def show(self, text: str, detail: str = "") -> None:
        """Show the text; the detail, such as the seconds so far, only where it costs no line."""
        if self.live:
            print(f"\r\033[K{text}{detail}", end="", flush=True)
        elif text != self.last:
            print(text, flush=True)
        self.last = text

    def done(self, text: str) -> None:
        """Leave a last line."""
        print(f"\r\033[K{text}" if self.live else text, flush=True)
