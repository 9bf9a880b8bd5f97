"""What failing requests have in common, said by each store and found by hand."""

import pytest

from dashboards.signals import DIMENSIONS
from dashboards.signals.expressions import AtLeast, Field, Named
from dashboards.stores.common.cause import Sought
from local.traffic import Request
from tests.support.causes import cause
from tests.support.expected import LABELS, client_error, hit, miss, server_error
from tests.support.sample_site import SampleSite
from tests.support.stores import WAYS, queries

pytestmark = pytest.mark.slow  # each asks a store much


def slow(request: Request) -> bool:
    return request["time-to-first-byte"] != "-" and float(request["time-to-first-byte"]) >= 0.25


FAILS = {
    "server_error": (server_error, "server_error", "errors"),
    "client_error": (client_error, "client_error", "errors"),
    "miss": (miss, "miss", "misses"),
    "slow": (slow, AtLeast(Field("time-to-first-byte"), 0.25), "slow first bytes"),
}


ASKED = [
    *(("server_error", by) for by in (None, "country", "edge", "host", "behavior")),
    ("client_error", "host"), ("miss", "behavior"), ("slow", None), ("slow", "edge"),
]  # fmt: skip


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(("name", "by"), ASKED)
def test_the_cause_is_the_one_that_is_found_by_hand(
    sample_site: SampleSite, way: str, name: str, by: str | None
) -> None:
    fails, of, noun = FAILS[name]
    dimension = DIMENSIONS[by] if by else None
    sql = queries(way).cause([Sought(noun, of, by=dimension, how=name != "miss")])
    frame = sample_site.frame(sql, way)
    names = [field.name for field in frame.fields]
    assert names == [*([by] if by else []), "cause", "value"]
    assert [field.kind for field in frame.fields][-2:] == ["string", "number"]
    rows = list(zip(*(field.values for field in frame.fields), strict=True))
    told = {row[0]: row[-2:] for row in rows} if by else {"": rows[0]}
    labels = {LABELS[by](r) for r in sample_site.today if fails(r)} | {""} if by else {""}
    assert set(told) == labels
    assert len(rows) == len(labels)
    for label, (said, many) in told.items():
        group = [r for r in sample_site.today if not by or LABELS[by](r) == label]
        assert many == sum(map(fails, group))
        assert said == cause(group, fails, by=by, noun=noun, told=name != "miss")


@pytest.mark.parametrize("way", WAYS)
def test_of_hits_only_hits_are_looked_at(sample_site: SampleSite, way: str) -> None:
    asked = Sought("slow first bytes", FAILS["slow"][1], (Named("hit"),), how=False)
    sql = queries(way).cause([asked])
    hits = [r for r in sample_site.today if hit(r)]
    [said] = sample_site.frame(sql, way).fields[0].values
    assert said == cause(hits, slow, noun="slow first bytes", told=False)


@pytest.mark.parametrize("way", WAYS)
def test_without_anything_that_fails_there_is_nothing_to_say(
    sample_site: SampleSite, way: str
) -> None:
    """And a row all the same: a query without any would make the whole rule NoData."""
    of = AtLeast(Field("time-to-first-byte"), 1_000_000)
    for by in (None, DIMENSIONS["country"]):
        frame = sample_site.frame(queries(way).cause([Sought("errors", of, by=by)]), way)
        assert [field.values for field in frame.fields][-2:] == [[""], [0]]


@pytest.mark.parametrize("way", WAYS)
def test_parts_about_the_same_requests_say_what_all_of_these_have_in_common(
    sample_site: SampleSite, way: str
) -> None:
    asked = [
        Sought("errors", "server_error", by=DIMENSIONS[by], part=by) for by in ("country", "host")
    ]
    frame = sample_site.frame(queries(way).cause(asked), way)
    assert [field.name for field in frame.fields] == ["part", "name", "cause", "site", "value"]
    rows = {row[:2]: row[2:] for row in zip(*(f.values for f in frame.fields), strict=True)}
    assert len(rows) == len(frame)
    today = sample_site.today
    site = cause(today, server_error)
    wanted = {("", ""): ("", "", 0)}
    for by in ("country", "host"):
        for label in {LABELS[by](r) for r in today if server_error(r)}:
            group = [r for r in today if LABELS[by](r) == label]
            wanted[by, label] = (cause(group, server_error), site, sum(map(server_error, group)))
    assert rows == wanted


@pytest.mark.parametrize("way", WAYS)
def test_the_parts_of_a_rule_are_asked_together(sample_site: SampleSite, way: str) -> None:
    """Each by its own labels, of its own bad requests, in its own words."""
    slow_hits = Sought(
        "slow first bytes", FAILS["slow"][1], (Named("hit"),), how=False, part="hits"
    )
    of = "server_error"
    asked = [
        Sought("errors", of, by=DIMENSIONS["country"], part="by-country"),
        Sought("errors", of, by=DIMENSIONS["edge"], part="by-edge"),
        Sought("errors", of, part="all"),
        slow_hits,
    ]
    frame = sample_site.frame(queries(way).cause(asked), way)
    assert [field.name for field in frame.fields] == ["part", "name", "cause", "value"]
    rows = {row[:2]: row[2:] for row in zip(*(f.values for f in frame.fields), strict=True)}
    assert len(rows) == len(frame)
    today = sample_site.today
    hits = [r for r in today if hit(r)]
    wanted = {
        ("", ""): ("", 0),
        ("all", ""): (cause(today, server_error), sum(map(server_error, today))),
        ("hits", ""): (
            cause(hits, slow, noun="slow first bytes", told=False),
            sum(map(slow, hits)),
        ),
    }
    for by in ("country", "edge"):
        for label in {LABELS[by](r) for r in today if server_error(r)}:
            group = [r for r in today if LABELS[by](r) == label]
            wanted[f"by-{by}", label] = (cause(group, server_error), sum(map(server_error, group)))
    assert rows == wanted
