"""Tests of alert rules, in YAML: traffic, evaluation times, expected alerts.

docs/testing-rules.md describes the format.
"""

import difflib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import yaml

from dashboards.alerts import durations
from dashboards.alerts.testing import rows
from dashboards.alerts.testing.delivery import AnySetting, Delivery, read
from dashboards.alerts.testing.engine import Run
from dashboards.alerts.testing.evaluate import DataSource
from dashboards.alerts.testing.rulefile import AlertFile, Rule, load_file
from dashboards.alerts.testing.state import PENDING, Instance
from dashboards.alerts.testing.yamlfile import FileError, check_keys, load

START = "2026-01-05T12:00:00Z"
SHOWS = ("fires", "silent", "too-little", "no-data", "error", "resolves", "text")
NANOSECONDS = 1_000_000_000
_READER = "the tester"
# Labels that Grafana adds and a test need not repeat.
_OWN_LABELS = ("alertname", "grafana_folder")


@dataclass(frozen=True, slots=True)
class Case:
    """One test: what was written, when the rule is evaluated, what is expected."""

    name: str
    path: Path
    rule: Rule
    shows: str
    layout: str
    start: datetime
    traffic: tuple[Mapping[str, Any], ...]
    pipeline: tuple[Mapping[str, Any], ...]
    times: tuple[float, ...]  # seconds after start
    expect: tuple[Mapping[str, Any], ...]
    files: tuple[AlertFile, ...]
    columns: bool = True  # whether the table has had every field before

    def records(self) -> Iterator[dict[str, Any]]:
        """Yield the rows to write; raises RowError for what no log line can hold."""
        serial = rows.serials()
        zero = round(self.start.timestamp()) * NANOSECONDS
        if self.columns:
            yield from rows.everything(zero - 30 * 86400 * NANOSECONDS, self.layout)
        # Nanoseconds tell the entries apart, so that no two rows have one identity.
        for own, entry in enumerate(self.traffic):
            times = [zero + at + own for at in _spread(entry, "requests")]
            fields = {name: str(value) for name, value in (entry.get("fields") or {}).items()}
            yield from rows.requests(fields, times, self.layout, serial)
        for own, entry in enumerate(self.pipeline):
            given = {k: v for k, v in entry.items() if k not in ("from", "to", "batches")}
            for at in _spread(entry, "batches"):
                yield rows.pipeline(given, zero + at + own)


@dataclass(frozen=True, slots=True)
class Outcome:
    """How one test went: nothing wrong, or what differs."""

    test: Case
    problems: tuple[str, ...] = ()
    seen: tuple[str, ...] = field(default_factory=tuple)  # what was, per evaluation

    @property
    def ok(self) -> bool:
        """Whether the test passed."""
        return not self.problems


def _spread(entry: Mapping[str, Any], what: str) -> list[int]:
    """Return the times of an entry's rows, evenly spread, in nanoseconds after the start."""
    start, end = durations.offset(str(entry["from"])), durations.offset(str(entry["to"]))
    count = entry.get(what, 1)
    if isinstance(count, bool) or not isinstance(count, int) or count < 0 or end < start:
        raise FileError(f"traffic from {entry['from']} to {entry['to']}: {what} must be a count")
    step = (end - start) / max(count, 1)
    return [int((start + (n + 0.5) * step) * 1_000_000) * 1000 for n in range(count)]


_FILE = {"rules", "rule", "layout", "start", "traffic", "pipeline", "tests"}
_TEST = {
    "name", "rule", "shows", "layout", "start", "traffic", "pipeline", "evaluate", "expect",
    "columns",
}  # fmt: skip


def load_tests(path: Path, given: Iterable[Path] = ()) -> list[Case]:
    """Read a test file and the rules it names; raises FileError that names file and test."""
    content = check_keys(load(path), _FILE, str(path), _READER)
    named = list(given) or [_find(path, each) for each in content.get("rules") or []]
    if not named:
        raise FileError(f"{path}: name the rule files under `rules`, or with --rules")
    files = tuple(load_file(each) for each in named)
    known = {rule.uid: rule for file in files for rule in file.rules}
    tests = []
    for number, raw in enumerate(content.get("tests") or [], start=1):
        where = f"{path}, test {number}"
        try:
            tests.append(_test(path, content, raw, known, files))
        except (KeyError, TypeError, ValueError) as error:
            reason = f"lacks {error}" if isinstance(error, KeyError) else str(error)
            raise FileError(f"{where}: {reason}") from None
    if not tests:
        raise FileError(f"{path}: has no tests")
    return tests


