"""Parse template text into nodes; names of functions and variables are checked, as in Go.

https://pkg.go.dev/text/template/parse
"""

import math
import re
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from ruletest.gotemplate.format import quote
from ruletest.gotemplate.types import TemplateError, UnsupportedError


@dataclass(slots=True)
class Text:
    """Literal text outside of actions."""

    text: str


@dataclass(slots=True)
class Literal:
    """A string, number, boolean or nil; ``source`` is how it is written."""

    value: object
    source: str


@dataclass(slots=True)
class Chain:
    """``.A.B`` (base None), ``$x.A`` (the variable's name), ``(pipeline).A`` or ``function.A``."""

    base: "str | Pipe | Call | None"
    names: list[str]


@dataclass(slots=True)
class Call:
    """A function by name, as an operand or at the head of a command."""

    name: str


Operand = Literal | Chain | Call


@dataclass(slots=True)
class Pipe:
    """Commands joined by ``|``; ``names`` are variables that take the result."""

    commands: list[list["Operand | Pipe"]]
    names: list[str] = field(default_factory=list)
    declares: bool = False


@dataclass(slots=True)
class Action:
    """``{{ pipeline }}``."""

    pipe: Pipe


@dataclass(slots=True)
class Branch:
    """if, with or range, with its body and its else."""

    kind: str
    pipe: Pipe
    body: list["Node"]
    otherwise: list["Node"]


@dataclass(slots=True)
class Include:
    """``{{ template "name" pipeline }}``."""

    name: str
    pipe: Pipe | None


@dataclass(slots=True)
class Jump:
    """break or continue."""

    kind: str


Node = Text | Action | Branch | Include | Jump
Templates = dict[str, list[Node]]

_SPACE = " \t\r\n"
_TOKEN = re.compile(
    r"(?P<space>[ \t\r\n]+)|(?P<string>\"(?:\\.|[^\"\\\n])*\"|`[^`]*`)"
    r"|(?P<char>'(?:\\.|[^'\\\n])+')"
    r"|(?P<number>(?:[+-]?(?=\.?\d)(?:0[xX][\da-fA-F_]*(?:\.[\da-fA-F_]*)?(?:[pP][+-]?[\d_]*)?"
    r"|0[oO][0-7_]*|0[bB][01_]*|[\d_]*(?:\.[\d_]*)?(?:[eE][+-]?[\d_]*)?)))"
    r"|(?P<variable>\$\w*)|(?P<field>\.[^\W\d]\w*)|(?P<dot>\.)|(?P<name>[^\W\d]\w*)"
    r"|(?P<symbol>:=|=|\||\(|\)|,)"
)
_WORDS = frozenset(
    [
        "block",
        "break",
        "continue",
        "define",
        "else",
        "end",
        "if",
        "nil",
        "range",
        "template",
        "with",
    ]
)
_WHOLE = re.compile(
    r"([+-]?)(?:0[xX]((?:_?[\da-fA-F])+)|0[oO]((?:_?[0-7])+)|0[bB]((?:_?[01])+)"
    r"|(0|[1-9](?:_?\d)*)|0((?:_?[0-7])+))"
)
_BASES = (16, 8, 2, 10, 8)
_LARGEST = 2**63


def parse(
    text: str, templates: Templates | None = None, functions: Collection[str] | None = None
) -> tuple[list[Node], Templates]:
    """Return the template's nodes and the templates it defines (added to those given).

    Every function has to be one of ``functions``, when they are given.
    """
    parser = _Parser(_split(text), {} if templates is None else templates, functions)
    nodes, end = parser.nodes()
    if end:
        raise TemplateError(f"unexpected {{{{{end}}}}}")
    return nodes, parser.templates


def _split(text: str) -> list[tuple[str, str]]:
    """Return (kind, content) pieces: text and actions, with white space trimmed by ``-``."""
    pieces: list[tuple[str, str]] = []
    position, trim = 0, False
    while (start := text.find("{{", position)) >= 0:
        literal = text[position:start]
        literal = literal.lstrip(_SPACE) if trim else literal
        position = start + 2
        if text[position : position + 1] == "-" and text[position + 1 : position + 2] in (*_SPACE,):
            literal = literal.rstrip(_SPACE)
            position += 2
        if literal:
            pieces.append(("text", literal))
        if text.startswith("/*", position):
            position, trim = _comment(text, position)
        else:
            content, position, trim = _action(text, position)
            pieces.append(("action", content))
    rest = text[position:].lstrip(_SPACE) if trim else text[position:]
    return [*pieces, ("text", rest)] if rest else pieces


