"""docs/alerts.md has an entry for every rule, and what it tells people to type runs."""

import json
import re
import time
import tomllib
from datetime import UTC, datetime
from pathlib import Path

import pytest
import yaml

from dashboards import build as build_all
from dashboards import stores
from dashboards.alerts import build, docs, runbook
from dashboards.alerts.rules import RULES
from dashboards.boards import boards
from dashboards.files import dashboard_path
from dashboards.grafana.panels import Panel
from dashboards.stores.timestream import frames
from dashboards.stores.timestream.frames import Range
from dashboards.stores.timestream.runbook import NAMED
from local.stores.timestream.rulecases import Data, Endpoint, Entry, load
from ruletest.cases import SHOWS
from ruletest.durations import milliseconds
from ruletest.rulefile import load_file
from tests.support.usual import ON, Bundle, alerting_files

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs/alerts.md"
# Those of rules that are off, too: their words wait in a comment.
ENTRIES = {
    name: runbook.markdown(entry, stores.DEFAULT.confirm(name), stores.DEFAULT.LANGUAGE)
    for name, entry in runbook.load().items()
}
QUERIES = re.findall(r"^```sql\n(.*?)^```", PAGE.read_text(), re.MULTILINE | re.DOTALL)
RULES_FILE = alerting_files()["rules"]
PARTS = ("Meaning", "Likely causes", "Confirm", "Do")


@pytest.mark.parametrize("name", RULES)
def test_a_rule_has_a_runbook_entry_with_all_its_parts(name: str) -> None:
    assert name in ENTRIES, f"docs/alerts.md lacks the entry ### {name}"
    parts = dict(re.findall(r"\*\*([^*]+)\.\*\*\s+(.+?)(?=\n\*\*|\Z)", ENTRIES[name], re.DOTALL))
    assert tuple(parts) == PARTS
    assert all(len(text.strip()) > 20 for text in parts.values())
    assert name == "smoke" or "```sql" in parts["Confirm"]


def test_no_entry_is_about_a_rule_that_is_gone() -> None:
    assert set(ENTRIES) == set(RULES)
    for store in stores.STORES:
        queries = tomllib.loads((ROOT / f"dashboards/stores/{store}/confirm.toml").read_text())
        assert set(queries) == set(RULES) - {"smoke"}


def test_the_page_has_every_entry_as_it_was_written() -> None:
    page = PAGE.read_text()
    assert [f"### {name}\n\n{entry}\n" in page for name, entry in ENTRIES.items()] == [True] * len(
        RULES
    )


@pytest.mark.parametrize("store", stores.STORES)
def test_a_runbook_speaks_of_its_own_store(store: str) -> None:
    """Whoever is woken has one store, and no page beside the dashboard that a link could open."""
    models = [each.to_json_data() for each in boards(Bundle(store=store))[-1].panels()]
    texts = [each["options"]["content"] for each in models if each["type"] == "text"]
    assert len(texts) >= len(ON)
    for said in texts:
        assert not [
            each.TITLE for key, each in stores.STORES.items() if key != store and each.TITLE in said
        ]
        assert "{store}" not in said
        assert re.findall(r"\]\((?!/d/|https://)", said) == []
    assert f"{stores.STORES[store].TITLE} refuses every write" in "".join(texts)


@pytest.mark.slow
def test_every_rule_links_its_entry_on_the_runbook_dashboard() -> None:
    model = json.loads(build_all(Bundle())[dashboard_path(Bundle(), "runbook")])
    shown = {str(each["id"]): each for row in model["panels"] for each in row.get("panels", ())}
    for rule in load_file(RULES_FILE).rules:
        url, _, after = rule.annotations["runbook"].partition("?viewPanel=")
        assert url == f"{Bundle().grafana_url}/d/{model['uid']}"
        name = rule.uid.removeprefix("cloudfront-")
        number = re.match(r"\d+", after)[0]
        assert shown[number]["title"] == name
        content = shown[number]["options"]["content"]
        link = re.search(
            r"\n\*\*\[[^]]+\]\(/d/cloudfront-runbook\?viewPanel=(\d+)([^)]*)\)\*\*[^\n]*\n", content
        )
        content, _, page = content.replace(link[0] if link else "", "").rpartition("\n\n")
        assert "](/d/cloudfront-runbook?${__url_time_range}" in page
        others = re.compile(r"\[(`[^`]+`)\]\(/d/cloudfront-runbook\?viewPanel=(\d+)[^)]*\)")
        for other, id_ in others.findall(content):
            assert shown[id_]["title"] == other.strip("`")
        # Grafana has no pages of the documentation: they are named there.
        wanted = re.sub(r"\[[^]]+\]\(([a-z-]+\.md)\)", r"`docs/\1`", ENTRIES[name].strip())
        assert others.sub(r"\1", content) == wanted
        if name == "smoke":
            assert link is None
            continue
        answer = shown[link[1]]
        assert answer["title"].startswith(name)
        # What the alert names goes into the entry's address, and from there into the answer's.
        for variable in re.findall(r"&var-(\w+)=", after):
            assert f"${{{variable}:queryparam}}" in link[2]
            assert f"${{{variable}:sqlstring}}" in answer["targets"][0]["rawQuery"]


