"""From a Kinesis event to log lines. No line is dropped, and none is guessed at.

https://docs.aws.amazon.com/lambda/latest/dg/with-kinesis.html
"""

import binascii
import re
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from processor.dead_letters import DeadLetter

# Why a line can never be written; the key is what metrics count by.
EMPTY = ("empty", "the record holds no line")
NOT_BASE64 = ("not_base64", "the record's data is not base64")
NOT_UTF8 = ("not_utf8", "the line is not UTF-8")
NOT_TEXT = ("not_text", "the record is no text, so no log line of CloudFront's")
AGGREGATED = (
    "aggregated",
    "the record is aggregated by a Kinesis producer; CloudFront writes none, so find who does",
)
# https://github.com/awslabs/amazon-kinesis-producer/blob/master/aggregation-format.md
AGGREGATE = b"\xf3\x89\x9a\xc2"
# What `redrive` begins a record's partition key with.
REDRIVEN = "redrive-"
# Bytes that text does not have; tabs, line ends, and what Python takes for line ends are text.
_binary = re.compile(rb"[\x00-\x08\x0e-\x1a]").search


class Failed(NamedTuple):
    """A line that can never be written, and why."""

    line: int  # index into Batch.texts
    code: str  # what metrics count by, such as "field_count"
    reason: str  # for the operator; never a value from the line, unless it is the store's


@dataclass(slots=True)
class Batch:
    """An event's records and the lines in them, as two sets of parallel lists."""

    sequence_numbers: list[str]  # of each record
    shards: list[str]
    arrivals: list[object]  # when each record reached the stream, epoch seconds
    texts: list[str] = field(default_factory=list)  # of each line
    records: list[int] = field(default_factory=list)  # the record of each line
    numbers: list[int] = field(default_factory=list)  # the line's number within that record
    unreadable: list[DeadLetter] = field(default_factory=list)  # not text, or no line
    redriven: frozenset[int] = frozenset()  # records that were dead letters before

    def dead_letter(self, failed: Failed, kind: str) -> DeadLetter:
        """Return the dead letter of a line; the kind is "malformed" or "rejected"."""
        line, code, reason = failed
        where = self.records[line], self.numbers[line]
        return DeadLetter(*where, kind, code, reason, self.texts[line].encode())


def read(event: dict[str, Any]) -> Batch:
    """Split a Kinesis event into its lines.

    Several lines in one record are several lines; blank ones between them are skipped. A line that
    is not UTF-8 is malformed, and so is a whole record that holds no line, or is no text at all.
    """
    entries = event.get("Records") or []
    kinesis = [entry.get("kinesis") or {} for entry in entries]
    batch = Batch(
        sequence_numbers=[str(each.get("sequenceNumber", "")) for each in kinesis],
        shards=[str(entry.get("eventID", "")).partition(":")[0] for entry in entries],
        arrivals=[each.get("approximateArrivalTimestamp") for each in kinesis],
        redriven=frozenset(
            index
            for index, each in enumerate(kinesis)
            if str(each.get("partitionKey", "")).startswith(REDRIVEN)
        ),
    )
    if texts := _one_a_record(kinesis):
        batch.texts, batch.records = texts, list(range(len(texts)))
        batch.numbers = [0] * len(texts)
        return batch
    for index, each in enumerate(kinesis):
        data = each.get("data") or ""
        try:
            raw = binascii.a2b_base64(data)
        except (ValueError, TypeError):
            kept = data.encode("utf-8", "surrogatepass") if isinstance(data, str) else b""
            batch.unreadable.append(DeadLetter(index, 0, "malformed", *NOT_BASE64, kept))
            continue
        broken = _is_broken(raw)
        if broken and raw.startswith(AGGREGATE):
            batch.unreadable.append(DeadLetter(index, 0, "malformed", *AGGREGATED, raw, True))
        elif broken and _is_binary(raw):
            batch.unreadable.append(DeadLetter(index, 0, "malformed", *NOT_TEXT, raw, True))
        else:
            _each_line(batch, index, raw)
    return batch


def _one_a_record(kinesis: list[dict[str, Any]]) -> list[str]:
    """Return the lines if each record is one, as CloudFront sends them; else nothing."""
    try:
        texts = [binascii.a2b_base64(each["data"]).decode().rstrip("\r\n") for each in kinesis]
    except (KeyError, TypeError, ValueError):
        return []
    return [] if "" in texts or "\n" in "".join(texts) else texts


def _is_binary(raw: bytes) -> bool:
    """Whether bytes that are not UTF-8 are no text at all: then none of them ends a line."""
    if _binary(raw):
        return True
    lines = [line for line in raw.split(b"\n") if line.strip(b"\r")]
    return sum(_is_broken(line) for line in lines) * 2 > len(lines) > 1


def _is_broken(line: bytes) -> bool:
    try:
        line.decode()
    except UnicodeDecodeError:
        return True
    return False


def _each_line(batch: Batch, index: int, raw: bytes) -> None:
    found = False
    for number, line in enumerate(raw.split(b"\n")):
        line = line.rstrip(b"\r")
        if not line:
            continue
        found = True
        try:
            batch.texts.append(line.decode())
        except UnicodeDecodeError:
            batch.unreadable.append(DeadLetter(index, number, "malformed", *NOT_UTF8, line))
            continue
        batch.records.append(index)
        batch.numbers.append(number)
    if not found:
        batch.unreadable.append(DeadLetter(index, 0, "malformed", *EMPTY, raw, True))
