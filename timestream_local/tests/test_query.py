"""Query, PrepareQuery and CancelQuery, by boto3: pages, tokens, cancelling, time-outs."""

import json
import re
import threading
import time
import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from botocore.exceptions import ClientError

from timestream_local import Server
from timestream_local import engine as engine_module
from timestream_local.engine import Engine
from timestream_local.errors import ServiceError
from timestream_local.http import written
from timestream_local.store import Store
from timestream_local.tests.support import clients, rows

Pair = tuple[Any, Any]

# Ten thousand rows, and one that never ends: 10^16 rows to count.
MANY = "SELECT a.x * 100 + b.x AS n FROM {0} AS a CROSS JOIN {0} AS b ORDER BY 1".format(
    "(SELECT x FROM UNNEST(sequence(0, 99)) AS t(x))"
)
TEN_THOUSAND = "(SELECT x FROM UNNEST(sequence(1, 10000)) AS t(x))"
ENDLESS = (
    f"SELECT count(*) FROM {TEN_THOUSAND} AS a, {TEN_THOUSAND} AS b, {TEN_THOUSAND} AS c, "
    f"{TEN_THOUSAND} AS d WHERE (a.x + b.x + c.x + d.x) % 7 = 9"
)


def message(call: Callable[..., Any], **arguments: Any) -> tuple[str, str]:
    """Return the code and message of a call that is refused."""
    with pytest.raises(ClientError) as caught:
        call(**arguments)
    error = caught.value.response["Error"]
    return error["Code"], error["Message"]


def test_an_answer_has_the_documented_shape(pair: Pair) -> None:
    """QueryId, Rows, ColumnInfo and QueryStatus are there; a scalar is text."""
    _, query = pair
    answer = query.query(QueryString="SELECT 1 AS one, NULL AS nothing, ARRAY[1] AS list")
    assert answer["QueryId"].isalnum()
    assert len(answer["QueryId"]) <= 64
    assert answer["Rows"] == [
        {
            "Data": [
                {"ScalarValue": "1"},
                {"NullValue": True},
                {"ArrayValue": [{"ScalarValue": "1"}]},
            ]
        }
    ]
    assert answer["ColumnInfo"] == [
        {"Name": "one", "Type": {"ScalarType": "INTEGER"}},
        {"Name": "nothing", "Type": {"ScalarType": "UNKNOWN"}},
        {"Name": "list", "Type": {"ArrayColumnInfo": {"Type": {"ScalarType": "INTEGER"}}}},
    ]
    assert answer["QueryStatus"]["ProgressPercentage"] == 100.0


def test_pages_have_max_rows(pair: Pair) -> None:
    """MaxRows bounds a page, and the pages together are the whole, in order."""
    _, query = pair
    first = query.query(QueryString=MANY, MaxRows=999)
    assert len(first["Rows"]) == 999
    got = rows(query, MANY, PaginationConfig={"PageSize": 999})
    assert [row[0] for row in got] == [str(i) for i in range(10_000)]


def test_pages_have_a_megabyte_at_most(pair: Pair) -> None:
    """A long answer comes in several pages without being asked to."""
    _, query = pair
    sql = f"SELECT rpad('', 500, 'x') || CAST(x AS varchar) FROM {TEN_THOUSAND}"
    pages = list(query.get_paginator("query").paginate(QueryString=sql))
    assert sum(len(page["Rows"]) for page in pages) == 10_000
    assert len(pages) >= 5
    sizes = [sum(len(row["Data"][0]["ScalarValue"]) for row in page["Rows"]) for page in pages]
    assert max(sizes) <= 1_000_000


def test_a_row_has_a_megabyte_at_most(pair: Pair) -> None:
    """One row that is larger fails the query."""
    _, query = pair
    code, text = message(query.query, QueryString="SELECT rpad('', 1100000, 'x')")
    assert (code, text) == ("QueryExecutionException", "A row of the result is larger than 1 MB.")


def test_a_token_gives_the_same_page_again(pair: Pair) -> None:
    """A page asked for twice is the same, up to five times."""
    _, query = pair
    token = query.query(QueryString=MANY, MaxRows=10)["NextToken"]
    pages = [query.query(QueryString=MANY, NextToken=token)["Rows"] for _ in range(5)]
    assert all(page == pages[0] for page in pages)
    code, _ = message(query.query, QueryString=MANY, NextToken=token)
    assert code == "ValidationException"


