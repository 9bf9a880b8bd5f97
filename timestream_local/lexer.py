"""The lexer: from a query's text to the tokens that sqlglot's parser reads.

A keyword of other dialects (ILIKE, QUALIFY, PIVOT) is a plain name here, so it is refused where it
stands, as the service does. Two things that no other dialect has become one token each: duration
literals (``5m``, ``300000ms``), and ``measure_value::double`` as a column's name.
https://docs.aws.amazon.com/timestream/latest/developerguide/supported-sql-constructs.SELECT.html
"""

import re
from decimal import Decimal

from sqlglot import Token, TokenType

from timestream_local.errors import SqlError

# Nanoseconds, or months for the last two rows.
# https://docs.aws.amazon.com/timestream/latest/developerguide/date-time-functions.html
_UNITS = {
    ("ns", "nanosecond"): 1,
    ("us", "microsecond"): 1_000,
    ("ms", "millisecond"): 1_000_000,
    ("s", "second"): 1_000_000_000,
    ("m", "minute"): 60_000_000_000,
    ("h", "hour"): 3_600_000_000_000,
    ("d", "day"): 86_400_000_000_000,
}
NANOSECONDS: dict[str, int] = {name: size for names, size in _UNITS.items() for name in names}
MONTHS: dict[str, int] = {"month": 1, "y": 12, "year": 12}

# Token types that no Timestream text has otherwise. This one carries a duration to the parser.
DURATION = TokenType.BIT_STRING
# This one carries @name, a parameter of PrepareQuery and scheduled queries.
PARAMETER = TokenType.HEX_STRING
# The parser takes this one, which carries CAST and EXTRACT, for the name of a function only.
FUNCTION = TokenType.PRIMARY_KEY

_KEYWORDS = {
    "ALL": TokenType.ALL,
    "AND": TokenType.AND,
    "ANY": TokenType.ANY,
    "ARRAY": TokenType.ARRAY,
    "AS": TokenType.ALIAS,
    "ASC": TokenType.ASC,
    "BETWEEN": TokenType.BETWEEN,
    "CASE": TokenType.CASE,
    "CAST": FUNCTION,
    "CROSS": TokenType.CROSS,
    "CURRENT_DATE": TokenType.CURRENT_DATE,
    "CURRENT_TIME": TokenType.CURRENT_TIME,
    "CURRENT_TIMESTAMP": TokenType.CURRENT_TIMESTAMP,
    "DESC": TokenType.DESC,
    "DESCRIBE": TokenType.DESCRIBE,
    "DISTINCT": TokenType.DISTINCT,
    "ELSE": TokenType.ELSE,
    "END": TokenType.END,
    "ESCAPE": TokenType.ESCAPE,
    "EXCEPT": TokenType.EXCEPT,
    "EXISTS": TokenType.EXISTS,
    "EXTRACT": FUNCTION,
    "FALSE": TokenType.FALSE,
    "FROM": TokenType.FROM,
    "FULL": TokenType.FULL,
    "HAVING": TokenType.HAVING,
    "IN": TokenType.IN,
    "INNER": TokenType.INNER,
    "INTERSECT": TokenType.INTERSECT,
    "INTERVAL": TokenType.INTERVAL,
    "IS": TokenType.IS,
    "JOIN": TokenType.JOIN,
    "LEFT": TokenType.LEFT,
    "LIKE": TokenType.LIKE,
    "LIMIT": TokenType.LIMIT,
    "LOCALTIME": TokenType.LOCALTIME,
    "LOCALTIMESTAMP": TokenType.LOCALTIMESTAMP,
    "NOT": TokenType.NOT,
    "NULL": TokenType.NULL,
    "ON": TokenType.ON,
    "OR": TokenType.OR,
    "OUTER": TokenType.OUTER,
    "OVER": TokenType.OVER,
    "RANGE": TokenType.RANGE,
    "RIGHT": TokenType.RIGHT,
    "ROWS": TokenType.ROWS,
    "SELECT": TokenType.SELECT,
    "SHOW": TokenType.SHOW,
    "SOME": TokenType.SOME,
    "THEN": TokenType.THEN,
    "TRUE": TokenType.TRUE,
    "UNION": TokenType.UNION,
    "UNNEST": TokenType.UNNEST,
    "USING": TokenType.USING,
    "VALUES": TokenType.VALUES,
    "WHEN": TokenType.WHEN,
    "WHERE": TokenType.WHERE,
    "WITH": TokenType.WITH,
    # types, where CAST and typed literals name them
    "BIGINT": TokenType.BIGINT,
    "BOOLEAN": TokenType.BOOLEAN,
    "DATE": TokenType.DATE,
    "DOUBLE": TokenType.DOUBLE,
    "INT": TokenType.INT,
    "INTEGER": TokenType.INT,
    "ROW": TokenType.STRUCT,
    "TIME": TokenType.TIME,
    "TIMESTAMP": TokenType.TIMESTAMP,
    "VARCHAR": TokenType.VARCHAR,
}

