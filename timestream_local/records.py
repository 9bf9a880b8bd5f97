"""WriteRecords: from a request to rows, checked as the service checks them.

https://docs.aws.amazon.com/timestream/latest/developerguide/API_WriteRecords.html

A malformed request raises ValidationError as a whole. A record that breaks a rule of the data
(window, size, type of an existing column) is rejected alone, and the others are written.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from hashlib import blake2b
from itertools import pairwise
from typing import Any

from timestream_local import limits
from timestream_local.errors import ValidationError

UNIT_NANOSECONDS = {
    "MILLISECONDS": 1_000_000,
    "SECONDS": 1_000_000_000,
    "MICROSECONDS": 1_000,
    "NANOSECONDS": 1,
}


class Rejection(Exception):
    """The reason why one record is not written."""


@dataclass(slots=True)
class Record:
    """One record with the common attributes merged in, its values parsed."""

    dimensions: list[tuple[str, str]]  # sorted by name
    measure: str
    time: int  # nanoseconds
    values: list[tuple[str, str, Any]]  # (name, type, value); a single measure has name ""
    version: int

    def hashes(self) -> tuple[int, int]:
        """Return two 64-bit hashes, of the identity and of the content.

        Records with the same dimensions, measure and time have the same identity. The content hash
        covers the identity, too, so that both hashes together have 128 bits.
        """
        identity = blake2b(
            repr((self.dimensions, self.measure, self.time)).encode(), digest_size=16
        ).digest()
        rest = repr((self.version, self.values)).encode()
        content = blake2b(rest, digest_size=8, key=identity).digest()
        return int.from_bytes(identity[:8], "little"), int.from_bytes(content, "little")


def _boolean(text: str) -> bool:
    if text.lower() not in ("true", "false"):
        raise ValueError(text)
    return text.lower() == "true"


def _bigint(text: str) -> int:
    if "_" in text or text != text.strip():
        raise ValueError(text)
    number = int(text)
    if not -(1 << 63) <= number < 1 << 63:
        raise ValueError(text)
    return number


def _double(text: str) -> float:
    if "_" in text or text != text.strip():
        raise ValueError(text)
    number = float(text)
    if not math.isfinite(number):
        raise ValueError(text)
    return number


def _varchar(text: str) -> str:
    if len(text) > limits.VALUE_BYTES // 4 and len(text.encode()) > limits.VALUE_BYTES:
        raise ValueError(text)
    return text


def _timestamp(text: str, unit: int) -> int:
    number = _bigint(text) * unit
    if number < 0 or number > limits.LAST_TIMESTAMP:
        raise ValueError(text)
    return number


_PARSERS = {
    "DOUBLE": _double,
    "BIGINT": _bigint,
    "VARCHAR": _varchar,
    "BOOLEAN": _boolean,
}
_WIDTH = {"DOUBLE": 8, "BIGINT": 8, "BOOLEAN": 1, "TIMESTAMP": 8}


# Names that were found to be valid, so that each is checked once.
_GOOD_DIMENSIONS: set[str] = set()
_GOOD_MEASURES: set[str] = set()


def _check_name(problem: str | None, name: str, good: set[str]) -> None:
    if problem:
        raise ValidationError(problem)
    if len(good) < 100_000:
        good.add(name)


def merge(request: dict[str, Any]) -> list[Record | Rejection]:
    """Return a request's records, each either parsed or the reason it is rejected.

    Raises ValidationError for a request the service refuses as a whole.
    """
    common = request.get("CommonAttributes") or {}
    records = request.get("Records")
    if not isinstance(records, list) or not records:
        raise ValidationError("Records must hold at least one record.")
    if len(records) > limits.RECORDS_PER_REQUEST:
        raise ValidationError(
            f"1 validation error detected: Value at 'records' failed to satisfy constraint: "
            f"Member must have length less than or equal to {limits.RECORDS_PER_REQUEST}"
        )
    if not isinstance(common, dict):
        raise ValidationError("CommonAttributes must be a structure.")
    shared = _dimensions(common.get("Dimensions"), [])
    return [_record(common, shared, record, i) for i, record in enumerate(records)]


def _dimensions(given: Any, shared: list[tuple[str, str]]) -> list[tuple[str, str]]:
    if given is None:
        return shared
    if not isinstance(given, list):
        raise ValidationError("Dimensions must be a list.")
    out = list(shared)
    for item in given:
        try:
            name, value = item["Name"], item["Value"]
        except (KeyError, TypeError):
            raise ValidationError("A dimension needs a Name and a Value.") from None
        if type(name) is not str or type(value) is not str or not value:
            raise ValidationError("A dimension's Name and Value are strings, and not empty.")
        if item.get("DimensionValueType", "VARCHAR") != "VARCHAR":
            raise ValidationError("DimensionValueType must be VARCHAR.")
        if name not in _GOOD_DIMENSIONS:
            _check_name(limits.dimension_name_problem(name), name, _GOOD_DIMENSIONS)
        out.append((name, value))
    out.sort()
    for (a, _), (b, _) in pairwise(out):
        if a == b:
            raise ValidationError(
                f"Dimension '{a}' is given more than once: dimensions of CommonAttributes and of "
                "a record must not overlap."
            )
    return out


def _record(
    common: dict[str, Any], shared: list[tuple[str, str]], given: Any, index: int
) -> Record | Rejection:
    if not isinstance(given, dict):
        raise ValidationError(f"Record {index} must be a structure.")
    merged = {**common, **given} if common else given
    dimensions = _dimensions(given.get("Dimensions"), shared)
    if not dimensions:
        raise ValidationError("At least one dimension is required for a record.")
    measure = merged.get("MeasureName")
    if type(measure) is not str or not measure:
        raise ValidationError(f"Record {index} needs a MeasureName.")
    if measure not in _GOOD_MEASURES:
        _check_name(limits.measure_name_problem(measure), measure, _GOOD_MEASURES)
    unit = merged.get("TimeUnit", "MILLISECONDS")
    if unit not in UNIT_NANOSECONDS:
        raise ValidationError(f"TimeUnit must be one of {', '.join(UNIT_NANOSECONDS)}.")
    time = _time(merged.get("Time"), UNIT_NANOSECONDS[unit], index)
    version = merged.get("Version", 1)
    if type(version) is not int or version < 1 or version >= 1 << 63:
        raise ValidationError("Version must be a whole number of 1 or more.")
    kind = merged.get("MeasureValueType", "DOUBLE")
    size = 0
    for name, value in dimensions:
        size += len(name) + len(value)
    try:
        if size > limits.SERIES_BYTES // 4:
            _check_series(dimensions)
        if kind == "MULTI":
            values = _multi(common, given, merged, UNIT_NANOSECONDS[unit])
        else:
            if merged.get("MeasureValues"):
                raise ValidationError("MeasureValues needs the MeasureValueType MULTI.")
            values = [_single(kind, merged.get("MeasureValue"))]
        width = size + len(measure) + 8
        for name, value_type, value in values:
            width += len(name) + (_WIDTH.get(value_type) or len(value))
        if width > limits.RECORD_BYTES // 4:
            _check_record(dimensions, measure, values)
    except Rejection as rejection:
        return rejection
    return Record(dimensions, measure, time, values, version)


def _time(given: Any, unit: int, index: int) -> int:
    if given is None:
        raise ValidationError(f"Record {index} needs a Time.")
    if type(given) is not str or not given.lstrip("-").isascii() or not given.lstrip("-").isdigit():
        raise ValidationError(f"Time must be a whole number in a string: {given!r}")
    time = int(given) * unit
    if not 0 <= time <= limits.LAST_TIMESTAMP:
        raise ValidationError(f"Time is outside of what a timestamp can hold: {given}")
    return time


def _single(kind: Any, text: Any) -> tuple[str, str, Any]:
    parser = _PARSERS.get(kind)
    if parser is None:
        allowed = ", ".join([*_PARSERS, "MULTI"])
        raise ValidationError(f"MeasureValueType of a single measure must be one of {allowed}.")
    if type(text) is not str or not text:
        raise ValidationError("A record needs a MeasureValue.")
    try:
        return "", kind, parser(text)
    except ValueError:
        raise ValidationError(f"The measure value {text[:80]!r} is not a {kind}.") from None


def _multi(
    common: dict[str, Any], given: dict[str, Any], merged: dict[str, Any], unit: int
) -> list[tuple[str, str, Any]]:
    if merged.get("MeasureValue") is not None:
        raise ValidationError("MeasureValue cannot be given with the MeasureValueType MULTI.")
    items = [*(common.get("MeasureValues") or ()), *(given.get("MeasureValues") or ())]
    if not items:
        raise ValidationError("A record of MeasureValueType MULTI needs MeasureValues.")
    out = []
    for item in items:
        try:
            name, text, kind = item["Name"], item["Value"], item["Type"]
        except (KeyError, TypeError):
            raise ValidationError("A measure value needs a Name, a Value and a Type.") from None
        if type(text) is not str or not text or type(name) is not str:
            raise ValidationError(f"The Value of measure {name!r} must be a string, not empty.")
        if name not in _GOOD_MEASURES:
            _check_name(limits.measure_name_problem(name), name, _GOOD_MEASURES)
        parser = _PARSERS.get(kind)
        if parser is None and kind != "TIMESTAMP":
            raise ValidationError(f"The Type of measure {name!r} is not one of the service's.")
        try:
            out.append((name, kind, parser(text) if parser else _timestamp(text, unit)))
        except ValueError:
            raise ValidationError(
                f"The value {text[:80]!r} of measure {name!r} is not a {kind}."
            ) from None
    out.sort(key=_by_name)
    for a, b in pairwise(out):
        if a[0] == b[0]:
            raise ValidationError(f"Measure {a[0]!r} is given more than once in a record.")
    if len(out) > limits.MULTI_ATTRIBUTES_PER_RECORD:
        raise Rejection(
            f"A record can have {limits.MULTI_ATTRIBUTES_PER_RECORD} measure values at most."
        )
    return out


def _by_name(value: tuple[str, str, Any]) -> str:
    return value[0]


def _check_series(dimensions: list[tuple[str, str]]) -> None:
    if sum(len(n.encode()) + len(v.encode()) for n, v in dimensions) > limits.SERIES_BYTES:
        raise Rejection(
            f"The dimensions' names and values exceed the limit of {limits.SERIES_BYTES} bytes."
        )


def _check_record(
    dimensions: list[tuple[str, str]], measure: str, values: list[tuple[str, str, Any]]
) -> None:
    size = 8 + len(measure.encode())
    size += sum(len(n.encode()) + len(v.encode()) for n, v in dimensions)
    inner = 0
    for name, kind, value in values:
        inner += len(name.encode()) + (_WIDTH.get(kind) or len(value.encode()))
    if inner > limits.MULTI_VALUES_BYTES or size + inner > limits.RECORD_BYTES:
        raise Rejection(f"The record exceeds the limit of {limits.RECORD_BYTES} bytes.")
