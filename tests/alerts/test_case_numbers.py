"""The numbers in tests/alerts/cases, computed from their log lines by hand (tests/support): what a
case says fires is beyond its line there, too, with the number that its message tells, and what is
silent is not."""

import math
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from dashboards.alerts import thresholds
from dashboards.alerts.knobs import Threshold
from dashboards.alerts.queries import held, longer, slot
from dashboards.alerts.rules import RULES, Part
from dashboards.stores import DEFAULT_NAME
from local.rulecases import USUAL
from ruletest.cases import Case
from tests.alerts.test_cases import TESTS, _name
from tests.support import questions as by_hand
from tests.support.expected import client_error, hit, miss, server_error
from tests.support.questions import Answer, Asked, Rows

LIMITS = thresholds.load()
FIELD = {
    None: None,
    "country": "c-country",
    "edge": "x-edge-location",
    "behavior": "cache-behavior-path-pattern",
    "host": "cs-host",
}
BAD = {"error_rate_5xx": server_error, "error_rate_4xx": client_error}
FAMILIES = (
    "errors-5xx", "errors-4xx", "traffic-lost", "egress-spike", "cache-hits", "first-byte",
    "slo-latency", "slo-slow",
)  # fmt: skip
# The first of each family that fires and that is silent; the others are slow all together.
QUICK = ("errors-5xx", "errors-4xx", "first-byte")


def slow_first_byte(request: dict[str, Any]) -> bool:
    return float(request["time-to-first-byte"]) > 1


def rows(case: Case) -> Rows:
    """Return a case's requests, with seconds from its start as their timestamps."""
    found: list[dict[str, Any]] = []
    for entry in case.data.traffic:
        values = {**USUAL, **entry.values}
        found += [{**values, "timestamp": at / 10**9} for at in entry.times]
    return found  # type: ignore[return-value]


def _shares(asked: Asked, part: Part, knobs: Threshold, past: int) -> Answer:
    by, bad = part.question.dimension, BAD[part.question.signal]
    found = by_hand.shares(
        asked,
        FIELD[by],
        bad,
        lambda _: True,
        knobs.window,
        knobs.min_requests or 1,
        knobs.line,
        None if by else held(knobs, past),
    )
    if not knobs.short:
        return found
    # Of a longer window, the newest part says whether it goes on.
    newest = asked.by(FIELD[by], knobs.short)
    for name, (number, value, *_) in list(found.items()):
        some = newest.get(name, [])
        if not any(map(bad, some)):
            found[name] = (number, 0 if some else min(value, number, knobs.line))
    return found


def _burns(asked: Asked, part: Part, knobs: Threshold, past: int) -> Answer:
    bad = server_error if part.question.objective == "availability" else slow_first_byte
    budget = (100 - getattr(LIMITS, part.question.objective or "")) / 100
    found = by_hand.burns(
        asked,
        bad,  # type: ignore[arg-type]
        budget,
        knobs.window,
        knobs.short,
        slot(knobs.window),
        knobs.at_most,
        knobs.line,
        knobs.min_requests or 1,
        held(knobs, past),
    )
    return {"": found} if found else {}


def _change(asked: Asked, part: Part, knobs: Threshold, _: int) -> Answer:
    if not asked.within(knobs.short or knobs.window):
        return {}
    amount: Callable[[Rows], float] = len
    if part.question.signal == "bytes":
        amount = lambda some: sum(int(r["sc-bytes"]) for r in some)  # noqa: E731
    times = knobs.window, knobs.baseline, knobs.min_requests or 1
    by = FIELD[part.question.dimension]
    return by_hand.change(asked, by, amount, *times, knobs.below is not None, knobs.line)


def _served(asked: Asked, part: Part, knobs: Threshold, _: int) -> Answer:
    if not asked.within(knobs.window + knobs.baseline, knobs.window):
        return {}
    times = knobs.window, knobs.baseline, knobs.min_requests or 1
    return by_hand.served(asked, "x-edge-location", "c-country", *times, knobs.line)


def _drop(asked: Asked, part: Part, knobs: Threshold, past: int) -> Answer:
    return by_hand.drops(
        asked,
        FIELD[part.question.dimension] or "",
        hit,
        lambda request: hit(request) or miss(request),
        knobs.window,
        knobs.short,
        knobs.min_requests or 1,
        knobs.cached or 0,
        knobs.line,
        held(knobs, past),
    )


