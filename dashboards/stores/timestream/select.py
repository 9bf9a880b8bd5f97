"""How Timestream's SQL is laid out, so that a person can read it."""

from collections.abc import Iterable
from textwrap import indent

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
        source = f"(\n{indent(source, '  ')}\n)"
    lines = ["SELECT\n  " + ",\n  ".join(columns), f"FROM {source}"]
    for keyword, terms, join in (
        ("WHERE", where, "\n  AND "),
        ("GROUP BY", group, ", "),
        ("HAVING", having, "\n  AND "),
    ):
        if text := join.join(terms):
            lines.append(f"{keyword} {text}")
    if order:
        lines.append(f"ORDER BY {order}")
    if limit is not None:
        lines.append(f"LIMIT {limit}")
    return "\n".join(lines)
