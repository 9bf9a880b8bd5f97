"""The Go values that alert templates use, and Go's names for their types.

bool, int, float, str and None stand for themselves; the rest is here and in clock.py.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Self


class TemplateError(Exception):
    """A template that Go refuses, with Go's words."""


class UnsupportedError(TemplateError):
    """A template that Go renders and this tester cannot."""


class _NoValue:
    """Go's invalid value: what a missing map key is in Grafana's annotations."""

    def __bool__(self) -> bool:
        return False

    def __repr__(self) -> str:
        return "<no value>"


no_value = _NoValue()


@dataclass(frozen=True, slots=True)
class Function:
    """A function with the types of its arguments; ``rest`` is that of any more."""

    run: Callable[..., object]
    takes: tuple[str, ...] = ()
    rest: str = ""

    def check(self, name: str, given: int) -> None:
        """Raise TemplateError for a number of arguments that Go refuses."""
        if self.rest and given < len(self.takes):
            raise TemplateError(
                f"wrong number of args for {name}: want at least {len(self.takes)} got {given}"
            )
        if not self.rest and given != len(self.takes):
            raise TemplateError(
                f"wrong number of args for {name}: want {len(self.takes)} got {given}"
            )

    def type_at(self, position: int) -> str:
        """Return the type of an argument."""
        return self.takes[position] if position < len(self.takes) else self.rest


# A method is called with whatever it is given, unless it says what it takes.
Method = Function | Callable[..., object]


class GoMap(dict[str, object]):
    """A map.

    For a missing key ``.name`` returns ``zero`` (``no_value`` in Grafana's annotations), and
    ``index`` returns ``element``, the zero of the map's values. ``text`` is its String method.
    """

    def __init__(
        self,
        items: Mapping[str, object],
        zero: object = no_value,
        element: object = "",
        type_name: str = "map[string]string",
        text: Callable[[], str] | None = None,
    ) -> None:
        super().__init__(items)
        self.zero = zero
        self.element = element
        self.type_name = type_name
        self.text = text
        self.methods: dict[str, Method] = {}


class GoObject:
    """A struct: fields and methods by name; any other name is an error, as in Go.

    ``hidden`` are fields that templates print but cannot read. ``json`` has the names of the
    fields that encoding/json writes; a name that ends in ``?`` is left out when it is empty.
    """

    def __init__(
        self,
        type_name: str,
        fields: Mapping[str, object],
        text: Callable[[], str] | None = None,
        methods: Mapping[str, Method] | None = None,
        *,
        hidden: Mapping[str, object] | None = None,
        json: Mapping[str, str] | None = None,
    ) -> None:
        self.type_name = type_name
        self.fields = dict(fields)
        self.methods = dict(methods or {})
        self.text = text
        self.hidden = dict(hidden or {})
        self.json = dict(json or {})


class GoList(list[object]):
    """A slice, with methods if it has any, such as an alert list's Firing."""

    def __init__(
        self,
        items: Iterable[object],
        methods: Mapping[str, Method] | None = None,
        type_name: str = "[]interface {}",
        text: Callable[[], str] | None = None,
    ) -> None:
        super().__init__(items)
        self.methods = dict(methods or {})
        self.type_name = type_name
        self.text = text


class GoHTML(str):
    """template.HTML: it prints as text, and Go's functions do not take it for a string."""

    __slots__ = ()
    type_name = "template.HTML"


class GoInt(int):
    """An integer whose type is not int, such as a byte or a month."""

    type_name: str
    text: Callable[[], str] | None

    def __new__(cls, value: int, type_name: str, text: Callable[[], str] | None = None) -> Self:
        """Return the integer with its type; ``text`` returns what it prints, instead of digits."""
        made = super().__new__(cls, value)
        made.type_name = type_name
        made.text = text
        return made


class GoNil:
    """A pointer to nothing: prints as <nil>, and is false."""

    def __init__(self, type_name: str) -> None:
        self.type_name = type_name

    def __bool__(self) -> bool:
        return False


_PLAIN = {bool: "bool", int: "int", float: "float64", str: "string"}


def type_of(value: object) -> str:
    """Return what Go calls the value's type, as %T prints it."""
    if value is None or value is no_value:
        return "<nil>"
    if own := getattr(value, "type_name", ""):
        return str(own)
    if isinstance(value, list | tuple):
        return "[]interface {}"
    if isinstance(value, dict):
        return "map[string]interface {}"
    return _PLAIN.get(type(value), type(value).__name__)


def stringer(value: object) -> Callable[[], str] | None:
    """Return the value's String method, if it has one."""
    text = getattr(value, "text", None)
    return text if callable(text) else None
