"""What all clauses of one statement share while it is compiled."""

from __future__ import annotations

import itertools
from abc import ABC, abstractmethod
from collections.abc import Mapping

from sqlglot import exp

from local.timestream.catalog import Catalog
from local.timestream.dialect import position
from local.timestream.errors import SqlError
from local.timestream.lists import Lists
from local.timestream.outputs import Compiled
from local.timestream.scope import Scope


class Context(ABC):
    """One statement: its text, what its tables are, and what has been found out so far."""

    def __init__(
        self, text: str, catalog: Catalog, lifted: Mapping[int, int] | None = None
    ) -> None:
        self.text = text
        self.catalog = catalog
        self.lifted = lifted or {}  # the numbers that may become parameters, by offset
        self.parameters: dict[int, int] = {}  # those that did
        self.lists = Lists()
        self.uses_now = False
        self.quiet = False  # inside TRY
        self.names = itertools.count()

    def error(self, message: str, node: exp.Expression) -> SqlError:
        """Return a refusal that points at `node`."""
        return SqlError(message, self.text, position(node))

    def parameter(self, offset: int) -> str:
        """Return the DuckDB parameter for the number at an offset."""
        first = self.parameters[offset] = self.lifted[offset]
        return f"CAST($p{first} AS BIGINT)"

    def only(self, node: exp.Expression, *allowed: str) -> None:
        """Refuse a node that has a part this front end knows nothing of."""
        if "*" in allowed:
            return
        for key, value in node.args.items():
            if key not in allowed and value not in (None, False, [], ()):
                word = key.rstrip("_").replace("_", " ").upper()
                raise self.error(f"{word} is not supported here", node)

    @abstractmethod
    def query(self, node: exp.Expression, parent: Scope | None) -> Compiled:
        """Compile a SELECT, a set operation, VALUES, or any of them in parentheses."""
