"""What a push of files that ask ClickHouse needs."""

import os
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from provisioning.push import amg, cli
from tests.support import push_samples
from tests.support.aws import FakeAws, serving
from tests.support.clickhouse_push import PASSWORD, URL, Grafana, Run, Start, built
from tests.support.fake_grafana import TOKEN, served


@pytest.fixture(autouse=True)
def quiet(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Have no settings of whoever runs the tests, and those of a usual push."""
    for name in list(os.environ):
        if name.startswith(("CLICKHOUSE_", "TIMESTREAM_", "GRAFANA_")):
            monkeypatch.delenv(name)
    for name in ("AWS_PROFILE", "AWS_ENDPOINT_URL"):
        monkeypatch.delenv(name, raising=False)
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    monkeypatch.setenv("GRAFANA_TOKEN", TOKEN)
    monkeypatch.setenv("SLACK_WEBHOOK_URL", push_samples.SECRET)
    monkeypatch.setenv("PAGERDUTY_KEY", push_samples.KEY)
    monkeypatch.setenv("CLICKHOUSE_URL", URL)
    monkeypatch.setenv("CLICKHOUSE_READER_PASSWORD", PASSWORD)
    monkeypatch.setattr(amg, "POLL_SECONDS", 0.01)
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def start(monkeypatch: pytest.MonkeyPatch) -> Iterator[Start]:
    """Start a Grafana that $GRAFANA_URL leads to."""
    with ExitStack() as stack:

        def one(version: str = "12.4.0", **options: bool) -> Grafana:
            fake = Grafana(version, **options)
            monkeypatch.setenv("GRAFANA_URL", stack.enter_context(served(fake)))
            return fake

        yield one


@pytest.fixture
def grafana(start: Start) -> Grafana:
    """A Grafana of a version that the newest plugin runs in."""
    return start()


@pytest.fixture
def files(tmp_path: Path) -> Path:
    """A folder of built files."""
    folder = tmp_path / "built"
    for path, text in built().items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text)
    return folder


@pytest.fixture
def run(files: Path) -> Run:
    """Run a verb on those files."""
    return lambda verb, *more: cli.main([verb, "--from", str(files), *more])


@pytest.fixture
def secrets(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeAws]:
    """Secrets Manager and Parameter Store, with nothing in them."""
    with serving() as aws:
        monkeypatch.setenv("AWS_ENDPOINT_URL_SECRETS_MANAGER", aws.url)
        monkeypatch.setenv("AWS_ENDPOINT_URL_SSM", aws.url)
        yield aws
