"""AWS JSON 1.0 over HTTP/1.1, with little overhead.

One event loop reads and answers. Writes run on the loop itself, because they take less than a
millisecond; everything else runs on threads. A connection's requests are answered in order.
"""

from __future__ import annotations

import asyncio
import json
import secrets
import time
from concurrent.futures import ThreadPoolExecutor
from typing import IO, Any

from timestream_local.errors import ServiceError, UnknownOperationError
from timestream_local.results import Rows
from timestream_local.service import Service

HEAD_BYTES = 64 << 10
BODY_BYTES = 16 << 20
CLIENT_BYTES = 200  # of a User-Agent, in the log
_PREFIX = "Timestream_20181101."
_AT_ONCE = ("CancelQuery", "DescribeEndpoints")  # they never wait for long queries
_SURROGATE = b"\\ud"
_REASONS = {200: "OK", 100: "Continue"}


class BadRequest(Exception):
    """A request that is not HTTP, or too large."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status


class Endpoint:
    """The service, with its protocol in front."""

    def __init__(self, service: Service, auth: bool, log: IO[str] | None = None) -> None:
        """`log` gets a line of JSON for each query: when it ran, its status, and who asked."""
        self.service = service
        self.auth = auth
        self.log = log
        self.pool = ThreadPoolExecutor(32, thread_name_prefix="request")
        self.flushing = False

    def note(self, name: str, began: float, status: int, client: bytes) -> None:
        """Write a query into the log, if there is one; times are epoch seconds."""
        if self.log is not None and name == "Query":
            entry: dict[str, float | str]
            entry = {"began": round(began, 3), "ended": round(time.time(), 3), "status": status}
            entry["client"] = client[:CLIENT_BYTES].decode("latin-1")
            self.log.write(json.dumps(entry) + "\n")
            self.log.flush()

    def flush_soon(self) -> None:
        """Start bringing rows into DuckDB on a thread, when there are enough."""
        if self.flushing or not self.service.store.is_behind():
            return
        self.flushing = True
        asyncio.get_running_loop().run_in_executor(self.pool, self._flush)

    def _flush(self) -> None:
        try:
            self.service.store.catch_up()
        finally:
            self.flushing = False

    def operation(self, headers: dict[bytes, bytes]) -> str:
        """Return the operation a request names; raises ServiceError."""
        if self.auth and not _signed(headers):
            error = ServiceError("Missing Authentication Token")
            error.code, error.status = "MissingAuthenticationTokenException", 403
            raise error
        target = headers.get(b"x-amz-target", b"").decode("latin-1")
        name = target.removeprefix(_PREFIX)
        known = name == "WriteRecords" or name in self.service.operations
        if not target.startswith(_PREFIX) or not known:
            raise UnknownOperationError(f"The operation '{target}' is not supported.")
        return name


def _signed(headers: dict[bytes, bytes]) -> bool:
    value = headers.get(b"authorization", b"")
    return (
        value.startswith(b"AWS4-HMAC-SHA256") and b"Credential=" in value and b"Signature=" in value
    )


def parse_body(body: bytes) -> Any:
    """Return a request's JSON; raises ServiceError."""
    try:
        request = json.loads(body or b"{}")
        if _SURROGATE in body or _SURROGATE.upper().replace(b"U", b"u") in body:
            json.dumps(request, ensure_ascii=False).encode()  # half a character is no text
    except (ValueError, RecursionError):
        error = ServiceError("The body is not JSON in UTF-8.")
        error.code, error.status = "SerializationException", 400
        raise error from None
    return request


def written(answer: dict[str, Any]) -> bytes:
    """Return an answer's JSON; the rows of a query's page are JSON already."""
    rows = answer.get("Rows")
    if not isinstance(rows, Rows):
        return json.dumps(answer).encode()
    others = json.dumps({name: value for name, value in answer.items() if name != "Rows"})
    return f'{{"Rows":{rows.json},{others[1:]}'.encode()


def failure(error: ServiceError) -> tuple[int, bytes]:
    """Return the status and body of an error."""
    body = {
        "__type": f"com.amazonaws.timestream.v20181101#{error.code}",
        "message": error.message,
        "Message": error.message,
        **error.extra,
    }
    return error.status, json.dumps(body).encode()


