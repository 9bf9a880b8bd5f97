"""Alert rules for a while: from provisioning files into a Grafana through its API, and out."""

import copy
import time
import uuid
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import yaml

from tests.support.running_grafana import Grafana
from tests.support.running_stores import Tables

A_GROUP = 40  # a group holds 100 rules at most


def provisioned(rules: Path, uid: str) -> dict[str, Any]:
    """Return a copy of a rule as the provisioning file has it."""
    content = yaml.safe_load(rules.read_text())
    [rule] = [each for group in content["groups"] for each in group["rules"] if each["uid"] == uid]
    return copy.deepcopy(rule)


def on_tables(rule: dict[str, Any], tables: Tables) -> dict[str, Any]:
    """Let the rule's queries ask other tables."""
    for query in rule["data"]:
        if query["datasourceUid"] != "__expr__":
            query["model"] = tables.asked(query["model"])
    return rule


@contextmanager
def in_grafana(
    grafana: Grafana, rules: Iterable[dict[str, Any]], interval: int
) -> Iterator[list[str]]:
    """Have rules in a folder of their own for as long as the block lasts; yield their uids."""
    folder = f"e2e-{uuid.uuid4().hex[:12]}"
    since = time.time_ns() // 1_000_000
    grafana.ask("POST", "/api/folders", {"uid": folder, "title": folder})
    try:
        made = [_api(rule, folder, number) for number, rule in enumerate(rules)]
        for start in range(0, len(made), A_GROUP):
            group = f"group-{start}"
            some = made[start : start + A_GROUP]
            grafana.ask(
                "PUT",
                f"/api/v1/provisioning/folder/{folder}/rule-groups/{group}",
                {"title": group, "folderUid": folder, "interval": interval, "rules": some},
            )
        yield [rule["uid"] for rule in made]
    finally:
        grafana.ask("DELETE", f"/api/folders/{folder}?forceDeleteRules=true")
        forget(grafana, folder, since)


def history(grafana: Grafana, folder: str, since: int) -> list[int]:
    """Return the ids of the annotations that rules of a folder have left since then (ms)."""
    query = f"/api/annotations?type=alert&from={since}&to={2**53}&limit=5000"
    mark = f"grafana_folder={folder}"
    return [each["id"] for each in grafana.ask("GET", query) if mark in each["text"]]


def forget(grafana: Grafana, folder: str, since: int) -> None:
    """Delete what the rules' states have left; Grafana writes it a moment after the rules go."""
    quiet = 0
    while quiet < 3:
        found = history(grafana, folder, since)
        for each in found:
            grafana.ask("DELETE", f"/api/annotations/{each}")
        quiet = 0 if found else quiet + 1
        time.sleep(1)


def _api(rule: dict[str, Any], folder: str, number: int) -> dict[str, Any]:
    """Return a copy of a file's rule in the shape that the API wants.

    Nothing of it shows on the bundle's dashboards: its state leaves no annotations there, and the
    lists of what fires do not take it for one of the bundle's.
    """
    made = dict(rule)
    made["labels"] = {**rule["labels"], "bundle": "e2e"}
    made["annotations"] = {
        name: text for name, text in rule["annotations"].items() if not name.startswith("__")
    }
    keep = made.pop("keepFiringFor", None)
    if keep:
        made["keep_firing_for"] = keep
    return {
        **made,
        "uid": f"{folder}-{number}",
        "title": f"{number} {rule['title']}",
        "folderUID": folder,
        "ruleGroup": f"group-{number // A_GROUP * A_GROUP}",
        "orgID": 1,
        "isPaused": False,
    }
