"""The calm hour and the incident are found by what alerts did."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shots.moments import HOUR, MINUTE, Firing, Range, calm, firings, incident, parsed

NOW = 1_795_680_000_000


def change(minutes: float, state: str, edge: str = "GRU3-P5", alert: int = 7) -> dict[str, Any]:
    """An annotation as Grafana 12.4 writes it, so many minutes ago."""
    change.count += 1  # type: ignore[attr-defined]
    return {
        "id": change.count,  # type: ignore[attr-defined]
        "alertId": alert,
        "newState": state,
        "time": round(NOW - minutes * MINUTE),
        "text": f"5xx rate by edge {{alertname=5xx rate by edge, edge={edge}}} - A=14.1, B=1.0",
    }


change.count = 0  # type: ignore[attr-defined]


def ago(*minutes: float | None) -> list[int | None]:
    return [None if each is None else round(NOW - each * MINUTE) for each in minutes]


def test_an_alert_fires_until_its_state_is_another() -> None:
    found = firings(
        [
            change(50, "Pending"),
            change(48, "Alerting"),
            change(40, "Alerting", edge="FRA56-P12"),
            change(30, "Recovering"),
            change(20, "Normal"),
            change(10, "Alerting (NoData)"),
        ]
    )
    assert [[each.start, each.end] for each in found] == [ago(48, 30), ago(40, None), ago(10, None)]


def test_two_states_of_one_moment_count_in_the_order_they_were_written() -> None:
    first, second = change(10, "Alerting"), change(10, "Normal")
    assert [[each.start, each.end] for each in firings([second, first])] == [ago(10, 10)]


def test_a_rule_without_labels_in_its_text_is_one_alert() -> None:
    changes = [change(9, "Alerting") | {"text": ""}, change(8, "Normal") | {"text": ""}]
    assert [[each.start, each.end] for each in firings(changes)] == [ago(9, 8)]


def test_without_an_alert_all_is_calm() -> None:
    assert incident([], NOW) is None
    assert calm([], NOW) == Range("now-1h", "now")


def test_an_incident_that_goes_on_ends_now_and_the_calm_hour_is_before_it() -> None:
    fired = [Firing(NOW - 5 * MINUTE, None)]
    assert incident(fired, NOW) == Range("now-1h", "now")
    end = NOW - 20 * MINUTE
    assert calm(fired, NOW) == Range(str(end - HOUR), str(end))


def test_an_incident_that_is_over_is_shown_as_it_was_after_the_first_alert() -> None:
    """Two alerts of one incident, and one of another long before it."""
    fired = [
        Firing(NOW - 9 * HOUR, NOW - 8 * HOUR),
        Firing(NOW - 5 * HOUR, NOW - 4 * HOUR),
        Firing(NOW - 5 * HOUR + 20 * MINUTE, NOW - 4 * HOUR),
    ]
    end = NOW - 5 * HOUR + 10 * MINUTE
    assert incident(fired, NOW) == Range(str(end - HOUR), str(end))
    assert calm(fired, NOW) == Range("now-1h", "now")


FIRINGS = st.lists(
    st.tuples(st.integers(0, 24 * 60), st.integers(0, 300) | st.none()).map(
        lambda each: Firing(
            NOW - each[0] * MINUTE,
            None if each[1] is None else min(NOW, NOW - (each[0] - each[1]) * MINUTE),
        )
    ),
    max_size=8,
).map(lambda found: sorted(found, key=lambda each: each.start))


@given(FIRINGS)
def test_in_the_calm_hour_no_alert_fires(fired: list[Firing]) -> None:
    found = calm(fired, NOW)
    end = NOW if found.end == "now" else int(found.end)
    for each in fired:
        assert each.start >= end or (each.end is not None and each.end <= end - HOUR)


@pytest.mark.parametrize("text", ["now-2h/now-1h", " now-90m / now ", "now-7d/now"])
def test_grafanas_own_times_are_handed_on(text: str) -> None:
    start, _, end = text.partition("/")
    assert parsed(text) == Range(start.strip(), end.strip())


def test_a_date_with_a_zone_is_that_moment() -> None:
    assert parsed("2026-11-26T08:00Z/2026-11-26T09:00+00:00") == Range(str(NOW), str(NOW + HOUR))


@pytest.mark.parametrize(
    "text", ["", "now", "now-1h", "yesterday/now", "now-1h/", "/", "now-x/now"]
)
def test_what_is_no_range_is_one_sentence(text: str) -> None:
    with pytest.raises(ValueError, match=r"is no time range; write it as now-2h/now-1h.*\.$"):
        parsed(text)
