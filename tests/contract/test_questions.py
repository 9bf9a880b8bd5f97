"""The questions of alert rules, answered by the endpoint and by hand."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import pytest

from dashboards.signals import DIMENSIONS, SIGNALS, Collected, NotCollected
from dashboards.signals.expressions import Count, Field, Named, Sum
from dashboards.stores.common import judged
from dashboards.stores.common.judged import (
    Burns,
    Change,
    Drops,
    Kind,
    Numbers,
    Part,
    Served,
    Shares,
    Silence,
)
from dashboards.stores.timestream.dialect import number
from dashboards.stores.timestream.queries import Queries
from local.traffic import Request
from tests.support import questions as expected
from tests.support.expected import METRICS, agrees, answerable, hit, server_error
from tests.support.questions import Asked, at
from tests.support.sample_site import END, START, SampleSite
from tests.support.stores import WAYS, queries
from tests.support.usual import Bundle


@pytest.mark.parametrize("way", WAYS)
def test_instant_gives_labels_and_one_number_of_those_with_enough(
    sample_site: SampleSite, way: str
) -> None:
    """Worst first, at most as many as asked for, no time: what an alert rule can read."""
    sql = queries(way).instant(
        SIGNALS["error_rate_5xx"],
        DIMENSIONS["country"],
        having=[(SIGNALS["requests"], ">=", 50)],
        limit=4,
        value="value",
    )
    frame = sample_site.frame(sql, way)
    assert [(field.name, field.kind) for field in frame.fields] == [
        ("country", "string"),
        ("value", "number"),
    ]
    groups: dict[str, list[Request]] = {}
    for request in sample_site.today:
        groups.setdefault(request["c-country"], []).append(request)
    rates = {
        label: METRICS["error_rate_5xx"](rows, 1)
        for label, rows in groups.items()
        if len(rows) >= 50
    }
    wanted = sorted(rates, key=lambda label: (-rates[label], label))[:4]  # type: ignore[operator]
    assert frame.fields[0].values == wanted
    assert all(map(agrees, frame.fields[1].values, (rates[label] for label in wanted)))


# -- the questions of rules, each beside the same from the log lines -----------------------------

WINDOW, BASELINE = 600, 3600
BURN = Part(bad=Named("server_error"), objective=99.9, short=1800, line=1)
FIELDS = {
    None: None,
    "country": "c-country",
    "edge": "x-edge-location",
    "behavior": "cache-behavior-path-pattern",
    "host": "cs-host",
}


def ask(sample_site: SampleSite, way: str, query: str) -> dict[str, tuple[float, float, float]]:
    """Return a question's number, and what it is judged and placed by, by name."""
    frame = sample_site.frame(query, way)
    columns = {field.name: field.values for field in frame.fields}
    assert set(columns) == {"part", "name", "number", "judged", "place"}
    assert len(set(columns["name"])) == len(columns["name"])
    rows = zip(columns["number"], columns["judged"], columns["place"], strict=True)
    found = dict(zip(columns["name"], rows, strict=True))
    return {name: row for name, row in found.items() if row[1] is not None}


def same(found: Mapping[str, tuple[float, ...]], wanted: Mapping[str, tuple[float, ...]]) -> None:
    """Compare the number and what it is judged by."""
    assert found
    assert {name: row[:2] for name, row in found.items()} == {
        name: pytest.approx(row[:2], abs=1e-6) for name, row in wanted.items()
    }


@pytest.fixture
def asked(sample_site: SampleSite) -> Asked:
    return Asked([*sample_site.yesterday, *sample_site.today], END)


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("by", FIELDS)
def test_a_share_is_judged_by_what_it_surely_is(
    sample_site: SampleSite, way: str, by: str | None, asked: Asked
) -> None:
    dimension = DIMENSIONS[by] if by else None
    part = Part(dimension=dimension, min_requests=20, line=2)
    query = Shares(Named("server_error"), None, WINDOW).query(queries(way), [part])
    wanted = expected.shares(asked, FIELDS[by], server_error, lambda _: True, WINDOW, 20, 2)
    same(ask(sample_site, way, query), wanted)


