"""The chain from the distribution to the rows, link by link, as `status` shows it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cli.stack import Stack


@dataclass(frozen=True, slots=True)
class Link:
    """One link of the chain: what was found, and what to do when something is wrong."""

    what: str
    found: str
    todo: str = ""  # empty when all is well
    warning: bool = False  # it may be meant so

    @property
    def red(self) -> bool:
        """Whether something is wrong."""
        return bool(self.todo) and not self.warning

    @property
    def mark(self) -> tuple[str, str]:
        """The link's sign and the color that a terminal gives it."""
        return ("ok", "green") if not self.todo else ("!!", "red") if self.red else ("!", "yellow")


@dataclass(frozen=True, slots=True)
class Context:
    """What is needed to look at a link: the stack, a client by service, the metrics, the time."""

    stack: Stack
    client: Callable[[str], Any]
    metrics: dict[str, float | None]
    now: datetime
