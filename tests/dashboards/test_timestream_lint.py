"""Each rule about Timestream's queries lets the dashboards pass and catches a broken sample."""

import copy
import json
from collections.abc import Callable
from typing import Any

import pytest

from dashboards import build, lint
from dashboards.stores.timestream import lint as rules
from tests.support.usual import Bundle

Json = dict[str, Any]
Break = Callable[[Json], None]

GOOD = {path: json.loads(text) for path, text in build(Bundle()).items() if path.endswith(".json")}
EDGES = "dashboards/CloudFront/cloudfront-edges.json"


def target(model: Json) -> Json:
    return next(item for item in model["panels"] if item["type"] == "timeseries")["targets"][0]


def sql_with(old: str, new: str) -> Break:
    def sample(model: Json) -> None:
        query = target(model)
        assert old in query["rawQuery"]
        query["rawQuery"] = query["rawQuery"].replace(old, new)

    return sample


def target_with(**values: object) -> Break:
    return lambda model: target(model).update(values)


# rule, what is broken, what is said of it, how
SAMPLES: list[tuple[str, str, str, Break]] = [
    ("target_shape", "grafanalib's raw query", "rawQuery is no SQL", target_with(rawQuery=True)),
    ("target_shape", "grafanalib's format", "'time_series'", target_with(format="time_series")),
    ("target_shape", "page by page", "wait", target_with(waitForResult=False)),
    ("series_order", "a table where lines are", "time series format", target_with(format=0)),
    (
        "series_order",
        "no order",
        "must end in",
        sql_with("ORDER BY time ASC", "ORDER BY edge, time"),
    ),
    (
        "macros",
        "another plugin's macro",
        "no macro $__timeGroup",
        sql_with("$__interval", "$__timeGroup"),
    ),
    ("macros", "arguments", "no arguments", sql_with("$__timeFilter\n", "$__timeFilter(time)\n")),
    (
        "measure_and_time",
        "no measure",
        "measure",
        sql_with("measure_name = 'request'\n", "1 = 1\n"),
    ),
    ("measure_and_time", "no time", "filter by time", sql_with("$__timeFilter", "1 = 1")),
    ("one_scan", "all columns", "all columns", sql_with("SELECT\n  time,", "SELECT *,\n  time,")),
    (
        "one_scan",
        "another scan",
        "3 times",
        sql_with("ORDER BY", "UNION SELECT 1 FROM $__table\nORDER BY"),
    ),
    ("quoted_variables", "a raw list", "not IN", sql_with("(${edge:sqlstring})", "(${edge:csv})")),
    ("quoted_variables", "a bare name", "not IN", sql_with("IN (${edge:sqlstring})", "IN ($edge)")),
    (
        "quoted_variables",
        "a bare number",
        "not IN",
        sql_with("cast(${top:sqlstring} AS bigint)", "${top}"),
    ),
    (
        "quoted_variables",
        "an equals sign",
        "not IN",
        sql_with("IN (${edge:sqlstring})", "= ${edge:sqlstring}"),
    ),
    (
        "filters_apply",
        "a filter that a query lacks",
        "not filtered by edge",
        sql_with("(${edge:sqlstring})", "('-')"),
    ),
]


@pytest.mark.parametrize(
    ("rule", "says", "sample"),
    [
        pytest.param(rule, says, sample, id=f"{rule}: {what}")
        for rule, what, says, sample in SAMPLES
    ],
)
def test_a_rule_catches_a_broken_sample(rule: str, says: str, sample: Break) -> None:
    broken = copy.deepcopy(GOOD)
    sample(broken[EDGES])
    [check] = [each for each in lint.RULES if each.__name__ == rule]
    assert list(check(GOOD)) == []
    found = list(check(broken))
    assert any(says in breach and breach.startswith("dashboards/") for breach in found), found


def test_every_rule_has_a_broken_sample() -> None:
    assert {rule for rule, *_ in SAMPLES} == {check.__name__ for check in rules.RULES}
