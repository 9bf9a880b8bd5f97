"""Timestream's lines of the bill."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from infra.cost import GB, HOURS, SECONDS, Item, Prices, Workload
from infra.stores.timestream.measure import Sizes, sample, sizes_of
from processor.config import Config
from processor.stores.timestream.settings import LAYOUTS, Settings

COLUMNS: Sequence[str] = LAYOUTS
_LISTED = json.loads(Path(__file__).with_name("prices.json").read_text(encoding="utf-8"))
PRICES: Mapping[str, Mapping[str, Any]] = _LISTED["prices"]
AS_OF: str = _LISTED["as_of"]
MAGNETIC_LEAST_GB = 100
BURST_TCU_HOURS = 4 * 30 / 3600  # the fewest units there are, for the least time that is billed


def measured(workload: Workload, batch: int) -> tuple[Sizes, ...]:
    """Return what a line comes to in each layout; raises ConfigError for fields that cannot be."""
    texts = sample(workload.fields)
    found = []
    for layout in LAYOUTS:
        config = Config(
            settings=Settings(layout=layout),
            fields=workload.fields,
            drop=frozenset(workload.drop),
        )
        config.check()
        found.append(sizes_of(texts, config, batch))
    return tuple(found)


def items(
    workload: Workload, sizes: tuple[Sizes, ...], item: Callable[..., Item]
) -> Iterator[Item]:
    """Yield writes, both stores, and queries."""
    hours, days = workload.retention["memory_hours"], workload.retention["magnetic_days"]
    writes = [workload.lines * SECONDS / 1e6 * each.write_units for each in sizes]
    yield item(
        "Timestream: writes",
        f"{writes[0]:,.1f} M / {writes[1]:,.1f} M",
        "timestream_million_writes",
        *writes,
    )
    hourly = [workload.lines * 3600 * each.stored_bytes / GB for each in sizes]
    memory = [each * hours for each in hourly]
    yield item(
        f"Timestream: memory store, {hours:g} h",
        f"{memory[0]:,.2f} / {memory[1]:,.2f} GB",
        "timestream_memory_gb_hour",
        *(each * HOURS for each in memory),
    )
    magnetic = [max(each * days * 24, MAGNETIC_LEAST_GB) for each in hourly]
    yield item(
        f"Timestream: magnetic store, {days:g} d",
        f"{magnetic[0]:,.0f} / {magnetic[1]:,.0f} GB",
        "timestream_magnetic_gb_month",
        *magnetic,
    )
    rounds = HOURS * 60 / workload.alert_minutes if workload.alert_minutes else 0
    yield item(
        "Timestream: queries of alert rules",
        f"{rounds * BURST_TCU_HOURS:,.0f} TCU-h",
        "timestream_tcu_hour",
        rounds * BURST_TCU_HOURS,
    )
    views = workload.views * HOURS / 24
    yield item(
        "Timestream: queries of dashboards",
        f"{views * BURST_TCU_HOURS:,.0f} TCU-h",
        "timestream_tcu_hour",
        views * BURST_TCU_HOURS,
    )


def notes(
    workload: Workload, sizes: tuple[Sizes, ...], prices: Prices, batch: int
) -> Iterator[str]:
    """Yield how lines were measured, and how storage and queries are counted."""
    burst = BURST_TCU_HOURS * prices["timestream_tcu_hour"]
    first, second = sizes
    yield (
        f"- Lines measured on generated traffic through the processor's own shaping, {batch} an "
        f"invocation: {first.write_units:.2f} write units and {first.stored_bytes:.0f} bytes "
        f"stored a line in {LAYOUTS[0]}, {second.write_units:.2f} and {second.stored_bytes:.0f} "
        f"in {LAYOUTS[1]}."
    )
    yield "- Storage is counted like writes, each record with all its dimensions."
    yield (
        f"- Queries: each round of alert rules and each opened dashboard keeps 4 TCUs busy for 30 "
        f"seconds, the least that is billed: ${burst:.3f}. Accounts from before 2024-04-29 may "
        "still pay by bytes scanned instead."
    )
