"""The same cases for every rule, on ClickHouse: it fires just over its line, and not under it."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from dashboards.__main__ import main
from dashboards.stores import clickhouse, timestream
from local.stores.clickhouse.rulecases import Endpoint, endpoint, load
from ruletest.cases import Case
from ruletest.command import report
from tests.support.usual import ON, alerting_files

CASES = sorted(Path(__file__).with_name("cases").glob("*.yaml"))
FILES = alerting_files(store="clickhouse").values()
TESTS = [test for path in CASES if path.stem in ON for test in load(path, FILES)]
# One rule of each kind of question: the SQL of a kind is made in one place.
KINDS = (
    "edge-egress-lost", "edge-ttfb-p95", "country-5xx", "country-silent", "behavior-hits",
    "ttfb-hit-p95", "origin-fbl-p95", "slo-latency-6h", "pipeline-lag",
)  # fmt: skip


def _name(test: Case) -> str:
    return f"{test.rule.uid.removeprefix('cloudfront-')}-{test.shows}-{TESTS.index(test)}"


def _marked(test: Case) -> Any:
    """Leave what shows the same again to `make test-all`."""
    usual = test.rule.uid.removeprefix("cloudfront-") in KINDS and test.shows == "fires"
    return pytest.param(test, id=_name(test), marks=() if usual else pytest.mark.slow)


@pytest.fixture(scope="module")
def running() -> Iterator[Endpoint]:
    """Yield an endpoint to run rule tests on."""
    with endpoint(None) as found:
        yield found


@pytest.mark.parametrize("test", [*map(_marked, TESTS)])
def test_a_rule_does_what_its_case_says(test: Case, running: Endpoint) -> None:
    outcome = running.run(replace(test, expect=_named(test.expect)))
    assert outcome.ok, report(outcome)


def _named(expected: Any) -> Any:
    """Have what is expected name this store where the cases name the usual one."""
    if isinstance(expected, str):
        return expected.replace(f"by {timestream.TITLE}", f"by {clickhouse.TITLE}")
    if isinstance(expected, dict):
        return {key: _named(value) for key, value in expected.items()}
    return type(expected)(map(_named, expected)) if isinstance(expected, list | tuple) else expected


def test_the_command_line_takes_the_store(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """With the rules of that store; those of another are refused in a sentence."""
    case = Path(__file__).with_name("cases") / "smoke.yaml"
    files = [str(path) for path in FILES]
    asked = ["test-rules", "--store", "clickhouse", str(case)]
    assert main([*asked, *(word for path in files for word in ("--rules", path))]) == 0
    other = Path(__file__).with_name("cases") / "country-5xx.yaml"
    assert main(["test-rules", "--store", "clickhouse", str(other)]) == 2
    said = capsys.readouterr().err
    assert "the ClickHouse plugin does not read 'rawQuery'" in said
    assert main(["test-rules", "--store", "clikhouse", str(case)]) == 2
    assert "did you mean 'clickhouse'" in capsys.readouterr().err