def _now(asked: Asked, part: Part, knobs: Threshold, _: int) -> Answer:
    """A percentile of the window: the least value that so many of all do not exceed."""
    found: Answer = {}
    newest = asked.by(FIELD[part.question.dimension], knobs.short) if knobs.short else {}
    for label, some in asked.by(FIELD[part.question.dimension], knobs.window).items():
        values, last = _values(part, some), _values(part, newest.get(label, []))
        if len(values) >= (knobs.min_requests or 1):
            number = min(_percentile(part, each) for each in (values, last) if each)
            found[label] = (number, number)
    return found


def _values(part: Part, some: Rows) -> list[float]:
    signal = part.question.signal
    name = "origin-fbl" if signal.startswith("origin") else "time-to-first-byte"
    chosen = [r for r in some if hit(r)] if "_hit_" in signal else some
    return sorted(float(r[name]) for r in chosen if name in r)  # type: ignore[literal-required]


def _percentile(part: Part, values: list[float]) -> float:
    return values[math.ceil(int(part.question.signal[-2:]) * len(values) / 100) - 1]


KINDS = {
    "shares": _shares, "burn": _burns, "change": _change, "served": _served, "drop": _drop,
    "now": _now,
}  # fmt: skip


def judged(case: Case, at: float) -> Iterator[tuple[Part, str, float, float]]:
    """Yield each part's names at a moment: the number, and by how much it is beyond its line."""
    rule = RULES[_name(case)]
    asked = Asked(rows(case), at - LIMITS.delay)
    times = LIMITS.rules[rule.name]
    for part in rule.parts:
        knobs = LIMITS.rules[part.name]
        ask = KINDS[getattr(part.ask, "__name__", "")]
        answer = dict(ask(asked, part, knobs, times.pending + times.keep_firing_for))
        side = -1 if knobs.below else 1
        recover = knobs.line if knobs.recover is None else knobs.recover
        for wider in longer(part.ask, knobs):
            for name, row in ask(asked, part, wider, 0).items():
                own = answer[name][1] if name in answer else None
                between = own is not None and side * recover < side * own <= side * knobs.line
                # It counts where the shorter ones cannot judge, or are not sure and it is.
                if own is None or (between and side * row[1] > side * knobs.line):
                    answer[name] = row
        for name, (number, value, *_) in answer.items():
            yield part, name, number, (value - knobs.line) * side


def _cases() -> Iterator[Any]:
    seen: set[tuple[str, str]] = set()
    for number, case in enumerate(TESTS[DEFAULT_NAME]):
        name = _name(case)
        if name not in FAMILIES or case.shows not in ("fires", "silent", "too-little"):
            continue
        first = (name, case.shows) not in seen and name in QUICK and case.shows != "too-little"
        seen.add((name, case.shows))
        marks = [] if first else [pytest.mark.slow]
        yield pytest.param(case, id=f"{name}-{case.shows}-{number}", marks=marks)


def _said(alert: dict[str, Any]) -> str | None:
    summary = alert.get("annotations", {}).get("summary", "")
    found = re.search(r"(-?[\d.]+) (%|s|times|points|minutes) ", summary)
    return found[1] if found else None


@pytest.mark.parametrize("case", [*_cases()])
def test_a_case_is_as_computed_by_hand(case: Case) -> None:
    """What begins to fire is beyond its line; what is silent is not. An alert may go on longer."""
    begun = False
    for wanted in case.expect:
        at = _seconds(wanted["at"])
        found = {
            (part.name, name): (part, number, by) for part, name, number, by in judged(case, at)
        }
        alerts = [*wanted.get("alerts", ()), *wanted.get("pending", ())]
        named = {(each["labels"]["part"], each["labels"]["name"]): each for each in alerts}
        for key, alert in named.items():
            if key not in found and begun:
                continue  # it goes on, with too few requests to be judged
            part, number, by = found[key]
            if case.shows == "fires" and not begun:
                assert by > 0, (key, number, by)
            if said := _said(alert):
                assert said == f"{number:.{part.digits}f}", key
        begun = begun or bool(named)
        # What is muted is beyond its line, and is told by another rule.
        if case.shows != "fires" and not named and "told of" not in case.name:
            assert not [key for key, (_, _, by) in found.items() if by > 1e-9], found


def _seconds(text: str) -> float:
    return float(text.removesuffix("m")) * 60
