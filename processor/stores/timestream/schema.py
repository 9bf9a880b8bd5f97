"""Records that create every column in Timestream.

A column exists once some record has had it, and a query with an unknown column is refused. So a
field that no request has had yet would break every panel that reads it. Examples are a player's
field on a site without video, and a failover. A table without a batch would break the panels
of the pipeline. In `classic` every request has all its columns. The records are named ``schema``;
queries name another measure, so they do not see them.
https://docs.aws.amazon.com/timestream/latest/developerguide/writes.html
"""

import json
import time

from processor.config import Config
from processor.report import MEASURES

MEASURE_NAME = "schema"
# A record is at most 2 KB; all fields together are less, and two records are no trouble.
_BYTES = 1800
_NOTHING = {"BIGINT": "0", "DOUBLE": "0"}


def schema_body(config: Config) -> bytes:
    """Return the WriteRecords body."""
    function = {"Name": "function_name", "Value": config.function_name}
    of_itself = [{"Name": name, "Value": "0", "Type": kind} for name, (kind, _) in MEASURES.items()]
    shown = [([function, {"Name": "field", "Value": "-"}], of_itself)]
    if config.settings.layout == "multi":
        shown += _requests(config, [function])
    now = time.time_ns()
    records = [
        {
            "Dimensions": dimensions,
            "MeasureName": MEASURE_NAME,
            "MeasureValueType": "MULTI",
            "MeasureValues": measures,
            "Time": str(now + at),
            "TimeUnit": "NANOSECONDS",
        }
        for at, (dimensions, measures) in enumerate(shown)
    ]
    table = config.settings
    body = {"DatabaseName": table.database, "TableName": table.table, "Records": records}
    return json.dumps(body, separators=(",", ":")).encode()


def _requests(
    config: Config, otherwise: list[dict[str, str]]
) -> list[tuple[list[dict[str, str]], list[dict[str, str]]]]:
    """Return dimensions and measures of as many records as the columns of a request take."""
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
    return [(dimensions or otherwise, measures) for measures in groups]
