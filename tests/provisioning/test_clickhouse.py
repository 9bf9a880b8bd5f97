"""ClickHouse in a running Grafana: its data source, the secret of its reader, its plugin."""

import io
import json
import os
import re
import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from provisioning.push import amg, cli, plugin, stores
from provisioning.push.client import Client
from provisioning.push.errors import PushError
from provisioning.push.stores import clickhouse
from tests.support import push_samples
from tests.support.aws import AwsError, FakeAws, FakeCloudFormation, serving
from tests.support.fake_alerting import Answer
from tests.support.fake_grafana import TOKEN, FakeGrafana, Fault, served
from tests.support.managed_grafana import WORKSPACE, FakeManagedGrafana

ROOT = Path(__file__).parents[2]
PLUGIN = clickhouse.PLUGIN
# What JSON, Go, URLs and HTML each spell in another way.
PASSWORD = 'pä"ss&<word>/+% 1'
SECRET = "arn:aws:secretsmanager:eu-central-1:123456789012:secret:reader-a1b2c3"
PARAMETER = "arn:aws:ssm:eu-north-1:123456789012:parameter/cdn/reader"
URL = "https://clickhouse.example.com:8443"
VARIABLES = ("HOST", "PORT", "SECURE", "PROTOCOL", "READER", "DATABASE")
DATASOURCE = f"""\
apiVersion: 1
datasources:
  - name: ClickHouse
    uid: cloudfront-clickhouse
    type: {PLUGIN}
    access: proxy
    jsonData:
      host: $CLICKHOUSE_HOST
      port: $CLICKHOUSE_PORT
      secure: $CLICKHOUSE_SECURE
      protocol: $CLICKHOUSE_PROTOCOL
      username: $CLICKHOUSE_READER
      defaultDatabase: $CLICKHOUSE_DATABASE
    secureJsonData:
      password: $CLICKHOUSE_READER_PASSWORD
"""


def built(**changes: Any) -> dict[str, str]:
    """Return the samples as they are for ClickHouse."""
    files = {
        path: text.replace("grafana-timestream-datasource", PLUGIN).replace(
            "cloudfront-timestream", "cloudfront-clickhouse"
        )
        for path, text in push_samples.built(**changes).items()
    }
    del files["datasources/timestream.yaml"]
    return {**files, "datasources/clickhouse.yaml": DATASOURCE}


class Grafana(FakeGrafana):
    """One that says which version of the plugin it has, and has a catalog to install it from."""

    def __init__(self, version: str = "12.4.0", **options: bool) -> None:
        super().__init__(version, **options)
        self.installed: str | None = "4.20.0"
        self.catalog: str | None = "4.20.0"
        self.coming: list[str] = []
        self.asked: list[Any] = []
        self.refusal: Answer | None = None

    def _plugin(self, plugin: str, **_: Any) -> Answer:
        assert plugin == PLUGIN
        if self.coming:
            self.installed = self.coming.pop(0) or self.installed
        if self.installed is None:
            return Answer(404, {"message": "Plugin not found, no installed plugin with that id"})
        return Answer(200, {"id": plugin, "info": {"version": self.installed}})

    def _install(self, plugin: str, *, body: Any, **_: Any) -> Answer:
        assert plugin == PLUGIN
        self.asked.append(body)
        if self.refusal:
            return self.refusal
        wanted = body.get("version") or self.catalog
        if wanted == self.installed:
            return Answer(409, {"message": "Plugin already installed"})
        self.coming = ["", "", str(wanted)]
        return Answer(200, [])

    def _offered(self, **_: Any) -> Answer:
        if self.catalog is None:
            return Answer(404, {"message": "Plugin not found"})
        return Answer(200, {"slug": PLUGIN, "version": self.catalog})

    def _routes(self) -> list[tuple[str, str, Callable[..., Answer]]]:
        return [("GET", f"/api/gnet/plugins/{PLUGIN}", self._offered), *super()._routes()]


