"""What Grafana's own template engines, yaml reader and state manager made of the same, recorded.

A vector of a template or of YAML is [text, what it becomes], with null where Grafana 12.4 refuses
it; the values that templates see are those below, in Go and here. One of expressions is [kind,
what, its values], with null where Grafana refuses it. One of states is a rule's knobs,
and for each evaluation, a minute apart, the results and the states that followed.
"""

import json
import math
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from ruletest import annotations, arithmetic, expressions, notification, yamlfile
from ruletest.classic import classic_conditions
from ruletest.evaluate import Result
from ruletest.gotemplate import GoObject, TemplateError, UnsupportedError
from ruletest.gotemplate.builtins import Function
from ruletest.gotemplate.clock import GoTime
from ruletest.gotemplate.format import float_text
from ruletest.gotemplate.gojson import marshal
from ruletest.gotemplate.types import GoList, GoMap, GoNil
from ruletest.rulefile import AlertRule
from ruletest.state import Instance, States
from ruletest.values import (
    Capture,
    EvaluationError,
    NoData,
    Number,
    Scalar,
    Series,
    Value,
)
from ruletest.values import (
    text as labels_text,
)
from ruletest.versions import VERSIONS

VECTORS = Path(__file__).with_name("vectors")
AT = GoTime(2026, 1, 5, 9, 7, 3, 250_000, tzinfo=UTC)
LABELS = {"country": "BR", "edge": "GRU1-C1", "host": "www.example.com:443"}
RULE = annotations.template_data(
    LABELS,
    {
        "A": Capture("A", {"country": "BR"}, 12.345, from_datasource=True),
        "B": Capture("B", {"country": "DE", "zone": "eu"}, 1.0, from_datasource=False),
        "N": Capture("N", {}, math.nan, from_datasource=False),
    },
    "",
)
RULE.fields["Value"] = "[ var='A' labels={country=BR} value=12.345 ]"


def _alert(status: str, country: str, value: float) -> GoObject:
    ends = GoTime(1, 1, 1, tzinfo=UTC)
    if status == "resolved":
        ends = AT + timedelta(minutes=90, milliseconds=1500)
    values = GoMap({"A": value, "B": 1e21}, zero=0.0, element=0.0, type_name="map[string]float64")
    return GoObject(
        "templates.ExtendedAlert",
        {
            "Status": status,
            "Labels": notification.KV({"alertname": "Rate", "country": country, "zzz": "<b>"}),
            "Annotations": notification.KV({"summary": f"it's {country}"}),
            "StartsAt": AT,
            "EndsAt": ends,
            "GeneratorURL": "http://localhost:3000/alerting/grafana/r/view?orgId=1",
            "Fingerprint": "0011223344556677",
            "SilenceURL": "http://localhost:3000/s",
            "DashboardURL": "",
            "PanelURL": "",
            "RuleUID": "r",
            "Values": values,
            "ValueString": "[ var='A' ]",
            "ImageURL": "",
            "EmbeddedImage": "",
            "OrgID": None,
            "ExtraData": None,
        },
        json=notification.ALERT_JSON,
    )


ALERTS = [_alert("firing", "BR", 1.5), _alert("resolved", "DE", 2000000.0)]
MESSAGE = GoObject(
    "templates.ExtendedData",
    {
        "Receiver": "ops",
        "Status": "firing",
        "Alerts": GoList(
            ALERTS,
            {
                "Firing": Function(lambda: GoList(ALERTS[:1], type_name=notification.ALERTS)),
                "Resolved": Function(lambda: GoList(ALERTS[1:], type_name=notification.ALERTS)),
            },
            type_name="templates.ExtendedAlerts",
        ),
        "GroupLabels": notification.KV({"alertname": "Rate"}),
        "CommonLabels": notification.KV({"alertname": "Rate", "zzz": "<b>"}),
        "CommonAnnotations": notification.KV({}),
        "ExternalURL": "http://localhost:3000/",
        "AppVersion": "",
        "GroupKey": "",
        "TruncatedAlerts": GoNil("*int"),
        "Vars": GoMap({}, zero=""),
    },
    json=notification.DATA_JSON,
)


def _of_rule(template: str) -> str:
    problems: list[str] = []
    text = annotations.expand(template, RULE, problems=problems)
    if problems:
        raise TemplateError(problems[0])
    return text


def _of_message(template: str) -> str:
    return notification.rendered(template, MESSAGE, {}, datetime(2026, 1, 5, tzinfo=UTC))


def _yaml_text(text: str) -> str:
    return yamlfile.written(yamlfile.parse(f"k: {text}\n", "x"), "k", "x")


def _yaml_json(text: str) -> str:
    return marshal(yamlfile.parse(f"k: {text}\n", "x")["k"])


MAKERS: dict[str, Callable[[str], str]] = {
    "templates-of-rules": _of_rule,
    "templates-of-messages": _of_message,
    "yaml-as-text": _yaml_text,
    "yaml-as-json": _yaml_json,
}


