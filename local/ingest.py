"""``python -m local ingest``: files of log lines through the handler."""

import argparse
import contextlib
import gzip
import sys
import time
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator
from io import BufferedIOBase, BufferedReader
from pathlib import Path
from typing import cast

from rich.console import Console

from cli import console
from local import formats
from local.aws import LocalError, moto
from local.endpoint import arguments as endpoint_arguments
from local.endpoint import opened
from local.pipeline import DeadLetters, Pipeline, Settings, adds_up, check_dead_letters
from local.stores import Store, layout_argument, of
from local.stream import events_of
from processor.catalog import DEFAULT_FIELDS, FIELDS, Field, resolve
from processor.config import ConfigError

HELP = "put files of real-time log lines through the handler"
DESCRIPTION = """Put files of CloudFront real-time log lines through the handler, into the table
realtime_logs of the database cloudfront. The table is made with the longest retention
there is, so that a file from any year goes in. Lines that cannot be written are kept, with the
reason, in a file whose path is printed.

  python -m local ingest --data data/tables access.log.gz
  zcat *.gz | python -m local ingest --fields timestamp,c-ip,sc-status,sc-bytes -

Other kinds of files, such as CloudFront's standard access logs, are recognized and refused. Lines
that begin with # are left out.

Exit status: 0 when received = written + duplicates + rejected + malformed, every file was read to
its end and something could be written, else 1."""

FUNCTION = "ingest"
FETCH_EVERY = 50  # batches between two looks at the dead-letter queue


def arguments(parser: argparse.ArgumentParser, store: Store | None = None) -> None:
    """Add the subcommand's options."""
    store = store or of()
    parser.add_argument(
        "files", metavar="FILE", nargs="+", help="log lines, plain or gzip; - for standard input"
    )
    parser.add_argument(
        "--fields",
        metavar="a,b,c",
        help="the fields configured in CloudFront, by CloudFront's names, in any order"
        f" (default: the project's {len(DEFAULT_FIELDS)}); 'all' for everything CloudFront has",
    )
    layout_argument(parser, store)
    parser.add_argument(
        "--drop", metavar="a,b", help="which of these fields are not stored, such as cs-headers"
    )
    endpoint_arguments(parser, store)
    parser.add_argument(
        "--dead-letters",
        metavar="FILE",
        type=Path,
        help="where lines that cannot be written go (default: dead-letters.jsonl"
        " in the --data directory, or in data/)",
    )


def run(args: argparse.Namespace) -> int:
    """Ingest the files; print what became of their lines."""
    out, store = console.output(), of(args.store)
    drop = fields(args.drop, "--drop") if args.drop else ()
    settings = Settings(
        FUNCTION, fields(args.fields), args.layout, drop, store=store, batch=store.LINES
    )
    for name in args.files:
        if not name:
            raise LocalError("a file's name is empty")
        if name == "-" and sys.stdin is None:
            raise LocalError("standard input is closed; name a file")
        if name != "-" and not Path(name).exists():
            raise LocalError(f"there is no file {name!r}")
        if Path(name).is_dir():
            raise LocalError(f"{name!r} is a directory; name the files in it")
        if Path(name).is_file():  # a pipe could be read only once
            look(name)
    dead_letters = args.dead_letters or (args.data or Path("data")) / "dead-letters.jsonl"
    since, started = time.time(), time.monotonic()
    with opened(args) as url, moto() as moto_url:
        check_dead_letters(dead_letters)
        store.make_table(url, store.DATABASE, store.TABLE)
        try:
            pipeline = Pipeline(url, moto_url, settings)
        except ConfigError as error:
            raise LocalError(str(error)) from None
        kept = Kept(pipeline.dead_letters, dead_letters)
        read = 0
        for name in args.files:
            read += _ingest(name, pipeline, kept, out)
        kept.fetch()
        store.settle(url, store.DATABASE, store.TABLE, since)
        counts = store.questions(url).counts(FUNCTION, since)
        odd = store.questions(url).left_out(FUNCTION, since)
    took = time.monotonic() - started
    out.print(
        f"received {counts['received']:,}: written {counts['written']:,}, "
        f"duplicates {counts['duplicates']:,}, rejected {counts['rejected']:,}, "
        f"malformed {counts['malformed']:,} ({took:.1f} s, {read / took:,.0f} lines/s)"
    )
    if counts["trimmed"]:
        out.print(f"{counts['trimmed']:,} lines lost the end of a long text to the 2 KB limit")
    for name, times in odd.items():
        out.print(f"  {times:,} x {name} was no number: written without it", markup=False)
    for reason, times in kept.reasons.most_common(10):
        out.print(f"  {times:,} x {reason}", markup=False)
    if kept.reasons:
        out.print(f"what could not be written, with reasons: {dead_letters}", markup=False)
    if kept.comments:
        out.print(f"{kept.comments:,} lines beginning with # were left out")
    if not adds_up(counts, read):
        out.print(f"these do not add up to the {read:,} lines read", style="bold red")
        return 1
    if not read and not kept.incomplete:
        raise LocalError(f"nothing was written: there is no line in {', '.join(args.files)}")
    if not counts["written"]:
        raise LocalError("nothing was written; the reasons stand above")
    return 1 if kept.incomplete else 0


