"""Whatever a variable holds, it changes nothing but the filter."""

from collections import Counter

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dashboards.boards import boards
from dashboards.grafana.board import Dashboard
from dashboards.grafana.variables import CHAIN
from dashboards.signals import DIMENSIONS, SIGNALS
from tests.support.expected import LABELS
from tests.support.nasty import VALUES
from tests.support.sample_site import SampleSite
from tests.support.stores import WAYS, queries


def requests_sql(way: str, split: str) -> str:
    """Count requests under one filter."""
    return queries(way).instant(SIGNALS["requests"], filters=[split])


def overview(way: str) -> Dashboard:
    return next(each for each in boards(WAYS[way].bundle()) if each.name == "overview")


@pytest.mark.slow
@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(values=VALUES, split=st.sampled_from(CHAIN[:-1]), way=st.sampled_from(sorted(WAYS)))
def test_a_filter_keeps_what_equals_the_choice_and_nothing_else(
    sample_site: SampleSite, values: list[str], split: str, way: str
) -> None:
    """Counted by the endpoint and by hand; what no request has gives none."""
    values = [value.replace("\u0000", "") for value in values]
    name = DIMENSIONS[split].variable or split
    frame = sample_site.frame(requests_sql(way, split), way, **{name: values})
    labels = Counter(LABELS[split](request) for request in sample_site.today)
    assert frame.fields[0].values == [sum(labels[value] for value in set(values))]


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(
    ("split", "value"),
    [
        ("host", "o'hare.example.com"),
        ("behavior", "/o'*"),
        ("country", "-"),
        ("edge", "-"),
        ("status_class", "5"),
        ("status_class", "0"),
    ],
)
def test_a_value_with_quotes_and_a_missing_one_can_be_chosen(
    sample_site: SampleSite, way: str, split: str, value: str
) -> None:
    """They are offered in the drop-down, and choosing them finds their requests."""
    name = DIMENSIONS[split].variable or split
    frame = sample_site.frame(requests_sql(way, split), way, **{name: value})
    wanted = sum(LABELS[split](request) == value for request in sample_site.today)
    assert wanted
    assert frame.fields[0].values == [wanted]
    if split != "status_class":
        (options,) = (
            sample_site.frame(item["query"], way)
            for item in overview(way).dashboard()["templating"].list
            if item["name"] == name
        )
        assert value in options.fields[0].values


@pytest.mark.parametrize("way", WAYS)
def test_a_uri_with_quotes_is_shown_as_it_is(sample_site: SampleSite, way: str) -> None:
    """Data is never read as SQL."""
    db = queries(way)
    frame = sample_site.frame(db.instant(SIGNALS["requests"], DIMENSIONS["uri"]), way)
    uris = dict(zip(frame.fields[0].values, frame.fields[1].values, strict=True))
    assert uris['/it\'s/"quoted"'] == 3


@pytest.mark.parametrize("way", WAYS)
def test_choices_go_together(sample_site: SampleSite, way: str) -> None:
    """Several values of one variable are alternatives, two variables both have to hold."""
    db = queries(way)
    sql = db.instant(SIGNALS["requests"], filters=CHAIN)
    frame = sample_site.frame(sql, way, country=["BR", "US"], status=["5", "4"])
    wanted = sum(
        r["c-country"] in ("BR", "US") and r["sc-status"][0] in "54" for r in sample_site.today
    )
    assert wanted
    assert frame.fields[0].values == [wanted]


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("name", ["distribution", "host", "country", "edge", "behavior"])
def test_variables_offer_every_value_the_busiest_first(
    sample_site: SampleSite, way: str, name: str
) -> None:
    """Chained: under a host, only what that host's requests have."""
    query = next(
        item["query"]
        for item in overview(way).dashboard()["templating"].list
        if item["name"] == name
    )
    offered = sample_site.frame(query, way).fields[0].values
    counts = Counter(LABELS[name](request) for request in sample_site.today)
    assert offered == sorted(counts, key=lambda value: (-counts[value], value))
    if name in ("country", "edge", "behavior"):
        chosen = [r for r in sample_site.today if r["cs-host"] == "api.example.com"]
        offered = sample_site.frame(query, way, host="api.example.com").fields[0].values
        assert set(offered) == {LABELS[name](request) for request in chosen}
