"""What a ClickHouse query reads: which tables, which part of time, under which conditions.

Rollups know whole hours and minutes; a range that begins or ends within one takes that rest from
the requests, so that the numbers are those of the range. Rows of all three are called `logs`.
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial

from dashboards.signals import Dimension
from dashboards.stores.clickhouse.dialect import (
    Asked,
    Dialect,
    NotRolledUp,
    Rolled,
    column,
    quoted,
    table,
)
from dashboards.stores.common.layout import nested, select
from processor.stores.clickhouse import rollup
from processor.stores.clickhouse.columns import ABSENT, MINUTE, TIME

# Steps are whole seconds, which are half as long to compute with as milliseconds.
_STEP = "INTERVAL $__interval_s second"
# Of the processor's own records: a row an invocation, and a row a field that lost values.
_REPORTS = {"pipeline": f"logs.field = '{ABSENT}'", "left_out": f"logs.field <> '{ABSENT}'"}


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


# In WITH: whether no filter is set. Totals have no column to filter by.
_UNFILTERED = "unfiltered"
Levels = Sequence[rollup.Level]
_Name = Callable[[Mapping[str, str]], str]


@dataclass
class Scan:
    """What one query reads: from which table, which part of time, and under which conditions.

    Rows of requests and rollups are asked part by part (`Asked`), others as they are.
    """

    sql: Dialect
    table: str
    record: str = "request"
    begins: dict[str, None] = field(default_factory=dict)  # the items of WITH
    conditions: list[str] = field(default_factory=list)  # that each part of `source` has
    always: list[str] = field(default_factory=list)  # those of them that totals can have
    free: list[str] = field(default_factory=list)  # conditions that none of the others filters

    @property
    def time(self) -> str:
        """The time of a row of `source`."""
        return column("at" if isinstance(self.sql, Asked) else TIME)

    def where(self, span: Span, where: Sequence[str], filters: Sequence[str]) -> list[str]:
        """Return the conditions on a row, as far as the parts of `source` do not have them."""
        sql, chosen = self.sql, self.sql.filters(filters)
        begins = [each.begin for each in chosen]
        self.begins |= dict.fromkeys(span.bounds()) | dict.fromkeys(begins)
        if not isinstance(sql, Asked):
            reports = [_REPORTS[self.record]] if self.record in _REPORTS else []
            conditions = [*map(sql.predicate, where), *(each.holds() for each in chosen)]
            return [span.holds(self.time), *reports, *conditions]
        self.conditions = [sql.condition(each.holds) for each in chosen]
        if not isinstance(sql, Rolled):
            self.conditions += [sql.condition(partial(sql.predicate, each)) for each in where]
            return []
        always = [each for each in chosen if each.about and sql.is_outcome(each.about)]
        self.always = [sql.condition(each.holds) for each in always]
        self.free = [each.free for each in chosen if each not in always]
        return list(map(sql.predicate, where))

    def boxes(self, dimensions: Sequence[Dimension]) -> list[str]:
        """Return the conditions that text boxes set."""
        self.begins |= dict.fromkeys(map(self.sql.choice, dimensions))
        return [*map(self.sql.box, dimensions)]

    def source(self, span: Span, *, timed: bool = False, hours: bool = True) -> str:
        """Return what to select from, when all that is asked of it is known.

        Rows are `timed` where their time is asked for, and without `hours` it is a minute's, or the
        request's. Raises NotRolledUp where no rollup has it all.
        """
        if isinstance(self.sql, Rolled):
            selects = self._of_rollups(self.sql, span, timed, hours)
        elif isinstance(self.sql, Asked):
            selects = self._of_requests(self.sql, span, timed)
        else:
            suffix = "" if self.record == "request" else "_pipeline"
            return f"{table(self.table + suffix)} AS logs"
        return nested("\nUNION ALL\n".join(selects), "logs")

    def _of_requests(self, sql: Asked, span: Span, timed: bool) -> Iterator[str]:
        """Select requests: of whole minutes by their minute, which is less to read than a time."""
        minutes = [rollup.MINUTES]
        ((_, whole),) = _by_step(span, minutes) if span.steps else self._by_place(span, minutes)
        # What finds the rows on the disk, and is not read itself.
        hint = f"indexHint({span.holds(column(TIME))})"
        for time, conditions in (
            (column(MINUTE), [whole, hint]),
            (f"toDateTime({column(TIME)})", [span.holds(column(TIME)), _rest(span)]),
        ):
            at = [f"{time} AS at"] if timed else []
            yield select(
                [", ".join([*at, *map(column, sql.asked)]) or "1"],
                f"{table(self.table)} AS logs",
                [*conditions, *self.conditions],
            )

    def _of_rollups(self, sql: Rolled, span: Span, timed: bool, hours: bool) -> Iterator[str]:
        """Select from the rollups, and what is not in them from the requests."""
        wanted = (rollup.HOURS, rollup.MINUTES) if hours else (rollup.MINUTES,)
        levels = [each for each in wanted if sql.by_dimensions(each) or sql.total(each)]
        if rollup.MINUTES not in levels:
            raise NotRolledUp(", ".join(sql.asked))
        parts = _by_step(span, levels) if span.steps else self._by_place(span, levels)
        for level, condition in parts:
            at = [f"{column(level.unit)} AS at"] if timed else []
            names = [", ".join([*at, *map(column, sql.asked)])]
            by_dimensions, total = sql.by_dimensions(level), sql.total(level)
            if by_dimensions and (self.free or not total):
                other = [f"NOT {self._unfiltered()}"] if total else []
                source = f"{table(f'{self.table}_{by_dimensions.name}')} AS logs"
                yield select(names, source, [condition, *other, *self.conditions])
            if total:
                only = [self._unfiltered()] if self.free else []
                source = f"{table(f'{self.table}_{total.name}')} AS logs"
                yield select(names, source, [condition, *only, *self.always])
        step = f"$__timeInterval(logs.{TIME})" if span.steps else f"toStartOfMinute(logs.{TIME})"
        ats = [step] if timed else []
        rest = _rest(span)
        if self.free and not sql.by_dimensions(rollup.MINUTES):
            rest = f"(NOT {self._unfiltered()} OR {rest})"
        yield select(
            [", ".join([*ats, *sql.made()])],
            f"{table(self.table)} AS logs",
            [span.holds(column(TIME)), rest, *self.conditions],
            [*ats, *map(column, sql.keys())],
        )

    def slices(
        self, spans: Mapping[str, Span], *, apart: bool, timed: bool, hourly: Collection[str]
    ) -> str:
        """Return what to select from, as `source`, for several spans: each row's is its `slice`.

        Nothing filters them. What is in several is there as often, unless they are `apart`. Those
        of `hourly` are read by the hour, too, where the rollups have it all. Raises NotRolledUp.
        """
        name_of = partial(_slice, apart=apart)
        selects = (
            self._slices_of_rollups(self.sql, spans, name_of, timed, hourly)
            if isinstance(self.sql, Rolled)
            else self._slices_of_requests(self.sql, spans, name_of, timed)
        )
        return nested("\nUNION ALL\n".join(selects), "logs")

    def _slices_of_requests(
        self, sql: Dialect, spans: Mapping[str, Span], name_of: _Name, timed: bool
    ) -> Iterator[str]:
        assert isinstance(sql, Asked)
        whole = {}
        for name, span in spans.items():
            ((_, whole[name]),) = self._by_place(span, [rollup.MINUTES])
        held = {name: span.holds(column(TIME)) for name, span in spans.items()}
        rest = {name: f"{held[name]} AND {_rest(span)}" for name, span in spans.items()}
        for time, found, hints in (
            (column(MINUTE), whole, [f"indexHint({_either(held)})"]),
            (f"toDateTime({column(TIME)})", rest, []),
        ):
            at = [f"{time} AS at"] if timed else []
            columns = ", ".join([*at, *map(column, sql.asked)])
            yield select(
                [*filter(None, [columns]), f"{name_of(found)} AS slice"],
                f"{table(self.table)} AS logs",
                [_either(found), *hints],
            )

    def _slices_of_rollups(
        self,
        sql: Rolled,
        spans: Mapping[str, Span],
        name_of: _Name,
        timed: bool,
        hourly: Collection[str],
    ) -> Iterator[str]:
        sources = {
            level: sql.total(level) or sql.by_dimensions(level)
            for level in (rollup.HOURS, rollup.MINUTES)
        }
        if not sources[rollup.MINUTES]:
            raise NotRolledUp(", ".join(sql.asked))
        by_level: dict[rollup.Level, dict[str, str]] = {}
        for name, span in spans.items():
            levels = [rollup.HOURS] if name in hourly and sources[rollup.HOURS] else []
            for level, condition in self._by_place(span, [*levels, rollup.MINUTES]):
                by_level.setdefault(level, {})[name] = condition
        for level, found in by_level.items():
            at = [f"{column(level.unit)} AS at"] if timed else []
            source = sources[level]
            assert source
            yield select(
                [", ".join([*at, *map(column, sql.asked)]), f"{name_of(found)} AS slice"],
                f"{table(f'{self.table}_{source.name}')} AS logs",
                [_either(found)],
            )
        at = [f"toStartOfMinute({column(TIME)})"] if timed else []
        found = {
            name: f"{span.holds(column(TIME))} AND {_rest(span)}" for name, span in spans.items()
        }
        yield select(
            [", ".join([*at, *sql.made()]), f"{name_of(found)} AS slice"],
            f"{table(self.table)} AS logs",
            [_either(found)],
            [*at, *map(column, sql.keys()), "slice"],
        )

    def _unfiltered(self) -> str:
        self.begins[f"({' AND '.join(self.free)}) AS {_UNFILTERED}"] = None
        return _UNFILTERED

    def _by_place(self, span: Span, levels: Levels) -> list[tuple[rollup.Level, str]]:
        """Return the whole hours of a span, and the whole minutes beside them."""
        found, coarser = [], ""
        for level in levels:
            first, last = _ends(span, level)
            up = f"{span.name}since + INTERVAL {level.length - 1} millisecond"
            self.begins |= {
                f"{level.start}({up}) AS {first}": None,
                f"{level.start}({span.name}until) AS {last}": None,
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


def _rest(span: Span) -> str:
    """Return the condition that a request is in no whole minute of a span, or its step in none."""
    if span.steps:
        return f"$__interval_ms % {rollup.MINUTES.length} <> 0"
    return f"NOT ({_within(span, rollup.MINUTES, TIME)})"


def _either(conditions: Mapping[str, str]) -> str:
    """Return that one of some conditions holds."""
    return "\n  OR ".join(f"({each})" for each in conditions.values())


def _slice(conditions: Mapping[str, str], *, apart: bool) -> str:
    """Return the name of the condition that holds; where several do, the row is there for each."""
    if len(conditions) == 1:
        return quoted(*conditions)
    if apart:
        *others, (last, _) = conditions.items()
        cases = "".join(f"{each}, {quoted(name)}, " for name, each in others)
        return f"multiIf({cases}{quoted(last)})"
    held = ", ".join(f"if({each}, {quoted(name)}, '')" for name, each in conditions.items())
    return f"arrayJoin(arrayFilter(each -> each <> '', [{held}]))"
