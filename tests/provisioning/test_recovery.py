"""Whatever is cut off or changed by hand: the next apply completes it, a destroy undoes it."""

import json
from collections.abc import Callable
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from provisioning.push.errors import PushError
from provisioning.push.model import Desired
from provisioning.push.plan import Action
from tests.support import push_samples
from tests.support.fake_grafana import FakeGrafana, Fault
from tests.support.push import Push, Start


def content(fake: FakeGrafana) -> Any:
    """What is in a Grafana, but for numbers that only count how often something was saved."""
    state = json.loads(fake.snapshot())
    for dashboard in state["dashboards"].values():
        dashboard["versions"] = dashboard["versions"][-1]
        del dashboard["id"]
    for things in (state["folders"], state["datasources"]):
        for thing in things.values():
            del thing["id"], thing["version"]
    return state


def works(fake: FakeGrafana) -> None:
    """Everything of ours that is there refers to what is there too."""
    alerting = fake.alerting
    names = {point["name"] for point in alerting.points}
    for uid, rule in alerting.rules.items():
        if uid.startswith("cloudfront"):
            assert rule["folderUID"] in fake.folders
            assert rule["data"][0]["datasourceUid"] in fake.datasources
            if rule["notification_settings"]:
                assert rule["notification_settings"]["receiver"] in names
    for dashboard in fake.dashboards.values():
        assert dashboard["folder"] in fake.folders
    for route in alerting.tree.get("routes") or ():
        assert route["receiver"] in names


def add_user_content(fake: FakeGrafana) -> None:
    """Things of others, some of them beside ours."""
    fake.folders["theirs"] = {"id": fake.next_id(), "title": "Theirs", "version": 3}
    spec = {"uid": "their-board", "title": "Board", "tags": ["cloudfront"]}
    versions = [{"message": "", "data": spec}, {"message": "better", "data": spec}]
    fake.dashboards["their-board"] = {
        "id": fake.next_id(),
        "provisioned": False,
        "folder": "theirs",
        "versions": versions,
    }
    fake._post_datasource(
        body={
            "name": "Theirs",
            "uid": "theirs",
            "type": "prometheus",
            "access": "proxy",
            "isDefault": True,
            "secureJsonData": {"password": "their-secret"},
        }
    )
    alerting = fake.alerting
    hook = {"type": "webhook", "name": "theirs", "settings": {"url": "http://x"}}
    alerting._post_point(body={"uid": "theirs", **hook}, provenance="")
    alerting._put_template("theirs", body={"template": '{{ define "x" }}{{ end }}'}, provenance="")
    alerting._post_timing(body={"name": "theirs", "time_intervals": []}, provenance="api")
    rule = {
        "uid": "their-rule",
        "title": "Errors are up",
        "condition": "A",
        "noDataState": "OK",
        "execErrState": "OK",
        "data": [{"refId": "A", "datasourceUid": "__expr__", "model": {"expression": "1"}}],
    }
    alerting._put_group("theirs", "Errors", body={"interval": 60, "rules": [rule]}, provenance="")
    tree = {
        "receiver": "grafana-default-email",
        "group_by": ["alertname"],
        "routes": [{"receiver": "theirs", "object_matchers": [["team", "=", "x"]]}],
    }
    alerting._put_tree(body=tree, provenance="")


def made(start: Start, version: str, **options: bool) -> tuple[Push, Any]:
    """A Grafana with user content, and how it looks after an apply that nothing disturbs."""
    calm = start(version, **options)
    add_user_content(calm.fake)
    calm.apply()
    push = start(version, **options)
    add_user_content(push.fake)
    return push, content(calm.fake)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("version", "fault"),
    [
        ("12.2.0", Fault(500)),
        ("12.2.0", Fault(None)),
        ("12.2.0", Fault(None, carried_out=True)),
        ("10.4.3", Fault(500, carried_out=True)),
    ],
    ids=["refused", "disconnected", "unanswered", "10.4"],
)
def test_an_apply_cut_off_at_any_request_is_completed_by_the_next(
    start: Start, version: str, fault: Fault
) -> None:
    """From the request on, Grafana is gone; the first one may still have been carried out."""
    push, whole = made(start, version)
    desired = push.desired()
    beginning = push.fake.save()
    push.apply(desired)
    total = len(push.fake.requests)
    for number in range(1, total + 1):
        push.fake.load(beginning)
        push.fake.requests.clear()

        def gone(n: int, _method: str, _path: str, at: int = number) -> Fault | None:
            if n < at:
                return None
            return fault if n == at else Fault(fault.status)

        push.fake.fault = gone
        with pytest.raises(PushError):
            push.apply(desired)
        works(push.fake)
        push.fake.fault = lambda _n, _method, _path: None
        push.apply(desired)
        assert content(push.fake) == whole, f"after request {number} of {total}"
        assert not push.plan(desired).steps
    assert total > 20


