"""The drill itself: draw every scenario, judge it, count. What it found is kept in results*.json.

calm:      site, shape           ─▶ alarms by rule
incident:  site, incident, size  ─▶ which rules told of it, when, in how many messages
"""

import hashlib
import json
import multiprocessing
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from dashboards.alerts.contact_points import TIMINGS
from dashboards.alerts.knobs import Thresholds
from dashboards.alerts.queries import signal
from dashboards.config import Bundle
from drill.catalog import CALM, INCIDENTS, MONDAY, SIZES, WEEKS, Calm, Incident, Size
from drill.cells import resolved
from drill.judge import Judge, judges
from drill.mail import Alert, Message, messages
from drill.site import DAY, SITES, Plan, Site, arrivals, draw, generator, plan
from drill.tape import Counts, Tape, tape
from local import sample_site

# Each rule at its own pace, as on a store whose rounds of rules cost nothing.
BUNDLE = Bundle(billed=False)
USUAL = 0  # the seed of the days that the tables are of
HISTORY = 3 * DAY  # minutes of calm before an incident: as far as a rule looks back
WARM = 6 * 60  # minutes before it from which on rules are evaluated
AFTER = 45  # minutes behind it in which a message still tells of it
_QUIET = 4 * 60  # minutes behind it that are drawn


@dataclass(frozen=True)
class Month:
    """A calm month: the alarms of each rule, which all are false."""

    site: str
    shape: str
    alarms: dict[str, int]


@dataclass(frozen=True)
class Told:
    """An incident: the rules that told of it, and in which minute of it, first one first."""

    site: str
    incident: str
    size: str
    severity: str  # of the rule that should
    first: dict[str, float]
    windows: dict[str, int]  # by rule: how much that looked at, in seconds
    messages: dict[str, int]  # by rule; one that tells of several counts for the first
    reminders: int = 0

    @property
    def number(self) -> int:
        """How many messages there were, without those that only repeat."""
        return sum(self.messages.values())


@dataclass(frozen=True)
class Results:
    """What a drill found."""

    rules: str = ""  # the digest of what it was run on
    calm: tuple[Month, ...] = ()
    incidents: tuple[Told, ...] = field(default=())


def digest(chosen: Sequence[Judge] | None = None) -> str:
    """Return a text that is another one when rules, delivery or scenarios have changed."""
    said: list[object] = [TIMINGS]
    for judge in chosen or _judges():
        rule, grafana = judge.rule, judge.grafana
        said += [rule.name, rule.severity, rule.muted]
        for part in rule.parts:
            question = part.question
            said += [part.name, part.side, getattr(part.ask, "__name__", ""), question]
            said += [resolved(signal(each).value) for each in (question.signal, question.gate)]
            said += [judge.limits.rules[part.name]]
        said += [judge.threshold, judge.limits.delay, judge.limits.availability]
        said += [judge.limits.latency, grafana.interval, grafana.missing_evals, grafana.settings]
        said += [grafana.no_data, grafana.pending, grafana.keep_firing]
    for name in ("asked", "catalog", "cells", "judge", "mail", "run", "site", "tape"):
        said.append(Path(__file__).with_name(f"{name}.py").read_text(encoding="utf-8"))
    said.append(Path(sample_site.__file__).read_text(encoding="utf-8"))
    return hashlib.sha256("\n".join(map(str, said)).encode()).hexdigest()[:16]


_chosen: list[Judge] = []


def choose(
    limits: Thresholds | None = None, only: Sequence[str] = (), bundle: Bundle = BUNDLE
) -> list[Judge]:
    """Choose the rules that this process judges: all, or the named, with these thresholds."""
    found = [each for each in judges(bundle, limits) if not only or each.name in only]
    _chosen[:] = found
    return found


def _judges() -> list[Judge]:
    return _chosen or choose()


def named(name: str, seed: int) -> str:
    """Return what a scenario is drawn from: its name, and on other days than the usual the seed."""
    return name if seed == USUAL else f"{name}, seed {seed}"


def calm_tape(site: Site, shape: Calm, weeks: int = WEEKS, seed: int = USUAL) -> Tape:
    """Draw a calm month."""
    own, minutes = shape.site(site), weeks * 7 * DAY
    effects, whole = shape.effects(site), plan(own)
    name = named(f"{site.name} {shape.name}", seed)
    counts = draw(own, MONDAY, minutes, effects, name, whole)
    return tape(MONDAY, whole.cells, counts, arrivals(minutes, effects))


def alarms(told: Sequence[Message]) -> dict[str, int]:
    """Return how many messages told of something new, by rule."""
    found = Counter(rule for each in told for rule in dict.fromkeys(a.rule for a in each.fresh))
    return dict(sorted(found.items()))


def month(site: Site, shape: Calm, chosen: Sequence[Judge], seed: int = USUAL) -> Month:
    """Judge a calm month."""
    drawn = calm_tape(site, shape, seed=seed)
    fired = [alert for judge in chosen for alert in judge.alerts(drawn)]
    return Month(site.name, shape.name, alarms(messages(fired, len(drawn) * 60)))


