"""Calls: choosing the overload of a function or an operator, and filling its template.

What a function means is a row in `functions`. This module finds the row, checks where aggregates
and windows may stand, and gives a lambda its arguments' types.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Protocol

from sqlglot import exp

from timestream_local import casts, functions, types
from timestream_local.context import Context
from timestream_local.errors import SqlError
from timestream_local.overloads import Overload
from timestream_local.scope import Scope
from timestream_local.types import Type
from timestream_local.values import (
    EMPTY,
    Over,
    Place,
    Value,
    direction,
    fill,
    string,
    substitute,
    time_text,
    unify,
)

_NULLS: dict[type[exp.Expr], str] = {
    exp.IgnoreNulls: " IGNORE NULLS",
    exp.RespectNulls: " RESPECT NULLS",
}
# The rules that are written as signs or words between their arguments.
SIGNS = frozenset(("+", "-", "*", "/", "%", "||", "negate", "LIKE", "[]"))


# A lambda is compiled when an overload says what its arguments are.
Argument = Value | exp.Lambda


@dataclass(frozen=True, slots=True)
class Match:
    """An overload that takes a call's arguments."""

    cost: int  # of the conversions
    rule: Overload
    wanted: tuple[Type, ...]
    arguments: list[Value]  # before they are converted
    bound: dict[str, Type]  # what the signature's variables stand for


class Clause(Protocol):
    """The clause that calls stand in; it compiles their arguments."""

    context: Context
    scope: Scope
    place: Place
    inside_aggregate: bool

    def __call__(self, node: exp.Expr) -> Value:
        """Compile one expression of any kind."""
        ...

    def inner(self, variables: dict[str, tuple[str, Type]]) -> Clause:
        """Return a clause that compiles the body of a lambda with these arguments."""
        ...


