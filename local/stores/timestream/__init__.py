"""Timestream on this machine: the embedded one, its table, and the questions in its SQL.

https://docs.aws.amazon.com/timestream/latest/developerguide/reference.html
"""

import contextlib
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError, ParamValidationError

from local.aws import LocalError, client, is_aws, use
from local.stores import Column, Row, Span
from processor.stores.timestream import settings
from timestream_local import Server

NAME = "Timestream"
KEY = "timestream"
DATABASE = "cloudfront"
TABLE = "realtime_logs"
PORT = 8086
LINES = 1_000
COPIES = 1  # of the handler: one writes several requests at a time
RULES = Path(__file__).parents[3] / "provisioning" / "alerting" / "rules.yaml"
LAYOUTS: Sequence[str] = settings.LAYOUTS
# The service's longest: a file from any year goes in.
# https://docs.aws.amazon.com/timestream/latest/developerguide/ts-limits.html
LONGEST_MEMORY_HOURS = 8_766
LONGEST_MAGNETIC_DAYS = 73_000

FROM = f'"{DATABASE}"."{TABLE}"'
EXAMPLE = f"""  python -m local query 'SELECT x_edge_location, sum(sc_bytes) AS bytes
      FROM {FROM}
      WHERE measure_name = '"'request'"' AND time > ago(1h)
      GROUP BY x_edge_location ORDER BY bytes DESC'"""
NUMBERS = {"BIGINT", "INTEGER", "DOUBLE"}

COUNTS = """
SELECT sum(received) AS received, sum(written) AS written, sum(duplicates) AS duplicates,
       sum(malformed) AS malformed, sum(rejected) AS rejected, sum(trimmed) AS trimmed
FROM {table}
WHERE measure_name = 'pipeline' AND function_name = '{function}' AND {during}
"""

LEFT_OUT = """
SELECT field, sum(left_out) AS amount
FROM {table}
WHERE measure_name = 'left_out' AND function_name = '{function}' AND {during}
GROUP BY field
HAVING sum(left_out) > 0
ORDER BY amount DESC, field
"""

STORED = """
SELECT count(*) AS stored FROM {table} WHERE measure_name = 'request' AND {during}
"""

NEWEST = """
SELECT max(time) AS newest FROM {table}
WHERE measure_name IN ('request', 'sc_bytes') AND {during}
"""

LAG = """
SELECT approx_percentile(lag_p50_ms, 0.5) / 1000 AS p50, max(lag_max_ms) / 1000 AS worst
FROM {table}
WHERE measure_name = 'pipeline' AND function_name = '{function}' AND received > 0 AND {during}
"""

EDGES = """
SELECT x_edge_location AS edge, sum(sc_bytes) AS bytes, count(*) AS requests,
       approx_percentile(CASE WHEN NOT {lately} THEN time_to_first_byte END, 0.95) AS before_p95,
       approx_percentile(CASE WHEN {lately} THEN time_to_first_byte END, 0.95) AS lately_p95
FROM {table}
WHERE measure_name = 'request' AND {during}
GROUP BY x_edge_location
ORDER BY bytes DESC, edge
LIMIT 8
"""

COUNTRIES = """
SELECT c_country AS country, count(*) AS requests,
       100.0 * sum(CASE WHEN sc_status BETWEEN 400 AND 499 THEN 1 ELSE 0 END) / count(*)
         AS rate_4xx,
       100.0 * sum(CASE WHEN sc_status >= 500 THEN 1 ELSE 0 END) / count(*) AS rate_5xx,
       100.0 * sum(CASE WHEN sc_status >= 500 AND {lately} THEN 1 ELSE 0 END)
         / nullif(sum(CASE WHEN {lately} THEN 1 ELSE 0 END), 0) AS lately_5xx
FROM {table}
WHERE measure_name = 'request' AND {during}
GROUP BY c_country
ORDER BY rate_5xx DESC, requests DESC, country
LIMIT 8
"""

FIRST_BYTE = """
SELECT CASE WHEN x_edge_result_type = 'Miss' THEN 'cache miss' ELSE 'cache hit' END AS result,
       count(*) AS requests,
       approx_percentile(time_to_first_byte, 0.5) AS p50,
       approx_percentile(time_to_first_byte, 0.95) AS p95,
       approx_percentile(time_to_first_byte, 0.99) AS p99
FROM {table}
WHERE measure_name = 'request' AND {during}
  AND x_edge_result_type IN ('Hit', 'RefreshHit', 'Miss')
GROUP BY CASE WHEN x_edge_result_type = 'Miss' THEN 'cache miss' ELSE 'cache hit' END
ORDER BY result
"""


