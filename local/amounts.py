"""The largest amounts that the local commands accept."""

from timestream_local.amounts import amount, port

__all__ = ["MINUTES", "RATE", "SECONDS", "amount", "port"]

RATE = 100_000.0  # requests a second
MINUTES = 366 * 24 * 60.0
SECONDS = 24 * 3600.0
