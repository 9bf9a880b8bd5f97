"""Amazon Managed Grafana: the workspace is made ready, and the token is gone when all is over."""

import io
import os
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest

from provisioning.push import amg, cli
from provisioning.push.secrets import SHOWN
from tests.support import push_samples
from tests.support.aws import serving
from tests.support.fake_grafana import PLUGIN, TOKEN, FakeGrafana, Fault, served
from tests.support.managed_grafana import WORKSPACE, FakeManagedGrafana


@dataclass
class Managed:
    """A workspace: what AWS says of it, the Grafana in it, and the built files to push."""

    aws: FakeManagedGrafana
    grafana: FakeGrafana
    source: Path

    def run(self, verb: str, *more: str) -> int:
        where = ["--workspace-id", WORKSPACE, "--region", "eu-west-1"]
        return cli.main([verb, *where, "--from", str(self.source), "--yes", *more])


Open = Callable[..., Managed]


@pytest.fixture
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Open]:
    """Open a workspace of a version: `workspace("10.4.3", receivers=("sns",))`."""
    with ExitStack() as stack:

        def one(version: str = "12.4.0", *, receivers: tuple[str, ...] = ("sns",)) -> Managed:
            grafana = FakeGrafana(version, managed=True)
            url = stack.enter_context(served(grafana))
            aws = FakeManagedGrafana(stack.enter_context(serving()), url, TOKEN, version[:4])
            source = tmp_path / "built"
            for path, text in push_samples.built(receivers=receivers).items():
                (source / path).parent.mkdir(parents=True, exist_ok=True)
                (source / path).write_text(text)
            monkeypatch.setenv("AWS_ENDPOINT_URL_GRAFANA", aws.aws.url)
            return Managed(aws, grafana, source)

        monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIAEXAMPLEOFTHEPUSHER")
        monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret-of-the-pusher")
        monkeypatch.delenv("AWS_PROFILE", raising=False)
        monkeypatch.delenv("GRAFANA_URL", raising=False)
        monkeypatch.setenv("SLACK_WEBHOOK_URL", push_samples.SECRET)
        monkeypatch.setenv("PAGERDUTY_KEY", push_samples.KEY)
        monkeypatch.setattr(amg, "POLL_SECONDS", 0.01)
        monkeypatch.chdir(tmp_path)
        yield one


@pytest.mark.slow
def test_a_push_borrows_a_service_account_and_gives_it_back(workspace: Open) -> None:
    managed = workspace()
    assert managed.run("plan", "--exit-code") == 2
    assert managed.run("apply") == 0
    assert managed.run("plan", "--exit-code") == 0
    assert managed.aws.accounts == {}
    assert managed.aws.lifetimes == [3600] * 3
    assert managed.aws.requests.count("CreateWorkspaceServiceAccount") == 3


@pytest.mark.slow
def test_the_data_source_signs_in_as_the_workspace_and_has_no_keys(workspace: Open) -> None:
    managed = workspace()
    managed.run("apply")
    datasource = managed.grafana.datasources["cloudfront-timestream"]
    assert datasource["jsonData"]["authType"] == "ec2_iam_role"
    assert datasource["jsonData"]["defaultRegion"] == "eu-west-1"
    assert datasource["secrets"] == {}
    assert "secret-of-the-pusher" not in "".join(managed.grafana.bodies)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("version", "settings"),
    [
        (
            "10.4.3",
            {
                "topic": "arn:aws:sns:eu-west-1:123456789012:grafana-x",
                "authProvider": "default",
                "messageFormat": "text",
                "subject": "s",
            },
        ),
        (
            "12.4.0",
            {"topic_arn": "arn:aws:sns:eu-west-1:123456789012:grafana-x", "subject": "s"},
        ),
    ],
)
def test_sns_settings_are_those_the_workspace_says_it_takes(
    workspace: Open, version: str, settings: dict[str, str]
) -> None:
    managed = workspace(version)
    assert managed.run("apply") == 0
    [point] = [p for p in managed.grafana.alerting.points if p["type"] == "sns"]
    assert point["settings"] == settings
    assert managed.run("plan", "--exit-code") == 0


