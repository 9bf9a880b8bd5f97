"""Whether there is a ClickHouse that the stack can write to."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import boto3

from cli.console import size
from cli.errors import Problem
from infra.stores.clickhouse import place as places
from infra.stores.clickhouse import secret, tables
from infra.stores.clickhouse.server import (
    DENIED,
    LEAST,
    NO_COLUMN,
    NO_DATABASE,
    NO_TABLE,
    Login,
    OutOfReach,
    Refused,
    Server,
)
from processor.stores.clickhouse.columns import COLUMNS
from processor.stores.clickhouse.schema import PIPELINE_COLUMNS, VERSION, Place

SUBNETS = "VpcSubnetIds"
NOBODY = Login("nobody", "")  # for what is asked without a user
LEAST_FREE = 0.1  # of a disk
ENDLESS = 1 << 59  # bytes; object stores say that they have no end
MORE_ROOM = (
    "Make the disk larger, or keep requests for fewer days (`make schema ARGS='--days 14'`); what "
    "cannot be written waits on the stream."
)


def region(name: str) -> None:
    """Raise Problem for a name that is no region's: ClickHouse can be used from all of them."""
    known = boto3.session.Session().get_available_regions("kinesis")
    if name not in known and not name.startswith(("us-gov-", "us-iso", "eusc-", "cn-")):
        raise Problem(f"There is no AWS region {name!r}; one is called like us-east-1.")


def account(session: Any, settings: Mapping[str, str]) -> Iterator[str]:
    """Yield what was found: the server answers, is new enough, takes the writer and has the tables.

    Raises Problem for the first of these that is not so.
    """
    region(session.region_name)
    yield "Any AWS account can have this stack: rows go to ClickHouse."
    if not settings.get(places.URL):
        yield f"No server was looked at: --parameter {places.URL}=https://… names it."
        return
    places.server_of(settings, NOBODY).ping()
    yield f"ClickHouse answers at {settings[places.URL]}."
    if not settings.get(places.SECRET):
        yield f"No password was tried: --parameter {places.SECRET}=arn:… names the secret."
        return
    try:
        login = secret.login(settings[places.SECRET])
    except secret.NotAllowed as problem:
        yield str(problem)
        return
    server = places.server_of(settings, login)
    yield f"Its version is {version(server)}; {_text(LEAST)} or newer is needed."
    place = places.place_of(settings)
    found = tables.look(server, place)
    if found.empty:
        yield f"{tables.shown(place.requests)} is not there yet: `make deploy` makes the tables."
        return
    yield complete(found, place)
    may_write(server, place)
    yield f"User {login.user} may write, and the tables have every column (schema {VERSION})."
    try:
        room = disk(server)
    except Refused as refused:
        if refused.code != DENIED:
            raise
        return
    if room and room.low:
        raise Problem(f"{room.text}. {MORE_ROOM}")
    if room:
        yield f"{room.text}."


def version(server: Server) -> str:
    """Return the server's version, such as 26.8.20; raises Problem for one that is too old."""
    found = server.version()
    if found[:2] < LEAST:
        raise Problem(
            f"ClickHouse at {server.host} is of version {_text(found)}, and {_text(LEAST)} or "
            "newer is needed: only then does a batch that is delivered again leave the sums by "
            "minute right. Upgrade the server."
        )
    return _text(found)


def _text(parts: tuple[int, ...]) -> str:
    return ".".join(map(str, parts))


def complete(found: tables.Found, place: Place) -> str:
    """Return a sentence that all tables are there; raises Problem for what is missing."""
    missing = [tables.shown(name) for name in found.missing]
    missing += [f"{column.name} of {tables.shown(table)}" for table, column in found.columns]
    if missing:
        raise Problem(
            f"ClickHouse lacks {', '.join(missing[:4])}{' …' if len(missing) > 4 else ''}: "
            "`make deploy` and `make schema` make what is missing."
        )
    if found.version and found.version > VERSION:
        return f"The tables are of schema {found.version}, newer than this checkout's {VERSION}."
    return f"The tables of {tables.shown(place.requests)} are there."


def may_write(server: Server, place: Place) -> None:
    """Raise Refused unless the user may write every column; nothing is written."""
    for table, columns in ((place.requests, COLUMNS), (place.pipeline, PIPELINE_COLUMNS)):
        listed = ", ".join(column.name for column in columns)
        try:
            server.insert_nothing(f"INSERT INTO {table} ({listed}) FORMAT TabSeparated")
        except Refused as refused:
            more = ""
            if refused.code in (NO_TABLE, NO_DATABASE, NO_COLUMN):
                more = " `make schema` makes what is missing."
            elif refused.code == DENIED:
                more = " The writer's rights are in `make schema ARGS=--print`."
            raise Refused(refused.code, refused.text, f"{refused}{more}") from None


@dataclass(frozen=True, slots=True)
class Room:
    """What is left of the fullest disk."""

    text: str
    low: bool


def disk(server: Server) -> Room | None:
    """Return the room on the fullest disk; None for an object store, which has no end.

    Raises Refused where the user may not look.
    """
    disks = server.ask("SELECT name, free_space, total_space FROM system.disks")
    own = [(name, int(free), int(whole)) for name, free, whole in disks if 0 < int(whole) < ENDLESS]
    if not own:
        return None
    name, free, whole = min(own, key=lambda each: each[1] / each[2])
    text = f"{size(free)} of {size(whole)} free on {name}"
    return Room(text, free < LEAST_FREE * whole)


def far(problem: OutOfReach, settings: Mapping[str, str]) -> str | None:
    """Return why a server that this machine cannot reach may still be fine; else None."""
    if not settings.get(SUBNETS):
        return None
    return (
        f"{problem} The processor runs in subnets of yours ({SUBNETS}), which may reach it; to "
        "check from here, use a VPN or a machine in that VPC."
    )
