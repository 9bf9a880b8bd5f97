"""The verbs for the stack on AWS: ``python -m infra VERB --help``."""

import argparse
import importlib
import sys

from botocore.exceptions import BotoCoreError, ClientError

from infra import aws

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
    except aws.Problem as problem:
        print(problem, file=sys.stderr)
        return 1
    except (BotoCoreError, ClientError) as error:
        print(aws.explain(error), file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nInterrupted.", file=sys.stderr)
        return 130


if __name__ == "__main__":
    sys.exit(main())
