"""What thresholds.toml says reaches a Grafana by push as it does by files."""

import json
import re
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from dashboards.alerts import thresholds
from provisioning.push import cli
from tests.support import push_samples
from tests.support.fake_grafana import TOKEN, FakeGrafana, served
from tests.support.usual import ON, turn_off

RULE = "errors-4xx" if "errors-4xx" in ON else min(ON)
UID = f"cloudfront-{RULE}"
CHANNELS = ("--channels", "webhook")


@pytest.fixture
def fake(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[FakeGrafana]:
    """A Grafana that $GRAFANA_URL and $GRAFANA_TOKEN lead to."""
    grafana = FakeGrafana()
    with ExitStack() as stack:
        monkeypatch.setenv("GRAFANA_URL", stack.enter_context(served(grafana)))
        monkeypatch.setenv("GRAFANA_TOKEN", TOKEN)
        monkeypatch.setenv("ALERTS_WEBHOOK_URL", "http://alerts.invalid")
        for name, value in push_samples.ENVIRONMENT.items():
            if name != "TIMESTREAM_AUTH_TYPE":
                monkeypatch.setenv(name, value)
        monkeypatch.chdir(tmp_path)
        yield grafana


@pytest.mark.slow
def test_a_rule_that_is_turned_off_is_removed_with_its_runbook_entry(
    fake: FakeGrafana, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is ours; the rules that are on, and what somebody else made, stay as they are."""

    def runbook() -> str:
        return json.dumps(fake.dashboards["cloudfront-runbook"]["versions"][-1]["data"])

    assert cli.main(["apply", "--yes", *CHANNELS]) == 0
    before = set(fake.alerting.rules)
    assert UID in before
    assert f'"{RULE}"' in runbook()
    off = turn_off(tmp_path / "thresholds.toml", RULE)
    monkeypatch.setattr(thresholds, "DEFAULT", off)
    assert cli.main(["apply", "--yes", *CHANNELS]) == 0
    assert set(fake.alerting.rules) == before - {UID}
    assert f'"{RULE}"' not in runbook()


@pytest.mark.parametrize("verb", ["plan", "apply"])
def test_a_mistake_in_the_file_is_one_sentence_before_anything_is_sent(
    verb: str,
    fake: FakeGrafana,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    text = thresholds.DEFAULT.read_text()
    broken = re.sub(r"(?m)^\[edge-5xx\]$", "[edge-5x]", text)
    (tmp_path / "thresholds.toml").write_text(broken)
    monkeypatch.setattr(thresholds, "DEFAULT", tmp_path / "thresholds.toml")
    assert cli.main([verb, "--yes"]) == 1
    said = capsys.readouterr().err
    line = broken.split("\n").index("[edge-5x]") + 1
    assert said == (
        f"provisioning: thresholds.toml line {line}: there is no alert rule [edge-5x]; "
        "did you mean 'edge-5xx'?\n"
    )
    assert fake.writes() == []


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (("--channels", "emial"), "did you mean 'email'?"),
        (("--title", "a/b"), "title 'a/b' names a folder"),
        (("--sampling", "101"), "from 1 to 100"),
        (("--retention", "1"), "looks back further than the 1 days"),
    ],
)
def test_a_knob_that_cannot_work_is_one_sentence(
    options: tuple[str, str], says: str, fake: FakeGrafana, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["plan", *options]) == 1
    said = capsys.readouterr().err
    assert says in said
    assert said.count("\n") == 1
    assert fake.writes() == []
