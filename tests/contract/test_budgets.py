"""Error budgets: what is left, who spent it and for how many minutes, as counted by hand."""

from dataclasses import replace

import pytest

from dashboards import stores
from dashboards.alerts import cadence, thresholds
from dashboards.alerts import queries as asked
from dashboards.alerts.files import groups
from dashboards.alerts.rules import RULES
from dashboards.boards import boards
from dashboards.grafana.panels import Panel
from dashboards.signals import DIMENSIONS
from dashboards.stores.common import judged
from local.traffic import Request
from tests.contract.test_lines import rows_of
from tests.support.expected import CONDITIONS, LABELS, agrees
from tests.support.sample_site import SampleSite
from tests.support.stores import WAYS, queries

pytestmark = pytest.mark.slow  # each asks a store much

BAD = {"server_error": 99.9, "slow_first_byte": 99.0}


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("bad", BAD)
@pytest.mark.parametrize("name", ["host", "country", "behavior"])
def test_a_budget_is_spent_by_labels_that_had_bad_requests(
    sample_site: SampleSite, way: str, bad: str, name: str
) -> None:
    """The most of it first; together it is what the site spent."""
    sql = queries(way).spent(bad, DIMENSIONS[name], objective=BAD[bad], most=1000)
    found = rows_of(sample_site.frame(sql, way))
    groups: dict[str, list[Request]] = {}
    for request in sample_site.today:
        groups.setdefault(LABELS[name](request), []).append(request)
    budget = len(sample_site.today) * (100 - BAD[bad]) / 100
    count = {label: sum(map(CONDITIONS[bad], rows)) for label, rows in groups.items()}
    wanted = [label for label in count if count[label]]
    wanted.sort(key=lambda label: (-count[label], label))
    assert wanted
    assert [row[name] for row in found] == wanted
    for row in found:
        label = str(row[name])
        assert row["bad"] == count[label]
        assert agrees(row["spent"], 100 * count[label] / budget)  # type: ignore[arg-type]
        assert agrees(row["rate"], 100 * count[label] / len(groups[label]))  # type: ignore[arg-type]
    few = queries(way).spent(bad, DIMENSIONS[name], objective=BAD[bad], most=2)
    assert rows_of(sample_site.frame(few, way)) == found[:2]


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(("rate", "least"), [(1.44, 20), (8, 1), (0.0001, 1), (5, 100_000)])
def test_minutes_of_breach_are_those_of_spans_with_enough_requests(
    sample_site: SampleSite, way: str, rate: float, least: float
) -> None:
    sql = queries(way).breach("server_error", rate=rate, minutes=5, least=least)
    ((minutes,),) = (field.values for field in sample_site.frame(sql, way).fields)
    spans: dict[int, list[Request]] = {}
    for request in sample_site.today:
        spans.setdefault(int(float(request["timestamp"])) // 300, []).append(request)
    bad = [
        rows
        for rows in spans.values()
        if len(rows) >= least
        and 100 * sum(map(CONDITIONS["server_error"], rows)) / len(rows) >= rate
    ]
    assert minutes == 5 * len(bad)
    if least == 1:
        assert bad


@pytest.mark.parametrize("way", WAYS)
def test_what_is_left_and_the_burn_come_from_the_share_of_bad_requests(
    sample_site: SampleSite, way: str
) -> None:
    """Nothing is left when as many are bad as may be; burn 1 is just that."""
    (board,) = (board for board in boards(WAYS[way].bundle()) if board.name == "slo")
    panels = {panel.key: panel for panel in board.panels() if isinstance(panel, Panel)}
    for budget, bad in (("availability", "server_error"), ("latency", "slow_first_byte")):
        target = panels[f"left-{budget}"].targets[0]
        ((left,),) = (field.values for field in sample_site.frame(target.sql, way).fields)
        share = 100 * sum(map(CONDITIONS[bad], sample_site.today)) / len(sample_site.today)
        assert agrees(left, 100 - 100 * share / (100 - BAD[bad]))
        target = panels[f"curve-{budget}"].targets[0]
        time, burn = sample_site.frame(target.sql, way, target.shape).fields
        for at, got in zip(time.values, burn.values, strict=True):
            rows = [
                r for r in sample_site.today if int(float(r["timestamp"])) // 60 * 60 * 10**9 == at
            ]
            share = 100 * sum(map(CONDITIONS[bad], rows)) / len(rows)
            assert agrees(got, share / (100 - BAD[bad]))


@pytest.mark.parametrize("way", WAYS)
def test_each_burn_is_the_number_of_its_rule(way: str) -> None:
    """The very question, over the window that the rule looks at."""
    (board,) = (board for board in boards(WAYS[way].bundle()) if board.name == "slo")
    burns = [panel for panel in board.panels() if getattr(panel, "key", "").startswith("burn-")]
    assert len(burns) == 8
    bundle = WAYS[way].bundle()
    limits, store = cadence.at(thresholds.load(), bundle), stores.of(bundle)
    models = {
        (rule["uid"], each["refId"]): each["model"]
        for group in groups(bundle)
        for rule in group["rules"]
        for each in rule["data"]
    }
    found = []
    for rule in RULES.values():
        parts = [part for part in rule.parts if part.ask is asked.burn]
        times, named = limits.rules[rule.name], []
        for part in parts:
            knobs = limits.rules[part.name]
            alone = part.ask(limits, knobs, 0, part.question)
            found.append(judged.plain(asked.alone(store, alone)))
            past = times.pending + times.keep_firing_for
            one = part.ask(limits, knobs, past, part.question)
            named.append(replace(one, part=replace(one.part, name=part.name)))
        for query in asked.together(store, named):
            for number in ("A", "N"):
                model = models[bundle.uid(rule.name), number]
                sql = model.get("rawSql") or model["rawQuery"]
                assert "".join(query.split()) in "".join(sql.split())
    assert sorted(found) == sorted(panel.targets[0].sql for panel in burns)
    assert {panel.to_json_data()["timeShift"] for panel in burns} == {"1m"}
