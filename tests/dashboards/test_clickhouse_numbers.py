"""Every panel of every dashboard shows what the generated requests say, from ClickHouse.

The same traffic, the same oracle and the same numbers as for every store.
"""

import math
from collections.abc import Callable, Iterator

import clickhouse_world
import dash_world
import pytest
from clickhouse_world import SPAN, World, bundle
from dash_world import DAY, END, MINUTES, START
from shown import (
    check_heatmap,
    check_lines,
    check_lines_by_label,
    check_rows,
    rows_of,
    within,
)

from dashboards.boards import boards
from dashboards.grafana.panels import Panel
from dashboards.stores.clickhouse.frames import Range
from dashboards.stores.clickhouse.query import Target
from dashboards.stores.timestream import frames as timestream
from ruletest.frames import Frame


def panels_of(**knobs: object) -> dict[str, Panel]:
    return {
        f"{board.name}/{panel.key}": panel
        for board in boards(bundle(**knobs))
        for panel in board.panels()
        if isinstance(panel, Panel) and panel.signals and panel.targets
    }


PANELS = panels_of()


def of_kind(
    *kinds: str, split: bool | None = None
) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Run a test for every panel of these visualizations that is about requests."""
    chosen = [
        name
        for name, panel in PANELS.items()
        if panel.kind in kinds
        and panel.signals[0].record == "request"
        and split in (None, bool(panel.dimensions))
    ]
    assert chosen
    return pytest.mark.parametrize("name", chosen)


def asked(world: World, span: Range = SPAN, **chosen: str) -> Callable[[Target], Frame]:
    return lambda target: world.frame(target.sql, target.shape, span, **chosen)


# A range that begins and ends within a minute, and within an hour where the test's hour has one.
ODD = Range(start=START * 1000 + 83_457, end=END * 1000 - 77_123)


@of_kind("timeseries", "stat", split=False)
def test_lines_and_tiles_show_each_signal_in_each_minute(clickhouse: World, name: str) -> None:
    check_lines(PANELS[name], asked(clickhouse), (clickhouse.today, clickhouse.yesterday))


@of_kind("timeseries", split=True)
def test_lines_by_label_show_the_greatest_and_sum_up_the_rest(clickhouse: World, name: str) -> None:
    check_lines_by_label(PANELS[name], asked(clickhouse), clickhouse.today)


@of_kind("table", "bargauge", "geomap")
def test_tables_bars_and_maps_show_each_signal_of_each_label(clickhouse: World, name: str) -> None:
    check_rows(PANELS[name], asked(clickhouse), clickhouse.today, MINUTES * 60)


@of_kind("table", "bargauge", "geomap")
def test_a_range_that_begins_within_a_minute_is_counted_to_the_millisecond(
    clickhouse: World, name: str
) -> None:
    """Whole minutes come from the rollup, the rest from the requests; together it is the range."""
    rows = within(clickhouse.today, ODD.start, ODD.end)
    assert len(rows) < len(clickhouse.today)
    check_rows(PANELS[name], asked(clickhouse, ODD), rows, (ODD.end - ODD.start) / 1000)


@pytest.mark.parametrize(
    ("start", "end"),
    [
        (START * 1000 + 100, START * 1000 + 40_000),  # no whole minute
        (START * 1000 + 59_000, START * 1000 + 61_000),  # over the border of two
        (START * 1000 + 59_000, START * 1000 + 121_000),  # one whole minute
        (START * 1000, START * 1000 + 60_000),  # its end is in the range, too
        ((START - DAY) * 1000 - 1, END * 1000 + 1),  # hours, minutes and the rest
        ((START - DAY) // 3600 * 3_600_000, START // 3600 * 3_600_000),  # hours only
    ],
)
def test_wherever_a_range_begins_and_ends_every_request_is_counted_once(
    clickhouse: World, start: int, end: int
) -> None:
    rows = within([*clickhouse.yesterday, *clickhouse.today], start, end)
    panel = PANELS["edges/table"]
    span = Range(start=start, end=end)
    found = rows_of(clickhouse.frame(panel.targets[0].sql, 1, span, top="1000"))
    assert sum(row["requests"] for row in found) == len(rows)
    assert sum(row["bytes"] or 0 for row in found) == sum(int(r["sc-bytes"]) for r in rows)


@pytest.mark.parametrize("step", [30, 60, 120, 300, 3600])
@pytest.mark.parametrize("name", ["overview/request-rate", "overview/ttfb", "viewers/shares"])
def test_a_step_of_any_length_shows_what_lies_in_it(
    clickhouse: World, name: str, step: int
) -> None:
    """By the requests, by minutes or by hours, whichever has rows that fit."""
    start, end = START // 3600 * 3600 - 3600, END // 3600 * 3600 + 3600
    span = Range(start=start * 1000, end=end * 1000, interval=step * 1000)
    check_lines(
        PANELS[name], asked(clickhouse, span), (clickhouse.today, clickhouse.yesterday), step
    )


def test_half_filled_steps_at_either_end_are_left_out(clickhouse: World) -> None:
    """Of a range that cuts through two minutes, only the whole minutes between are drawn."""
    panel = PANELS["overview/request-rate"]
    minutes = range(START // 60 + 1, END // 60 - 1)
    span = Range(start=START * 1000 + 30_000, end=END * 1000 - 30_000)
    for target in panel.targets:
        frame = clickhouse.frame(target.sql, target.shape, span)
        assert frame.fields[0].values == [minute * 60_000_000_000 for minute in minutes]


@of_kind("heatmap")
def test_heatmap_counts_every_request_in_one_bucket(clickhouse: World, name: str) -> None:
    check_heatmap(PANELS[name], asked(clickhouse), clickhouse.today)


@pytest.mark.parametrize("sampling", [5, 30])
def test_counts_and_bytes_are_scaled_and_rates_are_not(clickhouse: World, sampling: int) -> None:
    """At 5 % each logged request stands for twenty; shares and latencies stay what they are."""
    panel = panels_of(sampling=sampling)["edges/table"]
    (target,), (plain,) = panel.targets, PANELS["edges/table"].targets
    found = rows_of(clickhouse.frame(target.sql))
    for row, bare in zip(found, rows_of(clickhouse.frame(plain.sql)), strict=True):
        for signal in panel.signals:
            factor = 100 / sampling if signal.scaled else 1
            assert math.isclose(row[signal.name], bare[signal.name] * factor), signal.name


@pytest.mark.parametrize("board", ["countries", "errors", "cache"])
def test_what_is_chosen_is_all_that_is_shown(clickhouse: World, board: str) -> None:
    """Alternatives of one variable; of two variables both have to hold."""
    rows = [
        r
        for r in clickhouse.today
        if r["c-country"] in ("BR", "US") and r["sc-status"][0] in ("2", "5")
    ]
    for name, panel in PANELS.items():
        if name.startswith(board) and panel.kind == "table":
            ask = asked(clickhouse, country=["BR", "US"], status=["2", "5"])  # type: ignore[arg-type]
            check_rows(panel, ask, rows, MINUTES * 60)


# -- beside the other store --------------------------------------------------------------------


def request_queries() -> Iterator[tuple[str, str, int, str, object]]:
    """Panel, query and format of both stores, side by side."""
    others = {
        f"{board.name}/{panel.key}": panel
        for board in boards(dash_world.bundle("multi"))
        for panel in board.panels()
        if isinstance(panel, Panel)
    }
    for name, panel in PANELS.items():
        for target, other in zip(panel.targets, others[name].targets, strict=True):
            yield f"{name} {target.refId}", target.sql, target.shape, other.sql, other.shape


def empty_and_lonely(rows: list[dict[str, str]]) -> list[tuple[str, Range]]:
    """Ranges without a request, with one, and with one that lacks a number."""
    times = sorted(round(float(r["timestamp"]) * 1000) for r in rows)
    # The other store keeps times to the nanosecond, within the millisecond.
    alone = {
        now
        for before, now, after in zip(times, times[1:], times[2:], strict=False)
        if before < now - 1 and now + 1 < after
    }
    lacking = {round(float(r["timestamp"]) * 1000) for r in rows if r["time-to-first-byte"] == "-"}
    one, less = min(alone - lacking), min(alone & lacking)
    return [
        ("nothing", Range(start=(START - 7200) * 1000, end=(START - 3600) * 1000)),
        ("one request", Range(start=one - 1, end=one + 1)),
        ("one without a first byte", Range(start=less - 1, end=less + 1)),
    ]


@pytest.mark.parametrize("place", range(3))
def test_nothing_and_single_requests_are_what_they_are_in_the_other_store(
    clickhouse: World, world: dash_world.World, place: int
) -> None:
    """NULL, 0, NaN or no row at all: where one store says so, the other does, too."""
    what, span = empty_and_lonely(clickhouse.today)[place]
    other = timestream.Range(start=span.start, end=span.end, interval=span.interval)
    for name, sql, shape, theirs, their_shape in request_queries():
        mine = clickhouse.frame(sql, shape, span)
        [yours] = timestream.frames(world.answer(theirs, "multi", other), their_shape)
        assert [f.name for f in mine.fields] == [f.name for f in yours.fields], (what, name)
        for one, two in zip(mine.fields, yours.fields, strict=True):
            if one.name in ("write_units", "written", "bytes_written"):
                continue  # what a store does with a batch is its own
            assert len(one.values) == len(two.values), (what, name, one.name)
            for a, b in zip(one.values, two.values, strict=True):
                assert same(a, b), (what, name, one.name, a, b)


def same(a: object, b: object) -> bool:
    if isinstance(a, float | int) and isinstance(b, float | int):
        return (math.isnan(a) and math.isnan(b)) or math.isclose(a, b, rel_tol=1e-6, abs_tol=1e-9)
    return a == b


def test_the_helper_asks_as_the_other_one_does() -> None:
    """With the same choices, so that the two can be compared."""
    assert {*clickhouse_world.CHOICES} == {*dash_world.FILTERS, "top", "percentile"}
