"""Amazon Managed Grafana: a workspace made ready, and a token that lives for one push.

https://docs.aws.amazon.com/grafana/latest/APIReference/
https://docs.aws.amazon.com/grafana/latest/userguide/service-accounts.html
"""

import json
import secrets as randomness
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from types import FrameType
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from cli import aws
from provisioning.push.console import Report
from provisioning.push.errors import PushError
from provisioning.push.ownership import PRODUCT

Sleep = Callable[[float], None]

# Where the permissions for all of this are listed.
PERMISSIONS = "docs/push.md"

# A workspace's quota of alert rules.
# https://docs.aws.amazon.com/grafana/latest/userguide/AMG_quotas.html
MOST_RULES = 100

# Long enough to read a plan before agreeing to it; the token goes when the push is over.
_TOKEN_SECONDS = 3600
# A service account of a run that was killed outright is removed by a later run, once its token is
# certain to have expired.
_LEFT_OVER_SECONDS = 2 * _TOKEN_SECONDS
_WAIT_SECONDS = 600
POLL_SECONDS = 5.0  # between two looks at what takes minutes
_RETRY_SECONDS = 2.0
_TERMINATING = (signal.SIGTERM, signal.SIGHUP)  # from outside; a terminal that is closed


@dataclass(frozen=True)
class Workspace:
    """A workspace as AWS describes it."""

    id: str
    url: str
    status: str
    version: str


