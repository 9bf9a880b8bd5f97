"""Records: what is in them, what they weigh, what they share."""

import json
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from processor import values
from processor.catalog import BY_NAME, DEFAULT_FIELDS, resolve
from processor.config import Config
from processor.lines import read
from processor.split import split
from processor.stores import Outcome
from processor.stores.timestream.encode import Encoder
from processor.stores.timestream.layout import cleaner
from processor.stores.timestream.request import OFFSETS, offset
from processor.stores.timestream.settings import Settings
from tests.support.log_lines import ALL_FIELDS, event, line
from tests.support.wire import flatten, metered

STAMP = "1790000000.123"


def encode(lines, **config):
    """Encode lines; return the rows as Timestream would store them, the requests and the outcome.

    The outcome has the findings only: malformed, trimmed, left_out.
    """
    config.setdefault("fields", DEFAULT_FIELDS)
    layout = config.pop("layout", "multi")
    config = Config(settings=Settings(layout=layout), **config)
    given = split(read(event(lines)), len(config.fields))
    found = Outcome(malformed=given.malformed)
    requests = []
    for part in Encoder(config).encode(given):
        requests += part.requests
        found.add(Outcome(malformed=part.malformed, trimmed=part.trimmed, left_out=part.left_out))
    rows = {}
    for request in requests:
        body = json.loads(request.body())
        assert len(body["Records"]) == len(request.lines) <= 100
        common = body["CommonAttributes"]
        for number, record in zip(request.lines, body["Records"], strict=True):
            identity, row, _ = flatten(common, record)  # raises when a limit is broken
            rows[number] = identity, row
        assert request.shared_bytes + sum(request.own_bytes) == metered(common, body["Records"])
    return rows, requests, found


def one(changes=None, **config):
    rows, _, found = encode([line(changes, config.get("fields", DEFAULT_FIELDS))], **config)
    assert not found.malformed, found.malformed
    return rows[0][1]


class TestMulti:
    def test_dimensions_and_typed_measures_come_from_the_catalog(self):
        text = line({"timestamp": STAMP, "x-edge-request-id": "id=="})
        _, requests, _ = encode([text])
        body = json.loads(requests[0].body())
        common, (record,) = body["CommonAttributes"], body["Records"]
        assert (body["DatabaseName"], body["TableName"]) == ("cloudfront", "realtime_logs")
        assert common["MeasureName"] == "request"
        assert common["MeasureValueType"] == "MULTI"
        dimensions = {each["Name"] for each in common["Dimensions"]}
        assert dimensions == {field.column for field in DEFAULT_FIELDS if field.role == "dimension"}
        types = {each["Name"]: each["Type"] for each in record["MeasureValues"]}
        assert types["sc_bytes"] == "BIGINT"
        assert types["time_to_first_byte"] == "DOUBLE"
        assert types["x_edge_request_id"] == "VARCHAR"
        assert "timestamp" not in types

    def test_what_the_line_leaves_out_the_record_leaves_out(self):
        row = one({"origin-fbl": "-", "cs-referer": "", "c-country": "-"})
        assert not {"origin_fbl", "cs_referer", "c_country"} & set(row)

    def test_time_is_the_millisecond_and_a_hash_of_the_request_below_it(self):
        row = one({"timestamp": STAMP, "x-edge-request-id": "abc=="})
        assert row["time"] == f"1790000000123{offset('abc=='):06d}"

    def test_a_field_that_is_dropped_by_default_is_stored_when_it_is_configured(self):
        row = one(fields=ALL_FIELDS)
        assert row["cs_header_names"] == "host\naccept\ncookie\n"

    def test_a_line_without_dimensions_or_measures_still_counts(self):
        fields = resolve(["timestamp", "c-country"])
        row = one({"c-country": "-"}, fields=fields)
        assert row["source"] == "cloudfront"
        assert row["requests"] == "1"
        rows, _, _ = encode(
            [
                line({"c-country": value, "timestamp": f"1790000000.00{at}"}, fields)
                for at, value in enumerate(("-", "JP", "-"))
            ],
            fields=fields,
        )
        assert [rows[at][1].get("c_country") for at in range(3)] == [None, "JP", None]

    def test_unknown_enum_values_are_stored_as_they_come(self):
        row = one({"x-edge-detailed-result-type": "SomethingNew", "cs-protocol": "quic"})
        assert row["x_edge_detailed_result_type"] == "SomethingNew"
        assert row["cs_protocol"] == "quic"


