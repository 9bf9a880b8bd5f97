"""The rows that tell of an invocation: one for it, and one for each field that lost values."""

import time

from processor.report import LEFT_OUT, MEASURES, Report
from processor.stores.clickhouse.cells import escape
from processor.stores.clickhouse.columns import ABSENT, TIME
from processor.stores.clickhouse.encode import moment_text

NAMES = ", ".join((TIME, "function_name", "field", *MEASURES))


def pipeline_rows(report: Report, function_name: str, at: int | None = None) -> list[str]:
    """Return the rows of an invocation, of now or of nanoseconds ``at``, as tab-separated text."""
    moment = moment_text((at or time.time_ns()) // 1_000_000)

    def row(field: str, numbers: dict[str, int | float]) -> str:
        texts = (str(numbers[name]) if name in numbers else ABSENT for name in MEASURES)
        return "\t".join((moment, escape(function_name) or ABSENT, field, *texts))

    rows = [row(ABSENT, report.values())]
    return rows + [row(name, {LEFT_OUT: number}) for name, number in report.fields.items()]
