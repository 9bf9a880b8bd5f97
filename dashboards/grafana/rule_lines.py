"""The lines that alert rules watch, as panels show them: beyond one, a number has a color.

dashboards/alerts/rule_lines.py makes them out of the rules and thresholds.toml.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from dashboards.grafana import colors
from dashboards.signals import Signal

# How much of an axis is above the line, so that the line is seen.
_ROOM = 1.25


@dataclass(frozen=True, slots=True)
class RuleLine:
    """One rule's threshold, in the unit of the signal that it is about."""

    value: float
    severity: str
    rule: str
    below: bool = False  # the rule fires below the line

    @property
    def color(self) -> str:
        """The color of what is beyond it."""
        return colors.SEVERITY[self.severity]

    @property
    def soft_max(self) -> float:
        """Where an axis ends unless there is more to show."""
        return float(f"{self.value * _ROOM:.3g}")

    def steps(self, fine: str) -> list[dict[str, object]]:
        """Return Grafana's thresholds; `fine` is the color of what is not beyond the line."""
        first, then = (self.color, fine) if self.below else (fine, self.color)
        return [{"color": first, "value": None}, {"color": then, "value": self.value}]


def drawn(lines: Sequence[RuleLine]) -> list[dict[str, object]]:
    """Return Grafana's thresholds that draw these lines over a graph, and color nothing else."""
    found: dict[float | None, str] = {None: colors.NONE}
    for line in sorted(lines, key=lambda line: line.value):
        if line.below:
            found[None] = line.color
            found[line.value] = colors.NONE
        else:
            found[line.value] = line.color
    return [{"color": color, "value": value} for value, color in found.items()]


class RuleLines:
    """The lines by signal and dimension; None is the whole site."""

    def __init__(self, found: Mapping[tuple[str, str | None], RuleLine] | None = None) -> None:
        self._found = found or {}

    def of(self, signal: Signal, dimension: str | None = None) -> RuleLine | None:
        """Return the line that a number is judged by: its dimension's, else the whole site's."""
        name = signal.of or signal.name
        return self._found.get((name, dimension)) or self._found.get((name, None))
