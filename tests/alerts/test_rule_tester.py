"""`python -m dashboards test-rules`: what a user sees, and what a test may say."""

import os
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import yaml

from dashboards.__main__ import main
from local.stores.timestream import rulecases
from local.stores.timestream.rulecases import Data, Endpoint, load
from processor import catalog
from ruletest.command import report
from ruletest.datasource import SourceError
from ruletest.yamlfile import FileError
from tests.support.usual import ON, alerting_files

ROOT = Path(__file__).resolve().parents[2]
RULES = alerting_files()["rules"]
OTHERS = [alerting_files()[name] for name in ("contact-points", "templates")]

pytestmark = pytest.mark.skipif("errors-5xx" not in ON, reason="the rule it tests with is off")

TEST = """
rules: [{rules}]
rule: cloudfront-errors-5xx
tests:
  - name: half of Brazil fails
    traffic:
      - {{from: -6m, to: 4m, requests: 600, fields: {{c-country: BR}}}}
      - {{from: -6m, to: 4m, requests: 600, fields: {{c-country: BR, sc-status: 503}}}}
      - {{from: -6m, to: 4m, requests: 6000, fields: {{c-country: DE}}}}
    evaluate: {{from: 0m, to: 2m}}
    expect:
      - at: 2m
        alerts: {alerts}
"""
RIGHT = "[{labels: {bundle: cloudfront, name: BR, part: country-5xx, severity: critical}}]"


def write(folder: Path, alerts: str) -> Path:
    path = folder / "test.yaml"
    path.write_text(TEST.format(rules=RULES, alerts=alerts))
    return path


class TestCommand:
    def test_it_says_what_passed(self, tmp_path: Path, timestream: Endpoint) -> None:
        [test] = load(write(tmp_path, RIGHT))
        outcome = timestream.run(test)
        assert outcome.ok
        assert report(outcome) == "ok   cloudfront-errors-5xx: half of Brazil fails"

    def test_it_shows_a_failure_as_a_diff(self, tmp_path: Path, timestream: Endpoint) -> None:
        wrong = RIGHT.replace("name: BR", "name: DE")
        [test] = load(write(tmp_path, wrong))
        text = report(timestream.run(test, show=True))
        assert text.startswith("FAIL cloudfront-errors-5xx: half of Brazil fails\n")
        assert "at 2m, alerts:" in text
        assert "-    name: DE" in text
        assert "+    name: BR" in text
        assert "5xx rate for viewers in BR is 50.0 % (threshold 2 % over 5 minutes to" in text

    @pytest.mark.slow
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
        ("rule: cloudfront-errors", "rule: cloudfront-erors", "'cloudfront-errors-5xx'"),
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
    with pytest.raises(FileError) as refused:
        load(path)
    assert says in str(refused.value)


