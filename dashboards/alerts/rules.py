"""Every alert rule, as data. Its thresholds are in thresholds.toml, its runbook in docs/alerts.md.

A rule is a family of parts: questions that fail together and are acted on alike. So one fault is
one alert with one message, and few queries. Each part has a line of its own.

Severities: `critical` wakes somebody; `warning` is for the next working day; `info` is neither.

No data and errors, rule by rule:

- NO_DATA_OK: no row means that nothing had enough traffic to be judged, which is no problem. When
  nothing arrives at all, `pipeline-silent` fires, once.
- QUERY_ERROR_OK: a critical rule whose query fails behaves as without data. Otherwise a store that
  does not answer would page once for each rule; `pipeline-silent` pages for all of them.
- QUERY_ERROR_ALERTS: a warning rule whose query fails fires an alert (DatasourceError), so that
  somebody notices it. These alerts are grouped into one message.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from dashboards.alerts.queries import (
    Ask,
    Question,
    arrivals,
    burn,
    change,
    drop,
    now,
    served,
    shares,
    silence,
)

SEVERITIES = ("critical", "warning", "info")

NO_DATA_OK = (
    "OK",
    "too little traffic to judge is no problem; pipeline-silent fires when nothing arrives",
)
QUERY_ERROR_OK = ("OK", "pipeline-silent pages for all rules when {store} does not answer")
QUERY_ERROR_ALERTS = ("Error", "somebody must notice that the rule cannot be evaluated")


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A question of a rule, with a line of its own. Text is free of `$`, as a rule's."""

    name: str  # its section in thresholds.toml, and the label `part` of its alerts
    what: str  # what is measured, at the beginning of a table's cell
    brief: str = ""  # the same for a message's title, where that is too long for a phone
    ask: Ask
    question: Question
    # One sentence with the number and the threshold, true while it fires and when it is resolved.
    # {number} is the number, {name} what it is about, {line} the threshold, {store} the store's
    # title, {window} and {short} the windows.
    summary: str
    unit: str = ""
    digits: int = 1  # behind the point of the number
    # While a part of a lower turn is beyond its line, this one begins no alert: it says the same.
    turn: int = 0
    # Unless its number is beyond this: what began in one country may have become all of the site.
    regardless: float | None = None
    side: str = "above"  # whether it fires above or below its threshold
    panel: tuple[str, str | None]  # signal and dimension of the panel to link

    @property
    def titled(self) -> str:
        """What is measured, as a message's title says it, before what it is about."""
        return self.brief or self.what.partition(" by ")[0]

    @property
    def bounded(self) -> bool:
        """Whether it is judged by another number than the one it tells."""
        return self.ask in (shares, drop)

    @property
    def usual(self) -> bool:
        """Whether it is held against what is usual, so that nothing is bad for long."""
        return self.ask in (change, served)

    @property
    def budget(self) -> bool:
        """Whether it is an error budget."""
        return self.ask is burn


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One rule. Text is free of `$`, which Grafana takes for a variable in files."""

    name: str  # its uid behind the bundle's name, and the anchor of its runbook entry
    title: str
    severity: str
    parts: tuple[Part, ...] = ()  # none for a rule without a query, which always fires
    # How often it is evaluated at most; a query that looks back far takes more. See cadence.py.
    every: str = "1m"
    muted: str = ""  # a part of another rule: until it has recovered, this rule is silent
    no_data: tuple[str, str] = NO_DATA_OK
    error: tuple[str, str] = QUERY_ERROR_ALERTS
    why: str
    summary: str = ""  # of a rule without parts
    paused: bool = False

    @property
    def family(self) -> bool:
        """Whether its alerts say which part they are of; else it is one number, as it is."""
        return len(self.parts) > 1 or any(
            each.bounded or each.question.dimension for each in self.parts
        )


_WHO = {
    "country": "viewers in {name}",
    "edge": "edge {name}",
    "behavior": "behavior {name}",
    "host": "host {name}",
    None: "the whole site",
}


def _errors(kind: str, dimension: str | None) -> Part:
    who = "site" if dimension is None else dimension
    return Part(
        name=f"{who}-{kind}",
        what=f"{kind} rate by {dimension}" if dimension else f"{kind} rate",
        ask=shares,
        question=Question(f"error_rate_{kind}", dimension),
        summary=f"{kind} rate for {_WHO[dimension]} is {{number}} % "
        "(threshold {line} % over {window}).",
        unit="%",
        panel=(f"error_rate_{kind}", dimension),
        turn=0 if dimension else 1,
        regardless=50 if kind == "5xx" and not dimension else None,
    )


def _first_byte(
    name: str, what: str, signal: str, turn: int, gate: str = "requests", panel: str = ""
) -> Part:
    return Part(
        name=name,
        what=what,
        ask=now,
        question=Question(signal, gate=gate),
        summary=f"{what} is {{number}} s (threshold {{line}} s over {{window}}).",
        unit="s",
        digits=2,
        turn=turn,
        panel=(panel or signal, None),
    )


def _hits(dimension: str, turn: int) -> Part:
    return Part(
        name=f"{dimension}-hits",
        what=f"Cache hit ratio by {dimension}, points below the day before",
        brief="Cache hits down",
        ask=drop,
        question=Question("hit_share", dimension),
        summary=f"Cache hit ratio of {_WHO[dimension]} is {{number}} points below the same time "
        "a day before (threshold {line} points over {window}).",
        unit="points",
        turn=turn,
        panel=("hit_ratio", dimension),
    )


def _silent(dimension: str, turn: int) -> Part:
    where = {"country": "from {name}", "host": "for host {name}", "behavior": "for {name}"}
    return Part(
        name=f"{dimension}-silent",
        what=f"No traffic by {dimension}",
        ask=silence,
        question=Question("requests", dimension),
        summary=f"No request {where[dimension]} for {{number}} minutes "
        "(threshold {line} minutes); it always had some.",
        unit="minutes",
        digits=0,
        turn=turn,
        panel=("request_rate", None),  # the link chooses the host, behavior or country on it
    )


def _burn(what: str, window: str, turn: int) -> Part:
    errors = what == "errors"
    budget = "error budget" if errors else "latency budget"
    return Part(
        name=f"slo-{what}-{window}",
        what=f"{'Availability' if errors else 'Latency'} budget burn over {window}",
        brief=f"{'Error' if errors else 'Latency'} budget burn {window}",
        ask=burn,
        question=Question(
            "error_rate_5xx" if errors else "slow_first_byte_share",
            predicate="server_error" if errors else "slow_first_byte",
            objective="availability" if errors else "latency",
        ),
        summary=f"The {budget} is being spent {{number}} times too fast "
        "(threshold {line} times over {window} and {short}).",
        unit="times",
        turn=turn,
        panel=("error_rate_5xx" if errors else "slow_first_byte_share", None),
    )


def _lost(name: str, turn: int, ask: Ask, question: Question) -> Part:
    who = {"edge": "Viewers of edge {name}", "country": "Viewers in {name}", None: "All viewers"}
    by = f" by {question.dimension}" if question.dimension else ""
    return Part(
        name=name,
        what=f"Usual traffic that is left{by}",
        brief="Traffic left",
        ask=ask,
        question=question,
        summary=f"{who[question.dimension]} make {{number}} % of their usual requests "
        "(threshold {line} % over {window}).",
        unit="%",
        side="below",
        turn=turn,
        panel=("request_rate", question.dimension),
    )


def _spike(name: str, dimension: str | None) -> Part:
    whom = "viewers in {name}" if dimension else "all viewers"
    return Part(
        name=name,
        what="Egress against the usual" + (f" by {dimension}" if dimension else ""),
        brief="Egress",
        ask=change,
        question=Question("bytes", dimension),
        summary=f"Bytes per second to {whom} are {{number}} % of what is usual "
        "(threshold {line} % over {window}).",
        unit="%",
        turn=0 if dimension else 1,
        panel=("byte_rate", dimension),
    )


ERRORS_5XX = Rule(
    name="errors-5xx",
    title="5xx errors",
    severity="critical",
    parts=(
        _errors("5xx", "edge"),
        _errors("5xx", "country"),
        _errors("5xx", "behavior"),
        _errors("5xx", "host"),
        _errors("5xx", None),
        _burn("errors", "1h", 4),
        _burn("errors", "6h", 5),
    ),
    error=QUERY_ERROR_OK,
    why="Viewers see errors: in one place, on one path, of one host, or everywhere. The budgets "
    "say how much of the promise to viewers is at stake, so that a slow leak is not missed.",
)

_RULES = (
    ERRORS_5XX,
    Rule(
        name="errors-4xx",
        title="4xx errors",
        severity="warning",
        parts=(_errors("4xx", "country"), _errors("4xx", "behavior")),
        why="Viewers are refused, or ask for what is gone: a geo restriction, a WAF rule, an "
        "expired link, a release that lacks a file.",
    ),
    Rule(
        name="traffic-lost",
        title="Traffic lost",
        severity="critical",
        parts=(
            _lost("edge-egress-lost", 0, served, Question("requests", "edge", home="country")),
            _lost("country-lost", 1, change, Question("requests", "country")),
            _lost("site-lost", 2, change, Question("requests")),
        ),
        error=QUERY_ERROR_OK,
        why="What is not answered is not logged, so no error rate shows viewers that are gone.",
    ),
    Rule(
        name="traffic-silent",
        title="No traffic where there always is some",
        severity="warning",
        parts=(
            _silent("host", 0),
            _silent("behavior", 1),
            _silent("country", 2),
        ),
        every="5m",
        why="Viewers that cannot resolve or reach the site leave no line in any log; nor does a "
        "cache behavior whose log configuration was detached.",
    ),
    Rule(
        name="egress-spike",
        title="Egress spike",
        severity="warning",
        parts=(_spike("egress-spike-site", None), _spike("egress-spike-country", "country")),
        muted="site-5xx",
        why="Bytes are money: a release, a hot link or an attack shows here before the bill.",
    ),
    Rule(
        name="cache-hits",
        title="Cache hit ratio",
        severity="warning",
        parts=(_hits("behavior", 0), _hits("host", 1)),
        every="5m",
        why="More misses are more load on the origin, slower first bytes and a higher bill.",
    ),
    Rule(
        name="first-byte",
        title="Slow first bytes",
        severity="warning",
        parts=(
            _first_byte(
                "origin-fbl-p95", "Origin first byte p95", "origin_fbl_p95", 0, "origin_timed"
            ),
            _first_byte("ttfb-hit-p50", "TTFB p50 on cache hits", "ttfb_hit_p50", 1, "hits"),
            _first_byte("ttfb-hit-p95", "TTFB p95 on cache hits", "ttfb_hit_p95", 1, "hits"),
            _first_byte(
                "ttfb-hit-p99", "TTFB p99 on cache hits", "ttfb_hit_p99", 1, "hits", "ttfb_hit_p95"
            ),
            _first_byte("ttfb-p50", "TTFB p50", "ttfb_p50", 2),
            _first_byte("ttfb-p95", "TTFB p95", "ttfb_p95", 2),
            _first_byte("ttfb-p99", "TTFB p99", "ttfb_p99", 2),
            Part(
                name="edge-ttfb-p95",
                what="TTFB p95 by edge",
                ask=now,
                question=Question("ttfb_p95", "edge"),
                summary="TTFB p95 at edge {name} is {number} s (threshold {line} s over {window}).",
                unit="s",
                digits=2,
                turn=3,
                panel=("ttfb_p95", "edge"),
            ),
        ),
        muted="site-5xx",
        why="Viewers wait: for the origin, for the network, or for one edge.",
    ),
    Rule(
        name="slo-latency",
        title="Latency budget burn",
        severity="critical",
        parts=(_burn("latency", "1h", 0), _burn("latency", "6h", 1)),
        error=QUERY_ERROR_OK,
        why="Says how much of the promise to viewers is at stake, so a short blip does not page "
        "and a slow leak is not missed.",
    ),
    Rule(
        name="slo-slow",
        title="Budget burn over days",
        severity="warning",
        parts=(
            _burn("errors", "3d", 0),
            _burn("latency", "3d", 0),
            _burn("errors", "1d", 1),
            _burn("latency", "1d", 1),
        ),
        every="30m",
        muted="slo-errors-6h",
        why="A leak that is too slow to wake somebody, and too fast for the month's budget.",
    ),
    Rule(
        name="pipeline-silent",
        title="No log lines arrive",
        severity="critical",
        parts=(
            Part(
                name="pipeline-silent",
                what="Log lines",
                brief="Pipeline silent",
                ask=arrivals,
                question=Question("lines"),
                summary="{number} log lines arrived "
                "(threshold {line} over {short}, or {window} where the site is quiet).",
                unit="lines",
                digits=0,
                side="below",
                panel=("received", None),
            ),
        ),
        no_data=("Alerting", "no row at all also means that nothing arrives"),
        error=("Error", "this one rule pages when {store} does not answer"),
        why="Without log lines every other rule stays silent, as if the site were healthy.",
    ),
    Rule(
        name="pipeline-lag",
        title="Log lines arrive late",
        severity="warning",
        parts=(
            Part(
                name="pipeline-lag",
                what="Time from the request to its processing, median",
                brief="Log lines late",
                ask=now,
                question=Question("lag", gate="lines"),
                summary="Log lines are processed {number} s after the request "
                "(threshold {line} s over {window}).",
                unit="s",
                digits=0,
                panel=("lag_p50", None),
            ),
        ),
        why="Rules look at the minutes before the newest one. They miss lines that are later.",
    ),
    Rule(
        name="pipeline-malformed",
        title="Log lines cannot be understood",
        severity="warning",
        parts=(
            Part(
                name="pipeline-malformed",
                what="Malformed log lines",
                ask=now,
                question=Question("malformed_share", gate="lines"),
                summary="{number} % of the log lines are malformed "
                "(threshold {line} % over {window}).",
                unit="%",
                panel=("malformed", None),
            ),
        ),
        why="The log configuration changed and the processor was not told, or the other way round.",
    ),
    Rule(
        name="pipeline-rejected",
        title="{store} rejects rows",
        severity="warning",
        parts=(
            Part(
                name="pipeline-rejected",
                what="Rejected rows",
                ask=now,
                question=Question("rejected_share", gate="lines"),
                summary="{number} % of the log lines were rejected by "
                "{store} (threshold {line} % over {window}).",
                unit="%",
                digits=2,
                panel=("rejected", None),
            ),
        ),
        why="Rejected lines are missing from every number; they wait in the dead-letter queue.",
    ),
    Rule(
        name="smoke",
        title="Smoke test",
        severity="info",
        summary="Messages from Grafana reach you. Pause this rule again.",
        why="Proves the contact points before the first real alert needs them; unpause it to try.",
        no_data=("OK", "it has no query, so it is never without data"),
        error=QUERY_ERROR_ALERTS,
        paused=True,
    ),
)

RULES: Mapping[str, Rule] = {rule.name: rule for rule in _RULES}
PARTS: Mapping[str, Part] = {part.name: part for rule in _RULES for part in rule.parts}
RULE_OF: Mapping[str, Rule] = {part.name: rule for rule in _RULES for part in rule.parts}
# The sections of thresholds.toml.
SECTIONS = tuple(dict.fromkeys(
    name for rule in _RULES for name in (rule.name, *(part.name for part in rule.parts))
))  # fmt: skip
# Sections that are gone, and where what they said is said now.
MOVED = {"edge-egress-spike": "egress-spike-site] and [egress-spike-country"}
