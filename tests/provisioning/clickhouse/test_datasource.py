"""ClickHouse in a running Grafana: its data source, and the secret of its reader."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from provisioning.push import stores
from provisioning.push.client import Client
from provisioning.push.errors import PushError
from provisioning.push.stores import clickhouse
from tests.support.aws import AwsError, FakeAws
from tests.support.clickhouse_push import (
    PARAMETER,
    PASSWORD,
    PLUGIN,
    SECRET,
    URL,
    Grafana,
    Run,
    settings,
)
from tests.support.fake_alerting import Answer


class TestDataSource:
    def test_it_is_made_once_and_is_as_it_should_be_then(self, grafana: Grafana, run: Run):
        assert run("plan", "--exit-code") == 2
        assert run("apply", "--yes") == 0
        there = grafana.datasources["cloudfront-clickhouse"]
        assert there["type"] == PLUGIN
        assert there["secrets"] == {"password": PASSWORD}
        mark = settings(grafana)["secretsMark"]
        assert re.fullmatch("[0-9a-f]{6}", mark)
        assert settings(grafana) == {
            "host": "clickhouse.example.com",
            "port": 8443,
            "secure": True,
            "protocol": "http",
            "username": "cloudfront_reader",
            "defaultDatabase": "cloudfront",
            "managedBy": "cloudfront-grafana/cloudfront",
            "secretsMark": mark,
        }
        assert run("plan", "--exit-code") == 0
        assert run("status") == 0
        assert run("destroy", "--yes") == 0
        assert grafana.datasources == {}

    def test_a_new_password_is_noticed_and_none_is_needed_to_remove(
        self, grafana: Grafana, run: Run, monkeypatch: pytest.MonkeyPatch
    ):
        run("apply", "--yes")
        monkeypatch.setenv("CLICKHOUSE_READER_PASSWORD", "another one")
        assert run("plan", "--exit-code") == 2
        assert run("apply", "--yes") == 0
        assert grafana.datasources["cloudfront-clickhouse"]["secrets"]["password"] == "another one"
        monkeypatch.delenv("CLICKHOUSE_READER_PASSWORD")
        monkeypatch.delenv("CLICKHOUSE_URL")
        assert run("plan") == 1
        assert run("destroy", "--yes") == 0
        assert grafana.datasources == {}

    def test_what_is_not_set_is_not_compared(
        self,
        grafana: Grafana,
        run: Run,
        monkeypatch: pytest.MonkeyPatch,
        capsys: pytest.CaptureFixture[str],
    ):
        run("apply", "--yes")
        for name in ("CLICKHOUSE_READER_PASSWORD", "CLICKHOUSE_URL"):
            monkeypatch.delenv(name)
        capsys.readouterr()
        assert run("status") == 0
        out = capsys.readouterr().out
        for name in ("CLICKHOUSE_HOST", "CLICKHOUSE_PORT", "CLICKHOUSE_READER_PASSWORD"):
            assert name in out.splitlines()[0]

    def test_the_password_is_in_no_line_whatever_grafana_answers(
        self, grafana: Grafana, run: Run, capsys: pytest.CaptureFixture[str]
    ):
        def echo(*, body: Any, **_: Any) -> Answer:
            return Answer(400, {"message": f"cannot use {json.dumps(body)}"})

        grafana._post_datasource = echo  # type: ignore[method-assign]
        assert run("apply", "--yes") == 1
        said = capsys.readouterr()
        assert "(secret)" in said.err
        for text in (PASSWORD, json.dumps(PASSWORD)[1:-1], "ss&<word>", "u0026"):
            assert text not in said.out + said.err
        assert grafana.dashboards == {}

    def test_what_it_answers_is_of_the_new_settings(
        self,
        grafana: Grafana,
        run: Run,
        monkeypatch: pytest.MonkeyPatch,
        capsys: pytest.CaptureFixture[str],
    ):
        """Grafana keeps the old ones for five seconds, unless a header says not to."""
        asked: list[object] = []
        request = Client.request

        def watched(client: Client, method: str, path: str, **more: Any) -> Any:
            if path.endswith("/health") and "uid" in path:
                asked.append(more.get("headers"))
            return request(client, method, path, **more)

        def refused(_uid: str, **_: Any) -> Answer:
            text = f"[auth] code: 516,\npassword {PASSWORD}\n is incorrect\n"
            return Answer(400, {"status": "ERROR", "message": text})

        monkeypatch.setattr(Client, "request", watched)
        assert run("status") == 2
        assert "data source ClickHouse not there" in capsys.readouterr().out
        assert run("apply", "--yes") == 0
        assert "data source ClickHouse OK: Connection success" in capsys.readouterr().out
        grafana._check_datasource = refused  # type: ignore[method-assign]
        assert run("status") == 0
        out = capsys.readouterr().out
        assert "does not work: [auth] code: 516, password (secret) is incorrect" in out
        assert asked == [{"X-Grafana-NoCache": "true"}] * 3

    @pytest.mark.parametrize(
        ("variables", "wanted"),
        [
            ({"URL": "https://a.example.com"}, ("a.example.com", 443, True, "http")),
            ({"URL": "https://a.example.com:8443/"}, ("a.example.com", 8443, True, "http")),
            ({"URL": "http://10.0.0.7:8123"}, ("10.0.0.7", 8123, False, "http")),
            ({"URL": "http://clickhouse"}, ("clickhouse", 80, False, "http")),
            ({"URL": "https://[2001:db8::7]:8443"}, ("2001:db8::7", 8443, True, "http")),
            ({"URL": "https://a.example.com:8443", "PROTOCOL": "native"},
             ("a.example.com", 9440, True, "native")),
            ({"URL": "http://a.example.com:8123", "SECURE": "false"},
             ("a.example.com", 8123, False, "http")),
            ({"URL": "http://10.0.0.7:8123", "SECURE": "1"}, ("10.0.0.7", 8443, True, "http")),
            ({"URL": URL, "PORT": "443"}, ("clickhouse.example.com", 443, True, "http")),
            ({"HOST": "b.example.com"}, ("b.example.com", 8443, True, "http")),
            ({"HOST": "b.example.com", "PORT": "9440", "PROTOCOL": "native"},
             ("b.example.com", 9440, True, "native")),
            ({"HOST": "::1", "SECURE": "no"}, ("::1", 8123, False, "http")),
            ({"HOST": "b.example.com", "URL": URL}, ("b.example.com", 8443, True, "http")),
        ],
    )  # fmt: skip
    def test_the_way_to_the_server(
        self,
        grafana: Grafana,
        run: Run,
        monkeypatch: pytest.MonkeyPatch,
        variables: dict[str, str],
        wanted: tuple[object, ...],
    ):
        monkeypatch.delenv("CLICKHOUSE_URL")
        for name, value in variables.items():
            monkeypatch.setenv(f"CLICKHOUSE_{name}", value)
        assert run("apply", "--yes") == 0
        keys = ("host", "port", "secure", "protocol")
        assert tuple(settings(grafana)[key] for key in keys) == wanted

    @pytest.mark.parametrize(
        ("variables", "why"),
        [
            ({"URL": ""}, "Say where ClickHouse is: CLICKHOUSE_URL=https://host:8443"),
            ({"URL": "clickhouse.example.com"}, "is no URL of a server"),
            ({"URL": "ftp://clickhouse.example.com"}, "is no URL of a server"),
            ({"URL": "https://clickhouse.example.com:port"}, "is no URL; it looks like"),
            ({"URL": f"{URL}/play?user=x"}, "leave out what is behind the port"),
            ({"URL": "https://me:sesame@ch.example.com"}, "has a user or password in it"),
            ({"URL": "http://clickhouse.example.com:8123"}, "get its password unencrypted"),
            ({"HOST": "https://clickhouse.example.com"}, "give the host alone"),
            ({"HOST": "clickhouse.example.com:8443"}, "give the host alone"),
            ({"PORT": "many"}, "CLICKHOUSE_PORT is 'many'; it is a number from 1 to 65535"),
            ({"PORT": "65536"}, "it is a number from 1 to 65535"),
            ({"SECURE": "maybe"}, "CLICKHOUSE_SECURE is 'maybe'; it is true or false"),
            ({"PROTOCOL": "https"}, "CLICKHOUSE_PROTOCOL is 'https'; it is http or native"),
            ({"READER_PASSWORD": ""}, "There is no password for 'cloudfront_reader': put it into"),
            ({"READER": "cloudfront_writer"}, "which writes the records"),
            ({"READER": "mine", "USER": "mine"}, "which writes the records"),
            ({"READER_SECRET_ARN": "reader"}, "'reader' is no ARN of a secret"),
            ({"CA": "no certificate"}, "CLICKHOUSE_CA holds no certificate in PEM"),
            ({"CA_FILE": "nowhere.pem"}, "nowhere.pem, which cannot be read"),
        ],
    )
    def test_what_cannot_work_is_one_sentence_before_anything_is_changed(
        self,
        grafana: Grafana,
        run: Run,
        monkeypatch: pytest.MonkeyPatch,
        capsys: pytest.CaptureFixture[str],
        variables: dict[str, str],
        why: str,
    ):
        for name, value in variables.items():
            monkeypatch.setenv(f"CLICKHOUSE_{name}", value)
        assert run("apply", "--yes") == 1
        said = capsys.readouterr()
        assert why in said.err
        assert said.err.count("\n") == 1
        assert "sesame" not in said.err
        assert grafana.writes() == []

    def test_an_authority_of_ones_own_goes_along(
        self, grafana: Grafana, run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
    ):
        pem = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n"
        (tmp_path / "ca.pem").write_text(pem)
        monkeypatch.setenv("CLICKHOUSE_CA_FILE", "ca.pem")
        assert run("apply", "--yes") == 0
        there = grafana.datasources["cloudfront-clickhouse"]
        assert settings(grafana)["tlsAuthWithCACert"] is True
        assert there["secrets"] == {"password": PASSWORD, "tlsCACert": pem}
        assert run("plan", "--exit-code") == 0
        monkeypatch.delenv("CLICKHOUSE_CA_FILE")
        assert run("apply", "--yes") == 0
        assert "tlsAuthWithCACert" not in settings(grafana)

    def test_a_workspace_is_not_sent_to_this_machine(self):
        source = stores.Source("cloudfront", "logs", None, True, "", None, False)
        for host in ("localhost", "127.0.0.1"):
            outer = {"CLICKHOUSE_URL": f"http://{host}:8123", "CLICKHOUSE_READER_PASSWORD": "x"}
            with pytest.raises(PushError, match="a workspace cannot reach it"):
                clickhouse.environment(outer, source)

    def test_one_that_is_there_needs_no_address_and_no_password(
        self,
        grafana: Grafana,
        run: Run,
        monkeypatch: pytest.MonkeyPatch,
        capsys: pytest.CaptureFixture[str],
    ):
        for name in ("CLICKHOUSE_READER_PASSWORD", "CLICKHOUSE_URL"):
            monkeypatch.delenv(name)
        grafana.user_makes_datasource(
            "theirs", kind=PLUGIN, jsonData={"host": "x", "defaultDatabase": "cloudfront"}
        )
        grafana.user_makes_datasource("logs", kind=PLUGIN, jsonData={"defaultDatabase": "logs"})
        grafana.user_makes_datasource("none", kind=PLUGIN, jsonData={})
        grafana.user_makes_datasource("other")
        for uid, why in (
            ("other", f"the dashboards ask {PLUGIN}"),
            ("logs", "reads from the database 'logs', and the dashboards ask 'cloudfront'"),
            ("none", "names no database"),
        ):
            assert run("apply", "--yes", "--datasource", uid) == 1
            assert why in capsys.readouterr().err
        assert grafana.writes() == []
        assert run("apply", "--yes", "--datasource", "theirs") == 0
        assert set(grafana.datasources) == {"theirs", "logs", "none", "other"}
        asked = {q["datasourceUid"] for r in grafana.alerting.rules.values() for q in r["data"]}
        assert asked == {"theirs", "__expr__"}
        assert run("plan", "--exit-code", "--datasource", "theirs") == 0


class TestSecret:
    @pytest.mark.slow
    @pytest.mark.parametrize(
        ("content", "user"),
        [
            ({"username": "grafana", "password": PASSWORD}, "grafana"),
            ({"password": PASSWORD, "engine": "clickhouse"}, "cloudfront_reader"),
            (PASSWORD, "cloudfront_reader"),
            ("12345678", "cloudfront_reader"),
        ],
    )
    @pytest.mark.parametrize("arn", [SECRET, PARAMETER])
    def test_the_user_and_password_come_from_it(
        self,
        grafana: Grafana,
        run: Run,
        secrets: FakeAws,
        monkeypatch: pytest.MonkeyPatch,
        capsys: pytest.CaptureFixture[str],
        arn: str,
        content: Any,
        user: str,
    ):
        monkeypatch.delenv("CLICKHOUSE_READER_PASSWORD")
        text = content if isinstance(content, str) else json.dumps(content)
        secrets.on("secretsmanager", GetSecretValue={"SecretString": f"{text}\n"})
        secrets.on("ssm", GetParameter={"Parameter": {"Value": f"{text}\n"}})
        assert run("apply", "--yes", "--reader-secret", arn) == 0
        password = content if isinstance(content, str) else content["password"]
        assert grafana.datasources["cloudfront-clickhouse"]["secrets"] == {"password": password}
        assert settings(grafana)["username"] == user
        said = capsys.readouterr()
        assert password not in said.out + said.err
        [(_, given)] = secrets.calls
        assert arn in given.values()
        assert given.get("WithDecryption", True) is True
        # The same by the variable, which the password in the environment does not beat.
        monkeypatch.setenv("CLICKHOUSE_READER_SECRET_ARN", arn)
        monkeypatch.setenv("CLICKHOUSE_READER_PASSWORD", "another")
        assert run("plan", "--exit-code") == 0

    @pytest.mark.slow
    @pytest.mark.parametrize(
        ("answer", "why"),
        [
            (AwsError("ResourceNotFoundException", "no"), "There is no secret arn:"),
            (AwsError("AccessDeniedException", "no"), "AWS does not allow you to read the secret"),
            ({"SecretString": ""}, "There is no password in the secret"),
            ({"SecretBinary": b"x"}, "There is no password in the secret"),
            ({"SecretString": '{"user": "x", "pass": "sesame"}'}, "There is no password in"),
            ({"SecretString": '{"password": 5}'}, "There is no password in the secret"),
            (
                {"SecretString": '{"username": "cloudfront_writer", "password": "sesame"}'},
                "which writes the records",
            ),
        ],
    )
    def test_what_is_wrong_with_it_is_one_sentence(
        self,
        grafana: Grafana,
        run: Run,
        secrets: FakeAws,
        capsys: pytest.CaptureFixture[str],
        answer: Any,
        why: str,
    ):
        secrets.on("secretsmanager", GetSecretValue=answer)
        assert run("apply", "--yes", "--reader-secret", SECRET) == 1
        said = capsys.readouterr()
        assert why in said.err
        assert said.err.count("\n") == 1
        assert "sesame" not in said.err
        assert grafana.writes() == []
        assert run("destroy", "--yes", "--reader-secret", SECRET) == 0

    @pytest.mark.parametrize(
        "arn",
        [
            "arn:aws:secretsmanager:eu-central-1:123456789012:parameter/x",
            "arn:aws:ssm:eu-central-1:123456789012:secret:x",
            "arn:aws:kms:eu-central-1:123456789012:key/x",
            "arn:aws:secretsmanager:eu-central-1:12:secret:x",
            "",
        ],
    )
    def test_an_arn_of_something_else_is_refused(self, arn: str):
        from provisioning.push.login import read
        from provisioning.push.secrets import Secrets

        with pytest.raises(PushError, match="is no ARN of a secret"):
            read(arn, Secrets())