def test_a_token_belongs_to_its_query(pair: Pair) -> None:
    """Another text, or a made-up token, is refused."""
    _, query = pair
    token = query.query(QueryString=MANY, MaxRows=10)["NextToken"]
    assert message(query.query, QueryString="SELECT 1", NextToken=token)[0] == "ValidationException"
    assert message(query.query, QueryString="SELECT 1", NextToken="x")[0] == "ValidationException"


def test_a_client_token_makes_a_query_once(pair: Pair) -> None:
    """The same token and text give the same query; another text conflicts."""
    _, query = pair
    token = uuid.uuid4().hex
    first = query.query(QueryString="SELECT now()", ClientToken=token)
    again = query.query(QueryString="SELECT now()", ClientToken=token)
    assert (first["QueryId"], first["Rows"]) == (again["QueryId"], again["Rows"])
    other = query.query(QueryString="SELECT now()", ClientToken=uuid.uuid4().hex)
    assert other["QueryId"] != first["QueryId"]
    code, _ = message(query.query, QueryString="SELECT 1", ClientToken=token)
    assert code == "ConflictException"


@pytest.mark.parametrize(
    "arguments",
    [
        {"QueryString": "SELECT 1", "MaxRows": 0},
        {"QueryString": "SELECT 1", "MaxRows": 1001},
        {"QueryString": "SELECT 1", "ClientToken": "short"},
        {"QueryString": "x" * 262_145},
    ],
)
def test_arguments_have_bounds(server: Server, arguments: dict[str, Any]) -> None:
    """What the model bounds is checked here too, for clients that do not."""
    _, query = clients(server.url, parameter_validation=False)
    assert message(query.query, **arguments)[0] == "ValidationException"


def test_prepare_tells_the_columns(pair: Pair) -> None:
    """PrepareQuery types a query without running it."""
    _, query = pair
    sql = "SELECT 1 / 0 AS never, now() FROM (VALUES 1) AS t(x)"
    answer = query.prepare_query(QueryString=sql, ValidateOnly=True)
    assert answer["QueryString"] == sql
    assert answer["Parameters"] == []
    never, now = answer["Columns"]
    assert never == {"Name": "never", "Type": {"ScalarType": "INTEGER"}, "Aliased": True}
    assert now == {"Name": "_col1", "Type": {"ScalarType": "TIMESTAMP"}, "Aliased": False}


def test_prepare_names_the_table_of_a_column(pair: Pair, table: dict[str, str]) -> None:
    """A column read from a table says from which."""
    _, query = pair
    sql = f'SELECT time AS t FROM "{table["DatabaseName"]}"."records"'
    (column,) = query.prepare_query(QueryString=sql, ValidateOnly=True)["Columns"]
    assert (column["DatabaseName"], column["TableName"], column["Aliased"]) == (
        table["DatabaseName"],
        "records",
        True,
    )


def test_prepare_refuses_what_query_refuses(pair: Pair) -> None:
    """An error has the same code and place."""
    _, query = pair
    for call, more in ((query.query, {}), (query.prepare_query, {"ValidateOnly": True})):
        code, text = message(call, QueryString="SELECT nosuch(1)", **more)
        assert (code, text) == (
            "ValidationException",
            "line 1:8: Function nosuch is not supported",
        )


@pytest.mark.parametrize(
    ("where", "expected"),
    [
        ("truck = @truck", {"truck": "VARCHAR"}),
        ("speed > @least AND @most > speed", {"least": "DOUBLE", "most": "DOUBLE"}),
        ("load = @n AND load IN (@a, @b)", {"n": "BIGINT", "a": "BIGINT", "b": "BIGINT"}),
        ("time BETWEEN @start - 1h AND @end", {"start": "TIMESTAMP", "end": "TIMESTAMP"}),
        ("time > @scheduled_runtime - 1h", {"scheduled_runtime": "TIMESTAMP"}),
        ("time > ago(@span)", {"span": "INTERVAL_DAY_TO_SECOND"}),
        ("heading LIKE @like", {"like": "VARCHAR"}),
        ("@flag AND moving = @other", {"flag": "BOOLEAN", "other": "BOOLEAN"}),
        ("@a = @b AND speed > @b", {"a": "DOUBLE", "b": "DOUBLE"}),
        ("CAST(@day AS date) = date(time)", {"day": "DATE"}),
        ("coalesce(load, @none) + @more > 1", {"none": "BIGINT", "more": "BIGINT"}),
        ("date_trunc(@unit, time) < now()", {"unit": "VARCHAR"}),
        ("CASE truck WHEN @truck THEN 1 ELSE @n END = 2", {"truck": "VARCHAR", "n": "INTEGER"}),
        ("@what IS NULL", {"what": "UNKNOWN"}),
        ("truck = '@x' -- @y", {}),
    ],
)
def test_prepare_tells_the_parameters(
    samples: Engine, where: str, expected: dict[str, str]
) -> None:
    """Each @name once, in the order of the text, with the type it is used as."""
    answer = samples.prepare(f'SELECT time, speed FROM "sampleDB"."IoT-multi" WHERE {where}')
    assert [c["Name"] for c in answer["Columns"]] == ["time", "speed"]
    assert answer["Parameters"] == [
        {"Name": name, "Type": {"ScalarType": kind}} for name, kind in expected.items()
    ]


