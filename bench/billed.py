"""Billed seconds an hour, from the embedded Timestream's log of queries.

    TIMESTREAM_QUERY_LOG=queries.log make serve          # for half an hour, beside a Grafana
    python -m bench.billed queries.log --cadence 5m      # beside what `make cost` computes

What is in the log is billed by the 30-second rule of dashboards/stores/timestream/billing.py. Only
whole rounds count: from the first query up to where the last round begins, unless --until says when
the watching ended. A round ends where nothing is asked for 15 seconds.
"""

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from cli import aws
from cli.command import finish
from cli.errors import Problem
from dashboards.alerts import cadence, files
from dashboards.config import BuildError, Bundle
from dashboards.stores.timestream.billing import Span, billed, dollars, seconds_an_hour

PAUSE = 15.0  # seconds without a query that end a round: Grafana spreads one over ten


@dataclass(frozen=True, slots=True)
class Found:
    """What a log comes to."""

    queries: int
    rounds: int
    hours: float
    seconds: float  # billed an hour
    alone: float  # billed an hour if each query had its own half minute, overlaps counted once


def read(path: Path, without: str = "") -> list[Span]:
    """Return when each query of a log began and ended; raises Problem, with the line, for others.

    Queries are left out whose client has the text `without` in its name. A last line that is only
    half there is left out: the log may still be written.
    """
    text = aws.read_text(path)
    spans = []
    for number, line in enumerate(text.splitlines(), start=1):
        try:
            entry = json.loads(line)
            if not without or without not in entry.get("client", ""):
                spans.append((float(entry["began"]), float(entry["ended"])))
        except (ValueError, KeyError, TypeError):
            if number == text.count("\n") + 1:
                break
            raise Problem(f"{path} line {number} is no entry of the endpoint's log.") from None
    return sorted(spans)


def rounds(spans: Sequence[Span]) -> list[list[Span]]:
    """Return the queries, which are in order, round by round."""
    found: list[list[Span]] = []
    for span in spans:
        if found and span[0] - max(end for _, end in found[-1]) < PAUSE:
            found[-1].append(span)
        else:
            found.append([span])
    return found


def measured(spans: Sequence[Span], until: float | None = None) -> Found:
    """Return what queries come to; raises Problem where there is no whole round."""
    made = rounds(spans)
    if until is None:
        *whole, last = made or [[]]
        until = last[0][0] if last else 0.0
    else:
        whole = [each for each in made if each[0][0] < until]
    asked = [span for each in whole for span in each]
    if not asked:
        raise Problem("There is no whole round of queries in the log; watch for longer.")
    hours = (until - asked[0][0]) / 3600
    alone = billed_alone(asked)
    return Found(len(asked), len(whole), hours, billed(asked) / hours, alone / hours)


def billed_alone(spans: Sequence[Span]) -> float:
    """Return the seconds in which some query runs, or began less than half a minute ago."""
    total, until = 0.0, float("-inf")
    for start, end in sorted(spans):
        stop = max(end, start + 30)
        total += max(0.0, stop - max(start, until))
        until = max(until, stop)
    return total


def report(found: Found, choice: str) -> list[str]:
    """Return what was measured, what is computed for the cadence, and how far they are apart."""
    groups = files.groups(Bundle(store="timestream", cadence=choice))
    computed = seconds_an_hour([each.interval for each in cadence.rounds(groups)])
    apart = 100 * (found.seconds - computed) / computed
    return [
        f"{found.queries} queries in {found.rounds} rounds in {found.hours * 60:.1f} minutes",
        f"measured: {found.seconds:,.0f} billed seconds an hour, about USD "
        f"{dollars(found.seconds, 'us-east-1'):,.0f} a month",
        f"computed: {computed:,.0f}; measured is {apart:+.1f} % from that",
        f"if the half minute began anew with each query: {found.alone:,.0f}",
    ]


def main(argv: list[str] | None = None) -> int:
    """Run the command line; return its exit status."""
    return finish(lambda: _run(argv), lambda error: str(error) if known(error) else None)


def known(error: Exception) -> bool:
    """Whether an error's text is a sentence for the user."""
    return isinstance(error, Problem | BuildError)


def _run(argv: list[str] | None) -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.billed", description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("log", type=Path, help="the file that --query-log named")
    parser.add_argument("--cadence", default="", help="of the rules that were watched (5m)")
    parser.add_argument(
        "--without",
        default="Boto3",
        metavar="CLIENT",
        help="leave out the queries of clients with this in their name (%(default)s, which is how "
        "`make serve` itself asks once a minute)",
    )
    parser.add_argument("--until", type=float, help="when the watching ended, in epoch seconds")
    given = parser.parse_args(argv)
    for line in report(measured(read(given.log, given.without), given.until), given.cadence):
        print(line)
    return 0


if __name__ == "__main__":
    sys.exit(main())
