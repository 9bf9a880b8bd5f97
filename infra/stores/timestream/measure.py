"""How big log lines and records are: realistic traffic through the processor's own encoding.

Timestream meters a write by its bytes, rounded up to 1 KiB a call: 8 for the time, names and
values of dimensions and measures as they are, 8 for a number, common attributes once a call.
https://docs.aws.amazon.com/timestream/latest/developerguide/metering-and-pricing.writes.html
"""

import base64
import json
import math
from dataclasses import dataclass
from typing import Any

from infra.sample import START, sample
from processor import lines
from processor.config import Config
from processor.split import split
from processor.stores.timestream.encode import Encoder

__all__ = ["Sizes", "metered", "sample", "sizes_of"]

UNIT = 1024
TIME_BYTES = 8
NUMBER_BYTES = 8


@dataclass(frozen=True, slots=True)
class Sizes:
    """The size of one log line, on average."""

    line_bytes: float  # on the stream
    write_units: float  # of Timestream, in batches of the size asked for
    stored_bytes: float  # a record with all its own dimensions, as storage is counted


def sizes_of(texts: list[str], config: Config, batch: int) -> Sizes:
    """Measure the lines as the configured processor writes them, ``batch`` at a time."""
    encoder = Encoder(config)
    units = 0
    stored = 0
    for start in range(0, len(texts), batch):
        event = _event(texts[start : start + batch])
        for body in _bodies(encoder, event):
            units += math.ceil(metered(body) / UNIT)
            stored += metered(body, shared=False)
    count = len(texts)
    return Sizes(sum(len(text.encode()) for text in texts) / count, units / count, stored / count)


def metered(body: dict[str, Any], *, shared: bool = True) -> int:
    """Return the bytes that Timestream counts of a WriteRecords body.

    With ``shared`` the common attributes count once, as for a write; without it once a record.
    """
    common = body.get("CommonAttributes", {})
    times = 1 if shared else len(body["Records"])
    return _attributes(common) * times + sum(
        TIME_BYTES + _attributes(record) for record in body["Records"]
    )


def _attributes(record: dict[str, Any]) -> int:
    size = len(record.get("MeasureName", "").encode())
    for dimension in record.get("Dimensions", []):
        size += len((dimension["Name"] + dimension["Value"]).encode())
    if "MeasureValue" in record:
        size += NUMBER_BYTES  # classic has the one BIGINT
    for measure in record.get("MeasureValues", []):
        text = measure["Type"] == "VARCHAR"
        size += len(measure["Name"].encode())
        size += len(measure["Value"].encode()) if text else NUMBER_BYTES
    return size


def _event(texts: list[str]) -> dict[str, Any]:
    return {
        "Records": [
            {
                "eventID": f"shardId-000000000000:{number}",
                "kinesis": {
                    "sequenceNumber": str(number),
                    "data": base64.b64encode(text.encode()).decode(),
                    "approximateArrivalTimestamp": START,
                },
            }
            for number, text in enumerate(texts)
        ]
    }


def _bodies(encoder: Encoder, event: dict[str, Any]) -> list[dict[str, Any]]:
    rows = split(lines.read(event), len(encoder.config.fields))
    return [
        json.loads(request.body()) for part in encoder.encode(rows) for request in part.requests
    ]
