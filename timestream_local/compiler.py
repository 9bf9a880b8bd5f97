"""Queries: from sqlglot's tree to one DuckDB SELECT with named, typed columns.

Every name in a query is looked up and typed here. So a query that Timestream would refuse is
refused before DuckDB sees it, and DuckDB only gets text made here and from `functions`.
https://docs.aws.amazon.com/timestream/latest/developerguide/supported-sql-constructs.SELECT.html
"""

from __future__ import annotations

from collections.abc import Mapping

from sqlglot import exp

from timestream_local.catalog import Catalog
from timestream_local.context import Context
from timestream_local.dialect import parse, position
from timestream_local.expressions import Expressions
from timestream_local.lexer import PARAMETER, lex
from timestream_local.outputs import Compiled, Output
from timestream_local.scope import Field, Relation, Scope
from timestream_local.sources import Sources
from timestream_local.types import TIMESTAMP, UNKNOWN, Type
from timestream_local.values import (
    NOW,
    Place,
    Value,
    direction,
    joint,
    joint_texts,
    sorts_nothing,
)


def compile_query(text: str, catalog: Catalog, lifted: Mapping[int, int] | None = None) -> Compiled:
    """Return one SELECT statement, compiled; raises SqlError.

    `lifted` maps the offsets of numbers to the offset at which the same number stood first. Those
    in an expression become parameters.
    """
    context = Context(text, catalog, lifted)
    compiled = Compiler(context).query(parse(text), None)
    sql = context.lists.settle(compiled.sql)
    return Compiled(
        sql,
        compiled.columns,
        context.uses_now and NOW in sql,
        tuple(offset for offset, first in context.parameters.items() if f"$p{first}" in sql),
    )


def prepare_query(text: str, catalog: Catalog) -> tuple[Compiled, dict[str, Type]]:
    """Return a SELECT statement's columns, and the types of its parameters by name, in order.

    A parameter has the type it is used as, or unknown where nothing shows it. Raises SqlError.
    """
    names = [token.text.removeprefix("@") for token in lex(text) if token.token_type == PARAMETER]
    kinds = {name: _SERVICE_PARAMETERS.get(name, UNKNOWN) for name in names}
    while True:  # a type found at one use is known to the others next time
        before = dict(kinds)
        context = Context(text, catalog)
        context.unbound = kinds
        compiled = Compiler(context).query(parse(text), None)
        if kinds == before:
            return compiled, kinds


# https://docs.aws.amazon.com/timestream/latest/developerguide/scheduledqueries-using.html
_SERVICE_PARAMETERS = {"scheduled_runtime": TIMESTAMP}


