"""WriteRecords, by boto3: what is written, what is a duplicate, what is rejected and why."""

import time
from typing import Any

import pytest
from botocore.exceptions import ClientError

from timestream_local.tests.support import dimensions, rows, values

Pair = tuple[Any, Any]
Names = dict[str, str]
HOUR_MS = 3_600_000


def now_ms() -> int:
    """Return the time in milliseconds."""
    return time.time_ns() // 1_000_000


def record(**more: Any) -> dict[str, Any]:
    """Return a good record with some members set otherwise; None removes one."""
    merged = {
        "Dimensions": dimensions(host="a"),
        "MeasureName": "m",
        "MeasureValue": "1.5",
        "Time": str(now_ms()),
        **more,
    }
    return {name: value for name, value in merged.items() if value is not None}


def rejected(write: Any, table: Names, *records: dict[str, Any]) -> list[dict[str, Any]]:
    """Write records and return those that were rejected."""
    with pytest.raises(write.exceptions.RejectedRecordsException) as caught:
        write.write_records(**table, Records=list(records))
    response = caught.value.response
    assert response["ResponseMetadata"]["HTTPStatusCode"] == 419
    assert response["Error"]["Message"].startswith("One or more records have been rejected.")
    return response["RejectedRecords"]


def refused(write: Any, table: Names, *records: dict[str, Any], **more: Any) -> str:
    """Write records and return why the whole request was refused."""
    with pytest.raises(ClientError) as caught:
        write.write_records(**table, Records=list(records), **more)
    assert caught.value.response["Error"]["Code"] == "ValidationException"
    return caught.value.response["Error"]["Message"]


def ask(query: Any, table: Names, select: str) -> list[list[Any]]:
    """Select from the table."""
    return rows(query, select.replace("$table", f'"{table["DatabaseName"]}"."records"'))


@pytest.mark.parametrize(
    ("kind", "text", "column", "shown"),
    [
        (None, "1.5", "double", "1.5"),
        ("DOUBLE", "-0.25", "double", "-0.25"),
        ("BIGINT", "-9223372036854775808", "bigint", "-9223372036854775808"),
        ("VARCHAR", "grüße 'n\" \\ more", "varchar", "grüße 'n\" \\ more"),
        ("BOOLEAN", "true", "boolean", "true"),
    ],
)
def test_each_type_of_a_single_measure(
    pair: Pair, table: Names, kind: str | None, text: str, column: str, shown: str
) -> None:
    """A value comes back in the column of its type; DOUBLE is the default."""
    write, query = pair
    write.write_records(**table, Records=[record(MeasureValueType=kind, MeasureValue=text)])
    select = f"SELECT host, measure_name, measure_value::{column} FROM $table"
    assert ask(query, table, select) == [["a", "m", shown]]


@pytest.mark.parametrize(
    ("unit", "factor"),
    [("SECONDS", 10**9), ("MILLISECONDS", 10**6), ("MICROSECONDS", 10**3), ("NANOSECONDS", 1)],
)
def test_each_unit_of_time(pair: Pair, table: Names, unit: str, factor: int) -> None:
    """Time is counted in the unit given, to the nanosecond."""
    write, query = pair
    at = time.time_ns() // factor
    write.write_records(**table, Records=[record(Time=str(at), TimeUnit=unit)])
    assert ask(query, table, "SELECT to_nanoseconds(time) FROM $table") == [[str(at * factor)]]


def test_common_attributes_are_merged(pair: Pair, table: Names) -> None:
    """Dimensions and measure values add up; what a record says itself goes before the common."""
    write, query = pair
    common = {
        "Dimensions": dimensions(region="r"),
        "MeasureName": "common",
        "MeasureValueType": "MULTI",
        "MeasureValues": values(shared=("BIGINT", "7")),
        "Time": str(now_ms()),
    }
    records = [
        {"Dimensions": dimensions(host="a"), "MeasureValues": values(x=("DOUBLE", "1"))},
        {"Dimensions": dimensions(host="b"), "MeasureName": "own"},
    ]
    answer = write.write_records(**table, CommonAttributes=common, Records=records)
    assert answer["RecordsIngested"] == {"Total": 2, "MemoryStore": 2, "MagneticStore": 0}
    select = "SELECT region, host, measure_name, shared, x FROM $table ORDER BY host"
    assert ask(query, table, select) == [
        ["r", "a", "common", "7", "1.0"],
        ["r", "b", "own", "7", None],
    ]


