"""Panels of queries that are about no signal of their own: tiles, rankings, curves.

A query's columns are described by `Column`; everything else is as in panels.py.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from dashboards.grafana.panels import Json, Panel, override

# Where a number stops being calm: the least of it, and the color from there on.
Steps = Sequence[tuple[float, str]]
CALM = "text"


@dataclass(frozen=True)
class Column:
    """A column of a table: its heading, width in pixels (0 takes what is left), unit and look."""

    name: str
    title: str
    width: int = 0
    unit: str = "short"
    bar: bool = False  # a bar behind the number, as long as the column's greatest
    steps: Steps = ()
    links: Sequence[Json] = field(default=())
    hidden: bool = False
    decimals: int | None = None
    signed: bool = False  # more is written with a plus


def steps(given: Steps, calm: str = CALM) -> Json:
    """Return Grafana's thresholds."""
    first: list[Json] = [{"color": calm, "value": None}]
    return {
        "mode": "absolute",
        "steps": first + [{"color": color, "value": value} for value, color in given],
    }


def tile(
    *,
    unit: str,
    colors: Steps = (),
    calm: str = CALM,
    nothing: str = "no data",
    decimals: int | None = None,
    size: int = 36,
    **panel: Any,
) -> Panel:
    """Show one number of a query with one row, `size` pixels high."""
    defaults: Json = {
        "color": {"mode": "thresholds"},
        "noValue": nothing,
        "thresholds": steps(colors, calm),
        "unit": unit,
        "links": panel.pop("links", []),
    }
    if decimals is not None:
        defaults["decimals"] = decimals
    return Panel(
        kind="stat",
        defaults=defaults,
        options={
            "colorMode": "value",
            "graphMode": "none",
            "justifyMode": "auto",
            "orientation": "auto",
            "reduceOptions": {"calcs": ["lastNotNull"], "fields": "", "values": False},
            "text": {"valueSize": size},
            "textMode": "value",
            "wideLayout": True,
        },
        **panel,
    )


def ranking(*, columns: Sequence[Column], nothing: str = "Nothing", **panel: Any) -> Panel:
    """List rows in the order of the query, with neutral cells."""
    return Panel(
        kind="table",
        defaults={
            "custom": {"align": "auto", "inspect": False, "minWidth": 70},
            "noValue": nothing,
            "unit": "short",
        },
        overrides=[override(each.name, _properties(each)) for each in columns],
        options={"cellHeight": "sm", "footer": {"show": False}, "showHeader": True},
        **panel,
    )


def _properties(column: Column) -> Json:
    found: Json = {"displayName": column.title, "unit": column.unit, "noValue": "-"}
    if column.hidden:
        return {"custom.hidden": True}
    if column.width:
        found["custom.width"] = column.width
    if column.links:
        found["links"] = list(column.links)
    if column.decimals is not None:
        found["decimals"] = column.decimals
    if column.bar:
        found["custom.cellOptions"] = {"mode": "basic", "type": "gauge", "valueDisplayMode": "text"}
        found["color"] = {"fixedColor": "#6e7887", "mode": "fixed"}
        found["min"] = 0
    elif column.steps:
        found["custom.cellOptions"] = {"type": "color-text"}
        found["color"] = {"mode": "thresholds"}
        found["thresholds"] = steps(column.steps)
    return found


def curve(
    *,
    names: Sequence[tuple[str, str, str]],
    unit: str,
    lines: Steps,
    least_max: float,
    **panel: Any,
) -> Panel:
    """Draw columns of a query over time, with the lines that rules watch.

    `names` are a column, what it is called, and its color. `least_max` is how far the axis goes at
    least, so that what is far below a line looks so.
    """
    return Panel(
        kind="timeseries",
        defaults={
            "color": {"mode": "palette-classic"},
            "custom": {
                "axisSoftMax": least_max,
                "drawStyle": "line",
                "fillOpacity": 8,
                "lineWidth": 2,
                "showPoints": "auto",
                "spanNulls": False,
                "thresholdsStyle": {"mode": "dashed"},
            },
            "min": 0,
            "thresholds": steps(lines, "transparent"),
            "unit": unit,
        },
        overrides=[
            override(name, {"displayName": title, "color": {"fixedColor": color, "mode": "fixed"}})
            for name, title, color in names
        ],
        options={
            "legend": {
                "calcs": ["max", "lastNotNull"],
                "displayMode": "list",
                "placement": "bottom",
                "showLegend": len(names) > 1,
            },
            "tooltip": {"mode": "multi", "sort": "desc"},
        },
        **panel,
    )