class TestTraffic:
    START = datetime(2026, 1, 5, 12, tzinfo=UTC)

    def data(self, folder: Path, **entry: Any) -> Data:
        path = write(folder, RIGHT)
        content = yaml.safe_load(path.read_text())
        content["tests"][0] |= {"traffic": [], **entry}
        path.write_text(yaml.safe_dump(content))
        [test] = load(path)
        return test.data

    def rows(self, timestream: Endpoint, data: Data) -> list[dict[str, str]]:
        """Return what is in the table, NULLs left out."""
        with timestream.table() as table:
            timestream.write(table, data, self.START)
            sql = f"""SELECT * FROM "{timestream.database}"."{table}"
                WHERE measure_name <> 'schema'"""
            answer = timestream.client.query(QueryString=sql)
            names = [column["Name"] for column in answer["ColumnInfo"]]
            return [
                {
                    name: datum["ScalarValue"]
                    for name, datum in zip(names, row["Data"], strict=True)
                    if "ScalarValue" in datum
                }
                for row in answer["Rows"]
            ]

    @pytest.mark.parametrize("layout", ["multi", "classic"])
    def test_a_line_has_what_the_test_says_and_is_usual_otherwise(
        self, layout: str, tmp_path: Path, timestream: Endpoint
    ) -> None:
        fields = {"c-country": "BR", "sc-status": "503", "origin-fbl": "0.25", "cs-host": "-"}
        entry = {"from": "0m", "to": "1m", "requests": 2, "fields": fields}
        found = self.rows(timestream, self.data(tmp_path, layout=layout, traffic=[entry]))
        assert sorted(row["time"][:19] for row in found) == [
            "2026-01-05 12:00:15", "2026-01-05 12:00:45",
        ]  # fmt: skip
        assert len({row["x_edge_request_id"] for row in found}) == 2
        for row in found:
            assert row.get("cs_host", "-") == "-"
            for name, value in {**rulecases.USUAL, **fields}.items():
                column = catalog.BY_NAME[name].column
                if layout == "classic" and name == "sc-bytes":
                    column = "measure_value::bigint"
                assert row.get(column, "-") == value, name

    def test_a_batch_accounts_for_every_line(self, tmp_path: Path, timestream: Endpoint) -> None:
        entry = {"from": "0m", "to": "1m", "received": 10, "malformed": 2, "rejected": 1}
        [row] = self.rows(timestream, self.data(tmp_path, pipeline=[entry]))
        assert (row["received"], row["written"], row["malformed"]) == ("10", "7", "2")
        assert float(row["lag_p50_ms"]) == 0

    @pytest.mark.slow
    def test_a_field_that_is_not_collected_by_default_can_be_named(
        self, tmp_path: Path, timestream: Endpoint
    ) -> None:
        default = {field.name for field in catalog.DEFAULT_FIELDS}
        name = next(field.name for field in catalog.FIELDS if field.name not in default)
        entry = {"from": "0m", "to": "1m", "fields": {name: "7"}}
        [row] = self.rows(timestream, self.data(tmp_path, traffic=[entry]))
        assert row[catalog.BY_NAME[name].column] == "7"

    @pytest.mark.slow
    @pytest.mark.parametrize("columns", [True, False])
    def test_the_table_has_every_column_before_a_test_begins(
        self, columns: bool, tmp_path: Path, timestream: Endpoint
    ) -> None:
        data = self.data(tmp_path, columns=columns)
        with timestream.table() as table:
            timestream.write(table, data, self.START)
            sql = f'DESCRIBE "{timestream.database}"."{table}"'
            answer = timestream.client.query(QueryString=sql)
        named = {row["Data"][0]["ScalarValue"] for row in answer["Rows"]}
        wanted = {field.column for field in catalog.DEFAULT_FIELDS if field.role != "time"}
        assert (named >= wanted) is columns

    def test_what_the_table_does_not_take_is_an_error_of_the_test(
        self, tmp_path: Path, timestream: Endpoint
    ) -> None:
        [test] = load(write(tmp_path, RIGHT))
        before_all_that_is_kept = datetime(1776, 1, 5, tzinfo=UTC)
        with pytest.raises(SourceError, match=r"half of Brazil fails.*did not write the lines"):
            timestream.run(replace(test, start=before_all_that_is_kept))

    def test_the_environment_is_left_as_it_was(self, tmp_path: Path, timestream: Endpoint) -> None:
        before = dict(os.environ)
        self.rows(timestream, self.data(tmp_path))
        assert dict(os.environ) == before


