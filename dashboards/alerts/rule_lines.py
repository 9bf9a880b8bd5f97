"""The rules' thresholds as lines on panels: the one number that the rule and the panel share."""

from collections.abc import Iterator

from dashboards.alerts import queries
from dashboards.alerts.knobs import Thresholds
from dashboards.alerts.rules import RULES, Part, Rule
from dashboards.grafana.rule_lines import RuleLine, RuleLines
from dashboards.signals import SIGNALS

# Who is judged by another's line, having no rule: the whole site by what one of its parts may have.
_SAME: dict[tuple[str, str | None], tuple[str, str | None]] = {
    ("error_rate_4xx", None): ("error_rate_4xx", "country"),
    ("ttfb", "edge"): ("ttfb_p95", "edge"),
    ("ttfb", None): ("ttfb_p95", None),
    ("error_rate_5xx", "pop"): ("error_rate_5xx", "edge"),
}


def rule_lines(limits: Thresholds) -> RuleLines:
    """Return the lines of all parts that compare a signal's own value with a threshold."""
    found: dict[tuple[str, str | None], RuleLine] = {}
    for rule, part in _parts(limits):
        for name, line in _of(rule, part, limits):
            # The first holds: a rate's own line, or of a budget's the fastest burn.
            found.setdefault((name, part.question.dimension), line)
    for place, other in _SAME.items():
        if other in found:
            found.setdefault(place, found[other])
    return RuleLines(found)


def _parts(limits: Thresholds) -> Iterator[tuple[Rule, Part]]:
    """Yield what is turned on, in the order of the rules."""
    for rule in RULES.values():
        if limits.rules[rule.name].enabled:
            yield from ((rule, part) for part in rule.parts if limits.rules[part.name].enabled)


def _of(rule: Rule, part: Part, limits: Thresholds) -> list[tuple[str, RuleLine]]:
    threshold = limits.rules[part.name]
    asked = part.question.signal
    if part.ask is queries.burn:
        objective: float = getattr(limits, part.question.objective or "")
        burnt = threshold.line * (100 - objective)
        return [(asked, RuleLine(round(burnt, 6), rule.severity, rule.name))]
    if part.ask is queries.arrivals:  # no line at all within the window
        return [("silence", RuleLine(threshold.window, rule.severity, rule.name))]
    if part.ask not in (queries.now, queries.shares):
        return []
    value = queries.signal(asked).value
    line = RuleLine(threshold.line, rule.severity, rule.name, threshold.below is not None)
    return [(name, line) for name, signal in SIGNALS.items() if signal.value == value]
