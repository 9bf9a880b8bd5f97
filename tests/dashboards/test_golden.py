"""The SQL of every panel and variable, as files to review: golden/<dashboard>/<panel>.sql.

`make golden` writes them anew, and deletes those of panels that are gone.
"""

import os
from pathlib import Path

import pytest

from dashboards.boards import boards
from dashboards.grafana.panels import Panel
from tests.support.usual import Bundle

GOLDEN = Path(__file__).with_name("golden")
FOLDERS = {"multi": GOLDEN, "classic": GOLDEN / "classic"}


def texts(layout: str) -> dict[str, str]:
    """Return the golden files of a layout: path, and the SQL of all queries of a panel."""
    found = {}
    for board in boards(Bundle(layout=layout, personal=True)):
        if board.name == "runbook":
            continue  # its queries are written in docs/alerts.md, and tested against that page
        for panel in board.panels():
            if isinstance(panel, Panel) and panel.targets:
                queries = [f"-- {panel.title}, query {t.refId}\n{t.sql}\n" for t in panel.targets]
                found[f"{board.name}/{panel.key}.sql"] = "\n".join(queries)
        for variable in board.dashboard()["templating"].list:
            if variable["type"] == "query":
                text = f"-- values of the variable {variable['name']}\n{variable['query']}\n"
                found[f"variables/{variable['name']}.sql"] = text
    return found


@pytest.mark.parametrize("layout", FOLDERS)
def test_sql_is_what_was_reviewed(layout: str) -> None:
    """A change of any query shows up in a diff of a file that people can read."""
    folder, wanted = FOLDERS[layout], texts(layout)
    if os.environ.get("UPDATE_GOLDEN"):
        renew(folder, layout, wanted)
    there = golden(folder, layout)
    assert sorted(there) == sorted(wanted), "review the change, then: make golden"
    for path, text in wanted.items():
        assert there[path] == text, f"{path}: review the change, then: make golden"


def golden(folder: Path, layout: str) -> dict[str, str]:
    """Return the golden files of a layout that are there; one layout's folder holds the other's."""
    return {
        path.relative_to(folder).as_posix(): path.read_text()
        for path in sorted(folder.rglob("*.sql"))
        if layout == "classic" or "classic" not in path.relative_to(folder).parts
    }


def renew(folder: Path, layout: str, wanted: dict[str, str]) -> None:
    """Make the golden files of a layout be these."""
    for path in golden(folder, layout).keys() - wanted:
        (folder / path).unlink()
    for path, text in wanted.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text)


def test_golden_files_are_renewed_and_what_is_left_over_goes(tmp_path: Path) -> None:
    """Each layout's alone."""
    classic = tmp_path / "classic"
    renew(tmp_path, "multi", {"edges/a.sql": "1\n", "edges/b.sql": "1\n"})
    renew(classic, "classic", {"edges/b.sql": "2\n"})
    renew(tmp_path, "multi", {"edges/a.sql": "3\n"})
    assert golden(tmp_path, "multi") == {"edges/a.sql": "3\n"}
    assert golden(classic, "classic") == {"edges/b.sql": "2\n"}


def test_a_variable_has_the_same_query_on_every_dashboard() -> None:
    """So that a link from one dashboard to another keeps a choice that exists there."""
    queries: dict[str, set[str]] = {}
    for board in boards(Bundle()):
        for variable in board.dashboard()["templating"].list:
            if variable["type"] != "textbox":
                queries.setdefault(variable["name"], set()).add(variable["query"])
    assert queries
    assert all(len(found) == 1 for found in queries.values())
