"""The stack with ClickHouse in it: nothing of Timestream, one secret to read, a VPC if wanted."""

import json
from typing import Any

import pytest

pytest.importorskip("samtranslator", reason="SAM's transform does not run on this Python")

from cli.stack import outputs_of
from infra import transform
from infra.stores import DEFAULT, STORES
from processor.catalog import FIELDS
from processor.config import Config

ACCOUNT = transform.PSEUDO["AWS::AccountId"]
SECRET = f"arn:aws:secretsmanager:us-east-1:{ACCOUNT}:secret:clickhouse-AbCdEf"
PARAMETER = f"arn:aws:ssm:us-east-1:{ACCOUNT}:parameter/cloudfront/clickhouse"
KEY = f"arn:aws:kms:us-east-1:{ACCOUNT}:key/0a1b2c3d"
CHOSEN = {
    "Store": "clickhouse",
    "ClickHouseUrl": "https://clickhouse.example.com:8443",
    "ClickHouseSecretArn": SECRET,
}
VPC = {"VpcSubnetIds": "subnet-0a,subnet-1b", "VpcSecurityGroupIds": "sg-0a"}
NETWORK = {
    "ec2:AssignPrivateIpAddresses",
    "ec2:CreateNetworkInterface",
    "ec2:DeleteNetworkInterface",
    "ec2:DescribeNetworkInterfaces",
    "ec2:DescribeSubnets",
    "ec2:UnassignPrivateIpAddresses",
}


@pytest.fixture(scope="module")
def template() -> dict[str, Any]:
    return transform.translate()


def stack(template: dict[str, Any], **more: str) -> dict[str, Any]:
    return transform.resolve(template, **{**CHOSEN, **more})


def statements(made: dict[str, Any], role: str) -> list[dict[str, Any]]:
    policies = made["Resources"][role]["Properties"].get("Policies", [])
    return [each for policy in policies for each in policy["PolicyDocument"]["Statement"]]


@pytest.mark.parametrize("more", [{}, {"CreateGrafanaWorkspace": "true", "KmsKeyArn": KEY, **VPC}])
def test_nothing_of_timestream_is_made_allowed_or_told(
    template: dict[str, Any], more: dict[str, str]
) -> None:
    made = stack(template, **more)
    parts = {
        name: body
        for section in ("Resources", "Outputs")
        for name, body in made[section].items()
        # Words for people: the template's own texts name both stores.
        if name not in ("CloudWatchMetricsUrl",)
    }
    assert "timestream" not in json.dumps(parts).lower()
    kept = transform.resolve(template, **more)
    assert set(kept["Resources"]) - set(made["Resources"]) == {
        *("LogDatabase", "LogTable", "RejectedDataBucket", "RejectedDataBucketPolicy"),
        "GrafanaReadPolicy",
    }
    assert set(made["Resources"]) <= set(kept["Resources"])


def test_alarms_and_metrics_stay(template: dict[str, Any]) -> None:
    def alarms(made: dict[str, Any]) -> dict[str, Any]:
        return {
            name: body
            for name, body in made["Resources"].items()
            if body["Type"] == "AWS::CloudWatch::Alarm"
        }

    assert alarms(stack(template)) == alarms(transform.resolve(template))
    assert len(alarms(stack(template))) == 7


def test_the_processor_is_told_and_understands(template: dict[str, Any]) -> None:
    names = ",".join(field.name for field in FIELDS)
    function = stack(template, LogFields=names)["Resources"]["Processor"]["Properties"]
    environment = function["Environment"]["Variables"]
    assert not [name for name in environment if name.startswith("TIMESTREAM")]
    assert environment["CLICKHOUSE_URL"] == CHOSEN["ClickHouseUrl"]
    assert environment["CLICKHOUSE_SECRET_ARN"] == SECRET
    config = Config.from_env({key: str(value) for key, value in environment.items()})
    assert config.store == "clickhouse"
    assert config.settings.place.requests == "`cloudfront`.`realtime_logs`"
    assert "VpcConfig" not in function


