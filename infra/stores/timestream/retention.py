"""How long Timestream keeps rows: first in the memory store, then in the magnetic store."""

from argparse import ArgumentParser, Namespace
from collections.abc import Mapping

from infra import parameters

USUAL: Mapping[str, float] = {"memory_hours": 24.0, "magnetic_days": 30.0}


def arguments(parser: ArgumentParser) -> None:
    """Add --memory-hours and --magnetic-days, within the limits of the template's parameters."""
    for option, parameter, default, what in (
        ("--memory-hours", "MemoryStoreRetentionHours", 24, "memory store (%(default)s h)"),
        ("--magnetic-days", "MagneticStoreRetentionDays", 30, "magnetic store (%(default)s d)"),
    ):
        parser.add_argument(option, type=parameters.number(parameter), default=default, help=what)


def chosen(args: Namespace) -> Mapping[str, float]:
    """Return what the options say."""
    return {name: getattr(args, name) for name in USUAL}
