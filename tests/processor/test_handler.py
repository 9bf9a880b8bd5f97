"""The handler against a server on the wire: what is written, what is set aside, what comes back."""

import base64
import json
from collections import Counter

import pytest

from processor import handler as entry
from processor.catalog import DEFAULT_FIELDS, resolve
from processor.config import Config, ConfigError
from processor.handler import Processor
from processor.report import MEASURES
from processor.stores.timestream.request import offset
from processor.stores.timestream.settings import Settings
from tests.support.log_lines import Context, event, line, record, request_id
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


class TestComingBack:
    @pytest.mark.slow
    def test_throttles_and_errors_are_tried_again_within_the_invocation(self, processor, wire):
        faults = iter(
            ["throttle", "error", "unavailable", "reset", "reset-after", "half", "garbage"]
        )
        wire.fault = lambda operation, request: (
            next(faults, None) if operation == "WriteRecords" else None
        )
        assert processor.handle(event([line(), line()]), Context()) == DONE
        assert len(wire.store.requests()) == 2
        assert processor.report.retried == 7
        assert sum(processor.report.trouble.values()) == 7

    @pytest.mark.slow
    def test_a_hanging_call_ends_with_the_invocations_time_and_the_batch_comes_back(
        self, processor, wire
    ):
        wire.fault = lambda operation, request: (
            "timeout" if "x_edge_request_id" in json.dumps(request) else None
        )
        assert processor.handle(event([line()], first=3), Context(2.0)) == failed(3)
        assert processor.report.duration_ms < 20_000  # the wire hangs for 30 s

    @pytest.mark.parametrize("fault", ["denied", "missing", "quota"])
    def test_what_an_operator_has_to_mend_comes_back_without_hammering(
        self, processor, wire, fault
    ):
        wire.fault = lambda operation, request: fault if operation == "WriteRecords" else None
        assert processor.handle(event([line(), "bad\n"], first=5), Context()) == failed(5)
        data = [size for operation, size in wire.store.calls if operation == "WriteRecords"]
        assert len(data) == 2  # the line's and the pipeline record's
        assert wire.store.messages == []  # its letter goes out when it is delivered again

    def test_the_lowest_unfinished_record_is_named_and_all_before_it_is_safe(self, processor, wire):
        """Lines that cannot be written yet are those of one method: they make one call."""
        wire.fault = lambda operation, request: "denied" if "STUCK" in json.dumps(request) else None
        texts = [line(cs_method="GET") for _ in range(200)]
        texts[120:200] = [line(cs_method="STUCK") for _ in range(80)]
        texts[60] = "malformed before\n"
        texts[150] = "malformed after\n"
        answer = processor.handle(event(texts), Context())
        (failure,) = answer["batchItemFailures"]
        lowest = int(failure["itemIdentifier"])
        safe = {text.split("\t")[12] for text in texts[:lowest] if "\t" in text}
        assert lowest <= 120
        assert safe <= set(ids(wire))
        assert [letter["line"] for letter in wire.store.messages] == (
            ["malformed before"] if lowest > 60 else []
        )
        wire.fault = lambda operation, request: None
        assert processor.handle(event(texts[lowest:], first=lowest), Context()) == DONE
        assert len(wire.store.requests()) == 198
        assert sorted(letter["line"] for letter in wire.store.messages) == [
            "malformed after",
            "malformed before",
        ]

    @pytest.mark.slow
    def test_counts_of_all_invocations_add_up(self, processor, wire):
        wire.fault = lambda operation, request: "denied" if "STUCK" in json.dumps(request) else None
        texts = [line(), "bad\n", line(cs_method="STUCK"), "bad too\n", line()]
        processor.handle(event(texts), Context())
        first = processor.report
        wire.fault = lambda operation, request: None
        lowest = first.received
        processor.handle(event(texts[lowest:], first=lowest), Context())
        second = processor.report
        assert first.unfinished == 5 - lowest
        assert first.received + second.received == 5
        assert first.written + second.written == 3
        assert first.malformed + second.malformed == 2

    def test_bytes_that_are_no_line_count_as_unfinished_too(self, processor, wire):
        wire.fault = lambda operation, request: "denied" if operation == "WriteRecords" else None
        assert processor.handle(event([line(), b"\xff\n", "", "bad\n"]), Context()) == failed(0)
        assert (processor.report.received, processor.report.unfinished) == (0, 4)


