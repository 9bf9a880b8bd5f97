"""deploy and check with ClickHouse: what is asked, looked at and made before a stack is."""

import json
import os
import stat
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import boto3
import pytest

from infra import deploy
from infra.stores.clickhouse import check, tables
from infra.stores.clickhouse.server import Login, Server
from processor.stores.clickhouse.schema import Place
from tests.support.aws import FakeAws, FakeCloudFormation
from tests.support.clickhouse_http import Answer, authority, fake

Infra = Callable[..., tuple[int, str]]
Told = Callable[[], list[list[str]]]
IDENTITY = {"Account": "123456789012", "Arn": "arn:aws:iam::123456789012:user/ada", "UserId": "A"}


@pytest.fixture(autouse=True)
def _who(aws: FakeAws, cloudformation: FakeCloudFormation, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL_STS", aws.url)
    aws.on("sts", GetCallerIdentity=IDENTITY)


@pytest.fixture
def sam(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Told:
    """A SAM CLI that writes down what it is told; returns a function that reads it."""
    told = tmp_path / "told.jsonl"
    told.touch()
    program = tmp_path / "bin" / "sam"
    program.parent.mkdir()
    program.write_text(
        f"#!{sys.executable}\nimport json, sys\n"
        f"with open({str(told)!r}, 'a') as file:\n    print(json.dumps(sys.argv[1:]), file=file)\n"
    )
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setattr(deploy, "ROOT", tmp_path)
    monkeypatch.setattr(deploy, "CONFIG", tmp_path / "samconfig.toml")
    monkeypatch.setenv("PATH", f"{program.parent}:{os.environ['PATH']}")
    return lambda: [json.loads(line) for line in told.read_text().splitlines()]


def overrides(told: list[list[str]]) -> dict[str, str]:
    """Return the parameters that sam was told."""
    words = told[1]
    return dict(word.split("=", 1) for word in words[words.index("--parameter-overrides") + 1 :])


class TestDeploy:
    """From an address and a secret to tables, a writer who may write, and a stack."""

    @pytest.mark.slow
    def test_address_and_secret_are_asked_for_and_the_tables_are_made(
        self,
        infra: Infra,
        sam: Told,
        answers: Callable[..., list[str]],
        administrator: None,
        settings: dict[str, str],
        server: Server,
        place: Place,
        cloudformation: FakeCloudFormation,
        outputs: dict[str, str],
    ) -> None:
        cloudformation.stacks.clear()
        asked = answers(settings["ClickHouseUrl"], settings["ClickHouseSecretArn"])
        status, said = infra(
            *("deploy", "--store", "clickhouse"),
            *("--parameter", f"ClickHouseDatabase={settings['ClickHouseDatabase']}"),
        )
        assert len(asked) == 2, said
        assert "Address of ClickHouse's HTTPS interface" in asked[0]
        assert "ARN of the secret" in asked[1]
        # sam was told, and would have made the stack that is missing here.
        told = overrides(sam())
        assert {name: told[name] for name in settings if name in told} == {
            name: value
            for name, value in settings.items()
            if name not in ("ClickHouseTable", "RecordLayout")
        }
        assert status == 1
        assert "There is no stack 'cloudfront-grafana'" in said
        assert tables.look(server, place).complete

    @pytest.mark.slow
    def test_again_nothing_is_asked_or_made(
        self,
        infra: Infra,
        sam: Told,
        stack: Callable[..., None],
        administrator: None,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        assert infra("schema", "--yes")[0] == 0
        monkeypatch.delenv("CLICKHOUSE_ADMIN_PASSWORD")
        status, said = infra("deploy", "--yes")
        assert status == 0, said
        assert "ClickHouse 26." in said
        assert "are there (schema" in said
        assert "writ'ing" not in said
        assert len(sam()) == 2

    def test_yes_names_what_is_missing(self, infra: Infra, sam: Told) -> None:
        status, said = infra("deploy", "--stack", "new", "--store", "clickhouse", "--yes")
        assert status == 1
        assert "so ClickHouseUrl is needed: --parameter ClickHouseUrl=…" in said
        assert sam() == []

    @pytest.mark.parametrize(
        ("url", "sentence"),
        [
            ("clickhouse.example.com", "must be an address such as https://"),
            ("https://user:pw@clickhouse.example.com", "must be an address such as https://"),
            ("https://clickhouse.example.com:9440", "port 9440, which is for ClickHouse's own"),
            ("http://clickhouse.example.com:8123", "in the clear; write https://"),
            ("http://127.0.0.1:1", "Nothing answers at http://127.0.0.1:1"),
            ("https://clickhouse.invalid:8443", "There is no host clickhouse.invalid"),
        ],
    )
    def test_an_address_that_leads_nowhere_stops_before_anything_is_built(
        self, infra: Infra, sam: Told, settings: dict[str, str], url: str, sentence: str
    ) -> None:
        given = {**settings, "ClickHouseUrl": url}
        words = [word for pair in given.items() for word in ("--parameter", "=".join(pair))]
        status, said = infra("deploy", "--stack", "new", "--yes", *words)
        assert status == 1
        assert sentence in said
        assert sam() == []

    @pytest.mark.slow
    @pytest.mark.parametrize(
        ("value", "sentence"),
        [
            ("", "must be the ARN of a Secrets Manager secret"),
            ("secret", "must be the ARN of a Secrets Manager secret"),
            ("arn:aws:secretsmanager:us-east-1:123456789012:secret:none-AbCdEf", "There is no"),
            ("arn:aws:ssm:us-east-1:123456789012:parameter/none", "There is no secret arn:aws:ssm"),
        ],
    )
    def test_a_secret_that_is_none(
        self,
        infra: Infra,
        sam: Told,
        answers: Callable[..., list[str]],
        settings: dict[str, str],
        value: str,
        sentence: str,
    ) -> None:
        answers(value or "x")
        words = [
            *("--parameter", f"ClickHouseUrl={settings['ClickHouseUrl']}"),
            *(["--parameter", f"ClickHouseSecretArn={value}"] if value else []),
        ]
        status, said = infra("deploy", "--stack", "new", "--store", "clickhouse", *words)
        assert status == 1
        assert sentence in said
        assert sam() == []

    def test_the_classic_layout_is_refused_with_the_reason(
        self, infra: Infra, sam: Told, of_parameters: list[str]
    ) -> None:
        words = [*of_parameters, "--parameter", "RecordLayout=classic"]
        status, said = infra("deploy", "--stack", "new", "--yes", *words)
        assert status == 1
        assert "ClickHouse has one table with a column a field" in said
        assert sam() == []

    def test_a_stack_that_stands_keeps_its_store(
        self, infra: Infra, sam: Told, cloudformation: FakeCloudFormation, of_parameters: list[str]
    ) -> None:
        """Another one would delete Timestream's table with every row."""
        status, said = infra("deploy", "--yes", *of_parameters)
        assert status == 1
        assert "writes to Timestream for LiveAnalytics, and changing that would delete" in said
        assert "docs/stores.md" in said
        assert sam() == []

    def test_and_so_the_other_way_round(
        self, infra: Infra, sam: Told, stack: Callable[..., None]
    ) -> None:
        status, said = infra("deploy", "--yes", "--store", "timestream")
        assert status == 1
        assert "writes to ClickHouse, and changing that" in said
        assert sam() == []

    def test_two_words_for_the_store(self, infra: Infra, sam: Told) -> None:
        status, said = infra("deploy", "--store", "timestream", "--parameter", "Store=clickhouse")
        assert status == 1
        assert (
            "--store says timestream and the parameter Store says clickhouse; give only one" in said
        )

    def test_what_sam_remembers_is_not_asked_again(
        self,
        infra: Infra,
        sam: Told,
        administrator: None,
        cloudformation: FakeCloudFormation,
        settings: dict[str, str],
        server: Server,
        place: Place,
        tmp_path: Path,
    ) -> None:
        """The first deployment failed after its questions, so no stack has the answers."""
        cloudformation.stacks.clear()
        pairs = " ".join(f'{name}=\\"{value}\\"' for name, value in settings.items())
        (tmp_path / "samconfig.toml").write_text(
            f'[cloudfront-grafana.deploy.parameters]\nparameter_overrides = "{pairs}"\n'
        )
        infra("deploy")
        assert len(sam()) == 2
        assert tables.look(server, place).complete

    def test_in_a_vpc_a_server_out_of_reach_is_no_reason_to_stop(
        self, infra: Infra, sam: Told, settings: dict[str, str]
    ) -> None:
        given = {
            **settings,
            "ClickHouseUrl": "http://127.0.0.1:1",
            "VpcSubnetIds": "subnet-0a",
            "VpcSecurityGroupIds": "sg-0a",
        }
        words = [word for pair in given.items() for word in ("--parameter", "=".join(pair))]
        _, said = infra("deploy", "--stack", "new", "--yes", *words)
        assert "runs in subnets of yours (VpcSubnetIds), which may reach it" in said
        assert "`make schema ARGS=--print` has the statements" in said
        assert len(sam()) == 2

    def test_subnets_alone_are_refused(
        self, infra: Infra, sam: Told, of_parameters: list[str]
    ) -> None:
        words = [*of_parameters, "--parameter", "VpcSubnetIds=subnet-0a"]
        status, said = infra("deploy", "--stack", "new", "--yes", *words)
        assert status == 1
        assert "VpcSubnetIds and VpcSecurityGroupIds go together." in said

    @pytest.mark.slow
    def test_a_new_writer_and_a_reader_are_made(
        self,
        infra: Infra,
        sam: Told,
        administrator: None,
        secret: str,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        """On a server that keeps users, which the engine here does not: by the statements sent."""
        boto3.client("secretsmanager").update_secret(SecretId=secret, SecretString="new-password")
        monkeypatch.setenv("CLICKHOUSE_READER_PASSWORD", "readers")
        made: set[str] = set()

        def answer(query: str) -> Answer:
            if query.startswith("CREATE USER"):
                made.add(query.split("`")[1])
            if asked.users[-1] == "cloudfront_writer" and "cloudfront_writer" not in made:
                return 516
            if "version()" in query:
                return [["26.9.2.1"]]
            if "system.users" in query:
                return [["default"]]
            return []

        with fake(answer) as (url, asked):
            words = [
                *("--parameter", f"ClickHouseUrl={url}"),
                *("--parameter", f"ClickHouseSecretArn={secret}"),
            ]
            _, said = infra("deploy", "--stack", "new", "--store", "clickhouse", "--yes", *words)
        assert made == {"cloudfront_writer", "cloudfront_reader"}, said
        assert "What is missing is made now." in said
        assert "User cloudfront_writer may write." in said
        assert "new-password" not in "".join([said, *asked.queries])
        assert "readers" not in "".join([said, *asked.queries])
        assert len(sam()) == 2

    @pytest.mark.slow
    @pytest.mark.parametrize("disks", [True, False])
    def test_a_writer_with_too_few_rights_is_given_them(
        self,
        infra: Infra,
        sam: Told,
        administrator: None,
        secret: str,
        monkeypatch: pytest.MonkeyPatch,
        disks: bool,
    ) -> None:
        """A service may keep its disks to itself: that alone stops nothing."""
        boto3.client("secretsmanager").update_secret(SecretId=secret, SecretString="password")
        monkeypatch.setenv("CLICKHOUSE_READER_PASSWORD", "readers")
        given: list[str] = []

        def answer(query: str) -> Answer:
            if query.startswith("GRANT"):
                if "system.disks" in query and not disks:
                    return 497
                given.append(query)
            if query.startswith("INSERT") and not given:
                return 497
            if "version()" in query:
                return [["26.9.2.1"]]
            return []

        with fake(answer) as (url, _):
            words = [
                *("--parameter", f"ClickHouseUrl={url}"),
                *("--parameter", f"ClickHouseSecretArn={secret}"),
            ]
            _, said = infra("deploy", "--stack", "new", "--store", "clickhouse", "--yes", *words)
        assert len(given) == (5 if disks else 4), said
        assert ("`make status` will not see how full the disk is" in said) == (not disks)
        assert "User cloudfront_writer may write." in said
        assert len(sam()) == 2

    @pytest.mark.slow
    def test_an_own_authority_is_taken_from_its_file(
        self,
        infra: Infra,
        sam: Told,
        secret: str,
        tmp_path: Path,
        monkeypatch: pytest.MonkeyPatch,
        administrator: None,
    ) -> None:
        ca, files = authority(tmp_path)
        monkeypatch.setenv("CLICKHOUSE_CA_FILE", str(ca))
        monkeypatch.setenv("CLICKHOUSE_READER_PASSWORD", "readers")

        def answer(query: str) -> Answer:
            return [["26.9.2.1"]] if "version()" in query else []

        with fake(answer, tls=files) as (url, _):
            words = [
                *("--parameter", f"ClickHouseUrl={url}"),
                *("--parameter", f"ClickHouseSecretArn={secret}"),
            ]
            infra("deploy", "--stack", "new", "--store", "clickhouse", "--yes", *words)
        body = "".join(ca.read_text().splitlines()[1:-1])
        assert overrides(sam())["ClickHouseCa"] == body


class TestCheck:
    """check-infra asks a server other questions than Timestream."""

    def test_without_a_server_it_says_that_any_account_will_do(
        self, infra: Infra, answers: Callable[..., list[str]]
    ) -> None:
        status, said = infra("check", "--store", "clickhouse")
        assert status == 0
        assert "Any AWS account can have this stack" in said
        assert "--parameter ClickHouseUrl=https://…" in said

    def test_a_server_that_is_ready(
        self,
        infra: Infra,
        administrator: None,
        of_parameters: list[str],
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        monkeypatch.setattr(check, "LEAST_FREE", 0)  # this machine's disk is not what this is about
        infra("schema", "--yes", *of_parameters)
        status, said = infra("check", *of_parameters)
        assert status == 0, said
        for found in ("answers at", "Its version is 26.", "are there", "may write"):
            assert found in said

    def test_a_server_without_the_tables_is_as_it_should_be_before_a_deployment(
        self, infra: Infra, of_parameters: list[str]
    ) -> None:
        status, said = infra("check", *of_parameters)
        assert status == 0
        assert "is not there yet: `make deploy` makes the tables." in said

    def test_a_server_without_some_of_them_is_not(
        self,
        infra: Infra,
        administrator: None,
        of_parameters: list[str],
        server: Server,
        place: Place,
    ) -> None:
        infra("schema", "--yes", *of_parameters)
        server.run(f"DROP TABLE {place.to_minutes}")
        status, said = infra("check", *of_parameters)
        assert status == 1
        assert f"ClickHouse lacks {place.database}.realtime_logs_to_minutes" in said
        assert "`make schema` make what is missing" in said

    @pytest.mark.slow
    def test_a_server_that_grants_no_limits_keeps_grafana_waiting_and_no_row(
        self,
        infra: Infra,
        sam: Told,
        administrator: None,
        of_parameters: list[str],
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        """The engine here is such a server."""
        monkeypatch.setenv("CLICKHOUSE_READER_PASSWORD", "readers")
        _, said = infra("deploy", "--stack", "new", "--yes", *of_parameters)
        assert "access_control_improvements.settings_constraints_replace_previous" in said
        assert len(sam()) == 2
        status, said = infra("schema", "--yes", *of_parameters)
        assert status == 1
        assert "settings_constraints_replace_previous" in said

    @pytest.mark.parametrize(("free", "status"), [(50 << 30, 0), (5 << 30, 1)])
    def test_a_disk_that_is_nearly_full(
        self,
        infra: Infra,
        settings: dict[str, str],
        monkeypatch: pytest.MonkeyPatch,
        administrator: None,
        of_parameters: list[str],
        free: int,
        status: int,
    ) -> None:
        infra("schema", "--yes", *of_parameters)
        asked = Server.ask

        def ask(self: Server, query: str) -> list[list[Any]]:
            if "system.disks" in query:
                return [["default", str(free), str(100 << 30)]]
            return asked(self, query)

        monkeypatch.setattr(Server, "ask", ask)
        found, said = infra("check", *of_parameters)
        assert found == status
        assert ("Make the disk larger" in said) == bool(status)
        assert "of 107.4 GB free on default" in said

    def test_a_wrong_password(self, infra: Infra, of_parameters: list[str], secret: str) -> None:
        boto3.client("secretsmanager").update_secret(SecretId=secret, SecretString="wrong")
        status, said = infra("check", *of_parameters)
        assert status == 1
        assert "does not take the password of user cloudfront_writer" in said
        assert "wrong" not in said

    def test_a_reader_is_no_writer(
        self,
        infra: Infra,
        of_parameters: list[str],
        secret: str,
        server: Server,
        place: Place,
        administrator: None,
    ) -> None:
        infra("schema", "--yes", *of_parameters)
        value = json.dumps({"username": "cloudfront_reader", "password": "reading"})
        boto3.client("secretsmanager").update_secret(SecretId=secret, SecretString=value)
        status, said = infra("check", *of_parameters)
        assert status == 1
        assert "User cloudfront_reader may only read" in said

    def test_a_secret_that_only_the_processor_may_read(
        self, infra: Infra, of_parameters: list[str], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        from infra.stores.clickhouse import secret as secrets

        def denied(_: str) -> Login:
            raise secrets.NotAllowed("You may not read it, so its password was not tried.")

        monkeypatch.setattr(secrets, "login", denied)
        status, said = infra("check", *of_parameters)
        assert status == 0
        assert "so its password was not tried" in said

    def test_a_region_that_there_is_not(self, infra: Infra, of_parameters: list[str]) -> None:
        status, said = infra("check", "--region", "eu-nort-1", *of_parameters)
        assert status == 1
        assert "There is no AWS region 'eu-nort-1'" in said


class TestSecret:
    """The password is where the processor finds it, in the forms that it takes."""

    @pytest.mark.parametrize(
        ("value", "user", "password"),
        [
            ("plain", "cloudfront_writer", "plain"),
            (" a b\n", "cloudfront_writer", " a b"),
            ('{"password": "p"}', "cloudfront_writer", "p"),
            ('{"username": "u", "password": "p", "host": "h"}', "u", "p"),
            ("12345", "cloudfront_writer", "12345"),
        ],
    )
    def test_a_value(self, moto: str, value: str, user: str, password: str) -> None:
        from infra.stores.clickhouse.secret import login

        manager, store = boto3.client("secretsmanager"), boto3.client("ssm")
        arn = manager.create_secret(Name="s", SecretString=value)["ARN"]
        assert login(arn) == Login(user, password)
        store.put_parameter(Name="/cloudfront/clickhouse", Value=value, Type="SecureString")
        arn = store.get_parameter(Name="/cloudfront/clickhouse")["Parameter"]["ARN"]
        assert login(arn) == Login(user, password)

    @pytest.mark.parametrize("value", ["{}", '{"password": ""}', '{"password": 7}', "{x", " \n"])
    def test_a_value_without_a_password(self, moto: str, value: str) -> None:
        from cli.errors import Problem
        from infra.stores.clickhouse.secret import login

        arn = boto3.client("secretsmanager").create_secret(Name="s", SecretString=value)["ARN"]
        with pytest.raises(Problem, match=r"password"):
            login(arn)

    def test_an_arn_that_only_begins_as_the_secrets_does(self, aws: FakeAws) -> None:
        """AWS answers; the function's role, which names it, would not be allowed to ask."""
        from cli.errors import Problem
        from infra.stores.clickhouse.secret import login

        whole = "arn:aws:secretsmanager:us-east-1:123456789012:secret:clickhouse-AbCdEf"
        answer = {"ARN": whole, "Name": "clickhouse", "SecretString": "p"}
        aws.on("secretsmanager", GetSecretValue=answer)
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("AWS_ENDPOINT_URL_SECRETS_MANAGER", aws.url)
            assert login(whole).password == "p"
            with pytest.raises(Problem, match=f"whole ARN is {whole}; give that"):
                login(whole.removesuffix("-AbCdEf"))

    def test_in_another_region(self, moto: str) -> None:
        from infra.stores.clickhouse.secret import login

        manager = boto3.client("secretsmanager", region_name="eu-west-1")
        made: dict[str, Any] = manager.create_secret(Name="s", SecretString="p")
        assert login(made["ARN"]).password == "p"
