"""One dashboard: makes panels out of signals, lays them out and writes Grafana's JSON.

A dashboard's module has one function a row, which takes the Board and returns lines of panels. The
Board's methods return None for a panel whose fields are not collected. The layout then gives its
room to its neighbors, so that nothing overlaps and no line has a hole.
"""

import itertools
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from grafanalib import core
from grafanalib._gen import DashboardEncoder

from dashboards.config import Bundle
from dashboards.grafana import log_lines as line_panels
from dashboards.grafana import maps, panels, tables, variables
from dashboards.grafana.links import (
    DRILL,
    NARROWER,
    carried,
    drill_down,
    menu,
    one_request,
    to_requests,
)
from dashboards.grafana.panels import Json, Panel, Row
from dashboards.grafana.rule_lines import RuleLine, RuleLines
from dashboards.signals import (
    CHOSEN_TEXT,
    DIMENSIONS,
    ONLY,
    SIGNALS,
    Collected,
    Dimension,
    Signal,
)
from dashboards.signals.expressions import needed
from dashboards.stores import Format, Having, Settings, Store
from processor.catalog import BY_NAME, FIELDS, Field
from ruletest import durations

COLUMNS = 24
# How a unit is written behind a number in a sentence.
_UNITS = {"percent": " %", "s": " s"}
# The schema of Grafana 10.4; a newer Grafana migrates it on loading.
SCHEMA_VERSION = 39
# What Grafana's list of refreshes can offer, each in seconds.
REFRESHES = {"1m": 60, "5m": 300, "15m": 900, "30m": 1800, "1h": 3600}

Line = Sequence[Panel | None]
RowOf = Callable[["Board"], tuple[str, Sequence[Line]]]


@dataclass(frozen=True)
class Outline:
    """The parts of a dashboard that are the same for every bundle."""

    name: str
    title: str
    description: str
    rows: Sequence[RowOf]
    # The dimensions to filter by; None is all. The pipeline's own records have none of them.
    chain: Sequence[str] | None = None
    # Filters are text boxes, which need no query, instead of lists of values.
    text_boxes: bool = False
    # What else its panels are filtered by: dimensions of text boxes, or ONLY.
    extra: Sequence[str] = ()
    # What it shows when it is opened; empty is what the bundle says.
    time_range: str = ""
    # More rows, for one to open: until then, nothing asks for what is in them.
    closed: Sequence[RowOf] = ()


