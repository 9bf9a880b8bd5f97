"""The project on one machine: ``python -m local demo|ingest|query|serve|incident``."""

import argparse
import signal
import sys
from collections.abc import Sequence
from importlib import import_module

from cli.command import finish
from local.stores import DEFAULT, STORES, Store, of

SUBCOMMANDS = ("demo", "ingest", "query", "serve", "incident")


def main(argv: list[str] | None = None) -> int:
    """Run a subcommand; return the exit status."""
    return finish(lambda: _run(argv), _explain)


def _run(argv: list[str] | None) -> int:
    parser = argparse.ArgumentParser(
        prog="python -m local",
        description="The whole project on this machine, without an AWS account.",
    )
    subcommands = parser.add_subparsers(title="subcommands", required=True, dest="subcommand")
    store = _store(sys.argv[1:] if argv is None else argv)
    for name in SUBCOMMANDS:
        module = import_module(f"local.{name}")
        own = subcommands.add_parser(
            name,
            help=module.HELP,
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )
        own.description = module.DESCRIPTION
        module.arguments(own, store)
        own.set_defaults(run=module.run)
    args = parser.parse_args(argv)
    # `docker stop` and Ctrl-C end the same way: what was begun is finished.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    return int(args.run(args))


def _store(argv: Sequence[str]) -> Store:
    """Return the store that the arguments name: its ports, layouts and examples are in the help."""
    parser = argparse.ArgumentParser(add_help=False, exit_on_error=False)
    parser.add_argument("--store", choices=STORES, default=DEFAULT)
    try:
        return of(parser.parse_known_args(argv)[0].store)
    except argparse.ArgumentError:
        return of()  # what is wrong is said by the subcommand


def _explain(error: Exception) -> str | None:
    from botocore.exceptions import BotoCoreError, ClientError

    from local.aws import LocalError

    if isinstance(error, LocalError):
        return f"python -m local: {error}"
    if isinstance(error, BotoCoreError | ClientError):
        return f"python -m local: the endpoint refuses: {error}"
    return None


if __name__ == "__main__":
    sys.exit(main())
