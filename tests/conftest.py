"""What `make test` leaves to `make test-all`: what is shown once already, in the usual store."""

from pathlib import Path

import pytest

ROOMS = (Path("tests/infra/clickhouse"), Path("tests/local/clickhouse"))


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Mark as slow the commands over a second store: its processor and panels stay."""
    for item in items:
        if any(config.rootpath / room in item.path.parents for room in ROOMS):
            item.add_marker(pytest.mark.slow)
