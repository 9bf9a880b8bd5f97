"""What the rules cost is said by deploy and env, and cost has the choices side by side."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from dashboards.config import Bundle
from infra import deploy, env
from infra.stores import STORES
from tests.support.aws import FakeCloudFormation

Infra = Callable[..., tuple[int, str]]


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A checkout to write to."""
    monkeypatch.setattr(env, "ROOT", tmp_path)
    return tmp_path


@pytest.mark.parametrize(
    ("store", "begins"),
    [
        ("timestream", "Rules every 5 minutes: about USD 151 a month; first mail "),
        ("clickhouse", "Rules every minute: no price of their own, they take CPU that is paid"),
    ],
)
def test_deploy_says_it_for_the_stacks_store(store: str, begins: str) -> None:
    said = deploy.price(Bundle(store=store), "us-east-1")
    assert said.startswith(begins)
    assert "\n" not in said
    assert "--cadence" in said


@pytest.mark.slow
@pytest.mark.parametrize(
    ("words", "interval", "begins"),
    [
        ((), "5m", "Rules every 5 minutes: about USD 151 a month"),
        (("--cadence", "1m"), "1m", "Rules every minute: about USD 756 a month"),
    ],
)
def test_a_local_grafana_that_asks_aws_is_no_cheaper(
    infra: Infra,
    root: Path,
    cloudformation: FakeCloudFormation,
    words: tuple[str, ...],
    interval: str,
    begins: str,
) -> None:
    status, said = infra("env", "--out", str(root / ".env"), *words)
    assert status == 0
    assert begins in said
    [rules] = root.glob("build/grafana/*/alerting/rules.yaml")
    [group] = yaml.safe_load(rules.read_text())["groups"]
    assert group["interval"] == interval


def test_env_refuses_a_cadence_that_cannot_be_and_writes_nothing(
    infra: Infra, root: Path, cloudformation: FakeCloudFormation
) -> None:
    status, said = infra("env", "--out", str(root / ".env"), "--cadence", "1h")
    assert status == 1
    assert "cadence '1h' must be whole minutes from 1m to 30m" in said
    assert said.count("\n") == 1
    assert not (root / ".env").exists()


@pytest.mark.parametrize("page", ["cost.md", "push.md"])
def test_the_pages_say_what_is_said(page: str) -> None:
    said = deploy.price(Bundle(), "us-east-1")
    [line] = re.findall(r"^    (Rules every .*)$", (deploy.ROOT / "docs" / page).read_text(), re.M)
    assert said.startswith(line)


class TestCost:
    """The choices side by side; a fifth of the rounds costs a fifth."""

    @pytest.mark.slow
    def test_each_choice_has_its_price_and_its_lateness(self, infra: Infra) -> None:
        status, said = infra("cost")
        assert status == 0
        rows = {line[:38].strip(): line[38:].split("  ") for line in said.splitlines()}
        cells = {name: [each.strip() for each in row if each.strip()] for name, row in rows.items()}
        assert cells["Rules every"] == ["1m", "2m", "5m", "10m", "15m", "30m"]
        said_of_five = deploy.price(Bundle(), "us-east-1")
        for row in (
            "first mail of a total outage, minutes",
            "of a fault just over its line, minutes",
        ):
            assert len(cells[row]) == 6
            assert f" {cells[row][2]} " in said_of_five
        billed = re.findall(r"^billed seconds an hour +(.*)$", said, re.MULTILINE)
        assert billed[0].split() == ["1,800", "900", "360", "180", "120", "60"]
        assert billed[1].split() == ["1,800", "360", "120", "60", "30"]
        months = re.findall(r"^USD a month +([\d.,].*)$", said, re.MULTILINE)
        assert months[0].split()[2] in said.partition("queries of alert rules")[2].split("\n")[0]

    @pytest.mark.slow
    def test_a_cadence_of_ones_own_stands_among_them(self, infra: Infra) -> None:
        _, said = infra("cost", "--cadence", "7m")
        assert re.search(r"^Rules every +1m +2m +5m +7m +10m", said, re.MULTILINE)
        assert "108.04      108.04" in said

    @pytest.mark.slow
    def test_where_asking_costs_nothing_there_is_nothing_to_choose(self, infra: Infra) -> None:
        _, said = infra("cost", "--store", "clickhouse")
        assert "Rules every" not in said

    @pytest.mark.slow
    @pytest.mark.parametrize("store", STORES)
    def test_a_cadence_that_cannot_be_is_one_sentence(self, infra: Infra, store: str) -> None:
        status, said = infra("cost", "--store", store, "--cadence", "90s")
        assert (status, said.count("\n")) == (1, 1)
        assert "cadence '90s' must be whole minutes" in said
