"""Queries as the ClickHouse data source reads them, in panels and in alert rules.

https://github.com/grafana/clickhouse-datasource/blob/main/src/types/sql.ts
"""

import re
from typing import Any

import attr
from grafanalib import core

from dashboards.stores import Format
from dashboards.stores.clickhouse import PLUGIN

Json = dict[str, Any]

# What the data source calls them. A query without a format is a time series to it.
FORMATS = {Format.SERIES: 0, Format.TABLE: 1}
# The model's, not an installed plugin's: one that is older than 4.0.0 would have it migrated.
VERSION = "4.0.0"


def model(sql: str, shape: Format, ref_id: str) -> Json:
    """Return what the data source reads of a query; ``editorType`` is for its editor."""
    return {
        "editorType": "sql",
        "format": FORMATS[shape],
        "pluginVersion": VERSION,
        "queryType": "timeseries" if shape is Format.SERIES else "table",
        "rawSql": sql,
        "refId": ref_id,
    }


@attr.s(kw_only=True)
class Target(core.Target):  # type: ignore[misc] # grafanalib has no types
    """A panel's query."""

    sql: str = attr.ib()
    shape: Format = attr.ib(default=Format.TABLE)
    refId: str = attr.ib(default="A")  # noqa: N815 - as grafanalib calls it

    def last(self, milliseconds: int) -> "Target":
        """Return the query for that long before the range's end, whenever the range begins."""
        since = f"($__toTime_ms - INTERVAL {milliseconds} MILLISECOND)"
        sql = re.sub(
            r"\$__timeFilter_ms\((\w+)\)",
            lambda found: f"{found[1]} BETWEEN {since} AND $__toTime_ms",
            self.sql,
        )
        return attr.evolve(self, sql=sql.replace("$__fromTime_ms", since))

    def to_json_data(self) -> Json:
        """Return all the data source reads; the database is in its own settings."""
        return {
            "datasource": {"type": PLUGIN, "uid": "${datasource}"},
            **model(self.sql, self.shape, self.refId),
        }


def rule_model(ref_id: str, sql: str) -> Json:
    """Return the model of a query of an alert rule."""
    return {
        **model(sql, Format.TABLE, ref_id),
        "intervalMs": 60_000,
        "maxDataPoints": 1000,
    }
