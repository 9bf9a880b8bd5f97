"""Stores: where the records are, and the queries for each. A store is one folder here.

A folder's own module has the settings of the store that depend on no bundle (`Settings`), its
store.py the store of one bundle (`Store`). Everything else under dashboards/ uses signals,
predicates and dimensions, and is the same for every store.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from functools import wraps
from importlib import import_module
from typing import TYPE_CHECKING, Any, Protocol

from dashboards.stores import clickhouse, timestream
from dashboards.stores.common.slices import Sliced

if TYPE_CHECKING:
    from grafanalib.core import Target

    from dashboards.config import Bundle
    from dashboards.grafana.lint import Dashboards, LintRule
    from dashboards.signals import Collected, Dimension, Signal
    from dashboards.signals.expressions import Aggregate
    from dashboards.stores.common.cause import Sought
    from processor.catalog import Field

Json = dict[str, Any]

# How far back from the end of a range the newest requests are looked for.
LINES_SPAN = "1d"

Having = tuple["Signal", str, float]  # such as (SIGNALS["requests"], ">=", 500)


class Format(Enum):
    """The form in which a panel needs a result. Each data source has its own number for it."""

    TABLE = "table"  # rows as they are
    SERIES = "series"  # a line over time per label


@dataclass(frozen=True, slots=True)
class Round:
    """What Grafana evaluates together: a group of alert rules."""

    interval: int  # seconds from one evaluation to the next
    rules: int  # that ask the store


@dataclass(frozen=True, slots=True)
class Answer:
    """A query of the runbook, as a panel's."""

    query: str
    span: str  # how far it looks back, such as 10m
    reads: tuple[str, ...]  # log fields
    variables: tuple[str, ...]  # what an alert's link can choose
    columns: tuple[str, ...]  # log fields that it shows as they are


@dataclass(frozen=True, slots=True)
class Cost:
    """Something that costs money by the day, in USD at list prices."""

    name: str
    title: str
    description: str
    # From what the processor reported of the range, or always the same.
    of: "Aggregate | float"


class Settings(Protocol):
    """The settings of a store that depend on no bundle."""

    TITLE: str  # in sentences
    DATASOURCE_NAME: str  # as people read it in Grafana
    DATASOURCE_UID: str
    PLUGIN: str  # the id of Grafana's data source plugin
    LANGUAGE: str  # of its queries, as Markdown names it
    RULE_TRAFFIC: str  # module:name of the source of data for rules' tests
    LAYOUTS: tuple[str, ...]  # how the processor can write records, the usual way first
    UNREPORTED: tuple[str, ...]  # values of the processor's reports that say nothing of it
    DESCRIPTIONS: Mapping[str, str]  # of signals that mean something else than elsewhere
    BILLED: bool  # whether what is asked of it is paid for
    INCIDENT: str  # the command that breaks the made-up traffic of docker-compose.yml
    CADENCE: str  # how often rules are evaluated unless a bundle says otherwise

    def confirm(self, rule: str) -> str | None:
        """Return the query that confirms an alert, on the usual database and table, or None."""

    def refused(self, name: str) -> str:
        """Return why the store would refuse a database's or table's name, or nothing."""

    def layout_refused(self, layout: str) -> str:
        """Return why it has no such layout, where there is a reason to give, or nothing."""

    def asking(self, rounds: "Sequence[Round]", region: str) -> float:
        """Return what it costs to ask the rules in these rounds, in USD a month; 0 for nothing."""

    def daily(self, retention: int, interval: int) -> "Sequence[Cost]":
        """Return what writing, keeping and asking cost a day.

        Kept for `retention` days; rules are asked every `interval` seconds, in one round.
        """

    def priced_reading(self) -> str:
        """Return a sentence on what it costs to open a board that reads requests, or nothing."""


def ranking(signal: "Signal", collected: "Collected") -> "dict[str, Signal]":
    """Return by what labels are ranked over time, the first first: each a number to sum up.

    A signal that can be summed, by itself; another by what it is ranked by, and then by requests.
    """
    from dashboards.signals import SIGNALS

    if signal.summable:
        return {"total": signal}
    found = [SIGNALS[name] for name in dict.fromkeys((signal.ranked, "requests"))]
    asked = [each for each in found if collected.available(each)]
    return dict(zip(("total", "second"), asked, strict=False))


