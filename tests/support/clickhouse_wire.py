"""A real ClickHouse engine behind its HTTP interface, and everything that can go wrong on the way.

The engine is chdb in a process of its own, which can be killed and started again over the same
folder. Between it and the processor stands a server on loopback that hands requests on, or fails
as it is told: before the engine has had the request, after it has carried it out, or instead.
"""

import gzip
import http.client
import itertools
import json
import socket
import struct
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from processor.config import Config
from processor.handler import Processor
from processor.stores.clickhouse import schema
from processor.stores.clickhouse.rollup import REQUESTS, ROLLUPS
from processor.stores.clickhouse.settings import Settings

ENGINE = r"""
import gzip, re, sys
from http.server import BaseHTTPRequestHandler, HTTPServer
from urllib.parse import parse_qsl, urlsplit
import chdb

first = chdb.connect(sys.argv[1])

class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        asked = dict(parse_qsl(urlsplit(self.path).query, keep_blank_values=True))
        body = self.rfile.read(int(self.headers["Content-Length"]))
        query = asked.pop("query", "")
        asked.pop("wait_end_of_query", None)
        connection = chdb.connect(sys.argv[1])
        code, headers = 200, {"X-ClickHouse-Summary": "{}"}
        try:
            for name, value in asked.items():
                if value or "token" not in name:
                    connection.query(f"SET {name} = '{value}'")
            if query:
                body = gzip.decompress(body) if self.headers["Content-Encoding"] else body
                # Not send_insert(): it passes over constraints, and over views that fail.
                connection.query(query + "\n" + body.decode())
                answer = b""
            else:
                answer = bytes(connection.query(body.decode(), "TabSeparated").bytes())
        except Exception as error:
            text = str(error)
            text = text[max(text.find("Code: "), 0):]
            code, answer = 500, text.encode()
            headers["X-ClickHouse-Exception-Code"] = re.match(r"Code: (\d+)", text)[1]
        connection.close()
        self.send_response(code)
        for name, value in (headers | {"Content-Length": str(len(answer))}).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *args):
        pass

server = HTTPServer(("127.0.0.1", 0), Handler)
print(server.server_address[1], flush=True)
server.serve_forever()
"""

_number = itertools.count(1)

# A fault takes the query (an INSERT's, or the text of a SELECT) and names what goes wrong, or None.
Fault = Callable[[str], str | None]

# What a server answers instead of carrying a request out.
REFUSALS = {
    "timeout-exceeded": (159, "Timeout exceeded: elapsed 60 seconds", "TIMEOUT_EXCEEDED"),
    "throttle": (202, "Too many simultaneous queries", "TOO_MANY_SIMULTANEOUS_QUERIES"),
    "memory": (241, "Memory limit (total) exceeded", "MEMORY_LIMIT_EXCEEDED"),
    "table-read-only": (242, "Table is in readonly mode", "TABLE_IS_READ_ONLY"),
    "parts": (252, "Too many parts (3000)", "TOO_MANY_PARTS"),
    "days": (252, "Too many partitions for single INSERT block (more than 7)", "TOO_MANY_PARTS"),
    "keeper": (999, "Session expired", "KEEPER_EXCEPTION"),
    "disk": (243, "Cannot reserve 1.00 MiB, not enough space", "NOT_ENOUGH_SPACE"),
    "read-only": (164, "Cannot execute query in readonly mode", "READONLY"),
    "refused": (516, "Authentication failed", "AUTHENTICATION_FAILED"),
    "denied": (497, "Not enough privileges", "ACCESS_DENIED"),
}


