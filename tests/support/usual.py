"""The bundle that the tests are about, whatever the defaults in dashboards/config.py have become.

Only a test about the committed files takes Bundle from there: those are built with its defaults.
"""

import atexit
import shutil
import tempfile
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

from dashboards import alerts, config, stores
from dashboards.alerts import thresholds
from dashboards.alerts.rules import RULES
from processor.catalog import DEFAULT_FIELDS


@dataclass(frozen=True, kw_only=True)
class Bundle(config.Bundle):
    """A bundle whose knobs stand where they stood when the tests were written."""

    name: str = "cloudfront"
    title: str = ""
    layout: str = "multi"
    fields: tuple[str, ...] = tuple(field.name for field in DEFAULT_FIELDS)
    sampling: int = 100
    database: str = "cloudfront"
    table: str = "realtime_logs"
    retention: int = 30
    datasource: str = ""
    default_datasource: bool = False
    personal: bool = False
    min_interval: str = "1m"
    time_range: str = "1h"
    refresh: str = ""
    cadence: str = ""
    billed: bool = False
    top: int = 10
    grafana_url: str = "http://localhost:3000"
    runbook_url: str = ""
    channels: tuple[str, ...] = ("email",)


# The rules that thresholds.toml has not turned off; the others have nothing to be tested.
_LIMITS = thresholds.load().rules
ON = frozenset(name for name in RULES if _LIMITS[name].enabled)


@cache
def alerting_files(**knobs: object) -> dict[str, Path]:
    """Build the bundle's alerting files, and return their paths by name, such as rules."""
    folder = Path(tempfile.mkdtemp())
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    paths = {}
    for name, text in alerts.build(Bundle(**knobs)).items():  # type: ignore[arg-type]
        paths[Path(name).stem] = folder / Path(name).name
        (folder / Path(name).name).write_text(text)
    return paths


def rulecases(store: str) -> Any:
    """Return the module that runs rules' tests on a store: its `load` and `endpoint`."""
    return import_module(stores.named(store).RULE_TRAFFIC.partition(":")[0])


def turn_off(path: Path, *rules: str) -> Path:
    """Write thresholds.toml with these rules turned off, and return its path."""
    text = thresholds.DEFAULT.read_text()
    for rule in rules:
        assert f"[{rule}]\n" in text
        text = text.replace(f"[{rule}]\n", f"[{rule}]\nenabled = false\n")
    path.write_text(text)
    return path
