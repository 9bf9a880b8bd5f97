"""ClickHouse's SQL for what is different: the range beside the time before it and yesterday's."""

from collections.abc import Iterator, Sequence

from dashboards.signals import Dimension, Signal
from dashboards.signals.comparisons import AGAINST, BEFORE, LONGEST, MEASURE, YESTERDAY
from dashboards.stores.clickhouse.dialect import chosen, quoted
from dashboards.stores.clickhouse.scan import Scan, Span
from dashboards.stores.common.layout import nested, select
from ruletest.durations import milliseconds

_DAY = milliseconds("1d")
_LENGTH = f"least(dateDiff('millisecond', $__fromTime_ms, $__toTime_ms), {milliseconds(LONGEST)})"


def _at(before_end: str) -> str:
    return f"subtractMilliseconds($__toTime_ms, {before_end})"


_SPANS = {
    "now": Span(_at(_LENGTH), "$__toTime_ms", "now_"),
    BEFORE: Span(_at(f"2 * {_LENGTH}"), _at(_LENGTH), "before_", inclusive=False),
    YESTERDAY: Span(_at(f"({_DAY} + {_LENGTH})"), _at(str(_DAY)), "yesterday_", inclusive=False),
}


def differences(
    scan: Scan,
    dimension: Dimension,
    measures: Sequence[Signal],
    filters: Sequence[str],
    most: int,
    *,
    by_amount: bool,
) -> str:
    """Return labels with their amounts at three times, the change and its share of all changes."""
    name = dimension.name
    parts = _parts(scan, measures, filters, dimension)
    amount = _chosen(scan, measures)
    scan.begins[f"{chosen(AGAINST)} AS chosen_{AGAINST}"] = None
    then = f"has(chosen_{AGAINST}, parts.part)"
    labels = select(
        [
            f"parts.{name} AS {name}",
            *_columns(amount),
            f"sum(if({then}, {amount}, 0)) AS amount_then",
        ],
        nested(parts, "parts"),
        group=[f"parts.{name}"],
    )
    changes = select(
        [
            f"labels.{name} AS {name}",
            *(f"labels.amount_{time} AS amount_{time}" for time in _SPANS),
            "labels.amount_now - labels.amount_then AS change",
            "sum(abs(labels.amount_now - labels.amount_then)) OVER () AS changes",
        ],
        nested(labels, "labels"),
    )
    first = "changes.amount_now" if by_amount else "abs(changes.change)"
    return select(
        [
            f"changes.{name} AS {name}",
            *(f"changes.amount_{time} AS amount_{time}" for time in _SPANS),
            "changes.change AS change",
            *(
                []
                if by_amount
                else ["100.0 * changes.change / nullIf(changes.changes, 0) AS share"]
            ),
        ],
        nested(changes, "changes"),
        where=[f"({' OR '.join(f'changes.amount_{time} > 0' for time in _SPANS)})"],
        order=f"{first} DESC, amount_now DESC, {name}",
        limit=most,
    )


def totals(scan: Scan, measures: Sequence[Signal], filters: Sequence[str]) -> str:
    """Return a row a measure: its amounts at three times, and the changes in percent."""
    parts = _parts(scan, measures, filters, None)
    titles = f"[{', '.join(quoted(each.title) for each in measures)}]"
    values = f"[{', '.join(f'toFloat64(parts.{each.name})' for each in measures)}]"
    rows = select(
        [f"{titles} AS titles", "parts.part AS part", f"{values} AS contents"],
        nested(parts, "parts"),
    )
    unfolded = select(
        ["rows.part AS part", "title", "content", "place"],
        f"{nested(rows, 'rows')}\n"
        "ARRAY JOIN rows.titles AS title, rows.contents AS content,"
        " arrayEnumerate(rows.titles) AS place",
    )
    amounts = select(
        [
            "items.place AS place",
            "items.title AS title",
            *(f"sumIf(items.content, items.part = '{time}') AS amount_{time}" for time in _SPANS),
        ],
        nested(unfolded, "items"),
        group=["items.place", "items.title"],
    )
    return select(
        [
            "amounts.title AS title",
            *(f"amounts.amount_{time} AS amount_{time}" for time in _SPANS),
            *(
                f"100.0 * (amounts.amount_now - amounts.amount_{time})"
                f" / nullIf(amounts.amount_{time}, 0) AS since_{time}"
                for time in _SPANS
                if time != "now"
            ),
        ],
        nested(amounts, "amounts"),
        order="amounts.place",
    )


def _parts(
    scan: Scan, measures: Sequence[Signal], filters: Sequence[str], dimension: Dimension | None
) -> str:
    """Return the sums of each of the times."""
    found = []
    for time, span in _SPANS.items():
        label = [scan.sql.label(dimension)] if dimension else []
        columns = [f"{text} AS {dimension.name}" for text in label if dimension]
        columns.append(f"'{time}' AS part")
        columns += [f"ifNull({scan.sql.signal(each)}, 0) AS {each.name}" for each in measures]
        conditions = scan.where(span, (), filters)
        found.append(select(columns, scan.source(span), where=conditions, group=label))
    return "\nUNION ALL\n".join(found)


def _chosen(scan: Scan, measures: Sequence[Signal]) -> str:
    """Return the amount that the reader chose, or the only one there is."""
    if len(measures) == 1:
        return f"parts.{measures[0].name}"
    scan.begins[f"{chosen(MEASURE)} AS chosen_{MEASURE}"] = None
    cases = "".join(
        f"has(chosen_{MEASURE}, '{each.name}'), toFloat64(parts.{each.name}), " for each in measures
    )
    return f"multiIf({cases}0)"


def _columns(amount: str) -> Iterator[str]:
    return (f"sum(if(parts.part = '{time}', {amount}, 0)) AS amount_{time}" for time in _SPANS)
