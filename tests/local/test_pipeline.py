"""Lines through moto's Kinesis and the deployed handler into the embedded Timestream."""

import gc
import json
import time

import pytest
from moto.kinesis.models import Record
from moto.sqs.models import Message, sqs_backends

from local.aws import ACCOUNT, REGION, client
from local.pipeline import QUEUE, Pipeline, Settings, adds_up
from local.stores import Span
from local.stores.timestream import Questions, make_table
from local.stream import Stream, events_of
from local.traffic import Traffic, line
from processor.catalog import BY_NAME, DEFAULT_FIELDS
from processor.config import ConfigError

END = 1_790_000_000
EVER = Span(0, END * 2)

pytestmark = pytest.mark.usefixtures("environment")


@pytest.fixture(scope="module")
def requests():
    return list(Traffic(3).between(END - 60, END, 10))


@pytest.fixture
def lines(requests):
    return [line(request, DEFAULT_FIELDS).encode() for request in requests]


@pytest.fixture
def pipeline(timestream, moto_url):
    make_table(timestream)
    made = Pipeline(timestream, moto_url)
    made.source.backoff = 0.01
    yield made
    list(made.dead_letters.drain())


def counts(pipeline):
    return Questions(pipeline.store_url).counts("processor", 0.0)


def stored(pipeline):
    return Questions(pipeline.store_url).stored(EVER)


@pytest.fixture
def stream(pipeline, moto_url, request):
    pipeline.stream = Stream(moto_url, name=request.node.name[:100])
    return pipeline.stream


class TestStream:
    @pytest.mark.slow
    def test_records_carry_one_line_each_and_come_once(self, stream, lines):
        stream.put(lines)
        read = [record for _, records in stream.read(10_000) for record in records]
        assert len(read) == len(lines)
        assert {record["eventID"].partition(":")[0] for record in read} == {
            "shardId-000000000000",
            "shardId-000000000001",
        }
        assert list(stream.read(10_000)) == []

    @pytest.mark.slow
    def test_more_lines_than_one_call_takes_are_put_in_several(self, stream):
        stream.put([b"x%d\n" % n for n in range(1_201)])
        assert sum(len(records) for _, records in stream.read(10_000)) == 1_201

    @pytest.mark.slow
    def test_what_was_read_does_not_come_again_after_more_is_put(self, stream):
        stream.put([b"first\n"] * 3)
        list(stream.read(10))
        stream.put([b"first\n"] * 2)
        assert sum(len(records) for _, records in stream.read(10)) == 2


def alive(model):
    """How many instances of a class there are, whoever holds them."""
    gc.collect()
    return sum(type(each) is model for each in gc.get_objects())


class TestNothingPilesUp:
    """What is left running for a week holds no more than after an hour."""

    @pytest.mark.slow
    def test_moto_holds_one_record_a_shard_however_many_were_put(self, stream, moto_url):
        before = alive(Record)
        for round_ in range(5):
            stream.put([b"%d of %d\n" % (n, round_) for n in range(500)])
            assert sum(len(records) for _, records in stream.read(10_000)) == 500
            assert alive(Record) - before <= 2

    @pytest.mark.slow
    def test_the_queue_holds_nothing_of_a_dead_letter_that_was_kept(self, pipeline, tmp_path):
        for n in range(50):
            pipeline.dead_letters.send({"id": n})
        assert len(pipeline.dead_letters.keep(tmp_path / "letters.jsonl")) == 50
        assert alive(Message) == 0
        assert not sqs_backends[ACCOUNT][REGION].queues[QUEUE].deleted_messages


