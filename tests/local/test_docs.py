"""docs/local.md says what the commands can do, and nothing they cannot."""

import argparse
import re
from importlib import import_module

import pytest

from local.__main__ import SUBCOMMANDS
from local.incidents import ALIASES, KINDS
from tests.support.command_line import ROOT

PAGE = (ROOT / "docs/local.md").read_text()


def options(verb):
    parser = argparse.ArgumentParser()
    import_module(f"local.{verb}").arguments(parser)
    return {option: action for action in parser._actions for option in action.option_strings}


@pytest.mark.parametrize("verb", SUBCOMMANDS)
def test_every_verb_has_its_section(verb):
    assert re.search(rf"^## .*`{verb}`$", PAGE, re.MULTILINE)


def test_every_kind_of_incident_is_in_the_table():
    rows = re.findall(r"^\| `([a-z0-9-]+)` \|", PAGE, re.MULTILINE)
    assert rows == list(KINDS)


def test_what_can_be_broken_is_named():
    section = PAGE.partition("## Breaking it")[2].partition("\n## ")[0]
    for alias in set(ALIASES) - {"behaviour"}:
        assert f"`{alias}`" in section


@pytest.mark.parametrize("option", ["--port", "--kinesis-port", "--control-port"])
def test_ports_are_those_that_serve_listens_on(option):
    port = options("serve")[option].default
    assert f"`{option}`, {port}" in PAGE
    compose = (ROOT / "docker-compose.yml").read_text()
    assert re.search(rf'"127\.0\.0\.1:\$\{{\w+:-{port}\}}:{port}"', compose)


def test_incident_and_query_look_where_serve_listens():
    from local.endpoint import DEFAULT_ENDPOINT
    from local.incident import DEFAULT_CONTROL

    serve = options("serve")
    assert f"http://127.0.0.1:{serve['--port'].default}" == DEFAULT_ENDPOINT
    assert f"http://127.0.0.1:{serve['--control-port'].default}" == DEFAULT_CONTROL
