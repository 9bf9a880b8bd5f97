"""The command line in a process of its own."""

import json
import os
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
_SETTINGS = (
    *("AWS_", "STORE", "CLICKHOUSE_", "TIMESTREAM_", "LOG_", "RECORD_", "DEAD_", "POWERTOOLS_"),
)
END = 1_700_000_000  # of the requests that are fed to it: years ago


def clean_environment() -> dict[str, str]:
    """Return this environment without what a developer's AWS settings would add."""
    return {name: value for name, value in os.environ.items() if not name.startswith(_SETTINGS)}


def rows(cli: Any, sql: str, *options: object) -> list[dict[str, Any]]:
    """Ask a question by `python -m local query`; return its rows."""
    answer = cli("query", "--json", *options, sql)
    assert answer.stderr == ""
    return [json.loads(text) for text in answer.stdout.splitlines()]
