"""Expressions: from sqlglot's tree to DuckDB text with a Timestream type.

Every node becomes a Value. What a function or an operator means is a row in `functions`; this
module only walks the tree.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import combinations
from typing import Any, TypeVar

from sqlglot import exp

from timestream_local import casts, functions, types
from timestream_local.calls import Calls, describe
from timestream_local.context import Context
from timestream_local.dialect import Duration
from timestream_local.lexer import MONTHS, NANOSECONDS
from timestream_local.outputs import Compiled
from timestream_local.overloads import parse_type
from timestream_local.scope import Scope
from timestream_local.types import Type
from timestream_local.values import EMPTY, Place, Text, Value, double, joint, string


class Expressions:
    """Compiles the expressions of one clause of one SELECT."""

    def __init__(self, context: Context, scope: Scope, place: Place) -> None:
        self.context = context
        self.scope = scope
        self.place = place
        self.inside_aggregate = False
        self.calls = Calls(self)
        self.error = context.error

    def inner(self, variables: dict[str, tuple[str, Type]]) -> Expressions:
        """Return what compiles the body of a lambda with these arguments: name, and its text."""
        scope = Scope(parent=self.scope, variables=variables)
        made = Expressions(self.context, scope, Place("lambda", groups=self.place.groups))
        made.inside_aggregate = self.inside_aggregate
        return made

    def __call__(self, node: exp.Expr) -> Value:
        """Compile one expression."""
        handler = _HANDLERS.get(type(node))
        if handler is None:
            raise self.error(f"{describe(node)} is not supported", node)
        self.context.only(node, *handler.parts)
        value = handler.compile(self, node)
        if value.free is not None and value.sql in self.place.groups:
            return replace(value, free=None)
        return value

    def boolean(self, node: exp.Expr, what: str) -> Value:
        """Compile an expression that must be a boolean."""
        value = self(node)
        if types.coercion_cost(value.type, types.BOOLEAN) is None:
            raise self.error(f"{what} must evaluate to a boolean (actual: {value.type})", node)
        self.context.learn(value, types.BOOLEAN)
        return value

    def _call(self, node: exp.Anonymous) -> Value:
        if node.name.lower() == "row":  # of any number of arguments
            return self._row(node)
        return self.calls.function(node)

    def _window(self, node: exp.Window) -> Value:
        return self.calls.window(node)

    # -- leaves

    def _literal(self, node: exp.Literal) -> Value:
        text: str = node.this
        said = Text(text, node)
        if node.is_string:
            return Value(string(text), types.VARCHAR, literal=True, said=said)
        if text.isdigit():
            whole = int(text)
            if whole >= 1 << 63:
                raise self.error(f"Invalid numeric literal: {text}", node)
            if whole >= 1 << 31:
                if node.meta.get("start") in self.context.lifted:
                    return Value(self.context.parameter(node.meta["start"]), types.BIGINT)
                return Value(f"CAST({whole} AS BIGINT)", types.BIGINT, literal=True, said=said)
            return Value(str(whole), types.INTEGER, literal=True, said=said)
        try:
            number = float(text)
        except ValueError:
            number = math.inf
        if math.isinf(number):
            raise self.error(f"Invalid numeric literal: {text}", node)
        return Value(double(number), types.DOUBLE, literal=True, said=said)

    def _constant(self, node: exp.Expr) -> Value:
        if isinstance(node, exp.Null):
            return Value("NULL", types.UNKNOWN, literal=True)
        return Value("TRUE" if node.this else "FALSE", types.BOOLEAN, literal=True)

    def _duration(self, node: Duration) -> Value:
        amount, unit = node.this.split()
        if unit in MONTHS:
            return Value(str(int(amount) * MONTHS[unit]), types.INTERVAL_MONTH, literal=True)
        return Value(
            f"CAST({int(amount) * NANOSECONDS[unit]} AS BIGINT)", types.INTERVAL_DAY, literal=True
        )

    def _parameter(self, node: exp.Parameter) -> Value:
        kind = self.context.parameter_type(node)
        sql = "NULL" if kind == types.UNKNOWN else f"CAST(NULL AS {types.duckdb_name(kind)})"
        return Value(sql, kind, parameter=node.this)

    def _interval(self, node: exp.Interval) -> Value:
        text = node.this.name if isinstance(node.this, exp.Literal) else ""
        unit = node.args["unit"].name.lower() if node.args.get("unit") else ""
        try:
            kind, amount = casts.interval_literal(text, unit)
        except ValueError as error:
            raise self.error(str(error), node) from None
        duck = "BIGINT" if kind == types.INTERVAL_DAY else "INTEGER"
        return Value(f"CAST({amount} AS {duck})", kind, literal=True)

    def _column(self, node: exp.Column) -> Value:
        name, table = node.name, node.table or None
        database = node.args["db"].name if node.args.get("db") else None
        if isinstance(node.this, exp.Star):
            raise self.error("* is only allowed in a SELECT list and in count(*)", node)
        if table is None:
            for scope in self.scope.outward():
                if name.lower() in scope.variables:
                    sql, kind = scope.variables[name.lower()]
                    return Value(sql, kind)
        for depth, scope in enumerate(self.scope.outward()):
            found = scope.find(name, table, database)
            if len(found) > 1:
                raise self.error(f"Column '{name}' is ambiguous", node)
            if found and found[0].output:
                if self.inside_aggregate:
                    raise self.error(
                        f"Invalid reference to output column '{name}' from an aggregation in "
                        "ORDER BY; a column of FROM is named with its table",
                        node,
                    )
                return Value(found[0].sql, found[0].type)
            if found:
                inner = depth == 0 or self.scope.variables
                return Value(found[0].sql, found[0].type, free=node if inner else None)
        if table is not None and database is None:
            base = self._row_column(node, table, name)
            if base is not None:
                return base
        near = self.scope.near(name)
        hint = f"; names are case-sensitive, and there is '{near}'" if near else ""
        shown = ".".join(p.name for p in node.parts)
        raise self.error(f"Column '{shown}' does not exist{hint}", node)

    def _row_column(self, node: exp.Column, base: str, name: str) -> Value | None:
        """Read `x.value` as the field of a row column or lambda argument x."""
        for scope in self.scope.outward():
            found = scope.find(base, None, None)
            if base.lower() in scope.variables or any(f.type.name == "row" for f in found):
                column = exp.Column(this=node.args["table"].copy())
                return self._field(self._column(column), name, node)
        return None

    def _dot(self, node: exp.Dot) -> Value:
        if not isinstance(node.expression, exp.Identifier):
            raise self.error("a function cannot be qualified", node)
        return self._field(self(node.this), node.expression.name, node)

    def _field(self, base: Value, name: str, node: exp.Expr) -> Value:
        if base.type.name == "row":
            for i, field in enumerate(base.type.fields):
                if field and field.lower() == name.lower():
                    sql = f"struct_extract({base.sql}, 'f{i}')"
                    return base.over(sql=sql, type=base.type.args[i])
        raise self.error(f"{base.type} has no field '{name}'", node)

    def _identifier(self, node: exp.Identifier) -> Value:
        return self._column(exp.Column(this=node))

    # -- operators

    def _operator(self, node: exp.Expr) -> Value:
        return self.calls.apply(_OPERATORS[type(node)], [node.this, node.expression], node)

    def _negate(self, node: exp.Neg) -> Value:
        if isinstance(node.this, exp.Literal) and node.this.name == "9223372036854775808":
            return Value("CAST('-9223372036854775808' AS BIGINT)", types.BIGINT, literal=True)
        value = self.calls.apply("negate", [node.this], node)
        return replace(value, literal=isinstance(node.this, exp.Literal))

    def _paren(self, node: exp.Paren) -> Value:
        return self(node.this)

    def _logical(self, node: exp.Expr) -> Value:
        word = "AND" if isinstance(node, exp.And) else "OR"
        sides = [self.boolean(side, "Logical expression term") for side in node.flatten()]
        texts = [side.sql for side in sides]
        # A dashboard's variable that chooses all is a term such as 'x' IN ('x'). Its value is known
        # here, so DuckDB does not have to parse it and optimize it away.
        settled, idle = ("FALSE", "TRUE") if word == "AND" else ("TRUE", "FALSE")
        if settled in texts:
            sql = settled
        else:
            texts = [text for text in texts if text != idle]
            sql = f"({f' {word} '.join(texts)})" if texts else idle
        return EMPTY.over(*sides, sql=sql, type=types.BOOLEAN)

    def _negation(self, node: exp.Not) -> Value:
        value = self.boolean(node.this, "Value of logical NOT expression")
        return value.over(sql=f"(NOT {value.sql})", type=types.BOOLEAN)

    def _comparison(self, node: exp.Expr) -> Value:
        sign = _COMPARISONS[type(node)]
        if isinstance(node.expression, (exp.All, exp.Any)):
            return self._quantified(node, sign)
        if sign in ("=", "<>") and _rows(node.this, node.expression):
            same = self._same_row(node.this, node.expression)
            return same if sign == "=" else same.over(sql=f"(NOT {same.sql})", type=types.BOOLEAN)
        left, right = self._same_type(sign, node.this, node.expression, node)
        return left.over(right, sql=f"({left.sql} {sign} {right.sql})", type=types.BOOLEAN)

    def _same_row(self, a: exp.Expr, b: exp.Expr) -> Value:
        """Compare two rows field by field: a field that is NULL equals nothing."""
        fields = zip(a.unnest().expressions, b.unnest().expressions, strict=True)
        parts = [self._comparison(exp.EQ(this=x, expression=y)) for x, y in fields]
        sql = f"({' AND '.join(part.sql for part in parts)})"
        return EMPTY.over(*parts, sql=sql, type=types.BOOLEAN)

    def _same_type(
        self, sign: str, a: exp.Expr, b: exp.Expr, node: exp.Expr
    ) -> tuple[Value, Value]:
        left, right = self(a), self(b)
        kind = joint(left, right)
        if kind is None:
            hint = ""
            if (left.texts or right.texts) and {left.type, right.type} & {types.DATE, types.TIME}:
                hint = f"; write {str(left.type if right.texts else right.type).upper()} '…'"
            raise self.error(f"'{sign}' cannot be applied to {left.type}, {right.type}{hint}", node)
        return self.context.converted(left, kind), self.context.converted(right, kind)

    def _quantified(self, node: exp.Expr, sign: str) -> Value:
        left = self(node.this)
        word = "ALL" if isinstance(node.expression, exp.All) else "ANY"
        query = node.expression.this
        query = query.this if isinstance(query, (exp.Subquery, exp.Paren)) else query
        if not isinstance(query, (exp.Query, exp.Values)):
            raise self.error(f"{word} needs a subquery", node)
        compiled = self._one_column(query, node)
        kind = joint(left, compiled.columns[0])
        if kind is None:
            raise self.error(
                f"'{sign}' cannot be applied to {left.type}, {compiled.columns[0].type}", node
            )
        left, column = self.context.converted(left, kind), self.context.as_types(compiled, [kind])
        return left.over(sql=f"({left.sql} {sign} {word} {column})", type=types.BOOLEAN)

    def _between(self, node: exp.Between) -> Value:
        value, low, high = self(node.this), self(node.args["low"]), self(node.args["high"])
        kind = joint(value, low, high)
        if kind is None:
            raise self.error(
                f"Cannot check if {value.type} is BETWEEN {low.type} and {high.type}", node
            )
        a, b, c = (self.context.converted(v, kind).sql for v in (value, low, high))
        return value.over(low, high, sql=f"({a} BETWEEN {b} AND {c})", type=types.BOOLEAN)

    def _membership(self, node: exp.In) -> Value:
        query = node.args.get("query")
        if len(node.expressions) == 1 and isinstance(node.expressions[0], exp.Values):
            query = node.expressions[0]
        if query is not None:
            value = self(node.this)
            compiled = self._one_column(
                query.this if isinstance(query, exp.Subquery) else query, node
            )
            kind = joint(value, compiled.columns[0])
            if kind is None:
                raise self.error(
                    f"value and result of subquery must be of the same type for IN expression: "
                    f"{value.type} vs {compiled.columns[0].type}",
                    node,
                )
            left, column = (
                self.context.converted(value, kind),
                self.context.as_types(compiled, [kind]),
            )
            return value.over(sql=f"({left.sql} IN {column})", type=types.BOOLEAN)
        if not node.expressions:
            raise self.error("IN needs a list or a subquery in parentheses", node)
        if _rows(node.this, *node.expressions):
            parts = [self._same_row(node.this, item) for item in node.expressions]
            sql = f"({' OR '.join(part.sql for part in parts)})"
            return EMPTY.over(*parts, sql=sql, type=types.BOOLEAN)
        value, items = self(node.this), [self(item) for item in node.expressions]
        kind = joint(value, *items)
        if kind is None:
            other = next((item for item in items if joint(value, item) is None), items[-1])
            raise self.error(
                f"IN value and list items must be the same type: {value.type} vs {other.type}",
                node,
            )
        texts = [item.text for item in (value, *items)]
        if value.type == kind == types.VARCHAR and None not in texts:
            return Value("TRUE" if texts[0] in texts[1:] else "FALSE", types.BOOLEAN)
        listed = ", ".join(self.context.converted(item, kind).sql for item in items)
        left = self.context.converted(value, kind)
        return value.over(*items, sql=f"({left.sql} IN ({listed}))", type=types.BOOLEAN)

    def _like(self, node: exp.Like) -> Value:
        value = self.calls.apply("LIKE", [node.this, node.expression], node)
        return self._negated(node, value)

    def _escape(self, node: exp.Escape) -> Value:
        like = node.this
        if not isinstance(like, exp.Like):
            raise self.error("ESCAPE is only allowed after LIKE", node)
        value = self.calls.apply("LIKE", [like.this, like.expression, node.expression], node)
        return self._negated(like, value)

    @staticmethod
    def _negated(node: exp.Expr, value: Value) -> Value:
        if node.args.get("negate"):
            return value.over(sql=f"(NOT {value.sql})", type=types.BOOLEAN)
        return value

    def _is_null(self, node: exp.Is) -> Value:
        value = self(node.this)
        if not isinstance(node.expression, exp.Null):
            raise self.error("IS is only allowed before NULL and NOT NULL", node)
        word = "IS NOT NULL" if node.args.get("negate") else "IS NULL"
        return value.over(sql=f"({value.sql} {word})", type=types.BOOLEAN)

    # -- compound

    def _bare(self, node: exp.Expr) -> Value:
        return self.calls.apply(_BARE[type(node)], [], node)

    def _case(self, node: exp.Case) -> Value:
        subject = self(node.this) if node.this is not None else None
        parts: list[Value] = [] if subject is None else [subject]
        tests: list[str] = []
        results: list[Value] = []
        for branch in node.args["ifs"]:
            if subject is None:
                test = self.boolean(branch.this, "CASE WHEN clause")
                tests.append(test.sql)
            else:
                test = self(branch.this)
                kind = joint(subject, test)
                if kind is None:
                    raise self.error(
                        f"CASE operand type does not match WHEN clause operand type: "
                        f"{subject.type} vs {test.type}",
                        branch,
                    )
                left, right = (self.context.converted(each, kind) for each in (subject, test))
                tests.append(f"{left.sql} = {right.sql}")
            parts.append(test)
            results.append(self(branch.args["true"]))
        default = node.args.get("default")
        results.append(self(default) if default is not None else Value("NULL", types.UNKNOWN))
        results = self.unified(results, "All CASE results must be the same type", node)
        whens = " ".join(
            f"WHEN {test} THEN {result.sql}" for test, result in zip(tests, results, strict=False)
        )
        sql = f"(CASE {whens} ELSE {results[-1].sql} END)"
        return EMPTY.over(*parts, *results, sql=sql, type=results[0].type)

    def unified(self, values: list[Value], message: str, node: exp.Expr) -> list[Value]:
        """Return values converted to the one type all of them have in common."""
        kind = joint(*values)
        if kind is None:
            pairs = combinations(values, 2)
            one, other = next((p for p in pairs if joint(*p) is None), (values[0], values[-1]))
            raise self.error(f"{message}: {one.type} vs {other.type}", node)
        return [self.context.converted(value, kind) for value in values]

    def _array(self, node: exp.Array) -> Value:
        items = [self(item) for item in node.expressions]
        items = self.unified(items, "All ARRAY elements must be the same type", node)
        kind = types.array(items[0].type if items else types.UNKNOWN)
        sql = f"CAST([{', '.join(v.sql for v in items)}] AS {types.duckdb_name(kind)})"
        return EMPTY.over(*items, sql=sql, type=kind)

    def _row(self, node: exp.Expr) -> Value:
        values = [self(item) for item in node.expressions]
        if not values:
            raise self.error("a row has one field or more", node)
        packed = ", ".join(f"f{i} := {value.sql}" for i, value in enumerate(values))
        kind = types.row(*((None, value.type) for value in values))
        return EMPTY.over(*values, sql=f"struct_pack({packed})", type=kind)

    def _subscript(self, node: exp.Bracket) -> Value:
        if len(node.expressions) != 1:
            raise self.error("a subscript is one expression", node)
        return self.calls.apply("[]", [node.this, node.expressions[0]], node)

    def _cast(self, node: exp.Cast) -> Value:
        value = self(node.this)
        try:
            kind = parse_type(_type_text(node.args["to"]))
        except ValueError as error:
            raise self.error(str(error), node) from None
        safe = isinstance(node, exp.TryCast)
        template = casts.template(value.type, kind, safe or self.context.quiet)
        if template is None:
            raise self.error(f"Cannot cast {value.type} to {kind}", node)
        self.context.learn(value, kind)
        folded = casts.literal(value.text, kind) if value.type == types.VARCHAR else None
        if folded is not None:
            return Value(folded, kind, literal=True, said=value.said)
        return value.over(sql=template.format(value.sql), type=kind)

    def _extract(self, node: exp.Extract) -> Value:
        part = node.this.name.lower()
        if part not in functions.EXTRACT:
            raise self.error(f"Invalid EXTRACT field: {part}", node)
        return self.calls.apply(functions.EXTRACT[part], [node.expression], node)

    def _str_position(self, node: exp.StrPosition) -> Value:
        return self.calls.apply("strpos", [node.this, node.args["substr"]], node)

    def _subquery(self, node: exp.Expr) -> Value:
        query = node.this if isinstance(node, exp.Subquery) else node
        compiled = self._one_column(query, node)
        return Value(f"({compiled.sql})", compiled.columns[0].type)

    def _exists(self, node: exp.Exists) -> Value:
        query = node.this.this if isinstance(node.this, exp.Subquery) else node.this
        compiled = self.context.query(query, self.scope)
        return Value(f"EXISTS ({compiled.sql})", types.BOOLEAN)

    def _one_column(self, query: exp.Expr, node: exp.Expr) -> Compiled:
        compiled = self.context.query(query, self.scope)
        if len(compiled.columns) != 1:
            raise self.error(
                f"Multiple columns returned by subquery are not yet supported. "
                f"Found {len(compiled.columns)}",
                node,
            )
        return compiled


def _rows(*nodes: exp.Expr) -> bool:
    """Whether all are rows in parentheses with the same number of fields."""
    if not isinstance(nodes[0].unnest(), exp.Tuple):
        return False
    plain = [node.unnest() for node in nodes]
    sizes = {len(node.expressions) for node in plain}
    return len(sizes) == 1 and all(isinstance(node, exp.Tuple) for node in plain)


def _type_text(node: exp.Expr) -> str:
    """Return a type as rules.parse_type reads it."""
    if isinstance(node, exp.ColumnDef):
        return f"{node.name} {_type_text(node.args['kind'])}"
    if isinstance(node, exp.DataType):
        name = node.this.value.lower()
        if name == "user-defined":
            name = str(node.args.get("kind")).lower()
        name = {"int": "integer", "struct": "row"}.get(name, name)
        inner = [_type_text(arg) for arg in node.expressions]
        return f"{name}({', '.join(inner)})" if inner else name
    return node.sql()


_COMPARISONS: dict[type[exp.Expr], str] = {
    exp.EQ: "=",
    exp.NEQ: "<>",
    exp.LT: "<",
    exp.LTE: "<=",
    exp.GT: ">",
    exp.GTE: ">=",
}
_OPERATORS: dict[type[exp.Expr], str] = {
    exp.Add: "+",
    exp.Sub: "-",
    exp.Mul: "*",
    exp.Div: "/",
    exp.Mod: "%",
    exp.DPipe: "||",
}
_BARE: dict[type[exp.Expr], str] = {
    exp.CurrentDate: "current_date",
    exp.CurrentTime: "current_time",
    exp.CurrentTimestamp: "current_timestamp",
    exp.Localtime: "localtime",
    exp.Localtimestamp: "localtimestamp",
}

N = TypeVar("N", bound=exp.Expr)


@dataclass(frozen=True, slots=True)
class _Handler:
    """How nodes of one class are compiled, and which of a node's parts are understood."""

    kind: type[exp.Expr]
    compile: Callable[[Expressions, Any], Value]  # Any is a node of that class: see _handler
    parts: tuple[str, ...]


