"""Panels of queries that are about no signal of their own: tiles, rankings, curves.

A query's columns are described by `Column`; everything else is as in panels.py.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from dashboards.grafana import colors
from dashboards.grafana.panels import (
    NO_NUMBER,
    NOTHING,
    TILE_TEXT,
    Json,
    Panel,
    no_value,
    override,
)

# Where a number stops being calm: the least of it, and the color from there on.
Steps = Sequence[tuple[float, str]]


@dataclass(frozen=True)
class Column:
    """A column of a table: its heading, width in pixels (0 takes what is left), unit and look."""

    name: str
    title: str
    width: int = 0
    unit: str = "short"
    steps: Steps = ()
    links: Sequence[Json] = field(default=())
    hidden: bool = False
    label: bool = False  # it may hold the dash of a request without a value
    decimals: int | None = None


def steps(given: Steps, calm: str = colors.NEUTRAL) -> Json:
    """Return Grafana's thresholds."""
    first: list[Json] = [{"color": calm, "value": None}]
    return {
        "mode": "absolute",
        "steps": first + [{"color": color, "value": value} for value, color in given],
    }


def tile(
    *,
    number: str,
    unit: str,
    beyond: Steps = (),
    calm: str = colors.NEUTRAL,
    nothing: str = NO_NUMBER,
    decimals: int | None = None,
    small: bool = False,
    titled: bool = False,
    **panel: Any,
) -> Panel:
    """Show the column `number` of a query with one row; a `small` one beside what it is.

    One that is `titled` has the panel's own title, which is there without a number, too.
    """
    title = panel["title"]
    properties: Json = {"displayName": title, "unit": unit}
    if decimals is not None:
        properties["decimals"] = decimals
    panel["transformations"] = [
        {"id": "filterFieldsByName", "options": {"include": {"names": [number]}}}
    ]
    return Panel(
        kind="stat",
        defaults={
            "color": {"mode": "thresholds"},
            "noValue": nothing,
            "thresholds": steps(beyond, calm),
        },
        overrides=[override(number, properties)],
        options={
            "colorMode": "value",
            "graphMode": "none",
            "justifyMode": "auto",
            "orientation": "auto",
            "reduceOptions": {"calcs": ["lastNotNull"], "fields": "", "values": False},
            "text": {"titleSize": 14, "valueSize": 18} if small else TILE_TEXT,
            "textMode": "value" if titled else "value_and_name",
            "wideLayout": small,
        },
        **panel,
    )


def ranking(*, columns: Sequence[Column], nothing: str = NOTHING, **panel: Any) -> Panel:
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
    found: Json = {"displayName": column.title, "unit": column.unit, "noValue": NO_NUMBER}
    if column.hidden:
        return {"custom.hidden": True}
    if column.width:
        found["custom.width"] = column.width
    if column.label:
        found["mappings"] = [no_value()]
    if column.links:
        found["links"] = list(column.links)
    if column.decimals is not None:
        found["decimals"] = column.decimals
    if column.steps:
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
            "color": colors.fixed(colors.SHADES),
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
            "thresholds": steps(lines, colors.NONE),
            "unit": unit,
        },
        overrides=[
            override(name, {"displayName": title, "color": colors.fixed(color)})
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
