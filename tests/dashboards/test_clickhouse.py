"""ClickHouse as a store of dashboards: its files, its lint, its queries' text, and its refusals."""

import copy
import json
import re
from collections.abc import Callable
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from dashboards import build, lint, stores
from dashboards.boards import boards
from dashboards.config import BuildError
from dashboards.grafana.panels import Panel
from dashboards.signals import DIMENSIONS, SIGNALS
from dashboards.signals import expressions as x
from dashboards.stores import Format
from dashboards.stores.clickhouse import dialect, frames, runbook
from dashboards.stores.clickhouse import lint as rules
from dashboards.stores.clickhouse.frames import All, Range
from processor.stores.clickhouse import rollup, schema
from tests.support.nasty import VALUES
from tests.support.sample_site import FILTERS
from tests.support.usual import Bundle

Json = dict[str, Any]
Break = Callable[[Json], None]

BUNDLE = Bundle(store="clickhouse")
FILES = build(BUNDLE)
GOOD = {path: json.loads(text) for path, text in FILES.items() if path.endswith(".json")}
EDGES = "dashboards/CloudFront/cloudfront-edges.json"
SQL = [
    target.sql
    for board in boards(Bundle(store="clickhouse", personal=True))
    for panel in board.panels()
    if isinstance(panel, Panel)
    for target in panel.targets
]

# -- files ---------------------------------------------------------------------------------------


def test_only_what_the_store_has_is_missing() -> None:
    """It bills no write units; a machine costs the same whatever is written."""

    def keys(bundle: Bundle) -> set[str]:
        return {
            f"{board.name}/{panel.key}"
            for board in boards(bundle)
            for panel in board.panels()
            if isinstance(panel, Panel)
        }

    costs = {f"pipeline/cost-{name}" for name in ("writes", "kept", "asked")}
    assert keys(Bundle()) - keys(BUNDLE) == {"pipeline/write-units", *costs}
    assert keys(BUNDLE) - keys(Bundle()) == {"pipeline/cost-machine"}


def test_the_data_source_takes_everything_from_the_environment() -> None:
    """Grafana makes a number of the port and a boolean of `secure`, as the data source wants."""
    (source,) = yaml.safe_load(FILES["datasources/clickhouse.yaml"])["datasources"]
    assert (source["uid"], source["name"]) == ("clickhouse", "ClickHouse")
    assert source["type"] == "grafana-clickhouse-datasource"
    assert source["jsonData"] == {
        "host": "$CLICKHOUSE_HOST",
        "port": "$CLICKHOUSE_PORT",
        "protocol": "$CLICKHOUSE_PROTOCOL",
        "secure": "$CLICKHOUSE_SECURE",
        "username": "$CLICKHOUSE_READER",
        "defaultDatabase": "$CLICKHOUSE_DATABASE",
        "defaultTable": "realtime_logs",
    }
    assert source["secureJsonData"] == {"password": "$CLICKHOUSE_READER_PASSWORD"}
    named = build(Bundle(store="clickhouse", name="blue"))["datasources/clickhouse.yaml"]
    (other,) = yaml.safe_load(named)["datasources"]
    assert other["jsonData"]["defaultDatabase"] == "cloudfront"
    assert other["uid"] == "blue-clickhouse"


def test_a_query_is_what_the_data_source_decodes() -> None:
    """Its numbers for formats are the other way round."""
    store = stores.of(BUNDLE)
    series = store.target("SELECT 1", Format.SERIES).to_json_data()
    assert (series["format"], series["queryType"], series["rawSql"]) == (
        0,
        "timeseries",
        "SELECT 1",
    )
    rule = store.rule_model("SELECT 1", "A")
    assert (rule["format"], rule["queryType"], rule["editorType"]) == (1, "table", "sql")


@pytest.mark.parametrize(
    ("knobs", "says"),
    [
        ({"store": "clikhouse"}, "store 'clikhouse' is unknown; .*did you mean 'clickhouse'"),
        ({"store": "clickhouse", "layout": "classic"}, "'classic' is Timestream's alone"),
        ({"store": "clickhouse", "layout": "mutli"}, "did you mean 'multi'"),
        ({"store": "clickhouse", "table": "a b"}, "no name for a table"),
        ({"store": "clickhouse", "database": "x`y"}, "no name for a table"),
    ],
)
def test_a_bundle_that_cannot_work_is_refused(knobs: Json, says: str) -> None:
    with pytest.raises(BuildError, match=says):
        Bundle(**knobs)


