"""Put dead letters back on the stream, once the cause of their failure is removed.

A line goes on the stream first and leaves the queue after: nothing is lost, and a line that gets
there twice leaves one row. Batches that Lambda gave up on are read from the stream once more and
put on its end. Dead letters that arrive during the run wait for the next one.
"""

import base64
import json
import random
import time
import uuid
from argparse import ArgumentParser, Namespace
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from botocore.exceptions import ClientError
from rich.text import Text

from cli import aws, console, stack
from processor.lines import REDRIVEN

HELP = "put the lines in the dead-letter queue back on the stream"
# https://docs.aws.amazon.com/kinesis/latest/APIReference/API_PutRecords.html
PUT_RECORDS = 500
PUT_BYTES = 4 * 1024 * 1024
PUT_TRIES = 8
HIDDEN_SECONDS = 300  # how long a message is ours while we deal with it
EMPTY_ANSWERS = 3  # in a row: a queue spread over many servers may miss messages once
WAIT_SECONDS = 1


@dataclass(frozen=True, slots=True)
class Message:
    """What a message of the queue holds."""

    receipt: str
    kind: str  # "malformed", "rejected", "batch" of Lambda's, or "unknown"
    reason: str
    name: str = ""  # of the dead letter: the same for two messages about one line
    part: int = 1
    parts: int = 1
    data: bytes = b""
    whole: bool = False  # the data is a record to the byte; else a line without its end
    code: str = ""  # what metrics count it by, such as "drifted"
    batch: dict[str, Any] = field(default_factory=dict)


@dataclass(slots=True)
class Tally:
    """What was done."""

    put: int = 0  # lines
    deleted: int = 0  # messages
    left: Counter[str] = field(default_factory=Counter)  # why messages stay in the queue


def arguments(parser: ArgumentParser) -> None:
    """Add this subcommand's arguments."""
    aws.stack_argument(parser)
    aws.yes_argument(parser)
    parser.add_argument(
        "--dry-run", action="store_true", help="say what is in the queue, and change nothing"
    )
    parser.add_argument(
        "--only",
        choices=("malformed", "drifted", "rejected", "batch"),
        help="leave all other messages; drifted are malformed lines that hold other fields",
    )
    parser.add_argument(
        "--to",
        metavar="STACK",
        help="put the lines on the stream of another stack, which has their list of fields",
    )


def run(args: Namespace) -> int:
    """Redrive; the exit status is 1 when something had to be left in the queue."""
    made = aws.session(args.region)
    found = stack.read(aws.client(made, "cloudformation"), args.stack)
    sqs, kinesis = aws.client(made, "sqs"), aws.client(made, "kinesis")
    url = found.dead_letter_queue_url
    if args.dry_run:
        return _preview(sqs, url, args.only)
    waiting = _count(sqs, url)
    if not waiting:
        print("The dead-letter queue is empty.")
        return 0
    target = found.stream_name
    if args.to:
        target = stack.read(aws.client(made, "cloudformation"), args.to).stream_name
    where = "back on" if target == found.stream_name else "on"
    console.confirm(f"Put about {waiting} dead letters {where} stream {target}?", yes=args.yes)
    tally = _redrive(sqs, kinesis, url, found.stream_name, args.only, target)
    print(f"{tally.put} lines are {where} the stream; {tally.deleted} messages left the queue.")
    for why, count in sorted(tally.left.items()):
        print(f"{count} stay in the queue: {why}")
    return 1 if tally.left else 0


def _preview(sqs: Any, url: str, only: str | None) -> int:
    """Print what waits, by kind and reason."""
    found = Counter(
        (message.kind, message.reason)
        for message in _receive(sqs, url, hidden=60)
        if only in (None, message.kind, message.code)
    )
    table = console.plain()
    table.add_column(justify="right", min_width=6)
    for (kind, reason), count in found.most_common():
        table.add_row(str(count), Text(kind), Text(reason))
    console.put(console.output(), table)
    total = sum(found.values())
    print(
        f"{total} messages would be put back; nothing was changed. The queue shows them again in a "
        "minute."
    )
    return 0


def _count(sqs: Any, url: str) -> int:
    names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
    answer = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=names)
    return sum(int(value) for value in answer["Attributes"].values())


