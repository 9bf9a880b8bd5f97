"""What apply makes of an empty Grafana, a used one, and one that changed since."""

import copy
from dataclasses import replace

import pytest

from provisioning.push import ownership
from provisioning.push.apply import carry_out
from provisioning.push.errors import PushError
from provisioning.push.plan import Action, Plan
from provisioning.push.secrets import Secrets
from tests.support import push_samples
from tests.support.push import Push, Start


def actions(plan: Plan) -> dict[str, Action]:
    return {f"{change.kind} {change.name}": change.action for change in plan.changes}


def test_a_first_apply_makes_everything_and_a_second_one_nothing(push: Push) -> None:
    push.apply()
    before = push.fake.snapshot()
    push.fake.requests.clear()
    plan = push.plan()
    assert {change.action for change in plan.changes} == {Action.SAME}
    push.apply()
    assert push.fake.writes() == []
    assert push.fake.snapshot() == before


def test_what_arrives_is_the_api_form_of_the_files(start: Start) -> None:
    push = start("12.2.0")
    push.apply()
    rule = push.fake.alerting.rules["cloudfront-errors"]
    assert rule["keep_firing_for"] == "1m30s"
    assert rule["missingSeriesEvalsToResolve"] == 3
    assert rule["for"] == "5m"
    assert rule["interval"] == 60
    assert push.fake.alerting.rules["cloudfront-lag"]["interval"] == 90
    assert rule["labels"]["price"] == "$5"
    assert rule["annotations"]["summary"].startswith("{{ .Labels.host }} costs $5: ")
    assert "$__timeFilter" in rule["data"][0]["model"]["rawQuery"]
    assert push.fake.folders[rule["folderUID"]]["title"] == "CloudFront alerts"
    assert rule["notification_settings"]["receiver"] == "cloudfront-oncall"
    assert rule["provenance"] == "api"
    dashboard = push.fake.dashboards["cloudfront-overview"]
    assert push.fake.folders[dashboard["folder"]]["title"] == "CloudFront"


def test_fields_that_only_12_has_are_left_out_before_it(start: Start) -> None:
    push = start("10.4.3", simple_routing=True)
    plan = push.plan()
    whys = [change.why for change in plan.changes if change.kind == "alert rules"]
    assert whys[0] == "without keep_firing_for, missingSeriesEvalsToResolve, which needs Grafana 12"
    push.apply()
    assert "keep_firing_for" not in push.fake.alerting.rules["cloudfront-errors"]
    assert not push.plan().steps


def test_a_changed_build_changes_only_what_differs(push: Push) -> None:
    push.apply()
    changed = push.desired(push_samples.built(sql="SELECT 2", limit=7))
    plan = push.plan(changed)
    assert sorted(f"{c.kind} {c.name}" for c in plan.steps) == [
        "alert rules Errors (2 rules)",
        "dashboard Overview",
    ]
    diff = {change.kind: change.diff for change in plan.steps}
    assert diff["dashboard"] == (
        'panels[1 \'Requests\'].targets[A].rawQuery: "SELECT 1" → "SELECT 2"',
    )
    assert diff["alert rules"] == (
        "Errors are up: data[C].model.conditions[0].evaluator.params[0]: 5 → 7",
    )
    push.apply(changed)
    assert not push.plan(changed).steps


def test_what_is_no_longer_built_goes_and_its_neighbours_stay(push: Push) -> None:
    push.apply()
    smaller = push.desired(push_samples.built(second=False, receivers=("slack",), mute=False))
    push.apply(smaller)
    assert sorted(push.fake.dashboards) == ["cloudfront-overview"]
    assert sorted(push.fake.alerting.rules) == ["cloudfront-errors", "cloudfront-lag"]
    # A mute timing has no mark to know one of an earlier build by: nothing uses it, and it stays.
    assert list(push.fake.alerting.timings) == ["cloudfront-nights"]
    assert [p["type"] for p in push.fake.alerting.points if p["provenance"]] == ["slack"]
    assert not push.plan(smaller).steps


