"""The record about an invocation, in the same table as the rows it wrote.

Its measure name is ``pipeline``. The same request has one more record for each field that lost
values: its measure name and its measure are ``left_out``.
"""

import json
import time
from typing import Any

from processor.config import Config
from processor.report import LEFT_OUT, MEASURES, Report

MEASURE_NAME = "pipeline"


def pipeline_body(report: Report, config: Config, at: int | None = None) -> bytes:
    """Return the WriteRecords body of an invocation's records, of now or of nanoseconds ``at``."""
    moment = str(at or time.time_ns())

    def record(name: str, measures: dict[str, int | float], **dimensions: str) -> dict[str, Any]:
        pairs = {"function_name": config.function_name} | dimensions
        return {
            "Dimensions": [{"Name": key, "Value": value} for key, value in pairs.items()],
            "MeasureName": name,
            "MeasureValueType": "MULTI",
            "MeasureValues": [
                {"Name": key, "Value": str(value), "Type": MEASURES[key][0]}
                for key, value in measures.items()
            ],
            "Time": moment,
            "TimeUnit": "NANOSECONDS",
        }

    records = [record(MEASURE_NAME, report.values())]
    records += [
        record(LEFT_OUT, {LEFT_OUT: number}, field=name) for name, number in report.fields.items()
    ]
    table = config.settings
    body = {"DatabaseName": table.database, "TableName": table.table, "Records": records}
    return json.dumps(body, separators=(",", ":")).encode()
