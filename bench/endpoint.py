"""The embedded Timestream: overhead over DuckDB by hand, long answers, series, ingest, growth.

BENCH_ROWS=100000,1000000 measures other sizes than 10^5, 10^6 and 5*10^6.
"""

import json
import math
import os
import re
import statistics
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from decimal import Decimal
from http.client import HTTPConnection
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import boto3
from botocore.config import Config

from bench.byhand import byhand
from bench.measured import cpu_seconds, megabytes_of, show
from dashboards.stores.timestream.frames import All, Range, interpolate, substitute
from processor.catalog import DEFAULT_FIELDS
from processor.config import Config as Processed
from processor.stores.timestream import Settings
from processor.stores.timestream.schema import schema_body
from timestream_local import Server
from timestream_local.catalog import Table
from timestream_local.engine import Engine
from timestream_local.results import row_texts, writer
from timestream_local.store import COMPRESS_ROWS, Store

SIZES = tuple(map(int, os.environ.get("BENCH_ROWS", "100000,1000000,5000000").split(",")))
BOARDS = Path(__file__).parents[1] / "provisioning" / "dashboards"
HOURS = 3
WRITERS, CHUNK = 2, 10_000  # client processes, and records they write between two measurements
REPEATS, ENOUGH_SECONDS = 5, 0.5  # a query is run that often, unless it takes long
ANSWER_ROWS, SERIES_POINTS = 100_000, (100, 1_000, 10_000)
NANOSECOND, HOUR = 1_000_000_000, 3_600_000_000_000

# DuckDB's expression for each column of the generated rows; a column that is not named is NULL.
_PICK = "list_extract([{}], CAST(1 + floor(pow(random(), 2) * {}) AS INTEGER))"
_WORDS = {
    "x_edge_location": [
        f"{code}{n}-C1" for code in ("NRT", "IAD", "FRA", "SIN", "GRU") for n in (1, 2, 3)
    ],
    "c_country": ["JP", "US", "DE", "SG", "BR", "FR", "GB", "IN", "AU", "CA", "KR", "MX"],
    "x_host_header": ["d111111abcdef8.cloudfront.net", "d222222abcdef8.cloudfront.net"],
    "cs_host": ["www.example.com", "static.example.com", "api.example.com"],
    "cs_method": ["GET", "HEAD", "POST"],
    "cs_protocol": ["https", "http"],
    "cs_protocol_version": ["HTTP/2.0", "HTTP/3.0", "HTTP/1.1"],
    "ssl_protocol": ["TLSv1.3", "TLSv1.2"],
    "ssl_cipher": ["TLS_AES_128_GCM_SHA256", "ECDHE-RSA-AES128-GCM-SHA256"],
    "c_ip_version": ["IPv4", "IPv6"],
    "x_edge_result_type": ["Hit", "Miss", "RefreshHit", "Error", "Redirect"],
    "x_edge_response_result_type": ["Hit", "Miss", "RefreshHit", "Error", "Redirect"],
    "x_edge_detailed_result_type": ["Hit", "Miss", "OriginShieldHit", "OriginError", "Error"],
    "cache_behavior_path_pattern": ["*", "/static/*", "/api/*", "/img/*"],
    "sc_content_type": ["text/html; charset=utf-8", "image/png", "application/json", "video/mp4"],
    "r_host": ["origin-a.example.com", "origin-b.example.com"],
    "cs_referer": [f"https://site{n}.example.com/" for n in range(40)],
    "cs_user_agent": [f"Mozilla/5.0%20(agent%20{n})" for n in range(60)],
}
_NUMBERS = {
    "sc_status": "list_extract([200, 200, 200, 206, 304, 404, 403, 503], "
    "CAST(1 + floor(random() * 8) AS INTEGER))",
    "sc_bytes": "CAST(exp(random() * 12) AS BIGINT)",
    "cs_bytes": "CAST(200 + random() * 800 AS BIGINT)",
    "time_to_first_byte": "round(exp(random() * 7 - 7), 3)",
    "time_taken": "round(exp(random() * 8 - 7), 3)",
    "origin_fbl": "CASE WHEN random() < 0.4 THEN round(exp(random() * 6 - 5), 3) END",
    "origin_lbl": "CASE WHEN random() < 0.4 THEN round(exp(random() * 6 - 4), 3) END",
    "asn": "list_extract([16509, 2516, 7922, 3320, 4134], "
    "CAST(1 + floor(random() * 5) AS INTEGER))",
    "sc_content_len": "CAST(exp(random() * 12) AS BIGINT)",
    "cs_uri_stem": "'/page/' || CAST(floor(pow(random(), 3) * 5000) AS INTEGER)",
}