def _redrive(
    sqs: Any, kinesis: Any, url: str, stream: str, only: str | None, target: str = ""
) -> Tally:
    """Put dead letters on the target, which is the stream itself if none is named."""
    target = target or stream
    tally = Tally()
    done: set[str] = set()  # dead letters that were put
    pieces: dict[str, dict[int, Message]] = {}  # of lines that came in parts
    ready: list[tuple[bytes, list[Message]]] = []  # a line and the messages it settles
    for message in _receive(sqs, url, HIDDEN_SECONDS):
        if only not in (None, message.kind, message.code):
            tally.left["not what --only asks for"] += 1
            continue
        if message.kind == "unknown":
            tally.left[message.reason] += 1
            continue
        if message.kind == "batch" and target != stream:
            tally.left["Lambda's batches go back to their own stream, without --to"] += 1
            continue
        if message.kind == "batch":
            _put_batch(sqs, kinesis, url, stream, message, tally)
            continue
        if message.name in done:
            _delete(sqs, url, [message], tally)
            continue
        if message.parts > 1:
            parts = pieces.setdefault(message.name, {})
            parts[message.part] = message
            if len(parts) < message.parts:
                continue
            del pieces[message.name]
            whole = [parts[number] for number in sorted(parts)]
            ready.append((b"".join(part.data for part in whole), whole))
        else:
            ready.append((message.data, [message]))
        done.add(message.name)
        if len(ready) >= PUT_RECORDS:
            _put_letters(sqs, kinesis, url, target, ready, tally)
            ready = []
    _put_letters(sqs, kinesis, url, target, ready, tally)
    for parts in pieces.values():
        tally.left["parts of a line whose other parts did not show; run it again"] += len(parts)
    return tally


def _receive(sqs: Any, url: str, hidden: int) -> Iterator[Message]:
    """Yield the messages that were sent before now, each once."""
    started = time.time() * 1000
    seen: set[str] = set()
    empty = 0
    while empty < EMPTY_ANSWERS:
        answer = sqs.receive_message(
            QueueUrl=url,
            MaxNumberOfMessages=10,
            WaitTimeSeconds=WAIT_SECONDS,
            VisibilityTimeout=hidden,
            AttributeNames=["SentTimestamp"],
        )
        new = [each for each in answer.get("Messages", []) if each["MessageId"] not in seen]
        empty = 0 if new else empty + 1
        for each in new:
            seen.add(each["MessageId"])
            # What fails again comes back to the queue: not to be put back forever.
            if int(each.get("Attributes", {}).get("SentTimestamp", 0)) <= started:
                yield _read(each["Body"], each["ReceiptHandle"])


def _read(body: str, receipt: str) -> Message:
    try:
        content = json.loads(body)
        if "KinesisBatchInfo" in content:
            cause = content.get("requestContext", {}).get("condition", "given up by Lambda")
            return Message(receipt, "batch", cause, batch=content["KinesisBatchInfo"])
        if "line_base64" in content:
            data = base64.b64decode(content["line_base64"], validate=True)
        else:
            data = content["line"].encode()
        shard, number = content["shard"], content["sequence_number"]
        return Message(
            receipt,
            content["kind"],
            content["reason"],
            content.get("id") or f"{shard}:{number}:{content.get('line')}",
            content.get("part", 1),
            content.get("parts", 1),
            data,
            content.get("whole") is True,
            content.get("code", ""),
        )
    except (ValueError, KeyError, TypeError, AttributeError):
        return Message(receipt, "unknown", "not a dead letter of this project's")


def _record(data: bytes, messages: list[Message]) -> bytes:
    return data if messages[0].whole else data.rstrip(b"\n") + b"\n"


def _put_letters(
    sqs: Any,
    kinesis: Any,
    url: str,
    stream: str,
    ready: list[tuple[bytes, list[Message]]],
    tally: Tally,
) -> None:
    put = _put(kinesis, stream, [_record(data, messages) for data, messages in ready])
    settled: list[Message] = []
    for (_, messages), ok in zip(ready, put, strict=True):
        if ok:
            tally.put += 1
            settled += messages
        else:
            tally.left["the stream did not take them; run it again"] += len(messages)
    _delete(sqs, url, settled, tally)


