"""What of ClickHouse is deleted with the stack: nothing, unless --drop-tables is given."""

from argparse import ArgumentParser, Namespace
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from cli.errors import Problem
from infra.stores.clickhouse import admin, tables
from infra.stores.clickhouse import place as places
from infra.stores.clickhouse.place import READER, URL, WRITER

BUCKETS: Sequence[str] = ()


def arguments(parser: ArgumentParser) -> None:
    """Add --drop-tables."""
    parser.add_argument(
        "--drop-tables",
        action="store_true",
        help="drop ClickHouse's tables too, with every row; they stay otherwise",
    )


def losses(
    args: Namespace, resources: Mapping[str, str], settings: Mapping[str, str]
) -> Iterator[str]:
    """Yield the tables, if they are to be dropped."""
    if args.drop_tables:
        names = tables.names(places.place_of(settings))
        yield f"ClickHouse's tables at {settings[URL]}: every row of {tables.shown(*names)}"


def stays(args: Namespace, settings: Mapping[str, str]) -> Iterator[str]:
    """Yield what is kept, because it belongs to the user."""
    place = places.place_of(settings)
    if not args.drop_tables:
        names = tables.shown(*tables.names(place))
        yield (
            f"What stays: ClickHouse's tables at {settings[URL]} ({names}), which are yours; "
            "ARGS=--drop-tables drops them."
        )
    yield (
        f"What stays, too: the database {place.database}, the users {WRITER} and {READER}, and the "
        "secret with the password."
    )


def begin(args: Namespace, session: Any, settings: Mapping[str, str]) -> Callable[[], None]:
    """Find out who may drop the tables before anything is deleted; return what drops them."""
    if not args.drop_tables:
        return lambda: None
    place = places.place_of(settings)
    server = places.server_of(settings, admin.login("to drop the tables", yes=args.yes))
    found = tables.look(server, place)
    if found.empty:
        raise Problem(
            f"{tables.shown(place.requests)} is not at {settings[URL]}, so there is nothing to "
            "drop; nothing was deleted. Leave --drop-tables out."
        )

    def drop() -> None:
        for statement in tables.dropping(place):
            server.run(statement)
        print(f"Dropped {tables.shown(*tables.names(place))}.")

    return drop