_READERS: Mapping[str, Any] = {
    "BIGINT": int,
    "INTEGER": int,
    "DOUBLE": float,
    "BOOLEAN": lambda text: text.lower() == "true",
}


@dataclass(frozen=True, slots=True)
class Embedded:
    """The embedded Timestream, while it runs."""

    server: Server

    @property
    def url(self) -> str:
        """Where it answers."""
        return self.server.url

    def trim(self, start: float, end: float) -> None:
        """Have the rows from ``start`` until before ``end`` (epoch seconds) deleted."""
        self.server.delete_rows(DATABASE, TABLE, start, end)


@contextlib.contextmanager
def started(data: Path | None, host: str = "127.0.0.1", port: int = 0) -> Iterator[Embedded]:
    """Run the embedded Timestream as a child of this process, and point the handler at it."""
    with contextlib.ExitStack() as stack:
        try:
            server = stack.enter_context(Server(data, host, port))
        except OSError as error:
            raise LocalError(str(error)) from None
        use(endpoints(server.url) | {"TIMESTREAM_QUERY": server.url})
        yield Embedded(server)


def found(url: str) -> None:
    """Point the handler at an endpoint that runs; AWS itself is not checked."""
    use(endpoints(url) | {"TIMESTREAM_QUERY": url})
    if not is_aws(url):
        try:
            client("timestream-write", url, patient=False).describe_endpoints()
        except (BotoCoreError, ClientError):
            raise LocalError(
                f"no Timestream endpoint answers at {url}; start one with "
                "`python -m local serve`, or name a directory with --data"
            ) from None


def endpoints(url: str) -> dict[str, str]:
    """Return the URLs that the handler uses, by service."""
    return {"TIMESTREAM_WRITE": url}


def environment(url: str, database: str, table: str) -> dict[str, str]:
    """Return the handler's variables for where its rows go; the address is its AWS SDK's."""
    return {"STORE": KEY, "TIMESTREAM_DATABASE": database, "TIMESTREAM_TABLE": table}


def make_table(url: str, database: str = DATABASE, table: str = TABLE) -> None:
    """Make the database and the table, with the longest retention, unless they are there."""
    write = client("timestream-write", url)
    with contextlib.suppress(write.exceptions.ConflictException):
        write.create_database(DatabaseName=database)
    with contextlib.suppress(write.exceptions.ConflictException):
        write.create_table(
            DatabaseName=database,
            TableName=table,
            RetentionProperties={
                "MemoryStoreRetentionPeriodInHours": LONGEST_MEMORY_HOURS,
                "MagneticStoreRetentionPeriodInDays": LONGEST_MAGNETIC_DAYS,
            },
            MagneticStoreWriteProperties={"EnableMagneticStoreWrites": True},
        )


def settle(url: str, database: str, table: str, since: float) -> None:
    """Do nothing: a row that comes again takes the place of the first, and no sums are kept."""


def source(url: str) -> Any:
    """Return the endpoint as a data source for the rule tester."""
    from dashboards.stores.timestream import frames
    from local.stores.timestream.rulequeries import RuleQueries

    names = frames.Source(database=f'"{DATABASE}"', table=f'"{TABLE}"')
    return RuleQueries(client("timestream-query", url), names)


def about_the_pipeline(model: Mapping[str, Any]) -> bool:
    """Whether a rule's query is about the pipeline's own records, not about requests."""
    return "'pipeline'" in model.get("rawQuery", "")


