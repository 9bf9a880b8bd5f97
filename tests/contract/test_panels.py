"""Every panel of every dashboard shows what the generated requests say, in both layouts."""

from collections import defaultdict
from collections.abc import Callable, Iterator

import pytest

from dashboards.boards import boards
from dashboards.grafana.panels import Panel
from dashboards.signals import DIMENSIONS, SIGNALS
from dashboards.stores import Format
from dashboards.stores.timestream.queries import NEAREST_AIRPORT
from local.traffic import Request
from tests.support.expected import CONDITIONS, LABELS, METRICS, Rows, agrees
from tests.support.sample_site import DAY, END, MINUTES, START, SampleSite
from tests.support.stores import WAYS, Frame, Range

TOP = 10
MINUTE_NS = 60_000_000_000


def request_panels() -> Iterator[tuple[str, Panel]]:
    for way in WAYS:
        for board in boards(WAYS[way].bundle()):
            for panel in board.panels():
                if isinstance(panel, Panel) and panel.signals and panel.targets:
                    yield f"{way}/{board.name}/{panel.key}", panel


PANELS = dict(request_panels())


def of_kind(
    *kinds: str, split: bool | None = None
) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Run a test for every panel of these visualisations that is about requests."""
    chosen = [
        name
        for name, panel in PANELS.items()
        if panel.kind in kinds
        and panel.signals[0].record == "request"
        and split in (None, bool(panel.dimensions))
    ]
    assert chosen
    return pytest.mark.parametrize("name", chosen)


def matching(rows: Rows, panel: Panel) -> list[Request]:
    return [r for r in rows if all(CONDITIONS[name](r) for name in panel.where)]


def by_minute(rows: Rows, start: int = START) -> dict[int, list[Request]]:
    """Requests by the minute's start in nanoseconds."""
    found: dict[int, list[Request]] = defaultdict(list)
    for request in rows:
        minute = int(float(request["timestamp"])) // 60 * 60
        found[minute * 1_000_000_000].append(request)
    return found


def by_label(rows: Rows, panel: Panel) -> dict[tuple[str, ...], list[Request]]:
    found: dict[tuple[str, ...], list[Request]] = defaultdict(list)
    for request in rows:
        found[tuple(LABELS[split.name](request) for split in panel.dimensions)].append(request)
    return found


def rows_of(frame: Frame) -> list[dict[str, object]]:
    return [
        dict(zip((field.name for field in frame.fields), values, strict=True))
        for values in zip(*(field.values for field in frame.fields), strict=True)
    ]


@of_kind("timeseries", "stat", split=False)
def test_lines_and_tiles_show_each_signal_in_each_minute(
    sample_site: SampleSite, name: str
) -> None:
    """Time ascending, a value per minute and signal, equal to what the requests say."""
    panel = PANELS[name]
    way = name.partition("/")[0]
    every = [signal.name for signal in (*panel.signals, *panel.asks)]
    for number, target in enumerate(panel.targets):
        frame = sample_site.frame(target.sql, way, target.shape)
        if target.shape is Format.TABLE:  # a tile of the whole range
            assert [column.name for column in frame.fields] == every
            for column in frame.fields:
                expected = METRICS[column.name](matching(sample_site.today, panel), MINUTES * 60)
                assert agrees(column.values[0], expected), (column.name, column.values, expected)
            continue
        assert frame.shape == "wide"
        day_before = number == 1
        shift = DAY * 1_000_000_000 if day_before else 0
        rows = matching(sample_site.yesterday if day_before else sample_site.today, panel)
        minutes = by_minute(rows)
        time, *columns = frame.fields
        assert time.values == sorted(minute + shift for minute in minutes)
        names = [column.name.removesuffix("_day_before") for column in columns]
        # Of the day before, as much as is shown.
        assert names in ([every, every[: len(panel.signals)]] if day_before else [every])
        for signal, column in zip(names, columns, strict=True):
            assert column.name == signal + ("_day_before" if day_before else "")
            for at, got in zip(time.values, column.values, strict=True):
                expected = METRICS[signal](minutes[at - shift], 60)
                assert agrees(got, expected), (signal, at, got, expected)


