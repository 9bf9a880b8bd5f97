"""What the Timestream plugin makes of a rule's query, and what it refuses."""

from datetime import UTC, datetime
from types import SimpleNamespace

import pytest

from dashboards.stores.timestream.frames import Source
from local.aws import client
from local.stores.timestream.rulequeries import RuleQueries, interpolate
from ruletest.values import EvaluationError


class TestQueries:
    def ask(self, **model: object) -> object:
        at = datetime(2026, 1, 5, tzinfo=UTC)
        return RuleQueries(client=None).run({"rawQuery": "SELECT 1", **model}, at, at)

    @pytest.mark.parametrize(
        ("model", "says"),
        [
            ({"rawQuery": True}, "rawQuery must be the SQL text"),
            ({"format": "table"}, "format must be the number 0"),
            ({"rawSql": "x"}, "does not read 'rawSql'"),
            (
                {"rawQuery": "SELECT ${country:sqlstring}"},
                "dashboard variables exist in the browser",
            ),
        ],
    )
    def test_a_model_the_plugin_cannot_read_is_an_error(self, model: dict, says: str) -> None:
        with pytest.raises(EvaluationError, match=says):
            self.ask(**model)

    def test_macros_are_text(self) -> None:
        start, end = datetime(2026, 1, 5, 12, tzinfo=UTC), datetime(2026, 1, 5, 13, tzinfo=UTC)
        model = {
            "rawQuery": "SELECT bin(time, $__interval), '$literal' FROM $__database.$__table "
            "WHERE $__timeFilter AND $__timeTo > 0",
            "intervalMs": 60000,
            "table": '"t"',
        }
        assert interpolate(Source(), model, start, end) == (
            'SELECT bin(time, 60000ms), \'$literal\' FROM "cloudfront"."t" WHERE time BETWEEN '
            "from_milliseconds(1767614400000) AND from_milliseconds(1767618000000) "
            "AND 1767618000000 > 0"
        )

    def test_an_endpoint_that_is_gone_is_an_error_of_the_query(self) -> None:
        gone = client("timestream-query", "http://127.0.0.1:9", patient=False)
        at = datetime(2026, 1, 5, tzinfo=UTC)
        with pytest.raises(EvaluationError, match="Could not connect to the endpoint"):
            RuleQueries(gone).run({"rawQuery": "SELECT 1"}, at, at)

    def test_rows_that_are_no_series_are_the_error_that_the_plugin_gives(self) -> None:
        kinds = {"time": "TIMESTAMP", "edge": "VARCHAR", "value": "DOUBLE"}
        columns = [{"Name": name, "Type": {"ScalarType": kind}} for name, kind in kinds.items()]
        rows = [
            {"Data": [{"ScalarValue": each} for each in (f"2026-01-05 12:0{n}:00.0", "FRA", "1")]}
            for n in (1, 0)
        ]
        answers = SimpleNamespace(query=lambda **_: {"ColumnInfo": columns, "Rows": rows})
        at = datetime(2026, 1, 5, tzinfo=UTC)
        with pytest.raises(EvaluationError, match="must be sorted ascending by time"):
            RuleQueries(answers).run({"rawQuery": "SELECT 1", "format": 1}, at, at)
