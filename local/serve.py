"""``python -m local serve``: the whole pipeline with live traffic, until Ctrl-C."""

import argparse
import contextlib
import signal
import threading
import time
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Any

from rich.console import Console

from local import amounts, show
from local.aws import DATABASE, TABLE, LocalError, check_port, make_table, moto
from local.control import Control
from local.endpoint import embedded
from local.ingest import fields
from local.pipeline import Pipeline, Settings, check_letters
from local.questions import NEWEST, Timestream, between, count
from local.stream import STREAM, Stream
from local.traffic import Request, Traffic, line
from processor.config import LAYOUTS, ConfigError

HELP = "run the whole pipeline with live traffic, until Ctrl-C"
DESCRIPTION = """Run the Timestream endpoint, Kinesis, and live traffic through the handler that is
deployed, until Ctrl-C. Any AWS SDK, the Grafana plugin, and `python -m local query|ingest` can
talk to the endpoint; `python -m local incident` breaks the traffic.

With --data what is written survives a restart, a crash included."""

FUNCTION = "processor"
CHUNK = 1000  # lines that are put on the stream at a time
TICK = 1.0  # seconds between two looks at live traffic and at the stream
REPORT = 60.0  # seconds between two lines that tell how it goes


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the verb's options."""
    parser.add_argument(
        "--host",
        default="127.0.0.1",
        help="address to listen on; a container needs 0.0.0.0 (default: %(default)s)",
    )
    for option, default, what in (
        ("--port", 8086, "the Timestream endpoint's port"),
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
        "--dead-letters",
        metavar="FILE",
        type=Path,
        help="where lines that cannot be written go (default: dead-letters.jsonl"
        " in the --data directory, or in data/)",
    )
    parser.add_argument(
        "--traffic",
        metavar="RPS",
        type=amounts.amount(),
        default=10.0,
        help="mean requests a second; 0 for none (default: %(default)s)",
    )
    parser.add_argument(
        "--history",
        metavar="MINUTES",
        type=amounts.amount(),
        default=15.0,
        help="of traffic to begin with, so that there is something to see (default: %(default)s)",
    )
    parser.add_argument(
        "--keep",
        metavar="HOURS",
        type=amounts.amount(beyond=True),
        default=48.0,
        help="how long a line of live traffic is kept; what lies before the live traffic, such as"
        " an old log file, stays (default: %(default)s)",
    )
    parser.add_argument("--seed", type=int, default=1, help="of the traffic (default: %(default)s)")
    parser.add_argument(
        "--fields", metavar="a,b,c", help="as for ingest: what the lines carry, and the stream's"
    )
    parser.add_argument(
        "--layout",
        choices=LAYOUTS,
        default=LAYOUTS[0],
        help="of the records (default: %(default)s)",
    )


def run(args: argparse.Namespace) -> int:
    """Serve until interrupted."""
    letters = args.dead_letters or (args.data or Path("data")) / "dead-letters.jsonl"
    settings = Settings(FUNCTION, fields(args.fields), args.layout, log_level="WARNING")
    for option, port in (
        ("--port", args.port),
        ("--kinesis-port", args.kinesis_port),
        ("--control-port", args.control_port),
    ):
        check_port(args.host, port, option)
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())  # what was begun is finished
    with contextlib.ExitStack() as stack:
        server = stack.enter_context(embedded(args.data, args.host, args.port))
        url = server.url
        check_letters(letters)
        moto_url = stack.enter_context(moto(args.host, args.kinesis_port))
        make_table(url)
        try:
            pipeline = Pipeline(url, moto_url, settings, Stream(moto_url))
        except ConfigError as error:
            raise LocalError(str(error)) from None
        traffic = Traffic(args.seed)
        traffic.reseed(f"{args.seed} {time.time()}")  # a restart must not repeat request ids
        live = Live(pipeline, traffic, args.traffic, stop)
        since = _live_since(args.data, time.time() - args.history * 60)
        endpoints = {"timestream": url, "kinesis": moto_url}
        control = stack.enter_context(
            Control(
                traffic,
                lambda: {"sent": live.sent, "endpoints": endpoints},
                args.host,
                args.control_port,
            )
        )
        out = show.console()
        out.print(f"timestream {url}")
        out.print(f"kinesis    {moto_url} (stream {STREAM})")
        out.print(f"control    {control.url}")
        out.print(f"live lines are kept for {args.keep:g} hours (--keep)")

        def trim() -> None:
            server.delete_rows(DATABASE, TABLE, since, time.time() - args.keep * 3600)

        live.run(Timestream(url), args.history * 60, letters, trim, out)
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
        timestream: Timestream,
        history: float,
        letters: Path,
        trim: Callable[[], None],
        out: Console,
    ) -> None:
        """Go on until ``stop`` is set, beginning with the last ``history`` seconds.

        At once and every minute it calls ``trim``; every minute it tells how it goes and keeps
        dead letters in a file.
        """
        trim()
        last = self._begin(timestream, history)
        if self.rps > 0:
            with self.pipeline.unrecorded():  # it is not late: it never was on time
                now = time.time()
                self._send(self.traffic.between(last, now, self.rps))
                last = now
        told = time.time()
        while not self.stop.is_set():
            now = time.time()
            if self.rps > 0:
                self._send(self.traffic.between(last, now, self.rps))
            last = now
            self.pipeline.pump()
            if now - told >= REPORT:
                self._tell(timestream, told, out)
                self.pipeline.letters.keep(letters)
                trim()
                told = now
            self.stop.wait(TICK)
        self.pipeline.letters.keep(letters)
        out.print(f"stopped after {self.sent:,} lines")

    @staticmethod
    def _begin(timestream: Timestream, history: float) -> float:
        """Return when traffic begins: after what a former run left in the table."""
        now = time.time()
        newest = timestream.ask(NEWEST, during=between(now - history, now))[0]["newest"]
        if newest is None:
            return now - history
        return datetime.fromisoformat(newest[:23]).replace(tzinfo=UTC).timestamp()

    def _send(self, requests: Iterable[Request]) -> None:
        requests = iter(requests)
        while not self.stop.is_set():
            chunk = list(islice(requests, CHUNK))
            if not chunk:
                return
            wanted = self.pipeline.settings.fields
            self.pipeline.send([line(request, wanted).encode() for request in chunk])
            self.sent += len(chunk)

    def _tell(self, timestream: Timestream, since: float, out: Console) -> None:
        counts: dict[str, Any] = count(timestream, FUNCTION, since)
        out.print(
            f"{time.strftime('%H:%M')} received {counts['received']:,}: "
            + ", ".join(
                f"{name} {counts[name]:,}"
                for name in ("written", "duplicates", "rejected", "malformed")
                if counts[name] or name == "written"
            )
        )
