"""What is a store's stands in the store's folder: the rest of the processor does not know which."""

import re
from pathlib import Path

import pytest

from processor import stores
from processor.aws import Aws
from processor.config import Config

ROOT = Path(__file__).parents[2] / "processor"
STORES = ROOT / "stores"
# The Makefile stands aside: it has to name the services whose models the package keeps.
OUTSIDE = sorted(
    path
    for path in ROOT.rglob("*.*")
    if path.suffix in (".py", ".json") and path.parent in (ROOT, STORES)
)
# Timestream's name, its operations and attributes, its stores, its layouts, its measure names.
ITS_OWN = re.compile(
    r"timestream|\bwrite_?records\b|measure_?(name|value)|common_?attributes|magnetic|memory store"
    r"|\bmulti\b|\bclassic\b|sc_bytes|\bschema_body\b|\bpipeline_body\b|nanosecond|2,?048 bytes",
    re.IGNORECASE,
)
# What users type stays what it is; and one place has to say which store there is.
ALLOWED = {
    "config.py": [
        'env.get("TIMESTREAM_DATABASE")',
        'env.get("TIMESTREAM_TABLE")',
        "Variables: TIMESTREAM_DATABASE, TIMESTREAM_TABLE, LOG_FIELDS and DROP_FIELDS",
        'LAYOUTS = ("multi", "classic")',
    ],
    "stores/__init__.py": [
        "from processor.stores import timestream",
        "timestream.check(config)",
        "timestream.connect(config, aws)",
    ],
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


@pytest.mark.parametrize("layout", ["multi", "classic"])
def test_the_configured_store_does_all_that_is_promised(layout):
    promised = {name for name in vars(stores.Store) if not name.startswith("_")}
    assert promised == {"prepare", "announce", "encode", "write", "write_report"}
    store = stores.connect(Config(layout=layout), Aws("us-east-1"))
    for name in promised:
        assert callable(getattr(store, name))
        assert getattr(stores.Store, name).__doc__
