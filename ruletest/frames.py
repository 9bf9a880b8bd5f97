"""From frames to the values that Grafana's server-side expressions see, or its error.

https://grafana.com/docs/grafana/latest/panels-visualizations/query-transform-data/expression-queries/
"""

import math
from collections.abc import Sequence

from dashboards.stores.timestream.frames import Frame
from ruletest.values import EvaluationError, NoData, Number, Series, Value


def to_values(frames: Sequence[Frame]) -> list[Value]:
    """Return numbers or series with labels; raises EvaluationError with Grafana's text.

    One frame without a time, with one number column and else only text is a set of numbers,
    labelled by the text. Anything else has to be time series in wide form.
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
