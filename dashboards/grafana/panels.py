"""Grafana panels: thin classes over grafanalib, for panels that it writes wrongly or not at all.

grafanalib 0.7.1 has no geomap, and its panels know no data links and few options. These classes
write the JSON of Grafana 10.4 to 13 and nothing else. board.py decides where a panel stands, and
the store makes its queries.
https://grafana.com/docs/grafana/latest/panels-visualizations/
"""

import re
import zlib
from collections.abc import Mapping, Sequence
from typing import Any

import attr
from grafanalib import core

from dashboards.grafana import colors
from dashboards.grafana.rule_lines import RuleLine, drawn
from dashboards.signals import Dimension, Signal
from dashboards.stores import Having

Json = dict[str, Any]

# Panel options are those of this version; a newer Grafana migrates them from there.
OPTIONS_VERSION = "10.4.0"


# The answer of another panel of the same dashboard, which is asked for once.
# https://grafana.com/docs/grafana/latest/panels-visualizations/query-transform-data/share-query/
SHARED = {"type": "datasource", "uid": "-- Dashboard --"}
# The end of an axis, by unit, where nothing is higher: all zeros would be drawn up to 100.
_LEAST_MAX = {
    "percent": 1,
    "reqps": 1,
    "Bps": 1000,
    "decbytes": 1000,
    "Kbits": 1000,
    "s": 0.1,
    "ms": 100,
    "short": 10,
}
# Of errors: a few of them are a bump, and no tower.
_SOME_ERRORS = 50
# Digits behind the point of what is not a count.
_DECIMALS = {"percent": 2}
_AXIS_DECIMALS = {"percent": 1}
# The size of a tile's name and number in pixels, and how much higher than its highest point a
# sparkline has room for.
TILE_TEXT, _HEADROOM = {"titleSize": 14, "valueSize": 30}, "1.5"
# A label where a request has no value, which CloudFront writes as "-".
NO_VALUE = "(none)"
# Where there is no number, and where there is nothing at all.
NO_NUMBER = "-"
NOTHING = "Nothing in this range"
NONE_HERE = "none"  # in a legend, too
# Of alerts: what began first is most often the cause of what followed.
_OLDEST_FIRST = 4
# How many cells a strip has at most.
CELLS = 90


_UNITS = {"m": 60_000, "h": 3_600_000, "d": 86_400_000}


def _milliseconds(duration: str) -> int:
    return int(duration[:-1]) * _UNITS[duration[-1]]


def source(plugin: str) -> Json:
    """Return a reference to the data source that the reader chose."""
    return {"type": plugin, "uid": "${datasource}"}


def panel_id(key: str) -> int:
    """Return a panel's id, which stays when panels come and go around it: alerts link to it."""
    return zlib.crc32(key.encode()) % 1_000_000 + 1


# Over time, however wide the screen is: 30 days are asked by the hour, for which there can be sums,
# and not by the half hour.
POINTS = 720


