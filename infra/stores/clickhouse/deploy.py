"""Before the stack is made: the address and the secret, and the tables."""

import os
import secrets
import sys
from collections.abc import Mapping
from typing import Any

from cli import console
from cli.errors import Problem, Unanswered
from infra import parameters
from infra.stores.clickhouse import admin, check, secret, tables, users
from infra.stores.clickhouse import place as places
from infra.stores.clickhouse.place import CERTIFICATE, READER, SECRET, URL
from infra.stores.clickhouse.server import (
    AUTHENTICATION,
    DENIED,
    Login,
    OutOfReach,
    Refused,
    Server,
)
from processor.stores.clickhouse import schema
from processor.stores.clickhouse.rollup import TOTALS
from processor.stores.clickhouse.schema import Place

READER_PASSWORD = "CLICKHOUSE_READER_PASSWORD"  # noqa: S105  (a variable's name)
# A server without it knows no setting that a reader may change within limits.
SWITCH = "settings_constraints_replace_previous"
QUESTIONS = {
    URL: "Address of ClickHouse's HTTPS interface, such as https://clickhouse.example.com:8443: ",
    SECRET: "ARN of the secret with the writer's password (docs/stores.md has how to make one): ",
}


def environment(settings: Mapping[str, str]) -> dict[str, str]:
    """Return the address, the secret and the names."""
    return {
        "CLICKHOUSE_URL": settings[URL],
        "CLICKHOUSE_SECRET_ARN": settings[SECRET],
        "CLICKHOUSE_DATABASE": settings[places.DATABASE],
        "CLICKHOUSE_TABLE": settings[places.TABLE],
        "CLICKHOUSE_CA": places.certificate(settings),
    }


def asked(settings: Mapping[str, str], *, yes: bool) -> dict[str, str]:
    """Return the address, the secret and an own authority, as far as they are not set yet."""
    found = {}
    for name, question in QUESTIONS.items():
        if settings.get(name):
            continue
        if yes:
            raise Problem(f"Rows go to ClickHouse, so {name} is needed: --parameter {name}=….")
        try:
            value = console.answer(question)
        except Unanswered:
            raise Problem(
                f"Rows go to ClickHouse, so {name} is needed, and nobody is here to answer: "
                f"--parameter {name}=…."
            ) from None
        if not value:
            raise Problem(f"{name} is needed; nothing was deployed.")
        value = parameters.normal(name, value)
        parameters.check(name, value)
        found[name] = value
    if not settings.get(CERTIFICATE) and (body := places.from_file()):
        parameters.check(CERTIFICATE, body)
        found[CERTIFICATE] = body
    return found


def prepare(session: Any, settings: Mapping[str, str], *, yes: bool) -> None:
    """Check the server, and make the tables and the writer where they are missing."""
    check.region(session.region_name)
    place = places.place_of(settings)
    login: Login | None = None
    try:
        login = secret.login(settings[SECRET])
    except secret.NotAllowed as problem:
        print(problem)
    try:
        places.server_of(settings, check.NOBODY).ping()
    except OutOfReach as problem:
        if reason := check.far(problem, settings):
            print(reason)
            print("The tables were not looked at: `make schema ARGS=--print` has the statements.")
            return
        raise
    if login and _ready(places.server_of(settings, login), place):
        return
    why = "to make the tables"
    administrator = places.server_of(settings, admin.login(why, yes=yes))
    check.version(administrator)
    apply(administrator, place, login)
    if login:
        server = places.server_of(settings, login)
        check.may_write(server, place)
        print(f"User {login.user} may write.")
    try:
        make_reader(administrator, place)
    except Refused as refused:  # Grafana waits; rows need not
        print(refused)


def _ready(server: Server, place: Place) -> bool:
    """Return whether nothing is missing; raises Problem for what cannot be made here."""
    try:
        print(f"ClickHouse {check.version(server)} answers at {server.url}.")
        found = tables.look(server, place)
        if list(tables.needed(found, place)):
            return False
        check.may_write(server, place)
    except Refused as refused:
        if refused.code in (*AUTHENTICATION, DENIED):
            print(f"{refused} What is missing is made now.")
            return False
        raise
    print(f"The tables of {tables.shown(place.requests)} are there (schema {schema.VERSION}).")
    return True


def apply(server: Server, place: Place, login: Login | None) -> None:
    """Make what is missing: tables, columns, and the writer of this login."""
    found = tables.look(server, place)
    statements = list(tables.needed(found, place))
    for statement in statements:
        server.run(statement)
    name = tables.shown(place.requests)
    if statements:
        print(f"The tables of {name} were made, or changed: {len(statements)} statements.")
    else:
        print(f"The tables of {name} are there; nothing was changed.")
    if found.rows.get(place.requests) and {*map(place.rollup, TOTALS)} & {*found.missing}:
        print(
            "Panels of all requests show what comes in from now on. In five minutes, `make schema "
            "ARGS=--fill` adds what was there before; it reads every request that is kept."
        )
    if login and login.user != server.login.user:
        for statement in users.writer(place, login.password, login.user):
            try:
                server.run(statement)
            except Refused as refused:
                # A service of somebody else's may keep its disks to itself.
                if refused.code != DENIED or statement != users.sees_disks(place, login.user):
                    raise
                print(f"{refused} `make status` will not see how full the disk is.")


def make_reader(server: Server, place: Place) -> None:
    """Make Grafana's user, with CLICKHOUSE_READER_PASSWORD or one that is shown once.

    Raises Refused where the server does not let a user read within limits.
    """
    names = server.ask("SELECT name FROM system.users")
    password = os.environ.get(READER_PASSWORD)
    if [READER] in names:
        for statement in list(users.reader(place, ""))[1:]:  # of other tables, perhaps
            server.run(statement)
        print(f"User {READER} is there, and may read.")
        return
    if not password and not sys.stdout.isatty():
        print(
            f"Grafana's user {READER} is missing: set {READER_PASSWORD} and run `make schema`, "
            "which makes it."
        )
        return
    if not password:
        password = secrets.token_urlsafe(24)
        print(
            f"Grafana's user {READER} gets the password {password}: note it, it is shown once and "
            f"kept nowhere. `make env` and `make push` read it from {READER_PASSWORD}."
        )
    try:
        for statement in users.reader(place, password):
            server.run(statement)
    except Refused as refused:
        if SWITCH not in refused.text:
            raise
        raise Refused(
            refused.code,
            refused.text,
            f"Grafana's user {READER} cannot be made: set access_control_improvements.{SWITCH} to "
            "true in the server's configuration, as ClickHouse's own has it; then `make schema`.",
        ) from None
    print(f"User {READER} was made, and may only read.")
