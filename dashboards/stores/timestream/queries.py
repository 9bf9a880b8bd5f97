"""Timestream's SQL for panels, variables and alert rules, made with its dialect.

A query reads the table once, and names the measure, the time range and only the columns it needs,
because Timestream bills what is scanned. Grafana's macros ($__timeFilter, ...) stay in the text for
the data source to replace. A reader's choice in a variable gets in as ``${name:sqlstring}`` only,
which quotes it.

Language: https://docs.aws.amazon.com/timestream/latest/developerguide/reference.html
Macros: https://grafana.com/docs/plugins/grafana-timestream-datasource/latest/query-editor/
"""

from collections.abc import Sequence
from typing import TypeVar

from dashboards.config import Bundle
from dashboards.grafana.airports import NEAREST_AIRPORT
from dashboards.signals import Dimension, Signal
from dashboards.stores import Having, ranking
from dashboards.stores.common import cause
from dashboards.stores.common.slices import Slice, Sliced
from dashboards.stores.timestream import budgets, comparisons, lines
from dashboards.stores.timestream.dialect import Dialect, number, variable
from dashboards.stores.timestream.select import select as _select
from processor.catalog import Field

# How far back the comparison looks.
_DAY = "1d"

_BIN_SECONDS = "($__interval_raw_ms / 1000.0)"
_BIN = "bin(time, $__interval)"
_WRITER = cause.Writer(
    whole=lambda a, b: f"(({a}) / ({b}))",  # of two whole numbers, which gives a whole one
    text=lambda value: f"cast({value} AS varchar)",
    cut=lambda value: f"substr({value}, 1, {cause.LENGTH})",
)
_T = TypeVar("_T")


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
        return [sql.measure(record), *time, *map(sql.predicate, where), *sql.filters(filters)]

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

    # -- log lines themselves ----------------------------------------------------------------------

    def lines(
        self, fields: Sequence[Field], *, filters: Sequence[str] = (), most: int = 200
    ) -> str:
        """List the newest requests, a column a field; see lines.py."""
        return lines.newest(self._sql, fields, filters, most)

    def line(self, fields: Sequence[Field]) -> str:
        """Give one request, a row a field; see lines.py."""
        return lines.one(self._sql, fields)

    # -- error budgets -----------------------------------------------------------------------------

    def spent(self, bad: str, dimension: Dimension, *, objective: float, most: int = 10) -> str:
        """Name who spent most of an error budget; see budgets.py."""
        return budgets.spent(self._sql, bad, dimension, objective=objective, most=most)

    def breach(self, bad: str, *, rate: float, minutes: int, least: float) -> str:
        """Count the minutes in which a budget was spent fast; see budgets.py."""
        return budgets.breach(self._sql, bad, rate=rate, minutes=minutes, least=least)

    # -- what is different -------------------------------------------------------------------------

    def differences(
        self,
        dimension: Dimension,
        measures: Sequence[Signal],
        *,
        filters: Sequence[str] = (),
        most: int = 10,
        by_amount: bool = False,
    ) -> str:
        """Compare labels at three times; see comparisons.py."""
        return comparisons.differences(
            self._sql, dimension, measures, filters, most, by_amount=by_amount
        )

    def totals(self, measures: Sequence[Signal], *, filters: Sequence[str] = ()) -> str:
        """Compare measures at three times; see comparisons.py."""
        return comparisons.totals(self._sql, measures, filters)

    # -- queries of alert rules --------------------------------------------------------------------

    def slices(
        self, asked: Sequence[Sliced], *, record: str = "request", slot: int | None = None
    ) -> str:
        """Numbers of slices of time that end with the range, a row a part, label and slice.

        Each slice is read by itself: Timestream skips what lies between them.
        """
        sql = self._sql
        bin_ = f"bin(time, {slot}m)"
        parts = []
        for one in asked:
            labels = [sql.label(each) for each in (one.dimension, one.home) if each]
            name, *home = labels or ["''"]
            numbers = [
                f"{sql.sql(sql.collected.resolve(each))} AS {column}"
                for column, each in one.columns.items()
            ]
            parts += [
                _select(
                    [
                        f"'{one.part}' AS part",
                        f"{name} AS name",
                        *(f"{each} AS home" for each in home),
                        f"'{each.name}' AS slice",
                        *([f"to_milliseconds({bin_}) / {slot * 60_000} AS slot"] if slot else []),
                        *numbers,
                    ],
                    where=[sql.measure(record), *_within(each)],
                    group=[*labels, *([bin_] if slot else [])],
                )
                for each in one.slices
            ]
        return "\nUNION ALL\n".join(parts)

    def cause(
        self, sought: Sequence[cause.Sought], boxes: Sequence[Dimension] | None = None
    ) -> str:
        """Say what bad requests have in common; see dashboards/stores/common/cause.py.

        The sentence is a text column, so it becomes a label. The query is not the rule's condition:
        Grafana gives its row to the annotations of the instance whose labels it includes, and the
        instance keeps its identity while the words change.
        """
        asked = cause.Cause(self._sql, sought)
        conditions = [*self._where("request", (), ()), *map(self._sql.box, boxes or ())]
        cells = _select(asked.columns, where=conditions, group=asked.group)
        return asked.sentences(cells, _WRITER, page=boxes is not None)


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
