"""The handler against a server on the wire: what is written, and what is set aside."""

import base64
import json
from collections import Counter

import pytest

from processor.config import Config
from processor.handler import Processor
from processor.stores.timestream.request import offset
from processor.stores.timestream.settings import Settings
from tests.support.log_lines import Context, event, line, request_id
from tests.support.wire import Wire

DONE = {"batchItemFailures": []}
STAMP = "1790000000.123"


def ids(wire):
    return Counter(row["x_edge_request_id"] for row in wire.store.requests())


def failed(number):
    return {"batchItemFailures": [{"itemIdentifier": f"{number:021d}"}]}


def colliding(count=2):
    """Return ids whose first offsets are the same."""
    taken = {}
    while True:
        each = request_id()
        group = taken.setdefault(offset(each), [])
        group.append(each)
        if len(group) == count:
            return group


class TestWriting:
    def test_a_batch_is_written_in_calls_of_100_and_the_answer_is_empty(self, processor, wire):
        names = [request_id() for _ in range(250)]
        texts = [  # each of a millisecond of its own: no two can collide
            line(timestamp=f"1790000000.{at:03d}", x_edge_request_id=each)
            for at, each in enumerate(names)
        ]
        answer = processor.handle(event(texts), Context())
        assert answer == DONE
        assert ids(wire) == Counter(names)
        sizes = sorted(len(request["Records"]) for request in wire.store.writes)
        assert sizes == [1, 50, 100, 100]  # the pipeline record has a request of its own

    def test_calls_are_signed_json_for_write_records(self, processor, wire, monkeypatch):
        monkeypatch.setenv("AWS_SESSION_TOKEN", "the-token")
        processor.handle(event([line()]), Context())
        headers = wire.store.agents[0]
        assert headers["X-Amz-Target"] == "Timestream_20181101.WriteRecords"
        assert headers["Content-Type"] == "application/x-amz-json-1.0"
        assert headers["X-Amz-Security-Token"] == "the-token"
        signature = headers["Authorization"]
        assert signature.startswith("AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/")
        assert "/us-east-1/timestream/aws4_request" in signature
        assert "content-type;host;x-amz-date;x-amz-security-token;x-amz-target" in signature

    def test_connections_are_kept_from_one_event_to_the_next(self, processor, wire):
        for _ in range(5):
            processor.handle(event([line()]), Context())
        assert len(wire.store.ports) <= 3  # discovery's, a call's, the pipeline record's

    def test_an_empty_event_is_no_trouble(self, processor):
        assert processor.handle({"Records": []}, Context()) == DONE

    @pytest.mark.parametrize("layout", ["multi", "classic"])
    def test_both_layouts_are_accepted(self, wire, layout):
        processor = Processor(Config(settings=Settings(layout=layout)))
        assert processor.handle(event(line() for _ in range(120)), Context()) == DONE
        assert len(wire.store.requests()) == 120

    def test_lines_of_any_age_are_sent_for_the_table_to_judge(self, processor, wire):
        processor.handle(event([line(timestamp="1600000000.000")]), Context())
        assert len(wire.store.requests()) == 1


class TestEndpoints:
    def test_writes_go_where_discovery_says_and_it_is_asked_once(self, wire):
        with Wire() as cell:
            wire.discovered = cell.url
            processor = Processor(Config())
            for _ in range(3):
                assert processor.handle(event([line()]), Context()) == DONE
            assert [operation for operation, _ in wire.store.calls] == ["DescribeEndpoints"]
            assert len(cell.store.requests()) == 3

    def test_a_cell_that_sends_us_away_is_discovered_anew(self, wire):
        with Wire() as old, Wire() as new:
            wire.discovered = old.url
            processor = Processor(Config())
            processor.handle(event([line()]), Context())
            wire.discovered = new.url
            old.fault = lambda operation, request: "moved"
            assert processor.handle(event([line()]), Context()) == DONE
            assert (len(old.store.requests()), len(new.store.requests())) == (1, 1)

    def test_without_discovery_the_batch_comes_back(self, processor, wire):
        wire.fault = lambda operation, request: (
            "denied" if operation == "DescribeEndpoints" else None
        )
        assert processor.handle(event([line()], first=7), Context()) == failed(7)

    def test_without_credentials_the_batch_comes_back(self, wire, monkeypatch):
        for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
            monkeypatch.delenv(name)
        monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
        processor = Processor(Config())
        assert processor.handle(event([line()], first=7), Context()) == failed(7)


