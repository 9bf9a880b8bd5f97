"""``python -m local`` as its users run it: in a process of its own, on real input."""

import gzip
import json
import os
import re
import subprocess
import sys
import tempfile
import threading
from collections import Counter
from pathlib import Path

import pytest

from local.traffic import ORIGINAL_FIELDS, Traffic, line
from processor.catalog import DEFAULT_FIELDS, FIELDS
from tests.support.command_line import END, ROOT, rows

DEMO = ("demo", "--minutes", "12", "--live", "0.2")
TABLE = '"cloudfront"."realtime_logs"'

# The queries of the original solution's README, with the names filled in; its 24 hours reach back
# to the file's year, and Grafana's macros are what the plugin would make of them.
ORIGINAL_HOURLY = """
SELECT
    bin(time, 1h) as binned_time,
    SUM(
      CASE WHEN measure_name = 'sc_bytes' THEN measure_value::bigint ELSE NULL END
    ) AS sum_bytes_downloaded,
    "x_edge_location"
FROM "cloudfront"."realtime_logs"
WHERE time >= ago({hours}h)
AND measure_name IN ('sc_bytes')
GROUP BY "x_edge_location", bin(time, 1h)
ORDER by binned_time, "x_edge_location"
"""
STANDARD = (
    b"#Version: 1.0\n#Fields: date time x-edge-location sc-bytes c-ip cs-method cs(Host)\n"
    b"2026-11-20\t21:02:31\tFRA56-P1\t2390\t192.0.2.10\tGET\td111.cloudfront.net\n"
)
ORIGINAL_SERIES = """
SELECT
    x_edge_location,
    CREATE_TIME_SERIES(time, measure_value::bigint) as edge_location
FROM "cloudfront"."realtime_logs"
WHERE time BETWEEN from_milliseconds({start}) AND from_milliseconds({end})
    AND measure_name = 'sc_bytes'
GROUP BY x_edge_location
"""


def names(fields):
    return ",".join(field.name for field in fields)


@pytest.fixture
def log(tmp_path, requests):
    """Write the requests as a log of these fields; return its path."""

    def write(fields, name="access.log", extra=()):
        path = tmp_path / name
        text = b"".join([line(request, fields).encode() for request in requests] + list(extra))
        path.write_bytes(gzip.compress(text) if name.endswith(".gz") else text)
        return path

    return write


class TestDemo:
    @pytest.mark.slow
    def test_an_hour_is_accounted_for_and_shown_and_the_same_seed_shows_the_same(self, cli):
        first, second = (cli(*DEMO, "--seed", "5") for _ in range(2))
        for demo in (first, second):
            assert (demo.returncode, demo.stderr) == (0, "")
        text = first.stdout

        received, *ends = map(
            int,
            re.search(
                r"received (\d+) = written (\d+) \+ duplicates (\d+) \+ rejected (\d+)"
                r" \+ malformed (\d+)",
                text.replace(",", ""),
            ).groups(),
        )
        assert received == sum(ends) > 500
        assert "records/s" in text
        assert re.search(r"lag +median \d", text)

        for heading in ("Top edges by bytes", "Error rate by country", "Time to first byte"):
            assert heading in text
        assert re.search(r"^cache hit .* ms", text, re.MULTILINE)
        assert re.search(r"^cache miss .* ms", text, re.MULTILINE)

        # the erring country is the worst, and the slow edge takes seconds
        countries = text.partition("Error rate by country")[2].splitlines()
        assert countries[2].startswith("BR ")
        (frankfurt,) = (each for each in text.splitlines() if each.startswith("FRA56-P12"))
        assert re.search(r" \d\.\d\d s$", frankfurt.rstrip())

        # and both are found by the rules, and what they are about is named
        fired = text.partition("Alerts that fire")[2]
        for alert in (
            r"^critical  5xx errors, for \d min, tells cloudfront-critical\n"
            r" +5xx rate for viewers in BR is \d+\.\d % ",
            r"^warning   Slow first bytes, for \d min, tells cloudfront-warning\n.*\n"
            r" +.* of the slow first bytes: .*FRA56-P12",
        ):
            assert re.search(alert, fired, re.MULTILINE), fired

        # no terminal, no bar
        assert not set("\x1b\r") & set(text)

        def numbers(demo):
            timing = ("traffic:", "speed", "lag")
            return [each for each in demo.stdout.splitlines() if not each.startswith(timing)]

        assert numbers(first) == numbers(second)
        assert len(numbers(first)) > 20

    def test_counts_that_do_not_add_up_fail_it(self):
        from local.pipeline import adds_up

        good = {"received": 9, "written": 6, "duplicates": 1, "malformed": 1, "rejected": 1}
        assert adds_up(good, 9)
        for name in good:
            assert not adds_up(good | {name: good[name] + 1}, 9)
        assert not adds_up(good, 10)


