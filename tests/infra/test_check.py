"""Whether an account can have the stack is known before anything is deployed."""

from collections.abc import Callable

import pytest

from tests.support.aws import AwsError, FakeAws

Infra = Callable[..., tuple[int, str]]
# Verbatim from accounts that were refused.
CLOSED = (
    "Only existing Timestream for LiveAnalytics customers can access the service. "
    "Reach out to AWS support for more information."
)
IDENTITY = {"Account": "123456789012", "Arn": "arn:aws:iam::123456789012:user/ada", "UserId": "A"}


@pytest.fixture(autouse=True)
def _who(aws: FakeAws, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL_STS", aws.url)
    aws.on("sts", GetCallerIdentity=IDENTITY)


def test_an_account_that_can_use_timestream_may_go_on(infra: Infra) -> None:
    status, said = infra("check")
    assert status == 0
    assert "Account 123456789012, region us-east-1, as user/ada" in said
    assert "open to this account" in said


def test_an_account_it_is_closed_to_is_told_so_in_plain_words(infra: Infra, aws: FakeAws) -> None:
    aws.on("timestream-write", DescribeEndpoints=AwsError("AccessDeniedException", CLOSED))
    status, said = infra("check")
    assert status == 1
    assert "closed it to new customers on 2025-06-20" in said
    assert "make demo" in said
    assert CLOSED in said
    assert "Traceback" not in said


def test_a_missing_permission_is_not_taken_for_a_closed_account(infra: Infra, aws: FakeAws) -> None:
    denied = "User: arn:aws:iam::123456789012:user/ada is not authorized to perform: "
    denied += "timestream:DescribeEndpoints because no identity-based policy allows it"
    aws.on("timestream-write", DescribeEndpoints=AwsError("AccessDeniedException", denied))
    status, said = infra("check")
    assert status == 1
    assert "does not allow timestream:DescribeEndpoints" in said
    assert "2025-06-20" not in said


def test_a_region_without_timestream_names_those_that_have_it(infra: Infra, aws: FakeAws) -> None:
    status, said = infra("check", "--region", "eu-north-1")
    assert status == 1
    assert "not in eu-north-1; take one of ap-northeast-1" in said
    assert not aws.called("DescribeEndpoints")


@pytest.mark.parametrize("variable", ["AWS_REGION", "AWS_DEFAULT_REGION"])
def test_the_region_is_what_the_aws_cli_would_use(
    infra: Infra, monkeypatch: pytest.MonkeyPatch, variable: str
) -> None:
    monkeypatch.delenv("AWS_REGION")
    monkeypatch.delenv("AWS_DEFAULT_REGION")
    monkeypatch.setenv(variable, "eu-west-1")
    assert "region eu-west-1" in infra("check")[1]
    assert "region us-west-2" in infra("check", "--region", "us-west-2")[1]


def test_no_region(infra: Infra, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AWS_REGION")
    monkeypatch.delenv("AWS_DEFAULT_REGION")
    status, said = infra("check")
    assert status == 1
    assert "No AWS region is set; give --region or set AWS_REGION." in said


def test_no_credentials(infra: Infra, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")
    status, said = infra("check")
    assert status == 1
    assert "There are no usable AWS credentials" in said


@pytest.mark.parametrize("code", ["ExpiredToken", "InvalidClientTokenId"])
def test_credentials_that_have_run_out(infra: Infra, aws: FakeAws, code: str) -> None:
    aws.on("sts", GetCallerIdentity=AwsError(code, "The security token is expired"))
    status, said = infra("check")
    assert status == 1
    assert "no longer valid" in said


def test_an_unknown_profile(infra: Infra, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_PROFILE", "nobody")
    status, said = infra("check")
    assert status == 1
    assert "nobody" in said
    assert "AWS_PROFILE" in said


def test_no_way_to_aws(infra: Infra, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL_STS", "http://127.0.0.1:1")
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "1")
    status, said = infra("check")
    assert status == 1
    assert "AWS cannot be reached" in said


def test_any_other_refusal_is_passed_on(infra: Infra, aws: FakeAws) -> None:
    aws.on("timestream-write", DescribeEndpoints=AwsError("ValidationException", "Bad day."))
    status, said = infra("check")
    assert status == 1
    assert "AWS refused DescribeEndpoints: Bad day. (ValidationException)." in said
