"""What has to hold for every rule, whatever its line is."""

import json
import re
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from dashboards import alerts, build
from dashboards.alerts import contact_points, messages, thresholds
from dashboards.alerts.files import MOST_INSTANCES, left_out, most_instances
from dashboards.alerts.rules import PARTS, RULES, SEVERITIES
from dashboards.alerts.shipped import SHIPPED
from ruletest import rulefile
from ruletest.annotations import template_problem
from ruletest.delivery import AnySetting, read
from tests.support.usual import ON, Bundle

ROOT = Path(__file__).resolve().parents[2]
# For a test that shows what holds for all on some that it names.
NAMED = pytest.mark.skipif(
    not {"errors-4xx", "errors-5xx", "cache-hits", "first-byte"} <= ON,
    reason="a rule that it names is off",
)
BUNDLES = {
    "default": Bundle(),
    "classic": Bundle(layout="classic"),
    "sampled": Bundle(sampling=5),
    "original fields": Bundle(
        fields=(
            "timestamp", "c-ip", "time-to-first-byte", "sc-status", "sc-bytes", "cs-uri-stem",
            "x-edge-location", "x-edge-result-type", "c-country",
        )
    ),
    "few fields": Bundle(fields=("timestamp", "sc-status", "c-country")),
    "green": Bundle(name="green", title="CloudFront green"),
    "every channel": Bundle(channels=tuple(contact_points.VARIABLES)),
}  # fmt: skip


@cache
def _built(bundle: Bundle) -> dict[str, str]:
    return build(bundle)


def _alerting(bundle: Bundle) -> dict[str, str]:
    return {name: text for name, text in _built(bundle).items() if name.startswith("alerting/")}


@cache
def _content(bundle: Bundle) -> dict[str, Any]:
    return yaml.safe_load(_alerting(bundle)["alerting/rules.yaml"])


def _rules(bundle: Bundle) -> dict[str, dict[str, Any]]:
    content = _content(bundle)
    return {rule["uid"]: rule for group in content["groups"] for rule in group["rules"]}


def _files(bundle: Bundle) -> list[rulefile.AlertFile]:
    built = _alerting(bundle)
    return [rulefile.from_text(text, name, AnySetting()) for name, text in built.items()]


@pytest.mark.parametrize("bundle", BUNDLES.values(), ids=list(BUNDLES))
class TestEveryBundle:
    @pytest.mark.slow
    def test_grafana_reads_all_of_every_file(self, bundle: Bundle) -> None:
        """No key that Grafana ignores, no empty setting, no template that does not parse."""
        delivery = read(_files(bundle), AnySetting())
        for file in _files(bundle):
            for rule in file.rules:
                assert rule.settings
                assert rule.settings.receiver in delivery.contact_points

    @pytest.mark.slow
    def test_it_is_built_the_same_twice(self, bundle: Bundle) -> None:
        assert alerts.build(bundle) == _alerting(bundle)

    def test_its_rules_text_has_no_dollar_that_grafana_would_take(self, bundle: Bundle) -> None:
        """Files expand $NAME in titles and labels, and newer Grafanas ${NAME} in annotations."""
        for rule in _rules(bundle).values():
            spoken = {k: v for k, v in rule.items() if k not in ("data", "notification_settings")}
            assert "$" not in json.dumps(spoken)

    @pytest.mark.slow
    def test_its_annotations_can_be_rendered(self, bundle: Bundle) -> None:
        for file in _files(bundle):
            for rule in file.rules:
                parts = RULES[rule.uid.removeprefix(f"{bundle.name}-")].parts
                for part in parts or [None]:
                    labels = {"part": part.name if part else "", "name": "x"}
                    for template in (*rule.annotations.values(), *rule.labels.values()):
                        assert template_problem(template, labels, ["A", "B", "C", "N"]) == ""

    def test_its_rules_never_look_at_the_newest_part(self, bundle: Bundle) -> None:
        for rule in _rules(bundle).values():
            for query in rule["data"]:
                if query["datasourceUid"] != "__expr__":
                    assert query["relativeTimeRange"]["to"] >= thresholds.load().delay

    def test_its_queries_can_alert(self, bundle: Bundle) -> None:
        """One number, else text; no time column; every page; a step that is said."""
        for rule in _rules(bundle).values():
            for query in rule["data"]:
                if query["datasourceUid"] == "__expr__":
                    continue
                model = query["model"]
                assert (model["format"], model["waitForResult"]) == (0, True)
                assert model["intervalMs"] > 0
                sql = model["rawQuery"]
                assert len(re.findall(r"AS value\b", sql)) >= 1
                assert "$__timeTo" in sql or "$__timeFilter" in sql
                assert "measure_name = " in sql
                assert "now()" not in sql
                assert "ago(" not in sql
                assert "${" not in sql

    def test_what_it_does_not_build_it_deletes(self, bundle: Bundle) -> None:
        content = _content(bundle)
        deleted = {each["uid"] for each in content["deleteRules"]}
        assert deleted | set(_rules(bundle)) == {bundle.uid(name) for name in SHIPPED}
        assert not deleted & set(_rules(bundle))

    def test_its_links_lead_to_panels_that_exist(self, bundle: Bundle) -> None:
        made = _built(bundle)
        for rule in _rules(bundle).values():
            notes = rule["annotations"]
            assert (
                ("__dashboardUid__" in notes) == ("__panelId__" in notes) == ("dashboard" in notes)
            )
            if "dashboard" in notes:
                board = json.loads(
                    made[f"dashboards/{bundle.title}/{notes['__dashboardUid__']}.json"]
                )
                ids = {str(panel["id"]) for panel in board["panels"]}
                assert notes["__panelId__"] in ids
                assert f"viewPanel={notes['__panelId__']}" in notes["dashboard"]


