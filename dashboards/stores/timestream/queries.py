"""Timestream's SQL for panels, variables and alert rules, made with its dialect.

A query reads the table once, and names the measure, the time range and only the columns it needs,
because Timestream bills what is scanned. Grafana's macros ($__timeFilter, ...) stay in the text for
the data source to replace. A reader's choice in a variable gets in as ``${name:sqlstring}`` only,
which quotes it.

Language: https://docs.aws.amazon.com/timestream/latest/developerguide/reference.html
Macros: https://grafana.com/docs/plugins/grafana-timestream-datasource/latest/query-editor/
"""

from collections.abc import Iterable, Mapping, Sequence
from textwrap import indent
from typing import TypeVar

from dashboards.config import Bundle
from dashboards.grafana.airports import NEAREST_AIRPORT
from dashboards.signals import DIMENSIONS, SIGNALS, Dimension, Signal
from dashboards.signals.expressions import Aggregate
from dashboards.stores import Having, ranking
from dashboards.stores.slices import Slice
from dashboards.stores.timestream.dialect import Dialect, number, variable

# How far back the comparison looks.
_DAY = "1d"

_BIN_SECONDS = "($__interval_raw_ms / 1000.0)"
_BIN = "bin(time, $__interval)"
_T = TypeVar("_T")


def _select(
    columns: Iterable[str],
    source: str = "$__database.$__table",
    where: Iterable[str] = (),
    group: Iterable[str] = (),
    having: Iterable[str] = (),
    order: str | None = None,
    limit: int | None = None,
) -> str:
    """Lay out one SELECT so that a person can read it."""
    if source.startswith("SELECT"):
        source = f"(\n{indent(source, '  ')}\n)"
    lines = ["SELECT\n  " + ",\n  ".join(columns), f"FROM {source}"]
    for keyword, terms, join in (
        ("WHERE", where, "\n  AND "),
        ("GROUP BY", group, ", "),
        ("HAVING", having, "\n  AND "),
    ):
        if text := join.join(terms):
            lines.append(f"{keyword} {text}")
    if order:
        lines.append(f"ORDER BY {order}")
    if limit is not None:
        lines.append(f"LIMIT {limit}")
    return "\n".join(lines)


