"""Amazon Timestream, as a push sees it: provisioning/datasources/timestream.yaml filled in."""

from collections.abc import Mapping, Sequence
from typing import Any

from provisioning.push.errors import PushError
from provisioning.push.model import Datasource
from provisioning.push.stores import Plugin, Source

NAME = "Timestream"
PLUGIN = "grafana-timestream-datasource"
PLUGINS: Sequence[Plugin] = (Plugin(grafana=(10, 4)),)
VARIABLES: Mapping[str, str] = {
    "auth": "TIMESTREAM_AUTH_TYPE",
    "database": "TIMESTREAM_DATABASE",
    "table": "TIMESTREAM_TABLE",
}
SECRET = ""
SIGNS_IN = "to AWS, as --auth says"
ENDPOINT = "TIMESTREAM_ENDPOINT"
NEEDED_KEYS = ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY")
KEYS = (*NEEDED_KEYS, "AWS_SESSION_TOKEN")


def uid(bundle: str) -> str:
    """Return the uid of a bundle's own data source."""
    return f"{bundle}-timestream"


def place(settings: Mapping[str, Any]) -> Mapping[str, str]:
    """Return the database and table; the data source keeps them in the quotes of the SQL."""
    keys = {"database": "defaultDatabase", "table": "defaultTable"}
    return {what: str(settings.get(key) or "").strip().strip('"') for what, key in keys.items()}


def environment(outer: Mapping[str, str], source: Source) -> tuple[dict[str, str], frozenset[str]]:
    """Return the environment for the data source's file, and what may be unset in it.

    The keys of whoever pushes go into a Grafana only when ``auth`` asks for it.
    """
    auth = source.auth
    if not auth:
        auth = "ec2_iam_role" if source.managed else outer.get(VARIABLES["auth"]) or "default"
    result = dict(outer)
    optional = {VARIABLES["auth"], ENDPOINT, *KEYS}
    if source.managed:
        result[ENDPOINT] = ""
    if auth != "keys":
        result |= dict.fromkeys(KEYS, "")
    elif source.lenient:
        optional -= set(NEEDED_KEYS)
    elif not all(result.get(key) for key in NEEDED_KEYS):
        raise PushError(f"--auth keys needs {' and '.join(NEEDED_KEYS)} in the environment.")
    chosen = {"auth": auth, "database": source.database, "table": source.table}
    result |= {VARIABLES[option]: value for option, value in chosen.items()}
    return result, frozenset(optional)


def completed(datasource: Datasource, _outer: Mapping[str, str]) -> Datasource:
    """Return the data source as it is: its file says all."""
    return datasource
