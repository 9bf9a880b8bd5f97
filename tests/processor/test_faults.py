"""Every line exactly once: 520 invocations under seeded random faults on the wire."""

import random
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack

import pytest

from processor.config import Config
from processor.handler import Processor
from processor.report import Report
from processor.stores.timestream.request import offset
from tests.support.log_lines import Context, event, line, request_id
from tests.support.wire import Wire

INVOCATIONS = 65  # each of eight seeds
TOO_LATE = "The record timestamp is outside the time range of the memory store."
# What can go wrong with a call, and its weight; the rest of 100 goes well.
WRITE_FAULTS = {
    "throttle": 8,
    "error": 6,
    "unavailable": 3,
    "reset": 5,
    "reset-after": 5,
    "half": 5,
    "garbage": 3,
    "moved": 2,
    "denied": 3,
    "missing": 1,
    "timeout": 1,
    "timeout-after": 1,
}
QUEUE_FAULTS = {"throttle": 8, "error": 8, "unavailable": 3, "reset": 5, "denied": 4}
# With these, SQS may have taken the message and the sender cannot know.
UNKNOWABLE = {"reset-after": 8, "half": 8, "timeout": 2, "timeout-after": 2}
STANDARD = 7  # the seed whose queue is a standard one


def pick(rng: random.Random, faults: dict[str, int]) -> str | None:
    dice = rng.randrange(100)
    for name, weight in faults.items():
        dice -= weight
        if dice < 0:
            return name
    return None


def pairs(rng: random.Random) -> list[tuple[str, str]]:
    """Return ids of which each two share their first offset."""
    taken: dict[int, str] = {}
    found = []
    while len(found) < 12:
        each = request_id()
        other = taken.setdefault(offset(each), each)
        if other != each:
            found.append((other, each))
            taken.pop(offset(each))
    return found


@pytest.mark.slow
@pytest.mark.parametrize("seeds", [range(4), range(4, 8)], ids=["first", "second"])
def test_every_line_is_written_once_or_dead_lettered_once_with_a_reason(monkeypatch, seeds):
    """Throttles, errors, resets, hangs, half-answers, rejections, a dying queue, in any order.

    The queue is a FIFO one, which drops what a lost answer makes the sender repeat; but for one
    seed: its queue is a standard one, that fails and dies but loses no answer.
    """
    with ExitStack() as servers, ThreadPoolExecutor(len(seeds)) as threads:
        runs = []
        for seed in seeds:
            wire = servers.enter_context(Wire())
            monkeypatch.setenv("AWS_ENDPOINT_URL_TIMESTREAM_WRITE", wire.url)
            monkeypatch.setenv("AWS_ENDPOINT_URL_SQS", wire.url)
            queue_url = wire.queue_url + ("" if seed == STANDARD else ".fifo")
            processor = Processor(Config(queue_url=queue_url))
            processor.prepare()  # reads the environment; from here on the runs are apart
            runs.append((seed, wire, processor))
        done = [threads.submit(run, *each) for each in runs]
        reports = [report for each in done for report in each.result()]
    # The schedule did what it is for.
    assert sum(report.retried for report in reports) > 20
    assert any(report.unfinished for report in reports)


def run(seed: int, wire: Wire, processor: Processor) -> list[Report]:
    """Send some 2,000 lines through 65 invocations and more, and account for every one."""
    rng = random.Random(seed)
    write_faults, queue_faults = WRITE_FAULTS, QUEUE_FAULTS | UNKNOWABLE
    seconds = [0.1, 0.2]
    if seed == STANDARD:
        # A busy machine loses answers by itself when there are only milliseconds for them.
        write_faults = {name: WRITE_FAULTS[name] for name in WRITE_FAULTS if "timeout" not in name}
        queue_faults, seconds = QUEUE_FAULTS, [5.0]

    def fault(operation, request):
        if operation == "DescribeEndpoints":
            return pick(rng, {"throttle": 10, "reset": 10})
        return pick(rng, write_faults if operation == "WriteRecords" else queue_faults)

    wire.fault = fault
    wire.reject = lambda row: TOO_LATE if row.get("sc_status") == "599" else None
    wire.reject_letter = lambda message: rng.random() < 0.1

    good: list[str] = []
    rejected: list[str] = []
    malformed: list[str] = []
    duplicates = 0
    twins = pairs(rng)
    reports: list[Report] = []
    waiting: list[str] = []
    number = 0  # the sequence number of the first record that waits

    for _ in range(INVOCATIONS):
        for _ in range(rng.choice([1, 2, 4, 8, 8, 110])):
            kind = rng.random()
            if kind < 0.8:
                text = line()
                good.append(text.split("\t")[12])
            elif kind < 0.85 and twins:
                text = ""
                for each in twins.pop():
                    text += line(timestamp="1790000000.123", x_edge_request_id=each)
                    good.append(each)
            elif kind < 0.9:
                text = line(sc_status="599")
                rejected.append(text.strip())
            elif kind < 0.95:
                text = line(timestamp=f"not-{request_id()}")
                malformed.append(text.strip())
            elif kind < 0.97 and waiting:
                text = rng.choice(waiting)  # CloudFront sent it twice
                if "\t599\t" in text or "not-" in text or text.startswith("short"):
                    continue
                duplicates += text.count("\n")
            else:
                text = f"short\t{request_id()}\n"
                malformed.append(text.strip())
            waiting.append(text)
        waiting, number = deliver(processor, waiting, number, reports, rng.choice(seconds))
    wire.fault = lambda operation, request: None
    wire.reject_letter = lambda message: False
    while waiting:
        waiting, number = deliver(processor, waiting, number, reports, rng.choice(seconds))

    stored = Counter(row["x_edge_request_id"] for row in wire.store.requests())
    assert stored == Counter(good)
    letters = wire.store.messages
    assert Counter(letter["line"] for letter in letters) == Counter(rejected + malformed)
    assert len({letter["id"] for letter in letters}) == len(letters)
    for letter in letters:
        expected = "rejected" if letter["line"] in rejected else "malformed"
        assert letter["kind"] == expected
        assert letter["reason"]
    total = len(good) + len(rejected) + len(malformed) + duplicates
    assert sum(report.received for report in reports) == total
    assert sum(report.rejected for report in reports) == len(rejected)
    assert sum(report.malformed for report in reports) == len(malformed)
    assert sum(report.written + report.duplicates for report in reports) == (len(good) + duplicates)
    return reports


def deliver(processor, waiting, number, reports, seconds):
    """Deliver once, as Lambda does: what comes back waits for the next time."""
    batch = event(waiting, first=number)
    answer = processor.handle(batch, Context(seconds))
    reports.append(processor.report)
    assert set(answer) == {"batchItemFailures"}
    if not answer["batchItemFailures"]:
        return [], number + len(waiting)
    (failure,) = answer["batchItemFailures"]
    at = int(failure["itemIdentifier"]) - number
    assert 0 <= at < len(waiting)
    return waiting[at:], number + at
