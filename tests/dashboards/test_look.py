"""Calm looks calm, and trouble is seen at once: what can be computed of how dashboards look."""

import re
from dataclasses import replace
from typing import Any

import pytest

from dashboards.alerts import files, queries, thresholds
from dashboards.alerts.knobs import Thresholds
from dashboards.alerts.rule_lines import rule_lines
from dashboards.alerts.rules import RULES
from dashboards.boards import boards
from dashboards.grafana import colors, tables
from dashboards.grafana.panels import Panel, panel_id
from dashboards.grafana.rule_lines import RuleLine
from dashboards.signals import SIGNALS
from tests.support.expected import METRICS
from tests.support.usual import Bundle

Json = dict[str, Any]
LIMITS = thresholds.load()
BOARDS = boards(Bundle())
PANELS: dict[str, Panel] = {
    f"{board.name}/{panel.key}": panel
    for board in BOARDS
    for panel in board.panels()
    if isinstance(panel, Panel)
}
# How many queries each dashboard asked before its panels shared answers.
ASKED = {
    "overview": 18,
    "edges": 8,
    "countries": 9,
    "latency": 17,
    "errors": 15,
    "cache": 16,
    "viewers": 18,
    "pipeline": 11,
}
COMPARED = (queries.now, queries.shares, queries.burn)
PARTS = {part.name: part for rule in RULES.values() for part in rule.parts if part.ask in COMPARED}


def color_at(steps: list[Json], value: float) -> str:
    """Return the color that Grafana gives a value: that of the last step it has reached."""
    reached = [step for step in steps if step["value"] is None or value >= step["value"]]
    return str(reached[-1]["color"])


def steps(name: str) -> list[Json]:
    found: list[Json] = PANELS[name].defaults["thresholds"]["steps"]
    return found


def setting(panel: Panel, field: str, key: str) -> Any:
    return next(
        each["value"]
        for override in panel.overrides
        if override["matcher"]["options"] == field
        for each in override["properties"]
        if each["id"] == key
    )


@pytest.mark.parametrize(
    ("tile", "calm", "trouble", "color"),
    [
        ("error_rate_5xx_bound", 0.2, 12, "red"),
        ("error_rate_4xx_bound", 1.5, 30, "orange"),
        ("hit_ratio", 88, 40, colors.NEUTRAL),  # the rule compares it with the day before
        ("ttfb_p95_enough", 0.3, 1.6, "orange"),
        ("ttfb_p99_enough", 3.5, 4.5, "orange"),
        ("request_rate", 20, 20_000, colors.NEUTRAL),
    ],
)
def test_a_tile_has_a_color_when_a_rule_would_say_so(
    tile: str, calm: float, trouble: float, color: str
) -> None:
    """And none in calm: one error in a quiet minute, hits at their usual 88 %."""
    found = steps(f"overview/now-{tile}")
    assert color_at(found, calm) == colors.NEUTRAL
    assert color_at(found, trouble) == color
    assert color_at(steps(f"overview/before-{tile}"), trouble) == colors.PREVIOUS_DAY


@pytest.mark.parametrize("name", PARTS)
def test_the_panel_that_an_alert_links_shows_its_line(name: str) -> None:
    """From thresholds.toml, on the side on which the rule fires."""
    rule, threshold = PARTS[name], LIMITS.rules[name]
    found = files.panel(BOARDS, *rule.panel)
    assert found
    panel = next(
        panel
        for key, panel in PANELS.items()
        if f"cloudfront-{key.partition('/')[0]}" == found[0] and panel_id(panel.key) == found[1]
    )
    assert panel.over_time
    if rule.panel[0] in ("received", "malformed", "rejected"):
        return  # counts, beside the shares that the rules watch: see the next test
    asked = queries.signal(rule.question.signal).value
    shown = next(each for each in panel.signals if (SIGNALS.get(each.of) or each).value == asked)
    line = rule_lines(LIMITS).of(shown, rule.question.dimension)
    assert line
    drawn = [step["value"] for step in panel.defaults["thresholds"]["steps"]]
    assert line.value in drawn
    if rule.ask is queries.burn:  # the fastest burn of the budget is what an hour is judged by
        objective = getattr(LIMITS, rule.question.objective or "")
        assert line.value in (
            pytest.approx(14.4 * (100 - objective)),
            LIMITS.rules["site-5xx"].line,
        )
    else:
        assert line.value == threshold.line
    beyond = line.value * (0.9 if line.below else 1.1)
    assert color_at(panel.defaults["thresholds"]["steps"], beyond) in colors.SEVERITY.values()


