"""The rollup: what panels and rules ask most, summed up by minute while rows come in."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from processor.stores.clickhouse.schema import Place


def statements(place: "Place", on: str) -> Iterator[str]:
    """Yield what makes the table and the view that fills it; ``on`` names the cluster, if any."""
    yield from ()