@attr.s(kw_only=True)
class Panel(core.Panel):  # type: ignore[misc] # grafanalib has no types
    """A panel of the given visualization, made from signals.

    `key` names it for good: in its id, in tests and in the generated documentation. `defaults` and
    `overrides` are Grafana's fieldConfig, `options` the visualization's own.
    """

    key: str = attr.ib()
    kind: str = attr.ib()
    width: int = attr.ib(default=8)
    height: int = attr.ib(default=8)
    signals: Sequence[Signal] = attr.ib(default=())
    dimensions: Sequence[Dimension] = attr.ib(default=())
    where: Sequence[str] = attr.ib(default=())  # predicates on requests, by name
    reads: Sequence[str] = attr.ib(default=())  # CloudFront fields
    uses: frozenset[str] = attr.ib(default=frozenset())  # dashboard variables
    chosen: Sequence[str] = attr.ib(default=())  # variables that a link to it has to carry
    about: str = attr.ib(default="")  # for the docs, where signals do not say it
    plugin: str = attr.ib(default="")  # of the data source; "" without a query
    quiet_range: bool = attr.ib(default=False)  # its title says which range of its own it has
    of: str = attr.ib(default="")  # the key of the panel whose answer it shows; it asks nothing
    asks: Sequence[Signal] = attr.ib(default=())  # more signals in its answer, which others show
    having: Sequence[Having] = attr.ib(default=())  # what a label, or a step of it, has to have
    defaults: Json = attr.ib(factory=dict)
    overrides: Sequence[Json] = attr.ib(factory=list)
    options: Json = attr.ib(factory=dict)

    @property
    def shows(self) -> frozenset[str]:
        """The names of its signals, and of those whose bounds it shows."""
        return frozenset(name for each in self.signals for name in (each.name, each.of) if name)

    @property
    def over_time(self) -> bool:
        """Whether it shows how its numbers came to be."""
        return self.kind in ("timeseries", "status-history")

    def to_json_data(self) -> Json:
        """Return the panel without the settings that other visualizations have."""
        panel: Json = {
            "description": self.description,
            "gridPos": self.gridPos,
            "id": panel_id(self.key),
            "options": self.options,
            "pluginVersion": OPTIONS_VERSION,
            "title": "" if self.options.get("textMode") == "value_and_name" else self.title,
            "type": self.kind,
        }
        if self.targets or self.of:
            panel["fieldConfig"] = {"defaults": self.defaults, "overrides": list(self.overrides)}
        if self.targets:
            panel["datasource"] = source(self.plugin)
            panel["interval"] = self.interval
            if self.kind in ("timeseries", "heatmap"):
                panel["maxDataPoints"] = POINTS
            panel["targets"] = self.targets
            if self.timeFrom:
                # Grafana forgets a panel's own range when the dashboard's has a fixed end, as after
                # a zoom into a graph.
                own = _milliseconds(self.timeFrom)
                panel["targets"] = [target.last(own) for target in self.targets]
        if self.of:
            panel["datasource"] = SHARED
            panel["targets"] = [{"datasource": SHARED, "panelId": panel_id(self.of), "refId": "A"}]
        if self.maxDataPoints:
            panel["maxDataPoints"] = self.maxDataPoints
        if self.transparent:
            panel["transparent"] = True
        if self.timeFrom:
            panel["timeFrom"] = self.timeFrom
        if self.timeShift:
            panel["timeShift"] = self.timeShift
        if self.quiet_range:
            panel["hideTimeOverride"] = True
        if self.transformations:
            panel["transformations"] = self.transformations
        return panel


@attr.s(kw_only=True)
class Row(core.RowPanel):  # type: ignore[misc] # grafanalib has no types
    """A heading; the panels after it belong to it until the next one. A closed one holds them."""

    key: str = attr.ib()
    title: str = attr.ib()
    closed: bool = attr.ib(default=False)
    held: list[Panel] = attr.ib(factory=list)

    def to_json_data(self) -> Json:
        """Return the row."""
        return {
            "collapsed": self.closed,
            "gridPos": self.gridPos,
            "id": panel_id(self.key),
            "panels": self.held,
            "title": self.title,
            "type": "row",
        }


def override(name: str, properties: Mapping[str, Any]) -> Json:
    """Return settings for the field of that name."""
    return {
        "matcher": {"id": "byName", "options": name},
        "properties": [{"id": key, "value": value} for key, value in properties.items()],
    }


def thresholds(line: RuleLine | None, fine: str = colors.NEUTRAL) -> Json:
    """Return the colors beyond a line and of what is `fine`, as Grafana's thresholds."""
    steps = line.steps(fine) if line else [{"color": fine, "value": None}]
    return {"mode": "absolute", "steps": steps}


def number_properties(signal: Signal) -> Json:
    """Return a number's name, unit and digits."""
    found: Json = {"displayName": signal.title, "unit": signal.unit}
    if signal.unit in _DECIMALS:
        found["decimals"] = _DECIMALS[signal.unit]
    return found


def _drawn(signal: Signal, *, logarithmic: bool = False) -> Json:
    """Return a number's settings on a graph, whose axis has the same digits as its tooltip."""
    found = number_properties(signal)
    if logarithmic and signal.unit == "s":
        found |= {"unit": "suffix: s", "decimals": 1}  # a thousand seconds are no 16.7 minutes
    if signal.unit in _AXIS_DECIMALS:
        found["decimals"] = _AXIS_DECIMALS[signal.unit]
    return found


