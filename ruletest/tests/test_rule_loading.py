"""What the tester cannot do is said when a file is read, with its line; never by a rule's state."""

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from ruletest import rulefile
from ruletest.cases import load_tests
from ruletest.command import main, report, run
from ruletest.delivery import read
from ruletest.static import SOURCE
from ruletest.yamlfile import FileError

ROOT = Path(__file__).resolve().parents[2]

# As Grafana's editor exports a rule: reduce and math keep the conditions of a classic one.
EXPORTED = """\
apiVersion: 1
groups:
    - orgId: 1
      name: g
      folder: f
      interval: 1m
      rules:
        - uid: exported
          title: Errors
          condition: C
          data:
            - refId: A
              queryType: ""
              relativeTimeRange: {from: 600, to: 0}
              datasourceUid: ts
              model:
                datasource: {type: grafana-postgresql-datasource, uid: ts}
                rawSql: SELECT country, count(*) AS value FROM errors GROUP BY country
                format: table
                hide: false
                intervalMs: 1000
                maxDataPoints: 43200
                refId: A
            - refId: B
              queryType: expression
              relativeTimeRange: {from: 600, to: 0}
              datasourceUid: __expr__
              model:
                conditions:
                    - evaluator: {params: [], type: gt}
                      operator: {type: and}
                      query: {params: [B]}
                      reducer: {params: [], type: last}
                      type: query
                datasource: {type: __expr__, uid: __expr__}
                expression: A
                hide: false
                intervalMs: 1000
                maxDataPoints: 43200
                queryType: ''
                reducer: last
                refId: B
                type: reduce
            - refId: C
              relativeTimeRange: {from: 600, to: 0}
              datasourceUid: __expr__
              model:
                conditions:
                    - evaluator: {params: [10, 0], type: gt}
                      operator: {type: and}
                      query: {params: [B]}
                      reducer: {params: [], type: last}
                      type: query
                datasource: {type: __expr__, uid: __expr__}
                expression: $B * 2 > 10
                refId: C
                type: math
          noDataState: NoData
          execErrState: OK
          for: 0s
          annotations: {summary: '{{ $values.B }}'}
          labels: {team: web}
          isPaused: false
"""

TEST = """
rules: [rules.yaml]
rule: exported
tests:
  - name: it fires
    data: {{A: [{{rows: [{{country: BR, value: 20}}]}}]}}
    expect:
      - at: 0m
        alerts: {alerts}
"""


def write(folder: Path, rules: str, test: str) -> Path:
    (folder / "rules.yaml").write_text(rules)
    (folder / "test.yaml").write_text(test)
    return folder / "test.yaml"


