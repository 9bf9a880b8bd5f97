"""Who writes, over what connection, and what an operator is told when that does not work."""

import datetime as dt
import ipaddress
import json
import ssl
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import botocore.session
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from moto import mock_aws

from processor.aws import Aws
from processor.config import Config, ConfigError
from processor.handler import Processor
from processor.stores.clickhouse import Settings, pipeline, schema
from processor.stores.clickhouse.columns import COLUMNS
from processor.stores.clickhouse.secret import Secret, SecretError
from processor.stores.clickhouse.table import Table
from processor.stores.clickhouse.trouble import Answer, Verdict, explain, is_old
from tests.support.log_lines import Context, event, line

DONE = {"batchItemFailures": []}
BACK = {"batchItemFailures": [{"itemIdentifier": f"{0:021d}"}]}
PASSWORD = 'correct horse%"é'


@pytest.fixture(autouse=True)
def loud(monkeypatch):
    monkeypatch.setenv("LOG_LEVEL", "WARNING")


@pytest.fixture
def told(capsys):
    """Return a function that returns what was logged, and holds that no password is in it."""

    def read():
        printed = capsys.readouterr().out
        assert PASSWORD not in printed
        assert "horse" not in printed
        return [json.loads(each)["message"] for each in printed.splitlines()]

    return read


URL = {"CLICKHOUSE_URL": "https://ch.example.com:8443"}


class TestEnvironment:
    def read(self, **env):
        return Config.from_env({"STORE": "clickhouse", **env})

    def test_little_has_to_be_said(self):
        config = self.read(**URL, CLICKHOUSE_PASSWORD=PASSWORD)
        settings = config.settings
        assert (config.store, settings.url) == ("clickhouse", "https://ch.example.com:8443")
        assert settings.place == schema.Place("cloudfront", "realtime_logs")
        assert (settings.user, settings.password) == ("cloudfront_writer", PASSWORD)
        assert "horse" not in repr(config)

    def test_all_of_it_can_be_said(self):
        config = self.read(
            CLICKHOUSE_URL="http://127.0.0.1:8123/",
            CLICKHOUSE_DATABASE="logs",
            CLICKHOUSE_TABLE="requests",
            CLICKHOUSE_USER="me",
            CLICKHOUSE_COMPRESSION="none",
            DROP_FIELDS="cs-cookie",
        )
        assert config.settings == Settings(
            "http://127.0.0.1:8123", "logs", "requests", "me", compression="none"
        )
        assert config.drop == {"cs-cookie"}

    def test_a_store_that_there_is_not(self):
        with pytest.raises(ConfigError, match=r"STORE is 'clickhous'.*did you mean 'clickhouse'"):
            Config.from_env({"STORE": "clickhous"})

    @pytest.mark.parametrize(
        ("url", "says"),
        [
            ("", "is not set"),
            ("ch.example.com:8443", "is no address"),
            ("tcp://ch.example.com:9000", "is no address"),
            ("https://", "is no address"),
            ("https://ch.example.com:x", "is no address"),
            ("https://me:secret@ch.example.com:8443", "holds more than an address"),
            ("https://ch.example.com:8443/?user=me", "holds more than an address"),
            ("https://ch.example.com:9440", "usually at 8443"),
            ("http://10.0.0.7:9000", "usually at 8123"),
            ("http://ch.example.com:8123", "in the clear; write https://"),
            ("http://8.8.8.8:8123", "in the clear"),
        ],
    )
    def test_an_address_that_cannot_work(self, url, says):
        with pytest.raises(ConfigError, match=f"^CLICKHOUSE_URL .*{says}") as error:
            self.read(CLICKHOUSE_URL=url)
        assert "secret@" not in str(error.value)

    @pytest.mark.parametrize(
        "host", ["localhost", "127.0.0.1", "[::1]", "10.1.2.3", "clickhouse", "ch.internal"]
    )
    def test_plain_http_will_do_where_nobody_listens(self, host):
        assert self.read(CLICKHOUSE_URL=f"http://{host}:8123").settings.url.startswith("http:")

    @pytest.mark.parametrize(
        ("env", "says"),
        [
            ({"CLICKHOUSE_CA": "x"}, "CLICKHOUSE_CA holds no certificate in PEM"),
            ({"CLICKHOUSE_CA_FILE": "/no/ca.pem"}, "CLICKHOUSE_CA_FILE: /no/ca.pem cannot be read"),
            ({"CLICKHOUSE_CA_FILE": "/dev/null"}, "CLICKHOUSE_CA_FILE holds no certificate"),
            ({"CLICKHOUSE_CA": "x", "CLICKHOUSE_CA_FILE": "y"}, "keep one of them"),
            ({"CLICKHOUSE_COMPRESSION": "gzp"}, "did you mean 'gzip'"),
            ({"CLICKHOUSE_SECRET_ARN": "my-secret"}, "CLICKHOUSE_SECRET_ARN is no ARN"),
            ({"CLICKHOUSE_SECRET_ARN": "arn:aws:s3:::secret"}, "CLICKHOUSE_SECRET_ARN is no ARN"),
        ],
    )
    def test_other_settings_that_cannot_work(self, env, says):
        with pytest.raises(ConfigError, match=says):
            self.read(**URL, **env)