@dataclass(frozen=True)
class Dashboard:
    """A finished dashboard."""

    bundle: Bundle
    store: Store
    outline: Outline
    placed: tuple[Panel | Row, ...]

    @property
    def name(self) -> str:
        """The end of its uid, behind the bundle's name."""
        return self.outline.name

    @property
    def title(self) -> str:
        """What people read."""
        return self.outline.title

    @property
    def description(self) -> str:
        """What it is for, in a sentence."""
        return self.outline.description

    @property
    def collected(self) -> Collected:
        """The fields it was made for."""
        return self.store.collected

    def panels(self) -> tuple[Panel | Row, ...]:
        """Return the rows' headings and panels, each with its place on the grid."""
        return self.placed

    @cached_property
    def variables(self) -> list[Json]:
        """The variables that some panel uses."""
        used = {name for panel in self.placed if isinstance(panel, Panel) for name in panel.uses}
        every = variables.named if self.outline.text_boxes else variables.variables
        return [each for each in every(self.bundle, self.store) if each["name"] in used]

    def opened(self) -> list[Panel | Row]:
        """Return what is there, and asked, before one opens a row."""
        held = {panel.key for row in self.placed if isinstance(row, Row) for panel in row.held}
        return [panel for panel in self.placed if panel.key not in held]

    @cached_property
    def _model(self) -> Json:
        found: Json = core.Dashboard(
            title=self.title,
            uid=self.bundle.uid(self.name),
            description=self.description,
            tags=[self.bundle.name],
            panels=self.opened(),
            annotations=core.Annotations(list=_annotations(self.bundle)),
            links=[menu(self.bundle)],
            templating=core.Templating(list=self.variables),
            time=core.Time(f"now-{self.outline.time_range or self.bundle.time_range}", "now"),
            timePicker=core.TimePicker(
                refreshIntervals=refreshes(self.bundle),
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

    def dashboard(self) -> Json:
        """Return the dashboard as Grafana's JSON model."""
        return self._model

    def json(self) -> str:
        """Return the dashboard's file: the same text for the same bundle, and fit for a diff."""
        text = json.dumps(
            self._model, cls=DashboardEncoder, sort_keys=True, indent=2, ensure_ascii=False
        )
        return text + "\n"


def refreshes(bundle: Bundle) -> list[str]:
    """Return the refreshes that are offered.

    Where asking is paid for, an open board must not ask more often than the rules do, unless that
    is the bundle's own choice: then one forgotten tab would cost more than all rules.
    """
    least = bundle.interval if bundle.pays else 60
    offered = [each for each, seconds in REFRESHES.items() if seconds >= least]
    if bundle.refresh and bundle.refresh not in offered:
        offered = sorted([*offered, bundle.refresh], key=durations.seconds)
    return offered


class Board:
    """Makes the panels of one dashboard."""

    def __init__(
        self,
        bundle: Bundle,
        store: Store,
        outline: Outline,
        siblings: frozenset[str] | None = None,
        rule_lines: RuleLines | None = None,
    ) -> None:
        """`siblings` are the dashboards that have something to show, for links; None is all.

        `rule_lines` are those that alert rules watch.
        """
        self.bundle, self.store, self.outline = bundle, store, outline
        self.rule_lines = rule_lines or RuleLines()
        # What each panel asked for over time, now and a day ago, by its key.
        self._answers: dict[str, tuple[frozenset[Signal], frozenset[Signal]]] = {}
        self.collected = store.collected
        self.ask = store.queries
        self.siblings = siblings
        self.filters = tuple(
            name
            for name in variables.available(self.collected)
            if outline.chain is None or name in outline.chain
        ) + tuple(
            name
            for name in outline.extra
            if name == ONLY or self.collected.available(DIMENSIONS[name])
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
        asks: Sequence[str] = (),
        of: str = "",
        **panel: Any,
    ) -> Panel | None:
        """Draw signals over time, and on request those of the day before as dashed lines.

        It also asks for `asks`, which later panels show: `of` is the key of the panel that asked.
        So what is on a board twice is asked for once.
        """
        signals = self._signals(names, where)
        if not signals:
            return None
        more = [signal for signal in self._signals(asks, where) if signal not in signals]
        shared = self._answered(of, signals, day_before)
        queries = []
        if not shared:
            queries = self._over_time(key, signals, more, where, signals if day_before else ())
        return panels.time_series(
            day_before=day_before,
            lines=self._watched(signals),
            of=shared,
            asks=tuple(more),
            **self._common(
                key,
                title,
                signals,
                (),
                where,
                queries,
                Format.SERIES,
                {"dashed": day_before, **panel},
            ),
        )

    def _over_time(
        self,
        key: str,
        signals: Sequence[Signal],
        more: Sequence[Signal],
        where: Sequence[str],
        before: Sequence[Signal],
    ) -> list[str]:
        """Return the queries of signals over time, and of those `before` a day ago."""
        how: Json = {"where": where, "filters": self._filters(signals)}
        asked = [*signals, *more]
        queries = [self.ask.series(asked, **how)]
        if before:
            queries.append(self.ask.series(before, **how, previous_day=True))
        self._answers[key] = frozenset(asked), frozenset(before)
        return queries

    def _answered(self, of: str, signals: Sequence[Signal], day_before: bool) -> str:
        """Return the key of the panel that asked for these signals, or nothing if none did."""
        asked, before = self._answers.get(of, (frozenset(), frozenset()))
        return of if {*signals} <= asked and (not day_before or {*signals} <= before) else ""

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
        """Draw one signal over time for a dimension's greatest labels; see Queries.top_series.

        It draws as many as the reader chose, or `most`.
        """
        return self._by_label(panels.time_series, key, title, name, by, where, (), most, panel)

    def strip(
        self,
        key: str,
        title: str,
        name: str,
        by: str,
        *,
        where: Sequence[str] = (),
        having: Sequence[Having] = (),
        most: int | None = None,
        **panel: Any,
    ) -> Panel | None:
        """Draw a row of cells per label, of those with most trouble: which, and since when.

        A cell is colored beyond the line of the rule that watches the signal. In a step for which
        `having` does not hold it is empty.
        """
        return self._by_label(panels.strip, key, title, name, by, where, having, most, panel)

    def _by_label(
        self,
        draw: Callable[..., Panel],
        key: str,
        title: str,
        name: str,
        by: str,
        where: Sequence[str],
        having: Sequence[Having],
        most: int | None,
        panel: Json,
    ) -> Panel | None:
        signal, dimension = SIGNALS[name], DIMENSIONS[by]
        if not self._allowed(dimension) or not self.collected.available(signal, dimension, *where):
            return None
        query = self.ask.top_series(
            signal,
            dimension,
            where=where,
            filters=self._filters([signal]),
            having=having,
            top=most,
            placed=draw is panels.strip,
        )
        lines = self._watched([signal], by)
        how: Json = {"line": lines[0] if lines else None}
        if draw is panels.time_series:
            how = {"stacked": signal.summable, "lines": lines}
        return draw(
            data_links=self._links(by, series=True, of=(*where, signal.name)),
            having=tuple(having),
            **how,
            **self._common(
                key,
                title,
                [signal],
                [dimension],
                where,
                [query],
                Format.SERIES,
                {"description": self._ranking(signal, dimension, having), **panel},
                limited=most is None,
            ),
        )

    def _ranking(self, signal: Signal, dimension: Dimension, having: Sequence[Having] = ()) -> str:
        """Say what a signal means, and which labels are shown of it."""
        rank = signal if signal.summable else self._ranked_by(signal)
        said = f"{_describe([signal], self.store.settings)} Shown: the {dimension.plural} with most"
        said += f" {rank.title[0].lower()}{rank.title[1:]}"
        if signal.summable:
            return f"{said}; the rest is other."
        if having:
            said += "; empty where there are too few requests to tell"
        if line := self.rule_lines.of(signal, dimension.name):
            side = "below" if line.below else "beyond"
            said += f". Colored {side} {line.value:g}{_UNITS.get(signal.unit, '')}"
            said += f", the line of the rule {line.rule}"
        elif not signal.summable:
            said += ". The bluer, the more"
        return f"{said}."

    def _ranked_by(self, signal: Signal) -> Signal:
        rank = SIGNALS[signal.ranked]
        return rank if self.collected.available(rank) else SIGNALS["requests"]

    def tile(
        self,
        key: str,
        title: str,
        name: str,
        *,
        of: str = "",
        asks: Sequence[str] = (),
        day_before: bool = False,
        whole: bool = False,
        **panel: Any,
    ) -> Panel | None:
        """Show one number: the latest, with its sparkline; or with `whole` that of the whole range.

        With `day_before` it is the latest of a day earlier. `asks` and `of` are those of `series`:
        one tile asks for all, a day earlier included, and the others show what is theirs.
        """
        signals = self._signals([name])
        if not signals:
            return None
        more = [signal for signal in self._signals(asks) if signal not in signals]
        shared = self._answered(of, signals, day_before)
        queries: list[str] = []
        if not shared and whole:
            queries = [self.ask.instant([*signals, *more], filters=self._filters(signals))]
            self._answers[key] = frozenset([*signals, *more]), frozenset()
        elif not shared:
            queries = self._over_time(key, signals, more, (), [*signals, *more])
        lines = self._watched(signals)
        if day_before:
            panel.setdefault("description", f"{signals[0].title} 24 hours earlier.")
            panel.setdefault("transparent", True)
        return panels.stat(
            line=lines[0] if lines else None,
            latest=not whole,
            day_before=day_before,
            of=shared,
            asks=tuple(more),
            **self._common(
                key,
                title,
                signals,
                (),
                (),
                queries,
                Format.TABLE if whole else Format.SERIES,
                {"dashed": False, **panel},
            ),
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
        judged: Sequence[str] = (),
        most: int | None = None,
        **panel: Any,
    ) -> Panel | None:
        """List signals per label of dimensions in a table; dimensions not collected are left out.

        Rows are ordered by the first signal. It and the first dimension must be collected. Beyond
        the line of a rule, bounds are colored, and those of `judged`, of which `having` has to make
        sure that there are enough requests. There are as many rows as the reader chose, or `most`.
        """
        signals = self._signals(names, where)
        dimensions = [DIMENSIONS[name] for name in by if self.usable(name)]
        if not signals or not self.usable(by[0]) or not self.collected.available(SIGNALS[names[0]]):
            return None
        query = self.ask.table(
            signals,
            dimensions,
            where=where,
            having=having,
            filters=self._filters(signals),
            top=most,
        )
        lines = {
            signal.name: line
            for signal in signals
            if (signal.of or signal.name in judged)
            and (line := self.rule_lines.of(signal, dimensions[0].name))
        }
        panel.setdefault("height", tables.table_height(most or self.bundle.top))
        return tables.table(
            lines=lines,
            having=tuple(having),
            links={
                dimension.name: self._links(
                    dimension.name,
                    series=False,
                    own_range="timeFrom" in panel,
                    row=[each.name for each in dimensions],
                    of=where,
                )
                for dimension in dimensions
            }
            | {
                signal.name: self._behind(
                    [each.name for each in dimensions],
                    own_range="timeFrom" in panel,
                    of=(*where, signal.name),
                )
                for signal in signals
                if signal.name in NARROWER
            },
            **self._common(
                key,
                title,
                signals,
                dimensions,
                where,
                [query],
                Format.TABLE,
                panel,
                limited=most is None,
            ),
        )

    def bars(
        self, key: str, title: str, name: str, by: str, *, where: Sequence[str] = (), **panel: Any
    ) -> Panel | None:
        """Draw one signal per label of a dimension, as bars."""
        signal, dimension = SIGNALS[name], DIMENSIONS[by]
        if not self.usable(by) or not self.collected.available(signal, *where):
            return None
        query = self.ask.table([signal], [dimension], where=where, filters=self._filters([signal]))
        return panels.bars(
            data_links=self._links(by, series=False, of=where),
            **self._common(
                key, title, [signal], [dimension], where, [query], Format.TABLE, panel, limited=True
            ),
        )

    def map(
        self, key: str, title: str, names: Sequence[str], by: str, **panel: Any
    ) -> Panel | None:
        """Draw circles on the map: the more of the first signal that is there, the bigger.

        Beyond the line of a rule they are colored.
        """
        signals = self._signals(names)
        if not self.usable(by) or not signals:
            return None
        sized, dimension = signals[0], DIMENSIONS[by]
        query, lookup = self.ask.places(signals, dimension, filters=self._filters(signals))
        return maps.geomap(
            lookup=lookup,
            size=sized.name,
            line=self.rule_lines.of(sized, by),
            data_links=self._links(by, series=False),
            **self._common(key, title, signals, [dimension], (), [query], Format.TABLE, panel),
        )

    def heatmap(
        self, key: str, title: str, column: str, bounds: Sequence[float], unit: str, **panel: Any
    ) -> Panel | None:
        """Shade requests over time by the bucket of a number."""
        if column not in self.bundle.fields:
            return None
        query = self.ask.heatmap(column, bounds, filters=self.filters)
        requests = SIGNALS["requests"]
        common = self._common(key, title, [requests], (), (), [query], Format.SERIES, panel)
        common["reads"] = (column,)
        return panels.heatmap(unit=unit, **common)

    # -- log lines themselves --------------------------------------------------------------------

    def _fields(self, names: Iterable[str]) -> list[Field]:
        """Return the fields that are collected and may be shown, in the order given."""
        fields = [BY_NAME[name] for name in names if name in self.bundle.fields]
        return [each for each in fields if self.bundle.personal or not line_panels.personal(each)]

    def log_lines(self, key: str, title: str, names: Sequence[str], **panel: Any) -> Panel:
        """List the newest requests that match, a column a log field."""
        fields = self._fields(names)
        links = []
        if "x-edge-request-id" in self.bundle.fields and "request" in (
            self.siblings or ("request",)
        ):
            links.append(one_request(self.bundle))
        query = self.ask.lines(fields, filters=self.filters, most=line_panels.MOST)
        return line_panels.table(
            fields=fields,
            links=links,
            uses=frozenset({"datasource", *map(variables.of_filter, self.filters)}),
            description=line_panels.described(self.store.settings),
            reads=_read(fields),
            **self.asking(key, title, [query]),
            **panel,
        )

    def log_line(self, key: str, title: str, **panel: Any) -> Panel | None:
        """List all fields of one request, by its id."""
        if not self.collected.available(DIMENSIONS["request"]):
            return None
        fields = self._fields(field.name for field in FIELDS)
        return line_panels.sheet(
            fields=fields,
            uses=frozenset({"datasource", variables.of_filter("request")}),
            description=line_panels.sheet_described(self.store.settings),
            reads=_read(fields),
            **self.asking(key, title, [self.ask.line(fields)]),
            **panel,
        )

    def asking(
        self, key: str, title: str, queries: Sequence[str], shape: Format = Format.TABLE
    ) -> Json:
        """Return what panels have in common that are not made from signals."""
        return {
            "key": key,
            "title": title,
            "interval": self.bundle.min_interval,
            "plugin": self.store.settings.PLUGIN,
            "targets": [
                self.store.target(text, shape, ref)
                for ref, text in zip("ABCDEFGH", queries, strict=False)
            ],
        }

    def chosen_by(self) -> frozenset[str]:
        """Return the variables of a filtered panel's query."""
        return frozenset({"datasource", *map(variables.of_filter, self.filters)})

    def links_of(self, name: str) -> list[Json]:
        """Return where a click on a label in a table leads: to its requests, if it can."""
        known = DIMENSIONS[name].variable
        return list(filter(None, [self.requests_of([name], own=name)])) if known else []

    def requests_of(
        self,
        by: Sequence[str],
        chosen: Mapping[str, str] | None = None,
        *,
        own: str = "",
        series: bool = False,
        own_range: bool = False,
    ) -> Json | None:
        """Return a link to the requests behind a row or line, if there is such a dashboard."""
        if self.siblings is not None and "requests" not in self.siblings:
            return None
        return to_requests(
            self.bundle,
            self.collected,
            by,
            chosen,
            own=own,
            filters=self.filters,
            series=series,
            own_range=own_range,
        )

    def alerts(
        self, key: str, title: str, *, severity: str = "", firing: bool = True, **panel: Any
    ) -> Panel:
        """List the alerts of this bundle that are firing or pending, on request of one severity."""
        of = f" of severity {severity}" if severity else ""
        said = (
            f"Alerts{of} that fire, or whose query fails: each with its labels and since when."
            if firing
            else f"Alerts{of} that are beyond their line, but not yet for as long as their rule"
            " waits."
        )
        labels = {"bundle": self.bundle.name} | ({"severity": severity} if severity else {})
        return panels.alert_list(
            labels, firing=firing, key=key, title=title, description=said, **panel
        )

    # -- what panels have in common --------------------------------------------------------------

    def usable(self, name: str) -> bool:
        """Tell whether a dimension is collected, and may be shown."""
        return self._allowed(DIMENSIONS[name]) and self.collected.available(DIMENSIONS[name])

    def _allowed(self, dimension: Dimension) -> bool:
        personal = any(BY_NAME[name].personal for name in needed(dimension.label))
        return self.bundle.personal or not (personal or dimension.personal)

    def _signals(self, names: Iterable[str], where: Sequence[str] = ()) -> list[Signal]:
        if not self.collected.available(*where):
            return []
        return [SIGNALS[name] for name in names if self.collected.available(SIGNALS[name])]

    def _watched(self, signals: Sequence[Signal], by: str | None = None) -> list[RuleLine]:
        """Return the lines that rules watch these signals by."""
        found = (self.rule_lines.of(signal, by) for signal in signals if not signal.summable)
        return list(dict.fromkeys(line for line in found if line))

    def _filters(self, signals: Sequence[Signal]) -> tuple[str, ...]:
        return self.filters if signals[0].record == "request" else ()

    def _links(
        self,
        name: str,
        *,
        series: bool,
        own_range: bool = False,
        row: Sequence[str] = (),
        of: Sequence[str] = (),
    ) -> list[Json]:
        """Return where a click on a label leads: other dashboards, and the requests themselves.

        In a table, `row` are all dimensions of it. `of` are the panel's predicates, and its signal.
        """
        own = name if row else ""
        return [
            *(
                drill_down(
                    self.bundle, self.collected, target, name, series=series, own_range=own_range
                )
                for target in self._targets(name)
            ),
            *self._behind(row or [name], own=own, series=series, own_range=own_range, of=of),
        ]

    def _behind(
        self,
        by: Sequence[str],
        *,
        own: str = "",
        series: bool = False,
        own_range: bool = False,
        of: Sequence[str] = (),
    ) -> list[Json]:
        """Return the link to the requests behind a label, if requests can be chosen by it."""
        known = any(DIMENSIONS[name].variable for name in by)
        if self.outline.name == "requests" or not known:
            return []
        chosen: dict[str, str] = {}
        for each in of:
            chosen |= NARROWER.get(each, {})
        link = self.requests_of(by, chosen, own=own, series=series, own_range=own_range)
        return [link] if link else []

    def _targets(self, name: str) -> list[str]:
        """Return the dashboards that a click on a dimension's label leads to."""
        return [
            target
            for target in DRILL.get(name, ())
            if target != self.outline.name and (self.siblings is None or target in self.siblings)
        ]

    def _common(
        self,
        key: str,
        title: str,
        signals: Sequence[Signal],
        dimensions: Sequence[Dimension],
        where: Sequence[str],
        queries: Sequence[str],
        shape: Format,
        panel: Json,
        *,
        limited: bool = False,
    ) -> Json:
        """`limited` panels show as many labels as the reader chose."""
        scaled = self.bundle.sampling != 100 and any(signal.scaled for signal in signals)
        description = panel.pop("description", None) or _describe(signals, self.store.settings)
        if panel.pop("dashed", len(queries) > 1):
            description += " Dashed: the day before."
        if any(CHOSEN_TEXT in signal.title for signal in signals) and len(signals) == 1:
            title += f", {CHOSEN_TEXT}"
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
            "reads": self.collected.fields_of(*signals, *dimensions, *where),
            "dimensions": tuple(dimensions),
            "uses": self._uses(signals, dimensions)
            | (frozenset({"top"}) if limited else frozenset()),
            "plugin": self.store.settings.PLUGIN,
            "targets": [
                self.store.target(text, shape, ref)
                for ref, text in zip("ABCDEFGH", queries, strict=False)
            ],
            **panel,
        }

    def _uses(self, signals: Sequence[Signal], dimensions: Sequence[Dimension]) -> frozenset[str]:
        """Return the dashboard variables that a panel's queries, title and links name."""
        used = {"datasource"}
        used.update(map(variables.of_filter, self._filters(signals)))
        if any(signal.percentile_chosen for signal in signals):
            used.add("percentile")
        for dimension in dimensions:
            if self._targets(dimension.name):
                used.update(carried(self.collected, dimension.name))
        return frozenset(used)

    # -- the dashboard ---------------------------------------------------------------------------

    def finished(self) -> Dashboard:
        """Return the dashboard, which may be one without panels."""
        return Dashboard(self.bundle, self.store, self.outline, tuple(self._placed()))

    def _placed(self) -> list[Panel | Row]:
        placed: list[Panel | Row] = []
        y = 0
        for row in (*self.outline.rows, *self.outline.closed):
            title, lines = row(self)
            present = [kept for line in lines if (kept := [p for p in line if p is not None])]
            if not present:
                continue
            closed = row in self.outline.closed and bool(placed)
            heading = Row(key=f"row-{row.__name__}", title=title, closed=closed)
            heading.gridPos = core.GridPos(h=1, w=COLUMNS, x=0, y=y)
            placed.append(heading)
            y += 1
            below = y
            for line in present:
                height = max(panel.height for panel in line)
                x = 0
                for panel, width in zip(line, _widths([p.width for p in line]), strict=True):
                    panel.gridPos = core.GridPos(h=height, w=width, x=x, y=y)
                    x += width
                placed += line
                y += height
            if closed:
                heading.held = list(itertools.chain(*present))
                y = below
        return placed


def _widths(wanted: Sequence[int]) -> list[int]:
    """Spread the wanted widths over the whole grid, whatever was left out."""
    total = sum(wanted)
    edges = [round(sum(wanted[:n]) * COLUMNS / total) for n in range(len(wanted) + 1)]
    return [right - left for left, right in itertools.pairwise(edges)]


def _read(fields: Iterable[Field]) -> tuple[str, ...]:
    """Return the names of fields that may not be collected; a request always has a time."""
    return tuple(field.name for field in fields if field.name != "timestamp")


def _describe(signals: Sequence[Signal], store: Settings) -> str:
    said = [
        store.DESCRIPTIONS.get(signal.name) or signal.described(store.TITLE) for signal in signals
    ]
    if len(said) == 1:
        return said[0]
    return "\n".join(
        f"- {signal.title}: {text}" for signal, text in zip(signals, said, strict=True)
    )


def _annotations(bundle: Bundle) -> list[Json]:
    """Alerts' state changes, and what people and pipelines wrote down.

    That is any annotation with the tag `deployment`, and any with the bundle's name as its tag, as
    `python -m provisioning annotate` writes them.
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
            "target": {
                "limit": 100,
                "matchAny": True,
                "tags": ["deployment", bundle.name],
                "type": "tags",
            },
        },
    ]
