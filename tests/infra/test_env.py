"""The .env that points the local Grafana at a stack, and the dashboards that go with it."""

import json
import re
import stat
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml
from hypothesis import example, given
from hypothesis import strategies as st

from infra import env
from infra.deploy import ROOT
from tests.support.aws import FakeCloudFormation

Infra = Callable[..., tuple[int, str]]


@pytest.fixture(autouse=True)
def root(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, cloudformation: FakeCloudFormation
) -> Path:
    """A checkout to write to."""
    monkeypatch.setattr(env, "ROOT", tmp_path)
    return tmp_path


def variables(path: Path) -> dict[str, str]:
    return env.parse(path.read_text())


def test_it_sets_what_the_compose_file_reads_from_the_stacks_outputs(
    infra: Infra, root: Path
) -> None:
    status, said = infra("env", "--out", str(root / ".env"))
    assert status == 0
    assert variables(root / ".env") == {
        "TIMESTREAM_DATABASE": "cloudfront-grafana",
        "TIMESTREAM_TABLE": "realtime_logs",
        "AWS_REGION": "us-east-1",
        "TIMESTREAM_AUTH_TYPE": "keys",
        "TIMESTREAM_ENDPOINT": "",
        "GRAFANA_STACK_PLUGIN": "grafana-timestream-datasource@2.14.6",
        "PROVISIONING": "./build/grafana/cloudfront-grafana",
        "AWS_ACCESS_KEY_ID": "",
        "AWS_SECRET_ACCESS_KEY": "",
        "AWS_SESSION_TOKEN": "",
    }
    assert "policy/read" in said
    assert env.START in said


def test_every_variable_is_one_that_the_compose_file_reads(infra: Infra, root: Path) -> None:
    infra("env", "--out", str(root / ".env"))
    compose = (ROOT / "docker-compose.yml").read_text()
    read = set(re.findall(r"\$\{(\w+)", compose))
    assert set(variables(root / ".env")) <= read
    example = env.parse((ROOT / ".env.example").read_text())
    assert set(variables(root / ".env")) <= set(example)


def test_the_dashboards_are_built_for_the_stacks_fields_and_sampling(
    infra: Infra, root: Path, cloudformation: FakeCloudFormation, outputs: dict[str, str]
) -> None:
    fields = "timestamp,sc-bytes,sc-status,x-edge-location,x-edge-result-type,time-to-first-byte"
    cloudformation.add("lean", outputs | {"CollectedFields": fields, "SamplingPercentage": "20"})
    infra("env", "--stack", "lean", "--out", str(root / ".env"))
    built = root / variables(root / ".env")["PROVISIONING"]
    models = [json.loads(path.read_text()) for path in (built / "dashboards").rglob("*.json")]
    asked = json.dumps(
        [
            [panel.get("targets") for model in models for panel in model["panels"]],
            [model["templating"] for model in models],
        ]
    )
    assert "x_edge_location" in asked
    assert "c_country" not in asked
    assert re.search(r"\* 5\b|5 \*", asked)  # counts are scaled by 100 / 20
    (source,) = (built / "datasources").glob("*.yaml")
    assert yaml.safe_load(source.read_text())["datasources"]


def test_fields_that_are_not_written_are_left_out_too(
    infra: Infra, cloudformation: FakeCloudFormation, outputs: dict[str, str]
) -> None:
    from cli import stack

    dropping = outputs | {"DropFields": "cs-cookie", "ViewerIp": "drop"}
    cloudformation.add("private", dropping)
    import boto3

    found = stack.read(boto3.client("cloudformation"), "private")
    gone = {"cs-cookie", "c-ip", "x-forwarded-for"}
    assert set(found.collected_fields) - set(env.bundle(found).fields) == gone


def test_building_again_leaves_nothing_of_before(infra: Infra, root: Path) -> None:
    old = root / "build" / "grafana" / "cloudfront-grafana" / "dashboards" / "old.json"
    old.parent.mkdir(parents=True)
    old.write_text("{}")
    infra("env", "--out", str(root / ".env"))
    assert not old.exists()


@pytest.mark.slow
def test_the_lines_of_others_stay_as_they_were_written(infra: Infra, root: Path) -> None:
    """Comments, quotes, an `export`, text of several lines: all that is not the stack's."""
    path = root / ".env"
    theirs = (
        "# mine\nexport GRAFANA_ADMIN_PASSWORD='p#a$s\"s'  # do not tell\n\n"
        'NOTE="two\nAWS_REGION=lines"\nALERTS_EMAIL = me@example.com\n'
    )
    path.write_text(theirs + "AWS_REGION=eu-west-1 # old\n")
    infra("env", "--out", str(path))
    text = path.read_text()
    assert text.startswith(theirs)
    assert variables(path)["AWS_REGION"] == "us-east-1"
    assert variables(path)["GRAFANA_ADMIN_PASSWORD"] == 'p#a$s"s'
    assert variables(path)["NOTE"] == "two\nAWS_REGION=lines"
    infra("env", "--out", str(path))
    assert path.read_text() == text


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00")))
@example("a b")
@example("p#a$s's\"\\")
@example("$HOME ${X} $$")
@example("'quoted'")
def test_any_value_comes_out_of_the_file_as_it_went_in(value: str) -> None:
    text = env.merged("OLD='x'\nKEPT=1\n", {"OLD": value, "NEW": value})
    assert env.parse(text) == {"OLD": value, "KEPT": "1", "NEW": value}


def test_what_else_is_in_the_file_stays(infra: Infra, root: Path) -> None:
    path = root / ".env"
    path.write_text("# mine\nAWS_ACCESS_KEY_ID=AKIAOLD\nALERTS_EMAIL=me@example.com\n")
    infra("env", "--out", str(path))
    found = variables(path)
    assert found["AWS_ACCESS_KEY_ID"] == "AKIAOLD"
    assert found["ALERTS_EMAIL"] == "me@example.com"


def test_keys_are_only_written_when_asked_and_never_shown(
    infra: Infra, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "the+secret/key=")
    path = root / ".env"
    _, said = infra("env", "--out", str(path))
    assert "the+secret" not in path.read_text()
    _, more = infra("env", "--out", str(path), "--with-keys")
    assert variables(path)["AWS_SECRET_ACCESS_KEY"] == "the+secret/key="
    assert "the+secret" not in said + more


def test_only_its_owner_may_read_the_file(infra: Infra, root: Path) -> None:
    path = root / ".env"
    path.write_text("")
    path.chmod(0o644)
    infra("env", "--out", str(path))
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_stack_that_is_not_there_leaves_everything_as_it_is(infra: Infra, root: Path) -> None:
    status, said = infra("env", "--stack", "nope", "--out", str(root / ".env"))
    assert status == 1
    assert "There is no stack 'nope'" in said
    assert list(root.iterdir()) == []


@pytest.mark.parametrize("where", ["file", "shell"])
def test_links_lead_to_the_port_that_compose_publishes(
    infra: Infra, root: Path, monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    (root / ".env").write_text(f"GRAFANA_STACK_PORT={3300 if where == 'file' else 1}\n")
    if where == "shell":
        monkeypatch.setenv("GRAFANA_STACK_PORT", "3300")
    _, said = infra("env", "--out", str(root / ".env"))
    assert "and http://localhost:3300" in said
    rules = (root / "build/grafana/cloudfront-grafana/alerting/rules.yaml").read_text()
    assert "http://localhost:3300/d/" in rules
    assert "localhost:3001" not in rules
