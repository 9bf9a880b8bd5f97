"""The states of a rule's instances, from one evaluation to the next.

    Normal ──▶ Pending ──(for)──▶ Alerting ──▶ Recovering ──(keepFiringFor)──▶ Normal
    noDataState and execErrState say which state follows no data or an error. NoData and Error
    fire their own alerts, DatasourceNoData and DatasourceError; since Grafana 12.4 after `for`.

https://grafana.com/docs/grafana/latest/alerting/fundamentals/alert-rule-evaluation/
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from ruletest.annotations import expand, template_data
from ruletest.evaluate import ALERTING, ERROR, NO_DATA, NORMAL, Result
from ruletest.expressions import Key
from ruletest.rulefile import AlertRule
from ruletest.values import key
from ruletest.versions import LATEST, Version

PENDING, RECOVERING = "Pending", "Recovering"
MISSING_SERIES = "MissingSeries"
FIRING = frozenset({ALERTING, RECOVERING, NO_DATA, ERROR})


@dataclass(slots=True)
class Instance:
    """One instance of a rule, as of its last evaluation."""

    rule: AlertRule
    labels: dict[str, str]
    annotations: dict[str, str]
    result_key: Key  # the labels of the query's row, before the rule's own were added
    state: str
    since: datetime  # when the state began
    last_seen: datetime
    reason: str = ""
    previous: str = NORMAL
    values: dict[str, float] = field(default_factory=dict)
    text: str = ""  # the evaluation string
    error: str = ""
    resolved: bool = False  # it stopped firing with this evaluation
    fired: datetime | None = None  # when it last began to fire; kept while it recovers
    problems: list[str] = field(default_factory=list)  # templates that failed

    @property
    def firing(self) -> bool:
        """Whether the Alertmanager holds an alert for it."""
        return self.state in FIRING

    @property
    def alert_labels(self) -> dict[str, str]:
        """The labels of its alert: NoData and Error fire under their own names."""
        kind = self.previous if self.resolved else self.state
        name = {NO_DATA: "DatasourceNoData", ERROR: "DatasourceError"}.get(kind)
        if name is None:
            return dict(self.labels)
        return {**self.labels, "rulename": self.labels["alertname"], "alertname": name}


class States:
    """The instances of one rule, carried from evaluation to evaluation."""

    def __init__(
        self, rule: AlertRule, grafana: Version = LATEST, grafana_url: str = "http://localhost:3000"
    ) -> None:
        self._rule = rule
        self._grafana = grafana
        self._url = grafana_url
        self._instances: dict[Key, Instance] = {}

    @property
    def instances(self) -> list[Instance]:
        """Every instance, by its labels."""
        return [self._instances[name] for name in sorted(self._instances)]

    @property
    def loaded(self) -> frozenset[Key]:
        """The rows judged by the recovery threshold: Alerting or Pending because of their value."""
        return frozenset(
            each.result_key
            for each in self._instances.values()
            if each.state in (ALERTING, PENDING) and not each.reason
        )

    def process(self, at: datetime, results: Sequence[Result]) -> list[Instance]:
        """Take the results of one evaluation; return every instance it touched."""
        if all(result.state == NO_DATA for result in results) and self._rule.no_data != NO_DATA:
            if touched := self._all(at, results[0] if results else Result(NO_DATA), results):
                return touched + self._missing(at)
        elif (
            results
            and all(result.state == ERROR for result in results)
            and self._rule.exec_err != ERROR
            and (touched := self._all(at, results[0], ()))
        ):
            return touched + self._missing(at)
        touched = []
        for result in results:
            new = self._new(at, result)
            if old := self._instances.get(key(new.labels)):
                new.state, new.reason, new.since = old.state, old.reason, old.since
                new.values, new.error, new.fired = old.values, old.error, old.fired
            self._transition(new, at, result)
            self._instances[key(new.labels)] = new
            touched.append(new)
        return touched + self._missing(at)

    def _all(self, at: datetime, result: Result, no_data: Sequence[Result]) -> list[Instance]:
        """Apply no data or an error to every known instance, where it is no state of its own."""
        touched = []
        for name, old in list(self._instances.items()):
            new = replace(old, annotations=dict(old.annotations), labels=dict(old.labels))
            self._transition(new, at, result)
            if no_data:
                refs = [each.labels["ref_id"] for each in no_data if "ref_id" in each.labels]
                uids = [
                    each.labels["datasource_uid"]
                    for each in no_data
                    if "datasource_uid" in each.labels
                ]
                new.annotations["ref_id"] = ",".join(refs)
                new.annotations["datasource_uid"] = "".join(dict.fromkeys(uids))
            self._instances[name] = new
            touched.append(new)
        return touched

    def _new(self, at: datetime, result: Result) -> Instance:
        rule = self._rule
        extra = {
            "alertname": rule.title,
            "grafana_folder": rule.folder,
            "__alert_rule_uid__": rule.uid,
        }
        data = template_data({**result.labels, **extra}, result.values, result.text)
        problems: list[str] = []
        own = {
            name: expand(template, data, self._url, problems)
            for name, template in rule.labels.items()
        }
        failed = {}
        if result.state == ERROR and rule.exec_err == ERROR and result.error:
            failed = _blame(rule, result.error.ref_id)
        labels = {**result.labels, **own, **failed, **extra}
        annotations = {
            name: expand(template, data, self._url, problems)
            for name, template in rule.annotations.items()
        }
        instance = Instance(rule, labels, annotations, key(result.labels), NORMAL, at, at)
        instance.problems = problems
        return instance

    def _transition(self, instance: Instance, at: datetime, result: Result) -> None:
        before = instance.state
        instance.previous = before
        instance.last_seen = at
        instance.resolved = False
        instance.text = result.text
        if result.state in (NO_DATA, ERROR):
            instance.values = dict.fromkeys(instance.values, -1.0)
        else:
            instance.values = {name: each.number for name, each in result.values.items()}
        if result.state == NORMAL:
            self._normal(instance, at)
        elif result.state == ALERTING:
            self._alerting(instance, at)
        else:
            self._exception(instance, at, result)
        instance.reason = ""
        if instance.state != result.state and result.state in (NO_DATA, ERROR):
            kept = self._rule.exec_err if result.state == ERROR else self._rule.no_data
            instance.reason = f"{result.state}, KeepLast" if kept == "KeepLast" else result.state
        instance.resolved = before in (ALERTING, RECOVERING) and instance.state == NORMAL
        if instance.firing and before not in FIRING:
            instance.fired = at

    def _set(self, instance: Instance, state: str, at: datetime) -> None:
        instance.state, instance.since, instance.error = state, at, ""

    def _normal(self, instance: Instance, at: datetime) -> None:
        if instance.state == NORMAL:
            return
        if instance.state == RECOVERING:
            if at - instance.since >= timedelta(seconds=self._rule.keep_firing):
                self._set(instance, NORMAL, at)
        elif instance.state == ALERTING and self._rule.keep_firing > 0:
            self._set(instance, RECOVERING, at)
        else:
            self._set(instance, NORMAL, at)

    def _alerting(self, instance: Instance, at: datetime) -> None:
        if instance.state == ALERTING:
            instance.error = ""
        elif instance.state == PENDING:
            if at - instance.since >= timedelta(seconds=self._rule.pending):
                self._set(instance, ALERTING, at)
        elif instance.state != RECOVERING and self._rule.pending > 0:
            self._set(instance, PENDING, at)
        else:
            self._set(instance, ALERTING, at)

    def _own_state(self, instance: Instance, at: datetime, state: str) -> None:
        """Go to NoData or Error: at once, or after the rule's ``for``."""
        if instance.state == state:
            return
        if self._grafana.waits and instance.state == PENDING:
            if at - instance.since >= timedelta(seconds=self._rule.pending):
                self._set(instance, state, at)
        elif self._grafana.waits and instance.state != RECOVERING and self._rule.pending > 0:
            self._set(instance, PENDING, at)
        else:
            self._set(instance, state, at)

    def _exception(self, instance: Instance, at: datetime, result: Result) -> None:
        """Do what noDataState or execErrState says."""
        choice = self._rule.exec_err if result.state == ERROR else self._rule.no_data
        error = str(result.error) if result.error else ""
        if choice == result.state:
            self._own_state(instance, at, choice)
            instance.error = error
        elif choice == "Alerting":
            self._alerting(instance, at)
        elif choice == "OK" or instance.state not in (ALERTING, PENDING):
            self._normal(instance, at)
        elif instance.state == ALERTING or at - instance.since >= timedelta(
            seconds=self._rule.pending
        ):  # KeepLast: a pending instance still fires once its time has come
            self._alerting(instance, at)
        if result.state == ERROR:
            instance.error = error if choice in (ERROR, "Alerting") else instance.error
            instance.annotations["Error"] = error
            if choice != ERROR and result.error:
                for name in ("ref_id", "datasource_uid"):
                    instance.annotations.pop(name, None)
                instance.annotations.update(_blame(self._rule, result.error.ref_id))

    def _missing(self, at: datetime) -> list[Instance]:
        """Resolve instances that the query has not returned for long enough."""
        touched = []
        for name, instance in list(self._instances.items()):
            if instance.last_seen == at:
                continue
            broken = instance.state in (ERROR, NO_DATA) or (
                self._grafana.waits
                and instance.state == PENDING
                and instance.reason in (ERROR, NO_DATA)
            )
            evals = 1 if broken else self._rule.missing_evals
            if at - instance.last_seen < timedelta(seconds=evals * self._rule.interval):
                continue
            instance.previous = instance.state
            instance.resolved = instance.state in FIRING
            instance.state, instance.reason = NORMAL, MISSING_SERIES
            instance.last_seen = at
            touched.append(instance)
            del self._instances[name]
        return touched


def _blame(rule: AlertRule, ref_id: str) -> dict[str, str]:
    for query in rule.data:
        if ref_id and query.ref_id == ref_id:
            return {"ref_id": ref_id, "datasource_uid": query.datasource}
    return {}
