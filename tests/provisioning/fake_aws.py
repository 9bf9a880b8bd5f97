"""The AWS API of Amazon Managed Grafana over real HTTP, its answers checked by botocore's model.

Requests are checked by botocore as they leave the client; here only what they do is played.
https://docs.aws.amazon.com/grafana/latest/APIReference/
"""

import json
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, unquote

import botocore.session
from botocore.validate import ParamValidator

WORKSPACE = "g-0123456789"
ACCOUNT = re.compile(r"cloudfront-grafana-push-\d+-[0-9a-f]{6}")
Json = Any


class FakeManagedGrafana:
    """One workspace whose Grafana answers at `url` and takes `token`."""

    def __init__(self, url: str, token: str, version: str = "12.4") -> None:
        self.workspace = {
            "id": WORKSPACE,
            "endpoint": url,
            "grafanaVersion": version,
            "status": "ACTIVE",
            "created": 1.7e9,
            "modified": 1.7e9,
            "authentication": {"providers": ["AWS_SSO"]},
            "dataSources": ["TIMESTREAM"],
        }
        self.token = token
        self.configuration: Json = {
            "plugins": {"pluginAdminEnabled": True},
            "unifiedAlerting": {"enabled": True},
            "somethingElse": {"kept": 1},
        }
        self.updating = 0  # polls for which the workspace is UPDATING
        self.accounts: dict[str, Json] = {}
        self.lifetimes: list[int] = []
        self.tokens: list[str] = []
        self.requests: list[str] = []
        self.refuse: dict[str, tuple[int, str]] = {}
        self._ids = 0
        self._model = botocore.session.get_session().get_service_model("grafana")
        self._operations = [
            (self._model.operation_model(name), self._pattern(name))
            for name in self._model.operation_names
        ]

    def _pattern(self, name: str) -> "re.Pattern[str]":
        uri = self._model.operation_model(name).http["requestUri"].split("?")[0]
        return re.compile(re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", uri))

    def handle(self, method: str, path: str, body: Json) -> tuple[int, Json]:
        """Answer one request: (status, body)."""
        for model, pattern in self._operations:
            match = pattern.fullmatch(path)
            if model.http["method"] == method and match:
                self.requests.append(model.name)
                if model.name in self.refuse:
                    status, code = self.refuse[model.name]
                    return status, {"__type": code, "message": code}
                given = {key: unquote(value) for key, value in match.groupdict().items()}
                if given.get("workspaceId") != WORKSPACE:
                    return 404, {"__type": "ResourceNotFoundException", "message": "no"}
                answer = getattr(self, model.name)(**given, **(body or {}))
                report = ParamValidator().validate(answer, model.output_shape)
                assert not report.has_errors(), report.generate_report()
                return model.http.get("responseCode", 200), answer
        return 404, {"__type": "UnknownOperationException", "message": path}

    def DescribeWorkspace(self, **_: Json) -> Json:  # noqa: N802
        if self.updating:
            self.updating -= 1
        self.workspace["status"] = "UPDATING" if self.updating else "ACTIVE"
        return {"workspace": self.workspace}

    def DescribeWorkspaceConfiguration(self, **_: Json) -> Json:  # noqa: N802
        return {
            "configuration": json.dumps(self.configuration),
            "grafanaVersion": self.workspace["grafanaVersion"],
        }

    def UpdateWorkspaceConfiguration(self, *, configuration: str, **_: Json) -> Json:  # noqa: N802
        self.configuration = json.loads(configuration)
        self.updating = 3
        return {}

    def ListWorkspaceServiceAccounts(self, **_: Json) -> Json:  # noqa: N802
        return {"serviceAccounts": list(self.accounts.values()), "workspaceId": WORKSPACE}

    def CreateWorkspaceServiceAccount(self, *, name: str, grafanaRole: str, **_: Json) -> Json:  # noqa: N802, N803
        self._ids += 1
        account = {"id": str(self._ids), "name": name, "grafanaRole": grafanaRole}
        self.accounts[account["id"]] = account | {"isDisabled": "false"}
        return account | {"workspaceId": WORKSPACE}

    def CreateWorkspaceServiceAccountToken(self, *, name: str, **given: Json) -> Json:  # noqa: N802
        account = given["serviceAccountId"]
        assert account in self.accounts
        self.lifetimes.append(given["secondsToLive"])
        self.tokens.append("1")
        return {
            "serviceAccountToken": {"id": "1", "name": name, "key": self.token},
            "serviceAccountId": account,
            "workspaceId": WORKSPACE,
        }

    def DeleteWorkspaceServiceAccountToken(self, *, tokenId: str, **given: Json) -> Json:  # noqa: N802, N803
        self.tokens.remove(tokenId)
        account = given["serviceAccountId"]
        return {"tokenId": tokenId, "serviceAccountId": account, "workspaceId": WORKSPACE}

    def DeleteWorkspaceServiceAccount(self, *, serviceAccountId: str, **_: Json) -> Json:  # noqa: N802, N803
        del self.accounts[serviceAccountId]
        return {"serviceAccountId": serviceAccountId, "workspaceId": WORKSPACE}


@contextmanager
def served(fake: FakeManagedGrafana) -> Iterator[str]:
    """Serve `fake` on a free port of this machine; gives its URL."""

    class Handler(BaseHTTPRequestHandler):
        wbufsize = -1

        def log_message(self, *_: object) -> None:
            pass

        def _serve(self) -> None:
            raw = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            path = self.path.split("?")[0]
            status, answer = fake.handle(self.command, path, json.loads(raw) if raw else None)
            content = json.dumps(answer).encode()
            self.send_response(status)
            if status >= 400:
                self.send_header("x-amzn-ErrorType", answer["__type"])
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        do_GET = do_POST = do_PUT = do_DELETE = _serve  # noqa: N815

    with _serving(Handler) as url:
        yield url


@contextmanager
def _serving(handler: type[BaseHTTPRequestHandler]) -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@contextmanager
def stacks(outputs: dict[str, dict[str, str]]) -> Iterator[str]:
    """Serve CloudFormation's DescribeStacks for {stack: its outputs}; gives the URL.

    https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_DescribeStacks.html
    """

    class Handler(BaseHTTPRequestHandler):
        wbufsize = -1

        def log_message(self, *_: object) -> None:
            pass

        def do_POST(self) -> None:
            asked = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
            name = asked["StackName"][0]
            if name in outputs:
                members = "".join(
                    f"<member><OutputKey>{key}</OutputKey><OutputValue>{value}</OutputValue></member>"
                    for key, value in outputs[name].items()
                )
                status, content = (
                    200,
                    (
                        "<DescribeStacksResponse><DescribeStacksResult><Stacks><member>"
                        f"<StackName>{name}</StackName><StackStatus>CREATE_COMPLETE</StackStatus>"
                        f"<Outputs>{members}</Outputs>"
                        "</member></Stacks></DescribeStacksResult></DescribeStacksResponse>"
                    ),
                )
            else:
                status, content = (
                    400,
                    (
                        "<ErrorResponse><Error><Type>Sender</Type><Code>ValidationError</Code>"
                        f"<Message>Stack with id {name} does not exist</Message>"
                        "</Error></ErrorResponse>"
                    ),
                )
            self.send_response(status)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content.encode())

    with _serving(Handler) as url:
        yield url
