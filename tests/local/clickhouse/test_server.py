"""Starting, stopping and killing the stand-in, and what is there afterwards."""

import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
import urllib3

from local.stores.clickhouse import server as module
from local.stores.clickhouse.server import Server
from tests.local.clickhouse.conftest import asker
from tests.support.command_line import ROOT

pytest.importorskip("chdb", reason="ClickHouse's engine is not installed")

TABLES = (
    "CREATE DATABASE IF NOT EXISTS d",
    "CREATE TABLE d.t (day Date, n Int64) ENGINE = ReplacingMergeTree PARTITION BY day ORDER BY n"
    " SETTINGS non_replicated_deduplication_window = 10000",
    "CREATE TABLE d.sums (day Date, total UInt64) ENGINE = SummingMergeTree ORDER BY day"
    " SETTINGS non_replicated_deduplication_window = 10000",
    "CREATE MATERIALIZED VIEW d.to_sums TO d.sums AS"
    " SELECT t.day AS day, count() AS total FROM d.t AS t GROUP BY day",
)
DAYS = ("2026-11-24", "2026-11-25")  # two partitions to each insert


def insert(ask, batch):
    """Insert batch number n: rows 100 n to 100 n + 99, on two days."""
    body = "".join(f"{DAYS[n % 2]}\t{n}\n" for n in range(batch * 100, batch * 100 + 100))
    return ask(
        body, query="INSERT INTO d.t FORMAT TSV", async_insert=0,
        insert_deduplication_token=f"batch-{batch}",
        deduplicate_blocks_in_dependent_materialized_views=1,
    )  # fmt: skip


@pytest.mark.slow
def test_a_crash_loses_no_row_that_was_acknowledged_and_what_comes_again_is_there_once(tmp_path):
    """Killed while four write. A batch whose answer was lost is sent again, as a client does."""
    acknowledged, sent, lock = set(), set(), threading.Lock()
    with Server(tmp_path / "t") as server:
        ask = asker(server.url)
        for statement in TABLES:
            assert ask(statement).status == 200
        enough = threading.Event()

        def write(writer):
            for batch in range(writer, 4000, 4):
                with lock:
                    sent.add(batch)
                try:
                    status = insert(asker(server.url), batch).status
                except urllib3.exceptions.HTTPError:
                    return  # it is gone
                if status == 200:
                    with lock:
                        acknowledged.add(batch)
                        if len(acknowledged) >= 40:
                            enough.set()

        threads = [threading.Thread(target=write, args=(n,)) for n in range(4)]
        for thread in threads:
            thread.start()
        assert enough.wait(60)
        server.kill()
        for thread in threads:
            thread.join()
    with Server(tmp_path / "t") as server:
        ask = asker(server.url)
        answer = ask("SELECT DISTINCT intDiv(n, 100) FROM d.t")
        there = {int(text) for text in answer.data.split()}
        assert acknowledged <= there <= sent
        for batch in sorted(sent):
            assert insert(ask, batch).status == 200
        counted = ask("SELECT count(), uniqExact(n), (SELECT sum(total) FROM d.sums) FROM d.t")
        assert counted.data == b"\t".join([b"%d" % (100 * len(sent))] * 3) + b"\n"


@pytest.mark.slow
def test_settings_and_tables_survive_a_restart_and_a_second_process_is_kept_out(tmp_path):
    folder = tmp_path / "a folder, 100% öd?&#"
    with Server(folder) as server:
        ask = asker(server.url)
        for statement in (*TABLES, "CREATE TABLE own (n Int8) ENGINE = MergeTree ORDER BY n"):
            assert ask(statement).status == 200
        assert insert(ask, 1).status == 200
        with pytest.raises(OSError, match=re.escape(f"{folder} is open in another process")):
            Server(folder).__enter__()
    for _ in range(2):
        with Server(folder) as server:
            ask = asker(server.url)
            assert ask("SELECT count() FROM d.t").data == b"100\n"
            assert ask("SELECT count() FROM own").data == b"0\n"


@pytest.mark.slow
def test_what_has_no_folder_leaves_none(tmp_path, monkeypatch):
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr(module.tempfile, "tempdir", None)
    with Server() as server:
        assert asker(server.url)("SELECT 1").status == 200
        assert list(tmp_path.iterdir())
    assert list(tmp_path.iterdir()) == []
    with Server() as server:
        server.kill()
    assert list(tmp_path.iterdir()) == []


def is_running(pid):
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2][0] != "Z"
    except FileNotFoundError:
        return False


@pytest.mark.slow
def test_it_ends_with_its_parent_and_leaves_no_folder(tmp_path):
    program = (
        "import os, sys; from local.stores.clickhouse.server import Server\n"
        "server = Server().__enter__()\n"
        "print(server.pid, flush=True)\n"
        "os.kill(os.getpid(), 9)\n"
    )
    parent = subprocess.Popen(
        [sys.executable, "-c", program], cwd=ROOT, stdout=subprocess.PIPE, text=True,
        env={**os.environ, "TMPDIR": str(tmp_path)},
    )  # fmt: skip
    pid = int(parent.stdout.readline())
    parent.wait()
    parent.stdout.close()
    while is_running(pid):  # the runner's own limit ends this
        time.sleep(0.1)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.slow
def test_a_port_in_use_is_said():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(OSError, match=f"Port {port} is in use; choose another with --port"):
            Server(port=port).__enter__()


@pytest.mark.slow
def test_a_password_is_asked_for(tmp_path):
    with Server(tmp_path, password="öl:x", reader="r:") as server:
        ask = asker(server.url)
        assert ask("SELECT 1").status == 403
        known = {"X-ClickHouse-User": "default", "X-ClickHouse-Key": "öl:x".encode()}
        assert ask("SELECT 1", user="default", password="öl:x").status == 200
        assert ask("SELECT 1", headers=known).status == 200
        assert ask("SELECT 1", user="r").status == 200


@pytest.mark.slow
def test_by_itself_it_serves_until_it_is_told_to_end(tmp_path):
    process = subprocess.Popen(
        [sys.executable, "-m", "local.stores.clickhouse", "--port", "0", "--data", tmp_path],
        cwd=ROOT, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    url = process.stdout.readline().strip()
    assert asker(url)("SELECT 1").data == b"1\n"
    process.send_signal(signal.SIGTERM)
    assert process.wait(60) == 0
    process.stdout.close()


def test_without_the_engine_it_says_how_to_get_it(tmp_path):
    program = (
        "import sys; sys.modules['chdb'] = None\n"
        "from local.stores.clickhouse.server import main\n"
        "sys.exit(main(['--port', '0', '--data', sys.argv[1]]))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, tmp_path], cwd=ROOT, capture_output=True, text=True
    )
    assert done.returncode == 1
    assert done.stderr == f"{module.INSTALL}\n"