class TestSecret:
    @pytest.fixture
    def aws(self, monkeypatch):
        monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-west-1")
        with mock_aws():
            yield

    @staticmethod
    def keep(text, service="secretsmanager"):
        made = botocore.session.get_session().create_client(service, region_name="eu-west-1")
        if service == "ssm":
            made.put_parameter(Name="/ch/writer", Value=text, Type="SecureString")
            return made, made.get_parameter(Name="/ch/writer")["Parameter"]["ARN"]
        return made, made.create_secret(Name="ch/writer", SecretString=text)["ARN"]

    @pytest.mark.slow
    @pytest.mark.parametrize("service", ["secretsmanager", "ssm"])
    @pytest.mark.parametrize(
        ("text", "user"),
        [
            (PASSWORD, "cloudfront_writer"),
            (PASSWORD + "\n", "cloudfront_writer"),
            (json.dumps({"password": PASSWORD}), "cloudfront_writer"),
            (json.dumps({"username": "me", "password": PASSWORD, "host": "x"}), "me"),
        ],
    )
    def test_the_login_is_read_from_either_service(self, aws, service, text, user):
        """In another region than the function's, too."""
        _, arn = self.keep(text, service)
        login = Secret(Settings("https://x", secret_arn=arn), Aws("us-east-1")).login()
        assert login == (user, PASSWORD)
        assert "horse" not in repr(login)

    @pytest.mark.parametrize("text", ['{"pass": "x"}', '{"password": 7}', "{", "{}"])
    def test_json_without_a_password_is_not_taken_for_one(self, aws, text):
        _, arn = self.keep(text)
        with pytest.raises(SecretError, match='is JSON without a "password"'):
            Secret(Settings("https://x", secret_arn=arn), Aws("eu-west-1")).login()

    @pytest.mark.slow
    def test_it_is_read_once_and_anew_when_it_is_refused(self, aws, site, told):
        made, arn = self.keep(json.dumps({"username": "me", "password": "old"}))
        site.wire.logins = {"me": "old"}
        processor = site.processor(settings=site.wire.settings(site.database, secret_arn=arn))
        processor.prepare()
        assert processor.handle(event([line()]), Context()) == DONE
        made.put_secret_value(
            SecretId=arn, SecretString=json.dumps({"username": "me", "password": PASSWORD})
        )
        assert processor.handle(event([line()], first=1), Context()) == DONE  # still the old one
        site.wire.logins = {"me": PASSWORD.encode().decode("latin-1")}
        assert processor.handle(event([line()], first=2), Context()) == DONE
        assert processor.report.retried == 0
        assert (site.rows(), told()) == (3, [])
        assert len(site.inserts) == 4  # one of them was refused

    def test_a_password_that_stays_wrong_brings_the_batch_back(self, aws, site, told):
        _, arn = self.keep(PASSWORD)
        site.wire.logins = {"cloudfront_writer": "another"}
        processor = site.processor(settings=site.wire.settings(site.database, secret_arn=arn))
        assert processor.handle(event([line()]), Context()) == BACK
        assert len(site.inserts) == 1
        assert any(
            f"does not take user 'cloudfront_writer' with the password in {arn}" in each
            for each in told()
        )

    def test_a_secret_that_is_not_there_brings_the_batch_back(self, aws, site, told):
        arn = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:gone-abcdef"
        processor = site.processor(settings=site.wire.settings(site.database, secret_arn=arn))
        processor.prepare()  # raises nothing
        assert processor.handle(event([line()]), Context()) == BACK
        assert not site.wire.queries
        assert any(f"{arn} cannot be read (ResourceNotFoundException)" in each for each in told())


