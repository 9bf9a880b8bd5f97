"""Rules over time: every rule evaluated as its group is, states carried along."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from dashboards.alerts.testing.evaluate import DataSource, evaluate
from dashboards.alerts.testing.rulefile import Rule
from dashboards.alerts.testing.state import Instance, States


class Run:
    """Evaluates rules at given times, as Grafana's scheduler would at those times."""

    def __init__(self, rules: Iterable[Rule], sources: Mapping[str, DataSource]) -> None:
        self._rules = [rule for rule in rules if not rule.paused]
        self._sources = sources
        self._states = {rule.uid: States(rule) for rule in self._rules}

    @property
    def instances(self) -> list[Instance]:
        """Every instance of every rule, as of the last evaluation."""
        return [each for rule in self._rules for each in self._states[rule.uid].instances]

    def evaluate(self, at: datetime) -> list[Instance]:
        """Evaluate every rule as of ``at``; return the instances that were touched."""
        touched: list[Instance] = []
        for rule in self._rules:
            states = self._states[rule.uid]
            touched.extend(states.process(at, evaluate(rule, at, self._sources, states.loaded)))
        return touched
