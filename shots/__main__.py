"""``python -m shots``."""

import sys

from cli.command import finish
from cli.errors import Problem
from shots.command import main

if __name__ == "__main__":
    sys.exit(finish(main, lambda error: str(error) if isinstance(error, Problem) else None))
