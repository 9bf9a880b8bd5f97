"""One evaluation as Grafana does it: what a failure leads to, and what templates see of it."""

import math
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import yaml

from ruletest import rulefile
from ruletest.cases import load_tests
from ruletest.classic import classic_conditions
from ruletest.command import report, run
from ruletest.engine import Run
from ruletest.evaluate import evaluate
from ruletest.frames import Field, Frame
from ruletest.static import SOURCE
from ruletest.values import EvaluationError, Number, Series
from ruletest.versions import LATEST, VERSIONS, version

AT = datetime(2026, 1, 5, 12, tzinfo=UTC)


class Told:
    """A data source that answers each query by its SQL: numbers by country, or an error."""

    def __init__(self, answers: Mapping[str, dict[str, float] | str]) -> None:
        self.answers = answers

    def run(self, model: Mapping[str, Any], start: datetime, end: datetime) -> list[Frame]:
        answer = self.answers[model["rawQuery"]]
        if isinstance(answer, str):
            raise EvaluationError(answer)
        names = Field("country", "string", list(answer))
        return [Frame([names, Field("rate", "number", list(answer.values()))])]


class Seen:
    """A data source whose answer is a series."""

    def __init__(self, *values: float | None) -> None:
        self.values = list(values)

    def run(self, model: Mapping[str, Any], start: datetime, end: datetime) -> list[Frame]:
        times = [n * 1_000_000_000 for n in range(len(self.values))]
        value = Field("rate", "number", self.values)
        value.labels = {"country": "BR"}
        return [Frame([Field("time", "time", times), value])]


def query(ref: str) -> dict[str, Any]:
    return {
        "refId": ref,
        "datasourceUid": "ts",
        "relativeTimeRange": {"from": 60, "to": 0},
        "model": {"rawQuery": ref},
    }


def expression(ref: str, **model: Any) -> dict[str, Any]:
    return {"refId": ref, "datasourceUid": "__expr__", "model": model}


def above(ref: str, source: str, line: float) -> dict[str, Any]:
    condition = {"evaluator": {"type": "gt", "params": [line]}}
    return expression(ref, type="threshold", expression=source, conditions=[condition])


def classic(ref: str, *conditions: tuple[str, str, str, list[float]]) -> dict[str, Any]:
    return expression(
        ref,
        type="classic_conditions",
        conditions=[
            {
                "query": {"params": [source]},
                "reducer": {"type": reducer},
                "operator": {"type": "and"},
                "evaluator": {"type": kind, "params": params},
            }
            for source, reducer, kind, params in conditions
        ],
    )


def rule(*data: dict[str, Any], **fields: Any) -> rulefile.AlertRule:
    own = {"uid": "r", "title": "Rate", "condition": data[-1]["refId"], "data": list(data)}
    group = {"name": "g", "folder": "f", "interval": "1m", "rules": [{**own, **fields}]}
    return rulefile.from_text(yaml.safe_dump({"groups": [group]}), "rules.yaml").rules[0]


class TestFailures:
    def test_a_failed_query_that_the_condition_does_not_need_is_no_data(self) -> None:
        """Here it once fired: the condition reads A only. Grafana says NoData, of B."""
        made = evaluate(
            rule(query("A"), query("B"), above("C", "A", 10)),
            AT,
            {"ts": Told({"A": {"BR": 20.0}, "B": "boom"})},
        )
        [result] = made.results
        assert result.state == "NoData"
        assert result.labels == {"datasource_uid": "ts", "ref_id": "B"}
        assert made.errors == ("[sse.dataQueryError] failed to execute query [B]: boom",)

    def test_a_failed_query_that_it_needs_is_the_error(self) -> None:
        made = evaluate(
            rule(query("A"), query("B"), above("C", "B", 10)),
            AT,
            {"ts": Told({"A": {"BR": 20.0}, "B": "boom"})},
        )
        [result] = made.results
        assert (result.state, result.error.ref_id if result.error else "") == ("Error", "B")

    @pytest.mark.parametrize("knob", ["OK", "KeepLast", "Alerting", "Error"])
    def test_every_error_is_told_whatever_state_it_leads_to(self, knob: str) -> None:
        source = Told({"A": "boom"})
        run = Run([rule(query("A"), above("C", "A", 10), execErrState=knob)], {"ts": source})
        run.evaluate(AT)
        assert [error.rpartition(": ")[2] for error in run.errors] == ["boom"]
        source.answers = {"A": {"BR": 1.0}}
        run.evaluate(AT)
        assert run.errors == ()

    def test_a_template_that_fails_is_told(self) -> None:
        texts = {"summary": "{{ index .Labels 5 }}"}
        run = Run(
            [rule(query("A"), above("C", "A", 10), annotations=texts)],
            {"ts": Told({"A": {"BR": 1.0}})},
        )
        run.evaluate(AT)
        assert run.instances[0].annotations == texts
        [error] = run.errors
        assert "value has type int; should be string" in error


