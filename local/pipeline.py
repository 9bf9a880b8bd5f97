"""The deployed handler on this machine.

lines -> stream -> event source -> handler -> the store
                                     +------> dead letters -> a file
"""

import json
import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from local.aws import ACCOUNT, REGION, LocalError, client, use
from local.eventsource import EventSource, in_turn
from local.stores import Store, of
from local.stream import EventRecord, Stream
from processor import handler as module
from processor.catalog import DEFAULT_FIELDS, Field
from processor.handler import Processor

QUEUE = "cloudfront-dead-letters"


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings that a deployed stack has as parameters."""

    function: str = "processor"
    fields: tuple[Field, ...] = DEFAULT_FIELDS  # of a line, in delivery order
    layout: str = ""  # the store's usual one
    drop: tuple[Field, ...] = ()  # which of them are not stored
    database: str = ""  # the store's
    table: str = ""
    store: Store = field(default_factory=of)
    batch: int = 1000  # lines to an invocation, as the template has it
    log_level: str = "CRITICAL"  # the handler logs to standard output, where the answers go

    @property
    def reads(self) -> str:
        """What is made of a line, in a text: the same line read another way is another row."""
        names = [field.name for field in (*self.fields, *self.drop)]
        return " ".join([self.layout, str(len(self.fields)), *names])

    def environment(self, store_url: str, queue_url: str) -> dict[str, str]:
        """Return the environment variables that the template would set."""
        store = self.store
        names = self.database or store.DATABASE, self.table or store.TABLE
        return {
            "AWS_LAMBDA_FUNCTION_NAME": self.function,
            **store.environment(store_url, *names),
            "LOG_FIELDS": ",".join(field.name for field in self.fields),
            "RECORD_LAYOUT": self.layout or store.LAYOUTS[0],
            "DROP_FIELDS": ",".join(field.name for field in self.drop),
            "DEAD_LETTER_QUEUE_URL": queue_url,
            "LOG_LEVEL": self.log_level,
            # There is no CloudWatch here; the same numbers are in the pipeline records.
            "POWERTOOLS_METRICS_DISABLED": "true",
        }


class DeadLetters:
    """The dead-letter queue, and the file that its messages are moved to."""

    def __init__(self, endpoint: str) -> None:
        self._sqs = client("sqs", endpoint)
        self.url: str = self._sqs.create_queue(QueueName=QUEUE)["QueueUrl"]

    def send(self, message: dict[str, Any]) -> None:
        """Put a message on the queue, as Lambda does about records that it gave up."""
        self._sqs.send_message(QueueUrl=self.url, MessageBody=json.dumps(message))

    def drain(self) -> Iterator[dict[str, Any]]:
        """Yield and delete the messages on the queue."""
        while True:
            answer = self._sqs.receive_message(
                QueueUrl=self.url, MaxNumberOfMessages=10, WaitTimeSeconds=0
            )
            messages = answer.get("Messages") or []
            if not messages:
                return
            yield from (json.loads(message["Body"]) for message in messages)
            self._sqs.delete_message_batch(
                QueueUrl=self.url,
                Entries=[
                    {"Id": str(n), "ReceiptHandle": message["ReceiptHandle"]}
                    for n, message in enumerate(messages)
                ],
            )
            self._forget()

    @staticmethod
    def _forget() -> None:
        """Let moto forget the handles of deleted messages, which it would keep forever."""
        from moto.sqs.models import sqs_backends

        sqs_backends[ACCOUNT][REGION].queues[QUEUE].deleted_messages.clear()

    def keep(self, path: Path) -> list[dict[str, Any]]:
        """Append what is on the queue to a file, one JSON object a line; return it."""
        letters = list(self.drain())
        if letters:
            path.parent.mkdir(parents=True, exist_ok=True)
            with path.open("a", encoding="utf-8") as file:
                file.writelines(json.dumps(letter) + "\n" for letter in letters)
        return letters


def adds_up(counts: Mapping[str, int], sent: int) -> bool:
    """Whether every line sent is counted once: written, duplicate, rejected or malformed."""
    ends = sum(counts[name] for name in ("written", "duplicates", "rejected", "malformed"))
    return counts["received"] == ends == sent


def check_dead_letters(path: Path) -> None:
    """Raise LocalError for a path where no dead letter could be kept, before one is lost."""
    there = path.exists()
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.open("a").close()
    except OSError as error:
        raise LocalError(
            f"lines that cannot be written cannot be kept in {path} ({error.strerror}); "
            "name another place with --dead-letters"
        ) from None
    if not there:
        path.unlink()


def load(settings: Settings, store_url: str, moto: str, queue_url: str) -> Processor:
    """Configure the deployed handler by environment variables; return its Processor.

    Raises processor.config.ConfigError, as at the start of the Lambda, for settings that cannot
    work. A second call replaces the first one's configuration.
    """
    use({**settings.store.endpoints(store_url), "SQS": moto})
    os.environ.update(settings.environment(store_url, queue_url))

    # What the module does by itself when it is loaded in Lambda.
    module._processor = processor = module.build()
    processor.prepare()
    processor.announce()
    return processor


@dataclass(slots=True)
class Pipeline:
    """Everything between a log line and the table.

    ``store_url`` and ``moto`` are the URLs of running servers.
    """

    store_url: str
    moto: str
    settings: Settings = field(default_factory=Settings)
    stream: Stream | None = None  # for send and pump
    dead_letters: DeadLetters = field(init=False)
    processor: Processor = field(init=False)
    source: EventSource = field(init=False)
    given_up: int = field(init=False, default=0)  # records Lambda would have discarded

    def __post_init__(self) -> None:
        self.dead_letters = DeadLetters(self.moto)
        self.processor = load(self.settings, self.store_url, self.moto, self.dead_letters.url)
        self.source = EventSource(
            self.processor.handle, self.settings.function, give_up=self.dead_letters.send
        )

    @contextmanager
    def unrecorded(self) -> Iterator[None]:
        """Write no pipeline records meanwhile: the lag of a back-filled past means nothing."""
        self.processor.writes_records = False
        try:
            yield
        finally:
            self.processor.writes_records = True

    def deliver(self, records: list[EventRecord]) -> None:
        """Hand one batch to the handler, until it is done or given up."""
        self.given_up += len(self.source.deliver(records))

    def deliver_each(self, batches: Iterable[list[EventRecord]]) -> Iterator[list[EventRecord]]:
        """Deliver batches to as many copies of the handler as the store is served best by, in turn.

        Yield each batch, in order, when it is done or given up.
        """
        copies = [self.source]
        for _ in range(self.settings.store.COPIES - 1):
            copy = module.build()
            copy.prepare()
            copies.append(replace(self.source, handler=copy.handle))
        for records, given_up in in_turn([each.deliver for each in copies], batches):
            self.given_up += len(given_up)
            yield records

    def pump(self) -> int:
        """Deliver what is on the stream; return how many records that were."""
        stream = self._needed()
        count = 0
        while batches := list(stream.read(self.settings.batch)):
            for _, records in batches:
                count += len(records)
                self.deliver(records)
        return count

    def send(self, lines: Iterable[bytes]) -> int:
        """Put lines on the stream and deliver them; return how many records that were."""
        self._needed().put(list(lines))
        return self.pump()

    def _needed(self) -> Stream:
        if self.stream is None:
            raise ValueError("this pipeline was made without a stream")
        return self.stream
