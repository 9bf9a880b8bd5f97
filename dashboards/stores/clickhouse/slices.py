"""Numbers of slices of time, for alert rules: all that a rule asks for, in as few scans as can be.

Planning a query costs more than reading some minutes of sums. So parts that tell requests apart by
different fields are read together, by all these fields, and added up by each of them.
"""

from collections.abc import Iterator, Sequence
from itertools import pairwise

from dashboards.signals import Dimension
from dashboards.signals.expressions import Aggregate, Count, CountValues, SecondsSinceLatest, Sum
from dashboards.stores.clickhouse.dialect import Asked, Dialect, quoted
from dashboards.stores.clickhouse.scan import Scan, Span
from dashboards.stores.common.layout import nested, select
from dashboards.stores.common.slices import Slice, Sliced

# How the numbers of some rows become that of all of them. A percentile cannot.
_ADDED = {Count: "sum", CountValues: "sum", Sum: "sum", SecondsSinceLatest: "min"}
# Of a few hours, more is planned than read by the hour.
HOURLY = 6 * 3600


def query(scan: Scan, asked: Sequence[Sliced], slot: int | None) -> str:
    """Return part, name, home, slice, slot and numbers; see stores.Queries."""
    if isinstance(scan.sql, Asked):
        queries = [
            # Each reads its own columns.
            _Together(
                Scan(type(scan.sql)(scan.sql), scan.table, begins=scan.begins), each, slot
            ).query()
            for each in _alike(scan.sql, asked)
        ]
    else:
        queries = [*_one_by_one(scan, asked, slot)]
    return "\nUNION ALL\n".join(queries)


def span(part: Slice, name: str = "") -> Span:
    """Return a slice of time; the newest has its last moment, too."""
    since, until = (
        f"$__toTime_ms - INTERVAL {each} second" if each else "$__toTime_ms"
        for each in (part.since, part.until)
    )
    return Span(since, until, f"{name or part.name}_", inclusive=not part.until)


def _one_by_one(scan: Scan, asked: Sequence[Sliced], slot: int | None) -> Iterator[str]:
    """Select each slice of the processor's own records, which are few."""
    sql = scan.sql
    assert slot is None
    assert not any(one.dimension for one in asked)
    for one in asked:
        for each in one.slices:
            conditions = scan.where(of := span(each), (), ())
            numbers = [
                f"{sql.sql(sql.collected.resolve(number))} AS {name}"
                for name, number in one.columns.items()
            ]
            yield select(
                [f"'{one.part}' AS part", "'' AS name", f"'{each.name}' AS slice", *numbers],
                scan.source(of),
                where=conditions,
            )


def _alike(sql: Dialect, asked: Sequence[Sliced]) -> list[list[Sliced]]:
    """Group what can be read together: all, or what tells requests apart by the same fields."""
    resolved = (sql.collected.resolve(each) for one in asked for each in one.columns.values())
    if all(type(each) in _ADDED for each in resolved):
        return [list(asked)]
    found: dict[tuple[Dimension | None, ...], list[Sliced]] = {}
    for one in asked:
        found.setdefault((one.dimension, one.home), []).append(one)
    return list(found.values())


