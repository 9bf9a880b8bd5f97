"""Price a month of the stack, line by line. Each way to run its store is a column."""

import json
import math
from argparse import ArgumentParser, ArgumentTypeError, Namespace
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from rich.table import Table

from cli import console
from cli.errors import Problem
from infra import parameters, stores
from processor import catalog
from processor.config import ConfigError
from processor.report import MEASURES

HELP = "say how many shards are needed and what a month costs, line by line"
PRICES = Path(__file__).with_name("prices.json")
HOURS = 730.0  # AWS's month
SECONDS = HOURS * 3600
GB = 1e9
SHARD_LINES = 1000  # a second
SHARD_BYTES = 1_000_000
MARGIN = 1.2  # CloudFront's documentation adds a fifth to the shards
PUT_BYTES = 25_000
MOST = 1_000_000_000  # of anything that is asked for; beyond it nobody is served
# What nobody can know beforehand; said with every answer.
INVOCATION_SECONDS = 0.075  # an invocation's wait for its writes, and then for its report
LINE_SECONDS = 0.0001  # CPU of 512 MB for one line
LOG_BYTES = 3000  # log and metrics of one invocation
ALARMS = 7


@dataclass(frozen=True, slots=True)
class Workload:
    """The traffic and the settings that are priced."""

    rps: float  # viewer requests a second, on average
    peak: float  # at the busiest
    sampling: float  # percent that is logged
    region: str
    fields: tuple[catalog.Field, ...]
    drop: tuple[str, ...] = ()
    store: str = stores.DEFAULT
    retention: Mapping[str, float] = field(default_factory=dict)  # what the store's usual is not
    window: float = 5
    memory_mb: float = 512
    cadence: str = ""  # how often rules are evaluated; "" as the store's usually are, "0": never
    views: float = 50  # dashboards opened a day
    editors: int = 0
    viewers: int = 0

    def __post_init__(self) -> None:
        """Fill in how long the store usually keeps rows."""
        usual = stores.of(self.store).retention.USUAL
        object.__setattr__(self, "retention", {**usual, **self.retention})

    @property
    def lines(self) -> float:
        """Log lines a second, on average."""
        return self.rps * self.sampling / 100

    @property
    def peak_lines(self) -> float:
        """Log lines a second at the busiest."""
        return self.peak * self.sampling / 100


@dataclass(slots=True)
class Prices:
    """The price list for one region; ``assumed`` collects the keys it has no price for."""

    listed: Mapping[str, Mapping[str, Any]]
    region: str
    assumed: set[str] = field(default_factory=set)

    def __getitem__(self, key: str) -> float:
        """Return a price in dollars."""
        entry = self.listed[key]
        if "anywhere" in entry:
            return float(entry["anywhere"])
        regions = entry.get("regions", {})
        if self.region not in regions:
            self.assumed.add(key)
        return float(regions.get(self.region, regions.get("us-east-1", entry.get("assumed"))))


@dataclass(frozen=True, slots=True)
class Item:
    """One line of the bill, with an amount in dollars for each column."""

    what: str
    amount: str
    dollars: tuple[float, ...]
    sure: bool


def arguments(parser: ArgumentParser) -> None:
    """Add this subcommand's arguments."""
    add = parser.add_argument
    add("--rps", type=_positive, default=100.0, help="viewer requests a second (%(default)s)")
    add("--peak", type=_positive, help="requests a second at the busiest (twice --rps)")
    add("--sampling", type=_percent, default=5, help="percent that is logged (%(default)s)")
    add("--region", default="us-east-1", help="AWS region (%(default)s)")
    add("--fields", help="log fields with commas (all but the two header lists)")
    add("--drop-fields", default="", help="fields that are logged but not written")
    stores.argument(parser)
    for name in stores.STORES:
        stores.of(name).retention.arguments(parser)
    window = parameters.number("BatchWindowSeconds")
    add("--window", type=window, default=5, help="batch window in seconds (%(default)s)")
    add(
        "--cadence",
        default="",
        help="how often alert rules are evaluated, 1m to 30m; 0: never (as is usual for the store)",
    )
    add("--views", type=_at_least_zero, default=50.0, help="dashboards opened a day (%(default)s)")
    add(
        "--editors",
        type=_people,
        default=0,
        help="people who edit in a managed Grafana (%(default)s: your own Grafana)",
    )
    add(
        "--viewers",
        type=_people,
        default=0,
        help="people who only look in a managed Grafana (%(default)s)",
    )


def _positive(text: str) -> float:
    value = _at_least_zero(text)
    if value == 0:
        raise ArgumentTypeError("must be more than 0")
    return value