class Compiler:
    """Compiles one statement."""

    def __init__(self, context: Context) -> None:
        self.context = context
        self.sources = Sources(context)
        context.query = self.query

    # -- queries

    def query(self, node: exp.Expr, parent: Scope | None) -> Compiled:
        """Compile a SELECT, a set operation, or either in parentheses."""
        ctes = node.args.get("with_")
        if ctes is not None:
            return self._with(node, ctes, parent)
        if isinstance(node, exp.Subquery):
            self.context.only(node, "this", "order", "limit", "with_")
            inner = self.query(node.this, parent)
            if node.args.get("order") or node.args.get("limit"):
                return self._ordered(inner, node, parent)
            return inner
        if isinstance(node, exp.Select):
            return self._select(node, parent)
        if isinstance(node, exp.SetOperation):
            return self._set_operation(node, parent)
        if isinstance(node, exp.Values):
            return self._values(node, parent)
        raise self.context.error("only a SELECT statement can be run", node)

    def _with(self, node: exp.Expr, with_: exp.With, parent: Scope | None) -> Compiled:
        self.context.only(with_, "expressions")
        frame: dict[str, tuple[str, Compiled]] = {}
        self.sources.named.append(frame)
        heads = []
        try:
            for cte in with_.expressions:
                self.context.only(cte, "this", "alias")
                name = cte.alias.lower()
                if name in frame:
                    raise self.context.error(
                        f"WITH query name '{cte.alias}' specified more than once", cte
                    )
                compiled = self.query(cte.this, None)
                compiled = self.sources.renamed(compiled, cte.args["alias"], cte)
                symbol = f"w{next(self.context.names)}"
                heads.append(f"{symbol} AS ({compiled.sql})")
                frame[name] = (symbol, compiled)
            node.set("with_", None)
            body = self.query(node, parent)
        finally:
            self.sources.named.pop()
        return Compiled(f"WITH {', '.join(heads)} {body.sql}", body.columns)

    def _set_operation(self, node: exp.SetOperation, parent: Scope | None) -> Compiled:
        self.context.only(node, "this", "expression", "distinct", "order", "limit", "with_")
        word = {exp.Union: "UNION", exp.Intersect: "INTERSECT", exp.Except: "EXCEPT"}[type(node)]
        sides = [self.query(_values_of(side), parent) for side in (node.this, node.expression)]
        left, right = sides
        if len(left.columns) != len(right.columns):
            raise self.context.error(
                f"{word} query has different number of fields: {len(left.columns)}, "
                f"{len(right.columns)}",
                node,
            )
        columns = []
        for i, (a, b) in enumerate(zip(left.columns, right.columns, strict=True), 1):
            kind = joint(a, b)
            if kind is None:
                raise self.context.error(
                    f"column {i} in {word} query has incompatible types: {a.type}, {b.type}", node
                )
            columns.append(Output(a.name, kind, texts=joint_texts(a, b)))
        kinds = [column.type for column in columns]
        texts = [self.context.as_types(side, kinds) for side in sides]
        if not node.args.get("distinct"):
            word += " ALL"
        combined = Compiled(f"{texts[0]} {word} {texts[1]}", tuple(columns))
        if node.args.get("order") or node.args.get("limit"):
            return self._ordered(combined, node, parent)
        return combined

    def _values(self, node: exp.Values, parent: Scope | None) -> Compiled:
        """Compile VALUES: rows of one or more expressions."""
        expressions = Expressions(self.context, Scope(parent=parent), Place("VALUES"))
        rows = []
        for item in node.expressions:
            while isinstance(item, (exp.Tuple, exp.Paren)) and isinstance(
                _only(item), (exp.Tuple, exp.Paren)
            ):
                item = _only(item)
            cells = item.expressions if isinstance(item, exp.Tuple) else [item]
            rows.append([expressions(cell) for cell in cells])
        if len({len(row) for row in rows}) != 1:
            raise self.context.error("Values rows have mismatched sizes", node)
        given = list(zip(*rows, strict=True))
        columns = [
            expressions.unified(list(cells), "Values rows have mismatched types", node)
            for cells in given
        ]
        lines = ", ".join(
            f"({', '.join(v.sql for v in row)})" for row in zip(*columns, strict=True)
        )
        names = ", ".join(f"c{i}" for i in range(len(columns)))
        outputs = tuple(
            Output(f"_col{i}", column[0].type, texts=joint_texts(*cells))
            for i, (column, cells) in enumerate(zip(columns, given, strict=True))
        )
        return Compiled(f"SELECT {names} FROM (VALUES {lines}) AS v({names})", outputs)

    def _ordered(self, query: Compiled, node: exp.Expr, parent: Scope | None) -> Compiled:
        """Put ORDER BY and LIMIT around a set operation or a query in parentheses."""
        symbol = f"r{next(self.context.names)}"
        fields = tuple(Field(c.name, c.type, f"{symbol}.c{i}") for i, c in enumerate(query.columns))
        scope = Scope([Relation(None, None, fields)], parent)
        sql = f"SELECT * FROM ({query.sql}) AS {symbol}"
        keys = []
        if order := node.args.get("order"):
            expressions = Expressions(self.context, scope, Place("ORDER BY"))
            for item in order.expressions:
                key = item.this.unnest()
                ordinal = self._ordinal(key, len(query.columns), "ORDER BY")
                if ordinal is None:
                    value = expressions(key)
                    if not sorts_nothing(value):
                        keys.append(value.sql + direction(item))
                else:
                    keys.append(f"{symbol}.c{ordinal}" + direction(item))
        if keys:
            sql += " ORDER BY " + ", ".join(keys)
        return Compiled(sql + self._limit(node), query.columns)

    # -- SELECT

    def _select(self, node: exp.Select, parent: Scope | None) -> Compiled:
        self.context.only(
            node,
            "expressions",
            "from_",
            "joins",
            "where",
            "group",
            "having",
            "order",
            "limit",
            "distinct",
            "with_",
        )
        if not node.expressions:
            raise self.context.error("SELECT needs a list of what to select, or *", node)
        scope = Scope(parent=parent)
        source = self.sources.text(node, scope)
        where = ""
        if clause := node.args.get("where"):
            where = (
                " WHERE "
                + Expressions(self.context, scope, Place("WHERE"))
                .boolean(clause.this, "WHERE clause")
                .sql
            )

        items = self._items(node, scope)
        keys = self._group_keys(node, items, scope)
        place = Place("SELECT", aggregates=True, windows=True, groups=frozenset(keys or ()))
        select = Expressions(self.context, scope, place)
        values = [item if isinstance(item, Value) else select(item) for _, item, _ in items]
        outputs = tuple(
            self._output(name, value, item, i, scope)
            for i, ((name, item, _), value) in enumerate(zip(items, values, strict=True))
        )
        checked: list[tuple[Value, exp.Expr]] = [
            (value, node_) for value, (_, _, node_) in zip(values, items, strict=True)
        ]

        having = ""
        if clause := node.args.get("having"):
            place_having = Place("HAVING", aggregates=True, groups=place.groups)
            value = Expressions(self.context, scope, place_having).boolean(
                clause.this, "HAVING clause"
            )
            checked.append((value, clause))
            having = f" HAVING {value.sql}"

        order = self._order(node, outputs, values, select, checked)
        if keys is not None or having or any(value.aggregate for value, _ in checked):
            for value, at in checked:
                if value.free is not None:
                    name = ".".join(p.name for p in value.free.parts)
                    raise self.context.error(
                        f"'{name}' must be an aggregate expression or appear in GROUP BY clause",
                        value.free if position(value.free) is not None else at,
                    )
        distinct = ""
        if clause := node.args.get("distinct"):
            self.context.only(clause, "expressions")
            distinct = "DISTINCT "
        select_list = ", ".join(f"{v.sql} AS c{i}" for i, v in enumerate(values))
        group = ""
        if keys:
            group = " GROUP BY " + ", ".join(keys)
        elif keys is not None:
            group = " GROUP BY ()"
        sql = f"SELECT {distinct}{select_list}{source}{where}{group}{having}{order}"
        return Compiled(sql + self._limit(node), outputs)

    def _items(
        self, node: exp.Select, scope: Scope
    ) -> list[tuple[str | None, exp.Expr | Value, exp.Expr]]:
        """Return the SELECT list, stars written out: (name, expression or value, node)."""
        out: list[tuple[str | None, exp.Expr | Value, exp.Expr]] = []
        for item in node.expressions:
            star = isinstance(item, exp.Star) or (
                isinstance(item, exp.Column) and isinstance(item.this, exp.Star)
            )
            if star:
                self.context.only(item if isinstance(item, exp.Star) else item.this)
                out += self._star(item, scope)
            elif isinstance(item, exp.Alias):
                self.context.only(item, "this", "alias")
                out.append((item.alias, item.this, item))
            else:
                name = item.name if isinstance(item, (exp.Column, exp.Dot)) else None
                out.append((name, item, item))
        return out

    def _star(self, item: exp.Expr, scope: Scope) -> list[tuple[str, Value, exp.Expr]]:
        if not scope.relations:
            raise self.context.error("SELECT * not allowed in queries without FROM clause", item)
        fields: list[Field] = []
        if isinstance(item, exp.Column):
            wanted = item.table
            for relation in scope.relations:
                if relation.name is not None and relation.name.lower() == wanted.lower():
                    fields += relation.fields
            if not fields:
                raise self.context.error(f"Table '{wanted}' not found", item)
        else:
            merged = {f.name.lower() for f in scope.merged}
            fields += scope.merged
            for relation in scope.relations:
                fields += (f for f in relation.fields if f.name.lower() not in merged)
        place = exp.Column(this=exp.Identifier(this="*"))
        out = []
        for f in fields:
            column = exp.Column(this=exp.Identifier(this=f.name))
            column.this._meta = dict(item._meta or place._meta or {})
            out.append((f.name, Value(f.sql, f.type, free=column), item))
        return out

    def _output(
        self,
        name: str | None,
        value: Value,
        item: exp.Expr | Value,
        index: int,
        scope: Scope,
    ) -> Output:
        source = None
        if isinstance(item, (exp.Column, Value)):
            for relation in scope.relations:
                if relation.database and any(f.sql == value.sql for f in relation.fields):
                    source = (relation.database, relation.name or "")
        aliased = name is not None and not (isinstance(item, Value) or name == item.name)
        shown = name if name is not None else f"_col{index}"
        return Output(shown, value.type, source, aliased, value.texts)

    def _group_keys(
        self,
        node: exp.Select,
        items: list[tuple[str | None, exp.Expr | Value, exp.Expr]],
        scope: Scope,
    ) -> list[str] | None:
        group = node.args.get("group")
        if group is None:
            return None
        self.context.only(group, "expressions", "all")
        if not group.expressions:
            raise self.context.error("GROUP BY needs expressions, places or ()", group)
        place = Place("GROUP BY")
        expressions = Expressions(self.context, scope, place)
        keys = []
        grouped = (
            part.unnest()
            for item in group.expressions
            for part in (item.expressions if isinstance(item, exp.Tuple) else [item])
        )
        for item in grouped:
            ordinal = self._ordinal(item, len(items), "GROUP BY")
            target = item if ordinal is None else items[ordinal][1]
            value = target if isinstance(target, Value) else expressions(target)
            keys.append(value.sql)
        return keys

    def _order(
        self,
        node: exp.Select,
        outputs: tuple[Output, ...],
        values: list[Value],
        select: Expressions,
        checked: list[tuple[Value, exp.Expr]],
    ) -> str:
        order = node.args.get("order")
        if order is None:
            return ""
        fields = tuple(
            Field(o.name, o.type, value.sql, output=True, exact=bool(o.source) and not o.aliased)
            for o, value in zip(outputs, values, strict=True)
        )
        expressions = Expressions(self.context, select.scope.ordered(fields), select.place)
        given = {value.sql: i for i, value in reversed([*enumerate(values)])}
        random = {f.name.lower() for f in fields if "random()" in f.sql}
        keys = []
        for item in order.expressions:
            self.context.only(item, "this", "desc", "nulls_first")
            key = item.this.unnest()
            ordinal = self._ordinal(key, len(outputs), "ORDER BY")
            if ordinal is None:
                value = expressions(key)
                ordinal = given.get(value.sql)
                if ordinal is None:
                    if node.args.get("distinct"):
                        raise self.context.error(
                            "For SELECT DISTINCT, ORDER BY expressions must appear in select list",
                            key,
                        )
                    if random and any(c.name.lower() in random for c in key.find_all(exp.Column)):
                        raise self.context.error(
                            "ORDER BY cannot compute with a random column; do so in a subquery", key
                        )
                    checked.append((value, item))
                    if sorts_nothing(value):
                        continue
            text = value.sql if ordinal is None else f"{ordinal + 1}"
            keys.append(text + direction(item))
        return " ORDER BY " + ", ".join(keys) if keys else ""

    def _ordinal(self, node: exp.Expr, size: int, clause: str) -> int | None:
        if not isinstance(node, exp.Literal) or node.is_string or not node.this.isdigit():
            return None
        if not 1 <= int(node.this) <= size:
            raise self.context.error(f"{clause} position {node.this} is not in select list", node)
        return int(node.this) - 1

    def _limit(self, node: exp.Expr) -> str:
        limit = node.args.get("limit")
        if limit is None:
            return ""
        self.context.only(limit, "expression")
        count = limit.expression
        if isinstance(count, exp.Column) and count.name.upper() == "ALL":
            return ""
        if not isinstance(count, exp.Literal) or count.is_string or not count.this.isdigit():
            raise self.context.error("LIMIT needs a whole number", limit)
        return f" LIMIT {count.this}"


def _values_of(node: exp.Expr) -> exp.Expr:
    """Return the VALUES that the parser has wrapped into a SELECT, or else the node."""
    source = node.args.get("from_")
    if source is not None and isinstance(source.this, exp.Values):
        alias = source.this.args.get("alias")
        if alias is not None and alias.name == "_values":
            return exp.Values(expressions=source.this.expressions)
    return node


def _only(node: exp.Expr) -> exp.Expr | None:
    """Return the one expression inside of a tuple or parentheses."""
    inside: list[exp.Expr] = [node.this] if isinstance(node, exp.Paren) else node.expressions
    return inside[0] if len(inside) == 1 else None
