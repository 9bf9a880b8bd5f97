"""Whatever goes wrong, every verb ends with a sentence and an exit status, never a traceback."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from infra import __main__, deploy, env
from infra.deploy import ROOT
from tests.support.aws import AwsError, FakeAws, FakeCloudFormation, FakeCloudFront

Infra = Callable[..., tuple[int, str]]
# Each verb as it gets as far as AWS.
VERBS: dict[str, tuple[str, ...]] = {
    "check": (),
    "deploy": ("--yes", "--parameter", "LogFields=timestamp,sc-bytes"),
    "schema": ("--yes",),
    "attach": ("--distribution", "E1", "--yes"),
    "status": (),
    "env": (),
    "redrive": ("--yes",),
    "detach": ("--distribution", "E1", "--yes"),
    "destroy": ("--yes",),
}
ERRORS = {
    "ExpiredToken": "no longer valid (ExpiredToken); log in again",
    "AccessDenied": "does not allow",
    "Throttling": "AWS refused",
    "ServiceUnavailable": "AWS refused",
    "SomethingNew": "AWS refused",
}
AGAIN = ("Throttling", "ServiceUnavailable")  # boto3 waits and tries them again


def test_every_verb_is_here() -> None:
    assert {*VERBS, "cost"} == set(__main__.SUBCOMMANDS)


@pytest.fixture
def sam(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing may be built here."""
    monkeypatch.setattr(deploy, "sam", lambda: "/bin/false")
    monkeypatch.setattr(deploy, "CONFIG", tmp_path / "samconfig.toml")
    monkeypatch.setattr(env, "ROOT", tmp_path)


def sentence(said: str) -> str:
    assert "Traceback" not in said
    assert "fault in the program" not in said
    assert said.strip()
    return said


@pytest.mark.slow
@pytest.mark.parametrize(
    ("verb", "code"),
    [(verb, code) for verb in VERBS for code in ERRORS if code not in AGAIN or verb == "status"],
)
def test_errors_of_aws(
    infra: Infra,
    aws: FakeAws,
    moto: str,
    sam: None,
    monkeypatch: pytest.MonkeyPatch,
    verb: str,
    code: str,
) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL_STS", aws.url)
    error = AwsError(code, "User: x is not authorized to perform: a:B")
    aws.on("cloudformation", DescribeStacks=error)
    aws.on("sts", GetCallerIdentity=error)
    aws.on("timestream-write", DescribeEndpoints=error)
    status, said = infra(verb, *VERBS[verb])
    assert status == 1
    assert ERRORS[code] in sentence(said)


@pytest.mark.parametrize("verb", [verb for verb in VERBS if verb not in ("check", "deploy")])
def test_a_stack_that_is_not_there(
    infra: Infra, cloudformation: FakeCloudFormation, sam: None, verb: str
) -> None:
    status, said = infra(verb, *VERBS[verb], "--stack", "nope")
    assert status == 1
    assert said.startswith("There is no stack 'nope' in us-east-1")


@pytest.mark.slow
@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize(
    ("variables", "words"),
    [
        ({"AWS_ACCESS_KEY_ID": None, "AWS_SECRET_ACCESS_KEY": None}, "no usable AWS credentials"),
        ({"AWS_SECRET_ACCESS_KEY": None}, "no usable AWS credentials"),
        ({"AWS_REGION": None, "AWS_DEFAULT_REGION": None}, "No AWS region is set"),
        ({"AWS_REGION": "not a region!"}, "not a region!"),
        ({"AWS_PROFILE": "nope"}, "profile (nope) could not be found"),
        ({"AWS_CONFIG_FILE": "UTF-16"}, "Unable to parse config file"),
        ({"AWS_CA_BUNDLE": "/nowhere/ca.pem"}, "AWS_CA_BUNDLE names /nowhere/ca.pem"),
        ({"REQUESTS_CA_BUNDLE": "/nowhere/ca.pem"}, "REQUESTS_CA_BUNDLE names /nowhere/ca.pem"),
        ({"AWS_ENDPOINT_URL": "nonsense", "UNSET": "ENDPOINTS"}, "Invalid endpoint: nonsense"),
        ({"AWS_ENDPOINT_URL": "http://127.0.0.1:1", "UNSET": "ENDPOINTS"}, "cannot be reached"),
    ],
    ids=str,
)
def test_settings_of_the_shell(
    infra: Infra,
    aws: FakeAws,
    sam: None,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    verb: str,
    variables: dict[str, str | None],
    words: str,
) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL_STS", aws.url)
    for name, value in variables.items():
        if name == "UNSET":
            for each in [each for each in os.environ if each.startswith("AWS_ENDPOINT_URL_")]:
                monkeypatch.delenv(each)
        elif value is None:
            monkeypatch.delenv(name)
        elif value == "UTF-16":
            path = tmp_path / "config"
            path.write_text("[default]\nregion = us-east-1\n", encoding="utf-16")
            monkeypatch.setenv(name, str(path))
        else:
            monkeypatch.setenv(name, value)
    status, said = infra(verb, *VERBS[verb])
    assert status == 1
    assert words in sentence(said) or (verb in ("check", "deploy") and "is not in" in said)


