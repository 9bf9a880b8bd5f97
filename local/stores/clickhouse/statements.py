"""As much of ClickHouse's SQL as its HTTP interface has to read: where an INSERT's rows begin."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

# What is skipped as one: comments, quoted texts and names, brackets; and words.
_TOKEN = re.compile(
    rb"""
      (?P<skip> --[^\n]* | \#![^\n]* | \#\ [^\n]* | /\*.*?\*/
        | '(?:[^'\\]|\\.|'')*' | "(?:[^"\\]|\\.|"")*" | `(?:[^`\\]|\\.|``)*`
        | \$(?P<tag>\w*)\$.*?\$(?P=tag)\$ )
    | (?P<open> [(\[{] )
    | (?P<close> [)\]}] )
    | (?P<end> ; )
    | (?P<word> [A-Za-z_][A-Za-z0-9_]* )
    | (?P<other> \S )
    """,
    re.VERBOSE | re.DOTALL,
)
_BEFORE = rb"(?:\s|--[^\n]*\n|/\*.*?\*/)*"
_INSERT = re.compile(_BEFORE + rb"INSERT\s+INTO\b", re.IGNORECASE | re.DOTALL)
_FORMAT = re.compile(rb"\s*([A-Za-z][A-Za-z0-9]*)[ \t]*;?[ \t]*(?:\r?\n|$)?")
_ASKED = re.compile(
    rb"\bFORMAT\s+([A-Za-z][A-Za-z0-9]*)\s*(?:SETTINGS\b[^()]*)?;?\s*$", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Insert:
    """An INSERT whose rows come in a format, not from a query."""

    sql: str  # up to FORMAT or VALUES
    form: str  # "" where none is named
    rows: bytes  # that stand in the statement itself


def insert(statement: bytes) -> Insert | None:
    """Return what a statement inserts; None for any other one, INSERT … SELECT included."""
    begin = _INSERT.match(statement)
    if begin is None:
        return None
    depth, position = 0, begin.end()
    while found := _TOKEN.search(statement, position):
        position = found.end()
        if found["open"]:
            depth += 1
        elif found["close"]:
            depth -= 1
        elif found["word"] and depth == 0:
            word = found["word"].upper()
            sql = statement[: found.start()]
            if word in (b"SELECT", b"WITH", b"FROM"):
                return None
            if word == b"VALUES":
                return Insert(sql.decode(), "Values", statement[position:].lstrip(b" \t"))
            if word == b"FORMAT" and (form := _FORMAT.match(statement, position)):
                return Insert(sql.decode(), form.group(1).decode(), statement[form.end() :])
    return Insert(statement.decode(), "", b"")


_NAME = r"(?:`((?:[^`\\]|\\.)*)`|\"((?:[^\"\\]|\\.)*)\"|(\w+))"
_INTO = re.compile(rf"INSERT\s+INTO\s+(?:TABLE\s+)?(?:{_NAME}\s*\.\s*)?{_NAME}", re.IGNORECASE)


def inserted(sql: str) -> tuple[str, str] | None:
    """Return the database ("" for the session's) and table that an INSERT names; or None."""
    found = _INTO.search(sql)
    if found is None or found[0].upper().endswith("FUNCTION"):
        return None
    names = found.groups(default="")
    database, name = ("".join(names[at : at + 3]) for at in (0, 3))
    return re.sub(r"\\(.)", r"\1", database), re.sub(r"\\(.)", r"\1", name)


def _words(statement: bytes) -> Iterator[bytes]:
    return (found["word"].upper() for found in _TOKEN.finditer(statement) if found["word"])


def file_clause(statement: bytes) -> str:
    """Return the clause by which a client, not a server, reads or writes a file; "" for none."""
    before = b""
    for word in _words(statement):
        if (before, word) in ((b"INTO", b"OUTFILE"), (b"FROM", b"INFILE")):
            return f"{before.decode()} {word.decode()}"
        before = word
    return ""


def is_several(statement: bytes) -> bool:
    """Whether anything comes behind the end of the first statement."""
    tokens = (found for found in _TOKEN.finditer(statement) if not _is_comment(found))
    ended = False
    for found in tokens:
        if ended and not found["end"]:
            return True
        ended |= bool(found["end"])
    return False


def _is_comment(found: re.Match[bytes]) -> bool:
    return found["skip"] is not None and found["skip"][:1] in b"-#/"


def asked_format(statement: bytes) -> str:
    """Return the format that a query asks for itself; "" for none."""
    found = _ASKED.search(statement)
    return found.group(1).decode() if found else ""


def text(value: str) -> str:
    """Return a text as a literal."""
    return "'" + value.replace("\\", "\\\\").replace("'", "\\'") + "'"


def identifier(name: str) -> str:
    """Return a name in backquotes."""
    return "`" + name.replace("\\", "\\\\").replace("`", "\\`") + "`"