def test_a_dimension_cannot_be_both_common_and_own(pair: Pair, table: Names) -> None:
    """Overlapping dimensions are a ValidationException, and nothing is written."""
    write, _ = pair
    message = refused(write, table, record(), CommonAttributes={"Dimensions": dimensions(host="b")})
    assert "'host' is given more than once" in message


def test_the_same_record_again_changes_nothing(pair: Pair, table: Names) -> None:
    """A duplicate is accepted silently, also inside of one request."""
    write, query = pair
    same = record()
    write.write_records(**table, Records=[same, same])
    write.write_records(**table, Records=[same])
    assert ask(query, table, "SELECT count(*) FROM $table") == [["1"]]


def test_another_value_needs_a_higher_version(pair: Pair, table: Names) -> None:
    """Equal or lower versions with another value are rejected with the existing one."""
    write, query = pair
    at = str(now_ms())
    write.write_records(**table, Records=[record(Time=at, Version=5)])
    equal, lower = (
        rejected(write, table, record(Time=at, Version=version, MeasureValue="2"))[0]
        for version in (5, 3)
    )
    assert equal["Reason"].startswith("A record already exists with the same time, dimensions")
    assert equal["ExistingVersion"] == lower["ExistingVersion"] == 5
    assert lower["Reason"].startswith("The record version 3 is lower than the existing version 5.")
    write.write_records(**table, Records=[record(Time=at, Version=6, MeasureValue="2")])
    assert ask(query, table, "SELECT measure_value::double FROM $table") == [["2.0"]]


def test_a_lower_version_of_the_same_value_is_a_duplicate(pair: Pair, table: Names) -> None:
    """It is accepted, and the stored version stays."""
    write, _ = pair
    at = str(now_ms())
    write.write_records(**table, Records=[record(Time=at, Version=5)])
    write.write_records(**table, Records=[record(Time=at, Version=4)])
    assert rejected(write, table, record(Time=at, Version=5, MeasureValue="2"))


def test_a_higher_version_of_the_same_value_raises_the_bar(pair: Pair, table: Names) -> None:
    """The stored version goes up even when the value stays."""
    write, query = pair
    at = str(now_ms())
    for version in (1, 9):
        write.write_records(**table, Records=[record(Time=at, Version=version)])
    (refusal,) = rejected(write, table, record(Time=at, Version=8, MeasureValue="2"))
    assert refusal["ExistingVersion"] == 9
    assert ask(query, table, "SELECT count(*) FROM $table") == [["1"]]


def test_the_good_records_of_a_request_are_written(pair: Pair, table: Names) -> None:
    """Rejections name their place in the request; all others are in."""
    write, query = pair
    good, old = record(), record(Time=str(now_ms() - 7 * HOUR_MS), Dimensions=dimensions(host="b"))
    (refusal,) = rejected(write, table, good, old)
    assert refusal["RecordIndex"] == 1
    assert refusal["Reason"].startswith("The record timestamp is outside the time range [")
    assert refusal["Reason"].endswith(") of the memory store.")
    assert ask(query, table, "SELECT host FROM $table") == [["a"]]


def test_the_window_ends_a_quarter_of_an_hour_ahead(pair: Pair, table: Names) -> None:
    """Fourteen minutes ahead is taken, sixteen are not."""
    write, _ = pair
    write.write_records(**table, Records=[record(Time=str(now_ms() + 14 * 60_000))])
    assert rejected(write, table, record(Time=str(now_ms() + 16 * 60_000)))