def certificate(name, issuer=None, key=None, days=30):
    """Return a certificate and its key: an authority's, or one that the authority has signed."""
    own = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = dt.datetime.now(dt.UTC)
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer.subject if issuer else subject)
        .public_key(own.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=90))
        .not_valid_after(now + dt.timedelta(days=days))
    )
    if issuer:
        names = [x509.IPAddress(ipaddress.ip_address(name))]
        builder = builder.add_extension(x509.SubjectAlternativeName(names), critical=False)
    else:
        builder = builder.add_extension(x509.BasicConstraints(True, None), critical=True)
    return builder.sign(key or own, hashes.SHA256()), own


def pem(certificate):
    return certificate.public_bytes(serialization.Encoding.PEM).decode()


class TestTls:
    @pytest.fixture
    def authority(self):
        return certificate("An authority of one's own")

    @pytest.fixture
    def serve(self, tmp_path):
        """Return a function that starts a server with a certificate, or without one."""
        servers = []

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                self.rfile.read(int(self.headers["Content-Length"]))
                self.send_response(200)
                self.send_header("X-ClickHouse-Summary", "{}")
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *args):
                pass

        class Quiet(ThreadingHTTPServer):
            daemon_threads = True

            def handle_error(self, request, client_address):
                pass

        def start(made=None):
            server = Quiet(("127.0.0.1", 0), Handler)
            servers.append(server)
            if made:
                file = tmp_path / "server.pem"
                key = made[1].private_bytes(
                    serialization.Encoding.PEM,
                    serialization.PrivateFormat.PKCS8,
                    serialization.NoEncryption(),
                )
                file.write_text(pem(made[0]) + key.decode())
                context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
                context.load_cert_chain(file)
                server.socket = context.wrap_socket(server.socket, server_side=True)
            threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
            return server.server_address[1]

        yield start
        for server in servers:
            server.shutdown()
            server.server_close()

    def handle(self, url, **settings):
        config = Config(store="clickhouse", settings=Settings(url, **settings))
        processor = Processor(config)
        return processor.handle(event([line()]), Context(5.0))

    def test_an_authority_of_ones_own_is_believed_when_it_is_given(self, serve, authority, told):
        port = serve(certificate("127.0.0.1", *authority))
        assert self.handle(f"https://127.0.0.1:{port}", ca=pem(authority[0])) == DONE
        assert told() == []

    @pytest.mark.parametrize(
        ("name", "days", "given", "says"),
        [
            ("127.0.0.1", 30, False, "comes from nobody who is trusted here"),
            ("127.0.0.2", 30, True, "is for another name"),
            ("127.0.0.1", -1, True, "has expired"),
        ],
    )
    def test_a_certificate_that_does_not_hold_is_not_passed_over(
        self, serve, authority, told, name, days, given, says
    ):
        port = serve(certificate(name, *authority, days=days))
        ca = pem(authority[0]) if given else ""
        assert self.handle(f"https://127.0.0.1:{port}", ca=ca) == BACK
        assert any(says in each for each in told())

    def test_a_port_that_does_not_speak_tls(self, serve, told):
        assert self.handle(f"https://127.0.0.1:{serve()}") == BACK
        assert any("does not speak TLS at this port" in each for each in told())

    def test_a_port_that_speaks_nothing_else(self, serve, authority, told):
        port = serve(certificate("127.0.0.1", *authority))
        config = Config(store="clickhouse", settings=Settings(f"http://127.0.0.1:{port}"))
        assert Processor(config).handle(event([line()]), Context(1.0)) == BACK
        assert any("broke the connection" in each for each in told())


