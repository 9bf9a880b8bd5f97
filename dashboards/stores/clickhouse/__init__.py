"""ClickHouse as a store: what has to be known of it before a bundle is there to be asked.

The rest is in store.py, which is imported when a bundle is built.
"""

import re
import tomllib
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dashboards.stores import Cost, Round

# In sentences, and as Grafana's data sources are listed.
TITLE = "ClickHouse"
DATASOURCE_NAME = "ClickHouse"
DATASOURCE_UID = "clickhouse"
PLUGIN = "grafana-clickhouse-datasource"
LANGUAGE = "sql"
# Where test-rules takes its cases' data from. By name: nothing that builds knows of it.
RULE_TRAFFIC = "local.stores.clickhouse.rulecases:TRAFFIC"
# How the processor can write records: typed columns, one way.
LAYOUTS: tuple[str, ...] = ("multi",)
# Nothing is metered by the write, and no row is cut to fit a record of 2 KB.
UNREPORTED: tuple[str, ...] = ("write_units",)
# A machine is paid by the hour, whatever is asked of it.
BILLED = False
CADENCE = "1m"
INCIDENT = "make incident ARGS='--control http://127.0.0.1:8098 country=BR kind=5xx minutes=10'"
VOLUME_GB = 30  # the least that a machine is priced with
DESCRIPTIONS: Mapping[str, str] = {
    "bytes_written": "Length of the compressed rows sent to ClickHouse, repeated calls included.",
    "trimmed": "Rows of which some text was cut to the length that is kept of its field.",
}


@cache
def _queries() -> dict[str, str]:
    return tomllib.loads(Path(__file__).with_name("confirm.toml").read_text(encoding="utf-8"))


def confirm(rule: str) -> str | None:
    """Return the query that confirms an alert, of the usual database and table, if any."""
    return _queries().get(rule)


def refused(name: str) -> str:
    """Return why a database's or table's name is refused; nothing if it is not.

    ClickHouse takes any name in backquotes; a file system and a line of a command do not.
    """
    if re.fullmatch(r"[A-Za-z0-9_.-]{1,128}", name):
        return ""
    return "is no name for a table here: use 1 to 128 letters, digits, dashes, dots and underscores"


def layout_refused(layout: str) -> str:
    """Return why there is no such layout here, where another store has it; or nothing."""
    if layout == "classic":
        return (
            "is Timestream's alone: it keeps every field as a text dimension, as a dashboard made "
            "for that table expects; ClickHouse has typed columns, so leave layout out"
        )
    return ""


def asking(rounds: "Sequence[Round]", region: str) -> float:
    """Return nothing: asking takes CPU that is paid for."""
    return 0.0


def daily(retention: int, interval: int) -> "Sequence[Cost]":
    """Return what a machine costs a day; writing, keeping and asking are in that."""
    from dashboards.stores import Cost
    from dashboards.stores.clickhouse import billing

    machine = 24 * billing.price("clickhouse_machine_hour")
    volume = VOLUME_GB * 12 / 365 * billing.price("clickhouse_volume_gb_month")
    return (
        Cost(
            "machine",
            "One machine",
            f"{billing.PRICES['clickhouse_machine_hour']['what']}, with a volume of {VOLUME_GB} "
            "GB: the same whatever is written, kept and asked. A replica costs as much again.",
            machine + volume,
        ),
    )


def priced_reading() -> str:
    """Return nothing: asking takes CPU that is paid for."""
    return ""
