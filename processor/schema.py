"""One record that shows Timestream every column of the `multi` layout.

A column exists once some record has carried it, and a query that names another is refused. A field
that no request has had yet (a video player's on a site without video, a failover that has not
happened) would so break every panel that asks for it. The record is named ``schema``: queries,
which name the measure they are about, do not see it.
https://docs.aws.amazon.com/timestream/latest/developerguide/writes.html
"""

import json
import time

from processor.config import Config

MEASURE_NAME = "schema"
# A record is at most 2 KB; all fields together are less, and two records are no trouble.
_BYTES = 1800
_NOTHING = {"BIGINT": "0", "DOUBLE": "0"}


def schema_body(config: Config) -> bytes | None:
    """Return the WriteRecords body; None where every record has all columns, as in `classic`."""
    if config.layout == "classic":
        return None
    fields = [field for field in config.stored if field.role != "time"]
    dimensions = [
        {"Name": field.column, "Value": "-"} for field in fields if field.role == "dimension"
    ]
    groups: list[list[dict[str, str]]] = []
    room = 0
    for field in fields:
        if field.role == "dimension":
            continue
        room -= len(field.column) + 8
        if room < 0:
            groups.append([])
            room = _BYTES - len(str(dimensions)) // 2
        groups[-1].append(
            {"Name": field.column, "Value": _NOTHING.get(field.type, "-"), "Type": field.type}
        )
    if not groups:
        return None
    now = time.time_ns()
    records = [
        {
            "Dimensions": dimensions or [{"Name": "function_name", "Value": config.function_name}],
            "MeasureName": MEASURE_NAME,
            "MeasureValueType": "MULTI",
            "MeasureValues": measures,
            "Time": str(now + place),
            "TimeUnit": "NANOSECONDS",
        }
        for place, measures in enumerate(groups)
    ]
    body = {"DatabaseName": config.database, "TableName": config.table, "Records": records}
    return json.dumps(body, separators=(",", ":")).encode()
