"""Where rows go: what a store promises, and which one is configured.

A store is a folder here, whose module fulfills ``Kind``. Nothing outside the folder knows its
settings, its protocol, its limits or how its rows are laid out.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from importlib import import_module
from typing import TYPE_CHECKING, Any, Protocol, TypeVar, cast

from processor.lines import Failed

if TYPE_CHECKING:
    from processor.aws import Aws
    from processor.config import Config
    from processor.report import Report
    from processor.split import Rows

Encoded = TypeVar("Encoded")  # a store's own: some rows, ready to be written


@dataclass(slots=True)
class Outcome:
    """How lines ended, by their index in the batch.

    Every line handed in is in exactly one of the first five.
    """

    written: list[int] = field(default_factory=list)
    duplicates: list[int] = field(default_factory=list)  # their rows were already there
    malformed: list[Failed] = field(default_factory=list)  # no row can be made of them
    rejected: list[Failed] = field(default_factory=list)  # the store refused them for good
    unfinished: list[int] = field(default_factory=list)  # not written yet: to be tried again
    trimmed: set[int] = field(default_factory=set)  # lines that lost text to a limit
    left_out: dict[str, set[int]] = field(default_factory=dict)  # field -> lines, see Report
    lags: list[int] = field(default_factory=list)  # ms from log timestamp to write
    retried: int = 0  # requests made again
    bytes_sent: int = 0  # of all requests' bodies
    write_units: int = 0  # what the store meters
    seconds: float = 0.0  # from the first request's start to the last one's end
    trouble: dict[str, int] = field(default_factory=dict)  # error codes met, and how often

    def add(self, other: "Outcome") -> None:
        """Take in how other lines of the batch ended; ``seconds`` stay."""
        self.written += other.written
        self.duplicates += other.duplicates
        self.malformed += other.malformed
        self.rejected += other.rejected
        self.unfinished += other.unfinished
        self.trimmed |= other.trimmed
        for name, found in other.left_out.items():
            self.left_out.setdefault(name, set()).update(found)
        self.lags += other.lags
        self.retried += other.retried
        self.bytes_sent += other.bytes_sent
        self.write_units += other.write_units
        for code, count in other.trouble.items():
            self.trouble[code] = self.trouble.get(code, 0) + count


class Store(Protocol[Encoded]):
    """What the processor needs of a store. One object serves all batches, one after another."""

    def prepare(self) -> None:
        """Do what the first write would have to wait for: libraries, credentials, endpoints."""

    def announce(self, seconds: float) -> str:
        """Make every column known that a query can name, within ``seconds``.

        Return "" when that is done, else an error code. Never raises.
        """

    def encode(self, rows: "Rows") -> Iterable[Encoded]:
        """Turn rows into parts that can be written; all parts together hold every row.

        Parts may be made while they are asked for, so that the first are written meanwhile.
        """

    def write(self, parts: Iterable[Encoded], deadline: float) -> Outcome:
        """Write until ``deadline`` on time.monotonic()'s clock; say how every line ended.

        A line that is delivered again becomes the same row, whatever became of the first try.
        After throttles, errors of the service and broken connections, it tries again until the
        deadline. Never raises.
        """

    def write_report(self, report: "Report", seconds: float) -> str:
        """Store the report of an invocation, within ``seconds``.

        Return "" when that is done, else an error code. Never raises.
        """


class Kind(Protocol):
    """What a store's module brings."""

    def settings_from(self, env: Mapping[str, str]) -> Any:
        """Read the store's settings; raise ConfigError for one that cannot work."""

    def check(self, config: "Config") -> None:
        """Raise ConfigError when the store can make no row of the configured fields."""

    def connect(self, config: "Config", aws: "Aws") -> Store[Any]:
        """Return the store. Nothing is loaded or requested before it is needed."""


# The value of STORE -> the module; the first is the default.
STORES = {
    "timestream": "processor.stores.timestream",
    "clickhouse": "processor.stores.clickhouse",
}
DEFAULT = next(iter(STORES))


def of(name: str) -> Kind:
    """Return a store's module: only that one is loaded."""
    return cast(Kind, import_module(STORES[name]))