@pytest.mark.slow
def test_a_contact_point_type_that_the_workspace_lacks_is_named(
    workspace: Open, capsys: pytest.CaptureFixture[str]
) -> None:
    managed = workspace(receivers=("webhook", "sns"))
    assert managed.run("apply") == 1
    assert "has no contact points of type 'webhook'" in capsys.readouterr().err
    assert managed.grafana.dashboards == {}


@pytest.mark.slow
def test_what_is_off_is_turned_on_after_asking_and_the_rest_is_left(workspace: Open) -> None:
    managed = workspace("10.4.3")
    managed.aws.configuration |= {
        "plugins": {"pluginAdminEnabled": False},
        "unifiedAlerting": {"enabled": False},
    }
    managed.run("plan")
    assert "UpdateWorkspaceConfiguration" not in managed.aws.requests
    assert managed.run("apply") == 0
    assert managed.aws.configuration == {
        "plugins": {"pluginAdminEnabled": True},
        "unifiedAlerting": {"enabled": True},
        "somethingElse": {"kept": 1},
    }
    assert managed.aws.requests.count("UpdateWorkspaceConfiguration") == 1


@pytest.mark.slow
def test_nothing_is_turned_on_without_a_yes(
    workspace: Open, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    managed = workspace("10.4.3")
    managed.aws.configuration["unifiedAlerting"] = {"enabled": False}
    monkeypatch.setattr("sys.stdin", io.StringIO())
    where = ["--workspace-id", WORKSPACE, "--region", "eu-west-1", "--from", str(managed.source)]
    assert cli.main(["apply", *where]) == 1
    assert "a push needs unified alerting" in capsys.readouterr().err
    assert "UpdateWorkspaceConfiguration" not in managed.aws.requests
    assert managed.aws.accounts == {}


@pytest.mark.slow
def test_12_has_no_other_alerting_to_turn_on(workspace: Open) -> None:
    managed = workspace("12.4.0")
    managed.aws.configuration = {"plugins": {"pluginAdminEnabled": True}}
    assert managed.run("apply") == 0
    assert "UpdateWorkspaceConfiguration" not in managed.aws.requests


@pytest.mark.slow
def test_a_missing_plugin_is_installed_and_waited_for(workspace: Open) -> None:
    managed = workspace()
    managed.grafana.plugins.clear()
    managed.run("plan")
    assert managed.grafana.plugins == set()
    assert managed.run("apply") == 0
    assert managed.grafana.plugins == {PLUGIN}
    polls = [path for _, path in managed.grafana.requests if path.endswith("/settings")]
    assert len(polls) > 3


@pytest.mark.slow
@pytest.mark.parametrize("kind", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
@pytest.mark.parametrize("request_number", [1, 20, 23])
def test_stopping_it_anywhere_still_removes_the_service_account(
    workspace: Open,
    kind: signal.Signals,
    request_number: int,
    capsys: pytest.CaptureFixture[str],
    request: pytest.FixtureRequest,
) -> None:
    managed = workspace()
    # A shell starts what runs in the background with Ctrl-C ignored.
    usual = signal.signal(signal.SIGINT, signal.default_int_handler)
    request.addfinalizer(lambda: signal.signal(signal.SIGINT, usual))

    def stop(number: int, _method: str, _path: str) -> Fault | None:
        if number == request_number:
            os.kill(os.getpid(), kind)
        return None

    before = signal.getsignal(kind)
    managed.grafana.fault = stop
    assert managed.run("apply") == 130
    assert managed.aws.accounts == {}
    said = capsys.readouterr()
    assert "stopped" in said.err
    # Number 1 is asked for the version; the others are in the middle of the steps.
    assert ("the next apply does the rest" in said.out) == (request_number > 1)
    assert signal.getsignal(kind) == before
    managed.grafana.fault = lambda _n, _method, _path: None
    assert managed.run("apply") == 0
    assert managed.run("plan", "--exit-code") == 0


@pytest.mark.slow
def test_failing_still_removes_the_service_account(workspace: Open) -> None:
    managed = workspace()
    managed.grafana.fault = lambda n, _method, _path: Fault(400) if n == 20 else None
    assert managed.run("apply") == 1
    assert managed.aws.accounts == {}


@pytest.mark.slow
def test_an_account_without_a_token_is_removed_too(workspace: Open) -> None:
    managed = workspace()
    managed.aws.refuse["CreateWorkspaceServiceAccountToken"] = "ValidationException"
    assert managed.run("apply") == 1
    assert managed.aws.accounts == {}


@pytest.mark.slow
def test_accounts_that_a_killed_run_left_behind_are_removed_others_are_not(
    workspace: Open,
) -> None:
    managed = workspace()
    now = int(time.time())
    names = [
        f"cloudfront-grafana-push-{now - 90000}-0a1b2c",
        f"cloudfront-grafana-push-{now - 60}-0a1b2c",
        "cloudfront-grafana-push-of-theirs",
        "terraform",
    ]
    for name in names:
        managed.aws.CreateWorkspaceServiceAccount(name=name, grafanaRole="ADMIN")
    managed.run("plan")
    assert [account["name"] for account in managed.aws.accounts.values()] == names[1:]


@pytest.mark.slow
def test_an_account_that_cannot_be_removed_is_said(
    workspace: Open, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    managed = workspace()
    managed.aws.refuse["DeleteWorkspaceServiceAccount"] = "AccessDeniedException"
    monkeypatch.setattr(amg, "_RETRY_SECONDS", 0.0)
    assert managed.run("plan", "--exit-code") == 2
    assert "which counts as a user on the bill" in capsys.readouterr().out


@pytest.mark.slow
def test_a_service_account_of_ones_own_is_kept_and_only_the_token_goes(workspace: Open) -> None:
    managed = workspace()
    managed.aws.CreateWorkspaceServiceAccount(name="pushes", grafanaRole="ADMIN")
    assert managed.run("apply", "--service-account", "1") == 0
    assert managed.run("plan", "--exit-code", "--service-account", "1") == 0
    assert [account["name"] for account in managed.aws.accounts.values()] == ["pushes"]
    assert managed.aws.tokens == []
    assert "CreateWorkspaceServiceAccount" not in managed.aws.requests


@pytest.mark.slow
@pytest.mark.parametrize(
    ("operation", "answer", "sentence"),
    [
        ("DescribeWorkspace", "AccessDeniedException", "lacks the permission for Describe"),
        ("DescribeWorkspace", "ResourceNotFoundException", "There is no workspace g-01234"),
        ("CreateWorkspaceServiceAccount", "AccessDeniedException", "create a service acc"),
        ("DescribeWorkspace", "ExpiredTokenException", "credentials have expired"),
    ],
)
def test_what_aws_refuses_is_one_sentence(
    workspace: Open,
    capsys: pytest.CaptureFixture[str],
    operation: str,
    answer: str,
    sentence: str,
) -> None:
    managed = workspace()
    managed.aws.refuse[operation] = answer
    assert managed.run("plan") == 1
    error = capsys.readouterr().err
    assert sentence in error
    assert error.count("\n") == 1


@pytest.mark.slow
def test_no_secret_is_in_anything_that_leaves_the_tool(
    workspace: Open, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    managed = workspace(receivers=("slack", "pagerduty"))
    managed.run("plan")
    managed.run("apply")
    managed.run("status")
    managed.grafana.alerting.points[1]["settings"] = {}
    managed.grafana.alerting.types["slack"]["channel"] = (True, False)
    assert managed.run("apply") == 1
    managed.run("destroy")
    out, err = capsys.readouterr()
    assert SHOWN in out + err
    written = "".join(
        path.read_text(errors="replace")
        for path in tmp_path.rglob("*")
        if path.is_file() and managed.source not in path.parents
    )
    for secret in (TOKEN, push_samples.SECRET, push_samples.KEY, "secret-of-the-pusher"):
        assert secret not in out + err + written
    assert "glsa_" not in out + err + written
