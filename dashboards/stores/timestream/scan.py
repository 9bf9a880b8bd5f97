"""How many bytes a query makes Timestream scan, told from its text.

Timestream reads the columns that a query names, of the records of the measure and the time that it
asks for. A number has 8 bytes, a text as many as it has in UTF-8, and a value that is not there
none. sizes.json has the means of the made-up traffic.
https://docs.aws.amazon.com/timestream/latest/developerguide/metering-and-pricing.storage.html
"""

import json
import math
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

# Bytes of a column in one record, on average.
SIZES: Mapping[str, float] = json.loads(
    Path(__file__).with_name("sizes.json").read_text(encoding="utf-8")
)
_TABLE = re.compile(r'( *)FROM (\$__database\.\$__table|"[^"]+"\."[^"]+")')
_REQUESTS = "measure_name = 'request'"
_TEXT = re.compile(r"'[^']*'")
_WORD = re.compile(r"\w+")


def scanned(sql: str) -> float:
    """Return the bytes that are scanned of each request that a query reads, on average.

    One that reads each request twice is billed twice. The processor's own records count as nothing:
    there is one for hundreds of requests.
    """
    return math.fsum(SIZES[name] for columns in reads(sql) for name in columns)


def reads(sql: str) -> Iterator[frozenset[str]]:
    """Yield the columns of each read of the requests in a query as select.py lays it out."""
    lines = sql.splitlines()
    for number in reversed(range(len(lines))):
        if not (found := _TABLE.fullmatch(lines[number])):
            continue
        inside = f"{found[1]} "
        start = number - 1
        while lines[start].startswith(inside):
            start -= 1
        end = number + 1
        while end < len(lines) and lines[end].startswith(tuple(_clauses(found[1]))):
            end += 1
        text = "\n".join(lines[start:end])
        if _REQUESTS in text:
            yield frozenset(SIZES.keys() & {"time", *_WORD.findall(_TEXT.sub("", text))})


def _clauses(indent: str) -> Iterator[str]:
    """Yield how the lines begin that belong to a SELECT behind its FROM."""
    yield f"{indent} "
    for keyword in ("WHERE", "GROUP BY", "HAVING", "ORDER BY", "LIMIT"):
        yield f"{indent}{keyword} "
