"""Amazon Managed Grafana, of one workspace, for the fake AWS of aws.py.

https://docs.aws.amazon.com/grafana/latest/APIReference/
"""

import json
import re
from typing import Any

from tests.support.aws import AwsError, FakeAws

WORKSPACE = "g-0123456789"
ACCOUNT = re.compile(r"cloudfront-grafana-push-\d+-[0-9a-f]{6}")
Json = Any


class FakeManagedGrafana:
    """One workspace whose Grafana answers at `url` and takes `token`."""

    def __init__(self, aws: FakeAws, url: str, token: str, version: str = "12.4") -> None:
        self.aws = aws
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
        self.refuse: dict[str, str] = {}  # operation -> error code
        self._ids = 0
        for operation in (
            self.DescribeWorkspace,
            self.DescribeWorkspaceConfiguration,
            self.UpdateWorkspaceConfiguration,
            self.ListWorkspaceServiceAccounts,
            self.CreateWorkspaceServiceAccount,
            self.CreateWorkspaceServiceAccountToken,
            self.DeleteWorkspaceServiceAccountToken,
            self.DeleteWorkspaceServiceAccount,
        ):
            aws.on("grafana", **{operation.__name__: self._asked(operation)})

    @property
    def requests(self) -> list[str]:
        """The operations that were called."""
        return [name for name, _ in self.aws.calls]

    def _asked(self, operation: Any) -> Any:
        def answer(parameters: dict[str, Any]) -> Json:
            if code := self.refuse.get(operation.__name__):
                raise AwsError(code, code)
            if parameters.get("workspaceId") != WORKSPACE:
                raise AwsError("ResourceNotFoundException", "no")
            return operation(**parameters)

        return answer

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
