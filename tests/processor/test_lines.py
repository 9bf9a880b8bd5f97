import pytest
from hypothesis import given
from hypothesis import strategies as st

from processor.lines import AGGREGATE, read
from tests.support.log_lines import event, record


def test_one_line_a_record_is_how_cloudfront_sends_them():
    batch = read(event(["a\tb\n", "c\td\n"]))
    assert batch.texts == ["a\tb", "c\td"]
    assert batch.records == [0, 1]
    assert not batch.unreadable


def test_several_lines_in_one_record_are_several_lines():
    batch = read(event(["a\nb\r\n\nc", "d\n"]))
    assert batch.texts == ["a", "b", "c", "d"]
    assert batch.records == [0, 0, 0, 1]
    assert len({(batch.records[at], batch.numbers[at]) for at in range(4)}) == 4


def test_an_empty_last_field_is_kept():
    assert read(event(["a\t\n"])).texts == ["a\t"]
    assert read(event(["a\t\r\nb\t\t\r\n"])).texts == ["a\t", "b\t\t"]


def test_a_record_without_a_line_is_malformed():
    for data in ("", "\n", "\r\n\r\n"):
        (letter,) = read(event([data])).unreadable
        assert (letter.kind, letter.code) == ("malformed", "empty")


def test_bytes_that_are_no_text_are_malformed_and_kept_and_their_neighbours_are_read():
    batch = read(event([b"good\n\xff\xfe\nalso good\n"]))
    assert batch.texts == ["good", "also good"]
    (letter,) = batch.unreadable
    assert (letter.code, letter.data, letter.line) == ("not_utf8", b"\xff\xfe", 1)


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (AGGREGATE + b"\n\x05a\nb\n\x1a\x10\n" + b"\xd4" * 16, "aggregated"),
        (AGGREGATE + b"line\nline\n", "aggregated"),
        (b"\x1f\x8b\x08\x00\n\n\xff\n", "not_text"),
        (b"\xff\xfea\0b\0\n\0c\0", "not_text"),
        (b"\xe9\xe8\n\xff\xff\nabc\n\xff", "not_text"),
        (bytes(range(256)), "not_text"),
    ],
)
def test_a_record_that_is_no_text_is_one_letter_whole(data, code):
    batch = read(event(["good\n", data, "good\n"]))
    assert batch.texts == ["good", "good"]
    (letter,) = batch.unreadable
    assert (letter.record, letter.line, letter.code) == (1, 0, code)
    assert (letter.data, letter.whole) == (data, True)


def test_a_line_of_another_encoding_is_no_binary_record():
    batch = read(event([b"caf\xe9\tx\n", b"a\nb\n\xe9\n"]))
    assert batch.texts == ["a", "b"]
    assert [(each.code, each.whole) for each in batch.unreadable] == [("not_utf8", False)] * 2


def test_data_that_is_not_base64_is_malformed_and_kept():
    broken = record("x", 0)
    broken["kinesis"]["data"] = "a"
    (letter,) = read({"Records": [broken]}).unreadable
    assert (letter.code, letter.data) == ("not_base64", b"a")


def test_a_line_is_only_split_at_line_feeds():
    # Other things that Python takes for line ends can be part of a value.
    text = "a\x0bb\x0cc\x1cd\x85e\u2028f\rg"
    assert read(event([text + "\n"])).texts == [text]


@given(st.lists(st.binary(max_size=60), max_size=20))
def test_every_line_of_every_record_is_either_read_or_a_letter(datas):
    batch = read({"Records": [record(data, at) for at, data in enumerate(datas)]})
    for at, data in enumerate(datas):
        lines = [each.rstrip(b"\r") for each in data.split(b"\n")]
        lines = [each for each in lines if each]
        read_lines = [
            batch.texts[line].encode() for line, owner in enumerate(batch.records) if owner == at
        ]
        letters = [letter.data for letter in batch.unreadable if letter.record == at]
        if any(each.whole and each.record == at for each in batch.unreadable):
            assert not read_lines
            assert letters == [data]
        elif lines:
            assert sorted(read_lines + letters) == sorted(lines)
        else:
            assert not read_lines
            assert letters == [data]


def test_an_event_without_records_is_an_empty_batch():
    assert read({}).texts == []
