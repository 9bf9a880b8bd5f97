"""Check that what rules refer to exists: a runbook entry, a panel, a name in shipped.py."""

from collections.abc import Mapping, Sequence
from functools import cache

from dashboards.alerts import runbook
from dashboards.alerts.rules import RULES, Part, Rule
from dashboards.alerts.shipped import SHIPPED
from dashboards.boards import boards
from dashboards.config import BuildError, Bundle, nearest
from dashboards.grafana.board import Dashboard
from dashboards.grafana.panels import Panel
from dashboards.signals import DIMENSIONS, SIGNALS
from processor.catalog import FIELDS

Shown = tuple[str, str | None]  # a signal, and the dimension it is shown by


def check(rules: Mapping[str, Rule] = RULES, dashboards: Sequence[Dashboard] = ()) -> None:
    """Raise BuildError for a rule without its panel or runbook entry, or an entry without a rule.

    A panel that is left out because its fields are not collected is no fault; the rule then has no
    link. So where `dashboards` lack a panel, it may be on one of the dashboards of all fields.
    """
    shown = _shown(dashboards)
    for name, rule in rules.items():
        if name not in SHIPPED:
            raise BuildError(
                f"the rule {name} is not in dashboards/alerts/shipped.py; add it there"
            )
        for part in rule.parts:
            _check_panel(rule, part, shown)
    runbook.check(runbook.load(), list(rules))


def _check_panel(rule: Rule, part: Part, shown: frozenset[Shown]) -> None:
    signal, dimension = part.panel
    for word, known in ((signal, SIGNALS), (dimension, DIMENSIONS)):
        if word is not None and word not in known:
            raise BuildError(
                f"the rule {rule.name} links a panel of {word!r}, and there is no such signal or "
                f"dimension{nearest(word, known)}"
            )
    if part.panel not in shown and part.panel not in _everything():
        by = f" by {dimension}" if dimension else ""
        raise BuildError(
            f"the rule {rule.name} links a panel of {signal}{by}, and no dashboard has one"
        )


@cache
def _everything() -> frozenset[Shown]:
    fields = tuple(field.name for field in FIELDS)
    return _shown(boards(Bundle(fields=fields, personal=True)))


def _shown(dashboards: Sequence[Dashboard]) -> frozenset[Shown]:
    """Return what panels show: signals, each by every dimension of its panel."""
    return frozenset(
        (signal, dimension)
        for dashboard in dashboards
        for panel in dashboard.panels()
        if isinstance(panel, Panel)
        for signal in panel.shows
        for dimension in ([each.name for each in panel.dimensions] if panel.dimensions else [None])
    )
