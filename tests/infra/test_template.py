"""The template after SAM's own transform: what AWS would be asked to make."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest

pytest.importorskip("samtranslator", reason="SAM's transform does not run on this Python")

from cli.stack import outputs_of
from infra import transform
from infra.deploy import ROOT
from processor import catalog, report
from processor.config import VIEWER_IP, Config
from processor.split import DRIFTED
from processor.stores.timestream.settings import LAYOUTS

KEY = "arn:aws:kms:us-east-1:123456789012:key/0a1b2c3d"
EVERYTHING = {
    "KmsKeyArn": KEY,
    "CreateGrafanaWorkspace": "true",
    "AlertEmail": "ops@example.com",
    "Tracing": "Active",
    "KinesisStreamMode": "ON_DEMAND",
    "DropFields": "cs-cookie",
}
PSEUDO = set(transform.PSEUDO) | {"AWS::NoValue"}
ACCOUNT = transform.PSEUDO["AWS::AccountId"]


@pytest.fixture(scope="module")
def template() -> dict[str, Any]:
    return transform.translate()


@pytest.fixture(scope="module")
def plain(template: dict[str, Any]) -> dict[str, Any]:
    """The stack by default."""
    return transform.resolve(template)


@pytest.fixture(scope="module")
def full(template: dict[str, Any]) -> dict[str, Any]:
    """The stack with every option on."""
    return transform.resolve(template, **EVERYTHING)


def properties(stack: dict[str, Any], name: str) -> dict[str, Any]:
    return stack["Resources"][name]["Properties"]


def references(node: Any) -> Iterator[str]:
    """Yield every logical id that is referred to, in whatever way."""
    if isinstance(node, list):
        for item in node:
            yield from references(item)
    elif isinstance(node, dict):
        for kind, inner in node.items():
            if kind == "Ref":
                yield inner
            elif kind == "Fn::GetAtt":
                yield inner[0] if isinstance(inner, list) else inner.split(".")[0]
            elif kind == "Fn::Sub":
                yield from (found.split(".")[0] for found in re.findall(r"\$\{([^}]+)\}", inner))
            elif kind == "DependsOn":
                yield from [inner] if isinstance(inner, str) else inner
            else:
                yield from references(inner)


def conditions(node: Any) -> Iterator[str]:
    """Yield every condition that is asked for."""
    if isinstance(node, list):
        for item in node:
            yield from conditions(item)
    elif isinstance(node, dict):
        for kind, inner in node.items():
            if kind == "Fn::If":
                yield inner[0]
            if kind == "Condition" and isinstance(inner, str):
                yield inner
            yield from conditions(inner)


class TestWhole:
    """The template hangs together."""

    def test_every_reference_resolves(self, template: dict[str, Any]) -> None:
        known = set(template["Resources"]) | set(template["Parameters"]) | PSEUDO
        used = set(references([template["Resources"], template["Outputs"]]))
        assert used - known == set()
        assert {"LogStream", "KmsKeyArn", "AWS::Region"} <= used

    @pytest.mark.parametrize("options", [{}, EVERYTHING], ids=["default", "everything"])
    def test_nothing_refers_to_a_resource_that_its_options_leave_out(
        self, template: dict[str, Any], options: dict[str, str]
    ) -> None:
        stack = transform.resolve(template, **options)
        left = set(references([stack["Resources"], stack["Outputs"]]))
        assert left - set(stack["Resources"]) == set()

    def test_every_condition_is_defined_and_used(self, template: dict[str, Any]) -> None:
        used = set(conditions([template["Resources"], template["Outputs"]]))
        assert used == set(template["Conditions"])

    def test_every_parameter_is_used(self, template: dict[str, Any]) -> None:
        sections = ("Resources", "Outputs", "Conditions")
        used = set(references([template[section] for section in sections]))
        assert set(template["Parameters"]) - used == set()

    def test_the_transform_leaves_nothing_of_sam(self, template: dict[str, Any]) -> None:
        types = {resource["Type"] for resource in template["Resources"].values()}
        assert not any(name.startswith("AWS::Serverless") for name in types)
        assert {"AWS::Lambda::Function", "AWS::Lambda::EventSourceMapping"} <= types

    def test_it_fits_cloudformations_limits(self, template: dict[str, Any]) -> None:
        """https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html"""
        assert len(json.dumps(template)) < 460_800
        assert len(template["Description"]) <= 1024
        assert len(template["Parameters"]) <= 200
        for about in template["Parameters"].values():
            assert len(about["Description"]) <= 4000
            assert len(str(about.get("Default", ""))) < 4096
        longest = ",".join(field.name for field in catalog.FIELDS)
        assert len(longest) < 4096


class TestParameters:
    """What a person is asked for."""

    def test_each_is_in_one_group(self, template: dict[str, Any]) -> None:
        groups = template["Metadata"]["AWS::CloudFormation::Interface"]["ParameterGroups"]
        grouped = [name for group in groups for name in group["Parameters"]]
        assert sorted(grouped) == sorted(template["Parameters"])

    def test_each_is_described_has_a_default_and_is_validated(
        self, template: dict[str, Any]
    ) -> None:
        for name, about in template["Parameters"].items():
            assert about["Description"], name
            assert "Default" in about, name
            checks = {"AllowedValues", "AllowedPattern", "MinValue"}
            assert checks & set(about), name
            assert ("MinValue" in about) == ("MaxValue" in about), name
            assert ("AllowedPattern" in about) == ("ConstraintDescription" in about), name

    def test_the_originals_two_keep_their_names_and_defaults(
        self, template: dict[str, Any]
    ) -> None:
        parameters = template["Parameters"]
        assert parameters["KinesisStreamShards"]["Default"] == 1
        sampling = parameters["RealtimeLogsSamplingPercentage"]
        assert (sampling["Default"], sampling["MinValue"], sampling["MaxValue"]) == (5, 1, 100)
        # Not by its type: Number takes 55.5.
        assert sampling["AllowedValues"] == list(range(1, 101))

    def test_the_fields_are_the_catalogs(self, template: dict[str, Any]) -> None:
        about = template["Parameters"]["LogFields"]
        default = [name.strip() for name in about["Default"].split(",")]
        assert default == [field.name for field in catalog.DEFAULT_FIELDS]
        assert about["AllowedValues"] == [field.name for field in catalog.FIELDS]

    def test_the_choices_are_the_processors(self, template: dict[str, Any]) -> None:
        parameters = template["Parameters"]
        assert parameters["RecordLayout"]["AllowedValues"] == list(LAYOUTS)
        assert parameters["RecordLayout"]["Default"] == Config().settings.layout
        assert parameters["ViewerIp"]["AllowedValues"] == list(VIEWER_IP)
        assert parameters["ViewerIp"]["Default"] == Config().viewer_ip

    @pytest.mark.parametrize(
        ("name", "good", "bad"),
        [
            ("AlertEmail", ["", "ops@example.com"], ["ops", "a@b.c d@e.f", "@example.com"]),
            ("KmsKeyArn", ["", KEY], ["alias/x", "arn:aws:kms:us-east-1:1:key/x"]),
            ("DropFields", ["", "cs-cookie", "cs-cookie,c-ip"], ["cs-cookie, c-ip", ",", "A"]),
            ("GrafanaVersion", ["12.4", "13.0"], ["", "12", "latest"]),
        ],
    )
    def test_patterns_let_the_right_values_through(
        self, template: dict[str, Any], name: str, good: list[str], bad: list[str]
    ) -> None:
        pattern = re.compile(template["Parameters"][name]["AllowedPattern"])
        assert all(pattern.fullmatch(value) for value in good)
        assert not any(pattern.fullmatch(value) for value in bad)


class TestCollection:
    """CloudFront, the stream and the processor agree."""

    @pytest.mark.parametrize("fields", [None, "timestamp, sc-bytes, x-edge-location,c-ip"])
    def test_one_list_of_fields_configures_cloudfront_and_the_processor(
        self, template: dict[str, Any], fields: str | None
    ) -> None:
        stack = transform.resolve(template, **({"LogFields": fields} if fields else {}))
        logged = properties(stack, "RealtimeLogConfig")["Fields"]
        environment = properties(stack, "Processor")["Environment"]["Variables"]
        assert environment["LOG_FIELDS"].split(",") == logged
        assert len(logged) == (4 if fields else len(catalog.DEFAULT_FIELDS))

    @pytest.mark.parametrize(
        "options",
        [
            {},
            {"RecordLayout": "classic", "ViewerIp": "mask"},
            {"ViewerIp": "drop", "DropFields": "cs-cookie,cs-uri-query"},
        ],
    )
    def test_the_processor_accepts_its_environment(
        self, template: dict[str, Any], options: dict[str, str]
    ) -> None:
        stack = transform.resolve(template, **options)
        environment = properties(stack, "Processor")["Environment"]["Variables"]
        config = Config.from_env({key: str(value) for key, value in environment.items()})
        assert config.fields == catalog.DEFAULT_FIELDS
        assert config.settings.layout == options.get("RecordLayout", "multi")
        assert config.viewer_ip == options.get("ViewerIp", "keep")
        assert config.drop == set(filter(None, options.get("DropFields", "").split(",")))
        assert environment["DEAD_LETTER_QUEUE_URL"] == {"Ref": "DeadLetterQueue"}
        assert environment["TIMESTREAM_DATABASE"] == {"Ref": "LogDatabase"}
        assert environment["TIMESTREAM_TABLE"] == {"Fn::GetAtt": ["LogTable", "Name"]}

    def test_all_fields_fit_lambdas_four_kilobytes_of_environment(
        self, template: dict[str, Any]
    ) -> None:
        names = ",".join(field.name for field in catalog.FIELDS)
        stack = transform.resolve(template, LogFields=names, DropFields=names)
        environment = properties(stack, "Processor")["Environment"]["Variables"]
        assert len(json.dumps(environment)) < 4096

    def test_the_event_source_has_every_setting(self, plain: dict[str, Any]) -> None:
        assert properties(plain, "ProcessorLines") == {
            "EventSourceArn": {"Fn::GetAtt": ["LogStream", "Arn"]},
            "FunctionName": {"Ref": "Processor"},
            "StartingPosition": "TRIM_HORIZON",
            "BatchSize": "1000",
            "MaximumBatchingWindowInSeconds": "5",
            "ParallelizationFactor": "1",
            "BisectBatchOnFunctionError": True,
            "MaximumRetryAttempts": "100",
            "MaximumRecordAgeInSeconds": "21600",
            "FunctionResponseTypes": ["ReportBatchItemFailures"],
            "DestinationConfig": {
                "OnFailure": {"Destination": {"Fn::GetAtt": ["DeadLetterQueue", "Arn"]}}
            },
        }

    def test_a_line_is_given_up_while_the_stream_still_has_it(
        self, template: dict[str, Any]
    ) -> None:
        default = {name: about["Default"] for name, about in template["Parameters"].items()}
        age = default["MaximumRecordAgeSeconds"]
        assert age < default["KinesisRetentionHours"] * 3600
        assert age < default["MemoryStoreRetentionHours"] * 3600

    def test_the_function_is_a_current_python_on_arm_with_json_logs(
        self, plain: dict[str, Any]
    ) -> None:
        function = properties(plain, "Processor")
        assert function["Handler"] == "processor.handler.handler"
        assert function["Architectures"] == ["arm64"]
        assert re.fullmatch(r"python3\.1[34]", function["Runtime"])
        assert function["LoggingConfig"] == {
            "LogFormat": "JSON",
            "LogGroup": {"Ref": "ProcessorLogGroup"},
            "ApplicationLogLevel": "INFO",
            "SystemLogLevel": "WARN",
        }
        assert function["Timeout"] * 6 <= 900

    def test_the_package_is_the_processors_folder(self) -> None:
        function = transform.load()["Resources"]["Processor"]
        folder = (transform.TEMPLATE.parent / function["Properties"]["CodeUri"]).resolve()
        assert folder == ROOT / "processor"
        assert function["Metadata"]["BuildMethod"] == "makefile"

    @pytest.mark.parametrize(("mode", "shards"), [("PROVISIONED", "1"), ("ON_DEMAND", None)])
    def test_shards_are_only_given_to_a_stream_that_has_them(
        self, template: dict[str, Any], mode: str, shards: str | None
    ) -> None:
        stream = properties(transform.resolve(template, KinesisStreamMode=mode), "LogStream")
        assert stream.get("ShardCount") == shards
        assert stream["StreamModeDetails"] == {"StreamMode": mode}

    def test_the_log_config_writes_to_the_stream_with_its_role(self, plain: dict[str, Any]) -> None:
        config = properties(plain, "RealtimeLogConfig")
        assert config["SamplingRate"] == "5"
        assert config["EndPoints"] == [
            {
                "StreamType": "Kinesis",
                "KinesisStreamConfig": {
                    "RoleArn": {"Fn::GetAtt": ["DeliveryRole", "Arn"]},
                    "StreamArn": {"Fn::GetAtt": ["LogStream", "Arn"]},
                },
            }
        ]

    def test_late_lines_are_taken_and_what_is_rejected_of_them_reported(
        self, plain: dict[str, Any]
    ) -> None:
        table = properties(plain, "LogTable")
        assert table["RetentionProperties"] == {
            "MemoryStoreRetentionPeriodInHours": "24",
            "MagneticStoreRetentionPeriodInDays": "30",
        }
        writes = table["MagneticStoreWriteProperties"]
        assert writes["EnableMagneticStoreWrites"] is True
        location = writes["MagneticStoreRejectedDataLocation"]["S3Configuration"]
        assert location["BucketName"] == {"Ref": "RejectedDataBucket"}
        assert location["EncryptionOption"] == "SSE_S3"


class TestEncryption:
    """Everything that can be encrypted is; with a key of one's own, all by that key."""

    def test_by_default_with_the_keys_aws_manages(self, plain: dict[str, Any]) -> None:
        encryption = properties(plain, "LogStream")["StreamEncryption"]
        assert encryption == {"EncryptionType": "KMS", "KeyId": "alias/aws/kinesis"}
        assert properties(plain, "DeadLetterQueue")["SqsManagedSseEnabled"] is True
        assert "KmsMasterKeyId" not in properties(plain, "DeadLetterQueue")
        assert "KmsKeyId" not in properties(plain, "LogDatabase")
        (rule,) = properties(plain, "RejectedDataBucket")["BucketEncryption"][
            "ServerSideEncryptionConfiguration"
        ]
        assert rule == {"ServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}}

    def test_a_key_of_ones_own_is_used_everywhere(self, full: dict[str, Any]) -> None:
        assert properties(full, "LogStream")["StreamEncryption"]["KeyId"] == KEY
        assert properties(full, "DeadLetterQueue")["KmsMasterKeyId"] == KEY
        assert "SqsManagedSseEnabled" not in properties(full, "DeadLetterQueue")
        assert properties(full, "LogDatabase")["KmsKeyId"] == KEY
        assert properties(full, "AlertTopic")["KmsMasterKeyId"] == KEY
        (rule,) = properties(full, "RejectedDataBucket")["BucketEncryption"][
            "ServerSideEncryptionConfiguration"
        ]
        assert rule["ServerSideEncryptionByDefault"]["KMSMasterKeyID"] == KEY
        location = properties(full, "LogTable")["MagneticStoreWriteProperties"][
            "MagneticStoreRejectedDataLocation"
        ]["S3Configuration"]
        assert (location["EncryptionOption"], location["KmsKeyId"]) == ("SSE_KMS", KEY)

    def test_the_bucket_is_private_and_forgets(self, plain: dict[str, Any]) -> None:
        bucket = properties(plain, "RejectedDataBucket")
        assert set(bucket["PublicAccessBlockConfiguration"].values()) == {True}
        assert bucket["LifecycleConfiguration"]["Rules"][0]["ExpirationInDays"] == 30

    @pytest.mark.parametrize(
        "policy", ["RejectedDataBucketPolicy", "DeadLetterQueuePolicy", "AlertTopicPolicy"]
    )
    def test_unencrypted_transport_is_denied(self, plain: dict[str, Any], policy: str) -> None:
        statements = properties(plain, policy)["PolicyDocument"]["Statement"]
        (denied,) = (item for item in statements if item["Effect"] == "Deny")
        assert denied["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}


# What AWS publishes of itself: namespace -> metric -> dimension.
# https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html
# https://docs.aws.amazon.com/streams/latest/dev/monitoring-with-cloudwatch.html
# https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-available-cloudwatch-metrics.html
PUBLISHED: dict[str, tuple[set[str], str, Any]] = {
    "AWS/Lambda": (
        {"IteratorAge", "Errors", "Throttles"},
        "FunctionName",
        {"Ref": "Processor"},
    ),
    "AWS/Kinesis": (
        {"WriteProvisionedThroughputExceeded"},
        "StreamName",
        {"Ref": "LogStream"},
    ),
    "AWS/SQS": (
        {"ApproximateNumberOfMessagesVisible"},
        "QueueName",
        {"Fn::GetAtt": ["DeadLetterQueue", "QueueName"]},
    ),
    # The processor's own, whose service is the name of the function.
    "CloudFrontRealtimeLogs": (set(report.MEASURES), "service", {"Ref": "Processor"}),
}


class TestAlerts:
    """The alarms watch metrics that exist, and tell the topic."""

    @pytest.fixture
    def alarms(self, plain: dict[str, Any]) -> dict[str, dict[str, Any]]:
        return {
            name: resource["Properties"]
            for name, resource in plain["Resources"].items()
            if resource["Type"] == "AWS::CloudWatch::Alarm"
        }

    def test_the_pipeline_is_watched_at_each_link(self, alarms: dict[str, Any]) -> None:
        assert {alarm["MetricName"] for alarm in alarms.values()} == {
            "IteratorAge",
            "Errors",
            "Throttles",
            "ApproximateNumberOfMessagesVisible",
            "WriteProvisionedThroughputExceeded",
            "lag_p50_ms",
            "malformed",
        }

    def test_every_metric_exists(self, alarms: dict[str, Any]) -> None:
        for name, alarm in alarms.items():
            metrics, dimension, value = PUBLISHED[alarm["Namespace"]]
            assert alarm["MetricName"] in metrics, name
            expected = [{"Name": dimension, "Value": value}]
            if name == "DriftAlarm":
                expected.append({"Name": "reason", "Value": DRIFTED})
            assert alarm["Dimensions"] == expected, name

    def test_the_processor_publishes_where_the_alarm_looks(
        self, plain: dict[str, Any], capsys: pytest.CaptureFixture[str], monkeypatch: Any
    ) -> None:
        environment = properties(plain, "Processor")["Environment"]["Variables"]
        namespace = environment["POWERTOOLS_METRICS_NAMESPACE"]
        monkeypatch.setenv("POWERTOOLS_METRICS_NAMESPACE", namespace)
        monkeypatch.delenv("POWERTOOLS_METRICS_DISABLED", raising=False)
        report.emit_metrics(report.Report(lag_p50_ms=7.0), Config(function_name="the-function"))
        emitted = json.loads(capsys.readouterr().out)
        (directive,) = emitted["_aws"]["CloudWatchMetrics"]
        alarm = properties(plain, "LagAlarm")
        assert directive["Namespace"] == alarm["Namespace"]
        assert directive["Dimensions"] == [["service"]]
        assert emitted["service"] == "the-function"
        (metric,) = (item for item in directive["Metrics"] if item["Name"] == alarm["MetricName"])
        assert metric["Unit"] == alarm["Unit"]

    def test_drifted_lines_are_published_where_the_alarm_looks(
        self, plain: dict[str, Any], capsys: pytest.CaptureFixture[str], monkeypatch: Any
    ) -> None:
        environment = properties(plain, "Processor")["Environment"]["Variables"]
        monkeypatch.setenv(
            "POWERTOOLS_METRICS_NAMESPACE", environment["POWERTOOLS_METRICS_NAMESPACE"]
        )
        monkeypatch.delenv("POWERTOOLS_METRICS_DISABLED", raising=False)
        told = report.Report(malformed=3, reasons={("malformed", DRIFTED): 3})
        report.emit_metrics(told, Config(function_name="the-function"))
        emitted = json.loads(capsys.readouterr().out.splitlines()[1])
        (directive,) = emitted["_aws"]["CloudWatchMetrics"]
        alarm = properties(plain, "DriftAlarm")
        assert directive["Namespace"] == alarm["Namespace"]
        (names,) = directive["Dimensions"]
        assert set(names) == {each["Name"] for each in alarm["Dimensions"]}
        assert (emitted["service"], emitted["reason"]) == ("the-function", DRIFTED)
        (metric,) = directive["Metrics"]
        assert (metric["Name"], metric["Unit"]) == (alarm["MetricName"], alarm["Unit"])

    def test_each_says_what_to_do_and_tells_the_topic(self, alarms: dict[str, Any]) -> None:
        for name, alarm in alarms.items():
            assert alarm["AlarmActions"] == alarm["OKActions"] == [{"Ref": "AlertTopic"}], name
            assert alarm["TreatMissingData"] == "notBreaching", name
            assert len(alarm["AlarmDescription"]) > 60, name

    def test_a_managed_workspace_may_publish_to_a_topic_of_this_name(
        self, plain: dict[str, Any]
    ) -> None:
        name = properties(plain, "AlertTopic")["TopicName"]
        assert name == "grafana-cloudfront-grafana-alerts"

    def test_mail_is_only_subscribed_when_there_is_an_address(
        self, plain: dict[str, Any], full: dict[str, Any]
    ) -> None:
        assert "AlertMail" not in plain["Resources"]
        mail = properties(full, "AlertMail")
        assert (mail["Protocol"], mail["Endpoint"]) == ("email", "ops@example.com")


class TestGrafana:
    """A managed workspace, if asked for."""

    def test_there_is_none_by_default(self, plain: dict[str, Any]) -> None:
        types = {resource["Type"] for resource in plain["Resources"].values()}
        assert "AWS::Grafana::Workspace" not in types
        assert "WorkspaceRole" not in plain["Resources"]
        assert not [name for name in plain["Outputs"] if "Workspace" in name]

    def test_it_can_read_the_table_install_the_plugin_and_has_the_role(
        self, full: dict[str, Any]
    ) -> None:
        workspace = properties(full, "GrafanaWorkspace")
        assert workspace["PermissionType"] == "CUSTOMER_MANAGED"
        assert workspace["RoleArn"] == {"Fn::GetAtt": ["WorkspaceRole", "Arn"]}
        assert workspace["PluginAdminEnabled"] is True
        assert workspace["AuthenticationProviders"] == ["AWS_SSO"]
        role = properties(full, "WorkspaceRole")
        assert role["ManagedPolicyArns"] == [{"Ref": "GrafanaReadPolicy"}]


class TestOutputs:
    """What people click on, and what the other tools read."""

    def test_the_originals_three_links(self, plain: dict[str, Any]) -> None:
        outputs = plain["Outputs"]
        group = outputs["LogProcessorLogGroup"]["Value"]
        name = properties(plain, "ProcessorLogGroup")["LogGroupName"]
        assert group.endswith(name.replace("/", "$252F"))
        assert "region=us-east-1" in group
        assert "query-editor" in str(outputs["TimestreamQueryEditor"]["Value"])
        assert "metricsV2" in outputs["CloudWatchMetricsUrl"]["Value"]

    def test_they_are_what_a_stack_is_read_from(
        self, plain: dict[str, Any], full: dict[str, Any]
    ) -> None:
        named = set(outputs_of("timestream").values())
        workspace = {"GrafanaWorkspaceId", "GrafanaWorkspaceEndpoint"}
        links = {"LogProcessorLogGroup", "TimestreamQueryEditor", "CloudWatchMetricsUrl"}
        assert set(full["Outputs"]) == named | links
        assert set(plain["Outputs"]) == (named | links) - workspace

    def test_all_but_the_links_and_the_long_list_are_exported(self, full: dict[str, Any]) -> None:
        kept = {"LogProcessorLogGroup", "TimestreamQueryEditor", "CloudWatchMetricsUrl"}
        kept |= {"CollectedFields"}
        for name, output in full["Outputs"].items():
            if name not in kept:
                assert output["Export"]["Name"] == f"cloudfront-grafana-{name}"

    def test_no_exported_value_is_empty(self, plain: dict[str, Any]) -> None:
        """CloudFormation refuses an empty export."""
        for name, output in plain["Outputs"].items():
            assert output["Value"] != "", name

    def test_no_output_is_named_like_a_list_parameter(self, template: dict[str, Any]) -> None:
        """`sam build` looks an output's name up among the parameters, and fails on a list."""
        lists = {
            name
            for name, about in template["Parameters"].items()
            if about["Type"] == "CommaDelimitedList"
        }
        assert lists == {"LogFields"}
        assert not lists & set(template["Outputs"])


class TestRemoval:
    """Deleting the stack leaves nothing that costs; an update never deletes data."""

    def test_everything_goes_with_the_stack(self, full: dict[str, Any]) -> None:
        for name, resource in full["Resources"].items():
            assert resource.get("DeletionPolicy", "Delete") == "Delete", name

    @pytest.mark.parametrize("name", ["LogDatabase", "LogTable", "RejectedDataBucket"])
    def test_data_outlives_a_replacement(self, full: dict[str, Any], name: str) -> None:
        assert full["Resources"][name]["UpdateReplacePolicy"] == "Retain"

    def test_the_logs_are_kept_as_long_as_asked(self, template: dict[str, Any]) -> None:
        stack = transform.resolve(template, LogRetentionDays="7")
        assert properties(stack, "ProcessorLogGroup")["RetentionInDays"] == "7"
