"""ClickHouse's HTTP interface, as the stand-in speaks it: forms, headers, codes, users."""

import gzip
import http.client
import json
import socket
import struct
import threading
from base64 import b64encode
from urllib.parse import quote, urlsplit

import pyarrow
import pytest

from local.stores.clickhouse.client import Client
from tests.local.clickhouse.conftest import READER


def rows(ask, sql):
    answer = ask(sql, default_format="JSONCompact")
    assert answer.status == 200, answer.data
    return json.loads(answer.data)["data"]


def refused(answer):
    """Return the code and status of a refusal; both stand in it twice."""
    code = int(answer.headers["X-ClickHouse-Exception-Code"])
    assert answer.data.startswith(f"Code: {code}. DB::Exception: ".encode())
    assert answer.data.endswith(b"\n")
    return code, answer.status


class TestAnswers:
    @pytest.mark.parametrize("path", ["/ping", "/", "/replicas_status"])
    def test_it_says_that_it_is_there(self, ask, path):
        answer = ask(method="GET", path=path)
        assert (answer.status, answer.data) == (200, b"Ok.\n")

    @pytest.mark.parametrize(
        "given",
        [
            {"method": "GET", "query": "SELECT 1 + 1"},
            {"body": "SELECT 1 + 1"},
            {"query": "SELECT 1", "body": "+ 1"},
            {
                "body": gzip.compress(b"SELECT 1 + 1", mtime=0),
                "headers": {"Content-Encoding": "gzip"},
            },
        ],
    )
    def test_a_query_comes_in_the_url_in_the_body_or_in_both(self, ask, given):
        answer = ask(**given)
        assert (answer.status, answer.data) == (200, b"2\n")
        assert answer.headers["X-ClickHouse-Format"] == "TabSeparated"
        assert answer.headers["X-ClickHouse-Timezone"]
        assert answer.headers["X-ClickHouse-Server-Display-Name"]
        assert json.loads(answer.headers["X-ClickHouse-Summary"])["read_rows"] == "1"

    @pytest.mark.parametrize(
        ("sql", "given", "form", "data"),
        [
            ("SELECT 1 AS n", {"default_format": "JSONEachRow"}, "JSONEachRow", b'{"n":1}\n'),
            ("SELECT 1 AS n FORMAT CSVWithNames", {"default_format": "JSON"}, "CSVWithNames",
             b'"n"\n1\n'),
            ("SELECT 1 AS n", {"default_format": "Native"}, "Native", b"\1\1\1n\5UInt8\1"),
            ("SELECT 1 AS n", {"headers": {"X-ClickHouse-Format": "TSVWithNames"}},
             "TSVWithNames", b"n\n1\n"),
        ],
    )  # fmt: skip
    def test_the_format_is_the_querys_or_the_requests(self, ask, sql, given, form, data):
        answer = ask(sql, **given)
        assert (answer.headers["X-ClickHouse-Format"], answer.data) == (form, data)

    @pytest.mark.parametrize("evil", ["x' OR 1 = 1 -- ", "\\' OR 1 = 1 -- \\", "a\tb\nc", ""])
    def test_parameters_are_values_never_sql(self, server, evil):
        """Their text is escaped as in TabSeparated, as a server has it."""
        sql = "SELECT {s:String} AS s, {n:Int64} + 1 AS n"
        assert Client(server.url).rows(sql, {"s": evil, "n": "6"}) == [{"s": evil, "n": 7}]

    def test_the_database_is_in_the_url_or_a_header(self, ask, table):
        for given in ({"database": "d"}, {"headers": {"X-ClickHouse-Database": "d"}}):
            assert ask("SELECT currentDatabase(), count() FROM t", **given).data == b"d\t0\n"

    def test_settings_are_of_one_request(self, ask):
        sql = "SELECT getSetting('max_block_size')"
        usual = ask(sql).data
        assert ask(sql, max_block_size=123).data == b"123\n" != usual
        assert ask(sql).data == usual

    def test_it_is_packed_for_a_client_that_asks_for_it_twice(self, ask):
        gzips = {"Accept-Encoding": "gzip"}
        both = ask("SELECT 1", headers=gzips, enable_http_compression=1)
        assert (both.headers["Content-Encoding"], both.data) == ("gzip", b"1\n")
        for given in ({"headers": gzips}, {"enable_http_compression": 1}):
            assert "Content-Encoding" not in ask("SELECT 1", **given).headers

    def test_an_id_comes_back(self, ask):
        assert ask("SELECT 1", query_id="mine").headers["X-ClickHouse-Query-Id"] == "mine"
        made = {ask("SELECT 1").headers["X-ClickHouse-Query-Id"] for _ in range(2)}
        assert len(made) == 2

    def test_gos_client_is_told_that_all_else_is_plain(self, ask):
        """Its hello, byte for byte; see the client's conn_http.go and lib/proto/block.go."""
        answer = ask(
            "SELECT displayName(), version(), revision(), timezone()",
            default_format="Native",
            client_protocol_version=54460,
        )
        data = answer.data
        assert data.startswith(
            b"\1\0\2\xff\xff\xff\xff\0" + b"\4\1" + b"\x0ddisplayName()\6String\0"
        )
        assert b"\x0arevision()\6UInt32\0" + struct.pack("<I", 0) in data
        zone = answer.headers["X-ClickHouse-Timezone"].encode()
        assert data.endswith(b"\x0atimezone()\6String\0" + bytes([len(zone)]) + zone)


