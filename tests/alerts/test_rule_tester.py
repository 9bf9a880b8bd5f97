"""`python -m dashboards test-rules`: what a user sees, and what a test may say."""

import base64
import subprocess
import sys
import time
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from usual import ON, alerting_files

from dashboards.__main__ import main
from dashboards.stores.timestream import frames
from processor import catalogue
from processor.config import Config
from processor.handler import Processor
from ruletest import rows
from ruletest.cases import load_tests
from ruletest.command import DATABASE, Endpoint, report
from ruletest.yamlfile import FileError

ROOT = Path(__file__).resolve().parents[2]
RULES = alerting_files()["rules"]
OTHERS = [alerting_files()[name] for name in ("contact-points", "templates")]

pytestmark = pytest.mark.skipif("country-5xx" not in ON, reason="the rule it tests with is off")

TEST = """
rules: [{rules}]
rule: cloudfront-country-5xx
tests:
  - name: half of Brazil fails
    traffic:
      - {{from: -6m, to: 4m, requests: 600, fields: {{c-country: BR}}}}
      - {{from: -6m, to: 4m, requests: 600, fields: {{c-country: BR, sc-status: 503}}}}
    evaluate: {{from: 0m, to: 2m}}
    expect:
      - at: 2m
        alerts: {alerts}
"""
RIGHT = "[{labels: {bundle: cloudfront, country: BR, severity: critical}}]"


def write(folder: Path, alerts: str) -> Path:
    path = folder / "test.yaml"
    path.write_text(TEST.format(rules=RULES, alerts=alerts))
    return path


class TestCommand:
    def test_it_says_what_passed(self, tmp_path: Path, timestream: Endpoint) -> None:
        [test] = load_tests(write(tmp_path, RIGHT))
        outcome = timestream.run(test)
        assert outcome.ok
        assert report(outcome) == "ok   cloudfront-country-5xx: half of Brazil fails"

    def test_it_shows_a_failure_as_a_diff(self, tmp_path: Path, timestream: Endpoint) -> None:
        wrong = RIGHT.replace("country: BR", "country: DE")
        [test] = load_tests(write(tmp_path, wrong))
        text = report(timestream.run(test, show=True))
        assert text.startswith("FAIL cloudfront-country-5xx: half of Brazil fails\n")
        assert "at 2m, alerts:" in text
        assert "-    country: DE" in text
        assert "+    country: BR" in text
        assert "5xx rate for viewers in BR is 50.0 % (line 1 % over 5 minutes)." in text

    def test_it_runs_from_the_command_line(self, tmp_path: Path) -> None:
        """With an endpoint of its own, which is gone afterwards."""
        done = subprocess.run(
            [sys.executable, "-m", "dashboards", "test-rules", str(write(tmp_path, RIGHT))],
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
        )
        assert (done.returncode, done.stderr) == (0, "")
        assert done.stdout.endswith("1 of 1 tests passed\n")

    def test_bad_input_is_one_sentence(
        self, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        path = tmp_path / "test.yaml"
        path.write_text("tests: []\nruls: x\n")
        assert main(["test-rules", str(path)]) == 2
        said = capsys.readouterr().err
        assert said.count("\n") == 1
        assert "the tester does not read 'ruls'; did you mean 'rules'?" in said


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("rule: cloudfront-country", "rule: cloudfront-countri", "'cloudfront-country-5xx'"),
        ("expect:", "expects:", "did you mean 'expect'"),
        ("- at: 2m", "- at: soon", "not a valid duration"),
        ("requests: 600", "requests: many", "must be a count"),
        ("from: -6m, to: 4m", "from: 4m, to: -6m", "must be a count"),
        ("name: half", "shows: magic\n    name: half", "shows must be one of"),
        ("alerts:", "alert:", "did you mean 'alerts'"),
        ("c-country: BR}", "c-contry: BR}", "did you mean 'c-country'"),
        ("sc-status: 503", "sc-status: many", "'many' is no BIGINT"),
    ],
)  # fmt: skip
def test_a_test_that_cannot_be_run_says_why(old: str, new: str, says: str, tmp_path: Path) -> None:
    path = write(tmp_path, RIGHT)
    path.write_text(path.read_text().replace(old, new))
    with pytest.raises((FileError, rows.RowError)) as refused:
        sum(len(list(test.records())) for test in load_tests(path))
    assert says in str(refused.value)


