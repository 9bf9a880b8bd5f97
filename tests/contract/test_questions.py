"""The questions of alert rules, answered by the endpoint and by hand."""

import pytest

from dashboards.signals import DIMENSIONS, SIGNALS, Collected, NotCollected
from dashboards.stores.timestream.dialect import number
from dashboards.stores.timestream.queries import Queries
from local.traffic import Request
from tests.support.expected import METRICS, agrees, server_error
from tests.support.sample_site import END, START, World
from tests.support.stores import WAYS, Range, queries
from tests.support.usual import Bundle

RECENT = 300


def at(request: Request) -> float:
    return float(request["timestamp"])


def recent(rows: list[Request]) -> list[Request]:
    return [r for r in rows if at(r) >= END - RECENT]


@pytest.mark.parametrize("way", WAYS)
def test_instant_gives_labels_and_one_number_of_those_with_enough(world: World, way: str) -> None:
    """Worst first, at most as many as asked for, no time: what an alert rule can read."""
    sql = queries(way).instant(
        SIGNALS["error_rate_5xx"],
        DIMENSIONS["country"],
        having=[(SIGNALS["requests"], ">=", 50)],
        limit=4,
        value="value",
    )
    frame = world.frame(sql, way)
    assert [(field.name, field.kind) for field in frame.fields] == [
        ("country", "string"),
        ("value", "number"),
    ]
    groups: dict[str, list[Request]] = {}
    for request in world.today:
        groups.setdefault(request["c-country"], []).append(request)
    rates = {
        label: METRICS["error_rate_5xx"](rows, 1)
        for label, rows in groups.items()
        if len(rows) >= 50
    }
    wanted = sorted(rates, key=lambda label: (-rates[label], label))[:4]  # type: ignore[operator]
    assert frame.fields[0].values == wanted
    assert all(map(agrees, frame.fields[1].values, (rates[label] for label in wanted)))


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("name", ["requests", "bytes", "errors_5xx"])
def test_change_compares_the_newest_part_with_the_rest(world: World, way: str, name: str) -> None:
    """In percent, per second; of those with enough requests in the rest; least first."""
    sql = queries(way).change(
        SIGNALS[name], DIMENSIONS["country"], recent=f"{RECENT}s", min_requests=30, limit=100
    )
    frame = world.frame(sql, way)
    found = dict(zip(frame.fields[0].values, frame.fields[1].values, strict=True))
    for label in {r["c-country"] for r in world.today}:
        rows = [r for r in world.today if r["c-country"] == label]
        new = recent(rows)
        old = [r for r in rows if at(r) < END - RECENT]
        if len(old) < 30:
            assert label not in found
            continue
        past = METRICS[name](old, 1) / (END - START - RECENT)  # type: ignore[operator]
        now = METRICS[name](new, 1) / RECENT  # type: ignore[operator]
        assert agrees(found[label], 100 * now / past if past else None)
    values = [value for value in frame.fields[1].values if value is not None]
    assert values == sorted(values)


@pytest.mark.parametrize("way", WAYS)
def test_what_fell_silent_is_at_nothing(world: World, way: str) -> None:
    """An edge without a request in the newest part is in the answer, not out of it."""
    sql = queries(way).change(SIGNALS["requests"], DIMENSIONS["edge"], recent="1s", limit=1000)
    frame = world.frame(sql, way)
    edges = {r["x-edge-location"] for r in world.today}
    alive = {r["x-edge-location"] for r in world.today if at(r) >= END - 1}
    found = dict(zip(frame.fields[0].values, frame.fields[1].values, strict=True))
    assert {edge for edge, value in found.items() if value == 0} == edges - alive


@pytest.mark.parametrize("way", WAYS)
def test_burn_is_the_lesser_of_two_windows(world: World, way: str) -> None:
    """Both the range and its newest part have to spend the budget too fast."""
    db = queries(way)
    for objective, budget in ((99.9, 0.001), (99.0, 0.01)):
        frame = world.frame(db.burn("server_error", objective=objective, short=f"{RECENT}s"), way)
        long = sum(map(server_error, world.today)) / len(world.today)
        new = recent(world.today)
        short = sum(map(server_error, new)) / len(new)
        (value,) = frame.fields[0].values
        assert agrees(value, min(long, short) / budget)


