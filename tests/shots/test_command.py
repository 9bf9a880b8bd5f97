"""`make shots`: which pictures it takes, and what it says when it cannot."""

import importlib.util
import re
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from cli.errors import Problem
from shots import browser, command
from shots.moments import Range
from shots.pictures import BY_HAND, DOCS, Picture, Size
from tests.support.fake_grafana import TOKEN, FakeGrafana, served

ROOT = Path(__file__).parents[2]


class Camera:
    """Stands in for the browser: notes what it was to take."""

    def __init__(self, broken: int = 0) -> None:
        self.taken: list[tuple[str, Range, Picture]] = []
        self.broken = broken

    def take(
        self, uid: str, range_: Range, pictures: Mapping[Size, Picture], folder: Path
    ) -> Iterator[browser.Shot]:
        for picture in pictures.values():
            self.taken.append((uid, range_, picture))
            path = folder / picture.file
            path.write_bytes(b"")
            yield browser.Shot(picture, path, self.broken, cut=False, late=False)


@pytest.fixture
def camera(monkeypatch: pytest.MonkeyPatch) -> Camera:
    made = Camera()

    @contextmanager
    def opened(*_: str) -> Iterator[Camera]:
        yield made

    monkeypatch.setattr(browser, "opened", opened)
    monkeypatch.setattr(browser, "find", lambda: "/usr/bin/chromium")
    return made


