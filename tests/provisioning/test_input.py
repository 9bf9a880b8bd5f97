"""What people type and set up wrongly: one line each, with the thing's name, and no traceback."""

import io
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from provisioning.push import cli, client
from provisioning.push.client import Client, address
from provisioning.push.errors import PushError
from provisioning.push.secrets import Secrets
from tests.support import push_samples
from tests.support.fake_grafana import TOKEN, FakeGrafana, served

ROOT = Path(__file__).parents[2]
PROXIES = ("http_proxy", "HTTP_PROXY", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY")
Run = Callable[..., int]


@pytest.fixture
def fake(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[FakeGrafana]:
    """A Grafana that $GRAFANA_URL and $GRAFANA_TOKEN lead to."""
    grafana = FakeGrafana()
    with ExitStack() as stack:
        monkeypatch.setenv("GRAFANA_URL", stack.enter_context(served(grafana)))
        monkeypatch.setenv("GRAFANA_TOKEN", TOKEN)
        for name in (*PROXIES, "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "TIMESTREAM_AUTH_TYPE"):
            monkeypatch.delenv(name, raising=False)
        for name, value in push_samples.ENVIRONMENT.items():
            if name != "TIMESTREAM_AUTH_TYPE":
                monkeypatch.setenv(name, value)
        monkeypatch.chdir(tmp_path)
        yield grafana


@pytest.fixture
def source(tmp_path: Path) -> Path:
    folder = tmp_path / "built"
    for path, text in push_samples.built().items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text)
    return folder


@pytest.fixture
def run(fake: FakeGrafana, source: Path) -> Run:
    return lambda verb, *more: cli.main([verb, "--from", str(source), *more])


def one_line(captured: pytest.CaptureFixture[str]) -> str:
    error = captured.readouterr().err
    assert error.count("\n") == 1, error
    assert error.startswith("provisioning: ")
    assert "fault of the tool" not in error
    return error


# Addresses


@pytest.mark.parametrize(
    ("url", "base"),
    [
        ("https://g.example.com/login", "https://g.example.com"),
        ("https://g.example.com/dashboards", "https://g.example.com"),
        ("https://g.example.com/login?redirectTo=%2F", "https://g.example.com"),
        ("https://g.example.com/?orgId=1", "https://g.example.com"),
        ("https://g.example.com/d/abc/overview?from=now-1h", "https://g.example.com"),
        ("https://g.example.com/grafana/login", "https://g.example.com/grafana"),
        (
            "https://g.example.com/admin/grafana/alerting/list",
            "https://g.example.com/admin/grafana",
        ),
        ("http://localhost:3000/#/x", "http://localhost:3000"),
        ("https://g.example.com/api/health", "https://g.example.com"),
    ],
)
def test_the_address_of_a_page_is_refused_with_the_right_one(
    run: Run, capsys: pytest.CaptureFixture[str], url: str, base: str
) -> None:
    assert run("plan", "--url", url) == 1
    error = one_line(capsys)
    assert f"is a page of Grafana; give the address of Grafana alone: {base}." in error


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("localhost:3000", "write http://localhost:3000."),
        ("localhost:3000/login", "write http://localhost:3000."),
        ("g.example.com", "write https://g.example.com."),
        ("//g.example.com/grafana", "write https://g.example.com/grafana."),
        ("grafana", "write https://host or http://host:3000."),
        ("ftp://g.example.com", "is not a Grafana URL"),
        ("https://", "is not a Grafana URL"),
        ("https://g.example.com:port", "is not a Grafana URL"),
        ("https://[::1", "is not a Grafana URL"),
        ("https://gra fana.com", "is not a Grafana URL"),
        ("https://me:secret@g.example.com", "Leave user and password out"),
    ],
)
def test_an_address_that_is_none_is_refused(
    run: Run, capsys: pytest.CaptureFixture[str], url: str, words: str
) -> None:
    assert run("plan", "--url", url) == 1
    error = one_line(capsys)
    assert words in error
    assert "secret" not in error


@pytest.mark.parametrize(
    "url",
    [
        "http://localhost:3000",
        "https://g.example.com/grafana",
        "https://g.example.com/tools/grafana",
        "http://[::1]:3000",
        "https://g-0123456789.grafana-workspace.eu-west-1.amazonaws.com",
    ],
)
def test_an_address_stays_as_it_is_but_for_a_slash(url: str) -> None:
    assert address(url) == address(f"{url}/") == url


