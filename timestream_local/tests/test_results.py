"""A page's JSON is made column by column; it reads as each value would, written one by one."""

import json
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from timestream_local import types
from timestream_local.results import double_text, row_texts, timestamp_text, writer
from timestream_local.types import Type

NANOSECONDS = st.integers(-(2**63), 2**63 - 1)
SCALARS: dict[Type, tuple[st.SearchStrategy[Any], Any]] = {
    types.BOOLEAN: (st.booleans(), lambda v: str(v).lower()),
    types.BIGINT: (NANOSECONDS, str),
    types.DOUBLE: (st.floats(), double_text),
    types.VARCHAR: (st.text(st.characters(exclude_categories=["Cs"])), str),
    types.TIMESTAMP: (NANOSECONDS, timestamp_text),
    types.DATE: (st.dates(date(1, 1, 1), date(9999, 12, 31)), str),
}


def values(kind: Type) -> st.SearchStrategy[Any]:
    """Return what DuckDB may give for a type."""
    if kind.name == "array":
        known = st.lists(values(kind.args[0]), max_size=3)
    elif kind.name == "timeseries":
        known = st.lists(
            st.fixed_dictionaries({"f0": NANOSECONDS, "f1": values(kind.args[0])}), max_size=3
        )
    elif kind.name == "row":
        known = st.tuples(*map(values, kind.args)).map(
            lambda fields: {f"f{i}": field for i, field in enumerate(fields)}
        )
    else:
        known = SCALARS[kind][0]
    return st.none() | known


def datum(kind: Type, value: Any) -> dict[str, Any]:
    """Return the protocol's Datum of one value."""
    if value is None:
        return {"NullValue": True}
    if kind.name == "array":
        return {"ArrayValue": [datum(kind.args[0], item) for item in value]}
    if kind.name == "timeseries":
        return {
            "TimeSeriesValue": [
                {"Time": timestamp_text(p["f0"]), "Value": datum(kind.args[0], p["f1"])}
                for p in value
            ]
        }
    if kind.name == "row":
        fields = zip(kind.args, value.values(), strict=True)
        return {"RowValue": {"Data": [datum(arg, item) for arg, item in fields]}}
    return {"ScalarValue": SCALARS[kind][1](value)}


KINDS = st.recursive(
    st.sampled_from(list(SCALARS)),
    lambda inner: st.one_of(
        st.builds(types.array, inner),
        st.builds(types.timeseries, inner),
        st.lists(inner, min_size=1, max_size=3).map(
            lambda args: types.row(*[(None, a) for a in args])
        ),
    ),
    max_leaves=4,
)


@settings(max_examples=30, deadline=None)
@given(data=st.data(), kinds=st.lists(KINDS, min_size=1, max_size=3))
def test_rows_read_as_their_values(data: st.DataObject, kinds: list[Type]) -> None:
    """Whatever the types, NULLs and characters."""
    rows = data.draw(st.lists(st.tuples(*map(values, kinds)), max_size=4))
    texts = row_texts([writer(kind) for kind in kinds], rows)
    assert all(text.isascii() for text in texts)
    assert [json.loads(text) for text in texts] == [
        {"Data": [datum(kind, value) for kind, value in zip(kinds, row, strict=True)]}
        for row in rows
    ]


@pytest.mark.parametrize(
    ("nanoseconds", "text"),
    [
        (0, "1970-01-01 00:00:00.000000000"),
        (-1, "1969-12-31 23:59:59.999999999"),
        (1_582_934_400_000_000_001, "2020-02-29 00:00:00.000000001"),
        (2**63 - 1, "2262-04-11 23:47:16.854775807"),
    ],
)
def test_timestamps(nanoseconds: int, text: str) -> None:
    """Nine digits, before 1970 too."""
    assert timestamp_text(nanoseconds) == text
