"""Go's fmt: how values print, and the verbs of printf.

https://pkg.go.dev/fmt
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from ruletest.gotemplate.types import (
    GoInt,
    GoNil,
    GoObject,
    UnsupportedError,
    no_value,
    stringer,
    type_of,
)

_STRINGER_VERBS = "vsxXq"


def float_text(x: float, verb: str = "g", precision: int | None = None) -> str:
    """Format a float with Go's f, e or g; no precision means the shortest that reads back."""
    if math.isnan(x):
        return "NaN"
    if math.isinf(x):
        return "+Inf" if x > 0 else "-Inf"
    if precision is not None:
        return f"{x:.{precision or 1}g}" if verb == "g" else f"{x:.{precision}{verb}}"
    # repr has the shortest digits that read back; Go writes them in its own form.
    exact = Decimal(repr(x))
    sign, figures, shift = exact.as_tuple()
    exponent = len(figures) + int(shift) - 1 if x else 0
    if verb == "f" or (verb == "g" and -4 <= exponent < 6):
        return format(exact, "f").removesuffix(".0")
    digits = "".join(map(str, figures)).rstrip("0") or "0"
    point = f".{digits[1:]}" if digits[1:] else ""
    return f"{'-' * sign}{digits[0]}{point}e{exponent:+03d}"


def quote(text: str, *, ascii_only: bool = False) -> str:
    """Return Go's strconv.Quote."""
    out = []
    for char in text:
        if char in _ESCAPES:
            out.append(_ESCAPES[char])
        elif char == " " or (char.isprintable() and (not ascii_only or char < "\x7f")):
            out.append(char)
        else:
            code = ord(char)
            form = f"\\x{code:02x}" if code < 0x80 else f"\\u{code:04x}"
            out.append(f"\\U{code:08x}" if code > 0xFFFF else form)
    return '"' + "".join(out) + '"'


_ESCAPES = {
    '"': '\\"', "\\": "\\\\", "\a": "\\a", "\b": "\\b", "\f": "\\f", "\n": "\\n", "\r": "\\r",
    "\t": "\\t", "\v": "\\v",
}  # fmt: skip


@dataclass(slots=True)
class _Flags:
    minus: bool = False
    plus: bool = False
    sharp: bool = False
    space: bool = False
    zero: bool = False
    width: int | None = None
    precision: int | None = None
    names: bool = False  # %+v: the fields' names, too
    syntax: bool = False  # %#v: as Go's source


