"""No request takes the endpoint down: broken HTTP, broken JSON, broken members, broken SQL."""

import json
import random
import socket
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from timestream_local import Server
from timestream_local.engine import Engine
from timestream_local.errors import ServiceError
from timestream_local.shapes import SHAPES
from timestream_local.tests.support import rows

SIGNED = "AWS4-HMAC-SHA256 Credential=a/20200101/us-east-1/timestream/aws4_request, Signature=b"
OPERATIONS = sorted(SHAPES)


@pytest.fixture(scope="module")
def own() -> Iterator[Server]:
    """An endpoint of this module's own, that may be treated badly."""
    with Server() as running:
        yield running


def exchange(server: Server, data: bytes, more: int = 1) -> bytes:
    """Send bytes and return what comes back until the answer is whole or the line is closed."""
    host, port = server.url.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=20) as line:
        line.sendall(data)
        line.shutdown(socket.SHUT_WR)
        got = b""
        while chunk := line.recv(65536):
            got += chunk
    return got


def post(server: Server, operation: str, body: bytes, extra: str = "") -> tuple[int, Any]:
    """Send one signed request and return status and JSON."""
    head = (
        f"POST / HTTP/1.1\r\nHost: x\r\nX-Amz-Target: Timestream_20181101.{operation}\r\n"
        f"Content-Type: application/x-amz-json-1.0\r\nAuthorization: {SIGNED}\r\n"
        f"Content-Length: {len(body)}\r\n{extra}Connection: close\r\n\r\n"
    )
    answer = exchange(server, head.encode("latin-1") + body)
    status, _, rest = answer.partition(b"\r\n")
    return int(status.split(b" ")[1]), json.loads(rest.partition(b"\r\n\r\n")[2])


def alive(server: Server) -> bool:
    """Whether a good request is still answered."""
    return post(server, "Query", b'{"QueryString": "SELECT 1"}')[0] == 200


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner, max_size=4)
    ),
    max_leaves=12,
)
MEMBERS = sorted({name for shape in SHAPES.values() for name in shape})


@pytest.mark.slow
@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(operation=st.sampled_from(OPERATIONS), body=st.binary(max_size=200))
def test_any_bytes_as_a_body(own: Server, operation: str, body: bytes) -> None:
    """A body that is no JSON object is refused in the service's form."""
    status, answer = post(own, operation, body)
    assert status in (200, 400, 404)
    if status != 200:
        assert "#" in answer["__type"]


@pytest.mark.slow
@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    operation=st.sampled_from(OPERATIONS),
    body=st.dictionaries(st.sampled_from(MEMBERS), JSON, max_size=6),
)
def test_any_json_as_members(own: Server, operation: str, body: dict[str, Any]) -> None:
    """Members of any type and value are carried out or refused, never an internal failure."""
    status, answer = post(own, operation, json.dumps(body).encode())
    assert status in (200, 400, 402, 404, 409), answer


RECORD = st.fixed_dictionaries(
    {},
    optional=dict.fromkeys(
        (
            "Dimensions",
            "MeasureName",
            "MeasureValue",
            "MeasureValues",
            "MeasureValueType",
            "Time",
            "TimeUnit",
            "Version",
        ),
        JSON,
    ),
)


