"""Asking ClickHouse what a rule asks, the way Grafana's ClickHouse plugin does.

https://grafana.com/docs/plugins/grafana-clickhouse-datasource/latest/query-editor/
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from dashboards.stores.clickhouse import frames
from dashboards.stores.clickhouse.query import FORMATS
from local.aws import LocalError
from local.stores.clickhouse.client import Client
from ruletest.frames import Frame, FrameError
from ruletest.values import EvaluationError

_KEYS = {
    "refId", "datasource", "rawSql", "format", "editorType", "pluginVersion", "queryType", "meta",
    "intervalMs", "maxDataPoints", "hide", "expand", "builderOptions", "table", "column",
}  # fmt: skip
_LEFT_OVER = re.compile(r"\$\{?\w+")
_QUOTED = re.compile(r"'(?:[^'\\]|\\.)*'")
DEFAULT_INTERVAL_MS = 1000  # what Grafana uses when a rule's model does not say


@dataclass(frozen=True, slots=True)
class RuleQueries:
    """A data source: a client, and the database of names that have none."""

    client: Client
    database: str = "cloudfront"

    def run(self, model: Mapping[str, Any], start: datetime, end: datetime) -> list[Frame]:
        """Return the frames of a rule's query; raises EvaluationError with the plugin's text."""
        sql = interpolate(model, start, end)
        try:
            answer = self.client.text(sql, "JSONCompact", self.database)
            found = frames.frame(answer, model.get("format", 0))
        except (LocalError, FrameError) as error:
            raise EvaluationError(str(error)) from None
        if not len(found) and model.get("format", 0) == 0:
            return []  # of a time series without rows the plugin makes no frame
        return [found]


def check(model: Mapping[str, Any]) -> None:
    """Raise EvaluationError for a query that the plugin cannot ask, without asking it."""
    interpolate(model, datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 1, 1, 1, tzinfo=UTC))


def interpolate(model: Mapping[str, Any], start: datetime, end: datetime) -> str:
    """Return the SQL with the plugin's macros replaced.

    A dashboard variable is an error: nothing replaces it in a rule.
    """
    _check(model)
    span = frames.Range(
        start=_milliseconds(start), end=_milliseconds(end), interval=_interval(model)
    )
    try:
        sql = frames.interpolate(model["rawSql"], span)
    except ValueError as error:
        raise EvaluationError(str(error)) from None
    if left := _LEFT_OVER.search(_QUOTED.sub("''", sql)):
        raise EvaluationError(
            f"{left[0]} is neither a macro of the plugin nor replaced in an alert rule: "
            "dashboard variables exist in the browser only"
        )
    return sql


def _check(model: Mapping[str, Any]) -> None:
    if unknown := sorted(set(model) - _KEYS):
        raise EvaluationError(
            f"the ClickHouse plugin does not read {unknown[0]!r}; "
            f"it reads {', '.join(sorted(_KEYS))}"
        )
    if not isinstance(model.get("rawSql"), str) or not model["rawSql"].strip():
        raise EvaluationError("error reading query: rawSql must be the SQL text")
    shape = model.get("format", 0)
    if isinstance(shape, bool) or shape not in FORMATS.values():
        raise EvaluationError(
            "error reading query: format must be the number 0 (time series) or 1 (table)"
        )


def _interval(model: Mapping[str, Any]) -> int:
    """Return the step; like Grafana, what is no number and 0 are the default."""
    value = model.get("intervalMs")
    if isinstance(value, bool) or not isinstance(value, int | float) or not value:
        return DEFAULT_INTERVAL_MS
    if value < 0:
        raise EvaluationError(f"intervalMs must not be negative: {value}")
    return int(value)


def _milliseconds(at: datetime) -> int:
    return round(at.timestamp() * 1000)
