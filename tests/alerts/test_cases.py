"""Every rule fires just over its line, and is silent just under it, with too little traffic, and
without data: tests/alerts/cases, run on the embedded endpoint."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from dashboards.alerts.rules import RULES
from local.stores.timestream.rulecases import Endpoint, load
from ruletest.cases import Case
from ruletest.command import report
from tests.support.usual import ON, alerting_files

CASES = sorted(Path(__file__).with_name("cases").glob("*.yaml"))
FILES = alerting_files().values()
TESTS = [test for path in CASES if path.stem in ON for test in load(path, FILES)]
NEEDED = {"fires", "silent", "too-little", "no-data"}


def _name(test: Case) -> str:
    return f"{test.rule.uid.removeprefix('cloudfront-')}-{test.shows}-{TESTS.index(test)}"


@pytest.mark.parametrize("test", TESTS, ids=_name)
def test_a_rule_does_what_its_case_says(test: Case, timestream: Endpoint) -> None:
    outcome = timestream.run(test)
    assert outcome.ok, report(outcome)


# One rule of each kind of question: the SQL of a kind is made in one place.
CLASSIC = (
    "edge-egress-lost", "edge-ttfb-p95", "country-5xx", "country-silent", "behavior-hits",
    "ttfb-hit-p95", "origin-fbl-p95", "slo-latency-6h", "pipeline-lag",
)  # fmt: skip
FIRING = {test.rule.uid: test for test in reversed(TESTS) if test.shows == "fires"}


def _without_numbers(expected: dict[str, Any]) -> dict[str, Any]:
    return {
        name: [{"labels": alert["labels"]} for alert in value] if name == "alerts" else value
        for name, value in expected.items()
    }


@pytest.mark.slow
@pytest.mark.parametrize("name", [name for name in CLASSIC if name in ON])
def test_a_rule_fires_in_the_classic_layout_too(
    name: str, timestream: Endpoint, classic_files: list[Path]
) -> None:
    uid = f"cloudfront-{name}"
    test = FIRING[uid]
    [classic] = [
        each
        for each in load(test.path, classic_files)
        if (each.rule.uid, each.name) == (uid, test.name)
    ]
    # Its rows lie on whole seconds, so that the numbers differ in the last digit.
    expect = tuple(_without_numbers(each) for each in classic.expect)
    outcome = timestream.run(
        replace(classic, data=replace(classic.data, layout="classic"), expect=expect)
    )
    assert outcome.ok, report(outcome)


@pytest.mark.parametrize("name", sorted(ON))
def test_every_rule_has_a_case_of_each_kind(name: str) -> None:
    """A rule is shown to fire, and to stay silent for each reason to; `smoke` is never silent."""
    shown = {test.shows for test in TESTS if test.rule.uid == f"cloudfront-{name}"}
    assert shown >= (NEEDED - {"silent"} if name == "smoke" else NEEDED)


def test_every_case_file_is_named_for_its_rule() -> None:
    assert {path.stem for path in CASES} == set(RULES)
