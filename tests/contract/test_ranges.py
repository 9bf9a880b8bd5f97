"""Wherever a range begins and ends, and however long a step is, each request counts once.

A store may answer from sums it has made before; the numbers are those of the requests all the same.
"""

import math
from collections import defaultdict
from collections.abc import Iterator

import pytest

from dashboards.boards import boards
from dashboards.grafana.panels import Panel
from dashboards.signals import DIMENSIONS
from dashboards.signals.expressions import Field, Sum
from dashboards.stores.common.judged import Change, Part
from local.traffic import BLANK, Request, line
from processor.catalog import DEFAULT_FIELDS
from ruletest.durations import milliseconds
from tests.support.expected import CONDITIONS, LABELS, METRICS, agrees
from tests.support.sample_site import DAY, END, START, SampleSite, event
from tests.support.stores import WAYS, Range, queries

pytestmark = pytest.mark.slow  # each asks a store much

# A range that begins and ends within a minute.
ODD = Range(start=START * 1000 + 83_457, end=END * 1000 - 77_123)
STORES = sorted(set(WAYS) - {"timestream-classic"})


def panels(way: str) -> dict[str, Panel]:
    return {
        f"{board.name}/{panel.key}": panel
        for board in boards(WAYS[way].bundle())
        for panel in board.panels()
        if isinstance(panel, Panel) and panel.signals and panel.targets
    }


PANELS = {way: panels(way) for way in STORES}
TABLES = [
    name
    for name, panel in PANELS[STORES[0]].items()
    if panel.kind in ("table", "bargauge", "geomap") and panel.signals[0].record == "request"
]


def within(rows: list[Request], start: int, end: int) -> list[Request]:
    """Return the requests of a range in milliseconds, both ends in it."""
    return [r for r in rows if start <= round(float(r["timestamp"]) * 1000) <= end]


@pytest.mark.parametrize("way", STORES)
@pytest.mark.parametrize("name", TABLES)
def test_a_range_that_begins_within_a_minute_is_counted_to_the_millisecond(
    sample_site: SampleSite, way: str, name: str
) -> None:
    panel = PANELS[way][name]
    rows = within(sample_site.today, ODD.start, ODD.end)
    assert len(rows) < len(sample_site.today)
    groups: dict[tuple[str, ...], list[Request]] = defaultdict(list)
    for request in rows:
        if all(CONDITIONS[each](request) for each in panel.where):
            groups[tuple(LABELS[each.name](request) for each in panel.dimensions)].append(request)
    frame = sample_site.frame(panel.targets[0].sql, way, panel.targets[0].shape, ODD)
    columns = {field.name: field.values for field in frame.fields}
    labels = [*zip(*(columns[each.name] for each in panel.dimensions), strict=True)]
    assert labels
    assert len(labels) == len(set(labels))
    for signal in panel.signals:
        for label, got in zip(labels, columns[signal.name], strict=True):
            expected = METRICS[signal.name](groups[label], (ODD.end - ODD.start) / 1000)
            assert agrees(got, expected), (label, signal.name, got, expected)


