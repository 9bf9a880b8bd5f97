"""The queries of every board, as one file to review: golden/<store>/<board>.sql.

Whether they are right, tests/contract says; these files show what a change does to them.
`make golden` writes them anew, and deletes those of boards that are gone.
"""

import os
from pathlib import Path
from typing import Any

import pytest

from dashboards.boards import boards
from dashboards.grafana.board import Board
from dashboards.grafana.panels import Panel
from tests.support.stores import WAYS
from tests.support.usual import Bundle

GOLDEN = Path(__file__).with_name("golden")
# Of a store that has several layouts, the usual one; the oracle holds the others.
STORES = [name for name in WAYS if "-" not in name]


def texts(store: str) -> dict[str, str]:
    """Return the golden files of a store: name, and all queries of a board."""
    found = {}
    variables: dict[str, str] = {}
    for board in boards(WAYS[store].bundle()):
        if board.name == "runbook":
            continue  # its queries are written in docs/alerts.md, and tested against that page
        found[f"{board.name}.sql"] = "\n".join(_queries(board))
        for variable in board.dashboard()["templating"].list:
            if variable["type"] == "query":
                text = f"-- values of the variable {variable['name']}\n{_sql(variable['query'])}\n"
                variables[variable["name"]] = text
    return found | {"variables.sql": "\n".join(variables.values())}


def _queries(board: Board) -> list[str]:
    return [
        f"-- {panel.key}: {panel.title}, query {target.refId}\n{target.sql}\n"
        for panel in board.panels()
        if isinstance(panel, Panel)
        for target in panel.targets
    ]


def _sql(query: Any) -> str:
    return str(query["rawSql"] if isinstance(query, dict) else query)


@pytest.mark.parametrize("store", STORES)
def test_sql_is_what_was_reviewed(store: str) -> None:
    """A change of any query shows up in a diff of a file that people can read."""
    folder, wanted = GOLDEN / store, texts(store)
    if os.environ.get("UPDATE_GOLDEN"):
        renew(folder, wanted)
    there = golden(folder)
    assert sorted(there) == sorted(wanted), "review the change, then: make golden"
    for path, text in wanted.items():
        assert there[path] == text, f"{path}: review the change, then: make golden"


def golden(folder: Path) -> dict[str, str]:
    """Return the golden files of a store that are there."""
    return {path.name: path.read_text() for path in sorted(folder.glob("*.sql"))}


def renew(folder: Path, wanted: dict[str, str]) -> None:
    """Make the golden files of a store be these."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in golden(folder).keys() - wanted:
        (folder / name).unlink()
    for name, text in wanted.items():
        (folder / name).write_text(text)


def test_golden_files_are_renewed_and_what_is_left_over_goes(tmp_path: Path) -> None:
    """One store's alone."""
    renew(tmp_path / "a", {"x.sql": "1\n", "y.sql": "1\n"})
    renew(tmp_path / "b", {"y.sql": "2\n"})
    renew(tmp_path / "a", {"x.sql": "3\n"})
    assert golden(tmp_path / "a") == {"x.sql": "3\n"}
    assert golden(tmp_path / "b") == {"y.sql": "2\n"}


def test_a_variable_has_the_same_query_on_every_dashboard() -> None:
    """So that a link from one dashboard to another keeps a choice that exists there."""
    queries: dict[str, set[str]] = {}
    for board in boards(Bundle()):
        for variable in board.dashboard()["templating"].list:
            if variable["type"] != "textbox":
                queries.setdefault(variable["name"], set()).add(variable["query"])
    assert queries
    assert all(len(found) == 1 for found in queries.values())
