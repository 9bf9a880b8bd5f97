"""What the ClickHouse plugin makes of a rule's query, and what it refuses."""

from datetime import UTC, datetime
from typing import Any

import pytest

from local.stores.clickhouse.client import Client
from local.stores.clickhouse.rulequeries import RuleQueries, check, interpolate
from ruletest.values import EvaluationError

AT = datetime(2026, 1, 5, 12, tzinfo=UTC), datetime(2026, 1, 5, 13, tzinfo=UTC)


@pytest.mark.parametrize(
    ("model", "says"),
    [
        ({"rawSql": True}, "rawSql must be the SQL text"),
        ({"rawSql": " "}, "rawSql must be the SQL text"),
        ({"format": "table"}, "format must be the number 0"),
        ({"format": 2}, "format must be the number 0"),
        ({"rawQuery": "x"}, "does not read 'rawQuery'"),
        ({"intervalMs": -1}, "must not be negative"),
        ({"rawSql": "SELECT $__timeFilter_ms"}, "expected 1 argument"),
        ({"rawSql": "SELECT ${country:queryparam}"}, "dashboard variables exist in the browser"),
    ],
)
def test_a_model_that_the_plugin_cannot_read_is_an_error(model: dict[str, Any], says: str) -> None:
    with pytest.raises(EvaluationError, match=says):
        check({"rawSql": "SELECT 1", "format": 1, **model})


def test_macros_are_the_rules_range() -> None:
    model = {
        "rawSql": "SELECT '$literal' WHERE $__timeFilter_ms(timestamp) AND x < $__toTime_ms",
        "intervalMs": 60_000,
    }
    assert interpolate(model, *AT) == (
        "SELECT '$literal' WHERE timestamp >= fromUnixTimestamp64Milli(1767614400000)"
        " AND timestamp <= fromUnixTimestamp64Milli(1767618000000)"
        " AND x < fromUnixTimestamp64Milli(1767618000000)"
    )


def test_a_server_that_is_gone_is_an_error_of_the_query() -> None:
    gone = RuleQueries(Client("http://127.0.0.1:9"))
    with pytest.raises(EvaluationError, match="no ClickHouse endpoint answers"):
        gone.run({"rawSql": "SELECT 1", "format": 1}, *AT)