@dataclass(frozen=True)
class Base:
    """The calm days of a site before each of its incidents."""

    site: Site
    plan: Plan
    counts: Counts
    seed: int = USUAL

    @classmethod
    def of(cls, site: Site, seed: int = USUAL) -> "Base":
        """Draw them."""
        whole, name = plan(site), named(f"{site.name} before", seed)
        return cls(site, whole, draw(site, MONDAY, HISTORY, (), name, whole), seed)

    def tape(self, incident: Incident, size: Size) -> tuple[Tape, int]:
        """Return the days with the incident behind them, and the minute in which it begins."""
        name = named(f"{self.site.name} {incident.name} {size.minutes}", self.seed)
        begin = int(generator(name).integers(9 * 60, 20 * 60))
        minutes = begin + size.minutes + _QUIET
        effects = size.effects(begin, begin + size.minutes)
        counts = draw(self.site, MONDAY + HISTORY, minutes, effects, name, self.plan)
        arrived = np.concatenate([np.arange(HISTORY), HISTORY + arrivals(minutes, effects)])
        both = np.concatenate([self.counts, counts], axis=1)
        return tape(MONDAY, self.plan.cells, both, arrived), HISTORY + begin


def tell(base: Base, incident: Incident, name: str, chosen: Sequence[Judge]) -> Told:
    """Judge an incident of a size."""
    size = incident.sizes[name]
    drawn, begin = base.tape(incident, size)
    start, over = begin * 60, (begin + size.minutes + AFTER) * 60
    # What fired before it is not its doing, and what fires long after it comes too late.
    fired = [
        alert
        for judge in chosen
        for alert in judge.alerts(drawn, begin - WARM)
        if start <= alert.start <= over
    ]
    sent = messages(fired, len(drawn) * 60)
    first: dict[str, float] = {}
    windows: dict[str, int] = {}
    number: Counter[str] = Counter()
    for each in sent:
        for alert in each.fresh:
            first.setdefault(alert.rule, round((each.at - start) / 60, 1))
            windows.setdefault(alert.rule, alert.window)
        if not each.reminder:
            number[_about(each).rule] += 1
    reminders = sum(each.reminder for each in sent)
    return Told(
        base.site.name, incident.name, name, size.severity, first, windows, dict(number), reminders
    )


def _about(message: Message) -> Alert:
    return (*message.fresh, *message.resolved)[0]


# -- all of it -----------------------------------------------------------------------------------


class Task(NamedTuple):
    """What a process does at a time."""

    kind: str  # calm or incident
    site: str
    name: str  # of the shape or incident
    seed: int = USUAL


def tasks(seed: int = USUAL) -> list[Task]:
    """Return what there is to do; the longest first."""
    calm = [Task("calm", site.name, shape.name, seed) for site in SITES for shape in CALM]
    bad = [Task("incident", site.name, each.name, seed) for site in SITES for each in INCIDENTS]
    return [*reversed(calm), *bad]


def do(task: Task) -> list[Month | Told]:
    """Do one of the tasks."""
    chosen = _judges()
    site = next(each for each in SITES if each.name == task.site)
    if task.kind == "calm":
        shape = next(each for each in CALM if each.name == task.name)
        return [month(site, shape, chosen, task.seed)]
    incident = next(each for each in INCIDENTS if each.name == task.name)
    return [tell(_base(site, task.seed), incident, size, chosen) for size in SIZES]


@cache
def _base(site: Site, seed: int) -> Base:
    return Base.of(site, seed)


# A few scenarios that are done again, quickly, to see that what was kept is still what comes out.
SHORT: tuple[Task, ...] = (
    Task("calm", "small", "one country"),
    Task("incident", "small", "one edge"),
    Task("incident", "middle, 5 % logged", "log pipeline stopped"),
)


def run(
    what: Sequence[Task] | None = None,
    processes: int = 2,
    limits: Thresholds | None = None,
    only: Sequence[str] = (),
    bundle: Bundle = BUNDLE,
) -> Iterator[Month | Told]:
    """Do the tasks, all by default, and yield what was found as it comes."""
    with multiprocessing.Pool(processes, choose, (limits, only, bundle)) as pool:
        for found in pool.imap_unordered(do, what or tasks(), chunksize=1):
            yield from found


def drift(kept: Results, found: Sequence[Month | Told]) -> list[str]:
    """Say, a line each, which scenarios give something else than what was kept."""
    every: list[Month | Told] = [*kept.calm, *kept.incidents]
    known = {_place(each): each for each in every}
    return [
        f"differs: {each} and not {known.get(_place(each))}"
        for each in found
        if known.get(_place(each)) != each
    ]


def results(found: Sequence[Month | Told]) -> Results:
    """Put together what was found, in the catalogue's order."""
    return Results(
        digest(),
        tuple(sorted((each for each in found if isinstance(each, Month)), key=_place)),
        tuple(sorted((each for each in found if isinstance(each, Told)), key=_place)),
    )


def _place(found: Month | Told) -> tuple[int, ...]:
    site = [each.name for each in SITES].index(found.site)
    if isinstance(found, Month):
        return site, [each.name for each in CALM].index(found.shape)
    incident = [each.name for each in INCIDENTS].index(found.incident)
    return site, incident, SIZES.index(found.size)


def path(seed: int = USUAL) -> Path:
    """Return where the results of a seed are kept."""
    name = "results.json" if seed == USUAL else f"results-seed-{seed}.json"
    return Path(__file__).with_name(name)


def save(kept: Results, to: Path) -> None:
    """Write the results of a seed: a line a scenario."""
    lines = [f'{{"rules": {json.dumps(kept.rules)}']
    for name in ("calm", "incidents"):
        rows = ",\n".join(json.dumps(asdict(each)) for each in getattr(kept, name))
        lines.append(f'"{name}": [\n{rows}\n]')
    to.write_text(",\n".join(lines) + "}\n", encoding="utf-8")


def load(seed: int = USUAL) -> Results:
    """Read the results that are kept of a seed."""
    kept: dict[str, Any] = json.loads(path(seed).read_text(encoding="utf-8"))
    return Results(
        kept["rules"],
        tuple(Month(**each) for each in kept["calm"]),
        tuple(Told(**each) for each in kept["incidents"]),
    )
