"""FROM: tables, subqueries, joins and UNNEST, and the names they bring into scope."""

from __future__ import annotations

from sqlglot import exp

from timestream_local import types
from timestream_local.context import Context
from timestream_local.expressions import Expressions
from timestream_local.outputs import Compiled, Output
from timestream_local.scope import Field, Relation, Scope
from timestream_local.types import Type
from timestream_local.values import Place


class Sources:
    """The FROM clauses of one statement."""

    def __init__(self, context: Context) -> None:
        self.context = context
        # The queries of WITH that can be named here, the innermost WITH last: text and columns.
        self.named: list[dict[str, tuple[str, Compiled]]] = []

    def renamed(self, query: Compiled, alias: exp.TableAlias, node: exp.Expr) -> Compiled:
        """Return a query with the column names of its alias, if that has any."""
        names = alias.args.get("columns") or []
        if not names:
            return query
        if len(names) != len(query.columns):
            raise self.context.error(
                f"Column alias list has {len(names)} entries but relation has "
                f"{len(query.columns)} columns",
                node,
            )
        columns = tuple(
            Output(name.name, column.type, column.source, True)
            for name, column in zip(names, query.columns, strict=True)
        )
        return Compiled(query.sql, columns)

    def text(self, node: exp.Select, scope: Scope) -> str:
        """Return the FROM clause of a SELECT, empty without one; add what it names to the scope."""
        source = node.args.get("from_")
        if source is None:
            return ""
        text = " FROM " + self._relation(source.this, scope)
        nested = source.this.args.get("joins") or []
        for join in [*nested, *(node.args.get("joins") or [])]:
            text += self._join(join, scope)
        return text

    def _join(self, join: exp.Join, scope: Scope) -> str:
        self.context.only(join, "this", "side", "kind", "on", "using")
        side, kind = join.side.upper(), join.kind.upper()
        left = len(scope.relations)
        if isinstance(join.this, exp.Unnest) and kind not in ("CROSS", ""):
            raise self.context.error(
                "UNNEST on other than the right side of CROSS JOIN is not supported", join
            )
        relation = self._relation(join.this, scope)
        for nested in join.this.args.get("joins") or []:
            relation += self._join(nested, scope)
        on, using = join.args.get("on"), join.args.get("using")
        if kind == "CROSS":
            return f" CROSS JOIN {relation}"
        if kind not in ("", "INNER", "OUTER") or side not in ("", "LEFT", "RIGHT", "FULL"):
            raise self.context.error(f"{side} {kind} JOIN is not supported".strip(), join)
        word = f"{side} JOIN" if side else "INNER JOIN"
        if using:
            condition = self._using(using, left, side, scope)
        elif on is not None:
            condition = (
                Expressions(self.context, scope, Place("JOIN")).boolean(on, "JOIN ON clause").sql
            )
        else:
            raise self.context.error("a JOIN needs ON or USING", join)
        return f" {word} {relation} ON {condition}"

    def _using(self, names: list[exp.Expr], left: int, side: str, scope: Scope) -> str:
        conditions = []
        for identifier in names:
            name = identifier.name
            here = Scope(scope.relations[:left], merged=scope.merged).find(name, None, None)
            there = Scope(scope.relations[left:]).find(name, None, None)
            if len(here) != 1 or len(there) != 1:
                missing = "is ambiguous" if len(here) > 1 or len(there) > 1 else "does not exist"
                raise self.context.error(
                    f"Column '{name}' {missing} in a side of the JOIN", identifier
                )
            kind = types.common(here[0].type, there[0].type)
            if kind is None:
                raise self.context.error(
                    f"'=' cannot be applied to {here[0].type}, {there[0].type}", identifier
                )
            a = types.coerce(here[0].sql, here[0].type, kind)
            b = types.coerce(there[0].sql, there[0].type, kind)
            conditions.append(f"{a} = {b}")
            merged = {"LEFT": a, "RIGHT": b, "FULL": f"coalesce({a}, {b})"}.get(side, a)
            scope.merged = (
                *(f for f in scope.merged if f.name.lower() != name.lower()),
                Field(name, kind, merged),
            )
        return " AND ".join(conditions)

    def _relation(self, node: exp.Expr, scope: Scope) -> str:
        """Add one FROM item to the scope and return its text."""
        symbol = f"r{next(self.context.names)}"
        if isinstance(node, exp.Unnest):
            return self._unnest(node, symbol, scope)
        if isinstance(node, exp.Table):
            self.context.only(node, "this", "db", "alias", "joins")
            return self._table(node, symbol, scope)
        if isinstance(node, (exp.Subquery, exp.Values)):
            self.context.only(node, "this", "alias", "joins", "expressions")
            compiled = self.context.query(node if isinstance(node, exp.Values) else node.this, None)
            alias = node.args.get("alias")
            if alias is not None:
                compiled = self.renamed(compiled, alias, node)
            self._add(scope, alias.name if alias else None, symbol, compiled)
            return f"({compiled.sql}) AS {symbol}"
        raise self.context.error("this is not supported in a FROM clause", node)

    @staticmethod
    def _add(scope: Scope, name: str | None, symbol: str, compiled: Compiled) -> None:
        fields = tuple(
            Field(c.name, c.type, f"{symbol}.c{i}") for i, c in enumerate(compiled.columns)
        )
        scope.relations.append(Relation(name, None, fields))

    def _table(self, node: exp.Table, symbol: str, scope: Scope) -> str:
        if not isinstance(node.this, exp.Identifier):
            raise self.context.error("a function cannot stand in a FROM clause", node)
        name, alias = node.name, node.args.get("alias")
        database = node.args["db"].name if node.args.get("db") else None
        shown = alias.name if alias else name
        if database is None:
            for frame in reversed(self.named):
                if name.lower() in frame:
                    reference, compiled = frame[name.lower()]
                    if alias is not None:
                        compiled = self.renamed(compiled, alias, node)
                    self._add(scope, shown, symbol, compiled)
                    return f"{reference} AS {symbol}"
            raise self.context.error(
                f'Table \'{name}\' needs its database: write "database"."{name}"', node
            )
        table = self.context.catalog.table(database, name)
        if table is None:
            raise self.context.error(f"Table {database}.{name} does not exist", node)
        columns = table.ordered()
        names = [c.name for c in columns]
        if alias is not None and alias.args.get("columns"):
            names = [c.name for c in alias.args["columns"]]
            if len(names) != len(columns):
                raise self.context.error(
                    f"Column alias list has {len(names)} entries but relation has "
                    f"{len(columns)} columns",
                    node,
                )
        fields = tuple(
            Field(name, c.type, f"{symbol}.{c.physical}")
            for name, c in zip(names, columns, strict=True)
        )
        scope.relations.append(Relation(shown, database, fields, exact=True))
        return f"{table.physical} AS {symbol}"

    def _unnest(self, node: exp.Unnest, symbol: str, scope: Scope) -> str:
        self.context.only(node, "expressions", "alias", "offset")
        expressions = Expressions(self.context, scope, Place("UNNEST"))
        values = [expressions(item) for item in node.expressions]
        alias = node.args.get("alias")
        fields: list[tuple[str, Type, str]] = []
        for i, (value, item) in enumerate(zip(values, node.expressions, strict=True)):
            if value.type.name not in ("array", "timeseries"):
                raise self.context.error(f"Cannot unnest type: {value.type}", item)
            base = f"{symbol}.u" if len(values) == 1 else f"struct_extract({symbol}.u, {i + 1})"
            element = value.type.args[0]
            if value.type.name == "timeseries":
                element = types.row(("time", types.TIMESTAMP), ("value", element))
            if element.name == "row":
                fields += (
                    (name or f"_col{j}", kind, f"struct_extract({base}, 'f{j}')")
                    for j, (name, kind) in enumerate(zip(element.fields, element.args, strict=True))
                )
            else:
                fields.append((f"_col{len(fields)}", element, base))
        source = (
            values[0].sql if len(values) == 1 else f"list_zip({', '.join(v.sql for v in values)})"
        )
        ordinality = ""
        if node.args.get("offset"):
            fields.append(("ordinality", types.BIGINT, f"{symbol}.o"))
            ordinality = ", generate_subscripts(a, 1) AS o"
        names = [c.name for c in (alias.args.get("columns") or [])] if alias else []
        if isinstance(node.args.get("offset"), exp.Identifier):
            names.append(node.args["offset"].name)
        if names and len(names) != len(fields):
            raise self.context.error(
                f"Column alias list has {len(names)} entries but relation has {len(fields)} "
                "columns",
                node,
            )
        names = names or [name for name, _, _ in fields]
        relation = Relation(
            alias.name if alias else None,
            None,
            tuple(Field(n, kind, sql) for n, (_, kind, sql) in zip(names, fields, strict=True)),
        )
        scope.relations.append(relation)
        return (
            f"LATERAL (SELECT unnest(a) AS u{ordinality} FROM (SELECT {source} AS a)) AS {symbol}"
        )
