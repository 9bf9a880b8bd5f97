"""`enabled = false` leaves a rule out everywhere, its runbook entry with it, and nothing else."""

import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
import yaml

from dashboards import __main__ as cli
from dashboards import build, config
from dashboards.alerts import check as checks
from dashboards.alerts import docs, runbook, thresholds
from dashboards.alerts.files import left_out
from dashboards.alerts.rules import RULES, Rule
from dashboards.config import BuildError
from dashboards.files import dashboard_path
from tests.support.usual import ON, Bundle, turn_off

OFF = ("errors-4xx", "smoke", "slo-slow")
PAGE = (cli.ROOT / "docs/alerts.md").read_text()
ENTRIES = runbook.FILE.read_text()


@pytest.fixture
def off(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A thresholds.toml in which some rules are off."""
    path = turn_off(tmp_path / "thresholds.toml", *(name for name in OFF if name in ON))
    monkeypatch.setattr(thresholds, "DEFAULT", path)
    return path


def _uids(files: dict[str, str]) -> set[str]:
    groups = yaml.safe_load(files["alerting/rules.yaml"])["groups"]
    return {rule["uid"].removeprefix("cloudfront-") for group in groups for rule in group["rules"]}


@pytest.mark.slow
def test_no_file_that_grafana_reads_has_a_word_of_it(off: Path) -> None:
    """Save the list of rules to delete, so that a Grafana that has it lets it go."""
    files = build(Bundle())
    content = yaml.safe_load(files["alerting/rules.yaml"])
    deleted = {each["uid"].removeprefix("cloudfront-") for each in content.pop("deleteRules")}
    assert deleted >= set(OFF)
    assert _uids(files) == ON - set(OFF)
    texts = files | {"alerting/rules.yaml": json.dumps(content)}
    for name in OFF:
        assert not [path for path, text in texts.items() if f'"{name}"' in text], name
        assert not [path for path, text in texts.items() if f"cloudfront-{name}" in text], name


def test_the_runbook_goes_without_its_entry_and_keeps_the_others(off: Path) -> None:
    model = json.loads(build(Bundle())[dashboard_path(Bundle(), "runbook")])
    titles = [panel["title"] for row in model["panels"] for panel in (row, *row.get("panels", ()))]
    assert set(titles) & set(RULES) == ON - set(OFF)
    assert "Smoke test" not in titles  # a row without entries is no row


def test_the_page_has_it_in_no_table_and_its_entry_in_a_comment(off: Path) -> None:
    """A comment is not shown, and holds the words for the day the rule is on again."""
    page = docs.page(PAGE)
    tables = page.partition("\n## All rules\n")[2]
    assert f"{len(ON - set(OFF))} rules, at most" in tables
    for name in OFF:
        assert f"`{name}`" not in tables
        assert f"{runbook.HIDE}\n### {name}\n" in page
    assert docs.page(page) == page
    assert page.count("\n### ") == PAGE.count("\n### ")


def test_a_rule_that_is_on_again_has_its_entry_again(
    off: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """To the letter."""
    page = docs.page(PAGE)
    monkeypatch.undo()
    assert docs.page(page) == docs.page(PAGE) == PAGE


def test_the_knobs_of_a_rule_that_is_off_may_be_gone(tmp_path: Path) -> None:
    """Or wait there for another day; what is there is still checked by itself."""
    before, after = thresholds.DEFAULT.read_text().split("[edge-5xx]\n")
    others = after.partition("\n[")[2]
    (tmp_path / "t.toml").write_text(f"{before}[edge-5xx]\nenabled = false\n[{others}")
    assert not thresholds.load(tmp_path / "t.toml").rules["edge-5xx"].enabled


def test_all_rules_can_be_off(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = turn_off(tmp_path / "thresholds.toml", *ON)
    monkeypatch.setattr(thresholds, "DEFAULT", path)
    files = build(Bundle())
    assert _uids(files) == set()
    assert dashboard_path(Bundle(), "runbook") not in files
    assert "0 rules, at most 0 instances" in docs.page(PAGE)


def test_why_a_rule_is_left_out_is_said(off: Path) -> None:
    assert left_out(Bundle())["errors-4xx"] == "enabled = false in thresholds.toml"


@pytest.mark.slow
def test_make_dashboards_takes_it_out_and_check_agrees(
    off: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The page and the files, in a checkout."""
    checkout = tmp_path / "checkout"
    shutil.copytree(cli.ROOT / cli.PROVISIONING, checkout / cli.PROVISIONING)
    shutil.copytree(cli.ROOT / "docs", checkout / "docs")
    monkeypatch.setattr(cli, "ROOT", checkout)
    assert cli.main(["--check"]) == 1
    assert cli.main([]) == 0
    assert cli.main(["--check"]) == 0
    content = yaml.safe_load((checkout / "provisioning/alerting/rules.yaml").read_text())
    uids = {rule["uid"] for group in content["groups"] for rule in group["rules"]}
    assert uids
    assert config.Bundle().uid("errors-4xx") not in uids


class TestWhatRulesReferTo:
    """A rule whose messages would lead nowhere fails the build, with a sentence."""

    def rule(self, **other: object) -> dict[str, Rule]:
        first, *others = RULES["errors-5xx"].parts
        parts = (replace(first, **other), *others)  # type: ignore[arg-type]
        return {**RULES, "errors-5xx": replace(RULES["errors-5xx"], parts=parts)}

    def test_all_is_there(self) -> None:
        checks.check()

    @pytest.mark.parametrize(
        ("panel", "says"),
        [
            (("error_rate_5x", "edge"), r"'error_rate_5x'.*did you mean 'error_rate_5xx'"),
            (("error_rate_5xx", "edg"), r"no such signal or dimension; did you mean 'edge'"),
            (("error_rate_5xx", "referrer"), r"and no dashboard has one"),
            (("silence", "edge"), r"a panel of silence by edge, and no dashboard has one"),
            (("", None), "no such signal"),
        ],
    )
    def test_a_panel_that_is_not_there(self, panel: tuple[str, str | None], says: str) -> None:
        with pytest.raises(BuildError, match=rf"^the rule errors-5xx links .*{says}"):
            checks.check(self.rule(panel=panel))

    def test_a_rule_without_runbook_entry(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        before, after = ENTRIES.split("[errors-5xx]\n")
        entries = tmp_path / "runbook.toml"
        entries.write_text(f"{before}[{after.partition('[')[2]}")
        monkeypatch.setattr(runbook, "FILE", entries)
        assert cli.main(["--out", str(tmp_path / "out")]) == 2
        said = capsys.readouterr().err
        assert "has no entry for the rule errors-5xx; write one, under [errors-5xx]" in said
        assert not (tmp_path / "out").exists()

    @pytest.mark.parametrize(
        ("new", "says"),
        [
            ("[errors-5x]\n", "the entry errors-5x is about no rule; did you mean 'errors-5xx'"),
            ("[errors-4xx]\n", "the entry errors-4xx is there already"),
            ("[pipeline-lag]\n", "the entry pipeline-lag is there already"),
        ],
    )
    def test_an_entry_without_rule(
        self, new: str, says: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        words = 'chapter = "New"\nmeaning = "Words."\ncauses = "Words."\ndo = "Words."\n'
        entries = tmp_path / "runbook.toml"
        entries.write_text(ENTRIES.replace("[smoke]\n", f"{new}{words}\n[smoke]\n"))
        monkeypatch.setattr(runbook, "FILE", entries)
        lines = entries.read_text().split("\n")
        line = len(lines) - lines[::-1].index(new.strip())
        with pytest.raises(BuildError, match=rf"runbook.toml line {line}: {says}"):
            checks.check()

    @pytest.mark.parametrize(
        ("old", "new", "says"),
        [
            (
                "causes = ",
                "cause = ",
                r"\[errors-5xx\] an entry has no 'cause'; did you mean 'causes'",
            ),
            ("causes = ", "# ", r"\[errors-5xx\] lacks causes"),
            ("chapter = 'Errors'", "chapter = 1", r"\[errors-5xx\] chapter must be text"),
            ("chapter = 'Errors'", "chapter = ' '", r"\[errors-5xx\] chapter must be text"),
        ],
    )
    def test_an_entry_that_lacks_something(
        self, old: str, new: str, says: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        before, after = ENTRIES.split("[errors-5xx]\n")
        entries = tmp_path / "runbook.toml"
        entries.write_text(f"{before}[errors-5xx]\n{after.replace(old, new, 1)}")
        monkeypatch.setattr(runbook, "FILE", entries)
        line = before.count("\n") + 1
        with pytest.raises(BuildError, match=rf"runbook.toml line {line}: {says}"):
            checks.check()

    @pytest.mark.parametrize(
        ("old", "new", "says"),
        [
            (
                ".clickhouse]",
                ".clickhous]",
                "an entry has no 'clickhous'; did you mean 'clickhouse'",
            ),
            (
                ".clickhouse]\ncauses",
                ".clickhouse]\ncause",
                "an entry has no 'cause'; did you mean",
            ),
            (".clickhouse]\n", ".clickhouse]\nmeaning = ''\n", "meaning must be text"),
        ],
    )
    def test_a_stores_own_words_that_cannot_be(
        self, old: str, new: str, says: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        entries = tmp_path / "runbook.toml"
        entries.write_text(ENTRIES.replace(f"[pipeline-lag{old}", f"[pipeline-lag{new}"))
        monkeypatch.setattr(runbook, "FILE", entries)
        with pytest.raises(BuildError, match=rf"runbook\.toml line \d+: \[pipeline-lag.*{says}"):
            checks.check()

    def test_an_entry_without_a_way_to_confirm(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        entries = tmp_path / "runbook.toml"
        entries.write_text(ENTRIES.replace("\nconfirm = ", "\n# "))
        monkeypatch.setattr(runbook, "FILE", entries)
        with pytest.raises(BuildError, match=r"\[smoke\] lacks confirm; write a query"):
            checks.check()

    @pytest.mark.parametrize("broken", ["errors-5xx = 1\n", "[errors-5xx\n", "x = '\n"])
    def test_entries_that_are_no_entries(
        self, broken: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        entries = tmp_path / "runbook.toml"
        entries.write_text(broken)
        monkeypatch.setattr(runbook, "FILE", entries)
        with pytest.raises(BuildError, match=r"runbook\.toml.*: .*(must be a table|no TOML)"):
            checks.check()

    def test_a_rule_that_nobody_would_remember(self) -> None:
        with pytest.raises(BuildError, match=r"the rule new is not in .*shipped\.py"):
            checks.check({**RULES, "new": RULES["errors-5xx"]})