def test_a_runbook_elsewhere_is_linked_by_the_rules_name() -> None:
    bundle = Bundle(runbook_url="https://wiki.example.com/cdn#top")
    for rule in yaml.safe_load(build(bundle)["alerting/rules.yaml"])["groups"][0]["rules"]:
        name = rule["uid"].removeprefix("cloudfront-")
        assert rule["annotations"]["runbook_url"] == f"https://wiki.example.com/cdn#{name}"


@pytest.mark.slow
def test_the_answers_of_the_runbook_are_those_of_its_queries(timestream: Endpoint) -> None:
    """With the page's own example chosen, a panel gives the rows of the page's query."""
    bundle = Bundle()
    panels = {each.key: each for each in boards(bundle)[-1].panels()}
    example = {"edge": "GRU1-C1", "country": "BR", "behavior": "/api/*", "host": "shop.example.com"}
    now = datetime.now(UTC)
    moments = tuple(-n * 1_000_000_000 for n in range(1, 200))
    traffic = []
    filled = 0
    with timestream.table() as table:
        for country, edge, status in (("BR", "GRU1-C1", "503"), ("DE", "FRA1-C1", "404")):
            for result in ("Miss", "Hit"):
                request = {
                    "c-country": country, "x-edge-location": edge, "sc-status": status,
                    "cache-behavior-path-pattern": "/api/*", "cs-host": "shop.example.com",
                    "x-edge-result-type": result, "time-to-first-byte": "2.5", "asn": "64500",
                    "origin-fbl": "2.1", "cs-uri-query": "a=1", "cs-uri-stem": f"/{country}",
                }  # fmt: skip
                traffic.append(Entry(moments, request))
        timestream.write(table, Data(traffic=tuple(traffic)), now)
        names = frames.Source(database=f'"{timestream.database}"', table=f'"{table}"')

        def ask(sql: str) -> list[object]:
            return timestream.client.query(QueryString=sql)["Rows"]

        for name, entry in ENTRIES.items():
            panel = panels.get(f"runbook-answer-{name}")
            if panel is None:
                assert name == "smoke"
                continue
            [sql] = re.findall(r"```sql\n(.*?)```", entry, re.DOTALL)
            for column, variable in NAMED.items():
                sql = re.sub(rf"{column} = '[^']*'", f"{column} = '{example[variable]}'", sql)
            sql = sql.replace('"cloudfront"."realtime_logs"', f'"{timestream.database}"."{table}"')
            end = time.time_ns() // 1_000_000
            span = Range(start=end - milliseconds(panel.timeFrom), end=end)

            def answer(choices: dict[str, str], panel: Panel = panel, span: Range = span) -> list:
                text = frames.substitute(panel.targets[0].sql, choices)
                return ask(frames.interpolate(text, span, names))

            assert sorted(map(str, answer(example))) == sorted(map(str, ask(sql))), name
            filled += bool(ask(sql))
            assert len(answer(dict.fromkeys(example, ""))) >= len(answer(example))
    assert filled > 6


@pytest.mark.parametrize("store", ["timestream", "clickhouse"])
def test_the_answers_of_the_runbook_have_headings_for_people(store: str) -> None:
    """Every log field that a query selects has its name and a column that cuts none."""
    answers = [
        panel
        for panel in boards(Bundle(store=store))[-1].panels()
        if panel.key.startswith("runbook-answer-")
    ]
    named = 0
    for panel in answers:
        [head] = re.findall(r"^SELECT (.*)$", panel.targets[0].sql, re.MULTILINE)
        fields = set(re.findall(r"(?:^|, )(\w+_\w+)(?=, )", head))
        headings = {
            each["matcher"]["options"]: {p["id"]: p["value"] for p in each["properties"]}
            for each in panel.overrides
        }
        assert fields == headings.keys()
        assert not any("_" in each["displayName"] for each in headings.values())
        named += len(fields)
    assert named > 10


@pytest.mark.slow
def test_the_queries_of_the_runbook_run(timestream: Endpoint) -> None:
    with timestream.table() as table:
        timestream.write(table, Data(), datetime.now(UTC))
        for sql in QUERIES:
            renamed = sql.replace(
                '"cloudfront"."realtime_logs"', f'"{timestream.database}"."{table}"'
            )
            timestream.client.query(QueryString=renamed)
    assert len(QUERIES) == len(RULES) - 1


def test_the_generated_half_is_up_to_date() -> None:
    assert PAGE.read_text() == docs.page(PAGE.read_text())


def test_every_kind_of_test_is_named_in_the_documentation() -> None:
    page = (ROOT / "docs/testing-rules.md").read_text()
    assert f"# {', '.join(SHOWS)}" in page


@pytest.mark.slow
@pytest.mark.skipif("errors-5xx" not in ON, reason="the documented rule is off")
def test_the_documented_test_file_can_be_run(tmp_path: Path, timestream: Endpoint) -> None:
    [text] = re.findall(
        r"^```yaml\n(.*?)^```",
        (ROOT / "docs/testing-rules.md").read_text(),
        re.MULTILINE | re.DOTALL,
    )
    path = tmp_path / "documented.yaml"
    path.write_text(text.replace("../../../provisioning/alerting", str(RULES_FILE.parent)))
    [test] = load(path)
    assert timestream.run(test).ok
