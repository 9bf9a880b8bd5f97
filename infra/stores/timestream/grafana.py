from collections.abc import Sequence

from cli.stack import Stack

LINKS: Sequence[str] = ("TimestreamQueryEditor",)


def environment(found: Stack) -> dict[str, str]:
    """Return the variables that provisioning/datasources/timestream.yaml has in it.

    An empty endpoint is AWS's own.
    """
    return {
        "TIMESTREAM_DATABASE": found.database,
        "TIMESTREAM_TABLE": found.table,
        "TIMESTREAM_AUTH_TYPE": "keys",
        "TIMESTREAM_ENDPOINT": "",
    }