def _find(path: Path, name: str) -> Path:
    """Look in the test file's folder first, then from where the command runs."""
    beside = path.parent / name
    return beside if beside.exists() else Path(name)


def _test(
    path: Path,
    content: Mapping[str, Any],
    raw: object,
    known: Mapping[str, Rule],
    files: tuple[AlertFile, ...],
) -> Case:
    entry = check_keys(raw, _TEST, "the test", _READER)
    name = str(entry["name"])
    uid = str(entry.get("rule") or content.get("rule") or "")
    if uid not in known:
        near = difflib.get_close_matches(uid, known, n=1)
        hint = f"; did you mean {near[0]!r}?" if near else ""
        raise FileError(f"{name!r}: the rule files have no rule {uid!r}{hint}")
    shows = str(entry.get("shows", "fires"))
    if shows not in SHOWS:
        raise FileError(f"{name!r}: shows must be one of {', '.join(SHOWS)}, not {shows!r}")
    layout = str(entry.get("layout") or content.get("layout") or "multi")
    start = datetime.fromisoformat(str(entry.get("start") or content.get("start") or START))
    rule = known[uid]
    expect = tuple(_expectation(each, name) for each in entry["expect"])
    times = _times(entry.get("evaluate"), rule, [durations.offset(e["at"]) for e in expect])
    for each in expect:
        if durations.offset(each["at"]) not in times:
            raise FileError(
                f"{name!r}: expects something at {each['at']}, but evaluates at "
                f"{', '.join(clock(t) for t in times)}"
            )
    return Case(
        name=name,
        path=path,
        rule=replace(rule, paused=False),
        shows=shows,
        layout=layout,
        start=start.astimezone(UTC),
        traffic=tuple(content.get("traffic") or ()) + tuple(entry.get("traffic") or ()),
        pipeline=tuple(content.get("pipeline") or ()) + tuple(entry.get("pipeline") or ()),
        times=times,
        expect=expect,
        files=files,
        columns=entry.get("columns", True) is True,
    )


def _expectation(raw: object, name: str) -> dict[str, Any]:
    entry = check_keys(raw, {"at", "alerts", "pending", "messages"}, f"{name!r}: expect", _READER)
    for alert in entry.get("alerts") or []:
        check_keys(alert, {"labels", "annotations", "state", "since"}, f"{name!r}: alert", _READER)
    for message in entry.get("messages") or []:
        check_keys(message, {"to", "type", "title", "text"}, f"{name!r}: message", _READER)
    return {**entry, "at": str(entry["at"])}


def _times(raw: object, rule: Rule, expected: list[float]) -> tuple[float, ...]:
    """From the first to the last time that matters, by the group's interval."""
    span = check_keys(raw or {}, {"from", "to", "every"}, "evaluate", _READER)
    first = durations.offset(str(span["from"])) if "from" in span else min(expected)
    last = durations.offset(str(span["to"])) if "to" in span else max(expected)
    step = durations.seconds(str(span["every"])) if "every" in span else rule.interval
    if first > last or step <= 0:
        raise FileError("evaluate: from must not be after to, and every must be longer than 0s")
    times, at = [], first
    while at <= last:
        times.append(at)
        at += step
    return tuple(times)


def run_test(
    test: Case, source: DataSource, *, show: bool = False, grafana_url: str | None = None
) -> Outcome:
    """Evaluate the rule at the test's times on what the source holds, and compare."""
    uids = {query.datasource for query in test.rule.data if not query.is_expression}
    run = Run([test.rule], dict.fromkeys(uids, source))
    delivery = read(test.files, AnySetting(), grafana_url or "http://localhost:3000")
    wanted = {durations.offset(each["at"]): each for each in test.expect}
    problems, seen = [], []
    for at in test.times:
        when = test.start + timedelta(seconds=at)
        touched = run.evaluate(when)
        if show:
            seen.append(_shown(clock(at), run.instances))
        if at in wanted:
            problems.extend(_compare(test, wanted[at], run.instances, touched, delivery, when))
    return Outcome(test, tuple(problems), tuple(seen))