def test_shares_of_lost_lines_have_the_lines_of_their_rules() -> None:
    drawn = [step["value"] for step in steps("pipeline/lost")]
    wanted = {LIMITS.rules[f"pipeline-{kind}"].line for kind in ("malformed", "rejected")}
    assert wanted <= set(drawn)
    window = LIMITS.rules["pipeline-silent"].window
    assert color_at(steps("pipeline/total-silence"), window - 1) == colors.NEUTRAL
    assert color_at(steps("pipeline/total-silence"), window + 1) == "red"


def test_another_threshold_moves_the_line_and_a_rule_that_is_off_has_none() -> None:
    def changed(**settings: Any) -> Thresholds:
        rule = replace(LIMITS.rules["country-5xx"], **settings)
        return replace(LIMITS, rules={**LIMITS.rules, "country-5xx": rule})

    signal = SIGNALS["error_rate_5xx_bound"]
    moved = rule_lines(changed(above=7.0)).of(signal, "country")
    assert moved
    assert moved.value == 7
    site = rule_lines(LIMITS).of(SIGNALS["error_rate_5xx"])
    assert rule_lines(changed(enabled=False)).of(signal, "country") == site


def test_hits_of_what_is_not_meant_to_be_cached_are_no_trouble() -> None:
    """/checkout/* at 0 % is as it should be: hits are shades of blue, whatever they are."""
    for name in ("cache/hit-behavior", "cache/hit-host", "edges/hit-ratio"):
        defaults = PANELS[name].defaults
        assert defaults["color"] == {"mode": colors.MORE}
        assert "thresholds" not in defaults
        assert (defaults["min"], defaults["max"]) == (0, 100)


def test_small_counts_are_judged_by_their_bound() -> None:
    """The numbers in the signal's description, by a formula of its own."""

    def bound(bad: int, requests: int) -> float:
        rows = [{"sc-status": "502" if n < bad else "200"} for n in range(requests)]
        found = METRICS["error_rate_5xx_bound"](rows, 60)
        assert isinstance(found, float)
        return found

    said = SIGNALS["error_rate_5xx_bound"].description
    assert "3 errors in 24 requests say 4.3 %" in said
    assert bound(3, 24) == pytest.approx(4.3, abs=0.05)
    # One or two of however few are chance: no cell of a quiet place is red for them.
    assert bound(1, 1) == bound(2, 2) == 0
    assert "40 in 320 say 9.3 %" in said
    assert bound(40, 320) == pytest.approx(9.3, abs=0.05)
    table = PANELS["overview/worst-country"]
    found = setting(table, "error_rate_5xx_bound", "thresholds")["steps"]
    assert color_at(found, bound(1, 88)) == colors.GRAY
    assert color_at(found, bound(44, 100)) == "red"
    # Nothing else in the table has a color.
    judged = {each["matcher"]["options"] for each in table.overrides for setting in
              each["properties"] if setting["id"] == "thresholds"}  # fmt: skip
    assert judged == {"error_rate_5xx_bound"}


def test_what_fails_is_ranked_by_failures_and_says_so() -> None:
    """Two quiet edges that fail 44 and 38 % are there, whatever the traffic of ten others."""
    for name, panel in PANELS.items():
        (signal,) = panel.signals if panel.kind == "status-history" else (None,)
        if signal is None:
            continue
        if signal.name == "hit_ratio":
            assert "busiest" in panel.title, name
        else:
            assert signal.ranked in ("errors_4xx", "errors_5xx", "slow_first_bytes"), name
            assert re.search("with most (errors|slow first bytes)$", panel.title), name
    for name in ("errors/uris-5xx", "errors/uris-4xx"):
        assert [each.name for each in PANELS[name].dimensions] == ["uri"]


def test_statuses_have_the_color_of_their_class() -> None:
    """304 is no error, and every 5xx is red."""
    found = PANELS["errors/statuses"].overrides
    for code, color in (("200", "blue"), ("304", "light-purple"), ("404", "yellow"),
                        ("502", "red"), ("503", "red"), ("0", colors.GRAY)):  # fmt: skip
        matching = [
            override["properties"][0]["value"]["fixedColor"]
            for override in found
            if override["matcher"]["id"] == "byRegexp"
            and re.search(override["matcher"]["options"].strip("/"), code)
        ]
        assert matching == [color], code


