# ruff: noqa: D401 - the docstring of a rule is the rule
"""Rules every dashboard keeps, whatever its store; some are those of Grafana's dashboard-linter.

A rule takes the dashboards' JSON by path and gives a line for each breach.
https://github.com/grafana/dashboard-linter/blob/main/docs/index.md
"""

import json
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from dashboards.grafana import colors
from dashboards.grafana.panels import SHARED, source
from dashboards.grafana.tables import column_width
from dashboards.stores import STORES
from ruletest.durations import milliseconds

Json = dict[str, Any]
Dashboards = Mapping[str, Json]
LintRule = Callable[[Dashboards], Iterator[str]]

RULES: list[LintRule] = []

_PLUGINS = {store.PLUGIN for store in STORES.values()}
UNITS = {
    "none",
    "string",
    "short",
    "percent",
    "decbytes",
    "Bps",
    "Kbits",
    "reqps",
    "s",
    "ms",
    "m",
    "currencyUSD",
}
_OWN_UNITS = ("time:", "suffix:")  # what units begin with that say themselves what they are
# Panels without a query.
QUIET = {"row", "alertlist", "text"}
_UID = re.compile(r"[a-z][a-z0-9-]{0,39}")
_VARIABLE = re.compile(r"\$\{(\w+)(?::(\w+))?\}|\$(\w+)|\[\[(\w+)\]\]")


def rule(check: LintRule) -> LintRule:
    """Add a rule."""
    RULES.append(check)
    return check


# -- walking ---------------------------------------------------------------------------------------


def panels(model: Json) -> Iterator[tuple[str, Json]]:
    """Every panel, those in closed rows among them, with what to call it."""
    for panel in (*model["panels"], *held(model)):
        yield f"panel {panel.get('title') or panel.get('id')!r}", panel


def held(model: Json) -> list[Json]:
    """Return the panels that closed rows hold."""
    return [each for panel in model["panels"] for each in panel.get("panels", ())]


def targets(model: Json) -> Iterator[tuple[str, Json, Json]]:
    """Every query of a panel, with what to call it and the panel; not what shows another's."""
    for name, panel in panels(model):
        for target in panel.get("targets", ()):
            if target.get("datasource") != SHARED:
                yield f"{name} {target.get('refId')}", panel, target


def _asks(panel: Json) -> bool:
    return bool(panel.get("targets")) and panel.get("datasource") != SHARED


def variables(model: Json) -> list[Json]:
    """The variables, in their order."""
    found: list[Json] = model["templating"]["list"]
    return found


def _links(model: Json) -> Iterator[tuple[str, str]]:
    """Every data link of every panel."""
    for name, panel in panels(model):
        config = panel.get("fieldConfig", {"defaults": {}, "overrides": []})
        found = list(config["defaults"].get("links", ()))
        for item in config["overrides"]:
            found += [
                link
                for setting in item["properties"]
                if setting["id"] == "links"
                for link in setting["value"]
            ]
        for link in found:
            yield name, link["url"]


# -- the dashboard as a whole ----------------------------------------------------------------------


@rule
def uids(dashboards: Dashboards) -> Iterator[str]:
    """A uid is stable, unique and fit for every Grafana: a-z, 0-9 and -, at most 40."""
    seen = Counter(model.get("uid") for model in dashboards.values())
    for path, model in dashboards.items():
        uid = model.get("uid") or ""
        if not _UID.fullmatch(uid):
            yield f"{path}: uid {uid!r} is not made of a-z, 0-9 and -, at most 40"
        elif seen[uid] > 1:
            yield f"{path}: uid {uid!r} is used more than once"


@rule
def titles(dashboards: Dashboards) -> Iterator[str]:
    """A dashboard has a title of its own; Grafana refuses two of one title in a folder."""
    seen = Counter(model.get("title") for model in dashboards.values())
    for path, model in dashboards.items():
        if not model.get("title"):
            yield f"{path}: there is no title"
        elif seen[model["title"]] > 1:
            yield f"{path}: the title {model['title']!r} is used more than once"


