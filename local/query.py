"""``python -m local query``: ask a question in the store's SQL."""

import argparse
import json
import sys
from collections.abc import Sequence
from typing import Any

from cli import console
from local.aws import LocalError
from local.endpoint import arguments as endpoint_arguments
from local.endpoint import opened
from local.stores import Column, Store, of

HELP = "ask a question in the store's SQL"
DESCRIPTION = """Ask a question in the store's SQL, such as:

{example}

Exit status: 0, or 1 for a query that the store refuses."""


def arguments(parser: argparse.ArgumentParser, store: Store | None = None) -> None:
    """Add the subcommand's options."""
    store = store or of()
    parser.description = DESCRIPTION.format(example=store.EXAMPLE)
    parser.add_argument("sql", metavar="SQL", help="the query; - reads it from standard input")
    endpoint_arguments(parser, store)
    parser.add_argument(
        "--json",
        action="store_true",
        help="print one JSON object per row and line, keyed by column name",
    )


def run(args: argparse.Namespace) -> int:
    """Ask, and print the answer."""
    sql = _standard_input() if args.sql == "-" else args.sql
    if not sql.strip():
        raise LocalError("the query is empty")
    with opened(args) as url:
        questions = of(args.store).questions(url)
        if args.json:
            for _, rows in questions.pages(sql):
                for row in rows:
                    print(json.dumps(row, ensure_ascii=False))
            return 0
        columns: Sequence[Column] = ()
        cells: list[list[Any]] = []
        for columns, rows in questions.pages(sql):  # noqa: B007 - the last page's serve as well
            cells += ([_text(cell) for cell in row.values()] for row in rows)
    numbers = [n for n, column in enumerate(columns) if column.number]
    out = console.output()
    out.print(console.table("", [column.name for column in columns], cells, numbers))
    out.print(f"{len(cells):,} row{'' if len(cells) == 1 else 's'}")
    return 0


def _standard_input() -> str:
    try:
        return sys.stdin.buffer.read().decode("utf-8-sig") if sys.stdin else ""
    except UnicodeDecodeError:
        raise LocalError("the query on standard input is not UTF-8") from None


def _text(cell: Any) -> Any:
    return json.dumps(cell, ensure_ascii=False) if isinstance(cell, list | dict) else cell
