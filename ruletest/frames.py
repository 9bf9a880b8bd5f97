"""Frames, which data sources return, and the values that Grafana's expressions make of them.

https://grafana.com/developers/dataplane/
https://grafana.com/docs/grafana/latest/panels-visualizations/query-transform-data/expression-queries/
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from ruletest.values import EvaluationError, NoData, Number, Series, Value


@dataclass
class Field:
    """A column of a frame. Times are epoch nanoseconds; a missing value is None."""

    name: str
    kind: str  # time, number, string or boolean
    values: list[Any]
    labels: dict[str, str] = field(default_factory=dict)


@dataclass
class Frame:
    """A table of named columns."""

    fields: list[Field]

    @property
    def shape(self) -> str:
        """Return "wide", "long" or "not", as Grafana tells time series by the columns' types."""
        kinds = [column.kind for column in self.fields]
        if "time" not in kinds or "number" not in kinds:
            return "not"
        return "long" if {"string", "boolean"} & set(kinds) else "wide"

    def __len__(self) -> int:
        return len(self.fields[0].values) if self.fields else 0


class FrameError(Exception):
    """An error that the data source would show instead of data."""


def to_values(frames: Sequence[Frame]) -> list[Value]:
    """Return numbers or series with labels; raises EvaluationError with Grafana's text.

    One frame with no time column, one number column and otherwise text columns is a set of
    numbers; the texts are their labels. Anything else has to be time series in wide form.
    """
    if not frames or (len(frames) == 1 and not frames[0].fields):
        return [NoData()]
    if len(frames) == 1 and _is_number_table(frames[0]):
        return _number_set(frames[0])
    values: list[Value] = []
    for frame in frames:
        if frame.shape != "wide":
            raise EvaluationError(
                f"input data must be a wide series but got type {frame.shape} (input refid)"
            )
        values.extend(_wide_to_series(frame))
    return values


def _is_number_table(frame: Frame) -> bool:
    kinds = [field.kind for field in frame.fields]
    return kinds.count("number") == 1 and kinds.count("string") == len(kinds) - 1


def _number_set(frame: Frame) -> list[Value]:
    number = next(field for field in frame.fields if field.kind == "number")
    texts = [field for field in frame.fields if field is not number]
    return [
        Number(
            {field.name: field.values[row] or "" for field in texts},
            math.nan if value is None else float(value),
            number.name,
        )
        for row, value in enumerate(number.values)
    ]


def _wide_to_series(frame: Frame) -> list[Value]:
    time = next(field for field in frame.fields if field.kind == "time")
    if None in time.values:
        raise EvaluationError("time series with null time stamps are not supported")
    return [
        Series(
            field.labels,
            tuple(
                (at, None if value is None else float(value))
                for at, value in zip(time.values, field.values, strict=True)
            ),
            field.name,
        )
        for field in frame.fields
        if field is not time
    ]


def wide(long: Frame) -> Frame:
    """Return the frame in wide form, as Grafana's plugin SDK for Go makes it.

    A field for each number column and label set, in that order; missing points are None. Raises
    FrameError where the SDK gives an error.
    https://github.com/grafana/grafana-plugin-sdk-go/blob/main/data/time_series.go
    """
    time = next(column for column in long.fields if column.kind == "time")
    factors = [column for column in long.fields if column.kind in ("string", "boolean")]
    numbers = [column for column in long.fields if column.kind == "number"]
    if None in time.values:
        raise FrameError("error formatting as timeseries: time may not have null values")
    if time.values != sorted(time.values):
        raise FrameError(
            "error formatting as timeseries: long series must be sorted ascending by time"
        )
    times = sorted(set(time.values))
    place = {at: n for n, at in enumerate(times)}
    wide: dict[tuple[str, ...], Field] = {}
    for row, at in enumerate(time.values):
        labels = {
            column.name: "" if column.values[row] is None else str(column.values[row])
            for column in factors
        }
        for number in numbers:
            name = (number.name, *labels.values())
            if name not in wide:
                wide[name] = Field(number.name, "number", [None] * len(times), labels)
            wide[name].values[place[at]] = number.values[row]
    return Frame([Field(time.name, "time", list(times)), *(wide[name] for name in sorted(wide))])
