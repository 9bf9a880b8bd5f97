"""The two users of the tables, as statements: one writes, one reads, neither can do more.

    cloudfront_writer   the processor: rows into two tables; of what is there it sees the time only
    cloudfront_reader   Grafana: questions, within limits that it may shorten but not lift

https://clickhouse.com/docs/operations/access-rights
https://clickhouse.com/docs/operations/settings/constraints-on-settings
"""

import hashlib
from collections.abc import Iterator

from infra.stores.clickhouse.place import READER, WRITER
from processor.stores.clickhouse.columns import TIME
from processor.stores.clickhouse.schema import Place, quoted

SECONDS = 60  # of one question
MEMORY = 4_000_000_000  # bytes, of one question


def writer(place: Place, password: str | None, user: str = WRITER) -> Iterator[str]:
    """Yield what makes the writer; each statement can be run again.

    Without a password, the statement has a blank to fill in. An existing user keeps its password.
    """
    on = _on(place)
    name = quoted(user)
    yield f"CREATE USER IF NOT EXISTS {name}{on} {_identified(password)}"
    for table in (place.requests, place.pipeline):
        yield f"GRANT{on} INSERT, SELECT({TIME}) ON {table} TO {name}"
    # `make status` looks at the tables and the disk as the writer.
    yield f"GRANT{on} SHOW TABLES, SHOW COLUMNS ON {quoted(place.database)}.* TO {name}"
    yield sees_disks(place, user)


def sees_disks(place: Place, user: str = WRITER) -> str:
    """Return the one right that nothing but `make status` needs."""
    return f"GRANT{_on(place)} SELECT ON system.disks TO {quoted(user)}"


def reader(place: Place, password: str | None, user: str = READER) -> Iterator[str]:
    """Yield what makes the reader, as `writer` does."""
    on = _on(place)
    name = quoted(user)
    yield (
        f"CREATE USER IF NOT EXISTS {name}{on} {_identified(password)} "
        f"SETTINGS readonly = 1, max_execution_time = {SECONDS} CHANGEABLE_IN_READONLY, "
        f"max_memory_usage = {MEMORY}"
    )
    yield f"GRANT{on} SELECT ON {quoted(place.database)}.* TO {name}"


def _on(place: Place) -> str:
    return f" ON CLUSTER {quoted(place.cluster)}" if place.cluster else ""


def _identified(password: str | None) -> str:
    """Return how a user is identified: by a hash, so that no log has the password."""
    if password is None:
        return "IDENTIFIED WITH sha256_password BY '<password>'"
    return f"IDENTIFIED WITH sha256_hash BY '{hashlib.sha256(password.encode()).hexdigest()}'"
