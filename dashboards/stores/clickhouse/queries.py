"""ClickHouse's SQL for what panels, variables and alert rules ask, composed over its dialect.

A query asks the rollups whenever all that it asks is in them, and the requests otherwise; see
scan.py. Rows of either are called `logs`.

Grafana's macros ($__fromTime_ms, ...) stay in the text for the data source to replace, and what a
reader chooses in a variable gets in percent-encoded. Tables stand without their database, which is
the data source's.

Macros: https://grafana.com/docs/plugins/grafana-clickhouse-datasource/latest/query-editor/
"""

from collections.abc import Callable, Sequence
from typing import TypeVar

from dashboards.config import Bundle
from dashboards.grafana.airports import NEAREST_AIRPORT
from dashboards.signals import SIGNALS, Dimension, Signal
from dashboards.stores import Having
from dashboards.stores.clickhouse.dialect import (
    Asked,
    Dialect,
    NotRolledUp,
    Rolled,
    chosen_number,
    column,
    number,
    quoted,
)
from dashboards.stores.clickhouse.scan import RANGE, Scan, Span, nested, select, steps
from processor.stores.clickhouse.columns import TIME
from ruletest.durations import milliseconds

# How far back the comparison looks. Not a day, which has 23 or 25 hours where clocks are changed.
_DAY = "INTERVAL 24 HOUR"
_ENDLESS = "-1e300"  # seconds, or whatever: below the negative of every number
_STEP_SECONDS = "($__interval_ms / 1000.0)"
SHORT = milliseconds("30m")
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
        if record == "request" and not short:
            try:
                scan = Scan(Rolled(sql), self._table)
                return scan.text(ask(scan))
            except NotRolledUp:
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
        top: int | None = None,
    ) -> str:
        """One signal over time for the labels with most of it: time, label, value.

        Of what cannot be summed, those with most requests. As many as the reader chose, or `top`;
        the rest is "other" where it can be summed.
        """
        span, name = steps(), dimension.name
        rank = signal if signal.summable else SIGNALS["requests"]
        inside = f"places.place <= {_chosen_top(top)}"

        def ask(scan: Scan) -> str:
            step, label = f"$__timeInterval({scan.time})", scan.sql.label(dimension)
            total = scan.sql.signal(rank, _STEP_SECONDS)
            columns = [
                f"{step} AS time",
                f"{label} AS {name}",
                f"{scan.sql.signal(signal, _STEP_SECONDS)} AS value",
                f"sum({total}) OVER (PARTITION BY {label}) AS total",
            ]
            conditions = scan.where(span, where, filters)
            bins = select(
                columns,
                scan.source(span, timed=True),
                where=conditions,
                group=[step, scan.sql.group(dimension)],
            )
            place = f"dense_rank() OVER (ORDER BY bins.total DESC, bins.{name})"
            places = select(
                ["bins.time AS time", f"bins.{name} AS {name}", "bins.value AS value",
                 f"{place} AS place"],
                nested(bins, "bins"),
            )  # fmt: skip
            order = f"time ASC, {name} ASC"
            if not signal.summable:
                return select(
                    ["places.time AS time", f"places.{name} AS {name}",
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

    # -- queries of alert rules --------------------------------------------------------------------

    def lately(
        self,
        signal: Signal,
        dimension: Dimension,
        *,
        recent: str,
        having: Sequence[Having] = (),
        ascending: bool = False,
        limit: int | None = None,
    ) -> str:
        """Ask a signal of the newest part of the range, by label, of those that are or were worst.

        The newest part and the rest are judged apart, each by its own `having`; a label takes the
        place of the worse one.
        """
        border = f"$__toTime_ms - INTERVAL {milliseconds(recent)} millisecond"
        past = Span(until=border, name="past_", inclusive=False)
        newest = Span(since=border, name="newest_")
        name = dimension.name

        def part(scan: Scan, span: Span, is_recent: str) -> str:
            label, gates = scan.sql.label(dimension), scan.sql.having(having)
            columns = [
                f"{label} AS {name}",
                f"{is_recent} AS recent",
                f"{scan.sql.signal(signal)} AS number",
            ]
            conditions = scan.where(span, (), ())
            return select(columns, scan.source(span), where=conditions, group=[label], having=gates)

        def ask(scan: Scan) -> str:
            both = f"{part(scan, past, 'false')}\nUNION ALL\n{part(scan, newest, 'true')}"
            worst, direction = ("min", "ASC") if ascending else ("max", "DESC")
            return select(
                [f"parts.{name} AS {name}", "maxIf(parts.number, parts.recent) AS value"],
                nested(both, "parts"),
                group=[f"parts.{name}"],
                having=["max(parts.recent)"],
                order=f"{worst}(parts.number) {direction}, {name}",
                limit=limit,
            )

        return self._asked(ask, signal.record, short=milliseconds(recent) <= SHORT)

    def change(
        self,
        signal: Signal,
        dimension: Dimension | None = None,
        *,
        recent: str,
        beside: Signal | None = None,
        min_requests: float = 1,
        ascending: bool = True,
        limit: int | None = None,
    ) -> str:
        """Compare the newest part of the range with the rest: a summable signal, in percent of it.

        Both are taken per second, so 100 is no change and 0 is nothing at all. `recent` is the
        length of the newest part, such as 10m; rows with fewer requests than `min_requests` in the
        rest of the range are left out. Least first, or greatest if not `ascending`. Where records
        begin within the range, the rest begins there; shorter than `recent`, nothing is compared.
        With `beside`, the milder one of two signals: both have to have changed.
        """
        for each in filter(None, (signal, beside)):
            if not each.scaled:
                raise ValueError(f"{each.name} cannot be summed, so it has no change")
        amounts = {"amount": signal} | ({"beside": beside} if beside else {})
        length = milliseconds(recent)
        border = f"$__toTime_ms - INTERVAL {length} millisecond"
        past = Span(until=border, name="past_", inclusive=False)
        newest = Span(since=border, name="newest_")
        name = [dimension.name] if dimension else []

        def part(scan: Scan, span: Span, is_recent: str) -> str:
            sql = scan.sql
            label = [sql.label(dimension)] if dimension else []
            requests = sql.signal(SIGNALS["requests"])
            columns = [
                *(f"{text} AS {alias}" for text, alias in zip(label, name, strict=True)),
                f"{is_recent} AS recent",
                *(f"{sql.signal(each, '1')} AS {alias}" for alias, each in amounts.items()),
                f"{requests} AS requests",
                f"toStartOfMinute(min({scan.time})) AS since_minute",
            ]
            conditions = scan.where(span, (), ())
            return select(
                columns,
                scan.source(span, timed=True, hours=False),
                where=conditions,
                group=label,
                having=[f"{requests} > 0"],
            )

        def ask(scan: Scan) -> str:
            both = f"{part(scan, past, 'false')}\nUNION ALL\n{part(scan, newest, 'true')}"
            since = "min(parts.since_minute) OVER ()"
            compared = select(
                [
                    *(f"parts.{each} AS {each}" for each in name),
                    *(f"parts.{each} AS {each}" for each in ("recent", *amounts, "requests")),
                    f"age('second', {since}, newest_since) AS seconds",
                ],
                nested(both, "parts"),
            )
            ratios = [
                f"100.0 * ifNull(max(if(compared.recent, compared.{alias}, NULL)), 0)"
                f" / {number(length / 1000)}"
                f" / nullIf(max(if(compared.recent, NULL, compared.{alias}))"
                " / max(compared.seconds), 0)"
                for alias in amounts
            ]
            milder = "greatest" if ascending else "least"
            ratio = ratios[0]
            if beside:  # both pass over what is missing
                missing = " OR ".join(f"isNull({each})" for each in ratios)
                ratio = f"if({missing}, NULL, {milder}({', '.join(ratios)}))"
            return select(
                [*(f"compared.{each} AS {each}" for each in name), f"{ratio} AS value"],
                nested(compared, "compared"),
                group=[f"compared.{each}" for each in name],
                having=[
                    f"sum(if(compared.recent, 0, compared.requests)) >= {number(min_requests)}",
                    f"max(compared.seconds) >= {number(length / 1000)}",
                ],
                order=", ".join([f"value {'ASC' if ascending else 'DESC'}", *name])
                if name
                else None,
                limit=limit,
            )

        return self._asked(ask)

    def burn(self, bad: str, *, objective: float, short: str, min_requests: float = 1) -> str:
        """How many times faster than allowed the error budget is spent: the lesser of two windows.

        `bad` names the predicate that spends budget, `objective` is in percent, such as 99.9. The
        long window is the range, the short one its newest part. There is no answer while no request
        is as old as half the range: a day's burn is not judged on an hour.
        https://sre.google/workbook/alerting-on-slos/
        """
        border = f"$__toTime_ms - INTERVAL {milliseconds(short)} millisecond"
        newest = Span(since=border, name="newest_")
        half = "intDiv(dateDiff('millisecond', $__fromTime_ms, $__toTime_ms), 2)"
        older = Span(until=f"addMilliseconds($__fromTime_ms, {half})", name="older_")

        def window(scan: Scan, span: Span) -> str:
            test = scan.sql.collected.resolve(bad)
            columns = [f"{scan.sql.count(test)} AS bad", f"{scan.sql.count()} AS requests"]
            conditions = scan.where(span, (), ())
            return select(columns, scan.source(span), where=conditions)

        def ask(scan: Scan) -> str:
            least = "least(whole.bad / whole.requests, newest.bad / newest.requests)"
            # least passes over what is missing.
            rate = f"if(newest.requests = 0, NULL, {least})"
            scale = f"{scan.sql.scale} * " if scan.sql.scale else ""
            return select(
                [f"{rate} / {number((100 - objective) / 100)} AS value"],
                f"{nested(window(scan, RANGE), 'whole')}\n"
                f"CROSS JOIN {nested(window(scan, newest), 'newest')}\n"
                f"CROSS JOIN {nested(window(scan, older), 'older')}",
                where=[
                    f"{scale}whole.requests >= {number(min_requests)}",
                    "older.requests > 0",
                ],
            )

        return self._asked(ask)

    def silence(
        self,
        dimension: Dimension,
        *,
        span_minutes: int,
        least_spans: int,
        presence: float,
        min_requests: float,
        limit: int | None,
    ) -> str:
        """Minutes since the last request of what always had some before it, longest first.

        "Always" is `presence` percent of the spans of that many minutes, and `least_spans` of them
        at least. It is judged on the spans up to its own last request, so that it does not become
        less true while the silence lasts.
        """
        name = dimension.name

        def ask(scan: Scan) -> str:
            sql = scan.sql
            label = sql.label(dimension)
            latest = sql.latest() if isinstance(sql, Asked) else column(TIME)
            slot = f"toStartOfInterval({scan.time}, INTERVAL {span_minutes} minute)"
            columns = [
                f"{label} AS {name}",
                f"{slot} AS span",
                f"max({latest}) AS latest",
                f"{sql.signal(SIGNALS['requests'])} AS requests",
            ]
            conditions = scan.where(RANGE, (), ())
            source = scan.source(RANGE, timed=True, hours=False)
            spans = select(columns, source, where=conditions, group=[label, slot])
            minutes = "age('minute', min(spans.span), max(spans.latest))"
            until_last = f"intDiv({minutes}, {span_minutes}) + 1"
            return select(
                [
                    f"spans.{name} AS {name}",
                    "age('second', max(spans.latest), until) / 60.0 AS value",
                ],
                nested(spans, "spans"),
                group=[f"spans.{name}"],
                having=[
                    f"count() >= {least_spans}",
                    f"100 * count() >= {number(presence)} * ({until_last})",
                    f"sum(spans.requests) >= {number(min_requests)}",
                ],
                order=f"value DESC, {name}",
                limit=limit,
            )

        return self._asked(ask)

    def worst(
        self, predicate: str, of: Dimension, dimension: Dimension | None, *, most: int, length: int
    ) -> str:
        """Name the `most` labels of a dimension with most requests for which a predicate holds.

        The names, cut at `length`, are a text column, so a label, of a query that is not the rule's
        condition: Grafana hands its row to the annotations of the instance whose labels it
        includes, and the instance keeps its identity while the names change. By another dimension
        there is a row more, without labels: a query that answers nothing at all would make the
        whole rule NoData.
        """
        name = [dimension.name] if dimension else []

        def ask(scan: Scan) -> str:
            sql = scan.sql
            ranked, count = sql.label(of), sql.signal(SIGNALS["requests"])
            label = [sql.label(dimension)] if dimension else []
            named = f"concat(substringUTF8({ranked}, 1, {length}), ' (', toString({count}), ')')"
            partition = f"PARTITION BY {label[0]} " if label else ""
            columns = [
                *(f"{text} AS {alias}" for text, alias in zip(label, name, strict=True)),
                f"{named} AS name",
                f"{count} AS amount",
                f"row_number() OVER ({partition}ORDER BY {count} DESC, {ranked}) AS place",
            ]
            conditions = scan.where(RANGE, [predicate], ())
            inner = select(columns, scan.source(RANGE), where=conditions, group=[*label, ranked])
            names = ", ".join(
                f"ifNull(concat('{', ' if place > 1 else ''}',"
                f" max(if(ranks.place = {place}, ranks.name, NULL))), '')"
                for place in range(1, most + 1)
            )
            outer = select(
                [
                    *(f"ranks.{each} AS {each}" for each in name),
                    f"concat({names}) AS worst",
                    "sum(ranks.amount) AS value",
                ],
                nested(inner, "ranks"),
                where=[f"ranks.place <= {most}"],
                group=[f"ranks.{each}" for each in name],
            )
            if not dimension:
                return outer
            return f"{outer}\nUNION ALL\nSELECT '' AS {dimension.name}, '' AS worst, 0 AS value"

        return self._asked(ask)

    def slowest(self, signal: Signal, of: Dimension, *, min_requests: float) -> str:
        """Name the label of a dimension with the highest value of a signal; one row."""
        gate = (SIGNALS["requests"], ">=", min_requests)

        def ask(scan: Scan) -> str:
            inner = self._instant(scan, [signal], [of], having=[gate], value="value")
            return select(
                [
                    f"ifNull(argMax(places.{of.name}, places.value), '') AS worst",
                    "ifNull(max(places.value), 0.0) AS value",
                ],
                nested(inner, "places"),
            )

        return self._asked(ask, signal.record)


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
