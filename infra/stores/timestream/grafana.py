from collections.abc import Sequence
from typing import Any

from cli.errors import Problem
from cli.stack import Stack

LINKS: Sequence[str] = ("TimestreamQueryEditor",)
PLUGIN = "grafana-timestream-datasource@2.14.6"  # as docker-compose.yml has it
KEPT: Sequence[str] = ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN")

PLUGIN = "grafana-timestream-datasource@2.14.6"  # as docker-compose.yml has it


def environment(found: Stack) -> dict[str, str]:
    """Return the variables that provisioning/datasources/timestream.yaml has in it, and the plugin.

    An empty endpoint is AWS's own.
    """
    return {
        "GRAFANA_STACK_PLUGIN": PLUGIN,
        "TIMESTREAM_DATABASE": found.database,
        "TIMESTREAM_TABLE": found.table,
        "TIMESTREAM_AUTH_TYPE": "keys",
        "TIMESTREAM_ENDPOINT": "",
    }


def keys(session: Any) -> dict[str, str]:
    """Return the session's keys; raise Problem when it has none."""
    credentials = session.get_credentials()
    if credentials is None:
        raise Problem("There are no AWS credentials to write; log in first.")
    frozen = credentials.get_frozen_credentials()
    return dict(zip(KEPT, (frozen.access_key, frozen.secret_key, frozen.token or ""), strict=True))


def fill_in(found: Stack) -> str:
    """Return the sentence about the keys."""
    return (
        "Fill in the keys of a user or role that has the stack's policy "
        f"{found.grafana_read_policy_arn}, or run again with ARGS=--with-keys."
    )