def look(name: str) -> None:
    """Raise LocalError for a file that cannot be opened or is no real-time log, before it is read.

    Whether it can be read to its end is not checked here.
    """
    try:
        with Path(name).open("rb") as raw, contextlib.suppress(EOFError, OSError, zlib.error):
            next(iter(formats.Plain(Lines(raw).head(), name)), None)
    except formats.Foreign as what:
        raise LocalError(f"{name} is {what}") from None
    except OSError as error:
        raise LocalError(f"{name} cannot be read: {error.strerror}") from None


def fields(names: str | None, option: str = "--fields") -> tuple[Field, ...]:
    """Return the fields that an option names; raise LocalError for an unknown one."""
    if not names:
        return DEFAULT_FIELDS
    if names == "all":
        return FIELDS
    try:
        return resolve(names.split(","))
    except ValueError as error:
        raise LocalError(f"{option}: {error}") from None


class Kept:
    """The file of dead letters, and how many it has for each reason."""

    def __init__(self, queue: DeadLetters, path: Path) -> None:
        self._queue, self._path = queue, path
        self.reasons: Counter[str] = Counter()
        self.incomplete = False  # a file could not be read to its end
        self.comments = 0  # lines that were left out

    def fetch(self) -> None:
        """Move what is on the queue to the file."""
        for letter in self._queue.keep(self._path):
            if letter.get("part", 1) == 1:
                self.reasons[letter.get("reason") or "given up after retries"] += 1


def _ingest(name: str, pipeline: Pipeline, kept: Kept, out: Console) -> int:
    """Put one file through the handler; return how many lines it had."""
    read = 0
    stdin = name == "-"
    with contextlib.ExitStack() as stack:
        try:
            # Standard input has peek(), too, which its type does not say.
            pipe = cast(BufferedReader, sys.stdin.buffer) if stdin else None
            raw = pipe or stack.enter_context(Path(name).open("rb"))
        except OSError as error:
            raise LocalError(f"{name} cannot be read: {error.strerror}") from None
        # A pipe, such as a shell's <(...), has neither a size nor a position to tell.
        measured = not stdin and raw.seekable()
        total = Path(name).stat().st_size if measured else 0
        meter = stack.enter_context(console.Meter(out, name, total, "bytes"))
        lines = Lines(raw)
        plain = formats.Plain(lines, "FILE" if stdin else name)
        settings = pipeline.settings
        batches = events_of(lines.until_error(plain), settings.batch, settings.reads)
        for number, records in enumerate(pipeline.deliver_each(batches)):
            read += len(records)
            if number % FETCH_EVERY == 0:
                kept.fetch()
            if measured:
                meter.reach(raw.tell())
    kept.comments += plain.comments
    if isinstance(lines.error, formats.Foreign):
        out.print(f"{'standard input' if stdin else name} is {lines.error}", markup=False)
    elif lines.error:
        out.print(f"{name} cannot be read past line {read:,}: {lines.error}", markup=False)
    kept.incomplete |= lines.error is not None
    return read


class Lines:
    """The lines of a plain or gzip file, as far as it can be read."""

    def __init__(self, raw: BufferedReader) -> None:
        # gzip's magic number; a log line begins with a digit
        zipped = raw.peek(2)[:2] == b"\x1f\x8b"
        self._stream: BufferedIOBase = gzip.GzipFile(fileobj=raw) if zipped else raw
        self.error: Exception | None = None

    def __iter__(self) -> Iterator[bytes]:
        return iter(self._stream)

    def head(self) -> Iterator[bytes]:
        """Yield the lines; only the beginning of a long one is kept in memory."""
        return iter(lambda: self._stream.readline(formats.HEAD), b"")

    def until_error(self, lines: Iterable[bytes]) -> Iterator[bytes]:
        """Yield from an iterator over this file; an error that ends it is kept in ``error``."""
        try:
            yield from lines
        except (EOFError, OSError, zlib.error, formats.Foreign) as error:
            self.error = error
