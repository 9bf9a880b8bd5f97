from collections.abc import Iterator

import pytest

from local.stores.timestream.rulecases import Endpoint, endpoint


@pytest.fixture(scope="session")
def timestream() -> Iterator[Endpoint]:
    """An embedded endpoint to ask rules of full rows."""
    with endpoint(None) as running:
        yield running
