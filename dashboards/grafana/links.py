"""Links between dashboards: the menu, and the data links that carry what was clicked along."""

from collections.abc import Mapping, Sequence
from typing import Any

from dashboards.config import Bundle
from dashboards.grafana.variables import available, boxed, of_filter
from dashboards.signals import DIMENSIONS, Collected

Json = dict[str, Any]

# The dashboards that a click on a dimension's label offers, besides the one it is on.
DRILL: dict[str, tuple[str, ...]] = {
    "edge": ("edges", "errors", "latency"),
    "country": ("countries", "errors", "latency"),
    "behavior": ("errors", "cache"),
    "host": ("errors", "cache"),
    "distribution": ("overview",),
}


def carried(collected: Collected, name: str) -> tuple[str, ...]:
    """Return the variables that a click on a dimension's label takes along as they are."""
    kept = (DIMENSIONS[other].variable for other in available(collected) if other != name)
    return ("datasource", *(variable for variable in kept if variable), "top", "percentile")


def drill_down(
    bundle: Bundle, collected: Collected, target: str, name: str, *, series: bool, own_range: bool
) -> Json:
    """Return a data link to the dashboard `target` for the dimension's clicked label.

    The link keeps the time range and all other choices. In a series the value is a label of the
    field, in a table a cell of the row. For a panel with a time range of its own, the link gives
    that range as two times.
    """
    dimension = DIMENSIONS[name]
    value = f"__field.labels.{name}" if series else f"__data.fields.{name}"
    parts = [
        "from=${__from}&to=${__to}" if own_range else "${__url_time_range}",
        *(f"${{{variable}:queryparam}}" for variable in carried(collected, name)),
        f"var-{dimension.variable}=${{{value}:percentencode}}",
    ]
    return {
        "targetBlank": False,
        "title": f"{target.capitalize()} of this {dimension.title.lower()}",
        "url": f"/d/{bundle.uid(target)}?{'&'.join(parts)}",
    }


# What a panel's predicate or signal leaves of the requests, as variables of their dashboard say it.
NARROWER: dict[str, dict[str, str]] = {
    name: chosen
    for names, chosen in (
        (
            ("server_error", "errors_5xx", "error_rate_5xx", "error_rate_5xx_bound"),
            {"status": "5"},
        ),
        (
            ("client_error", "errors_4xx", "error_rate_4xx", "error_rate_4xx_bound"),
            {"status": "4"},
        ),
        (("miss", "misses", "missed_bytes"), {"only": "miss"}),
        (
            ("slow_first_byte", "slow_first_bytes", "slow_first_byte_share", "ttfb_p95"),
            {"only": "slow_first_byte"},
        ),
        (("failed",), {"only": "failed"}),
    )
    for name in names
}

# The dashboards with the requests themselves, and with one of them.
REQUESTS = "requests"
REQUEST = "request"


def to_requests(
    bundle: Bundle,
    collected: Collected,
    by: Sequence[str] = (),
    chosen: Mapping[str, str] | None = None,
    *,
    own: str = "",
    filters: Sequence[str] = (),
    series: bool = False,
    own_range: bool = False,
) -> Json:
    """Return a data link to the requests behind a cell, a bar or a point of a line.

    `by` are the dimensions of its row, `own` the one whose column the link is on, where a label is
    taken as it is, and not as it is shown. Requests are chosen by those that can be; what else the
    reader chose stays, of the dimensions `filters` that the link's own dashboard has. `chosen` sets
    other variables of that dashboard, such as `only` to `failed`.
    """
    chosen = chosen or {}
    known = (*available(collected), *boxed(collected))
    rows = [name for name in by if name in known]
    kept = [
        variable
        for name in filters
        if name in known and name not in rows and (variable := of_filter(name)) not in chosen
    ]
    value = "__field.labels" if series else "__data.fields"
    parts = [
        "from=${__from}&to=${__to}" if own_range else "${__url_time_range}",
        *(f"${{{variable}:queryparam}}" for variable in ("datasource", *kept)),
        *(
            f"var-{of_filter(name)}=${{{'__value.raw' if name == own else f'{value}.{name}'}"
            ":percentencode}"
            for name in rows
        ),
        *(f"var-{name}={text}" for name, text in chosen.items()),
    ]
    return {
        "targetBlank": False,
        "title": "The requests themselves",
        "url": f"/d/{bundle.uid(REQUESTS)}?{'&'.join(parts)}",
    }


def one_request(bundle: Bundle) -> Json:
    """Return a data link from a request's id to its page."""
    parts = ["${__url_time_range}", "${datasource:queryparam}"]
    parts.append(f"var-{of_filter(REQUEST)}=${{__value.raw:percentencode}}")
    return {
        "targetBlank": False,
        "title": "All fields of this request",
        "url": f"/d/{bundle.uid(REQUEST)}?{'&'.join(parts)}",
    }


def menu(bundle: Bundle) -> Json:
    """Return links to the other dashboards of the bundle; they keep the time and the choices."""
    return {
        "asDropdown": True,
        "icon": "external link",
        "includeVars": True,
        "keepTime": True,
        "tags": [bundle.name],
        "targetBlank": False,
        "title": "CloudFront",
        "tooltip": "",
        "type": "dashboards",
        "url": "",
    }
