"""ClickHouse in a running Grafana: its plugin, installed or missing."""

import io
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from provisioning.push import cli, plugin, stores
from provisioning.push.stores import clickhouse
from tests.support.aws import serving
from tests.support.clickhouse_push import PLUGIN, Grafana, Run, Start, built
from tests.support.fake_alerting import Answer
from tests.support.fake_grafana import TOKEN, Fault, served
from tests.support.managed_grafana import WORKSPACE, FakeManagedGrafana


class TestPlugin:
    @pytest.mark.parametrize(
        ("grafana_version", "installed", "sent"),
        [
            ("12.4.0", None, {}),
            ("13.2.1", None, {}),
            ("11.6.0", None, {}),
            ("11.5.9", None, {"version": "4.14.1"}),
            ("10.4.3", None, {"version": "4.14.1"}),
            ("12.4.0", "3.3.0", {}),
            ("12.4.0", "4.0.2", {}),
            ("11.5.9", "4.20.0", {"version": "4.14.1"}),
        ],
    )
    def test_it_is_installed_in_the_version_that_grafana_runs(
        self,
        start: Start,
        run: Run,
        grafana_version: str,
        installed: str | None,
        sent: dict[str, str],
        capsys: pytest.CaptureFixture[str],
    ):
        grafana = start(grafana_version)
        grafana.installed = installed
        assert run("plan") == 0
        out = capsys.readouterr().out
        assert f"the plugin {PLUGIN} is {installed or 'not installed'}" in out
        assert "apply would install it" in out
        assert grafana.asked == []
        assert run("apply", "--yes") == 0
        assert grafana.asked == [sent]
        assert grafana.installed == sent.get("version", "4.20.0")
        assert run("plan", "--exit-code") == 0
        assert grafana.asked == [sent]

    @pytest.mark.parametrize(
        ("grafana_version", "installed"),
        [("12.4.0", "4.0.3"), ("12.4.0", "5.1.0"), ("11.5.9", "4.14.1"), ("12.4.0", ""),
         ("12.4.0", "unknown")],
    )  # fmt: skip
    def test_one_that_will_do_is_left_alone(
        self, start: Start, run: Run, grafana_version: str, installed: str
    ):
        grafana = start(grafana_version)
        grafana.installed = installed
        assert run("apply", "--yes", "--install-plugin") == 0
        assert grafana.asked == []

    def test_without_a_yes_it_is_said_how_to_get_it_and_nothing_is_changed(
        self, grafana: Grafana, run: Run, capsys: pytest.CaptureFixture[str], monkeypatch: Any
    ):
        monkeypatch.setattr("sys.stdin", io.StringIO())
        grafana.installed = None
        assert run("apply") == 1
        error = capsys.readouterr().err
        assert "a push needs the ClickHouse plugin" in error
        assert f"grafana cli plugins install {PLUGIN}" in error
        assert "--install-plugin" in error
        assert grafana.asked == []
        assert grafana.writes() == []
        # The option is the yes to this question, and to no other.
        assert run("apply", "--install-plugin") == 1
        assert grafana.asked == [{}]
        assert grafana.dashboards == {}

    @pytest.mark.slow
    @pytest.mark.parametrize("version", ["12.4.0", "10.4.3"])
    def test_in_a_workspace_the_way_is_its_catalog(
        self,
        files: Path,
        monkeypatch: pytest.MonkeyPatch,
        capsys: pytest.CaptureFixture[str],
        version: str,
    ):
        grafana = Grafana(version, managed=True)
        grafana.installed = None
        where = ["--workspace-id", WORKSPACE, "--region", "eu-west-1"]
        for path, text in built(receivers=("sns",)).items():
            (files / path).write_text(text)
        with served(grafana) as url, serving() as aws:
            workspace = FakeManagedGrafana(aws, url, TOKEN, version[:4])
            monkeypatch.setenv("AWS_ENDPOINT_URL_GRAFANA", aws.url)
            assert cli.main(["plan", "--from", str(files), *where]) == 0
            out = capsys.readouterr().out
            assert "from its plugin catalog (https://docs.aws.amazon.com/grafana/" in out
            assert "plugin management has to be on" in out
            assert "grafana cli" not in out
            assert ("4.14.1" in out) == (version == "10.4.3")
            assert "does not have it" not in out
            grafana.catalog = None
            assert cli.main(["plan", "--from", str(files), *where]) == 0
            assert "This Grafana's plugin catalog does not have it." in capsys.readouterr().out
            grafana.catalog = "4.20.0"
            command = ["apply", "--from", str(files), *where, "--yes", "--install-plugin"]
            assert cli.main(command) == 0
            assert workspace.accounts == {}
        assert grafana.installed == ("4.14.1" if version == "10.4.3" else "4.20.0")
        assert grafana.datasources["cloudfront-clickhouse"]["jsonData"]["secure"] is True

    @pytest.mark.parametrize(
        ("refusal", "why"),
        [
            (Answer(404, {"message": "Not found"}), "not let the plugin be installed through"),
            (
                Answer(404, {"message": f"{PLUGIN} is not compatible with your Grafana version"}),
                f"({PLUGIN} is not compatible with your Grafana version)",
            ),
            (
                Answer(409, {"message": "Cannot update a pinned pre-installed plugin"}),
                "cannot be changed through the API (Cannot update a pinned pre-installed plugin)",
            ),
            (
                Answer(403, {"message": "no"}),
                "The token may not install plugins, which needs plugins:",
            ),
        ],
    )
    def test_a_refusal_is_one_line_that_says_what_to_do(
        self,
        grafana: Grafana,
        run: Run,
        capsys: pytest.CaptureFixture[str],
        refusal: Answer,
        why: str,
    ):
        grafana.installed, grafana.refusal = None, refusal
        assert run("apply", "--yes") == 1
        error = capsys.readouterr().err
        assert why in error
        assert error.count("\n") == 1
        assert grafana.dashboards == {}

    def test_an_old_one_that_is_already_the_newest_there_is_says_so_at_once(
        self, grafana: Grafana, run: Run, capsys: pytest.CaptureFixture[str]
    ):
        grafana.installed = grafana.catalog = "4.0.1"
        assert run("apply", "--yes") == 1
        assert "cannot be changed through the API (Plugin already" in capsys.readouterr().err
        assert grafana.dashboards == {}

    def test_a_catalog_that_cannot_be_asked_holds_nothing_up(
        self, grafana: Grafana, run: Run, capsys: pytest.CaptureFixture[str]
    ):
        """As without internet: Grafana answers 502 for grafana.com, and is asked once."""
        grafana.installed = None
        grafana.fault = lambda _n, _method, path: Fault(502) if "gnet" in path else None
        assert run("plan") == 0
        assert "does not have it" not in capsys.readouterr().out
        assert [path for _, path in grafana.requests if "gnet" in path] == [
            f"/api/gnet/plugins/{PLUGIN}"
        ]

    def test_removing_needs_no_plugin(self, grafana: Grafana, run: Run):
        run("apply", "--yes")
        grafana.installed = None
        assert run("destroy", "--yes") == 0
        assert grafana.asked == []

    def test_a_grafana_too_old_for_any_is_refused(
        self, start: Start, run: Run, capsys: pytest.CaptureFixture[str]
    ):
        start("10.3.9")
        assert run("plan") == 1
        assert "the ClickHouse plugin needs 10.4" in capsys.readouterr().err

    @given(
        st.tuples(st.integers(10, 14), st.integers(0, 12)).filter(lambda v: v >= (10, 4)),
        st.tuples(st.integers(2, 6), st.integers(0, 30), st.integers(0, 9)),
    )
    def test_any_version_is_right_or_wrong_as_the_table_says(
        self, grafana: tuple[int, int], numbers: tuple[int, int, int]
    ):
        wanted = stores.plugin_for(clickhouse, grafana)
        right = numbers >= (4, 0, 3) and (grafana >= (11, 6) or numbers < (4, 15))
        text = ".".join(map(str, numbers))
        assert (plugin.wrong(clickhouse, wanted, text, "x") == "") == right
        if wanted.install:
            assert plugin.wrong(clickhouse, wanted, wanted.install, "x") == ""
