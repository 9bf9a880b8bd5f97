"""The dead-letter queue: lines that can never be written, with the reason, for an operator.

https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessageBatch.html
"""

import base64
import json
import random
import threading
import time
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

from processor.lines import Batch, Letter

PER_CALL = 10
# SQS takes 1 MiB for a message and for a call; queues made earlier can be set to 256 KiB.
CALL_BYTES = 256 * 1024
MESSAGE_BYTES = CALL_BYTES - 1024
PART_BYTES = 180_000  # of a longer line: base64 makes it 240,000


def letter_id(letter: Letter, batch: Batch) -> str:
    """Name a letter: the same for the same line, however often it is delivered."""
    return f"{batch.shards[letter.record]}:{batch.sequence_numbers[letter.record]}:{letter.line}"


def messages(letter: Letter, batch: Batch) -> Iterator[tuple[str, str]]:
    """Yield (id, body) of the letter's messages: one, or several parts of a very long line.

    A body is JSON with id, reason, kind, shard, sequence_number, received_at (ISO 8601) and the
    line: ``line`` as text, or ``line_base64`` where it is not UTF-8 or comes in parts, which
    ``part`` (from 1) and ``parts`` number.
    """
    name = letter_id(letter, batch)
    about = {
        "id": name,
        "reason": letter.reason,
        "kind": letter.kind,
        "shard": batch.shards[letter.record],
        "sequence_number": batch.sequence_numbers[letter.record],
        "received_at": _iso(batch.arrivals[letter.record]),
    }
    try:
        body = json.dumps(about | {"line": letter.data.decode()})
    except UnicodeDecodeError:
        body = json.dumps(about | {"line_base64": base64.b64encode(letter.data).decode()})
    if len(body) <= MESSAGE_BYTES:
        yield name, body
        return
    about["reason"] = letter.reason[:2048]
    pieces = [letter.data[at : at + PART_BYTES] for at in range(0, len(letter.data), PART_BYTES)]
    for number, piece in enumerate(pieces or [b""], start=1):
        encoded = base64.b64encode(piece).decode()
        part = {"part": number, "parts": max(len(pieces), 1), "line_base64": encoded}
        yield f"{name}:{number}", json.dumps(about | part)


class Letters:
    """Sends dead letters, in order."""

    def __init__(self, queue_url: str, region: str) -> None:
        self._queue_url = queue_url
        self._region = region
        self._lock = threading.Lock()
        self._client: Any = None

    def send(self, letters: Sequence[Letter], batch: Batch, deadline: float) -> int | None:
        """Deliver the letters; return None, or the lowest record whose letter was not delivered.

        Letters go out in the order of their records and the first that cannot be delivered ends
        it, so that few are sent again when the batch is.
        """
        sorted_letters = sorted(letters, key=lambda each: (each.record, each.line))
        waiting: list[tuple[int, str, str]] = []
        size = 0
        for letter in sorted_letters:
            for name, body in messages(letter, batch):
                if len(waiting) == PER_CALL or size + len(body) > CALL_BYTES:
                    failed = self._deliver(waiting, deadline)
                    if failed is not None:
                        return failed
                    waiting, size = [], 0
                waiting.append((letter.record, name, body))
                size += len(body)
        return self._deliver(waiting, deadline) if waiting else None

    def _deliver(self, waiting: list[tuple[int, str, str]], deadline: float) -> int | None:
        from botocore.exceptions import BotoCoreError, ClientError

        attempt = 0
        while waiting:
            try:
                answer = self._queue().send_message_batch(
                    QueueUrl=self._queue_url,
                    Entries=[
                        self._entry(at, name, body) for at, (_, name, body) in enumerate(waiting)
                    ],
                )
                sent = {each["Id"] for each in answer.get("Successful", [])}
            except (BotoCoreError, ClientError):
                sent = set()
            waiting = [each for at, each in enumerate(waiting) if str(at) not in sent]
            pause = random.uniform(0, min(1.0, 0.05 * 2**attempt))
            if waiting and time.monotonic() + pause >= deadline:
                return min(record for record, _, _ in waiting)
            if waiting:
                time.sleep(pause)
            attempt += 1
        return None

    def _entry(self, at: int, name: str, body: str) -> dict[str, str]:
        entry = {"Id": str(at), "MessageBody": body}
        if self._queue_url.endswith(".fifo"):
            # A FIFO queue drops what a lost answer made us send twice.
            entry |= {
                "MessageGroupId": name.partition(":")[0] or "-",
                "MessageDeduplicationId": name,
            }
        return entry

    def _queue(self) -> Any:
        with self._lock:
            if self._client is None:
                import botocore.session
                from botocore.config import Config

                self._client = botocore.session.get_session().create_client(
                    "sqs",
                    region_name=self._region,
                    config=Config(
                        connect_timeout=2, read_timeout=3, retries={"total_max_attempts": 1}
                    ),
                )
            return self._client


def _iso(seconds: object) -> str:
    """Return epoch seconds as ISO 8601 in UTC, or "" where the event does not say."""
    try:
        when = datetime.fromtimestamp(float(seconds), UTC)  # type: ignore[arg-type]
    except (TypeError, ValueError, OverflowError, OSError):
        return ""
    return when.isoformat(timespec="milliseconds").replace("+00:00", "Z")
