"""What a store brings to the commands around the stack: a package with a module for each command.

    check        whether this account, region and server can have it
    deploy       what has to be asked for, and made, before the stack
    schema       the statements that make its tables, where the stack does not
    status       its links in the chain from the distribution to the rows
    cost         its lines of the bill, and how they are measured
    retention    how long it keeps rows, as options of `cost`
    destroy      what is lost with it, and what stays
    permissions  the actions for which no resource can be named
    grafana      the variables that lead Grafana's data source to it

The protocols say what is promised of each; ``settings`` are the template's parameters by name.
`of()` returns the store of a name; a deployed stack says which one it has.
"""

from argparse import ArgumentParser, Namespace
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from difflib import get_close_matches
from importlib import import_module
from typing import TYPE_CHECKING, Any, Protocol, cast

from cli.errors import Problem

if TYPE_CHECKING:
    from cli.stack import Stack
    from infra.chain import Context, Link
    from infra.cost import Item, Prices, Workload

Client = Callable[[str], Any]  # a boto3 client by the service's name
Settings = Mapping[str, str]
Look = Callable[["Context"], "Link | Iterable[Link]"]


class Check(Protocol):
    """Whether the store can be had, before anything is deployed. Costs nothing."""

    def region(self, name: str) -> None:
        """Raise Problem for a region that does not have the store, a misspelled one included."""

    def account(self, session: Any, settings: Settings) -> Iterator[str]:
        """Yield a sentence about each thing that is as the stack needs it.

        Raises Problem, with what to do instead, for what is not; AWS's errors are not caught.
        """


class Deploy(Protocol):
    """What comes before the stack."""

    def environment(self, settings: Settings) -> dict[str, str]:
        """Return the processor's variables that the store reads, as the template makes them."""

    def asked(self, settings: Settings, *, yes: bool) -> dict[str, str]:
        """Return the parameters that are still missing, as the user answers.

        Raises Problem, with how to give them, when ``yes`` says that nobody is there to ask.
        """

    def prepare(self, session: Any, settings: Settings, *, yes: bool) -> None:
        """Check, and make what the stack does not make itself; raises Problem as `account` does."""


class Schema(Protocol):
    """The tables, where they are not the stack's."""

    def arguments(self, parser: ArgumentParser) -> None:
        """Add the options of `schema`."""

    def run(self, args: Namespace, settings: Settings) -> int:
        """Print or apply the statements; return the exit status."""

    def users(self) -> Iterator[str]:
        """Yield the statements that make its users, with the passwords to be filled in."""


class Status(Protocol):
    """The store's part of the chain that `status` shows."""

    ROWS: tuple[str, Look]  # up to the newest row
    LATE: tuple[str, Look]  # what it refused after it had taken it


class Sizes(Protocol):
    """The size of one log line in one layout; a store adds sizes of its own."""

    @property
    def line_bytes(self) -> float:
        """Bytes on the stream."""


class Cost(Protocol):
    """The store's lines of a month's bill, with a column for each way to run it."""

    COLUMNS: Sequence[str]
    PRICES: Mapping[str, Mapping[str, Any]]  # as in infra/prices.json, each with its source
    AS_OF: str

    def measured(self, workload: "Workload", batch: int) -> tuple[Any, ...]:
        """Return the `Sizes` for each column, of realistic lines, ``batch`` of them an invocation.

        Raises ValueError for fields that the processor would refuse.
        """

    def items(
        self, workload: "Workload", sizes: tuple[Any, ...], item: Callable[..., "Item"]
    ) -> Iterator["Item"]:
        """Yield the lines; ``item(what, amount, key of the price, *quantities)`` makes one.

        There is one quantity for each column, or one for all.
        """

    def choices(self, workload: "Workload") -> Iterator[Sequence[Sequence[str]]]:
        """Yield tables that compare what can be chosen; none where there is no choice.

        A row is what it is about, then a text for each choice. Raises ValueError for a cadence
        that cannot be.
        """

    def notes(
        self, workload: "Workload", sizes: tuple[Any, ...], prices: "Prices", batch: int
    ) -> Iterator[str]:
        """Yield the assumptions behind these lines, as sentences."""


class Retention(Protocol):
    """How long rows are kept."""

    USUAL: Mapping[str, float]  # by what `chosen` and the options call it

    def arguments(self, parser: ArgumentParser) -> None:
        """Add the options of `cost`."""

    def chosen(self, args: Namespace) -> Mapping[str, float]:
        """Return what the options say."""


class Destroy(Protocol):
    """What is deleted with the stack; ``resources`` are physical ids by the template's names."""

    BUCKETS: Sequence[str]  # resources that have to be emptied first

    def arguments(self, parser: ArgumentParser) -> None:
        """Add the options of `destroy`."""

    def losses(
        self, args: Namespace, resources: Mapping[str, str], settings: Settings
    ) -> Iterator[str]:
        """Yield a line for everything of the store's that is lost."""

    def stays(self, args: Namespace, settings: Settings) -> Iterator[str]:
        """Yield a sentence for everything of the store's that is kept."""

    def begin(self, args: Namespace, session: Any, settings: Settings) -> Callable[[], None]:
        """Ask what must be known while the stack exists; return what to do once it is deleted."""


class Permissions(Protocol):
    """Permissions of the template's roles for actions that take no resource."""

    OPTIONS: Settings  # parameters of a stack with this store in it
    # (the security linter's rule, the template's resource) -> the actions, and why it is so
    ACCEPTED: Mapping[tuple[str, str], tuple[set[str], str]]


class Grafana(Protocol):
    """What Grafana needs to know to read the stack's rows."""

    LINKS: Sequence[str]  # outputs that are for people to click on

    KEPT: Sequence[str]  # variables that only the user can fill in, or `keys`

    def environment(self, found: "Stack") -> dict[str, str]:
        """Return the variables that the data source's file has in it."""

    def keys(self, session: Any) -> dict[str, str]:
        """Return the KEPT variables of this command's environment; raises Problem without them."""

    def fill_in(self, found: "Stack") -> str:
        """Return the sentence that says what to fill in where `keys` are not taken."""


class Store(Protocol):
    """A store, as the commands around the stack see it."""

    NAME: str  # for people
    check: Check
    deploy: Deploy
    schema: Schema | None
    status: Status
    cost: Cost
    retention: Retention
    destroy: Destroy
    permissions: Permissions
    grafana: Grafana


# The template's parameter Store has these values; the first is its default.
STORES: dict[str, str] = {
    "timestream": "infra.stores.timestream",
    "clickhouse": "infra.stores.clickhouse",
}
DEFAULT = next(iter(STORES))


def argument(parser: ArgumentParser, *, default: str | None = DEFAULT) -> None:
    """Add --store; without a default, None says that the stack decides."""
    parser.add_argument(
        "--store",
        default=default,
        metavar="STORE",
        help=f"where rows go: {' or '.join(STORES)} ({default or 'as the stack says'})",
    )


def of(name: str = DEFAULT) -> Store:
    """Return the store of this name; raises Problem, with the nearest name, when there is none."""
    if name not in STORES:
        near = get_close_matches(name, STORES, n=1, cutoff=0.5)
        hint = f"; did you mean {near[0]!r}?" if near else "."
        raise Problem(f"There is no store {name!r}, only {' and '.join(STORES)}{hint}")
    return cast(Store, import_module(STORES[name]))
