from collections.abc import Iterator

import pytest

from tests.support.sample_site import SampleSite, running_sample_site


@pytest.fixture(scope="session")
def sample_site() -> Iterator[SampleSite]:
    """Generated traffic of today and yesterday in every store."""
    with running_sample_site() as found:
        yield found


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Leave the layout of the original to `make test-all`: it is one more way to the same table."""
    for item in items:
        if "timestream-classic" in item.name:
            item.add_marker(pytest.mark.slow)
