"""What is read back from ClickHouse is what the cleaners made of the line."""

import time
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from local.traffic import Traffic
from local.traffic import line as traffic_line
from processor import values
from processor.aws import Aws
from processor.catalog import BY_NAME, DEFAULT_FIELDS, FIELDS, resolve
from processor.config import Config, ConfigError
from processor.lines import read
from processor.split import split
from processor.stores import clickhouse
from processor.stores.clickhouse import encode
from processor.stores.clickhouse.cells import escape
from processor.stores.clickhouse.columns import COLUMNS
from processor.stores.clickhouse.encode import Encoder, line_hashes, moment_text
from processor.stores.clickhouse.usual import Usual
from tests.support.clickhouse_wire import Site, Wire
from tests.support.log_lines import event, line

RECENT = int(time.time()) - 3600
DOUBLES = [field.column for field in FIELDS if field.type == "DOUBLE"]
REQUESTS = list(Traffic(seed=3).between(RECENT, RECENT + 300, rps=1))
TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\t\n\r"), max_size=90)
ENCODED = st.lists(
    st.sampled_from(
        [
            *("%20", "%0A", "%09", "%5C", "%22", "%00", "%E2%82%AC", "%E2%82", "%FF", "%", "%4"),
            *("a", "\\", "\\N", "\\t", '"', "?", "-", "é", "\0", "\x01", " ", "x" * 60, "€" * 30),
        ]
    ),
    max_size=12,
).map("".join)
ODD = st.sampled_from(["-", "", "\\N", "--", '"', '"x"', "nan", "NULL", "-\\N", "%", "\\"])
NUMBER = st.one_of(
    st.integers(-(2**64), 2**64).map(str),
    st.floats(allow_nan=True).map(str),
    st.sampled_from(["007", "+5", "-0", "1e3", "1E-3", "1.50", "1.", ".5", "5 ", "1e400", "٣"]),
    st.from_regex(r"[+-]?[0-9]{1,25}(\.[0-9]{1,25})?(e[+-]?[0-9]{1,3})?", fullmatch=True),
)
VALUES = {
    "VARCHAR": st.one_of(ODD, TEXT, ENCODED, st.just("203.0.113.9"), st.just("2001:db8::1")),
    "BIGINT": st.one_of(ODD, st.integers(0, 10**6).map(str), NUMBER, TEXT),
    "DOUBLE": st.one_of(ODD, st.decimals(0, 100, places=3).map(str), NUMBER, TEXT),
    "TIMESTAMP": st.one_of(
        st.integers(0, 10**6).map(lambda ms: f"{RECENT}.{ms % 1000:03d}"),
        st.sampled_from([f"{RECENT}", f"{RECENT}.5", f"{RECENT}.123456789"]),
        ODD,
        TEXT,
    ),
}


def write(site, texts, **config):
    """Write lines, without a look at whether their fields have drifted; return the outcome."""
    config = Config(store="clickhouse", settings=site.settings, **config)
    store = clickhouse.connect(config, Aws("us-east-1"))
    rows = split(read(event(texts)), len(config.fields))
    outcome = store.write(store.encode(rows), time.monotonic() + 60)
    assert not outcome.unfinished, outcome.trouble
    return config, rows, outcome


def stored(site):
    """Return the rows of the table, each as a dictionary of its columns."""
    names = [column.name for column in COLUMNS]
    rows = site.ask(f"SELECT {', '.join(names)} FROM {site.table} FINAL")
    found = [dict(zip(names, row, strict=True)) for row in rows]
    for row in found:  # a whole number is written without a point, and read back as an integer
        row |= {name: float(row[name]) for name in DOUBLES if row[name] is not None}
    return found


def expected(text, config):
    """Return the columns that a line should come to; None if no row can be made of it."""
    row = {column.name: "-" for column in COLUMNS}
    row |= {field.column: None for field in FIELDS if field.type in ("BIGINT", "DOUBLE")}
    for field, value in zip(config.fields, text.split("\t"), strict=True):
        if field.name == "timestamp":
            try:
                moment = values.milliseconds(value)
            except values.Malformed:
                return None
            when = datetime.fromtimestamp(moment / 1000, UTC)
            row["timestamp"] = f"{when:%Y-%m-%d %H:%M:%S}.{moment % 1000:03d}"
        elif field in config.stored:
            try:
                clean = values.cleaner(field, config)(value)
            except values.Malformed:
                clean = ""
            if field.type == "BIGINT":
                row[field.column] = int(clean) if clean else None
            elif field.type == "DOUBLE":
                row[field.column] = float(clean) if clean else None
            else:
                row[field.column] = values.cut(clean, field.bytes) or "-"
    row["line_hash"] = int(line_hashes([text])[0])
    return row


