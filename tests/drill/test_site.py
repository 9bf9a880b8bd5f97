"""The traffic that is drawn is that of the site, and effects do to it what they say."""

import numpy as np
import pytest

from drill import site
from drill.catalog import MONDAY
from drill.site import DAY, SITES, Late, More, Move, Site, Turn, Visit, draw, plan, record
from drill.tape import Tape

USUAL = Site("usual", 5)
PLAN = plan(USUAL)


def drawn(*effects: site.Effect, minutes: int = 120, of: Site = USUAL) -> Tape:
    return record(of, MONDAY + 720, minutes, effects, "a test")


def number(tape: Tape, first: int = 0, last: int | None = None, **where: object) -> int:
    """Return the requests of some minutes whose fields are these."""
    rows = [
        at
        for at, cell in enumerate(tape.requests.cells)
        if all(cell.get(name.replace("_", "-")) == value for name, value in where.items())
    ]
    return int(tape.requests.counts[rows, first:last].sum())


def test_the_same_seed_is_the_same_traffic() -> None:
    assert np.array_equal(drawn().requests.counts, drawn().requests.counts)
    other = record(USUAL, MONDAY + 720, 120, (), "another test")
    assert not np.array_equal(drawn().requests.counts, other.requests.counts)


@pytest.mark.slow
@pytest.mark.parametrize("usual", SITES[:3], ids=lambda usual: usual.name)
def test_a_week_has_as_many_requests_as_the_site(usual: Site) -> None:
    counts = draw(usual, MONDAY, 7 * DAY, (), "a week", plan(usual))
    assert counts.sum() / (7 * DAY) == pytest.approx(usual.logged, rel=0.2)


def test_there_are_nights_and_weekends() -> None:
    counts = draw(Site("night", 5, countries=("DE",)), MONDAY, 7 * DAY, (), "", plan(
        Site("night", 5, countries=("DE",))
    )).sum(axis=0)  # fmt: skip
    hours = counts.reshape(7, 24, 60).sum(axis=2)
    assert hours[:, 19].mean() > 2 * hours[:, 7].mean()
    assert hours[:5].sum(axis=1).mean() > 1.05 * hours[5:].sum(axis=1).mean()


def test_the_shares_of_a_pair_of_country_and_edge_are_one() -> None:
    assert PLAN.weights.sum() == pytest.approx(1)
    for pair in range(len(PLAN.weights)):
        assert PLAN.share[PLAN.pairs == pair].sum() == pytest.approx(1)


def test_what_fails_is_answered_otherwise_and_stays_a_request() -> None:
    tape = drawn(Turn(30, 60, share=0.5, where={"c_country": "BR"}))
    whole = number(tape, 30, 60, c_country="BR")
    assert number(tape, 30, 60, c_country="BR", sc_status=502) / whole == pytest.approx(
        0.5, abs=0.1
    )
    assert whole == pytest.approx(number(drawn(), 30, 60, c_country="BR"), rel=0.2)
    assert number(tape, 0, 30, sc_status=502) < 20
    assert number(tape, 30, 60, c_country="DE", sc_status=502) < 20


def test_more_is_more_and_nothing_is_silence() -> None:
    tape = drawn(More(60, 120, times=3), More(60, 120, times=0, where={"c_country": "DE"}))
    assert number(tape, 60, 120) / number(tape, 0, 60) == pytest.approx(3, rel=0.25)
    assert number(tape, 60, 120, c_country="DE") == 0


def test_an_edge_moves_and_is_cold_where_it_goes() -> None:
    tape = drawn(Move(60, 120, edge="GRU3-P5", to="GIG51-C2"))
    gone, there = ({"x_edge_location": each} for each in ("GRU3-P5", "GIG51-C2"))
    assert number(tape, 61, 120, **gone) == 0
    assert number(tape, 61, 120, **there) > 2 * number(tape, 0, 60, **there)
    hits = [
        number(tape, *span, x_edge_result_type="Hit", c_country="BR")
        for span in ((0, 60), (60, 75))
    ]
    whole = [number(tape, *span, c_country="BR") for span in ((0, 60), (60, 75))]
    assert hits[1] / whole[1] < hits[0] / whole[0] - 0.1


def test_a_visit_comes_on_top() -> None:
    tape = drawn(Visit(60, 120, rate=300))
    assert number(tape, 60, 120) - number(tape, 0, 60) == pytest.approx(60 * 300, rel=0.2)
    assert number(tape, 60, 120, sc_status=404) > 60 * 300 * 0.04


def test_late_lines_come_in_their_order() -> None:
    tape = drawn(Late(30, 60, by=3), Late(90, 100, until_end=True))
    assert list(tape.arrived[[10, 30, 59, 60, 61, 90, 99, 100]]) == [
        10,
        33,
        62,
        62,
        62,
        100,
        100,
        100,
    ]
    assert (np.diff(tape.arrived) >= 0).all()
    # A minute's lines are there from the next minute on.
    assert list(tape.seen[[10, 11, 33, 34, 99, 101]]) == [10, 11, 30, 31, 90, 101]


def test_the_processor_reports_what_came_and_how_late() -> None:
    tape = drawn(Late(30, 60, by=3), Late(90, 100, until_end=True))
    received = tape.pipeline.counts[0]
    assert received.sum() == number(tape)
    assert list(received[90:100]) == [0] * 10
    assert received[100] == number(tape, 90, 101)
    lags = {
        minute: [cell["lag_p50_ms"] for at, cell in enumerate(tape.pipeline.cells)
                 if "lag_p50_ms" in cell and tape.pipeline.counts[at, minute]]
        for minute in (10, 40, 95, 100)
    }  # fmt: skip
    assert lags[10] == [2_000]
    assert lags[40] == [182_000]
    assert lags[95] == []
    assert lags[100][0] > 200_000