ANSWER = (
    "SELECT from_milliseconds(1577836800000 + 1000 * i) AS time, "
    "'edge' || CAST(i % 50 AS varchar) AS edge, i * 0.37 AS seconds, i AS requests "
    "FROM (SELECT 1000 * j + k AS i FROM UNNEST(sequence(0, 99)) AS x(j) "
    "CROSS JOIN UNNEST(sequence(0, 999)) AS y(k))"
)
_SERIES = """
SELECT create_time_series(from_unixtime(i), CAST(i * 7919 % 1000 AS DOUBLE)) AS ts,
  sequence(from_unixtime(min(i)), from_unixtime(max(i)), 1s) AS a
FROM (SELECT 100 * j + k AS i FROM UNNEST(sequence(0, {0} / 100 - 1)) AS x(j)
      CROSS JOIN UNNEST(sequence(0, 99)) AS y(k))
"""
_SERIES_CALLS = {
    "interpolate_linear": "interpolate_linear(ts, a)",
    "interpolate_locf": "interpolate_locf(ts, a)",
    "interpolate_fill": "interpolate_fill(ts, a, 0.0)",
    "spline_cubic": "interpolate_spline_cubic(ts, a)",
    "derivative_linear": "derivative_linear(ts, 1s)",
    "integral_trapezoidal": "integral_trapezoidal(ts)",
    "correlate_pearson": "correlate_pearson(ts, ts)",
    "correlate_spearman": "correlate_spearman(ts, ts)",
    "filter": "filter(ts, x -> x.value > 500)",
    "reduce": "reduce(ts, DOUBLE '0.0', (s, x) -> s + x.value, s -> s)",
}


def run() -> None:
    """Measure and print; BENCH_ONLY=queries, answers, series or ingest measures one part."""
    parts = {
        "queries": _show_queries,
        "answers": _show_answers,
        "series": _show_series,
        "ingest": _show_ingest,
    }
    only = os.environ.get("BENCH_ONLY")
    for name, part in parts.items():
        if only in (None, name):
            part()


