"""What is different between three times, as counted by hand."""

import math

import pytest

from dashboards.signals import DIMENSIONS, SIGNALS
from dashboards.signals.comparisons import MEASURES
from local.traffic import Request
from tests.contract.test_lines import milliseconds, rows_of
from tests.support.expected import LABELS, METRICS, agrees
from tests.support.sample_site import DAY, END, START, SampleSite
from tests.support.stores import WAYS, Range, queries

pytestmark = pytest.mark.slow  # each asks a store much

EVERY = [SIGNALS[name] for name in MEASURES.values()]
# The newer half of the traffic, so that the older half is the time before; to the odd millisecond.
HALF = Range(start=(START + END) * 500 + 1_457, end=END * 1000 - 2_123)


def times(sample_site: SampleSite, span: Range) -> dict[str, list[Request]]:
    length = span.end - span.start
    rows = [(milliseconds(r), r) for r in (*sample_site.yesterday, *sample_site.today)]
    day = DAY * 1000
    return {
        "now": [r for at, r in rows if span.start <= at <= span.end],
        "before": [r for at, r in rows if span.start - length <= at < span.start],
        "yesterday": [r for at, r in rows if span.start - day <= at < span.end - day],
    }


@pytest.fixture(name="way", params=[way for way in WAYS if way != "timestream-classic"])
def _way(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.mark.parametrize(
    ("name", "measure", "against"),
    [
        *(("country", measure, "before") for measure in MEASURES.values()),
        *((name, "errors_5xx", "yesterday") for name in ("edge", "host", "behavior", "status")),
        *((name, "requests", "before") for name in ("origin", "uri", "edge")),
    ],
)
def test_labels_come_with_three_amounts_and_their_part_of_the_change(
    sample_site: SampleSite, way: str, name: str, measure: str, against: str
) -> None:
    """The greatest change first, up or down; shares are of all changes, listed or not."""
    sql = queries(way).differences(DIMENSIONS[name], EVERY, most=6)
    found = rows_of(sample_site.frame(sql, way, span=HALF, measure=measure, against=against))
    amounts: dict[str, dict[str, float]] = {}
    for time, rows in times(sample_site, HALF).items():
        groups: dict[str, list[Request]] = {}
        for request in rows:
            groups.setdefault(LABELS[name](request), []).append(request)
        for label, members in groups.items():
            amount = METRICS[measure](members, 1)
            amounts.setdefault(label, {})[time] = amount  # type: ignore[assignment]
    changes = {
        label: each.get("now", 0) - each.get(against, 0)
        for label, each in amounts.items()
        if any(each.values())
    }
    total = math.fsum(map(abs, changes.values()))
    assert total or measure.startswith(("errors", "slow"))
    wanted = sorted(
        changes, key=lambda each: (-abs(changes[each]), -amounts[each].get("now", 0), each)
    )
    assert len(found) == min(6, len(wanted))
    for row, label in zip(found, wanted, strict=False):
        assert agrees(abs(row["change"]), abs(changes[label]))  # type: ignore[arg-type]
        mine = str(row[name])
        for time in ("now", "before", "yesterday"):
            assert agrees(row[f"amount_{time}"], amounts[mine].get(time, 0))  # type: ignore[arg-type]
        assert agrees(row["change"], changes[mine])  # type: ignore[arg-type]
        share = 100 * changes[mine] / total if total else None
        assert agrees(row["share"], share)  # type: ignore[arg-type]


def test_by_amount_the_greatest_come_first(sample_site: SampleSite, way: str) -> None:
    """Of one measure, nothing is chosen."""
    sql = queries(way).differences(
        DIMENSIONS["country"], [SIGNALS["bytes"]], most=1000, by_amount=True
    )
    found = rows_of(sample_site.frame(sql, way, span=HALF, measure="no such", against="yesterday"))
    now = [row["amount_now"] for row in found]
    assert now == sorted(now, reverse=True)  # type: ignore[type-var]
    sent = sum(int(r["sc-bytes"]) for r in times(sample_site, HALF)["now"])
    assert sum(now) == sent  # type: ignore[arg-type]


def test_all_measures_come_in_a_row_each(sample_site: SampleSite, way: str) -> None:
    found = rows_of(sample_site.frame(queries(way).totals(EVERY), way, span=HALF))
    assert [row["title"] for row in found] == [each.title for each in EVERY]
    rows = times(sample_site, HALF)
    for row, measure in zip(found, EVERY, strict=True):
        amounts = {time: METRICS[measure.name](each, 1) for time, each in rows.items()}
        for time, amount in amounts.items():
            assert agrees(row[f"amount_{time}"], amount)  # type: ignore[arg-type]
        for time in ("before", "yesterday"):
            then = amounts[time]
            change = 100 * (amounts["now"] - then) / then if then else None  # type: ignore[operator]
            assert agrees(row[f"since_{time}"], change)  # type: ignore[arg-type]


def test_of_a_long_range_the_last_hours_are_compared(sample_site: SampleSite, way: str) -> None:
    """Or the time before would reach into yesterday's."""
    long = Range(start=(END - 3 * DAY) * 1000, end=END * 1000)
    half = Range(start=(END - DAY // 2) * 1000, end=END * 1000)
    sql = queries(way).totals(EVERY)
    assert rows_of(sample_site.frame(sql, way, span=long)) == rows_of(
        sample_site.frame(sql, way, span=half)
    )


def test_filters_apply_to_all_three_times(sample_site: SampleSite, way: str) -> None:
    sql = queries(way).totals([SIGNALS["requests"]], filters=["country"])
    (row,) = rows_of(sample_site.frame(sql, way, span=HALF, country="BR"))
    for time, rows in times(sample_site, HALF).items():
        assert row[f"amount_{time}"] == sum(r["c-country"] == "BR" for r in rows)
