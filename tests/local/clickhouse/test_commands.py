"""``python -m local`` with --store clickhouse, as its users run it."""

import gzip
import json
import re
import signal
from types import SimpleNamespace

import pytest

from local.__main__ import main
from local.aws import LocalError
from local.stores import Span, clickhouse
from local.stores.clickhouse.client import Client
from local.stores.clickhouse.server import Server
from local.traffic import Traffic, line
from processor.catalog import DEFAULT_FIELDS
from tests.local.test_serve import Serving, until
from tests.support.command_line import END, rows

pytest.importorskip("chdb", reason="ClickHouse's engine is not installed")

STORE = ("--store", "clickhouse")
COUNTED = (
    "SELECT (SELECT count() FROM cloudfront.realtime_logs) AS requests,"
    " (SELECT toUInt64(sum(sum_requests)) FROM cloudfront.realtime_logs_minutes) AS minutes,"
    " (SELECT toUInt64(sum(sum_requests)) FROM cloudfront.realtime_logs_hours) AS hours"
)


def everywhere(number):
    return [{"requests": number, "minutes": number, "hours": number}]


def lines_of(requests):
    return [line(request, DEFAULT_FIELDS).encode() for request in requests]


@pytest.fixture
def ingest(server, ask, environment, tmp_path, monkeypatch):
    """Put files through the handler, in this process; return the exit status."""
    monkeypatch.chdir(tmp_path)  # where dead letters go

    def run(*arguments):
        return main(["ingest", *STORE, "--endpoint", server.url, *map(str, arguments)])

    yield run
    assert ask("DROP DATABASE cloudfront SYNC").status == 200


class TestIngest:
    def counted(self, server):
        return Client(server.url).rows(COUNTED, {})

    def test_what_comes_again_is_there_once_in_the_table_and_in_the_rollups(
        self, server, ingest, requests, tmp_path
    ):
        """The same file; the same lines in other batches; some of them packed; and all of it."""
        lines = lines_of(requests)
        some, other = len(lines) // 3, len(lines) // 2
        files = {
            "whole.log": b"".join(lines),
            "shifted.log": b"".join(lines[some:] + lines[:some]),
            "half.log.gz": gzip.compress(b"".join(lines[:other])),
        }
        for name, data in files.items():
            (tmp_path / name).write_bytes(data)
        for names in (["whole.log"], ["whole.log"], ["shifted.log", "half.log.gz"]):
            assert ingest(*names) == 0
            assert self.counted(server) == everywhere(len(lines))

    @pytest.mark.slow
    def test_the_same_lines_read_in_another_way_replace_the_first(
        self, server, ingest, requests, tmp_path
    ):
        """A batch is known by its lines and by what is made of them."""
        (tmp_path / "a.log").write_bytes(b"".join(lines_of(requests)))
        for more in (("--drop", "cs-user-agent"), ()):
            assert ingest(*more, "a.log") == 0
        sql = (
            "SELECT count() AS n, countIf(cs_user_agent = '-') AS dropped"
            " FROM cloudfront.realtime_logs"
        )
        absent = sum(request["cs-user-agent"] == "-" for request in requests)
        assert Client(server.url).rows(sql, {}) == [{"n": len(requests), "dropped": absent}]

    @pytest.mark.slow
    def test_a_file_of_many_years_goes_in(self, server, ingest, tmp_path):
        """More days than an insert may have partitions."""
        drawn = list(Traffic(4).between(END - 130, END, 1))
        assert len(drawn) > 101
        for number, request in enumerate(drawn):
            request["timestamp"] = f"{END - number * 40 * 86400}.000"
        (tmp_path / "years.log").write_bytes(b"".join(lines_of(drawn)))
        assert ingest("years.log") == 0
        assert self.counted(server) == everywhere(len(drawn))

    @pytest.mark.slow
    def test_bad_lines_are_kept_with_their_reason_and_odd_values_told(
        self, ingest, requests, tmp_path, capsys
    ):
        lines = lines_of(requests[:5])
        status = [field.name for field in DEFAULT_FIELDS].index("sc-status")
        odd = lines[4].split(b"\t")
        odd[status] = b"nope"
        (tmp_path / "a.log").write_bytes(b"".join([*lines[:4], b"\t".join(odd), b"no log line\n"]))
        ingest("a.log")
        told = capsys.readouterr().out
        assert "received 6: written 5, duplicates 0, rejected 0, malformed 1" in told
        assert "1 x sc-status was no number" in told
        letters = (tmp_path / "data" / "dead-letters.jsonl").read_text().splitlines()
        assert [json.loads(letter)["code"] for letter in letters] == ["field_count"]


