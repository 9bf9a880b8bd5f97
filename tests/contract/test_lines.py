"""Log lines themselves: which ones a reader's choices leave, and all fields of one."""

import re
from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dashboards.boards import boards
from dashboards.grafana.log_lines import LISTED
from dashboards.grafana.panels import Panel
from dashboards.signals import SIGNALS
from dashboards.stores import meaning
from local.traffic import Request
from processor.catalog import BY_NAME
from tests.support.expected import CONDITIONS, LABELS, typed
from tests.support.nasty import VALUES
from tests.support.sample_site import END, START, SampleSite
from tests.support.stores import WAYS, Frame, Range, queries

FIELDS = [BY_NAME[name] for name in LISTED]
EVERY = ("uri", "status", "request", "only")


def rows_of(frame: Frame) -> list[dict[str, object]]:
    names = [field.name for field in frame.fields]
    return [
        dict(zip(names, values, strict=True))
        for values in zip(*(field.values for field in frame.fields), strict=True)
    ]


def like(text: str) -> Callable[[str], bool]:
    """Return what tells whether a label is what was typed into a text box."""
    pattern = ".*".join(map(re.escape, text.split("*")))
    return lambda label: not text or re.fullmatch(pattern, label, re.DOTALL) is not None


def matching(
    rows: list[Request], uri: str = "", code: str = "", request: str = "", only: str = "all"
) -> list[Request]:
    return [
        r
        for r in rows
        if like(uri)(LABELS["uri"](r))
        and like(code)(LABELS["status"](r))
        and request in ("", r["x-edge-request-id"])
        and (only == "all" or CONDITIONS[only](r))
    ]


def milliseconds(request: Request) -> int:
    return round(float(request["timestamp"]) * 1000)


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(
    "chosen",
    [
        {},
        {"only": "failed"},
        {"only": "slow_first_byte"},
        {"only": "miss", "uri": "/api/*"},
        {"code": "50*"},
        {"code": "404"},
        {"uri": "*.m?d"},
        {"uri": "/it's/*"},
        {"uri": "*", "code": "*"},
        {"uri": "no such path"},
    ],
    ids=str,
)
def test_the_newest_matching_requests_come_first_with_their_fields(
    sample_site: SampleSite, way: str, chosen: dict[str, str]
) -> None:
    """At most as many as asked for; each value is that of the log line."""
    sql = queries(way).lines(FIELDS, filters=EVERY, most=50)
    found = rows_of(sample_site.frame(sql, way, **chosen))
    rows = matching(sample_site.today, **chosen)
    assert len(found) == min(50, len(rows))
    times = [row["time"] for row in found]
    assert times == sorted(times, reverse=True)  # type: ignore[type-var]
    newest = sorted(map(milliseconds, rows), reverse=True)[:50]
    step = 1000 if way == "timestream-classic" else 1  # there a request's time is in whole seconds
    got = [time // 1_000_000 // step for time in times]  # type: ignore[operator]
    assert got == [time // step for time in newest]
    by_id = {r["x-edge-request-id"]: r for r in rows}
    for row in found:
        request = by_id[str(row["x_edge_request_id"])]
        for field in FIELDS[1:]:
            assert row[field.column] == typed(request, field, way), (field.name, row)


@pytest.mark.parametrize("way", WAYS)
def test_a_count_over_time_and_in_all_has_the_same_filters(
    sample_site: SampleSite, way: str
) -> None:
    chosen = {"only": "failed", "code": "5*"}
    rows = matching(sample_site.today, **chosen)
    assert rows
    db = queries(way)
    frame = sample_site.frame(db.instant(SIGNALS["requests"], filters=EVERY), way, **chosen)
    assert frame.fields[0].values == [len(rows)]


@pytest.mark.parametrize("way", WAYS)
def test_requests_are_looked_for_in_the_last_day_of_a_range_only(
    sample_site: SampleSite, way: str
) -> None:
    """However long the range is that a reader chose."""
    sql = queries(way).lines(FIELDS[:1], most=100_000)
    long = Range(start=(START - 30 * 86_400) * 1000, end=END * 1000)
    frame = sample_site.frame(sql, way, span=long)
    since = (END - 86_400) * 1000
    wanted = [r for r in (*sample_site.yesterday, *sample_site.today) if milliseconds(r) >= since]
    assert len(frame) == len(wanted) > len(sample_site.today) - 5


@pytest.mark.parametrize("way", WAYS)
def test_a_request_is_found_by_its_id_with_every_field(sample_site: SampleSite, way: str) -> None:
    """Those that have a value first, each with what the catalog says of it."""
    fields = [BY_NAME[name] for name in sample_site.today[0] if name in WAYS[way].bundle().fields]
    sql = queries(way).line(fields)
    for request in (sample_site.today[7], sample_site.yesterday[3], sample_site.today[-1]):
        span = Range(start=(START - 90_000) * 1000, end=END * 1000)
        rows = rows_of(sample_site.frame(sql, way, span=span, request=request["x-edge-request-id"]))
        assert sorted(str(row["log_field"]) for row in rows) == sorted(f.name for f in fields)
        there = [row["value"] != "-" for row in rows]
        assert there == sorted(there, reverse=True)
        for row in rows:
            field = BY_NAME[str(row["log_field"])]
            assert row["meaning"] == meaning(field)
            wanted = typed(request, field, way)
            if field.name == "timestamp":
                continue
            if isinstance(wanted, float):
                assert float(str(row["value"])) == wanted
            else:
                assert row["value"] == ("-" if wanted is None else str(wanted)), field.name
    assert len(sample_site.frame(sql, way, request="")) == 0
    assert len(sample_site.frame(sql, way, request="' OR ''='")) == 0


@pytest.mark.slow
@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(values=VALUES, box=st.sampled_from(["uri", "code", "request"]))
def test_whatever_is_typed_into_a_box_is_a_text(
    sample_site: SampleSite, values: list[str], box: str
) -> None:
    """It finds what is called so, and breaks nothing."""
    text = values[0].replace("\u0000", "")
    for way in WAYS:
        sql = queries(way).instant(SIGNALS["requests"], filters=EVERY)
        frame = sample_site.frame(sql, way, **{box: text})
        assert frame.fields[0].values == [len(matching(sample_site.today, **{box: text}))]


def test_personal_fields_are_shown_on_request_only() -> None:
    """Addresses, query strings, cookies, agents: of nobody unless the operator says so."""
    personal = {"c-ip", "cs-uri-query", "cs-user-agent", "cs-cookie", "x-forwarded-for", "c-port"}
    for knob in (False, True):
        found = {
            field
            for board in boards(WAYS["timestream"].bundle(personal=knob))
            if board.name in ("requests", "request")
            for panel in board.panels()
            if isinstance(panel, Panel)
            for field in panel.reads
        }
        assert (personal <= found) is knob
        assert bool(personal & found) is knob
