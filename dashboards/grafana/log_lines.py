"""Panels of log lines themselves: the newest requests, and one request with all its fields."""

import math
from collections.abc import Sequence
from typing import Any

from dashboards.grafana.panels import Json, Panel, override
from dashboards.stores import LINES_SPAN, Settings
from processor.catalog import Field

# How many requests the table lists.
MOST = 200
# What may be personal beside what the catalog says: no panel with a line's user agent is shown to
# everybody, although classes of agents are.
_PERSONAL = ("cs-user-agent", "c-port", "connection-id")
_ROW, _UNIT = 36, 38  # pixels of a row of a table, and of a unit of a panel's height

# Of a column: its heading, its width in pixels, and its unit. One without a width takes what is
# left, but what a path needs: beside Grafana's open menu the last columns are scrolled to.
_LEAST_URI = 224
_COLUMNS: dict[str, tuple[str, int | None, str | None]] = {
    "timestamp": ("Time", 118, "time:MM-DD HH:mm:ss"),
    "sc-status": ("Status", 68, "none"),
    "x-edge-detailed-result-type": ("Result", 150, None),
    "cs-method": ("Method", 68, None),
    "cs-host": ("Host", 146, None),
    "cs-uri-stem": ("URI", None, None),
    "x-edge-request-id": ("Request", 84, None),
    "x-edge-location": ("Edge", 88, None),
    "c-country": ("Country", 76, None),
    "time-to-first-byte": ("TTFB", 72, "s"),
    "time-taken": ("Taken", 72, "s"),
    "sc-bytes": ("Bytes", 76, "decbytes"),
    "c-ip": ("Viewer", 130, None),
    "cs-uri-query": ("Query string", 200, None),
    "cs-user-agent": ("User agent", 300, None),
}
LISTED = tuple(_COLUMNS)
_TROUBLE = {
    "mode": "absolute",
    "steps": [
        {"color": "text", "value": None},
        {"color": "orange", "value": 400},
        {"color": "red", "value": 500},
    ],
}


def personal(field: Field) -> bool:
    """Tell whether a field of one request can say who the viewer is."""
    return field.personal or field.name in _PERSONAL


def described(store: Settings) -> str:
    """Return what the list of requests is, and what it costs."""
    return (
        f"The newest {MOST} requests for which all that is chosen above holds, of the last "
        f"{LINES_SPAN} of the range. URI and Status take * for any text, such as /img/* or 50*. "
        f"A click on a request's id shows all of its fields. {store.priced_reading()}"
    ).rstrip()


def sheet_described(store: Settings) -> str:
    """Return what the page of one request is, and what it costs."""
    return (
        "Every field that CloudFront logged of the request whose id is above, if it is in the time "
        "range. The id is what the viewer got as the response header X-Amz-Cf-Id. Fields without a "
        f"value are last. {store.priced_reading()}"
    ).rstrip()


def table(*, fields: Sequence[Field], links: Sequence[Json], **panel: Any) -> Panel:
    """List requests, a column a field; `links` belong to their ids."""
    overrides = []
    for field in fields:
        title, width, unit = _COLUMNS[field.name]
        properties: Json = {"displayName": title}
        if width:
            properties["custom.width"] = width
        else:
            properties["custom.minWidth"] = _LEAST_URI
        if unit:
            properties["unit"] = unit
        if field.name == "sc-status":
            properties["thresholds"] = _TROUBLE
            properties["custom.cellOptions"] = {"type": "color-text"}
            properties["color"] = {"mode": "thresholds"}
        if field.name == "x-edge-request-id":
            properties["links"] = list(links)
            properties["mappings"] = [_SHORT]
        overrides.append(
            override("time" if field.name == "timestamp" else field.column, properties)
        )
    return Panel(
        kind="table",
        about=f"the newest {MOST} requests that match, a column a field",
        defaults={
            "custom": {"align": "left", "inspect": False, "minWidth": 70},
            "noValue": "No request matches what is chosen above in this time range.",
            "unit": "short",
        },
        overrides=overrides,
        options={"cellHeight": "sm", "footer": {"show": False}, "showHeader": True},
        **panel,
    )


# An id is long and says nothing: its beginning is enough to click on.
_SHORT: Json = {
    "type": "regex",
    "options": {"pattern": "^(.{6}).+$", "result": {"index": 0, "text": "$1…"}},
}


def sheet(*, fields: Sequence[Field], **panel: Any) -> Panel:
    """List one request's fields in rows, all of them without scrolling."""
    return Panel(
        kind="table",
        about="every field of the request, with what it means",
        height=math.ceil((len(fields) + 2) * _ROW / _UNIT) + 1,
        defaults={
            "custom": {"align": "left", "inspect": False, "minWidth": 70},
            "noValue": "No request has this id in this time range. Widen the range, and check that "
            "the id is whole.",
            "unit": "string",  # else a text such as 0.053 is written as a number
        },
        overrides=[
            override("log_field", {"displayName": "Field", "custom.width": 260}),
            override("value", {"displayName": "Value", "custom.width": 520}),
            override("meaning", {"displayName": "Meaning"}),
        ],
        options={"cellHeight": "sm", "footer": {"show": False}, "showHeader": True},
        **panel,
    )