class TestQuery:
    @pytest.mark.slow
    def test_a_table_for_people_and_objects_for_programs(self, cli, server):
        sql = (
            "SELECT 1 AS n, 2.5 AS x, 'a' AS t, true AS b, NULL AS nothing, nan AS none,"
            " toUInt64(18446744073709551615) AS big, [1, 2] AS list,"
            " toDateTime('2026-01-02 03:04:05') AS at"
        )
        here = (*STORE, "--endpoint", server.url)
        people = cli("query", *here, sql)
        assert [text.split() for text in people.stdout.splitlines() if text.strip()] == [
            ["n", "x", "t", "b", "nothing", "none", "big", "list", "at"],
            ["1", "2.5", "a", "True", "-", "-", "18446744073709551615", "[1,", "2]",
             "2026-01-02", "03:04:05"],
            ["1", "row"],
        ]  # fmt: skip
        assert rows(cli, sql, *here) == [
            {"n": 1, "x": 2.5, "t": "a", "b": True, "nothing": None, "none": None,
             "big": 18446744073709551615, "list": [1, 2], "at": "2026-01-02 03:04:05"}
        ]  # fmt: skip

    @pytest.mark.parametrize(
        ("sql", "sentence"),
        [
            ("SELECT nope", "47: Unknown expression identifier `nope`"),
            ("DROP DATABASE home", "Cannot execute query in readonly mode"),
            ("SELECT 1 FORMAT JSON", "leave FORMAT out of the query; --json prints JSON"),
            ("SELECT 1; SELECT 2", "Multi-statements are not allowed"),
        ],
    )
    def test_it_asks_and_changes_nothing_and_refusals_are_the_servers_words(
        self, server, sql, sentence
    ):
        with pytest.raises(LocalError, match=re.escape(sentence)) as error:
            list(clickhouse.Questions(server.url).pages(sql))
        assert "version" not in str(error.value)
        assert len(str(error.value).splitlines()) == 1

    def test_a_user_and_a_password_are_in_the_url_or_in_the_environment(self, server, monkeypatch):
        whose = "SELECT getSetting('readonly') AS readonly"
        assert Client(server.url).table(whose)[1] == [{"readonly": 2}]
        known = server.url.replace("//", "//reader:secret@")
        assert Client(known).table(whose)[1] == [{"readonly": 1}]
        assert "secret" not in Client(known).url
        monkeypatch.setenv("CLICKHOUSE_USER", "reader")
        monkeypatch.setenv("CLICKHOUSE_PASSWORD", "wrong")
        with pytest.raises(LocalError, match="516: reader: Authentication failed"):
            Client(server.url).check()


@pytest.mark.slow
@pytest.mark.parametrize(
    ("arguments", "status", "sentence"),
    [
        (("query", *STORE, "--endpoint", "http://127.0.0.1:1", "SELECT 1"), 1,
         "no ClickHouse endpoint answers at http://127.0.0.1:1; start one with"),
        (("demo", "--store", "clickhuose"), 2, "did you mean 'clickhouse'?"),
        (("serve", *STORE, "--layout", "classic"), 2,
         "ClickHouse has no layout 'classic', but multi; only Timestream has it"),
        (("ingest", *STORE, "--layout", "clasic", "x"), 2, "ClickHouse has no layout 'clasic'"),
        (("serve", *STORE, "--endpoint", "nowhere"), 1, "'nowhere' is no URL; it looks like"),
    ],
    ids=str,
)  # fmt: skip
def test_what_cannot_work_is_said_in_one_sentence(cli, arguments, status, sentence):
    done = cli(*arguments)
    assert done.returncode == status
    assert sentence in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.slow
def test_the_help_is_about_the_store_that_is_named(cli):
    assert "8123" in cli("serve", *STORE, "--help").stdout
    assert "8086" in cli("serve", "--help").stdout
    assert "query --store clickhouse 'SELECT" in cli("query", *STORE, "--help").stdout


