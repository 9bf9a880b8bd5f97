"""Every rule judged at every tick of a tape, as Grafana would judge it.

What a rule asks comes from dashboards/alerts/, its times, lines and delivery from the file that
Grafana reads; what becomes of its instances is ruletest's to say. So a rule that changes is changed
in one place, and a kind of question that changes is changed in drill/asked.py as well.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from dashboards import alerts
from dashboards.alerts import cadence, rules, thresholds
from dashboards.alerts.knobs import Threshold, Thresholds
from dashboards.config import Bundle
from drill import asked
from drill.asked import Rows
from drill.mail import Alert
from drill.tape import Tape
from ruletest import delivery, rulefile
from ruletest.evaluate import ALERTING, NO_DATA, NORMAL, Result
from ruletest.expressions import Context
from ruletest.state import Instance, States
from ruletest.values import NoData, Number, Value


@dataclass(frozen=True)
class Judge:
    """One rule: what it asks, with which knobs, and what Grafana does with the answer."""

    rule: rules.Rule
    limits: Thresholds
    grafana: rulefile.AlertRule
    delivery: delivery.Delivery

    @property
    def name(self) -> str:
        """The rule's name."""
        return self.rule.name

    @property
    def threshold(self) -> Threshold:
        """The rule's knobs."""
        return self.limits.rules[self.rule.name]

    def ticks(self, tape: Tape, since: int = 0) -> list[int]:
        """Return the minutes of the tape at which the rule is evaluated, from `since` on."""
        every = max(self.grafana.interval // 60, 1)
        first = since + -(tape.start + since) % every
        return list(range(first, len(tape) + 1, every))

    def rows(self, tape: Tape, ticks: Sequence[int]) -> Rows:
        """Return what the rule's query answers at each tick."""
        return asked.rows(tape, np.array(ticks), self.limits, self.rule)

    def states(
        self, tape: Tape, ticks: Sequence[int], rows: Rows | None = None
    ) -> Iterator[tuple[int, list[Instance], list[Instance]]]:
        """Yield the ticks at which an instance is not Normal: those touched, and all there are.

        At the ticks between nothing happens. `rows` is what the query answers, if it is known.
        """
        rows = rows or self.rows(tape, ticks)
        with np.errstate(invalid="ignore"):
            line, above = 1.0, True
            if not self.rule.family:
                line, above = self.threshold.line, self.threshold.above is not None
            beyond = rows.values > line if above else rows.values < line
        busy: NDArray[np.bool_] = np.any(beyond & rows.there, axis=1)
        if self.grafana.no_data not in ("OK", "KeepLast"):
            busy |= ~(rows.there & ~np.isnan(rows.values)).any(axis=1)
        states = States(self.grafana)
        active = False
        for number, tick in enumerate(ticks):
            if active or busy[number]:
                results = self._results(rows.at(number), states)
                touched = states.process(moment(tape, tick), results)
                instances = states.instances
                active = any(each.state != NORMAL for each in instances)
                yield tick, touched, instances

    def _results(self, rows: list[tuple[asked.Label, float]], states: States) -> list[Result]:
        family = self.rule.family
        values: list[Value] = [
            Number(
                {"part": part, "name": name} if family else {},
                None if value != value else value,
            )
            for (part, name), value in rows
        ] or [NoData()]
        query = next(each for each in self.grafana.data if each.ref_id == self.grafana.condition)
        assert query.command is not None
        [source] = query.command.needs
        tested = query.command.run(Context({source: values}, 0, 0, states.loaded))
        return [_result(each) for each in tested]

    def alerts(self, tape: Tape, since: int = 0) -> list[Alert]:
        """Return the alerts that the rule fires, judged from the minute `since` on."""
        open_: dict[tuple[tuple[str, str], ...], Alert] = {}
        found: list[Alert] = []
        ticks = self.ticks(tape, since)
        rows = self.rows(tape, ticks)
        for tick, touched, _ in self.states(tape, ticks, rows):
            for instance in touched:
                key = tuple(sorted(instance.labels.items()))
                if instance.firing and key not in open_:
                    window = rows.window(ticks.index(tick), instance.labels)
                    open_[key] = replace(self._alert(instance, tick * 60), window=window)
                elif not instance.firing and key in open_:
                    found.append(replace(open_.pop(key), end=tick * 60))
        return [*found, *open_.values()]

    def _alert(self, instance: Instance, start: int) -> Alert:
        receiver, by = self.delivery.contact_point(instance)
        labels = instance.alert_labels
        names = sorted(labels) if by == ("...",) else by
        settings = self.grafana.settings
        return Alert(
            self.name,
            self.rule.severity,
            labels.get("part", self.name),
            labels.get("name", ""),
            start,
            (receiver, *((name, labels.get(name, "")) for name in names)),
            settings.timings if settings else {},
            resolves=any(each.resolves for each in self.delivery.contact_points.get(receiver, ())),
        )


def _result(value: Value) -> Result:
    if isinstance(value, NoData):
        return Result(NO_DATA)
    assert isinstance(value, Number)
    state = NO_DATA if value.value is None else ALERTING if value.value else NORMAL
    return Result(state, value.labels)


def moment(tape: Tape, tick: int) -> datetime:
    """Return when a tick is."""
    return datetime.fromtimestamp(0, UTC) + timedelta(minutes=tape.start + tick)


def judges(bundle: Bundle, limits: Thresholds | None = None) -> list[Judge]:
    """Return a judge for every rule of a bundle that asks something."""
    written = limits or thresholds.load()
    limits = cadence.at(written, bundle)
    texts = alerts.build(bundle, written).items()
    files = [rulefile.from_text(text, path) for path, text in texts]
    told = delivery.read(files, delivery.AnySetting())
    built = {rule.uid: rule for file in files for rule in file.rules}
    return [
        # What a message says is not judged here.
        Judge(rule, limits, replace(built[bundle.uid(name)], annotations={}), told)
        for name, rule in rules.RULES.items()
        if rule.parts and bundle.uid(name) in built
    ]
