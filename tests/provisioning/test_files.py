"""Provisioning files, read as Grafana reads them and turned into what its API takes."""

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from provisioning.push import files, rules
from provisioning.push.compare import differences
from provisioning.push.errors import PushError
from provisioning.push.expand import Expander
from provisioning.push.model import Desired
from provisioning.push.secrets import Secrets
from tests.support import push_samples


def parse(built: dict[str, str], **environment: str) -> Desired:
    expander = Expander({**push_samples.ENVIRONMENT, **environment})
    return files.parse(built, "cloudfront", expander, Secrets())


@pytest.mark.parametrize(
    ("text", "expanded"),
    [
        ("$NAME", "value"),
        ("${NAME}", "value"),
        ("$__env{NAME}", "value"),
        ("a${NAME}b$NAME", "avaluebvalue"),
        ("$$NAME", "$NAME"),
        ("$$$NAME", "$value"),
        ("$$$$", "$$"),
        ("costs $$5", "costs $5"),
        ("^foo$", "^foo$"),
        ("$ x", "$ x"),
        ("$DOLLARS", "a$NAME"),
        ("$DIGITS", "0123"),
    ],
)
def test_a_reference_is_expanded_as_grafana_does_but_once(text: str, expanded: str) -> None:
    expander = Expander({"NAME": "value", "DOLLARS": "a$NAME", "DIGITS": "0123"})
    assert expander.expand(text, "x")[0] == expanded


def test_a_file_can_hold_a_value(tmp_path: object) -> None:
    path = f"{tmp_path}/secret"
    with open(path, "w") as file:
        file.write("from-file\n")
    assert Expander({}).expand(f"$__file{{{path}}}", "x") == ("from-file", True)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("$NOT_SET", "needs the environment variable NOT_SET"),
        ("$EMPTY", "needs the environment variable EMPTY"),
        ("$__file{/nowhere/at/all}", "cannot be read"),
        ("$__vault{x}", "only Grafana itself can expand"),
        ("only $5", "write \\$\\$5"),
    ],
)
def test_a_reference_that_gives_nothing_is_an_error(text: str, sentence: str) -> None:
    with pytest.raises(PushError, match=sentence):
        Expander({"EMPTY": ""}).expand(text, "Setting x")


@given(st.text(alphabet=st.characters(exclude_characters="$", exclude_categories=["Cs"])))
def test_text_without_a_dollar_stays_and_one_with_doubled_dollars_gets_through(text: str) -> None:
    assert Expander({}).expand(text, "x") == (text, False)
    assert Expander({}).expand(f"$${text}$$", "x") == (f"${text}$", False)


def test_only_what_grafana_expands_in_a_file_is_expanded() -> None:
    [group, _] = parse(push_samples.built()).groups
    rule = group.rules[0]
    assert rule["labels"]["price"] == "$5"
    assert "$5" in rule["annotations"]["summary"]
    assert rule["data"][0]["model"]["rawQuery"].endswith("$__timeFilter")
    [template] = parse(push_samples.built()).templates
    assert "$a := .Alerts" in template.text


def test_a_numeric_looking_secret_stays_text() -> None:
    desired = parse(push_samples.built(), PAGERDUTY_KEY="0123456789")
    [key] = [p.settings["integrationKey"] for p in desired.contact_points if p.type == "pagerduty"]
    assert key == "0123456789"


def test_secrets_do_not_show_in_a_representation() -> None:
    assert push_samples.KEY not in repr(parse(push_samples.built()))


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("uid: cloudfront-errors", "uid: Cloudfront-errors", "must be at most 40 lower-case"),
        ("uid: cloudfront-errors", "uid: other-errors", "must begin with 'cloudfront'"),
        ("uid: cloudfront-errors", "uid: cloudfront-slow", "is used twice"),
        ("keepFiringFor: 90s", "keep_firing_for: 90s", "which Grafana would ignore"),
        ("for: 5m", "for: 5 minutes", "no duration"),
        ("interval: 1m", "interval: soon", "no duration"),
        ("groups:", "group:", "which Grafana would ignore"),
        ("apiVersion: 1", "apiVersion: [1", "is not YAML at line"),
    ],
)
def test_what_grafana_would_refuse_or_ignore_is_an_error(old: str, new: str, sentence: str) -> None:
    built = dict(push_samples.built())
    text = built["alerting/rules.yaml"]
    assert old in text
    with pytest.raises(PushError, match=sentence):
        parse({**built, "alerting/rules.yaml": text.replace(old, new, 1)})


def test_a_dashboard_that_is_no_json_is_an_error() -> None:
    with pytest.raises(PushError, match="is not JSON at line 1"):
        parse({**push_samples.built(), "dashboards/cloudfront-x.json": "{"})


def test_dashboard_and_panel_of_a_rule_become_the_annotations_the_api_knows() -> None:
    rule = {"uid": "a-b", "title": "T", "data": [], "dashboardUid": "a-board", "panelId": 4}
    api = rules.from_file(rule, "folder", "group")
    assert api["annotations"] == {"__dashboardUid__": "a-board", "__panelId__": "4"}
    assert api["execErrState"] == "Alerting"
    assert api["noDataState"] == "NoData"


@given(st.integers(0, 6), st.integers(0, 23), st.integers(0, 59), st.integers(0, 59))
def test_a_duration_counts_the_same_however_it_is_written(
    days: int, hours: int, minutes: int, left: int
) -> None:
    total = days * 86400 + hours * 3600 + minutes * 60 + left
    spelled = f"{days}d{hours}h{minutes}m{left}s"
    assert rules.seconds(spelled, "x") == rules.seconds(f"{total}s", "x") == total


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3)
    ),
    max_leaves=10,
)


@given(JSON, JSON)
def test_two_things_differ_exactly_when_a_line_says_so(one: object, other: object) -> None:
    assert differences(one, one) == []
    assert bool(differences(one, other)) == bool(differences(other, one))
    if not differences(one, other):
        assert _bare(one) == _bare(other)


def _bare(value: object) -> object:
    """Without what is empty: Grafana leaves that out as it likes."""
    if isinstance(value, dict):
        bare = {key: _bare(item) for key, item in value.items()}
        value = {key: item for key, item in bare.items() if item is not None}
    elif isinstance(value, list):
        value = [_bare(item) for item in value]
        while value and value[-1] is None:
            value.pop()
    return None if value is None or value in ("", False) or value in ([], {}) else value


def test_a_moved_panel_is_told_by_its_id_and_text_by_its_lines() -> None:
    live = {"panels": [{"id": 1, "title": "A", "sql": "SELECT 1\nFROM x"}, {"id": 2, "title": "B"}]}
    wanted = {
        "panels": [{"id": 3, "title": "C"}, {"id": 1, "title": "A", "sql": "SELECT 2\nFROM x"}]
    }
    assert differences(live, wanted) == [
        "panels[1 'A'].sql:",
        "    -SELECT 1",
        "    +SELECT 2",
        "     FROM x",
        "panels[2 'B']: removed",
        "panels[3 'C']: added",
    ]


def test_the_samples_are_real_files() -> None:
    assert yaml.safe_load(push_samples.built()["alerting/rules.yaml"])["groups"]
