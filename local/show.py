"""What the verbs print: tables, numbers for people, and progress."""

import sys
import time
from collections.abc import Iterable, Sequence
from types import TracebackType
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

ENDLESS = 10_000  # columns, where nobody's screen has to hold a row
EVERY = 5.0  # seconds between lines of progress where there is no terminal


def console() -> Console:
    """Return a console on standard output; colours, bars and a width only on a terminal."""
    terminal = sys.stdout.isatty()
    return Console(highlight=False, soft_wrap=not terminal, width=None if terminal else ENDLESS)


def table(
    title: str, headings: Sequence[str], rows: Iterable[Sequence[Any]], numbers: Iterable[int] = ()
) -> Table:
    """Return a table; the columns in ``numbers`` are flush right."""
    right = set(numbers)
    made = Table(title=title, title_justify="left", title_style="bold", box=None, pad_edge=False)
    for index, heading in enumerate(headings):
        made.add_column(heading, justify="right" if index in right else "left", no_wrap=True)
    for row in rows:
        made.add_row(*("-" if cell is None else str(cell) for cell in row))
    return made


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
    """How far a known amount of work has come: a bar on a terminal, else a line now and then."""

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
        """Note that ``done`` are done in all."""
        self._done = done
        if self._bar:
            self._bar.update(self._task, completed=self._done)
        elif time.monotonic() - self._said >= EVERY:
            self._said = time.monotonic()
            self._out.print(f"{self._label}: {self._done:,} of {self._total:,} {self._unit}")
