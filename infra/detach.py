"""Take the stack's real-time log config off a distribution."""

from argparse import ArgumentParser, Namespace

from infra import attach, aws, distribution, stack

HELP = "take the stack's log config off a distribution's cache behaviours"


def arguments(parser: ArgumentParser) -> None:
    """Add this verb's arguments."""
    attach.shared(parser)


def run(args: Namespace) -> int:
    """Detach, asking first and waiting for the edges."""
    made = aws.session(args)
    arn = stack.read(aws.client(made, "cloudformation"), args.stack).realtime_log_config_arn
    attach.change(
        aws.client(made, "cloudfront"),
        args,
        lambda config: distribution.plan_detach(config, args.behavior, arn),
        nothing="does not have this stack's log config",
    )
    return 0
