"""Take the stack's real-time log config off a distribution."""

from argparse import ArgumentParser, Namespace

from cli import aws, stack
from infra import attach, distribution

HELP = "take the stack's log config off a distribution's cache behaviors"


def arguments(parser: ArgumentParser) -> None:
    """Add this subcommand's arguments."""
    attach.shared(parser)


def run(args: Namespace) -> int:
    """Detach, asking first and waiting for the edges."""
    made = aws.session(args.region)
    arn = stack.read(aws.client(made, "cloudformation"), args.stack).realtime_log_config_arn
    attach.change(
        aws.client(made, "cloudfront"),
        args,
        lambda config: distribution.plan_detach(config, args.behavior, arn),
        nothing="does not have this stack's log config",
    )
    return 0
