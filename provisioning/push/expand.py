"""`$VAR` in provisioning files, for the HTTP API, which expands nothing.

Grafana expands files as it reads them (pkg/services/provisioning/values); what goes through the
API must be expanded here. The rule is Grafana's, with two differences on purpose: an unset variable
is an error instead of an empty string, and a value is never expanded a second time.
https://grafana.com/docs/grafana/latest/administration/provisioning/#using-environment-variables
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from provisioning.push.errors import PushError

_REFERENCE = re.compile(
    r"\$\$"
    r"|\$(?:__(?P<provider>\w+))?\{(?P<braced>[^}]+)\}"
    r"|\$(?P<name>[A-Za-z_][A-Za-z0-9_]*)"
    r"|\$(?P<special>[*#@!?\-0-9])"
)


class Unset(str):
    """A text whose variable is not set, so that what is wanted there is unknown."""

    __slots__ = ()


@dataclass
class Expander:
    """Expands references to `environment`.

    What is in `optional` may be unset or empty. With `lenient`, any other unset variable is
    remembered in `missing`, and its text is an Unset: enough to compare or to remove, not to push.
    The variables that were asked for are in `used`.
    """

    environment: Mapping[str, str]
    lenient: bool = False
    optional: frozenset[str] = frozenset()
    missing: set[str] = field(default_factory=set)
    used: set[str] = field(default_factory=set)

    def expand(self, text: str, where: str) -> tuple[str, bool]:
        """Return (`text` expanded, whether anything in it came from outside the file).

        `where` names the field, for the error. Raises PushError for a variable that is not set.
        """
        outside = False

        def value(match: re.Match[str]) -> str:
            nonlocal outside
            if match.group(0) == "$$":
                return "$"
            if match["special"]:
                raise PushError(
                    f"{where} says {match.group(0)}, which Grafana would drop; "
                    f"write $${match['special']} for a dollar sign."
                )
            outside = True
            return self._value(match, where)

        before = set(self.missing)
        self.missing.clear()
        expanded = _REFERENCE.sub(value, text)
        unset = bool(self.missing)
        self.missing |= before
        return (Unset(expanded) if unset else expanded), outside

    def tree(self, value: object, where: str) -> tuple[object, dict[str, str]]:
        """Expand every string in `value` (not keys): (the result, {path: value from outside})."""
        found: dict[str, str] = {}

        def walk(node: object, path: str) -> object:
            if isinstance(node, str):
                text, outside = self.expand(node, f"{where} {path}".rstrip())
                if outside:
                    found[path] = text
                return text
            if isinstance(node, dict):
                return {key: walk(item, f"{path}.{key}".lstrip(".")) for key, item in node.items()}
            if isinstance(node, list):
                return [walk(item, f"{path}[{n}]") for n, item in enumerate(node)]
            return node

        return walk(value, ""), found

    def _value(self, match: re.Match[str], where: str) -> str:
        name = match["braced"] or match["name"]
        provider = match["provider"] or "env"
        if provider == "file":
            try:
                return Path(name).read_text(encoding="utf-8").strip()
            except (OSError, ValueError) as error:
                reason = getattr(error, "strerror", None) or "it is not UTF-8 text"
                raise PushError(
                    f"{where} names the file {name}, which cannot be read: {reason}."
                ) from None
        if provider != "env":
            raise PushError(
                f"{where} uses $__{provider}{{}}, which only Grafana itself can expand; "
                "use a variable of the environment."
            )
        self.used.add(name)
        value = self.environment.get(name, "")
        if value or name in self.optional:
            return value
        if self.lenient:
            self.missing.add(name)
            return match.group(0)
        raise PushError(f"{where} needs the environment variable {name}; set it and try again.")
