"""What the verbs ask Timestream, in its SQL, and how answers become Python values.

https://docs.aws.amazon.com/timestream/latest/developerguide/reference.html
"""

import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError, ParamValidationError

from local.aws import DATABASE, TABLE, LocalError, client

FROM = f'"{DATABASE}"."{TABLE}"'
Row = dict[str, Any]

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

# What was lately stands beside what was before, so that an incident shows.
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


def between(start: float, end: float) -> str:
    """Return the condition for times (epoch seconds) as Grafana's $__timeFilter writes it."""
    return f"time BETWEEN {at(start)} AND {at(end)}"


def at(moment: float) -> str:
    """Return a time (epoch seconds) as SQL."""
    return f"from_milliseconds({moment * 1000:.0f})"


_READERS: Mapping[str, Any] = {
    "BIGINT": int,
    "INTEGER": int,
    "DOUBLE": float,
    "BOOLEAN": lambda text: text.lower() == "true",
}


@dataclass(slots=True)
class Timestream:
    """Asks a Timestream endpoint."""

    endpoint: str

    def pages(self, sql: str) -> Iterator[tuple[list[dict[str, Any]], list[Row]]]:
        """Yield (columns as Timestream describes them, rows) page by page; at least one page.

        Numbers are numbers, timestamps Timestream's text, NULL None, arrays lists, rows
        dictionaries, and a time series a list of {"time", "value"}. Raises LocalError with
        Timestream's own message for a query that it refuses.
        """
        query = client("timestream-query", self.endpoint)
        try:
            for page in query.get_paginator("query").paginate(QueryString=sql):
                columns = page["ColumnInfo"]
                names = names_of(columns)
                yield (
                    columns,
                    [
                        {
                            name: value(column["Type"], datum)
                            for name, column, datum in zip(names, columns, row["Data"], strict=True)
                        }
                        for row in page["Rows"]
                    ],
                )
        except ClientError as error:
            about = error.response.get("Error", {})
            raise LocalError(f"{about.get('Code')}: {about.get('Message')}") from None
        except (BotoCoreError, ParamValidationError) as error:
            raise LocalError(f"the query got no answer: {error}") from None

    def ask(self, question: str, **values: str) -> list[Row]:
        """Return the rows that answer one of this module's questions.

        ``values`` are the pieces of SQL in its braces: conditions on the time for ``during`` and
        ``lately``, the name for ``function``.
        """
        sql = question.format(table=FROM, **values)
        return [row for _, rows in self.pages(sql) for row in rows]


def names_of(columns: list[dict[str, Any]]) -> list[str]:
    """Return the columns' names; one without gets its place, as in Trino."""
    return [column.get("Name") or f"_col{index}" for index, column in enumerate(columns)]


def value(kind: dict[str, Any], datum: dict[str, Any]) -> Any:
    """Return a datum of Timestream's answer as a Python value."""
    if datum.get("NullValue"):
        return None
    if "ArrayColumnInfo" in kind:
        inner = kind["ArrayColumnInfo"]["Type"]
        return [value(inner, each) for each in datum.get("ArrayValue", [])]
    if "TimeSeriesMeasureValueColumnInfo" in kind:
        inner = kind["TimeSeriesMeasureValueColumnInfo"]["Type"]
        return [
            {"time": point["Time"], "value": value(inner, point["Value"])}
            for point in datum.get("TimeSeriesValue", [])
        ]
    if "RowColumnInfo" in kind:
        names = names_of(kind["RowColumnInfo"])
        cells = datum.get("RowValue", {}).get("Data", [])
        return {
            name: value(column["Type"], cell)
            for name, column, cell in zip(names, kind["RowColumnInfo"], cells, strict=True)
        }
    return _READERS.get(kind["ScalarType"], str)(datum["ScalarValue"])


def count(timestream: Timestream, function: str, since: float) -> dict[str, int]:
    """Return what the function's invocations since then (epoch seconds) counted, summed up."""
    during = between(since, time.time() + 60)
    row = timestream.ask(COUNTS, function=function, during=during)[0]
    return {name: number or 0 for name, number in row.items()}


def left_out(timestream: Timestream, function: str, since: float) -> dict[str, int]:
    """Return how many values of each field the function left out since then, most first."""
    during = between(since, time.time() + 60)
    rows = timestream.ask(LEFT_OUT, function=function, during=during)
    return {row["field"]: row["amount"] for row in rows}


def adds_up(counts: Mapping[str, int], sent: int) -> bool:
    """Whether every line that was sent ended as exactly one of the things that can become of it."""
    ends = sum(counts[name] for name in ("written", "duplicates", "rejected", "malformed"))
    return counts["received"] == ends == sent
