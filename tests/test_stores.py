"""A store is one folder or module a room, under the same name, and known nowhere else.

Where the line is drawn: code of the rooms below, comments and docstrings included, does not name a
store, write its SQL, or name its measures and layouts. Not code are docs, generated files, and
infra/template.yaml, which is the stack with this store in it: its names of resources, parameters
and outputs are what users type, and so are environment variables.
"""

import re
from importlib import import_module
from itertools import product
from pathlib import Path
from typing import Any

import pytest

from processor import stores as processor_stores
from tests.support.stores import WAYS

ROOT = Path(__file__).parents[1]
STORES = list(processor_stores.STORES)  # the usual one first
TEMPLATE = ROOT / "infra/template.yaml"
ROOMS = ("cli", "infra", "local", "provisioning")
# Each has a Protocol called Store, and `of()`, which returns what fulfils it.
HOMES = ("infra.stores", "local.stores", "provisioning.push.stores")
# Names of the template's outputs, for the one reader of a deployed stack.
TYPED = {
    "cli/stack.py": (
        *('"timestream"', "TimestreamDatabase", "TimestreamTable"),
        *('"clickhouse"', "ClickHouseDatabase", "ClickHouseTable"),
        *("ClickHouseUrl", "ClickHouseSecretArn"),
    ),
    # A package of its own, whose number types are those of every option here.
    "local/amounts.py": ("timestream_local",),
    # A key of the files that describe a rule's test.
    "local/rulecases.py": ('"pipeline"',),
}
# A name; Timestream's SQL; its measures; its layouts; its AWS service's resources.
KNOWN = re.compile(
    rf"{'|'.join(STORES)}"
    r"|measure_name|measure_value|\bselect \w|\bago\(|from_milliseconds|approx_percentile"
    r"|sc_bytes|['\"](request|pipeline)['\"]"
    r"|['\"](multi|classic)['\"]|multi or classic",
    re.IGNORECASE,
)


def sources() -> list[Path]:
    return [
        path
        for room in ROOMS
        for path in sorted((ROOT / room).rglob("*.py"))
        if "stores" not in path.relative_to(ROOT).parts
    ]


@pytest.mark.parametrize("path", sources(), ids=lambda path: path.relative_to(ROOT).as_posix())
def test_outside_its_folders_nothing_knows_the_store(path: Path) -> None:
    text = path.read_text()
    for typed in TYPED.get(path.relative_to(ROOT).as_posix(), ()):
        assert typed in text
        text = text.replace(typed, "")
    found = [
        f"line {number}: {line.strip()}"
        for number, line in enumerate(text.splitlines(), 1)
        if KNOWN.search(line)
    ]
    assert not found


def test_the_search_finds_what_it_is_for() -> None:
    """It would find every one of these outside, for it finds them inside."""
    inside = "".join(
        path.read_text()
        for room in ("infra/stores", "local/stores")
        for path in (ROOT / room).rglob("*.py")
    )
    found = {match.group().lower() for match in KNOWN.finditer(inside)}
    assert found >= {"timestream", "measure_name", "ago(", "from_milliseconds", "sc_bytes"}


def members(protocol: type) -> set[str]:
    named = {*protocol.__dict__, *getattr(protocol, "__annotations__", {})}
    return {name for name in named if not name.startswith("_")}


def missed(thing: Any, protocol: type) -> set[str]:
    """Return what a Protocol asks for and the thing does not have."""
    return {name for name in members(protocol) if not hasattr(thing, name)}


@pytest.mark.parametrize(("home", "name"), [*product(HOMES, STORES)])
def test_a_store_brings_what_its_room_asks_for(home: str, name: str) -> None:
    """Else it says what is missing. Those of processor/ and dashboards/ have tests of their own."""
    module = import_module(home)
    assert len(members(module.Store)) > 4
    missing = missed(module.of(name), module.Store)
    assert not missing, f"{home}.{name} lacks what the Protocol {home}.Store asks for"


def test_in_infra_each_part_brings_what_its_command_asks_for() -> None:
    stores = import_module("infra.stores")
    parts = members(stores.Store) - {"NAME"}
    assert parts == {
        *("check", "deploy", "schema", "status", "cost", "retention"),
        *("destroy", "permissions", "grafana"),
    }
    for part, name in product(parts, stores.STORES):
        protocol = getattr(stores, part.capitalize())
        assert members(protocol)
        brought = getattr(stores.of(name), part)
        if part == "schema" and brought is None:  # where the stack makes the table
            continue
        assert missed(brought, protocol) == set(), (part, name)


# What `started` yields, and `questions` returns.
LOCAL = {"timestream": ("Embedded", "Questions"), "clickhouse": ("Running", "Questions")}


@pytest.mark.parametrize("name", STORES)
def test_in_local_the_questions_and_the_running_form_are_complete(name: str) -> None:
    stores, store = import_module("local.stores"), import_module(f"local.stores.{name}")
    running, questions = LOCAL[name]
    assert missed(getattr(store, running), stores.Local) == set()
    assert missed(getattr(store, questions), stores.Questions) == set()


@pytest.mark.parametrize("home", ["processor.stores", "dashboards.stores", *HOMES])
def test_every_room_has_the_same_stores(home: str) -> None:
    """In its list, in the same order, and as a folder or module; `ls */stores` shows them."""
    folder = ROOT.joinpath(*home.split("."))
    found = {path.stem for path in folder.iterdir() if not path.name.startswith("__")}
    found.discard("common")  # what they share
    assert found == set(STORES), f"{home} lacks a store, or has one that processor.stores does not"
    assert list(import_module(home).STORES) == STORES, f"the list {home}.STORES"


def test_the_suites_that_compare_stores_run_over_each() -> None:
    """The contract, the golden files and the cases of alert rules."""
    assert {way.partition("-")[0] for way in WAYS} == set(STORES), "tests.support.stores.WAYS"
    golden = ROOT / "tests/dashboards/golden"
    assert {path.name for path in golden.iterdir()} == set(STORES), "run: make golden"


def test_the_template_has_the_same_stores() -> None:
    """As the values of its parameter Store."""
    allowed = re.search(
        r"^  Store:\n(?:    .*\n)*?    AllowedValues: \[(.*)\]", TEMPLATE.read_text(), re.MULTILINE
    )
    assert allowed
    assert allowed[1].split(", ") == STORES, "the parameter Store of infra/template.yaml"
