"""The service's quotas and naming rules.

https://docs.aws.amazon.com/timestream/latest/developerguide/ts-limits.html
"""

import re

RECORDS_PER_REQUEST = 100
RECORD_BYTES = 2_048
SERIES_BYTES = 2_048  # dimension names and values of one series
MULTI_VALUES_BYTES = 2_048
VALUE_BYTES = 2_048
DIMENSIONS_PER_TABLE = 128
MEASURE_NAMES_PER_TABLE = 8_192
MULTI_ATTRIBUTES_PER_TABLE = 1_024
MULTI_ATTRIBUTES_PER_RECORD = 256
DIMENSION_NAME_BYTES = 60
MEASURE_NAME_BYTES = 256
DATABASES = 500
TABLES = 50_000
MEMORY_HOURS = (1, 8_766)
MAGNETIC_DAYS = (1, 73_000)
DEFAULT_MEMORY_HOURS, DEFAULT_MAGNETIC_DAYS = 6, 73_000
FUTURE_NANOSECONDS = 15 * 60 * 1_000_000_000
QUERY_BYTES = 262_144
MAX_ROWS = (1, 1_000)
PAGE_BYTES = 1_000_000
TOKEN_USES, TOKEN_SECONDS = 5, 3_600
CLIENT_TOKEN = (32, 128)
CLIENT_TOKEN_SECONDS, SAME_ANSWER_SECONDS = 4 * 3_600, 300
TAGS = 200
LAST_TIMESTAMP = 9_223_286_400_000_000_000  # 2262-04-11

NAME = re.compile(r"[a-zA-Z0-9_.-]{3,256}\Z")

HOUR, DAY = 3_600_000_000_000, 86_400_000_000_000

_RESERVED = {"measure_name", "measure_value", "ts_non_existent_col", "time"}


def dimension_name_problem(name: str) -> str | None:
    """Return what is wrong with a dimension's name, or None."""
    if not name or len(name.encode()) > DIMENSION_NAME_BYTES:
        return f"Dimension names are 1 to {DIMENSION_NAME_BYTES} bytes long: '{name}'"
    if ":" in name or '"' in name or any(ord(c) < 32 or c in "\u2028\u2029" for c in name):
        return f"Dimension names cannot contain a colon, a quote or a control character: '{name}'"
    return _reserved(name, "Dimension")


def measure_name_problem(name: str) -> str | None:
    """Return what is wrong with a measure's name, or None."""
    if not name or len(name.encode()) > MEASURE_NAME_BYTES:
        return f"Measure names are 1 to {MEASURE_NAME_BYTES} bytes long: '{name}'"
    if ":" in name:
        return f"Measure names cannot contain a colon: '{name}'"
    return _reserved(name, "Measure")


def _reserved(name: str, kind: str) -> str | None:
    if name in _RESERVED or name.startswith(("ts_", "measure_value")):
        return f"{kind} name '{name}' is reserved"
    return None