def _at_least_zero(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        raise ArgumentTypeError(f"{text!r} is no number") from None
    if not 0 <= value <= MOST:
        raise ArgumentTypeError(f"{text!r} is no amount")
    return value


def _people(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and len(text) < 10):
        raise ArgumentTypeError(f"{text!r} is no number of people")
    return int(text)


def _percent(text: str) -> int:
    if parameters.wanted(parameters.known()["RealtimeLogsSamplingPercentage"], text):
        raise ArgumentTypeError(
            f"CloudFront samples 1 to 100 percent, in whole numbers, not {text!r}"
        )
    return int(text)


def run(args: Namespace) -> int:
    """Print the shards, the bill and its assumptions."""
    store = stores.of(args.store)
    store.check.region(args.region)
    refuse_foreign(args)
    if args.peak and args.peak < args.rps:
        raise Problem(
            f"--peak {args.peak:g} is less than --rps {args.rps:g}; give the highest rate there is."
        )
    try:
        names = args.fields.split(",") if args.fields else None
        fields = catalog.resolve(names) if names else catalog.DEFAULT_FIELDS
        drop = tuple(name.strip() for name in args.drop_fields.split(",") if name.strip())
        if drop:
            catalog.resolve(drop)
        workload = Workload(
            rps=args.rps,
            peak=args.peak or 2 * args.rps,
            sampling=args.sampling,
            region=args.region,
            fields=fields,
            drop=drop,
            store=args.store,
            retention=store.retention.chosen(args),
            window=args.window,
            cadence=args.cadence,
            views=args.views,
            editors=args.editors,
            viewers=args.viewers,
        )
        print("\n".join(report(workload)))
    except (ConfigError, catalog.UnknownField, ValueError) as error:
        text = str(error)
        raise Problem(text if text.endswith((".", "?")) else f"{text}.") from None
    return 0


def refuse_foreign(args: Namespace) -> None:
    """Raise Problem for an option that says how long another store keeps rows."""
    for name in stores.STORES:
        other = stores.of(name)
        changed = [
            option
            for option, value in other.retention.chosen(args).items()
            if value != other.retention.USUAL[option]
        ]
        if changed and name != args.store:
            raise Problem(
                f"--{changed[0].replace('_', '-')} is about {other.NAME}; price that with "
                f"--store {name} (make cost STORE={name})."
            )


def batch_lines(workload: Workload) -> int:
    """Return how many lines an invocation usually gets: those of one shard in a batch window."""
    return max(1, min(1000, round(workload.lines * workload.window / shards(workload, 0))))


def shards(workload: Workload, line_bytes: float) -> int:
    """Return the shards that the busiest second needs."""
    needed = max(workload.peak_lines / SHARD_LINES, workload.peak_lines * line_bytes / SHARD_BYTES)
    return max(1, math.ceil(needed * MARGIN))


def bill(workload: Workload, sizes: tuple[Any, ...], prices: Prices) -> Iterator[Item]:
    """Yield the lines of the bill; ``sizes`` has the store's sizes for each column."""

    def item(what: str, amount: str, key: str, *quantities: float) -> Item:
        price = prices[key]
        columns = quantities if len(quantities) > 1 else quantities * len(sizes)
        dollars = tuple(each * price for each in columns)
        return Item(what, amount, dollars, key not in prices.assumed)

    lines = workload.lines * SECONDS
    line_bytes = sizes[0].line_bytes
    count = shards(workload, line_bytes)
    millions = lines / 1e6
    yield item(
        "CloudFront: log lines", f"{millions:,.1f} M lines", "cloudfront_million_lines", millions
    )
    yield item("Kinesis: shards", f"{count} x {HOURS:.0f} h", "kinesis_shard_hour", count * HOURS)
    puts = millions * math.ceil(line_bytes / PUT_BYTES)
    yield item("Kinesis: puts", f"{puts:,.1f} M", "kinesis_million_puts", puts)
    invocations = lines / batch_lines(workload)
    seconds = invocations * INVOCATION_SECONDS + lines * LINE_SECONDS
    gb_seconds = seconds * workload.memory_mb / 1024
    yield item(
        "Lambda: requests",
        f"{invocations / 1e6:,.2f} M",
        "lambda_million_requests",
        invocations / 1e6,
    )
    yield item("Lambda: compute", f"{gb_seconds:,.0f} GB-s", "lambda_gb_second", gb_seconds)
    yield from stores.of(workload.store).cost.items(workload, sizes, item)
    log_gb = invocations * LOG_BYTES / GB
    yield item("CloudWatch: logs", f"{log_gb:,.2f} GB", "cloudwatch_log_gb", log_gb)
    metrics = len(MEASURES)
    yield item("CloudWatch: metrics", f"{metrics}", "cloudwatch_metric_month", metrics)
    yield item("CloudWatch: alarms", f"{ALARMS}", "cloudwatch_alarm_month", ALARMS)
    if workload.editors or workload.viewers:
        editors = max(workload.editors, 1)
        yield item("Grafana: editors", f"{editors}", "grafana_editor_month", editors)
        yield item(
            "Grafana: viewers", f"{workload.viewers}", "grafana_viewer_month", workload.viewers
        )


def listed(store: str = stores.DEFAULT) -> dict[str, Any]:
    """Return the prices by key, the store's among them, each with its source."""
    shared = json.loads(PRICES.read_text(encoding="utf-8"))["prices"]
    return {**shared, **stores.of(store).cost.PRICES}


def report(workload: Workload) -> Iterator[str]:
    """Yield all that is printed, line by line."""
    prices = Prices(listed(workload.store), workload.region)
    store = stores.of(workload.store).cost
    sizes = store.measured(workload, batch_lines(workload))
    count = shards(workload, sizes[0].line_bytes)
    yield (
        f"{workload.rps:g} requests/s (at the busiest {workload.peak:g}), {workload.sampling:g} % "
        f"logged: {workload.lines:g} lines/s of {sizes[0].line_bytes:.0f} bytes, in "
        f"{workload.region}"
    )
    yield f"KinesisStreamShards={count}"
    most = parameters.known()["KinesisStreamShards"]["MaxValue"]
    if count > most:
        yield (
            f"  The template takes {most} at most: lower the sampling, set "
            "KinesisStreamMode=ON_DEMAND, or split the cache behaviors between several stacks."
        )
    yield ""
    yield from console.lines(table(list(bill(workload, sizes, prices)), store.COLUMNS))
    yield ""
    for rows in store.choices(workload):
        yield from console.lines(compared(rows))
        yield ""
    yield from elsewhere(workload)
    yield from notes(workload, sizes, prices)


def elsewhere(workload: Workload) -> Iterator[str]:
    """Yield what the same traffic costs a month in the other stores, all lines together."""
    for name in stores.STORES:
        if name == workload.store:
            continue
        other = replace(workload, store=name, retention={})
        store = stores.of(name)
        try:
            store.check.region(workload.region)
        except Problem:  # it is not there
            continue
        columns = zip(store.cost.COLUMNS, totals(other), strict=True)
        said = ", ".join(f"{column} {total:,.2f}" for column, total in columns)
        yield f"- In {store.NAME}, the same would be: {said} (make cost STORE={name})."


def totals(workload: Workload) -> list[float]:
    """Return what a month costs, in each column."""
    sizes = stores.of(workload.store).cost.measured(workload, batch_lines(workload))
    prices = Prices(listed(workload.store), workload.region)
    return sums(list(bill(workload, sizes, prices)))


def sums(items: list[Item]) -> list[float]:
    """Return the sum of each column."""
    return [sum(column) for column in zip(*(each.dollars for each in items), strict=True)]


def table(items: list[Item], columns: Sequence[str]) -> Table:
    """Return the bill as a table, with its sums."""
    made = console.plain()
    made.add_column()
    made.add_column(justify="right")
    for _ in columns:
        made.add_column(justify="right", min_width=10)
    made.add_column()
    made.add_row("USD a month", "", *columns)
    for each in items:
        dollars = (f"{amount:,.2f}" for amount in each.dollars)
        made.add_row(each.what, each.amount, *dollars, "" if each.sure else "*")
    made.add_row("together", "", *(f"{total:,.2f}" for total in sums(items)))
    return made


def compared(rows: Sequence[Sequence[str]]) -> Table:
    """Return a table that compares choices: a column for each, after what the row is about."""
    made = console.plain()
    made.add_column()
    for _ in rows[0][1:]:
        made.add_column(justify="right")
    for row in rows:
        made.add_row(*row)
    return made


def notes(workload: Workload, sizes: tuple[Any, ...], prices: Prices) -> Iterator[str]:
    """Yield the assumptions that the bill is made with."""
    ondemand_gb = workload.lines * SECONDS * math.ceil(sizes[0].line_bytes / 1024) * 1024 / GB
    ondemand = HOURS * prices["kinesis_ondemand_hour"] + ondemand_gb * (
        prices["kinesis_ondemand_gb_in"] + prices["kinesis_ondemand_gb_out"]
    )
    as_of = json.loads(PRICES.read_text(encoding="utf-8"))["as_of"]
    store = stores.of(workload.store).cost
    yield (
        f"- Prices of {as_of}, the store's of {store.AS_OF}, without free tiers "
        "(infra/prices.json, and prices.json of the store under dashboards/stores, have each with "
        "its source)."
    )
    yield "- * No price was found for this region: it is that of us-east-1, or remembered."
    yield from store.notes(workload, sizes, prices, batch_lines(workload))
    yield (
        f"- Lambda: {INVOCATION_SECONDS * 1000:g} ms an invocation and {LINE_SECONDS * 1e6:g} us "
        f"a line at {workload.memory_mb:g} MB; logs of {LOG_BYTES} bytes an invocation."
    )
    yield f"- With KinesisStreamMode=ON_DEMAND, Kinesis would be about ${ondemand:,.2f} *."
    yield "- Not counted: S3, SQS, SNS and KMS requests (cents), and Grafana's own machine."