@pytest.mark.parametrize("way", WAYS)
def test_what_was_bad_a_moment_ago_keeps_its_place(
    sample_site: SampleSite, way: str, asked: Asked
) -> None:
    part = Part(dimension=DIMENSIONS["country"], min_requests=5, line=2)
    query = Shares(Named("server_error"), None, WINDOW, 1800).query(queries(way), [part])
    frame = sample_site.frame(query, way)
    columns = {field.name: field.values for field in frame.fields}
    past = Asked([r for r in asked.rows if at(r) < END - WINDOW], END - WINDOW)
    all_ = lambda _: True  # noqa: E731
    now = expected.shares(asked, "c-country", server_error, all_, WINDOW, 5, 2)
    wide = expected.shares(asked, "c-country", server_error, all_, 2 * WINDOW, 5, 2)
    before = expected.shares(past, "c-country", server_error, all_, 1800, 5, 2)
    end = Asked([r for r in asked.rows if at(r) < END - 1800], END - 1800)
    old = expected.shares(end, "c-country", server_error, all_, 3 * WINDOW, 5, 2)
    wanted = {
        name: max(some[name][2] for some in (now, wide, before, old) if name in some)
        for name in {**now, **wide, **before, **old}
    }
    found = dict(zip(columns["name"], columns["place"], strict=True))
    assert found == {name: pytest.approx(value, abs=1e-6) for name, value in wanted.items()}


@pytest.mark.parametrize("way", WAYS)
def test_what_has_too_few_requests_now_keeps_its_place(
    sample_site: SampleSite, way: str, asked: Asked
) -> None:
    """Edges around the gate, whatever is asked of them."""
    counts = {
        since: {name: len(rows) for name, rows in asked.by("x-edge-location", since).items()}
        for since in (WINDOW, 2 * WINDOW)
    }
    least = max(counts[WINDOW].values())
    few = {name for name, n in counts[2 * WINDOW].items() if n >= least} - {
        name for name, n in counts[WINDOW].items() if n >= least
    }
    assert few
    part = Part(dimension=DIMENSIONS["edge"], value=Count(), gate=Count(), min_requests=least)
    query = Numbers(WINDOW, 1800).query(queries(way), [part])
    frame = sample_site.frame(query, way)
    columns = {field.name: field.values for field in frame.fields}
    rows = zip(columns["judged"], columns["place"], strict=True)
    found = dict(zip(columns["name"], rows, strict=True))
    for name in few:
        assert found[name][0] is None
        assert found[name][1] >= counts[2 * WINDOW][name]
    assert {name for name, (judged, _) in found.items() if judged is not None} == {
        name for name, n in counts[WINDOW].items() if n >= least
    }


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("most", [None, 14.4, 2.0])
def test_burn_is_the_lesser_of_two_windows(
    sample_site: SampleSite, way: str, most: float | None, asked: Asked
) -> None:
    """Of the longer one, ten minutes count as no more than `most`."""
    part = replace(BURN, window=END - START, at_most=most, line=1.5)
    query = Burns(10).query(queries(way), [part])
    wanted = expected.burns(asked, server_error, 0.001, END - START, 1800, 10, most, 1.5)
    assert wanted is not None
    same(ask(sample_site, way, query), {"": wanted})


def all_of(found: Mapping[str, tuple[float, ...]], wanted: Mapping[str, tuple[float, ...]]) -> None:
    """Compare the number, what it is judged by and its place."""
    assert found == {name: pytest.approx(row, abs=1e-6) for name, row in wanted.items()}


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(
    ("short", "least"),
    [(1800, 1), (60, 1), (60, 10**6), (1, 1)],
    ids=("half", "newest", "few", "none-new"),
)
def test_a_burn_goes_on_while_a_few_requests_cannot_say_that_it_is_over(
    sample_site: SampleSite, way: str, short: int, least: int, asked: Asked
) -> None:
    part = replace(BURN, window=END - START, short=short, min_requests=least, line=2.0, held=1.5)
    query = Burns(10, lasting=True).query(queries(way), [part])
    wanted = expected.burns(
        asked, server_error, 0.001, END - START, short, 10, None, 2.0, least=least, held=1.5
    )
    assert wanted is not None
    all_of(ask(sample_site, way, query), {"": wanted})


