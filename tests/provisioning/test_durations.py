"""Durations: ours, and whatever other people's settings hold."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from provisioning.push import rules
from provisioning.push.errors import PushError
from ruletest import durations
from tests.support.push import Start

SECOND = 10**9


@pytest.mark.parametrize(
    ("text", "nanoseconds"),
    [
        ("500ms", SECOND // 2),
        ("1s500ms", 3 * SECOND // 2),
        ("1d12h", 36 * 3600 * SECOND),
        ("1y2w", (365 + 14) * 86400 * SECOND),
        ("0", 0),
        ("0s", 0),
        ("1.5h", 5400 * SECOND),
        ("1m30.5s", 90_500_000_000),
        ("1us", 1000),
        ("1µs", 1000),
        ("2ns", 2),
        ("30s1m", 90 * SECOND),  # Go takes any order
        (".5s", SECOND // 2),
        ("-1m", -60 * SECOND),
    ],
)
def test_every_spelling_of_prometheus_and_go_is_read(text: str, nanoseconds: int) -> None:
    assert durations.nanoseconds(text) == nanoseconds


@pytest.mark.parametrize(
    "text", ["", "5", "m", "5 m", "5minutes", "1h ", "1mm", "٣s", "1.5d", "300y", "1e3s", "ms"]
)
def test_what_is_no_duration_is_refused_in_our_files(text: str) -> None:
    with pytest.raises(ValueError, match="duration"):
        durations.nanoseconds(text)
    if text:
        with pytest.raises(PushError, match="no duration such as 90s"):
            rules.duration(text, "x")


@given(st.integers(0, 10**9))
def test_what_is_spelled_is_read_as_the_same(milliseconds: int) -> None:
    total = milliseconds * 10**6
    assert durations.nanoseconds(durations.spelled(total)) == total


@pytest.mark.parametrize("theirs", ["500ms", "1m0.5s", "90s", "unheard of"])
def test_other_peoples_policies_may_hold_any_duration(start: Start, theirs: str) -> None:
    """On 10.4 our routes go beside theirs, which come back as they were."""
    push = start("10.4.3", simple_routing=False)
    route: dict[str, Any] = {"receiver": "grafana-default-email", "group_wait": theirs}
    push.fake.alerting.tree["routes"] = [route]
    if theirs in ("1m0.5s", "unheard of"):  # which this Grafana would not take back
        push.plan()
        return
    push.apply()
    assert not push.plan().steps
    [mine, kept] = push.fake.alerting.tree["routes"]
    assert durations.comparable(kept["group_wait"]) == durations.comparable(theirs)
    assert mine["receiver"] == "cloudfront-oncall"
