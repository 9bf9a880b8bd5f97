"""``python -m local demo``: the whole pipeline once, and its results."""

import argparse
import time
from pathlib import Path

from rich.console import Console

from cli import console
from local import alerts, amounts
from local.aws import moto
from local.endpoint import embedded
from local.incidents import default_incidents
from local.pipeline import Pipeline, Settings, adds_up
from local.stores import Questions, Span, Store, argument, of
from local.stream import Stream
from local.traffic import Traffic, line
from processor.catalog import DEFAULT_FIELDS

HELP = "run the whole pipeline once, on generated traffic, and show the results"
DESCRIPTION = """Run the whole pipeline once: an hour of generated CloudFront traffic, with two
faults in its last minutes, goes through Kinesis (moto) and the handler that is deployed into
the store on this machine. Then the demo queries it there. The last seconds are live.

The same --seed gives the same numbers; only speed and lag depend on the machine.
Exit status: 0 when received = written + duplicates + rejected + malformed, and all that was
written is there; else 1."""

FUNCTION = "demo"
CHUNK = 1000  # lines that are put on the stream at a time
EVENING = 20 * 3600  # whenever the demo runs, its hour ends at this time of day, UTC
LATELY = 600  # seconds before the end; the incidents began then
TICK = 0.2  # seconds between two looks at live traffic
LIVE_FACTOR = 5  # live traffic has so many times the rate, for enough lines in a few seconds


def arguments(parser: argparse.ArgumentParser, store: Store | None = None) -> None:
    """Add the subcommand's options."""
    argument(parser)
    parser.add_argument("--seed", type=int, default=1, help="of the traffic (default: %(default)s)")
    parser.add_argument(
        "--rps",
        type=amounts.amount(beyond=True, most=amounts.RATE),
        default=5.0,
        help="mean requests a second (default: %(default)s)",
    )
    parser.add_argument(
        "--minutes",
        type=amounts.amount(beyond=True, most=amounts.MINUTES),
        default=60.0,
        help="of traffic (default: %(default)s)",
    )
    parser.add_argument(
        "--live",
        metavar="SECONDS",
        type=amounts.amount(most=amounts.SECONDS),
        default=2.0,
        help="of live traffic at the end, to measure the lag by (default: %(default)s)",
    )
    parser.add_argument(
        "--data",
        metavar="DIR",
        type=Path,
        help="keep the tables in this directory, for `python -m local query --data DIR`",
    )


def run(args: argparse.Namespace) -> int:
    """Run the demo."""
    out, store = console.output(), of(args.store)
    since = time.time()
    with embedded(store, args.data) as server, moto() as moto_url:
        url = server.url
        store.make_table(url, store.DATABASE, store.TABLE)
        pipeline = Pipeline(url, moto_url, Settings(FUNCTION, store=store), Stream(moto_url))
        demo = Demo(pipeline, store.questions(url), args.seed, args.rps, out)
        demo.back_fill(args.minutes)
        demo.live(args.live)
        return demo.report(since)


