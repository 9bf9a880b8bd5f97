"""The drill sees what ruletest sees on full rows: every row of every query, and every state, tick
by tick, over some hours of every scenario.

The traffic is thin, so that it is quick, and so are the gates: what is compared is the way to
judge, and it knows no other gates than the rules'.
"""

import math
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace

import pytest

from dashboards.alerts import thresholds
from dashboards.alerts.knobs import Threshold
from dashboards.config import Bundle
from drill import run, site
from drill.asked import Label, Rows
from drill.catalog import CALM, INCIDENTS, MONDAY, SIZES
from drill.judge import Judge, judges, moment
from drill.site import DAY, Site, record
from drill.tape import Tape
from local.stores.timestream.rulecases import Endpoint
from ruletest.evaluate import NORMAL
from ruletest.state import Instance
from tests.drill.rows import excerpt, ticks, without

THIN = 20  # times fewer requests are enough for a rule
# Shorter, so that a tape can hold them: what a window is compared with.
BASELINE, SILENCE = 30 * 60, 200 * 60
_USUAL = thresholds.load()


def _thin(limit: Threshold) -> Threshold:
    return replace(
        limit,
        min_requests=limit.min_requests and max(limit.min_requests // THIN, 1),
        baseline=limit.baseline and BASELINE,
        window=SILENCE if limit.presence else limit.window,
        limit=limit.limit and 3,
    )


_THIN = {name: _thin(limit) for name, limit in _USUAL.rules.items()}
# The drill knows the minute of a last request and not its second: places may differ.
_THIN["traffic-silent"] = replace(_THIN["traffic-silent"], limit=100)
LIMITS = replace(_USUAL, rules=_THIN)
JUDGES = judges(run.BUNDLE, LIMITS)
# One rule of each kind of question, record and number.
FEW = (
    "errors-5xx", "traffic-lost", "traffic-silent", "egress-spike", "cache-hits", "first-byte",
    "pipeline-lag", "pipeline-silent",
)  # fmt: skip


def _label(instance: Instance) -> Label:
    return instance.labels.get("part", ""), instance.labels.get("name", "")


def _same(judge: Judge, tape: Tape, minute: int, rows: Rows, at: int, seen: list[Instance]) -> None:
    """Compare the rows of a tick with the instances that ruletest saw at it."""
    fresh = [each for each in seen if each.last_seen == moment(tape, minute)]
    wanted = dict(rows.at(at))
    found = {_label(each): each.values.get("A", math.nan) for each in fresh}
    if not wanted:  # no data befalls all that there is, and gives no number
        assert all(math.isnan(value) or value == -1 for value in found.values())
        return
    # Of a minute the drill does not know the second of its last request; a score is of 20 minutes.
    near = 0.06 if judge.name == "traffic-silent" else 0
    assert found == pytest.approx(wanted, rel=1e-6, abs=near, nan_ok=True), (judge.name, minute)


def compare(
    endpoint: Endpoint, tape: Tape, chosen: Sequence[Judge], since: int = 1
) -> Counter[tuple[str, str]]:
    """Compare ticks of a tape; return how often which part had an instance in which state."""
    rows = {}
    states: dict[str, dict[int, dict[Label, str]]] = {}
    for judge in chosen:
        due = judge.ticks(tape, since)
        rows[judge.name] = (due, judge.rows(tape, due))
        states[judge.name] = dict(_states(judge, tape, due))
    seen: Counter[tuple[str, str]] = Counter()
    for minute, judge, instances in ticks(endpoint, tape, chosen, since):
        due, answered = rows[judge.name]
        _same(judge, tape, minute, answered, due.index(minute), instances)
        found = {_label(each): each.state for each in instances if each.state != NORMAL}
        assert found == states[judge.name].get(minute, {}), (judge.name, minute)
        seen.update((part or judge.name, state) for (part, _), state in found.items())
    return seen


def _states(judge: Judge, tape: Tape, due: Sequence[int]) -> Iterator[tuple[int, dict[Label, str]]]:
    """Yield the instances that are not Normal, at the ticks that have one."""
    for tick, _, instances in judge.states(tape, due):
        yield tick, {_label(each): each.state for each in instances if each.state != NORMAL}


def _chosen(*names: str) -> list[Judge]:
    return [judge for judge in JUDGES if not names or judge.name in names]


@pytest.mark.slow
@pytest.mark.parametrize("cadence", ["5m", "1m"])
def test_every_kind_of_question_is_judged_as_on_full_rows(
    timestream: Endpoint, cadence: str
) -> None:
    """An hour in which much goes wrong: errors in one country, misses, lines that come late."""
    usual = Site("thin", 2, countries=("BR", "DE", "NG"))
    wrong = [
        site.Turn(625, 640, share=0.5, where={"c_country": "BR"}),
        site.Turn(630, 650, into=site.MISS, share=0.7, kinds=(site.HIT,)),
        site.Late(642, 648, until_end=True),
        site.More(646, 720, times=0, where={"x_edge_location": "FRA56-P12"}),
    ]
    tape = excerpt(record(usual, MONDAY, 700, wrong, "a thin hour"), 600, 660)
    every = judges(Bundle(billed=False, cadence=cadence), LIMITS)
    seen = compare(timestream, tape, [each for each in every if each.name in FEW])
    assert {name for name, state in seen if state == "Alerting"} >= {"country-5xx"}
    waits = {"Pending"} if cadence == "1m" else set()  # a `for` below the cadence is none
    assert {state for _, state in seen} >= {"Alerting", "Recovering"} | waits


@pytest.mark.slow
def test_what_is_compared_with_the_day_before_is_judged_as_on_full_rows(
    timestream: Endpoint,
) -> None:
    """A country and a path that are gone, misses and more bytes, beside those of yesterday."""
    length, calm = 220, 180
    usual = Site("thin", 0.8, countries=("BR", "DE"))
    begin = DAY + calm
    wrong = [
        site.More(begin, DAY + length, times=0, where={"c_country": "BR"}),
        site.More(
            begin - 40, DAY + length, times=0, where={"cache_behavior_path_pattern": "/v1/*"}
        ),
        site.More(begin + 5, DAY + length, times=4, where={"c_country": "DE"}),
        site.Turn(begin - 60, DAY + length, into=site.MISS, share=0.9, kinds=(site.HIT,)),
    ]
    drawn = record(usual, MONDAY, DAY + length, wrong, "a thin day")
    tape = without(drawn, length, DAY)
    rules = ("traffic-lost", "traffic-silent", "egress-spike", "cache-hits", "slo-slow")
    every = judges(Bundle(billed=False, cadence="5m"), LIMITS)
    seen = compare(
        timestream, tape, [each for each in every if each.name in rules], since=begin - 10
    )
    assert {name for name, state in seen if state == "Alerting"} >= {
        "country-lost", "host-silent", "behavior-hits"
    }  # fmt: skip


USUAL = Site("thin", 0.7)
_BEFORE, _LENGTH = 20, 50


def _scenario(name: str) -> Tape:
    """Return a thin hour of a scenario, from some minutes before it begins."""
    calm = {each.name: each for each in CALM}
    if shape := calm.get(name):
        own = shape.site(USUAL)
        effects = shape.effects(own)
        begin = effects[0].start if effects else 20 * 60
    else:
        own, begin = USUAL, 14 * 60
        size = next(each for each in INCIDENTS if each.name == name).sizes[SIZES[1]]
        effects = list(size.effects(begin, begin + 25))
    first = begin - _BEFORE
    return excerpt(record(own, MONDAY, first + _LENGTH, effects, name), first, first + _LENGTH)


@pytest.mark.slow
@pytest.mark.scenarios
@pytest.mark.parametrize("name", [each.name for each in (*CALM, *INCIDENTS)])
def test_a_scenario_is_judged_as_on_full_rows(name: str, timestream: Endpoint) -> None:
    compare(timestream, _scenario(name), _chosen(*FEW))


@pytest.mark.slow
def test_every_rule_is_judged_as_on_full_rows(timestream: Endpoint) -> None:
    compare(timestream, _scenario("traffic storm"), _chosen())