CASE = """
rules: [rules.yaml]
rule: r
tests:
  - name: it is well
    data: {A: [{error: boom}]}
    expect:
      - at: 1m
        alerts: []
"""


class TestExpectedErrors:
    def outcome(self, folder: Path, case: str, **fields: Any) -> tuple[bool, str]:
        own = rule(query("A"), above("C", "A", 10))  # only to be read back below
        assert own.uid == "r"
        data = [query("A"), above("C", "A", 10)]
        content = {"uid": "r", "title": "Rate", "condition": "C", "data": data, **fields}
        group = {"name": "g", "folder": "f", "interval": "1m", "rules": [content]}
        (folder / "rules.yaml").write_text(yaml.safe_dump({"groups": [group]}))
        (folder / "test.yaml").write_text(case)
        [test] = load_tests(folder / "test.yaml", SOURCE)
        outcome = run(test, SOURCE)
        return outcome.ok, report(outcome)

    def test_an_error_fails_a_test_that_does_not_expect_it(self, tmp_path: Path) -> None:
        ok, text = self.outcome(tmp_path, CASE, execErrState="OK")
        assert not ok
        assert "at 1m, an error: [sse.dataQueryError] failed to execute query [A]: boom" in text

    def test_one_that_is_expected_is_told_too(self, tmp_path: Path) -> None:
        case = CASE.replace("alerts: []", "alerts: []\n        error: 'query [A]: boom'")
        ok, text = self.outcome(tmp_path, case, execErrState="OK")
        assert ok, text
        assert "query [A]: boom" in text

    def test_another_one_fails(self, tmp_path: Path) -> None:
        case = CASE.replace("alerts: []", "alerts: []\n        error: throttled")
        ok, text = self.outcome(tmp_path, case, execErrState="OK")
        assert not ok
        assert "no error with 'throttled'" in text

    def test_the_alert_that_tells_of_errors_expects_them(self, tmp_path: Path) -> None:
        alert = """alerts:
          - labels: {alertname: DatasourceError, rulename: Rate, ref_id: A, datasource_uid: ts}
            state: Error"""
        case = CASE.replace("alerts: []", alert)
        ok, text = self.outcome(tmp_path, case, execErrState="Error")
        assert ok, text


