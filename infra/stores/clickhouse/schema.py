"""The tables of ClickHouse: printed, or applied to a server."""

from argparse import ArgumentParser, Namespace
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from infra.stores.clickhouse import admin, check, deploy, fill, secret, tables
from infra.stores.clickhouse import place as places
from infra.stores.clickhouse import users as accounts
from infra.stores.clickhouse.retention import days
from infra.stores.clickhouse.server import Server
from processor.stores.clickhouse import schema
from processor.stores.clickhouse.rollup import ROLLUPS
from processor.stores.clickhouse.schema import Place


def arguments(parser: ArgumentParser) -> None:
    """Add --print, --cluster, --days and --rollup-days."""
    add = parser.add_argument
    add("--print", action="store_true", help="show the statements, and change nothing")
    add(
        "--cluster",
        help="name of the cluster whose tables are replicated; none on one machine and on "
        "ClickHouse Cloud (CLICKHOUSE_CLUSTER)",
    )
    add(
        "--fill",
        action="store_true",
        help="make the totals of requests that came before there were totals",
    )
    add("--days", type=days, help="keep requests that long (30, or as the table says)")
    add("--rollup-days", type=days, help="keep sums by minute, and reports, that long (400)")


def run(args: Namespace, settings: Mapping[str, str]) -> int:
    """Print the statements, or apply those that are missing."""
    place = chosen(args, places.place_of(settings))
    if args.print:
        print("\n".join(printed(place)))
        return 0
    login = None
    if settings.get(places.SECRET):
        try:
            login = secret.login(settings[places.SECRET])
        except secret.NotAllowed as problem:
            print(f"{problem} The writer is not made here.")
    server = places.server_of(settings, admin.login("to change the tables", yes=args.yes))
    check.version(server)
    deploy.apply(server, place, login)
    last(args, server, place)
    if args.fill:
        fill.totals(server, place)
    deploy.make_reader(server, place)
    return 0


def chosen(args: Namespace, place: Place) -> Place:
    """Return the place with the cluster and the days that the options name."""
    found: dict[str, Any] = {
        "cluster": args.cluster,
        "days": args.days,
        "rollup_days": args.rollup_days,
    }
    return replace(place, **{name: value for name, value in found.items() if value is not None})


def printed(place: Place) -> Iterator[str]:
    """Yield the lines of a script that makes everything; safe to run twice."""
    yield f"-- Schema {schema.VERSION}; safe to run again, and beside a running processor."
    for statement in schema.statements(place):
        yield f"{statement};"
    yield "-- Who writes: the processor. Put the password of the secret in."
    yield from (f"{each};" for each in accounts.writer(place, None))
    yield "-- Who reads: Grafana."
    yield from (f"{each};" for each in accounts.reader(place, None))


def users() -> Iterator[str]:
    """Yield the statements that make the writer and the reader of the usual tables."""
    yield from accounts.writer(Place(), None)
    yield from accounts.reader(Place(), None)


def last(args: Namespace, server: Server, place: Place) -> None:
    """Change how long the tables keep their rows, where the options name another time."""
    found = tables.look(server, place)
    for table, before in found.days.items():
        by_day = [place.rollup(each) for each in ROLLUPS if each.by_day]
        wanted = args.days if table in (place.requests, *by_day) else args.rollup_days
        if wanted is not None and wanted != before:
            server.run(tables.keeping(place, table, found.since[table], wanted))
            print(f"{tables.shown(table)} keeps rows for {wanted} days, not for {before}.")