def test_magnetic_writes_take_what_is_older(pair: Pair, table: Names) -> None:
    """With magnetic writes on, old records go to the magnetic store, up to its retention."""
    write, query = pair
    write.update_table(
        **table,
        RetentionProperties={
            "MemoryStoreRetentionPeriodInHours": 1,
            "MagneticStoreRetentionPeriodInDays": 30,
        },
        MagneticStoreWriteProperties={"EnableMagneticStoreWrites": True},
    )
    old = str(now_ms() - 10 * 24 * HOUR_MS)
    answer = write.write_records(**table, Records=[record(Time=old), record()])
    assert answer["RecordsIngested"] == {"Total": 2, "MemoryStore": 1, "MagneticStore": 1}
    (refusal,) = rejected(write, table, record(Time=str(now_ms() - 31 * 24 * HOUR_MS)))
    assert refusal["Reason"].endswith(") of the data ingestion window.")
    # a conflict in the magnetic store is not told at once, and the stored value stays
    answer = write.write_records(**table, Records=[record(Time=old, MeasureValue="9")])
    assert answer["RecordsIngested"] == {"Total": 1, "MemoryStore": 0, "MagneticStore": 1}
    assert ask(query, table, "SELECT count(*), max(measure_value::double) FROM $table") == [
        ["2", "1.5"]
    ]


def test_a_column_keeps_its_type_and_kind(pair: Pair, table: Names) -> None:
    """A measure of another type and a measure named as a dimension are rejected alone."""
    write, query = pair
    multi = {"MeasureValue": None, "MeasureValueType": "MULTI"}
    write.write_records(**table, Records=[record(**multi, MeasureValues=values(x=("BIGINT", "1")))])
    other, clash = rejected(
        write,
        table,
        record(**multi, MeasureName="n", MeasureValues=values(x=("VARCHAR", "1"))),
        record(**multi, MeasureName="o", MeasureValues=values(host=("VARCHAR", "1"))),
    )
    assert "'x' is already a bigint column" in other["Reason"]
    assert "'host' is already a varchar column (DIMENSION)" in clash["Reason"]
    assert ask(query, table, "SELECT count(*) FROM $table") == [["1"]]


def test_sizes_are_limited(pair: Pair, table: Names) -> None:
    """A record has 2,048 bytes, of UTF-8, and so has a series' dimensions."""
    write, _ = pair
    multi = {"MeasureValue": None, "MeasureValueType": "MULTI"}
    fits = record(**multi, MeasureValues=values(text=("VARCHAR", "x" * 1900)))
    write.write_records(**table, Records=[fits])
    long, wide, series = rejected(
        write,
        table,
        record(**multi, MeasureValues=values(text=("VARCHAR", "x" * 2048))),
        record(**multi, MeasureValues=values(text=("VARCHAR", "ü" * 1020))),
        record(Dimensions=dimensions(a="x" * 1100, b="x" * 1100)),
    )
    assert "2048 bytes" in long["Reason"]
    assert "2048 bytes" in wide["Reason"]
    assert "2048 bytes" in series["Reason"]


def test_a_record_has_256_measure_values_at_most(pair: Pair, table: Names) -> None:
    """The 257th is one too many for the record."""
    write, _ = pair
    many = values(**{f"v{i}": ("BOOLEAN", "true") for i in range(257)})
    (refusal,) = rejected(
        write, table, record(MeasureValue=None, MeasureValueType="MULTI", MeasureValues=many)
    )
    assert "256" in refusal["Reason"]


def test_a_table_has_128_dimensions_at_most(pair: Pair, table: Names) -> None:
    """A record with the 129th dimension is rejected."""
    write, _ = pair
    for start in (0, 64):
        names = dimensions(**{f"d{i}": "x" for i in range(start, start + 64)})
        write.write_records(**table, Records=[record(Dimensions=names)])
    (refusal,) = rejected(write, table, record(Dimensions=dimensions(last="x")))
    assert "128 dimensions" in refusal["Reason"]


