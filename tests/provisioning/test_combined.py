"""What a push combines: files of one's own with ours, a data source that is there, folders."""

import copy
import shutil
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import example, given
from hypothesis import strategies as st

from dashboards.config import Bundle
from provisioning.push import cli, ownership, targets
from provisioning.push.errors import PushError
from provisioning.push.plan import Action
from tests.support import push_samples
from tests.support.fake_grafana import TOKEN, FakeGrafana, served
from tests.support.push import Push, Start

ROOT = Path(__file__).parents[2]
OWN = {
    "orgId": 1,
    "name": "cloudfront-1m",
    "folder": "CloudFront alerts",
    "interval": "1m",
    "rules": [push_samples.rule("cloudfront", "own-sla", "Our SLA")],
}


def own(**changes: object) -> str:
    rule = push_samples.rule("cloudfront", "own-sla", "Our SLA")
    for query in rule["data"]:  # type: ignore[attr-defined]
        if query["datasourceUid"] != "__expr__":
            query["datasourceUid"] = "timestream"
    rule["notification_settings"] = {"receiver": "cloudfront-critical"}
    return yaml.safe_dump({"apiVersion": 1, "groups": [{**OWN, "rules": [rule], **changes}]})


@pytest.fixture
def fake(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[FakeGrafana]:
    """A Grafana that $GRAFANA_URL and $GRAFANA_TOKEN lead to."""
    grafana = FakeGrafana()
    with ExitStack() as stack:
        monkeypatch.setenv("GRAFANA_URL", stack.enter_context(served(grafana)))
        monkeypatch.setenv("GRAFANA_TOKEN", TOKEN)
        for name, value in push_samples.ENVIRONMENT.items():
            monkeypatch.setenv(name, value)
        monkeypatch.setenv("TIMESTREAM_AUTH_TYPE", "default")
        monkeypatch.setenv("ALERTS_EMAIL", "a@example.com")
        monkeypatch.chdir(tmp_path)
        yield grafana


@pytest.fixture
def files(tmp_path: Path) -> Path:
    """What is committed, to add something of one's own to."""
    folder = tmp_path / "built"
    for room in ("datasources", "dashboards", "alerting"):
        shutil.copytree(ROOT / "provisioning" / room, folder / room)
    return folder


def place(**changes: object) -> dict[str, Any]:
    return {"defaultDatabase": '"cloudfront"', "defaultTable": '"realtime_logs"', **changes}


@pytest.mark.slow
def test_an_own_rule_in_our_group_is_one_more_rule_of_it(
    fake: FakeGrafana, files: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The files of one group and folder are one group, as in Grafana's own provisioning."""
    (files / "alerting" / "own.yaml").write_text(own())
    arguments = ["--from", str(files), "--yes"]
    assert cli.main(["apply", *arguments]) == 0
    rules = fake.alerting.rules
    group = {uid for uid, rule in rules.items() if rule["ruleGroup"] == "cloudfront-1m"}
    assert "cloudfront-own-sla" in group
    assert "cloudfront-errors-5xx" in group
    everything = copy.deepcopy(rules)
    assert cli.main(["plan", "--exit-code", *arguments]) == 0
    assert cli.main(["apply", *arguments]) == 0
    assert rules == everything
    (files / "alerting" / "own.yaml").unlink()
    capsys.readouterr()
    assert cli.main(["apply", *arguments]) == 0
    assert set(everything) - set(rules) == {"cloudfront-own-sla"}
    assert "Our SLA: removed" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"interval": "5m"}, "has the interval 300s in one place and 60s in another"),
        ({"interval": "15s"}, "give a multiple of 10s"),
        ({"interval": None}, "has no interval"),
        ({"folder": "A/B"}, "one folder in another"),
        ({"rules": "x"}, "must be a list"),
        ({"rules": [5]}, "must be a mapping"),
        ({"rules": [{"uid": "cloudfront-x"}]}, "has no title"),
        ({"rules": [{"uid": "cloudfront-x", "title": "X"}]}, "has no data"),
        ({"name": ["x"]}, "must be text"),
    ],
)
def test_an_own_group_that_cannot_be_merged_is_one_sentence(
    fake: FakeGrafana,
    files: Path,
    capsys: pytest.CaptureFixture[str],
    changes: dict[str, object],
    sentence: str,
) -> None:
    (files / "alerting" / "a-own.yaml").write_text(own(**changes))
    assert cli.main(["apply", "--yes", "--from", str(files)]) == 1
    error = capsys.readouterr().err
    assert sentence in error
    assert error.count("\n") == 1
    assert fake.writes() == []