class Managed:
    """One workspace, through the AWS API; every method raises PushError when AWS refuses."""

    def __init__(
        self, workspace_id: str, region: str | None, report: Report, sleep: Sleep = time.sleep
    ) -> None:
        self.id = workspace_id
        self._report = report
        self._sleep = sleep
        self._aws: Any = aws.client(aws.session(region), "grafana")
        self.region: str = self._aws.meta.region_name

    def describe(self) -> Workspace:
        """Describe the workspace; refuse one that is not in use."""
        answer = self._call("describe_workspace", f"describe the workspace {self.id}")["workspace"]
        endpoint = answer["endpoint"]
        url = endpoint if "://" in endpoint else f"https://{endpoint}"
        return Workspace(self.id, url, answer["status"], answer.get("grafanaVersion", ""))

    def lacking(self) -> list[str]:
        """Say what has to be turned on before a push: unified alerting, plugin management."""
        configuration = self._configuration()
        lacking = []
        old = int((self.describe().version or "12").split(".")[0]) < 11
        # Grafana 11 has no other alerting.
        if old and not (configuration.get("unifiedAlerting") or {}).get("enabled"):
            lacking.append("unified alerting")
        if not (configuration.get("plugins") or {}).get("pluginAdminEnabled"):
            lacking.append("plugin management")
        return lacking

    def turn_on(self, what: list[str]) -> None:
        """Turn on what `lacking` named, keep the rest of the configuration, and wait."""
        configuration = self._configuration()
        if "unified alerting" in what:
            configuration["unifiedAlerting"] = {"enabled": True}
        if "plugin management" in what:
            plugins = configuration.get("plugins") or {}
            configuration["plugins"] = {**plugins, "pluginAdminEnabled": True}
        self._call(
            "update_workspace_configuration",
            f"configure the workspace {self.id}",
            configuration=json.dumps(configuration),
        )
        self.ready()

    def ready(self) -> Workspace:
        """Wait until the workspace is ACTIVE; at most ten minutes."""
        for _ in range(int(_WAIT_SECONDS / POLL_SECONDS)):
            workspace = self.describe()
            if workspace.status == "ACTIVE":
                return workspace
            if workspace.status.endswith("FAILED") or workspace.status in ("DELETING", "DELETED"):
                break
            self._report(f"workspace {self.id} is {workspace.status.lower()}; waiting")
            self._sleep(POLL_SECONDS)
        raise PushError(
            f"Workspace {self.id} is {workspace.status}; look at it in the AWS console and try "
            "again when it is ACTIVE."
        )

    @contextmanager
    def token(self, account: str | None = None) -> Iterator[str]:
        """Give a token that is deleted afterwards, whatever happens.

        It belongs to the service account `account`, or else to a new one that is deleted with it:
        AWS bills every service account that was used in a month as a user. Until then, SIGTERM and
        SIGHUP count as Ctrl-C; nothing interrupts the deletion.
        """
        if account is None:
            self._sweep()
        name = f"{PRODUCT}-push-{int(time.time())}-{randomness.token_hex(3)}"
        made = token = None
        with _terminate_is_interrupt():
            try:
                if account is None:
                    made = self._call(
                        "create_workspace_service_account",
                        "create a service account",
                        name=name,
                        grafanaRole="ADMIN",
                    )["id"]
                answer = self._call(
                    "create_workspace_service_account_token",
                    "create a token",
                    name=name,
                    secondsToLive=_TOKEN_SECONDS,
                    serviceAccountId=account or made,
                )
                token = answer["serviceAccountToken"]["id"]
                yield answer["serviceAccountToken"]["key"]
            finally:
                with _uninterrupted():
                    if account is None:
                        # Interrupted while AWS was creating it, its id never came.
                        self._remove_account(made) if made else self._sweep(name)
                    elif token:
                        self._remove(
                            "delete_workspace_service_account_token",
                            f"the token {token}",
                            serviceAccountId=account,
                            tokenId=token,
                        )

    def _sweep(self, name: str | None = None) -> None:
        """Remove service accounts that earlier runs left behind, or the one called `name`."""
        accounts: list[dict[str, Any]] = []
        more: dict[str, str] = {}
        while True:
            page = self._call(
                "list_workspace_service_accounts", "list the service accounts", **more
            )
            accounts += page.get("serviceAccounts", [])
            if not page.get("nextToken"):
                break
            more = {"nextToken": page["nextToken"]}
        for account in accounts:
            if account["name"] == name or (name is None and _left_over(account["name"])):
                self._remove_account(account["id"])

    def _remove_account(self, account: str) -> None:
        self._remove(
            "delete_workspace_service_account",
            f"the service account {account}, which counts as a user on the bill,",
            serviceAccountId=account,
        )

    def _remove(self, operation: str, what: str, **arguments: str) -> None:
        """Remove something of this run. A failure is reported, not raised."""
        for attempt in range(3):
            try:
                self._call(operation, f"delete {what}", **arguments)
                return
            except PushError as error:
                if attempt == 2:
                    self._report(
                        f"{error} Delete it in the workspace yourself; its token expires within "
                        f"{_TOKEN_SECONDS // 60} minutes."
                    )
                else:
                    self._sleep(_RETRY_SECONDS)

    def _configuration(self) -> dict[str, Any]:
        answer = self._call(
            "describe_workspace_configuration", f"read the configuration of {self.id}"
        )
        configuration = json.loads(answer.get("configuration") or "{}")
        assert isinstance(configuration, dict)
        return configuration

    def _call(self, operation: str, doing: str, **arguments: object) -> Any:
        try:
            return getattr(self._aws, operation)(workspaceId=self.id, **arguments)
        except (ClientError, BotoCoreError) as error:
            if isinstance(error, ClientError) and aws.code_of(error) == "ResourceNotFoundException":
                raise PushError(
                    f"There is no workspace {self.id} in {self.region}; name its region with "
                    "--region."
                ) from None
            raise PushError(aws.explain(error, doing, PERMISSIONS)) from None


def _left_over(name: str) -> bool:
    start = f"{PRODUCT}-push-"
    made = name.removeprefix(start).split("-")[0]
    old = time.time() - _LEFT_OVER_SECONDS
    return name.startswith(start) and made.isdigit() and int(made) < old


@contextmanager
def _terminate_is_interrupt() -> Iterator[None]:
    def interrupt(_signal: int, _frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    # What is ignored stays so: under nohup a terminal that closes is no reason to stop.
    before = {kind: signal.getsignal(kind) for kind in _TERMINATING}
    for kind, handler in before.items():
        if handler is not signal.SIG_IGN:
            signal.signal(kind, interrupt)
    try:
        yield
    finally:
        for kind, handler in before.items():
            signal.signal(kind, handler)


@contextmanager
def _uninterrupted() -> Iterator[None]:
    kinds = (signal.SIGINT, *_TERMINATING)
    before = {kind: signal.signal(kind, signal.SIG_IGN) for kind in kinds}
    try:
        yield
    finally:
        for kind, handler in before.items():
            signal.signal(kind, handler)
