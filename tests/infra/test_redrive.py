"""Dead letters go back on the stream: put first, deleted after, nothing lost, no end to it."""

import json
from collections import Counter
from collections.abc import Callable

import boto3
import pytest

from infra import redrive
from processor.dead_letters import DeadLetter, messages
from processor.lines import Batch
from tests.support.aws import FakeCloudFormation

Run = Callable[..., tuple[int, str]]


def letter(
    line: bytes, number: int, kind: str = "malformed", reason: str = "bad", whole: bool = False
) -> list[str]:
    """Return the bodies that the processor would send for a line, or for a whole record."""
    batch = Batch([str(number)], ["shardId-000000000000"], [1_790_000_000.0])
    made = DeadLetter(0, 0, kind, "code", reason, line, whole)
    return [body for _, body in messages(made, batch)]


class Stage:
    """A queue and a stream on moto's server, and what is in them."""

    def __init__(self) -> None:
        self.sqs = boto3.client("sqs")
        self.kinesis = boto3.client("kinesis")
        self.url = self.sqs.create_queue(
            QueueName="letters", Attributes={"VisibilityTimeout": "300"}
        )["QueueUrl"]
        self.kinesis.create_stream(StreamName="stream", ShardCount=1)

    def send(self, *bodies: str) -> None:
        for body in bodies:
            self.sqs.send_message(QueueUrl=self.url, MessageBody=body)

    def put(self, *lines: bytes) -> list[str]:
        return [
            self.kinesis.put_record(StreamName="stream", Data=line, PartitionKey="p")[
                "SequenceNumber"
            ]
            for line in lines
        ]

    def lines(self, stream: str = "stream") -> list[bytes]:
        (shard,) = self.kinesis.list_shards(StreamName=stream)["Shards"]
        iterator = self.kinesis.get_shard_iterator(
            StreamName=stream, ShardId=shard["ShardId"], ShardIteratorType="TRIM_HORIZON"
        )["ShardIterator"]
        found = self.kinesis.get_records(ShardIterator=iterator, Limit=10000)["Records"]
        return [record["Data"] for record in found]

    def waiting(self) -> int:
        return redrive._count(self.sqs, self.url)


@pytest.fixture
def stage(
    moto: str,
    cloudformation: FakeCloudFormation,
    outputs: dict[str, str],
    monkeypatch: pytest.MonkeyPatch,
) -> Stage:
    made = Stage()
    cloudformation.add("cloudfront-grafana", outputs | {"DeadLetterQueueUrl": made.url})
    monkeypatch.setattr(redrive, "EMPTY_ANSWERS", 1)  # moto's queue is one server
    monkeypatch.setattr(redrive, "WAIT_SECONDS", 0)
    return made


def test_lines_are_put_back_as_they_came_and_leave_the_queue(stage: Stage, infra: Run) -> None:
    lines = [f"line {at}".encode() for at in range(25)]
    for at, line in enumerate(lines):
        stage.send(*letter(line, at, "rejected", "too late"))
    status, said = infra("redrive", "--yes")
    assert status == 0
    assert Counter(stage.lines()) == Counter(line + b"\n" for line in lines)
    assert stage.waiting() == 0
    assert "25 lines are back on the stream; 25 messages left the queue." in said


def test_a_dry_run_says_what_is_there_and_changes_nothing(stage: Stage, infra: Run) -> None:
    stage.send(*letter(b"a", 1), *letter(b"b", 2, "rejected", "too late"), "what is this")
    status, said = infra("redrive", "--dry-run")
    assert status == 0
    assert "rejected   too late" in said
    assert "3 messages would be put back; nothing was changed" in said
    assert stage.lines() == []
    assert stage.waiting() == 3


def test_an_empty_queue_is_no_trouble(stage: Stage, infra: Run) -> None:
    assert infra("redrive", "--yes") == (0, "The dead-letter queue is empty.\n")