@pytest.mark.slow
@settings(
    max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(records=st.lists(RECORD | JSON, max_size=3), common=RECORD | JSON)
def test_any_json_as_records(own: Server, records: list[Any], common: Any) -> None:
    """Records of any shape are refused or rejected, never an internal failure."""
    for operation, more in (("CreateDatabase", {}), ("CreateTable", {"TableName": "fuzz"})):
        post(own, operation, json.dumps({"DatabaseName": "fuzz", **more}).encode())
    body = {"DatabaseName": "fuzz", "TableName": "fuzz", "Records": records}
    body["CommonAttributes"] = common
    status, answer = post(own, "WriteRecords", json.dumps(body).encode())
    assert status in (200, 400, 419), answer


@pytest.mark.slow
def test_half_a_character_is_no_text(own: Server) -> None:
    """A lone surrogate in JSON is refused, not stored."""
    status, answer = post(own, "Query", rb'{"QueryString": "SELECT \"\ud800\""}')
    assert (status, answer["__type"].rpartition("#")[2]) == (400, "SerializationException")


@pytest.mark.slow
def test_broken_http_is_answered_or_dropped(own: Server) -> None:
    """A seeded thousand of mangled requests, and the endpoint still answers."""
    chance = random.Random(4)
    body = b'{"QueryString": "SELECT 1"}'
    good = (
        b"POST / HTTP/1.1\r\nHost: x\r\nX-Amz-Target: Timestream_20181101.Query\r\n"
        b"Authorization: " + SIGNED.encode() + b"\r\nContent-Length: 27\r\n\r\n" + body
    )
    for _ in range(1000):
        data = bytearray(good)
        for _ in range(chance.randint(1, 6)):
            place = chance.randrange(len(data))
            match chance.randrange(3):
                case 0:
                    data[place] = chance.randrange(256)
                case 1:
                    del data[place : place + chance.randint(1, 20)]
                case _:
                    data[place:place] = bytes(chance.randrange(256) for _ in range(8))
            if not data:
                break
        exchange(own, bytes(data))
    assert alive(own)


@pytest.mark.parametrize(
    ("data", "status"),
    [
        (b"GET / HTTP/1.1\r\nConnection: close\r\n\r\n", b"405"),
        (b"hello\r\n\r\n", b"400"),
        (b"POST / HTTP/1.1\r\nno colon\r\n\r\n", b"400"),
        (b"POST / HTTP/1.1\r\nContent-Length: -5\r\n\r\n", b"400"),
        (b"POST / HTTP/1.1\r\nContent-Length: 99999999999\r\n\r\n", b"413"),
        (b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", b"411"),
        (b"POST / HTTP/1.1\r\nX: " + b"x" * 70_000 + b"\r\n\r\n", b"431"),
    ],
)
def test_http_that_is_not_taken(own: Server, data: bytes, status: bytes) -> None:
    """Each has its status."""
    assert exchange(own, data).split(b" ")[1] == status


def test_a_line_that_closes_early_is_forgotten(own: Server) -> None:
    """A body shorter than announced, and a client that goes away in a query, cost nothing."""
    assert exchange(own, b"POST / HTTP/1.1\r\nContent-Length: 100\r\n\r\nabc") == b""
    assert alive(own)


def test_two_requests_on_one_line(own: Server) -> None:
    """Requests sent ahead are answered in order."""
    one = (
        "POST / HTTP/1.1\r\nX-Amz-Target: Timestream_20181101.Query\r\n"
        f"Authorization: {SIGNED}\r\nContent-Length: 27\r\n\r\n"
    ).encode()
    sent = one + b'{"QueryString": "SELECT 1"}' + one + b'{"QueryString": "SELECT 2"}'
    host, port = own.url.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=20) as line:
        line.sendall(sent)
        got = b""
        while got.count(b"QueryStatus") < 2:
            got += line.recv(65536)
    assert got.index(b'"ScalarValue":"1"') < got.index(b'"ScalarValue":"2"')


_WORDS = r"""
SELECT FROM WHERE GROUP BY ORDER HAVING WITH AS JOIN ON USING UNION ALL DISTINCT CASE WHEN THEN
ELSE END AND OR NOT IN IS NULL BETWEEN LIKE CAST ( ) [ ] , . * + - / % = < > || ; : -> 1 2.5 'a'
"b" 5m 1h x t sum count bin ago now time DATE INTERVAL '1' DAY ARRAY VALUES UNNEST OVER
PARTITION ROWS EXISTS LIMIT read_csv main duckdb_tables COPY ATTACH PRAGMA measure_value::double
ROW EXTRACT YEAR TRUE approx_percentile { } $ ? @ # \ ` ~ ^ &
"""
WORDS = _WORDS.split()


def status_of(engine: Engine, sql: str) -> int:
    """Return the HTTP status a query would have."""
    try:
        engine.query({"QueryString": sql})
    except ServiceError as error:
        return error.status
    return 200


@pytest.mark.slow
@settings(
    max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(words=st.lists(st.sampled_from(WORDS), min_size=1, max_size=14), select=st.booleans())
def test_any_words_as_sql(samples: Engine, words: list[str], select: bool) -> None:
    """A text of the language's words runs or is refused as a client's mistake."""
    sql = ("SELECT " if select else "") + " ".join(words)
    assert status_of(samples, sql) in (200, 400), sql


@pytest.mark.slow
@settings(
    max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(sql=st.text(max_size=60))
def test_any_text_as_sql(samples: Engine, sql: str) -> None:
    """So does any text at all."""
    assert status_of(samples, sql) in (200, 400), sql


def test_sql_nested_deeply_is_refused(pair: tuple[Any, Any]) -> None:
    """Ten thousand parentheses are no reason to fall."""
    _, query = pair
    with pytest.raises(query.exceptions.ValidationException):
        query.query(QueryString="SELECT " + "(" * 10_000 + "1" + ")" * 10_000)
    assert rows(query, "SELECT 1") == [["1"]]
