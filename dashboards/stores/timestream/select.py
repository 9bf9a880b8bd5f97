"""A SELECT from the data source's own table, or from another SELECT."""

from collections.abc import Iterable

from dashboards.stores.common import layout

TABLE = "$__database.$__table"


def select(
    columns: Iterable[str],
    source: str = TABLE,
    where: Iterable[str] = (),
    group: Iterable[str] = (),
    having: Iterable[str] = (),
    order: str | None = None,
    limit: int | None = None,
) -> str:
    """Lay out one SELECT; its source may be another one."""
    if source.startswith("SELECT"):
        source = layout.nested(source)
    return layout.select(columns, source, where, group, having, order, limit)
