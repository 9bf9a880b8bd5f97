"""A broken minute of traffic fires the right alert, its message arrives, and it resolves."""

import re
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from dashboards.alerts import contact_points, files, thresholds
from dashboards.boards import boards
from dashboards.config import Bundle
from local.rulecases import Data, Entry
from ruletest.cases import Case
from ruletest.engine import Run
from ruletest.state import Instance
from ruletest.versions import Version, version
from tests.support.receivers import Receivers
from tests.support.running_grafana import Grafana, Webhook, until
from tests.support.running_rules import in_grafana, on_tables, provisioned
from tests.support.running_stores import Store, Tables, filled, named
from tests.support.usual import ON

ELSEWHERE = ("slack", "pagerduty", "sns")
CASES = sorted((Path(__file__).resolve().parents[1] / "alerts/cases").glob("*.yaml"))


@contextmanager
def contact_point(grafana: Grafana, webhook: Webhook, receivers: Receivers) -> Iterator[str]:
    """Have a contact point that sends our messages to the webhook, and to the other receivers."""
    name = f"e2e-{uuid.uuid4().hex[:12]}"
    bundle = Bundle()
    channels = {"webhook": {"url": webhook.url}}
    channels |= {channel: receivers.settings(channel) for channel in ELSEWHERE}
    made = []
    try:
        for channel, settings in channels.items():
            whole = {**contact_points.settings(bundle, channel, ""), **settings}
            point = {"uid": f"{name}-{len(made)}", "name": name, "type": channel}
            grafana.ask("POST", "/api/v1/provisioning/contact-points", {**point, "settings": whole})
            made.append(point["uid"])
        yield name
    finally:
        for uid in made:
            grafana.ask("DELETE", f"/api/v1/provisioning/contact-points/{uid}")


def broken_minute() -> Data:
    """Return the latest minute of traffic, in which half of Brazil's and Chile's fail.

    Brazil is well in the minutes to come, Chile falls silent.
    """
    minute = tuple(-n * 150_000_000 for n in range(400))
    busy = tuple(-n * 15_000_000 for n in range(4000))
    coming = tuple(n * 150_000_000 for n in range(1, 4000))
    failing = {"sc-status": "503", "cs-uri-stem": "/checkout"}
    traffic = [Entry(minute, {"c-country": country}) for country in ("BR", "CL")]
    traffic.append(Entry(busy, {"c-country": "DE"}))
    traffic += [Entry(minute, {"c-country": country, **failing}) for country in ("BR", "CL")]
    return Data(traffic=(*traffic, Entry(coming, {"c-country": "BR"})))


def quick_rule() -> dict[str, Any]:
    """Return the rule as it is built, but for its pace.

    Its window is two minutes here, because Grafana takes up to one to route the alerts of a new
    contact point.
    """
    limits = thresholds.load()
    pace: dict[str, dict[str, Any]] = {
        "errors-5xx": {"pending": 0, "keep_firing_for": 20}, "country-5xx": {"window": 120},
    }  # fmt: skip
    rules = {name: replace(each, **pace.get(name, {})) for name, each in limits.rules.items()}
    bundle = Bundle(store=named(), cadence="1m")
    for group in files.groups(bundle, replace(limits, delay=0, rules=rules), boards(bundle)):
        for rule in group["rules"]:
            if rule["uid"] == "cloudfront-errors-5xx":
                return rule
    pytest.skip("the rule errors-5xx is off")


def test_a_broken_minute_is_told_and_taken_back(
    grafana: Grafana, store: Store, webhook: Webhook, receivers: Receivers
) -> None:
    with filled(store) as tables, contact_point(grafana, webhook, receivers) as receiver:
        rule = on_tables(quick_rule(), tables)
        rule["notification_settings"] = {
            "receiver": receiver, "group_wait": "1s", "group_interval": "5s",
            "repeat_interval": "4h", "group_by": ["grafana_folder", "alertname"],
        }  # fmt: skip
        tables.write(broken_minute(), datetime.now(UTC))
        with in_grafana(grafana, [rule], interval=10) as [uid]:
            told = until("the alert's message", lambda: webhook.message("firing"))
            assert {alert["labels"]["name"] for alert in told["alerts"]} == {"BR", "CL"}
            assert {alert["labels"]["severity"] for alert in told["alerts"]} == {"critical"}
            assert re.fullmatch(r"5xx rate (BR|CL) \d\d\.\d % \+1 \(critical\)", told["title"])
            [chile] = [each for each in told["message"].split("\n\n") if "viewers in CL" in each]
            first, cause, since, look, requests = chile.splitlines()
            assert first == "5xx rate for viewers in CL is 50.0 % (threshold 2 % over 2 minutes)."
            assert cause.endswith("nothing else stands out. Worst URI: /checkout (all).")
            assert since.startswith("Since ")
            assert look.endswith("&var-country=CL")
            assert requests.endswith("&to=now&var-status=5&var-country=CL")
            uid_, _, entry = rule["annotations"]["runbook_url"].rpartition("/d/")[2].partition("?")
            [do] = re.findall(r"^Do: (.*)$", told["message"], re.MULTILINE)
            assert re.search(rf"/d/{uid_}\?from=\d+&to=now&{entry}&var-country=(BR|CL)$", do)
            sent = {name: until(name, partial(receivers.taken.get, name)) for name in ELSEWHERE}
            assert sent["slack"][0]["attachments"][0]["title"] == told["title"]
            assert sent["pagerduty"][0]["payload"]["summary"] == told["title"]
            assert sent["pagerduty"][0]["payload"]["custom_details"]["firing"] == told["message"]
            assert sent["sns"][0]["Subject"] == told["title"]
            assert sent["sns"][0]["Message"] == told["message"]
            states = {each["labels"]["name"]: each["state"] for each in _alerts(grafana, uid)}
            assert (states["BR"], states["CL"]) == ("Alerting", "Alerting")
            assert states.get("DE", "Normal") == "Normal"
            # No longer broken, and not yet called well: keepFiringFor.
            until("it recovers", lambda: _state(grafana, uid).startswith("Recovering"), seconds=300)
            assert not webhook.message("resolved")
            back = until("the resolve", lambda: webhook.message("resolved"), seconds=600)
            assert back["title"].startswith("Resolved: 5xx rate ")
            said = "".join(each["message"] for each in webhook.received)
            assert "Well again: 5xx rate for viewers in BR is 0.0 % (threshold 2 %" in said
            # Nobody saw it become well.
            assert "others are worse). Last: 5xx rate for viewers in CL is 50.0 % (" in said
            assert "Well again: 5xx rate for viewers in CL" not in said
            events = receivers.taken["pagerduty"]
            until("PagerDuty's resolve", lambda: events[-1]["event_action"] == "resolve")
            assert not receivers.refused
    shown = grafana.ask("GET", "/api/annotations?type=alert&dashboardUID=cloudfront-countries")
    assert not [each for each in shown if "grafana_folder=e2e-" in each["text"]]