Run = Callable[..., int]
Start = Callable[..., Grafana]


@pytest.fixture(autouse=True)
def quiet(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Have no settings of whoever runs the tests, and those of a usual push."""
    for name in list(os.environ):
        if name.startswith(("CLICKHOUSE_", "TIMESTREAM_", "GRAFANA_")):
            monkeypatch.delenv(name)
    for name in ("AWS_PROFILE", "AWS_ENDPOINT_URL"):
        monkeypatch.delenv(name, raising=False)
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    monkeypatch.setenv("GRAFANA_TOKEN", TOKEN)
    monkeypatch.setenv("SLACK_WEBHOOK_URL", push_samples.SECRET)
    monkeypatch.setenv("PAGERDUTY_KEY", push_samples.KEY)
    monkeypatch.setenv("CLICKHOUSE_URL", URL)
    monkeypatch.setenv("CLICKHOUSE_READER_PASSWORD", PASSWORD)
    monkeypatch.setattr(amg, "POLL_SECONDS", 0.01)
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def start(monkeypatch: pytest.MonkeyPatch) -> Iterator[Start]:
    """Start a Grafana that $GRAFANA_URL leads to."""
    with ExitStack() as stack:

        def one(version: str = "12.4.0", **options: bool) -> Grafana:
            fake = Grafana(version, **options)
            monkeypatch.setenv("GRAFANA_URL", stack.enter_context(served(fake)))
            return fake

        yield one


@pytest.fixture
def grafana(start: Start) -> Grafana:
    """A Grafana of a version that the newest plugin runs in."""
    return start()


@pytest.fixture
def files(tmp_path: Path) -> Path:
    """A folder of built files."""
    folder = tmp_path / "built"
    for path, text in built().items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text)
    return folder


@pytest.fixture
def run(files: Path) -> Run:
    """Run a verb on those files."""
    return lambda verb, *more: cli.main([verb, "--from", str(files), *more])


@pytest.fixture
def secrets(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeAws]:
    """Secrets Manager and Parameter Store, with nothing in them."""
    with serving() as aws:
        monkeypatch.setenv("AWS_ENDPOINT_URL_SECRETS_MANAGER", aws.url)
        monkeypatch.setenv("AWS_ENDPOINT_URL_SSM", aws.url)
        yield aws


def settings(grafana: Grafana) -> dict[str, Any]:
    return grafana.datasources["cloudfront-clickhouse"]["jsonData"]


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


class TestStore:
    @pytest.mark.parametrize(
        ("options", "why"),
        [
            (["--store", "clickhose"], "There is no store 'clickhose'; did you mean clickhouse?"),
            (["--store", "x"], "There is no store 'x'; choose one of timestream, clickhouse."),
            (["--store", "timestream"], "--store timestream is about Timestream, and the files"),
            (["--auth", "keys"], "--auth has no effect: the data source of ClickHouse signs in"),
            (["--datasource", "x", "--reader-secret", SECRET], "has no effect beside --datasource"),
            (["--table", "lines"], "--table has no effect: the files in"),
        ],
    )
    def test_an_option_that_contradicts_the_files_is_refused(
        self,
        grafana: Grafana,
        run: Run,
        capsys: pytest.CaptureFixture[str],
        options: list[str],
        why: str,
    ):
        assert run("apply", "--yes", *options) == 1
        error = capsys.readouterr().err
        assert why in error
        assert error.count("\n") == 1
        assert grafana.writes() == []

    def test_the_files_say_which_it_is_and_saying_it_too_does_no_harm(
        self, grafana: Grafana, run: Run
    ):
        assert run("apply", "--yes", "--store", "clickhouse") == 0
        assert run("plan", "--exit-code") == 0

    def test_files_without_a_data_source_say_it_too(self, grafana: Grafana, run: Run, files: Path):
        (files / "datasources/clickhouse.yaml").unlink()
        grafana.user_makes_datasource(
            "cloudfront-clickhouse", kind=PLUGIN, jsonData={"defaultDatabase": "cloudfront"}
        )
        assert run("apply", "--yes", "--datasource", "cloudfront-clickhouse") == 0

    def test_a_data_source_of_ones_own_beside_ours_does_not_decide(self):
        for ours, theirs, store in (
            (push_samples.built(), DATASOURCE, "timestream"),
            (built(), push_samples.DATASOURCE.format(name="mine"), "clickhouse"),
        ):
            assert stores.asked_in({"datasources/a.yaml": theirs, **ours}) == store
            assert stores.asked_in({**ours, "datasources/z.yaml": theirs}) == store
        assert stores.asked_in({"datasources/a.yaml": DATASOURCE}) == "clickhouse"
        assert stores.asked_in({"alerting/x.yaml": "groups: []"}) is None

    def test_a_secret_of_a_reader_is_nothing_for_a_store_without_users(
        self, grafana: Grafana, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ):
        for path, text in push_samples.built().items():
            (tmp_path / "other" / path).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / "other" / path).write_text(text)
        where = ["--from", str(tmp_path / "other")]
        assert cli.main(["plan", *where, "--reader-secret", SECRET]) == 1
        assert "--reader-secret has no effect" in capsys.readouterr().err

    @pytest.mark.slow
    def test_dashboards_built_here_ask_it_by_the_bundles_own_data_source(
        self, grafana: Grafana, monkeypatch: pytest.MonkeyPatch
    ):
        monkeypatch.setenv("ALERTS_EMAIL", "alerts@example.com")
        monkeypatch.setenv("AWS_REGION", "eu-west-1")
        command = ["--store", "clickhouse", "--database", "logs", "--table", "lines"]
        assert cli.main(["apply", "--yes", *command]) == 0
        assert cli.main(["plan", "--exit-code", *command]) == 0
        [uid] = grafana.datasources
        assert uid == "cloudfront-clickhouse"
        assert grafana.datasources[uid]["name"] == "CloudFront ClickHouse"
        assert settings(grafana)["defaultDatabase"] == "logs"
        assert settings(grafana)["port"] == 8443
        asked = {q["datasourceUid"] for r in grafana.alerting.rules.values() for q in r["data"]}
        assert asked <= {uid, "__expr__"}
        texts = json.dumps([d["versions"][-1]["data"] for d in grafana.dashboards.values()])
        assert "grafana-timestream" not in texts
        assert len(grafana.dashboards) == 9
        assert cli.main(["destroy", "--yes", *command]) == 0
        assert grafana.datasources == grafana.dashboards == {}

    @pytest.mark.parametrize("target", ["push", "push-plan"])
    def test_make_hands_on_a_store_that_was_said_and_no_other(self, target: str):
        if shutil.which("make") is None:
            pytest.skip("make is not installed")

        def made(*more: str) -> str:
            run = ["make", "--dry-run", "--no-print-directory", target, "ARGS=--stack s", *more]
            # As typed, also where make itself runs the tests.
            own = ("STORE", "MAKEFLAGS", "MAKELEVEL", "MFLAGS", "MAKEOVERRIDES")
            environment = {name: value for name, value in os.environ.items() if name not in own}
            return subprocess.run(
                run, cwd=ROOT, env=environment, capture_output=True, text=True, check=True
            ).stdout.splitlines()[-1]

        assert "--store" not in made()
        assert made("STORE=clickhouse").endswith("--store 'clickhouse' --stack s")

    def test_the_original_layout_is_refused_with_the_reason(
        self, grafana: Grafana, capsys: pytest.CaptureFixture[str]
    ):
        assert cli.main(["plan", "--store", "clickhouse", "--layout", "classic"]) == 1
        assert "is Timestream's alone" in capsys.readouterr().err


OUTPUTS = {
    "Store": "clickhouse",
    "Region": "eu-west-1",
    "ClickHouseUrl": "https://ch.example.com:8443",
    "ClickHouseDatabase": "logs",
    "ClickHouseTable": "lines",
    "ClickHouseSecretArn": SECRET.replace("reader", "writer"),
    "SamplingPercentage": "5",
    "RecordLayout": "multi",
    "CollectedFields": "timestamp,c-ip,sc-status,sc-bytes,x-edge-location",
    "DropFields": "-",
    "ViewerIp": "drop",
    "AlertTopicArn": "arn:aws:sns:eu-west-1:123456789012:alerts",
    "RealtimeLogConfigArn": "arn:aws:cloudfront::123456789012:realtime-log-config/s",
    "StreamName": "stream",
    "ProcessorName": "processor",
    "DeadLetterQueueUrl": "https://sqs.eu-west-1.amazonaws.com/123456789012/letters",
}


class TestStack:
    @pytest.fixture
    def stack(self, monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeAws]:
        """Deploy a stack "s" in eu-west-1 that writes to ClickHouse."""
        monkeypatch.delenv("CLICKHOUSE_URL")
        with serving() as aws:
            FakeCloudFormation(aws).add("s", OUTPUTS)
            monkeypatch.setenv("AWS_ENDPOINT_URL_CLOUDFORMATION", aws.url)
            yield aws

    STACK = ("--stack", "s", "--region", "eu-west-1")

    @pytest.mark.slow
    @pytest.mark.usefixtures("stack")
    def test_it_says_the_store_and_the_address_and_never_the_password(self, grafana: Grafana):
        assert cli.main(["apply", "--yes", *self.STACK, "--store", "clickhouse"]) == 0
        there = grafana.datasources["s-clickhouse"]
        assert there["name"] == "CloudFront (s) ClickHouse"
        assert {key: there["jsonData"][key] for key in ("host", "port", "secure", "username")} == {
            "host": "ch.example.com",
            "port": 8443,
            "secure": True,
            "username": "cloudfront_reader",
        }
        assert there["jsonData"]["defaultDatabase"] == "logs"
        assert there["secrets"] == {"password": PASSWORD}
        asked = json.dumps([d["versions"][-1]["data"] for d in grafana.dashboards.values()])
        assert "lines" in asked
        assert "grafana-timestream-datasource" not in asked
        assert cli.main(["plan", "--exit-code", *self.STACK]) == 0
        assert cli.main(["destroy", "--yes", *self.STACK]) == 0
        assert grafana.datasources == {}

    @pytest.mark.slow
    def test_grafana_may_reach_the_server_by_another_address(
        self, grafana: Grafana, stack: FakeAws, monkeypatch: pytest.MonkeyPatch
    ):
        monkeypatch.setenv("CLICKHOUSE_URL", "http://10.1.2.3:8123")
        assert cli.main(["apply", "--yes", *self.STACK]) == 0
        assert grafana.datasources["s-clickhouse"]["jsonData"]["host"] == "10.1.2.3"

    @pytest.mark.slow
    @pytest.mark.usefixtures("stack")
    def test_another_store_than_the_stacks_is_refused(
        self, grafana: Grafana, files: Path, capsys: pytest.CaptureFixture[str]
    ):
        assert cli.main(["apply", "--yes", *self.STACK, "--store", "timestream"]) == 1
        error = capsys.readouterr().err
        assert "--store timestream is about Timestream, and the stack s about ClickHouse" in error
        assert error.count("\n") == 1
        assert cli.main(["plan", *self.STACK, "--from", str(files), "--name", "cloudfront"]) == 0

    @pytest.mark.slow
    @pytest.mark.usefixtures("stack")
    def test_the_writers_secret_is_not_taken_for_the_readers(
        self, grafana: Grafana, capsys: pytest.CaptureFixture[str]
    ):
        secret = OUTPUTS["ClickHouseSecretArn"]
        assert cli.main(["apply", "--yes", *self.STACK, "--reader-secret", secret]) == 1
        assert "is the one that the stack writes with" in capsys.readouterr().err
        assert grafana.writes() == []


class TestPlugin:
    @pytest.mark.parametrize(
        ("grafana_version", "installed", "sent"),
        [
            ("12.4.0", None, {}),
            ("13.2.1", None, {}),
            ("11.6.0", None, {}),
            ("11.5.9", None, {"version": "4.14.1"}),
            ("10.4.3", None, {"version": "4.14.1"}),
            ("12.4.0", "3.3.0", {}),
            ("12.4.0", "4.0.2", {}),
            ("11.5.9", "4.20.0", {"version": "4.14.1"}),
        ],
    )
    def test_it_is_installed_in_the_version_that_grafana_runs(
        self,
        start: Start,
        run: Run,
        grafana_version: str,
        installed: str | None,
        sent: dict[str, str],
        capsys: pytest.CaptureFixture[str],
    ):
        grafana = start(grafana_version)
        grafana.installed = installed
        assert run("plan") == 0
        out = capsys.readouterr().out
        assert f"the plugin {PLUGIN} is {installed or 'not installed'}" in out
        assert "apply would install it" in out
        assert grafana.asked == []
        assert run("apply", "--yes") == 0
        assert grafana.asked == [sent]
        assert grafana.installed == sent.get("version", "4.20.0")
        assert run("plan", "--exit-code") == 0
        assert grafana.asked == [sent]

    @pytest.mark.parametrize(
        ("grafana_version", "installed"),
        [("12.4.0", "4.0.3"), ("12.4.0", "5.1.0"), ("11.5.9", "4.14.1"), ("12.4.0", ""),
         ("12.4.0", "unknown")],
    )  # fmt: skip
    def test_one_that_will_do_is_left_alone(
        self, start: Start, run: Run, grafana_version: str, installed: str
    ):
        grafana = start(grafana_version)
        grafana.installed = installed
        assert run("apply", "--yes", "--install-plugin") == 0
        assert grafana.asked == []

    def test_without_a_yes_it_is_said_how_to_get_it_and_nothing_is_changed(
        self, grafana: Grafana, run: Run, capsys: pytest.CaptureFixture[str], monkeypatch: Any
    ):
        monkeypatch.setattr("sys.stdin", io.StringIO())
        grafana.installed = None
        assert run("apply") == 1
        error = capsys.readouterr().err
        assert "a push needs the ClickHouse plugin" in error
        assert f"grafana cli plugins install {PLUGIN}" in error
        assert "--install-plugin" in error
        assert grafana.asked == []
        assert grafana.writes() == []
        # The option is the yes to this question, and to no other.
        assert run("apply", "--install-plugin") == 1
        assert grafana.asked == [{}]
        assert grafana.dashboards == {}

    @pytest.mark.slow
    @pytest.mark.parametrize("version", ["12.4.0", "10.4.3"])
    def test_in_a_workspace_the_way_is_its_catalog(
        self,
        files: Path,
        monkeypatch: pytest.MonkeyPatch,
        capsys: pytest.CaptureFixture[str],
        version: str,
    ):
        grafana = Grafana(version, managed=True)
        grafana.installed = None
        where = ["--workspace-id", WORKSPACE, "--region", "eu-west-1"]
        for path, text in built(receivers=("sns",)).items():
            (files / path).write_text(text)
        with served(grafana) as url, serving() as aws:
            workspace = FakeManagedGrafana(aws, url, TOKEN, version[:4])
            monkeypatch.setenv("AWS_ENDPOINT_URL_GRAFANA", aws.url)
            assert cli.main(["plan", "--from", str(files), *where]) == 0
            out = capsys.readouterr().out
            assert "from its plugin catalog (https://docs.aws.amazon.com/grafana/" in out
            assert "plugin management has to be on" in out
            assert "grafana cli" not in out
            assert ("4.14.1" in out) == (version == "10.4.3")
            assert "does not have it" not in out
            grafana.catalog = None
            assert cli.main(["plan", "--from", str(files), *where]) == 0
            assert "This Grafana's plugin catalog does not have it." in capsys.readouterr().out
            grafana.catalog = "4.20.0"
            command = ["apply", "--from", str(files), *where, "--yes", "--install-plugin"]
            assert cli.main(command) == 0
            assert workspace.accounts == {}
        assert grafana.installed == ("4.14.1" if version == "10.4.3" else "4.20.0")
        assert grafana.datasources["cloudfront-clickhouse"]["jsonData"]["secure"] is True

    @pytest.mark.parametrize(
        ("refusal", "why"),
        [
            (Answer(404, {"message": "Not found"}), "not let the plugin be installed through"),
            (
                Answer(404, {"message": f"{PLUGIN} is not compatible with your Grafana version"}),
                f"({PLUGIN} is not compatible with your Grafana version)",
            ),
            (
                Answer(409, {"message": "Cannot update a pinned pre-installed plugin"}),
                "cannot be changed through the API (Cannot update a pinned pre-installed plugin)",
            ),
            (
                Answer(403, {"message": "no"}),
                "The token may not install plugins, which needs plugins:",
            ),
        ],
    )
    def test_a_refusal_is_one_line_that_says_what_to_do(
        self,
        grafana: Grafana,
        run: Run,
        capsys: pytest.CaptureFixture[str],
        refusal: Answer,
        why: str,
    ):
        grafana.installed, grafana.refusal = None, refusal
        assert run("apply", "--yes") == 1
        error = capsys.readouterr().err
        assert why in error
        assert error.count("\n") == 1
        assert grafana.dashboards == {}

    def test_an_old_one_that_is_already_the_newest_there_is_says_so_at_once(
        self, grafana: Grafana, run: Run, capsys: pytest.CaptureFixture[str]
    ):
        grafana.installed = grafana.catalog = "4.0.1"
        assert run("apply", "--yes") == 1
        assert "cannot be changed through the API (Plugin already" in capsys.readouterr().err
        assert grafana.dashboards == {}

    def test_a_catalog_that_cannot_be_asked_holds_nothing_up(
        self, grafana: Grafana, run: Run, capsys: pytest.CaptureFixture[str]
    ):
        """As without internet: Grafana answers 502 for grafana.com, and is asked once."""
        grafana.installed = None
        grafana.fault = lambda _n, _method, path: Fault(502) if "gnet" in path else None
        assert run("plan") == 0
        assert "does not have it" not in capsys.readouterr().out
        assert [path for _, path in grafana.requests if "gnet" in path] == [
            f"/api/gnet/plugins/{PLUGIN}"
        ]

    def test_removing_needs_no_plugin(self, grafana: Grafana, run: Run):
        run("apply", "--yes")
        grafana.installed = None
        assert run("destroy", "--yes") == 0
        assert grafana.asked == []

    def test_a_grafana_too_old_for_any_is_refused(
        self, start: Start, run: Run, capsys: pytest.CaptureFixture[str]
    ):
        start("10.3.9")
        assert run("plan") == 1
        assert "the ClickHouse plugin needs 10.4" in capsys.readouterr().err

    @given(
        st.tuples(st.integers(10, 14), st.integers(0, 12)).filter(lambda v: v >= (10, 4)),
        st.tuples(st.integers(2, 6), st.integers(0, 30), st.integers(0, 9)),
    )
    def test_any_version_is_right_or_wrong_as_the_table_says(
        self, grafana: tuple[int, int], numbers: tuple[int, int, int]
    ):
        wanted = stores.plugin_for(clickhouse, grafana)
        right = numbers >= (4, 0, 3) and (grafana >= (11, 6) or numbers < (4, 15))
        text = ".".join(map(str, numbers))
        assert (plugin.wrong(clickhouse, wanted, text, "x") == "") == right
        if wanted.install:
            assert plugin.wrong(clickhouse, wanted, wanted.install, "x") == ""
