"""What a panel has to show, whatever its store: frames held against the oracle's numbers.

`ask` runs one of a panel's queries and gives the frame that Grafana makes of the answer.
"""

from collections import defaultdict
from collections.abc import Callable, Sequence
from typing import Any

from dash_expected import CONDITIONS, LABELS, METRICS, Rows, agrees

from dashboards.grafana.airports import NEAREST_AIRPORT
from dashboards.grafana.panels import Panel
from local.traffic import Request
from ruletest.frames import Frame

TOP = 10
DAY = 86_400
Ask = Callable[[Any], Frame]


def matching(rows: Rows, panel: Panel) -> list[Request]:
    """Return the requests that a panel is about."""
    return [r for r in rows if all(CONDITIONS[name](r) for name in panel.where)]


def within(rows: Rows, start: int, end: int) -> list[Request]:
    """Return the requests of a range in milliseconds, both ends in it."""
    return [r for r in rows if start <= round(float(r["timestamp"]) * 1000) <= end]


def by_step(rows: Rows, step: int = 60) -> dict[int, list[Request]]:
    """Requests by the start of a step of so many seconds, in nanoseconds."""
    found: dict[int, list[Request]] = defaultdict(list)
    for request in rows:
        found[int(float(request["timestamp"])) // step * step * 1_000_000_000].append(request)
    return found


def by_label(rows: Rows, panel: Panel) -> dict[tuple[str, ...], list[Request]]:
    """Requests by the labels of a panel's dimensions."""
    found: dict[tuple[str, ...], list[Request]] = defaultdict(list)
    for request in rows:
        found[tuple(LABELS[each.name](request) for each in panel.dimensions)].append(request)
    return found


def rows_of(frame: Frame) -> list[dict[str, Any]]:
    """Return a frame's rows."""
    return [
        dict(zip((field.name for field in frame.fields), values, strict=True))
        for values in zip(*(field.values for field in frame.fields), strict=True)
    ]


def check_lines(panel: Panel, ask: Ask, days: Sequence[Rows], step: int = 60) -> None:
    """Time ascending, a value per step and signal; the second query is the day before."""
    for target, rows, day in zip(panel.targets, days, (0, 1), strict=False):
        frame = ask(target)
        assert frame.shape == "wide"
        shift = day * DAY * 1_000_000_000
        steps = by_step(matching(rows, panel), step)
        time, *columns = frame.fields
        assert time.values == sorted(at + shift for at in steps)
        for signal, column in zip(panel.signals, columns, strict=True):
            assert column.name == signal.name + ("_day_before" if day else "")
            for at, got in zip(time.values, column.values, strict=True):
                expected = METRICS[signal.name](steps[at - shift], step)
                assert agrees(got, expected), (signal.name, at, got, expected)


def check_lines_by_label(panel: Panel, ask: Ask, rows: Rows, step: int = 60) -> None:
    """One field per label; the rest is "other" where that can be told from the parts."""
    (target,), (signal,), (dimension,) = panel.targets, panel.signals, panel.dimensions
    frame = ask(target)
    rows = matching(rows, panel)
    groups = {labels[0]: members for labels, members in by_label(rows, panel).items()}
    weight = METRICS[signal.name if signal.scaled else "requests"]

    def total(label: str) -> float:
        steps = by_step(groups[label], step).values()
        return sum(weight(members, step) for members in steps)  # type: ignore[misc]

    ranked = sorted(groups, key=lambda label: (-total(label), label))
    shown = {label: groups[label] for label in ranked[:TOP]}
    if signal.scaled and ranked[TOP:]:
        shown["other"] = [r for label in ranked[TOP:] for r in groups[label]]
    time, *columns = frame.fields
    assert time.values == sorted(set(time.values))
    assert {column.labels[dimension.name] for column in columns} == set(shown)
    for column in columns:
        steps = by_step(shown[column.labels[dimension.name]], step)
        for at, got in zip(time.values, column.values, strict=True):
            expected = METRICS[signal.name](steps[at], step) if at in steps else None
            assert agrees(got, expected), (column.labels, at, got, expected)


def check_rows(panel: Panel, ask: Ask, rows: Rows, seconds: float) -> None:
    """One row per label with its signals over the whole range; tables the greatest first."""
    (target,) = panel.targets
    frame = ask(target)
    assert frame.shape == "not"  # no time column: a table
    groups = by_label(matching(rows, panel), panel)
    found = rows_of(frame)
    labels = [tuple(row[each.name] for each in panel.dimensions) for row in found]
    assert len(labels) == len(set(labels))
    for label, row in zip(labels, found, strict=True):
        for signal in panel.signals:
            expected = METRICS[signal.name](groups[label], seconds)
            assert agrees(row[signal.name], expected), (label, signal.name, row, expected)
    if panel.kind == "geomap":
        assert set(labels) == set(groups)
        for row in found if "airport" in found[0] else ():
            assert row["airport"] == NEAREST_AIRPORT.get(row["pop"], row["pop"])
        return
    first = [row[panel.signals[0].name] for row in found]
    assert first == sorted(first, reverse=True)
    if "worst" not in panel.key:
        assert len(found) == min(TOP, len(groups))
        if panel.signals[0].scaled:
            least = METRICS[panel.signals[0].name]
            rest = [least(groups[key], seconds) for key in set(groups) - set(labels)]
            assert not rest or max(rest) <= first[-1] + 1e-9  # type: ignore[type-var]


def check_heatmap(panel: Panel, ask: Ask, rows: Rows, step: int = 60) -> None:
    """Every request in one bucket; columns in rising order of their bounds, which name them."""
    (target,) = panel.targets
    frame = ask(target)
    assert frame.shape == "wide"
    time, *buckets = frame.fields
    bounds = [float(bucket.name.replace("+Inf", "inf")) for bucket in buckets]
    assert bounds == sorted(bounds)
    steps = by_step(rows, step)
    assert time.values == sorted(steps)
    for place, at in enumerate(time.values):
        times = [float(v) for r in steps[at] if (v := r["time-to-first-byte"]) != "-"]
        low = float("-inf")
        for bucket, bound in zip(buckets, bounds, strict=True):
            assert bucket.values[place] == sum(low < t <= bound for t in times)
            low = bound
