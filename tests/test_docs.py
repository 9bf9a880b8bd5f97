"""What the README and the pages under docs/ tell people to type, click and read is there."""

import re
import shlex
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parent.parent
HOUSES = [
    ROOT / "ruletest/README.md",
    ROOT / "timestream_local/README.md",
    ROOT / "timestream_local/sql.md",
]
DOCS = [*sorted((ROOT / "docs").glob("*.md")), *HOUSES]
PAGES = [*(ROOT / name for name in ("README.md", "CONTRIBUTING.md", "CHANGELOG.md")), *DOCS]
BLOCK = re.compile(r"^ *```(?:sh|bash|console)\n(.*?)^ *```", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
TARGETS = set(
    re.findall(r"^([a-z][a-z0-9-]*):.*## ", (ROOT / "Makefile").read_text(), re.MULTILINE)
)


def commands(page: Path) -> list[list[str]]:
    """Return the commands of a page's shell blocks, as words; comments and continuations undone."""
    found = []
    for block in BLOCK.findall(page.read_text()):
        for line in block.replace("\\\n", " ").splitlines():
            words = shlex.split(line.removeprefix("$ "), comments=True)
            while words and re.fullmatch(r"[A-Z_]+=.*", words[0]):
                words = words[1:]
            if words:
                found.append(words)
    return found


def printed(program: str) -> list[tuple[Path, list[str]]]:
    return [(page, words) for page in PAGES for words in commands(page) if words[0] == program]


def name(value: object) -> str:
    return value.name if isinstance(value, Path) else " ".join(map(str, value))


@cache
def usage(*command: str) -> str:
    result = subprocess.run(
        [sys.executable, "-m", *command, "--help"], capture_output=True, text=True, cwd=ROOT
    )
    assert result.returncode == 0, f"python -m {' '.join(command)} --help: {result.stderr}"
    return result.stdout


def anchors(page: Path) -> set[str]:
    """Return the anchors of a page's headings, made as GitHub makes them."""
    headings = re.findall(r"^#+ (.+)$", page.read_text(), re.MULTILINE)
    plain = (re.sub(r"[^\w\- ]", "", heading.lower()) for heading in headings)
    explicit = re.findall(r'<a (?:id|name)="([^"]+)"', page.read_text())
    return {heading.strip().replace(" ", "-") for heading in plain} | set(explicit)


class TestReadme:
    def test_begins_with_the_two_commands_that_need_no_account(self):
        first = [words for words in commands(ROOT / "README.md") if words[0] == "make"]
        assert first[:2] == [["make", "demo"], ["make", "test"]]

    def test_ci_runs_the_test_command_it_prints(self):
        assert "make test" in (ROOT / ".ci" / "run").read_text().splitlines()

    def test_leads_to_every_page(self):
        linked = {link.split("#")[0] for link in LINK.findall((ROOT / "README.md").read_text())}
        pages = [page.relative_to(ROOT).as_posix() for page in DOCS]
        missing = [page for page in pages if page not in linked]
        assert not missing, f"README.md links to none of {missing}"

    def test_names_every_make_target(self):
        text = "\n".join(page.read_text() for page in PAGES)
        missing = [target for target in sorted(TARGETS) if f"make {target}" not in text]
        assert not missing, f"no page says what these are for: {missing}"


@pytest.mark.parametrize(("page", "words"), printed("make"), ids=name)
def test_make_knows_every_printed_target(page, words):
    goals = [word for word in words[1:] if "=" not in word]
    assert goals, f"{page.name}: {words} names no target"
    assert set(goals) <= TARGETS, f"{page.name} prints a make target that is not there: {goals}"
    text = (ROOT / "Makefile").read_text()
    for word in words[1:]:
        if "=" in word:
            variable = word.split("=")[0]
            assert re.search(rf"\$[({{]?.*\b{variable}\b", text), f"make never reads {variable}"


@pytest.mark.slow
@pytest.mark.parametrize(
    ("page", "words"), printed("python") + printed(".venv/bin/python"), ids=name
)
def test_every_printed_module_has_the_printed_options(page, words):
    assert words[1] == "-m", f"{page.name}: {words}"
    module, rest = words[2], words[3:]
    for sign in ("|", ">", "<", "&&"):
        rest = rest[: rest.index(sign)] if sign in rest else rest
    text = usage(module)
    verbs = set(re.findall(r"\{([^}]+)\}", text)[0].split(",")) if "{" in text else set()
    if rest and rest[0] in verbs:
        text = usage(module, rest[0])
    for word in rest:
        if word.startswith("--"):
            option = word.split("=")[0]
            assert re.search(rf"{option}\b", text), f"{page.name}: {module} has no {option}"


@pytest.mark.parametrize(
    "page", [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))], ids=name
)
def test_commands_run_as_printed(page):
    """The Python that has the libraries is named; CONTRIBUTING.md alone says once which it is."""
    bare = re.findall(r"^(?: {4,})?python3? -m .*", page.read_text(), re.MULTILINE)
    assert not bare, f"{page.name}: write .venv/bin/python in {bare}"


@pytest.mark.parametrize(("page", "words"), printed("docker"), ids=name)
def test_compose_has_every_printed_profile_and_service(page, words):
    assert words[1] == "compose", f"{page.name}: only compose is documented"
    compose = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
    profiles = {p for service in compose["services"].values() for p in service.get("profiles", ())}
    if "--profile" in words:
        assert words[words.index("--profile") + 1] in profiles
    verb = next(word for word in words[2:] if word in {"up", "down", "logs", "build", "ps", "exec"})
    for word in words[words.index(verb) + 1 :]:
        if not word.startswith("-"):
            assert word in compose["services"], f"{page.name}: no compose service {word}"
            break


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_links_lead_somewhere(page):
    for link in LINK.findall(page.read_text()):
        if link.startswith(("http://", "https://", "mailto:")):
            continue
        path, _, anchor = link.partition("#")
        target = (page.parent / path).resolve() if path else page
        assert target.exists(), f"{page.name} links to {link}, which is not there"
        if anchor and target.suffix == ".md":
            assert anchor in anchors(target), f"{page.name} links to {link}: no such heading"
