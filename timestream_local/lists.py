"""Turns calls that differ in one literal only into one call.

DuckDB computes a list of percentiles at the cost of one. Which percentiles of a column a query
needs is known when all of it is compiled. Until then a mark stands for each call.
"""

import re
import secrets

_MARK = re.compile(r"list_([0-9a-f]{16})_(\d+)_(\d+)_")


class Lists:
    """The calls of one statement that may become one."""

    def __init__(self) -> None:
        self._name = secrets.token_hex(8)  # random: no text of the user's looks like a mark
        self.hole = f"hole_{self._name}"  # where the literal goes
        self._calls: dict[str, list[str]] = {}

    def ask(self, call: str, literal: str) -> str:
        """Return the mark for a call, which has the hole where its literal belongs."""
        literals = self._calls.setdefault(call, [])
        if literal not in literals:
            literals.append(literal)
        place = list(self._calls).index(call)
        return f"list_{self._name}_{place}_{literals.index(literal)}_"

    def settle(self, sql: str) -> str:
        """Return a whole statement with its marks resolved."""
        calls = list(self._calls.items())

        def call(mark: re.Match[str]) -> str:
            if mark[1] != self._name:
                return mark[0]
            text, literals = calls[int(mark[2])]
            text = _MARK.sub(call, text)  # a window function of an aggregate
            if len(literals) == 1:
                return text.replace(self.hole, literals[0])
            listed = text.replace(self.hole, f"[{', '.join(literals)}]")
            return f"({listed})[{int(mark[3]) + 1}]"

        return _MARK.sub(call, sql) if calls else sql