class Queries(Protocol):
    """Queries in the store's own language, as text that its Grafana data source takes.

    The range and the step are the panel's or rule's. A reader's choice in a dashboard variable gets
    into a query as quoted text only. `where` names predicates, which all have to hold. `filters`
    names dimensions whose variables apply, or ONLY; one that is not collected is ignored. Columns
    have the names of signals and dimensions. A request without a value has the label "-". Counts
    and bytes are scaled by sampling. All raise NotCollected where a needed field is not collected.
    """

    def series(
        self,
        signals: Sequence["Signal"],
        *,
        where: Sequence[str] = (),
        filters: Sequence[str] = (),
        previous_day: bool = False,
    ) -> str:
        """Signals over time: time, then a column each; ascending, whole steps of the range only.

        With `previous_day`, those of a day earlier on today's axis, called NAME_day_before.
        """

    def top_series(
        self,
        signal: "Signal",
        dimension: "Dimension",
        *,
        where: Sequence[str] = (),
        filters: Sequence[str] = (),
        having: Sequence[Having] = (),
        top: int | None = None,
        placed: bool = False,
    ) -> str:
        """One signal over time for the labels with most of it: time, label, value.

        For a signal that cannot be summed, the labels with most of what it is ranked by, such as
        errors, then of requests. There are as many as the reader chose, or `top`; the rest is
        "other" where it can be summed. A step for which `having` does not hold has no value.
        With `placed`, each label of what cannot be summed has its place before it, as a label of
        its own by which the data source sorts: "001" is that of the first.
        """

    def instant(
        self,
        signals: "Sequence[Signal] | Signal",
        dimensions: "Sequence[Dimension] | Dimension" = (),
        *,
        where: Sequence[str] = (),
        filters: Sequence[str] = (),
        having: Sequence[Having] = (),
        ascending: bool = False,
        limit: int | None = None,
        value: str | None = None,
    ) -> str:
        """Signals over the whole range: labels, then signals; no time. Most of the first lead."""

    def table(
        self,
        signals: Sequence["Signal"],
        dimensions: "Sequence[Dimension] | Dimension",
        *,
        where: Sequence[str] = (),
        filters: Sequence[str] = (),
        having: Sequence[Having] = (),
        top: int | None = None,
    ) -> str:
        """Like `instant`, cut at as many rows as the reader chose, or `top`."""

    def places(
        self, signals: Sequence["Signal"], dimension: "Dimension", *, filters: Sequence[str] = ()
    ) -> tuple[str, str]:
        """Signals per place for a map, and the name of the column that Grafana can look up."""

    def heatmap(self, field: str, bounds: Sequence[float], *, filters: Sequence[str] = ()) -> str:
        """Count requests over time by a number's bucket: time, then a column per upper bound."""

    def options(self, dimension: "Dimension", filters: Sequence[str] = (), limit: int = 300) -> str:
        """List a dimension's labels for a drop-down, those with most requests first."""

    # Log lines themselves.

    def lines(
        self, fields: Sequence["Field"], *, filters: Sequence[str] = (), most: int = 200
    ) -> str:
        """Give the newest `most` requests of the last LINES_SPAN of the range, newest first.

        A column per field, with the field's column as its name; that of the timestamp is `time`.
        """

    def line(self, fields: Sequence["Field"]) -> str:
        """Give one request by its id, in rows of text: `log_field`, `value`, `meaning`.

        The id is what the variable of the dimension `request` holds. Fields come as they are given,
        those without a value last.
        """

    # Error budgets. `bad` is the predicate that spends one, `objective` the percentage of requests
    # for which it must not hold.

    def spent(self, bad: str, dimension: "Dimension", *, objective: float, most: int = 10) -> str:
        """Name the `most` labels that spent most of the budget of all requests of the range.

        The label; `spent`, in percent of that budget; `bad`, how many requests; `rate`, the
        percentage of the label's own. Labels that spent nothing are left out.
        """

    def breach(self, bad: str, *, rate: float, minutes: int, least: float) -> str:
        """Count, as `minutes`, those in which at least `rate` % of the requests were bad.

        It is judged by spans of so many `minutes`, with `least` logged requests in each.
        """

    # What is different: the range, or the last LONGEST of it, beside the time just before it, as
    # long, and the same time a day earlier. Measures are signals that can be summed.

    def differences(
        self,
        dimension: "Dimension",
        measures: Sequence["Signal"],
        *,
        filters: Sequence[str] = (),
        most: int = 10,
        by_amount: bool = False,
    ) -> str:
        """Compare the labels of a dimension: those with the greatest change, or `by_amount`.

        The label; `amount_now`, `amount_before`, `amount_yesterday`; the `change` since the one of
        the two that the variable AGAINST names; unless it is `by_amount`, its `share`, in percent,
        of the changes of all labels, whether up or down. Of several measures, the one that MEASURE
        names.
        """

    def totals(self, measures: Sequence["Signal"], *, filters: Sequence[str] = ()) -> str:
        """Compare the measures in all, a row each, in their order.

        `title`, the three amounts, and the changes in percent: `since_before`, `since_yesterday`.
        """

    # Alert rules: what stands in their questions is in judged/, made of this.

    def slices(
        self, asked: "Sequence[Sliced]", *, record: str = "request", slot: int | None = None
    ) -> str:
        """Numbers of slices of time that end with the range, a row a part, label and slice.

        Columns are `part`; the label as `name`, empty of the whole site; `home`, if asked for;
        the slice's name as `slice`; and the numbers. Sampling is not scaled up. With `slot` there
        is a row every so many minutes of the clock, which `slot` counts. What has no requests has
        no row; a slice without the processor's own records has one.
        """

    def cause(self, sought: "Sequence[Sought]", boxes: "Sequence[Dimension] | None" = None) -> str:
        """Say, as the text `cause`, what bad requests have in common; `value` counts them.

        Labels are those of the one question's dimension, or `part` and `name` of several. There is
        a row for each with bad requests; a rule gets one without labels, too. On a page, `boxes`
        are filtered by text boxes, of which an empty one is for all.
        """