MULTI = {"MeasureValue": None, "MeasureValueType": "MULTI"}


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"Dimensions": None}, "At least one dimension is required for a record."),
        ({"MeasureName": None}, "needs a MeasureName"),
        ({"MeasureValue": None}, "needs a MeasureValue"),
        ({"Time": None}, "needs a Time"),
        ({"Time": "soon"}, "Time must be a whole number"),
        ({"Time": "99999999999999999999"}, "outside of what a timestamp can hold"),
        ({"Version": 0}, "Version must be"),
        ({"TimeUnit": "MINUTES"}, "TimeUnit must be one of"),
        ({"MeasureValueType": "BIGINT", "MeasureValue": "1.5"}, "'1.5' is not a BIGINT"),
        ({"MeasureValueType": "BIGINT", "MeasureValue": str(1 << 63)}, "is not a BIGINT"),
        ({"MeasureValue": "NaN"}, "'NaN' is not a DOUBLE"),
        ({"MeasureValue": "Infinity"}, "'Infinity' is not a DOUBLE"),
        ({"MeasureValueType": "BOOLEAN", "MeasureValue": "yes"}, "is not a BOOLEAN"),
        ({"MeasureValueType": "TIMESTAMP", "MeasureValue": "1"}, "must be one of"),
        ({"MeasureValueType": "FLOAT"}, "must be one of"),
        ({**MULTI}, "needs MeasureValues"),
        ({"MeasureValues": values(x=("DOUBLE", "1"))}, "needs the MeasureValueType MULTI"),
        ({**MULTI, "MeasureValues": values(x=("DOUBLE", "one"))}, "is not a DOUBLE"),
        ({**MULTI, "MeasureValues": values(x=("MULTI", "1"))}, "is not one of the service's"),
        ({**MULTI, "MeasureValues": values(ts_x=("DOUBLE", "1"))}, "'ts_x' is reserved"),
        ({"MeasureName": "a:b"}, "cannot contain a colon"),
        ({"MeasureName": "measure_value"}, "is reserved"),
        ({"Dimensions": dimensions(time="x")}, "'time' is reserved"),
        ({"Dimensions": dimensions(**{'a"b': "x"})}, "cannot contain a colon, a quote"),
        ({"Dimensions": dimensions(**{"d" * 61: "x"})}, "1 to 60 bytes"),
        ({"Dimensions": dimensions(host="a") + dimensions(host="b")}, "more than once"),
    ],
)
def test_a_malformed_record_refuses_the_request(
    pair: Pair, table: Names, changes: dict[str, Any], message: str
) -> None:
    """What is malformed is a ValidationException, and the good record before it is not written."""
    write, query = pair
    assert message in refused(write, table, record(MeasureName="good"), record(**changes))
    assert ask(query, table, "SELECT count(*) FROM $table") == [["0"]]
    write.write_records(**table, Records=[record(MeasureName="good")])
    assert ask(query, table, "SELECT count(*) FROM $table") == [["1"]]


def test_a_request_has_a_hundred_records_at_most(pair: Pair, table: Names) -> None:
    """A hundred go in, a hundred and one do not."""
    write, query = pair
    many = [record(Dimensions=dimensions(host=str(i))) for i in range(101)]
    write.write_records(**table, Records=many[:100])
    assert "at most 100" in refused(write, table, *many)
    assert ask(query, table, "SELECT count(*) FROM $table") == [["100"]]


def test_a_partition_key_can_be_required(pair: Pair, table: Names) -> None:
    """A record without the dimension a table is partitioned by is rejected."""
    write, _ = pair
    key = {"Type": "DIMENSION", "Name": "tenant", "EnforcementInRecord": "REQUIRED"}
    names = {**table, "TableName": "keyed"}
    write.create_table(**names, Schema={"CompositePartitionKey": [key]})
    assert "tenant" in rejected(write, names, record())[0]["Reason"]
    write.write_records(**names, Records=[record(Dimensions=dimensions(tenant="t"))])


def test_columns_appear_as_records_bring_them(pair: Pair, table: Names) -> None:
    """A query may name a column from the first record on that has it, not before."""
    write, query = pair
    select = "SELECT late FROM $table WHERE late IS NOT NULL"
    write.write_records(**table, Records=[record()])
    with pytest.raises(ClientError, match="Column 'late' does not exist"):
        ask(query, table, select)
    write.write_records(**table, Records=[record(Dimensions=dimensions(late="x"))])
    assert ask(query, table, select) == [["x"]]
