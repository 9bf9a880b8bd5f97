"""Fields that are not the configured ones are noticed; odd lines and new values are not drift."""

import random
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from local.traffic import Traffic
from local.traffic import line as traffic_line
from processor.catalog import BY_NAME, DEFAULT_FIELDS, FIELDS, resolve
from processor.config import Config
from processor.drift import LINES, Gate
from processor.handler import Processor
from processor.lines import REDRIVEN
from processor.stores.timestream.settings import Settings
from tests.support.log_lines import Context, event, line

DONE = {"batchItemFailures": []}
START = 1_790_000_000
REQUESTS = [
    request
    for _, request in zip(range(200), Traffic(seed=7).between(START, START + 3600, 1), strict=False)
]
# Fields of CloudFront's own, by what their values look like.
KINDS = {
    "time": ["timestamp"],
    "address": ["c-ip", "s-ip"],
    "seconds": ["time-to-first-byte", "time-taken", "origin-fbl"],
    "whole": ["sc-status", "sc-bytes", "cs-bytes", "c-port", "cs-headers-count", "asn"],
    "protocol": ["cs-protocol"],
    "edge": ["x-edge-location"],
    "http": ["cs-protocol-version"],
    "family": ["c-ip-version"],
    "tls": ["ssl-protocol"],
    "result": ["x-edge-result-type", "x-edge-response-result-type", "x-edge-detailed-result-type"],
    "country": ["c-country"],
}
# What viewers, players, origins and functions write: they can hold anything.
STRANGERS = [
    "cs-method", "cs-host", "cs-uri-stem", "cs-user-agent", "cs-referer", "cs-cookie",
    "cs-uri-query", "x-forwarded-for", "sc-content-type", "sc-content-len", "sc-range-start",
    "sc-range-end", "cs-accept-encoding", "cs-accept", "viewer-request-log-data",
    "viewer-response-log-data", *(name for name in BY_NAME if name.startswith("cmcd-")),
]  # fmt: skip
ODD = ["NaN", "x", "-1", "1e999", "9" * 20, "%00", "<script>", "\u00e9", "a b", "0x1F",
       "1,5", "www.example.com", "GET", "JP", "https", "203.0.113.9", "64"]  # fmt: skip


def rows_of(requests, fields=DEFAULT_FIELDS):
    return [traffic_line(request, fields).rstrip("\n").split("\t") for request in requests]


def changed(row, fields=DEFAULT_FIELDS, **values):
    """Return a copy of a line's values with some others; underscores in names are dashes."""
    row = list(row)
    for name, value in values.items():
        row[fields.index(BY_NAME[name.replace("_", "-")])] = value
    return row


def swapped(rows, first, second, fields=DEFAULT_FIELDS):
    a, b = (fields.index(BY_NAME[name]) for name in (first, second))
    found = [list(row) for row in rows]
    for row in found:
        row[a], row[b] = row[b], row[a]
    return found


def noticed(rows, configured=DEFAULT_FIELDS):
    return Gate(configured).first_misfit(rows) is not None


def noticed_one_by_one(rows, configured=DEFAULT_FIELDS):
    """Return after how many batches of one line drift is noticed; None is never."""
    gate = Gate(configured)
    found = (number for number, row in enumerate(rows, start=1) if gate.first_misfit([row]))
    return next(found, None)


ROWS = rows_of(REQUESTS)
USUAL = [line().rstrip("\n").split("\t") for _ in range(10)]