class TestClassic:
    def test_every_field_is_a_dimension_beside_the_one_measure(self):
        fields = resolve([field.name for field in ALL_FIELDS[:41] if field.name != "s-ip"])
        text = line({"timestamp": STAMP, "sc-bytes": "0048213"}, fields)
        rows, requests, _ = encode([text], layout="classic", fields=fields)
        body = json.loads(requests[0].body())
        common = body["CommonAttributes"]
        assert (common["MeasureName"], common["MeasureValueType"]) == ("sc_bytes", "BIGINT")
        assert body["Records"][0]["MeasureValue"] == "48213"
        row = rows[0][1]
        names = {field.column for field in fields}
        assert set(row) == names | {"measure_name", "measure_value", "time"}
        assert row["sc_bytes"] == "48213"
        assert row["timestamp"] == "1790000000.123"
        assert row["time"] == "1790000000000000000"
        assert row["fle_status"] == "-"
        assert row["cs_uri_stem"].endswith("?size=large&from=mail")

    def test_a_line_without_its_measure_is_malformed(self):
        _, _, found = encode([line({"sc-bytes": "-"})], layout="classic")
        assert [each.code for each in found.malformed] == ["no_measure"]


class TestMalformed:
    @pytest.mark.parametrize("layout", ["multi", "classic"])
    @pytest.mark.parametrize(
        ("text", "code"),
        [
            ("a\tb\n", "field_count"),
            (line().rstrip("\n") + "\textra\n", "field_count"),
            (line({"timestamp": "-"}), "not_a_time"),
            (line({"timestamp": "1790000000,123"}), "not_a_time"),
        ],
    )
    def test_a_bad_line_is_set_aside_and_the_rest_of_the_batch_is_encoded(self, text, code, layout):
        rows, _, found = encode([line(), text, line()], layout=layout)
        assert sorted(rows) == [0, 2]
        assert [(each.line, each.code) for each in found.malformed] == [(1, code)]

    def test_the_reason_names_the_field_and_never_its_value(self):
        _, _, found = encode([line({"sc-bytes": "secret"})], layout="classic")
        assert found.malformed[0].reason == "sc-bytes is not a number"


NUMBERS = [field for field in ALL_FIELDS if field.type in ("BIGINT", "DOUBLE")]
NO_NUMBERS = [
    "NaN", "Infinity", "-inf", "two", "0x1F", "1,000", "1,5", "1.2.3", "%31", "%225%22", '"5"',
    " 5", "5 ", "--5", "1e999", "9" * 400, "1_000", "\u0663", "true", "?1", ".", "é" * 900,
]  # fmt: skip


class TestLeftOut:
    """A number that is none costs the value, and never the request."""

    @pytest.mark.parametrize("layout", ["multi", "classic"])
    @pytest.mark.parametrize("field", NUMBERS, ids=lambda field: field.name)
    def test_the_request_is_written_without_it_and_it_is_counted(self, field, layout):
        if (field.name, layout) == ("sc-bytes", "classic"):
            return  # the measure itself
        lines = [line({field.name: value}, ALL_FIELDS) for value in NO_NUMBERS]
        lines += [line(fields=ALL_FIELDS) for _ in range(3)]
        rows, _, found = encode(lines, layout=layout, fields=ALL_FIELDS)
        assert not found.malformed
        assert found.left_out == {field.name: set(range(len(NO_NUMBERS)))}
        stored = [rows[at][1].get(field.column) for at in range(len(NO_NUMBERS))]
        # In classic, what a line does not have is a dash; where the record is full, it is cut.
        assert set(stored) <= ({None} if layout == "multi" else {"-", None})
        for at in range(len(NO_NUMBERS)):
            assert rows[at][1]["x_edge_request_id"] == lines[at].split("\t")[12]

    @pytest.mark.parametrize("layout", ["multi", "classic"])
    def test_a_line_that_has_no_number_right(self, layout):
        bad = {field.name: "NaN" for field in NUMBERS if field.name != "sc-bytes"}
        rows, _, found = encode([line(bad)], layout=layout)
        assert not found.malformed
        assert rows[0][1]["cs_method"] == "GET"
        expected = {f.name for f in NUMBERS if f in DEFAULT_FIELDS} - {"sc-bytes"}
        assert found.left_out == {name: {0} for name in expected}

    def test_a_line_that_is_malformed_counts_no_value(self):
        _, _, found = encode([line({"timestamp": "x", "asn": "NaN"})])
        assert len(found.malformed) == 1
        assert not any(found.left_out.values())

    def test_the_status_of_a_viewer_who_left_is_a_number(self):
        _, _, found = encode([line({"sc-status": "000"})])
        assert found.left_out == {}
        assert one({"sc-status": "000"})["sc_status"] == "0"

    def test_a_full_record_of_the_classic_layout_with_no_numbers_is_cut_all_the_same(self):
        changes = {f.name: "y" * 900 for f in ALL_FIELDS if f.type == "VARCHAR" and f.cut}
        changes |= {f.name: "NaN" for f in NUMBERS if f.name != "sc-bytes"}
        row = one(changes, fields=ALL_FIELDS, layout="classic")
        assert row["measure_value"] == "48213"