def _put_batch(
    sqs: Any, kinesis: Any, url: str, stream: str, message: Message, tally: Tally
) -> None:
    """Put the records of a batch that Lambda gave up on, if the stream still has them."""
    try:
        records = _records(kinesis, stream, message.batch)
    except (ClientError, KeyError) as error:
        code = aws.code_of(error) if isinstance(error, ClientError) else "no shard"
        tally.left[f"Lambda's batch cannot be read from the stream ({code})"] += 1
        return
    if not records:
        tally.left[
            "the stream no longer has the lines of Lambda's batch; delete the message by hand"
        ] += 1
        return
    put = _put(kinesis, stream, records)
    tally.put += sum(put)
    if all(put):
        _delete(sqs, url, [message], tally)
    else:
        tally.left["the stream did not take them; run it again"] += 1


def _records(kinesis: Any, stream: str, batch: dict[str, Any]) -> list[bytes]:
    """Read the records from the batch's first to its last sequence number.

    A stack that is filled from another one's stream has batches of that stream too.
    """
    last = int(batch["endSequenceNumber"])
    iterator = kinesis.get_shard_iterator(
        StreamName=batch.get("streamArn", "").rpartition("/")[2] or stream,
        ShardId=batch["shardId"],
        ShardIteratorType="AT_SEQUENCE_NUMBER",
        StartingSequenceNumber=batch["startSequenceNumber"],
    )["ShardIterator"]
    found: list[bytes] = []
    while iterator:
        answer = kinesis.get_records(ShardIterator=iterator, Limit=1000)
        for record in answer["Records"]:
            if int(record["SequenceNumber"]) > last:
                return found
            found.append(record["Data"])
            if int(record["SequenceNumber"]) == last:
                return found
        if not answer["Records"] and not answer.get("MillisBehindLatest"):
            return found
        iterator = answer.get("NextShardIterator")
    return found


def _put(kinesis: Any, stream: str, lines: list[bytes]) -> list[bool]:
    """Put lines on the stream; say of each whether it is there.

    PutRecords may take some and refuse others: those are put again.
    """
    done = [False] * len(lines)
    waiting = list(range(len(lines)))
    for attempt in range(PUT_TRIES):
        for chosen in _calls(lines, waiting):
            try:
                records = [
                    {"Data": lines[at], "PartitionKey": f"{REDRIVEN}{uuid.uuid4().hex}"}
                    for at in chosen
                ]
                answer = kinesis.put_records(StreamName=stream, Records=records)
            except ClientError as error:
                if aws.code_of(error) == "ProvisionedThroughputExceededException":
                    continue
                if aws.code_of(error) in ("InvalidArgumentException", "ValidationException"):
                    continue  # a record over the stream's limit: it stays in the queue
                raise
            for at, result in zip(chosen, answer["Records"], strict=True):
                done[at] = "SequenceNumber" in result
        waiting = [at for at in waiting if not done[at]]
        if not waiting:
            break
        time.sleep(random.uniform(0, min(5.0, 0.1 * 2**attempt)))
    return done


def _calls(lines: list[bytes], waiting: list[int]) -> Iterator[list[int]]:
    """Divide into calls within PutRecords' limits."""
    chosen: list[int] = []
    size = 0
    for at in waiting:
        if chosen and (len(chosen) == PUT_RECORDS or size + len(lines[at]) > PUT_BYTES):
            yield chosen
            chosen, size = [], 0
        chosen.append(at)
        size += len(lines[at]) + 64
    if chosen:
        yield chosen


def _delete(sqs: Any, url: str, messages: list[Message], tally: Tally) -> None:
    """Delete messages whose lines are on the stream."""
    for start in range(0, len(messages), 10):
        entries = [
            {"Id": str(at), "ReceiptHandle": message.receipt}
            for at, message in enumerate(messages[start : start + 10])
        ]
        answer = sqs.delete_message_batch(QueueUrl=url, Entries=entries)
        tally.deleted += len(answer.get("Successful", []))
        for _ in answer.get("Failed", []):
            tally.left["put back but not deleted; putting them again does no harm"] += 1
