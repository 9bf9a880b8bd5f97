"""The same promises, kept by a real Grafana: name one in PUSH_TEST_URL and PUSH_TEST_TOKEN.

Whatever is in that Grafana stays in it; the Timestream plugin need not be there.
"""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from provisioning.push import discovery, files
from provisioning.push.apply import Outcome, carry_out
from provisioning.push.client import Client
from provisioning.push.errors import PushError, Unreachable
from provisioning.push.expand import Expander
from provisioning.push.model import Desired
from provisioning.push.plan import Action, Plan
from provisioning.push.secrets import Secrets
from tests.support import push_samples

URL = os.environ.get("PUSH_TEST_URL", "")
TOKEN = os.environ.get("PUSH_TEST_TOKEN", "")
NAME = "pushtest"

pytestmark = pytest.mark.skipif(not URL or not TOKEN, reason="no real Grafana is named")


class Cut(Client):
    """A client whose connection is gone after so many writes."""

    left = 10_000

    def request(self, method: str, path: str, **more: Any) -> Any:
        if method != "GET":
            self.left -= 1
            if self.left < 0:
                raise Unreachable("cut off")
        return super().request(method, path, **more)


class Real:
    """The real Grafana, and what the tool would do to it."""

    def __init__(self, backups: Path) -> None:
        self.client = Cut(URL, TOKEN, Secrets())
        self.backups = backups

    def desired(self, **changes: Any) -> Desired:
        built = push_samples.built(NAME, "Push test", **changes)
        return files.parse(built, NAME, Expander(push_samples.ENVIRONMENT), self.client.secrets)

    def plan(self, desired: Desired, **options: bool) -> Plan:
        grafana = discovery.identify(self.client)
        secrets = self.client.secrets
        return discovery.plan(
            self.client, grafana, desired, secrets, backups=self.backups, **options
        )

    def apply(self, desired: Desired, **options: bool) -> Outcome:
        return carry_out(self.plan(desired, **options), lambda _line: None)

    def snapshot(self) -> list[Any]:
        """All that a user can see."""
        paths = ("folders", "datasources", "search?limit=5000")
        alerting = ("alert-rules", "contact-points", "templates", "mute-timings", "policies")
        found = [self.client.get(f"/api/{path}") for path in paths]
        found += [self.client.get(f"/api/v1/provisioning/{path}") for path in alerting]
        boards = [hit["uid"] for hit in found[2] if hit["type"] == "dash-db"]
        return found + [self.client.get(f"/api/dashboards/uid/{uid}") for uid in boards]


@pytest.fixture
def real(tmp_path: Path) -> Iterator[Real]:
    real = Real(tmp_path)
    before = real.snapshot()
    yield real
    real.client.left = 10_000
    real.apply(real.desired(), remove=True, overwrite=True)
    assert real.snapshot() == before
    real.client.close()


def test_a_second_apply_changes_nothing(real: Real) -> None:
    assert real.apply(real.desired()).done == 11
    plan = real.plan(real.desired())
    assert {change.action for change in plan.changes} == {Action.SAME}


def test_an_apply_cut_off_after_any_write_is_completed_by_the_next(real: Real) -> None:
    for writes in range(11):
        real.client.left = writes
        with pytest.raises(PushError):
            real.apply(real.desired())
        real.client.left = 10_000
        real.apply(real.desired())
        assert not real.plan(real.desired()).steps
        real.apply(real.desired(), remove=True)


def test_an_edit_is_kept_until_told_otherwise_and_other_builds_take_over(real: Real) -> None:
    real.apply(real.desired())
    there = real.client.get(f"/api/dashboards/uid/{NAME}-overview")
    spec = there["dashboard"] | {"title": "Mine"}
    body = {"dashboard": spec, "folderUid": there["meta"]["folderUid"]}
    real.client.post("/api/dashboards/db", body)
    [kept] = [c for c in real.plan(real.desired()).changes if c.action is Action.KEEP]
    assert kept.diff == ('title: "Mine" → "Overview"',)
    smaller = real.desired(second=False, receivers=("slack",), mute=False, limit=9, sql="SELECT 9")
    real.apply(smaller, overwrite=True)
    assert not real.plan(smaller).steps