class TestHosts:
    def test_a_host_that_nobody_knows(self, told):
        settings = Settings("https://nobody-knows-this.invalid:8443")
        processor = Processor(Config(store="clickhouse", settings=settings))
        assert processor.handle(event([line()]), Context()) == BACK
        assert processor.report.retried == 0
        assert any("is not known: see CLICKHOUSE_URL" in each for each in told())

    @pytest.mark.slow
    def test_a_port_where_nobody_listens_is_tried_until_the_time_is_over(self, told):
        settings = Settings("http://127.0.0.1:1")
        processor = Processor(Config(store="clickhouse", settings=settings))
        assert processor.handle(event([line()]), Context(1.0)) == BACK
        assert processor.report.retried > 1
        assert told().count("the server at http://127.0.0.1:1 takes no connection") == 2


class TestMissing:
    """Of one's own tables: named, with what mends it, and nothing lost until it is mended."""

    def test_a_column(self, site, told):
        site.ask(f"ALTER TABLE {site.table} DROP COLUMN asn")
        processor = site.processor()
        batch = event([line()])
        assert processor.handle(batch, Context()) == BACK
        (message,) = [each for each in told() if "no column asn" in each]
        site.ask(message.partition("add it with: ")[2])
        assert processor.handle(batch, Context()) == DONE
        assert site.ask(f"SELECT asn FROM {site.table}") == [[2516]]

    @pytest.mark.parametrize("what", ["TABLE", "DATABASE"])
    def test_the_table_and_the_database(self, site, told, what):
        name = site.table if what == "TABLE" else site.database
        site.ask(f"DROP {what} {name} SYNC")
        processor = site.processor()
        batch = event([line()])
        assert processor.handle(batch, Context()) == BACK
        assert any(f"has no {what.lower()} " in each for each in told())
        site.engine.make(site.settings)
        assert processor.handle(batch, Context()) == DONE
        assert site.rows() == 1


class TestAnnounce:
    def test_all_is_well(self, site, told):
        processor = site.processor()
        processor.prepare()
        processor.announce()
        assert told() == []
        assert len(site.wire.queries) == 1

    def test_every_column_that_is_missing_is_named_with_its_statement(self, site, told):
        site.ask(f"ALTER TABLE {site.table} DROP COLUMN asn, DROP COLUMN cmcd_version")
        site.processor().announce()
        messages = told()
        for name in ("asn", "cmcd_version"):
            column = next(each for each in COLUMNS if each.name == name)
            statement = schema.adding(site.settings.place, column)
            assert any(statement in each for each in messages)

    @pytest.mark.parametrize("fault", ["reset", "unavailable", "garbage", "disk", "late-error"])
    def test_a_server_that_is_away_does_not_fail_the_start(self, site, told, fault):
        site.wire.fault = lambda query: fault
        site.processor().announce()
        assert told()

    def test_a_table_that_is_not_there(self, site, told):
        site.ask(f"DROP TABLE {site.table} SYNC")
        site.processor().announce()
        assert any("has no table" in each for each in told())

    def test_a_server_that_is_too_old_says_which_it_is(self):
        assert [is_old(each) for each in ("24.3.2", "23.12", "24.8.1", "24.10", "26.9.2.1")] == [
            *(True, True),
            *(False, False, False),
        ]
        table = Table("24.3.9.8", frozenset(each.name for each in COLUMNS), 30)
        (trouble,) = table.problems(Settings("https://x"))
        assert "too old, version 24.3.9.8" in trouble.sentence


