"""Attach the stack's real-time log config to a distribution."""

from argparse import ArgumentParser, Namespace
from typing import Any

from cli import aws, console, stack
from cli.errors import Problem
from infra import distribution

HELP = "attach the stack's log config to a distribution's cache behaviors"


def arguments(parser: ArgumentParser) -> None:
    """Add this subcommand's arguments."""
    shared(parser)
    parser.add_argument(
        "--replace", action="store_true", help="replace another log config that is attached"
    )


def shared(parser: ArgumentParser) -> None:
    """Add what attach and detach have in common."""
    aws.stack_argument(parser)
    parser.add_argument(
        "--distribution", required=True, help="distribution id (E...); several with commas"
    )
    parser.add_argument(
        "--behavior",
        default=distribution.ALL,
        help="'default', 'all', or path patterns with commas (%(default)s)",
    )
    parser.add_argument(
        "--no-wait", action="store_true", help="do not wait for the change to reach every edge"
    )
    aws.yes_argument(parser)


def run(args: Namespace) -> int:
    """Attach, asking first and waiting for the edges."""
    made = aws.session(args.region)
    found = stack.read(aws.client(made, "cloudformation"), args.stack)
    arn = found.realtime_log_config_arn
    change(
        aws.client(made, "cloudfront"),
        args,
        lambda config: distribution.plan_attach(config, args.behavior, arn, args.replace),
        nothing="has the log config already",
    )
    print(
        f"First lines arrive within a minute of the first request; `make status STACK={args.stack}`"
        " shows them on their way."
    )
    return 0


def change(cloudfront: Any, args: Namespace, plan: Any, nothing: str) -> None:
    """Plan, show, ask, update and wait, for each distribution named."""
    names = [name.strip() for name in args.distribution.split(",") if name.strip()]
    if not names:
        raise Problem("No distribution is named; give DISTRIBUTION=E... (--distribution).")
    changed = []
    for name in names:

        def agree(
            config: dict[str, Any], changes: list[distribution.Change], name: str = name
        ) -> None:
            hosts = ", ".join(config.get("Aliases", {}).get("Items", [])) or "no aliases"
            print(f"Distribution {name} ({hosts}), real-time log config by cache behavior:")
            console.put(console.output(), distribution.table(changes))
            if any(change.needed for change in changes):
                console.confirm("Change it?", yes=args.yes)

        if distribution.apply(cloudfront, name, plan, agree):
            changed.append(name)
        else:
            print(f"Nothing to change: {name} {nothing}.")
    if not args.no_wait:
        for name in changed:
            with console.Waiting() as progress:
                distribution.wait(cloudfront, name, progress)
