"""What a query scans on Timestream: the price that docs/dashboards.md gives of each panel."""

import json
import os
import re
from collections import Counter
from pathlib import Path

import pytest
import sqlglot
from sqlglot import exp

from dashboards import docs
from dashboards.boards import boards
from dashboards.config import Bundle
from dashboards.grafana.board import Dashboard
from dashboards.grafana.panels import Panel, Row
from dashboards.stores.timestream import scan
from infra.sample import sample
from processor import lines
from processor.catalog import FIELDS
from processor.config import Config
from processor.split import split
from processor.stores.timestream.encode import Encoder
from processor.stores.timestream.settings import Settings
from tests.support.log_lines import event

SIZES = Path("dashboards/stores/timestream/sizes.json")
BOARDS = [board for board in boards(Bundle(personal=True)) if board.name != "runbook"]
# Timestream's own words, as what an ordinary SQL parser reads.
PLAIN = (
    (r"\$__database\.\$__table", "requests"),
    (r"\$__timeFilter", "time > 0"),
    (r"\$\{\w+(:\w+)?\}", "'x'"),
    (r"\$__\w+", "1"),
    (r"\b\d+(ms|s|m|h|d)\b", "1"),
)


def sizes() -> dict[str, float]:
    """Return the mean size of each column in the made-up traffic, as the processor writes it."""
    config = Config(settings=Settings(layout="multi"), fields=FIELDS)
    encoder = Encoder(config)
    total: Counter[str] = Counter()
    texts = sample(FIELDS)
    for start in range(0, len(texts), 500):
        rows = split(lines.read(event(texts[start : start + 500])), len(FIELDS))
        for part in encoder.encode(rows):
            for request in part.requests:
                body = json.loads(request.body())
                shared = body.get("CommonAttributes", {})
                for record in body["Records"]:
                    total["measure_name"] += len((shared | record)["MeasureName"])
                    for each in (*shared.get("Dimensions", ()), *record.get("Dimensions", ())):
                        total[each["Name"]] += len(each["Value"].encode())
                    for each in record["MeasureValues"]:
                        text = each["Type"] == "VARCHAR"
                        total[each["Name"]] += len(each["Value"].encode()) if text else 8
    columns = ["measure_name", *(field.column for field in FIELDS if field.name != "timestamp")]
    return {"time": 8.0} | {name: round(total[name] / len(texts), 1) for name in columns}


def test_sizes_are_those_of_the_made_up_traffic() -> None:
    """`make golden` measures them anew."""
    measured = sizes()
    if os.environ.get("UPDATE_GOLDEN"):
        SIZES.write_text(json.dumps(measured, indent=1) + "\n", encoding="utf-8")
    assert json.loads(SIZES.read_text(encoding="utf-8")) == measured


def parsed(sql: str) -> list[list[str]]:
    """Return the columns of each read of the requests, as a parser of SQL finds them."""
    for word, plain in PLAIN:
        sql = re.sub(word, plain, sql)
    found = []
    for select in sqlglot.parse_one(sql, dialect="trino").find_all(exp.Select):
        source = select.args.get("from_") or select.args.get("from")
        read = source and isinstance(source.this, exp.Table) and source.this.name == "requests"
        if read and "measure_name = 'request'" in select.sql():
            names = {
                column.name
                for column in select.find_all(exp.Column)
                if column.find_ancestor(exp.Select) is select
            }
            found.append(sorted(names & scan.SIZES.keys() | {"time"}))
    return sorted(found)


@pytest.mark.parametrize("board", BOARDS, ids=lambda board: board.name)
def test_what_a_query_reads_is_found_in_its_text(board: Dashboard) -> None:
    for panel in board.panels():
        for target in getattr(panel, "targets", ()):
            assert sorted(map(sorted, scan.reads(target.sql))) == parsed(target.sql), panel.key


@pytest.mark.parametrize(
    ("sql", "names"),
    [
        ("SELECT\n  count(*)\nFROM $__database.$__table\nWHERE measure_name = 'request'", ""),
        (
            "SELECT\n  sum(sc_bytes)\nFROM $__database.$__table\nWHERE measure_name = 'request'\n"
            "  AND cs_host = 'c_ip'\nGROUP BY c_country",
            "sc_bytes cs_host c_country",  # not what a text says
        ),
        (
            "SELECT\n  sum(sc_bytes)\nFROM $__database.$__table\nWHERE measure_name = 'pipeline'",
            None,
        ),
    ],
)
def test_a_query_is_priced_by_its_columns(sql: str, names: str | None) -> None:
    wanted = 0.0
    if names is not None:
        wanted = sum(scan.SIZES[name] for name in ("time", "measure_name", *names.split()))
    assert scan.scanned(sql) == pytest.approx(wanted)


def test_every_panel_that_reads_requests_has_its_price_in_the_docs() -> None:
    """In megabytes of a million requests; and the sum of what is open, and of what is not."""
    text = docs.generated()
    for board in BOARDS:
        rows = text.partition(f"## {board.title}\n")[2].partition("\n## ")[0].splitlines()
        prices = [
            float(found[1]) for row in rows if (found := re.search(r"\| ([\d.]+) MB \|$", row))
        ]
        reading = [
            sum(scan.scanned(target.sql) for target in panel.targets)
            for panel in board.panels()
            if isinstance(panel, Panel) and panel.targets
        ]
        assert prices == [float(f"{round(each, 1):.0f}") for each in reading if each]
        held = {panel.key for row in board.panels() if isinstance(row, Row) for panel in row.held}
        closed = sum(
            scan.scanned(target.sql)
            for panel in board.panels()
            if isinstance(panel, Panel) and panel.key in held
            for target in panel.targets
        )
        said = re.findall(r"(\d+) MB", "".join(rows[:5]))
        sums = [sum(reading) - closed, closed] if closed else [sum(reading)]
        assert said == [f"{round(each, 1):.0f}" for each in sums if any(reading)]