def test_prepare_types_a_query_that_is_scheduled(pair: Pair, table: dict[str, str]) -> None:
    """The documentation's example of a scheduled query, through boto3."""
    _, query = pair
    sql = (
        "SELECT bin(time, 1m) AS minute, "
        "SUM(CASE WHEN measure_name = 'metrics' THEN 20 ELSE 5 END) AS numDataPoints "
        f'FROM "{table["DatabaseName"]}"."records" '
        "WHERE time BETWEEN @scheduled_runtime - 10m AND @scheduled_runtime + 1m "
        "GROUP BY bin(time, 1m)"
    )
    answer = query.prepare_query(QueryString=sql, ValidateOnly=True)
    assert [c["Type"]["ScalarType"] for c in answer["Columns"]] == ["TIMESTAMP", "BIGINT"]
    assert answer["Parameters"] == [
        {"Name": "scheduled_runtime", "Type": {"ScalarType": "TIMESTAMP"}}
    ]


@pytest.mark.parametrize(
    ("sql", "said"),
    [
        ("SELECT @a > 1 AND @a > 'x'", "line 1:19: '>' cannot be applied to integer, varchar"),
        ("SELECT * FROM @t", "line 1:15: mismatched input '@t'"),
        ("SELECT 1 AS @x", "line 1:13: mismatched input '@x'"),
        ("SELECT @", "line 1:8: mismatched input '@'"),
    ],
)
def test_a_parameter_has_its_place(samples: Engine, sql: str, said: str) -> None:
    """It is a value of one type, no table and no name."""
    with pytest.raises(ServiceError, match=re.escape(said)):
        samples.prepare(sql)


def test_query_takes_no_parameters(pair: Pair) -> None:
    """An @name without a value is refused where it stands, with what to do."""
    _, query = pair
    code, text = message(query.query, QueryString="SELECT 1,\n @x + 1")
    assert code == "ValidationException"
    assert text.startswith("line 2:2: the parameter @x has no value: Query takes none")


@pytest.mark.slow
def test_a_long_answer_comes_whole_in_pages_of_a_megabyte() -> None:
    """100,000 rows of a usual panel; how long they take, `make bench` says."""
    sql = (
        "SELECT from_milliseconds(1577836800000 + 1000 * i), 'edge' || CAST(i % 50 AS varchar), "
        "i * 0.37, i FROM (SELECT 1000 * j + k AS i FROM UNNEST(sequence(0, 99)) AS x(j) "
        "CROSS JOIN UNNEST(sequence(0, 999)) AS y(k))"
    )
    engine = Engine(Store(None), timeout=60)
    try:
        answer = engine.query({"QueryString": sql})
        pages = [written(answer)]
        while token := answer.get("NextToken"):
            answer = engine.query({"QueryString": sql, "NextToken": token})
            pages.append(written(answer))
    finally:
        engine.close()
        engine.store.close()
    assert all(len(page) < 1_010_000 for page in pages)
    assert sum(len(json.loads(page)["Rows"]) for page in pages) == 100_000