@rule
def schema(dashboards: Dashboards) -> Iterator[str]:
    """The schema is that of Grafana 10.4 to 12: an older one is migrated, a newer one unknown."""
    for path, model in dashboards.items():
        if not 39 <= model.get("schemaVersion", 0) <= 41:
            yield f"{path}: schemaVersion {model.get('schemaVersion')} is not 39 to 41"


@rule
def no_export_leftovers(dashboards: Dashboards) -> Iterator[str]:
    """A provisioned dashboard has no id and no placeholders, which nobody would resolve."""
    for path, model in dashboards.items():
        if model.get("id") is not None:
            yield f"{path}: id must be null"
        if "__inputs" in model or "${DS_" in json.dumps(model):
            yield f"{path}: __inputs and ${{DS_...}} are not resolved by provisioning"


@rule
def slow_refresh(dashboards: Dashboards) -> Iterator[str]:
    """No refresh under a minute is set or offered: each is a paid query per panel."""
    for path, model in dashboards.items():
        offered = model.get("timepicker", {}).get("refresh_intervals", [])
        for refresh in filter(None, [model.get("refresh"), *offered]):
            if milliseconds(refresh) < 60_000:
                yield f"{path}: refresh {refresh} is shorter than a minute"


@rule
def short_range(dashboards: Dashboards) -> Iterator[str]:
    """A dashboard opens on at most a day: what is scanned is paid for."""
    for path, model in dashboards.items():
        start = model.get("time", {}).get("from", "")
        if not re.fullmatch(r"now-\d+[smhd]", start) or milliseconds(start[4:]) > 86_400_000:
            yield f"{path}: opens on {start!r} instead of a range of at most a day"


@rule
def menu(dashboards: Dashboards) -> Iterator[str]:
    """Links between dashboards keep the time range and what was chosen."""
    for path, model in dashboards.items():
        for link in model.get("links", ()):
            if not (link.get("keepTime") and link.get("includeVars")):
                yield f"{path}: link {link.get('title')!r} loses the time range or the variables"


@rule
def annotations(dashboards: Dashboards) -> Iterator[str]:
    """Alerts and deployments are shown, from Grafana's own annotations."""
    for path, model in dashboards.items():
        found = model.get("annotations", {}).get("list", [])
        tags = {tag for item in found for tag in item.get("target", {}).get("tags", ())}
        if not any(item.get("builtIn") for item in found):
            yield f"{path}: state changes of alerts are not shown"
        for tag in {"deployment", *model.get("tags", ())} - tags:
            yield f"{path}: annotations tagged {tag} are not shown"


# -- panels ----------------------------------------------------------------------------------------


@rule
def panel_ids(dashboards: Dashboards) -> Iterator[str]:
    """A panel's id is a positive number of its own: alerts and links point to it."""
    for path, model in dashboards.items():
        seen = Counter(panel.get("id") for _, panel in panels(model))
        for name, panel in panels(model):
            number = panel.get("id")
            if not isinstance(number, int) or number < 1 or seen[number] > 1:
                yield f"{path}: {name}: id {number!r} is no positive number of its own"


@rule
def grid(dashboards: Dashboards) -> Iterator[str]:
    """Panels lie within 24 columns and on no other panel; a closed row has room of its own."""
    for path, model in dashboards.items():
        rows = [row.get("panels", ()) for row in model["panels"]]
        rooms = {panel.get("id"): number for number, row in enumerate(rows) for panel in row}
        taken: dict[tuple[int | None, int, int], str] = {}
        for name, panel in panels(model):
            room = rooms.get(panel.get("id"))
            place = panel.get("gridPos") or {}
            x, y, w, h = (place.get(key, -1) for key in "xywh")
            if min(x, y) < 0 or min(w, h) < 1 or x + w > 24:
                yield f"{path}: {name}: {place} is not within the 24 columns"
                continue
            cells = [(room, at, line) for at in range(x, x + w) for line in range(y, y + h)]
            if hit := next((taken[cell] for cell in cells if cell in taken), None):
                yield f"{path}: {name}: lies on {hit}"
            taken.update(dict.fromkeys(cells, name))