@of_kind("timeseries", "status-history", split=True)
def test_lines_by_label_show_the_greatest_and_sum_up_the_rest(
    sample_site: SampleSite, name: str
) -> None:
    """One field per label; the rest is "other" where that can be told from the parts."""
    panel = PANELS[name]
    (target,), (signal,), (split,) = panel.targets, panel.signals, panel.dimensions
    frame = sample_site.frame(target.sql, name.partition("/")[0], target.shape)
    rows = matching(sample_site.today, panel)
    groups = {
        labels[0]: kept
        for labels, members in by_label(rows, panel).items()
        if (kept := enough(members, panel))
    }
    # Most of what can be summed first; of a rate, most of what it counts, then most requests.
    names = [signal.name] if signal.scaled else [signal.ranked, "requests"]
    weights = [METRICS[each] for each in names]
    ranked = sorted(
        groups, key=lambda label: (*(-total(weight, groups[label]) for weight in weights), label)
    )
    shown = {label: groups[label] for label in ranked[:TOP]}
    if signal.scaled and ranked[TOP:]:
        shown["other"] = [r for label in ranked[TOP:] for r in groups[label]]
    time, *columns = frame.fields
    assert time.values == sorted(set(time.values))
    columns = [column for column in columns if column.labels or shown]  # of no row, a bare one
    assert {column.labels[split.name] for column in columns} == set(shown)
    if panel.kind == "status-history":  # a row each, from above: the worst first
        assert [column.labels[split.name] for column in columns] == list(shown)
    for column in columns:
        minutes = by_minute(shown[column.labels[split.name]])
        for at, got in zip(time.values, column.values, strict=True):
            expected = METRICS[signal.name](minutes[at], 60) if at in minutes else None
            assert agrees(got, expected), (column.labels, at, got, expected)


def enough(rows: Rows, panel: Panel) -> list[Request]:
    """Leave out the minutes that have too little of what the panel wants."""
    return [
        request
        for members in by_minute(rows).values()
        if all(METRICS[gate.name](members, 60) >= least for gate, _, least in panel.having)  # type: ignore[operator]
        for request in members
    ]


def total(weight: Callable[..., object], rows: Rows) -> float:
    """Sum up a signal's minutes, as ranking does."""
    return sum(weight(members, 60) for members in by_minute(rows).values())  # type: ignore[misc]


@of_kind("table", "bargauge", "geomap")
def test_tables_bars_and_maps_show_each_signal_of_each_label(
    sample_site: SampleSite, name: str
) -> None:
    """One row per label with its signals over the whole range; tables the greatest first."""
    panel = PANELS[name]
    (target,) = panel.targets
    frame = sample_site.frame(target.sql, name.partition("/")[0], target.shape)
    assert frame.shape == "not"  # no time column: a table
    groups = by_label(matching(sample_site.today, panel), panel)
    seconds = MINUTES * 60
    rows = rows_of(frame)
    labels = [tuple(row[split.name] for split in panel.dimensions) for row in rows]
    assert len(labels) == len(set(labels))
    for label, row in zip(labels, rows, strict=True):
        for signal in panel.signals:
            expected = METRICS[signal.name](groups[label], seconds)
            assert agrees(row[signal.name], expected), (label, signal.name, row, expected)
    if panel.kind == "geomap":
        assert set(labels) == set(groups)
        for row in rows if "airport" in rows[0] else ():
            assert row["airport"] == NEAREST_AIRPORT.get(row["pop"], row["pop"])
        return
    first = [row[panel.signals[0].name] for row in rows]
    assert first == sorted(first, key=lambda value: -value)  # type: ignore[operator]
    if "worst" not in panel.key:
        assert len(rows) == min(TOP, len(groups))
        least = METRICS[panel.signals[0].name]
        if panel.signals[0].scaled:
            rest = [least(groups[key], seconds) for key in set(groups) - set(labels)]
            assert not rest or max(rest) <= first[-1] + 1e-9  # type: ignore[type-var,operator]


