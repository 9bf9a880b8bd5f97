"""What a push has to know of a store: its plugin, and how its data source is filled in.

A store is a module here; `STORES` names them, and `of()` returns one.
"""

import difflib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Any, Protocol

from provisioning.push.errors import PushError

if TYPE_CHECKING:
    from provisioning.push.login import Login
    from provisioning.push.model import Datasource

# The first is the usual one.
STORES: Mapping[str, str] = {
    name: f"provisioning.push.stores.{name}" for name in ("timestream", "clickhouse")
}
DEFAULT = next(iter(STORES))
Version = tuple[int, ...]


@dataclass(frozen=True)
class Plugin:
    """The versions of a store's plugin for one Grafana and the later ones."""

    grafana: tuple[int, int]  # the first Grafana that this is about
    oldest: Version = ()  # the first version that the dashboards can ask
    below: Version = ()  # the first that this Grafana cannot run; () when it runs all
    install: str = ""  # what to install; "" for the newest that Grafana finds for itself


@dataclass(frozen=True)
class Source:
    """What is known of the records' place and of the way in, before a file is filled in."""

    database: str
    table: str
    auth: str | None  # how the data source signs in to AWS, if that was said
    managed: bool  # into a workspace, which signs in with its role
    url: str  # where the stack's processor writes to; "" for a store without an address
    login: "Login | None"  # from the secret that was named
    lenient: bool  # whether what is missing may stay so: nothing is made from it
    unused: bool = False  # the data source of the files is not made; another takes its place


class Store(Protocol):
    """A store, as a push sees it."""

    NAME: str  # for people
    PLUGIN: str  # the id of Grafana's plugin, which is the type of its data sources too
    PLUGINS: Sequence[Plugin]  # its versions, for the newest Grafana first
    # What an option fills in: {option: the variable in the data source's file}.
    VARIABLES: Mapping[str, str]
    SECRET: str  # the variable that names the secret of its users; "" when it has none
    SIGNS_IN: str  # how its data source signs in, as the end of a sentence

    def uid(self, bundle: str) -> str:
        """Return the uid of a bundle's own data source."""

    def place(self, settings: Mapping[str, Any]) -> Mapping[str, str]:
        """Return what a data source's jsonData decides of where the dashboards read.

        The keys are any of database and table; "" is one that it should name and does not.
        """

    def environment(
        self, outer: Mapping[str, str], source: Source
    ) -> tuple[dict[str, str], frozenset[str]]:
        """Return the environment for the data source's file, and what may be unset in it.

        ``outer`` is the environment of whoever pushes. Raises PushError for what
        is missing or cannot work, unless the source is lenient or unused.
        """

    def completed(self, datasource: "Datasource", outer: Mapping[str, str]) -> "Datasource":
        """Return the filled-in data source with what its file cannot say."""


def of(name: str = DEFAULT) -> Store:
    """Return the store of that name; raises PushError when there is none."""
    if name not in STORES:
        near = difflib.get_close_matches(name.lower(), STORES, n=1, cutoff=0.5)
        hint = f"did you mean {near[0]}?" if near else f"choose one of {', '.join(STORES)}."
        raise PushError(f"There is no store {name!r}; {hint}")
    store: Store = import_module(STORES[name])
    return store


def plugins() -> frozenset[str]:
    """Return the ids of all stores' plugins."""
    return frozenset(of(name).PLUGIN for name in STORES)


def asked_in(files: Mapping[str, str]) -> str | None:
    """Return the store that built files, {path: text}, ask; None when they ask none.

    That is the one whose plugin they name most: somebody's own files may lie beside ours.
    """
    named = {name: sum(text.count(of(name).PLUGIN) for text in files.values()) for name in STORES}
    most = max(STORES, key=lambda name: named[name])
    return most if named[most] else None


def plugin_for(store: Store, grafana: tuple[int, int]) -> Plugin | None:
    """Return which of the plugin's versions a Grafana can have; None for one that is too old."""
    return next((one for one in store.PLUGINS if grafana >= one.grafana), None)