class TestTrim:
    @pytest.fixture
    def logs(self, server, ask):
        """Two hours of requests, one a minute, the first three before the live traffic."""
        clickhouse.make_table(server.url)
        yield SimpleNamespace(start=END // 3600 * 3600 - 7200)
        assert ask("DROP DATABASE cloudfront SYNC").status == 200

    def fill(self, ask, start):
        minutes = [start + 60 * n for n in range(-3, 120)]
        body = "".join(f"{moment}.5\t{moment}\n" for moment in minutes)
        answer = ask(
            body, query="INSERT INTO cloudfront.realtime_logs (timestamp, line_hash) FORMAT TSV"
        )
        assert answer.status == 200

    def left(self, ask, start):
        sql = (
            "SELECT (SELECT count() FROM cloudfront.realtime_logs),"
            " (SELECT sum(sum_requests) FROM cloudfront.realtime_logs_minutes),"
            " (SELECT sum(sum_requests) FROM cloudfront.realtime_logs_hours),"
            " (SELECT count() FROM system.mutations WHERE NOT is_done)"
        )
        *found, running = map(int, ask(sql).data.split())
        return None if running else found

    @pytest.mark.parametrize(
        ("minutes", "left"),
        [
            (0, [123, 123, 123]),
            (5, [123, 123, 123]),  # a twentieth is not worth it
            (30.5, [93, 93, 123]),  # whole minutes, whole hours
            (90, [33, 33, 63]),
            (999, [3, 3, 3]),
        ],
    )
    def test_what_is_live_and_old_goes_and_what_was_before_stays(
        self, server, ask, logs, minutes, left
    ):
        self.fill(ask, logs.start)
        running = clickhouse.Running(server.url)
        running.trim(logs.start + 1.25, logs.start + 60 * minutes)
        assert until(lambda: self.left(ask, logs.start)) == left
        running.trim(logs.start + 1.25, logs.start + 60 * minutes)
        assert until(lambda: self.left(ask, logs.start)) == left

    def test_an_empty_store_has_nothing_to_tell(self, server, logs):
        asked = clickhouse.Questions(server.url)
        during = Span(logs.start - 100, logs.start + 100)
        clickhouse.Running(server.url).trim(logs.start, logs.start + 3600)
        assert asked.stored(during) == 0
        assert asked.newest(during) is None
        assert asked.lag("f", during) == (None, None)
        assert set(asked.counts("f", logs.start).values()) == {0}
        assert asked.left_out("f", logs.start) == {}
        assert list(asked.edges(during, logs.start)) == []


@pytest.mark.slow
class TestWhole:
    def test_the_demo_tells_the_same_from_either_store(self, cli):
        """Numbers, alerts and all, line for line; not how fast the machine is."""

        def report(*options):
            done = cli("demo", "--minutes", "12", "--live", "0.2", "--seed", "5", *options)
            assert (done.returncode, done.stderr) == (0, "")
            timing = ("traffic:", "speed", "lag")
            return [each for each in done.stdout.splitlines() if not each.startswith(timing)]

        told = report(*STORE)
        assert len(told) > 20
        assert told == report()

    def test_live_traffic_can_be_broken_and_a_crash_loses_nothing(self, cli, tmp_path):
        data = (*STORE, "--data", tmp_path / "t")
        serving = Serving(*data, "--traffic", "30", "--history", "1")
        control = ("--control", serving.urls["control"])
        assert cli("incident", *control, "country=US", "kind=5xx", "minutes=5").returncode == 0
        errors = (
            "SELECT count() AS n FROM cloudfront.realtime_logs"
            " WHERE c_country = 'US' AND sc_status >= 500"
        )
        here = (*STORE, "--endpoint", serving.urls["clickhouse"])
        until(lambda: rows(cli, errors, *here)[0]["n"] > 20, tries=30)
        [acknowledged] = rows(cli, COUNTED, *here)
        serving.end(signal.SIGKILL)
        serving.process.stdout.close()

        again = Serving(*data, "--traffic", "20", "--history", "1")
        there = (*STORE, "--endpoint", again.urls["clickhouse"])
        [found] = rows(cli, COUNTED, *there)
        assert found["requests"] >= acknowledged["requests"]
        # New batches have the numbers of the former run's, and are others all the same.
        until(lambda: rows(cli, COUNTED, *there)[0]["requests"] > found["requests"] + 50, tries=30)
        status, text = again.end(signal.SIGINT)
        again.process.stdout.close()
        assert status == 0
        sent = int(re.search(r"stopped after ([\d,]+) lines", text)[1].replace(",", ""))
        left = rows(cli, COUNTED, *data)[0]
        assert left == everywhere(left["requests"])[0]
        assert left["requests"] >= acknowledged["requests"] + sent

    def test_it_writes_into_a_server_that_runs_and_starts_none(self, cli, tmp_path):
        with Server(tmp_path / "t", password="secret") as server:
            url = server.url.replace("//", "//default:secret@")
            serving = Serving(*STORE, "--endpoint", url, "--data", tmp_path / "own")
            assert serving.urls["clickhouse"] == server.url
            until(lambda: Client(url).rows(COUNTED, {})[0]["requests"] > 100, tries=1000)
            status, text = serving.end(signal.SIGTERM)
            serving.process.stdout.close()
            assert status == 0
            assert "secret" not in text
            [found] = Client(url).rows(COUNTED, {})
            assert found == everywhere(found["requests"])[0]