def test_a_rule_that_takes_over_a_title_finds_it_free(start: Start) -> None:
    """Before 12 a folder has one rule of a title, so the old rule has to go first."""
    push = start("10.4.3", simple_routing=True)
    push.apply()
    built = push_samples.built()
    rules = built["alerting/rules.yaml"]
    moved = rules.replace("cloudfront-lag", "cloudfront-late").replace("Pipeline", "Delivery")
    desired = push.desired({**built, "alerting/rules.yaml": moved})
    push.apply(desired)
    assert "cloudfront-lag" not in push.fake.alerting.rules
    assert push.fake.alerting.rules["cloudfront-late"]["ruleGroup"] == "Delivery"
    assert not push.plan(desired).steps


def test_a_dashboard_that_a_user_edited_is_shown_and_kept(push: Push) -> None:
    push.apply()
    push.fake.user_saves_dashboard("cloudfront-overview", title="My overview")
    desired = push.desired(push_samples.built(sql="SELECT 2"))
    kept = [c for c in push.plan(desired).changes if c.action is Action.KEEP]
    assert [change.name for change in kept] == ["Overview"]
    assert 'title: "My overview" → "Overview"' in kept[0].diff
    push.apply(desired)
    data = push.fake.dashboards["cloudfront-overview"]["versions"][-1]["data"]
    assert data["title"] == "My overview"
    assert not push.plan(desired).steps


def test_overwrite_replaces_an_edited_dashboard(push: Push) -> None:
    push.apply()
    push.fake.user_saves_dashboard("cloudfront-overview", title="My overview", tags=[])
    push.apply(overwrite=True)
    data = push.fake.dashboards["cloudfront-overview"]["versions"][-1]["data"]
    assert data["title"] == "Overview"
    assert not push.plan().steps


def test_a_dashboard_saved_in_the_schema_of_13_is_an_edited_one(start: Start) -> None:
    """The classic API of 13 refuses to show such a dashboard (406)."""
    push = start("13.1.0")
    push.apply()
    push.fake.user_saves_dashboard("cloudfront-overview")
    push.fake.dashboards["cloudfront-overview"]["versions"][-1]["schema"] = "v2"
    assert actions(push.plan())["dashboard Overview"] is Action.KEEP
    outcome = push.destroy()
    assert outcome.kept
    push.apply()
    push.apply(overwrite=True)
    assert not push.plan().steps


def test_a_folder_is_not_removed_unseen_where_grafana_does_not_count(start: Start) -> None:
    push = start("10.4.3", simple_routing=True)
    push.fake.counts = False
    push.apply()
    [folder] = [uid for uid, f in push.fake.folders.items() if f["title"] == "CloudFront"]
    theirs = {"title": "Theirs", "tags": []}
    push.fake._post_dashboard(body={"dashboard": {"uid": "x", **theirs}, "folderUid": folder})
    push.destroy()
    assert list(push.fake.dashboards) == ["x"]
    assert list(push.fake.folders) == [folder]


def test_an_edit_that_was_taken_back_counts_as_none(push: Push) -> None:
    push.apply()
    push.fake.user_saves_dashboard("cloudfront-overview", title="My overview")
    push.fake.user_saves_dashboard("cloudfront-overview", title="Overview")
    push.apply()
    desired = push.desired(push_samples.built(sql="SELECT 2"))
    assert actions(push.plan(desired))["dashboard Overview"] is Action.UPDATE


def test_a_dashboard_that_a_user_moved_is_kept_where_it_is(push: Push) -> None:
    push.apply()
    push.fake.dashboards["cloudfront-overview"]["folder"] = ""
    assert actions(push.plan())["dashboard Overview"] is Action.KEEP
    push.apply(overwrite=True)
    assert push.fake.dashboards["cloudfront-overview"]["folder"] != ""


