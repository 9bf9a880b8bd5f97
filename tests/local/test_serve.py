"""``python -m local serve`` as its users run it, and what it leaves behind."""

import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from local.traffic import line
from processor.catalog import DEFAULT_FIELDS
from tests.support.command_line import ROOT, clean_environment, rows

TABLE = '"cloudfront"."realtime_logs"'


class Serving:
    """A running ``serve``."""

    def __init__(self, *arguments):
        self.process = subprocess.Popen(
            [sys.executable, "-m", "local", "serve", "--port", "0", "--kinesis-port", "0",
             "--control-port", "0", *map(str, arguments)],
            cwd=ROOT, stdout=subprocess.PIPE, text=True,
            env=clean_environment() | {"PYTHONUNBUFFERED": "1"},
        )  # fmt: skip
        self.urls = {}
        for _ in range(3):
            name, url = self.process.stdout.readline().split()[:2]
            self.urls[name] = url

    def end(self, number):
        """Send the signal; return the exit status and what was printed since the start."""
        self.process.send_signal(number)
        text, _ = self.process.communicate(timeout=60)
        return self.process.returncode, text


@pytest.fixture
def serve():
    started = []

    def start(*arguments):
        started.append(Serving(*arguments))
        return started[-1]

    yield start
    for each in started:
        if each.process.poll() is None:
            each.end(signal.SIGKILL)
        each.process.stdout.close()


def until(condition, tries=300):
    """Ask until there is an answer; the work itself takes as long as it takes."""
    for _ in range(tries):
        if answer := condition():
            return answer
    raise AssertionError("it never came true")