class TestRefusals:
    @pytest.mark.slow
    @pytest.mark.parametrize(
        ("given", "code", "status"),
        [
            ({"body": "SELECT nope"}, 47, 404),
            ({"body": "SELEC 1"}, 62, 400),
            ({"body": "SELECT 1; SELECT 2"}, 62, 400),
            ({"body": ""}, 62, 400),
            ({"body": b"SELECT '\xff'"}, 62, 400),
            ({"body": b"INSERT INTO t\xff FORMAT TSV\n1"}, 62, 400),
            ({"body": "SELECT * FROM nowhere.t"}, 81, 404),
            ({"body": "SELECT * FROM nowhere"}, 60, 404),
            ({"body": "SELECT 1", "database": "nowhere"}, 81, 404),
            ({"body": "SELECT 1", "nonsense": 1}, 115, 404),
            ({"body": "SELECT 1", "no sense": 1}, 115, 404),
            ({"body": "SELECT 1", "max_threads": "x"}, 27, 400),
            ({"body": "SELECT nowhere(1)"}, 46, 404),
            ({"body": "SELECT 1 FORMAT Nonsense"}, 73, 404),
            ({"body": "SELECT sleep(3)", "max_execution_time": 1}, 159, 408),
            ({"body": "SELECT throwIf(1)"}, 395, 500),
            ({"method": "GET", "query": "CREATE DATABASE x"}, 164, 500),
            ({"body": "SELECT 1", "compress": 1}, 48, 501),
            ({"body": "SELECT 1", "headers": {"Content-Encoding": "snappy"}}, 48, 501),
            ({"body": b"\x1f\x8bno", "headers": {"Content-Encoding": "gzip"}}, 271, 500),
        ],
    )
    def test_they_have_the_engines_code_and_a_servers_status(self, ask, given, code, status):
        assert refused(ask(**given)) == (code, status)

    @pytest.mark.parametrize(
        "head", ["Content-Length: -1", "Content-Length: ten", "Transfer-Encoding: chunked"]
    )
    def test_a_length_that_is_none_ends_the_connection(self, server, head):
        parts = urlsplit(server.url)
        with socket.create_connection((parts.hostname, parts.port)) as line:
            line.sendall(f"POST / HTTP/1.1\r\nHost: x\r\n{head}\r\n\r\n-5\r\n".encode())
            said = line.makefile("rb").read()
        assert said.startswith(b"HTTP/1.1 400 ") or said == b""

    def test_there_is_nothing_elsewhere(self, ask):
        assert ask("SELECT 1", path="/elsewhere").status == 404

    def test_a_refused_request_leaves_the_connection_in_order(self, server):
        """Its body is read: what comes behind it is another request."""
        connection = http.client.HTTPConnection(urlsplit(server.url).netloc)
        wrong = {"X-ClickHouse-User": "nobody"}
        connection.request("POST", "/", b"SELECT 1" * 10_000, wrong)
        assert connection.getresponse().read().startswith(b"Code: 516.")
        line = connection.sock
        connection.request("POST", "/", b"SELECT 7")
        assert connection.getresponse().read() == b"7\n"
        assert connection.sock is line
        connection.close()


