"""What alert rules ask, computed from log lines in plain Python.

Each question returns, by name, its number and what it is judged by; a name that has no answer is
not there. Times are seconds before the end of the range.
"""

import math
from collections import defaultdict
from collections.abc import Callable, Iterable

from local.traffic import Request

DAY = 86400
Rows = list[Request]
Test = Callable[[Request], bool]
Answer = dict[str, tuple[float, ...]]


def at(request: Request) -> float:
    return float(request["timestamp"])


class Asked:
    """The log lines, and the end of the range."""

    def __init__(self, rows: Iterable[Request], end: float) -> None:
        self.rows, self.end = list(rows), end

    def within(self, since: float, until: float = 0) -> Rows:
        """Return the requests of a part of time."""
        low, high = self.end - since, self.end - until
        return [r for r in self.rows if low <= at(r) < high or (not until and at(r) == high)]

    def by(self, field: str | None, since: float, until: float = 0) -> dict[str, Rows]:
        """Return them by a field; without one all have the same name."""
        found: dict[str, Rows] = defaultdict(list)
        for request in self.within(since, until):
            found[request[field] if field else ""].append(request)
        return found


def low(bad: float, requests: float, z: float = 4) -> float:
    """Return Wilson's lower bound of a share, in percent, at some standard errors."""
    p, n = bad / requests, requests
    root = z * math.sqrt((p * (1 - p) + z * z / (4 * n)) / n)
    return 100 * (p + z * z / (2 * n) - root) / (1 + z * z / n)


def high(bad: float, requests: float, z: float = 4) -> float:
    """Return the upper bound: what is left of all that is surely the opposite."""
    return 100 - low(requests - bad, requests, z)


def most(count: float) -> float:
    """Return the mean that a count is one standard error below, of requests that come by 15."""
    # (mean - count)^2 = 15 * mean
    return count + 7.5 + math.sqrt((count + 7.5) ** 2 - count**2)


def shares(
    asked: Asked,
    field: str | None,
    of: Test,
    among: Test,
    window: int,
    least: int,
    line: float,
    held: float | None = None,
) -> Answer:
    found: Answer = {}
    groups = {name: [r for r in rows if among(r)] for name, rows in asked.by(field, window).items()}
    for name, rows in groups.items():
        if len(rows) < max(least, 1):
            if held is not None and rows:
                share = 100 * sum(map(of, rows)) / len(rows)
                place = min(low(sum(map(of, rows)), len(rows)), held)
                found[name] = (share, min(share, held), place)
            continue
        others = [r for other, some in groups.items() if other != name for r in some]
        rest = 100 * (sum(map(of, others)) + 8) / (len(others) + 16) if field else 0
        bound = low(sum(map(of, rows)), len(rows))
        share = 100 * sum(map(of, rows)) / len(rows)
        surely = bound > 2 * rest and bound > line
        worse = bound if bound > 2 * rest else min(bound, line)
        found[name] = (share, bound if surely else min(share, line), worse)
    return found


