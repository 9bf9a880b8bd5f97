"""What the server says of itself and of the table: version, columns, how long rows are kept.

One small question, asked when a copy of the function starts and when rows are late.
"""

import json
import re
from dataclasses import dataclass

from processor.stores.clickhouse.client import Client
from processor.stores.clickhouse.columns import COLUMNS
from processor.stores.clickhouse.settings import Settings
from processor.stores.clickhouse.trouble import (
    Trouble,
    Verdict,
    is_old,
    missing_column,
    no_table,
    too_old,
)

_days = re.compile(r"\bTTL\b.*?toIntervalDay\((\d+)\)").search


@dataclass(frozen=True, slots=True)
class Table:
    """The table of requests, as it is."""

    version: str  # of the server
    columns: frozenset[str]  # none where there is no table, or this user may not see it
    days: int | None  # that rows are kept; None if that is not known

    def problems(self, settings: Settings) -> list[Trouble]:
        """Say what is to be mended before rows can come in and be asked for."""
        found = []
        if is_old(self.version):
            found.append(Trouble("ServerTooOld", Verdict.OPERATOR, too_old(self.version)))
        if not self.columns:
            found.append(Trouble("UNKNOWN_TABLE", Verdict.OPERATOR, no_table(settings)))
            return found
        found += [
            Trouble(
                "NO_SUCH_COLUMN_IN_TABLE", Verdict.OPERATOR, missing_column(column.name, settings)
            )
            for column in COLUMNS
            if column.name not in self.columns
        ]
        return found


def look(client: Client, seconds: float) -> tuple[Table | None, Trouble | None]:
    """Ask; return the table, or the trouble with the question. Never raises."""
    settings = client.settings
    place = f"database = {_quoted(settings.database)} AND {{}} = {_quoted(settings.table)}"
    query = (
        "SELECT version(), "
        f"(SELECT groupArray(name) FROM system.columns WHERE {place.format('table')}), "
        f"(SELECT any(engine_full) FROM system.tables WHERE {place.format('name')}) "
        "FORMAT JSONCompact"
    )
    text, trouble = client.select(query, seconds)
    if trouble is not None:
        return None, trouble
    try:
        ((version, columns, engine),) = json.loads(text)["data"]
        days = _days(engine or "")
        return Table(str(version), frozenset(columns), int(days[1]) if days else None), None
    except (ValueError, KeyError, TypeError):
        sentence = f"what answers at {settings.url} is not ClickHouse, or something in front of it"
        return None, Trouble("NotUnderstood", Verdict.PASSES, sentence)


def _quoted(text: str) -> str:
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"
