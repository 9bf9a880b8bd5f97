"""Regular expression functions.

The service has Java's pattern syntax, DuckDB has RE2's. RE2 lacks look-around, back references and
possessive quantifiers; a pattern with one of those is refused.
"""

import re

from timestream_local.overloads import Family, Overload

_NOT_IN_RE2 = re.compile(r"\(\?<?[=!]|\(\?>|\\[1-9]|\\k<|[*+?}]\+|\\G|\\X")


def pattern(text: str) -> str:
    """Return a Java pattern for RE2; raises ValueError for what RE2 lacks."""
    found = _NOT_IN_RE2.search(text.replace("\\\\", "  "))
    if found:
        raise ValueError(
            f"{found[0]!r} in the pattern {text!r} is Java's, but not supported by this endpoint"
        )
    return re.sub(r"\(\?<(\w+)>", r"(?P<\1>", text)


def replacement(text: str) -> str:
    r"""Return a Java replacement ($1, \$) as RE2 writes it (\1, $)."""
    out, i = [], 0
    while i < len(text):
        sign = text[i]
        if sign == "\\" and i + 1 < len(text):
            i += 1
            out.append("\\\\" if text[i] == "\\" else text[i])
        elif sign == "$":
            digit = text[i + 1 : i + 2]
            if not digit.isdigit():
                raise ValueError(f"Illegal group reference in {text!r}; write $1, or \\$ for a $")
            i += 1
            out.append(f"\\{digit}")
        else:
            out.append("\\\\" if sign == "\\" else sign)
        i += 1
    return "".join(out)


_PATTERN = {1: pattern}
# A pattern in which each branch begins with a plain character that must be present.
_SOLID = re.compile(
    r"(?:\(\?i\))?\^?[\w /-](?![?*{])[^|()]*(?:\|\^?[\w /-](?![?*{])[^|()]*)*", re.ASCII
)


def solid(text: str) -> bool:
    """Whether a pattern surely never matches an empty text.

    Then regexp_extract, whose result is not empty, can replace regexp_matches. DuckDB runs
    regexp_extract once for each dictionary entry of a compressed column, but regexp_matches, which
    may raise, once for each row.
    """
    return _SOLID.fullmatch(text) is not None


_ONLY_SOLID = {1: solid}

RULES = (
    Overload(
        "regexp_like",
        "varchar, varchar -> boolean",
        "(regexp_extract({0}, {1}) <> '')",
        convert=_PATTERN,
        only=_ONLY_SOLID,
    ),
    Overload(
        "regexp_like", "varchar, varchar -> boolean", "regexp_matches({0}, {1})", convert=_PATTERN
    ),
    Overload(
        "regexp_extract",
        "varchar, varchar -> varchar",
        "nullif(regexp_extract({0}, {1}), '')",
        convert=_PATTERN,
        only=_ONLY_SOLID,
    ),
    Overload(
        "regexp_extract",
        "varchar, varchar -> varchar",
        "ts_regexp_extract({0}, {1}, 0)",
        convert=_PATTERN,
    ),
    Overload(
        "regexp_extract",
        "varchar, varchar, integer -> varchar",
        "ts_regexp_extract({0}, {1}, {2})",
        convert=_PATTERN,
        constant={2: str},
    ),
    Overload(
        "regexp_extract_all",
        "varchar, varchar -> array(varchar)",
        "regexp_extract_all({0}, {1}, 0)",
        convert=_PATTERN,
    ),
    Overload(
        "regexp_extract_all",
        "varchar, varchar, integer -> array(varchar)",
        "regexp_extract_all({0}, {1}, {2})",
        convert=_PATTERN,
        constant={2: str},
    ),
    Overload(
        "regexp_replace",
        "varchar, varchar -> varchar",
        "regexp_replace({0}, {1}, '', 'g')",
        convert=_PATTERN,
    ),
    Overload(
        "regexp_replace",
        "varchar, varchar, varchar -> varchar",
        "regexp_replace({0}, {1}, {2}, 'g')",
        convert=_PATTERN,
        constant={2: replacement},
    ),
    Overload(
        "regexp_replace",
        "varchar, varchar, function(array(varchar), varchar) -> varchar",
        "ts_regexp_weave(string_split_regex({0}, {1}), "
        "list_transform(ts_regexp_groups({0}, {1}), {2}))",
        convert=_PATTERN,
    ),
    Overload(
        "regexp_split",
        "varchar, varchar -> array(varchar)",
        "string_split_regex({0}, {1})",
        convert=_PATTERN,
    ),
)

# A pattern is given nine empty groups more, so that groups 1 to 9 can always be asked for.
_GROUPS = ", ".join(
    f"regexp_extract_all(s, '(?:' || p || ')()()()()()()()()()', {i})" for i in range(1, 10)
)

MACROS = rf"""
CREATE OR REPLACE MACRO ts_regexp_extract(s, p, g) AS
  CASE WHEN regexp_matches(s, p) THEN regexp_extract(s, p, g) END;
CREATE OR REPLACE MACRO ts_group_count(p) AS
  len(regexp_extract_all(replace(replace(p, '\\', ''), '\(', ''), '\((?:[^?]|\?P?<[a-zA-Z])', 0));
CREATE OR REPLACE MACRO ts_regexp_groups(s, p) AS
  list_transform(list_zip({_GROUPS}),
    lambda z: [z[1], z[2], z[3], z[4], z[5], z[6], z[7], z[8], z[9]][1:ts_group_count(p)]);
CREATE OR REPLACE MACRO ts_regexp_weave(parts, found) AS
  array_to_string(list_transform(list_zip(parts, found), lambda z: z[1] || coalesce(z[2], '')), '');
"""

FAMILY = Family(
    "Regular expression functions",
    "regex-functions",
    ("regexp_extract_all", "regexp_extract", "regexp_like", "regexp_replace", "regexp_split"),
    RULES,
    MACROS,
    notes=dict.fromkeys(
        ("regexp_extract_all", "regexp_extract", "regexp_like", "regexp_replace", "regexp_split"),
        "no look-around, back references or possessive quantifiers",
    ),
)