class TestSilent:
    """What must never be taken for drift."""

    @pytest.mark.parametrize("size", [1, 2, 3, 50, 200])
    def test_usual_traffic(self, size):
        gate = Gate(DEFAULT_FIELDS)
        for start in range(0, len(ROWS) - size + 1, size):
            assert gate.first_misfit(ROWS[start : start + size]) is None

    @pytest.mark.parametrize("field", DEFAULT_FIELDS, ids=lambda field: field.name)
    def test_one_odd_value_in_one_line(self, field):
        for value in ODD:
            odd = changed(USUAL[0], **{field.name.replace("-", "_"): value})
            for batch in ([odd], [odd, USUAL[1]], [odd, USUAL[1], USUAL[2]]):
                assert not noticed(batch)

    def test_one_line_that_is_odd_all_over_among_others(self):
        gate = Gate(DEFAULT_FIELDS)
        for size in (2, 3, 10, 100):
            assert gate.first_misfit([["?"] * len(DEFAULT_FIELDS), *ROWS[: size - 1]]) is None

    @pytest.mark.slow
    def test_whatever_strangers_write_however_often(self):
        """A broken player, a fuzzer, an origin: every field they have a say in, in every line."""
        for value in ODD:
            bad = {name.replace("-", "_"): value for name in STRANGERS}
            gate = Gate(DEFAULT_FIELDS)
            for row in ROWS[:30]:
                assert gate.first_misfit([changed(row, **bad)]) is None
            assert gate.first_misfit([changed(row, **bad) for row in ROWS]) is None

    @pytest.mark.parametrize("value", ["SomethingNew", "Hit2", "LIMIT_EXCEEDED"])
    def test_a_new_result_type(self, value):
        new = {
            "x_edge_result_type": value,
            "x_edge_response_result_type": value,
            "x_edge_detailed_result_type": value,
        }
        gate = Gate(DEFAULT_FIELDS)
        for row in ROWS[:30]:
            assert gate.first_misfit([changed(row, **new)]) is None
        assert gate.first_misfit([changed(row, **new) for row in ROWS]) is None

    def test_a_new_protocol(self):
        new = {"cs_protocol": "quic", "cs_protocol_version": "HTTP/4.0", "ssl_protocol": "TLSv2.0"}
        new |= {"ssl_cipher": "TLS_MLKEM_1024", "c_ip_version": "IPv6", "cs_method": "QUERY"}
        assert not noticed([changed(row, **new) for row in ROWS])

    def test_values_that_are_missing(self):
        assert not noticed([["-"] * len(DEFAULT_FIELDS)] * 20)
        assert not noticed([[""] * len(DEFAULT_FIELDS)] * 20)

    @settings(deadline=None, max_examples=40)
    @given(seed=st.integers(), count=st.integers(1, 200), share=st.floats(0, 0.4))
    def test_odd_lines_that_are_not_most(self, seed, count, share):
        rng = random.Random(seed)
        rows = [list(row) for row in ROWS[:count]]
        for row in rng.sample(rows, int(share * count)):
            for at in rng.sample(range(len(row)), 8):
                row[at] = rng.choice(ODD)
        gate = Gate(DEFAULT_FIELDS)
        for _ in range(3):
            assert gate.first_misfit(rows) is None