def test_without_a_version_history_the_content_tells_an_edit(push: Push) -> None:
    push.apply()
    for there in push.fake.dashboards.values():
        there["versions"].insert(0, there["versions"][0])
    real = push.fake.handle

    def forgetful(method: str, path: str, *rest: object) -> object:
        answer = real(method, path, *rest)
        if "/versions/" in path:
            answer.status = 404
        return answer

    push.fake.handle = forgetful  # type: ignore[method-assign, assignment]
    assert not push.plan().steps
    desired = push.desired(push_samples.built(sql="SELECT 2"))
    assert actions(push.plan(desired))["dashboard Overview"] is Action.KEEP
    assert actions(push.plan(desired))["dashboard Edges"] is Action.SAME


def test_a_copy_that_a_user_made_of_a_dashboard_is_the_users(push: Push) -> None:
    """Grafana's Save as may keep the tags, so a tag alone must not make a thing ours."""
    push.apply()
    copied = copy.deepcopy(push.fake.dashboards["cloudfront-overview"])
    push.fake.dashboards["ae1b2c3d4e5f"] = copied
    assert not push.plan().steps
    push.destroy()
    assert list(push.fake.dashboards) == ["ae1b2c3d4e5f"]
    assert [folder["title"] for folder in push.fake.folders.values()] == ["CloudFront"]


def test_drift_by_hand_is_put_right(push: Push) -> None:
    push.apply()
    alerting = push.fake.alerting
    push.fake.datasources["cloudfront-timestream"]["jsonData"]["profile"] = "by hand"
    alerting.rules["cloudfront-errors"]["for"] = "1h"
    alerting.timings["cloudfront-nights"]["time_intervals"] = []
    alerting.points[1]["settings"] = {"title": "x"}
    for folder in push.fake.folders.values():
        folder["title"] += "!"
    push.apply()
    assert not push.plan().steps
    assert alerting.rules["cloudfront-errors"]["for"] == "5m"
    jsondata = push.fake.datasources["cloudfront-timestream"]["jsonData"]
    assert "profile" not in jsondata


def test_a_rotated_secret_is_noticed_though_grafana_never_shows_one(push: Push) -> None:
    push.apply()
    rotated = push.desired(None, SLACK_WEBHOOK_URL="https://hooks.slack.invalid/another-one")
    steps = [(c.action, c.name) for c in push.plan(rotated).steps]
    name = "cloudfront-oncall (slack)"
    assert steps == [(Action.CREATE, name), (Action.DELETE, name)]
    push.apply(rotated)
    slack = [p for p in push.fake.alerting.points if p["type"] == "slack"]
    assert [p["secrets"]["url"] for p in slack] == ["https://hooks.slack.invalid/another-one"]
    assert not push.plan(rotated).steps


def test_a_users_default_data_source_stays_the_default(push: Push) -> None:
    other = {"name": "Theirs", "uid": "theirs", "type": "x", "access": "proxy", "isDefault": True}
    push.fake._post_datasource(body=other)
    push.apply()
    assert push.fake.datasources["theirs"]["isDefault"]
    assert not push.fake.datasources["cloudfront-timestream"]["isDefault"]
    push.fake.datasources["theirs"]["isDefault"] = False
    mine = push.fake.datasources["cloudfront-timestream"]
    mine |= {"isDefault": True, "jsonData": mine["jsonData"] | {"endpoint": "http://elsewhere"}}
    push.apply()
    assert mine["isDefault"]


def test_keys_of_a_data_source_are_written_and_a_rotated_one_is_noticed(push: Push) -> None:
    push.apply()
    there = push.fake.datasources["cloudfront-timestream"]
    assert there["secrets"]["accessKey"] == "AKIAOFTHEDATASOURCE"
    rotated = push.desired(None, AWS_SECRET_ACCESS_KEY="another-secret")
    [step] = push.plan(rotated).steps
    assert [line.split(":")[0] for line in step.diff] == ["jsonData.secretsMark"]
    push.apply(rotated)
    assert there["secrets"]["secretKey"] == "another-secret"
    assert not push.plan(rotated).steps


