"""Who may know whom: which rooms import which, and that none do so in a circle.

Read from the code without running it; an import within a function counts as one at the top.
"""

import ast
import re
from functools import cache
from graphlib import TopologicalSorter
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).resolve().parents[1]

# Each room, and what it may import beside itself: rooms, or a module of one. Arrows go downwards.
ROOMS: dict[str, tuple[str, ...]] = {
    "bench": ("cli", "dashboards", "local", "processor", "timestream_local"),
    # Its sites are those of the sample site.
    "drill": ("cli", "dashboards", "local.sample_site", "processor.catalog", "ruletest"),
    # The bill is measured on the usual lines that local/ makes.
    "infra": ("cli", "dashboards", "local", "processor"),
    # Grafana's API is asked as the push asks it.
    "shots": (
        "cli",
        "provisioning.push.client",
        "provisioning.push.errors",
        "provisioning.push.secrets",
    ),
    "provisioning": ("cli", "dashboards", "processor.catalog", "ruletest.durations"),
    "local": ("cli", "dashboards", "processor", "ruletest", "timestream_local"),
    "dashboards": ("processor.catalog", "processor.stores.clickhouse", "ruletest"),
    # What the commands share, the Lambda, and two products: they know nothing of the others.
    "cli": ("dashboards",),
    "processor": (),
    "ruletest": (),
    "timestream_local": (),
}

# Arrows that are wrong, or go sideways, and why they are there. One that is gone is deleted here.
EXCEPTIONS: dict[tuple[str, str], str] = {}

# Modules that are named in a text and imported by that name when the program runs.
BY_NAME: dict[tuple[str, str], str] = {
    (
        "dashboards/stores/timestream/__init__.py",
        "local.stores.timestream.rulecases:TRAFFIC",
    ): "`python -m "
    "dashboards test-rules` hands the tester the name of its data; nothing that builds needs it",
    (
        "dashboards/stores/clickhouse/__init__.py",
        "local.stores.clickhouse.rulecases:TRAFFIC",
    ): "the same, where --store says so",
    ("ruletest/command.py", "ruletest.static:SOURCE"): "the tester's own source, named as any is",
}
_NAME = re.compile(rf"(?:{'|'.join(ROOMS)})(?:\.[A-Za-z_]\w*)+:\w+")


class Arrow(NamedTuple):
    """A file, below the root, and the module that it imports."""

    file: str
    module: str

    @property
    def ends(self) -> tuple[str, str]:
        """The rooms that it leads from and to."""
        return self.file.partition("/")[0], self.module.partition(".")[0]


def product(room: str) -> list[Path]:
    """Return a room's files, without the tests that stand in it."""
    found = sorted((ROOT / room).rglob("*.py"))
    return [path for path in found if "tests" not in path.relative_to(ROOT).parts]


@cache
def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def is_module(name: str) -> bool:
    place = ROOT.joinpath(*name.split("."))
    return place.with_suffix(".py").exists() or (place / "__init__.py").exists()


def imported(path: Path) -> set[str]:
    """Return the modules that a file imports, however it writes that."""
    found = set()
    for node in ast.walk(parsed(path)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            base = ".".join(path.relative_to(ROOT).parts[: -node.level]) if node.level else ""
            module = ".".join(filter(None, (base, node.module)))
            for alias in node.names:
                name = f"{module}.{alias.name}"
                found.add(name if is_module(name) else module)
    return found


@cache
def arrows() -> list[Arrow]:
    """Return every import from one room into another."""
    found = [
        Arrow(path.relative_to(ROOT).as_posix(), module)
        for room in ROOMS
        for path in product(room)
        for module in sorted(imported(path))
    ]
    return [each for each in found if each.ends[1] in ROOMS and each.ends[0] != each.ends[1]]


def allowed(arrow: Arrow) -> bool:
    return any(
        arrow.module == each or arrow.module.startswith(f"{each}.") for each in ROOMS[arrow.ends[0]]
    )


def named() -> set[tuple[str, str]]:
    """Return the modules that texts name, with the file that does."""
    return {
        (path.relative_to(ROOT).as_posix(), node.value)
        for room in ROOMS
        for path in product(room)
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
        if _NAME.fullmatch(node.value)
    }


def test_every_room_is_in_the_table() -> None:
    packages = {path.parent.name for path in ROOT.glob("*/__init__.py")}
    assert packages - {"tests"} <= set(ROOMS)
    assert all(product(room) for room in ROOMS)


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_knows_only_what_is_below_it(room: str) -> None:
    wrong = [
        f"{arrow.file} imports {arrow.module}"
        for arrow in arrows()
        if arrow.ends[0] == room and not allowed(arrow) and arrow not in EXCEPTIONS
    ]
    assert not wrong, f"{room} may import {ROOMS[room] or 'nothing of the project'}: {wrong}"


def test_no_exception_is_left_that_is_not_needed() -> None:
    found = {tuple(arrow) for arrow in arrows() if not allowed(arrow)}
    assert set(EXCEPTIONS) <= found, "delete from EXCEPTIONS what is no longer imported"


def test_no_two_rooms_know_each_other() -> None:
    """Nor three in a circle: exceptions count, too."""
    known: dict[str, set[str]] = {room: set() for room in ROOMS}
    for arrow in arrows():
        known[arrow.ends[0]].add(arrow.ends[1])
    assert list(TopologicalSorter(known).static_order())


def test_a_module_is_imported_by_name_only_where_the_table_says() -> None:
    assert named() == set(BY_NAME)


@pytest.mark.parametrize(
    ("code", "module"),
    [
        ("import local.demo", "local.demo"),
        ("from local import demo", "local.demo"),
        ("from local.demo import main", "local.demo"),
        ("def f():\n    from local import demo", "local.demo"),
        ("from . import lint", "dashboards.lint"),
    ],
)
def test_an_import_is_seen_however_it_is_written(
    code: str, module: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(globals(), "parsed", lambda _: ast.parse(code))
    assert module in imported(ROOT / "dashboards/alerts.py")
