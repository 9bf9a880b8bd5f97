"""ClickHouse on this machine: a stand-in over chdb, its tables, and what is asked in its SQL.

https://clickhouse.com/docs/sql-reference
"""

import contextlib
import os
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from local.aws import LocalError, use
from local.stores import Column, Row, Span
from local.stores.clickhouse.client import Client
from local.stores.clickhouse.server import PORT, Server
from local.stores.clickhouse.statements import text as literal
from processor.stores.clickhouse import schema
from processor.stores.clickhouse.columns import TIME
from processor.stores.clickhouse.rollup import REQUESTS, ROLLUPS

__all__ = ["PORT", "Server"]

NAME = "ClickHouse"
KEY = "clickhouse"
DATABASE = "cloudfront"
TABLE = "realtime_logs"
RULES = Path(__file__).parents[3] / "provisioning" / "clickhouse" / "alerting" / "rules.yaml"
LAYOUTS: Sequence[str] = ("multi",)
# An insert is so much work, with the tables that views fill, that more lines hardly add to it.
LINES = 10_000
COPIES = 2  # of the handler: one makes an insert while the other's is carried out
LOOPBACK = ("127.0.0.1", "localhost", "::1")
# Half a century: a file from any year goes in. A date that a TTL comes to has to be before 2106.
LONGEST_DAYS = schema.LONGEST_DAYS
FROM = f"{DATABASE}.{TABLE}"
EXAMPLE = f"""  python -m local query --store {KEY} 'SELECT x_edge_location, sum(sc_bytes) AS bytes
      FROM {FROM}
      WHERE timestamp > now() - INTERVAL 1 HOUR
      GROUP BY x_edge_location ORDER BY bytes DESC'"""
# Of what trim() may delete, as a share of what there is: a deletion writes a day's rows anew.
TRIM_SHARE = 0.05

# FINAL: a line that came in two batches is one row at once, not when parts are merged.
# Percentiles are exact: the smallest value with at least that share of the values at or below it.
COUNTS = """
SELECT sum(p.received) AS received, sum(p.written) AS written, sum(p.duplicates) AS duplicates,
       sum(p.malformed) AS malformed, sum(p.rejected) AS rejected, sum(p.trimmed) AS trimmed
FROM {pipeline} AS p
WHERE p.field = '-' AND p.function_name = {function:String} AND {during}
"""

LEFT_OUT = """
SELECT p.field AS field, sum(p.left_out) AS amount
FROM {pipeline} AS p
WHERE p.field != '-' AND p.function_name = {function:String} AND {during}
GROUP BY p.field
HAVING amount > 0
ORDER BY amount DESC, field
"""

STORED = "SELECT count() AS stored FROM {requests} FINAL WHERE {during}"

NEWEST = """
SELECT if(count() = 0, NULL, toUnixTimestamp64Milli(max(timestamp))) AS newest
FROM {requests} WHERE {during}
"""

LAG = """
SELECT quantileExactWeighted(0.5)(p.lag_p50_ms, 1) / 1000 AS p50, max(p.lag_max_ms) / 1000 AS worst
FROM {pipeline} AS p
WHERE p.field = '-' AND p.function_name = {function:String} AND p.received > 0 AND {during}
"""

EDGES = """
SELECT x_edge_location AS edge, sum(sc_bytes) AS bytes, count() AS requests,
       quantileExactWeightedIf(0.95)(time_to_first_byte, 1, NOT {lately}) AS before_p95,
       quantileExactWeightedIf(0.95)(time_to_first_byte, 1, {lately}) AS lately_p95
FROM {requests} FINAL
WHERE {during}
GROUP BY x_edge_location
ORDER BY bytes DESC, edge
LIMIT 8
"""

COUNTRIES = """
SELECT c_country AS country, count() AS requests,
       100.0 * countIf(sc_status BETWEEN 400 AND 499) / count() AS rate_4xx,
       100.0 * countIf(sc_status >= 500) / count() AS rate_5xx,
       100.0 * countIf(sc_status >= 500 AND {lately}) / nullIf(countIf({lately}), 0) AS lately_5xx
FROM {requests} FINAL
WHERE {during}
GROUP BY c_country
ORDER BY rate_5xx DESC, requests DESC, country
LIMIT 8
"""

FIRST_BYTE = """
SELECT if(x_edge_result_type = 'Miss', 'cache miss', 'cache hit') AS result,
       count() AS requests,
       quantileExactWeighted(0.5)(time_to_first_byte, 1) AS p50,
       quantileExactWeighted(0.95)(time_to_first_byte, 1) AS p95,
       quantileExactWeighted(0.99)(time_to_first_byte, 1) AS p99
FROM {requests} FINAL
WHERE {during} AND x_edge_result_type IN ('Hit', 'RefreshHit', 'Miss')
GROUP BY result
ORDER BY result
"""

OLD = "SELECT countIf({old}) AS old, count() AS everything FROM {table} WHERE {since}"


