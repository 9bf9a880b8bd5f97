"""Links between dashboards: the menu, and the data links that carry what was clicked along."""

from typing import Any

from dashboards.config import Bundle
from dashboards.grafana.variables import available
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
