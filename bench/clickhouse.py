"""ClickHouse: writing beside Timestream, ingest, dashboards, rules, a month by rollup, a crash.

BENCH_ONLY=writers, ingest, boards, month, rules or crash measures one part; BENCH_ROWS=1000000 has
another number of requests than five million behind dashboards and rules.
"""

import base64
import json
import os
import re
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import urllib3
import yaml

from bench import clickhouse_rows as rows
from bench import processor as writers
from bench.loopback import endpoint
from bench.measured import cpu_seconds, megabytes_of, show
from dashboards.stores.clickhouse.frames import All, Range, interpolate, substitute
from local.eventsource import Context, in_turn
from local.stores.clickhouse import COPIES, RULES
from local.stores.clickhouse.client import Client
from local.stores.clickhouse.rulequeries import RuleQueries
from local.stores.clickhouse.server import Server
from processor.catalog import DEFAULT_FIELDS
from processor.handler import Processor
from processor.stores.clickhouse.rollup import ROLLUPS

ROWS = max(map(int, os.environ.get("BENCH_ROWS", "5000000").split(",")))
BOARDS = Path(__file__).parents[1] / "provisioning" / "clickhouse" / "dashboards"
HOURS = 3  # that the rows of dashboards and rules lie in
REPEATS = 3
CONNECTIONS = 6  # that a browser opens to one server
INGESTED = 50_000  # lines for each size of batch
BATCHES = (1_000, 2_500, 10_000)
DATABASE = "live"
MONTH = "month"
MONTH_DAYS, MONTH_REQUESTS, MONTH_BLOCK = 30, 10 * ROWS, 6  # hours that are made, and repeated
MONTH_STEP = 3_600_000  # what Grafana asks for over 30 days, with dashboards' number of points
CRASHES, CRASH_WRITERS, CRASH_LINES, CRASH_SECONDS = 3, 2, 1_000, 1.5
_HTTP_LIMIT = 300.0


def run() -> None:
    """Measure and print."""
    only = os.environ.get("BENCH_ONLY")
    for name, part in (("writers", _show_writers), ("ingest", _show_ingest)):
        if only in (None, name):
            part()
    if only in (None, "boards", "month", "rules"):
        with _server() as server:
            rows.sample(server.url)
            if only in (None, "boards", "rules"):
                live = _filled(server)
            if only in (None, "boards"):
                _show_boards(server, live)
            if only in (None, "rules"):
                _show_rules(server, live)
            if only in (None, "month"):
                _show_month(server)
            print(f"memory of the server at most: {megabytes_of(server.pid, 'VmHWM'):,} MB")
            print()
    if only in (None, "crash"):
        _show_crashes()


@contextmanager
def _server(data: Path | None = None, port: int = 0) -> Iterator[Server]:
    """Run the stand-in, with its folder on a disk where there is none given."""
    with writers.environment(), writers.without_metrics(), Server(data, port=port) as server:
        yield server


# -- writing


def _show_writers() -> None:
    print("writers: the processor with each store, to an endpoint that takes everything")
    show(("store", "fields", "CPU ms / 1000 lines", "of Timestream's", "bytes / 1000", "of it"),
         _writers())  # fmt: skip
    print()


def _writers() -> Iterator[tuple[Any, ...]]:
    given = writers.batches(DEFAULT_FIELDS)
    both = {"Timestream": writers.ours, "ClickHouse": writers.second}
    with writers.environment(), writers.without_metrics():
        with endpoint() as url:
            made = {name: make(url, DEFAULT_FIELDS) for name, make in both.items()}
            timings = writers.measure(made, given)
        spent = {name: min(timing.cpu) * 1000 for name, timing in timings.items()}
        sent = {}
        for name, make in both.items():
            with writers.recorder() as (url, bodies):
                make(url, DEFAULT_FIELDS)(given[0])
                sent[name] = sum(map(len, bodies))
    for name in both:
        yield (
            name,
            len(DEFAULT_FIELDS),
            f"{spent[name]:.1f}",
            f"{spent[name] / spent['Timestream']:.0%}",
            f"{sent[name]:,}",
            f"{sent[name] / sent['Timestream']:.0%}",
        )


# -- ingest


def _show_ingest() -> None:
    print(f"ingest: {INGESTED:,} lines of {len(DEFAULT_FIELDS)} fields, one process")
    show(
        ("by", "lines / batch", "lines/s", "lines/CPU s", "writer us/line", "server us/line"),
        _ingest(),
    )  # fmt: skip
    print(f"us/line: microseconds of CPU. As in `make ingest`, {COPIES} copies of the processor in")
    print("one process take turns, and do not compress what stays on this machine. Two cores that")
    print("have nothing else to do take up to twice as many lines a second as a CPU second.")
    print()


