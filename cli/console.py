"""What the commands print and ask: tables, numbers for people, progress, yes or no."""

import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from types import TracebackType
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.status import Status
from rich.table import Table
from rich.text import Text

from cli.errors import Cancelled, Unanswered

ENDLESS = 10_000  # columns: the width without a terminal, so that no row is broken
EVERY = 5.0  # seconds between lines of progress where there is no terminal


def output() -> Console:
    """Return a console on standard output; colors, bars and a width only on a terminal."""
    terminal = sys.stdout.isatty()
    return Console(highlight=False, soft_wrap=not terminal, width=None if terminal else ENDLESS)


def table(
    title: str, headings: Sequence[str], rows: Iterable[Sequence[Any]], numbers: Iterable[int] = ()
) -> Table:
    """Return a table; the columns in ``numbers`` are flush right, a cell that is None is "-"."""
    right = set(numbers)
    made = plain()
    made.title, made.title_justify, made.title_style = title, "left", "bold"
    made.padding, made.show_header = (0, 1), True
    for index, heading in enumerate(headings):
        made.add_column(heading, justify="right" if index in right else "left", no_wrap=True)
    for row in rows:
        made.add_row(*("-" if cell is None else str(cell) for cell in row))
    return made


def plain() -> Table:
    """Return an empty table without frame and headings, two blanks between its columns."""
    return Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), show_header=False)


def lines(made: Table) -> Iterator[str]:
    """Yield a table's lines as text without colors and without blanks at their ends."""
    wide = Console(width=ENDLESS, color_system=None, force_terminal=False)
    with wide.capture() as capture:
        wide.print(made)
    for line in capture.get().splitlines():
        yield line.rstrip()


def put(out: Console, made: Table) -> None:
    """Print a table. It fits the terminal's width; without a terminal no row is broken."""
    if out.is_terminal:
        out.print(made)
        return
    for line in lines(made):
        out.print(Text(line))


def answer(question: str) -> str:
    """Ask, and return what was typed; raises Unanswered where nobody can answer."""
    try:
        return input(question).strip()
    except (EOFError, UnicodeDecodeError):
        raise Unanswered("Nobody is here to answer; add --yes to go on without asking.") from None


def agreed(question: str) -> bool:
    """Ask a question; any answer but yes is no. Raises Unanswered where nobody can answer."""
    return answer(f"{question} [y/N] ").lower() in ("y", "yes")


def confirm(question: str, *, yes: bool) -> None:
    """Ask a yes-or-no question, unless ``yes`` was given beforehand.

    Raises Cancelled for any answer but yes, and Unanswered where nobody can answer.
    """
    if not yes and not agreed(question):
        raise Cancelled("Nothing was changed.")


def size(count: float) -> str:
    """Return bytes for people, in powers of 1000.

    >>> size(14376212267)
    '14.4 GB'
    """
    for unit in ("B", "kB", "MB", "GB"):
        if abs(count) < 1000:
            return f"{count:.1f} {unit}" if unit != "B" else f"{count:.0f} B"
        count /= 1000
    return f"{count:.1f} TB"


def seconds(value: float | None) -> str:
    """Return a duration in seconds for people: milliseconds below one second."""
    if value is None:
        return "-"
    return f"{value * 1000:.0f} ms" if value < 1 else f"{value:.2f} s"


def percent(value: float | None) -> str:
    """Return a percentage for people."""
    return "-" if value is None else f"{value:.2f} %"


class Meter:
    """The progress of a known amount of work: a bar on a terminal, else a line now and then."""

    def __init__(self, out: Console, label: str, total: int, unit: str) -> None:
        self._out, self._label, self._total, self._unit = out, label, total, unit
        self._done = 0
        self._said = time.monotonic()
        self._bar: Progress | None = None
        if out.is_terminal:
            self._bar = Progress(
                TextColumn("{task.description}"),
                BarColumn(),
                MofNCompleteColumn(),
                TextColumn(unit),
                TimeElapsedColumn(),
                console=out,
                transient=True,
            )
            self._task = self._bar.add_task(label, total=total)

    def __enter__(self) -> "Meter":
        if self._bar:
            self._bar.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._bar:
            self._bar.stop()

    def add(self, count: int) -> None:
        """Note that ``count`` more are done."""
        self.reach(self._done + count)

    def reach(self, done: int) -> None:
        """Note that ``done`` are done in total."""
        self._done = done
        if self._bar:
            self._bar.update(self._task, completed=self._done)
        elif time.monotonic() - self._said >= EVERY:
            self._said = time.monotonic()
            self._out.print(f"{self._label}: {self._done:,} of {self._total:,} {self._unit}")


class Waiting:
    """A line about what the command waits for.

    It is updated in place on a terminal, and printed again at each change elsewhere. Leaving the
    block ends it, also when the block raises.
    """

    def __init__(self) -> None:
        self._out = output()
        self._status: Status | None = None
        self._said = ""

    def __enter__(self) -> "Waiting":
        return self

    def __exit__(self, *_: object) -> None:
        if self._status:
            self._status.stop()

    def update(self, text: str, detail: str = "") -> None:
        """Show the text. The detail, such as the seconds so far, is shown on a terminal only."""
        if self._out.is_terminal:
            if self._status is None:
                self._status = self._out.status("")
                self._status.start()
            self._status.update(Text(f"{text}{detail}"))
        elif text != self._said:
            self._out.print(Text(text))
        self._said = text

    def done(self, text: str) -> None:
        """End it with a last line."""
        self.__exit__()
        self._out.print(Text(text))
