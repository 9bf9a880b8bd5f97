"""``python -m local serve``: the whole pipeline with live traffic, until Ctrl-C."""

import argparse
import contextlib
import signal
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any

from rich.console import Console

from cli import console
from local import amounts
from local.aws import LocalError, check_port, moto
from local.control import Control
from local.endpoint import checked, embedded, without_password
from local.ingest import fields
from local.pipeline import Pipeline, Settings, check_dead_letters
from local.stores import Questions, Span, Store, argument, layout_argument, of
from local.stream import STREAM, Stream
from local.traffic import Request, Traffic, line
from processor.config import ConfigError

HELP = "run the whole pipeline with live traffic, until Ctrl-C"
DESCRIPTION = """Run the store's endpoint, Kinesis, and live traffic through the handler that is
deployed, until Ctrl-C. The store's clients, its Grafana plugin, and `python -m local query|ingest`
can talk to the endpoint; `python -m local incident` breaks the traffic.

With --data what is written survives a restart, a crash included."""

FUNCTION = "processor"
CHUNK = 1000  # lines that are put on the stream at a time
TICK = 1.0  # seconds between two looks at live traffic and at the stream
DAY, AHEAD = 24 * 3600.0, 3600.0
REPORT = 60.0  # seconds between two lines of progress
PATIENCE = 60.0  # seconds that a batch waits for a server that is not ours: it may be restarting


def arguments(parser: argparse.ArgumentParser, store: Store | None = None) -> None:
    """Add the subcommand's options."""
    store = store or of()
    argument(parser)
    parser.add_argument(
        "--host",
        default="127.0.0.1",
        help="address to listen on; a container needs 0.0.0.0 (default: %(default)s)",
    )
    for option, default, what in (
        ("--port", store.PORT, f"the {store.NAME} endpoint's port"),
        ("--kinesis-port", 8087, "the port of Kinesis and of the dead-letter queue"),
        ("--control-port", 8088, "the port that `incident` talks to"),
    ):
        parser.add_argument(
            option,
            type=amounts.port,
            default=default,
            help=f"{what}; 0 takes any (default: %(default)s)",
        )
    parser.add_argument(
        "--data", metavar="DIR", type=Path, help="keep the tables here (default: in memory)"
    )
    parser.add_argument(
        "--endpoint",
        metavar="URL",
        help=f"write into a {store.NAME} that runs already, and start none",
    )
    parser.add_argument(
        "--dead-letters",
        metavar="FILE",
        type=Path,
        help="where lines that cannot be written go (default: dead-letters.jsonl"
        " in the --data directory, or in data/)",
    )
    parser.add_argument(
        "--traffic",
        metavar="RPS",
        type=amounts.amount(most=amounts.RATE),
        default=10.0,
        help="mean requests a second; 0 for none (default: %(default)s)",
    )
    parser.add_argument(
        "--history",
        metavar="MINUTES",
        type=amounts.amount(most=amounts.MINUTES),
        default=15.0,
        help="of traffic to begin with, so that there is something to see (default: %(default)s)",
    )
    parser.add_argument(
        "--keep",
        metavar="HOURS",
        type=amounts.amount(beyond=True),
        default=48.0,
        help="how long a line of live traffic is kept; rows older than the live traffic, such as"
        " those of an old log file, stay (default: %(default)s)",
    )
    parser.add_argument("--seed", type=int, default=1, help="of the traffic (default: %(default)s)")
    parser.add_argument(
        "--fields", metavar="a,b,c", help="fields of the lines on the stream, as for ingest"
    )
    layout_argument(parser, store)


