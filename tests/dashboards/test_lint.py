"""Each of Grafana's rules lets the dashboards pass and catches a broken sample.

Those of a store are in test_timestream_lint.py and test_clickhouse.py.
"""

import copy
import json
from collections.abc import Callable
from typing import Any

import pytest

from dashboards import build, lint
from dashboards.grafana import lint as grafana
from tests.support.usual import Bundle

Json = dict[str, Any]
Break = Callable[[dict[str, Json]], None]

GOOD = {path: json.loads(text) for path, text in build(Bundle()).items() if path.endswith(".json")}
FOLDER = "dashboards/CloudFront"
HOME = f"{FOLDER}/cloudfront-home.json"
EDGES, OVERVIEW = f"{FOLDER}/cloudfront-edges.json", f"{FOLDER}/cloudfront-overview.json"

# rule, what is broken, how, and what is said of it
SAMPLES: list[tuple[str, str, Break, str]] = []


def breaks(rule: str, what: str, says: str) -> Callable[[Break], Break]:
    """Add a sample: a function that breaks the dashboards."""

    def add(sample: Break) -> Break:
        SAMPLES.append((rule, what, sample, says))
        return sample

    return add


def panel(model: Json, kind: str = "timeseries") -> Json:
    return next(item for item in model["panels"] if item["type"] == kind)


def target(model: Json) -> Json:
    return panel(model)["targets"][0]


def variable(model: Json, name: str) -> Json:
    return next(item for item in model["templating"]["list"] if item["name"] == name)


def put(rule: str, what: str, says: str, *path: Any, value: Any) -> None:
    """Add a sample with one value of the edges dashboard replaced; path by key or function."""

    def sample(all_: dict[str, Json]) -> None:
        place: Any = all_[EDGES]
        for step in path[:-1]:
            place = step(place) if callable(step) else place[step]
        place[path[-1]] = value

    breaks(rule, what, says)(sample)


put("uids", "a uid with a capital", "uid 'Edges'", "uid", value="Edges")
put("uids", "a uid of 41 characters", "at most 40", "uid", value="e" * 41)
put("uids", "no uid", "uid ''", "uid", value=None)
put("uids", "a uid twice", "more than once", "uid", value="cloudfront-overview")
put("titles", "no title", "no title", "title", value="")
put("titles", "a title twice", "more than once", "title", value="CloudFront overview")
put("schema", "grafanalib's default schema", "schemaVersion 12", "schemaVersion", value=12)
put("no_export_leftovers", "an id", "id must be null", "id", value=7)
put("no_export_leftovers", "inputs", "__inputs", "__inputs", value=[])
put("no_export_leftovers", "an import placeholder", "__inputs", "title", value="${DS_TIMESTREAM}")
put("slow_refresh", "a fast refresh", "refresh 10s", "refresh", value="10s")
put(
    "slow_refresh",
    "a fast refresh on offer",
    "refresh 5s",
    "timepicker",
    "refresh_intervals",
    value=["5s", "1m"],
)
put("short_range", "a week on opening", "now-7d", "time", "from", value="now-7d")
put("short_range", "no range", "''", "time", value={})
put("menu", "a link that loses the range", "loses", "links", 0, "keepTime", value=False)
put("menu", "a link that loses the choice", "loses", "links", 0, "includeVars", value=False)
put("annotations", "no annotations", "alerts are not shown", "annotations", "list", value=[])
put("panel_ids", "an id as text", "id '4'", panel, "id", value="4")
put("panel_ids", "id 0", "id 0", panel, "id", value=0)
put("panel_title_description", "no title", "has no title", panel, "title", value="")
put("panel_title_description", "no description", "no description", panel, "description", value=None)
put(
    "panel_units", "an unknown unit", "req/s", panel, "fieldConfig", "defaults", "unit",
    value="req/s",
)  # fmt: skip
put("panel_targets", "no query", "has no query", panel, "targets", value=[])
put("panel_datasource", "a fixed data source", "does not use", panel, "datasource", value=None)
put("panel_datasource", "a query without", "does not use", target, "datasource", value=None)
put("minimal_interval", "no least interval", "no least interval", panel, "interval", value=None)
put("cheap_all", "All as a list", "neither a quoted", lambda m: variable(m, "edge"), "allValue",
    value=None)  # fmt: skip
put("cheap_all", "a query per range", "on opening", lambda m: variable(m, "edge"), "refresh",
    value=2)  # fmt: skip
put(
    "datasource_variable", "another label", "labeled Data source",
    lambda m: variable(m, "datasource"), "label", value="DS",
)  # fmt: skip
put(
    "variables_defined", "no such variable", "city is not defined", panel, "title", value="$city",
)  # fmt: skip


def tile(all_: dict[str, Json], place: int = 0) -> Json:
    return [item for item in all_[OVERVIEW]["panels"] if item["type"] == "stat"][place]


