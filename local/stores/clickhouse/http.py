"""ClickHouse's HTTP interface, as far as the processor, clickhouse-connect and Grafana use it.

A thread a connection. A request and its answer are in memory as a whole, so that an error always
has its own status: what a server does when it is asked to wait for the end of a query.
https://clickhouse.com/docs/interfaces/http
"""

import base64
import binascii
import contextlib
import gzip
import hmac
import json
import socket
import struct
import threading
import uuid
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from local.stores.clickhouse import statements
from local.stores.clickhouse.engine import Answer, Engine, EngineError, refusal

BODY_BYTES = 256 << 20  # of a request, compressed or not
IDLE_SECONDS = 60  # that a connection is kept open without a request
OK = b"Ok.\n"
# Parameters that are about the request, not settings of the engine.
REQUEST = {
    "query", "user", "password", "database", "default_format", "query_id", "quota_key", "role",
    "session_id", "session_timeout", "session_check", "close_session", "buffer_size",
    "wait_end_of_query", "stacktrace", "client_protocol_version", "compress", "decompress",
}  # fmt: skip
# As a server grants a reader; whatever else is a setting, readonly = 1 refuses.
CHANGEABLE_IN_READONLY = "max_execution_time"

# https://github.com/ClickHouse/ClickHouse/blob/master/src/Server/HTTP/exceptionCodeToHTTPStatus.cpp
STATUSES: dict[int, tuple[str, ...]] = {
    400: (
        "BAD_ARGUMENTS", "CANNOT_COMPILE_REGEXP", "CANNOT_PARSE_TEXT",
        "CANNOT_PARSE_ESCAPE_SEQUENCE", "CANNOT_PARSE_QUOTED_STRING", "CANNOT_PARSE_DATE",
        "CANNOT_PARSE_DATETIME", "CANNOT_PARSE_NUMBER", "CANNOT_PARSE_DOMAIN_VALUE_FROM_STRING",
        "CANNOT_PARSE_IPV4", "CANNOT_PARSE_IPV6", "CANNOT_PARSE_INPUT_ASSERTION_FAILED",
        "CANNOT_PARSE_UUID", "DUPLICATE_COLUMN", "ILLEGAL_COLUMN", "UNKNOWN_ELEMENT_IN_AST",
        "UNKNOWN_TYPE_OF_AST_NODE", "THERE_IS_NO_COLUMN", "TOO_DEEP_AST", "TOO_BIG_AST",
        "UNEXPECTED_AST_STRUCTURE", "SYNTAX_ERROR", "INCORRECT_DATA", "TYPE_MISMATCH",
        "VALUE_IS_OUT_OF_RANGE_OF_DATA_TYPE",
    ),
    401: ("REQUIRED_PASSWORD",),
    403: (
        "UNKNOWN_USER", "WRONG_PASSWORD", "AUTHENTICATION_FAILED", "SET_NON_GRANTED_ROLE",
        "ACCESS_DENIED",
    ),
    404: (
        "UNKNOWN_TABLE", "UNKNOWN_FUNCTION", "UNKNOWN_IDENTIFIER", "UNKNOWN_TYPE",
        "UNKNOWN_STORAGE", "UNKNOWN_DATABASE", "UNKNOWN_SETTING", "UNKNOWN_DIRECTION_OF_SORTING",
        "UNKNOWN_AGGREGATE_FUNCTION", "UNKNOWN_FORMAT", "UNKNOWN_DATABASE_ENGINE",
        "UNKNOWN_TYPE_OF_QUERY", "UNKNOWN_ROLE",
    ),
    408: ("TIMEOUT_EXCEEDED",),
    411: ("HTTP_LENGTH_REQUIRED",),
    413: ("QUERY_IS_TOO_LARGE",),
    415: ("UNSUPPORTED_MEDIA_TYPE",),
    501: ("NOT_IMPLEMENTED",),
    503: ("SOCKET_TIMEOUT", "CANNOT_OPEN_FILE", "CANNOT_SCHEDULE_TASK"),
}  # fmt: skip
_STATUS = {name: status for status, names in STATUSES.items() for name in names}
_TYPES = {
    "TabSeparated": "text/tab-separated-values; charset=UTF-8",
    "TSV": "text/tab-separated-values; charset=UTF-8",
    "CSV": "text/csv; charset=UTF-8; header=absent",
    "CSVWithNames": "text/csv; charset=UTF-8; header=present",
    "JSON": "application/json; charset=UTF-8",
    "JSONCompact": "application/json; charset=UTF-8",
    "JSONEachRow": "application/x-ndjson; charset=UTF-8",
    "Native": "application/octet-stream",
    "RowBinary": "application/octet-stream",
}
# What Go's client asks first. It reads the answer by its own revision of the native protocol, and
# all others by the revision it is told here: 0 is the plain Native format, which the engine writes.
GO_HELLO = b"SELECT displayName(), version(), revision(), timezone()"