def _alerts(grafana: Grafana, uid: str) -> list[dict[str, Any]]:
    return grafana.states()[uid]["alerts"]


def _state(grafana: Grafana, uid: str) -> str:
    """Return the state of Brazil's alert."""
    found = [e["state"] for e in _alerts(grafana, uid) if e["labels"].get("name") == "BR"]
    return found[0] if found else ""


# Labels that only a running Grafana has, or that the copy has of its own.
_OWN = ("alertname", "grafana_folder", "bundle")


def test_the_rule_tester_agrees_with_grafana(grafana: Grafana, store: Store) -> None:
    """On the traffic of every case, at the time of Grafana's own evaluation."""
    cases = [case for path in CASES if path.stem in ON for case in store.cases(path)]
    start = datetime.now(UTC).replace(microsecond=0)
    tables: list[Tables] = []
    rules = []
    try:
        for case in cases:
            tables.append(store.tables())
            # Timestream takes rows up to 15 minutes into the future.
            latest = time.time_ns() + 14 * 60 * 1_000_000_000
            tables[-1].write(case.data, start, latest)
            rule = provisioned(store.rules, case.rule.uid)
            rule.pop("notification_settings", None)
            rules.append(on_tables(rule, tables[-1]))
        with in_grafana(grafana, rules, interval=60) as uids:
            theirs = until("every rule's first evaluation", _Firsts(grafana, uids), seconds=240)
        theirs_is = version(grafana.ask("GET", "/api/health")["version"])
        address = grafana.ask("GET", "/api/frontend/settings")["appUrl"].rstrip("/")
        differences = []
        for case, table, uid in zip(cases, tables, uids, strict=True):
            at, found = theirs[uid]
            mine = _mine(case, table, at, theirs_is, address)
            if found != mine:
                differences.append(f"{case.rule.uid}, {case.name!r}:\n  {found}\n  {mine}")
        assert not differences, "\n".join(differences)
    finally:
        for table in tables:
            table.delete()


Compared = list[tuple[dict[str, str], str, dict[str, str]]]


class _Firsts:
    """What Grafana made of each rule when it first evaluated it."""

    def __init__(self, grafana: Grafana, uids: list[str]) -> None:
        self._grafana = grafana
        self._uids = uids
        self._found: dict[str, tuple[datetime, Compared]] = {}

    def __call__(self) -> dict[str, tuple[datetime, Compared]] | None:
        states = self._grafana.states()
        for uid in self._uids:
            rule = states.get(uid)
            if rule and uid not in self._found and not rule["lastEvaluation"].startswith("0001"):
                at = datetime.fromisoformat(rule["lastEvaluation"]).replace(microsecond=0)
                self._found[uid] = (at, sorted(map(_theirs, rule.get("alerts", ())), key=str))
        return self._found if len(self._found) == len(self._uids) else None


def _theirs(alert: dict[str, Any]) -> tuple[dict[str, str], str, dict[str, str]]:
    return _plain(alert["labels"]), alert["state"], _said(alert["annotations"])


def _mine(case: Case, tables: Tables, at: datetime, grafana: Version, address: str) -> Compared:
    sources = {query.datasource: tables for query in case.rule.data}
    run = Run([case.rule], sources, grafana, address)
    run.evaluate(at)
    return sorted((_instance(each) for each in run.instances), key=str)


def _instance(instance: Instance) -> tuple[dict[str, str], str, dict[str, str]]:
    state = f"{instance.state} ({instance.reason})" if instance.reason else instance.state
    return _plain(instance.labels), state, _said(instance.annotations)


def _plain(labels: dict[str, str]) -> dict[str, str]:
    return {
        name: value
        for name, value in sorted(labels.items())
        if not name.startswith("__") and name not in _OWN
    }


def _said(annotations: dict[str, str]) -> dict[str, str]:
    return {name: annotations.get(name, "") for name in ("summary", "description", "dashboard")}


@pytest.fixture(autouse=True)
def _same_endpoint(grafana: Grafana, source: dict[str, Any], store: Store) -> None:
    """Skip where the endpoint behind Grafana's data source cannot be written to from here."""
    with filled(store) as tables:
        query = {"refId": "A", "datasource": {"uid": source["uid"]}, **tables.anything()}
        if "error" in grafana.query([query])["A"]:
            pytest.skip(f"Grafana's data source does not ask {store.url}; set {store.variable}")