class TestUsers:
    @pytest.mark.parametrize(
        "given",
        [
            {"headers": READER},
            {"headers": {"Authorization": "Basic " + b64encode(b"reader:secret").decode()}},
            {"user": "reader", "password": "secret"},
        ],
    )
    def test_a_password_comes_in_headers_by_basic_or_in_the_url(self, ask, given):
        assert ask("SELECT getSetting('readonly')", **given).data == b"1\n"

    @pytest.mark.parametrize(
        "headers",
        [
            READER | {"X-ClickHouse-Key": "wrong"},
            {"X-ClickHouse-User": "reader"},
            {"X-ClickHouse-User": "nobody", "X-ClickHouse-Key": "secret"},
            {"X-ClickHouse-Key": "not empty"},
            {"Authorization": "Basic " + b64encode(b"reader:wrong").decode()},
            {"Authorization": "Basic ???"},
            {"Authorization": "Bearer " + b64encode(b"reader:secret").decode()},
            READER | {"Authorization": "Basic " + b64encode(b"reader:secret").decode()},
        ],
    )
    def test_whoever_is_not_known_is_kept_out(self, ask, headers):
        assert refused(ask("SELECT 1", headers=headers)) == (516, 403)

    @pytest.mark.parametrize(
        "sql",
        [
            "INSERT INTO d.t VALUES (1, 'x')",
            "INSERT INTO d.t FORMAT TSV\n1\tx\n",
            "INSERT INTO d.t SELECT 1, 'x'",
            "DROP TABLE d.t",
            "ALTER TABLE d.t DELETE WHERE 1",
            "SET readonly = 0",
            "SELECT 1 SETTINGS max_threads = 1",
        ],
    )
    def test_a_reader_reads_and_no_more(self, ask, table, sql):
        ask(f"INSERT INTO {table} VALUES (7, 'seven')")
        answer = ask(sql, headers=READER)
        assert refused(answer) == (164, 500)
        assert ask(f"SELECT * FROM {table}").data == b"7\tseven\n"

    def test_a_reader_changes_one_setting(self, ask):
        sql = "SELECT getSetting('max_execution_time')"
        assert ask(sql, headers=READER, max_execution_time=5).data == b"5\n"
        assert refused(ask(sql, headers=READER, max_threads=1)) == (164, 500)
        assert refused(ask(sql, headers=READER, readonly=0)) == (164, 500)

    def test_a_refusal_names_the_user_who_asked(self, ask):
        answer = ask("CREATE DATABASE x", headers=READER)
        assert b"DB::Exception: reader: Cannot execute query in readonly mode." in answer.data


