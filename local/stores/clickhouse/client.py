"""A client of ClickHouse's HTTP interface: statements, and answers with Python's values."""

import json
import os
import re
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import unquote, urlencode, urlsplit

import urllib3

from local.aws import LocalError
from local.stores import Column, Row

FORM = "JSONCompactEachRowWithNamesAndTypes"
SECONDS = 300.0  # that a statement may take
_NUMBER = re.compile(r"U?Int\d+|Float\d+|BFloat16|Decimal")
_WRAPPED = re.compile(r"(?:Nullable|LowCardinality|SimpleAggregateFunction)\((?:\w+, )?")
_POOL = urllib3.PoolManager(retries=False)


class Client:
    """Asks one server. Refusals are LocalErrors with the server's own message."""

    def __init__(self, url: str) -> None:
        """Take the URL as it was given: a user and a password may be in it, or in the environment.

        The variables are the processor's, CLICKHOUSE_USER and CLICKHOUSE_PASSWORD.
        """
        parts, known = urlsplit(url), os.environ.get
        self.host = parts.hostname or ""
        if parts.username:
            self.user, self.password = unquote(parts.username), unquote(parts.password or "")
        else:
            self.user = known("CLICKHOUSE_USER") or "default"
            self.password = known("CLICKHOUSE_PASSWORD") or ""
        self.url = parts._replace(netloc=parts.netloc.rpartition("@")[2]).geturl().rstrip("/")

    def check(self) -> None:
        """Raise LocalError when no server answers there, or it does not let this user in."""
        self.table("SELECT version()")

    def run(self, statement: str) -> None:
        """Carry out a statement that has no answer."""
        self._ask("POST", {}, statement.encode())

    def text(self, query: str, form: str, database: str = "") -> str:
        """Return the answer of a query, which cannot change anything, in a format.

        ``database`` is that of names which have none.
        """
        asked = {"default_format": form, "readonly": "2"}
        return self._ask(
            "POST", asked | ({"database": database} if database else {}), query.encode()
        )[1]

    def rows(self, query: str, given: Mapping[str, str]) -> Sequence[Row]:
        """Return the rows of a query; ``given`` are the values of its {name:Type}."""
        return self.table(query, given)[1]

    def table(
        self, query: str, given: Mapping[str, str] | None = None
    ) -> tuple[Sequence[Column], Sequence[Row]]:
        """Return the columns and rows of a query, which cannot change anything.

        Numbers are numbers, NULL and NaN are None, times are text, arrays and tuples lists.
        """
        asked = {"query": query, "default_format": FORM}
        asked |= {f"param_{name}": _escaped(value) for name, value in (given or {}).items()}
        headers, text = self._ask("GET", asked)  # a server takes GET for read-only
        if headers.get("X-ClickHouse-Format", FORM) != FORM:
            raise LocalError("leave FORMAT out of the query; --json prints JSON")
        lines = [json.loads(line) for line in text.splitlines()]
        if not lines:
            return (), ()
        names, types, *rows = lines
        kinds = [_WRAPPED.sub("", kind) for kind in types]
        columns = [
            Column(name, bool(_NUMBER.match(kind))) for name, kind in zip(names, kinds, strict=True)
        ]
        return columns, [
            {
                column.name: _number(cell) if column.number and isinstance(cell, str) else cell
                for column, cell in zip(columns, row, strict=True)
            }
            for row in rows
        ]

    def _ask(
        self, method: str, asked: Mapping[str, str], body: bytes = b""
    ) -> tuple[Mapping[str, str], str]:
        headers = {"X-ClickHouse-User": self.user, "X-ClickHouse-Key": self.password}
        try:
            answer = _POOL.request(
                method,
                f"{self.url}/?{urlencode(asked)}",
                body=body or None,
                headers={name: value for name, value in headers.items() if value},
                timeout=urllib3.Timeout(connect=5.0, read=SECONDS),
                redirect=False,
            )
        except (urllib3.exceptions.HTTPError, OSError):
            raise LocalError(
                f"no ClickHouse endpoint answers at {self.url}; start one with "
                "`python -m local serve --store clickhouse`, or name a directory with --data"
            ) from None
        text = answer.data.decode("utf-8", "replace")
        if answer.status != 200:
            raise LocalError(_refusal(text) or f"{self.url} answers with status {answer.status}")
        return answer.headers, text


def _refusal(text: str) -> str:
    """Return the server's message in one line, without its version."""
    text = " ".join(text.split()).removeprefix("Code: ")
    return re.sub(r"(?: \(version .*\))$", "", text.replace(". DB::Exception:", ":", 1))


def _escaped(text: str) -> str:
    """Return a parameter's text as the server reads it: as in TabSeparated."""
    return text.replace("\\", "\\\\").replace("\t", "\\t").replace("\n", "\\n")


def _number(text: str) -> Any:
    """Return a number of 64 bits and more, which some servers put in quotes."""
    try:
        return int(text)
    except ValueError:
        return float(text)
