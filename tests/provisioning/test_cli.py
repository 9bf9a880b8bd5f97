"""The command line: exit statuses, questions, where the token comes from, what a stack says."""

import argparse
import io
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
import yaml

from cli import aws, stack
from cli.errors import Problem
from dashboards.alerts.contact_points import VARIABLES
from provisioning.push import annotate, cli, targets
from provisioning.push.secrets import Secrets
from tests.support import push_samples
from tests.support.aws import FakeCloudFormation, serving
from tests.support.fake_grafana import TOKEN, FakeGrafana, served
from tests.support.managed_grafana import WORKSPACE, FakeManagedGrafana
from tests.support.push_samples import OUTPUTS
from tests.support.usual import ON

ROOT = Path(__file__).parents[2]
AMG = (ROOT / "provisioning" / "push" / "amg.py").read_text()
Run = Callable[..., int]


@pytest.fixture
def fake(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[FakeGrafana]:
    """A Grafana that $GRAFANA_URL and $GRAFANA_TOKEN lead to."""
    grafana = FakeGrafana()
    with ExitStack() as stack_:
        monkeypatch.setenv("GRAFANA_URL", stack_.enter_context(served(grafana)))
        monkeypatch.setenv("GRAFANA_TOKEN", TOKEN)
        monkeypatch.delenv("TIMESTREAM_AUTH_TYPE", raising=False)
        for name, value in push_samples.ENVIRONMENT.items():
            if name != "TIMESTREAM_AUTH_TYPE":
                monkeypatch.setenv(name, value)
        monkeypatch.chdir(tmp_path)
        yield grafana


@pytest.fixture
def run(fake: FakeGrafana, tmp_path: Path) -> Run:
    """Run a verb on the samples."""
    source = tmp_path / "built"
    for path, text in push_samples.built().items():
        (source / path).parent.mkdir(parents=True, exist_ok=True)
        (source / path).write_text(text)
    return lambda verb, *more: cli.main([verb, "--from", str(source), *more])


@pytest.mark.slow
def test_the_exit_status_of_a_plan_says_whether_anything_would_change(run: Run) -> None:
    assert run("plan", "--exit-code") == 2
    assert run("plan") == 0  # as make wants it
    assert run("apply", "--yes") == 0
    assert run("plan", "--exit-code") == 0
    assert run("status") == 0
    assert run("destroy", "--yes") == 0
    assert run("status") == 2


def test_a_plan_is_readable_and_changes_nothing(
    run: Run, fake: FakeGrafana, capsys: pytest.CaptureFixture[str]
) -> None:
    before = fake.snapshot()
    run("plan")
    out = capsys.readouterr().out
    assert "+ dashboard Overview\n" in out
    assert "+ contact point cloudfront-oncall (slack)\n" in out
    assert out.endswith("11 to create\n")
    assert fake.snapshot() == before
    assert fake.writes() == []


def test_apply_and_destroy_ask_and_take_silence_for_a_no(
    run: Run,
    fake: FakeGrafana,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO())
    assert run("apply") == 1
    assert fake.writes() == []
    assert "say --yes to agree" in capsys.readouterr().out
    run("apply", "--yes")
    before = fake.snapshot()
    assert run("destroy") == 1
    assert fake.snapshot() == before


@pytest.mark.parametrize(("answer", "status"), [("y\n", 0), ("yes\n", 0), ("\n", 1), ("n\n", 1)])
def test_an_answer_at_a_terminal_counts(
    run: Run, monkeypatch: pytest.MonkeyPatch, answer: str, status: int
) -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    monkeypatch.setattr("sys.stdin", Terminal(answer))
    assert run("apply") == status


def test_the_token_comes_from_the_environment_a_file_or_stdin(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert run("plan") == 0
    monkeypatch.delenv("GRAFANA_TOKEN")
    assert run("plan") == 1
    (tmp_path / "token").write_text(f"{TOKEN}\n")
    assert run("plan", "--token-file", str(tmp_path / "token")) == 0
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{TOKEN}\n"))
    assert run("plan", "--token-file", "-") == 0


def test_a_token_on_the_command_line_works_with_a_warning(
    run: Run, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("GRAFANA_TOKEN")
    assert run("plan", "--token", TOKEN) == 0
    out = capsys.readouterr().out
    assert "visible to others" in out
    assert TOKEN not in out


@pytest.mark.parametrize("variable", ["SLACK_WEBHOOK_URL", "AWS_REGION"])
def test_a_variable_that_is_not_set_is_named(
    run: Run,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    variable: str,
) -> None:
    monkeypatch.delenv(variable)
    assert run("apply", "--yes") == 1
    assert f"needs the environment variable {variable}" in capsys.readouterr().err
    assert run("destroy", "--yes") == 0


def test_the_keys_of_whoever_pushes_stay_at_home_unless_asked_for(
    run: Run, fake: FakeGrafana
) -> None:
    run("apply", "--yes")
    datasource = fake.datasources["cloudfront-timestream"]
    assert datasource["secrets"] == {}
    assert datasource["jsonData"]["authType"] == "default"
    run("apply", "--yes", "--auth", "keys")
    assert datasource["secrets"]["accessKey"] == "AKIAOFTHEDATASOURCE"
    assert run("plan", "--auth", "keys", "--exit-code") == 0
    run("apply", "--yes")
    assert datasource["secrets"] == {"accessKey": "", "secretKey": ""}
    assert run("plan", "--exit-code") == 0


def test_a_paused_rule_can_be_let_run_for_a_try(run: Run, fake: FakeGrafana) -> None:
    run("apply", "--yes", "--unpause", "lag")
    assert fake.alerting.rules["cloudfront-lag"]["isPaused"] is False
    run("apply", "--yes")
    assert fake.alerting.rules["cloudfront-lag"]["isPaused"] is True
    assert run("plan", "--unpause", "nothing") == 1


def test_a_data_source_that_is_there_can_be_used_instead(run: Run, fake: FakeGrafana) -> None:
    theirs = {"defaultDatabase": '"cloudfront"', "defaultTable": '"realtime_logs"'}
    fake.user_makes_datasource("theirs", jsonData=theirs)
    before = dict(fake.datasources["theirs"])
    assert run("apply", "--yes", "--datasource", "their") == 1
    assert fake.writes() == []
    run("apply", "--yes", "--datasource", "theirs")
    assert fake.datasources == {"theirs": before}


def test_a_grafana_without_the_plugin_or_the_means_to_install_it_is_left_alone(
    run: Run,
    fake: FakeGrafana,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    fake.plugins.clear()
    assert run("plan") == 0
    assert "is not installed; apply would install it" in capsys.readouterr().out
    monkeypatch.setattr("sys.stdin", io.StringIO())
    assert run("apply") == 1
    assert "a push needs the Timestream plugin" in capsys.readouterr().err
    fake.plugin_admin = False
    assert run("apply", "--yes") == 1
    assert "grafana cli plugins install" in capsys.readouterr().err
    assert fake.dashboards == {}


@pytest.mark.slow
def test_status_and_destroy_show_what_a_user_edited(
    run: Run, fake: FakeGrafana, capsys: pytest.CaptureFixture[str]
) -> None:
    run("apply", "--yes")
    fake.user_saves_dashboard("cloudfront-overview", title="Mine")
    capsys.readouterr()
    assert run("status") == 2
    assert re.search(r"dashboard Overview +edited by somebody", capsys.readouterr().out)
    run("destroy", "--yes")
    assert "kept: folder 'CloudFront' stays" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--url", "http://a", "--workspace-id", "g-0123456789"], "not both"),
        (["--workspace-id", "g-1"], "is no workspace id"),
        (["--name", "UPPER"], "becomes part of uids"),
        (["--sampling", "5"], "--sampling has no effect beside --from"),
        (["--token-file", "/nowhere/token"], "Cannot read /nowhere/token"),
        (["--from", "/nowhere"], "holds no built files"),
        (["--url", "grafana"], "is not a Grafana URL"),
    ],
)
def test_what_cannot_work_is_one_sentence(
    run: Run, capsys: pytest.CaptureFixture[str], arguments: list[str], sentence: str
) -> None:
    assert run("plan", *arguments) == 1
    error = capsys.readouterr().err
    assert sentence in error
    assert error.count("\n") == 1
    assert error.rstrip().endswith(".")


def test_without_a_grafana_it_says_how_to_name_one(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("GRAFANA_URL", raising=False)
    assert cli.main(["plan"]) == 1
    assert "--workspace-id g-… or --url" in capsys.readouterr().err


@pytest.mark.slow
def test_what_the_repository_builds_is_pushed_whole(
    fake: FakeGrafana, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every channel, every rule, every dashboard: twice, and away again."""
    for name in ("ALERTS_EMAIL", "ALERTS_WEBHOOK_URL", "PAGERDUTY_INTEGRATION_KEY"):
        monkeypatch.setenv(name, f"http://{name.lower()}.invalid")
    monkeypatch.setenv("ALERTS_TOPIC_ARN", OUTPUTS["AlertTopicArn"])
    before = fake.snapshot()
    channels = ["--channels", "sns,slack,email,pagerduty,webhook"]
    assert cli.main(["apply", "--yes", *channels]) == 0
    assert len(fake.dashboards) >= 8
    assert len(fake.alerting.rules) == len(ON)
    assert cli.main(["plan", "--exit-code", *channels]) == 0
    assert cli.main(["apply", "--yes", "--name", "green", *channels]) == 0
    assert cli.main(["plan", "--exit-code", *channels]) == 0
    assert cli.main(["destroy", "--yes", "--name", "green", *channels]) == 0
    assert cli.main(["destroy", "--yes"]) == 0
    assert fake.snapshot() == before


def test_a_stacks_outputs_become_the_bundle() -> None:
    found = stack.from_outputs(
        "s", "CREATE_COMPLETE", OUTPUTS | {"GrafanaWorkspaceId": "g-0123456789"}
    )
    assert found.region == "eu-west-1"
    assert found.alert_topic_arn == OUTPUTS["AlertTopicArn"]
    assert found.grafana_workspace_id == "g-0123456789"
    assert found.bundle == {
        "layout": "classic",
        "sampling": 5,
        "database": "logs",
        "table": "table",
        "fields": ("timestamp", "sc-status", "sc-bytes", "x-edge-location"),
    }


def test_the_template_puts_out_what_a_push_reads() -> None:
    class Loader(yaml.SafeLoader):
        """CloudFormation's tags do not matter here."""

    Loader.add_multi_constructor("!", lambda _loader, _tag, _node: "x")
    template = yaml.load((ROOT / "infra" / "template.yaml").read_text(), Loader=Loader)
    assert {*OUTPUTS, "GrafanaWorkspaceId"} <= set(template["Outputs"])


def test_a_stack_of_something_else_is_refused() -> None:
    outputs = {k: v for k, v in OUTPUTS.items() if k != "TimestreamTable"}
    with pytest.raises(Problem, match="Stack s has no output TimestreamTable"):
        stack.from_outputs("s", "CREATE_COMPLETE", outputs)


@pytest.mark.parametrize("sampling", ["5.5", "", "five"])
def test_a_sampling_that_cloudfront_would_not_take_is_refused(sampling: str) -> None:
    with pytest.raises(Problem, match=r"SamplingPercentage|wants a whole number"):
        stack.from_outputs("s", "CREATE_COMPLETE", OUTPUTS | {"SamplingPercentage": sampling})


def given_options(*arguments: str) -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    targets.arguments(parser)
    return parser.parse_args(arguments)


@pytest.fixture
def deployed(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A stack "s" in eu-west-1 with the outputs above and a workspace."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    for name in ("AWS_ENDPOINT_URL", "GRAFANA_URL", "AWS_PROFILE"):
        monkeypatch.delenv(name, raising=False)
    with serving() as aws:
        FakeManagedGrafana(aws, "grafana.example.invalid", TOKEN)
        FakeCloudFormation(aws).add("s", OUTPUTS | {"GrafanaWorkspaceId": WORKSPACE})
        monkeypatch.setenv("AWS_ENDPOINT_URL_CLOUDFORMATION", aws.url)
        monkeypatch.setenv("AWS_ENDPOINT_URL_GRAFANA", aws.url)
        yield


@pytest.mark.slow
@pytest.mark.usefixtures("deployed")
def test_a_second_stack_never_takes_the_first_ones_place() -> None:
    """Its bundle is named for it unless told otherwise; the usual stack has the usual name."""
    target = targets.resolve(given_options("--stack", "s", "--region", "eu-west-1"), print)
    assert target.bundle.name == "s"
    assert target.bundle.title == "CloudFront (s)"
    given = given_options("--stack", "s", "--region", "eu-west-1", "--name", "cloudfront")
    assert targets.resolve(given, print).bundle.name == "cloudfront"
    deploys = argparse.ArgumentParser()
    aws.stack_argument(deploys)
    assert deploys.parse_args([]).stack == aws.USUAL_STACK


@pytest.mark.slow
@pytest.mark.usefixtures("deployed")
def test_a_stack_names_the_workspace_the_region_and_the_topic(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("ALERTS_TOPIC_ARN", raising=False)
    given = given_options("--stack", "s", "--region", "eu-west-1", "--name", "blue")
    target = targets.resolve(given, print)
    assert target.managed is not None
    assert target.managed.id == WORKSPACE
    assert target.bundle.grafana_url == "https://grafana.example.invalid"
    assert target.bundle.title == "CloudFront (blue)"
    assert target.bundle.datasource == "blue-timestream"
    assert target.bundle.sampling == 5
    assert target.bundle.channels == ("sns",)
    desired, _ = targets.desired(target, given, Secrets(), lenient=False)
    [datasource] = desired.datasources
    assert datasource.name == "CloudFront (blue) Timestream"
    assert datasource.body["jsonData"] == {
        "authType": "ec2_iam_role",
        "defaultRegion": "eu-west-1",
        "defaultDatabase": '"logs"',
        "defaultTable": '"table"',
        "defaultMeasure": "sc_bytes",
        "managedBy": "cloudfront-grafana/blue",
    }
    topics = {point.settings.get("topic_arn") for point in desired.contact_points}
    assert topics == {OUTPUTS["AlertTopicArn"]}


@pytest.mark.slow
@pytest.mark.usefixtures("deployed")
def test_a_stack_that_is_not_there_is_one_sentence() -> None:
    given = given_options("--stack", "other", "--region", "eu-west-1")
    with pytest.raises(Problem, match="There is no stack 'other' in eu-west-1"):
        targets.resolve(given, print)


@pytest.mark.slow
def test_it_starts_as_a_module() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "provisioning", "--help"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert "plan|apply|destroy|status" in done.stdout


def test_the_page_on_pushing_names_every_channel_variable_permission_and_option() -> None:
    page = (ROOT / "docs" / "push.md").read_text()
    for channel, variable in VARIABLES.items():
        assert f"| `{channel}` | `{variable}`" in page
    calls = re.findall(r'"((?:describe|update|list|create|delete)_workspace\w*)"', AMG)
    assert len(set(calls)) == 8
    for call in calls:
        assert f'"grafana:{"".join(word.title() for word in call.split("_"))}"' in page
    for option in re.findall(r"(?<!-)--[a-z][a-z-]+", page):
        assert option in (
            *targets_options(),
            # Those of other commands on the page.
            *("--topic-arn", "--protocol", "--notification-endpoint", "--parameter"),
            *("--out", "--default-datasource", "--print", "--profile"),
        )


def targets_options() -> list[str]:
    parser = argparse.ArgumentParser(conflict_handler="resolve")
    targets.arguments(parser)
    annotate.arguments(parser)
    return [*parser._option_string_actions, "--overwrite", "--yes", "--exit-code"]