@pytest.mark.parametrize("way", WAYS)
def test_a_share_of_the_site_goes_on_while_there_are_too_few_requests(
    sample_site: SampleSite, way: str, asked: Asked
) -> None:
    for least in (1, 10**6):
        part = Part(min_requests=least, line=0.2, held=0.1)
        query = Shares(Named("server_error"), None, WINDOW).query(queries(way), [part])
        wanted = expected.shares(
            asked, None, server_error, lambda _: True, WINDOW, least, 0.2, held=0.1
        )
        all_of(ask(sample_site, way, query), wanted)


@pytest.mark.parametrize("way", WAYS)
def test_a_drop_goes_on_while_a_few_requests_cannot_say_that_it_is_over(
    sample_site: SampleSite, way: str, asked: Asked
) -> None:
    by = FIELDS["behavior"] or ""
    for short in (WINDOW, 1):
        part = Part(dimension=DIMENSIONS["behavior"], min_requests=10, usual=10, line=3, held=2)
        kind = Drops(Named("hit"), Named("answerable"), BASELINE, short, lasting=True)
        wanted = expected.drops(asked, by, hit, answerable, BASELINE, short, 10, 10, 3, held=2)
        all_of(ask(sample_site, way, kind.query(queries(way), [part])), wanted)


@pytest.mark.parametrize("way", WAYS)
def test_burn_is_not_judged_on_less_than_half_of_its_window(
    sample_site: SampleSite, way: str
) -> None:
    for window, rows in ((END - START, 1), (4 * (END - START), 0)):
        query = Burns(10).query(queries(way), [replace(BURN, window=window)])
        assert len(sample_site.frame(query, way)) == rows


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("by", [None, pytest.param("country", marks=pytest.mark.slow), "edge"])
@pytest.mark.parametrize("falling", [True, False])
def test_a_change_is_against_the_past_and_the_day_before(
    sample_site: SampleSite, way: str, by: str | None, falling: bool, asked: Asked
) -> None:
    for field, line in ((None, 0), (None, 400), ("sc-bytes", 0)):

        def amount(rows: list[Request], field: str | None = field) -> float:
            return sum(int(r[field]) for r in rows) if field else len(rows)

        kind = Change(Sum(Field(field)) if field else Count(), WINDOW, BASELINE, falling=falling)
        part = Part(dimension=DIMENSIONS[by] if by else None, min_requests=30, line=line)
        query = kind.query(queries(way), [part])
        wanted = expected.change(asked, FIELDS[by], amount, WINDOW, BASELINE, 30, falling, line)
        same(ask(sample_site, way, query), wanted)


@pytest.mark.parametrize("way", WAYS)
def test_what_others_of_the_same_country_took_over_is_served(
    sample_site: SampleSite, way: str, asked: Asked
) -> None:
    line, window = 1000, 180  # seconds; few enough that an edge has less than its country
    part = Part(dimension=DIMENSIONS["edge"], min_requests=20, line=line)
    query = Served(DIMENSIONS["country"], window, BASELINE).query(queries(way), [part])
    wanted = expected.served(asked, "x-edge-location", "c-country", window, BASELINE, 20, line)
    assert any(value < line for _, value in wanted.values())
    same(ask(sample_site, way, query), wanted)


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("by", ["country", "behavior", "host"])
def test_silence_is_of_what_always_had_some(
    sample_site: SampleSite, way: str, by: str, asked: Asked
) -> None:
    part = Part(dimension=DIMENSIONS[by], presence=60)
    query = Silence(1800, 5, 3, 3).query(queries(way), [part])
    wanted = expected.silence(asked, FIELDS[by] or "", 1800, 5, 3, 60, 3)
    found = ask(sample_site, way, query)
    # Stores count whole seconds.
    assert {name: value for name, (value, *_) in found.items()} == pytest.approx(wanted, abs=0.04)
    assert found


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("by", ["behavior", "host"])
def test_a_drop_is_against_the_same_time_a_day_before(
    sample_site: SampleSite, way: str, by: str, asked: Asked
) -> None:
    part = Part(dimension=DIMENSIONS[by], min_requests=10, usual=10, line=1)
    kind = Drops(Named("hit"), Named("answerable"), BASELINE, WINDOW)
    query = kind.query(queries(way), [part])
    wanted = expected.drops(asked, FIELDS[by] or "", hit, answerable, BASELINE, WINDOW, 10, 10, 1)
    same(ask(sample_site, way, query), wanted)


