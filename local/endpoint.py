"""Which Timestream a verb talks to: one that runs (--endpoint), or a directory (--data)."""

import argparse
import contextlib
import os
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

from botocore.exceptions import BotoCoreError, ClientError

from local.aws import LocalError, client, is_aws, use
from timestream_local import Server

DEFAULT_ENDPOINT = "http://127.0.0.1:8086"


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add --endpoint and --data."""
    group = parser.add_mutually_exclusive_group()
    group.add_argument(
        "--endpoint",
        metavar="URL",
        help="a Timestream endpoint that runs, such as that of `python -m local serve`"
        f" (default: {DEFAULT_ENDPOINT})",
    )
    group.add_argument(
        "--data",
        metavar="DIR",
        type=Path,
        help="a directory for the tables, opened by this process alone; made if it is not there",
    )


@contextlib.contextmanager
def opened(args: argparse.Namespace) -> Iterator[str]:
    """Yield the URL of the Timestream that the options name; raise LocalError if there is none."""
    if args.data is not None:
        with embedded(args.data) as server:
            yield server.url
        return
    url = (args.endpoint or DEFAULT_ENDPOINT).rstrip("/")
    if not _is_url(url):
        raise LocalError(f"{url!r} is no URL; it looks like {DEFAULT_ENDPOINT}")
    use({"TIMESTREAM_WRITE": url, "TIMESTREAM_QUERY": url})
    if not is_aws(url):
        try:
            client("timestream-write", url, patient=False).describe_endpoints()
        except (BotoCoreError, ClientError):
            raise LocalError(
                f"no Timestream endpoint answers at {url}; start one with "
                "`python -m local serve`, or name a directory with --data"
            ) from None
    yield url


def _is_url(text: str) -> bool:
    try:
        parts = urlsplit(text)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:  # of a port, or of an address in brackets
        return False


def check_directory(data: Path) -> None:
    """Raise LocalError for a directory of tables that this user cannot work in."""
    try:
        if data.exists() and not data.is_dir():
            raise LocalError(f"{data} is no directory; name another with --data")
        for path in (data, *data.iterdir()) if data.exists() else ():
            if not os.access(path, os.R_OK | os.W_OK):
                raise LocalError(
                    f"{path} belongs to user {path.stat().st_uid} and cannot be written by user "
                    f"{os.getuid()}; give it to this user with chown, or name another directory "
                    "with --data (docs/local.md has the command for a container's volume)"
                )
    except OSError as error:
        raise LocalError(
            f"{data} cannot be used ({error.strerror}); name another directory with --data"
        ) from None


@contextlib.contextmanager
def embedded(data: Path | None, host: str = "127.0.0.1", port: int = 0) -> Iterator[Server]:
    """Run the embedded Timestream as a child of this process; yield it.

    ``data`` None keeps everything in memory. Raises LocalError when the directory cannot be
    used or the port is taken.
    """
    if data is not None:
        check_directory(data)
    with contextlib.ExitStack() as stack:
        try:
            server = stack.enter_context(Server(data, host, port))
        except OSError as error:
            raise LocalError(str(error)) from None
        use({"TIMESTREAM_WRITE": server.url, "TIMESTREAM_QUERY": server.url})
        yield server
