"""`make annotate`: a release is on the dashboards once, and goes where it was meant to go."""

import json
import os
import time
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest

from provisioning.push import annotate, cli
from provisioning.push.client import Client
from tests.support.aws import FakeCloudFormation, serving
from tests.support.fake_grafana import TOKEN, FakeGrafana, Fault, served
from tests.support.managed_grafana import WORKSPACE, FakeManagedGrafana
from tests.support.push_samples import OUTPUTS


@pytest.fixture
def fake(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeGrafana]:
    """A Grafana that $GRAFANA_URL leads to, and nothing else that would name one."""
    grafana = FakeGrafana()
    for name in ("GRAFANA_TOKEN", "GRAFANA_ADMIN_PASSWORD", "GRAFANA_PORT"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(Client, "pause", lambda *_: None)
    monkeypatch.setattr(Client, "_wait", lambda *_: None)
    with served(grafana) as url:
        monkeypatch.setenv("GRAFANA_URL", url)
        yield grafana


def milliseconds(text: str) -> int:
    return round(datetime.fromisoformat(text).timestamp() * 1000)


def test_a_release_is_marked_now(fake: FakeGrafana, capsys: pytest.CaptureFixture[str]) -> None:
    before = int(time.time() * 1000)
    assert cli.main(["annotate", "release 42"]) == 0
    [made] = fake.annotations
    assert made["text"] == "release 42"
    assert made["tags"] == ["cloudfront", "deploy"]
    assert before <= made["time"] <= int(time.time() * 1000) + 1
    assert made["timeEnd"] == made["time"]
    out = capsys.readouterr().out
    assert "marked 'release 42'" in out
    assert "cloudfront, deploy" in out


def test_a_text_needs_no_second_quotes(fake: FakeGrafana) -> None:
    """In ARGS='release 42' the shell has taken the only ones."""
    assert cli.main(["annotate", "release", "42", "--kind", "invalidation"]) == 0
    assert fake.annotations[0]["text"] == "release 42"
    assert fake.annotations[0]["tags"] == ["cloudfront", "invalidation"]


def test_it_can_be_written_afterwards_with_how_long_it_took(fake: FakeGrafana) -> None:
    when = ["--at", "2026-11-26T14:05Z", "--minutes", "2.5"]
    assert cli.main(["annotate", "release 42", *when, "--name", "blue"]) == 0
    [made] = fake.annotations
    assert made["time"] == milliseconds("2026-11-26T14:05+00:00")
    assert made["timeEnd"] == milliseconds("2026-11-26T14:07:30+00:00")
    assert made["tags"] == ["blue", "deploy"]


@pytest.mark.parametrize("carried_out", [True, False])
@pytest.mark.parametrize("status", [None, 500, 502, 503])
def test_it_is_written_once_whatever_the_connection_does(
    fake: FakeGrafana, status: int | None, carried_out: bool
) -> None:
    if status == 503 and carried_out:
        pytest.skip("a 503 says that it was not")
    broken: list[str] = []

    def once(_number: int, method: str, _path: str) -> Fault | None:
        if method != "POST" or broken:
            return None
        broken.append(method)
        return Fault(status, carried_out=carried_out)

    fake.fault = once
    assert cli.main(["annotate", "release 42"]) == 0
    assert [each["text"] for each in fake.annotations] == ["release 42"]


def test_a_token_is_used_where_there_is_one(
    fake: FakeGrafana, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("GRAFANA_TOKEN", "glsa_another")
    assert cli.main(["annotate", "release 42"]) == 1
    assert "does not accept the token" in capsys.readouterr().err
    monkeypatch.setenv("GRAFANA_TOKEN", TOKEN)
    assert cli.main(["annotate", "release 42"]) == 0


def test_without_any_address_it_is_the_local_grafana_and_no_token_goes_there(
    fake: FakeGrafana, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever has a token in the environment has it for another Grafana."""
    monkeypatch.setenv("GRAFANA_PORT", os.environ["GRAFANA_URL"].rpartition(":")[2])
    monkeypatch.delenv("GRAFANA_URL")
    monkeypatch.setenv("GRAFANA_TOKEN", "glsa_for_another_grafana")
    assert cli.main(["annotate", "release 42"]) == 0
    assert len(fake.annotations) == 1
    assert cli.main(["annotate", "release 42", "--token", "glsa_refused"]) == 1
    assert len(fake.annotations) == 1


def test_a_changed_password_is_asked_for_by_its_variable(
    fake: FakeGrafana, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("GRAFANA_ADMIN_PASSWORD", "not this one")
    assert cli.main(["annotate", "release 42"]) == 1
    error = capsys.readouterr().err
    assert "$GRAFANA_ADMIN_PASSWORD" in error
    assert "not this one" not in error
    assert error.count("\n") == 1


def test_a_viewer_is_told_that_an_editor_is_enough(
    fake: FakeGrafana, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    fake.role = "Viewer"
    assert cli.main(["annotate", "release 42"]) == 1
    assert "the role Editor (or the permissions annotations:read" in capsys.readouterr().err
    fake.role = "Editor"
    assert cli.main(["annotate", "release 42"]) == 0


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ([" "], "There is no text"),
        (["x" * 1001], "1000 is the most"),
        (["release", "--at", "yesterday"], "is no time; write it as 2026-11-26T14:05"),
        (["release", "--at", "0001-01-01T00:00"], "is no time"),
        (["release", "--minutes", "0"], "is not between 0 and 31 days"),
        (["release", "--minutes", "-1"], "is not between 0 and 31 days"),
        (["release", "--minutes", "nan"], "is not between 0 and 31 days"),
        (["release", "--minutes", "soon"], "invalid float value"),
        (["release", "--kind", "party"], "invalid choice"),
        (["release", "--name", "UPPER"], "becomes part of uids"),
        (["release", "--url", "grafana"], "is not a Grafana URL"),
        (["release", "--url", "http://a", "--workspace-id", "g-0123456789"], "not both"),
        (["release", "--token", "a", "--token-file", "b"], "not both"),
        ([], "required: TEXT"),
    ],
)
def test_what_cannot_be_is_one_sentence(
    fake: FakeGrafana,
    capsys: pytest.CaptureFixture[str],
    arguments: list[str],
    sentence: str,
) -> None:
    try:
        status = cli.main(["annotate", *arguments])
    except SystemExit as end:
        status = int(end.code or 0)
    assert status == 1
    error = capsys.readouterr().err
    assert sentence in error
    assert error.count("\n") == 1
    assert fake.annotations == []


def test_where_nothing_answers_it_says_so(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(Client, "_wait", lambda *_: None)
    monkeypatch.setenv("GRAFANA_URL", "http://127.0.0.1:9")
    assert cli.main(["annotate", "release 42"]) == 1
    said = capsys.readouterr().err
    assert "Cannot reach Grafana at http://127.0.0.1:9" in said
    assert "Start it (docker compose up)" in said


@pytest.mark.slow
def test_in_a_workspace_its_token_is_made_for_it_and_goes(
    fake: FakeGrafana, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The stack names the workspace and the bundle; nothing is turned on for it."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    monkeypatch.delenv("AWS_PROFILE", raising=False)
    with serving() as aws:
        managed = FakeManagedGrafana(aws, os.environ["GRAFANA_URL"], TOKEN)
        managed.configuration = {}
        FakeCloudFormation(aws).add("blue", OUTPUTS | {"GrafanaWorkspaceId": WORKSPACE})
        for service in ("CLOUDFORMATION", "GRAFANA"):
            monkeypatch.setenv(f"AWS_ENDPOINT_URL_{service}", aws.url)
        assert cli.main(["annotate", "release 42", "--stack", "blue", "--region", "eu-west-1"]) == 0
        assert "UpdateWorkspaceConfiguration" not in managed.requests
    assert managed.accounts == {}
    assert fake.annotations[0]["tags"] == ["blue", "deploy"]
    assert "is off" not in capsys.readouterr().out


def test_the_page_shows_the_same_tags_for_curl() -> None:
    page = (Path(__file__).parents[2] / "docs/push.md").read_text()
    for kind in annotate.KINDS:
        assert json.dumps({"tags": ["cloudfront", kind]})[:-1] in page
