"""CloudFront's list prices: every edge in the region of its country, by a source that is named."""

import json
import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from dashboards.signals import SIGNALS, prices

LISTED: dict[str, Any] = json.loads(
    Path("dashboards/signals/cloudfront_prices.json").read_text("utf-8")
)
# The regions of AWS's pricing page by a country of each, among them those that came last.
COUNTRIES = {
    "US": "North America",
    "MX": "North America",
    "DE": "Europe, Israel, Türkiye",
    "IL": "Europe, Israel, Türkiye",
    "TR": "Europe, Israel, Türkiye",
    "ZA": "Africa, Middle East",
    "NG": "Africa, Middle East",
    "AE": "Africa, Middle East",
    "BR": "South America",
    "JP": "Japan",
    "NZ": "Australia, New Zealand",
    "MY": "Asia",
    "VN": "Asia",
    "IN": "India",
}


def test_every_airport_and_every_country_is_in_one_region() -> None:
    airports = Counter(each for region in prices.REGIONS for each in region.airports)
    assert set(airports.values()) == {1}
    assert all(re.fullmatch("[A-Z]{3}", each) for each in airports)
    countries = Counter(each for region in LISTED["regions"] for each in region["airports"])
    assert set(countries.values()) == {1}
    assert prices.REGIONS[-1].airports == (), "the last one is of all other edges"


@pytest.mark.parametrize(("country", "title"), COUNTRIES.items())
def test_a_country_is_in_the_region_that_aws_names(country: str, title: str) -> None:
    assert [each["title"] for each in LISTED["regions"] if country in each["airports"]] == [title]


def test_the_sources_are_named_with_their_date() -> None:
    for part in (LISTED["countries"], LISTED["airports"]):
        assert "https://" in part["source"]
        assert re.search(r"\d{4}-\d\d-\d\d", part["source"])
    assert LISTED["source"].startswith("https://aws.amazon.com/cloudfront/pricing/")


@pytest.mark.parametrize("name", ["bill", "bill_month"])
def test_an_estimate_says_how_an_edge_gets_its_price(name: str) -> None:
    assert "airport" in SIGNALS[name].description
