from collections.abc import Iterator
from pathlib import Path

import pytest

from local.stores.timestream.rulecases import Endpoint, endpoint
from tests.support.usual import alerting_files


@pytest.fixture(scope="session")
def timestream() -> Iterator[Endpoint]:
    """An embedded endpoint to run rule tests on."""
    with endpoint(None) as running:
        yield running


@pytest.fixture(scope="session")
def classic_files() -> list[Path]:
    """The alerting files of a bundle in the classic layout."""
    return list(alerting_files(layout="classic").values())
