"""SHOW and DESCRIBE: answered from the catalog, without SQL.

https://docs.aws.amazon.com/timestream/latest/developerguide/supported-sql-constructs.SHOW.html
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from timestream_local import types
from timestream_local.catalog import Catalog, Table
from timestream_local.errors import SqlError
from timestream_local.lexer import RESERVED, reserved
from timestream_local.outputs import Output

_NAME = r'(?:"(?P<{0}q>[^"]+)"|(?P<{0}>[A-Za-z0-9_]+))'
_LIKE = r"(?:\s+LIKE\s+'(?P<like>(?:[^']|'')*)')?"


def _pattern(text: str) -> re.Pattern[str]:
    table = rf"{_NAME.format('db')}\s*\.\s*{_NAME.format('table')}"
    text = text.replace("<db>", _NAME.format("db")).replace("<table>", table)
    return re.compile(rf"\s*{text}\s*;?\s*\Z", re.IGNORECASE)


_SHOW_DATABASES = _pattern(rf"SHOW\s+DATABASES{_LIKE}")
_SHOW_TABLES = _pattern(rf"SHOW\s+TABLES(?:\s+(?:FROM|IN)\s+<db>)?{_LIKE}")
_SHOW_MEASURES = _pattern(rf"SHOW\s+MEASURES\s+FROM\s+<table>{_LIKE}")
_DESCRIBE = _pattern(r"DESCRIBE\s+<table>")


@dataclass(frozen=True, slots=True)
class Answer:
    """Columns and ready values, as DuckDB would have returned them."""

    columns: tuple[Output, ...]
    rows: list[tuple[Any, ...]]


def is_statement(sql: str) -> bool:
    """Whether a text begins as SHOW or DESCRIBE."""
    return re.match(r"\s*(SHOW|DESCRIBE|DESC)\b", sql, re.IGNORECASE) is not None


def answer(sql: str, catalog: Catalog) -> Answer:
    """Answer a SHOW or DESCRIBE statement; raises SqlError."""
    for pattern, run in (
        (_SHOW_DATABASES, _databases),
        (_SHOW_TABLES, _tables),
        (_SHOW_MEASURES, _measures),
        (_DESCRIBE, _describe),
    ):
        if match := pattern.match(sql):
            for name in ("db", "table"):
                word = match.groupdict().get(name)
                if word and word.upper() in RESERVED:
                    raise reserved(word, sql, match.start(name))
            return run(sql, match, catalog)
    word = re.match(r"\s*(\w+(?:\s+\w+)?)", sql)
    raise SqlError(
        f"'{word[1] if word else sql}' is not a statement; write SHOW DATABASES, SHOW TABLES, "
        "SHOW MEASURES or DESCRIBE",
        sql,
        len(sql) - len(sql.lstrip()),
    )


def _name(match: re.Match[str], group: str) -> str:
    """Return a name that the statement has, without its quotes."""
    return match[f"{group}q"] or match[group]


def _like(match: re.Match[str]) -> re.Pattern[str]:
    pattern = match["like"]
    if pattern is None:
        return re.compile("")
    escaped = re.escape(pattern.replace("''", "'")).replace("%", ".*").replace("_", ".")
    return re.compile(rf"{escaped}\Z", re.DOTALL)


def _databases(sql: str, match: re.Match[str], catalog: Catalog) -> Answer:
    like = _like(match)
    rows = [(name,) for name in catalog.databases() if like.match(name)]
    return Answer((Output("Database", types.VARCHAR),), rows)


def _tables(sql: str, match: re.Match[str], catalog: Catalog) -> Answer:
    if match["dbq"] is None and match["db"] is None:
        raise SqlError("SHOW TABLES needs FROM and a database", sql, 0)
    database = _name(match, "db")
    names = catalog.tables(database)
    if names is None:
        raise SqlError(f"Database {database} does not exist", sql, match.start("db"))
    like = _like(match)
    return Answer((Output("Table", types.VARCHAR),), [(n,) for n in names if like.match(n)])


def _table(sql: str, match: re.Match[str], catalog: Catalog) -> Table:
    database, name = _name(match, "db"), _name(match, "table")
    table = catalog.table(database, name)
    if table is None:
        raise SqlError(f"Table {database}.{name} does not exist", sql, match.start())
    return table


def _measures(sql: str, match: re.Match[str], catalog: Catalog) -> Answer:
    table = _table(sql, match, catalog)
    like = _like(match)
    dimension = types.row(("dimension_name", types.VARCHAR), ("data_type", types.VARCHAR))
    columns = (
        Output("measure_name", types.VARCHAR),
        Output("data_type", types.VARCHAR),
        Output("dimensions", types.array(dimension)),
    )
    rows = [
        (name, kind, [{"f0": d, "f1": "varchar"} for d in sorted(dimensions)])
        for (name, kind), dimensions in sorted(table.measures.items())
        if like.match(name)
    ]
    return Answer(columns, rows)


def _describe(sql: str, match: re.Match[str], catalog: Catalog) -> Answer:
    table = _table(sql, match, catalog)
    columns = tuple(
        Output(name, types.VARCHAR) for name in ("Column", "Type", "Timestream attribute type")
    )
    return Answer(columns, [(c.name, c.type.name, c.attribute) for c in table.ordered()])
