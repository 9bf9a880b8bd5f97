"""Every failing cell leads to the requests behind it, with its filters set."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest

from dashboards.alerts.rules import RULES
from dashboards.boards import boards
from dashboards.grafana.links import NARROWER, to_requests
from dashboards.signals import PREDICATES, SIGNALS, Collected
from tests.support.usual import Bundle

BOARDS = {board.name: board for board in boards(Bundle(personal=True))}


def overrides(board: str, panel: str) -> dict[str, dict[str, Any]]:
    """Return the settings of a table's columns."""
    (found,) = (each for each in BOARDS[board].panels() if each.key == panel)
    config = found.to_json_data()["fieldConfig"]
    return {
        item["matcher"]["options"]: {each["id"]: each["value"] for each in item["properties"]}
        for item in config["overrides"]
    }


def urls(board: str) -> Iterator[str]:
    text = BOARDS[board].json()
    yield from (
        json.loads(found) for found in re.findall(r'"url": ("/d/cloudfront-requests.*?")', text)
    )


@pytest.mark.parametrize(
    ("board", "panel", "column", "wanted"),
    [
        ("errors", "uris-5xx", "uri", ["var-uri=${__value.raw:percentencode}", "var-status=5"]),
        (
            "errors",
            "uris-4xx",
            "errors_4xx",
            ["${__data.fields.uri:percentencode}", "var-status=4"],
        ),
        ("overview", "worst-edge", "error_rate_5xx", ["var-edge=${__data.fields.edge:", "from="]),
        ("cache", "missed-uris", "misses", ["var-only=miss", "var-uri=${__data.fields.uri"]),
        ("slo", "spent-latency-host", "host", ["var-only=slow_first_byte", "var-host=${__value"]),
        ("changes", "changed-status", "status", ["var-code=${__value.raw:percentencode}"]),
    ],
)
def test_a_cell_leads_to_its_requests(
    board: str, panel: str, column: str, wanted: list[str]
) -> None:
    links = [link["url"] for link in overrides(board, panel)[column]["links"]]
    (url,) = (link for link in links if link.startswith("/d/cloudfront-requests?"))
    assert all(part in url for part in wanted), url


@pytest.mark.parametrize("board", sorted(set(BOARDS) - {"runbook", "home", "pipeline", "request"}))
def test_no_variable_is_set_twice(board: str) -> None:
    """Of two values, Grafana would take both as alternatives."""
    for url in urls(board):
        names = re.findall(r"var-(\w+)=|\$\{(\w+):queryparam\}", url)
        plain = [one or other for one, other in names]
        assert len(plain) == len(set(plain)), url


def test_what_narrows_is_a_predicate_or_a_signal() -> None:
    """Of panels, or of the rules whose messages link to the requests."""
    asked = {part.question.signal for rule in RULES.values() for part in rule.parts}
    assert NARROWER.keys() <= PREDICATES.keys() | SIGNALS.keys() | asked


def test_a_link_keeps_what_else_was_chosen_and_is_there() -> None:
    collected = Collected(Bundle().fields)
    link = to_requests(Bundle(), collected, ["edge"], {"only": "failed"}, filters=["host", "edge"])
    assert link["url"] == (
        "/d/cloudfront-requests?${__url_time_range}&${datasource:queryparam}&${host:queryparam}"
        "&var-edge=${__data.fields.edge:percentencode}&var-only=failed"
    )


def test_a_request_leads_to_its_own_page() -> None:
    (link,) = overrides("requests", "newest")["x_edge_request_id"]["links"]
    assert link["url"].startswith("/d/cloudfront-request?")
    assert link["url"].endswith("var-request=${__value.raw:percentencode}")
