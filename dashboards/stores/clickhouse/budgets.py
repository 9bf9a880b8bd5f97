"""ClickHouse's SQL for error budgets: who spent one, and for how many minutes it was spent fast."""

from dashboards.signals import Dimension
from dashboards.stores.clickhouse.dialect import number
from dashboards.stores.clickhouse.scan import RANGE, Scan
from dashboards.stores.common.layout import nested, select


def spent(scan: Scan, bad: str, dimension: Dimension, *, objective: float, most: int) -> str:
    """Return the labels that spent most of the budget of all requests of the range."""
    sql, name = scan.sql, dimension.name
    label = sql.label(dimension)
    count, all_ = sql.count(sql.collected.resolve(bad)), sql.count()
    budget = number((100 - objective) / 100)
    scale = f"{sql.scale} * " if sql.scale else ""
    conditions = scan.where(RANGE, (), ())
    labels = select(
        [
            f"{label} AS {name}",
            f"{count} AS failing",
            f"{all_} AS every",
            f"sum({all_}) OVER () AS total",
        ],
        scan.source(RANGE),
        where=conditions,
        group=[label],
    )
    return select(
        [
            f"labels.{name} AS {name}",
            f"100.0 * labels.failing / (labels.total * {budget}) AS spent",
            f"{scale}labels.failing AS bad",
            "100.0 * labels.failing / labels.every AS rate",
        ],
        nested(labels, "labels"),
        where=["labels.failing > 0"],
        order=f"spent DESC, {name}",
        limit=most,
    )


def breach(scan: Scan, bad: str, *, rate: float, minutes: int, least: float) -> str:
    """Return for how many minutes so many percent or more of the requests were bad."""
    sql = scan.sql
    slot = f"toStartOfInterval({scan.time}, INTERVAL {minutes} minute)"
    columns = [
        f"{slot} AS slot",
        f"{sql.count(sql.collected.resolve(bad))} AS failing",
        f"{sql.count()} AS every",
    ]
    conditions = scan.where(RANGE, (), ())
    source = scan.source(RANGE, timed=True, hours=False)
    slots = select(columns, source, where=conditions, group=[slot])
    return select(
        [f"{minutes} * count() AS minutes"],
        nested(slots, "slots"),
        where=[
            f"slots.every >= {number(least)}",
            f"100.0 * slots.failing / slots.every >= {number(rate)}",
        ],
    )