def _ingest() -> Iterator[tuple[Any, ...]]:
    texts = rows.lines(INGESTED, time.time() // 60 * 60)
    for size in BATCHES:
        with _server() as server:
            copies = [
                rows.processor(server.url, DATABASE, compression="none") for _ in range(COPIES)
            ]
            batches = list(rows.events(texts, size))
            ours, theirs = time.process_time(), cpu_seconds(server.pid)
            took = _timed(lambda c=copies, b=batches: _written(c, b))
            ours, theirs = time.process_time() - ours, cpu_seconds(server.pid) - theirs
            yield _ingested("the processor", size, took, ours, theirs)
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "access.log"
        file.write_bytes(b"".join(texts))
        before = os.times()
        done = subprocess.run(
            [sys.executable, "-m", "local", "ingest", "--store", "clickhouse", "--data", folder,
             str(file)],
            capture_output=True, text=True, check=True,
        )  # fmt: skip
        after = os.times()
    found = re.search(r"written ([\d,]+).*, ([\d.]+) s,|\(([\d.]+) s", done.stdout)
    if f"written {INGESTED:,}," not in done.stdout or not found:
        raise SystemExit(done.stdout)
    spent = after.children_user + after.children_system
    spent -= before.children_user + before.children_system
    yield _ingested("make ingest, all of it", "", float(found[3]), spent, None)


def _written(copies: Sequence[Processor], batches: Sequence[Any]) -> None:
    for _, answer in in_turn([each.handle for each in copies], batches):
        if answer != {"batchItemFailures": []}:
            raise SystemExit("a batch was not written")


def _ingested(
    by: str, size: Any, took: float, ours: float, theirs: float | None
) -> tuple[Any, ...]:
    return (
        by,
        f"{size:,}" if size else "",
        f"{INGESTED / took:,.0f}",
        f"{INGESTED / (ours + (theirs or 0)):,.0f}",
        f"{ours / INGESTED * 1e6:.1f}",
        "" if theirs is None else f"{theirs / INGESTED * 1e6:.1f}",
    )


def _timed(work: Any) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


# -- dashboards


@dataclass(frozen=True, slots=True)
class Asked:
    """A query of a dashboard."""

    of: str  # the panel's title, or the variable's name
    sql: str


class Asking:
    """Sends queries as Grafana's data source does, and counts what the server spends."""

    def __init__(self, server: Server, database: str) -> None:
        self._pid = server.pid
        self._database = database
        self._pool = urllib3.connection_from_url(
            server.url, maxsize=CONNECTIONS, block=True, retries=False
        )

    def ask(self, sql: str) -> None:
        """Ask one query, to its answer's end."""
        answer = self._pool.request(
            "POST",
            f"/?database={self._database}&readonly=2&default_format=JSONCompact",
            body=sql.encode(),
            timeout=_HTTP_LIMIT,
        )
        if answer.status != 200:
            raise SystemExit(f"{answer.data.decode()}\n{sql}")

    def cpu(self, work: Any) -> tuple[float, float]:
        """Return the seconds that work took, and the server's CPU seconds."""
        before = cpu_seconds(self._pid)
        took = _timed(work)
        return took, cpu_seconds(self._pid) - before

    def board(self, queries: Sequence[Asked], rounds: int = REPEATS) -> tuple[Any, ...]:
        """Return how long a dashboard takes: the least of so many rounds after a first one."""
        apart, aside, spent = [], [], []
        each: dict[str, list[float]] = {}
        with ThreadPoolExecutor(CONNECTIONS) as browser:
            for _ in range(rounds + 1):  # the first finds nothing in the server's caches
                times = [_timed(lambda sql=query.sql: self.ask(sql)) for query in queries]
                for query, took in zip(queries, times, strict=True):
                    each.setdefault(query.of, []).append(took)
                apart.append(sum(times))
                texts = [query.sql for query in queries]
                took, cpu = self.cpu(lambda: list(browser.map(self.ask, texts)))  # noqa: B023
                aside.append(took)
                spent.append(cpu)
        slowest = max(each, key=lambda name: min(each[name]))
        return (
            len(queries),
            f"{apart[0]:.2f}",
            f"{min(apart):.2f}",
            f"{min(aside):.2f}",
            f"{min(spent):.2f}",
            f"{min(each[slowest]) * 1000:.0f}",
            slowest,
        )


_BOARD = ("queries", "first s", "one by one s", "side by side s", "CPU s", "slowest ms", "which")


def boards(span: Range) -> dict[str, list[Asked]]:
    """Return each dashboard's queries as Grafana sends them at first: variables, then panels."""
    found = {}
    for path in sorted(BOARDS.rglob("*.json")):
        board = json.loads(path.read_text())
        variables = [v for v in board["templating"]["list"] if v["type"] != "datasource"]
        choices = {
            v["name"]: All() if v["current"]["value"] == ["$__all"] else v["current"]["value"]
            for v in variables
        }
        raw = [(v["name"], v["query"]) for v in variables if v["type"] == "query"]
        raw += _panels(board["panels"])
        found[board["uid"]] = [
            Asked(name, interpolate(substitute(sql, choices), span)) for name, sql in raw
        ]
    return found


def _panels(panels: list[dict[str, Any]]) -> Iterator[tuple[str, str]]:
    """Yield the queries of panels, but for those in closed rows, which Grafana does not ask."""
    for panel in panels:
        for target in panel.get("targets", []):
            if "rawSql" in target:  # else it shows what another panel asks
                yield panel["title"], target["rawSql"]


def _filled(server: Server) -> Range:
    """Make the rows that dashboards and rules are asked of; return the range they lie in."""
    end = int(time.time()) // 60 * 60
    start = end - HOURS * 3600
    took = _timed(lambda: rows.multiply(server.url, DATABASE, ROWS, start, end))
    print(f"{ROWS:,} requests of {HOURS} hours, made in {took:.0f} s")
    _show_tables(server, DATABASE)
    return Range(start=start * 1000, end=end * 1000)


def _show_tables(server: Server, database: str) -> None:
    show(("table", "rows", "MB", "parts", "bytes/row"), (
        (row["name"], f"{row['n']:,}", f"{row['size'] / 1e6:.0f}", row["parts"],
         f"{row['size'] / row['n']:.1f}")
        for row in Client(server.url).rows(_TABLES, {"database": database})
    ), 24)  # fmt: skip
    print()


_TABLES = """
SELECT p.table AS name, sum(p.rows) AS n, sum(p.bytes_on_disk) AS size, count() AS parts
FROM system.parts AS p WHERE p.active AND p.database = {database:String} AND p.rows > 0
GROUP BY p.table ORDER BY n DESC
"""


def _show_boards(server: Server, span: Range) -> None:
    print(f"boards: all queries of a dashboard over {HOURS} hours, least of {REPEATS} rounds")
    asking = Asking(server, DATABASE)
    show(("dashboard", *_BOARD), (
        (name.removeprefix("cloudfront-"), *asking.board(queries))
        for name, queries in boards(span).items()
    ), 14)  # fmt: skip
    print("What is in closed rows, as most of the runbook, is asked when a row is opened.")
    print(f"first: the first of all rounds; side by side: over {CONNECTIONS} connections")
    print()


# -- a month


def _show_month(server: Server) -> None:
    """Fill 30 days of rollups, and ask dashboards over them."""
    end = int(time.time()) // 3600 * 3600
    block = MONTH_BLOCK * 3600
    copies = MONTH_DAYS * 86_400 // block

    def fill() -> None:
        rows.multiply(server.url, "block", MONTH_REQUESTS // copies, end - block, end)
        rows.repeat(server.url, "block", MONTH, block, copies)

    took = _timed(fill)
    print(f"month: rollups of {MONTH_REQUESTS:,} requests in {MONTH_DAYS} days, in {took:.0f} s")
    _show_tables(server, MONTH)
    asking = Asking(server, MONTH)

    def lines() -> Iterator[tuple[Any, ...]]:
        # It ends within a minute, as ranges do.
        span = Range(
            start=(end - MONTH_DAYS * 86_400) * 1000 + 12_345,
            end=end * 1000 - 12_345,
            interval=MONTH_STEP,
        )
        for name, queries in boards(span).items():
            if name == "cloudfront-overview":
                yield name.removeprefix("cloudfront-"), *asking.board(queries)

    show(("dashboard", *_BOARD), lines(), 14)
    print()


# -- rules


def _show_rules(server: Server, span: Range) -> None:
    print(f"rules: every query of every alert rule, one round over {ROWS:,} requests")
    show(("group", "rules", "queries", "s", "CPU s", "slowest ms", "which"),
         _rules(server, datetime.fromtimestamp(span.end / 1000, UTC)), 14)  # fmt: skip
    print()


def _rules(server: Server, now: datetime) -> Iterator[tuple[Any, ...]]:
    source = RuleQueries(Client(server.url), DATABASE)
    groups = yaml.safe_load(RULES.read_text())["groups"]
    totals = [0, 0, 0.0, 0.0]
    for group in groups:
        each: dict[str, list[float]] = {}
        spent = []
        for _ in range(REPEATS):
            count = 0
            before = cpu_seconds(server.pid)
            for rule in group["rules"]:
                for data in rule["data"]:
                    if "rawSql" not in data["model"]:
                        continue
                    ago = data["relativeTimeRange"]
                    begins = datetime.fromtimestamp(now.timestamp() - ago["from"], UTC)
                    ends = datetime.fromtimestamp(now.timestamp() - ago["to"], UTC)
                    took = _timed(lambda m=data["model"], b=begins, e=ends: source.run(m, b, e))
                    name = f"{rule['uid'].removeprefix('cloudfront-')} {data['refId']}"
                    each.setdefault(name, []).append(took)
                    count += 1
            spent.append(cpu_seconds(server.pid) - before)
        least = {name: min(times) for name, times in each.items()}
        slowest = max(least, key=lambda name: least[name])
        found = [len(group["rules"]), count, sum(least.values()), min(spent)]
        totals = [a + b for a, b in zip(totals, found, strict=True)]
        yield (
            group["name"].removeprefix("cloudfront-"), found[0], found[1], f"{found[2]:.2f}",
            f"{found[3]:.2f}", f"{least[slowest] * 1000:.0f}", slowest,
        )  # fmt: skip
    yield "all", totals[0], totals[1], f"{totals[2]:.2f}", f"{totals[3]:.2f}", "", ""


# -- a crash


def _show_crashes() -> None:
    print(
        f"crash: kill -9 of the server while {CRASH_WRITERS} processors write batches of "
        f"{CRASH_LINES:,} lines; then it starts again and they go on"
    )
    show(
        ("round", "acknowledged", "of them missing", "up again s", "written at last",
         "in the table", *(f"in {each.name}" for each in ROLLUPS)),
        map(_crash, range(1, CRASHES + 1)), 16,
    )  # fmt: skip
    print("of them missing: looked for as soon as the server is up, before anything is sent again")
    print()


def _crash(number: int) -> tuple[Any, ...]:
    """Kill the server while it is written to; count what is there."""
    texts = rows.lines(60 * CRASH_LINES, time.time() // 60 * 60, seed=rows.SEED + number)
    with tempfile.TemporaryDirectory() as folder, writers.environment():
        with _server(Path(folder)) as server:
            port = int(server.url.rpartition(":")[2])
            made = [rows.processor(server.url, DATABASE) for _ in range(CRASH_WRITERS)]
            shares = [
                list(rows.events(texts[n::CRASH_WRITERS], CRASH_LINES, f"shardId-{n:012d}"))
                for n in range(CRASH_WRITERS)
            ]
            stop = threading.Event()
            acknowledged: list[Any] = []

            def write(writer: Processor, events: list[Any]) -> None:
                """Write until told to stop; what is not acknowledged comes again."""
                while events and not stop.is_set():
                    answer = writer.handle(events[0], Context("bench", timeout=30))
                    if answer == {"batchItemFailures": []}:
                        acknowledged.append(events.pop(0))

            threads = [
                threading.Thread(target=write, args=pair) for pair in zip(made, shares, strict=True)
            ]
            for thread in threads:
                thread.start()
            time.sleep(CRASH_SECONDS + 0.37 * number)
            server.kill()
            there = list(acknowledged)
        before = time.perf_counter()
        with _server(Path(folder), port) as server:
            up = time.perf_counter() - before
            missing = _missing(server.url, there)
            time.sleep(1.0)
            stop.set()
            for thread in threads:
                thread.join()
            sums = [
                Client(server.url).rows(f"SELECT {what} AS n FROM {table}", {})[0]["n"]
                for what, table in (
                    ("count()", rows.place(DATABASE).requests),
                    *(("sum(sum_requests)", rows.place(DATABASE).rollup(each)) for each in ROLLUPS),
                )
            ]
    lines = CRASH_LINES * len(there)
    written = CRASH_LINES * len(acknowledged)
    return number, f"{lines:,}", missing, f"{up:.1f}", *(f"{n:,}" for n in (written, *sums))


def _missing(url: str, events: list[Any]) -> int:
    """Return how many of these lines are not in the table, by their request ids."""
    asked = Client(url)
    query = f"SELECT x_edge_request_id AS id FROM {rows.place(DATABASE).requests}"
    there = {row["id"] for row in asked.rows(query, {})}
    at = [field.name for field in DEFAULT_FIELDS].index("x-edge-request-id")
    sent = {
        base64.b64decode(record["kinesis"]["data"]).decode().split("\t")[at]
        for event in events
        for record in event["Records"]
    }
    return len(sent - there)