def test_what_may_be_missing_for_minutes_is_drawn_as_bars() -> None:
    """A line would rise for twenty minutes from one stray error to the first of an incident."""
    sparse = {
        *("requests/counts", "pipeline/left-out"),
        *(key for key, panel in PANELS.items() if panel.where and panel.kind == "timeseries"),
    }
    by_label = [PANELS[key] for key in sparse if PANELS[key].dimensions]
    stacked = [p for p in by_label if p.defaults["custom"]["stacking"]["mode"] == "normal"]
    assert {p.defaults["custom"]["drawStyle"] for p in stacked} == {"bars"}


def test_one_signal_has_one_color_on_every_board() -> None:
    """Errors are never green or blue."""
    found: dict[str, set[str]] = {}
    for panel in PANELS.values():
        if panel.kind == "timeseries" and not panel.dimensions:
            for signal in panel.signals:
                color = setting(panel, signal.name, "color")["fixedColor"]
                found.setdefault(signal.name, set()).add(color)
    assert found["error_rate_5xx"] == {"red"}
    assert all(len(seen) == 1 for seen in found.values()), found
    assert {color for seen in found.values() for color in seen} <= colors.ALL


def test_a_panel_shows_what_the_other_one_asked_for() -> None:
    """Its own signals, out of an answer that has them."""
    shared = 0
    for board in BOARDS:
        by_key = {panel.key: panel for panel in board.panels() if isinstance(panel, Panel)}
        for panel in by_key.values():
            if panel.of:
                shared += 1
                source = by_key[panel.of]
                assert not panel.targets
                assert {*panel.signals} <= {*source.signals, *source.asks}, panel.key
    assert shared > 30


def test_a_panel_asks_for_itself_where_nobody_asks_for_it() -> None:
    """Such as where the panel that would ask is left out."""
    fields = [name for name in Bundle().fields if name != "x-edge-result-type"]
    found = {
        panel.key: panel
        for board in boards(Bundle(fields=tuple(fields)))
        for panel in board.panels()
        if isinstance(panel, Panel) and board.name == "cache"
    }
    assert "hit-ratio" not in found
    asking = [panel for panel in found.values() if panel.kind == "timeseries"]
    assert asking
    assert all(panel.targets and not panel.of for panel in asking)


@pytest.mark.parametrize("name", ASKED)
def test_a_dashboard_asks_no_more_than_it_did(name: str) -> None:
    asked = [panel for key, panel in PANELS.items() if key.startswith(f"{name}/")]
    assert sum(len(panel.targets) for panel in asked) <= ASKED[name]


@pytest.mark.parametrize("rows", [1, 5, 10, 20])
def test_no_row_of_a_table_is_cut_in_half(rows: int) -> None:
    """The panel's title takes 40 pixels, its margins 16, a row and the heading 36 each."""
    inside = tables.table_height(rows) * 38 - 8 - 40 - 8
    assert (rows + 1) * 36 <= inside < (rows + 2) * 36 + 10


def test_the_line_is_seen_below_the_end_of_the_axis() -> None:
    line = RuleLine(2, "critical", "country-5xx")
    assert 2 < line.soft_max <= 3


def test_maps_need_no_internet_and_show_what_fails() -> None:
    """The bigger, the more of its requests fail; by Grafana's own borders, without a base map."""
    for name in ("edges/map", "countries/map"):
        panel = PANELS[name]
        basemap = panel.options["basemap"]
        assert basemap["type"] == "geojson"
        assert basemap["config"]["src"] == "public/maps/countries.geojson"
        style = panel.options["layers"][0]["config"]["style"]
        assert style["size"]["field"] == style["color"]["field"] == "error_rate_5xx_bound"
        assert setting(panel, "error_rate_5xx_bound", "min") == 0  # the same size every time
        assert panel.options["view"]["lat"] > 0


def test_each_state_of_an_alert_is_in_one_list() -> None:
    """Grafana takes a state that is not said for one to show: recovering was firing and pending."""
    lists = {n: p.options["stateFilter"] for n, p in PANELS.items() if p.kind == "alertlist"}
    assert lists
    states = {"firing", "pending", "recovering", "noData", "error", "normal"}
    assert all(each.keys() == states for each in lists.values())
    shown = {state for state, is_shown in lists["overview/pending"].items() if is_shown}
    assert shown == {"pending"}
    for name in ("overview/alerts", "overview/warnings"):
        assert lists[name]["recovering"]
        assert not lists[name]["pending"]