@pytest.mark.parametrize("way", WAYS)
def test_burn_is_not_judged_on_less_than_half_of_its_window(world: World, way: str) -> None:
    """Three hours are no day; as soon as the older half has a request, they are."""
    sql = queries(way).burn("server_error", objective=99.9, short=f"{RECENT}s")
    length = END - START
    young = Range(start=(START - length - 60) * 1000, end=END * 1000)
    assert len(world.frame(sql, way, span=young)) == 0
    old = Range(start=(START - length + 60) * 1000, end=END * 1000)
    assert len(world.frame(sql, way, span=old)) == 1


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("name", ["error_rate_5xx", "hit_ratio", "ttfb_p95"])
@pytest.mark.parametrize("ascending", [False, True])
def test_lately_keeps_those_that_were_worst_beside_those_that_are(
    world: World, way: str, name: str, ascending: bool
) -> None:
    """The value is the newest part's; who was worse in the rest is placed by that."""
    gate, limit = 10, 3
    sql = queries(way).lately(
        SIGNALS[name],
        DIMENSIONS["country"],
        recent=f"{RECENT}s",
        having=[(SIGNALS["requests"], ">=", gate)],
        ascending=ascending,
        limit=100,
    )
    frame = world.frame(sql, way)
    assert [(field.name, field.kind) for field in frame.fields] == [
        ("country", "string"),
        ("value", "number"),
    ]
    parts: dict[str, list[list[Request]]] = {}
    for request in world.today:
        both = parts.setdefault(request["c-country"], [[], []])
        both[at(request) >= END - RECENT].append(request)
    judged = {label: new for label, (_, new) in parts.items() if len(new) >= gate}
    found = dict(zip(frame.fields[0].values, frame.fields[1].values, strict=True))
    assert set(found) == set(judged)
    for label, rows in judged.items():
        assert agrees(found[label], METRICS[name](rows, 1))
    if name == "ttfb_p95":
        return  # which of two is greater hangs on how they are approximated
    worst = min if ascending else max
    places = {
        label: worst(METRICS[name](rows, 1) for rows in parts[label] if len(rows) >= gate)
        for label in judged
    }
    sign = 1 if ascending else -1
    wanted = sorted(judged, key=lambda label: (sign * places[label], label))  # type: ignore[operator]
    assert list(found)[:limit] == wanted[:limit]


@pytest.mark.parametrize("way", WAYS)
def test_change_of_two_signals_is_the_milder_one(world: World, way: str) -> None:
    """An edge whose bytes fall while its requests stay has changed as little as its requests."""
    asked = {"recent": f"{RECENT}s", "min_requests": 30, "limit": 100}

    def values(name: str, beside: str | None, ascending: bool) -> dict[object, float]:
        sql = queries(way).change(
            SIGNALS[name],
            DIMENSIONS["country"],
            beside=SIGNALS[beside] if beside else None,
            ascending=ascending,
            **asked,
        )
        frame = world.frame(sql, way)
        return dict(zip(frame.fields[0].values, frame.fields[1].values, strict=True))

    for ascending, milder in ((True, max), (False, min)):
        one, other = values("bytes", None, ascending), values("requests", None, ascending)
        both = values("bytes", "requests", ascending)
        assert both
        for label, value in both.items():
            assert agrees(value, milder(one[label], other[label]))


@pytest.mark.parametrize("way", WAYS)
def test_too_little_traffic_gives_no_row(world: World, way: str) -> None:
    """Which is no data, not zero."""
    db = queries(way)
    sql = db.burn("server_error", objective=99.9, short="5m", min_requests=1_000_000)
    assert len(world.frame(sql, way)) == 0


def test_what_cannot_be_summed_has_no_change() -> None:
    """The rate of two windows together is not a sum."""
    with pytest.raises(ValueError, match="hit_ratio cannot be summed"):
        Queries(Bundle()).change(SIGNALS["hit_ratio"], recent="5m")


def test_signals_of_two_kinds_of_record_are_not_asked_together() -> None:
    """They are in different rows."""
    with pytest.raises(ValueError, match="one kind of record"):
        Queries(Bundle()).series([SIGNALS["requests"], SIGNALS["received"]])


def test_a_column_that_is_not_collected_is_an_error() -> None:
    """So that no query is made that Timestream would refuse."""
    fields = ("timestamp", "sc-bytes")
    assert Collected(fields).available(SIGNALS["bytes"])
    assert not Collected(fields).available(SIGNALS["bytes"], DIMENSIONS["edge"])
    db = Queries(Bundle(fields=fields))
    with pytest.raises(NotCollected, match="x-edge-location"):
        db.instant(SIGNALS["bytes"], DIMENSIONS["edge"])


@pytest.mark.parametrize(
    ("value", "text"), [(5, "5"), (500.0, "500"), (0.5, "0.5"), (1e-4, "0.0001"), (100, "100")]
)
def test_numbers_have_no_exponent(value: float, text: str) -> None:
    """Timestream's lists know none."""
    assert number(value) == text
