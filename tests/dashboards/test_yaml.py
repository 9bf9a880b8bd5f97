"""What is written is what Grafana reads: any text, through YAML and Grafana's expansion."""

import json
import re
from dataclasses import replace
from pathlib import Path, PurePath

import pytest
import yaml
from hypothesis import example, given, settings
from hypothesis import strategies as st

from dashboards import __main__ as cli
from dashboards import build
from dashboards.alerts import contact_points
from dashboards.config import Bundle
from dashboards.grafana.yaml_files import RAW, Variable, escaped, render

ENVIRONMENT = {
    "HOME": "/root",
    "PATH": "/bin",
    "ALERTS_EMAIL": "a@example.com",
    "AWS_REGION": "eu-west-1",
    "TIMESTREAM_DATABASE": "logs",
    "TIMESTREAM_TABLE": "lines",
}
HOSTILE = (
    "CDN: production",
    "CDN #1",
    "12345",
    "0123",
    "08",
    "1e5",
    "1.50",
    "0o17",
    "0x1F",
    "1_000",
    "12:30:45",
    "2026-01-01",
    "yes",
    "No",
    "null",
    "~",
    "true",
    "y",
    ".inf",
    "=",
    "<<",
    "",
    " blank before",
    "blank behind ",
    "it's",
    'say "hi"',
    "back\\slash",
    "two\nlines",
    "\nbegins with a line",
    "  indented\nlines",
    "ends with blanks  \nand goes on",
    "tab\there",
    "caf\u00e9 \u76e3\u8996 \U0001f525",
    "line\u2028separator\u0085",
    "- item",
    "? key",
    "[list]",
    "{map}",
    "&anchor",
    "*alias",
    "!tag",
    "%directive",
    "@at",
    "`tick`",
    "|",
    ">",
    "--- ",
    "...",
    "a: b",
    "# comment",
    "costs $5",
    "$HOME",
    "${HOME}",
    "$$HOME",
    "$__env{HOME}",
    "$__file{/etc/passwd}",
    "$",
    "$$",
    "$$$",
    "^foo$",
    "a$b$$c$$$d",
)
TEXT = st.sampled_from(HOSTILE) | st.text(
    st.characters(exclude_categories=["Cs"], exclude_characters="\r\x00")
)


def expand_part(text: str) -> str:
    """What Grafana makes of a text without `$$`: ${NAME} and $__env{NAME}, then Go's os.Expand."""

    def braced(match: re.Match[str]) -> str:
        if match[1] == "__file":
            raise AssertionError(f"Grafana would read a file for {match[0]}")
        return ENVIRONMENT.get(match[2], "") if match[1] in ("", "__env") else match[0]

    text = re.sub(r"\$(|__\w+)\{([^}]+)\}", braced, text)
    # A name, one digit, or one of the shell's signs; anything else keeps its dollar sign.
    reference = r"\$(?:\{([^}]*)\}|([A-Za-z_][A-Za-z0-9_]*|[0-9*#$@!?-]))"
    return re.sub(reference, lambda m: ENVIRONMENT.get(m[1] or m[2] or "", ""), text)


def expand(text: str) -> str:
    """Grafana's rule for a text (pkg/services/provisioning/values: interpolateValue)."""
    return "$".join(expand_part(part) for part in text.split("$$"))


def expand_json(value: object) -> object:
    """The rule for jsonData, options and settings: an expansion may make a number."""
    if isinstance(value, dict):
        return {key: expand_json(item) for key, item in value.items()}
    if isinstance(value, list):
        return [expand_json(item) for item in value]
    if not isinstance(value, str):
        return value
    made = expand(value)
    if "$$" not in value and made != value:
        for kind in (int, float):
            try:
                return kind(made)
            except ValueError:
                pass
        if made in ("1", "t", "T", "TRUE", "true", "True", "0", "f", "F", "FALSE", "false"):
            return made.lower()[0] in "1t"
    return made


