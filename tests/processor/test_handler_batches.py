"""The handler against a server on the wire: what comes back, and what is told of a batch."""

import base64
import json
from collections import Counter

import pytest

from processor import handler as entry
from processor.catalog import DEFAULT_FIELDS, resolve
from processor.config import Config, ConfigError
from processor.handler import Processor
from processor.report import MEASURES
from tests.support.log_lines import Context, event, line, record

DONE = {"batchItemFailures": []}


def ids(wire):
    return Counter(row["x_edge_request_id"] for row in wire.store.requests())


def failed(number):
    return {"batchItemFailures": [{"itemIdentifier": f"{number:021d}"}]}


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