def test_a_name_that_needs_them_stands_in_backquotes() -> None:
    bundle = Bundle(store="clickhouse", database="my-logs", table="real.time")
    store = stores.of(bundle)
    sql = store.queries.instant(SIGNALS["requests"])
    assert "FROM `real.time_total_hours` AS logs" in sql
    assert "FROM `real.time` AS logs" in sql
    assert "FROM `my-logs`.`real.time`\n" in (store.confirm("errors-5xx") or "")
    assert "FROM `my-logs`.`real.time_pipeline`\n" in (store.confirm("pipeline-lag") or "")
    assert lint.lint_texts(build(bundle)) == []


# -- the rollup ----------------------------------------------------------------------------------


def test_a_question_is_asked_of_the_rollup_whenever_all_of_it_is_in_there() -> None:
    """And of the requests otherwise."""
    queries = stores.of(BUNDLE).queries
    for signal in ("requests", "byte_hit_ratio", "ttfb_hit_p95", "origin_fbl_p99", "slow_share"):
        for by in ("edge", "country", "host", "distribution", "behavior"):
            text = queries.instant(SIGNALS[signal], DIMENSIONS[by], filters=FILTERS)
            assert tables(text) == ["realtime_logs_hours", "realtime_logs_minutes", REQUESTS]
        for by in ("status", "status_class", "result", "detail"):
            text = queries.instant(SIGNALS[signal], DIMENSIONS[by], filters=["status_class"])
            assert tables(text) == [*TOTALS, REQUESTS], (signal, by)
    for signal, by in (("requests", "uri"), ("viewers", "edge"), ("ipv6_share", "edge")):
        assert set(tables(queries.instant(SIGNALS[signal], DIMENSIONS[by]))) == {REQUESTS}


REQUESTS = "realtime_logs"
TOTALS = ["realtime_logs_total_hours", "realtime_logs_total_minutes"]


def tables(sql: str) -> list[str]:
    return re.findall(r"FROM (\w+) AS logs", sql)


def test_totals_answer_while_no_filter_is_set_that_they_do_not_have() -> None:
    """With one, the sums that have it do; or else the requests."""
    queries = stores.of(BUNDLE).queries
    text = queries.series([SIGNALS["ttfb_p95"]], filters=["country", "status_class"])
    parts = re.split("UNION ALL", text)
    assert [tables(part) for part in parts] == [
        [name]
        for pair in zip(("realtime_logs_hours", "realtime_logs_minutes"), TOTALS, strict=True)
        for name in pair
    ] + [[REQUESTS]]
    assert ["NOT unfiltered" in part for part in parts] == [True, False, True, False, False]
    assert ["AND unfiltered" in part for part in parts] == [False, True, False, True, False]
    assert ["IN chosen_country" in part for part in parts] == [True, False, True, False, True]
    assert all("IN chosen_status" in part for part in parts)
    text = queries.series([SIGNALS["viewers"]], filters=["country"])
    assert tables(text) == [TOTALS[1], REQUESTS]
    assert "(NOT unfiltered OR $__interval_ms % 60000 <> 0)" in text


def test_rows_that_are_read_together_have_their_columns_in_one_order() -> None:
    """Of the hours, the minutes and the requests: UNION goes by place, not by name."""
    for sql in SQL:
        for union in re.findall(r"\(\n((?:.*\n)*?.*) AS logs\n", sql):
            widths = [
                len(re.sub(r"\([^()]*(\([^()]*\))?[^()]*\)", "", line).split(", "))
                for line in re.findall(r"SELECT\n\s*(.*)\n\s*FROM realtime_logs", union)
            ]
            assert len(set(widths)) <= 1, sql


def test_the_names_of_the_rollup_are_no_results() -> None:
    """Or a result would stand for a column."""
    results = {*SIGNALS, *DIMENSIONS}
    assert not results & {*rollup.TOTAL_SUMMED, rollup.MINUTES.unit, rollup.HOURS.unit}


def test_every_predicate_of_the_rollup_means_what_its_column_counts() -> None:
    for (field, least), column in rollup.AT_LEAST.items():
        sql = dialect.Rolled(dialect.Dialect(BUNDLE)).count(x.AtLeast(x.Field(field), least))
        assert sql == f"sum(logs.{column})"


def test_no_table_is_read_without_its_range_and_no_column_is_named_that_is_not_there() -> None:
    for sql in SQL:
        for name in re.findall(r"logs\.(\w+)", sql):
            assert name in {"at", "slice", *rules.COLUMNS}, name


# -- variables -----------------------------------------------------------------------------------


def strings(sql: str) -> tuple[str, list[str]]:
    """Tell the string literals of ClickHouse's SQL from the rest: a backslash escapes."""
    rest, found = [], []
    place = 0
    while place < len(sql):
        if sql[place] != "'":
            rest.append(sql[place])
            place += 1
            continue
        literal = re.compile(r"'((?:[^'\\]|\\.|'')*)'", re.DOTALL).match(sql, place)
        assert literal, "a string has no end"
        found.append(literal[1])
        rest.append("?")
        place = literal.end()
    return "".join(rest), found


