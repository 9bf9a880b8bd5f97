"""Rendering a parsed template over data."""

from collections.abc import Callable
from functools import partial
from typing import Any

from ruletest.gotemplate.builtins import (
    ANY,
    BUILTINS,
    Functions,
    Lazy,
    constant,
    fits,
    truth,
)
from ruletest.gotemplate.format import value_text
from ruletest.gotemplate.parse import (
    Action,
    Branch,
    Call,
    Chain,
    Include,
    Jump,
    Literal,
    Node,
    Pipe,
    Templates,
    Text,
    parse,
)
from ruletest.gotemplate.types import (
    Function,
    GoInt,
    GoMap,
    GoObject,
    TemplateError,
    no_value,
    type_of,
)

_MISSING = object()
_DEEPEST = 150  # Go's own limit is far beyond Python's stack, and ends in the same error


class _Jump(Exception):
    """A break or continue on its way to its range."""


def render(
    text: str, data: object, functions: Functions | None = None, templates: Templates | None = None
) -> str:
    """Return the template's text over ``data`` or raise TemplateError, as Go would."""
    known = {**BUILTINS, **(functions or {})}
    nodes, defined = parse(text, dict(templates or {}), known)
    return Run(known, defined).text(nodes, data)


Scopes = list[dict[str, object]]


