"""What the commands print and ask: tables as text, yes or no, and lines that wait."""

import io
import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest
from botocore.exceptions import ClientError, NoCredentialsError
from hypothesis import given
from hypothesis import strategies as st
from rich.text import Text

from cli import aws, console
from cli.errors import Cancelled, Unanswered

ROOT = Path(__file__).parents[2]
WORDS = st.text(st.characters(codec="ascii", exclude_categories=("C", "Z")), min_size=1)


@pytest.mark.slow
@given(st.lists(st.tuples(WORDS, WORDS), min_size=1))
def test_a_table_as_text_has_each_cell_whole_and_no_blanks_at_the_end(
    rows: list[tuple[str, str]],
) -> None:
    table = console.plain()
    for row in rows:
        table.add_row(*map(Text, row))
    lines = list(console.lines(table))
    width = max(len(first) for first, _ in rows)
    assert lines == [f"{first:<{width}}  {second}" for first, second in rows]


def test_without_a_terminal_nothing_is_wrapped_or_colored(
    capsys: pytest.CaptureFixture[str],
) -> None:
    table = console.plain()
    table.add_row(Text("!!", style="red"), Text("word " * 100))
    console.put(console.output(), table)
    assert capsys.readouterr().out == f"!!  {'word ' * 99}word\n"


@pytest.mark.parametrize(
    ("answer", "yes"),
    [("y", True), ("YES ", True), ("", False), ("n", False), ("yep", False), ("ja", False)],
)
def test_only_a_yes_is_a_yes(monkeypatch: pytest.MonkeyPatch, answer: str, yes: bool) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{answer}\n"))
    assert console.agreed("Go on?") is yes
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{answer}\n"))
    if yes:
        console.confirm("Go on?", yes=False)
    else:
        with pytest.raises(Cancelled, match="Nothing was changed"):
            console.confirm("Go on?", yes=False)


def test_nobody_to_answer_is_told_of_yes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO())
    with pytest.raises(Unanswered, match="add --yes"):
        console.confirm("Go on?", yes=False)
    console.confirm("Go on?", yes=True)


def test_waiting_prints_changes_only(capsys: pytest.CaptureFixture[str]) -> None:
    with console.Waiting() as waiting:
        for seconds in range(3):
            waiting.update("Waiting for [E1]", f" ({seconds} s)")
        waiting.done("[E1] is deployed.")
    assert capsys.readouterr().out == "Waiting for [E1]\n[E1] is deployed.\n"


def test_on_a_terminal_waiting_gives_the_cursor_back_whatever_happens() -> None:
    program = (
        "from cli.console import Waiting\n"
        "with Waiting() as waiting:\n"
        "    waiting.update('Waiting', ' (1 s)')\n"
        "    raise KeyboardInterrupt\n"
    )
    leader, follower = pty.openpty()
    environment = {**os.environ, "TERM": "xterm-256color"}
    with subprocess.Popen(
        [sys.executable, "-c", program],
        cwd=ROOT,
        env=environment,
        stdout=follower,
        stderr=subprocess.DEVNULL,
    ) as process:
        os.close(follower)
        said = b""
        try:
            while part := os.read(leader, 4096):
                said += part
        except OSError:  # the other end is closed
            pass
        process.wait(timeout=30)
    os.close(leader)
    assert b"Waiting" in said
    assert said.rfind(b"\x1b[?25h") > said.rfind(b"\x1b[?25l") >= 0


def refusal(code: str, message: str = "") -> ClientError:
    return ClientError({"Error": {"Code": code, "Message": message}}, "CreateThing")


@pytest.mark.parametrize(
    ("error", "doing", "sentence"),
    [
        (
            refusal("AccessDenied", "User x is not authorized to perform: a:B on y"),
            "",
            "AWS does not allow a:B: your role lacks the permission for CreateThing; "
            "docs/permissions.md lists what is needed. "
            "(User x is not authorized to perform: a:B on y)",
        ),
        (
            refusal("AccessDeniedException"),
            "make a thing",
            "AWS does not allow you to make a thing: your role lacks the permission for "
            "CreateThing; docs/permissions.md lists what is needed.",
        ),
        (
            refusal("ExpiredTokenException"),
            "make a thing",
            "The AWS credentials have expired, or are no longer valid (ExpiredTokenException); "
            "log in again.",
        ),
        (refusal("Odd", "Bad day."), "", "AWS refused CreateThing: Bad day. (Odd)."),
        (
            NoCredentialsError(),
            "",
            "There are no usable AWS credentials; log in with the AWS CLI or set AWS_PROFILE.",
        ),
    ],
)
def test_an_error_of_aws_is_one_sentence(error: ClientError, doing: str, sentence: str) -> None:
    assert aws.explain(error, doing) == sentence