def _show_queries() -> None:
    print("queries: the dashboards' panels on generated rows of the multi layout")
    boards = panels(time.time_ns() // 1_000_000)
    show(
        (
            "rows",
            "queries",
            "median",
            "worst",
            "first median",
            "first worst",
            "slowest board s",
            "all boards s",
            "rows MB",
        ),
        (_queries(size, boards) for size in SIZES),
    )
    print("median, worst: time of the endpoint / by hand, for a refreshed panel; first: for a new")
    print("query, which is compiled first; a board: all its panels, one after the other")
    print()


def _show_answers() -> None:
    print(f"answers: {ANSWER_ROWS:,} rows of time, varchar, double and bigint, page by page")
    show(("by", "rows/page", "pages", "MB", "s", "client CPU s", "server CPU s"), _answers())
    print()


def _show_series() -> None:
    print("series: ms for one series of so many points")
    show(("function", *(f"{size:,} points" for size in SERIES_POINTS)), _series())
    print()


def _show_ingest() -> None:
    print(f"ingest: boto3 in {WRITERS} processes, 100 records a request, 4 columns a record")
    show(
        (
            "records",
            "records/s",
            "last 10% records/s",
            "client CPU us/record",
            "server CPU us/record",
            "duplicates kept out",
            "server MB",
        ),
        _ingest(),
    )


def panels(now: int) -> dict[str, list[str]]:
    """Return each dashboard's queries as Grafana sends them at first, over the last hours."""
    span = Range(start=now - HOURS * 3_600_000, end=now, interval=60_000)
    out: dict[str, list[str]] = {}
    for path in sorted(BOARDS.rglob("*.json")):
        board = json.loads(path.read_text())
        choices = {
            v["name"]: All(v["allValue"])
            if v["current"]["value"] == ["$__all"]
            else v["current"]["value"]
            for v in board["templating"]["list"]
            if v["type"] != "datasource"
        }
        found = [interpolate(substitute(sql, choices), span) for sql in _raw(board["panels"])]
        out[board["uid"]] = list(dict.fromkeys(found))
    return out


def _raw(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        if node.get("collapsed"):
            return  # asked once somebody opens the row
        if isinstance(node.get("rawQuery"), str):
            yield node["rawQuery"]
        node = list(node.values())
    if isinstance(node, list):
        for item in node:
            yield from _raw(item)


# -- queries


def _queries(size: int, boards: dict[str, list[str]]) -> tuple[Any, ...]:
    """Compare every panel's query with the same query by hand, at one size."""
    store = Store(None)
    engine = Engine(store, timeout=600)
    try:
        whole, megabytes = _fill(store, size)
        cursor = store.cursor()
        ratios, firsts, totals = [], [], []
        for queries in boards.values():
            total = 0.0
            for sql in queries:
                hand = byhand(sql, "data.hand", whole)
                _ask(engine, sql)  # so that it is compiled already
                expected, ours, first = _best(
                    lambda hand=hand: cursor.execute(hand).fetchall(),
                    lambda sql=sql: _ask(engine, sql),
                    lambda sql=sql: _ask(Engine(store, timeout=600), sql),
                )
                _same(sql, ours[1], expected[1])
                ratios.append(ours[0] / expected[0])
                firsts.append(first[0] / expected[0])
                total += ours[0]
            totals.append(total)
        return (
            size,
            len(ratios),
            f"{statistics.median(ratios):.2f}x",
            f"{max(ratios):.2f}x",
            f"{statistics.median(firsts):.2f}x",
            f"{max(firsts):.2f}x",
            f"{max(totals):.2f}",
            f"{sum(totals):.2f}",
            megabytes,
        )
    finally:
        engine.close()
        store.close()


def _ask(engine: Engine, sql: str) -> list[str]:
    """Translate, run and fetch a query as the endpoint does; return its rows' JSON."""
    compiled, parameters = engine.plan(sql)
    engine.store.flush()
    cursor = engine.store.cursor()
    rows = cursor.execute(compiled.sql, parameters).fetchall()
    return row_texts([writer(column.type) for column in compiled.columns], rows)


def _timed(work: Any) -> tuple[float, Any]:
    start = time.perf_counter()
    result = work()
    return time.perf_counter() - start, result


def _best(*works: Any) -> list[tuple[float, Any]]:
    """Run works in turn, several times; return the best time of each, with its last result."""
    runs: list[list[tuple[float, Any]]] = []
    start = time.perf_counter()
    while len(runs) < 2 or (len(runs) < REPEATS and time.perf_counter() - start < ENOUGH_SECONDS):
        runs.append([_timed(work) for work in works])
    return [(min(took for took, _ in column), column[-1][1]) for column in zip(*runs, strict=True)]


def _fill(store: Store, size: int) -> tuple[set[str], int]:
    """Make the table with rows in time order, and `hand`, the same with native types.

    Returns the columns of whole numbers, and the megabytes the table takes.
    """
    store.create_database("cloudfront", {"created": 0, "updated": 0, "tags": {}, "key": "k"})
    properties = {
        "tags": {},
        "RetentionProperties": {
            "MemoryStoreRetentionPeriodInHours": 24,
            "MagneticStoreRetentionPeriodInDays": 7,
        },
    }
    store.create_table("cloudfront", "realtime_logs", properties)
    _learn(store)
    table = store.table("cloudfront", "realtime_logs")
    assert table is not None  # made above
    cursor = store.cursor()
    start = time.time_ns() - HOURS * HOUR
    values = {"h": "i", "v": "i", "n": "1", "m": "'request'"}
    values["t"] = f"{start} + i * {HOURS * HOUR // size} + CAST(random() * 1000 AS BIGINT)"
    for column in table.columns.values():
        if column.name in _WORDS:
            words = ", ".join(f"'{word}'" for word in _WORDS[column.name])
            values[column.physical] = _PICK.format(words, len(_WORDS[column.name]))
        elif column.name in _NUMBERS:
            values[column.physical] = _NUMBERS[column.name]
    for first in range(0, size, COMPRESS_ROWS):
        cursor.execute(
            f"INSERT INTO {table.physical} ({', '.join(values)}) "
            f"SELECT {', '.join(values.values())} "
            f"FROM range({first}, {min(first + COMPRESS_ROWS, size)}) AS r(i)"
        )
        store.compress()
    [(taken,)] = cursor.execute("SELECT sum(memory_usage_bytes) FROM duckdb_memory()").fetchall()
    _native(cursor, table)
    store.compress()
    whole = {c.name for c in table.columns.values() if c.type.name == "bigint"}
    return whole, round(taken / 1e6)


def _native(cursor: Any, table: Table) -> None:
    columns = ", ".join(
        f'make_timestamp_ns({c.physical}) AS "{c.name}"'
        if c.type.name == "timestamp"
        else f'{c.physical} AS "{c.name}"'
        for c in table.columns.values()
    )
    cursor.execute(f"CREATE TABLE data.hand AS SELECT {columns} FROM {table.physical}")


def _learn(store: Store) -> None:
    """Write what the processor writes first, so that the table has all columns."""
    request = json.loads(schema_body(Processed(settings=Settings(), fields=DEFAULT_FIELDS)))
    store.write(request, b"", time.time_ns())
    store.flush()


def _same(sql: str, ours: list[str], theirs: list[tuple[Any, ...]]) -> None:
    """Stop when the two answers differ in more than rounding."""
    if len(ours) != len(theirs):
        raise SystemExit(f"{len(ours)} rows against {len(theirs)} by hand:\n{sql}")
    if sql.rstrip().endswith(f"LIMIT {len(ours)}"):
        return  # of rows that tie, either may be within the limit
    answers = [tuple(c.get("ScalarValue") for c in json.loads(row)["Data"]) for row in ours]
    # Approximate percentiles that are close may change places, and their rows with them.
    for left, right in zip(sorted(answers, key=_names), sorted(theirs, key=_names), strict=True):
        for a, b in zip(left, right, strict=True):
            if not _close(a, b):
                raise SystemExit(f"{a} against {b!r} by hand:\n{sql}")


def _names(row: tuple[Any, ...]) -> list[str]:
    """Return what tells a row from others: its times and texts."""
    return [str(value)[:19] for value in row if not _number(value)]


def _number(value: Any) -> bool:
    try:
        float(value)
    except (TypeError, ValueError):
        return False
    return True


def _close(text: str | None, value: Any) -> bool:
    if value is None:
        return text in (None, "0")  # DuckDB's count_if over nothing but NULL is NULL
    if text is None:
        return False
    if isinstance(value, (int, float, Decimal)) and not isinstance(value, bool):
        return math.isclose(float(text), float(value), rel_tol=1e-6, abs_tol=1e-6)
    if " %" in text:  # a sentence, whose whole numbers DuckDB divides otherwise
        return re.sub(r"[0-9.]+", "", text) == re.sub(r"[0-9.]+", "", str(value))
    return str(text)[:19] == str(value)[:19]


# -- answers and series


def _answers() -> Iterator[tuple[Any, ...]]:
    """Read one long answer by plain HTTP and by boto3."""
    with Server() as server:
        query = _client("timestream-query", server.url)

        def by_boto3(most: dict[str, int]) -> list[int]:
            pages = query.get_paginator("query").paginate(QueryString=ANSWER, **most)
            return [len(page["Rows"]) for page in pages]

        for name, read, most in (
            ("HTTP", lambda most: _read(server.url, most), {}),
            ("HTTP", lambda most: _read(server.url, most), {"MaxRows": 1_000}),
            ("boto3", by_boto3, {}),
        ):
            cpu, server_cpu = time.process_time(), cpu_seconds(server.pid)
            took, pages = _timed(lambda read=read, most=most: read(most))
            megabytes = ""
            if name == "HTTP":
                pages, taken = pages
                megabytes = f"{taken / 1e6:.1f}"
            if sum(pages) != ANSWER_ROWS:
                raise SystemExit(f"{sum(pages)} rows of {ANSWER_ROWS}")
            yield (
                name,
                most.get("MaxRows", "1 MB"),
                len(pages),
                megabytes,
                f"{took:.2f}",
                f"{time.process_time() - cpu:.2f}",
                f"{cpu_seconds(server.pid) - server_cpu:.2f}",
            )


def _read(url: str, most: dict[str, int]) -> tuple[list[int], int]:
    """Return the rows of each page, and the bytes of all."""
    line = HTTPConnection(url.removeprefix("http://"))
    headers = {
        "X-Amz-Target": "Timestream_20181101.Query",
        "Authorization": "AWS4-HMAC-SHA256 Credential=bench Signature=bench",
    }
    request = {"QueryString": ANSWER, **most}
    pages, taken = [], 0
    while True:
        line.request("POST", "/", json.dumps(request), headers)
        body = line.getresponse().read()
        answer = json.loads(body)
        pages.append(len(answer["Rows"]))
        taken += len(body)
        if "NextToken" not in answer:
            line.close()
            return pages, taken
        request["NextToken"] = answer["NextToken"]


def _series() -> Iterator[tuple[Any, ...]]:
    """Time each function of a series."""
    store = Store(None)
    engine = Engine(store, timeout=600)
    try:
        for name, call in _SERIES_CALLS.items():
            times = []
            for size in SERIES_POINTS:
                sql = f"SELECT {call} FROM ({_SERIES.format(size)})"
                compiled, parameters = engine.plan(sql)
                ((took, _),) = _best(
                    lambda c=compiled, p=parameters: store.cursor().execute(c.sql, p).fetchall()
                )
                times.append(f"{took * 1e3:.0f}")
            yield name, *times
    finally:
        engine.close()
        store.close()


# -- ingest


def _ingest() -> Iterator[tuple[Any, ...]]:
    """Write through boto3 until the largest size; a line at each size."""
    start = time.time_ns()
    with Server() as server, ExitStack() as stack:
        client = _client("timestream-write", server.url)
        client.create_database(DatabaseName="bench")
        client.create_table(DatabaseName="bench", TableName="ingest")
        writers = [stack.enter_context(_writer(server.url, start)) for _ in range(WRITERS)]
        written, spent = 0, 0.0
        client_cpu, server_cpu = 0.0, 0.0
        marks: list[tuple[int, float]] = [(0, 0.0)]
        for size in sorted(SIZES):
            server_start = cpu_seconds(server.pid)  # the replays between do not count
            while written < size:
                firsts = range(written, min(written + CHUNK, size), 100)
                for i, writer in enumerate(writers):
                    writer.send(firsts[i::WRITERS])
                for writer in writers:
                    writer.recv()  # its requests are made, not sent
                before = time.perf_counter()
                for writer in writers:
                    writer.send("write")
                client_cpu += sum(writer.recv() for writer in writers)
                spent += time.perf_counter() - before
                written += 100 * len(firsts)
                marks.append((written, spent))
            tail = next(mark for mark in marks if mark[0] >= size * 0.9)
            server_cpu += cpu_seconds(server.pid) - server_start
            kept_out = _replay(client, start, server)
            yield (
                size,
                f"{size / spent:,.0f}",
                f"{(size - tail[0]) / (spent - tail[1]):,.0f}",
                f"{client_cpu / size * 1e6:.1f}",
                f"{server_cpu / size * 1e6:.1f}",
                kept_out,
                megabytes_of(server.pid),
            )


def _client(name: str, url: str) -> Any:
    return boto3.client(
        name,
        endpoint_url=url,
        region_name="us-east-1",
        aws_access_key_id="bench",
        aws_secret_access_key="bench",  # noqa: S106 - the endpoint takes any key
        config=Config(retries={"max_attempts": 0}),
    )


@contextmanager
def _writer(url: str, start: int) -> Iterator[Connection]:
    """Start a process that writes when it is told to."""
    context = get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=_write, args=(theirs, url, start), daemon=True)
    process.start()
    try:
        yield ours
    finally:
        ours.close()
        process.join()


def _write(orders: Connection, url: str, start: int) -> None:
    """Make requests as told, then write them and answer with the CPU seconds of that."""
    client = _client("timestream-write", url)
    theirs = []
    while True:
        try:
            order = orders.recv()
        except EOFError:
            return
        if order != "write":
            theirs = [_records(start, first) for first in order]
            orders.send(None)
            continue
        before = time.process_time()
        for records in theirs:
            client.write_records(**_INGEST, Records=records)
        orders.send(time.process_time() - before)


_INGEST = {
    "DatabaseName": "bench",
    "TableName": "ingest",
    "CommonAttributes": {
        "MeasureName": "request",
        "MeasureValueType": "MULTI",
        "TimeUnit": "NANOSECONDS",
        "Dimensions": [{"Name": "distribution", "Value": "d111111abcdef8"}],
    },
}


def _records(start: int, first: int) -> list[dict[str, Any]]:
    return [
        {
            "Dimensions": [{"Name": "edge", "Value": f"NRT{i % 40}-C1"}],
            "Time": str(start - i * 1_000),
            "MeasureValues": [
                {"Name": "sc_bytes", "Value": str(i), "Type": "BIGINT"},
                {"Name": "time_to_first_byte", "Value": "0.125", "Type": "DOUBLE"},
            ],
        }
        for i in range(first, first + 100)
    ]


def _replay(client: Any, start: int, server: Server) -> str:
    """Write the first records again, and check that no row was added."""
    query = _client("timestream-query", server.url)

    def count() -> int:
        answer = query.query(QueryString='SELECT count(*) FROM "bench"."ingest"')
        return int(answer["Rows"][0]["Data"][0]["ScalarValue"])

    before = count()
    for first in range(0, 10_000, 100):
        client.write_records(**_INGEST, Records=_records(start, first))
    return "all" if count() == before else f"{10_000 - (count() - before)} of 10,000"