@pytest.mark.slow
@pytest.mark.parametrize(
    "fault",
    [
        Fault(429, headers={"Retry-After": "7"}),
        Fault(502, carried_out=True),
        Fault(None),
        Fault(None, carried_out=True),
    ],
    ids=["limited", "bad gateway after all", "disconnected", "unanswered"],
)
def test_a_hiccup_at_any_request_goes_by_unnoticed(start: Start, fault: Fault) -> None:
    push, whole = made(start, "12.2.0")
    desired = push.desired()
    beginning = push.fake.save()
    push.apply(desired)
    total = len(push.fake.requests)
    for number in range(1, total + 1):
        push.fake.load(beginning)
        push.fake.requests.clear()
        push.waited.clear()
        push.fake.fault = lambda n, _method, _path, at=number: fault if n == at else None
        push.apply(desired)
        # A creation that was carried out is not waited for: it is looked up at once.
        assert push.waited or fault.carried_out
        if fault.headers:
            assert push.waited == [7.0]
        assert content(push.fake) == whole, f"after request {number} of {total}"


@pytest.mark.slow
def test_a_destroy_cut_off_at_any_request_is_completed_by_the_next(start: Start) -> None:
    push = start()
    add_user_content(push.fake)
    before = push.fake.snapshot()
    desired = push.desired()
    push.apply(desired)
    beginning = push.fake.save()
    push.fake.requests.clear()
    push.destroy(desired)
    total = len(push.fake.requests)
    for number in range(1, total + 1):
        push.fake.load(beginning)
        push.fake.requests.clear()
        push.fake.fault = lambda n, _method, _path, at=number: Fault(503) if n >= at else None
        with pytest.raises(PushError):
            push.destroy(desired)
        works(push.fake)
        push.fake.fault = lambda _n, _method, _path: None
        push.destroy(desired)
        assert push.fake.snapshot() == before, f"after request {number} of {total}"


def test_destroy_after_apply_leaves_the_grafana_as_found(push: Push) -> None:
    add_user_content(push.fake)
    before = push.fake.snapshot()
    push.apply()
    assert push.fake.snapshot() != before
    push.destroy()
    assert push.fake.snapshot() == before


def test_a_clear_refusal_is_not_repeated(start: Start) -> None:
    push = start()
    push.fake.fault = lambda _n, method, _path: Fault(400) if method == "POST" else None
    with pytest.raises(PushError, match="Stopped after 0 of 11 steps"):
        push.apply()
    assert len(push.fake.writes()) == 1
    assert push.waited == []


Choose = Callable[[list[Any]], Any]
Edit = Callable[[FakeGrafana, Choose], None]


def _delete(kind: str) -> Edit:
    def edit(fake: FakeGrafana, choose: Choose) -> None:
        things = {
            "rule": fake.alerting.rules,
            "dashboard": fake.dashboards,
            "datasource": fake.datasources,
            "template": fake.alerting.templates,
            "timing": fake.alerting.timings,
        }[kind]
        mine = sorted(key for key in things if key.startswith("cloudfront"))
        if mine:
            del things[choose(mine)]

    return edit


def _drop_point(fake: FakeGrafana, choose: Choose) -> None:
    mine = [p for p in fake.alerting.points if p["uid"].startswith("cloudfront")]
    if mine:
        fake.alerting.points.remove(choose(mine))


def _change_rule(fake: FakeGrafana, choose: Choose) -> None:
    mine = sorted(uid for uid in fake.alerting.rules if uid.startswith("cloudfront"))
    if mine:
        rule = fake.alerting.rules[choose(mine)]
        key = choose(["for", "title", "labels", "interval", "isPaused", "data"])
        rule[key] = {
            "for": "17m",
            "title": f"Changed {rule['uid']}",
            "labels": {},
            "interval": 600,
            "isPaused": not rule.get("isPaused"),
            "data": rule["data"][:1],
        }[key]


