"""The tables are those of what was kept, and what was kept is of the rules as they are."""

import subprocess
import sys
from pathlib import Path

import pytest

from drill import reasons, report, run
from drill.judge import judges
from drill.run import Month, Results, Told

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs/alerts.md"
JUDGES = judges(run.BUNDLE)
SEEDS = (run.USUAL, *report.SEEDS)


def told(first: dict[str, float], messages: int = 1, wants: str = "critical") -> Told:
    number = dict.fromkeys(first, 0) | ({next(iter(first)): messages} if first else {})
    windows = dict.fromkeys(first, 300)
    return Told("small", "one edge", "middle", wants, first, windows, number)


def goals(*found: Month | Told) -> list[str]:
    """Return how often each goal was missed."""
    made = Results(
        "",
        tuple(each for each in found if isinstance(each, Month)),
        tuple(each for each in found if isinstance(each, Told)),
    )
    return [row[1] for row in report._goals(made, JUDGES)]


def test_the_page_has_the_tables_of_what_was_kept() -> None:
    text = PAGE.read_text()
    others = [run.load(seed) for seed in report.SEEDS]
    assert text == report.page(text, run.load(), others, JUDGES), "run: python -m drill --page"


@pytest.mark.parametrize("seed", SEEDS)
def test_what_was_kept_is_of_these_rules(seed: int) -> None:
    assert run.load(seed).rules == run.digest(JUDGES), (
        f"rules or scenarios changed; run: python -m drill --seed {seed}"
    )


@pytest.mark.parametrize("seed", SEEDS)
def test_every_scenario_was_kept(seed: int) -> None:
    kept = run.load(seed)
    assert len(kept.calm) == 50
    assert len(kept.incidents) == 180


@pytest.mark.parametrize("seed", SEEDS)
def test_whatever_misses_a_goal_has_its_reason(seed: int) -> None:
    for each in report.missed(run.load(seed), JUDGES):
        assert reasons.find(*each), f"add to drill/reasons.py why this is so: {each}"
    assert reasons.find(reasons.LATE, "origin down", "large", "middle") is None


def test_false_alarms_are_counted_by_severity() -> None:
    calm = Month("small", "one country", {"errors-5xx": 3, "errors-4xx": 1})
    noisy = Month("small", "a video site", {"errors-4xx": 2})
    assert goals(calm, noisy)[:2] == ["3 in 2 months", "1 months of 2"]


@pytest.mark.parametrize(
    ("incident", "missed", "late", "many"),
    [
        (told({"errors-5xx": 4.5}), "0 of 1", "0 of 1", "0 of 1"),
        (told({}), "1 of 1", "0 of 0", "0 of 1"),
        # A warning is no page; where a warning is wanted, a page will do.
        (told({"errors-4xx": 4.5}), "1 of 1", "0 of 0", "0 of 1"),
        (told({"errors-5xx": 4.5}, wants="warning"), "0 of 1", "0 of 1", "0 of 1"),
        # 5 minutes of window, 1 of cadence, and 2.
        (told({"errors-5xx": 8.0}), "0 of 1", "0 of 1", "0 of 1"),
        (told({"errors-5xx": 8.5}), "0 of 1", "1 of 1", "0 of 1"),
        # A warning before the page is a message in time.
        (told({"errors-5xx": 8.5, "errors-4xx": 7.0}), "0 of 1", "0 of 1", "0 of 1"),
        (told({"errors-5xx": 4.5}, 4), "0 of 1", "0 of 1", "1 of 1"),
    ],
)
def test_incidents_are_held_against_the_goals(
    incident: Told, missed: str, late: str, many: str
) -> None:
    assert goals(incident)[2:] == [missed, late, many]


def test_another_threshold_is_another_digest() -> None:
    assert run.digest(JUDGES) != run.digest(JUDGES[1:])
    assert run.digest(JUDGES) == run.digest(judges(run.BUNDLE))


@pytest.mark.slow
def test_a_rule_or_site_that_is_not_there_is_one_sentence() -> None:
    for options, says in (
        (["--only", "errors-5x"], "drill: there is no alert rule 'errors-5x'; did you mean"),
        (["--site", "smal"], "drill: there is no site 'smal'; did you mean 'small'?"),
    ):
        done = subprocess.run(
            [sys.executable, "-m", "drill", *options], capture_output=True, text=True, cwd=ROOT
        )
        assert done.returncode == 1
        assert done.stderr.startswith(says)
        assert done.stderr.count("\n") == 1


@pytest.mark.slow
def test_the_short_form_gives_what_was_kept() -> None:
    run.choose()
    found = [each for task in run.SHORT for each in run.do(task)]
    assert run.drift(run.load(), found) == []
