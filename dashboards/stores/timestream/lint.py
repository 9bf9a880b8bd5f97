# ruff: noqa: D401 - the docstring of a rule is the rule
"""Rules that every dashboard's queries of Timestream keep; see dashboards/grafana/lint.py."""

import re
from collections.abc import Iterator

from dashboards.grafana.lint import Dashboards, LintRule, names, targets, variables
from dashboards.stores.timestream.query import Json

RULES: list[LintRule] = []

MACROS = {
    "timeFilter",
    "timeFrom",
    "timeTo",
    "interval",
    "interval_ms",
    "interval_raw_ms",
    "now_ms",
    "database",
    "table",
    "measure",
}
_BOUNDED = re.compile(
    r"time BETWEEN from_milliseconds\(\$__timeTo - .+ AND from_milliseconds\(\$__timeTo - 0\)"
)
# A part of time that ends with the range, as the questions of alert rules have it.
_PART = re.compile(r"AND time >= from_milliseconds\(\$__timeTo - \d+\)\s+AND time <= from_")
_DAY_BEFORE = (
    "time BETWEEN from_milliseconds($__timeFrom) - 1d AND from_milliseconds($__timeTo) - 1d"
)


def rule(check: LintRule) -> LintRule:
    """Add a rule."""
    RULES.append(check)
    return check


def queries(model: Json) -> Iterator[tuple[str, str]]:
    """Every SQL text of panels and variables."""
    for name, _, target in targets(model):
        yield name, str(target.get("rawQuery", ""))
    for variable in variables(model):
        if variable["type"] == "query":
            yield f"variable {variable['name']}", variable["query"]


@rule
def target_shape(dashboards: Dashboards) -> Iterator[str]:
    """A query has what the data source decodes: SQL, a format by number, waiting for all pages."""
    for path, model in dashboards.items():
        for name, _, target in targets(model):
            sql, shape = target.get("rawQuery"), target.get("format")
            if not isinstance(sql, str) or not sql.strip():
                yield f"{path}: {name}: rawQuery is no SQL"
            if isinstance(shape, bool) or shape not in (0, 1):
                yield f"{path}: {name}: format {shape!r} is neither 0 nor 1"
            if target.get("waitForResult") is not True:
                yield f"{path}: {name}: does not wait for all pages"


@rule
def series_order(dashboards: Dashboards) -> Iterator[str]:
    """A time series is sorted by time, without which the data source gives an error."""
    for path, model in dashboards.items():
        for name, panel, target in targets(model):
            sql = str(target.get("rawQuery", ""))
            last = sql.strip().splitlines()[-1:] or [""]
            if target.get("format") == 1 and not last[0].startswith("ORDER BY time ASC"):
                yield f"{path}: {name}: a time series must end in ORDER BY time ASC"
            if target.get("format") == 0 and panel["type"] in ("timeseries", "heatmap"):
                yield f"{path}: {name}: a {panel['type']} wants the time series format"


@rule
def macros(dashboards: Dashboards) -> Iterator[str]:
    """Only the data source's macros are used, and they take no arguments."""
    for path, model in dashboards.items():
        for name, sql in queries(model):
            for macro, after in re.findall(r"\$__(\w+)(\(?)", sql):
                if macro not in MACROS:
                    yield f"{path}: {name}: there is no macro $__{macro}"
                elif after:
                    yield f"{path}: {name}: macro $__{macro} takes no arguments"


@rule
def measure_and_time(dashboards: Dashboards) -> Iterator[str]:
    """Every query names the measure and the time range, without which it scans the whole table."""
    for path, model in dashboards.items():
        for name, sql in queries(model):
            if not re.search(r"WHERE measure_name = '\w+'\n", sql):
                yield f"{path}: {name}: does not name the measure"
            known = "$__timeFilter" in sql or _DAY_BEFORE in sql or _BOUNDED.search(sql)
            if not known and len(_PART.findall(sql)) != sql.count("$__table"):
                yield f"{path}: {name}: does not filter by time"


@rule
def one_scan(dashboards: Dashboards) -> Iterator[str]:
    """Every query reads the table once, or once a part of time, and only the columns it names."""
    for path, model in dashboards.items():
        for name, sql in queries(model):
            if sql.count("$__table") != max(len(_PART.findall(sql)), 1):
                yield f"{path}: {name}: reads the table {sql.count('$__table')} times"
            if re.search(r"SELECT\s+(\w+\.)?\*", sql):
                yield f"{path}: {name}: selects all columns"


@rule
def quoted_variables(dashboards: Dashboards) -> Iterator[str]:
    """What a reader chose gets into SQL quoted, as a list to compare with or to be cast."""
    quoted = re.compile(
        r"(?:\bIN \(|\bcast\(|\bsubstr\(|\breplace\()\$\{(\w+):sqlstring\}"
        r"(?:\)| AS (?:bigint|double)\)|, 1, 3\)|, ')"
    )
    for path, model in dashboards.items():
        for name, sql in queries(model):
            rest = quoted.sub("", re.sub(r"\$__\w+", "", sql))
            if "$" in rest or "[[" in rest:
                yield f"{path}: {name}: a variable is not IN (${{x:sqlstring}}) or cast from it"


@rule
def filters_apply(dashboards: Dashboards) -> Iterator[str]:
    """Every filter applies to every query of request data; else a panel shows too much."""
    for path, model in dashboards.items():
        filters = {item["name"] for item in variables(model) if item.get("includeAll")}
        for name, _, target in targets(model):
            sql = str(target.get("rawQuery", ""))
            if not re.search("measure_name = '(pipeline|left_out)'", sql):
                for missing in sorted(filters - set(names(sql))):
                    yield f"{path}: {name}: is not filtered by {missing}"
