"""Price a month of the stack, line by line, in both record layouts side by side."""

import json
import math
from argparse import ArgumentParser, ArgumentTypeError, Namespace
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from infra import aws, check, parameters
from infra.measure import Sizes, sample, sizes
from processor import catalog
from processor.config import LAYOUTS, Config, ConfigError
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
MAGNETIC_LEAST_GB = 100
MOST = 1_000_000_000  # of anything that is asked for; beyond it nobody is served
BURST_TCU_HOURS = 4 * 30 / 3600  # the fewest units there are, for the least time that is billed
# What nobody can know beforehand; said with every answer.
INVOCATION_SECONDS = 0.06  # an invocation's wait for its writes
LINE_SECONDS = 0.0001  # CPU of 512 MB for one line
LOG_BYTES = 3000  # log and metrics of one invocation
ALARMS = 7


@dataclass(frozen=True, slots=True)
class Asked:
    """The traffic and the settings that are priced."""

    rps: float  # viewer requests a second, on average
    peak: float  # at the busiest
    sampling: float  # percent that is logged
    region: str
    fields: tuple[catalog.Field, ...]
    drop: tuple[str, ...] = ()
    memory_hours: float = 24
    magnetic_days: float = 30
    window: float = 5
    memory_mb: float = 512
    alert_minutes: float = 1
    views: float = 50  # dashboards opened a day
    editors: int = 0
    viewers: int = 0

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
    """The price list for one region; ``assumed`` collects the keys of what was not found."""

    listed: dict[str, dict[str, Any]]
    region: str
    assumed: set[str] = field(default_factory=set)

    def __getitem__(self, key: str) -> float:
        """Return a price in dollars."""
        entry = self.listed[key]
        if "anywhere" in entry:
            return entry["anywhere"]
        regions = entry.get("regions", {})
        if self.region in regions:
            return regions[self.region]
        self.assumed.add(key)
        return regions.get("us-east-1", entry.get("assumed"))


@dataclass(frozen=True, slots=True)
class Item:
    """One line of the bill; two amounts, by layout."""

    what: str
    amount: str
    dollars: tuple[float, float]
    sure: bool


def arguments(parser: ArgumentParser) -> None:
    """Add this verb's arguments."""
    add = parser.add_argument
    add("--rps", type=_positive, default=100.0, help="viewer requests a second (%(default)s)")
    add("--peak", type=_positive, help="requests a second at the busiest (twice --rps)")
    add("--sampling", type=_percent, default=5, help="percent that is logged (%(default)s)")
    add("--region", default="us-east-1", help="AWS region (%(default)s)")
    add("--fields", help="log fields with commas (all but the two header lists)")
    add("--drop-fields", default="", help="fields that are logged but not written")
    for option, parameter, default, what in (
        ("--memory-hours", "MemoryStoreRetentionHours", 24, "memory store (%(default)s h)"),
        ("--magnetic-days", "MagneticStoreRetentionDays", 30, "magnetic store (%(default)s d)"),
        ("--window", "BatchWindowSeconds", 5, "batch window (%(default)s s)"),
    ):
        add(option, type=_parameter(parameter), default=default, help=what)
    add(
        "--alert-minutes",
        type=_at_least_zero,
        default=1.0,
        help="alert rules every so often; 0: none (%(default)s)",
    )
    add("--views", type=_at_least_zero, default=50.0, help="dashboards opened a day (%(default)s)")
    add(
        "--editors",
        type=_people,
        default=0,
        help="of a managed Grafana (%(default)s: your own Grafana)",
    )
    add("--viewers", type=_people, default=0, help="of a managed Grafana (%(default)s)")


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


def _parameter(name: str) -> Callable[[str], int]:
    """Return an argparse type for what the template's parameter of that name can be."""

    def parse(text: str) -> int:
        if needed := parameters.wanted(parameters.known()[name], text):
            raise ArgumentTypeError(f"{name} {needed}, not {text!r}")
        return int(text)

    return parse


def _percent(text: str) -> int:
    if parameters.wanted(parameters.known()["RealtimeLogsSamplingPercentage"], text):
        raise ArgumentTypeError(
            f"CloudFront samples 1 to 100 percent, in whole numbers, not {text!r}"
        )
    return int(text)