class TestRows:
    @pytest.mark.parametrize("layout", ["multi", "classic"])
    def test_they_are_those_the_processor_writes(
        self, layout: str, timestream: Endpoint, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """The tester knows the catalogue only; the rows of the processor say it is right."""
        fields = {"c-country": "BR", "sc-status": "503", "origin-fbl": "0.25", "cs-uri-stem": "/a"}
        at = time.time_ns() // 1_000_000
        values = {**rows.USUAL, **fields, "x-edge-request-id": "test-00000007"}
        values["timestamp"] = f"{at // 1000}.{at % 1000:03d}"
        line = "\t".join(values.get(field.name, "-") for field in catalogue.DEFAULT_FIELDS)
        monkeypatch.setenv("AWS_ENDPOINT_URL_TIMESTREAM_WRITE", timestream.url)
        monkeypatch.setenv("AWS_ACCESS_KEY_ID", "test")
        monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "test")
        with timestream.table() as ours, timestream.table() as theirs:
            mine = rows.requests(fields, [at * 1_000_000], layout, count(7))
            timestream.rows.write(DATABASE, ours, mine)
            config = Config(database=DATABASE, table=theirs, layout=layout)
            data = base64.b64encode(line.encode()).decode()
            record = {"kinesis": {"sequenceNumber": "1", "data": data}, "eventID": "shard-0:1"}
            assert Processor(config).handle({"Records": [record]}) == {"batchItemFailures": []}
            assert _row(timestream, ours) == _row(timestream, theirs)

    def test_a_pipeline_record_accounts_for_every_line(self) -> None:
        record = rows.pipeline({"received": 10, "malformed": 2, "rejected": 1}, 5)
        values = {each["Name"]: each["Value"] for each in record["MeasureValues"]}
        assert (values["written"], values["malformed"], values["lag_p50_ms"]) == ("7", "2", "0.0")
        with pytest.raises(rows.RowError, match="has no 'recieved'"):
            rows.pipeline({"recieved": 1}, 5)

    def test_the_table_has_every_column_before_a_test_begins(self) -> None:
        request, _ = rows.everything(0, "multi")
        named = {each["Name"] for each in request["Dimensions"] + request["MeasureValues"]}
        assert named == {field.column for field in catalogue.DEFAULT_FIELDS if field.role != "time"}


def _row(timestream: Endpoint, table: str) -> dict[str, Any]:
    """Return what is in the one row; its time's last digits are a hash of the processor's own."""
    sql = f"""SELECT * FROM "{DATABASE}"."{table}" WHERE measure_name <> 'pipeline'"""
    answer = frames.run(timestream.client, sql)
    [row] = answer["Rows"]
    values = {
        column["Name"]: datum.get("ScalarValue")
        for column, datum in zip(answer["ColumnInfo"], row["Data"], strict=True)
    }
    present = {name: value for name, value in values.items() if value is not None}
    return {**present, "time": present["time"][:-6]}


