"""What a push has to know of a store: its plugin, and how its data source is filled in.

A store is a module here. `of()` is the one whose data source the built files bring.
"""

from collections.abc import Mapping
from typing import Any, Protocol


class Store(Protocol):
    """A store, as a push sees it."""

    NAME: str  # for people
    PLUGIN: str  # the id of Grafana's plugin, which is the type of its data sources too
    OLDEST: tuple[int, int]  # the first Grafana that the plugin runs in
    # What an option fills in: {option: the variable in the data source's file}.
    VARIABLES: Mapping[str, str]

    def uid(self, bundle: str) -> str:
        """Return the uid of a bundle's own data source."""

    def place(self, settings: Mapping[str, Any]) -> tuple[str, str]:
        """Return the database and table that a data source's jsonData names; "" for none."""

    def environment(
        self,
        outer: Mapping[str, str],
        *,
        place: tuple[str, str],
        auth: str | None,
        managed: bool,
        lenient: bool,
    ) -> tuple[dict[str, str], frozenset[str]]:
        """Return the environment for the data source's file, and what may be unset in it.

        ``outer`` is the environment of whoever pushes; ``managed``: into a workspace, which signs
        in with its role. The keys of whoever pushes go into a Grafana only when ``auth`` asks for
        it. Raises PushError, unless ``lenient``, when they are wanted and not there.
        """


def of() -> Store:
    """Return the store of the built files; there is one so far."""
    from provisioning.push.stores import timestream

    return timestream
