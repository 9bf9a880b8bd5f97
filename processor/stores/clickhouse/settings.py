"""What ClickHouse has to be told: where it is, who writes, and whose certificate to believe."""

import ipaddress
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from processor.config import ConfigError, choice
from processor.stores.clickhouse.schema import Place

USER = "cloudfront_writer"
# Ports of ClickHouse's own protocol; the processor speaks HTTP.
NATIVE_PORTS = {9000: 8123, 9440: 8443}
# Of what is inserted. Nothing is sent far on one machine, and gzip costs a fifth of a batch's CPU.
COMPRESSIONS = ("gzip", "none")
# Names that no public resolver knows.
_INNER = (".internal", ".local", ".localhost", ".lan", ".home.arpa")
_arn = re.compile(r"arn:[\w-]+:(?:secretsmanager:[^:]+:[^:]+:secret|ssm:[^:]+:[^:]+:parameter).+")


@dataclass(frozen=True, slots=True)
class Settings:
    """The server, the table, and who writes: a secret has the password, and may have the user."""

    url: str  # of the HTTP interface, without a slash at its end
    database: str = "cloudfront"
    table: str = "realtime_logs"
    user: str = USER
    password: str = field(default="", repr=False)
    secret_arn: str = ""  # Secrets Manager's or SSM's
    ca: str = field(default="", repr=False)  # PEM of the authority to believe; "": the usual ones
    compression: str = COMPRESSIONS[0]

    @property
    def place(self) -> Place:
        """The tables' names."""
        return Place(self.database, self.table)


def settings_from(env: Mapping[str, str]) -> Settings:
    """Read the settings; raise ConfigError for one that cannot work.

    Variables: CLICKHOUSE_URL, CLICKHOUSE_DATABASE, CLICKHOUSE_TABLE; CLICKHOUSE_SECRET_ARN, or
    CLICKHOUSE_USER and CLICKHOUSE_PASSWORD; CLICKHOUSE_CA (PEM) or CLICKHOUSE_CA_FILE;
    CLICKHOUSE_COMPRESSION (gzip or none).
    """
    return Settings(
        url=_url(env.get("CLICKHOUSE_URL", "").strip()),
        database=env.get("CLICKHOUSE_DATABASE") or "cloudfront",
        table=env.get("CLICKHOUSE_TABLE") or "realtime_logs",
        user=env.get("CLICKHOUSE_USER") or USER,
        password=env.get("CLICKHOUSE_PASSWORD", ""),
        secret_arn=_secret(env.get("CLICKHOUSE_SECRET_ARN", "").strip()),
        ca=_ca(env.get("CLICKHOUSE_CA", "").strip(), env.get("CLICKHOUSE_CA_FILE", "").strip()),
        compression=choice(env, "CLICKHOUSE_COMPRESSION", COMPRESSIONS),
    )


def _url(url: str) -> str:
    if not url:
        raise ConfigError(
            "CLICKHOUSE_URL is not set; it is the address of the server's HTTP interface, such as "
            "https://clickhouse.example.com:8443"
        )
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError:
        host = port = None
    if not host or parts.scheme not in ("https", "http"):
        raise ConfigError(
            "CLICKHOUSE_URL is no address; write it as https://clickhouse.example.com:8443"
        )
    if parts.username is not None or parts.query or parts.fragment:
        raise ConfigError(
            "CLICKHOUSE_URL holds more than an address; a user and a password go into the secret "
            "or into CLICKHOUSE_USER and CLICKHOUSE_PASSWORD"
        )
    if port in NATIVE_PORTS:
        raise ConfigError(
            f"CLICKHOUSE_URL has port {port}, which is for ClickHouse's own protocol; its HTTP "
            f"interface is usually at {NATIVE_PORTS[port]}"
        )
    if parts.scheme == "http" and not _is_near(host):
        raise ConfigError(
            f"CLICKHOUSE_URL would send the password to {host} in the clear; write https://, and "
            "the port of the server's HTTPS interface, usually 8443"
        )
    return url.rstrip("/")


def _is_near(host: str) -> bool:
    """Whether a host is this machine or in a private network: plain HTTP will do there."""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return "." not in host or host.endswith(_INNER)
    return address.is_private or address.is_loopback


def _secret(arn: str) -> str:
    if arn and not _arn.fullmatch(arn):
        raise ConfigError(
            "CLICKHOUSE_SECRET_ARN is no ARN of a secret in Secrets Manager or of a parameter in "
            "Systems Manager"
        )
    return arn


def _ca(text: str, file: str) -> str:
    if text and file:
        raise ConfigError("CLICKHOUSE_CA and CLICKHOUSE_CA_FILE are both set; keep one of them")
    name = "CLICKHOUSE_CA_FILE" if file else "CLICKHOUSE_CA"
    if file:
        try:
            text = Path(file).read_text()
        except (OSError, ValueError) as error:
            reason = getattr(error, "strerror", None) or "it is not text"
            raise ConfigError(f"{name}: {file} cannot be read: {reason}") from None
    if (text or file) and "BEGIN CERTIFICATE" not in text:
        raise ConfigError(f"{name} holds no certificate in PEM (-----BEGIN CERTIFICATE-----)")
    return text