class TestIdentity:
    def test_a_batch_delivered_twice_leaves_one_row_for_each_request(self, processor, wire):
        batch = event(line() for _ in range(130))
        processor.handle(batch, Context())
        before = dict(wire.store.rows)
        assert processor.handle(batch, Context()) == DONE
        requests = {key for key, row in wire.store.rows.items() if row["measure_name"] == "request"}
        assert requests <= set(before)

    def test_a_line_twice_in_one_batch_is_written_once_and_counted(self, processor, wire):
        text = line()
        assert processor.handle(event([text, line(), text]), Context()) == DONE
        assert len(wire.store.requests()) == 2
        assert (processor.report.written, processor.report.duplicates) == (2, 1)

    def test_requests_whose_hashes_collide_are_both_kept(self, processor, wire):
        first, second = colliding()
        texts = [line(timestamp=STAMP, x_edge_request_id=each) for each in (first, second)]
        assert processor.handle(event(texts), Context()) == DONE
        assert ids(wire) == Counter([first, second])
        assert processor.report.written == 2

    def test_colliding_requests_of_different_batches_are_both_kept_however_often(
        self, processor, wire
    ):
        first, second = colliding()
        texts = [line(timestamp=STAMP, x_edge_request_id=each) for each in (first, second)]
        for batch in ([0], [1], [0, 1], [1, 0], [1]):
            assert processor.handle(event(texts[at] for at in batch), Context()) == DONE
        assert ids(wire) == Counter([first, second])

    def test_rows_written_before_a_change_of_settings_are_not_doubled(self, wire):
        batch = event(line() for _ in range(50))
        Processor(Config()).handle(batch, Context())
        masked = Processor(Config(viewer_ip="mask"))
        assert masked.handle(batch, Context()) == DONE
        assert len(wire.store.requests()) == 50
        assert (masked.report.written, masked.report.duplicates) == (0, 50)

    def test_a_row_that_somebody_corrected_stays_as_it_is(self, processor, wire):
        batch = event([line()])
        processor.handle(batch, Context())
        (identity,) = [
            key for key, row in wire.store.rows.items() if row["measure_name"] == "request"
        ]
        wire.store.rows[identity]["sc_status"] = "599"
        wire.store.versions[identity] = 2
        assert processor.handle(batch, Context()) == DONE
        assert [row["sc_status"] for row in wire.store.requests()] == ["599"]
        assert processor.report.duplicates == 1

    @pytest.mark.slow
    @pytest.mark.parametrize("told", [False, True])
    def test_two_late_lines_of_one_id_and_time_are_both_there(self, processor, wire, told):
        """The magnetic store says nothing: the batch itself knows that one was dropped."""
        wire.magnetic, wire.tells_conflicts = True, told
        one = {"timestamp": STAMP, "x-edge-request-id": request_id()}
        texts = [line(one, sc_bytes=str(at)) for at in range(3)]
        batch = [*texts[:2], *[line(cs_method=f"M{at % 7}") for at in range(1200)], texts[2]]
        assert processor.handle(event(batch), Context()) == DONE
        assert (processor.report.written, processor.report.duplicates) == (1203, 0)
        assert len(wire.store.requests()) == 1203
        before = dict(wire.store.rows)
        assert processor.handle(event(batch), Context()) == DONE
        assert len(wire.store.requests()) == 1203
        assert all(wire.store.rows[key] == row for key, row in before.items())

    @pytest.mark.parametrize("magnetic", [False, True])
    def test_two_lines_that_come_to_one_record_are_one_row_and_a_duplicate(self, wire, magnetic):
        wire.magnetic = magnetic
        processor = Processor(Config(viewer_ip="drop"))
        one = {"timestamp": STAMP, "x-edge-request-id": request_id()}
        texts = [line(one, c_ip=f"203.0.113.{at}") for at in (1, 2)]
        assert processor.handle(event(texts), Context()) == DONE
        assert len(wire.store.requests()) == 1
        assert (processor.report.written, processor.report.duplicates) == (1, 1)

    def test_a_late_row_that_meets_an_earlier_one_is_not_counted_as_written(self, processor, wire):
        """Where the endpoint says so at once."""
        wire.magnetic = wire.tells_conflicts = True
        one = {"timestamp": STAMP, "x-edge-request-id": request_id()}
        processor.handle(event([line(one)]), Context())
        processor.handle(event([line(one, sc_bytes="1"), line()]), Context())
        assert len(wire.store.requests()) == 2
        assert (processor.report.written, processor.report.duplicates) == (1, 1)
        (told,) = [row for row in wire.store.pipeline() if row["received"] == "2"]
        assert (told["written"], told["duplicates"]) == ("1", "1")

    def test_when_all_its_offsets_are_taken_a_line_goes_to_the_dead_letters(self, processor, wire):
        name = request_id()
        texts = line(timestamp=STAMP, x_edge_request_id=name)
        processor.handle(event([texts]), Context())
        ((_, row),) = [item for item in wire.store.rows.items() if item[1].get("x_edge_request_id")]
        dimensions, measure, _ = next(key for key, each in wire.store.rows.items() if each is row)
        wire.store.rows.clear()
        for collisions in range(4):
            time = 1790000000123 * 10**6 + offset(name, collisions)
            wire.store.rows[(dimensions, measure, time)] = row | {"x_edge_request_id": "other"}
            wire.store.versions[(dimensions, measure, time)] = 1
        assert processor.handle(event([texts]), Context()) == DONE
        (letter,) = wire.store.messages
        assert letter["kind"] == "rejected"
        assert "already exists" in letter["reason"]