@pytest.fixture(scope="module")
def shared(engine):
    with Wire(engine) as wire:
        yield Site(wire)


class TestWhatIsReadBack:
    @pytest.mark.slow
    @settings(max_examples=40, deadline=None)
    @given(
        data=st.data(),
        viewer_ip=st.sampled_from(["keep", "mask", "drop"]),
        drop=st.sets(st.sampled_from(["cs-cookie", "cs-uri-query", "cmcd-session-id"])),
    )
    def test_any_line_comes_back_as_the_cleaners_made_it(self, shared, data, viewer_ip, drop):
        names = data.draw(
            st.lists(st.sampled_from(sorted(BY_NAME)), min_size=1, max_size=8, unique=True)
        )
        fields = resolve([*names, "timestamp", "cs-method", "cs-headers"])
        # Often alike, as columns are.
        cells = {
            field: st.one_of(VALUES[field.type], st.just(data.draw(VALUES[field.type])))
            for field in fields
        }
        texts = ["\t".join(data.draw(cells[f]) for f in fields) for _ in range(6)]
        texts = [text for text in dict.fromkeys(texts) if text.strip("\r")]
        shared.ask(f"TRUNCATE TABLE {shared.table}")
        config, rows, outcome = write(
            shared, texts, fields=fields, viewer_ip=viewer_ip, drop=frozenset(drop)
        )
        wanted = {text: expected(text, config) for text in texts}
        kept = {row["line_hash"]: row for row in wanted.values() if row is not None}
        assert {row["line_hash"]: row for row in stored(shared)} == kept
        assert {rows.texts[each.line] for each in outcome.malformed} == {
            text for text, row in wanted.items() if row is None
        }

    def test_every_field_of_a_usual_line(self, site):
        text = line(fields=FIELDS)
        config, _, _ = write(site, [text], fields=FIELDS)
        assert stored(site) == [expected(text.strip("\n"), config)]

    def test_what_tab_separated_text_has_a_meaning_for(self, site):
        agent = r"a%5Cb%09c%0Ad%0De\tf\Ng%5CN"
        changes = {"cs-user-agent": agent, "cs-uri-query": "\\N", "cs-cookie": "nul\0; \\0"}
        write(site, [line(changes)])
        (row,) = stored(site)
        assert row["cs_user_agent"] == "a\\b\tc\nd\re\\tf\\Ng\\N"
        assert row["cs_uri_query"] == "\\N"
        assert row["cs_cookie"] == "nul\0; \\0"

    def test_a_text_is_cut_to_its_fields_bytes_and_counted(self, site):
        _, _, outcome = write(site, [line(cs_user_agent="€" * 100), line()])
        assert outcome.trimmed == {0}
        longest = max(len(row["cs_user_agent"].encode()) for row in stored(site))
        assert longest == BY_NAME["cs-user-agent"].bytes // 3 * 3

    def test_a_number_that_is_none_is_left_out_and_counted(self, site):
        _, _, outcome = write(site, [line(sc_bytes="12kB"), line(), line(time_taken="nan")])
        assert outcome.left_out == {"sc-bytes": {0}, "time-taken": {2}}
        assert sorted(str(row["sc_bytes"]) for row in stored(site)) == ["48213", "48213", "None"]

    @pytest.mark.parametrize("kind", ["BIGINT", "DOUBLE"])
    def test_whatever_stands_where_a_number_should_the_row_is_there(self, site, kind):
        fields = [each for each in DEFAULT_FIELDS if each.type == kind]
        write(site, [line({field.name: "x"}) for field in fields])
        assert site.rows() == len(fields)

    def test_an_odd_time_is_read_as_what_it_is(self, site):
        """ClickHouse takes 1.5 for the first of May."""
        stamps = [f"{RECENT}", f"{RECENT}.5", f"0{RECENT}.25"]
        _, _, outcome = write(site, [line(timestamp=stamp) for stamp in stamps])
        assert [each.code for each in outcome.malformed] == ["not_a_time"]
        found = sorted(row["timestamp"] for row in stored(site))
        assert found == [moment_text(RECENT * 1000), moment_text(RECENT * 1000 + 500)]

    def test_a_column_that_no_line_has_a_value_for_is_not_sent(self, site):
        """It has its default: what a table lacks is missed only when there is something to keep."""
        text = line()
        config, _, _ = write(site, [text])
        assert "cmcd_version" not in site.inserts[0]
        assert stored(site) == [expected(text.strip("\n"), config)]

    def test_fields_that_are_not_collected_have_their_defaults(self, site):
        fields = resolve(["timestamp", "c-ip"])
        text = line(fields=fields)
        config, _, _ = write(site, [text], fields=fields)
        assert stored(site) == [expected(text.strip("\n"), config)]

    def test_what_privacy_asks_for_is_done_before_anything_is_sent(self, site):
        changes = {
            "c-ip": "198.18.77.201",
            "cs-cookie": "secret=1",
            "x-forwarded-for": "198.18.7.9",
        }
        write(site, [line(changes)], viewer_ip="drop", drop=frozenset({"cs-cookie"}))
        sent = site.wire.bodies[0].decode()
        assert "198.18" not in sent
        assert "secret" not in sent
        write(site, [line(changes)], viewer_ip="mask")
        assert "198.18.77.0" in site.wire.bodies[1].decode()
        assert "77.201" not in site.wire.bodies[1].decode()