class TestMessages:
    """What is sent, word for word."""

    # From an hour before the alert.
    SINCE = 1767610800000
    LOOK = "http://localhost:3000/d/cloudfront-countries?{range}&viewPanel={panel}&var-country=BR"
    THESE = "http://localhost:3000/d/cloudfront-requests?{range}&var-status=5&var-country=BR"
    ENTRY = "http://localhost:3000/d/cloudfront-runbook?{range}&viewPanel={panel}&var-country=BR"
    PAGE = "http://localhost:3000/d/cloudfront-runbook?{range}"
    SILENCE = (
        "http://localhost:3000/alerting/silence/new?alertmanager=grafana"
        "&matcher=__alert_rule_uid__%3Dcloudfront-errors-5xx&matcher=bundle%3Dcloudfront"
        "&matcher=name%3DBR&matcher=part%3Dcountry-5xx&matcher=severity%3Dcritical&orgId=1"
    )

    CASE = """
rules: [{rules}]
rule: cloudfront-errors-5xx
tests:
  - name: message
    traffic:
      - {{from: -6m, to: 2m, requests: 800, fields: {{c-country: BR}}}}
      - from: -6m
        to: 2m
        requests: 80
        fields: {{c-country: BR, sc-status: 503, cs-uri-stem: /pay}}
      - {{from: -6m, to: 44m, requests: 50000}}
      - {{from: 2m, to: 44m, requests: 4200, fields: {{c-country: BR}}}}
    evaluate: {{from: 0m, to: 40m}}
    expect:
      - at: 2m
        messages:
          - to: cloudfront-critical
            type: email
            title: '5xx rate BR 9.1 % (critical)'
            text: |
              Site-wide: {site}

              5xx rate for viewers in BR is 9.1 % (threshold 2 % over 5 minutes to 1 hour).
              {cause}
              Since 12:00 UTC, 5 Jan
              {links}
              What else fires, and why: {page}
              Silence (sign in first): {silence}
      - at: 7m
        alerts:
          - labels: {{bundle: cloudfront, name: BR, part: country-5xx, severity: critical}}
            state: Alerting
      - at: 9m
        alerts:
          - labels: {{bundle: cloudfront, name: BR, part: country-5xx, severity: critical}}
            state: Recovering
      - at: 38m
        alerts: []
        messages:
          - title: 'Resolved: 5xx rate BR'
            text: |
              Well again: 5xx rate for viewers in BR is 0.0 % (threshold 2 % {window}).
              Until 12:38 UTC, 5 Jan
              {links_then}
              What else fires, and why: {page_then}
"""

    def links(self, until: str = "now") -> tuple[str, str]:
        """Return the lines with an alert's links, and the link to the page about all."""
        from dashboards.alerts import runbook
        from dashboards.alerts.files import panel
        from dashboards.boards import boards
        from dashboards.grafana.panels import panel_id
        from tests.support.usual import Bundle

        _, number = panel(boards(Bundle()), "error_rate_5xx", "country") or ("", 0)
        earlier = 0 if until == "now" else 2 * 3_600_000
        span = f"from={int(self.SINCE) - earlier}&to={until}"
        look = self.LOOK.format(range=span, panel=number)
        these = self.THESE.format(range=span)
        entry = self.ENTRY.format(range=span, panel=panel_id(runbook.key("errors-5xx")))
        indent = "\n              "
        lines = f"Look: {look}{indent}Requests: {these}\n{indent}Do: {entry}"
        return lines, self.PAGE.format(range=span)

    @pytest.mark.slow
    def test_a_message_reads_well_and_is_taken_back(
        self, tmp_path: Path, timestream: Endpoint
    ) -> None:
        links, page = self.links()
        links_then, page_then = self.links("1767617580000")
        path = tmp_path / "message.yaml"
        path.write_text(
            self.CASE.format(
                rules=", ".join(map(str, [RULES, *OTHERS])),
                cause="All of the errors: on hits (edge side); nothing else stands out. "
                "Worst URI: /pay (all).",
                site="All of the errors: country BR, on hits (edge side). Worst URI: /pay (all).",
                links=links,
                page=page,
                silence=self.SILENCE,
                links_then=links_then,
                window="over 5 minutes to 1 hour",
                page_then=page_then,
            )
        )
        [test] = load(path)
        outcome = timestream.run(test)
        assert outcome.ok, report(outcome)

    GONE = """
rules: [{rules}]
rule: cloudfront-errors-5xx
tests:
  - name: silence after errors
    traffic:
      - {{from: -6m, to: 4m, requests: 1000, fields: {{c-country: BR, sc-status: 503}}}}
      - {{from: -6m, to: 84m, requests: 10800, fields: {{c-country: DE}}}}
    evaluate: {{from: 0m, to: 66m}}
    expect:
      - at: 2m
        alerts:
          - labels: {{bundle: cloudfront, name: BR, part: country-5xx, severity: critical}}
      - at: 66m
        alerts: []
        messages:
          - title: 'Resolved: 5xx rate BR'
            text: |
              Can no longer be judged (too little traffic, or others are worse). Last: \
5xx rate for viewers in BR is 100.0 % (threshold 2 % over 5 minutes to 1 hour).
              Until 13:06 UTC, 5 Jan
              {links}
              What else fires, and why: {page}
"""

    @pytest.mark.slow
    def test_what_can_no_longer_be_judged_is_not_called_well(
        self, tmp_path: Path, timestream: Endpoint
    ) -> None:
        """Those who got errors have given up: the alert ends, but nothing was seen to be well."""
        links, page = self.links("1767619260000")
        path = tmp_path / "gone.yaml"
        rules = ", ".join(map(str, [RULES, *OTHERS]))
        path.write_text(self.GONE.format(rules=rules, links=links, page=page))
        [test] = load(path)
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
    rule: cloudfront-errors-4xx
    columns: false
    expect:
      - at: 0m
        error: does not exist
        alerts: []
  - name: warning, at once
    rule: cloudfront-errors-4xx
    columns: false
    grafana: 12.2
    expect:
      - at: 0m
        alerts:
          - labels: {{alertname: DatasourceError, bundle: cloudfront, datasource_uid: timestream,
                     ref_id: A, rulename: 4xx errors, severity: warning}}
  - name: critical
    rule: cloudfront-errors-5xx
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
    for test in load(path):
        outcome = timestream.run(test)
        assert outcome.ok, report(outcome)
