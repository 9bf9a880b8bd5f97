"""Every alert rule, as data. Its threshold is in thresholds.toml, its runbook in docs/alerts.md.

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
from dataclasses import dataclass, field

from dashboards.alerts.queries import Ask, Question, burn, change, now, silence

SEVERITIES = ("critical", "warning", "info")

NO_DATA_OK = (
    "OK",
    "too little traffic to judge is no problem; pipeline-silent fires when nothing arrives",
)
QUERY_ERROR_OK = ("OK", "pipeline-silent pages for all rules when {store} does not answer")
QUERY_ERROR_ALERTS = ("Error", "somebody must notice that the rule cannot be evaluated")


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One rule. Text is free of `$`, which Grafana takes for a variable in files."""

    name: str  # its uid behind the bundle's name, and the anchor of its runbook entry
    title: str
    severity: str
    ask: Ask | None  # None for a rule without a query, which always fires
    question: Question = field(default_factory=lambda: Question(""))
    # One sentence with the number and the threshold, true while it fires and when it is resolved.
    # {line} is the threshold, {store} the store's title; {{ ... }} is a template of Grafana's.
    summary: str
    unit: str = ""
    side: str = "above"  # whether it fires above or below its threshold
    # How often it is evaluated at most; a query that looks back far takes more. See cadence.py.
    every: str = "1m"
    panel: tuple[str, str | None] = ("", None)  # signal and dimension of the panel to link
    no_data: tuple[str, str] = NO_DATA_OK
    error: tuple[str, str] = QUERY_ERROR_ALERTS
    why: str
    paused: bool = False


_NUMBER = '{{ printf "%.1f" .Values.A.Value }}'
_SECONDS = '{{ printf "%.2f" .Values.A.Value }} s'


def _by(dimension: str) -> str:
    return "{{ .Labels." + dimension + " }}"


def _errors(name: str, dimension: str, kind: str, severity: str, why: str) -> Rule:
    who = {"country": "viewers in ", "edge": "edge ", "behavior": "behavior ", "host": "host "}
    return Rule(
        name=name,
        title=f"{kind} rate by {dimension}",
        severity=severity,
        ask=now,
        question=Question(f"error_rate_{kind}", dimension),
        summary=f"{kind} rate for {who[dimension]}{_by(dimension)} is {_NUMBER} % "
        "(threshold {line} % over {window}).",
        unit="%",
        panel=(f"error_rate_{kind}", dimension),
        error=QUERY_ERROR_OK if severity == "critical" else QUERY_ERROR_ALERTS,
        why=why,
    )


def _first_byte(
    name: str, what: str, signal: str, why: str, gate: str = "requests", panel: str = ""
) -> Rule:
    return Rule(
        name=name,
        title=what,
        severity="warning",
        ask=now,
        question=Question(signal, gate=gate),
        summary=f"{what} is {_SECONDS} (threshold {{line}} s over {{window}}).",
        unit="s",
        panel=(panel or signal, None),
        why=why,
    )


def _hits(name: str, dimension: str) -> Rule:
    return Rule(
        name=name,
        title=f"Cache hit ratio by {dimension}",
        side="below",
        severity="warning",
        ask=now,
        question=Question("hit_ratio", dimension),
        summary=f"Cache hit ratio of {dimension} {_by(dimension)} is {_NUMBER} % "
        "(threshold {line} % over {window}).",
        unit="%",
        every="5m",
        panel=("hit_ratio", dimension),
        why="More misses are more load on the origin, slower first bytes and a higher bill.",
    )


