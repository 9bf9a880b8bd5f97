"""Databases, tables and columns, as the SQL front end sees them."""

from dataclasses import dataclass, field
from typing import Any, Protocol

from timestream_local import types
from timestream_local.types import Type

MEASURE_NAME, TIME = "measure_name", "time"


@dataclass(slots=True)
class Column:
    """One column of a table: its Timestream name and type, and its name inside DuckDB."""

    name: str
    type: Type
    attribute: str  # DIMENSION, MEASURE_NAME, TIMESTAMP, MEASURE_VALUE or MULTI, as DESCRIBE says
    physical: str


@dataclass(slots=True)
class Table:
    """A table and the columns its records have had so far."""

    database: str
    name: str
    physical: str
    columns: dict[str, Column] = field(default_factory=dict)
    # (measure_name, type, dimension names) seen, for SHOW MEASURES
    measures: dict[tuple[str, str], frozenset[str]] = field(default_factory=dict)
    properties: dict[str, Any] = field(default_factory=dict)

    def ordered(self) -> list[Column]:
        """Return the columns as SELECT * and DESCRIBE show them: dimensions first."""
        rank = {"DIMENSION": 0, "MEASURE_NAME": 1, "TIMESTAMP": 2}
        return sorted(self.columns.values(), key=lambda c: rank.get(c.attribute, 3))


class Catalog(Protocol):
    """What the compiler reads from the store."""

    version: int  # changes whenever a table or a column is added or removed

    def table(self, database: str, name: str) -> Table | None:
        """Return a table, or None."""

    def databases(self) -> list[str]:
        """Return the databases' names, sorted."""

    def tables(self, database: str) -> list[str] | None:
        """Return a database's tables, sorted; None when there is no such database."""


def fixed_columns() -> dict[str, Column]:
    """Return the columns every table has from the start."""
    return {
        MEASURE_NAME: Column(MEASURE_NAME, types.VARCHAR, "MEASURE_NAME", "m"),
        TIME: Column(TIME, types.TIMESTAMP, "TIMESTAMP", "t"),
    }