@pytest.mark.parametrize("way", WAYS)
def test_a_family_gives_the_worst_of_the_first_turn(sample_site: SampleSite, way: str) -> None:
    """What stands out hides the site; a score is 1 at the line and 0 where it has recovered."""
    kind, parts, lines = Shares(Named("server_error"), None, WINDOW), [], {}
    for turn, (name, by, line) in enumerate(
        (("country", "country", 2.0), ("edge", "edge", 5.0), ("site", None, 0.01))
    ):
        dimension = DIMENSIONS[by] if by else None
        parts.append(Part(name=name, dimension=dimension, min_requests=20, line=line))
        lines[name] = judged.Line(line, line / 2, turn)
    rows = []
    for part in parts:
        held_by = lines[part.name]
        found = ask(sample_site, way, kind.query(queries(way), [part]))
        for name, (number_, value, place) in found.items():
            score, rank = ((each - held_by.recover) / (held_by.line - held_by.recover)
                           for each in (value, place))  # fmt: skip
            held = min(score, 1) if held_by.turn else score
            rows.append((part.name, name, number_, held, rank, held_by.turn))
    assert any(row[4] > 1 and not row[5] for row in rows)
    assert any(row[4] > 1 and row[5] for row in rows)
    rows.sort(key=lambda row: (not (row[4] > 1 and not row[5]), -row[4], row[5], row[1]))
    together = [kind.query(queries(way), parts)]
    for numbers, place in ((False, 3), (True, 2)):
        query = judged.family(together, lines, 5, numbers=numbers)
        frame = sample_site.frame(query, way)
        columns = {field.name: field.values for field in frame.fields}
        assert list(columns) == ["part", "name", "value"]
        labels = list(zip(columns["part"], columns["name"], strict=True))
        assert labels[:4] == [(row[0], row[1]) for row in rows[:4]]
        assert columns["value"][:4] == pytest.approx([row[place] for row in rows[:4]])
    two = [kind.query(queries(way), parts[:2])]
    site = kind.query(queries(way), [replace(parts[2], name="")])
    for line, count in ((lines["site"], 0), (judged.Line(99.0, 98.0), 5)):
        query = judged.family(two, lines, 5, muted=(site, line))
        assert len(sample_site.frame(query, way)) == count
    query = judged.family(two, lines, 5, muted=(site, lines["site"]), goes_on=True)
    frame = sample_site.frame(query, way)
    values = next(field.values for field in frame.fields if field.name == "value")
    assert len(values) == 5
    assert max(values) == 1


@pytest.mark.parametrize("way", WAYS)
def test_what_cannot_be_judged_now_holds_nothing_back(sample_site: SampleSite, way: str) -> None:
    """It was bad a moment ago, and may never have fired."""
    lines = {"edge": judged.Line(2, 1), "site": judged.Line(2, 1, 1)}
    site = "SELECT 'site' AS part, '' AS name, 5.0 AS number, 5.0 AS judged, 5.0 AS place"
    for known, held in (("9.0", True), ("nullif(9.0, 9.0)", False)):
        edge = "SELECT 'edge' AS part, 'x' AS name, 9.0 AS number, "
        edge += f"{known} AS judged, 9.0 AS place"
        frame = sample_site.frame(judged.family([edge, site], lines, 5), way)
        columns = {field.name: field.values for field in frame.fields}
        found = dict(zip(columns["part"], columns["value"], strict=True))
        assert found == {"edge": 8.0 if held else 1.0, "site": 1.0 if held else 4.0}


@pytest.mark.parametrize("way", WAYS)
def test_what_has_become_an_outage_of_all_is_told_whatever_was_before(
    sample_site: SampleSite, way: str
) -> None:
    lines = {"edge": judged.Line(2, 1), "site": judged.Line(2, 1, 1, regardless=50)}
    edges = [
        f"SELECT 'edge' AS part, '{n}' AS name, 9.0 AS number, 2.0 AS judged, 9.0 AS place"
        for n in range(5)
    ]
    for rate, value in ((49.0, 1.0), (51.0, 50.0)):
        site = f"SELECT 'site' AS part, '' AS name, {rate} AS number, {rate} AS judged, "
        site += f"{rate} AS place"
        frame = sample_site.frame(judged.family([*edges, site], lines, 6), way)
        columns = {field.name: field.values for field in frame.fields}
        assert dict(zip(columns["part"], columns["value"], strict=True))["site"] == value
        assert (columns["part"][0] == "site") is (rate > 50)


