"""Timestream's SQL for sqlglot: its words, its literals, and nothing it does not have.

The tokenizer knows only the words of the documented language. A word that is a keyword elsewhere
(ILIKE, QUALIFY, PIVOT) is a plain name here, and so fails where it stands, as it would there.
https://docs.aws.amazon.com/timestream/latest/developerguide/supported-sql-constructs.SELECT.html

Three things no other dialect has are settled between tokenizer and parser: duration literals
(``5m``, ``300000ms``), ``measure_value::double`` as a column's name, and no ``::`` otherwise.
"""

import re
from typing import Any, ClassVar

from sqlglot import exp, parser, tokens
from sqlglot.dialects.dialect import Dialect
from sqlglot.errors import ParseError, TokenError
from sqlglot.tokens import Token, TokenType

from local.timestream.errors import SqlError

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

MEASURE_COLUMN = re.compile(r"measure_value::(double|bigint|varchar|boolean)$", re.IGNORECASE)

# A token type no Timestream text produces by itself carries a duration to the parser.
_DURATION = TokenType.BIT_STRING


class Duration(exp.Expression, exp.Condition):
    """A duration literal such as 5m: `amount` of `unit`."""

    arg_types: ClassVar[dict[str, bool]] = {"this": True}


def position(node: exp.Expression) -> int | None:
    """Return the offset in the user's text where `node` begins, as near as is known."""
    starts = [n.meta["start"] for n in node.walk() if n._meta and "start" in n._meta]
    return min(starts) if starts else None


_KEYWORDS = {
    "ALL": TokenType.ALL,
    "AND": TokenType.AND,
    "ANY": TokenType.ANY,
    "ARRAY": TokenType.ARRAY,
    "AS": TokenType.ALIAS,
    "ASC": TokenType.ASC,
    "BETWEEN": TokenType.BETWEEN,
    "CASE": TokenType.CASE,
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
    "FALSE": TokenType.FALSE,
    "FROM": TokenType.FROM,
    "FULL": TokenType.FULL,
    "GROUP BY": TokenType.GROUP_BY,
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
    "ORDER BY": TokenType.ORDER_BY,
    "OUTER": TokenType.OUTER,
    "OVER": TokenType.OVER,
    "PARTITION BY": TokenType.PARTITION_BY,
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
    # operators of more than one character
    "<>": TokenType.NEQ,
    "!=": TokenType.NEQ,
    "<=": TokenType.LTE,
    ">=": TokenType.GTE,
    "->": TokenType.ARROW,
    "||": TokenType.DPIPE,
}

_SINGLE = {
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
    "'": TokenType.UNKNOWN,
    '"': TokenType.UNKNOWN,
}


class Timestream(Dialect):
    """sqlglot's view of Timestream's SQL; only its parser is used."""

    INDEX_OFFSET = 0
    NULL_ORDERING = "nulls_are_last"
    STRICT_STRING_CONCAT = True
    DPIPE_IS_STRING_CONCAT = True

    class Tokenizer(tokens.Tokenizer):
        """Words and signs of the language; all others are names or errors."""

        QUOTES: ClassVar[list[str]] = ["'"]
        IDENTIFIERS: ClassVar[list[str]] = ['"']
        COMMENTS: ClassVar[list[Any]] = ["--", ("/*", "*/")]
        NESTED_COMMENTS = False
        KEYWORDS = _KEYWORDS
        SINGLE_TOKENS = _SINGLE
        COMMANDS: ClassVar[set[TokenType]] = set()

    class Parser(parser.Parser):
        """Functions are kept as they are written: what they mean is in `functions`."""

        VALUES_FOLLOWED_BY_PAREN = False
        SUBQUERY_TOKENS = parser.Parser.SUBQUERY_TOKENS | {TokenType.VALUES}
        FUNCTIONS: ClassVar[dict[str, Any]] = {}
        FUNCTION_PARSERS: ClassVar[dict[str, Any]] = {
            "CAST": lambda self: self._parse_cast(True),
            "TRY_CAST": lambda self: self._parse_cast(False, safe=True),
            "EXTRACT": lambda self: self._parse_extract(),
            "POSITION": lambda self: self._parse_position(),
        }
        NO_PAREN_FUNCTION_PARSERS: ClassVar[dict[str, Any]] = {
            "CASE": lambda self: self._parse_case(),
        }
        NO_PAREN_FUNCTIONS: ClassVar[dict[TokenType, Any]] = {
            TokenType.CURRENT_DATE: exp.CurrentDate,
            TokenType.CURRENT_TIME: exp.CurrentTime,
            TokenType.CURRENT_TIMESTAMP: exp.CurrentTimestamp,
            TokenType.LOCALTIME: exp.Localtime,
            TokenType.LOCALTIMESTAMP: exp.Localtimestamp,
        }
        PRIMARY_PARSERS: ClassVar[dict[TokenType, Any]] = {
            **parser.Parser.PRIMARY_PARSERS,
            _DURATION: lambda self, token: self.expression(
                Duration(this=token.text)
            ).update_positions(token),
        }

        def _parse_join(self, *args: Any, **kwargs: Any) -> exp.Join | None:
            """Tell `a, b`, a cross join, from `a JOIN b`, which lacks its condition."""
            comma = self._curr is not None and self._curr.token_type == TokenType.COMMA
            join = super()._parse_join(*args, **kwargs)
            if join is not None and comma:
                join.set("kind", "CROSS")
            return join


