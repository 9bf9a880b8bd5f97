"""Provisioning files are read as Grafana reads them, and what it would ignore is an error."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from ruletest import durations, rulefile
from ruletest.delivery import AnySetting, read
from ruletest.yamlfile import FileError, expand, parse, written

RULE: dict[str, Any] = {
    "uid": "r",
    "title": "Rate",
    "condition": "A",
    "data": [
        {
            "refId": "A",
            "datasourceUid": "ts",
            "relativeTimeRange": {"from": 360, "to": 60},
            "model": {"rawQuery": "SELECT $__timeFilter", "waitForResult": True},
        }
    ],
}


def load(change: Callable[[dict[str, Any]], object], env: dict[str, str] | None = None) -> Any:
    rule = yaml.safe_load(yaml.safe_dump(RULE))
    group = {"name": "g", "folder": "f", "interval": "1m", "rules": [rule]}
    change(rule)
    content = {"apiVersion": 1, "groups": [group]}
    return rulefile.from_text(yaml.safe_dump(content), "rules.yaml", env or {}).rules[0]


def put(**fields: object) -> Callable[[dict[str, Any]], object]:
    return lambda rule: rule.update(fields)


class TestRules:
    def test_a_rule_has_grafanas_defaults(self) -> None:
        rule = load(put())
        assert (rule.no_data, rule.exec_err) == ("NoData", "Alerting")
        assert (rule.pending, rule.keep_firing, rule.missing_evals) == (0, 0, 2)
        assert (rule.interval, rule.folder, rule.group, rule.paused) == (60, "f", "g", False)

    @pytest.mark.parametrize(
        ("change", "says"),
        [
            (
                put(keep_firing_for="5m"),
                "does not read 'keep_firing_for'; did you mean 'keepFiringFor'",
            ),
            (put(title=""), "rule has no title set"),
            (put(uid="a b"), "uid 'a b' must be 1 to 40"),
            (put(uid="x" * 41), "must be 1 to 40"),
            (put(condition="Z"), "condition 'Z' does not exist"),
            (put(data=[]), "no data set"),
            (put(**{"for": "5 minutes"}), "not a valid duration"),
            (put(noDataState="No Data"), "unknown state option 'No Data'"),
            (put(execErrState="NoData"), "unknown state option 'NoData'"),
            (put(annotations={"__panelId__": "4"}), "both annotations"),
            (put(annotations={"__dashboardUid__": "d", "__panelId__": "x"}), "valid integer"),
            (put(labels={"__grafana_receiver__": "x"}), "cannot be defined"),
            (put(notification_settings={"receiver": ""}), "receiver must not be empty"),
            (put(notification_settings={"reciever": "x"}), "did you mean 'receiver'"),
            (put(notification_settings={"receiver": "x", "group_wait": "soon"}), "valid duration"),
            (put(missing_series_evals_to_resolve=0), "greater than 0"),
            (lambda r: r["data"][0].update(relativeTimeRange={"from": "6m"}), "whole seconds"),
            (
                lambda r: r["data"][0].update(relativeTimeRange={"from": 60, "to": 60}),
                "in the past",
            ),
            (lambda r: r["data"][0].update(model="SELECT 1"), "model must be a mapping"),
            (lambda r: r["data"][0].update(query="SELECT 1"), "does not read 'query'"),
            (lambda r: r["data"][0].pop("datasourceUid"), "datasourceUid must be set"),
        ],
    )
    def test_what_grafana_refuses_or_ignores_is_an_error(
        self, change: Callable[[dict[str, Any]], object], says: str
    ) -> None:
        with pytest.raises(FileError) as refused:
            load(change)
        assert says in str(refused.value)
        assert str(refused.value).startswith("rules.yaml: ")

    @pytest.mark.parametrize(
        ("group", "says"),
        [
            ({"folder": "f", "interval": "1m"}, "rule group has no name set"),
            ({"name": "g", "interval": "1m"}, "rule group has no folder set"),
            ({"name": "g", "folder": "f", "interval": "15s"}, "positive multiple of 10s"),
            ({"name": "g", "folder": "f", "interval": ""}, "not a valid duration"),
            ({"name": "g", "folder": "f", "every": "1m"}, "does not read 'every'"),
        ],
    )
    def test_a_group_needs_name_folder_and_interval(self, group: dict, says: str) -> None:
        text = yaml.safe_dump({"apiVersion": 1, "groups": [group]})
        with pytest.raises(FileError, match=says):
            rulefile.from_text(text, "rules.yaml")

    def test_a_uid_belongs_to_one_rule(self) -> None:
        group = {"name": "g", "folder": "f", "interval": "1m", "rules": [RULE, RULE]}
        with pytest.raises(FileError, match="'r' is used by more than one rule"):
            rulefile.from_text(yaml.safe_dump({"groups": [group]}), "rules.yaml")


class TestEnvironment:
    @pytest.mark.parametrize(
        ("text", "expanded"),
        [
            ("$NAME", "value"), ("${NAME}", "value"), ("$__env{NAME}", "value"), ("$UNSET", ""),
            ("$$NAME", "$NAME"), ("a $ b", "a $ b"), ("$5", ""), ("^foo$", "^foo$"),
            ("${labels.device}", ""), ("$NAME.x", "value.x"), ("cost: $$5", "cost: $5"),
        ],
    )  # fmt: skip
    def test_grafana_expands_variables_by_its_own_rules(self, text: str, expanded: str) -> None:
        assert expand(text, {"NAME": "value"}) == expanded

    def test_it_eats_the_dollar_of_a_templates_variable_in_labels_only(self) -> None:
        """That is why text here says `.Labels.x`, never `$labels.x`."""
        texts = {"x": "{{ $labels.country }}"}
        rule = load(put(labels=texts, annotations=texts, title="$NAME"), {"NAME": "Rate"})
        assert rule.labels == {"x": "{{ .country }}"}
        assert rule.annotations == texts
        assert rule.title == "Rate"
        assert rule.data[0].model["rawQuery"] == "SELECT $__timeFilter"


class TestYaml:
    def test_only_true_and_false_are_booleans(self) -> None:
        assert parse("a: yes\nb: on\nc: true\nd: 2026-01-05", "x") == {
            "a": "yes", "b": "on", "c": True, "d": "2026-01-05",
        }  # fmt: skip

    @given(st.text(st.characters(exclude_categories=["Cs", "Cc"])))
    def test_a_text_comes_back_as_it_was_written(self, text: str) -> None:
        """In quotes; PyYAML leaves them out of some texts that Go's YAML takes for numbers."""
        quoted = yaml.safe_dump({"k": text}, allow_unicode=True, default_style='"')
        content = parse(quoted, "x")
        assert written(content, "k", "x") == content["k"] == text

    @pytest.mark.parametrize("text", ["a: 1\na: 2", "a: [", "- 1", ""])
    def test_what_is_no_mapping_is_refused(self, text: str) -> None:
        with pytest.raises(FileError, match="x: "):
            parse(text, "x")


