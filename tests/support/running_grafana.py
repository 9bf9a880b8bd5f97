"""A running Grafana's API, and what its contact points send."""

import os
import socket
import time
from collections.abc import Callable
from typing import Any, TypeVar

import pytest
import requests

T = TypeVar("T")


class Grafana:
    """A Grafana's HTTP API, with the rights of an administrator."""

    def __init__(self, url: str) -> None:
        self.url = url.rstrip("/")
        self._session = requests.Session()
        self._session.trust_env = False
        user, password = os.environ.get("GRAFANA_LOGIN", "admin:admin").split(":", 1)
        self._session.auth = (user, password)
        # What is made here can be changed and deleted by hand, too.
        self._session.headers["X-Disable-Provenance"] = "true"

    def ask(self, verb: str, path: str, body: object = None) -> Any:
        """Return the answer as JSON; raises AssertionError with Grafana's reason."""
        answer = self._session.request(verb, self.url + path, json=body, timeout=30)
        assert answer.ok, f"{verb} {path}: {answer.status_code} {answer.text[:2000]}"
        return answer.json() if answer.content else None

    def query(self, queries: list[dict[str, Any]], start: str = "now-1h") -> dict[str, Any]:
        """Return the results of data source queries by refId; errors are part of them."""
        body = {"queries": queries, "from": start, "to": "now"}
        answer = self._session.post(self.url + "/api/ds/query", json=body, timeout=60)
        return answer.json()["results"]

    def states(self) -> dict[str, dict[str, Any]]:
        """Return the rules that Grafana evaluates, by uid, with their alerts."""
        answer = self.ask("GET", "/api/prometheus/grafana/api/v1/rules")
        groups = answer["data"]["groups"]
        return {rule["uid"]: rule for group in groups for rule in group["rules"] if "uid" in rule}


def until(what: str, look: Callable[[], T], seconds: float = 120) -> T:
    """Return what `look` finds as soon as it is true; fails after so many seconds."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if found := look():
            return found
        time.sleep(1)
    pytest.fail(f"waited {seconds:.0f} s in vain: {what}")


class Webhook:
    """What a contact point of type webhook has sent."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.received: list[dict[str, Any]] = []

    def message(self, status: str) -> dict[str, Any] | None:
        """Return the first message with that status, if there is one yet."""
        return next((each for each in self.received if each["status"] == status), None)


def this_machine() -> str:
    """Return an address of this machine that a container on it can reach."""
    if given := os.environ.get("WEBHOOK_HOST"):
        return given
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))  # sends nothing: it only picks an interface
        except OSError:
            return "127.0.0.1"
        return str(probe.getsockname()[0])