class TestIngest:
    @pytest.mark.slow
    def test_the_originals_forty_fields_answer_the_originals_queries(
        self, cli, log, requests, timestream
    ):
        path, here = log(ORIGINAL_FIELDS), ("--endpoint", timestream)
        done = cli(
            "ingest", *here, "--layout", "classic",
            "--fields", names(ORIGINAL_FIELDS), "--drop", "cs-headers,cs-header-names", path,
        )  # fmt: skip
        assert (done.returncode, done.stderr) == (0, "")
        assert "limit" not in done.stdout  # nothing had to be cut
        assert f"written {len(requests):,}," in done.stdout
        hours = 24 * 365 * 20
        answer = rows(cli, ORIGINAL_HOURLY.format(hours=hours), *here)
        expected = Counter()
        for request in requests:
            expected[request["x-edge-location"]] += int(request["sc-bytes"])
        found = Counter()
        for row in answer:
            assert re.fullmatch(r"2023-11-14 2\d:00:00\.000000000", row["binned_time"])
            found[row["x_edge_location"]] += row["sum_bytes_downloaded"]
        assert found == expected
        series = rows(
            cli,
            ORIGINAL_SERIES.format(start=(END - 7200) * 1000, end=END * 1000),
            *here,
        )
        assert {
            row["x_edge_location"]: sum(point["value"] for point in row["edge_location"])
            for row in series
        } == expected

    @pytest.mark.slow
    def test_a_gzip_file_with_all_71_fields_is_typed(self, cli, log, requests, tmp_path):
        path = log(FIELDS, "access.log.gz")
        done = cli("ingest", "--data", tmp_path / "t", "--fields", names(FIELDS), path)
        assert (done.returncode, done.stderr) == (0, "")
        answer = rows(
            cli,
            f"SELECT count(*) AS n, sum(sc_bytes) AS bytes, max(time_to_first_byte) AS slowest,"
            f" count(cs_headers) AS headers FROM {TABLE} WHERE measure_name = 'request'",
            "--data",
            tmp_path / "t",
        )
        assert answer == [
            {
                "n": len(requests),
                "bytes": sum(int(request["sc-bytes"]) for request in requests),
                "slowest": max(float(request["time-to-first-byte"]) for request in requests),
                "headers": len(requests),
            }
        ]

    @pytest.mark.slow
    def test_what_comes_a_second_time_is_there_once(self, cli, log, requests, tmp_path):
        path = log(DEFAULT_FIELDS)
        done = cli("ingest", "--data", tmp_path / "t", "-", path, stdin=path.read_bytes())
        assert (done.returncode, done.stderr) == (0, "")
        assert f"received {2 * len(requests):,}:" in done.stdout
        sql = f"SELECT count(*) AS n FROM {TABLE} WHERE measure_name = 'request'"
        assert rows(cli, sql, "--data", tmp_path / "t") == [{"n": len(requests)}]

    @pytest.mark.slow
    def test_a_pipe_that_the_shell_names_like_a_file_is_read(self, cli, log, requests, tmp_path):
        pipe = tmp_path / "pipe"
        os.mkfifo(pipe)
        packed = log(DEFAULT_FIELDS, "access.log.gz").read_bytes()
        writer = threading.Thread(target=pipe.write_bytes, args=(packed,), daemon=True)
        writer.start()
        done = cli("ingest", "--data", tmp_path / "t", pipe)
        assert (done.returncode, done.stderr) == (0, "")
        assert f"written {len(requests):,}," in done.stdout

    @pytest.mark.slow
    def test_bad_lines_are_counted_with_their_reason_and_kept_and_the_rest_is_written(
        self, cli, log, requests, tmp_path
    ):
        good = line(requests[0], DEFAULT_FIELDS).encode()
        time = b"now" + good[good.index(b"\t") :]
        bad = [good.replace(b"\t", b" ", 1), time, b"\xff\xfe\n", b"\n"]
        size = good.replace(f"\t{requests[0]['sc-bytes']}\t".encode(), b"\tmany\t", 1)
        bad.append(size.replace(requests[0]["x-edge-request-id"].encode(), b"x" * 56))
        done = cli("ingest", "--data", tmp_path / "t", log(DEFAULT_FIELDS, extra=bad))
        assert done.returncode == 0
        assert f"written {len(requests) + 1:,}," in done.stdout
        assert "malformed 4 " in done.stdout
        assert "1 x sc-bytes was no number: written without it" in done.stdout
        kept = Path(re.search(r"what could not be written.*: (.*)", done.stdout)[1])
        letters = [json.loads(text) for text in kept.read_text().splitlines()]
        assert len(letters) == 4
        for letter in letters:
            assert letter["kind"] == "malformed"
            assert letter["reason"] in done.stdout

    @pytest.mark.slow
    def test_a_gzip_file_that_was_cut_off_gives_what_it_has_and_fails(
        self, cli, log, requests, tmp_path
    ):
        path = log(DEFAULT_FIELDS, "access.log.gz")
        path.write_bytes(path.read_bytes()[:-2000])
        done = cli("ingest", "--data", tmp_path / "t", path)
        assert done.returncode == 1
        assert "cannot be read past line" in done.stdout
        written = int(re.search(r"written ([\d,]+)", done.stdout)[1].replace(",", ""))
        assert 0 < written < len(requests)

    @pytest.mark.slow
    @pytest.mark.parametrize(
        ("arguments", "sentence"),
        [
            (["--fields", "timestamp,sc-byte", "FILE"], "did you mean 'sc-bytes'?"),
            (["--drop", "cs-header", "FILE"], "--drop: CloudFront has no real-time log field"),
            (["--fields", "sc-bytes", "FILE"], "LOG_FIELDS lacks 'timestamp'"),
            (["nowhere.log"], "there is no file 'nowhere.log'"),
            (["/"], "'/' is a directory; name the files in it"),
            (["--dead-letters", "/dev/null/x", "FILE"], "name another place with --dead-letters"),
            (["--endpoint", "http://127.0.0.1:1", "FILE"], "no Timestream endpoint answers at"),
            (["--endpoint", "nonsense", "FILE"], "no URL"),
        ],
    )
    def test_what_cannot_work_is_refused_in_one_sentence(
        self, cli, log, tmp_path, arguments, sentence
    ):
        path = log(DEFAULT_FIELDS)
        target = [] if "--endpoint" in arguments else ["--data", tmp_path / "t"]
        done = cli("ingest", *target, *(path if each == "FILE" else each for each in arguments))
        assert done.returncode == 1
        assert sentence in done.stderr
        assert len(done.stderr.splitlines()) == 1

    @pytest.mark.slow
    def test_a_standard_access_log_is_recognized_before_anything_is_opened(self, cli, tmp_path):
        path = tmp_path / "E1.2026-11-20-21.gz"
        path.write_bytes(gzip.compress(STANDARD))
        done = cli("ingest", "--data", tmp_path / "t", path)
        assert done.returncode == 1
        assert f"{path} is a standard access log of CloudFront; ingest wants real" in done.stderr
        assert len(done.stderr.splitlines()) == 1
        assert not (tmp_path / "t").exists()

    @pytest.mark.slow
    def test_on_standard_input_it_is_recognized_too_and_the_files_beside_it_are_read(
        self, cli, log, requests, tmp_path
    ):
        path = log(DEFAULT_FIELDS)
        done = cli("ingest", "--data", tmp_path / "t", "-", path, stdin=STANDARD)
        assert done.returncode == 1
        assert "standard input is a standard access log of CloudFront" in done.stdout
        assert f"written {len(requests):,}, duplicates 0, rejected 0, malformed 0" in done.stdout

    @pytest.mark.slow
    @pytest.mark.parametrize(
        ("text", "sentence"),
        [
            (b"hello\nworld\nhello\n", "nothing was written; the reasons stand above"),
            (b"", "nothing was written: there is no line in -"),
            (b"# nothing but comments\n", "nothing was written: there is no line in -"),
            (STANDARD, "nothing was written; the reasons stand above"),
        ],
    )
    def test_it_fails_when_nothing_could_be_written_and_says_so_at_the_end(
        self, cli, tmp_path, text, sentence
    ):
        done = cli("ingest", "--data", tmp_path / "t", "-", stdin=text)
        assert done.returncode == 1
        assert done.stderr == f"python -m local: {sentence}\n"
        if text.startswith(b"hello"):
            assert "received 3: written 0, duplicates 1, rejected 0, malformed 2" in done.stdout

    @pytest.mark.slow
    def test_comments_windows_line_ends_and_a_byte_order_mark_do_no_harm(
        self, cli, requests, tmp_path
    ):
        lines = [line(request, DEFAULT_FIELDS).encode() for request in requests[:5]]
        text = b"\xef\xbb\xbf# mine\n" + b"".join(lines).replace(b"\n", b"\r\n") + b"#end"
        done = cli("ingest", "--data", tmp_path / "t", "-", stdin=text)
        assert (done.returncode, done.stderr) == (0, "")
        assert "received 5: written 5, duplicates 0, rejected 0, malformed 0" in done.stdout
        assert "2 lines beginning with # were left out" in done.stdout

    @pytest.mark.slow
    def test_a_directory_that_is_a_file_is_refused(self, cli, log):
        path = log(DEFAULT_FIELDS)
        done = cli("ingest", "--data", path, path)
        assert done.returncode == 1
        assert done.stderr == f"python -m local: {path} is no directory; name another with --data\n"