@dataclass(frozen=True, slots=True)
class Account:
    """Who may ask."""

    password: str = ""
    readonly: bool = False


class Endpoint(ThreadingHTTPServer):
    """The engine behind its HTTP interface."""

    daemon_threads = True
    request_queue_size = 256
    allow_reuse_address = True

    def __init__(
        self, address: tuple[str, int], engine: Engine, accounts: Mapping[str, Account]
    ) -> None:
        self.engine, self.accounts = engine, accounts
        self._busy, self._idle = 0, threading.Condition()
        super().__init__(address, Connection)

    @contextlib.contextmanager
    def working(self) -> Iterator[None]:
        """Count a request that is carried out."""
        with self._idle:
            self._busy += 1
        try:
            yield
        finally:
            with self._idle:
                self._busy -= 1
                self._idle.notify_all()

    def drain(self, seconds: float) -> None:
        """Wait until what was begun is answered, at most so long."""
        with self._idle:
            self._idle.wait_for(lambda: self._busy == 0, seconds)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing: it is a client that went away."""


class Connection(BaseHTTPRequestHandler):
    """One client connection."""

    server: Endpoint
    protocol_version = "HTTP/1.1"
    timeout = IDLE_SECONDS
    wbufsize = -1  # an answer's head and body leave together

    def setup(self) -> None:
        """Send what there is at once."""
        super().setup()
        self.connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, True)

    def log_message(self, *_: Any) -> None:
        """Log nothing."""

    def do_GET(self) -> None:
        """Answer a question, or whether anybody is there."""
        self._handle()

    def do_HEAD(self) -> None:
        """Answer as GET does, without a body."""
        self._handle()

    def do_POST(self) -> None:
        """Carry out a statement."""
        self._handle()

    def _handle(self) -> None:
        url = urlsplit(self.path)
        parameters = dict(parse_qsl(url.query, keep_blank_values=True))
        query_id = parameters.get("query_id") or str(uuid.uuid4())
        headers = {
            "X-ClickHouse-Server-Display-Name": self.server.engine.host,
            "X-ClickHouse-Query-Id": query_id,
            "X-ClickHouse-Timezone": self.server.engine.timezone,
        }
        try:
            body = self._body()  # of a refused request, too: the next one comes behind it
        except ConnectionError:
            self.close_connection = True
            return
        except EngineError as error:
            self._refuse(error, headers)
            return
        with self.server.working():
            self._carry_out(url.path, parameters, body, headers)

    def _carry_out(
        self, path: str, parameters: Mapping[str, str], body: bytes, headers: dict[str, str]
    ) -> None:
        question = self.command == "POST" or "query" in parameters
        if path in ("/ping", "/replicas_status") or (path == "/" and not question):
            self._answer(200, OK, {"Content-Type": "text/html; charset=UTF-8"})
            return
        if path not in ("/", "/query", ""):
            self._answer(404, b"There is nothing here: send queries to /\n", headers)
            return
        try:
            request = Request(self.server, self.command, parameters, self.headers)
            answer, form = request.carry_out(_unpacked(body, self.headers))
        except EngineError as error:
            self._refuse(error, headers)
            return
        except Exception as error:  # of this endpoint, not of the engine: said, not hung up on
            sentence = f"A fault in this stand-in: {type(error).__name__}: {error}"
            self._refuse(refusal(1002, "UNKNOWN_EXCEPTION", sentence), headers)
            return
        headers["X-ClickHouse-Summary"] = _summary(answer)
        headers["X-ClickHouse-Format"] = form
        headers["Content-Type"] = _TYPES.get(form, "text/plain; charset=UTF-8")
        data = answer.body
        if data and request.wants_gzip:
            headers["Content-Encoding"] = "gzip"
            data = gzip.compress(data, 1)
        self._answer(200, data, headers)

    def _refuse(self, error: EngineError, headers: Mapping[str, str]) -> None:
        text = f"{error} (version {self.server.engine.version} (chdb, a stand-in))\n"
        about = {
            "X-ClickHouse-Exception-Code": str(error.code),
            "Content-Type": "text/plain; charset=UTF-8",
        }
        self._answer(_STATUS.get(error.name, 500), text.encode(), {**headers, **about})

    def _answer(self, status: int, body: bytes, headers: Mapping[str, str]) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value.replace("\r", " ").replace("\n", " "))
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Connection", "close" if self.close_connection else "keep-alive")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)
        self.wfile.flush()

    def _body(self) -> bytes:
        if "chunked" in self.headers.get("Transfer-Encoding", "").lower():
            return self._chunks()
        length = self.headers.get("Content-Length", "0")
        if not (length.isascii() and length.isdigit()):
            self.close_connection = True
            raise refusal(36, "BAD_ARGUMENTS", "Content-Length is not a number.")
        self._check_size(int(length))
        return self._exactly(int(length))

    def _chunks(self) -> bytes:
        parts: list[bytes] = []
        total = 0
        while True:
            try:
                size = int(self.rfile.readline(1024).split(b";")[0], 16)
            except ValueError:
                raise ConnectionError from None  # cut off, or no chunk
            if size < 0:
                raise ConnectionError
            if size == 0:
                while self.rfile.readline(65536).strip():  # trailers
                    pass
                return b"".join(parts)
            total += size
            self._check_size(total)
            parts.append(self._exactly(size))
            self.rfile.readline(1024)

    def _exactly(self, length: int) -> bytes:
        """Read this much; a client that is gone before is none: nothing is carried out."""
        data = self.rfile.read(length)
        if len(data) < length:
            raise ConnectionError
        return data

    def _check_size(self, length: int) -> None:
        if length > BODY_BYTES:
            self.close_connection = True
            raise refusal(307, "TOO_MANY_BYTES", f"A request can have {BODY_BYTES} bytes here.")


class Request:
    """One request, read."""

    def __init__(
        self, server: Endpoint, method: str, parameters: Mapping[str, str], headers: Any
    ) -> None:
        self._engine, self._parameters, self._headers = server.engine, parameters, headers
        self._modifies = method == "POST"
        self._user, self._account = _account(server.accounts, parameters, headers)
        # As a server does: only for a client that says so in both places.
        self.wants_gzip = (
            parameters.get("enable_http_compression") == "1"
            and "gzip" in headers.get("Accept-Encoding", "").lower()
        )

    def carry_out(self, body: bytes) -> tuple[Answer, str]:
        """Return the answer and its format; raises EngineError."""
        try:
            return self._carried_out(body)
        except EngineError as error:  # the engine knows one user
            raise EngineError(
                str(error).replace("Exception: default: ", f"Exception: {self._user}: ", 1)
            ) from None

    def _carried_out(self, body: bytes) -> tuple[Answer, str]:
        for name in ("compress", "decompress"):
            if self._parameters.get(name, "0") not in ("0", "false", ""):
                raise refusal(
                    48,
                    "NOT_IMPLEMENTED",
                    f"This stand-in does not know {name}=1; use gzip by Content-Encoding and "
                    "Accept-Encoding.",
                )
        query = self._parameters.get("query", "").encode()
        statement = query + (b"\n" if query and body else b"") + body
        if not statement.strip():
            raise refusal(62, "SYNTAX_ERROR", "Empty query.")
        form = (
            self._parameters.get("default_format")
            or self._headers.get("X-ClickHouse-Format")
            or "TabSeparated"
        )
        if self._is_go_hello(statement, form):
            return Answer(_go_hello(self._engine)), form
        try:
            insert = statements.insert(query or body)
        except UnicodeDecodeError:
            raise refusal(62, "SYNTAX_ERROR", "The query is not UTF-8.") from None
        if insert is not None:
            rows = [insert.rows, body] if query else [insert.rows]
            if insert.rows and query and body:
                rows.insert(1, b"\n")
            form = insert.form or self._headers.get("X-ClickHouse-Format") or "Values"
            with self._session(insert.sql.encode()) as session:
                return session.insert(insert.sql, form, rows), form
        asked = statements.asked_format(statement)
        try:
            sql = statement.decode()
        except UnicodeDecodeError:
            raise refusal(62, "SYNTAX_ERROR", "The query is not UTF-8.") from None
        given = {
            name.removeprefix("param_"): value
            for name, value in self._parameters.items()
            if name.startswith("param_")
        }
        with self._session(statement) as session:
            return session.query(sql, form, given), asked or form

    def _is_go_hello(self, statement: bytes, form: str) -> bool:
        return (
            form == "Native"
            and "client_protocol_version" in self._parameters
            and b" ".join(statement.split()) == GO_HELLO
        )

    def _session(self, statement: bytes) -> Any:
        if clause := statements.file_clause(statement):
            raise refusal(
                151, "INTO_OUTFILE_NOT_ALLOWED", f"{clause} is for clients: a server does not."
            )
        if statements.is_several(statement):
            raise refusal(62, "SYNTAX_ERROR", "Syntax error (Multi-statements are not allowed).")
        settings = {
            name: value
            for name, value in self._parameters.items()
            if name not in REQUEST and not name.startswith("param_")
        }
        session = self._engine.session()
        try:
            database = self._parameters.get("database")
            session.use(database or self._headers.get("X-ClickHouse-Database", ""))
            if self._account.readonly:
                free = settings.pop(CHANGEABLE_IN_READONLY, None)
                if free is not None:
                    session.set({CHANGEABLE_IN_READONLY: free})
                session.set({"readonly": "1"})
            session.set(settings)
            if not self._modifies and not self._account.readonly and "readonly" not in settings:
                session.set({"readonly": "2"})  # GET changes nothing
        except BaseException:
            session.__exit__()
            raise
        return session


def _account(
    accounts: Mapping[str, Account], parameters: Mapping[str, str], headers: Any
) -> tuple[str, Account]:
    """Return whose request it is; raises EngineError."""
    user, password = _text(headers, "X-ClickHouse-User"), _text(headers, "X-ClickHouse-Key")
    basic = headers.get("Authorization")
    if basic and (user or password):
        raise refusal(
            516,
            "AUTHENTICATION_FAILED",
            "Invalid authentication: it is not allowed to use Authorization and X-ClickHouse "
            "headers simultaneously.",
        )
    if basic:
        scheme, _, value = basic.partition(" ")
        try:
            user, _, password = base64.b64decode(value, validate=True).decode().partition(":")
        except (binascii.Error, UnicodeDecodeError):
            scheme = ""
        if scheme.lower() != "basic":
            raise refusal(
                516, "AUTHENTICATION_FAILED", "Invalid authentication: only Basic is known here."
            )
    name = user or parameters.get("user") or "default"
    given = password or parameters.get("password") or ""
    account = accounts.get(name)
    if account is None or not hmac.compare_digest(account.password.encode(), given.encode()):
        raise refusal(
            516,
            "AUTHENTICATION_FAILED",
            f"{name}: Authentication failed: password is incorrect, or there is no user with such "
            "name.",
        )
    return name, account


def _text(headers: Any, name: str) -> str:
    """Return a header in UTF-8, as clients send it; the library takes it for Latin-1."""
    value: str = headers.get(name, "")
    try:
        return value.encode("latin-1").decode()
    except UnicodeError:
        return value


def _unpacked(body: bytes, headers: Any) -> bytes:
    """Return a body as it was before Content-Encoding; raises EngineError."""
    method = headers.get("Content-Encoding", "").strip().lower()
    if not body or method in ("", "identity"):
        return body
    try:
        if method in ("gzip", "x-gzip", "deflate"):
            return _inflated(body)
        if method in ("zstd", "lz4", "br"):
            import pyarrow  # it has them all; what the processor sends does without

            name = "brotli" if method == "br" else method
            with pyarrow.CompressedInputStream(pyarrow.py_buffer(body), name) as stream:
                return bytes(stream.read())
    except (OSError, EOFError, ValueError, zlib.error) as error:
        raise refusal(
            271, "CANNOT_DECOMPRESS", f"The body is not whole, or not {method}: {error}."
        ) from None
    raise refusal(48, "NOT_IMPLEMENTED", f"Unknown compression method: {method}.")


def _inflated(body: bytes) -> bytes:
    """Return what gzip or zlib packed, any number of pieces in a row."""
    parts = []
    while body:
        stream = zlib.decompressobj(wbits=47)  # either, by its head
        parts.append(stream.decompress(body))
        if not stream.eof:
            raise EOFError("it ends in the middle")
        body = stream.unused_data
    return b"".join(parts)


def _summary(answer: Answer) -> str:
    """Return the header that tells what a statement did; its numbers are texts."""
    return json.dumps(
        {
            "read_rows": str(answer.read_rows),
            "read_bytes": str(answer.read_bytes),
            "written_rows": str(answer.written_rows),
            "written_bytes": str(answer.written_bytes),
            "total_rows_to_read": "0",
            "result_rows": str(answer.written_rows),
            "result_bytes": str(answer.written_bytes),
            "elapsed_ns": str(round(answer.seconds * 1e9)),
        },
        separators=(",", ":"),
    )


def _go_hello(engine: Engine) -> bytes:
    """Return the answer to GO_HELLO: one block of the native protocol with four columns."""

    def text(value: str) -> bytes:
        data = value.encode()
        return _varint(len(data)) + data

    columns = (
        ("displayName()", "String", text(engine.host)),
        ("version()", "String", text(engine.version)),
        ("revision()", "UInt32", struct.pack("<I", 0)),
        ("timezone()", "String", text(engine.timezone)),
    )
    block_info = b"\x01\x00\x02\xff\xff\xff\xff\x00"
    return (
        block_info
        + _varint(len(columns))
        + _varint(1)
        # the byte before the data: no custom serialization
        + b"".join(text(name) + text(kind) + b"\x00" + data for name, kind, data in columns)
    )


def _varint(number: int) -> bytes:
    found = bytearray()
    while number > 0x7F:
        found.append(number & 0x7F | 0x80)
        number >>= 7
    return bytes([*found, number])
