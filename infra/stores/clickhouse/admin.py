"""The user that makes tables: named in the environment or asked for, and kept nowhere."""

import getpass
import os
import sys

from cli.errors import Problem
from infra.stores.clickhouse.server import Login

USER, PASSWORD = "CLICKHOUSE_ADMIN_USER", "CLICKHOUSE_ADMIN_PASSWORD"
USUAL = "default"  # ClickHouse's own first user


def login(why: str, *, yes: bool) -> Login:
    """Return an administrator of the server; ``why`` is what for, in a few words.

    Raises Problem, with how to go on without, where the environment has none and nobody can be
    asked.
    """
    user, password = os.environ.get(USER), os.environ.get(PASSWORD)
    if password is not None:
        return Login(user or USUAL, password)
    if yes or not sys.stdin.isatty():
        raise Problem(
            f"An administrator of ClickHouse is needed {why}: set {USER} ({USUAL}, if not set) and "
            f"{PASSWORD}, or run what `make schema ARGS=--print` prints yourself."
        )
    print(f"An administrator of ClickHouse is needed {why}; the password is not kept.")
    user = user or input(f"Its user [{USUAL}]: ").strip() or USUAL
    return Login(user, getpass.getpass(f"Password of {user}: "))