class TestQuery:
    @pytest.mark.slow
    def test_a_table_for_people_and_objects_for_programs(self, cli, shared_timestream):
        sql = "SELECT 1 AS n, 2.5 AS x, 'a' AS t, true AS b, CAST(NULL AS double) AS nothing"
        people = cli("query", "--endpoint", shared_timestream, sql)
        assert [text.split() for text in people.stdout.splitlines() if text.strip()] == [
            ["n", "x", "t", "b", "nothing"],
            ["1", "2.5", "a", "True", "-"],
            ["1", "row"],
        ]
        assert rows(cli, sql, "--endpoint", shared_timestream) == [
            {"n": 1, "x": 2.5, "t": "a", "b": True, "nothing": None}
        ]

    @pytest.mark.slow
    def test_sql_may_come_from_standard_input(self, cli, shared_timestream):
        done = cli(
            "query", "--endpoint", shared_timestream, "--json", "-", stdin=b"SELECT 1 AS one"
        )
        assert done.stdout == '{"one": 1}\n'

    @pytest.mark.slow
    def test_a_query_that_timestream_refuses_is_refused_in_its_words(self, cli, shared_timestream):
        done = cli("query", "--endpoint", shared_timestream, "SELECT nothing_of_the_kind")
        assert done.returncode == 1
        assert done.stderr.startswith("python -m local: ValidationException: ")
        assert "nothing_of_the_kind" in done.stderr
        assert "Traceback" not in done.stderr


