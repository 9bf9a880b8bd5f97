"""A running pipeline on this machine, and the command line in a process of its own."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator

import pytest

from local.aws import moto
from local.traffic import Traffic
from tests.support.command_line import END, ROOT, clean_environment
from timestream_local import Server

Cli = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="session")
def cli() -> Cli:
    """Run ``python -m local`` from the checkout; return the finished process."""

    def run(*arguments: object, stdin: bytes = b"", **environment: object):
        finished = subprocess.run(
            [sys.executable, "-m", "local", *map(str, arguments)],
            cwd=ROOT,
            input=stdin,
            capture_output=True,
            timeout=120,
            env=clean_environment()
            | {"COLUMNS": "120"}
            | {name: str(value) for name, value in environment.items()},
        )
        return subprocess.CompletedProcess(
            finished.args,
            finished.returncode,
            finished.stdout.decode(),
            finished.stderr.decode(),
        )

    return run


@pytest.fixture(scope="module")
def requests():
    """Requests of two hours, years ago."""
    # Whole seconds are the classic layout's time: one request a second at most keeps every row.
    drawn = Traffic(9).between(END - 7200, END, 0.2)
    return list({request["timestamp"].partition(".")[0]: request for request in drawn}.values())


@pytest.fixture(scope="module")
def moto_url() -> Iterator[str]:
    """Moto's server, for Kinesis and SQS."""
    with moto() as url:
        yield url


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Undo what configuring the handler did to this process."""
    from processor import handler

    before = dict(os.environ)
    monkeypatch.setattr(handler, "_processor", None)
    yield
    os.environ.clear()
    os.environ.update(before)


@pytest.fixture
def timestream() -> Iterator[str]:
    """An empty embedded Timestream."""
    with Server() as server:
        yield server.url


@pytest.fixture(scope="session")
def shared_timestream() -> Iterator[str]:
    """An embedded Timestream for questions that need no table."""
    with Server() as server:
        yield server.url
