"""Timestream's lines of the bill."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from typing import Any

from dashboards.alerts import cadence, files
from dashboards.config import Bundle
from dashboards.grafana.board import REFRESHES
from dashboards.stores.timestream import billing
from infra.cost import GB, HOURS, SECONDS, Item, Prices, Workload
from infra.stores.timestream.measure import Sizes, sample, sizes_of
from processor.config import Config
from processor.stores.timestream.settings import LAYOUTS, Settings

COLUMNS: Sequence[str] = LAYOUTS
PRICES: Mapping[str, Mapping[str, Any]] = billing.PRICES
AS_OF: str = billing.AS_OF
MAGNETIC_LEAST_GB = 100
# The fewest units there are, for the least time that is billed.
BURST_TCU_HOURS = billing.UNITS * billing.LEAST_SECONDS / 3600


def measured(workload: Workload, batch: int) -> tuple[Sizes, ...]:
    """Return the size of a line in each layout; raises ConfigError for fields that cannot be."""
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
    rules = HOURS * billing.UNITS * seconds_an_hour(workload) / 3600
    yield item(
        "Timestream: queries of alert rules",
        f"{rules:,.0f} TCU-h",
        "timestream_tcu_hour",
        rules,
    )
    views = workload.views * HOURS / 24
    yield item(
        "Timestream: queries of dashboards",
        f"{views * BURST_TCU_HOURS:,.0f} TCU-h",
        "timestream_tcu_hour",
        views * BURST_TCU_HOURS,
    )


@cache
def groups(choice: str) -> Sequence[Mapping[str, Any]]:
    """Return the groups of rules at a cadence, as a Grafana that asks AWS has them."""
    return files.groups(Bundle(store="timestream", cadence=choice))


def seconds_an_hour(workload: Workload) -> float:
    """Return the seconds an hour that are billed for the rules, from the groups they are in."""
    if workload.cadence == "0":
        return 0.0
    rounds = cadence.rounds(groups(workload.cadence))
    return billing.seconds_an_hour([each.interval for each in rounds])


def choices(workload: Workload) -> Iterator[Sequence[Sequence[str]]]:
    """Yield what each cadence of the rules costs and how late it is, and what open boards cost."""
    every = list(cadence.CHOICES)
    if workload.cadence not in ("", "0", *every):
        every = sorted([*every, workload.cadence], key=lambda each: int(each[:-1]))
    made = [groups(choice) for choice in every]
    intervals = [[each.interval for each in cadence.rounds(each)] for each in made]
    late = [found for each in made if (found := cadence.mails(each))]
    yield [
        ("Rules every", *every),
        *priced(intervals, workload.region),
        ("first mail of a total outage, minutes", *(cadence.minutes(each) for each, _ in late)),
        ("of a fault just over its line, minutes", *(cadence.minutes(each) for _, each in late)),
    ]
    yield [
        ("One open board, asking every", *REFRESHES),
        *priced([[each] for each in REFRESHES.values()], workload.region),
    ]


def priced(choices: Sequence[Sequence[float]], region: str) -> Iterator[Sequence[str]]:
    """Yield what rounds at these intervals cost, a column a choice."""
    seconds = [billing.seconds_an_hour(each) for each in choices]
    months = [billing.dollars(each, region) for each in seconds]
    yield ("billed seconds an hour", *(f"{each:,.0f}" for each in seconds))
    yield ("USD an hour", *(f"{each / HOURS:,.2f}" for each in months))
    yield ("USD a month", *(f"{each:,.2f}" for each in months))


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
