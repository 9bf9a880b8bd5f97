"""A push says what its rules cost a month and how late they are, and takes another cadence."""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from dashboards import config, stores
from dashboards.alerts import cadence, files
from provisioning.push import cli, targets
from tests.support import push_samples
from tests.support.fake_grafana import TOKEN, Answer, FakeGrafana, served
from tests.support.usual import Bundle as Unbilled

FIVE = cadence.sentence(files.groups(config.Bundle()), stores.DEFAULT, "us-east-1")
NAMED = ("--region", "us-east-1", "--database", "cloudfront", "--table", "realtime_logs")


@pytest.fixture
def fake(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[FakeGrafana]:
    """A Grafana that $GRAFANA_URL and $GRAFANA_TOKEN lead to; the bundle is a user's."""
    monkeypatch.setattr(targets, "Bundle", config.Bundle)
    grafana = FakeGrafana()
    with ExitStack() as stack:
        monkeypatch.setenv("GRAFANA_URL", stack.enter_context(served(grafana)))
        monkeypatch.setenv("GRAFANA_TOKEN", TOKEN)
        monkeypatch.setenv("ALERTS_EMAIL", "a@example.com")
        monkeypatch.chdir(tmp_path)
        yield grafana


@pytest.mark.slow
@pytest.mark.parametrize("verb", ["plan", "apply"])
def test_the_usual_cadence_is_said_before_anything_is_done(
    verb: str, fake: FakeGrafana, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main([verb, *NAMED, "--yes"]) == 0
    said = capsys.readouterr().out
    assert FIVE.startswith("Rules every 5 minutes: about USD 151 a month; first mail")
    assert said.count(FIVE) == 1
    assert said.index(FIVE) < said.index("data source")


@pytest.mark.slow
def test_another_cadence_is_another_price_and_moves_the_rules(
    fake: FakeGrafana, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["apply", *NAMED, "--yes"]) == 0
    usual = {uid: rule["ruleGroup"] for uid, rule in fake.alerting.rules.items()}
    assert set(usual.values()) == {"cloudfront-5m"}
    capsys.readouterr()
    assert cli.main(["apply", *NAMED, "--yes", "--cadence", "10m"]) == 0
    assert "Rules every 10 minutes: about USD 76 a month" in capsys.readouterr().out
    moved = fake.alerting.rules
    assert set(moved) == set(usual)
    assert {rule["ruleGroup"] for rule in moved.values()} == {"cloudfront-10m"}
    assert {rule["interval"] for rule in moved.values()} == {600}
    assert cli.main(["plan", *NAMED, "--cadence", "10m", "--exit-code"]) == 0


@pytest.mark.slow
def test_rules_of_a_push_before_are_moved_into_one_round(
    fake: FakeGrafana, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One that had three groups: what Grafana evaluated apart was billed apart."""
    with monkeypatch.context() as before:
        before.setattr(targets, "Bundle", Unbilled)
        assert cli.main(["apply", *NAMED, "--yes"]) == 0
    groups = {rule["ruleGroup"] for rule in fake.alerting.rules.values()}
    assert groups == {"cloudfront-1m", "cloudfront-5m", "cloudfront-30m"}
    assert cli.main(["apply", *NAMED, "--yes"]) == 0
    assert {rule["ruleGroup"] for rule in fake.alerting.rules.values()} == {"cloudfront-5m"}


def test_files_that_are_built_are_priced_as_they_are(
    fake: FakeGrafana,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name, value in push_samples.ENVIRONMENT.items():
        monkeypatch.setenv(name, value)
    for path, text in push_samples.built().items():
        (tmp_path / "built" / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "built" / path).write_text(text)
    assert cli.main(["plan", "--from", "built"]) == 0
    # The only rule of the other group is paused.
    assert "Rules every minute: about USD 756 a month" in capsys.readouterr().out
    assert cli.main(["plan", "--from", "built", "--cadence", "5m"]) == 1
    assert "--cadence has no effect beside --from" in capsys.readouterr().err


def test_a_wrong_cadence_is_one_sentence(
    fake: FakeGrafana, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["plan", *NAMED, "--cadence", "90s"]) == 1
    said = capsys.readouterr().err
    assert "cadence '90s' must be whole minutes from 1m to 30m" in said
    assert said.count("\n") == 1


def test_a_grafana_that_spreads_the_rules_of_a_group_is_warned_of(
    fake: FakeGrafana, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    answer = {
        "buildInfo": {"version": fake.version},
        "featureToggles": {"jitterAlertRulesWithinGroups": True, "alertingSimplifiedRouting": True},
    }
    monkeypatch.setattr(FakeGrafana, "_settings", lambda self, **_: Answer(200, answer))
    assert cli.main(["plan", *NAMED]) == 0
    said = capsys.readouterr().out
    assert "toggle jitterAlertRulesWithinGroups), so they cost up to USD 1,513 a month" in said
