"""Rows for a test: log lines' fields to Timestream records, as the processor shapes them.

A test of ours holds this next to the processor's own records; see docs/testing-rules.md for the
values of fields that a test does not name.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from itertools import count, islice
from typing import Any

from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from botocore.httpsession import URLLib3Session

from processor import catalog

RECORDS_PER_CALL = 100
# A request nobody says more about: a hit, fast and small, from Germany at Frankfurt. Fields that
# are not here are absent, until a test names them.
USUAL: Mapping[str, str] = {
    "time-to-first-byte": "0.02",
    "sc-status": "200",
    "sc-bytes": "1000",
    "cs-method": "GET",
    "cs-host": "www.example.com",
    "cs-uri-stem": "/index.html",
    "x-edge-location": "FRA56-P1",
    "x-host-header": "d111111abcdef8.cloudfront.net",
    "time-taken": "0.03",
    "x-edge-result-type": "Hit",
    "x-edge-detailed-result-type": "Hit",
    "c-country": "DE",
    "cache-behavior-path-pattern": "*",
}
ABSENT = ("-", "")
_PIPELINE_DOUBLES = ("lag_p50_ms", "lag_max_ms", "write_ms", "duration_ms")


class RowError(ValueError):
    """A field or value of a test's traffic that no log line can hold."""


def requests(
    fields: Mapping[str, str], times: Iterable[int], layout: str, serial: Iterator[int]
) -> list[dict[str, Any]]:
    """Return a record for each time (nanoseconds); every one gets a request id of its own.

    ``fields`` are CloudFront's, over USUAL; "-" leaves one out.
    """
    for name in fields:
        if name not in catalog.BY_NAME:
            raise RowError(str(_unknown(name)))
    values = {**USUAL, **fields}
    known = [each for each in catalog.FIELDS if each.name in values and each.role != "time"]
    shape = _multi if layout == "multi" else _classic
    return [shape(known, values, at, f"test-{next(serial):08d}") for at in times]


def _unknown(name: str) -> Exception:
    try:
        catalog.resolve([name])
    except catalog.UnknownField as error:
        return error
    return ValueError(name)


def _multi(
    known: list[catalog.Field], values: Mapping[str, str], at: int, request_id: str
) -> dict[str, Any]:
    present = [each for each in known if values[each.name] not in ABSENT]
    measures = [
        {"Name": each.column, "Value": _number(each, values[each.name]), "Type": each.type}
        for each in present
        if each.role != "dimension"
    ]
    column = catalog.BY_NAME["x-edge-request-id"].column
    measures.append({"Name": column, "Value": request_id, "Type": "VARCHAR"})
    return {
        "Dimensions": [
            {"Name": each.column, "Value": values[each.name]}
            for each in present
            if each.role == "dimension"
        ],
        "MeasureName": "request",
        "MeasureValueType": "MULTI",
        "MeasureValues": measures,
        "Time": str(at),
        "TimeUnit": "NANOSECONDS",
    }


def _number(each: catalog.Field, value: str) -> str:
    if each.type == "VARCHAR" or value in ABSENT:
        return value
    try:
        return str(int(value)) if each.type == "BIGINT" else str(float(value))
    except ValueError:
        raise RowError(f"{each.name}: {value!r} is no {each.type}") from None


def _classic(
    known: list[catalog.Field], values: Mapping[str, str], at: int, request_id: str
) -> dict[str, Any]:
    # This layout writes every configured field, "-" included.
    written = {each.column: "-" for each in catalog.DEFAULT_FIELDS if each.role != "time"}
    written |= {each.column: _number(each, values[each.name]) for each in known}
    written[catalog.BY_NAME["x-edge-request-id"].column] = request_id
    written["timestamp"] = str(at / 1_000_000_000)
    return {
        "Dimensions": [{"Name": name, "Value": value or "-"} for name, value in written.items()],
        "MeasureName": "sc_bytes",
        "MeasureValueType": "BIGINT",
        "MeasureValue": str(int(values["sc-bytes"])),
        "Time": str(at // 1_000_000_000),
        "TimeUnit": "SECONDS",
    }


def pipeline(measures: Mapping[str, float], at: int) -> dict[str, Any]:
    """Return the record the processor writes about one invocation; what is not named is 0."""
    names = (
        "received", "written", "duplicates", "malformed", "rejected", "trimmed", "left_out",
        "retried",        "bytes_sent", "write_units", *_PIPELINE_DOUBLES,
    )  # fmt: skip
    for name in measures:
        if name not in names:
            raise RowError(f"the pipeline's record has no {name!r}; it has {', '.join(names)}")
    lost = ("malformed", "rejected", "duplicates")
    written = measures.get("received", 0) - sum(measures.get(name, 0) for name in lost)
    values = {"written": written, **measures}
    return {
        "Dimensions": [{"Name": "function_name", "Value": "processor"}],
        "MeasureName": "pipeline",
        "MeasureValueType": "MULTI",
        "MeasureValues": [
            {
                "Name": name,
                "Value": str(float(values.get(name, 0)))
                if name in _PIPELINE_DOUBLES
                else str(int(values.get(name, 0))),
                "Type": "DOUBLE" if name in _PIPELINE_DOUBLES else "BIGINT",
            }
            for name in names
        ],
        "Time": str(at),
        "TimeUnit": "NANOSECONDS",
    }


class Writer:
    """Writes records to a local endpoint: WriteRecords as boto3 sends it, without its checks.

    boto3 takes several times longer to check and serialise a hundred records than the endpoint
    takes to store them. https://docs.aws.amazon.com/timestream/latest/developerguide/API_WriteRecords.html
    """

    def __init__(self, url: str, region: str = "us-east-1") -> None:
        self._url = url
        self._session = URLLib3Session()
        self._auth = SigV4Auth(Credentials("test", "test"), "timestream", region)

    def write(self, database: str, table: str, records: Iterable[dict[str, Any]]) -> None:
        """Write records, a hundred at a time; raises RowError with the endpoint's reason."""
        rest = iter(records)
        while some := list(islice(rest, RECORDS_PER_CALL)):
            body = json.dumps({"DatabaseName": database, "TableName": table, "Records": some})
            headers = {
                "Content-Type": "application/x-amz-json-1.0",
                "X-Amz-Target": "Timestream_20181101.WriteRecords",
            }
            request = AWSRequest("POST", self._url, headers, body)
            self._auth.add_auth(request)
            answer = self._session.send(request.prepare())
            if answer.status_code != 200:
                raise RowError(f"the endpoint did not take the rows: {answer.text}")


def everything(at: int, layout: str) -> list[dict[str, Any]]:
    """Return a request and a batch that have every field, so that the table has every column.

    Timestream refuses a query that names a column no row ever had.
    """
    fields = {
        each.name: USUAL.get(each.name, "1" if each.type != "VARCHAR" else "seed")
        for each in catalog.DEFAULT_FIELDS
        if each.role != "time" and each.name != "x-edge-request-id"
    }
    return [*requests(fields, [at], layout, count(0)), pipeline({"received": 1}, at)]


def serials() -> Iterator[int]:
    """Return a counter for request ids."""
    return count(1)
