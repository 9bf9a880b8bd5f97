"""Scopes: the relations that a query can see, and the columns that a name means there."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property

from timestream_local.types import Type


@dataclass(frozen=True, slots=True)
class Field:
    """One column of a relation: the user's name, its type, and the DuckDB expression for it."""

    name: str
    type: Type
    sql: str
    output: bool = False  # of the SELECT list, seen from ORDER BY
    exact: bool = False  # a stored column, whose name is case-sensitive


@dataclass(frozen=True)
class Relation:
    """One item of a FROM clause."""

    name: str | None  # the alias or the table's name
    database: str | None
    fields: tuple[Field, ...]
    exact: bool = False  # stored columns: their names are case-sensitive

    def find(self, name: str) -> list[Field]:
        """Return the fields a name could mean."""
        return self._named.get(name if self.exact else name.lower(), [])

    @cached_property
    def _named(self) -> dict[str, list[Field]]:
        found: dict[str, list[Field]] = {}
        for column in self.fields:
            name = column.name if self.exact else column.name.lower()
            found.setdefault(name, []).append(column)
        return found


@dataclass(slots=True)
class Scope:
    """The relations of one SELECT, inside those of the queries around it."""

    relations: list[Relation] = field(default_factory=list)
    parent: Scope | None = None
    merged: tuple[Field, ...] = ()  # the columns of JOIN ... USING
    outputs: tuple[Field, ...] = ()  # in ORDER BY: the columns of the SELECT list
    variables: dict[str, tuple[str, Type]] = field(default_factory=dict)  # lambda arguments

    def find(self, name: str, table: str | None, database: str | None) -> list[Field]:
        """Return the columns a reference could mean in this SELECT; more than one is ambiguous.

        Output columns come first: they hide the columns of FROM, which a table's name still finds.
        """
        if table is None:
            given = [f for f in self.outputs if f.name.lower() == name.lower()]
            if len(given) > 1 and all(f.exact for f in given):
                given = [f for f in given if f.name == name]
            if given:
                return given
            for merged in self.merged:
                if merged.name.lower() == name.lower():
                    return [merged]
        return [
            column
            for relation in self.relations
            if _named(relation, table, database)
            for column in relation.find(name)
        ]

    def ordered(self, outputs: tuple[Field, ...]) -> Scope:
        """Return the scope of ORDER BY."""
        return replace(self, outputs=outputs)

    def near(self, name: str) -> str | None:
        """Return the stored column whose name differs from `name` in its case only."""
        for scope in self.outward():
            for relation in scope.relations:
                for column in relation.fields:
                    if relation.exact and column.name.lower() == name.lower():
                        return column.name
        return None

    def outward(self) -> Iterator[Scope]:
        """Yield this scope and those around it, from the inside out."""
        scope: Scope | None = self
        while scope is not None:
            yield scope
            scope = scope.parent


def _named(relation: Relation, table: str | None, database: str | None) -> bool:
    if table is None:
        return True
    if relation.name is None or relation.name.lower() != table.lower():
        return False
    return database is None or relation.database == database