@rule
def panel_title_description(dashboards: Dashboards) -> Iterator[str]:
    """Every panel says what it is and what it shows (dashboard-linter: panel-title-description)."""
    for path, model in dashboards.items():
        for name, panel in panels(model):
            options = panel.get("options", {})
            named = options.get("textMode") == "value_and_name"
            headed = str(options.get("content", "")).startswith("**")
            if not panel.get("title") and not (
                headed or (named and any(key == "displayName" for _, key, _ in _settings(panel)))
            ):
                yield f"{path}: {name}: has no title"
            if panel["type"] != "row" and not panel.get("description"):
                yield f"{path}: {name}: has no description"


@rule
def panel_units(dashboards: Dashboards) -> Iterator[str]:
    """Every number has a unit Grafana knows (dashboard-linter: panel-units)."""
    for path, model in dashboards.items():
        for name, panel in panels(model):
            if panel["type"] in QUIET:
                continue
            config = panel["fieldConfig"]
            units = {config["defaults"].get("unit")} | {
                setting["value"]
                for item in config["overrides"]
                for setting in item["properties"]
                if setting["id"] == "unit"
            }
            units.add(panel.get("options", {}).get("yAxis", {}).get("unit"))
            units.discard(None)
            odd = {unit for unit in units if not str(unit).startswith(_OWN_UNITS)} - UNITS
            if not units or odd:
                yield f"{path}: {name}: unit {sorted(map(str, odd)) or 'missing'}"


@rule
def panel_targets(dashboards: Dashboards) -> Iterator[str]:
    """A panel has queries, each with a reference of its own (dashboard-linter: no-targets)."""
    for path, model in dashboards.items():
        for name, panel in panels(model):
            if panel["type"] in QUIET:
                continue
            refs = [target.get("refId") for target in panel.get("targets", ())]
            if not refs:
                yield f"{path}: {name}: has no query"
            if len(set(refs)) < len(refs) or not all(refs):
                yield f"{path}: {name}: references {refs} are not unique"


@rule
def panel_datasource(dashboards: Dashboards) -> Iterator[str]:
    """Panels and queries use the chosen data source (dashboard-linter: panel-datasource)."""
    for path, model in dashboards.items():
        kinds = {item.get("query") for item in variables(model) if item["type"] == "datasource"}
        wanted = [source(kind) for kind in _PLUGINS & kinds]
        for name, panel in panels(model):
            if panel["type"] not in QUIET and panel.get("datasource") not in (*wanted, SHARED):
                yield f"{path}: {name}: does not use the variable datasource"
        for name, _, target in targets(model):
            if target.get("datasource") not in wanted:
                yield f"{path}: {name}: does not use the variable datasource"


@rule
def minimal_interval(dashboards: Dashboards) -> Iterator[str]:
    """A panel's step is at least what the bundle says: finer steps cost and say nothing."""
    for path, model in dashboards.items():
        for name, panel in panels(model):
            if _asks(panel) and not re.fullmatch(r"\d+[smhd]", panel.get("interval") or ""):
                yield f"{path}: {name}: has no least interval"


@rule
def shared_answers(dashboards: Dashboards) -> Iterator[str]:
    """A panel that shows another's answer names one that is there and asks for itself."""
    for path, model in dashboards.items():
        asking = {panel.get("id") for _, panel in panels(model) if _asks(panel)}
        for name, panel in panels(model):
            if panel.get("datasource") == SHARED:
                for target in panel.get("targets", ()):
                    if target.get("panelId") not in asking:
                        yield f"{path}: {name}: shows the answer of no panel here"


@rule
def asked_once(dashboards: Dashboards) -> Iterator[str]:
    """No dashboard asks a query twice: a second panel shows the first one's answer."""
    for path, model in dashboards.items():
        seen: dict[str, str] = {}
        for name, panel, target in targets(model):
            plain = {key: value for key, value in target.items() if key != "refId"}
            text = json.dumps([plain, panel.get("timeFrom")], sort_keys=True)
            if text in seen:
                yield f"{path}: {name}: asks what {seen[text]} asks"
            seen.setdefault(text, name)


# -- what is read at a glance ----------------------------------------------------------------------