def test_an_address_from_the_environment_is_not_shown_though_grafana_shows_it(push: Push) -> None:
    """A webhook's address is no secret to Grafana, and holds one all the same."""
    built = {
        path: text.replace("http://127.0.0.1:9/hook", "$HOOK")
        for path, text in push_samples.built(receivers=("webhook",)).items()
    }
    push.apply(push.desired(built, HOOK="http://127.0.0.1:9/the-old-one"))
    push.secrets = Secrets()  # another run, which never knew it
    plan = push.plan(push.desired(built, HOOK="http://127.0.0.1:9/the-new-one"))
    [change] = plan.steps
    assert change.diff == ("settings.url: (secret) → (secret)",)


@pytest.mark.parametrize("name", ["green", "cloudfront-green"])
def test_two_bundles_side_by_side_leave_each_other_alone(start: Start, name: str) -> None:
    """Also when the name of the one begins with the name of the other."""
    push = start("12.2.0")
    blue = push.desired()
    green = push.desired(push_samples.built(name, "CloudFront (green)"), name)
    green = replace(green, datasources=(replace(green.datasources[0], name="Green Timestream"),))
    push.apply(blue)
    before = push.fake.snapshot()
    push.apply(green)
    assert not push.plan(blue).steps
    assert not push.plan(green).steps
    push.destroy(green)
    assert push.fake.snapshot() == before
    push.apply(green)
    push.destroy(blue)
    assert not push.plan(green).steps


def test_a_mute_timing_of_another_tool_stays_though_its_name_begins_like_ours(push: Push) -> None:
    theirs = {"time_intervals": [], "provenance": "api"}
    push.fake.alerting.timings["cloudfront-maintenance"] = theirs
    push.apply()
    assert not push.plan().steps
    push.destroy()
    assert push.fake.alerting.timings == {"cloudfront-maintenance": theirs}


@pytest.mark.parametrize(
    ("kind", "message"),
    [
        ("data source", "is there already and not from this tool"),
        ("template", "there is one of this name already"),
        ("mute timing", "there is one of this name already"),
        ("contact point", "there is one of this name already"),
        ("dashboard", "and is not from this tool"),
        ("alert rules", "in another folder has the uid"),
    ],
)
def test_what_others_made_under_our_names_stops_the_apply_before_it_starts(
    push: Push, kind: str, message: str
) -> None:
    alerting = push.fake.alerting
    push.apply()
    rule = alerting.rules["cloudfront-errors"]
    dashboard = push.fake.dashboards["cloudfront-overview"]
    push.destroy()
    if kind == "data source":
        body = {"name": "Amazon Timestream", "type": "x", "access": "proxy"}
        push.fake._post_datasource(body=body)
    elif kind == "template":
        alerting.templates["cloudfront"] = {"template": "theirs", "provenance": "api"}
    elif kind == "mute timing":
        alerting.timings["cloudfront-nights"] = {"time_intervals": [], "provenance": ""}
    elif kind == "contact point":
        theirs = {"uid": "theirs", "name": "cloudfront-oncall", "type": "slack", "settings": {}}
        alerting.points.append(
            {**theirs, "secrets": {}, "disableResolveMessage": False, "provenance": "api"}
        )
    elif kind == "dashboard":
        data = dashboard["versions"][-1]["data"] | {"tags": []}
        push.fake.dashboards["cloudfront-overview"] = dashboard | {
            "folder": "",
            "versions": [{"message": "", "data": data}],
        }
    else:
        push.fake.folders["theirs"] = {"id": 99, "title": "Theirs", "version": 1}
        alerting.rules["cloudfront-errors"] = rule | {"folderUID": "theirs"}
    before = push.fake.snapshot()
    push.fake.requests.clear()
    blocked = push.plan().blocked
    assert {change.kind for change in blocked} == {kind}
    assert message in blocked[0].why
    with pytest.raises(PushError, match="Nothing was changed"):
        push.apply()
    assert push.fake.writes() == []
    push.destroy()
    assert push.fake.snapshot() == before


