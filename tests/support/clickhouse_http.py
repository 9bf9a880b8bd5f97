"""What answers at a ClickHouse address when it is not, or not yet, the ClickHouse one hoped for.

Headers, codes and texts are those of a server: https://clickhouse.com/docs/interfaces/http
"""

import datetime
import ipaddress
import json
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

# Verbatim from a server of 26.9, but for the names.
ERRORS = {
    16: "No such column c_port in table cloudfront.realtime_logs (5f0c). (NO_SUCH_COLUMN_IN_TABLE)",
    60: "Table cloudfront.realtime_logs does not exist. (UNKNOWN_TABLE)",
    81: "Database cloudfront does not exist. (UNKNOWN_DATABASE)",
    164: "w: Cannot execute query in readonly mode. (READONLY)",
    241: "(total) memory limit exceeded: would use 8.00 GiB. (MEMORY_LIMIT_EXCEEDED)",
    242: "Table is in readonly mode (replica path: /clickhouse/t). (TABLE_IS_READ_ONLY)",
    243: "Cannot reserve 1.00 MiB, not enough space. (NOT_ENOUGH_SPACE)",
    497: "w: Not enough privileges. To execute this query, it's necessary to have the grant "
    "INSERT(timestamp) ON cloudfront.realtime_logs. (ACCESS_DENIED)",
    516: "w: Authentication failed: password is incorrect, or there is no user with such name. "
    "(AUTHENTICATION_FAILED)",
}
Answer = int | list[list[Any]]  # an error's code, or rows


class Fake:
    """A server that answers what ``answer`` says about a query."""

    def __init__(self, answer: Callable[[str], Answer]) -> None:
        self.answer = answer
        self.queries: list[str] = []
        self.users: list[str | None] = []


@contextmanager
def fake(
    answer: Callable[[str], Answer], *, tls: tuple[Path, Path] | None = None
) -> Iterator[tuple[str, Fake]]:
    """Run a server; yield its address, with a scheme, and what it was asked."""
    told = Fake(answer)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, *_: object) -> None:
            pass

        def do_GET(self) -> None:
            self._send(200, {}, "Ok.\n")

        def do_POST(self) -> None:
            asked = dict(parse_qsl(urlsplit(self.path).query))
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            query = asked.get("query", "") or body
            told.queries.append(query)
            told.users.append(self.headers["X-ClickHouse-User"])
            found = told.answer(query)
            headers = {"X-ClickHouse-Query-Id": "5f0c"}
            if isinstance(found, int):
                headers["X-ClickHouse-Exception-Code"] = str(found)
                text = f"Code: {found}. DB::Exception: {ERRORS[found]} (version 26.9.2.1)\n"
                self._send(500, headers, text)
            else:
                self._send(200, headers, json.dumps({"data": found}))

        def _send(self, status: int, headers: dict[str, str], text: str) -> None:
            self.send_response(status)
            for name, value in {**headers, "Content-Length": str(len(text))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(text.encode())

    with listening(Handler, tls) as url:
        yield url, told


@contextmanager
def listening(
    handler: type[BaseHTTPRequestHandler], tls: tuple[Path, Path] | None = None
) -> Iterator[str]:
    """Serve on loopback; yield the address."""

    class Server(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, request: Any, client_address: Any) -> None:
            """Say nothing: clients that fail are what this is for."""

    server = Server(("127.0.0.1", 0), handler)
    if tls:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(*tls)
        server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(
        target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True
    )
    thread.start()
    try:
        yield f"http{'s' if tls else ''}://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def authority(
    folder: Path, host: str = "127.0.0.1", days: int = 1
) -> tuple[Path, tuple[Path, Path]]:
    """Write an authority's certificate, and one that it signed with its key; return the files.

    With negative days the signed one has expired.
    """
    now = datetime.datetime.now(datetime.UTC)
    top_key, key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    top_name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "An authority of one's own")])

    def certificate(subject: x509.Name, public: ec.EllipticCurvePublicKey) -> Any:
        return (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(top_name)
            .public_key(public)
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - datetime.timedelta(days=10))
        )

    top = (
        certificate(top_name, top_key.public_key())
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .add_extension(
            x509.SubjectKeyIdentifier.from_public_key(top_key.public_key()), critical=False
        )
        .sign(top_key, hashes.SHA256())
    )
    try:
        name: x509.GeneralName = x509.IPAddress(ipaddress.ip_address(host))
    except ValueError:
        name = x509.DNSName(host)
    own = (
        certificate(
            x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "server")]), key.public_key()
        )
        .not_valid_after(now + datetime.timedelta(days=days))
        .add_extension(x509.SubjectAlternativeName([name]), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(top_key.public_key()),
            critical=False,
        )
        .sign(top_key, hashes.SHA256())
    )
    encoding = serialization.Encoding.PEM
    files = folder / "ca.pem", folder / "own.pem", folder / "own.key"
    files[0].write_bytes(top.public_bytes(encoding))
    files[1].write_bytes(own.public_bytes(encoding))
    files[2].write_bytes(
        key.private_bytes(
            encoding,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return files[0], (files[1], files[2])