def _closing(text: str, position: int) -> tuple[int, bool] | None:
    """Return where an action that ends here ends, and whether it trims what follows."""
    if text.startswith("}}", position):
        return position + 2, False
    if text[position : position + 1] in (*_SPACE,) and text.startswith("-}}", position + 1):
        return position + 4, True
    return None


def _comment(text: str, position: int) -> tuple[int, bool]:
    end = text.find("*/", position)
    if end < 0:
        raise TemplateError("unclosed comment")
    closing = _closing(text, end + 2)
    if closing is None:
        raise TemplateError("comment ends before closing delimiter")
    return closing


def _action(text: str, position: int) -> tuple[str, int, bool]:
    start = position
    while position < len(text):
        if closing := _closing(text, position):
            return text[start:position].strip(_SPACE), *closing
        if text[position] in "\"`'":
            found = _TOKEN.match(text, position)
            if not found:
                kind = {'"': "quoted string", "`": "raw quoted string"}
                raise TemplateError(
                    f"unterminated {kind.get(text[position], 'character constant')}"
                )
            position = found.end()
        else:
            position += 1
    raise TemplateError("unclosed action")


class _Parser:
    def __init__(
        self,
        pieces: list[tuple[str, str]],
        templates: Templates,
        functions: Collection[str] | None,
    ) -> None:
        self._pieces = pieces
        self._at = 0
        self.templates = templates
        self.functions = functions
        self._defined: set[str] = set()
        self._depth = 0
        self._ranges = 0
        self.variables: list[str] = ["$"]

    @contextmanager
    def _scope(self) -> Iterator[None]:
        known = len(self.variables)
        try:
            yield
        finally:
            del self.variables[known:]

    def nodes(self) -> tuple[list[Node], str]:
        """Parse up to an ``end`` or ``else``; return the nodes and that action's content."""
        result: list[Node] = []
        while self._at < len(self._pieces):
            kind, content = self._pieces[self._at]
            self._at += 1
            if kind == "text":
                result.append(Text(content))
                continue
            word = _first_word(content)
            rest = content[len(word) :].strip(_SPACE)
            if word in ("end", "else"):
                if word == "end" and rest:
                    raise TemplateError(f"unexpected {quote(rest)} in end")
                return result, content
            if node := self._node(word, rest, content):
                result.append(node)
        return result, ""

    def _body(self) -> tuple[list[Node], str]:
        self._depth += 1
        try:
            with self._scope():
                return self.nodes()
        finally:
            self._depth -= 1

    def _commands(self, content: str) -> "_Commands":
        return _Commands(content, self)

    def _node(self, word: str, rest: str, content: str) -> Node | None:
        if word in ("break", "continue"):
            if rest:
                raise TemplateError(f"unexpected {quote(rest)} in {word}")
            if not self._ranges:
                raise TemplateError(f"{{{{{word}}}}} outside {{{{range}}}}")
            return Jump(word)
        if word in ("if", "with", "range"):
            with self._scope():
                return self._branch(word, rest)
        if word in ("define", "block"):
            return self._define(word, rest)
        if word == "template":
            return Include(*self._named(rest))
        return Action(self._commands(content).pipe())

    def _define(self, word: str, rest: str) -> Node | None:
        if word == "define" and self._depth:
            raise TemplateError("unexpected {{define}} clause")
        name, pipe = self._named(rest)
        if word == "block" and pipe is None:
            raise TemplateError("missing value for block clause")
        outer, self.variables = self.variables, ["$"]
        ranges, self._ranges = self._ranges, 0
        body, end = self._body()
        self.variables, self._ranges = outer, ranges
        if end != "end":
            raise TemplateError(f"unexpected {{{{{end or 'EOF'}}}}} in {word}")
        if word == "define" and pipe is not None:
            raise TemplateError("unexpected pipeline in define clause")
        empty = all(isinstance(node, Text) and not node.text.strip(_SPACE) for node in body)
        if name in self._defined and not empty:
            raise TemplateError(f"template: multiple definition of template {quote(name)}")
        if not empty:
            self._defined.add(name)
        if name not in self.templates or not empty:
            self.templates[name] = body
        return Include(name, pipe) if word == "block" else None

    def _branch(self, word: str, rest: str) -> Branch:
        pipe = self._commands(rest).pipe(ranged=word == "range", context=word)
        self._ranges += word == "range"
        body, end = self._body()
        self._ranges -= word == "range"
        otherwise: list[Node] = []
        if _first_word(end) == "else":
            chained = end.removeprefix("else").strip(_SPACE)
            if chained:
                follow = _first_word(chained)
                if follow != word or word == "range":
                    raise TemplateError(f"unexpected {{{{{end}}}}} in {word}")
                with self._scope():
                    condition = chained.removeprefix(follow).strip(_SPACE)
                    return Branch(word, pipe, body, [self._branch(follow, condition)])
            otherwise, end = self._body()
        if end != "end":
            raise TemplateError(f"unexpected {{{{{end or 'EOF'}}}}} in {word}")
        return Branch(word, pipe, body, otherwise)

    def _named(self, rest: str) -> tuple[str, Pipe | None]:
        commands = self._commands(rest)
        kind, word = commands.take()
        if kind != "string":
            raise TemplateError(
                f"a template's name must be a quoted string, not {word or 'nothing'}"
            )
        name = str(_literal(kind, word).value)
        return name, None if commands.done() else commands.pipe()


