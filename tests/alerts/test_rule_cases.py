"""What a test may say of its traffic; anything else is one sentence with its line."""

import re
from pathlib import Path

import pytest

from dashboards.__main__ import main

ROOT = Path(__file__).resolve().parents[2]
RULES = ROOT / "provisioning/alerting/rules.yaml"

CASE = """\
rules: [RULES]
rule: cloudfront-errors-5xx
tests:
  - name: half of Brazil fails
    traffic:
      - {from: -6m, to: 4m, requests: 6, fields: {c-country: BR}}
    pipeline:
      - {from: -6m, to: 4m, batches: 1, received: 5}
    expect:
      - at: 2m
        alerts: []
"""


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("at: 2m", "at: soon", "line 10: 'half of Brazil fails': at: not a valid duration"),
        ("from: -6m, to: 4m, requests", "from: x, to: 4m, requests", "line 6: .*not a valid dur"),
        ("from: -6m, to: 4m, requests", "to: 4m, requests", "requests lacks `from`"),
        ("requests: 6", "requests: -1", "must be a count"),
        ("requests: 6", "request: 6", "line 6: .*did you mean 'requests'"),
        ("fields: {c-country: BR}", "fields: BR", "fields: expected a mapping, got text"),
        ("c-country: BR", "sc-bytes: many", "line 6: .*'many' is no BIGINT"),
        ("c-country: BR", "time-taken: soon", "line 6: .*'soon' is no DOUBLE"),
        ("c-country: BR", "c-contry: BR", "line 6: .*did you mean 'c-country'"),
        ("{from: -6m, to: 4m, requests: 6, fields: {c-country: BR}}", "traffic", "a mapping"),
        ("received: 5", "received: five", "line 8: .*pipeline: received must be a whole number"),
        ("received: 5", "received: 5.5", "line 8: .*pipeline: received must be a whole number"),
        ("received: 5", "lag_p50_ms: true", "line 8: .*pipeline: lag_p50_ms must be a number"),
        ("received: 5", "recieved: 5", "has no 'recieved'"),
        ("    expect:", "    columns: 'no'\n    expect:", "columns must be true or false"),
        ("    expect:", "    layout: wide\n    expect:", "layout must be one of multi, classic"),
        ("tests:", "tests: 5\nlayout: multi\nx:", "does not read 'x'"),
        ("rule: cloudfront", "rule: cloudfron", "did you mean 'cloudfront-errors-5xx'"),
    ],
)  # fmt: skip
def test_a_bad_test_file_is_one_sentence(
    old: str, new: str, says: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "test.yaml"
    path.write_text(CASE.replace(old, new, 1).replace("RULES", str(RULES)))
    assert main(["test-rules", str(path)]) == 2
    said = capsys.readouterr().err
    assert re.search(says, said), said
    assert said.startswith("test-rules: ")
    assert said.count("\n") == 1


def test_a_query_that_the_plugin_cannot_ask_is_said_when_the_file_is_read(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rules = tmp_path / "rules.yaml"
    rules.write_text(RULES.read_text().replace("rawQuery:", "rawSql:"))
    path = tmp_path / "test.yaml"
    path.write_text(CASE.replace("RULES", str(rules)))
    assert main(["test-rules", str(path)]) == 2
    assert (
        "line 2: 'half of Brazil fails': rule '5xx errors', query 'A': the Timestream "
        "plugin does not read 'rawSql'" in capsys.readouterr().err
    )


@pytest.mark.parametrize("url", ["nowhere", "http://", "http://127.0.0.1:9"])
def test_an_endpoint_that_does_not_answer_is_one_sentence(
    url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    case = ROOT / "tests/alerts/cases/smoke.yaml"
    assert main(["test-rules", str(case), "--endpoint", url]) == 2
    said = capsys.readouterr().err
    assert said.startswith("test-rules: the Timestream endpoint does not answer: ")
    assert said.count("\n") == 1
