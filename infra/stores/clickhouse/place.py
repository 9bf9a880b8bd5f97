"""Which server and tables the stack's parameters name."""

import os
from collections.abc import Mapping
from pathlib import Path

from cli import aws
from cli.errors import Problem
from infra.stores.clickhouse.server import Login, Server
from processor.stores.clickhouse.schema import Place

URL, SECRET = "ClickHouseUrl", "ClickHouseSecretArn"
DATABASE, TABLE, CERTIFICATE = "ClickHouseDatabase", "ClickHouseTable", "ClickHouseCa"
WRITER, READER = "cloudfront_writer", "cloudfront_reader"
CA_FILE = "CLICKHOUSE_CA_FILE"
CLUSTER = "CLICKHOUSE_CLUSTER"
_BEGIN, _END = "-----BEGIN CERTIFICATE-----", "-----END CERTIFICATE-----"


def place_of(settings: Mapping[str, str]) -> Place:
    """Return where the tables are, with the usual days; the cluster is CLICKHOUSE_CLUSTER's."""
    return Place(
        database=settings.get(DATABASE) or Place().database,
        table=settings.get(TABLE) or Place().table,
        cluster=os.environ.get(CLUSTER, ""),
    )


def server_of(settings: Mapping[str, str], login: Login) -> Server:
    """Return the server that the parameters name, as this user."""
    url = settings.get(URL, "")
    if not url:
        raise Problem(
            f"The address of ClickHouse is missing: --parameter {URL}=https://your-host:8443."
        )
    return Server(url, login, certificate(settings))


def certificate(settings: Mapping[str, str]) -> str:
    """Return the own authority's certificate in PEM: the parameter's, else CLICKHOUSE_CA_FILE's."""
    body = settings.get(CERTIFICATE, "") or from_file()
    return f"{_BEGIN}\n{body}\n{_END}\n" if body else ""


def from_file() -> str:
    """Return the certificate that CLICKHOUSE_CA_FILE names, as the parameter is written.

    "" where the variable is not set; raises Problem for a file that is no certificate, or several.
    """
    name = os.environ.get(CA_FILE, "")
    if not name:
        return ""
    text = aws.read_text(Path(name))
    if text.count(_BEGIN) != 1 or _END not in text:
        raise Problem(
            f"{name} (from {CA_FILE}) has to hold one certificate in PEM, that of the authority."
        )
    return "".join(text.partition(_BEGIN)[2].partition(_END)[0].split())