@dataclass(frozen=True, slots=True)
class Questions:
    """Asks a Timestream endpoint."""

    url: str

    def pages(self, query: str) -> Iterator[tuple[list[Column], list[Row]]]:
        """Yield (columns, rows) page by page.

        Timestamps are Timestream's text, arrays lists, rows dictionaries, and a time series is a
        list of {"time", "value"}. A column without a name gets its place, as in Trino.
        """
        asked = client("timestream-query", self.url)
        try:
            for page in asked.get_paginator("query").paginate(QueryString=query):
                about = page["ColumnInfo"]
                names = _names(about)
                kinds = [column["Type"] for column in about]
                columns = [
                    Column(name, kind.get("ScalarType", "") in NUMBERS)
                    for name, kind in zip(names, kinds, strict=True)
                ]
                yield (
                    columns,
                    [
                        {
                            name: _value(kind, datum)
                            for name, kind, datum in zip(names, kinds, row["Data"], strict=True)
                        }
                        for row in page["Rows"]
                    ],
                )
        except ClientError as error:
            refusal = error.response.get("Error", {})
            raise LocalError(f"{refusal.get('Code')}: {refusal.get('Message')}") from None
        except (BotoCoreError, ParamValidationError) as error:
            raise LocalError(f"the query got no answer: {error}") from None

    def rows(self, question: str, **values: str) -> list[Row]:
        """Return the rows of one of this module's questions.

        ``values`` are the pieces of SQL in its braces: conditions on the time for ``during`` and
        ``lately``, the name for ``function``.
        """
        sql = question.format(table=FROM, **values)
        return [row for _, rows in self.pages(sql) for row in rows]

    def counts(self, function: str, since: float) -> dict[str, int]:
        """Return what the function's invocations since then counted, summed up."""
        row = self.rows(COUNTS, function=function, during=_since(since))[0]
        return {name: number or 0 for name, number in row.items()}

    def left_out(self, function: str, since: float) -> dict[str, int]:
        """Return how many values of each field the function left out since then, most first."""
        rows = self.rows(LEFT_OUT, function=function, during=_since(since))
        return {row["field"]: row["amount"] for row in rows}

    def stored(self, during: Span) -> int:
        """Return how many requests are in the table."""
        return int(self.rows(STORED, during=_during(during))[0]["stored"])

    def newest(self, during: Span) -> float | None:
        """Return the newest request's time, epoch seconds; None when there is no request."""
        text = self.rows(NEWEST, during=_during(during))[0]["newest"]
        if text is None:
            return None
        return datetime.fromisoformat(text[:23]).replace(tzinfo=UTC).timestamp()

    def lag(self, function: str, during: Span) -> tuple[float | None, float | None]:
        """Return the median and the worst time from the edge's answer to the table, seconds."""
        row = self.rows(LAG, function=function, during=_during(during))[0]
        return row["p50"], row["worst"]

    def edges(self, during: Span, lately: float) -> Sequence[Row]:
        """Return the edges with most bytes."""
        return self.rows(EDGES, during=_during(during), lately=f"time >= {_at(lately)}")

    def countries(self, during: Span, lately: float) -> Sequence[Row]:
        """Return the countries with the highest rate of 5xx."""
        return self.rows(COUNTRIES, during=_during(during), lately=f"time >= {_at(lately)}")

    def first_byte(self, during: Span) -> Sequence[Row]:
        """Return percentiles of the time to first byte, of hits and of misses."""
        return self.rows(FIRST_BYTE, during=_during(during))


questions = Questions


def _during(span: Span) -> str:
    """Return the condition for times as Grafana's $__timeFilter writes it."""
    return f"time BETWEEN {_at(span.start)} AND {_at(span.end)}"


def _since(moment: float) -> str:
    return _during(Span(moment, time.time() + 60))


def _at(moment: float) -> str:
    """Return a time (epoch seconds) as SQL."""
    return f"from_milliseconds({moment * 1000:.0f})"


def _names(columns: list[dict[str, Any]]) -> list[str]:
    return [column.get("Name") or f"_col{index}" for index, column in enumerate(columns)]


def _value(kind: dict[str, Any], datum: dict[str, Any]) -> Any:
    """Return a datum of Timestream's answer as a Python value."""
    if datum.get("NullValue"):
        return None
    if "ArrayColumnInfo" in kind:
        inner = kind["ArrayColumnInfo"]["Type"]
        return [_value(inner, each) for each in datum.get("ArrayValue", [])]
    if "TimeSeriesMeasureValueColumnInfo" in kind:
        inner = kind["TimeSeriesMeasureValueColumnInfo"]["Type"]
        return [
            {"time": point["Time"], "value": _value(inner, point["Value"])}
            for point in datum.get("TimeSeriesValue", [])
        ]
    if "RowColumnInfo" in kind:
        names = _names(kind["RowColumnInfo"])
        cells = datum.get("RowValue", {}).get("Data", [])
        return {
            name: _value(column["Type"], cell)
            for name, column, cell in zip(names, kind["RowColumnInfo"], cells, strict=True)
        }
    return _READERS.get(kind["ScalarType"], str)(datum["ScalarValue"])
