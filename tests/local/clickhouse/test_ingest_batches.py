"""How many lines of a file go in at once."""

import pytest

from local.__main__ import main
from local.stores.clickhouse.client import Client
from local.traffic import Traffic, line
from processor.catalog import DEFAULT_FIELDS
from tests.support.command_line import END

INVOCATIONS = "SELECT received FROM cloudfront.realtime_logs_pipeline WHERE field = '-'"


@pytest.mark.slow
def test_some_thousand_lines_of_a_file_are_one_insert(
    server, ask, environment, tmp_path, monkeypatch
):
    """Each costs as much as that many lines do, in three tables."""
    monkeypatch.chdir(tmp_path)  # where dead letters go
    file = tmp_path / "access.log"
    requests = list(Traffic(seed=5).between(END - 600, END, rps=5))
    assert len(requests) > 2_000
    file.write_text("".join(line(request, DEFAULT_FIELDS) for request in requests))
    try:
        assert main(["ingest", "--store", "clickhouse", "--endpoint", server.url, str(file)]) == 0
        received = [row["received"] for row in Client(server.url).rows(INVOCATIONS, {})]
    finally:
        assert ask("DROP DATABASE cloudfront SYNC").status == 200
    assert received == [len(requests)]
