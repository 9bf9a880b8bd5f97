"""What the tests of the local room share beside fixtures."""

import os
from pathlib import Path

ROOT = Path(__file__).parents[2]


def clean_environment() -> dict[str, str]:
    """Return this environment without what a developer's AWS settings would add."""
    return {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("AWS_", "TIMESTREAM_", "LOG_", "RECORD_", "DEAD_", "POWERTOOLS_"))
    }
