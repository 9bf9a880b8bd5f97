"""From template text to nodes."""

import ast
import re
from dataclasses import dataclass, field


class TemplateError(Exception):
    """A template that Go would refuse, or that needs what is not supported here."""


@dataclass(slots=True)
class Text:
    """Text that stands for itself."""

    text: str


@dataclass(slots=True)
class Literal:
    """A string, number, boolean or nil."""

    value: object


@dataclass(slots=True)
class Chain:
    """``.A.B`` (base None), ``$x.A`` (base the variable's name) or ``(pipeline).A``."""

    base: "str | Pipe | None"
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
    """if, with or range, with what follows and its else."""

    kind: str
    pipe: Pipe
    body: list["Node"]
    otherwise: list["Node"]


@dataclass(slots=True)
class Include:
    """``{{ template "name" pipeline }}``."""

    name: str
    pipe: Pipe | None


Node = Text | Action | Branch | Include
Templates = dict[str, list[Node]]

_ACTION = re.compile(
    r"\{\{(-(?=\s))?\s*((?:\"(?:\\.|[^\"\\])*\"|`[^`]*`|[^\"`])*?)\s*(?:(?<=\s)(-))?\}\}", re.S
)
_COMMENT = re.compile(r"/\*.*?\*/", re.S)
_TOKEN = re.compile(
    r"(?P<space>\s+)|(?P<string>\"(?:\\.|[^\"\\\n])*\"|`[^`]*`)"
    r"|(?P<number>[+-]?(?:0[xX][0-9a-fA-F]+|\d+(?:\.\d*)?(?:[eE][+-]?\d+)?|\.\d+))(?![\w.])"
    r"|(?P<variable>\$\w*)|(?P<field>\.[^\W\d]\w*)|(?P<dot>\.)|(?P<name>[^\W\d]\w*)"
    r"|(?P<symbol>:=|=|\||\(|\)|,)"
)
_UNSUPPORTED = {"break", "continue"}


def parse(text: str, templates: Templates | None = None) -> tuple[list[Node], Templates]:
    """Return the template's nodes and the templates it defines (added to those given)."""
    parser = _Parser(_split(text), {} if templates is None else templates)
    nodes, end = parser.nodes()
    if end:
        raise TemplateError(f"unexpected {{{{{end}}}}}")
    return nodes, parser.templates


def called(nodes: list[Node]) -> set[str]:
    """Return the names of the functions that nodes call; Go wants to know them all beforehand."""
    found: set[str] = set()

    def operand(each: object) -> None:
        if isinstance(each, Call):
            found.add(each.name)
        elif isinstance(each, Chain) and isinstance(each.base, Pipe):
            operand(each.base)
        elif isinstance(each, Pipe):
            for command in each.commands:
                for part in command:
                    operand(part)

    for node in nodes:
        if isinstance(node, Action | Branch | Include):
            operand(node.pipe)
        if isinstance(node, Branch):
            found |= called(node.body) | called(node.otherwise)
    return found


def _split(text: str) -> list[tuple[str, str]]:
    """Return (kind, content) pieces: text and actions, with white space trimmed by ``-``."""
    pieces: list[tuple[str, str]] = []
    position, trim = 0, False
    while (start := text.find("{{", position)) >= 0:
        found = _ACTION.match(text, start)
        if not found:
            raise TemplateError("unclosed action")
        literal = text[position:start]
        literal = literal.lstrip() if trim else literal
        pieces.append(("text", literal.rstrip() if found[1] else literal))
        content = found[2]
        trim = bool(found[3])
        if content.startswith("/*"):
            if not _COMMENT.fullmatch(content):
                raise TemplateError("comment ends before closing delimiter")
        else:
            pieces.append(("action", content))
        position = found.end()
    pieces.append(("text", text[position:].lstrip() if trim else text[position:]))
    return [piece for piece in pieces if piece != ("text", "")]


