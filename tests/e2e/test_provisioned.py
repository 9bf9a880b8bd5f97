"""Everything that was built is there, and every query of it answers."""

import json
from typing import Any

import pytest
import yaml

from dashboards import build, stores
from dashboards.config import Bundle
from dashboards.stores import Format
from tests.support.running_grafana import Grafana
from tests.support.running_stores import Store, named

BUNDLE = Bundle(store=named())
BUILT = build(BUNDLE)
BOARDS = {name: json.loads(text) for name, text in BUILT.items() if name.endswith(".json")}


def section(name: str, key: str) -> list[dict[str, Any]]:
    return yaml.safe_load(BUILT[f"alerting/{name}.yaml"])[key]


def test_the_data_source_answers(grafana: Grafana, source: dict[str, Any]) -> None:
    found = grafana.ask("GET", f"/api/datasources/uid/{source['uid']}/health")
    assert found["status"] == "OK"


def test_the_data_source_cannot_change_anything(grafana: Grafana, source: dict[str, Any]) -> None:
    """A viewer of Grafana can send its data source any query."""
    if named() != "clickhouse":
        pytest.skip("Timestream's SQL has no statement that changes anything")
    for statement in (
        "CREATE TABLE e2e_not_allowed (a Int8) ENGINE = Memory",
        "INSERT INTO realtime_logs (timestamp) SELECT now() WHERE 0",
        "SELECT * FROM url('http://127.0.0.1:1/', 'RawBLOB')",
        "SELECT * FROM file('any', 'RawBLOB')",
    ):
        model = {"refId": "A", "datasource": {"uid": source["uid"]}, "rawSql": statement}
        said = grafana.query([{**model, "format": 1}])["A"].get("error", "no error")
        assert "READONLY" in said or "ACCESS_DENIED" in said, f"{statement}: {said}"


@pytest.mark.parametrize("board", BOARDS.values(), ids=list(BOARDS))
def test_a_dashboard_is_there_as_it_was_built(board: dict[str, Any], grafana: Grafana) -> None:
    found = grafana.ask("GET", f"/api/dashboards/uid/{board['uid']}")
    assert found["meta"]["provisioned"]
    assert found["dashboard"]["title"] == board["title"]
    ids = [panel["id"] for panel in found["dashboard"]["panels"]]
    assert ids == [panel["id"] for panel in board["panels"]]


def test_every_rule_is_there(grafana: Grafana) -> None:
    found = {each["uid"]: each for each in grafana.ask("GET", "/api/v1/provisioning/alert-rules")}
    for group in section("rules", "groups"):
        for rule in group["rules"]:
            there = found[rule["uid"]]
            assert there["title"] == rule["title"]
            assert there["annotations"] == rule["annotations"]
            assert there["labels"] == rule["labels"]
            for ours, theirs in zip(rule["data"], there["data"], strict=True):
                # Grafana adds its defaults to expressions.
                assert ours["model"].items() <= theirs["model"].items()


def test_every_way_to_be_told_is_there(grafana: Grafana) -> None:
    points = {each["uid"] for each in grafana.ask("GET", "/api/v1/provisioning/contact-points")}
    for point in section("contact-points", "contactPoints"):
        assert {receiver["uid"] for receiver in point["receivers"]} <= points
    [wanted] = section("templates", "templates")
    found = {each["name"]: each for each in grafana.ask("GET", "/api/v1/provisioning/templates")}
    assert found[wanted["name"]]["template"].strip() == wanted["template"].strip()
    timings = {each["name"] for each in grafana.ask("GET", "/api/v1/provisioning/mute-timings")}
    assert {each["name"] for each in section("mute-times", "muteTimes")} <= timings


def choices(board: dict[str, Any], store: Store) -> dict[str, Any]:
    """What a reader has chosen who has just opened the dashboard."""
    return {
        each["name"]: store.all_of(each) if each.get("includeAll") else each["current"]["value"]
        for each in board["templating"]["list"]
        if each["type"] != "datasource"
    }


@pytest.mark.parametrize("board", BOARDS.values(), ids=list(BOARDS))
def test_every_query_of_a_dashboard_answers(
    board: dict[str, Any], grafana: Grafana, source: dict[str, Any], store: Store
) -> None:
    models = {
        f"{panel['title']} {target['refId']}": target
        for panel in board["panels"]
        for target in panel.get("targets", ())
    }
    asked = stores.of(BUNDLE)
    models |= {
        f"variable {each['name']}": asked.target(each["query"], Format.TABLE).to_json_data()
        for each in board["templating"]["list"]
        if each["type"] == "query"
    }
    chosen = choices(board, store)
    failed = {}
    for name, model in models.items():
        query = {
            **store.sent(model, chosen),
            "refId": "A",
            "datasource": {"uid": source["uid"]},
            "intervalMs": 60_000,
            "maxDataPoints": 500,
        }
        result = grafana.query([query])["A"]
        if result.get("error") or result.get("status") != 200:
            failed[name] = result.get("error")
    assert not failed
    assert models or board["uid"] == "cloudfront-runbook"  # which is text
