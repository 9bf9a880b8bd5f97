"""The queries of confirm.toml, which people can run by hand, as panels ask them.

Such a query is ClickHouse's SQL about a table with its database, looks back from now, and names an
example value where an alert names one.
"""

import re

from dashboards.config import Bundle
from dashboards.stores import Answer
from dashboards.stores.clickhouse.dialect import chosen, table
from dashboards.stores.common.selected import selected
from processor.catalog import BY_NAME

# As the file calls it; that of the processor's reports ends in more.
_TABLE = re.compile(r"cloudfront\.realtime_logs(\w*)")
_SPAN = re.compile(r"timestamp > now\(\) - INTERVAL (\d+) (MINUTE|HOUR|DAY)")
_CHOSEN = re.compile(r"(substring\((\w+), 1, 3\)|\w+) = '([^']*)'")
_UNITS = {"MINUTE": "m", "HOUR": "h", "DAY": "d"}
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
    return _TABLE.sub(lambda found: f"{table(bundle.database)}.{_named(bundle, found)}", text)


def answer(bundle: Bundle, query: str) -> Answer | None:
    """Return a query as a panel asks it; None where its columns are not there.

    It looks back from the end of the dashboard's range as far as the query does.
    """
    reads = {_COLUMNS[word] for word in re.findall(r"\w+", query) if word in _COLUMNS}
    if not reads <= set(bundle.fields):
        return None
    [(number, unit)] = _SPAN.findall(query)
    sql = _SPAN.sub("$__timeFilter_ms(timestamp)", query.strip())
    sql = _TABLE.sub(lambda found: _named(bundle, found), sql)
    sql = _AND.sub("\n  AND ", _CHOSEN.sub(_as_chosen, sql))
    uses = tuple(name for name in NAMED.values() if f"chosen_{name}" in sql)
    if uses:
        named = ",\n".join(f"  {chosen(name)} AS chosen_{name}" for name in uses)
        sql = f"WITH\n{named}\n{sql}"
    span = f"{number}{_UNITS[unit]}"
    return Answer(sql, span, tuple(sorted(reads)), uses, selected(query))


def _named(bundle: Bundle, found: re.Match[str]) -> str:
    return table(bundle.table + found[1])


def _as_chosen(example: re.Match[str]) -> str:
    """Put the dashboard's variable in the place of an example value; empty means all."""
    left, column = example[1], example[2] or example[1]
    if column not in NAMED:
        return example[0]
    values = f"chosen_{NAMED[column]}"
    same = f"{left} IN {values}"
    if left != column:
        same = f"{left} = {left.replace(column, f'{values}[1]')}"
    return f"({same} OR hasAny({values}, ['']))"
