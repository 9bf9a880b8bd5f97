"""What was acknowledged survives: kill -9 during writes, restarts, a torn journal."""

import json
import os
import random
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import BotoCoreError, ClientError

from timestream_local import Server
from timestream_local.store import Store
from timestream_local.tests.support import (
    RETENTION,
    OftenCompressing,
    clients,
    dimensions,
    rows,
    write,
)

COUNT = 'SELECT count(*), count(DISTINCT i) FROM "kept"."records"'


def records(start: int, at: int) -> list[dict[str, Any]]:
    """Return ten records of their own series, from a number on."""
    return [
        {
            "Dimensions": dimensions(i=str(i)),
            "MeasureName": "m",
            "MeasureValueType": "BIGINT",
            "MeasureValue": str(i),
            "Time": str(at),
        }
        for i in range(start, start + 10)
    ]


def write_until_killed(
    url: str, names: dict[str, str], start: int, at: int, begun: threading.Event
) -> int:
    """Write batch after batch; returns the number after the last acknowledged record."""
    client, _ = clients(url)
    number = start
    try:
        while True:
            client.write_records(**names, Records=records(number, at))
            number += 10
            begun.set()
    except (BotoCoreError, ClientError):
        return number


@pytest.mark.slow
@pytest.mark.parametrize("server_class", [Server, OftenCompressing])
@pytest.mark.parametrize("seed", range(4))
def test_kill_9_loses_nothing_acknowledged(
    tmp_path: Path, seed: int, server_class: type[Server]
) -> None:
    """Killed in the middle of writes, with and without queries between, all that was said to be
    written is there after a restart, once; a replay of everything changes nothing.
    """
    chance = random.Random(seed)
    names = {"DatabaseName": "kept", "TableName": "records"}
    at = time.time_ns() // 1_000_000
    acknowledged = 0
    for life in range(3):
        with server_class(data=tmp_path) as server:
            client, query = clients(server.url)
            if life == 0:
                client.create_database(DatabaseName="kept")
                client.create_table(**names)
            else:
                total, distinct = map(int, rows(query, COUNT)[0])
                assert total == distinct
                assert acknowledged <= total <= acknowledged + 10
            done: list[int] = []
            begun = threading.Event()
            thread = threading.Thread(
                target=lambda s=server, d=done, a=acknowledged, b=begun: d.append(
                    write_until_killed(s.url, names, a, at, b)
                )
            )
            thread.start()
            assert begun.wait(60)
            for _ in range(chance.randrange(4)):
                rows(query, COUNT)  # brings rows into DuckDB between writes
            threading.Event().wait(chance.random() * 0.3)
            server.kill()
            thread.join()
            acknowledged = done[0]
    with Server(data=tmp_path) as server:
        client, query = clients(server.url)
        for number in range(0, acknowledged, 10):
            client.write_records(**names, Records=records(number, at))
        total, distinct = map(int, rows(query, COUNT)[0])
        assert total == distinct
        assert acknowledged <= total <= acknowledged + 10


@pytest.mark.slow
def test_a_restart_keeps_everything(tmp_path: Path) -> None:
    """Databases, tables, tags, columns, rows, versions and duplicates are as they were."""
    names = {"DatabaseName": "kept", "TableName": "records"}
    at = time.time_ns() // 1_000_000
    batch = records(0, at)
    with Server(data=tmp_path) as server:
        client, query = clients(server.url)
        client.create_database(DatabaseName="kept", Tags=[{"Key": "k", "Value": "v"}])
        client.create_table(**names)
        client.write_records(**names, Records=batch)
        before = [rows(query, sql) for sql in (COUNT, 'DESCRIBE "kept"."records"')]
    with Server(data=tmp_path) as server:
        client, query = clients(server.url)
        arn = client.describe_database(DatabaseName="kept")["Database"]["Arn"]
        tags = client.list_tags_for_resource(ResourceARN=arn)["Tags"]
        assert tags == [{"Key": "k", "Value": "v"}]
        client.write_records(**names, Records=batch)
        assert [rows(query, sql) for sql in (COUNT, 'DESCRIBE "kept"."records"')] == before
        batch[0]["MeasureValue"] = "77"
        with pytest.raises(client.exceptions.RejectedRecordsException):
            client.write_records(**names, Records=batch)


def store_at(folder: Path) -> Store:
    """Open a store with the table there."""
    store = Store(folder)
    if "kept" not in store.databases():
        store.create_database("kept", {"created": 0, "updated": 0, "tags": {}, "key": "k"})
        store.create_table("kept", "records", json.loads(json.dumps(RETENTION)))
    return store


def count(store: Store) -> int:
    """Return how many rows the table has."""
    store.flush()
    table = store.table("kept", "records")
    return store.cursor().execute(f"SELECT count(*) FROM {table.physical}").fetchone()[0]


def abandon(store: Store) -> None:
    """Let go of the files as a killed process would, nothing brought into DuckDB."""
    store._journal.close()
    store._connection.close()


@pytest.mark.slow
def test_the_journal_alone_is_enough(tmp_path: Path) -> None:
    """Rows that never reached DuckDB come back from the journal, once."""
    store = store_at(tmp_path)
    at = time.time_ns() // 1_000_000
    write(store, "kept", "records", records(0, at))
    write(store, "kept", "records", records(10, at))
    abandon(store)
    store = store_at(tmp_path)
    assert count(store) == 20
    abandon(store)
    store = store_at(tmp_path)
    assert count(store) == 20
    store.close()


