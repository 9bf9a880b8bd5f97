"""Properties: bin partitions time, series unnest to their rows, replays change nothing, and many
writers and readers at once keep every count exact.
"""

import copy
import gc
import os
import re
import threading
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from timestream_local import Server
from timestream_local.casts import timestamp
from timestream_local.compiler import compile_query
from timestream_local.engine import Engine, Run
from timestream_local.errors import SqlError
from timestream_local.functions.regexes import solid
from timestream_local.index import Index
from timestream_local.results import double_text, timestamp_text
from timestream_local.store import Store
from timestream_local.tests.support import (
    RETENTION,
    OftenCompressing,
    clients,
    dimensions,
    rows,
    write,
)

FEW = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
INSTANT = st.integers(0, 9_000_000_000_000_000_000)
UNIT = {"ns": 1, "us": 10**3, "ms": 10**6, "s": 10**9, "m": 60 * 10**9, "h": 3600 * 10**9}


def ask(engine: Engine, sql: str) -> list[list[Any]]:
    """Return the rows of a query's only page."""
    answer = engine.query({"QueryString": sql})
    return [[datum.get("ScalarValue") for datum in row["Data"]] for row in answer["Rows"].decoded()]


@pytest.mark.slow
@FEW
@given(
    instant=st.integers(-9_000_000_000_000_000_000, 9_000_000_000_000_000_000),
    amount=st.integers(1, 100_000),
    unit=st.sampled_from(sorted(UNIT)),
)
def test_bin_partitions_time(samples: Engine, instant: int, amount: int, unit: str) -> None:
    """An instant is in its bin, the bin starts at a multiple, and binning twice is binning once."""
    width = amount * UNIT[unit]
    sql = (
        f"SELECT to_nanoseconds(b), to_nanoseconds(bin(b, {amount}{unit})) "
        f"FROM (SELECT bin(from_nanoseconds({instant}), {amount}{unit}) AS b)"
    )
    ((once, twice),) = ask(samples, sql)
    assert int(once) == instant // width * width
    assert once == twice


@pytest.mark.slow
@FEW
@given(
    points=st.dictionaries(
        st.integers(0, 10**18), st.integers(-(2**31), 2**31 - 1), min_size=1, max_size=20
    )
)
def test_a_series_unnests_to_its_rows(samples: Engine, points: dict[int, int]) -> None:
    """CREATE_TIME_SERIES then UNNEST gives the rows back, in order of time."""
    values = ", ".join(f"(from_nanoseconds({t}), {v})" for t, v in points.items())
    sql = (
        "SELECT to_nanoseconds(time), value FROM (SELECT create_time_series(t, v) AS s "
        f"FROM (VALUES {values}) AS x(t, v)) CROSS JOIN UNNEST(s) AS u (time, value) ORDER BY time"
    )
    assert ask(samples, sql) == [[str(t), str(v)] for t, v in sorted(points.items())]


@FEW
@given(instant=INSTANT)
def test_a_timestamp_is_written_and_read_the_same(samples: Engine, instant: int) -> None:
    """Text to timestamp to text keeps every nanosecond, and agrees with Python's calendar."""
    text = timestamp_text(instant)
    moment = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=instant // 1000)
    assert text[:26] == moment.strftime("%Y-%m-%d %H:%M:%S.%f")
    literal = f"TIMESTAMP '{text}'"
    sql = f"SELECT {literal}, to_nanoseconds({literal}), CAST({literal} AS varchar)"
    assert ask(samples, sql) == [[text, str(instant), text]]


# What a timestamp's text is made of, and what it is not.
DAY = st.from_regex(r"\A(19|20)\d\d-[01]?\d-[0-3]?\d\Z")
CLOCK = st.from_regex(r"\A [0-2]?\d(:[0-6]?\d){0,3}(\.\d{0,10})?\Z", alphabet="0123456789:. ")
ZONE = st.sampled_from(["Z", " UTC", "GMT", "+01", " +01:30", "-0330", "+1", " CET", "T", ""])
MOMENT = st.builds(lambda *parts: "".join(parts), DAY, st.just("") | CLOCK, ZONE)


@pytest.mark.slow
@settings(FEW, max_examples=150)
@given(text=MOMENT)
def test_a_text_is_the_same_timestamp_everywhere(samples: Engine, text: str) -> None:
    """A literal, a text in a column and a text beside a timestamp are read alike, or not at all."""
    expected = timestamp(text)
    column = f"SELECT to_nanoseconds(try_cast(x AS timestamp)) FROM (VALUES '{text}') AS t(x)"
    beside = f"SELECT from_nanoseconds({expected or 0}) = '{text}'"
    if expected is None:
        assert ask(samples, column) == [[None]]
        with pytest.raises(SqlError, match="is not a timestamp"):
            compile_query(beside, samples.store)
    else:
        assert ask(samples, column) == [[str(expected)]]
        assert ask(samples, beside) == [["true"]]