def run(args: Namespace) -> int:
    """Print the shards, the bill and what it rests on."""
    check.has_timestream(args.region)
    if args.peak and args.peak < args.rps:
        raise aws.Problem(f"--peak {args.peak:g} is less than --rps {args.rps:g}; it is the most.")
    try:
        names = args.fields.split(",") if args.fields else None
        fields = catalog.resolve(names) if names else catalog.DEFAULT_FIELDS
        drop = tuple(name.strip() for name in args.drop_fields.split(",") if name.strip())
        if drop:
            catalog.resolve(drop)
        asked = Asked(
            rps=args.rps,
            peak=args.peak or 2 * args.rps,
            sampling=args.sampling,
            region=args.region,
            fields=fields,
            drop=drop,
            memory_hours=args.memory_hours,
            magnetic_days=args.magnetic_days,
            window=args.window,
            alert_minutes=args.alert_minutes,
            views=args.views,
            editors=args.editors,
            viewers=args.viewers,
        )
        print("\n".join(report(asked)))
    except (ConfigError, catalog.UnknownField, ValueError) as error:
        text = str(error)
        raise aws.Problem(text if text.endswith((".", "?")) else f"{text}.") from None
    return 0


def measured(asked: Asked) -> tuple[Sizes, Sizes]:
    """Return the sizes by layout, for the batches that this traffic makes."""
    texts = sample(asked.fields)
    found = []
    for layout in LAYOUTS:
        config = Config(fields=asked.fields, layout=layout, drop=frozenset(asked.drop))
        config.check()
        found.append(sizes(texts, config, batch_lines(asked)))
    return found[0], found[1]


def batch_lines(asked: Asked) -> int:
    """Return the lines of a usual invocation: what one shard collects in the batch window."""
    return max(1, min(1000, round(asked.lines * asked.window / shards(asked, 0))))


def shards(asked: Asked, line_bytes: float) -> int:
    """Return the shards that the busiest second needs."""
    needed = max(asked.peak_lines / SHARD_LINES, asked.peak_lines * line_bytes / SHARD_BYTES)
    return max(1, math.ceil(needed * MARGIN))


def bill(asked: Asked, both: tuple[Sizes, Sizes], prices: Prices) -> Iterator[Item]:
    """Yield the lines of the bill."""

    def item(what: str, amount: str, key: str, *quantities: float) -> Item:
        price = prices[key]
        first, second = quantities if len(quantities) == 2 else quantities * 2
        return Item(what, amount, (first * price, second * price), key not in prices.assumed)

    lines = asked.lines * SECONDS
    line_bytes = both[0].line_bytes
    count = shards(asked, line_bytes)
    millions = lines / 1e6
    yield item(
        "CloudFront: log lines", f"{millions:,.1f} M lines", "cloudfront_million_lines", millions
    )
    yield item("Kinesis: shards", f"{count} x {HOURS:.0f} h", "kinesis_shard_hour", count * HOURS)
    puts = millions * math.ceil(line_bytes / PUT_BYTES)
    yield item("Kinesis: puts", f"{puts:,.1f} M", "kinesis_million_puts", puts)
    invocations = lines / batch_lines(asked)
    seconds = invocations * INVOCATION_SECONDS + lines * LINE_SECONDS
    gb_seconds = seconds * asked.memory_mb / 1024
    yield item(
        "Lambda: requests",
        f"{invocations / 1e6:,.2f} M",
        "lambda_million_requests",
        invocations / 1e6,
    )
    yield item("Lambda: compute", f"{gb_seconds:,.0f} GB-s", "lambda_gb_second", gb_seconds)
    writes = [millions * each.write_units for each in both]
    yield item(
        "Timestream: writes",
        f"{writes[0]:,.1f} M / {writes[1]:,.1f} M",
        "timestream_million_writes",
        *writes,
    )
    hourly = [asked.lines * 3600 * each.stored_bytes / GB for each in both]
    memory = [each * asked.memory_hours for each in hourly]
    yield item(
        f"Timestream: memory store, {asked.memory_hours:g} h",
        f"{memory[0]:,.2f} / {memory[1]:,.2f} GB",
        "timestream_memory_gb_hour",
        *(each * HOURS for each in memory),
    )
    magnetic = [max(each * asked.magnetic_days * 24, MAGNETIC_LEAST_GB) for each in hourly]
    yield item(
        f"Timestream: magnetic store, {asked.magnetic_days:g} d",
        f"{magnetic[0]:,.0f} / {magnetic[1]:,.0f} GB",
        "timestream_magnetic_gb_month",
        *magnetic,
    )
    rounds = HOURS * 60 / asked.alert_minutes if asked.alert_minutes else 0
    yield item(
        "Timestream: queries of alert rules",
        f"{rounds * BURST_TCU_HOURS:,.0f} TCU-h",
        "timestream_tcu_hour",
        rounds * BURST_TCU_HOURS,
    )
    views = asked.views * HOURS / 24
    yield item(
        "Timestream: queries of dashboards",
        f"{views * BURST_TCU_HOURS:,.0f} TCU-h",
        "timestream_tcu_hour",
        views * BURST_TCU_HOURS,
    )
    log_gb = invocations * LOG_BYTES / GB
    yield item("CloudWatch: logs", f"{log_gb:,.2f} GB", "cloudwatch_log_gb", log_gb)
    metrics = len(MEASURES)
    yield item("CloudWatch: metrics", f"{metrics}", "cloudwatch_metric_month", metrics)
    yield item("CloudWatch: alarms", f"{ALARMS}", "cloudwatch_alarm_month", ALARMS)
    if asked.editors or asked.viewers:
        editors = max(asked.editors, 1)
        yield item("Grafana: editors", f"{editors}", "grafana_editor_month", editors)
        yield item("Grafana: viewers", f"{asked.viewers}", "grafana_viewer_month", asked.viewers)


