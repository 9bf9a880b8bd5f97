from argparse import ArgumentParser, Namespace
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

BUCKETS: Sequence[str] = ("RejectedDataBucket",)


def arguments(parser: ArgumentParser) -> None:
    """Add nothing: the stack deletes its table."""


def losses(
    args: Namespace, resources: Mapping[str, str], settings: Mapping[str, str]
) -> Iterator[str]:
    """Yield the table, and the reports on what it rejected."""
    if table := resources.get("LogTable"):
        database, _, name = table.rpartition("|")
        yield f"Timestream table {database}.{name}: every row, and its database"
    if bucket := resources.get("RejectedDataBucket"):
        yield f"S3 bucket {bucket}: Timestream's reports on rejected rows"


def stays(args: Namespace, settings: Mapping[str, str]) -> Iterator[str]:
    """Yield nothing."""
    yield from ()


def begin(args: Namespace, session: Any, settings: Mapping[str, str]) -> Callable[[], None]:
    """Return a function that does nothing: the stack deletes the table."""
    return lambda: None