def _soft_max(signal: Signal, lines: Sequence[RuleLine], where: Sequence[str]) -> float:
    """Return where an axis ends unless there is more to show: just above the middle line."""
    if any(line.below for line in lines):
        return 100
    if signal.name in colors.ERRORS or colors.among(where) != colors.SHADES:
        return _SOME_ERRORS
    ends = sorted(line.soft_max for line in lines)
    return ends[len(ends) // 2] if ends else _LEAST_MAX[signal.unit]


def _only(signals: Sequence[Signal], *, day_before: bool) -> list[Json]:
    """Return the transformation that leaves these of an answer with more."""
    names = [signal.name for signal in signals]
    if day_before:
        names += [f"{name}_day_before" for name in names]
    options = {"include": {"names": ["time", *names]}}
    return [{"id": "filterFieldsByName", "options": options}]


def _tooltip(mode: str = "multi") -> Json:
    return {"mode": mode, "sort": "desc"}


def _label(dimension: Dimension) -> list[Json]:
    """Return overrides for the labels that mean something of their own."""
    found = [
        override(label, {"color": colors.fixed(color)})
        for label, color in colors.MEANINGS.items()
        if label == "other" or dimension.name == "result"
    ]
    found.append(override("-", {"displayName": NO_VALUE}))
    if dimension.name == "detail":  # whose failure it is: the rest is the viewer's, or policy
        found.append(
            {
                "matcher": {"id": "byRegexp", "options": "/^(?!Origin|Lambda|Function|Capacity)/"},
                "properties": [{"id": "color", "value": colors.shades(colors.STATUS_CLASSES["4"])}],
            }
        )
    if dimension.name == "status":
        found = [
            {
                "matcher": {"id": "byRegexp", "options": f"/^{digit}\\d*$/"},
                "properties": [{"id": "color", "value": colors.shades(color)}],
            }
            for digit, color in colors.STATUS_CLASSES.items()
        ] + found
    if dimension.name == "status_class":
        found = [
            {
                "matcher": {"id": "byRegexp", "options": f"/^{digit}$/"},
                "properties": [
                    {"id": "color", "value": colors.fixed(color)},
                    {"id": "displayName", "value": f"{digit}xx" if digit > "0" else "none"},
                ],
            }
            for digit, color in colors.STATUS_CLASSES.items()
        ] + found
    return found


def time_series(
    *,
    signals: Sequence[Signal],
    dimensions: Sequence[Dimension],
    lines: Sequence[RuleLine] = (),
    stacked: bool = False,
    bars: bool = False,
    day_before: bool = False,
    logarithmic: int = 0,
    **panel: Any,
) -> Panel:
    """Draw lines over time: one per signal, or one per label of a dimension.

    `lines` are what rules watch. `bars` are for what may be missing for minutes: a line would lead
    across them. `logarithmic` is the base of a logarithmic axis, for what is now and then a hundred
    times as much.
    """
    by_label = bool(dimensions)
    bars = bars or (stacked and bool(panel.get("where")))  # where only some requests count
    custom: Json = {
        "axisSoftMax": _soft_max(signals[0], lines, panel.get("where", ())),
        "drawStyle": "bars" if bars else "line",
        # A band has no outline: that of few errors would run along the top of everything else.
        "fillOpacity": 70 if stacked else 0,
        "lineWidth": 0 if stacked and not bars else 1 if stacked else 2,
        "showPoints": "never" if stacked else "auto",
        "spanNulls": False,
        "stacking": {"group": "A", "mode": "normal" if stacked else "none"},
    }
    if logarithmic:
        custom["scaleDistribution"] = {"type": "log", "log": logarithmic}
    defaults: Json = {
        "color": colors.shades(colors.among(panel.get("where", ())))
        if by_label
        else colors.fixed(colors.of(signals[0])),
        "custom": custom,
        "links": panel.pop("data_links", []),
        "min": 0,
        "noValue": NONE_HERE if by_label else NOTHING,
        **_drawn(signals[0], logarithmic=bool(logarithmic)),
    }
    del defaults["displayName"]
    if logarithmic:
        del defaults["min"]  # which has no place on such an axis
    if lines:
        custom["thresholdsStyle"] = {"mode": "dashed"}
        defaults["thresholds"] = {"mode": "absolute", "steps": drawn(lines)}
    overrides = []
    if by_label:
        defaults["displayName"] = f"${{__field.labels.{dimensions[0].name}}}"
        overrides = _label(dimensions[0])
    else:
        overrides = [
            override(
                signal.name,
                _drawn(signal, logarithmic=bool(logarithmic))
                | {"color": colors.fixed(colors.of(signal))},
            )
            for signal in signals
        ]
    if day_before:
        dashed: Json = {
            "color": colors.fixed(colors.PREVIOUS_DAY),
            "custom.lineWidth": 1,
            "custom.hideFrom": {"legend": True, "tooltip": False, "viz": False},
            "custom.lineStyle": {"dash": [4, 6], "fill": "dash"},
        }
        overrides += [
            override(
                f"{signal.name}_day_before",
                _drawn(signal) | dashed | {"displayName": f"{signal.title}, day before"},
            )
            for signal in signals
        ]
    roomy = panel.get("width", 8) > 12
    legend: Json = {
        "calcs": [],
        "displayMode": "list",
        "placement": "bottom",
        "showLegend": by_label or len(signals) > 1,
    }
    if by_label:
        # Most of what can be summed over the range, the worst moment of what cannot.
        calcs = ["mean", "max"] if signals[0].summable else ["max", "mean"]
        legend |= {
            "calcs": calcs if roomy else calcs[:1],
            "displayMode": "table",
            "placement": "right",
            "sortBy": {"mean": "Mean", "max": "Max"}[calcs[0]],
            "sortDesc": True,
        }
    if panel.get("of") or panel.get("asks"):
        panel["transformations"] = _only(signals, day_before=day_before)
    return Panel(
        kind="timeseries",
        signals=signals,
        dimensions=dimensions,
        defaults=defaults,
        overrides=overrides,
        options={"legend": legend, "tooltip": _tooltip()},
        **panel,
    )


def strip(
    *,
    signals: Sequence[Signal],
    dimensions: Sequence[Dimension],
    line: RuleLine | None,
    **panel: Any,
) -> Panel:
    """Draw a row of cells over time per label; a cell has a color when it is beyond the line.

    Where no rule has a line, cells are the bluer, the more: what differs is seen all the same.
    """
    panel["maxDataPoints"] = CELLS  # a cell is wide enough to be seen and to be clicked
    return Panel(
        kind="status-history",
        signals=signals,
        dimensions=dimensions,
        defaults={
            **_shaded(signals[0], line),
            "custom": {"fillOpacity": 90, "lineWidth": 0},
            "links": panel.pop("data_links", []),
            "noValue": NOTHING,
            **number_properties(signals[0]),
            "displayName": f"${{__field.labels.{dimensions[0].name}}}",
        },
        # Beside its own label, each has that of its place, the first first: so both are its name.
        overrides=[
            {
                "matcher": {"id": "byRegexp", "options": f'/{dimensions[0].name}="-"/'},
                "properties": [{"id": "displayName", "value": NO_VALUE}],
            }
        ],
        options={
            "colWidth": 0.95,
            "legend": {"displayMode": "list", "placement": "bottom", "showLegend": False},
            "rowHeight": 0.85,
            "showValue": "never",  # it would be cut; the tooltip has it
            "tooltip": {"mode": "single", "sort": "none"},
        },
        **panel,
    )


def _shaded(signal: Signal, line: RuleLine | None) -> Json:
    if line:
        return {
            "color": {"mode": "thresholds"},
            "thresholds": thresholds(line, colors.BACKGROUND),
        }
    return {"color": {"mode": colors.MORE}, "min": 0} | (
        {"max": 100} if signal.unit == "percent" else {}
    )


def _times(left: Json, factor: str) -> Json:
    """Return the transformation that adds a number, or all numbers there are, times a factor."""
    binary = {"left": left, "operator": "*", "right": {"fixed": factor}}
    return {"id": "calculateField", "options": {"binary": binary, "mode": "binary"}}


def stat(
    *,
    signals: Sequence[Signal],
    line: RuleLine | None,
    latest: bool = True,
    day_before: bool = False,
    **panel: Any,
) -> Panel:
    """Show one number: the latest value with a sparkline, or the only one there is.

    With `day_before`, the one of the same time yesterday, small and gray.
    """
    (signal,) = signals
    name = f"{signal.name}_day_before" if day_before else signal.name
    fine = colors.PREVIOUS_DAY if day_before else colors.NEUTRAL
    title = panel["title"]
    sparkline = latest and not day_before
    panel["transformations"] = transformations = [
        {"id": "filterFieldsByName", "options": {"include": {"names": ["time", name]}}}
    ]
    if sparkline:
        # Higher numbers, which are not shown: the sparkline ends below the number, and in calm
        # below the rule's line.
        highest = {"matcher": {"id": "byType", "options": "number"}}
        transformations.append(_times(highest, _HEADROOM))
        if line:
            transformations.append(_times({"fixed": f"{line.soft_max:g}"}, "1"))
    return Panel(
        kind="stat",
        signals=signals,
        defaults={
            "color": {"mode": "thresholds"},
            "noValue": NO_NUMBER,
            "min": 0,
            "thresholds": thresholds(None if day_before else line, fine),
        },
        overrides=[override(name, number_properties(signal) | {"displayName": title})],
        options={
            "colorMode": "value",
            "graphMode": "area" if sparkline else "none",
            "justifyMode": "auto",
            "orientation": "auto",
            "reduceOptions": {
                "calcs": ["lastNotNull"],
                "fields": f"/^{re.escape(title)}$/",
                "values": False,
            },
            "text": {"titleSize": 12, "valueSize": 18} if day_before else TILE_TEXT,
            # Its name is the number's: above the number, and the sparkline below it. A panel's own
            # title would take the room that the number needs.
            "textMode": "value_and_name",
            "wideLayout": False,
        },
        **panel,
    )


def no_value() -> Json:
    """Return the words for a request without a value, which CloudFront writes as a dash."""
    return {"options": {"-": {"index": 0, "text": NO_VALUE}}, "type": "value"}


def bars(*, signals: Sequence[Signal], dimensions: Sequence[Dimension], **panel: Any) -> Panel:
    """Draw a horizontal bar per label, of a single signal."""
    return Panel(
        kind="bargauge",
        signals=signals,
        dimensions=dimensions,
        defaults={
            "color": colors.fixed(colors.of(signals[0])),
            "links": panel.pop("data_links", []),
            "min": 0,
            "noValue": NOTHING,
            **number_properties(signals[0]),
            "displayName": f"${{__data.fields.{dimensions[0].name}}}",
        },
        overrides=[override(dimensions[0].name, {"mappings": [no_value()]})],
        options={
            "displayMode": "basic",
            "maxVizHeight": 24,
            "minVizHeight": 12,
            "minVizWidth": 8,
            "namePlacement": "left",
            "orientation": "horizontal",
            "reduceOptions": {"calcs": ["lastNotNull"], "fields": "", "limit": 25, "values": True},
            "showUnfilled": False,
            "sizing": "manual",
            "text": {"valueSize": 14},
            "valueMode": "text",
        },
        **panel,
    )


def heatmap(*, signals: Sequence[Signal], unit: str, **panel: Any) -> Panel:
    """Shade counts over time by bucket; the query has a column per upper bound."""
    return Panel(
        kind="heatmap",
        signals=signals,
        defaults={"custom": {"scaleDistribution": {"type": "linear"}}},
        options={
            "calculate": False,
            "cellGap": 1,
            "color": {
                "exponent": 0.5,
                "fill": colors.SHADES,
                "mode": "opacity",
                "reverse": False,
                "scale": "exponential",
                "steps": 64,
            },
            "exemplars": {"color": colors.GRAY},
            "filterValues": {"le": 1e-9},
            "legend": {"show": True},
            "rowsFrame": {"layout": "le", "value": signals[0].title},
            "showValue": "never",
            "tooltip": {"mode": "single", "showColorScale": True, "yHistogram": True},
            "yAxis": {"axisPlacement": "left", "reverse": False, "unit": unit},
        },
        **panel,
    )


def alert_list(labels: Mapping[str, str], *, firing: bool, **panel: Any) -> Panel:
    """List the alerts with these labels that are firing, or those that are pending.

    Each is its own line, with its labels: which country, since when; those that began first, first.
    """
    matchers = ", ".join(f'{name}="{value}"' for name, value in labels.items())
    return Panel(
        kind="alertlist",
        options={
            "alertInstanceLabelFilter": f"{{{matchers}}}",
            "alertName": "",
            "dashboardAlerts": False,
            "groupBy": [],
            "groupMode": "custom",
            "maxItems": 50,
            "showInstances": True,
            "sortOrder": _OLDEST_FIRST,
            "stateFilter": {
                "error": firing,
                "firing": firing,
                "noData": firing,
                "normal": False,
                "pending": not firing,
                "recovering": firing,  # it fires still, until keep_firing_for is over
            },
            "viewMode": "list",
        },
        **panel,
    )


def text(markdown: str, **panel: Any) -> Panel:
    """Show Markdown as it is."""
    return Panel(kind="text", options={"content": markdown, "mode": "markdown"}, **panel)
