"""What a ClickHouse query reads: which tables, which part of time, under which conditions.

Rollups know whole hours and minutes; a range that begins or ends within one takes that rest from
the requests, so that the numbers are those of the range. Rows of all three are called `logs`.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from textwrap import indent

from dashboards.signals import Dimension
from dashboards.stores.clickhouse.dialect import (
    Dialect,
    Rolled,
    column,
    table,
)
from processor.stores.clickhouse import rollup
from processor.stores.clickhouse.columns import ABSENT, TIME

_STEP = "INTERVAL $__interval_ms millisecond"
# Of the processor's own records: a row an invocation, and a row a field that lost values.
_REPORTS = {"pipeline": f"logs.field = '{ABSENT}'", "left_out": f"logs.field <> '{ABSENT}'"}


def select(
    columns: Iterable[str],
    source: str,
    where: Iterable[str] = (),
    group: Iterable[str] = (),
    having: Iterable[str] = (),
    order: str | None = None,
    limit: int | None = None,
) -> str:
    """Lay out one SELECT so that a person can read it."""
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


def nested(text: str, name: str) -> str:
    """Return a query as what another one selects from."""
    return f"(\n{indent(text, '  ')}\n) AS {name}"


@dataclass(frozen=True)
class Span:
    """A part of time: its bounds as SQL, and what a query calls them."""

    since: str = "$__fromTime_ms"
    until: str = "$__toTime_ms"
    name: str = ""  # put before the names of bounds, where a query has several spans
    inclusive: bool = True  # whether `until` belongs to it
    steps: bool = False  # whether it is made of whole steps

    def bounds(self) -> list[str]:
        """Return the bounds' names with their values, for WITH."""
        return [f"{self.since} AS {self.name}since", f"{self.until} AS {self.name}until"]

    def holds(self, time: str) -> str:
        """Return the condition that a time is in it."""
        upper = "<=" if self.inclusive else "<"
        return f"{time} >= {self.name}since AND {time} {upper} {self.name}until"


RANGE = Span()


def steps(shift: str = "") -> Span:
    """Return the steps that lie wholly within the range.

    The first one begins at the range's start or in the interval after it.
    """
    since = f"$__fromTime_ms + INTERVAL ($__interval_ms - 1) millisecond{shift}"
    return Span(
        f"toStartOfInterval({since}, {_STEP})",
        f"toStartOfInterval($__toTime_ms{shift}, {_STEP})",
        inclusive=False,
        steps=True,
    )


@dataclass
class Scan:
    """What one query reads: from which table, which part of time, and under which conditions."""

    sql: Dialect
    table: str
    record: str = "request"
    begins: dict[str, None] = field(default_factory=dict)  # the items of WITH

    @property
    def rolled(self) -> bool:
        """Whether it reads the rollups."""
        return isinstance(self.sql, Rolled)

    @property
    def time(self) -> str:
        """The time of a row of `source`."""
        return column("at" if self.rolled else TIME)

    def where(self, span: Span, where: Sequence[str], filters: Sequence[str]) -> list[str]:
        """Return the conditions on a row; those on the time, where the source has none."""
        begins, chosen = self.sql.filters(filters)
        self.begins |= dict.fromkeys(span.bounds()) | dict.fromkeys(begins)
        found = [] if self.rolled else [span.holds(self.time)]
        if self.record in _REPORTS:
            found.append(_REPORTS[self.record])
        return [*found, *map(self.sql.predicate, where), *chosen]

    def boxes(self, dimensions: Sequence[Dimension]) -> list[str]:
        """Return the conditions that text boxes set."""
        self.begins |= dict.fromkeys(map(self.sql.choice, dimensions))
        return [*map(self.sql.box, dimensions)]

    def source(self, span: Span, *, timed: bool = False, hours: bool = True) -> str:
        """Return what to select from, when all that is asked of it is known.

        Rows are `timed` where their time is asked for, and without `hours` it is a minute's.
        """
        if not isinstance(self.sql, Rolled):
            suffix = "" if self.record == "request" else "_pipeline"
            return f"{table(self.table + suffix)} AS logs"
        parts = _by_step(span) if span.steps else self._by_place(span, hours)
        columns = tuple(self.sql.summed)
        selects = [
            select(
                [", ".join([*([f"{level.unit} AS at"] if timed else []), *columns])],
                table(f"{self.table}_{level.unit}s"),
                where=[condition],
            )
            for level, condition in parts
            if level
        ]
        at = f"$__timeInterval_ms(logs.{TIME})" if span.steps else f"toStartOfMinute(logs.{TIME})"
        keys = [column(name) for name in columns if name not in rollup.SUMMED]
        made = [rollup.SUMMED[n].of if n in rollup.SUMMED else column(n) for n in columns]
        ats = [at] if timed else []
        selects += [
            select(
                [", ".join([*ats, *made])],
                f"{table(self.table)} AS logs",
                [condition],
                [*ats, *keys],
            )
            for level, condition in parts
            if not level
        ]
        return nested("\nUNION ALL\n".join(selects), "logs")

    def _by_place(self, span: Span, hours: bool) -> list[tuple[rollup.Level | None, str]]:
        """Return the whole hours of a span, the whole minutes beside them, and the rest."""
        levels = (rollup.HOURS, rollup.MINUTES) if hours else (rollup.MINUTES,)
        found: list[tuple[rollup.Level | None, str]] = []
        coarser = ""
        for level in levels:
            first, last = (f"{span.name}{end}_{level.unit}" for end in ("first", "last"))
            length = f"INTERVAL {level.length} millisecond"
            up = f"{span.name}since + INTERVAL {level.length - 1} millisecond"
            self.begins |= {
                f"toStartOfInterval({up}, {length}) AS {first}": None,
                f"toStartOfInterval({span.name}until, {length}) AS {last}": None,
            }
            within = f"{{time}} >= {first} AND {{time}} < {last}"
            found.append((level, within.format(time=level.unit) + coarser.format(time=level.unit)))
            coarser = f"\n  AND NOT ({within})"
        time = column(TIME)
        found.append((None, span.holds(time) + coarser.format(time=time)))
        return found

    def text(self, select: str) -> str:
        """Return the query, with the names that it uses before it."""
        return "WITH\n  " + ",\n  ".join(self.begins) + f"\n{select}"


def _by_step(span: Span) -> list[tuple[rollup.Level | None, str]]:
    """Return the one table whose rows fall into one step each; the others are not read."""
    minute, hour = rollup.MINUTES, rollup.HOURS
    return [
        (hour, f"{span.holds(hour.unit)}\n  AND $__interval_ms % {hour.length} = 0"),
        (
            minute,
            f"{span.holds(minute.unit)}\n  AND $__interval_ms % {minute.length} = 0"
            f" AND $__interval_ms % {hour.length} <> 0",
        ),
        (None, f"{span.holds(column(TIME))}\n  AND $__interval_ms % {minute.length} <> 0"),
    ]
