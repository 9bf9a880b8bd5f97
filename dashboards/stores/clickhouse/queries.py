"""ClickHouse's SQL for what panels, variables and alert rules ask, composed over its dialect.

A query asks the rollups whenever all that it asks is in them, and the requests otherwise; see
scan.py. Rows of either are called `logs`.

Grafana's macros ($__fromTime_ms, ...) stay in the text for the data source to replace, and what a
reader chooses in a variable gets in percent-encoded. Tables stand without their database, which is
the data source's.

Macros: https://grafana.com/docs/plugins/grafana-clickhouse-datasource/latest/query-editor/
"""

from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import TypeVar

from dashboards.config import Bundle
from dashboards.grafana.airports import NEAREST_AIRPORT
from dashboards.signals import Dimension, Signal
from dashboards.stores import Having, ranking
from dashboards.stores.clickhouse import budgets, comparisons, lines, slices
from dashboards.stores.clickhouse.dialect import (
    Asked,
    Dialect,
    NotRolledUp,
    Rolled,
    chosen_number,
    number,
    quoted,
)
from dashboards.stores.clickhouse.scan import RANGE, Scan, steps
from dashboards.stores.common import cause as causes
from dashboards.stores.common.layout import nested, select
from dashboards.stores.common.slices import Sliced
from processor.catalog import Field
from ruletest.durations import milliseconds

# How far back the comparison looks. Not a day, which has 23 or 25 hours where clocks are changed.
_DAY = "INTERVAL 24 HOUR"
_ENDLESS = "-1e300"  # seconds, or whatever: below the negative of every number
_STEP_SECONDS = "($__interval_ms / 1000.0)"
SHORT = milliseconds("30m")
_WRITER = causes.Writer(
    whole=lambda a, b: f"intDiv({a}, {b})",
    text=lambda value: f"toString({value})",
    cut=lambda value: f"substringUTF8({value}, 1, {causes.LENGTH})",
)
_T = TypeVar("_T")


