"""Every rule fires just over its line, and is silent just under it, with too little traffic, and
without data: tests/alerts/cases, run on each store."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from dashboards.__main__ import main
from dashboards.alerts.rules import RULES
from dashboards.stores import DEFAULT_NAME, STORES
from local.stores.timestream import rulecases as timestream_cases
from ruletest.cases import Case
from ruletest.command import report
from tests.support.usual import ON, alerting_files, rulecases

CASES = sorted(Path(__file__).with_name("cases").glob("*.yaml"))
NEEDED = {"fires", "silent", "too-little", "no-data"}
# One rule of each kind of question: the SQL of a kind is made in one place.
KINDS = (
    "errors-5xx", "traffic-lost", "traffic-silent", "cache-hits", "first-byte", "slo-latency",
    "pipeline-lag", "pipeline-silent",
)  # fmt: skip
FIRST_ELSEWHERE = {(name, "fires") for name in KINDS}


def cases(store: str) -> list[Case]:
    """Return every case, about the rules of a store."""
    files = alerting_files(store=store).values()
    return [
        test for path in CASES if path.stem in ON for test in rulecases(store).load(path, files)
    ]


TESTS = {store: cases(store) for store in STORES}
FIRING = {test.rule.uid: test for test in reversed(TESTS[DEFAULT_NAME]) if test.shows == "fires"}


def _name(test: Case) -> str:
    return test.rule.uid.removeprefix("cloudfront-")


def _parameters() -> Iterator[Any]:
    """Yield every store with every case.

    `make test` runs the first that fires of each rule that pages, and one that is silent; `make
    test-all` the rest, too. Of another store the rest is for those who change rules: its numbers
    are held to the same in tests/contract.
    """
    for store, tests in TESTS.items():
        seen: set[tuple[str, str]] = set()
        for number, test in enumerate(tests):
            kind = _name(test), test.shows
            first = kind not in seen
            seen.add(kind)
            marks = [pytest.mark.slow]
            pages = test.rule.labels["severity"] == "critical"
            quick = (pages and test.shows == "fires") or kind == ("errors-5xx", "silent")
            if store == DEFAULT_NAME and first and quick:
                marks = []
            elif store != DEFAULT_NAME and not (first and kind in FIRST_ELSEWHERE):
                marks.append(pytest.mark.scenarios)
            yield pytest.param(
                store,
                test,
                id=f"{store}-{_name(test)}-{test.shows}-{number}",
                marks=marks,
            )


@pytest.mark.parametrize(("store", "test"), [*_parameters()])
def test_a_rule_does_what_its_case_says(
    store: str, test: Case, running: Callable[[str], Any]
) -> None:
    outcome = running(store).run(replace(test, expect=_named(test.expect, STORES[store].TITLE)))
    assert outcome.ok, report(outcome)


def _named(expected: Any, title: str) -> Any:
    """Have what is expected name a store where the cases name the usual one."""
    if isinstance(expected, str):
        return expected.replace(f"by {STORES[DEFAULT_NAME].TITLE}", f"by {title}")
    if isinstance(expected, dict):
        return {key: _named(value, title) for key, value in expected.items()}
    if isinstance(expected, list | tuple):
        return type(expected)(_named(value, title) for value in expected)
    return expected


def _without_numbers(expected: dict[str, Any]) -> dict[str, Any]:
    return {
        name: [{"labels": alert["labels"]} for alert in value] if name == "alerts" else value
        for name, value in expected.items()
    }


@pytest.mark.slow
@pytest.mark.parametrize("name", [name for name in KINDS if name in ON])
def test_a_rule_fires_in_the_classic_layout_too(
    name: str, timestream: timestream_cases.Endpoint, classic_files: list[Path]
) -> None:
    uid = f"cloudfront-{name}"
    test = FIRING[uid]
    [classic] = [
        each
        for each in timestream_cases.load(test.path, classic_files)
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
    shown = {test.shows for test in TESTS[DEFAULT_NAME] if _name(test) == name}
    assert shown >= (NEEDED - {"silent"} if name == "smoke" else NEEDED)


def test_every_case_file_is_named_for_its_rule() -> None:
    assert {path.stem for path in CASES} == set(RULES)


@pytest.mark.slow
@pytest.mark.parametrize("store", STORES)
def test_the_command_line_takes_the_rules_of_a_store(store: str) -> None:
    case = Path(__file__).with_name("cases") / "smoke.yaml"
    files = [str(path) for path in alerting_files(store=store).values()]
    asked = ["test-rules", "--store", store, str(case)]
    assert main([*asked, *(word for path in files for word in ("--rules", path))]) == 0


@pytest.mark.parametrize(
    ("store", "case", "says"),
    [
        ("clickhouse", "errors-5xx", "the ClickHouse plugin does not read 'rawQuery'"),
        ("clikhouse", "smoke", "did you mean 'clickhouse'"),
    ],
)
def test_rules_of_another_store_are_refused_in_a_sentence(
    store: str, case: str, says: str, capsys: pytest.CaptureFixture[str]
) -> None:
    path = Path(__file__).with_name("cases") / f"{case}.yaml"
    assert main(["test-rules", "--store", store, str(path)]) == 2
    assert says in capsys.readouterr().err