class TestServe:
    @pytest.mark.slow
    def test_live_traffic_can_be_broken_and_a_crash_loses_nothing(self, cli, serve, tmp_path):
        serving = serve("--data", tmp_path / "t", "--traffic", "30", "--history", "1")
        control = ("--control", serving.urls["control"])
        done = cli("incident", *control, "country=US", "kind=5xx", "minutes=5")
        assert done.returncode == 0
        assert done.stdout.startswith("5xx for c-country=US, until ")
        errors = f"SELECT count(*) AS n FROM {TABLE} WHERE c_country = 'US' AND sc_status >= 500"
        here = ("--endpoint", serving.urls["timestream"])
        until(lambda: rows(cli, errors, *here)[0]["n"] > 20, tries=30)
        assert cli("incident", *control, "stop").stdout == "1 incident ended\n"
        count = f"SELECT count(*) AS n FROM {TABLE} WHERE measure_name = 'request'"
        acknowledged = rows(cli, count, *here)[0]["n"]
        serving.end(signal.SIGKILL)

        again = serve("--data", tmp_path / "t", "--traffic", "0")
        there = ("--endpoint", again.urls["timestream"])
        assert rows(cli, count, *there)[0]["n"] >= acknowledged
        status, text = again.end(signal.SIGINT)
        assert status == 0
        assert "stopped after 0 lines" in text

    @pytest.mark.slow
    def test_today_has_a_yesterday_to_be_compared_with(self, cli, serve, tmp_path):
        """It fills while live traffic goes on; a restart adds nothing to it, however late."""
        data = ("--data", tmp_path / "t", "--traffic", "0.5", "--history")
        serving = serve(*data, "3")
        here = ("--endpoint", serving.urls["timestream"])
        count = f"SELECT count(*) AS n, max(time) AS newest FROM {TABLE} WHERE time < ago(12h)"
        made = until(lambda: (now := rows(cli, count, *here)[0])["n"] > 1000 and now, tries=60)
        assert made["n"] < 3 * 0.5 * 3780
        assert rows(cli, f"SELECT count(*) AS n FROM {TABLE} WHERE time > ago(1m)", *here)
        serving.end(signal.SIGINT)
        again = serve(*data, "0.01")  # minutes: it was stopped for longer
        there = ("--endpoint", again.urls["timestream"])
        made = rows(cli, count, *there)
        received = f"SELECT count(*) AS n FROM {TABLE} WHERE time > ago(10s)"
        until(lambda: rows(cli, received, *there)[0]["n"] > 0, tries=60)
        assert rows(cli, count, *there) == made

    @pytest.mark.slow
    def test_live_traffic_goes_after_a_while_and_an_old_file_stays(
        self, cli, serve, requests, tmp_path
    ):
        """Left running for a month, the tables are no larger than after two days."""
        minute = str(1 / 60)
        data = ("--data", tmp_path / "t", "--keep", minute)
        serving = serve(*data, "--traffic", "5", "--history", "3")
        here = ("--endpoint", serving.urls["timestream"])
        old = tmp_path / "old.log"
        old.write_text("".join(line(request, DEFAULT_FIELDS) for request in requests))
        assert cli("ingest", *here, old).returncode == 0
        span = (
            f"SELECT count_if(time > ago(12h)) AS live, count_if(time < ago(2d)) AS old,"
            f" count_if(time BETWEEN ago(12h) AND ago(3m)) AS past FROM {TABLE}"
            " WHERE measure_name = 'request'"
        )
        [before] = rows(cli, span, *here)
        assert before["live"] > 500
        serving.end(signal.SIGINT)
        # A restart remembers since when there is live traffic, and looks at once.
        again = serve(*data, "--traffic", "0")
        there = ("--endpoint", again.urls["timestream"])
        left = until(lambda: (now := rows(cli, span, *there)[0])["past"] == 0 and now, tries=60)
        assert left["live"] < before["live"]
        assert left["old"] == before["old"] == len(requests)

    @pytest.mark.slow
    def test_what_others_put_on_the_stream_is_processed_too(self, cli, serve, requests):
        from local.aws import client
        from local.stream import STREAM

        serving = serve("--traffic", "0")
        client("kinesis", serving.urls["kinesis"]).put_record(
            StreamName=STREAM,
            Data=line(requests[0], DEFAULT_FIELDS).encode(),
            PartitionKey="mine",
        )
        sql = f"SELECT x_edge_request_id AS id FROM {TABLE} WHERE measure_name = 'request'"
        here = ("--endpoint", serving.urls["timestream"])
        answer = until(lambda: rows(cli, sql, *here), tries=30)
        assert answer == [{"id": requests[0]["x-edge-request-id"]}]
        # docker stop sends this one
        assert serving.end(signal.SIGTERM)[0] == 0

    @pytest.mark.slow
    @pytest.mark.parametrize("option", ["--port", "--kinesis-port", "--control-port"])
    def test_a_port_in_use_is_said_with_the_option_to_change(self, cli, option):
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))
            taken.listen()
            port = taken.getsockname()[1]
            ports = {"--port": 0, "--kinesis-port": 0, "--control-port": 0, option: port}
            done = cli("serve", *(each for pair in ports.items() for each in pair))
        assert done.returncode == 1
        assert done.stderr == (
            f"python -m local: port {port} on 127.0.0.1 cannot be used (Address already in use); "
            f"choose another with {option}\n"
        )

    @pytest.mark.slow
    @pytest.mark.parametrize(
        ("arguments", "said"),
        [
            (("demo", "--rps", "-1"), "--rps: it has to be more than 0, not -1"),
            (("demo", "--minutes", "0"), "--minutes: it has to be more than 0, not 0"),
            (("demo", "--live", "inf"), "--live: it has to be at least 0, not inf"),
            (("serve", "--traffic", "-5"), "--traffic: it has to be at least 0, not -5"),
            (("serve", "--history", "nan"), "--history: it has to be at least 0, not nan"),
            (("serve", "--history", "1e300"), "--history: it has to be at most 527040, not 1e300"),
            (("demo", "--rps", "1e9"), "--rps: it has to be at most 100000, not 1e9"),
            (("serve", "--history", "long"), "--history: 'long' is no number"),
            (("serve", "--port", "99999"), "--port: '99999' is no port: ports go from 0 to 65535"),
        ],
    )
    def test_a_number_that_cannot_be_meant_is_refused_before_anything_starts(
        self, cli, arguments, said
    ):
        done = cli(*arguments)
        assert (done.returncode, done.stdout) == (2, "")
        assert done.stderr.endswith(f"error: argument {said}\n")

    @pytest.mark.slow
    def test_a_directory_that_another_process_has_open_is_said_to_be(self, cli, serve, tmp_path):
        serve("--data", tmp_path / "t", "--traffic", "0")
        done = cli("query", "--data", tmp_path / "t", "SELECT 1")
        assert done.returncode == 1
        assert "another process" in done.stderr
        assert str(tmp_path / "t") in done.stderr
        assert len(done.stderr.splitlines()) == 1


class TestProcesses:
    """The endpoint is a child; it goes when its parent goes, however that went."""

    @staticmethod
    def marked(mark):
        """Return the processes of this machine with the mark in their environment."""
        found = []
        for path in Path("/proc").glob("[0-9]*/environ"):
            try:
                if f"TEST_MARK={mark}".encode() in path.read_bytes():
                    found.append(path.parent.name)
            except OSError:
                continue  # it ended, or is not ours
        return found

    @pytest.mark.slow
    @pytest.mark.skipif(not Path("/proc").is_dir(), reason="processes are looked up in /proc")
    def test_a_verb_leaves_none_behind(self, cli, tmp_path):
        assert cli("query", "--data", tmp_path, "SELECT 1", TEST_MARK=tmp_path).returncode == 0
        assert self.marked(tmp_path) == []

    @pytest.mark.slow
    @pytest.mark.skipif(not Path("/proc").is_dir(), reason="processes are looked up in /proc")
    def test_a_crash_leaves_none_behind(self, serve, monkeypatch, tmp_path):
        monkeypatch.setenv("TEST_MARK", str(tmp_path))
        serving = serve("--traffic", "0")
        assert len(self.marked(tmp_path)) == 2
        serving.end(signal.SIGKILL)
        until(lambda: self.marked(tmp_path) == [], tries=3000)