def test_a_grafana_below_a_path_is_asked_for(run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    run("plan", "--url", f"{os.environ['GRAFANA_URL']}/other")
    assert "if Grafana is served below a path" in one_line(capsys)


# The network


def test_a_dead_proxy_is_named(
    run: Run, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        port = closed.getsockname()[1]
        monkeypatch.setenv("HTTPS_PROXY", f"http://user:pass@127.0.0.1:{port}")
        assert run("plan", "--url", "https://g.example.invalid") == 1
    error = one_line(capsys)
    assert f"the proxy http://127.0.0.1:{port} (from HTTPS_PROXY) does not work" in error
    assert "pass" not in error


@pytest.mark.parametrize("proxy", ["socks5://127.0.0.1:1", "http://", "::::"])
def test_a_proxy_that_cannot_be_one_is_named(
    run: Run, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], proxy: str
) -> None:
    monkeypatch.setenv("HTTPS_PROXY", proxy)
    assert run("plan", "--url", "https://g.example.invalid") == 1
    assert "(from HTTPS_PROXY)" in one_line(capsys)


@pytest.mark.parametrize("kind", ["missing", "empty", "no certificates", "a folder's file"])
def test_a_bad_ca_bundle_is_named(
    run: Run,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    kind: str,
) -> None:
    path = tmp_path / "ca.pem"
    if kind == "empty":
        path.touch()
    elif kind == "no certificates":
        path.write_text("not a certificate\n")
    elif kind == "a folder's file":
        path = tmp_path / "no" / "such" / "ca.pem"
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(path))
    with socket.create_server(("127.0.0.1", 0)) as server:
        assert run("plan", "--url", f"https://127.0.0.1:{server.getsockname()[1]}") == 1
    error = one_line(capsys)
    assert f"the file {path} (from REQUESTS_CA_BUNDLE)" in error


def test_https_to_a_grafana_that_speaks_http_is_said(
    run: Run, capsys: pytest.CaptureFixture[str]
) -> None:
    url = os.environ["GRAFANA_URL"].replace("http://", "https://")
    assert run("plan", "--url", url) == 1
    assert "write http:// if that is meant" in one_line(capsys)


def test_a_name_that_nobody_knows_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in PROXIES:
        monkeypatch.delenv(name, raising=False)
    asked = Client("http://g.example.invalid", "t", Secrets(), sleep=lambda _: None)
    with pytest.raises(PushError, match="its name is not known"):
        asked.get("/api/health")


# Tokens


@pytest.mark.parametrize("role", ["None", "Viewer", "Editor"])
@pytest.mark.parametrize("verb", ["plan", "apply", "destroy", "status"])
def test_a_token_without_rights_is_one_line(
    run: Run, fake: FakeGrafana, capsys: pytest.CaptureFixture[str], role: str, verb: str
) -> None:
    fake.role = role
    assert run(verb, *(["--yes"] if verb in ("apply", "destroy") else [])) == 1
    error = one_line(capsys)
    assert "give the service account the role Admin" in error
    assert "datasources:read" in error
    assert fake.writes() == []


def test_a_token_of_another_grafana_is_one_line(
    run: Run, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("GRAFANA_TOKEN", "glsa_of_another")
    assert run("plan") == 1
    assert "does not accept the token" in one_line(capsys)


@pytest.mark.parametrize("content", [TOKEN.encode("utf-16"), b"\xff\xfe\x00", b""])
def test_a_token_file_that_holds_none_is_one_line(
    run: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str], content: bytes
) -> None:
    (tmp_path / "token").write_bytes(content)
    assert run("plan", "--token-file", str(tmp_path / "token")) == 1
    one_line(capsys)


def test_a_token_file_may_begin_with_a_byte_order_mark(run: Run, tmp_path: Path) -> None:
    (tmp_path / "token").write_bytes(b"\xef\xbb\xbf" + TOKEN.encode() + b"\r\n")
    assert run("plan", "--token-file", str(tmp_path / "token")) == 0


# Variables that are not set


@pytest.mark.parametrize(
    "variable", ["SLACK_WEBHOOK_URL", "AWS_REGION", "PAGERDUTY_KEY", "TIMESTREAM_ENDPOINT"]
)
def test_what_is_not_compared_is_no_difference(
    run: Run,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    variable: str,
) -> None:
    monkeypatch.setenv("TIMESTREAM_ENDPOINT", "")
    assert run("apply", "--yes") == 0
    monkeypatch.delenv(variable)
    capsys.readouterr()
    assert run("status") == 0
    out = capsys.readouterr().out
    assert "missing" not in out
    assert "no longer built" not in out
    if variable != "TIMESTREAM_ENDPOINT":
        assert f"not compared, since unset: {variable}\n" in out


