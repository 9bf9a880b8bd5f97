"""Evaluate rules at one time after another; their states carry over."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from ruletest.datasource import DataSource
from ruletest.evaluate import evaluate
from ruletest.rulefile import AlertRule
from ruletest.state import Instance, States
from ruletest.versions import LATEST, Version


class Run:
    """Evaluates rules at given times, as Grafana's scheduler would at those times."""

    def __init__(
        self,
        rules: Iterable[AlertRule],
        sources: Mapping[str, DataSource],
        grafana: Version = LATEST,
        grafana_url: str = "http://localhost:3000",
    ) -> None:
        self._rules = [rule for rule in rules if not rule.paused]
        self._sources = sources
        self._grafana = grafana
        self._states = {rule.uid: States(rule, grafana, grafana_url) for rule in self._rules}
        self.errors: tuple[str, ...] = ()

    @property
    def instances(self) -> list[Instance]:
        """Every instance of every rule, as of the last evaluation."""
        return [each for rule in self._rules for each in self._states[rule.uid].instances]

    def evaluate(self, at: datetime) -> list[Instance]:
        """Evaluate every rule as of ``at``; return the instances that were touched.

        ``errors`` has what failed until the next evaluation, whatever state it led to.
        """
        touched: list[Instance] = []
        errors: list[str] = []
        for rule in self._rules:
            states = self._states[rule.uid]
            made = evaluate(rule, at, self._sources, states.loaded, self._grafana)
            touched.extend(states.process(at, made.results))
            errors.extend(made.errors)
        for instance in touched:
            errors.extend(instance.problems)
            instance.problems = []
        self.errors = tuple(dict.fromkeys(errors))
        return touched