class Store(Protocol):
    """The records of one bundle."""

    settings: Settings
    collected: "Collected"  # the bundle's log fields
    queries: Queries
    all_value: str  # what "All" in a dashboard variable puts into a query, as it is

    def target(self, text: str, shape: Format, ref_id: str = "A") -> "Target":
        """Return a query as a panel's target."""

    def scanned(self, target: "Target") -> float:
        """Return the bytes that it reads of each request; 0 where none are read or none billed."""

    def rule_model(self, text: str, ref_id: str) -> Json:
        """Return a query as the model of an alert rule's."""

    def datasource(self) -> tuple[str, str]:
        """Return where the data source's file goes below provisioning/, and its text."""

    def confirm(self, rule: str) -> str | None:
        """Return the query that confirms an alert, as a person types it; ends in a line's end."""

    def confirm_refused(self) -> str:
        """Return why such queries do not fit this bundle, or nothing."""

    def confirm_answer(self, rule: str) -> Answer | None:
        """Return that query as a panel's; None where there is none or its fields are missing."""


# The one list of stores; the first is a bundle's unless it says otherwise.
STORES: dict[str, Settings] = {
    "timestream": timestream,
    "clickhouse": clickhouse,
}
DEFAULT_NAME = next(iter(STORES))
DEFAULT = STORES[DEFAULT_NAME]


def meaning(field: "Field") -> str:
    """Return what the catalog says of a log field, with its unit."""
    unit = "UTC" if field.type == "TIMESTAMP" else field.unit
    return f"{field.meaning} In {unit}." if unit else field.meaning


def named(name: str) -> Settings:
    """Return a store's settings; raises BuildError for an unknown name."""
    from dashboards.config import BuildError, nearest

    if name not in STORES:
        known = ", ".join(STORES)
        raise BuildError(f"store {name!r} is unknown; use one of {known}{nearest(name, STORES)}")
    return STORES[name]


def of(bundle: "Bundle") -> Store:
    """Return the store of a bundle."""
    module = import_module(f"{__name__}.{bundle.store}.store")
    store: Store = module.store(bundle)
    return store


def lint_rules() -> Iterator["LintRule"]:
    """Yield the lint rules of every store; each is applied to dashboards of that store only."""
    for name, settings in STORES.items():
        for rule in import_module(f"{__name__}.{name}.lint").RULES:
            yield _about(settings.PLUGIN, rule)


def _about(plugin: str, rule: "LintRule") -> "LintRule":
    @wraps(rule)
    def check(dashboards: "Dashboards") -> Iterator[str]:
        return rule({path: model for path, model in dashboards.items() if _uses(model, plugin)})

    return check


def _uses(model: Json, plugin: str) -> bool:
    """Tell whether a dashboard asks a store with this data source's plugin."""
    sources = [item for item in model["templating"]["list"] if item["type"] == "datasource"]
    return any(item.get("query") == plugin for item in sources)
