"""The dead-letter queue: lines that can never be written, with the reason, for an operator.

https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessageBatch.html
"""

import base64
import json
import random
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from processor.aws import Aws

if TYPE_CHECKING:
    from processor.lines import Batch

PER_CALL = 10
# SQS takes 1 MiB for a message and for a call; queues made earlier can be set to 256 KiB.
CALL_BYTES = 256 * 1024
MESSAGE_BYTES = CALL_BYTES - 1024
REMEMBERED = 1000  # ids of dead letters
PART_BYTES = 180_000  # of a longer line: base64 makes it 240,000


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """A line for the dead-letter queue, or a record that holds no line."""

    record: int  # index of its Kinesis record in the event
    line: int  # 0-based line within that record
    kind: str  # "malformed" or "rejected"
    code: str  # what metrics count by, such as "field_count"
    reason: str  # for the operator; never a value from the line, unless it is the store's
    data: bytes  # the line as it came
    whole: bool = False  # the data is all of the record: to be put back to the byte


def dead_letter_id(dead_letter: DeadLetter, batch: "Batch") -> str:
    """Name a dead letter: the same for the same line, however often it is delivered."""
    record = dead_letter.record
    return f"{batch.shards[record]}:{batch.sequence_numbers[record]}:{dead_letter.line}"


def messages(dead_letter: DeadLetter, batch: "Batch") -> Iterator[tuple[str, str]]:
    """Yield (id, body) of a dead letter's messages: one, or several parts of a very long line.

    A body is JSON with id, reason, kind, code, shard, sequence_number, received_at (ISO 8601) and
    the line: ``line`` as text, or ``line_base64`` where it is not UTF-8 or comes in parts, which
    ``part`` (from 1) and ``parts`` number. ``whole`` is true where the line is all of its record,
    line ends and all.
    """
    name = dead_letter_id(dead_letter, batch)
    about: dict[str, Any] = {
        "id": name,
        "reason": dead_letter.reason,
        "kind": dead_letter.kind,
        "code": dead_letter.code,
        "shard": batch.shards[dead_letter.record],
        "sequence_number": batch.sequence_numbers[dead_letter.record],
        "received_at": _iso(batch.arrivals[dead_letter.record]),
    }
    if dead_letter.whole:
        about["whole"] = True
    try:
        body = json.dumps(about | {"line": dead_letter.data.decode()})
    except UnicodeDecodeError:
        body = json.dumps(about | {"line_base64": base64.b64encode(dead_letter.data).decode()})
    if len(body) <= MESSAGE_BYTES:
        yield name, body
        return
    about["reason"] = dead_letter.reason[:2048]
    pieces = [
        dead_letter.data[at : at + PART_BYTES] for at in range(0, len(dead_letter.data), PART_BYTES)
    ]
    for number, piece in enumerate(pieces or [b""], start=1):
        encoded = base64.b64encode(piece).decode()
        part = {"part": number, "parts": max(len(pieces), 1), "line_base64": encoded}
        yield f"{name}:{number}", json.dumps(about | part)


class DeadLetters:
    """Sends dead letters, in order."""

    def __init__(self, queue_url: str, aws: Aws) -> None:
        self._queue_url = queue_url
        self._aws = aws
        self._endpoint = ""
        # Dead letters that were delivered though one before them was not: their batch comes back.
        self._early: dict[str, None] = {}

    def send(
        self, dead_letters: Sequence[DeadLetter], batch: "Batch", deadline: float
    ) -> int | None:
        """Deliver dead letters; return None, or the lowest record that has one not delivered.

        They are sent in the order of their records, ten in a call. The first call that SQS does not
        take whole is the last. Lambda then delivers the batch again from the record returned. Dead
        letters of it that were delivered are remembered, and not sent again by this process.
        """
        waiting: list[tuple[int, str, str]] = []
        delivered: list[tuple[int, str]] = []
        passed: list[str] = []
        size = 0
        for dead_letter in sorted(dead_letters, key=lambda each: (each.record, each.line)):
            for name, body in messages(dead_letter, batch):
                if name in self._early:
                    passed.append(name)
                    continue
                if len(waiting) == PER_CALL or size + len(body) > CALL_BYTES:
                    failed = self._deliver(waiting, deadline, delivered)
                    if failed is not None:
                        return failed
                    waiting, size = [], 0
                waiting.append((dead_letter.record, name, body))
                size += len(body)
        failed = self._deliver(waiting, deadline, delivered) if waiting else None
        if failed is None:
            for name in passed:
                self._early.pop(name, None)
        return failed

    def _deliver(
        self,
        waiting: list[tuple[int, str, str]],
        deadline: float,
        delivered: list[tuple[int, str]],
    ) -> int | None:
        """Repeat one call until SQS has taken all; add what it took to ``delivered``."""
        attempt = 0
        while True:
            sent, passing = self._send(waiting, deadline - time.monotonic())
            delivered += [each[:2] for at, each in enumerate(waiting) if str(at) in sent]
            waiting = [each for at, each in enumerate(waiting) if str(at) not in sent]
            if not waiting:
                return None
            pause = random.uniform(0, min(1.0, 0.05 * 2 ** min(attempt, 30)))
            if not passing or time.monotonic() + pause >= deadline:
                break
            time.sleep(pause)
            attempt += 1
        failed = min(record for record, _, _ in waiting)
        # Of an earlier call too: a record of many lines can have dead letters in several.
        self._early |= {name: None for record, name in delivered if record >= failed}
        while len(self._early) > REMEMBERED:
            del self._early[next(iter(self._early))]
        return failed

    def _send(self, waiting: list[tuple[int, str, str]], seconds: float) -> tuple[set[str], bool]:
        """Make one call; return the ids that SQS took, and whether to try again."""
        from botocore.exceptions import BotoCoreError

        entries = [self._entry(at, name, body) for at, (_, name, body) in enumerate(waiting)]
        body = json.dumps({"QueueUrl": self._queue_url, "Entries": entries}).encode()
        target = "AmazonSQS.SendMessageBatch"
        try:
            self.prepare()
            answer = self._aws.post(self._endpoint, "sqs", target, body, max(seconds, 0.05))
        except BotoCoreError:  # credentials, configuration
            return set(), False
        if answer.status == 200:
            taken = answer.payload.get("Successful")
            return {each["Id"] for each in taken} if isinstance(taken, list) else set(), True
        throttled = answer.status == 429 or "Throttl" in answer.code
        return set(), throttled or not 400 <= answer.status < 500

    def _entry(self, at: int, name: str, body: str) -> dict[str, str]:
        entry = {"Id": str(at), "MessageBody": body}
        if self._queue_url.endswith(".fifo"):
            # A FIFO queue drops a message that is sent again because its answer was lost.
            entry |= {
                "MessageGroupId": name.partition(":")[0] or "-",
                "MessageDeduplicationId": name,
            }
        return entry

    def prepare(self) -> None:
        """Find the endpoint of SQS before the first dead letter needs it."""
        if not self._endpoint:
            self._endpoint = str(self._aws.client("sqs").meta.endpoint_url).rstrip("/")


def _iso(seconds: Any) -> str:
    """Return epoch seconds as ISO 8601 in UTC, or "" where the event does not say."""
    try:
        when = datetime.fromtimestamp(float(seconds), UTC)
    except (TypeError, ValueError, OverflowError, OSError):
        return ""
    return when.isoformat(timespec="milliseconds").replace("+00:00", "Z")
