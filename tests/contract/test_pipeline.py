"""The pipeline dashboard shows what the processor was given, in both layouts."""

import re
import time

import pytest

from dashboards.boards import boards
from dashboards.grafana.panels import Panel
from tests.support.sample_site import BAD_LINES, SampleSite
from tests.support.stores import WAYS, Frame, Range


def around_now(sample_site: SampleSite, way: str) -> Range:
    """The last half hour and the minute that is running, in whole minutes."""
    assert sample_site.running[
        way
    ]  # what it told while it was filled is before the end of the range
    minute = int(time.time()) // 60 * 60
    return Range(start=(minute - 1800) * 1000, end=(minute + 60) * 1000)


def shown(sample_site: SampleSite, way: str) -> dict[str, list[float]]:
    """Every value of every signal, over all panels of lines."""
    span, found = around_now(sample_site, way), {}
    for panel in panels(way).values():
        for target in panel.targets:
            frame = sample_site.frame(target.sql, way, target.shape, span)
            assert frame.shape == ("wide" if panel.kind == "timeseries" else "not")
            if panel.kind == "timeseries":
                found |= {field.name: field.values for field in frame.fields[1:]}
    return found


def panels(way: str) -> dict[str, Panel]:
    (board,) = (board for board in boards(WAYS[way].bundle()) if board.name == "pipeline")
    return {p.key: p for p in board.panels() if isinstance(p, Panel)}


def totals(frame: Frame) -> dict[str, float]:
    return {field.name: field.values[0] for field in frame.fields}


@pytest.mark.parametrize("way", WAYS)
def test_the_counts_add_up(sample_site: SampleSite, way: str) -> None:
    """Received is what was handed in; the bad lines are malformed; nothing is unaccounted for."""
    panel = panels(way)["total-received"]
    found = totals(sample_site.frame(panel.targets[0].sql, way, span=around_now(sample_site, way)))
    assert found["received"] == sample_site.lines
    assert found["malformed_share"] == pytest.approx(100 * len(BAD_LINES) / sample_site.lines)
    assert found["rejected_share"] == 0
    assert found["written"] + found["duplicates"] == sample_site.lines - len(BAD_LINES)
    assert found["unaccounted"] == 0


@pytest.mark.parametrize("way", WAYS)
def test_lines_over_time_come_to_the_same(sample_site: SampleSite, way: str) -> None:
    """A minute per point; times and lags are there and make sense."""
    found = shown(sample_site, way)
    assert sum(found["received"]) == sample_site.lines
    assert sum(found["malformed"]) == len(BAD_LINES)
    assert sum(found["invocations"]) == sample_site.batches
    assert all(lag >= 900 for lag in found["lag_p50"])  # the traffic ended that long ago
    assert all(m <= x for m, x in zip(found["lag_p50"], found["lag_max"], strict=True))
    assert all(
        0 < write <= whole
        for write, whole in zip(found["write_time_p95"], found["duration_p95"], strict=True)
    )
    assert sum(found["bytes_written"]) > 100 * sample_site.lines
    if "write_units" in found:  # of a store that meters what is written
        assert sum(found["write_units"]) > 0


@pytest.mark.parametrize("way", WAYS)
def test_values_left_out_are_told_by_field(sample_site: SampleSite, way: str) -> None:
    """As many as the lines have that a player wrote no number in; a decimal is one."""
    sent = [*sample_site.yesterday, *sample_site.today]
    sent += sent[:5]  # as the stream delivered them twice, in another batch
    fields = ("cmcd-deadline", "cmcd-requested-maximum-throughput", "cmcd-object-duration")
    expected = {
        field: sum(not re.fullmatch(r"-|[0-9.]+", request[field]) for request in sent)
        for field in fields
    }
    assert expected["cmcd-deadline"] > expected["cmcd-requested-maximum-throughput"] > 0
    assert expected.pop("cmcd-object-duration") == 0
    panel = panels(way)["left-out"]
    frame = sample_site.frame(
        panel.targets[0].sql, way, panel.targets[0].shape, around_now(sample_site, way)
    )
    found = {field.labels["field"]: sum(filter(None, field.values)) for field in frame.fields[1:]}
    assert found == expected


@pytest.mark.parametrize("way", WAYS)
def test_silence_is_the_time_since_the_last_batch(sample_site: SampleSite, way: str) -> None:
    """Counted from the end of the range."""
    panel = panels(way)["total-received"]
    span = around_now(sample_site, way)
    first = totals(sample_site.frame(panel.targets[0].sql, way, span=span))["silence"]
    later = Range(start=span.start, end=span.end + 90_000)
    second = totals(sample_site.frame(panel.targets[0].sql, way, span=later))["silence"]
    assert 0 <= first < 1900
    assert second == first + 90


@pytest.mark.parametrize("way", WAYS)
def test_what_a_day_costs_comes_from_what_was_written(sample_site: SampleSite, way: str) -> None:
    """At list prices: a cent for a million lines, and half a dollar for a million write units."""
    span = around_now(sample_site, way)
    share_of_a_day = (span.end - span.start) / 1000 / 86_400
    found = {
        key: sample_site.frame(panel.targets[0].sql, way, span=span).fields[0].values[0]
        for key, panel in panels(way).items()
        if key.startswith("cost-") and panel.targets
    }
    assert found.pop("cost-lines") == pytest.approx(sample_site.lines / share_of_a_day / 1e6 * 0.01)
    if way == "clickhouse":
        assert found == {"cost-machine": pytest.approx(24 * 0.0816 + 30 * 0.08 * 12 / 365)}
        return
    written = shown(sample_site, way)["write_units"]
    daily = sum(written) / share_of_a_day
    assert found.pop("cost-writes") == pytest.approx(daily / 1e6 * 0.5)
    kept = daily * 1024 / 1e9
    wanted = kept * 24 * 0.036 + kept * 30 * 0.03 * 12 / 365
    assert found.pop("cost-kept") == pytest.approx(wanted)
    units = 4 * 30 / 3600 * 24 * 60  # a round of four for half a minute, every minute
    assert found == {"cost-asked": pytest.approx(units * 0.518)}
