"""AWS over real HTTP, for what moto lacks or is lax about.

Requests are parsed and answers written by the service's own model (the one boto3 uses), so what a
fake operation gets and gives has the shapes of the real one; boto3 talks to it at the wire.
"""

import copy
import re
import threading
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import werkzeug
from moto.core.parse import PROTOCOL_PARSERS
from moto.core.serialize import get_serializer_class
from moto.core.utils import get_service_model
from werkzeug.serving import make_server

Operation = Callable[[dict[str, Any]], dict[str, Any]]
ARN = "arn:aws:cloudfront::123456789012:realtime-log-config/cloudfront-grafana-us-east-1"
OTHER_ARN = "arn:aws:cloudfront::123456789012:realtime-log-config/somebody-elses"
STREAM_ARN = "arn:aws:kinesis:us-east-1:123456789012:stream/stream"
SERVICES = {"timestream": ("timestream-write", "timestream-query"), "monitoring": ("cloudwatch",)}


class FakeAws:
    """Answers the operations it is given, and says which were called."""

    def __init__(self) -> None:
        self.operations: dict[tuple[str, str], Operation] = {}
        self.calls: list[tuple[str, dict[str, Any]]] = []
        self.server = make_server("127.0.0.1", 0, self._answer, threaded=True)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def on(self, service: str, **operations: Operation | dict[str, Any] | Exception) -> None:
        """Answer these operations with what a function returns, a fixed answer, or an error."""
        for name, answer in operations.items():
            self.operations[service, name] = answer if callable(answer) else _always(answer)

    def called(self, operation: str) -> list[dict[str, Any]]:
        """Return the parameters of each call of the operation."""
        return [parameters for name, parameters in self.calls if name == operation]

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()

    def _answer(self, environ: dict[str, Any], start: Any) -> Any:
        request = werkzeug.Request(environ)
        scope = re.search(r"Credential=\w+/\d+/[\w-]+/([\w-]+)/", request.headers["Authorization"])
        for service in SERVICES.get(scope.group(1), (scope.group(1),)):
            model = get_service_model(service)
            found = _operation(model, request)
            if found and (service, found[0]) in self.operations:
                break
        else:
            return werkzeug.Response(f"no fake for {scope.group(1)} {request}", 501)(environ, start)
        name, uri = found
        operation = model.operation_model(name)
        protocol = model.protocol
        parameters = PROTOCOL_PARSERS[protocol](operation).parse(
            {
                "method": request.method,
                "values": request.values,
                "headers": request.headers,
                "body": request.get_data(),
                "url_path": request.path,
                "url_params": uri,
            }
        )
        self.calls.append((name, copy.deepcopy(dict(parameters))))
        serializer = get_serializer_class(service, protocol)(operation)
        try:
            answer: Any = self.operations[service, name](parameters)
        except AwsError as error:
            answer = error
        with warnings.catch_warnings():
            # moto warns of errors that the service's model does not name; some are real.
            warnings.simplefilter("ignore")
            made = serializer.serialize(answer)
        response = werkzeug.Response(made["body"], made["status_code"], made["headers"])
        return response(environ, start)


@contextmanager
def serving() -> Iterator[FakeAws]:
    """Serve a fake AWS."""
    fake = FakeAws()
    try:
        yield fake
    finally:
        fake.close()


def _always(answer: dict[str, Any] | Exception) -> Operation:
    def operation(_: dict[str, Any]) -> dict[str, Any]:
        if isinstance(answer, Exception):
            raise answer
        return answer

    return operation


def _operation(model: Any, request: werkzeug.Request) -> tuple[str, dict[str, str]] | None:
    if target := request.headers.get("X-Amz-Target"):
        name = target.split(".")[-1]
        return (name, {}) if name in model.operation_names else None
    if action := request.values.get("Action"):
        return action, {}
    for name in model.operation_names:
        http = model.operation_model(name).http
        pattern = re.sub(r"\{(\w+)\+?\}", r"(?P<\1>[^/]+)", http["requestUri"].split("?")[0])
        matched = re.fullmatch(pattern, request.path)
        if http["method"] == request.method and matched:
            return name, matched.groupdict()
    return None


