"""The project on one machine: ``python -m local demo|ingest|query|serve|incident``."""

import argparse
import signal
import sys
from importlib import import_module

from cli.command import finish

SUBCOMMANDS = ("demo", "ingest", "query", "serve", "incident")


def main(argv: list[str] | None = None) -> int:
    """Run a subcommand; return the exit status."""
    return finish(lambda: _run(argv), _explain)


def _run(argv: list[str] | None) -> int:
    parser = argparse.ArgumentParser(
        prog="python -m local",
        description="CloudFront log lines to answers, on this machine, without an AWS account.",
    )
    subcommands = parser.add_subparsers(title="subcommands", required=True, dest="subcommand")
    for name in SUBCOMMANDS:
        module = import_module(f"local.{name}")
        own = subcommands.add_parser(
            name,
            help=module.HELP,
            description=module.DESCRIPTION,
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )
        module.arguments(own)
        own.set_defaults(run=module.run)
    args = parser.parse_args(argv)
    # `docker stop` and Ctrl-C end the same way: what was begun is finished.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    return int(args.run(args))


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
