"""Find out, before anything is deployed, whether this account can have the store."""

from argparse import ArgumentParser, Namespace

from cli import aws
from infra import stores

HELP = "check that this account and region can have the stack, before deploying it"


def arguments(parser: ArgumentParser) -> None:
    """Add this subcommand's arguments."""
    aws.region_argument(parser)


def run(args: Namespace) -> int:
    """Check, and print what was found."""
    made = aws.session(args.region)
    who = aws.client(made, "sts").get_caller_identity()
    print(f"Account {who['Account']}, region {made.region_name}, as {who['Arn'].split(':', 5)[-1]}")
    print(stores.of().check.account(made))
    return 0