class _Printer:
    """Prints one operand. The error of a wrong verb shows the value reached last, as in Go."""

    def __init__(self, flags: _Flags) -> None:
        self.flags = flags
        self.out: list[str] = []
        self.argument: object = None
        self._failing = False

    def text(self) -> str:
        return "".join(self.out)

    def operand(self, value: object, verb: str) -> None:
        self.argument = value
        if isinstance(value, GoNil) and verb in "vTs":
            self._pad("<nil>" if verb == "v" else value.type_name if verb == "T" else "%!s(<nil>)")
        elif value is None or value is no_value:
            if verb in "Tv":
                self._pad("<nil>")
            else:
                self._bad(verb)
        elif verb == "T":
            self._string(type_of(value), "s")
        elif verb == "p":
            raise UnsupportedError("%p prints an address of Grafana's memory")
        elif not self._basic(value, verb) and not self._method(value, verb):
            self._value(value, verb)

    def _basic(self, value: object, verb: str) -> bool:
        kinds: tuple[tuple[type, Callable[[Any, str], None]], ...] = (
            (bool, self._bool), (int, self._int), (float, self._float), (str, self._string),
        )  # fmt: skip
        for kind, write in kinds:
            if type(value) is kind:
                write(value, verb)
                return True
        return False

    def _method(self, value: object, verb: str) -> bool:
        text = stringer(value)
        if self._failing or text is None or verb not in _STRINGER_VERBS or self.flags.syntax:
            return False
        self._string(text(), verb)
        return True

    def _value(self, value: object, verb: str, depth: int = 0, *, shown: bool = True) -> None:
        if depth:
            self.argument = value
            if shown and value is not None and self._method(value, verb):
                return
        if self.flags.syntax and not isinstance(value, bool | int | float | str):
            raise UnsupportedError("%#v of a struct, map or list is not supported by the tester")
        if value is None or value is no_value or isinstance(value, GoNil):
            self.out.append("<nil>")
        elif isinstance(value, bool):
            self._bool(value, verb)
        elif isinstance(value, int):
            self._int(value, verb)
        elif isinstance(value, float):
            self._float(value, verb)
        elif isinstance(value, str):
            self._string(value, verb)
        elif isinstance(value, dict):
            self.out.append("map[")
            for position, name in enumerate(sorted(value)):
                self.out.append(" " if position else "")
                self._value(name, verb, depth + 1)
                self.out.append(":")
                self._value(value[name], verb, depth + 1)
            self.out.append("]")
        elif isinstance(value, list | tuple):
            self.out.append("[")
            for position, each in enumerate(value):
                self.out.append(" " if position else "")
                self._value(each, verb, depth + 1)
            self.out.append("]")
        elif isinstance(value, GoObject):
            self._struct(value, verb, depth)
        else:
            raise UnsupportedError(f"printing a {type_of(value)} is not supported by the tester")

    def _struct(self, value: GoObject, verb: str, depth: int) -> None:
        self.out.append("{")
        fields = {**value.fields, **value.hidden}
        for position, (name, each) in enumerate(fields.items()):
            self.out.append(" " if position else "")
            if self.flags.names:
                self.out.append(f"{name}:")
            self._value(each, verb, depth + 1, shown=name not in value.hidden)
        self.out.append("}")

    def _bad(self, verb: str) -> None:
        self._failing = True
        self.out.append(f"%!{verb}(")
        if self.argument is None or self.argument is no_value:
            self.out.append("<nil>")
        else:
            self.out.append(f"{type_of(self.argument)}=")
            self.operand(self.argument, "v")
        self.out.append(")")
        self._failing = False

    def _pad(self, text: str) -> None:
        width = self.flags.width or 0
        if self.flags.minus:
            self.out.append(text.ljust(width))
        else:
            self.out.append(text.rjust(width, "0" if self.flags.zero else " "))

    def _bool(self, value: bool, verb: str) -> None:
        if verb in "tv":
            self._pad("true" if value else "false")
        else:
            self._bad(verb)

    def _string(self, value: str, verb: str) -> None:
        flags = self.flags
        if verb in "vs" and not flags.syntax:
            self._pad(value if flags.precision is None else value[: flags.precision])
        elif verb in "qv":
            text = value if flags.precision is None else value[: flags.precision]
            raw = flags.sharp and verb == "q" and "`" not in text and text.isprintable()
            self._pad(f"`{text}`" if raw else quote(text, ascii_only=flags.plus))
        elif verb in "xX":
            self._hex(value.encode(), verb)
        else:
            self._bad(verb)

    def _hex(self, data: bytes, verb: str) -> None:
        flags = self.flags
        data = data if flags.precision is None else data[: flags.precision]
        pairs = [f"{each:02x}" for each in data]
        prefix = "0x" if flags.sharp and pairs else ""
        between = f" {prefix}" if flags.space else ""
        text = prefix + between.join(pairs)
        self._pad(text.upper() if verb == "X" else text)

    def _int(self, value: int, verb: str) -> None:
        value = int(value)
        bases = {"v": "d", "d": "d", "b": "b", "o": "o", "O": "o", "x": "x", "X": "X"}
        if verb in "cqU":
            self._rune(value, verb)
            return
        if verb not in bases:
            self._bad(verb)
            return
        flags = self.flags
        sign = "-" if value < 0 else "+" if flags.plus else " " if flags.space else ""
        digits = f"{abs(value):{bases[verb]}}"
        if flags.precision is not None:
            digits = digits.rjust(flags.precision, "0")
            if not flags.precision and not value:
                self.out.append(" " * (flags.width or 0))
                return
        elif flags.zero and flags.width is not None and not flags.minus:
            digits = digits.rjust(flags.width - len(sign), "0")
        prefix = {"O": "0o"}.get(verb, "")
        if flags.sharp:
            octal = "" if digits[:1] == "0" else "0"
            prefix = {"b": "0b", "o": octal, "x": "0x", "X": "0X"}.get(verb, prefix)
        zero, flags.zero = flags.zero, False
        self._pad(sign + prefix + digits)
        flags.zero = zero

    def _rune(self, value: int, verb: str) -> None:
        char = chr(value) if 0 <= value < 0x110000 and not 0xD800 <= value < 0xE000 else "\ufffd"
        if verb == "c":
            self._pad(char)
        elif verb == "q":
            text = (
                quote(char, ascii_only=self.flags.plus)[1:-1]
                .replace('\\"', '"')
                .replace("'", "\\'")
            )
            self._pad(f"'{text}'")
        else:
            digits = f"{value % 2**64:X}".rjust(max(4, self.flags.precision or 0), "0")
            shown = f" '{char}'" if self.flags.sharp and char.isprintable() else ""
            zero, self.flags.zero = self.flags.zero, False
            self._pad(f"U+{digits}{shown}")
            self.flags.zero = zero

    def _float(self, value: float, verb: str) -> None:
        flags = self.flags
        if verb not in "vgGeEfF":
            if verb in "bxX":
                raise UnsupportedError(f"%{verb} of a float is not supported by the tester")
            self._bad(verb)
            return
        kind = {"v": "g", "F": "f"}.get(verb.lower() if verb in "GE" else verb, verb.lower())
        precision = flags.precision
        if precision is None and kind in "fe":
            precision = 6
        text = float_text(value, kind, precision)
        if flags.sharp and math.isfinite(value):
            text = _padded(value, kind, precision, text)
        text = text.upper() if verb in "GE" and math.isfinite(value) else text
        signed = text if text[0] in "+-" else f"+{text}"
        body = signed[1:]
        sign = "-" if signed[0] == "-" else "+" if flags.plus else " " if flags.space else ""
        if math.isinf(value) and value > 0:
            sign = "+" if not flags.space or flags.plus else " "
        if flags.zero and not flags.minus and flags.width is not None and math.isfinite(value):
            body = body.rjust(flags.width - len(sign), "0")
        zero, flags.zero = flags.zero, False
        self._pad(sign + body)
        flags.zero = zero


