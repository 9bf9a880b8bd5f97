"""Queries as the Timestream data source reads them, in panels and in alert rules.

https://github.com/grafana/timestream-datasource/blob/main/pkg/models/query.go
"""

from typing import Any

import attr
from grafanalib import core

from dashboards.stores import Format
from dashboards.stores.timestream import PLUGIN

Json = dict[str, Any]

# The data source's numbers for them.
FORMATS = {Format.TABLE: 0, Format.SERIES: 1}


@attr.s(kw_only=True)
class Target(core.Target):  # type: ignore[misc] # grafanalib has no types
    """A panel's query. It waits for all pages: a panel drawn page by page flickers.

    grafanalib's own targets carry a `format` and `rawQuery` that the data source refuses.
    """

    sql: str = attr.ib()
    shape: Format = attr.ib(default=Format.TABLE)
    refId: str = attr.ib(default="A")  # noqa: N815 - as grafanalib calls it

    def last(self, milliseconds: int) -> "Target":
        """Return the query for that long before the range's end, whenever the range begins."""
        since = f"$__timeTo - {milliseconds}"
        within = f"time BETWEEN from_milliseconds({since}) AND from_milliseconds($__timeTo - 0)"
        sql = self.sql.replace("$__timeFilter", within).replace("$__timeFrom", f"({since})")
        return attr.evolve(self, sql=sql)

    def to_json_data(self) -> Json:
        """Return all the data source reads; it takes database and table from its own settings."""
        return {
            "datasource": {"type": PLUGIN, "uid": "${datasource}"},
            "format": FORMATS[self.shape],
            "rawQuery": self.sql,
            "refId": self.refId,
            "waitForResult": True,
        }


def rule_model(ref_id: str, sql: str) -> Json:
    """Return the model of a query of an alert rule."""
    return {
        "refId": ref_id,
        "format": FORMATS[Format.TABLE],
        "intervalMs": 60_000,
        "maxDataPoints": 1000,
        "rawQuery": sql,
        "waitForResult": True,
    }