@pytest.mark.parametrize("way", WAYS)
def test_what_began_one_by_one_recovers_together(sample_site: SampleSite, way: str) -> None:
    """A part that is well is neither, while another one that looks at the newest minutes is not.

    What is about all requests is as bad as its line beside another such part; anything else is
    said to recover. Parts that may have one answer only recover by themselves.
    """
    parts = [Part(name=name, min_requests=20, line=0.01) for name in ("bad", "well")]
    query = Shares(Named("server_error"), None, WINDOW).query(queries(way), parts)
    bad = judged.Line(0.01, 0.005, whole=True)
    well = judged.Line(99.0, 98.0, 1, whole=True)
    label = replace(bad, whole=False)
    for line, limit, held in (
        (bad, 5, judged.NEITHER),
        (replace(bad, turn=2, lately=False), 5, judged.NEITHER),  # nothing of a lower turn is bad
        (label, 5, judged.LASTING),
        (replace(label, line=99.0, recover=98.0), 5, None),
        (replace(label, budget=True), 5, judged.LASTING),  # it is what began
    ):
        frame = sample_site.frame(judged.family([query], {"bad": line, "well": well}, limit), way)
        columns = {field.name: field.values for field in frame.fields}
        found = dict(zip(columns["part"], columns["value"], strict=True))
        assert found["well"] == held if held else found["well"] < 0


@pytest.mark.parametrize("way", WAYS)
def test_longer_windows_answer_where_the_shorter_ones_cannot(
    sample_site: SampleSite, way: str
) -> None:
    """What only a longer one is sure of comes later; what a shorter one knows to be well is."""

    def asked(line: float, least: int) -> str:
        part = Part(name="own", min_requests=least, line=line)
        return Shares(Named("client_error"), None, WINDOW).query(queries(way), [part])

    own, lines = asked(0.001, 10**6), {"own": judged.Line(0.001, 0.0005)}
    other = Part(name="other", min_requests=20, line=0.001)
    beside = Shares(Named("client_error"), None, WINDOW).query(queries(way), [other])
    both = lines | {"other": judged.Line(0.001, 0.0005, turn=1)}

    def values(sql: str) -> dict[str, list[float]]:
        frame = sample_site.frame(sql, way)
        columns = {field.name: field.values for field in frame.fields}
        made: dict[str, list[float]] = {}
        for part, value in zip(columns.get("part", ()), columns.get("value", ()), strict=True):
            made.setdefault(part, []).append(value)
        return made

    longer = [[asked(0.001, 20)]]
    assert values(judged.family([own], lines, 50)) == {}
    assert max(values(judged.family([own], lines, 50, longer=longer))["own"]) > 1
    # What a window of a later turn shows is before what only a longer one does.
    found = values(judged.family([own, beside], both, 50, longer=longer))
    assert max(found["own"]) == judged.NEITHER < found["other"][0]
    # Where the window is sure that all is well, the longer one says nothing.
    well = {"own": judged.Line(99.0, 98.0)}
    usual = values(judged.family([asked(99, 20)], well, 50))
    assert values(judged.family([asked(99, 20)], well, 50, longer=longer)) == usual