@pytest.mark.slow
@FEW
@given(
    numbers=st.lists(st.integers(-100, 100), min_size=1, max_size=12, unique=True),
    made=st.integers(1, 9) | st.integers(-9, -1),
    sorted_by=st.integers(1, 9) | st.integers(-9, -1),
    alias=st.sampled_from(["n", "m"]),
    table=st.sampled_from(["", "t."]),
)
def test_order_by_sees_the_output_first(
    samples: Engine, numbers: list[int], made: int, sorted_by: int, alias: str, table: str
) -> None:
    """A name means the SELECT list's column; FROM's where there is none or its table is named."""
    sql = (
        f"SELECT n * {made} AS {alias} FROM (VALUES {', '.join(map(str, numbers))}) AS t(n) "
        f"ORDER BY {table}n * {sorted_by}"
    )
    outputs = not table and alias == "n"
    expected = sorted(numbers, key=lambda n: n * (made if outputs else 1) * sorted_by)
    assert [int(row[0]) for row in ask(samples, sql)] == [n * made for n in expected]


@pytest.mark.slow
@FEW
@given(number=st.floats(allow_nan=False, allow_infinity=False))
def test_a_double_is_written_as_java_does(samples: Engine, number: float) -> None:
    """It reads back as itself; small and large ones have an exponent; SQL's CAST agrees."""
    text = double_text(number)
    assert float(text) == number
    assert ("E" in text) == (number != 0 and not 1e-3 <= abs(number) < 1e7)
    assert ask(samples, f"SELECT CAST(DOUBLE '{number!r}' AS varchar)") == [[text]]


@FEW
@given(keys=st.lists(st.tuples(st.integers(0, 2**64 - 1), st.integers(0, 2**64 - 1)), max_size=300))
def test_the_index_is_a_map(keys: list[tuple[int, int]]) -> None:
    """It gives back what was put last, for keys that share a shard and a slot too."""
    index, model = Index(), {}
    for key, content in keys:
        for near in (key, key & 0xFFF, (key + 64) % 2**64):
            index.put(near, content)
            model[near or 1] = content or 1
    assert all(index.get(key) == content for key, content in model.items())
    assert len(index) == len(model)
    for key in list(model)[::2]:
        index.forget(key)
        del model[key]
        assert index.get(key) is None
    assert all(index.get(key) == content for key, content in model.items())


@pytest.mark.slow
def test_an_index_whose_keys_come_and_go_stays_as_large_as_what_it_holds() -> None:
    """A table that is trimmed for weeks: what was forgotten takes no room."""
    index, held = Index(), 50_000
    numbers = [n * 0x9E3779B97F4A7C15 % 2**64 for n in range(1, held * 12)]
    sizes = []
    for at, key in enumerate(numbers):
        index.put(key, at)
        if at >= held:
            index.forget(numbers[at - held])
        if at % held == held - 1:
            sizes.append(index.slots)
    assert sizes[-1] <= 4 * held
    assert sizes[-1] <= 1.1 * sizes[3]
    assert all(index.get(key) for key in numbers[-held:])
    assert not any(index.get(key) for key in numbers[:-held])


