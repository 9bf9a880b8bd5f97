"""The bill: its arithmetic, its sizes, and where its prices are from."""

import json
import math
from collections.abc import Callable
from typing import Any

import pytest

from dashboards.signals.prices import MILLION_LINES
from infra import cost, transform
from infra.stores import STORES
from infra.stores.timestream import measure
from processor import catalog
from processor.config import Config
from processor.handler import Processor
from processor.stores.timestream.settings import Settings
from tests.support.aws import FakeAws

Infra = Callable[..., tuple[int, str]]
ASKED = cost.Workload(1000, 2000, 100, "us-east-1", catalog.DEFAULT_FIELDS)
BOTH = (measure.Sizes(700, 0.9, 1100), measure.Sizes(700, 1.0, 1700))


def prices(region: str = "us-east-1") -> cost.Prices:
    return cost.Prices(cost.listed(), region)


def bill(asked: cost.Workload = ASKED) -> dict[str, tuple[float, float]]:
    return {item.what: item.dollars for item in cost.bill(asked, BOTH, prices(asked.region))}


class TestArithmetic:
    """Each line by hand, for 1,000 lines a second: 2,628 million in a month of 730 hours."""

    @pytest.mark.parametrize(
        ("what", "multi", "classic"),
        [
            ("CloudFront: log lines", 26.28, 26.28),
            ("Kinesis: shards", 3 * 730 * 0.015, 3 * 730 * 0.015),
            ("Kinesis: puts", 2628 * 0.014, 2628 * 0.014),
            ("Lambda: requests", 2.628 * 0.2, 2.628 * 0.2),
            ("Timestream: writes", 2628 * 0.9 * 0.5, 2628 * 1.0 * 0.5),
            # 1,000 x 3,600 x 1,100 bytes an hour, 24 of them kept, for 730 hours
            (
                "Timestream: memory store, 24 h",
                3.96 * 24 * 730 * 0.036,
                6.12 * 24 * 730 * 0.036,
            ),
            ("Timestream: magnetic store, 30 d", 3.96 * 720 * 0.03, 6.12 * 720 * 0.03),
            # a round every five minutes, each 4 TCUs for half a minute
            ("Timestream: queries of alert rules", 8_760 / 30 * 0.518, 8_760 / 30 * 0.518),
            ("CloudWatch: alarms", 0.7, 0.7),
        ],
    )
    def test_a_line(self, what: str, multi: float, classic: float) -> None:
        assert bill()[what] == pytest.approx((multi, classic))

    def test_less_alerting_and_no_alerting_cost_less_and_nothing(self) -> None:
        what = "Timestream: queries of alert rules"
        every = {
            cadence: bill(
                cost.Workload(1, 2, 5, "us-east-1", catalog.DEFAULT_FIELDS, cadence=cadence)
            )[what][0]
            for cadence in ("1m", "5m", "", "0")
        }
        assert every["5m"] == every[""] == pytest.approx(every["1m"] / 5)
        assert every["0"] == 0

    def test_a_hundred_gigabytes_of_magnetic_store_are_billed_at_least(self) -> None:
        small = cost.Workload(1, 2, 5, "us-east-1", catalog.DEFAULT_FIELDS)
        assert bill(small)["Timestream: magnetic store, 30 d"] == pytest.approx((3.0, 3.0))

    def test_a_workspace_has_at_least_one_editor(self) -> None:
        asked = cost.Workload(1, 2, 5, "us-east-1", catalog.DEFAULT_FIELDS, viewers=3)
        assert bill(asked)["Grafana: editors"] == (9, 9)
        assert bill(asked)["Grafana: viewers"] == (15, 15)
        assert not [what for what in bill() if what.startswith("Grafana")]

    @pytest.mark.parametrize(
        ("peak", "sampling", "line_bytes", "shards"),
        [
            (10, 5, 700, 1),
            (833, 100, 700, 1),
            (834, 100, 700, 2),  # 20 % above 834 lines is more than one shard takes
            (500, 100, 2000, 2),  # bytes count too
            (10_000, 5, 700, 1),
        ],
    )
    def test_shards(self, peak: float, sampling: float, line_bytes: float, shards: int) -> None:
        asked = cost.Workload(1, peak, sampling, "us-east-1", catalog.DEFAULT_FIELDS)
        assert cost.shards(asked, line_bytes) == shards