class Demo:
    """One run: the traffic, and the questions about it."""

    def __init__(
        self, pipeline: Pipeline, questions: Questions, seed: int, rps: float, out: Console
    ) -> None:
        self.pipeline, self.questions, self.rps, self.out = pipeline, questions, rps, out
        # The end of the back-filled past; a whole minute, as panels and rules count by minutes.
        self.noon = time.time() // 60 * 60
        self.start = self.live_since = self.noon
        self.traffic = Traffic(seed, default_incidents(self.noon), self.noon - EVENING)
        self.sent = 0
        self.took = 0.0  # seconds of the back-fill

    def back_fill(self, minutes: float) -> None:
        """Send the traffic of the past, as fast as possible."""
        self.start = self.noon - minutes * 60
        started = time.monotonic()
        lines: list[bytes] = []
        with console.Meter(self.out, "traffic", round(minutes * 60), "s") as meter:
            for request in self.traffic.between(self.start, self.noon, self.rps):
                lines.append(line(request, DEFAULT_FIELDS).encode())
                if len(lines) == CHUNK:
                    self._send(lines)
                    lines = []
                    meter.reach(int(float(request["timestamp"]) - self.start))
            self._send(lines)
            meter.reach(round(minutes * 60))
        self.took = time.monotonic() - started

    def live(self, seconds: float) -> None:
        """Send traffic in real time, to measure the lag.

        All of it is generated first, so that its numbers do not depend on this machine's speed.
        """
        self.live_since = time.time()
        self.traffic.midnight += self.live_since - self.noon  # the time of day goes on
        waiting = list(
            self.traffic.between(self.live_since, self.live_since + seconds, self.rps * LIVE_FACTOR)
        )
        while waiting:
            time.sleep(TICK)
            now = time.time()
            due = [request for request in waiting if float(request["timestamp"]) <= now]
            waiting = waiting[len(due) :]
            self._send([line(request, DEFAULT_FIELDS).encode() for request in due])

    def _send(self, lines: list[bytes]) -> None:
        self.pipeline.send(lines)
        self.sent += len(lines)

    def report(self, since: float) -> int:
        """Print the answers; return the exit status."""
        end = time.time()
        during, lately = Span(self.start, end), self.noon - LATELY
        counts = self.questions.counts(FUNCTION, since)
        stored = self.questions.stored(during)
        self._print_counts(counts)
        out = self.out
        out.print()
        out.print(
            console.table(
                "Top edges by bytes",
                ("edge", "bytes", "requests", "TTFB p95 before", "last 10 min"),
                (
                    (
                        row["edge"],
                        console.size(row["bytes"]),
                        f"{row['requests']:,}",
                        console.seconds(row["before_p95"]),
                        console.seconds(row["lately_p95"]),
                    )
                    for row in self.questions.edges(during, lately)
                ),
                numbers=range(1, 5),
            )
        )
        out.print()
        out.print(
            console.table(
                "Error rate by country",
                ("country", "requests", "4xx", "5xx", "5xx, last 10 min"),
                (
                    (
                        row["country"],
                        f"{row['requests']:,}",
                        console.percent(row["rate_4xx"]),
                        console.percent(row["rate_5xx"]),
                        console.percent(row["lately_5xx"]),
                    )
                    for row in self.questions.countries(during, lately)
                ),
                numbers=range(1, 5),
            )
        )
        out.print()
        out.print(
            console.table(
                "Time to first byte",
                ("", "requests", "p50", "p95", "p99"),
                (
                    (
                        row["result"],
                        f"{row['requests']:,}",
                        *(console.seconds(row[name]) for name in ("p50", "p95", "p99")),
                    )
                    for row in self.questions.first_byte(during)
                ),
                numbers=range(1, 5),
            )
        )
        self._print_alerts()
        if not adds_up(counts, self.sent) or stored != counts["written"]:
            out.print(
                f"these do not add up: {self.sent:,} lines sent, {stored:,} rows in the table",
                style="bold red",
            )
            return 1
        return 0

    def _print_counts(self, counts: dict[str, int]) -> None:
        out = self.out
        median, worst = self.questions.lag(FUNCTION, Span(self.live_since, time.time()))
        out.print(
            f"records   received {counts['received']:,} = written {counts['written']:,}"
            f" + duplicates {counts['duplicates']:,} + rejected {counts['rejected']:,}"
            f" + malformed {counts['malformed']:,}"
        )
        out.print(f"speed     {self.sent / self.took:,.0f} records/s" if self.took else "")
        out.print(
            f"lag       median {console.seconds(median)}, worst {console.seconds(worst)},"
            " from the edge's answer to the table, of the live traffic at the end"
        )

    def _print_alerts(self) -> None:
        self.out.print("\nAlerts that fire, of the rules shipped for Grafana")
        found = alerts.firing(
            self.pipeline.settings.store,
            self.pipeline.store_url,
            self.noon - LATELY,
            self.noon,
        )
        for alert in found:
            minutes = f"{(self.noon - alert.since) / 60:.0f} min"
            self.out.print(f"{alert.severity:8}  {alert.title}, for {minutes}, tells {alert.told}")
            for sentence in alert.says:
                self.out.print(f"          {sentence}", markup=False)
        if not found:
            self.out.print("none")
