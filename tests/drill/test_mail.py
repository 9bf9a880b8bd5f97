"""Alerts become messages as Alertmanager makes them: grouped, waited for, and told once."""

import math
from dataclasses import replace

from drill.mail import Alert, Message, messages

TIMES = {"group_wait": "30s", "group_interval": "5m", "repeat_interval": "4h"}
HOUR = 3600


def alert(label: str, start: int, end: float = math.inf, group: str = "a") -> Alert:
    return Alert("rule", "critical", "part", label, start, (group,), TIMES, end)


def told(*alerts: Alert, until: float = 2 * HOUR) -> list[tuple[float, str, str]]:
    return [_words(each) for each in messages(alerts, until)]


def _words(message: Message) -> tuple[float, str, str]:
    names = (" ".join(each.label for each in some) for some in (message.fresh, message.resolved))
    return (message.at, *names)


def test_the_first_message_waits_for_what_breaks_together() -> None:
    assert told(alert("BR", 60), alert("AR", 80)) == [(90, "BR AR", "")]


def test_what_breaks_later_waits_for_the_interval() -> None:
    assert told(alert("BR", 60), alert("AR", 120)) == [(90, "BR", ""), (390, "AR", "")]


def test_the_end_is_told_with_the_next_interval() -> None:
    assert told(alert("BR", 60, 400)) == [(90, "BR", ""), (690, "", "BR")]


def test_where_nobody_is_told_of_ends_only_beginnings_are() -> None:
    quiet = [replace(each, resolves=False) for each in (alert("BR", 60, 400), alert("AR", 800))]
    assert told(*quiet) == [(90, "BR", ""), (830, "AR", "")]


def test_a_group_that_is_over_begins_anew() -> None:
    assert told(alert("BR", 60, 120), alert("BR", 1000, 1060)) == [
        (90, "BR", ""), (390, "", "BR"), (1030, "BR", ""), (1330, "", "BR")
    ]  # fmt: skip


def test_what_comes_and_goes_between_two_messages_is_not_told() -> None:
    assert told(alert("BR", 60), alert("AR", 120, 180)) == [(90, "BR", "")]
    assert told(alert("BR", 60, 80)) == []


def test_groups_do_not_wait_for_each_other() -> None:
    assert told(alert("BR", 60), alert("AR", 100, group="b")) == [(90, "BR", ""), (130, "AR", "")]


def test_what_still_fires_is_repeated() -> None:
    found = messages([alert("BR", 60)], 9 * HOUR)
    assert [each.reminder for each in found] == [False, True, True]
    assert [round((each.at - 90) / HOUR, 1) for each in found] == [0, 4, 8]