def test_timestreams_processor_is_told_nothing_of_clickhouse(template: dict[str, Any]) -> None:
    function = transform.resolve(template)["Resources"]["Processor"]["Properties"]
    environment = function["Environment"]["Variables"]
    assert not [name for name in environment if name.startswith("CLICKHOUSE")]
    assert environment["STORE"] == DEFAULT


@pytest.mark.parametrize(
    ("arn", "action"),
    [(SECRET, "secretsmanager:GetSecretValue"), (PARAMETER, "ssm:GetParameter")],
)
def test_the_one_secret_may_be_read_and_nothing_else(
    template: dict[str, Any], arn: str, action: str
) -> None:
    made = stack(template, ClickHouseSecretArn=arn)
    (found,) = (
        each
        for each in statements(made, "ProcessorRole")
        if "secretsmanager" in str(each["Action"]) or "ssm" in str(each["Action"])
    )
    assert (found["Effect"], found["Action"], found["Resource"]) == ("Allow", action, arn)
    usual = {action} | {
        *("kinesis:DescribeStream", "kinesis:DescribeStreamSummary", "kinesis:GetRecords"),
        *("kinesis:GetShardIterator", "kinesis:ListShards", "kinesis:SubscribeToShard"),
        *("sqs:SendMessage", "logs:CreateLogStream", "logs:PutLogEvents"),
    }
    allowed = {
        action
        for each in statements(made, "ProcessorRole")
        for action in ([each["Action"]] if isinstance(each["Action"], str) else each["Action"])
    }
    assert allowed == usual
    assert not [each for each in statements(made, "ProcessorRole") if each["Resource"] == "*"]


@pytest.mark.parametrize(("arn", "service"), [(SECRET, "secretsmanager"), (PARAMETER, "ssm")])
def test_a_key_of_ones_own_may_be_that_of_the_secret(
    template: dict[str, Any], arn: str, service: str
) -> None:
    made = stack(template, ClickHouseSecretArn=arn, KmsKeyArn=KEY)
    (found,) = (
        each for each in statements(made, "ProcessorRole") if each["Sid"] == "DecryptPassword"
    )
    assert (found["Action"], found["Resource"]) == ("kms:Decrypt", KEY)
    assert found["Condition"] == {
        "StringEquals": {"kms:ViaService": f"{service}.us-east-1.amazonaws.com"}
    }


@pytest.mark.parametrize("store", STORES)
def test_in_a_vpc_lambda_may_join_it_and_the_code_may_not(
    template: dict[str, Any], store: str
) -> None:
    made = transform.resolve(template, **(CHOSEN if store != DEFAULT else {}), **VPC)
    assert made["Resources"]["Processor"]["Properties"]["VpcConfig"] == {
        "SubnetIds": ["subnet-0a", "subnet-1b"],
        "SecurityGroupIds": ["sg-0a"],
    }
    joining = [each for each in statements(made, "ProcessorRole") if "ec2:" in str(each["Action"])]
    assert [each["Effect"] for each in joining] == ["Allow", "Deny"]
    assert all(set(each["Action"]) == NETWORK for each in joining)
    (denied,) = joining[1]["Condition"]["ArnLike"].values()
    assert denied == f"arn:aws:lambda:us-east-1:{ACCOUNT}:function:cloudfront-grafana-*"


def test_an_own_authority_reaches_the_processor_as_pem(template: dict[str, Any]) -> None:
    made = stack(template, ClickHouseCa="MIIBszCCAVmg+/=")
    environment = made["Resources"]["Processor"]["Properties"]["Environment"]["Variables"]
    assert environment["CLICKHOUSE_CA"] == (
        "-----BEGIN CERTIFICATE-----\nMIIBszCCAVmg+/=\n-----END CERTIFICATE-----\n"
    )


