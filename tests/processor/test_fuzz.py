"""Whatever is on the stream, no exception leaves the handler, and every line is accounted for."""

import random

import pytest

from processor.config import Config
from processor.handler import Processor
from processor.stores.timestream.settings import Settings
from tests.support.log_lines import ALL_FIELDS, Context, event, line

LINES = 200_000
BATCH = 5000
SEEDS = 4
BITS = [
    b"\t", b"\n", b"\r", b"-", b"%", b"%E3%81", b"%00", b'"', b"\\", b"\x00", b"\x1b", b"\x7f",
    b"\xff", b"\xed\xa0\x80", "é".encode(), "\u2028".encode(), "😀".encode(), b"1e999", b"NaN",
    b"9" * 40, b"0x10", b"{}", b"<script>", b" ", b"", b"A" * 3000,
]  # fmt: skip


def mangle(rng: random.Random, line: bytes) -> bytes:
    """Damage a line the way bugs, attackers and truncation do."""
    choice = rng.randrange(8)
    if choice == 0:
        return line
    if choice == 1:
        return line[: rng.randrange(len(line))]
    if choice == 2:
        return rng.randbytes(rng.randrange(200))
    values = line.split(b"\t")
    for _ in range(rng.randrange(1, 6)):
        at = rng.randrange(len(values))
        bit = rng.choice(BITS)
        if choice in (3, 4):
            values[at] = bit
        elif choice == 5:
            where = rng.randrange(len(values[at]) + 1)
            values[at] = values[at][:where] + bit + values[at][where:]
        elif choice == 6:
            values[at], values[-1] = values[-1], values[at]
        else:
            values[at] = bit * rng.randrange(20)
    return b"\t".join(values)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(SEEDS))
def test_200_000_fuzzed_lines_are_all_accounted_for(wire, seed):
    """A quarter of them for each seed; the server refuses what breaks a documented limit."""
    rng = random.Random(seed)
    configs = [
        Config(fields=ALL_FIELDS, viewer_ip="mask"),
        Config(settings=Settings(layout="classic"), fields=ALL_FIELDS, viewer_ip="drop"),
        Config(fields=ALL_FIELDS, queue_url=wire.queue_url),
    ]
    processors = [Processor(config) for config in configs]
    batches = LINES // SEEDS // BATCH
    for number in range(batches):
        lines = [mangle(rng, line(fields=ALL_FIELDS).encode()) for _ in range(BATCH)]
        # Most letters are only counted: their delivery is the same every time.
        processor = processors[number % 2 if number + 1 < batches else 2]
        assert processor.handle(event(lines), Context()) == {"batchItemFailures": []}
        report = processor.report
        assert report.received >= BATCH  # a line feed in a line makes it two
        assert report.received == (
            report.written + report.duplicates + report.malformed + report.rejected
        )
        assert len(wire.store.messages) == (report.malformed if number + 1 == batches else 0)
        assert report.rejected == 0  # nothing is sent that Timestream would not take
        # What is said to be written is there; damage can make two lines one row, but hardly ever.
        assert report.written - 5 <= len(wire.store.requests()) <= report.written
        wire.store.rows.clear()
        wire.store.messages.clear()
        wire.store.writes.clear()
