"""The processor against a plain boto3 writer and a floor written by hand: time, bytes, cost.

All turn the same Kinesis events into WriteRecords calls of 100 records to a loopback endpoint, or
into one INSERT of ClickHouse's. They run in turn, several times; the least time of each is printed.
"""

import base64
import gc
import hashlib
import hmac
import io
import json
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, redirect_stdout
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit

from bench.loopback import INSERTED, OK, endpoint, http
from local.traffic import Traffic, line
from processor import catalog
from processor.catalog import DEFAULT_FIELDS, FIELDS, Field
from processor.config import Config
from processor.handler import Processor
from processor.stores import clickhouse
from processor.stores.timestream import Settings

LINES = 1000
ROUNDS = 9
DELAY = 0.015
SEED = 7
START = int(time.time()) // 3600 * 3600 - 7200  # of late lines, stores ask more
LEAN = catalog.resolve(
    [
        "timestamp",
        "time-to-first-byte",
        "sc-status",
        "sc-bytes",
        "cs-method",
        "cs-host",
        "cs-uri-stem",
        "x-edge-location",
        "x-edge-request-id",
        "time-taken",
        "x-edge-result-type",
        "x-edge-detailed-result-type",
        "c-country",
        "cache-behavior-path-pattern",
        "origin-fbl",
    ]
)
ENVIRONMENT = {
    "AWS_ACCESS_KEY_ID": "AKIDEXAMPLE",
    "AWS_SECRET_ACCESS_KEY": "not-a-secret",
    "AWS_REGION": "us-east-1",
    "AWS_CONFIG_FILE": "/dev/null",
    "AWS_SHARED_CREDENTIALS_FILE": "/dev/null",
    "POWERTOOLS_METRICS_DISABLED": "false",
    "LOG_LEVEL": "ERROR",
}

Event = dict[str, Any]
Writer = Callable[[Event], None]


def events(fields: Sequence[Field], count: int = LINES, seed: int = SEED) -> Event:
    """Return a Kinesis event with believable lines of these fields."""
    traffic = Traffic(seed=seed)
    requests = traffic.between(START, START + 3600, rps=count / 600)
    records = []
    for number, request in zip(range(count), requests, strict=False):
        data = base64.b64encode(line(request, fields).encode()).decode()
        records.append(
            {
                "eventID": f"shardId-000000000000:{number}",
                "kinesis": {
                    "data": data,
                    "sequenceNumber": str(number),
                    "approximateArrivalTimestamp": START + 5,
                },
            }
        )
    return {"Records": records}


# ------------------------------------------------------------------------------ the comparisons
def plain(url: str, fields: Sequence[Field]) -> Writer:
    """Return a plain writer: boto3, call after call, every field a dimension."""
    import boto3

    os.environ["AWS_ENDPOINT_URL_TIMESTREAM_WRITE"] = url
    client = boto3.client("timestream-write", region_name="us-east-1")
    names = [(each.name, each.column, each.type) for each in fields]

    def convert(value: str, kind: str) -> str:
        if value == "-":
            return value
        if kind == "BIGINT":
            return str(int(value))
        if kind in ("DOUBLE", "TIMESTAMP"):
            return str(float(value))
        return value

    def write(event: Event) -> None:
        records = []
        for each in event["Records"]:
            text = base64.b64decode(each["kinesis"]["data"]).decode()
            row = dict(zip((each.name for each in fields), text.strip().split("\t"), strict=True))
            dimensions = [
                {"Name": column, "Value": convert(row[name], kind)} for name, column, kind in names
            ]
            records.append(
                {
                    "Dimensions": dimensions,
                    "MeasureName": "sc_bytes",
                    "MeasureValue": row["sc-bytes"],
                    "MeasureValueType": "BIGINT",
                    "Time": str(int(float(row["timestamp"]))),
                    "TimeUnit": "SECONDS",
                }
            )
            if len(records) == 100:
                client.write_records(
                    DatabaseName="cloudfront", TableName="realtime_logs", Records=records
                )
                records = []
        if records:
            client.write_records(
                DatabaseName="cloudfront", TableName="realtime_logs", Records=records
            )

    return write


