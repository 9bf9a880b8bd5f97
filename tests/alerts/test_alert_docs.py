"""docs/alerts.md has an entry for every rule, and what it tells people to type runs."""

import json
import re
from pathlib import Path

import pytest
import yaml

from dashboards.alerts import build, docs
from dashboards.alerts.rules import RULES
from dashboards.alerts.testing import rows
from dashboards.alerts.testing.cases import SHOWS, load_tests
from dashboards.alerts.testing.command import DATABASE, Endpoint
from dashboards.alerts.testing.rulefile import load_file
from dashboards.config import Bundle

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs/alerts.md"
ENTRIES = dict(
    re.findall(r"^### (\S+)\n(.*?)(?=^#|\Z)", PAGE.read_text(), re.MULTILINE | re.DOTALL)
)
QUERIES = re.findall(r"^```sql\n(.*?)^```", PAGE.read_text(), re.MULTILINE | re.DOTALL)
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


def test_every_rule_links_its_entry_on_the_runbook_dashboard() -> None:
    model = json.loads(
        (ROOT / "provisioning/dashboards/CloudFront/cloudfront-runbook.json").read_text()
    )
    shown = {str(each["id"]): each for each in model["panels"]}
    for rule in load_file(ROOT / "provisioning/alerting/rules.yaml").rules:
        url, _, number = rule.annotations["runbook_url"].partition("?viewPanel=")
        assert url == f"{Bundle().grafana_url}/d/{model['uid']}"
        name = rule.uid.removeprefix("cloudfront-")
        assert shown[number]["title"] == name
        assert shown[number]["options"]["content"] == ENTRIES[name].strip()


def test_a_runbook_elsewhere_is_linked_by_the_rules_name() -> None:
    bundle = Bundle(runbook_url="https://wiki.example.com/cdn#top")
    for rule in yaml.safe_load(build(bundle)["alerting/rules.yaml"])["groups"][0]["rules"]:
        name = rule["uid"].removeprefix("cloudfront-")
        assert rule["annotations"]["runbook_url"] == f"https://wiki.example.com/cdn#{name}"


def test_the_queries_of_the_runbook_run(timestream: Endpoint) -> None:
    with timestream.table() as table:
        timestream.rows.write(DATABASE, table, rows.everything(0, "multi"))
        for sql in QUERIES:
            renamed = sql.replace('"cloudfront"."realtime_logs"', f'"{DATABASE}"."{table}"')
            timestream.client.query(QueryString=renamed)
    assert len(QUERIES) == len(RULES) - 1


def test_the_generated_half_is_up_to_date() -> None:
    assert PAGE.read_text() == docs.page(PAGE.read_text())


def test_every_kind_of_test_is_named_in_the_documentation() -> None:
    page = (ROOT / "docs/testing-rules.md").read_text()
    assert f"# {', '.join(SHOWS)}" in page


def test_the_documented_test_file_can_be_run(tmp_path: Path, timestream: Endpoint) -> None:
    [text] = re.findall(
        r"^```yaml\n(.*?)^```",
        (ROOT / "docs/testing-rules.md").read_text(),
        re.MULTILINE | re.DOTALL,
    )
    path = tmp_path / "documented.yaml"
    path.write_text(text.replace("../../..", str(ROOT)))
    [test] = load_tests(path)
    assert timestream.run(test).ok
