"""The engine is installed by the verbs that name the store, and by the tests; its size is told."""

import re
import subprocess

import pytest

from local.stores.clickhouse.server import INSTALL
from tests.support.command_line import ROOT


def steps(*goal: str) -> str:
    """Return what make would do where the engine is not installed yet."""
    done = subprocess.run(
        ["make", "-n", "-W", "requirements/clickhouse.txt", *goal],
        cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    return done.stdout


@pytest.mark.parametrize("verb", ["demo", "serve", "ingest", "query"])
def test_a_verb_that_names_the_store_installs_it_first_and_says_how_big_it_is(verb):
    told, installed, ran = (
        steps(verb, "STORE=clickhouse").find(text)
        for text in ("181 MB", "-r requirements/clickhouse.txt", f"local {verb} --store clickhouse")
    )
    assert -1 < told < installed < ran
    assert "requirements/clickhouse.txt" not in steps(verb)
    assert f"local {verb} --store timestream" in steps(verb)


def test_the_tests_install_it_too():
    assert steps("test").find("-r requirements/clickhouse.txt") > -1


def test_it_is_as_big_everywhere_it_is_told():
    pages = ("Makefile", "docs/local.md", "requirements/clickhouse.in")
    for text in (INSTALL, *((ROOT / page).read_text() for page in pages)):
        assert set(
            re.findall(r"(?<!Playwright into .venv, once: a )download of (\d+ MB)", text)
        ) == {"181 MB"}


def test_it_is_locked_with_hashes_and_brings_nothing_else():
    lock = (ROOT / "requirements/clickhouse.txt").read_text()
    wanted = re.findall(r"^([\w-]+==[\d.]+)$", (ROOT / "requirements/clickhouse.in").read_text(),
                        re.MULTILINE)  # fmt: skip
    assert re.findall(r"^([\w-]+==[\d.]+) \\$", lock, re.MULTILINE) == wanted
    assert lock.count("--hash=sha256:") >= 2
    assert "index-url" not in lock
