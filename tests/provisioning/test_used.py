"""What others use of ours stays, whole, and they are named."""

from typing import Any

import pytest

from provisioning.push.apply import carry_out
from provisioning.push.plan import Action, Plan
from tests.support import push_samples
from tests.support.push import Push, Start

SOURCE = "cloudfront-timestream"


def kept(plan: Plan) -> dict[str, str]:
    return {
        f"{change.kind} {change.name}": change.why
        for change in plan.changes
        if change.action is Action.KEEP
    }


def their_rule(push: Push, folder: str = "theirs", **changes: Any) -> None:
    rule = push_samples.rule("x", "y", "Their rule") | {"notification_settings": None}
    push.fake.alerting.rules["their-rule"] = {
        **rule,
        "uid": "their-rule",
        "folderUID": folder,
        "ruleGroup": "g",
        "provenance": "",
        "interval": 60,
        "data": [],
        **changes,
    }


def asks(uid: str) -> list[dict[str, Any]]:
    return [{"refId": "A", "datasourceUid": uid, "model": {}}]


PANEL = {"id": 1, "type": "timeseries", "targets": [{"refId": "A"}]}


@pytest.mark.parametrize(
    "spec",
    [
        {"panels": [{**PANEL, "datasource": {"type": "x", "uid": SOURCE}}]},
        {"panels": [{**PANEL, "datasource": "Amazon Timestream"}]},  # as of before Grafana 8
        {"panels": [{**PANEL, "targets": [{"datasource": {"uid": SOURCE}}]}]},
        {"panels": [{"type": "row", "panels": [{**PANEL, "datasource": {"uid": SOURCE}}]}]},
        {"annotations": {"list": [{"datasource": {"uid": SOURCE}}]}},
        {
            "templating": {
                "list": [{"type": "datasource", "query": "grafana-t", "current": {"value": SOURCE}}]
            }
        },
        {"panels": [PANEL]},  # asks the default, which the first data source became
    ],
)
def test_a_data_source_that_their_dashboard_asks_stays(push: Push, spec: dict[str, Any]) -> None:
    push.apply()
    push.fake.user_makes_dashboard("theirs", **spec)
    before = dict(push.fake.datasources)
    plan = push.plan(remove=True)
    assert kept(plan) == {
        "data source Amazon Timestream": "still referenced by dashboard 'Theirs theirs'"
    }
    outcome = push.destroy()
    assert any("'Theirs theirs'" in reason for reason in outcome.kept)
    assert push.fake.datasources == before
    assert list(push.fake.dashboards) == ["theirs"]
    del push.fake.dashboards["theirs"]
    push.destroy()
    assert push.fake.datasources == {}


@pytest.mark.parametrize(
    "changes",
    [{"data": asks(SOURCE)}, {"record": {"target_datasource_uid": SOURCE}}],
)
def test_a_data_source_that_their_rule_asks_stays(push: Push, changes: dict[str, Any]) -> None:
    push.apply()
    their_rule(push, **changes)
    push.destroy()
    assert set(push.fake.datasources) == {SOURCE}
    assert set(push.fake.alerting.rules) == {"their-rule"}


def test_what_asks_something_else_keeps_nothing(push: Push) -> None:
    push.apply()
    push.fake.datasources[SOURCE]["isDefault"] = False
    push.fake.user_makes_dashboard("theirs", panels=[{**PANEL, "datasource": {"uid": "other"}}])
    their_rule(push, data=asks("other"))
    push.destroy()
    assert push.fake.datasources == {}


def test_a_panel_of_the_library_keeps_it_too(start: Start) -> None:
    push = start()
    push.apply()
    push.fake.panel_library = [
        {"name": "Shared", "model": {**PANEL, "datasource": {"uid": SOURCE}}}
    ]
    outcome = push.destroy()
    assert any("library panel 'Shared'" in reason for reason in outcome.kept)


def test_one_that_came_to_ask_between_plan_and_apply_is_not_cut_off(start: Start) -> None:
    push = start()
    push.apply()
    plan = push.plan(remove=True)
    their_rule(push, data=asks(SOURCE))
    outcome = carry_out(plan, push.said.append)
    assert any("alert rule 'Their rule'" in reason for reason in outcome.kept)
    assert set(push.fake.datasources) == {SOURCE}


@pytest.mark.parametrize("user", ["policy", "rule"])
def test_a_contact_point_that_they_send_to_stays_whole(push: Push, user: str) -> None:
    """Not only its last receiver, which is all that Grafana itself would keep."""
    push.apply()
    if user == "policy":
        route = {"receiver": "cloudfront-oncall", "object_matchers": [["team", "=", "web"]]}
        push.fake.alerting.tree["routes"] = [
            {"receiver": "grafana-default-email", "routes": [route]}
        ]
        name = "a notification policy (team=web)"
    else:
        their_rule(push, notification_settings={"receiver": "cloudfront-oncall"})
        name = "alert rule 'Their rule'"
    points = [p for p in push.fake.alerting.points if p["name"] == "cloudfront-oncall"]
    assert len(points) == 2
    assert set(kept(push.plan(remove=True)).values()) >= {f"still referenced by {name}"}
    push.destroy()
    assert [p for p in push.fake.alerting.points if p["name"] == "cloudfront-oncall"] == points


@pytest.mark.parametrize("key", ["mute_time_intervals", "active_time_intervals"])
def test_a_mute_timing_that_they_use_stays(push: Push, key: str) -> None:
    push.apply()
    push.fake.alerting.tree["routes"] = [
        {"receiver": "grafana-default-email", key: ["cloudfront-nights"]}
    ]
    push.destroy()
    assert set(push.fake.alerting.timings) == {"cloudfront-nights"}


def test_a_template_that_their_contact_point_calls_stays(push: Push) -> None:
    """Grafana itself does not look: their messages would fail."""
    push.apply()
    push.fake.alerting.points.append(
        {
            "uid": "theirs",
            "name": "theirs",
            "type": "webhook",
            "settings": {"url": "http://x", "message": '{{ template "cf.title" . }}'},
            "secrets": {},
            "disableResolveMessage": False,
            "provenance": "",
        }
    )
    assert kept(push.plan(remove=True)) == {
        "template cloudfront": "still referenced by contact point 'theirs'"
    }
    push.destroy()
    assert set(push.fake.alerting.templates) == {"cloudfront"}


def test_their_rule_in_our_folder_keeps_the_folder_and_is_named(push: Push) -> None:
    push.apply()
    [folder] = [u for u, f in push.fake.folders.items() if f["title"] == "CloudFront alerts"]
    their_rule(push, folder=folder)
    push.destroy()
    assert set(push.fake.folders) == {folder}
    assert any("alert rule 'Their rule'" in line for line in push.said)