# Words that can be names in double quotes only. Each is in _KEYWORDS or _PHRASES, or has no use in
# the SQL here.
# https://docs.aws.amazon.com/timestream/latest/developerguide/ts-limits.html#limits.reserved
_RESERVED = """
    ALTER AND AS BETWEEN BY CASE CAST CONSTRAINT CREATE CROSS CUBE CURRENT_DATE CURRENT_TIME
    CURRENT_TIMESTAMP CURRENT_USER DEALLOCATE DELETE DESCRIBE DISTINCT DROP ELSE END ESCAPE EXCEPT
    EXECUTE EXISTS EXTRACT FALSE FOR FROM FULL GROUP GROUPING HAVING IN INNER INSERT INTERSECT INTO
    IS JOIN LEFT LIKE LOCALTIME LOCALTIMESTAMP NATURAL NORMALIZE NOT NULL ON OR ORDER OUTER PREPARE
    RECURSIVE RIGHT ROLLUP SELECT TABLE THEN TRUE UESCAPE UNION UNNEST USING VALUES WHEN WHERE WITH
"""
RESERVED = frozenset(_RESERVED.split())
_NOWHERE = RESERVED - _KEYWORDS.keys()
RESERVED_TOKENS = frozenset(_KEYWORDS[word] for word in RESERVED - _NOWHERE)

_PHRASES = {
    "GROUP BY": TokenType.GROUP_BY,
    "ORDER BY": TokenType.ORDER_BY,
    "PARTITION BY": TokenType.PARTITION_BY,
}
_SIGNS = {
    "<>": TokenType.NEQ,
    "!=": TokenType.NEQ,
    "<=": TokenType.LTE,
    ">=": TokenType.GTE,
    "->": TokenType.ARROW,
    "||": TokenType.DPIPE,
    "(": TokenType.L_PAREN,
    ")": TokenType.R_PAREN,
    "[": TokenType.L_BRACKET,
    "]": TokenType.R_BRACKET,
    ",": TokenType.COMMA,
    ".": TokenType.DOT,
    "-": TokenType.DASH,
    "+": TokenType.PLUS,
    "*": TokenType.STAR,
    "/": TokenType.SLASH,
    "%": TokenType.MOD,
    "=": TokenType.EQ,
    "<": TokenType.LT,
    ">": TokenType.GT,
    ";": TokenType.SEMICOLON,
}

_SKIP = re.compile(r"\s+|--[^\n]*|/\*.*?\*/", re.ASCII | re.DOTALL)
_TOKEN = re.compile(
    r"""
    (?: \s+ | --[^\n]* | /\*.*?\*/ )*
    (?: (?P<phrase> (?:GROUP|ORDER|PARTITION) \s+ BY \b )
      | (?P<word> (?:measure_value::)? [A-Z_]\w* )
      | (?P<string> '(?:[^']|'')*' )
      | (?P<name> "(?:[^"]|"")*" )
      | (?P<number> (?: \d+(?:\.\d*)? | \.\d+ ) (?:E[+-]?\d+)? ) (?P<unit> \w+ )?
      | (?P<parameter> @[A-Z_]\w* )
      | (?P<sign> SIGNS )
      | (?P<end> \Z )
    )
    """.replace("SIGNS", "|".join(re.escape(sign) + "(?![*])" * (sign == "/") for sign in _SIGNS)),
    re.VERBOSE | re.IGNORECASE | re.ASCII | re.DOTALL,
)
_MEASURE_COLUMN = re.compile(r"measure_value::(double|bigint|varchar|boolean)$", re.IGNORECASE)
_OPENED = {"'": ("a text", "'"), '"': ("a name", '"'), "/": ("a comment", "*/")}


