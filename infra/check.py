"""Find out, before anything is deployed, whether this account can have the store.

Where the store is a server of the user's own, it is asked too: whether it answers, is new enough,
takes the password and has the tables. With the same parameters as `deploy`.
"""

from argparse import ArgumentParser, Namespace

from cli import aws
from infra import deploy, stores

HELP = "check that this account and region can have the stack, before deploying it"


def arguments(parser: ArgumentParser) -> None:
    """Add this subcommand's arguments."""
    aws.region_argument(parser)
    deploy.settings_arguments(parser)


def run(args: Namespace) -> int:
    """Check, and print what was found."""
    made = aws.session(args.region)
    chosen = deploy.chosen(args)
    who = aws.client(made, "sts").get_caller_identity()
    print(f"Account {who['Account']}, region {made.region_name}, as {who['Arn'].split(':', 5)[-1]}")
    settings = deploy.defaults() | chosen
    store = stores.of(settings[deploy.STORE])
    for sentence in store.check.account(made, settings):
        print(sentence)
    return 0