# The narrowest screen that people read on, less Grafana's menu, which is open there, and less the
# margins around and between panels.
_SCREEN, _MENU, _MARGIN, _GAP = 1366, 300, 32, 8
_LEAST_LABEL, _LEAST_TEXT = 120, {"uri": 290, "referrer": 290, "query_string": 290}
_CHARACTER, _MARK = 7.4, 36
# What a panel's heading keeps for its menu, which is seen under the pointer only. A line of a text
# without a heading, in characters' width, and how many of them a unit of the grid's height has.
_HEADING_MENU = 20
_TEXT_CHARACTER, _TEXT_LINES = 7.4, 1
# The least width and height of a panel, on the grid, by its kind; of a chart by label in LABELED.
_LEAST = {
    "alertlist": (8, 5),
    "bargauge": (8, 6),
    "geomap": (10, 10),
    "heatmap": (12, 8),
    "stat": (3, 2),
    "status-history": (12, 7),
    "table": (12, 6),
    "text": (12, 2),
    "timeseries": (6, 7),
}
LABELED = 12
_BY_LABEL = "${__field.labels."


def pixels(width: int) -> float:
    """Return how wide the inside of a panel is on the narrowest screen."""
    return (_SCREEN - _MENU - _MARGIN) * width / 24 - _GAP - 18


def _settings(panel: Json) -> Iterator[tuple[str, str, Any]]:
    """Every setting of a field: whose, which, and its value."""
    config = panel.get("fieldConfig", {"defaults": {}, "overrides": []})
    for key, value in config["defaults"].items():
        yield "", key, value
        if key == "custom":
            for inner, chosen in value.items():
                yield "", f"custom.{inner}", chosen
    for item in config["overrides"]:
        for setting in item["properties"]:
            yield item["matcher"]["options"], setting["id"], setting["value"]


@rule
def room(dashboards: Dashboards) -> Iterator[str]:
    """A panel is big enough to be read; a chart by label is at least half a page wide."""
    for path, model in dashboards.items():
        for name, panel in panels(model):
            least = _LEAST.get(panel["type"])
            place = panel.get("gridPos") or {}
            untitled = panel["type"] == "text" and not panel.get("title")  # a line, as in a list
            if least is None or untitled or not {"w", "h"} <= place.keys():
                continue
            width, height = least
            if str(panel.get("fieldConfig", {}).get("defaults", {}).get("displayName")).startswith(
                _BY_LABEL
            ):
                width = LABELED
            if place["w"] < width or place["h"] < height:
                yield (
                    f"{path}: {name}: {place['w']} by {place['h']} is too small to be read;"
                    f" at least {width} by {height}"
                )


def _told(panel: Json) -> bool:
    """Tell whether a range of its own is written beside a panel's title."""
    return bool(panel.get("timeFrom")) and not panel.get("hideTimeOverride")


@rule
def headings(dashboards: Dashboards) -> Iterator[str]:
    """On 1366 pixels no panel's title is cut."""
    for path, model in dashboards.items():
        for name, panel in panels(model):
            place = panel.get("gridPos") or {}
            if panel["type"] == "row" or "w" not in place:
                continue
            marks = _MARK * (bool(panel.get("description")) + 4 * _told(panel))
            title = names_replaced(panel.get("title") or "")
            taken = len(title) * _CHARACTER + marks + _HEADING_MENU
            if title and taken > pixels(place["w"]):
                yield f"{path}: {name}: its title is cut on 1366"


@rule
def texts(dashboards: Dashboards) -> Iterator[str]:
    """On 1366 pixels no line of a list, which is a text without a title, is cut."""
    for path, model in dashboards.items():
        for name, panel in panels(model):
            if panel["type"] != "text" or panel.get("title"):
                continue
            said = re.sub(r"\[([^]]*)\]\([^)]*\)|\*\*", r"\1", panel["options"]["content"])
            room = pixels(panel["gridPos"]["w"]) * _TEXT_LINES * panel["gridPos"]["h"]
            if len(said) * _TEXT_CHARACTER > room:
                yield f"{path}: {name}: {said!r} is cut on 1366"