def _burn(what: str, window: str, severity: str, every: str) -> Rule:
    errors = what == "errors"
    kind = "Availability" if errors else "Latency"
    budget = "error budget" if errors else "latency budget"
    return Rule(
        name=f"slo-{what}-{window}",
        title=f"{kind} budget burn over {window}",
        severity=severity,
        ask=burn,
        question=Question(
            "error_rate_5xx" if errors else "slow_first_byte_share",
            predicate="server_error" if errors else "slow_first_byte",
            objective="availability" if errors else "latency",
        ),
        summary=f"The {budget} is being spent {_NUMBER} times too fast "
        "(threshold {line} times over {window} and {short}).",
        unit="times",
        every=every,
        panel=("error_rate_5xx" if errors else "slow_first_byte_share", None),
        error=QUERY_ERROR_OK if severity == "critical" else QUERY_ERROR_ALERTS,
        why="Says how much of the promise to viewers is at stake, so a short blip does not page "
        "and a slow leak is not missed.",
    )


_EDGES = (
    Rule(
        name="edge-egress-lost",
        title="Edge lost its egress",
        side="below",
        severity="critical",
        ask=change,
        # Answers with an error are small: only an edge that answers less, too, has lost viewers.
        question=Question("bytes", "edge", beside="requests"),
        summary=f"Edge {_by('edge')} sends {_NUMBER} % of its own recent traffic "
        "(threshold {line} % over {window}).",
        unit="%",
        panel=("byte_rate", "edge"),
        error=QUERY_ERROR_OK,
        why="An edge that stops sending is an outage for the viewers near it, and no error rate "
        "shows it: what is not answered is not logged.",
    ),
    Rule(
        name="edge-egress-spike",
        title="Edge egress spike",
        severity="warning",
        ask=change,
        question=Question("bytes", "edge"),
        summary=f"Edge {_by('edge')} sends {_NUMBER} % of its own recent bytes per second "
        "(threshold {line} % over {window}).",
        unit="%",
        panel=("byte_rate", "edge"),
        why="Bytes are money: a release, a hot link or an attack shows here before the bill.",
    ),
    _errors(
        "edge-5xx",
        "edge",
        "5xx",
        "warning",
        "One edge that cannot reach the origin is lost in a site-wide rate.",
    ),
    Rule(
        name="edge-ttfb-p95",
        title="TTFB p95 by edge",
        severity="warning",
        ask=now,
        question=Question("ttfb_p95", "edge"),
        summary=f"TTFB p95 at edge {_by('edge')} is {_SECONDS} "
        "(threshold {line} s over {window}).",
        unit="s",
        panel=("ttfb_p95", "edge"),
        why="Slow first bytes at one edge are the network or that edge, not the origin.",
    ),
)

_COUNTRIES = (
    _errors(
        "country-4xx",
        "country",
        "4xx",
        "warning",
        "Viewers in one place are refused: a geo restriction, a WAF rule, an expired link.",
    ),
    _errors(
        "country-5xx",
        "country",
        "5xx",
        "critical",
        "Viewers in one place see errors while the site-wide rate hardly moves.",
    ),
    Rule(
        name="country-silent",
        title="No traffic from a country",
        severity="warning",
        ask=silence,
        question=Question("requests", "country"),
        summary='No request from {{ .Labels.country }} for {{ printf "%.0f" .Values.A.Value }} '
        "minutes (threshold {line} minutes); it always had some.",
        unit="minutes",
        every="5m",
        panel=("byte_rate", "country"),
        why="Viewers that cannot resolve or reach the site leave no line in any log.",
    ),
)

_PATHS = (
    _errors(
        "behavior-5xx",
        "behavior",
        "5xx",
        "critical",
        "A total outage of a small path is a fraction of a percent site-wide.",
    ),
    _errors(
        "host-5xx",
        "host",
        "5xx",
        "critical",
        "One site of many on a distribution can be down unseen.",
    ),
    _hits("behavior-hits", "behavior"),
    _hits("host-hits", "host"),
)