def test_two_rules_of_one_title_and_a_rule_twice_are_refused(start: Start) -> None:
    built = push_samples.built()
    push = start()
    same_title = own(
        name="Other", rules=[push_samples.rule("cloudfront", "other", "Errors are up")]
    )
    with pytest.raises(PushError, match="the alert rule 'Errors are up' is there twice"):
        push.desired({**built, "alerting/own.yaml": same_title})
    twice = own(name="Other", rules=[push_samples.rule("cloudfront", "errors", "Other")])
    with pytest.raises(PushError, match="uid 'cloudfront-errors' is used twice"):
        push.desired({**built, "alerting/own.yaml": twice})
    with pytest.raises(PushError, match="leaves the notification policies alone"):
        push.desired({**built, "alerting/own.yaml": "policies: [{receiver: x}]"})
    with pytest.raises(PushError, match="Template 'cloudfront' is there twice"):
        push.desired({**built, "alerting/own.yaml": "templates: [{name: cloudfront, template: x}]"})


def test_text_and_numbers_are_read_as_grafana_reads_them(start: Start) -> None:
    text = """\
groups:
  - {name: Own, folder: CloudFront alerts, interval: 1m, rules: [
    {uid: cloudfront-own, title: 2026-01-01, condition: A, for: 500ms, labels:
    {version: 1.50, hex: 0x1F, at: 12:30:45, answer: yes}, data: [{refId: A, datasourceUid:
    cloudfront-timestream, relativeTimeRange: {from: 600, to: 0}, model: {limit: 5e+06}}]}]}
muteTimes:
  - {name: cloudfront-own, time_intervals: [{times: [{start_time: 22:00, end_time: 23:30}]}]}
"""
    desired = start().desired({**push_samples.built(), "alerting/own.yaml": text})
    [rule] = [rule for g in desired.groups for rule in g.rules if rule["uid"] == "cloudfront-own"]
    assert rule["title"] == "2026-01-01"
    assert rule["labels"] == {"version": "1.50", "hex": "0x1F", "at": "12:30:45", "answer": "yes"}
    assert rule["data"][0]["model"] == {"limit": 5_000_000}
    assert rule["for"] == "500ms"
    assert desired.mute_timings[-1].intervals[0]["times"][0]["start_time"] == "22:00"


# A data source that is there


@pytest.mark.slow
@pytest.mark.parametrize("uid", ["P19C52D8B9DB6E3A5", "my_ts", "ts1", "Old.Style uid"])
def test_a_data_source_that_is_there_has_any_uid(fake: FakeGrafana, uid: str) -> None:
    fake.datasources[uid] = {
        **dict.fromkeys(("name", "access", "url"), f"n{uid}"),
        "type": "grafana-timestream-datasource",
        "jsonData": place(),
        "secrets": {},
        "readOnly": True,
    }
    assert cli.main(["apply", "--yes", "--datasource", uid]) == 0
    assert set(fake.datasources) == {uid}
    asked = {
        query["datasourceUid"] for rule in fake.alerting.rules.values() for query in rule["data"]
    }
    assert asked == {uid, "__expr__"}
    for dashboard in fake.dashboards.values():
        assert "cloudfront-timestream" not in str(dashboard["versions"][-1])
    assert cli.main(["plan", "--exit-code", "--datasource", uid]) == 0


@pytest.mark.slow
@pytest.mark.parametrize(
    ("kind", "settings", "sentence"),
    [
        ("prometheus", place(), "is of type prometheus"),
        (None, place(defaultDatabase='"other"'), "reads from the database 'other'"),
        (None, place(defaultTable="other"), "reads from the table 'other'"),
        (None, place(defaultTable=""), "names no table"),
        (None, {}, "names no database"),
    ],
)
@pytest.mark.parametrize("source", [True, False])
def test_what_the_chosen_data_source_is_and_reads_is_checked(
    fake: FakeGrafana,
    files: Path,
    capsys: pytest.CaptureFixture[str],
    kind: str | None,
    settings: dict[str, Any],
    sentence: str,
    source: bool,
) -> None:
    made = {"kind": kind} if kind else {}
    fake.user_makes_datasource("ts1", jsonData=settings, **made)
    more = ["--from", str(files)] if source else []
    assert cli.main(["apply", "--yes", "--datasource", "ts1", *more]) == 1
    error = capsys.readouterr().err
    assert sentence in error
    assert error.count("\n") == 1
    assert fake.writes() == []


