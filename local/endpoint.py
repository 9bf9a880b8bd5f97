"""Which store a subcommand talks to: one that runs (--endpoint), or a directory (--data)."""

import argparse
import contextlib
import os
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

from local.aws import LocalError
from local.stores import Local, Store, argument, of


def usual(store: Store) -> str:
    """Return where `serve` has the store, unless it was told otherwise."""
    return f"http://127.0.0.1:{store.PORT}"


DEFAULT_ENDPOINT = usual(of())


def arguments(parser: argparse.ArgumentParser, store: Store) -> None:
    """Add --store, --endpoint and --data."""
    argument(parser)
    group = parser.add_mutually_exclusive_group()
    group.add_argument(
        "--endpoint",
        metavar="URL",
        help=f"a {store.NAME} endpoint that runs, such as that of `python -m local serve`"
        f" (default: {usual(store)})",
    )
    group.add_argument(
        "--data",
        metavar="DIR",
        type=Path,
        help="a directory for the tables, opened by this process alone; made if it is not there",
    )


@contextlib.contextmanager
def opened(args: argparse.Namespace) -> Iterator[str]:
    """Yield the URL of the store that the options name; raise LocalError if there is none."""
    store = of(args.store)
    if args.data is not None:
        with embedded(store, args.data) as server:
            yield server.url
        return
    url = checked(args.endpoint or usual(store), store)
    store.found(url)
    yield url


def checked(url: str, store: Store) -> str:
    """Return the URL without a slash at its end; raise LocalError for any other text."""
    if not _is_url(url):
        raise LocalError(f"{url!r} is no URL; it looks like {usual(store)}")
    return url.rstrip("/")


def without_password(url: str) -> str:
    """Return the URL without a user and a password, to be shown."""
    parts = urlsplit(url)
    return parts._replace(netloc=parts.netloc.rpartition("@")[2]).geturl()


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
def embedded(
    store: Store, data: Path | None, host: str = "127.0.0.1", port: int = 0
) -> Iterator[Local]:
    """Run the store's local form as a child of this process; yield it.

    ``data`` None keeps everything in memory. Raises LocalError when the directory cannot be
    used or the port is taken.
    """
    if data is not None:
        check_directory(data)
    with store.started(data, host, port) as running:
        yield running