class Queries:
    """The queries of one bundle; dashboards/stores/ says what each returns."""

    def __init__(self, bundle: Bundle, dialect: Dialect | None = None) -> None:
        self._sql = dialect or Dialect(bundle)

    def _where(
        self,
        record: str,
        where: Sequence[str],
        filters: Sequence[str],
        time: Sequence[str] = ("$__timeFilter",),
    ) -> list[str]:
        sql = self._sql
        chosen = [DIMENSIONS[name] for name in filters]
        return [
            sql.measure(record),
            *time,
            *map(sql.predicate, where),
            *(sql.filter(each) for each in chosen if sql.collected.available(each)),
        ]

    # -- queries of panels and variables -----------------------------------------------------------

    def series(
        self,
        signals: Sequence[Signal],
        *,
        where: Sequence[str] = (),
        filters: Sequence[str] = (),
        previous_day: bool = False,
    ) -> str:
        """Signals over time, one column each: time, then the signals by name; time ascending.

        Only bins that lie wholly within the range are given: the half-filled one at either end
        would show a drop that never happened. `where` names predicates, `filters` the dimensions
        whose dashboard variables apply. With `previous_day` the rows are those of a day earlier,
        moved onto today's time axis.
        """
        start, time = _BIN, ["$__timeFilter", *_whole_bins()]
        if previous_day:
            start, shift = f"{_BIN} + {_DAY}", f" - {_DAY}"
            range_ = f"time BETWEEN {_at('$__timeFrom')}{shift} AND {_at('$__timeTo')}{shift}"
            time = [range_, *_whole_bins(shift)]
        suffix = "_day_before" if previous_day else ""
        return _select(
            [
                f"{start} AS time",
                *(f"{self._sql.signal(s, _BIN_SECONDS)} AS {s.name}{suffix}" for s in signals),
            ],
            where=self._where(_record(signals), where, filters, time),
            group=[_BIN],
            order="time ASC",
        )

    def top_series(
        self,
        signal: Signal,
        dimension: Dimension,
        *,
        where: Sequence[str] = (),
        filters: Sequence[str] = (),
        having: Sequence[Having] = (),
        top: int | None = None,
    ) -> str:
        """One signal over time for a dimension's top labels: time, label, value; time ascending.

        The top labels are those with most of the signal if it can be summed, else of what it is
        ranked by, such as errors, and then of requests, over the whole range. There are as many as
        the reader chose, or `top`. The rest is "other" for a signal that can be summed. For a rate
        or percentile the rest is left out, because it cannot be computed from its parts.
        """
        ranks = ranking(signal, self._sql.collected)
        label = self._sql.label(dimension)
        inside = f"place <= {_chosen_top(top)}"
        bins = _select(
            [
                f"{_BIN} AS time",
                f"{label} AS {dimension.name}",
                f"{self._sql.signal(signal, _BIN_SECONDS)} AS value",
                *(
                    f"sum({self._sql.signal(rank, _BIN_SECONDS)}) OVER (PARTITION BY {label})"
                    f" AS {total}"
                    for total, rank in ranks.items()
                ),
            ],
            where=self._where(signal.record, where, filters, ["$__timeFilter", *_whole_bins()]),
            group=[_BIN, label],
            having=self._sql.having(having),
        )
        totals = ", ".join(f"{total} DESC" for total in ranks)
        places = _select(
            [
                "time",
                dimension.name,
                "value",
                f"dense_rank() OVER (ORDER BY {totals}, {dimension.name}) AS place",
            ],
            bins,
        )
        if not signal.summable:
            return _select(
                ["time", dimension.name, f"value AS {signal.name}"],
                places,
                where=[inside],
                order=f"time ASC, {dimension.name} ASC",
            )
        either = f"IF({inside}, {dimension.name}, 'other')"
        return _select(
            ["time", f"{either} AS {dimension.name}", f"sum(value) AS {signal.name}"],
            places,
            group=["time", either],
            order=f"time ASC, {dimension.name} ASC",
        )

    def instant(
        self,
        signals: Sequence[Signal] | Signal,
        dimensions: Sequence[Dimension] | Dimension = (),
        *,
        where: Sequence[str] = (),
        filters: Sequence[str] = (),
        having: Sequence[Having] = (),
        ascending: bool = False,
        limit: int | None = None,
        value: str | None = None,
    ) -> str:
        """Signals over the whole range: the dimensions' labels, then the signals; no time column.

        The rows with most of the first signal come first, least if `ascending`; at most `limit` of
        them. `having` keeps those with enough of a signal, such as requests. `value` names the
        column of a single signal, which is what alert rules want.
        """
        signals, dimensions = _tuple(signals), _tuple(dimensions)
        labels = [self._sql.label(dimension) for dimension in dimensions]
        direction = "ASC" if ascending else "DESC"
        named = [f"{self._sql.signal(s)} AS {value or s.name}" for s in signals]
        return _select(
            [*(f"{text} AS {s.name}" for text, s in zip(labels, dimensions, strict=True)), *named],
            where=self._where(_record(signals), where, filters),
            group=labels,
            having=self._sql.having(having),
            order=", ".join([f"{self._sql.signal(signals[0])} {direction}", *labels])
            if dimensions
            else None,
            limit=limit,
        )

    def table(
        self,
        signals: Sequence[Signal],
        dimensions: Sequence[Dimension] | Dimension,
        *,
        where: Sequence[str] = (),
        filters: Sequence[str] = (),
        having: Sequence[Having] = (),
        top: int | None = None,
    ) -> str:
        """Like `instant`, cut at as many rows as the reader chose, or `top`."""
        dimensions = _tuple(dimensions)
        labels = [self._sql.label(dimension) for dimension in dimensions]
        by = ", ".join([f"{self._sql.signal(signals[0])} DESC", *labels])
        names = [
            *(dimension.name for dimension in dimensions),
            *(signal.name for signal in signals),
        ]
        rows = _select(
            [
                *(f"{text} AS {s.name}" for text, s in zip(labels, dimensions, strict=True)),
                *(f"{self._sql.signal(s)} AS {s.name}" for s in signals),
                f"row_number() OVER (ORDER BY {by}) AS place",
            ],
            where=self._where(_record(signals), where, filters),
            group=labels,
            having=self._sql.having(having),
        )
        return _select(names, rows, where=[f"place <= {_chosen_top(top)}"], order="place")

    def places(
        self, signals: Sequence[Signal], dimension: Dimension, *, filters: Sequence[str] = ()
    ) -> tuple[str, str]:
        """Signals per place for a map, and the name of the column that says where it is.

        Countries are found by their code, edges by the airport in their name.
        """
        if dimension.name != "pop":
            return self.instant(signals, dimension, filters=filters), dimension.name
        known = " ".join(f"WHEN '{code}' THEN '{at}'" for code, at in NEAREST_AIRPORT.items())
        names = [dimension.name, *(signal.name for signal in signals)]
        return _select(
            [f"CASE {dimension.name} {known} ELSE {dimension.name} END AS airport", *names],
            self.instant(signals, dimension, filters=filters),
            order=f"{signals[0].name} DESC, {dimension.name}",
        ), "airport"

    def heatmap(self, field: str, bounds: Sequence[float], *, filters: Sequence[str] = ()) -> str:
        """Count requests over time by a number's bucket: time, then one column per upper bound.

        The columns are named as Grafana's heatmap wants its rows, by their upper bounds in the
        field's unit, the last being "+Inf".
        """
        value = self._sql.column(field)
        scale = f"{self._sql.scale} * " if self._sql.scale else ""
        terms, low = [], None
        for bound in (*bounds, None):
            above = "" if low is None else f"{value} > {number(low)}"
            below = "" if bound is None else f"{value} <= {number(bound)}"
            test = " AND ".join(filter(None, (above, below)))
            name = "+Inf" if bound is None else number(bound)
            terms.append(f'{scale}count_if({test}) AS "{name}"')
            low = bound
        return _select(
            [f"{_BIN} AS time", *terms],
            where=self._where("request", (), filters, ["$__timeFilter", *_whole_bins()]),
            group=[_BIN],
            order="time ASC",
        )

    def options(self, dimension: Dimension, filters: Sequence[str] = (), limit: int = 300) -> str:
        """List the values of a dimension for a drop-down, those with most requests first."""
        label = self._sql.label(dimension)
        return _select(
            [f"{label} AS {dimension.name}"],
            where=self._where("request", (), filters),
            group=[label],
            order=f"count(*) DESC, {label}",
            limit=limit,
        )

    # -- queries of alert rules --------------------------------------------------------------------

    def slices(
        self,
        columns: Mapping[str, Aggregate],
        slices: Sequence[Slice],
        dimensions: Mapping[str, Dimension],
        *,
        record: str = "request",
        slot: int | None = None,
    ) -> str:
        """Numbers of some parts of time that end with the range, a row a part, label and slot.

        Each part is read by itself: Timestream skips what lies between them.
        """
        sql = self._sql
        labels = {name: sql.label(each) for name, each in dimensions.items()}
        group = [*labels.values()]
        numbers = {name: sql.sql(sql.collected.resolve(each)) for name, each in columns.items()}
        if slot:
            bin_ = f"bin(time, {slot}m)"
            group.append(bin_)
            numbers = {"slot": f"to_milliseconds({bin_}) / {slot * 60_000}"} | numbers
        parts = [
            _select(
                [
                    *(f"{text} AS {name}" for name, text in labels.items()),
                    f"'{each.name}' AS slice",
                    *(f"{text} AS {name}" for name, text in numbers.items()),
                ],
                where=[sql.measure(record), *_within(each)],
                group=group,
            )
            for each in slices
        ]
        return "\nUNION ALL\n".join(parts)

    def worst(
        self, predicate: str, of: Dimension, dimension: Dimension | None, *, most: int, length: int
    ) -> str:
        """Name the `most` labels of a dimension with most requests for which a predicate holds.

        The names, cut at `length`, are a text column, so they become a label. The query is not the
        rule's condition: Grafana gives its row to the annotations of the instance whose labels it
        includes, and the instance keeps its identity while the names change. By another dimension
        there is one more row, without labels, because a query without any row would make the whole
        rule NoData.
        """
        ranked, count = self._sql.label(of), self._sql.signal(SIGNALS["requests"])
        label = [self._sql.label(dimension)] if dimension else []
        name = [dimension.name] if dimension else []
        named = f"substr({ranked}, 1, {length}) || ' (' || cast({count} AS varchar) || ')'"
        partition = f"PARTITION BY {label[0]} " if label else ""
        inner = _select(
            [
                *(f"{text} AS {alias}" for text, alias in zip(label, name, strict=True)),
                f"{named} AS name",
                f"{count} AS amount",
                f"row_number() OVER ({partition}ORDER BY {count} DESC, {ranked}) AS place",
            ],
            where=self._where("request", [predicate], ()),
            group=[*label, ranked],
        )
        names = " || ".join(
            f"coalesce('{', ' if place > 1 else ''}' || max(IF(place = {place}, name)), '')"
            for place in range(1, most + 1)
        )
        outer = _select(
            [*name, f"{names} AS worst", "coalesce(sum(amount), 0) AS value"],
            inner,
            where=[f"place <= {most}"],
            group=name,
        )
        if not dimension:
            return outer
        return f"{outer}\nUNION ALL\nSELECT '' AS {dimension.name}, '' AS worst, 0 AS value"

    def slowest(self, signal: Signal, of: Dimension, *, min_requests: float) -> str:
        """Name the label of a dimension with the highest value of a signal; one row."""
        inner = self.instant(
            signal, of, having=[(SIGNALS["requests"], ">=", min_requests)], value="value"
        )
        return _select(
            [
                f"coalesce(max_by({of.name}, value), '') AS worst",
                "coalesce(max(value), 0.0) AS value",
            ],
            inner,
        )


