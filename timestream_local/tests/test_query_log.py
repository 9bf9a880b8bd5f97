"""The log of queries: when each began and ended, and nothing else."""

import json
import time
from pathlib import Path

import pytest
from botocore.exceptions import ClientError

from timestream_local import Server
from timestream_local.server import QUERY_LOG, main
from timestream_local.tests.support import clients


@pytest.mark.slow
def test_each_query_is_a_line_and_nothing_else_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "queries.log"
    monkeypatch.setenv(QUERY_LOG, str(path))
    before = time.time()
    with Server() as server:
        write, query = clients(server.url)
        write.create_database(DatabaseName="home")
        write.list_databases()
        query.query(QueryString="SELECT 1")
        with pytest.raises(ClientError):
            query.query(QueryString="SELEC 1")
        entries = [json.loads(line) for line in path.read_text().splitlines()]
    assert [entry["status"] for entry in entries] == [200, 400]
    for entry in entries:
        assert entry["client"].startswith("Boto3/")
        assert before - 0.01 <= entry["began"] <= entry["ended"] <= time.time() + 0.01


@pytest.mark.slow
def test_a_second_run_appends(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "queries.log"
    path.write_text("{}\n")
    monkeypatch.setenv(QUERY_LOG, str(path))
    with Server() as server:
        clients(server.url)[1].query(QueryString="SELECT 1")
    assert path.read_text().count("\n") == 2


def test_a_log_that_cannot_be_written_is_one_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--port", "0", "--query-log", str(tmp_path / "none" / "queries.log")]) == 1
    said = capsys.readouterr().err
    assert "queries.log cannot be written: No such file or directory" in said
    assert said.count("\n") == 1