def _handler(kind: type[N], method: Callable[[Expressions, N], Value], *parts: str) -> _Handler:
    """Return a row of the table, whose types say that the method takes nodes of this class."""
    return _Handler(kind, method, parts or ("this", "expression"))


# A node with another part than its row names is refused.
_TABLE = (
    _handler(exp.Literal, Expressions._literal, "this", "is_string"),
    _handler(exp.Null, Expressions._constant),
    _handler(exp.Boolean, Expressions._constant),
    _handler(Duration, Expressions._duration),
    _handler(exp.Interval, Expressions._interval, "this", "unit"),
    _handler(exp.Parameter, Expressions._parameter),
    _handler(exp.Column, Expressions._column, "this", "table", "db"),
    _handler(exp.Identifier, Expressions._identifier, "this", "quoted"),
    _handler(exp.Dot, Expressions._dot),
    _handler(exp.Neg, Expressions._negate),
    _handler(exp.Paren, Expressions._paren),
    _handler(exp.And, Expressions._logical),
    _handler(exp.Or, Expressions._logical),
    _handler(exp.Not, Expressions._negation),
    _handler(exp.Between, Expressions._between, "this", "low", "high"),
    _handler(exp.In, Expressions._membership, "this", "expressions", "query"),
    _handler(exp.Like, Expressions._like, "this", "expression", "negate"),
    _handler(exp.Escape, Expressions._escape),
    _handler(exp.Is, Expressions._is_null, "this", "expression", "negate"),
    _handler(exp.Case, Expressions._case, "this", "ifs", "default"),
    _handler(exp.Array, Expressions._array, "expressions", "bracket_notation"),
    _handler(exp.Bracket, Expressions._subscript, "this", "expressions"),
    _handler(exp.Tuple, Expressions._row, "expressions"),
    _handler(exp.Cast, Expressions._cast, "this", "to", "_type"),
    _handler(exp.TryCast, Expressions._cast, "this", "to", "safe", "requires_string", "_type"),
    _handler(exp.Extract, Expressions._extract),
    _handler(exp.StrPosition, Expressions._str_position, "this", "substr"),
    _handler(exp.Subquery, Expressions._subquery),
    _handler(exp.Select, Expressions._subquery, "*"),
    _handler(exp.Exists, Expressions._exists),
    _handler(exp.Anonymous, Expressions._call, "this", "expressions"),
    _handler(exp.Window, Expressions._window, "this", "partition_by", "order", "spec", "over"),
    *(
        _handler(kind, Expressions._operator, "this", "expression", "typed", "safe")
        for kind in _OPERATORS
    ),
    *(_handler(kind, Expressions._comparison) for kind in _COMPARISONS),
    *(_handler(kind, Expressions._bare) for kind in _BARE),
)
_HANDLERS = {row.kind: row for row in _TABLE}
