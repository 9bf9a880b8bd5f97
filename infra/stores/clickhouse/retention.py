"""How long ClickHouse keeps rows: requests for a month, sums by minute for a year and more."""

from argparse import ArgumentParser, ArgumentTypeError, Namespace
from collections.abc import Mapping

from processor.stores.clickhouse.schema import Place

USUAL: Mapping[str, float] = {"days": Place().days, "rollup_days": Place().rollup_days}
MOST = 3650


def days(text: str) -> int:
    """Return a number of days; an argparse type."""
    if not (text.isascii() and text.isdecimal() and 1 <= int(text[:9]) <= MOST):
        raise ArgumentTypeError(f"must be a whole number of days from 1 to {MOST}, not {text!r}")
    return int(text)


def arguments(parser: ArgumentParser) -> None:
    """Add --days and --rollup-days."""
    for option, default, what in (
        ("--days", USUAL["days"], "requests in ClickHouse"),
        ("--rollup-days", USUAL["rollup_days"], "sums by minute in ClickHouse"),
    ):
        parser.add_argument(option, type=days, default=default, help=f"{what} (%(default)s d)")


def chosen(args: Namespace) -> Mapping[str, float]:
    """Return what the options say."""
    return {name: getattr(args, name) for name in USUAL}
