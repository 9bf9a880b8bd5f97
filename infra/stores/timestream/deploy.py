from collections.abc import Mapping
from typing import Any

from infra.stores.timestream import check


def asked(settings: Mapping[str, str], *, yes: bool) -> dict[str, str]:
    """Return nothing: the stack makes the table."""
    return {}


def prepare(session: Any, settings: Mapping[str, str], *, yes: bool) -> None:
    """Raise Problem when this account cannot use Timestream in this region."""
    for _ in check.account(session, settings):
        pass