class TestInserts:
    def inserted(self, ask, table):
        return [[int(n), s] for n, s in rows(ask, f"SELECT * FROM {table} ORDER BY n")]

    @pytest.mark.parametrize(
        ("query", "body", "headers"),
        [
            ("INSERT INTO d.t (n, s) FORMAT TabSeparated", b"1\ta\n2\tb\\n\n", {}),
            ("INSERT INTO d.t FORMAT TSV 1\ta", b"2\tb\\n\n", {}),
            ("", b"INSERT INTO d.t (n, s) FORMAT TSV\n1\ta\n2\tb\\n\n", {}),
            ("", b'INSERT INTO d.t FORMAT JSONEachRow {"n":1,"s":"a"}\n{"n":2,"s":"b\\n"}', {}),
            ("", b"INSERT INTO d.t VALUES (1, 'a'), (2, 'b\\n')", {}),
            ("INSERT INTO d.t VALUES", b"(1, 'a'), (2, 'b\\n')", {}),
            ("INSERT INTO d.t SELECT number, if(number > 1, 'b\\n', 'a') FROM numbers(1, 2)", b"",
             {}),
            ("INSERT INTO d.t FORMAT TSV", gzip.compress(b"1\ta\n2\tb\\n\n", mtime=0),
             {"Content-Encoding": "gzip"}),
            ("INSERT INTO d.t FORMAT TSV",
             gzip.compress(b"1\ta\n", mtime=0) + gzip.compress(b"2\tb\\n\n", mtime=0),
             {"Content-Encoding": "gzip"}),
            ("INSERT INTO d.t", b"1\ta\n2\tb\\n\n", {"X-ClickHouse-Format": "TSV"}),
        ],
    )  # fmt: skip
    def test_rows_come_in_every_form(self, ask, table, query, body, headers):
        settings = {"query": query} if query else {}
        answer = ask(body, headers=headers, **settings)
        assert (answer.status, answer.data) == (200, b"")
        assert self.inserted(ask, table) == [[1, "a"], [2, "b\n"]]
        assert rows(ask, f"SELECT toUInt32(sum(total)) FROM {table}_sums") == [[2]]
        summary = json.loads(answer.headers["X-ClickHouse-Summary"])
        assert int(summary["written_rows"]) >= 2

    def test_what_a_check_or_a_view_refuses_is_refused(self, ask, table):
        """In rows that are text; of others the engine would say nothing."""
        make = "(n Int64, s String, CONSTRAINT few CHECK n < 10) ENGINE = MergeTree ORDER BY n"
        for statement in (
            "CREATE TABLE d.plain (n Int64, s String) ENGINE = MergeTree ORDER BY n",
            f"CREATE TABLE d.`checked 1` {make}",
            "CREATE TABLE d.failing (n Int64, s String) ENGINE = MergeTree ORDER BY n",
            "CREATE TABLE d.never (n UInt8) ENGINE = MergeTree ORDER BY n",
            "CREATE MATERIALIZED VIEW d.fails TO d.never AS SELECT throwIf(n > 9) AS n "
            "FROM d.failing",
        ):
            assert ask(statement).status == 200
        try:
            for name, code in (("`checked 1`", 469), ("failing", 395)):
                into = f"INSERT INTO d.{name} (n, s)"
                for query, good, bad in (
                    (f"{into} FORMAT TSV", b"1\ta\n", b"2\tb\n50\tc\n"),
                    (f"{into} FORMAT JSONEachRow", b'{"n":1}', b'{"n":50}'),
                    (f"{into} VALUES", b"(1, 'a')", b"(50, '')"),
                ):
                    assert ask(good, query=query).status == 200
                    assert refused(ask(bad, query=query))[0] == code
            assert rows(ask, "SELECT max(n) FROM d.`checked 1`") == [[1]]
            native = b"\2\2\1n\5Int64" + struct.pack("<qq", 1, 2) + b"\1s\6String\1a\2b\n"
            for name in ("d.`checked 1`", "failing", f"{table} (n, s)"):
                answer = ask(native, query=f"INSERT INTO {name} FORMAT Native", database="d")
                assert refused(answer)[0] == 48
                assert b"use TabSeparated or JSONEachRow" in answer.data
            assert ask(native, query="INSERT INTO d.plain FORMAT Native").status == 200
            assert self.inserted(ask, "d.plain") == [[1, "a"], [2, "b\n"]]
        finally:
            for name in ("fails", "never", "failing", "`checked 1`", "plain"):
                ask(f"DROP TABLE IF EXISTS d.{name}")

    @pytest.mark.parametrize("method", ["zstd", "lz4", "brotli"])
    def test_rows_are_packed_as_other_clients_pack_them(self, ask, table, method):
        out = pyarrow.BufferOutputStream()
        with pyarrow.CompressedOutputStream(out, method) as packer:
            packer.write(b"5\tfive\n")
        coding = {"brotli": "br"}.get(method, method)
        answer = ask(
            out.getvalue().to_pybytes(),
            headers={"Content-Encoding": coding},
            query=f"INSERT INTO {table} FORMAT TSV",
        )
        assert answer.status == 200
        assert self.inserted(ask, table) == [[5, "five"]]

    def test_rows_come_in_chunks(self, server, ask, table):
        connection = http.client.HTTPConnection(urlsplit(server.url).netloc)
        path = "/?query=" + quote(f"INSERT INTO {table} FORMAT TSV")
        connection.request(
            "POST", path, iter([b"1\t", b"a\n2", b"\tb\\n\n"]), encode_chunked=True,
            headers={"Transfer-Encoding": "chunked"},
        )  # fmt: skip
        assert connection.getresponse().read() == b""
        connection.close()
        assert self.inserted(ask, table) == [[1, "a"], [2, "b\n"]]

    def test_a_token_is_taken_once_by_the_table_and_by_its_views(self, ask, table):
        def insert(token, body=b"1\ta\n"):
            return ask(
                body, query=f"INSERT INTO {table} FORMAT TSV", insert_deduplication_token=token,
                async_insert=0, deduplicate_blocks_in_dependent_materialized_views=1,
            )  # fmt: skip

        for token in ("one", "one", "two", "one"):
            assert insert(token).status == 200
        counted = f"SELECT (SELECT count() FROM {table}), (SELECT sum(total) FROM {table}_sums)"
        assert ask(counted).data == b"2\t2\n"

    @pytest.mark.parametrize(
        ("body", "code"), [(b"1\ta\n2\tb\nnope\tc\n", 27), (b"1\ta\n2\n", 27), (b"1\ta\n2", 27)]
    )
    def test_one_bad_row_keeps_all_of_them_out(self, ask, table, body, code):
        answer = ask(body, query=f"INSERT INTO {table} FORMAT TSV")
        assert refused(answer) == (code, 400)
        assert self.inserted(ask, table) == []

    @pytest.mark.parametrize(
        ("query", "code", "status"),
        [
            ("INSERT INTO d.nowhere FORMAT TSV", 60, 404),
            ("INSERT INTO nowhere.t FORMAT TSV", 81, 404),
            ("INSERT INTO d.t (n, nope) FORMAT TSV", 16, 500),
            ("INSERT INTO d.t FORMAT Nonsense", 73, 404),
            ("INSERT INTO d.t FROM INFILE '/etc/passwd' FORMAT TSV", 151, 500),
        ],
    )
    def test_what_is_not_there_is_said(self, ask, table, query, code, status):
        assert refused(ask(b"1\ta\n", query=query)) == (code, status)

    @pytest.mark.parametrize("sent", [b"1\ta\n", b"1\ta\n2\tb"])
    def test_a_body_that_is_cut_off_is_not_written(self, server, ask, table, sent):
        """The connection broke: the client will send it all again."""
        parts = urlsplit(server.url)
        path = "/?query=" + quote(f"INSERT INTO {table} FORMAT TSV")
        for head in (f"Content-Length: {len(sent) + 9}", "Transfer-Encoding: chunked"):
            chunk = b"%x\r\n%s\r\n" % (len(sent), sent) if "chunked" in head else sent
            with socket.create_connection((parts.hostname, parts.port)) as line:
                line.sendall(f"POST {path} HTTP/1.1\r\nHost: x\r\n{head}\r\n\r\n".encode() + chunk)
                line.shutdown(socket.SHUT_WR)
                assert line.recv(1000) == b""
        assert self.inserted(ask, table) == []

    @pytest.mark.slow
    def test_many_at_once_lose_and_double_nothing(self, server, ask, table):
        failures = []

        def write(writer):
            for batch in range(10):
                first = writer * 10_000 + batch * 100
                body = "".join(f"{n}\tx\n" for n in range(first, first + 100))
                answer = ask(body, query=f"INSERT INTO {table} FORMAT TSV")
                if answer.status != 200:
                    failures.append(answer.data)

        def read():
            for _ in range(10):
                answer = ask(f"SELECT count() % 100 FROM {table}")
                if answer.data != b"0\n":
                    failures.append(answer.data)

        threads = [threading.Thread(target=write, args=(n,)) for n in range(4)]
        threads += [threading.Thread(target=read) for _ in range(3)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert failures == []
        answer = ask(
            f"SELECT count(), uniqExact(n), (SELECT sum(total) FROM {table}_sums) FROM {table}"
        )
        assert answer.data == b"4000\t4000\t4000\n"


class TestReach:
    """Any page in a browser can send a request to a port of this machine."""

    @pytest.mark.parametrize(
        ("sql", "code"),
        [
            ("SELECT * FROM file('/etc/passwd', 'LineAsString')", 497),
            ("INSERT INTO FUNCTION file('{path}', 'TSV', 'n Int8') SELECT 1", 497),
            ("CREATE TABLE d.f (n Int8) ENGINE = File(TSV, '{path}')", 497),
            ("SELECT * FROM url('http://127.0.0.1:1/', 'LineAsString')", 497),
            ("SELECT 1 INTO OUTFILE '{path}'", 151),
            ("BACKUP TABLE d.t TO File('{path}')", 497),
            ("SYSTEM SHUTDOWN", 497),
            ("CREATE FUNCTION f AS x -> x", 497),
        ],
    )
    def test_files_and_addresses_are_out_of_it(self, ask, table, tmp_path, sql, code):
        path = tmp_path / "out"
        assert refused(ask(sql.format(path=path)))[0] == code
        assert not path.exists()
        assert ask("SELECT 1").status == 200