def test_without_yes_it_asks(stage: Stage, infra: Run, answers: Callable[..., list[str]]) -> None:
    stage.send(*letter(b"a", 1))
    asked = answers("n")
    status, _ = infra("redrive")
    assert status == 1
    assert asked == ["Put about 1 dead letters back on stream stream? [y/N] "]
    assert stage.lines() == []


def test_bytes_that_are_no_text_and_lines_in_parts_come_back_whole(
    stage: Stage, infra: Run
) -> None:
    long = "é" * 250_000
    stage.send(*letter(b"\xff\xfe", 1), *reversed(letter(long.encode(), 2)))
    assert stage.waiting() > 3
    status, _ = infra("redrive", "--yes")
    assert status == 0
    assert Counter(stage.lines()) == Counter([b"\xff\xfe\n", long.encode() + b"\n"])
    assert stage.waiting() == 0


def test_a_record_that_is_no_text_comes_back_to_the_byte(stage: Stage, infra: Run) -> None:
    """An aggregated record ends in a checksum: a line feed more, or less, would break it."""
    aggregated = b"\xf3\x89\x9a\xc2\n\x01a\nb\n" + b"\xd4" * 15
    records = [aggregated, aggregated + b"\n\n", b"\x00\xff" * 200_000, b"\n\n"]
    for at, data in enumerate(records):
        stage.send(*letter(data, at, whole=True))
    status, _ = infra("redrive", "--yes")
    assert status == 0
    assert Counter(stage.lines()) == Counter(records)


def test_a_line_whose_parts_are_not_all_there_stays(stage: Stage, infra: Run) -> None:
    first, *_ = letter(b"x" * 500_000, 1)
    stage.send(first)
    status, said = infra("redrive", "--yes")
    assert status == 1
    assert "1 stay in the queue: parts of a line" in said
    assert stage.lines() == []
    assert stage.waiting() == 1


@pytest.mark.slow
def test_two_messages_about_one_line_put_it_once(stage: Stage, infra: Run) -> None:
    stage.send(*letter(b"a", 1), *letter(b"a", 1))
    infra("redrive", "--yes")
    assert stage.lines() == [b"a\n"]
    assert stage.waiting() == 0


def test_what_is_no_dead_letter_stays_and_is_told(stage: Stage, infra: Run) -> None:
    for body in ("hello", "[]", "{}", json.dumps({"line_base64": "%"})):
        stage.send(body)
    stage.send(*letter(b"a", 1))
    status, said = infra("redrive", "--yes")
    assert status == 1
    assert "4 stay in the queue: not a dead letter of this project's" in said
    assert stage.lines() == [b"a\n"]
    assert stage.waiting() == 4


def test_only_one_kind_can_be_asked_for(stage: Stage, infra: Run) -> None:
    stage.send(*letter(b"a", 1, "malformed"), *letter(b"b", 2, "rejected"))
    infra("redrive", "--yes", "--only", "rejected")
    assert stage.lines() == [b"b\n"]
    assert stage.waiting() == 1


def drifted(line: bytes, number: int) -> list[str]:
    batch = Batch([str(number)], ["shardId-000000000000"], [1_790_000_000.0])
    made = DeadLetter(0, 0, "malformed", "drifted", "most lines have something else", line)
    return [body for _, body in messages(made, batch)]


def test_drifted_lines_can_be_asked_for_and_put_on_the_stream_of_a_stack_that_has_their_fields(
    stage: Stage, infra: Run, cloudformation: FakeCloudFormation, outputs: dict[str, str]
) -> None:
    stage.kinesis.create_stream(StreamName="other", ShardCount=1)
    cloudformation.add("other", outputs | {"StreamName": "other"})
    stage.send(*letter(b"a", 1), *drifted(b"b", 2), *drifted(b"c", 3))
    status, said = infra("redrive", "--yes", "--only", "drifted", "--to", "other")
    assert status == 1  # one was left
    assert "2 lines are on the stream; 2 messages left the queue." in said
    assert stage.lines() == []
    assert sorted(stage.lines("other")) == [b"b\n", b"c\n"]
    assert stage.waiting() == 1


