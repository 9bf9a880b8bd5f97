"""The commands for the stack on AWS: ``python -m infra SUBCOMMAND --help``."""

import argparse
import importlib
import sys

from cli.command import finish

# Each is a module here with HELP, arguments(parser) and run(args).
SUBCOMMANDS = (
    "check",
    "deploy",
    "schema",
    "attach",
    "status",
    "env",
    "cost",
    "redrive",
    "detach",
    "destroy",
)


def main(argv: list[str] | None = None) -> int:
    """Run one subcommand; return its exit status."""
    return finish(lambda: _run(argv), _explain)


def _run(argv: list[str] | None) -> int:
    from cli.errors import Cancelled

    parser = argparse.ArgumentParser(prog="python -m infra", description=__doc__)
    subcommands = parser.add_subparsers(dest="subcommand", required=True, metavar="SUBCOMMAND")
    for name in SUBCOMMANDS:
        module = importlib.import_module(f"infra.{name}")
        own = subcommands.add_parser(name, help=module.HELP, description=module.__doc__)
        module.arguments(own)
        own.set_defaults(run=module.run)
    args = parser.parse_args(argv)
    try:
        return int(args.run(args))
    except Cancelled as answer:
        print(answer)
        return 1


def _explain(error: Exception) -> str | None:
    from botocore.exceptions import BotoCoreError, ClientError

    from cli import aws
    from cli.errors import Problem

    if isinstance(error, Problem):
        return str(error)
    return aws.explain(error) if isinstance(error, BotoCoreError | ClientError) else None


if __name__ == "__main__":
    sys.exit(main())
