"""CONTRIBUTING.md tells of the folders and files that are there, and of nothing else."""

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PAGE = (ROOT / "CONTRIBUTING.md").read_text()


def tree() -> dict[str, str]:
    """Return the folders of the page's tree, as paths, and what is said of each."""
    block = re.search(r"^```\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)
    assert block, "the page has no tree"
    found: dict[str, str] = {}
    above: list[str] = []
    for line in block[1].splitlines():
        parts = re.fullmatch(r"((?:  )*)([\w.]+)/ +(\S.*)", line)
        assert parts, f"not a folder and a line about it: {line!r}"
        above = [*above[: len(parts[1]) // 2], parts[2]]
        path = "/".join(above)
        assert path not in found, f"{path} is there twice"
        found[path] = parts[3]
    return found


def real() -> set[str]:
    """Return every top-level folder, and every folder with code of the product, that is in git."""
    try:
        listed = subprocess.run(
            ["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True
        )
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("this is no git checkout")
    files = [Path(name) for name in listed.stdout.splitlines() if (ROOT / name).exists()]
    top = {file.parts[0] for file in files if len(file.parts) > 1}
    code = {file.parent for file in files if file.suffix == ".py" and not _is_test(file)}
    return top | {folder.as_posix() for folder in code}


def _is_test(file: Path) -> bool:
    return "tests" in file.parts and "support" not in file.parts


def test_the_tree_is_the_real_one() -> None:
    told = tree()
    missing = sorted(real() - set(told))
    assert not missing, f"CONTRIBUTING.md has no line for {missing}"
    gone = sorted(path for path in told if not (ROOT / path).is_dir())
    assert not gone, f"CONTRIBUTING.md has a line for {gone}, which is not there"


def test_folders_are_in_order_so_that_one_is_found() -> None:
    told = [path.split("/") for path in tree()]
    assert told == sorted(told)


def test_every_file_that_the_page_names_is_there() -> None:
    """But for the rule of the example, which nobody has added."""
    prose = re.sub(r"^ *```.*?^ *```", "", PAGE, flags=re.MULTILINE | re.DOTALL)
    named = set(re.findall(r"`([\w.-]+(?:/[\w.-]*)+)`", prose))
    assert len(named) > 10
    gone = {path for path in named if not (ROOT / path).exists()}
    assert gone <= {"tests/alerts/cases/tls13-low.yaml"}, gone
