"""What Lambda's Kinesis event source mapping does with a batch that fails, and our copy of it."""

import base64
import threading

import pytest

from local.eventsource import Context, EventSource, in_turn
from local.stream import STREAM, event_record, events_of


def batch(count):
    lines = [f"line {n}\n".encode() for n in range(count)]
    (records,) = events_of(lines, count, "shardId-000000000000")
    return records


def numbers(records):
    return [int(record["kinesis"]["sequenceNumber"]) for record in records]


def failing_from(number):
    return {"batchItemFailures": [{"itemIdentifier": f"{number:020d}"}]}


class Calls:
    """A handler that answers as it is told, and remembers what it was given."""

    def __init__(self, answer):
        self.answer = answer
        self.seen = []

    def __call__(self, event, context):
        given = numbers(event["Records"])
        self.seen.append(given)
        return self.answer(given, len(self.seen))


def deliver(answer, count=6, **settings):
    calls, given_up = Calls(answer), []
    source = EventSource(calls, give_up=given_up.append, wait=lambda _: None, **settings)
    left = source.deliver(batch(count))
    return calls.seen, numbers(left), given_up


class TestRecords:
    def test_a_record_is_what_lambda_documents(self):
        record = event_record(b"a\tb\n", "shardId-000000000001", "42", "key", 1_790_000_000.5)
        assert record == {
            "kinesis": {
                "kinesisSchemaVersion": "1.0",
                "partitionKey": "key",
                "sequenceNumber": "42",
                "data": base64.b64encode(b"a\tb\n").decode(),
                "approximateArrivalTimestamp": 1_790_000_000.5,
            },
            "eventSource": "aws:kinesis",
            "eventVersion": "1.0",
            "eventID": "shardId-000000000001:42",
            "eventName": "aws:kinesis:record",
            "invokeIdentityArn": "arn:aws:iam::123456789012:role/processor",
            "awsRegion": "us-east-1",
            "eventSourceARN": f"arn:aws:kinesis:us-east-1:123456789012:stream/{STREAM}",
        }

    def test_lines_come_in_batches_numbered_throughout(self):
        batches = list(events_of([b"x\n"] * 5, 2, "file-0"))
        assert [numbers(records) for records in batches] == [[1, 2], [3, 4], [5]]


class TestContext:
    def test_time_runs_out(self):
        context = Context("demo", timeout=0.0)
        assert context.get_remaining_time_in_millis() == 0
        assert Context("demo").get_remaining_time_in_millis() > 50_000

    def test_it_names_the_function(self):
        context = Context("demo")
        assert context.invoked_function_arn.endswith(":function:demo")
        assert context.log_group_name == "/aws/lambda/demo"
        assert context.aws_request_id != Context("demo").aws_request_id


class TestDelivery:
    @pytest.mark.parametrize("answer", [None, {}, {"batchItemFailures": []}])
    def test_a_batch_without_failures_is_delivered_once(self, answer):
        seen, left, _ = deliver(lambda given, call: answer)
        assert seen == [[1, 2, 3, 4, 5, 6]]
        assert left == []

    def test_what_precedes_the_reported_record_is_done_and_the_rest_comes_again(self):
        seen, left, _ = deliver(lambda given, call: failing_from(4) if call == 1 else None)
        assert seen == [[1, 2, 3, 4, 5, 6], [4, 5, 6]]
        assert left == []

    def test_the_lowest_of_several_reported_records_counts(self):
        answer = {"batchItemFailures": [{"itemIdentifier": f"{n:020d}"} for n in (5, 3, 6)]}
        seen, _, _ = deliver(lambda given, call: answer if call == 1 else None)
        assert seen[1] == [3, 4, 5, 6]

    def test_a_first_record_that_keeps_failing_uses_up_the_retries_and_is_given_up(self):
        seen, left, given_up = deliver(
            lambda given, call: failing_from(given[0]), count=3, retries=2
        )
        assert seen == [[1, 2, 3]] * 3
        assert left == [1, 2, 3]
        assert given_up[0]["KinesisBatchInfo"]["batchSize"] == 3
        assert given_up[0]["requestContext"]["approximateInvokeCount"] == 3

    def test_an_exception_splits_the_batch_until_only_the_bad_record_is_left(self):
        def answer(given, call):
            if 4 in given:
                raise RuntimeError("cannot take 4")

        seen, left, given_up = deliver(answer, retries=1)
        assert left == [4]
        good = [number for given in seen if 4 not in given for number in given]
        assert sorted(good) == [1, 2, 3, 5, 6]
        (description,) = given_up
        assert description["KinesisBatchInfo"]["startSequenceNumber"] == f"{4:020d}"
        assert "cannot take 4" in description["responseContext"]["functionError"]

    def test_records_keep_their_order_when_a_batch_is_split(self):
        def answer(given, call):
            if len(given) > 2:
                raise RuntimeError

        seen, _, _ = deliver(answer)
        done = [number for given in seen if len(given) <= 2 for number in given]
        assert done == [1, 2, 3, 4, 5, 6]

    def test_without_bisecting_the_whole_batch_is_tried_again(self):
        def answer(given, call):
            if call == 1:
                raise RuntimeError

        seen, left, _ = deliver(answer, bisect=False)
        assert seen == [[1, 2, 3, 4, 5, 6]] * 2
        assert left == []

    @pytest.mark.parametrize(
        "answer",
        [
            {"batchItemFailures": [{"itemIdentifier": "nobody"}]},
            {"batchItemFailures": [{"itemIdentifier": None}]},
            {"batchItemFailures": [{}]},
            {"batchItemFailures": 5},
            {"batchItemFailures": [object()]},
        ],
    )
    def test_an_answer_that_makes_no_sense_fails_the_whole_batch(self, answer):
        seen, left, _ = deliver(
            lambda given, call: answer if call == 1 else None, count=2, bisect=False
        )
        assert seen == [[1, 2], [1, 2]]
        assert left == []

    def test_retries_wait_longer_and_longer(self):
        waits = []
        source = EventSource(
            Calls(lambda given, call: failing_from(1)), retries=3, backoff=1, wait=waits.append
        )
        source.deliver(batch(1))
        assert waits == [1, 2, 4]


class TestCopies:
    def test_each_has_every_other_batch_and_the_answers_are_in_order(self):
        seen = [], []
        copies = [lambda batch, mine=mine: mine.append(batch) or -batch for mine in seen]
        assert list(in_turn(copies, range(7))) == [(n, -n) for n in range(7)]
        assert seen == ([0, 2, 4, 6], [1, 3, 5])

    def test_they_work_side_by_side(self):
        together = threading.Barrier(2, timeout=20)
        assert len(list(in_turn([lambda _: together.wait()] * 2, range(4)))) == 4

    def test_no_more_is_read_than_they_have(self):
        read = []
        for done, _ in in_turn([str] * 2, (read.append(n) or n for n in range(9))):
            assert len(read) <= done + 3

    def test_what_one_raises_is_raised(self):
        with pytest.raises(ZeroDivisionError):
            list(in_turn([lambda n: 1 // (n - 2)] * 2, range(5)))