class TestSizes:
    """What a line comes to is measured on the processor's own records."""

    def test_the_metered_bytes_of_a_body_by_hand(self) -> None:
        """8 for the time and each number; names and texts as they are; shared ones once."""
        body = {
            "CommonAttributes": {
                "MeasureName": "request",  # 7
                "Dimensions": [{"Name": "cs_method", "Value": "GET"}],  # 12
            },
            "Records": [
                {
                    "Dimensions": [{"Name": "c_country", "Value": "DE"}],  # 11
                    "MeasureValues": [
                        {"Name": "sc_bytes", "Value": "123456", "Type": "BIGINT"},  # 16
                        {"Name": "cs_host", "Value": "ä.de", "Type": "VARCHAR"},  # 12
                    ],
                },
                {"MeasureValue": "7"},  # 8
            ],
        }
        assert measure.metered(body) == 19 + (8 + 11 + 16 + 12) + (8 + 8)
        assert measure.metered(body, shared=False) == measure.metered(body) + 19

    @pytest.mark.slow
    @pytest.mark.parametrize("layout", ["multi", "classic"])
    def test_they_agree_with_what_the_processor_reports(
        self, aws: FakeAws, monkeypatch: pytest.MonkeyPatch, layout: str
    ) -> None:
        monkeypatch.setenv("POWERTOOLS_METRICS_DISABLED", "true")
        monkeypatch.setenv("LOG_LEVEL", "CRITICAL")
        ingested = {"RecordsIngested": {"Total": 1, "MemoryStore": 1, "MagneticStore": 0}}
        aws.on("timestream-write", WriteRecords=ingested)
        config = Config(settings=Settings(layout=layout))
        texts = measure.sample(config.fields, 300)
        processor = Processor(config)
        processor.handle(measure._event(texts))
        reported = processor.report.write_units / len(texts)
        assert measure.sizes_of(texts, config, 300).write_units == pytest.approx(reported, rel=0.01)

    def test_the_cheap_layout_is_the_cheap_one(self) -> None:
        texts = measure.sample(catalog.DEFAULT_FIELDS, 400)
        multi, classic = (
            measure.sizes_of(texts, Config(settings=Settings(layout=layout)), 200)
            for layout in ("multi", "classic")
        )
        assert multi.stored_bytes < 0.8 * classic.stored_bytes
        assert multi.line_bytes == classic.line_bytes

    def test_fewer_fields_are_less_of_everything(self) -> None:
        few = catalog.resolve(["timestamp", "sc-bytes", "sc-status", "x-edge-location"])
        lean = measure.sizes_of(measure.sample(few, 400), Config(fields=few), 200)
        full = measure.sizes_of(measure.sample(catalog.DEFAULT_FIELDS, 400), Config(), 200)
        assert lean.line_bytes < full.line_bytes / 5
        assert lean.write_units < full.write_units / 5

    def test_small_batches_pay_for_their_rounding(self) -> None:
        texts = measure.sample(catalog.DEFAULT_FIELDS, 200)
        one = measure.sizes_of(texts, Config(), 1)
        many = measure.sizes_of(texts, Config(), 200)
        assert one.write_units > many.write_units
        assert one.stored_bytes == pytest.approx(many.stored_bytes, rel=0.05)


class TestPrices:
    """Each price is dated and has its source; what was not found says so."""

    def test_every_price_has_an_amount_a_unit_and_a_source(self) -> None:
        root = cost.PRICES.parent.parent
        files = [cost.PRICES, *root.glob("dashboards/stores/*/prices.json")]
        dates = {json.loads(path.read_text())["as_of"] for path in files}
        assert (len(files), dates) == (3, {"2026-11-23", "2026-09-05"})
        for key, entry in [item for name in STORES for item in cost.listed(name).items()]:
            assert "per" in entry["what"] or "month" in entry["what"], key
            assert "https://" in entry["source"], key
            amounts: list[Any] = [*entry.get("regions", {}).values()]
            amounts += [entry[name] for name in ("anywhere", "assumed") if name in entry]
            assert amounts, key
            assert all(amount > 0 for amount in amounts), key
            assert ("not found" in entry["source"]) == ("assumed" in entry), key

    def test_the_boards_have_the_same_price_of_log_lines(self) -> None:
        assert cost.listed("timestream")["cloudfront_million_lines"]["anywhere"] == MILLION_LINES

    def test_every_price_is_used(self, infra: Infra) -> None:
        class Watched(cost.Prices):
            used: set[str] = set()  # noqa: RUF012

            def __getitem__(self, key: str) -> float:
                self.used.add(key)
                return super().__getitem__(key)

        watched = Watched(prices().listed, "us-east-1")
        asked = cost.Workload(1, 2, 5, "us-east-1", catalog.DEFAULT_FIELDS, editors=1)
        list(cost.bill(asked, BOTH, watched))
        list(cost.notes(asked, BOTH, watched))
        assert watched.used == set(watched.listed)

    def test_in_us_east_1_only_the_on_demand_stream_is_assumed(self) -> None:
        listed = prices()
        assert all(item.sure for item in cost.bill(ASKED, BOTH, listed))
        list(cost.notes(ASKED, BOTH, listed))
        assert {key.split("_")[1] for key in listed.assumed} == {"ondemand"}

    @pytest.mark.slow
    def test_another_regions_prices_are_marked(self, infra: Infra) -> None:
        _, said = infra("cost", "--region", "eu-central-1")
        marked = [line for line in said.splitlines() if line.endswith("  *")]
        assert any(line.startswith("Timestream: writes") for line in marked)
        assert not any(line.startswith("CloudFront") for line in marked)
        assert "No price was found for this region" in said

    def test_the_alarms_are_the_templates(self) -> None:
        resources = transform.load()["Resources"].values()
        alarms = [each for each in resources if each["Type"] == "AWS::CloudWatch::Alarm"]
        assert len(alarms) == cost.ALARMS


