"""What a ClickHouse query reads: which tables, which part of time, under which conditions.

Rollups know whole hours and minutes; a range that begins or ends within one takes that rest from
the requests, so that the numbers are those of the range. Rows of all three are called `logs`.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from textwrap import indent

from dashboards.signals import DIMENSIONS
from dashboards.stores.clickhouse.dialect import (
    Dialect,
    NotRolledUp,
    Rolled,
    column,
    table,
)
from processor.catalog import BY_NAME
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


# In WITH: whether no filter is set. The rollups with fewest rows have no column to filter by.
_UNFILTERED = "unfiltered"
Levels = Sequence[rollup.Level]


@dataclass
class Scan:
    """What one query reads: from which table, which part of time, and under which conditions."""

    sql: Dialect
    table: str
    record: str = "request"
    begins: dict[str, None] = field(default_factory=dict)  # the items of WITH
    filters: list[str] = field(default_factory=list)  # conditions that the parts of `source` have
    always: list[str] = field(default_factory=list)  # those that every part can have
    free: list[str] = field(default_factory=list)  # conditions that none of the others filters

    @property
    def rolled(self) -> bool:
        """Whether it reads the rollups."""
        return isinstance(self.sql, Rolled)

    @property
    def time(self) -> str:
        """The time of a row of `source`."""
        return column("at" if self.rolled else TIME)

    def where(self, span: Span, where: Sequence[str], filters: Sequence[str]) -> list[str]:
        """Return the conditions on a row, as far as `source` does not have them."""
        dimensions = [DIMENSIONS[name] for name in filters]
        asked = [each for each in dimensions if self.sql.collected.available(each)]
        self.begins |= dict.fromkeys(span.bounds()) | dict.fromkeys(map(self.sql.choice, asked))
        conditions = list(map(self.sql.filter, asked))
        predicates = list(map(self.sql.predicate, where))
        if isinstance(self.sql, Rolled):
            always = [each for each in asked if self.sql.is_outcome(each)]
            self.filters, self.always = conditions, list(map(self.sql.filter, always))
            self.free = [self.sql.free(each) for each in asked if each not in always]
            return predicates
        found = [span.holds(self.time)]
        if self.record in _REPORTS:
            found.append(_REPORTS[self.record])
        return [*found, *predicates, *conditions]

    def source(self, span: Span, *, timed: bool = False, hours: bool = True) -> str:
        """Return what to select from, when all that is asked of it is known.

        Rows are `timed` where their time is asked for, and without `hours` it is a minute's. Raises
        NotRolledUp where no rollup has it all.
        """
        if not isinstance(self.sql, Rolled):
            suffix = "" if self.record == "request" else "_pipeline"
            return f"{table(self.table + suffix)} AS logs"
        wanted = (rollup.HOURS, rollup.MINUTES) if hours else (rollup.MINUTES,)
        levels = [
            each for each in wanted if self.sql.by_dimensions(each) or self.sql.unfiltered(each)[0]
        ]
        if rollup.MINUTES not in levels:
            raise NotRolledUp(", ".join(self.sql.asked))
        parts = _by_step(span, levels) if span.steps else self._by_place(span, levels)
        selects = [
            each
            for level, condition in parts
            for each in self._of_rollups(self.sql, level, timed, condition)
        ]
        selects.append(self._of_requests(self.sql, span, timed))
        return nested("\nUNION ALL\n".join(selects), "logs")

    def _of_rollups(
        self, sql: Rolled, level: rollup.Level, timed: bool, condition: str
    ) -> Iterator[str]:
        """Select from the rollups of one level: the one that can be filtered, if it has to be."""
        main, (few, facet) = sql.by_dimensions(level), sql.unfiltered(level)
        at = [f"{column(level.unit)} AS at"] if timed else []
        if main and (self.free or not few):
            other = [f"NOT {self._unfiltered()}"] if few else []
            yield select(
                [", ".join([*at, *map(column, sql.asked)])],
                f"{table(f'{self.table}_{main.name}')} AS logs",
                [condition, *other, *self.filters],
            )
        if few:
            names = map(column, sql.asked)
            only = []
            if facet:
                only.append(f"{column(rollup.FACET)} = '{facet}'")
                names = (_of_label(name, facet) for name in sql.asked)
            only += [self._unfiltered()] if self.free else []
            yield select(
                [", ".join([*at, *names])],
                f"{table(f'{self.table}_{few.name}')} AS logs",
                [condition, *only, *self.always],
            )

    def _of_requests(self, sql: Rolled, span: Span, timed: bool) -> str:
        """Select the rest: what rollups do not cover, or may not because a filter is set."""
        at = f"$__timeInterval_ms(logs.{TIME})" if span.steps else f"toStartOfMinute(logs.{TIME})"
        ats = [at] if timed else []
        made = [
            column(name) if sql.is_key(name) else rollup.TOTAL_SUMMED[name].of for name in sql.asked
        ]
        rest = f"$__interval_ms % {rollup.MINUTES.length} <> 0"
        if not span.steps:
            rest = f"NOT ({_within(span, rollup.MINUTES, TIME)})"
        if self.free and not sql.by_dimensions(rollup.MINUTES):
            rest = f"(NOT {self._unfiltered()} OR {rest})"
        return select(
            [", ".join([*ats, *made])],
            f"{table(self.table)} AS logs",
            [f"{span.holds(column(TIME))}\n  AND {rest}", *self.filters],
            [*ats, *(column(name) for name in sql.asked if sql.is_key(name))],
        )

    def _unfiltered(self) -> str:
        self.begins[f"({' AND '.join(self.free)}) AS {_UNFILTERED}"] = None
        return _UNFILTERED

    def _by_place(self, span: Span, levels: Levels) -> list[tuple[rollup.Level, str]]:
        """Return the whole hours of a span, and the whole minutes beside them."""
        found, coarser = [], ""
        for level in levels:
            first, last = _ends(span, level)
            length = f"INTERVAL {level.length} millisecond"
            up = f"{span.name}since + INTERVAL {level.length - 1} millisecond"
            self.begins |= {
                f"toStartOfInterval({up}, {length}) AS {first}": None,
                f"toStartOfInterval({span.name}until, {length}) AS {last}": None,
            }
            within = _within(span, level, level.unit)
            found.append((level, within + coarser))
            coarser = f"\n  AND NOT ({_within(span, level, rollup.MINUTES.unit)})"
        return found

    def text(self, select: str) -> str:
        """Return the query, with the names that it uses before it."""
        return "WITH\n  " + ",\n  ".join(self.begins) + f"\n{select}"


def _ends(span: Span, level: rollup.Level) -> tuple[str, str]:
    """Return the names of the first whole hour or minute of a span, and of the end of the last."""
    first, last = (f"{span.name}{end}_{level.unit}" for end in ("first", "last"))
    return first, last


def _within(span: Span, level: rollup.Level, name: str) -> str:
    """Return the condition that a time is in a whole hour or minute of a span."""
    first, last = _ends(span, level)
    return f"{column(name)} >= {first} AND {column(name)} < {last}"


def _by_step(span: Span, levels: Levels) -> list[tuple[rollup.Level, str]]:
    """Return the one level whose rows fall into one step each; the others are not read."""
    found, coarser = [], ""
    for level in levels:
        fits = f"$__interval_ms % {level.length}"
        found.append((level, f"{span.holds(column(level.unit))}\n  AND {fits} = 0{coarser}"))
        coarser = f" AND {fits} <> 0"
    return found


def _of_label(name: str, facet: str) -> str:
    """Return a column of a row of a facet: its field's is the label."""
    field = BY_NAME[facet]
    if name != field.column:
        return column(name)
    label = column(rollup.LABEL)
    if field.type == "BIGINT":
        label = f"toInt64OrNull({label})"
    return f"{label} AS {name}"
