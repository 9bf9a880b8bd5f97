"""One dashboard: makes panels out of signals, lays them out and writes Grafana's JSON.

A dashboard's module has one function a row, which takes the Board and returns lines of panels. The
Board's methods give None for a panel whose fields are not collected; the layout leaves it out and
lets its neighbours have the room, so nothing overlaps and no line has a hole.
"""

import itertools
import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from grafanalib import core
from grafanalib._gen import DashboardEncoder

from dashboards import panels
from dashboards.config import Bundle
from dashboards.panels import Format, Json, Panel, Row, TimestreamTarget
from dashboards.signals import CHOSEN, SIGNALS, Signal
from dashboards.splits import SPLITS, Split
from dashboards.timestream import Having, Timestream
from dashboards.variables import drill_down, filters, named, variables
from processor.catalog import BY_NAME

COLUMNS = 24
# The schema of Grafana 10.4; a newer Grafana migrates it on loading.
SCHEMA_VERSION = 39

Line = Sequence[Panel | None]
RowOf = Callable[["Board"], tuple[str, Sequence[Line]]]

# Dashboards a value of a split can be looked at on, besides the one it is clicked on.
_DRILL: dict[str, tuple[str, ...]] = {
    "edge": ("edges", "errors", "latency"),
    "country": ("countries", "errors", "latency"),
    "behavior": ("errors", "cache"),
    "host": ("errors", "cache"),
    "distribution": ("overview",),
}


