"""Generated traffic with a known answer, in every store."""

import base64
import os
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import Any

from dashboards.stores import Format
from local.incidents import Incident
from local.traffic import Request, Traffic, line
from processor.catalog import DEFAULT_FIELDS
from tests.support.stores import ENVIRONMENT, WAYS, Choice, Frame, Range, Running

DAY = 86_400
MINUTES = 20
# The last full quarter of an hour: the range begins and ends with a bin.
END = int(time.time()) // 900 * 900 - 900
START = END - MINUTES * 60
SPAN = Range(start=START * 1000, end=END * 1000, interval=60_000)
DATABASE = "cloudfront"
FILTERS = ("distribution", "host", "country", "edge", "behavior", "status")
# What the variables are that have no All.
EMPTY = {
    "uri": "",
    "code": "",
    "request": "",
    "only": "all",
    "measure": "requests",
    "against": "before",
}
BAD_LINES = ("no tabs at all\n", "1\t2\t3\n")

# What generated traffic lacks and CloudFront has: limits, a viewer who left, quotes in names,
# missing values, an origin group that failed over, an answer made at the edge.
ODDITIES: tuple[Request, ...] = (
    {"x-edge-result-type": "LimitExceeded", "x-edge-detailed-result-type": "LimitExceeded"},
    {"x-edge-result-type": "CapacityExceeded", "x-edge-detailed-result-type": "CapacityExceeded"},
    {
        "sc-status": "000",
        "x-edge-result-type": "Error",
        "x-edge-detailed-result-type": "ClientCommError",
        "time-to-first-byte": "-",
    },
    {"c-country": "-", "cs-host": "-", "x-edge-location": "-", "asn": "-"},
    {"cs-uri-stem": '/it\'s/"quoted"?x=1', "cs-uri-query": "x=1", "cs-referer": "https://o'hare"},
    {"cs-host": "o'hare.example.com", "cache-behavior-path-pattern": "/o'*"},
    {"sr-reason": "Failover:502", "x-edge-result-type": "Miss", "r-host": "second.example.com"},
    {"x-edge-result-type": "Miss", "x-edge-detailed-result-type": "MissGeneratedResponse"},
    {"x-edge-result-type": "Hit", "x-edge-detailed-result-type": "OriginShieldHit"},
    {"x-edge-result-type": "Miss", "x-edge-detailed-result-type": "OriginShieldHit"},
    {
        "sc-status": "502",
        "x-edge-result-type": "Error",
        "x-edge-detailed-result-type": "AbortedOrigin",
    },
    {"cs-user-agent": "-", "sc-content-type": "-", "ssl-protocol": "-", "ssl-cipher": "-"},
    {"cs-user-agent": "curl/8.0"},
    {"cs-user-agent": "Mozilla/5.0%20(compatible;%20GPTBot/1.2;%20+https://openai.com/gptbot)"},
    {"cs-user-agent": "some%20crawler"},
    {"cs-referer": "https://thief.example.net/page?x=//y", "sc-content-type": "image/png"},
    {"sc-status": "429", "x-edge-result-type": "Error"},
    {"sc-status": "403", "asn": "3320", "c-country": "DE"},
    {"cmcd-deadline": "Infinity", "cmcd-requested-maximum-throughput": "NaN"},
    {"cmcd-deadline": "soon", "cmcd-object-duration": "4004.0"},
    {"cs-user-agent": "Mozilla/5.0%20(iPad;%20CPU%20OS%2018_0)", "x-edge-location": "BKK50-P1"},
    {"cs-user-agent": "Roku/DVP-14.0", "c-country": "TH"},
)


def requests_between(start: float, end: float, rps: float, seed: int) -> list[Request]:
    """Return made-up requests, the odd ones among them."""
    traffic = Traffic(
        seed=seed,
        incidents=[
            Incident("5xx", {"c-country": "BR"}, start=end - 400, minutes=7, share=0.6),
            Incident("slow", {"x-edge-location": "FRA56-P12"}, start=end - 300, minutes=5),
            Incident("4xx", {"cs-host": "api.example.com"}, start=start, minutes=3, share=0.3),
        ],
        midnight=start,
    )
    found = list(traffic.between(start, end, rps=rps))
    for number, oddity in enumerate(ODDITIES):
        for copy in range(3):
            place = (number * 37 + copy * 211) % len(found)
            found[place] = {**found[place], **oddity}
    return found


@dataclass(repr=False)
class SampleSite:
    """The traffic, and the stores that hold it. All of it would be megabytes in a failing test."""

    running: dict[str, Running]
    today: list[Request]
    yesterday: list[Request]
    lines: int  # handed to the processor, once a way
    batches: int

    def frame(
        self,
        query: Any,
        way: str,
        shape: Format = Format.TABLE,
        span: Range = SPAN,
        database: str = DATABASE,
        **chosen: Choice,
    ) -> Frame:
        """Ask a query as Grafana would.

        Every variable is at All, but top 10 and p95; text boxes are empty.
        """
        choices = {"top": "10", "percentile": "0.95", **EMPTY, **chosen}
        return self.running[way].frame(query, database, shape=shape, span=span, chosen=choices)


def event(lines: list[str], first: int = 0) -> dict[str, Any]:
    """Return lines as Kinesis hands them to the processor."""
    now = time.time()
    return {
        "Records": [
            {
                "eventID": f"shardId-000000000000:{number}",
                "eventSourceARN": "arn:aws:kinesis:us-east-1:123456789012:stream/s",
                "kinesis": {
                    "approximateArrivalTimestamp": now,
                    "data": base64.b64encode(text.encode()).decode(),
                    "partitionKey": str(number),
                    "sequenceNumber": str(number),
                },
            }
            for number, text in enumerate(lines, first)
        ]
    }


class _Filled(dict[str, Running]):
    """Stores by their way; one runs, and is filled through the real processor, when it is asked."""

    def __init__(self, stack: ExitStack, batches: list[list[str]]) -> None:
        super().__init__()
        self._stack = stack
        self._batches = batches

    def __missing__(self, way: str) -> Running:
        os.environ.update(ENVIRONMENT)
        running = self._stack.enter_context(WAYS[way].running())
        processor = running.processor(DATABASE)
        processor.announce()
        for number, batch in enumerate(self._batches):
            answer = processor.handle(event(batch, first=number * 1000))
            assert answer == {"batchItemFailures": []}
        self[way] = running
        return running


@contextmanager
def running_sample_site() -> Iterator[SampleSite]:
    """Yield what goes into every store, and the stores; each is filled when it is first asked."""
    kept = dict(os.environ)
    try:
        with ExitStack() as stack:
            os.environ.update(ENVIRONMENT)
            today = requests_between(START, END, rps=2.5, seed=7)
            yesterday = requests_between(START - DAY, END - DAY, rps=1, seed=8)
            lines = [line(request, DEFAULT_FIELDS) for request in [*yesterday, *today]]
            # The stream delivers at least once, and not everything on it is a log line.
            lines += [*lines[:5], *BAD_LINES]
            batches = [lines[n : n + 1000] for n in range(0, len(lines), 1000)]
            yield SampleSite(_Filled(stack, batches), today, yesterday, len(lines), len(batches))
    finally:
        os.environ.clear()
        os.environ.update(kept)
