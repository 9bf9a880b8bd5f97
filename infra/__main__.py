"""The verbs for the stack on AWS: ``python -m infra VERB --help``."""

import argparse
import importlib
import sys

from local.command import finish

# Each is a module here with HELP, arguments(parser) and run(args).
VERBS = (
    "check",
    "deploy",
    "attach",
    "status",
    "env",
    "cost",
    "redrive",
    "detach",
    "destroy",
)


def main(argv: list[str] | None = None) -> int:
    """Run one verb; return its exit status."""
    return finish(lambda: _verb(argv), _explain)


def _verb(argv: list[str] | None) -> int:
    from infra import aws

    parser = argparse.ArgumentParser(prog="python -m infra", description=__doc__)
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="VERB")
    for name in VERBS:
        module = importlib.import_module(f"infra.{name}")
        own = verbs.add_parser(name, help=module.HELP, description=module.__doc__)
        module.arguments(own)
        own.set_defaults(run=module.run)
    args = parser.parse_args(argv)
    try:
        return args.run(args)
    except aws.Cancelled as answer:
        print(answer)
        return 1


def _explain(error: Exception) -> str | None:
    from botocore.exceptions import BotoCoreError, ClientError

    from infra import aws

    if isinstance(error, aws.Problem):
        return str(error)
    return aws.explain(error) if isinstance(error, BotoCoreError | ClientError) else None


if __name__ == "__main__":
    sys.exit(main())