def test_rules_that_have_changed_are_read_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Rules are read once for all their tests, as long as file and variables stay the same."""

    def titles(rules: str) -> list[str]:
        tests = load_tests(write(tmp_path, rules, TEST.format(alerts="[]")), SOURCE)
        return [test.rule.title for test in tests]

    monkeypatch.setenv("SITE", "shop")
    assert titles(EXPORTED) == ["Errors"]
    named = EXPORTED.replace("title: Errors", "title: Errors of $SITE")
    assert titles(named) == ["Errors of shop"]
    monkeypatch.setenv("SITE", "blog")
    assert titles(named) == ["Errors of blog"]


def test_an_exported_rule_is_evaluated_and_fires(tmp_path: Path) -> None:
    """It once was an error that execErrState hid, and "passed" with no alert expected."""
    [test] = load_tests(write(tmp_path, EXPORTED, TEST.format(alerts="[]")), SOURCE)
    outcome = run(test, SOURCE)
    assert not outcome.ok
    assert "country: BR" in report(outcome)
    right = "[{labels: {country: BR, team: web}, annotations: {summary: '20'}}]"
    [test] = load_tests(write(tmp_path, EXPORTED, TEST.format(alerts=right)), SOURCE)
    outcome = run(test, SOURCE)
    assert outcome.ok, report(outcome)


def _line(text: str) -> int:
    return EXPORTED[: EXPORTED.index(text)].count("\n") + 1


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("type: reduce", "type: sql", "SQL expressions are not supported by the tester"),
        ("type: reduce", "type: magic", "'magic' is not a recognized expression type"),
        ("reducer: last\n", "reducer: p95\n", "reduction p95 not implemented"),
        ("reducer: last\n", "reduser: last\n", "does not read 'reduser'; did you mean 'reducer'"),
        ("$B * 2 > 10", "$B *", "expr: unexpected EOF"),
        ("$B * 2 > 10", "$Z * 2", "unable to find dependent node 'Z'"),
        ("$B * 2 > 10", "$C * 2", "expression 'C' cannot reference itself"),
        ("expression: A", "expression: C", "cyclic reference"),
        ("{{ $values.B }}", "{{ nope }}", 'function "nope" not defined'),
        ("{{ $values.B }}", "{{ if false }}{{ $nope }}{{ end }}", 'undefined variable "$nope"'),
        ("{team: web}", "{team: '{{ .Labels'}", "unclosed action"),
        ("isPaused: false", "isPaused: yes", "isPaused must be true or false, not 'yes'"),
        ("isPaused: false", "record: {metric: m, from: A}", "is a recording rule"),
        ("for: 0s", "for: soon", "not a valid duration string"),
        ("execErrState: OK", "execErrState: Ok", "unknown state option 'Ok'"),
        ("datasourceUid: ts", "datasourceUid: __ml__", "machine learning query"),
    ],
)  # fmt: skip
def test_a_rule_that_cannot_be_evaluated_is_refused_with_its_line(
    old: str, new: str, says: str
) -> None:
    with pytest.raises(FileError) as refused:
        rulefile.from_text(EXPORTED.replace(old, new, 1), "rules.yaml")
    assert says in str(refused.value)
    assert str(refused.value).startswith("rules.yaml: line ")
    number = int(str(refused.value).split()[2].rstrip(":"))
    assert abs(number - _line(old)) <= 15  # the key's own line, or where its model begins


def test_the_line_is_that_of_the_key() -> None:
    with pytest.raises(FileError, match=rf"line {_line('for: 0s')}: rule 'Errors': .*duration"):
        rulefile.from_text(EXPORTED.replace("for: 0s", "for: soon"), "rules.yaml")


def _classic(condition: Any) -> str:
    return _of_two({"type": "classic_conditions", "conditions": [condition]})


def _of_two(model: dict[str, Any]) -> str:
    """Return the file with the query and one expression."""
    content = yaml.safe_load(EXPORTED)
    rule = content["groups"][0]["rules"][0]
    rule["data"][1:] = [{"refId": "C", "datasourceUid": "__expr__", "model": model}]
    rule["annotations"] = {}
    return yaml.safe_dump(content)


@pytest.mark.parametrize(
    ("condition", "says"),
    [
        ("text", "where a mapping belongs"),
        ({"query": {"params": ["A"]}, "reducer": {"type": "p95"}}, "invalid reducer 'p95'"),
        ({"query": {"params": []}}, "is missing the query RefID argument"),
        ({"query": {"params": ["C"]}, "reducer": {"type": "last"},
          "evaluator": {"type": "no_value"}}, "cannot reference itself"),
        ({"query": {"params": ["A"]}, "reducer": {"type": "last"}, "evaluator": {"type": "gt"}},
         "is missing the threshold parameter"),
        ({"query": {"params": ["A"]}, "reducer": {"type": "last"},
          "evaluator": {"type": "gt", "params": ["5"]}}, "params must be numbers"),
    ],
)  # fmt: skip
def test_classic_conditions_are_checked_too(condition: Any, says: str) -> None:
    with pytest.raises(FileError, match=says):
        rulefile.from_text(_classic(condition), "rules.yaml")


CASE = """\
rules: [rules.yaml]
rule: exported
tests:
  - name: Brazil fails
    data:
      A:
        - rows: [{country: BR, value: 20}]
        - {from: 5m, rows: []}
    expect:
      - at: 2m
        alerts: []
