"""A ClickHouse server over HTTP, as one of its users; what it refuses, in sentences.

https://clickhouse.com/docs/interfaces/http
"""

import ipaddress
import re
import socket
import ssl
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter
from requests.exceptions import ConnectionError as Unreachable
from requests.exceptions import (
    InvalidSchema,
    InvalidURL,
    MissingSchema,
    ProxyError,
    RequestException,
    SSLError,
    Timeout,
)

from cli.errors import Problem

# The first long-term release in which a batch that is sent again is recognized in the table of
# minutes too, by its token. Before, equal sums of different batches were taken for repeats, and
# left out. https://github.com/ClickHouse/ClickHouse/pull/61601, in 24.7 and so in 24.8 LTS
LEAST = (24, 8)
CONNECT_SECONDS, READ_SECONDS = 10, 60
# https://github.com/ClickHouse/ClickHouse/blob/master/src/Common/ErrorCodes.cpp
AUTHENTICATION = {192, 193, 194, 516}
NO_COLUMN, NO_TABLE, NO_DATABASE = 16, 60, 81
READ_ONLY_USER, READ_ONLY_TABLE, DENIED = 164, 242, 497
FULL = 243
# Names that no public resolver knows.
_INNER = (".internal", ".local", ".localhost", ".lan", ".home.arpa")


class Refused(Problem):
    """The server answered, and refused; ``code`` is ClickHouse's number of the error."""

    def __init__(self, code: int, text: str, sentence: str) -> None:
        super().__init__(sentence)
        self.code = code
        self.text = text


class OutOfReach(Problem):
    """No ClickHouse answers at the address, as seen from this machine."""


@dataclass(frozen=True, slots=True)
class Login:
    """A user of the server."""

    user: str
    password: str = field(repr=False)


class _Trusting(HTTPAdapter):
    """Trusts one more authority."""

    def __init__(self, certificate: str) -> None:
        try:
            self._context = ssl.create_default_context(cadata=certificate)
        except ssl.SSLError:
            raise Problem(
                "The certificate of ClickHouse's authority is not PEM; CLICKHOUSE_CA_FILE has to "
                "name the file of the authority that signed the server's certificate."
            ) from None
        super().__init__()

    def init_poolmanager(self, *args: Any, **options: Any) -> None:
        super().init_poolmanager(*args, ssl_context=self._context, **options)