class Run:
    """One rendering; its templates can be rendered by name, too."""

    def __init__(self, functions: Functions, templates: Templates) -> None:
        self._functions = functions
        self._templates = templates
        self._depth = 0
        self.out: list[str] = []

    def text(self, nodes: list[Node], data: object) -> str:
        """Return the text of nodes over data."""
        outer, self.out = self.out, []
        try:
            self.nodes(nodes, data, [{"$": data}])
            return "".join(self.out)
        except RecursionError:
            raise TemplateError("exceeded maximum template depth") from None
        finally:
            self.out = outer

    def named(self, name: str, data: object) -> str:
        """Return the text of a template by name."""
        return self.text(self._body(name), data)

    def inline(self, text: str, data: object) -> str:
        """Return the text of a template that is given as text."""
        nodes, self._templates = parse(text, dict(self._templates), self._functions)
        return self.text(nodes, data)

    def nodes(self, nodes: list[Node], dot: object, scopes: Scopes) -> None:
        """Write what the nodes say."""
        for node in nodes:
            if isinstance(node, Text):
                self.out.append(node.text)
            elif isinstance(node, Action):
                value = self._pipe(node.pipe, dot, scopes)
                if not node.pipe.names:
                    self.out.append(value_text(value))
            elif isinstance(node, Include):
                self._include(node, dot, scopes)
            elif isinstance(node, Jump):
                raise _Jump(node.kind)
            elif node.kind == "range":
                self._range(node, dot, scopes)
            else:
                self._if(node, dot, scopes)

    def _body(self, name: str) -> list[Node]:
        if name not in self._templates:
            raise TemplateError(f'template "{name}" not defined')
        return self._templates[name]

    def _include(self, node: Include, dot: object, scopes: Scopes) -> None:
        body = self._body(node.name)
        self._depth += 1
        if self._depth > _DEEPEST:
            raise TemplateError(f"exceeded maximum template depth ({_DEEPEST})")
        data = self._pipe(node.pipe, dot, scopes) if node.pipe else no_value
        self.nodes(body, data, [{"$": data}])
        self._depth -= 1

    def _if(self, node: Branch, dot: object, scopes: Scopes) -> None:
        inner: Scopes = [*scopes, {}]
        value = self._pipe(node.pipe, dot, inner)
        if truth(value):
            self.nodes(node.body, value if node.kind == "with" else dot, [*inner, {}])
        else:
            self.nodes(node.otherwise, dot, [*inner, {}])

    def _range(self, node: Branch, dot: object, scopes: Scopes) -> None:
        value = self._pipe(Pipe(node.pipe.commands), dot, scopes)
        items = _items(value, len(node.pipe.names))
        try:
            for index, item in items:
                self._turn(node, index, item, scopes)
        except _Jump:  # break
            pass
        if not items:
            self.nodes(node.otherwise, dot, [*scopes, {}])

    def _turn(self, node: Branch, index: object, item: object, scopes: Scopes) -> None:
        values = [item] if len(node.pipe.names) == 1 else [index, item]
        frames: Scopes = [*scopes, {}]
        for name, each in zip(node.pipe.names, values, strict=False):
            self._set(name, each, frames, declares=node.pipe.declares)
        try:
            self.nodes(node.body, item, [*frames, {}])
        except _Jump as jump:
            if str(jump) == "break":
                raise

    def _set(self, name: str, value: object, scopes: Scopes, *, declares: bool) -> None:
        if declares:
            scopes[-1][name] = value
            return
        for scope in reversed(scopes):
            if name in scope:
                scope[name] = value
                return

    def _pipe(self, pipe: Pipe, dot: object, scopes: Scopes) -> object:
        value: object = _MISSING
        for command in pipe.commands:
            value = self._command(command, value, dot, scopes)
            value = no_value if value is None else value
        for name in pipe.names:
            self._set(name, value, scopes, declares=pipe.declares)
        return value

    def _command(self, command: list[Any], final: object, dot: object, scopes: Scopes) -> object:
        head, *rest = command
        if isinstance(head, Call):
            return self._call(head.name, rest, final, dot, scopes)
        if isinstance(head, Chain):
            return self._chain(head, rest, final, dot, scopes)
        if rest or final is not _MISSING:
            raise TemplateError("can't give argument to non-function")
        if isinstance(head, Literal) and head.source == "nil":
            raise TemplateError("nil is not a command")
        return self._operand(head, ANY, dot, scopes)

    def _argument(self, operand: Any, wanted: str, dot: object, scopes: Scopes) -> object:
        value = self._operand(operand, wanted, dot, scopes)
        return None if value is no_value else value

    def _operand(self, operand: Any, wanted: str, dot: object, scopes: Scopes) -> object:
        """Return an argument of the type that is wanted."""
        if isinstance(operand, Literal):
            return constant(operand.value, operand.source, wanted)
        if isinstance(operand, Pipe):
            value = self._pipe(operand, dot, scopes)
        elif isinstance(operand, Call):
            value = self._call(operand.name, [], _MISSING, dot, scopes)
        else:
            value = self._chain(operand, [], _MISSING, dot, scopes)
        return value if wanted == ANY else fits(value, wanted)

    def _call(
        self, name: str, rest: list[Any], final: object, dot: object, scopes: Scopes
    ) -> object:
        function = self._functions[name]
        if isinstance(function, Lazy):  # and, or: stop at the first that decides
            thunks: list[Callable[[], object]] = [
                partial(self._operand, each, ANY, dot, scopes) for each in rest
            ]
            if final is not _MISSING:
                thunks.append(lambda: final)
            return function(thunks)
        return self._invoke(name, function, rest, final, dot, scopes)

    def _invoke(
        self,
        name: str,
        function: Function,
        rest: list[Any],
        final: object,
        dot: object,
        scopes: Scopes,
    ) -> object:
        function.check(name, len(rest) + (final is not _MISSING))
        arguments = [
            self._argument(each, function.type_at(at), dot, scopes) for at, each in enumerate(rest)
        ]
        if final is not _MISSING:
            arguments.append(fits(final, function.type_at(len(rest))))
        return called(name, function.run, arguments)

    def _chain(
        self, chain: Chain, rest: list[Any], final: object, dot: object, scopes: Scopes
    ) -> object:
        if isinstance(chain.base, Pipe):
            value = self._pipe(chain.base, dot, scopes)
        elif isinstance(chain.base, Call):
            value = self._call(chain.base.name, [], _MISSING, dot, scopes)
        elif chain.base is None:
            value = dot
        else:
            value = next(scope[chain.base] for scope in reversed(scopes) if chain.base in scope)
        for name in chain.names[:-1]:
            value = self._field(value, name, [], _MISSING, dot, scopes)
        if chain.names:
            return self._field(value, chain.names[-1], rest, final, dot, scopes)
        if rest or final is not _MISSING:
            raise TemplateError("can't give argument to non-function")
        return value

    def _field(
        self,
        value: object,
        name: str,
        rest: list[Any],
        final: object,
        dot: object,
        scopes: Scopes,
    ) -> object:
        methods = getattr(value, "methods", {})
        if name in methods:
            method = methods[name]
            if isinstance(method, Function):
                return self._invoke(name, method, rest, final, dot, scopes)
            arguments = [self._argument(each, ANY, dot, scopes) for each in rest]
            arguments += [] if final is _MISSING else [fits(final, ANY)]
            return called(name, method, arguments)
        if value is no_value:
            return no_value
        if isinstance(value, GoObject) and name in value.fields:
            found = value.fields[name]
        elif isinstance(value, dict):
            zero = value.zero if isinstance(value, GoMap) else None
            found = value.get(name, zero)
        elif value is None:
            raise TemplateError(f"nil data; no entry for key {name!r}")
        else:
            raise TemplateError(f"can't evaluate field {name} in type {type_of(value)}")
        if rest or final is not _MISSING:
            if isinstance(value, dict):
                raise TemplateError(f"{name} is not a method but has arguments")
            raise TemplateError(f"{name} has arguments but cannot be invoked as function")
        return no_value if found is None else found


def called(name: str, function: Callable[..., object], arguments: list[object]) -> object:
    """Call a function; whatever it cannot take is an error that names it."""
    try:
        return function(*arguments)
    except TemplateError as error:
        raise type(error)(f"error calling {name}: {error}") from None
    except (ArithmeticError, AttributeError, TypeError, ValueError) as error:
        raise TemplateError(f"error calling {name}: {error}") from None


def _items(value: object, names: int) -> list[tuple[object, object]]:
    if value is no_value or value is None:
        return []
    if isinstance(value, dict):
        return [(name, no_value if each is None else each) for name, each in sorted(value.items())]
    if isinstance(value, list | tuple):
        return [(at, no_value if each is None else each) for at, each in enumerate(value)]
    if isinstance(value, int) and not isinstance(value, bool) and not isinstance(value, GoInt):
        if names > 1:
            raise TemplateError(f"can't use {value} to iterate over more than one variable")
        return [(at, at) for at in range(value)]
    raise TemplateError(f"range can't iterate over {value_text(value)}")


__all__ = ["Run", "render"]