@of_kind("heatmap")
def test_heatmap_counts_every_request_in_one_bucket(sample_site: SampleSite, name: str) -> None:
    """Columns in rising order of their upper bounds, which name them."""
    panel = PANELS[name]
    (target,) = panel.targets
    frame = sample_site.frame(target.sql, name.partition("/")[0], target.shape)
    assert frame.shape == "wide"
    time, *buckets = frame.fields
    bounds = [float(bucket.name.replace("+Inf", "inf")) for bucket in buckets]
    assert bounds == sorted(bounds)
    minutes = by_minute(sample_site.today)
    for place, at in enumerate(time.values):
        times = [float(v) for r in minutes[at] if (v := r["time-to-first-byte"]) != "-"]
        low = float("-inf")
        for bucket, bound in zip(buckets, bounds, strict=True):
            assert bucket.values[place] == sum(low < t <= bound for t in times)
            low = bound


@pytest.mark.parametrize("way", WAYS)
def test_worst_tables_leave_out_labels_with_little_traffic(
    sample_site: SampleSite, way: str
) -> None:
    """A country with three requests, all failed, is not the worst."""
    panel = PANELS[f"{way}/overview/worst-country"]
    frame = sample_site.frame(panel.targets[0].sql, way)
    groups = by_label(sample_site.today, panel)
    few = {label for (label,), rows in groups.items() if len(rows) < 20}
    assert few
    shown = {row["country"] for row in rows_of(frame)}
    assert shown
    assert not shown & few


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("sampling", [5, 30, 100])
def test_counts_and_bytes_are_scaled_and_rates_are_not(
    sample_site: SampleSite, way: str, sampling: int
) -> None:
    """At 5 % each logged request stands for twenty; shares and latencies stay what they are."""
    found = {}
    for board in boards(WAYS[way].bundle(sampling=sampling)):
        for panel in board.panels():
            if isinstance(panel, Panel) and panel.targets:
                found[f"{board.name}/{panel.key}"] = panel
    panel = found["edges/table"]
    groups = by_label(sample_site.today, panel)
    rows = rows_of(sample_site.frame(panel.targets[0].sql, way))
    assert rows
    for row in rows:
        members = groups[(row["edge"],)]
        for signal in panel.signals:
            expected = METRICS[signal.name](members, MINUTES * 60)
            if signal.scaled:
                expected = expected * 100 / sampling  # type: ignore[operator]
            assert agrees(row[signal.name], expected), (signal.name, row)
    for panel in found.values():
        if not panel.signals:  # its title says what it is made of
            continue
        scaled = sampling != 100 and any(signal.scaled for signal in panel.signals)
        assert panel.title.endswith("(scaled)") == scaled
        assert (f"{sampling} % of requests are logged" in panel.description) == scaled


@pytest.mark.parametrize("way", WAYS)
def test_half_filled_bins_at_either_end_are_left_out(sample_site: SampleSite, way: str) -> None:
    """Of a range that cuts through two minutes, only the whole minutes between are drawn."""
    panel = PANELS[f"{way}/overview/now-error_rate_5xx_bound"]
    span = Range(start=START * 1000 + 30_000, end=END * 1000 - 30_000)
    for target, shift in zip(panel.targets, (0, DAY), strict=True):
        frame = sample_site.frame(target.sql, way, target.shape, span)
        rows = sample_site.yesterday if shift else sample_site.today
        minutes = sorted(minute + shift * 1_000_000_000 for minute in by_minute(rows))
        assert frame.fields[0].values == minutes[1:-1]


def test_every_signal_and_split_of_requests_is_computed_a_second_time() -> None:
    """A metric that a panel shows and nobody computed independently would go unchecked."""
    signals = {
        signal.name
        for panel in PANELS.values()
        for each in (*panel.signals, *panel.asks)
        for signal in (each, SIGNALS[each.ranked])
        if signal.record == each.record == "request"
    }
    asked = [panel for panel in PANELS.values() if panel.signals[0].record == "request"]
    dimensions = {split.name for panel in asked for split in panel.dimensions}
    assert not signals - METRICS.keys(), "add them to METRICS in tests/support/expected.py"
    assert not dimensions - LABELS.keys(), "add them to LABELS in tests/support/expected.py"
    assert METRICS.keys() <= SIGNALS.keys()
    assert LABELS.keys() <= DIMENSIONS.keys()
