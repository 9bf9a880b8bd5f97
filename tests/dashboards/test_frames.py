"""What Grafana makes of a query and its answer."""

import pytest

from dashboards.stores import Format
from dashboards.stores.timestream.frames import (
    All,
    Range,
    Source,
    frames,
    interpolate,
    nanoseconds,
    substitute,
)
from ruletest.frames import Field, Frame, FrameError

SPAN = Range(start=1000, end=61_000, interval=5000)


def answer(columns: dict[str, str], *rows: list[str | None]) -> dict[str, object]:
    return {
        "ColumnInfo": [{"Name": n, "Type": {"ScalarType": t}} for n, t in columns.items()],
        "Rows": [
            {"Data": [{"NullValue": True} if v is None else {"ScalarValue": v} for v in row]}
            for row in rows
        ],
    }


MINUTE = {0: "2026-01-01 00:00:00.000000000", 1: "2026-01-01 00:01:00.000000000"}
LONG = {"time": "TIMESTAMP", "edge": "VARCHAR", "bytes": "BIGINT"}


def test_macros_are_replaced_longest_first() -> None:
    """$__interval_raw_ms is not $__interval with something behind it."""
    sql = "$__interval $__interval_ms $__interval_raw_ms $__timeFrom $__timeTo $__timeFilter"
    assert interpolate(sql, SPAN) == (
        "5000ms 5000ms 5000 1000 61000 "
        "time BETWEEN from_milliseconds(1000) AND from_milliseconds(61000)"
    )
    source = Source(database='"d"', table='"t"', measure="m")
    sql = "$__database.$__table $__measure $__now_ms"
    assert interpolate(sql, SPAN, source, now=7) == '"d"."t" m 7'


def test_macros_take_no_arguments() -> None:
    """The data source leaves the brackets standing, as here."""
    assert interpolate("$__timeFrom(time)", SPAN) == "1000(time)"


def test_an_interval_of_nothing_is_refused() -> None:
    """The data source says so, too."""
    with pytest.raises(ValueError, match="invalid interval"):
        Range(start=0, end=1, interval=0)


@pytest.mark.parametrize(
    ("choice", "text"),
    [
        ("BR", "IN ('BR')"),
        (["BR", "DE"], "IN ('BR','DE')"),
        ("o'hare", "IN ('o''hare')"),
        (["a') OR ('1'='1", "''"], "IN ('a'') OR (''1''=''1','''''')"),
        (All("'(all)'"), "IN ('(all)')"),
        ("${x:sqlstring}", "IN ('${x:sqlstring}')"),
    ],
)
def test_choices_are_quoted(choice: str, text: str) -> None:
    """One value or several, with quotes doubled; the text of All as it is."""
    assert substitute("IN (${x:sqlstring})", {"x": choice}) == text


def test_other_variable_formats_are_refused() -> None:
    """Nothing but sqlstring is safe in SQL."""
    with pytest.raises(ValueError, match="csv"):
        substitute("${x:csv}", {"x": "1"})


def test_a_table_is_one_frame_of_typed_columns() -> None:
    """Missing values stay missing."""
    columns = {"t": "TIMESTAMP", "n": "BIGINT", "x": "DOUBLE", "b": "BOOLEAN", "s": "VARCHAR"}
    rows = ["1970-01-01 00:00:01.000000005", "2", "0.5", "true", "y"], [None] * 5
    (frame,) = frames(answer(columns, *rows))
    assert [(field.name, field.kind, field.values) for field in frame.fields] == [
        ("t", "time", [1_000_000_005, None]),
        ("n", "number", [2, None]),
        ("x", "number", [0.5, None]),
        ("b", "boolean", [True, None]),
        ("s", "string", ["y", None]),
    ]


def test_long_becomes_wide() -> None:
    """A field per label, sorted by label, with gaps where a label has no row."""
    rows = [MINUTE[0], "b", "1"], [MINUTE[1], "a", "2"], [MINUTE[1], "b", "3"]
    (frame,) = frames(answer(LONG, *rows), Format.SERIES)
    times = [nanoseconds(MINUTE[0]), nanoseconds(MINUTE[1])]
    assert frame.shape == "wide"
    assert frame.fields == [
        Field("time", "time", times),
        Field("bytes", "number", [None, 2], {"edge": "a"}),
        Field("bytes", "number", [1, 3], {"edge": "b"}),
    ]


def test_long_stays_long_as_a_table_and_without_rows() -> None:
    """Which is what alert rules stumble over."""
    (table,) = frames(answer(LONG, [MINUTE[0], "b", "1"]), Format.TABLE)
    (empty,) = frames(answer(LONG), Format.SERIES)
    assert table.shape == empty.shape == "long"
    assert len(table) == 1
    assert len(empty) == 0


def test_a_series_out_of_order_is_an_error() -> None:
    """The data source's own words."""
    with pytest.raises(FrameError, match="long series must be sorted ascending by time"):
        frames(answer(LONG, [MINUTE[1], "b", "1"], [MINUTE[0], "b", "1"]), Format.SERIES)


def test_a_frame_without_a_time_or_a_number_is_no_series() -> None:
    """A table of labels and numbers is what panels and rules by label want."""
    assert Frame([Field("edge", "string", []), Field("n", "number", [])]).shape == "not"
    assert Frame([Field("time", "time", []), Field("edge", "string", [])]).shape == "not"


def test_each_row_with_a_time_series_is_a_frame() -> None:
    """Named after its column and labeled by the others."""
    series = {"TimeSeriesMeasureValueColumnInfo": {"Type": {"ScalarType": "DOUBLE"}}}
    point = {"Time": MINUTE[0], "Value": {"ScalarValue": "1.5"}}
    found = frames(
        {
            "ColumnInfo": [
                {"Name": "edge", "Type": {"ScalarType": "VARCHAR"}},
                {"Name": "v", "Type": series},
            ],
            "Rows": [{"Data": [{"ScalarValue": "a"}, {"TimeSeriesValue": [point]}]}],
        }
    )
    assert found == [
        Frame(
            [
                Field("time", "time", [nanoseconds(MINUTE[0])]),
                Field("v", "number", [1.5], {"edge": "a"}),
            ]
        )
    ]
