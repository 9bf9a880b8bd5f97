"""deploy: checks first, then what the SAM CLI is told."""

import json
import os
import re
import stat
import sys
from collections.abc import Callable
from pathlib import Path

import botocore.session
import pytest

from infra import deploy, parameters, transform
from tests.support.aws import AwsError, FakeAws, FakeCloudFormation

Infra = Callable[..., tuple[int, str]]


@pytest.fixture
def sam(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[], list[list[str]]]:
    """A SAM CLI that writes down what it is told; returns a function that reads it."""
    told = tmp_path / "told.jsonl"
    told.touch()
    program = tmp_path / "bin" / "sam"
    program.parent.mkdir()
    program.write_text(
        f"#!{sys.executable}\n"
        "import json, os, sys\n"
        f"with open({str(told)!r}, 'a') as file:\n"
        "    print(json.dumps(sys.argv[1:]), file=file)\n"
        "assert os.environ['SAM_CLI_TELEMETRY'] == '0'\n"
        "sys.exit(int(os.environ.get('SAM_FAILS') == sys.argv[1]))\n"
    )
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    (tmp_path / "infra").mkdir()
    monkeypatch.setattr(deploy, "ROOT", tmp_path)
    monkeypatch.setattr(deploy, "CONFIG", tmp_path / "samconfig.toml")
    monkeypatch.setenv("PATH", f"{program.parent}:{os.environ['PATH']}")
    return lambda: [json.loads(line) for line in told.read_text().splitlines()]


@pytest.fixture(autouse=True)
def _stack(cloudformation: FakeCloudFormation) -> None:
    """The stack stands by the time sam is done."""


def option(words: list[str], name: str) -> str:
    return words[words.index(name) + 1]


def test_the_first_deployment_is_guided(infra: Infra, sam: Callable[[], list[list[str]]]) -> None:
    status, said = infra("deploy")
    assert status == 0
    build, deployment = sam()
    assert build[0] == "build"
    assert option(build, "--template-file").endswith("infra/template.yaml")
    assert "--use-container" not in build
    assert "--guided" in deployment
    assert Path(option(deployment, "--config-file")).exists()  # sam fails without it
    assert option(deployment, "--stack-name") == "cloudfront-grafana"
    assert option(deployment, "--config-env") == "cloudfront-grafana"
    assert option(deployment, "--region") == "us-east-1"
    assert option(deployment, "--capabilities") == "CAPABILITY_IAM"
    assert "make attach STACK=cloudfront-grafana DISTRIBUTION=E..." in said
    assert "Rules every 5 minutes: about USD 151 a month; first mail" in said


def test_later_ones_ask_nothing(
    infra: Infra, sam: Callable[[], list[list[str]]], tmp_path: Path
) -> None:
    (tmp_path / "samconfig.toml").write_text(
        '[cloudfront-grafana.deploy.parameters]\nstack_name = "cloudfront-grafana"\n'
    )
    infra("deploy")
    deployment = sam()[1]
    assert "--guided" not in deployment
    assert "--no-confirm-changeset" in deployment
    assert "--no-fail-on-empty-changeset" in deployment
    assert Path(option(deployment, "--config-file")) == tmp_path / "samconfig.toml"


def test_a_second_stack_is_guided_although_the_first_is_known(
    infra: Infra,
    sam: Callable[[], list[list[str]]],
    tmp_path: Path,
    cloudformation: FakeCloudFormation,
    outputs: dict[str, str],
) -> None:
    (tmp_path / "samconfig.toml").write_text("[cloudfront-grafana.deploy.parameters]\n")
    cloudformation.add("green", outputs)
    infra("deploy", "--stack", "green")
    assert "--guided" in sam()[1]


def test_yes_takes_the_defaults_without_a_question(
    infra: Infra, sam: Callable[[], list[list[str]]]
) -> None:
    infra("deploy", "--yes", "--parameter", "LogFields=timestamp,sc-bytes", "--stack", "new")
    deployment = sam()[1]
    assert "--guided" not in deployment
    assert "--resolve-s3" in deployment
    assert "--config-file" not in deployment  # there is none, and sam fails on that
    assert option(deployment, "--parameter-overrides") == "LogFields=timestamp,sc-bytes"