class ByColumn(Usual):
    """To which no line is usual."""

    def __init__(self, *args):
        super().__init__(*args)
        self.match = lambda text: None


class TestUsualLines:
    @settings(max_examples=20, deadline=None)
    @given(st.data(), st.sampled_from(["keep", "mask", "drop"]), st.booleans())
    def test_are_sent_as_they_would_be_column_by_column(self, data, viewer_ip, drops):
        """Whatever is beside them in a batch, and whatever earlier batches held."""
        fields = data.draw(st.sampled_from([DEFAULT_FIELDS, FIELDS, FIELDS[:1], FIELDS[:20]]))
        config = Config(
            store="clickhouse",
            settings=clickhouse.Settings("http://localhost:8123"),
            fields=fields,
            viewer_ip=viewer_ip,
            drop=frozenset({"cs-cookie", "asn", "c-port"} if drops else ()),
        )
        usual, by_column = Encoder(config), Encoder(config)
        by_column._usual = ByColumn(by_column._columns)
        with pytest.MonkeyPatch.context() as patch:
            for _ in range(2):
                odd = st.lists(st.sampled_from(fields), max_size=3)
                texts = []
                for request in data.draw(st.lists(st.sampled_from(REQUESTS), max_size=6)):
                    changes = {each.name: data.draw(VALUES[each.type]) for each in data.draw(odd)}
                    texts.append(traffic_line(request | changes, fields).rstrip("\n"))
                rows = split(read(event(texts)), len(fields))
                patch.setattr(encode, "Usual", Usual)
                found = list(usual.encode(rows))
                patch.setattr(encode, "Usual", ByColumn)
                assert found == list(by_column.encode(rows))

    def test_are_most_of_those_that_there_are(self):
        """Else each is divided into all its values, which takes three times as long."""
        encoder = Encoder(Config(store="clickhouse", settings=clickhouse.Settings("http://x:8123")))
        texts = [traffic_line(request, DEFAULT_FIELDS).rstrip("\n") for request in REQUESTS]
        list(encoder.encode(split(read(event(texts)), len(DEFAULT_FIELDS))))
        usual = list(filter(None, map(encoder._usual.match, texts)))
        assert len(usual) == len(texts)
        assert len(usual[0].groups()) < len(DEFAULT_FIELDS) / 2


def test_a_field_list_without_a_time_is_refused():
    settings = clickhouse.Settings("http://localhost:8123")
    for config, variable in (
        (Config(store="clickhouse", settings=settings, fields=resolve(["c-ip"])), "LOG_FIELDS"),
        (Config(store="clickhouse", settings=settings, drop=frozenset(["timestamp"])), "DROP_"),
    ):
        with pytest.raises(ConfigError, match=f"{variable}.*'timestamp'"):
            config.check()


@given(TEXT)
def test_escaping_leaves_no_tab_no_line_end_and_no_lone_backslash(text):
    escaped = escape(text + "\t\n\r\0\\")
    assert not set("\t\n\r\0") & set(escaped)
    plain = {"\\": "\\", "t": "\t", "n": "\n", "r": "\r", "0": "\0"}
    found, at = "", 0
    while at < len(escaped):
        if escaped[at] == "\\":
            at += 1
            found += plain[escaped[at]]
        else:
            found += escaped[at]
        at += 1
    assert found == text + "\t\n\r\0\\"


def test_a_lines_hash_is_the_same_on_any_machine():
    assert line_hashes(["a\tb"]) == ["13114994879205934101"]