def run(args: argparse.Namespace) -> int:
    """Serve until interrupted."""
    dead_letters = args.dead_letters or (args.data or Path("data")) / "dead-letters.jsonl"
    store = of(args.store)
    settings = Settings(
        FUNCTION, fields(args.fields), args.layout, store=store, log_level="WARNING"
    )
    if args.endpoint:
        args.endpoint = checked(args.endpoint, store)
    for option, port in (
        *(() if args.endpoint else (("--port", args.port),)),
        ("--kinesis-port", args.kinesis_port),
        ("--control-port", args.control_port),
    ):
        check_port(args.host, port, option)
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())  # what was begun is finished
    with contextlib.ExitStack() as stack:
        if args.endpoint:
            running, url = store.found(args.endpoint), args.endpoint
            if args.data:
                args.data.mkdir(parents=True, exist_ok=True)
        else:
            running = stack.enter_context(embedded(store, args.data, args.host, args.port))
            url = running.url
        check_dead_letters(dead_letters)
        moto_url = stack.enter_context(moto(args.host, args.kinesis_port))
        store.make_table(url, store.DATABASE, store.TABLE)
        try:
            pipeline = Pipeline(url, moto_url, settings, Stream(moto_url))
        except ConfigError as error:
            raise LocalError(str(error)) from None
        if args.endpoint:
            pipeline.source.backoff = PATIENCE / (2**pipeline.source.retries - 1)
        traffic = Traffic(args.seed)
        traffic.reseed(f"{args.seed} {time.time()}")  # a restart must not repeat request ids
        live = Live(pipeline, traffic, args.traffic, stop)
        since = _live_since(args.data, time.time() - args.history * 60)
        shown = without_password(url)
        endpoints = {store.KEY: shown, "kinesis": moto_url}
        control = stack.enter_context(
            Control(
                traffic,
                lambda: {"sent": live.sent, "endpoints": endpoints},
                args.host,
                args.control_port,
            )
        )
        out = console.output()
        out.print(f"{store.KEY:<10} {shown}")
        out.print(f"kinesis    {moto_url} (stream {STREAM})")
        out.print(f"control    {control.url}")
        if running:
            out.print(f"live lines are kept for {args.keep:g} hours (--keep)")

        def trim() -> None:
            if running:
                running.trim(since, time.time() - args.keep * 3600)

        live.run(store.questions(url), args.history * 60, dead_letters, trim, out)
    return 0


def _live_since(data: Path | None, now: float) -> float:
    """Return when live traffic began, epoch seconds; a directory of tables remembers it."""
    if data is None:
        return now
    note = data / "live-since"
    try:
        return float(note.read_text(encoding="ascii"))
    except (OSError, ValueError):
        note.write_text(f"{now:.3f}\n", encoding="ascii")
        return now


class Live:
    """Traffic as it happens, and whatever else is put on the stream."""

    def __init__(
        self, pipeline: Pipeline, traffic: Traffic, rps: float, stop: threading.Event
    ) -> None:
        self.pipeline, self.traffic, self.rps, self.stop = pipeline, traffic, rps, stop
        self.sent = 0

    def run(
        self,
        questions: Questions,
        history: float,
        dead_letters: Path,
        trim: Callable[[], None],
        out: Console,
    ) -> None:
        """Go on until ``stop`` is set, beginning with the last ``history`` seconds.

        A table that is empty gets the same stretch of yesterday, and AHEAD more, on the side: it is
        what today is compared with. At once and every minute it calls ``trim``; every minute it
        prints how it goes and keeps dead letters in a file.
        """
        trim()
        last, yesterday = self._begin(questions, history)
        if self.rps > 0:
            with self.pipeline.unrecorded():  # its lag would mean nothing
                now = time.time()
                self._send(self.traffic.between(last, now, self.rps))
                last = now
        reported = time.time()
        while not self.stop.is_set():
            now = time.time()
            if self.rps > 0:
                self._send(self.traffic.between(last, now, self.rps))
            last = now
            with self.pipeline.unrecorded():
                self._send(list(islice(yesterday, CHUNK)))
            self.pipeline.pump()
            if now - reported >= REPORT:
                self._report(questions, reported, out)
                self.pipeline.dead_letters.keep(dead_letters)
                trim()
                reported = now
            self.stop.wait(TICK)
        self.pipeline.dead_letters.keep(dead_letters)
        out.print(f"stopped after {self.sent:,} lines")

    def _begin(self, questions: Questions, history: float) -> tuple[float, Iterator[Request]]:
        """Return when traffic begins, and what there is to be of yesterday.

        It begins after the rows that a former run left in the table, which has its yesterday then.
        """
        now = time.time()
        newest = questions.newest(Span(now - history, now))
        begin = now - history if newest is None else newest
        yesterday = Span(now - history - DAY, now - DAY + AHEAD)
        if self.rps <= 0 or history <= 0 or newest is not None or questions.newest(yesterday):
            return begin, iter(())
        return begin, self.traffic.between(yesterday.start, yesterday.end, self.rps)

    def _send(self, requests: Iterable[Request]) -> None:
        requests = iter(requests)
        while not self.stop.is_set():
            chunk = list(islice(requests, CHUNK))
            if not chunk:
                return
            wanted = self.pipeline.settings.fields
            self.pipeline.send([line(request, wanted).encode() for request in chunk])
            self.sent += len(chunk)

    def _report(self, questions: Questions, since: float, out: Console) -> None:
        counts: dict[str, Any] = questions.counts(FUNCTION, since)
        out.print(
            f"{time.strftime('%H:%M')} received {counts['received']:,}: "
            + ", ".join(
                f"{name} {counts[name]:,}"
                for name in ("written", "duplicates", "rejected", "malformed")
                if counts[name] or name == "written"
            )
        )