class Connection(asyncio.Protocol):
    """One client connection."""

    def __init__(self, endpoint: Endpoint) -> None:
        self.endpoint = endpoint
        self.transport: asyncio.Transport | None = None
        self.buffer = bytearray()
        self.busy = False
        self.head: tuple[str, dict[bytes, bytes], int] | None = None
        self.closing = False
        self.ended = False  # the client sends no more

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Note the transport."""
        assert isinstance(transport, asyncio.Transport)  # what a TCP server gives
        self.transport = transport

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the client."""
        self.transport = None

    def eof_received(self) -> bool:
        """Keep the connection open until a client that has sent everything is answered."""
        self.ended = True
        return self.busy

    def data_received(self, data: bytes) -> None:
        """Take bytes, and carry out the requests that are complete."""
        self.buffer += data
        self._advance()

    def _advance(self) -> None:
        while not self.busy and self.transport is not None and not self.closing:
            try:
                request = self._next(self.transport)
            except BadRequest as error:
                self.closing = True
                body = json.dumps({"message": str(error)}).encode()
                self._send(error.status, body, close=True)
                return
            if request is None:
                return
            self._handle(*request)

    def _next(self, transport: asyncio.Transport) -> tuple[str, dict[bytes, bytes], bytes] | None:
        """Return the next whole request in the buffer, or None."""
        if self.head is None:
            end = self.buffer.find(b"\r\n\r\n")
            if end < 0:
                if len(self.buffer) > HEAD_BYTES:
                    raise BadRequest(431, "The headers are too long.")
                return None
            if end > HEAD_BYTES:
                raise BadRequest(431, "The headers are too long.")
            self.head = _parse_head(bytes(self.buffer[:end]))
            del self.buffer[: end + 4]
            if self.head[1].get(b"expect", b"").lower() == b"100-continue":
                transport.write(b"HTTP/1.1 100 Continue\r\n\r\n")
        method, headers, length = self.head
        if len(self.buffer) < length:
            return None
        body = bytes(self.buffer[:length])
        del self.buffer[:length]
        self.head = None
        return method, headers, body

    def _handle(self, method: str, headers: dict[bytes, bytes], body: bytes) -> None:
        close = headers.get(b"connection", b"").lower() == b"close"
        if method != "POST":
            self._send(405, b'{"message": "Only POST is supported."}', close)
            return
        endpoint = self.endpoint
        try:
            name = endpoint.operation(headers)
            if name == "WriteRecords":
                answer = endpoint.service.write(parse_body(body), body)
                endpoint.flush_soon()
                self._send(200, json.dumps(answer).encode(), close)
                return
            request = parse_body(body)
            if name in _AT_ONCE:
                answer = endpoint.service.call(name, request)
                self._send(200, json.dumps(answer).encode(), close)
                return
        except ServiceError as error:
            self._send(*failure(error), close)
            return
        except Exception as error:
            self._send(*_unexpected(error), close)
            return
        self.busy = True
        began, client = time.time(), headers.get(b"user-agent", b"")
        loop = asyncio.get_running_loop()
        future = loop.run_in_executor(endpoint.pool, _call, endpoint.service, name, request)
        future.add_done_callback(lambda done: self._finish(done, close, name, began, client))

    def _finish(
        self,
        done: asyncio.Future[tuple[int, bytes]],
        close: bool,
        name: str,
        began: float,
        client: bytes,
    ) -> None:
        self.busy = False
        if done.cancelled():
            return
        self.endpoint.note(name, began, done.result()[0], client)
        self._send(*done.result(), close)
        self._advance()
        if self.ended and not self.busy and self.transport is not None:
            self.transport.close()

    def _send(self, status: int, body: bytes, close: bool = False) -> None:
        if self.transport is None:
            return
        head = (
            f"HTTP/1.1 {status} {_REASONS.get(status, 'Error')}\r\n"
            "Content-Type: application/x-amz-json-1.0\r\n"
            f"Content-Length: {len(body)}\r\n"
            f"x-amzn-RequestId: {secrets.token_hex(13).upper()}\r\n"
            f"{'Connection: close' if close else 'Connection: keep-alive'}\r\n\r\n"
        )
        self.transport.write(head.encode() + body)
        if close:
            self.transport.close()


def _call(service: Service, name: str, request: Any) -> tuple[int, bytes]:
    try:
        return 200, written(service.call(name, request))
    except ServiceError as error:
        return failure(error)
    except Exception as error:
        return _unexpected(error)


def _unexpected(error: Exception) -> tuple[int, bytes]:
    return failure(ServiceError(f"Internal failure: {type(error).__name__}"))


def _parse_head(data: bytes) -> tuple[str, dict[bytes, bytes], int]:
    """Return method, headers by lower-case name, and the body's length."""
    first, *lines = data.split(b"\r\n")
    parts = first.split(b" ")
    if len(parts) != 3 or not parts[2].startswith(b"HTTP/1."):
        raise BadRequest(400, "This is not an HTTP/1.1 request.")
    headers: dict[bytes, bytes] = {}
    for line in lines:
        name, colon, value = line.partition(b":")
        if not colon:
            raise BadRequest(400, "A header has no colon.")
        headers[name.strip().lower()] = value.strip()
    if b"transfer-encoding" in headers:
        raise BadRequest(411, "A Content-Length is needed; chunked bodies are not taken.")
    length = headers.get(b"content-length", b"0")
    if not length.isdigit():
        raise BadRequest(400, "The Content-Length is not a number.")
    if int(length) > BODY_BYTES:
        raise BadRequest(413, f"A body can have {BODY_BYTES} bytes.")
    return parts[0].decode("latin-1"), headers, int(length)


async def serve(endpoint: Endpoint, host: str, port: int) -> asyncio.Server:
    """Start listening; raises OSError."""
    loop = asyncio.get_running_loop()
    return await loop.create_server(lambda: Connection(endpoint), host, port, backlog=256)
