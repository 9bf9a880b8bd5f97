"""The bench asks what Grafana would ask, of rows that are as many as it says."""

import re
from collections.abc import Iterator

import pytest

from bench import clickhouse, clickhouse_rows
from dashboards.stores.clickhouse.frames import Range
from local.stores.clickhouse.client import Client
from local.stores.clickhouse.server import Server
from tests.support.stores import ENVIRONMENT

END = 1_790_000_000 // 3600 * 3600
COUNT = "SELECT count() AS n, uniqExact(line_hash, x_edge_request_id) AS ids FROM {}"
SUMS = "SELECT sum(sum_requests) AS n, min({unit}) AS first, max({unit}) AS last FROM {table}"


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    with pytest.MonkeyPatch.context() as patch, Server() as server:
        for name, value in ENVIRONMENT.items():
            patch.setenv(name, value)
        patch.setattr(clickhouse_rows, "SAMPLE", 300)
        clickhouse_rows.sample(server.url)
        clickhouse_rows.multiply(server.url, "live", 3_000, END - 6 * 3600, END)
        clickhouse_rows.repeat(server.url, "live", "month", 6 * 3600, 8)
        yield server.url


@pytest.mark.slow
def test_every_row_of_the_bench_is_a_request_of_its_own(url: str) -> None:
    here = clickhouse_rows.place("live")
    [found] = Client(url).rows(COUNT.format(here.requests), {})
    assert found == {"n": 3_000, "ids": 3_000}


@pytest.mark.parametrize("unit", ["minute", "hour"])
def test_rollups_of_the_bench_hold_what_was_multiplied(url: str, unit: str) -> None:
    live, month = (
        Client(url).rows(
            SUMS.format(unit=unit, table=getattr(clickhouse_rows.place(name), f"{unit}s")), {}
        )[0]
        for name in ("live", "month")
    )
    assert live["n"] == 3_000
    assert month["n"] == 8 * 3_000
    assert month["last"] == live["last"]
    assert month["first"] < live["first"]


def test_all_queries_of_all_dashboards_are_asked_with_nothing_left_to_fill_in() -> None:
    boards = clickhouse.boards(Range(start=0, end=3_600_000))
    assert {"cloudfront-overview", "cloudfront-pipeline"} <= boards.keys()
    for queries in boards.values():
        assert queries
        for query in queries:
            assert not re.search(r"\$[_{\w]", query.sql.replace("$__all", "")), query