class TestReport:
    """What is printed."""

    @pytest.mark.slow
    def test_both_layouts_stand_side_by_side_and_add_up(self, infra: Infra) -> None:
        status, said = infra("cost", "--rps", "1000", "--sampling", "100")
        assert status == 0
        assert "KinesisStreamShards=3" in said
        rows = [line for line in said.splitlines() if ": " in line[:24] or "together" in line]
        columns = [
            [float(word.replace(",", "")) for word in row.removesuffix("*").split()[-2:]]
            for row in rows
            if not row.startswith("-") and "requests/s" not in row
        ]
        *items, total = columns
        for at in (0, 1):
            assert math.fsum(item[at] for item in items) == pytest.approx(total[at], abs=0.2)
        assert total[0] < total[1]

    @pytest.mark.parametrize(
        ("words", "complaint"),
        [
            (["--sampling", "0"], "1 to 100 percent"),
            (["--sampling", "101"], "1 to 100 percent"),
            *(
                (["--sampling", odd], "in whole numbers")
                for odd in ("55.5", "5.0", "5 %", "nan", "\u0665")
            ),
            (["--rps", "many"], "'many' is no number"),
            (["--rps", "1e308"], "no amount"),
            (["--views", "nan"], "no amount"),
            (["--memory-hours", "8767"], "a whole number from 1 to 8766"),
            (["--memory-hours", "1.5"], "a whole number from 1 to 8766"),
            (["--magnetic-days", "0"], "a whole number from 1 to 73000"),
            (["--window", "301"], "a whole number from 0 to 300"),
            (["--viewers", "9" * 5000], "no number of people"),
            (["--rps", "0"], "more than 0"),
            (["--rps", "-1"], "no amount"),
            (["--rps", "inf"], "no amount"),
            (["--editors", "-3"], "'-3' is no number of people"),
        ],
    )
    def test_impossible_amounts_are_refused(
        self, infra: Infra, capsys: pytest.CaptureFixture[str], words: list[str], complaint: str
    ) -> None:
        with pytest.raises(SystemExit) as stopped:
            infra("cost", *words)
        assert stopped.value.code == 2
        assert complaint in capsys.readouterr().err

    @pytest.mark.slow
    @pytest.mark.parametrize(
        "words",
        [
            ("--window", "0"),
            ("--rps", "0.001"),
            ("--rps", "1e9", "--sampling", "100"),
            ("--views", "0", "--cadence", "0"),
            ("--magnetic-days", "73000", "--memory-hours", "8766"),
        ],
    )
    def test_the_edges_of_what_can_be_asked_are_priced(
        self, infra: Infra, words: tuple[str, ...]
    ) -> None:
        status, said = infra("cost", *words)
        assert status == 0
        assert "nan" not in said
        assert "inf" not in said.replace("infra", "")

    @pytest.mark.slow
    def test_more_shards_than_the_template_takes_come_with_what_to_do(self, infra: Infra) -> None:
        _, said = infra("cost", "--rps", "1000000", "--sampling", "100")
        assert "The template takes 500 at most" in said

    def test_a_peak_below_the_mean_is_refused(self, infra: Infra) -> None:
        status, said = infra("cost", "--rps", "100", "--peak", "50")
        assert (status, said) == (
            1,
            "--peak 50 is less than --rps 100; give the highest rate there is.\n",
        )

    def test_a_region_that_cannot_have_the_stack_is_not_priced(self, infra: Infra) -> None:
        status, said = infra("cost", "--region", "us-eats-1")
        assert status == 1
        assert "not in us-eats-1; take one of ap-northeast-1," in said
        assert "together" not in said

    def test_an_unknown_field_gets_the_nearest_known_one(self, infra: Infra) -> None:
        status, said = infra("cost", "--fields", "timestamp,sc-byte")
        assert status == 1
        assert "did you mean 'sc-bytes'?" in said
