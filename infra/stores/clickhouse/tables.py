"""What of the schema is on a server, and the statements that are missing."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from cli.errors import Problem
from infra.stores.clickhouse.server import Server
from processor.stores.clickhouse import schema
from processor.stores.clickhouse.columns import COLUMNS, DERIVED, Column
from processor.stores.clickhouse.schema import PIPELINE_COLUMNS, Place, quoted

_MADE = re.compile(r"CREATE (?:MATERIALIZED VIEW|TABLE) IF NOT EXISTS (\S+)")
# As the server writes a table's own TTL, which stands before its settings.
_KEPT = re.compile(r"\bTTL (\S[^,]*?) \+ toIntervalDay\((\d+)\)")
_VERSION = re.compile(r"^schema (\d+)")


@dataclass(frozen=True, slots=True)
class Found:
    """The tables of a place, as the server has them."""

    missing: tuple[str, ...]  # tables and views, quoted
    columns: tuple[tuple[str, Column], ...]  # that tables lack, with the quoted table
    version: int | None  # of the schema that the table of requests was made with
    days: dict[str, int] = field(default_factory=dict)  # that each quoted table keeps its rows
    since: dict[str, str] = field(default_factory=dict)  # the expression that they count from
    rows: dict[str, int] = field(default_factory=dict)  # that each has, where the server says

    @property
    def complete(self) -> bool:
        """Whether a processor can write, and Grafana ask."""
        return not self.missing and not self.columns

    @property
    def empty(self) -> bool:
        """Whether there is no table of requests."""
        return self.version is None


def names(place: Place) -> list[str]:
    """Return the tables and views of a place, quoted, in the order in which they are made."""
    return [made[1] for each in schema.statements(place) if (made := _MADE.match(each))]


def look(server: Server, place: Place) -> Found:
    """Return the tables that are there, as far as the server's user may see them."""
    database = literal(place.database)
    there = {
        f"{quoted(place.database)}.{quoted(name)}": (comment, definition, rows)
        for name, comment, definition, rows in server.ask(
            "SELECT name, comment, create_table_query, total_rows FROM system.tables "
            f"WHERE database = {database}"
        )
    }
    columns: dict[str, set[str]] = {}
    for table, name in server.ask(
        f"SELECT table, name FROM system.columns WHERE database = {database}"
    ):
        columns.setdefault(f"{quoted(place.database)}.{quoted(table)}", set()).add(name)
    ours = set(names(place))
    wanted = ((place.requests, (*COLUMNS, *DERIVED)), (place.pipeline, PIPELINE_COLUMNS))
    version = None
    if place.requests in there:
        said = _VERSION.match(there[place.requests][0])
        version = int(said[1]) if said else 0
    kept = {
        name: found
        for name, (_, definition, _) in there.items()
        if name in ours and (found := _KEPT.search(definition))
    }
    return Found(
        missing=tuple(name for name in names(place) if name not in there),
        columns=tuple(
            (table, column)
            for table, all_columns in wanted
            if table in there
            for column in all_columns
            if column.name not in columns.get(table, set())
        ),
        version=version,
        days={name: int(found[2]) for name, found in kept.items()},
        since={name: found[1] for name, found in kept.items()},
        rows={name: int(rows) for name, (_, _, rows) in there.items() if rows is not None},
    )


def needed(found: Found, place: Place) -> Iterator[str]:
    """Yield the statements that make what is missing, in order.

    Raises Problem for tables that a newer version of this project made.
    """
    if found.version is not None and found.version > schema.VERSION:
        raise Problem(
            f"{shown(place.requests)} is of schema {found.version}, newer than this checkout's "
            f"{schema.VERSION}; nothing was changed. Take the newer checkout."
        )
    missing = set(found.missing)
    for statement in schema.statements(place):
        made = _MADE.match(statement)
        if missing and (made is None or made[1] in missing):
            yield statement
    for table, column in found.columns:
        yield adding(place, table, column)
    if found.version is not None and found.version < schema.VERSION:
        yield (f"ALTER TABLE {place.requests}{_on(place)} MODIFY COMMENT 'schema {schema.VERSION}'")


def adding(place: Place, table: str, column: Column) -> str:
    """Return the statement that adds a column to one of the tables."""
    if table == place.requests:
        return schema.adding(place, column)
    return f"ALTER TABLE {table}{_on(place)} ADD COLUMN IF NOT EXISTS {column.sql}"


def keeping(place: Place, table: str, since: str, days: int) -> str:
    """Return the statement that changes how many days a table keeps its rows."""
    return f"ALTER TABLE {table}{_on(place)} MODIFY TTL {since} + INTERVAL {days} DAY"


def dropping(place: Place) -> Iterator[str]:
    """Yield what drops the tables and views, and nothing else; the last made goes first."""
    for name in reversed(names(place)):
        yield f"DROP TABLE IF EXISTS {name}{_on(place)}"


def shown(*quoted_names: str) -> str:
    """Return names for people: without their quotes."""
    return ", ".join(name.replace("`", "") for name in quoted_names)


def literal(text: str) -> str:
    """Return a text in quotes."""
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"


def _on(place: Place) -> str:
    return f" ON CLUSTER {quoted(place.cluster)}" if place.cluster else ""
