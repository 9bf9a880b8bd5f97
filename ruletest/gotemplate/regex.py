"""Go's regular expressions, run by the RE2 library, whose syntax Go uses.

https://pkg.go.dev/regexp/syntax
"""

import functools
import re
from typing import Any

import re2

from ruletest.gotemplate.types import TemplateError

_QUIET = re2.Options()
_QUIET.log_errors = False
_ANY_BYTE = re.compile(r"(?<!\\)(?:\\\\)*(\\C)")
_EXPAND = re.compile(r"\$(?:\$|\{(\w+)\}|(\w+))", re.ASCII)


@functools.lru_cache(maxsize=512)
def compile_pattern(pattern: str) -> Any:
    """Return the compiled pattern; raises TemplateError in Go's words."""
    if found := _ANY_BYTE.search(pattern):  # RE2 has it, Go has not
        raise TemplateError(f"error parsing regexp: invalid escape sequence: `{found[1]}`")
    try:
        return re2.compile(pattern, options=_QUIET)
    except re2.error as error:
        reason = error.args[0].decode() if isinstance(error.args[0], bytes) else error.args[0]
        what, _, where = str(reason).partition(": ")
        names = {"missing ]": "missing closing ]", "bad repetition operator":
                 "invalid nested repetition operator", "no argument for repetition operator":
                 "missing argument to repetition operator", "bad escape sequence": "invalid escape "
                 "sequence", "trailing \\": "trailing backslash at end of expression",
                 "missing )": "missing closing )", "unexpected )": "unexpected )"}  # fmt: skip
        shown = f": `{where or pattern}`" if what != "trailing \\" else ": ``"
        raise TemplateError(f"error parsing regexp: {names.get(what, what)}{shown}") from None


def search(pattern: str, text: str) -> bool:
    """Return Go's regexp.MatchString: whether the pattern is anywhere in the text."""
    return compile_pattern(pattern).search(text) is not None


def full(pattern: str, text: str) -> bool:
    """Return whether the pattern is all of the text, as Alertmanager's matchers want it."""
    return compile_pattern(f"^(?:{pattern})$").search(text) is not None


def replace_all(pattern: str, new: str, text: str) -> str:
    """Return Go's ReplaceAllString: ``$1`` and ``${name}`` are groups, an unknown one is empty."""
    compiled = compile_pattern(pattern)
    out: list[str] = []
    end, at = 0, 0
    while at <= len(text):
        found = compiled.search(text, at)
        if not found:
            break
        out.append(text[end : found.start()])
        # Go takes no empty match right behind a match.
        if found.end() > end or found.start() == 0:
            out.append(_expand(new, found))
        end = found.end()
        at = found.end() if found.end() > found.start() and found.end() > at else at + 1
        at = max(at, end)
    return "".join([*out, text[end:]])


def _expand(new: str, found: Any) -> str:
    def group(reference: re.Match[str]) -> str:
        name = reference[1] or reference[2]
        if name is None:
            return "$"
        try:
            return found.group(int(name) if name.isdigit() else name) or ""
        except (IndexError, KeyError, re2.error):
            return ""

    return _EXPAND.sub(group, new)
