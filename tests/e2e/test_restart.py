"""A restart of Grafana changes nothing: not ours, and not what people made beside it.

GRAFANA_RESTART is the command that restarts the Grafana under test, GRAFANA_LOG the one that prints
its log; `make e2e` sets both to those of Docker Compose.
"""

import os
import re
import subprocess
import time
import uuid
from collections.abc import Iterator
from typing import Any

import pytest
import requests

from tests.support.running_grafana import Grafana, until

BOARDS = "/api/search?type=dash-db&tag=cloudfront"
SETTLED_SECONDS = 20
# Titles that a search for ours, or for our alerts' folder, could find as well. Not one that is ours
# but for its case: Grafana 12.4 takes that for ours, see docs/troubleshooting.md.
FOREIGN = ("CloudFront drafts", "CloudFront alerts of ours", "My CloudFront", "drafts CloudFront")


def command(name: str) -> str:
    found = os.environ.get(name)
    if not found:
        pytest.skip(f"{name} is not set; run `make e2e`, or say how this Grafana is restarted")
    return found


def shell(text: str) -> str:
    done = subprocess.run(text, shell=True, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, f"{text}: {done.stderr}"
    return done.stdout + done.stderr


def is_up(grafana: Grafana) -> bool:
    """Whether Grafana answers and has provisioned what it reads last."""
    try:
        healthy = requests.get(f"{grafana.url}/api/health", timeout=5).ok
        return healthy and len(grafana.ask("GET", BOARDS)) > 0
    except (requests.RequestException, AssertionError):
        return False


def state(grafana: Grafana) -> dict[str, Any]:
    """Everything that a restart could lose, by uid."""
    found: dict[str, Any] = {
        f"folder {each['uid']}": each["title"] for each in grafana.ask("GET", "/api/folders")
    }
    for each in grafana.ask("GET", "/api/search?type=dash-db&limit=5000"):
        board = grafana.ask("GET", f"/api/dashboards/uid/{each['uid']}")
        meta = board["meta"]
        kept = ("version", "isStarred", "folderUid", "created", "provisioned")
        found[f"dashboard {each['uid']}"] = {name: meta.get(name) for name in kept}
        notes = grafana.ask("GET", f"/api/annotations?dashboardUID={each['uid']}&type=annotation")
        found[f"annotations {each['uid']}"] = sorted(note["id"] for note in notes)
    for rule in grafana.ask("GET", "/api/v1/provisioning/alert-rules"):
        found[f"rule {rule['uid']}"] = (rule["id"], rule["folderUID"], rule["ruleGroup"])
    for source in grafana.ask("GET", "/api/datasources"):
        found[f"data source {source['uid']}"] = (source["id"], source["isDefault"])
    return found


@pytest.fixture
def somebodys(grafana: Grafana) -> Iterator[None]:
    """Empty folders, a folder with a dashboard, a star and an annotation of somebody's."""
    folders = [f"e2e-{uuid.uuid4().hex[:12]}" for _ in FOREIGN]
    board = f"e2e-{uuid.uuid4().hex[:12]}"
    note = 0
    try:
        for uid, title in zip(folders, FOREIGN, strict=True):
            grafana.ask("POST", "/api/folders", {"uid": uid, "title": title})
        model = {"uid": board, "title": "CloudFront overview", "panels": [], "schemaVersion": 39}
        grafana.ask("POST", "/api/dashboards/db", {"dashboard": model, "folderUid": folders[0]})
        grafana.ask("POST", "/api/user/stars/dashboard/uid/cloudfront-overview")
        said = {"dashboardUID": "cloudfront-overview", "text": "e2e", "time": 1_790_000_000_000}
        note = grafana.ask("POST", "/api/annotations", said)["id"]
        yield
    finally:
        if note:
            grafana.ask("DELETE", f"/api/annotations/{note}")
        grafana.ask("DELETE", "/api/user/stars/dashboard/uid/cloudfront-overview")
        for uid in folders:
            grafana.ask("DELETE", f"/api/folders/{uid}")


def test_two_restarts_change_nothing(grafana: Grafana, somebodys: None) -> None:
    restart, log = command("GRAFANA_RESTART"), command("GRAFANA_LOG")
    before = state(grafana)
    assert sum(name.startswith("dashboard cloudfront-") for name in before) > 5
    for _ in range(2):
        lines = len(shell(log).splitlines())
        shell(restart)
        until("Grafana is up again", lambda: is_up(grafana))
        time.sleep(SETTLED_SECONDS)  # clean-ups come after the start
        assert state(grafana) == before
        said = shell(log).splitlines()[lines:]
        assert not [line for line in said if "deleted duplicated" in line]
        assert not [line for line in said if re.search(r"\blevel=error\b", line)]