PLAIN: dict[str, Any] = {**dict.fromkeys(FILTERS, All()), "top": "10", "percentile": "0.95"}


@pytest.mark.slow
@settings(deadline=None)
@given(values=VALUES, name=st.sampled_from([*FILTERS, "top", "percentile"]))
def test_a_choice_only_changes_a_string_literal(values: list[str], name: str) -> None:
    """Whatever it holds, backslashes too, the SQL around it is what it is for a harmless one."""
    for sql in SQL[:12]:
        harmless = strings(frames.substitute(sql, {**PLAIN, name: ["x"]}))
        nasty = strings(frames.substitute(sql, {**PLAIN, name: values}))
        assert nasty[0] == harmless[0]
        for one, two in zip(harmless[1], nasty[1], strict=True):
            assert one == two or re.fullmatch(r"[\w.~%-]*", two)


# As a browser sent them: Grafana 12.4.0 with the data source 4.20.0, and its own formatting code.
SEEN = [
    (All(), "_all_"),
    ("o'hare\\.example.com", "o%27hare%5C.example.com"),
    (["host.example.com"], "%7Bhost.example.com%7D"),
    (
        ["a') OR ('1'='1", "\\' OR 1=1 -- ", "$__timeFilter_ms"],
        "%7Ba%27%29%20OR%20%28%271%27%3D%271%2C%5C%27%20OR%201%3D1%20--%20%2C%24__timeFilter_ms%7D",
    ),
]


@pytest.mark.parametrize(("choice", "text"), SEEN)
def test_choices_are_encoded_as_a_browser_encodes_them(choice: Any, text: str) -> None:
    assert frames.substitute("${host:percentencode}", {"host": choice}) == text


@pytest.mark.parametrize(
    ("choice", "text"),
    [("10", "10"), ("0.95", "0.95"), ("1) --", "1%29%20--"), (["1", "2"], "%7B1%2C2%7D")],
)
def test_numbers_are_encoded_too(choice: Any, text: str) -> None:
    assert frames.substitute("${top:percentencode}", {"top": choice}) == text


@pytest.mark.parametrize("style", ["queryparam", "sqlstring", "singlequote", "csv", "raw"])
def test_other_formats_are_refused(style: str) -> None:
    """They let macros or backslashes through, and the last two let everything through."""
    with pytest.raises(ValueError, match="not safe"):
        frames.substitute(f"${{host:{style}}}", {"host": "x"})


# -- what Grafana makes of a query and its answer ------------------------------------------------

SPAN = Range(start=1000, end=61_000, interval=5000)


def test_macros_are_replaced_as_the_data_source_does() -> None:
    assert frames.interpolate("$__fromTime_ms $__toTime_ms $__interval_ms $__all", SPAN) == (
        "fromUnixTimestamp64Milli(1000) fromUnixTimestamp64Milli(61000) 5000 $__all"
    )
    assert frames.interpolate("$__timeInterval(logs.at)", SPAN) == (
        "toStartOfInterval(toDateTime(logs.at), INTERVAL 5 second)"
    )
    assert frames.interpolate("$__timeFilter_ms(timestamp)", SPAN) == (
        "timestamp >= fromUnixTimestamp64Milli(1000)"
        " AND timestamp <= fromUnixTimestamp64Milli(61000)"
    )
    with pytest.raises(ValueError, match="expected 1 argument"):
        frames.interpolate("'$__timeFilter_ms'", SPAN)


def answer(columns: dict[str, str], *rows: list[Any]) -> str:
    meta = [{"name": name, "type": kind} for name, kind in columns.items()]
    return json.dumps({"meta": meta, "data": list(rows)})


def test_an_answer_is_a_frame_of_typed_columns() -> None:
    kinds = {
        "t": "DateTime64(3, 'UTC')", "n": "UInt64", "f": "Nullable(Float64)",
        "s": "LowCardinality(String)", "sum": "SimpleAggregateFunction(sum, Nullable(Int64))",
    }  # fmt: skip
    found = frames.frame(answer(kinds, ["1970-01-01 00:00:01.005", "2", None, "x", 3]))
    assert [(field.kind, field.values) for field in found.fields] == [
        ("time", [1_005_000_000]),
        ("number", [2]),
        ("number", [None]),
        ("string", ["x"]),
        ("number", [3]),
    ]


def test_a_long_series_becomes_wide_and_an_empty_one_does_not() -> None:
    kinds = {"time": "DateTime('UTC')", "edge": "String", "value": "Float64"}
    rows = [["1970-01-01 00:00:00", "b", 1.0], ["1970-01-01 00:01:00", "a", 2.0]]
    wide = frames.frame(answer(kinds, *rows), Format.SERIES)
    assert [(f.name, f.labels, f.values) for f in wide.fields[1:]] == [
        ("value", {"edge": "a"}, [None, 2.0]),
        ("value", {"edge": "b"}, [1.0, None]),
    ]
    assert frames.frame(answer(kinds), 0).shape == "long"
    assert frames.frame(answer(kinds, *rows), Format.TABLE).shape == "long"


