"""The questions rules ask, as SQL made from the words of dashboards/timestream.py.

A question gives text columns, which become the labels of the alert's instances, and one number
named `value`; no time. It never looks at the newest `delay`, and leaves out what has too little
traffic for its number to mean anything.
https://grafana.com/docs/grafana/latest/alerting/fundamentals/alert-rules/queries-conditions/
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from textwrap import indent

from dashboards.alerts.knobs import Threshold, Thresholds
from dashboards.config import Bundle
from dashboards.signals import SIGNALS, Signal
from dashboards.splits import SPLITS, Split
from dashboards.timestream import Having, Timestream, number

# How many of the worst URIs or edges a message names, and how much of each.
NAMED = 3
_NAME_LENGTH = 60
# The spans by which a country "always has some traffic" is judged, and how many it must have had.
SPAN_MINUTES = 10
LEAST_SPANS = 12

# Numbers that only rules ask for; panels show the signals they are made of.
_OWN: dict[str, Signal] = {
    signal.name: signal
    for signal in (
        Signal("hits", "Hits", "short", "", "count_if({hit})", scaled=True),
        Signal("origin_timed", "Timed", "short", "", "count({origin-fbl})", scaled=True),
        Signal("lines", "Lines", "short", "", "coalesce(sum(received), 0)", record="pipeline"),
        Signal(
            "lag", "Lag", "s", "", "approx_percentile(lag_p50_ms, 0.5) / 1000", record="pipeline"
        ),
        Signal(
            "malformed_share",
            "Malformed",
            "percent",
            "",
            "100.0 * sum(malformed) / nullif(sum(received), 0)",
            record="pipeline",
        ),
        Signal(
            "rejected_share",
            "Rejected",
            "percent",
            "",
            "100.0 * sum(rejected) / nullif(sum(received), 0)",
            record="pipeline",
        ),
    )
}


def signal(name: str) -> Signal:
    """Return a signal of panels, or one that only rules ask for."""
    return _OWN.get(name) or SIGNALS[name]


@dataclass(frozen=True, slots=True)
class Question:
    """What a rule asks, before it is known of which bundle and with which thresholds."""

    signal: str
    split: str | None = None
    gate: str = "requests"  # the signal that `min_requests` counts
    condition: str | None = None  # for burn rates: what spends the budget
    objective: str | None = None  # and which objective of [slo] it spends


@dataclass(frozen=True, slots=True)
class Asked:
    """A question's SQL, and how far back it looks, in seconds before the delay."""

    sql: str
    span: int


Ask = Callable[[Timestream, Bundle, Thresholds, Threshold, Question], Asked]


def _gate(bundle: Bundle, threshold: Threshold, question: Question) -> list[Having]:
    """Enough logged lines: the counts are scaled up by sampling, so the bound is, too."""
    if threshold.min_requests is None:
        return []
    gate = signal(question.gate)
    scale = 100 / bundle.sampling if gate.scaled else 1
    return [(gate, ">=", threshold.min_requests * scale)]


def _least(bundle: Bundle, threshold: Threshold) -> float:
    return (threshold.min_requests or 1) * 100 / bundle.sampling


def _split(question: Question) -> Split | None:
    return SPLITS[question.split] if question.split else None


def now(
    db: Timestream, bundle: Bundle, _: Thresholds, threshold: Threshold, question: Question
) -> Asked:
    """Ask for a signal over the window, worst first."""
    having = _gate(bundle, threshold, question)
    if threshold.cached is not None:
        having.append((signal(question.signal), ">=", threshold.cached))
    sql = db.instant(
        signal(question.signal),
        _split(question) or (),
        having=having,
        ascending=threshold.below is not None,
        limit=threshold.limit if question.split else None,
        value="value",
    )
    return Asked(sql, threshold.window)


def change(
    db: Timestream, bundle: Bundle, _: Thresholds, threshold: Threshold, question: Question
) -> Asked:
    """Ask for the window in percent of the past before it, worst first."""
    sql = db.change(
        signal(question.signal),
        _split(question),
        recent=f"{threshold.window}s",
        min_requests=_least(bundle, threshold),
        ascending=threshold.below is not None,
        limit=threshold.limit,
    )
    return Asked(sql, threshold.window + threshold.baseline)


def burn(
    db: Timestream, bundle: Bundle, all_: Thresholds, threshold: Threshold, question: Question
) -> Asked:
    """Ask how many times faster than allowed an error budget is spent, over two windows."""
    sql = db.burn(
        question.condition or "",
        objective=getattr(all_, question.objective or ""),
        short=f"{threshold.short}s",
        min_requests=_least(bundle, threshold),
    )
    return Asked(sql, threshold.window)


