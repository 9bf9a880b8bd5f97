from collections.abc import Callable, Iterator
from contextlib import ExitStack
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from local.stores.timestream.rulecases import Endpoint
from tests.support.usual import alerting_files, rulecases


@pytest.fixture(scope="session")
def running() -> Iterator[Callable[[str], Any]]:
    """A store by its name, to run rules' tests on; each starts when a test first asks for it."""
    with ExitStack() as stack:
        yield cache(lambda store: stack.enter_context(rulecases(store).endpoint(None)))


@pytest.fixture(scope="session")
def timestream(running: Callable[[str], Any]) -> Endpoint:
    """The embedded Timestream among them."""
    return running("timestream")


@pytest.fixture(scope="session")
def classic_files() -> list[Path]:
    """The alerting files of a bundle in the classic layout."""
    return list(alerting_files(layout="classic").values())
