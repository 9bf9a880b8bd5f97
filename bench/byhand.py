"""The dashboards' queries in DuckDB's SQL, as by hand, to compare the embedded endpoint with.

sqlglot translates them from Trino to DuckDB. A function that only Timestream has becomes DuckDB's
own (time_bucket for bin). The table has native TIMESTAMP columns.
"""

import re

import sqlglot
from sqlglot import exp

_DURATION = re.compile(r"\b(\d+)(ms|s|m|h|d)\b")
_UNIT = {"ms": "MILLISECOND", "s": "SECOND", "m": "MINUTE", "h": "HOUR", "d": "DAY"}
_TEXT = re.compile(r"('(?:[^']|'')*')")


def byhand(sql: str, table: str, whole: set[str]) -> str:
    """Return a Timestream query in DuckDB's SQL on `table`; columns in `whole` are integers."""
    parts = _TEXT.split(sql)
    for i in range(0, len(parts), 2):
        parts[i] = _DURATION.sub(lambda m: f"INTERVAL '{m[1]}' {_UNIT[m[2]]}", parts[i])
    tree = sqlglot.parse_one("".join(parts), read="trino")
    tree = tree.transform(lambda node: _rewrite(node, table, whole))
    return tree.sql(dialect="duckdb")


def _rewrite(node: exp.Expr, table: str, whole: set[str]) -> exp.Expr:
    if isinstance(node, exp.Table) and node.db:
        alias = node.args.get("alias")
        return exp.to_table(table).as_(alias.name) if alias else exp.to_table(table)
    if isinstance(node, exp.Anonymous):
        name = node.name.lower()
        # transform does not visit the nodes that replace another
        arguments = [a.transform(lambda n: _rewrite(n, table, whole)) for a in node.expressions]
        if name == "bin":
            return exp.Anonymous(this="time_bucket", expressions=[arguments[1], arguments[0]])
        if name == "from_milliseconds":
            micros = exp.Mul(this=exp.Paren(this=arguments[0]), expression=exp.Literal.number(1000))
            return exp.Anonymous(this="make_timestamp", expressions=[micros])
        if name == "to_milliseconds":
            return exp.Anonymous(this="epoch_ms", expressions=arguments)
        if name == "ago":
            return exp.Sub(this=exp.Anonymous(this="now"), expression=arguments[0])
    if isinstance(node, exp.ApproxQuantile):
        return exp.Anonymous(this="quantile_disc", expressions=[node.this, node.args["quantile"]])
    if (
        isinstance(node, exp.Div)
        and _is_whole(node.this, whole)
        and _is_whole(node.expression, whole)
    ):
        return exp.IntDiv(this=node.this, expression=node.expression)
    return node


def _is_whole(node: exp.Expr, whole: set[str]) -> bool:
    if isinstance(node, exp.Literal):
        return not node.is_string and node.this.isdigit()
    if isinstance(node, exp.Column):
        return node.name in whole
    if isinstance(node, (exp.Paren, exp.Sum)):
        return _is_whole(node.this, whole)
    return isinstance(node, exp.Count)