class Queries:
    """The queries of one bundle; dashboards/stores/ says what each is asked for."""

    def __init__(self, bundle: Bundle, dialect: Dialect | None = None) -> None:
        self._sql = dialect or Dialect(bundle)
        self._table = bundle.table

    def _asked(
        self, ask: Callable[[Scan], str], record: str = "request", *, short: bool = False
    ) -> str:
        """Return a query of the rollups, or of the records where those cannot answer it.

        A `short` range is asked of the records: they lie by minute, and one scan of some minutes
        costs less than planning three.
        """
        sql = self._sql
        if record == "request":
            with suppress(NotRolledUp):
                if not short:
                    scan = Scan(Rolled(sql), self._table)
                    return scan.text(ask(scan))
            sql = Asked(sql)
        scan = Scan(sql, self._table, record)
        return scan.text(ask(scan))

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

        Only steps that lie wholly within the range are given: the half-filled one at either end
        would show a drop that never happened. With `previous_day` the rows are those of a day
        earlier, moved onto today's time axis.
        """
        span = steps(f" - {_DAY}" if previous_day else "")
        suffix = "_day_before" if previous_day else ""

        def ask(scan: Scan) -> str:
            step = f"$__timeInterval({scan.time})"
            start = f"{step} + {_DAY}" if previous_day else step
            named = [f"{scan.sql.signal(s, _STEP_SECONDS)} AS {s.name}{suffix}" for s in signals]
            conditions = scan.where(span, where, filters)
            return select(
                [f"{start} AS time", *named],
                scan.source(span, timed=True),
                where=conditions,
                group=[step],
                order="time ASC",
            )

        return self._asked(ask, _record(signals))

    def top_series(
        self,
        signal: Signal,
        dimension: Dimension,
        *,
        where: Sequence[str] = (),
        filters: Sequence[str] = (),
        having: Sequence[Having] = (),
        top: int | None = None,
        placed: bool = False,
    ) -> str:
        """One signal over time for the labels with most of it: time, label, value.

        Of what cannot be summed, those with most of what it is ranked by, then most requests. As
        many as the reader chose, or `top`; the rest is "other" where it can be summed.
        """
        span, name = steps(), dimension.name
        ranks = ranking(signal, self._sql.collected)
        inside = f"places.place <= {_chosen_top(top)}"

        def ask(scan: Scan) -> str:
            step, label = f"$__timeInterval({scan.time})", scan.sql.label(dimension)
            columns = [
                f"{step} AS time",
                f"{label} AS {name}",
                f"{scan.sql.signal(signal, _STEP_SECONDS)} AS value",
                *(
                    f"sum({scan.sql.signal(rank, _STEP_SECONDS)}) OVER (PARTITION BY {label})"
                    f" AS {total}"
                    for total, rank in ranks.items()
                ),
            ]
            conditions = scan.where(span, where, filters)
            gates = scan.sql.having(having)
            bins = select(
                columns,
                scan.source(span, timed=True),
                where=conditions,
                group=[step, scan.sql.group(dimension)],
                having=gates,
            )
            totals = ", ".join(f"bins.{total} DESC" for total in ranks)
            place = f"dense_rank() OVER (ORDER BY {totals}, bins.{name})"
            places = select(
                ["bins.time AS time", f"bins.{name} AS {name}", "bins.value AS value",
                 f"{place} AS place"],
                nested(bins, "bins"),
            )  # fmt: skip
            order = f"time ASC, {name} ASC"
            if not signal.summable:
                first = ["leftPad(toString(places.place), 3, '0') AS place"] if placed else []
                return select(
                    ["places.time AS time", *first, f"places.{name} AS {name}",
                     f"places.value AS {signal.name}"],
                    nested(places, "places"),
                    where=[inside],
                    order=order,
                )  # fmt: skip
            either = f"if({inside}, places.{name}, 'other')"
            return select(
                ["places.time AS time", f"{either} AS {name}",
                 f"sum(places.value) AS {signal.name}"],
                nested(places, "places"),
                group=["places.time", either],
                order=order,
            )  # fmt: skip

        return self._asked(ask, signal.record)

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

        def ask(scan: Scan) -> str:
            return self._instant(
                scan, signals, dimensions, where, filters, having, ascending, limit, value
            )

        return self._asked(ask, _record(signals))

    @staticmethod
    def _instant(
        scan: Scan,
        signals: Sequence[Signal],
        dimensions: Sequence[Dimension],
        where: Sequence[str] = (),
        filters: Sequence[str] = (),
        having: Sequence[Having] = (),
        ascending: bool = False,
        limit: int | None = None,
        value: str | None = None,
    ) -> str:
        sql = scan.sql
        labels = [sql.label(dimension) for dimension in dimensions]
        first = f"{sql.signal(signals[0])} {'ASC' if ascending else 'DESC'}"
        named = [f"{text} AS {s.name}" for text, s in zip(labels, dimensions, strict=True)]
        named += [f"{sql.signal(s)} AS {value or s.name}" for s in signals]
        conditions, gates = scan.where(RANGE, where, filters), sql.having(having)
        return select(
            named,
            scan.source(RANGE),
            where=conditions,
            group=map(sql.group, dimensions),
            having=gates,
            order=", ".join([first, *labels]) if dimensions else None,
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
        limit = _chosen_top(top)

        def ask(scan: Scan) -> str:
            rows = self._instant(scan, signals, dimensions, where, filters, having)
            return f"{rows}\nLIMIT {limit}"

        return self._asked(ask, _record(signals))

    def places(
        self, signals: Sequence[Signal], dimension: Dimension, *, filters: Sequence[str] = ()
    ) -> tuple[str, str]:
        """Signals per place for a map, and the name of the column that says where it is.

        Countries are found by their code, edges by the airport in their name.
        """
        if dimension.name != "pop":
            return self.instant(signals, dimension, filters=filters), dimension.name
        codes, airports = (
            f"[{', '.join(map(quoted, each))}]"
            for each in (NEAREST_AIRPORT, NEAREST_AIRPORT.values())
        )

        def ask(scan: Scan) -> str:
            rows = self._instant(scan, signals, [dimension], filters=filters)
            place = f"places.{dimension.name}"
            names = [dimension.name, *(signal.name for signal in signals)]
            return select(
                [
                    f"transform({place}, {codes}, {airports}, {place}) AS airport",
                    *(f"places.{name} AS {name}" for name in names),
                ],
                nested(rows, "places"),
                order=f"{signals[0].name} DESC, {dimension.name}",
            )

        return self._asked(ask, _record(signals)), "airport"

    def heatmap(self, field: str, bounds: Sequence[float], *, filters: Sequence[str] = ()) -> str:
        """Count requests over time by a number's bucket: time, then one column per upper bound.

        The columns are named as Grafana's heatmap wants its rows, by their upper bounds in the
        field's unit, the last being "+Inf".
        """
        scan, span = Scan(Asked(self._sql), self._table), steps()
        scale = f"{self._sql.scale} * " if self._sql.scale else ""
        step = f"$__timeInterval({scan.time})"
        # Its upper bound, of which the negative is the greatest that is not above the value's.
        falling = ", ".join(f"-{number(bound)}" for bound in reversed(bounds))
        bound_of = f"-roundDown(-{scan.sql.column(field)}, [{_ENDLESS}, {falling}])"
        conditions = scan.where(span, (), filters)
        counted = select(
            [f"{step} AS time", f"{bound_of} AS bound", "count() AS amount"],
            scan.source(span, timed=True),
            where=conditions,
            group=[step, bound_of],
        )
        amounts = [
            *(f'{scale}sumIf(buckets.amount, buckets.bound = {number(b)}) AS "{number(b)}"'
              for b in bounds),
            f'{scale}sumIf(buckets.amount, buckets.bound = -({_ENDLESS})) AS "+Inf"',
        ]  # fmt: skip
        body = select(
            ["buckets.time AS time", *amounts],
            nested(counted, "buckets"),
            group=["buckets.time"],
            order="time ASC",
        )
        return scan.text(body)

    def options(self, dimension: Dimension, filters: Sequence[str] = (), limit: int = 300) -> str:
        """List the values of a dimension for a drop-down, those with most requests first."""

        def ask(scan: Scan) -> str:
            label, requests = scan.sql.label(dimension), scan.sql.count()
            conditions = scan.where(RANGE, (), filters)
            return select(
                [f"{label} AS {dimension.name}"],
                scan.source(RANGE),
                where=conditions,
                group=[label],
                order=f"{requests} DESC, {label}",
                limit=limit,
            )

        return self._asked(ask)

    # -- log lines themselves ----------------------------------------------------------------------

    def lines(
        self, fields: Sequence[Field], *, filters: Sequence[str] = (), most: int = 200
    ) -> str:
        """List the newest requests, a column a field; see lines.py."""
        return lines.newest(self._sql, self._table, fields, filters, most)

    def line(self, fields: Sequence[Field]) -> str:
        """Give one request, a row a field; see lines.py."""
        return lines.one(self._sql, self._table, fields)

    # -- error budgets -----------------------------------------------------------------------------

    def spent(self, bad: str, dimension: Dimension, *, objective: float, most: int = 10) -> str:
        """Name who spent most of an error budget; see budgets.py."""
        return self._asked(
            lambda scan: budgets.spent(scan, bad, dimension, objective=objective, most=most)
        )

    def breach(self, bad: str, *, rate: float, minutes: int, least: float) -> str:
        """Count the minutes in which a budget was spent fast; see budgets.py."""
        return self._asked(
            lambda scan: budgets.breach(scan, bad, rate=rate, minutes=minutes, least=least)
        )

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
        return self._asked(
            lambda scan: comparisons.differences(
                scan, dimension, measures, filters, most, by_amount=by_amount
            )
        )

    def totals(self, measures: Sequence[Signal], *, filters: Sequence[str] = ()) -> str:
        """Compare measures at three times; see comparisons.py."""
        return self._asked(lambda scan: comparisons.totals(scan, measures, filters))

    # -- queries of alert rules --------------------------------------------------------------------

    def slices(
        self, asked: Sequence[Sliced], *, record: str = "request", slot: int | None = None
    ) -> str:
        """Numbers of slices of time, a row a part, label and slice; see slices.py.

        What is no longer than SHORT in all is asked of the records.
        """
        read = {(each.since, each.until) for one in asked for each in one.slices}
        short = 1000 * sum(since - until for since, until in read) <= SHORT
        return self._asked(lambda scan: slices.query(scan, asked, slot), record, short=short)

    def cause(
        self, sought: Sequence[causes.Sought], boxes: Sequence[Dimension] | None = None
    ) -> str:
        """Say what bad requests have in common; see dashboards/stores/common/cause.py.

        The sentence is a text column, so a label, of a query that is not the rule's condition:
        Grafana hands its row to the annotations of the instance whose labels it includes, and the
        instance keeps its identity while the words change.
        """
        asked = causes.Cause(self._sql, sought)
        scan = Scan(self._sql, self._table)
        conditions = [*scan.where(RANGE, (), ()), *scan.boxes(boxes or ())]
        source = scan.source(RANGE)
        try:
            # Only what fails is read from the requests, which have its URIs.
            cells = self._all_requests(asked, scan, boxes)
            where = [*conditions, f"({asked.failing})"]
            failing = select(asked.failures, source, where=where, group=asked.group)
            cells = f"{cells}\nUNION ALL\n{failing}"
        except NotRolledUp:
            cells = select(asked.columns, source, where=conditions, group=asked.group)
        return scan.text(asked.sentences(cells, _WRITER, page=boxes is not None))

    def _all_requests(
        self, asked: causes.Cause, scan: Scan, boxes: Sequence[Dimension] | None
    ) -> str:
        """Return the cells of all requests, of the rollups. Raises NotRolledUp."""
        sql = Rolled(self._sql)
        rolled = Scan(sql, self._table, begins=scan.begins)
        columns, group = asked.requests(sql, sql.requests())
        conditions = [*rolled.where(RANGE, (), ()), *rolled.boxes(boxes or ())]
        source = rolled.source(RANGE, hours=boxes is not None)  # a rule's range is short
        return select(columns, source, where=conditions, group=group)


def _chosen_top(top: int | None) -> str:
    """As many as the reader chose, or a fixed number."""
    return chosen_number("top", "toUInt64OrZero") if top is None else str(top)


def _record(signals: Sequence[Signal]) -> str:
    records = {signal.record for signal in signals}
    if len(records) != 1:
        raise ValueError(f"signals of one query must be of one kind of record, not {records}")
    return records.pop()


def _tuple(one_or_more: _T | Sequence[_T]) -> tuple[_T, ...]:
    return tuple(one_or_more) if isinstance(one_or_more, Sequence) else (one_or_more,)