@pytest.mark.slow
@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("query", "--endpoint", "http://[::1", "SELECT 1"), "'http://[::1' is no URL"),
        (("query", "--endpoint", "ftp://x", "SELECT 1"), "'ftp://x' is no URL"),
        (("query", "--endpoint", "http://127.0.0.1:99999", "SELECT 1"), "is no URL"),
        (("query", "--endpoint", "http://127.0.0.1:1", "SELECT 1"), "no Timestream endpoint"),
        (("query", " "), "the query is empty"),
        (("query", "-"), "the query on standard input is not UTF-8"),
        (("query", "--data", "/proc/nowhere/x", "SELECT 1"), "The endpoint cannot start"),
        (("query", "--data", "x" * 300, "SELECT 1"), "cannot be used (File name too long)"),
        (("ingest", ""), "a file's name is empty"),
        (("ingest", "x" * 300), "File name too long"),
        (("incident", "--control", "http://[::1", "stop"), "is not the control URL"),
        (("incident", "--control", "http://127.0.0.1:1", "stop"), "nothing answers at"),
        (("serve", "--host", "nowhere.invalid", "--port", "0"), "give an IPv4 address with --host"),
    ],
    ids=str,
)
def test_every_verb_says_what_is_wrong_in_one_sentence(cli, arguments, sentence):
    done = cli(*arguments, stdin="SELECT 'x'".encode("utf-16"))
    assert done.returncode == 1
    assert sentence in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_a_directory_of_another_users_is_said_to_be():
    """As with a container's volume that root made, and an image that is not root's."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o555)
        (Path(folder) / "timestream.duckdb").touch()
        program = (
            "import os, sys; from pathlib import Path; from local.endpoint import check_directory\n"
            "from local.aws import LocalError\n"
            "if os.getuid() == 0: os.setuid(65534)\n"
            "try: check_directory(Path(sys.argv[1]))\n"
            "except LocalError as error: print(error)"
        )
        done = subprocess.run(
            [sys.executable, "-c", program, folder], cwd=ROOT, capture_output=True, text=True
        )
    assert re.fullmatch(
        rf"{folder} belongs to user {os.getuid()} and cannot be written by user \d+; give it .*\n",
        done.stdout,
    ), done.stderr


class TestIncident:
    @pytest.mark.slow
    @pytest.mark.parametrize(
        ("words", "sentence"),
        [
            (["countri=BR"], "did you mean 'c-country'?"),
            (["country=BR", "kind=sloow"], "did you mean slow?"),
        ],
    )
    def test_what_cannot_be_understood_is_refused(self, cli, control, words, sentence):
        done = cli("incident", "--control", control.url, *words)
        assert done.returncode == 1
        assert sentence in done.stderr
        assert len(done.stderr.splitlines()) == 1

    @pytest.mark.slow
    def test_without_a_serve_it_says_how_to_start_one(self, cli):
        done = cli("incident", "--control", "http://127.0.0.1:1", "country=BR")
        assert done.returncode == 1
        assert "start `python -m local serve`" in done.stderr

    @pytest.fixture
    def control(self):
        from local.control import Control

        with Control(Traffic(1), dict, "127.0.0.1", 0) as running:
            yield running


class TestHelp:
    @pytest.mark.slow
    @pytest.mark.parametrize("verb", [[], ["demo"], ["ingest"], ["query"], ["serve"], ["incident"]])
    def test_every_verb_explains_itself(self, cli, verb):
        done = cli(*verb, "--help")
        assert done.returncode == 0
        assert "usage: python -m local" in done.stdout
        assert "%(" not in done.stdout
