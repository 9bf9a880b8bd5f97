"""The queries of confirm.toml, which people can run by hand, as the queries of panels.

Such a query is Timestream's SQL for the `multi` layout. It looks back from now with `ago`, and has
an example value where an alert names one.
"""

import re

from dashboards.config import Bundle
from dashboards.stores import Answer
from dashboards.stores.common.selected import selected
from dashboards.stores.timestream.dialect import variable
from processor.catalog import BY_NAME

_TABLE = '"cloudfront"."realtime_logs"'  # as the file calls it
_SPAN = re.compile(r"time > ago\((\w+)\)")
_CHOSEN = re.compile(r"(substr\((\w+), 1, 3\)|\w+) = '[^']*'")
# What an alert can name, by the column it is in.
NAMED = {
    BY_NAME[field].column: variable_name
    for field, variable_name in (
        ("x-edge-location", "edge"),
        ("c-country", "country"),
        ("cache-behavior-path-pattern", "behavior"),
        ("cs-host", "host"),
    )
}
_AND = re.compile(r"(?<!BETWEEN \d\d\d) AND ")
_COLUMNS = {field.column: field.name for field in BY_NAME.values()}


def renamed(bundle: Bundle, text: str) -> str:
    """Return a query with the bundle's own database and table."""
    return text.replace(_TABLE, f'"{bundle.database}"."{bundle.table}"')


def cannot(bundle: Bundle) -> str:
    """Return why the queries do not fit this bundle; nothing if they do."""
    if bundle.layout == "multi":
        return ""
    return f"The query is for the `multi` layout; this bundle's rows are `{bundle.layout}`."


def answer(bundle: Bundle, query: str) -> Answer | None:
    """Return a query as a panel's; None where its columns are missing.

    It looks back from the end of the dashboard's range as far as the query does.
    """
    if cannot(bundle):
        return None
    reads = {_COLUMNS[word] for word in re.findall(r"\w+", query) if word in _COLUMNS}
    if not reads <= set(bundle.fields):
        return None
    sql = query.strip().replace(_TABLE, "$__database.$__table")
    [span] = _SPAN.findall(sql)
    sql = _AND.sub("\n  AND ", _CHOSEN.sub(_as_chosen, _SPAN.sub("$__timeFilter", sql)))
    uses = tuple(name for name in NAMED.values() if variable(name) in sql)
    return Answer(sql, span, tuple(sorted(reads)), uses, selected(query))


def _as_chosen(example: re.Match[str]) -> str:
    """Put the dashboard's variable in the place of an example value; empty means all."""
    left, column = example[1], example[2] or example[1]
    if column not in NAMED:
        return example[0]
    name = variable(NAMED[column])
    same = f"{left} = {left.replace(column, name)}" if left != column else f"{left} IN ({name})"
    return f"({same} OR '' IN ({name}))"