def setting(item: Json, key: str) -> Json:
    return next(
        each
        for field in item["fieldConfig"]["overrides"]
        for each in field["properties"]
        if each["id"] == key
    )


put("meanings", "a palette", "palette-classic means nothing", panel, "fieldConfig", "defaults",
    "color", "mode", value="palette-classic")  # fmt: skip
put("meanings", "a color of no meaning", "pink is not in", panel, "fieldConfig", "defaults",
    "color", value={"mode": "fixed", "fixedColor": "pink"})  # fmt: skip
put("soft_maxima", "an axis that ends anywhere", "no soft maximum", panel, "fieldConfig",
    "defaults", "custom", "axisSoftMax", value=None)  # fmt: skip
put("room", "a chart by edge on a third of a page", "8 by", panel, "gridPos", "w", value=8)
put("room", "a chart too low to be read", "by 3 is too small", panel, "gridPos", "h", value=3)
put("headings", "a title that is cut", "title is cut", panel, "title", value="long " * 20)


@breaks("texts", "a line of Home that has no room", "is cut on 1366")
def _(all_: dict[str, Json]) -> None:
    line = next(each for each in all_[HOME]["panels"] if each["type"] == "text")
    line |= {"title": "", "options": {"content": "**[Edges](/d/edges)** " + "long " * 200}}


@breaks("meanings", "one thing in two colors", "other is blue, and #8e8e8e elsewhere")
def _(all_: dict[str, Json]) -> None:
    setting(panel(all_[EDGES]), "color")["value"] = {"mode": "fixed", "fixedColor": "blue"}


@breaks("meanings", "a color beyond no rule's line", "green is not in")
def _(all_: dict[str, Json]) -> None:
    tile(all_)["fieldConfig"]["defaults"]["thresholds"]["steps"][0]["color"] = "green"


def watched(all_: dict[str, Json]) -> Json:
    """Return the defaults of the graph of the 5xx rate, with its rule's line."""
    (found,) = (item for item in all_[OVERVIEW]["panels"] if item["title"] == "5xx rate")
    config: Json = found["fieldConfig"]["defaults"]
    return config


@breaks("soft_maxima", "an axis that ends below the line", "below the rule's line")
def _(all_: dict[str, Json]) -> None:
    watched(all_)["custom"]["axisSoftMax"] = 1


@breaks("soft_maxima", "a line that is not drawn", "is not drawn")
def _(all_: dict[str, Json]) -> None:
    del watched(all_)["custom"]["thresholdsStyle"]


@breaks("one_number", "a tile with all numbers", "any number of numbers")
def _(all_: dict[str, Json]) -> None:
    del tile(all_)["transformations"]


@breaks("one_number", "a tile with two numbers", "shows 2 numbers")
def _(all_: dict[str, Json]) -> None:
    tile(all_)["transformations"][0]["options"]["include"]["names"].append("hit_ratio")


@breaks("one_number", "a sparkline behind the number", "runs through the number")
def _(all_: dict[str, Json]) -> None:
    tile(all_)["options"]["textMode"] = "value"


@breaks("shared_answers", "the answer of a panel that is gone", "answer of no panel here")
def _(all_: dict[str, Json]) -> None:
    tile(all_, 1)["targets"][0]["panelId"] = 7


@breaks("shared_answers", "the answer of a panel that asks nothing", "answer of no panel here")
def _(all_: dict[str, Json]) -> None:
    tile(all_, 1)["targets"][0]["panelId"] = tile(all_, 2)["id"]


@breaks("asked_once", "the same query twice", "asks what panel")
def _(all_: dict[str, Json]) -> None:
    one, other = (item for item in all_[EDGES]["panels"] if item["type"] == "timeseries")
    other["targets"] = one["targets"]


@breaks("columns", "more columns than fit", "do not fit on 1366")
def _(all_: dict[str, Json]) -> None:
    panel(all_[EDGES], "table")["gridPos"]["w"] = 16


@breaks("columns", "a heading that is cut", "cut the heading 'Bytes'")
def _(all_: dict[str, Json]) -> None:
    setting(panel(all_[EDGES], "table"), "custom.width")["value"] = 50


@breaks("columns", "two columns that share what is left", "2 columns have no width")
def _(all_: dict[str, Json]) -> None:
    for field in panel(all_[EDGES], "table")["fieldConfig"]["overrides"]:
        if field["matcher"]["options"] == "bytes":
            field["properties"] = [p for p in field["properties"] if p["id"] != "custom.width"]


@breaks("annotations", "no deployments", "tagged deployment")
def _(all_: dict[str, Json]) -> None:
    all_[EDGES]["annotations"]["list"].pop()


@breaks("annotations", "not what make annotate writes", "tagged cloudfront")
def _(all_: dict[str, Json]) -> None:
    all_[EDGES]["annotations"]["list"][-1]["target"]["tags"].remove("cloudfront")


