"""How a verb ends: whatever happens, with a status, and with a sentence where there is one."""

import subprocess
import sys

import pytest

from cli.command import finish
from tests.support.command_line import ROOT


class Known(Exception):
    """An error that the caller has words for."""


def explain(error: Exception) -> str | None:
    return f"known: {error}" if isinstance(error, Known) else None


def raiser(error: BaseException):
    def run() -> int:
        raise error

    return run


@pytest.mark.parametrize(
    ("error", "status", "said"),
    [
        (Known("do this"), 1, "known: do this"),
        (KeyboardInterrupt(), 130, "Interrupted."),
        (BrokenPipeError(32, "Broken pipe"), 0, ""),
        (FileNotFoundError(2, "No such file or directory", "x.log"), 1, "x.log: No such file"),
        (PermissionError(13, "Permission denied", "x.log"), 1, "x.log: Permission denied."),
        (OSError(28, "No space left on device"), 1, "The output cannot be written: No space"),
        (OSError(24, "Too many open files"), 1, "The system refuses: Too many open files."),
        (KeyError("x"), 1, "This is a fault in the program, please report it: KeyError at tests/"),
        (OSError("odd"), 1, "This is a fault in the program"),
    ],
    ids=repr,
)
def test_every_error_is_a_sentence_and_a_status(capfd, error, status, said):
    assert finish(raiser(error), explain) == status
    text = capfd.readouterr().err
    assert said in text
    assert "Traceback" not in text
    assert len(text.strip().splitlines()) <= 1


def test_argparse_keeps_its_own_status():
    with pytest.raises(SystemExit) as stopped:
        finish(raiser(SystemExit(2)), explain)
    assert stopped.value.code == 2


def test_the_status_of_a_verb_is_kept():
    assert finish(lambda: 3, explain) == 3


TALKS = "print('line \\u2192 \\udcff ' * 50_000)"
HELPS = "import argparse; argparse.ArgumentParser(usage='x' * 200_000).parse_args(['--help'])"


@pytest.mark.parametrize("code", [TALKS, HELPS])
@pytest.mark.parametrize(
    ("redirect", "status"),
    [("| head -c 9", 0), (">&-", 0), (">&- 2>&-", 0), ("> /dev/full", 1), ("> /dev/null", 0)],
)
@pytest.mark.parametrize("encoding", ["utf-8", "ascii"])
def test_the_output_may_go_away_or_be_narrow(code, redirect, status, encoding):
    program = (
        "import sys; from cli.command import finish; "
        f"sys.exit(finish(lambda: exec({code!r}) or 0, lambda error: None))"
    )
    done = subprocess.run(
        ["bash", "-o", "pipefail", "-c", f'"$0" -c "$1" {redirect}', sys.executable, program],
        cwd=ROOT,
        capture_output=True,
        env={"PYTHONIOENCODING": encoding, "PATH": "/usr/bin:/bin"},
        timeout=60,
    )
    if code == HELPS:  # argparse takes it for said
        status = 0
    assert done.returncode == status
    assert b"Traceback" not in done.stderr
    assert b"Exception ignored" not in done.stderr
    if status:
        assert done.stderr == b"The output cannot be written: No space left on device.\n"