@pytest.mark.parametrize("way", STORES)
@pytest.mark.parametrize(
    ("start", "end"),
    [
        (START * 1000 + 100, START * 1000 + 40_000),  # no whole minute
        (START * 1000 + 59_000, START * 1000 + 61_000),  # over the border of two
        (START * 1000 + 59_000, START * 1000 + 121_000),  # one whole minute
        (START * 1000, START * 1000 + 60_000),  # both ends on a minute
        ((START - DAY) * 1000 - 1, END * 1000 + 1),  # hours, minutes and the rest
        ((START - DAY) // 3600 * 3_600_000, START // 3600 * 3_600_000),  # hours alone
    ],
)
def test_every_request_of_a_range_is_counted_once(
    sample_site: SampleSite, way: str, start: int, end: int
) -> None:
    rows = within([*sample_site.yesterday, *sample_site.today], start, end)
    [target] = PANELS[way]["edges/table"].targets
    frame = sample_site.frame(
        target.sql, way, target.shape, Range(start=start, end=end), top="1000"
    )
    columns = {field.name: field.values for field in frame.fields}
    assert sum(columns["requests"]) == len(rows)
    assert sum(columns["bytes"]) == sum(int(r["sc-bytes"]) for r in rows)


@pytest.mark.parametrize("way", STORES)
@pytest.mark.parametrize("step", [30, 60, 300, 3600])
@pytest.mark.parametrize(
    "name", ["overview/now-error_rate_5xx_bound", "latency/ttfb", "viewers/shares"]
)
def test_a_step_of_any_length_shows_what_lies_in_it(
    sample_site: SampleSite, way: str, name: str, step: int
) -> None:
    start, end = START // 3600 * 3600 - 3600, END // 3600 * 3600 + 3600
    span = Range(start=start * 1000, end=end * 1000, interval=step * 1000)
    panel = PANELS[way][name]
    steps: dict[int, list[Request]] = defaultdict(list)
    for request in sample_site.today:
        steps[int(float(request["timestamp"])) // step * step * 1_000_000_000].append(request)
    frame = sample_site.frame(panel.targets[0].sql, way, panel.targets[0].shape, span)
    time, *columns = frame.fields
    assert time.values == sorted(steps)
    for signal, column in zip(panel.signals, columns, strict=False):  # others show the rest
        for at, got in zip(time.values, column.values, strict=True):
            expected = METRICS[signal.name](steps[at], step)
            assert agrees(got, expected), (signal.name, at, got, expected)


# -- one store beside another --------------------------------------------------------------------


def lonely(rows: list[Request]) -> list[Range]:
    """Ranges without a request, with one, and with one that lacks a number."""
    times = sorted(round(float(r["timestamp"]) * 1000) for r in rows)
    # One store keeps times to the nanosecond, within the millisecond.
    alone = {
        now
        for before, now, after in zip(times, times[1:], times[2:], strict=False)
        if before < now - 1 and now + 1 < after
    }
    lacking = {round(float(r["timestamp"]) * 1000) for r in rows if r["time-to-first-byte"] == "-"}
    found = [Range(start=(START - 7200) * 1000, end=(START - 3600) * 1000)]
    return found + [
        Range(start=at - 1, end=at + 1) for at in (min(alone - lacking), min(alone & lacking))
    ]


def asked_of_both() -> Iterator[tuple[str, dict[str, object]]]:
    first, *others = (PANELS[way] for way in STORES)
    for name, panel in first.items():
        if all(name in other for other in others) and panel.signals[0].record == "request":
            for number in range(len(panel.targets)):
                yield name, {way: PANELS[way][name].targets[number] for way in STORES}


@pytest.mark.slow
@pytest.mark.parametrize("place", range(3), ids=["nothing", "one", "one-without-a-number"])
def test_nothing_and_single_requests_give_the_same_in_every_store(
    sample_site: SampleSite, place: int
) -> None:
    """NULL, 0, NaN or no row at all: where one store says so, the others do, too."""
    span = lonely(sample_site.today)[place]
    for name, targets in asked_of_both():
        first, *others = (
            sample_site.frame(target.sql, way, target.shape, span)  # type: ignore[attr-defined]
            for way, target in targets.items()
        )
        for other in others:
            assert [f.name for f in first.fields] == [f.name for f in other.fields], name
            for one, two in zip(first.fields, other.fields, strict=True):
                assert len(one.values) == len(two.values), (name, one.name)
                assert all(map(same, one.values, two.values)), (name, one, two)


def same(a: object, b: object) -> bool:
    if isinstance(a, float | int) and isinstance(b, float | int):
        return (math.isnan(a) and math.isnan(b)) or math.isclose(a, b, rel_tol=1e-6, abs_tol=1e-9)
    return a == b


@pytest.mark.parametrize("way", STORES)
def test_what_has_no_past_has_no_change(sample_site: SampleSite, way: str) -> None:
    """An edge that sent no bytes before, or none a day before, is not compared."""
    database = "no-past"
    processor = sample_site.running[way].processor(database)
    processor.announce()
    rows = [
        {**BLANK, "x-edge-request-id": f"{at}", "timestamp": f"{END - at}.000", "sc-bytes": sent,
         "x-edge-location": edge}
        for edge, times in (("AAA1-C1", (DAY + 60, 1100, 900)), ("BBB1-C1", (1000, 800)))
        for at, sent in (*((at, "0" if edge < "B" else "9") for at in times), (60, "1000"))
    ]  # fmt: skip
    processor.handle(event([line(row, DEFAULT_FIELDS) for row in rows]))
    kind = Change(Sum(Field("sc-bytes")), 300, 1200, falling=False)
    query = kind.query(queries(way), [Part(dimension=DIMENSIONS["edge"])])
    assert len(sample_site.frame(query, way, database=database)) == 0


OWN = {
    way: {
        f"{board.name}/{panel.key}": panel
        for board in boards(WAYS[way].bundle())
        for panel in board.panels()
        if isinstance(panel, Panel) and panel.timeFrom and panel.targets
    }
    for way in STORES
}


@pytest.mark.parametrize("way", STORES)
@pytest.mark.parametrize("name", sorted(OWN[STORES[0]]))
def test_a_panel_keeps_its_own_range_in_one_with_a_fixed_beginning_and_end(
    sample_site: SampleSite, way: str, name: str
) -> None:
    """Grafana hands on the range that was zoomed into, and not the panel's."""
    panel = OWN[way][name]
    [target] = panel.targets
    [sent] = panel.to_json_data()["targets"]
    zoomed = Range(start=ODD.end - 47_000, end=ODD.end)
    own = Range(start=ODD.end - milliseconds(panel.timeFrom), end=ODD.end)
    expected = sample_site.frame(target.sql, way, target.shape, own)
    got = sample_site.frame(sent.sql, way, target.shape, zoomed)
    assert [(f.name, f.values) for f in got.fields] == [(f.name, f.values) for f in expected.fields]
