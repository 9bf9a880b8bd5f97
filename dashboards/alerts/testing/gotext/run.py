"""Rendering a parsed template over data."""

from collections.abc import Callable, Mapping
from typing import Any

from dashboards.alerts.testing.gotext.format import sprint, value_text
from dashboards.alerts.testing.gotext.functions import BUILTINS, Lazy, truth
from dashboards.alerts.testing.gotext.parse import (
    Action,
    Branch,
    Call,
    Chain,
    Include,
    Literal,
    Node,
    Pipe,
    TemplateError,
    Templates,
    Text,
    parse,
)
from dashboards.alerts.testing.gotext.types import GoMap, GoObject, no_value

Functions = Mapping[str, Callable[..., Any]]
_MISSING = object()
_DEEPEST = 100


def render(
    text: str, data: object, functions: Functions | None = None, templates: Templates | None = None
) -> str:
    """Return the template's text over ``data`` or raise TemplateError, as Go would."""
    nodes, defined = parse(text, dict(templates or {}))
    run = _Run({**BUILTINS, **(functions or {})}, defined)
    run.nodes(nodes, data, [{"$": data}])
    return "".join(run.out)


Scopes = list[dict[str, object]]


class _Run:
    def __init__(self, functions: Functions, templates: Templates) -> None:
        self._functions = functions
        self._templates = templates
        self._depth = 0
        self.out: list[str] = []

    def nodes(self, nodes: list[Node], dot: object, scopes: Scopes) -> None:
        for node in nodes:
            if isinstance(node, Text):
                self.out.append(node.text)
            elif isinstance(node, Action):
                value = self._pipe(node.pipe, dot, scopes)
                if not node.pipe.names:
                    self.out.append(value_text(value))
            elif isinstance(node, Include):
                self._include(node, dot, scopes)
            elif node.kind == "range":
                self._range(node, dot, scopes)
            else:
                self._if(node, dot, scopes)

    def _include(self, node: Include, dot: object, scopes: Scopes) -> None:
        if node.name not in self._templates:
            raise TemplateError(f"template {node.name!r} not defined")
        self._depth += 1
        if self._depth > _DEEPEST:
            raise TemplateError(f"exceeded maximum template depth in {node.name!r}")
        data = self._pipe(node.pipe, dot, scopes) if node.pipe else None
        self.nodes(self._templates[node.name], data, [{"$": data}])
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
        if value is no_value or value is None:
            items: list[tuple[object, object]] = []
        elif isinstance(value, dict):
            items = sorted(value.items())
        elif isinstance(value, list | tuple):
            items = list(enumerate(value))
        else:
            raise TemplateError(f"range can't iterate over {value_text(value)}")
        for index, item in items:
            values = [item] if len(node.pipe.names) == 1 else [index, item]
            scope: dict[str, object] = {}
            frames: Scopes = [*scopes, scope]
            for name, each in zip(node.pipe.names, values, strict=False):
                self._set(name, each, frames, declares=node.pipe.declares)
            self.nodes(node.body, item, [*frames, {}])
        if not items:
            self.nodes(node.otherwise, dot, [*scopes, {}])

    def _set(self, name: str, value: object, scopes: Scopes, *, declares: bool) -> None:
        if declares:
            scopes[-1][name] = value
            return
        for scope in reversed(scopes):
            if name in scope:
                scope[name] = value
                return
        raise TemplateError(f"undefined variable {name!r}")

    def _pipe(self, pipe: Pipe, dot: object, scopes: Scopes) -> object:
        value: object = _MISSING
        for command in pipe.commands:
            value = self._command(command, value, dot, scopes)
        for name in pipe.names:
            self._set(name, value, scopes, declares=pipe.declares)
        return value

    def _command(self, command: list[Any], final: object, dot: object, scopes: Scopes) -> object:
        head, *rest = command
        if isinstance(head, Call):
            return self._call(head.name, rest, final, dot, scopes)
        if isinstance(head, Chain):
            arguments = [self._operand(each, dot, scopes) for each in rest]
            if final is not _MISSING:
                arguments.append(final)
            return self._chain(head, arguments, dot, scopes)
        if rest or final is not _MISSING:
            raise TemplateError("can't give argument to non-function")
        return self._operand(head, dot, scopes)

    def _operand(self, operand: Any, dot: object, scopes: Scopes) -> object:
        if isinstance(operand, Literal):
            return operand.value
        if isinstance(operand, Pipe):
            return self._pipe(operand, dot, scopes)
        if isinstance(operand, Call):
            return self._call(operand.name, [], _MISSING, dot, scopes)
        return self._chain(operand, [], dot, scopes)

    def _call(
        self, name: str, rest: list[Any], final: object, dot: object, scopes: Scopes
    ) -> object:
        if name not in self._functions:
            raise TemplateError(f"function {name!r} not defined")
        function = self._functions[name]
        if isinstance(function, Lazy):  # and, or: stop at the first that decides
            thunks = [lambda each=each: self._operand(each, dot, scopes) for each in rest]
            if final is not _MISSING:
                thunks.append(lambda: final)
            return function(thunks)
        arguments = [self._operand(each, dot, scopes) for each in rest]
        if final is not _MISSING:
            arguments.append(final)
        arguments = [None if each is no_value else each for each in arguments]
        try:
            return function(*arguments)
        except (AttributeError, TypeError, ValueError) as error:
            raise TemplateError(f"error calling {name}: {error}") from None

    def _chain(self, chain: Chain, arguments: list[object], dot: object, scopes: Scopes) -> object:
        if isinstance(chain.base, Pipe):
            value = self._pipe(chain.base, dot, scopes)
        elif chain.base is None:
            value = dot
        else:
            for scope in reversed(scopes):
                if chain.base in scope:
                    value = scope[chain.base]
                    break
            else:
                raise TemplateError(f"undefined variable {chain.base!r}")
        for position, name in enumerate(chain.names):
            last = position == len(chain.names) - 1
            value = _field(value, name, arguments if last else [])
        if arguments and not chain.names:
            raise TemplateError("can't give argument to non-function")
        return value


def _field(value: object, name: str, arguments: list[object]) -> object:
    methods = getattr(value, "methods", {})
    if name in methods:
        try:
            return methods[name](*arguments)
        except (TypeError, ValueError) as error:
            raise TemplateError(f"error calling {name}: {error}") from None
    if arguments:
        raise TemplateError(f"{name} has arguments but cannot be invoked as function")
    if value is no_value:
        return no_value
    if isinstance(value, GoMap):
        return value.get(name, value.zero)
    if isinstance(value, GoObject):
        if name not in value.fields:
            raise TemplateError(f"can't evaluate field {name} in type {value.type_name}")
        return value.fields[name]
    if value is None:
        raise TemplateError(f"nil data; no entry for key {name!r}")
    raise TemplateError(f"can't evaluate field {name} in type {type(value).__name__}")


__all__ = ["render", "sprint"]