def _padded(value: float, kind: str, precision: int | None, text: str) -> str:
    """Return a float printed with the # flag: it keeps its decimal point, and %g its zeros."""
    digits = len(text.partition("e")[0].lstrip("-0.").replace(".", ""))
    if kind == "g" and precision is None and digits > 6:
        return text
    return f"{value:#.{6 if precision is None else precision or (kind == 'g')}{kind}}"


def value_text(value: object) -> str:
    """Return how a template prints a value."""
    if value is None or value is no_value:
        return "<no value>"
    return _printed(value)


def _printed(value: object) -> str:
    printer = _Printer(_Flags())
    printer.operand(value, "v")
    return printer.text()


def sprint(*values: object) -> str:
    """Return Go's fmt.Sprint: a space between operands when neither is a string."""
    out = ""
    for position, value in enumerate(values):
        before = values[position - 1]
        if position and not isinstance(value, str) and not isinstance(before, str):
            out += " "
        out += _printed(value)
    return out


def sprintln(*values: object) -> str:
    """Return Go's fmt.Sprintln."""
    return " ".join(_printed(value) for value in values) + "\n"


def sprintf(template: str, *values: object) -> str:
    """Return Go's fmt.Sprintf."""
    return _Sprintf(template, values).text()


class _Sprintf:
    def __init__(self, template: str, values: Sequence[object]) -> None:
        self._template = template
        self._values = values
        self._at = 0
        self._next = 0
        self._reordered = False
        self._good_index = True

    def text(self) -> str:
        out = []
        while (start := self._template.find("%", self._at)) >= 0:
            out.append(self._template[self._at : start])
            self._at = start + 1
            out.append(self._directive())
        out.append(self._template[self._at :])
        if not self._reordered and self._next < len(self._values):
            extra = (self._extra(value) for value in self._values[self._next :])
            out.append(f"%!(EXTRA {', '.join(extra)})")
        return "".join(out)

    def _extra(self, value: object) -> str:
        return "<nil>" if value is None else f"{type_of(value)}={_printed(value)}"

    def _peek(self) -> str:
        return self._template[self._at : self._at + 1]

    def _directive(self) -> str:
        flags = _Flags()
        self._good_index = True
        names = {"-": "minus", "+": "plus", "#": "sharp", " ": "space", "0": "zero"}
        while self._peek() and self._peek() in names:
            setattr(flags, names[self._peek()], True)
            self._at += 1
        after_index = self._index()
        out = ""
        if self._peek() == "*":
            self._at += 1
            width = self._star()
            if width is None:
                out += "%!(BADWIDTH)"
            else:
                flags.width = abs(width)
                if width < 0:
                    flags.minus, flags.zero = True, False
            after_index = False
        else:
            flags.width = self._number()
            if after_index and flags.width is not None:
                self._good_index = False
        if self._peek() == ".":
            self._at += 1
            if after_index:
                self._good_index = False
            after_index = self._index()
            if self._peek() == "*":
                self._at += 1
                precision = self._star()
                if precision is None or precision < 0:
                    out += "" if precision is not None else "%!(BADPREC)"
                else:
                    flags.precision = precision
                after_index = False
            else:
                flags.precision = self._number() or 0
        if not after_index:
            self._index()
        if not self._peek():
            return out + "%!(NOVERB)"
        verb = self._peek()
        self._at += 1
        if verb == "%":
            return out + "%"
        if not self._good_index:
            return f"{out}%!{verb}(BADINDEX)"
        if self._next >= len(self._values):
            return f"{out}%!{verb}(MISSING)"
        value = self._values[self._next]
        self._next += 1
        if verb == "v":
            flags.plus, flags.names = False, flags.plus
            flags.sharp, flags.syntax = False, flags.sharp
        printer = _Printer(flags)
        printer.operand(value, verb)
        return out + printer.text()

    def _number(self) -> int | None:
        start = self._at
        while self._peek().isdigit() and self._peek().isascii():
            self._at += 1
        return int(self._template[start : self._at]) if self._at > start else None

    def _star(self) -> int | None:
        value = self._values[self._next] if self._next < len(self._values) else None
        self._next += 1
        return int(value) if isinstance(value, int) and not isinstance(value, bool) else None

    def _index(self) -> bool:
        """Read ``[3]``: the operand that comes next."""
        if self._peek() != "[":
            return False
        self._reordered = True
        end = self._template.find("]", self._at)
        if end < 0:
            self._good_index = False
            self._at += 1
            return False
        text = self._template[self._at + 1 : end]
        self._at = end + 1
        if not text.isdigit() or not 1 <= int(text) <= len(self._values):
            self._good_index = False
            return True
        self._next = int(text) - 1
        return True


__all__ = [
    "GoInt", "float_text", "quote", "sprint", "sprintf", "sprintln", "value_text",
]  # fmt: skip