class TestReports:
    def test_an_invocation_and_its_fields_are_rows(self, site):
        processor = site.processor(function_name="the-stack")
        processor.handle(event([line(sc_bytes="x"), line(), "short\n"]), Context())
        rows = site.ask(
            "SELECT function_name, field, received, written, malformed, left_out, write_ms > 0 "
            f"FROM {site.settings.place.pipeline} ORDER BY field"
        )
        assert rows == [
            ["the-stack", "-", 3, 2, 1, 1, 1],
            ["the-stack", "sc-bytes", None, None, None, 1, None],
        ]

    def test_two_copies_that_end_in_one_millisecond_have_a_row_each(self, site, monkeypatch):
        now = time.time_ns()
        monkeypatch.setattr(pipeline.time, "time_ns", lambda: now)
        for _ in range(2):
            site.processor().handle(event([line()]), Context())
        place = site.settings.place.pipeline
        site.ask(f"OPTIMIZE TABLE {place} FINAL")
        assert site.ask(f"SELECT sum(written), uniq(timestamp) FROM {place}") == [[2, 1]]

    def test_a_report_that_cannot_be_written_costs_no_line(self, site, told):
        site.ask(f"DROP TABLE {site.settings.place.pipeline} SYNC")
        assert site.processor().handle(event([line()]), Context()) == DONE
        assert "pipeline record not written" in told()


class TestRequests:
    def test_what_matters_is_said_aloud_in_every_insert(self, site):
        site.processor().handle(event([line()]), Context())
        for asked in site.wire.settings_seen:
            assert asked["async_insert"] == "0"
            assert asked["deduplicate_blocks_in_dependent_materialized_views"] == "1"
            assert asked["input_format_allow_errors_num"] == "0"
        assert all(each["Content-Encoding"] == "gzip" for each in site.wire.headers)

    def test_what_stays_on_a_machine_need_not_be_compressed(self, site):
        settings = site.wire.settings(site.database, compression="none")
        assert site.processor(settings=settings).handle(event([line()]), Context()) == DONE
        assert all("Content-Encoding" not in each for each in site.wire.headers)
        assert site.rows() == site.in_rollup() == 1

    def test_the_token_names_shard_and_sequence_numbers(self, site):
        site.processor().handle(event(["short\n", *[line() for _ in range(5)]]), Context())
        shard = "shardId-000000000000"
        assert site.wire.tokens[0].startswith(f"{shard}:{1:021d}-{5:021d}:")

    def test_the_password_is_in_a_header_alone(self, site, told):
        settings = site.wire.settings(site.database, password=PASSWORD)
        site.wire.logins = {"cloudfront_writer": PASSWORD.encode().decode("latin-1")}
        processor = site.processor(settings=settings)
        assert processor.handle(event([line()]), Context()) == DONE
        assert not any("horse" in str(each) for each in site.wire.settings_seen)
        assert told() == []


def test_every_code_says_one_sentence_without_what_the_server_quotes():
    settings = Settings("https://ch.example.com:8443")
    for code in range(1100):
        text = f"Code: {code}. DB::Exception: Cannot parse 203.0.113.250 (SOME_NAME)\nRow 1:"
        trouble = explain(Answer(500, code, text), settings, "me")
        if code == 0:
            continue
        assert trouble.sentence
        assert "\n" not in trouble.sentence
        if trouble.verdict is Verdict.DATA:
            assert "203.0.113" not in trouble.sentence
            assert "Row 1" not in trouble.reason


@pytest.mark.parametrize("code", [75, 243, 1001])
def test_a_disk_that_is_full_is_one_whatever_the_server_was_doing(code):
    text = f"Code: {code}. Cannot write to file descriptor, errno: 28, No space left on device"
    trouble = explain(Answer(500, code, text), Settings("https://ch.example.com:8443"), "me")
    assert trouble.verdict is Verdict.OPERATOR
    assert "no room left on its disk" in trouble.sentence


def test_a_status_alone_is_enough_to_know_what_to_do():
    settings = Settings("https://ch.example.com:8443")
    found = {
        status: explain(Answer(status), settings, "me").verdict
        for status in (200, 301, 400, 401, 403, 404, 408, 413, 429, 500, 502, 503, 504)
    }
    passing = {status for status, verdict in found.items() if verdict is Verdict.PASSES}
    assert passing == {200, 408, 429, 500, 502, 503, 504}
    assert found[413] is Verdict.DATA
