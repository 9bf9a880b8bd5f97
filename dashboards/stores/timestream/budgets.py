"""Timestream's SQL for error budgets: who spent one, and for how many minutes it was spent fast."""

from dashboards.signals import Dimension
from dashboards.stores.timestream.dialect import Dialect, number
from dashboards.stores.timestream.select import select


def spent(sql: Dialect, bad: str, dimension: Dimension, *, objective: float, most: int) -> str:
    """Return the labels that spent most of the budget of all requests of the range."""
    test, label, name = sql.predicate(bad), sql.label(dimension), dimension.name
    budget = number((100 - objective) / 100)
    scale = f"{sql.scale} * " if sql.scale else ""
    labels = select(
        [
            f"{label} AS {name}",
            f"100.0 * count_if({test}) / (sum(count(*)) OVER () * {budget}) AS spent",
            f"{scale}count_if({test}) AS bad",
            f"100.0 * count_if({test}) / count(*) AS rate",
        ],
        where=[sql.measure("request"), "$__timeFilter"],
        group=[label],
    )
    return select(
        [name, "spent", "bad", "rate"],
        labels,
        where=["bad > 0"],
        order=f"spent DESC, {name}",
        limit=most,
    )


def breach(sql: Dialect, bad: str, *, rate: float, minutes: int, least: float) -> str:
    """Return for how many minutes so many percent or more of the requests were bad."""
    test, slot = sql.predicate(bad), f"bin(time, {minutes}m)"
    slots = select(
        [f"{slot} AS slot", f"count_if({test}) AS bad", "count(*) AS requests"],
        where=[sql.measure("request"), "$__timeFilter"],
        group=[slot],
    )
    return select(
        [f"{minutes} * count(*) AS minutes"],
        slots,
        where=[f"requests >= {number(least)}", f"100.0 * bad / requests >= {number(rate)}"],
    )
