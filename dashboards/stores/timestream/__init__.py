"""Timestream as a store: its settings that depend on no bundle.

The rest is in store.py, which is imported when a bundle is built.
"""

import re
import tomllib
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from dashboards.stores.timestream import billing

if TYPE_CHECKING:
    from dashboards.stores import Cost, Round

# In sentences, and as Grafana's data sources are listed.
TITLE = "Timestream"
DATASOURCE_NAME = "Amazon Timestream"
DATASOURCE_UID = "timestream"
PLUGIN = "grafana-timestream-datasource"
LANGUAGE = "sql"
# Where test-rules takes its cases' data from: log lines through the processor. It is given by name,
# so that the build does not import it, and it may import everything here.
RULE_TRAFFIC = "local.stores.timestream.rulecases:TRAFFIC"
# How the processor can write records, the usual way first.
# In "classic", that of the original aws-samples solution, every field is a text dimension.
LAYOUTS: tuple[str, ...] = ("multi", "classic")
UNREPORTED: tuple[str, ...] = ()
# Each round of questions is paid for: billing.py.
BILLED = True
CADENCE = "5m"
INCIDENT = "make incident ARGS='country=BR kind=5xx minutes=10'"
MEMORY_HOURS = 24  # of the memory store, unless the stack says otherwise
DESCRIPTIONS: Mapping[str, str] = {}


@cache
def _queries() -> dict[str, str]:
    return tomllib.loads(Path(__file__).with_name("confirm.toml").read_text(encoding="utf-8"))


def confirm(rule: str) -> str | None:
    """Return the query that confirms an alert, on the usual database and table, or None."""
    return _queries().get(rule)


def refused(name: str) -> str:
    """Return why the service would refuse a database's or table's name; nothing if it would not."""
    if re.fullmatch(r"[A-Za-z0-9_.-]{3,256}", name):
        return ""
    return "is no Timestream name: use 3 to 256 letters, digits, dashes, dots and underscores"


def layout_refused(layout: str) -> str:
    """Return nothing: no other store has a layout that Timestream lacks."""
    return ""


def asking(rounds: "Sequence[Round]", region: str) -> float:
    """Return what it costs to ask the rules in these rounds, in USD a month."""
    seconds = billing.seconds_an_hour([each.interval for each in rounds])
    return billing.dollars(seconds, region)


def daily(retention: int, interval: int) -> "Sequence[Cost]":
    """Return what writing, keeping and asking cost a day; see dashboards/stores."""
    from dashboards.signals.expressions import Linear, PerSecond, Reported, Sum
    from dashboards.stores import Cost, Round

    units = PerSecond(Sum(Reported("write_units")))
    gigabytes = 86_400 * 1024 / 1e9  # a day, by the unit a second
    memory = MEMORY_HOURS * billing.price("timestream_memory_gb_hour")  # a day's, in its hours
    magnetic = retention * 12 / 365 * billing.price("timestream_magnetic_gb_month")
    least = retention and 100 * 12 / 365 * billing.price("timestream_magnetic_gb_month")
    month = asking([Round(interval, 1)], "us-east-1")
    return (
        Cost(
            "writes",
            "Writes",
            "Write units of the range, by the day.",
            Linear(units, 86_400 / 1e6 * billing.price("timestream_million_writes")),
        ),
        Cost(
            "kept",
            "Kept, when full",
            f"A memory store of {MEMORY_HOURS} hours and a magnetic store of {retention} days, "
            "when they are full of days like the range; a row counts as long as its write units, "
            f"which is the most it can be. The magnetic store costs at least ${least:.2f} a day.",
            Linear(units, gigabytes * (memory + magnetic)),
        ),
        Cost(
            "asked",
            f"Rules every {interval // 60}m",
            "All alert rules in one round each time, and no open dashboards. Each of those costs "
            "as much again if it is refreshed as often.",
            month * 12 / 365,
        ),
    )


def priced_reading() -> str:
    """Return what a question costs, however many are asked with it."""
    region = "us-east-1"
    hour = billing.PRICES["timestream_tcu_hour"]["regions"][region]
    least = billing.UNITS * billing.LEAST_SECONDS / 3600 * hour
    return (
        f"Timestream bills {billing.UNITS} compute units for {billing.LEAST_SECONDS} seconds at "
        f"least whenever this page is opened or refreshed, ${least:.3f} in {region}, and longer "
        "where the range is long: this panel reads every column it shows."
    )
