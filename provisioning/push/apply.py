"""Carry a plan out, one step at a time, with a line for each."""

from dataclasses import dataclass

from provisioning.push.console import Report
from provisioning.push.errors import PushError
from provisioning.push.plan import Action, Kept, Plan
from provisioning.push.users import some


@dataclass(frozen=True)
class Outcome:
    """How many steps were done, and what was kept."""

    done: int
    kept: tuple[str, ...]


class Stopped(PushError):
    """A step failed, or was interrupted: what was done before it stays and works."""


def carry_out(plan: Plan, report: Report) -> Outcome:
    """Run every step of `plan` in order.

    Raises PushError before the first step when something is in the way, and Stopped when a step
    fails: the next apply goes on from there.
    """
    if plan.blocked:
        first = plan.blocked[0]
        raise PushError(
            f"Nothing was changed: {first.kind} {first.name}: {first.why}. Rename or remove what "
            "is in the way, or push under another --name."
        )
    steps = plan.steps
    # What others use; a dashboard that somebody edited was kept long before.
    kept = [
        f"{change.kind} {change.name!r} stays: {change.why}"
        for change in plan.changes
        if change.action is Action.KEEP and not change.uid
    ]
    before = len(kept)
    for number, step in enumerate(steps, 1):
        report(f"[{number}/{len(steps)}] {step.action.value} {step.kind} {step.name}")
        assert step.run is not None
        try:
            step.run()
        except Kept as reason:
            named = f": {some(reason.names)}" if reason.names else ""
            report(f"    kept: {reason}{named}")
            kept.append(str(reason))
        except PushError as error:
            raise Stopped(
                f"{error} Stopped after {number - 1} of {len(steps)} steps; what is done works, "
                "and the next apply does the rest."
            ) from None
        except KeyboardInterrupt:
            report(
                f"Interrupted after {number - 1} of {len(steps)} steps; what is done works, and "
                "the next apply does the rest."
            )
            raise
    return Outcome(len(steps) - len(kept) + before, tuple(kept))
