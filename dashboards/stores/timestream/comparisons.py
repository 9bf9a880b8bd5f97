"""Timestream's SQL for what is different: the range beside the time before it and yesterday's."""

from collections.abc import Iterator, Sequence
from textwrap import indent

from dashboards.signals import Dimension, Signal
from dashboards.signals.comparisons import AGAINST, BEFORE, LONGEST, MEASURE, YESTERDAY
from dashboards.stores.timestream.dialect import Dialect, quoted, variable
from dashboards.stores.timestream.select import select
from ruletest.durations import milliseconds

_DAY = milliseconds("1d")
_LENGTH = f"least($__timeTo - $__timeFrom, {milliseconds(LONGEST)})"


def _at(before_end: str) -> str:
    return f"from_milliseconds($__timeTo - {before_end})"


_BOUNDS = {
    "now": (_at(_LENGTH), f"<= {_at('0')}"),
    BEFORE: (_at(f"2 * {_LENGTH}"), f"< {_at(_LENGTH)}"),
    YESTERDAY: (_at(f"({_DAY} + {_LENGTH})"), f"< {_at(str(_DAY))}"),
}


def differences(
    sql: Dialect,
    dimension: Dimension,
    measures: Sequence[Signal],
    filters: Sequence[str],
    most: int,
    *,
    by_amount: bool,
) -> str:
    """Return labels with their amounts at three times, the change and its share of all changes."""
    label, name = sql.label(dimension), dimension.name
    parts = _parts(sql, measures, filters, [(label, name)])
    amount = _chosen(measures)
    labels = select(
        [name, *_columns(amount), f"{_then(amount)} AS amount_then"], parts, group=[name]
    )
    changes = select(
        [
            name,
            *(f"amount_{time}" for time in _BOUNDS),
            "amount_now - amount_then AS change",
            "sum(abs(amount_now - amount_then)) OVER () AS changes",
        ],
        labels,
    )
    first = "amount_now" if by_amount else "abs(change)"
    return select(
        [
            name,
            *(f"amount_{time}" for time in _BOUNDS),
            "change",
            *([] if by_amount else ["100.0 * change / nullif(changes, 0) AS share"]),
        ],
        changes,
        where=[f"amount_now > 0 OR {' OR '.join(f'amount_{time} > 0' for time in _times())}"],
        order=f"{first} DESC, amount_now DESC, {name}",
        limit=most,
    )


def totals(sql: Dialect, measures: Sequence[Signal], filters: Sequence[str]) -> str:
    """Return a row a measure: its amounts at three times, and the changes in percent."""
    parts = _parts(sql, measures, filters, [])
    rows = ", ".join(f"({n}, {quoted(each.title)})" for n, each in enumerate(measures))
    by_measure = "CASE place " + " ".join(
        f"WHEN {n} THEN {each.name}" for n, each in enumerate(measures)
    )
    amounts = select(
        ["place", "title", *_columns(f"{by_measure} END")],
        f"(\n{indent(parts, '  ')}\n) AS parts\nCROSS JOIN (VALUES {rows}) AS names (place, title)",
        group=["place", "title"],
    )
    return select(
        [
            "title",
            *(f"amount_{time}" for time in _BOUNDS),
            *(
                f"100.0 * (amount_now - amount_{time}) / nullif(amount_{time}, 0) AS since_{time}"
                for time in _times()
            ),
        ],
        amounts,
        order="place",
    )


def _times() -> Iterator[str]:
    return (time for time in _BOUNDS if time != "now")


def _parts(
    sql: Dialect,
    measures: Sequence[Signal],
    filters: Sequence[str],
    labels: Sequence[tuple[str, str]],
) -> str:
    """Return the sums of each of the times; rows of none of them are not read."""
    since, until = _BOUNDS[YESTERDAY][0], _at("0")
    within = {time: f"time >= {first} AND time {last}" for time, (first, last) in _BOUNDS.items()}
    part = "CASE " + " ".join(f"WHEN {test} THEN '{time}'" for time, test in within.items())
    return select(
        [
            *(f"{text} AS {name}" for text, name in labels),
            f"{part} END AS part",
            *(f"coalesce({sql.signal(each)}, 0) AS {each.name}" for each in measures),
        ],
        where=[
            sql.measure("request"),
            f"time BETWEEN {since} AND {until}",
            f"({' OR '.join(f'({test})' for test in within.values())})",
            *sql.filters(filters),
        ],
        group=[*(text for text, _ in labels), f"{part} END"],
    )


def _chosen(measures: Sequence[Signal]) -> str:
    """Return the amount that the reader chose, or the only one there is."""
    if len(measures) == 1:
        return measures[0].name
    cases = " ".join(
        f"WHEN '{each.name}' IN ({variable(MEASURE)}) THEN {each.name}" for each in measures
    )
    return f"CASE {cases} END"


def _columns(amount: str) -> Iterator[str]:
    return (f"coalesce(sum(IF(part = '{time}', {amount})), 0) AS amount_{time}" for time in _BOUNDS)


def _then(amount: str) -> str:
    chosen = variable(AGAINST)
    either = f"part = '{BEFORE}' AND '{BEFORE}' IN ({chosen})"
    other = f"part = '{YESTERDAY}' AND '{YESTERDAY}' IN ({chosen})"
    return f"coalesce(sum(IF({either} OR {other}, {amount})), 0)"