class _Parser:
    def __init__(self, pieces: list[tuple[str, str]], templates: Templates) -> None:
        self._pieces = pieces
        self._at = 0
        self.templates = templates
        self._defined: set[str] = set()
        self._depth = 0

    def nodes(self) -> tuple[list[Node], str]:
        """Parse up to an ``end`` or ``else``; return the nodes and that action's content."""
        result: list[Node] = []
        while self._at < len(self._pieces):
            kind, content = self._pieces[self._at]
            self._at += 1
            if kind == "text":
                result.append(Text(content))
                continue
            word = content.split(None, 1)[0] if content else ""
            rest = content[len(word) :].strip()
            if word in ("end", "else"):
                return result, content
            if node := self._node(word, rest, content):
                result.append(node)
        return result, ""

    def _body(self) -> tuple[list[Node], str]:
        self._depth += 1
        try:
            return self.nodes()
        finally:
            self._depth -= 1

    def _node(self, word: str, rest: str, content: str) -> Node | None:
        if word in _UNSUPPORTED:
            raise TemplateError(f"{{{{{word}}}}} is not supported here")
        if word in ("if", "with", "range"):
            return self._branch(word, rest)
        if word in ("define", "block"):
            if word == "define" and self._depth:
                raise TemplateError("unexpected {{define}} clause")
            name, pipe = _named(rest)
            body, end = self._body()
            if end != "end":
                raise TemplateError(f"unexpected {{{{{end or 'EOF'}}}}} in {word}")
            if word == "define" and (pipe is not None or name in self._defined):
                raise TemplateError(f"template: multiple definition of template {name!r}")
            self._defined.add(name)
            if word == "define" or name not in self.templates:
                self.templates[name] = body
            return Include(name, pipe) if word == "block" else None
        if word == "template":
            return Include(*_named(rest))
        return Action(_Commands(content).pipe())

    def _branch(self, word: str, rest: str) -> Branch:
        pipe = _Commands(rest).pipe(ranged=word == "range")
        body, end = self._body()
        otherwise: list[Node] = []
        if end.startswith("else"):
            chained = end.removeprefix("else").strip()
            if chained:
                follow, _, condition = chained.partition(" ")
                if follow not in ("if", "with") or (follow == "with" and word != "with"):
                    raise TemplateError(f"unexpected {{{{{end}}}}} in {word}")
                return Branch(word, pipe, body, [self._branch(follow, condition.strip())])
            otherwise, end = self._body()
        if end != "end":
            raise TemplateError(f"unexpected {{{{{end or 'EOF'}}}}} in {word}")
        return Branch(word, pipe, body, otherwise)


def _named(rest: str) -> tuple[str, Pipe | None]:
    commands = _Commands(rest)
    kind, word = commands.take()
    if kind != "string":
        raise TemplateError(f"a template's name must be a quoted string, not {word or 'nothing'}")
    name = str(_literal(kind, word))
    return name, None if commands.done() else commands.pipe()


def _literal(kind: str, word: str) -> object:
    if kind == "string":
        if word[0] == "`":
            return word[1:-1]
        try:
            return ast.literal_eval(word)
        except (SyntaxError, ValueError):
            raise TemplateError(f"invalid string {word}") from None
    try:
        return int(word, 0)
    except ValueError:
        return float(word)


class _Commands:
    """The inside of one action."""

    def __init__(self, content: str) -> None:
        self._tokens: list[tuple[str, str]] = []
        self._at = 0
        position = 0
        while position < len(content):
            found = _TOKEN.match(content, position)
            if not found:
                raise TemplateError(f"unexpected {content[position:]!r} in {{{{{content}}}}}")
            self._tokens.append((found.lastgroup or "", found[0]))
            position = found.end()
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

    def pipe(self, *, ranged: bool = False, nested: bool = False) -> Pipe:
        names, declares = ([], False) if nested else self._variables(ranged)
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
        for command in commands[1:]:
            if isinstance(command[0], Literal) or (
                isinstance(command[0], Chain) and not command[0].names
            ):
                raise TemplateError(f"non executable command in pipeline: {self._content}")
        return Pipe(commands, names, declares)

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
        if kind in ("string", "number"):
            return Literal(_literal(kind, word))
        if kind == "name":
            if word in ("true", "false", "nil"):
                return Literal({"true": True, "false": False, "nil": None}[word])
            return Call(word)
        if kind == "variable":
            return Chain(word, self._fields())
        if kind == "field":
            return Chain(None, [word[1:], *self._fields()])
        if kind == "dot":
            return Chain(None, [])
        if word == "(":
            inner = self.pipe(nested=True)
            names = self._fields()
            return Chain(inner, names) if names else inner
        raise TemplateError(f"unexpected {word!r} in operand: {self._content}")

    def _fields(self) -> list[str]:
        names = []
        while self._peek()[0] == "field":
            names.append(self._peek()[1][1:])
            self._at += 1
        return names
