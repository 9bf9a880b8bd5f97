"""Expressions: from sqlglot's tree to DuckDB text with a Timestream type.

Every node becomes a Value. What a function or an operator means is a row in `functions`; what is
here is only how the tree is walked, how an overload is chosen, and what the walk must remember.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from sqlglot import exp

from local.timestream import casts, functions, types
from local.timestream.dialect import MONTHS, NANOSECONDS, Duration, position
from local.timestream.errors import SqlError
from local.timestream.rules import Rule, parse_type
from local.timestream.scope import Scope
from local.timestream.types import Type

if TYPE_CHECKING:
    from local.timestream.compiler import Compiler

NOW = "$now"


@dataclass(frozen=True, slots=True)
class Value:
    """A compiled expression."""

    sql: str
    type: Type
    free: exp.Expression | None = None  # a column outside of any aggregate and group key
    aggregate: bool = False
    window: bool = False
    literal: bool = False
    text: str | None = None  # what a literal says

    def over(self, *parts: Value, sql: str, type: Type) -> Value:  # noqa: A002
        """Return a value made of this and other values."""
        every = (self, *parts)
        return Value(
            sql,
            type,
            free=next((v.free for v in every if v.free is not None), None),
            aggregate=any(v.aggregate for v in every),
            window=any(v.window for v in every),
        )


_EMPTY = Value("", types.UNKNOWN)


@dataclass(slots=True)
class Place:
    """Where in a SELECT an expression stands, and so what it may contain."""

    clause: str
    aggregates: bool = False
    windows: bool = False
    groups: frozenset[str] = frozenset()


def string(text: str) -> str:
    """Return a DuckDB string literal."""
    return "'" + text.replace("'", "''") + "'"


class Expressions:
    """Compiles the expressions of one clause of one SELECT."""

    def __init__(self, compiler: Compiler, scope: Scope, place: Place) -> None:
        self.compiler = compiler
        self.scope = scope
        self.place = place
        self.inside_aggregate = False

    def error(self, message: str, node: exp.Expression) -> SqlError:
        """Return a refusal that points at `node`."""
        return SqlError(message, self.compiler.text, position(node))

    def __call__(self, node: exp.Expression) -> Value:
        """Compile one expression."""
        handler = _HANDLERS.get(type(node))
        if handler is None:
            raise self.error(f"{_describe(node)} is not supported", node)
        self.compiler.only(node, *_ARGS.get(type(node), ("this", "expression")))
        value = handler(self, node)
        if value.free is not None and value.sql in self.place.groups:
            return replace(value, free=None)
        return value

    def boolean(self, node: exp.Expression, what: str) -> Value:
        """Compile an expression that must be a boolean."""
        value = self(node)
        if types.coercion_cost(value.type, types.BOOLEAN) is None:
            raise self.error(f"{what} must evaluate to a boolean (actual: {value.type})", node)
        return value

    # -- leaves

    def literal(self, node: exp.Literal) -> Value:
        if node.is_string:
            return Value(string(node.this), types.VARCHAR, literal=True, text=node.this)
        text = node.this
        if text.isdigit():
            number = int(text)
            if number >= 1 << 63:
                raise self.error(f"Invalid numeric literal: {text}", node)
            if number >= 1 << 31:
                if node.meta.get("start") in self.compiler.lifted:
                    return Value(self.compiler.parameter(node.meta["start"]), types.BIGINT)
                return Value(f"CAST({number} AS BIGINT)", types.BIGINT, literal=True, text=text)
            return Value(str(number), types.INTEGER, literal=True, text=text)
        try:
            number = float(text)
        except ValueError:
            number = math.inf
        if math.isinf(number):
            raise self.error(f"Invalid numeric literal: {text}", node)
        return Value(double(number), types.DOUBLE, literal=True, text=text)

    def constant(self, node: exp.Expression) -> Value:
        if isinstance(node, exp.Null):
            return Value("NULL", types.UNKNOWN, literal=True)
        return Value("TRUE" if node.this else "FALSE", types.BOOLEAN, literal=True)

    def duration(self, node: Duration) -> Value:
        amount, unit = node.this.split()
        if unit in MONTHS:
            return Value(str(int(amount) * MONTHS[unit]), types.INTERVAL_MONTH, literal=True)
        return Value(
            f"CAST({int(amount) * NANOSECONDS[unit]} AS BIGINT)", types.INTERVAL_DAY, literal=True
        )

    def interval(self, node: exp.Interval) -> Value:
        text = node.this.name if isinstance(node.this, exp.Literal) else ""
        unit = node.args["unit"].name.lower() if node.args.get("unit") else ""
        try:
            kind, amount = casts.interval_literal(text, unit)
        except ValueError as error:
            raise self.error(str(error), node) from None
        duck = "BIGINT" if kind == types.INTERVAL_DAY else "INTEGER"
        return Value(f"CAST({amount} AS {duck})", kind, literal=True)

    def column(self, node: exp.Column) -> Value:
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
            if found:
                inner = depth == 0 or self.scope.variables
                return Value(found[0].sql, found[0].type, free=node if inner else None)
        if table is not None and database is None:
            base = self._row_column(node, table, name)
            if base is not None:
                return base
        raise self.error(f"Column '{'.'.join(p.name for p in node.parts)}' does not exist", node)

    def _row_column(self, node: exp.Column, base: str, name: str) -> Value | None:
        """Read `x.value` as the field of a row column or lambda argument x."""
        for scope in self.scope.outward():
            if base.lower() in scope.variables:
                sql, kind = scope.variables[base.lower()]
                return self._field(Value(sql, kind), name, node)
            found = scope.find(base, None, None)
            if len(found) == 1 and found[0].type.name == "row":
                return self._field(Value(found[0].sql, found[0].type, free=node), name, node)
        return None

    def dot(self, node: exp.Dot) -> Value:
        if not isinstance(node.expression, exp.Identifier):
            raise self.error("a function cannot be qualified", node)
        return self._field(self(node.this), node.expression.name, node)

    def _field(self, base: Value, name: str, node: exp.Expression) -> Value:
        if base.type.name == "row":
            for i, field in enumerate(base.type.fields):
                if field and field.lower() == name.lower():
                    sql = f"struct_extract({base.sql}, 'f{i}')"
                    return base.over(sql=sql, type=base.type.args[i])
        raise self.error(f"{base.type} has no field '{name}'", node)

    def identifier(self, node: exp.Identifier) -> Value:
        return self.column(exp.Column(this=node))

    # -- operators

    def operator(self, node: exp.Expression) -> Value:
        return self.apply(_OPERATORS[type(node)], [node.this, node.expression], node)

    def negate(self, node: exp.Neg) -> Value:
        if isinstance(node.this, exp.Literal) and node.this.name == "9223372036854775808":
            return Value("CAST('-9223372036854775808' AS BIGINT)", types.BIGINT, literal=True)
        value = self.apply("negate", [node.this], node)
        return replace(value, literal=isinstance(node.this, exp.Literal))

    def paren(self, node: exp.Paren) -> Value:
        inner = self(node.this)
        return inner

    def logical(self, node: exp.Expression) -> Value:
        word = "AND" if isinstance(node, exp.And) else "OR"
        sides = [self.boolean(side, "Logical expression term") for side in node.flatten()]
        sql = "(" + f" {word} ".join(v.sql for v in sides) + ")"
        return _EMPTY.over(*sides, sql=sql, type=types.BOOLEAN)

    def negation(self, node: exp.Not) -> Value:
        value = self.boolean(node.this, "Value of logical NOT expression")
        return value.over(sql=f"(NOT {value.sql})", type=types.BOOLEAN)

    def comparison(self, node: exp.Expression) -> Value:
        sign = _COMPARISONS[type(node)]
        if isinstance(node.expression, (exp.All, exp.Any)):
            return self._quantified(node, sign)
        left, right = self._same_type(sign, node.this, node.expression, node)
        return left.over(right, sql=f"({left.sql} {sign} {right.sql})", type=types.BOOLEAN)

    def _same_type(
        self, sign: str, a: exp.Expression, b: exp.Expression, node: exp.Expression
    ) -> tuple[Value, Value]:
        left, right = self(a), self(b)
        kind = types.common(left.type, right.type)
        if kind is None:
            raise self.error(f"'{sign}' cannot be applied to {left.type}, {right.type}", node)
        return self.converted(left, kind), self.converted(right, kind)

    def converted(self, value: Value, kind: Type) -> Value:
        """Return a value converted to a type that types.common or an overload allowed."""
        if value.type == kind:
            return value
        if value.literal and kind == types.DOUBLE and value.sql.lstrip("(-").rstrip(")").isdigit():
            return replace(value, sql=f"{value.sql}::DOUBLE", type=kind)
        return replace(value, sql=types.coerce(value.sql, value.type, kind), type=kind)

    def _quantified(self, node: exp.Expression, sign: str) -> Value:
        left = self(node.this)
        word = "ALL" if isinstance(node.expression, exp.All) else "ANY"
        query = node.expression.this
        query = query.this if isinstance(query, (exp.Subquery, exp.Paren)) else query
        if not isinstance(query, (exp.Query, exp.Values)):
            raise self.error(f"{word} needs a subquery", node)
        compiled = self._one_column(query, node)
        kind = types.common(left.type, compiled.columns[0].type)
        if kind is None:
            raise self.error(
                f"'{sign}' cannot be applied to {left.type}, {compiled.columns[0].type}", node
            )
        return left.over(sql=f"({left.sql} {sign} {word} ({compiled.sql}))", type=types.BOOLEAN)

    def between(self, node: exp.Between) -> Value:
        value, low, high = self(node.this), self(node.args["low"]), self(node.args["high"])
        kind = types.common(value.type, low.type)
        kind = kind and types.common(kind, high.type)
        if kind is None:
            raise self.error(
                f"Cannot check if {value.type} is BETWEEN {low.type} and {high.type}", node
            )
        a, b, c = (self.converted(v, kind).sql for v in (value, low, high))
        return value.over(low, high, sql=f"({a} BETWEEN {b} AND {c})", type=types.BOOLEAN)

    def membership(self, node: exp.In) -> Value:
        value = self(node.this)
        if node.args.get("query") is not None:
            query = node.args["query"]
            compiled = self._one_column(
                query.this if isinstance(query, exp.Subquery) else query, node
            )
            kind = types.common(value.type, compiled.columns[0].type)
            if kind is None:
                raise self.error(
                    f"value and result of subquery must be of the same type for IN expression: "
                    f"{value.type} vs {compiled.columns[0].type}",
                    node,
                )
            left = self.converted(value, kind)
            return value.over(sql=f"({left.sql} IN ({compiled.sql}))", type=types.BOOLEAN)
        items = [self(item) for item in node.expressions]
        kind = value.type
        for item in items:
            joint = types.common(kind, item.type)
            if joint is None:
                raise self.error(
                    f"IN value and list items must be the same type: {value.type} vs {item.type}",
                    node,
                )
            kind = joint
        listed = ", ".join(self.converted(item, kind).sql for item in items)
        left = self.converted(value, kind)
        return value.over(*items, sql=f"({left.sql} IN ({listed}))", type=types.BOOLEAN)

    def like(self, node: exp.Like) -> Value:
        value = self.apply("LIKE", [node.this, node.expression], node)
        return self._negated(node, value)

    def escape(self, node: exp.Escape) -> Value:
        like = node.this
        if not isinstance(like, exp.Like):
            raise self.error("ESCAPE is only allowed after LIKE", node)
        value = self.apply("LIKE", [like.this, like.expression, node.expression], node)
        return self._negated(like, value)

    @staticmethod
    def _negated(node: exp.Expression, value: Value) -> Value:
        if node.args.get("negate"):
            return value.over(sql=f"(NOT {value.sql})", type=types.BOOLEAN)
        return value

    def is_null(self, node: exp.Is) -> Value:
        value = self(node.this)
        if not isinstance(node.expression, exp.Null):
            raise self.error("IS is only allowed before NULL and NOT NULL", node)
        word = "IS NOT NULL" if node.args.get("negate") else "IS NULL"
        return value.over(sql=f"({value.sql} {word})", type=types.BOOLEAN)

    # -- compound

    def case(self, node: exp.Case) -> Value:
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
                kind = types.common(subject.type, test.type)
                if kind is None:
                    raise self.error(
                        f"CASE operand type does not match WHEN clause operand type: "
                        f"{subject.type} vs {test.type}",
                        branch,
                    )
                tests.append(
                    f"{self.converted(subject, kind).sql} = {self.converted(test, kind).sql}"
                )
            parts.append(test)
            results.append(self(branch.args["true"]))
        default = node.args.get("default")
        results.append(self(default) if default is not None else Value("NULL", types.UNKNOWN))
        results = self.unified(results, "All CASE results must be the same type", node)
        whens = " ".join(
            f"WHEN {test} THEN {result.sql}" for test, result in zip(tests, results, strict=False)
        )
        sql = f"(CASE {whens} ELSE {results[-1].sql} END)"
        return _EMPTY.over(*parts, *results, sql=sql, type=results[0].type)

    def unified(self, values: list[Value], message: str, node: exp.Expression) -> list[Value]:
        """Return values converted to the one type all of them have in common."""
        kind = types.UNKNOWN
        for value in values:
            joint = types.common(kind, value.type)
            if joint is None:
                raise self.error(f"{message}: {kind} vs {value.type}", node)
            kind = joint
        return [self.converted(value, kind) for value in values]

    def array(self, node: exp.Array) -> Value:
        items = [self(item) for item in node.expressions]
        items = self.unified(items, "All ARRAY elements must be the same type", node)
        kind = types.array(items[0].type if items else types.UNKNOWN)
        sql = f"CAST([{', '.join(v.sql for v in items)}] AS {types.duckdb_name(kind)})"
        return _EMPTY.over(*items, sql=sql, type=kind)

    def subscript(self, node: exp.Bracket) -> Value:
        if len(node.expressions) != 1:
            raise self.error("a subscript is one expression", node)
        return self.apply("[]", [node.this, node.expressions[0]], node)

    def cast(self, node: exp.Cast) -> Value:
        value = self(node.this)
        try:
            kind = parse_type(self.compiler.type_text(node.args["to"]))
        except ValueError as error:
            raise self.error(str(error), node) from None
        safe = isinstance(node, exp.TryCast)
        template = casts.template(value.type, kind, safe or self.compiler.quiet)
        if template is None:
            raise self.error(f"Cannot cast {value.type} to {kind}", node)
        folded = casts.literal(value.text, kind) if value.type == types.VARCHAR else None
        if folded is not None:
            return Value(folded, kind, literal=True, text=value.text)
        return value.over(sql=template.format(value.sql), type=kind)

    def extract(self, node: exp.Extract) -> Value:
        part = node.this.name.lower()
        if part not in functions.EXTRACT:
            raise self.error(f"Invalid EXTRACT field: {part}", node)
        return self.apply(functions.EXTRACT[part], [node.expression], node)

    def str_position(self, node: exp.StrPosition) -> Value:
        return self.apply("strpos", [node.this, node.args["substr"]], node)

    def subquery(self, node: exp.Expression) -> Value:
        query = node.this if isinstance(node, exp.Subquery) else node
        compiled = self._one_column(query, node)
        return Value(f"({compiled.sql})", compiled.columns[0].type)

    def exists(self, node: exp.Exists) -> Value:
        query = node.this.this if isinstance(node.this, exp.Subquery) else node.this
        compiled = self.compiler.query(query, self.scope)
        return Value(f"EXISTS ({compiled.sql})", types.BOOLEAN)

    def _one_column(self, query: exp.Expression, node: exp.Expression):
        compiled = self.compiler.query(query, self.scope)
        if len(compiled.columns) != 1:
            raise self.error(
                f"Multiple columns returned by subquery are not yet supported. "
                f"Found {len(compiled.columns)}",
                node,
            )
        return compiled

    # -- functions

    def function(self, node: exp.Anonymous, over: str = "") -> Value:
        name = node.name.lower()
        arguments = list(node.expressions)
        if name == "count" and len(arguments) == 1 and isinstance(arguments[0], exp.Star):
            arguments = []
        return self.apply(name, arguments, node, over)

    def attempt(self, arguments: list[exp.Expression], node: exp.Expression) -> Value:
        """Compile TRY: what is inside returns NULL where it would raise."""
        outer, self.compiler.quiet = self.compiler.quiet, True
        try:
            return self._call(functions.RULES["try"], "try", arguments, node)
        finally:
            self.compiler.quiet = outer

    def bare(self, node: exp.Expression) -> Value:
        return self.apply(_BARE[type(node)], [], node)

    def apply(
        self, name: str, arguments: list[exp.Expression], node: exp.Expression, over: str = ""
    ) -> Value:
        """Compile a call of a function or an operator: choose the overload, fill its template."""
        rules = functions.RULES.get(name)
        if rules is None:
            raise self.error(f"Function {name} is not supported", node)
        if name == "try":
            return self.attempt(arguments, node)
        kind = rules[0].kind
        if kind == "aggregate" and not over:
            return self._aggregate(rules, name, arguments, node)
        if kind == "window" and not over:
            raise self.error(f"Window function {name} needs an OVER clause", node)
        return self._call(rules, name, arguments, node, over=over)

    def _aggregate(
        self, rules: list[Rule], name: str, arguments: list[exp.Expression], node: exp.Expression
    ) -> Value:
        if not self.place.aggregates:
            raise self.error(
                f"{self.place.clause} clause cannot contain aggregations: {name}", node
            )
        if self.inside_aggregate:
            raise self.error(f"Cannot nest aggregations inside aggregation '{name}'", node)
        self.inside_aggregate = True
        groups, self.place.groups = self.place.groups, frozenset()
        try:
            value = self._call(rules, name, arguments, node)
        finally:
            self.inside_aggregate = False
            self.place.groups = groups
        if value.window:
            raise self.error(f"Cannot nest window functions inside aggregation '{name}'", node)
        return Value(value.sql, value.type, aggregate=True)

    def _call(
        self,
        rules: list[Rule],
        name: str,
        arguments: list[exp.Expression],
        node: exp.Expression,
        over: str = "",
    ) -> Value:
        distinct = order = ""
        if len(arguments) == 1 and isinstance(arguments[0], exp.Distinct):
            arguments, distinct = arguments[0].expressions, "DISTINCT "
        if arguments and isinstance(arguments[-1], exp.Order):
            ordered = arguments[-1]
            order = " ORDER BY " + self.ordering(ordered.expressions)
            arguments = [*arguments[:-1], ordered.this]
        values = [None if isinstance(a, exp.Lambda) else self(a) for a in arguments]
        best: tuple[int, Rule, list[Value], Type] | None = None
        for rule in rules:
            match = self._match(rule, arguments, values)
            if match is not None and (best is None or match[0] < best[0]):
                best = (match[0], rule, *match[1:])
        if best is None:
            raise self._no_overload(name, rules, values, node)
        _, rule, converted, result = best
        for marker, used in (("{distinct}", distinct), ("{order}", order), ("{over}", over)):
            if used and marker not in rule.template:
                word = {"{distinct}": "DISTINCT", "{order}": "ORDER BY", "{over}": "OVER"}[marker]
                raise self.error(f"{name} does not take {word}", node)
        converted = [
            self._literal_argument(rule, i, value, arguments[i])
            for i, value in enumerate(converted)
        ]
        if "{now}" in rule.template:
            self.compiler.uses_now = True
        template = casts.quiet(rule.template) if self.compiler.quiet else rule.template
        sql = fill(template, converted, distinct, order, over)
        value = _EMPTY.over(*converted, sql=sql, type=result)
        return replace(value, window=True) if over else value

    def _literal_argument(self, rule: Rule, i: int, value: Value, node: exp.Expression) -> Value:
        """Return an argument as the rule's converter makes it, if there is one."""
        converter = rule.constant.get(i) or rule.convert.get(i)
        if converter is None:
            return value
        text = value.text
        if text is None:
            if i in rule.constant:
                raise self.error(f"argument {i + 1} of {rule.name} must be a literal", node)
            return value
        try:
            converted = converter(text)
        except ValueError as error:
            raise self.error(str(error), node) from None
        return replace(value, sql=string(converted)) if value.type == types.VARCHAR else value

    def _match(
        self, rule: Rule, arguments: list[exp.Expression], values: list[Value | None]
    ) -> tuple[int, list[Value], Type] | None:
        signature = rule.types
        wanted = list(signature.arguments)
        if signature.variadic:
            if len(values) < len(wanted) - 1:
                return None
            wanted = wanted[:-1] + [wanted[-1]] * (len(values) - len(wanted) + 1)
        if len(wanted) != len(values):
            return None
        bound: dict[str, Type] = {}
        total = 0
        for want, value in zip(wanted, values, strict=True):
            if value is None:
                if want.name != "function":
                    return None
                continue
            cost = unify(want, value.type, bound)
            if cost is None and _is_time_text(want, value) and rule.name not in _SIGNS:
                cost = 9
            if cost is None:
                return None
            total += cost
        out: list[Value] = []
        for want, value, argument in zip(wanted, values, arguments, strict=True):
            if value is None:
                lambda_value = self._lambda(argument, want, bound)
                if lambda_value is None:
                    return None
                out.append(lambda_value)
            elif _is_time_text(want, value):
                out.append(replace(value, sql=f"ts_to_timestamp({value.sql})", type=want))
            else:
                out.append(self.converted(value, substitute(want, bound)))
        return total, out, substitute(signature.result, bound)

    def _lambda(self, node: exp.Lambda, want: Type, bound: dict[str, Type]) -> Value | None:
        *inputs, result = want.args
        if len(node.expressions) != len(inputs):
            return None
        names = [argument.name.lower() for argument in node.expressions]
        depth = sum(bool(scope.variables) for scope in self.scope.outward())
        symbols = [f"l{depth}_{i}" for i in range(len(names))]
        kinds = [substitute(kind, bound) for kind in inputs]
        inner = Expressions(
            self.compiler,
            Scope(
                parent=self.scope,
                variables=dict(zip(names, zip(symbols, kinds, strict=True), strict=True)),
            ),
            Place("lambda", groups=self.place.groups),
        )
        body = inner(node.this)
        if unify(result, body.type, bound) is None:
            return None
        body = self.converted(body, substitute(result, bound))
        return replace(body, sql=f"(lambda {', '.join(symbols)}: {body.sql})")

    def _no_overload(
        self, name: str, rules: list[Rule], values: list[Value | None], node: exp.Expression
    ) -> SqlError:
        given = ", ".join("function" if v is None else str(v.type) for v in values)
        if name in _SIGNS:
            return self.error(f"'{name}' cannot be applied to {given}", node)
        expected = "; ".join(
            f"{name}({rule.signature.rpartition('->')[0].strip()})" for rule in rules
        )
        return self.error(
            f"Unexpected parameters ({given}) for function {name}. Expected: {expected}", node
        )

    def ordering(self, items: list[exp.Expression]) -> str:
        """Return the items of an ORDER BY inside a window or an aggregate."""
        out = []
        for item in items:
            value = self(item.this)
            out.append(value.sql + direction(item))
        return ", ".join(out)

    def window(self, node: exp.Window) -> Value:
        if not self.place.windows:
            raise self.error(f"{self.place.clause} clause cannot contain window functions", node)
        if not isinstance(node.this, exp.Anonymous):
            raise self.error(f"{_describe(node.this)} cannot have an OVER clause", node)
        name = node.this.name.lower()
        if name in functions.RULES and functions.RULES[name][0].kind == "scalar":
            raise self.error(f"{name} is neither an aggregate nor a window function", node)
        parts: list[Value] = []
        text: list[str] = []
        if partition := node.args.get("partition_by"):
            values = [self(item) for item in partition]
            parts += values
            text.append("PARTITION BY " + ", ".join(v.sql for v in values))
        if order := node.args.get("order"):
            keys = [(self(item.this), item) for item in order.expressions]
            parts += [value for value, _ in keys]
            text.append("ORDER BY " + ", ".join(v.sql + direction(item) for v, item in keys))
        if spec := node.args.get("spec"):
            text.append(self._frame(spec))
        value = self.function(node.this, over=f" OVER ({' '.join(text)})")
        return value.over(*parts, sql=value.sql, type=value.type)

    def _frame(self, spec: exp.WindowSpec) -> str:
        kind = spec.args["kind"].upper()
        if kind not in ("ROWS", "RANGE") or spec.args.get("exclude"):
            raise self.error("a window frame is ROWS or RANGE, without EXCLUDE", spec)

        def bound(end: str) -> str:
            edge, side = spec.args.get(end), spec.args.get(f"{end}_side") or ""
            if isinstance(edge, exp.Expression):
                edge = self(edge).sql
            return f"{edge} {side}".strip()

        if spec.args.get("end") is None:
            return f"{kind} {bound('start')}"
        return f"{kind} BETWEEN {bound('start')} AND {bound('end')}"


