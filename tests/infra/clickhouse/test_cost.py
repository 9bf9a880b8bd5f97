"""The bill with ClickHouse: its arithmetic, its sizes, and what the other store would cost."""

import json
import re
from collections.abc import Callable
from dataclasses import replace

import pytest

from infra import cost, stores
from infra.stores.clickhouse import cost as lines
from processor import catalog

Infra = Callable[..., tuple[int, str]]
# 1,000 lines a second, and a row of 100 bytes.
ASKED = cost.Workload(1000, 2000, 100, "us-east-1", catalog.DEFAULT_FIELDS, store="clickhouse")
SIZES = (lines.Sizes(700, 100),) * 3


def bill(asked: cost.Workload = ASKED) -> dict[str, tuple[float, ...]]:
    prices = cost.Prices(cost.listed("clickhouse"), asked.region)
    return {item.what: item.dollars for item in cost.bill(asked, SIZES, prices)}


@pytest.mark.parametrize(
    ("what", "dollars"),
    [
        ("EC2: machines", (4 * 730 * 0.0816, 0, 0)),  # 300 lines a second each
        # 86.4 M lines a day: 100 bytes for 30 days and 4.3 for 400 are 407.8 GB, twice that a disk
        ("EC2: volumes", (4 * 407.808 * 2 * 0.08, 0, 0)),
        ("Cloud Basic: compute", (0, 730 * 0.2181, 0)),
        ("Cloud Scale: compute", (0, 0, 2 * 730 * 0.2985)),
        ("Cloud: data and backup", (0, 407.808 * 2 * 0.0253, 407.808 * 2 * 0.0253)),
        ("Kinesis: shards", (3 * 730 * 0.015,) * 3),
    ],
)
def test_a_line_by_hand(what: str, dollars: tuple[float, ...]) -> None:
    assert bill()[what] == pytest.approx(dollars)


def test_no_question_costs_anything() -> None:
    often = replace(ASKED, cadence="1m", views=5000)
    assert bill(often) == bill(ASKED)
    assert not [what for what in bill() if "quer" in what.lower()]


def test_a_little_traffic_pays_for_one_machine() -> None:
    little = bill(replace(ASKED, rps=1, peak=2, sampling=1))
    assert little["EC2: machines"][0] == pytest.approx(730 * 0.0816)
    assert little["EC2: volumes"][0] == pytest.approx(30 * 0.08)


def test_days_are_what_is_stored() -> None:
    def gigabytes(**kept: float) -> float:
        return lines.stored(replace(ASKED, retention=kept), SIZES[0])

    assert gigabytes(days=60.0) - gigabytes(days=30.0) == pytest.approx(86.4 * 100 * 30 / 1000)
    assert gigabytes(rollup_days=800.0) > gigabytes(rollup_days=400.0) > gigabytes(rollup_days=1.0)


def test_fewer_fields_and_dropped_ones_are_less_of_everything() -> None:
    few = catalog.resolve(["timestamp", "sc-bytes", "sc-status", "x-edge-location"])
    full, lean = (
        lines.measured(replace(ASKED, fields=fields), 250)[0]
        for fields in (catalog.DEFAULT_FIELDS, few)
    )
    assert full.row_bytes == pytest.approx(lines.ROW_BYTES)
    assert lean.row_bytes < full.row_bytes / 4
    assert lean.line_bytes < full.line_bytes / 5
    dropped = lines.measured(replace(ASKED, drop=("x-edge-request-id",)), 250)[0]
    assert dropped.row_bytes < 0.8 * full.row_bytes
    assert dropped.line_bytes == full.line_bytes


def test_every_price_is_used_dated_and_has_its_source() -> None:
    used = set()

    class Watched(cost.Prices):
        def __getitem__(self, key: str) -> float:
            used.add(key)
            return super().__getitem__(key)

    prices = Watched(cost.listed("clickhouse"), "us-east-1")
    list(cost.bill(replace(ASKED, editors=1), SIZES, prices))
    list(cost.notes(ASKED, SIZES, prices))
    assert used == set(prices.listed)
    assert re.fullmatch(r"\d{4}-\d\d-\d\d", lines.AS_OF)


class TestBeside:
    """Each bill ends with what the same traffic costs in the other store."""

    @pytest.mark.slow
    @pytest.mark.parametrize("store", stores.STORES)
    def test_what_is_said_of_the_other_is_its_own_bill(self, infra: Infra, store: str) -> None:
        (other,) = set(stores.STORES) - {store}
        _, said = infra("cost", "--store", store, "--rps", "200")
        _, own = infra("cost", "--store", other, "--rps", "200")
        total = next(line for line in own.splitlines() if line.startswith("together")).split()[1:]
        (beside,) = (line for line in said.splitlines() if "the same would be" in line)
        assert re.findall(r"\d[\d,]*\.\d\d", beside) == total
        assert beside.startswith(f"- In {stores.of(other).NAME}")

    @pytest.mark.slow
    def test_a_region_that_the_other_does_not_have_leaves_it_out(self, infra: Infra) -> None:
        status, said = infra("cost", "--store", "clickhouse", "--region", "eu-north-1")
        assert status == 0
        assert "the same would be" not in said
        assert infra("cost", "--region", "eu-north-1")[0] == 1

    def test_the_prices_of_the_two_stores_are_apart(self) -> None:
        names = [set(cost.listed(name)) for name in stores.STORES]
        shared = set(json.loads(cost.PRICES.read_text())["prices"])
        assert names[0] & names[1] == shared


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("--days", "14"), "--days is about ClickHouse; price that with --store clickhouse"),
        (
            ("--store", "clickhouse", "--memory-hours", "6"),
            "--memory-hours is about Timestream for LiveAnalytics; price that with --store times",
        ),
        (("--store", "clickhose"), "did you mean 'clickhouse'?"),
    ],
)
def test_what_does_not_go_together(infra: Infra, words: tuple[str, ...], sentence: str) -> None:
    status, said = infra("cost", *words)
    assert status == 1
    assert sentence in said


@pytest.mark.slow
def test_days_of_the_option_are_in_the_bill(infra: Infra) -> None:
    _, said = infra("cost", "--store", "clickhouse", "--days", "14", "--rollup-days", "800")
    assert "kept 14 days" in said
    assert "kept 800 days" in said
