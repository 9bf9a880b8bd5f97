"""Maps: circles where something is, on a map that Grafana serves itself."""

from collections.abc import Sequence
from typing import Any

from dashboards.grafana import colors
from dashboards.grafana.panels import Panel, number_properties, override, thresholds
from dashboards.grafana.rule_lines import RuleLine
from dashboards.signals import Dimension, Signal

_GAZETTEER = {
    "country": "public/gazetteer/countries.json",
    "pop": "public/gazetteer/airports.geojson",
}
# The bound, in percent, at which a circle on the map is as big as one can be.
_BIGGEST = 25


def geomap(
    *,
    signals: Sequence[Signal],
    dimensions: Sequence[Dimension],
    lookup: str,
    size: str,
    line: RuleLine | None,
    **panel: Any,
) -> Panel:
    """Draw circles on the map, placed by one of Grafana's own gazetteers.

    `lookup` is the column with the place, `size` the name of the signal that makes circles big and,
    beyond its line, colored. The map is a file that Grafana serves: it needs no internet.
    """
    dimension = dimensions[0]
    circle = {"fixed": "img/icons/marker/circle.svg", "mode": "fixed"}
    sized = next(signal for signal in signals if signal.name == size)
    scale = {"max": _BIGGEST, "min": 0} if sized.of else {}
    return Panel(
        kind="geomap",
        signals=signals,
        dimensions=dimensions,
        defaults={
            "color": {"mode": "thresholds"},
            "links": panel.pop("data_links", []),
            "thresholds": thresholds(line, colors.SHADES),
        },
        overrides=[
            override(dimension.name, {"displayName": dimension.title}),
            *(
                override(
                    signal.name,
                    number_properties(signal) | (scale if signal.name == size else {}),
                )
                for signal in signals
            ),
        ],
        options={
            "basemap": {
                "config": {
                    "src": "public/maps/countries.geojson",
                    "rules": [],
                    "style": {"color": {"fixed": colors.GRAY}, "opacity": 0.25},
                },
                "name": "Countries",
                "type": "geojson",
            },
            "controls": {
                "mouseWheelZoom": False,
                "showAttribution": False,
                "showDebug": False,
                "showMeasure": False,
                "showScale": False,
                "showZoom": True,
            },
            "layers": [
                {
                    "config": {
                        "showLegend": False,
                        "style": {
                            "color": {"field": size, "fixed": colors.SHADES},
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
            # Without the Antarctic, where nobody is.
            "view": {
                "allLayers": True,
                "id": "coords",
                "lat": 16,
                "lon": 5,
                "noRepeat": True,
                "zoom": 1.2,
            },
        },
        **panel,
    )