class Engine:
    """chdb over a folder, in a process of its own."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.port = 0
        self.start()

    def start(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-c", ENGINE, str(self._folder)], stdout=subprocess.PIPE, text=True
        )
        assert self._process.stdout is not None
        with self._process.stdout:
            self.port = int(self._process.stdout.readline())

    def kill(self) -> None:
        """Kill it as a machine that loses its power would, as far as a process can tell."""
        self._process.kill()
        self._process.wait()

    def post(self, path: str, body: bytes, headers: dict[str, str]) -> tuple[int, dict, bytes]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port)
        connection.request("POST", path, body, headers)
        response = connection.getresponse()
        answer = response.status, dict(response.headers.items()), response.read()
        connection.close()
        return answer

    def ask(self, query: str) -> list[list[Any]]:
        """Return the rows of a SELECT, or carry out another statement."""
        is_select = query.lstrip().upper().startswith(("SELECT", "WITH"))
        text = f"{query} FORMAT JSONCompact" if is_select else query
        settings = "output_format_json_quote_64bit_integers=0"
        status, _, body = self.post(f"/?{settings}", text.encode(), {})
        assert status == 200, body.decode()
        return json.loads(body)["data"] if is_select else []

    def make(self, settings: Settings, days: int = 20_000) -> None:
        """Make the tables of a place; by default they keep rows of 54 years."""
        place = settings.place
        kept = schema.Place(place.database, place.table, days=days, rollup_days=days)
        for statement in schema.statements(kept):
            self.ask(statement)


class Wire:
    """The server in front of the engine. ``fault`` can be set at any time."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.fault: Fault = lambda query: None
        self.logins: dict[str, str] = {}  # user -> password; nobody is asked while it is empty
        self.queries: list[str] = []
        self.tokens: list[str] = []
        self.bodies: list[bytes] = []  # of INSERTs, unpacked
        self.headers: list[dict[str, str]] = []
        self.settings_seen: list[dict[str, str]] = []
        self.hang = threading.Event()  # what a timeout waits for
        self._lock = threading.Lock()
        wire = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True

            def do_POST(self) -> None:
                wire._serve(self)

            def log_message(self, *args: object) -> None:
                pass

        class Server(ThreadingHTTPServer):
            daemon_threads = True

            def handle_error(self, request: Any, client_address: Any) -> None:
                pass  # clients that went away are what this is for

        self._server = Server(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"
        self._thread = threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True
        )

    def __enter__(self) -> "Wire":
        self._thread.start()
        return self

    def __exit__(self, *exc: object) -> None:
        self.hang.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def settings(self, database: str, **more: Any) -> Settings:
        """Return the settings of a processor that writes here."""
        return Settings(self.url, database, **more)

    def _serve(self, front: BaseHTTPRequestHandler) -> None:
        asked = dict(parse_qsl(urlsplit(front.path).query, keep_blank_values=True))
        body = front.rfile.read(int(front.headers["Content-Length"]))
        query = asked.get("query") or body.decode()
        with self._lock:
            self.queries.append(query)
            self.headers.append(dict(front.headers.items()))
            self.settings_seen.append(asked)
            if query.startswith("INSERT"):
                self.tokens.append(asked.get("insert_deduplication_token", ""))
                packed = front.headers["Content-Encoding"] == "gzip"
                self.bodies.append(gzip.decompress(body) if packed else body)
            fault = self.fault(query)
            user = front.headers["X-ClickHouse-User"]
            if self.logins and self.logins.get(user) != front.headers["X-ClickHouse-Key"]:
                fault = "refused"
        if fault in REFUSALS:
            code, words, name = REFUSALS[fault]
            text = f"Code: {code}. DB::Exception: {words}. ({name}) (version 26.9.2.1)"
            return self._answer(front, 500, {"X-ClickHouse-Exception-Code": str(code)}, text)
        if fault == "unavailable":
            return self._answer(front, 503, {}, "<html>try again</html>")
        if fault == "garbage":
            return self._answer(front, 200, {}, "<html>welcome</html>")
        if fault == "reset":
            return self._reset(front)
        if fault == "timeout":
            self.hang.wait(30)
            return self._reset(front)
        try:
            status, headers, answer = self.engine.post(
                front.path, body, dict(front.headers.items())
            )
        except (OSError, http.client.HTTPException):  # it was killed
            return self._reset(front)
        if fault == "reset-after":
            return self._reset(front)
        if fault == "timeout-after":
            self.hang.wait(30)
            return self._reset(front)
        if fault == "half":  # the head says that there is more
            front.send_response(status)
            front.send_header("X-ClickHouse-Summary", "{}")
            front.send_header("Content-Length", "100")
            front.end_headers()
            front.wfile.write(b"half")
            front.wfile.flush()
            return self._reset(front)
        if fault == "late-error":  # what a server sends when it fails after its head is out
            return self._answer(
                front, 200, {"X-ClickHouse-Summary": "{}"}, "Code: 241. DB::Exception: Memory"
            )
        if fault == "garbage-after":
            return self._answer(front, 200, {}, "<html>welcome</html>")
        assert fault is None, fault
        kept = {name: value for name, value in headers.items() if name.startswith("X-ClickHouse")}
        return self._answer(front, status, kept, answer.decode())

    @staticmethod
    def _answer(
        front: BaseHTTPRequestHandler, status: int, headers: dict[str, str], text: str
    ) -> None:
        body = text.encode()
        front.send_response(status)
        for name, value in (headers | {"Content-Length": str(len(body))}).items():
            front.send_header(name, value)
        front.end_headers()
        front.wfile.write(body)

    @staticmethod
    def _reset(front: BaseHTTPRequestHandler) -> None:
        linger = struct.pack("ii", 1, 0)
        front.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
        front.connection.close()
        front.close_connection = True
        front.wfile = front.rfile = open("/dev/null", "r+b", buffering=0)  # noqa: SIM115


class Site:
    """A database with all the tables, and processors that write there."""

    def __init__(self, wire: Wire, days: int = 20_000) -> None:
        self.wire = wire
        self.engine = wire.engine
        self.database = f"site{next(_number)}"
        self.settings = wire.settings(self.database)
        self.engine.make(self.settings, days)
        self.table = self.settings.place.requests

    def ask(self, query: str) -> list[list[Any]]:
        return self.engine.ask(query)

    def processor(self, **config: Any) -> Processor:
        """Return a new copy of the function."""
        settings = config.pop("settings", self.settings)
        return Processor(Config(store="clickhouse", settings=settings, **config))

    def rows(self) -> int:
        """Return how many rows there are, repeats that are not merged yet included."""
        return int(self.ask(f"SELECT count() FROM {self.table}")[0][0])

    def ids(self) -> list[str]:
        """Return the request id of each of those rows."""
        return [row[0] for row in self.ask(f"SELECT x_edge_request_id FROM {self.table}")]

    def merged(self) -> int:
        """Return how many rows are left when all is merged."""
        return int(self.ask(f"SELECT count() FROM {self.table} FINAL")[0][0])

    def in_rollup(self) -> int:
        """Return how many requests the rollups have counted, each as many as the others."""
        (counted,) = {
            int(self.ask(f"SELECT sum({REQUESTS}) FROM {self.settings.place.rollup(each)}")[0][0])
            for each in ROLLUPS
        }
        return counted

    @property
    def inserts(self) -> list[str]:
        """Return the INSERTs into the table of requests that have reached the server."""
        start = f"INSERT INTO {self.table} "
        return [query for query in self.wire.queries if query.startswith(start)]


@contextmanager
def running(folder: Path) -> Iterator[Engine]:
    """Run an engine over a folder."""
    engine = Engine(folder)
    try:
        yield engine
    finally:
        engine.kill()