_LATENCY = (
    _first_byte("ttfb-p50", "TTFB p50", "ttfb_p50", "Half of the viewers wait."),
    _first_byte("ttfb-p95", "TTFB p95", "ttfb_p95", "The slow end that many viewers meet."),
    _first_byte("ttfb-p99", "TTFB p99", "ttfb_p99", "The tail: timeouts show here first."),
    _first_byte(
        "ttfb-hit-p50",
        "TTFB p50 on cache hits",
        "ttfb_hit_p50",
        "No origin takes part: it is the network to the viewer, or CloudFront itself.",
        "hits",
    ),
    _first_byte(
        "ttfb-hit-p95",
        "TTFB p95 on cache hits",
        "ttfb_hit_p95",
        "No origin takes part: the slow end of the networks to viewers.",
        "hits",
    ),
    _first_byte(
        "ttfb-hit-p99",
        "TTFB p99 on cache hits",
        "ttfb_hit_p99",
        "No origin takes part: the slowest of the networks to viewers.",
        "hits",
        "ttfb_hit_p95",
    ),
    _first_byte(
        "origin-fbl-p95",
        "Origin first byte p95",
        "origin_fbl_p95",
        "The origin is slow: every miss waits, and hits follow when they expire.",
        "origin_timed",
    ),
)

_BUDGETS = tuple(
    _burn(what, window, severity, every)
    for what in ("errors", "latency")
    for window, severity, every in (
        ("1h", "critical", "1m"),
        ("6h", "critical", "5m"),
        ("1d", "warning", "30m"),
        ("3d", "warning", "30m"),
    )
)

_PIPELINE = (
    Rule(
        name="pipeline-silent",
        title="No log lines arrive",
        side="below",
        severity="critical",
        ask=now,
        question=Question("lines"),
        summary='{{ printf "%.0f" .Values.A.Value }} log lines arrived '
        "(threshold {line} over {window}).",
        unit="lines",
        panel=("received", None),
        no_data=("Alerting", "no row at all also means that nothing arrives"),
        error=("Error", "this one rule pages when {store} does not answer"),
        why="Without log lines every other rule stays silent, as if the site were healthy.",
    ),
    Rule(
        name="pipeline-lag",
        title="Log lines arrive late",
        severity="warning",
        ask=now,
        question=Question("lag", gate="lines"),
        summary='Log lines are processed {{ printf "%.0f" .Values.A.Value }} s after the request '
        "(threshold {line} s over {window}).",
        unit="s",
        panel=("lag_p50", None),
        why="Rules look at the minutes before the newest one. They miss lines that are later.",
    ),
    Rule(
        name="pipeline-malformed",
        title="Log lines cannot be understood",
        severity="warning",
        ask=now,
        question=Question("malformed_share", gate="lines"),
        summary=f"{_NUMBER} % of the log lines are malformed "
        "(threshold {line} % over {window}).",
        unit="%",
        panel=("malformed", None),
        why="The log configuration changed and the processor was not told, or the other way round.",
    ),
    Rule(
        name="pipeline-rejected",
        title="{store} rejects rows",
        severity="warning",
        ask=now,
        question=Question("rejected_share", gate="lines"),
        summary='{{ printf "%.2f" .Values.A.Value }} % of the log lines were rejected by '
        "{store} (threshold {line} % over {window}).",
        unit="%",
        panel=("rejected", None),
        why="Rejected lines are missing from every number; they wait in the dead-letter queue.",
    ),
)

_SMOKE = Rule(
    name="smoke",
    title="Smoke test",
    severity="info",
    ask=None,
    summary="Messages from Grafana reach you. Pause this rule again.",
    why="Proves the contact points before the first real alert needs them; unpause it to try.",
    no_data=("OK", "it has no query, so it is never without data"),
    error=QUERY_ERROR_ALERTS,
    paused=True,
)

RULES: Mapping[str, Rule] = {
    rule.name: rule
    for rule in (*_EDGES, *_COUNTRIES, *_PATHS, *_LATENCY, *_BUDGETS, *_PIPELINE, _SMOKE)
}
