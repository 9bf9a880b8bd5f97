# ruff: noqa: D401 - the docstring of a rule is the rule
"""Rules that every dashboard's queries of ClickHouse keep; see dashboards/grafana/lint.py."""

import re
from collections.abc import Iterator

from dashboards.grafana.lint import Dashboards, Json, LintRule, names, targets, variables
from dashboards.stores import Format
from dashboards.stores.clickhouse.query import FORMATS
from processor.stores.clickhouse import rollup
from processor.stores.clickhouse.columns import COLUMNS as REQUESTS
from processor.stores.clickhouse.schema import PIPELINE_COLUMNS

RULES: list[LintRule] = []

MACROS = {
    *("fromTime_ms", "toTime_ms", "timeFilter_ms", "timeInterval"),
    *("interval_ms", "interval_s"),
}
# A table between two times, in each way that queries have.
_BETWEEN = re.compile(
    r"\b\w+ >= \w+ AND \S+ <=? \w+|\$__timeFilter_ms\("
    r"|\w+ BETWEEN \(\$__toTime_ms - INTERVAL \d+ MILLISECOND\) AND \$__toTime_ms"
)
_WITH_ARGUMENT = {"timeFilter_ms", "timeInterval"}
# Every column of every table that a query can read.
COLUMNS = {
    *(column.name for column in (*REQUESTS, *PIPELINE_COLUMNS)),
    *rollup.TOTAL_SUMMED,
    rollup.MINUTES.unit,
    rollup.HOURS.unit,
}
_TABLE = re.compile(r"\bFROM [\w`]+")
_STRING = re.compile(r"'(?:[^'\\]|\\.)*'")
_QUALIFIED = re.compile(r"\b\w+\.\w+")


def rule(check: LintRule) -> LintRule:
    """Add a rule."""
    RULES.append(check)
    return check


def queries(model: Json) -> Iterator[tuple[str, str]]:
    """Every SQL text of panels and variables."""
    for name, _, target in targets(model):
        yield name, str(target.get("rawSql", ""))
    for variable in variables(model):
        if variable["type"] == "query":
            yield f"variable {variable['name']}", variable["query"]


@rule
def query_model(dashboards: Dashboards) -> Iterator[str]:
    """A query has what the data source decodes: SQL, a format by number, and the editor's kind."""
    for path, model in dashboards.items():
        for name, _, target in targets(model):
            sql, shape = target.get("rawSql"), target.get("format")
            if not isinstance(sql, str) or not sql.strip():
                yield f"{path}: {name}: rawSql is no SQL"
            if isinstance(shape, bool) or shape not in FORMATS.values():
                yield f"{path}: {name}: format {shape!r} is neither 0 nor 1"
            if target.get("editorType") != "sql" or not target.get("pluginVersion"):
                yield f"{path}: {name}: would be migrated: it needs editorType and pluginVersion"


@rule
def series_by_time(dashboards: Dashboards) -> Iterator[str]:
    """A time series is sorted by time, without which the data source gives an error."""
    for path, model in dashboards.items():
        for name, panel, target in targets(model):
            last = str(target.get("rawSql", "")).strip().splitlines()[-1:] or [""]
            is_series = target.get("format") == FORMATS[Format.SERIES]
            if is_series and not last[0].startswith("ORDER BY time ASC"):
                yield f"{path}: {name}: a time series must end in ORDER BY time ASC"
            if not is_series and panel["type"] in ("timeseries", "heatmap"):
                yield f"{path}: {name}: a {panel['type']} wants the time series format"


@rule
def known_macros(dashboards: Dashboards) -> Iterator[str]:
    """Only macros of the data source's are used, those of a range to the millisecond."""
    for path, model in dashboards.items():
        for name, sql in queries(model):
            for macro, after in re.findall(r"\$__(\w+)(\(?)", sql):
                if macro not in MACROS:
                    yield f"{path}: {name}: there is no macro $__{macro} here"
                elif bool(after) != (macro in _WITH_ARGUMENT):
                    yield f"{path}: {name}: macro $__{macro} has its argument missing, or one more"


@rule
def bounded(dashboards: Dashboards) -> Iterator[str]:
    """Every table is read between two times, without which it is read whole."""
    for path, model in dashboards.items():
        for name, sql in queries(model):
            spans = len(_BETWEEN.findall(sql))
            read = len(_TABLE.findall(sql))
            if not read or spans < read:
                yield f"{path}: {name}: does not read every table between two times"
            # A question of an alert rule has a length of its own, and ends with the range.
            known = ("$__fromTime_ms", "$__timeFilter_ms", "$__toTime_ms - INTERVAL")
            if not any(each in sql for each in known):
                yield f"{path}: {name}: does not know the dashboard's range"
            if re.search(r"SELECT\s+(\w+\.)?\*", sql):
                yield f"{path}: {name}: selects all columns"


@rule
def encoded_variables(dashboards: Dashboards) -> Iterator[str]:
    r"""What a reader chose gets into SQL percent-encoded: quotes and backslashes stay out of it.

    The data source's own format escapes nothing, `sqlstring` and `singlequote` no backslashes, and
    `queryparam` leaves a macro's name as it is, which the data source then replaces.
    """
    encoded = re.compile(
        r"(?:decodeURLComponent|to(?:UInt64|Float64)OrZero)\('\$\{(\w+):percentencode\}'\)"
    )
    for path, model in dashboards.items():
        for name, sql in queries(model):
            rest = encoded.sub("", re.sub(r"\$__\w+", "", sql))
            if "$" in rest or "[[" in rest:
                yield f"{path}: {name}: a variable is not taken as ${{x:percentencode}} and decoded"


@rule
def every_filter(dashboards: Dashboards) -> Iterator[str]:
    """Every filter applies to every query of request data: else a panel shows more than chosen."""
    for path, model in dashboards.items():
        filters = {item["name"] for item in variables(model) if item.get("includeAll")}
        for name, _, target in targets(model):
            sql = str(target.get("rawSql", ""))
            if "_pipeline" not in sql:
                for missing in sorted(filters - set(names(sql))):
                    yield f"{path}: {name}: is not filtered by {missing}"


@rule
def aliases(dashboards: Dashboards) -> Iterator[str]:
    """An alias that is also a column's name takes its place wherever the name stands alone.

    Signals and dimensions are called as they are, `asn` and `time_taken` among them, so where a
    query gives a result such a name, it writes each such column with its table's name.
    """
    for path, model in dashboards.items():
        for name, sql in queries(model):
            given = set(re.findall(r"\bAS (\w+)", sql)) & COLUMNS
            if not given:
                continue
            # Where an alias is given or sorted by, it is meant.
            bare = _QUALIFIED.sub("", _STRING.sub("''", re.sub(r"\bAS \w+|ORDER BY .*", "", sql)))
            for alias in sorted(given & set(re.findall(r"\w+", bare))):
                yield f"{path}: {name}: {alias} is an alias and a column: write logs.{alias}"
