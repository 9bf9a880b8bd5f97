"""ClickHouse in a running Grafana: which store it is, and a stack that writes to it."""

import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from provisioning.push import cli, stores
from tests.support import push_samples
from tests.support.aws import FakeAws, FakeCloudFormation, serving
from tests.support.clickhouse_push import (
    DATASOURCE,
    PASSWORD,
    PLUGIN,
    ROOT,
    SECRET,
    Grafana,
    Run,
    built,
    settings,
)


class TestStore:
    @pytest.mark.parametrize(
        ("options", "why"),
        [
            (["--store", "clickhose"], "There is no store 'clickhose'; did you mean clickhouse?"),
            (["--store", "x"], "There is no store 'x'; choose one of timestream, clickhouse."),
            (["--store", "timestream"], "--store timestream is about Timestream, and the files"),
            (["--auth", "keys"], "--auth has no effect: the data source of ClickHouse signs in"),
            (["--datasource", "x", "--reader-secret", SECRET], "has no effect beside --datasource"),
            (["--table", "lines"], "--table has no effect: the files in"),
        ],
    )
    def test_an_option_that_contradicts_the_files_is_refused(
        self,
        grafana: Grafana,
        run: Run,
        capsys: pytest.CaptureFixture[str],
        options: list[str],
        why: str,
    ):
        assert run("apply", "--yes", *options) == 1
        error = capsys.readouterr().err
        assert why in error
        assert error.count("\n") == 1
        assert grafana.writes() == []

    def test_the_files_say_which_it_is_and_saying_it_too_does_no_harm(
        self, grafana: Grafana, run: Run
    ):
        assert run("apply", "--yes", "--store", "clickhouse") == 0
        assert run("plan", "--exit-code") == 0

    def test_files_without_a_data_source_say_it_too(self, grafana: Grafana, run: Run, files: Path):
        (files / "datasources/clickhouse.yaml").unlink()
        grafana.user_makes_datasource(
            "cloudfront-clickhouse", kind=PLUGIN, jsonData={"defaultDatabase": "cloudfront"}
        )
        assert run("apply", "--yes", "--datasource", "cloudfront-clickhouse") == 0

    def test_a_data_source_of_ones_own_beside_ours_does_not_decide(self):
        for ours, theirs, store in (
            (push_samples.built(), DATASOURCE, "timestream"),
            (built(), push_samples.DATASOURCE.format(name="mine"), "clickhouse"),
        ):
            assert stores.asked_in({"datasources/a.yaml": theirs, **ours}) == store
            assert stores.asked_in({**ours, "datasources/z.yaml": theirs}) == store
        assert stores.asked_in({"datasources/a.yaml": DATASOURCE}) == "clickhouse"
        assert stores.asked_in({"alerting/x.yaml": "groups: []"}) is None

    def test_a_secret_of_a_reader_is_nothing_for_a_store_without_users(
        self, grafana: Grafana, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ):
        for path, text in push_samples.built().items():
            (tmp_path / "other" / path).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / "other" / path).write_text(text)
        where = ["--from", str(tmp_path / "other")]
        assert cli.main(["plan", *where, "--reader-secret", SECRET]) == 1
        assert "--reader-secret has no effect" in capsys.readouterr().err

    @pytest.mark.slow
    def test_dashboards_built_here_ask_it_by_the_bundles_own_data_source(
        self, grafana: Grafana, monkeypatch: pytest.MonkeyPatch
    ):
        monkeypatch.setenv("ALERTS_EMAIL", "alerts@example.com")
        monkeypatch.setenv("AWS_REGION", "eu-west-1")
        command = ["--store", "clickhouse", "--database", "logs", "--table", "lines"]
        assert cli.main(["apply", "--yes", *command]) == 0
        assert cli.main(["plan", "--exit-code", *command]) == 0
        [uid] = grafana.datasources
        assert uid == "cloudfront-clickhouse"
        assert grafana.datasources[uid]["name"] == "CloudFront ClickHouse"
        assert settings(grafana)["defaultDatabase"] == "logs"
        assert settings(grafana)["port"] == 8443
        asked = {q["datasourceUid"] for r in grafana.alerting.rules.values() for q in r["data"]}
        assert asked <= {uid, "__expr__"}
        texts = json.dumps([d["versions"][-1]["data"] for d in grafana.dashboards.values()])
        assert "grafana-timestream" not in texts
        built = list((ROOT / "provisioning/clickhouse/dashboards").rglob("*.json"))
        assert len(grafana.dashboards) == len(built)
        assert cli.main(["destroy", "--yes", *command]) == 0
        assert grafana.datasources == grafana.dashboards == {}

    @pytest.mark.parametrize("target", ["push", "push-plan"])
    def test_make_hands_on_a_store_that_was_said_and_no_other(self, target: str):
        if shutil.which("make") is None:
            pytest.skip("make is not installed")

        def made(*more: str) -> str:
            run = ["make", "--dry-run", "--no-print-directory", target, "ARGS=--stack s", *more]
            # As typed, also where make itself runs the tests.
            own = ("STORE", "MAKEFLAGS", "MAKELEVEL", "MFLAGS", "MAKEOVERRIDES")
            environment = {name: value for name, value in os.environ.items() if name not in own}
            return subprocess.run(
                run, cwd=ROOT, env=environment, capture_output=True, text=True, check=True
            ).stdout.splitlines()[-1]

        assert "--store" not in made()
        assert made("STORE=clickhouse").endswith("--store 'clickhouse' --stack s")

    def test_the_original_layout_is_refused_with_the_reason(
        self, grafana: Grafana, capsys: pytest.CaptureFixture[str]
    ):
        assert cli.main(["plan", "--store", "clickhouse", "--layout", "classic"]) == 1
        assert "is Timestream's alone" in capsys.readouterr().err


