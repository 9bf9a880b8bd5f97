from collections.abc import Mapping
from typing import Any

from infra.stores.timestream import check


def environment(settings: Mapping[str, str]) -> dict[str, str]:
    """Return the layout; the names of database and table are the stack's to choose."""
    return {"RECORD_LAYOUT": settings["RecordLayout"]}


def asked(settings: Mapping[str, str], *, yes: bool) -> dict[str, str]:
    """Return nothing: the stack makes the table."""
    return {}


def prepare(session: Any, settings: Mapping[str, str], *, yes: bool) -> None:
    """Raise Problem when this account cannot use Timestream in this region."""
    for _ in check.account(session, settings):
        pass