@pytest.mark.slow
def test_our_own_data_source_can_be_the_chosen_one(fake: FakeGrafana) -> None:
    """It is not taken away under the dashboards that go on asking it."""
    where = ["--region", "eu-west-1", "--datasource", "cloudfront-timestream"]
    assert cli.main(["apply", "--yes"]) == 0
    assert cli.main(["plan", "--exit-code", *where]) == 0
    assert cli.main(["apply", "--yes", *where]) == 0
    assert set(fake.datasources) == {"cloudfront-timestream"}


@pytest.mark.slow
def test_another_place_is_right_when_it_is_said(fake: FakeGrafana) -> None:
    elsewhere = place(defaultDatabase='"logs"', defaultTable='"lines"')
    fake.user_makes_datasource("ts1", jsonData=elsewhere)
    arguments = ["--datasource", "ts1", "--database", "logs", "--table", "lines"]
    assert cli.main(["apply", "--yes", *arguments]) == 0


def test_the_chosen_data_source_is_put_into_built_files(fake: FakeGrafana, files: Path) -> None:
    fake.user_makes_datasource("ts1", jsonData=place())
    (files / "alerting" / "own.yaml").write_text(own())
    arguments = ["--from", str(files), "--datasource", "ts1"]
    assert cli.main(["apply", "--yes", *arguments]) == 0
    assert set(fake.datasources) == {"ts1"}
    asked = {
        query["datasourceUid"] for rule in fake.alerting.rules.values() for query in rule["data"]
    }
    assert asked == {"ts1", "__expr__"}
    variables = [
        variable["current"]["value"]
        for dashboard in fake.dashboards.values()
        for variable in dashboard["versions"][-1]["data"]["templating"]["list"]
        if variable["type"] == "datasource"
    ]
    assert set(variables) == {"ts1"}
    assert cli.main(["plan", "--exit-code", *arguments]) == 0


@pytest.mark.slow
def test_a_data_source_that_nobody_has_is_named_with_who_asks_it(
    fake: FakeGrafana, files: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (files / "alerting" / "own.yaml").write_text(own().replace(": timestream", ": timestreem"))
    assert cli.main(["apply", "--yes", "--from", str(files)]) == 1
    error = capsys.readouterr().err
    assert "alert rule 'Our SLA' asks the data source 'timestreem'" in error
    assert fake.writes() == []


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--sampling", "5"], "--sampling has no effect beside --from"),
        (["--layout", "classic"], "--layout has no effect beside --from"),
        (["--channels", "slack"], "--channels has no effect beside --from"),
        (["--title", "X"], "--title has no effect beside --from"),
        (["--personal"], "--personal has no effect beside --from"),
        (["--min-interval", "5m"], "--min-interval has no effect beside --from"),
        (["--datasource", "ts1", "--auth", "keys"], "--auth has no effect beside --datasource"),
        (["--service-account", "4"], "--service-account is for a workspace"),
        (["--token", "x", "--token-file", "y"], "not both"),
        (["--datasource", ""], "--datasource is empty"),
    ],
)
def test_an_option_without_effect_is_refused(
    fake: FakeGrafana,
    files: Path,
    capsys: pytest.CaptureFixture[str],
    arguments: list[str],
    sentence: str,
) -> None:
    assert cli.main(["apply", "--yes", "--from", str(files), *arguments]) == 1
    assert sentence in capsys.readouterr().err
    assert fake.requests == []


def test_the_place_fills_in_files_that_ask_for_it_and_no_others(
    fake: FakeGrafana, files: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    more = ["--from", str(files), "--database", "logs"]
    assert cli.main(["apply", "--yes", *more]) == 0
    assert fake.datasources["timestream"]["jsonData"]["defaultDatabase"] == '"logs"'
    path = files / "datasources" / "timestream.yaml"
    path.write_text(path.read_text().replace("$TIMESTREAM_DATABASE", "mine"))
    assert cli.main(["plan", *more]) == 1
    assert "--database has no effect" in capsys.readouterr().err


# Folders

TITLES = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=60)


@given(TITLES, TITLES)
@example("監視", "本番")
@example("監視 alerts", "本番 alerts")
@example("🔥", "💧")
@example("!!!", "???")
@example("CloudFront alerts", "cloudfront alerts")
@example("CloudFront alerts", "CloudFront-alerts")
@example("caf\u00e9", "cafe\u0301")
@example("A" * 59 + "b", "A" * 59 + "c")
@example("cloudfront", "CloudFront")
def test_two_titles_never_share_a_folder(one: str, other: str) -> None:
    uids = [ownership.folder_uid("cloudfront", title) for title in (one, other)]
    assert (uids[0] == uids[1]) == (one == other)
    assert all(ownership.valid_uid(uid) for uid in uids)
    assert all(ownership.owns_folder("cloudfront", uid) for uid in uids)