@rule
def columns(dashboards: Dashboards) -> Iterator[str]:
    """On 1366 pixels a table's columns and their headings fit, and leave room for the label."""
    for path, model in dashboards.items():
        for name, panel in panels(model):
            if panel["type"] != "table" or not panel["fieldConfig"]["overrides"]:
                continue
            fields: dict[str, Json] = {}
            for whose, key, value in _settings(panel):
                fields.setdefault(whose, {})[key] = value
            fields.pop("", None)
            taken, free = 0.0, 0
            for whose, given in fields.items():
                width = given.get("custom.width")
                title = given.get("displayName", whose)
                if width is None:
                    free += 1
                    width = _LEAST_TEXT.get(whose, _LEAST_LABEL)
                elif width < column_width(title, given.get("unit", "")):
                    yield f"{path}: {name}: {width} pixels cut the heading {title!r}"
                taken += width
            # A list of log lines has all that one may need; it fits with the menu closed, and is
            # scrolled where it has what is personal, too.
            more = _MENU if "x_edge_request_id" in fields else 0
            more = _SCREEN if {"c_ip", "cs_uri_query", "cs_user_agent"} & fields.keys() else more
            if taken > pixels(panel["gridPos"]["w"]) + more:
                yield f"{path}: {name}: columns of {taken:.0f} pixels do not fit on 1366"
            if free > 1:
                yield f"{path}: {name}: {free} columns have no width"


@rule
def one_number(dashboards: Dashboards) -> Iterator[str]:
    """A tile has one number, and its sparkline does not run through it."""
    for path, model in dashboards.items():
        for name, panel in panels(model):
            if panel["type"] != "stat":
                continue
            shown = [
                field
                for each in panel.get("transformations", ())
                if each["id"] == "filterFieldsByName"
                for field in each["options"]["include"]["names"]
                if field != "time"
            ]
            if len(shown) != 1:
                yield f"{path}: {name}: shows {len(shown) or 'any number of'} numbers"
            options = panel["options"]
            drawn = options.get("graphMode") != "none"
            if drawn and (options.get("wideLayout") or options.get("textMode") == "value"):
                yield f"{path}: {name}: its sparkline runs through the number"


@rule
def soft_maxima(dashboards: Dashboards) -> Iterator[str]:
    """An axis ends above the rule's line, which is drawn, and nowhere at random where all is 0."""
    for path, model in dashboards.items():
        for name, panel in panels(model):
            if panel["type"] != "timeseries":
                continue
            defaults = panel["fieldConfig"]["defaults"]
            end = defaults["custom"].get("axisSoftMax")
            if not end:
                yield f"{path}: {name}: its axis has no soft maximum"
                continue
            steps = defaults.get("thresholds", {}).get("steps", [])
            lines = [step["value"] for step in steps if step["value"] is not None]
            drawn = defaults["custom"].get("thresholdsStyle", {}).get("mode", "off") != "off"
            if lines and not drawn:
                yield f"{path}: {name}: the rule's line is not drawn"
            if lines and not min(lines) < end:
                yield f"{path}: {name}: its axis ends at {end:g}, below the rule's line"


@rule
def meanings(dashboards: Dashboards) -> Iterator[str]:
    """Colors are those of the table of meanings, and what has one there has no other."""
    for path, model in dashboards.items():
        for name, panel in panels(model):
            if panel["type"] in QUIET:
                continue
            for whose, key, value in _settings(panel):
                if key == "color":
                    found, modes = value.get("fixedColor"), {"fixed", "shades", "thresholds"}
                    if panel["type"] == "status-history":
                        modes = {"thresholds", colors.MORE}
                    if value.get("mode") not in modes:
                        yield f"{path}: {name}: the palette {value.get('mode')} means nothing"
                    if found and found not in colors.ALL:
                        yield f"{path}: {name}: {found} is not in the table of meanings"
                    wanted = colors.MEANINGS.get(whose)
                    if wanted and found != wanted:
                        yield f"{path}: {name}: {whose} is {found}, and {wanted} elsewhere"
                if key == "thresholds":
                    for step in value["steps"]:
                        if step["color"] not in colors.ALL:
                            yield (
                                f"{path}: {name}: {step['color']} is not in the table of meanings"
                            )


# -- variables and links ---------------------------------------------------------------------------