def test_a_samconfig_that_is_no_text(
    infra: Infra, aws: FakeAws, sam: None, cloudformation: FakeCloudFormation
) -> None:
    deploy.CONFIG.write_text("version = 0.1\n", encoding="utf-16")
    status, said = infra("deploy", "--yes")
    assert (status, said) == (
        1,
        f"{deploy.CONFIG} is not UTF-8; save it as UTF-8 or remove it.\n",
    )


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda path: path.mkdir(), "cannot be written"),
        (lambda path: path.write_text("A=1\n", encoding="utf-16"), "is not UTF-8"),
        (lambda path: None, "cannot be written"),
    ],
    ids=["a folder", "UTF-16", "in no folder"],
)
def test_an_env_file_that_cannot_be(
    infra: Infra, cloudformation: FakeCloudFormation, tmp_path: Path, make: Callable, words: str
) -> None:
    path = tmp_path / "x.env" if make(tmp_path / "x.env") or True else tmp_path
    if not path.exists():
        path = tmp_path / "nowhere" / "x.env"
    status, said = infra("env", "--out", str(path))
    assert status == 1
    assert words in sentence(said)


def test_an_env_file_with_a_byte_order_mark_keeps_its_values(
    infra: Infra, cloudformation: FakeCloudFormation, sam: None, tmp_path: Path
) -> None:
    path = tmp_path / ".env"
    path.write_text("AWS_ACCESS_KEY_ID=AKID\n", encoding="utf-8-sig")
    assert infra("env", "--out", str(path))[0] == 0
    assert env.parse(path.read_text())["AWS_ACCESS_KEY_ID"] == "AKID"


@pytest.mark.parametrize("words", [("--distribution", ""), ("--distribution", ", ,")])
def test_no_distribution(
    infra: Infra,
    cloudformation: FakeCloudFormation,
    cloudfront: FakeCloudFront,
    words: tuple[str, ...],
) -> None:
    assert "No distribution is named" in infra("attach", *words, "--yes")[1]


@pytest.mark.parametrize("verb", VERBS)
def test_ctrl_c(
    infra: Infra, aws: FakeAws, sam: None, monkeypatch: pytest.MonkeyPatch, verb: str
) -> None:
    def interrupt(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("boto3.session.Session", interrupt)
    status, said = infra(verb, *VERBS[verb])
    assert (status, said) == (130, "\nInterrupted.\n")


class TestOutput:
    """What reads the output may go, or be full."""

    @pytest.mark.slow
    @pytest.mark.parametrize(
        ("words", "status"),
        [
            ("infra cost | head -1", 0),
            ("infra cost > /dev/full", 1),
            ("infra --help >&-", 0),
            ("bench --help | head -1", 0),
            ("bench nope >&- 2>&-", 2),
        ],
    )
    def test_it_ends_without_a_traceback(self, words: str, status: int) -> None:
        done = subprocess.run(
            ["bash", "-o", "pipefail", "-c", f"{sys.executable} -m {words}"],
            cwd=ROOT,
            capture_output=True,
            text=True,
            timeout=60,
        )
        assert "Traceback" not in done.stderr
        assert "Exception ignored" not in done.stderr
        assert done.returncode == status