@pytest.mark.parametrize(
    ("rule", "title"),
    [("errors-5xx", "5xx rate"), ("traffic-lost", "Requests per second")],
)
def test_a_rule_that_judges_the_whole_site_too_is_drawn_on_the_overview(
    rule: str, title: str
) -> None:
    """Grafana draws a rule's state on one panel; the overview is looked at first."""
    bundle = Bundle()
    if bundle.uid(rule) not in _rules(bundle):
        pytest.skip("the rule is off")
    notes = _rules(bundle)[bundle.uid(rule)]["annotations"]
    assert notes["__dashboardUid__"] == bundle.uid("overview")
    board = json.loads(_built(bundle)[f"dashboards/{bundle.title}/{bundle.uid('overview')}.json"])
    titles = {str(panel["id"]): panel.get("title") for panel in board["panels"]}
    assert titles[notes["__panelId__"]] == title


def test_a_message_about_requests_links_a_panel_of_requests() -> None:
    """Bytes may fall while requests do not, and the other way round."""
    about = {name: part for name, part in PARTS.items() if part.question.signal == "requests"}
    assert {"site-lost", "country-silent"} <= set(about)
    assert {part.panel[0] for part in about.values()} == {"request_rate"}
    assert {part.panel[0] for name, part in PARTS.items() if "egress-spike" in name} == {
        "byte_rate"
    }


def test_what_a_message_links_begins_before_its_window() -> None:
    """Whatever the window is: an alert about a day links more than a day."""
    limits = thresholds.load().rules
    for name in PARTS:
        window = limits[name].window
        assert int(messages.hours(window) or 1) * 3600 >= window + 1800, name
    assert messages.hours(1800) == ""
    assert [messages.hours(each * 3600) for each in (1, 6, 24, 48, 72, 9999)] == [
        "2", "7", "25", "73", "73", "721",
    ]  # fmt: skip


def test_every_rule_that_asks_links_a_panel() -> None:
    for uid, rule in _rules(Bundle()).items():
        assert uid == "cloudfront-smoke" or "dashboard" in rule["annotations"], uid


def test_a_rule_was_shipped_before_it_is_ever_removed() -> None:
    """Grafana keeps a rule that vanishes from its files, so shipped.py remembers every name."""
    assert set(RULES) <= set(SHIPPED), "add the new rule's name to dashboards/alerts/shipped.py"


def test_the_committed_files_name_no_rule_that_was_forgotten() -> None:
    text = (ROOT / "provisioning/alerting/rules.yaml").read_text()
    committed = set(re.findall(r"^ *-? uid: cloudfront-(\S+)$", text, re.MULTILINE))
    assert committed <= set(SHIPPED), "a rule was removed: keep its name in shipped.py"


def test_all_rules_together_leave_room_for_the_users_own() -> None:
    limits = thresholds.load()
    together = sum(most_instances(rule, limits.rules[name]) for name, rule in RULES.items())
    assert together <= MOST_INSTANCES - 40


def test_every_rule_has_its_threshold_and_every_threshold_its_rule() -> None:
    assert set(thresholds.load().rules) == set(RULES) | set(PARTS)


@pytest.mark.parametrize("rule", RULES.values(), ids=list(RULES))
def test_a_rule_waits_for_at_least_one_more_evaluation(rule: Any) -> None:
    """Grafana looks once an interval: a shorter `for` would promise what cannot be."""
    every = {"1m": 60, "5m": 300, "30m": 1800}[rule.every]
    pending = thresholds.load().rules[rule.name].pending
    assert pending == 0 or pending >= every


@pytest.mark.parametrize("rule", RULES.values(), ids=list(RULES))
def test_a_rule_says_why_it_is_there_and_what_silence_means(rule: Any) -> None:
    assert rule.severity in SEVERITIES
    assert rule.why.endswith(".")
    assert all(reason for _, reason in (rule.no_data, rule.error))
    assert all("{line}" in part.summary for part in rule.parts)
    assert rule.parts or rule.summary