OUTPUTS = {
    "Store": "clickhouse",
    "Region": "eu-west-1",
    "ClickHouseUrl": "https://ch.example.com:8443",
    "ClickHouseDatabase": "logs",
    "ClickHouseTable": "lines",
    "ClickHouseSecretArn": SECRET.replace("reader", "writer"),
    "SamplingPercentage": "5",
    "RecordLayout": "multi",
    "CollectedFields": "timestamp,c-ip,sc-status,sc-bytes,x-edge-location",
    "DropFields": "-",
    "ViewerIp": "drop",
    "AlertTopicArn": "arn:aws:sns:eu-west-1:123456789012:alerts",
    "RealtimeLogConfigArn": "arn:aws:cloudfront::123456789012:realtime-log-config/s",
    "StreamName": "stream",
    "ProcessorName": "processor",
    "DeadLetterQueueUrl": "https://sqs.eu-west-1.amazonaws.com/123456789012/letters",
}


class TestStack:
    @pytest.fixture
    def stack(self, monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeAws]:
        """Deploy a stack "s" in eu-west-1 that writes to ClickHouse."""
        monkeypatch.delenv("CLICKHOUSE_URL")
        with serving() as aws:
            FakeCloudFormation(aws).add("s", OUTPUTS)
            monkeypatch.setenv("AWS_ENDPOINT_URL_CLOUDFORMATION", aws.url)
            yield aws

    STACK = ("--stack", "s", "--region", "eu-west-1")

    @pytest.mark.slow
    @pytest.mark.usefixtures("stack")
    def test_it_says_the_store_and_the_address_and_never_the_password(self, grafana: Grafana):
        assert cli.main(["apply", "--yes", *self.STACK, "--store", "clickhouse"]) == 0
        there = grafana.datasources["s-clickhouse"]
        assert there["name"] == "CloudFront (s) ClickHouse"
        assert {key: there["jsonData"][key] for key in ("host", "port", "secure", "username")} == {
            "host": "ch.example.com",
            "port": 8443,
            "secure": True,
            "username": "cloudfront_reader",
        }
        assert there["jsonData"]["defaultDatabase"] == "logs"
        assert there["secrets"] == {"password": PASSWORD}
        asked = json.dumps([d["versions"][-1]["data"] for d in grafana.dashboards.values()])
        assert "lines" in asked
        assert "grafana-timestream-datasource" not in asked
        assert cli.main(["plan", "--exit-code", *self.STACK]) == 0
        assert cli.main(["destroy", "--yes", *self.STACK]) == 0
        assert grafana.datasources == {}

    @pytest.mark.slow
    def test_grafana_may_reach_the_server_by_another_address(
        self, grafana: Grafana, stack: FakeAws, monkeypatch: pytest.MonkeyPatch
    ):
        monkeypatch.setenv("CLICKHOUSE_URL", "http://10.1.2.3:8123")
        assert cli.main(["apply", "--yes", *self.STACK]) == 0
        assert grafana.datasources["s-clickhouse"]["jsonData"]["host"] == "10.1.2.3"

    @pytest.mark.slow
    @pytest.mark.usefixtures("stack")
    def test_another_store_than_the_stacks_is_refused(
        self, grafana: Grafana, files: Path, capsys: pytest.CaptureFixture[str]
    ):
        assert cli.main(["apply", "--yes", *self.STACK, "--store", "timestream"]) == 1
        error = capsys.readouterr().err
        assert "--store timestream is about Timestream, and the stack s about ClickHouse" in error
        assert error.count("\n") == 1
        assert cli.main(["plan", *self.STACK, "--from", str(files), "--name", "cloudfront"]) == 0

    @pytest.mark.slow
    @pytest.mark.usefixtures("stack")
    def test_the_writers_secret_is_not_taken_for_the_readers(
        self, grafana: Grafana, capsys: pytest.CaptureFixture[str]
    ):
        secret = OUTPUTS["ClickHouseSecretArn"]
        assert cli.main(["apply", "--yes", *self.STACK, "--reader-secret", secret]) == 1
        assert "is the one that the stack writes with" in capsys.readouterr().err
        assert grafana.writes() == []
