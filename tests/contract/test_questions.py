"""The questions of alert rules, answered by the endpoint and by hand."""

from collections.abc import Mapping
from dataclasses import replace

import pytest

from dashboards.signals import DIMENSIONS, SIGNALS, Collected, NotCollected
from dashboards.signals.expressions import Count, Field, Named, Sum
from dashboards.stores.common import judged
from dashboards.stores.common.judged import Questions
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
    assert set(columns) == {"name", "number", "judged", "place"}
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
    questions, of = Questions(queries(way)), Named("server_error")
    query = questions.shares(of, None, dimension, window=WINDOW, past=0, min_requests=20, line=2)
    wanted = expected.shares(asked, FIELDS[by], server_error, lambda _: True, WINDOW, 20, 2)
    same(ask(sample_site, way, query), wanted)


@pytest.mark.parametrize("way", WAYS)
def test_what_was_bad_a_moment_ago_keeps_its_place(
    sample_site: SampleSite, way: str, asked: Asked
) -> None:
    query = Questions(queries(way)).shares(
        Named("server_error"),
        None,
        DIMENSIONS["country"],
        window=WINDOW,
        past=1800,
        min_requests=5,
        line=2,
    )
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
    query = Questions(queries(way)).numbers(
        Count(), Count(), DIMENSIONS["edge"], window=WINDOW, past=1800, min_requests=least
    )
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
    query = Questions(queries(way)).burns(
        Named("server_error"),
        objective=99.9,
        window=END - START,
        short=1800,
        min_requests=1,
        slot=10,
        most=most,
        line=1.5,
    )
    wanted = expected.burns(asked, server_error, 0.001, END - START, 1800, 10, most, 1.5)
    assert wanted is not None
    same(ask(sample_site, way, query), {"": wanted})


@pytest.mark.parametrize("way", WAYS)
def test_burn_is_not_judged_on_less_than_half_of_its_window(
    sample_site: SampleSite, way: str
) -> None:
    for window, rows in ((END - START, 1), (4 * (END - START), 0)):
        query = Questions(queries(way)).burns(
            Named("server_error"),
            objective=99.9,
            window=window,
            short=1800,
            min_requests=1,
            slot=10,
            most=None,
            line=1,
        )
        assert len(sample_site.frame(query, way)) == rows


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("by", [None, "country", "edge"])
@pytest.mark.parametrize("falling", [True, False])
def test_a_change_is_against_the_past_and_the_day_before(
    sample_site: SampleSite, way: str, by: str | None, falling: bool, asked: Asked
) -> None:
    for field in (None, "sc-bytes"):

        def amount(rows: list[Request], field: str | None = field) -> float:
            return sum(int(r[field]) for r in rows) if field else len(rows)

        query = Questions(queries(way)).change(
            Sum(Field(field)) if field else Count(),
            DIMENSIONS[by] if by else None,
            window=WINDOW,
            baseline=BASELINE,
            min_requests=30,
            falling=falling,
        )
        wanted = expected.change(asked, FIELDS[by], amount, WINDOW, BASELINE, 30, falling)
        same(ask(sample_site, way, query), {name: (value, value) for name, value in wanted.items()})


@pytest.mark.parametrize("way", WAYS)
def test_what_others_of_the_same_country_took_over_is_served(
    sample_site: SampleSite, way: str, asked: Asked
) -> None:
    query = Questions(queries(way)).served(
        DIMENSIONS["edge"],
        DIMENSIONS["country"],
        window=WINDOW,
        baseline=BASELINE,
        min_requests=20,
    )
    wanted = expected.served(asked, "x-edge-location", "c-country", WINDOW, BASELINE, 20)
    same(ask(sample_site, way, query), {name: (value, value) for name, value in wanted.items()})


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("by", ["country", "behavior", "host"])
def test_silence_is_of_what_always_had_some(
    sample_site: SampleSite, way: str, by: str, asked: Asked
) -> None:
    query = Questions(queries(way)).silence(
        DIMENSIONS[by],
        window=1800,
        span_minutes=5,
        least_spans=3,
        presence=60,
        min_requests=1,
        max_requests=None,
        day_spans=3,
    )
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
    query = Questions(queries(way)).drops(
        Named("hit"),
        Named("answerable"),
        DIMENSIONS[by],
        window=BASELINE,
        short=WINDOW,
        min_requests=10,
        usual=10,
        line=1,
    )
    wanted = expected.drops(asked, FIELDS[by] or "", hit, answerable, BASELINE, WINDOW, 10, 10, 1)
    same(ask(sample_site, way, query), wanted)


@pytest.mark.parametrize("way", WAYS)
def test_a_family_gives_the_worst_of_the_first_turn(sample_site: SampleSite, way: str) -> None:
    """What stands out hides the site; a score is 1 at the line and 0 where it has recovered."""
    questions, of = Questions(queries(way)), Named("server_error")
    parts = []
    for turn, (name, by, line) in enumerate(
        (("country", "country", 2.0), ("edge", "edge", 5.0), ("site", None, 0.01))
    ):
        dimension = DIMENSIONS[by] if by else None
        query = questions.shares(
            of, None, dimension, window=WINDOW, past=0, min_requests=20, line=line
        )
        parts.append(judged.Asked(name, query, line, line / 2, turn))
    rows = []
    for part in parts:
        for name, (number_, value, place) in ask(sample_site, way, part.query).items():
            score, rank = ((each - part.recover) / (part.line - part.recover)
                           for each in (value, place))  # fmt: skip
            held = min(score, 1) if part.turn else score
            rows.append((part.name, name, number_, held, rank, part.turn))
    assert any(row[4] > 1 and not row[5] for row in rows)
    assert any(row[4] > 1 and row[5] for row in rows)
    rows.sort(key=lambda row: (not (row[4] > 1 and not row[5]), -row[4], row[5], row[1]))
    for numbers, place in ((False, 3), (True, 2)):
        frame = sample_site.frame(judged.family(parts, 5, numbers=numbers), way)
        columns = {field.name: field.values for field in frame.fields}
        assert list(columns) == ["part", "name", "value"]
        found = list(zip(columns["part"], columns["name"], strict=True))
        assert found[:4] == [(row[0], row[1]) for row in rows[:4]]
        assert columns["value"][:4] == pytest.approx([row[place] for row in rows[:4]])
    site = parts[2]
    calm = replace(site, line=99.0, recover=98.0)
    assert len(sample_site.frame(judged.family(parts[:2], 5, muted=site), way)) == 0
    assert len(sample_site.frame(judged.family(parts[:2], 5, muted=calm), way)) == 5


@pytest.mark.parametrize("way", WAYS)
def test_too_little_traffic_gives_no_row(sample_site: SampleSite, way: str) -> None:
    """Which is no data, not zero."""
    query = Questions(queries(way)).shares(
        Named("server_error"), None, None, window=WINDOW, past=0, min_requests=1_000_000, line=2
    )
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
