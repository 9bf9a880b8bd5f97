"""The command line ends in a sentence, whatever goes wrong; a traceback is for whoever programs."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from dashboards import __main__ as cli

FULL = Path("/dev/full")


def run(*argv: str, **options: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "dashboards", *argv],
        cwd=cli.ROOT,
        stderr=subprocess.PIPE,
        text=True,
        check=False,
        **options,  # type: ignore[call-overload]
    )


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (["--sampling", "few"], "sampling 'few' is no whole number"),
        (["--sampling", "5.5"], "sampling '5.5' is no whole number"),
        (["--sampling", "0"], "sampling 0 is no whole percentage from 1 to 100"),
        (["--sampling", "101"], "sampling 101 is no whole percentage from 1 to 100"),
        (["--top", "-1"], "top -1 must be at least 1"),
        (["--retention", "0"], "retention 0 must be from 1 to 73000 days"),
        (["--layout", "wide"], "layout 'wide' is unknown; use one of multi, classic"),
        (["--layout", "clasic"], "did you mean 'classic'?"),
        (["--fields", "timestamp,sc-byte"], "did you mean 'sc-bytes'"),
        (["--fields", "c-country"], "fields lack timestamp"),
        (["--fields", ","], "no log fields are configured"),
        (["--channels", "emial"], "there is no 'emial'; use any of sns, slack, email"),
        (["--channels", "emial"], "did you mean 'email'?"),
        (["--channels", "sns,sns"], "name each channel once"),
        (["--name", "Shop"], "lower-case letters"),
        (["--name", "s" * 21], "at most 20"),
        (["--datasource", "d" * 41], "is no Grafana uid: use at most 40"),
        (["--datasource", "my source"], "is no Grafana uid"),
        (["--title", " "], "title ' ' names a folder"),
        (["--title", " CDN"], "without blanks around"),
        (["--title", "a\nb"], "one line of text"),
        (["--title", "CDN/shop"], "no slashes"),
        (["--title", "General"], "Grafana's own folder"),
        (["--title", "é" * 91], "at most 180 bytes"),
        (["--database", "a"], "no Timestream name: use 3 to 256"),
        (["--min-interval", "2h"], "must be shorter than time_range"),
        (["--min-interval", "0m"], "is no duration"),
        (["--time-range", "2d"], "longer than 1d"),
        (["--refresh", "10s"], "at least 1m"),
        (["--grafana-url", "grafana.example.com"], "is not a Grafana URL such as https://"),
        (["--grafana-url", "http://a:99999"], "is not a Grafana URL"),
        (["--runbook-url", "wiki"], "is not a URL such as https://"),
    ],
)
@pytest.mark.parametrize("verb", [[], ["--check"], ["--out", "out"]], ids=["write", "check", "out"])
def test_a_knob_that_cannot_work_is_one_sentence(
    verb: list[str],
    options: list[str],
    says: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """The same from every verb, with exit status 2, and before anything is written."""
    monkeypatch.chdir(tmp_path)
    assert cli.main([*verb, *options]) == 2
    error = capsys.readouterr().err
    assert error.startswith("dashboards: ")
    assert says in error
    assert error.count("\n") == 1
    assert not list(tmp_path.iterdir())


@pytest.mark.slow
def test_a_folder_that_cannot_be_made_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").write_text("mine")
    assert cli.main(["--out", str(tmp_path / "file")]) == 2
    assert cli.main(["--out", str(tmp_path / "file" / "below")]) == 2
    assert cli.main(["--check", "--out", str(tmp_path / "file")]) == 1
    assert (tmp_path / "file").read_text() == "mine"
    said = capsys.readouterr().err.splitlines()
    assert len(said) == 2
    assert all(line.startswith("dashboards: cannot write ") for line in said)


def test_a_folder_in_the_place_of_a_file_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "alerting" / "rules.yaml").mkdir(parents=True)
    assert cli.main(["--out", str(tmp_path)]) == 2
    assert "rules.yaml: Is a directory" in capsys.readouterr().err


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_without_the_right_to_write_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    tmp_path.chmod(0o500)
    assert cli.main(["--out", str(tmp_path)]) == 2
    assert "Permission denied" in capsys.readouterr().err


def test_no_name_of_a_folder_is_not_this_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As from a variable that is not set."""
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SystemExit):
        cli.main(["--out", ""])
    assert not list(tmp_path.iterdir())


@pytest.mark.slow
@pytest.mark.parametrize("argv", [["--help"], ["--check", "--name", "other"]])
def test_a_reader_who_leaves_is_no_error(argv: list[str]) -> None:
    read, write = os.pipe()
    os.close(read)
    with os.fdopen(write, "w") as closed:
        found = run(*argv, stdout=closed)
    assert found.stderr == ""
    assert found.returncode in (0, 141)


@pytest.mark.slow
@pytest.mark.skipif(not FULL.exists(), reason="this system has no full device")
def test_an_output_that_is_full_is_said() -> None:
    with FULL.open("w") as full:
        found = run("--check", "--name", "other", stdout=full)
    assert found.stderr == "dashboards: cannot write: No space left on device\n"
    assert found.returncode == 2


def test_ctrl_c_is_one_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(cli, "build", stop)
    assert cli.main(["--check"]) == 130
    assert capsys.readouterr().err.count("\n") == 1


@pytest.mark.parametrize("page", cli.PAGES)
def test_a_page_in_another_encoding_is_named(
    page: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """And is left as it is, and so is everything else."""
    for each in cli.PAGES:
        (tmp_path / each).parent.mkdir(exist_ok=True)
        (tmp_path / each).write_text((cli.ROOT / each).read_text())
    (tmp_path / page).write_text("# Page\n", encoding="utf-16")
    before = (tmp_path / page).read_bytes()
    monkeypatch.setattr(cli, "ROOT", tmp_path)
    assert cli.main([]) == 2
    assert f"{Path(page).name} line 1: this is not UTF-8" in capsys.readouterr().err
    assert (tmp_path / page).read_bytes() == before
    assert not (tmp_path / cli.PROVISIONING).exists()


@pytest.mark.parametrize("percent", ["100 %", "%s", "%(default)s"])
def test_help_shows_any_title(percent: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """An operator's own default may hold what argparse takes for its own."""
    (title,) = (knob for knob in cli.fields(cli.Bundle) if knob.name == "title")
    monkeypatch.setattr(title, "default", percent)
    assert percent in cli._arguments().format_help()