def lex(sql: str) -> list[Token]:
    """Return the tokens of a text; raises SqlError where there is no token.

    A token's `col` is its offset in the whole text, and `line` is 1: see dialect.parse.
    """
    out: list[Token] = []
    at = 0
    while True:
        match = _TOKEN.match(sql, at)
        if match is None or (kind := match.lastgroup) is None:
            raise _unreadable(sql, at)
        at = match.end()
        start = match.start(kind if kind != "unit" else "number")
        text = sql[start:at]
        if kind == "word":
            word = text.upper()
            type_ = _KEYWORDS.get(word, TokenType.VAR)
            if word in RESERVED and _misplaced(word, out):
                raise reserved(text, sql, start)
            if ":" in text:
                if not _MEASURE_COLUMN.match(text):
                    raise _colons(sql, start + text.index(":"))
                type_, text = TokenType.IDENTIFIER, text.lower()
        elif kind == "sign":
            type_ = _SIGNS[text]
        elif kind == "string":
            type_, text = TokenType.STRING, text[1:-1].replace("''", "'")
        elif kind == "number":
            type_ = TokenType.NUMBER
        elif kind == "parameter":
            type_ = PARAMETER
        elif kind == "name":
            type_, text = TokenType.IDENTIFIER, text[1:-1].replace('""', '"')
        elif kind == "unit":
            type_, text = DURATION, _duration(sql, match)
        elif kind == "phrase":
            text = " ".join(text.upper().split())
            type_ = _PHRASES[text]
        else:
            return out
        out.append(Token(type_, text, 1, start, start, at - 1))


def _misplaced(word: str, before: list[Token]) -> bool:
    """Whether a reserved word stands where only a name can.

    A text that begins with no keyword is another statement, and is refused as one.
    """
    if not before or before[0].token_type == TokenType.VAR:
        return False
    return word in _NOWHERE or before[-1].token_type == TokenType.DOT


def reserved(word: str, sql: str, at: int) -> SqlError:
    """Return the error for a word where a name belongs."""
    hint = f'; a reserved word is a name in quotes only: "{word}"' * (word.upper() in RESERVED)
    return SqlError(f"mismatched input '{word}'{hint}", sql, at)


def _duration(sql: str, match: re.Match[str]) -> str:
    """Return a duration as "amount unit" with a whole amount: 1.5h becomes nanoseconds.

    The performance suite of AWS's JDBC driver uses ago(72.5h).
    """
    number, unit = match["number"], match["unit"].lower()
    if number.isdigit() and (unit in NANOSECONDS or unit in MONTHS):
        return f"{number} {unit}"
    if re.fullmatch(r"\d*\.\d+", number) and unit in NANOSECONDS:
        amount = Decimal(number) * NANOSECONDS[unit]
        if amount == int(amount):
            return f"{int(amount)} ns"
    raise SqlError(
        f"{number + match['unit']!r} is not a duration; a duration is a number and one of ns, us, "
        "ms, s, m, h, d, month, y, without a space, and of nanoseconds and months a whole one",
        sql,
        match.start("number"),
    )


def _colons(sql: str, at: int) -> SqlError:
    hint = "; use CAST(x AS type)" if sql.startswith("::", at) else ""
    return SqlError(f"mismatched input ':'{hint}", sql, at)


def _unreadable(sql: str, at: int) -> SqlError:
    """Return the error for the text after the last token."""
    while at < len(sql) and (skipped := _SKIP.match(sql, at)):
        at = skipped.end()
    sign = sql[at]
    if sign == ":":
        return _colons(sql, at)
    if sign in _OPENED:
        what, end = _OPENED[sign]
        return SqlError(f"{what} begins here and does not end; close it with {end}", sql, at)
    return SqlError(f"mismatched input {sign!r}", sql, at)