class _Together:
    """Some parts in one scan."""

    def __init__(self, scan: Scan, asked: Sequence[Sliced], slot: int | None) -> None:
        self.scan, self.asked, self.slot = scan, asked, slot
        self.labels: dict[Dimension, str] = {}  # with the names of their columns
        self.numbers: dict[str, tuple[str, Aggregate]] = {}
        self.slices: dict[tuple[int, int], str] = {}
        for one in asked:
            for dimension in filter(None, (one.dimension, one.home)):
                self.labels.setdefault(dimension, f"by_{dimension.name}")
            for each in one.slices:
                self.slices.setdefault((each.since, each.until), each.name)
        if len(set(self.slices.values())) < len(self.slices):  # parts call different slices alike
            self.slices = {
                (since, until): f"{name}_{since}" + (f"_{until}" if until else "")
                for (since, until), name in self.slices.items()
            }

    def query(self) -> str:
        """Return the query."""
        scan, sql = self.scan, self.scan.sql
        at = f"toStartOfInterval({scan.time}, INTERVAL {self.slot} minute)"
        labels = {name: sql.label(dimension) for dimension, name in self.labels.items()}
        rows = [self._row(one) for one in self.asked]
        numbers = [f"{text} AS {name}" for text, (name, _) in self.numbers.items()]
        if self.slot:
            numbers = [f"intDiv(toUnixTimestamp({at}), {self.slot * 60}) AS slot", *numbers]
        group = [*labels.values(), "logs.slice", *([at] if self.slot else [])]
        read = select(
            [
                *(f"{text} AS {name}" for name, text in labels.items()),
                "logs.slice AS slice",
                *numbers,
            ],
            scan.slices(
                self._spans(),
                apart=self._apart(),
                timed=bool(self.slot),
                hourly=self._hourly(),
            ),
            group=group,
        )
        return self._by_part(read, rows)

    def _row(self, one: Sliced) -> tuple[str, ...]:
        """Return a part's label, its home and its numbers, as they are called in what is read."""
        sql, names = self.scan.sql, []
        for each in one.columns.values():
            resolved = sql.collected.resolve(each)
            text = sql.sql(resolved)
            made = (f"number_{len(self.numbers) + 1}", resolved)
            names.append(f"g.{self.numbers.setdefault(text, made)[0]}")
        label = f"g.{self.labels[one.dimension]}" if one.dimension else "''"
        home = [f"g.{self.labels[one.home]}"] if one.home else []
        return (quoted(one.part), label, *home, *names)

    def _by_part(self, read: str, rows: Sequence[tuple[str, ...]]) -> str:
        """Give each part its rows of what was read."""
        first, count = self.asked[0], len(self.asked[0].columns)
        if len({row[-count:] for row in rows}) > 1:  # a whole number here, none there
            rows = [
                (*row[:-count], *(f"toFloat64({each})" for each in row[-count:])) for row in rows
            ]
        names = ["part", "name", *(["home"] if first.home else [])]
        keys, columns = len(names), [*names, *first.columns]
        slots = ["g.slot"] if self.slot else []
        slice_, where = "g.slice", []
        read_as = {Slice(name, *key) for key, name in self.slices.items()}
        if any({*one.slices} != read_as for one in self.asked):
            rows = [
                (*row, quoted(each.name), quoted(self.slices[each.since, each.until]))
                for one, row in zip(self.asked, rows, strict=True)
                for each in one.slices
            ]
            slice_, where = f"p.{len(columns) + 1}", [f"p.{len(columns) + 2} = g.slice"]
        if len(rows) == 1:  # a row as it was read
            said = dict(zip(columns, rows[0], strict=True))
            order = [*names, "slice", *(["slot"] if self.slot else []), *first.columns]
            said |= {"slice": "g.slice", "slot": "g.slot"}
            return select([f"{said[name]} AS {name}" for name in order], nested(read, "g"))
        listed = ",\n    ".join(f"({', '.join(row)})" for row in rows)
        source = f"{nested(read, 'g')}\nARRAY JOIN [\n    {listed}\n  ] AS p"
        said = {name: f"p.{place}" for place, name in enumerate(columns, 1)}
        group: list[str] = []
        if any({*filter(None, (one.dimension, one.home))} != {*self.labels} for one in self.asked):
            group = [*(said[name] for name in names), slice_, *slots]
            said |= {name: f"{self._added(name)}({said[name]})" for name in first.columns}
        return select(
            [
                *(f"{said[name]} AS {name}" for name in names),
                f"{slice_} AS slice",
                *(f"{each} AS slot" for each in slots),
                *(f"{said[name]} AS {name}" for name in columns[keys:]),
            ],
            source,
            where=where,
            group=group,
        )

    def _added(self, name: str) -> str:
        resolved = self.scan.sql.collected.resolve(self.asked[0].columns[name])
        return _ADDED[type(resolved)]

    def _spans(self) -> dict[str, Span]:
        """Return the slices' spans, by name."""
        found = {}
        for (since, until), name in self.slices.items():
            found[name] = span(Slice(name, since, until))
            self.scan.begins |= dict.fromkeys(found[name].bounds())
        return found

    def _apart(self) -> bool:
        """Return whether no two slices have a moment in common."""
        bounds = sorted((until, since) for since, until in self.slices)
        return all(since <= until for (_, since), (until, _) in pairwise(bounds))

    def _hourly(self) -> set[str]:
        """Return the slices that are read by the hour where they hold one."""
        if self.slot and self.slot % 60:
            return set()
        return {name for (since, until), name in self.slices.items() if since - until > HOURLY}