def _change_dashboard(fake: FakeGrafana, choose: Choose) -> None:
    mine = sorted(uid for uid in fake.dashboards if uid.startswith("cloudfront"))
    if mine:
        uid = choose(mine)
        fake.user_saves_dashboard(uid, title=choose(["Mine", "Overview"]))
        fake.dashboards[uid]["folder"] = choose(["", "theirs", fake.dashboards[uid]["folder"]])


def _change_datasource(fake: FakeGrafana, choose: Choose) -> None:
    there = fake.datasources.get("cloudfront-timestream")
    if there:
        change = choose(["name", "jsonData", "secrets", "url"])
        there[change] = {
            "name": "Renamed by hand",
            "jsonData": {"managedBy": there["jsonData"]["managedBy"], "authType": "keys"},
            "secrets": {"accessKey": "by hand"},
            "url": "http://elsewhere",
        }[change]


def _change_point(fake: FakeGrafana, choose: Choose) -> None:
    mine = [p for p in fake.alerting.points if p["uid"].startswith("cloudfront")]
    if mine:
        point = choose(mine)
        point["disableResolveMessage"] = not point["disableResolveMessage"]
        point["settings"] = {"title": "by hand"}


def _change_template(fake: FakeGrafana, _choose: Choose) -> None:
    there = fake.alerting.templates.get("cloudfront")
    if there:
        there["template"] += "\n"
        there["template"] = there["template"].replace("x", "y")


def _rename_folder(fake: FakeGrafana, choose: Choose) -> None:
    mine = sorted(uid for uid in fake.folders if uid.startswith("cloudfront"))
    if mine:
        fake.folders[choose(mine)]["title"] = "Renamed by hand"


def _drop_folder(fake: FakeGrafana, choose: Choose) -> None:
    mine = sorted(uid for uid in fake.folders if uid.startswith("cloudfront"))
    if mine:
        query = {"forceDeleteRules": "true"}
        fake._delete_folder(choose(mine), query=query)


EDITS: list[Edit] = [
    *(_delete(kind) for kind in ("rule", "dashboard", "datasource", "template", "timing")),
    _drop_point,
    _change_rule,
    _change_dashboard,
    _change_datasource,
    _change_point,
    _change_template,
    _rename_folder,
    _drop_folder,
]


class Beginning:
    """A Grafana with user content and our first push, to begin every example with.

    No dataclass: Hypothesis would print all of it for every example.
    """

    def __init__(self, push: Push, before: str, builds: tuple[Desired, ...]) -> None:
        self.push = push
        self.before = before  # without our push
        self.state = push.fake.save()  # with it
        self.builds = builds


@pytest.fixture
def beginning(start: Start) -> Beginning:
    push = start()
    add_user_content(push.fake)
    before = push.fake.snapshot()
    builds = (
        push.desired(),
        push.desired(push_samples.built(second=False, receivers=("slack",))),
        push.desired(push_samples.built(sql="SELECT 2", limit=9)),
        push.desired(None, PAGERDUTY_KEY="pd-another"),
    )
    push.apply(builds[0])
    return Beginning(push, before, builds)


@pytest.mark.slow
@settings(
    max_examples=30,
    deadline=None,
    phases=(Phase.explicit, Phase.generate, Phase.target, Phase.shrink),
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    edits=st.lists(st.tuples(st.sampled_from(EDITS), st.randoms(use_true_random=True)), max_size=6),
    number=st.integers(0, 3),
)
def test_apply_converges_from_any_edit_by_hand_and_destroy_still_undoes_it(
    beginning: Beginning, edits: list[tuple[Edit, Random]], number: int
) -> None:
    push = beginning.push
    push.fake.load(beginning.state)
    for edit, random in edits:
        edit(push.fake, random.choice)
    build = beginning.builds[number]
    push.apply(build, overwrite=True)
    works(push.fake)
    push.fake.requests.clear()
    plan = push.plan(build, overwrite=True)
    assert {change.action for change in plan.changes} == {Action.SAME}
    push.apply(build, overwrite=True)
    assert push.fake.writes() == []
    push.destroy(build, overwrite=True)
    assert push.fake.snapshot() == beginning.before