def _compare(
    test: Case,
    wanted: Mapping[str, Any],
    instances: list[Instance],
    touched: list[Instance],
    delivery: Delivery,
    when: datetime,
) -> Iterator[str]:
    zero = test.start
    firing = [each for each in instances if each.firing]
    if "alerts" in wanted:
        yield from _differs(wanted, "alerts", wanted["alerts"] or [], firing, zero)
    if "pending" in wanted:
        waiting = [each for each in instances if each.state == PENDING]
        yield from _differs(wanted, "pending", wanted["pending"] or [], waiting, zero)
    if "messages" in wanted:
        resolved = [each for each in touched if each.resolved]
        got = [
            {"to": each.contact_point, "type": each.type, "title": each.title,
             "text": each.message}
            for each in delivery.messages([*firing, *resolved], when)
        ]  # fmt: skip
        expected = wanted["messages"] or []
        named = [
            {name: one.get(name) for name in each} for one, each in zip(got, expected, strict=False)
        ] + got[len(expected) :]
        if named != expected:
            yield _diff(f"at {wanted['at']}, messages", expected, named)


def _differs(
    wanted: Mapping[str, Any],
    what: str,
    expected: list[Any],
    instances: list[Instance],
    zero: datetime,
) -> Iterator[str]:
    instances = sorted(instances, key=lambda each: sorted(each.alert_labels.items()))
    expected = sorted(
        expected, key=lambda each: sorted((str(k), str(v)) for k, v in each["labels"].items())
    )
    got = [_described(each, zero) for each in instances]
    shown = []
    for position, each in enumerate(got):
        like = expected[position] if position < len(expected) else {"labels": {}, "annotations": {}}
        shown.append(_as_asked(each, like))
    if shown != expected:
        yield _diff(f"at {wanted['at']}, {what}", expected, shown)


def _as_asked(got: Mapping[str, Any], like: Mapping[str, Any]) -> dict[str, Any]:
    """Show of an alert what the test speaks of: all its labels, and the annotations it names."""
    labels = {
        name: value
        for name, value in got["labels"].items()
        if name not in _OWN_LABELS or name in like.get("labels", {})
    }
    shown: dict[str, Any] = {"labels": labels}
    for name in ("state", "since"):
        if name in like:
            shown[name] = got[name]
    if "annotations" in like:
        asked = like["annotations"] or ["summary", "description"]
        shown["annotations"] = {
            name: value for name, value in got["annotations"].items() if name in asked
        }
    return shown


def _described(instance: Instance, zero: datetime) -> dict[str, Any]:
    since = (instance.fired or instance.since) - zero
    return {
        "labels": {
            name: value
            for name, value in sorted(instance.alert_labels.items())
            if not name.startswith("__")
        },
        "state": instance.state,
        "since": clock(since.total_seconds()),
        "annotations": dict(sorted(instance.annotations.items())),
    }


def _diff(title: str, expected: object, got: object) -> str:
    lines = difflib.unified_diff(
        _text(expected).splitlines(), _text(got).splitlines(), "expected", "got", lineterm="", n=5
    )
    return "\n".join([f"{title}:", *(f"  {line}" for line in lines)])


def _text(value: object) -> str:
    return (
        yaml.safe_dump(value, sort_keys=True, allow_unicode=True, width=1000) if value else "none"
    )


def _shown(at: str, instances: list[Instance]) -> str:
    lines = [f"at {at}: {'nothing' if not instances else ''}".rstrip()]
    for each in instances:
        labels = ", ".join(
            f"{name}={value}"
            for name, value in sorted(each.alert_labels.items())
            if not name.startswith("__") and name not in _OWN_LABELS
        )
        values = ", ".join(f"{name}={value:g}" for name, value in sorted(each.values.items()))
        reason = f" ({each.reason})" if each.reason else ""
        lines.append(f"  {each.state}{reason}: {labels}  [{values}]")
        lines.append(f"    {each.annotations.get('summary', '')}")
        if each.annotations.get("description"):
            lines.append(f"    {each.annotations['description']}")
        if each.error:
            lines.append(f"    {each.error}")
    return "\n".join(lines)


def clock(seconds: float) -> str:
    """Return seconds after the start as a test writes them: 90s, 5m, -120m."""
    sign, length = ("-" if seconds < 0 else ""), abs(int(seconds))
    return f"{sign}{length}s" if length % 60 else f"{sign}{length // 60}m"