def _adjacent(left: Token, right: Token) -> bool:
    return left.end + 1 == right.start


def _lex(sql: str) -> list[Token]:
    """Return the tokens of a text, with durations and measure columns each made one token."""
    try:
        raw = Timestream().tokenize(sql)
    except TokenError as error:
        raise SqlError(f"the query cannot be read: {error}") from None
    out: list[Token] = []
    i = 0
    while i < len(raw):
        token = raw[i]
        after = raw[i + 1] if i + 1 < len(raw) else None
        if token.token_type == TokenType.NUMBER and after and _adjacent(token, after):
            if after.token_type == TokenType.NUMBER or after.text[:1].isalpha():
                out.append(_duration(sql, token, after))
                i += 2
                continue
        elif ":" in token.text and token.token_type == TokenType.VAR:
            if not MEASURE_COLUMN.match(token.text):
                colon = token.start + token.text.index(":")
                hint = "; use CAST(x AS type)" if "::" in token.text else ""
                raise SqlError(f"mismatched input ':'{hint}", sql, colon)
            token = Token(
                TokenType.IDENTIFIER,
                token.text.lower(),
                line=token.line,
                col=token.col,
                start=token.start,
                end=token.end,
            )
        out.append(token)
        i += 1
    return out


def _duration(sql: str, number: Token, unit: Token) -> Token:
    name = unit.text.lower()
    if not number.text.isdigit() or (name not in NANOSECONDS and name not in MONTHS):
        raise SqlError(
            f"{sql[number.start : unit.end + 1]!r} is not a duration; a duration is a whole number "
            "and one of ns, us, ms, s, m, h, d, month, y, without a space",
            sql,
            number.start,
        )
    return Token(
        _DURATION,
        f"{number.text} {name}",
        line=number.line,
        col=number.col,
        start=number.start,
        end=unit.end,
    )


_STARTS = (TokenType.SELECT, TokenType.WITH, TokenType.L_PAREN, TokenType.VALUES)


def parse(sql: str) -> exp.Expression:
    """Return the syntax tree of one SELECT statement.

    Raises SqlError, with line and column, for what is not Timestream's syntax and for more than
    one statement.
    """
    lexed = _lex(sql)
    while lexed and lexed[-1].token_type == TokenType.SEMICOLON:
        lexed.pop()
    if not lexed:
        raise SqlError("the query is empty")
    for token in lexed:
        if token.token_type == TokenType.SEMICOLON:
            raise SqlError("only one statement is allowed in a query", sql, token.start)
    first = lexed[0]
    if first.text.upper() == "UNLOAD":
        raise SqlError("UNLOAD is not supported by this endpoint: it has no S3", sql, first.start)
    if first.token_type not in _STARTS:
        raise SqlError(
            f"mismatched input '{first.text}'; expected SELECT, WITH, SHOW or DESCRIBE",
            sql,
            first.start,
        )
    try:
        trees = Timestream().parser().parse(lexed, sql)
    except ParseError as error:
        raise _readable(error, sql) from None
    except RecursionError:
        raise SqlError("the query is nested too deeply") from None
    (tree,) = trees
    if not isinstance(tree, (exp.Query, exp.Values)):
        raise SqlError("only a SELECT statement can be run", sql, first.start)
    return tree


# Numbers of eleven digits and more, outside of texts, names and comments: moments in
# milliseconds, which change with every refresh of a dashboard while the query stays the same.
_LONG_NUMBER = re.compile(
    r"""'(?:[^']|'')*'|"[^"]*"|--[^\n]*|/\*.*?\*/|(?P<number>(?<![\w.])\d{11,18}(?![\w.]))""",
    re.DOTALL,
)


def lift(sql: str) -> tuple[str, dict[int, int], dict[int, int]]:
    """Return a text with its long numbers blanked, their places, and their values.

    Equal numbers stay equal, or an expression would no longer be the one it is grouped by: places
    give the offset of each number's first occurrence, by which values are kept.
    """
    first: dict[int, int] = {}
    places: dict[int, int] = {}
    for match in _LONG_NUMBER.finditer(sql):
        if match["number"] is not None:
            places[match.start()] = first.setdefault(int(match["number"]), match.start())
    if not places:
        return sql, {}, {}
    rank = {number: place for place, number in enumerate(first)}
    blanked = _LONG_NUMBER.sub(lambda m: f"?{rank[int(m['number'])]}" if m["number"] else m[0], sql)
    return blanked, places, {offset: number for number, offset in first.items()}


def _readable(error: ParseError, sql: str) -> SqlError:
    detail = error.errors[0] if error.errors else {}
    word = detail.get("highlight") or ""
    line, col = detail.get("line"), detail.get("col")
    message = f"mismatched input '{word}'" if word else "the query ends too early"
    if line is None:
        return SqlError(message)
    return SqlError(f"line {line}:{max(col - len(word) + 1, 1)}: {message}")