class TestLimits:
    def test_a_long_value_is_cut_to_its_budget_and_the_line_is_counted(self):
        rows, _, found = encode([line(), line({"cs-user-agent": "x" * 3000})])
        assert rows[1][1]["cs_user_agent"] == "x" * BY_NAME["cs-user-agent"].bytes
        assert found.trimmed == {1}

    def test_a_record_too_long_loses_the_least_worth_first(self):
        changes = {field.name: "y" * field.bytes for field in DEFAULT_FIELDS if field.cut}
        row = one(changes)
        whole, gone = set(), set()
        for field in DEFAULT_FIELDS:
            if field.name in changes and field.cut:
                kept = len(row.get(field.column, ""))
                (whole if kept == field.bytes else gone).add(field.cut)
        # At most one priority is cut in part; whatever is below it is whole.
        assert whole
        assert max(whole) <= min(gone)
        assert row["x_edge_request_id"]

    def test_no_line_is_too_long_for_what_is_never_cut(self):
        longest = {
            "BIGINT": str(-(2**63) + 1),
            "DOUBLE": "-123456789012345.123456789012345",
        }
        changes = {
            field.name: longest.get(field.type, "é" * 4000)
            for field in ALL_FIELDS
            if field.name != "timestamp"
        }
        changes["x-edge-request-id"] = "i" * 64
        for layout in ("multi", "classic"):
            row = one(changes, fields=ALL_FIELDS, layout=layout)
            assert row["x_edge_request_id"] == "i" * 64
        row = one(changes, fields=ALL_FIELDS)
        for field in ALL_FIELDS:
            if field.cut == 0 and field.name != "timestamp":
                assert field.column in row, field.name

    @pytest.mark.slow
    @settings(deadline=None, max_examples=60)
    @given(data=st.data(), layout=st.sampled_from(["multi", "classic"]))
    def test_whatever_the_text_no_record_breaks_a_limit(self, data, layout):
        texts = st.text(
            st.characters(exclude_categories=["Cs"], exclude_characters="\t\n"), max_size=900
        )
        names = [field.name for field in ALL_FIELDS if field.type == "VARCHAR"]
        lines = [
            line(data.draw(st.dictionaries(st.sampled_from(names), texts)), ALL_FIELDS)
            for _ in range(3)
        ]
        rows, _, found = encode(lines, layout=layout, fields=ALL_FIELDS)
        assert len(rows) + len(found.malformed) == len(set(lines))


TEXT = st.characters(exclude_categories=["Cs"], exclude_characters="\t\r\n")
VALUES = {
    "BIGINT": st.sampled_from(["-", "", "0", "7", "007", "123456", "-5", "x", "9" * 19, "1" * 18]),
    "DOUBLE": st.sampled_from(["-", "", "0.001", "12", "1e3", "00.5", "NaN", ".", "3.14159"]),
    "TIMESTAMP": st.sampled_from([STAMP, "1790000000", "x", "-", "1790000001.5"]),
    "VARCHAR": st.one_of(
        st.sampled_from(["-", "", "GET", "a%20b", "%C3%A9", '"\\', "%", "\x7f\x01", "é" * 300]),
        st.text(TEXT, max_size=20),
    ),
}


class TestAgainstOneByOne:
    """The columns must come to what a reader would write line by line."""

    @pytest.mark.slow
    @settings(deadline=None, max_examples=80)
    @given(
        data=st.data(),
        layout=st.sampled_from(["multi", "classic"]),
        viewer_ip=st.sampled_from(["keep", "mask", "drop"]),
    )
    def test_rows_are_the_same(self, data, layout, viewer_ip):
        names = data.draw(
            st.lists(st.sampled_from(sorted(BY_NAME)), min_size=1, max_size=12, unique=True)
        )
        fields = resolve([*names, "timestamp", "sc-bytes", "cs-method"])
        config = Config(settings=Settings(layout=layout), fields=fields, viewer_ip=viewer_ip)
        lines = data.draw(
            st.lists(st.tuples(*[VALUES[field.type] for field in fields]), max_size=12)
        )
        lines = ["\t".join(values_) for values_ in lines]
        lines = [each for each in dict.fromkeys(lines) if each.strip("\r")]
        rows, _, found = encode(
            [each + "\n" for each in lines], fields=fields, layout=layout, viewer_ip=viewer_ip
        )
        malformed = {each.line for each in found.malformed}
        for number, text in enumerate(lines):
            expected = reference(text, config)
            assert (number in malformed) == (expected is None)
            if expected is not None:
                row = dict(rows[number][1])
                del row["measure_name"], row["time"]
                if row.get("source") == "cloudfront":
                    del row["source"]
                if row.get("requests"):
                    del row["requests"]
                assert row == expected