"""


def refusal(
    folder: Path, capsys: pytest.CaptureFixture[str], test: str, rules: str = EXPORTED
) -> str:
    """Return what the command says to a test file that it cannot use."""
    assert main([str(write(folder, rules, test))]) == 2
    said = capsys.readouterr().err
    assert said.startswith("ruletest: ")
    assert said.count("\n") == 1, said
    return said


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("at: 2m", "at: soon", "line 10: 'Brazil fails': at: not a valid duration"),
        ("    expect:", "    start: yesterday\n    expect:", "start must be a time such as"),
        ("    expect:", "    grafana: twelve\n    expect:", "is no version of Grafana"),
        ("    expect:", "    shows: magic\n    expect:", "shows must be one of"),
        ("    expect:", "    evaluate: {every: 0s}\n    expect:", "longer than 0s"),
        ("    expect:", "    evaluate: {every: x}\n    expect:", "every: not a valid duration"),
        ("alerts: []", "alerts: {}", "alerts must be a list, not a mapping"),
        ("alerts: []", "alerts: [{labels: [a]}]", "labels: expected a mapping"),
        ("alerts: []", "alerts: [{labels: {}, state: Firing}]", "state must be one of"),
        ("alerts: []", "alerts: [{labels: {}, since: x}]", "since: not a valid duration"),
        ("alerts: []", "error: ''", "error must be a part of the error's text"),
        ("      - at: 2m\n        alerts: []", "      - alerts: []", "lacks `at`"),
        ("    expect:\n      - at: 2m\n        alerts: []", "", "lacks `expect`"),
        ("tests:", "tests: 5\nx:", "does not read 'x'"),
        ("tests:", "traffic: []\ntests:", "line 3: the file: the tester does not read 'traffic'"),
        ("rule: exported", "rule: exportet", "did you mean 'exported'"),
        ("[rules.yaml]", "[nowhere.yaml]", "nowhere.yaml: cannot be read: No such file"),
        ("[rules.yaml]", "5", "rules must be a list"),
        ("tests:", "tests: [", "is no valid YAML"),
    ],
)  # fmt: skip
def test_a_bad_test_file_is_one_sentence(
    old: str, new: str, says: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    said = refusal(tmp_path, capsys, CASE.replace(old, new, 1))
    assert re.search(says, said), said


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_a_byte_order_mark_is_read_as_grafana_reads_it(encoding: str, tmp_path: Path) -> None:
    path = tmp_path / "rules.yaml"
    path.write_bytes(EXPORTED.encode(encoding))
    [rule] = rulefile.load_file(path).rules
    assert rule.uid == "exported"


@pytest.mark.parametrize("data", [b"\xff\xfe\x00", b"a: \xe4", b"\x00\x01", b"", b"a: &x [*x]"])
def test_what_is_no_text_is_refused(data: bytes, tmp_path: Path) -> None:
    path = tmp_path / "rules.yaml"
    path.write_bytes(data)
    with pytest.raises(FileError, match=r"rules\.yaml: "):
        rulefile.load_file(path)


def test_anchors_and_merge_keys_are_read() -> None:
    text = EXPORTED.replace("labels: {team: web}", "labels: &l {team: web, code: 1.50}")
    text = text.replace("annotations: {summary", "annotations: {<<: *l, summary")
    lines = text.splitlines(keepends=True)
    at = next(n for n, line in enumerate(lines) if "annotations:" in line)
    lines[at], lines[at + 1] = lines[at + 1], lines[at]
    [rule] = rulefile.from_text("".join(lines), "rules.yaml").rules
    assert rule.labels == {"team": "web", "code": "1.50"}
    assert rule.annotations == {"team": "web", "code": "1.50", "summary": "{{ $values.B }}"}


def test_the_command_never_ends_in_a_traceback(tmp_path: Path) -> None:
    path = tmp_path / "test.yaml"
    path.write_bytes(CASE.encode("utf-16-le"))
    done = subprocess.run(
        [sys.executable, "-m", "ruletest", str(path)],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    assert "save it as UTF-8" in done.stderr


ODD = (None, True, -1, 1.5, "", "x", "{{", "$A", "[", [], ["x"], [[]], {}, {"x": 1}, {"type": []})


def _paths(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Return the way to everything in a nested value."""
    inner = value.items() if isinstance(value, dict) else enumerate(value)
    found = [path] if path else []
    for name, each in inner:
        deeper = (*path, name)
        found += _paths(each, deeper) if isinstance(each, dict | list) else [deeper]
    return found