def test_a_long_answer_does_not_end_another(monkeypatch: pytest.MonkeyPatch) -> None:
    """What was sent is not held: a query being read stays, while others send more than is kept."""
    monkeypatch.setattr(engine_module, "KEPT_BYTES", 250_000)
    engine = Engine(Store(None), timeout=60)
    ask = {"QueryString": MANY, "MaxRows": 100}
    try:
        slow = engine.query(ask)
        other = engine.query(ask)
        while token := other.get("NextToken"):  # 380 kB
            other = engine.query({**ask, "NextToken": token})
        engine.query(ask)
        rest = engine.query({**ask, "NextToken": slow["NextToken"]})
        assert rest["Rows"].decoded()[0] == {"Data": [{"ScalarValue": "100"}]}
    finally:
        engine.close()
        engine.store.close()


def test_a_first_answer_without_rows_has_the_columns() -> None:
    """Grafana's plugin takes the columns from it; without any, an alert rule would see no data."""
    engine = Engine(Store(None), timeout=60, first_answer=0, threads=1)
    try:
        # The second one waits for a thread before it is even translated.
        asked = [{"QueryString": f"SELECT {n} AS number, 'x' AS label"} for n in (1, 2)]
        with ThreadPoolExecutor(2) as together:
            answers = [*together.map(engine.query, asked)]
        for answer in answers:
            assert [column["Name"] for column in answer["ColumnInfo"]] == ["number", "label"]
    finally:
        engine.close()
        engine.store.close()


def test_each_wait_has_a_token_of_its_own() -> None:
    """boto3's paginator ends with an error where a token comes twice."""
    engine = Engine(Store(None), timeout=60, first_answer=0.01)
    try:
        ask: dict[str, Any] = {"QueryString": ENDLESS}
        answers = []
        for _ in range(3):
            answers.append(engine.query(ask))
            ask["NextToken"] = answers[-1]["NextToken"]
        assert len({answer["NextToken"] for answer in answers}) == 3
        assert len({answer["QueryId"] for answer in answers}) == 1
        engine.cancel(answers[0]["QueryId"])
    finally:
        engine.close()
        engine.store.close()


@pytest.mark.slow
def test_a_runaway_query_can_be_cancelled(pair: Pair) -> None:
    """A query that takes long answers with an id and a token, and CancelQuery ends it."""
    _, query = pair
    first = query.query(QueryString=ENDLESS)
    assert first["Rows"] == []
    assert first["NextToken"]
    said = query.cancel_query(QueryId=first["QueryId"])["CancellationMessage"]
    assert first["QueryId"] in said
    code, text = message(query.query, QueryString=ENDLESS, NextToken=first["NextToken"])
    assert (code, text) == ("QueryExecutionException", "The query was cancelled.")
    assert rows(query, "SELECT 1") == [["1"]]


def test_an_unknown_query_cannot_be_cancelled(pair: Pair) -> None:
    """The id is named."""
    _, query = pair
    assert message(query.cancel_query, QueryId="ABC") == (
        "ValidationException",
        "The query ABC does not exist.",
    )


@pytest.mark.slow
def test_a_runaway_query_times_out() -> None:
    """After the time allowed the query fails, and the server goes on."""
    with Server(query_timeout=0.5) as server:
        _, query = clients(server.url)
        code, text = message(query.query, QueryString=ENDLESS)
        assert (code, text) == ("QueryExecutionException", "The query timed out after 0.5 seconds.")
        assert rows(query, "SELECT 1") == [["1"]]


@pytest.mark.slow
def test_queries_do_not_wait_for_each_other(server: Server) -> None:
    """While one query runs without end, others are answered."""
    _, slow = clients(server.url)
    _, fast = clients(server.url)
    answer: dict[str, Any] = {}
    thread = threading.Thread(target=lambda: answer.update(slow.query(QueryString=ENDLESS)))
    thread.start()
    try:
        for _ in range(5):
            assert rows(fast, "SELECT 1") == [["1"]]
    finally:
        thread.join()
        slow.cancel_query(QueryId=answer["QueryId"])
    assert answer["Rows"] == []


def test_an_acknowledged_write_is_seen_at_once(pair: Pair, table: dict[str, str]) -> None:
    """Every query after a write sees it."""
    write, query = pair
    sql = f'SELECT count(*) FROM "{table["DatabaseName"]}"."records"'
    for i in range(1, 20):
        record = {
            "Dimensions": [{"Name": "i", "Value": str(i)}],
            "MeasureName": "m",
            "MeasureValue": "1",
            "Time": str(time.time_ns() // 1_000_000),
        }
        write.write_records(**table, Records=[record])
        assert rows(query, sql) == [[str(i)]]
