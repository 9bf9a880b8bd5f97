"""The rules' thresholds as lines on panels: the one number that the rule and the panel share."""

from dashboards.alerts import queries
from dashboards.alerts.knobs import Threshold, Thresholds
from dashboards.alerts.rules import RULES, Rule
from dashboards.grafana.lines import Line, Lines
from dashboards.signals import SIGNALS

# Who is judged by another's line, having no rule: the whole site by what one of its parts may have.
_SAME: dict[tuple[str, str | None], tuple[str, str | None]] = {
    ("hit_ratio", None): ("hit_ratio", "host"),
    ("error_rate_4xx", None): ("error_rate_4xx", "country"),
    ("ttfb", "edge"): ("ttfb_p95", "edge"),
    ("ttfb", None): ("ttfb_p95", None),
    ("error_rate_5xx", "pop"): ("error_rate_5xx", "edge"),
}


def lines(limits: Thresholds) -> Lines:
    """Return the lines of all rules that compare a signal's own value with a threshold."""
    found: dict[tuple[str, str | None], Line] = {}
    for rule in RULES.values():
        threshold = limits.rules[rule.name]
        if not threshold.enabled:
            continue
        for name, line in _of(rule, threshold, limits):
            place = name, rule.question.dimension
            # A budget has a rule for each window: the fastest burn is what an hour is judged by.
            if place not in found or line.value > found[place].value:
                found[place] = line
    for place, other in _SAME.items():
        if other in found:
            found.setdefault(place, found[other])
    return Lines(found)


def _of(rule: Rule, threshold: Threshold, limits: Thresholds) -> list[tuple[str, Line]]:
    below = threshold.below is not None
    if rule.ask is queries.burn:
        objective: float = getattr(limits, rule.question.objective or "")
        burnt = threshold.line * (100 - objective)
        return [(rule.question.signal, Line(round(burnt, 6), rule.severity, rule.name))]
    if rule.question.signal == "lines":  # no line at all within the window
        return [("silence", Line(threshold.window, rule.severity, rule.name))]
    if rule.ask is not queries.now:
        return []
    asked = queries.signal(rule.question.signal).value
    line = Line(threshold.line, rule.severity, rule.name, below, threshold.cached)
    return [(name, line) for name, signal in SIGNALS.items() if signal.value == asked]