def floor(url: str, fields: Sequence[Field]) -> Writer:
    """Return the floor: split, json, sign, socket; no checks, nothing shared."""
    where = urlsplit(url)
    assert where.hostname is not None
    connection = socket.create_connection((where.hostname, where.port))
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    dimensions = [(each.column, at) for at, each in enumerate(fields) if each.role == "dimension"]
    measures = [
        (each.column, each.type, at)
        for at, each in enumerate(fields)
        if each.role not in ("dimension", "time")
    ]

    def send(records: list[dict[str, Any]]) -> None:
        body = json.dumps(
            {
                "DatabaseName": "cloudfront",
                "TableName": "realtime_logs",
                "CommonAttributes": {
                    "MeasureName": "request",
                    "MeasureValueType": "MULTI",
                    "TimeUnit": "NANOSECONDS",
                },
                "Records": records,
            },
            separators=(",", ":"),
        ).encode()
        connection.sendall(signed(where.netloc, body) + body)
        answer = b""
        while b"\r\n\r\n" not in answer:
            answer += connection.recv(65536)
        assert answer.startswith(b"HTTP/1.1 200")

    def write(event: Event) -> None:
        records = []
        for each in event["Records"]:
            row = base64.b64decode(each["kinesis"]["data"]).decode().rstrip("\n").split("\t")
            records.append(
                {
                    "Dimensions": [
                        {"Name": column, "Value": row[at]}
                        for column, at in dimensions
                        if row[at] != "-"
                    ],
                    "Time": row[0].replace(".", "") + "000000",
                    "MeasureValues": [
                        {"Name": column, "Value": row[at], "Type": kind}
                        for column, kind, at in measures
                        if row[at] != "-"
                    ],
                }
            )
            if len(records) == 100:
                send(records)
                records = []
        if records:
            send(records)

    return write


def signed(host: str, body: bytes) -> bytes:
    """Return the head of a signed request (AWS Signature Version 4)."""
    now = time.strftime("%Y%m%dT%H%M%SZ", time.gmtime())
    scope = f"{now[:8]}/us-east-1/timestream/aws4_request"
    names = "content-type;host;x-amz-date;x-amz-target"
    headers = (
        f"content-type:application/x-amz-json-1.0\nhost:{host}\nx-amz-date:{now}\n"
        "x-amz-target:Timestream_20181101.WriteRecords\n"
    )
    digest = hashlib.sha256(body).hexdigest()
    canonical = hashlib.sha256(f"POST\n/\n\n{headers}\n{names}\n{digest}".encode()).hexdigest()
    key = b"AWS4not-a-secret"
    for part in scope.split("/"):
        key = hmac.digest(key, part.encode(), "sha256")
    text = f"AWS4-HMAC-SHA256\n{now}\n{scope}\n{canonical}"
    signature = hmac.digest(key, text.encode(), "sha256").hex()
    head = (
        f"POST / HTTP/1.1\n{headers}content-length:{len(body)}\n"
        f"authorization:AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/{scope}, "
        f"SignedHeaders={names}, Signature={signature}\n\n"
    )
    return head.replace("\n", "\r\n").encode()


def ours(url: str, fields: Sequence[Field], layout: str = "multi") -> Writer:
    """Return the processor as it is deployed with Timestream."""
    os.environ["AWS_ENDPOINT_URL_TIMESTREAM_WRITE"] = url
    return deployed(Config(settings=Settings(layout=layout), fields=tuple(fields)))


def second(url: str, fields: Sequence[Field]) -> Writer:
    """Return the processor as it is deployed with ClickHouse."""
    settings = clickhouse.Settings(url)
    return deployed(Config(store="clickhouse", settings=settings, fields=tuple(fields)))


def deployed(config: Config) -> Writer:
    """Return the processor."""
    processor = Processor(config)

    def write(event: Event) -> None:
        assert processor.handle(event) == {"batchItemFailures": []}

    return write


# ---------------------------------------------------------------------------------- measurement
@dataclass
class Timing:
    """Seconds of rounds."""

    cpu: list[float] = field(default_factory=list)
    wall: list[float] = field(default_factory=list)


def batches(fields: Sequence[Field], rounds: int = ROUNDS) -> list[Event]:
    """Return an event for each round, and one before them, each with other lines."""
    return [events(fields, seed=SEED + number) for number in range(rounds + 1)]


