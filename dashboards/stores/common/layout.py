"""How SQL is laid out, so that a person can read it."""

from collections.abc import Iterable
from textwrap import indent


def select(
    columns: Iterable[str],
    source: str,
    where: Iterable[str] = (),
    group: Iterable[str] = (),
    having: Iterable[str] = (),
    order: str | None = None,
    limit: int | None = None,
) -> str:
    """Lay out one SELECT."""
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


def nested(query: str, name: str = "") -> str:
    """Return a query as what another one selects from, with a name if it needs one."""
    return f"(\n{indent(query, '  ')}\n)" + (f" AS {name}" if name else "")


def select_from(
    columns: Iterable[str],
    query: str,
    name: str,
    where: Iterable[str] = (),
    group: Iterable[str] = (),
    having: Iterable[str] = (),
    order: str = "",
    limit: int | None = None,
) -> str:
    """Lay out a SELECT from another one, which has a name in it."""
    return select(columns, nested(query, name), where, group, having, order, limit)
