"""Makes the totals of requests that were there before the views that fill them."""

import time
from collections.abc import Iterator

from infra.stores.clickhouse.server import Server
from infra.stores.clickhouse.tables import shown
from processor.stores.clickhouse import rollup
from processor.stores.clickhouse.columns import TIME
from processor.stores.clickhouse.schema import Place

HOUR = 3600
QUIET = 120  # seconds without which a minute may still get rows


def totals(server: Server, place: Place) -> None:
    """Sum up every whole hour of requests anew, an hour at a time; say what was done.

    A line of a past hour that comes in meanwhile may be counted twice.
    """
    now = int(time.time()) - QUIET
    until = now // HOUR * HOUR
    hours = [
        int(row[0])
        for row in server.ask(
            f"SELECT DISTINCT toUnixTimestamp(toStartOfHour({TIME})) AS hour "
            f"FROM {place.requests} WHERE {TIME} < fromUnixTimestamp({until}) ORDER BY hour"
        )
    ]
    for each in rollup.TOTALS:
        for statement in statements(place, each, hours, until):
            server.run(statement)
    print(f"{shown(*map(place.rollup, rollup.TOTALS))} have the sums of {len(hours)} hours.")


def statements(place: Place, into: rollup.Rollup, hours: list[int], until: int) -> Iterator[str]:
    """Yield what deletes the sums of these hours (epoch seconds), and makes them."""
    if not hours:
        return
    table, unit = place.rollup(into), into.level.unit
    yield (
        f"ALTER TABLE {table} DELETE WHERE {unit} >= fromUnixTimestamp({hours[0]}) "
        f"AND {unit} < fromUnixTimestamp({until}) SETTINGS mutations_sync = 1"
    )
    columns = ", ".join((*into.keys, *into.summed))
    for hour in hours:
        during = f"logs.{TIME} >= fromUnixTimestamp({hour})"
        during += f" AND logs.{TIME} < fromUnixTimestamp({hour + HOUR})"
        made = rollup.select(place, into, during)
        yield f"INSERT INTO {table} ({columns}) {made} SETTINGS final = 1, insert_deduplicate = 0"