def as_grafana(value: object, path: tuple[str, ...] = ()) -> object:
    """A whole file as Grafana has it: everything is expanded but what RAW names."""
    if path in RAW:
        return value
    if isinstance(value, dict):
        return {key: as_grafana(item, (*path, key)) for key, item in value.items()}
    if isinstance(value, list):
        return [as_grafana(item, path) for item in value]
    return expand(value) if isinstance(value, str) else value


def goes_yaml(text: str) -> bool:
    """Whether Grafana's YAML library takes a bare `text` for something else than text."""
    number = r"[-+]?(\.[0-9]+|[0-9][0-9_]*(\.[0-9_]*)?)([eE][-+]?[0-9]+)?|0[ox][0-9a-fA-F_]+"
    return bool(re.fullmatch(number + r"|[-+]?\.(inf|Inf|INF)|\.nan|~|null|Null|NULL|", text))


@pytest.mark.parametrize(
    ("text", "expanded"),
    [
        ("$HOME", "/root"),
        ("${HOME}x", "/rootx"),
        ("$__env{HOME}", "/root"),
        ("$UNSET", ""),
        ("$5", ""),
        ("$ x", "$ x"),
        ("^foo$", "^foo$"),
        ("$$HOME", "$HOME"),
        ("$$$$", "$$"),
        ("${labels.device}", ""),
    ],
)
def test_the_oracle_expands_as_grafana_was_seen_to(text: str, expanded: str) -> None:
    """Values from a run of Grafana's own code."""
    assert expand(text) == expanded


def test_the_oracle_turns_numbers_of_the_environment_into_numbers() -> None:
    ENVIRONMENT["DIGITS"] = "0123"
    try:
        assert expand_json({"a": "$DIGITS", "b": "0123", "c": "$$5"}) == {
            "a": 123,
            "b": "0123",
            "c": "$5",
        }
    finally:
        del ENVIRONMENT["DIGITS"]


@given(TEXT, TEXT)
@example("a$", "$b")
def test_any_text_comes_out_as_it_went_in(one: str, other: str) -> None:
    content = {"name": one, "jsonData": {"x": [other, {"y": one}]}}
    read = yaml.safe_load(render("Says what it is.", content))
    assert as_grafana(read) == content
    assert expand_json(read["jsonData"]) == content["jsonData"]


@given(TEXT)
def test_no_text_is_a_number_or_nothing_to_any_reader(text: str) -> None:
    """PyYAML and Grafana's library differ in what they take for a number."""
    line = render("x", {"name": text}).splitlines()[1].removeprefix("name:").strip()
    if not line.startswith(("'", '"', "|")):
        assert not goes_yaml(line)


@given(TEXT)
def test_what_grafana_leaves_raw_is_not_escaped(text: str) -> None:
    rule = {"annotations": {"a": text}, "labels": {"annotations": text}}
    query = {"model": {"sql": text}, "datasourceUid": text}
    content = {
        "groups": [{"rules": [{**rule, "data": [query]}]}],
        "templates": [{"template": text}],
        "muteTimes": [{"name": text}],
    }
    read = yaml.safe_load(render("x", content))
    [made] = read["groups"][0]["rules"]
    assert made["annotations"]["a"] == text
    assert made["data"][0]["model"]["sql"] == text
    assert read["templates"][0]["template"] == read["muteTimes"][0]["name"] == text
    assert as_grafana(read) == content


def test_a_variable_stays_a_reference() -> None:
    assert escaped({"a": Variable("$AWS_REGION"), "b": "$AWS_REGION"}) == {
        "a": "$AWS_REGION",
        "b": "$$AWS_REGION",
    }


TITLES = st.sampled_from(
    [text for text in HOSTILE if text.isprintable() and text.strip() == text and text]
).filter(lambda text: not set(text) & set("/\\") and not text.startswith("."))


