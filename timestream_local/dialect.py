"""Timestream's SQL for sqlglot's parser: the part of SQL that Timestream has, and nothing more.

https://docs.aws.amazon.com/timestream/latest/developerguide/supported-sql-constructs.SELECT.html
"""

import re
from typing import Any, ClassVar

from sqlglot import TokenType, exp, parser
from sqlglot.dialects.dialect import Dialect
from sqlglot.errors import ParseError

from timestream_local.errors import SqlError
from timestream_local.lexer import DURATION, PARAMETER, RESERVED_TOKENS, lex, reserved


class Duration(exp.Expression, exp.Condition):
    """A duration literal such as 5m: `amount` of `unit`."""

    arg_types: ClassVar[dict[str, bool]] = {"this": True}


def position(node: exp.Expr) -> int | None:
    """Return the offset in the user's text where `node` begins, as near as is known."""
    starts = [n.meta["start"] for n in node.walk() if n._meta and "start" in n._meta]
    return min(starts) if starts else None


class Timestream(Dialect):
    """sqlglot's view of Timestream's SQL; only its parser is used."""

    INDEX_OFFSET = 0
    NULL_ORDERING = "nulls_are_last"
    STRICT_STRING_CONCAT = True
    DPIPE_IS_STRING_CONCAT = True

    class Parser(parser.Parser):
        """Keeps functions as they are written; their meaning is in `functions`."""

        VALUES_FOLLOWED_BY_PAREN = False
        SUBQUERY_TOKENS = parser.Parser.SUBQUERY_TOKENS | {TokenType.VALUES}
        # What may be a name: any word that is not reserved.
        RESERVED_TOKENS = parser.Parser.RESERVED_TOKENS | RESERVED_TOKENS | {PARAMETER}
        ID_VAR_TOKENS = parser.Parser.ID_VAR_TOKENS - RESERVED_TOKENS
        ALIAS_TOKENS = parser.Parser.ALIAS_TOKENS - RESERVED_TOKENS
        TABLE_ALIAS_TOKENS = parser.Parser.TABLE_ALIAS_TOKENS - RESERVED_TOKENS
        WINDOW_ALIAS_TOKENS = parser.Parser.WINDOW_ALIAS_TOKENS - RESERVED_TOKENS
        UNNEST_OFFSET_ALIAS_TOKENS = parser.Parser.UNNEST_OFFSET_ALIAS_TOKENS - RESERVED_TOKENS
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
            DURATION: lambda self, token: self.expression(
                Duration(this=token.text)
            ).update_positions(token),
            PARAMETER: lambda self, token: self.expression(
                exp.Parameter(this=token.text.removeprefix("@"))
            ).update_positions(token),
        }

        def _parse_csv(self, parse_method: Any, sep: TokenType = TokenType.COMMA) -> list[Any]:
            """Refuse a comma that nothing follows, which the parser would ignore."""
            item = parse_method()
            items = [] if item is None else [item]
            while self._match(sep, advance=item is not None):
                item = item and parse_method()
                if item is None:
                    raise self._unexpected()
                items.append(item)
            return items

        def _parse_alias(self, this: Any, explicit: bool = False) -> Any:
            """Refuse AS without a name, which the parser would ignore."""
            named = self._curr.token_type == TokenType.ALIAS
            parsed = super()._parse_alias(this, explicit)
            if named and parsed is this:
                raise self._unexpected()
            return parsed

        def _parse_table_alias(self, *args: Any, **kwargs: Any) -> exp.TableAlias | None:
            named = self._curr.token_type == TokenType.ALIAS
            alias = super()._parse_table_alias(*args, **kwargs)
            if named and (alias is None or alias.this is None):
                raise self._unexpected()
            return alias

        def _unexpected(self) -> SqlError:
            """Return the error for a token where a name or an expression belongs."""
            if not self._curr:
                return SqlError("the query ends too early", self.sql, self._prev.start)
            return reserved(self._curr.text, self.sql, self._curr.start)

        def _parse_join(self, *args: Any, **kwargs: Any) -> exp.Join | None:
            """Accept `a, b`, a cross join, and refuse `a JOIN b`, which lacks its condition."""
            comma = self._curr.token_type == TokenType.COMMA
            join = super()._parse_join(*args, **kwargs)
            if join is not None and comma:
                join.set("kind", "CROSS")
            return join


_STARTS = (TokenType.SELECT, TokenType.WITH, TokenType.L_PAREN, TokenType.VALUES)


def parse(sql: str) -> exp.Query | exp.Values:
    """Return the syntax tree of one SELECT statement.

    Raises SqlError, with line and column, for a text that is not in Timestream's syntax or has
    more than one statement.
    """
    lexed = lex(sql)
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


# Numbers of eleven digits and more, outside of texts, names and comments. They are times in
# milliseconds, which change with every refresh of a dashboard; the rest of the query does not.
_LONG_NUMBER = re.compile(
    r"""'(?:[^']|'')*'|"[^"]*"|--[^\n]*|/\*.*?\*/|(?P<number>(?<![\w.])\d{11,18}(?![\w.]))""",
    re.DOTALL,
)


def lift(sql: str) -> tuple[str, dict[int, int], dict[int, int]]:
    """Return a text with its long numbers blanked, their places, and their values.

    Places map each number's offset to that of its first occurrence, by which values are kept. So
    equal numbers stay equal, and an expression is still the one in GROUP BY.
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
    word = detail.get("highlight")
    message = f"mismatched input '{word}'" if word else "the query ends too early"
    return SqlError(message, sql, detail.get("col"))  # the lexer's col is an offset