def test_a_folder_of_our_title_is_a_problem_only_where_titles_are_unique(push: Push) -> None:
    push.fake.folders["theirs"] = {"id": 99, "title": "CloudFront", "version": 1}
    if push.fake.major < 11:
        assert [change.kind for change in push.plan().blocked] == ["folder"]
    else:
        push.apply()
        assert not push.plan().steps
        push.destroy()
        assert list(push.fake.folders) == ["theirs"]


def test_what_is_provisioned_from_files_is_not_touched(start: Start) -> None:
    push = start()
    push.apply()
    push.fake.datasources["cloudfront-timestream"]["readOnly"] = True
    push.fake.dashboards["cloudfront-edges"]["provisioned"] = True
    push.fake.alerting.rules["cloudfront-lag"]["provenance"] = "file"
    blocked = {change.kind: change.why for change in push.plan().blocked}
    assert sorted(blocked) == ["alert rules", "dashboard", "data source"]
    assert all("provisioned from files" in why for why in blocked.values())


def test_a_rule_of_somebody_else_in_our_group_would_be_lost_so_nothing_is_done(
    start: Start,
) -> None:
    push = start()
    push.apply()
    rules = push.fake.alerting.rules
    rules["theirs"] = copy.deepcopy(rules["cloudfront-errors"]) | {"uid": "theirs", "title": "T"}
    plan = push.plan(push.desired(push_samples.built(limit=9)))
    assert [change.why for change in plan.blocked] == [
        "the rule 'T' in it is not from this tool; move it elsewhere"
    ]
    push.destroy()
    assert list(rules) == ["theirs"]


def test_a_receiver_that_somebody_added_to_our_contact_point_stays(start: Start) -> None:
    push = start()
    push.apply()
    theirs = push.fake.alerting.points[1] | {"uid": "theirs", "provenance": ""}
    push.fake.alerting.points.append(theirs)
    assert not push.plan().steps
    push.destroy()
    assert theirs in push.fake.alerting.points


def test_what_a_users_policy_still_needs_is_kept_by_destroy_and_said(start: Start) -> None:
    push = start()
    push.apply()
    push.fake.alerting.tree["routes"] = [{"receiver": "cloudfront-oncall"}]
    outcome = push.destroy()
    assert any("referenced by a notification policy" in reason for reason in outcome.kept)
    assert "cloudfront-oncall" in {p["name"] for p in push.fake.alerting.points}


def test_destroy_keeps_an_edited_dashboard_and_its_folder(push: Push) -> None:
    push.apply()
    push.fake.user_saves_dashboard("cloudfront-overview", title="My overview")
    outcome = push.destroy()
    assert outcome.kept == (
        "data source 'Amazon Timestream' stays: still referenced by dashboard 'My overview'",
        "folder 'CloudFront' stays: there is 1 dashboard in it that this push did not make",
    )
    assert any(line.endswith(": dashboard 'My overview'") for line in push.said)
    assert list(push.fake.dashboards) == ["cloudfront-overview"]
    push.destroy(overwrite=True)
    assert push.fake.folders == {}


def test_a_save_between_plan_and_apply_is_not_overwritten(push: Push) -> None:
    push.apply()
    plan = push.plan(push.desired(push_samples.built(sql="SELECT 2")))
    push.fake.user_saves_dashboard("cloudfront-overview", title="My overview")
    with pytest.raises(PushError, match="changed by somebody else just now"):
        carry_out(plan, push.said.append)


def test_every_uid_fits_every_grafana() -> None:
    name = "a" * 20
    uid = ownership.receiver_uid(name, f"{name}-a-very-long-receiver", "abcdef")
    other = ownership.receiver_uid(name, f"{name}-a-very-long-receivex", "abcdef")
    assert len(uid) <= 40
    assert uid != other
    assert ownership.owns_receiver(name, uid)
    assert not ownership.owns_receiver("b", uid)
    folder = ownership.folder_uid(name, "A very long title of a folder, with signs")
    assert ownership.valid_uid(folder)
    assert ownership.owns_folder(name, folder)
