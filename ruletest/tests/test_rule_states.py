"""The states of instances over evaluations, as Grafana's state manager keeps them.

https://grafana.com/docs/grafana/latest/alerting/fundamentals/alert-rule-evaluation/
"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from dashboards.stores.timestream.frames import Field, Frame
from ruletest import rulefile
from ruletest.engine import Run
from ruletest.state import Instance
from ruletest.values import EvaluationError

START = datetime(2026, 1, 5, 12, tzinfo=UTC)
Answer = dict[str, float] | str | None


class Told:
    """A data source that answers what it is told to: values by country, an error, or nothing."""

    def __init__(self) -> None:
        self.answer: Answer = None

    def run(self, model: object, start: datetime, end: datetime) -> list[Frame]:
        if isinstance(self.answer, str):
            raise EvaluationError(self.answer)
        rows = self.answer or {}
        return [
            Frame(
                [
                    Field("country", "string", list(rows)),
                    Field("value", "number", list(rows.values())),
                ]
            )
        ]


RULE = """
apiVersion: 1
groups:
  - name: g
    folder: f
    interval: 1m
    rules:
      - uid: r
        title: Rate
        condition: B
        {knobs}
        labels: {{severity: critical}}
        annotations: {{summary: '{{{{ .Labels.country }}}} at {{{{ .Values.A }}}}'}}
        data:
          - refId: A
            datasourceUid: ts
            relativeTimeRange: {{from: 360, to: 60}}
            model: {{rawQuery: SELECT 1}}
          - refId: B
            datasourceUid: __expr__
            model:
              type: threshold
              expression: A
              conditions:
                - evaluator: {{type: gt, params: [10]}}
                  {unload}