def test_an_account_that_timestream_is_closed_to_stops_before_anything_is_built(
    infra: Infra, aws: FakeAws, sam: Callable[[], list[list[str]]]
) -> None:
    closed = AwsError("AccessDeniedException", "Only existing Timestream customers can access it.")
    aws.on("timestream-write", DescribeEndpoints=closed)
    status, said = infra("deploy")
    assert status == 1
    assert "closed it to new customers on 2025-06-20" in said
    assert sam() == []


@pytest.mark.parametrize("step", ["build", "deploy"])
def test_sams_failure_ends_it_without_a_traceback(
    infra: Infra, sam: Callable[[], list[list[str]]], monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    monkeypatch.setenv("SAM_FAILS", step)
    status, said = infra("deploy")
    assert status == 1
    assert f"`sam {step}` failed; its message is above." in said
    assert [words[0] for words in sam()][-1] == step


class TestValues:
    """What the template would not take, or would take and fail on half-way, is refused first."""

    @pytest.mark.parametrize(
        ("given", "said"),
        [
            *(
                (f"RealtimeLogsSamplingPercentage={odd}", "must be a whole number from 1 to 100")
                for odd in ("55.5", "0", "101", "-5", "5%", "five", "", "1e1", "\u0665")
            ),
            ("KinesisStreamShards=1.5", "must be a whole number from 1 to 500"),
            ("RetryAttempts=10001", "must be a whole number from 0 to 10000"),
            ("MemoryMegabytes=512MB", "must be a whole number from 128 to 10240"),
            ("LogRetentionDays=31", "must be one of 1, 3, 5, 7, 14, 30,"),
            ("KinesisStreamMode=on_demand", "must be one of PROVISIONED, ON_DEMAND"),
            ("CreateGrafanaWorkspace=yes", "must be one of true, false"),
            ("AlertEmail=ops", "must be one e-mail address, or empty"),
            ("KmsKeyArn=alias/mine", "must be the ARN of a KMS key"),
            ("GrafanaVersion=12", "must be a version such as 12.4"),
            ("DropFields=cs-cookie cs-host", "with commas and no spaces"),
            ("Sampling=5", "has no parameter 'Sampling'"),
            ("NAME", "is written NAME=VALUE"),
        ],
    )
    def test_is_refused_before_anything_is_built(
        self, infra: Infra, sam: Callable[[], list[list[str]]], given: str, said: str
    ) -> None:
        status, text = infra("deploy", "--yes", "--parameter", given)
        assert status == 1
        assert said in text
        assert sam() == []

    def test_no_number_of_the_template_takes_a_fraction(self) -> None:
        numbers = {
            name: about for name, about in parameters.known().items() if about["Type"] == "Number"
        }
        assert len(numbers) > 10
        for about in numbers.values():
            default = str(about["Default"])
            assert parameters.wanted(about, default) is None
            assert parameters.wanted(about, f"{default}.5")

    def test_every_default_is_taken(self) -> None:
        for name, about in parameters.known().items():
            parameters.check(name, parameters.normal(name, str(about["Default"])))

    def test_the_retentions_are_those_of_cloudwatch_logs(self) -> None:
        """Its own model has them only as a sentence."""
        text = botocore.session.get_session().get_service_model("logs").shape_for("Days")
        values = text.documentation.partition("Possible values are: ")[2].partition(".")[0]
        listed = [int(number) for number in re.findall(r"\d+", values)]
        assert {1096, 2192, 2557, 2922, 3288} <= set(listed)
        assert parameters.known()["LogRetentionDays"]["AllowedValues"] == listed

    def test_a_list_with_spaces_reaches_sam_whole(
        self, infra: Infra, sam: Callable[[], list[list[str]]]
    ) -> None:
        infra("deploy", "--yes", "--stack", "new", "--parameter", "LogFields=timestamp, sc-bytes")
        assert option(sam()[1], "--parameter-overrides") == "LogFields=timestamp,sc-bytes"


class TestFields:
    """The fields of a stack that collects already are not changed under way."""

    @pytest.fixture(autouse=True)
    def _collecting(self, cloudformation: FakeCloudFormation, outputs: dict[str, str]) -> None:
        parameters = [{"ParameterKey": "LogFields", "ParameterValue": "timestamp, sc-bytes"}]
        cloudformation.add("cloudfront-grafana", outputs, Parameters=parameters)

    def test_other_fields_are_refused_with_the_way_to_do_it(
        self, infra: Infra, sam: Callable[[], list[list[str]]]
    ) -> None:
        status, said = infra("deploy", "--parameter", "LogFields=timestamp,sc-bytes,c-ip")
        assert status == 1
        assert "Deploy these fields as a second stack" in said
        assert "docs/upgrade.md" in said
        assert sam() == []

    def test_the_same_fields_in_another_order_are_the_same(
        self, infra: Infra, sam: Callable[[], list[list[str]]]
    ) -> None:
        assert infra("deploy", "--parameter", "LogFields=sc-bytes,timestamp")[0] == 0

    def test_a_stack_that_never_came_up_may_have_any(
        self, infra: Infra, sam: Callable[[], list[list[str]]], cloudformation: FakeCloudFormation
    ) -> None:
        cloudformation.stacks["cloudfront-grafana"]["StackStatus"] = "ROLLBACK_COMPLETE"
        assert infra("deploy", "--parameter", "LogFields=c-ip,timestamp")[0] == 0
        assert sam()


class TestRefusals:
    """What cannot work is said before anything runs."""

    @pytest.mark.parametrize("word", ["BatchSize", "=5", "Batch Size=5"])
    def test_a_parameter_that_is_no_pair(
        self, infra: Infra, sam: Callable[[], list[list[str]]], word: str
    ) -> None:
        status, said = infra("deploy", "--parameter", word)
        assert status == 1
        assert "written NAME=VALUE" in said
        assert sam() == []

    def test_a_parameter_that_the_template_does_not_have(
        self, infra: Infra, sam: Callable[[], list[list[str]]]
    ) -> None:
        status, said = infra("deploy", "--parameter", "BatchSise=5")
        assert status == 1
        assert "no parameter 'BatchSise'; did you mean 'BatchSize'?" in said
        assert sam() == []

    @pytest.mark.parametrize(
        ("words", "complaint"),
        [
            (["DropFields=cs-cooky"], "did you mean 'cs-cookie'?"),
            (["LogFields=timestamp,sc-byte"], "did you mean 'sc-bytes'?"),
            (["LogFields=sc-bytes"], "LOG_FIELDS lacks 'timestamp'"),
            (["LogFields=timestamp", "RecordLayout=classic"], "lacks 'sc-bytes'"),
        ],
    )
    def test_settings_that_the_processor_would_refuse(
        self, infra: Infra, sam: Callable[[], list[list[str]]], words: list[str], complaint: str
    ) -> None:
        given = [word for pair in words for word in ("--parameter", pair)]
        status, said = infra("deploy", "--stack", "new", *given)
        assert status == 1
        assert complaint in said
        assert sam() == []

    def test_a_config_file_that_is_broken(
        self, infra: Infra, sam: Callable[[], list[list[str]]], tmp_path: Path
    ) -> None:
        (tmp_path / "samconfig.toml").write_text("[")
        status, said = infra("deploy")
        assert status == 1
        assert "samconfig.toml is not TOML" in said

    def test_no_sam(self, infra: Infra, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(deploy, "ROOT", tmp_path)
        monkeypatch.setenv("PATH", str(tmp_path))
        status, said = infra("deploy")
        assert status == 1
        assert "The SAM CLI is missing" in said


def test_the_package_is_built_for_the_functions_runtime_and_processor() -> None:
    function = transform.load()["Resources"]["Processor"]["Properties"]
    makefile = (transform.TEMPLATE.parents[1] / "processor" / "Makefile").read_text()
    assert f"VERSION := {function['Runtime'].removeprefix('python')}\n" in makefile
    assert "PLATFORM := manylinux2014_aarch64\n" in makefile
    assert function["Architectures"] == ["arm64"]
    assert "build-Processor:" in makefile


def test_what_sam_remembers_stays_out_of_the_repository() -> None:
    ignored = (transform.TEMPLATE.parents[1] / ".gitignore").read_text().split()
    assert {"samconfig.toml", ".aws-sam/", ".env", "build/"} <= set(ignored)