@pytest.mark.slow
def test_rows_past_their_retention_go_by_themselves(tmp_path: Path) -> None:
    """The server drops them: at its start, and then once a minute."""
    names = {"DatabaseName": "kept", "TableName": "records"}
    days = 86_400_000
    at = time.time_ns() // 1_000_000
    retention = {"MemoryStoreRetentionPeriodInHours": 1, "MagneticStoreRetentionPeriodInDays": 30}
    with Server(data=tmp_path) as server:
        client, query = clients(server.url)
        client.create_database(DatabaseName="kept")
        client.create_table(
            **names,
            RetentionProperties=retention,
            MagneticStoreWriteProperties={"EnableMagneticStoreWrites": True},
        )
        client.write_records(**names, Records=records(0, at) + records(10, at - 5 * days))
        retention["MagneticStoreRetentionPeriodInDays"] = 3
        client.update_table(**names, RetentionProperties=retention)
        assert rows(query, COUNT) == [["20", "20"]]
    with Server(data=tmp_path) as server:
        _, query = clients(server.url)
        assert rows(query, COUNT) == [["10", "10"]]


@pytest.mark.parametrize("kept", [False, True], ids=["in memory", "on disk"])
def test_rows_are_compressed_when_enough_are_new(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kept: bool
) -> None:
    """Texts then stand as dictionaries, which is what makes five million rows quick to read."""
    monkeypatch.setattr("timestream_local.store.COMPRESS_ROWS", 1_000)
    store = Store(tmp_path if kept else None)
    store.create_database("kept", {"created": 0, "updated": 0, "tags": {}, "key": "k"})
    store.create_table("kept", "records", json.loads(json.dumps(RETENTION)))
    at = time.time_ns() // 1_000_000

    def fill(first: int, number: int) -> None:
        for start in range(first, first + number, 10):
            write(store, "kept", "records", records(start, at))
        store.flush()

    def compressions() -> set[str]:
        physical = store.table("kept", "records").columns["i"].physical
        found = store.cursor().execute(
            "SELECT compression FROM pragma_storage_info(?) WHERE column_name = ? "
            "AND segment_type = 'VARCHAR'",
            [store.table("kept", "records").physical, physical],
        )
        return {name for (name,) in found.fetchall()}

    fill(0, 990)
    assert not store.is_behind()
    assert compressions() == {"Uncompressed"}
    fill(990, 10)
    assert store.is_behind()
    store.catch_up()
    assert not store.is_behind()
    assert compressions()
    assert "Uncompressed" not in compressions()
    assert count(store) == 1_000
    store.close()


@pytest.mark.slow
def test_a_torn_entry_ends_the_journal(tmp_path: Path) -> None:
    """An entry that was cut short was never acknowledged; those before it are whole."""
    store = store_at(tmp_path)
    at = time.time_ns() // 1_000_000
    write(store, "kept", "records", records(0, at))
    write(store, "kept", "records", records(10, at))
    abandon(store)
    journal = max((tmp_path / "journal").iterdir())
    journal.write_bytes(journal.read_bytes()[:-7])
    store = store_at(tmp_path)
    assert count(store) == 10
    write(store, "kept", "records", records(20, at))
    abandon(store)
    store = store_at(tmp_path)
    assert count(store) == 20
    store.close()


@pytest.mark.slow
def test_a_replaced_record_survives_too(tmp_path: Path) -> None:
    """A higher version that was acknowledged is there after a crash, and the old one is not."""
    store = store_at(tmp_path)
    at = time.time_ns() // 1_000_000
    old = records(0, at)
    write(store, "kept", "records", old)
    new = [{**record, "Version": 2, "MeasureValue": "5"} for record in old]
    write(store, "kept", "records", new)
    abandon(store)
    store = store_at(tmp_path)
    assert count(store) == 10
    column = store.table("kept", "records").columns["measure_value::bigint"].physical
    table = store.table("kept", "records").physical
    found = store.cursor().execute(f"SELECT DISTINCT {column}, n FROM {table}").fetchall()
    assert found == [(5, 2)]
    store.close()


@pytest.mark.slow
def test_the_child_ends_with_its_parent(tmp_path: Path) -> None:
    """When the process that started it is killed, the endpoint stops by itself."""
    code = (
        "import time\nfrom timestream_local import Server\n"
        "with Server() as s:\n    print(s.pid, flush=True)\n    time.sleep(600)\n"
    )
    root = Path(__file__).parents[2]
    parent = subprocess.Popen(
        [sys.executable, "-c", code], stdout=subprocess.PIPE, text=True, cwd=root
    )
    with parent:
        child = int(parent.stdout.readline())
        os.kill(parent.pid, signal.SIGKILL)
    deadline = time.monotonic() + 30
    while Path(f"/proc/{child}").exists() and time.monotonic() < deadline:
        state = Path(f"/proc/{child}/stat").read_text().rpartition(")")[2].split()[0]
        if state == "Z":
            break
        threading.Event().wait(0.05)
    else:
        assert not Path(f"/proc/{child}").exists()