class TestPipeline:
    @pytest.mark.slow
    def test_a_past_that_is_filled_in_leaves_no_pipeline_record(self, pipeline, stream, lines):
        with pipeline.unrecorded():
            pipeline.send(lines[:100])
        assert stored(pipeline) == 100
        assert counts(pipeline)["received"] in (None, 0)
        pipeline.send(lines[100:])
        assert counts(pipeline)["received"] == len(lines) - 100

    def test_every_line_becomes_a_row(self, pipeline, stream, lines, requests):
        assert pipeline.send(lines) == len(lines)
        assert adds_up(counts(pipeline), len(lines))
        assert stored(pipeline) == len(lines)
        sent = sum(int(request["sc-bytes"]) for request in requests)
        row = Questions(pipeline.store_url).rows(
            "SELECT sum(sc_bytes) AS bytes FROM {table} WHERE measure_name = 'request'"
        )
        assert row == [{"bytes": sent}]

    @pytest.mark.slow
    def test_a_line_delivered_twice_is_one_row(self, pipeline, stream, lines):
        pipeline.send(lines + lines[:50])
        pipeline.send(lines)
        assert stored(pipeline) == len(lines)

    @pytest.mark.slow
    def test_as_many_are_told_as_written_as_are_there_when_old_rows_collide(
        self, pipeline, stream, lines
    ):
        """One id, one time, other bytes, a year old: the magnetic store drops what it takes."""
        old = (time.time() - 366 * 86_400) // 1
        at = DEFAULT_FIELDS.index(BY_NAME["sc-bytes"])
        values = [text.decode().rstrip("\n").split("\t") for text in lines[:4]]
        for row in values:
            row[0] = f"{old:.3f}"
        texts = ["\t".join(row).encode() + b"\n" for row in values]
        again, later = list(values[0]), list(values[0])
        again[at], later[at] = "17", "18"
        texts.append("\t".join(again).encode() + b"\n")
        for batch in (texts, ["\t".join(later).encode() + b"\n"]):
            for records in events_of(batch, 1000, "file"):
                pipeline.deliver(records)
            assert counts(pipeline)["written"] == 5 == stored(pipeline)
        told = counts(pipeline)
        assert told["written"] == 5 == stored(pipeline)
        assert adds_up(told, 6)

    @pytest.mark.slow
    def test_what_cannot_be_written_is_kept_with_its_reason(
        self, pipeline, stream, lines, tmp_path
    ):
        broken = lines[0].replace(b"\t", b" ", 1)
        pipeline.send([*lines, broken, b"\xff\n"])
        assert counts(pipeline)["malformed"] == 2
        assert adds_up(counts(pipeline), len(lines) + 2)
        letters = pipeline.dead_letters.keep(tmp_path / "new" / "letters.jsonl")
        text = (tmp_path / "new/letters.jsonl").read_text()
        kept = [json.loads(each) for each in text.splitlines()]
        assert kept == letters
        assert [letter["kind"] for letter in kept] == ["malformed"] * 2
        assert broken.decode().strip() in {letter.get("line", "").strip() for letter in kept}
        assert pipeline.dead_letters.keep(tmp_path / "none.jsonl") == []
        assert not (tmp_path / "none.jsonl").exists()

    @pytest.mark.slow
    def test_a_batch_whose_answer_was_lost_is_written_once_all_the_same(
        self, pipeline, stream, lines
    ):
        """At least once from Kinesis, once in the table."""
        handler, lost = pipeline.source.handler, []

        def losing(event, context):
            answer = handler(event, context)
            if not lost:
                lost.append(answer)
                raise TimeoutError("Lambda was gone before it could answer")
            return answer

        pipeline.source.handler = losing
        pipeline.send(lines)
        assert lost
        assert stored(pipeline) == len(lines)
        assert pipeline.given_up == 0

    @pytest.mark.slow
    def test_a_table_that_is_not_there_makes_lambda_give_up_and_say_so(
        self, timestream, moto_url, lines, request
    ):
        pipeline = Pipeline(timestream, moto_url, Settings(table="nowhere"))
        pipeline.stream = Stream(moto_url, name=request.node.name[:100])
        pipeline.source.backoff, pipeline.source.retries = 0.0, 1
        pipeline.send(lines[:20])
        assert pipeline.given_up == 20
        letters = list(pipeline.dead_letters.drain())
        assert sum(letter["KinesisBatchInfo"]["batchSize"] for letter in letters) == 20

    @pytest.mark.slow
    def test_settings_that_cannot_work_are_refused_before_anything_is_read(
        self, timestream, moto_url
    ):
        with pytest.raises(ConfigError, match="RECORD_LAYOUT is 'clasic'"):
            Pipeline(timestream, moto_url, Settings(layout="clasic"))


class TestTable:
    @pytest.mark.slow
    def test_it_takes_a_file_from_any_year(self, timestream, moto_url):
        make_table(timestream)
        make_table(timestream)  # and does not mind being there already
        write = client("timestream-write", timestream)
        table = write.describe_table(DatabaseName="cloudfront", TableName="realtime_logs")["Table"]
        assert table["RetentionProperties"] == {
            "MemoryStoreRetentionPeriodInHours": 8766,
            "MagneticStoreRetentionPeriodInDays": 73000,
        }
        assert table["MagneticStoreWriteProperties"]["EnableMagneticStoreWrites"] is True


class TestQuestions:
    @pytest.mark.slow
    @pytest.mark.parametrize(
        ("expression", "answer"),
        [
            ("1", 1),
            ("2.5", 2.5),
            ("1 = 1", True),
            ("'1'", "1"),
            ("CAST(NULL AS bigint)", None),
            ("ARRAY[1, 2]", [1, 2]),
            ("from_milliseconds(0)", "1970-01-01 00:00:00.000000000"),
        ],
    )
    def test_an_answer_has_pythons_types(self, shared_timestream, expression, answer):
        assert Questions(shared_timestream).rows(f"SELECT {expression} AS x") == [{"x": answer}]
