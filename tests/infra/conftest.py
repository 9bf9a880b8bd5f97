"""Where the verbs find AWS: moto's server, and fakes in front of it for what it lacks."""

from collections.abc import Callable, Iterator

import botocore.loaders
import pytest
import requests
from moto.server import ThreadedMotoServer

from infra.__main__ import main
from processor.catalog import DEFAULT_FIELDS
from tests.support.aws import ARN, FakeAws, FakeCloudFormation, FakeCloudFront, serving

OUTPUTS = {
    "Region": "us-east-1",
    "TimestreamDatabase": "cloudfront-grafana",
    "TimestreamTable": "realtime_logs",
    "SamplingPercentage": "5",
    "RecordLayout": "multi",
    "CollectedFields": ",".join(field.name for field in DEFAULT_FIELDS),
    "DropFields": "-",
    "ViewerIp": "keep",
    "RealtimeLogConfigArn": ARN,
    "StreamName": "stream",
    "ProcessorName": "processor",
    "DeadLetterQueueUrl": "https://sqs.us-east-1.amazonaws.com/123456789012/letters",
    "RejectedDataBucketName": "rejected",
    "AlertTopicArn": "arn:aws:sns:us-east-1:123456789012:grafana-cloudfront-grafana-alerts",
    "GrafanaReadPolicyArn": "arn:aws:iam::123456789012:policy/read",
}
FAKED = ("CLOUDFRONT", "CLOUDFORMATION", "LAMBDA", "TIMESTREAM_WRITE", "TIMESTREAM_QUERY")


@pytest.fixture(scope="session", autouse=True)
def _models_are_read_once() -> Iterator[None]:
    """Every run of a verb makes a session of its own; the services' models need not be."""
    loader = botocore.loaders.create_loader()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("botocore.session.create_loader", lambda *_: loader)
        yield


@pytest.fixture
def credentials(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keys and a region that belong to nobody, and none of the machine's own."""
    for name in ("AWS_PROFILE", "AWS_DEFAULT_PROFILE", "AWS_SESSION_TOKEN", "AWS_DEFAULT_REGION"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_CONFIG_FILE", "/dev/null")
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", "/dev/null")
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    monkeypatch.setenv("AWS_REGION", "us-east-1")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")


@pytest.fixture(scope="session")
def _fake() -> Iterator[FakeAws]:
    with serving() as fake:
        yield fake


@pytest.fixture
def aws(credentials: None, _fake: FakeAws, monkeypatch: pytest.MonkeyPatch) -> FakeAws:
    """The fakes, which boto3 finds by its own environment variables."""
    fake = _fake
    fake.operations.clear()
    fake.calls.clear()
    for service in FAKED:
        monkeypatch.setenv(f"AWS_ENDPOINT_URL_{service}", fake.url)
    endpoints = {"Endpoints": [{"Address": fake.url, "CachePeriodInMinutes": 1440}]}
    fake.on("timestream-write", DescribeEndpoints=endpoints)
    fake.on("timestream-query", DescribeEndpoints=endpoints)
    return fake


@pytest.fixture(scope="session")
def _moto() -> Iterator[str]:
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture
def moto(aws: FakeAws, _moto: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """Everything that is not faked, by moto; the URL of its server."""
    requests.post(f"{_moto}/moto-api/reset", timeout=10)
    monkeypatch.setenv("AWS_ENDPOINT_URL", _moto)
    return _moto


@pytest.fixture
def cloudfront(aws: FakeAws) -> FakeCloudFront:
    """CloudFront, without a distribution."""
    return FakeCloudFront(aws)


@pytest.fixture
def cloudformation(aws: FakeAws) -> FakeCloudFormation:
    """CloudFormation, with the stack cloudfront-grafana."""
    fake = FakeCloudFormation(aws)
    fake.add("cloudfront-grafana", OUTPUTS)
    return fake


@pytest.fixture
def outputs() -> dict[str, str]:
    """The outputs of the stack cloudfront-grafana."""
    return dict(OUTPUTS)


@pytest.fixture
def answers(monkeypatch: pytest.MonkeyPatch) -> Callable[..., list[str]]:
    """Answer questions; returns the questions that were asked."""

    def set_answers(*given: str) -> list[str]:
        waiting, asked = list(given), []

        def answer(question: str) -> str:
            asked.append(question)
            if not waiting:
                raise EOFError
            return waiting.pop(0)

        monkeypatch.setattr("builtins.input", answer)
        return asked

    return set_answers


@pytest.fixture
def infra(capsys: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, str]]:
    """Run a verb; returns its exit status and what it printed."""

    def run(*words: str) -> tuple[int, str]:
        status = main(list(words))
        captured = capsys.readouterr()
        return status, captured.out + captured.err

    return run
