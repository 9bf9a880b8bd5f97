"""The pages on records and delivery say what is so."""

import json
import re
from pathlib import Path

import pytest

from processor.catalog import FIELDS
from processor.config import Config
from processor.lines import read
from processor.split import split
from processor.stores.timestream.encode import Encoder
from processor.stores.timestream.settings import Settings
from tests.support.log_lines import event, line
from tests.support.wire import metered

ROOT = Path(__file__).parents[2]
DELIVERY = (ROOT / "docs" / "delivery.md").read_text()
RECORDS = (ROOT / "docs" / "records.md").read_text()
REQUEST_ID = "8Xb2Zr9qT1mKJ0vY5nE3uWcHfL7sDgA4oPiQxN6yRkVtMjBhGwCzlS=="


def test_each_claim_on_delivery_names_a_test_that_exists():
    named = set(re.findall(r"`(test_\w+)`", DELIVERY))
    tests = "\n".join(path.read_text() for path in (ROOT / "tests").rglob("test_*.py"))
    assert len(named) > 20
    assert not {name for name in named if f"def {name}(" not in tests}
    for row in re.findall(r"^\| [A-Z].*\|$", DELIVERY, re.MULTILINE):
        assert "`test_" in row, row


def row(name):
    """Return the numbers of a row of the page's table."""
    (found,) = re.findall(rf"^\| (?:\*\*)?{re.escape(name)}.*$", RECORDS, re.MULTILINE)
    return [int(number) for number in re.findall(r"\b\d+\b", found)]


@pytest.mark.parametrize("layout", ["multi", "classic"])
def test_the_budget_of_a_usual_line_is_as_the_page_works_it_out(layout):
    text = line({"timestamp": "1790000000.123", "x-edge-request-id": REQUEST_ID})
    config = Config(settings=Settings(layout=layout))
    rows = split(read(event([text])), len(config.fields))
    ((request,),) = [part.requests for part in Encoder(config).encode(rows)]
    body = json.loads(request.body())
    common, (record,) = body["CommonAttributes"], body["Records"]
    dimensions = common["Dimensions"]
    measures = record.get("MeasureValues", [])
    parts = {
        "dimensions": dimensions,
        "numbers": [each for each in measures if each["Type"] != "VARCHAR"],
        "texts": [each for each in measures if each["Type"] == "VARCHAR"],
    }

    def weigh(part):
        names = sum(len(each["Name"]) for each in part)
        numbers = sum(each.get("Type", "VARCHAR") != "VARCHAR" for each in part)
        texts = sum(
            len(each["Value"].encode()) for each in part if each.get("Type", "VARCHAR") == "VARCHAR"
        )
        return [len(part), names, texts + 8 * numbers, names + texts + 8 * numbers]

    total = metered(common, [record])
    if layout == "multi":
        assert f"{len(text)} bytes" in RECORDS
        for name, part in parts.items():
            assert row(name) == weigh(part)
        count, names, content, all_ = weigh(dimensions + measures)
        assert row("record, `multi`") == [count, names + 7, content + 8, all_ + 15]
        assert all_ + 15 == total
    else:
        count, names, content, all_ = weigh(dimensions)
        assert row("record, `classic`") == [count, names + 8, content + 16, all_ + 24]
        assert all_ + 24 == total


def test_what_is_never_cut_fits_as_the_page_says():
    kept = [field for field in FIELDS if field.role != "time"]
    kept = [field for field in kept if field.role == "dimension" or field.cut == 0]
    longest = 15 + sum(len(field.name) + field.bytes for field in kept)
    assert longest < 2048
    assert f"take {longest} bytes" in " ".join(RECORDS.split())