@breaks("panel_ids", "an id twice", "positive number of its own")
def _(all_: dict[str, Json]) -> None:
    all_[EDGES]["panels"][0]["id"] = all_[EDGES]["panels"][1]["id"]


@breaks("grid", "a panel on another", "lies on")
def _(all_: dict[str, Json]) -> None:
    panel(all_[EDGES])["gridPos"]["h"] += 1


@breaks("grid", "a panel beyond the edge", "24 columns")
def _(all_: dict[str, Json]) -> None:
    panel(all_[EDGES])["gridPos"]["x"] = 20


@breaks("grid", "a panel without a place", "24 columns")
def _(all_: dict[str, Json]) -> None:
    panel(all_[EDGES])["gridPos"] = None


@breaks("panel_units", "no unit at all", "missing")
def _(all_: dict[str, Json]) -> None:
    broken = panel(all_[EDGES])
    del broken["fieldConfig"]["defaults"]["unit"]
    broken["fieldConfig"]["overrides"] = []


@breaks("panel_targets", "a reference twice", "not unique")
def _(all_: dict[str, Json]) -> None:
    broken = panel(all_[EDGES])
    broken["targets"] = broken["targets"] * 2


@breaks("importable", "a variable of one data source", "asks the data source 'timestream'")
def _(all_: dict[str, Json]) -> None:
    host = next(v for v in all_[EDGES]["templating"]["list"] if v["name"] == "host")
    host["datasource"] = {"type": host["datasource"]["type"], "uid": "timestream"}


@breaks("importable", "a panel of one data source, by its name", "asks the data source 'Logs'")
def _(all_: dict[str, Json]) -> None:
    all_[EDGES]["panels"][1]["datasource"] = "Logs"


@breaks("datasource_variable", "no data source to choose", "no one variable datasource")
def _(all_: dict[str, Json]) -> None:
    all_[EDGES]["templating"]["list"].pop(0)


@breaks("variables_defined", "a chain the wrong way round", "is not defined before it")
def _(all_: dict[str, Json]) -> None:
    all_[EDGES]["templating"]["list"].reverse()


@breaks("variables_used", "a variable nobody uses", "used by no panel")
def _(all_: dict[str, Json]) -> None:
    extra = {**variable(all_[EDGES], "top"), "name": "extra"}
    all_[EDGES]["templating"]["list"].append(extra)


def link(model: Json) -> Json:
    return panel(model)["fieldConfig"]["defaults"]["links"][0]


@breaks("data_links", "a link to nowhere", "leads to no dashboard")
def _(all_: dict[str, Json]) -> None:
    link(all_[EDGES])["url"] = "/d/gone?x"


@breaks("data_links", "a link that loses the range", "loses the time range")
def _(all_: dict[str, Json]) -> None:
    broken = link(all_[EDGES])
    broken["url"] = broken["url"].replace("${__url_time_range}&", "")


@breaks("data_links", "a link that sets what is not there", "sets city")
def _(all_: dict[str, Json]) -> None:
    link(all_[EDGES])["url"] += "&var-city=x"


@pytest.mark.slow
def test_the_dashboards_keep_every_rule() -> None:
    """Also with few fields, in the other layout, with sampling and with personal data."""
    for bundle in (
        Bundle(),
        Bundle(layout="classic", sampling=5, personal=True),
        Bundle(name="blue", fields=("timestamp", "sc-bytes", "x-edge-location")),
        Bundle(refresh="5m", time_range="6h", top=7, min_interval="5m"),
    ):
        assert lint.lint_texts(build(bundle)) == []


@pytest.mark.slow
@pytest.mark.parametrize(
    ("rule", "sample", "says"),
    [
        pytest.param(rule, sample, says, id=f"{rule}: {what}")
        for rule, what, sample, says in SAMPLES
    ],
)
def test_a_rule_catches_a_broken_sample(rule: str, sample: Break, says: str) -> None:
    """The rule the sample is for speaks up, of the right file, with the right words."""
    broken = copy.deepcopy(GOOD)
    sample(broken)
    (check,) = (check for check in lint.RULES if check.__name__ == rule)
    assert list(check(GOOD)) == []
    found = list(check(broken))
    assert any(says in breach and breach.startswith("dashboards/") for breach in found), found


def test_every_rule_has_a_broken_sample() -> None:
    """A rule that was never seen to catch anything may catch nothing."""
    assert {rule for rule, *_ in SAMPLES} == {check.__name__ for check in grafana.RULES}


def test_text_that_is_not_canonical_is_a_breach() -> None:
    """Grafana writes a dashboard anew when its text changes, so one meaning has one text."""
    files = build(Bundle())
    files[EDGES] = json.dumps(json.loads(files[EDGES]))
    assert lint.lint_texts(files) == [
        f"{EDGES}: keys are not sorted or the layout is not the usual one"
    ]
