"""Grafana panels: thin classes over grafanalib, for panels that it writes wrongly or not at all.

grafanalib 0.7.1 has no geomap, and its panels know no data links and few options. These classes
write the JSON of Grafana 10.4 to 13 and nothing else. board.py decides where a panel stands, and
the store makes its queries.
https://grafana.com/docs/grafana/latest/panels-visualizations/
"""

import zlib
from collections.abc import Mapping, Sequence
from typing import Any

import attr
from grafanalib import core

from dashboards.signals import Dimension, Signal

Json = dict[str, Any]

# Panel options are those of this version; a newer Grafana migrates them from there.
OPTIONS_VERSION = "10.4.0"

_COLORS = ("blue", "orange", "red", "purple", "green")
_GAZETTEER = {
    "country": "public/gazetteer/countries.json",
    "pop": "public/gazetteer/airports.geojson",
}


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
    plugin: str = attr.ib(default="")  # of the data source; "" without a query
    defaults: Json = attr.ib(factory=dict)
    overrides: Sequence[Json] = attr.ib(factory=list)
    options: Json = attr.ib(factory=dict)

    def to_json_data(self) -> Json:
        """Return the panel without the settings that other visualizations have."""
        panel: Json = {
            "description": self.description,
            "gridPos": self.gridPos,
            "id": panel_id(self.key),
            "options": self.options,
            "pluginVersion": OPTIONS_VERSION,
            "title": self.title,
            "type": self.kind,
        }
        if self.targets:
            panel["datasource"] = source(self.plugin)
            panel["fieldConfig"] = {"defaults": self.defaults, "overrides": list(self.overrides)}
            panel["interval"] = self.interval
            if self.kind in ("timeseries", "heatmap"):
                panel["maxDataPoints"] = POINTS
            panel["targets"] = self.targets
        if self.timeFrom:
            panel["timeFrom"] = self.timeFrom
        if self.transformations:
            panel["transformations"] = self.transformations
        return panel


@attr.s(kw_only=True)
class Row(core.RowPanel):  # type: ignore[misc] # grafanalib has no types
    """A heading; the panels after it belong to it until the next one."""

    key: str = attr.ib()
    title: str = attr.ib()

    def to_json_data(self) -> Json:
        """Return an open row: a closed one would have to hold its panels."""
        return {
            "collapsed": False,
            "gridPos": self.gridPos,
            "id": panel_id(self.key),
            "panels": [],
            "title": self.title,
            "type": "row",
        }


def override(name: str, properties: Mapping[str, Any]) -> Json:
    """Return settings for the field of that name."""
    return {
        "matcher": {"id": "byName", "options": name},
        "properties": [{"id": key, "value": value} for key, value in properties.items()],
    }


def thresholds(signal: Signal) -> Json:
    """Return a signal's colors by value as Grafana's thresholds; one color if it has none."""
    given = signal.thresholds or ((None, "green"),)
    return {
        "mode": "absolute",
        "steps": [{"color": color, "value": value} for value, color in given],
    }


def _number_properties(signal: Signal) -> Json:
    return {"displayName": signal.title, "unit": signal.unit}


def _color(place: int) -> Json:
    """Return a line's color, the same for today and the day before."""
    return {"color": {"fixedColor": _COLORS[place % len(_COLORS)], "mode": "fixed"}}


def _tooltip(mode: str = "multi") -> Json:
    return {"mode": mode, "sort": "desc"}