class TestNoticed:
    """What must be noticed, in a batch and in batches of one line."""

    def test_a_referer_that_was_swapped_for_the_network(self):
        configured = resolve([f.name for f in DEFAULT_FIELDS if f.name != "asn"])
        real = resolve([f.name for f in DEFAULT_FIELDS if f.name != "cs-referer"])
        rows = rows_of(REQUESTS, real)
        assert Gate(configured).first_misfit(rows).name == "x-edge-response-result-type"
        assert noticed_one_by_one(rows, configured) == 1

    @pytest.mark.parametrize("added", ["cs-headers", "cs-header-names"])
    def test_every_field_that_can_give_way_to_one_of_the_header_lists(self, added):
        """Three stand just before the lists: what moves there is text in the place of text."""
        missed = set()
        for gone in DEFAULT_FIELDS:
            names = [field.name for field in DEFAULT_FIELDS if field is not gone]
            rows = rows_of(REQUESTS, resolve([*names, added]))
            in_batch, one_by_one = noticed(rows), noticed_one_by_one(rows[:60])
            assert in_batch == bool(one_by_one), gone.name
            if not in_batch:
                missed.add(gone.name)
        assert missed == {"cs-accept-encoding", "cs-accept", "cache-behavior-path-pattern"}

    @pytest.mark.parametrize(("first", "second"), list(combinations(KINDS, 2)))
    def test_fields_of_two_kinds_that_change_places(self, first, second):
        for one in KINDS[first]:
            for other in KINDS[second]:
                rows = swapped(USUAL, one, other)
                assert noticed(rows), (one, other)
                assert noticed_one_by_one(rows) <= LINES, (one, other)

    def test_what_cannot_be_noticed(self):
        """Two of a kind, and two texts: nothing in them says which is which."""
        for kind in KINDS.values():
            for one, other in combinations(kind, 2):
                if {one, other} & {"sc-status", "c-port"}:
                    continue  # these have a number of digits
                assert not noticed(swapped(USUAL, one, other)), (one, other)
        for pair in (("cs-user-agent", "cs-referer"), ("cs-accept", "cs-accept-encoding")):
            assert not noticed(swapped(USUAL, *pair))

    @pytest.mark.parametrize("count", [65, 66, 128, 192, 500, 1000])
    def test_more_than_half_in_any_order(self, count):
        """A long batch is judged by a sample first, which no order of lines can fool."""
        good = [ROWS[at % len(ROWS)] for at in range(count)]
        bad = swapped(good, "c-country", "x-edge-location")
        for every in (2, 3, 5, 64):
            mixed = [good[at] if at % every == 0 else bad[at] for at in range(count)]
            assert noticed(mixed) == (every > 2)
        assert noticed(good[: count // 4] + bad[count // 4 :])
        assert not noticed(bad[: count // 4] + good[count // 4 :])

    def test_a_line_in_between_that_fits_begins_the_count_anew(self):
        gate = Gate(DEFAULT_FIELDS)
        odd = changed(USUAL[0], c_country="Japan")
        for _ in range(5):
            for _ in range(LINES - 1):
                assert gate.first_misfit([odd]) is None
            assert gate.first_misfit([USUAL[0]]) is None
        for _ in range(LINES - 1):
            assert gate.first_misfit([odd]) is None
        assert gate.first_misfit([odd]).name == "c-country"


@pytest.mark.parametrize("layout", ["multi", "classic"])
class TestHandler:
    """What becomes of a batch that has drifted."""

    def test_it_goes_to_the_dead_letters_whole_and_nothing_is_written(self, wire, layout):
        configured = resolve([f.name for f in DEFAULT_FIELDS if f.name != "asn"])
        real = resolve([f.name for f in DEFAULT_FIELDS if f.name != "cs-referer"])
        processor = Processor(
            Config(fields=configured, settings=Settings(layout=layout), queue_url=wire.queue_url)
        )
        texts = [line(fields=real) for _ in range(25)]
        texts.append(texts[0])  # delivered twice
        assert processor.handle(event([*texts, "too\tfew\n"]), Context()) == DONE
        assert wire.store.requests() == []
        letters = wire.store.messages
        assert sorted(each["line"] for each in letters) == sorted(
            each.rstrip("\n") for each in [*texts, "too\tfew\n"]
        )
        report = processor.report
        assert report.reasons == {("malformed", "drifted"): 26, ("malformed", "field_count"): 1}
        assert (report.received, report.written, report.left_out) == (27, 0, 0)
        (reason,) = {each["reason"] for each in letters if each["line"] != "too\tfew"}
        assert "ssl-protocol" in reason  # the first that does not fit
        # After the cure, the same lines are written, each once.
        cured = Processor(
            Config(fields=real, settings=Settings(layout=layout), queue_url=wire.queue_url)
        )
        back = [each["line"] + "\n" for each in letters if each["line"] != "too\tfew"]
        assert cured.handle(event(back), Context()) == DONE
        assert len(wire.store.requests()) == 25

    def test_lines_that_come_back_are_judged_by_themselves(self, wire, layout):
        """Put back too early, they meet a stream of lines that fit: they must not slip through."""
        real = resolve([f.name for f in FIELDS if f.name not in ("cs-referer", "cs-headers")])
        processor = Processor(Config(settings=Settings(layout=layout), queue_url=wire.queue_url))
        batch = event([line() for _ in range(100)])
        back = event([line(fields=real) for _ in range(3)], first=100)["Records"]
        for each in back:
            each["kinesis"]["partitionKey"] = f"{REDRIVEN}1"
        batch["Records"] += back
        assert processor.handle(batch, Context()) == DONE
        assert len(wire.store.requests()) == 100
        assert [each["code"] for each in wire.store.messages] == ["drifted"] * 3
        # What fits is written, wherever it comes from.
        batch = event([line() for _ in range(3)])
        batch["Records"][1]["kinesis"]["partitionKey"] = f"{REDRIVEN}2"
        assert processor.handle(batch, Context()) == DONE
        assert len(wire.store.requests()) == 103

    def test_the_reason_names_a_field_and_never_a_value(self, wire, layout):
        secret = "tell-nobody"
        processor = Processor(Config(settings=Settings(layout=layout), queue_url=wire.queue_url))
        text = line({field.name: secret for field in FIELDS if field.name != "timestamp"})
        assert processor.handle(event([text]), Context()) == DONE
        (letter,) = wire.store.messages
        assert secret not in letter["reason"]
        assert "c-ip" in letter["reason"]