class Calls:
    """The calls among the expressions of one clause of one SELECT."""

    def __init__(self, clause: Clause) -> None:
        self.clause = clause
        self.context = clause.context
        self.error = clause.context.error

    def function(self, node: exp.Anonymous, over: Over | None = None) -> Value:
        """Compile a call by name."""
        name = node.name.lower()
        arguments = list(node.expressions)
        if name == "count" and len(arguments) == 1 and isinstance(arguments[0], exp.Star):
            arguments = []
        return self.apply(name, arguments, node, over)

    def attempt(self, arguments: list[exp.Expr], node: exp.Expr) -> Value:
        """Compile TRY: its expression returns NULL where it would raise."""
        outer, self.context.quiet = self.context.quiet, True
        try:
            return self._call(functions.RULES["try"], "try", arguments, node)
        finally:
            self.context.quiet = outer

    def apply(
        self,
        name: str,
        arguments: list[exp.Expr],
        node: exp.Expr,
        over: Over | None = None,
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
        self, rules: list[Overload], name: str, arguments: list[exp.Expr], node: exp.Expr
    ) -> Value:
        if not self.clause.place.aggregates:
            raise self.error(
                f"{self.clause.place.clause} clause cannot contain aggregations: {name}", node
            )
        if self.clause.inside_aggregate:
            raise self.error(f"Cannot nest aggregations inside aggregation '{name}'", node)
        self.clause.inside_aggregate = True
        groups, self.clause.place.groups = self.clause.place.groups, frozenset()
        try:
            value = self._call(rules, name, arguments, node)
        finally:
            self.clause.inside_aggregate = False
            self.clause.place.groups = groups
        if value.window:
            raise self.error(f"Cannot nest window functions inside aggregation '{name}'", node)
        return Value(value.sql, value.type, aggregate=True)

    def _call(
        self,
        rules: list[Overload],
        name: str,
        arguments: list[exp.Expr],
        node: exp.Expr,
        over: Over | None = None,
    ) -> Value:
        distinct = order = ""
        if len(arguments) == 1 and isinstance(arguments[0], exp.Distinct):
            arguments, distinct = arguments[0].expressions, "DISTINCT "
        if arguments and isinstance(arguments[-1], exp.Order):
            ordered = arguments[-1]
            order = " ORDER BY " + self.ordering(ordered.expressions)
            arguments = [*arguments[:-1], ordered.this]
        values = [a if isinstance(a, exp.Lambda) else self.clause(a) for a in arguments]
        best = self._best(rules, values)
        if best is None:
            raise self._no_overload(name, rules, values, node)
        rule = best.rule
        converted = [
            value
            if want.name == "function"
            else self.context.converted(value, substitute(want, best.bound))
            for want, value in zip(best.wanted, best.arguments, strict=True)
        ]
        result = substitute(rule.types.result, best.bound)
        words = {
            "distinct": distinct,
            "order": order,
            "nulls": over.nulls if over else "",
            "over": over.sql if over else "",
        }
        for mark, word in words.items():
            if word and f"{{{mark}}}" not in rule.template:
                shown = {"order": "ORDER BY", "over": "OVER"}.get(mark, word.strip())
                raise self.error(f"{name} does not take {shown}", node)
        converted = [
            self._literal_argument(rule, i, value, arguments[i])
            for i, value in enumerate(converted)
        ]
        if "{now}" in rule.template:
            self.context.uses_now = True
        template = casts.quiet(rule.template) if self.context.quiet else rule.template
        if rule.listed is not None and converted[rule.listed].text is not None:
            hole = self.context.lists.hole
            literal, converted[rule.listed] = converted[rule.listed].sql, Value(hole, types.DOUBLE)
            sql = self.context.lists.ask(fill(template, converted, words), literal)
        else:
            sql = fill(template, converted, words)
        value = EMPTY.over(*converted, sql=sql, type=result)
        return replace(value, window=True) if over else value

    def _literal_argument(self, rule: Overload, i: int, value: Value, node: exp.Expr) -> Value:
        """Return an argument as the rule's converter makes it, if there is one."""
        converter = rule.constant.get(i) or rule.convert.get(i)
        if converter is None or value.parameter is not None:
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

    def _best(self, rules: list[Overload], values: list[Argument]) -> Match | None:
        """Return the overload that takes the arguments with the least conversion."""
        best: Match | None = None
        for rule in rules:
            match = self._match(rule, values)
            if match is not None and (best is None or match.cost < best.cost):
                best = match
                if match.cost == 0:  # no other can fit better
                    break
        return best

    def _match(self, rule: Overload, values: list[Argument]) -> Match | None:
        """Return how an overload takes the arguments, if it does."""
        wanted = rule.types.wanted(len(values))
        if wanted is None:
            return None
        for i, test in rule.only.items():
            given = values[i]
            if isinstance(given, exp.Lambda) or given.text is None or not test(given.text):
                return None
        bound: dict[str, Type] = {}
        total = 0
        texts: list[tuple[Type, Value]] = []
        for want, value in zip(wanted, values, strict=True):
            if isinstance(value, exp.Lambda):
                if want.name != "function":
                    return None
                continue
            if value.texts:  # last: what it is depends on the others, see joint
                texts.append((want, value))
                continue
            cost = unify(want, value.type, bound)
            if cost is None:
                return None
            total += cost
        for want, value in texts:
            cost = unify(want, value.type, bound)
            if cost is None and time_text(substitute(want, bound), value):
                # an operator between texts only is not one of timestamps
                cost = 9 if rule.name not in SIGNS or len(texts) < len(values) else None
            if cost is None:
                return None
            total += cost
        out: list[Value] = []
        for want, value in zip(wanted, values, strict=True):
            made = self._lambda(value, want, bound) if isinstance(value, exp.Lambda) else value
            if made is None:
                return None
            out.append(made)
        return Match(total, rule, wanted, out, bound)

    def _lambda(self, node: exp.Lambda, want: Type, bound: dict[str, Type]) -> Value | None:
        *inputs, result = want.args
        if len(node.expressions) != len(inputs):
            return None
        names = [argument.name.lower() for argument in node.expressions]
        depth = sum(bool(scope.variables) for scope in self.clause.scope.outward())
        symbols = [f"l{depth}_{i}" for i in range(len(names))]
        kinds = [substitute(kind, bound) for kind in inputs]
        inner = self.clause.inner(dict(zip(names, zip(symbols, kinds, strict=True), strict=True)))
        body = inner(node.this)
        if unify(result, body.type, bound) is None:
            return None
        body = self.context.converted(body, substitute(result, bound))
        return replace(body, sql=f"(lambda {', '.join(symbols)}: {body.sql})")

    def _no_overload(
        self, name: str, rules: list[Overload], values: list[Argument], node: exp.Expr
    ) -> SqlError:
        given = ", ".join("function" if isinstance(v, exp.Lambda) else str(v.type) for v in values)
        if name in SIGNS:
            return self.error(f"'{name}' cannot be applied to {given}", node)
        expected = "; ".join(
            f"{name}({rule.signature.rpartition('->')[0].strip()})" for rule in rules
        )
        return self.error(
            f"Unexpected parameters ({given}) for function {name}. Expected: {expected}", node
        )

    def ordering(self, items: list[exp.Ordered]) -> str:
        """Return the items of an ORDER BY inside a window or an aggregate."""
        out = []
        for item in items:
            value = self.clause(item.this)
            out.append(value.sql + direction(item))
        return ", ".join(out)

    def window(self, node: exp.Window) -> Value:
        """Compile a call with an OVER clause."""
        if not self.clause.place.windows:
            raise self.error(
                f"{self.clause.place.clause} clause cannot contain window functions", node
            )
        call, nulls = node.this, _NULLS.get(type(node.this), "")
        if nulls:
            call = call.this
        if not isinstance(call, exp.Anonymous):
            raise self.error(f"{describe(call)} cannot have an OVER clause", node)
        name = call.name.lower()
        if name in functions.RULES and functions.RULES[name][0].kind == "scalar":
            raise self.error(f"{name} is neither an aggregate nor a window function", node)
        parts: list[Value] = []
        text: list[str] = []
        if partition := node.args.get("partition_by"):
            values = [self.clause(item) for item in partition]
            parts += values
            text.append("PARTITION BY " + ", ".join(v.sql for v in values))
        if order := node.args.get("order"):
            keys = [(self.clause(item.this), item) for item in order.expressions]
            parts += [value for value, _ in keys]
            text.append("ORDER BY " + ", ".join(v.sql + direction(item) for v, item in keys))
        if spec := node.args.get("spec"):
            text.append(self._frame(spec))
        value = self.function(call, Over(f" OVER ({' '.join(text)})", nulls))
        return value.over(*parts, sql=value.sql, type=value.type)

    def _frame(self, spec: exp.WindowSpec) -> str:
        kind = spec.args["kind"].upper()
        if kind not in ("ROWS", "RANGE") or spec.args.get("exclude"):
            raise self.error("a window frame is ROWS or RANGE, without EXCLUDE", spec)

        def bound(end: str) -> str:
            edge, side = spec.args.get(end), spec.args.get(f"{end}_side") or ""
            if isinstance(edge, exp.Expr):
                edge = self.clause(edge).sql
            return f"{edge} {side}".strip()

        if spec.args.get("end") is None:
            return f"{kind} {bound('start')}"
        return f"{kind} BETWEEN {bound('start')} AND {bound('end')}"


def describe(node: exp.Expr) -> str:
    """Return the name of a kind of node, for messages."""
    if type(node) in _NULLS:
        return f"{_NULLS[type(node)].strip()} that is not before OVER"
    return type(node).__name__.upper()
