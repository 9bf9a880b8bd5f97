"""What can be wrong with a server's address, certificate, user or answer: one sentence each."""

import socket
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest

from cli.errors import Problem
from infra.stores.clickhouse import check, place
from infra.stores.clickhouse.server import Login, OutOfReach, Refused, Server
from processor.stores.clickhouse.schema import Place
from tests.support.clickhouse_http import ERRORS, authority, fake, listening

WRITER = Login("w", "secret-password")


@pytest.fixture(autouse=True)
def _no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy", "REQUESTS_CA_BUNDLE"):
        monkeypatch.delenv(name, raising=False)


def said(url: str, certificate: str = "") -> str:
    """Return what cannot be reached, as a sentence."""
    with pytest.raises(OutOfReach) as caught:
        Server(url, WRITER, certificate).ping()
    return str(caught.value)


class TestOutOfReach:
    """The address leads to no ClickHouse."""

    def test_an_unknown_host(self) -> None:
        assert "There is no host clickhouse.invalid: its name" in said("https://clickhouse.invalid")

    def test_nothing_listens(self) -> None:
        with socket.socket() as held:  # bound, and not listening
            held.bind(("127.0.0.1", 0))
            port = held.getsockname()[1]
            assert "its port for HTTP (usually 8123)" in said(f"http://127.0.0.1:{port}")
            assert "its port for HTTPS (usually 8443)" in said(f"https://127.0.0.1:{port}")

    def test_https_where_the_port_speaks_plain_http(self) -> None:
        with fake(lambda _: []) as (url, _):
            assert "answers in plain HTTP at that port" in said(url.replace("http", "https"))

    def test_plain_http_where_the_port_wants_tls(self, tmp_path: Path) -> None:
        _, files = authority(tmp_path)
        with fake(lambda _: [], tls=files) as (url, _):
            assert "if it wants TLS, give its https:// address" in said(url.replace("s:", ":"))

    def test_the_port_of_the_native_protocol(self) -> None:
        """A server's own words at port 9000."""

        class Native(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self.wfile.write(
                    b"HTTP/1.0 400 Bad Request\r\n\r\n"
                    b"Port 9000 is for clickhouse-client program\n"
                    b"You must use port 8123 for HTTP.\n"
                )

            def log_message(self, *_: object) -> None:
                pass

        with listening(Native) as url:
            assert "is the port of clickhouse-client" in said(url)

    def test_another_web_server(self) -> None:
        class Web(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self.send_response(404)
                self.end_headers()

            def log_message(self, *_: object) -> None:
                pass

        with listening(Web) as url:
            assert "is no ClickHouse (HTTP 404)" in said(url)

    def test_a_server_that_does_not_answer(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("infra.stores.clickhouse.server.READ_SECONDS", 0.2)
        held = threading.Event()

        class Silent(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                held.wait(10)

        with listening(Silent) as url:
            assert "IP access list may keep this machine out" in said(url)
            held.set()

    @pytest.mark.parametrize(
        ("host", "days", "sentence"),
        [
            ("clickhouse.example.com", 1, "is another host's; give the name that is in it"),
            ("127.0.0.1", -1, "has expired; renew it"),
        ],
    )
    def test_a_certificate_that_is_not_right(
        self, tmp_path: Path, host: str, days: int, sentence: str
    ) -> None:
        ca, files = authority(tmp_path, host, days)
        with fake(lambda _: [], tls=files) as (url, _):
            assert sentence in said(url, ca.read_text())

    def test_an_authority_that_nobody_knows(self, tmp_path: Path) -> None:
        _, files = authority(tmp_path)
        with fake(lambda _: [], tls=files) as (url, _):
            assert "your own authority in CLICKHOUSE_CA_FILE" in said(url)

    def test_public_plain_http_is_refused_before_a_password_is_sent(self) -> None:
        for host in ("clickhouse.example.com", "8.8.8.8"):
            with pytest.raises(Problem, match="is plain HTTP, and would send the password"):
                Server(f"http://{host}:8123", WRITER)
        for host in ("10.1.2.3", "localhost", "clickhouse", "ip-10-1-2-3.ec2.internal"):
            Server(f"http://{host}:8123", WRITER)

    def test_a_proxy_that_does_not_work(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:1")
        monkeypatch.delenv("NO_PROXY", raising=False)
        monkeypatch.delenv("no_proxy", raising=False)
        assert "correct HTTPS_PROXY" in said("https://clickhouse.example.com:8443")


class TestOwnAuthority:
    """A certificate of one's own authority is believed when it is given, and TLS stays checked."""

    @pytest.fixture
    def server(self, tmp_path: Path) -> Iterator[str]:
        _, files = authority(tmp_path)
        with fake(lambda _: [["26.9.2.1"]], tls=files) as (url, _):
            yield url

    def test_by_the_file_and_by_the_parameter(
        self, tmp_path: Path, server: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("CLICKHOUSE_CA_FILE", str(tmp_path / "ca.pem"))
        body = place.from_file()
        assert "\n" not in body
        assert "-" not in body
        place.server_of({place.URL: server}, WRITER).ping()
        monkeypatch.delenv("CLICKHOUSE_CA_FILE")
        settings = {place.URL: server, place.CERTIFICATE: body}
        assert place.server_of(settings, WRITER).version() == (26, 9, 2)

    def test_what_is_no_certificate(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        file = tmp_path / "no.pem"
        file.write_text("nothing")
        monkeypatch.setenv("CLICKHOUSE_CA_FILE", str(file))
        with pytest.raises(Problem, match=r"no\.pem \(from CLICKHOUSE_CA_FILE\) has to hold one"):
            place.from_file()
        with pytest.raises(Problem, match="is not PEM"):
            place.server_of({place.URL: "https://h", place.CERTIFICATE: "AAAA"}, WRITER)


class TestRefused:
    """ClickHouse answers, and refuses: by its code a sentence that says what to do."""

    @pytest.mark.parametrize(
        ("code", "sentence"),
        [
            (516, "does not take the password of user w, or has no such user"),
            (164, "User w may only read"),
            (497, "lacks a right at 127.0.0.1: INSERT(timestamp) ON cloudfront.realtime_logs."),
            (81, "has no such database: Database cloudfront does not exist."),
            (60, "has no such table: Table cloudfront.realtime_logs does not exist."),
            (16, "lacks a column: No such column c_port"),
            (243, "The disk of 127.0.0.1 is full"),
            (242, "is read-only at the moment: its replica has lost its Keeper"),
            (241, "refuses: (total) memory limit exceeded: would use 8.00 GiB."),
        ],
    )
    def test_a_code(self, code: int, sentence: str) -> None:
        with fake(lambda _: code) as (url, _), pytest.raises(Refused) as caught:
            Server(url, WRITER).ask("SELECT 1")
        assert sentence in str(caught.value)
        assert caught.value.code == code
        assert "version 26.9" not in str(caught.value)
        assert "DB::Exception" not in str(caught.value)

    @pytest.mark.parametrize("code", sorted(ERRORS))
    def test_no_sentence_has_the_password(self, code: int) -> None:
        with fake(lambda _: code) as (url, _), pytest.raises(Refused) as caught:
            Server(url, WRITER).ask("SELECT 1")
        assert "secret-password" not in f"{caught.value!r}{caught.value}{WRITER!r}"

    @pytest.mark.parametrize("code", [16, 60, 81])
    def test_what_is_missing_for_writing_is_made_by_schema(self, code: int) -> None:
        with fake(lambda _: code) as (url, _), pytest.raises(Problem, match="`make schema` makes"):
            check.may_write(Server(url, WRITER), Place())

    def test_a_user_that_may_not_write(self) -> None:
        with fake(lambda _: 497) as (url, _), pytest.raises(Problem, match="writer's rights are"):
            check.may_write(Server(url, WRITER), Place())
        with fake(lambda _: 164) as (url, _), pytest.raises(Problem, match="may only read"):
            check.may_write(Server(url, WRITER), Place())


@pytest.mark.parametrize("version", ["24.8.1.2684", "24.12.3.47", "25.3.2.39", "26.9.2.1"])
def test_a_server_that_is_new_enough(version: str) -> None:
    with fake(lambda _: [[version]]) as (url, _):
        assert version.startswith(check.version(Server(url, WRITER)))


@pytest.mark.parametrize("version", ["18.16.1", "23.8.16.40", "24.3.18.7", "24.7.6.8"])
def test_a_server_that_is_too_old_is_told_which_is_needed(version: str) -> None:
    with fake(lambda _: [[version]]) as (url, _), pytest.raises(Problem) as caught:
        check.version(Server(url, WRITER))
    assert "and 24.8 or newer is needed" in str(caught.value)
    assert ".".join(version.split(".")[:3]) in str(caught.value)
