"""Puts a real-time log config on a distribution's cache behaviors, and takes it off.

CloudFront takes a distribution's whole config, and only from someone who has read its latest
version (the ETag). So a change is planned on the config that was just read, and planned
again when somebody else changed it in between.
https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_UpdateDistribution.html
"""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import ClientError
from rich.table import Table
from rich.text import Text

from cli.aws import code_of, message_of
from cli.console import Waiting, plain
from cli.errors import Problem

DEFAULT = "default"
ALL = "all"
STALE = {"PreconditionFailed", "InvalidIfMatchVersion"}
POLL_SECONDS = 10.0
PATIENCE_SECONDS = 1800.0


@dataclass(frozen=True, slots=True)
class Change:
    """What is to happen to one behavior; before and after are ARNs of log configs."""

    path: str  # path pattern, or "default"
    before: str | None
    after: str | None

    @property
    def needed(self) -> bool:
        """Whether anything is to be done."""
        return self.before != self.after


def behaviors(config: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the path pattern and settings of each behavior, in CloudFront's order of matching."""
    for behavior in config.get("CacheBehaviors", {}).get("Items", []):
        yield behavior["PathPattern"], behavior
    yield DEFAULT, config["DefaultCacheBehavior"]


def chosen(config: dict[str, Any], wanted: str) -> list[tuple[str, dict[str, Any]]]:
    """Return the behaviors that ``wanted`` names: "all", "default", or path patterns with commas.

    Raises Problem for a pattern that the distribution does not have.
    """
    found = list(behaviors(config))
    if wanted == ALL:
        return found
    names = [name.strip() for name in wanted.split(",") if name.strip()]
    known = [path for path, _ in found]
    for name in names:
        if name not in known:
            raise Problem(
                f"The distribution has no cache behavior {name!r}; it has "
                f"{', '.join(known)}. Name one of those, or all."
            )
    if not names:
        raise Problem("No cache behavior is named; name default, all, or a path pattern.")
    return [(path, behavior) for path, behavior in found if path in names]


def plan_attach(config: dict[str, Any], wanted: str, arn: str, replace: bool) -> list[Change]:
    """Return the changes that put the log config on the behaviors.

    Raises Problem when a behavior has another log config and may not lose it.
    """
    changes = [
        Change(path, behavior.get("RealtimeLogConfigArn") or None, arn)
        for path, behavior in chosen(config, wanted)
    ]
    taken = [change for change in changes if change.before not in (None, arn)]
    if taken and not replace:
        listed = ", ".join(f"{change.path} has {short(change.before)}" for change in taken)
        raise Problem(
            f"Another real-time log config is attached already: {listed}. A behavior can have "
            "only one; add REPLACE=1 (--replace) to put this stack's in its place."
        )
    return changes


def plan_detach(config: dict[str, Any], wanted: str, arn: str) -> list[Change]:
    """Return the changes that take the log config off the behaviors; others' configs stay."""
    return [
        Change(path, before, None if before == arn else before)
        for path, behavior in chosen(config, wanted)
        for before in [behavior.get("RealtimeLogConfigArn") or None]
    ]


def perform(config: dict[str, Any], changes: list[Change]) -> None:
    """Make the changes in our copy of the config."""
    after = {change.path: change.after for change in changes if change.needed}
    for path, behavior in behaviors(config):
        if path in after:
            if after[path]:
                behavior["RealtimeLogConfigArn"] = after[path]
            else:
                behavior.pop("RealtimeLogConfigArn", None)


def read(cloudfront: Any, distribution: str) -> tuple[dict[str, Any], str]:
    """Return a distribution's config and ETag.

    Raises Problem when there is no such distribution in this account.
    """
    try:
        answer = cloudfront.get_distribution_config(Id=distribution)
    except ClientError as error:
        if code_of(error) == "NoSuchDistribution":
            raise Problem(
                f"This account has no distribution {distribution!r}; the id looks like "
                "E2EXAMPLE1234 and is in the CloudFront console. A distribution and its stack "
                "are in one account."
            ) from None
        raise
    return answer["DistributionConfig"], answer["ETag"]


def apply(
    cloudfront: Any,
    distribution: str,
    plan: Callable[[dict[str, Any]], list[Change]],
    agree: Callable[[dict[str, Any], list[Change]], None],
) -> bool:
    """Plan, agree and update; return whether there was anything to do.

    When somebody changes the distribution in between, it is read and planned once more; the same
    changes need no second agreement. Raises Problem when that happens twice.
    """
    agreed: list[Change] | None = None
    for _ in range(2):
        config, etag = read(cloudfront, distribution)
        changes = plan(config)
        if changes != agreed:
            agree(config, changes)
            agreed = changes
        if not any(change.needed for change in changes):
            return False
        perform(config, changes)
        try:
            cloudfront.update_distribution(Id=distribution, IfMatch=etag, DistributionConfig=config)
        except ClientError as error:
            if code_of(error) in STALE:
                continue
            if code_of(error) == "NoSuchRealtimeLogConfig":
                raise Problem(
                    f"CloudFront does not know the stack's log config: {message_of(error)} "
                    "The stack and the distribution have to be in one account."
                ) from None
            raise
        return True
    raise Problem(
        f"Somebody else keeps changing distribution {distribution}; nothing was changed here. "
        "Try again when they are done."
    )


def wait(
    cloudfront: Any,
    distribution: str,
    progress: Waiting,
    *,
    poll: float = POLL_SECONDS,
    patience: float = PATIENCE_SECONDS,
    clock: Callable[[], float] = time.monotonic,
    sleep: Callable[[float], None] = time.sleep,
) -> None:
    """Wait until the change has reached every edge.

    Raises Problem when that takes longer than ``patience`` seconds; the change goes on without us.
    """
    began = clock()
    while True:
        status = cloudfront.get_distribution(Id=distribution)["Distribution"]["Status"]
        took = clock() - began
        if status == "Deployed":
            progress.done(f"{distribution} is deployed.")
            return
        if took >= patience:
            raise Problem(
                f"{distribution} is still {status} after {took / 60:.0f} minutes. CloudFront goes "
                "on by itself; `make status` says when it is done."
            )
        progress.update(f"Waiting for {distribution} to reach every edge", f" ({took:.0f} s)")
        sleep(poll)


def short(arn: str | None) -> str:
    """Return the name in a log config's ARN, for people."""
    return arn.rsplit("/", 1)[-1] if arn else "-"


def table(changes: list[Change]) -> Table:
    """Return the changes, one a row."""
    made = plain()
    for change in changes:
        words = f"{short(change.before)} -> {short(change.after)}"
        if not change.needed:
            words = f"{short(change.after)}  (as is)"
        made.add_row("", Text(change.path), Text(words))
    return made
