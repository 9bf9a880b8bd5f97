"""Numbers on the command line; a wrong one is refused in a sentence before anything starts."""

import argparse
import math
from collections.abc import Callable


def amount(
    least: float = 0.0, *, beyond: bool = False, most: float = math.inf
) -> Callable[[str], float]:
    """Return an argparse type: a number from ``least`` to ``most``; ``beyond``: above ``least``."""
    bound = f"{'more than' if beyond else 'at least'} {least:g}"

    def parse(text: str) -> float:
        try:
            number = float(text)
        except ValueError:
            raise argparse.ArgumentTypeError(f"{text!r} is no number") from None
        if not math.isfinite(number) or number < least or (beyond and number == least):
            raise argparse.ArgumentTypeError(f"it has to be {bound}, not {text}")
        if number > most:
            raise argparse.ArgumentTypeError(f"it has to be at most {most:g}, not {text}")
        return number

    return parse


def port(text: str) -> int:
    """Parse a TCP port for argparse; 0 is any free one."""
    if not text.isascii() or not text.isdecimal() or len(text) > 5 or int(text) > 65535:
        raise argparse.ArgumentTypeError(f"{text!r} is no port: ports go from 0 to 65535")
    return int(text)
