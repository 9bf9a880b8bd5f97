"""Which contact point an alert goes to, by matchers old and new, and what it is sent."""

from datetime import UTC, datetime
from typing import Any

import pytest
import yaml

from ruletest import rulefile
from ruletest.delivery import read
from ruletest.policies import Matcher, parse_matchers
from ruletest.policies import read as read_policy
from ruletest.rulefile import AlertRule
from ruletest.state import Instance
from ruletest.yamlfile import FileError

START = datetime(2026, 1, 5, 12, tzinfo=UTC)

LABELS = {"severity": "critical", "team": "web", "alertname": "Rate"}


def route(**matching: Any) -> str:
    """Return who gets the alert: the child if it matches, else the root."""
    tree = {"receiver": "root", "routes": [{"receiver": "child", **matching}]}
    return read_policy(tree, {}).find(LABELS)[0]


@pytest.mark.parametrize(
    ("matching", "receiver"),
    [
        ({"match": {"severity": "critical"}}, "child"),
        ({"match": {"severity": "warning"}}, "root"),
        ({"match": {"severity": "critical", "team": "db"}}, "root"),
        ({"match_re": {"severity": "crit.*"}}, "child"),
        ({"match_re": {"severity": "crit"}}, "root"),  # the whole value
        ({"match_re": {"severity": "crit|critical"}}, "child"),
        ({"matchers": ["severity=critical"]}, "child"),
        ({"matchers": ['severity = "critical"', "team!=db"]}, "child"),
        ({"matchers": ['{severity=~"crit.*", team!~"d."}']}, "child"),
        ({"matchers": ["severity=warning"]}, "root"),
        ({"matchers": ["missing="]}, "child"),  # a label that is not there is empty
        ({"object_matchers": [["severity", "=", "critical"]]}, "child"),
        ({"object_matchers": [["severity", "=~", "crit\\pL+"]]}, "child"),
        ({"object_matchers": [["severity", "!~", "crit"]]}, "child"),
        ({"object_matchers": [["severity", "=", '"critical"']]}, "child"),
        ({"match": {"team": "web"}, "object_matchers": [["severity", "!=", "critical"]]}, "root"),
        ({}, "child"),
    ],
)
def test_every_way_to_match(matching: dict[str, Any], receiver: str) -> None:
    assert route(**matching) == receiver


def test_a_text_holds_several_matchers() -> None:
    assert parse_matchers('{a="x,\\"y", b=~c.*, "d e"!=f}') == [
        Matcher("a", "=", 'x,"y'), Matcher("b", "=~", "c.*"), Matcher("d e", "!=", "f"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("tree", "says"),
    [
        ({}, "root route must specify a default receiver"),
        ({"receiver": "r", "match": {"a": "b"}}, "root route must not have any matchers"),
        ({"receiver": "r", "routes": [{"matches": {}}]}, "did you mean 'match"),
        ({"receiver": "r", "routes": [{"matchers": "a=b"}]}, "matchers must be a list"),
        ({"receiver": "r", "routes": [{"matchers": ["a"]}]}, "bad matcher format: a"),
        ({"receiver": "r", "routes": [{"match_re": {"a": "["}}]}, "missing closing ]: `"),
        ({"receiver": "r", "routes": [{"object_matchers": [["a", "=="]]}]}, "list of three texts"),
        ({"receiver": "r", "routes": [{"object_matchers": [["a", "==", "b"]]}]}, "unsupported"),
        ({"receiver": "r", "routes": [{"continue": "yes"}]}, "continue must be true or false"),
        ({"receiver": "r", "group_wait": "soon"}, "group_wait: not a valid duration"),
    ],
)  # fmt: skip
def test_what_grafana_refuses_names_file_and_line(tree: dict[str, Any], says: str) -> None:
    text = yaml.safe_dump({"apiVersion": 1, "policies": [tree]})
    with pytest.raises(FileError) as refused:
        read([rulefile.from_text(text, "policies.yaml")], {})
    assert says in str(refused.value)
    assert str(refused.value).startswith("policies.yaml: line ")


def _message(kind: str, **settings: Any) -> tuple[str, str]:
    """Return title and text of a message of one alert, by a contact point of this type."""
    rule = AlertRule("r", "Rate", "A", (), {}, {}, "f", "g", 60)
    labels = {"alertname": "Rate", "country": "BR"}
    instance = Instance(rule, labels, {"summary": "5 %"}, (), "Alerting", START, START)
    receiver = {"uid": "x", "type": kind, "settings": settings}
    content = {
        "contactPoints": [{"name": "ops", "receivers": [receiver]}],
        "policies": [{"receiver": "ops"}],
        "templates": [{"name": "t", "template": '{{ define "who" }}{{ .GroupLabels }}{{ end }}'}],
    }
    delivery = read([rulefile.from_text(yaml.safe_dump(content), "files.yaml")], {})
    [message] = delivery.messages([instance], START)
    return message.title, message.message


@pytest.mark.parametrize(
    ("kind", "settings", "told"),
    [
        ("slack", {"url": "u", "title": "{{ .CommonLabels.country }}", "text": "x"}, ("BR", "x")),
        ("telegram", {"bottoken": "t", "message": '{{ template "who" . }}'},
         ("", "alertname=Rate, grafana_folder=")),
        ("pagerduty", {"integrationKey": "k", "summary": "s", "details": {"n": "{{ .Status }}"}},
         ("s", "n: firing")),
        ("discord", {"url": "u", "message": '{{ tmpl.Exec "who" . | len }}'},
         ("(Grafana's own text)", "31")),
        ("webhook", {"url": "u", "title": "{{ (time.Now).Year }}", "message": "m"}, ("2026", "m")),
    ],
)  # fmt: skip
def test_every_type_has_its_own_settings(
    kind: str, settings: dict[str, Any], told: tuple[str, str]
) -> None:
    assert _message(kind, **settings) == told