class TestDeadLetters:
    @pytest.mark.slow
    def test_letters_that_cannot_be_delivered_bring_the_batch_back(self, processor, wire):
        wire.fault = lambda operation, request: "error" if operation == "SendMessageBatch" else None
        texts = [line(), line(), "bad\n", line()]
        assert processor.handle(event(texts), Context(1.0)) == failed(2)
        wire.fault = lambda operation, request: None
        assert processor.handle(event(texts[2:], first=2), Context()) == DONE
        assert len(wire.store.requests()) == 3
        assert [letter["line"] for letter in wire.store.messages] == ["bad"]

    def test_a_queue_that_is_forbidden_or_gone_is_not_hammered(self, processor, wire):
        wire.fault = lambda operation, request: (
            "denied" if operation == "SendMessageBatch" else None
        )
        assert processor.handle(event([line(), "bad\n"]), Context()) == failed(1)
        sent = [each for each, _ in wire.store.calls if each == "SendMessageBatch"]
        assert len(sent) == 1

    def test_a_letter_refused_for_now_is_sent_again(self, processor, wire):
        refusals = iter([True, True])
        wire.reject_letter = lambda message: message["line"] == "b" and next(refusals, False)
        assert processor.handle(event(["a\n", "b\n", "c\n"]), Context()) == DONE
        assert sorted(letter["line"] for letter in wire.store.messages) == ["a", "b", "c"]

    @pytest.mark.slow
    def test_letters_delivered_beyond_one_that_was_not_are_not_sent_again(self, processor, wire):
        wire.reject_letter = lambda message: message["line"] == "b"
        texts = ["a\n", "b\n", "c\n"]
        for _ in range(2):
            assert processor.handle(event(texts[1:], first=1), Context(0.3)) == failed(1)
        wire.reject_letter = lambda message: False
        assert processor.handle(event(texts), Context()) == DONE
        assert sorted(letter["line"] for letter in wire.store.messages) == ["a", "b", "c"]
        # Afterwards nothing of it is remembered.
        assert processor.handle(event(texts), Context()) == DONE
        assert len(wire.store.messages) == 6

    def test_letters_of_one_record_are_sent_once_though_they_take_several_calls(
        self, processor, wire
    ):
        wire.reject_letter = lambda message: message["line"] == "bad 20"
        records = {"Records": [record("".join(f"bad {at}\n" for at in range(25)), 0)]}
        assert processor.handle(records, Context(0.5)) == failed(0)
        wire.reject_letter = lambda message: False
        assert processor.handle(records, Context()) == DONE
        assert Counter(letter["line"] for letter in wire.store.messages) == Counter(
            f"bad {at}" for at in range(25)
        )

    def test_many_letters_go_in_batches_of_ten(self, processor, wire):
        texts = [f"bad {at}\n" for at in range(47)]
        assert processor.handle(event(texts), Context()) == DONE
        sent = [each for each, _ in wire.store.calls if each == "SendMessageBatch"]
        assert len(sent) == 5
        assert [letter["line"] for letter in wire.store.messages] == [
            text.strip() for text in texts
        ]

    def test_a_line_too_long_for_a_message_comes_in_numbered_parts(self, processor, wire):
        long = "é" * 300_000
        assert processor.handle(event([long, "short"]), Context()) == DONE
        parts = [letter for letter in wire.store.messages if "parts" in letter]
        assert [letter["part"] for letter in parts] == list(range(1, parts[0]["parts"] + 1))
        whole = b"".join(base64.b64decode(letter["line_base64"]) for letter in parts)
        assert whole.decode() == long
        assert len({letter["id"] for letter in parts}) == 1
        assert wire.store.messages[-1]["line"] == "short"

    def test_letters_keep_characters_that_sqs_does_not_take(self, processor, wire):
        text = "nul \x00 and \x01 and \uffff"
        assert processor.handle(event([text]), Context()) == DONE
        assert wire.store.messages[0]["line"] == text