class AwsError(Exception):
    """An error of a service."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


class FakeCloudFront:
    """Distributions that can only be changed with the ETag of their latest version."""

    def __init__(self, aws: FakeAws) -> None:
        self.configs: dict[str, dict[str, Any]] = {}
        self.log_configs: dict[str, dict[str, Any]] = {}  # by ARN
        self.versions: dict[str, int] = {}
        self.statuses: dict[str, list[str]] = {}  # what GetDistribution says next; then Deployed
        self.interruptions: list[Callable[[], None]] = []  # one is run before each update
        aws.on(
            "cloudfront",
            GetDistributionConfig=self.get_config,
            GetDistribution=self.get,
            UpdateDistribution=self.update,
            ListDistributionsByRealtimeLogConfig=self.by_log_config,
            GetRealtimeLogConfig=self.get_log_config,
            ListRealtimeLogConfigs=self.list_log_configs,
        )

    def add_log_config(self, arn: str, fields: list[str], sampling: int, stream: str) -> None:
        """Add a real-time log config; the stream is an ARN."""
        target = {"RoleARN": "arn:aws:iam::123456789012:role/delivery", "StreamARN": stream}
        self.log_configs[arn] = {
            "ARN": arn,
            "Name": arn.rsplit("/", 1)[-1],
            "SamplingRate": sampling,
            "EndPoints": [{"StreamType": "Kinesis", "KinesisStreamConfig": target}],
            "Fields": fields,
        }

    def get_log_config(self, parameters: dict[str, Any]) -> dict[str, Any]:
        if parameters["ARN"] not in self.log_configs:
            raise AwsError("NoSuchRealtimeLogConfig", "The configuration does not exist.")
        return {"RealtimeLogConfig": self.log_configs[parameters["ARN"]]}

    def list_log_configs(self, parameters: dict[str, Any]) -> dict[str, Any]:
        """List them one a page, as CloudFront may."""
        at = int(parameters.get("Marker", 0))
        items = list(self.log_configs.values())
        found = {"MaxItems": 1, "Marker": str(at), "IsTruncated": at + 1 < len(items)}
        found |= {"NextMarker": str(at + 1)} if found["IsTruncated"] else {}
        return {"RealtimeLogConfigs": found | {"Items": items[at : at + 1]}}

    def add(self, name: str, behaviors: dict[str, str | None], aliases: list[str]) -> None:
        """Add a distribution; behaviors are {path pattern or "default": ARN of its log config}."""

        def behavior(arn: str | None) -> dict[str, Any]:
            found = {
                "TargetOriginId": "origin",
                "ViewerProtocolPolicy": "redirect-to-https",
                "CachePolicyId": "658327ea-f89d-4fab-a63d-7e88639e58f6",
            }
            return found | ({"RealtimeLogConfigArn": arn} if arn else {})

        paths = [path for path in behaviors if path != "default"]
        items = [behavior(behaviors[path]) | {"PathPattern": path} for path in paths]
        self.configs[name] = {
            "CallerReference": name,
            "Comment": "",
            "Enabled": True,
            "Aliases": {"Quantity": len(aliases), "Items": aliases},
            "Origins": {"Quantity": 1, "Items": [{"Id": "origin", "DomainName": "o.example.com"}]},
            "DefaultCacheBehavior": behavior(behaviors["default"]),
            "CacheBehaviors": {"Quantity": len(items), "Items": items},
        }
        self.versions[name] = 1

    def attached(self, name: str) -> dict[str, str | None]:
        """Return {path pattern or "default": ARN}."""
        config = self.configs[name]
        found = {
            item["PathPattern"]: item.get("RealtimeLogConfigArn")
            for item in config["CacheBehaviors"]["Items"]
        }
        return found | {"default": config["DefaultCacheBehavior"].get("RealtimeLogConfigArn")}

    def change(self, name: str, path: str, arn: str | None) -> None:
        """Change a behavior's log config as somebody else would."""
        config = self.configs[name]
        for item in [*config["CacheBehaviors"]["Items"], config["DefaultCacheBehavior"]]:
            if item.get("PathPattern", "default") == path:
                item.pop("RealtimeLogConfigArn", None)
                item.update({"RealtimeLogConfigArn": arn} if arn else {})
        self.versions[name] += 1

    def touch(self, name: str) -> None:
        """Change something else about the distribution."""
        self.configs[name]["Comment"] += "touched "
        self.versions[name] += 1

    def get_config(self, parameters: dict[str, Any]) -> dict[str, Any]:
        name = parameters["Id"]
        if name not in self.configs:
            raise AwsError("NoSuchDistribution", "The specified distribution does not exist.")
        config = copy.deepcopy(self.configs[name])
        return {"DistributionConfig": config, "ETag": f"E{self.versions[name]}"}

    def get(self, parameters: dict[str, Any]) -> dict[str, Any]:
        name = parameters["Id"]
        waiting = self.statuses.get(name)
        return {"Distribution": self._shown(name, waiting.pop(0) if waiting else "Deployed")}

    def update(self, parameters: dict[str, Any]) -> dict[str, Any]:
        name = parameters["Id"]
        if self.interruptions:
            self.interruptions.pop(0)()
        if parameters.get("IfMatch") != f"E{self.versions[name]}":
            raise AwsError("PreconditionFailed", "The request failed because it didn't meet it.")
        self.configs[name] = _plain(parameters["DistributionConfig"])
        self.versions[name] += 1
        return {"Distribution": self._shown(name, "InProgress"), "ETag": f"E{self.versions[name]}"}

    def by_log_config(self, parameters: dict[str, Any]) -> dict[str, Any]:
        arn = parameters["RealtimeLogConfigArn"]
        items = [
            self.configs[name]
            | {"Id": name, "Status": (self.statuses.get(name) or ["Deployed"])[0]}
            for name in self.configs
            if arn in self.attached(name).values()
        ]
        found = {"Marker": "", "MaxItems": 100, "IsTruncated": False, "Quantity": len(items)}
        return {"DistributionList": found | {"Items": items}}

    def _shown(self, name: str, status: str) -> dict[str, Any]:
        return {
            "Id": name,
            "ARN": f"arn:aws:cloudfront::123456789012:distribution/{name}",
            "Status": status,
            "DomainName": "d111.cloudfront.net",
            "DistributionConfig": self.configs[name],
        }


