"""A plan: what a push would do, step by step, before it does anything."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from enum import Enum

from provisioning.push.client import Client
from provisioning.push.model import Desired
from provisioning.push.secrets import Secrets
from provisioning.push.users import some


class Action(Enum):
    """What happens to one thing."""

    CREATE = "create"
    UPDATE = "update"
    DELETE = "delete"
    SAME = "same"
    KEEP = "keep"  # changed by somebody since our last push, and left so
    BLOCKED = "blocked"  # in the way, and not ours

    @property
    def writes(self) -> bool:
        """Whether it changes the Grafana."""
        return self in (Action.CREATE, Action.UPDATE, Action.DELETE)


class Kept(Exception):
    """Raised by a step that must leave its thing alone; says why, and who uses it."""

    def __init__(self, why: str, names: Sequence[str] = ()) -> None:
        super().__init__(why)
        self.names = tuple(names)


@dataclass(frozen=True)
class Change:
    """One thing, what happens to it, and how it is done."""

    kind: str
    name: str
    action: Action
    diff: tuple[str, ...] = ()
    why: str = ""
    run: Callable[[], None] | None = field(default=None, repr=False)
    # A removal that has to come before what is created, since Grafana allows one of the two only.
    first: bool = False
    uid: str = ""  # of a dashboard


@dataclass(frozen=True)
class Context:
    """What every kind needs to work out its changes."""

    client: Client
    desired: Desired
    secrets: Secrets
    version: tuple[int, int]
    overwrite: bool = False  # also what a user edited since the last push
    remove: bool = False  # nothing is wanted: take away all that is ours


def keep_used(users: Sequence[str]) -> None:
    """Raise Kept when anybody still uses a thing that is about to be removed."""
    if users:
        raise Kept(used(users))


def used(users: Sequence[str]) -> str:
    """Say who uses a thing, so that it stays."""
    return f"still referenced by {some(users)}"


@dataclass(frozen=True)
class Plan:
    """The changes in the order in which they are carried out, and remarks on the whole."""

    changes: tuple[Change, ...]
    notes: tuple[str, ...] = ()

    @property
    def steps(self) -> tuple[Change, ...]:
        """What writes."""
        return tuple(change for change in self.changes if change.action.writes)

    @property
    def blocked(self) -> tuple[Change, ...]:
        """What is in the way; nothing is carried out while there is any."""
        return tuple(change for change in self.changes if change.action is Action.BLOCKED)


def ordered(resources: Iterable[Iterable[Change]], notes: Iterable[str] = ()) -> Plan:
    """One plan of the changes per kind, the kinds in the order in which they can be created.

    Whatever others refer to is created before them and removed after them, so that a Grafana works
    after every single step.
    """
    groups = [list(changes) for changes in resources]
    removals = [[c for c in changes if c.action is Action.DELETE] for changes in groups]
    first = [change for changes in reversed(removals) for change in changes if change.first]
    last = [change for changes in reversed(removals) for change in changes if not change.first]
    others = [
        change for changes in groups for change in changes if change.action is not Action.DELETE
    ]
    return Plan((*first, *others, *last), tuple(notes))
