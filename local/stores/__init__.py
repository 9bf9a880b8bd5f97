"""Stores on one machine, a module for each.

It starts the store's local form, makes its table, points the handler at it, and answers the
subcommands' questions. `of()` returns the module of a name.
"""

import argparse
import difflib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any, Protocol, cast

# The value of --store -> the module; the first is the default.
STORES = {
    "timestream": "local.stores.timestream",
    "clickhouse": "local.stores.clickhouse",
}
DEFAULT = next(iter(STORES))

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Column:
    """A column of an answer."""

    name: str
    number: bool


@dataclass(frozen=True, slots=True)
class Span:
    """A time range that includes both ends; epoch seconds."""

    start: float
    end: float


class Local(Protocol):
    """A store that runs."""

    @property
    def url(self) -> str:
        """Where it answers."""

    def trim(self, start: float, end: float) -> None:
        """Have the rows from ``start`` until before ``end`` (epoch seconds) deleted."""


class Questions(Protocol):
    """What the subcommands ask. Refusals are LocalErrors with the store's own message."""

    def pages(self, query: str) -> Iterator[tuple[Sequence[Column], Sequence[Row]]]:
        """Yield the answer to a query in the store's language, page by page; at least one page.

        Numbers are numbers, NULL is None, times are the store's text.
        """

    def counts(self, function: str, since: float) -> dict[str, int]:
        """Return what the function's invocations since then counted, summed up.

        The keys are received, written, duplicates, malformed, rejected and trimmed.
        """

    def left_out(self, function: str, since: float) -> dict[str, int]:
        """Return how many values of each field the function left out since then, most first."""

    def stored(self, during: Span) -> int:
        """Return how many requests are in the table."""

    def newest(self, during: Span) -> float | None:
        """Return the newest request's time, epoch seconds; None when there is no request."""

    def lag(self, function: str, during: Span) -> tuple[float | None, float | None]:
        """Return the median and the worst time from the edge's answer to the table, seconds."""

    def edges(self, during: Span, lately: float) -> Sequence[Row]:
        """Return edge, bytes, requests, before_p95 and lately_p95 (seconds), most bytes first.

        ``lately`` is a time: values since then stand beside values before, so that an incident
        shows.
        """

    def countries(self, during: Span, lately: float) -> Sequence[Row]:
        """Return country, requests, rate_4xx, rate_5xx and lately_5xx (percent), worst first."""

    def first_byte(self, during: Span) -> Sequence[Row]:
        """Return result (cache hit or miss), requests, p50, p95 and p99 (seconds)."""


class Store(Protocol):
    """A store, as the subcommands see it."""

    NAME: str  # for people
    KEY: str  # what `serve` calls its endpoint
    LAYOUTS: Sequence[str]  # of records; the first is the usual one
    DATABASE: str
    TABLE: str
    PORT: int  # where its endpoint listens
    LINES: int  # of a file that go in at once
    COPIES: int  # of the handler that a file goes through, in turn
    EXAMPLE: str  # a query of the newest hour, as a shell's command line
    RULES: Path  # the alert rules that ask it

    def started(self, data: Path | None, host: str, port: int) -> AbstractContextManager[Local]:
        """Run the local form as a child of this process, and point the handler at it.

        ``data`` None keeps everything in memory, ``port`` 0 takes any. Raises LocalError when the
        directory cannot be used or the port is taken.
        """

    def found(self, url: str) -> Local | None:
        """Point the handler at one that runs; raise LocalError when none answers there.

        Return it, or None when only the table's retention can delete rows there.
        """

    def endpoints(self, url: str) -> Mapping[str, str]:
        """Return URLs by service, as in AWS_ENDPOINT_URL_<service>, for the handler to write to."""

    def environment(self, url: str, database: str, table: str) -> Mapping[str, str]:
        """Return the handler's variables for where its rows go."""

    def make_table(self, url: str, database: str, table: str) -> None:
        """Make the table, with the longest retention there is, unless it is there."""

    def settle(self, url: str, database: str, table: str, since: float) -> None:
        """Count a line that came again since then (epoch seconds) once, in stored sums, too."""

    def questions(self, url: str) -> Questions:
        """Return the questions to the store at this URL."""

    def source(self, url: str) -> Any:
        """Return it as a data source for the rule tester."""

    def about_the_pipeline(self, model: Mapping[str, Any]) -> bool:
        """Whether a rule's query is about the pipeline's own records, not about requests."""


def of(name: str = DEFAULT) -> Store:
    """Return a store's module: only that one is loaded."""
    return cast(Store, import_module(STORES[name]))


def argument(parser: argparse.ArgumentParser) -> None:
    """Add --store."""
    parser.add_argument(
        "--store",
        type=_name,
        default=DEFAULT,
        metavar="|".join(STORES),
        help="where rows go, and what is asked (default: %(default)s)",
    )


def layout_argument(parser: argparse.ArgumentParser, store: Store) -> None:
    """Add --layout, with the layouts that the store has."""

    def known(text: str) -> str:
        if text in store.LAYOUTS:
            return text
        others = [other.NAME for name in STORES if text in (other := of(name)).LAYOUTS]
        hint = f"; only {' and '.join(others)} has it" if others else ""
        raise argparse.ArgumentTypeError(
            f"{store.NAME} has no layout {text!r}, but {' and '.join(store.LAYOUTS)}{hint}"
        )

    parser.add_argument(
        "--layout",
        type=known,
        default=store.LAYOUTS[0],
        metavar="|".join(store.LAYOUTS),
        help="of the rows (default: %(default)s)",
    )


def _name(text: str) -> str:
    if text in STORES:
        return text
    near = difflib.get_close_matches(text.lower(), STORES, n=1)
    hint = f"; did you mean {near[0]!r}?" if near else ""
    raise argparse.ArgumentTypeError(f"{text!r} has to be {' or '.join(STORES)}{hint}")
