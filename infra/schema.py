"""Print, or apply, the statements that make the store's tables, where the stack does not."""

from argparse import ArgumentParser, Namespace

from cli import aws, stack
from cli.errors import Problem
from infra import deploy, stores

HELP = "print or apply the tables of a store that is a server of yours"


def arguments(parser: ArgumentParser) -> None:
    """Add this subcommand's arguments."""
    aws.stack_argument(parser)
    deploy.settings_arguments(parser)
    aws.yes_argument(parser)
    for name in stores.STORES:
        if part := stores.of(name).schema:
            part.arguments(parser)


def run(args: Namespace) -> int:
    """Print or apply the statements, for a deployed stack or for a server that parameters name."""
    given = deploy.chosen(args)
    settings = deploy.defaults() | given
    alone = deploy.STORE in given and (len(given) > 1 or args.print)
    if not alone:
        found = stack.describe(aws.client(aws.session(args.region), "cloudformation"), args.stack)
        settings |= stack.parameters_of(found) | given
    store = stores.of(settings[deploy.STORE])
    if store.schema is None:
        raise Problem(f"{store.NAME} needs no schema: the stack makes its table.")
    return store.schema.run(args, settings)
