"""What `status` looks at in ClickHouse, as the writer and, where its password is known, the reader.

The writer sees the time of rows and nothing else of them, so it is enough for what is asked here.
"""

import os
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime, timedelta

from cli.errors import Problem
from infra.chain import Context, Link
from infra.stores.clickhouse import check, secret, tables
from infra.stores.clickhouse import place as places
from infra.stores.clickhouse.deploy import READER_PASSWORD
from infra.stores.clickhouse.place import CERTIFICATE, DATABASE, READER, SECRET, TABLE, URL
from infra.stores.clickhouse.server import (
    DENIED,
    READ_ONLY_USER,
    Login,
    OutOfReach,
    Refused,
    Server,
)
from processor.stores.clickhouse.columns import COLUMNS, TIME
from processor.stores.clickhouse.schema import VERSION, Place

LAG_LIMIT = timedelta(minutes=10)
NAME = "ClickHouse"


def _rows(context: Context) -> Iterator[Link]:
    """Look at the server, and then at what is in it; a server that is out of reach is one link."""
    found = context.stack
    settings = {
        **found.parameters,
        URL: found.url,
        SECRET: found.secret_arn,
        DATABASE: found.database,
        TABLE: found.table,
        CERTIFICATE: found.parameters.get(CERTIFICATE, ""),
    }
    login = secret.login(found.secret_arn)
    server, place = places.server_of(settings, login), places.place_of(settings)
    try:
        server.ping()
        said = check.version(server)
    except OutOfReach as problem:
        reason = check.far(problem, settings)
        yield Link("server", "does not answer", reason or str(problem), warning=bool(reason))
        return
    except Problem as problem:
        yield Link("server", found.url, str(problem))
        return
    yield Link("server", f"{found.url}, version {said}")
    looks: tuple[tuple[str, Callable[[], Link | None]], ...] = (
        ("schema", lambda: _schema(server, place)),
        ("writer", lambda: _writer(server, place)),
        ("rollup", lambda: _rollup(server, place)),
        ("disk", lambda: _disk(server)),
        ("reader", lambda: _reader(settings, place)),
        (NAME, lambda: _newest(context, server, place)),
    )
    for what, look in looks:
        try:
            if link := look():
                yield link
        except Problem as problem:
            yield Link(what, "could not be looked at", str(problem))


def _schema(server: Server, place: Place) -> Link:
    found = tables.look(server, place)
    kept = found.days.get(place.requests)
    text = f"version {found.version}, requests kept for {kept} days"
    try:
        check.complete(found, place)
    except Problem as problem:
        if found.empty and _writes(server, place):
            return Link(
                "schema",
                f"not shown to {server.login.user}",
                "It may write, and not see the tables' names; `make schema` gives it that right.",
                warning=True,
            )
        return Link("schema", "not complete", str(problem))
    if found.version is not None and found.version < VERSION:
        return Link("schema", text, f"This checkout has version {VERSION}: `make schema`.", True)
    return Link("schema", text)


def _writes(server: Server, place: Place) -> bool:
    try:
        check.may_write(server, place)
    except Refused:
        return False
    return True


def _writer(server: Server, place: Place) -> Link:
    check.may_write(server, place)
    return Link("writer", f"{server.login.user} may write")


def _rollup(server: Server, place: Place) -> Link | None:
    found = tables.look(server, place)
    if found.empty:
        return None
    wanted = set(tables.names(place)) - {place.requests, place.pipeline}
    if not wanted:
        return None
    if missing := sorted(wanted & set(found.missing)):
        return Link("rollup", f"without {tables.shown(*missing)}", "`make schema` makes it.")
    rows, sums = found.rows.get(place.requests, 0), found.rows.get(place.minutes, 0)
    text = f"{sums:,} sums of {rows:,} requests"
    if rows and not sums:
        return Link(
            "rollup",
            text,
            f"The view {tables.shown(place.to_minutes)} does not fill it: see that it is there, "
            "and whose rights it has (SHOW CREATE TABLE).",
        )
    return Link("rollup", text)


def _disk(server: Server) -> Link:
    try:
        room = check.disk(server)
    except Refused as refused:
        if refused.code != DENIED:
            raise
        return Link("disk", "may not be looked at", f"{refused} It costs nothing else.", True)
    if room is None:
        return Link("disk", "an object store, which does not fill up")
    return Link("disk", room.text, check.MORE_ROOM if room.low else "")


def _reader(settings: dict[str, str], place: Place) -> Link | None:
    """Look at Grafana's user, where its password is known."""
    password = os.environ.get(READER_PASSWORD)
    if not password:
        return None
    server = places.server_of(settings, Login(READER, password))
    try:
        server.ask(f"SELECT {COLUMNS[1].name} FROM {place.requests} WHERE {TIME} > now() LIMIT 0")
    except Refused as refused:
        if refused.code == DENIED:
            return Link(
                "reader",
                f"{READER} may not read",
                f"{refused} Its rights are in `make schema ARGS=--print`; a writer is no reader.",
            )
        raise
    try:
        server.insert_nothing(f"INSERT INTO {place.requests} ({TIME}) FORMAT TabSeparated")
    except Refused as refused:
        if refused.code in (DENIED, READ_ONLY_USER):
            return Link("reader", f"{READER} may read, and nothing else")
        raise
    return Link(
        "reader",
        f"{READER} may write",
        "Take that right from it: whoever edits a dashboard could change rows.",
    )


def _newest(context: Context, server: Server, place: Place) -> Link:
    """Look for the newest row."""
    since = f"{TIME} > now() - INTERVAL 1 DAY"
    count, newest = server.ask(
        f"SELECT count(), toUnixTimestamp(max({TIME})) FROM {place.requests} WHERE {since}"
    )[0]
    if not int(count):
        return Link(
            NAME,
            "no row in 24 hours",
            "Begin with the first red line above; when there is none, read the processor's log.",
        )
    when = datetime.fromtimestamp(int(newest), UTC)
    behind = context.now - when
    text = f"newest row of {when:%Y-%m-%d %H:%M:%S} UTC, {max(behind.total_seconds(), 0):.0f} s ago"
    if behind > LAG_LIMIT:
        return Link(
            NAME,
            text,
            "Nothing newer came: with traffic on the distribution, begin with the first red line "
            "above.",
        )
    return Link(NAME, text)


def _late(_: Context) -> Iterable[Link]:
    """Look at nothing: ClickHouse keeps what it accepted, however late it came."""
    return ()


ROWS = (NAME, _rows)
LATE = ("late rows", _late)
