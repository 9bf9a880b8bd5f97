"""What a store brings to the commands around the stack: a package here with a module a command.

    check        may this account and region have it
    status       its links of the chain from the distribution to the rows
    cost         its lines of the bill, and what they are measured by
    retention    how long it keeps rows, as options of `cost`
    destroy      what is lost with it
    permissions  the actions for which no resource can be named
    grafana      the variables that lead Grafana's data source to it

The protocols say what is promised of each. `of()` is the store that infra/template.yaml makes.
"""

from argparse import ArgumentParser, Namespace
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from cli.stack import Stack
    from infra.chain import Context, Link
    from infra.cost import Item, Prices, Workload

Client = Callable[[str], Any]  # a boto3 client by the service's name


class Check(Protocol):
    """Whether the store can be had, before anything is deployed. Costs nothing."""

    def region(self, name: str) -> None:
        """Raise Problem for a region that does not have the store, a misspelled one included."""

    def account(self, session: Any) -> str:
        """Return a sentence that the session's account can have the store.

        Raises Problem, with what to do instead, when it cannot; AWS's errors pass.
        """


class Status(Protocol):
    """The store's part of the chain that `status` shows."""

    ROWS: tuple[str, Callable[["Context"], "Link"]]  # the newest row
    LATE: tuple[str, Callable[["Context"], "Link"]]  # what it refused after it had taken it


class Sizes(Protocol):
    """What one log line comes to in one layout; the rest is the store's own."""

    @property
    def line_bytes(self) -> float:
        """Bytes on the stream."""


class Cost(Protocol):
    """The store's lines of a month's bill. There is one column a record layout."""

    COLUMNS: Sequence[str]
    PRICES: Mapping[str, Mapping[str, Any]]  # as in infra/prices.json, each with its source

    def measured(self, workload: "Workload", batch: int) -> tuple[Any, ...]:
        """Return the `Sizes` a column, of believable lines, ``batch`` to an invocation.

        Raises ValueError for fields that the processor would refuse.
        """

    def items(
        self, workload: "Workload", sizes: tuple[Any, ...], item: Callable[..., "Item"]
    ) -> Iterator["Item"]:
        """Yield the lines; ``item(what, amount, key of the price, *quantity a column)`` makes one.

        One quantity stands for all columns.
        """

    def notes(
        self, workload: "Workload", sizes: tuple[Any, ...], prices: "Prices", batch: int
    ) -> Iterator[str]:
        """Yield, as sentences, what these lines rest on."""


class Retention(Protocol):
    """How long rows are kept."""

    USUAL: Mapping[str, float]  # by what `chosen` calls it

    def arguments(self, parser: ArgumentParser) -> None:
        """Add the options of `cost`."""

    def chosen(self, args: Namespace) -> Mapping[str, float]:
        """Return what the options say."""


class Destroy(Protocol):
    """What goes with the stack; ``resources`` are physical ids by the template's names."""

    BUCKETS: Sequence[str]  # resources that have to be emptied first

    def losses(self, resources: Mapping[str, str]) -> Iterator[str]:
        """Yield a line for everything of the store's that is lost."""


class Permissions(Protocol):
    """What the template's roles may do that has no resource to name."""

    # (the security linter's rule, the template's resource) -> the actions, and why it is so
    ACCEPTED: Mapping[tuple[str, str], tuple[set[str], str]]


class Grafana(Protocol):
    """How Grafana is led to the stack's rows."""

    LINKS: Sequence[str]  # outputs that are for people to click on

    def environment(self, found: "Stack") -> dict[str, str]:
        """Return the variables that the data source's file has in it."""


class Store(Protocol):
    """A store, as the commands around the stack see it."""

    NAME: str  # for people
    check: Check
    status: Status
    cost: Cost
    retention: Retention
    destroy: Destroy
    permissions: Permissions
    grafana: Grafana


def of() -> Store:
    """Return the store that the template makes; there is one so far."""
    from infra.stores import timestream

    return timestream
