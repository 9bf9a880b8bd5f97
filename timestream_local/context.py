"""What all clauses of one statement share while it is compiled."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from sqlglot import exp

from timestream_local import casts, types
from timestream_local.catalog import Catalog
from timestream_local.dialect import position
from timestream_local.errors import SqlError
from timestream_local.lists import Lists
from timestream_local.outputs import Compiled, Output
from timestream_local.scope import Scope
from timestream_local.types import UNKNOWN, Type
from timestream_local.values import Text, Value, time_text


class Context:
    """One statement: its text, its catalog, and what compiling has found out so far."""

    # Compiles a SELECT, a set operation, VALUES, or any of them in parentheses, inside another
    # query's scope. The compiler sets it.
    query: Callable[[exp.Expr, Scope | None], Compiled]

    def __init__(
        self, text: str, catalog: Catalog, lifted: Mapping[int, int] | None = None
    ) -> None:
        self.text = text
        self.catalog = catalog
        self.lifted = lifted or {}  # the numbers that may become parameters, by offset
        self.parameters: dict[int, int] = {}  # those that became parameters
        self.lists = Lists()
        self.uses_now = False
        self.quiet = False  # inside TRY
        self.names = itertools.count()
        self.unbound: dict[str, Type] = {}  # types of the @names that may be

    def error(self, message: str, node: exp.Expr) -> SqlError:
        """Return an error that points at `node`."""
        return SqlError(message, self.text, position(node))

    def parameter(self, offset: int) -> str:
        """Return the DuckDB parameter for the number at an offset."""
        first = self.parameters[offset] = self.lifted[offset]
        return f"CAST($p{first} AS BIGINT)"

    def parameter_type(self, node: exp.Parameter) -> Type:
        """Return the type of @name as far as it is known; raises SqlError where it has no value."""
        if node.this not in self.unbound:
            raise self.error(
                f"the parameter @{node.this} has no value: Query takes none, so write the value "
                "into the query (PrepareQuery returns the parameters of a query)",
                node,
            )
        return self.unbound[node.this]

    def learn(self, value: Value, kind: Type) -> None:
        """Note the type that a parameter is used as, if it is one and its type is not known."""
        if value.parameter is not None and value.type == UNKNOWN:
            self.unbound[value.parameter] = kind

    def converted(self, value: Value, kind: Type) -> Value:
        """Return a value converted to a type that types.common or an overload allowed."""
        self.learn(value, kind)
        if value.type is kind or value.type == kind:
            return value
        text = time_text(kind, value)
        if text is not None:
            return self._moment(value, text)
        if value.literal and kind == types.DOUBLE and value.sql.lstrip("(-").rstrip(")").isdigit():
            return replace(value, sql=f"{value.sql}::DOUBLE", type=kind)
        return replace(value, sql=types.coerce(value.sql, value.type, kind), type=kind)

    def _moment(self, value: Value, text: Text) -> Value:
        """Return a text as a timestamp."""
        sql = casts.literal(text.text, types.TIMESTAMP)
        if sql is None and not self.quiet:
            raise self.error(casts.no_timestamp(text.text), text.node)
        return replace(value, sql=sql or "CAST(NULL AS BIGINT)", type=types.TIMESTAMP)

    def only(self, node: exp.Expr, *allowed: str) -> None:
        """Refuse a node that has a part unknown to this front end."""
        if "*" in allowed:
            return
        for key, value in node.args.items():
            if key not in allowed and value not in (None, False, [], ()):
                word = key.rstrip("_").replace("_", " ").upper()
                raise self.error(f"{word} is not supported here", node)

    def as_types(self, query: Compiled, kinds: Sequence[Type]) -> str:
        """Return a query in parentheses, its columns converted to types from types.common."""
        if all(column.type == kind for column, kind in zip(query.columns, kinds, strict=True)):
            return f"({query.sql})"
        items = ", ".join(
            f"{self._as_type(f'c{i}', column, kind)} AS c{i}"
            for i, (column, kind) in enumerate(zip(query.columns, kinds, strict=True))
        )
        return f"(SELECT {items} FROM ({query.sql}))"

    def _as_type(self, sql: str, column: Output, kind: Type) -> str:
        if not (column.texts and kind == types.TIMESTAMP):
            return types.coerce(sql, column.type, kind)
        for text in column.texts:
            if casts.literal(text.text, kind) is None:
                raise self.error(casts.no_timestamp(text.text), text.node)
        return casts.CASTS[types.VARCHAR, kind].format(sql)