def _within(part: Slice) -> list[str]:
    """Return conditions that keep a part of time; the newest has its last moment, too."""
    until = f"time < {_at(f'$__timeTo - {part.until * 1000}')}" if part.until else ""
    return [
        f"time >= {_at(f'$__timeTo - {part.since * 1000}')}",
        until or f"time <= {_at('$__timeTo')}",
    ]


def _at(milliseconds_text: str) -> str:
    return f"from_milliseconds({milliseconds_text})"


def _whole_bins(shift: str = "") -> list[str]:
    """Return conditions that keep whole bins only. Their bounds are computed once, not by row.

    The first such bin begins at the range's start or in the interval after it.
    """
    since = _at("$__timeFrom + $__interval_raw_ms - 1") + shift
    until = _at("$__timeTo") + shift
    return [f"time >= bin({since}, $__interval)", f"time < bin({until}, $__interval)"]


def _chosen_top(top: int | None) -> str:
    """As many as the reader chose, or a fixed number."""
    return f"cast({variable('top')} AS bigint)" if top is None else str(top)


def _record(signals: Sequence[Signal]) -> str:
    records = {signal.record for signal in signals}
    if len(records) != 1:
        raise ValueError(f"signals of one query must be of one kind of record, not {records}")
    return records.pop()


def _tuple(one_or_more: _T | Sequence[_T]) -> tuple[_T, ...]:
    return tuple(one_or_more) if isinstance(one_or_more, Sequence) else (one_or_more,)