class TestRejected:
    def test_what_timestream_rejects_is_set_aside_with_its_reason(self, processor, wire):
        reason = (
            "The record timestamp is outside the time range [2026-11-22T19:22:45.051Z, "
            "2026-11-23T20:02:45.051Z) of the memory store."
        )
        wire.reject = lambda row: reason if row.get("sc_status") == "599" else None
        late = line(sc_status="599")
        texts = [line(), late, *[line() for _ in range(120)]]
        assert processor.handle(event(texts), Context()) == DONE
        assert len(wire.store.requests()) == 121
        (letter,) = wire.store.messages
        assert letter["reason"] == reason
        assert letter["kind"] == "rejected"
        assert letter["line"] + "\n" == late
        assert letter["sequence_number"] == f"{1:021d}"
        assert letter["shard"] == "shardId-000000000000"
        assert letter["received_at"] == "2026-09-21T14:13:20.250Z"
        report = processor.report
        assert (report.received, report.written, report.rejected) == (122, 121, 1)
        assert report.reasons == {("rejected", "outside_time_range"): 1}

    def test_one_record_that_a_whole_call_is_refused_for_is_found(self, processor, wire):
        bad = line(cs_method="POISON")

        def fault(operation, request):
            text = json.dumps(request)
            return "invalid" if operation == "WriteRecords" and "POISON" in text else None

        wire.fault = fault
        texts = [*[line() for _ in range(70)], bad, *[line() for _ in range(60)]]
        assert processor.handle(event(texts), Context()) == DONE
        assert len(wire.store.requests()) == 130
        (letter,) = wire.store.messages
        assert letter["line"] + "\n" == bad
        assert letter["reason"] == "something is wrong with a record"

    def test_malformed_lines_are_set_aside_and_the_rest_is_written(self, processor, wire):
        texts = [line(), "bad\tline\n", line(timestamp="x"), b"\xff\xfe\n", "", line()]
        assert processor.handle(event(texts), Context()) == DONE
        assert len(wire.store.requests()) == 2
        letters = {letter["sequence_number"]: letter for letter in wire.store.messages}
        assert sorted(letters) == [f"{at:021d}" for at in (1, 2, 3, 4)]
        assert all(letter["kind"] == "malformed" for letter in letters.values())
        assert letters[f"{1:021d}"]["line"] == "bad\tline"
        assert base64.b64decode(letters[f"{3:021d}"]["line_base64"]) == b"\xff\xfe"
        assert processor.report.malformed == 4

    @pytest.mark.parametrize("layout", ["multi", "classic"])
    def test_one_odd_value_does_not_cost_the_request(self, wire, layout, capsys, monkeypatch):
        """Values that players sent; and one letter at most, for what no record can be without."""
        monkeypatch.delenv("POWERTOOLS_METRICS_DISABLED")
        processor = Processor(Config(settings=Settings(layout=layout), queue_url=wire.queue_url))
        texts = [
            line({"cmcd-measured-throughput": "NaN"}),
            line({"cmcd-deadline": "Infinity", "cmcd-measured-throughput": "NaN"}),
            line({"cmcd-encoded-bitrate": "1200.5", "cmcd-object-duration": "4004.0"}),
        ]
        assert processor.handle(event(texts), Context()) == DONE
        assert wire.store.messages == []
        rows = wire.store.requests()
        assert len(rows) == 3
        assert [row for row in rows if row.get("cmcd_encoded_bitrate") == "1201"]
        assert [row for row in rows if row.get("cmcd_object_duration") == "4004"]
        report = processor.report
        assert (report.written, report.malformed, report.left_out) == (3, 0, 3)
        assert report.fields == {"cmcd-deadline": 1, "cmcd-measured-throughput": 2}
        told = {
            row["field"]: row["left_out"]
            for row in wire.store.rows.values()
            if row["measure_name"] == "left_out"
        }
        assert told == {"cmcd-deadline": "1", "cmcd-measured-throughput": "2"}
        (row,) = wire.store.pipeline()
        assert row["left_out"] == "3"
        printed = [json.loads(each) for each in capsys.readouterr().out.splitlines()]
        metrics = {blob["field"]: blob["left_out"] for blob in printed if "field" in blob}
        assert metrics == {"cmcd-deadline": [1.0], "cmcd-measured-throughput": [2.0]}

    def test_when_nothing_was_left_out_nothing_more_is_written(self, processor, wire):
        processor.handle(event([line()]), Context())
        assert [len(request["Records"]) for request in wire.store.writes] == [1, 1]

    def test_a_value_left_out_of_a_line_that_comes_back_is_told_of_once(self, processor, wire):
        wire.fault = lambda operation, request: "denied" if "STUCK" in json.dumps(request) else None
        texts = [line(), line({"cmcd-deadline": "NaN", "cs-method": "STUCK"})]
        processor.handle(event(texts, first=5), Context())
        wire.fault = lambda operation, request: None
        processor.handle(event(texts[1:], first=6), Context())
        told = [
            int(row["left_out"])
            for row in wire.store.rows.values()
            if row["measure_name"] == "left_out"
        ]
        assert sum(told) == 1

    def test_a_record_that_is_no_text_is_one_letter_that_can_be_put_back(self, processor, wire):
        data = b"\xf3\x89\x9a\xc2\n\x01a\n" + line().encode() + b"\xd4" * 15 + b"\n"
        assert processor.handle(event([line(), data]), Context()) == DONE
        (letter,) = wire.store.messages
        assert base64.b64decode(letter["line_base64"]) == data
        assert letter["whole"] is True
        assert processor.report.reasons == {("malformed", "aggregated"): 1}
        assert processor.report.received == 2

    def test_without_a_queue_the_log_says_where_the_line_is(self, wire, capsys, monkeypatch):
        monkeypatch.setenv("LOG_LEVEL", "WARNING")
        assert Processor(Config()).handle(event(["secret\tline\n"]), Context()) == DONE
        printed = capsys.readouterr().out
        first = json.loads(printed.splitlines()[0])
        assert first["sequence_number"] == f"{0:021d}"
        assert first["code"] == "field_count"
        assert "secret" not in printed