TOGETHER: dict[str, tuple[Kind, list[Part]]] = {
    "shares": (
        Shares(Named("server_error"), None, WINDOW, 1800),
        [
            Part(name="a", dimension=DIMENSIONS["edge"], min_requests=5, line=2),
            Part(name="b", dimension=DIMENSIONS["country"], min_requests=20, line=1),
            Part(name="c", min_requests=20, line=0.5),
            Part(name="d", min_requests=10**6, line=0.5, held=0.4),
        ],
    ),
    "burns": (
        Burns(10),
        [
            replace(BURN, name="a", window=END - START),
            replace(BURN, name="b", window=END - START - 600, short=600, at_most=2.0, line=3),
            replace(BURN, name="c", window=END - START, bad=Named("client_error"), objective=95.0),
        ],
    ),
    "drops": (
        Drops(Named("hit"), Named("answerable"), BASELINE, WINDOW),
        [
            Part(name="a", dimension=DIMENSIONS["behavior"], min_requests=10, usual=10, line=1),
            Part(name="b", dimension=DIMENSIONS["host"], min_requests=30, usual=20, line=2),
        ],
    ),
    "change": (
        Change(Sum(Field("sc-bytes")), WINDOW, BASELINE, falling=True),
        [
            Part(name="a", dimension=DIMENSIONS["country"], min_requests=30, line=90),
            Part(name="b", min_requests=50, line=20),
        ],
    ),
    "lasting burns": (
        Burns(10, lasting=True),
        [
            replace(BURN, name="a", window=END - START, held=0.5),
            replace(BURN, name="b", window=END - START, short=60, line=3, held=2, at_most=2.0),
        ],
    ),
    "lasting drops": (
        Drops(Named("hit"), Named("answerable"), BASELINE, WINDOW, lasting=True),
        [
            Part(
                name="a",
                dimension=DIMENSIONS["behavior"],
                min_requests=10,
                usual=10,
                line=1,
                held=0.5,
            ),
            Part(name="b", dimension=DIMENSIONS["host"], min_requests=30, usual=20, line=2, held=1),
        ],
    ),
    "silence": (
        Silence(1800, 5, 3, 3),
        [
            Part(name="a", dimension=DIMENSIONS["country"], presence=60),
            Part(name="b", dimension=DIMENSIONS["host"], presence=20, max_requests=400),
            Part(name="c", dimension=DIMENSIONS["behavior"], presence=50, min_requests=5),
        ],
    ),
    "numbers": (
        Numbers(WINDOW),
        [
            Part(name="a", value=SIGNALS["ttfb_p95"].value, gate=Count(), min_requests=1),
            Part(name="b", value=SIGNALS["bytes"].value, gate=Count(), min_requests=10),
            Part(
                name="c",
                dimension=DIMENSIONS["edge"],
                value=SIGNALS["ttfb_p50"].value,
                gate=Count(),
                min_requests=20,
            ),
        ],
    ),
}


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("kind", TOGETHER)
def test_parts_that_are_asked_together_answer_as_they_do_alone(
    sample_site: SampleSite, way: str, kind: str
) -> None:
    question, parts = TOGETHER[kind]

    def rows(asked: Sequence[Part]) -> list[tuple[Any, ...]]:
        frame = sample_site.frame(question.query(queries(way), asked), way)
        columns = [[math.nan if v is None else v for v in field.values] for field in frame.fields]
        return sorted(zip(*columns, strict=True), key=lambda row: row[:2])

    together = rows(parts)
    alone = [rows([part]) for part in parts]
    assert all(alone)
    assert [row[:2] for row in together] == [row[:2] for some in alone for row in some]
    numbers = [pytest.approx(row[2:], rel=1e-6, nan_ok=True) for some in alone for row in some]
    assert [row[2:] for row in together] == numbers


@pytest.mark.parametrize("way", WAYS)
def test_too_little_traffic_gives_no_row(sample_site: SampleSite, way: str) -> None:
    """Which is no data, not zero."""
    part = Part(min_requests=1_000_000, line=2)
    query = Shares(Named("server_error"), None, WINDOW).query(queries(way), [part])
    assert len(sample_site.frame(query, way)) == 0


def test_signals_of_two_kinds_of_record_are_not_asked_together() -> None:
    """They are in different rows."""
    with pytest.raises(ValueError, match="one kind of record"):
        Queries(Bundle()).series([SIGNALS["requests"], SIGNALS["received"]])


def test_a_column_that_is_not_collected_is_an_error() -> None:
    """So that no query is made that Timestream would refuse."""
    fields = ("timestamp", "sc-bytes")
    assert Collected(fields).available(SIGNALS["bytes"])
    assert not Collected(fields).available(SIGNALS["bytes"], DIMENSIONS["edge"])
    db = Queries(Bundle(fields=fields))
    with pytest.raises(NotCollected, match="x-edge-location"):
        db.instant(SIGNALS["bytes"], DIMENSIONS["edge"])


@pytest.mark.parametrize(
    ("value", "text"), [(5, "5"), (500.0, "500"), (0.5, "0.5"), (1e-4, "0.0001"), (100, "100")]
)
def test_numbers_have_no_exponent(value: float, text: str) -> None:
    """Timestream's lists know none."""
    assert number(value) == text