def time_series(
    *,
    signals: Sequence[Signal],
    dimensions: Sequence[Dimension],
    stacked: bool = False,
    day_before: bool = False,
    **panel: Any,
) -> Panel:
    """Draw lines over time: one per signal, or one per label of a dimension."""
    by_label = bool(dimensions)
    # Bars where only some requests count: a line would lead from one to the next across minutes
    # that had none.
    bars = stacked and bool(panel.get("where"))
    custom: Json = {
        "drawStyle": "bars" if bars else "line",
        "fillOpacity": 60 if stacked else 0 if by_label else 8,
        "lineWidth": 1,
        "showPoints": "auto",
        "spanNulls": False,
        "stacking": {"group": "A", "mode": "normal" if stacked else "none"},
    }
    defaults: Json = {
        "color": {"mode": "palette-classic"},
        "custom": custom,
        "links": panel.pop("data_links", []),
        "min": 0,
        "unit": signals[0].unit,
    }
    overrides = []
    if by_label:
        defaults["displayName"] = f"${{__field.labels.{dimensions[0].name}}}"
    else:
        overrides = [
            override(signal.name, _number_properties(signal) | _color(place))
            for place, signal in enumerate(signals)
        ]
    if day_before:
        dashed: Json = {
            "custom.fillOpacity": 0,
            "custom.hideFrom": {"legend": True, "tooltip": False, "viz": False},
            "custom.lineStyle": {"dash": [4, 6], "fill": "dash"},
        }
        overrides += [
            override(
                f"{signal.name}_day_before",
                _number_properties(signal)
                | _color(place)
                | dashed
                | {"displayName": f"{signal.title}, day before"},
            )
            for place, signal in enumerate(signals)
        ]
    roomy = panel.get("width", 8) > 8
    calcs = ["mean", "max", "lastNotNull"] if roomy else ["lastNotNull"]
    return Panel(
        kind="timeseries",
        signals=signals,
        dimensions=dimensions,
        defaults=defaults,
        overrides=overrides,
        options={
            "legend": {
                "calcs": calcs if by_label else ["lastNotNull"],
                "displayMode": "table" if by_label else "list",
                "placement": "right" if by_label else "bottom",
                "showLegend": True,
            },
            "tooltip": _tooltip(),
        },
        **panel,
    )


def stat(*, signals: Sequence[Signal], latest: bool = True, **panel: Any) -> Panel:
    """Show a tile per signal: its latest value with a sparkline, or its one value."""
    return Panel(
        kind="stat",
        signals=signals,
        # Each tile on a scale of its own.
        defaults={"color": {"mode": "thresholds"}, "fieldMinMax": True},
        overrides=[
            override(signal.name, {**_number_properties(signal), "thresholds": thresholds(signal)})
            for signal in signals
        ],
        options={
            "colorMode": "value",
            "graphMode": "area" if latest else "none",
            "justifyMode": "auto",
            "orientation": "auto",
            "reduceOptions": {"calcs": ["lastNotNull"], "fields": "", "values": False},
            "textMode": "value_and_name",
            "wideLayout": True,
        },
        **panel,
    )


def table(
    *,
    signals: Sequence[Signal],
    dimensions: Sequence[Dimension],
    links: Mapping[str, Sequence[Json]],
    **panel: Any,
) -> Panel:
    """List labels and signals in rows; `links` are the data links of a label's column."""
    overrides = [
        override(
            dimension.name,
            {"displayName": dimension.title, "links": list(links.get(dimension.name, ()))}
            | ({"custom.width": dimension.width} if dimension.width else {}),
        )
        for dimension in dimensions
    ]
    for signal in signals:
        properties = _number_properties(signal)
        if signal.thresholds:
            properties["thresholds"] = thresholds(signal)
            properties["color"] = {"mode": "thresholds"}
            properties["custom.cellOptions"] = {"mode": "basic", "type": "color-background"}
        overrides.append(override(signal.name, properties))
    return Panel(
        kind="table",
        signals=signals,
        dimensions=dimensions,
        defaults={"custom": {"align": "auto", "inspect": False, "minWidth": 90}},
        overrides=overrides,
        options={"cellHeight": "sm", "footer": {"show": False}, "showHeader": True},
        **panel,
    )


def bars(*, signals: Sequence[Signal], dimensions: Sequence[Dimension], **panel: Any) -> Panel:
    """Draw a horizontal bar per label, of a single signal."""
    return Panel(
        kind="bargauge",
        signals=signals,
        dimensions=dimensions,
        defaults={
            "color": {"mode": "palette-classic"},
            "links": panel.pop("data_links", []),
            "min": 0,
            **_number_properties(signals[0]),
            "displayName": f"${{__data.fields.{dimensions[0].name}}}",
        },
        options={
            "displayMode": "gradient",
            "minVizHeight": 12,
            "minVizWidth": 8,
            "orientation": "horizontal",
            "reduceOptions": {"calcs": ["lastNotNull"], "fields": "", "limit": 25, "values": True},
            "showUnfilled": True,
            "valueMode": "color",
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
                "fill": "dark-orange",
                "mode": "scheme",
                "reverse": False,
                "scale": "exponential",
                "scheme": "Oranges",
                "steps": 64,
            },
            "exemplars": {"color": "rgba(255,0,255,0.7)"},
            "filterValues": {"le": 1e-9},
            "legend": {"show": True},
            "rowsFrame": {"layout": "le", "value": signals[0].title},
            "showValue": "never",
            "tooltip": {"mode": "single", "showColorScale": True, "yHistogram": True},
            "yAxis": {"axisPlacement": "left", "reverse": False, "unit": unit},
        },
        **panel,
    )