@pytest.mark.parametrize("name", sorted(PARTS))
def test_a_part_has_hysteresis_where_its_number_can_hover(name: str) -> None:
    """A line that arrives is a sign of life at once."""
    limit = thresholds.load().rules[name]
    if limit.enabled and name != "pipeline-silent":
        assert limit.recover is not None


@NAMED
def test_fields_that_are_not_collected_leave_rules_out_and_say_which() -> None:
    gone = left_out(BUNDLES["original fields"])
    assert gone["host-5xx"] == "cs-host is not among the collected log fields"
    assert {"behavior-5xx", "cache-hits", "origin-fbl-p95"} <= set(gone)
    assert not {"country-5xx", "errors-5xx", "first-byte", "pipeline-silent"} & set(gone)


@NAMED
def test_a_rule_goes_on_without_the_parts_whose_fields_are_not_collected() -> None:
    rule = _rules(BUNDLES["few fields"])["cloudfront-errors-5xx"]
    asked = json.dumps(rule)
    for part in RULES["errors-5xx"].parts:
        there = part.question.dimension in (None, "country")
        assert (f"'{part.name}' AS part" in asked) == there, part.name
        assert (part.name in rule["annotations"]["summary"]) == there, part.name


@NAMED
def test_a_cause_is_looked_for_in_the_fields_that_are_collected() -> None:
    rule = _rules(BUNDLES["few fields"])["cloudfront-errors-5xx"]
    cause = {each["refId"]: each for each in rule["data"]}["C"]["model"]["rawQuery"]
    assert "c_country" in cause
    assert not re.search("uri|edge_location|result_type|cs_host", cause)
    assert "URI" not in cause


@NAMED
def test_the_traffic_gate_counts_logged_lines_whatever_the_sampling() -> None:
    """A scaled count of 500 may be 25 lines, of which two errors would be a rate of 8 %."""
    for uid, rule in _rules(Bundle()).items():
        queries_ = [query["model"] for query in rule["data"] if query["refId"] in "AN"]
        sampled = [
            query["model"]
            for query in _rules(Bundle(sampling=5))[uid]["data"]
            if query["refId"] in "AN"
        ]
        assert queries_ == sampled


def test_the_rules_of_two_bundles_do_not_meet() -> None:
    blue, green = _rules(Bundle()), _rules(BUNDLES["green"])
    assert not set(blue) & set(green)
    assert {rule["labels"]["bundle"] for rule in green.values()} == {"green"}
    assert all(
        rule["notification_settings"]["receiver"].startswith("green-") for rule in green.values()
    )


class TestContactPoints:
    def test_without_channels_nobody_is_told_and_the_policy_tree_decides(self) -> None:
        built = alerts.build(Bundle(channels=()))
        assert "alerting/contact-points.yaml" not in built
        rules = _rules(Bundle(channels=()))
        assert not any("notification_settings" in rule for rule in rules.values())

    def test_a_pager_gets_what_is_critical_only(self) -> None:
        points = contact_points.contact_points(Bundle(channels=("pagerduty", "slack")))
        types = {point["name"]: [r["type"] for r in point["receivers"]] for point in points}
        assert types == {
            "cloudfront-critical": ["pagerduty", "slack"],
            "cloudfront-warning": ["slack"],
            "cloudfront-info": ["slack"],
        }

    @NAMED
    def test_a_severity_without_a_channel_has_no_contact_point(self) -> None:
        rules = _rules(Bundle(channels=("pagerduty",)))
        assert "notification_settings" in rules["cloudfront-errors-5xx"]
        assert "notification_settings" not in rules["cloudfront-errors-4xx"]

    def test_a_channel_that_there_is_none_of_is_refused_with_the_nearest(self) -> None:
        with pytest.raises(ValueError, match=r"did you mean 'pagerduty'\?"):
            alerts.build(Bundle(channels=("pagerdutty",)))

    def test_sns_is_set_up_as_the_grafana_at_hand_wants_it(self) -> None:
        arn = "arn:aws:sns:us-east-1:123456789012:grafana-alerts"
        shapes = {
            shape: contact_points.settings(Bundle(), "sns", arn, shape)
            for shape in contact_points.SNS_SHAPES
        }
        assert set(shapes["oss"]) == {"topic_arn", "sigv4", "subject", "message"}
        assert set(shapes["amg"]) == {"topic_arn", "subject"}
        assert shapes["amg-legacy"]["topic"] == arn

    def test_nothing_uses_the_example_of_a_mute_timing(self) -> None:
        assert "cloudfront-weekends" not in alerts.build(Bundle())["alerting/rules.yaml"]
