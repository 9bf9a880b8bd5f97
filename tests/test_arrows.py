"""Which room may know which: arrows go downwards only, so no two rooms know each other."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
BELOW = {
    "cli": set(),
    "local": {"cli", "dashboards", "processor", "ruletest", "timestream_local"},
    # The bill is measured on local/'s traffic.
    "infra": {"cli", "dashboards", "local", "processor"},
    "provisioning": {"cli", "dashboards", "processor"},
}
ROOMS = {path.parent.name for path in ROOT.glob("*/__init__.py")} - {"tests"}


def known(path: Path) -> set[str]:
    """Return the rooms that a module imports, wherever in it."""
    names = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            names |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names.add(node.module.split(".")[0])
    return names & ROOMS


@pytest.mark.parametrize("room", BELOW)
def test_a_room_knows_only_those_below_it(room: str) -> None:
    paths = sorted((ROOT / room).rglob("*.py"))
    assert paths
    for path in paths:
        assert known(path) - {room} <= BELOW[room], path


def test_there_is_no_way_round() -> None:
    order = list(BELOW)
    for room, below in BELOW.items():
        assert all(order.index(other) < order.index(room) for other in below & set(order))