def test_a_batch_that_lambda_gave_up_on_is_read_from_the_stream_again(
    stage: Stage, infra: Run
) -> None:
    numbers = stage.put(*[f"line {at}\n".encode() for at in range(6)])
    about = {
        "shardId": "shardId-000000000000",
        "startSequenceNumber": numbers[1],
        "endSequenceNumber": numbers[3],
        "batchSize": 3,
    }
    context = {"condition": "RetryAttemptsExhausted"}
    stage.send(json.dumps({"requestContext": context, "KinesisBatchInfo": about}))
    status, said = infra("redrive", "--yes")
    assert status == 0
    assert stage.lines()[6:] == [b"line 1\n", b"line 2\n", b"line 3\n"]
    assert "3 lines are back on the stream; 1 messages left the queue." in said
    assert stage.waiting() == 0


def test_a_batch_that_the_stream_no_longer_has_stays(stage: Stage, infra: Run) -> None:
    about = {
        "shardId": "shardId-000000000009",
        "startSequenceNumber": "1",
        "endSequenceNumber": "2",
    }
    stage.send(json.dumps({"KinesisBatchInfo": about}))
    status, said = infra("redrive", "--yes")
    assert status == 1
    assert "1 stay in the queue: Lambda's batch cannot be read from the stream" in said
    assert stage.waiting() == 1


class Throttling:
    """A Kinesis client whose PutRecords refuses a record so many times before it takes it."""

    def __init__(self, refusals: dict[bytes, int]) -> None:
        self.refusals = refusals
        self.taken: list[bytes] = []

    def put_records(self, StreamName: str, Records: list[dict]) -> dict:  # noqa: N803 - boto3's
        results = []
        for record in Records:
            if self.refusals.get(record["Data"], 0) > 0:
                self.refusals[record["Data"]] -= 1
                results.append({"ErrorCode": "ProvisionedThroughputExceededException"})
            else:
                self.taken.append(record["Data"])
                results.append({"SequenceNumber": "1", "ShardId": "s"})
        return {"Records": results}


def test_records_that_the_stream_refuses_are_put_again_and_only_those(monkeypatch) -> None:
    monkeypatch.setattr(redrive.time, "sleep", lambda seconds: None)
    lines = [str(at).encode() for at in range(40)]
    stream = Throttling({line: at % 4 for at, line in enumerate(lines)})
    assert redrive._put(stream, "stream", lines) == [True] * 40
    assert Counter(stream.taken) == Counter(lines)


def test_records_that_the_stream_never_takes_stay_in_the_queue(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(redrive.time, "sleep", lambda seconds: None)
    stage.send(*letter(b"a", 1), *letter(b"b", 2))
    tally = redrive._redrive(stage.sqs, Throttling({b"b\n": 100}), stage.url, "stream", None)
    assert (tally.put, tally.deleted) == (1, 1)
    assert sum(tally.left.values()) == 1
    assert stage.waiting() == 1


def test_what_fails_again_during_the_run_waits_for_the_next(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The processor would send the letter anew within the second."""
    stage.send(*letter(b"a", 1))
    real = stage.kinesis.put_records

    def put_and_fail_again(**given):
        stage.send(*letter(b"a", len(stage.lines()) + 2))
        return real(**given)

    monkeypatch.setattr(stage.kinesis, "put_records", put_and_fail_again)
    monkeypatch.setattr(redrive, "PUT_RECORDS", 1)
    tally = redrive._redrive(stage.sqs, stage.kinesis, stage.url, "stream", None)
    assert tally.put == 1
    assert stage.waiting() == 1


def test_calls_stay_within_put_records_limits() -> None:
    lines = [b"x" * 1_000_000] * 9 + [b"y"] * 1200
    calls = list(redrive._calls(lines, list(range(len(lines)))))
    assert [at for chosen in calls for at in chosen] == list(range(len(lines)))
    for chosen in calls:
        assert len(chosen) <= 500
        assert sum(len(lines[at]) for at in chosen) <= 5 * 1024 * 1024