@pytest.mark.slow
@settings(deadline=None, max_examples=10)
@given(TITLES, st.from_regex(r"[A-Za-z0-9_-]{1,40}", fullmatch=True))
@example("CDN: production", "12345")
@example("CDN #1", "1e5")
@example("$HOME", "null")
def test_title_and_data_source_of_a_bundle_reach_grafana(title: str, datasource: str) -> None:
    files = build_small(Bundle(title=title, datasource=datasource))
    [source] = yaml.safe_load(files["datasources/timestream.yaml"])["datasources"]
    assert expand(source["uid"]) == datasource
    groups = yaml.safe_load(files["alerting/rules.yaml"])["groups"]
    assert {expand(group["folder"]) for group in groups} == {f"{title} alerts"}
    asked = {query["datasourceUid"] for g in groups for r in g["rules"] for query in r["data"]}
    assert {expand(uid) for uid in asked} == {datasource, "__expr__"}
    boards = [path for path in files if path.endswith(".json")]
    # Grafana names the folder for the directory, and expands nothing in dashboards.
    assert {PurePath(path).parent.name for path in boards} == {title}
    [variable] = [
        one
        for one in json.loads(files[boards[0]])["templating"]["list"]
        if one["name"] == "datasource"
    ]
    assert variable["current"]["value"] == datasource


def build_small(bundle: Bundle) -> dict[str, str]:
    """Few fields, few panels and rules: quick to build, and every kind of file is there."""
    few = ("timestamp", "sc-bytes", "sc-status")
    return build(replace(bundle, fields=few))


def test_a_literal_address_is_escaped_and_a_variable_is_not() -> None:
    address = "https://hooks.example.com/$token"
    for addresses, expected in (
        ({"slack": address}, address),
        (None, ENVIRONMENT.setdefault("SLACK_WEBHOOK_URL", "https://x")),
    ):
        points = contact_points.contact_points(Bundle(channels=("slack",)), addresses)
        read = yaml.safe_load(render("x", {"contactPoints": points}))["contactPoints"]
        made = expand_json(read[0]["receivers"][0]["settings"])
        assert isinstance(made, dict)
        assert made["url"] == expected


def test_two_bundles_live_in_one_folder_of_files_and_one_grafana(tmp_path: Path) -> None:
    """No file, uid, name or folder of one is the other's, and neither is the default."""
    few = ["--fields", "timestamp,sc-bytes,sc-status", "--out", str(tmp_path)]
    cli.main(few)
    one = written(tmp_path)
    cli.main([*few, "--name", "green", "--database", "green_logs"])
    both = written(tmp_path)
    assert {path: both[path] for path in one} == one
    two = {path: text for path, text in both.items() if path not in one}
    sources = [
        source
        for path, text in both.items()
        if path.startswith("datasources/")
        for source in yaml.safe_load(text)["datasources"]
    ]
    assert [(s["name"], s["uid"], s["isDefault"]) for s in sources] == [
        ("Amazon Timestream (green)", "green-timestream", False),
        ("Amazon Timestream", "timestream", False),
    ]
    # One environment serves both, so only one of them reads its place from it.
    assert [s["jsonData"]["defaultDatabase"] for s in sources] == [
        '"green_logs"',
        '"$TIMESTREAM_DATABASE"',
    ]
    for path, text in two.items():
        if path.startswith("alerting/rules"):
            groups = yaml.safe_load(text)["groups"]
            assert {group["folder"] for group in groups} == {"CloudFront (green) alerts"}
            uids = {q["datasourceUid"] for g in groups for r in g["rules"] for q in r["data"]}
            assert uids == {"green-timestream", "__expr__"}


def written(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): path.read_text()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def test_only_the_files_of_compose_make_the_data_source_the_default() -> None:
    [text] = [t for p, t in cli.wanted(Bundle()).items() if p.parent.name == "datasources"]
    assert yaml.safe_load(text)["datasources"][0]["isDefault"] is True


def test_a_place_of_ones_own_is_written_down() -> None:
    files = build_small(Bundle(database="12345", table="1e5"))
    text = files["datasources/timestream.yaml"]
    [source] = yaml.safe_load(text)["datasources"]
    made = expand_json(source["jsonData"])
    assert isinstance(made, dict)
    assert (made["defaultDatabase"], made["defaultTable"]) == ('"12345"', '"1e5"')
    assert "TIMESTREAM_DATABASE" not in text
    assert text.startswith("# Generated by `make dashboards`")
