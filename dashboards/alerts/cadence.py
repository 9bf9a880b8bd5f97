"""How often rules are evaluated, what follows for each, what it costs, and how late it is.

thresholds.toml is written for a rule's own pace, `every` in rules.py. A bundle may ask less often.
Then

- a window is at least as long as the time between two evaluations and `delay`, so that no line
  falls between two windows, also one that comes twice as late as is waited for;
- a `for` is whole evaluations. Grafana would round it up, to evaluations that a short fault does
  not last; here it is rounded down, as the window has grown, and to no more evaluations than see a
  moment in their windows. One that is shorter than the cadence is none: the rule fires at once;
- a `keep_firing_for` is whole evaluations, rounded up as Grafana does.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from math import ceil, floor
from typing import Any

from dashboards.alerts.contact_points import TIMINGS
from dashboards.alerts.knobs import Threshold, Thresholds
from dashboards.alerts.rules import PARTS, RULE_OF, RULES, Rule
from dashboards.config import Bundle
from dashboards.stores import Round, Settings
from ruletest import durations

Json = Mapping[str, Any]

JITTER = "jitterAlertRulesWithinGroups"
EXPRESSION = "__expr__"  # Grafana's own data source
CHOICES = ("1m", "2m", "5m", "10m", "15m", "30m")  # side by side in docs; any whole minutes will do


def interval(rule: Rule, bundle: Bundle) -> int:
    """Return how often a bundle evaluates a rule, in seconds.

    Where each round is paid for there is only one: rules that could be asked less often cost
    nothing more in it, and would be a round of their own beside it.
    """
    own = round(durations.seconds(rule.every))
    return bundle.interval if bundle.pays else max(own, bundle.interval)


def at(limits: Thresholds, bundle: Bundle) -> Thresholds:
    """Return the thresholds as they are at the bundle's cadence."""
    made = dict(limits.rules)
    for name in PARTS:
        made[name] = _part(made[name], RULE_OF[name], bundle, limits.delay)
    for name, rule in RULES.items():
        made[name] = _rule(made[name], rule, [made[each.name] for each in rule.parts], bundle)
    return replace(limits, rules=made)


def _slower(rule: Rule, bundle: Bundle) -> int:
    """Return the time between two evaluations if it is longer than the rule's own, else 0."""
    length = interval(rule, bundle)
    return length if length > durations.seconds(rule.every) else 0


def _part(threshold: Threshold, rule: Rule, bundle: Bundle, delay: int) -> Threshold:
    length = _slower(rule, bundle)
    if not length:
        return threshold
    least = length + delay
    short = max(threshold.short, least) if threshold.short else 0
    window = max(threshold.window, least, short + delay if short else 0)
    longer = tuple(each for each in threshold.longer if each > window)
    return replace(threshold, window=window, short=short, longer=longer)


def _rule(
    threshold: Threshold, rule: Rule, parts: Sequence[Threshold], bundle: Bundle
) -> Threshold:
    length = _slower(rule, bundle)
    if not length or not parts:
        return threshold
    narrow = min(each.short or each.window for each in parts)
    longest = min(threshold.pending, narrow - length)
    return replace(
        threshold,
        pending=max(longest, 0) // length * length,
        keep_firing_for=ceil(threshold.keep_firing_for / length) * length,
    )


def rounds(groups: Iterable[Json], uids: Collection[str] = ()) -> list[Round]:
    """Return the rounds of groups of rules, as Grafana's files or its API have them.

    With `uids`, only the rules that ask one of these data sources count.
    """
    made = []
    for group in groups:
        asking = sum(_asks(rule, uids) for rule in group["rules"])
        if asking:
            made.append(Round(_seconds(group["interval"]), asking))
    return made


def _asks(rule: Json, uids: Collection[str]) -> bool:
    return not rule.get("isPaused") and any(_is_query(each, uids) for each in rule["data"])


def _is_query(query: Json, uids: Collection[str]) -> bool:
    uid = query["datasourceUid"]
    return uid in uids if uids else uid != EXPRESSION


def _seconds(value: Any) -> int:
    return value if isinstance(value, int) else durations.nanoseconds(str(value or "0s")) // 10**9


def mails(
    groups: Iterable[Json], uids: Collection[str] = ()
) -> tuple[tuple[float, float], tuple[float, float]] | None:
    """Return after how many seconds the first critical mail of a fault comes, soonest and latest.

    The first pair is that of a total outage, which is over every line as soon as it is looked at.
    The second is that of a fault just over the quickest rule's line: it has to fill the window.
    None without a critical rule.
    """
    found = min(_waits(groups, uids), default=None)
    if found is None:
        return None
    window, wait, length = found
    return (wait, wait + length), (wait + window, wait + window + length)


def _waits(groups: Iterable[Json], uids: Collection[str]) -> Iterator[tuple[int, int, int]]:
    """Yield each critical rule's window, what it waits for besides, and its interval."""
    mail = _seconds(TIMINGS["critical"].group_wait)
    for group in groups:
        for rule in group["rules"]:
            critical = (rule.get("labels") or {}).get("severity") == "critical"
            if critical and _asks(rule, uids):
                # The number's query may look further back, for what was bad a moment ago.
                ranges = [q["relativeTimeRange"] for q in rule["data"] if _is_query(q, uids)]
                window, to = min((each["from"] - each["to"], each["to"]) for each in ranges)
                wait = to + _seconds(rule.get("for")) + mail
                yield window, wait, _seconds(group["interval"])


def sentence(
    groups: Sequence[Json], settings: Settings, region: str, uids: Collection[str] = ()
) -> str:
    """Return in one line what evaluating these groups costs a month, and how late they are.

    `uids` as for `rounds`; nothing where no rule asks anything.
    """
    asked = rounds(groups, uids)
    if not asked:
        return ""
    quickest = min(each.interval for each in asked)
    price = "no price of their own, they take CPU that is paid for"
    if settings.BILLED:
        price = f"about USD {settings.asking(asked, region):,.0f} a month"
    said = f"Rules every {spelled(quickest)}: {price}"
    if late := mails(groups, uids):
        outage, line = map(minutes, late)
        said += f"; first mail {outage} minutes after a total outage begins, "
        said += f"{line} after a fault just over its line"
    return f"{said}."


def spread(
    groups: Sequence[Json], settings: Settings, region: str, uids: Collection[str] = ()
) -> str:
    """Return what it costs where Grafana spreads a group's rules over its interval, or nothing.

    It does so with its feature toggle `jitterAlertRulesWithinGroups`: each rule is a round then.
    """
    alone = [Round(each.interval, 1) for each in rounds(groups, uids) for _ in range(each.rules)]
    if not settings.BILLED or len(alone) < 2:
        return ""
    return (
        "warning: this Grafana evaluates each rule of a group at a moment of its own (feature "
        f"toggle {JITTER}), so they cost up to USD {settings.asking(alone, region):,.0f} a month; "
        "turn the toggle off."
    )


def spelled(length: int) -> str:
    """Return an interval as it is said behind "every": minute, 5 minutes, 90 seconds."""
    if length % 60:
        return f"{length} seconds"
    return "minute" if length == 60 else f"{length // 60} minutes"


def minutes(span: tuple[float, float]) -> str:
    """Return seconds from and to in whole minutes, no sooner and no later than it is."""
    return f"{floor(span[0] / 60)} to {ceil(span[1] / 60)}"