# Days that got rows lately, by the parts of the table, and of which it has dropped none yet.
DAYS = """
SELECT DISTINCT partition AS day FROM system.parts
WHERE active AND database = {database:String} AND table = {table:String}
  AND modification_time >= toDateTime({since:Int64})
  AND dateDiff('day', toDate(partition), today()) < (
    SELECT toUInt32OrDefault(extract(engine_full, 'toIntervalDay\\((\\d+)\\)'), toUInt32(1000000))
    FROM system.tables WHERE database = {database:String} AND name = {table:String}
  )
ORDER BY day
"""
MADE_OF = """
SELECT as_select AS sql FROM system.tables
WHERE database = {database:String} AND name = {view:String}
"""
LATEST = 4_000_000_000  # epoch seconds: after every line
QUIET_SECONDS = 120  # without which a minute may still get rows


def place(database: str = DATABASE, table: str = TABLE) -> schema.Place:
    """Return the tables here: they keep what they get."""
    return schema.Place(database, table, days=LONGEST_DAYS, rollup_days=LONGEST_DAYS)


@dataclass(frozen=True, slots=True)
class Running:
    """The stand-in, or a real server, while it runs."""

    url: str

    def trim(self, start: float, end: float) -> None:
        """Have the rows from ``start`` until before ``end`` (epoch seconds) deleted.

        Of each table, when they are a twentieth of it or more; from and to a whole minute or hour,
        as the rollups are by minutes and hours. Returns when that is begun.
        """
        asked, here = Client(self.url), place()
        start = start // 3600 * 3600
        for table, time_column, step in (
            (here.requests, TIME, 60),
            (here.pipeline, TIME, 60),
            *((here.rollup(each), each.level.unit, each.level.length // 1000) for each in ROLLUPS),
        ):
            since = f"{time_column} >= {_at(start)}"
            old = f"{time_column} < {_at(end // step * step)}"
            [found] = asked.rows(_filled(OLD, table=table, old=old, since=since), {})
            if found["old"] > TRIM_SHARE * found["everything"]:
                asked.run(f"ALTER TABLE {table} DELETE WHERE {since} AND {old}")


@contextlib.contextmanager
def started(data: Path | None, host: str = "127.0.0.1", port: int = 0) -> Iterator[Running]:
    """Run the stand-in as a child of this process, and point the handler at it."""
    with contextlib.ExitStack() as stack:
        try:
            server = stack.enter_context(Server(data, host, port))
        except OSError as error:
            raise LocalError(str(error)) from None
        use({})
        for name in ("CLICKHOUSE_USER", "CLICKHOUSE_PASSWORD"):
            os.environ.pop(name, None)  # of another server's
        yield Running(server.url)


def found(url: str) -> Running:
    """Point the handler at a server that runs: this stand-in, or a real one."""
    use({})
    Client(url).check()
    return Running(url)


def endpoints(url: str) -> dict[str, str]:
    """Return what the handler writes to in AWS: nothing."""
    return {}


def environment(url: str, database: str, table: str) -> dict[str, str]:
    """Return the handler's variables for where its rows go."""
    asked = Client(url)
    os.environ["NO_PROXY"] = ",".join(filter(None, [os.environ.get("NO_PROXY"), asked.host]))
    return {
        "STORE": KEY,
        "CLICKHOUSE_URL": asked.url,
        "CLICKHOUSE_DATABASE": database,
        "CLICKHOUSE_TABLE": table,
        "CLICKHOUSE_USER": asked.user,
        "CLICKHOUSE_PASSWORD": asked.password,
        "CLICKHOUSE_SECRET_ARN": "",
        "CLICKHOUSE_COMPRESSION": "none" if asked.host in LOOPBACK else "gzip",
    }


def make_table(url: str, database: str = DATABASE, table: str = TABLE) -> None:
    """Make the tables, which keep what they get, unless they are there."""
    asked = Client(url)
    for statement in schema.statements(place(database, table)):
        asked.run(statement)


def settle(url: str, database: str = DATABASE, table: str = TABLE, since: float = 0.0) -> None:
    """Have a line that came again, in another batch than before, be there once at once.

    A batch that comes again is known by its token; a line in another batch is not. The table has it
    twice until its parts are merged, and the rollups count it twice. What is written to them
    meanwhile would be, too: their last minutes stay as they are.
    """
    asked, here = Client(url), place(database, table)
    given = {"database": database, "table": table, "since": str(int(since))}
    days = [row["day"] for row in asked.rows(DAYS, given)]
    if not days:
        return

    def per_day(count: str, source: str, moment: str, until: str) -> dict[str, int]:
        among = f"toDate({moment}) IN ({', '.join(map(literal, days))}) AND {moment} < {until}"
        query = f"SELECT toDate({moment}) AS day, {count} AS n FROM {source} WHERE {among}"
        return {row["day"]: row["n"] for row in asked.rows(f"{query} GROUP BY day", {})}

    ever = _at(LATEST)
    lines = per_day("count()", f"{here.requests} FINAL", TIME, ever)
    for day, rows in per_day("count()", here.requests, TIME, ever).items():
        if rows > lines.get(day, 0):
            asked.run(f"OPTIMIZE TABLE {here.requests} PARTITION {literal(day)} FINAL")
    quiet = time.time() - QUIET_SECONDS
    for each in ROLLUPS:
        level, rollup, view = each.level, here.rollup(each), f"{table}_to_{each.name}"
        length = level.length // 1000
        until = _at(quiet // length * length)
        lines = per_day("count()", f"{here.requests} FINAL", TIME, until)
        sums = per_day(f"sum({REQUESTS})", rollup, level.unit, until)
        wrong = [day for day in days if lines.get(day, 0) != sums.get(day, 0)]
        for day in wrong:
            old = f"toDate({{0}}) = {literal(day)} AND {{0}} < {until}"
            asked.run(
                f"ALTER TABLE {rollup} DELETE WHERE {old.format(level.unit)} "
                "SETTINGS mutations_sync = 1"
            )
            [made] = asked.rows(MADE_OF, {"database": database, "view": view})
            only = f"{{{literal(f'{database}.{table}')}: {literal(old.format(TIME))}}}"
            asked.run(
                f"INSERT INTO {rollup} {made['sql']} "
                f"SETTINGS final = 1, insert_deduplicate = 0, additional_table_filters = {only}"
            )


def source(url: str) -> Any:
    """Return the endpoint as a data source for the rule tester."""
    from local.stores.clickhouse.rulequeries import RuleQueries

    return RuleQueries(Client(url), DATABASE)


def about_the_pipeline(model: Mapping[str, Any]) -> bool:
    """Whether a rule's query is about the pipeline's own records, not about requests."""
    return "_pipeline" in model.get("rawSql", "")


@dataclass(frozen=True, slots=True)
class Questions:
    """Asks a ClickHouse server."""

    url: str

    def pages(self, query: str) -> Iterator[tuple[Sequence[Column], Sequence[Row]]]:
        """Yield (columns, rows) once; times are ClickHouse's text, arrays and tuples lists."""
        yield Client(self.url).table(query)

    def rows(self, question: str, given: Mapping[str, str], **sql: str) -> Sequence[Row]:
        """Return the rows of one of this module's questions.

        ``sql`` are the pieces of SQL in its braces; ``given`` are the values of its parameters.
        """
        here = place()
        filled = _filled(question, requests=here.requests, pipeline=here.pipeline, **sql)
        return Client(self.url).rows(filled, given)

    def counts(self, function: str, since: float) -> dict[str, int]:
        """Return what the function's invocations since then counted, summed up."""
        [row] = self.rows(COUNTS, {"function": function}, during=_since(since))
        return {name: int(value or 0) for name, value in row.items()}

    def left_out(self, function: str, since: float) -> dict[str, int]:
        """Return how many values of each field the function left out since then, most first."""
        rows = self.rows(LEFT_OUT, {"function": function}, during=_since(since))
        return {row["field"]: int(row["amount"]) for row in rows}

    def stored(self, during: Span) -> int:
        """Return how many requests are in the table."""
        return int(self.rows(STORED, {}, during=_during(during))[0]["stored"])

    def newest(self, during: Span) -> float | None:
        """Return the newest request's time, epoch seconds; None when there is no request."""
        newest = self.rows(NEWEST, {}, during=_during(during))[0]["newest"]
        return None if newest is None else newest / 1000

    def lag(self, function: str, during: Span) -> tuple[float | None, float | None]:
        """Return the median and the worst time from the edge's answer to the table, seconds."""
        [row] = self.rows(LAG, {"function": function}, during=_during(during))
        return row["p50"], row["worst"]

    def edges(self, during: Span, lately: float) -> Sequence[Row]:
        """Return the edges with most bytes."""
        return self.rows(EDGES, {}, during=_during(during), lately=_lately(lately))

    def countries(self, during: Span, lately: float) -> Sequence[Row]:
        """Return the countries with the highest rate of 5xx."""
        return self.rows(COUNTRIES, {}, during=_during(during), lately=_lately(lately))

    def first_byte(self, during: Span) -> Sequence[Row]:
        """Return percentiles of the time to first byte, of hits and of misses."""
        return self.rows(FIRST_BYTE, {}, during=_during(during))


questions = Questions


def _filled(question: str, **sql: str) -> str:
    """Return the question with pieces of SQL for its names in braces; parameters stay."""
    for name, text in sql.items():
        question = question.replace(f"{{{name}}}", text)
    return question


def _during(span: Span) -> str:
    return f"{TIME} BETWEEN {_at(span.start)} AND {_at(span.end)}"


def _since(moment: float) -> str:
    return _during(Span(moment, time.time() + 60))


def _lately(moment: float) -> str:
    return f"({TIME} >= {_at(moment)})"


def _at(moment: float) -> str:
    """Return a time (epoch seconds) as SQL."""
    return f"fromUnixTimestamp64Milli({round(moment * 1000)})"