def silence(
    db: Timestream, bundle: Bundle, _: Thresholds, threshold: Threshold, question: Question
) -> Asked:
    """Ask for the minutes since the last request of what always had some before it.

    "Always" is judged on the spans up to its own last request, so that it does not become less
    true while the silence lasts.
    """
    split = SPLITS[question.split or ""]
    label = db.label(split)
    span = f"{SPAN_MINUTES}m"
    spans = _lines(
        f"SELECT\n  {label} AS {split.name},\n  bin(time, {span}) AS span,",
        f"  max(time) AS latest,\n  {db.signal(SIGNALS['requests'])} AS requests",
        "FROM $__database.$__table",
        f"WHERE measure_name = '{db.measure_name}'\n  AND $__timeFilter",
        f"GROUP BY {label}, bin(time, {span})",
    )
    until_last = f"date_diff('minute', min(span), max(latest)) / {SPAN_MINUTES} + 1"
    sql = _lines(
        f"SELECT\n  {split.name},",
        "  date_diff('second', max(latest), from_milliseconds($__timeTo)) / 60.0 AS value",
        f"FROM (\n{indent(spans, '  ')}\n)",
        f"GROUP BY {split.name}",
        f"HAVING count(*) >= {LEAST_SPANS}",
        f"  AND 100 * count(*) >= {number(threshold.presence or 100)} * ({until_last})",
        f"  AND sum(requests) >= {number(_least(bundle, threshold))}",
        f"ORDER BY value DESC, {split.name}",
        f"LIMIT {threshold.limit}",
    )
    return Asked(sql, threshold.window)


# The knobs of thresholds.toml that a kind of question needs, and those it reads if they are given;
# its line, `for` and `keep_firing_for` are every rule's.
_READS: Mapping[Ask, tuple[set[str], set[str]]] = {
    now: ({"window"}, {"min_requests", "cached"}),
    change: ({"window", "baseline"}, {"min_requests"}),
    burn: ({"window", "short"}, {"min_requests"}),
    silence: ({"window", "presence"}, {"min_requests"}),
}


def reads(ask: Ask | None, question: Question) -> tuple[set[str], set[str]]:
    """Return the knobs that a rule needs, and those it reads if they are given."""
    if ask is None:
        return set(), set()
    needs, may = _READS[ask]
    return (needs | {"limit"} if question.split else needs), may


def worst(db: Timestream, condition: str, of: str, split: str | None, *, seconds: str = "") -> str:
    """Name the URIs (or whatever `of` is) with most requests for which a condition holds.

    The names are a text column, so a label, of a query that is not the rule's condition: Grafana
    hands its row to the annotations of the instance whose labels it includes, and the instance
    keeps its identity while the names change. Of a split there is a row more, without labels: a
    query that answers nothing at all would make the whole rule NoData.
    """
    ranked, count = db.label(SPLITS[of]), db.signal(SIGNALS["requests"])
    label = db.label(SPLITS[split]) if split else ""
    named = f"substr({ranked}, 1, {_NAME_LENGTH}) || ' (' || cast({count} AS varchar) || ')'"
    partition = f"PARTITION BY {label} " if split else ""
    inner = _lines(
        "SELECT" + (f"\n  {label} AS {split}," if split else ""),
        f"  {named} AS name,\n  {count} AS amount,",
        f"  row_number() OVER ({partition}ORDER BY {count} DESC, {ranked}) AS place",
        "FROM $__database.$__table",
        f"WHERE measure_name = '{db.measure_name}'\n  AND $__timeFilter",
        f"  AND {db.condition(condition)}",
        f"GROUP BY {label}, {ranked}" if split else f"GROUP BY {ranked}",
    )
    names = " || ".join(
        f"coalesce('{', ' if place > 1 else ''}' || max(IF(place = {place}, name)), '')"
        for place in range(1, NAMED + 1)
    )
    outer = _lines(
        "SELECT" + (f"\n  {split}," if split else ""),
        f"  {names} AS worst,\n  coalesce(sum(amount), 0) AS value",
        f"FROM (\n{indent(inner, '  ')}\n)",
        f"WHERE place <= {NAMED}",
        *([f"GROUP BY {split}"] if split else []),
    )
    if not split:
        return outer
    return f"{outer}\nUNION ALL\nSELECT '' AS {split}, '' AS worst, 0 AS value"


def slowest(db: Timestream, bundle: Bundle, by: str, of: str, least: int) -> str:
    """Name the edge (or whatever `of` is) with the highest value of a signal; one row."""
    inner = db.instant(
        signal(by),
        SPLITS[of],
        having=[(SIGNALS["requests"], ">=", least * 100 / bundle.sampling)],
        value="value",
    )
    return _lines(
        f"SELECT\n  coalesce(max_by({of}, value), '') AS worst,",
        "  coalesce(max(value), 0.0) AS value",
        f"FROM (\n{indent(inner, '  ')}\n)",
    )


def _lines(*parts: str) -> str:
    return "\n".join(parts)