class TestMessages:
    """What is sent, word for word."""

    LOOK = (
        "http://localhost:3000/d/cloudfront-countries?from=now-3h&to=now&viewPanel={panel}"
        "&var-country=BR"
    )
    SILENCE = (
        "http://localhost:3000/alerting/silence/new?alertmanager=grafana"
        "&matcher=__alert_rule_uid__%3Dcloudfront-country-5xx&matcher=bundle%3Dcloudfront"
        "&matcher=country%3DBR&matcher=severity%3Dcritical&orgId=1"
    )

    CASE = """
rules: [{rules}]
rule: cloudfront-country-5xx
tests:
  - name: message
    traffic:
      - {{from: -6m, to: 2m, requests: 800, fields: {{c-country: BR}}}}
      - from: -6m
        to: 2m
        requests: 80
        fields: {{c-country: BR, sc-status: 503, cs-uri-stem: /pay}}
      - {{from: 2m, to: 20m, requests: 1800, fields: {{c-country: BR}}}}
    evaluate: {{from: 0m, to: 16m}}
    expect:
      - at: 2m
        messages:
          - to: cloudfront-critical
            type: email
            title: 'CRITICAL: 5xx rate by country'
            text: |+
              5xx rate for viewers in BR is 9.1 % (line 1 % over 5 minutes).
              Most of them: /pay (50)
              Since 12:02 UTC, 5 Jan
              Look: {look}
              Do: {runbook}
              Silence (sign in first): {silence}

      - at: 7m
        alerts:
          - labels: {{bundle: cloudfront, country: BR, severity: critical}}
            state: Alerting
      - at: 9m
        alerts:
          - labels: {{bundle: cloudfront, country: BR, severity: critical}}
            state: Recovering
      - at: 13m
        alerts: []
        messages:
          - title: 'Resolved: 5xx rate by country'
            text: |+
              Well again: 5xx rate for viewers in BR is 0.0 % (line 1 % over 5 minutes).
              Since 12:02 UTC, 5 Jan, until 12:13 UTC
              Look: {look}
              Do: {runbook}

"""

    def test_a_message_reads_well_and_is_taken_back(
        self, tmp_path: Path, timestream: Endpoint
    ) -> None:
        from usual import Bundle

        from dashboards.alerts import runbook
        from dashboards.alerts.files import panel
        from dashboards.boards import boards

        _, number = panel(boards(Bundle()), "error_rate_5xx", "country") or ("", 0)
        path = tmp_path / "message.yaml"
        path.write_text(
            self.CASE.format(
                rules=", ".join(map(str, [RULES, *OTHERS])),
                look=self.LOOK.format(panel=number),
                silence=self.SILENCE,
                runbook=runbook.link(Bundle(), "country-5xx", chosen="&var-country=BR"),
            )
        )
        [test] = load_tests(path)
        outcome = timestream.run(test)
        assert outcome.ok, report(outcome)

    GONE = """
rules: [{rules}]
rule: cloudfront-country-5xx
tests:
  - name: silence after errors
    traffic:
      - {{from: -6m, to: 4m, requests: 1000, fields: {{c-country: BR, sc-status: 503}}}}
      - {{from: -6m, to: 20m, requests: {others}, fields: {{c-country: DE}}}}
    evaluate: {{from: 0m, to: 20m}}
    expect:
      - at: 2m
        alerts:
          - labels: {{bundle: cloudfront, country: BR, severity: critical}}
      - at: {resolved}
        alerts: []
        messages:
          - title: 'Resolved: 5xx rate by country'
            text: |+
              Can no longer be judged (too little traffic, or others are worse). Last: \
5xx rate for viewers in BR is 100.0 % (line 1 % over 5 minutes).
              Since 12:02 UTC, 5 Jan, until 12:{until} UTC
              Look: {look}
              Do: {runbook}

"""

    @pytest.mark.parametrize(
        ("others", "resolved"), [(2600, "10m"), (0, "14m")], ids=["others go on", "nobody"]
    )
    def test_what_can_no_longer_be_judged_is_not_called_well(
        self, others: int, resolved: str, tmp_path: Path, timestream: Endpoint
    ) -> None:
        """Those who got errors have given up: the alert ends, but nothing was seen to be well."""
        from usual import Bundle

        from dashboards.alerts import runbook
        from dashboards.alerts.files import panel
        from dashboards.boards import boards

        _, number = panel(boards(Bundle()), "error_rate_5xx", "country") or ("", 0)
        path = tmp_path / "gone.yaml"
        path.write_text(
            self.GONE.format(
                rules=", ".join(map(str, [RULES, *OTHERS])),
                others=others,
                resolved=resolved,
                until=resolved.removesuffix("m"),
                look=self.LOOK.format(panel=number),
                runbook=runbook.link(Bundle(), "country-5xx", chosen="&var-country=BR"),
            )
        )
        [test] = load_tests(path)
        outcome = timestream.run(test, show=True)
        assert outcome.ok, report(outcome)


def test_a_table_that_never_had_a_column_is_an_error_and_pages_once(
    tmp_path: Path, timestream: Endpoint
) -> None:
    """On the day of deployment Timestream knows no columns: warnings say so, critical rules not.

    Until Grafana 12.4 an error did not wait for the rule's `for`.
    """
    path = tmp_path / "new.yaml"
    path.write_text(f"""
rules: [{RULES}]
tests:
  - name: warning
    rule: cloudfront-country-4xx
    columns: false
    expect:
      - at: 0m
        error: does not exist
        alerts: []
  - name: warning, at once
    rule: cloudfront-country-4xx
    columns: false
    grafana: 12.2
    expect:
      - at: 0m
        alerts:
          - labels: {{alertname: DatasourceError, bundle: cloudfront, datasource_uid: timestream,
                     ref_id: A, rulename: 4xx rate by country, severity: warning}}
  - name: critical
    rule: cloudfront-country-5xx
    columns: false
    expect: [{{at: 0m, alerts: [], error: does not exist}}]
  - name: the one that pages
    rule: cloudfront-pipeline-silent
    columns: false
    evaluate: {{from: 0m, to: 5m}}
    expect:
      - at: 4m
        error: does not exist
        alerts: []
      - at: 5m
        alerts:
          - labels: {{alertname: DatasourceError, bundle: cloudfront, datasource_uid: timestream,
                     ref_id: A, rulename: No log lines arrive, severity: critical}}
""")
    for test in load_tests(path):
        outcome = timestream.run(test)
        assert outcome.ok, report(outcome)
