"""The administrator's password, and the reader's: asked, shown once, kept nowhere."""

import re
import sys
from collections.abc import Callable

import pytest

from cli.errors import Problem
from infra.stores.clickhouse import admin, deploy
from infra.stores.clickhouse.server import Login, Server
from processor.stores.clickhouse.schema import Place
from tests.support.clickhouse_http import Answer, fake


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody is there."""
    for name in ("ADMIN_USER", "ADMIN_PASSWORD", "READER_PASSWORD"):
        monkeypatch.delenv(f"CLICKHOUSE_{name}", raising=False)
    monkeypatch.setattr(sys.stdin, "isatty", lambda: True, raising=False)
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True, raising=False)


@pytest.mark.parametrize(("typed", "user"), [("", "default"), ("root", "root")])
def test_in_a_terminal_user_and_password_are_asked_for(
    terminal: None,
    monkeypatch: pytest.MonkeyPatch,
    answers: Callable[..., list[str]],
    typed: str,
    user: str,
) -> None:
    answers(typed)
    monkeypatch.setattr("getpass.getpass", lambda prompt: f"of {prompt}")
    assert admin.login("to look", yes=False) == Login(user, f"of Password of {user}: ")


def test_the_environment_is_asked_first(terminal: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CLICKHOUSE_ADMIN_PASSWORD", "")
    assert admin.login("to look", yes=True) == Login("default", "")
    monkeypatch.setenv("CLICKHOUSE_ADMIN_USER", "root")
    assert admin.login("to look", yes=False) == Login("root", "")


def test_where_nobody_is_there_the_way_on_is_said(
    terminal: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(Problem, match="make schema ARGS=--print"):
        admin.login("to look", yes=True)
    monkeypatch.setattr(sys.stdin, "isatty", lambda: False)
    with pytest.raises(Problem, match="CLICKHOUSE_ADMIN_PASSWORD"):
        admin.login("to look", yes=False)


def test_a_readers_password_is_made_up_and_shown_once(
    terminal: None, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    shown = set()

    def answer(query: str) -> Answer:
        return [["default"]] if "system.users" in query else []

    for _ in range(2):
        with fake(answer) as (url, asked):
            deploy.make_reader(Server(url, Login("default", "")), Place())
        said = capsys.readouterr().out
        (password,) = re.findall(r"gets the password (\S+):", said)
        assert len(password) >= 32
        assert password not in "".join(asked.queries)
        assert said.count(password) == 1
        shown.add(password)
    assert len(shown) == 2


def test_a_reader_that_is_there_keeps_its_password_and_may_read_new_tables(
    terminal: None, capsys: pytest.CaptureFixture[str]
) -> None:
    def answer(query: str) -> Answer:
        return [["default"], ["cloudfront_reader"]] if "system.users" in query else []

    with fake(answer) as (url, asked):
        deploy.make_reader(Server(url, Login("default", "")), Place(database="other"))
    assert not [query for query in asked.queries if "USER" in query.upper().split("SYSTEM")[0]]
    assert asked.queries[-1] == "GRANT SELECT ON `other`.* TO `cloudfront_reader`"
    assert "password" not in capsys.readouterr().out