class TestClassicConditions:
    def run(self, reducer: str, kind: str, line: float, *points: float | None) -> float | None:
        data = classic("C", ("A", reducer, kind, [line]))["model"]["conditions"]
        _, run = classic_conditions(data)
        series = Series({}, tuple(enumerate(points)))
        return run({"A": [series]}).value

    @pytest.mark.parametrize(
        ("reducer", "kind", "line", "points", "fires"),
        [
            ("percent_diff", "gt", 50, (0.0, 3.0), 1),  # infinite
            ("percent_diff", "lt", -50, (0.0, -3.0), 1),
            ("percent_diff_abs", "gt", 50, (0.0, -3.0), 1),
            ("percent_diff", "gt", 50, (0.0, 0.0), 0),  # not a number
            ("percent_diff", "gt", 40, (-2.0, -1.0), 1),
            ("diff", "eq", 0, (5.0, None), 1),  # the newest is the first: no difference
            ("percent_diff", "eq", 0, (0.0, None), 1),
            ("diff", "eq", 3, (None, 2.0, 5.0), 1),
            ("min", "lt", math.inf, (math.inf,), 1),  # Go starts from the largest float
        ],
    )
    def test_reducers(
        self, reducer: str, kind: str, line: float, points: tuple, fires: int
    ) -> None:
        assert self.run(reducer, kind, line, *points) == fires

    def test_their_values_are_numbered(self) -> None:
        """$values.C0 is what the first condition that fired saw; .Values.C does not exist."""
        texts = {
            "summary": "{{ $values.C0 }} {{ $values.C0.Labels.country }}, {{ $values.C1.Value }}",
            "none": "{{ $values.C }}{{ index $values `Z` }}",
            "value": "{{ $value }}",
        }
        own = rule(
            query("A"),
            classic("C", ("A", "last", "gt", [10]), ("A", "max", "gt", [15])),
            annotations=texts,
        )
        run = Run([own], {"ts": Seen(30.0, 20.0)})
        run.evaluate(AT)
        [instance] = run.instances
        seen = "metric='rate' labels={country=BR} type='classic_conditions'"
        assert instance.state == "Alerting"
        assert instance.annotations == {
            "summary": "20 BR, 30",
            "none": "[no value]0",
            "value": f"[ var='C0' {seen} value=20 ], [ var='C1' {seen} value=30 ]",
        }
        assert instance.values == {"C0": 20.0, "C1": 30.0}

    def test_without_data_there_is_one_match(self) -> None:
        made = evaluate(
            rule(query("A"), classic("C", ("A", "last", "gt", [1]))), AT, {"ts": Seen(None)}
        )
        [result] = made.results
        assert result.state == "NoData"
        assert (
            result.text
            == "[ var='C0' metric='NoData' labels={} type='classic_conditions' value=null ]"
        )


class TestVersions:
    @pytest.mark.parametrize(
        ("text", "name"),
        [("12.2", "12.2"), ("12.3", "12.2"), ("11.6.1", "12.2"), ("12.4", "12.4"),
         ("12.4.2", "12.4"), ("13", "12.4"), ("13.0.1", "12.4"), ("14", "12.4"), ("12", "12.4"),
         ("13.0.0-pre", "12.4"), ("11", "12.2")],
    )  # fmt: skip
    def test_which_rules_hold(self, text: str, name: str) -> None:
        assert version(text).name == name
        assert LATEST.name == "12.4"

    @pytest.mark.parametrize("text", ["", "latest", "v13", "1.2", "12.x"])
    def test_what_is_no_version_is_refused(self, text: str) -> None:
        with pytest.raises(ValueError, match="no version of Grafana"):
            version(text)

    def test_the_evaluation_string_tells_types_from_12_4_on(self) -> None:
        own = rule(query("A"), query("B"), above("C", "A", 10))
        source = {"ts": Told({"A": {"BR": 20.0}, "B": {"BR": 1.0}})}
        [new] = evaluate(own, AT, source).results
        [old] = evaluate(own, AT, source, grafana=VERSIONS["12.2"]).results
        assert new.text == (
            "[ var='A' labels={country=BR} type='query' value=20 ], "
            "[ var='B' labels={country=BR} type='query' value=1 ], "
            "[ var='C' labels={country=BR} type='threshold' value=1 ]"
        )
        assert old.text.startswith("[ var='A' labels={country=BR} value=20 ], ")

    def test_an_error_waits_for_the_rules_for_from_12_4_on(self) -> None:
        own = rule(query("A"), above("C", "A", 10), execErrState="Error", **{"for": "2m"})
        states = {}
        for name, each in VERSIONS.items():
            run = Run([own], {"ts": Told({"A": "boom"})}, each)
            run.evaluate(AT)
            [instance] = run.instances
            states[name] = (instance.state, instance.reason)
        assert states == {"12.2": ("Error", ""), "12.4": ("Pending", "Error")}


def test_a_number_is_compared_without_its_name() -> None:
    assert Number({}, 1.0, "rate") == Number({}, 1.0)
