"""What is a store's stands in the store's folder: the rest of the processor does not know which."""

import re
from pathlib import Path

import pytest

from processor import stores
from processor.aws import Aws
from processor.config import Config
from processor.stores import clickhouse
from processor.stores.timestream import Settings

ROOT = Path(__file__).parents[2] / "processor"
STORES = ROOT / "stores"
# The Makefile stands aside: it has to name the services whose models the package keeps.
OUTSIDE = sorted(
    path
    for path in ROOT.rglob("*.*")
    if path.suffix in (".py", ".json") and path.parent in (ROOT, STORES)
)
# The names of stores; Timestream's operations and attributes, its stores, its layouts, its measure
# names; ClickHouse's formats, engines and settings.
ITS_OWN = re.compile(
    rf"{'|'.join(stores.STORES)}|\bwrite_?records\b"
    r"|measure_?(name|value)|common_?attributes|magnetic|memory store"
    r"|\btsv\b|tabseparated|mergetree|\binsert\b|\w*deduplication_token"
    r"|\bmulti\b|\bclassic\b|sc_bytes|\bschema_body\b|\bpipeline_body\b|nanosecond|2,?048 bytes",
    re.IGNORECASE,
)
# One place has to say which stores there are.
ALLOWED = {
    "stores/__init__.py": [f'"{name}": "processor.stores.{name}",' for name in stores.STORES],
}


@pytest.mark.parametrize("path", OUTSIDE, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_file_outside_the_stores_folder_knows_the_store(path):
    text = path.read_text()
    for allowed in ALLOWED.get(str(path.relative_to(ROOT)), ()):
        assert allowed in text, f"{allowed!r} is allowed for nothing"
        text = text.replace(allowed, "")
    assert not [found.group() for found in ITS_OWN.finditer(text)]


def test_all_of_the_processor_is_looked_at():
    names = {str(path.relative_to(ROOT)) for path in OUTSIDE}
    assert {"handler.py", "report.py", "values.py", "fields.json", "stores/__init__.py"} <= names
    beside = {path for path in ROOT.rglob("*.py") if path not in OUTSIDE}
    assert {path.parent.parent for path in beside} == {STORES}


def test_only_the_stores_room_imports_a_store():
    for path in OUTSIDE:
        if path.parent != STORES:
            assert not re.search(r"processor\.stores\.\w|stores import [a-z]", path.read_text())


CONFIGS = {
    "multi": Config(),
    "classic": Config(settings=Settings(layout="classic")),
    "clickhouse": Config(store="clickhouse", settings=clickhouse.Settings("http://localhost:8123")),
}


def test_every_store_is_looked_at():
    folders = {path.name for path in STORES.iterdir() if (path / "__init__.py").exists()}
    assert folders == set(stores.STORES)
    assert {each.store for each in CONFIGS.values()} == folders, "CONFIGS above lacks a store"


@pytest.mark.parametrize("kind", CONFIGS)
def test_the_configured_store_does_all_that_is_promised(kind):
    promised = {name for name in vars(stores.Store) if not name.startswith("_")}
    assert promised == {"prepare", "announce", "encode", "write", "write_report"}
    config = CONFIGS[kind]
    brought = {name for name in vars(stores.Kind) if not name.startswith("_")}
    assert brought == {"settings_from", "check", "connect"}
    assert not {name for name in brought if not hasattr(stores.of(config.store), name)}
    store = stores.of(config.store).connect(config, Aws("us-east-1"))
    for name in promised:
        assert callable(getattr(store, name))
        assert getattr(stores.Store, name).__doc__
