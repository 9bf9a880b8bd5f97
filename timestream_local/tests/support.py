"""What the tests of the embedded Timestream share: rows, requests, clients."""

import json
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import boto3
from botocore.config import Config

from timestream_local import Server
from timestream_local.engine import Engine
from timestream_local.store import Store

SECOND = 1_000_000_000


class OftenCompressing(Server):
    """A server that brings every few rows into DuckDB and compresses them at once."""

    command = (
        sys.executable,
        "-c",
        "from timestream_local import server, store\n"
        "store.FLUSH_ROWS = store.COMPRESS_ROWS = 30\n"
        "raise SystemExit(server.main())",
    )


RETENTION = {
    "created": 0.0,
    "updated": 0.0,
    "tags": {},
    "RetentionProperties": {
        "MemoryStoreRetentionPeriodInHours": 8766,
        "MagneticStoreRetentionPeriodInDays": 73000,
    },
    "MagneticStoreWriteProperties": {"EnableMagneticStoreWrites": True},
    "Schema": {"CompositePartitionKey": [{"Type": "MEASURE"}]},
}


# second after 19:00:00, host, cpu, memory, bytes in, bytes out
DEVOPS = (
    (0, "frontend01", 35.1, 55.3, 1500, 6700),
    (0, "frontend02", 38.5, 58.4, 23000, 12000),
    (0, "frontend03", 45.0, 65.8, 15000, 836000),
    (5, "frontend01", 55.2, 75.0, 1245, 68432),
    (8, "frontend02", 65.6, 85.3, 1245, 68432),
    (20, "frontend03", 12.1, 32.0, 1400, 345),
    (10, "frontend01", 15.3, 35.4, 23, 0),
    (16, "frontend02", 44.0, 64.2, 1450, 200),
    (40, "frontend03", 66.4, 86.3, 300, 423),
)


ZONE = {"frontend01": "us-east-1a", "frontend02": "us-east-1b", "frontend03": "us-east-1c"}


def dimensions(**values: str) -> list[dict[str, str]]:
    """Return dimensions in the protocol's form."""
    return [{"Name": name, "Value": value} for name, value in values.items()]


def values(**given: tuple[str, str]) -> list[dict[str, str]]:
    """Return measure values in the protocol's form, from name=(type, text)."""
    return [{"Name": n, "Value": text, "Type": kind} for n, (kind, text) in given.items()]


def devops() -> list[dict[str, Any]]:
    """Return the documentation's example rows as records."""
    records = []
    for second, host, *measures in DEVOPS:
        names = ("cpu_utilization", "memory_utilization", "network_bytes_in", "network_bytes_out")
        for name, value in zip(names, measures, strict=True):
            records.append(
                {
                    "Dimensions": dimensions(region="us-east-1", az=ZONE[host], hostname=host),
                    "MeasureName": name,
                    "MeasureValue": str(value),
                    "MeasureValueType": "DOUBLE" if isinstance(value, float) else "BIGINT",
                    "Time": str(1575486000 + second),
                    "TimeUnit": "SECONDS",
                }
            )
    return records


def iot() -> list[dict[str, Any]]:
    """Return multi-measure records, not all with all measures."""
    start = 1577836800 * SECOND
    rows = (
        (
            "t1",
            start + 1,
            values(
                speed=("DOUBLE", "1.5"),
                load=("BIGINT", "10"),
                moving=("BOOLEAN", "true"),
                serviced=("TIMESTAMP", str((1577836800 - 86400) * SECOND)),
                heading=("VARCHAR", "north"),
            ),
        ),
        ("t1", start + SECOND, values(speed=("DOUBLE", "2.5"), moving=("BOOLEAN", "false"))),
        (
            "t2",
            start + 2 * SECOND,
            values(speed=("DOUBLE", "-1"), load=("BIGINT", "30"), heading=("VARCHAR", "south")),
        ),
    )
    return [
        {
            "Dimensions": dimensions(truck=truck),
            "MeasureName": "reading",
            "MeasureValueType": "MULTI",
            "MeasureValues": measures,
            "Time": str(at),
            "TimeUnit": "NANOSECONDS",
        }
        for truck, at, measures in rows
    ]


def write(store: Store, database: str, table: str, records: list[dict[str, Any]]) -> dict[str, int]:
    """Write records as a request would."""
    request = {"DatabaseName": database, "TableName": table, "Records": records}
    return store.write(request, json.dumps(request).encode(), time.time_ns())


@contextmanager
def sampled(opened: Store) -> Iterator[Engine]:
    """Fill a store with the sample tables."""
    opened.create_database("sampleDB", {"created": 0.0, "updated": 0.0, "tags": {}, "key": "k"})
    for name, records in (("DevOps", devops()), ("IoT-multi", iot())):
        opened.create_table("sampleDB", name, json.loads(json.dumps(RETENTION)))
        write(opened, "sampleDB", name, records)
    engine = Engine(opened, timeout=60)
    yield engine
    engine.close()
    opened.close()


def clients(url: str, **config: Any) -> tuple[Any, Any]:
    """Return boto3's write and query clients of an endpoint."""
    return tuple(
        boto3.client(
            name,
            endpoint_url=url,
            region_name="us-east-1",
            aws_access_key_id="any",
            aws_secret_access_key="any",
            config=Config(retries={"max_attempts": 0}, read_timeout=60, **config),
        )
        for name in ("timestream-write", "timestream-query")
    )


def rows(query: Any, sql: str, **more: Any) -> list[list[Any]]:
    """Return all rows of a query, scalars as text, NULL as None."""
    out = []
    for page in query.get_paginator("query").paginate(QueryString=sql, **more):
        for row in page["Rows"]:
            out.append([datum.get("ScalarValue") for datum in row["Data"]])
    return out