@pytest.fixture
def grafana(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[FakeGrafana]:
    """A Grafana with two dashboards of ours, and somebody's."""
    fake = FakeGrafana()
    for name in ("overview", "edges"):
        fake.user_makes_dashboard(f"cloudfront-{name}", tags=["cloudfront"])
    fake.user_makes_dashboard("theirs", tags=["cloudfront"])
    with served(fake) as url:
        monkeypatch.setenv("GRAFANA_URL", url)
        monkeypatch.setenv("GRAFANA_TOKEN", TOKEN)
        monkeypatch.chdir(tmp_path)
        yield fake


def fires(fake: FakeGrafana) -> None:
    fake.annotations.append(
        {
            "id": 1,
            "alertId": 1,
            "newState": "Alerting",
            "time": 1,
            "timeEnd": 10**15,
            "text": "x {a=b}",
        }
    )


def test_it_takes_every_dashboard_in_every_state_theme_and_size(
    grafana: FakeGrafana, camera: Camera, tmp_path: Path
) -> None:
    fires(grafana)
    assert command.main([]) == 0
    assert len(camera.taken) == 2 * 2 * 2 * 2
    files = {path.name for path in (tmp_path / "build/shots").iterdir()}
    assert "overview-incident-dark-1366.png" in files
    assert len(files) == 16 + 1
    page = (tmp_path / "build/shots/index.html").read_text()
    assert set(re.findall(r'src="([^"]+)"', page)) == files - {"index.html"}
    ranges = {picture.state: range_ for _, range_, picture in camera.taken}
    assert ranges["incident"] == Range("now-1h", "now")
    assert ranges["calm"] != ranges["incident"]


def test_what_is_chosen_is_taken_alone(grafana: FakeGrafana, camera: Camera) -> None:
    chosen = ["--only", "edges", "--theme", "light", "--size", "800x600"]
    assert command.main([*chosen, "--incident", "now-3h/now-2h", "--state", "incident"]) == 0
    [(uid, range_, picture)] = camera.taken
    assert uid == "cloudfront-edges"
    assert range_ == Range("now-3h", "now-2h")
    assert picture == Picture("edges", "incident", "light", Size(800, 600))


def test_without_an_incident_the_calm_ones_are_taken_and_it_says_how_to_make_one(
    grafana: FakeGrafana, camera: Camera, capsys: pytest.CaptureFixture[str]
) -> None:
    assert command.main(["--only", "edges"]) == 0
    assert {picture.state for _, _, picture in camera.taken} == {"calm"}
    assert "`make incident`" in capsys.readouterr().out
    with pytest.raises(Problem, match="No picture is left to take"):
        command.main(["--state", "incident"])
    with pytest.raises(Problem, match="`make incident`"):
        command.main(["--docs"])


def test_a_panel_in_error_is_told_and_is_the_exit_status(
    grafana: FakeGrafana, camera: Camera, capsys: pytest.CaptureFixture[str]
) -> None:
    camera.broken = 3
    assert command.main(["--only", "edges", "--theme", "dark", "--state", "calm"]) == 1
    assert "edges-calm-dark-1600.png: 3 panels show an error" in capsys.readouterr().out


def test_the_docs_pictures_go_where_the_docs_are(
    grafana: FakeGrafana, camera: Camera, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for picture in DOCS:
        if f"cloudfront-{picture.board}" not in grafana.dashboards:
            grafana.user_makes_dashboard(f"cloudfront-{picture.board}", tags=["cloudfront"])
    fires(grafana)
    monkeypatch.setattr(command, "IMAGES", tmp_path / "images")
    assert command.main(["--docs"]) == 0
    assert {path.name for path in (tmp_path / "images").iterdir()} == {p.file for p in DOCS}


def test_every_picture_in_the_docs_is_made_by_it_and_every_made_one_is_shown() -> None:
    pages = [ROOT / "README.md", *(ROOT / "docs").glob("*.md")]
    shown = {
        Path(link).name
        for page in pages
        for link in re.findall(r"!\[[^\]]*\]\(([^)]+\.png)\)", page.read_text())
    }
    assert shown == {picture.file for picture in DOCS} | set(BY_HAND)
    assert shown == {path.name for path in (ROOT / "docs/images").glob("*.png")}


@pytest.mark.usefixtures("grafana", "camera")
@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--only", "edge"], "There is no dashboard 'edge'; there are edges, overview."),
        (["--name", "blue"], "no dashboards with the tag blue"),
    ],
)
def test_what_is_not_there_is_one_sentence(arguments: list[str], sentence: str) -> None:
    with pytest.raises(Problem, match=sentence):
        command.main(arguments)


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--size", "1366"], "is no size; write it as 1366x768"),
        (["--size", "10x10"], "is no window"),
        (["--size", "1366x768,1366x900"], "two of one width"),
        (["--theme", "blue"], "none of dark, light"),
        (["--state", ""], "none of calm, incident"),
        (["--calm", "yesterday"], "is no time range"),
    ],
)
def test_an_option_that_cannot_be_is_one_sentence(
    arguments: list[str], sentence: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        command.main(arguments)
    assert sentence in capsys.readouterr().err


def test_a_grafana_that_lets_nobody_look_asks_for_a_token(
    grafana: FakeGrafana, camera: Camera, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("GRAFANA_TOKEN")
    with pytest.raises(Problem, match="lets nobody look who has not signed in"):
        command.main([])


@pytest.mark.parametrize(
    ("variable", "path", "sentence"),
    [
        ("", "/nowhere", "There is no browser: install Chromium or Chrome"),
        ("/nowhere/chrome", "/usr/bin", "CHROMIUM names /nowhere/chrome, which is no program"),
    ],
)
def test_without_a_browser_it_says_how_to_get_one(
    monkeypatch: pytest.MonkeyPatch, variable: str, path: str, sentence: str
) -> None:
    monkeypatch.setattr(browser, "BROWSERS", ("chromium", "google-chrome"))
    monkeypatch.setenv("CHROMIUM", variable)
    monkeypatch.setenv("PATH", path)
    with pytest.raises(Problem, match=sentence):
        browser.find()


@pytest.mark.slow
def test_as_a_module_it_says_that_there_is_no_grafana(tmp_path: Path) -> None:
    program = tmp_path / "chromium"
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    done = subprocess.run(
        [sys.executable, "-m", "shots"],
        cwd=ROOT,
        env={"PATH": "/usr/bin", "CHROMIUM": str(program), "GRAFANA_URL": "http://127.0.0.1:9"},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 1
    assert re.fullmatch(
        r"Cannot reach Grafana at http://127.0.0.1:9: .*\. Start one .*\.\n", done.stderr
    )


PAGE = """<!doctype html>
<style>
  body { margin: 0 }
  section { height: 1200px }
  i { display: inline-block; animation: turn 1s linear infinite }
  @keyframes turn { to { transform: rotate(360deg) } }
</style>
<script>
  setTimeout(() => { document.body.innerHTML = `
    <section data-testid="data-testid Panel header A"><i>loading</i></section>
    <section data-testid="data-testid Panel header B">
      <span data-testid="data-testid Panel status error">!</span></section>`;
    setTimeout(() => document.querySelector('i').remove(), 400);
  }, 300);
</script>
"""


@pytest.mark.slow
@pytest.mark.skipif(
    not (importlib.util.find_spec("playwright") and any(map(shutil.which, browser.BROWSERS))),
    reason="needs a browser, and what `make shots` installs",
)
def test_a_real_browser_waits_for_what_loads_and_takes_the_whole_page(tmp_path: Path) -> None:
    asked: list[tuple[str, str | None]] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append((self.path, self.headers.get("Authorization")))
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(PAGE.encode())

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    url = f"http://127.0.0.1:{server.server_port}"
    sizes = (Size(900, 600), Size(500, 400))
    wanted = {size: Picture("a", "calm", "dark", size) for size in sizes}
    try:
        with browser.opened(browser.find(), url, TOKEN) as running:
            shots = list(running.take("cloudfront-a", Range("now-1h", "now"), wanted, tmp_path))
    finally:
        server.shutdown()
        server.server_close()
    assert [(shot.broken, shot.late, shot.cut) for shot in shots] == [(1, False, False)] * 2
    # A PNG's header holds its width and height.
    heads = [shot.path.read_bytes()[16:24] for shot in shots]
    assert [(int.from_bytes(h[:4]), int.from_bytes(h[4:])) for h in heads] == [
        (900, 2400),
        (500, 2400),
    ]
    path, signed = asked[0]
    assert path == "/d/cloudfront-a?from=now-1h&to=now&theme=dark&refresh="
    assert signed == f"Bearer {TOKEN}"