@dataclass
class Board:
    """A dashboard in the making."""

    bundle: Bundle
    name: str
    title: str
    description: str
    rows: Sequence[RowOf] = ()
    # The splits to filter by; None is all there are. The pipeline knows nothing of viewers.
    chain: Sequence[str] | None = None
    # The dashboards of the bundle that have something to show, for links; None is all.
    siblings: frozenset[str] | None = None
    # Filters are boxes to type in, which ask nothing, in place of lists of all there is.
    text_boxes: bool = False
    db: Timestream = field(init=False)
    filters: tuple[str, ...] = field(init=False)

    def __post_init__(self) -> None:
        self.db = Timestream(self.bundle)
        self.filters = tuple(
            name for name in filters(self.db) if self.chain is None or name in self.chain
        )

    # -- panels from signals ---------------------------------------------------------------------

    def series(
        self,
        key: str,
        title: str,
        names: Sequence[str],
        *,
        where: Sequence[str] = (),
        day_before: bool = False,
        **panel: Any,
    ) -> Panel | None:
        """Draw signals over time, and on request those of the day before as dashed lines."""
        signals = self._signals(names, where)
        if not signals:
            return None
        query: Json = {"where": where, "filters": self._filters(signals)}
        sqls = [self.db.series(signals, **query)]
        if day_before:
            sqls.append(self.db.series(signals, **query, previous_day=True))
        return panels.time_series(
            day_before=day_before,
            **self._common(key, title, signals, (), where, sqls, Format.SERIES, panel),
        )

    def top(
        self,
        key: str,
        title: str,
        name: str,
        by: str,
        *,
        where: Sequence[str] = (),
        most: int | None = None,
        **panel: Any,
    ) -> Panel | None:
        """Draw one signal over time for the greatest of a split; see Timestream.top_series.

        They are as many as the reader chose, or `most`.
        """
        signal, split = SIGNALS[name], SPLITS[by]
        if not self._allowed(split) or not self.db.available(signal, split, *where):
            return None
        sql = self.db.top_series(
            signal, split, where=where, filters=self._filters([signal]), top=most
        )
        return panels.time_series(
            stacked=signal.summable,
            data_links=self._links(by, series=True),
            **self._common(key, title, [signal], [split], where, [sql], Format.SERIES, panel),
        )

    def stat(self, key: str, title: str, names: Sequence[str], **panel: Any) -> Panel | None:
        """Show the latest value of each signal with a sparkline, all from one query."""
        signals = self._signals(names)
        if not signals:
            return None
        sql = self.db.series(signals, filters=self._filters(signals))
        return panels.stat(
            **self._common(key, title, signals, (), (), [sql], Format.SERIES, panel),
        )

    def total(self, key: str, title: str, names: Sequence[str], **panel: Any) -> Panel | None:
        """Show the value of each signal over the whole range, all from one query."""
        signals = self._signals(names)
        if not signals:
            return None
        sql = self.db.instant(signals, filters=self._filters(signals))
        return panels.stat(
            latest=False,
            **self._common(key, title, signals, (), (), [sql], Format.TABLE, panel),
        )

    def table(
        self,
        key: str,
        title: str,
        names: Sequence[str],
        by: Sequence[str],
        *,
        where: Sequence[str] = (),
        having: Sequence[Having] = (),
        order: str | None = None,
        ascending: bool = False,
        **panel: Any,
    ) -> Panel | None:
        """List signals per label of splits in a table; splits not collected are left out.

        The first split must be there. Rows come by `order` (default: the first signal).
        """
        signals = self._signals(names, where)
        splits = [SPLITS[name] for name in by if self._usable(name)]
        ordered = SIGNALS[order or names[0]]
        if not signals or not self._usable(by[0]) or not self.db.available(ordered):
            return None
        sql = self.db.table(
            signals,
            splits,
            where=where,
            having=having,
            order=ordered,
            ascending=ascending,
            filters=self._filters(signals),
        )
        return panels.table(
            links={
                split.name: self._links(split.name, series=False, own_range="timeFrom" in panel)
                for split in splits
            },
            **self._common(key, title, signals, splits, where, [sql], Format.TABLE, panel),
        )

    def bars(
        self, key: str, title: str, name: str, by: str, *, where: Sequence[str] = (), **panel: Any
    ) -> Panel | None:
        """Draw one signal per label of a split, as bars."""
        signal, split = SIGNALS[name], SPLITS[by]
        if not self._usable(by) or not self.db.available(signal, *where):
            return None
        sql = self.db.table([signal], [split], where=where, filters=self._filters([signal]))
        return panels.bars(
            data_links=self._links(by, series=False),
            **self._common(key, title, [signal], [split], where, [sql], Format.TABLE, panel),
        )

    def map(
        self, key: str, title: str, names: Sequence[str], by: str, color: str, **panel: Any
    ) -> Panel | None:
        """Draw circles on the map: sized by the first signal, coloured by `color`."""
        signals = self._signals(names)
        sized, split = SIGNALS[names[0]], SPLITS[by]
        if not self._usable(by) or sized not in signals:
            return None
        if color not in {signal.name for signal in signals}:
            color = sized.name
        sql, lookup = self.db.places(signals, split, filters=self._filters(signals))
        return panels.geomap(
            lookup=lookup,
            size=sized.name,
            color=color,
            data_links=self._links(by, series=False),
            **self._common(key, title, signals, [split], (), [sql], Format.TABLE, panel),
        )

    def heatmap(
        self, key: str, title: str, column: str, bounds: Sequence[float], unit: str, **panel: Any
    ) -> Panel | None:
        """Shade requests over time by the bucket of a number."""
        if column not in self.bundle.fields:
            return None
        sql = self.db.heatmap(column, bounds, filters=self.filters)
        requests = SIGNALS["requests"]
        common = self._common(key, title, [requests], (), (), [sql], Format.SERIES, panel)
        common["reads"] = (column,)
        return panels.heatmap(unit=unit, **common)

    def alerts(self, key: str, title: str, **panel: Any) -> Panel:
        """List the alerts of this bundle that are firing or about to."""
        return panels.alert_list(
            self.bundle.name,
            key=key,
            title=title,
            description="Alerts of this bundle that are firing, pending, without data or in error.",
            **panel,
        )

    # -- what panels have in common --------------------------------------------------------------

    def _usable(self, name: str) -> bool:
        return self._allowed(SPLITS[name]) and self.db.available(SPLITS[name])

    def _allowed(self, split: Split) -> bool:
        fields = self.db.fields_of(split)
        return self.bundle.personal or not any(BY_NAME[name].personal for name in fields)

    def _signals(self, names: Iterable[str], where: Sequence[str] = ()) -> list[Signal]:
        if not self.db.available(*where):
            return []
        return [SIGNALS[name] for name in names if self.db.available(SIGNALS[name])]

    def _filters(self, signals: Sequence[Signal]) -> tuple[str, ...]:
        return self.filters if signals[0].record == "request" else ()

    def _links(self, name: str, *, series: bool, own_range: bool = False) -> list[Json]:
        if SPLITS[name].variable is None:
            return []
        return [
            drill_down(self.bundle, self.db, target, name, series=series, own_range=own_range)
            for target in _DRILL.get(name, ())
            if target != self.name and (self.siblings is None or target in self.siblings)
        ]

    def _common(
        self,
        key: str,
        title: str,
        signals: Sequence[Signal],
        splits: Sequence[Split],
        where: Sequence[str],
        sqls: Sequence[str],
        shape: Format,
        panel: Json,
    ) -> Json:
        scaled = self.bundle.sampling != 100 and any(signal.scaled for signal in signals)
        description = panel.pop("description", None) or _describe(signals)
        if len(sqls) > 1:
            description += " Dashed: the day before."
        if any(CHOSEN in signal.title for signal in signals) and len(signals) == 1:
            title += f", {CHOSEN}"
        if scaled:
            description += (
                f" Counts and bytes are scaled: {self.bundle.sampling} % of requests are logged."
            )
        return {
            "key": key,
            "title": f"{title} (scaled)" if scaled else title,
            "description": description,
            "interval": self.bundle.min_interval,
            "signals": tuple(signals),
            "where": tuple(where),
            "reads": self.db.fields_of(*signals, *splits, *where),
            "splits": tuple(splits),
            "targets": [
                TimestreamTarget(sql=sql, shape=shape, refId=ref)
                for ref, sql in zip("ABCDEFGH", sqls, strict=False)
            ],
            **panel,
        }

    # -- the dashboard ---------------------------------------------------------------------------

    def panels(self) -> list[Panel | Row]:
        """Return the rows' headings and panels, each with its place on the grid."""
        placed: list[Panel | Row] = []
        y = 0
        for row in self.rows:
            title, lines = row(self)
            present = [kept for line in lines if (kept := [p for p in line if p is not None])]
            if not present:
                continue
            heading = Row(key=f"row-{row.__name__}", title=title)
            heading.gridPos = core.GridPos(h=1, w=COLUMNS, x=0, y=y)
            placed.append(heading)
            y += 1
            for line in present:
                height = max(panel.height for panel in line)
                x = 0
                for panel, width in zip(line, _widths([p.width for p in line]), strict=True):
                    panel.gridPos = core.GridPos(h=height, w=width, x=x, y=y)
                    x += width
                placed += line
                y += height
        return placed

    def dashboard(self) -> Json:
        """Return the dashboard as Grafana's JSON model."""
        panels = self.panels()
        text = json.dumps(panels, cls=DashboardEncoder)
        found = core.Dashboard(
            title=self.title,
            uid=self.bundle.uid(self.name),
            description=self.description,
            tags=[self.bundle.name],
            panels=panels,
            annotations=core.Annotations(list=_annotations(self.bundle)),
            links=[_menu(self.bundle)],
            templating=core.Templating(
                list=[
                    variable
                    for variable in (named if self.text_boxes else variables)(self.bundle, self.db)
                    if any(f"${{{variable['name']}{end}" in text for end in ":}")
                ]
            ),
            time=core.Time(f"now-{self.bundle.time_range}", "now"),
            timePicker=core.TimePicker(
                refreshIntervals=["1m", "5m", "15m", "30m", "1h"],
                timeOptions=["15m", "1h", "6h", "12h", "24h", "2d", "7d"],
            ),
            timezone="browser",
            refresh=self.bundle.refresh,
            schemaVersion=SCHEMA_VERSION,
            graphTooltip=1,
            editable=True,
        ).to_json_data()
        for leftover in ("__inputs", "gnetId", "hideControls", "rows", "sharedCrosshair", "style"):
            found.pop(leftover, None)
        return found

    def json(self) -> str:
        """Return the dashboard's file: the same text for the same bundle, and fit for a diff."""
        text = json.dumps(
            self.dashboard(), cls=DashboardEncoder, sort_keys=True, indent=2, ensure_ascii=False
        )
        return text + "\n"


