"""A compiled query: DuckDB's text, and the columns of its result."""

from dataclasses import dataclass

from timestream_local.types import Type
from timestream_local.values import Text


@dataclass(frozen=True, slots=True)
class Output:
    """One column of a result."""

    name: str
    type: Type
    source: tuple[str, str] | None = None  # the database and table it was read from
    aliased: bool = False
    texts: tuple[Text, ...] = ()  # if every row has one of these texts, or NULL


@dataclass(frozen=True, slots=True)
class Compiled:
    """A query in DuckDB's SQL, its columns named c0, c1, ... there."""

    sql: str
    columns: tuple[Output, ...]
    uses_now: bool = False  # the text has the parameter $now, nanoseconds
    lifted: tuple[int, ...] = ()  # the numbers at these offsets are parameters, $p<first offset>
