"""Tables: labels and numbers in rows, in columns that cut nothing on a laptop."""

import math
from collections.abc import Mapping, Sequence
from typing import Any

from dashboards.grafana import colors
from dashboards.grafana.panels import (
    NO_NUMBER,
    NOTHING,
    Json,
    Panel,
    no_value,
    number_properties,
    override,
    thresholds,
)
from dashboards.grafana.rule_lines import RuleLine
from dashboards.signals import CHOSEN_TEXT, Dimension, Signal

# In pixels: a label's column where its dimension says nothing else, and the numbers' by unit.
# Headings are wider than most numbers; see `column_width`.
_LABEL_WIDTH = 130
_CHARACTER = 7.3
_BAR_WIDTH = 100
# In pixels: a table's row, a panel's title and margins, and a unit of the grid's height. More rows
# than that are scrolled.
_ROW, _FRAME, _UNIT, _MOST_ROWS = 36, 56, 38, 20


def column_width(title: str, unit: str) -> int:
    """Return a column in pixels, wide enough for its heading and for any number of that unit."""
    title = title.replace(CHOSEN_TEXT, "p95")
    widths = {"percent": 72, "short": 64, "decbytes": 76, "s": 72, "ms": 72, "none": 40, "": 40}
    number = widths.get(unit, 80)
    return max(number, round(len(title) * _CHARACTER) + 22)


def table_height(rows: int) -> int:
    """Return how high a table of so many rows is on the grid, so that none is cut in half."""
    return math.ceil(((min(rows, _MOST_ROWS) + 1) * _ROW + _FRAME) / _UNIT)


def table(
    *,
    signals: Sequence[Signal],
    dimensions: Sequence[Dimension],
    links: Mapping[str, Sequence[Json]],
    lines: Mapping[str, RuleLine],
    **panel: Any,
) -> Panel:
    """List labels and signals in rows; `links` are the data links of a column.

    Numbers are neutral. One that is judged, by its signal's name in `lines`, has a color beyond its
    line; a bound also has a bar.
    """
    overrides = [
        override(
            dimension.name,
            {
                "displayName": dimension.title,
                "links": list(links.get(dimension.name, ())),
                "mappings": [no_value()],
            }
            # The widest label has what the numbers leave.
            | (
                {"custom.width": dimension.width or _LABEL_WIDTH}
                if place
                else {"custom.minWidth": _LABEL_WIDTH}  # so a phone scrolls, and cuts no name
            ),
        )
        for place, dimension in enumerate(dimensions)
    ]
    for signal in signals:
        properties = number_properties(signal) | {"noValue": NO_NUMBER}
        properties["displayName"] = signal.heading
        if links.get(signal.name):
            properties["links"] = list(links[signal.name])
        properties["custom.width"] = column_width(signal.heading, signal.unit)
        line = lines.get(signal.name)
        if signal.of:
            properties |= {
                "max": 20,
                "min": 0,
                "thresholds": thresholds(line, colors.GRAY),
                "color": {"mode": "thresholds"},
                "custom.cellOptions": {
                    "mode": "basic", "type": "gauge", "valueDisplayMode": "hidden"
                },
                "custom.width": _BAR_WIDTH,
            }  # fmt: skip
        elif line:
            properties |= {
                "thresholds": thresholds(line),
                "color": {"mode": "thresholds"},
                "custom.cellOptions": {"type": "color-text"},
            }
        overrides.append(override(signal.name, properties))
    return Panel(
        kind="table",
        signals=signals,
        dimensions=dimensions,
        defaults={
            "custom": {"align": "auto", "inspect": False, "minWidth": 60},
            "noValue": NOTHING,
        },
        overrides=overrides,
        options={"cellHeight": "sm", "footer": {"show": False}, "showHeader": True},
        **panel,
    )


# Of log fields that queries typed by hand select: the heading, and the width in pixels.
# A path takes what is left.
_SELECTED: Mapping[str, tuple[str, int | None]] = {
    "c_country": ("Country", 80),
    "x_edge_location": ("Edge", 100),
    "cs_host": ("Host", 150),
    "cs_uri_stem": ("URI", None),
    "x_edge_detailed_result_type": ("Detailed result", 150),
    "x_edge_result_type": ("Result", 130),
    "sc_status": ("Status", 70),
    "cache_behavior_path_pattern": ("Cache behavior", 150),
    "cs_referer": ("Referrer", 260),
    "cs_user_agent": ("User agent", 260),
}
_LEAST_URI = 224


def answer(*, columns: Sequence[str], **panel: Any) -> Panel:
    """Show a query's result as a table with the query's own columns."""
    return Panel(
        kind="table",
        overrides=[
            override(
                column,
                {"displayName": heading, "unit": "none"}
                | ({"custom.width": width} if width else {"custom.minWidth": _LEAST_URI}),
            )
            for column in columns
            if column in _SELECTED
            for heading, width in [_SELECTED[column]]
        ],
        defaults={"custom": {"align": "auto", "inspect": False, "minWidth": 60}, "unit": "short"},
        options={"cellHeight": "sm", "footer": {"show": False}, "showHeader": True},
        **panel,
    )


def causes(**panel: Any) -> Panel:
    """Show what bad requests have in common: a sentence for each kind, and how many there are."""
    return Panel(
        kind="table",
        defaults={"custom": {"align": "auto", "inspect": False}},
        overrides=[
            override("part", {"displayName": "What", "custom.width": 126}),
            override("name", {"custom.hidden": True, "custom.width": 90}),
            override(
                "cause",
                {
                    "displayName": "What they have in common",
                    "custom.minWidth": 210,
                    "custom.cellOptions": {"type": "auto", "wrapText": True},
                },
            ),
            override("value", {"displayName": "Requests", "custom.width": 86, "unit": "short"}),
        ],
        options={"cellHeight": "sm", "footer": {"show": False}, "showHeader": True},
        **panel,
    )