def _first_word(content: str) -> str:
    found = re.match(r"[^\W\d]\w*", content)
    return found[0] if found and found[0] in _WORDS else ""


def _literal(kind: str, word: str) -> Literal:
    if kind == "string":
        return Literal(word[1:-1] if word[0] == "`" else _unquoted(word), word)
    if kind == "char":
        text = _unquoted(word)
        if len(text) != 1:
            raise TemplateError(f"malformed character constant: {word}")
        return Literal(ord(text), word)
    return Literal(_number(word), word)


def _number(word: str) -> int | float:
    if found := _WHOLE.fullmatch(word):
        digits, base = next(
            (each, base) for each, base in zip(found.groups()[1:], _BASES, strict=True) if each
        )
        number = int(digits.replace("_", ""), base) * (-1 if found[1] == "-" else 1)
        if not -_LARGEST <= number < _LARGEST:
            raise TemplateError(f"integer overflow: {quote(word)}")
        return number
    hexadecimal = word.lower().lstrip("+-").startswith("0x")
    try:
        if hexadecimal != ("p" in word.lower()) or (not hexadecimal and "_" in word):
            raise ValueError(word)
        if hexadecimal:
            return float.fromhex(word.replace("_", ""))
        real = float(word)
        if math.isinf(real):
            raise ValueError(word)
    except (ValueError, OverflowError):
        raise TemplateError(f"bad number syntax: {quote(word)}") from None
    if not any(char in word for char in ".eEpP"):
        raise TemplateError(f"integer overflow: {quote(word)}")
    return real


_SIMPLE = {
    "a": "\a", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v", "\\": "\\",
    '"': '"', "'": "'",
}  # fmt: skip
_ESCAPE = re.compile(
    r"\\(?:x([\da-fA-F]{2})|u([\da-fA-F]{4})|U([\da-fA-F]{8})|([0-7]{3})|(.))", re.DOTALL
)


def _unquoted(word: str) -> str:
    """Return what a Go literal in quotes stands for."""
    mark = word[0]
    data = bytearray()
    position = 1
    while position < len(word) - 1:
        if word[position] != "\\":
            data += word[position].encode()
            position += 1
            continue
        found = _ESCAPE.match(word, position)
        if not found:
            raise TemplateError(f"invalid syntax in {word}")
        two, four, eight, octal, simple = found.groups()
        if simple is not None:
            if simple not in _SIMPLE or (simple in "\"'" and simple != mark):
                raise TemplateError(f"invalid syntax in {word}")
            data += _SIMPLE[simple].encode()
        elif two or octal:
            code = int(two, 16) if two else int(octal, 8)
            if code > 255:
                raise TemplateError(f"invalid syntax in {word}")
            data += bytes([code]) if mark == '"' else chr(code).encode()
        else:
            code = int(four or eight, 16)
            if code > 0x10FFFF or 0xD800 <= code < 0xE000:
                raise TemplateError(f"invalid syntax in {word}")
            data += chr(code).encode()
        position = found.end()
    try:
        return data.decode()
    except UnicodeDecodeError:
        raise UnsupportedError(f"{word} is no UTF-8 text: not supported by the tester") from None