def test_the_longest_settings_fit_lambdas_four_kilobytes(template: dict[str, Any]) -> None:
    """All fields, and the largest certificate that the parameter takes."""
    names = ",".join(field.name for field in FIELDS)
    made = stack(template, LogFields=names, ClickHouseCa="A" * 2200)
    environment = made["Resources"]["Processor"]["Properties"]["Environment"]["Variables"]
    assert len(json.dumps(environment)) < 4096


def test_the_outputs_are_what_a_stack_is_read_from(template: dict[str, Any]) -> None:
    named = set(outputs_of("clickhouse").values())
    workspace = {"GrafanaWorkspaceId", "GrafanaWorkspaceEndpoint"}
    links = {"LogProcessorLogGroup", "CloudWatchMetricsUrl"}
    assert set(stack(template)["Outputs"]) == (named | links) - workspace
    full = stack(template, CreateGrafanaWorkspace="true")
    assert set(full["Outputs"]) == named | links
    assert full["Outputs"]["Store"]["Value"] == "clickhouse"
    for name, output in full["Outputs"].items():
        assert output["Value"] != "", name


def test_a_workspace_gets_no_policy_and_no_data_source_of_timestream(
    template: dict[str, Any],
) -> None:
    made = stack(template, CreateGrafanaWorkspace="true")["Resources"]
    assert "ManagedPolicyArns" not in made["WorkspaceRole"]["Properties"]
    assert "DataSources" not in made["GrafanaWorkspace"]["Properties"]
    assert made["GrafanaWorkspace"]["Properties"]["PluginAdminEnabled"] is True


@pytest.mark.parametrize(
    ("chosen", "sentence"),
    [
        ({"ClickHouseUrl": ""}, "needs ClickHouseUrl"),
        ({"ClickHouseSecretArn": ""}, "needs ClickHouseSecretArn"),
        ({"RecordLayout": "classic"}, "RecordLayout classic is the layout of Timestream's"),
        ({"VpcSubnetIds": "subnet-0a"}, "go together"),
        ({"VpcSecurityGroupIds": "sg-0a"}, "go together"),
    ],
)
def test_what_does_not_go_together_is_refused(
    template: dict[str, Any], chosen: dict[str, str], sentence: str
) -> None:
    (said,) = transform.refusals(template, **{**CHOSEN, **chosen})
    assert sentence in said


def test_what_goes_together_is_not(template: dict[str, Any]) -> None:
    assert not list(transform.refusals(template))
    assert not list(transform.refusals(template, RecordLayout="classic"))
    assert not list(transform.refusals(template, **CHOSEN))
    assert not list(transform.refusals(template, **CHOSEN, **VPC))


@pytest.mark.parametrize("name", STORES)
def test_the_values_of_store_are_the_stores(template: dict[str, Any], name: str) -> None:
    about = template["Parameters"]["Store"]
    assert about["AllowedValues"] == list(STORES)
    assert about["Default"] == DEFAULT
    assert Config.from_env({"CLICKHOUSE_URL": "https://h", "STORE": name}).store == name


def test_another_stacks_lines_are_read_as_its_own_are(template: dict[str, Any]) -> None:
    """From the oldest on, and however old: so a second store is filled beside the first."""
    other = f"arn:aws:kinesis:us-east-1:{ACCOUNT}:stream/first-LogStream-1"
    assert "OtherLines" not in stack(template)["Resources"]
    made = stack(template, OtherStreamArn=other)["Resources"]
    own, more = made["ProcessorLines"]["Properties"], made["OtherLines"]["Properties"]
    assert more["EventSourceArn"] == other
    different = {"EventSourceArn", "MaximumRecordAgeInSeconds"}
    assert {key: value for key, value in own.items() if key not in different} == {
        key: value for key, value in more.items() if key not in different
    }
    assert more["MaximumRecordAgeInSeconds"] == -1
    (reading,) = (
        each
        for each in statements({"Resources": made}, "ProcessorRole")
        if each["Sid"] == "ReadLines"
    )
    assert reading["Resource"] == [{"Fn::GetAtt": ["LogStream", "Arn"]}, other]