@pytest.mark.slow
def test_queries_that_are_over_are_let_go(samples: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every SDK sends a client token of its own with each query; none holds its rows for hours."""
    monkeypatch.setattr("timestream_local.engine.KEPT_QUERIES", 5)
    monkeypatch.setattr("timestream_local.engine.KEPT_TOKENS", 20)
    for number in range(60):
        samples.query({"QueryString": "SELECT 1", "ClientToken": f"{number:032}"})
    gc.collect()
    held = [each for each in gc.get_objects() if isinstance(each, Run) and each.sql == "SELECT 1"]
    assert len(held) <= 5
    assert len(samples._tokens) == 20
    same = {"QueryString": "SELECT 1", "ClientToken": f"{45:032}"}  # its answer went: asked again
    assert samples.query(same)["Rows"].decoded()


PATTERN = st.builds(
    lambda flags, branches: flags + "|".join(branches),
    st.sampled_from(["", "(?i)"]),
    st.lists(
        st.lists(
            st.sampled_from(["a", "b", "B", "^", "$", ".", "a?", "b*", "[ab]", "(?:b|a)?", "\\b"]),
            max_size=3,
        ).map("".join),
        min_size=1,
        max_size=3,
    ),
)


@pytest.mark.slow
@settings(FEW, max_examples=200)
@given(pattern=PATTERN, text=st.text("abB ", max_size=4))
def test_regular_expressions_match_what_they_match(
    samples: Engine, pattern: str, text: str
) -> None:
    """regexp_like and regexp_extract agree with another engine, for patterns of every kind."""
    found = re.search(pattern, text)
    if solid(pattern):
        assert found is None or found[0]
    sql = f"SELECT regexp_like('{text}', '{pattern}'), regexp_extract('{text}', '{pattern}')"
    assert ask(samples, sql) == [[str(found is not None).lower(), found and found[0]]]


@pytest.mark.slow
def test_what_is_compressed_is_read_as_before(store: Store) -> None:
    """Rows, duplicates, replacements and new columns are the same on both sides of a compression,
    while queries read all the time.
    """
    store.create_database("d", {"created": 0, "updated": 0, "tags": {}, "key": "k"})
    store.create_table("d", "t", copy.deepcopy(RETENTION))
    now = time.time_ns() // 1_000_000
    batches = [
        [
            {
                "Dimensions": dimensions(host=str(i % 7), **({"zone": "z"} if part else {})),
                "MeasureName": "m",
                "MeasureValueType": "BIGINT",
                "MeasureValue": str(i),
                "Time": str(now - 100 * part - i),
            }
            for i in range(100)
        ]
        for part in range(10)
    ]
    engine = Engine(store, timeout=60)
    stop, problems = threading.Event(), []

    def read() -> None:
        before = 0
        while not stop.is_set():
            ((total, hosts),) = ask(engine, 'SELECT count(*), count(DISTINCT host) FROM "d"."t"')
            if int(total) < before or (int(total) and int(hosts) != 7):
                problems.append((total, hosts))
            before = int(total)

    write(store, "d", "t", batches[0])
    reader = threading.Thread(target=read)
    reader.start()
    try:
        for batch in batches:
            write(store, "d", "t", batch)
            store.flush()
            store.compress()
            write(store, "d", "t", batch)
        higher = [{**record, "Version": 2, "MeasureValue": "-1"} for record in batches[3]]
        write(store, "d", "t", higher)
        store.flush()
        store.compress()
    finally:
        stop.set()
        reader.join()
    assert not problems
    sql = (
        "SELECT count(*), count_if(zone IS NULL), count_if(measure_value::bigint = -1), "
        'sum(measure_value::bigint) FROM "d"."t"'
    )
    assert ask(engine, sql) == [["1000", "100", "100", str(9 * 4950 - 100)]]
    engine.close()


def test_percentiles_of_a_column_are_asked_for_together(samples: Engine) -> None:
    """DuckDB sorts a column once for all of them, and a lone one stands as it is."""
    table = '"sampleDB"."DevOps"'
    three = ", ".join(f"approx_percentile(measure_value::double, {p})" for p in (0.5, 0.9, 0.99))
    text = samples.plan(f"SELECT {three} FROM {table}")[0].sql
    assert len(set(re.findall(r"quantile_disc\([^()]*\)", text))) == 1
    alone = samples.plan(f"SELECT approx_percentile(measure_value::double, 0.5) FROM {table}")[0]
    assert "[" not in alone.sql


def test_a_table_is_read_once_for_a_sum_over_a_window(samples: Engine) -> None:
    """The dashboards' greatest-of-many panels ask so."""
    plan, _ = samples.plan(
        "SELECT hostname, bin(time, 1m), count(*), sum(count(*)) OVER (PARTITION BY hostname) "
        'FROM "sampleDB"."DevOps" GROUP BY hostname, bin(time, 1m)'
    )
    physical = samples.store.table("sampleDB", "DevOps").physical.rpartition(".")[2]
    cursor = samples.store.cursor().execute(f"EXPLAIN (FORMAT json) {plan.sql}")
    assert len(re.findall(rf"main\.{physical}\b", cursor.fetchone()[1])) == 1


def test_rows_past_their_retention_are_forgotten(store: Store) -> None:
    """They leave the table, and are new again when a longer retention lets them be written."""
    hour = 3_600_000
    now = time.time_ns() // 1_000_000
    properties = {
        "RetentionProperties": {
            "MemoryStoreRetentionPeriodInHours": 1,
            "MagneticStoreRetentionPeriodInDays": 1,
        },
        "MagneticStoreWriteProperties": {"EnableMagneticStoreWrites": True},
        "tags": {},
    }
    store.create_database("d", {"created": 0, "updated": 0, "tags": {}, "key": "k"})
    store.create_table("d", "t", properties)
    records = [
        {
            "Dimensions": dimensions(host="a"),
            "MeasureName": "m",
            "MeasureValueType": "BIGINT",
            "MeasureValue": str(age),
            "Time": str(now - age * hour),
        }
        for age in (0, 10, 20)
    ]
    write(store, "d", "t", records)
    store.flush()
    engine = Engine(store, timeout=60)
    sql = 'SELECT measure_value::bigint FROM "d"."t" ORDER BY time DESC'
    store.expire((now + 3 * hour) * 1_000_000)
    assert ask(engine, sql) == [["0"], ["10"], ["20"]]
    store.expire((now + 5 * hour) * 1_000_000)
    assert ask(engine, sql) == [["0"], ["10"]]
    write(store, "d", "t", records)  # within the retention, seen from now
    write(store, "d", "t", records)
    assert ask(engine, sql) == [["0"], ["10"], ["20"]]
    engine.close()


@pytest.mark.slow
@settings(FEW, max_examples=12)
@given(data=st.data())
def test_replays_change_nothing(data: Any) -> None:
    """Any batches, written again in any order and overlap, leave the table as it was."""
    store = Store(None)
    try:
        store.create_database("d", {"created": 0, "updated": 0, "tags": {}, "key": "k"})
        store.create_table("d", "t", copy.deepcopy(RETENTION))
        now = time.time_ns() // 1_000_000
        pool = [
            {
                "Dimensions": dimensions(host=str(i % 3)),
                "MeasureName": f"m{i % 2}",
                "MeasureValue": str(i),
                "Time": str(now - i // 6),
            }
            for i in range(30)
        ]
        for start in range(0, 30, 10):
            write(store, "d", "t", pool[start : start + 10])
        store.flush()
        sql = f"SELECT * FROM {store.table('d', 't').physical} ORDER BY ALL"
        before = store.cursor().execute(sql).fetchall()
        for _ in range(5):
            batch = data.draw(st.lists(st.sampled_from(pool), min_size=1, max_size=20))
            write(store, "d", "t", batch)
            if data.draw(st.booleans()):
                store.flush()
        store.flush()
        assert store.cursor().execute(sql).fetchall() == before
    finally:
        store.close()


@pytest.mark.slow
@pytest.mark.parametrize("server_class", [Server, OftenCompressing])
@pytest.mark.parametrize("kept", [False, True], ids=["in memory", "on disk"])
def test_eight_writers_and_eight_readers_at_once(
    tmp_path: Path, server_class: type[Server], kept: bool
) -> None:
    """No error, no count that goes back, and in the end every record once.

    TIMESTREAM_SOAK_SECONDS makes it last longer than its usual two seconds.
    """
    seconds = float(os.environ.get("TIMESTREAM_SOAK_SECONDS", "2"))
    problems: list[BaseException] = []
    written = [0] * 8
    with server_class(data=tmp_path if kept else None) as server:
        client, query = clients(server.url)
        names = {"DatabaseName": "busy", "TableName": "records"}
        client.create_database(DatabaseName="busy")
        client.create_table(**names)
        at = time.time_ns() // 1_000_000
        stop = threading.Event()

        def batch(writer: int, number: int) -> list[dict[str, Any]]:
            return [
                {
                    "Dimensions": dimensions(writer=str(writer), number=str(number + i)),
                    "MeasureName": "m",
                    "MeasureValue": "1",
                    "Time": str(at),
                }
                for i in range(20)
            ]

        def writing(writer: int) -> None:
            mine, _ = clients(server.url)
            while not stop.is_set():
                mine.write_records(**names, Records=batch(writer, written[writer]))
                mine.write_records(**names, Records=batch(writer, written[writer]))  # a replay
                written[writer] += 20

        def reading() -> None:
            _, mine = clients(server.url)
            seen = 0
            while not stop.is_set():
                ((total,),) = rows(mine, 'SELECT count(*) FROM "busy"."records"')
                assert int(total) >= seen
                seen = int(total)

        def guarded(work: Any, *arguments: Any) -> None:
            try:
                work(*arguments)
            except BaseException as problem:
                problems.append(problem)
                stop.set()

        client.write_records(**names, Records=batch(0, 0))
        threads = [threading.Thread(target=guarded, args=(writing, i)) for i in range(8)]
        threads += [threading.Thread(target=guarded, args=(reading,)) for _ in range(8)]
        for thread in threads:
            thread.start()
        stop.wait(seconds)
        stop.set()
        for thread in threads:
            thread.join()
        assert problems == []
        found = rows(
            query,
            'SELECT writer, count(*), count(DISTINCT number) FROM "busy"."records" GROUP BY writer',
        )
        assert {int(w): (int(n), int(d)) for w, n, d in found} == {
            w: (n, n) for w, n in enumerate(written) if n
        }
