"""Usual lines: those that go to ClickHouse as they came, but for a few columns.

A log line is tab-separated already. One regular expression looks at all of it, and divides it into
stretches of columns side by side that need no change, and columns that may need one.
"""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from processor.stores.clickhouse.cells import Column
from processor.stores.clickhouse.columns import ABSENT

_ANY, _TAB = r"[^\t]*+", r"\t"


@dataclass(frozen=True, slots=True)
class Piece:
    """Columns of a line that are side by side."""

    columns: list[Column]
    changes: bool  # it is one column, and may need a change


class Usual:
    """What a usual line looks like, and the pieces that it is divided into."""

    def __init__(
        self,
        columns: Sequence[Column | None],
        having: Collection[int] = (),
        changing: Collection[int] = (),
    ) -> None:
        """Take the column of each of a line's values, None where it is not stored.

        ``having`` are the positions of those that have a value now and then: the others are in no
        piece. ``changing`` are those of texts that need a change now and then.
        """
        self.pieces: list[Piece] = []
        parts: list[str] = []
        stretch: list[Column] | None = None
        for position, column in enumerate(columns):
            if column is None or position not in having:
                parts.append(_ANY if column is None else f"{ABSENT}?")
                stretch = None
            elif position in changing:
                parts.append(f"({_ANY})")
                self.pieces.append(Piece([column], changes=True))
                stretch = None
            elif stretch is None:
                parts.append(f"({column.pattern})")
                stretch = [column]
                self.pieces.append(Piece(stretch, changes=False))
            else:
                parts[-1] = f"{parts[-1][:-1]}{_TAB}{column.pattern})"
                stretch.append(column)
        self.match = re.compile(_TAB.join(parts)).fullmatch
