"""Whatever a variable holds, it changes nothing but the filter."""

from collections import Counter

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dashboards.boards import boards
from dashboards.grafana.panels import Panel
from dashboards.grafana.variables import CHAIN
from dashboards.signals import DIMENSIONS, SIGNALS
from dashboards.stores.timestream.dialect import ALL
from dashboards.stores.timestream.frames import substitute
from dashboards.stores.timestream.queries import Queries
from tests.support.expected import LABELS
from tests.support.sample_site import EVERYTHING, FILTERS, LAYOUTS, World, bundle
from tests.support.usual import Bundle

NASTY = (
    "o'hare.example.com",
    "' OR '1'='1",
    "') OR ('1'='1",
    "x'); DROP TABLE realtime_logs; --",
    "'; SELECT * FROM cloudfront.realtime_logs --",
    "/* ' */",
    "''",
    "'",
    "\\'",
    "\\",
    '"',
    "$__timeFilter",
    "${country:sqlstring}",
    "$country",
    "{{ .Labels }}",
    "%' OR x LIKE '%",
    "é\u2028\u0000",
    f"{ALL}'",
    f"'{ALL}'",
    "-",
    "",
)
# Anything goes, but more often what is special in SQL.
VALUES = st.lists(
    st.one_of(
        st.sampled_from(NASTY),
        st.text(alphabet=st.sampled_from("'\"\\;-()$%/* aO\n1="), max_size=12),
        st.text(max_size=12),
    ),
    min_size=1,
    max_size=3,
)


def requests_sql(layout: str, split: str) -> str:
    """Count requests under one filter."""
    return Queries(bundle(layout)).instant(SIGNALS["requests"], filters=[split])


def strings(sql: str) -> tuple[str, list[str]]:
    """Tell the string literals of SQL from the rest, by the standard's rule of doubled quotes."""
    rest, found, current, inside, place = [], [], [], False, 0
    while place < len(sql):
        character = sql[place]
        if inside and sql[place : place + 2] == "''":
            current.append("'")
            place += 1
        elif character == "'":
            if inside:
                found.append("".join(current))
                rest.append("?")
                current = []
            inside = not inside
        else:
            (current if inside else rest).append(character)
        place += 1
    assert not inside, "a string has no end"
    return "".join(rest), found


@given(values=VALUES, name=st.sampled_from([*FILTERS, "top", "percentile"]))
def test_a_choice_only_adds_string_literals(values: list[str], name: str) -> None:
    """The SQL around them is what it is for a harmless choice of as many values."""
    for sql in REAL_SQL:
        plain = dict.fromkeys([*FILTERS, "top", "percentile"], EVERYTHING)
        harmless = strings(substitute(sql, {**plain, name: ["x"] * len(values)}))
        nasty = strings(substitute(sql, {**plain, name: values}))
        assert nasty[0] == harmless[0]
        assert [v for v in nasty[1] if v not in harmless[1]] == [
            v for _ in range(sql.count(f"${{{name}:")) for v in values if v not in harmless[1]
        ]


REAL_SQL = [
    target.sql
    for layout in LAYOUTS
    for board in boards(Bundle(layout=layout))
    if board.name == "edges"
    for panel in board.panels()
    if isinstance(panel, Panel) and panel.key in ("bytes", "ttfb", "table")
    for target in panel.targets
]


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(values=VALUES, split=st.sampled_from(CHAIN[:-1]), layout=st.sampled_from(LAYOUTS))
def test_a_filter_keeps_what_equals_the_choice_and_nothing_else(
    world: World, values: list[str], split: str, layout: str
) -> None:
    """Counted by the endpoint and by hand; what no request has gives none."""
    values = [value.replace("\u0000", "") for value in values]
    name = DIMENSIONS[split].variable or split
    frame = world.frame(requests_sql(layout, split), layout, **{name: values})
    labels = Counter(LABELS[split](request) for request in world.today)
    assert frame.fields[0].values == [sum(labels[value] for value in set(values))]


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize(
    ("split", "value"),
    [
        ("host", "o'hare.example.com"),
        ("behavior", "/o'*"),
        ("country", "-"),
        ("edge", "-"),
        ("status_class", "5"),
        ("status_class", "0"),
    ],
)
def test_a_value_with_quotes_and_a_missing_one_can_be_chosen(
    world: World, layout: str, split: str, value: str
) -> None:
    """They are offered in the drop-down, and choosing them finds their requests."""
    name = DIMENSIONS[split].variable or split
    frame = world.frame(requests_sql(layout, split), layout, **{name: value})
    wanted = sum(LABELS[split](request) == value for request in world.today)
    assert wanted
    assert frame.fields[0].values == [wanted]
    if split != "status_class":
        (options,) = (
            world.frame(item["query"], layout)
            for item in boards(bundle(layout))[0].dashboard()["templating"].list
            if item["name"] == name
        )
        assert value in options.fields[0].values


@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_uri_with_quotes_is_shown_as_it_is(world: World, layout: str) -> None:
    """Data is never read as SQL."""
    db = Queries(bundle(layout))
    frame = world.frame(db.instant(SIGNALS["requests"], DIMENSIONS["uri"]), layout)
    uris = dict(zip(frame.fields[0].values, frame.fields[1].values, strict=True))
    assert uris['/it\'s/"quoted"'] == 3


@pytest.mark.parametrize("layout", LAYOUTS)
def test_choices_go_together(world: World, layout: str) -> None:
    """Several values of one variable are alternatives, two variables both have to hold."""
    db = Queries(bundle(layout))
    sql = db.instant(SIGNALS["requests"], filters=CHAIN)
    frame = world.frame(sql, layout, country=["BR", "US"], status=["5", "4"])
    wanted = sum(r["c-country"] in ("BR", "US") and r["sc-status"][0] in "54" for r in world.today)
    assert wanted
    assert frame.fields[0].values == [wanted]


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("name", ["distribution", "host", "country", "edge", "behavior"])
def test_variables_offer_every_value_the_busiest_first(
    world: World, layout: str, name: str
) -> None:
    """Chained: under a host, only what that host's requests have."""
    query = next(
        item["query"]
        for item in boards(bundle(layout))[0].dashboard()["templating"].list
        if item["name"] == name
    )
    offered = world.frame(query, layout).fields[0].values
    counts = Counter(LABELS[name](request) for request in world.today)
    assert offered == sorted(counts, key=lambda value: (-counts[value], value))
    if name in ("country", "edge", "behavior"):
        chosen = [r for r in world.today if r["cs-host"] == "api.example.com"]
        offered = world.frame(query, layout, host="api.example.com").fields[0].values
        assert set(offered) == {LABELS[name](request) for request in chosen}
