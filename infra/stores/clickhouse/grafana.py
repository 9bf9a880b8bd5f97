"""How Grafana's data source finds the server: as the reader, whose password no stack has."""

import os
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit

from cli.errors import Problem
from cli.stack import Stack
from infra.stores.clickhouse.place import READER

PLUGIN = "grafana-clickhouse-datasource@4.20.0"  # as docker-compose.yml has it
LINKS: Sequence[str] = ()
PASSWORD = "CLICKHOUSE_READER_PASSWORD"  # noqa: S105  (a variable's name)
KEPT: Sequence[str] = (PASSWORD,)

PLUGIN = "grafana-clickhouse-datasource@4.20.0"  # as docker-compose.yml has it


def environment(found: Stack) -> dict[str, str]:
    """Return the variables that the data source's provisioning file has in it, and the plugin."""
    parts = urlsplit(found.url)
    secure = parts.scheme == "https"
    return {
        "GRAFANA_STACK_PLUGIN": PLUGIN,
        "CLICKHOUSE_HOST": parts.hostname or "",
        "CLICKHOUSE_PORT": str(parts.port or (443 if secure else 80)),
        "CLICKHOUSE_SECURE": "true" if secure else "false",
        "CLICKHOUSE_PROTOCOL": "http",
        "CLICKHOUSE_READER": READER,
        "CLICKHOUSE_DATABASE": found.database,
    }


def keys(session: Any) -> dict[str, str]:
    """Return the reader's password as the environment has it; raises Problem when it has none."""
    password = os.environ.get(PASSWORD)
    if not password:
        raise Problem(
            f"{PASSWORD} is not set, and no stack has it: it was shown when the user {READER} was "
            "made (docs/stores.md has how to give another)."
        )
    return {PASSWORD: password}


def fill_in(found: Stack) -> str:
    """Return the sentence about the reader's password."""
    return (
        f"Fill in {PASSWORD}, the password of ClickHouse's user {READER}, or set it and run again "
        "with ARGS=--with-keys."
    )