def burns(
    asked: Asked,
    bad: Test,
    budget: float,
    window: int,
    short: int,
    slot: int,
    most: float | None,
    line: float,
    least: int = 1,
    held: float | None = None,
) -> tuple[float, ...] | None:
    slots: dict[int, Rows] = defaultdict(list)
    for request in asked.within(window):
        slots[int(at(request)) // (slot * 60)].append(request)
    new = asked.within(short)
    enough = sum(map(len, slots.values())) >= max(least, 1) and bool(new)
    if len(slots) < window / 60 / slot / 2 or not (enough or held is not None):
        return None
    counted = 0.0
    for rows in slots.values():
        errors = sum(map(bad, rows))
        counted += errors if most is None else min(errors, most * budget * len(rows))
    requests = sum(map(len, slots.values()))
    whole = counted / requests
    newest = sum(map(bad, new)) / len(new) if new else whole
    rate = min(whole, newest) / budget
    sure = low(counted, requests, 2) / 100
    surely = min(sure, newest) / budget if new else sure / budget
    judged = surely if surely > line else min(rate, line)
    if held is None:
        return rate, judged
    place = sure / budget if sure / budget > line else min(whole / budget, line)
    # As high as the newest may be: in a window of an hour, and no higher than the window is.
    may_be = newest
    if new and window <= 3600:
        may_be = high(sum(map(bad, new)), len(new), 2) / 100
    few = min(may_be / budget, whole / budget, held)
    if not enough:
        return rate, few, few
    return rate, max(judged, few), max(place, few)


def _total(groups: dict[str, Rows], amount: Callable[[Rows], float]) -> float:
    return sum(map(amount, groups.values()))


def change(
    asked: Asked,
    field: str | None,
    amount: Callable[[Rows], float],
    window: int,
    baseline: int,
    least: int,
    falling: bool,
    line: float = 0,
) -> Answer:
    now, past = asked.by(field, window), asked.by(field, window + baseline, window)
    day = asked.by(field, DAY + window, DAY)
    found: Answer = {}
    for name in past:
        ratios, sure = [], []
        for usual, length in ((past, baseline), (day, window)):
            if not _total(usual, amount):
                continue
            site = _total(now, amount) / window / (_total(usual, amount) / length)
            own = amount(usual.get(name, [])) / length
            scale = 1.0 if field is None else min(1, site) if falling else max(1, site)
            if own and scale:
                count = amount(now.get(name, []))
                ratios.append(100 * count / window / own / scale)
                sure.append(100 * most(count) / window / own / scale)
        enough = len(past[name]) >= max(least, 1)
        enough &= len(day.get(name, [])) >= least * window / baseline
        if enough and len(ratios) == 2:
            number = max(ratios) if falling else min(ratios)
            judged = below(number, max(sure), line) if falling else number
            found[name] = (number, judged)
    return found


def below(number: float, sure: float, line: float) -> float:
    """Return what is judged, where the most that a count can mean has to be below the line."""
    return sure if sure < line else max(number, line)


def served(
    asked: Asked, field: str, home: str, window: int, baseline: int, least: int, line: float = 0
) -> Answer:
    now, past = asked.within(window), asked.within(window + baseline, window)
    day = asked.within(DAY + window, DAY)
    share = window / baseline
    scale = min(1, len(now) / (share * len(past)))
    day_scale = min(1, len(now) / len(day)) if day else 0
    found: Answer = {}
    for name in {r[field] for r in past}:
        mine = [r for r in past if r[field] == name]
        yesterday = sum(r[field] == name for r in day)
        if len(mine) < max(least, 1) or yesterday < least * share or not yesterday * day_scale:
            continue
        unserved = alike = 0.0
        for place in {r[home] for r in mine}:

            def count(rows: Rows, place: str = place, name: str | None = None) -> int:
                return sum(r[home] == place and name in (None, r[field]) for r in rows)

            lost = share * scale * count(past, name=name) - count(now, name=name)
            home_lost = share * scale * count(past) - count(now)
            unserved += max(0, min(lost, home_lost))
            alike += count(past, name=name) * count(now) / count(past)
        usual, usual_day = share * scale * len(mine), yesterday * day_scale
        here = sum(r[field] == name for r in now)
        more = most(here) - here
        number = 100 * max((usual - unserved) / usual, here / usual_day)
        sure = 100 * max((usual - unserved + more) / usual, (here + more) / usual_day)
        alone = 2 * here < alike  # and not as its homes are
        found[name] = (number, below(number, sure if alone else math.inf, line))
    return found


def silence(
    asked: Asked, field: str, window: int, span: int, spans: int, presence: float, day_spans: int
) -> dict[str, float]:
    groups = asked.by(field, window)
    day = asked.by(field, DAY + day_spans * span * 60, DAY)
    newest = max(at(r) for rows in groups.values() for r in rows)

    def slots(rows: Rows) -> set[int]:
        return {int(at(r)) // (span * 60) for r in rows}

    found = {}
    for name, rows in groups.items():
        busy = slots(rows)
        always = 100 * len(busy) >= presence * (max(busy) - min(busy) + 1)
        if len(busy) >= spans and always and len(slots(day.get(name, []))) >= day_spans:
            found[name] = (newest - max(map(at, rows))) / 60
    return found


def drops(
    asked: Asked,
    field: str,
    of: Test,
    among: Test,
    window: int,
    short: int,
    least: int,
    usual: float,
    line: float,
    held: float | None = None,
) -> Answer:
    now, new, day = (
        {name: [r for r in rows if among(r)] for name, rows in groups.items()}
        for groups in (
            asked.by(field, window),
            asked.by(field, short),
            asked.by(field, DAY + window, DAY),
        )
    )
    found: Answer = {}
    for name in now:
        rows, part, then = now[name], new.get(name, []), day.get(name, [])
        if min(len(rows), len(then)) < max(least, 1):
            continue
        before = 100 * sum(map(of, then)) / len(then)
        if before < usual:
            continue
        plain, judged = [], []
        parts = [(rows, len(then)), *([(part, len(then) * short / window)] if part else [])]
        for some, most in parts:
            requests = min(len(some), most)
            hits = min(sum(map(of, some)), requests)
            plain.append(before - 100 * hits / requests)
            # The window has to be sure, and its newest part only as bad.
            judged.append(before - high(hits, requests) if some is rows else plain[-1])
        share = min(plain)
        value = min(judged) if min(judged) > line else min(share, line)
        if held is None:
            found[name] = (share, value)
            continue
        place = judged[0] if judged[0] > line else min(plain[0], line)
        some, whole = parts[-1]
        requests = min(len(some), whole)
        may_be = before - low(min(sum(map(of, some)), requests), requests, 2) if part else plain[0]
        few = min(may_be, plain[0], held)
        found[name] = (share, max(value, few), max(place, few))
    return found