class _Commands:
    """The inside of one action."""

    def __init__(self, content: str, parser: _Parser) -> None:
        self._tokens: list[tuple[str, str]] = []
        self._at = 0
        self._parser = parser
        position = 0
        while position < len(content):
            found = _TOKEN.match(content, position)
            if not found:
                raise TemplateError(f"unexpected {content[position:]!r} in {{{{{content}}}}}")
            kind, word = found.lastgroup or "", found[0]
            position = found.end()
            following = content[position : position + 1]
            if kind == "number" and (following.isalnum() or following == "_"):
                if following == "i":
                    raise UnsupportedError("complex numbers are not supported by the tester")
                raise TemplateError(f"bad number syntax: {quote(word + following)}")
            if kind in ("name", "field", "variable") and following not in ("", *" \t\r\n.,|:()="):
                raise TemplateError(f"bad character {quote(following)} after {word}")
            self._tokens.append((kind, word))
        while self._tokens and self._tokens[-1][0] == "space":
            self._tokens.pop()
        self._content = content

    def done(self) -> bool:
        self._space()
        return self._at >= len(self._tokens)

    def _space(self) -> None:
        while self._at < len(self._tokens) and self._tokens[self._at][0] == "space":
            self._at += 1

    def take(self) -> tuple[str, str]:
        self._space()
        if self._at >= len(self._tokens):
            return "", ""
        self._at += 1
        return self._tokens[self._at - 1]

    def _peek(self) -> tuple[str, str]:
        return self._tokens[self._at] if self._at < len(self._tokens) else ("", "")

    def pipe(self, *, ranged: bool = False, nested: bool = False, context: str = "command") -> Pipe:
        names, declares = self._variables(ranged)
        if self.done() and not nested:
            raise TemplateError(f"missing value for {context} in {{{{{self._content}}}}}")
        commands = [self._command()]
        while True:
            kind, word = self.take()
            if not kind and nested:
                raise TemplateError(f"unclosed left paren in {{{{{self._content}}}}}")
            if not kind or (word == ")" and nested):
                break
            if word != "|":
                raise TemplateError(f"unexpected {word!r} in {{{{{self._content}}}}}")
            commands.append(self._command())
        for stage, command in enumerate(commands[1:], start=2):
            head = command[0]
            if isinstance(head, Literal) or head == Chain(None, []):
                raise TemplateError(f"non executable command in pipeline stage {stage}")
        for name in names:
            if declares:
                self._parser.variables.append(name)
            else:
                self._known(name)
        return Pipe(commands, names, declares)

    def _known(self, name: str) -> None:
        if name not in self._parser.variables:
            raise TemplateError(f"undefined variable {quote(name)}")

    def _variables(self, ranged: bool) -> tuple[list[str], bool]:
        start = self._at
        names: list[str] = []
        while True:
            kind, word = self.take()
            if kind != "variable":
                break
            names.append(word)
            _, word = self.take()
            if word in (":=", "=") and len(names) <= (2 if ranged else 1):
                return names, word == ":="
            if word != "," or not ranged:
                break
        self._at = start
        return [], False

    def _command(self) -> list[Operand | Pipe]:
        operands: list[Operand | Pipe] = []
        while True:
            self._space()
            kind, word = self._peek()
            if not kind or word in ("|", ")"):
                break
            if operands and self._tokens[self._at - 1][0] != "space":
                raise TemplateError(f"unexpected {word!r} in operand: {self._content}")
            operands.append(self._operand())
        if not operands:
            raise TemplateError(f"missing value for command in {{{{{self._content}}}}}")
        return operands

    def _operand(self) -> Operand | Pipe:
        kind, word = self.take()
        if kind in ("string", "number", "char"):
            return self._alone(_literal(kind, word), word)
        if kind == "name":
            if word in ("true", "false", "nil"):
                value = {"true": True, "false": False, "nil": None}[word]
                return self._alone(Literal(value, word), word)
            if word in _WORDS:
                raise TemplateError(f"unexpected <{word}> in operand")
            functions = self._parser.functions
            if functions is not None and word not in functions:
                raise TemplateError(f"function {quote(word)} not defined")
            names = self._fields()
            return Chain(Call(word), names) if names else Call(word)
        if kind == "variable":
            self._known(word)
            return Chain(word, self._fields())
        if kind == "field":
            return Chain(None, [word[1:], *self._fields()])
        if kind == "dot":
            return self._alone(Chain(None, []), word)
        if word == "(":
            inner = self.pipe(nested=True)
            names = self._fields()
            return Chain(inner, names) if names else inner
        raise TemplateError(f"unexpected {word!r} in operand: {self._content}")

    def _alone(self, operand: Literal | Chain, word: str) -> Literal | Chain:
        if self._peek()[0] == "field":
            raise TemplateError(f"unexpected . after term {quote(word)}")
        return operand

    def _fields(self) -> list[str]:
        names = []
        while self._peek()[0] == "field":
            names.append(self._peek()[1][1:])
            self._at += 1
        return names