def _replaced(text: str, path: tuple[Any, ...], odd: Any) -> str:
    content = yaml.safe_load(text)
    place = content
    for name in path[:-1]:
        place = place[name]
    place[path[-1]] = odd
    return yaml.safe_dump(content)


DELIVERY = """
apiVersion: 1
contactPoints:
  - orgId: 1
    name: ops
    receivers:
      - {uid: mail, type: email, disableResolveMessage: false,
         settings: {addresses: a@example.com, subject: '{{ .Status }}'}}
policies:
  - receiver: ops
    group_by: [alertname]
    routes: [{match: {a: b}, match_re: {a: b}, matchers: [a=b], object_matchers: [[a, '=', b]],
              continue: true, group_wait: 1s, routes: [{receiver: ops}]}]
templates: [{name: t, template: '{{ define "x" }}{{ .Status }}{{ end }}'}]
"""


CONDITION = {
    "query": {"params": ["A"]},
    "reducer": {"type": "last"},
    "operator": {"type": "and"},
    "evaluator": {"type": "within_range", "params": [1, 2]},
}
FIRES = {
    "evaluator": {"type": "gt", "params": [1]},
    "unloadEvaluator": {"type": "lt", "params": [0]},
}
THRESHOLD = _of_two({"type": "threshold", "expression": "A", "conditions": [FIRES]})


def _odd_ones(text: str) -> Iterator[str]:
    """Yield the text with each of its values replaced by something odd, one at a time."""
    for number, path in enumerate(_paths(yaml.safe_load(text))):
        yield _replaced(text, path, ODD[number % len(ODD)])
        yield _replaced(text, path, ODD[(number * 7 + 3) % len(ODD)])


@pytest.mark.slow
@pytest.mark.parametrize(
    "text",
    [EXPORTED, _classic(CONDITION), THRESHOLD, DELIVERY],
    ids=["rule", "classic", "threshold", "delivery"],
)
def test_whatever_a_file_holds_it_is_read_or_refused(text: str) -> None:
    for odd in _odd_ones(text):
        refused = ""
        try:
            read([rulefile.from_text(odd, "rules.yaml", {})], {})
        except FileError as error:
            refused = str(error)
        assert not refused or refused.startswith("rules.yaml: ")


@pytest.mark.slow
def test_whatever_a_test_holds_it_is_read_or_refused(tmp_path: Path) -> None:
    (tmp_path / "rules.yaml").write_text(THRESHOLD)
    text = CASE.replace(
        "alerts: []",
        "alerts: [{labels: {a: b}, annotations: {c: d}, state: Error, since: 1m}]\n"
        "        pending: []\n        messages: [{to: x, title: y}]\n        error: boom",
    )
    path = tmp_path / "test.yaml"
    for odd in _odd_ones(text):
        path.write_text(odd)
        refused = str(tmp_path)
        try:
            for test in load_tests(path, SOURCE):
                run(test, SOURCE)
        except FileError as error:
            refused = str(error)
        assert refused.startswith(str(tmp_path)) or "cannot be read: " in refused


def test_a_version_that_there_is_none_of_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["x.yaml", "--grafana", "twelve"])
    assert "no version of Grafana" in capsys.readouterr().err
