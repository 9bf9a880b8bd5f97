"""Functions of templates: their argument types, and the functions that Go itself has.

https://pkg.go.dev/text/template#hdr-Functions
"""

import html
from collections.abc import Callable
from typing import Any
from urllib.parse import quote_plus

from ruletest.gotemplate.clock import GoTime
from ruletest.gotemplate.format import sprint, sprintf, sprintln, value_text
from ruletest.gotemplate.types import (
    Function,
    GoInt,
    GoObject,
    TemplateError,
    UnsupportedError,
    no_value,
    type_of,
)

ANY = "interface {}"


Functions = dict[str, "Function | Lazy"]

_NILS = ("*", "[]", "map[", "interface")


def _can_be_nil(wanted: str) -> bool:
    return wanted.startswith(_NILS) or wanted in ("template.Labels", "template.KV")


def fits(value: object, wanted: str) -> object:
    """Return an argument as a function of Go gets it; raises TemplateError where Go refuses it."""
    if wanted == ANY:
        return None if value is no_value else value
    if value is no_value or value is None:
        if _can_be_nil(wanted):
            return None
        raise TemplateError(f"invalid value; expected {wanted}")
    got = type_of(value)
    if got == wanted or (wanted == "[]string" and got == "[]string"):
        return value
    if {got, wanted} <= {"map[string]string", "template.Labels", "template.KV"} and (
        "map[string]string" in (got, wanted)
    ):
        return value  # a named map and a plain one are assignable
    raise TemplateError(f"wrong type for value; expected {wanted}; got {got}")


def constant(value: object, source: str, wanted: str) -> object:
    """Return a literal as an argument: Go converts it by the function's type."""
    if wanted == ANY:
        if source == "nil":
            return None
        return value
    if wanted == "float64" and isinstance(value, int | float) and not isinstance(value, bool):
        return float(value)
    names = {"string": str, "bool": bool}
    if wanted in names and isinstance(value, names[wanted]):
        return value
    if source == "nil" and _can_be_nil(wanted):
        return None
    if source == "nil":
        raise TemplateError(f"cannot assign nil to {wanted}")
    kinds = {"string": "string", "bool": "bool", "float64": "float", "int": "integer"}
    if wanted in kinds:
        raise TemplateError(f"expected {kinds[wanted]}; found {source}")
    raise TemplateError(f"can't handle {source} for arg of type {wanted}")


def truth(value: object) -> bool:
    """Return Go's truth: false, 0, nil, and empty strings, lists and maps are not."""
    if isinstance(value, GoObject | GoTime):
        return True
    return bool(value)


class Lazy:
    """A function that evaluates its arguments only as far as it needs them."""

    def __init__(self, name: str, *, stop: bool) -> None:
        self._name = name
        self._stop = stop

    def __call__(self, thunks: list[Callable[[], object]]) -> object:
        """Return the first value that decides, or the last."""
        if not thunks:
            raise TemplateError(f"wrong number of args for {self._name}: want at least 1 got 0")
        value: object = None
        for thunk in thunks:
            value = thunk()
            if truth(value) is self._stop:
                break
        return value


_NOT_BASIC = "invalid type for comparison"
_INCOMPATIBLE = (
    "incompatible types for comparison: {} and {}; "
    "Go does not compare an integer with a float: write 1.0 for a float"
)


def _basic(value: object) -> str:
    for kind, name in ((bool, "bool"), (int, "int"), (float, "float"), (str, "string")):
        if isinstance(value, kind):
            return name
    return ""


def _same(a: object, b: object) -> bool:
    kinds = _basic(a), _basic(b)
    if kinds[0] != kinds[1]:
        if a is None or b is None:
            return False
        raise TemplateError(_INCOMPATIBLE.format(*(kind or "a struct" for kind in kinds)))
    if kinds[0] or a is None or b is None:
        return a == b
    for each in (a, b):
        if not _comparable(each):
            raise TemplateError(f"non-comparable type {value_text(each)}: {type_of(each)}")
    if type_of(a) != type_of(b) or type_of(a).startswith("*"):
        return a is b
    if isinstance(a, GoObject) and isinstance(b, GoObject):
        return a.fields == b.fields
    if isinstance(a, GoTime) and isinstance(b, GoTime):
        return a == b and a.tzinfo == b.tzinfo
    return a is b


def _comparable(value: object) -> bool:
    if isinstance(value, GoObject):
        return all(_comparable(each) for each in value.fields.values())
    return not isinstance(value, dict | list | tuple)


def _eq(first: object, *others: object) -> bool:
    if not others:
        raise TemplateError("missing argument for comparison")
    return any(_same(first, other) for other in others)


def _lt(a: Any, b: Any) -> bool:
    kinds = _basic(a), _basic(b)
    if "" in kinds or (kinds[0] == kinds[1] == "bool"):
        raise TemplateError(f"{_NOT_BASIC}: {value_text(a)}")
    if kinds[0] != kinds[1]:
        raise TemplateError(_INCOMPATIBLE.format(*kinds))
    return bool(a < b)