def reference(text, config):
    """Return the columns of one line, made the slow way; None when it is malformed."""
    row = {}
    for field, value in zip(config.fields, text.split("\t"), strict=True):
        try:
            if field.name == "timestamp":
                values.milliseconds(value)
                if config.settings.layout == "multi":
                    continue
            stored = cleaner(field, config)(value)
        except values.Malformed:
            if field.name == "timestamp":
                return None
            if (field.name, config.settings.layout) == ("sc-bytes", "classic"):
                return None
            stored = "-" if config.settings.layout == "classic" else ""
        if field.name == "sc-bytes" and config.settings.layout == "classic":
            if stored == "-":
                return None
            row["measure_value"] = stored
        if field.type == "VARCHAR":
            stored = values.cut(stored, field.bytes)
        if stored and field in config.stored:
            row[field.column] = stored
    return row


class TestSharing:
    def test_what_all_records_share_is_sent_once(self):
        _, (request,), _ = encode([line() for _ in range(100)])
        body = json.loads(request.body())
        assert len(body["CommonAttributes"]["Dimensions"]) == 12
        assert not any("Dimensions" in record for record in body["Records"])

    def test_lines_are_grouped_so_that_calls_share_more(self):
        methods = ["GET", "HEAD", "POST", "PUT"]
        lines = [line({"cs-method": methods[at % 4]}) for at in range(400)]
        _, requests, _ = encode(lines)
        found = Counter()
        for request in requests:
            shared = json.loads(request.body())["CommonAttributes"]["Dimensions"]
            found.update(each["Value"] for each in shared if each["Name"] == "cs_method")
        assert found == dict.fromkeys(methods, 1)

    def test_a_value_that_most_lack_is_no_common_one(self):
        rows, _, _ = encode([line({"c-country": "-" if at else "JP"}) for at in range(5)])
        assert [row.get("c_country") for _, row in rows.values()].count("JP") == 1

    def test_some_records_of_a_request_are_metered_as_they_are(self):
        """After a rejection, or when a record goes to another offset."""
        _, (request,), _ = encode([line({"cs-method": f"M{at % 3}"}) for at in range(20)])
        chosen = [1, 4, 7]
        part = request.only(chosen, 0)
        body = json.loads(part.body())
        exact = metered(body["CommonAttributes"], body["Records"])
        assert exact > 1024
        assert part.write_units(range(3)) == request.write_units(chosen) == -(-exact // 1024)
        assert request.write_units([]) == 0


class TestIdentity:
    def test_the_same_line_has_the_same_identity_in_any_batch(self):
        text = line()
        alone, _, _ = encode([text])
        others = [line({"c-country": "BR"}) for _ in range(150)]
        among, _, _ = encode([*others, text])
        assert alone[0] == among[150]

    def test_two_requests_of_one_millisecond_with_equal_dimensions_differ(self):
        rows, _, _ = encode([line({"timestamp": STAMP}), line({"timestamp": STAMP})])
        assert rows[0][0] != rows[1][0]

    def test_without_an_id_the_whole_line_tells_requests_apart(self):
        fields = resolve(["timestamp", "cs-method", "sc-bytes"])
        lines = [line({"timestamp": STAMP, "sc-bytes": str(n)}, fields) for n in (1, 2)]
        rows, _, _ = encode(lines, fields=fields)
        assert rows[0][0] != rows[1][0]

    @pytest.mark.slow
    def test_offsets_are_spread_and_further_ones_are_independent(self):
        ids = [f"{n:054d}==" for n in range(20000)]
        for collisions in range(3):
            offsets = [offset(each, collisions) for each in ids]
            assert all(0 <= each < OFFSETS for each in offsets)
            # Of 20,000 random offsets, some 19,800 are different.
            assert len(set(offsets)) > 19_600
        taken = {}
        for each in ids:
            taken.setdefault(offset(each), []).append(each)
        collided = [each for each in taken.values() if len(each) > 1]
        assert collided
        assert all(len({offset(each, 1) for each in group}) == len(group) for group in collided)
