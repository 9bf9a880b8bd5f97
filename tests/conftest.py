"""What `make test` leaves to `make test-all`: what is shown once already, in the usual store."""

import gc
from collections.abc import Generator
from pathlib import Path

import pytest

ROOMS = (Path("tests/infra/clickhouse"), Path("tests/local/clickhouse"))


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """Look for no garbage while tests are collected, nor ever among them: there is none.

    That is more than a quarter of the time that collecting takes.
    """
    gc.disable()
    try:
        return (yield)
    finally:
        gc.enable()
        gc.freeze()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Mark as slow the commands over a second store: its processor and panels stay."""
    for item in items:
        if any(config.rootpath / room in item.path.parents for room in ROOMS):
            item.add_marker(pytest.mark.slow)