class TestTelling:
    def test_the_pipeline_record_tells_of_the_batch(self, processor, wire):
        texts = [line(), line(cs_user_agent="x" * 900), "bad\n"]
        processor.handle(event(texts), Context())
        (row,) = wire.store.pipeline()
        assert set(row) == {*MEASURES, "function_name", "measure_name", "time"}
        assert row["function_name"] == "processor"
        counts = {name: row[name] for name in ("received", "written", "malformed", "trimmed")}
        assert counts == {"received": "3", "written": "2", "malformed": "1", "trimmed": "1"}
        assert row["duplicates"] == row["rejected"] == row["retried"] == "0"
        assert float(row["lag_max_ms"]) >= float(row["lag_p50_ms"])
        assert float(row["duration_ms"]) >= float(row["write_ms"]) > 0
        data = [size for operation, size in wire.store.calls if operation == "WriteRecords"]
        assert int(row["bytes_sent"]) == data[0]

    def test_there_is_one_for_each_invocation_and_it_is_right_whatever_happened(
        self, processor, wire
    ):
        processor.handle(event([line()]), Context())
        wire.reject = lambda row: "no" if row.get("sc_status") == "599" else None
        for texts in ([line(), line()], [line(), line(sc_status="599")], ["bad\n"], []):
            processor.handle(event(texts), Context())
        rows = wire.store.pipeline()
        assert [(row["received"], row["written"], row["rejected"]) for row in rows] == [
            ("1", "1", "0"),
            ("2", "2", "0"),
            ("2", "1", "1"),
            ("1", "0", "0"),
            ("0", "0", "0"),
        ]

    def test_it_cannot_fail_the_batch(self, processor, wire):
        wire.fault = lambda operation, request: (
            "denied" if '"pipeline"' in json.dumps(request) else None
        )
        for _ in range(2):
            assert processor.handle(event([line()]), Context()) == DONE
        assert len(wire.store.requests()) == 2

    def test_metrics_are_embedded_metric_format_with_reasons(
        self, processor, wire, capsys, monkeypatch
    ):
        monkeypatch.delenv("POWERTOOLS_METRICS_DISABLED")
        wire.reject = lambda row: "outside the time range" if row.get("asn") == "1" else None
        processor.handle(event([line(), line(asn="1"), "bad\n"]), Context())
        blobs = [json.loads(each) for each in capsys.readouterr().out.splitlines()]
        blobs = [blob for blob in blobs if "_aws" in blob]
        assert all(
            each["Namespace"] == "CloudFrontRealtimeLogs"
            for blob in blobs
            for each in blob["_aws"]["CloudWatchMetrics"]
        )
        assert blobs[0]["received"] == [3]
        assert blobs[0]["written"] == [1]
        reasons = {(blob["reason"], *(set(blob) & {"malformed", "rejected"})) for blob in blobs[1:]}
        assert reasons == {("field_count", "malformed"), ("outside_time_range", "rejected")}

    def test_nothing_personal_is_ever_printed(self, processor, wire, capsys, monkeypatch):
        monkeypatch.setenv("LOG_LEVEL", "DEBUG")
        monkeypatch.delenv("POWERTOOLS_METRICS_DISABLED")
        secret = "tell-nobody"
        personal = {field.name: secret for field in DEFAULT_FIELDS if field.type == "VARCHAR"}
        faults = iter(["throttle", "half", "error", None, "invalid"])
        wire.fault = lambda operation, request: (
            next(faults, None) if operation == "WriteRecords" else None
        )
        wire.reject = lambda row: f"no {row}" if row.get("sc_status") == "599" else None
        texts = [
            line(personal),
            line(personal | {"sc-status": "599"}),
            line(personal | {"sc-bytes": secret}),
            f"{secret}\n",
            secret.encode() + b"\xff",
        ]
        processor.handle(event(texts), Context())
        for queue in (None, "http://127.0.0.1:9/none"):
            Processor(Config(queue_url=queue)).handle(event(texts), Context(0.5))
        captured = capsys.readouterr()
        assert '"message": "batch"' in captured.out
        assert secret not in captured.out + captured.err


class TestEntryPoint:
    @pytest.fixture(autouse=True)
    def fresh(self, monkeypatch):
        monkeypatch.setattr(entry, "_processor", None)

    def test_the_handler_reads_the_environment_once(self, wire, monkeypatch):
        fields = resolve(["timestamp", "sc-bytes", "c-country"])
        monkeypatch.setenv("LOG_FIELDS", "c-country,sc-bytes,timestamp")
        monkeypatch.setenv("TIMESTREAM_TABLE", "another")
        assert entry.handler(event([line(fields=fields)]), Context()) == DONE
        assert wire.store.writes[0]["TableName"] == "another"
        assert set(wire.store.requests()[0]) == {"c_country", "sc_bytes", "measure_name", "time"}

    def test_a_setting_that_cannot_work_is_refused(self, monkeypatch):
        monkeypatch.setenv("LOG_FIELDS", "timestamp,sc-bites")
        with pytest.raises(ConfigError, match="did you mean 'sc-bytes'"):
            entry.handler(event([line()]), Context())

    def test_a_record_of_several_lines_comes_back_whole(self, processor, wire):
        wire.fault = lambda operation, request: "denied" if "STUCK" in json.dumps(request) else None
        records = [record(line() + "bad\n" + line(cs_method="STUCK"), 4)]
        assert processor.handle({"Records": records}, Context()) == failed(4)
        wire.fault = lambda operation, request: None
        assert processor.handle({"Records": records}, Context()) == DONE
        assert len(wire.store.requests()) == 2
        assert len(wire.store.messages) == 1