def _is_time_text(want: Type, value: Value) -> bool:
    """Whether a string literal stands where a timestamp is wanted; functions take it as one."""
    return want == types.TIMESTAMP and value.type == types.VARCHAR and value.literal


def fill(template: str, arguments: list[Value], distinct: str, order: str, over: str) -> str:
    """Return a rule's template with its arguments in place."""
    texts = [argument.sql for argument in arguments]
    template = template.replace("{*}", ", ".join(texts).replace("{", "{{").replace("}", "}}"))
    if "{0:type}" in template:
        return template.replace("{0:type}", str(arguments[0].type))
    return template.format(*texts, distinct=distinct, order=order, over=over, now=NOW)


def double(number: float) -> str:
    """Return a DuckDB literal of type DOUBLE."""
    text = repr(number)
    return text if "e" in text else f"{text}e0"


def direction(item: exp.Ordered) -> str:
    """Return the direction of a sort key; NULLs come last unless said otherwise."""
    nulls = "FIRST" if item.args.get("nulls_first") else "LAST"
    return f" {'DESC' if item.args.get('desc') else 'ASC'} NULLS {nulls}"


def unify(want: Type, have: Type, bound: dict[str, Type]) -> int | None:
    """Match a type against a signature's, noting what its variables stand for."""
    if want.is_variable:
        known = bound.get(want.name)
        if known is None:
            bound[want.name] = have
            return 0
        joint = types.common(known, have)
        if joint is None:
            return None
        bound[want.name] = joint
        return 0 if joint == known == have else 1
    if want.args and want.name == have.name and len(want.args) == len(have.args):
        costs = [unify(w, h, bound) for w, h in zip(want.args, have.args, strict=True)]
        return None if None in costs else sum(costs)
    if want.args:
        return 1 if have == types.UNKNOWN else None
    return types.coercion_cost(have, want)


