"""A store is one folder: no other file of dashboards/ names it, its language or its layouts."""

import ast
import re
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import get_args

import pytest
import yaml

from dashboards import build, stores
from dashboards.alerts.rules import RULES
from dashboards.signals import DIMENSIONS, PREDICATES, SIGNALS, Collected, NotCollected
from dashboards.signals import expressions as x
from dashboards.signals.formulas import formula
from processor.catalog import BY_NAME, FIELDS
from tests.support.usual import Bundle

ROOT = Path(__file__).resolve().parents[2] / "dashboards"
STORES = ROOT / "stores"
FILES = sorted(
    path
    for path in ROOT.rglob("*.py")
    if not any((STORES / name) in path.parents for name in stores.STORES)
)
# What only a store's own folder may say: its name, its language, its layouts and columns.
NAMES = re.compile("|".join(stores.STORES), re.IGNORECASE)
LANGUAGE = re.compile(
    r"\bSELECT\b|\bFROM \$|\bGROUP BY\b|\bORDER BY\b|count_if|approx_|coalesce|date_diff"
    r"|measure_name|measure_value|rawQuery|sqlstring|\$__time(Filter|From|To)|\$__(database|table)"
)
LAYOUTS = {f"'{layout}'" for each in stores.STORES.values() for layout in each.LAYOUTS}
# The list of stores names them; that is what it is for.
REGISTRY = STORES / "__init__.py"
# SQL that all stores understand: it names none of them.
COMMON = STORES / "common"


def texts(path: Path) -> Iterator[tuple[int, str]]:
    """Yield each string that code holds, docstrings too, as Python writes it, with its line."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.lineno, node.value


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_no_file_outside_a_stores_folder_names_it(path: Path) -> None:
    """In code, comments and docstrings."""
    found = [
        f"{path.relative_to(ROOT)}:{number}: {line.strip()}"
        for number, line in enumerate(path.read_text().splitlines(), start=1)
        if NAMES.search(line) or (LANGUAGE.search(line) and COMMON not in path.parents)
    ]
    if path == REGISTRY:
        assert len(found) == 1 + len(stores.STORES), "an import, and the one list"
    else:
        assert found == []


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_no_file_outside_a_stores_folder_names_a_layout(path: Path) -> None:
    """As a value; Grafana has tooltips and palettes with such words, which are its own."""
    grafanas = {"grafana/figures.py", "grafana/panels.py", "grafana/variables.py"}
    if path.relative_to(ROOT).as_posix() not in grafanas:
        assert [(n, text) for n, text in texts(path) if repr(text) in LAYOUTS] == []


def test_every_folder_of_stores_is_listed_and_brings_the_same_modules() -> None:
    """`ls stores/*` is the list of what a store has to bring."""
    folders = {path.name for path in STORES.iterdir() if (path / "__init__.py").exists()}
    folders.discard(COMMON.name)
    assert folders == set(stores.STORES)
    for name in folders:
        made = {path.stem for path in (STORES / name).glob("*.py")}
        assert {"__init__", "store", "dialect", "queries", "datasource", "query", "lint"} <= made


@pytest.mark.parametrize("name", stores.STORES)
def test_a_store_has_all_that_is_promised(name: str) -> None:
    """Of its settings, of itself and of its queries."""
    store = stores.of(Bundle(store=name))
    for protocol, made in (
        (stores.Store, store),
        (stores.Queries, store.queries),
        (stores.Settings, store.settings),
    ):
        promised = {*protocol.__annotations__, *(n for n in vars(protocol) if n[0] != "_")}
        assert {name for name in promised if not hasattr(made, name)} == set()


KINDS = {*get_args(x.Predicate), *get_args(x.Aggregate), *get_args(x.Label)}
NEEDS = [*SIGNALS.values(), *DIMENSIONS.values(), *PREDICATES]


@pytest.mark.parametrize("name", stores.STORES)
def test_every_kind_of_expression_can_be_asked(name: str) -> None:
    dialect = import_module(f"dashboards.stores.{name}.dialect")
    assert {*dialect._SIMPLE, *dialect._OTHERS} >= KINDS
    with pytest.raises(TypeError, match="str"):
        dialect.Dialect(Bundle(store=name)).sql("count(*)")


def test_every_kind_of_expression_can_be_read() -> None:
    """As a formula."""
    for signal in SIGNALS.values():
        assert formula(signal.value)
    with pytest.raises(TypeError, match="no formula of object"):
        formula(object())


def test_what_is_needed_is_read_off_the_structure() -> None:
    """No store is asked; each field is one that CloudFront sends."""
    every = Collected(field.name for field in FIELDS)
    for need in NEEDS:
        assert set(every.fields_of(need)) <= set(BY_NAME)
    assert every.fields_of("hit") == ("x-edge-result-type", "x-edge-detailed-result-type")
    assert every.fields_of(SIGNALS["ttfb_hit_p95"]) == (
        "time-to-first-byte",
        "x-edge-result-type",
        "x-edge-detailed-result-type",
    )
    assert every.fields_of(SIGNALS["requests"], SIGNALS["received"]) == ()


@pytest.mark.parametrize("missing", sorted(BY_NAME))
def test_without_a_field_nothing_asks_for_it(missing: str) -> None:
    """What cannot do without says so by name; what has a fallback takes it."""
    every = Collected(BY_NAME)
    some = Collected(name for name in BY_NAME if name != missing)
    for need in NEEDS:
        if some.available(need):
            assert missing not in some.fields_of(need)
            continue
        assert missing in every.fields_of(need)
        with pytest.raises(NotCollected, match=f"^{missing} is not among the collected"):
            some.resolve(need)


def test_names_stand_for_predicates_that_are_there() -> None:
    """Wherever one is used."""
    for need in [*SIGNALS.values(), *PREDICATES.values()]:
        for part in x.parts(getattr(need, "value", need)):
            if isinstance(part, x.Named):
                assert part.name in PREDICATES


@pytest.mark.parametrize("name", stores.STORES)
def test_what_is_described_names_the_store_of_the_bundle(name: str) -> None:
    """In the words that people read; no placeholder is left."""
    title = stores.STORES[name].TITLE
    assert SIGNALS["rejected"].described(title).startswith(f"Rows that {title} refused")
    assert any("{store}" in rule.title for rule in RULES.values())
    assert not [path for path, text in build(Bundle(store=name)).items() if "{store}" in text]


@pytest.mark.slow
@pytest.mark.parametrize("name", stores.STORES)
def test_every_store_has_the_same_dashboards_and_rules(name: str) -> None:
    """Under the same names, so that links and alerts are the same."""
    usual, files = build(Bundle()), build(Bundle(store=name))

    def others(files: dict[str, str]) -> set[str]:
        return {path for path in files if not path.startswith("datasources/")}

    def uids(files: dict[str, str]) -> set[str]:
        groups = yaml.safe_load(files["alerting/rules.yaml"])["groups"]
        return {rule["uid"] for group in groups for rule in group["rules"]}

    assert others(files) == others(usual)
    assert f"datasources/{name}.yaml" in files
    assert uids(files) == uids(usual)


@pytest.mark.parametrize("rule", RULES)
def test_every_store_confirms_an_alert_by_a_query_or_none_does(rule: str) -> None:
    found = {name: each.confirm(rule) is not None for name, each in stores.STORES.items()}
    assert len(set(found.values())) == 1, f"confirm.toml of each store: {found}"