@pytest.mark.parametrize("name", MAKERS)
def test_it_is_what_grafana_makes_of_it(name: str) -> None:
    """What is not supported here is refused by name, and told in the documentation."""
    wrong, refused = [], 0
    vectors = json.loads((VECTORS / f"{name}.json").read_text(encoding="utf-8"))
    for text, wanted in vectors:
        try:
            got = MAKERS[name](text)
        except UnsupportedError:
            refused += 1
            continue
        except (TemplateError, yamlfile.FileError):
            got = None
        if got != wanted:
            wrong.append((text, wanted, got))
    assert wrong == []
    assert refused < len(vectors) / 50


def _result(text: str) -> Result:
    if text == "NoData":
        return Result("NoData", {"datasource_uid": "ts", "ref_id": "A"})
    if text == "Error":
        return Result("Error", error=EvaluationError("boom"))
    return Result("Alerting" if text[-1] == "+" else "Normal", {"country": text[:2]})


@pytest.mark.parametrize("name", VERSIONS)
def test_states_are_what_that_grafanas_state_manager_made(name: str) -> None:
    """Random sequences of results over every combination of for, keepFiringFor and the states.

    Those of 12.2 are by 12.4's manager without the change of grafana/grafana#117024.
    """
    for vector in json.loads((VECTORS / f"states-{name}.json").read_text(encoding="utf-8")):
        rule = AlertRule(
            "r", "Rate", "B", (), {}, {}, "f", "g", 60,
            pending=vector["for"] * 60, keep_firing=vector["keep"] * 60,
            no_data=vector["no_data"], exec_err=vector["exec_err"],
        )  # fmt: skip
        states = States(rule, VERSIONS[name])
        at = datetime(2026, 1, 5, 12, tzinfo=UTC)
        for results, wanted in vector["steps"]:
            states.process(at, [_result(each) for each in results.split()])
            at += timedelta(minutes=1)
            assert "; ".join(sorted(map(_shown, states.instances))) == wanted, vector


def _shown(instance: Instance) -> str:
    reason = f" ({instance.reason})" if instance.reason else ""
    name = instance.labels.get("country", "-")
    return f"{name} {instance.state}{reason} {instance.since:%H:%M}"


NAN, INF, SECOND = math.nan, math.inf, 1_000_000_000


def _series(labels: dict[str, str], *points: float | None) -> Series:
    return Series(labels, tuple((at * SECOND, x) for at, x in enumerate(points)))


BR, DE = {"country": "BR"}, {"country": "DE"}
VALUES: dict[str, list[Value]] = {
    "A": [Number(BR, 10.0), Number(DE, -4.0)],
    "B": [Number(BR, 3.0), Number(DE, None)],
    "C": [Number({**BR, "edge": "G"}, 2.0), Number({**BR, "edge": "H"}, NAN)],
    "D": [Number({}, 0.0)],
    "S": [_series(BR, 1.0, None, 3.0, NAN, INF)],
    "T": [_series(DE, 5.0, 6.0)],
    "N": [NoData()],
    "E": [],
}


def _number(value: float | None) -> str:
    return "null" if value is None else float_text(value)


def _told(value: Value) -> str:
    if isinstance(value, Scalar):
        return f"scalar {_number(value.value)}"
    if isinstance(value, Number):
        return f"number {{{labels_text(value.labels)}}} {_number(value.value)}"
    if isinstance(value, Series):
        points = "".join(f" {at // SECOND}:{_number(x)}" for at, x in value.points)
        return f"series {{{labels_text(value.labels)}}}{points}"
    return "nodata"


def _math(text: str) -> object:
    parsed = arithmetic.parse(text)
    return sorted(map(_told, parsed.run(VALUES))) if set(parsed.needs) <= set(VALUES) else None


def _reduce(what: tuple[str, str, list[float | None]]) -> object:
    reducer, mode, points = what
    settings = {"mode": mode, "replaceWithValue": 7} if mode else {}
    model = {"type": "reduce", "expression": "A", "reducer": reducer, "settings": settings}
    context = expressions.Context({"A": [_series(BR, *points)]}, 0, 0)
    [value] = expressions.parse(model).run(context)
    assert isinstance(value, Number)
    return _number(value.value)


def _conditions(conditions: list[dict]) -> object:
    _, run = classic_conditions(conditions)
    made = run(VALUES)
    seen = [f"{{{labels_text(each.labels)}}} {_number(each.value)}" for each in made.matches or ()]
    return [_number(made.value), *seen]


EXPRESSIONS: dict[str, Callable] = {"math": _math, "reduce": _reduce, "conditions": _conditions}


def test_expressions_are_what_grafana_makes_of_them() -> None:
    """Random math, reductions and classic conditions; log and ** differ in their last digit."""
    wrong = []
    vectors = json.loads((VECTORS / "expressions.json").read_text(encoding="utf-8"))
    for kind, what, wanted in vectors:
        try:
            got = EXPRESSIONS[kind](what)
        except EvaluationError:
            got = None
        if got != wanted:
            wrong.append((kind, what, wanted, got))
    assert wrong == []
