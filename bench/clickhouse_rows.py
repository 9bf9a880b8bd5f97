"""Rows for the bench of ClickHouse: a sample of the generator's traffic, multiplied in the engine.

The sample goes through the processor once. Its copies have times and ids of their own, so that no
two rows are one request; countries, paths, statuses and times are as the generator has them.
"""

import base64
import time
from collections.abc import Iterator
from itertools import islice
from typing import Any

from local.stores.clickhouse import make_table
from local.stores.clickhouse.client import Client
from local.traffic import Traffic, line
from processor.catalog import DEFAULT_FIELDS
from processor.config import Config
from processor.handler import Processor
from processor.stores.clickhouse import Settings, schema
from processor.stores.clickhouse.columns import COLUMNS, HASH, TIME
from processor.stores.clickhouse.rollup import ROLLUPS

TABLE = "realtime_logs"
SAMPLE = 50_000  # requests; more of them would make no more kinds of rows in a minute
SAMPLE_DATABASE = "sample"
SEED = 11
COPIES = 4  # that go in at once: 200,000 rows
_RANDOM_ID = "concat(base64URLEncode(randomFixedString(41)), '==')"
# Within the limits that somebody would set on a small machine.
_LIMITS = "SETTINGS max_memory_usage = 3000000000, insert_deduplicate = 0"


def place(database: str) -> schema.Place:
    """Return the tables of a database."""
    return schema.Place(database, TABLE, days=20_000, rollup_days=20_000)


def processor(url: str, database: str, **settings: Any) -> Processor:
    """Return what writes into new tables of a database."""
    make_table(url, database, TABLE)
    made = Processor(
        Config(
            store="clickhouse",
            settings=Settings(url, database, user="default", **settings),
            fields=DEFAULT_FIELDS,
        )
    )
    made.prepare()
    return made


def lines(count: int, end: float, hours: float = 1.0, seed: int = SEED) -> list[bytes]:
    """Return generated log lines of the default fields; the last one's time is before ``end``."""
    requests = Traffic(seed=seed).between(end - hours * 3600, end, rps=1.3 * count / (hours * 3600))
    made = [line(request, DEFAULT_FIELDS).encode() for request in islice(requests, count)]
    if len(made) < count:
        raise SystemExit(f"the generator made {len(made):,} of {count:,} lines")
    return made


def events(texts: list[bytes], size: int, shard: str = "shardId-000000000000") -> Iterator[Any]:
    """Yield Kinesis events of ``size`` lines."""
    now = time.time()
    for first in range(0, len(texts), size):
        yield {
            "Records": [
                {
                    "eventID": f"{shard}:{number}",
                    "kinesis": {
                        "data": base64.b64encode(text).decode(),
                        "sequenceNumber": f"{number:020d}",
                        "approximateArrivalTimestamp": now,
                        "partitionKey": "bench",
                    },
                }
                for number, text in enumerate(texts[first : first + size], first)
            ]
        }


def sample(url: str) -> None:
    """Put the sample into a database of its own."""
    writer = processor(url, SAMPLE_DATABASE)
    for event in events(lines(SAMPLE, time.time() // 60 * 60), 10_000):
        if writer.handle(event) != {"batchItemFailures": []}:
            raise SystemExit("the sample was not written")


def multiply(url: str, database: str, count: int, start: int, end: int) -> None:
    """Insert ``count`` rows between two times (epoch seconds), in the order of time, as they come.

    The views fill the rollups, as with any insert.
    """
    make_table(url, database, TABLE)
    asked, here = Client(url), place(database)
    others = [each.name for each in COLUMNS if each.name not in (TIME, HASH, "x_edge_request_id")]
    chunk = SAMPLE * COPIES
    for first in range(0, count, chunk):
        rows = min(chunk, count - first)
        since = start * 1000 + (end - start) * 1000 * first // count
        length = (end - start) * 1000 * rows // count
        asked.run(
            f"INSERT INTO {here.requests} ({TIME}, {HASH}, x_edge_request_id, {', '.join(others)}) "
            f"SELECT fromUnixTimestamp64Milli(toInt64({since} + rand64(copy) % {length})), "
            f"rand64(copy + 1), {_RANDOM_ID}, {', '.join(others)} "
            f"FROM {place(SAMPLE_DATABASE).requests} "
            f"ARRAY JOIN range({COPIES}) AS copy LIMIT {rows} {_LIMITS}"
        )


def repeat(url: str, source: str, database: str, seconds: int, times: int) -> None:
    """Fill a database's rollups with those of another, moved back by ``seconds`` again and again.

    They are what the same requests would have given, states of digests included; there are no
    requests behind them, as when those have expired.
    """
    make_table(url, database, TABLE)
    asked = Client(url)
    day = max(1, 86_400 // seconds)
    for rollup in ROLLUPS:
        into, of = place(database).rollup(rollup), place(source).rollup(rollup)
        unit = rollup.level.unit
        columns = ", ".join([*(each for each in rollup.keys if each != unit), *rollup.summed])
        for first in range(0, times, day):
            back = f"range({first}, {min(first + day, times)})"
            asked.run(
                f"INSERT INTO {into} ({unit}, {columns}) "
                f"SELECT {unit} - toIntervalSecond({seconds} * copy), {columns} "
                f"FROM {of} ARRAY JOIN {back} AS copy {_LIMITS}"
            )