def substitute(want: Type, bound: dict[str, Type]) -> Type:
    """Return a signature's type with its variables replaced."""
    if want.is_variable:
        return bound.get(want.name, types.UNKNOWN)
    if want.args:
        return replace(want, args=tuple(substitute(arg, bound) for arg in want.args))
    return want


def _describe(node: exp.Expression) -> str:
    return type(node).__name__.upper()


_COMPARISONS = {
    exp.EQ: "=",
    exp.NEQ: "<>",
    exp.LT: "<",
    exp.LTE: "<=",
    exp.GT: ">",
    exp.GTE: ">=",
}
_OPERATORS = {
    exp.Add: "+",
    exp.Sub: "-",
    exp.Mul: "*",
    exp.Div: "/",
    exp.Mod: "%",
    exp.DPipe: "||",
}
_SIGNS = {*_OPERATORS.values(), "negate", "LIKE", "[]"}
_BARE = {
    exp.CurrentDate: "current_date",
    exp.CurrentTime: "current_time",
    exp.CurrentTimestamp: "current_timestamp",
    exp.Localtime: "localtime",
    exp.Localtimestamp: "localtimestamp",
}

_HANDLERS: dict[type, Callable[[Expressions, exp.Expression], Value]] = {
    exp.Literal: Expressions.literal,
    exp.Null: Expressions.constant,
    exp.Boolean: Expressions.constant,
    Duration: Expressions.duration,
    exp.Interval: Expressions.interval,
    exp.Column: Expressions.column,
    exp.Identifier: Expressions.identifier,
    exp.Dot: Expressions.dot,
    exp.Neg: Expressions.negate,
    exp.Paren: Expressions.paren,
    exp.And: Expressions.logical,
    exp.Or: Expressions.logical,
    exp.Not: Expressions.negation,
    exp.Between: Expressions.between,
    exp.In: Expressions.membership,
    exp.Like: Expressions.like,
    exp.Escape: Expressions.escape,
    exp.Is: Expressions.is_null,
    exp.Case: Expressions.case,
    exp.Array: Expressions.array,
    exp.Bracket: Expressions.subscript,
    exp.Cast: Expressions.cast,
    exp.TryCast: Expressions.cast,
    exp.Extract: Expressions.extract,
    exp.StrPosition: Expressions.str_position,
    exp.Subquery: Expressions.subquery,
    exp.Select: Expressions.subquery,
    exp.Exists: Expressions.exists,
    exp.Anonymous: Expressions.function,
    exp.Window: Expressions.window,
    **dict.fromkeys(_OPERATORS, Expressions.operator),
    **dict.fromkeys(_COMPARISONS, Expressions.comparison),
    **dict.fromkeys(_BARE, Expressions.bare),
}

# The parts of a node that are understood; a node with any other part is refused.
_ARGS: dict[type, tuple[str, ...]] = {
    exp.Literal: ("this", "is_string"),
    exp.Identifier: ("this", "quoted"),
    exp.Column: ("this", "table", "db"),
    exp.Interval: ("this", "unit"),
    exp.Between: ("this", "low", "high"),
    exp.In: ("this", "expressions", "query"),
    exp.Like: ("this", "expression", "negate"),
    exp.Is: ("this", "expression", "negate"),
    exp.Case: ("this", "ifs", "default"),
    exp.Array: ("expressions", "bracket_notation"),
    exp.Bracket: ("this", "expressions"),
    exp.Cast: ("this", "to", "_type"),
    exp.TryCast: ("this", "to", "safe", "requires_string", "_type"),
    exp.StrPosition: ("this", "substr"),
    exp.Select: ("*",),
    exp.Anonymous: ("this", "expressions"),
    exp.Window: ("this", "partition_by", "order", "spec", "over"),
    exp.Div: ("this", "expression", "typed", "safe"),
    exp.DPipe: ("this", "expression", "safe"),
}
