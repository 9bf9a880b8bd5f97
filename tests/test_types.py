"""Types are checked for all of the product, and what is excused from that says why."""

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parent.parent
TEXT = (ROOT / "pyproject.toml").read_text()
MYPY: dict[str, Any] = tomllib.loads(TEXT)["tool"]["mypy"]
ROOMS = sorted({path.parent.name for path in ROOT.glob("*/__init__.py")} - {"tests"})
IGNORED = re.compile(r"# type: ignore(?P<code>\[[\w, -]+\])?(?:\s+#\s*(?P<reason>\S.*))?")


def test_every_room_is_checked_strictly() -> None:
    assert {"processor", "dashboards", "timestream_local"} < set(ROOMS)
    assert sorted(MYPY["files"]) == ROOMS
    assert MYPY["strict"] is True
    loosened = set(MYPY) - {"strict", "python_version", "files", "exclude", "overrides"}
    assert not loosened, "a setting for all of the product would loosen it"
    assert MYPY["exclude"] == ["/tests/"]


def test_make_lint_checks_them() -> None:
    recipe = (ROOT / "Makefile").read_text().partition("\nlint:")[2].partition("\n\n")[0]
    assert "\t$(PY) -m mypy" in recipe.splitlines()


def test_only_libraries_without_types_are_excused_each_with_a_reason() -> None:
    excused = MYPY["overrides"]
    for override in excused:
        assert set(override) == {"module", "ignore_missing_imports"}
        assert override["module"].partition(".")[0] not in ROOMS
    reasons = re.findall(r"^# .+\n\[\[tool\.mypy\.overrides]]$", TEXT, re.MULTILINE)
    assert len(reasons) == len(excused)


@pytest.mark.parametrize("room", ROOMS)
def test_an_ignored_error_names_its_code_and_a_reason(room: str) -> None:
    for path in (ROOT / room).rglob("*.py"):
        if "tests" in path.parts:
            continue
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
            if found := IGNORED.search(line):
                assert found["code"], f"{path}:{number}"
                assert found["reason"], f"{path}:{number}"


@pytest.mark.parametrize(
    ("line", "code", "reason"),
    [
        ("x = y  # type: ignore", None, None),
        ("x = y  # type: ignore[misc]", "[misc]", None),
        ("x = y  # type: ignore[misc] # no types", "[misc]", "no types"),
        ("x = y  # type: ignore[misc, arg-type]  # no types", "[misc, arg-type]", "no types"),
    ],
)
def test_a_line_that_ignores_is_read_as_mypy_reads_it(
    line: str, code: str | None, reason: str | None
) -> None:
    found = IGNORED.search(line)
    assert found is not None
    assert (found["code"], found["reason"]) == (code, reason)
