from collections.abc import Iterator

import pytest

from tests.support.sample_site import World, running_world


@pytest.fixture(scope="session")
def world() -> Iterator[World]:
    """Generated traffic of today and yesterday in the embedded Timestream, in both layouts."""
    with running_world() as found:
        yield found