def _le(a: Any, b: Any) -> bool:
    return _lt(a, b) or _same(a, b)


def _gt(a: Any, b: Any) -> bool:
    return not _le(a, b)


def _ge(a: Any, b: Any) -> bool:
    return not _lt(a, b)


def _index(value: Any, *keys: Any) -> object:
    if value is None:
        raise TemplateError("index of untyped nil")
    for each in keys:
        if isinstance(value, dict):
            if not isinstance(each, str):
                raise TemplateError(f"value has type {type_of(each)}; should be string")
            element = getattr(value, "element", None)
            value = value.get(each, element)
        elif isinstance(value, list | tuple | str):
            value = _item(value, each)
        else:
            raise TemplateError(f"can't index item of type {type_of(value)}")
    return no_value if value is None else value


def _position(each: Any, most: int) -> int:
    if not isinstance(each, int) or isinstance(each, bool):
        if each is None:
            raise TemplateError("cannot index slice/array with nil")
        raise TemplateError(f"cannot index slice/array with type {type_of(each)}")
    if not 0 <= each <= most:
        raise TemplateError(f"index out of range: {each}")
    return each


def _item(value: Any, each: Any) -> object:
    data = value.encode() if isinstance(value, str) else value
    position = _position(each, len(data))
    if position == len(data):
        raise TemplateError(f"index out of range: {each}")
    return GoInt(data[position], "uint8") if isinstance(value, str) else data[position]


def _len(value: Any) -> int:
    if value is None:
        raise TemplateError("len of nil pointer")
    if isinstance(value, str):
        return len(value.encode())
    if not isinstance(value, dict | list | tuple):
        raise TemplateError(f"len of type {type_of(value)}")
    return len(value)


def _slice(value: Any, *bounds: Any) -> object:
    if value is None:
        raise TemplateError("slice of untyped nil")
    if len(bounds) > 3:
        raise TemplateError(f"too many slice indexes: {len(bounds)}")
    if isinstance(value, str):
        if len(bounds) == 3:
            raise TemplateError("cannot 3-index slice a string")
    elif not isinstance(value, list | tuple):
        raise TemplateError(f"can't slice item of type {type_of(value)}")
    data = value.encode() if isinstance(value, str) else value
    at = [_position(each, len(data)) for each in bounds]
    start = at[0] if at else 0
    end = at[1] if len(at) > 1 else len(data)
    for low, high in zip((start, end), (end, *at[2:]), strict=False):
        if low > high:
            raise TemplateError(f"invalid slice index: {low} > {high}")
    part = data[start:end]
    if isinstance(part, bytes):
        try:
            return part.decode()
        except UnicodeDecodeError:
            raise UnsupportedError(
                "a slice that cuts a character in two is not supported by the tester"
            ) from None
    return type(value)(part, {}, value.type_name) if hasattr(value, "type_name") else part


def _shown(values: tuple[object, ...]) -> str:
    """Return what html, js and urlquery work on; a missing value is ``<no value>`` to them."""
    return sprint(*("<no value>" if value is None else value for value in values))


def _html(*values: object) -> str:
    escaped = html.escape(_shown(values)).replace("\x00", "\ufffd")
    return escaped.replace("&quot;", "&#34;").replace("&#x27;", "&#39;")


_JS = {
    "\\": "\\\\", "'": "\\'", '"': '\\"', "<": "\\u003C", ">": "\\u003E", "&": "\\u0026",
    "=": "\\u003D",
}  # fmt: skip


def _js(*values: object) -> str:
    out = []
    for char in _shown(values):
        if char in _JS:
            out.append(_JS[char])
        elif char < " " or not (char == " " or char.isprintable()):
            out.append(f"\\u{ord(char):04X}")
        else:
            out.append(char)
    return "".join(out)


def _call(function: object, *_: object) -> object:
    if function is None:
        raise TemplateError("call of nil")
    raise TemplateError(f"non-function of type {type_of(function)}")


def _of(run: Callable[..., object], count: int, *, more: bool = False) -> Function:
    return Function(run, (ANY,) * count, ANY if more else "")


BUILTINS: Functions = {
    "and": Lazy("and", stop=False),
    "or": Lazy("or", stop=True),
    "not": _of(lambda x: not truth(x), 1),
    "eq": _of(_eq, 1, more=True),
    "ne": _of(lambda a, b: not _same(a, b), 2),
    "lt": _of(_lt, 2),
    "le": _of(_le, 2),
    "gt": _of(_gt, 2),
    "ge": _of(_ge, 2),
    "len": _of(_len, 1),
    "index": _of(_index, 1, more=True),
    "slice": _of(_slice, 1, more=True),
    "print": _of(sprint, 0, more=True),
    "println": _of(sprintln, 0, more=True),
    "printf": Function(sprintf, ("string",), ANY),
    "html": _of(_html, 0, more=True),
    "js": _of(_js, 0, more=True),
    "urlquery": _of(lambda *values: quote_plus(_shown(values)), 0, more=True),
    "call": _of(_call, 1, more=True),
}