def report(asked: Asked) -> Iterator[str]:
    """Yield the whole answer, line by line."""
    data = json.loads(PRICES.read_text(encoding="utf-8"))
    prices = Prices(data["prices"], asked.region)
    both = measured(asked)
    count = shards(asked, both[0].line_bytes)
    items = list(bill(asked, both, prices))
    yield (
        f"{asked.rps:g} requests/s (at the busiest {asked.peak:g}), {asked.sampling:g} % logged: "
        f"{asked.lines:g} lines/s of {both[0].line_bytes:.0f} bytes, in {asked.region}"
    )
    yield f"KinesisStreamShards={count}"
    most = parameters.known()["KinesisStreamShards"]["MaxValue"]
    if count > most:
        yield (
            f"  The template takes {most} at most: lower the sampling, set "
            "KinesisStreamMode=ON_DEMAND, or split the cache behaviors between several stacks."
        )
    yield ""
    what = max(len(each.what) for each in items)
    amount = max(len(each.amount) for each in items)
    yield f"{'USD a month':<{what}}  {'':<{amount}}  {LAYOUTS[0]:>10}  {LAYOUTS[1]:>10}"
    for each in items:
        first, second = (f"{dollars:>10,.2f}" for dollars in each.dollars)
        mark = "" if each.sure else "  *"
        yield f"{each.what:<{what}}  {each.amount:>{amount}}  {first}  {second}{mark}"
    totals = [sum(each.dollars[at] for each in items) for at in (0, 1)]
    yield f"{'together':<{what}}  {'':<{amount}}  {totals[0]:>10,.2f}  {totals[1]:>10,.2f}"
    yield ""
    yield from notes(asked, both, prices, data["as_of"])


def notes(asked: Asked, both: tuple[Sizes, Sizes], prices: Prices, as_of: str) -> Iterator[str]:
    """Yield what the bill rests on."""
    ondemand_gb = asked.lines * SECONDS * math.ceil(both[0].line_bytes / 1024) * 1024 / GB
    ondemand = HOURS * prices["kinesis_ondemand_hour"] + ondemand_gb * (
        prices["kinesis_ondemand_gb_in"] + prices["kinesis_ondemand_gb_out"]
    )
    burst = BURST_TCU_HOURS * prices["timestream_tcu_hour"]
    yield f"- Prices of {as_of}, without free tiers (infra/prices.json has each with its source)."
    yield "- * no price was found for this region, so another's or a remembered one is taken."
    yield (
        f"- Lines measured on generated traffic through the processor's own shaping, "
        f"{batch_lines(asked)} an invocation: {both[0].write_units:.2f} write units and "
        f"{both[0].stored_bytes:.0f} bytes stored a line in {LAYOUTS[0]}, "
        f"{both[1].write_units:.2f} and {both[1].stored_bytes:.0f} in {LAYOUTS[1]}."
    )
    yield "- Storage is counted like writes, each record with all its dimensions."
    yield (
        f"- Queries: each round of alert rules and each opened dashboard keeps 4 TCUs busy for 30 "
        f"seconds, the least that is billed: ${burst:.3f}. Accounts from before 2024-04-29 may "
        "still pay by bytes scanned instead."
    )
    yield (
        f"- Lambda: {INVOCATION_SECONDS * 1000:g} ms an invocation and {LINE_SECONDS * 1e6:g} us "
        f"a line at {asked.memory_mb:g} MB; logs of {LOG_BYTES} bytes an invocation."
    )
    yield f"- With KinesisStreamMode=ON_DEMAND, Kinesis would be about ${ondemand:,.2f} *."
    yield "- Not counted: S3, SQS, SNS and KMS requests (cents), and Grafana's own machine."