class TestContactPoints:
    def files(self, **content: object) -> list[rulefile.AlertFile]:
        return [rulefile.from_text(yaml.safe_dump({"apiVersion": 1, **content}), "cp.yaml")]

    def point(self, kind: str, **settings: object) -> dict[str, Any]:
        receiver = {"uid": "x", "type": kind, "settings": settings}
        return {"contactPoints": [{"orgId": 1, "name": "ops", "receivers": [receiver]}]}

    @pytest.mark.parametrize(
        ("kind", "settings"),
        [
            ("email", {}), ("slack", {"title": "x"}), ("webhook", {"url": "$UNSET"}),
            ("pagerduty", {"integrationKey": ""}), ("sns", {"subject": "x"}),
        ],
    )  # fmt: skip
    def test_an_empty_setting_would_stop_grafana(self, kind: str, settings: dict) -> None:
        with pytest.raises(FileError, match=rf"could not find .* in settings of the {kind}"):
            read(self.files(**self.point(kind, **settings)), {})

    def test_addresses_come_from_the_environment(self) -> None:
        files = self.files(**self.point("email", addresses="$ALERTS_EMAIL"))
        delivery = read(files, {"ALERTS_EMAIL": "ops@example.com"})
        assert delivery.contact_points["ops"][0].settings["addresses"] == "ops@example.com"

    @pytest.mark.parametrize(
        ("text", "says"),
        [
            ('{{- define "x" -}}a{{- end -}}', "unexpected {{define}}"),
            ('{{ define "x" }}{{ nope 1 }}{{ end }}', 'function "nope" not defined'),
            ('{{ define "x" }}{{ if', "unclosed action"),
        ],
    )
    def test_a_template_that_does_not_parse_would_stop_grafana(self, text: str, says: str) -> None:
        with pytest.raises(FileError) as refused:
            read(self.files(templates=[{"orgId": 1, "name": "x", "template": text}]), {})
        assert says in str(refused.value)

    def test_a_template_without_define_is_wrapped_in_its_name(self) -> None:
        files = self.files(templates=[{"orgId": 1, "name": "x", "template": "hello"}])
        assert list(read(files, AnySetting()).templates) == ["x"]


@pytest.mark.parametrize(
    ("text", "seconds"), [("0s", 0), ("90s", 90), ("1h30m", 5400), ("1d", 86400), ("500ms", 0.5)]
)
def test_durations_are_prometheus_s(text: str, seconds: float) -> None:
    assert durations.seconds(text) == seconds


@pytest.mark.parametrize("text", ["", "5", "1.5h", "m5", "30m1h", "-5m"])
def test_what_prometheus_does_not_read_is_no_duration(text: str) -> None:
    with pytest.raises(ValueError, match="not a valid duration"):
        durations.seconds(text)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(FileError, match=r"rules\.yaml: cannot be read"):
        rulefile.load_file(tmp_path / "rules.yaml")