class Server:
    """One server, asked as one user.

    Raises OutOfReach when it cannot be reached, Refused when it answers with an error, and Problem
    for an address that would send the password in the clear.
    """

    def __init__(self, url: str, login: Login, certificate: str = "") -> None:
        self.url = url.rstrip("/")
        self.login = login
        parts = urlsplit(self.url)
        self.host = parts.hostname or ""
        self.tls = parts.scheme == "https"
        if not self.tls and not private(self.host):
            raise Problem(
                f"{self.url} is plain HTTP, and would send the password and the log lines in the "
                "clear; give the https:// address (port 8443 on ClickHouse Cloud and most servers)."
            )
        self._session = requests.Session()
        if certificate:
            self._session.mount("https://", _Trusting(certificate))

    def ping(self) -> None:
        """Raise OutOfReach unless ClickHouse answers; needs no user."""
        answer = self._send("GET", f"{self.url}/ping", {})
        if answer.text.strip() != "Ok.":
            raise OutOfReach(self._no_clickhouse(answer))

    def version(self) -> tuple[int, ...]:
        """Return the server's version, such as (25, 8, 3)."""
        text = str(self.ask("SELECT version()")[0][0])
        return tuple(int(part) for part in re.findall(r"\d+", text)[:3])

    def ask(self, query: str) -> list[list[Any]]:
        """Return a query's rows; 64-bit integers may come as texts.

        Without a setting: a user that may only read may change none.
        """
        options = {"default_format": "JSONCompact", "wait_end_of_query": "1"}
        rows: list[list[Any]] = self._post(query, options).json()["data"]
        return rows

    def run(self, statement: str) -> None:
        """Run a statement that returns nothing."""
        self._post(statement, {})

    def insert_nothing(self, statement: str) -> None:
        """Run an INSERT without a row: the server checks rights, table and columns all the same."""
        self._post("", {"query": statement, "async_insert": "0"})

    def _post(self, body: str, options: dict[str, str]) -> requests.Response:
        headers = {
            "X-ClickHouse-User": self.login.user,
            "X-ClickHouse-Key": self.login.password,
            "Content-Type": "text/plain; charset=utf-8",
        }
        try:
            answer = self._send("POST", f"{self.url}/", headers, params=options, data=body.encode())
        except UnicodeError:
            raise Problem(
                "ClickHouse's user or password has characters that an HTTP header cannot hold."
            ) from None
        code = answer.headers.get("X-ClickHouse-Exception-Code")
        if code is None and answer.ok and "X-ClickHouse-Query-Id" in answer.headers:
            return answer
        if code is None:
            raise OutOfReach(self._no_clickhouse(answer))
        raise Refused(int(code), answer.text.strip(), self._sentence(int(code), answer.text))

    def _send(
        self, method: str, url: str, headers: dict[str, str], **options: Any
    ) -> requests.Response:
        try:
            answer = self._session.request(
                method,
                url,
                headers=headers,
                timeout=(CONNECT_SECONDS, READ_SECONDS),
                allow_redirects=False,
                **options,
            )
            answer.encoding = "utf-8"
            return answer
        except (InvalidURL, MissingSchema, InvalidSchema):
            raise Problem(
                f"{self.url!r} is no address of ClickHouse; one looks like "
                "https://clickhouse.example.com:8443."
            ) from None
        except SSLError as error:
            raise OutOfReach(self._tls(str(error))) from None
        except ProxyError as error:
            raise OutOfReach(
                f"{self.host} is asked through a proxy that does not work ({_last(error)}); "
                "correct HTTPS_PROXY, or put the host into NO_PROXY."
            ) from None
        except Timeout:
            raise OutOfReach(
                f"{self.url} does not answer within {CONNECT_SECONDS} seconds: a firewall, a "
                "security group or ClickHouse Cloud's IP access list may keep this machine out."
            ) from None
        except Unreachable as error:
            raise OutOfReach(self._unreachable(error)) from None
        except RequestException as error:
            raise OutOfReach(f"{self.url} cannot be asked: {_last(error)}.") from None

    def _unreachable(self, error: Unreachable) -> str:
        causes = list(_causes(error))
        if any(isinstance(each, socket.gaierror) for each in causes) or "resolve" in str(error):
            return f"There is no host {self.host}: its name is misspelled, or this machine's DNS \
does not know it."
        if any(isinstance(each, ConnectionRefusedError) for each in causes):
            return (
                f"Nothing answers at {self.url}: the server is down, or its port for "
                f"{'HTTPS (usually 8443)' if self.tls else 'HTTP (usually 8123)'} is another."
            )
        if self.tls:
            return f"{self.url} closed the connection ({_last(error)})."
        return (
            f"{self.url} closed the connection: if it wants TLS, give its https:// address "
            f"({_last(error)})."
        )

    def _tls(self, text: str) -> str:
        if "WRONG_VERSION_NUMBER" in text or "record layer failure" in text:
            return (
                f"{self.host} answers in plain HTTP at that port; give the port of its HTTPS "
                "interface (usually 8443), which has to be switched on."
            )
        if "Hostname mismatch" in text or "doesn't match" in text or "is not valid for" in text:
            return f"The certificate of {self.host} is another host's; give the name that is in it."
        if "expired" in text:
            return f"The certificate of {self.host} has expired; renew it."
        if "CERTIFICATE_VERIFY_FAILED" in text:
            return (
                f"The certificate of {self.host} is signed by nobody this machine knows; name the "
                "file of your own authority in CLICKHOUSE_CA_FILE."
            )
        return f"TLS with {self.host} fails: {text}."

    def _no_clickhouse(self, answer: requests.Response) -> str:
        if "clickhouse-client program" in answer.text:
            return (
                f"{self.url} is the port of clickhouse-client; give that of the HTTP interface "
                "(8443 with TLS, 8123 without)."
            )
        return (
            f"What answers at {self.url} is no ClickHouse (HTTP {answer.status_code}); look at the "
            "host and the port."
        )

    def _sentence(self, code: int, text: str) -> str:
        user = self.login.user
        if code in AUTHENTICATION:
            return (
                f"ClickHouse at {self.host} does not take the password of user {user}, or has no "
                "such user."
            )
        if code == READ_ONLY_USER:
            return f"User {user} may only read at {self.host}; name one that may write."
        if code == DENIED:
            needed = re.search(r"grant (.+?)(?:\. \(|\.$|$)", text)
            return (
                f"User {user} lacks a right at {self.host}"
                f"{f': {needed[1].strip()}' if needed else ''}."
            )
        if code == NO_DATABASE:
            return f"{self.host} has no such database: {first(text)}"
        if code == NO_TABLE:
            return f"{self.host} has no such table: {first(text)}"
        if code == NO_COLUMN:
            return f"A table at {self.host} lacks a column: {first(text)}"
        if code == FULL:
            return f"The disk of {self.host} is full; make room, and the waiting lines are written."
        if code == READ_ONLY_TABLE:
            return (
                f"The table at {self.host} is read-only at the moment: its replica has lost its "
                "Keeper; see that it runs."
            )
        return f"ClickHouse at {self.host} refuses: {first(text)}"


def private(host: str) -> bool:
    """Return whether an address is within this machine or a private network, where it is known."""
    try:
        return ipaddress.ip_address(host).is_private
    except ValueError:
        return "." not in host or host.endswith(_INNER)


def first(text: str) -> str:
    """Return the words of an error, without its code, its stack and the version behind it."""
    text = text.strip().splitlines()[0] if text.strip() else "no reason given"
    text = re.sub(r"^Code: \d+\. DB::Exception: ", "", text)
    text = re.sub(r"\s*\(version [^)]*\)+\s*$", "", text)
    text = re.sub(r"\s*\([A-Z_]+\)\s*$", "", text)
    return text if text.endswith((".", "?", "!")) else f"{text}."


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    """Yield an error and what it was made of, libraries' own wrappers included."""
    waiting, seen = [error], set()
    while waiting:
        each = waiting.pop()
        if not isinstance(each, BaseException) or id(each) in seen:
            continue
        seen.add(id(each))
        yield each
        waiting += [each.__cause__, each.__context__, getattr(each, "reason", None), *each.args]


def _last(error: BaseException) -> str:
    """Return the words of the innermost cause."""
    texts = [str(each) for each in _causes(error) if str(each)]
    return texts[-1].rstrip(".") if texts else type(error).__name__
