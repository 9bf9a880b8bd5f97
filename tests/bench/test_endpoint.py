"""The bench of the embedded Timestream asks every panel, as it is today, and gets equal answers."""

import time

import pytest


@pytest.mark.slow
def test_every_panel_is_asked_of_the_generated_rows() -> None:
    # Here, as DuckDB says at every end of Python that it leaks, once this module has come with it.
    from bench import endpoint

    boards = endpoint.panels(time.time_ns() // 1_000_000)
    rows, queries, *_ = endpoint._queries(2_000, boards)
    assert rows == 2_000
    assert queries == sum(map(len, boards.values()))