def _plain(node: Any) -> Any:
    if isinstance(node, dict):
        return {key: _plain(value) for key, value in node.items()}
    return [_plain(item) for item in node] if isinstance(node, list) else node


class FakeCloudFormation:
    """Stacks that were deployed, with their outputs and resources."""

    def __init__(self, aws: FakeAws) -> None:
        self.stacks: dict[str, dict[str, Any]] = {}
        self.resources: dict[str, str] = {}
        self.deleting: list[str] = []  # the statuses that follow DeleteStack
        self.events: list[dict[str, Any]] = []
        aws.on(
            "cloudformation",
            DescribeStacks=self.describe,
            ListStackResources=self.list_resources,
            DeleteStack=self.delete,
            DescribeStackEvents=lambda _: {"StackEvents": self.events},
        )

    def add(
        self, name: str, outputs: dict[str, str], status: str = "CREATE_COMPLETE", **more: Any
    ) -> None:
        """Add a stack."""
        self.stacks[name] = {
            "StackName": name,
            "StackId": f"arn:aws:cloudformation:us-east-1:123456789012:stack/{name}/1-2-3",
            "CreationTime": "2026-11-01T00:00:00Z",
            "StackStatus": status,
            "Outputs": [{"OutputKey": key, "OutputValue": value} for key, value in outputs.items()],
            **more,
        }

    def describe(self, parameters: dict[str, Any]) -> dict[str, Any]:
        name = parameters["StackName"]
        for stack in self.stacks.values():
            if name in (stack["StackName"], stack["StackId"]):
                if name == stack["StackId"] and self.deleting:
                    stack["StackStatus"] = self.deleting.pop(0)
                return {"Stacks": [stack]}
        raise AwsError("ValidationError", f"Stack with id {name} does not exist")

    def list_resources(self, parameters: dict[str, Any]) -> dict[str, Any]:
        return {
            "StackResourceSummaries": [
                {
                    "LogicalResourceId": logical,
                    "PhysicalResourceId": physical,
                    "ResourceType": "AWS::X::Y",
                    "ResourceStatus": "CREATE_COMPLETE",
                    "LastUpdatedTimestamp": "2026-11-01T00:00:00Z",
                }
                for logical, physical in self.resources.items()
            ]
        }

    def delete(self, parameters: dict[str, Any]) -> dict[str, Any]:
        return {}