@rule
def datasource_variable(dashboards: Dashboards) -> Iterator[str]:
    """Where queries are, the data source can be chosen (dashboard-linter: template-datasource)."""
    for path, model in dashboards.items():
        asked = {item["type"] for item in variables(model)} & {"query"}
        if not asked and not any(targets(model)):
            continue
        found = [item for item in variables(model) if item["type"] == "datasource"]
        good = [
            item
            for item in found
            if item["name"] == "datasource"
            and item.get("label") == "Data source"
            and item.get("query") in _PLUGINS
        ]
        if len(found) != 1 or not good:
            yield f"{path}: there is no one variable datasource, labeled Data source"


@rule
def importable(dashboards: Dashboards) -> Iterator[str]:
    """Nothing names a data source: Grafana's Import then works with any of the store's type."""
    for path, model in dashboards.items():
        for name in sorted(
            _sources(model) - {"${datasource}", "-- Grafana --", "-- Mixed --", "-- Dashboard --"}
        ):
            yield f"{path}: asks the data source {name!r} instead of the chosen one"


def _sources(value: object) -> set[str]:
    """The uid or name of every data source in a dashboard."""
    if isinstance(value, list):
        return {name for item in value for name in _sources(item)}
    if not isinstance(value, dict):
        return set()
    source = value.get("datasource")
    named = source.get("uid") if isinstance(source, dict) else source
    return {name for item in value.values() for name in _sources(item)} | (
        {named} if isinstance(named, str) else set()
    )


@rule
def variables_defined(dashboards: Dashboards) -> Iterator[str]:
    """Every variable that is used is defined, before the variables that use it."""
    for path, model in dashboards.items():
        defined: set[str] = set()
        for variable in variables(model):
            for used in names(json.dumps(variable.get("query", ""))):
                if used not in defined:
                    yield f"{path}: variable {variable['name']}: {used} is not defined before it"
            defined.add(variable["name"])
        for name, panel in panels(model):
            for used in names(json.dumps(panel)):
                if used not in defined:
                    yield f"{path}: {name}: {used} is not defined"


def names(text: str) -> Iterator[str]:
    """Names of variables in a text, save Grafana's own and the groups of a mapping's pattern."""
    for match in _VARIABLE.finditer(text):
        name = next(group for index, group in enumerate(match.groups()) if index != 1 and group)
        if not name.startswith("__") and not name.isdigit():
            yield name


def names_replaced(text: str) -> str:
    """Return a text with something short for each variable."""
    return _VARIABLE.sub("p95", text)


@rule
def variables_used(dashboards: Dashboards) -> Iterator[str]:
    """Every variable is used by some panel: one that is not would only confuse, and cost."""
    for path, model in dashboards.items():
        used = set(names(json.dumps(model["panels"])))
        for variable in variables(model):
            if variable["name"] not in used:
                yield f"{path}: variable {variable['name']} is used by no panel"


@rule
def cheap_all(dashboards: Dashboards) -> Iterator[str]:
    """All is one constant, not a list of every value, and a variable's values are queried once."""
    for path, model in dashboards.items():
        for variable in variables(model):
            name = f"{path}: variable {variable['name']}"
            if variable.get("includeAll") and not re.fullmatch(
                r"'[^']+'|_\w+_", variable.get("allValue") or ""
            ):
                yield f"{name}: All is neither a quoted constant nor a word"
            if variable["type"] == "query" and variable.get("refresh") != 1:
                yield f"{name}: is not asked for on opening the dashboard only"


@rule
def data_links(dashboards: Dashboards) -> Iterator[str]:
    """A click keeps the time range and leads to a dashboard and a variable that are there."""
    names = {
        model.get("uid"): {variable["name"] for variable in variables(model)}
        for model in dashboards.values()
    }
    for path, model in dashboards.items():
        for name, url in _links(model):
            match = re.match(r"/d/([a-z0-9-]+)\?", url)
            target = names.get(match[1]) if match else None
            if target is None:
                yield f"{path}: {name}: {url} leads to no dashboard here"
                continue
            ranges = "${__url_time_range}", "from=${__from}&to=${__to}"
            if not any(part in url for part in ranges) or "${datasource:queryparam}" not in url:
                yield f"{path}: {name}: {url} loses the time range or the data source"
            for variable in re.findall(r"var-(\w+)=", url):
                if variable not in target:
                    yield f"{path}: {name}: {url} sets {variable}, which is not there"
