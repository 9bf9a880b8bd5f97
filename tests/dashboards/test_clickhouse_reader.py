"""Grafana's reader can ask everything that the dashboards ask, and can change nothing."""

from collections.abc import Iterator

import pytest
import requests

from dashboards.boards import boards
from dashboards.grafana.panels import Panel
from dashboards.signals import SIGNALS
from dashboards.stores import of
from dashboards.stores.clickhouse.frames import All, Range, interpolate, substitute
from local.stores.clickhouse import make_table
from local.stores.clickhouse.server import Server
from tests.support.sample_site import END, FILTERS, START
from tests.support.usual import Bundle

SPAN = Range(start=START * 1000, end=END * 1000)
CHOICES = {**dict.fromkeys(FILTERS, All()), "top": "10", "percentile": "0.95"}
BUNDLE = Bundle(store="clickhouse")


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    """Yield an endpoint with tables and a reader."""
    with Server(reader="reader:secret") as server:
        make_table(server.url, "cloudfront", "realtime_logs")
        yield server.url


def asked(url: str, sql: str) -> requests.Response:
    return requests.post(
        url,
        params={"database": "cloudfront", "default_format": "JSONCompact"},
        headers={"X-ClickHouse-User": "reader", "X-ClickHouse-Key": "secret"},
        data=sql.encode(),
        timeout=60,
    )


@pytest.mark.slow
def test_the_reader_can_ask_what_dashboards_ask(url: str) -> None:
    """One of each kind of panel, and every variable."""
    (board,) = (each for each in boards(BUNDLE) if each.name == "edges")
    texts = [t.sql for panel in board.panels() if isinstance(panel, Panel) for t in panel.targets]
    texts += [v["query"] for v in board.dashboard()["templating"].list if v["type"] == "query"]
    for text in texts:
        answer = asked(url, interpolate(substitute(text, CHOICES), SPAN))
        assert answer.status_code == 200, answer.text


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO realtime_logs (timestamp) VALUES (now())",
        "DROP TABLE realtime_logs",
        "ALTER TABLE realtime_logs DELETE WHERE 1",
        "TRUNCATE TABLE realtime_logs_minutes",
        "CREATE TABLE x (a Int8) ENGINE = Memory",
    ],
)
def test_the_reader_can_change_nothing(url: str, statement: str) -> None:
    answer = asked(url, statement)
    assert answer.status_code != 200
    assert "READONLY" in answer.text or "ACCESS_DENIED" in answer.text


@pytest.mark.parametrize(
    "value",
    [
        "'); DROP TABLE realtime_logs; --",
        "\\'); DROP TABLE realtime_logs; --",
        "\\",
        "a\\' OR 1=1 ",
        # Names by which the data source, and Grafana, know what they replace.
        "$__timeFilter_ms",
        "$__timeFilter(x) $__fromTime_ms ${host} $__conditionalAll(1, $host)",
    ],
)
def test_what_would_break_out_of_other_formats_is_a_value_here(url: str, value: str) -> None:
    """Alone, among others, and where a number belongs."""
    sql = of(BUNDLE).queries.table([SIGNALS["requests"]], [], filters=["host"])
    for choice in ({"host": value}, {"host": [value, "x"]}, {"top": value}):
        answer = asked(url, interpolate(substitute(sql, {**CHOICES, **choice}), SPAN))
        assert answer.status_code == 200, answer.text
        assert answer.json()["data"] in ([], [[0]])
    assert asked(url, "SELECT count() FROM realtime_logs").json()["data"] == [[0]]


@pytest.mark.slow
@pytest.mark.parametrize("value", ["$__timeFilter(a)", "it's \\ $__toTime_ms", "a,b", "{a}b"])
def test_whatever_a_value_holds_it_finds_its_rows(url: str, value: str) -> None:
    """Chosen alone; and among others, unless it has a comma, which is what tells them apart."""
    sql = of(BUNDLE).queries.table([SIGNALS["requests"]], [], filters=["host"])
    literal = value.replace("\\", "\\\\").replace("'", "\\'")
    columns = "cloudfront.realtime_logs (timestamp, cs_host)"
    row = f"INSERT INTO {columns} VALUES ({START + 1}, '{literal}')"
    assert requests.post(url, data=row.encode(), timeout=60).status_code == 200
    choices = [value] if "," in value else [value, [value], ["x", value]]
    for choice in choices:
        answer = asked(url, interpolate(substitute(sql, {**CHOICES, "host": choice}), SPAN))
        assert answer.json()["data"] == [[1]], choice