# -- the runbook ---------------------------------------------------------------------------------


def test_a_query_of_the_runbook_is_about_what_its_alert_names() -> None:
    found = stores.of(BUNDLE).confirm_answer("traffic-lost")
    assert found
    assert (found.span, found.variables) == ("3h", ("edge", "country"))
    assert "$__timeFilter_ms(timestamp)" in found.query
    assert "substring(x_edge_location, 1, 3) = substring(chosen_edge[1], 1, 3)" in found.query
    assert "OR hasAny(chosen_edge, [''])" in found.query
    assert runbook.answer(Bundle(store="clickhouse", fields=("timestamp",)), "c_country") is None


# -- lint ----------------------------------------------------------------------------------------


def panel(model: Json) -> Json:
    return next(each for each in model["panels"] if each["type"] == "timeseries")


def sql_with(old: str, new: str) -> Break:
    def sample(model: Json) -> None:
        target = panel(model)["targets"][0]
        assert old in target["rawSql"]
        target["rawSql"] = target["rawSql"].replace(old, new)

    return sample


def target_with(**values: object) -> Break:
    return lambda model: panel(model)["targets"][0].update(values)


SAMPLES: list[tuple[str, str, Break]] = [
    ("query_model", "rawSql is no SQL", target_with(rawSql=None)),
    ("query_model", "format 'table'", target_with(format="table")),
    ("query_model", "would be migrated", target_with(pluginVersion="")),
    ("query_model", "would be migrated", target_with(editorType="builder")),
    ("series_by_time", "must end in", sql_with("ORDER BY time ASC", "ORDER BY edge, time")),
    ("series_by_time", "wants the time series format", target_with(format=1)),
    ("known_macros", "no macro $__timeFrom", sql_with("$__fromTime_ms", "$__timeFrom")),
    ("known_macros", "argument missing", sql_with("timeInterval(logs.at)", "timeInterval")),
    ("bounded", "between two times", sql_with("logs.minute >= since AND logs.minute < until",
                                              "1 = 1")),
    ("bounded", "the dashboard's range", sql_with("$__fromTime_ms", "now()")),
    ("bounded", "all columns", sql_with("SELECT\n  places.time AS time", "SELECT *")),
    ("encoded_variables", "decoded", sql_with("${edge:percentencode}", "${edge:queryparam}")),
    ("encoded_variables", "decoded", sql_with("'${edge:percentencode}'", "${edge:singlequote}")),
    ("encoded_variables", "decoded", sql_with("'${top:percentencode}'", "$top")),
    ("encoded_variables", "decoded", sql_with("decodeURLComponent('${edge:percentencode}')",
                                              "'${edge:percentencode}'")),
    ("every_filter", "not filtered by edge", sql_with("${edge:percentencode}", "x")),
    ("aliases", "write logs.asn", sql_with("bins.edge AS edge", "asn AS asn, asn")),
    ("aliases", "write logs.sc_bytes", sql_with("sum(places.value) AS byte_rate",
                                                "sum(sc_bytes) AS sc_bytes")),
]  # fmt: skip


@pytest.mark.parametrize(("rule", "says", "sample"), SAMPLES)
def test_a_rule_catches_a_broken_sample(rule: str, says: str, sample: Break) -> None:
    broken = copy.deepcopy(GOOD)
    sample(broken[EDGES])
    [check] = [each for each in lint.RULES if each.__name__ == rule]
    assert list(check(GOOD)) == []
    found = list(check(broken))
    assert any(says in breach and breach.startswith("dashboards/") for breach in found), found


def test_every_rule_has_a_broken_sample() -> None:
    assert {rule for rule, *_ in SAMPLES} == {check.__name__ for check in rules.RULES}


@pytest.mark.slow
def test_a_rule_is_about_its_own_stores_dashboards() -> None:
    """Each of them keeps all its rules; of the other's queries none says anything."""
    assert lint.lint(GOOD) == []
    assert lint.lint_texts(build(Bundle())) == []
    few = Bundle(store="clickhouse", fields=("timestamp", "sc-bytes", "x-edge-location"))
    for bundle in (few, Bundle(store="clickhouse", sampling=5, personal=True)):
        assert lint.lint_texts(build(bundle)) == []


def test_the_schema_knows_every_column_that_lint_does() -> None:
    made = "\n".join(schema.statements(schema.Place()))
    assert all(re.search(rf"\b{name}\b", made) for name in rules.COLUMNS)
