from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from provisioning.push import targets
from tests.support.fake_grafana import FakeGrafana, served
from tests.support.push import Push, Start
from tests.support.usual import Bundle

VERSIONS = ("10.4.3", "12.2.0", "13.1.0")


@pytest.fixture(autouse=True)
def usual_bundle(monkeypatch: pytest.MonkeyPatch) -> None:
    """Push what the tests are about, whatever an operator has made the defaults."""
    monkeypatch.setattr(targets, "Bundle", Bundle)


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """Start a fake Grafana: `start("10.4.3", simple_routing=False)` gives a Push."""
    with ExitStack() as stack:

        def one(version: str = "12.2.0", **options: bool) -> Push:
            fake = FakeGrafana(version, **options)
            return Push(fake, stack.enter_context(served(fake)), tmp_path / "backups")

        yield one


# The newest is the most different from the one that every other test starts.
@pytest.fixture(
    params=[
        pytest.param(each, marks=() if each == "13.1.0" else pytest.mark.slow) for each in VERSIONS
    ]
)
def push(request: pytest.FixtureRequest, start: Start) -> Push:
    """A push to each version."""
    return start(request.param)
