"""ClickHouse, as a push sees it: provisioning/clickhouse/datasources/clickhouse.yaml filled in.

https://grafana.com/docs/plugins/grafana-clickhouse-datasource/latest/configure/
"""

import ipaddress
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from provisioning.push.errors import PushError
from provisioning.push.model import Datasource
from provisioning.push.stores import Plugin, Source

NAME = "ClickHouse"
PLUGIN = "grafana-clickhouse-datasource"
# 4.0.3 brought the macros of milliseconds, and 4.15 no longer runs before Grafana 11.6:
# https://github.com/grafana/clickhouse-datasource/blob/main/CHANGELOG.md
PLUGINS: Sequence[Plugin] = (
    Plugin(grafana=(11, 6), oldest=(4, 0, 3)),
    Plugin(grafana=(10, 4), oldest=(4, 0, 3), below=(4, 15), install="4.14.1"),
)
VARIABLES: Mapping[str, str] = {"database": "CLICKHOUSE_DATABASE"}
SECRET = "CLICKHOUSE_READER_SECRET_ARN"  # noqa: S105 - a variable's name
SIGNS_IN = "with a user and a password of its own"
READER = "cloudfront_reader"
WRITER = "cloudfront_writer"
URL = "CLICKHOUSE_URL"
HOST = "CLICKHOUSE_HOST"
PORT = "CLICKHOUSE_PORT"
SECURE = "CLICKHOUSE_SECURE"
PROTOCOL = "CLICKHOUSE_PROTOCOL"
USER = "CLICKHOUSE_READER"
PASSWORD = "CLICKHOUSE_READER_PASSWORD"  # noqa: S105 - a variable's name
# (protocol, with TLS) -> the port that a server listens on unless it is told otherwise.
PORTS = {
    ("http", True): 8443,
    ("http", False): 8123,
    ("native", True): 9440,
    ("native", False): 9000,
}
_WORDS = {"true": True, "1": True, "yes": True, "false": False, "0": False, "no": False}


def uid(bundle: str) -> str:
    """Return the uid of a bundle's own data source."""
    return f"{bundle}-clickhouse"


def place(settings: Mapping[str, Any]) -> Mapping[str, str]:
    """Return the database; a query names its tables itself, without it."""
    return {"database": str(settings.get("defaultDatabase") or "")}


def environment(outer: Mapping[str, str], source: Source) -> tuple[dict[str, str], frozenset[str]]:
    """Return the environment for the data source's file, and what may be unset in it.

    Where the server is: CLICKHOUSE_HOST and its like, else CLICKHOUSE_URL, else the stack's own.
    The password is never the writer's.
    """
    strict = not (source.lenient or source.unused)
    result = dict(outer)
    result[VARIABLES["database"]] = source.database
    try:
        result |= _server(outer, source)
    except PushError:
        if strict:
            raise
    result[USER] = (source.login.user if source.login else "") or outer.get(USER) or READER
    if source.login:
        result[PASSWORD] = source.login.password
    if strict and result[USER] in (WRITER, outer.get("CLICKHOUSE_USER")):
        raise PushError(
            f"The data source would sign in as {result[USER]!r}, which writes the records; name a "
            f"user that only reads in {USER}."
        )
    if strict and not result.get(PASSWORD):
        raise PushError(
            f"There is no password for {result[USER]!r}: put it into {PASSWORD}, or name a secret "
            f"with --reader-secret or {SECRET}."
        )
    needed = (HOST, PORT, SECURE, PROTOCOL, USER, PASSWORD)
    return result, frozenset(needed if source.unused else ())


def completed(datasource: Datasource, outer: Mapping[str, str]) -> Datasource:
    """Return the data source with its numbers as numbers, and an authority of one's own.

    A file's variables are texts to Grafana; its page takes the text "false" for a yes.
    """
    settings = dict(datasource.body["jsonData"])
    if str(settings.get("port", "")).isdigit():
        settings["port"] = int(settings["port"])
    if str(settings.get("secure", "")) in ("true", "false"):
        settings["secure"] = str(settings["secure"]) == "true"
    secrets = dict(datasource.secrets)
    authority = _authority(outer)
    if authority and settings.get("secure"):
        settings["tlsAuthWithCACert"] = True
        secrets["tlsCACert"] = authority
    return replace(datasource, body={**datasource.body, "jsonData": settings}, secrets=secrets)


