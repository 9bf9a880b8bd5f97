"""Run a rule's queries on Timestream as Grafana's Timestream plugin does.

https://grafana.com/docs/plugins/grafana-timestream-datasource/latest/query-editor/
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from dashboards.stores.timestream import frames
from dashboards.stores.timestream.query import FORMATS
from ruletest.frames import Frame, FrameError
from ruletest.values import EvaluationError

_KEYS = {
    "refId", "datasource", "rawQuery", "database", "table", "measure", "waitForResult", "format",
    "intervalMs", "maxDataPoints", "hide", "queryType", "key", "nextToken",
}  # fmt: skip
_LEFT_OVER = re.compile(r"\$\{?\w+")
_QUOTED = re.compile(r"'(?:[^']|'')*'")
DEFAULT_INTERVAL_MS = 1000  # what Grafana uses when a rule's model does not say


@dataclass(frozen=True, slots=True)
class RuleQueries:
    """A data source: a boto3 ``timestream-query`` client and the names it defaults to."""

    client: Any
    names: frames.Source = field(default_factory=frames.Source)

    def run(self, model: Mapping[str, Any], start: datetime, end: datetime) -> list[Frame]:
        """Return the frames of a rule's query; raises EvaluationError with the plugin's text."""
        sql = interpolate(self.names, model, start, end)
        try:
            if model.get("waitForResult"):
                answer = frames.run(self.client, sql)
            else:  # the rest is left to the browser, which no rule has
                answer = self.client.query(QueryString=sql)
            return _frames(answer, model.get("format", 0))
        except ClientError as error:
            raise EvaluationError(_plugin_text(error)) from None
        except (BotoCoreError, FrameError) as error:
            raise EvaluationError(str(error)) from None


def _plugin_text(error: ClientError) -> str:
    """Return the error as the plugin's AWS SDK for Go writes it."""
    code = error.response.get("Error", {})
    about = error.response.get("ResponseMetadata", {})
    return (
        "operation error Timestream Query: Query, https response error "
        f"StatusCode: {about.get('HTTPStatusCode')}, RequestID: {about.get('RequestId')}, "
        f"{code.get('Code')}: {code.get('Message')}"
    )


def _frames(answer: Mapping[str, Any], shape: int) -> list[Frame]:
    made = frames.frames(answer, shape)
    kinds = [column["Type"].get("ScalarType") for column in answer["ColumnInfo"]]
    if not answer["Rows"] and kinds and "DOUBLE" not in kinds and made and made[0].shape == "wide":
        raise EvaluationError("no float64 value column found in frame ")
    return made


def check(model: Mapping[str, Any]) -> None:
    """Raise EvaluationError for a query that the plugin cannot send, without sending it."""
    hour = datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 1, 1, 1, tzinfo=UTC)
    interpolate(frames.Source(), model, *hour)


def _check(model: Mapping[str, Any]) -> None:
    if unknown := sorted(set(model) - _KEYS):
        raise EvaluationError(
            f"the Timestream plugin does not read {unknown[0]!r}; "
            f"it reads {', '.join(sorted(_KEYS))}"
        )
    if not isinstance(model.get("rawQuery"), str) or not model["rawQuery"].strip():
        raise EvaluationError("error reading query: rawQuery must be the SQL text")
    shape = model.get("format", 0)
    if isinstance(shape, bool) or shape not in FORMATS.values():
        raise EvaluationError(
            "query is incompatible with current structure, please rebuild it: "
            "format must be the number 0 (table) or 1 (time series)"
        )


def interpolate(
    names: frames.Source, model: Mapping[str, Any], start: datetime, end: datetime
) -> str:
    """Return the SQL with the plugin's macros replaced.

    ``$__now_ms`` is the end of the range here, so that an evaluation can be repeated. A dashboard
    variable is an error: nothing replaces it in a rule.
    """
    _check(model)
    span = frames.Range(
        start=_milliseconds(start),
        end=_milliseconds(end),
        interval=_interval(model.get("intervalMs")),
    )
    chosen = frames.Source(
        database=_or_default(model.get("database"), names.database),
        table=_or_default(model.get("table"), names.table),
        measure=_or_default(model.get("measure"), names.measure),
    )
    sql = frames.interpolate(model["rawQuery"], span, chosen)
    if left := _LEFT_OVER.search(_QUOTED.sub("''", sql)):
        raise EvaluationError(
            f"{left[0]} is neither a macro of the plugin nor replaced in an alert rule: "
            "dashboard variables exist in the browser only"
        )
    return sql


def _interval(value: object) -> int:
    """Return the step; like Grafana, what is no number and 0 are the default."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not value:
        return DEFAULT_INTERVAL_MS
    if value < 0:
        raise EvaluationError(f"intervalMs must not be negative: {value}")
    return int(value)


def _or_default(value: object, default: str) -> str:
    return value if isinstance(value, str) and value and not value.startswith("${") else default


def _milliseconds(at: datetime) -> int:
    return round(at.timestamp() * 1000)