def measure(writers: dict[str, Writer], given: Sequence[Event]) -> dict[str, Timing]:
    """Run the writers in turn, so that other load on the machine slows all of them alike.

    Each event has other lines: a processor knows those that it has just written.
    """
    timings = {name: Timing() for name in writers}
    for write in writers.values():
        write(given[0])  # connections, caches
    for event in given[1:]:
        for name, write in writers.items():
            gc.collect()
            cpu, wall = time.process_time(), time.perf_counter()
            write(event)
            timings[name].cpu.append(time.process_time() - cpu)
            timings[name].wall.append(time.perf_counter() - wall)
    return timings


@contextmanager
def environment() -> Iterator[None]:
    """Set what the writers need, and restore."""
    before = dict(os.environ)
    os.environ.update(ENVIRONMENT)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Print a plain table."""
    widths = [max(map(len, column)) for column in zip(head, *rows, strict=True)]
    for row in (head, *rows):
        cells = [row[0].ljust(widths[0])]
        cells += [cell.rjust(width) for cell, width in zip(row[1:], widths[1:], strict=True)]
        print("  ".join(cells))
    print()


def timings(fields: Sequence[Field], title: str) -> None:
    """Print CPU and wall seconds of the three writers."""
    given = batches(fields)
    print(f"{title}: {len(fields)} fields, seconds per {LINES} lines (least of {ROUNDS} rounds)")
    with endpoint() as at_once, endpoint(DELAY) as slow:
        now, later = (
            measure(
                {
                    "plain boto3": plain(url, fields),
                    "floor by hand": floor(url, fields),
                    "processor": ours(url, fields),
                    "processor, classic": ours(url, fields, "classic"),
                    "processor, ClickHouse": second(url, fields),
                },
                given,
            )
            for url in (at_once, slow)
        )
    base_cpu, base_wall = min(now["plain boto3"].cpu), min(later["plain boto3"].wall)
    floor_cpu, our_cpu = min(now["floor by hand"].cpu), min(now["processor"].cpu)
    rows = []
    for name, timing in now.items():
        cpu, wall = min(timing.cpu), min(later[name].wall)
        rows.append(
            [
                name,
                f"{cpu:.4f}",
                f"1/{base_cpu / cpu:.1f}",
                f"{cpu / floor_cpu:.2f}x",
                f"{cpu / our_cpu:.2f}x",
                f"{min(timing.wall):.4f}",
                f"{wall:.4f}",
                f"1/{base_wall / wall:.1f}",
            ]
        )
    table(
        [
            "writer",
            "CPU",
            "of plain",
            "of floor",
            "of processor",
            "wall",
            "wall at 15 ms",
            "of plain",
        ],
        rows,
    )


def traffic() -> None:
    """Print what is sent and metered, for each writer and for leaner field lists."""
    print(f"Sent and metered per {LINES} lines (write units of 1 KiB, Timestream's published rule)")
    cases: list[tuple[str, Sequence[Field], str]] = [
        ("plain boto3, all fields", FIELDS, "plain"),
        ("processor, all fields", FIELDS, "multi"),
        ("processor, classic, all fields", FIELDS, "classic"),
        ("processor, ClickHouse, all fields", FIELDS, "clickhouse"),
        ("plain boto3, default fields", DEFAULT_FIELDS, "plain"),
        ("processor, default fields", DEFAULT_FIELDS, "multi"),
        ("processor, classic, default fields", DEFAULT_FIELDS, "classic"),
        ("processor, ClickHouse, default fields", DEFAULT_FIELDS, "clickhouse"),
        (f"processor, {len(LEAN)} fields", LEAN, "multi"),
    ]
    rows = []
    base: tuple[int, int] = (1, 1)
    for name, fields, kind in cases:
        with recorder() as (url, bodies):
            make = {"plain": plain, "clickhouse": second}.get(kind)
            write = make(url, fields) if make else ours(url, fields, kind)
            write(events(fields))
        sent = sum(map(len, bodies))
        metered = [body for body in bodies if body.startswith(b"{")]  # ClickHouse meters nothing
        units = sum(write_units(json.loads(body)) for body in metered)
        if kind == "plain":
            base = sent, units
        share = f"{100 * sent / base[0]:.0f} %", f"{100 * units / base[1]:.0f} %"
        rows.append([name, f"{len(fields)}", f"{sent:,}", share[0], f"{units:,}", share[1]])
    table(["writer", "fields", "bytes", "of plain", "units", "of plain"], rows)


def write_units(request: dict[str, Any]) -> int:
    """Return a request's units: its KiB, rounded up. Common attributes count once.

    https://docs.aws.amazon.com/timestream/latest/developerguide/metering-and-pricing.writes.html
    """
    total = size(request.get("CommonAttributes", {}))
    total += sum(8 + size(record) for record in request["Records"])
    return -(-total // 1024)


def size(part: dict[str, Any]) -> int:
    """Return the bytes of names and values; a number has 8."""
    found = len(part.get("MeasureName", "")) + (8 if "MeasureValue" in part else 0)
    for each in part.get("Dimensions", []) + part.get("MeasureValues", []):
        is_text = each.get("Type", "VARCHAR") == "VARCHAR"
        found += len(each["Name"]) + (len(each["Value"].encode()) if is_text else 8)
    return found


@contextmanager
def recorder() -> Iterator[tuple[str, list[bytes]]]:
    """Run an endpoint that keeps the bodies of WriteRecords calls."""
    bodies: list[bytes] = []

    class Keep(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            answer = OK
            target = self.headers.get("X-Amz-Target", "")
            if "X-ClickHouse-User" in self.headers:
                bodies.append(body)
                self.wfile.write(INSERTED)
                return
            if target.endswith("DescribeEndpoints"):
                answer = json.dumps({"Endpoints": [{"Address": url, "CachePeriodInMinutes": 9}]})
            else:
                bodies.append(body)
            self.wfile.write(http(answer))

        def log_message(self, *args: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Keep) as server:
        server.daemon_threads = True
        url = f"http://127.0.0.1:{server.server_address[1]}"
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        try:
            yield url, bodies
        finally:
            server.shutdown()


START_UP = """
import json, sys, time
event = json.load(sys.stdin)
began = time.perf_counter()
from processor.handler import build
imported = time.perf_counter()
processor = build()
processor.prepare()
prepared = time.perf_counter()
processor.handle(event)
first = time.perf_counter()
processor.handle(event)
second = time.perf_counter()
for line in open("/proc/self/status"):
    if line.startswith("VmHWM:"):
        peak = int(line.split()[1]) / 1024