def test_what_is_not_compared_hides_no_other_difference(
    run: Run, fake: FakeGrafana, monkeypatch: pytest.MonkeyPatch
) -> None:
    run("apply", "--yes")
    monkeypatch.delenv("SLACK_WEBHOOK_URL")
    assert run("status") == 0
    fake.alerting.points = [p for p in fake.alerting.points if p["type"] != "slack"]
    assert run("status") == 2


def test_keys_that_are_not_set_are_not_compared_either(
    run: Run, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("apply", "--yes", "--auth", "keys") == 0
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    assert run("status", "--auth", "keys") == 0
    assert "not compared, since unset: AWS_ACCESS_KEY_ID" in capsys.readouterr().out
    assert run("destroy", "--yes", "--auth", "keys") == 0


# Files


@pytest.mark.parametrize(
    ("path", "content", "words"),
    [
        ("alerting/x.yaml", "groups: []".encode("utf-16"), "is not UTF-8 text"),
        ("dashboards/x.json", "{}".encode("utf-16"), "is not UTF-8 text"),
        ("alerting/x.yaml", b"\xff\xfe", "is not UTF-8 text"),
        ("alerting/x.yaml", b"a: b\nc: ]\n", "is not YAML at line 2"),
        ("alerting/x.yaml", b"a\tb: {\n", "is not YAML at line"),
        ("alerting/x.yaml", b"groups: \x07", "is not YAML"),
        ("alerting/x.yaml", b"- a", "must be a mapping"),
        ("alerting/x.yaml", b"text", "must be a mapping"),
        ("alerting/x.yaml", b"groups: 5", "must be a list"),
        ("alerting/x.yaml", b"groups: {a: b}", "must be a list"),
        ("alerting/x.yaml", b"groups: [a]", "must be a mapping"),
        ("alerting/x.yaml", b"groups: [{}]", "has no name"),
        ("alerting/x.yaml", b"groups: &a [*a]", "refers to itself"),
        ("alerting/x.yaml", b"groups: []\ngroups: []", "is there twice"),
        ("alerting/x.yaml", b"groups: !!python/object:os.system []", "is not YAML"),
        ("alerting/x.yaml", b"contactPoints: [{name: a, receivers: [null]}]", "must be a mapping"),
        ("alerting/x.yaml", b"contactPoints: [{name: a, receivers: [{uid: b}]}]", "has no type"),
        ("alerting/x.yaml", b"contactPoints: [{name: [1]}]", "must be text"),
        ("alerting/x.yaml", b"templates: [{name: a}]", "has no template"),
        ("alerting/x.yaml", b"muteTimes: [{name: cloudfront-x, time_intervals: 5}]", "a list"),
        ("alerting/x.yaml", b"wrong: 5", "which Grafana would ignore"),
        ("alerting/x.json", b'{"groups": 5}', "must be a list"),
        ("datasources/x.yaml", b"datasources: [{name: a}]", "has no uid"),
        ("datasources/x.yaml", b"datasources: [{name: a, uid: b, jsonData: x}]", "a mapping"),
        ("datasources/x.yaml", b"datasources: [{name: a, uid: b, basicAuth: 5}]", "true or false"),
        ("datasources/x.yaml", b"datasources: [{name: a, uid: 'b c', type: t}]", "must be at most"),
        (
            "datasources/x.yaml",
            b"datasources: [{name: a, uid: b, jsonData: {x: .inf}}]",
            "no number",
        ),
        ("dashboards/x.json", b"", "is not JSON at line 1"),
        ("dashboards/x.json", b"[]", "is no dashboard"),
        ("dashboards/x.json", b'{"uid": 5, "title": "x"}', "is no dashboard"),
        ("dashboards/x.json", b'{"uid": "x", "title": "x", "tags": 5}', "is no dashboard"),
        ("dashboards/x.json", b'{"uid": "x", "title": "x", "y": NaN}', "holds NaN"),
        ("dashboards/x.json", b"[" * 100_000, "nested too deeply"),
        ("dashboards/x.yaml", b"providers: [{folder: {}}]", "exactly one provider"),
    ],
)
def test_a_file_that_cannot_be_read_is_one_line(
    run: Run,
    fake: FakeGrafana,
    source: Path,
    capsys: pytest.CaptureFixture[str],
    path: str,
    content: bytes,
    words: str,
) -> None:
    (source / path).write_bytes(content)
    assert run("apply", "--yes") == 1
    assert words in one_line(capsys)
    assert fake.requests == []


@pytest.mark.parametrize("name", ["alerting/rules.yaml", "dashboards/cloudfront-edges.json"])
def test_a_byte_order_mark_is_no_mistake(run: Run, source: Path, name: str) -> None:
    path = source / name
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    assert run("plan") == 0


def test_a_folder_that_is_none_is_one_line(
    fake: FakeGrafana, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").touch()
    assert cli.main(["plan", "--from", str(tmp_path / "file")]) == 1
    assert "is a file" in one_line(capsys)
    assert cli.main(["plan", "--from", str(tmp_path / "nowhere")]) == 1
    assert "holds no built files" in one_line(capsys)
    (tmp_path / "broken" / "alerting").mkdir(parents=True)
    (tmp_path / "broken" / "alerting" / "rules.yaml").symlink_to(tmp_path / "gone.yaml")
    assert cli.main(["plan", "--from", str(tmp_path / "broken")]) == 1
    assert "rules.yaml cannot be read" in one_line(capsys)


def test_a_room_that_cannot_be_read_does_not_pass_for_an_empty_one(
    run: Run,
    fake: FakeGrafana,
    source: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Else everything that is live of it would be removed."""
    real = os.scandir

    def scandir(path: str) -> object:
        if str(path).endswith("dashboards"):
            raise PermissionError(13, "Permission denied", str(path))
        return real(path)

    monkeypatch.setattr(os, "scandir", scandir)
    assert run("apply", "--yes") == 1
    assert f"{source / 'dashboards'} cannot be read" in one_line(capsys)
    assert fake.requests == []


def test_hidden_folders_and_other_files_are_not_read(run: Run, source: Path) -> None:
    for path in ("dashboards/.git/x.json", "alerting/deeper/x.yaml", "dashboards/notes.txt"):
        (source / path).parent.mkdir(exist_ok=True)
        (source / path).write_text("{")
    assert run("plan") == 0


# Options


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--channels", "emial"], "did you mean 'email'?"),
        (["--sampling", "²"], "--sampling '²' is no whole number"),
        (["--sampling", "5.5"], "--sampling '5.5' is no whole number"),
        (["--top", "many"], "--top 'many' is no whole number"),
        (["--fields", "sc-byte"], "sc-bytes"),
        (["--name", "x" * 21], "at most 20"),
        (["--min-interval", "soon"], "no duration"),
        (["--bogus"], "unrecognized arguments: --bogus"),
        (["--auth", "magic"], "invalid choice: 'magic'"),
    ],
)
def test_an_option_that_cannot_be_meant_is_one_line(
    fake: FakeGrafana,
    capsys: pytest.CaptureFixture[str],
    arguments: list[str],
    words: str,
) -> None:
    try:
        status = cli.main(["plan", *arguments])
    except SystemExit as exit_:  # of argparse
        status = int(str(exit_.code))
    assert status == 1  # 2 would say that something is to be changed
    assert words in one_line(capsys)


def test_whatever_else_breaks_is_one_line_without_a_secret(
    run: Run, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError(f"with {TOKEN}\nin it")

    monkeypatch.setattr(client.Client, "find", broken)
    assert run("plan") == 1
    error = capsys.readouterr().err
    assert error.count("\n") == 1
    assert "RuntimeError: with (secret) in it" in error


# A terminal that goes away


def environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(ROOT)}


@pytest.mark.slow
def test_a_pipe_that_is_closed_is_no_accident(fake: FakeGrafana, source: Path) -> None:
    command = [sys.executable, "-m", "provisioning", "apply", "--yes", "--from", str(source)]
    with subprocess.Popen(
        command, env=environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.readline()
        process.stdout.close()
        assert process.stderr.read() == b""
        assert process.wait(30) == 0
    assert len(fake.dashboards) == 2


@pytest.mark.slow
def test_ctrl_c_ends_it_with_a_word(fake: FakeGrafana, source: Path) -> None:
    fake.fault = lambda _n, _method, path: time.sleep(20) if path.endswith("/api/folders") else None
    command = [sys.executable, "-m", "provisioning", "plan", "--from", str(source)]
    with subprocess.Popen(
        command, env=environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.readline()
        process.send_signal(signal.SIGINT)
        assert process.stderr.read() == b"provisioning: stopped.\n"
        assert process.wait(30) == 130


def test_an_output_that_knows_no_arrows_still_gets_the_plan(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    raw = io.BytesIO()
    monkeypatch.setattr("sys.stdout", io.TextIOWrapper(raw, encoding="ascii"))
    run("apply", "--yes")
    assert run("plan", "--unpause", "lag") == 0
    assert b"1 to change" in raw.getvalue()


def test_an_end_of_input_is_a_no(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    monkeypatch.setattr("sys.stdin", Terminal(""))
    assert run("apply") == 1
