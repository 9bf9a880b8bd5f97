"""Whatever a variable holds, it reaches Timestream as string literals and as nothing else."""

from hypothesis import given
from hypothesis import strategies as st

from dashboards.boards import boards
from dashboards.grafana.panels import Panel
from dashboards.stores.timestream.dialect import ALL
from dashboards.stores.timestream.frames import All, substitute
from tests.support.nasty import VALUES
from tests.support.sample_site import FILTERS
from tests.support.usual import Bundle

EVERYTHING = All(f"'{ALL}'")


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
    for layout in ("multi", "classic")
    for board in boards(Bundle(layout=layout))
    if board.name == "edges"
    for panel in board.panels()
    if isinstance(panel, Panel) and panel.key in ("bytes", "ttfb", "table")
    for target in panel.targets
]