"""


class Evaluations:
    """A rule of one threshold, evaluated a minute at a time."""

    def __init__(self, knobs: str, unload: str) -> None:
        text = RULE.format(knobs=knobs.replace("; ", "\n        "), unload=unload)
        [rule] = rulefile.from_text(text, "test").rules
        self.source = Told()
        self.run = Run([rule], {"ts": self.source})
        self.at = START
        self.touched: list[Instance] = []

    def __call__(self, *answers: Answer) -> list[str]:
        """Evaluate once for each answer; return the states after the last."""
        for answer in answers:
            self.source.answer = answer
            self.touched = self.run.evaluate(self.at)
            self.at += timedelta(minutes=1)
        return [f"{i.state}({i.reason})" if i.reason else i.state for i in self.run.instances]

    @property
    def only(self) -> Instance:
        [instance] = self.run.instances
        return instance


@pytest.fixture
def evaluations() -> Callable[..., Evaluations]:
    def make(knobs: str = "for: 0s", unload: str = "") -> Evaluations:
        return Evaluations(knobs, unload)

    return make


Make = Callable[..., Evaluations]
HIGH, LOW = {"BR": 20.0}, {"BR": 5.0}


class TestFiring:
    def test_it_fires_at_once_without_for(self, evaluations: Make) -> None:
        rule = evaluations()
        assert rule(LOW) == ["Normal"]
        assert rule(HIGH) == ["Alerting"]
        assert rule.only.annotations == {"summary": "BR at 20"}
        assert rule.only.alert_labels == {
            "__alert_rule_uid__": "r", "alertname": "Rate", "country": "BR",
            "grafana_folder": "f", "severity": "critical",
        }  # fmt: skip

    def test_it_waits_for_as_long_as_for_says(self, evaluations: Make) -> None:
        rule = evaluations("for: 2m")
        assert rule(HIGH) == ["Pending"]
        assert rule(HIGH) == ["Pending"]
        assert rule(HIGH) == ["Alerting"]
        assert rule.only.fired == START + timedelta(minutes=2)

    def test_one_good_evaluation_starts_the_wait_anew(self, evaluations: Make) -> None:
        assert evaluations("for: 2m")(HIGH, HIGH, LOW, HIGH, HIGH) == ["Pending"]

    def test_it_resolves_with_the_first_good_evaluation(self, evaluations: Make) -> None:
        rule = evaluations()
        assert rule(HIGH, LOW) == ["Normal"]
        assert rule.only.resolved
        rule(LOW)
        assert not rule.only.resolved

    def test_it_keeps_firing_while_it_recovers(self, evaluations: Make) -> None:
        rule = evaluations("for: 0s; keepFiringFor: 2m")
        assert rule(HIGH, LOW) == ["Recovering"]
        assert rule.only.firing
        assert rule(HIGH) == ["Alerting"]
        assert rule(LOW, LOW) == ["Recovering"]
        assert rule(LOW) == ["Normal"]
        assert rule.only.resolved
        assert rule.only.fired == START

    def test_it_recovers_at_its_own_line(self, evaluations: Make) -> None:
        rule = evaluations(unload="unloadEvaluator: {type: lt, params: [5]}")
        assert rule({"BR": 7.0}) == ["Normal"]
        assert rule(HIGH, {"BR": 7.0}) == ["Alerting"]
        assert rule({"BR": 5.0}) == ["Alerting"]
        assert rule({"BR": 4.9}, {"BR": 7.0}) == ["Normal"]

    def test_what_waits_faces_the_recovery_line_too(self, evaluations: Make) -> None:
        rule = evaluations("for: 2m", unload="unloadEvaluator: {type: lt, params: [5]}")
        assert rule(HIGH, {"BR": 7.0}, {"BR": 7.0}) == ["Alerting"]

    def test_instances_live_their_own_lives(self, evaluations: Make) -> None:
        rule = evaluations("for: 1m")
        rule({"BR": 20.0, "DE": 1.0}, {"BR": 20.0, "DE": 30.0})
        assert {i.labels["country"]: i.state for i in rule.run.instances} == {
            "BR": "Alerting",
            "DE": "Pending",
        }


class TestMissing:
    def test_an_instance_no_longer_returned_is_resolved_after_two_evaluations(
        self, evaluations: Make
    ) -> None:
        rule = evaluations()
        assert rule(HIGH, {"DE": 1.0}) == ["Alerting", "Normal"]
        assert rule({"DE": 1.0}) == ["Normal"]
        [gone] = [each for each in rule.touched if each.labels["country"] == "BR"]
        assert (gone.reason, gone.resolved) == ("MissingSeries", True)

    def test_the_rule_can_say_after_how_many(self, evaluations: Make) -> None:
        rule = evaluations("for: 0s; missing_series_evals_to_resolve: 1")
        assert rule(HIGH, {"DE": 1.0}) == ["Normal"]


class TestNoData:
    def test_it_is_an_alert_of_its_own(self, evaluations: Make) -> None:
        rule = evaluations("noDataState: NoData")
        assert rule(None) == ["NoData"]
        labels = rule.only.alert_labels
        assert labels["alertname"] == "DatasourceNoData"
        assert (labels["rulename"], labels["ref_id"], labels["datasource_uid"]) == (
            "Rate",
            "A",
            "ts",
        )
        assert rule(LOW) == ["Normal"]
        [gone] = [each for each in rule.touched if each.resolved]
        assert gone.alert_labels["alertname"] == "DatasourceNoData"

    def test_ok_resolves_what_fires(self, evaluations: Make) -> None:
        rule = evaluations("noDataState: OK")
        assert rule(HIGH, None) == ["Normal(NoData)"]
        assert rule.only.labels["country"] == "BR"
        assert rule.only.resolved

    def test_alerting_fires_all_that_is_known(self, evaluations: Make) -> None:
        rule = evaluations("noDataState: Alerting; for: 1m")
        assert rule(LOW, None) == ["Pending(NoData)"]
        assert rule(None) == ["Alerting(NoData)"]
        assert rule.only.labels["country"] == "BR"

    def test_alerting_fires_when_nothing_is_known_yet(self, evaluations: Make) -> None:
        rule = evaluations("noDataState: Alerting")
        assert rule(None) == ["Alerting(NoData)"]
        assert rule.only.labels["ref_id"] == "A"

    @pytest.mark.parametrize(
        ("before", "after"),
        [(HIGH, "Alerting(NoData, KeepLast)"), (LOW, "Normal(NoData, KeepLast)")],
    )
    def test_keep_last_keeps(self, before: Answer, after: str, evaluations: Make) -> None:
        assert evaluations("noDataState: KeepLast")(before, None) == [after]

    def test_keep_last_lets_a_pending_one_fire_in_time(self, evaluations: Make) -> None:
        rule = evaluations("noDataState: KeepLast; for: 2m")
        assert rule(HIGH, None) == ["Pending(NoData, KeepLast)"]
        assert rule(None) == ["Alerting(NoData, KeepLast)"]


class TestErrors:
    def test_it_is_an_alert_of_its_own(self, evaluations: Make) -> None:
        rule = evaluations("execErrState: Error")
        assert rule("no such table") == ["Error"]
        labels = rule.only.alert_labels
        assert (labels["alertname"], labels["rulename"]) == ("DatasourceError", "Rate")
        assert (labels["ref_id"], labels["datasource_uid"]) == ("A", "ts")
        assert rule.only.annotations["Error"] == (
            "[sse.dataQueryError] failed to execute query [A]: no such table"
        )

    def test_one_error_does_not_resolve_what_fires(self, evaluations: Make) -> None:
        rule = evaluations("execErrState: Error")
        assert sorted(rule(HIGH, "throttled")) == ["Alerting", "Error"]
        assert sorted(rule(HIGH)) == ["Alerting"]

    @pytest.mark.parametrize(
        ("choice", "state"),
        [
            ("OK", "Normal(Error)"),
            ("Alerting", "Alerting(Error)"),
            ("KeepLast", "Normal(Error, KeepLast)"),
        ],
    )
    def test_or_what_the_rule_says(self, choice: str, state: str, evaluations: Make) -> None:
        rule = evaluations(f"execErrState: {choice}")
        assert rule(LOW, "throttled") == [state]
        assert rule.only.labels["country"] == "BR"
        assert rule.only.annotations["ref_id"] == "A"

    def test_values_are_minus_one_while_there_are_none(self, evaluations: Make) -> None:
        rule = evaluations("execErrState: OK")
        rule(HIGH, "throttled")
        assert rule.only.values == {"A": -1.0, "B": -1.0}


def test_rows_with_the_same_labels_are_an_error(evaluations: Make) -> None:
    rule = evaluations("execErrState: Error")
    frame = Frame([Field("country", "string", ["BR", "BR"]), Field("value", "number", [1, 2])])
    rule.source.run = lambda *_: [frame]  # type: ignore[method-assign]
    assert rule(None) == ["Error"]
    assert "has duplicate results with labels {country=BR}" in rule.only.error


def test_a_second_querys_labels_reach_the_annotations_only(evaluations: Make) -> None:
    """Its row includes the instance's labels; what else it says is no part of the identity."""
    text = RULE.format(knobs="for: 0s", unload="").replace(
        "{{ .Labels.country }} at {{ .Values.A }}", "{{ .Values.C.Labels.worst }}"
    )
    text += """
          - refId: C
            datasourceUid: words
            relativeTimeRange: {from: 360, to: 60}
            model: {rawQuery: SELECT 2}
"""
    [rule] = rulefile.from_text(text, "test").rules

    class Words:
        worst = "/a"

        def run(self, *_: Any) -> list[Frame]:
            columns = {"country": ["BR", ""], "worst": [self.worst, ""]}
            named = [Field(name, "string", values) for name, values in columns.items()]
            return [Frame([*named, Field("value", "number", [3, 0])])]

    told, words = Told(), Words()
    told.answer = HIGH
    run = Run([rule], {"ts": told, "words": words})
    run.evaluate(START)
    words.worst = "/b"
    run.evaluate(START + timedelta(minutes=1))
    [instance] = run.instances
    assert instance.annotations["summary"] == "/b"
    assert "worst" not in instance.labels
    assert instance.since == START