def test_the_usual_folders_keep_the_uid_they_always_had() -> None:
    assert ownership.folder_uid("cloudfront", "CloudFront") == "cloudfront-7549fc11"
    alerts = ownership.folder_uid("cloudfront", "CloudFront alerts")
    assert alerts == "cloudfront-alerts-7549fc11"
    green = ownership.folder_uid("green", "CloudFront (green) alerts")
    assert green == f"green-cloudfront-green-alerts-{ownership.mark('green')}"


def test_rules_of_two_folders_in_other_scripts_stay_apart(push: Push) -> None:
    built = push_samples.built()
    rules = built["alerting/rules.yaml"]
    text = rules.replace("CloudFront alerts", "監視", 1).replace("CloudFront alerts", "本番", 1)
    desired = push.desired({**built, "alerting/rules.yaml": text})
    push.apply(desired)
    folders = {uid: folder["title"] for uid, folder in push.fake.folders.items()}
    assert sorted(folders.values()) == sorted(["監視", "本番", "CloudFront"])
    where = {uid: folders[rule["folderUID"]] for uid, rule in push.fake.alerting.rules.items()}
    assert where == {
        "cloudfront-errors": "監視",
        "cloudfront-slow": "監視",
        "cloudfront-lag": "本番",
    }
    assert not push.plan(desired).steps


def test_a_folder_that_an_earlier_version_made_is_used_on(push: Push) -> None:
    """Its uid was of the words alone; nothing in it is moved or made anew."""
    built = {
        path: text.replace("CloudFront alerts", "CDN alarms")
        for path, text in push_samples.built().items()
    }
    desired = push.desired(built)
    push.apply(desired)
    titles = {folder["title"]: uid for uid, folder in push.fake.folders.items()}
    uid = titles["CDN alarms"]
    old = f"cloudfront-cdn-alarms-{ownership.mark('cloudfront')}"
    push.fake.folders[old] = push.fake.folders.pop(uid)
    for rule in push.fake.alerting.rules.values():
        rule["folderUID"] = old
    plan = push.plan(desired)
    assert {change.action for change in plan.changes} == {Action.SAME}
    push.destroy(desired)
    assert push.fake.folders == {}


def test_dashboards_are_in_the_folders_that_their_directories_name(push: Push) -> None:
    built = push_samples.built()
    provider = "providers: [{name: x, type: file, options: {foldersFromFilesStructure: true}}]"
    files = {
        path.replace("dashboards/cloudfront", "dashboards/CDN: production/cloudfront"): text
        for path, text in built.items()
    } | {"dashboards/provider.yaml": provider}
    desired = push.desired(files)
    push.apply(desired)
    titles = {folder["title"] for folder in push.fake.folders.values()}
    assert titles == {"CDN: production", "CloudFront alerts"}
    with pytest.raises(PushError, match="is in no folder"):
        push.desired({**built, "dashboards/provider.yaml": provider})


def test_a_plan_says_what_is_left_of_a_quota_of_rules(push: Push) -> None:
    push.fake.alerting.rules["theirs"] = {
        **push_samples.rule("x", "y", "Theirs"),
        "uid": "theirs",
        "folderUID": "f",
        "ruleGroup": "g",
        "provenance": "",
        "interval": 60,
    }

    def said(**options: Any) -> str:
        return " ".join(push.plan(quota=options.pop("quota", 100), **options).notes)

    expected = "3 of this bundle and 1 others, of a quota of 100: 96 left"
    assert expected in said()
    push.apply()
    assert expected in said()
    assert "0 of this bundle and 1 others, of a quota of 100: 99 left" in said(remove=True)
    assert "1 too many" in said(quota=3)
    assert "quota" not in said(quota=None)


@pytest.mark.parametrize(
    ("url", "quota"),
    [
        ("https://g-0123456789.grafana-workspace.eu-west-1.amazonaws.com", 100),
        ("https://grafana.example.com", None),
        ("http://localhost:3000", None),
    ],
)
def test_a_workspace_has_the_quota_however_it_is_named(url: str, quota: int | None) -> None:
    target = targets.Target(url, None, Bundle(), None, None, None)
    assert target.quota == quota
