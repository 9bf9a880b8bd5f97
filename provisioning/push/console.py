"""Where all output goes, so that none of it can hold a secret."""

import contextlib
import os
import sys
from collections.abc import Callable
from typing import TextIO

from rich.table import Table

from cli import console
from cli.errors import Unanswered
from provisioning.push.secrets import Secrets

Report = Callable[[str], None]  # prints a line about what is done, such as Console.print
Ask = Callable[[str], bool]


class Console:
    """Standard output and error, and a question with yes or no."""

    def __init__(self, secrets: Secrets, *, yes: bool) -> None:
        self._secrets = secrets
        self._yes = yes

    def print(self, text: str) -> None:
        """Print `text`."""
        _print(self._secrets.scrub(text), sys.stdout)

    def table(self, table: Table) -> None:
        """Print a table."""
        for line in console.lines(table):
            self.print(line)

    def error(self, text: str) -> None:
        """Print `text` as an error."""
        _print(f"provisioning: {self._secrets.scrub(text)}", sys.stderr)

    def ask(self, question: str) -> bool:
        """Ask; --yes answers, and no terminal to ask on means no."""
        if self._yes:
            return True
        if not sys.stdin.isatty():
            self.print(f"{question} No one to ask: say --yes to agree.")
            return False
        try:
            return console.agreed(question)
        except Unanswered:
            return False


def _print(text: str, stream: TextIO) -> None:
    """Print a line; when nobody reads on (`plan | head`), go on without output."""
    try:
        print(text, file=stream, flush=True)
    except UnicodeEncodeError:
        encoding = stream.encoding or "ascii"
        print(text.encode(encoding, "replace").decode(encoding), file=stream, flush=True)
    except BrokenPipeError:
        with contextlib.suppress(OSError, ValueError):  # a stream without a file of its own
            os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
