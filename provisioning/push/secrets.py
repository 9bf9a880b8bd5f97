"""Secrets: known in one place, so that no message, file or diff can show one."""

import hashlib
import html
import json
from collections.abc import Mapping
from functools import cache
from urllib.parse import quote

from provisioning.push.expand import Unset

SHOWN = "(secret)"

# Below this a value is too short to be worth hiding: replacing every "1" would only ruin messages.
_SHORTEST = 4


class Secrets:
    """The secret values of this run, and `scrub`, through which every outgoing text passes."""

    def __init__(self) -> None:
        self._forms: set[str] = set()

    def add(self, value: str) -> str:
        """Remember `value` as secret and return it.

        The spellings in which a server may echo it (JSON, Go's JSON, URL, HTML) are remembered too.
        """
        if isinstance(value, Unset):
            return value
        value = value.strip()
        if len(value) >= _SHORTEST:
            plain = json.dumps(value)[1:-1]
            readable = json.dumps(value, ensure_ascii=False)[1:-1]
            go = readable
            for character in "&<>":
                go = go.replace(character, f"\\u{ord(character):04x}")
            self._forms |= {value, plain, readable, go, quote(value, safe=""), html.escape(value)}
        return value

    def scrub(self, text: str) -> str:
        """Return `text` with every known secret replaced by "(secret)"."""
        for form in sorted(self._forms, key=len, reverse=True):
            text = text.replace(form, SHOWN)
        return text


def fingerprint(values: Mapping[str, str], salt: str) -> str:
    """Six hex digits that change when a secret does; "" when there are none.

    Grafana gives no secret back, so a rotated one can only be noticed by what is kept beside it.
    Twenty-four bits of a slow hash notice a change, and are too few to confirm a guess with.
    """
    return _slow_hash(json.dumps(dict(values), sort_keys=True), salt) if values else ""


@cache
def _slow_hash(text: str, salt: str) -> str:
    return hashlib.scrypt(text.encode(), salt=salt.encode(), n=2**13, r=8, p=1, dklen=3).hex()