def _server(outer: Mapping[str, str], source: Source) -> dict[str, str]:
    """Return the variables that lead to the server; raises PushError for what cannot work."""
    protocol = outer.get(PROTOCOL) or "http"
    if protocol not in ("http", "native"):
        raise PushError(f"{PROTOCOL} is {protocol!r}; it is http or native.")
    said = _flag(outer.get(SECURE) or "")
    host, port, secure = outer.get(HOST) or "", outer.get(PORT) or "", said
    if not host:
        # The port of a URL is that of HTTP, and without one that of its scheme.
        where, url = (URL, outer[URL]) if outer.get(URL) else ("The stack's address", source.url)
        if not url:
            raise PushError(
                f"Say where {NAME} is: {URL}=https://host:8443, or the --stack that writes to it."
            )
        host, of_url, by_url = _address(where, url)
        secure = by_url if said is None else said
        if not port and protocol == "http" and secure == by_url:
            port = of_url
    elif "/" in host or (":" in host and not _is_address(host)):
        raise PushError(f"{HOST} is {host!r}; give the host alone, or its address in {URL}.")
    secure = True if secure is None else secure
    port = port or str(PORTS[protocol, secure])
    if not (port.isascii() and port.isdigit() and 0 < int(port) < 2**16):
        raise PushError(f"{PORT} is {port!r}; it is a number from 1 to 65535.")
    if not secure and said is None and not _near(host):
        raise PushError(
            f"{NAME} at {host} would get its password unencrypted; write https:// in its address, "
            f"or say {SECURE}=false if that is meant."
        )
    if source.managed and _here(host):
        raise PushError(
            f"{NAME} at {host} is on this machine, and a workspace cannot reach it there; give an "
            f"address that it can in {URL}."
        )
    return {HOST: host, PORT: port, SECURE: str(secure).lower(), PROTOCOL: protocol}


def _address(where: str, url: str) -> tuple[str, str, bool]:
    """Return the host, the port and whether it is TLS; `where` it was found."""
    example = "it looks like https://host:8443"
    try:
        parts = urlsplit(url.strip())
        port = parts.port
    except ValueError:
        raise PushError(f"{where} is no URL; {example}.") from None
    if parts.username or parts.password:
        raise PushError(
            f"{where} has a user or password in it; put them into {USER} and {PASSWORD}."
        )
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise PushError(f"{where} is {url!r}, which is no URL of a server; {example}.")
    if parts.path.strip("/") or parts.query or parts.fragment:
        raise PushError(f"{where} is {url!r}; leave out what is behind the port: {example}.")
    secure = parts.scheme == "https"
    return parts.hostname, str(port or (443 if secure else 80)), secure


def _flag(text: str) -> bool | None:
    if not text:
        return None
    if text.lower() not in _WORDS:
        raise PushError(f"{SECURE} is {text!r}; it is true or false.")
    return _WORDS[text.lower()]


def _authority(outer: Mapping[str, str]) -> str:
    """Return the PEM text of an authority of one's own; "" for none."""
    text, path = outer.get("CLICKHOUSE_CA") or "", outer.get("CLICKHOUSE_CA_FILE")
    if not text and path:
        try:
            text = Path(path).read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            why = getattr(error, "strerror", None) or "it is not text"
            raise PushError(
                f"CLICKHOUSE_CA_FILE names {path}, which cannot be read: {why}."
            ) from None
    if text and "-----BEGIN CERTIFICATE-----" not in text:
        raise PushError(f"{path or 'CLICKHOUSE_CA'} holds no certificate in PEM.")
    return text


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def _here(host: str) -> bool:
    return host == "localhost" or (_is_address(host) and ipaddress.ip_address(host).is_loopback)


def _near(host: str) -> bool:
    """Whether a host is on this machine or in a private network, as a name without dots is."""
    if _is_address(host):
        address = ipaddress.ip_address(host)
        return address.is_private or address.is_loopback
    return "." not in host or host.endswith((".local", ".internal"))