times = (began, imported, prepared, first, second)
print("RESULT", json.dumps([peak, *[b - a for a, b in zip(times, times[1:])]]))
"""


def start_up() -> None:
    """Print what a cold start costs, and the memory of a batch, in fresh interpreters."""
    runs: list[list[float]] = []
    names = ",".join(each.name for each in FIELDS)
    with endpoint() as url:
        for _ in range(5):
            done = subprocess.run(
                [sys.executable, "-c", START_UP],
                input=json.dumps(events(FIELDS)),
                env=os.environ | {"AWS_ENDPOINT_URL_TIMESTREAM_WRITE": url, "LOG_FIELDS": names},
                capture_output=True,
                text=True,
                check=True,
            )
            runs.append(json.loads(done.stdout.partition("RESULT ")[2]))
    least = [min(each) for each in zip(*runs, strict=True)]
    print(f"Cold start and memory (least of {len(runs)} fresh interpreters, all fields)")
    rows = [
        ["import of the handler", f"{least[1] * 1000:.0f} ms"],
        ["botocore, client, credentials, endpoint", f"{least[2] * 1000:.0f} ms"],
        [f"first batch of {LINES} lines", f"{least[3] * 1000:.0f} ms"],
        ["second batch", f"{least[4] * 1000:.0f} ms"],
        ["peak memory", f"{least[0]:.0f} MiB"],
    ]
    table(["what", "least"], rows)


def run() -> None:
    """Measure and print."""
    with environment(), without_metrics():
        timings(FIELDS, "All fields")
        timings(DEFAULT_FIELDS, "Default fields")
        traffic()
        start_up()


@contextmanager
def without_metrics() -> Iterator[None]:
    """Keep metrics out of the tables. The processor still prints them, which takes time."""
    real = sys.stdout

    class Tables(io.TextIOBase):
        """Standard output without lines of JSON."""

        def __init__(self) -> None:
            self.skipped = False

        def write(self, text: str) -> int:
            end, self.skipped = self.skipped and text == "\n", text.startswith('{"_aws"')
            return len(text) if end or self.skipped else real.write(text)

        def flush(self) -> None:
            real.flush()

    with redirect_stdout(Tables()):
        yield


if __name__ == "__main__":
    run()