def geomap(
    *,
    signals: Sequence[Signal],
    dimensions: Sequence[Dimension],
    lookup: str,
    size: str,
    color: str,
    **panel: Any,
) -> Panel:
    """Draw circles on the map, placed by one of Grafana's own gazetteers.

    `lookup` is the column with the place, `size` and `color` are names of signals. The borders are
    drawn from a file that Grafana serves, so that the map shows without an internet connection.
    """
    dimension = dimensions[0]
    by_color = next(signal for signal in signals if signal.name == color)
    circle = {"fixed": "img/icons/marker/circle.svg", "mode": "fixed"}
    return Panel(
        kind="geomap",
        signals=signals,
        dimensions=dimensions,
        defaults={
            "color": {"mode": "thresholds"},
            "links": panel.pop("data_links", []),
            "thresholds": thresholds(by_color),
        },
        overrides=[
            override(dimension.name, {"displayName": dimension.title}),
            *(override(signal.name, _number_properties(signal)) for signal in signals),
        ],
        options={
            "basemap": {"config": {}, "name": "Map", "type": "default"},
            "controls": {
                "mouseWheelZoom": False,
                "showAttribution": True,
                "showDebug": False,
                "showMeasure": False,
                "showScale": False,
                "showZoom": True,
            },
            "layers": [
                {
                    "config": {
                        "src": "public/maps/countries.geojson",
                        "rules": [],
                        "style": {"color": {"fixed": "#8884"}, "opacity": 0.3},
                    },
                    "name": "Borders",
                    "tooltip": False,
                    "type": "geojson",
                },
                {
                    "config": {
                        "showLegend": True,
                        "style": {
                            "color": {"field": color, "fixed": "dark-green"},
                            "opacity": 0.6,
                            "rotation": {"fixed": 0, "max": 360, "min": -360, "mode": "mod"},
                            "size": {"field": size, "fixed": 5, "max": 22, "min": 4},
                            "symbol": circle,
                        },
                    },
                    "location": {
                        "gazetteer": _GAZETTEER[dimension.name],
                        "lookup": lookup,
                        "mode": "lookup",
                    },
                    "name": dimension.title,
                    "tooltip": True,
                    "type": "markers",
                },
            ],
            "tooltip": {"mode": "details"},
            "view": {"allLayers": True, "id": "zero", "lat": 0, "lon": 0, "zoom": 1},
        },
        **panel,
    )


def alert_list(bundle: str, **panel: Any) -> Panel:
    """List the alerts that fire or are pending; a bundle's rules have the label `bundle`."""
    return Panel(
        kind="alertlist",
        options={
            "alertInstanceLabelFilter": f'{{bundle="{bundle}"}}',
            "alertName": "",
            "dashboardAlerts": False,
            "groupBy": [],
            "groupMode": "default",
            "maxItems": 20,
            "sortOrder": 3,
            "stateFilter": {
                "error": True,
                "firing": True,
                "noData": True,
                "normal": False,
                "pending": True,
            },
            "viewMode": "list",
        },
        **panel,
    )


def answer(**panel: Any) -> Panel:
    """Show a query's result as a table with the query's own columns."""
    return Panel(
        kind="table",
        defaults={"custom": {"align": "auto", "inspect": False, "minWidth": 90}, "unit": "short"},
        options={"cellHeight": "sm", "footer": {"show": False}, "showHeader": True},
        **panel,
    )


def text(markdown: str, **panel: Any) -> Panel:
    """Show Markdown as it is."""
    return Panel(kind="text", options={"content": markdown, "mode": "markdown"}, **panel)