def _widths(wanted: Sequence[int]) -> list[int]:
    """Spread the wanted widths over the whole grid, whatever was left out."""
    total = sum(wanted)
    edges = [round(sum(wanted[:n]) * COLUMNS / total) for n in range(len(wanted) + 1)]
    return [right - left for left, right in itertools.pairwise(edges)]


def _describe(signals: Sequence[Signal]) -> str:
    if len(signals) == 1:
        return signals[0].description
    return "\n".join(f"- {signal.title}: {signal.description}" for signal in signals)


def _annotations(bundle: Bundle) -> list[Json]:
    """Alerts' state changes, and deployments: any annotation with the tag `deployment`.

    https://grafana.com/docs/grafana/latest/dashboards/build-dashboards/annotate-visualizations/
    """
    grafana = {"type": "grafana", "uid": "-- Grafana --"}
    return [
        {
            "builtIn": 1,
            "datasource": grafana,
            "enable": True,
            "hide": True,
            "iconColor": "rgba(255, 96, 96, 1)",
            "name": "Alerts",
            "target": {"limit": 100, "matchAny": False, "tags": [], "type": "dashboard"},
            "type": "dashboard",
        },
        {
            "datasource": grafana,
            "enable": True,
            "hide": False,
            "iconColor": "rgba(110, 159, 255, 1)",
            "name": "Deployments",
            "target": {"limit": 100, "matchAny": False, "tags": ["deployment"], "type": "tags"},
        },
    ]


def _menu(bundle: Bundle) -> Json:
    """Links to the other dashboards of the bundle; they keep the time and what was chosen."""
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
