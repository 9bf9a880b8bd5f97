"""Amazon Timestream, as a push sees it: provisioning/datasources/timestream.yaml filled in."""

from collections.abc import Mapping
from typing import Any

from provisioning.push.errors import PushError

NAME = "Timestream"
PLUGIN = "grafana-timestream-datasource"
OLDEST = (10, 4)
VARIABLES: Mapping[str, str] = {
    "auth": "TIMESTREAM_AUTH_TYPE",
    "database": "TIMESTREAM_DATABASE",
    "table": "TIMESTREAM_TABLE",
}
ENDPOINT = "TIMESTREAM_ENDPOINT"
NEEDED_KEYS = ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY")
KEYS = (*NEEDED_KEYS, "AWS_SESSION_TOKEN")


def uid(bundle: str) -> str:
    """Return the uid of a bundle's own data source."""
    return f"{bundle}-timestream"


def place(settings: Mapping[str, Any]) -> tuple[str, str]:
    """Return the database and table; the data source keeps them in the quotes of the SQL."""
    database, table = (
        str(settings.get(key) or "").strip().strip('"')
        for key in ("defaultDatabase", "defaultTable")
    )
    return database, table


def environment(
    outer: Mapping[str, str],
    *,
    place: tuple[str, str],
    auth: str | None,
    managed: bool,
    lenient: bool,
) -> tuple[dict[str, str], frozenset[str]]:
    """Return the environment for the data source's file, and what may be unset in it."""
    if not auth:
        auth = "ec2_iam_role" if managed else outer.get(VARIABLES["auth"]) or "default"
    result = dict(outer)
    optional = {VARIABLES["auth"], ENDPOINT, *KEYS}
    if managed:
        result[ENDPOINT] = ""
    if auth != "keys":
        result |= dict.fromkeys(KEYS, "")
    elif lenient:
        optional -= set(NEEDED_KEYS)
    elif not all(result.get(key) for key in NEEDED_KEYS):
        raise PushError(f"--auth keys needs {' and '.join(NEEDED_KEYS)} in the environment.")
    chosen = {"auth": auth, "database": place[0], "table": place[1]}
    result |= {VARIABLES[option]: value for option, value in chosen.items()}
    return result, frozenset(optional)
